// Hides how people name days and periods in a question: holidays, seasons, halves, the day before something, bare months
// and spans in the singular, each in the readings that it has: bars of the past, an expiration to come, or either.
import {
  isTradingDay,
  monthlyExpirationOf,
  nextTradingDay,
  previousTradingDay,
  weeklyExpirationOf,
} from '../../domain/calendar.ts';
import { matchMonthDay, matchRangePhrase } from '../../domain/date-grammar.ts';
import { resolveRange } from '../../domain/date-phrases.ts';
import { ORDINALS, countOf, isoOf, monthNumber, weekdayNumber, yearNumber } from '../../domain/date-words.ts';
import { isFinError } from '../../domain/errors.ts';
import {
  addDays,
  addMonths,
  daysBetween,
  exchangeInstant,
  isValidDate,
  monthOf,
  startOfMonth,
  startOfWeek,
  weekdayOf,
  yearOf,
} from '../../domain/exchange-time.ts';
import { dayMeant, matchExpirationPhrase } from '../../domain/expirations.ts';
import type { IsoDate } from '../../domain/types.ts';
import {
  type FoundDate,
  type NamedDay,
  type Place,
  holidayAt,
  namedExpirationAt,
  opexWeekAt,
  otherDayAt,
  santaAt,
  taken,
  thirdFridayAt,
  untilToday,
} from './named-days.ts';
import type { PeriodWord } from './tokens.ts';
import { KNOWN_AVERAGES } from './vocabulary.ts';

const INTERVALS: Readonly<Record<string, PeriodWord>> = {
  ...{ quarterly: 'quarter', quarterlies: 'quarter', monthly: 'month', monthlies: 'month' },
  ...{ weekly: 'week', weeklies: 'week' },
};
const COMPOUND_HEAD =
  /^(?:performance|perf|chart|charts|history|return|returns|bars|candles|change|gain|high|highs|low|lows|range|average|moves?|window|period|stretch|span|lookback|vol|volume)$/;
/** `5 day, 20 day and 60 day returns`: each of the list. */
const COMPOUND_LIST =
  /^(?:(?:,|and|, and|\/|&) \d{1,3} (?:day|week|month|year|wk|mo|yr) )+(?:performance|perf|returns?|change|changes|gains?|moves?)(?= |$)/;
const COMPOUND_UNITS: Readonly<Record<string, string>> = {
  ...{ wk: 'week', mo: 'month', yr: 'year', day: 'day', week: 'week', month: 'month', year: 'year' },
};
const SEASONS: readonly (readonly [words: RegExp, month: number])[] = [
  [/^spring$/, 3],
  [/^summer$/, 6],
  [/^(?:autumn|fall)$/, 9],
  [/^winter$/, 12],
];

/** `this autumn`, `spring of 2022`, `since summer`, `first half of 2026`, `h2`; the latest that has begun. */
function seasonAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const [lead = ''] =
    /^(?:(?:since|in|over|during|for|of|from) )?(?:(?:the|this|last|past) )?/.exec(texts.slice(at, at + 2).join(' ')) ??
    [];
  const start = lead === '' ? at : at + taken(lead);
  const season = SEASONS.find(([words]) => words.test(texts[start] ?? ''));
  // "did it fall": no autumn without a word before it.
  if (texts[start] === 'fall' && start === at) return undefined;
  const part = season === undefined ? halfAt(texts, start) : { month: season[1], months: 3, end: start + 1 };
  if (part === undefined) return undefined;
  const { month, months = 6, end } = part;
  const yearAt = /^(?:of|in)$/.test(texts[end] ?? '') ? end + 1 : end;
  const year = yearNumber(texts[yearAt]);
  const [ofYear] = /^(?:of )?(?:the|this) year(?= |$)/.exec(texts.slice(end, end + 3).join(' ')) ?? [];
  const startIn = (one: number): IsoDate => isoOf(one, month, 1);
  const own = yearOf(today());
  const from = startIn(year ?? (startIn(own) <= today() ? own : own - 1));
  const range =
    texts[at] === 'since' ? `since ${from}` : untilToday(from, addDays(addMonths(from, months), -1), today());
  const last = year !== undefined ? yearAt + 1 : ofYear === undefined ? end : end + taken(ofYear);
  return { is: 'date', range, length: last - at };
}

const QUARTER_OF_YEAR =
  /^(?:q([1-4])|(?:([1-4])(?:st|nd|rd|th)|(first|second|third|fourth)) quarter) of (?:this|the) year(?= |$)/;

/** A half, or a quarter of this year. */
function halfAt(texts: readonly string[], at: number): { month: number; months?: 3; end: number } | undefined {
  const short = /^h([12])$/.exec(texts[at] ?? '')?.[1];
  if (short !== undefined) return { month: short === '1' ? 1 : 7, end: at + 1 };
  const [, glued, digit, word = ''] = QUARTER_OF_YEAR.exec(texts.slice(at, at + 5).join(' ')) ?? [];
  const quarter = Number(glued ?? digit ?? ORDINALS.indexOf(word) + 1);
  if (quarter > 0) return { month: 3 * quarter - 2, months: 3, end: glued === undefined ? at + 2 : at + 1 };
  const which = /^(?:(first|1st)|second|2nd)$/.exec(texts[at] ?? '');
  if (which === null || texts[at + 1] !== 'half') return undefined;
  return { month: which[1] === undefined ? 7 : 1, end: at + 2 };
}

const OF_EXCHANGE = /^(?:markets?|mkts?|exchanges?|nyse|nasdaq|closed|holidays?|hours|session)$/;

/** `the day before the election`, `the week before thanksgiving`, `the wednesday before that holiday`. */
function besideAt(place: Place, at: number): FoundDate | undefined {
  const { texts, today } = place;
  const start = at + (/^(?:since|on|in|for)$/.test(texts[at] ?? '') ? 1 : 0);
  const unitAt = texts[start] === 'the' ? start + 1 : start;
  const [unit = '', side = ''] = texts.slice(unitAt, unitAt + 2);
  const weekday = weekdayNumber(unit);
  if (!/^(?:day|session|week)$/.test(unit) && weekday === undefined) return undefined;
  if (side !== 'before' && side !== 'after' && (side !== 'of' || unit !== 'week')) return undefined;
  const article = texts[unitAt + 2] === 'the' ? 1 : 0;
  const named = otherDayAt(place, unitAt + 2 + article) ?? holidayBeside(place, unitAt + 2);
  if (named === undefined) return undefined;
  const length = unitAt + 2 + named.length + (named.hasArticle === true ? 0 : article) - at;
  if (unit === 'week') return weekBeside(named, { before: -7, of: 0, after: 7 }[side], length, today());
  // "is the market open the day after christmas": that day, whether or not it trades.
  const isOfCalendar = texts.some((text) => OF_EXCHANGE.test(text));
  const step = side === 'before' ? -1 : 1;
  const besideOf = (from: IsoDate): IsoDate => {
    if (weekday !== undefined) return addDays(from, step * ((((weekday - weekdayOf(from)) * step + 6) % 7) + 1));
    if (isOfCalendar && unit === 'day') return addDays(from, step);
    return step < 0 ? previousTradingDay(from) : nextTradingDay(from);
  };
  const isSince = texts[at] === 'since';
  const isToCome = !isSince && (weekday === undefined || isOfCalendar);
  const day = besideOf(named.past);
  const expiration = isToCome ? { expiration: besideOf(named.next) } : {};
  return { is: 'date', range: isSince ? `since ${day}` : day, ...expiration, length };
}

/** The week of a day, or the one before or after it. */
function weekBeside({ past, next }: NamedDay, away: number, length: number, today: IsoDate): FoundDate | undefined {
  const monday = addDays(startOfWeek(past), away);
  if (monday > today) return undefined;
  const expiration = weeklyExpirationOf(addDays(next, away));
  return { is: 'date', range: untilToday(monday, addDays(monday, 4), today), expiration, length };
}

/** A holiday or a written date that something stands beside. */
function holidayBeside(place: Place, at: number): NamedDay | undefined {
  const holiday = holidayAt(place, at);
  if (holiday?.range !== undefined && holiday.expiration !== undefined && isValidDate(holiday.range))
    return { past: holiday.range, next: holiday.expiration, length: holiday.length, hasArticle: true };
  const written = matchRangePhrase(place.texts, at);
  const date = written === undefined ? undefined : resolved(withYears(written.phrase, place.today()), place.today());
  return written === undefined || date === undefined || date.from !== date.to
    ? undefined
    : { past: date.from, next: date.from, length: written.length, hasArticle: true };
}

/** The dates of a phrase as of the middle of a day. */
function resolved(phrase: string, today: IsoDate): { from: IsoDate; to: IsoDate } | undefined {
  try {
    const { from, to } = resolveRange(phrase, exchangeInstant(today, 12 * 60));
    return { from, to };
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}

const EDGE =
  /^(?:(?:on|at|by|of) )?(?:the )?(?:(end|close)|(start|beginning)|(?:very )?(last|final|first) (?:trading )?(?:day|session)) of (?=\S)/;

/** `at the end of 2025`, `the last trading day of October`: a session. A span takes its own ends, so `since …` is none. */
function edgeDayAt({ texts, today }: Place, at: number): FoundDate | undefined {
  if (
    /^(?:since|from|until|to|between)$/.test(texts[at - 1] ?? '') ||
    (texts[at - 1] === 'the' && /^(?:since|from|until)$/.test(texts[at - 2] ?? ''))
  )
    return undefined;
  const edge = EDGE.exec(texts.slice(at, at + 8).join(' '));
  if (edge === null) return undefined;
  const lead = taken(edge[0]);
  const article = texts[at + lead] === 'the' ? 1 : 0;
  const period =
    bareYear(texts, at + lead) ?? matchRangePhrase(['in', ...texts.slice(at + lead + article)], 0) ?? undefined;
  if (period === undefined) return undefined;
  const isBare = yearNumber(texts[at + lead]) !== undefined;
  const bounds = resolved(withYears(period.phrase, today()), today());
  if (bounds === undefined || bounds.from === bounds.to) return undefined;
  const isStart = edge[2] !== undefined || edge[3] === 'first';
  const day = isStart
    ? isTradingDay(bounds.from)
      ? bounds.from
      : nextTradingDay(bounds.from)
    : isTradingDay(bounds.to)
      ? bounds.to
      : previousTradingDay(bounds.to);
  return { is: 'date', range: day, length: lead + (isBare ? 1 : article + period.length - 1) };
}

function bareYear(texts: readonly string[], at: number): { phrase: string; length: number } | undefined {
  const year = yearNumber(texts[at]);
  return year === undefined ? undefined : { phrase: String(year), length: 2 };
}

const FIRST_PART =
  /^(?:in |over |for |of |during )?(?:the )?(?:first|1st) (\d|two|three|four|five|six|nine) (months|quarters)(?: of (?:the|this) year(?= |$))?/;

/** `the first three quarters of 2025`: from the start of the year on. */
function firstPartAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const match = FIRST_PART.exec(texts.slice(at, at + 10).join(' '));
  if (match === null) return undefined;
  const end = at + taken(match[0]);
  const yearAt = /^(?:of|in)$/.test(texts[end] ?? '') ? end + 1 : end;
  const named = yearNumber(texts[yearAt]);
  const months = (countOf(match[1]) ?? 1) * (match[2] === 'quarters' ? 3 : 1);
  const from = isoOf(named ?? yearOf(today()), 1, 1);
  const to = addDays(addMonths(from, months), -1);
  return { is: 'date', range: untilToday(from, to, today()), length: (named === undefined ? end : yearAt + 1) - at };
}

/** `for the year`, `the whole year`, `this time last year`: what has begun with it. */
const OWN_PERIODS: readonly (readonly [words: RegExp, range: string])[] = [
  [/^since (?:this time|same time) last year(?= |$)/, 'past year'],
  ...(['week', 'month', 'quarter', 'year'] as const).map(
    (unit) => [new RegExp(`^(?:in|over|within|during|for|of) the last ${unit}(?= |$)(?! of)`), `past ${unit}`] as const,
  ),
  [/^a year ago today(?= |$)/, '1 year ago'],
  [/^(?:since )?(?:the )?(?:start|beginning) of (?:the|this) year(?= |$)/, 'this year'],
  [
    /^(?:for|of|in|over|on|so far|all|during) (?:the )?(?:whole |entire |full |current )?year(?= |$)(?! ago| high| low| end)(?: to date| so far)?/,
    'this year',
  ],
  [/^(?:the )?(?:whole|entire|full) year(?= |$)(?! of)/, 'this year'],
  [/^(?:about|for) the (?:past )?week$/, 'past week'],
  [/^(?:about|for) the (?:past )?month$/, 'past month'],
  [/^about the year$/, 'this year'],
  [/^(?:for|of|in|over|on) the week(?= |$)(?! of| before| after| ending)/, 'this week'],
  [/^(?:for|of|in|over|on) the month(?= |$)(?! of| before| after)/, 'this month'],
  [/^(?:for|of|in|over|on) the quarter(?= |$)(?! of| before| after| that)/, 'this quarter'],
];

function ownPeriodAt(texts: readonly string[], at: number): FoundDate | undefined {
  const text = texts.slice(at, at + 7).join(' ');
  for (const [words, range] of OWN_PERIODS) {
    const match = words.exec(text);
    if (match !== null) return { is: 'date', range, length: taken(match[0]) };
  }
  return undefined;
}

/** `the 18th`, `friday the 18th`: of this month or the next one to come, or the last one; as the weekday says. */
function dayOfMonthAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const weekday = weekdayNumber(texts[at]);
  const first = /^(?:on|for|the)$/.test(texts[at] ?? '') || weekday !== undefined;
  const lead = first ? (texts[at + 1] === 'the' ? 2 : 1) : 0;
  const day = Number(/^(\d{1,2})(?:st|nd|rd|th)$/.exec(texts[at + lead] ?? '')?.[1] ?? 0);
  if (
    day === 0 ||
    day > 31 ||
    /^(?:percentile|of|delta|strike|resistance|support|level|one|quarter|half)$/.test(texts[at + lead + 1] ?? '')
  )
    return undefined;
  const [own, month] = [today(), today().slice(0, 8)];
  const days = (weekday === undefined ? [-1, 0, 1] : [-3, -2, -1, 0, 1, 2, 3])
    .map((step) => `${addMonths(`${month}01`, step).slice(0, 8)}${String(day).padStart(2, '0')}`)
    .filter((each) => isValidDate(each) && (weekday === undefined || weekdayOf(each) === weekday));
  const [past, next] = [days.findLast((each) => each <= own), days.find((each) => each >= own)];
  if (past === undefined && next === undefined) return undefined;
  return {
    is: 'date',
    length: lead + 1,
    ...(past === undefined ? {} : { range: past }),
    ...(next === undefined ? {} : { expiration: next }),
  };
}

const DAYS_IN: Readonly<Record<string, number>> = {
  ...{ d: 1, day: 1, days: 1, wk: 7, wks: 7, week: 7, weeks: 7, month: 30, months: 30, mo: 30, mos: 30 },
};
/** What makes a number of days one of the past, or of a figure. */
const OF_PAST = /^(?:last|past|since|previous|hv|iv|rsi|sma|ema|atr|over|in|rv)$/;
const OF_FIGURE =
  /^(?:ago|in|high|low|average|avg|rsi|sma|ema|ma|hv|line|return|returns|realized|realised|rv|window|volume|of|move|vol|volatility)$/;

/** How many of which unit: `45 days`, `30d`, `30 60 days`. */
interface Counted {
  first: string;
  second: string | undefined;
  unit: string;
  end: number;
}

function countedAt(texts: readonly string[], at: number): Counted | undefined {
  const [text = '', next = ''] = texts.slice(at, at + 2);
  const [, glued, ofGlued = ''] = /^(\d{1,3})(d|wks?|mos?)$/.exec(text) ?? [];
  if (glued !== undefined) return { first: glued, second: undefined, unit: ofGlued, end: at + 1 };
  if (!/^\d{1,3}$/.test(text)) return undefined;
  const second = /^\d{1,3}$/.test(next) ? next : undefined;
  const unitAt = at + (second === undefined ? 1 : 2);
  return { first: text, second, unit: texts[unitAt] ?? '', end: unitAt + 1 };
}

/** `45 days`, `2 weeks out`, `30d`, `30-60 days`: of options so far from now. */
function daysAheadAt({ texts, isOfOptions }: Place, at: number): FoundDate | undefined {
  const isOfIv = /^\d{1,3} (?:d|day|week|month) (?:iv|implied)(?= |$)/.test(texts.slice(at, at + 3).join(' '));
  if (!isOfOptions && !isOfIv) return undefined;
  const start = /^(?:in|next|the|about|around|roughly|for)$/.test(texts[at] ?? '') ? at + 1 : at;
  const counted = countedAt(texts, start);
  if (counted === undefined) return undefined;
  const { first, second, unit, end } = counted;
  const size = DAYS_IN[unit] ?? (unit === 'dte' && second !== undefined ? 1 : undefined);
  if (size === undefined) return undefined;
  const [next = '', now] = texts.slice(end, end + 2);
  const isOut = /^(?:out|away|ahead|exp|expiry|expiration|dte)$/.test(next);
  const out = isOut ? 1 : next === 'from' && now === 'now' ? 2 : 0;
  const isOther = OF_FIGURE.test(next) || texts.slice(Math.max(0, at - 2), at).some((word) => OF_PAST.test(word));
  if (out === 0 && isOther) return undefined;
  const days = (text: string): string => String(Number(text) * size);
  const expiration = second === undefined ? `${days(first)}dte` : `${days(first)}..${days(second)}dte`;
  return { is: 'date', expiration, length: end + out - at };
}

const END_AHEAD =
  /^(?:(?:by|at) )?(?:the )?(?:end of (?:the |this )?(week|month|year)|(week|month|year) end|eo([wmy]))(?= |$)/;

/** `tomorrow`, `next month`, `end of the month`: of options the day itself and the monthly. */
function nextAt(place: Place, at: number): FoundDate | undefined {
  const { texts, today, isOfOptions } = place;
  if (!isOfOptions) return undefined;
  const month = monthWordAt(place, at) ?? endAheadAt(place, at);
  if (month !== undefined) return month;
  const [all = '', what] =
    /^(?:(?:for|by|in) )?(tomorrow|next month)(?: exp| expiry| expiration)?(?= |$)/.exec(
      texts.slice(at, at + 4).join(' '),
    ) ?? [];
  if (what === undefined) return undefined;
  const next = addMonths(startOfMonth(today()), 1);
  const expiration =
    what === 'tomorrow' ? nextTradingDay(today()) : `${MONTH_NAMES[monthOf(next) - 1] ?? ''} ${String(yearOf(next))}`;
  return { is: 'date', expiration, length: taken(all) };
}

/** `SPY Mar`: a month that is a word or symbol too. */
function monthWordAt({ words, texts }: Place, at: number): FoundDate | undefined {
  const [month = '', next = ''] = texts.slice(at, at + 2);
  const isMonth = month === 'mar' ? words[at]?.isUpperCase === false : words[at]?.raw === 'May' && at > 0;
  if (!isMonth) return undefined;
  if (!/^\d/.test(next)) return { is: 'date', expiration: month, length: 1 };
  const year = yearNumber(next);
  return year === undefined ? undefined : { is: 'date', expiration: `${month} ${String(year)}`, length: 2 };
}

function endAheadAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const [all, full, short, letter] = END_AHEAD.exec(texts.slice(at, at + 6).join(' ')) ?? [];
  const unit = full ?? short ?? letter;
  if (all === undefined || unit === undefined) return undefined;
  const next = unit.startsWith('y') ? isoOf(yearOf(today()) + 1, 1, 1) : addMonths(startOfMonth(today()), 1);
  const end = unit.startsWith('w') ? addDays(startOfWeek(today()), 4) : addDays(next, -1);
  return { is: 'date', expiration: isTradingDay(end) ? end : previousTradingDay(end), length: taken(all) };
}

const MONTH_NAMES = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** `after this friday`, `before christmas`: of options the dates on that side of a day. */
function beyondAt(place: Place, at: number): FoundDate | undefined {
  const lead = /^(after|past|beyond|before)$/.exec(place.texts[at] ?? '')?.[1];
  if (lead === undefined || !place.texts.some((text) => /^(?:expir\w*|exps?|options?|weeklies|monthlies)$/.test(text)))
    return undefined;
  const found = dateAt(place, at + 1, 0);
  const day = found?.expiration === undefined ? undefined : dayMeant(found.expiration, place.today());
  if (found === undefined || day === undefined || !isValidDate(day)) return undefined;
  const days = daysBetween(place.today(), day);
  const expiration =
    lead === 'before' ? `0..${String(days - 1)}dte` : `${String(days + 1)}..${String(MOST_DAYS_AHEAD)}dte`;
  return { is: 'date', expiration, length: found.length + 1 };
}

const MOST_DAYS_AHEAD = 1500;

/** How a word of every date or period begins: the hundred readers are asked only where a digit or one of them is near. */
const STEMS_OF_DATES =
  'mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|today|yest|tom|tmrw|now|date|day|session|trading|week|wk|mo|quart|qtr|year|yr|fortnight|wtd|mtd|qtd|ytd|eow|eom|eoy|half|around|over|during|christmas|xmas|new|thanks|black|lab|memorial|indep|fourth|mlk|martin|good|pres|hallow|val|tax|elect|easter|spring|summer|autumn|fall|winter|expir|exp|opex|opx|nearest|closest|front|next|quad|tripl|trip|witch|santa';
/** What else a date or period begins with. */
const LEADS_OF_DATES =
  'the|a|an|of|in|on|at|by|for|from|since|between|until|till|til|to|through|after|before|past|beyond|over|during|within|across|throughout|about|around|roughly|this|that|last|latest|previous|prior|trailing|coming|upcoming|following|current|all|so|first|second|third|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty|ninety|couple|whole|entire|full|very|end|start|beginning|close|final|early|mid|late|middle|market|business|regular|calendar|st|dated';
const NEAR_DATE = new RegExp(String.raw`\d| (?:[dwmqyx] |${STEMS_OF_DATES})`);
const BEGINS_DATE = new RegExp(String.raw`^(?:\W?\w?\d|[dwmqyx]$|(?:${STEMS_OF_DATES})|(?:${LEADS_OF_DATES})$)`);
const MOST_WORDS_BEFORE = 8;

/** Whether a date or period may begin there; false is certain. */
export function isNearDate(texts: readonly string[], at: number): boolean {
  return BEGINS_DATE.test(texts[at] ?? '') && NEAR_DATE.test(` ${texts.slice(at, at + MOST_WORDS_BEFORE).join(' ')} `);
}

/** Days and periods that have a way of their own to be said, in the order in which they are asked. */
const READERS: readonly ((place: Place, at: number) => FoundDate | undefined)[] = [
  opexWeekAt,
  santaAt,
  namedExpirationAt,
  thirdFridayAt,
  nextAt,
  beyondAt,
  besideAt,
  spanOfNamedDays,
  untilDay,
  firstPartAt,
  holidayAt,
  sinceOtherDay,
  edgeDayAt,
  seasonAt,
  daysAheadAt,
  (place, at) => (weekdayNumber(place.texts[at]) === undefined ? undefined : dayOfMonthAt(place, at)),
];

export function dateAt(place: Place, at: number, phraseLength: number): FoundDate | undefined {
  if (!isNearDate(place.texts, at) || isOtherNearest(place, at)) return undefined;
  for (const read of READERS) {
    const found = read(place, at);
    if (found !== undefined) return found;
  }
  return phraseDateAt(place, at, phraseLength);
}

/** `which is closest`, `nearest three levels`, `nearest 0.3 delta`: of something else than expirations. */
function isOtherNearest({ texts, isOfOptions }: Place, at: number): boolean {
  const [near = '', next = ''] = texts.slice(texts[at] === 'the' ? at + 1 : at);
  if (near !== 'nearest' && near !== 'closest') return false;
  if (near === 'nearest' && isOfOptions) return /^0\.\d/.test(next);
  return !/^(?:exp|opt|date|fri|month|week|listed|contract)/.test(next);
}

/** What the grammars of ranges and of expirations have, the longer of the two. */
function phraseDateAt(place: Place, at: number, phraseLength: number): FoundDate | undefined {
  const { texts } = place;
  const range = matchRangePhrase(texts, at);
  const expiration = weekdayDateAt(place, at) ?? expirationAt(place, at);
  const length = Math.max(range?.length ?? 0, expiration?.length ?? 0);
  const own = ownPeriodAt(texts, at);
  if (own !== undefined && own.length > length) return own;
  if (length === 0) return compoundRangeAt(texts, at) ?? dayOfMonthAt(place, at) ?? yearAt(place, at);
  if (isNoDate(place, at, length, phraseLength)) return undefined;
  const found: FoundDate = { is: 'date', length };
  if (range?.length === length) found.range = withYears(range.phrase, place.today());
  if (expiration?.length === length && !isOfPast(place, at, found.range, expiration.phrase))
    found.expiration = expiration.phrase;
  const month = place.isOfOptions ? monthAhead(found.range, place.today()) : undefined;
  if (month !== undefined) found.expiration ??= month;
  const interval = intervalOf(found, texts[at]);
  return interval === undefined ? found : { ...found, interval };
}

/** "monthly" and "weekly" alone are the size of bars as well as expirations. */
const intervalOf = ({ expiration, length }: FoundDate, text = ''): PeriodWord | undefined =>
  (length === 1 ? INTERVALS[text] : undefined) ?? (expiration === 'weekly' ? 'week' : undefined);

/** `NOW` in capitals is a symbol; `3 days in a row` counts closes. */
function isNoDate({ words, texts }: Place, at: number, length: number, phraseLength: number): boolean {
  return (
    words.slice(at, at + length).some((word) => word.text === 'now' && word.isUpperCase) ||
    (phraseLength >= length && texts[at] === 'now') ||
    /^(?:in a row|straight|consecutive|running)/.test(texts.slice(at + length, at + length + 3).join(' '))
  );
}

/** `on nov 12` in December is the day that has passed, not one of next year. */
function isOfPast({ texts, today }: Place, at: number, range: string | undefined, expiration: string): boolean {
  const isOn = texts[at] === 'on' || texts[at - 1] === 'on';
  return isOn && range !== undefined && isFarOff(expiration, today());
}

/** `that expire in January`: of options a month that is nearer ahead than behind. */
function monthAhead(range: string | undefined, today: IsoDate): string | undefined {
  const month = /^(?:in )?([a-z]{3,9})$/.exec(range ?? '')?.[1];
  const number = monthNumber(month);
  return number !== undefined && (number - monthOf(today) + 12) % 12 < 7 ? month : undefined;
}

const FAR_OFF_DAYS = 300;

function isFarOff(date: string, today: IsoDate): boolean {
  const [, year, month] = /^(\d{4})-(\d\d)-\d\d$/.exec(date) ?? [];
  return (
    month !== undefined &&
    daysBetween(today, date) > FAR_OFF_DAYS &&
    date !== monthlyExpirationOf(Number(year), Number(month))
  );
}

/** `until the end of October`: up to a day, from where the turn before began. */
function untilDay(place: Place, at: number): FoundDate | undefined {
  const { texts, today } = place;
  if (!/^(?:until|till|til)$/.test(texts[at] ?? '') || place.isOfOptions) return undefined;
  const coming = countedUntil(place, at);
  if (coming !== undefined) return coming;
  const day = edgeDayAt({ ...place, texts: texts.map((text, index) => (index === at ? 'by' : text)) }, at);
  const match = day === undefined ? matchRangePhrase(texts, at + 1) : undefined;
  const bounds = match === undefined ? undefined : resolved(withYears(match.phrase, today()), today());
  const [to, length] = [day?.range ?? bounds?.to, day?.length ?? (match?.length ?? 0) + 1];
  return to === undefined || to > today() ? undefined : { is: 'date', range: `until ${to}`, length };
}

/** `trading days until christmas`; `until january`: to the last day before it. */
function countedUntil(place: Place, at: number): FoundDate | undefined {
  const { texts, today } = place;
  if (!texts.slice(0, at).some((text) => /^(?:days|sessions)$/.test(text))) return undefined;
  const holiday = holidayAt(place, at + 1);
  const other = holiday === undefined ? expirationAt(place, at + 1) : undefined;
  const expiration = holiday?.expiration ?? other?.phrase;
  const length = (holiday ?? other)?.length ?? 0;
  if (expiration === undefined) return undefined;
  const isMonth = monthNumber(expiration) !== undefined && monthNumber(texts[at + length]) !== undefined;
  const first = isMonth ? dayMeant(expiration, today())?.slice(0, 10) : undefined;
  return { is: 'date', expiration: first === undefined ? expiration : addDays(first, -1), length: length + 1 };
}

/** `from halloween to thanksgiving`, `between labor day and now`, `after 11/18`: named days as dates, read as a span. */
function spanOfNamedDays(place: Place, at: number): FoundDate | undefined {
  const { texts, today, isOfOptions } = place;
  const lead = texts[at] ?? '';
  const isAfter = lead === 'after' && !isOfOptions;
  // "oct 1 to halloween"
  const isBare = /^(?:to|through|thru|until)$/.test(texts[at + 2] ?? '') && monthNumber(lead) !== undefined;
  if (!isAfter && !isBare && !/^(?:since|from|between)$/.test(lead)) return undefined;
  const { dated, ends } = withNamedDays(place, isBare ? at : at + 1);
  const isSame = dated.every((word, index) => word === texts[(isBare ? at : at + 1) + index]);
  if (isSame && !isAfter) return undefined;
  const match = matchRangePhrase([isAfter ? 'since' : isBare ? 'from' : lead, ...dated], 0);
  const end = match === undefined ? undefined : ends[match.length - 1];
  if (match === undefined || end === undefined) return undefined;
  const range = withYears(match.phrase, today());
  return resolved(range, today()) === undefined ? undefined : { is: 'date', range, length: end - at };
}

/** The words from a place on, with dates for days that have names, and where each of them ends. */
function withNamedDays(place: Place, start: number): { dated: string[]; ends: number[] } {
  const { texts } = place;
  const dated: string[] = [];
  const ends = [start];
  for (let next = start; next < texts.length && ends.length < MOST_SPAN_WORDS;) {
    const skip = texts[next] === 'the' ? 1 : 0;
    const named = otherDayAt(place, next + skip) ?? namedHolidayAt(place, next + skip);
    dated.push(named?.past ?? texts[next] ?? '');
    next += named === undefined ? 1 : named.length + skip;
    ends.push(next);
  }
  return { dated, ends };
}

const MOST_SPAN_WORDS = 12;

function namedHolidayAt(place: Place, at: number): NamedDay | undefined {
  if (/^(?:on|for|the|before|by|since)$/.test(place.texts[at] ?? '')) return undefined;
  const holiday = holidayAt(place, at);
  return holiday?.range === undefined || holiday.expiration === undefined
    ? undefined
    : { past: holiday.range, next: holiday.expiration, length: holiday.length };
}

/** `since halloween`, `since the weekend`, `on election day`. */
function sinceOtherDay(place: Place, at: number): FoundDate | undefined {
  const lead = /^(?:since|on|for|before|by)$/.test(place.texts[at] ?? '') ? 1 : 0;
  const day = otherDayAt(place, at + lead);
  if (day === undefined) return undefined;
  const length = lead + day.length;
  return place.texts[at] === 'since'
    ? { is: 'date', range: `since ${day.past}`, length }
    : { is: 'date', range: day.past, expiration: day.next, length };
}

/** `worst week of 2026`, `2025`: a year where no strike or price can be meant. */
function yearAt({ texts, today, isOfOptions }: Place, at: number): FoundDate | undefined {
  const lead = /^(?:of|for|in|full|year)$/.test(texts[at] ?? '') ? 1 : 0;
  const year = yearNumber(texts[at + lead]);
  const [before = '', after = ''] = [texts[at - 1], texts[at + lead + 1]];
  const isPrice =
    /^(?:above|below|over|under|at|to|from|than|least|most|strike|target|hit|reach|dollars?)$/.test(before) ||
    /^(?:dollars?|strike|calls?|puts?|shares?|points?|[cp])$/.test(after);
  if (year === undefined || year < 2000 || year > yearOf(today()) || isPrice || isOfOptions) return undefined;
  const isFull = after === 'full' || after === 'year' ? (texts[at + lead + 2] === 'year' ? 2 : 1) : 0;
  return { is: 'date', range: String(year), length: lead + 1 + isFull };
}

/** A leap day is at most eight years away. */
const MOST_YEARS = 8;

/** The last day of that month and day, or the next one. */
function dateNear(month: number, day: number, today: IsoDate, step: 1 | -1): IsoDate | undefined {
  const dates = Array.from({ length: MOST_YEARS + 1 }, (_, years) => isoOf(yearOf(today) + step * years, month, day));
  return dates.find((date) => isValidDate(date) && (step < 0 ? date <= today : date >= today));
}

/** Days without a year as dates, so that they stay the same tomorrow; not beside a year that they share. */
function withYears(phrase: string, today: IsoDate): string {
  const words = phrase.split(' ');
  if (words[0] === 'today' || words.some((word) => /^\d{4}(?:-|$)|\/\d{4}$/.test(word))) return phrase;
  const dated: string[] = [];
  for (let at = 0; at < words.length;) {
    const day = matchMonthDay(words, at);
    const date = day === undefined ? undefined : dateNear(day.month, day.day, today, -1);
    dated.push(date ?? words[at] ?? '');
    at += date === undefined ? 1 : (day?.length ?? 1);
  }
  return dated.join(' ');
}

/** Where a date without a year begins within so many words, it is the next such day. */
const MOST_EXPIRATION_LEADS = 3;

function expirationAt({ texts, today }: Place, at: number): { phrase: string; length: number } | undefined {
  for (let lead = 0; lead <= MOST_EXPIRATION_LEADS; lead++) {
    const day = matchMonthDay(texts, at + lead);
    const date = day === undefined ? undefined : dateNear(day.month, day.day, today(), 1);
    if (day === undefined || date === undefined) continue;
    const match = matchExpirationPhrase(
      [...texts.slice(at, at + lead), date, ...texts.slice(at + lead + day.length)],
      0,
    );
    return match === undefined || match.length <= lead ? match : { ...match, length: match.length + day.length - 1 };
  }
  return matchExpirationPhrase(texts, at);
}

/** `monday dec 7`, `on friday, 4 dec`: the date, whose weekday is no other one. */
function weekdayDateAt(place: Place, at: number): { phrase: string; length: number } | undefined {
  const lead = /^(?:on|for)$/.test(place.texts[at] ?? '') ? 2 : 1;
  if (weekdayNumber(place.texts[at + lead - 1]) === undefined || !matchMonthDay(place.texts, at + lead))
    return undefined;
  const date = expirationAt(place, at + lead);
  return date && { ...date, length: date.length + lead };
}

/** `20 day` alone is an average rather than a span. */
const isAverage = (days: number): boolean => days >= 20 && KNOWN_AVERAGES.has(days);

/** `6 month chart`, `5-day performance`: a span in the singular, which counts only before such a word. */
function compoundRangeAt(texts: readonly string[], at: number): FoundDate | undefined {
  const start = /^(?:a|the|over)$/.test(texts[at] ?? '') ? at + 1 : at;
  const [number = '', short = ''] = texts.slice(start, start + 2);
  const [, glued, letters] = /^(\d{1,3})(mo|yr|wk)$/.exec(number) ?? [];
  const end = start + (letters === undefined ? 2 : 1);
  const count = countOf(glued ?? number);
  const unit = COMPOUND_UNITS[letters ?? short];
  if (count === undefined || unit === undefined || !isSpanBefore(texts, { count, unit, end, isFirst: at === 0 }))
    return undefined;
  const range = unit === 'day' ? `last ${count} trading days` : `past ${count} ${unit}${count === 1 ? '' : 's'}`;
  return { is: 'date', range, length: end - at };
}

interface Span {
  count: number;
  unit: string;
  end: number;
  /** Nothing stands before it. */
  isFirst: boolean;
}

function isSpanBefore(texts: readonly string[], span: Span): boolean {
  const { count, unit, end } = span;
  const next = texts[end] ?? '';
  const rest = texts.slice(end).join(' ');
  // "the 52 week high" is a figure of its own.
  if (count === 52 && unit === 'week') return false;
  // "the 20 day average of cat": a figure, where one of volume or range is over so many days.
  const isOfPrice =
    next === 'average' && !/\b(?:vol(?:ume)?|range|moves?|returns?|change|gain|swing|true|daily)\b/.test(rest);
  if (isOfPrice && unit === 'day' && isAverage(count)) return false;
  return COMPOUND_HEAD.test(next) || COMPOUND_LIST.test(rest) || isSpanAlone(next, span);
}

/** `spy 6 month, and qqq` */
function isSpanAlone(next: string, { count, unit, isFirst }: Span): boolean {
  if (!/^(?:|,|and|n|or|\/|&|then|now|vs|total|please|to date)$/.test(next)) return false;
  if (unit === 'day') return !isFirst && count > 1 && !isAverage(count);
  return unit !== 'week' || count <= 26;
}

/** What has dates to come. */
export const OF_DATES = /^(?:earnings?|reports?|reporting|dividends?|divs?|payouts?|ex|xd|exdiv|er)$/;

type AroundDate = { length: number } & (
  { is: 'filler' } | { is: 'date'; range: string; expiration: string } | { is: 'relation'; operator: '<' | '<=' | '>' }
);

/** Of a question about them: `reports before the 18th`, `ex-dividend on or before opex`, `tonight`, `coming up`. */
export function aroundDateAt(place: Place, at: number): AroundDate | undefined {
  const text = place.texts.slice(at, at + 7).join(' ');
  if (/^past\b/.test(text) && dateAt(place, at, 0) !== undefined) return undefined;
  if (/^coming up\b/.test(text)) return { is: 'filler', length: 2 };
  if (/^tonight\b/.test(text)) return { is: 'date', range: 'today', expiration: 'today', length: 1 };
  const [words = ''] =
    /^(?:(?:on or )?before(?: or after)?|by|until|till|til|prior to|ahead of|after|past)(?: (?:(?:my|the|its|those) )?(?:(?:calls?|puts?|options?|contracts?) expires?|expir\w+)(?: on| in)?)?(?: |$)/.exec(
      text,
    ) ?? [];
  const length = taken(words);
  const isThe = /^(?:the|its|my)$/.test(place.texts[at + length] ?? '') ? 1 : 0;
  if (words === '' || ![length, length + isThe].some((step) => dateAt(place, at + step, 0) !== undefined))
    return undefined;
  return {
    is: 'relation',
    operator: /^(?:after|past)/.test(words) ? '>' : /^(?:before|prior|ahead)/.test(words) ? '<' : '<=',
    length,
  };
}
