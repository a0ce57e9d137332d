// When a provider may be asked again and how its refusals read, for both providers. Times of refusals are on the
// machine's clock; what a header claims is believed only within reason, because it is kept for all processes.
import { ProviderAuthError, RateLimitedError } from '../domain/errors.ts';
import type { EpochMs } from '../domain/types.ts';
import type { HttpReply } from '../http/http.ts';
import { parseRetryAfter } from '../http/retry.ts';
import { detailsOf, type WireSource } from './wire.ts';

/** Both providers count requests by the minute. */
export const LIMIT_WINDOW_MS = 60_000;
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Machine time of a `Retry-After` header, at most an hour ahead; undefined without one that can be read. */
export function readRetryAfter(reply: HttpReply, nowMs: EpochMs): EpochMs | undefined {
  const atMs = parseRetryAfter(reply.headers['retry-after'], nowMs);
  return atMs === undefined ? undefined : Math.min(atMs, nowMs + MAX_RETRY_AFTER_MS);
}

export function rateLimited(
  source: WireSource,
  reply: HttpReply,
  retryAtMs: EpochMs,
  nowMs: EpochMs,
): RateLimitedError {
  const seconds = Math.max(1, Math.ceil((retryAtMs - nowMs) / 1000));
  return new RateLimitedError(`${source.label} ${source.endpoint}: the per-minute request limit is used up`, {
    ...detailsOf(source, reply),
    retryAtMs,
    hint: `ask again in ${seconds} s`,
  });
}

export function keyRefused(source: WireSource, reply: HttpReply, said: string, hint: string): ProviderAuthError {
  return new ProviderAuthError(
    'unauthorized',
    `${source.label} ${source.endpoint}: the key was refused${quoted(said)}`,
    {
      ...detailsOf(source, reply),
      hint,
    },
  );
}

/** ` (what the provider said)`, or nothing when it said nothing. */
export function quoted(said: string): string {
  return said === '' ? '' : ` (${said})`;
}
