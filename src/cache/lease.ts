// Hides how equal requests of several processes become one: the holder of a lease asks, the others watch the cache for
// what it brings, and ask themselves as soon as it is dead or has taken too long. Several things may share one request.
import { randomBytes } from 'node:crypto';
import type { SharedState } from '../http/http.ts';
import type { EpochMs } from '../domain/types.ts';

interface Waiting {
  state: Pick<SharedState, 'claimLeases' | 'releaseLeases'>;
  owner: string;
  machineNow(): EpochMs;
  /** Waits between two looks at the cache; ends early, or rejects, when the signal is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
  /** Longest wait for another process: the length of one attempt. */
  maxWaitMs?: number;
}

export interface Leased<T> {
  value: T;
  /** True where another process asked and this one only waited. */
  shared: boolean;
}

export interface BasketOptions<T> extends Waiting {
  /** Lease name of each thing wanted. */
  names: readonly string[];
  /** The value of one name that another process has saved since this one began to want it. */
  load(name: string): Promise<T | undefined>;
  /** Asks for all of these in one request; gives a value for each. */
  fetch(names: readonly string[]): Promise<ReadonlyMap<string, T>>;
}

const FIRST_POLL_MS = 10;
const MAX_POLL_MS = 100;
const MAX_WAIT_MS = 10_000;

/** Names this process to the others: its id first, so that they can tell when it is dead. */
export function createLeaseOwner(): string {
  return `${process.pid}-${randomBytes(6).toString('hex')}`;
}

/**
 * Asks in one request for all that nobody else is asking for, then waits for the rest. What the others do not bring is
 * asked for again here. A name that `fetch` gives no value for is left out. Rejects with what `fetch`, `load` or `delay`
 * rejects with; the leases are given back in every case.
 */
export async function withLeases<T>(options: BasketOptions<T>): Promise<Map<string, Leased<T>>> {
  const { state, owner, maxWaitMs = MAX_WAIT_MS } = options;
  const found = new Map<string, Leased<T>>();
  const giveUpMs = options.machineNow() + maxWaitMs;
  let missing = [...new Set(options.names)];
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, MAX_POLL_MS)) {
    const nowMs = options.machineNow();
    const claimed = await state.claimLeases(missing, owner, nowMs, nowMs + maxWaitMs);
    const mine = nowMs >= giveUpMs ? missing : claimed;
    if (mine.length > 0) {
      try {
        await fetchAsHolder(options, mine, found);
      } finally {
        await state.releaseLeases(claimed, owner, options.machineNow());
      }
      missing = missing.filter((name) => !mine.includes(name));
    }
    if (missing.length === 0) return found;
    await options.delay(pollMs, options.signal);
    options.signal.throwIfAborted();
    missing = await loadShared(options, missing, found);
    if (missing.length === 0) return found;
  }
}

async function fetchAsHolder<T>(
  options: BasketOptions<T>,
  names: readonly string[],
  found: Map<string, Leased<T>>,
): Promise<void> {
  // The former holder may have saved the value between this process's miss and its claim.
  const missing = await loadShared(options, names, found);
  if (missing.length === 0) return;
  for (const [name, value] of await options.fetch(missing)) found.set(name, { value, shared: false });
}

/** Takes what is in the cache by now; gives the names that are not. */
async function loadShared<T>(
  options: BasketOptions<T>,
  names: readonly string[],
  found: Map<string, Leased<T>>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const name of names) {
    const value = await options.load(name);
    if (value === undefined) missing.push(name);
    else found.set(name, { value, shared: true });
  }
  return missing;
}
