// Hides how entries lie in the cache file: keyv's SQLite adapter on the process's one connection, whose set-up is
// answered here because the tables are schema.ts's; which entries were used when, how large they are, and which go.
import { KeyvSqlite } from '@keyv/sqlite';
import type { SqliteDriver } from '@keyv/sqlite';
import { type KeyvStorageAdapter, type KeyvStorageGetResult, unpack } from './keyv-store.ts';
import type { SQLInputValue } from 'node:sqlite';
import { numberIn } from './database.ts';
import type { CacheDatabase } from './database.ts';
import { kindOfKey } from './envelope.ts';
import type { EntryHome } from './store.ts';
import type { MachineMs } from '../domain/types.ts';

export const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
/** Pruning goes below the bound, so that not every process prunes. */
const PRUNE_TO = 0.8;

export type SqliteHome = EntryHome & { adapter: KeyvStorageAdapter };

export function createSqliteEntries(database: CacheDatabase, maxBytes = DEFAULT_MAX_BYTES): SqliteHome {
  return {
    adapter: new EntryAdapter(database),
    readVersion: () => database.readDataVersion(),
    readSizes: () => Promise.resolve(readSizes(database)),
    saveUse: (keys, nowMs) => saveUse(database, keys, nowMs),
    listSuperfluous: (nowMs) =>
      database.isLarger(maxBytes) ? listLeastUsed(database, maxBytes * PRUNE_TO, nowMs) : [],
    tidy: () => {
      database.run('DELETE FROM entry_use WHERE key NOT IN (SELECT key FROM entries)');
      database.all('PRAGMA incremental_vacuum');
    },
  };
}

/** The adapter's own look-up reads columns that are never used: half as much again as the rest of a small read. */
class EntryAdapter extends KeyvSqlite {
  readonly #database: CacheDatabase;

  constructor(database: CacheDatabase) {
    super({ driver: createDriver(database), table: 'entries' });
    this.#database = database;
  }

  override get<Value>(key: string): Promise<KeyvStorageGetResult<Value>> {
    return Promise.resolve(
      this.#read(this.#database.value('SELECT value FROM entries WHERE key = ? AND namespace = ?', key, '')),
    );
  }

  /** One statement for any number of keys. */
  override getMany<Value>(keys: string[]): Promise<KeyvStorageGetResult<Value>[]> {
    const rows = this.#database.all(
      'SELECT key, value FROM entries WHERE key IN (SELECT value FROM json_each(?)) AND namespace = ?',
      JSON.stringify(keys),
      '',
    );
    const values = new Map(rows.map((row) => [row['key'], row['value']]));
    return Promise.resolve(keys.map((key) => this.#read<Value>(values.get(key))));
  }

  /** keyv reads texts itself, and takes what is none for read. */
  #read<Value>(value: unknown): KeyvStorageGetResult<Value> {
    try {
      return (value instanceof Uint8Array ? unpack(value) : value) as KeyvStorageGetResult<Value>;
    } catch (error) {
      this.emit('error', error);
      return undefined;
    }
  }
}

/** Runs the adapter's statements on our connection, which keeps them prepared. */
function createDriver(database: CacheDatabase): SqliteDriver {
  const columns = ['key', 'value', 'namespace', 'expires'].map((name) => ({ name }));
  const answer = (sql: string, parameters: unknown[]): unknown[] => {
    if (sql.startsWith('CREATE ')) return [];
    if (sql.startsWith('PRAGMA table_info')) return columns;
    return database.all(sql, ...(parameters as SQLInputValue[]));
  };
  return {
    name: 'custom',
    connect: () =>
      Promise.resolve({
        // A throwing executor rejects, which is how keyv hears of a failed statement.
        query: (sql: string, ...parameters: unknown[]) => new Promise((resolve) => resolve(answer(sql, parameters))),
        // The connection outlives keyv: ledger and counters use it too.
        close: () => Promise.resolve(),
      }),
  };
}

function readSizes(database: CacheDatabase): Record<string, { entries: number; bytes: number }> {
  const sizes: Record<string, { entries: number; bytes: number }> = {};
  for (const row of database.all('SELECT key, octet_length(value) AS bytes FROM entries')) {
    const kind = kindOfKey(String(row['key']));
    const size = (sizes[kind] ??= { entries: 0, bytes: 0 });
    size.entries += 1;
    size.bytes += numberIn(row, 'bytes');
  }
  return sizes;
}

function saveUse(database: CacheDatabase, keys: ReadonlySet<string>, nowMs: MachineMs): void {
  if (keys.size === 0) return;
  // Without WHERE the ON of the upsert would be one of a join.
  database.run(
    `INSERT INTO entry_use(key, used_ms) SELECT value, ?2 FROM json_each(?1) WHERE true
     ON CONFLICT(key) DO UPDATE SET used_ms = excluded.used_ms`,
    JSON.stringify([...keys]),
    nowMs,
  );
}

/**
 * What has no mark was saved since the last pruning and not read back: as if used now, and marked so for the next one. A
 * use of the future is from before the clock was set back.
 */
function listLeastUsed(database: CacheDatabase, keepBytes: number, nowMs: MachineMs): string[] {
  const rows = database.all(
    `SELECT entries.key AS key, octet_length(value) AS bytes FROM entries LEFT JOIN entry_use ON entry_use.key = entries.key
     ORDER BY min(coalesce(used_ms, ?1), ?1) DESC, used_ms IS NULL, entries.rowid DESC`,
    nowMs,
  );
  database.run('INSERT OR IGNORE INTO entry_use(key, used_ms) SELECT key, ? FROM entries', nowMs);
  let kept = 0;
  return rows.filter((row) => (kept += numberIn(row, 'bytes')) > keepBytes).map(keyIn);
}

function keyIn(row: Record<string, unknown>): string {
  return String(row['key']);
}
