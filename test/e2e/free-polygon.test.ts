// Nothing but a free Polygon key: no snapshots, five requests a minute, nothing of today. What the plan holds works.
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { POLYGON_KEY, asPolygon, makeFreePlan, startMarket, wireBody } from '../helpers/market-server.ts';
import { callTools, say, startModelServer } from '../helpers/model-server.ts';
import { createHome, documentOf } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const TODAY = '2026-11-19';
const YESTERDAY = '2026-11-18';

async function startFreePlan() {
  const market = await startMarket(NOW);
  makeFreePlan(market, TODAY);
  return market;
}

describe('a free Polygon plan', () => {
  it('quotes one symbol from its last finished session, says so, and does not ask for snapshots again in the next process', async () => {
    await using market = await startFreePlan();
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: NOW });
    const first = await home.run(['quote', 'AAPL', '--json']);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(problemsOf(documentOf(first), 'quote')).toEqual([]);
    expect(documentOf(first).data).toMatchObject([
      { symbol: 'AAPL', asOf: `${YESTERDAY}T16:00:00-05:00`, session: 'regular' },
    ]);
    expect(market.asked()).toEqual(['snapshots', 'aggregates']);
    expect(documentOf(first).meta.providerCalls).toBe(2);
    expect(first.stderr).toMatch(/note: [^\n]*last finished session[^\n]*2026-11-18/);

    const second = await home.run(['quote', 'NVDA']);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toMatch(/note: [^\n]*last finished session/);
    expect(market.count('snapshots')).toBe(1);
    expect(market.count()).toBe(3);
    const asked = await home.run(['quote', 'AMD', '--refresh', '--quiet']);
    expect(asked.exitCode).toBe(0);
    expect(market.count('snapshots')).toBe(2);
  });

  it('quotes several symbols from grouped bars: the same requests for two symbols as for six, an unknown one named', async () => {
    await using market = await startFreePlan();
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: NOW });
    const run = await home.run(['quote', 'AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA', 'ZZZZ', '--json']);
    expect(run.exitCode).toBe(9);
    const document = documentOf(run);
    expect(problemsOf(document, 'quote')).toEqual([]);
    expect((document.data as { symbol: string; asOf: string }[]).map(({ symbol, asOf }) => [symbol, asOf])).toEqual(
      ['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA'].map((symbol) => [symbol, `${YESTERDAY}T16:00:00-05:00`]),
    );
    expect(market.asked()).toEqual(['snapshots', 'grouped', 'grouped', 'aggregates']);
    expect(market.requests.slice(1, 3).map(({ path }) => path.split('/').at(-1))).toEqual([YESTERDAY, '2026-11-17']);
    const others = documentOf(await home.run(['quote', 'SPY', 'QQQ', '--json']));
    expect(others.ok).toBe(true);
    expect(market.count()).toBe(4);
  });

  it('is told as the close of its session in sentences, and to a language model; each figure is supported', async () => {
    await using market = await startFreePlan();
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: NOW });
    const one = await home.run(['ask', '--strict', 'price of NVDA']);
    expect(one.exitCode, one.stderr).toBe(0);
    expect(one.stdout).toMatch(
      /^NVDA closed at [\d.,]+ on Wed Nov 18, 2026, [+-][\d.]+ \([+-][\d.]+%\) vs. prior close\.$/m,
    );
    expect(one.stdout).not.toContain('last traded');
    const ranked = await home.run(['ask', '--strict', 'which of NVDA, AMD and TSLA gained most today, by quote']);
    expect(ranked.exitCode, ranked.stdout).toBe(0);
    expect(ranked.stdout).toMatch(/bar, 2026-11-18[\s\S]*^Highest change: [A-Z]+, [+-][\d.]+%\.$/m);
    const asked = await home.run(['ask', '--strict', 'open and volume of AMD today']);
    expect(asked.exitCode, asked.stdout).toBe(0);
    expect(asked.stdout).toMatch(/^AMD: open [\d.]+, volume [\d.]+M\.$/m);

    await using model = await startModelServer([
      callTools({ name: 'get_stock_quote', arguments: { symbol: 'NVDA' } }),
      say('See the table.'),
    ]);
    await home.run(['ask', '--model', 'm', 'price of NVDA'], { env: { OPENAI_BASE_URL: model.baseUrl } });
    const told = model.requests[1]?.body.messages.at(-1)?.content ?? '';
    expect(told).toContain('\nNVDA: no live price; last is the close of the finished session in asOf');
    expect(told).toContain('no live quote: this is the last finished session’s bar, 2026-11-18');
  });

  it('takes the session before in the evening, while the plan does not hold today’s bars yet', async () => {
    const evening = '2026-11-19T18:00:00-05:00';
    await using market = await startMarket(evening);
    makeFreePlan(market, TODAY);
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: evening });
    const document = documentOf(await home.run(['quote', 'AAPL', 'MSFT', '--json']));
    expect(document.data).toMatchObject([
      { asOf: `${YESTERDAY}T16:00:00-05:00` },
      { asOf: `${YESTERDAY}T16:00:00-05:00` },
    ]);
    const again = documentOf(await home.run(['quote', 'NVDA', 'AMD', '--json', '--timeout', '20']));
    expect(again.ok).toBe(true);
    expect(market.count()).toBeLessThanOrEqual(5);
  });

  it('gives history, indicators and expirations within five requests, and names what the plan lacks for a chain', async () => {
    await using market = await startFreePlan();
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: NOW });
    const history = documentOf(await home.run(['history', 'AAPL', '--range', 'last 5 trading days', '--json']));
    expect(problemsOf(history, 'history')).toEqual([]);
    expect(history.ok).toBe(true);
    const indicators = documentOf(await home.run(['ta', 'AAPL', '--json']));
    expect(problemsOf(indicators, 'ta')).toEqual([]);
    const expirations = documentOf(await home.run(['expirations', 'AAPL', '--json']));
    expect(expirations.ok).toBe(true);
    const chain = await home.run(['chain', 'AAPL', '--json', '--timeout', '20']);
    expect(chain.exitCode).toBe(5);
    expect(documentOf(chain).errors).toMatchObject([{ code: 'plan' }]);
    expect(chain.stderr).toMatch(/^fin: [^\n]*(plan|entitled)[^\n]*\nhint: [^\n]+\n$/);
    expect(market.count()).toBeLessThanOrEqual(5);
    const before = market.count();
    const remembered = await home.run(['chain', 'AAPL', '--timeout', '20']);
    expect(remembered.exitCode).toBe(5);
    expect(market.count()).toBe(before);
    const doctor = await home.run(['doctor', '--offline']);
    expect(doctor.stdout).toMatch(/Polygon plan +refused so far: [^\n]*option chain/);
  });

  it('keeps five requests a minute over processes: the sixth is refused at once where it cannot end in time, exit 5', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: NOW });
    const five = await Promise.all(
      ['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA'].map((symbol) =>
        home.run(['history', symbol, '--range', 'yesterday', '--quiet']),
      ),
    );
    expect(five.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    const sixth = await home.run(['history', 'SPY', '--range', 'yesterday', '--timeout', '20', '--json']);
    expect(sixth.exitCode).toBe(5);
    expect(documentOf(sixth).errors).toMatchObject([{ code: 'rate_limited' }]);
    expect(sixth.stderr).toMatch(/\d+ s/);
    expect(sixth.ms).toBeLessThan(15_000);
    expect(market.count()).toBe(5);
    const held = await home.run(['history', 'AAPL', '--range', 'last week', '--quiet', '--timeout', '20']);
    expect(held.exitCode).toBe(0);
    const waiting = home.start(['history', 'QQQ', '--range', 'yesterday', '--timeout', '80']);
    expect(await waiting.shows(/waiting \d+ s for a free request at Polygon/)).toMatch(/waiting [3-6]\d s/);
    waiting.child.kill('SIGINT');
    expect((await waiting.ended).exitCode).toBe(130);
    expect(market.count()).toBe(5);
  });

  it('keeps the two years that the plan holds where a longer window is refused, once asked', async () => {
    await using market = await startFreePlan();
    market.faults.set('aggregates', ({ path }) =>
      (path.split('/').at(-2) ?? '') < '2024-11-19'
        ? { status: 403, body: JSON.parse(wireBody('polygon.error.403-timeframe.json')) as object }
        : undefined,
    );
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: NOW });
    expect(documentOf(await home.run(['history', 'AAPL', '--json'])).ok).toBe(true);
    const asked = market.count('aggregates');
    expect(asked).toBe(2);
    expect(documentOf(await home.run(['ta', 'MSFT', '--json'])).ok).toBe(true);
    expect(market.count('aggregates')).toBe(3);
  });

  it('tells a wrong key, and accepts the old name of the key with a note once a day', async () => {
    await using market = await startMarket(NOW);
    market.faults.set('all', { status: 401, body: JSON.parse(wireBody('polygon.error.401-unknown.json')) as object });
    await using home = await createHome({ FIN_NOW: NOW });
    const wrong = await home.run(['quote', 'AAPL', '--json'], { env: asPolygon(market) });
    expect(wrong.exitCode).toBe(5);
    expect(documentOf(wrong).errors).toMatchObject([{ code: 'unauthorized' }]);
    market.faults.clear();
    const old = { env: { POLYGON_API_KEY: POLYGON_KEY, MASSIVE_BASE_URL: market.baseUrl } };
    const first = await home.run(['quote', 'AAPL'], old);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toMatch(/^note: POLYGON_API_KEY is the old name of MASSIVE_API_KEY/);
    expect(market.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${POLYGON_KEY}`);
    expect((await home.run(['quote', 'MSFT'], old)).stderr).toBe('');
  });
});
