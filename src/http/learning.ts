// Hides what all processes learn from a request that was sent: whether the provider is there (its breaker), what a plan
// refuses, how much of the limit is left and when the server wants to be asked again.
import { type FinError, planScopeOf } from '../domain/errors.ts';
import type { MachineMs } from '../domain/types.ts';
import type { Flight } from './flight.ts';
import type { HttpReply, HttpRequest, HttpTarget, SharedState } from './http.ts';
import { parseRetryAfter } from './retry.ts';
import { breakerName } from './wire.ts';

/** A request, of whom it is and for whom. */
export interface Asked {
  flight: Flight;
  target: HttpTarget;
  request: HttpRequest;
}

export interface Attempt {
  number: number;
  startedMs: MachineMs;
  /** False while nothing went to the wire: such a failure is not the provider's. */
  wasSent: boolean;
  /** Failures of the provider are on record. */
  hasFailures: boolean;
  reply?: HttpReply;
}

/** Makes the function that learns from an attempt. @param windowMs length of the providers' sliding window */
export function createLearning(state: SharedState, machineNow: () => MachineMs, windowMs: number) {
  /** Breaker and refusals learn from an attempt. */
  async function teach(
    { flight, target, request }: Asked,
    { reply, hasFailures }: Attempt,
    error: FinError | undefined,
  ): Promise<void> {
    const nowMs = machineNow();
    if (error === undefined) {
      if (flight.ignoresRemembered()) await state.forgetRefusal(target, request.endpoint);
    } else if (planScopeOf(error) === 'endpoint') {
      await state.saveRefusal(target, request.endpoint, error.message, nowMs);
    }
    const isFailure = error?.code === 'unavailable';
    // What an answer holds, and a full limit, say nothing about whether the provider is there.
    const isOfContent = isFailure && reply !== undefined && reply.status < 500 && reply.status !== 408;
    const isNeutral =
      isOfContent || error?.code === 'bad_payload' || error?.code === 'rate_limited' || error?.code === 'internal';
    // The common case, a success with nothing to forget, writes nothing.
    if (!isNeutral && (isFailure || hasFailures)) await state.recordOutcome(breakerName(target), !isFailure, nowMs);
  }

  /** The limit learns from a reply. Gives when the server wants to be asked again. */
  async function learnLimit(
    target: HttpTarget,
    reply: HttpReply | undefined,
    error: FinError | undefined,
  ): Promise<MachineMs | undefined> {
    const nowMs = machineNow();
    const notice = reply === undefined ? undefined : target.readLimit?.(reply);
    if (notice !== undefined) await state.noteLimit(target, notice, nowMs);
    const wishedMs = parseRetryAfter(reply?.headers['retry-after'], nowMs);
    if (error?.code !== 'rate_limited') return error?.code === 'unavailable' ? wishedMs : undefined;
    // A provider that names no time counts by the minute: the next window is free for certain.
    const blockedUntilMs = notice?.blockedUntilMs ?? error.details.retryAtMs ?? wishedMs ?? nowMs + windowMs;
    await state.noteLimit(target, { blockedUntilMs }, nowMs);
    return blockedUntilMs;
  }

  return async (asked: Asked, attempt: Attempt, error: FinError | undefined): Promise<MachineMs | undefined> => {
    await teach(asked, attempt, error);
    return learnLimit(asked.target, attempt.reply, error);
  };
}
