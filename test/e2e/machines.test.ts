// Several machines on one store: whole programs with cache and data folders of their own, and one real Redis between them.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { TRADIER_KEY, asTradier, startMarket } from '../helpers/market-server.ts';
import { HAS_REDIS, WITHOUT_REDIS, startRedis } from '../helpers/redis-server.ts';
import { PROJECT_ROOT, createHome, documentOf, keptBytes } from '../helpers/run-fin.ts';
import { createCertificate } from '../helpers/tls-front.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const WINDOW_MS = 60_000;

/** Between a program and the store: counts how often one side waited for the other. */
async function countRoundTrips(port: number) {
  let trips = 0;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let isAsking = false;
    near.on('data', (bytes) => {
      if (!isAsking) trips += 1;
      isAsking = true;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      isAsking = false;
      near.write(bytes);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('close', () => other.destroy()).on('error', () => other.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = trips;
      trips = 0;
      return taken;
    },
    [Symbol.dispose]: () => server.close(),
  };
}

describe.skipIf(!HAS_REDIS)(`two machines with one store${WITHOUT_REDIS}`, () => {
  it('make one request for equal asks, and one limit holds over both', async () => {
    await using redis = await startRedis();
    await using market = await startMarket(NOW);
    market.latencyMs = 300;
    const env = { ...asTradier(market), FIN_STORE: redis.url, FIN_TRADIER_RPM: '6', FIN_NOW: NOW };
    await using one = await createHome(env);
    await using two = await createHome(env);
    const asks = [one, two, one, two].map((home) => home.run(['quote', 'NVDA', '--json']));
    const answers = (await Promise.all(asks)).map(documentOf);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(market.count('quotes')).toBe(1);
    market.latencyMs = 0;
    const symbols = ['AAPL', 'AMD', 'MSFT', 'INTC', 'SPY', 'QQQ', 'TSLA', 'META'];
    const runs = await Promise.all(
      symbols.map((symbol, index) => (index % 2 === 0 ? one : two).run(['quote', symbol, '--timeout', '20'])),
    );
    expect(market.requests).toHaveLength(6);
    expect(runs.filter(({ exitCode }) => exitCode === 0)).toHaveLength(5);
    expect(runs.flatMap(({ stderr }) => stderr.match(/note: store.*/g) ?? [])).toEqual([]);
    const stats = documentOf(await two.run(['cache', 'stats', '--json']));
    expect(stats.data).toMatchObject({
      store: { address: `${redis.url}/0` },
      providers: { tradier: { limitPerMinute: 6, usedInWindow: 6 } },
      totals: { providerCalls: 6 },
    });
  });

  it('lose nothing to a kill at any moment: the other one has its answer when the lease is over', async () => {
    await using redis = await startRedis();
    await using market = await startMarket(NOW);
    market.latencyMs = 60_000;
    const env = { ...asTradier(market), FIN_STORE: redis.url, FIN_NOW: NOW };
    await using one = await createHome(env);
    await using two = await createHome(env);
    const killed = one.start(['quote', 'NVDA', '--json']);
    await market.arrives('quotes');
    market.latencyMs = 0;
    const waiting = two.start(['quote', 'NVDA', '--json']);
    killed.child.kill('SIGKILL');
    const answer = documentOf(await waiting.ended);
    expect([answer.ok, answer.meta.providerCalls]).toEqual([true, 1]);
    expect(await redis.client.zcard(await limitKey(redis, 'under-way')), 'the dead one counts on').toBe(1);
  });

  it('count every request of processes that are killed at any moment', async () => {
    await using redis = await startRedis();
    await using market = await startMarket(NOW);
    market.latencyMs = 100;
    const env = { ...asTradier(market), FIN_STORE: redis.url, FIN_NOW: NOW };
    await using one = await createHome(env);
    await using two = await createHome(env);
    const symbols = ['AAPL', 'AMD', 'MSFT', 'INTC', 'SPY', 'QQQ', 'TSLA', 'META', 'GOOG', 'AMZN'];
    await Promise.all(
      symbols.map(async (symbol, index) => {
        const { child, ended } = (index % 2 === 0 ? one : two).start(['quote', symbol]);
        setTimeout(() => child.kill('SIGKILL'), 150 + index * 120);
        await ended;
      }),
    );
    const parts = await Promise.all(
      ['under-way', 'ended'].map(async (part) => redis.client.zcard(await limitKey(redis, part))),
    );
    expect(parts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(market.requests.length);
    expect((await one.run(['quote', 'NVDA'])).exitCode).toBe(0);
  });

  it('go on alone when the store is killed, within the limit, and come back to it by themselves', async () => {
    await using redis = await startRedis();
    await using market = await startMarket(NOW);
    const env = { ...asTradier(market), FIN_STORE: redis.url, FIN_TRADIER_RPM: '10', FIN_NOW: NOW };
    await using one = await createHome(env);
    await using two = await createHome(env);
    const ask = (home: typeof one, ...symbols: string[]) =>
      Promise.all(symbols.map((symbol) => home.run(['quote', symbol, '--json', '--timeout', '15'])));
    await ask(one, 'NVDA');
    await ask(two, 'AAPL');
    await redis.kill();
    const alone = [...(await ask(one, 'AMD', 'MSFT', 'INTC')), ...(await ask(two, 'SPY', 'QQQ', 'TSLA'))];
    // Each had one of its fifth of ten before.
    expect(alone.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 0, 5, 5, 5, 5]);
    for (const { stderr } of alone) expect(stderr).toMatch(/note: store: redis:.*a fifth of each limit/);
    expect(market.requests).toHaveLength(4);
    await redis.start();
    for (const home of [one, two])
      await expect
        .poll(async () => documentOf(await home.run(['cache', 'stats', '--json'])).data as unknown, { timeout: 20_000 })
        .toHaveProperty('store', { address: `${redis.url}/0` });
    // The store has lost its memory: each machine has had its fifth.
    await ask(one, 'META');
    await ask(two, 'GOOG');
    expect(market.requests).toHaveLength(4);
    const atMs = market.requests.map((request) => request.atMs);
    for (const start of atMs)
      expect(atMs.filter((at) => at >= start && at < start + WINDOW_MS).length).toBeLessThanOrEqual(10);
  });

  it('ask the store in few round trips, for a cold quote and a cached one', async () => {
    await using redis = await startRedis();
    await using market = await startMarket(NOW);
    using proxy = await countRoundTrips(redis.port);
    await using home = await createHome({ ...asTradier(market), FIN_STORE: proxy.url, FIN_NOW: NOW });
    await home.run(['quote', 'NVDA']);
    proxy.take();
    await home.run(['quote', 'AAPL']);
    const cold = proxy.take();
    await home.run(['quote', 'AAPL']);
    const cached = proxy.take();
    expect(cold).toBeLessThanOrEqual(9);
    expect(cached).toBeLessThanOrEqual(3);
  });

  it('keep suites, which have times and markets of their own, out of it', async () => {
    await using redis = await startRedis();
    await using home = await createHome({ FIN_STORE: redis.url });
    const suite = join(PROJECT_ROOT, 'prompts/regression.yaml');
    const run = await home.run(['batch', suite, '--only', '1', '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await redis.client.keys('*:entry:*')).toEqual([]);
  });

  it('reach it over TLS where its certificate is trusted, and say so where it is not', async () => {
    await using redis = await startRedis();
    const { key, cert } = createCertificate([127, 0, 0, 1]);
    const front = createTlsServer({ key, cert }, (near) => {
      const far = connect(redis.port, '127.0.0.1');
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
    }).listen(0, '127.0.0.1');
    await once(front, 'listening');
    const { port } = front.address() as AddressInfo;
    await using home = await createHome({ FIN_STORE: `rediss://127.0.0.1:${port}` });
    const trusted = join(home.folder, 'trusted.pem');
    writeFileSync(trusted, cert);
    const run = await home.run(['quote', 'NVDA'], { env: { NODE_EXTRA_CA_CERTS: trusted } });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(await redis.client.keys('fin:3:sample:entry:*')).toHaveLength(1);
    const refused = await home.run(['quote', 'NVDA']);
    expect(refused.exitCode).toBe(0);
    expect(refused.stderr).toContain('has a certificate that is not trusted');
    front.close();
  });

  it('with a password keep it out of everything that is said and kept', async () => {
    const password = 'store-Secret/Password+01';
    await using redis = await startRedis(['--requirepass', password]);
    await using market = await startMarket(NOW);
    const url = redis.url.replace('//', `//:${encodeURIComponent(password)}@`);
    await using home = await createHome({ ...asTradier(market), FIN_STORE: url, FIN_NOW: NOW });
    const log = `${home.folder}/log`;
    const runs = [
      await home.run(['quote', 'NVDA', '--json', '--verbose', '--log', log]),
      await home.run(['doctor', '--verbose']),
      await home.run(['cache', 'stats', '--json']),
      await home.run(['cache', 'path']),
    ];
    await redis.kill();
    runs.push(await home.run(['quote', 'AAPL', '--verbose', '--log', log]), await home.run(['doctor', '--json']));
    const said = runs.map(({ stdout, stderr }) => stdout + stderr).join('\n') + keptBytes(home);
    for (const secret of [password, encodeURIComponent(password), TRADIER_KEY]) expect(said).not.toContain(secret);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 5]);
  });
});

async function limitKey(redis: Awaited<ReturnType<typeof startRedis>>, part: string): Promise<string> {
  return (await redis.client.keys(`fin:3:limit:*:${part}`))[0] ?? '';
}
