// Streams of quotes: one look for all who watch the same, comments that keep them open, and an end in order.
import { describe, expect, it } from 'vitest';
import { IN_SESSION } from '../market/world.ts';
import { openEvents, startWorld } from './world.ts';

describe('watching over HTTP', () => {
  it('shares one look among all who watch equal symbols, in whatever order they name them', async () => {
    let now = IN_SESSION;
    const world = await startWorld({ clock: { now: () => now, machineNow: () => Date.now() } });
    const first = await openEvents(world, '/api/v1/watch?symbols=NVDA,AMD');
    expect((await first.shows('quotes')).data).toMatchObject({
      command: 'quote',
      ok: true,
      data: [{ symbol: 'AMD' }, { symbol: 'NVDA' }],
    });
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        openEvents(
          world,
          index % 2 === 0 ? '/api/v1/watch?symbols=AMD&symbols=NVDA' : '/api/v1/watch?symbols=NVDA,AMD,NVDA',
          {
            headers: { 'x-fin-client': `c${index}` },
          },
        ),
      ),
    );
    for (const other of others) await other.shows('quotes');
    // One each two seconds, however slow this machine is; not one each watcher.
    expect(world.exchange.calls('quotes')).toBeLessThanOrEqual(4);
    now += 60_000;
    for (const stream of [first, ...others]) await stream.shows('quotes', 2);
    expect(world.exchange.calls('quotes')).toBeLessThanOrEqual(8);
    const asked = world.exchange.calls('quotes');
    for (const stream of [first, ...others]) stream.close();
    await expect.poll(async () => (await world.get('/api/v1/stats')).body).toContain('"streams": 0');
    expect(world.exchange.calls('quotes')).toBeLessThanOrEqual(asked + 1);
  });

  it('sends a comment now and then, and stays open without news', async () => {
    const world = await startWorld({ bounds: { commentEveryMs: 30 } });
    const stream = await openEvents(world, '/api/v1/watch?symbols=NVDA');
    await expect.poll(() => stream.text()).toMatch(/(?:^|\n): .*\n\n[^]*\n: /);
    stream.close();
  });

  it.each([
    [400, '/api/v1/watch'],
    [400, '/api/v1/watch?symbols=N%21V'],
    [400, '/api/v1/watch?symbols=NVDA&columns=last'],
    [400, '/api/v1/watch?symbols=@nowhere'],
  ])('answers %i to %s before a stream begins', async (status, path) => {
    const world = await startWorld();
    expect((await world.get(path)).status).toBe(status);
  });

  it('says what fails and goes on', async () => {
    const world = await startWorld();
    const stream = await openEvents(world, '/api/v1/watch?symbols=ZZZZ');
    expect((await stream.shows('quotes')).data).toMatchObject({ ok: false, errors: [{ code: 'no_data' }] });
    stream.close();
  });

  it('bounds the streams of one client', async () => {
    const world = await startWorld();
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => openEvents(world, '/api/v1/watch?symbols=NVDA')),
    );
    const refused = await world.get('/api/v1/watch?symbols=NVDA');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '30']);
    expect(refused.body).toContain('20 streams are open for this client');
    streams.push(await openEvents(world, '/api/v1/watch?symbols=NVDA', { headers: { 'x-fin-client': 'other' } }));
    expect(streams.at(-1)?.status).toBe(200);
    for (const stream of streams) stream.close();
  });

  it('ends when the server does', async () => {
    const world = await startWorld();
    const stream = await openEvents(world, '/api/v1/watch?symbols=NVDA');
    await stream.shows('quotes');
    await world.server.drain();
    await stream.ended;
  });
});
