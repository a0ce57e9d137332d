// A client on a real SQLite file and real sockets, with windows short enough for tests.
import { afterEach } from 'vitest';
import { createSharedState } from '../../src/cache/shared-state.ts';
import { createHttpClient } from '../../src/http/client.ts';
import type { HttpClientOptions } from '../../src/http/client.ts';
import { delay } from '../../src/http/delay.ts';
import { createGotTransport } from '../../src/http/got-transport.ts';
import type { CallContext, CallEvent, HttpReply, HttpRequest, HttpTarget } from '../../src/http/http.ts';
import {
  BadPayloadError,
  NoDataError,
  ProviderAuthError,
  ProviderUnavailableError,
  RateLimitedError,
} from '../../src/domain/errors.ts';
import { createTempFolder, openDatabase } from '../cache/helpers.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import type { ScriptedServer } from '../helpers/scripted-server.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function startServer(script: Parameters<typeof startScriptedServer>[0]): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  cleanups.push(() => server.close());
  return server;
}

export interface WorldOptions extends Partial<HttpClientOptions> {
  folder?: string;
  breakerOpenMs?: number;
}

export function createWorld(options: WorldOptions = {}) {
  const { folder = createTempFolder(), breakerOpenMs, ...client } = options;
  const windowMs = options.windowMs ?? 60_000;
  const state = createSharedState(openDatabase(folder).database, {
    windowMs,
    ...(breakerOpenMs === undefined ? {} : { breakerOpenMs }),
  });
  // Backoff at a tenth of its length; waits for a limit end when the ledger says so, however often it is looked at.
  const hurry: NonNullable<HttpClientOptions['delay']> = (ms, signal) => delay(ms / 10, signal);
  const http = createHttpClient({
    delay: hurry,
    transport: createGotTransport(),
    state,
    machineNow: Date.now,
    random: () => 0,
    ...client,
  });
  cleanups.push(() => http.close());
  return { http, state, folder };
}

export function createTarget(server: Pick<ScriptedServer, 'baseUrl'>, changes: Partial<HttpTarget> = {}): HttpTarget {
  return {
    provider: 'tradier',
    baseUrl: server.baseUrl,
    headers: { authorization: 'Bearer s3cret', accept: 'application/json' },
    keyHash: 'k1',
    limitPerMinute: 120,
    ...changes,
  };
}

export function createRequest(symbol = 'AAPL', changes: Partial<HttpRequest> = {}): HttpRequest {
  return { endpoint: 'quotes', method: 'GET', path: '/v1/markets/quotes', query: { symbols: symbol }, ...changes };
}

export function createContext(changes: Partial<CallContext> & { timeoutMs?: number } = {}) {
  const events: CallEvent[] = [];
  const { timeoutMs = 15_000, ...rest } = changes;
  const context: CallContext = {
    signal: new AbortController().signal,
    deadlineMs: Date.now() + timeoutMs,
    priority: 'question',
    ignoreRemembered: false,
    report: (event) => events.push(event),
    ...rest,
  };
  return { context, events, requests: () => events.filter((event) => event.type === 'request') };
}

/** Reads as a provider does: status first, then JSON. */
export function readJson(reply: HttpReply): { last: number } {
  if (reply.status === 429) throw new RateLimitedError('too many requests');
  if (reply.status === 401) throw new ProviderAuthError('unauthorized', 'the key is not accepted');
  if (reply.status === 403) throw new ProviderAuthError('plan', 'the plan does not include it');
  if (reply.status === 404) throw new NoDataError('no such symbol');
  if (reply.status >= 500) throw new ProviderUnavailableError(`HTTP ${reply.status}`);
  try {
    return JSON.parse(reply.body) as { last: number };
  } catch {
    throw new BadPayloadError('no JSON');
  }
}
