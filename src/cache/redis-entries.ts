// Hides how entries lie in the store of several machines: keyv's adapter for Valkey, a time to live that only collects
// what nobody could use any more, and this machine's own home while the store is away.
import KeyvValkey from '@keyv/valkey';
import { kindOfKey } from './envelope.ts';
import type { EntryKind } from './envelope.ts';
import type { KeyvStorageAdapter } from './keyv-store.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';
import type { SqliteHome } from './sqlite-entries.ts';
import type { EntryHome, EntrySizes } from './store.ts';

const PREFIX = 'entry:';
const BATCH = 500;
/** Looking at everything takes as long as there is something; one answer is still bounded. */
const SWEEP_MS = 20_000;
/** An absence, and what is never shown stale, are of use while they are fresh. */
const LEAST_KEPT_MS = 24 * 3_600_000;

export interface RedisEntriesOptions {
  link: RedisLink;
  /** This machine's own. */
  local: SqliteHome;
  /** How long an entry of that kind may still be shown. */
  usableMs(kind: EntryKind): number;
}

export function createRedisEntries({ link, local, usableMs }: RedisEntriesOptions): EntryHome {
  return {
    adapter: new RedisEntries(link, local.adapter, usableMs),
    readSizes: () =>
      link.use(
        (client) => readSizes(client, link.keyPrefix),
        () => local.readSizes(),
        SWEEP_MS,
      ),
    // The store itself knows what was used when, and what has to go.
    saveUse: (keys, nowMs) => (link.isUp() ? undefined : local.saveUse(keys, nowMs)),
    listSuperfluous: (nowMs) => (link.isUp() ? [] : local.listSuperfluous(nowMs)),
    tidy: () => local.tidy(),
  };
}

class RedisEntries extends KeyvValkey {
  readonly #link: RedisLink;
  readonly #local: KeyvStorageAdapter;
  readonly #usableMs: RedisEntriesOptions['usableMs'];

  constructor(link: RedisLink, local: KeyvStorageAdapter, usableMs: RedisEntriesOptions['usableMs']) {
    // Its set of all keys would keep the names of those whose time is over.
    super(link.readClient(), { useRedisSets: false });
    // The link tells failures; as events of an adapter they would count as unreadable entries.
    this.emit = () => true;
    this._getKeyName = (key) => PREFIX + key;
    this.#link = link;
    this.#local = local;
    this.#usableMs = usableMs;
  }

  /** The adapter asks the connection of now. */
  #on<T>(client: RedisClient, ask: () => T): T {
    this.redis = client;
    return ask();
  }

  override async get<Value>(key: string): Promise<Value | undefined> {
    return (await this.getMany<Value>([key]))[0];
  }

  /** One command, to which a key of another type is a missing one. */
  override async getMany<Value>(keys: string[]): Promise<(Value | undefined)[]> {
    return this.#link.use(
      (client) => this.#on(client, () => super.getMany(keys)),
      () => this.#local.getMany(keys),
    ) as Promise<(Value | undefined)[]>;
  }

  override async set(key: string, value: unknown): Promise<undefined> {
    const keptMs = Math.max(LEAST_KEPT_MS, this.#usableMs(kindOfKey(key) as EntryKind));
    await this.#link.use(
      (client) => this.#on(client, () => super.set(key, textOf(value), Math.ceil(keptMs))),
      () => this.#local.set(key, value),
    );
  }

  override async delete(key: string): Promise<boolean> {
    return this.#link.use(
      (client) => this.#on(client, () => super.delete(key)),
      () => this.#local.delete(key),
    );
  }

  override async clear(): Promise<void> {
    await this.#link.use(
      async (client) => {
        for await (const keys of listKeys(client, this.#link.keyPrefix)) await client.unlink(keys);
      },
      () => this.#local.clear(),
      SWEEP_MS,
    );
  }
}

/** The client reads texts. */
function textOf(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

/** Without the prefix that the client puts before every key. */
async function* listKeys(client: RedisClient, keyPrefix: string): AsyncGenerator<string[]> {
  const pattern = `${keyPrefix.replaceAll(/[[\]*?\\]/g, '\\$&')}${PREFIX}*`;
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', BATCH);
    cursor = next;
    if (keys.length > 0) yield keys.map((key) => key.slice(keyPrefix.length));
  } while (cursor !== '0');
}

async function readSizes(client: RedisClient, keyPrefix: string): Promise<EntrySizes> {
  const sizes: EntrySizes = {};
  for await (const keys of listKeys(client, keyPrefix)) {
    const lengths = await client.pipeline(keys.map((key) => ['strlen', key])).exec();
    for (const [index, key] of keys.entries()) {
      const size = (sizes[kindOfKey(key.slice(PREFIX.length))] ??= { entries: 0, bytes: 0 });
      const [failure, bytes] = lengths?.[index] ?? [];
      size.entries += 1;
      size.bytes += failure === null && typeof bytes === 'number' ? bytes : 0;
    }
  }
  return sizes;
}
