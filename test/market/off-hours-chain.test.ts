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

describe('a chain held from the evening before a split', () => {
  const EVENING = Date.parse('2026-11-19T20:30:00-05:00');
  const MORNING = Date.parse('2026-11-20T08:00:00-05:00');
  type Row = { symbol: string; strike: number; bid: number; last: number; prevclose: number; close: number | null };

  /** Ten for one: prices, strikes and symbols of contracts. */
  const split = (row: Row): Row => {
    const by10 = (price: number): number => Math.round(price * 10) / 100;
    const strike = String(Math.round(row.strike * 100)).padStart(8, '0');
    const symbol = row.symbol.length > 10 ? row.symbol.slice(0, -8) + strike : row.symbol;
    const [last, prevclose, close] = [by10(row.last), by10(row.prevclose), row.close === null ? null : by10(row.close)];
    return { ...row, symbol, strike: by10(row.strike), last, prevclose, close };
  };

  async function openSplit(isDark: boolean) {
    const clock = createTestClock(EVENING);
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
    const ask = async () =>
      answerChain(
        { symbol: 'SPY', side: 'both', strikes: 'all', expiration: '2026-12-18' },
        { market, clock, request: createRequest() },
      );
    const before = await ask();
    clock.set(MORNING);
    const get = async (path: string): Promise<string> =>
      (await fetch(`${server.baseUrl}${path}`, { headers: { authorization: 'Bearer k' } })).text();
    const chain = JSON.parse(await get('/v1/markets/options/chains?symbol=SPY&expiration=2026-12-18&greeks=true')) as {
      options: { option: Row[] };
    };
    const { quotes } = JSON.parse(await get('/v1/markets/quotes?symbols=SPY')) as { quotes: { quote: Row } };
    const body = { options: { option: chain.options.option.map(split) } };
    server.interfere = ({ path }) => {
      if (path.includes('chains')) return { body: isDark ? empty(JSON.stringify(body)) : body };
      return path.includes('quotes') ? { body: { quotes: { quote: split(quotes.quote) } } } : undefined;
    };
    server.forget();
    return { server, before, ask };
  }

  it.each([
    ['is asked for again in the morning, once', false],
    ['gives way to one without bids and asks', true],
  ])('%s', async (_title, isDark) => {
    const { server, before, ask } = await openSplit(isDark);
    const after = await ask();
    expect(before.data?.contracts.every(({ strike }) => strike > 300)).toBe(true);
    expect(after.data?.contracts.every(({ strike }) => strike < 100)).toBe(true);
    expect(after.data?.spot).toBeCloseTo((before.data?.spot ?? NaN) / 10, 1);
    expect(after.meta.freshness).toBe('live');
    await ask();
    expect(server.calls('chains')).toBe(1);
  });
});
