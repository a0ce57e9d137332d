// Runs a suite in this process: the real runtime, loop and checks on a sample market whose clock stands still, with a
// place for each kind of sabotage. The checks read the market as it is, never the spoilt one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Conversation, createConversation } from '../../src/agent/conversation.ts';
import { runTurn } from '../../src/agent/loop.ts';
import type { Model } from '../../src/agent/model.ts';
import { createPlanner } from '../../src/agent/planner/planner.ts';
import { createHeldSource } from '../../src/batch/held-data.ts';
import { type BatchReport, type SentRequest, createReport } from '../../src/batch/reports.ts';
import { type Progress, choosePrompts, runSuite } from '../../src/batch/runner.ts';
import { parseYamlSuite } from '../../src/batch/suite-file.ts';
import type { Suite } from '../../src/batch/suite.ts';
import { loadConfig } from '../../src/config.ts';
import { formatExchangeIso } from '../../src/domain/exchange-time.ts';
import type { MarketData } from '../../src/market/market-data.ts';
import { openRuntime } from '../../src/app/runtime.ts';
import { PROJECT_ROOT } from '../helpers/run-fin.ts';

export const REGRESSION_FILE = join(PROJECT_ROOT, 'prompts/regression.yaml');

export const regression: Suite = parseYamlSuite(readFileSync(REGRESSION_FILE, 'utf8'), 'prompts/regression.yaml');

/** The shipped suite's own moment. */
export const SUITE_CLOCK = regression.clock ?? NaN;

export interface SuiteRunOptions {
  nowMs?: number;
  only?: readonly string[];
  tag?: readonly string[];
  loops?: number;
  jobs?: number;
  bail?: boolean;
  /** Stands before the market that the tools ask, not before the one that the checks read. */
  around?(market: MarketData): MarketData;
  /** Answers instead of the built-in planner, which it is given. */
  model?(planner: Model): Model;
  interrupted?: AbortSignal;
  onProgress?(progress: Progress): void;
  /** Real providers' settings instead of the sample market. */
  env?: Record<string, string>;
}

export interface SuiteRun {
  report: BatchReport;
  /** What every request asked for, in order. */
  requests: string[];
}

export async function runSuiteHere(suite: Suite, options: SuiteRunOptions = {}): Promise<SuiteRun> {
  const {
    nowMs = SUITE_CLOCK,
    loops = 1,
    jobs = 1,
    bail = false,
    around = (market: MarketData) => market,
    env = {},
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fin-suite-'));
  const config = loadConfig({
    env: { FIN_CACHE_DIR: join(folder, 'cache'), ...env },
    workingDirectory: folder,
    packageRoot: folder,
    homeDirectory: folder,
    temporaryDirectory: tmpdir(),
  });
  const startedMs = Date.now();
  // Machine time runs, market time stands: a suite that takes a second must not see the clock of another minute.
  const clock = { now: () => nowMs, machineNow: () => nowMs + Date.now() - startedMs };
  const runtime = openRuntime({ config, clock, onNote: () => undefined });
  const requests: SentRequest[] = [];
  const signal = options.interrupted ?? new AbortController().signal;
  const call = {
    signal,
    deadlineMs: nowMs + 90_000,
    priority: 'question' as const,
    ignoreRemembered: false,
    report: (event: { type: string; provider?: string; attempt?: number; asked?: string; endpoint?: string }) => {
      if (event.type === 'request' && event.attempt === 1)
        requests.push({
          asked: `${event.provider ?? ''} ${event.asked ?? ''}`,
          endpoint: event.endpoint ?? '',
          atMs: clock.machineNow(),
        });
    },
  };
  const request = { refresh: false, offline: false, call };
  const planner = createPlanner({ clock });
  const model = options.model?.(planner) ?? planner;
  const tools = around(runtime.market);
  const ask = async (question: string, conversation: Conversation) => {
    const askedMs = clock.machineNow();
    const context = { market: tools, clock, request };
    const result = await runTurn({
      model,
      system: '',
      conversation,
      question,
      context,
      maxTurns: 8,
      signal,
      modelTimeoutMs: 60_000,
      onEvent: () => undefined,
    });
    return { result, modelName: model.name, elapsedMs: clock.machineNow() - askedMs };
  };
  try {
    const chosen = choosePrompts(suite, {
      ...(options.only === undefined ? {} : { only: options.only }),
      ...(options.tag === undefined ? {} : { tag: options.tag }),
    });
    const run = await runSuite({
      suite,
      chosen,
      loops,
      jobs,
      bail,
      ask,
      source: createHeldSource(runtime.market, request),
      marketNow: clock.now,
      machineNow: clock.machineNow,
      interrupted: signal,
      onProgress: options.onProgress ?? (() => undefined),
      conversation: createConversation(),
    });
    return {
      report: createReport({
        suite,
        run,
        loops,
        clock: formatExchangeIso(nowMs),
        isSample: runtime.isSample,
        requests,
      }),
      requests: requests.map(({ asked }) => asked),
    };
  } finally {
    await runtime.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `id check: detail` of each check that fails; whole-suite bounds as `*`. */
export function failuresOf(report: BatchReport): string[] {
  const ofPrompts = report.prompts.flatMap((run) =>
    run.checks.filter((check) => !check.ok).map((check) => `${run.id} ${check.check}: ${check.detail}`),
  );
  return [
    ...ofPrompts,
    ...report.limits.filter((check) => !check.ok).map((check) => `* ${check.check}: ${check.detail}`),
  ];
}

export function failedIds(report: BatchReport): string[] {
  return report.prompts.filter((run) => !run.ok).map((run) => run.id);
}
