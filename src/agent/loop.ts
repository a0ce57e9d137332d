// One question answered: the model talks, code fetches and computes, and every figure of the answer is checked against
// what the tools brought before it counts. Hides turns, budgets, correction, and what a broken-off run still found.
import type { FreshnessTable } from '../cache/freshness.ts';
import type { Answer, AnswerError, AnswerMeta } from '../domain/answers.ts';
import { BudgetExceededError, type FinError, ModelError, isFinError, toFinError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { sanitise } from '../render/text.ts';
import type { ToolContext } from '../tools/answer.ts';
import { listTools, symbolsAsked, type ToolDefinition } from '../tools/registry.ts';
import type { Conversation } from './conversation.ts';
import { findEarlierSource } from './earlier-results.ts';
import { checkAttached } from './grounding/attached.ts';
import type { GroundingReport } from './grounding/check.ts';
import type { FactBase } from './grounding/facts.ts';
import { describeForCorrection } from './grounding/report.ts';
import { type Message, type Model, type ModelReply, PLANNER_NAME, type TokenUsage, type ToolCall } from './model.ts';
import { type ToolOutcome, type ToolRecord, type ToolRunner, createToolRunner } from './tool-calls.ts';

export type TurnEvent =
  | { type: 'text'; piece: string }
  /** What was streamed since the last tool call is not the answer: the model goes on. */
  | { type: 'discard' }
  | { type: 'tools'; calls: readonly ToolCall[] }
  | { type: 'tool'; record: ToolRecord }
  /** All calls of one reply have ended, in call order. */
  | { type: 'answers'; answers: readonly Answer[] }
  | { type: 'correction'; report: GroundingReport }
  /** The model's server asks to wait. */
  | { type: 'wait'; ms: number };

export interface TurnOptions {
  model: Model;
  system: string;
  conversation: Conversation;
  question: string;
  context: ToolContext;
  /** Requests to the model, before one more without tools to wind up. */
  maxTurns: number;
  signal: AbortSignal;
  /** Longest single request to the model, waits for its limit apart. */
  modelTimeoutMs: number;
  /** By which earlier results count as fresh. Absent: the built-in table. */
  freshness?: FreshnessTable;
  onEvent(event: TurnEvent): void;
}

export interface TurnResult {
  /** Without marks and control sequences; empty where nothing came. */
  answer: string;
  /** The text broke off. */
  incomplete: boolean;
  /** What the tools brought, in call order. */
  findings: { tool: string; answer: Answer }[];
  records: ToolRecord[];
  grounding: GroundingReport;
  /** Of results of earlier questions that the answer rests on, as old as they are now. */
  earlier?: AnswerMeta;
  turns: number;
  /** Of all replies; a count that one of them lacked is absent. */
  usage: TokenUsage;
  /** Failed or empty parts that were not made good later. */
  errors: AnswerError[];
  /** What ended the run before its answer. */
  failure?: FinError;
  /** The conversation holds the question: it brought something, or was refused, and what follows may point at it. */
  isKept: boolean;
}

const NOTHING_CHECKED: GroundingReport = { figures: 0, supported: 0, unsupported: [] };
/** Replies that only repeat known calls before the model is stopped. */
const MAX_CIRCLES = 2;
const WIND_UP = 'No more tool calls are possible. Answer now from the results above; say what is missing.';

/**
 * Answers one question and appends it, its calls and its answer to the conversation. Never throws: what ended the run is
 * `failure` beside what was found. A question that brought nothing is taken back, but for one that was refused.
 */
export async function runTurn(options: TurnOptions): Promise<TurnResult> {
  const { conversation, question } = options;
  conversation.compact();
  conversation.append({ role: 'user', content: question, askedAt: formatExchangeIso(options.context.clock.now()) });
  // A question more may have pushed the oldest out.
  const start = conversation.messages.length - 1;
  const turn = new Turn(options, start);
  try {
    await turn.run();
  } catch (thrown) {
    turn.fail(toFinError(thrown));
  }
  const result = await turn.result();
  const { answer, failure } = result;
  if (!result.isKept) conversation.truncate(start);
  else if (failure !== undefined)
    conversation.append({ role: 'assistant', content: answer === '' ? `(no answer: ${turn.whyNone})` : answer });
  return result;
}

/** A text, with its figures where it carries them. */
type Spoken = Pick<ModelReply, 'text' | 'figures'>;

class Turn {
  readonly #options: TurnOptions;
  /** Where the question stands in the conversation. */
  readonly #start: number;
  readonly #tools: ToolDefinition[] = listTools();
  readonly #runner: ToolRunner;
  readonly #outcomes: ToolOutcome[] = [];
  readonly #usages: TokenUsage[] = [];
  #said: Spoken = { text: '' };
  #partial = '';
  #grounding = NOTHING_CHECKED;
  #turns = 0;
  #circles = 0;
  #failure: FinError | undefined;
  #refused: FinError | undefined;

  constructor(options: TurnOptions, start: number) {
    this.#options = options;
    this.#start = start;
    this.#runner = createToolRunner(options.context, ({ record }) => options.onEvent({ type: 'tool', record }));
  }

  async run(): Promise<void> {
    const { maxTurns } = this.#options;
    while (this.#turns < maxTurns) {
      const reply = await this.#ask([], this.#tools);
      if (reply.refused !== undefined) {
        this.#failure = this.#refused = reply.refused;
        return;
      }
      if (reply.toolCalls.length === 0) {
        await this.#finish(reply, await this.#check(reply));
        return;
      }
      await this.#runCalls(reply);
      if (this.#circles >= MAX_CIRCLES) {
        await this.#windUp(
          'the model keeps repeating the same calls',
          'ask in other words, or choose another model with --model',
        );
        return;
      }
    }
    await this.#windUp(
      `the model used ${maxTurns === 1 ? 'its one request' : `all ${maxTurns} requests`}`,
      'allow more with --max-turns, or ask a narrower question',
    );
  }

  async #finish(said: Spoken, report: GroundingReport): Promise<void> {
    const { maxTurns, onEvent } = this.#options;
    // Who attaches figures has nothing else to say of them.
    if (report.unsupported.length === 0 || said.figures !== undefined || this.#turns >= maxTurns) {
      this.#conclude(said, report);
      return;
    }
    onEvent({ type: 'correction', report });
    await this.#correct(said, report);
  }

  async #runCalls(reply: ModelReply): Promise<void> {
    const { conversation, onEvent } = this.#options;
    if (reply.text !== '') onEvent({ type: 'discard' });
    onEvent({ type: 'tools', calls: reply.toolCalls });
    const outcomes = await this.#runner.run(reply.toolCalls);
    conversation.append(
      {
        role: 'assistant',
        content: reply.text,
        toolCalls: reply.toolCalls,
        ...(reply.extras === undefined ? {} : { extras: reply.extras }),
      },
      ...outcomes.map((outcome): Message => outcome.message),
    );
    this.#outcomes.push(...outcomes);
    this.#circles = outcomes.every((outcome) => outcome.isRepeat) ? this.#circles + 1 : 0;
    onEvent({
      type: 'answers',
      answers: outcomes.flatMap(({ answer, isRepeat }) => (answer === undefined || isRepeat ? [] : [answer])),
    });
    this.#options.signal.throwIfAborted();
  }

  /** One chance to correct itself, with the list of what is unsupported; the better of the two answers stands. */
  async #correct(said: Spoken, report: GroundingReport): Promise<void> {
    const { onEvent } = this.#options;
    const { text } = said;
    const request: Message[] = [
      { role: 'assistant', content: text },
      { role: 'user', content: describeForCorrection(report) },
    ];
    onEvent({ type: 'discard' });
    // What stands where the deadline comes before the correction.
    [this.#said, this.#grounding] = [said, report];
    const mayFetch = this.#turns + 1 < this.#options.maxTurns;
    let reply = await this.#ask(request, mayFetch ? this.#tools : [], text);
    if (reply.toolCalls.length > 0) {
      await this.#runCalls({ ...reply, text: '' });
      reply = await this.#ask(request, [], text);
    }
    const second = await this.#check(reply);
    const isBetter = reply.text !== '' && second.unsupported.length <= report.unsupported.length;
    if (isBetter) this.#conclude(reply, second);
    else this.#conclude(said, await this.#check(said));
  }

  async #windUp(why: string, hint: string): Promise<void> {
    this.#failure = new BudgetExceededError('budget', `the answer was stopped: ${why}`, { hint });
    const reply = await this.#ask([{ role: 'user', content: WIND_UP }], [], '');
    if (reply.text !== '') this.#conclude(reply, await this.#check(reply));
  }

  /** Asks with the conversation and what is added for this request only; `fallback` is what stands when the model fails. */
  async #ask(added: readonly Message[], tools: readonly ToolDefinition[], fallback?: string): Promise<ModelReply> {
    const { signal } = this.#options;
    this.#turns += 1;
    try {
      const reply = await this.#requestFitting(added, tools);
      this.#usages.push(reply.usage ?? {});
      this.#partial = '';
      return { ...reply, text: sanitise(reply.text) };
    } catch (thrown) {
      if (fallback !== undefined && !signal.aborted) {
        this.#partial = '';
        return { text: fallback, toolCalls: [] };
      }
      // The user's signal and the whole deadline go before the model's own failure.
      throw signal.aborted ? signal.reason : thrown;
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
    const patience = createPatience(modelTimeoutMs);
    this.#partial = '';
    try {
      return await model.reply({
        messages: [{ role: 'system', content: system }, ...conversation.messages, ...added],
        tools,
        signal: AbortSignal.any([signal, patience.signal]),
        deadlineMs: context.request.call.deadlineMs,
        onText: (piece) => {
          this.#partial += piece;
          onEvent({ type: 'text', piece });
        },
        onDiscard: () => {
          this.#partial = '';
          onEvent({ type: 'discard' });
        },
        onWait: (ms) => {
          patience.startAnew(ms);
          onEvent({ type: 'wait', ms });
        },
      });
    } finally {
      patience.end();
    }
  }

  async #check(said: Spoken): Promise<GroundingReport> {
    return (await this.#checkOf(said))(this.#options.conversation.facts);
  }

  /** The check of prose is a fifth of the program: loaded where there is prose, that is, where a language model spoke. */
  async #checkOf({ text, figures }: Spoken): Promise<(facts: FactBase) => GroundingReport> {
    if (figures !== undefined) return (facts) => checkAttached(text, figures, facts);
    const { checkGrounding } = await import('./grounding/check.ts');
    return (facts) => checkGrounding(text, facts, { question: this.#options.question });
  }

  #conclude(said: Spoken, report: GroundingReport): void {
    this.#said = said;
    this.#grounding = report;
    this.#options.conversation.append({ role: 'assistant', content: said.text });
  }

  async #findEarlier(said: Spoken, { supported }: GroundingReport): Promise<AnswerMeta | undefined> {
    const { conversation, context, freshness } = this.#options;
    const check = await this.#checkOf(said);
    return findEarlierSource({
      countSupported: (facts) => check(facts).supported,
      messages: conversation.messages,
      start: this.#start,
      supported,
      nowMs: context.clock.now(),
      freshness,
    });
  }

  fail(error: FinError): void {
    this.#failure = error;
  }

  get whyNone(): string {
    return this.#refused?.message ?? 'the run was stopped';
  }

  async result(): Promise<TurnResult> {
    const isBroken = this.#said.text === '' && this.#partial !== '';
    const said = isBroken ? { text: sanitise(this.#partial) } : this.#said;
    const grounding = isBroken ? await this.#check(said) : this.#grounding;
    const earlier = await this.#findEarlier(said, grounding);
    const findings = this.#outcomes.flatMap(({ answer, isRepeat, record }) =>
      answer === undefined || isRepeat ? [] : [{ tool: record.name, answer }],
    );
    return {
      answer: said.text,
      incomplete: isBroken,
      isKept: said.text !== '' || findings.length > 0 || this.#refused !== undefined,
      findings,
      records: this.#outcomes.map((outcome) => outcome.record),
      grounding,
      ...(earlier === undefined ? {} : { earlier }),
      turns: this.#turns,
      usage: addUsages(this.#usages),
      errors: remainingErrors(this.#outcomes).map((error) => blameModel(error, this.#options.model)),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }
}

/** The time that one request to the model may take. */
function createPatience(timeoutMs: number) {
  const controller = new AbortController();
  const why = new ModelError(`language model: no answer within ${timeoutMs / 1000} s`, {
    hint: 'try again, or choose a faster model with --model',
  });
  const start = (ms: number): NodeJS.Timeout => setTimeout(() => controller.abort(why), ms);
  let timer = start(timeoutMs);
  return {
    signal: controller.signal,
    /** A wait that was asked for goes by first. */
    startAnew: (waitMs: number) => {
      clearTimeout(timer);
      timer = start(waitMs + timeoutMs);
    },
    end: () => clearTimeout(timer),
  };
}

/** A sum with an unknown part is unknown. */
function addUsages(usages: readonly TokenUsage[]): TokenUsage {
  const total: TokenUsage = {};
  for (const name of ['inputTokens', 'cachedInputTokens', 'outputTokens'] as const) {
    const counts = usages.map((usage) => usage[name]);
    // Servers that count what was cached leave it out where nothing was.
    const known = name === 'cachedInputTokens' ? counts.filter((count) => count !== undefined) : counts;
    if (known.length > 0 && known.every((count) => count !== undefined))
      total[name] = known.reduce((sum, count) => sum + count, 0);
  }
  if (total.inputTokens === undefined) delete total.cachedInputTokens;
  return total;
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

/** A call that was refused and never corrected is the model's failure, and nothing that a person could write otherwise. */
function blameModel(error: AnswerError, model: Model): AnswerError {
  if (error.code !== 'usage' || model.name === PLANNER_NAME) return error;
  return {
    ...error,
    code: 'model',
    message: `language model: a call was refused, and never corrected: ${error.message}`,
    hint: 'ask again or in other words, or choose another model with --model',
  };
}

/** Quotes of one and of several, and chains of either side, bring the same thing. */
function familyOf(tool: string): string {
  if (tool.endsWith('_chain')) return 'chain';
  return tool.includes('quote') ? 'quote' : tool;
}
