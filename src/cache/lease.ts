// Hides how equal requests of several processes become one: the holder of a lease asks, the others watch the cache for
// what it brings, and ask themselves as soon as it is dead or has taken too long. Several things may share one request.
import { randomBytes } from 'node:crypto';
import type { SharedState } from '../http/http.ts';
import type { MachineMs } from '../domain/types.ts';

interface Waiting {
  state: Pick<SharedState, 'claimLeases' | 'releaseLeases'>;
  owner: string;
  machineNow(): MachineMs;
  /** Waits between two looks at the cache; ends early, or rejects, when the signal is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
  /** Longest wait for another process: the length of one attempt. */
  maxWaitMs?: number;
}

export interface BasketOptions extends Waiting {
  /** Names of what is wanted; `prefix` makes them names of leases. */
  names: readonly string[];
  prefix: string;
  /** Takes what another process has saved since this one began to want it; gives those names. */
  take(names: readonly string[]): Promise<readonly string[]>;
  /** Asks for all of these in one request. */
  fetch(names: readonly string[]): Promise<void>;
}

const FIRST_POLL_MS = 10;
const MAX_POLL_MS = 100;
const MAX_WAIT_MS = 10_000;

/** Names this process to the others: its id first, so that they can tell when it is dead. */
export function createLeaseOwner(): string {
  return `${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** One name held for as long as its work takes. */
export interface Lease {
  /** False where another process holds it. */
  claim(): Promise<boolean>;
  /** Claims it again and again until the function given is called. */
  keep(onFailure?: (error: unknown) => void): () => void;
  release(): Promise<void>;
}

/** Shared state takes one that ends further ahead for what a clock that was ahead has left: long work renews it. */
const LEASE_MS = 25_000;
const RENEWAL_MS = 8_000;

export function createLease(
  name: string,
  { state, owner, machineNow }: Pick<Waiting, 'state' | 'owner' | 'machineNow'>,
): Lease {
  const claim = async (): Promise<boolean> => {
    const nowMs = machineNow();
    return (await state.claimLeases([name], owner, nowMs, nowMs + LEASE_MS)).includes(name);
  };
  return {
    claim,
    keep: (onFailure = () => undefined) => {
      const renewal = setInterval(() => void claim().catch(onFailure), RENEWAL_MS).unref();
      return () => clearInterval(renewal);
    },
    release: () => state.releaseLeases([name], owner, machineNow()),
  };
}

/**
 * Asks in one request for all that nobody else is asking for, then waits for the rest. What the others do not bring is
 * asked for again here. Gives the names that others brought. Rejects with what `fetch`, `take` or `delay` rejects with;
 * the leases are given back in every case.
 */
export async function withLeases(options: BasketOptions): Promise<string[]> {
  const { state, owner, prefix, maxWaitMs = MAX_WAIT_MS } = options;
  const shared: string[] = [];
  const giveUpMs = options.machineNow() + maxWaitMs;
  let missing = [...new Set(options.names)];

  async function takeShared(names: readonly string[]): Promise<string[]> {
    const taken = await options.take(names);
    shared.push(...taken);
    return names.filter((name) => !taken.includes(name));
  }

  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, MAX_POLL_MS)) {
    const nowMs = options.machineNow();
    const leases = missing.map((name) => prefix + name);
    const claimed = await state.claimLeases(leases, owner, nowMs, nowMs + maxWaitMs);
    const mine = missing.filter((name) => nowMs >= giveUpMs || claimed.includes(prefix + name));
    if (mine.length > 0) {
      try {
        // The former holder may have saved the value between this process's miss and its claim.
        const wanted = await takeShared(mine);
        if (wanted.length > 0) await options.fetch(wanted);
      } finally {
        await state.releaseLeases(claimed, owner, options.machineNow());
      }
      missing = missing.filter((name) => !mine.includes(name));
    }
    if (missing.length === 0) return shared;
    await options.delay(pollMs, options.signal);
    options.signal.throwIfAborted();
    missing = await takeShared(missing);
    if (missing.length === 0) return shared;
  }
}
