// Times of rows that cannot be: none of a market's (seconds read as milliseconds), or later than the market has come to.
// Hides how far clocks may differ, and what stands in for the time of a price that has no other.
import { isRecord } from '../domain/present.ts';
import { closeOf, lastFinishedSession, sessionAt } from '../domain/calendar.ts';
import { formatMoment } from '../domain/intraday-bars.ts';
import type { EpochMs, TickerSymbol } from '../domain/types.ts';
import type { Lost } from './provider.ts';
import { fieldOf, instantOf, type WireSource } from './wire.ts';

/** Where a row has a time (`lastTrade.t`), and how many of its units are a millisecond. */
export type TimeField = readonly [path: string, unitsPerMs: number];

const CLOCK_SKEW_MS = 5 * 60_000;

/** Undefined for what is no time, and for one that the market's clock has not reached. */
export function pastInstant(ms: number | undefined, now: EpochMs): EpochMs | undefined {
  const at = instantOf(ms);
  return at === undefined || at > now + CLOCK_SKEW_MS ? undefined : at;
}

/**
 * Takes the times out of a row that cannot be; 0 means never, and is none of them. @returns the first of them, in words
 */
export function dropImpossibleTimes(row: object, fields: readonly TimeField[], now: EpochMs): string | undefined {
  let dropped: string | undefined;
  for (const [path, unitsPerMs] of fields) {
    const value = valueAt(row, path);
    if (value === undefined || value <= 0 || pastInstant(value / unitsPerMs, now) !== undefined) continue;
    put(row, path, undefined);
    const at = instantOf(value / unitsPerMs);
    dropped ??= at === undefined ? `${value} is not a time` : `${formatMoment(at)} is in the future`;
  }
  return dropped;
}

/**
 * The same of a row whose price needs a time: where all were impossible the first field has the moment of the answer, out
 * of session that of the last close.
 */
export function mendTimes(row: object, fields: readonly TimeField[], now: EpochMs): string | undefined {
  const dropped = dropImpossibleTimes(row, fields, now);
  const [first] = fields;
  if (dropped === undefined || first === undefined || fields.some(([path]) => (valueAt(row, path) ?? 0) > 0))
    return dropped;
  put(row, first[0], (sessionAt(now) === 'regular' ? now : closeOf(lastFinishedSession(now))) * first[1]);
  return dropped;
}

/** What is said of it, of a symbol or of a whole chain. */
export function impossibleTime(time: string, { label, endpoint }: WireSource, symbol?: TickerSymbol): Lost {
  const of = symbol === undefined ? 'a time' : `the time of ${symbol}`;
  const message = `${label} ${endpoint}: ${of} is left out: ${time}`;
  return { ...(symbol === undefined ? {} : { symbol }), message, isNote: true };
}

function valueAt(row: object, path: string): number | undefined {
  const value = path.split('.').reduce<unknown>((inner, name) => fieldOf(inner, name), row);
  return typeof value === 'number' ? value : undefined;
}

function put(row: object, path: string, value: number | undefined): void {
  const names = path.split('.');
  const part = names.slice(0, -1).reduce<unknown>((inner, name) => fieldOf(inner, name), row);
  if (isRecord(part)) part[names.at(-1) ?? ''] = value;
}
