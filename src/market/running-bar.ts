// The running session's bar at the end of a daily series: made of a quote, with a source of its own.
// Pure: how the two sources become one, and what is said where that bar is missing.
import { NoDataError, type FinError } from '../domain/errors.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import { isIndexSymbol } from '../domain/symbols.ts';
import type { Bar, IsoDate, Quote, TickerSymbol } from '../domain/types.ts';
import { endOf, titleOf } from './access.ts';
import type { DailySeries, Outcome, Source } from './market-data.ts';

export interface RunningBar {
  bar: Bar;
  source: Source;
  /** Of the quote that the bar was made from. */
  previousClose?: number | undefined;
}

/** The finished bars stand, and the reader is told that the running one is not among them, and why. */
export function withoutRunningBar(series: DailySeries, source: Source, why: FinError): Outcome<DailySeries> {
  if (why.code === 'cancelled') return { ok: false, error: why };
  const note = `without today’s session: ${why.message}`;
  return { ok: true, value: series, source: { ...source, notes: [...source.notes, note], ...endOf(why) } };
}

export function runningBarOf(
  symbol: TickerSymbol,
  date: IsoDate,
  quoted: Outcome<Quote>,
): RunningBar | { missing: FinError } {
  if (!quoted.ok) return { missing: quoted.error };
  const bar = barOfQuote(quoted.value, date);
  if (bar === undefined)
    return { missing: new NoDataError(`${symbol}: its quote holds no bar of ${date}`, { symbol }) };
  return { bar, source: { ...quoted.source, asOf: quoted.value.asOf }, previousClose: quoted.value.previousClose };
}

/** The running session's bar as its quote tells it; undefined when the quote is of another day or incomplete. An index has no volume. */
function barOfQuote(quote: Quote, date: IsoDate | undefined): Bar | undefined {
  const { open, high, low, last, vwap } = quote;
  const volume = quote.volume ?? (isIndexSymbol(quote.symbol) ? 0 : undefined);
  if (quote.basis === 'session_bar' || exchangeDateOf(quote.asOf) !== date) return undefined;
  if (open === undefined || high === undefined || low === undefined || volume === undefined) return undefined;
  const bar: Bar = {
    date,
    open,
    high: Math.max(high, last, open),
    low: Math.min(low, last, open),
    close: last,
    volume,
  };
  return vwap === undefined ? bar : { ...bar, vwap };
}

/**
 * The finished bars' source with that of the running one. Finished bars that are fresh do not age: time and age are those
 * of the running one. Stale ones are what the answer is as old as. All that either must say.
 */
export function joinSources(finished: Source, running: Source): Source {
  const { notes, failure, endedBy, provider } = running;
  const { asOf, fetchedAt, freshness } = finished.freshness === 'stale' ? finished : running;
  const broughtBy = provider === finished.provider ? [] : [`${titleOf(provider)} brought the running session`];
  return {
    ...finished,
    asOf,
    fetchedAt,
    freshness,
    notes: [...finished.notes, ...broughtBy, ...notes],
    ...(failure === undefined ? {} : { failure }),
    ...(endedBy === undefined ? {} : { endedBy }),
  };
}

export function notAdjusted(symbol: TickerSymbol, date: IsoDate): FinError {
  return new NoDataError(`${symbol}: the quote of ${date} and the bars before it are adjusted differently (a split)`, {
    symbol,
  });
}

/** Whoever gave up or has no time left is not made to wait for another request. */
export function isEnding(running: RunningBar | { missing: FinError }): boolean {
  return 'missing' in running && (running.missing.code === 'cancelled' || running.missing.code === 'timeout');
}
