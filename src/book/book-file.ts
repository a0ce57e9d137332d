// book.json, the user's lists, positions and alerts, also edited by hand: read as it is, changed under a lock and replaced
// whole. What this program does not know survives; what it cannot read it does not overwrite.
import { isRecord } from '../domain/present.ts';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { closeQuietly, describeFailure, isFileFailure } from '../cache/database.ts';
import { PrivateFileRefused } from '../cache/private-file.ts';
import { ConfigError } from '../domain/errors.ts';
import { whyNotUtf8 } from '../files/text-file.ts';
import { BOOK_FILE, type DataFolder, dataFile, hasDataFile, makeDataFile, toFolderError } from './data-folder.ts';
import { findJsonFault } from './json-fault.ts';
import { formatJsonText, parseExactly } from './json-text.ts';

export interface Book {
  /** Symbols by the list's name, which may be any text: without a prototype. */
  lists: Record<string, string[]>;
  /** Of the user, or of another version of fin. */
  [other: string]: unknown;
}

const LOCK_FILE = 'book.lock';
/** Changes take milliseconds; forty at once on a busy disk take seconds. */
const LOCK_TIMEOUT_MS = 30_000;

/** An empty book where there is none. @throws ConfigError */
export function readBook(folder: DataFolder): Book {
  return guarded(folder, () => parseBook(load(folder), dataFile(folder, BOOK_FILE)));
}

/**
 * Changes the book as it is now; nobody else does meanwhile. What `change` throws leaves it as it was.
 * @returns what `change` returns
 * @throws ConfigError for a book that cannot be read or written
 */
export function changeBook<T>(folder: DataFolder, change: (book: Book) => T): T {
  return guarded(folder, () => underLock(folder, () => changeUntilSettled(folder, change)));
}

/** An editor knows nothing of the lock: where it has saved meanwhile the change is made anew on what it wrote. */
function changeUntilSettled<T>(folder: DataFolder, change: (book: Book) => T): T {
  for (;;) {
    const before = load(folder);
    const book = parseBook(before, dataFile(folder, BOOK_FILE));
    const untouched = formatJsonText(book, '\n');
    const result = change(book);
    if (formatJsonText(book, '\n') === untouched) return result;
    const lineEnd = before?.includes('\r\n') === true ? '\r\n' : '\n';
    if (replace(folder, before, formatJsonText(book, lineEnd))) return result;
  }
}

function load(folder: DataFolder): Buffer | undefined {
  return hasDataFile(folder, BOOK_FILE) ? readFileSync(dataFile(folder, BOOK_FILE)) : undefined;
}

/** Each file is written beside its place and moved there whole: a process that is killed leaves the old one or the new one. */
function replace(folder: DataFolder, before: Buffer | undefined, text: string): boolean {
  const file = dataFile(folder, BOOK_FILE);
  const fresh = `${file}.new`;
  if (before !== undefined) {
    writeWhole(fresh, before);
    renameSync(fresh, `${file}.bak`);
  }
  writeWhole(fresh, text);
  const now = load(folder);
  if (now === undefined ? before !== undefined : before === undefined || !now.equals(before)) return false;
  renameSync(fresh, file);
  syncFolder(folder.path);
  return true;
}

/** What a killed process left half written goes; only the holder of the lock writes here. */
function writeWhole(file: string, content: string | Buffer): void {
  rmSync(file, { force: true });
  writeFileSync(file, content, { flag: 'wx', mode: 0o600, flush: true });
}

/** So that the new name survives a power failure too. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** SQLite's lock on an empty file: the system takes it from a process that dies. */
function underLock<T>(folder: DataFolder, work: () => T): T {
  makeDataFile(folder, LOCK_FILE);
  const lock = new DatabaseSync(dataFile(folder, LOCK_FILE), { timeout: LOCK_TIMEOUT_MS });
  try {
    lock.exec('BEGIN IMMEDIATE');
    return work();
  } finally {
    closeQuietly(lock);
  }
}

function parseBook(bytes: Buffer | undefined, file: string): Book {
  if (bytes === undefined) return { lists: noLists() };
  if (whyNotUtf8(bytes) !== undefined) throw unreadable(`${file} is not UTF-8`, 'save it as UTF-8');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const fault = findJsonFault(text);
  if (fault !== undefined)
    throw unreadable(`${file}, line ${fault.line}, column ${fault.column}: ${fault.why}`, 'fix it there');
  const book = parseExactly(text);
  if (!isRecord(book)) throw unreadable(`${file}, line 1, column 1: not an object`, 'start it with {');
  return { ...book, lists: parseLists(book['lists'], file) };
}

function parseLists(value: unknown, file: string): Book['lists'] {
  const lists = noLists();
  if (value === undefined) return lists;
  if (!isRecord(value)) throw unreadable(`${file}: lists is not an object of lists`, 'fix it there');
  for (const [name, symbols] of Object.entries(value)) {
    if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === 'string'))
      throw unreadable(`${file}: lists.${name.slice(0, 60)} is not a list of symbols`, 'write them as ["NVDA", "AMD"]');
    lists[name] = symbols;
  }
  return lists;
}

/** A list may be called `__proto__` or `constructor`. */
function noLists(): Book['lists'] {
  return Object.create(null) as Book['lists'];
}

function unreadable(why: string, hint: string): ConfigError {
  return new ConfigError(`book: ${why}`, {
    hint: `${hint}; it was left unchanged, and ${BOOK_FILE}.bak is the previous version`,
  });
}

function guarded<T>(folder: DataFolder, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isOfSystem =
      error instanceof PrivateFileRefused || typeof (error as NodeJS.ErrnoException).errno === 'number';
    if (!isOfSystem && !isFileFailure(error)) throw error;
    throw toFolderError(dataFile(folder, BOOK_FILE), describeFailure(error), error);
  }
}
