// A market under a provider that fails at random in twelve ways. Everything that is answered is compared with what a
// provider without faults gives for the same moment; times of waits are shortened, laws are not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createCounters } from '../../src/cache/counters.ts';
import { openCacheDatabase } from '../../src/cache/database.ts';
import { createFreshnessTable } from '../../src/cache/freshness.ts';
import { createSharedState } from '../../src/cache/shared-state.ts';
import { createEntryStore } from '../../src/cache/store.ts';
import { createSqliteEntries } from '../../src/cache/sqlite-entries.ts';
import type { Clock } from '../../src/domain/types.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { delay } from '../../src/http/delay.ts';
import { createGotTransport } from '../../src/http/got-transport.ts';
import type { CallContext, Transport } from '../../src/http/http.ts';
import { createMarketData } from '../../src/market/create-market-data.ts';
import type { MarketData, MarketRequest, Outcome } from '../../src/market/market-data.ts';
import { createTradier } from '../../src/providers/tradier.ts';
import { createExchange } from '../../src/sample/exchange.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import { createSampleTransport } from '../../src/sample/transport.ts';
import { type Random, createRandom } from './random.ts';
import { type ScriptedReply, startScriptedServer } from './scripted-server.ts';

export interface StormOptions {
  questions: number;
  seed: number;
  /** Share of the provider's answers that fail. */
  faultShare?: number;
}

export interface StormReport {
  questions: number;
  requests: number;
  /** How often each fault was sent. */
  faults: Record<string, number>;
  live: number;
  stale: number;
  failed: Record<string, number>;
  /** What must be empty, each with an example. */
  problems: string[];
  slowestMs: number;
  mostAttempts: number;
}

export const FAULTS: Readonly<Record<string, ScriptedReply>> = {
  'HTTP 500': { status: 500, body: { fault: { faultstring: 'Datastore Error' } } },
  'HTTP 503 as a page': { status: 503, body: '<html>busy</html>' },
  'HTTP 429': { status: 429, body: 'Quota exceeded' },
  'HTTP 401': { status: 401, body: 'Invalid Access Token' },
  'connection reset': { fault: 'reset' },
  'truncated body': { fault: 'truncate', body: '{"quotes": {"quote": {"symbol": "AAPL", "last": 1.00, "close": 0' },
  'no answer': { fault: 'hang' },
  'page with status 200': { body: '<title>Tradier API</title>' },
  'empty body': { body: '' },
  'no JSON': { body: '{"quotes": NaN, oops' },
  'other shape': {
    body: {
      quotes: { quote: { symbol: 'AAPL', last: 'many' } },
      history: { day: [{ date: 'x', close: 0 }] },
      options: { option: 7 },
      expirations: 5,
    },
  },
  'nested too deep': { body: '['.repeat(200_000) },
};

const CACHED = ['AAPL', 'MSFT', 'NVDA', 'SPY'];
const NEW = ['AMD', 'TSLA', 'META', 'QQQ'];
const EXPIRATION = '2026-11-20';
const START = Date.parse('2026-11-19T09:31:00-05:00');
const END = Date.parse('2026-11-19T15:59:00-05:00');
/** A question's time, and what a busy machine may be late. */
const DEADLINE_MS = 2_500;
const SLACK_MS = 6_000;

export async function runFaultStorm({ questions, seed, faultShare = 0.6 }: StormOptions): Promise<StormReport> {
  const random = createRandom(seed);
  let nowMs = START;
  const clock: Clock = { now: () => nowMs, machineNow: () => Date.now() };
  const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
  const report: StormReport = {
    questions,
    requests: 0,
    faults: {},
    live: 0,
    stale: 0,
    failed: {},
    problems: [],
    slowestMs: 0,
    mostAttempts: 0,
  };
  let isStorm = false;
  const server = await startScriptedServer((request): ScriptedReply => {
    if (isStorm && random.next() < faultShare) {
      const name = random.pick(Object.keys(FAULTS));
      report.faults[name] = (report.faults[name] ?? 0) + 1;
      const { ...fault } = FAULTS[name];
      // A real one names a minute; here the limit is open again after a tenth of a second.
      return name === 'HTTP 429' ? { ...fault, headers: { 'x-ratelimit-expiry': String(Date.now() + 100) } } : fault;
    }
    const reply = exchange.handle({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: request.body,
    });
    return { status: reply.status, headers: { ...reply.headers }, body: reply.body };
  });
  const folder = mkdtempSync(join(tmpdir(), 'fin-storm-'));
  const tested = openMarket(folder, clock, createGotTransport(), server.baseUrl);
  const referenceClock = { at: START };
  const reference = openReference(join(folder, 'reference'), referenceClock);
  try {
    for (const symbol of CACHED)
      await Promise.all((['quote', 'series', 'chain'] as const).map((kind) => hold(tested.market, kind, symbol)));
    isStorm = true;
    server.requests.length = 0;
    const stepMs = Math.floor((END - START) / questions);
    for (let question = 0; question < questions; question += 1) {
      nowMs += stepMs;
      await askAndJudge(question, random, tested.market, reference.market, referenceClock, clock, report);
    }
    report.requests = server.requests.length;
    return report;
  } finally {
    await tested.close();
    await reference.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Kind = 'quote' | 'series' | 'chain';

/** Before the storm; attempts are so short that a busy machine may need several questions. */
async function hold(market: MarketData, kind: Kind, symbol: string): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) if ((await ask(market, kind, symbol, createRequest())).ok) return;
  throw new Error(`${kind} of ${symbol}: not answered before the storm`);
}

async function askAndJudge(
  question: number,
  random: Random,
  market: MarketData,
  reference: MarketData,
  referenceClock: { at: number },
  clock: Clock,
  report: StormReport,
): Promise<void> {
  const kind = random.pick<Kind>(['quote', 'series', 'chain']);
  const isHeld = random.next() < 0.7;
  const symbol = random.pick(isHeld ? CACHED : NEW);
  const name = `question ${question}, ${kind} of ${symbol}`;
  const attempts = new Map<string, number>();
  const request = createRequest({
    report: (event) => {
      if (event.type === 'request') attempts.set(event.asked ?? '', (attempts.get(event.asked ?? '') ?? 0) + 1);
    },
  });
  const startedMs = performance.now();
  const outcome = await ask(market, kind, symbol, request).catch((error: unknown) => {
    report.problems.push(`${name}: threw ${String(error)}`);
    return undefined;
  });
  const ms = performance.now() - startedMs;
  report.slowestMs = Math.max(report.slowestMs, ms);
  report.mostAttempts = Math.max(report.mostAttempts, ...attempts.values());
  if (ms > DEADLINE_MS + SLACK_MS) report.problems.push(`${name}: took ${Math.round(ms)} ms`);
  if (outcome === undefined) return;
  if (!outcome.ok) {
    report.failed[outcome.error.code] = (report.failed[outcome.error.code] ?? 0) + 1;
    if (isHeld) report.problems.push(`${name}: held and not answered: ${outcome.error.message}`);
    if (outcome.error.code === 'internal' || outcome.error.code === 'no_data')
      report.problems.push(`${name}: ${outcome.error.code}: ${outcome.error.message}`);
    return;
  }
  report[outcome.source.freshness === 'stale' ? 'stale' : 'live'] += 1;
  referenceClock.at = kind === 'series' ? clock.now() : outcome.source.fetchedAt;
  const truth = await ask(reference, kind, symbol, createRequest());
  if (!truth.ok) throw truth.error;
  // The running bar of a series may be of another moment than the series: only its sign can be judged.
  if (!isDeepStrictEqual(comparable(outcome.value), comparable(truth.value)))
    report.problems.push(`${name}: figures differ from the provider's`);
}

function comparable(value: unknown): unknown {
  const { bars, contracts } = value as { bars?: { date: string; close: number }[]; contracts?: unknown[] };
  if (bars !== undefined) return bars.filter(({ date, close }) => date < '2026-11-19' || close <= 0);
  return contracts ?? value;
}

async function ask(market: MarketData, kind: Kind, symbol: string, request: MarketRequest): Promise<Outcome<unknown>> {
  if (kind === 'series') return market.dailySeries(symbol, request);
  if (kind === 'chain') return market.chain(symbol, EXPIRATION, request);
  const outcome = (await market.quotes([symbol], request)).get(symbol);
  if (outcome === undefined) throw new Error(`${symbol}: no outcome`);
  return outcome;
}

function createRequest(changes: Partial<CallContext> = {}): MarketRequest {
  return {
    refresh: false,
    offline: false,
    call: {
      signal: new AbortController().signal,
      deadlineMs: Date.now() + DEADLINE_MS,
      priority: 'question',
      ignoreRemembered: false,
      report: () => undefined,
      ...changes,
    },
  };
}

/** Backoff, attempts, window and breaker at a hundredth of their length. */
function openMarket(folder: string, clock: Clock, transport: Transport & { close?(): void }, baseUrl: string) {
  const machineNow = (): number => Date.now();
  const database = openCacheDatabase({ folder, machineNow, onNote: (text) => void process.stderr.write(`${text}\n`) });
  const state = createSharedState(database, { windowMs: 300, breakerOpenMs: 100, probeMs: 100 });
  const http = createHttpClient({
    transport,
    state,
    machineNow,
    random: () => 0,
    windowMs: 300,
    attemptMs: 100,
    delay: (ms, signal) => delay(ms / 100, signal),
  });
  const slot = {
    name: 'tradier' as const,
    identity: `tradier@${baseUrl}`,
    load: () =>
      Promise.resolve(
        createTradier({ http, clock, baseUrl, token: 'k-tradier', environment: 'production', limitPerMinute: 1_000 }),
      ),
  };
  const market = createMarketData({
    store: createEntryStore({
      home: createSqliteEntries(database),
      machineNow,
      onNote: (text) => void process.stderr.write(`${text}\n`),
    }),
    counters: createCounters(database, machineNow),
    slots: [slot],
    freshness: createFreshnessTable({}),
    clock,
    leases: state,
  });
  return {
    market,
    close: async () => {
      await http.close();
      database.close();
    },
  };
}

/** The same exchange without a network; every question is asked anew at the moment in question. */
function openReference(folder: string, moment: { at: number }): { market: MarketData; close(): Promise<void> } {
  const clock: Clock = { now: () => moment.at, machineNow: () => Date.now() };
  const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
  const { market, close } = openMarket(folder, clock, createSampleTransport(exchange), 'http://reference.invalid');
  const anew = (request: MarketRequest): MarketRequest => ({ ...request, refresh: true });
  return {
    close,
    market: {
      ...market,
      quotes: (symbols, request) => market.quotes(symbols, anew(request)),
      dailySeries: (symbol, request, dates) => market.dailySeries(symbol, anew(request), dates),
      chain: (symbol, expiration, request) => market.chain(symbol, expiration, anew(request)),
    },
  };
}
