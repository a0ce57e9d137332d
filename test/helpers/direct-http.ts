// The HTTP port at its smallest: one request, one reply, real sockets. No retry, no limit, no breaker, so that a test of
// a provider client sees exactly what the client sends and throws.
import { request as httpRequest } from 'node:http';
import { ProviderUnavailableError } from '../../src/domain/errors.ts';
import type { Clock, EpochMs } from '../../src/domain/types.ts';
import type { CallContext, HttpClient, HttpReply, HttpRequest, HttpTarget } from '../../src/http/http.ts';
import type { Pause } from '../../src/http/pause.ts';

export function createDirectHttp(): HttpClient {
  return {
    async fetch<T>(
      target: HttpTarget,
      request: HttpRequest,
      read: (reply: HttpReply, pause: Pause) => T | Promise<T>,
    ): Promise<{ value: T; sample: boolean }> {
      const reply = await sendOnce(target, request);
      return { value: await read(reply, () => Promise.resolve()), sample: reply.headers['fin-sample'] === 'true' };
    },
    hasFreeSlot: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}

function sendOnce(target: HttpTarget, request: HttpRequest): Promise<HttpReply> {
  const search = new URLSearchParams(request.query).toString();
  const url = `${target.baseUrl}${request.path}${search === '' ? '' : `?${search}`}`;
  const form = request.form === undefined ? undefined : new URLSearchParams(request.form).toString();
  const headers: Record<string, string> = { ...target.headers };
  if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new ProviderUnavailableError(`${target.provider} ${request.endpoint}: no complete answer`, { cause }));
    const outgoing = httpRequest(url, { method: request.method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () => {
        const named = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(named),
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    outgoing.on('error', fail);
    outgoing.end(form);
  });
}

/** A context that nothing ends. */
export function openContext(): CallContext {
  return {
    signal: new AbortController().signal,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    priority: 'question',
    ignoreRemembered: false,
    report: () => undefined,
  };
}

/** A clock that stands still: market time and machine time, the same unless told apart. */
export function fixedClock(marketNow: EpochMs | string, machineNow: EpochMs | string = marketNow): Clock {
  const toMs = (time: EpochMs | string): EpochMs => (typeof time === 'string' ? Date.parse(time) : time);
  return { now: () => toMs(marketNow), machineNow: () => toMs(machineNow) };
}
