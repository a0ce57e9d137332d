// Hides the small words of dates: how a phrase falls into tokens, and numbers, units, weekdays, months and written dates.
// The grammar of ranges and that of expirations are made of these.
import { UsageError } from './errors.ts';
import { isValidDate } from './exchange-time.ts';
import type { IsoDate } from './types.ts';

export type PeriodUnit = 'week' | 'month' | 'quarter' | 'year';

export interface Parsed<T> {
  value: T;
  /** Index of the first token after it. */
  end: number;
  /** Canonical words, which read back as the same. */
  text: string;
}

export type Rule<T> = (tokens: readonly string[], start: number) => Parsed<T> | undefined;

// No "sat" and "sun": they have no session, and SUN is a share.
const WEEKDAY = /^(?:mon|tues?|wed|thu(?:rs?)?|fri|(?:sun|mon|tues|wednes|thurs|fri|satur)days?)$/;
export const WEEKDAY_NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
export const MONTH_NAMES =
  'january february march april may june july august september october november december'.split(' ');
const MONTH =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/;
const MONTH_ORDER = 'janfebmaraprmayjunjulaugsepoctnovdec';
/** From 1 on; the first nine also stand behind `twenty` and `thirty`. */
export const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );
const NUMBER_WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  sixty: 60,
  ninety: 90,
};
const DAY_NUMBER = /^(\d{1,2})(?:st|nd|rd|th)?$/;
const YEAR = /^(?:19|20)\d\d$/;
/** A leap year, to tell which days exist in some year. */
const SOME_LEAP_YEAR = 2024;

/** More words than any phrase has; what follows is not looked at. */
const LONGEST_PHRASE_WORDS = 18;

/**
 * Lower-case tokens of the words up to the first mark that ends a clause; a hyphened word gives several. `wordEnds`
 * tells, for a count of tokens that ends with a word, how many words that is.
 */
export function tokensFrom(
  words: readonly string[],
  start: number,
): { tokens: string[]; wordEnds: Map<number, number> } {
  const tokens: string[] = [];
  const wordEnds = new Map<number, number>();
  for (const [index, word] of words.slice(start, start + LONGEST_PHRASE_WORDS).entries()) {
    const plain = word
      .toLowerCase()
      .replaceAll('’', "'")
      .replace(/^[("']+/, '');
    const bare = plain.replace(/[)"',.?!;:]+$/, '').replace(/'s$/, '');
    if (bare === '' && plain !== '..') break;
    // Two weeks in any phrase, with or without its article.
    if (bare === 'fortnight' && /^(?:an?|one)$/.test(tokens.at(-1) ?? '')) tokens.pop();
    tokens.push(...(plain === '..' ? ['to'] : tokensOfWord(bare, tokens.at(-1))));
    wordEnds.set(tokens.length, index + 1);
    const last = tokens.at(-1) ?? '';
    const isDatePart = DAY_NUMBER.test(last) || MONTH.test(last) || WEEKDAY.test(last);
    if (/[,.?!;:]["')]*$/.test(plain) && plain !== '..' && !isDatePart) break;
  }
  return { tokens, wordEnds };
}

/** `year-to-date` is three words, `3-Nov-2025` a date, `11/3-11/7` and `Jan-Mar` two of them with a dash between. */
function tokensOfWord(bare: string, before: string | undefined): string[] {
  if (bare === 'fortnight') return ['2', 'weeks'];
  if (isValidDate(bare)) return [bare];
  const dashed = bare.split(/(?<=.)[–—](?=.)/);
  if (dashed.length > 1)
    return dashed.flatMap((part, index) => [...(index > 0 ? ['-'] : []), ...tokensOfWord(part, undefined)]);
  const parts = bare.split('-');
  const [first = '', second = '', third] = parts;
  const isDay = dayNumber(first) !== undefined && MONTH.test(second);
  if (parts.length === 3 && isDay && yearNumber(third) !== undefined) return parts;
  // `Aug 10-Nov 12`: the day belongs to the month before it.
  if (parts.length === 2 && isDay && monthNumber(before) === undefined) return parts;
  return parts.length === 2 ? (tokensOfPair(first, second) ?? splitLetters(bare)) : splitLetters(bare);
}

/** `Nov-3`, `Q3-2025` and `2025-Q3` are one date, `3-7`, `Jan-Mar` and `2017-2018` two; undefined where none is. */
function tokensOfPair(first: string, second: string): string[] | undefined {
  if (!isDateWord(first) || !isDateWord(second) || /^\d{4}-\d\d$/.test(`${first}-${second}`)) return undefined;
  const isBothNamed = isMonthOrQuarter(first) && isMonthOrQuarter(second);
  const isOneDate =
    !isBothNamed && (isMonthOrQuarter(first) || (YEAR.test(first) && quarterNumber(second) !== undefined));
  return isOneDate ? [first, second] : [first, '-', second];
}

function splitLetters(bare: string): string[] {
  return /[a-z]/.test(bare) ? bare.split('-').filter((part) => part !== '') : [bare];
}

function isDateWord(word: string): boolean {
  return (
    DAY_NUMBER.test(word) || YEAR.test(word) || isMonthOrQuarter(word) || /^\d{1,2}\/\d{1,2}(?:\/\d{4})?$/.test(word)
  );
}

function isMonthOrQuarter(word: string): boolean {
  return MONTH.test(word) || quarterNumber(word) !== undefined;
}

export function parsed<T>(value: T, tokens: readonly string[], start: number, end: number): Parsed<T> {
  return {
    value,
    end,
    text: tokens
      .slice(start, end)
      .map((token) => String(countOf(token) ?? token))
      .join(' '),
  };
}

export function countOf(token: string | undefined): number | undefined {
  const word = token ?? '';
  const number = /^\d{1,5}$/.test(word) ? Number(word) : Object.hasOwn(NUMBER_WORDS, word) ? NUMBER_WORDS[word] : 0;
  return number !== undefined && number > 0 ? number : undefined;
}

export function sessionNounEnd(tokens: readonly string[], start: number): number | undefined {
  if (/^sessions?$/.test(tokens[start] ?? '')) return start + 1;
  const isQualified = /^(?:trading|market|business|regular)$/.test(tokens[start] ?? '');
  return isQualified && /^(?:days?|sessions?)$/.test(tokens[start + 1] ?? '') ? start + 2 : undefined;
}

export function unitOf(token: string | undefined): 'day' | PeriodUnit | undefined {
  if (/^d(?:ays?)?$/.test(token ?? '')) return 'day';
  if (/^w(?:(?:ee)?ks?)?$/.test(token ?? '')) return 'week';
  if (/^m(?:o(?:nth)?s?)?$/.test(token ?? '')) return 'month';
  if (/^q(?:(?:uarte|t)rs?)?$/.test(token ?? '')) return 'quarter';
  return /^y(?:(?:ea)?rs?)?$/.test(token ?? '') ? 'year' : undefined;
}

/** 0 = Sunday to 6 = Saturday. */
export function weekdayNumber(token: string | undefined): number | undefined {
  if (token === undefined || !WEEKDAY.test(token)) return undefined;
  return WEEKDAY_NAMES.findIndex((name) => name.startsWith(token.slice(0, 3)));
}

/** 1 = January. */
export function monthNumber(token: string | undefined): number | undefined {
  return token !== undefined && MONTH.test(token) ? MONTH_ORDER.indexOf(token.slice(0, 3)) / 3 + 1 : undefined;
}

/** `q3` and `3q`. */
export function quarterNumber(token: string | undefined): number | undefined {
  const match = /^(?:q([1-4])|([1-4])q)$/.exec(token ?? '');
  return match === null ? undefined : Number(match[1] ?? match[2]);
}

export function yearNumber(token: string | undefined): number | undefined {
  return token !== undefined && YEAR.test(token) ? Number(token) : undefined;
}

export function dayNumber(token: string | undefined): number | undefined {
  const day = Number(DAY_NUMBER.exec(token ?? '')?.[1] ?? 0);
  return day >= 1 && day <= 31 ? day : undefined;
}

/** A month and day that exist in some year. */
export function isMonthDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && isValidDate(isoOf(SOME_LEAP_YEAR, month, day));
}

/** The error of a phrase that is read as nothing; a day that its month does not have is named as such. */
export function unreadable(what: string, phrase: string, why: string, hint: string): UsageError {
  const lastDay = lastDayOfItsMonth(phrase);
  return lastDay === undefined
    ? new UsageError(`${what}: ${why}`, { hint })
    : new UsageError(`${what}: no such day`, { hint: lastDay });
}

/** Of a phrase with a day past the end of its month ("2026-02-30", "Nov 31"), when that month ends. */
function lastDayOfItsMonth(phrase: string): string | undefined {
  const { tokens } = tokensFrom(phrase.split(/\s+/), 0);
  for (const start of tokens.keys()) {
    const { year, month, day } = writtenDayAt(tokens, start) ?? { month: 0, day: 0 };
    const last = [31, 30, 29, 28].find((each) => isValidDate(isoOf(year ?? SOME_LEAP_YEAR, month, each)));
    if (last !== undefined && day > last)
      return `that month${year === undefined ? '' : ` of ${year}`} ends on the ${last}${last === 31 ? 'st' : 'th'}`;
  }
  return undefined;
}

export function isoOf(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** `YYYY-MM-DD`, `MM/DD/YYYY`, `Nov 3 2025`, `November 3rd, 2025`, and `3 Nov 2025` as screens show it. */
export function dateAt(tokens: readonly string[], start: number): Parsed<IsoDate> | undefined {
  const { year, month, day, end } = writtenDayAt(tokens, start) ?? {};
  if (year === undefined || month === undefined || day === undefined || end === undefined) return undefined;
  const date = isoOf(year, month, day);
  return isValidDate(date) ? parsed(date, tokens, start, end) : undefined;
}

/** `Nov 3`, `3 Nov`, `3rd of November` and `11/3`, whatever follows: who wants a year too asks `dateAt` first. */
export function monthDayAt(
  tokens: readonly string[],
  start: number,
): Parsed<{ month: number; day: number }> | undefined {
  const found = monthAndDayAt(tokens, start);
  if (found === undefined || !isMonthDay(found.month, found.day)) return undefined;
  // "Oct 10 strikes" says how many, "Dec 18 strikes over 20k oi" on which day.
  const isBound = /^(?:over|above|under|below|with|where)$/.test(tokens[found.end + 1] ?? '');
  if (/^strikes?$/.test(tokens[found.end] ?? '') && !isBound) return undefined;
  return parsed({ month: found.month, day: found.day }, tokens, start, found.end);
}

/** A day as it is written, whether it exists or not; `end` is behind its year where it has one. */
function writtenDayAt(
  tokens: readonly string[],
  start: number,
): { year?: number; month: number; day: number; end: number } | undefined {
  const token = tokens[start] ?? '';
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(token);
  if (iso !== null) return { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]), end: start + 1 };
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(token);
  if (american !== null)
    return { year: Number(american[3]), month: Number(american[1]), day: Number(american[2]), end: start + 1 };
  const found = monthAndDayAt(tokens, start);
  // Behind `11/3` a year would be another figure.
  const isNamed = found !== undefined && found.end > start + 1;
  const year = isNamed ? /^\d{4}$/.exec(tokens[found.end] ?? '')?.[0] : undefined;
  return !isNamed || year === undefined ? found : { ...found, year: Number(year), end: found.end + 1 };
}

function monthAndDayAt(
  tokens: readonly string[],
  start: number,
): { month: number; day: number; end: number } | undefined {
  const slashed = /^(\d{1,2})\/(\d{1,2})$/.exec(tokens[start] ?? '');
  if (slashed === null) return namedDayAt(tokens, start);
  return { month: Number(slashed[1]), day: Number(slashed[2]), end: start + 1 };
}

function namedDayAt(tokens: readonly string[], start: number): { month: number; day: number; end: number } | undefined {
  const monthFirst = monthNumber(tokens[start]);
  const monthIndex = monthFirst !== undefined ? start : tokens[start + 1] === 'of' ? start + 2 : start + 1;
  const month = monthNumber(tokens[monthIndex]);
  const dayIndex = monthFirst !== undefined ? start + 1 : start;
  const day = dayNumber(tokens[dayIndex]);
  return month === undefined || day === undefined ? undefined : { month, day, end: Math.max(dayIndex, monthIndex) + 1 };
}
