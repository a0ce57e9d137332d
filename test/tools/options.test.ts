import { describe, expect, it } from 'vitest';
import { answerChain } from '../../src/tools/options.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

async function start(provider: 'tradier' | 'polygon' = 'tradier') {
  const clock = createTestClock(IN_SESSION);
  const server = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, [provider]: server });
  return { clock, server, context: { market, clock, request: createRequest() } };
}

describe('a chain', () => {
  it('whose expiration is not listed counts the request for the spot, though it is answered last', async () => {
    const { server, context } = await start();
    server.interfere = ({ path, method }) =>
      path.includes('quotes')
        ? { status: 200, body: { quotes: null }, delayMs: method === 'GET' ? 120 : 0 }
        : undefined;
    const answer = await answerChain(
      { symbol: 'AAPL', expiration: 'next wednesday', side: 'both', strikes: 5 },
      context,
    );
    expect(answer.errors[0]).toMatchObject({ code: 'no_data' });
    expect(answer.meta.providerCalls).toBe(server.calls());
    expect(server.calls()).toBe(2);
  });

  it('whose underlying has no quote takes the spot that the chain carries, and says so', async () => {
    const { server, context } = await start('polygon');
    server.interfere = ({ path }) =>
      path.includes('/stocks/tickers') || path.includes('/aggs/')
        ? { status: 400, body: { status: 'ERROR', error: 'not today' } }
        : undefined;
    const answer = await answerChain({ symbol: 'AAPL', side: 'both', strikes: 5 }, context);
    expect(answer.data?.spot).toBeGreaterThan(0);
    expect(answer.notes.join()).toMatch(/the spot is the chain’s own: Polygon snapshots: not today/);
  });

  it('of a date whose options trade no more is refused by whichever words it is asked for, held or not', async () => {
    const { clock, context } = await start();
    const ask = async (symbol: string, expiration: string) => {
      const { data, errors } = await answerChain({ symbol, expiration, side: 'both', strikes: 1 }, context);
      return data?.expiration ?? `${errors[0]?.code ?? ''} ${errors[0]?.message ?? ''}`;
    };
    for (const [symbol, last, over] of [
      ['NVDA', '15:59', '16:00'],
      ['SPY', '16:14', '16:15'],
    ] as const) {
      clock.set(Date.parse(`2026-11-20T${last}:00-05:00`));
      for (const words of ['2026-11-20', 'nov 20', '0dte', 'friday'])
        expect(await ask(symbol, words), `${symbol} ${words}`).toBe('2026-11-20');
      clock.set(Date.parse(`2026-11-20T${over}:00-05:00`));
      for (const words of ['2026-11-20', '11/20', 'nov 20', '0dte'])
        expect(await ask(symbol, words)).toMatch(/^no_data \w+ expirations: .*2026-11-20\)? has expired$/);
      expect(await ask(symbol, 'friday')).toBe('2026-11-27');
    }
  });
});
