// Hides how people name days and periods in a question: holidays, seasons, halves, the day before something, bare months
// and spans in the singular, each in the readings that it has: bars of the past, an expiration to come, or either.
import {
  easterOf,
  electionDay,
  holidayName,
  isTradingDay,
  monthlyExpirationOf,
  nextTradingDay,
  previousTradingDay,
  santaRally,
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
import { MONTHS, type Word } from './lexer.ts';
import type { PeriodWord } from './tokens.ts';
import { KNOWN_AVERAGES } from './vocabulary.ts';

export interface FoundDate {
  is: 'date';
  range?: string;
  expiration?: string;
  interval?: PeriodWord;
  length: number;
}

interface Place {
  words: readonly Word[];
  texts: readonly string[];
  today(): IsoDate;
  /** The question is about options, whose dates are to come. */
  isOfOptions: boolean;
}

const INTERVALS: Readonly<Record<string, PeriodWord>> = {
  quarterly: 'quarter',
  quarterlies: 'quarter',
  monthly: 'month',
  weekly: 'week',
  monthlies: 'month',
  weeklies: 'week',
};
const COMPOUND_HEAD =
  /^(?:performance|perf|chart|charts|history|return|returns|bars|candles|change|gain|high|highs|low|lows|range|average|moves?|window|period|stretch|span|lookback|vol|volume)$/;
/** `5 day, 20 day and 60 day returns`: each of the list. */
const COMPOUND_LIST =
  /^(?:(?:,|and|, and|\/|&) \d{1,3} (?:day|week|month|year|wk|mo|yr) )+(?:performance|perf|returns?|change|changes|gains?|moves?)(?= |$)/;
const COMPOUND_UNITS: Readonly<Record<string, string>> = {
  wk: 'week',
  mo: 'month',
  yr: 'year',
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'year',
};
const OPEX = /^(?:the )?(?:next )?(?:opex|opx)(?= |$)/;
const WITCHING = /^(?:the )?(?:next )?(?:quad|quadruple|triple|trip) witching(?: day| friday)?(?= |$)/;

/** The monthly expiration that ends a quarter: on it futures expire, too. */
function quarterlyDay(today: IsoDate): IsoDate {
  const months = Array.from({ length: 6 }, (_, index) => addMonths(startOfMonth(today), index));
  const days = months
    .filter((first) => monthOf(first) % 3 === 0)
    .map((first) => monthlyExpirationOf(yearOf(first), monthOf(first)));
  return days.find((day) => day >= today) ?? today;
}

const OPEX_WEEK = new RegExp(
  String.raw`^(?:(?:in|for|over|during|of) )?(?:the )?(?:(last|this|next) )?(?:((?:${MONTHS})[a-z]*) )?(?:monthly )?(?:opex|opx|(?:options? )?(?:expiration|expiry|exp)) (?:week|wk)(?: (?:of|in) ((?:${MONTHS})[a-z]*))?(?= |$)`,
);

/** `october expiration week`: from Monday to the day on which the month's options expire, of a month that has passed. */
function opexWeekAt({ texts, today, isOfOptions }: Place, at: number): FoundDate | undefined {
  const match = OPEX_WEEK.exec(texts.slice(at, at + 9).join(' '));
  if (match === null) return undefined;
  const month = monthNumber(match[2] ?? match[3]);
  const recent = Array.from({ length: 14 }, (_, index) => addMonths(startOfMonth(today()), -index));
  const own = recent
    .filter((first) => month === undefined || monthOf(first) === month)
    .map((first) => monthlyExpirationOf(yearOf(first), monthOf(first)));
  const isPast = (day: IsoDate): boolean =>
    match[1] === 'last' ? day < startOfWeek(today()) : startOfWeek(day) <= today();
  const day = own.find(isPast);
  if (day === undefined || match[1] === 'next') return undefined;
  const to = day < today() ? day : today();
  return {
    is: 'date',
    range: `${startOfWeek(day)} to ${to}`,
    ...(isOfOptions ? { expiration: 'monthly' } : {}),
    length: match[0].split(' ').length,
  };
}

const FRONT = /^(?:the )?front (month|monthly|week|weekly|expiry|expiration)(?= |$)/;
/** Days that people call by name, for the calendar's own names of holidays. */
const HOLIDAYS: readonly (readonly [words: RegExp, holiday: string, daysAfter: number])[] = [
  [/^(?:christmas|xmas|x mas) eve(?: day)?(?= |$)/, 'christmas', -1],
  [/^(?:christmas|xmas|x mas)(?: day)?(?= |$)/, 'christmas', 0],
  [/^new years? eve(?= |$)/, 'new year', -1],
  [/^new years?(?: day)?(?= |$)(?! york| high| low)/, 'new year', 0],
  [/^day after thanksgiving(?= |$)|^black friday(?= |$)/, 'thanksgiving', 1],
  [/^thanksgiving(?: day)?(?= |$)/, 'thanksgiving', 0],
  [/^(?:labor|labour) day(?= |$)/, 'labor', 0],
  [/^memorial day(?= |$)/, 'memorial', 0],
  [/^(?:independence day|july 4th|4th of july|july fourth|fourth of july)(?= |$)/, 'independence', 0],
  [/^mlk(?: day)?(?= |$)|^martin luther king(?: jr)?(?: day)?(?= |$)/, 'luther', 0],
  [/^juneteenth(?= |$)/, 'juneteenth', 0],
  [/^good friday(?= |$)/, 'good friday', 0],
  [/^presidents day(?= |$)/, 'washington', 0],
];

/** Days that the exchange's calendar does not know, by their dates. */
const OTHER_DAYS: readonly (readonly [words: RegExp, dateIn: (year: number) => IsoDate])[] = [
  [/^halloween(?= |$)/, (year) => isoOf(year, 10, 31)],
  [/^(?:st )?valentines?(?: day)?(?= |$)/, (year) => isoOf(year, 2, 14)],
  [/^tax day(?= |$)/, (year) => isoOf(year, 4, 15)],
  [/^(?:the )?(?:presidential )?elections?(?: day)?(?= |$)/, (year) => electionDay(year - (year % 2))],
  [/^easter(?: sunday)?(?= |$)/, (year) => easterOf(year)],
  [/^veterans? day(?= |$)/, (year) => isoOf(year, 11, 11)],
  [/^(?:columbus|indigenous peoples?) day(?= |$)/, (year) => startOfWeek(isoOf(year, 10, 14))],
];

interface NamedDay {
  past: IsoDate;
  next: IsoDate;
  length: number;
  /** Its article is among the words. */
  hasArticle?: true;
}

function otherDayAt({ texts, today }: Place, at: number): NamedDay | undefined {
  const [weekend] = /^(?:the |last )?weekend(?= |$)/.exec(texts.slice(at, at + 2).join(' ')) ?? [];
  const saturday = addDays(startOfWeek(today()), -2);
  if (weekend !== undefined && texts[at - 1] === 'since')
    return { past: saturday, next: saturday, length: weekend.split(' ').length };
  const text = texts.slice(at, at + 4).join(' ');
  for (const [words, dateIn] of OTHER_DAYS) {
    const match = words.exec(text);
    if (match === null) continue;
    const length = match[0].split(' ').length;
    const yearAt = /^(?:of|in)$/.test(texts[at + length] ?? '') ? at + length + 1 : at + length;
    const year = yearNumber(texts[yearAt]);
    if (year !== undefined) return { past: dateIn(year), next: dateIn(year), length: yearAt + 1 - at };
    const own = yearOf(today());
    const dates = [own - 2, own - 1, own, own + 1, own + 2].map(dateIn).sort();
    const past = dates.findLast((date) => date <= today());
    const next = dates.find((date) => date > today());
    return past === undefined || next === undefined ? undefined : { past, next, length };
  }
  return undefined;
}

const SEASONS: readonly (readonly [words: RegExp, month: number])[] = [
  [/^spring$/, 3],
  [/^summer$/, 6],
  [/^(?:autumn|fall)$/, 9],
  [/^winter$/, 12],
];

/** `this autumn`, `spring of 2022`, `since summer`, `first half of 2026`, `h2`; the latest that has begun. */
function seasonAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const isSince = texts[at] === 'since';
  const lead = /^(?:(?:since|in|over|during|for|of|from) )?(?:(?:the|this|last|past) )?/.exec(
    texts.slice(at, at + 2).join(' '),
  );
  const start = at + (lead?.[0].trim().split(' ').filter(Boolean).length ?? 0);
  const word = texts[start] ?? '';
  const season = SEASONS.find(([words]) => words.test(word));
  const half = season === undefined ? halfAt(texts, start) : undefined;
  if (season === undefined && half === undefined) return undefined;
  if (word === 'fall' && start === at) return undefined;
  const [month, months, end] =
    season === undefined ? [half?.month ?? 1, half?.months ?? 6, half?.end ?? start] : [season[1], 3, start + 1];
  const yearAt = /^(?:of|in)$/.test(texts[end] ?? '') ? end + 1 : end;
  const year = yearNumber(texts[yearAt]);
  const ofYear = /^(?:of )?(?:the|this) year(?= |$)/.exec(texts.slice(end, end + 3).join(' '));
  const startIn = (one: number): IsoDate => isoOf(one, month, 1);
  const own = yearOf(today());
  const from = startIn(year ?? (startIn(own) <= today() ? own : own - 1));
  const to = addDays(addMonths(from, months), -1);
  const range = isSince ? `since ${from}` : `${from} to ${to < today() ? to : today()}`;
  const length = (year === undefined ? end + (ofYear?.[0].split(' ').length ?? 0) : yearAt + 1) - at;
  return { is: 'date', range, length };
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

function santaAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const length = /^(?:the )?santa(?: claus)? rally\b/.exec(texts.slice(at).join(' '))?.[0].split(' ').length ?? 0;
  return length > 0 ? { is: 'date', range: santaRally(today()), length } : undefined;
}

const OF_EXCHANGE = /^(?:markets?|mkts?|exchanges?|nyse|nasdaq|closed|holidays?|hours|session)$/;

/** `the day before the election`, `the week before thanksgiving`, `the wednesday before that holiday`. */
function besideAt(place: Place, at: number): FoundDate | undefined {
  const { texts, today } = place;
  const isSince = texts[at] === 'since';
  const start =
    at +
    (/^(?:since|on|in|for)$/.test(texts[at] ?? '') ? 1 : 0) +
    (texts[at + (/^(?:since|on|in|for)$/.test(texts[at] ?? '') ? 1 : 0)] === 'the' ? 1 : 0);
  const unit = texts[start] ?? '';
  const side = texts[start + 1];
  const weekday = weekdayNumber(unit);
  if (!/^(?:day|session|week)$/.test(unit) && weekday === undefined) return undefined;
  if (side !== 'before' && side !== 'after' && side !== 'of') return undefined;
  if (side === 'of' && unit !== 'week') return undefined;
  const named =
    otherDayAt(place, texts[start + 2] === 'the' ? start + 3 : start + 2) ?? holidayBeside(place, start + 2);
  if (named === undefined) return undefined;
  const base = named.past;
  // "is the market open the day after christmas": that day, whether or not it trades.
  const isOfCalendar = texts.some((text) => OF_EXCHANGE.test(text));
  const end = start + 2 + named.length + (texts[start + 2] === 'the' && named.hasArticle !== true ? 1 : 0);
  const length = end - at;
  const of = (date: IsoDate): FoundDate => ({ is: 'date', range: isSince ? `since ${date}` : date, length });
  if (unit === 'week') {
    const away = side === 'before' ? -7 : side === 'after' ? 7 : 0;
    const monday = addDays(startOfWeek(base), away);
    const friday = addDays(monday, 4);
    const next = weeklyExpirationOf(addDays(named.next, away));
    return monday > today()
      ? undefined
      : { is: 'date', range: `${monday} to ${friday < today() ? friday : today()}`, expiration: next, length };
  }
  const step = side === 'before' ? -1 : 1;
  const besideOf = (from: IsoDate): IsoDate => {
    if (weekday !== undefined) return addDays(from, step * ((((weekday - weekdayOf(from)) * step + 6) % 7) + 1));
    if (isOfCalendar && unit === 'day') return addDays(from, step);
    return step < 0 ? previousTradingDay(from) : nextTradingDay(from);
  };
  const isToCome = !isSince && (weekday === undefined || isOfCalendar);
  return { ...of(besideOf(base)), ...(isToCome ? { expiration: besideOf(named.next) } : {}) };
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
  const lead = edge[0].trim().split(' ').length;
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
  const end = at + match[0].trim().split(' ').length;
  const yearAt = /^(?:of|in)$/.test(texts[end] ?? '') ? end + 1 : end;
  const named = yearNumber(texts[yearAt]);
  const months = (countOf(match[1]) ?? 1) * (match[2] === 'quarters' ? 3 : 1);
  const from = isoOf(named ?? yearOf(today()), 1, 1);
  const to = addDays(addMonths(from, months), -1);
  const range = `${from} to ${to < today() ? to : today()}`;
  return { is: 'date', range, length: (named === undefined ? end : yearAt + 1) - at };
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
    if (match !== null) return { is: 'date', range, length: match[0].split(' ').length };
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

const OF_COMING =
  /^(?:earnings?|reports?|reporting|dividends?|divs?|ex|pays?|move|market|open|closed?|holidays?|sessions?|days|trading)$/;

/** A holiday by its name, the last one or the next. */
function holidayAt({ texts, today, isOfOptions }: Place, at: number): FoundDate | undefined {
  // "in november before thanksgiving": no day of bars.
  const hasDatesToCome = isOfOptions || texts.some((text) => OF_COMING.test(text));
  if (texts[at] === 'before' && !hasDatesToCome) return undefined;
  const since = /^(?:since|on|for|the|before|by|around|over|during)$/.test(texts[at] ?? '') ? 1 : 0;
  const text = texts.slice(at + since, at + since + 4).join(' ');
  for (const [words, holiday, after] of HOLIDAYS) {
    const match = words.exec(text);
    if (match === null) continue;
    const day = (step: 1 | -1): IsoDate | undefined => {
      const days = Array.from({ length: 370 }, (_, index) => addDays(today(), step * index));
      const found = days.find((date) => holidayName(date)?.toLowerCase().includes(holiday) === true);
      return found === undefined ? undefined : addDays(found, after);
    };
    const [past, next] = [day(-1), day(1)];
    if (past === undefined || next === undefined) return undefined;
    const length = since + match[0].split(' ').length;
    // "thanksgiving week": all of it.
    if (/^(?:week|wk)$/.test(texts[at + length] ?? '') && since === 0)
      return { is: 'date', range: `week of ${past}`, expiration: weeklyExpirationOf(next), length: length + 1 };
    const range = texts[at] === 'since' ? `since ${past}` : past;
    return { is: 'date', range, expiration: next, length };
  }
  return undefined;
}

const DAYS_IN: Readonly<Record<string, number>> = {
  ...{ d: 1, day: 1, days: 1, wk: 7, wks: 7, week: 7, weeks: 7, month: 30, months: 30, mo: 30, mos: 30 },
};
/** What makes a number of days one of the past, or of a figure. */
const OF_PAST = /^(?:last|past|since|previous|hv|iv|rsi|sma|ema|atr|over|in|rv)$/;
const OF_FIGURE =
  /^(?:ago|in|high|low|average|avg|rsi|sma|ema|ma|hv|line|return|returns|realized|realised|rv|window|volume|of|move|vol|volatility)$/;

/** `45 days`, `2 weeks out`, `30d`, `30-60 days`: of options so far from now. */
function daysAheadAt({ texts, isOfOptions }: Place, at: number): FoundDate | undefined {
  const isOfIv = /^\d{1,3} (?:d|day|week|month) (?:iv|implied)(?= |$)/.test(texts.slice(at, at + 3).join(' '));
  if (!isOfOptions && !isOfIv) return undefined;
  const start = /^(?:in|next|the|about|around|roughly|for)$/.test(texts[at] ?? '') ? at + 1 : at;
  const [, glued, gluedUnit = ''] = /^(\d{1,3})(d|wks?|mos?)$/.exec(texts[start] ?? '') ?? [];
  const first = glued ?? /^\d{1,3}$/.exec(texts[start] ?? '')?.[0];
  if (first === undefined) return undefined;
  const second = glued === undefined ? /^\d{1,3}$/.exec(texts[start + 1] ?? '')?.[0] : undefined;
  const unitAt = start + (second === undefined ? 1 : 2);
  const unit = glued === undefined ? (texts[unitAt] ?? '') : gluedUnit;
  const size = DAYS_IN[unit] ?? (unit === 'dte' && second !== undefined ? 1 : undefined);
  if (size === undefined) return undefined;
  const end = glued === undefined ? unitAt + 1 : start + 1;
  const out = /^(?:out|away|ahead|exp|expiry|expiration|dte)$/.test(texts[end] ?? '')
    ? 1
    : texts[end] === 'from' && texts[end + 1] === 'now'
      ? 2
      : 0;
  const isOther =
    OF_FIGURE.test(texts[end] ?? '') || texts.slice(Math.max(0, at - 2), at).some((word) => OF_PAST.test(word));
  if (out === 0 && (isOther || (start === at && texts[at - 1] !== undefined && texts[at] === 'in'))) return undefined;
  const days = (text: string): string => String(Number(text) * size);
  const phrase = second === undefined ? `${days(first)}dte` : `${days(first)}..${days(second)}dte`;
  return { is: 'date', expiration: phrase, length: end + out - at };
}

const END_AHEAD =
  /^(?:(?:by|at) )?(?:the )?(?:end of (?:the |this )?(week|month|year)|(week|month|year) end|eo([wmy]))(?= |$)/;

/** `tomorrow`, `next month`, `end of the month`: of options the day itself and the monthly. */
function nextAt({ words, texts, today, isOfOptions }: Place, at: number): FoundDate | undefined {
  if (!isOfOptions) return undefined;
  // "SPY Mar": a month that is a word or symbol too.
  const isMonth = texts[at] === 'mar' ? words[at]?.isUpperCase === false : words[at]?.raw === 'May' && at > 0;
  const after = yearNumber(texts[at + 1]);
  if (isMonth && !/^\d/.test(texts[at + 1] ?? '')) return { is: 'date', expiration: texts[at] ?? '', length: 1 };
  if (isMonth && after !== undefined)
    return { is: 'date', expiration: `${texts[at] ?? ''} ${String(after)}`, length: 2 };
  const edge = END_AHEAD.exec(texts.slice(at, at + 6).join(' '));
  if (edge !== null) {
    const unit = edge[1] ?? edge[2] ?? edge[3] ?? '';
    const friday = addDays(startOfWeek(today()), 4);
    const first = unit.startsWith('y')
      ? `${String(yearOf(today()) + 1)}-01-01`
      : addMonths(`${today().slice(0, 8)}01`, 1);
    const end = unit.startsWith('w') ? friday : addDays(first, -1);
    const expiration = isTradingDay(end) ? end : previousTradingDay(end);
    return { is: 'date', expiration, length: edge[0].split(' ').length };
  }
  const [all = '', , what] =
    /^((?:for |by |in )?)(tomorrow|next month)(?: exp| expiry| expiration)?(?= |$)/.exec(
      texts.slice(at, at + 4).join(' '),
    ) ?? [];
  if (what === undefined) return undefined;
  const { length } = all.split(' ');
  const [year = '', month] = addMonths(`${today().slice(0, 8)}01`, 1).split('-');
  return what === 'tomorrow'
    ? { is: 'date', expiration: nextTradingDay(today()), length }
    : { is: 'date', expiration: `${MONTH_NAMES[Number(month) - 1] ?? ''} ${year}`, length };
}

const MONTH_NAMES = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

const THIRD_FRIDAY = new RegExp(
  String.raw`^(?:(?:on|for|in) )?(?:the )?(?:third|3rd) (?:fri|friday)(?: (?:of|in))?(?: ((?:${MONTHS})[a-z]*))?(?= |$)`,
);

/** `third friday of january`: its monthly expiration. */
function thirdFridayAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const [all, named] = THIRD_FRIDAY.exec(texts.slice(at, at + 7).join(' ')) ?? [];
  if (all === undefined) return undefined;
  const length = all.trim().split(' ').length;
  const month = monthNumber(named) ?? monthOf(today());
  const day = (year: number): IsoDate => monthlyExpirationOf(year, month);
  const own = yearOf(today());
  const past = day(own) <= today() ? day(own) : day(own - 1);
  if (named === undefined) return { is: 'date', expiration: 'monthly', length };
  return { is: 'date', range: past, expiration: day(own) >= today() ? day(own) : day(own + 1), length };
}

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

const ofFront = (unit = ''): string => (unit.startsWith('month') ? 'monthly' : 'nearest');

export function dateAt(place: Place, at: number, phraseLength: number): FoundDate | undefined {
  const { texts, words } = place;
  if (!isNearDate(texts, at)) return undefined;
  // "which is closest", "nearest three levels": of something else than expirations.
  const near = texts[at] === 'the' ? at + 1 : at;
  const isNearest = texts[near] === 'closest' || (texts[near] === 'nearest' && !place.isOfOptions);
  if (isNearest && !/^(?:exp|opt|date|fri|month|week|listed|contract)/.test(texts[near + 1] ?? '')) return undefined;
  if (texts[near] === 'nearest' && /^0\.\d/.test(texts[near + 1] ?? '')) return undefined;
  const ofOpex = opexWeekAt(place, at) ?? santaAt(place, at);
  if (ofOpex !== undefined) return ofOpex;
  const [opex] = OPEX.exec(texts.slice(at, at + 3).join(' ')) ?? [];
  if (opex !== undefined) return { is: 'date', expiration: 'monthly', length: opex.split(' ').length };
  const [witching] = WITCHING.exec(texts.slice(at, at + 5).join(' ')) ?? [];
  if (witching !== undefined)
    return { is: 'date', expiration: quarterlyDay(place.today()), length: witching.split(' ').length };
  const front = FRONT.exec(texts.slice(at, at + 3).join(' '));
  if (front !== null) return { is: 'date', expiration: ofFront(front[1]), length: front[0].split(' ').length };
  const next = thirdFridayAt(place, at) ?? nextAt(place, at) ?? beyondAt(place, at);
  if (next !== undefined) return next;
  const named =
    besideAt(place, at) ??
    spanOfNamedDays(place, at) ??
    untilDay(place, at) ??
    firstPartAt(place, at) ??
    holidayAt(place, at) ??
    sinceOtherDay(place, at) ??
    edgeDayAt(place, at) ??
    seasonAt(place, at);
  if (named !== undefined) return named;
  const ahead =
    daysAheadAt(place, at) ?? (weekdayNumber(texts[at]) === undefined ? undefined : dayOfMonthAt(place, at));
  if (ahead !== undefined) return ahead;
  const range = matchRangePhrase(texts, at);
  const expiration = weekdayDateAt(place, at) ?? expirationAt(place, at);
  const length = Math.max(range?.length ?? 0, expiration?.length ?? 0);
  const own = ownPeriodAt(texts, at);
  if (own !== undefined && own.length > length) return own;
  if (length === 0) return compoundRangeAt(texts, at) ?? dayOfMonthAt(place, at) ?? yearAt(place, at);
  if (words.slice(at, at + length).some((word) => word.text === 'now' && word.isUpperCase)) return undefined;
  if (phraseLength >= length && texts[at] === 'now') return undefined;
  // "3 days in a row" counts closes.
  if (/^(?:in a row|straight|consecutive|running)/.test(texts.slice(at + length, at + length + 3).join(' ')))
    return undefined;
  const found: FoundDate = { is: 'date', length };
  if (range?.length === length) found.range = withYears(range.phrase, place.today());
  // "on nov 12" in December is the day that has passed, not one of next year.
  const isOn = texts[at] === 'on' || texts[at - 1] === 'on';
  const isFar = isOn && found.range !== undefined && isFarOff(expiration?.phrase ?? '', place.today());
  if (expiration?.length === length && !isFar) found.expiration = expiration.phrase;
  // "that expire in January": of options a month that is nearer ahead than behind.
  const month = place.isOfOptions ? /^(?:in )?([a-z]{3,9})$/.exec(found.range ?? '')?.[1] : undefined;
  const monthsAhead = ((monthNumber(month) ?? 0) - Number(place.today().slice(5, 7)) + 12) % 12;
  if (month !== undefined && monthNumber(month) !== undefined && monthsAhead < 7) found.expiration ??= month;
  // "monthly" and "weekly" alone are the size of bars as well as expirations.
  const interval =
    INTERVALS[length === 1 ? (texts[at] ?? '') : ''] ?? (found.expiration === 'weekly' ? 'week' : undefined);
  if (interval !== undefined) found.interval = interval;
  return found;
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

function expirationAfter(place: Place, at: number): { expiration: string; length: number } | undefined {
  const found = expirationAt(place, at);
  return found === undefined ? undefined : { expiration: found.phrase, length: found.length };
}

/** `until the end of October`: up to a day, from where the turn before began. */
function untilDay(place: Place, at: number): FoundDate | undefined {
  const lead = /^(?:until|till|til)$/.test(place.texts[at] ?? '') ? 1 : 0;
  if (lead === 0 || place.isOfOptions) return undefined;
  // "trading days until christmas"
  const isCounted = place.texts.slice(0, at).some((text) => /^(?:days|sessions)$/.test(text));
  const coming = isCounted ? (holidayAt(place, at + 1) ?? expirationAfter(place, at + 1)) : undefined;
  if (coming?.expiration !== undefined) {
    // "until january": the last day before it.
    const isMonth =
      monthNumber(coming.expiration) !== undefined && monthNumber(place.texts[at + coming.length]) !== undefined;
    const first = isMonth ? dayMeant(coming.expiration, place.today())?.slice(0, 10) : undefined;
    const expiration = first === undefined ? coming.expiration : addDays(first, -1);
    return { is: 'date', expiration, length: coming.length + 1 };
  }
  const day =
    edgeDayAt({ ...place, texts: place.texts.map((text, index) => (index === at ? 'by' : text)) }, at) ?? undefined;
  const match = day === undefined ? matchRangePhrase(place.texts, at + 1) : undefined;
  const bounds = match === undefined ? undefined : resolved(withYears(match.phrase, place.today()), place.today());
  const [to, length] = [day?.range ?? bounds?.to, day?.length ?? (match?.length ?? 0) + 1];
  return to === undefined || to > place.today() ? undefined : { is: 'date', range: `until ${to}`, length };
}

/** `from halloween to thanksgiving`, `between labor day and now`, `after 11/18`: named days as dates, read as a span. */
function spanOfNamedDays(place: Place, at: number): FoundDate | undefined {
  const { texts, today, isOfOptions } = place;
  const lead = texts[at] ?? '';
  const isAfter = lead === 'after' && !isOfOptions;
  const isLed = isAfter || /^(?:since|from|between)$/.test(lead);
  // "oct 1 to halloween"
  const isBare = !isLed && /^(?:to|through|thru|until)$/.test(texts[at + 2] ?? '') && monthNumber(lead) !== undefined;
  if (!isLed && !isBare) return undefined;
  const start = isBare ? at : at + 1;
  const dated: string[] = [isAfter ? 'since' : isBare ? 'from' : lead];
  const ends: number[] = [start];
  for (let next = start; next < texts.length && dated.length < MOST_SPAN_WORDS;) {
    const skip = texts[next] === 'the' ? 1 : 0;
    const named = otherDayAt(place, next + skip) ?? namedHolidayAt(place, next + skip);
    dated.push(named?.past ?? texts[next] ?? '');
    next += named === undefined ? 1 : named.length + skip;
    ends.push(next);
  }
  if (!isAfter && dated.every((word, index) => word === texts[at + index])) return undefined;
  if (isBare && dated.slice(1).every((word, index) => word === texts[at + index])) return undefined;
  const match = matchRangePhrase(dated, 0);
  const end = match === undefined ? undefined : ends[match.length - 1];
  if (match === undefined || end === undefined) return undefined;
  const bounds = resolved(withYears(match.phrase, today()), today());
  return bounds === undefined ? undefined : { is: 'date', range: withYears(match.phrase, today()), length: end - at };
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
  const lead = /^(?:a|the|over)$/.test(texts[at] ?? '') ? 1 : 0;
  const [number = '', short = '', head = ''] = texts.slice(at + lead, at + lead + 3);
  const [, glued, letters] = /^(\d{1,3})(mo|yr|wk)$/.exec(number) ?? [];
  const count = countOf(glued ?? number);
  const unit = COMPOUND_UNITS[letters ?? short];
  const next = letters === undefined ? head : short;
  const isAlone =
    (unit !== 'day' || (at > 0 && (count ?? 0) > 1 && !isAverage(count ?? 0))) &&
    !(unit === 'week' && (count ?? 0) > 26) &&
    /^(?:|,|and|n|or|\/|&|then|now|vs|total|please|to date)$/.test(next);
  const rest = texts.slice(at + lead + (letters === undefined ? 2 : 1)).join(' ');
  const isHeaded = COMPOUND_HEAD.test(next) || isAlone || COMPOUND_LIST.test(rest);
  // "the 20 day average of cat": a figure, where one of volume or range is over so many days.
  const isOfPrice =
    next === 'average' && !/\b(?:vol(?:ume)?|range|moves?|returns?|change|gain|swing|true|daily)\b/.test(rest);
  if (isOfPrice && unit === 'day' && isAverage(count ?? 0)) return undefined;
  // "the 52 week high" is a figure of its own.
  if (count === undefined || unit === undefined || !isHeaded || (count === 52 && unit === 'week')) return undefined;
  const range = unit === 'day' ? `last ${count} trading days` : `past ${count} ${unit}${count === 1 ? '' : 's'}`;
  return { is: 'date', range, length: lead + (letters === undefined ? 2 : 1) };
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
  const length = words.trim().split(' ').length;
  const isThe = /^(?:the|its|my)$/.test(place.texts[at + length] ?? '') ? 1 : 0;
  if (words === '' || ![length, length + isThe].some((step) => dateAt(place, at + step, 0) !== undefined))
    return undefined;
  return {
    is: 'relation',
    operator: /^(?:after|past)/.test(words) ? '>' : /^(?:before|prior|ahead)/.test(words) ? '<' : '<=',
    length,
  };
}
