import { describe, expect, it } from 'vitest';
import {
  type PricedChain,
  atmIvOf,
  datesAround,
  daysLeft,
  forwardOf,
  naiveGammaExposure,
  skew25Of,
} from '../../src/domain/chain-volatility.ts';
import { analyseChain } from '../../src/domain/chain-analytics.ts';
import { priceOption } from '../../src/domain/option-maths.ts';
import type { OptionQuote } from '../../src/domain/types.ts';
import { atMaturity, constantMaturityIv } from '../../src/domain/volatility-term.ts';

const AT = Date.parse('2026-11-19T11:00:00-05:00');

/** Priced by Black-Scholes-Merton with interest and a dividend, a cent of market on either side. */
function chainOf(strikes: readonly number[], volatility: number, keep: (quote: OptionQuote) => object): PricedChain {
  const years = daysLeft('ABC', '2026-12-18', AT) / 365;
  const contracts = strikes.flatMap((strike) =>
    (['call', 'put'] as const).map((side) => {
      const terms = { side, spot: 100, strike, years, rate: 0.04, dividendYield: 0.01 };
      const { price, ...greeks } = priceOption(terms, volatility);
      const code = `${side === 'call' ? 'C' : 'P'}${String(Math.round(strike * 1000)).padStart(8, '0')}`;
      const quote: OptionQuote = {
        symbol: `ABC261218${code}`,
        underlying: 'ABC',
        root: 'ABC',
        side,
        strike,
        expiration: '2026-12-18',
        multiplier: 100,
        bid: price - 0.01,
        ask: price + 0.01,
        iv: volatility,
        openInterest: 10,
        ...greeks,
      };
      return keep(quote) as OptionQuote;
    }),
  );
  return { underlying: 'ABC', expiration: '2026-12-18', spot: 100, contracts };
}

const strikes = Array.from({ length: 21 }, (_, index) => 80 + 2 * index);

describe('what a chain says of volatility', () => {
  it('is the forward that its prices were made with, by put-call parity', () => {
    const years = daysLeft('ABC', '2026-12-18', AT) / 365;
    const implied = forwardOf(
      chainOf(strikes, 0.3, (quote) => quote),
      AT,
    );
    expect(implied?.forward).toBeCloseTo(100 * Math.exp(0.03 * years), 6);
    expect(implied?.discount).toBeCloseTo(Math.exp(-0.04 * years), 6);
  });

  it('is solved from prices where the provider tells none, and never where it tells some', () => {
    expect(
      atmIvOf(
        chainOf(strikes, 0.3, ({ iv: _iv, ...rest }) => rest),
        AT,
      ),
    ).toBeCloseTo(0.3, 9);
    expect(
      atmIvOf(
        chainOf(strikes, 0.3, (quote) => ({ ...quote, iv: 0.5 })),
        AT,
      ),
    ).toBeCloseTo(0.5, 9);
    const silent = chainOf(strikes, 0.3, ({ iv: _iv, bid: _bid, ask: _ask, ...rest }) => rest);
    expect(atmIvOf(silent, AT)).toBeUndefined();
  });

  it('has a naive gamma exposure of calls + puts −: 637 million dollars of a gamma of 0.038 on 62,000 calls at 520', () => {
    const contract = { symbol: '', side: 'call' as const, strike: 520, gamma: 0.038, openInterest: 62_000 };
    const chain = { underlying: 'SPY', expiration: '2026-12-18', spot: 520, contracts: [contract] };
    expect(naiveGammaExposure(chain)).toBeCloseTo(637_062_400, 0);
    const puts = { ...contract, side: 'put' as const };
    expect(naiveGammaExposure({ ...chain, contracts: [contract, puts] })).toBe(0);
    expect(naiveGammaExposure({ ...chain, contracts: [{ ...puts, gamma: undefined }] as never })).toBeUndefined();
  });

  it('takes less than 50 ms of ten thousand contracts, with walls, max pain and expected move', () => {
    const long = chainOf(
      Array.from({ length: 5_000 }, (_, index) => 50 + index / 50),
      0.3,
      (quote) => quote,
    );
    const whole = { ...long, contracts: long.contracts as OptionQuote[], pricedAt: AT };
    const measure = (): number => {
      const started = process.cpuUsage();
      const chain = { ...whole };
      analyseChain(chain, 100);
      atmIvOf(chain, AT);
      skew25Of(chain);
      naiveGammaExposure(chain);
      return process.cpuUsage(started).user / 1_000;
    };
    expect(Math.min(...Array.from({ length: 8 }, measure))).toBeLessThan(50);
  });
});

describe('the dates around 30 days', () => {
  it('are the last before and the first after, one where a date is 30 days away or all lie on one side', () => {
    const close = Date.parse('2026-11-18T16:00:00-05:00');
    const dates = ['2026-11-20', '2026-12-11', '2026-12-24', '2027-01-15'];
    expect(datesAround(dates, 'ABC', close)).toEqual(['2026-12-11', '2026-12-24']);
    expect(datesAround([...dates, '2026-12-18'], 'ABC', close)).toEqual(['2026-12-18']);
    expect(datesAround(dates.slice(0, 1), 'ABC', close)).toEqual(['2026-11-20']);
    expect(datesAround(dates.slice(2), 'ABC', close)).toEqual(['2026-12-24']);
    expect(datesAround(['2026-11-18'], 'ABC', close)).toEqual([]);
  });
});

describe('a figure at 30 days', () => {
  it('is linear in days between the dates around it, the nearest where they lie on one side', () => {
    const points = [
      { days: 20, value: 0.01 },
      { days: 40, value: 0.03 },
      { days: 60, value: 0.9 },
    ];
    expect(atMaturity(points)).toBeCloseTo(0.02, 12);
    expect(atMaturity(points.slice(1))).toBe(0.03);
    expect(atMaturity(points.slice(0, 1))).toBe(0.01);
    expect(atMaturity([])).toBeUndefined();
    // Volatilities go by their total variance instead: √((0.2² · 20 + 0.3² · 40) / 2 / 30).
    const level = constantMaturityIv([
      { days: 20, iv: 0.2 },
      { days: 40, iv: 0.3 },
    ]);
    expect(level?.iv).toBeCloseTo(Math.sqrt((0.04 * 20 + 0.09 * 40) / 2 / 30), 12);
  });
});
