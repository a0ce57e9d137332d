import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { constantMaturityIv, forwardIv, ivStanding } from '../../src/domain/volatility-term.ts';

const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const point = fc.record({ days: real(1, 700), iv: real(0.05, 2) });

describe('volatility at a constant maturity', () => {
  it("gives the 13.69 of Cboe's worked example from variances of 35,924 and 46,394 minutes", () => {
    const near = { days: 35_924 / 1440, iv: Math.sqrt(0.018_462_92) };
    const next = { days: 46_394 / 1440, iv: Math.sqrt(0.018_821_01) };
    const vix = constantMaturityIv([next, near]);
    expect((vix?.iv ?? NaN) * 100).toBeCloseTo(13.69, 2);
    expect(vix).toMatchObject({ isNearest: false, fromDays: [near.days, next.days] });
  });

  it('interpolates total variance, not volatility', () => {
    const found = constantMaturityIv([
      { days: 20, iv: 0.3 },
      { days: 40, iv: 0.2 },
    ]);
    expect(found?.iv).toBeCloseTo(Math.sqrt((0.09 * 20 + 0.04 * 40) / 2 / 30), 14);
    expect(found?.iv).not.toBeCloseTo(0.25, 2);
  });

  it('takes the two expirations around it, whatever else there is and in any order', () => {
    const points = [
      { days: 90, iv: 0.9 },
      { days: 37, iv: 0.21 },
      { days: 2, iv: 0.8 },
      { days: 23, iv: 0.19 },
    ];
    expect(constantMaturityIv(points)).toEqual(
      constantMaturityIv(points.filter(({ days }) => days === 37 || days === 23)),
    );
    expect(constantMaturityIv([...points, { days: 30, iv: 0.5 }])).toEqual({
      iv: 0.5,
      isNearest: false,
      fromDays: [30],
    });
  });

  it('never extrapolates: with one side only it is the nearest, and says so', () => {
    const later = [
      { days: 45, iv: 0.25 },
      { days: 80, iv: 0.3 },
    ];
    expect(constantMaturityIv(later)).toEqual({ iv: 0.25, isNearest: true, fromDays: [45] });
    expect(constantMaturityIv(later, 100)).toEqual({ iv: 0.3, isNearest: true, fromDays: [80] });
  });

  it('counts no expired expiration and no volatility of 0', () => {
    const useless = [
      { days: 0, iv: 0.4 },
      { days: -1, iv: 0.4 },
      { days: 20, iv: 0 },
      { days: 21, iv: NaN },
    ];
    expect(constantMaturityIv(useless)).toBeUndefined();
    expect(constantMaturityIv([])).toBeUndefined();
    expect(constantMaturityIv([...useless, { days: 60, iv: 0.3 }])).toEqual({
      iv: 0.3,
      isNearest: true,
      fromDays: [60],
    });
  });

  it('keeps its total variance between those it comes from', () => {
    fc.assert(
      fc.property(point, point, real(1, 700), (one, other, days) => {
        const found = constantMaturityIv([one, other], days);
        if (found === undefined || found.isNearest) return;
        const variances = [one, other].map((each) => each.iv ** 2 * each.days);
        const variance = found.iv ** 2 * days;
        expect(variance).toBeGreaterThanOrEqual(Math.min(...variances) * (1 - 1e-12));
        expect(variance).toBeLessThanOrEqual(Math.max(...variances) * (1 + 1e-12));
      }),
    );
  });
});

describe('volatility between two expirations', () => {
  it('makes the later one again: near variance and forward variance add up', () => {
    fc.assert(
      fc.property(point, point, (near, far) => {
        const forward = forwardIv(near, far);
        const isPossible = far.days > near.days && far.iv ** 2 * far.days >= near.iv ** 2 * near.days;
        expect(forward !== undefined).toBe(isPossible);
        if (forward === undefined) return;
        const total = near.iv ** 2 * near.days + forward ** 2 * (far.days - near.days);
        expect(total / (far.iv ** 2 * far.days)).toBeCloseTo(1, 10);
      }),
    );
  });

  it('is the level of a flat term structure, and absent where the later one has less variance or is not later', () => {
    expect(forwardIv({ days: 30, iv: 0.2 }, { days: 60, iv: 0.2 })).toBeCloseTo(0.2, 14);
    expect(forwardIv({ days: 30, iv: 0.4 }, { days: 60, iv: 0.2 })).toBeUndefined();
    expect(forwardIv({ days: 30, iv: 0.2 }, { days: 30, iv: 0.3 })).toBeUndefined();
    expect(forwardIv({ days: 0, iv: 0.2 }, { days: 30, iv: 0.3 })).toBeUndefined();
  });
});

describe('where volatility stands in its past', () => {
  it('tells rank from percentile: 20 after 30, 10, 11, 15, 17 is rank 50 and percentile 80', () => {
    const readings = [30, 10, 11, 15, 17].flatMap((value) => Array<number>(4).fill(value / 100));
    const standing = ivStanding(0.2, readings);
    expect(standing.days).toBe(20);
    expect(standing.rank).toBeCloseTo(50, 10);
    expect(standing.percentile).toBeCloseTo(80, 10);
  });

  it('says 80 % where 202 of 252 days were below', () => {
    const readings = [...Array<number>(202).fill(0.1), ...Array<number>(50).fill(0.5)];
    expect(ivStanding(0.3, readings).percentile).toBeCloseTo((202 / 252) * 100, 10);
  });

  it('looks back on the last 252 readings alone', () => {
    const old = Array<number>(300).fill(5);
    const year = Array.from({ length: 252 }, (_, index) => 0.2 + index / 10_000);
    expect(ivStanding(0.21, [...old, ...year])).toEqual(ivStanding(0.21, year));
  });

  it('is absent under 20 readings and where all are the same, and counts them all the same', () => {
    const readings = Array.from({ length: 19 }, (_, index) => 0.2 + index / 100);
    expect(ivStanding(0.25, readings)).toEqual({ days: 19 });
    expect(ivStanding(0.25, [...readings, 0, NaN])).toEqual({ days: 19 });
    expect(ivStanding(0.25, [...readings, 0.3])).toHaveProperty('rank');
    expect(ivStanding(0.25, Array<number>(30).fill(0.25))).toEqual({ days: 30 });
    expect(ivStanding(0.25, [])).toEqual({ days: 0 });
  });

  it('stays within 0 and 100, also at a new high or low', () => {
    fc.assert(
      fc.property(real(0.01, 3), fc.array(real(0.01, 3), { minLength: 20, maxLength: 300 }), (current, readings) => {
        const { rank = 0, percentile = 0 } = ivStanding(current, readings);
        for (const figure of [rank, percentile]) {
          expect(figure).toBeGreaterThanOrEqual(0);
          expect(figure).toBeLessThanOrEqual(100);
        }
      }),
    );
    const readings = Array.from({ length: 25 }, (_, index) => 0.2 + index / 100);
    expect(ivStanding(0.9, readings)).toEqual({ days: 25, rank: 100, percentile: 100 });
    expect(ivStanding(0.1, readings)).toEqual({ days: 25, rank: 0, percentile: 0 });
  });
});
