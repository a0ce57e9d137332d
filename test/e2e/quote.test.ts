// Quotes by the whole program against servers that speak the providers' formats: one request for a basket, the
// payload's own figures, what is unknown named beside what is known.
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { asPolygon, asTradier, startMarket, wireBody } from '../helpers/market-server.ts';
import { createHome, documentOf } from '../helpers/run-fin.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

const OPEN = '2026-11-19T11:00:00-05:00';
const CLOSED = '2026-11-19T22:00:00-05:00';

interface WireQuote {
  symbol: string;
  last: number;
  change: number;
  change_percentage: number;
  prevclose: number;
  volume: number;
  trade_date: number;
}

describe('fin quote', () => {
  it('asks Tradier once for several symbols and gives the payload’s own figures, in the order asked', async () => {
    const body = wireBody('tradier.quotes.batch.json');
    const rows = (JSON.parse(body) as { quotes: { quote: WireQuote[] } }).quotes.quote;
    const symbols = rows.map(({ symbol }) => symbol).toReversed();
    await using server = await startScriptedServer(() => ({ body: JSON.parse(body) as object }));
    await using home = await createHome({
      ...asTradier(server),
      FIN_NOW: new Date(Math.max(...rows.map((row) => row.trade_date)) + 60_000).toISOString(),
    });

    const run = await home.run(['quote', symbols.join(','), '--json', '--quiet']);

    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    expect(server.requests).toHaveLength(1);
    const document = documentOf(run);
    expect(problemsOf(document, 'quote')).toEqual([]);
    const quotes = document.data as {
      symbol: string;
      last: number;
      change: number;
      changePercent: number;
      previousClose: number;
      volume: number;
      asOf: string;
    }[];
    expect(quotes.map(({ symbol }) => symbol)).toEqual(symbols);
    for (const quote of quotes) {
      const row = rows.find(({ symbol }) => symbol === quote.symbol);
      expect(quote).toMatchObject({ last: row?.last, previousClose: row?.prevclose, volume: row?.volume });
      expect(quote.change).toBeCloseTo(row?.change ?? NaN, 2);
      expect(Math.abs(quote.changePercent - (row?.change_percentage ?? NaN))).toBeLessThan(0.01);
      expect(Date.parse(quote.asOf)).toBe(Math.floor((row?.trade_date ?? NaN) / 1000) * 1000);
    }
    expect(document.meta).toMatchObject({
      provider: 'tradier',
      sample: false,
      freshness: 'live',
      providerCalls: 1,
      ageMs: 0,
    });
  });

  it('prints three symbols and names the unknown fourth with exit 9, on screen and in JSON, and remembers it', async () => {
    await using market = await startMarket(OPEN);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: OPEN });

    const run = await home.run(['quote', 'AAPL', 'MSFT', 'NVDA', 'ZZZZ', '--json']);
    expect(run.exitCode).toBe(9);
    expect(market.count('quotes')).toBe(1);
    const document = documentOf(run);
    expect(problemsOf(document, 'quote')).toEqual([]);
    expect(document.ok).toBe(false);
    expect(document.data).toHaveLength(3);
    expect(document.errors).toMatchObject([{ symbol: 'ZZZZ', code: 'no_data' }]);
    expect(run.stderr.trim().split('\n')).toHaveLength(2);

    const again = await home.run(['quote', 'AAPL', 'MSFT', 'NVDA', 'ZZZZ', '--offline', '--quiet']);
    expect(again.exitCode).toBe(9);
    expect(again.stdout).toMatch(/AAPL[\s\S]*MSFT[\s\S]*NVDA/);
    expect(again.stderr).toMatch(/^fin: ZZZZ: .+\nhint: .+\n$/);
    expect(market.count()).toBe(1);
  });

  it('asks only for what is not held, answers the rest from the cache, and skips it with --refresh', async () => {
    await using market = await startMarket(CLOSED);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: CLOSED });
    await home.run(['quote', 'AAPL', 'MSFT', 'NVDA']);

    const basket = documentOf(await home.run(['quote', 'AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA', '--json']));
    expect(market.requests.at(-1)?.query.get('symbols')?.split(',').sort()).toEqual(['AMD', 'TSLA']);
    expect(basket.meta).toMatchObject({ freshness: 'cached', providerCalls: 1 });

    const held = documentOf(await home.run(['quote', 'TSLA', '--json', '--offline']));
    expect(held.meta).toMatchObject({ freshness: 'cached', providerCalls: 0 });
    expect(market.count()).toBe(2);

    const refreshed = documentOf(await home.run(['quote', 'TSLA', '--json', '--refresh']));
    expect(refreshed.meta).toMatchObject({ freshness: 'live', providerCalls: 1 });
    expect(market.count()).toBe(3);
  });

  it('spells symbols as people do and asks each provider in its own spelling', async () => {
    await using market = await startMarket(CLOSED);
    await using home = await createHome({ FIN_NOW: CLOSED });
    const tradier = documentOf(
      await home.run(['quote', 'brk/b', 'BRK-B', '$aapl', '--json'], { env: asTradier(market) }),
    );
    expect((tradier.data as { symbol: string }[]).map(({ symbol }) => symbol)).toEqual(['BRK.B', 'AAPL']);
    expect(market.requests[0]?.query.get('symbols')).toBe('BRK/B,AAPL');
    const polygon = documentOf(await home.run(['quote', 'brk/b', '--json'], { env: asPolygon(market) }));
    expect(polygon.meta.provider).toBe('polygon');
    expect(market.requests.at(-1)?.query.get('tickers')).toBe('BRK.B');
  });

  it('says provider, as-of and freshness below the table, keeps within 80 columns and marks what the exchange serves as sample', async () => {
    await using market = await startMarket(CLOSED);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: CLOSED });
    const run = await home.run(['quote', 'AAPL', 'MSFT']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^quotes · 2 symbols · .*SAMPLE\n/);
    expect(run.stdout).toMatch(/\ntradier · as of 4:00:00 PM ET Nov 19, 2026 · live\n$/);
    for (const line of run.stdout.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(100);
    const document = documentOf(await home.run(['quote', 'AAPL', '--json']));
    expect(document.meta.sample).toBe(true);
    expect(document.data).toMatchObject([{ session: 'closed' }]);
  });

  it('gives one provider the whole word with --provider, and refuses one without a key before any request', async () => {
    await using market = await startMarket(CLOSED);
    await using home = await createHome({ ...asTradier(market), ...asPolygon(market), FIN_NOW: CLOSED });
    expect(documentOf(await home.run(['quote', 'AAPL', '--json', '--provider', 'polygon'])).meta.provider).toBe(
      'polygon',
    );
    expect(market.asked()).toEqual(['snapshots']);
    expect(documentOf(await home.run(['quote', 'AAPL', '--json', '--provider', 'sample'])).meta).toMatchObject({
      provider: 'sample',
      sample: true,
    });
    expect(market.count()).toBe(1);
    const refused = await home.run(['quote', 'AAPL', '--provider', 'tradier'], {
      env: { TRADIER_ACCESS_TOKEN: undefined },
    });
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/^fin: --provider tradier: TRADIER_ACCESS_TOKEN is not set\nhint: .+\n$/);
    expect(market.count()).toBe(1);
  });

  it('says SAMPLE also where the sample market has nothing', async () => {
    await using home = await createHome({ FIN_NOW: '2026-11-19T11:00:00-05:00' });
    for (const words of [
      ['quote', 'ZZZZ'],
      ['history', 'ZZZZ'],
      ['chain', 'ZZZZ'],
      ['ask', 'price of ZZZZ'],
    ]) {
      const run = await home.run([...words, '--json']);
      expect(run.exitCode).toBe(4);
      expect(documentOf(run).meta).toMatchObject({ sample: true });
    }
  });
});
