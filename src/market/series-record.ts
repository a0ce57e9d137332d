// One symbol's daily series as it is held: columns of finished bars and their days, and the running bar.
// Pure: what is missing, how parts are joined, and when a split on the overlap makes the whole series void.
import { present } from '../domain/present.ts';
import { type BarColumns, ColumnBars } from '../domain/bar-columns.ts';
import { finalFrom, previousTradingDay } from '../domain/calendar.ts';
import { addDays, dateOfDayNumber, dayNumberOf } from '../domain/exchange-time.ts';
import type { Bar, MarketMs, IsoDate } from '../domain/types.ts';
import type { Lost } from '../providers/provider.ts';

export interface SeriesRecord {
  sessions: number;
  /** One column after the other, each of as many numbers as there are sessions; the last, of vwap, only where a bar has one. */
  numbers: Float64Array;
  /** First calendar date asked for: before it, absence means nothing. */
  coveredFrom: IsoDate;
  /** The last finished session when the provider was asked; it may not have had that bar yet. */
  askedTo: IsoDate;
  /** When the end of the series was last asked for. */
  endFetchedAt: MarketMs;
  running?: { bar: Bar; fetchedAt: MarketMs; delayMs?: number };
}

const COLUMNS = ['day', 'open', 'high', 'low', 'close', 'volume', 'vwap'] as const;

/** How far a part reaches into what is held, so that a split between the two fetches shows. */
export const OVERLAP_DAYS = 10;

/** Prices of one session differ by more than this fraction only when the series was adjusted in between. */
const ADJUSTMENT_TOLERANCE = 0.002;
/** What a quote's previous close and a bar's close may differ by: other venues, late corrections. The least split is 21 for 20. */
const QUOTE_TOLERANCE = 0.04;

export type MissingPart =
  { part: 'none' } | { part: 'whole'; from: IsoDate } | { part: 'front' | 'end'; from: IsoDate; to: IsoDate };

export interface SeriesNeed {
  from: IsoDate;
  /** Start of a series that is fetched whole: earlier than `from` where one request gives more. */
  wholeFrom: IsoDate;
  to: IsoDate;
  lastFinished: IsoDate;
  today: IsoDate;
  /** An end asked for before it may be adjusted differently by now (a split). */
  adjustedFrom: MarketMs;
  /** Whether an end without its last session, or with a provisional bar of it, was asked for a moment ago. */
  isEndFresh: boolean;
}

/** What of the needed dates is not held. A series that misses both ends is fetched whole. */
export function decideMissing(record: SeriesRecord | undefined, need: SeriesNeed): MissingPart {
  const whole: MissingPart = { part: 'whole', from: need.from < need.wholeFrom ? need.from : need.wholeFrom };
  if (record === undefined || record.sessions === 0) return whole;
  const missesFront = need.from < record.coveredFrom;
  const missesEnd = decideMissesEnd(record, need);
  if (missesFront && missesEnd)
    return { part: 'whole', from: need.from < record.coveredFrom ? need.from : record.coveredFrom };
  if (missesFront) return { part: 'front', from: need.from, to: addDays(record.coveredFrom, OVERLAP_DAYS) };
  if (missesEnd) return endOfRecord(record, need.today);
  return { part: 'none' };
}

/** The end of a series, from the overlap with what is held on. */
export function endOfRecord(record: SeriesRecord, today: IsoDate): MissingPart {
  return { part: 'end', from: addDays(lastDate(record), -OVERLAP_DAYS), to: today };
}

/** A range that ended earlier needs neither the sessions after it nor the bar that is not final yet. */
function decideMissesEnd(record: SeriesRecord, need: SeriesNeed): boolean {
  if (record.endFetchedAt < need.adjustedFrom) return true;
  const neededEnd = need.to < need.lastFinished ? previousTradingDay(addDays(need.to, 1)) : need.lastFinished;
  const end = lastDate(record);
  if (isProvisional(record) && end <= need.to) return !need.isEndFresh;
  return end < neededEnd && (record.askedTo < neededEnd || !need.isEndFresh);
}

/** Whether the last bar was fetched before its post session had ended: its close and volume may still change. */
export function isProvisional(record: SeriesRecord): boolean {
  return record.sessions > 0 && record.endFetchedAt < finalFrom(lastDate(record));
}

export function lastDate(record: SeriesRecord): IsoDate {
  return dateAt(record, record.sessions - 1);
}

/** Splits what a provider sent into finished bars and the running session's. */
export function createRecord(
  bars: readonly Bar[],
  frame: {
    coveredFrom: IsoDate;
    lastFinished: IsoDate;
    runningDate: IsoDate | undefined;
    fetchedAt: MarketMs;
    delayMs?: number | undefined;
  },
): SeriesRecord {
  const { fetchedAt, delayMs } = frame;
  const finished = bars.filter((bar) => bar.date <= frame.lastFinished);
  const running = bars.find((bar) => bar.date === frame.runningDate);
  return {
    ...toColumns(finished),
    coveredFrom: frame.coveredFrom,
    askedTo: frame.lastFinished,
    endFetchedAt: frame.fetchedAt,
    ...(running === undefined ? {} : { running: present({ bar: running, fetchedAt, delayMs }) }),
  };
}

function toColumns(bars: readonly Bar[]): Sessions {
  const names = bars.some((bar) => bar.vwap !== undefined) ? COLUMNS : COLUMNS.slice(0, -1);
  return {
    sessions: bars.length,
    numbers: Float64Array.from(
      names.flatMap((name) => bars.map((bar) => (name === 'day' ? dayNumberOf(bar.date) : (bar[name] ?? NaN)))),
    ),
  };
}

type Sessions = Pick<SeriesRecord, 'sessions' | 'numbers'>;

/** '' where there is none. */
export function dateAt({ sessions, numbers }: Sessions, index: number): IsoDate {
  return index >= 0 && index < sessions ? dateOfDayNumber(numbers[index] ?? NaN) : '';
}

/** Index of the last session before a date, −1 where there is none. */
function indexBefore({ sessions, numbers }: Sessions, date: IsoDate): number {
  const day = dayNumberOf(date);
  let index = sessions - 1;
  while (index >= 0 && (numbers[index] ?? NaN) >= day) index -= 1;
  return index;
}

/** The bars of a record, ascending; with `from` those of that date and after, and as many before it as said. */
export function barsOf(record: SeriesRecord, from?: IsoDate, before = 1): ColumnBars {
  const { sessions, numbers } = record;
  const columns: BarColumns = {
    length: sessions,
    numbers: (name) => {
      const start = COLUMNS.indexOf(name) * sessions;
      return numbers.subarray(start, start + sessions);
    },
  };
  return new ColumnBars(columns, from === undefined ? 0 : Math.max(0, indexBefore(record, from) + 1 - before));
}

/**
 * Joins a newly fetched part, which was asked for up to `partTo`, to what is held; undefined when the two disagree on a
 * common session or do not touch: the series was adjusted (a split) and must be fetched whole. A provisional bar may
 * differ; what an end no longer has is dropped.
 */
export function joinRecords(held: SeriesRecord, part: SeriesRecord, partTo: IsoDate): SeriesRecord | undefined {
  // A share that was not listed yet: nothing before what is held.
  if (part.sessions === 0 && dateAt(held, 0) > partTo) return { ...held, coveredFrom: part.coveredFrom };
  const [heldBars, partBars] = [barsOf(held).slice(), barsOf(part).slice()];
  const closes = new Map(heldBars.map(({ date, close }) => [date, close]));
  if (isProvisional(held)) closes.delete(lastDate(held));
  let common = 0;
  for (const { date, close } of partBars) {
    const before = closes.get(date);
    if (before === undefined) continue;
    common += 1;
    if (Math.abs(close - before) > ADJUSTMENT_TOLERANCE * before) return undefined;
  }
  if (common === 0) return undefined;
  const isEnd = partTo >= part.askedTo;
  const kept = heldBars.filter(({ date }) => !isEnd || date < part.coveredFrom);
  const newer = new Map(kept.map((bar) => [bar.date, bar]));
  for (const bar of partBars) newer.set(bar.date, bar);
  const bars = [...newer.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  const end = isEnd ? part : held;
  return {
    ...toColumns(bars),
    coveredFrom: part.coveredFrom < held.coveredFrom ? part.coveredFrom : held.coveredFrom,
    askedTo: end.askedTo,
    endFetchedAt: end.endFetchedAt,
    ...(end.running === undefined ? {} : { running: end.running }),
  };
}

/**
 * Whether a quote's previous close tells that the series, which ends with `close`, was adjusted (a split) since it was
 * fetched. `previousSession` is the one whose close that is; a series that ends elsewhere cannot be compared.
 */
export function isAdjustedSince(
  record: SeriesRecord,
  close: number | undefined,
  previousSession: IsoDate,
  previousClose: number | undefined,
): boolean {
  if (previousClose === undefined || close === undefined || lastDate(record) !== previousSession) return false;
  return isAdjustedPrice(previousClose, close);
}

/** Whether two prices of one moment are apart as only a split sets them, as they are told on two days. */
export function isAdjustedPrice(one: number, other: number): boolean {
  return Math.abs(one - other) > QUOTE_TOLERANCE * Math.min(one, other);
}

/**
 * What is missing among the bars of `from` to `to`, or between them and the one before them, which the change goes by.
 * What does not say of when it was may be anywhere. Without `from` all bars are of interest.
 */
export function lostWithin(
  lost: readonly Lost[],
  record: Sessions,
  from: IsoDate | undefined,
  to: IsoDate,
): readonly Lost[] {
  if (lost.length === 0) return lost;
  const before = from === undefined ? '' : dateAt(record, indexBefore(record, from));
  return lost.filter(({ date }) => date === undefined || (date > before && date <= to));
}
