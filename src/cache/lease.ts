// Hides how equal requests of several processes become one: the holder of a lease asks, the others watch the cache for
// what it brings, and ask themselves as soon as it is dead or has taken too long.
import { randomBytes } from 'node:crypto';
import type { SharedState } from '../http/http.ts';
import type { EpochMs } from '../domain/types.ts';

export interface LeaseOptions<T> {
  state: Pick<SharedState, 'claimLease' | 'releaseLease'>;
  /** What is asked for, equal in all processes that ask for it. */
  name: string;
  owner: string;
  machineNow(): EpochMs;
  /** Waits between two looks at the cache; ends early, or rejects, when the signal is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
  /** The value that another process has saved since this one began to want it. */
  load(): Promise<T | undefined>;
  /** Asks the provider and saves what it brings. */
  fetch(): Promise<T>;
  /** Longest wait for another process: the length of one attempt. */
  maxWaitMs?: number;
}

export interface Leased<T> {
  value: T;
  /** True where another process asked and this one only waited. */
  shared: boolean;
}

const FIRST_POLL_MS = 10;
const MAX_POLL_MS = 100;

/** Names this process to the others: its id first, so that they can tell when it is dead. */
export function createLeaseOwner(): string {
  return `${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** Rejects with what `fetch`, `load` or `delay` rejects with; the lease is given back in every case. */
export async function withLease<T>(options: LeaseOptions<T>): Promise<Leased<T>> {
  const maxWaitMs = options.maxWaitMs ?? 10_000;
  const giveUpMs = options.machineNow() + maxWaitMs;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, MAX_POLL_MS)) {
    const nowMs = options.machineNow();
    if (options.state.claimLease(options.name, options.owner, nowMs, nowMs + maxWaitMs)) return fetchAsHolder(options);
    if (nowMs >= giveUpMs) return { value: await options.fetch(), shared: false };
    await options.delay(pollMs, options.signal);
    options.signal.throwIfAborted();
    const value = await options.load();
    if (value !== undefined) return { value, shared: true };
  }
}

async function fetchAsHolder<T>(options: LeaseOptions<T>): Promise<Leased<T>> {
  try {
    // The former holder may have saved the value between this process's miss and its claim.
    const value = await options.load();
    return value === undefined ? { value: await options.fetch(), shared: false } : { value, shared: true };
  } finally {
    options.state.releaseLease(options.name, options.owner);
  }
}
