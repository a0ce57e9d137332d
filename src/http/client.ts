// Hides who shares a request: equal ones on their way are one, whose answer each caller reads in the time it has itself.
// The way of that one is attempts.ts.
import { toFinError } from '../domain/errors.ts';
import type { MachineMs } from '../domain/types.ts';
import { createAttempts } from './attempts.ts';
import { type Delay, delay as realDelay } from './delay.ts';
import { type Flight, createEndedError, createFlight } from './flight.ts';
import type { CallContext, HttpClient, HttpReply, HttpTarget, OpenLines, SharedState, Transport } from './http.ts';
import { type Pause, createPause } from './pause.ts';
import { labelOf, nameOf } from './wire.ts';

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
}

interface Shared {
  flight: Flight;
  answer: Promise<HttpReply>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { state, transport, delay = realDelay, windowMs = 60_000 } = options;
  const machineNow = (): MachineMs => options.machineNow();
  const run = createAttempts({ ...options, delay, windowMs });
  const flights = new Map<string, Shared>();

  const fetch: HttpClient['fetch'] = async (target, request, read, context) => {
    const label = labelOf(target, request);
    if (context.signal.aborted || context.deadlineMs <= machineNow()) throw createEndedError(context, label);
    const name = nameOf(target, request);
    const shared = flights.get(name);
    if (shared !== undefined) {
      context.report({ type: 'coalesced', provider: target.provider, endpoint: request.endpoint });
      const reply = await shared.flight.join(context, shared.answer);
      return { value: await readSafely(read, reply, context, label), sample: isSample(reply) };
    }
    const results: { value: Awaited<ReturnType<typeof read>> }[] = [];
    const forget = (): void => {
      if (flights.get(name)?.flight === flight) flights.delete(name);
    };
    const flight = createFlight(label, context, machineNow, forget);
    const readOnce = async (reply: HttpReply): Promise<void> => {
      const pause = createPause(() => flight.checkWanted());
      results.push({ value: await read(reply, pause) });
    };
    const answer = run({ flight, target, request }, readOnce).finally(forget);
    flights.set(name, { flight, answer });
    const reply = await flight.join(context, answer);
    const value = results[0] === undefined ? await readSafely(read, reply, context, label) : results[0].value;
    return { value, sample: isSample(reply) };
  };

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
