// Hides how people write ranges and expirations: words become an expression that needs no clock yet.
// The planner finds such phrases inside a question with the same grammar that reads a whole option value.
import {
  type Parsed,
  type Rule,
  WEEKDAY_NAMES,
  dateAt,
  monthDayAt,
  parsed,
  tokensFrom,
  unitOf,
  weekdayNumber,
  yearNumber,
} from './date-words.ts';
import { type RangeExpression, type SpanEnd, boundAt, rangeAt } from './range-grammar.ts';
import type { IsoDate } from './types.ts';

export type { PeriodUnit } from './date-words.ts';
export type { DayPoint, NamedPeriod, Period, RangeExpression, SpanEnd } from './range-grammar.ts';

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

const RANGE_LEAD = /^(?:the|over|in|for|during|on|within|across|throughout)$/;
const EXPIRATION_LEAD = /^(?:the|for|on|by|expir(?:es|ing|y|ation)|exp|dated)$/;
const EXPIRATION_NOUN = /^(?:expir(?:y|ies|ations?)|exp)$/;

/** The expression of a whole phrase, undefined when any word of it is not understood. */
export function parseRangePhrase(phrase: string): { expression: RangeExpression; text: string } | undefined {
  return parseWhole(phrase, RANGE_LEAD, (tokens, start) => rangeAt(tokens, start, true));
}

export function parseExpirationPhrase(phrase: string): { expression: ExpirationExpression; text: string } | undefined {
  return parseWhole(
    phrase,
    EXPIRATION_LEAD,
    (tokens, start) => expirationAt(tokens, start) ?? bareNearest(tokens, start),
  );
}

/** A bound of a range: a date or session (`2025-11-03`, `Nov 3`, `yesterday`, `3 days ago`), or a period's end. */
export function parseBoundPhrase(phrase: string): SpanEnd | undefined {
  return parseWhole(phrase, RANGE_LEAD, boundAt)?.expression;
}

/** The longest range phrase that begins at `words[start]`; a bare `50-day` is none, because averages are named so. */
export function matchRangePhrase(words: readonly string[], start: number): PhraseMatch | undefined {
  return matchAt(words, start, RANGE_LEAD, (tokens, at) => rangeAt(tokens, at, false));
}

export function matchExpirationPhrase(words: readonly string[], start: number): PhraseMatch | undefined {
  return matchAt(words, start, EXPIRATION_LEAD, expirationAt);
}

/** A month and day without a year at `words[start]`. */
export function matchMonthDay(
  words: readonly string[],
  start: number,
): { month: number; day: number; length: number } | undefined {
  const { tokens, wordEnds } = tokensFrom(words, start);
  const found = monthDayAt(tokens, 0);
  const length = found === undefined ? undefined : wordEnds.get(found.end);
  if (found === undefined || length === undefined || yearNumber(tokens[found.end]) !== undefined) return undefined;
  return { ...found.value, length };
}

function parseWhole<T>(phrase: string, lead: RegExp, rule: Rule<T>): { expression: T; text: string } | undefined {
  const words = phrase
    .replaceAll('..', ' .. ')
    .replaceAll(/\+\s+(?=\d)/g, '+')
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
