// Hides how entries lie in the cache file: keyv's SQLite adapter on the process's one connection, whose set-up is
// answered here because the tables are schema.ts's; which entries were used when, how large they are, and which go.
import { KeyvSqlite } from '@keyv/sqlite';
import type { SqliteDriver } from '@keyv/sqlite';
import type { KeyvStorageGetResult } from './keyv-store.ts';
import type { SQLInputValue } from 'node:sqlite';
import { numberIn } from './database.ts';
import type { CacheDatabase } from './database.ts';
import { kindOfKey } from './envelope.ts';
import type { EntryHome } from './store.ts';
import { readTimestamp, saveTimestamp } from './timestamps.ts';
import type { EpochMs } from '../domain/types.ts';

export const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
/** Pruning goes below the bound, so that not every process prunes. */
const PRUNE_TO = 0.8;
/** Longer than anything stays usable (90 days). */
const UNUSED_LIMIT_MS = 120 * 24 * 3_600_000;
const SWEEP_EVERY_MS = 24 * 3_600_000;

export function createSqliteEntries(database: CacheDatabase, maxBytes = DEFAULT_MAX_BYTES): EntryHome {
  return {
    adapter: new EntryAdapter(database),
    readVersion: () => database.readDataVersion(),
    readSizes: () => Promise.resolve(readSizes(database)),
    saveUse: (keys, nowMs) => saveUse(database, keys, nowMs),
    listSuperfluous: (nowMs) => listSuperfluous(database, maxBytes, nowMs),
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
    const text = this.#database.value('SELECT value FROM entries WHERE key = ? AND namespace = ?', key, '');
    return Promise.resolve(text as KeyvStorageGetResult<Value>);
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

function saveUse(database: CacheDatabase, keys: ReadonlySet<string>, nowMs: EpochMs): void {
  if (keys.size === 0) return;
  database.transaction(() => {
    for (const key of keys) {
      database.run(
        'INSERT INTO entry_use(key, used_ms) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET used_ms=excluded.used_ms',
        key,
        nowMs,
      );
    }
  });
}

/** What nobody has used for months (looked for once a day) and, over the bound, the least recently used. */
function listSuperfluous(database: CacheDatabase, maxBytes: number, nowMs: EpochMs): string[] {
  const tooBig = database.sizeBytes() > maxBytes;
  if (!tooBig && nowMs - readTimestamp(database, 'swept_ms', nowMs) < SWEEP_EVERY_MS) return [];
  return database.transaction(() => {
    saveTimestamp(database, 'swept_ms', nowMs);
    // A use of the future, from before the clock was set back, would keep its entry for as long as it jumped.
    database.run('UPDATE entry_use SET used_ms = ?1 WHERE used_ms > ?1', nowMs);
    const unused = database.all('SELECT key FROM entry_use WHERE used_ms < ?', nowMs - UNUSED_LIMIT_MS).map(keyIn);
    return [...new Set([...unused, ...(tooBig ? listLeastUsed(database, maxBytes * PRUNE_TO) : [])])];
  });
}

/** An entry without a row in `entry_use` was never marked by a process that ended well: it goes first. */
function listLeastUsed(database: CacheDatabase, keepBytes: number): string[] {
  const rows = database.all(
    `SELECT entries.key AS key, octet_length(value) AS bytes FROM entries LEFT JOIN entry_use ON entry_use.key = entries.key
     ORDER BY coalesce(used_ms, 0) DESC`,
  );
  let kept = 0;
  return rows.filter((row) => (kept += numberIn(row, 'bytes')) > keepBytes).map(keyIn);
}

function keyIn(row: Record<string, unknown>): string {
  return String(row['key']);
}
