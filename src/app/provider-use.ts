// How much of a provider's limit is used by all processes together, and whether its breaker lets requests through.
// Hides under which names the shared state keeps both.
import type { ConfiguredProvider, Runtime } from './runtime.ts';
import type { Clock, EpochMs, MachineMs } from '../domain/types.ts';
import type { BreakerState, SharedState } from '../http/http.ts';
import { slotsKeptFree } from '../http/limit-share.ts';
import { breakerName } from '../http/wire.ts';

export interface ProviderUse {
  /** What of the provider's limit this machine may use now. */
  limitPerMinute: number;
  /** Requests of the last minute. */
  used: number;
  breaker: BreakerState;
}

/** Undefined for a provider without a limit: the sample market. */
export async function readUse(
  { name, address, limitPerMinute, keyHash }: ConfiguredProvider,
  state: SharedState,
  nowMs: EpochMs,
): Promise<ProviderUse | undefined> {
  if (limitPerMinute === undefined) return undefined;
  const used = await state.countUsed({ provider: name, keyHash: keyHash() }, nowMs);
  const breaker = await state.readBreaker(breakerName({ provider: name, baseUrl: address }), nowMs);
  return { limitPerMinute: await state.readLimit(limitPerMinute), used, breaker };
}

/**
 * Lets the next request through where failures in a row keep requests back: whoever looks into them wants to know now.
 * Gives what keeps them back again, where that request fails too.
 */
export async function liftBreaker(
  { name, address }: ConfiguredProvider,
  state: SharedState,
  machineNow: () => MachineMs,
): Promise<() => Promise<void>> {
  const breaker = breakerName({ provider: name, baseUrl: address });
  const before = await state.readBreaker(breaker, machineNow());
  if (before.state === 'closed') return () => Promise.resolve();
  await state.recordOutcome(breaker, true, machineNow());
  return async () => {
    for (let failure = 1; failure <= before.failures; failure += 1)
      await state.recordOutcome(breaker, false, machineNow());
  };
}

/** What a table that refreshes itself may take of the provider that is asked first; all of it where there is no limit. */
export function watchShareOf(
  { providers: [first], state }: Pick<Runtime, 'providers' | 'state'>,
  clock: Pick<Clock, 'machineNow'>,
  isOffline = false,
): { perMinute: number; freeAt(): Promise<number> } {
  const limit = first?.limitPerMinute;
  if (first === undefined || limit === undefined || isOffline)
    return { perMinute: Infinity, freeAt: () => Promise.resolve(0) };
  const kept = slotsKeptFree('watch', limit);
  const key = { provider: first.name, keyHash: first.keyHash() };
  return { perMinute: limit - kept, freeAt: () => state.readFreeAt(key, limit, clock.machineNow(), 0, kept) };
}
