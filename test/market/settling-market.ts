// The sample market as real ones behave around the close: bars settle for hours, one provider lags or has today's bars only
// the day after, and a share is split overnight. Every figure is a function of the clock, so that two caches can be compared.
import { closeOf, sessionTimes } from '../../src/domain/calendar.ts';
import { exchangeDateOf } from '../../src/domain/exchange-time.ts';
import type { Bar, Clock, EpochMs, IsoDate, TickerSymbol } from '../../src/domain/types.ts';
import type { ReplayBars } from '../../src/sample/replay-bars.ts';
import {
  type MarketSource,
  type SampleQuote,
  createReplayMarket,
  createSyntheticMarket,
} from '../../src/sample/source.ts';

/** Ten for one, before the pre session of this day. */
export const SPLIT = { symbol: 'NVDA', date: '2026-11-24', ratio: 10 };

export const SYMBOLS: readonly TickerSymbol[] = ['AAPL', 'SPY', SPLIT.symbol];

export interface SettlingOptions {
  /** Minutes after a close until its bar is there at all; `tomorrow`: only when its day is over (a free Polygon plan). */
  lag?: number | 'tomorrow';
}

const [FIRST, LAST] = ['2025-11-03', '2026-12-31'];
/** A year of three symbols: few enough for thousands of requests. */
const BARS = createBars();

function createBars(): ReplayBars {
  const later = Date.parse('2026-12-31T23:00:00-05:00');
  const market = createSyntheticMarket({ now: () => later, machineNow: () => later });
  return {
    bySymbol: new Map(SYMBOLS.map((symbol) => [symbol, market.finishedBars(symbol, FIRST, LAST)])),
    first: FIRST,
    last: LAST,
    rows: 0,
    withoutTrade: 0,
    corrections: 0,
  };
}

/** When the close of a session stops moving: 20 minutes to most of its post session later. */
export function settledAt(date: IsoDate): EpochMs {
  const [close, end] = [closeOf(date), sessionTimes(date)?.postEnd ?? closeOf(date)];
  const part = ((Number(date.slice(8)) * 37) % 90) / 100;
  return Math.max(close + 20 * 60_000, close + part * (end - close));
}

export function createSettlingMarket(clock: Clock, { lag = 0 }: SettlingOptions = {}): MarketSource {
  const market = createReplayMarket({ bars: BARS, clock });

  function factorOf(symbol: TickerSymbol): number {
    const isSplit = symbol === SPLIT.symbol && clock.now() >= (sessionTimes(SPLIT.date)?.preOpen ?? 0);
    return isSplit ? 1 / SPLIT.ratio : 1;
  }

  const cents = (price: number): number => Math.round(price * 10_000) / 10_000;

  function tell(symbol: TickerSymbol, bar: Bar): Bar {
    const factor = factorOf(symbol);
    const isSettled = clock.now() < closeOf(bar.date) || clock.now() >= settledAt(bar.date);
    const close = bar.close * (isSettled ? 1 : 1.008);
    return {
      ...bar,
      open: cents(bar.open * factor),
      high: cents(Math.max(bar.high, close) * factor),
      low: cents(Math.min(bar.low, close) * factor),
      close: cents(close * factor),
      volume: Math.round((bar.volume / factor) * (isSettled ? 1 : 0.8)),
    };
  }

  function isThere(date: IsoDate): boolean {
    if (lag === 'tomorrow') return date < exchangeDateOf(clock.now());
    return clock.now() >= closeOf(date) + lag * 60_000;
  }

  function tellQuote(symbol: TickerSymbol, quote: SampleQuote): SampleQuote {
    const factor = factorOf(symbol);
    const told = { ...quote, last: cents(quote.last * factor) };
    if (quote.bar !== undefined) told.bar = tell(symbol, quote.bar);
    if (quote.close !== undefined) told.close = told.bar?.close ?? cents(quote.close * factor);
    if (quote.previous !== undefined) told.previous = tell(symbol, quote.previous);
    for (const name of ['bid', 'ask', 'week52High', 'week52Low'] as const) {
      const price = quote[name];
      if (price !== undefined) told[name] = cents(price * factor);
    }
    return told;
  }

  return {
    ...market,
    quote: (symbol) => {
      const quote = market.quote(symbol);
      return quote === undefined ? undefined : tellQuote(symbol, quote);
    },
    sessionBars: (date) =>
      isThere(date)
        ? market.sessionBars(date).map(({ instrument, bar }) => ({ instrument, bar: tell(instrument.symbol, bar) }))
        : [],
    finishedBars: (symbol, from, to) =>
      market
        .finishedBars(symbol, from, to)
        .filter(({ date }) => isThere(date))
        .map((bar) => tell(symbol, bar)),
    runningBar: (symbol) => {
      const bar = lag === 'tomorrow' ? undefined : market.runningBar(symbol);
      return bar === undefined ? undefined : tell(symbol, bar);
    },
  };
}
