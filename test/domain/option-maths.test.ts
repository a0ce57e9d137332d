import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { normalCdf, priceOption } from '../../src/domain/option-maths.ts';
import type { OptionTerms } from '../../src/domain/option-maths.ts';

const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

const terms: fc.Arbitrary<OptionTerms> = fc.record({
  side: fc.constantFrom('call' as const, 'put' as const),
  spot: real(1, 900),
  strike: real(1, 900),
  years: real(1 / 365, 3),
  rate: real(-0.01, 0.1),
  dividendYield: real(0, 0.08),
});
const volatilities = real(0.05, 2.5);
/** Around the money, where differences of prices say something. */
const nearTerms = fc
  .tuple(terms, real(0.8, 1.25))
  .map(([option, ratio]) => ({ ...option, strike: option.spot * ratio }));
const example: OptionTerms = { side: 'call', spot: 42, strike: 40, years: 0.5, rate: 0.1, dividendYield: 0 };

describe('normalCdf', () => {
  it('gives published values to 1e-14, also in the tails', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 14);
    expect(normalCdf(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalCdf(-1)).toBeCloseTo(0.158655253931457, 14);
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalCdf(2)).toBeCloseTo(0.977249868051821, 14);
    expect(normalCdf(-5) / 2.866515718791939e-7).toBeCloseTo(1, 10);
    expect(normalCdf(-8) / 6.220960574271785e-16).toBeCloseTo(1, 7);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(-Infinity)).toBe(0);
  });

  it('agrees with the integral of the density to 1e-12', () => {
    const steps = 4000;
    for (let x = 0.05; x < 8; x += 0.173) {
      const width = x / steps;
      let sum = 0;
      for (let step = 0; step <= steps; step += 1) {
        const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
        sum += weight * Math.exp(-((step * width) ** 2) / 2);
      }
      const integral = 0.5 + (sum * width) / 3 / Math.sqrt(2 * Math.PI);
      expect(Math.abs(normalCdf(x) - integral)).toBeLessThan(1e-12);
    }
  });

  it('is symmetric and rises', () => {
    fc.assert(
      fc.property(real(-12, 12), real(0, 3), (x, step) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
        expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x) - 1e-15);
      }),
    );
  });
});

describe('priceOption', () => {
  it("gives Hull's example: call 4.76, put 0.81 at spot 42, strike 40, half a year, 10 %, volatility 20 %", () => {
    expect(priceOption(example, 0.2).price).toBeCloseTo(4.7594, 4);
    expect(priceOption({ ...example, side: 'put' }, 0.2).price).toBeCloseTo(0.8086, 4);
  });

  it("gives Hull's greeks: delta 0.522, gamma 0.066, theta -4.31 a year, vega 12.1 at spot 49, strike 50, 20 weeks", () => {
    const option = priceOption(
      { side: 'call', spot: 49, strike: 50, years: 0.3846, rate: 0.05, dividendYield: 0 },
      0.2,
    );
    expect(option.delta).toBeCloseTo(0.522, 3);
    expect(option.gamma).toBeCloseTo(0.066, 3);
    expect(option.theta * 365).toBeCloseTo(-4.31, 2);
    expect(option.vega * 100).toBeCloseTo(12.1, 1);
  });

  it('keeps put-call parity', () => {
    fc.assert(
      fc.property(terms, volatilities, (option, volatility) => {
        const call = priceOption({ ...option, side: 'call' }, volatility);
        const put = priceOption({ ...option, side: 'put' }, volatility);
        const forward =
          option.spot * Math.exp(-option.dividendYield * option.years) -
          option.strike * Math.exp(-option.rate * option.years);
        expect(Math.abs(call.price - put.price - forward)).toBeLessThan(1e-9);
        expect(call.gamma).toBeCloseTo(put.gamma, 10);
        expect(call.vega).toBeCloseTo(put.vega, 10);
        expect(call.delta - put.delta).toBeCloseTo(Math.exp(-option.dividendYield * option.years), 10);
      }),
    );
  });

  it('rises with volatility, stays within its bounds, and a call falls with the strike while a put rises', () => {
    fc.assert(
      fc.property(terms, volatilities, real(0, 0.5), real(0, 50), (option, volatility, more, step) => {
        const { price } = priceOption(option, volatility);
        expect(priceOption(option, volatility + more).price).toBeGreaterThanOrEqual(price - 1e-9);
        const ceiling =
          option.side === 'call'
            ? option.spot * Math.exp(-option.dividendYield * option.years)
            : option.strike * Math.exp(-option.rate * option.years);
        expect(price).toBeLessThanOrEqual(ceiling + 1e-9);
        const higher = priceOption({ ...option, strike: option.strike + step }, volatility).price;
        const direction = option.side === 'call' ? -1 : 1;
        expect(direction * (higher - price)).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('has the greeks that finite differences give', () => {
    fc.assert(
      fc.property(nearTerms, real(0.1, 1.5), (option, volatility) => {
        const at = (change: Partial<OptionTerms>, vol = volatility): number =>
          priceOption({ ...option, ...change }, vol).price;
        const { delta, gamma, theta, vega } = priceOption(option, volatility);
        const { spot, years } = option;
        const step = spot * 1e-4;
        const [up, here, down] = [at({ spot: spot + step }), at({}), at({ spot: spot - step })];
        expect(delta).toBeCloseTo((up - down) / (2 * step), 4);
        expect(gamma * spot).toBeCloseTo(((up - 2 * here + down) / step ** 2) * spot, 1);
        expect((vega * 100) / spot).toBeCloseTo(
          (at({}, volatility + 1e-5) - at({}, volatility - 1e-5)) / 2e-5 / spot,
          5,
        );
        const moment = years * 1e-4;
        const slope = (at({ years: years - moment }) - at({ years: years + moment })) / (2 * moment);
        expect(theta / spot).toBeCloseTo(slope / 365 / spot, 5);
      }),
    );
  });

  it('is intrinsic value at expiration, also exactly at the strike', () => {
    const expired = { ...example, years: 0 };
    expect(priceOption(expired, 0.2)).toMatchObject({ price: 2, delta: 1, gamma: 0, vega: 0 });
    expect(priceOption({ ...expired, side: 'put' }, 0.2)).toMatchObject({ price: 0, gamma: 0, vega: 0 });
    const even = priceOption({ ...expired, spot: 40 }, 0.2);
    expect(even).toMatchObject({ price: 0, delta: 0.5 });
    expect(Object.values(even).every(Number.isFinite)).toBe(true);
  });
});
