// What a question was understood as: steps over the market, or why it was not. Holds no logic but the shapes.
import type { BarInterval, Side, TickerSymbol } from '../../domain/types.ts';
import type { Slots } from './scan.ts';
import type { Field, Indicator } from './vocabulary.ts';

export type WallFocus = 'walls' | 'maxPain' | 'expectedMove' | 'putCall';

export type Step =
  | { topic: 'market' }
  | { topic: 'quote'; symbols: TickerSymbol[]; fields: Field[]; rank?: 'gainer' | 'loser' }
  | HistoryStep
  | { topic: 'ta'; symbols: TickerSymbol[]; indicators: Indicator[]; relation?: 'above' | 'below' }
  | { topic: 'levels'; symbols: TickerSymbol[] }
  | { topic: 'technicals'; symbols: TickerSymbol[] }
  | { topic: 'expirations'; symbols: TickerSymbol[] }
  /** `expiration` absent: the nearest. */
  | { topic: 'chain'; symbols: TickerSymbol[]; expiration?: string; side: Side | 'both'; strikes: number | 'all' }
  | { topic: 'walls'; symbols: TickerSymbol[]; expiration?: string; side: Side | 'both'; focus: WallFocus[] }
  | { topic: 'bundle'; symbols: TickerSymbol[] }
  | { topic: 'calculate'; expression: string };

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
