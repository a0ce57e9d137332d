// Hides how people write ranges: words become an expression that needs no clock yet; expirations.ts reads with it too.
// The planner finds such phrases inside a question with the same grammar that reads a whole option value.
import { type Rule, monthDayAt, tokensFrom, yearNumber } from './date-words.ts';
import { type RangeExpression, type SpanEnd, boundAt, rangeAt } from './range-grammar.ts';

export type { PeriodUnit } from './date-words.ts';
export type { DayPoint, NamedPeriod, Period, RangeExpression, SpanEnd } from './range-grammar.ts';

/** A phrase found among words: how many of them it takes, and its canonical text, which reads back as the same. */
export interface PhraseMatch {
  phrase: string;
  length: number;
}

const RANGE_LEAD = /^(?:the|over|in|for|during|on|within|across|throughout)$/;

/** The expression of a whole phrase, undefined when any word of it is not understood. */
export function parseRangePhrase(phrase: string): { expression: RangeExpression; text: string } | undefined {
  return parseWhole(phrase, RANGE_LEAD, (tokens, start) => rangeAt(tokens, start, true));
}

/** A bound of a range: a date or session (`2025-11-03`, `Nov 3`, `yesterday`, `3 days ago`), or a period's end. */
export function parseBoundPhrase(phrase: string): SpanEnd | undefined {
  return parseWhole(phrase, RANGE_LEAD, boundAt)?.expression;
}

/** The longest range phrase that begins at `words[start]`; a bare `50-day` is none, because averages are named so. */
export function matchRangePhrase(words: readonly string[], start: number): PhraseMatch | undefined {
  return matchAt(words, start, RANGE_LEAD, (tokens, at) => rangeAt(tokens, at, false));
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

/** A whole phrase read by a rule; undefined when any word of it is not understood. */
export function parseWhole<T>(
  phrase: string,
  lead: RegExp,
  rule: Rule<T>,
): { expression: T; text: string } | undefined {
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

/** The longest phrase of a rule that begins at `words[start]`, after words that lead to it. */
export function matchAt<T>(
  words: readonly string[],
  start: number,
  lead: RegExp,
  rule: Rule<T>,
): PhraseMatch | undefined {
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
