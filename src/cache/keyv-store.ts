// Hides keyv: its SQLite adapter runs on the process's one connection, its serializer is plain JSON, its error events
// are heard. Loaded at the first write, because an answer from the cache needs only one prepared read.
import { KeyvSqlite } from '@keyv/sqlite';
import type { SqliteDriver } from '@keyv/sqlite';
import { Keyv } from 'keyv';
import type { SQLInputValue } from 'node:sqlite';
import type { CacheDatabase } from './database.ts';

export type EntryKeyv = ReturnType<typeof createKeyv>;

/** keyv with plain JSON: its own serializer's reviver costs eight times as much. It reports by events, never by throwing. */
export function createKeyv(database: CacheDatabase, onError: () => void) {
  const sizes = new WeakMap<object, number>();
  const adapter = new KeyvSqlite({ driver: createDriver(database), table: 'entries' });
  const keyv = new Keyv({
    store: adapter,
    checkExpired: false,
    serialization: {
      stringify: (entry: unknown) => {
        const text = JSON.stringify(entry);
        const { value } = entry as { value: unknown };
        if (typeof value === 'object' && value !== null) sizes.set(value, text.length);
        return text;
      },
      parse: (text: string) => JSON.parse(text) as never,
    },
  });
  keyv.on('error', onError);
  return { keyv, sizeOf: (value: object) => sizes.get(value) ?? Infinity };
}

/** Runs keyv's statements on our connection. The tables are schema.ts's, so keyv's set-up is answered, not executed. */
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
