import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { atmIv, impliedForward, impliedVolatility, ivAtDelta, skew25 } from '../../src/domain/implied-volatility.ts';
import type { ParityQuote } from '../../src/domain/implied-volatility.ts';
import { normalDensity, priceOption, spotTermsOf } from '../../src/domain/option-maths.ts';
import type { ForwardTerms, OptionTerms } from '../../src/domain/option-maths.ts';
import type { Side } from '../../src/domain/types.ts';

/** F = S e^((r − q) T), D = e^(−r T). */
function forwardTermsOf({ side, spot, strike, years, rate, dividendYield }: OptionTerms): ForwardTerms {
  return {
    side,
    forward: spot * Math.exp((rate - dividendYield) * years),
    strike,
    years,
    discount: Math.exp(-rate * years),
  };
}

const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const sides = fc.constantFrom('call' as const, 'put' as const);

describe('the forward form of an option', () => {
  it("gives Hull's futures put of 1.12: forward 20, strike 20, four months, 9 %, volatility 25 %", () => {
    const terms: ForwardTerms = { side: 'put', forward: 20, strike: 20, years: 4 / 12, discount: Math.exp(-0.09 / 3) };
    expect(priceOption(spotTermsOf(terms, 20), 0.25).price).toBeCloseTo(1.12, 2);
  });

  it("gives Hull's index call of 51.83: spot 930, strike 900, two months, 8 %, dividends 3 %, volatility 20 %", () => {
    const terms: OptionTerms = { side: 'call', spot: 930, strike: 900, years: 2 / 12, rate: 0.08, dividendYield: 0.03 };
    expect(priceOption(terms, 0.2).price).toBeCloseTo(51.83, 2);
    expect(priceOption(spotTermsOf(forwardTermsOf(terms), 930), 0.2).price).toBeCloseTo(51.83, 2);
  });

  it('and the spot form are each other, whatever the spot', () => {
    const all = fc.record({
      spot: real(1, 900),
      years: real(0.01, 3),
      rate: real(0, 0.1),
      dividendYield: real(0, 0.1),
    });
    fc.assert(
      fc.property(all, sides, (carry, side) => {
        const terms = { ...carry, side, strike: 100 };
        const back = spotTermsOf(forwardTermsOf(terms), terms.spot);
        expect(back.rate).toBeCloseTo(terms.rate, 10);
        expect(back.dividendYield).toBeCloseTo(terms.dividendYield, 10);
      }),
    );
  });
});

describe('the volatility of a price', () => {
  it("gives Hull's 23.5 %: call 1.875, spot 21, strike 20, a quarter, 10 %", () => {
    const terms = forwardTermsOf({ side: 'call', spot: 21, strike: 20, years: 0.25, rate: 0.1, dividendYield: 0 });
    expect(impliedVolatility(terms, 1.875)).toBeCloseTo(0.235, 3);
  });

  it("gives Hull's 39.6 %: call 2.50, spot 15, strike 13, a quarter, 5 %", () => {
    const terms = forwardTermsOf({ side: 'call', spot: 15, strike: 13, years: 0.25, rate: 0.05, dividendYield: 0 });
    expect(impliedVolatility(terms, 2.5)).toBeCloseTo(0.396, 3);
  });

  const wide = fc.record({
    side: sides,
    spot: real(0.5, 5000),
    moneyness: real(-3, 3),
    years: real(0.2 / 365, 5),
    rate: real(0, 0.15),
    dividendYield: real(0, 0.1),
  });

  it('inverts a price to 1e-8, or is undefined where rounding moves it that much, deep in and out of the money', () => {
    const seen = { defined: 0, undefined: 0 };
    fc.assert(
      fc.property(wide, real(0.02, 5), ({ moneyness, ...rest }, volatility) => {
        const terms = { ...rest, strike: rest.spot * Math.exp(moneyness) };
        const { price, vega } = priceOption(terms, volatility);
        const forwardTerms = forwardTermsOf(terms);
        const found = impliedVolatility(forwardTerms, price);
        const size = Math.max(forwardTerms.forward, terms.strike) * forwardTerms.discount;
        if (found === undefined) {
          // A change of 1e-6 in volatility is then a change of less than 1e-12 of the forward in price.
          expect((vega * 100) / size).toBeLessThan(2e-6);
          seen.undefined += 1;
        } else {
          expect(Math.abs(found - volatility)).toBeLessThan(1e-8);
          seen.defined += 1;
        }
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.defined, seen.undefined)).toBeGreaterThan(50);
  });

  it('is there wherever a market is: strikes within three deviations of the forward, hours to years', () => {
    fc.assert(
      fc.property(wide, real(0.05, 3), real(-3, 3), (option, volatility, deviations) => {
        const deviation = volatility * Math.sqrt(option.years);
        fc.pre(deviation < 2);
        const { forward } = forwardTermsOf({ ...option, strike: option.spot });
        const terms = { ...option, strike: forward * Math.exp(deviations * deviation) };
        const found = impliedVolatility(forwardTermsOf(terms), priceOption(terms, volatility).price);
        expect(found).toBeDefined();
        expect(Math.abs((found ?? NaN) - volatility)).toBeLessThan(1e-8);
      }),
    );
  });

  it('agrees with bisection, which knows no derivative', () => {
    fc.assert(
      fc.property(sides, real(-0.5, 0.5), real(0.02, 2), real(0.001, 0.9), (side, moneyness, years, part) => {
        const terms: ForwardTerms = { side, forward: 100, strike: 100 * Math.exp(moneyness), years, discount: 0.97 };
        const intrinsic = Math.max((side === 'call' ? 1 : -1) * (100 - terms.strike), 0);
        const price = terms.discount * (intrinsic + part * 0.9 * Math.min(100, terms.strike));
        let [low, high] = [1e-6, 100];
        for (let step = 0; step < 200; step += 1) {
          const middle = (low + high) / 2;
          if (priceOption(spotTermsOf(terms, 100), middle).price < price) low = middle;
          else high = middle;
        }
        const found = impliedVolatility(terms, price);
        expect(found).toBeDefined();
        expect(Math.abs((found ?? NaN) - low)).toBeLessThan(1e-7 * Math.max(1, low));
      }),
      { numRuns: 200 },
    );
  });

  it('is undefined for a price below intrinsic value, at it, at its ceiling and above, and without time', () => {
    const terms: ForwardTerms = { side: 'call', forward: 100, strike: 90, years: 0.5, discount: 1 };
    for (const price of [9.99, 10, 100, 101, 0, -1, NaN, Infinity])
      expect(impliedVolatility(terms, price)).toBeUndefined();
    expect(impliedVolatility({ ...terms, years: 0 }, 12)).toBeUndefined();
    expect(impliedVolatility({ ...terms, years: -1 }, 12)).toBeUndefined();
    expect(impliedVolatility({ ...terms, side: 'put' }, 90)).toBeUndefined();
    expect(impliedVolatility(terms, 12)).toBeGreaterThan(0);
    expect(normalDensity(0)).toBeCloseTo(0.398_942_280_4, 10);
  });
});

interface Market {
  spot: number;
  forward: number;
  discount: number;
  strikes: number[];
}

/** Quotes whose middles keep parity: call and put priced with the same smile. */
function quotesOf({ spot, forward, discount, strikes }: Market, years: number, spread = 0): ParityQuote[] {
  return strikes.flatMap((strike) =>
    (['call', 'put'] as const).map((side) => {
      const volatility = 0.3 + 0.2 * Math.log(strike / forward) ** 2;
      const { price } = priceOption(spotTermsOf({ side, forward, strike, years, discount }, spot), volatility);
      return { root: 'X', side, strike, bid: price - spread / 2, ask: price + spread / 2 };
    }),
  );
}

describe('the forward by put-call parity', () => {
  const strikes = Array.from({ length: 41 }, (_, index) => 80 + index);
  const markets = fc.record({ carry: real(-0.03, 0.05), rate: real(0, 0.14), years: real(0.08, 1) });

  it('recovers forward and discount exactly from quotes that keep parity', () => {
    fc.assert(
      fc.property(markets, ({ carry, rate, years }) => {
        const market = { spot: 100, forward: 100 * Math.exp(carry), discount: Math.exp(-rate * years), strikes };
        const found = impliedForward(quotesOf(market, years, 0.02), 100, years);
        expect(found?.forward).toBeCloseTo(market.forward, 9);
        expect(found?.discount).toBeCloseTo(market.discount, 9);
        expect(found?.strikes).toBe(10);
      }),
    );
  });

  it('is moved little by single quotes that are wrong, and stays within the tick where prices are rounded', () => {
    const market = { spot: 100, forward: 101, discount: 0.98, strikes };
    const quotes = quotesOf(market, 0.5, 0.02);
    const wrong = quotes.map((quote) =>
      quote.strike === 99 || quote.strike === 102
        ? {
            ...quote,
            bid: (quote.bid ?? 0) + (quote.side === 'call' ? 3 : 0),
            ask: (quote.ask ?? 0) + (quote.side === 'call' ? 3 : 0),
          }
        : quote,
    );
    expect(Math.abs((impliedForward(wrong, 100, 0.5)?.forward ?? NaN) - 101)).toBeLessThan(0.05);
    const rounded = quotes.map((quote) => ({
      ...quote,
      bid: Number(quote.bid?.toFixed(2)),
      ask: Number(quote.ask?.toFixed(2)),
    }));
    expect(Math.abs((impliedForward(rounded, 100, 0.5)?.forward ?? NaN) - 101)).toBeLessThan(0.02);
  });

  it('hears no quote without bid, crossed, or with a market wider than 5 % of the spot', () => {
    const market = { spot: 100, forward: 101, discount: 0.98, strikes: [98, 99, 100, 101, 102] };
    const good = quotesOf(market, 0.5, 0.02);
    const bad: ParityQuote[] = [
      { root: 'X', side: 'call', strike: 100.5, bid: 0, ask: 3 },
      { root: 'X', side: 'put', strike: 100.5, bid: 1, ask: 2 },
      { root: 'X', side: 'call', strike: 99.5, bid: 5, ask: 4 },
      { root: 'X', side: 'put', strike: 99.5, bid: 4, ask: 4 },
      { root: 'X', side: 'call', strike: 101.5, bid: 1, ask: 30 },
      { root: 'X', side: 'put', strike: 101.5, bid: 1, ask: 2 },
      { root: 'X', side: 'call', strike: 97.5 },
      { root: 'X', side: 'put', strike: 97.5, bid: 1, ask: 2 },
    ];
    expect(impliedForward([...good, ...bad], 100, 0.5)).toEqual(impliedForward(good, 100, 0.5));
    expect(impliedForward(bad, 100, 0.5)).toBeUndefined();
    expect(impliedForward([], 100, 0.5)).toBeUndefined();
  });

  it('pairs call and put of one root alone', () => {
    const quotes: ParityQuote[] = [
      { root: 'SPX', side: 'call', strike: 100, bid: 5, ask: 5 },
      { root: 'SPXW', side: 'put', strike: 100, bid: 2, ask: 2 },
    ];
    expect(impliedForward(quotes, 100, 0.5)).toBeUndefined();
    expect(impliedForward([...quotes, { root: 'SPX', side: 'put', strike: 100, bid: 4, ask: 4 }], 100, 0.5)).toEqual({
      forward: 101,
      discount: 1,
      strikes: 1,
    });
  });

  it('keeps the discount within interest of 0 and 15 % where wide markets say otherwise', () => {
    const quotes = quotesOf({ spot: 100, forward: 100, discount: 0.8, strikes: [99, 100, 101] }, 0.5, 0.02);
    expect(impliedForward(quotes, 100, 0.5)?.discount).toBe(Math.exp(-0.075));
    const dear = quotesOf({ spot: 100, forward: 100, discount: 1.1, strikes: [99, 100, 101] }, 0.5, 0.02);
    expect(impliedForward(dear, 100, 0.5)).toMatchObject({ discount: 1 });
  });

  it('with the volatility of each middle makes the smile again that the quotes were priced with', () => {
    const market = { spot: 100, forward: 101, discount: 0.98, strikes };
    const quotes = quotesOf(market, 0.5);
    const found = impliedForward(quotes, 100, 0.5);
    for (const { side, strike, bid } of quotes) {
      const terms = { side, strike, years: 0.5, forward: found?.forward ?? NaN, discount: found?.discount ?? NaN };
      expect(impliedVolatility(terms, bid ?? NaN)).toBeCloseTo(0.3 + 0.2 * Math.log(strike / 101) ** 2, 8);
    }
  });
});

describe('at-the-money volatility', () => {
  const quote = (side: Side, strike: number, iv?: number): { side: Side; strike: number; iv?: number } => ({
    side,
    strike,
    ...(iv === undefined ? {} : { iv }),
  });

  it('averages call and put at the two strikes around the forward', () => {
    const quotes = [
      quote('call', 95, 0.9),
      quote('call', 100, 0.2),
      quote('put', 100, 0.24),
      quote('call', 105, 0.3),
      quote('put', 105, 0.34),
      quote('put', 110, 0.9),
    ];
    expect(atmIv(quotes, 101)).toBeCloseTo(0.27, 12);
    expect(atmIv(quotes.toReversed(), 104.9)).toBeCloseTo(0.27, 12);
    expect(atmIv(quotes, 100)).toBeCloseTo(0.22, 12);
  });

  it('drops volatilities of 0 and weighs both strikes and both sides the same, whatever is missing', () => {
    const quotes = [
      quote('call', 100, 0.2),
      quote('put', 100, 0),
      quote('call', 102, 0),
      quote('put', 102),
      quote('call', 105, 0.3),
      quote('put', 105, 0.4),
      quote('put', 105, 0.4),
    ];
    expect(atmIv(quotes, 101)).toBeCloseTo((0.2 + 0.35) / 2, 12);
  });

  it('is absent where the strikes lie all on one side', () => {
    const quotes = [quote('call', 100, 0.2), quote('put', 105, 0.3)];
    expect(atmIv(quotes, 99)).toBeUndefined();
    expect(atmIv(quotes, 106)).toBeUndefined();
    expect(atmIv([], 100)).toBeUndefined();
    expect(atmIv(quotes, NaN)).toBeUndefined();
  });
});

describe('the 25-delta skew', () => {
  const row = (side: Side, delta: number, iv: number): { side: Side; delta: number; iv: number } => ({
    side,
    delta,
    iv,
  });
  const rows = [
    row('call', 0.6, 0.3),
    row('call', 0.3, 0.26),
    row('call', 0.2, 0.24),
    row('call', 0.1, 0.22),
    row('put', -0.1, 0.44),
    row('put', -0.2, 0.4),
    row('put', -0.4, 0.32),
  ];

  it('is put minus call, each interpolated in delta between its own two nearest contracts', () => {
    expect(ivAtDelta(rows, 'call', 0.25)).toBeCloseTo(0.25, 12);
    expect(ivAtDelta(rows, 'put', 0.25)).toBeCloseTo(0.38, 12);
    expect(skew25(rows)).toBeCloseTo(0.13, 12);
    expect(skew25(rows.toReversed())).toBeCloseTo(0.13, 12);
    expect(ivAtDelta(rows, 'put', 0.2)).toBe(0.4);
  });

  it('is absent where a side has no contract around it, no delta or no volatility', () => {
    expect(ivAtDelta(rows, 'put', 0.5)).toBeUndefined();
    expect(skew25(rows.filter(({ side }) => side === 'call'))).toBeUndefined();
    expect(skew25(rows.map(({ side, delta }) => ({ side, delta })))).toBeUndefined();
    expect(skew25(rows.map((each) => ({ ...each, iv: 0 })))).toBeUndefined();
    expect(skew25(rows.map(({ side, iv }) => ({ side, iv })))).toBeUndefined();
    expect(ivAtDelta([row('put', 0, 0.3), row('put', -0.4, 0.3)], 'put', 0.25)).toBeUndefined();
  });

  it('is that of the smile whose deltas and volatilities it is given', () => {
    const [spot, years] = [100, 0.25];
    const smile = (strike: number): number => 0.3 - 0.4 * Math.log(strike / spot);
    const quotes = Array.from({ length: 121 }, (_, index) => 70 + index / 2).flatMap((strike) =>
      (['call', 'put'] as const).map((side) => {
        const terms: OptionTerms = { side, spot, strike, years, rate: 0, dividendYield: 0 };
        return { side, iv: smile(strike), delta: priceOption(terms, smile(strike)).delta };
      }),
    );
    /** The strike where the delta is ±0.25, by bisection. */
    const strikeOf = (side: Side): number => {
      let [low, high] = side === 'call' ? [100, 130] : [70, 100];
      for (let step = 0; step < 100; step += 1) {
        const strike = (low + high) / 2;
        const terms: OptionTerms = { side, spot, strike, years, rate: 0, dividendYield: 0 };
        const size = Math.abs(priceOption(terms, smile(strike)).delta);
        if (size > 0.25 === (side === 'call')) low = strike;
        else high = strike;
      }
      return low;
    };
    expect(skew25(quotes)).toBeCloseTo(smile(strikeOf('put')) - smile(strikeOf('call')), 4);
  });
});
