// One question answered: the model talks, code fetches and computes, and every figure of the answer is checked against
// what the tools brought before it counts. Hides turns, budgets, correction, and what a broken-off run still found.
import type { Answer, AnswerError } from '../domain/answers.ts';
import { BudgetExceededError, type FinError, ModelError, isFinError, toFinError } from '../domain/errors.ts';
import type { ToolContext } from '../tools/answer.ts';
import { listTools, symbolsAsked } from '../tools/registry.ts';
import type { Conversation } from './conversation.ts';
import { type GroundingReport, checkGrounding } from './grounding/check.ts';
import { describeForCorrection } from './grounding/report.ts';
import type { Message, Model, ModelReply, TokenUsage, ToolCall, ToolDefinition } from './model.ts';
import { type ToolOutcome, type ToolRecord, createToolRunner } from './tool-calls.ts';

export type TurnEvent =
  | { type: 'text'; piece: string }
  /** What was streamed since the last tool call is not the answer: the model goes on. */
  | { type: 'discard' }
  | { type: 'tools'; calls: readonly ToolCall[] }
  | { type: 'tool'; record: ToolRecord }
  /** All calls of one reply have ended, in call order. */
  | { type: 'answers'; answers: readonly Answer[] }
  | { type: 'correction'; report: GroundingReport };

export interface TurnOptions {
  model: Model;
  system: string;
  conversation: Conversation;
  question: string;
  context: ToolContext;
  /** Requests to the model, before one more without tools to wind up. */
  maxTurns: number;
  signal: AbortSignal;
  /** Longest single request to the model. */
  modelTimeoutMs: number;
  onEvent(event: TurnEvent): void;
}

export interface TurnResult {
  /** Without marks; empty where nothing came. */
  answer: string;
  /** The text broke off. */
  incomplete: boolean;
  /** What the tools brought, in call order. */
  findings: { tool: string; answer: Answer }[];
  records: ToolRecord[];
  grounding: GroundingReport;
  turns: number;
  usage: TokenUsage;
  /** Failed or empty parts that were not made good later. */
  errors: AnswerError[];
  /** What ended the run before its answer. */
  failure?: FinError;
}

const NOTHING_CHECKED: GroundingReport = { figures: 0, supported: 0, unsupported: [] };
/** Replies that only repeat known calls before the model is stopped. */
const MAX_CIRCLES = 2;
const WIND_UP = 'No more tool calls are possible. Answer now from the results above; say what is missing.';

export async function runTurn(options: TurnOptions): Promise<TurnResult> {
  const { conversation, question } = options;
  const start = conversation.messages.length;
  conversation.compact();
  conversation.append({ role: 'user', content: question });
  const turn = new Turn(options);
  try {
    await turn.run();
  } catch (thrown) {
    turn.fail(toFinError(thrown));
  }
  const result = turn.result();
  if (result.answer === '' && result.findings.length === 0) conversation.truncate(start);
  else if (result.failure !== undefined) conversation.append({ role: 'assistant', content: result.answer === '' ? '(no answer: the run was ended)' : result.answer });
  return result;
}

class Turn {
  readonly #options: TurnOptions;
  readonly #tools: ToolDefinition[] = listTools();
  readonly #outcomes: ToolOutcome[] = [];
  readonly #usage: TokenUsage = {};
  #text = '';
  #partial = '';
  #grounding = NOTHING_CHECKED;
  #turns = 0;
  #circles = 0;
  #failure: FinError | undefined;

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { maxTurns, context, onEvent } = this.#options;
    const runner = createToolRunner(context, ({ record }) => onEvent({ type: 'tool', record }));
    while (this.#turns < maxTurns) {
      const reply = await this.#ask([], this.#tools);
      if (reply.toolCalls.length === 0) {
        const report = this.#check(reply.text);
        await this.#finish(reply.text, report);
        return;
      }
      await this.#runCalls(reply, runner);
      if (this.#circles >= MAX_CIRCLES) {
        await this.#windUp('the model repeats the same calls without new information');
        return;
      }
    }
    await this.#windUp(`the model used all ${maxTurns} requests`);
  }

  async #finish(text: string, report: GroundingReport): Promise<void> {
    const { maxTurns, onEvent } = this.#options;
    if (report.unsupported.length === 0 || this.#turns >= maxTurns) {
      this.#conclude(text, report);
      return;
    }
    onEvent({ type: 'correction', report });
    await this.#correct(text, report);
  }

  async #runCalls(reply: ModelReply, runner: ReturnType<typeof createToolRunner>): Promise<void> {
    const { conversation, onEvent } = this.#options;
    if (reply.text !== '') onEvent({ type: 'discard' });
    onEvent({ type: 'tools', calls: reply.toolCalls });
    const outcomes = await runner.run(reply.toolCalls);
    conversation.append(
      { role: 'assistant', content: reply.text, toolCalls: reply.toolCalls },
      ...outcomes.map((outcome): Message => outcome.message),
    );
    this.#outcomes.push(...outcomes);
    this.#circles = outcomes.every((outcome) => outcome.isRepeat) ? this.#circles + 1 : 0;
    onEvent({ type: 'answers', answers: outcomes.flatMap(({ answer, isRepeat }) => (answer === undefined || isRepeat ? [] : [answer])) });
    this.#options.signal.throwIfAborted();
  }

  /** One chance to correct itself, with the list of what is unsupported; the better of the two answers stands. */
  async #correct(text: string, report: GroundingReport): Promise<void> {
    const { onEvent } = this.#options;
    const request: Message[] = [
      { role: 'assistant', content: text },
      { role: 'user', content: describeForCorrection(report) },
    ];
    onEvent({ type: 'discard' });
    const mayFetch = this.#turns + 1 < this.#options.maxTurns;
    let reply = await this.#ask(request, mayFetch ? this.#tools : [], text);
    if (reply.toolCalls.length > 0) {
      const runner = createToolRunner(this.#options.context, ({ record }) => onEvent({ type: 'tool', record }));
      await this.#runCalls({ ...reply, text: '' }, runner);
      reply = await this.#ask([], [], text);
    }
    const second = this.#check(reply.text);
    const isBetter = reply.text !== '' && second.unsupported.length <= report.unsupported.length;
    if (isBetter) this.#conclude(reply.text, second);
    else this.#conclude(text, this.#check(text));
  }

  async #windUp(why: string): Promise<void> {
    this.#failure = new BudgetExceededError('budget', `the answer took too long: ${why}`, { hint: 'allow more with --max-turns, or ask a narrower question' });
    const reply = await this.#ask([{ role: 'user', content: WIND_UP }], [], '');
    if (reply.text !== '') this.#conclude(reply.text, this.#check(reply.text));
  }

  /** Asks with the conversation and what is added for this request only; `fallback` is what stands when the model fails. */
  async #ask(added: readonly Message[], tools: readonly ToolDefinition[], fallback?: string): Promise<ModelReply> {
    const { signal } = this.#options;
    this.#turns += 1;
    try {
      const reply = await this.#requestFitting(added, tools);
      this.#addUsage(reply.usage);
      this.#partial = '';
      return reply;
    } catch (thrown) {
      if (fallback !== undefined && !signal.aborted) {
        this.#partial = '';
        return { text: fallback, toolCalls: [] };
      }
      throw this.#explain(thrown);
    }
  }

  /** A conversation that is too long for the model is shortened and sent once more. */
  async #requestFitting(added: readonly Message[], tools: readonly ToolDefinition[]): Promise<ModelReply> {
    try {
      return await this.#request(added, tools);
    } catch (thrown) {
      if (!isFinError(thrown) || thrown.details.field !== 'context_length') throw thrown;
      if (this.#partial !== '') this.#options.onEvent({ type: 'discard' });
      this.#options.conversation.compact({ now: true });
      return this.#request(added, tools);
    }
  }

  async #request(added: readonly Message[], tools: readonly ToolDefinition[]): Promise<ModelReply> {
    const { model, system, conversation, context, signal, modelTimeoutMs, onEvent } = this.#options;
    this.#partial = '';
    return model.reply({
      messages: [{ role: 'system', content: system }, ...conversation.messages, ...added],
      tools,
      signal: AbortSignal.any([signal, AbortSignal.timeout(modelTimeoutMs)]),
      deadlineMs: Math.min(context.clock.machineNow() + modelTimeoutMs, context.request.call.deadlineMs),
      onText: (piece) => {
        this.#partial += piece;
        onEvent({ type: 'text', piece });
      },
    });
  }

  /** Why a request to the model ended: the user's signal and the whole deadline go before the model's own failure. */
  #explain(thrown: unknown): unknown {
    const { signal, modelTimeoutMs } = this.#options;
    if (signal.aborted) return signal.reason;
    if (isFinError(thrown)) return thrown;
    if (thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError'))
      return new ModelError(`language model: no answer within ${modelTimeoutMs / 1000} s`, { hint: 'try again, or choose a faster model with --model' });
    return thrown;
  }

  #addUsage(usage: TokenUsage | undefined): void {
    for (const name of ['inputTokens', 'cachedInputTokens', 'outputTokens'] as const) {
      const tokens = usage?.[name];
      if (tokens !== undefined) this.#usage[name] = (this.#usage[name] ?? 0) + tokens;
    }
  }

  #check(text: string): GroundingReport {
    return checkGrounding(text, this.#options.conversation.facts, { question: this.#options.question });
  }

  #conclude(text: string, report: GroundingReport): void {
    this.#text = text;
    this.#grounding = report;
    this.#options.conversation.append({ role: 'assistant', content: text });
  }

  fail(error: FinError): void {
    this.#failure = error;
  }

  result(): TurnResult {
    const isBroken = this.#text === '' && this.#partial !== '';
    return {
      answer: isBroken ? this.#partial : this.#text,
      incomplete: isBroken,
      findings: this.#outcomes.flatMap(({ answer, isRepeat, record }) => (answer === undefined || isRepeat ? [] : [{ tool: record.name, answer }])),
      records: this.#outcomes.map((outcome) => outcome.record),
      grounding: isBroken ? this.#check(this.#partial) : this.#grounding,
      turns: this.#turns,
      usage: this.#usage,
      errors: remainingErrors(this.#outcomes),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }
}

/** Failures that no later call made good: the same tool for the same symbol, or, after refused arguments, the same tool. */
function remainingErrors(outcomes: readonly ToolOutcome[]): AnswerError[] {
  const remaining: AnswerError[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const later = outcomes.slice(index + 1).filter(({ record }) => record.ok);
    for (const error of outcome.errors) {
      const symbols = error.symbol === undefined ? symbolsAsked(outcome.record.arguments) : [error.symbol];
      const isMadeGood = later.some(({ record }) => {
        const found = symbolsAsked(record.arguments);
        const sameWork = familyOf(record.name) === familyOf(outcome.record.name);
        return error.code === 'usage' ? true : sameWork && symbols.every((symbol) => found.includes(symbol));
      });
      const isKnown = remaining.some(({ symbol, message }) => symbol === error.symbol && message === error.message);
      if (!isMadeGood && !isKnown) remaining.push(error);
    }
  }
  return remaining;
}

/** Quotes of one and of several, and chains of either side, bring the same thing. */
function familyOf(tool: string): string {
  if (tool.endsWith('_chain')) return 'chain';
  return tool.includes('quote') ? 'quote' : tool;
}
