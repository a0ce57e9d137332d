// What the readers of claims share: whose figures a place of a sentence speaks of, and what the data have of them.
// A claim is a sentence with the value of the data behind each figure.
import type { TickerSymbol } from '../../domain/types.ts';
import { findField } from '../../fields/registry.ts';
import type { FactBase, Field } from './facts.ts';
import type { Sentence } from './said.ts';
import type { Place } from './sides.ts';
import type { Cue } from './words.ts';

/** A sentence with the value of the data behind each figure. */
export interface Claim {
  sentence: Sentence;
  values: readonly (number | undefined)[];
  base: FactBase;
  question: string;
}

export const PRICE = 'price';
export function priceOf(base: FactBase, symbol: TickerSymbol): number | undefined {
  return base.latest(symbol, 'last') ?? base.latest(symbol, 'spot') ?? base.latest(symbol, 'close');
}

export function valueOf(base: FactBase, symbol: TickerSymbol, field: Field): number | undefined {
  return field === PRICE ? priceOf(base, symbol) : base.latest(symbol, field);
}

/** The symbol that a place speaks of: the last one before it, else the only one above the sentence. */
export function symbolAt({ sentence, base }: Claim, at: number): TickerSymbol | undefined {
  const before = sentence.mentions.symbols.findLast((mention) => mention.end <= at)?.value;
  const [only, ...others] = sentence.context.symbols ?? (base.symbols.size === 1 ? [...base.symbols] : []);
  return before ?? (others.length === 0 ? only : undefined);
}

const BARRIER = /[;.!?]\s|\b(?:but|while|whereas|yet|though|although|however|so|which|with|because)\b/gi;

/** Text between the barriers around a place. */
export function clauseAround(text: string, at: number): Place {
  let start = 0;
  for (const match of text.matchAll(BARRIER)) {
    if (match.index + match[0].length > at) return { start, end: match.index };
    start = match.index + match[0].length;
  }
  return { start, end: text.length };
}

export function fieldOfCue(cue: Cue): Field | undefined {
  if (cue.fields.includes('last')) return PRICE;
  return cue.fields.find((field) => findField(field) !== undefined && !['change', 'changePercent'].includes(field));
}
