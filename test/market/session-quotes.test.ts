import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange, valueOf } from './world.ts';

const REFUSED = {
  status: 403,
  body: {
    status: 'NOT_AUTHORIZED',
    message: 'You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing',
  },
};

/** A Polygon plan without snapshots; `hasIndices`: with the bars of indices. */
async function askBasket(hasIndices: boolean) {
  const clock = createTestClock(IN_SESSION);
  const server = await startCountingExchange(clock);
  server.interfere = ({ path }) =>
    path.includes('/snapshot') || (!hasIndices && path.includes('I:')) ? REFUSED : undefined;
  const { market } = openProcess({ folder: createTempFolder(), clock, polygon: server });
  return { server, quotes: await market.quotes(['AAPL', 'SPX', 'MSFT', 'ZZZZ'], createRequest()) };
}

describe('a basket of shares and an index without snapshots', () => {
  it('has the index from its own bars beside the grouped ones of the shares', async () => {
    const { server, quotes } = await askBasket(true);
    for (const symbol of ['AAPL', 'SPX', 'MSFT'])
      expect(valueOf(quotes.get(symbol))).toMatchObject({
        symbol,
        basis: 'session_bar',
        asOf: Date.parse('2026-11-18T16:00:00-05:00'),
      });
    // Two days of the whole market, the index, and the one symbol that is in neither day.
    expect(server.calls('/aggs/')).toBe(4);
  });

  it('says of the index that the plan does not include it, never that there is no such symbol', async () => {
    const { quotes } = await askBasket(false);
    expect(quotes.get('SPX')).toMatchObject({ ok: false, error: { code: 'plan' } });
    expect(quotes.get('ZZZZ')).toMatchObject({ ok: false, error: { code: 'no_data' } });
    expect(valueOf(quotes.get('AAPL')).last).toBeGreaterThan(0);
  });
});
