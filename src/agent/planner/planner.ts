// The built-in planner: a model that is no model. It reads a question completely, asks the tools for exactly what it
// means, and says what they brought. Deterministic, without network; the conversation's messages are its only state.
import { ConfigError, type FinError, UsageError } from '../../domain/errors.ts';
import { exchangeDateOf } from '../../domain/exchange-time.ts';
import type { Clock } from '../../domain/types.ts';
import { writeSaid } from '../../render/said.ts';
import type { Message, Model, ModelReply, ModelRequest, ToolCall } from '../model.ts';
import { decideCalls, type PlannedCall } from './calls.ts';
import { type KnownTurns, readBackground, readConversation } from './context.ts';
import { createFieldQueryReader } from './field-query.ts';
import { createGrammar, type Grammar } from './grammar.ts';
import { createFigures } from './held.ts';
import { createNames } from './names.ts';
import { isRefusal, type Plan, type Refusal } from './plan.ts';
import { writeAnswer } from './prose.ts';
import { createDateFinder } from './short-dates.ts';
import { suggestQuestions } from './suggestions.ts';
import { joinReaders } from './understand.ts';
import { createVocabulary } from './vocabulary.ts';

export interface Planner extends Model {
  /**
   * What the planner would do with a question asked next; undefined where it would refuse. With a language model
   * configured only `data` questions are the planner's.
   */
  canPlan(question: string, messages: readonly Message[]): Plan | undefined;
}

const PLANNER_NAME = 'builtin';

const MODEL_HINT = 'set OPENAI_API_KEY, or OPENAI_BASE_URL and FIN_MODEL, to ask a language model';
/** With what stands around them, two lines of a hundred columns. */
const MAX_SUGGESTED_CHARS = 100;

/** @param clock decides which dates a phrase means; only its market time is read. */
export function createPlanner({ clock }: { clock: Pick<Clock, 'now'> }): Planner {
  let built: Grammar | undefined;
  const known: KnownTurns = new WeakMap();
  const build = (): Grammar => {
    const names = createNames();
    const topics = createGrammar(
      names,
      createVocabulary(),
      createDateFinder(() => exchangeDateOf(clock.now())),
    );
    return joinReaders(topics, createFieldQueryReader(names));
  };
  const grammar = (): Grammar => (built ??= build());

  return {
    name: PLANNER_NAME,

    canPlan(question, messages) {
      const plan = grammar().parse(question, readBackground(messages, grammar(), known));
      return isRefusal(plan) ? undefined : plan;
    },

    reply(request) {
      return Promise.resolve().then(() => reply(request, { grammar: grammar(), known, clock }));
    },
  };
}

interface Means {
  grammar: Grammar;
  known: KnownTurns;
  clock: Pick<Clock, 'now'>;
}

function reply(request: ModelRequest, { grammar, known, clock }: Means): ModelReply {
  const { messages, tools } = request;
  const conversation = readConversation(messages, grammar, known);
  if (conversation === undefined)
    throw new UsageError('question: there is none', { hint: 'ask one, like: price of NVDA' });
  const { question, background, held, results } = conversation;
  const plan = grammar.parse(question, background);
  if (isRefusal(plan)) throw refusalError(plan, question);
  const now = clock.now();
  const calls = results.length > 0 ? [] : decideCalls(plan, createFigures(held), now);
  const offered = new Set(tools.map((tool) => tool.name));
  const possible = calls.filter((call) => offered.has(call.name));
  if (possible.length > 0) return { text: '', toolCalls: possible.map(toToolCall) };
  const { text, figures } = writeSaid(writeAnswer(plan, { results, held, now }));
  request.onText?.(text);
  return { text, figures, toolCalls: [] };
}

function toToolCall(call: PlannedCall, index: number): ToolCall {
  return { id: `planned_${index + 1}`, name: call.name, arguments: JSON.stringify(call.arguments) };
}

function refusalError(refusal: Refusal, question: string): FinError {
  if (refusal.refused === 'unclear')
    return new UsageError(
      `question not clear: ${refusal.message}`,
      refusal.hint === undefined ? {} : { hint: refusal.hint },
    );
  return new ConfigError(`question not understood by the built-in planner: ${refusal.message}`, {
    hint: `it can answer ${suggestQuestions(question, MAX_SUGGESTED_CHARS)}; ${MODEL_HINT}`,
  });
}
