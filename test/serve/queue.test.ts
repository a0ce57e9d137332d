// Who works, who waits and who is sent away: by itself, and as clients of a server meet it.
import { describe, expect, it } from 'vitest';
import { type Queue, QueueFullError, createQueue } from '../../src/app/queue.ts';
import { startModelServer } from '../helpers/model-server.ts';
import { Secret } from '../../src/config.ts';
import { type World, openEvents, startWorld } from './world.ts';

const NEVER = new AbortController().signal;
const QUESTION = JSON.stringify({ question: 'price of NVDA' });

/** Enters and notes when it is its turn. */
function enter(queue: Queue, client: string, order: string[], signal = NEVER): Promise<(() => void) | Error> {
  return queue.enter(client, signal).then(
    (leave) => {
      order.push(client);
      return leave;
    },
    (error: unknown) => error as Error,
  );
}

const create = (concurrency: number, mostWaiting: number): Queue =>
  createQueue({ concurrency, mostWaiting, machineNow: () => 0 });

describe('the queue', () => {
  it('gives turns to clients one after the other, however many places one of them has', async () => {
    const queue = create(1, 100);
    const order: string[] = [];
    const all = ['flood', 'flood', 'flood', 'flood', 'one', 'two', 'two'].map((client) => enter(queue, client, order));
    for (const entered of [0, 1, 4, 5, 2, 6, 3]) {
      const leave = await all[entered];
      if (typeof leave === 'function') leave();
    }
    expect(order).toEqual(['flood', 'flood', 'one', 'two', 'flood', 'two', 'flood']);
    await queue.idle();
    expect(queue.stats()).toMatchObject({ running: 0, waiting: 0, rejected: 0 });
  });

  it('sends away who comes when too many wait, with a time to come back', async () => {
    const queue = create(1, 1);
    const order: string[] = [];
    const [, , third] = ['a', 'b', 'c'].map((client) => enter(queue, client, order));
    const error = await third;
    expect(error).toBeInstanceOf(QueueFullError);
    expect((error as QueueFullError).retryAfterS).toBeGreaterThanOrEqual(1);
    expect(queue.stats()).toMatchObject({ running: 1, waiting: 1, rejected: 1 });
  });

  it('makes room for another client at the end of the longest line', async () => {
    const queue = create(1, 3);
    const order: string[] = [];
    const flood = Array.from({ length: 4 }, () => enter(queue, 'flood', order));
    const other = enter(queue, 'other', order);
    expect(await flood[3]).toBeInstanceOf(QueueFullError);
    const first = await flood[0];
    if (typeof first === 'function') first();
    const second = await flood[1];
    if (typeof second === 'function') second();
    expect(await other).toBeTypeOf('function');
    expect(order).toEqual(['flood', 'flood', 'other']);
  });

  it('keeps the last place for a client with nothing at work, while one has been about', async () => {
    let nowMs = 0;
    const queue = createQueue({ concurrency: 3, mostWaiting: 2, machineNow: () => nowMs });
    const order: string[] = [];
    const visit = await enter(queue, 'other', order);
    if (typeof visit === 'function') visit();
    const [first, second] = await Promise.all([1, 2].map(() => enter(queue, 'flood', order)));
    const third = enter(queue, 'flood', order);
    expect(queue.stats()).toMatchObject({ running: 2, waiting: 1 });
    expect([queue.isFree('flood'), queue.isFree('other')]).toEqual([false, true]);
    const other = await enter(queue, 'other', order);
    expect(queue.stats()).toMatchObject({ running: 3, waiting: 1 });
    if (typeof other === 'function') other();
    if (typeof first === 'function') first();
    expect(await third).toBeTypeOf('function');
    nowMs = 60_000;
    expect(await enter(queue, 'flood', order)).toBeTypeOf('function');
    if (typeof second === 'function') second();
    expect(order).toEqual(['other', 'flood', 'flood', 'other', 'flood', 'flood']);
  });

  it('takes no fewer than it says where one floods: the kept place goes before a refusal', async () => {
    const queue = create(2, 1);
    const order: string[] = [];
    const visit = await enter(queue, 'other', order);
    if (typeof visit === 'function') visit();
    const flood = Array.from({ length: 4 }, () => enter(queue, 'flood', order));
    expect(await flood[3]).toBeInstanceOf(QueueFullError);
    expect(queue.stats()).toMatchObject({ running: 2, waiting: 1, rejected: 1 });
  });

  it('reads newcomers before each piece of work that takes a while', async () => {
    const queue = createQueue({ concurrency: 1, mostWaiting: 0, machineNow: () => 0 });
    const order: string[] = [];
    const begun = [1, 2].map((number) => queue.readNewcomers().then(() => order.push(`work ${number}`)));
    setImmediate(() => setImmediate(() => order.push('newcomer')));
    await Promise.all(begun);
    expect(order).toEqual(['work 1', 'newcomer', 'work 2']);
  });

  it('forgets who has gone, waiting or before it came', async () => {
    const queue = create(1, 1);
    const [gone, order] = [new AbortController(), [] as string[]];
    const first = await enter(queue, 'a', order);
    const waiting = enter(queue, 'b', order, gone.signal);
    gone.abort();
    expect(await waiting).toMatchObject({ code: 'cancelled' });
    expect(await enter(queue, 'b', order, gone.signal)).toMatchObject({ code: 'cancelled' });
    if (typeof first === 'function') for (const leave of [first, first]) leave();
    expect(queue.stats()).toMatchObject({ running: 0, waiting: 0 });
  });
});

/** A server whose questions take as long as its model says nothing. */
async function startSlow(options: Parameters<typeof startWorld>[0] = {}): Promise<{ world: World } & AsyncDisposable> {
  const model = await startModelServer(() => ({ fault: 'hang' }));
  const world = await startWorld({
    config: { model: { baseUrl: model.baseUrl, name: 'slow', apiKey: new Secret('sk-0123456789abcdef') } },
    ...options,
  });
  return { world, [Symbol.asyncDispose]: () => model.close() };
}

const SLOW = JSON.stringify({ question: 'write a poem about NVDA', model: 'slow' });

describe('a server with more questions than it can answer', () => {
  it('lets ten work and a hundred wait; the next gets 503 with retry-after in under 50 ms', async () => {
    await using slow = await startSlow();
    const { world } = slow;
    const open = await Promise.all(
      Array.from({ length: 110 }, () => openEvents(world, '/api/v1/ask', { method: 'POST', body: SLOW })),
    );
    const ready = await world.get('/api/v1/stats');
    expect(JSON.parse(ready.body)).toMatchObject({ data: { queue: { running: 10, waiting: 100 } } });
    const times: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const refused = await world.post('/api/v1/ask', SLOW);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      times.push(refused.ms);
    }
    expect(Math.min(...times)).toBeLessThan(50);
    for (const stream of open) stream.close();
    await expect
      .poll(async () => (await world.get('/api/v1/stats')).body, { timeout: 20_000 })
      .toContain('"running": 0,\n      "waiting": 0');
  });

  it('answers what the cache holds fresh at once, and the page and its health', async () => {
    await using slow = await startSlow({ concurrency: 1, queue: 5 });
    const { world } = slow;
    await world.get('/api/v1/quote?symbols=NVDA,AMD');
    const busy = await openEvents(world, '/api/v1/ask', { method: 'POST', body: SLOW });
    await expect.poll(async () => (await world.get('/api/v1/stats')).body).toContain('"running": 1');
    expect((await world.get('/api/v1/quote?symbols=AMD')).status).toBe(200);
    expect((await world.get('/api/v1/table?symbols=NVDA&columns=last')).status).toBe(200);
    expect((await world.get('/')).status).toBe(200);
    expect((await world.get('/health/ready')).status).toBe(200);
    expect(world.exchange.calls('quotes')).toBe(1);
    busy.close();
  });

  it('lets another client have its turn before a flood', async () => {
    await using slow = await startSlow({ concurrency: 1 });
    const { world } = slow;
    const isWaiting = (count: number): Promise<void> =>
      expect
        .poll(async () => (await world.get('/api/v1/stats')).body, { timeout: 20_000 })
        .toContain(`"waiting": ${count},`);
    const busy = await openEvents(world, '/api/v1/ask', { method: 'POST', body: SLOW });
    const order: string[] = [];
    const ask = (client: string, symbol: string): Promise<void> =>
      world
        .get(`/api/v1/quote?symbols=${symbol}`, { 'x-fin-client': client })
        .then(({ status }) => void order.push(`${client} ${status}`));
    const flood = ['AAPL', 'MSFT', 'GOOG', 'AMZN', 'META', 'TSLA'].map((symbol) => ask('flood', symbol));
    await isWaiting(6);
    const other = ask('other', 'SPY');
    await isWaiting(7);
    busy.close();
    await Promise.all([other, ...flood]);
    expect(order).toHaveLength(7);
    expect(order.indexOf('other 200')).toBeLessThan(3);
  });

  it('takes back the place of a client that has gone, and stops its work', async () => {
    const world = await startWorld({ concurrency: 1 });
    world.exchange.interfere = () => ({ fault: 'hang' });
    const gone = await openEvents(world, '/api/v1/ask', { method: 'POST', body: QUESTION });
    await gone.shows('progress');
    gone.close();
    world.exchange.interfere = undefined;
    const next = await world.post('/api/v1/ask', JSON.stringify({ question: 'price of AMD' }));
    expect(next.status).toBe(200);
  });
});
