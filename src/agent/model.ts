// What the loop knows of whoever answers: a language model or the built-in planner. Messages in, tool calls or text out.
import type { ToolDefinition } from '../tools/registry.ts';
import type { Answer } from '../domain/answers.ts';
import type { FinError } from '../domain/errors.ts';
import type { EpochMs } from '../domain/types.ts';
import type { PlacedFigure } from '../render/said.ts';

/**
 * What a server wrote beside the fields that are known, as it came. Several refuse the next request without it: the
 * thought signature of a call, the reasoning before it.
 */
export type Extras = Record<string, unknown>;

export interface ToolCall {
  id: string;
  name: string;
  /** As written by the model: JSON text, possibly malformed. */
  arguments: string;
  /** Of the call, and of the `function` inside it. */
  extras?: Extras;
  functionExtras?: Extras;
}

export type Message =
  | { role: 'system'; content: string }
  | {
      role: 'user';
      content: string;
      /** Exchange time of the question, ISO: a language model reads it beside the times of results. */
      askedAt?: string;
    }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[]; extras?: Extras }
  | {
      role: 'tool';
      toolCallId: string;
      name: string;
      /** Compact text for a language model, or an error that it can correct. */
      content: string;
      /** The same as data, for the planner and the grounding check; absent when the call failed. */
      answer?: Answer;
      arguments: Record<string, unknown>;
      fetchedAtMs?: number;
    };

export interface TokenUsage {
  inputTokens?: number;
  cachedInputTokens?: number;
  outputTokens?: number;
}

export interface ModelReply {
  text: string;
  /** Of a text that carries its figures: those alone are checked, and the text is read by nobody. */
  figures?: readonly PlacedFigure[];
  toolCalls: ToolCall[];
  /** Of the message; kept where it calls tools. */
  extras?: Extras;
  usage?: TokenUsage;
  /** Why the question is not answered, where a reader of words could not tell what it means. */
  refused?: FinError;
}

export interface ModelRequest {
  messages: readonly Message[];
  /** Empty: the model must answer with text. */
  tools: readonly ToolDefinition[];
  signal: AbortSignal;
  /** Machine time at which the question ends: a wait for the model's limit that ends later is refused at once. */
  deadlineMs?: EpochMs;
  /** Text as it arrives. */
  onText?(piece: string): void;
  /** What was given as text so far turned out to be reasoning. */
  onDiscard?(): void;
  /** A wait that the model's server asks for begins: it does not count as time of the request. */
  onWait?(ms: number): void;
}

/** The planner, whose calls are the person's own words: what is refused of them is theirs to mend. */
export const PLANNER_NAME = 'builtin';

export interface Model {
  readonly name: string;
  /** @throws ModelError (exit 6), UsageError where nothing is asked, NoDataError where no tool may be called for it. */
  reply(request: ModelRequest): Promise<ModelReply>;
}
