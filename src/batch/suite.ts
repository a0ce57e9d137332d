// A suite as the runner and the checks see it: questions, and what must be true of each answer.
import type { AnswerKind } from '../domain/answers.ts';
import type { EpochMs, TickerSymbol } from '../domain/types.ts';
import type { Formula } from './formulas.ts';

export interface Suite {
  name: string;
  /** Market time that the suite is asked at. Absent: now, on the market that is configured. */
  clock?: EpochMs;
  /** One conversation for all prompts, in their order, or one for each. */
  session: 'shared' | 'fresh';
  /** Forbidden in every answer, whatever its case. */
  banned: readonly string[];
  limits: Limits;
  prompts: readonly SuitePrompt[];
}

/** Upper bounds of one whole pass. */
export interface Limits {
  providerCalls?: number;
  /** Requests that were sent before with the same words (retries of a failed one apart). */
  repeatedRequests?: number;
  tokens?: number;
  seconds?: number;
}

export interface SuitePrompt {
  id: string;
  text: string;
  tags: readonly string[];
  /** Whom the answer is about: every expectation holds for each of them, and no other symbol may be in it. */
  symbols: readonly TickerSymbol[];
  /** Prompts of a shared session that this one leans on. */
  after: readonly string[];
  /** Asked in a conversation of its own, also in a shared session. */
  alone: boolean;
  expect: Expectations;
}

export interface Expectations {
  /** Tools that must have answered for every symbol; `a|b` is either. */
  calls: readonly string[];
  notCalled: readonly string[];
  maxCalls?: number;
  /** Requests to the model: 2 where all calls go side by side. */
  maxTurns?: number;
  maxProviderCalls?: number;
  maxTokens?: number;
  maxSeconds?: number;
  /** Kinds of data that this prompt's own tools must have brought, with the fields that must have a value. */
  has: readonly { kind: AnswerKind; fields: readonly string[] }[];
  /** Sessions that the bars must be of, see `expectSessions`. */
  dates?: string;
  figures: readonly Formula[];
  /** Values that must be in the answer's text. */
  says: readonly Formula[];
  /** Words of which the text must have at least one of each group (`open|closed`). */
  words: readonly string[];
  /** So many supports below and resistances above the spot, in data or text. */
  levels?: number;
  banned: readonly string[];
  grounded: boolean;
}
