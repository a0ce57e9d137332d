// More than a server can take at once: cached quotes against bare node:http, ten thousand keys, a full queue, and a client
// that floods.
import { readFileSync } from 'node:fs';
import { type MarketSource, createSyntheticMarket } from '../../src/sample/source.ts';
import { measureServe } from '../bench/serve.ts';
import { WATCHED } from '../helpers/morning.ts';
import {
  type Finding,
  type Section,
  type SoakMarket,
  check,
  residentMegabytes,
  sleep,
  startMarket,
} from '../soak/world.ts';
import { type Client, type Reply, type Serving, createClient, renderSpread, spreadOf, startServing } from './server.ts';

const ROUNDS = 30;
const KEYS = 10_000;
const KEYS_IN_REQUEST = 20;
const SINGLE_KEYS = 2_000;
const LINES = 10;
const PLACES = 110;
const REFUSALS = 60;
const MOST_REFUSAL_MS = 50;
const FLOOD = 60;
const STEADY = 30;
const EXCHANGE_MS = 150;

export async function loadPressure(): Promise<Section> {
  const findings = [
    ...(await loadCachedQuotes()),
    ...(await loadKeys()),
    ...(await loadQueue()),
    ...(await loadFlood()),
  ];
  return {
    title: 'More than it can take at once',
    how: `Cached quotes: \`fin serve\` against a bare node:http server that sends the same bytes, 50 connections each, alternating. Keys: option contracts, ${KEYS_IN_REQUEST} per request over ${LINES} connections. Queue: 10 running and 100 waiting, on an exchange that takes 2 s per request. Flood: one client keeps ${FLOOD} requests in flight and another keeps one, for symbols that are not cached, on an exchange that takes ${EXCHANGE_MS} ms.`,
    findings,
  };
}

async function loadCachedQuotes(): Promise<Finding[]> {
  const { perSecond, bare, ratio, p99Ms, failed } = await measureServe(ROUNDS);
  return [
    check(
      'cached quotes per second, against bare node:http in the same run',
      'at least half as many',
      `${perSecond.toFixed(0)} and ${bare.toFixed(0)}: ${ratio.toFixed(2)}; p99 ${p99Ms.toFixed(1)} ms`,
      ratio >= 0.5,
    ),
    check('their errors', 'none', failed, failed === 0),
  ];
}

function openSource(market: SoakMarket): MarketSource {
  const now = Date.parse(market.now());
  return createSyntheticMarket({ now: () => now, machineNow: () => now });
}

/** Each another key of the cache; a request to the exchange brings all of an expiration. */
function listContracts(source: MarketSource): string[] {
  return WATCHED.flatMap((symbol) =>
    source.expirations(symbol).flatMap(({ date }) => source.chain(symbol, date).map(({ terms }) => terms.symbol)),
  ).slice(0, KEYS);
}

/** Each another key, and another request to the exchange. */
function listSymbols(source: MarketSource): string[] {
  return source.allInstruments().map(({ symbol }) => symbol);
}

/** In as many lines, one after the other. */
async function work<T>(
  items: readonly T[],
  lines: number,
  ask: (item: T, line: number) => Promise<Reply>,
): Promise<Reply[]> {
  const left = [...items];
  const replies: Reply[] = [];
  const goOn = async (line: number): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) replies.push(await ask(item, line));
  };
  await Promise.all(Array.from({ length: lines }, (_each, line) => goOn(line)));
  return replies;
}

function openClients(serving: Serving, count: number): Client[] {
  return Array.from({ length: count }, (_each, index) => createClient(serving, `client-${index}`));
}

const quote = (symbols: string): string => `/api/v1/quote?symbols=${symbols}`;

async function loadKeys(): Promise<Finding[]> {
  await using market = await startMarket();
  await using serving = await startServing(market, { isLasting: true });
  const contracts = listContracts(openSource(market));
  const requests = Array.from({ length: Math.ceil(contracts.length / KEYS_IN_REQUEST) }, (_each, index) =>
    contracts.slice(index * KEYS_IN_REQUEST, (index + 1) * KEYS_IN_REQUEST).join(','),
  );
  const clients = openClients(serving, LINES);
  const ask = (symbols: string, line: number): Promise<Reply> | undefined => clients[line]?.get(quote(symbols));
  const before = residentMegabytes(serving.pid);
  const asking = async (list: readonly string[]): Promise<Reply[]> =>
    work(list, LINES, (symbols, line) => ask(symbols, line) ?? Promise.reject(new Error(`no client ${line}`)));
  const cold = await asking(requests);
  const calls = market.requests.length;
  const warm = await asking(requests);
  const single = await asking(contracts.filter((_each, index) => index % (KEYS / SINGLE_KEYS) === 0));
  const after = residentMegabytes(serving.pid);
  for (const client of clients) client[Symbol.dispose]();
  const [coldSpread, warmSpread, singleSpread] = [spreadOf(cold), spreadOf(warm), spreadOf(single)];
  const errors = coldSpread.errors + warmSpread.errors + singleSpread.errors;
  const later = market.requests.length - calls;
  return [
    check(`${contracts.length} distinct keys: errors`, 'none', errors, errors === 0),
    check('provider calls for them', `at most one per request, ${requests.length}`, calls, calls <= requests.length),
    check('the same, cached', 'no limit', renderSpread(warmSpread), true),
    check(`${SINGLE_KEYS} of them one at a time, cached`, 'no limit', renderSpread(singleSpread), true),
    check('provider calls for cached data', 'none', later, later === 0),
    check('the same, cold', 'no limit', renderSpread(coldSpread), true),
    check(
      'resident memory before and after',
      'at most 200 MB more',
      `${before.toFixed(0)} and ${after.toFixed(0)} MB`,
      after - before < 200,
    ),
  ];
}

async function loadQueue(): Promise<Finding[]> {
  await using market = await startMarket();
  await using serving = await startServing(market);
  const symbols = listSymbols(openSource(market));
  const clients = openClients(serving, PLACES + 1);
  const asker = createClient(serving, 'asker');
  const last = clients.at(-1) ?? asker;
  await Promise.all(clients.map((client) => client.get('/health/live')));
  const fill = (count: number, from: number): Promise<Reply>[] =>
    clients.slice(0, count).map((client, index) => client.get(quote(symbols[from + index] ?? '')));

  market.latencyMs = 2_000;
  const held = fill(PLACES, 0);
  while (!(await isFull(asker))) await sleep(20);
  const refused: Reply[] = [];
  for (let index = 0; index < REFUSALS; index += 1) refused.push(await last.get(quote(symbols[300] ?? '')));
  market.latencyMs = 0;
  const answered = await Promise.all(held);

  market.latencyMs = 2_000;
  const before = readTurns(serving.pid);
  let spent = before;
  const together = fill(PLACES + 1, 150).map((asked) =>
    asked.then((reply) => {
      if (reply.status === 503) spent = readTurns(serving.pid);
      return reply;
    }),
  );
  await sleep(1_500);
  market.latencyMs = 0;
  const all = await Promise.all(together);
  for (const client of [...clients, asker]) client[Symbol.dispose]();
  const [computedMs, waitedMs] = [spent.computedMs - before.computedMs, spent.waitedMs - before.waitedMs];
  const spread = spreadOf(refused);
  const missed = answered.filter(({ status }) => status !== 200).length;
  const busy = all.filter(({ status }) => status === 503);
  const others = all.filter(({ status }) => status !== 503 && status !== 200).length;
  return [
    check(
      'the 111th request while 110 are in the queue',
      `503, p95 under ${MOST_REFUSAL_MS} ms`,
      `${refused.filter(({ status }) => status === 503).length} of ${REFUSALS} with 503, p50 ${spread.p50.toFixed(1)}, p95 ${spread.p95.toFixed(1)} ms`,
      refused.every(({ status }) => status === 503) && spread.p95 < MOST_REFUSAL_MS,
    ),
    check('the 110 in the queue', 'all answered', `${PLACES - missed} answered`, missed === 0),
    check(
      '111 sent at the same moment',
      'one 503, the rest answered',
      `${busy.length} with 503 after ${busy.map(({ ms }) => ms.toFixed(0)).join(', ')} ms (the server computed ${computedMs.toFixed(0)} ms and waited ${waitedMs.toFixed(0)} ms for the CPU before that), ${all.length - busy.length - others} answered`,
      busy.length === 1 && others === 0,
    ),
  ];
}

/** Of its main thread, by Linux. */
function readTurns(pid: number): { computedMs: number; waitedMs: number } {
  const [computedNs = NaN, waitedNs = NaN] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);
  return { computedMs: computedNs / 1e6, waitedMs: waitedNs / 1e6 };
}

async function isFull(client: Client): Promise<boolean> {
  const { data } = JSON.parse((await client.get('/api/v1/stats')).body) as {
    data: { queue: { running: number; waiting: number } };
  };
  return data.queue.running + data.queue.waiting === PLACES;
}

async function loadFlood(): Promise<Finding[]> {
  await using market = await startMarket();
  await using serving = await startServing(market);
  market.latencyMs = EXCHANGE_MS;
  let [isOver, flooded, failed] = [false, 0, 0];
  const symbols = listSymbols(openSource(market));
  const own = symbols.splice(0, 2 * STEADY);
  const next = (): string => quote(own.pop() ?? '');
  // Asked for anew, because there are not as many symbols as such a client sends requests.
  const again = (): string => `${quote(symbols[flooded % symbols.length] ?? '')}&refresh=true`;
  const steady = createClient(serving, 'steady');
  const flood = createClient(serving, 'flood');
  const askSteadily = async (path: () => string): Promise<Reply[]> => {
    const replies: Reply[] = [];
    for (let index = 0; index < STEADY; index += 1) replies.push(await steady.get(path()));
    return replies;
  };
  const held = (): string => `${quote('NVDA')}&offline=true`;
  await steady.get(quote('NVDA'));
  const alone = spreadOf(await askSteadily(next));
  const flooding = Array.from({ length: FLOOD }, async () => {
    while (!isOver) {
      flooded += 1;
      if ((await flood.get(again())).status !== 200) failed += 1;
    }
  });
  const beside = spreadOf(await askSteadily(next));
  const cached = spreadOf(await askSteadily(held));
  isOver = true;
  await Promise.all(flooding);
  for (const client of [steady, flood]) client[Symbol.dispose]();
  return [
    check('one client alone', 'no limit', renderSpread(alone), alone.errors === 0),
    check(
      `the same client beside a flooding one (${flooded} requests, ${failed} failed)`,
      'no errors, p95 at most doubled, as with half of the server',
      renderSpread(beside),
      beside.errors === 0 && beside.p95 <= 2 * alone.p95,
    ),
    check('the same, for cached data', 'no errors', renderSpread(cached), cached.errors === 0),
  ];
}
