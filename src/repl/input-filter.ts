// Stands between the terminal and the prompts, so that nothing typed is lost: what comes while no prompt is open waits,
// and each prompt gets one line of it. Hides raw mode, bracketed paste, and who hears Ctrl-C.
import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createKeyReader } from './keys.ts';

export interface InputFilterOptions {
  stdin: NodeJS.ReadStream;
  /** Where the terminal is told to mark pastes. */
  terminal: NodeJS.WritableStream;
  /** Ctrl-C while no prompt is open. */
  onInterrupt(): void;
  /** Milliseconds that only grow. */
  now(): number;
}

/** The input of one prompt. */
export interface Lease {
  readonly stream: NodeJS.ReadableStream;
  /** Gives the terminal back; what was not read stays for the next. */
  release(): void;
}

export interface InputFilter {
  /** Whole lines that wait for a prompt. */
  readonly waitingLines: number;
  /** Forgets what waits; how many lines that were. */
  dropWaiting(): number;
  /** What waits and then what is typed, up to one Enter. */
  lendLine(): Lease;
  /**
   * Only what is typed from now on, and of that only known keys: arrows, Enter, and shortcuts, which are typed as what
   * they stand for. Everything else is kept for the next line.
   */
  lendKeys(shortcuts: Readonly<Record<string, string>>): Lease;
  /** An interruption that no key brought, as by `kill -INT`: the open prompt's like Ctrl-C, else the program's. */
  interrupt(): void;
  close(): void;
}

const ENTER = '\r';
/** A key that follows a typed one sooner belongs to the same word. */
const SAME_WORD_MS = 700;
/** Typed ahead or pasted; more is refused rather than kept without limit. */
const MAX_WAITING_CHARS = 1_000_000;
const PASTE_MARKS_ON = '\u001b[?2004h';
const PASTE_MARKS_OFF = '\u001b[?2004l';
const ARROWS_AND_ENTER = /^(?:\u001b[[O][AB])*\r?$/;
const LEAVE_KEY = '\u0004';
const INTERRUPT_KEY = '\u0003';

/** Takes the terminal over at once; `close` and the end of the process give it back. */
export function createInputFilter(options: InputFilterOptions): InputFilter {
  const { stdin, terminal, onInterrupt, now } = options;
  const decoder = new StringDecoder('utf8');
  const keys = createKeyReader();
  let waiting = '';
  let typedMs = -Infinity;
  let line: PassThrough | undefined;
  let choice: { stream: PassThrough; shortcuts: Readonly<Record<string, string>> } | undefined;

  function feedLine(): void {
    if (line === undefined || waiting === '') return;
    const end = waiting.indexOf(ENTER);
    const part = end < 0 ? waiting : waiting.slice(0, end + 1);
    waiting = waiting.slice(part.length);
    line.write(part);
    if (end >= 0) line = undefined;
  }

  function keep(text: string): void {
    if (waiting.length + text.length > MAX_WAITING_CHARS) return;
    waiting += text;
    feedLine();
    // What a prompt has taken is no word under way.
    if (waiting !== '') typedMs = now();
  }

  function readText(text: string): void {
    const meant =
      choice === undefined || now() - typedMs < SAME_WORD_MS ? undefined : readChoice(text, choice.shortcuts);
    if (choice === undefined || meant === undefined) {
      keep(text);
      return;
    }
    const { stream } = choice;
    if (text === LEAVE_KEY) waiting = LEAVE_KEY + waiting;
    if (meant.endsWith(ENTER) || meant === INTERRUPT_KEY) choice = undefined;
    stream.write(meant);
  }

  function interrupt(): void {
    const reader = line ?? choice?.stream;
    if (reader === undefined) onInterrupt();
    else reader.write(INTERRUPT_KEY);
  }

  const onData = (chunk: Buffer | string): void => {
    for (const key of keys.push(typeof chunk === 'string' ? chunk : decoder.write(chunk))) {
      if (key.type === 'text') readText(key.text);
      else if (key.type === 'interrupt') interrupt();
      else suspend();
    }
  };

  /** The terminal is gone: who reads now and who reads next is told to leave. */
  const onEnd = (): void => {
    choice?.stream.write(INTERRUPT_KEY);
    choice = undefined;
    waiting += LEAVE_KEY;
    feedLine();
  };

  function openTerminal(): void {
    if (stdin.isTTY) stdin.setRawMode(true);
    terminal.write(PASTE_MARKS_ON);
  }

  function closeTerminal(): void {
    terminal.write(PASTE_MARKS_OFF);
    if (stdin.isTTY) stdin.setRawMode(false);
  }

  /** The whole job stops, as the shell expects it; it goes on in raw mode. */
  function suspend(): void {
    closeTerminal();
    process.once('SIGCONT', openTerminal);
    process.kill(0, 'SIGTSTP');
  }

  openTerminal();
  process.once('exit', closeTerminal);
  stdin.on('data', onData);
  stdin.on('end', onEnd);
  stdin.resume();

  return {
    get waitingLines() {
      return waiting.split(ENTER).length - 1;
    },
    dropWaiting: () => {
      const lines = waiting.split(ENTER).length - 1;
      waiting = '';
      return lines;
    },
    lendLine: () => {
      const stream = new PassThrough();
      line = stream;
      feedLine();
      return { stream, release: () => void (line = line === stream ? undefined : line) };
    },
    lendKeys: (shortcuts) => {
      const stream = new PassThrough();
      choice = { stream, shortcuts };
      return { stream, release: () => void (choice = choice?.stream === stream ? undefined : choice) };
    },
    interrupt,
    close: () => {
      process.off('SIGCONT', openTerminal);
      process.off('exit', closeTerminal);
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      stdin.pause();
      closeTerminal();
    },
  };
}

/** What a key says to an open choice; undefined for one that belongs to the next line. */
function readChoice(text: string, shortcuts: Readonly<Record<string, string>>): string | undefined {
  if (text === LEAVE_KEY) return INTERRUPT_KEY;
  const shortcut = shortcuts[text.replace(/\r$/, '').toLowerCase()];
  return shortcut ?? (ARROWS_AND_ENTER.test(text) ? text : undefined);
}
