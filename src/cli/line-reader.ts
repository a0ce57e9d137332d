// Where the lines of a session come from: a terminal with history, completion and offers, or a pipe read line by line.
import * as readline from 'node:readline';
import { dataFolderOf } from '../book/data-folder.ts';
import { type FinError, toFinError } from '../domain/errors.ts';
import type { Config } from '../config.ts';
import { createRedactor, keysAmong } from '../domain/redaction.ts';
import { delay } from '../http/delay.ts';
import { plural } from '../render/format.ts';
import { sanitiseLine } from '../render/text.ts';
import { createTheme } from '../render/theme.ts';
import { completeLine } from '../repl/completion.ts';
import { openHistory } from '../repl/history-file.ts';
import { createInputFilter } from '../repl/input-filter.ts';
import { LEAVE_HINT } from '../repl/line-editing.ts';
import { readLine } from '../repl/line-prompt.ts';
import { type Choice, offerChoice } from '../repl/offer.ts';
import { createInstruments } from '../sample/companies.ts';
import { symbolsAsked } from '../tools/registry.ts';
import type { QuestionDeadline } from '../app/question-deadline.ts';
import { inSession } from './repl-output.ts';
import type { Repl } from './repl-state.ts';
import { listCompletable } from './slash-commands.ts';

export interface LineReader {
  /** The next line; undefined when the reader leaves. */
  read(): Promise<string | undefined>;
  /** Retry, skip or cancel; absent where nobody can be asked. */
  offer: ((failure: FinError, frame: QuestionDeadline) => Promise<Choice>) | undefined;
  /** Ended by Ctrl-C on a pipe. */
  isInterrupted(): boolean;
  close(): void;
}

const PREFIX = 'fin> ';
const POPULAR_SYMBOLS = 100;
/** Not worth finding again by arrow up. */
const LEAVING: ReadonlySet<string> = new Set(['quit', 'exit', '/quit', '/exit']);
/** A second Ctrl-C within this drops what waits. */
const AGAIN_MS = 1_000;

/** @param interrupt hears Ctrl-C while no line is being read */
export function createLineReader(repl: Repl, interrupt: () => void): LineReader {
  const { stdin, stdout, stderr } = repl.session.streams;
  // With both outputs in files nobody would see a prompt.
  if (!stdin.isTTY || !(stdout.isTTY || stderr.isTTY)) return createPipeReader(repl, interrupt);
  return repl.output.isDumb ? createDumbReader(repl, interrupt) : createTerminalReader(repl, interrupt);
}

function createTerminalReader(repl: Repl, interrupt: () => void): LineReader {
  const { session, output } = repl;
  const { stdin, stdout, stderr } = session.streams;
  const terminal = stdout.isTTY ? stdout : stderr;
  const theme = createTheme({ colour: output.colour });
  const history = openHistory({
    folder: dataFolderOf(session.config),
    cacheDir: session.config.cacheDir,
    redact: output.redact,
    onNote: output.note,
  });
  const input = createInputFilter({ stdin, terminal, onInterrupt, now: () => performance.now() });
  let interruptedMs = -Infinity;

  function onInterrupt(): void {
    const isAgain = performance.now() - interruptedMs < AGAIN_MS;
    interruptedMs = performance.now();
    interrupt();
    const { waitingLines } = input;
    if (waitingLines === 0) return;
    if (isAgain) output.diagnose(`dropped ${plural(input.dropWaiting(), 'line')} typed ahead`);
    else
      output.diagnose(
        `${plural(waitingLines, 'line')} typed ahead ${waitingLines === 1 ? 'follows' : 'follow'}; Ctrl-C again drops ${waitingLines === 1 ? 'it' : 'them'}`,
      );
  }
  process.on('SIGINT', input.interrupt);

  /** A breaker or a full limit lets nothing through before its time. */
  function secondsUntilRetry({ details }: FinError): number {
    return Math.max(0, Math.ceil(((details.retryAtMs ?? 0) - session.clock.machineNow()) / 1_000));
  }

  return {
    read: async () => {
      const lease = input.lendLine();
      try {
        const { suggested } = repl;
        const source = {
          commands: listCompletable(repl),
          symbols: await listSymbols(repl),
          ...(suggested === undefined ? {} : { suggested }),
        };
        const config = {
          prefix: PREFIX,
          theme,
          history: history.lines,
          complete: (line: string, cursor: number) => completeLine(line, cursor, source),
          terminal,
        };
        const line = await readLine(config, { input: lease.stream, signal: session.signal });
        if (line.kind === 'leave') return undefined;
        if (!LEAVING.has(line.text.trim()) && keysAmong([line.text]).length === 0) history.add(line.text);
        return line.text;
      } catch (thrown) {
        // A signal that ends the program ends the prompt.
        if (thrown instanceof Error && ['AbortPromptError', 'ExitPromptError'].includes(thrown.name)) return undefined;
        throw thrown;
      } finally {
        lease.release();
      }
    },
    offer: async (failure, frame) => {
      output.progress(undefined);
      const hint = failure.hint === undefined ? '' : ` (${failure.hint})`;
      const message = inSession(sanitiseLine(`${failure.message}${hint}`));
      const choice = await offerChoice({
        message,
        retryAfterS: secondsUntilRetry(failure),
        input,
        terminal,
        theme,
        signal: frame.signal,
      });
      output.markSeen(failure);
      const what = inSession(sanitiseLine(failure.message));
      if (choice === 'skip') output.diagnose(`${what}: skipped`);
      if (choice !== 'retry') return choice;
      const seconds = secondsUntilRetry(failure);
      output.diagnose(`${what}: asking again${seconds > 0 ? ` in ${seconds} s` : ''}`);
      await delay(seconds * 1_000, frame.signal);
      output.progress('asking again');
      return choice;
    },
    isInterrupted: () => false,
    close: () => {
      process.off('SIGINT', input.interrupt);
      input.close();
    },
  };
}

/** Symbols of this conversation, then what this machine asks for most, then those of the sample market. */
async function listSymbols({ kept, runtime, session }: Repl): Promise<string[]> {
  const asked = kept.conversation.messages.flatMap((message) =>
    message.role === 'tool' ? symbolsAsked(message.arguments) : [],
  );
  return [
    ...new Set([
      ...asked.toReversed(),
      ...(await runtime.counters.readPopular(POPULAR_SYMBOLS)),
      ...createInstruments().map(({ symbol }) => symbol),
      ...(await listNamesOfLists(session.config)),
    ]),
  ];
}

/** None where the book cannot be read: what needs it says why. */
async function listNamesOfLists(config: Config): Promise<string[]> {
  const { readBook } = await import('../book/book-file.ts');
  try {
    return Object.keys(readBook(dataFolderOf(config)).lists).map((name) => `@${name}`);
  } catch (error) {
    if (toFinError(error).code !== 'config') throw error;
    return [];
  }
}

/** A terminal without cursor movements: it edits its lines itself, and nobody can be offered anything. */
function createDumbReader({ session, output }: Repl, interrupt: () => void): LineReader {
  const { stdin, stdout } = session.streams;
  const lines = readline.createInterface({ input: stdin, terminal: false, crlfDelay: Infinity });
  const iterator = lines[Symbol.asyncIterator]();
  let isReading = false;
  let isLeaving = false;
  const onInterrupt = (): void => {
    if (!isReading) interrupt();
    else if (isLeaving) lines.close();
    else {
      isLeaving = true;
      output.diagnose(`\n${LEAVE_HINT}`);
      stdout.write(PREFIX);
    }
  };
  process.on('SIGINT', onInterrupt);
  session.signal.addEventListener('abort', () => lines.close());
  return {
    read: async () => {
      isReading = true;
      isLeaving = false;
      stdout.write(PREFIX);
      const { done, value } = await iterator.next();
      isReading = false;
      if (done !== true) return value;
      stdout.write('\n');
      return undefined;
    },
    offer: undefined,
    isInterrupted: () => false,
    close: () => {
      process.off('SIGINT', onInterrupt);
      lines.close();
    },
  };
}

/** Every line of a pipe is a question; it is shown above its answer. */
function createPipeReader({ session, output, wrap }: Repl, interrupt: () => void): LineReader {
  const lines = readline.createInterface({ input: session.streams.stdin, crlfDelay: Infinity });
  const iterator = lines[Symbol.asyncIterator]();
  let isInterrupted = false;
  const onInterrupt = (): void => {
    isInterrupted = true;
    interrupt();
    lines.close();
  };
  process.on('SIGINT', onInterrupt);
  session.signal.addEventListener('abort', () => lines.close());
  return {
    read: async () => {
      if (isInterrupted) return undefined;
      const { done, value } = await iterator.next();
      if (done === true) return undefined;
      if (value.trim() !== '') output.writeLines(wrap(`> ${createRedactor(keysAmong([value]))(value)}`));
      return value;
    },
    offer: undefined,
    isInterrupted: () => isInterrupted,
    close: () => {
      process.off('SIGINT', onInterrupt);
      lines.close();
    },
  };
}
