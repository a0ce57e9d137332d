// The composition root: reads settings, frames the run in time and signals, runs one command,
// and turns whatever went wrong into two lines and an exit code. Owns the end of everything it builds.
import { timeIsUp } from './app/question-deadline.ts';
import { type Runtime, openRuntime as openRuntimeOf } from './app/runtime.ts';
import * as fs from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';
import type { DataDatabase } from './book/data-database.ts';
import { type CommandSpec, type Invocation, SPOKEN_COMMANDS, isWrittenAsSymbol, splitAt } from './cli/command.ts';
import { COMMANDS } from './cli/commands.ts';
import { parseCommonOptions } from './app/common-options.ts';
import { EXIT, exitCodeOf } from './app/exit-code.ts';
import { expandListNames } from './app/list-names.ts';
import { startClock } from './cli/market-clock.ts';
import { type Output, type Streams, createOutput } from './cli/output.ts';
import { beginsSession, parseCommandLine } from './cli/program.ts';
import { createReporter } from './cli/reporter.ts';
import type { CommandContext } from './cli/command-context.ts';
import { createSink } from './cli/standard-stream.ts';
import { keysIn, loadConfig } from './config.ts';
import { CancelledError, type FinError, UsageError, toFinError } from './domain/errors.ts';
import { keysAmong } from './domain/redaction.ts';
import type { Clock, EpochMs, ProviderName } from './domain/types.ts';
import { type JsonDocument, formatJson } from './render/json.ts';
import { toAnswerError } from './tools/answer.ts';

/** Opened when used: together they cost a cached answer six milliseconds of start-up. */
const streams: Streams = {
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  get stdin() {
    return process.stdin;
  },
};

/** A reader of the answer that goes away (`fin … | head -1`) ends the program quietly, one of standard error changes nothing. */
const sinks = {
  stdout: createSink({ fd: 1, open: () => process.stdout, onError: endWithReader }),
  stderr: createSink({ fd: 2, open: () => process.stderr, onError: () => undefined }),
};

const packageRoot = path.join(import.meta.dirname, '..');

/** Stands for a working directory that has been removed: nothing is found there, nor can be written. */
const REMOVED_FOLDER = '/dev/null/removed';

/** Undefined where the system has none: a removed working directory, a user without a home. */
function findFolder(find: () => string): string | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const startedMs = Date.now();
  const flags = {
    noColor: args.includes('--no-color'),
    quiet: args.includes('--quiet'),
    verbose: args.includes('--verbose'),
  };
  const misplaced = keysAmong(args);
  let output = createOutput({ ...sinks, env: process.env, ...flags, secrets: [...keysIn(process.env), ...misplaced] });
  let command = args.find((word) => !word.startsWith('-')) ?? '';
  try {
    if (args[0] === 'help' && args.includes('--man')) return await printManPage(args, output);
    const words = await addCommand(args);
    if (words !== args) command = words[0] ?? command;
    const parsed = parseCommandLine(words, {
      commands: COMMANDS,
      version: readVersion(),
      width: output.width,
    });
    if (parsed.kind === 'print') return printHelp(parsed.text, args.length === 0, output);
    command = parsed.invocation.command;
    const options = parseCommonOptions(parsed.invocation);
    const [workingDirectory, homeDirectory] = [findFolder(process.cwd), findFolder(homedir)];
    const config = loadConfig({
      env: process.env,
      packageRoot,
      temporaryDirectory: tmpdir(),
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ...(homeDirectory === undefined ? {} : { homeDirectory }),
    });
    output = createOutput({
      ...sinks,
      env: process.env,
      ...flags,
      secrets: [...config.secrets.map((secret) => secret.reveal()), ...misplaced],
    });
    for (const note of config.notes) output.note(note);
    return await runCommand(parsed.spec, parsed.invocation, { output, streams, config, options });
  } catch (thrown) {
    return fail(toFinError(thrown), {
      command,
      json: args.includes('--json'),
      output,
      elapsedMs: Date.now() - startedMs,
    });
  }
}

/**
 * Without a command it is the session's on a terminal, and help where `fin` stands alone; words that are no command are
 * a question.
 */
async function addCommand(args: readonly string[]): Promise<readonly string[]> {
  const [first = ''] = args;
  if (COMMANDS.some(({ name }) => name === first)) return fillOptions(args);
  if (beginsSession(args, COMMANDS) && process.stdin.isTTY) return ['repl', ...args];
  if (args.length === 0) return ['--help'];
  if (args.every((word) => word.startsWith('-') && word !== '-')) return args;
  const [helped = 'help', ofIt] = args.slice(1).filter((word) => !word.startsWith('-'));
  if (first === 'help' && helped === 'help') return ['--help'];
  const command = first === 'help' ? COMMANDS.find(({ name }) => name === helped) : undefined;
  if (command?.subcommands?.some(({ name }) => name === ofIt)) return [helped, ofIt ?? '', '--help'];
  if (command !== undefined) return args;
  const { readBareWords } = await import('./cli/bare-words.ts');
  return readBareWords(args, COMMANDS);
}

/** Words that are not written as symbols may fill an option. */
async function fillOptions(args: readonly string[]): Promise<readonly string[]> {
  const [command = '', ...words] = args;
  const [before] = splitAt(words, '-');
  if (!SPOKEN_COMMANDS.some((name) => name === command) || before.slice(1).every(isWrittenAsSymbol)) return args;
  const { readShellWords } = await import('./cli/option-words.ts');
  return [command, ...readShellWords(command, words)];
}

async function printManPage(args: readonly string[], output: Output): Promise<number> {
  const { renderManPage } = await import('./cli/man-page.ts');
  if (args.length > 2)
    throw new UsageError('help: --man takes no other words', { hint: 'fin help --man | man -l - shows the page' });
  output.write(renderManPage(COMMANDS, readVersion()));
  return EXIT.done;
}

/** Help that nobody asked for (`fin` alone on a pipe) is wrong usage. */
function printHelp(text: string, unasked: boolean, output: Output): number {
  if (!unasked) {
    output.write(text);
    return EXIT.done;
  }
  output.diagnose(text.trimEnd());
  return EXIT.usage;
}

async function runCommand(
  spec: CommandSpec,
  invocation: Invocation,
  parts: Pick<CommandContext, 'output' | 'streams' | 'config' | 'options'>,
): Promise<number> {
  const clock = startClock(parts.config.startAt, () => Date.now());
  const reporter = await createReporter(invocation, parts.output, clock);
  const ending = createEnding(clock, spec.interactive === true ? undefined : parts.options.timeoutMs);
  const runtimes = new Map<ProviderName | undefined, Promise<Runtime>>();
  let conversations: DataDatabase | undefined;
  const session: CommandContext = {
    ...parts,
    clock,
    startedMs: clock.machineNow(),
    version: readVersion(),
    signal: ending.signal,
    deadlineMs: ending.deadlineMs,
    interrupted: ending.interrupted,
    workingDirectory: findFolder(process.cwd) ?? REMOVED_FOLDER,
    packageRoot,
    reportCall: reporter.report,
    log: reporter.log,
    openRuntime: (provider = parts.options.provider) => {
      const runtime = runtimes.get(provider) ?? openRuntime(session, provider);
      runtimes.set(provider, runtime);
      return runtime;
    },
    openConversations: async () => {
      const { createConversationStore, openConversationDatabase } = await import('./book/conversations.ts');
      conversations ??= openConversationDatabase(parts.config, parts.output.note);
      return createConversationStore(conversations);
    },
    // Other times and made-up markets are nothing for a store that others share.
    openRuntimeApart: ({ clock: ownClock, cacheDir, provider }) => {
      const { store: _shared, ...config } = session.config;
      return openRuntime({ ...session, clock: ownClock, config: { ...config, cacheDir } }, provider);
    },
  };
  try {
    const run = await spec.load();
    const named = await expandListNames(spec, invocation, parts.config);
    const code = settleInterrupted(await run(named, session));
    reporter.log.write({ event: 'exit', code });
    return code;
  } catch (thrown) {
    const { code, message } = toFinError(thrown);
    reporter.log.write({ event: 'exit', error: code, message });
    throw thrown;
  } finally {
    parts.output.progress(undefined);
    ending.dispose();
    for (const opened of await Promise.allSettled(runtimes.values()))
      if (opened.status === 'fulfilled') await closeQuietly(opened.value, parts.output);
    conversations?.leave();
    reporter.close();
  }
}

/** The answer is there: what then goes wrong with the cache is told, and changes no exit code. One that could not be opened has told its caller. */
async function closeQuietly(runtime: Runtime, output: Output): Promise<void> {
  try {
    await runtime.close();
  } catch (thrown) {
    output.note(`the cache file was not closed properly: ${toFinError(thrown).message}`);
  }
}

async function openRuntime(session: CommandContext, provider: ProviderName | undefined): Promise<Runtime> {
  const openStore =
    session.config.store === undefined ? undefined : (await import('./cache/redis-store.ts')).openRedisStore;
  const runtime = openRuntimeOf({
    config: session.config,
    clock: session.clock,
    ...(provider === undefined ? {} : { provider }),
    onNote: (text) => session.output.note(text),
    report: session.reportCall,
    ...(openStore === undefined ? {} : { openStore }),
  });
  await runtime.recalled;
  return runtime;
}

interface Ending {
  signal: AbortSignal;
  interrupted: AbortSignal;
  deadlineMs: EpochMs;
  dispose(): void;
}

/**
 * The deadline and the signals that end a run. A second Ctrl-C ends it at once.
 * Without a timeout the command frames its own time and hears Ctrl-C itself, as the interactive session does.
 */
function createEnding(clock: Clock, timeoutMs: number | undefined): Ending {
  const controller = new AbortController();
  const interruption = new AbortController();
  const stop = (reason: FinError): void => controller.abort(reason);
  const interrupt = (exitCode: number, reason: FinError): void => {
    process.exitCode = exitCode;
    interruption.abort(reason);
    stop(reason);
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop(timeIsUp(timeoutMs)), timeoutMs);
  const onInterrupt = (): void => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interrupt(EXIT.interrupted, new CancelledError('interrupted: Ctrl-C was pressed', { hint: 'run it again' }));
  };
  const onTerminate = (): void => {
    interrupt(
      EXIT.terminated,
      new CancelledError('terminated: the process was told to stop', { hint: 'run it again' }),
    );
  };
  if (timeoutMs !== undefined) process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    interrupted: interruption.signal,
    deadlineMs: timeoutMs === undefined ? Infinity : clock.machineNow() + timeoutMs,
    dispose: () => {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}

function fail(error: FinError, context: { command: string; json: boolean; output: Output; elapsedMs: number }): number {
  const { output } = context;
  output.progress(undefined);
  if (context.json) output.write(formatJson(failureDocument(error, context)));
  output.error(error);
  if (output.verbose) output.diagnose([error.stack, error.details.excerpt].filter(Boolean).join('\n'));
  return settleInterrupted(exitCodeOf(error.code));
}

/** The signal itself has already decided between 130 and 143. */
function settleInterrupted(code: number): number {
  return code === EXIT.interrupted && typeof process.exitCode === 'number' ? process.exitCode : code;
}

function failureDocument(
  error: FinError,
  { command, elapsedMs }: { command: string; elapsedMs: number },
): JsonDocument<never> {
  return {
    schema: 'fin/1',
    command,
    ok: false,
    errors: [toAnswerError(error)],
    meta: { sample: false, providerCalls: 0, elapsedMs },
  };
}

function readVersion(): string {
  const text = fs.readFileSync(path.join(packageRoot, 'package.json'), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  sinks.stderr.write(
    `fin: standard output cannot be written (${error.code ?? error.message})\nhint: check whether the disk is full\n`,
  );
  process.exit(EXIT.defect);
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // Everything is closed: unwinding what Node itself holds would take another millisecond.
  if (sinks.stdout.isWritten() && sinks.stderr.isWritten()) process.exit();
});
