// fin batch: a prompts file as a regression suite, on the sample market at the suite's clock or, with --live, as things are.
import { parseAgentOptions } from './agent-options.ts';
import type { Runtime } from '../app/runtime.ts';
import { createMarketRequest } from '../app/request.ts';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { KeptConversation } from '../agent/kept-conversation.ts';
import { compareRuns, loadEarlierRuns, renderComparison } from '../batch/compare.ts';
import { createHeldSource } from '../batch/held-data.ts';
import {
  type BatchReport,
  type SentRequest,
  createReport,
  describeTotals,
  formatMoment,
  saveReport,
  summarise,
  namesNotAsked,
} from '../batch/reports.ts';
import { type Progress, choosePrompts, runSuite } from '../batch/runner.ts';
import { parseTextSuite, parseYamlSuite } from '../batch/suite-file.ts';
import type { Suite } from '../batch/suite.ts';
import { parseWhole } from '../app/common-options.ts';
import { ConfigError, UsageError, hasCode } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import { dataFolderOf } from '../book/data-folder.ts';
import { readTextFile } from '../files/text-file.ts';
import { formatJson } from '../render/json.ts';
import { sanitise } from '../render/text.ts';
import { type AgentOptions, createAgent, openForgiving, openKept } from '../app/agent.ts';
import type { CommandRunner, Invocation } from './command.ts';
import { EXIT } from '../app/exit-code.ts';
import { startClock } from './market-clock.ts';
import { createQuestionDeadline } from '../app/question-deadline.ts';
import { type CommandContext } from './command-context.ts';
import { createTurnScreen } from './turn-screen.ts';

const MAX_LOOPS = 10;
const MAX_JOBS = 16;
const MAX_FILE_BYTES = 4_000_000;

interface BatchChoice {
  only?: string[];
  tag?: string[];
  loops: number;
  jobs: number;
  bail: boolean;
  live: boolean;
  compare?: string;
}

export const runBatch: CommandRunner = async (invocation, session) => {
  const agentOptions = parseAgentOptions(invocation);
  const choice = parseChoice(invocation);
  const loaded = await resolveLists(loadSuite(invocation.words[0] ?? '', session), session);
  const suite = agentOptions.strict ? makeStrict(loaded) : loaded;
  checkTogether(choice, suite, agentOptions, session);
  const chosen = choosePrompts(suite, choice);
  const earlier =
    choice.compare === undefined ? undefined : loadEarlierRuns(path.resolve(session.workingDirectory, choice.compare));
  const ground = await openGround(session, suite, choice.live);
  try {
    const report = await runOn(ground, { suite, chosen, choice, agentOptions });
    const comparison = earlier === undefined ? [] : renderComparison(compareRuns(earlier, report.prompts));
    const save = (): BatchReport =>
      saveReport(report, {
        folder: session.workingDirectory,
        nowMs: session.clock.machineNow(),
        redact: session.output.redact,
        comparison,
        notAsked: namesNotAsked(report, chosen),
      });
    return conclude(report, save, session, comparison);
  } finally {
    await ground.close();
  }
};

function parseChoice({ options }: Invocation): BatchChoice {
  const { only, tag, compare } = options;
  return {
    ...(typeof only === 'string' ? { only: listOf('--only', only) } : {}),
    ...(typeof tag === 'string' ? { tag: listOf('--tag', tag) } : {}),
    loops: parseWhole('--loops', options['loops'], { usual: 1, most: MAX_LOOPS }),
    jobs: parseWhole('--jobs', options['jobs'], { usual: 1, most: MAX_JOBS }),
    bail: options['bail'] === true,
    live: options['live'] === true,
    ...(typeof compare === 'string' ? { compare } : {}),
  };
}

function listOf(option: string, text: string): string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0)
    throw new UsageError(`${option}: the value is empty`, { hint: 'give one or more, separated by commas' });
  return items;
}

/** @throws ConfigError for a file that is missing or cannot be read as a suite. */
function loadSuite(file: string, { workingDirectory, packageRoot }: CommandContext): Suite {
  const hint = `the shipped suite is ${path.relative(workingDirectory, path.join(packageRoot, 'prompts/regression.yaml'))}`;
  const isYaml = /\.ya?ml$/i.test(file);
  if (!isYaml && !/\.txt$/i.test(file))
    throw new UsageError(`prompts file ${file.slice(0, 200)}: neither .yaml nor .txt`, { hint });
  const read = readTextFile(path.resolve(workingDirectory, file), MAX_FILE_BYTES);
  if (!('text' in read)) {
    const why = read.problem === 'missing' ? 'no such file' : `it ${read.why}`;
    throw new ConfigError(`prompts file ${file}: ${why}`, { hint });
  }
  return isYaml ? parseYamlSuite(read.text, file) : parseTextSuite(read.text, file);
}

/** A list that there is not ends the run before its first question. @throws FinError as `expandNames` does */
async function resolveLists(suite: Suite, { config }: CommandContext): Promise<Suite> {
  if (!suite.prompts.some(({ text, symbols }) => [text, ...symbols].some((each) => each.includes('@')))) return suite;
  const { expandNames } = await import('../book/lists.ts');
  const folder = dataFolderOf(config);
  return {
    ...suite,
    prompts: suite.prompts.map((prompt) => {
      expandNames(prompt.text, folder);
      const symbols = prompt.symbols.flatMap((each) =>
        each.startsWith('@') ? parseSymbolList([expandNames(each, folder)]) : [each],
      );
      return { ...prompt, symbols: [...new Set(symbols)] };
    }),
  };
}

function checkTogether({ jobs, live }: BatchChoice, suite: Suite, agent: AgentOptions, session: CommandContext): void {
  const isKept = agent.sessionName !== undefined || agent.goOn;
  const { provider } = session.options;
  if (jobs > 1 && suite.session === 'shared')
    throw new UsageError(`--jobs ${jobs}: the prompts of ${suite.name} share one conversation`, {
      hint: 'only a suite with session: fresh can run several prompts at once',
    });
  if (isKept && suite.session === 'fresh')
    throw new UsageError(`--session: every prompt of ${suite.name} has its own conversation`, {
      hint: 'omit --session and --continue',
    });
  if (suite.clock !== undefined && !live && provider !== undefined && provider !== 'sample')
    throw new UsageError(`--provider ${provider}: ${suite.name} sets a clock, so it runs on the sample market`, {
      hint: 'add --live to ask real providers at the real time',
    });
}

/** What a suite runs on. */
interface Ground {
  session: CommandContext;
  runtime: Runtime;
  /** What every request asked for, retries left out. */
  requests: SentRequest[];
  close(): Promise<void>;
}

/** A suite with a clock gets a sample market at that time with a cache of its own, so that it is the same everywhere. */
async function openGround(session: CommandContext, suite: Suite, live: boolean): Promise<Ground> {
  const requests: SentRequest[] = [];
  const reportCall: CommandContext['reportCall'] = (event) => {
    if (event.type === 'request' && event.attempt === 1)
      requests.push({
        asked: `${event.provider} ${event.asked ?? event.endpoint}`,
        endpoint: event.endpoint,
        atMs: session.clock.machineNow(),
      });
    session.reportCall(event);
  };
  if (suite.clock === undefined || live) {
    const runtime = await session.openRuntime();
    return { session: { ...session, reportCall }, runtime, requests, close: () => Promise.resolve() };
  }
  const clock =
    session.config.startAt === undefined ? startClock(suite.clock, session.clock.machineNow) : session.clock;
  const cacheDir = fs.mkdtempSync(path.join(tmpdir(), 'fin-batch-'));
  const removeCache = (): void => fs.rmSync(cacheDir, { recursive: true, force: true });
  try {
    const runtime = await session.openRuntimeApart({ clock, cacheDir, provider: 'sample' });
    return {
      session: { ...session, clock, reportCall, options: { ...session.options, provider: 'sample' } },
      runtime,
      requests,
      close: async () => {
        await runtime.close();
        removeCache();
      },
    };
  } catch (thrown) {
    removeCache();
    throw thrown;
  }
}

interface Work {
  suite: Suite;
  chosen: Suite['prompts'];
  choice: BatchChoice;
  agentOptions: AgentOptions;
}

async function runOn(ground: Ground, { suite, chosen, choice, agentOptions }: Work): Promise<BatchReport> {
  const { session, runtime, requests } = ground;
  const { clock, options, interrupted } = session;
  const agent = createAgent(session, runtime, agentOptions);
  const screen = createTurnScreen(session, { tables: false, stream: false, trace: agentOptions.trace });
  const kept = await openNamed(session, runtime, agentOptions);
  const asOf = formatExchangeIso(clock.now());
  const run = await runSuite({
    suite,
    chosen,
    loops: choice.loops,
    jobs: choice.jobs,
    bail: choice.bail,
    ask: async (text, conversation) => {
      const { signal, deadlineMs, dispose } = createQuestionDeadline({
        clock,
        timeoutMs: options.timeoutMs,
        each: 'a prompt',
        parent: interrupted,
      });
      try {
        // The progress line is the batch's own.
        return await agent.ask(text, conversation, {
          signal,
          deadlineMs,
          onEvent: (event) => (event.type === 'tool' ? screen.onEvent(event) : undefined),
        });
      } finally {
        dispose();
      }
    },
    source: createHeldSource(
      runtime.market,
      createMarketRequest(session, { signal: interrupted, deadlineMs: Infinity }),
    ),
    marketNow: () => clock.now(),
    machineNow: () => clock.machineNow(),
    interrupted,
    ...(kept === undefined ? {} : { conversation: kept.conversation }),
    onProgress: (progress) => session.output.progress(describeProgress(progress)),
  });
  session.output.progress(undefined);
  kept?.save(clock.machineNow());
  return createReport({ suite, run, loops: choice.loops, clock: asOf, isSample: runtime.isSample, requests });
}

/** A named conversation is kept where all are, also when the suite has a cache of its own. */
async function openNamed(
  session: CommandContext,
  { isSample }: Runtime,
  options: AgentOptions,
): Promise<KeptConversation | undefined> {
  if (options.sessionName === undefined && !options.goOn) return undefined;
  return openKept(session, { store: await openForgiving(session), isSample }, options);
}

/** --strict: no prompt may leave the check of figures out. */
function makeStrict(suite: Suite): Suite {
  return {
    ...suite,
    prompts: suite.prompts.map((prompt) => ({ ...prompt, expect: { ...prompt.expect, grounded: true } })),
  };
}

/** `12/41 · 3 s left · 1 failed` */
function describeProgress({ done, total, failed, remainingMs }: Progress): string {
  return [
    `${done}/${total}`,
    ...(remainingMs === undefined ? [] : [`${Math.ceil(remainingMs / 1000)} s left`]),
    `${failed} failed`,
  ].join(' · ');
}

/** What was found is told also where its report cannot be written. */
function conclude(
  report: BatchReport,
  save: () => BatchReport,
  session: CommandContext,
  comparison: readonly string[],
): number {
  const code = decideExit(report, session);
  try {
    const saved = save();
    show(saved, session, comparison);
    if (!saved.ok) tellFailure(saved, session);
    return code;
  } catch (error) {
    if (!hasCode(error, 'config')) throw error;
    show({ ...report, ok: false }, session, comparison);
    if (!report.ok) tellFailure(report, session);
    session.output.error({ message: error.message, hint: error.hint });
    return code === EXIT.done ? EXIT.config : code;
  }
}

function show(report: BatchReport, { output, options }: CommandContext, comparison: readonly string[]): void {
  if (options.json) {
    output.write(formatJson(report));
    for (const line of comparison) output.note(line);
    return;
  }
  output.writeLines([
    ...report.prompts.flatMap(describeFailure),
    ...describeLimits(report),
    ...headline(report),
    ...comparison,
  ]);
}

function tellFailure(report: BatchReport, { output }: CommandContext): void {
  const why = report.partial ? 'interrupted' : summarise(report);
  const hint = report.report === undefined ? 'what failed stands above' : `read ${report.report}.md`;
  output.error({ message: `batch ${report.suite}: ${why}`, hint });
}

function describeFailure(run: BatchReport['prompts'][number]): string[] {
  if (run.ok) return [];
  const name = run.loop === undefined ? run.id : `${run.id} (loop ${run.loop})`;
  const failing = run.checks
    .filter((check) => !check.ok)
    .map((check) => sanitise(`  ${check.check}: ${check.detail}`, 600));
  return [`FAILED ${name}  ${sanitise(run.prompt, 200)}`, ...failing, ''];
}

function describeLimits({ limits }: BatchReport): string[] {
  return limits.filter((check) => !check.ok).map((check) => `FAILED whole suite: ${check.check}: ${check.detail}`);
}

function headline(report: BatchReport): string[] {
  const market = report.sample ? 'SAMPLE market' : 'real data';
  return [
    `${report.suite}: ${summarise(report)} · ${market} at ${formatMoment(report.clock)}`,
    describeTotals(report),
    ...(report.report === undefined ? [] : [`report: ${report.report}.md`]),
  ];
}

function decideExit(report: BatchReport, session: CommandContext): number {
  if (session.interrupted.aborted) return EXIT.interrupted;
  return report.ok ? EXIT.done : EXIT.check;
}
