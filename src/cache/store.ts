// Hides where entries are kept: keyv on the process's one SQLite connection, a bounded memory in front of it that
// notices writes of other processes, least-recently-used pruning at the end. It knows how to keep, not for how long.
import { numberIn } from './database.ts';
import type { CacheDatabase } from './database.ts';
import { isEnvelope, kindOfKey } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import type { EntryKeyv } from './keyv-store.ts';
import { readTimestamp, saveTimestamp } from './timestamps.ts';
import type { EpochMs } from '../domain/types.ts';

export interface EntryStore {
  /** From memory alone, at most `MEMORY_TRUST_MS` behind other processes; undefined says nothing about the file. */
  peek<T>(key: string): Envelope<T> | undefined;
  /** The newest that any process has saved. */
  get<T>(key: string): Promise<Envelope<T> | undefined>;
  set(key: string, envelope: Envelope<unknown>): Promise<void>;
  /** Number and size of entries by kind, from the file. */
  readSizes(): Record<string, { entries: number; bytes: number }>;
  /** Removes all entries and gives their number; ledger, breaker and refusals stay. */
  clear(): number;
  /** Saves what was used; where this process wrote, removes what is old or over the bound. */
  flush(): void;
}

export interface EntryStoreOptions {
  database: CacheDatabase;
  machineNow(): EpochMs;
  /** An entry that cannot be read is a miss; this hears of it. */
  onNote(text: string): void;
  maxBytes?: number;
  /** Characters of JSON held in memory. */
  maxMemoryChars?: number;
}

export const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
const DEFAULT_MEMORY_CHARS = 16 * 1024 * 1024;
/** Pruning goes below the bound, so that not every process prunes. */
const PRUNE_TO = 0.8;
/** Longer than anything stays usable (90 days). */
const UNUSED_LIMIT_MS = 120 * 24 * 3_600_000;
const SWEEP_EVERY_MS = 24 * 3_600_000;
const MEMORY_TRUST_MS = 1_000;

export function createEntryStore(options: EntryStoreOptions): EntryStore {
  const { database } = options;
  const memory = createMemory(options.maxMemoryChars ?? DEFAULT_MEMORY_CHARS);
  const noteOnce = createOnceNote((text) => options.onNote(text));
  let keyvPart: Promise<EntryKeyv> | undefined;
  const used = new Set<string>();
  let wrote = false;
  let dataVersion = -1;
  let checkedAtMs = 0;

  /** Before memory holds anything, so that a first look does not take what was there from the start for news. */
  function beginToWatch(): void {
    if (dataVersion < 0) dataVersion = database.readDataVersion();
  }

  /** Forgets what memory holds when another process has written since. */
  function checkOthers(): void {
    checkedAtMs = options.machineNow();
    const version = database.readDataVersion();
    if (version === dataVersion) return;
    dataVersion = version;
    memory.clear();
  }

  function openKeyv(): Promise<EntryKeyv> {
    keyvPart ??= import('./keyv-store.ts').then(({ createKeyv }) => createKeyv(database, noteOnce));
    return keyvPart;
  }

  /**
   * One prepared read of the row that keyv wrote. Through keyv and its adapter the same costs 1.4 to 2 times as much
   * for a quote, and 3 ms more in a process that only answers from the cache.
   */
  function load(key: string): Envelope<unknown> | undefined {
    beginToWatch();
    const text = database.get('SELECT value FROM entries WHERE key = ? AND namespace = ?', key, '')?.['value'];
    if (typeof text !== 'string') return undefined;
    const envelope = parseEntry(text, noteOnce);
    if (envelope === undefined) return undefined;
    memory.set(key, envelope, text.length);
    used.add(key);
    return envelope;
  }

  function recall(key: string): Envelope<unknown> | undefined {
    const held = memory.get(key);
    if (held !== undefined) used.add(key);
    return held ?? load(key);
  }

  return {
    peek: <T>(key: string) => {
      let held = memory.get(key);
      if (held !== undefined && options.machineNow() - checkedAtMs > MEMORY_TRUST_MS) {
        checkOthers();
        held = memory.get(key);
      }
      if (held !== undefined) used.add(key);
      return held as Envelope<T> | undefined;
    },
    get: <T>(key: string) => {
      // Asking whether others have written costs half as much as a small read: only where memory has an answer.
      if (memory.get(key) !== undefined) checkOthers();
      return Promise.resolve(recall(key) as Envelope<T> | undefined);
    },
    set: async (key, envelope) => {
      wrote = true;
      beginToWatch();
      const { keyv, sizeOf } = await openKeyv();
      await keyv.set(key, envelope);
      memory.set(key, envelope, sizeOf(envelope));
      used.add(key);
    },
    readSizes: () => readSizes(database),
    clear: () => {
      memory.clear();
      used.clear();
      return clearEntries(database);
    },
    flush: () => {
      saveUse(database, used, options.machineNow());
      used.clear();
      if (wrote) prune(database, options.maxBytes ?? DEFAULT_MAX_BYTES, options.machineNow());
      wrote = false;
    },
  };
}

/** keyv stores `{value, expires?}`. Damaged text is a miss. */
function parseEntry(text: string, onDamage: () => void): Envelope<unknown> | undefined {
  try {
    const entry = JSON.parse(text) as { value?: unknown } | null;
    return isEnvelope(entry?.value) ? entry.value : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    onDamage();
    return undefined;
  }
}

function createOnceNote(onNote: (text: string) => void): () => void {
  let noted = false;
  return () => {
    if (!noted) onNote('cache: an entry could not be read or saved; its value is asked for again');
    noted = true;
  };
}

/** Entries in memory, least recently used first, bounded by the length of their JSON. */
function createMemory(maxChars: number) {
  const entries = new Map<string, { envelope: Envelope<unknown>; chars: number }>();
  let total = 0;

  function remove(key: string): void {
    total -= entries.get(key)?.chars ?? 0;
    entries.delete(key);
  }

  return {
    get: (key: string) => entries.get(key)?.envelope,
    set: (key: string, envelope: Envelope<unknown>, chars: number) => {
      remove(key);
      if (chars >= maxChars) return;
      entries.set(key, { envelope, chars });
      total += chars;
      for (const oldest of entries.keys()) {
        if (total <= maxChars) break;
        remove(oldest);
      }
    },
    clear: () => {
      entries.clear();
      total = 0;
    },
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

function clearEntries(database: CacheDatabase): number {
  const removed = database.transaction(() => {
    database.run('DELETE FROM entry_use');
    return database.run('DELETE FROM entries').changes;
  });
  database.all('PRAGMA incremental_vacuum');
  return removed;
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

/** Removes what nobody has used for months (once a day) and, over the bound, the least recently used. */
function prune(database: CacheDatabase, maxBytes: number, nowMs: EpochMs): void {
  const tooBig = database.sizeBytes() > maxBytes;
  if (!tooBig && nowMs - readTimestamp(database, 'swept_ms', nowMs) < SWEEP_EVERY_MS) return;
  database.transaction(() => {
    saveTimestamp(database, 'swept_ms', nowMs);
    // A use of the future, from before the clock was set back, would keep its entry for as long as it jumped.
    database.run('UPDATE entry_use SET used_ms = ?1 WHERE used_ms > ?1', nowMs);
    database.run(
      'DELETE FROM entries WHERE key IN (SELECT key FROM entry_use WHERE used_ms < ?)',
      nowMs - UNUSED_LIMIT_MS,
    );
    if (tooBig) removeLeastUsed(database, maxBytes * PRUNE_TO);
    database.run('DELETE FROM entry_use WHERE key NOT IN (SELECT key FROM entries)');
  });
  database.all('PRAGMA incremental_vacuum');
}

/** An entry without a row in `entry_use` was never marked by a process that ended well: it goes first. */
function removeLeastUsed(database: CacheDatabase, keepBytes: number): void {
  const rows = database.all(
    `SELECT entries.key AS key, octet_length(value) AS bytes FROM entries LEFT JOIN entry_use ON entry_use.key = entries.key
     ORDER BY coalesce(used_ms, 0) DESC`,
  );
  let kept = 0;
  for (const row of rows) {
    kept += numberIn(row, 'bytes');
    if (kept > keepBytes) database.run('DELETE FROM entries WHERE key = ?', String(row['key']));
  }
}
