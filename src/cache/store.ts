// Hides where entries are kept: keyv over any of its adapters, a bounded memory in front of it that notices writes of
// other processes, least-recently-used pruning at the end. It knows how to keep, not for how long.
import type { AnyAdapter } from './keyv-store.ts';
import { isEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import { type KeptEntry, createEntryKeyv } from './keyv-store.ts';
import type { MachineMs } from '../domain/types.ts';

export type EntrySizes = Record<string, { entries: number; bytes: number }>;

export interface EntryStore {
  /** From memory alone, at most `MEMORY_TRUST_MS` behind other processes; undefined says nothing about the file. */
  peek<T>(key: string): Envelope<T> | undefined;
  /** The newest that any process has saved. */
  get<T>(key: string): Promise<Envelope<T> | undefined>;
  /** The same for many at once; a key without an entry is left out. */
  getMany(keys: readonly string[]): Promise<Map<string, Envelope<unknown>>>;
  set(key: string, envelope: Envelope<unknown>): Promise<void>;
  /** Number and size of entries by kind, in the home. */
  readSizes(): Promise<EntrySizes>;
  /** Removes all entries and gives their number; ledger, breaker and refusals stay. */
  clear(): Promise<number>;
  /** Saves what was used before it gives its promise; then, where this process wrote, removes what is old or too much. */
  flush(): Promise<void>;
}

/** Where entries live: an adapter for keyv, and beside it what a key-value store has no words for. */
export interface EntryHome {
  adapter: AnyAdapter;
  /** Changes when another process has written; absent where asking takes as long as reading. */
  readVersion?(): number;
  readSizes(): Promise<EntrySizes>;
  saveUse(keys: ReadonlySet<string>, nowMs: MachineMs): void;
  /** Keys of entries that are old or over the bound. */
  listSuperfluous(nowMs: MachineMs): string[];
  /** After entries were removed. */
  tidy(): void;
}

export interface EntryStoreOptions {
  home: EntryHome;
  machineNow(): MachineMs;
  /** An entry that cannot be read is a miss; this hears of it. */
  onNote(text: string): void;
  /** Characters of JSON held in memory. */
  maxMemoryChars?: number;
}

const DEFAULT_MEMORY_CHARS = 16 * 1024 * 1024;
const MEMORY_TRUST_MS = 1_000;

export function createEntryStore(options: EntryStoreOptions): EntryStore {
  const { home } = options;
  const keyv = createEntryKeyv(
    home.adapter,
    createOnceNote((text) => options.onNote(text)),
  );
  const used = new Set<string>();
  const kept = createKept(options);
  const { memory } = kept;
  let wrote = false;

  /** What memory knows to be the newest, having asked whether others have written. */
  function readCertain(keys: readonly string[]): Map<string, Envelope<unknown>> {
    const found = new Map<string, Envelope<unknown>>();
    // Asking costs half as much as a small read: only where memory has an answer.
    if (home.readVersion === undefined || !keys.some((key) => memory.get(key) !== undefined)) return found;
    kept.checkOthers();
    for (const key of keys) {
      const held = memory.get(key);
      if (held !== undefined) found.set(key, held);
    }
    return found;
  }

  async function load(key: string): Promise<Envelope<unknown> | undefined> {
    const keep = kept.beginToRead();
    const entry = await keyv.get(key);
    if (!isEnvelope(entry?.envelope)) return undefined;
    keep(key, entry);
    used.add(key);
    return entry.envelope;
  }

  return {
    peek: <T>(key: string) => {
      const trustedMs = options.machineNow() - MEMORY_TRUST_MS;
      let held = memory.get(key, home.readVersion === undefined ? trustedMs : undefined);
      if (held !== undefined && home.readVersion !== undefined && kept.checkedAtMs() < trustedMs) {
        kept.checkOthers();
        held = memory.get(key);
      }
      if (held !== undefined) used.add(key);
      return held as Envelope<T> | undefined;
    },
    get: <T>(key: string) => {
      const held = memory.get(key) === undefined ? undefined : readCertain([key]).get(key);
      if (held === undefined) return load(key) as Promise<Envelope<T> | undefined>;
      used.add(key);
      return Promise.resolve(held as Envelope<T>);
    },
    getMany: async (keys) => {
      const found = readCertain(keys);
      const keep = kept.beginToRead();
      const missing = keys.filter((key) => !found.has(key));
      const loaded = missing.length === 0 ? [] : await keyv.getMany<KeptEntry>(missing);
      for (const [index, key] of missing.entries()) {
        const entry = loaded[index];
        if (!isEnvelope(entry?.envelope)) continue;
        keep(key, entry);
        found.set(key, entry.envelope);
      }
      for (const key of found.keys()) used.add(key);
      return found;
    },
    set: async (key, envelope) => {
      wrote = true;
      kept.beginToWatch();
      const entry = { envelope, chars: Infinity };
      const isSaved = await keyv.set(key, entry);
      kept.replace(key, entry, isSaved);
    },
    readSizes: () => home.readSizes(),
    clear: async () => {
      const removed = Object.values(await home.readSizes()).reduce((sum, { entries }) => sum + entries, 0);
      await keyv.clear();
      kept.forget();
      used.clear();
      home.tidy();
      return removed;
    },
    flush: () => {
      const nowMs = options.machineNow();
      home.saveUse(used, nowMs);
      used.clear();
      if (!wrote) return Promise.resolve();
      wrote = false;
      return removeSuperfluous(home.listSuperfluous(nowMs));
    },
  };

  async function removeSuperfluous(keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    await keyv.deleteMany(keys);
    home.tidy();
  }
}

/** What is kept in memory, and whether others have written since. */
function createKept({ home, maxMemoryChars = DEFAULT_MEMORY_CHARS, machineNow }: EntryStoreOptions) {
  const memory = createMemory(maxMemoryChars);
  /** Negative: others are not watched yet, and memory holds nothing that they could have changed. */
  let dataVersion = -1;
  let isFirst = true;
  let checkedAtMs = 0;
  /** Counts what may make a value that is being read an old one. */
  let changes = 0;

  /** Before what is kept in memory is read. The first thing is not: most processes need one, and watching has its price. */
  function beginToWatch(): void {
    if (dataVersion < 0 && !isFirst) dataVersion = home.readVersion?.() ?? 0;
  }

  function keep(key: string, entry: KeptEntry): void {
    isFirst = false;
    if (dataVersion >= 0) memory.set(key, entry, machineNow());
  }

  /** Gives what keeps a value that was read, unless it may be an old one by then. */
  function beginToRead(): (key: string, entry: KeptEntry) => void {
    beginToWatch();
    const changesBefore = changes;
    return (key, entry) => {
      if (changes === changesBefore) keep(key, entry);
    };
  }

  function replace(key: string, entry: KeptEntry, isSaved: boolean): void {
    changes += 1;
    if (isSaved) keep(key, entry);
    else memory.set(key, entry, machineNow());
  }

  function forget(): void {
    changes += 1;
    memory.clear();
  }

  /** Forgets what memory holds when another process has written since. */
  function checkOthers(): void {
    checkedAtMs = machineNow();
    const version = home.readVersion?.() ?? 0;
    if (dataVersion >= 0 && version !== dataVersion) forget();
    dataVersion = version;
  }

  return { memory, beginToWatch, beginToRead, replace, forget, checkOthers, checkedAtMs: () => checkedAtMs };
}

function createOnceNote(onNote: (text: string) => void): () => void {
  let noted = false;
  return () => {
    if (!noted) onNote('cache: an entry could not be read or saved; its value will be fetched again');
    noted = true;
  };
}

/** Entries in memory, least recently used first, bounded by the length of their JSON. */
function createMemory(maxChars: number) {
  const entries = new Map<string, { envelope: Envelope<unknown>; chars: number; keptMs: MachineMs }>();
  let total = 0;

  function remove(key: string): void {
    total -= entries.get(key)?.chars ?? 0;
    entries.delete(key);
  }

  return {
    /** `sinceMs`: nothing that was kept before. */
    get: (key: string, sinceMs = -Infinity) => {
      const held = entries.get(key);
      return held === undefined || held.keptMs < sinceMs ? undefined : held.envelope;
    },
    set: (key: string, { envelope, chars }: KeptEntry, keptMs: MachineMs) => {
      remove(key);
      if (chars >= maxChars) return;
      entries.set(key, { envelope, chars, keptMs });
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
