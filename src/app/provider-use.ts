// How much of a provider's limit is used by all processes together, and whether its breaker lets requests through.
// Hides under which names the shared state keeps both.
import type { ConfiguredProvider } from '../app/runtime.ts';
import type { EpochMs } from '../domain/types.ts';
import type { BreakerState, SharedState } from '../http/http.ts';
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
