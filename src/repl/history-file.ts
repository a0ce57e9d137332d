// Lines typed in earlier sessions, kept in a file of the data folder: bounded, readable by its owner only, without keys.
// A history that cannot be read or written is said once and never stops a session.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type DataFolder, TYPED_LINES_FILE, dataFile, hasDataFile, makeDataFile } from '../book/data-folder.ts';
import { hasPrivateFile } from '../cache/private-file.ts';

export interface HistoryFileOptions {
  folder: DataFolder;
  /** Where an earlier fin kept them: taken over with the first line. */
  cacheDir: string;
  redact(text: string): string;
  onNote(text: string): void;
}

const MAX_LINES = 1_000;
const MAX_LINE_CHARS = 2_000;
/** Over this the file is written anew with what is kept. */
const MAX_BYTES = 512_000;

/** Reads the file once; each added line is appended at once. */
export function openHistory({ folder, cacheDir, redact, onNote }: HistoryFileOptions) {
  const file = dataFile(folder, TYPED_LINES_FILE);
  const earlier = path.join(cacheDir, 'history');
  let canWrite = true;
  let lines = load();

  function load(): string[] {
    try {
      if (!hasDataFile(folder, TYPED_LINES_FILE)) return readEarlier();
      const text = fs.readFileSync(file, 'utf8');
      const kept = keepLast(text.split('\n'));
      if (text.length > MAX_BYTES) rewrite(kept);
      return kept;
    } catch (error) {
      giveUp(error);
      return [];
    }
  }

  function readEarlier(): string[] {
    try {
      return hasPrivateFile(cacheDir, earlier) ? keepLast(fs.readFileSync(earlier, 'utf8').split('\n')) : [];
    } catch {
      // What cannot be read there was not read by the earlier fin either; it stays where it is.
      return [];
    }
  }

  function rewrite(kept: readonly string[]): void {
    const fresh = `${file}.${process.pid}`;
    fs.writeFileSync(fresh, toText(kept), { mode: 0o600 });
    fs.renameSync(fresh, file);
  }

  /** Whole or not at all: a session that is killed has moved nothing, and one that is slower adds to what is there. */
  function takeOver(kept: readonly string[]): void {
    const fresh = `${TYPED_LINES_FILE}.${process.pid}`;
    makeDataFile(folder, fresh);
    fs.writeFileSync(dataFile(folder, fresh), toText(kept));
    try {
      fs.linkSync(dataFile(folder, fresh), file);
    } catch (error) {
      // Some file systems have no links.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') fs.renameSync(dataFile(folder, fresh), file);
    } finally {
      fs.rmSync(dataFile(folder, fresh), { force: true });
    }
    fs.rmSync(earlier, { force: true });
  }

  function append(line: string): void {
    const kept = hasDataFile(folder, TYPED_LINES_FILE) ? [] : readEarlier();
    if (kept.length > 0) takeOver(kept);
    makeDataFile(folder, TYPED_LINES_FILE);
    fs.appendFileSync(file, `${line}\n`);
  }

  function giveUp(error: unknown): void {
    canWrite = false;
    onNote(`history is not saved: ${error instanceof Error ? error.message : String(error)}`);
  }

  return {
    /** Newest first, each line once. */
    get lines() {
      return lines;
    },
    add: (typed: string) => {
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

/** In the order of typing. */
function toText(kept: readonly string[]): string {
  return kept
    .toReversed()
    .map((line) => `${line}\n`)
    .join('');
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
