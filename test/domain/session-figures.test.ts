import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { lastStreak, maxDrawdown, streakSeries } from '../../src/domain/session-figures.ts';

describe('a streak', () => {
  it('counts closes up as positive and down as negative, and an unchanged one as 0', () => {
    expect(streakSeries([10, 11, 12, 11, 10, 9, 9, 9, 10, 9])).toEqual([1, 2, -1, -2, -3, 0, 0, 1, -1]);
    expect(lastStreak([10, 11, 12])).toBe(2);
    expect(lastStreak([10])).toBeUndefined();
    expect(streakSeries([])).toEqual([]);
  });

  it('says of every bar how many closes back the direction last was another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 40 }), (closes) => {
        for (const [index, streak] of streakSeries(closes).entries()) {
          const at = index + 1;
          const direction = (day: number): number => Math.sign((closes[day] ?? NaN) - (closes[day - 1] ?? NaN));
          const days = Array.from({ length: at }, (_, back) => direction(at - back));
          const firstOther = days.findIndex((each) => each !== days[0]);
          expect(streak).toBe((days[0] ?? NaN) * (firstOther === -1 ? days.length : firstOther));
        }
      }),
    );
  });
});

describe('the largest drawdown', () => {
  it('is the worst of all pairs of a close and a later one', () => {
    expect(maxDrawdown([])).toBeUndefined();
    expect(maxDrawdown([1, 2, 3])).toBe(0);
    expect(maxDrawdown([100, 120, 90, 130, 117])).toBe(-25);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 }), (closes) => {
        const falls = closes.flatMap((from, at) => closes.slice(at).map((to) => (to / from - 1) * 100));
        expect(maxDrawdown(closes)).toBeCloseTo(Math.min(...falls), 9);
      }),
    );
  });
});
