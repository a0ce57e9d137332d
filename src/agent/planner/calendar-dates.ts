// Questions about the exchange's calendar: which days a question means, and which dates stand beside others. What is said of
// several expirations.
import {
  lastTradingDays,
  isTradingDay,
  monthlyExpirationOf,
  nextTradingDay,
  previousTradingDay,
  weeklyExpirationOf,
  isMonthlyExpiration,
} from '../../domain/calendar.ts';
import type { TableRow, VolatilityData } from '../../domain/answers.ts';
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { MONTH_NAMES, countOf, isoOf, monthNumber } from '../../domain/date-words.ts';
import { resolveRange } from '../../domain/date-phrases.ts';
import { isFinError } from '../../domain/errors.ts';
import { dayMeant, parseExpirationPhrase } from '../../domain/expirations.ts';
import {
  addDays,
  addMonths,
  addPeriods,
  daysBetween,
  exchangeDateOf,
  isValidDate,
  lastDayOfMonth,
  startOfWeek,
  yearOf,
} from '../../domain/exchange-time.ts';
import { type Said, type SaidFigure, joinSaid, say } from '../../domain/said.ts';
import { forwardIv } from '../../domain/volatility-term.ts';
import { labelInSentence } from '../../fields/labels.ts';
import { findField } from '../../fields/registry.ts';
import { ZONE_WORDS } from '../words/spelling.ts';
import type { EpochMs, IsoDate } from '../../domain/types.ts';
import type { Token } from '../words/tokens.ts';
import { formatDay } from '../../render/format.ts';
import { type Draft, OF_DATES, isOfDates } from './draft.ts';
import {
  type Condition,
  type Query,
  type Refusal,
  type Slots,
  isOneDay,
  names,
  notUnderstood,
  MOST_DAYS,
  sidesIn,
} from './query.ts';
import { says } from './said.ts';

const MOST_AHEAD = 400;

/** `2026-12-25` or `2026-12-01..2026-12-31`; undefined where only the state of now is asked for. */
export function calendarDates({ range, expiration, forms, isCount, clock }: Query, now: EpochMs): string | undefined {
  const today = exchangeDateOf(now);
  const named = expiration === undefined ? undefined : expiringOn(expiration, today);
  const span = range === undefined ? undefined : (spanMeant(range, today) ?? monthNearest(range, today));
  if (clock === 'reopen') return reopeningOn(named ?? span, today);
  // "until the january monthly expiration": a month alone is that of its options.
  const isMonth = range === undefined && named?.includes('..') === true;
  const day = isMonth ? monthlyExpirationOf(yearOf(named), Number(named.slice(5, 7))) : named;
  // By itself a day of the calendar is the next one.
  const isNext = day !== undefined && (range === undefined || isValidDate(expiration ?? ''));
  if (isNext) return isCount === true && !day.includes('..') ? `${today}..${day}` : day;
  if (span !== undefined) return span;
  if (day !== undefined) return day;
  if (forms.includes('holidays')) return pastOf(range, today) ?? `${today}..${addDays(today, MOST_AHEAD)}`;
  if (isCount !== true)
    return range === undefined || range === 'today' ? undefined : (dayMeant(range, today) ?? pastOf(range, today));
  return pastOf(range, today) ?? `${today}..${String(yearOf(today))}-12-31`;
}

/** The first session of a month or week, the first one after a day. */
function reopeningOn(meant: string | undefined, today: IsoDate): IsoDate {
  const [from = '', to] = (meant ?? today).split('..');
  if (to === undefined) return nextTradingDay(from);
  const first = from <= today ? today : from;
  return first > today && isTradingDay(first) ? first : nextTradingDay(first);
}

/** `in january`, `in october`: the one that is nearer, behind or ahead. */
function monthNearest(range: string, today: IsoDate): string | undefined {
  const month = monthNumber(range.replace(/^(?:(?:in|during|this|next) )+/, ''));
  if (month === undefined) return undefined;
  const away = ((month - Number(today.slice(5, 7)) + 18) % 12) - 6;
  return monthsFrom(addMonths(monthOf(today), away));
}

/** The first day of it. */
const monthOf = (day: IsoDate): IsoDate => `${day.slice(0, 7)}-01`;
const monthsFrom = (first: IsoDate, months = 1): string =>
  `${first}..${lastDayOfMonth(addMonths(first, months - 1).slice(0, 7))}`;
const weekFrom = (day: IsoDate, away: number): string =>
  `${addDays(startOfWeek(day), away)}..${addDays(startOfWeek(day), away + 4)}`;

const SPANS: readonly (readonly [words: RegExp, span: (today: IsoDate) => string])[] = [
  [/^tomorrow|tmrw/, (today) => addDays(today, 1)],
  [/^yesterday$/, (today) => addDays(today, -1)],
  [/next week/, (today) => weekFrom(today, 7)],
  [/this w(?:ee)?k/, (today) => weekFrom(today, 0)],
  [/last week/, (today) => weekFrom(today, -7)],
  [/next month/, (today) => monthsFrom(addMonths(monthOf(today), 1))],
  [/this month|mtd/, (today) => monthsFrom(monthOf(today))],
  [/this year|ytd/, (today) => `${today}..${String(yearOf(today))}-12-31`],
  [/next year/, (today) => monthsFrom(`${String(yearOf(today) + 1)}-01-01`, 12)],
];

/** The days of a phrase that may be to come. */
export function spanMeant(range: string, today: IsoDate): string | undefined {
  if (range === 'today') return undefined;
  const [, day] = /^week of (\d{4}-\d\d-\d\d)$/.exec(range) ?? [];
  if (day !== undefined) return weekFrom(day, 0);
  const known = SPANS.find(([words]) => words.test(range));
  if (known !== undefined) return known[1](today);
  const [, lead, count = '', unit = '', ahead] =
    /^(?:(next|within|in|over the next|coming) )?(\d+) (day|week|month)s?( from (?:now|today))?$/.exec(range) ?? [];
  if (count !== '' && (lead ?? ahead) !== undefined) {
    const to = addPeriods(today, Number(count), unit as 'day' | 'week' | 'month');
    return ahead === undefined ? `${today}..${to}` : to;
  }
  if (/(?:this|next) quarter/.test(range)) {
    const month = Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + (range.includes('next') ? 3 : 0);
    return monthsFrom(addMonths(`${today.slice(0, 4)}-01-01`, month), 3);
  }
  const date = parseRangePhrase(range)?.expression;
  if (date?.kind === 'day' && date.day.kind === 'date') return date.day.date;
  return undefined;
}

const DATE_FIELDS: Readonly<Record<string, string>> = {
  nextEarnings: 'an earnings report',
  lastEarnings: 'an earnings report',
  exDividend: 'an announced ex-dividend day',
  lastExDividend: 'an announced ex-dividend day',
};
/** What else speaks of dates beside them. */
const BESIDE_FORMS = new Set(['expiry', 'expirations', 'events', 'chain']);
const BESIDE_DATES = new Set(['daysToEarnings', 'lastDividend', 'earningsTime', 'dividendAmount']);

/** `does it report before the 18th`, `who goes ex-dividend this week`: a bound of the date of a company. */
export function settleDue(slots: Slots, said: Slots, today: IsoDate): void {
  takeMonthlies(slots, said, today);
  // "the amount of it": of the dividend whose date is bounded.
  if (slots.fields.join() === 'dividendAmount') slots.fields = ['exDividend', 'dividendAmount'];
  const ofConditions = sidesIn(slots.conditions);
  const [field, ...more] = slots.fields.filter((name) => !BESIDE_DATES.has(name) && !ofConditions.includes(name));
  const what = DATE_FIELDS[field ?? ''];
  // "before the jan 15 calls expire": of that day, it included.
  const isOfExpiry = slots.due !== undefined && slots.forms.some((form) => /^(?:expir|chain)/.test(form));
  const isOther = slots.forms.some((form) => !BESIDE_FORMS.has(form)) || slots.side !== undefined;
  // "iv rank over 50 and no earnings before the 15th": one condition beside others.
  const beside = slots.conditions.filter(({ left }) => left !== undefined);
  if (field === undefined || what === undefined || more.length > 0 || isOther) return;
  if (isOfExpiry && slots.due === '<') slots.due = '<=';
  const span = daysAhead(slots, today);
  if (span === undefined) return;
  const { from, to } = span;
  const isDue = slots.due !== undefined;
  // "earnings this quarter": of a span that has begun what was reported counts as well.
  const isBegun = field === 'nextEarnings' && !isDue && from !== undefined && from < startOfWeek(today);
  // A date that nobody has announced is none.
  const isNone = slots.isWithout === true && to !== undefined;
  const both = `lastEarnings >= "${from ?? ''}" or nextEarnings <= "${to ?? ''}"`;
  const expression = isNone ? `${field} > "${to}"` : isBegun ? both : boundsOf(field, span);
  const word = `${isNone ? `no ${what.replace(/^an /, '')}` : what} ${formatSpan(span, isDue, today)}`;
  if (isBegun) slots.fields = ['lastEarnings', ...slots.fields];
  slots.forms = [];
  for (const each of [slots, said]) {
    delete each.range;
    delete each.expiration;
    delete each.due;
    delete each.isWithout;
    each.conditions = [...beside, { expression, word }];
  }
}

/** "every monthly out to june" */
function takeMonthlies(slots: Slots, said: Slots, today: IsoDate): void {
  const [, last] = /^monthlies to (.+)$/.exec(slots.expiration ?? '') ?? [];
  if (last !== undefined)
    for (const each of [slots, said]) Object.assign(each, { expiration: monthliesTo(last, today), isEach: true });
}

/** `earnings <= "2026-12-18"` */
function boundsOf(field: string, { from, to }: Span): string {
  const bounds = [from === undefined ? [] : `${field} >= "${from}"`, to === undefined ? [] : `${field} <= "${to}"`];
  return bounds.flat().join(' and ');
}

type Span = { from?: IsoDate; to?: IsoDate };

/** `by Dec 18`, `after Dec 18`, `from Dec 1 to Dec 18` */
function formatSpan({ from, to }: Span, isDue: boolean, today: IsoDate): string {
  const day = formatDay(to ?? addDays(from ?? today, -1));
  if (to === undefined) return `after ${day}`;
  if (isDue) return `by ${day}`;
  return from === undefined || from === to ? `on ${day}` : `from ${formatDay(from)} to ${day}`;
}

/** Of dividends and earnings: dates to come stand in the list, paid is what went before. */
export function refuseSpan(slots: Slots, own: Slots): Refusal | undefined {
  const { range = '' } = slots;
  if (/\b(?:[6-9]|\d\d+) years$/.test(range)) return notUnderstood(`"${range}" of dividends and earnings`);
  if (!isOneDay(slots.range)) return undefined;
  // "does it pay before christmas"
  if (own.isYesNo !== true) return notUnderstood(`"${range}" together with dividends and earnings`);
  delete slots.range;
  return undefined;
}

/** The days that a phrase means for what is to come, with what bounds it. */
function daysAhead({ fields, range, expiration, due }: Slots, today: IsoDate): Span | undefined {
  const [, end] = /^today (?:to|through) (.+)$/.exec(range ?? '') ?? [];
  const last = end === undefined ? undefined : pastOf(end, today);
  if (last !== undefined) return { from: today, to: ahead(last, today).split('..').at(-1) ?? today };
  const meant = expiration === undefined ? undefined : expiringOn(expiration, today);
  const months = monthNumber(range) === undefined ? undefined : dayMeant(range ?? '', today);
  const phrase = meant ?? months ?? (range === undefined ? undefined : spanMeant(range, today)) ?? pastOf(range, today);
  if (phrase === undefined) return undefined;
  const isYearSaid = /\b(?:20\d\d|last|ago|yesterday|past)\b/.test(range ?? '') && !/^\d{4}-/.test(range ?? '');
  const isOfPast = isYearSaid || fields.some((name) => name.startsWith('last'));
  const [from = '', to = from] = (isOfPast ? phrase : ahead(phrase, today)).split('..');
  if (due === undefined) return { from, to };
  if (due === '>') return { from: addDays(to, 1) };
  return { from: today, to: due === '<' ? addDays(from, -1) : to };
}

/** `between now and dec 18`: of what is to come, where a year that was not said is read as the last. */
function ahead(phrase: string, today: IsoDate): string {
  const [from = '', to = from] = phrase.split('..');
  if (to >= today) return phrase;
  return [...new Set([from, to])].map((day) => `${String(yearOf(day) + 1)}${day.slice(4)}`).join('..');
}

function expiringOn(phrase: string, today: IsoDate): string | undefined {
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (expression?.kind === 'today') return today;
  if (expression?.kind !== 'listed') return dayMeant(phrase, today);
  if (expression.as === 'weekly') return weeklyExpirationOf(today);
  const month = (away: number): IsoDate => {
    const day = addMonths(`${today.slice(0, 7)}-01`, away);
    return monthlyExpirationOf(yearOf(day), Number(day.slice(5, 7)));
  };
  return month(0) < today ? month(1) : month(0);
}

/** Undefined where the phrase cannot be resolved. */
function pastOf(range: string | undefined, today: IsoDate): string | undefined {
  if (range === undefined || parseRangePhrase(range) === undefined) return undefined;
  try {
    const { from, to } = resolveRange(range, Date.parse(`${today}T17:00:00Z`));
    return `${from}..${to}`;
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}

const REOPENS =
  /\bre-?opens?\b|\b(?:bells?|open|opens|trading) (?:\w+ ){0,2}(?:again|back up)\b|\bback (?:open|to trading|in session)\b/i;
const CLOCKS: readonly (readonly [asked: NonNullable<Slots['clock']>, words: RegExp])[] = [
  ['reopen', REOPENS],
  ['options', /\boptions? .*\b(?:stop|trad|close|end)|\b(?:stop|trad|close|end)\w* .*\boptions?\b/i],
  ['extended', /\b(?:after[- ]?(?:market )?hours|pre[- ]?market|extended)\b/i],
  ['open', /\b(?:how|time|hours|minutes)\b.*\b(?:until|till?|to|before) (?:the )?(?:market |next )?open/i],
  ['now', /\btime (?:is it|in n(?:y|ew york)|rn|now)\b|\b(?:current|exchange|ny|new york) time\b|\btime\?*$/i],
  ['hours', /\b(?:when|what time)\b.*\b(?:open|starts?|begins?)|(?<!many )\bhours\b(?! (?:un)?til|to|left|before)/i],
];
/** What of the day's clock is asked for, beside its state. */
export const clockAsked = (question: string): Slots['clock'] => CLOCKS.find(([, words]) => words.test(question))?.[0];
/** A span of a week at most, of which every day is told. */
export function daysOfWeek(query: Query, now: EpochMs): string | undefined {
  const dates = calendarDates(query, now);
  const [from = '', to = from] = dates?.split('..') ?? [];
  return daysBetween(from, to) < 7 ? dates : undefined;
}
/** How many hours they are behind the exchange, all the year. */
export const ZONES = [
  ['Central', 1],
  ['Mountain', 2],
  ['Pacific', 3],
] as const;

/** The zone in which times are asked for, beside the exchange's own. */
export const zoneAsked = (question: string): string | undefined =>
  ZONES.find(([name]) => new RegExp(`\\b(?:${ZONE_WORDS[name]})\\b`, 'i').test(question))?.[0];

const NONE = /\b(?:no|without|not) (?:any |an? )?(?:earnings|reports?|er|ex[- ]div\w*|dividends?|reporting)\b/i;
const EVENT_KINDS = [
  ['dividends', /divid|\bdivv?[iys]?\b|payout|distribution|\bpa(?:ys?|id|ying)\b|\bex\b/i],
  ['splits', /\bsplit/i],
  ['earnings', /\bearning|\breport|\ber\b|\bbmo\b|\bamc\b|\bprints?\b/i],
] as const;
const OF_GROWTH = /\b(?:rais|increas|hik|grow|grew|boost|lift|cut)/i;

/** Which of the events are asked for, and whether it is how the dividend grew. */
export function settleEvents(part: Slots, question: string): void {
  if (part.forms.includes('news')) settleNews(part, question);
  const isOfDate = part.fields.some((name) => DATE_FIELDS[name] !== undefined);
  if (isOfDate && NONE.test(question)) part.isWithout = true;
  if (!part.forms.includes('events')) return;
  const [kind, ...more] = EVENT_KINDS.filter(([, words]) => words.test(question));
  if (kind !== undefined && more.length === 0) [part.ofEvents] = kind;
  // "how much cash did it throw off"
  delete part.ofStrategy;
  if (part.ofEvents !== 'dividends' || !OF_GROWTH.test(question)) return;
  part.isRaise = true;
  // "raised it every year"
  delete part.interval;
  delete part.isEach;
}

/** `headlines this morning`, `since yesterday's close`: of those days alone. */
function settleNews(part: Slots, question: string): void {
  if (/\b(?:this (?:am|morning)|overnight)\b/i.test(question)) part.range ??= 'today';
  if (/\b(?:those|these|that|same) (?:dates?|days?|sessions?)\b/i.test(question)) part.isDays = true;
  if ([...part.fields, part.base].join('') !== 'close' || part.range === undefined) return;
  part.fields = [];
  part.isAfterClose = true;
  delete part.base;
}

/** `the day before`, `week after`, `the one after`: counted from the range or expiration that stands before it. */
export function stepFrom(
  from: Partial<Slots> & { form?: string },
  step: NonNullable<Slots['step']>,
  now: EpochMs,
  isOfOptions: boolean,
): Partial<Slots> | undefined {
  const { range, expiration, forms = [], form = '' } = from;
  // "is it open on new year's day, and the day before": days of the calendar, to come as well.
  const day = /^(?:market|holidays)$/.test(forms.join() || form) ? (expiration ?? range ?? '') : '';
  if (/^(?:day|same)$/.test(step.unit) && isValidDate(day)) return { expiration: addDays(day, step.by) };
  const isOfDates = range === undefined && (expiration !== undefined || isOfOptions);
  if (isOfDates && step.unit !== 'day') {
    const date = expirationBeside(expiration ?? 'nearest', step, exchangeDateOf(now));
    return date === undefined ? undefined : { expiration: date };
  }
  const stepped = rangeBeside(range, step, now);
  return stepped === undefined ? undefined : { range: stepped };
}

/** The same day of the next week, or the next month's. */
function expirationBeside(
  phrase: string,
  { unit, by }: NonNullable<Slots['step']>,
  today: IsoDate,
): string | undefined {
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (expression === undefined || phrase.includes(',')) return undefined;
  const isMonth =
    unit === 'month' || (unit !== 'week' && unit !== 'weekday' && /^(?:month|listed)$/.test(expression.kind));
  const isOfMonth = expression.kind === 'month' || (expression.kind === 'listed' && expression.as === 'monthly');
  if (isOfMonth && isMonth) {
    const month = expression.kind === 'month' ? expression.month : Number(today.slice(5, 7));
    return MONTH_NAMES[(month - 1 + by + 12) % 12];
  }
  const base = dayExpiring(expression, today);
  if (base === undefined) return undefined;
  const later = addMonths(base, by);
  const ofMonth = isMonthlyExpiration(base) ? monthlyExpirationOf(yearOf(later), Number(later.slice(5, 7))) : later;
  const moved = isMonth ? ofMonth : addDays(base, 7 * by);
  return moved < today ? undefined : isTradingDay(moved) ? moved : previousTradingDay(moved);
}

/** The day that is meant by a phrase, as listed before the dates are known. */
function dayExpiring(
  expression: NonNullable<ReturnType<typeof parseExpirationPhrase>>['expression'],
  today: IsoDate,
): IsoDate | undefined {
  const running = Number(today.slice(5, 7));
  if (expression.kind === 'month') {
    const year = expression.year ?? yearOf(today) + (expression.month < running ? 1 : 0);
    return monthlyExpirationOf(year, expression.month);
  }
  if (expression.kind === 'date') return expression.date;
  if (expression.kind === 'weekday')
    return addDays(startOfWeek(today), expression.weekday - 1 + (expression.week === 'next' ? 7 : 0));
  if (expression.kind === 'listed' && expression.as === 'monthly') return monthlyExpirationOf(yearOf(today), running);
  const isFriday = expression.kind === 'nearest' || (expression.kind === 'listed' && expression.as === 'weekly');
  return isFriday ? addDays(startOfWeek(today), 4) : undefined;
}

const MONTHS_IN = { month: 1, quarter: 3, year: 12 } as const;

function rangeBeside(
  range: string | undefined,
  { unit, by }: NonNullable<Slots['step']>,
  now: EpochMs,
): string | undefined {
  const today = exchangeDateOf(now);
  const upToToday = (first: IsoDate, last: IsoDate): string | undefined => spanUntil(first, last, today);
  try {
    const { from, to } =
      range === undefined || range === 'today' ? { from: today, to: today } : resolveRange(range, now);
    const days = daysBetween(from, to);
    const isWeekday =
      unit === 'weekday' ||
      (unit === 'same' && days === 0 && parseExpirationPhrase(range ?? '')?.expression.kind === 'weekday');
    if (isWeekday && days === 0) return upToToday(addDays(from, 7 * by), addDays(from, 7 * by));
    if (unit === 'weekday') return undefined;
    const before = unit === 'same' && by < 0 ? asLongBefore(range ?? '', from) : undefined;
    if (before !== undefined) return upToToday(...before);
    const own = unit === 'same' ? lengthOf(days) : unit;
    if (own === 'day') return by < 0 ? previousTradingDay(from) : nextTradingDay(to);
    if (own === 'week') return upToToday(addDays(startOfWeek(from), 7 * by), addDays(startOfWeek(from), 7 * by + 4));
    // The same part of the year before: "ytd vs last ytd".
    if (own === 'span') return upToToday(addMonths(from, 12 * by), addMonths(to, 12 * by));
    const months = MONTHS_IN[own];
    const start = addMonths(own === 'year' ? `${from.slice(0, 4)}-01-01` : monthOf(from), months * by);
    return upToToday(start, addDays(addMonths(start, months), -1));
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}
function spanUntil(first: IsoDate, last: IsoDate, today: IsoDate): string | undefined {
  if (first > today) return undefined;
  return first === last ? first : `${first} to ${last > today ? today : last}`;
}

/** "the last 3 months vs the 3 months before": as long, up to the day before. */
function asLongBefore(range: string, from: IsoDate): [first: IsoDate, last: IsoDate] | undefined {
  const expression = parseRangePhrase(range)?.expression;
  if (expression?.kind === 'rolling') return [addPeriods(from, -expression.count, expression.unit), addDays(from, -1)];
  if (expression?.kind !== 'sessions' || expression.count < 2) return undefined;
  const end = previousTradingDay(from);
  return [lastTradingDays(expression.count, end)[0] ?? end, end];
}

/** What so many days are one of. */
function lengthOf(days: number): 'day' | 'week' | 'month' | 'quarter' | 'year' {
  if (days < 7) return days === 0 ? 'day' : 'week';
  return days < 31 ? 'month' : days < 93 ? 'quarter' : 'year';
}

const OF_OPTIONS =
  /^(?:expectedMove|straddle|forwardIv|skew25|atmIv|iv$|iv30|putCall|maxPain|callWall|putWall|option|sigma)/;

/** Words of dates that are expirations, where a figure is of them: `between now and friday`, `every monthly out to june`. */
export function withExpirations(tokens: readonly Token[]): readonly Token[] {
  const figures = tokens.flatMap((token) => (token.is === 'field' ? token.names : []));
  const isOf = (pattern: RegExp): boolean => figures.some((name) => pattern.test(name));
  if (!isOf(OF_OPTIONS)) return tokens;
  const isOfIv = isOf(/^(?:iv|iv30|atmIv)$/) && !isOf(PRICE_OF_SHARE);
  const isRanked = isOf(/^ivRank$/) && tokens.some(({ is }) => is === 'rank' || is === 'aggregate');
  const isOfRank = isRanked || isOf(/^week52/);
  const [isOfHv, isForward] = [isOf(/^hv\d/), isOf(/^forwardIv$/)];
  return tokens.map((token, at): Token => {
    if (token.is === 'field') return isOfIv ? ofOwnPast(token, isOfRank) : token;
    if (token.is !== 'date') return isOfDate(token, tokens[at - 1], tokens[at + 1]) ? fillerOf(token) : token;
    // "iv30 against what it realized over the past month"
    const isWindow = isOfIv && isOfHv && token.expiration === undefined && /\b(?:month|20|21|30)\b/i.test(token.text);
    return ofMonthlies(tokens, at) ?? (isWindow ? fillerOf(token) : asExpiration(token, tokens[at + 1], isForward));
  });
}

const fillerOf = ({ text }: Token): Token => ({ is: 'filler', text });

/** "iv at the low of the year": of its own past, no price. */
function ofOwnPast(token: Token & { is: 'field' }, isOfRank: boolean): Token {
  const own = token.names.join();
  if (/^week52(?:High|Low)$/.test(own)) return { ...token, names: ['iv30', 'ivRank'] };
  return own === 'iv' && isOfRank ? fillerOf(token) : token;
}

/** "into dec 18", "upto friday", "25 delta skew", "dec 18 expiry": said with the date or figure beside it. */
function isOfDate(token: Token, before: Token | undefined, next: Token | undefined): boolean {
  if (token.is === 'unknown') return next?.is === 'date' && /^(?:into|upto|thru|uptil)$/i.test(token.text);
  if (token.is === 'form') return before?.is === 'date' && /^expir(?:ation|y)$/i.test(token.text);
  const isOfSkew = next?.is === 'field' && next.names.join() === 'skew25';
  return token.is === 'deltaOf' && token.delta === 0.25 && isOfSkew;
}

/** "every monthly out to june" */
function ofMonthlies(tokens: readonly Token[], at: number): Token | undefined {
  const isMonthly = (each: Token | undefined): boolean => each?.is === 'date' && /^monthl/i.test(each.text);
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  const text = token?.text ?? '';
  const until = [next, tokens[at + 2]].find((each) => each?.is === 'date');
  const isAll = /^(?:all|each|every|the)$/i.test(before?.text ?? '') || /s$/i.test(text);
  if (isMonthly(token) && isAll && until?.is === 'date' && until.expiration !== undefined)
    return { is: 'date', expiration: `monthlies to ${until.expiration}`, text };
  const isEnd = /^(?:out |up )?(?:to|thru|through|until|till|by)(?: |$)/i;
  const isLast = [before, tokens[at - 2]].some(isMonthly) && (isEnd.test(text) || isEnd.test(before?.text ?? ''));
  return isLast ? { is: 'filler', text } : undefined;
}

const PRICE_OF_SHARE = /^(?:last|high|low|close|open)$/;

/** A date that reads as one of the past, as the expiration that it is. */
function asExpiration(token: Token & { is: 'date' }, next: Token | undefined, isOfTwo: boolean): Token {
  const expiration = expirationOf(token, next, isOfTwo);
  return expiration === undefined ? token : { is: 'date', expiration, text: token.text };
}

function expirationOf(
  { range = '', text }: Token & { is: 'date' },
  next: Token | undefined,
  isOfTwo: boolean,
): string | undefined {
  const [, count, unit = ''] =
    /\b(an?|one|two|three|four|five|six|\d+)[ -](day|week|month)s? (?:out|away)$/i.exec(text) ?? [];
  if (count !== undefined)
    return `${String((countOf(count.toLowerCase()) ?? 1) * ({ week: 7, month: 30 }[unit.toLowerCase()] ?? 1))}dte`;
  const [, until] = /^today to (.+)$/.exec(range) ?? [];
  const phrase = until ?? (next?.is === 'form' && /^expir(?:ation|y)$/i.test(next.text) ? range : undefined);
  if (phrase !== undefined && parseExpirationPhrase(phrase) !== undefined) return phrase;
  const days = /^(\d{4})(-\d\d-\d\d) to (\d{4})(-\d\d-\d\d)$/.exec(range);
  if (!isOfTwo || days === null || /\d{4}/.test(text)) return undefined;
  const [, from = '', first = '', to = '', last = ''] = days;
  return `${String(Number(from) + 1)}${first}, ${String(Number(to) + 1)}${last}`;
}

/** The monthlies from now to that of a month or to a day. */
function monthliesTo(phrase: string, today: IsoDate): string {
  const end = dayMeant(phrase, today)?.slice(-10) ?? addDays(today, 366);
  const first = yearOf(today) * 12 + Number(today.slice(5, 7)) - 1;
  const all = Array.from({ length: MOST_MONTHS }, (_, at) =>
    monthlyExpirationOf(Math.floor((first + at) / 12), ((first + at) % 12) + 1),
  );
  return all.filter((date) => date >= today && date <= end).join(', ');
}

const MOST_MONTHS = 25;

const ALL_DATES = '0..800dte';

/** The dates that are meant, in days from now: all, to the end of a month or week, or under so many days. */
export function spanOf(phrase: string | undefined, days: readonly Condition[], today: IsoDate): string | undefined {
  const [bound, more] = days;
  if (bound !== undefined) return more === undefined ? spanUnder(bound) : undefined;
  const until = (date: IsoDate, from = 0): string =>
    `${String(from)}..${String(Math.max(0, daysBetween(today, date)))}dte`;
  if (phrase === undefined) return ALL_DATES;
  if (/this week/.test(phrase)) return until(addDays(startOfWeek(today), 4));
  // "all january expirations", where "out to january" begins now.
  const only = /^in (.+)$/.exec(phrase)?.[1];
  const expression = parseExpirationPhrase(only ?? phrase)?.expression;
  if (phrase.includes(',') || expression?.kind === 'span') return phrase;
  if (expression?.kind === 'date') return until(expression.date);
  if (expression?.kind === 'days') return `0..${String(expression.days)}dte`;
  if (expression?.kind === 'weekday') return until(addDays(startOfWeek(today), expression.week === 'next' ? 11 : 4));
  if (expression?.kind !== 'month') return undefined;
  const year = expression.year ?? yearOf(today) + (expression.month < Number(today.slice(5, 7)) ? 1 : 0);
  const first = isoOf(year, expression.month, 1);
  const from = only === undefined ? 0 : Math.max(0, daysBetween(today, first));
  return until(lastDayOfMonth(first.slice(0, 7)), from);
}

function spanUnder({ operator = '', right }: Condition): string | undefined {
  const value = Number(right);
  if (!Number.isInteger(value)) return undefined;
  if (operator.startsWith('<')) return `0..${String(operator === '<' ? value - 1 : value)}dte`;
  return `${String(operator === '>' ? value + 1 : value)}..${String(MOST_DAYS)}dte`;
}

/** What several expirations of a symbol say together. */
export function sayDates(query: Query, rows: readonly TableRow[]): Said[] {
  const [row] = rows;
  const told = [...sayBetween(query, rows), ...(query.rank === undefined ? sayTotals(query, rows) : [])];
  const isTerm = query.isEach === true && query.symbols.length === 1 && query.columns[0] === 'atmIv';
  if (told.length > 0 || !isTerm || query.rank !== undefined || row === undefined) return told;
  return [sayTerm({ symbol: row.symbol, term: rows as unknown as VolatilityData['term'] })];
}

/** All expirations together. */
function sayTotals({ aggregate, columns }: Query, rows: readonly TableRow[]): Said[] {
  if (aggregate !== 'total' || !rows.every(({ expiration }) => expiration !== undefined)) return [];
  const counted = columns.filter((name) => findField(name)?.unit === 'contracts');
  const told = counted.map((name): Said => {
    const of = rows.flatMap(({ symbol, expiration, ...row }): SaidFigure[] =>
      typeof row[name] === 'number' ? [{ field: name, value: row[name], symbol, expiration: String(expiration) }] : [],
    );
    const value = of.reduce((sum, each) => sum + each.value, 0);
    return say`${labelInSentence(name)} ${{ field: 'calculation', value, unit: 'contracts', of }}`;
  });
  return told.length === 0
    ? []
    : [say`${rows[0]?.symbol ?? ''}, ${String(rows.length)} expirations together: ${joinSaid(told, ', ')}.`];
}

/** What lies between two expirations of a symbol: how far a figure is apart, the volatility from the one to the other. */
function sayBetween({ columns, isForward }: Query, [near, far, ...more]: readonly TableRow[]): Said[] {
  if (near === undefined || far === undefined || more.length > 0 || near.symbol !== far.symbol) return [];
  const [key = ''] = columns.filter((name) => name !== 'expiration' && name !== 'dte');
  const [from, to] = [near, far].map(({ expiration }) => String(expiration));
  const unit = findField(key)?.unit;
  if (!isValidDate(from ?? '') || !isValidDate(to ?? '') || unit === undefined || unit === 'date') return [];
  const part = ({ expiration, ...row }: TableRow): SaidFigure => ({
    field: key,
    value: Number(row[key]),
    symbol: row.symbol,
    expiration: String(expiration),
  });
  const [one, other] = [part(near), part(far)];
  const of = [one, other];
  if (of.some(({ value }) => !Number.isFinite(value))) return [];
  const dates = `${formatDay(from ?? '')} to ${formatDay(to ?? '')}`;
  if (isForward !== true)
    return [
      say`${near.symbol} ${labelInSentence(key)} from ${dates}: ${one} and ${other}, difference ${{ field: 'calculation', value: other.value - one.value, unit, isSigned: true, of }}.`,
    ];
  const days = (row: TableRow): number => Number(row['dte']);
  const value = forwardIv({ days: days(near), iv: one.value }, { days: days(far), iv: other.value });
  return value === undefined
    ? [say`${near.symbol} from ${dates}: no volatility explains the two, as the later one has less total variance.`]
    : [say`${near.symbol} forward volatility from ${dates}: ${{ field: 'calculation', value, unit: 'fraction', of }}.`];
}

/** The IV of the nearest expiration against that of the farthest. */
export function sayTerm({ symbol, term }: Pick<VolatilityData, 'symbol' | 'term'>): Said {
  const known = term.flatMap(({ expiration, atmIv }) => (atmIv === undefined ? [] : [{ expiration, atmIv }]));
  const [front] = known;
  const back = known.at(-1);
  if (front === undefined || back === undefined || front === back)
    return [`${symbol}: the term structure is not available.`];
  const said = ({ expiration, atmIv: value }: typeof front): Said =>
    say`${{ field: 'atmIv', value, symbol, expiration }} on ${formatDay(expiration)}`;
  const shape =
    front.atmIv > back.atmIv ? 'falls (backwardation)' : front.atmIv < back.atmIv ? 'rises (contango)' : 'is flat';
  const lower = known.filter(({ atmIv }, at) => at > 0 && atmIv < (known[at - 1]?.atmIv ?? 0)).length;
  const steps = `; at ${lower === 0 ? 'none' : String(lower)} of ${String(known.length - 1)} later dates it is below the date before`;
  return say`The term structure of ${symbol} ${shape}: ATM IV ${said(front)}, ${said(back)}${steps}.`;
}

/** `when did it report`, `last NVDA earnings`: a date that has come. */
function settleDatesOf({ slots, tokens }: Draft): void {
  const isPast = tokens.some(({ is, text }) => !/^(?:field|form)$/.test(is) && /\b(?:did|was|were|went)\b/i.test(text));
  const isLast =
    slots.fields.includes('lastDividend') || (slots.fields.includes('last') && says(tokens, /^last$/i, 'field'));
  const others = slots.fields.filter((name) => !(isLast && name === 'last'));
  const isOfDividend = slots.forms.join() === 'events' && tokens.some(({ text }) => OF_DIVIDEND.test(text));
  // "is there a dividend before the 18th"
  if (isOfDividend && slots.due !== undefined && !isLast) Object.assign(slots, { fields: ['exDividend'], forms: [] });
  // "who reports next"
  const isFirst = slots.isWhich === true && slots.symbols.length > 1 && isOfDates(slots);
  if (isFirst && says(tokens, /^(?:next|soonest|earliest)$/i)) slots.rank ??= { order: 'lowest' };
  if (!(isPast || isLast) || !others.every((name) => OF_DATES.has(name))) return;
  if (isOfDividend ? !isLast : others.length === 0) return;
  if (isOfDividend) slots.forms = [];
  const past = [...(isOfDividend ? ['lastDividend', 'lastExDividend'] : []), ...others];
  slots.fields = [...new Set(past.filter((name) => name !== 'daysToEarnings').map((name) => PAST[name] ?? name))];
}

const PAST: Readonly<Record<string, string>> = { nextEarnings: 'lastEarnings', exDividend: 'lastExDividend' };
const OF_DIVIDEND = /divid|payout|\bdivs?\b/i;

/** A yield where dividends are ranked. */
export function settleDividends(draft: Draft): void {
  const slots = draft.slots;
  settleDatesOf(draft);
  // "which goes ex first": of the dates to come.
  const isNext = slots.fields.join() === 'exDividend' && slots.symbols.length > 1;
  if (isNext && (draft.has.has('top') || slots.rank?.order === 'lowest')) {
    slots.fields.push('daysToExDividend');
    slots.rank = { order: 'lowest', by: 'daysToExDividend' };
  }
  // "ex date, and what do 300 shares get"
  if (slots.fields.includes('exDividend') && slots.quantity !== undefined && slots.range === undefined) {
    slots.fields = [...new Set([...slots.fields, 'dividendAmount'])];
    delete slots.isCount;
  }
  // "days till it goes ex"
  if (slots.fields.includes('exDividend') && says(draft.tokens, /\bdays\b/i, 'form'))
    slots.fields.push('daysToExDividend');
  // "how often does it pay dividends"
  if (slots.forms.includes('events') && says(draft.tokens, /^how often$/i)) delete slots.isCount;
  // "which pays the best dividend": the yield.
  const isOfDividends = slots.forms.includes('events') && says(draft.tokens, OF_DIVIDEND);
  if (isOfDividends && slots.symbols.length > 1 && names(slots, 'rank', 'aggregate')) {
    const order = slots.rank?.order ?? (slots.aggregate === 'lowest' ? 'lowest' : 'highest');
    slots.rank = { order };
    slots.fields = ['dividendYield'];
    slots.forms = slots.forms.filter((form) => form !== 'events');
    delete slots.aggregate;
  } else if (isOfDividends && !names(slots, 'rank', 'conditions')) {
    // "last dividend and ex date": the events have amounts and dates, and add up what was paid.
    slots.fields = slots.fields.filter((field) => field !== 'exDividend');
    if (slots.aggregate === 'total') delete slots.aggregate;
  }
}

/** `the last 4 dividends`: the list of them. */
export function takeEvents({ tokens, slots }: Draft, { value }: Token & { is: 'number' }, index: number): boolean {
  const next = tokens.slice(index + 1).find(({ is }) => is !== 'filler' && is !== 'symbol');
  const isEvents =
    next?.is === 'form' ? next.form === 'events' : next?.is === 'field' && next.names[0] === 'nextEarnings';
  if (!isEvents || !/\b(?:last|past|latest|recent|previous|prior)$/i.test(tokens[index - 1]?.text ?? '')) return false;
  slots.limit = value;
  slots.fields = slots.fields.filter((name) => name !== 'last');
  if (!slots.forms.includes('events')) slots.forms.push('events');
  return true;
}
