// A market whose figures mean nothing: on it a command is played through while the real figures travel, so that what
// comes after them has run before. No answer is ever made of it.
import { exchangeDateOf, addDays } from '../domain/exchange-time.ts';
import { NoDataError } from '../domain/errors.ts';
import type { Bar, Clock, IsoDate, OptionQuote, Quote, TickerSymbol } from '../domain/types.ts';
import type { MarketData, Outcome, Source } from './market-data.ts';

/** More make a rehearsal longer, in which answers wait, and no better. */
const MOST_SYMBOLS = 3;
/** Enough for the longest average. */
const BARS = 250;
const STRIKES = 20;

export function createMadeUpMarket(clock: Pick<Clock, 'now'>): MarketData {
  const now = clock.now();
  const today = exchangeDateOf(now);
  const source: Source = { provider: 'sample', sample: true, asOf: now, fetchedAt: now, freshness: 'live', notes: [] };
  const listed = new Set<TickerSymbol>();

  function give<T>(symbol: TickerSymbol, makeUp: () => T): Outcome<T> {
    if (listed.size < MOST_SYMBOLS) listed.add(symbol);
    return listed.has(symbol)
      ? { ok: true, value: makeUp(), source }
      : { ok: false, error: new NoDataError(`${symbol}: not in the made-up market`, { symbol }) };
  }

  return {
    quotes: (symbols) =>
      Promise.resolve(new Map(symbols.map((symbol) => [symbol, give(symbol, () => makeQuote(symbol, now))]))),
    dailySeries: (symbol) =>
      Promise.resolve(
        give(symbol, () => ({ symbol, bars: makeBars(today), coveredFrom: addDays(today, -BARS), running: false })),
      ),
    expirations: (symbol) =>
      Promise.resolve(
        give(symbol, () => [7, 14, 21, 28].map((days) => ({ date: addDays(today, days), kind: 'weekly' }))),
      ),
    chain: (underlying, expiration) =>
      Promise.resolve(
        give(underlying, () => ({ underlying, expiration, contracts: makeContracts(underlying, expiration) })),
      ),
    clock: () => Promise.resolve({ ok: false, error: new NoDataError('the made-up market has no clock') }),
  };
}

function makeQuote(symbol: TickerSymbol, asOf: number): Quote {
  return {
    symbol,
    last: 101.25,
    open: 100.5,
    high: 102.75,
    low: 99.5,
    previousClose: 100,
    bid: 101.2,
    ask: 101.3,
    volume: 1_250_000,
    averageVolume: 1_500_000,
    week52High: 120,
    week52Low: 80.5,
    asOf,
  };
}

/** A bar for each day before today, rising and falling. */
function makeBars(today: IsoDate): Bar[] {
  return Array.from({ length: BARS }, (_, index) => {
    const close = 100 + (index % 7) * 1.25 - (index % 5);
    return {
      date: addDays(today, index - BARS),
      open: close - 0.5,
      high: close + 1.25,
      low: close - 1.5,
      close,
      volume: 1_250_000 + index,
    };
  });
}

function makeContracts(underlying: TickerSymbol, expiration: IsoDate): OptionQuote[] {
  return Array.from({ length: STRIKES }, (_, index) => 100 + index - STRIKES / 2).flatMap((strike) =>
    (['call', 'put'] as const).map((side): OptionQuote => ({
      symbol: `${underlying}${strike}`,
      underlying,
      root: underlying,
      side,
      strike,
      expiration,
      multiplier: 100,
      bid: 1.25,
      ask: 1.35,
      last: 1.3,
      volume: 100,
      openInterest: 1_000 + strike,
      iv: 0.25,
      delta: side === 'call' ? 0.5 : -0.5,
      gamma: 0.02,
      theta: -0.05,
      vega: 0.1,
    })),
  );
}
