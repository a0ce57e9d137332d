// Hides how people write expirations and which listed date they mean: one reading for options, questions and tools.
// A phrase is understood without a clock; what it means needs the moment and the dates that are listed, with their kinds.
import { expirationKindOf, monthlyExpirationOf, weeklyExpirationOf } from './calendar.ts';
import { type PhraseMatch, matchAt, parseWhole } from './date-grammar.ts';
import {
  type Parsed,
  WEEKDAY_NAMES,
  dateAt,
  isoOf,
  monthDayAt,
  monthNumber,
  parsed,
  unitOf,
  unreadable,
  weekdayNumber,
  yearNumber,
} from './date-words.ts';
import { NoDataError, UsageError } from './errors.ts';
import {
  addDays,
  daysBetween,
  exchangeDateOf,
  isValidDate,
  lastDayOfMonth,
  startOfWeek,
  yearOf,
} from './exchange-time.ts';
import { isExpirationOver } from './option-sessions.ts';
import { quoteInput } from './symbols.ts';
import type { Earnings } from './events.ts';
import type { EpochMs, ExpirationKind, IsoDate, TickerSymbol } from './types.ts';

export type ExpirationExpression =
  | { kind: 'date'; date: IsoDate }
  /** The next such day. */
  | { kind: 'monthDay'; month: number; day: number }
  | { kind: 'weekday'; weekday: number; week: 'coming' | 'next' }
  /** The month's monthly; without a year that of the next such month. */
  | { kind: 'month'; month: number; year?: number }
  /** The nearest that is listed as such. */
  | { kind: 'listed'; as: 'weekly' | 'monthly' | 'quarterly' }
  | { kind: 'today' }
  | { kind: 'nearest' }
  /** The last before the next report or the first after it, of all or of those listed as such. */
  | { kind: 'earnings'; side: 'before' | 'after'; as?: 'weekly' | 'monthly' | 'quarterly' }
  /** The one nearest to so many days from now, the later of two. */
  | { kind: 'days'; days: number }
  /** All of them from so many days to so many. */
  | { kind: 'span'; from: number; to: number };

export type KindOf = (date: IsoDate) => ExpirationKind;

const LEAD = /^(?:the|for|on|by|expir(?:es|ing|y|ation)|exp|dated)$/;
const NOUN = /^(?:expir(?:y|ies|ations?)|exp)$/;
const HINT =
  'write a date as YYYY-MM-DD or dec 18, friday, dec, weekly, next-monthly, quarterly, 45d, 30..60d, 0dte or nearest';
const FRIDAY = 5;
const NAMED_EXPIRATIONS = 5;
/** No option lives longer than some five years. */
const MOST_DAYS = 3660;
/** A leap day is at most eight years away. */
const MOST_YEARS = 8;

/** The expression of a whole phrase, undefined when any word of it is not understood. */
export function parseExpirationPhrase(phrase: string): { expression: ExpirationExpression; text: string } | undefined {
  // A hyphen between words parts them; before the first it would vanish.
  if (/^\s*-/.test(phrase)) return undefined;
  return parseWhole(phrase.replace(/^(\s*\d+)\s*-\s*(\d+\s*d(?:te|ays?)?\s*)$/i, '$1 to $2'), LEAD, (tokens, start) =>
    expirationAt(tokens, start, true),
  );
}

/** The longest expiration phrase that begins at `words[start]` inside a question, where some words have other meanings. */
export function matchExpirationPhrase(words: readonly string[], start: number): PhraseMatch | undefined {
  return matchAt(words, start, LEAD, (tokens, at) => expirationAt(tokens, at, false));
}

type Found = Parsed<ExpirationExpression> | undefined;

function expirationAt(tokens: readonly string[], start: number, isWhole: boolean): Found {
  const found = expirationCoreAt(tokens, start, isWhole);
  if (found === undefined) return undefined;
  return NOUN.test(tokens[found.end] ?? '') ? { ...found, end: found.end + 1 } : found;
}

function expirationCoreAt(tokens: readonly string[], start: number, isWhole: boolean): Found {
  const token = tokens[start] ?? '';
  const next = tokens[start + 1] ?? '';
  if (token === '0dte' || token === 'today') return parsed({ kind: 'today' }, tokens, start, start + 1);
  if (token === '0' && next === 'dte') return { value: { kind: 'today' }, end: start + 2, text: '0dte' };
  const date = dateAt(tokens, start);
  if (date !== undefined) return { ...date, value: { kind: 'date', date: date.value } };
  if (/^(?:nearest|closest)$/.test(token) || /^(?:next|front) (?:expir(?:y|ies|ations?)|exp)$/.test(`${token} ${next}`))
    return { value: { kind: 'nearest' }, end: start + 1, text: 'nearest' };
  return (
    aroundEarningsAt(tokens, start) ??
    listedAt(tokens, start) ??
    weekdayAt(tokens, start) ??
    daysAt(tokens, start, isWhole) ??
    monthDayOf(tokens, start, isWhole) ??
    monthAt(tokens, start, isWhole) ??
    // `next` alone is the nearest expiration, but only where nothing else was said.
    (isWhole && token === 'next' ? { value: { kind: 'nearest' }, end: start + 1, text: 'nearest' } : undefined)
  );
}

const LISTED_AS = {
  weekly: 'weekly',
  weeklies: 'weekly',
  monthly: 'monthly',
  monthlies: 'monthly',
  quarterly: 'quarterly',
  quarterlies: 'quarterly',
} as const;

function listedAt(tokens: readonly string[], start: number): Found {
  const at = /^(?:next|nearest|front)$/.test(tokens[start] ?? '') ? start + 1 : start;
  const word = tokens[at] ?? '';
  if (!Object.hasOwn(LISTED_AS, word)) return undefined;
  const as = LISTED_AS[word as keyof typeof LISTED_AS];
  return { value: { kind: 'listed', as }, end: at + 1, text: at === start ? as : `next ${as}` };
}

/** `after earnings`, `monthly before earnings`. */
function aroundEarningsAt(tokens: readonly string[], start: number): Found {
  const listed = LISTED_AS[tokens[start] as keyof typeof LISTED_AS] as 'weekly' | undefined;
  const at = listed === undefined ? start : start + 1;
  const side = tokens[at];
  if ((side !== 'before' && side !== 'after') || tokens[at + 1] !== 'earnings') return undefined;
  return parsed(
    { kind: 'earnings' as const, side, ...(listed === undefined ? {} : { as: listed }) },
    tokens,
    start,
    at + 2,
  );
}

/** Whether a phrase needs the day of the next report. */
export function isAroundEarnings(phrase: string | undefined): boolean {
  return phrase !== undefined && parseExpirationPhrase(phrase)?.expression.kind === 'earnings';
}

/** The listed date that such a phrase means. What expires on the day of a report in the morning has lived through it. */
export function expirationAroundEarnings(
  phrase: string,
  { date, time }: Earnings,
  available: readonly IsoDate[],
  kindOf: KindOf,
): IsoDate | undefined {
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (expression?.kind !== 'earnings') return undefined;
  const isAfter = (each: IsoDate): boolean => each > date || (each === date && time === 'before_open');
  const listed = available.toSorted().filter((each) => expression.as === undefined || kindOf(each) === expression.as);
  return expression.side === 'after' ? listed.find(isAfter) : listed.findLast((each) => !isAfter(each));
}

/** `friday`, `this Friday`, `next Friday`, `this week's Friday`, `this week`. */
function weekdayAt(tokens: readonly string[], start: number): Found {
  const qualifier = /^(?:this|coming|next)$/.exec(tokens[start] ?? '')?.[0];
  const week = qualifier === 'next' ? 'next' : 'coming';
  const nameAt = qualifier === undefined ? start : start + 1;
  const hasWeek = qualifier !== undefined && unitOf(tokens[nameAt]) === 'week';
  const weekday = weekdayNumber(tokens[hasWeek ? nameAt + 1 : nameAt]);
  const name = WEEKDAY_NAMES[weekday ?? FRIDAY] ?? '';
  if (weekday === undefined && !hasWeek) return undefined;
  const end = nameAt + (hasWeek ? 1 : 0) + (weekday === undefined ? 0 : 1);
  return {
    value: { kind: 'weekday', weekday: weekday ?? FRIDAY, week },
    end,
    text: week === 'next' ? `next ${name}` : name,
  };
}

/** `45d`, `45dte`, `45 days`, `30..60d`, `30 to 60 dte`. In a question only `dte`: `50d` may be an average's window. */
function daysAt(tokens: readonly string[], start: number, isWhole: boolean): Found {
  const first = countAt(tokens, start, isWhole);
  if (first === undefined) return undefined;
  const isSpan = tokens[first.end] === 'to' || tokens[first.end] === '-';
  const last = isSpan ? countAt(tokens, first.end + 1, isWhole) : undefined;
  if (last !== undefined && last.hasUnit)
    return {
      value: { kind: 'span', from: first.days, to: last.days },
      end: last.end,
      text: `${first.days}..${last.days}dte`,
    };
  if (!first.hasUnit) return undefined;
  return { value: { kind: 'days', days: first.days }, end: first.end, text: `${first.days}dte` };
}

function countAt(
  tokens: readonly string[],
  start: number,
  isWhole: boolean,
): { days: number; end: number; hasUnit: boolean } | undefined {
  const [, digits, glued = ''] = /^(\d{1,4})(d|dte|days?)?$/.exec(tokens[start] ?? '') ?? [];
  if (digits === undefined || Number(digits) > MOST_DAYS) return undefined;
  const isUnit = (word: string): boolean => word === 'dte' || (isWhole && /^d(?:ays?)?$/.test(word));
  if (glued !== '') return isUnit(glued) ? { days: Number(digits), end: start + 1, hasUnit: true } : undefined;
  const hasUnit = isUnit(tokens[start + 1] ?? '');
  return { days: Number(digits), end: start + (hasUnit ? 2 : 1), hasUnit };
}

/** A question's days without a year have got theirs before. */
function monthDayOf(tokens: readonly string[], start: number, isWhole: boolean): Found {
  if (!isWhole) return undefined;
  const day = monthDayAt(tokens, start);
  return day && { ...day, value: { kind: 'monthDay', ...day.value } };
}

/** `dec`, `december 2026`, `dec monthly`. In a question `may` is a verb and `mar` a share. */
function monthAt(tokens: readonly string[], start: number, isWhole: boolean): Found {
  const month = monthNumber(tokens[start]);
  if (month === undefined || (!isWhole && /^ma[ry]$/.test(tokens[start] ?? ''))) return undefined;
  const year = yearNumber(tokens[start + 1]);
  const end = start + (year === undefined ? 1 : 2);
  const read = parsed({ kind: 'month' as const, month, ...(year === undefined ? {} : { year }) }, tokens, start, end);
  return tokens[end] === 'monthly' ? { ...read, end: end + 1 } : read;
}

/** @throws UsageError when a phrase cannot be read, before anything is fetched. */
export function checkExpirationPhrase(phrase: string): void {
  isExpirationSpan(phrase);
}

/** @throws UsageError also for a phrase that may mean several dates. */
export function checkOneExpiration(phrase: string): void {
  if (isExpirationSpan(phrase)) throw severalDates(phrase);
}

/** The date that a phrase spells out, undefined for one that needs the list. @throws UsageError for what cannot be read */
export function parseExpirationDate(phrase: string, now: EpochMs): IsoDate | undefined {
  const { expression } = readExpiration(phrase);
  if (expression.kind === 'monthDay') return comingDay(expression, exchangeDateOf(now));
  return expression.kind === 'date' ? expression.date : undefined;
}

/** Whether a phrase asks for the first date of its kind, so that another may stand in for one that is of no use. */
export function isNearestPhrase(phrase: string | undefined): boolean {
  return phrase === undefined || ['nearest', 'listed'].includes(readExpiration(phrase).expression.kind);
}

/** Whether a phrase means several dates: all of a span, or a list with commas. @throws UsageError for what cannot be read */
export function isExpirationSpan(phrase: string | undefined): boolean {
  if (phrase === undefined) return false;
  const parts = phrase.split(',').map((part) => readExpiration(part));
  return parts.length > 1 || parts.some(({ expression }) => expression.kind === 'span');
}

/** The day, or for a month the days, that a phrase means where no dates are listed: `2026-12-18`, `2026-12-01..2026-12-31`. */
export function dayMeant(phrase: string, today: IsoDate): string | undefined {
  const expression = parseExpirationPhrase(phrase)?.expression;
  switch (expression?.kind) {
    case 'date':
      return expression.date;
    case 'weekday': {
      const monday = startOfWeek(today);
      const own = addDays(monday, (expression.weekday + 6) % 7);
      return expression.week === 'next' || own < today ? addDays(own, 7) : own;
    }
    case 'month': {
      if (/ monthly$/.test(phrase)) {
        const year = expression.year ?? yearOf(today) + (expression.month < Number(today.slice(5, 7)) ? 1 : 0);
        return monthlyExpirationOf(year, expression.month);
      }
      const month = String(expression.month).padStart(2, '0');
      const own = `${String(expression.year ?? yearOf(today))}-${month}`;
      const first =
        expression.year === undefined && own < today.slice(0, 7) ? `${String(yearOf(today) + 1)}-${month}` : own;
      return `${first}-01..${lastDayOfMonth(first)}`;
    }
    default:
      return undefined;
  }
}

function readExpiration(phrase: string): { expression: ExpirationExpression; text: string } {
  // What the program hands on itself, and most people write.
  if (isValidDate(phrase)) return { expression: { kind: 'date', date: phrase }, text: phrase };
  const read = parseExpirationPhrase(phrase);
  if (read === undefined) throw unreadable(`expiration ${quoteInput(phrase)}`, phrase, 'not understood', HINT);
  const { expression } = read;
  if (expression.kind === 'span' && expression.from > expression.to)
    throw new UsageError(`expiration ${quoteInput(phrase)}: ends before it starts`, {
      hint: `write ${expression.to}..${expression.from}d`,
    });
  return read;
}

function severalDates(phrase: string): UsageError {
  return new UsageError(`expiration ${quoteInput(phrase)}: one date is needed here, not a span`, {
    hint: 'write 45d for the one nearest to 45 days from now',
  });
}

/**
 * The listed expiration that a phrase means at `now`; without a phrase the nearest not yet expired. `available` are the
 * listed dates in any order, `symbol` is only named in errors, `kindOf` says as what a date is listed. Throws UsageError
 * when the phrase is unreadable or means several, NoDataError naming the closest listed ones when there is none.
 */
export function resolveExpiration(
  phrase: string | undefined,
  now: EpochMs,
  available: readonly IsoDate[],
  symbol?: TickerSymbol,
  kindOf?: KindOf,
): IsoDate {
  if (phrase !== undefined) checkOneExpiration(phrase);
  // A span aside, a phrase means one date or none.
  return resolveExpirations(phrase, now, available, symbol, kindOf)[0] as IsoDate;
}

/** The same for all dates that a phrase means, ascending, at least one. */
export function resolveExpirations(
  phrase: string | undefined,
  now: EpochMs,
  available: readonly IsoDate[],
  symbol?: TickerSymbol,
  kindOf: KindOf = expirationKindOf,
): IsoDate[] {
  if (phrase?.includes(',') === true)
    return [
      ...new Set(phrase.split(',').flatMap((part) => resolveExpirations(part, now, available, symbol, kindOf))),
    ].sort();
  const { expression, text } = readExpiration(phrase ?? 'nearest');
  const today = exchangeDateOf(now);
  const listed = available.toSorted();
  const isOver = (date: IsoDate): boolean => isExpirationOver(date, now, symbol);
  const open = listed.filter((date) => !isOver(date));
  const one = (date: IsoDate | undefined, why: string, near = today): IsoDate[] =>
    date === undefined ? refuse(why, near, open.length > 0 ? open : listed, symbol) : [date];
  const exactly = (date: IsoDate, what = `${text} (${date})`): IsoDate[] =>
    one(listed.includes(date) ? date : undefined, `${what} ${isOver(date) ? 'has expired' : 'is not listed'}`, date);
  switch (expression.kind) {
    case 'nearest':
      return one(open[0], 'all have expired');
    case 'earnings':
      return one(undefined, 'the day of the next report is not known');
    case 'listed':
      return one(
        open.find((date) => kindOf(date) === expression.as),
        `no ${expression.as} expiration is listed`,
      );
    case 'today':
      return one(
        open.find((date) => date === today),
        `${today} ${isOver(today) ? 'has expired' : 'is not listed'}`,
      );
    case 'date':
      return exactly(expression.date, expression.date);
    case 'monthDay':
      return exactly(comingDay(expression, today));
    case 'weekday':
      return exactly(comingWeekday(expression.weekday, expression.week, today, isOver));
    case 'month': {
      const month = monthMeant(expression, today, open, { kindOf, isOver });
      const candidates = expression.year === undefined ? open : listed;
      return one(
        candidates.find((date) => date.startsWith(month) && kindOf(date) === 'monthly'),
        `no monthly expiration in ${month} is listed`,
        `${month}-15`,
      );
    }
    case 'days':
      return one(nearestTo(expression.days, today, open), 'all have expired');
    case 'span': {
      const inside = open.filter((date) => {
        const days = daysBetween(today, date);
        return days >= expression.from && days <= expression.to;
      });
      if (inside.length > 0) return inside;
      const middle = addDays(today, Math.round((expression.from + expression.to) / 2));
      return one(undefined, `none is listed ${expression.from} to ${expression.to} days from now`, middle);
    }
  }
}

/** The next day of this name, today included. */
function comingDay({ month, day }: { month: number; day: number }, today: IsoDate): IsoDate {
  const years = Array.from({ length: MOST_YEARS + 1 }, (_, index) => yearOf(today) + index);
  const dates = years.map((year) => isoOf(year, month, day));
  return dates.find((date) => isValidDate(date) && date >= today) ?? isoOf(yearOf(today), month, day);
}

/** A Friday's options expire on Thursday where the Friday is a holiday; other weekdays have no substitute. */
function comingWeekday(
  weekday: number,
  week: 'coming' | 'next',
  today: IsoDate,
  isOver: (date: IsoDate) => boolean,
): IsoDate {
  const inWeekOf = (date: IsoDate): IsoDate =>
    weekday === FRIDAY ? weeklyExpirationOf(date) : addDays(startOfWeek(date), (weekday + 6) % 7);
  if (week === 'next') return inWeekOf(addDays(today, 7));
  return isOver(inWeekOf(today)) ? inWeekOf(addDays(today, 7)) : inWeekOf(today);
}

/** `2026-12`: this month while its monthly lives, else the next of this name. */
function monthMeant(
  { month, year }: { month: number; year?: number },
  today: IsoDate,
  open: readonly IsoDate[],
  { kindOf, isOver }: { kindOf: KindOf; isOver: (date: IsoDate) => boolean },
): string {
  const monthOf = (of: number): string => isoOf(of, month, 1).slice(0, 7);
  if (year !== undefined) return monthOf(year);
  const own = monthOf(yearOf(today));
  const lives =
    own > today.slice(0, 7) ||
    (today.startsWith(own) &&
      (!isOver(monthlyExpirationOf(yearOf(today), month)) ||
        open.some((date) => date.startsWith(own) && kindOf(date) === 'monthly')));
  return lives ? own : monthOf(yearOf(today) + 1);
}

function nearestTo(days: number, today: IsoDate, open: readonly IsoDate[]): IsoDate | undefined {
  const distance = (date: IsoDate): number => Math.abs(daysBetween(today, date) - days);
  return open.reduce<IsoDate | undefined>(
    (best, date) => (best === undefined || distance(date) <= distance(best) ? date : best),
    undefined,
  );
}

function refuse(why: string, near: IsoDate, candidates: readonly IsoDate[], symbol: TickerSymbol | undefined): never {
  const closest = candidates
    .toSorted((left, right) => Math.abs(daysBetween(near, left)) - Math.abs(daysBetween(near, right)))
    .slice(0, NAMED_EXPIRATIONS)
    .toSorted();
  throw new NoDataError(`${symbol === undefined ? 'expirations' : `${symbol} expirations`}: ${why}`, {
    hint:
      closest.length > 0
        ? `the nearest listed dates are ${closest.join(', ')}`
        : 'nothing to choose from: no options are listed',
    ...(symbol === undefined ? {} : { symbol }),
  });
}
