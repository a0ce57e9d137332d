import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { probabilityInTheMoney, probabilityOfRanges, probabilityOfTouch } from '../../src/domain/probabilities.ts';
import type { PriceOutlook } from '../../src/domain/probabilities.ts';

const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const outlooks: fc.Arbitrary<PriceOutlook> = fc
  .record({ spot: real(1, 900), carry: real(-0.1, 0.1), years: real(1 / 365, 2), volatility: real(0.05, 1.5) })
  .map(({ spot, carry, years, volatility }) => ({ spot, forward: spot * Math.exp(carry * years), years, volatility }));
/** In deviations away from the spot. */
const levelOf = ({ spot, volatility, years }: PriceOutlook, distance: number): number =>
  spot * Math.exp(distance * volatility * Math.sqrt(years));

/** Simpson's rule. */
function integrate(density: (x: number) => number, from: number, to: number, steps = 4000): number {
  const width = (to - from) / steps;
  let sum = density(from) + density(to);
  for (let step = 1; step < steps; step += 1) sum += (step % 2 === 1 ? 4 : 2) * density(from + step * width);
  return (sum * width) / 3;
}

/** The lognormal density over prices, integrated over their logarithms. */
function massByIntegral({ forward, years, volatility }: PriceOutlook, low: number, high: number): number {
  const deviation = volatility * Math.sqrt(years);
  const mean = Math.log(forward) - deviation ** 2 / 2;
  const from = Math.max(Math.log(low), mean - 12 * deviation);
  const to = Math.min(Math.log(high), mean + 12 * deviation);
  if (from >= to) return 0;
  const density = (x: number): number =>
    Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
  return integrate(density, from, to);
}

/** The density of the first passage over time, in the variable u = √t that takes its peak apart. */
function touchByIntegral({ spot, forward, years, volatility }: PriceOutlook, level: number): number {
  const distance = Math.log(level / spot);
  const drift = Math.log(forward / spot) / years - volatility ** 2 / 2;
  const density = (root: number): number => {
    if (root === 0) return 0;
    const time = root * root;
    const exponent = -((distance - drift * time) ** 2) / (2 * volatility ** 2 * time);
    return (2 * Math.abs(distance) * Math.exp(exponent)) / (volatility * Math.sqrt(2 * Math.PI) * time);
  };
  return integrate(density, 0, Math.sqrt(years), 20_000);
}

describe('the probability of ending in the money', () => {
  it('is N(d2), not delta: 31 % for a call at the money of a year at 100 %, 33 % for a 110 call of half a year at 60 %', () => {
    const still = { spot: 100, forward: 100 };
    expect(probabilityInTheMoney({ ...still, years: 1, volatility: 1 }, 'call', 100)).toBeCloseTo(0.31, 2);
    expect(probabilityInTheMoney({ ...still, years: 0.5, volatility: 0.6 }, 'call', 110)).toBeCloseTo(0.33, 2);
  });

  it('agrees with the integral of the density to 1e-6, and call and put add up to 1', () => {
    fc.assert(
      fc.property(outlooks, real(-5, 5), (outlook, distance) => {
        const strike = levelOf(outlook, distance);
        const call = probabilityInTheMoney(outlook, 'call', strike);
        const put = probabilityInTheMoney(outlook, 'put', strike);
        expect(Math.abs(call - massByIntegral(outlook, strike, Infinity))).toBeLessThan(1e-6);
        expect(call + put).toBeCloseTo(1, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('is certain without time or volatility left, and even at the strike', () => {
    for (const rest of [
      { years: 0, volatility: 0.3 },
      { years: 1, volatility: 0 },
    ]) {
      const outlook = { spot: 100, forward: 100, ...rest };
      expect(probabilityInTheMoney(outlook, 'call', 90)).toBe(1);
      expect(probabilityInTheMoney(outlook, 'put', 90)).toBe(0);
      expect(probabilityInTheMoney(outlook, 'call', 100)).toBe(0.5);
    }
  });
});

describe('the probability of ending in ranges', () => {
  it('agrees with the integral of the density to 1e-6', () => {
    fc.assert(
      fc.property(outlooks, real(-5, 5), real(0, 4), (outlook, distance, width) => {
        const [low, high] = [levelOf(outlook, distance), levelOf(outlook, distance + width)];
        const probability = probabilityOfRanges(outlook, [{ low, high }]);
        expect(Math.abs(probability - massByIntegral(outlook, low, high))).toBeLessThan(1e-6);
        expect(probability).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  it('adds up to 1 over everything that can happen, also without time left', () => {
    fc.assert(
      fc.property(outlooks, fc.constantFrom(0, 1), real(-4, 4), real(0, 4), (outlook, time, distance, width) => {
        const [low, high] = [levelOf(outlook, distance), levelOf(outlook, distance + width)];
        const ranges = [
          { low: 0, high: low },
          { low, high },
          { low: high, high: Infinity },
        ];
        expect(probabilityOfRanges({ ...outlook, years: outlook.years * time }, ranges)).toBeCloseTo(1, 12);
        expect(probabilityOfRanges(outlook, [{ low: 0, high: Infinity }])).toBe(1);
      }),
    );
  });

  it('is 0 for no range, and of one deviation on either side of the middle 68.27 %', () => {
    const outlook = { spot: 100, forward: 100 * Math.exp(0.045), years: 1, volatility: 0.3 };
    expect(probabilityOfRanges(outlook, [])).toBe(0);
    const range = { low: 100 * Math.exp(-0.3), high: 100 * Math.exp(0.3) };
    expect(probabilityOfRanges(outlook, [range])).toBeCloseTo(0.682_689_492, 9);
  });
});

describe('the probability of a touch', () => {
  it('agrees with the integral of the first passage to 1e-6, above and below, with drift both ways', () => {
    fc.assert(
      fc.property(outlooks, real(0.05, 4), fc.constantFrom(-1, 1), (outlook, distance, direction) => {
        const level = levelOf(outlook, distance * direction);
        const probability = probabilityOfTouch(outlook, level);
        expect(Math.abs(probability - touchByIntegral(outlook, level))).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('is twice that of ending beyond where the logarithm has no drift', () => {
    const outlook = { spot: 100, forward: 100 * Math.exp(0.02), years: 1, volatility: 0.2 };
    expect(probabilityOfTouch(outlook, 120)).toBeCloseTo(2 * probabilityInTheMoney(outlook, 'call', 120), 12);
    expect(probabilityOfTouch(outlook, 80)).toBeCloseTo(2 * probabilityInTheMoney(outlook, 'put', 80), 12);
  });

  it('lies between that of ending beyond and 1, for any outlook and level', () => {
    const wild = fc.record({
      spot: real(0.01, 5000),
      forward: real(0.01, 5000),
      years: real(0, 3),
      volatility: real(0, 5),
    });
    fc.assert(
      fc.property(wild, real(0.01, 5000), (outlook, level) => {
        const touch = probabilityOfTouch(outlook, level);
        const beyond = probabilityInTheMoney(outlook, level > outlook.spot ? 'call' : 'put', level);
        expect(touch).toBeGreaterThanOrEqual(0);
        expect(touch).toBeLessThanOrEqual(1);
        if (level !== outlook.forward) expect(touch).toBeGreaterThanOrEqual(beyond - 1e-12);
      }),
    );
  });

  it('is certain at the spot, and without volatility for what lies on the way to the forward', () => {
    const outlook = { spot: 100, forward: 110, years: 1, volatility: 0 };
    expect(probabilityOfTouch(outlook, 100)).toBe(1);
    expect(probabilityOfTouch(outlook, 105)).toBe(1);
    expect(probabilityOfTouch(outlook, 115)).toBe(0);
    expect(probabilityOfTouch(outlook, 95)).toBe(0);
  });
});
