// The same cases over both homes of what processes share: the cache file, and a real Redis with one behind it. A place is
// what processes have in common: a folder, or a server.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type CounterHome, createCountTables } from '../../src/cache/counters.ts';
import { type RedisStore, openRedisStore } from '../../src/cache/redis-store.ts';
import { type SharedStateOptions, createSharedState } from '../../src/cache/shared-state.ts';
import { createSqliteEntries } from '../../src/cache/sqlite-entries.ts';
import type { EntryHome } from '../../src/cache/store.ts';
import type { SharedState } from '../../src/http/http.ts';
import { HAS_REDIS, type RedisServer, WITHOUT_REDIS, startRedis } from '../helpers/redis-server.ts';
import { createTempFolder, openDatabase } from './helpers.ts';

export interface Process {
  state: SharedState;
  home: EntryHome;
  counters: CounterHome;
}

/** Opens one process there, where the place is a server on a machine of its own. Times are the caller's. */
export type Place = (times?: SharedStateOptions) => Process;

/** Runs the cases over each home. The place made before is over when the next one is made. */
export function describeHomes(what: string, cases: (createPlace: () => Promise<Place>) => void): void {
  describe(`${what}, in the cache file`, () => {
    cases(() => {
      const folder = createTempFolder();
      return Promise.resolve((times = {}) => {
        const { database } = openDatabase(folder);
        return {
          state: createSharedState(database, times),
          home: createSqliteEntries(database),
          counters: createCountTables(database),
        };
      });
    });
  });
  describe.skipIf(!HAS_REDIS)(`${what}, in a store of several machines${WITHOUT_REDIS}`, () => {
    let server: RedisServer;
    let opened: RedisStore[] = [];
    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(async () => {
      for (const store of opened) store.close();
      await server[Symbol.asyncDispose]();
    });
    cases(async () => {
      for (const store of opened) store.close();
      opened = [];
      await server.client.flushall();
      return (times) => {
        const store = openTestStore(server.url, {
          clock: 'caller',
          ...(times === undefined ? {} : { times }),
          // What is meant to run over the store must not run beside it unseen.
          onNote: (text) => expect(text).toBe(''),
        });
        opened.push(store);
        return store;
      };
    });
  });
}

export function openTestStore(
  url: string,
  changes: Partial<Parameters<typeof openRedisStore>[0]> & { folder?: string } = {},
): RedisStore {
  const { database } = openDatabase(changes.folder ?? createTempFolder());
  return openRedisStore({
    url,
    database,
    isSample: false,
    usableMs: () => 7 * 24 * 3_600_000,
    machineNow: Date.now,
    onNote: () => undefined,
    ...changes,
  });
}
