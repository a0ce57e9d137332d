// Runs the tool calls of one reply side by side and gives their results back in call order. Hides what a malformed,
// unknown, repeated or failed call becomes: a message the model can correct itself by, and a record for the reader.
import type { Answer, AnswerError } from '../domain/answers.ts';
import { type FinError, toFinError } from '../domain/errors.ts';
import { sanitise } from '../domain/plain-text.ts';
import type { Freshness } from '../domain/types.ts';
import type { ToolContext } from '../tools/answer.ts';
import { runTool } from '../tools/registry.ts';
import { describeForModel } from '../tools/text.ts';
import type { Message, ToolCall } from './model.ts';

/** One call as the reader and `--json` see it. */
export interface ToolRecord {
  name: string;
  arguments: Record<string, unknown>;
  ok: boolean;
  freshness?: Freshness;
  providerCalls: number;
  ms: number;
  error?: string;
}

export interface ToolOutcome {
  message: Extract<Message, { role: 'tool' }>;
  record: ToolRecord;
  answer?: Answer;
  /** Failures that count for the exit code unless the same is found later. */
  errors: AnswerError[];
  /** The same call was answered before in this turn. */
  isRepeat: boolean;
}

export interface ToolRunner {
  run(calls: readonly ToolCall[]): Promise<ToolOutcome[]>;
}

const MAX_ARGUMENT_CHARS = 4_000;

/** For one question: an equal call is run once. `onEnd` hears each call as it ends; no call makes `run` throw. */
export function createToolRunner(context: ToolContext, onEnd: (outcome: ToolOutcome) => void): ToolRunner {
  /** What this turn already knows, by tool and arguments. */
  const known = new Map<string, Promise<ToolOutcome>>();

  async function runOne(call: ToolCall): Promise<ToolOutcome> {
    const key = keyOf(call);
    const before = known.get(key);
    if (before !== undefined) return repeat(await before, call);
    const running = execute(call);
    known.set(key, running);
    return running;
  }

  async function execute(call: ToolCall): Promise<ToolOutcome> {
    const startedMs = context.clock.machineNow();
    let args: Record<string, unknown> = {};
    try {
      args = parseArguments(call);
      const answer = await runTool(call.name, args, context);
      return accept(call, args, answer, context.clock.machineNow() - startedMs);
    } catch (thrown) {
      return refuse(call, args, toFinError(thrown), context.clock.machineNow() - startedMs);
    }
  }

  return {
    run: (calls) =>
      Promise.all(
        calls.map(async (call) => {
          const outcome = await runOne(call);
          onEnd(outcome);
          return outcome;
        }),
      ),
  };
}

/** The same for arguments in any order; what cannot be read is known by its text. */
function keyOf(call: ToolCall): string {
  try {
    return `${call.name} ${JSON.stringify(Object.entries(parseArguments(call)).sort())}`;
  } catch {
    // Told to the model when it is run.
    return `${call.name} ${call.arguments}`;
  }
}

/** Text, an object (some servers), a doubly encoded text, or nothing. */
function parseArguments(call: ToolCall): Record<string, unknown> {
  const text = call.arguments.trim();
  if (text === '') return {};
  if (text.length > MAX_ARGUMENT_CHARS) throw new SyntaxError(`more than ${MAX_ARGUMENT_CHARS} characters`);
  let value: unknown = JSON.parse(text);
  if (typeof value === 'string') value = value.trim() === '' ? {} : JSON.parse(value);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new SyntaxError('not a JSON object');
  return value as Record<string, unknown>;
}

function messageOf({ id, name }: ToolCall, args: Record<string, unknown>, text: string): ToolOutcome['message'] {
  return { role: 'tool', toolCallId: id, name, content: sanitise(text), arguments: args };
}

function accept(call: ToolCall, args: Record<string, unknown>, answer: Answer, ms: number): ToolOutcome {
  const { freshness, providerCalls } = answer.meta;
  const ok = answer.errors.length === 0 && answer.data !== undefined;
  const [firstError] = answer.errors;
  return {
    message: { ...messageOf(call, args, describeForModel(answer)), answer },
    record: {
      name: call.name,
      arguments: args,
      ok,
      ...(freshness === undefined ? {} : { freshness }),
      providerCalls,
      ms: Math.round(ms),
      ...(firstError === undefined ? {} : { error: firstError.message }),
    },
    answer,
    errors: answer.errors,
    isRepeat: false,
  };
}

function refuse(call: ToolCall, args: Record<string, unknown>, error: FinError, ms: number): ToolOutcome {
  const isUnreadable = error.code === 'internal' && error.details.cause instanceof SyntaxError;
  const code = isUnreadable ? 'usage' : error.code;
  const message = isUnreadable ? `${call.name}: the arguments are not readable JSON` : error.message;
  const hint = isUnreadable ? 'send one JSON object with the tool’s arguments' : error.hint;
  return {
    message: messageOf(call, args, `ERROR ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`),
    record: { name: call.name, arguments: args, ok: false, providerCalls: 0, ms: Math.round(ms), error: message },
    errors: [{ code, message, ...(hint === undefined ? {} : { hint }) }],
    isRepeat: false,
  };
}

/** The model gets no second copy: what it asks for is above. */
function repeat(outcome: ToolOutcome, call: ToolCall): ToolOutcome {
  const { answer: _answer, ...message } = outcome.message;
  const what =
    outcome.answer === undefined
      ? `${message.content}\nThe same call failed before in this question. Change it, or answer without it.`
      : 'Same call as before in this question: its result above is all there is. Answer from it.';
  return {
    message: { ...message, toolCallId: call.id, content: what },
    record: { ...outcome.record, providerCalls: 0, ms: 0 },
    errors: [],
    isRepeat: true,
  };
}
