// Hides the SQLite files of the data folder: made at the first write, brought forward by numbered migrations, shared by
// processes. A file that is damaged, foreign or newer than this program is left exactly as it is, and said.
import { DatabaseSync } from 'node:sqlite';
import { fileIdentity, fileSize } from '../cache/cache-file.ts';
import {
  BUSY_TIMEOUT_MS,
  type CacheDatabase,
  LONG_LOG_BYTES,
  closeQuietly,
  describeFailure,
  enterWal,
  isFileFailure,
  numberIn,
  unusableReason,
} from '../cache/database.ts';
import { PrivateFileRefused } from '../cache/private-file.ts';
import { ConfigError } from '../domain/errors.ts';
import { type DataFolder, dataFile, hasDataFile, makeDataFile, toFolderError } from './data-folder.ts';

/**
 * `get` and `all` read: where there is no file they see an empty database, and none is made. `run` and `transaction`
 * write. What cannot be done with the file is a ConfigError.
 */
export interface DataDatabase extends Pick<CacheDatabase, 'path' | 'all' | 'get' | 'run' | 'transaction'> {
  close(): void;
  /** The end of use in a process that ends at once; see `leave` of the cache file. */
  leave(): void;
}

/** Brings a file from one version to the next, inside a transaction. One that was ever released never changes. */
export type Migration = (handle: DatabaseSync) => void;

export interface DataDatabaseOptions {
  folder: DataFolder;
  fileName: string;
  /** The first makes version 1, the last the version of this program. */
  migrations: readonly Migration[];
  /** The place where these data were kept before there was this file. */
  earlier?: EarlierPlace;
}

export interface EarlierPlace {
  /** Part of the transaction that makes the file; also of a look at what the file would hold. */
  copyInto(handle: DatabaseSync): void;
  /** Once the copy is on disk. */
  forget(): void;
}

/** In the header of every file of ours: "fin" and a number. */
const APPLICATION_ID = 0x66696e_64;

interface Connection {
  handle: DatabaseSync;
  /** Of the file that was opened; undefined where there is none and the connection holds what it would. */
  identity: string | undefined;
}

export function openDataDatabase(options: DataDatabaseOptions): DataDatabase {
  const path = dataFile(options.folder, options.fileName);
  let connection: Connection | undefined;
  let inTransaction = false;

  function close(): void {
    if (connection !== undefined) closeQuietly(connection.handle);
    connection = undefined;
  }

  /** The file as it is now: another process may have made, moved or removed it since. */
  function connect(purpose: 'read' | 'write'): DatabaseSync {
    const held = connection;
    if (held !== undefined && inTransaction) return held.handle;
    const identity = hasDataFile(options.folder, options.fileName) ? fileIdentity(path) : undefined;
    if (held !== undefined && held.identity === identity && (identity !== undefined || purpose === 'read'))
      return held.handle;
    close();
    connection = purpose === 'read' && identity === undefined ? openView(options) : openFile(options);
    return connection.handle;
  }

  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw inTransaction ? error : explain(error, path);
    }
  }

  function runTransaction<T>(work: () => T): T {
    const handle = connect('write');
    handle.exec('BEGIN IMMEDIATE');
    inTransaction = true;
    try {
      const result = work();
      handle.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk or an I/O error has already rolled back.
      if (handle.isTransaction) handle.exec('ROLLBACK');
      throw error;
    } finally {
      inTransaction = false;
    }
  }

  return {
    path,
    all: (sql, ...parameters) =>
      guarded(() =>
        connect('read')
          .prepare(sql)
          .all(...parameters),
      ),
    get: (sql, ...parameters) =>
      guarded(() =>
        connect('read')
          .prepare(sql)
          .get(...parameters),
      ),
    run: (sql, ...parameters) =>
      guarded(() => {
        const result = connect('write')
          .prepare(sql)
          .run(...parameters);
        return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
      }),
    transaction: (work) => (inTransaction ? work() : guarded(() => runTransaction(work))),
    close,
    leave: () => {
      if (connection?.identity === undefined || fileSize(`${path}-wal`) > LONG_LOG_BYTES) close();
    },
  };
}

function openFile(options: DataDatabaseOptions): Connection {
  const path = dataFile(options.folder, options.fileName);
  makeDataFile(options.folder, options.fileName);
  const identity = fileIdentity(path);
  const handle = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    handle.exec('PRAGMA synchronous=NORMAL');
    const isMade = bringForward(handle, options.migrations, options.earlier);
    if (isMade && options.earlier !== undefined) {
      // From here on the copy survives a power failure.
      handle.exec('PRAGMA wal_checkpoint(FULL)');
      options.earlier.forget();
    }
    return { handle, identity };
  } catch (error) {
    closeQuietly(handle);
    throw error;
  }
}

/** What the file would hold if it were made now, in memory. */
function openView({ migrations, earlier }: DataDatabaseOptions): Connection {
  const handle = new DatabaseSync(':memory:');
  bringForward(handle, migrations, earlier);
  return { handle, identity: undefined };
}

class ForeignFile extends Error {}
class NewerFile extends Error {}

/**
 * All missing migrations in one transaction: killed in the middle, the file is as it was. True where it was empty before.
 * @throws ForeignFile, NewerFile: nothing was changed then
 */
export function bringForward(
  handle: DatabaseSync,
  migrations: readonly Migration[],
  earlier?: Pick<EarlierPlace, 'copyInto'>,
): boolean {
  if (inOneView(handle, () => readVersion(handle, migrations.length)) === migrations.length) return false;
  enterWal(handle);
  handle.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have done it while this one waited for the lock.
    const version = readVersion(handle, migrations.length);
    for (const migrate of migrations.slice(version)) migrate(handle);
    if (version === 0) earlier?.copyInto(handle);
    handle.exec(`PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${migrations.length}; COMMIT`);
    return version === 0;
  } catch (error) {
    if (handle.isTransaction) handle.exec('ROLLBACK');
    throw error;
  }
}

/** Reads that belong together see one state of the file. */
function inOneView<T>(handle: DatabaseSync, read: () => T): T {
  handle.exec('BEGIN');
  try {
    return read();
  } finally {
    if (handle.isTransaction) handle.exec('COMMIT');
  }
}

function readVersion(handle: DatabaseSync, newest: number): number {
  const version = numberIn(handle.prepare('PRAGMA user_version').get(), 'user_version');
  const id = numberIn(handle.prepare('PRAGMA application_id').get(), 'application_id');
  const tables = numberIn(handle.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n');
  const isEmpty = version === 0 && id === 0 && tables === 0;
  if (id !== APPLICATION_ID && !isEmpty) throw new ForeignFile();
  if (version > newest) throw new NewerFile(`its version is ${version}, this fin knows ${newest}`);
  return version;
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof NewerFile)
    return new ConfigError(`data folder: ${path} was written by a newer fin (${error.message})`, {
      hint: 'update fin; the file was left unchanged',
      cause: error,
    });
  const reason = error instanceof ForeignFile ? 'foreign' : unusableReason(error);
  if (reason !== undefined)
    return new ConfigError(`data folder: ${path} ${reason === 'damaged' ? 'is damaged' : 'is not a fin file'}`, {
      hint: 'the file was left unchanged: restore a copy, or move it away to start over',
      cause: error,
    });
  const isOfSystem = error instanceof PrivateFileRefused || typeof (error as NodeJS.ErrnoException).errno === 'number';
  return isOfSystem || isFileFailure(error) ? toFolderError(path, describeFailure(error), error) : error;
}
