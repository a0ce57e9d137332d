// Hides what a range phrase means at a given moment: its dates in exchange time and against the exchange calendar. A running session counts only where the caller holds today's bar.
import {
  holidayName,
  isTradingDay,
  lastFinishedSession,
  lastTradingDays,
  nextTradingDay,
  previousTradingDay,
  runningSession,
  sessionTimes,
  tradingDaysBetween,
} from './calendar.ts';
import {
  type DayPoint,
  type NamedPeriod,
  type PeriodUnit,
  type RangeExpression,
  type SpanEnd,
  parseBoundPhrase,
  parseRangePhrase,
} from './date-grammar.ts';
import { WEEKDAY_NAMES, isoOf, unreadable } from './date-words.ts';
import { UsageError } from './errors.ts';
import {
  addDays,
  CALENDAR_YEARS,
  PERIOD_STARTS,
  addPeriods,
  daysBetween,
  exchangeDateOf,
  formatExchangeIso,
  isValidDate,
  startOfWeek,
  weekdayOf,
  yearOf,
} from './exchange-time.ts';
import { quoteInput } from './symbols.ts';
import type { BarHours, EpochMs, IsoDate } from './types.ts';

export { matchMonthDay, matchRangePhrase, type PhraseMatch } from './date-grammar.ts';

/** A part of one session: `src/domain/session-hours.ts` reads them. */
export interface SessionHours {
  date: IsoDate;
  /** From and before. */
  start: EpochMs;
  end: EpochMs;
  /** Of which bars it is a part. */
  hours: BarHours;
  /** `9:30 to 10:00 AM ET` */
  label: string;
}

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
  /** Of one day only these. */
  hours?: SessionHours;
}

/** A longer span over New Year is more likely a reversed one. */
const MOST_DAYS_OVER_NEW_YEAR = 184;
const LONGEST_SESSIONS = 10_000;
const LONGEST_DAYS = 45_000;
const DAYS_AT_MOST = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

/** A leap day is at most eight years away. */
const MOST_YEARS_TO_A_DAY = 8;

const RANGE_HINT =
  "write last 5 trading days, yesterday, friday, 3 days ago, past 2 weeks, last week, previous week's friday, this month, October, Q3 2025, ytd, since D, D to D or D, " +
  'where D is 2025-11-03, 11/03/2025, Nov 3 2025 or Nov 3';
const PAST_HINT = 'ask about the past, like last 5 trading days, past 2 weeks or since 2025-11-03';

/**
 * The dates that a phrase means at `now`. Throws UsageError when it is unreadable, reversed, in the future, or reaches
 * further back than a century or so. A range may hold no session at all: whether that is an error is the caller's answer.
 */
export function resolveRange(phrase: string, now: EpochMs): ResolvedRange {
  const read = parseRangePhrase(phrase);
  if (read === undefined) throw unreadable(`range ${quoteInput(phrase)}`, phrase, 'not understood', RANGE_HINT);
  const today = exchangeDateOf(now);
  const dates = datesOf(read.expression, now, phrase);
  return checkedRange({ ...dates, label: dates.label ?? read.text }, phrase, today);
}

/** The range of `--from D --to D`; without `to` it ends today. Throws UsageError as `resolveRange` does. */
export function resolveFromTo(from: string, to: string | undefined, now: EpochMs): ResolvedRange {
  const ends = { from: parseBound('--from', from), to: to === undefined ? undefined : parseBound('--to', to) };
  const phrase = `${from} to ${to ?? 'today'}`;
  const bounds = spanDates(ends.from, ends.to ?? { kind: 'today' }, now, phrase);
  return checkedRange({ ...bounds, label: `${bounds.from} to ${bounds.to}` }, phrase, exchangeDateOf(now));
}

/** One day of the calendar, past or to come, as a bound of a range is written, or `tomorrow`. Throws UsageError naming `option`. */
export function resolveDay(text: string, now: EpochMs, option = '--date'): IsoDate {
  if (text.trim().toLowerCase() === 'tomorrow') return addDays(exchangeDateOf(now), 1);
  const bounds = boundsOf(parseBound(option, text), now, text);
  if (bounds.from !== bounds.to)
    throw new UsageError(`${option} ${quoteInput(text)}: not one day`, { hint: 'write one date, like 2025-11-03' });
  if (yearOf(bounds.from) < CALENDAR_YEARS.first)
    throw new UsageError(`${option} ${quoteInput(text)}: before fin’s exchange calendar begins`, {
      hint: `choose a day in ${CALENDAR_YEARS.first} or later`,
    });
  return bounds.from;
}

function parseBound(option: string, text: string): SpanEnd {
  const bound = parseBoundPhrase(text);
  if (bound === undefined)
    throw unreadable(
      `${option} ${quoteInput(text)}`,
      text,
      'not a date',
      'write 2025-11-03, 11/03/2025, Nov 3 2025 or Nov 3',
    );
  return bound;
}

type Bounds = Pick<ResolvedRange, 'from' | 'to'>;

function checkedRange(dates: ResolvedRange, phrase: string, today: IsoDate): ResolvedRange {
  if (dates.from > today) throw inTheFuture(phrase, today);
  if (dates.from > dates.to) {
    throw new UsageError(`range ${quoteInput(phrase)}: reversed, ${dates.from} is after ${dates.to}`, {
      hint: 'put the earlier date first, and write the years if they differ',
    });
  }
  if (dates.to > today) {
    throw new UsageError(`range ${quoteInput(phrase)}: ends in the future, today is ${today} at the exchange`, {
      hint: 'end the range today or earlier',
    });
  }
  return dates;
}

function datesOf(
  expression: RangeExpression,
  now: EpochMs,
  phrase: string,
): Omit<ResolvedRange, 'label'> & { label?: string } {
  const today = exchangeDateOf(now);
  switch (expression.kind) {
    case 'day':
      return singleDay(expression.day, now, phrase);
    case 'sessions': {
      const { count, ending } = expression;
      return lastSessions(count, ending === undefined ? undefined : endDate(ending, now, phrase), now, phrase);
    }
    case 'rolling': {
      const to = expression.ending === undefined ? today : endDate(expression.ending, now, phrase);
      return { from: rollingStart(expression.count, expression.unit, to, phrase), to };
    }
    case 'span':
      return spanDates(expression.from, expression.to, now, phrase);
    case 'future':
      throw inTheFuture(phrase, today);
    default:
      return boundsOf(expression, now, phrase);
  }
}

function inTheFuture(phrase: string, today: IsoDate): UsageError {
  return new UsageError(`range ${quoteInput(phrase)}: in the future, today is ${today} at the exchange`, {
    hint: PAST_HINT,
  });
}

/**
 * A date without a year takes that of its partner, or the next one to it where that makes a span over New Year instead of
 * a reversed one (`Dec 15, 2024 - Jan 15`). From now on only the future comes, in whatever year it was last.
 */
function spanDates(from: SpanEnd, to: SpanEnd, now: EpochMs, phrase: string): Bounds {
  const today = exchangeDateOf(now);
  if (from.kind === 'today' && lacksYear(to)) {
    if (boundsOf(to, now, phrase).to !== today) throw inTheFuture(phrase, today);
  }
  const spanWith = (years: { from: number; to: number }): Bounds => ({
    from: boundsOf(withYearOf(from, to, years.from), now, phrase).from,
    to: boundsOf(withYearOf(to, from, years.to), now, phrase).to,
  });
  const span = spanWith({ from: 0, to: 0 });
  if (span.from <= span.to) return span;
  const overNewYear = spanWith({ from: -1, to: 1 });
  return daysBetween(overNewYear.from, overNewYear.to) < MOST_DAYS_OVER_NEW_YEAR ? overNewYear : span;
}

function endDate(ending: SpanEnd, now: EpochMs, phrase: string): IsoDate {
  const { to } = boundsOf(ending, now, phrase);
  if (to > exchangeDateOf(now)) throw inTheFuture(phrase, exchangeDateOf(now));
  return to;
}

function lacksYear(end: SpanEnd): end is Extract<SpanEnd, { kind: 'monthDay' | 'named' }> {
  return end.kind === 'monthDay' || (end.kind === 'named' && end.year === undefined && end.which === undefined);
}

/** @param years how many later than the partner's */
function withYearOf(end: SpanEnd, partner: SpanEnd, years: number): SpanEnd {
  const partners = partner.kind === 'date' ? yearOf(partner.date) : partner.kind === 'named' ? partner.year : undefined;
  if (partners === undefined || !lacksYear(end)) return end;
  const year = partners + years;
  if (end.kind === 'named') return { ...end, year };
  const { month, day, weekday } = end;
  return { kind: 'date', date: isoOf(year, month, day), ...(weekday === undefined ? {} : { weekday }) };
}

/** First and last day. A period that is on now ends today; one to come is left as it is, for the caller to refuse. */
function boundsOf(end: SpanEnd, now: EpochMs, phrase: string): Bounds {
  const today = exchangeDateOf(now);
  switch (end.kind) {
    case 'period':
      return calendarPeriod(end.which, end.unit, today);
    case 'named':
      return untilToday(namedPeriod(end, today), today);
    case 'week': {
      const day = pointDate(end.day, now, phrase);
      const monday = startOfWeek(day);
      return untilToday({ from: monday, to: end.isEnd ? day : addDays(monday, 4) }, end.isEnd ? day : today);
    }
    default: {
      const date = pointDate(end, now, phrase);
      return { from: date, to: date };
    }
  }
}

function untilToday({ from, to }: Bounds, today: IsoDate): Bounds {
  return { from, to: from <= today && to > today ? today : to };
}

/** Without a year the latest that has begun; `last` the latest that has ended, `this` that of this year. */
function namedPeriod({ unit, number, year, which }: NamedPeriod, today: IsoDate): Bounds {
  const boundsIn = (one: number): Bounds => {
    const from = isoOf(one, (number - 1) * (unit === 'quarter' ? 3 : 1) + 1, 1);
    return { from, to: addDays(addPeriods(from, 1, unit), -1) };
  };
  const thisYears = boundsIn(year ?? yearOf(today));
  if (year !== undefined || which === 'this') return thisYears;
  const isReached = which === 'last' ? thisYears.to < today : thisYears.from <= today;
  return isReached ? thisYears : boundsIn(yearOf(today) - 1);
}

function singleDay(point: DayPoint, now: EpochMs, phrase: string): Bounds & { label?: string } {
  const date = pointDate(point, now, phrase);
  const named = namedDate(point, now);
  if (named === undefined || named === date) return { from: date, to: date };
  return { from: date, to: date, label: `${date}, the session before the holiday ${named}` };
}

/**
 * The last ones, or those that end with a day. One session to spare at the front: the newest bar may not be there yet,
 * and the caller takes the last ones that are.
 */
function lastSessions(
  count: number,
  ending: IsoDate | undefined,
  now: EpochMs,
  phrase: string,
): Bounds & { sessions: number } {
  if (count > LONGEST_SESSIONS) throw tooLong(phrase);
  const finished = lastFinishedSession(now);
  const isOver = ending !== undefined && ending < exchangeDateOf(now);
  const [from = finished] = lastTradingDays(isOver ? count : count + 1, isOver ? ending : finished);
  return { from, to: isOver ? ending : (runningSession(now) ?? finished), sessions: count };
}

function rollingStart(count: number, unit: 'day' | PeriodUnit, today: IsoDate, phrase: string): IsoDate {
  if (count * DAYS_AT_MOST[unit] > LONGEST_DAYS) throw tooLong(phrase);
  return addPeriods(today, -count, unit);
}

function tooLong(phrase: string): UsageError {
  return new UsageError(`range ${quoteInput(phrase)}: reaches too far back`, {
    hint: 'ask for at most 100 years or 10000 sessions',
  });
}

/** A last week ends on its Friday, other periods on their last calendar day; the running period ends today. */
function calendarPeriod(which: 'last' | 'this', unit: PeriodUnit, today: IsoDate): Bounds {
  const start = PERIOD_STARTS[unit](today);
  if (which === 'this') return { from: start, to: today };
  const lastDay = addDays(start, -1);
  return { from: PERIOD_STARTS[unit](lastDay), to: unit === 'week' ? addDays(start, -3) : lastDay };
}

function pointDate(point: DayPoint, now: EpochMs, phrase: string): IsoDate {
  const today = exchangeDateOf(now);
  switch (point.kind) {
    case 'date':
      if (!isValidDate(point.date)) throw notADay(phrase, `${point.date} does not exist`);
      return checkedWeekday(point.date, point.weekday, phrase);
    case 'monthDay':
      return checkedWeekday(latestSuchDay(point.month, point.day, today), point.weekday, phrase);
    case 'today':
      return today;
    case 'yesterday':
      return previousTradingDay(today);
    case 'ago':
      return dateBefore(point.count, point.unit, today, phrase);
    case 'weekday': {
      const named = namedDate(point, now);
      if (named === undefined) return lastClosedWeekday(point.weekday, now);
      // A weekend day stays itself: it holds no session, and the answer must say so.
      return isTradingDay(named) || point.weekday % 6 === 0 ? named : previousTradingDay(named);
    }
  }
}

/** The latest such day that is not in the future. */
function latestSuchDay(month: number, day: number, today: IsoDate): IsoDate {
  let year = yearOf(today);
  const earliest = year - MOST_YEARS_TO_A_DAY;
  while (year > earliest && (!isValidDate(isoOf(year, month, day)) || isoOf(year, month, day) > today)) year -= 1;
  return isoOf(year, month, day);
}

function checkedWeekday(date: IsoDate, weekday: number | undefined, phrase: string): IsoDate {
  if (weekday === undefined || weekdayOf(date) === weekday) return date;
  const [named = '', right = ''] = [WEEKDAY_NAMES[weekday], WEEKDAY_NAMES[weekdayOf(date)]];
  throw notADay(phrase, `${date} is a ${right}, not a ${named}`);
}

function notADay(phrase: string, why: string): UsageError {
  return new UsageError(`range ${quoteInput(phrase)}: ${why}`, { hint: 'write the date as 2025-11-03' });
}

function dateBefore(count: number, unit: 'session' | 'day' | PeriodUnit, today: IsoDate, phrase: string): IsoDate {
  if (unit !== 'session') return rollingStart(count, unit, today, phrase);
  if (count > LONGEST_SESSIONS) throw tooLong(phrase);
  return lastTradingDays(count, previousTradingDay(today))[0] ?? today;
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

/** Of days on which the exchange is closed, or of one that has not opened yet. */
export function whyNoSession({ from, to }: Pick<ResolvedRange, 'from' | 'to'>, now: EpochMs): string | undefined {
  const [first] = tradingDaysBetween(from, to);
  const before = previousTradingDay(from);
  if (first === undefined) {
    const next = nextTradingDay(to);
    const near =
      (sessionTimes(next)?.open ?? now) < now
        ? `sessions before and after: ${before} and ${next}`
        : `the session before is ${before}`;
    return `${from === to ? `${from} is ${holidayName(from) ?? 'on a weekend'}` : 'the exchange is closed on these days'}; ${near}`;
  }
  const opens = sessionTimes(first)?.open ?? now;
  if (opens <= now) return undefined;
  return `the session of ${first} opens at ${formatExchangeIso(opens).slice(11, 16)} ET; the newest one is ${before}`;
}
