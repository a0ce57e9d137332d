// Hides what all processes of one cache folder agree on: the ledger of requests (an exact sliding window as the server
// counts it), what providers said about limits, breakers, remembered refusals, leases. One short transaction each.
import { randomInt } from 'node:crypto';
import { numberIn } from './database.ts';
import type { CacheDatabase, Row } from './database.ts';
import { readRawMoment, saveTimestamp } from './timestamps.ts';
import type { BreakerState, Gate, LimitKey, LimitNotice, Reservation, SharedState } from '../http/http.ts';
import type { MachineMs } from '../domain/types.ts';

export interface SharedStateOptions {
  /** Length of the providers' sliding window. */
  windowMs?: number;
  breakerFailures?: number;
  /** How long an open breaker lets nothing through. */
  breakerOpenMs?: number;
  /** How long a probe may take before another one is let through. */
  probeMs?: number;
  /** How long a plan refusal is remembered. */
  refusalMs?: number;
}

export interface Settings extends Required<SharedStateOptions> {
  /** Slots stay taken this much longer: stamps are rounded to milliseconds, two clocks drift over a minute. */
  marginMs: number;
}

type LedgerTimes = Pick<Settings, 'windowMs' | 'marginMs'>;

/** A provider's `Retry-After` beyond this is not believed. */
export const MAX_BLOCK_MS = 24 * 3_600_000;
/** A row stamped later than this after now was written before the machine's clock was set back. */
const CLOCK_JUMP_MS = 2_000;
/**
 * A lease ends 10 s from its claim at the latest. An end later than this is a sign of a clock set back; between, because
 * whoever looks may have read the clock seconds before it gets the file on a busy machine.
 */
export const MAX_LEASE_MS = 30_000;
/** Rows of the ledger that are over go when so many have come. */
const CLEAN_EVERY = 64;

export function createSharedState(database: CacheDatabase, options: SharedStateOptions = {}): SharedState {
  const settings = completeSettings(options);
  const breaker = createBreaker(database, settings);
  const refusals = createRefusals(database, settings);
  return promiseResults({
    ...createLedger(database, settings, breaker, refusals),
    readBreaker: breaker.readBreaker,
    recordOutcome: breaker.recordOutcome,
    ...refusals,
    ...createLeases(database),
  });
}

export function completeSettings(options: SharedStateOptions): Settings {
  const windowMs = options.windowMs ?? 60_000;
  return {
    windowMs,
    breakerFailures: options.breakerFailures ?? 5,
    breakerOpenMs: options.breakerOpenMs ?? 60_000,
    probeMs: options.probeMs ?? 10_000,
    refusalMs: options.refusalMs ?? 24 * 3_600_000,
    marginMs: Math.max(5, Math.ceil(windowMs / 2_000)),
  };
}

/** The port with results in place of promises: a transaction of SQLite is over when the call returns. */
type SynchronousState = {
  [Name in keyof SharedState]: (...args: Parameters<SharedState[Name]>) => Awaited<ReturnType<SharedState[Name]>>;
};

function promiseResults(state: SynchronousState): SharedState {
  const promised = Object.entries(state).map(([name, call]) => [
    name,
    // What it throws is the promise's, as it would be with a store that is not of this process.
    (...args: never[]) => new Promise((resolve) => resolve((call as (...args: never[]) => unknown)(...args))),
  ]);
  return Object.fromEntries(promised) as SharedState;
}

interface Taking {
  nowMs: MachineMs;
  /** Slots of the window that this request may be one of. */
  limit: number;
  keepFree: number;
  /** When the slot is free again should nobody settle it. */
  untilMs: MachineMs;
  gate: Gate | undefined;
}

/** What this machine's ledger keeps of requests that another ledger grants: for the time when that one is away. */
export interface LedgerCopy {
  /** Names this cache file among those of other machines. */
  readMachine(): number;
  /** A row that counts for nothing yet. `run`: which memory of the other ledger was known last. */
  begin(key: LimitKey, nowMs: MachineMs): { slot: number; run?: number };
  confirm(slot: number, nowMs: MachineMs, expiresMs: MachineMs): void;
  saveRun(run: number): void;
  /** All that is still taken, by limit. */
  listTaken(nowMs: MachineMs): { limitKey: string; slot: number; freeMs: MachineMs; settled: boolean }[];
}

export function createLedgerCopy(database: CacheDatabase, { windowMs, marginMs }: LedgerTimes): LedgerCopy {
  return {
    readMachine: () => readMachine(database) || nameMachine(database),
    begin: (key, nowMs) => {
      const row = database.get(
        `INSERT INTO slots(limit_key, taken_ms, free_ms) VALUES(?1, ?2, ?2) RETURNING id,
         (SELECT value FROM meta WHERE name = 'store run') AS run`,
        nameOf(key),
        nowMs,
      );
      const slot = numberIn(row, 'id');
      if (slot % CLEAN_EVERY === 0) database.run('DELETE FROM slots WHERE free_ms <= ? AND id < ?', nowMs, slot);
      return { slot, ...(typeof row?.['run'] === 'number' ? { run: row['run'] } : {}) };
    },
    confirm: (slot, nowMs, expiresMs) => {
      const untilMs = Math.max(nowMs, expiresMs) + windowMs + marginMs;
      database.run('UPDATE slots SET free_ms = ? WHERE id = ?', untilMs, slot);
    },
    saveRun: (run) => saveTimestamp(database, 'store run', run),
    listTaken: (nowMs) =>
      database.all('SELECT limit_key, id, free_ms, settled FROM slots WHERE free_ms > ?', nowMs).map((row) => ({
        limitKey: String(row['limit_key']),
        slot: numberIn(row, 'id'),
        freeMs: numberIn(row, 'free_ms'),
        settled: row['settled'] === 1,
      })),
  };
}

/** Another process may have named it first. */
function nameMachine(database: CacheDatabase): number {
  const name = randomInt(1, 2 ** 47);
  database.run("INSERT OR IGNORE INTO meta(name, value) VALUES('machine', ?)", name);
  return readMachine(database);
}

function readMachine(database: CacheDatabase): number {
  return numberIn(database.get("SELECT value FROM meta WHERE name = 'machine'"), 'value');
}

type Ledger = Pick<
  SynchronousState,
  'reserveSlot' | 'settleSlot' | 'releaseSlot' | 'noteLimit' | 'countUsed' | 'readLimit' | 'readFreeAt'
>;

/** What is on record of a limit: the slots taken in its window, and the provider's own words. */
function createWindow(database: CacheDatabase, { windowMs, marginMs }: LedgerTimes) {
  /**
   * When the slots taken in the window are free again, ascending. A request still on its way ends now at the earliest:
   * its slot is promised for one window from now, never for later than that.
   */
  function readTakenUntil(key: string, nowMs: MachineMs): MachineMs[] {
    const earliestMs = nowMs + windowMs + marginMs;
    return database
      .all('SELECT free_ms, settled FROM slots WHERE limit_key = ? AND free_ms > ? ORDER BY free_ms', key, nowMs)
      .map((row) => (row['settled'] === 1 ? numberIn(row, 'free_ms') : Math.min(numberIn(row, 'free_ms'), earliestMs)))
      .sort((a, b) => a - b);
  }

  /**
   * Rows stamped later than now were written before the clock was set back, and would hold for as long as it jumped:
   * whoever sees one ends it one window, or one block, from now.
   */
  function repair(key: string, nowMs: MachineMs): void {
    const latestMs = nowMs + CLOCK_JUMP_MS;
    const slot = database.get(
      'SELECT 1 FROM slots WHERE limit_key = ? AND free_ms > ? AND taken_ms > ? LIMIT 1',
      key,
      latestMs + windowMs + marginMs,
      latestMs,
    );
    const limit = database.get('SELECT blocked_until_ms, reset_ms FROM limits WHERE limit_key = ?', key);
    const isBlocked = numberIn(limit, 'blocked_until_ms') > nowMs;
    const saidMs = isBlocked ? readRawMoment(database, blockMoment(key)) : 0;
    const isLimitOfFuture = saidMs > latestMs || numberIn(limit, 'reset_ms') > latestMs + windowMs;
    if (slot === undefined && !isLimitOfFuture) return;
    database.transaction(() => {
      clean(key, nowMs);
      if (!isLimitOfFuture) return;
      const blockMs = saidMs > latestMs ? Math.min(numberIn(limit, 'blocked_until_ms') - saidMs, MAX_BLOCK_MS) : 0;
      saveTimestamp(database, blockMoment(key), nowMs);
      database.run(
        'UPDATE limits SET blocked_until_ms = ?, reset_ms = min(reset_ms, ?) WHERE limit_key = ?',
        saidMs > latestMs ? nowMs + Math.max(0, blockMs) : numberIn(limit, 'blocked_until_ms'),
        nowMs + windowMs,
        key,
      );
    });
  }

  /** When the caller behind `ahead` others gets a slot, as far as is known now. */
  function computeFreeAt(key: string, limit: number, nowMs: MachineMs, ahead: number, keepFree: number): MachineMs {
    if (limit < 1) return nowMs + windowMs;
    return Math.max(computeOwnFreeAt(key, limit, nowMs, ahead), readProviderLimit(key, nowMs, ahead + keepFree));
  }

  function computeOwnFreeAt(key: string, limit: number, nowMs: MachineMs, ahead: number): MachineMs {
    if (countTaken(key, nowMs) + ahead < limit) return nowMs;
    const taken = readTakenUntil(key, nowMs);
    // Of the limit's slots, ordered by when they are free, the first ones may be free now; each serves once a window.
    const place = (ahead % limit) - Math.max(0, limit - taken.length);
    const turnsMs = Math.floor(ahead / limit) * (windowMs + marginMs);
    return (place < 0 ? nowMs : (taken[Math.max(0, taken.length - limit) + place] ?? nowMs)) + turnsMs;
  }

  const countTaken = (key: string, nowMs: MachineMs): number =>
    numberIn(database.get('SELECT count(*) AS n FROM slots WHERE limit_key = ? AND free_ms > ?', key, nowMs), 'n');

  /** Until when the provider's own words forbid a request; 0 where they allow it. */
  function readProviderLimit(key: string, nowMs: MachineMs, needed: number): MachineMs {
    const row = database.get('SELECT blocked_until_ms, remaining, reset_ms FROM limits WHERE limit_key = ?', key);
    if (row === undefined) return 0;
    const blockedUntilMs = numberIn(row, 'blocked_until_ms');
    const usedUp =
      typeof row['remaining'] === 'number' && row['remaining'] <= needed && numberIn(row, 'reset_ms') > nowMs;
    const untilMs = Math.max(blockedUntilMs, usedUp ? numberIn(row, 'reset_ms') : 0);
    return untilMs > nowMs && untilMs <= nowMs + MAX_BLOCK_MS ? untilMs : 0;
  }

  /** Rows that are over, and rows from before the clock was set back, which would stay for as long as it jumped. */
  function clean(key: string, nowMs: MachineMs): void {
    database.run('DELETE FROM slots WHERE limit_key = ? AND free_ms <= ?', key, nowMs);
    const latestMs = nowMs + CLOCK_JUMP_MS;
    database.run(
      'UPDATE slots SET taken_ms = ?1, free_ms = ?2, settled = 1 WHERE limit_key = ?3 AND free_ms > ?4 AND taken_ms > ?5',
      nowMs,
      nowMs + windowMs + marginMs,
      key,
      latestMs + windowMs + marginMs,
      latestMs,
    );
  }

  return { repair, clean, countTaken, computeFreeAt };
}

function createLedger(database: CacheDatabase, settings: Settings, breaker: Breaker, refusals: Refusals): Ledger {
  const { windowMs, marginMs } = settings;
  const { repair, clean, countTaken, computeFreeAt } = createWindow(database, settings);

  /** The common case in one statement: a slot is free, and nothing on record could keep the request from being sent. */
  function takeFreely(key: string, taking: Taking): number | undefined {
    const { nowMs, limit, untilMs, gate } = taking;
    const row = database.get(
      `INSERT INTO slots(limit_key, taken_ms, free_ms) SELECT ?1, ?2, ?3
       WHERE (SELECT count(*) FROM slots WHERE limit_key = ?1 AND free_ms > ?2) < ?4
       AND NOT EXISTS (SELECT 1 FROM limits WHERE limit_key = ?1 AND max(blocked_until_ms, reset_ms) > ?2)
       AND NOT EXISTS (SELECT 1 FROM breakers WHERE name = ?5 AND opened_ms IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM refusals WHERE limit_key = ?1 AND endpoint = ?6 AND until_ms > ?2) RETURNING id`,
      key,
      nowMs,
      untilMs,
      limit,
      gate?.breaker ?? null,
      gate?.endpoint ?? null,
    );
    return row === undefined ? undefined : numberIn(row, 'id');
  }

  /** With all that may stand against it, each repaired where it comes from a clock that was ahead. */
  function takeCarefully(limitKey: LimitKey, { nowMs, limit, keepFree, untilMs, gate }: Taking): Reservation {
    const key = nameOf(limitKey);
    const refusal = gate?.endpoint === undefined ? undefined : refusals.readRefusal(limitKey, gate.endpoint, nowMs);
    if (refusal !== undefined) return { granted: false, refusal };
    repair(key, nowMs);
    clean(key, nowMs);
    const state = gate === undefined ? undefined : breaker.readBreaker(gate.breaker, nowMs);
    if (state?.state === 'open') return { granted: false, breaker: state };
    const freeAtMs = computeFreeAt(key, limit, nowMs, 0, keepFree);
    if (freeAtMs > nowMs) return { granted: false, freeAtMs };
    if (gate !== undefined && state?.state === 'half_open' && !breaker.claimProbe(gate.breaker, nowMs))
      return { granted: false, breaker: state };
    database.run('UPDATE limits SET remaining = remaining - 1 WHERE limit_key = ? AND reset_ms > ?', key, nowMs);
    const { lastId } = database.run(
      'INSERT INTO slots(limit_key, taken_ms, free_ms) VALUES(?, ?, ?)',
      key,
      nowMs,
      untilMs,
    );
    return { granted: true, slot: lastId };
  }

  return {
    reserveSlot: (limitKey, limitPerMinute, nowMs, expiresMs, keepFree = 0, gate) => {
      const untilMs = Math.max(nowMs, expiresMs) + windowMs + marginMs;
      const taking: Taking = { nowMs, limit: limitPerMinute - keepFree, keepFree, untilMs, gate };
      const slot = takeFreely(nameOf(limitKey), taking);
      if (slot === undefined) return database.transaction(() => takeCarefully(limitKey, taking));
      if (slot % CLEAN_EVERY === 0) clean(nameOf(limitKey), nowMs);
      return { granted: true, slot };
    },
    readFreeAt: (limitKey, limitPerMinute, nowMs, ahead = 0, keepFree = 0) => {
      repair(nameOf(limitKey), nowMs);
      return computeFreeAt(nameOf(limitKey), limitPerMinute - keepFree, nowMs, ahead, keepFree);
    },
    settleSlot: (slot, nowMs, name) => {
      const row = database.get(
        `UPDATE slots SET free_ms = ?, settled = 1 WHERE id = ?
         RETURNING EXISTS(SELECT 1 FROM breakers WHERE name = ?) AS has_failures`,
        nowMs + windowMs + marginMs,
        slot,
        name ?? null,
      );
      // A slot that is gone tells nothing.
      return row?.['has_failures'] !== 0;
    },
    releaseSlot: (slot) => {
      database.run('DELETE FROM slots WHERE id = ?', slot);
    },
    noteLimit: (limitKey, notice, nowMs) => {
      if (notice.blockedUntilMs === undefined && notice.remaining === undefined) return;
      database.transaction(() => {
        repair(nameOf(limitKey), nowMs);
        saveNotice(database, nameOf(limitKey), notice, nowMs, windowMs);
      });
    },
    countUsed: (limitKey, nowMs) => {
      repair(nameOf(limitKey), nowMs);
      return countTaken(nameOf(limitKey), nowMs);
    },
    readLimit: (limitPerMinute) => limitPerMinute,
  };
}

/** The longest block that was said, and the newest count of what remains. */
function saveNotice(
  database: CacheDatabase,
  key: string,
  notice: LimitNotice,
  nowMs: MachineMs,
  windowMs: number,
): void {
  const held = database.get('SELECT blocked_until_ms, remaining, reset_ms FROM limits WHERE limit_key = ?', key);
  const blockedUntilMs = Math.min(
    Math.max(numberIn(held, 'blocked_until_ms'), notice.blockedUntilMs ?? 0),
    nowMs + MAX_BLOCK_MS,
  );
  let remaining = typeof held?.['remaining'] === 'number' ? held['remaining'] : null;
  let resetMs = numberIn(held, 'reset_ms');
  if (notice.remaining !== undefined) {
    // Requests of ours that are on their way may or may not be in the provider's count: they are taken as not.
    const inFlight = numberIn(
      database.get('SELECT count(*) AS n FROM slots WHERE limit_key = ? AND settled = 0 AND free_ms > ?', key, nowMs),
      'n',
    );
    remaining = notice.remaining - inFlight;
    // A limit is per minute: a reset further away is a wrong clock, on either side.
    resetMs = Math.min(notice.resetAtMs ?? nowMs + windowMs, nowMs + windowMs);
  }
  // When it was said tells, after the clock was set back, how long the block was.
  if (notice.blockedUntilMs !== undefined && notice.blockedUntilMs > nowMs)
    saveTimestamp(database, blockMoment(key), nowMs);
  database.run(
    `INSERT INTO limits(limit_key, blocked_until_ms, remaining, reset_ms) VALUES(?, ?, ?, ?)
     ON CONFLICT(limit_key) DO UPDATE SET blocked_until_ms=excluded.blocked_until_ms, remaining=excluded.remaining, reset_ms=excluded.reset_ms`,
    key,
    blockedUntilMs,
    remaining,
    resetMs,
  );
}

function blockMoment(key: string): string {
  return `blocked ${key}`;
}

interface Breaker extends Pick<SynchronousState, 'readBreaker' | 'recordOutcome'> {
  /** True when this caller may be the probe of an open breaker. Part of a larger transaction. */
  claimProbe(name: string, nowMs: MachineMs): boolean;
}

function createBreaker(database: CacheDatabase, settings: Settings): Breaker {
  const read = (name: string): Row | undefined =>
    database.get('SELECT failures, opened_ms, probe_until_ms FROM breakers WHERE name = ?', name);

  function decideState(row: Row | undefined, nowMs: MachineMs): BreakerState {
    const failures = numberIn(row, 'failures');
    const openedMs = row?.['opened_ms'];
    if (typeof openedMs !== 'number') return { state: 'closed', failures };
    const probeAtMs = openedMs + settings.breakerOpenMs;
    return { state: nowMs < probeAtMs ? 'open' : 'half_open', failures, probeAtMs };
  }

  /** An opening stamped in the future comes from before the clock was set back: whoever sees it, lets it begin now. */
  function readRepaired(name: string, nowMs: MachineMs): Row | undefined {
    const row = read(name);
    if (numberIn(row, 'opened_ms') <= nowMs + CLOCK_JUMP_MS) return row;
    database.run('UPDATE breakers SET opened_ms = ?, probe_until_ms = 0 WHERE name = ?', nowMs, name);
    return read(name);
  }

  return {
    readBreaker: (name, nowMs) => decideState(readRepaired(name, nowMs), nowMs),
    claimProbe: (name, nowMs) => {
      const probeUntilMs = numberIn(read(name), 'probe_until_ms');
      if (probeUntilMs > nowMs && probeUntilMs <= nowMs + settings.probeMs) return false;
      database.run('UPDATE breakers SET probe_until_ms = ? WHERE name = ?', nowMs + settings.probeMs, name);
      return true;
    },
    recordOutcome: (name, ok, nowMs) => {
      if (ok) {
        database.run('DELETE FROM breakers WHERE name = ?', name);
        return;
      }
      database.transaction(() => {
        const state = decideState(readRepaired(name, nowMs), nowMs);
        const failures = state.failures + 1;
        const reopened = state.state === 'closed' ? failures >= settings.breakerFailures : state.state === 'half_open';
        database.run(
          `INSERT INTO breakers(name, failures, opened_ms) VALUES(?1, ?2, ?3) ON CONFLICT(name) DO UPDATE SET
           failures = excluded.failures, opened_ms = coalesce(excluded.opened_ms, opened_ms), probe_until_ms = 0`,
          name,
          failures,
          reopened ? nowMs : null,
        );
      });
    },
  };
}

type Refusals = Pick<SynchronousState, 'readRefusal' | 'saveRefusal' | 'forgetRefusal'>;

function createRefusals(database: CacheDatabase, settings: Settings): Refusals {
  return {
    readRefusal: (limitKey, endpoint, nowMs) => {
      const row = database.get(
        'SELECT message, until_ms FROM refusals WHERE limit_key = ? AND endpoint = ?',
        nameOf(limitKey),
        endpoint,
      );
      const untilMs = numberIn(row, 'until_ms');
      if (row === undefined || untilMs <= nowMs) return undefined;
      if (untilMs <= nowMs + settings.refusalMs + CLOCK_JUMP_MS) return String(row['message']);
      // From before the clock was set back: nobody knows how old it is, and asking once tells.
      database.run('DELETE FROM refusals WHERE limit_key = ? AND endpoint = ?', nameOf(limitKey), endpoint);
      return undefined;
    },
    saveRefusal: (limitKey, endpoint, message, nowMs) =>
      database.transaction(() => {
        database.run('DELETE FROM refusals WHERE until_ms <= ?', nowMs);
        database.run(
          'INSERT OR REPLACE INTO refusals(limit_key, endpoint, message, until_ms) VALUES(?, ?, ?, ?)',
          nameOf(limitKey),
          endpoint,
          message,
          nowMs + settings.refusalMs,
        );
      }),
    forgetRefusal: (limitKey, endpoint) => {
      database.run('DELETE FROM refusals WHERE limit_key = ? AND endpoint = ?', nameOf(limitKey), endpoint);
    },
  };
}

type Leases = Pick<SynchronousState, 'claimLeases' | 'releaseLeases'>;

function createLeases(database: CacheDatabase): Leases {
  /** What others hold: who waits looks often, and must not take the write lock from the holder. */
  const awaited = new Set<string>();

  const readHeld = (name: string): Row | undefined =>
    database.get('SELECT owner, expires_ms FROM leases WHERE name = ?', name);

  function isHeld(row: Row | undefined, nowMs: MachineMs): boolean {
    const endsMs = numberIn(row, 'expires_ms');
    return endsMs > nowMs && endsMs <= nowMs + MAX_LEASE_MS && isOwnerAlive(String(row?.['owner']));
  }

  function claim(names: readonly string[], owner: string, nowMs: MachineMs, expiresMs: MachineMs): string[] {
    const rows = database.all(
      `INSERT INTO leases(name, owner, expires_ms) SELECT value, ?2, ?3 FROM json_each(?1) WHERE true
       ON CONFLICT(name) DO UPDATE SET owner = excluded.owner, expires_ms = excluded.expires_ms
       WHERE owner = excluded.owner OR expires_ms <= ?4 OR expires_ms > ?5 RETURNING name`,
      JSON.stringify(names),
      owner,
      expiresMs,
      nowMs,
      nowMs + MAX_LEASE_MS,
    );
    return rows.map((row) => String(row['name']));
  }

  /** From the very owner that was seen to be dead: two who see it do not both get it. */
  function takeOver(name: string, owner: string, nowMs: MachineMs, expiresMs: MachineMs): boolean {
    const row = readHeld(name);
    if (isHeld(row, nowMs)) return false;
    const dead = String(row?.['owner']);
    const change = 'UPDATE leases SET owner = ?, expires_ms = ? WHERE name = ? AND owner = ?';
    return database.run(change, owner, expiresMs, name, dead).changes === 1;
  }

  return {
    claimLeases: (names, owner, nowMs, expiresMs) => {
      const wanted = names.filter((name) => !awaited.has(name) || !isHeld(readHeld(name), nowMs));
      if (wanted.length === 0) return [];
      const claimed = new Set(claim(wanted, owner, nowMs, expiresMs));
      for (const name of wanted) {
        if (!claimed.has(name) && takeOver(name, owner, nowMs, expiresMs)) claimed.add(name);
        if (claimed.has(name)) awaited.delete(name);
        else awaited.add(name);
      }
      return [...claimed];
    },
    // With them goes what killed processes have left.
    releaseLeases: (names, owner, nowMs) => {
      database.run(
        `DELETE FROM leases WHERE (owner = ?1 AND name IN (SELECT value FROM json_each(?2)))
         OR expires_ms <= ?3 OR expires_ms > ?4`,
        owner,
        JSON.stringify(names),
        nowMs,
        nowMs + MAX_LEASE_MS,
      );
    },
  };
}

/** An owner's name starts with its process id (`createLeaseOwner`); a reused id only costs the rest of the lease. */
export function isOwnerAlive(owner: string): boolean {
  const pid = Number.parseInt(owner, 10);
  if (!Number.isSafeInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

export function nameOf(key: LimitKey): string {
  return `${key.provider}:${key.keyHash}`;
}
