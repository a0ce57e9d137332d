// The store of several machines as a whole: entries, shared state and counters on one connection to Redis or Valkey, each
// with this machine's own cache file behind it. Loaded only where FIN_STORE names one.
import type { SharedState } from '../http/http.ts';
import type { MachineMs } from '../domain/types.ts';
import { type CounterHome, createCountTables } from './counters.ts';
import type { CacheDatabase } from './database.ts';
import type { EntryKind } from './envelope.ts';
import { createRedisCounters } from './redis-counters.ts';
import { createRedisEntries } from './redis-entries.ts';
import { type StoreStatus, openRedisLink } from './redis-link.ts';
import { createRedisState } from './redis-state.ts';
import { type SharedStateOptions, completeSettings, createLedgerCopy, createSharedState } from './shared-state.ts';
import { createSqliteEntries } from './sqlite-entries.ts';
import type { EntryHome } from './store.ts';

export type { StoreStatus };

export interface RedisStore {
  home: EntryHome;
  state: SharedState;
  counters: CounterHome;
  readStatus(): Promise<StoreStatus>;
  close(): void;
}

export interface RedisStoreOptions {
  url: string;
  /** The sample market has a part of the store for itself. */
  isSample: boolean;
  /** This machine's cache file. */
  database: CacheDatabase;
  usableMs(kind: EntryKind): number;
  machineNow(): MachineMs;
  onNote(text: string): void;
  times?: SharedStateOptions;
  /** `caller`: for tests in which time does not pass. */
  clock?: 'server' | 'caller';
}

/** Goes up when what is kept changes its form: machines of two versions do not read each other. */
const VERSION = 3;

export function openRedisStore(options: RedisStoreOptions): RedisStore {
  const { database, url, machineNow, onNote, usableMs } = options;
  const settings = completeSettings(options.times ?? {});
  const copy = createLedgerCopy(database, settings);
  const link = openRedisLink({
    url,
    keyPrefix: `fin:${VERSION}:${options.isSample ? 'sample:' : ''}`,
    database,
    machineNow,
    onNote,
    // No run of the store has this name: the next grant is asked for with all that this machine knows.
    onAway: () => copy.saveRun(0),
  });
  return {
    home: createRedisEntries({ link, local: createSqliteEntries(database), usableMs }),
    state: createRedisState({
      link,
      settings,
      local: createSharedState(database, settings),
      copy,
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    }),
    counters: createRedisCounters(link, createCountTables(database)),
    readStatus: () => link.readStatus(),
    close: () => link.close(),
  };
}
