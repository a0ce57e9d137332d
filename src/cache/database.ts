// Hides the one SQLite connection of a process: how the file is opened, kept private and replaced when it is damaged,
// and that every failure of it ends in a database that works (in memory at worst) and one note, never in an error.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { fileIdentity, fileSize, prepareCacheFile, setAside } from './cache-file.ts';
import { NoFileInPlace, PrivateFileRefused } from './private-file.ts';
import { SCHEMA, SCHEMA_VERSION, beginCounting } from './schema.ts';

export type Row = Record<string, unknown>;

export interface CacheDatabase {
  /** Where the file is, or would be. */
  readonly path: string;
  /** False while entries and limits live in this process only. */
  isOnDisk(): boolean;
  all(sql: string, ...parameters: SQLInputValue[]): Row[];
  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined;
  /** The first column of the first row, undefined where there is none: no object is made for a row of one value. */
  value(sql: string, ...parameters: SQLInputValue[]): unknown;
  run(sql: string, ...parameters: SQLInputValue[]): { changes: number; lastId: number };
  /**
   * One write transaction, taken at once (`BEGIN IMMEDIATE`). `work` is synchronous and may run twice: where the file
   * fails, it is repeated on the database that replaces it. Called inside another transaction it joins that one.
   */
  transaction<T>(work: () => T): T;
  /** Changes when another connection has written. */
  readDataVersion(): number;
  sizeBytes(): number;
  /** Whether the file has more bytes; asks SQLite only where file and log together have. */
  isLarger(bytes: number): boolean;
  close(): void;
  /**
   * The end of use in a process that ends at once. What is committed is safe in the log beside the file; closing as the
   * last connection would copy it over and wait for the disk, which a cached answer must not. Done once the log is long.
   */
  leave(): void;
}

export interface DatabaseOptions {
  folder: string;
  fileName?: string;
  /** Hears, once per cause, that the file cannot be used and what was done. */
  onNote(text: string): void;
  /** Machine time, for the names of files set aside. */
  machineNow(): number;
}

/** How long a statement waits for another process's write. */
export const BUSY_TIMEOUT_MS = 5_000;
/** Statements with a varying number of parameters must not grow the cache for ever. */
const MAX_STATEMENTS = 64;
/** Primary result codes of https://www.sqlite.org/rescode.html */
const SQLITE = {
  error: 1,
  busy: 5,
  locked: 6,
  readonly: 8,
  corrupt: 11,
  full: 13,
  constraint: 19,
  mismatch: 20,
  misuse: 21,
  range: 25,
  notADatabase: 26,
};
const SQLITE_READONLY_DBMOVED = 1032;
/** The next process to open the file reads the log: about half a millisecond at this length. */
export const LONG_LOG_BYTES = 512 * 1024;

export function openCacheDatabase(options: DatabaseOptions): CacheDatabase {
  const path = join(options.folder, options.fileName ?? 'cache.sqlite');
  const opener = createOpener(path, options);
  let connection = opener.open();
  let statements = new Map<string, StatementSync>();
  let valueStatements = new Map<string, StatementSync>();
  let inTransaction = false;

  function forgetStatements(): void {
    statements = new Map();
    valueStatements = new Map();
  }

  function prepare(sql: string): StatementSync {
    const held = statements.get(sql);
    if (held !== undefined) return held;
    if (statements.size >= MAX_STATEMENTS) statements = new Map();
    const statement = connection.handle.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }

  function prepareValue(sql: string): StatementSync {
    const held = valueStatements.get(sql);
    if (held !== undefined) return held;
    const statement = connection.handle.prepare(sql);
    statement.setReturnArrays(true);
    valueStatements.set(sql, statement);
    return statement;
  }

  /** Runs on what there is; where that fails, once more on its replacement. Inside a transaction the outermost decides. */
  function guarded<T>(work: () => T): T {
    if (inTransaction) return work();
    try {
      return work();
    } catch (error) {
      if (!connection.onDisk || !isFileFailure(error)) throw error;
      const broken = connection;
      forgetStatements();
      connection = opener.replace(error, broken);
      return work();
    }
  }

  function runTransaction<T>(work: () => T): T {
    prepare('BEGIN IMMEDIATE').run();
    inTransaction = true;
    try {
      const result = work();
      prepare('COMMIT').run();
      return result;
    } catch (error) {
      // A full disk or an I/O error has already rolled back.
      if (connection.handle.isTransaction) connection.handle.exec('ROLLBACK');
      throw error;
    } finally {
      inTransaction = false;
    }
  }

  function sizeBytes(): number {
    const sql = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
    return numberIn(
      guarded(() => prepare(sql).get()),
      'bytes',
    );
  }

  function close(): void {
    forgetStatements();
    if (connection.handle.isOpen) connection.handle.close();
  }

  return {
    path,
    isOnDisk: () => connection.onDisk,
    all: (sql, ...parameters) => guarded(() => prepare(sql).all(...parameters)),
    get: (sql, ...parameters) => guarded(() => prepare(sql).get(...parameters)),
    value: (sql, ...parameters) =>
      guarded(() => (prepareValue(sql).get(...parameters) as unknown as unknown[] | undefined)?.[0]),
    run: (sql, ...parameters) =>
      guarded(() => {
        const result = prepare(sql).run(...parameters);
        return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
      }),
    transaction: (work) => (inTransaction ? work() : guarded(() => runTransaction(work))),
    readDataVersion: () =>
      numberIn(
        guarded(() => prepare('PRAGMA data_version').get()),
        'data_version',
      ),
    sizeBytes,
    isLarger: (bytes) =>
      (!connection.onDisk || fileSize(path) + fileSize(`${path}-wal`) > bytes) && sizeBytes() > bytes,
    close,
    leave: () => {
      if (!connection.onDisk || fileSize(`${path}-wal`) > LONG_LOG_BYTES) close();
    },
  };
}

/** A column as a number; 0 where the row or the column is missing (an aggregate over nothing is NULL). */
export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === 'number' ? value : 0;
}

interface Connection {
  handle: DatabaseSync;
  onDisk: boolean;
  /** The file that this connection opened, to tell it from one that another process put in its place. */
  identity?: string | undefined;
}

/** Opens the file, and decides what takes its place when it fails. Each cause is noted once. */
function createOpener(path: string, options: DatabaseOptions) {
  let replacements = 0;

  function open(): Connection {
    try {
      return openOrRenew();
    } catch (error) {
      return fallBack(describeFailure(error));
    }
  }

  function openOrRenew(): Connection {
    try {
      prepareCacheFile(options.folder, path);
    } catch (error) {
      if (!(error instanceof NoFileInPlace)) throw error;
      renew('foreign', fileIdentity(path), 'what was in its place is not a file');
    }
    const identity = fileIdentity(path);
    try {
      return { handle: openFile(path, options.machineNow()), onDisk: true, identity };
    } catch (error) {
      const reason = unusableReason(error);
      if (reason === undefined) throw error;
      renew(reason, identity);
      return { handle: openFile(path, options.machineNow()), onDisk: true, identity: fileIdentity(path) };
    }
  }

  function renew(reason: Unusable, identity: string | undefined, what = SAYINGS[reason]): void {
    // Another process may have seen the same and already made a new file.
    if (identity !== undefined && fileIdentity(path) === identity) {
      const kept = setAside(path, reason, options.machineNow());
      options.onNote(`cache: ${what}; it is kept as ${kept} and a new one is used`);
    }
    prepareCacheFile(options.folder, path);
  }

  /** What takes the place of a connection that failed while in use. */
  function replace(error: unknown, broken: Connection): Connection {
    closeQuietly(broken.handle);
    replacements += 1;
    const reason = unusableReason(error);
    const movedAway = resultCode(error) === SQLITE_READONLY_DBMOVED;
    if (replacements > 1 || (reason === undefined && !movedAway)) return fallBack(describeFailure(error));
    try {
      if (reason !== undefined) renew(reason, broken.identity);
      return openOrRenew();
    } catch (second) {
      return fallBack(describeFailure(second));
    }
  }

  function fallBack(why: string): Connection {
    options.onNote(`cache: ${why}; continuing without the cache file`);
    const handle = new DatabaseSync(':memory:');
    handle.exec(`${SCHEMA} ${beginCounting(options.machineNow())}`);
    return { handle, onDisk: false };
  }

  return { open, replace };
}

type Unusable = 'damaged' | 'foreign';

const SAYINGS: Readonly<Record<Unusable, string>> = {
  damaged: 'the file was damaged',
  foreign: 'the file belongs to another version or another program',
};

class ForeignFile extends Error {}

class DamagedFile extends Error {}

/** @throws ForeignFile when the file holds something that this version did not make, DamagedFile when it lost its tables */
function openFile(path: string, nowMs: number): DatabaseSync {
  const handle = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    handle.exec('PRAGMA synchronous=NORMAL');
    if (readVersion(handle) !== SCHEMA_VERSION) createSchema(handle, nowMs);
    // Once it has read, a connection in WAL mode has its log beside the file.
    else if (fileIdentity(`${path}-wal`) === undefined) enterWal(handle);
    return handle;
  } catch (error) {
    closeQuietly(handle);
    throw error;
  }
}

/** The file grows from nothing to all tables in one step: one that has pages and no tables has lost them. */
function createSchema(handle: DatabaseSync, nowMs: number): void {
  if (!isEmptyOrOurs(handle)) throw new ForeignFile();
  // Nothing is in it yet: a file that a power failure leaves half made is set aside like any damaged one.
  handle.exec('PRAGMA synchronous=OFF; PRAGMA auto_vacuum=INCREMENTAL; BEGIN IMMEDIATE');
  // Another process may have made the tables while this one waited for the lock.
  if (readVersion(handle) !== SCHEMA_VERSION) {
    // The lock puts a first page into an empty file. Looked at under it: before, the page may be that of a process that
    // is killed before its tables are whole.
    if (numberIn(handle.prepare('PRAGMA page_count').get(), 'page_count') > 1) throw new DamagedFile();
    handle.exec(`${SCHEMA} ${beginCounting(nowMs)} PRAGMA user_version=${SCHEMA_VERSION}`);
  }
  handle.exec('COMMIT');
  if (!isInWal(handle)) enterWal(handle);
  handle.exec('PRAGMA synchronous=NORMAL');
}

function isInWal(handle: DatabaseSync): boolean {
  return handle.prepare('PRAGMA journal_mode').get()?.['journal_mode'] === 'wal';
}

function isEmptyOrOurs(handle: DatabaseSync): boolean {
  const version = readVersion(handle);
  if (version === SCHEMA_VERSION) return true;
  const tables = numberIn(handle.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n');
  return version === 0 && tables === 0 ? true : readVersion(handle) === SCHEMA_VERSION;
}

/** Changing the journal mode fails at once, without the busy timeout, while another process does the same. */
export function enterWal(handle: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      handle.exec('PRAGMA journal_mode=WAL');
      return;
    } catch (error) {
      if (primaryCode(error) !== SQLITE.busy || attempt === 50) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function readVersion(handle: DatabaseSync): number {
  return numberIn(handle.prepare('PRAGMA user_version').get(), 'user_version');
}

export function closeQuietly(handle: DatabaseSync): void {
  try {
    handle.close();
  } catch (error) {
    // A connection to a broken file may refuse to close; it is given up either way.
    if (!isSqliteError(error)) throw error;
  }
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}

/** SQLite's extended result code, 0 where the error is not SQLite's. */
function resultCode(error: unknown): number {
  const code = (error as { errcode?: unknown }).errcode;
  return isSqliteError(error) && typeof code === 'number' ? code : 0;
}

function primaryCode(error: unknown): number {
  return resultCode(error) & 0xff;
}

/** True where the file is at fault, false where our own statement is. */
export function isFileFailure(error: unknown): boolean {
  if (!isSqliteError(error)) return false;
  const ours = [SQLITE.error, SQLITE.constraint, SQLITE.mismatch, SQLITE.misuse, SQLITE.range];
  return !ours.includes(primaryCode(error));
}

export function unusableReason(error: unknown): 'damaged' | 'foreign' | undefined {
  if (error instanceof ForeignFile) return 'foreign';
  if (error instanceof DamagedFile) return 'damaged';
  const code = primaryCode(error);
  return code === SQLITE.corrupt || code === SQLITE.notADatabase ? 'damaged' : undefined;
}

export function describeFailure(error: unknown): string {
  if (error instanceof PrivateFileRefused) return error.message;
  switch (primaryCode(error)) {
    case SQLITE.full:
      return 'the disk is full';
    case SQLITE.readonly:
      return 'the file is read-only';
    case SQLITE.busy:
    case SQLITE.locked:
      return 'the file stayed locked by another program';
  }
  const system = (error as NodeJS.ErrnoException).code;
  if (system === 'EACCES' || system === 'EPERM') return 'no permission for the file';
  if (system === 'EROFS') return 'the file is read-only';
  if (system === 'ENOSPC') return 'the disk is full';
  return `the file cannot be used (${error instanceof Error ? error.message : String(error)})`;
}
