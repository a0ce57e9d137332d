// Hides the way of one request: refused where a refusal is remembered or the breaker is open, given a slot of the limit,
// sent, read, tried again where that helps. Every request sent is reported once.
import { type FinError, ProviderAuthError, ProviderUnavailableError, toFinError } from '../domain/errors.ts';
import { type Redact, createRedactor } from '../domain/redaction.ts';
import type { MachineMs } from '../domain/types.ts';
import type { Delay } from './delay.ts';
import { type Flight, createTimeoutError } from './flight.ts';
import type { BreakerState, CallEvent, HttpReply, HttpRequest, HttpTarget, SharedState, Transport } from './http.ts';
import { type Asked, type Attempt, createLearning } from './learning.ts';
import { createLimiter } from './limiter.ts';
import { ATTEMPT_MS, decideRetryMs } from './retry.ts';
import { breakerName, buildWireRequest, labelFailure, refuseUnreadable } from './wire.ts';

const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** A timer may fire this much before the clock says so. */
const TIMER_SLACK_MS = 10;

export interface AttemptOptions {
  transport: Transport;
  state: SharedState;
  machineNow(): MachineMs;
  random(): number;
  windowMs: number;
  attemptMs?: number | undefined;
  delay: Delay;
}

/** Makes the function that sends a request until an answer can be read. */
export function createAttempts(options: AttemptOptions) {
  const { transport, state, delay, windowMs, attemptMs = ATTEMPT_MS } = options;
  const machineNow = (): MachineMs => options.machineNow();
  const limiter = createLimiter({ state, machineNow, delay, windowMs, attemptMs });
  const learn = createLearning(state, machineNow, windowMs);
  const redactorOf = createRedactors();

  async function run(asked: Asked, read: (reply: HttpReply) => Promise<void>): Promise<HttpReply> {
    const { flight } = asked;
    let lastError: FinError | undefined;
    for (let number = 1; ; number += 1) {
      const attempt: Attempt = { number, startedMs: machineNow(), wasSent: false, hasFailures: true };
      try {
        const reply = await sendOnce(asked, attempt);
        await read(refuseUnreadable(reply, flight.label));
        await endAttempt(asked, attempt, undefined);
        return reply;
      } catch (thrown) {
        const error = toFinError(thrown);
        // Why it failed says more than that breaker or limit keep it from trying again.
        if (!attempt.wasSent)
          throw error.code === 'unavailable' || error.code === 'rate_limited' ? (lastError ?? error) : error;
        lastError = error;
        const delayMs = await endAttempt(asked, attempt, error);
        if (delayMs === undefined) throw createOutcome(flight, error, machineNow());
        await waitForRetry(asked, error, delayMs);
      }
    }
  }

  /** Throws while the breaker is open. */
  async function checkOpen({ flight, target }: Asked): Promise<void> {
    const nowMs = machineNow();
    const breaker = await state.readBreaker(breakerName(target), nowMs);
    if (breaker.state === 'open') throw createPausedError(flight.label, target, breaker, nowMs);
  }

  async function sendOnce(asked: Asked, attempt: Attempt): Promise<HttpReply> {
    const { flight, target, request } = asked;
    const wireRequest = buildWireRequest(target, request);
    flight.checkWanted();
    const send = async (timeoutMs: number): Promise<HttpReply> => {
      attempt.startedMs = machineNow();
      attempt.wasSent = true;
      flight.onAbandoned = () => reportAttempt(asked, attempt, 'cancelled');
      try {
        const reply = await transport(wireRequest, { signal: flight.signal, timeoutMs, maxBodyBytes: MAX_BODY_BYTES });
        attempt.reply = { ...reply, body: redactorOf(target)(reply.body) };
      } catch (error) {
        throw labelFailure(error, target, request);
      }
      return attempt.reply;
    };
    if (target.limitPerMinute === undefined) return send(Math.min(attemptMs, flight.deadlineMs() - machineNow()));
    return limiter.run({
      key: target,
      limitPerMinute: target.limitPerMinute,
      label: flight.label,
      signal: flight.signal,
      priority: () => flight.priority(),
      deadlineMs: () => flight.deadlineMs(),
      gate: () => ({
        breaker: breakerName(target),
        ...(flight.ignoresRemembered() ? {} : { endpoint: request.endpoint }),
      }),
      checkWanted: () => flight.checkWanted(),
      checkOpen: () => checkOpen(asked),
      refuse: (reservation) =>
        'refusal' in reservation
          ? createRememberedRefusal(reservation.refusal, target, request)
          : createPausedError(flight.label, target, reservation.breaker, machineNow()),
      onWait: (ms) => reportWait(asked, ms),
      send,
      onSettled: (hasFailures) => (attempt.hasFailures = hasFailures),
    });
  }

  /** Reports one request, tells all processes what it teaches; gives the wait before another one, where there is one. */
  async function endAttempt(asked: Asked, attempt: Attempt, error: FinError | undefined): Promise<number | undefined> {
    const { flight, target } = asked;
    const wasAbandoned = flight.signal.aborted;
    if (!wasAbandoned) reportAttempt(asked, attempt, error?.code);
    flight.onAbandoned = undefined;
    if (wasAbandoned) return undefined;
    const retryAtMs = target.limitPerMinute === undefined ? undefined : await learn(asked, attempt, error);
    if (error === undefined) return undefined;
    return decideRetryMs({
      error,
      status: attempt.reply?.status,
      attempt: attempt.number,
      retryAtMs: retryAtMs ?? error.details.retryAtMs,
      nowMs: machineNow(),
      deadlineMs: flight.deadlineMs(),
      random: options.random(),
    });
  }

  function reportAttempt(asked: Asked, attempt: Attempt, error: string | undefined): void {
    asked.flight.report(describeAttempt(asked, attempt, machineNow() - attempt.startedMs, error));
  }

  /** A wait for a limit happens in the limiter's line, which also sees what other processes do. */
  async function waitForRetry(asked: Asked, error: FinError, delayMs: number): Promise<void> {
    if (error.code === 'rate_limited') {
      if (asked.target.limitPerMinute !== undefined) return;
      reportWait(asked, delayMs);
    }
    await delay(delayMs, asked.flight.signal);
  }

  return run;
}

/** A failure after the deadline is the deadline's. */
function createOutcome(flight: Flight, error: FinError, nowMs: MachineMs): FinError {
  const isCut = error.code === 'unavailable' && nowMs + TIMER_SLACK_MS >= flight.deadlineMs();
  return isCut ? createTimeoutError(flight.label) : error;
}

function reportWait({ flight, target, request }: Asked, ms: number): void {
  flight.reportWait({ type: 'wait', provider: target.provider, endpoint: request.endpoint, ms });
}

/** An echo of the key must reach neither a screen nor the cache file. */
function createRedactors(): (target: HttpTarget) => Redact {
  const redactors = new WeakMap<HttpTarget, Redact>();
  return (target) => {
    const redact =
      redactors.get(target) ?? createRedactor([target.headers['authorization']?.replace(/^Bearer /, '') ?? '']);
    redactors.set(target, redact);
    return redact;
  };
}

function createPausedError(
  label: string,
  target: HttpTarget,
  { failures, probeAtMs = 0 }: BreakerState,
  nowMs: MachineMs,
): FinError {
  const seconds = Math.max(1, Math.ceil((probeAtMs - nowMs) / 1_000));
  return new ProviderUnavailableError(`${label}: not asked after ${failures} failures in a row`, {
    provider: target.provider,
    retryAtMs: Math.max(nowMs, probeAtMs),
    hint: `fin tries again in ${seconds} s; fin doctor shows what is wrong`,
  });
}

function createRememberedRefusal(message: string, { provider }: HttpTarget, { endpoint }: HttpRequest): FinError {
  return new ProviderAuthError('plan', message, {
    provider,
    endpoint,
    hint: 'this key’s plan does not include it (remembered for a day); --refresh asks again',
  });
}

function describeAttempt(
  { target, request }: Asked,
  { number: attempt, reply }: Attempt,
  ms: number,
  error: string | undefined,
): CallEvent {
  return {
    type: 'request',
    provider: target.provider,
    endpoint: request.endpoint,
    attempt,
    asked: describeAsked(request),
    ms,
    ...(reply === undefined ? {} : { status: reply.status }),
    ...(error === undefined ? {} : { error }),
  };
}

function describeAsked({ method, path, query, form }: HttpRequest): string {
  return [method, path, ...Object.entries({ ...query, ...form }).map(([name, value]) => `${name}=${value}`)].join(' ');
}
