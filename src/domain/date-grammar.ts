// Hides how people write ranges and expirations: words become an expression that needs no clock yet.
// The planner finds such phrases inside a question with the same grammar that reads a whole option value.
import { dateOf, isValidDate } from './exchange-time.ts';
import type { IsoDate } from './types.ts';

export type PeriodUnit = 'week' | 'month' | 'quarter' | 'year';

/** One session or date. `week` narrows a weekday to last or this week; alone it is its last session that has closed. */
export type DayPoint =
  | { kind: 'date'; date: IsoDate }
  | { kind: 'today' }
  | { kind: 'yesterday' }
  | { kind: 'weekday'; weekday: number; week?: 'last' | 'this' };

export type RangeExpression =
  | { kind: 'day'; day: DayPoint }
  | { kind: 'sessions'; count: number }
  | { kind: 'rolling'; count: number; unit: 'day' | PeriodUnit }
  | { kind: 'period'; which: 'last' | 'this'; unit: PeriodUnit }
  | { kind: 'span'; from: DayPoint; to: DayPoint };

export type ExpirationExpression =
  | { kind: 'date'; date: IsoDate }
  | { kind: 'weekday'; weekday: number; week: 'coming' | 'next' }
  | { kind: 'monthly' }
  | { kind: 'today' }
  | { kind: 'nearest' };

/** A phrase found among words: how many of them it takes, and its canonical text, which reads back as the same. */
export interface PhraseMatch {
  phrase: string;
  length: number;
}

interface Parsed<T> {
  value: T;
  /** Index of the first token after it. */
  end: number;
  text: string;
}

type Rule<T> = (tokens: readonly string[], start: number) => Parsed<T> | undefined;

// No "sat" and "sun": they have no session, and SUN is a share.
const WEEKDAY = /^(?:mon|tues?|wed|thu(?:rs?)?|fri|(?:sun|mon|tues|wednes|thurs|fri|satur)days?)$/;
const WEEKDAY_NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTH =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/;
const MONTH_ORDER = 'janfebmaraprmayjunjulaugsepoctnovdec';
const NUMBER_WORDS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const COMPACT = /^(\d{1,5})(d|w|wk|m|mo|q|y|yr)$/;
const RANGE_LEAD = /^(?:the|over|in|for|during|on|within|across)$/;
const EXPIRATION_LEAD = /^(?:the|for|on|by|expir(?:es|ing|y|ation)|exp|dated)$/;
const EXPIRATION_NOUN = /^(?:expir(?:y|ies|ations?)|exp)$/;

/** The expression of a whole phrase, undefined when any word of it is not understood. */
export function parseRangePhrase(phrase: string): { expression: RangeExpression; text: string } | undefined {
  return parseWhole(phrase, RANGE_LEAD, (tokens, start) => rangeAt(tokens, start) ?? bareCount(tokens, start, true));
}

export function parseExpirationPhrase(phrase: string): { expression: ExpirationExpression; text: string } | undefined {
  return parseWhole(
    phrase,
    EXPIRATION_LEAD,
    (tokens, start) => expirationAt(tokens, start) ?? bareNearest(tokens, start),
  );
}

/** A single date or session (`2025-11-03`, `11/03/2025`, `Nov 3 2025`, `yesterday`, `friday`). */
export function parseDayPhrase(phrase: string): DayPoint | undefined {
  return parseWhole(phrase, RANGE_LEAD, pointAt)?.expression;
}

/** The longest range phrase that begins at `words[start]`; a bare `50-day` is none, because averages are named so. */
export function matchRangePhrase(words: readonly string[], start: number): PhraseMatch | undefined {
  return matchAt(words, start, RANGE_LEAD, (tokens, at) => rangeAt(tokens, at) ?? bareCount(tokens, at, false));
}

export function matchExpirationPhrase(words: readonly string[], start: number): PhraseMatch | undefined {
  return matchAt(words, start, EXPIRATION_LEAD, expirationAt);
}

function parseWhole<T>(phrase: string, lead: RegExp, rule: Rule<T>): { expression: T; text: string } | undefined {
  const words = phrase
    .replaceAll('..', ' .. ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const { tokens, wordEnds } = tokensFrom(words, 0);
  if (tokens.length === 0 || wordEnds.get(tokens.length) !== words.length) return undefined;
  const parsed = rule(tokens, skipLeads(tokens, lead));
  return parsed?.end === tokens.length ? { expression: parsed.value, text: parsed.text } : undefined;
}

function matchAt<T>(words: readonly string[], start: number, lead: RegExp, rule: Rule<T>): PhraseMatch | undefined {
  const { tokens, wordEnds } = tokensFrom(words, start);
  const parsed = rule(tokens, skipLeads(tokens, lead));
  const length = parsed === undefined ? undefined : wordEnds.get(parsed.end);
  return parsed === undefined || length === undefined ? undefined : { phrase: parsed.text, length };
}

function skipLeads(tokens: readonly string[], lead: RegExp): number {
  let start = 0;
  while (lead.test(tokens[start] ?? '')) start += 1;
  return start;
}

/** More words than any phrase has; what follows is not looked at. */
const LONGEST_PHRASE_WORDS = 14;

/**
 * Lower-case tokens of the words up to the first mark that ends a clause; a hyphened word gives several. `wordEnds`
 * tells, for a count of tokens that ends with a word, how many words that is.
 */
function tokensFrom(words: readonly string[], start: number): { tokens: string[]; wordEnds: Map<number, number> } {
  const tokens: string[] = [];
  const wordEnds = new Map<number, number>();
  for (const [index, word] of words.slice(start, start + LONGEST_PHRASE_WORDS).entries()) {
    const plain = word
      .toLowerCase()
      .replaceAll('’', "'")
      .replace(/^[("']+/, '');
    const bare = plain.replace(/[)"',.?!;:]+$/, '').replace(/'s$/, '');
    if (bare === '' && plain !== '..') break;
    tokens.push(
      ...(/[a-z]/.test(bare) ? bare.split('-').filter((part) => part !== '') : [plain === '..' ? 'to' : bare]),
    );
    wordEnds.set(tokens.length, index + 1);
    const isDatePart = /^\d{1,2}(?:st|nd|rd|th)?$/.test(bare) || MONTH.test(bare);
    if (/[,.?!;:]["')]*$/.test(plain) && plain !== '..' && !isDatePart) break;
  }
  return { tokens, wordEnds };
}

function rangeAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  return (
    spanAt(tokens, start) ??
    weekdayOfWeekAt(tokens, start) ??
    countedAt(tokens, start) ??
    periodAt(tokens, start) ??
    dayAt(tokens, start)
  );
}

function parsed<T>(value: T, tokens: readonly string[], start: number, end: number): Parsed<T> {
  return {
    value,
    end,
    text: tokens
      .slice(start, end)
      .map((token) => String(countOf(token) ?? token))
      .join(' '),
  };
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

function spanAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  const opener = tokens[start] ?? '';
  const isOpened = /^(?:since|from|between)$/.test(opener);
  const from = pointAt(tokens, isOpened ? start + 1 : start);
  if (from === undefined) return undefined;
  const isJoined = opener !== 'since' && joinsDays(tokens[from.end] ?? '', opener);
  const to = isJoined ? spanEndAt(tokens, from.end + 1) : undefined;
  if (to !== undefined)
    return { value: { kind: 'span', from: from.value, to: to.value }, end: to.end, text: `${from.text} to ${to.text}` };
  if (opener !== 'since' && opener !== 'from') return undefined;
  return {
    value: { kind: 'span', from: from.value, to: { kind: 'today' } },
    end: untilNowEnd(tokens, from.end),
    text: `since ${from.text}`,
  };
}

/** `now` ends a span and is nothing on its own: NOW is a share. */
function spanEndAt(tokens: readonly string[], at: number): Parsed<DayPoint> | undefined {
  return /^(?:now|date)$/.test(tokens[at] ?? '')
    ? { value: { kind: 'today' }, end: at + 1, text: 'today' }
    : pointAt(tokens, at);
}

function joinsDays(token: string, opener: string): boolean {
  return /^(?:to|through|thru|until|till|[-–—])$/.test(token) || (token === 'and' && opener === 'between');
}

function untilNowEnd(tokens: readonly string[], at: number): number {
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

/** `last 5 trading days`, `past two weeks`, `past month`, `5d`. */
function countedAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
  const compact = compactAt(tokens, start, start);
  if (compact !== undefined) return compact;
  const thisPast = tokens[start] === 'this' && tokens[start + 1] === 'past';
  const bodyStart = thisPast ? start + 1 : start;
  const opener = tokens[bodyStart] ?? '';
  if (!/^(?:last|past|previous|prior|trailing|latest)$/.test(opener)) return undefined;
  return (
    compactAt(tokens, bodyStart, bodyStart + 1) ??
    amountAt(tokens, bodyStart, bodyStart + 1) ??
    pastUnitAt(tokens, bodyStart)
  );
}

function compactAt(tokens: readonly string[], start: number, at: number): Parsed<RangeExpression> | undefined {
  const match = COMPACT.exec(tokens[at] ?? '');
  const count = Number(match?.[1] ?? 0);
  const unit = unitOf(match?.[2]);
  return count > 0 && unit !== undefined ? parsed({ kind: 'rolling', count, unit }, tokens, start, at + 1) : undefined;
}

function amountAt(tokens: readonly string[], start: number, at: number): Parsed<RangeExpression> | undefined {
  const count = countOf(tokens[at]);
  if (count === undefined) return undefined;
  const sessionsEnd = sessionNounEnd(tokens, at + 1);
  if (sessionsEnd !== undefined) return parsed({ kind: 'sessions', count }, tokens, start, sessionsEnd);
  const unitAt = tokens[at + 1] === 'calendar' ? at + 2 : at + 1;
  const unit = unitOf(tokens[unitAt]);
  return unit === undefined ? undefined : parsed({ kind: 'rolling', count, unit }, tokens, start, unitAt + 1);
}

function pastUnitAt(tokens: readonly string[], start: number): Parsed<RangeExpression> | undefined {
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
function bareCount(
  tokens: readonly string[],
  start: number,
  isWholePhrase: boolean,
): Parsed<RangeExpression> | undefined {
  const amount = amountAt(tokens, start, start);
  if (amount === undefined) return undefined;
  return isWholePhrase || /s$/.test(tokens[amount.end - 1] ?? '') ? amount : undefined;
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

function pointAt(tokens: readonly string[], start: number): Parsed<DayPoint> | undefined {
  const token = tokens[start];
  if (token === 'today') return parsed({ kind: 'today' }, tokens, start, start + 1);
  if (token === 'yesterday') return parsed({ kind: 'yesterday' }, tokens, start, start + 1);
  const date = dateAt(tokens, start);
  if (date !== undefined) return { ...date, value: { kind: 'date', date: date.value } };
  const isQualified = weekOf(token) !== undefined;
  const weekday = weekdayNumber(tokens[isQualified ? start + 1 : start]);
  if (weekday === undefined) return undefined;
  const week = weekOf(token) === 'this' ? ({ week: 'this' } as const) : {};
  return parsed({ kind: 'weekday', weekday, ...week }, tokens, start, start + (isQualified ? 2 : 1));
}

/** `YYYY-MM-DD`, `MM/DD/YYYY`, `Nov 3 2025`, `November 3rd, 2025`, and `3 Nov 2025` as screens show it. */
function dateAt(tokens: readonly string[], start: number): Parsed<IsoDate> | undefined {
  const token = tokens[start] ?? '';
  if (isValidDate(token)) return parsed(token, tokens, start, start + 1);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(token);
  if (american !== null) return checkedDate(tokens, start, start + 1, american[3], Number(american[1]), american[2]);
  const next = tokens[start + 1] ?? '';
  const [month, dayText] = MONTH.test(token) ? [token, next] : [next, token];
  const day = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(dayText);
  const year = /^\d{4}$/.exec(tokens[start + 2] ?? '');
  if (!MONTH.test(month) || day === null || year === null) return undefined;
  return checkedDate(tokens, start, start + 3, year[0], MONTH_ORDER.indexOf(month.slice(0, 3)) / 3 + 1, day[1]);
}

function checkedDate(
  tokens: readonly string[],
  start: number,
  end: number,
  year: string | undefined,
  month: number,
  day: string | undefined,
): Parsed<IsoDate> | undefined {
  const text = `${year ?? ''}-${String(month).padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  return isValidDate(text) ? parsed(dateOf(Number(year), month, Number(day)), tokens, start, end) : undefined;
}

function expirationAt(tokens: readonly string[], start: number): Parsed<ExpirationExpression> | undefined {
  const found = expirationCoreAt(tokens, start);
  if (found === undefined) return undefined;
  return EXPIRATION_NOUN.test(tokens[found.end] ?? '') ? { ...found, end: found.end + 1 } : found;
}

function expirationCoreAt(tokens: readonly string[], start: number): Parsed<ExpirationExpression> | undefined {
  const token = tokens[start] ?? '';
  const next = tokens[start + 1] ?? '';
  if (token === '0dte' || token === 'today') return parsed({ kind: 'today' }, tokens, start, start + 1);
  if (token === '0' && next === 'dte') return { value: { kind: 'today' }, end: start + 2, text: '0dte' };
  const date = dateAt(tokens, start);
  if (date !== undefined) return { ...date, value: { kind: 'date', date: date.value } };
  if (token === 'monthly') return parsed({ kind: 'monthly' }, tokens, start, start + 1);
  if (token === 'next' && next === 'monthly') return parsed({ kind: 'monthly' }, tokens, start, start + 2);
  if (/^(?:nearest|closest)$/.test(token) || (/^(?:next|front)$/.test(token) && EXPIRATION_NOUN.test(next))) {
    return { value: { kind: 'nearest' }, end: start + 1, text: 'nearest' };
  }
  return expirationWeekdayAt(tokens, start);
}

/** `friday`, `this Friday`, `next Friday`, `this week's Friday`, `this week`. */
function expirationWeekdayAt(tokens: readonly string[], start: number): Parsed<ExpirationExpression> | undefined {
  const qualifier = /^(?:this|coming|next)$/.exec(tokens[start] ?? '')?.[0];
  const week = qualifier === 'next' ? 'next' : 'coming';
  const nameAt = qualifier === undefined ? start : start + 1;
  const hasWeek = qualifier !== undefined && unitOf(tokens[nameAt]) === 'week';
  const weekday = weekdayNumber(tokens[hasWeek ? nameAt + 1 : nameAt]);
  const name = WEEKDAY_NAMES[weekday ?? 5] ?? '';
  if (weekday === undefined && !hasWeek) return undefined;
  const end = nameAt + (hasWeek ? 1 : 0) + (weekday === undefined ? 0 : 1);
  return {
    value: { kind: 'weekday', weekday: weekday ?? 5, week },
    end,
    text: week === 'next' ? `next ${name}` : name,
  };
}

/** `next` alone is the nearest expiration, but only where nothing else was said. */
function bareNearest(tokens: readonly string[], start: number): Parsed<ExpirationExpression> | undefined {
  return tokens[start] === 'next' ? { value: { kind: 'nearest' }, end: start + 1, text: 'nearest' } : undefined;
}

function countOf(token: string | undefined): number | undefined {
  const number = /^\d{1,5}$/.test(token ?? '') ? Number(token) : NUMBER_WORDS.indexOf(token ?? '');
  return number > 0 ? number : undefined;
}

function sessionNounEnd(tokens: readonly string[], start: number): number | undefined {
  if (/^sessions?$/.test(tokens[start] ?? '')) return start + 1;
  const isQualified = /^(?:trading|market|business|regular)$/.test(tokens[start] ?? '');
  return isQualified && /^(?:days?|sessions?)$/.test(tokens[start + 1] ?? '') ? start + 2 : undefined;
}

function unitOf(token: string | undefined): 'day' | PeriodUnit | undefined {
  if (/^d(?:ays?)?$/.test(token ?? '')) return 'day';
  if (/^w(?:(?:ee)?ks?)?$/.test(token ?? '')) return 'week';
  if (/^m(?:o(?:nth)?s?)?$/.test(token ?? '')) return 'month';
  if (/^q(?:(?:uarte|t)rs?)?$/.test(token ?? '')) return 'quarter';
  return /^y(?:(?:ea)?rs?)?$/.test(token ?? '') ? 'year' : undefined;
}

/** 0 = Sunday to 6 = Saturday. */
function weekdayNumber(token: string | undefined): number | undefined {
  if (token === undefined || !WEEKDAY.test(token)) return undefined;
  return WEEKDAY_NAMES.findIndex((name) => name.startsWith(token.slice(0, 3)));
}
