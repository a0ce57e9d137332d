// Events, headlines and searches through the market: what is held, who is asked for what another lacks, in how many requests.
import { expect, it } from 'vitest';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange, valueOf } from './world.ts';

const DAY_MS = 86_400_000;

async function openMarket(use: { tradier?: boolean; polygon?: boolean }) {
  const clock = createTestClock(IN_SESSION);
  const tradier = await startCountingExchange(clock);
  const polygon = await startCountingExchange(clock);
  const { market } = openProcess({
    folder: createTempFolder(),
    clock,
    ...(use.tradier ? { tradier } : {}),
    ...(use.polygon ? { polygon } : {}),
  });
  return { clock, tradier, polygon, market };
}

it('asks once for the dividends of all symbols, and not again for a day', async () => {
  for (const use of [{ tradier: true }, { polygon: true }]) {
    const { clock, tradier, polygon, market } = await openMarket(use);
    const asked = Promise.all([
      market.events('dividends', ['KO', 'PLTR'], createRequest()),
      market.events('dividends', ['JNJ'], createRequest()),
    ]);
    const [first, second] = await asked;
    expect(valueOf(first.get('KO'))[0]).toMatchObject({ frequency: 4 });
    expect(valueOf(first.get('PLTR'))).toEqual([]);
    expect(valueOf(second.get('JNJ')).length).toBeGreaterThan(10);
    expect(tradier.calls() + polygon.calls()).toBe(1);
    clock.advance(DAY_MS - 60_000);
    expect((await market.events('dividends', ['PLTR', 'KO'], createRequest())).get('KO')).toMatchObject({
      ok: true,
      source: { freshness: 'cached' },
    });
    expect(tradier.calls() + polygon.calls()).toBe(1);
    clock.advance(120_000);
    await market.events('dividends', ['KO'], createRequest());
    expect(tradier.calls() + polygon.calls()).toBe(2);
  }
});

it('tells the same events of both wire formats, but earnings of Tradier alone', async () => {
  const { market } = await openMarket({ tradier: true, polygon: true });
  for (const list of ['dividends', 'splits'] as const) {
    const [ofTradier, ofPolygon] = await Promise.all(
      (['tradier', 'polygon'] as const).map(async (provider) =>
        valueOf((await market.events(list, ['NVDA'], createRequest({ provider }))).get('NVDA')),
      ),
    );
    const since = (events: readonly object[] = []): object[] => events.slice(0, 12);
    expect(since(ofPolygon)).toEqual(since(ofTradier));
  }
  const earnings = await market.events('earnings', ['NVDA'], createRequest());
  expect(valueOf(earnings.get('NVDA'))[0]).toMatchObject({ confirmed: false });
  const none = await market.events('earnings', ['NVDA'], createRequest({ provider: 'polygon' }));
  expect(none.get('NVDA')).toMatchObject({ ok: false, error: { message: 'earnings: not in the free Polygon plan' } });
});

it('takes dividends from Polygon where Tradier’s beta refuses them, without a note, and does not ask the beta again', async () => {
  const { tradier, polygon, market } = await openMarket({ tradier: true, polygon: true });
  tradier.interfere = ({ path }) => (path.startsWith('/beta') ? { status: 403, body: 'Forbidden' } : undefined);
  const outcome = (await market.events('dividends', ['KO'], createRequest())).get('KO');
  expect(outcome).toMatchObject({ ok: true, source: { provider: 'polygon', notes: [] } });
  await market.events('dividends', ['PEP'], createRequest());
  expect([tradier.calls(), polygon.calls()]).toEqual([1, 2]);
});

it('takes headlines from Polygon as a matter of course, and says that Tradier has none', async () => {
  const { tradier, polygon, market } = await openMarket({ tradier: true, polygon: true });
  expect(await market.news('AAPL', createRequest())).toMatchObject({
    ok: true,
    source: { provider: 'polygon', notes: [] },
  });
  expect([tradier.calls(), polygon.calls()]).toEqual([0, 1]);
  const alone = await openMarket({ tradier: true });
  expect(await alone.market.news('AAPL', createRequest())).toMatchObject({
    ok: false,
    error: { code: 'plan', message: 'news: Tradier has none', hint: 'Polygon has them: set MASSIVE_API_KEY' },
  });
  const request = { ...createRequest(), provider: 'tradier' as const };
  expect(await market.news('MSFT', request)).toMatchObject({
    error: { hint: 'Polygon has them: omit --provider' },
  });
});

it('is as of no moment that is to come, whatever a headline says', async () => {
  const { polygon, clock, market } = await openMarket({ polygon: true });
  const results = [{ title: 'Up', published_utc: '2098-01-01T00:00:00Z', tickers: ['AAPL'] }];
  polygon.interfere = () => ({ body: { status: 'OK', results } });
  expect(await market.news('AAPL', createRequest())).toMatchObject({ ok: true, source: { asOf: clock.now() } });
});

it('searches once for the same words, and asks the other provider where one finds none', async () => {
  const { tradier, polygon, market } = await openMarket({ tradier: true, polygon: true });
  tradier.interfere = () => ({ body: { securities: null } });
  const found = await market.search('coca-cola', createRequest());
  expect(valueOf(found)).toEqual([{ symbol: 'KO', name: 'Coca-Cola Co', type: 'stock', exchange: 'NYSE' }]);
  await market.search('coca-cola', createRequest());
  expect([tradier.calls(), polygon.calls()]).toEqual([1, 1]);
  expect(await market.search('no such company', createRequest())).toMatchObject({
    ok: false,
    error: { code: 'no_data' },
  });
});
