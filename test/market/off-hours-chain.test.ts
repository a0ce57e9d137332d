import { describe, expect, it } from 'vitest';
import { answerChain } from '../../src/tools/options.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { createRequest, createTestClock, openProcess, startCountingExchange } from './world.ts';

const AT_CLOSE = Date.parse('2026-11-19T15:59:30-05:00');
const NIGHT = Date.parse('2026-11-19T22:00:00-05:00');
const NEXT_MORNING = Date.parse('2026-11-20T11:00:00-05:00');

/** Makes a chain what some providers send at night: contracts with open interest, without bids, asks and greeks. */
function empty(body: string): unknown {
  const chain = JSON.parse(body) as { options: { option: Record<string, unknown>[] } };
  return {
    options: {
      option: chain.options.option.map((row) => ({ ...row, bid: 0, ask: 0, bid_date: 0, ask_date: 0, greeks: null })),
    },
  };
}

async function start() {
  const clock = createTestClock(AT_CLOSE);
  const server = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
  let sent = '';
  const readChain = async (changes = {}) =>
    answerChain(
      { symbol: 'SPY', side: 'both', strikes: 3, expiration: '2026-12-18' },
      { market, clock, request: createRequest(changes) },
    );
  const goDark = async (): Promise<void> => {
    const reply = await fetch(
      `${server.baseUrl}/v1/markets/options/chains?symbol=SPY&expiration=2026-12-18&greeks=true`,
      { headers: { authorization: 'Bearer k' } },
    );
    sent = await reply.text();
    server.interfere = (request) => (request.path.includes('chains') ? { body: empty(sent) } : undefined);
    server.forget();
  };
  return { clock, server, readChain, goDark };
}

describe('a chain that comes without prices and greeks off hours', () => {
  it('is shown from the last good snapshot, labelled stale with its time, and is not asked for again and again', async () => {
    const { clock, server, readChain, goDark } = await start();
    const day = await readChain();
    await goDark();
    clock.set(NIGHT);
    // A chain of the session is fresh for 30 s: this asks.
    const night = await readChain();
    expect(server.calls('chains')).toBe(1);
    expect(night.data?.contracts).toEqual(day.data?.contracts);
    expect(night.meta).toMatchObject({ freshness: 'stale', fetchedAt: '2026-11-19T15:59:30-05:00' });
    expect(night.notes).toEqual([
      expect.stringMatching(/^stale: bids, asks and greeks are from the last snapshot, fetched 2026-11-19 15:59 ET/),
    ]);
    clock.advance(3_600_000);
    const later = await readChain();
    expect(server.calls('chains')).toBe(1);
    expect(later.meta).toMatchObject({ freshness: 'stale', fetchedAt: '2026-11-19T15:59:30-05:00' });
    const refreshed = await readChain({ refresh: true });
    expect(server.calls('chains')).toBe(2);
    expect(refreshed.data?.contracts).toEqual(day.data?.contracts);
  });

  it('is what it is in session, without a snapshot, and where the snapshot is too old', async () => {
    const { clock, readChain, goDark } = await start();
    await goDark();
    clock.set(NIGHT);
    const alone = await readChain();
    expect(alone.data?.contracts.every(({ bid, iv }) => bid === undefined && iv === undefined)).toBe(true);
    const second = await start();
    await second.readChain();
    await second.goDark();
    second.clock.set(NEXT_MORNING);
    const inSession = await second.readChain();
    expect(inSession.meta.freshness).toBe('live');
    expect(inSession.data?.contracts.every(({ bid }) => bid === undefined)).toBe(true);
    const third = await start();
    await third.readChain();
    await third.goDark();
    third.clock.set(NIGHT + 8 * 86_400_000);
    expect((await third.readChain()).notes).toEqual([]);
  });
});
