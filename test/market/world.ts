// A market on real sockets and a real SQLite file: the sample exchange behind a server that counts and can fail, and as
// many "processes" (each with its own connection, store, client and market) on one cache folder as a test wants.
import { afterEach } from 'vitest';
import { createCounters } from '../../src/cache/counters.ts';
import { createFreshnessTable } from '../../src/cache/freshness.ts';
import { createSharedState } from '../../src/cache/shared-state.ts';
import { createEntryStore } from '../../src/cache/store.ts';
import { createSqliteEntries } from '../../src/cache/sqlite-entries.ts';
import type { Clock, EpochMs, ProviderName } from '../../src/domain/types.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { delay } from '../../src/http/delay.ts';
import { createGotTransport } from '../../src/http/got-transport.ts';
import type { CallEvent } from '../../src/http/http.ts';
import { createMarketData } from '../../src/market/create-market-data.ts';
import type { MarketRequest } from '../../src/market/market-data.ts';
import { identityOf } from '../../src/providers/identity.ts';
import { createPolygon } from '../../src/providers/polygon.ts';
import { createTradier } from '../../src/providers/tradier.ts';
import { createExchange } from '../../src/sample/exchange.ts';
import { type MarketSource, createSyntheticMarket } from '../../src/sample/source.ts';
import { openDatabase } from '../cache/helpers.ts';
import {
  type RecordedRequest,
  type ScriptedReply,
  type ScriptedServer,
  startScriptedServer,
} from '../helpers/scripted-server.ts';

/** A Thursday in session, exchange time 11:00. */
export const IN_SESSION = Date.parse('2026-11-19T11:00:00-05:00');
/** The Saturday after it. */
export const WEEKEND = Date.parse('2026-11-21T12:00:00-05:00');

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Market time stands where the test puts it; the machine's runs. */
export interface TestClock extends Clock {
  set(nowMs: EpochMs): void;
  advance(ms: number): void;
}

export function createTestClock(startMs: EpochMs): TestClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    machineNow: () => Date.now(),
    set: (ms) => void (nowMs = ms),
    advance: (ms) => void (nowMs += ms),
  };
}

export interface CountingExchange extends ScriptedServer {
  /** How many requests had a path with this text, all where it is left out. */
  calls(text?: string): number;
  /** Answers in place of the exchange while it gives something. */
  interfere: ((request: RecordedRequest) => ScriptedReply | undefined) | undefined;
  latencyMs: number;
  forget(): void;
}

/** The sample exchange, or another market, in both wire formats. */
export async function startCountingExchange(
  clock: Clock,
  source: MarketSource = createSyntheticMarket(clock),
): Promise<CountingExchange> {
  const exchange = createExchange({ market: source, clock });
  const server = await startScriptedServer((request): ScriptedReply => {
    const other = counting.interfere?.(request);
    if (other !== undefined) return other;
    const reply = exchange.handle({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: request.body,
    });
    return { status: reply.status, headers: { ...reply.headers }, body: reply.body, delayMs: counting.latencyMs };
  });
  cleanups.push(() => server.close());
  const counting: CountingExchange = {
    ...server,
    interfere: undefined,
    latencyMs: 0,
    calls: (text = '') => server.requests.filter(({ url, body }) => `${url} ${body}`.includes(text)).length,
    forget: () => void server.requests.splice(0),
  };
  return counting;
}

export interface ProcessOptions {
  folder: string;
  clock: Clock;
  tradier?: CountingExchange;
  polygon?: CountingExchange;
  limitPerMinute?: number;
}

/** One fin process as far as the market is concerned. */
export function openProcess({ folder, clock, tradier, polygon, limitPerMinute = 1_000 }: ProcessOptions) {
  const { database, notes } = openDatabase(folder);
  const machineNow = (): number => clock.machineNow();
  const store = createEntryStore({
    home: createSqliteEntries(database),
    machineNow,
    onNote: (text) => notes.push(text),
  });
  const counters = createCounters(database, machineNow);
  const state = createSharedState(database);
  const http = createHttpClient({
    delay: (ms, signal) => delay(ms / 20, signal),
    transport: createGotTransport(),
    state,
    machineNow,
    random: () => 0,
  });
  cleanups.push(() => http.close());
  const slot = (name: ProviderName, server: CountingExchange) => ({
    name,
    identity: identityOf(name, server.baseUrl, 'production'),
    load: () =>
      Promise.resolve(
        name === 'polygon'
          ? createPolygon({ http, clock, baseUrl: server.baseUrl, apiKey: 'k-polygon', limitPerMinute })
          : createTradier({
              http,
              clock,
              baseUrl: server.baseUrl,
              token: 'k-tradier',
              environment: 'production',
              limitPerMinute,
            }),
      ),
  });
  const slots = [
    ...(tradier === undefined ? [] : [slot('tradier', tradier)]),
    ...(polygon === undefined ? [] : [slot('polygon', polygon)]),
  ];
  const market = createMarketData({
    store,
    counters,
    slots,
    freshness: createFreshnessTable({}),
    clock,
    leases: state,
  });
  return { market, store, counters, state, database, notes };
}

export function createRequest(
  changes: Partial<MarketRequest> & { timeoutMs?: number; signal?: AbortSignal } = {},
): MarketRequest & { events: CallEvent[] } {
  const events: CallEvent[] = [];
  const { timeoutMs = 50_000, signal = new AbortController().signal, ...rest } = changes;
  return {
    refresh: false,
    offline: false,
    call: {
      signal,
      deadlineMs: Date.now() + timeoutMs,
      priority: 'question',
      ignoreRemembered: false,
      report: (event) => events.push(event),
    },
    ...rest,
    events,
  };
}

/** The value of an outcome that must be good. */
export function valueOf<T>(outcome: { ok: true; value: T } | { ok: false; error: Error } | undefined): T {
  if (outcome === undefined) throw new Error('nothing was answered');
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}
