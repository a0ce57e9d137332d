// The interactive session: reads lines, answers questions, runs commands, and goes on whatever fails.
// Owns the life of a question: its time, its cancellation, and what is offered when a provider fails.
import { parseAgentOptions } from './agent-options.ts';
import type { Runtime } from '../app/runtime.ts';
import type { ForgivingStore } from '../book/forgiving-conversations.ts';
import { CancelledError, type FinError, UsageError, toFinError } from '../domain/errors.ts';
import { keysAmong } from '../domain/redaction.ts';
import { sanitiseLine, wrapText } from '../render/text.ts';
import { createTheme } from '../render/theme.ts';
import { type AgentOptions, MAX_QUESTION_CHARS, createAgent, openForgiving, openKept } from '../app/agent.ts';
import { decideAskExit } from '../app/ask-document.ts';
import { describeDone } from './ask-result.ts';
import type { CommandRunner, CommandSpec } from './command.ts';
import { explainSample } from './data-commands.ts';
import { EXIT, decideFailedExit, exitCodeOf } from '../app/exit-code.ts';
import { createOfferingMarket } from './offering-market.ts';
import { type QuestionDeadline, createQuestionDeadline } from '../app/question-deadline.ts';
import { type LineReader, createLineReader } from './line-reader.ts';
import { createReplOutput } from './repl-output.ts';
import { createRefreshAhead } from '../app/refresh-ahead.ts';
import type { Repl } from './repl-state.ts';
import { describeConversation, describeModel } from './session-commands.ts';
import type { CommandContext } from './command-context.ts';
import { isAboutSession, runSlashCommand } from './slash-commands.ts';
import { setV8Flags } from './v8-flags.ts';
import { createTurnScreen } from './turn-screen.ts';
import { createUseWatch } from './use-watch.ts';

/** What the planner advises where it cannot know that a model is configured. */
const SET_A_MODEL = /set OPENAI_API_KEY, or .*/;

/** @param commands what can be typed with a slash is chosen from these */
export const createReplRunner =
  (commands: readonly CommandSpec[]): CommandRunner =>
  async (invocation, mainSession) => {
    setV8Flags();
    const options = parseAgentOptions(invocation);
    const output = createReplOutput(mainSession.output);
    const session: CommandContext = { ...mainSession, output };
    const opened = await mainSession.openRuntime();
    const ahead = createRefreshAhead(opened, session);
    const runtime: Runtime = { ...opened, market: ahead.market };
    const life = createQuestionLife(session);
    const conversations = await openForgiving(session);
    const { repl, decideWith } = createRepl({ session, output, runtime, conversations, options, commands, life });
    greet(repl, options);
    const reader = createLineReader(repl, life.interrupt);
    decideWith(reader.offer);
    if (!session.options.offline) ahead.start();
    let exits: readonly number[];
    try {
      exits = await readAndAnswer(reader, repl);
    } finally {
      ahead.stop();
      reader.close();
    }
    if (session.signal.aborted) return EXIT.terminated;
    if (reader.isInterrupted()) return EXIT.interrupted;
    // A person saw what failed; a script has only the exit code.
    const hasFailed = !session.streams.stdin.isTTY && exits.length > 0 && !exits.includes(EXIT.done);
    return hasFailed ? decideFailedExit(exits) : EXIT.done;
  };

/** The exit code of every line as if it were a command of its own. */
async function readAndAnswer(reader: LineReader, repl: Repl): Promise<number[]> {
  const exits: number[] = [];
  const watch = createUseWatch(repl.runtime, repl.output, () => repl.session.clock.machineNow());
  for (;;) {
    const line = await reader.read();
    if (line === undefined) return exits;
    const text = line.trim();
    if (text === '') continue;
    repl.lineExit = EXIT.done;
    try {
      if ((await handleLine(text, repl)) === 'leave') return exits;
    } catch (thrown) {
      const error = toFinError(thrown);
      repl.lineExit = exitCodeOf(error.code);
      say(error, repl);
    }
    exits.push(repl.lineExit);
    await watch.look();
    if (repl.session.signal.aborted) return exits;
    repl.output.writeLines(['']);
  }
}

async function handleLine(text: string, repl: Repl): Promise<'stay' | 'leave'> {
  if (/^(?:quit|exit)$/i.test(text)) return 'leave';
  if (keysAmong([text]).length > 0)
    throw new UsageError('this line seems to contain a key, so it was neither run nor saved', {
      hint: 'fin reads keys only from the environment or a .env file; replace this one if others saw it',
    });
  repl.output.startTurn();
  if (/^(?:help|\?)$/i.test(text)) return runSlashCommand('/help', repl);
  if (!text.startsWith('/')) {
    await answerQuestion(text, repl);
    return 'stay';
  }
  const outcome = await runSlashCommand(text, repl);
  const written = repl.output.readWritten();
  if (!isAboutSession(text) && written !== '') repl.lastAnswer = written;
  return outcome;
}

async function answerQuestion(question: string, repl: Repl): Promise<void> {
  const { session, output, agent, kept } = repl;
  if (question.length > MAX_QUESTION_CHARS) {
    output.error({
      message: `the question has ${question.length} characters`,
      hint: `keep it to at most ${MAX_QUESTION_CHARS}`,
    });
    repl.lineExit = EXIT.usage;
    return;
  }
  await repl.runFramed(session.options.timeoutMs, async (frame) => {
    const screen = createTurnScreen(session, { tables: true, stream: true, trace: repl.isTracing });
    output.progress('thinking');
    const asked = await agent.ask(question, kept.conversation, {
      signal: frame.signal,
      get deadlineMs() {
        return frame.deadlineMs;
      },
      onEvent: screen.onEvent,
    });
    const { result } = asked;
    repl.lineExit = decideAskExit(result, repl);
    screen.end(result);
    repl.suggested = result.failure?.details.suggestion;
    if (result.isKept) kept.save(session.clock.machineNow());
    if (result.answer !== '') repl.lastAnswer = result.answer;
    const causes = new Map(result.errors.map((error) => [error.message, error]));
    if (!frame.signal.aborted) for (const error of causes.values()) output.error(error);
    if (result.failure !== undefined) say(result.failure, repl);
    else output.remark(describeDone(asked));
  });
}

/** Two lines, or one word for what the reader did. */
function say(error: FinError, { output, session }: Repl): void {
  output.progress(undefined);
  if (error.code === 'cancelled') output.diagnose('canceled');
  else if (error.hint === undefined) output.error(error);
  else {
    const { suggestion = '' } = error.details;
    const takes = session.streams.stdin.isTTY && !output.isDumb ? ' (Tab takes it)' : '';
    const hint = error.hint.replace(`"${suggestion}"`, (question) => question + takes);
    const isModelNear = session.config.model !== undefined;
    output.error({
      message: error.message,
      hint: isModelNear ? hint.replace(SET_A_MODEL, '/model auto lets the language model answer') : hint,
    });
  }
  if (output.verbose && error.code === 'internal') output.diagnose(error.stack ?? '');
}

interface QuestionLife {
  frame(): QuestionDeadline | undefined;
  run<T>(timeoutMs: number, work: (frame: QuestionDeadline) => Promise<T>): Promise<T>;
  /** Ctrl-C while nobody reads a line. */
  interrupt(): void;
}

/** One question at a time. An interruption that comes between Enter and the start of the work still counts. */
function createQuestionLife(session: CommandContext): QuestionLife {
  let current: QuestionDeadline | undefined;
  let isInterrupted = false;
  return {
    frame: () => current,
    interrupt: () => {
      isInterrupted = current === undefined;
      current?.cancel();
    },
    run: async (timeoutMs, work) => {
      const frame = createQuestionDeadline({ clock: session.clock, timeoutMs, parent: session.signal });
      try {
        if (isInterrupted) throw new CancelledError();
        current = frame;
        return await work(frame);
      } finally {
        isInterrupted = false;
        current = undefined;
        frame.dispose();
      }
    },
  };
}

interface ReplParts extends Pick<Repl, 'session' | 'output' | 'runtime' | 'commands'> {
  conversations: ForgivingStore;
  options: AgentOptions;
  life: QuestionLife;
}

function createRepl({ session, output, runtime, conversations, options, commands, life }: ReplParts): {
  repl: Repl;
  decideWith(decide: LineReader['offer']): void;
} {
  let decide: LineReader['offer'];
  const offering = ({ market, ...rest }: Runtime): Runtime => ({
    ...rest,
    market: createOfferingMarket({
      market,
      frame: life.frame,
      decide: (failure, frame) => decide?.(failure, frame) ?? Promise.resolve('skip'),
    }),
  });
  const ownRuntime = offering(runtime);
  const agent = createAgent(session, ownRuntime, options);
  const keeping = { store: conversations, isSample: runtime.isSample };
  const repl: Repl = {
    session,
    output,
    runtime: ownRuntime,
    agent,
    commands,
    conversations,
    kept: openKept(session, keeping, options),
    isTracing: options.trace,
    lineExit: EXIT.done,
    strict: options.strict,
    modelName: options.model,
    lastAnswer: '',
    suggested: undefined,
    openConversation: (name) =>
      openKept(session, keeping, { goOn: false, ...(name === undefined ? {} : { sessionName: name }) }),
    openRuntime: async (provider) =>
      provider === session.options.provider ? ownRuntime : offering(await session.openRuntime(provider)),
    runFramed: life.run,
    wrap: (text, indent) => wrapText(sanitiseLine(text, 1_000), output.width, indent),
  };
  return { repl, decideWith: (chosen) => void (decide = chosen) };
}

/** What is asked of the reader, and whether the figures are real. */
function greet(repl: Repl, options: AgentOptions): void {
  const { output, session, runtime } = repl;
  if (output.quiet) return;
  if (runtime.isSample) explainSample(session);
  // What a pipe reads are answers.
  if (!session.streams.stdin.isTTY) return;
  output.writeLines([
    ...repl
      .wrap('Ask about quotes, history, indicators or options, for example: how did NVDA do last week')
      .map((line) => createTheme({ colour: output.colour }).paint('strong', line)),
    ...repl.wrap('/help lists the commands; Ctrl-D leaves.'),
  ]);
  if (session.config.model !== undefined || repl.modelName !== undefined)
    output.writeLines(repl.wrap(describeModel(repl)));
  if (options.goOn || options.sessionName !== undefined) output.writeLines(repl.wrap(describeConversation(repl)));
  output.writeLines(['']);
}
