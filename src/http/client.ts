// Hides the way of one request: coalesced with equal ones, refused where a refusal is remembered or the breaker is open,
// given a slot of the limit, sent, read, tried again where that helps. Every request sent is reported once.
import {
  CancelledError,
  ProviderAuthError,
  ProviderUnavailableError,
  planScopeOf,
  toFinError,
} from '../domain/errors.ts';
import type { FinError } from '../domain/errors.ts';
import { type Redact, createRedactor } from '../domain/redaction.ts';
import type { MachineMs } from '../domain/types.ts';
import { delay as realDelay } from './delay.ts';
import type { Delay } from './delay.ts';
import { createEndedError, createFlight, createTimeoutError } from './flight.ts';
import type { Flight } from './flight.ts';
import type {
  BreakerState,
  CallContext,
  CallEvent,
  HttpClient,
  HttpReply,
  HttpRequest,
  HttpTarget,
  OpenLines,
  SharedState,
  Transport,
} from './http.ts';
import { createLimiter } from './limiter.ts';
import { createPause, type Pause } from './pause.ts';
import { ATTEMPT_MS, decideRetry, parseRetryAfter } from './retry.ts';
import { breakerName, buildWireRequest, labelFailure, labelOf, nameOf, refuseUnreadable } from './wire.ts';

export interface HttpClientOptions {
  transport: Transport & { close?(): void; lines?: OpenLines };
  state: SharedState;
  machineNow(): MachineMs;
  /** From 0 to 1, for the jitter of retries. */
  random(): number;
  /** Length of the providers' sliding window, the same as the shared state's. */
  windowMs?: number;
  attemptMs?: number;
  delay?: Delay;
  /** Hears every event, whoever caused it (`--log`). */
  onLog?(event: CallEvent): void;
}

const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** A timer may fire this much before the clock says so. */
const TIMER_SLACK_MS = 10;

interface Attempt {
  number: number;
  startedMs: MachineMs;
  /** False while nothing went to the wire: such a failure is not the provider's. */
  wasSent: boolean;
  /** Failures of the provider are on record. */
  hasFailures: boolean;
  reply?: HttpReply;
}

interface Shared {
  flight: Flight;
  answer: Promise<HttpReply>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { state, transport } = options;
  const machineNow = (): MachineMs => options.machineNow();
  const delay = options.delay ?? realDelay;
  const windowMs = options.windowMs ?? 60_000;
  const attemptMs = options.attemptMs ?? ATTEMPT_MS;
  const limiter = createLimiter({ state, machineNow, delay, windowMs, attemptMs });
  const flights = new Map<string, Shared>();
  const redactors = new WeakMap<HttpTarget, Redact>();

  const fetch: HttpClient['fetch'] = async (target, request, read, context) => {
    const label = labelOf(target, request);
    if (context.signal.aborted || context.deadlineMs <= machineNow()) throw createEndedError(context, label);
    const name = nameOf(target, request);
    const shared = flights.get(name);
    if (shared !== undefined) {
      const event: CallEvent = { type: 'coalesced', provider: target.provider, endpoint: request.endpoint };
      options.onLog?.(event);
      context.report(event);
      const reply = await shared.flight.join(context, shared.answer);
      return { value: await readSafely(read, reply, context, label), sample: isSample(reply) };
    }
    const results: { value: Awaited<ReturnType<typeof read>> }[] = [];
    const forget = (): void => {
      if (flights.get(name)?.flight === flight) flights.delete(name);
    };
    const flight = createFlight(label, context, machineNow, forget);
    const readOnce = async (reply: HttpReply): Promise<void> => {
      results.push({
        value: await read(
          reply,
          createPause(() => checkWanted(flight)),
        ),
      });
    };
    const answer = runFlight(flight, target, request, readOnce).finally(forget);
    flights.set(name, { flight, answer });
    const reply = await flight.join(context, answer);
    const value = results[0] === undefined ? await readSafely(read, reply, context, label) : results[0].value;
    return { value, sample: isSample(reply) };
  };

  async function runFlight(
    flight: Flight,
    target: HttpTarget,
    request: HttpRequest,
    read: (reply: HttpReply) => Promise<void>,
  ): Promise<HttpReply> {
    let lastError: FinError | undefined;
    for (let number = 1; ; number += 1) {
      const attempt: Attempt = { number, startedMs: machineNow(), wasSent: false, hasFailures: true };
      try {
        const reply = await sendOnce(flight, target, request, attempt);
        await read(refuseUnreadable(reply, flight.label));
        await endAttempt(flight, target, request, attempt, undefined);
        return reply;
      } catch (thrown) {
        const error = toFinError(thrown);
        // Why it failed says more than that breaker or limit keep it from trying again.
        if (!attempt.wasSent)
          throw error.code === 'unavailable' || error.code === 'rate_limited' ? (lastError ?? error) : error;
        lastError = error;
        const delayMs = await endAttempt(flight, target, request, attempt, error);
        if (delayMs === undefined) throw createOutcome(flight, error);
        await waitForRetry(flight, target, request, error, delayMs);
      }
    }
  }

  function checkWanted(flight: Flight): void {
    if (flight.signal.aborted) throw new CancelledError();
    if (flight.deadlineMs() <= machineNow()) throw createTimeoutError(flight.label);
  }

  /** Throws while the breaker is open. */
  async function checkOpen(flight: Flight, target: HttpTarget): Promise<void> {
    const nowMs = machineNow();
    const breaker = await state.readBreaker(breakerName(target), nowMs);
    if (breaker.state === 'open') throw createPausedError(flight.label, target, breaker, nowMs);
  }

  async function sendOnce(
    flight: Flight,
    target: HttpTarget,
    request: HttpRequest,
    attempt: Attempt,
  ): Promise<HttpReply> {
    const wireRequest = buildWireRequest(target, request);
    checkWanted(flight);
    const send = async (timeoutMs: number): Promise<HttpReply> => {
      attempt.startedMs = machineNow();
      attempt.wasSent = true;
      flight.onAbandoned = () => reportAttempt(flight, target, request, attempt, 'cancelled');
      try {
        const reply = await transport(wireRequest, { signal: flight.signal, timeoutMs, maxBodyBytes: MAX_BODY_BYTES });
        attempt.reply = { ...reply, body: redactorOf(target)(reply.body) };
      } catch (error) {
        throw labelFailure(error, target, request);
      }
      return attempt.reply;
    };
    if (target.limitPerMinute === undefined) return send(Math.min(attemptMs, flight.deadlineMs() - machineNow()));
    const onWait = (ms: number): void => {
      flight.reportWait({ type: 'wait', provider: target.provider, endpoint: request.endpoint, ms });
    };
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
      checkWanted: () => checkWanted(flight),
      checkOpen: () => checkOpen(flight, target),
      refuse: (reservation) =>
        'refusal' in reservation
          ? createRememberedRefusal(reservation.refusal, target, request)
          : createPausedError(flight.label, target, reservation.breaker, machineNow()),
      onWait,
      send,
      onSettled: (hasFailures) => (attempt.hasFailures = hasFailures),
    });
  }

  /** An echo of the key must reach neither a screen nor the cache file. */
  function redactorOf(target: HttpTarget): Redact {
    const held = redactors.get(target);
    if (held !== undefined) return held;
    const redact = createRedactor([target.headers['authorization']?.replace(/^Bearer /, '') ?? '']);
    redactors.set(target, redact);
    return redact;
  }

  /** Reports one request, tells all processes what it teaches; gives the wait before another one, where there is one. */
  async function endAttempt(
    flight: Flight,
    target: HttpTarget,
    request: HttpRequest,
    attempt: Attempt,
    error: FinError | undefined,
  ): Promise<number | undefined> {
    const wasAbandoned = flight.signal.aborted;
    if (!wasAbandoned) reportAttempt(flight, target, request, attempt, error?.code);
    flight.onAbandoned = undefined;
    if (wasAbandoned) return undefined;
    if (target.limitPerMinute !== undefined) await teach(flight, target, request, attempt, error);
    const retryAtMs = target.limitPerMinute === undefined ? undefined : await learnLimit(target, attempt.reply, error);
    if (error === undefined) return undefined;
    return decideRetry({
      error,
      status: attempt.reply?.status,
      attempt: attempt.number,
      retryAtMs: retryAtMs ?? error.details.retryAtMs,
      nowMs: machineNow(),
      deadlineMs: flight.deadlineMs(),
      random: options.random(),
    })?.delayMs;
  }

  /** Breaker and refusals learn from an attempt. */
  async function teach(
    flight: Flight,
    target: HttpTarget,
    request: HttpRequest,
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

  function reportAttempt(
    flight: Flight,
    target: HttpTarget,
    request: HttpRequest,
    attempt: Attempt,
    error: string | undefined,
  ): void {
    const event: CallEvent = {
      type: 'request',
      provider: target.provider,
      endpoint: request.endpoint,
      attempt: attempt.number,
      asked: describeAsked(request),
      ms: machineNow() - attempt.startedMs,
      ...(attempt.reply === undefined ? {} : { status: attempt.reply.status }),
      ...(error === undefined ? {} : { error }),
    };
    options.onLog?.(event);
    flight.report(event);
  }

  /** A wait for a limit happens in the limiter's line, which also sees what other processes do. */
  async function waitForRetry(
    flight: Flight,
    target: HttpTarget,
    request: HttpRequest,
    error: FinError,
    delayMs: number,
  ): Promise<void> {
    if (error.code === 'rate_limited') {
      if (target.limitPerMinute !== undefined) return;
      flight.reportWait({ type: 'wait', provider: target.provider, endpoint: request.endpoint, ms: delayMs });
    }
    await delay(delayMs, flight.signal);
  }

  /** For a caller whose answer another one has fetched. */
  async function readSafely<T>(
    read: (reply: HttpReply, pause: Pause) => T | Promise<T>,
    reply: HttpReply,
    context: CallContext,
    label: string,
  ): Promise<T> {
    const pause = createPause(() => {
      if (context.signal.aborted || context.deadlineMs <= machineNow()) throw createEndedError(context, label);
    });
    try {
      return await read(reply, pause);
    } catch (error) {
      throw toFinError(error);
    }
  }

  /** A failure after the deadline is the deadline's. */
  function createOutcome(flight: Flight, error: FinError): FinError {
    const isCut = error.code === 'unavailable' && machineNow() + TIMER_SLACK_MS >= flight.deadlineMs();
    return isCut ? createTimeoutError(flight.label) : error;
  }

  async function hasFreeSlot(target: HttpTarget): Promise<boolean> {
    if (target.limitPerMinute === undefined) return true;
    const nowMs = machineNow();
    return (await state.readFreeAt(target, target.limitPerMinute, nowMs)) <= nowMs;
  }

  return {
    fetch,
    ...(transport.lines === undefined ? {} : { lines: transport.lines }),
    hasFreeSlot,
    close: () => {
      for (const { flight } of flights.values()) flight.abandon();
      flights.clear();
      transport.close?.();
      return Promise.resolve();
    },
  };
}

function isSample(reply: HttpReply): boolean {
  return reply.headers['fin-sample'] === 'true';
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
    hint: `it is tried again in ${seconds} s; fin doctor shows what is wrong`,
  });
}

function createRememberedRefusal(message: string, { provider }: HttpTarget, { endpoint }: HttpRequest): FinError {
  return new ProviderAuthError('plan', message, {
    provider,
    endpoint,
    hint: 'the plan of this key does not include it (remembered for a day); --refresh asks again',
  });
}

function describeAsked({ method, path, query, form }: HttpRequest): string {
  return [method, path, ...Object.entries({ ...query, ...form }).map(([name, value]) => `${name}=${value}`)].join(' ');
}
