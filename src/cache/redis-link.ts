// Hides the one connection to the store of several machines (Redis or Valkey): its bounded times, how its failures are
// told, and who remembers that it is away. Whoever uses it says what this machine does meanwhile.
import { isIP } from 'node:net';
import { Redis } from 'iovalkey';
import type { MachineMs } from '../domain/types.ts';
import type { CacheDatabase } from './database.ts';
import { saveTimestamp } from './timestamps.ts';

export type RedisClient = Redis;

export interface StoreStatus {
  /** `redis://host:6379/0`, without user and password. */
  address: string;
  /** Why it is not used; absent while it is in use. */
  away?: string;
  /** What of its settings is wrong for fin, though it works. */
  note?: string;
}

export interface RedisLink {
  /** The one of now; its keys get the prefix of this version and market by themselves. */
  readClient(): RedisClient;
  readonly keyPrefix: string;
  isUp(): boolean;
  /** What the store gives, within a bounded time; where it is away, what this machine gives. */
  use<T>(remote: (client: RedisClient) => Promise<T>, local: () => Promise<T> | T, limitMs?: number): Promise<T>;
  /** Asks the store, also one that is remembered to be away. */
  readStatus(): Promise<StoreStatus>;
  close(): void;
}

export interface RedisLinkOptions {
  url: string;
  keyPrefix: string;
  /** Remembers for all processes of this machine that the store is away. */
  database: CacheDatabase;
  machineNow(): MachineMs;
  onNote(text: string): void;
  /** The store was away: what this machine did meanwhile is not in it. */
  onAway(): void;
}

/** A store in the next room answers in a millisecond, one behind TLS in another region in 200. */
const ANSWER_MS = 1_000;
/** A try at a store that is away may cost five percent of the time. */
const PAUSE_FACTOR = 20;
const LEAST_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 30_000;

export function openRedisLink(options: RedisLinkOptions): RedisLink {
  const { database, machineNow } = options;
  const target = parseStoreUrl(options.url);
  const absence = createAbsence(database, `away until ${target.address}`, machineNow);
  let client = createClientOfNow();
  /** Settles with whether the store can be asked; undefined where nobody is trying. */
  let attempt: Promise<boolean> | undefined;
  /** Counts connections: what fails on an earlier one says nothing about this one. */
  let connection = 0;
  let isUp = false;
  /** Why it is not used. */
  let away: string | undefined;
  let noted: string | undefined;
  /** Why a connection broke: its commands only hear that it is closed. */
  let broken: Error | undefined;

  function createClientOfNow(): RedisClient {
    const created = createClient(target, options.keyPrefix);
    created.on('error', (error: Error) => (broken = error));
    // A server closes what was idle for long: the next use connects again.
    created.on('end', () => {
      if (created === client && isUp) leave();
    });
    return created;
  }

  /** One that is closing cannot connect again, and a server that hangs lets it close for ever. */
  function leave(): void {
    isUp = false;
    attempt = undefined;
    client.disconnect();
    client = createClientOfNow();
  }

  async function connect(wasAway: boolean): Promise<boolean> {
    const startedMs = machineNow();
    broken = undefined;
    // Whoever starts meanwhile does not wait for the same silence.
    if (wasAway) absence.lastUntil(startedMs + MOST_PAUSE_MS);
    try {
      await bound(reach(client, target, wasAway), ANSWER_MS);
    } catch (error) {
      giveUp(error, startedMs);
      return false;
    }
    if (wasAway) {
      absence.end();
      options.onAway();
    }
    if (noted !== undefined) options.onNote(`store: ${target.address} is back`);
    [noted, away] = [undefined, undefined];
    connection += 1;
    isUp = true;
    return true;
  }

  /** Ends the connection, and lets all processes of this machine go on without it for a while. */
  function giveUp(error: unknown, startedMs: MachineMs): void {
    const nowMs = machineNow();
    const pauseMs = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, (nowMs - startedMs) * PAUSE_FACTOR));
    absence.lastUntil(nowMs + pauseMs);
    leave();
    options.onAway();
    note(describeFailure(broken !== undefined && isClosed(error) ? broken : error));
  }

  function note(why: string): void {
    away = why;
    if (noted === why) return;
    noted = why;
    options.onNote(`store: ${target.address} ${why}; using the local cache and a fifth of each limit`);
  }

  /** The first try of a process is waited for, later ones go on beside its work. */
  function tryToReach(): Promise<boolean> {
    if (attempt !== undefined) return away === undefined ? attempt : Promise.resolve(isUp);
    const retryAtMs = absence.readEnd();
    if (machineNow() < retryAtMs) {
      if (away === undefined) note('was unreachable a moment ago');
      return Promise.resolve(false);
    }
    attempt = connect(retryAtMs > 0);
    return away === undefined ? attempt : Promise.resolve(false);
  }

  async function use<T>(
    remote: (client: RedisClient) => Promise<T>,
    local: () => Promise<T> | T,
    limitMs: number = ANSWER_MS,
  ): Promise<T> {
    if (!isUp && !(await tryToReach())) return local();
    const [startedMs, startedOn] = [machineNow(), connection];
    try {
      return await bound(remote(client), limitMs);
    } catch (error) {
      if (away === undefined && connection === startedOn) giveUp(error, startedMs);
      return local();
    }
  }

  return {
    readClient: () => client,
    keyPrefix: options.keyPrefix,
    isUp: () => isUp,
    use,
    readStatus: async () => {
      if (!isUp) await (attempt ??= connect(true));
      const note = await use(readWarning, () => undefined);
      if (away !== undefined) return { address: target.address, away };
      return { address: target.address, ...(note === undefined ? {} : { note }) };
    },
    close: () => {
      isUp = false;
      client.disconnect();
    },
  };
}

/** Until when the store is away as far as the processes of this machine know. */
function createAbsence(database: CacheDatabase, name: string, machineNow: () => MachineMs) {
  return {
    /** 0: it is not. */
    readEnd: (): MachineMs => {
      const savedMs = Number(database.value('SELECT value FROM meta WHERE name = ?', name) ?? 0);
      // Later than any pause: written before the clock was set back.
      return savedMs > machineNow() + MOST_PAUSE_MS ? 1 : savedMs;
    },
    lastUntil: (untilMs: MachineMs) => saveTimestamp(database, name, untilMs),
    end: () => database.run('DELETE FROM meta WHERE name = ?', name),
  };
}

async function reach(client: RedisClient, target: StoreTarget, wasAway: boolean): Promise<void> {
  await client.connect();
  await greet(client, target);
  if (wasAway) await checkWrites(client);
}

/** One that is full, or a replica, answers whoever only reads. */
async function checkWrites(client: RedisClient): Promise<void> {
  await client.set('checked', 1, 'PX', 1_000);
}

/** A policy that takes any key takes ledgers of limits too; with one that takes none, a full store refuses all. */
async function readWarning(client: RedisClient): Promise<string | undefined> {
  await checkWrites(client);
  const info = await client.info('memory', 'server').catch((error: unknown) => {
    // Who runs a store for others may keep this to himself: that it answers is enough.
    if (/^NOPERM|unknown command/i.test(messageOf(error))) return '';
    throw error;
  });
  const read = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  if (/^[1-6]\./.test(read('redis_version')))
    return `it is Redis ${read('redis_version')}; fin needs Redis 7 or Valkey`;
  const policy = read('maxmemory_policy');
  if (read('maxmemory') === '0' || policy.startsWith('volatile')) return undefined;
  return policy === ''
    ? undefined
    : `maxmemory-policy is ${policy}: set volatile-lru, so that only cache entries are evicted, never limits`;
}

/** A turn of the event loop that took long itself is no silence: what has come meanwhile counts. */
async function bound<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => setImmediate(() => setImmediate(() => reject(new Error('Command timed out')))), limitMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

export interface StoreTarget {
  /** For people. */
  address: string;
  host: string;
  port: number;
  tls: boolean;
  db: number;
  username?: string;
  password?: string;
}

/** Of an address that config.ts has checked. */
export function parseStoreUrl(text: string): StoreTarget {
  const url = new URL(text);
  const port = url.port === '' ? 6379 : Number(url.port);
  const db = Number(url.pathname.slice(1) || 0);
  return {
    address: `${url.protocol}//${url.hostname}:${port}/${db}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    tls: url.protocol === 'rediss:',
    db,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  };
}

function createClient({ host, port, tls }: StoreTarget, keyPrefix: string): RedisClient {
  return new Redis({
    host,
    port,
    // Both families, as the system resolves the name.
    family: 0,
    ...(tls ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
    keyPrefix,
    lazyConnect: true,
    keepAlive: 30_000,
    connectTimeout: ANSWER_MS,
    // Tries again are this file's: a queue would send late what somebody has given up.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
  });
}

/** Sent together; the client's own greeting prints its warnings. */
async function greet(client: RedisClient, { username, password, db }: StoreTarget): Promise<void> {
  const greetings = [
    ...(password === undefined ? [] : [client.call('AUTH', ...(username === undefined ? [] : [username]), password)]),
    ...(db === 0 ? [] : [client.select(db)]),
  ];
  for (const { status, reason } of (await Promise.allSettled(greetings)) as { status: string; reason?: unknown }[]) {
    // A password that nobody wants does no harm.
    if (status === 'rejected' && !/without any password configured/.test(messageOf(reason))) throw reason;
  }
}

/** With the code, which is all that some of Node's errors have to say. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = error instanceof AggregateError ? error.errors.map(messageOf) : [];
  return [error.message, (error as NodeJS.ErrnoException).code, ...causes].join(' ');
}

function isClosed(error: unknown): boolean {
  return /Connection is closed|isn't writeable/.test(messageOf(error));
}

const REPLIES: readonly [RegExp, string][] = [
  [/^WRONGPASS|invalid password/, 'refuses the user or password in FIN_STORE'],
  [/^NOAUTH|unauthenticated/, 'requires a password, and FIN_STORE has none'],
  [/^NOPERM/, 'does not let this user run what fin needs'],
  [/^READONLY|read only replica/, 'is a read-only replica; FIN_STORE must name the primary'],
  [/^OOM/, 'is full (maxmemory is reached)'],
  [/^LOADING/, 'is still loading its data'],
  [/^MISCONF/, 'cannot save to disk and accepts no writes'],
  [/^MASTERDOWN/, 'has lost its primary'],
  [/^MOVED|^ASK|^CROSSSLOT|^CLUSTERDOWN/, 'is a cluster; FIN_STORE must name a single server'],
  [/DB index is out of range|invalid DB index/, 'has no database with that number'],
  [/Command timed out|ETIMEDOUT/, `did not answer within ${ANSWER_MS} ms`],
  [/ECONNREFUSED/, 'refuses the connection'],
  [/ENOTFOUND|EAI_AGAIN/, 'has a host name that cannot be found'],
  [/EHOSTUNREACH|ENETUNREACH/, 'cannot be reached'],
  [/certificate|self.signed|altname|ERR_TLS/i, 'has a certificate that is not trusted'],
  [/SSL routines|wrong version number|EPROTO/i, 'does not speak TLS'],
  [/Protocol error/, 'does not speak the Redis protocol'],
  [/Connection is closed|ECONNRESET|EPIPE|Stream isn't writeable/, 'closed the connection'],
];

/** In words that hold neither address nor password; what is not known is told by its first word alone. */
function describeFailure(error: unknown): string {
  const text = messageOf(error);
  return (
    REPLIES.find(([pattern]) => pattern.test(text))?.[1] ??
    `cannot be used (${/^[A-Z]{3,}\b/.exec(text)?.[0] ?? 'unexpected reply'})`
  );
}
