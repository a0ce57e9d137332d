// Output of a session and of commands inside it: remarks and errors wrapped to the terminal and muted, each remark once,
// never in the middle of a line of streamed text; what an answer printed can be read back.
import type { FinError } from '../domain/errors.ts';
import { renderPlace } from '../render/place.ts';
import { sanitise, sanitiseLine, wrapText } from '../render/text.ts';
import { createTheme } from '../render/theme.ts';
import type { Output } from './output.ts';

export interface ReplOutput extends Output {
  /** The same for one command with its own flags. */
  withFlags(flags: OutputFlags): ReplOutput;
  /** Another question or command: nothing is written of it yet, and no error of it was seen. */
  startTurn(): void;
  /** What the turn wrote, without color. */
  readWritten(): string;
  /** The reader knows of this error: it is not said again in this turn. */
  markSeen(error: Pick<FinError, 'message'>): void;
}

export interface OutputFlags {
  noColor: boolean;
  quiet: boolean;
  verbose: boolean;
}

const MAX_REMEMBERED_CHARS = 200_000;

interface Shared {
  said: Set<string>;
  seenErrors: Set<string>;
  written: string;
  isLineOpen: boolean;
}

/** The output of a whole session; what its turns have said and written is remembered here. */
export function createReplOutput(output: Output): ReplOutput {
  return createWith(output, createMemory(), { noColor: false, quiet: output.quiet, verbose: output.verbose });
}

function createMemory(): Shared {
  return { said: new Set(), seenErrors: new Set(), written: '', isLineOpen: false };
}

function createWith(output: Output, shared: Shared, flags: OutputFlags): ReplOutput {
  const colour = output.colour && !flags.noColor;
  const theme = createTheme({ colour });

  function write(text: string): void {
    output.write(text);
    if (text !== '') shared.isLineOpen = !text.endsWith('\n');
    shared.written = (shared.written + text).slice(-MAX_REMEMBERED_CHARS);
  }

  function say(text: string, tone: 'muted' | 'warning' | 'plain'): void {
    if (shared.isLineOpen) write('\n');
    const lines = sanitise(text)
      .split('\n')
      .flatMap((line) => wrapText(line, output.width));
    for (const line of lines) output.diagnose(theme.paint(tone, line));
  }

  return {
    get width() {
      return output.width;
    },
    get rows() {
      return output.rows;
    },
    colour,
    isTerminal: output.isTerminal,
    isDumb: output.isDumb,
    quiet: flags.quiet,
    verbose: flags.verbose,
    redact: output.redact,
    write,
    writeLines: (lines) => {
      if (lines.length > 0) write(`${lines.join('\n')}\n`);
    },
    note: (text) => {
      const note = sanitiseLine(text, 600);
      if (flags.quiet || shared.said.has(note)) return;
      shared.said.add(note);
      say(`note: ${note}`, 'muted');
    },
    remark: (text) => {
      if (!flags.quiet) say(text, 'muted');
    },
    error: ({ message, hint, details }) => {
      if (shared.seenErrors.has(message)) return;
      say(`fin: ${inSession(sanitiseLine(message, 600))}`, 'warning');
      for (const line of renderPlace(details?.place, output.width)) say(line, 'plain');
      if (hint !== undefined) say(`hint: ${inSession(sanitiseLine(hint, 600))}`, 'muted');
    },
    diagnose: (text) => say(text, 'muted'),
    progress: (text) => {
      if (!shared.isLineOpen && !flags.quiet) output.progress(text);
    },
    withFlags: (own) =>
      createWith(output, shared, {
        noColor: own.noColor || !colour,
        quiet: own.quiet || flags.quiet,
        verbose: own.verbose || flags.verbose,
      }),
    startTurn: () => {
      shared.written = '';
      shared.seenErrors.clear();
    },
    readWritten: () => sanitise(shared.written, MAX_REMEMBERED_CHARS).trim(),
    markSeen: ({ message }) => void shared.seenErrors.add(message),
  };
}

/** Commands of the shell that make sense inside a session, typed with a slash there. */
export const SHELL_COMMANDS: readonly string[] =
  'quote history chart ta expirations chain market levels vol search events news bundle strategy table scan fields list positions alert cache doctor sessions'.split(
    ' ',
  );
const SHELL_COMMAND = new RegExp(`\\bfin (?=(?:${SHELL_COMMANDS.join('|')})\\b)`, 'g');

/** Help and hints name commands and choices as they are typed here. */
export function inSession(text: string): string {
  return text
    .replaceAll(/--(session|model)\b/g, '/$1')
    .replaceAll(/\bfin --help\b/g, '/help')
    .replaceAll(SHELL_COMMAND, '/');
}
