// Lines typed in earlier sessions, kept in a file of the cache folder: bounded, readable by its owner only, without keys.
// A history that cannot be read or written is said once and never stops a session.
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface HistoryFile {
  /** Newest first, each line once. */
  readonly lines: readonly string[];
  add(line: string): void;
}

export interface HistoryFileOptions {
  folder: string;
  redact(text: string): string;
  onNote(text: string): void;
}

const FILE = 'history';
const MAX_LINES = 1_000;
const MAX_LINE_CHARS = 2_000;
/** Over this the file is written anew with what is kept. */
const MAX_BYTES = 512_000;

/** Reads the file once; each added line is appended at once. */
export function openHistory({ folder, redact, onNote }: HistoryFileOptions): HistoryFile {
  const file = path.join(folder, FILE);
  let canWrite = true;
  let lines = load();

  function load(): string[] {
    try {
      const text = fs.readFileSync(file, 'utf8');
      const kept = keepLast(text.split('\n'));
      if (text.length > MAX_BYTES) rewrite(kept);
      return kept;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') giveUp(error);
      return [];
    }
  }

  function rewrite(kept: readonly string[]): void {
    const fresh = `${file}.${process.pid}`;
    fs.writeFileSync(fresh, `${kept.toReversed().join('\n')}\n`, { mode: 0o600 });
    fs.renameSync(fresh, file);
  }

  function append(line: string): void {
    const handle = fs.openSync(file, 'a', 0o600);
    try {
      fs.fchmodSync(handle, 0o600);
      fs.writeSync(handle, `${line}\n`);
    } finally {
      fs.closeSync(handle);
    }
  }

  function giveUp(error: unknown): void {
    canWrite = false;
    onNote(`history is not kept: ${error instanceof Error ? error.message : String(error)}`);
  }

  return {
    get lines() {
      return lines;
    },
    add: (typed) => {
      const line = redact(typed).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_LINE_CHARS);
      if (line === '' || line === lines[0]) return;
      lines = [line, ...lines.filter((each) => each !== line)].slice(0, MAX_LINES);
      if (!canWrite) return;
      try {
        append(line);
      } catch (error) {
        giveUp(error);
      }
    },
  };
}

/** Newest first, each once. The file is in order of typing. */
function keepLast(typed: readonly string[]): string[] {
  return [...new Set(typed.toReversed().filter((line) => line !== ''))].slice(0, MAX_LINES);
}

/** Lines that hold the text whatever its case, in the order given; none for an empty text. */
export function findInHistory(lines: readonly string[], text: string): string[] {
  const wanted = text.toLowerCase();
  return wanted === '' ? [] : lines.filter((line) => line.toLowerCase().includes(wanted));
}
