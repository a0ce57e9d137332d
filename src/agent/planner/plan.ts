// What a question was understood as: steps over the market, or why it was not. Holds the shapes only.
import type { BarInterval, Side, TickerSymbol } from '../../domain/types.ts';
import type { FieldQuery } from './field-query.ts';
import type { Slots } from './scan.ts';
import type { Strike } from './strike.ts';
import type { ContractField, Extreme, Field, Indicator } from './vocabulary.ts';

export type WallFocus = 'walls' | 'maxPain' | 'expectedMove' | 'putCall';

export type Step =
  | { topic: 'market' }
  | { topic: 'quote'; symbols: TickerSymbol[]; fields: Field[]; rank?: 'gainer' | 'loser'; extreme?: Extreme }
  | HistoryStep
  | { topic: 'ta'; symbols: TickerSymbol[]; indicators: Indicator[]; relation?: 'above' | 'below'; extreme?: Extreme }
  | { topic: 'levels'; symbols: TickerSymbol[] }
  | { topic: 'technicals'; symbols: TickerSymbol[] }
  /** `expiration`: only when that one is. */
  | { topic: 'expirations'; symbols: TickerSymbol[]; expiration?: string }
  /** `expiration` absent: the nearest. */
  | { topic: 'chain'; symbols: TickerSymbol[]; expiration?: string; side: Side | 'both'; strikes: number | 'all' }
  | ContractStep
  | { topic: 'walls'; symbols: TickerSymbol[]; expiration?: string; side: Side | 'both'; focus: WallFocus[] }
  | { topic: 'bundle'; symbols: TickerSymbol[] }
  | { topic: 'calculate'; expression: string }
  | { topic: 'fields'; symbols: TickerSymbol[]; query: FieldQuery };

/** The figures of one strike, or of its call and put. */
export interface ContractStep {
  topic: 'contract';
  symbols: TickerSymbol[];
  expiration?: string;
  side: Side | 'both';
  strike: Strike;
  /** Empty: those that a trader looks at first. */
  fields: ContractField[];
}

export interface HistoryStep {
  topic: 'history';
  symbols: TickerSymbol[];
  range: string;
  interval: BarInterval;
  fields: Field[];
  rank?: 'gainer' | 'loser';
  /** Asked for by a price or a field, not as bars or performance: a sentence can answer it. */
  isPointPrice: boolean;
}

export interface Plan {
  /** `data`: figures only. `analysis`: levels, walls, technical statements, comparisons. */
  kind: 'data' | 'analysis';
  steps: Step[];
  /** The question forbids tool calls. */
  isHeldOnly: boolean;
  isDataOnly: boolean;
  /** With symbols and dates of the conversation filled in: what a follow-up leans on. */
  slots: Slots;
}

/**
 * Why there is no plan. `unknown`: needs a language model. `unclear`: the asker must say which symbol, company or
 * period is meant.
 */
export interface Refusal {
  refused: 'unknown' | 'unclear';
  message: string;
  hint?: string;
  /** The words that the planner does not know, for finding similar questions. */
  words: string[];
}

export function isRefusal(result: Plan | Refusal): result is Refusal {
  return 'refused' in result;
}

/** Needs a language model: `what` is what the planner does not know. */
export function notUnderstood(what: string, words: string[] = []): Refusal {
  return { refused: 'unknown', message: what, words };
}

/** For the asker to say more exactly. */
export function unclear(message: string, hint?: string): Refusal {
  return { refused: 'unclear', message, words: [], ...(hint === undefined ? {} : { hint }) };
}
