// What fin writes and where: answers to standard output, everything else to standard error, no key on either.
// Hides color, width, quiet, the closed pipe, and the progress line of a terminal.
import type { ErrorDetails } from '../domain/errors.ts';
import { type Redact, createRedactor } from '../domain/redaction.ts';
import { renderPlace } from '../render/place.ts';
import { sanitiseLine, wrapText } from '../render/text.ts';
import type { TextSink } from './standard-stream.ts';

/** Node's own streams, for what talks with a terminal; opened when used. */
export interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  stdin: NodeJS.ReadStream;
}

export interface OutputOptions {
  stdout: TextSink;
  stderr: TextSink;
  env: Readonly<Record<string, string | undefined>>;
  noColor: boolean;
  quiet: boolean;
  verbose: boolean;
  /** Replaced by *** in everything that is written, where they are long enough to be keys. */
  secrets: readonly string[];
}

export interface ShownError {
  message: string;
  hint?: string | undefined;
  details?: Pick<ErrorDetails, 'place'>;
}

export interface Output {
  readonly width: number;
  /** Lines of the terminal; undefined where it is none. */
  readonly rows: number | undefined;
  readonly colour: boolean;
  readonly isTerminal: boolean;
  /** TERM=dumb: lines can be shown there, and nothing over them. */
  readonly isDumb: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Text of the answer. */
  write(text: string): void;
  writeLines(lines: readonly string[]): void;
  /** `note:` and a remark on standard error; nothing with --quiet. */
  note(text: string): void;
  /** A line on standard error that says how it goes; nothing with --quiet, which wins over --verbose and --trace. */
  remark(text: string): void;
  /** Also with --quiet: an error's two lines, and between them the place of a mistake where there is one. */
  error(error: ShownError): void;
  /** A line on standard error, whatever the options. */
  diagnose(text: string): void;
  /** The progress line of a terminal; undefined clears it. */
  progress(text: string | undefined): void;
  redact: Redact;
}

const PIPED_WIDTH = 100;
const LEAST_WIDTH = 40;
/** What is faster needs no progress line. */
const PROGRESS_DELAY_MS = 120;
const MAX_LINE_CHARS = 600;

/** Everything goes through the redactor; control characters of strangers are escaped. */
export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr } = options;
  const redact = createRedactor(options.secrets);
  const isDumb = options.env['TERM'] === 'dumb';
  let progressShown = false;
  let pending: NodeJS.Timeout | undefined;

  let newest = '';

  function clearProgress(): void {
    clearTimeout(pending);
    pending = undefined;
    if (progressShown) stderr.write('\r\u001B[K');
    progressShown = false;
  }

  /** A key is taken out before the line is cut, which would leave its beginning. */
  const toLine = (text: string): string => sanitiseLine(redact(text), MAX_LINE_CHARS);

  function diagnose(text: string): void {
    clearProgress();
    stderr.write(`${escapeControls(redact(text))}\n`);
  }

  function showProgress(text: string): void {
    if (!stderr.isTTY || isDumb) return;
    stderr.write(sanitiseLine(redact(text)).slice(0, Math.max(1, stderr.columns - 1)));
    progressShown = true;
  }

  function write(text: string): void {
    clearProgress();
    stdout.write(escapeControls(redact(text)));
  }

  function readWidth(): number {
    return Math.max(LEAST_WIDTH, stdout.isTTY ? stdout.columns : PIPED_WIDTH);
  }

  return {
    get width() {
      return readWidth();
    },
    get rows() {
      return stdout.isTTY ? stdout.rows : undefined;
    },
    colour: decideColour(options, stdout.isTTY),
    isTerminal: stdout.isTTY,
    isDumb,
    quiet: options.quiet,
    verbose: options.verbose,
    write,
    writeLines: (lines) => {
      if (lines.length > 0) write(`${lines.join('\n')}\n`);
    },
    note: (text) => {
      if (options.quiet) return;
      const line = `note: ${toLine(text)}`;
      // A terminal would break inside a word; a pipe is read by the line.
      for (const part of stdout.isTTY ? wrapText(line, readWidth(), '      ') : [line]) diagnose(part);
    },
    remark: (text) => {
      if (!options.quiet) diagnose(text);
    },
    error: (error) => {
      diagnose(`fin: ${toLine(error.message)}`);
      for (const line of renderPlace(error.details?.place, readWidth())) diagnose(line);
      diagnose(`hint: ${toLine(error.hint ?? 'run it again with --verbose to see more')}`);
    },
    diagnose,
    progress: (text) => {
      if (text === undefined || options.quiet) {
        clearProgress();
        return;
      }
      newest = text;
      if (progressShown) {
        clearProgress();
        showProgress(text);
      } else pending ??= setTimeout(() => showProgress(newest), PROGRESS_DELAY_MS).unref();
    },
    redact,
  };
}

/** FORCE_COLOR on (0: off); NO_COLOR and --no-color off; else on a terminal only. */
function decideColour(options: OutputOptions, isTerminal: boolean): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = options.env;
  if (options.noColor || (no !== undefined && no !== '')) return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTerminal && term !== 'dumb';
}

/** C1 controls and bidi overrides as JSON writes them: fin itself prints none, and JSON leaves those of strangers as they are. */
function escapeControls(text: string): string {
  return text.replaceAll(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
