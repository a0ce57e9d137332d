// Asks the prompts of a suite one after another in one conversation, or side by side in one each, and checks every
// answer with the data as they were at that moment. Hides which prompts a choice needs, bail, loops, and an early end.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Conversation, createConversation } from '../agent/conversation.ts';
import type { TurnResult } from '../agent/loop.ts';
import type { ToolRecord } from '../agent/tool-calls.ts';
import { UsageError } from '../domain/errors.ts';
import type { EpochMs, TickerSymbol } from '../domain/types.ts';
import { type Check, checkPrompt } from './checks.ts';
import { type DataSource, collectEvidence } from './evidence.ts';
import type { Suite, SuitePrompt } from './suite.ts';

export interface PromptAnswer {
  result: TurnResult;
  elapsedMs: number;
  modelName: string;
}

export interface BatchOptions {
  suite: Suite;
  /** Prompts to check, in the suite's order; those that they lean on are asked too, and not counted. */
  chosen: readonly SuitePrompt[];
  loops: number;
  /** Prompts asked at once; only for fresh sessions. */
  jobs: number;
  /** Stops after the first failure. */
  bail: boolean;
  ask(text: string, conversation: Conversation): Promise<PromptAnswer>;
  source: DataSource;
  marketNow(): EpochMs;
  machineNow(): EpochMs;
  interrupted: AbortSignal;
  /** The shared conversation of the first loop. */
  conversation?: Conversation;
  onProgress(progress: Progress): void;
}

export interface Progress {
  done: number;
  total: number;
  failed: number;
  /** From the mean so far; absent before the first answer. */
  remainingMs?: number;
}

export interface PromptRun {
  id: string;
  prompt: string;
  /** Counts from 1; absent where there is one loop. */
  loop?: number;
  ok: boolean;
  checks: Check[];
  ms: number;
  toolCalls: number;
  providerCalls: number;
  inputTokens: number;
  outputTokens: number;
  /** Tool calls that needed no provider. */
  cachedCalls: number;
  /** The conversation holds figures of the sample market, wherever they were read from. */
  sample: boolean;
  answer: string;
  model: string;
  tools: ToolRecord[];
}

/** As reports and comparisons call it. */
export function nameOfRun({ id, loop }: Pick<PromptRun, 'id' | 'loop'>): string {
  return loop === undefined ? id : `${id} (loop ${loop})`;
}

export interface BatchRun {
  /** In the suite's order, loop after loop. */
  runs: PromptRun[];
  /** All that were to be checked, over all loops. */
  total: number;
  ms: number;
  interrupted: boolean;
}

/** @throws UsageError for an id or tag that no prompt has. */
export function choosePrompts(
  suite: Suite,
  { only, tag }: { only?: readonly string[]; tag?: readonly string[] },
): SuitePrompt[] {
  const ids = new Set(suite.prompts.map((prompt) => prompt.id));
  const tags = new Set(suite.prompts.flatMap((prompt) => prompt.tags));
  const unknownId = only?.find((id) => !ids.has(id));
  if (unknownId !== undefined)
    throw new UsageError(`--only ${unknownId}: no prompt has this id`, { hint: `the ids are ${[...ids].join(', ')}` });
  const unknownTag = tag?.find((each) => !tags.has(each));
  if (unknownTag !== undefined)
    throw new UsageError(`--tag ${unknownTag}: no prompt has this tag`, {
      hint: tags.size > 0 ? `the tags are ${[...tags].join(', ')}` : 'the suite has no tags',
    });
  const chosen = suite.prompts.filter(
    (prompt) => (only?.includes(prompt.id) ?? true) && (tag?.some((each) => prompt.tags.includes(each)) ?? true),
  );
  if (chosen.length === 0) throw new UsageError('--only with --tag: no prompt has both', { hint: 'omit one of them' });
  return chosen;
}

/** Asks and checks until done, stopped by `bail`, or interrupted: what was answered by then is in the run. */
export async function runSuite(options: BatchOptions): Promise<BatchRun> {
  const run = new Run(options);
  await run.all();
  return run.finish();
}

interface Task {
  prompt: SuitePrompt;
  loop: number;
  /** Asked only because a chosen prompt leans on it. */
  isContext: boolean;
}

class Run {
  readonly #options: BatchOptions;
  readonly #startedMs: EpochMs;
  readonly #runs = new Map<Task, PromptRun>();
  readonly #tasks: Task[];
  readonly #total: number;
  readonly #suiteSymbols: readonly TickerSymbol[];
  #failed = 0;
  #stopped = false;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#startedMs = options.machineNow();
    this.#tasks = listTasks(options);
    this.#total = this.#tasks.filter((task) => !task.isContext).length;
    this.#suiteSymbols = [...new Set(options.suite.prompts.flatMap((prompt) => prompt.symbols))];
  }

  async all(): Promise<void> {
    const { suite, jobs } = this.#options;
    this.#progress();
    if (suite.session === 'shared') {
      for (let loop = 1; loop <= this.#options.loops; loop += 1) await this.#shared(loop);
      return;
    }
    const waiting = this.#tasks.values();
    const work = async (): Promise<void> => {
      for (const task of waiting) {
        if (this.#mustStop()) return;
        await this.#run(task, createConversation());
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
  }

  async #shared(loop: number): Promise<void> {
    const conversation = (loop === 1 ? this.#options.conversation : undefined) ?? createConversation();
    for (const task of this.#tasks.filter((each) => each.loop === loop)) {
      if (this.#mustStop()) return;
      await this.#run(task, task.prompt.alone ? createConversation() : conversation);
    }
  }

  #mustStop(): boolean {
    return this.#stopped || this.#options.interrupted.aborted;
  }

  async #run(task: Task, conversation: Conversation): Promise<void> {
    const { ask, source, suite, marketNow, interrupted, bail, loops } = this.#options;
    const { prompt, loop } = task;
    const nowMs = marketNow();
    const asked = await ask(prompt.text, conversation);
    // Answers without network never leave this turn of the event loop: signals and the progress line need one of their own.
    await nextTurn();
    // What a signal broke off says nothing about the answer.
    if (task.isContext || interrupted.aborted) return;
    const held = conversation.messages.flatMap((message) =>
      message.role === 'tool' && message.answer !== undefined ? [message.answer] : [],
    );
    const banned = { ...prompt, expect: { ...prompt.expect, banned: [...suite.banned, ...prompt.expect.banned] } };
    const evidence = await collectEvidence(
      { prompt: banned, nowMs, ms: asked.elapsedMs, turn: asked.result, held, suiteSymbols: this.#suiteSymbols },
      source,
    );
    const run = {
      ...describeRun(prompt, asked, checkPrompt(evidence), loops > 1 ? loop : undefined),
      sample: held.some(({ meta }) => meta.sample),
    };
    this.#runs.set(task, run);
    if (!run.ok) this.#failed += 1;
    if (bail && !run.ok) this.#stopped = true;
    this.#progress();
  }

  #progress(): void {
    const { size: done } = this.#runs;
    const spentMs = this.#options.machineNow() - this.#startedMs;
    this.#options.onProgress({
      done,
      total: this.#total,
      failed: this.#failed,
      ...(done === 0 ? {} : { remainingMs: (spentMs / done) * (this.#total - done) }),
    });
  }

  finish(): BatchRun {
    const { machineNow, interrupted } = this.#options;
    const runs = this.#tasks.flatMap((task) => this.#runs.get(task) ?? []);
    return {
      runs,
      total: this.#total,
      ms: Math.round(machineNow() - this.#startedMs),
      interrupted: interrupted.aborted,
    };
  }
}

function listTasks({ suite, chosen, loops }: BatchOptions): Task[] {
  const checked = new Set(chosen.map((prompt) => prompt.id));
  const needed = new Set(checked);
  if (suite.session === 'shared')
    for (const prompt of suite.prompts.toReversed())
      if (needed.has(prompt.id)) prompt.after.forEach((id) => needed.add(id));
  const asked = suite.prompts.filter((prompt) => needed.has(prompt.id));
  return Array.from({ length: loops }, (_, index) =>
    asked.map((prompt) => ({ prompt, loop: index + 1, isContext: !checked.has(prompt.id) })),
  ).flat();
}

function describeRun(
  prompt: SuitePrompt,
  { result, elapsedMs, modelName }: PromptAnswer,
  checks: Check[],
  loop: number | undefined,
): Omit<PromptRun, 'sample'> {
  const { records, usage } = result;
  return {
    id: prompt.id,
    prompt: prompt.text,
    ...(loop === undefined ? {} : { loop }),
    ok: checks.every((check) => check.ok),
    checks,
    ms: elapsedMs,
    toolCalls: records.length,
    providerCalls: records.reduce((sum, record) => sum + record.providerCalls, 0),
    inputTokens: usage.inputTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    cachedCalls: records.filter((record) => record.ok && record.providerCalls === 0).length,
    answer: result.answer,
    model: modelName,
    tools: records,
  };
}
