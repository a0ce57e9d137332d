// Keeps one odd row from costing the others: rows are read one by one where the list as a whole cannot be, what is left
// out is told by name, and bars whose prices cannot be true leave no client.
import * as z from 'zod/mini';
import { flawOfBar } from '../domain/bar-series.ts';
import { isTradingDay } from '../domain/calendar.ts';
import { CALENDAR_YEARS, exchangeDateOf, isValidDate, yearOf } from '../domain/exchange-time.ts';
import type { Bar, BarHours, EpochMs, IntradayBar, IsoDate, TickerSymbol } from '../domain/types.ts';
import { barsWithin, formatMoment } from '../domain/intraday-bars.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import { present, isRecord } from '../domain/present.ts';
import { isVwap } from '../domain/possible.ts';
import { type BadPayloadError, type FinError, hasCode } from '../domain/errors.ts';
import { ROWS_PER_SLICE, type Pause, mapSlices } from '../http/pause.ts';
import type { Fetched, IntradayBars, Lost } from './provider.ts';
import { badPayload, cleanText, describeIssue, type Schema, type WireSource } from './wire.ts';

/** Whose a row is, as far as that can still be read. */
export interface RowName {
  /** A symbol or a contract. */
  symbol?: string | undefined;
  date?: IsoDate | undefined;
  /** Of a bar below a day: `2026-11-30 10:15`. */
  moment?: string | undefined;
}

/** A row that could not be read. */
export interface RefusedRow extends RowName {
  /** `history.day[3].volume is a string, expected a number` */
  why: string;
  error: BadPayloadError;
}

export interface ReadRows<T> {
  /** In the order of the reply. */
  rows: T[];
  refused: RefusedRow[];
}

/** What rows became, and what of them is left out. */
export interface Gathered<T> {
  rows: T[];
  lost: Lost[];
  /** How far behind the market they are. */
  delayMs?: number;
}

/** A bar as it was read: any figure may be missing. */
export interface ReadBar {
  date: IsoDate;
  /** Of a bar below a day. */
  at?: EpochMs;
  open: number | undefined;
  high: number | undefined;
  low: number | undefined;
  close: number | undefined;
  volume: number | undefined;
  vwap?: number;
}

// One broken field in every row of a long list: the first ones are named, the others counted.
const MOST_NAMED = 100;
const CLOCK_TOLERANCE_MS = 60_000;

/** Every row that fits its schema. `nameOf` looks at a row that does not. */
export function readRows<T>(
  schema: Schema<T>,
  values: readonly unknown[],
  source: WireSource,
  root: string,
  nameOf: (value: unknown) => RowName,
): ReadRows<T> {
  const whole = z.safeParse(z.array(schema), values);
  if (whole.success) return { rows: whole.data, refused: [] };
  const rows: T[] = [];
  const refused: RefusedRow[] = [];
  for (const [index, value] of values.entries()) {
    const result = z.safeParse(schema, value);
    if (result.success) rows.push(result.data);
    else {
      const { field, why } = describeIssue(result.error, value, `${root}[${index}]`);
      refused.push({ ...nameOf(value), why, error: badPayload(source, why, { field }) });
    }
  }
  return { rows, refused };
}

/** Where no row at all could be read the reply is unreadable. @throws BadPayloadError of the first row */
export function refuseIfNoneIsReadable({ rows, refused }: ReadRows<unknown>): void {
  const [first] = refused;
  if (rows.length === 0 && first !== undefined) throw first.error;
}

/**
 * A field that every row has, null where there is no value, and that none has: it goes by another name now.
 * @throws BadPayloadError
 */
export function refuseIfRenamed(
  values: readonly unknown[],
  fields: readonly string[],
  source: WireSource,
  root: string,
): void {
  if (values.length === 0) return;
  const gone = fields.find((name) => values.every((row) => isRecord(row) && !Object.hasOwn(row, name)));
  if (gone === undefined) return;
  const field = `${root}[0].${gone}`;
  throw badPayload(source, `${field} is missing, as in every row`, { field });
}

/**
 * A list that is longer than any that exists is read in slices: what grows with a payload must be able to end. A slice of
 * which no row can be read does not cost the others.
 */
export function gatherInSlices<T>(
  rows: readonly unknown[],
  parse: (slice: readonly unknown[]) => Gathered<T>,
  pause: Pause,
): Gathered<T> | Promise<Gathered<T>> {
  return rows.length <= ROWS_PER_SLICE ? parse(rows) : gatherSlices(rows, parse, pause);
}

async function gatherSlices<T>(
  rows: readonly unknown[],
  parse: (slice: readonly unknown[]) => Gathered<T>,
  pause: Pause,
): Promise<Gathered<T>> {
  const lost: Lost[] = [];
  let failure: FinError | undefined;
  const gathered = await mapSlices(
    rows,
    (slice) => {
      try {
        const part = parse(slice);
        for (const each of part.lost) lost.push(each);
        return part.rows;
      } catch (error) {
        if (!hasCode(error, 'bad_payload')) throw error;
        failure ??= error;
        lost.push({ message: `${error.message}: ${slice.length} rows are left out` });
        return [];
      }
    },
    pause,
  );
  if (failure !== undefined && gathered.length === 0) throw failure;
  return { rows: gathered, lost };
}

/** What could not be read, for the reader of the others. */
export function lostOf(refused: readonly RefusedRow[], source: WireSource): Lost[] {
  return refused.map(({ symbol, date, moment, why }) => {
    const named = [symbol, moment ?? date].filter((part) => part !== undefined).join(' ');
    // A row that does not say which one it is: the symbol itself is not lost.
    const name = symbol !== undefined && date === undefined && !isOptionSymbol(symbol) ? `a row of ${symbol}` : named;
    return {
      ...(symbol === undefined ? {} : { symbol }),
      ...(date === undefined ? {} : { date }),
      message: `${source.label} ${source.endpoint}: ${name === '' ? 'a row' : name} is left out: ${why}`,
    };
  });
}

/** Of what has no date of its own in the answer: a contract's is its expiration, which all share. */
export function undated({ date: _date, ...row }: RefusedRow): RefusedRow {
  return row;
}

/** The bars that can be true; of the others it is noted why they are left out. */
export function keepPossibleBars<T extends ReadBar>(
  bars: readonly T[],
  symbol: string | ((index: number) => string | undefined),
  source: WireSource,
): { bars: (T & Bar)[]; lost: Lost[]; kept: number[] } {
  const lost: Lost[] = [];
  const kept: number[] = [];
  const possible: (T & Bar)[] = [];
  for (const [index, bar] of bars.entries()) {
    const flaw = flawOfBar(bar) ?? flawOfDate(bar);
    const named = typeof symbol === 'string' ? symbol : symbol(index);
    if (flaw === undefined) {
      kept.push(index);
      possible.push(withPossibleVwap(bar as T & Bar, named, source, lost));
    } else lost.push({ ...lostBar(bar, named, `is left out: ${flaw}`, source), isNote: true });
  }
  return { bars: possible, lost, kept };
}

/** Why there was no session to have a bar of; a bar below a day is looked at with the hours of its session. */
function flawOfDate({ date, at }: ReadBar): string | undefined {
  if (at !== undefined || yearOf(date) < CALENDAR_YEARS.first || isTradingDay(date)) return undefined;
  return 'the exchange was closed';
}

function withPossibleVwap<T extends Bar>(bar: T, symbol: string | undefined, source: WireSource, lost: Lost[]): T {
  if (bar.vwap === undefined || isVwap(bar.vwap, bar)) return bar;
  const { vwap, ...rest } = bar;
  lost.push({
    ...lostBar(bar, symbol, `is shown without its vwap of ${vwap}, which cannot be true`, source),
    isNote: true,
  });
  return rest as T;
}

function lostBar(
  { date, at }: ReadBar,
  symbol: string | undefined,
  what: string,
  { label, endpoint }: WireSource,
): Lost {
  const name = symbol === undefined ? '' : ` of ${symbol}`;
  return {
    ...(symbol === undefined ? {} : { symbol }),
    date,
    message: `${label} ${endpoint}: the bar${name} on ${at === undefined ? date : formatMoment(at)} ${what}`,
  };
}

/** What of a quote or contract cannot be true. */
export function leftOutFigures(symbol: string, flaws: readonly string[], { label, endpoint }: WireSource): Lost {
  return {
    symbol,
    message: `${label} ${endpoint}: ${symbol}: impossible figures are left out: ${flaws.join(', ')}`,
    isNote: true,
  };
}

/** Each item once: of those that have the same key and are not equal none is known to be right, and all are left out. */
export function onlyOnce<T>(
  items: readonly T[],
  keyOf: (item: T) => string | number,
  lostOf: (item: T) => Lost,
): Gathered<T> {
  const byKey = new Map<string | number, T>();
  const differing = new Map<string | number, Lost>();
  for (const item of items) {
    const key = keyOf(item);
    const other = byKey.get(key);
    if (other === undefined) byKey.set(key, item);
    else if (!differing.has(key) && JSON.stringify(other) !== JSON.stringify(item)) differing.set(key, lostOf(item));
  }
  for (const key of differing.keys()) byKey.delete(key);
  return { rows: [...byKey.values()], lost: [...differing.values()] };
}

/** Ascending, each session or moment once. */
function distinctBars<T extends Bar & { at?: EpochMs }>(
  bars: readonly T[],
  symbol: TickerSymbol,
  source: WireSource,
): Gathered<T> {
  const timeOf = ({ at, date }: T): EpochMs | IsoDate => at ?? date;
  // As providers send it; a series has over a thousand rows.
  if (bars.every((bar, index) => index === 0 || timeOf(bars[index - 1] ?? bar) < timeOf(bar)))
    return { rows: [...bars], lost: [] };
  const { rows, lost } = onlyOnce(bars, timeOf, (bar) => lostTwice(bar, symbol, source));
  return { rows: rows.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1)), lost };
}

export function lostTwice(bar: ReadBar, symbol: TickerSymbol, source: WireSource): Lost {
  return lostBar(bar, symbol, 'is left out: it appears twice, with different figures', source);
}

/** Without the bars that have not begun yet by the exchange's clock, which may be a little ahead of ours. */
function barsBegun(
  bars: readonly IntradayBar[],
  now: EpochMs,
  symbol: TickerSymbol,
  { label, endpoint }: WireSource,
): Gathered<IntradayBar> {
  const rows = bars.filter(({ at }) => at <= now + CLOCK_TOLERANCE_MS);
  const left = bars.length - rows.length;
  if (left === 0) return { rows, lost: [] };
  const what = left === 1 ? 'a bar' : `${left} bars`;
  const message = `${label} ${endpoint}: ${what} of ${symbol} after ${formatMoment(now)} ${left === 1 ? 'is' : 'are'} left out: that is in the future`;
  return { rows, lost: [{ symbol, date: exchangeDateOf(now), message, isNote: true }] };
}

/** A fetched value with what of its reply is not in it. */
export function withLost<T>(fetched: Fetched<T>, lost: readonly Lost[]): Fetched<T> {
  return lost.length === 0 ? fetched : { ...fetched, lost: boundLost(lost) };
}

/** The daily bars of a range, each session once. @throws BadPayloadError where there are bars and all are of other days */
export function dailyBarsOf(
  { value, sample }: Fetched<Gathered<Bar>>,
  { symbol, from, to }: { symbol: TickerSymbol; from: IsoDate; to: IsoDate },
  source: WireSource,
): Fetched<Bar[]> {
  const { rows, lost } = distinctBars(value.rows, symbol, source);
  const bars = rows.filter(({ date }) => date >= from && date <= to);
  const [other] = rows;
  if (bars.length === 0 && other !== undefined)
    throw badPayload(source, `the answer has bars of other days (${other.date}), not of ${from} to ${to}`);
  return withLost(
    { value: bars, sample, ...present({ delayMs: value.delayMs }) },
    lostInside([...value.lost, ...lost], from, to),
  );
}

/** The bars of the hours asked for that have begun, each once. */
export function intradayBarsOf(
  { value, sample }: Fetched<Gathered<IntradayBar>>,
  { symbol, hours, from, now }: { symbol: TickerSymbol; hours: BarHours; from: IsoDate; now: EpochMs },
  source: WireSource,
): Fetched<IntradayBars> {
  const distinct = distinctBars(value.rows, symbol, source);
  const begun = barsBegun(barsWithin(distinct.rows, hours), now, symbol, source);
  const lost = [...value.lost, ...distinct.lost, ...begun.lost];
  return withLost({ value: { bars: begun.rows, from }, sample, ...present({ delayMs: value.delayMs }) }, lost);
}

/** What all rows of a list make. */
export async function madeOfRows<T, V>(
  list: Promise<Fetched<Gathered<T>>>,
  toValue: (rows: T[]) => V,
): Promise<Fetched<V>> {
  const { value, sample } = await list;
  return withLost({ value: toValue(value.rows), sample }, value.lost);
}

/** What of a range is missing, without the bars before and after it. What does not say of when it is may be in it. */
function lostInside(lost: readonly Lost[], from: IsoDate, to: IsoDate): Lost[] {
  return lost.filter(({ date }) => date === undefined || (date >= from && date <= to));
}

/** A bounded list: what a cache entry and an answer can carry. */
function boundLost(lost: readonly Lost[]): Lost[] {
  if (lost.length <= MOST_NAMED) return [...lost];
  const more = lost.length - MOST_NAMED;
  const rest = lost.slice(MOST_NAMED);
  return [
    ...lost.slice(0, MOST_NAMED),
    { message: `${more} more rows are left out`, ...(rest.every((each) => each.isNote) ? { isNote: true } : {}) },
  ];
}

/** A name out of a row that may hold anything. */
export function nameIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const name = cleanText(value, 40);
  return name === '' ? undefined : name;
}

export function dateIn(value: unknown): IsoDate | undefined {
  return typeof value === 'string' && isValidDate(value) ? value : undefined;
}
