// A provider that dies and returns, and a store that is killed and comes back, under users who go on asking.
import { HAS_REDIS, startRedis } from '../helpers/redis-server.ts';
import { WATCHED } from '../helpers/morning.ts';
import { type Finding, type Section, check, sleep, startMarket } from '../soak/world.ts';
import { type Client, type Reply, type Serving, createClient, renderSpread, spreadOf, startServing } from './server.ts';

const USERS = 10;
const PAUSE_MS = 250;
/** Quotes count as fresh for 10 s in session. */
const OUTAGE_MS = 25_000;
const BACK_MS = 60_000;
const LOOK_EVERY_MS = 250;

export async function loadFaults(seconds: number): Promise<Section> {
  const store = HAS_REDIS
    ? await loadStore(seconds)
    : [check('a store that is killed', 'no limit', 'not tried: redis-server is not installed', true)];
  return {
    title: 'A provider and a store that become unreachable',
    how: `${USERS} users ask for one of ${WATCHED.length} quotes every ${PAUSE_MS} ms while the market is open. The provider cuts every connection for ${OUTAGE_MS / 1_000} s and comes back. Two servers share one Redis, which is killed, stays down for ${Math.round(seconds / 2)} s and restarts empty.`,
    findings: [...(await loadOutage()), ...store],
  };
}

interface Asking {
  /** What has come since the last look. */
  take(): (Reply & { atMs: number })[];
  stop(): Promise<void>;
}

function keepAsking(servers: readonly Serving[]): Asking {
  let replies: (Reply & { atMs: number })[] = [];
  let isOver = false;
  const clients = Array.from({ length: USERS }, (_each, index): Client => {
    const serving = servers[index % servers.length];
    if (serving === undefined) throw new Error('no server');
    return createClient(serving, `user-${index}`);
  });
  const users = clients.map(async (client, index) => {
    for (let turn = index; !isOver; turn += 1) {
      const reply = await client.get(`/api/v1/quote?symbols=${WATCHED[turn % WATCHED.length] ?? ''}`);
      replies.push({ ...reply, atMs: performance.now() });
      await sleep(PAUSE_MS);
    }
  });
  return {
    take: () => {
      const taken = replies;
      replies = [];
      return taken;
    },
    stop: async () => {
      isOver = true;
      await Promise.all(users);
      for (const client of clients) client[Symbol.dispose]();
    },
  };
}

const freshnessOf = ({ body }: Reply): string =>
  (JSON.parse(body) as { meta: { freshness?: string } }).meta.freshness ?? 'none';

async function loadOutage(): Promise<Finding[]> {
  await using market = await startMarket();
  await using serving = await startServing(market);
  const asking = keepAsking([serving]);
  await sleep(5_000);
  const before = asking.take();
  market.isDown = true;
  const callsBefore = market.requests.length;
  await sleep(OUTAGE_MS);
  const during = asking.take();
  const calls = market.requests.length - callsBefore;
  market.isDown = false;
  const returnedMs = performance.now();
  let live: number | undefined;
  while (live === undefined && performance.now() - returnedMs < BACK_MS) {
    await sleep(LOOK_EVERY_MS);
    live = asking.take().find((reply) => reply.status === 200 && freshnessOf(reply) === 'live')?.atMs;
  }
  await sleep(2_000);
  asking.take();
  await sleep(3_000);
  const after = asking.take();
  await asking.stop();
  const [first, gone, again] = [spreadOf(before), spreadOf(during), spreadOf(after)];
  const kinds = ['live', 'cached', 'stale'].map(
    (kind) => `${during.filter((reply) => freshnessOf(reply) === kind).length} ${kind}`,
  );
  return [
    check('before: errors', 'none', first.errors, first.errors === 0),
    check(
      'while the provider is unreachable: errors',
      'none: cached data are shown with their age',
      `${gone.errors}; ${kinds.join(', ')}`,
      gone.errors === 0,
    ),
    check('response times', 'no limit', renderSpread(gone), true),
    check(
      'requests sent to it in that time',
      `fewer than a tenth of ${during.length} answers: the breaker works`,
      calls,
      calls < during.length / 10,
    ),
    check(
      'live again after it came back',
      'within 60 s',
      live === undefined ? 'not' : `${((live - returnedMs) / 1_000).toFixed(1)} s`,
      live !== undefined,
    ),
    check('then: errors', 'none', `${again.errors}; ${renderSpread(again)}`, again.errors === 0),
  ];
}

async function loadStore(seconds: number): Promise<Finding[]> {
  await using market = await startMarket();
  await using redis = await startRedis();
  const env = { FIN_STORE: redis.url };
  await using one = await startServing(market, { env });
  await using two = await startServing(market, { env });
  const asking = keepAsking([one, two]);
  await sleep(5_000);
  const before = asking.take();
  await redis.kill();
  const away = (seconds / 2) * 1_000;
  await sleep(away);
  const during = asking.take();
  await redis.start();
  const returnedMs = performance.now();
  let keys = 0;
  while (keys === 0 && performance.now() - returnedMs < BACK_MS) {
    await sleep(LOOK_EVERY_MS);
    keys = await redis.client.dbsize().catch(() => 0);
  }
  const backMs = performance.now() - returnedMs;
  asking.take();
  await sleep(5_000);
  const after = asking.take();
  await asking.stop();
  const said = `${await one.end()}${await two.end()}`;
  const notes = said.match(/note: store[^\n]*/g) ?? [];
  const [first, gone, again] = [spreadOf(before), spreadOf(during), spreadOf(after)];
  return [
    check('with the store: errors', 'none', `${first.errors}; ${renderSpread(first)}`, first.errors === 0),
    check('without the store: errors', 'none', `${gone.errors}; ${renderSpread(gone)}`, gone.errors === 0),
    check('notes from the two servers', 'at least one note each', notes.length, notes.length >= 2),
    check(
      'in use again after it came back',
      'within 60 s',
      keys > 0 ? `${(backMs / 1_000).toFixed(1)} s` : 'not',
      keys > 0,
    ),
    check('then: errors', 'none', `${again.errors}; ${renderSpread(again)}`, again.errors === 0),
  ];
}
