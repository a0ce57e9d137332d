// How rows of quotes become one answer for the symbols asked: each found, known without a price, unreadable, or unknown.
// Rows come in any order and spelling; what cannot be told whose it is never makes a symbol unknown.
import { BadPayloadError, NoDataError, type FinError } from '../domain/errors.ts';
import { possibleFigures } from '../domain/possible.ts';
import { canonicalTicker, isOptionSymbol, parseOptionSymbol } from '../domain/symbols.ts';
import type { EpochMs, TickerSymbol } from '../domain/types.ts';
import type { Lost, QuoteBatch } from './provider.ts';
import { impossibleTime, mendTimes, type TimeField } from './row-times.ts';
import { leftOutFigures, refuseIfNoneIsReadable, type ReadRows } from './rows.ts';
import { badPayload, type WireSource } from './wire.ts';

/** What of a quote tells which of two is the newer. */
interface Dated {
  asOf: EpochMs;
  volume?: number;
  last?: number;
}

export interface QuoteRows<Row, Quote> {
  asked: readonly TickerSymbol[];
  read: ReadRows<Row>;
  /** Whose a symbol on the wire is; undefined for one that nobody asked for. */
  symbolOf(wireSymbol: string): TickerSymbol | undefined;
  wireSymbolOf(row: Row): string;
  /** Undefined for a row without a price, or without a time of it. */
  toQuote(row: Row, symbol: TickerSymbol): Quote | undefined;
  /** Why a row is no answer at all; undefined for one that is. */
  refusalOf?(row: Row, symbol: TickerSymbol): FinError | 'unknown' | undefined;
  /** Where a row has the times of its price, the one that stands in for all first. */
  times: readonly TimeField[];
  now: EpochMs;
  /** What it does not know this provider names: silence about a symbol is a defect of the answer. */
  namesUnknown?: boolean;
  /** Rows that the answer says it has and has not. */
  lacking?: number;
  /** Asked for, and named by the provider as unknown. */
  unmatched?: readonly TickerSymbol[];
  source: WireSource;
}

/** Finds whose a wire symbol is: as it was sent, whatever its case, else as anybody might write it. */
export function symbolReader(
  asked: readonly TickerSymbol[],
  toWire: (symbol: TickerSymbol) => string,
): (wireSymbol: string) => TickerSymbol | undefined {
  const exact = new Map(asked.map((symbol) => [toWire(symbol), symbol]));
  const loose = new Map(asked.map((symbol) => [toWire(symbol).toUpperCase(), symbol]));
  const wanted = new Set(asked);
  return (wireSymbol) => {
    const found = exact.get(wireSymbol) ?? loose.get(wireSymbol.toUpperCase());
    if (found !== undefined) return found;
    const symbol = canonicalTicker(wireSymbol);
    return symbol !== undefined && wanted.has(symbol) ? symbol : undefined;
  };
}

export function batchOf<Row extends object, Quote extends Dated>(
  rows: QuoteRows<Row, Quote>,
): Omit<QuoteBatch, 'quotes' | 'contracts'> & { quotes: Map<TickerSymbol, Quote> } {
  const { asked, read, source } = rows;
  if (asked.length === 1) refuseIfNoneIsReadable(read);
  const quotes = new Map<TickerSymbol, Quote>();
  const failed = new Map<TickerSymbol, FinError>();
  const lostTimes: Lost[] = [];
  const unknown = new Set<TickerSymbol>(rows.unmatched);
  // What it names where it is unknown is never unknown by silence.
  let strayRows = rows.namesUnknown ? Infinity : (rows.lacking ?? 0);
  for (const row of read.rows) {
    const symbol = rows.symbolOf(rows.wireSymbolOf(row));
    if (symbol === undefined) {
      strayRows += 1;
      continue;
    }
    const refusal = rows.refusalOf?.(row, symbol);
    if (refusal === 'unknown') unknown.add(symbol);
    else if (refusal !== undefined) failed.set(symbol, refusal);
    else {
      lostTimes.push(...mendTimesOf(row, symbol, rows));
      const quote = rows.toQuote(row, symbol);
      if (quote === undefined) failed.set(symbol, noPrice(symbol, source));
      else quotes.set(symbol, newerOf(quote, quotes.get(symbol)));
    }
  }
  for (const { symbol: wireSymbol, error } of read.refused) {
    const symbol = wireSymbol === undefined ? undefined : rows.symbolOf(wireSymbol);
    if (symbol === undefined) strayRows += 1;
    else failed.set(symbol, withSymbol(error, symbol));
  }
  for (const symbol of quotes.keys()) failed.delete(symbol);
  const lost = [...lostTimes, ...leaveOutImpossible(quotes, failed, source)];
  const missing = asked.filter((symbol) => !quotes.has(symbol) && !failed.has(symbol) && !unknown.has(symbol));
  for (const symbol of missing) {
    // As many rows that nobody asked for, or that are cut off: they may be these.
    if (strayRows >= missing.length) failed.set(symbol, notInAnswer(symbol, source));
    else unknown.add(symbol);
  }
  return {
    quotes,
    unknown: asked.filter((symbol) => unknown.has(symbol) && !quotes.has(symbol) && !failed.has(symbol)),
    ...(failed.size === 0 ? {} : { failed }),
    ...(lost.length === 0 ? {} : { lost }),
  };
}

function mendTimesOf<Row extends object, Quote>(
  row: Row,
  symbol: TickerSymbol,
  { times, now, source }: QuoteRows<Row, Quote>,
): Lost[] {
  const time = mendTimes(row, times, now);
  return time === undefined ? [] : [impossibleTime(time, source, symbol)];
}

/** Takes figures that cannot be true out of the quotes, and quotes without any price of a share that can. */
function leaveOutImpossible<Quote extends Dated>(
  quotes: Map<TickerSymbol, Quote>,
  failed: Map<TickerSymbol, FinError>,
  source: WireSource,
): Lost[] {
  const lost: Lost[] = [];
  for (const [symbol, quote] of quotes) {
    const side = isOptionSymbol(symbol) ? parseOptionSymbol(symbol).side : undefined;
    const { kept, flaws } = possibleFigures(quote, side);
    if (flaws.length === 0) continue;
    if (side === undefined && kept.last === undefined) {
      quotes.delete(symbol);
      failed.set(symbol, withSymbol(badPayload(source, flaws.join(', ')), symbol));
    } else {
      quotes.set(symbol, kept);
      lost.push(leftOutFigures(symbol, flaws, source));
    }
  }
  return lost;
}

function withSymbol(error: BadPayloadError, symbol: TickerSymbol): BadPayloadError {
  return new BadPayloadError(`${symbol}: ${error.message}`, { ...error.details, symbol });
}

/** Of two rows of one symbol, whichever comes first. */
function newerOf<Quote extends Dated>(quote: Quote, other: Quote | undefined): Quote {
  if (other === undefined) return quote;
  const difference =
    quote.asOf - other.asOf || (quote.volume ?? 0) - (other.volume ?? 0) || (quote.last ?? 0) - (other.last ?? 0);
  return difference >= 0 ? quote : other;
}

function noPrice(symbol: TickerSymbol, { label }: WireSource): NoDataError {
  return new NoDataError(`${symbol}: ${label} has no price for it`, {
    symbol,
    hint: 'it may not have traded yet, or may have stopped trading; fin history shows what there is',
  });
}

function notInAnswer(symbol: TickerSymbol, source: WireSource): BadPayloadError {
  return withSymbol(
    badPayload(source, 'the answer has no row for it, and does not say that the symbol is unknown'),
    symbol,
  );
}
