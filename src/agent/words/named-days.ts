// Hides the days that have names of their own, holidays, days of expirations and others, as the last one and the next; and what a reader of
// dates knows at a place of a question and finds there.
import {
  easterOf,
  electionDay,
  holidayName,
  monthlyExpirationOf,
  santaRally,
  weeklyExpirationOf,
} from '../../domain/calendar.ts';
import { isoOf, monthNumber, yearNumber } from '../../domain/date-words.ts';
import { addDays, addMonths, monthOf, startOfMonth, startOfWeek, yearOf } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import { MONTHS, type Word } from './lexer.ts';
import type { PeriodWord } from './tokens.ts';

export interface FoundDate {
  is: 'date';
  range?: string;
  expiration?: string;
  interval?: PeriodWord;
  length: number;
}

export interface Place {
  words: readonly Word[];
  texts: readonly string[];
  today(): IsoDate;
  /** The question is about options, whose dates are to come. */
  isOfOptions: boolean;
}

/** How many words a match has taken. */
export const taken = (text: string): number => text.trim().split(' ').length;

/** A span that ends today where it would end later. */
export const untilToday = (from: IsoDate, to: IsoDate, today: IsoDate): string =>
  `${from} to ${to < today ? to : today}`;

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
export function opexWeekAt({ texts, today, isOfOptions }: Place, at: number): FoundDate | undefined {
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
  return {
    is: 'date',
    range: untilToday(startOfWeek(day), day, today()),
    ...(isOfOptions ? { expiration: 'monthly' } : {}),
    length: taken(match[0]),
  };
}

const FRONT = /^(?:the )?front (month|monthly|week|weekly|expiry|expiration)(?= |$)/;
/** `opex`, `quad witching`, `the front month` */
export function namedExpirationAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const text = texts.slice(at, at + 5).join(' ');
  const [opex] = OPEX.exec(text) ?? [];
  if (opex !== undefined) return { is: 'date', expiration: 'monthly', length: taken(opex) };
  const [witching] = WITCHING.exec(text) ?? [];
  if (witching !== undefined) return { is: 'date', expiration: quarterlyDay(today()), length: taken(witching) };
  const [front, unit = ''] = FRONT.exec(text) ?? [];
  return front === undefined
    ? undefined
    : { is: 'date', expiration: unit.startsWith('month') ? 'monthly' : 'nearest', length: taken(front) };
}

const THIRD_FRIDAY = new RegExp(
  String.raw`^(?:(?:on|for|in) )?(?:the )?(?:third|3rd) (?:fri|friday)(?: (?:of|in))?(?: ((?:${MONTHS})[a-z]*))?(?= |$)`,
);

/** `third friday of january`: its monthly expiration. */
export function thirdFridayAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const [all, named] = THIRD_FRIDAY.exec(texts.slice(at, at + 7).join(' ')) ?? [];
  if (all === undefined) return undefined;
  const length = taken(all);
  const month = monthNumber(named) ?? monthOf(today());
  const day = (year: number): IsoDate => monthlyExpirationOf(year, month);
  const own = yearOf(today());
  const past = day(own) <= today() ? day(own) : day(own - 1);
  if (named === undefined) return { is: 'date', expiration: 'monthly', length };
  return { is: 'date', range: past, expiration: day(own) >= today() ? day(own) : day(own + 1), length };
}

export function santaAt({ texts, today }: Place, at: number): FoundDate | undefined {
  const length = /^(?:the )?santa(?: claus)? rally\b/.exec(texts.slice(at).join(' '))?.[0].split(' ').length ?? 0;
  return length > 0 ? { is: 'date', range: santaRally(today()), length } : undefined;
}

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

export interface NamedDay {
  past: IsoDate;
  next: IsoDate;
  length: number;
  /** Its article is among the words. */
  hasArticle?: true;
}

export function otherDayAt({ texts, today }: Place, at: number): NamedDay | undefined {
  const [weekend] = /^(?:the |last )?weekend(?= |$)/.exec(texts.slice(at, at + 2).join(' ')) ?? [];
  const saturday = addDays(startOfWeek(today()), -2);
  if (weekend !== undefined && texts[at - 1] === 'since')
    return { past: saturday, next: saturday, length: taken(weekend) };
  const text = texts.slice(at, at + 4).join(' ');
  for (const [words, dateIn] of OTHER_DAYS) {
    const match = words.exec(text);
    if (match === null) continue;
    const length = taken(match[0]);
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

const OF_COMING =
  /^(?:earnings?|reports?|reporting|dividends?|divs?|ex|pays?|move|market|open|closed?|holidays?|sessions?|days|trading)$/;

/** A holiday by its name, the last one or the next. */
export function holidayAt({ texts, today, isOfOptions }: Place, at: number): FoundDate | undefined {
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
    const length = since + taken(match[0]);
    // "thanksgiving week": all of it.
    if (/^(?:week|wk)$/.test(texts[at + length] ?? '') && since === 0)
      return { is: 'date', range: `week of ${past}`, expiration: weeklyExpirationOf(next), length: length + 1 };
    const range = texts[at] === 'since' ? `since ${past}` : past;
    return { is: 'date', range, expiration: next, length };
  }
  return undefined;
}
