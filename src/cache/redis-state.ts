// Hides how limits, breakers, refusals and leases are agreed on by several machines: scripts on one store, by its clock.
// What is granted there is noted in this machine's ledger too, which goes on alone, with a fifth, while the store is away.
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import type { BreakerState, Gate, LimitKey, Reservation, SharedState } from '../http/http.ts';
import type { MachineMs } from '../domain/types.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';
import { SCRIPTS } from './redis-script.ts';
import { type LedgerCopy, MAX_BLOCK_MS, MAX_LEASE_MS, type Settings, isOwnerAlive, nameOf } from './shared-state.ts';

export interface RedisStateOptions {
  link: RedisLink;
  settings: Settings;
  /** This machine's own. */
  local: SharedState;
  copy: LedgerCopy;
  /** `caller`: times are the caller's, for tests in which they do not pass. */
  clock?: 'server' | 'caller';
}

type Name = keyof typeof SCRIPTS;
type Argument = string | number;

/** So many machines may go on alone without exceeding the limit together. */
const MACHINES_ALONE = 5;

export function createRedisState({ link, settings, local, copy, clock }: RedisStateOptions): SharedState {
  const timeOf = (nowMs: MachineMs): Argument => (clock === 'caller' ? nowMs : '');
  /** What was granted by the store, for the ends of these requests. */
  const granted = new Map<number, LimitKey>();
  let named: string | undefined;
  /** What is this machine's own in the store begins with it. */
  const readMachine = (): string => (named ??= `${hostname()}:${copy.readMachine()}:`);

  const { ask, reserve, memberOf } = createStoreLedger({ settings, copy, timeOf, readMachine });

  return {
    reserveSlot: (key, limitPerMinute, nowMs, expiresMs, keepFree = 0, gate) =>
      link.use(
        async (client) => {
          const reservation = await reserve(client, { key, limitPerMinute, nowMs, expiresMs, keepFree, gate });
          if (reservation.granted) granted.set(reservation.slot, key);
          return reservation;
        },
        () => local.reserveSlot(key, computeShare(limitPerMinute), nowMs, expiresMs, shareOfKept(keepFree), gate),
      ),
    readFreeAt: (key, limitPerMinute, nowMs, ahead = 0, keepFree = 0) =>
      link.use(
        async (client) => {
          const own = [limitPerMinute - keepFree, keepFree, ahead];
          const [ms] = (await ask(client, 'finReadLimit', nameOf(key), nowMs, own)) as [number];
          return nowMs + ms;
        },
        () => local.readFreeAt(key, computeShare(limitPerMinute), nowMs, ahead, shareOfKept(keepFree)),
      ),
    settleSlot: async (slot, nowMs, breaker) => {
      const hasFailures = await local.settleSlot(slot, nowMs, breaker);
      const held = granted.get(slot);
      if (held === undefined) return hasFailures;
      granted.delete(slot);
      return link.use(
        async (client) => (await ask(client, 'finSettle', nameOf(held), nowMs, [memberOf(slot)], { breaker })) !== 0,
        () => hasFailures,
      );
    },
    releaseSlot: async (slot) => {
      await local.releaseSlot(slot);
      const held = granted.get(slot);
      granted.delete(slot);
      if (held === undefined) return;
      await link.use(
        async (client) => {
          await client.zrem(`limit:${nameOf(held)}:under-way`, memberOf(slot));
        },
        () => undefined,
      );
    },
    noteLimit: (key, notice, nowMs) => {
      const { blockedUntilMs, remaining, resetAtMs } = notice;
      if (blockedUntilMs === undefined && remaining === undefined) return Promise.resolve();
      const fromNow = (ms: MachineMs | undefined): Argument => (ms === undefined ? '' : ms - nowMs);
      const own = [fromNow(blockedUntilMs), remaining ?? '', fromNow(resetAtMs)];
      return link.use(
        async (client) => {
          await ask(client, 'finNoteLimit', nameOf(key), nowMs, own);
        },
        () => local.noteLimit(key, notice, nowMs),
      );
    },
    countUsed: (key, nowMs) =>
      link.use(
        async (client) => ((await ask(client, 'finReadLimit', nameOf(key), nowMs, [1, 0, 0])) as [number, number])[1],
        () => local.countUsed(key, nowMs),
      ),
    readLimit: (limitPerMinute) =>
      link.use(
        () => Promise.resolve(limitPerMinute),
        () => computeShare(limitPerMinute),
      ),
    ...createVerdicts({ link, settings, local, timeOf }),
    ...createLeases({ link, local, timeOf, readMachine }),
  };
}

interface Reserving {
  key: LimitKey;
  limitPerMinute: number;
  nowMs: MachineMs;
  expiresMs: MachineMs;
  keepFree: number;
  gate: Gate | undefined;
}

/** The ledger in the store. One that has lost its memory is told what this machine knows before it grants anything. */
function createStoreLedger({
  settings,
  copy,
  timeOf,
  readMachine,
}: Pick<RedisStateOptions, 'settings' | 'copy'> & Pick<LeaseParts, 'timeOf' | 'readMachine'>) {
  const { windowMs, marginMs } = settings;
  const memberOf = (slot: number): string => `${readMachine()}${slot}`;

  const ask = (
    client: RedisClient,
    name: Name,
    key: string,
    nowMs: MachineMs,
    own: readonly Argument[],
    gate?: { breaker?: string | undefined; endpoint?: string | undefined },
  ): Promise<unknown> =>
    run(
      client,
      name,
      [
        `limit:${key}:under-way`,
        `limit:${key}:ended`,
        `limit:${key}:said`,
        breakerKey(gate?.breaker ?? ''),
        refusalKey(key, gate?.endpoint ?? ''),
        'store',
      ],
      [timeOf(nowMs), windowMs, marginMs, MAX_BLOCK_MS, ...own],
    );

  /** Tells the store what this machine knows of requests: those made without it, and those that it has lost. */
  async function remember(client: RedisClient, nowMs: MachineMs): Promise<void> {
    const taken = Map.groupBy(copy.listTaken(nowMs), ({ limitKey }) => limitKey);
    for (const [key, rows] of taken)
      await ask(
        client,
        'finRemember',
        key,
        nowMs,
        rows.flatMap(({ slot, freeMs, settled }) => [memberOf(slot), freeMs - nowMs, settled ? 1 : 0]),
      );
  }

  async function reserve(
    client: RedisClient,
    { key, limitPerMinute, nowMs, expiresMs, keepFree, gate }: Reserving,
  ): Promise<Reservation> {
    const begun = copy.begin(key, nowMs);
    let known = begun.run;
    if (known === undefined) await remember(client, nowMs);
    for (;;) {
      const [answer, first, second, third] = (await ask(
        client,
        'finReserve',
        nameOf(key),
        nowMs,
        [
          limitPerMinute - keepFree,
          keepFree,
          computeShare(limitPerMinute),
          Math.max(0, expiresMs - nowMs),
          memberOf(begun.slot),
          readMachine(),
          known ?? '',
          randomInt(1, 2 ** 47),
          gate === undefined ? 0 : 1,
          gate?.endpoint === undefined ? 0 : 1,
          settings.breakerOpenMs,
          settings.probeMs,
        ],
        gate,
      )) as [string, string, number, number];
      if (answer === 'unknown') {
        await remember(client, nowMs);
        known = Number(first);
        copy.saveRun(known);
        continue;
      }
      if (answer === 'refusal') return { granted: false, refusal: first };
      if (answer === 'breaker') return { granted: false, breaker: toBreaker(first, second, third, nowMs) };
      if (answer === 'full') return { granted: false, freeAtMs: nowMs + Number(first) };
      if (known === undefined) copy.saveRun(Number(first));
      copy.confirm(begun.slot, nowMs, expiresMs);
      return { granted: true, slot: begun.slot };
    }
  }

  return { ask, reserve, memberOf };
}

/** What is remembered of providers: their breakers, and what a plan refuses. */
function createVerdicts({
  link,
  settings,
  local,
  timeOf,
}: Pick<RedisStateOptions, 'link' | 'settings' | 'local'> & Pick<LeaseParts, 'timeOf'>): Pick<
  SharedState,
  'readBreaker' | 'recordOutcome' | 'readRefusal' | 'saveRefusal' | 'forgetRefusal'
> {
  return {
    readBreaker: (name, nowMs) =>
      link.use(
        async (client) => {
          const own = [timeOf(nowMs), settings.breakerOpenMs];
          const [state, failures, probeIn] = (await run(client, 'finReadBreaker', [breakerKey(name)], own)) as [
            string,
            number,
            number,
          ];
          return toBreaker(state, failures, probeIn, nowMs);
        },
        () => local.readBreaker(name, nowMs),
      ),
    recordOutcome: (name, ok, nowMs) =>
      link.use(
        async (client) => {
          const own = [timeOf(nowMs), settings.breakerOpenMs, settings.breakerFailures];
          await (ok ? client.del(breakerKey(name)) : run(client, 'finRecordFailure', [breakerKey(name)], own));
        },
        () => local.recordOutcome(name, ok, nowMs),
      ),
    readRefusal: (key, endpoint, nowMs) =>
      link.use(
        async (client) => {
          const own = [timeOf(nowMs), settings.refusalMs];
          const message = await run(client, 'finReadRefusal', [refusalKey(nameOf(key), endpoint)], own);
          return typeof message === 'string' ? message : undefined;
        },
        () => local.readRefusal(key, endpoint, nowMs),
      ),
    saveRefusal: (key, endpoint, message, nowMs) =>
      link.use(
        async (client) => {
          const own = [timeOf(nowMs), settings.refusalMs, message];
          await run(client, 'finSaveRefusal', [refusalKey(nameOf(key), endpoint)], own);
        },
        () => local.saveRefusal(key, endpoint, message, nowMs),
      ),
    forgetRefusal: (key, endpoint) =>
      link.use(
        async (client) => {
          await client.del(refusalKey(nameOf(key), endpoint));
        },
        () => local.forgetRefusal(key, endpoint),
      ),
  };
}

interface LeaseParts extends Pick<RedisStateOptions, 'link' | 'local'> {
  timeOf(nowMs: MachineMs): Argument;
  readMachine(): string;
}

function createLeases(parts: LeaseParts): Pick<SharedState, 'claimLeases' | 'releaseLeases'> {
  const { link, local, timeOf, readMachine } = parts;
  // An id of a process says something on its own machine only.
  const isDeadHere = (holder: string): boolean =>
    holder.startsWith(readMachine()) && !isOwnerAlive(holder.slice(readMachine().length));

  async function claim(
    client: RedisClient,
    names: readonly string[],
    owner: string,
    nowMs: MachineMs,
    lastsMs: number,
    dead: readonly string[],
  ): Promise<string[]> {
    const own = [timeOf(nowMs), readMachine() + owner, lastsMs, MAX_LEASE_MS, ...dead];
    const holders = (await run(client, 'finClaim', names.map(leaseKey), own)) as string[];
    const killed = names.flatMap((name, index) => {
      const holder = holders[index] ?? '';
      return dead.length === 0 && holder !== '' && isDeadHere(holder) ? [{ name, holder }] : [];
    });
    const claimed = names.filter((_, index) => holders[index] === '');
    if (killed.length === 0) return claimed;
    const inherited = await claim(
      client,
      killed.map(({ name }) => name),
      owner,
      nowMs,
      lastsMs,
      killed.map(({ holder }) => holder),
    );
    return [...claimed, ...inherited];
  }

  return {
    claimLeases: (names, owner, nowMs, expiresMs) =>
      names.length === 0
        ? Promise.resolve([])
        : link.use(
            (client) => claim(client, names, owner, nowMs, expiresMs - nowMs, []),
            () => local.claimLeases(names, owner, nowMs, expiresMs),
          ),
    releaseLeases: async (names, owner, nowMs) => {
      if (names.length === 0) return;
      await link.use(
        async (client) => {
          await run(client, 'finRelease', names.map(leaseKey), [timeOf(nowMs), readMachine() + owner]);
        },
        () => local.releaseLeases(names, owner, nowMs),
      );
    },
  };
}

const breakerKey = (name: string): string => `breaker:${name}`;
const refusalKey = (limit: string, endpoint: string): string => `refusal:${limit}:${endpoint}`;
const leaseKey = (name: string): string => `lease:${name}`;

function computeShare(limitPerMinute: number): number {
  return Math.max(1, Math.floor(limitPerMinute / MACHINES_ALONE));
}

function shareOfKept(keepFree: number): number {
  return Math.ceil(keepFree / MACHINES_ALONE);
}

function toBreaker(state: string, failures: number, probeInMs: number, nowMs: MachineMs): BreakerState {
  if (state !== 'open' && state !== 'half_open') return { state: 'closed', failures };
  return { state, failures, probeAtMs: nowMs + probeInMs };
}

/** One round trip each; a server that does not know a script yet is sent its text. */
function run(client: RedisClient, name: Name, keys: readonly string[], own: readonly Argument[]): Promise<unknown> {
  const commands = client as unknown as Record<Name, (...all: Argument[]) => Promise<unknown>>;
  // Each is hashed when it is defined: not where nothing is asked of a provider.
  if (!(name in commands)) client.defineCommand(name, SCRIPTS[name]);
  const counted = 'numberOfKeys' in SCRIPTS[name] ? [] : [keys.length];
  return commands[name](...counted, ...keys, ...own);
}
