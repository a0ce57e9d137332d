// Hides when a failed attempt is worth another one and how long to wait before it. Pure.
import type { FinError } from '../domain/errors.ts';
import type { MachineMs } from '../domain/types.ts';

const MAX_ATTEMPTS = 3;
export const ATTEMPT_MS = 10_000;

const BACKOFF_MS = 250;

export interface FailedAttempt {
  error: FinError;
  /** Of the answer, where one came. */
  status?: number | undefined;
  /** From 1. */
  attempt: number;
  /** Machine time before which the server does not want to be asked again. */
  retryAtMs: MachineMs | undefined;
  nowMs: MachineMs;
  deadlineMs: MachineMs;
  /** From 0 to 1, spreads equal failures of several processes. */
  random: number;
}

/** The same request would be refused again. */
const REFUSALS: readonly number[] = [400, 401, 403, 404];

/**
 * Only `unavailable` and `rate_limited` are tried again, at most three times in all and never past the deadline:
 * backoff of 250 and 500 ms, half to one and a half times as long by chance; the server's own wish where it is longer.
 * @returns how long to wait before the next attempt, undefined where there is none
 */
export function decideRetryMs(failed: FailedAttempt): number | undefined {
  const { error, attempt, nowMs } = failed;
  if (error.code !== 'unavailable' && error.code !== 'rate_limited') return undefined;
  if (attempt >= MAX_ATTEMPTS || (failed.status !== undefined && REFUSALS.includes(failed.status))) return undefined;
  const backoffMs = BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + failed.random);
  const wishedMs = failed.retryAtMs === undefined ? 0 : failed.retryAtMs - nowMs;
  const delayMs = Math.ceil(Math.max(backoffMs, wishedMs));
  return nowMs + delayMs < failed.deadlineMs ? delayMs : undefined;
}

/**
 * `Retry-After` as machine time: seconds, or an HTTP date (RFC 9110, 10.2.3). Undefined where it is neither, and for a
 * date that has passed: it tells only that clocks differ.
 */
export function parseRetryAfter(value: string | undefined, nowMs: MachineMs): MachineMs | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.ceil(nowMs + Number(text) * 1_000);
  const atMs = /^[A-Z][a-z]{2,8}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return atMs >= nowMs ? atMs : undefined;
}
