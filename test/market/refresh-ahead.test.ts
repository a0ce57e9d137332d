import { describe, expect, it } from 'vitest';
import { createFreshnessTable } from '../../src/cache/freshness.ts';
import { createRefreshAheadMarket } from '../../src/market/refresh-ahead.ts';
import { createTempFolder } from '../cache/helpers.ts';
import {
  IN_SESSION,
  WEEKEND,
  createRequest,
  createTestClock,
  openProcess,
  startCountingExchange,
  valueOf,
} from './world.ts';

async function start(nowMs: number) {
  const clock = createTestClock(nowMs);
  let machineMs = Date.now();
  const both = {
    ...clock,
    machineNow: () => machineMs,
    advance: (ms: number) => void (clock.advance(ms), (machineMs += ms)),
  };
  const server = await startCountingExchange(clock);
  const { market, counters } = openProcess({ folder: createTempFolder(), clock, tradier: server });
  const room = { left: true };
  const ahead = createRefreshAheadMarket({
    market,
    freshness: createFreshnessTable({}),
    clock: both,
    mayAsk: () => Promise.resolve(room.left),
    report: () => undefined,
  });
  return { clock: both, server, ahead, counters, room };
}

describe('what a reader of a session looks at', () => {
  it('is fetched again shortly before it expires, so that the next question is answered from the cache', async () => {
    const { clock, server, ahead, counters } = await start(IN_SESSION);
    await ahead.market.quotes(['AAPL', 'NVDA'], createRequest());
    clock.advance(5_000);
    await ahead.refreshDue();
    expect(server.calls()).toBe(1);
    clock.advance(3_500);
    await ahead.refreshDue();
    expect(server.calls()).toBe(2);
    clock.advance(5_000);
    const outcome = (await ahead.market.quotes(['AAPL'], createRequest())).get('AAPL');
    expect(outcome).toMatchObject({ ok: true, source: { freshness: 'cached' } });
    expect(server.calls()).toBe(2);
    // Nobody asked for what was refreshed: it is a call, and no miss.
    expect((await counters.readStats()).byKind['quote']).toMatchObject({ hits: 1, misses: 2, providerCalls: 2 });
  });

  it('is left alone where the limit has no room, when nobody has asked for a minute, and while the market is closed', async () => {
    const { clock, server, ahead, room } = await start(IN_SESSION);
    await ahead.market.quotes(['AAPL'], createRequest());
    room.left = false;
    clock.advance(9_000);
    await ahead.refreshDue();
    expect(server.calls()).toBe(1);
    room.left = true;
    clock.advance(55_000);
    await ahead.refreshDue();
    expect(server.calls()).toBe(1);
    const closed = await start(WEEKEND);
    await closed.ahead.market.quotes(['AAPL'], createRequest());
    closed.clock.advance(50_000);
    await closed.ahead.refreshDue();
    expect(closed.server.calls()).toBe(1);
  });

  it('includes chains and the running bars of histories, whose quotes are asked for together', async () => {
    const { clock, server, ahead } = await start(IN_SESSION);
    valueOf(await ahead.market.dailySeries('AAPL', createRequest()));
    valueOf(await ahead.market.dailySeries('NVDA', createRequest()));
    valueOf(await ahead.market.chain('SPY', '2026-11-20', createRequest()));
    server.forget();
    clock.advance(29_000);
    await ahead.refreshDue();
    expect(server.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['chains']);
    clock.advance(29_500);
    await ahead.refreshDue();
    expect(server.requests.at(-2)?.query.get('symbols')).toBe('AAPL,NVDA');
    expect((await ahead.market.dailySeries('AAPL', createRequest())).ok && server.calls('history')).toBe(0);
  });

  it('ends with the session: a request on its way is given up', async () => {
    const { clock, server, ahead } = await start(IN_SESSION);
    await ahead.market.quotes(['AAPL'], createRequest());
    clock.advance(9_000);
    server.interfere = () => ({ fault: 'hang' });
    const refreshing = ahead.refreshDue();
    while (server.calls() === 1) await new Promise((resolve) => setImmediate(resolve));
    ahead.stop();
    await refreshing;
    await ahead.refreshDue();
    expect(server.calls()).toBe(2);
  });
});
