// Hides how people write ranges of the past: words become an expression that needs no clock yet. What is about the
// future is read too, so that it is refused as such and never answered with the past.
import {
  ORDINALS,
  type Parsed,
  type PeriodUnit,
  WEEKDAY_NAMES,
  countOf,
  dateAt,
  dayNumber,
  isMonthDay,
  monthDayAt,
  monthNumber,
  parsed,
  quarterNumber,
  sessionNounEnd,
  unitOf,
  weekdayNumber,
  yearNumber,
} from './date-words.ts';
import type { IsoDate } from './types.ts';

/**
 * One session or date. `week` narrows a weekday to last or this week; alone it is its last session that has closed. A
 * date with a `weekday` was written with its name, which must be right.
 */
export type DayPoint =
  | { kind: 'date'; date: IsoDate; weekday?: number }
  | { kind: 'monthDay'; month: number; day: number; weekday?: number }
  | { kind: 'today' }
  | { kind: 'yesterday' }
  | { kind: 'weekday'; weekday: number; week?: 'last' | 'this' }
  | { kind: 'ago'; count: number; unit: 'session' | 'day' | PeriodUnit };

/** A named month, quarter or year; without a year the latest that has begun, `last` the latest that has ended. */
export interface NamedPeriod {
  kind: 'named';
  unit: 'month' | 'quarter' | 'year';
  /** Month or quarter from 1; 1 for a year. */
  number: number;
  year?: number;
  which?: 'last' | 'this';
}

export type Period =
  | { kind: 'period'; which: 'last' | 'this'; unit: PeriodUnit }
  | NamedPeriod
  /** Monday to Friday of the week that holds a day, or its Monday to that day. */
  | { kind: 'week'; day: DayPoint; isEnd: boolean };

/** A span begins with the first day of a period and ends with the last. */
export type SpanEnd = DayPoint | Period;

export type RangeExpression =
  | { kind: 'day'; day: DayPoint }
  | { kind: 'sessions'; count: number; ending?: SpanEnd }
  | { kind: 'rolling'; count: number; unit: 'day' | PeriodUnit; ending?: SpanEnd }
  | Period
  | { kind: 'span'; from: SpanEnd; to: SpanEnd }
  | { kind: 'future' };

const COMPACT = /^(\d{1,5})(d|w|wk|m|mo|q|y|yr)$/;
const OF_QUARTERS = ORDINALS.slice(0, 4);
const COMING = /^(?:next|coming|upcoming|following)$/;

/** @param isWhole nothing else stands in the phrase: words that mean other things in a question may be dates here */
export function rangeAt(
  tokens: readonly string[],
  start: number,
  isWhole: boolean,
): Parsed<RangeExpression> | undefined {
  return (
    futureAt(tokens, start) ??
    spanAt(tokens, start, isWhole) ??
    weekdayOfWeekAt(tokens, start) ??
    countedAt(tokens, start) ??
    weekOfDayAt(tokens, start) ??
    periodAt(tokens, start) ??
    dayAt(tokens, start) ??
    bareCount(tokens, start, isWhole) ??
    loneNamedPeriodAt(tokens, start, isWhole)
  );
}

/** `in 2 weeks`, `10 days from now`, `+2 years`, `next month`, `tomorrow`. */
function futureAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  const future = (from: number, end: number): Parsed<RangeExpression> => parsed({ kind: 'future' }, tokens, from, end);
  const token = tokens[start] ?? '';
  const openEnd = openFutureEnd(tokens, start);
  if (openEnd !== undefined) return future(start, openEnd);
  if (COMING.test(token)) {
    const end = comingEnd(tokens, start + 1);
    return end === undefined ? undefined : future(start, end);
  }
  if (/^\+\d/.test(token)) {
    const own = [...tokens.slice(0, start), token.slice(1), ...tokens.slice(start + 1)];
    const added = amountAt(own, start, start) ?? compactAt(own, start, start);
    return added === undefined ? undefined : future(start, added.end);
  }
  const amount = amountAt(tokens, start, start) ?? compactAt(tokens, start, start);
  const end = amount?.end ?? singleUnitEnd(tokens, start);
  if (end === undefined) return undefined;
  const after = aheadEnd(tokens, end);
  if (after !== undefined) return future(start, after);
  const isLed = /^(?:in|within)$/.test(tokens[start - 1] ?? '');
  return isLed && !/^(?:ago|back|earlier|ending|ended)$/.test(tokens[end] ?? '') ? future(start - 1, end) : undefined;
}

/** The end of `tomorrow` and `from now on`. */
function openFutureEnd(tokens: readonly string[], at: number): number | undefined {
  if (/^(?:tomorrow|tmrw|tomorrows)$/.test(tokens[at] ?? '')) return at + 1;
  return tokens.slice(at, at + 3).join(' ') === 'from now on' ? at + 3 : undefined;
}

/** The end of `a week`, `a session`. */
function singleUnitEnd(tokens: readonly string[], at: number): number | undefined {
  if (!/^an?$/.test(tokens[at] ?? '')) return undefined;
  return sessionNounEnd(tokens, at + 1) ?? (unitOf(tokens[at + 1]) === undefined ? undefined : at + 2);
}

/** The end of `from now`, `after today`, `from friday`, `ahead` behind an amount. */
function aheadEnd(tokens: readonly string[], at: number): number | undefined {
  if (/^(?:ahead|hence|later|out)$/.test(tokens[at] ?? '')) return at + 1;
  if (!/^(?:from|after)$/.test(tokens[at] ?? '')) return undefined;
  const isFromNow = /^(?:now|today)$/.test(tokens[at + 1] ?? '') || weekdayNumber(tokens[at + 1]) !== undefined;
  return isFromNow ? at + 2 : undefined;
}

function comingEnd(tokens: readonly string[], at: number): number | undefined {
  const amount = amountAt(tokens, at, at);
  if (amount !== undefined) return amount.end;
  const session = sessionNounEnd(tokens, at);
  if (session !== undefined) return session;
  const token = tokens[at];
  const isNamed = monthNumber(token) ?? quarterNumber(token) ?? weekdayNumber(token) ?? unitOf(token);
  if (isNamed === undefined) return undefined;
  return unitOf(token) === 'week' && weekdayNumber(tokens[at + 1]) !== undefined ? at + 2 : at + 1;
}

function dayAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  const point = pointAt(tokens, start);
  if (point !== undefined) return { ...point, value: { kind: 'day', day: point.value } };
  const end = sessionNounEnd(tokens, start + 1) ?? (/^days?$/.test(tokens[start + 1] ?? '') ? start + 2 : undefined);
  if (end === undefined) return undefined;
  if (/^(?:previous|prior)$/.test(tokens[start] ?? ''))
    return parsed({ kind: 'day', day: { kind: 'yesterday' } }, tokens, start, end);
  return /^(?:last|latest)$/.test(tokens[start] ?? '')
    ? parsed({ kind: 'sessions', count: 1 }, tokens, start, end)
    : undefined;
}

function spanAt(tokens: readonly string[], start: number, isWhole: boolean): Parsed<RangeExpression> | undefined {
  const opener = tokens[start] ?? '';
  const isOpened = /^(?:since|from|between)$/.test(opener);
  const from = isOpened ? spanEndAt(tokens, start + 1, 'start') : spanStartAt(tokens, start, isWhole);
  if (from === undefined) return undefined;
  const joined = opener === 'since' ? undefined : joinedAt(tokens, from.end, opener);
  const to =
    joined === undefined ? undefined : (dayOfSameMonthAt(tokens, joined, from) ?? spanEndAt(tokens, joined, 'end'));
  if (to !== undefined)
    return { value: { kind: 'span', from: from.value, to: to.value }, end: to.end, text: `${from.text} to ${to.text}` };
  if (opener !== 'since' && opener !== 'from') return undefined;
  return {
    value: { kind: 'span', from: from.value, to: { kind: 'today' } },
    end: untilNowEnd(tokens, from.end),
    text: `since ${from.text}`,
  };
}

/** The start of a span that no word announces: a day, `3 to 7 Nov`, or a named period. `2017 to 2018` may be strikes. */
function spanStartAt(tokens: readonly string[], start: number, isWhole: boolean): Parsed<SpanEnd> | undefined {
  const point = pointAt(tokens, start) ?? dayOfLaterMonthAt(tokens, start);
  if (point !== undefined) return point;
  const named = namedPeriodAt(tokens, start);
  const isYear = named?.value.unit === 'year';
  return named !== undefined && (!isYear || isWhole || isLedBy(tokens, start)) ? named : undefined;
}

/** A bound on its own: a day, or a named period of which it takes the right end. */
export function boundAt(tokens: readonly string[], start: number): Parsed<SpanEnd> | undefined {
  return pointAt(tokens, start) ?? namedPeriodAt(tokens, start);
}

/** `now` ends a span and is nothing on its own: NOW is a share. */
function spanEndAt(tokens: readonly string[], at: number, side: 'start' | 'end'): Parsed<SpanEnd> | undefined {
  if (/^(?:now|date)$/.test(tokens[at] ?? '')) return { value: { kind: 'today' }, end: at + 1, text: 'today' };
  const start = tokens[at] === 'the' ? at + 1 : at;
  const edge = side === 'start' ? /^(?:start|beginning)$/ : /^end$/;
  if (edge.test(tokens[start] ?? '') && tokens[start + 1] === 'of') return edgeAt(tokens, start + 2, side);
  const ofWeek = weekdayOfWeekAt(tokens, start);
  if (ofWeek?.value.kind === 'day') return { ...ofWeek, value: ofWeek.value.day };
  return boundAt(tokens, start) ?? periodEndAt(tokens, start) ?? weekOfDayAt(tokens, start);
}

/** `beginning of October`, `start of the year`: a span takes that end of a period by itself. */
function edgeAt(tokens: readonly string[], start: number, side: 'start' | 'end'): Parsed<SpanEnd> | undefined {
  const at = tokens[start] === 'the' ? start + 1 : start;
  const unit = unitOf(tokens[at]);
  const period: Parsed<SpanEnd> | undefined =
    namedPeriodAt(tokens, at) ??
    periodEndAt(tokens, at) ??
    (unit === undefined || unit === 'day'
      ? undefined
      : { value: { kind: 'period', which: 'this', unit }, end: at + 1, text: `this ${unit}` });
  return period === undefined ? undefined : { ...period, text: `${side} of ${period.text}` };
}

function periodEndAt(tokens: readonly string[], at: number): Parsed<SpanEnd> | undefined {
  const period = periodAt(tokens, at);
  return period?.value.kind === 'period' ? { ...period, value: period.value } : undefined;
}

function joinedAt(tokens: readonly string[], at: number, opener: string): number | undefined {
  const token = tokens[at] ?? '';
  if (token === 'up' && tokens[at + 1] === 'to') return at + 2;
  const isJoiner = /^(?:to|through|thru|until|till|[-–—])$/.test(token) || (token === 'and' && opener === 'between');
  return isJoiner ? at + 1 : undefined;
}

/** The `7` of `Nov 3 - 7` and `Nov 3 to 7, 2025`. */
function dayOfSameMonthAt(tokens: readonly string[], at: number, from: Parsed<SpanEnd>): Parsed<DayPoint> | undefined {
  const day = dayNumber(tokens[at]);
  const { value } = from;
  if (day === undefined || (value.kind !== 'monthDay' && value.kind !== 'date')) return undefined;
  if (!/[a-z]/.test(from.text) || monthNumber(tokens[at + 1]) !== undefined || tokens[at + 1] === 'of')
    return undefined;
  if (unitOf(tokens[at + 1]) !== undefined || sessionNounEnd(tokens, at + 1) !== undefined) return undefined;
  if (/^(?:strikes?|calls?|puts?)$/.test(tokens[at + 1] ?? '')) return undefined;
  const name = from.text.split(' ').find((word) => monthNumber(word) !== undefined) ?? '';
  const year = yearNumber(tokens[at + 1]);
  const words = [name, String(day), ...(year === undefined ? [] : [String(year)])];
  const point = pointAt(words, 0);
  return point === undefined ? undefined : { ...point, end: at + (year === undefined ? 1 : 2) };
}

/** The `3` of `3 - 7 Nov` and `3rd to 7th of November 2025`. */
function dayOfLaterMonthAt(tokens: readonly string[], start: number): Parsed<DayPoint> | undefined {
  const day = dayNumber(tokens[start]);
  if (day === undefined || !/^(?:to|until|till|through|[-–—])$/.test(tokens[start + 1] ?? '')) return undefined;
  if (dayNumber(tokens[start + 2]) === undefined) return undefined;
  const later = pointAt(tokens, start + 2)?.value;
  const month = later?.kind === 'monthDay' ? later.month : later?.kind === 'date' ? Number(later.date.slice(5, 7)) : 0;
  if (!isMonthDay(month, day)) return undefined;
  const text = `${String(month)}/${String(day)}`;
  return { value: { kind: 'monthDay', month, day }, end: start + 1, text };
}

function untilNowEnd(tokens: readonly string[], at: number): number {
  if (/^(?:on|onwards?)$/.test(tokens[at] ?? '')) return at + 1;
  return /^(?:to|until|till)$/.test(tokens[at] ?? '') && /^(?:now|date)$/.test(tokens[at + 1] ?? '') ? at + 2 : at;
}

/** `previous week's Friday`, `Friday of last week`, `this week's Monday`. */
function weekdayOfWeekAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  const named = weekdayNumber(tokens[start]);
  const weekStart = named === undefined ? start : start + leadCount(tokens, start + 1) + 1;
  const week = weekOf(tokens[weekStart]);
  if (week === undefined || unitOf(tokens[weekStart + 1]) !== 'week') return undefined;
  const weekday = named ?? weekdayNumber(tokens[weekStart + 2]);
  const name = WEEKDAY_NAMES[weekday ?? -1];
  if (weekday === undefined || name === undefined) return undefined;
  const text = `${tokens[weekStart] ?? ''} week's ${name}`;
  return {
    value: { kind: 'day', day: { kind: 'weekday', weekday, week } },
    end: weekStart + (named === undefined ? 3 : 2),
    text,
  };
}

function leadCount(tokens: readonly string[], start: number): number {
  let count = 0;
  while (/^(?:of|in|the)$/.test(tokens[start + count] ?? '')) count += 1;
  return count;
}

function weekOf(token: string | undefined): 'last' | 'this' | undefined {
  if (token === 'this' || token === 'current') return 'this';
  return /^(?:last|previous|prior)$/.test(token ?? '') ? 'last' : undefined;
}

type Counted = Extract<RangeExpression, { kind: 'sessions' | 'rolling' }>;

/** `last 5 trading days`, `past two weeks`, `past month`, `5d`, and each of them ending with a day. */
function countedAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  const compact = compactAt(tokens, start, start);
  const isQuarterOfYear = quarterNumber(tokens[start]) !== undefined && yearNumber(tokens[start + 1]) !== undefined;
  if (compact !== undefined && !isQuarterOfYear)
    return isAgo(tokens, compact.end) ? undefined : withEnding(compact, tokens);
  const thisPast = tokens[start] === 'this' && tokens[start + 1] === 'past';
  const bodyStart = thisPast ? start + 1 : start;
  const opener = tokens[bodyStart] ?? '';
  if (!/^(?:last|past|previous|prior|trailing|latest)$/.test(opener)) return undefined;
  const counted = compactAt(tokens, bodyStart, bodyStart + 1) ?? amountAt(tokens, bodyStart, bodyStart + 1);
  if (counted !== undefined) return withEnding(counted, tokens);
  const unit = pastUnitAt(tokens, bodyStart);
  return unit?.value.kind === 'day' || unit === undefined ? unit : withEnding({ ...unit, value: unit.value }, tokens);
}

function withEnding(counted: Parsed<Counted>, tokens: readonly string[]): Parsed<Counted> {
  const { end } = counted;
  const ends = /^(?:ending|ended)$/.test(tokens[end] ?? '') ? end + 1 : joinedAt(tokens, end, '');
  if (ends === undefined) return counted;
  const at = /^(?:on|in|at|with)$/.test(tokens[ends] ?? '') ? ends + 1 : ends;
  const ending = spanEndAt(tokens, at, 'end');
  if (ending === undefined) return counted;
  const text = `${counted.text} ending ${ending.text}`;
  return { value: { ...counted.value, ending: ending.value }, end: ending.end, text };
}

function isAgo(tokens: readonly string[], at: number): boolean {
  return /^(?:ago|back|earlier)$/.test(tokens[at] ?? '');
}

function compactAt(tokens: readonly string[], start: number, at: number): Parsed<Counted> | undefined {
  const match = COMPACT.exec(tokens[at] ?? '');
  const count = Number(match?.[1] ?? 0);
  const unit = unitOf(match?.[2]);
  return count > 0 && unit !== undefined ? parsed({ kind: 'rolling', count, unit }, tokens, start, at + 1) : undefined;
}

function amountAt(tokens: readonly string[], start: number, at: number): Parsed<Counted> | undefined {
  const couple = coupleEnd(tokens, at);
  const count = couple === undefined ? countOf(tokens[at]) : 2;
  if (count === undefined) return undefined;
  const next = couple ?? at + 1;
  const sessionsEnd = sessionNounEnd(tokens, next);
  if (sessionsEnd !== undefined) return parsed({ kind: 'sessions', count }, tokens, start, sessionsEnd);
  const unitAt = tokens[next] === 'calendar' ? next + 1 : next;
  const unit = unitOf(tokens[unitAt]);
  return unit === undefined ? undefined : parsed({ kind: 'rolling', count, unit }, tokens, start, unitAt + 1);
}

/** `couple weeks`, `couple of weeks`. */
function coupleEnd(tokens: readonly string[], at: number): number | undefined {
  if (tokens[at] !== 'couple') return undefined;
  return tokens[at + 1] === 'of' ? at + 2 : at + 1;
}

function pastUnitAt(
  tokens: readonly string[],
  start: number,
): Parsed<Counted | Extract<RangeExpression, { kind: 'day' }>> | undefined {
  if (!/^(?:past|trailing)$/.test(tokens[start] ?? '')) return undefined;
  const weekday = weekdayNumber(tokens[start + 1]);
  if (weekday !== undefined)
    return parsed({ kind: 'day', day: { kind: 'weekday', weekday } }, tokens, start, start + 2);
  const sessionsEnd = sessionNounEnd(tokens, start + 1);
  if (sessionsEnd !== undefined) return parsed({ kind: 'sessions', count: 1 }, tokens, start, sessionsEnd);
  const unit = unitOf(tokens[start + 1]);
  return unit === undefined ? undefined : parsed({ kind: 'rolling', count: 1, unit }, tokens, start, start + 2);
}

/** `2 weeks` without `last`: inside a question only in the plural, for `50 day` and `52 week` belong to other things. */
function bareCount(tokens: readonly string[], start: number, isWhole: boolean): Parsed<RangeExpression> | undefined {
  const amount = amountAt(tokens, start, start);
  if (amount === undefined) return undefined;
  const ended = withEnding(amount, tokens);
  return isWhole || ended.end > amount.end || /s$/.test(tokens[amount.end - 1] ?? '') ? ended : undefined;
}

function periodAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  const opener = tokens[start] ?? '';
  const toDate =
    /^([wmqy])td$/.exec(opener)?.[1] ??
    (tokens[start + 1] === 'to' && tokens[start + 2] === 'date' ? opener : undefined);
  const which = toDate === undefined ? weekOf(opener) : 'this';
  const unitIndex = toDate === undefined && tokens[start + 1] === 'calendar' ? start + 2 : start + 1;
  const unit = unitOf(toDate ?? tokens[unitIndex]);
  if (which === undefined || unit === undefined || unit === 'day') return undefined;
  const value: RangeExpression = { kind: 'period', which, unit };
  if (toDate === undefined) return parsed(value, tokens, start, unitIndex + 1);
  return { value, end: start + (opener.endsWith('td') ? 1 : 3), text: `${unit.charAt(0)}td` };
}

/** `week of Nov 3`, `week ending Nov 7`, `last week ending Friday`. */
function weekOfDayAt(tokens: readonly string[], start: number): Parsed<Extract<Period, { kind: 'week' }>> | undefined {
  const weekAt = weekOf(tokens[start]) === undefined ? start : start + 1;
  const joiner = /^(?:of|ending|ended)$/.exec(tokens[weekAt + 1] ?? '')?.[0];
  if (unitOf(tokens[weekAt]) !== 'week' || joiner === undefined || (weekAt > start && joiner === 'of'))
    return undefined;
  const dayStart = /^(?:on|the)$/.test(tokens[weekAt + 2] ?? '') ? weekAt + 3 : weekAt + 2;
  const point = pointAt(tokens, dayStart);
  if (point === undefined) return undefined;
  const isEnd = joiner !== 'of';
  return {
    value: { kind: 'week', day: point.value, isEnd },
    end: point.end,
    text: `week ${isEnd ? 'ending' : 'of'} ${point.text}`,
  };
}

/** `October`, `October 2025`, `month of October`, `last October`, `Q3`, `Q3 of 2025`, `third quarter`, `2025`, `2025-10`. */
function namedPeriodAt(tokens: readonly string[], start: number): Parsed<NamedPeriod> | undefined {
  const isSaid = /^(?:month|quarter|year)$/.test(tokens[start] ?? '');
  const which = isSaid ? undefined : weekOf(tokens[start] === 'past' ? 'last' : tokens[start]);
  const at = which !== undefined || (isSaid && tokens[start + 1] !== 'of') ? start + 1 : isSaid ? start + 2 : start;
  const name = periodNameAt(tokens, at);
  if (name === undefined || (which !== undefined && name.year !== undefined)) return undefined;
  const { unit, number, end } = name;
  const yearAt = tokens[end] === 'of' ? end + 1 : end;
  const year = name.year ?? (which === undefined ? yearNumber(tokens[yearAt]) : undefined);
  const isYearBehind = name.year === undefined && year !== undefined;
  const value: NamedPeriod = {
    kind: 'named',
    unit,
    number,
    ...(year === undefined ? {} : { year }),
    ...(which === undefined ? {} : { which }),
  };
  return parsed(value, tokens, start, isYearBehind ? yearAt + 1 : end);
}

type PeriodName = Pick<NamedPeriod, 'unit' | 'number' | 'year'> & { end: number };

function periodNameAt(tokens: readonly string[], at: number): PeriodName | undefined {
  const token = tokens[at] ?? '';
  const month = monthNumber(token);
  if (month !== undefined) return { unit: 'month', number: month, end: at + 1 };
  const quarter = quarterNumber(token);
  if (quarter !== undefined) return { unit: 'quarter', number: quarter, end: at + 1 };
  const ordinal = OF_QUARTERS.indexOf(token) + 1 || Number(/^([1-4])(?:st|nd|rd|th)$/.exec(token)?.[1] ?? 0);
  if (ordinal > 0 && /^(?:quarter|qtr)$/.test(tokens[at + 1] ?? ''))
    return { unit: 'quarter', number: ordinal, end: at + 2 };
  const isoMonth = /^((?:19|20)\d\d)-(0[1-9]|1[0-2])$/.exec(token);
  if (isoMonth !== null) return { unit: 'month', number: Number(isoMonth[2]), year: Number(isoMonth[1]), end: at + 1 };
  const year = yearNumber(token);
  if (year === undefined) return undefined;
  const quarterOfYear = quarterNumber(tokens[at + 1]);
  return quarterOfYear === undefined
    ? { unit: 'year', number: 1, year, end: at + 1 }
    : { unit: 'quarter', number: quarterOfYear, year, end: at + 2 };
}

/**
 * Inside a question `may` is a verb, `mar` a share and `2025` a strike: they need a word before them that says when, or
 * a year behind them.
 */
function loneNamedPeriodAt(
  tokens: readonly string[],
  start: number,
  isWhole: boolean,
): Parsed<NamedPeriod> | undefined {
  const named = namedPeriodAt(tokens, start);
  if (named === undefined || isWhole || isLedBy(tokens, start)) return named;
  const { unit, year, which } = named.value;
  const isFullName = /^(?!march)[a-z]{4,}$/.test(tokens[start] ?? '');
  const isVerb = which === 'this' && tokens[start + 1] === 'may';
  const isSure =
    (which !== undefined && !isVerb) || unit === 'quarter' || (unit === 'month' && (year !== undefined || isFullName));
  return isSure ? named : undefined;
}

function isLedBy(tokens: readonly string[], start: number): boolean {
  const lead = tokens[start - 1] === 'the' ? tokens[start - 2] : tokens[start - 1];
  return /^(?:in|during|throughout)$/.test(lead ?? '');
}

function pointAt(tokens: readonly string[], start: number): Parsed<DayPoint> | undefined {
  const token = tokens[start];
  if (token === 'today') return parsed({ kind: 'today' }, tokens, start, start + 1);
  if (token === 'yesterday') return parsed({ kind: 'yesterday' }, tokens, start, start + 1);
  return writtenDayAt(tokens, start) ?? agoAt(tokens, start) ?? weekdayAt(tokens, start);
}

function writtenDayAt(tokens: readonly string[], start: number): Parsed<DayPoint> | undefined {
  const named = weekdayNumber(tokens[start]);
  const at = named === undefined ? start : tokens[start + 1] === 'the' ? start + 2 : start + 1;
  const weekday = named === undefined ? {} : { weekday: named };
  const text = (found: Parsed<unknown>): string =>
    named === undefined ? found.text : `${WEEKDAY_NAMES[named] ?? ''} ${found.text}`;
  const date = dateAt(tokens, at);
  if (date !== undefined)
    return { end: date.end, text: text(date), value: { kind: 'date', date: date.value, ...weekday } };
  const day = monthDayAt(tokens, at);
  // A year that does not have the day is no reason to take the day of another one.
  if (day === undefined || yearNumber(tokens[day.end]) !== undefined) return undefined;
  return { end: day.end, text: text(day), value: { kind: 'monthDay', ...day.value, ...weekday } };
}

/** `3 days ago`, `a week ago`, `5 sessions ago`, `2w ago`. */
function agoAt(tokens: readonly string[], start: number): Parsed<DayPoint> | undefined {
  const isOne = /^an?$/.test(tokens[start] ?? '') && tokens[start + 1] !== 'couple';
  const at = /^an?$/.test(tokens[start] ?? '') ? start + 1 : start;
  const counted = isOne
    ? amountAt(['1', ...tokens.slice(at)], 0, 0)
    : (amountAt(tokens, at, at) ?? compactAt(tokens, at, at));
  if (counted === undefined) return undefined;
  const end = isOne ? counted.end - 1 + at : counted.end;
  if (!isAgo(tokens, end)) return undefined;
  const { value } = counted;
  const unit = value.kind === 'sessions' ? 'session' : value.unit;
  return { value: { kind: 'ago', count: value.count, unit }, end: end + 1, text: `${counted.text} ago` };
}

function weekdayAt(tokens: readonly string[], start: number): Parsed<DayPoint> | undefined {
  const qualifier = weekOf(tokens[start]);
  const at = qualifier === undefined ? start : start + 1;
  const weekday = weekdayNumber(tokens[at]);
  if (weekday === undefined) return undefined;
  const week = qualifier === 'this' ? ({ week: 'this' } as const) : {};
  return parsed({ kind: 'weekday', weekday, ...week }, tokens, start, at + 1);
}
