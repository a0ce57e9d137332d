// The listed options: dates by the calendar, prices consistent with the underlying and with each other.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTradingDay, monthlyExpirationOf } from '../../src/domain/calendar.ts';
import { addDays, weekdayOf } from '../../src/domain/exchange-time.ts';
import { createInstruments } from '../../src/sample/companies.ts';
import { computeExpirations } from '../../src/sample/listings.ts';
import type { SampleContract } from '../../src/sample/options.ts';
import { samplePastIv30 } from '../../src/sample/past.ts';
import { marketAt } from './sample-exchange.ts';

const optionable = createInstruments().filter(({ kind }) => kind !== 'index');
const anyTime = fc.constantFrom(
  '2026-11-19T09:30:00-05:00',
  '2026-11-19T11:00:30-05:00',
  '2026-11-19T15:59:59-05:00',
  '2026-11-21T12:00:00-05:00',
  '2026-11-23T08:00:00-05:00',
  '2027-03-31T12:00:00-04:00',
);

function pairs(chain: readonly SampleContract[]): [SampleContract, SampleContract][] {
  return Array.from({ length: chain.length / 2 }, (_, i) => [chain[2 * i]!, chain[2 * i + 1]!]);
}

describe('expirations', () => {
  it('are trading days from today on, ascending, each once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...optionable), fc.integer({ min: 0, max: 4000 }), (instrument, days) => {
        const today = addDays('2020-01-01', days);
        const dates = computeExpirations(instrument, today).map(({ date }) => date);
        expect(dates.length).toBeGreaterThan(10);
        for (const [i, date] of dates.entries()) {
          expect(isTradingDay(date)).toBe(true);
          expect(date >= today).toBe(true);
          if (i > 0) expect(date > dates[i - 1]!).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of a stock are the next Fridays and the months, a holiday moving one to the day before', () => {
    const apple = optionable.find(({ symbol }) => symbol === 'AAPL')!;
    const listed = computeExpirations(apple, '2026-06-01');
    expect(listed.find(({ date }) => date === '2026-06-18')).toEqual({ date: '2026-06-18', kind: 'monthly' });
    expect(listed.map(({ date }) => date)).not.toContain('2026-06-19');
    const weeklies = listed.filter(({ kind }) => kind === 'weekly').map(({ date }) => date);
    expect(weeklies).toEqual(['2026-06-05', '2026-06-12', '2026-06-26', '2026-07-02', '2026-07-10', '2026-07-24']);
    expect(listed.map(({ date }) => date)).toContain(monthlyExpirationOf(2028, 1));
    expect(computeExpirations(apple, '2026-06-05').map(({ date }) => date)).toContain('2026-06-05');
    expect(computeExpirations(apple, '2026-06-06').map(({ date }) => date)).not.toContain('2026-06-05');
  });

  it('of the large funds are every trading day for two weeks and each quarter’s end', () => {
    for (const symbol of ['SPY', 'QQQ', 'IWM']) {
      const listed = computeExpirations(
        optionable.find((instrument) => instrument.symbol === symbol)!,
        '2026-11-19',
      );
      const near = listed.filter(({ date }) => date < '2026-12-03').map(({ date }) => date);
      expect(near).toEqual([
        '2026-11-19',
        '2026-11-20',
        '2026-11-23',
        '2026-11-24',
        '2026-11-25',
        '2026-11-27',
        '2026-11-30',
        '2026-12-01',
        '2026-12-02',
      ]);
      expect(near.filter((date) => weekdayOf(date) === 5)).toEqual(['2026-11-20', '2026-11-27']);
      expect(listed.filter(({ kind }) => kind === 'quarterly').map(({ date }) => date)).toEqual([
        '2026-12-31',
        '2027-03-31',
        '2027-06-30',
        '2027-09-30',
      ]);
    }
  });

  it('do not exist for an index', () => {
    const market = marketAt('2026-11-19T11:00:30-05:00');
    expect(market.expirations('VIX')).toEqual([]);
    expect(market.chain('VIX', '2026-11-20')).toEqual([]);
    expect(market.expirations('ZZZZ')).toEqual([]);
  });
});

describe('a chain', () => {
  it('brackets its theoretical prices, keeps put-call parity within the spread and hugs the spot', () => {
    fc.assert(
      fc.property(fc.constantFrom(...optionable), anyTime, fc.nat({ max: 30 }), ({ symbol }, time, pick) => {
        const market = marketAt(time);
        const expirations = market.expirations(symbol);
        const { date } = expirations[pick % expirations.length]!;
        const spot = market.quote(symbol)!.last;
        const chain = market.chain(symbol, date);
        const strikes = chain.map(({ terms }) => terms.strike);
        expect(chain.length).toBeGreaterThanOrEqual(40);
        expect(Math.min(...strikes)).toBeLessThan(spot);
        expect(Math.max(...strikes)).toBeGreaterThan(spot);
        for (const [call, put] of pairs(chain)) {
          expect([call.terms.side, put.terms.side, put.terms.strike]).toEqual(['call', 'put', call.terms.strike]);
          const forward = spot - call.terms.strike;
          expect(call.bid - put.ask).toBeLessThanOrEqual(forward + 1e-6);
          expect(call.ask - put.bid).toBeGreaterThanOrEqual(forward - 1e-6);
          for (const { bid, ask } of [call, put]) {
            expect(bid).toBeGreaterThanOrEqual(0);
            expect(ask).toBeGreaterThan(bid);
          }
        }
      }),
      { numRuns: 120 },
    );
  });

  it('has calls that fall and puts that rise with the strike, deltas within their bounds and positive volatilities', () => {
    fc.assert(
      fc.property(fc.constantFrom(...optionable), fc.nat({ max: 30 }), ({ symbol }, pick) => {
        const market = marketAt('2026-11-19T11:00:30-05:00');
        const expirations = market.expirations(symbol);
        const chain = market.chain(symbol, expirations[pick % expirations.length]!.date);
        const middle = ({ bid, ask }: SampleContract): number => (bid + ask) / 2;
        const all = pairs(chain);
        for (const [i, [call, put]] of all.entries()) {
          expect(call.iv).toBeGreaterThan(0);
          expect(call.greeks!.delta).toBeGreaterThanOrEqual(0);
          expect(call.greeks!.delta).toBeLessThanOrEqual(1);
          expect(put.greeks!.delta).toBeLessThanOrEqual(0);
          expect(call.greeks!.theta).toBeLessThanOrEqual(0);
          const next = all[i + 1];
          if (next === undefined) continue;
          const slack = call.ask - call.bid + put.ask - put.bid;
          expect(middle(next[0])).toBeLessThanOrEqual(middle(call) + slack);
          expect(middle(next[1])).toBeGreaterThanOrEqual(middle(put) - slack);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps its strikes and open interest through the day while its volume grows', () => {
    const chains = ['09:31:00', '12:00:00', '16:30:00'].map((time) =>
      marketAt(`2026-11-19T${time}-05:00`).chain('NVDA', '2026-11-20'),
    );
    const [morning, noon, evening] = chains as [SampleContract[], SampleContract[], SampleContract[]];
    expect(noon.map(({ terms }) => terms.symbol)).toEqual(morning.map(({ terms }) => terms.symbol));
    expect(evening.map(({ openInterest }) => openInterest)).toEqual(morning.map(({ openInterest }) => openInterest));
    const total = (chain: SampleContract[]): number => chain.reduce((sum, { volume }) => sum + volume, 0);
    expect(total(noon)).toBeGreaterThan(total(morning));
    expect(total(evening)).toBeGreaterThan(total(noon));
    for (const [i, contract] of noon.entries()) expect(contract.volume).toBeGreaterThanOrEqual(morning[i]!.volume);
    const tomorrow = marketAt('2026-11-20T12:00:00-05:00').chain('NVDA', '2026-11-20');
    expect(tomorrow.map(({ openInterest }) => openInterest)).not.toEqual(
      morning.map(({ openInterest }) => openInterest),
    );
  });

  it('has its call wall at or above the price and its put wall at or below, at round strikes', () => {
    const market = marketAt('2026-11-19T11:00:30-05:00');
    const spot = market.quote('SPY')!.last;
    const chain = market.chain('SPY', '2026-12-18');
    const largest = (side: 'call' | 'put'): SampleContract =>
      chain
        .filter(({ terms }) => terms.side === side && (side === 'call' ? terms.strike >= spot : terms.strike <= spot))
        .sort((a, b) => b.openInterest - a.openInterest)[0]!;
    expect(largest('call').terms.strike % 5).toBe(0);
    expect(largest('put').terms.strike % 5).toBe(0);
    expect(largest('call').openInterest).toBeGreaterThan(1000);
  });

  it('keeps last prices inside the session’s range, and has neither for what never traded', () => {
    const chain = marketAt('2026-11-19T11:00:30-05:00').chain('NVDA', '2026-11-20');
    const untraded = chain.filter(({ last }) => last === undefined);
    expect(untraded.length).toBeGreaterThan(0);
    for (const contract of untraded)
      expect([contract.volume, contract.openInterest, contract.range]).toEqual([0, 0, undefined]);
    for (const { range, last } of chain) {
      if (range === undefined || last === undefined) continue;
      expect(last).toBeLessThanOrEqual(range.high);
      expect(last).toBeGreaterThanOrEqual(range.low);
    }
  });

  it('is worth its intrinsic value, without greeks, once its day has closed', () => {
    const market = marketAt('2026-11-20T18:00:00-05:00');
    const spot = market.quote('NVDA')!.last;
    for (const { terms, bid, ask, greeks } of market.chain('NVDA', '2026-11-20')) {
      const intrinsic = Math.max(0, terms.side === 'call' ? spot - terms.strike : terms.strike - spot);
      expect(bid).toBeLessThanOrEqual(intrinsic + 1e-9);
      expect(ask).toBeGreaterThanOrEqual(intrinsic - 1e-9);
      expect(greeks).toBeUndefined();
    }
    expect(marketAt('2026-11-21T00:00:00-05:00').chain('NVDA', '2026-11-20')).toEqual([]);
  });

  it('has a bar of each contract and session in which it traded, of the same prices as its chain after the close', () => {
    const market = marketAt('2026-11-19T21:00:00-05:00');
    for (const { terms, last, range, volume } of market.chain('NVDA', '2026-12-18').slice(20, 60)) {
      const bars = market.finishedBars(terms.symbol, '2026-11-01', '2026-12-31');
      const [newest] = bars.slice(-1);
      if (volume > 0) expect(newest).toEqual({ date: '2026-11-19', ...range, close: last, volume });
      for (const { open, high, low, close } of bars)
        expect(low <= Math.min(open, close) && high >= Math.max(open, close)).toBe(true);
    }
  });

  it('gives each of its contracts alone as in the chain, and none that is not listed', () => {
    const market = marketAt('2026-11-19T11:00:30-05:00');
    const chain = market.chain('BRK.B', '2026-12-18');
    expect(chain.length).toBeGreaterThan(0);
    for (const contract of chain.slice(0, 20)) {
      expect(contract.terms.symbol.startsWith('BRKB261218')).toBe(true);
      expect(market.contract(contract.terms)).toEqual(contract);
      expect(market.contract({ ...contract.terms, strike: contract.terms.strike + 0.01 })).toBeUndefined();
      expect(market.contract({ ...contract.terms, expiration: '2026-12-17' })).toBeUndefined();
    }
  });
});

describe('the past that the sample market brings along', () => {
  it('is what its chains said at each session: a year before a date, nothing of a symbol that is not listed', () => {
    const past = samplePastIv30('NVDA', '2026-11-19');
    expect(past).toHaveLength(252);
    expect(samplePastIv30('NOPE', '2026-11-19')).toEqual([]);
    // The monthly date that was 30 days away, at the strike nearest the spot.
    const market = marketAt('2026-10-21T15:30:00-04:00');
    const { last = NaN } = market.quote('NVDA') ?? {};
    const chain = market.chain('NVDA', '2026-11-20');
    const [nearest] = chain.toSorted((a, b) => Math.abs(a.terms.strike - last) - Math.abs(b.terms.strike - last));
    expect((nearest?.iv ?? NaN) / (past[252 - 21] ?? NaN)).toBeCloseTo(1, 2);
  });
});
