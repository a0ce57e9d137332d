// What only a store of several machines has to answer for: a server that is away, hangs, refuses or forgets, and clocks
// that differ.
import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { entryKey } from '../../src/cache/envelope.ts';
import type { RedisStore } from '../../src/cache/redis-store.ts';
import { createEntryStore } from '../../src/cache/store.ts';
import { HAS_REDIS, WITHOUT_REDIS, startRedis } from '../helpers/redis-server.ts';
import { createEnvelope, createTempFolder } from './helpers.ts';
import { openTestStore } from './homes.ts';

const KEY = { provider: 'tradier', keyHash: 'abc' } as const;
const ENTRY = entryKey('quote', 'tradier@test', 'AAPL');
const AWAY = 'using the local cache and a fifth of each limit';

const opened: RedisStore[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

/** One process of one machine. */
function openProcess(url: string, changes: Parameters<typeof openTestStore>[1] = {}) {
  const notes: string[] = [];
  const store = openTestStore(url, { ...changes, onNote: (text) => notes.push(text) });
  opened.push(store);
  return {
    ...store,
    notes,
    entries: createEntryStore({ home: store.home, machineNow: Date.now, onNote: (text) => notes.push(text) }),
    /** How many of so many are granted at once. */
    grants: async (asked: number, limit: number): Promise<number> => {
      const nowMs = Date.now();
      const all = await Promise.all(
        Array.from({ length: asked }, () => store.state.reserveSlot(KEY, limit, nowMs, nowMs + 10_000)),
      );
      return all.filter(({ granted }) => granted).length;
    },
  };
}

describe('a store that is away', () => {
  it('from the start: the machine goes on alone with a fifth of the limit, says so once, and others remember it', async () => {
    const folder = createTempFolder();
    const process = openProcess('redis://127.0.0.1:1', { folder });
    expect(await process.grants(10, 10)).toBe(2);
    await process.entries.set(ENTRY, createEnvelope('kept'));
    expect((await process.entries.get<string>(ENTRY))?.value).toBe('kept');
    expect(process.notes).toEqual([`store: redis://127.0.0.1:1/0 refuses the connection; ${AWAY}`]);
    expect([await process.state.readLimit(10), await process.state.readLimit(3)]).toEqual([2, 1]);
    const next = openProcess('redis://127.0.0.1:1', { folder });
    expect((await next.entries.get<string>(ENTRY))?.value).toBe('kept');
    expect(next.notes).toEqual([`store: redis://127.0.0.1:1/0 was unreachable a moment ago; ${AWAY}`]);
  });

  it('and silent costs one process a second, and the next ones nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const url = `redis://127.0.0.1:${(silent.address() as { port: number }).port}`;
    const folder = createTempFolder();
    const first = openProcess(url, { folder });
    expect(await first.grants(1, 10)).toBe(1);
    expect(first.notes[0]).toContain('did not answer within 1000 ms');
    const next = openProcess(url, { folder });
    const startedMs = performance.now();
    expect(await next.grants(1, 10)).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(700);
    expect(next.notes[0]).toContain('was unreachable a moment ago');
    silent.close();
  });

  it('is told in words that hold no password', async () => {
    const process = openProcess('rediss://someone:my-secret-password@no-such-host.invalid:1/3');
    await process.grants(1, 10);
    expect(process.notes).toEqual([
      `store: rediss://no-such-host.invalid:1/3 has a host name that cannot be found; ${AWAY}`,
    ]);
  });
});

describe.skipIf(!HAS_REDIS)(`a store of several machines${WITHOUT_REDIS}`, () => {
  it('that stops in the middle of work, silent or killed, is left and found again by itself', async () => {
    await using server = await startRedis();
    let nowMs = Date.now();
    const process = openProcess(server.url, { machineNow: () => nowMs });
    expect(await process.grants(3, 10)).toBe(3);
    server.pause();
    await process.entries.set(ENTRY, createEnvelope('alone'));
    expect(process.notes).toEqual([`store: ${server.url}/0 did not answer within 1000 ms; ${AWAY}`]);
    expect(await process.grants(10, 10), 'three of the fifth were had before').toBe(0);
    server.resume();
    nowMs += 31_000;
    await expect.poll(() => process.readStatus()).toEqual({ address: `${server.url}/0` });
    expect(process.notes.at(-1)).toBe(`store: ${server.url}/0 is back`);
    expect(await process.state.countUsed(KEY, nowMs)).toBe(3);
    await server.kill();
    expect(await process.entries.get(ENTRY)).toBeDefined();
    expect(process.notes.at(-1)).toMatch(/closed the connection|refuses the connection/);
  });

  it('that forgets is told by each machine what it had, and grants no more than a fifth until all may have come', async () => {
    await using server = await startRedis();
    const [one, two] = [openProcess(server.url), openProcess(server.url)];
    expect([await one.grants(5, 10), await two.grants(5, 10)]).toEqual([5, 5]);
    await server.kill();
    await server.start();
    for (const process of [one, two]) {
      await process.grants(1, 10);
      await process.readStatus();
    }
    expect([await one.grants(5, 10), await two.grants(5, 10)]).toEqual([0, 0]);
    const fresh = openProcess(server.url);
    expect(await fresh.grants(10, 20), 'ten are known, a fifth of twenty for each machine').toBe(4);
    expect(await one.state.countUsed(KEY, Date.now())).toBe(14);
  });

  it('that closes what was idle is connected again without a word', async () => {
    await using server = await startRedis();
    const process = openProcess(server.url);
    await process.entries.set(ENTRY, createEnvelope('x'));
    await server.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    // The end of the other connection has come before this answer.
    await server.client.ping();
    await expect.poll(() => process.home.readSizes()).toMatchObject({ quote: { entries: 1 } });
    expect(process.notes).toEqual([]);
  });

  it('that refuses writes is not said to be back where only reading works', async () => {
    await using server = await startRedis();
    let nowMs = Date.now();
    const process = openProcess(server.url, { machineNow: () => nowMs });
    await process.grants(1, 10);
    await server.client.replicaof('127.0.0.1', 1);
    for (let time = 0; time < 3; time += 1) {
      await process.grants(1, 10);
      await process.readStatus();
      nowMs += 31_000;
    }
    expect(process.notes).toHaveLength(1);
    await server.client.replicaof('NO', 'ONE');
    await expect.poll(() => process.readStatus()).toEqual({ address: `${server.url}/0` });
    expect(process.notes).toHaveLength(2);
  });

  it('never grants more than the limit in any window, over many connections whose clocks differ', async () => {
    await using server = await startRedis();
    const windowMs = 250;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -7_200_000, max: 7_200_000 }), { minLength: 4, maxLength: 8 }),
        fc.integer({ min: 1, max: 6 }),
        async (skews, limit) => {
          await server.client.flushall();
          const begun: number[] = [];
          const untilMs = performance.now() + 3 * windowMs;
          await Promise.all(
            skews.map(async (skewMs) => {
              const { state } = openProcess(server.url, { times: { windowMs }, machineNow: () => Date.now() + skewMs });
              while (performance.now() < untilMs) {
                const nowMs = Date.now() + skewMs;
                const reserved = await state.reserveSlot(KEY, limit, nowMs, nowMs + 100);
                if (reserved.granted) {
                  begun.push(performance.now());
                  await state.settleSlot(reserved.slot, Date.now() + skewMs);
                } else {
                  expect('freeAtMs' in reserved && reserved.freeAtMs - nowMs).toBeLessThanOrEqual(2 * windowMs + 100);
                }
              }
            }),
          );
          for (const start of begun)
            expect(begun.filter((at) => at >= start && at < start + windowMs).length).toBeLessThanOrEqual(limit);
          expect(begun.length).toBeGreaterThanOrEqual(limit);
        },
      ),
      { numRuns: 3 },
    );
  });

  it.each([
    [['--requirepass', 'my-secret-password'], '', 'requires a password, and FIN_STORE has none'],
    [['--requirepass', 'my-secret-password'], ':not-the-password@', 'refuses the user or password in FIN_STORE'],
    [['--replicaof', '127.0.0.1', '1'], '', 'is a read-only replica; FIN_STORE must name the primary'],
    [['--maxmemory', '1', '--maxmemory-policy', 'noeviction'], '', 'is full (maxmemory is reached)'],
  ])('started with %j is told in plain words', async (options, login, words) => {
    await using server = await startRedis(options);
    const process = openProcess(server.url.replace('//', `//${login}`));
    await process.grants(1, 10);
    expect(process.notes).toEqual([`store: ${server.url}/0 ${words}; ${AWAY}`]);
    expect((await process.readStatus()).away).toBe(words);
  });

  it('takes the right password, as a user too, and one that nobody wants', async () => {
    await using locked = await startRedis([
      '--requirepass',
      'pass/word+1',
      '--user',
      'fin',
      'on',
      '>word@2',
      '~*',
      '&*',
      '+@all',
    ]);
    await using open = await startRedis();
    for (const url of [
      locked.url.replace('//', '//:pass%2Fword%2B1@'),
      locked.url.replace('//', '//fin:word%402@'),
      open.url.replace('//', '//:not-asked-for@'),
    ]) {
      const process = openProcess(url);
      expect(await process.grants(10, 30)).toBe(10);
      expect(process.notes).toEqual([]);
    }
  });

  it('takes what is damaged or foreign in it for nothing, and never fails of it', async () => {
    await using server = await startRedis();
    const process = openProcess(server.url);
    const { client } = server;
    const limit = 'fin:3:limit:tradier:abc';
    await client.lpush(`fin:3:entry:${ENTRY}`, 'x');
    await client.set('fin:3:entry:quote|a', '{"value":{"v":1,');
    await client.set('fin:3:entry:quote|b', '{"value":{"v":2,"kind":"quote"}}');
    await client.set(`${limit}:under-way`, 'x');
    await client.lpush(`${limit}:ended`, 'x');
    await client.hset(`${limit}:said`, 'remaining', 'many', 'blocked', 'inf', 'reset', 'nan');
    await client.set('fin:3:store', 'x');
    await client.hset('fin:3:breaker:tradier', 'opened', 'x', 'failures', '-');
    await client.set('fin:3:lease:x', 'nonsense');
    await client.sadd('fin:3:lease:y', 'nonsense');
    await client.sadd('fin:3:refusal:tradier:abc:chains', 'x');
    await client.set('fin:3:counts:all', 'x');
    await client.set('fin:3:popular', 'x');
    for (const key of [ENTRY, 'quote|a', 'quote|b']) expect(await process.entries.get(key)).toBeUndefined();
    await process.entries.set(ENTRY, createEnvelope('new'));
    expect((await process.entries.get<string>(ENTRY))?.value).toBe('new');
    const nowMs = Date.now();
    const gate = { breaker: 'tradier', endpoint: 'chains' };
    expect((await process.state.reserveSlot(KEY, 2, nowMs, nowMs + 1_000, 0, gate)).granted).toBe(true);
    expect(await process.state.countUsed(KEY, nowMs)).toBe(1);
    await process.state.recordOutcome('tradier', false, nowMs);
    expect(await process.state.readBreaker('tradier', nowMs)).toEqual({ state: 'closed', failures: 1 });
    expect(await process.state.claimLeases(['x', 'y'], '1-a', nowMs, nowMs + 1_000)).toEqual(['x', 'y']);
    const uses = new Map([['AAPL', 1]]);
    await process.counters.add({ counts: new Map(), latencies: new Map(), uses }, nowMs);
    await process.counters.add({ counts: new Map(), latencies: new Map(), uses }, nowMs);
    expect(await process.counters.readPopular(1, nowMs)).toEqual(['AAPL']);
    expect(process.notes).toEqual(['cache: an entry could not be read or saved; its value will be fetched again']);
  });

  it('keeps entries for as long as they can be shown, ledger and breakers for good, and the sample market apart', async () => {
    await using server = await startRedis();
    const real = openProcess(server.url, { usableMs: () => 90 * 24 * 3_600_000 });
    const sample = openProcess(server.url, { isSample: true });
    for (const process of [real, sample]) await process.entries.set(ENTRY, createEnvelope('x'));
    await real.grants(1, 10);
    await real.state.recordOutcome('tradier', false, Date.now());
    expect(await server.client.pttl(`fin:3:entry:${ENTRY}`)).toBeGreaterThan(89 * 24 * 3_600_000);
    expect(await server.client.pttl(`fin:3:sample:entry:${ENTRY}`)).toBeGreaterThan(0);
    for (const key of ['fin:3:limit:tradier:abc:under-way', 'fin:3:breaker:tradier'])
      expect(await server.client.pttl(key)).toBe(-1);
    expect(await sample.entries.clear()).toBe(1);
    expect(await real.entries.get(ENTRY)).toBeDefined();
    expect((await server.client.keys('*')).filter((key) => !key.startsWith('fin:3:'))).toEqual([]);
  });

  it('gives a lease of another machine back when its time is over, whatever that process is here', async () => {
    await using server = await startRedis();
    const [one, two] = [openProcess(server.url), openProcess(server.url)];
    const [dead, nowMs] = ['999999999-a', Date.now()];
    expect(await one.state.claimLeases(['x'], dead, nowMs, nowMs + 300)).toEqual(['x']);
    expect(await two.state.claimLeases(['x'], '1-b', nowMs, nowMs + 300)).toEqual([]);
    await expect.poll(() => two.state.claimLeases(['x'], '1-b', nowMs, nowMs + 300)).toEqual(['x']);
    await one.state.releaseLeases(['x'], dead, nowMs);
    expect(await server.client.exists('fin:3:lease:x')).toBe(1);
  });
});
