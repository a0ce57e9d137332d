// Hides what a date phrase means at a given moment: the dates of a range and the expiration that is asked for, in
// exchange time and against the exchange calendar. A running session counts only where the caller holds today's bar.
import {
  expirationKindOf,
  isExpired,
  isTradingDay,
  lastFinishedSession,
  lastTradingDays,
  previousTradingDay,
  runningSession,
  weeklyExpirationOf,
} from './calendar.ts';
import {
  type DayPoint,
  type ExpirationExpression,
  type PeriodUnit,
  type RangeExpression,
  parseDayPhrase,
  parseExpirationPhrase,
  parseRangePhrase,
} from './date-grammar.ts';
import { NoDataError, UsageError } from './errors.ts';
import {
  addDays,
  addMonths,
  daysBetween,
  exchangeDateOf,
  startOfMonth,
  startOfQuarter,
  startOfWeek,
  startOfYear,
  weekdayOf,
} from './exchange-time.ts';
import { quoteInput } from './symbols.ts';
import type { EpochMs, ExpirationKind, IsoDate, TickerSymbol } from './types.ts';

export { matchExpirationPhrase, matchRangePhrase, type PhraseMatch } from './date-grammar.ts';

/** What a range phrase takes. Answers print the first and last bar's dates, never these bounds, as what they hold. */
export interface ResolvedRange {
  /** First calendar date, inclusive. With `sessions` it leaves room for the newest bar to be absent. */
  from: IsoDate;
  /** Last calendar date, inclusive, never after today. */
  to: IsoDate;
  /** Exactly so many: of the bars between `from` and `to` that exist, the last ones. */
  sessions?: number;
  /** The phrase in canonical words, with the day that stands in for a holiday. */
  label: string;
  /** The range reaches today's session and it is on now: its bar counts where it exists. Before the open it never does. */
  includesRunning: boolean;
}

const FRIDAY = 5;
const LONGEST_SESSIONS = 10_000;
const LONGEST_DAYS = 45_000;
const DAYS_AT_MOST = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };
const NAMED_EXPIRATIONS = 5;

const RANGE_HINT =
  "write last 5 trading days, yesterday, friday, past 2 weeks, past 3 months, last week, previous week's friday, this month, ytd, since D, D to D or D, " +
  'where D is 2025-11-03, 11/03/2025 or Nov 3 2025';
const EXPIRATION_HINT = 'write a date like 2025-11-21, friday, next friday, next-monthly, 0dte or nearest';

/**
 * The dates that a phrase means at `now`. Throws UsageError when it is unreadable, reversed, in the future, or reaches
 * further back than a century or so. A range may hold no session at all: whether that is an error is the caller's answer.
 */
export function resolveRange(phrase: string, now: EpochMs): ResolvedRange {
  const read = parseRangePhrase(phrase);
  if (read === undefined) throw new UsageError(`range ${quoteInput(phrase)}: not understood`, { hint: RANGE_HINT });
  const today = exchangeDateOf(now);
  const dates = datesOf(read.expression, now, phrase);
  return checkedRange({ ...dates, label: dates.label ?? read.text }, phrase, today, now);
}

/** The range of `--from D --to D`; without `to` it ends today. Throws UsageError as `resolveRange` does. */
export function resolveFromTo(from: string, to: string | undefined, now: EpochMs): ResolvedRange {
  const today = exchangeDateOf(now);
  const bounds = {
    from: pointDate(parseBound('--from', from), now),
    to: to === undefined ? today : pointDate(parseBound('--to', to), now),
  };
  return checkedRange(
    { ...bounds, label: `${bounds.from} to ${bounds.to}` },
    `${from} to ${to ?? 'today'}`,
    today,
    now,
  );
}

function parseBound(option: string, text: string): DayPoint {
  const point = parseDayPhrase(text);
  if (point === undefined)
    throw new UsageError(`${option} ${quoteInput(text)}: not a date`, {
      hint: 'write 2025-11-03, 11/03/2025 or Nov 3 2025',
    });
  return point;
}

type Dates = Omit<ResolvedRange, 'includesRunning'>;

function checkedRange(dates: Dates, phrase: string, today: IsoDate, now: EpochMs): ResolvedRange {
  if (dates.from > dates.to) {
    throw new UsageError(`range ${quoteInput(phrase)}: reversed, ${dates.from} is after ${dates.to}`, {
      hint: 'put the earlier date first',
    });
  }
  if (dates.to > today) {
    throw new UsageError(`range ${quoteInput(phrase)}: ends in the future, today is ${today} at the exchange`, {
      hint: 'end the range today or earlier',
    });
  }
  return { ...dates, includesRunning: dates.to === today && runningSession(now) === today };
}

function datesOf(expression: RangeExpression, now: EpochMs, phrase: string): Omit<Dates, 'label'> & { label?: string } {
  const today = exchangeDateOf(now);
  switch (expression.kind) {
    case 'day':
      return singleDay(expression.day, now);
    case 'sessions':
      return lastSessions(expression.count, now, phrase);
    case 'rolling':
      return { from: rollingStart(expression.count, expression.unit, today, phrase), to: today };
    case 'period':
      return calendarPeriod(expression.which, expression.unit, today);
    case 'span':
      return { from: pointDate(expression.from, now), to: pointDate(expression.to, now) };
  }
}

function singleDay(point: DayPoint, now: EpochMs): { from: IsoDate; to: IsoDate; label?: string } {
  const date = pointDate(point, now);
  const named = namedDate(point, now);
  if (named === undefined || named === date) return { from: date, to: date };
  return { from: date, to: date, label: `${date}, the session before the holiday ${named}` };
}

/** One session to spare at the front: the newest bar may not be there yet, and the caller takes the last ones that are. */
function lastSessions(count: number, now: EpochMs, phrase: string): { from: IsoDate; to: IsoDate; sessions: number } {
  if (count > LONGEST_SESSIONS) throw tooLong(phrase);
  const finished = lastFinishedSession(now);
  const [from = finished] = lastTradingDays(count + 1, finished);
  return { from, to: runningSession(now) ?? finished, sessions: count };
}

function rollingStart(count: number, unit: 'day' | PeriodUnit, today: IsoDate, phrase: string): IsoDate {
  if (count * DAYS_AT_MOST[unit] > LONGEST_DAYS) throw tooLong(phrase);
  switch (unit) {
    case 'day':
      return addDays(today, -count);
    case 'week':
      return addDays(today, -7 * count);
    case 'month':
      return addMonths(today, -count);
    case 'quarter':
      return addMonths(today, -3 * count);
    case 'year':
      return addMonths(today, -12 * count);
  }
}

function tooLong(phrase: string): UsageError {
  return new UsageError(`range ${quoteInput(phrase)}: reaches too far back`, {
    hint: 'ask for at most 100 years or 10000 sessions',
  });
}

/** A last week ends on its Friday, other periods on their last calendar day; the running period ends today. */
function calendarPeriod(which: 'last' | 'this', unit: PeriodUnit, today: IsoDate): { from: IsoDate; to: IsoDate } {
  const start = periodStart(unit, today);
  if (which === 'this') return { from: start, to: today };
  const lastDay = addDays(start, -1);
  return { from: periodStart(unit, lastDay), to: unit === 'week' ? addDays(start, -3) : lastDay };
}

function periodStart(unit: PeriodUnit, date: IsoDate): IsoDate {
  switch (unit) {
    case 'week':
      return startOfWeek(date);
    case 'month':
      return startOfMonth(date);
    case 'quarter':
      return startOfQuarter(date);
    case 'year':
      return startOfYear(date);
  }
}

function pointDate(point: DayPoint, now: EpochMs): IsoDate {
  const today = exchangeDateOf(now);
  switch (point.kind) {
    case 'date':
      return point.date;
    case 'today':
      return today;
    case 'yesterday':
      return previousTradingDay(today);
    case 'weekday': {
      const named = namedDate(point, now);
      if (named === undefined) return lastClosedWeekday(point.weekday, now);
      // A weekend day stays itself: it holds no session, and the answer must say so.
      return isTradingDay(named) || point.weekday % 6 === 0 ? named : previousTradingDay(named);
    }
  }
}

/** The calendar date of a weekday of last or this week, holiday or not; undefined for every other point. */
function namedDate(point: DayPoint, now: EpochMs): IsoDate | undefined {
  if (point.kind !== 'weekday' || point.week === undefined) return undefined;
  const monday = startOfWeek(exchangeDateOf(now));
  return addDays(monday, ((point.weekday + 6) % 7) - (point.week === 'last' ? 7 : 0));
}

function lastClosedWeekday(weekday: number, now: EpochMs): IsoDate {
  const today = exchangeDateOf(now);
  const finished = lastFinishedSession(now);
  let date = addDays(today, -((weekdayOf(today) - weekday + 7) % 7));
  if (weekday % 6 === 0) return date;
  while (date > finished || !isTradingDay(date)) date = addDays(date, -7);
  return date;
}

/** The date that an expiration phrase spells out, undefined for one that needs the list. Throws UsageError for others. */
export function parseExpirationDate(phrase: string): IsoDate | undefined {
  const { expression } = readExpiration(phrase);
  return expression.kind === 'date' ? expression.date : undefined;
}

/** Whether a phrase asks for the first date of its kind, so that another may stand in for one that is of no use. */
export function isNearestPhrase(phrase: string | undefined): boolean {
  return phrase === undefined || ['nearest', 'monthly'].includes(readExpiration(phrase).expression.kind);
}

function readExpiration(phrase: string): { expression: ExpirationExpression; text: string } {
  const read = parseExpirationPhrase(phrase);
  if (read === undefined)
    throw new UsageError(`expiration ${quoteInput(phrase)}: not understood`, { hint: EXPIRATION_HINT });
  return read;
}

/**
 * The listed expiration that a phrase means at `now`; without a phrase the nearest not yet expired. `available` are the
 * listed dates in any order, `symbol` is only named in errors, `kindOf` says as what a date is listed. Throws UsageError
 * when the phrase is unreadable, NoDataError naming the closest listed ones when there is no such expiration.
 */
export function resolveExpiration(
  phrase: string | undefined,
  now: EpochMs,
  available: readonly IsoDate[],
  symbol?: TickerSymbol,
  kindOf: (date: IsoDate) => ExpirationKind = expirationKindOf,
): IsoDate {
  const read = readExpiration(phrase ?? 'nearest');
  const refuse = (why: string, near: IsoDate, candidates: readonly IsoDate[]): never =>
    refuseExpiration(why, near, candidates, symbol);
  const today = exchangeDateOf(now);
  const listed = available.toSorted();
  const open = listed.filter((date) => !isExpired(date, now));
  switch (read.expression.kind) {
    case 'nearest':
      return open[0] ?? refuse('none that has not expired', today, listed);
    case 'monthly':
      return open.find((date) => kindOf(date) === 'monthly') ?? refuse('no monthly expiration is listed', today, open);
    case 'today':
      return open.find((date) => date === today) ?? refuse(missingToday(today, listed), today, open);
    case 'date':
    case 'weekday': {
      const date =
        read.expression.kind === 'date'
          ? read.expression.date
          : comingWeekday(read.expression.weekday, read.expression.week, now);
      const what = read.expression.kind === 'date' ? date : `${read.text} (${date})`;
      return listed.includes(date) ? date : refuse(`${what} is not listed`, date, open.length > 0 ? open : listed);
    }
  }
}

/** A Friday's options expire on Thursday where the Friday is a holiday; other weekdays have no substitute. */
function comingWeekday(weekday: number, week: 'coming' | 'next', now: EpochMs): IsoDate {
  const today = exchangeDateOf(now);
  const inWeekOf = (date: IsoDate): IsoDate =>
    weekday === FRIDAY ? weeklyExpirationOf(date) : addDays(startOfWeek(date), (weekday + 6) % 7);
  if (week === 'next') return inWeekOf(addDays(today, 7));
  return isExpired(inWeekOf(today), now) ? inWeekOf(addDays(today, 7)) : inWeekOf(today);
}

function missingToday(today: IsoDate, listed: readonly IsoDate[]): string {
  return `${today} ${listed.includes(today) ? 'has expired' : 'is not listed'}`;
}

function refuseExpiration(
  why: string,
  near: IsoDate,
  candidates: readonly IsoDate[],
  symbol: TickerSymbol | undefined,
): never {
  const closest = candidates
    .toSorted((left, right) => Math.abs(daysBetween(near, left)) - Math.abs(daysBetween(near, right)))
    .slice(0, NAMED_EXPIRATIONS)
    .toSorted();
  throw new NoDataError(`${symbol === undefined ? 'expirations' : `${symbol} expirations`}: ${why}`, {
    hint: closest.length > 0 ? `listed are ${closest.join(', ')}` : 'nothing to choose from: no options are listed',
    ...(symbol === undefined ? {} : { symbol }),
  });
}
