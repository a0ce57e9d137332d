// Polygon's own ways: pages, plans, snapshots before the first trade, indices. What it shares with others is in contract.ts.
import { describe, expect, it } from 'vitest';
import { fixedClock, openContext } from '../helpers/direct-http.ts';
import { startScriptedServer, type ScriptedReply } from '../helpers/scripted-server.ts';
import { CONTRACT_CLOCK, describeProviderContract } from './contract.ts';
import { failureOf, readWireFile, SECRET, startPolygon } from './provider-bench.ts';

const context = openContext();
const NOW = Date.parse(CONTRACT_CLOCK);
const nanos = (iso: string): number => Date.parse(iso) * 1e6;

const dayBar = (date: string, close: number, volume: number) => ({
  t: Date.parse(`${date}T00:00:00-04:00`),
  o: close,
  h: close,
  l: close,
  c: close,
  v: volume,
});
const contract = (ticker: string, side: string, strike: number, more: object = {}) => ({
  details: {
    ticker: `O:${ticker}`,
    contract_type: side,
    expiration_date: '2026-05-29',
    strike_price: strike,
    shares_per_contract: 100,
  },
  day: {},
  greeks: {},
  open_interest: 1000,
  ...more,
});
const quoted = { last_quote: { bid: 6, ask: 6.2 }, greeks: { delta: 0.6 }, implied_volatility: 0.25 };

describeProviderContract({
  name: 'Polygon',
  start: (script) => startPolygon(script, { clock: fixedClock(CONTRACT_CLOCK) }),
  market: ({ path }) => {
    if (path.startsWith('/v2/snapshot/')) {
      const updated = nanos('2026-05-22T18:59:59Z');
      return {
        body: {
          status: 'OK',
          tickers: [
            { ticker: 'BRK.B', updated, day: { c: 500.5 }, prevDay: { c: 499 } },
            { ticker: 'AAPL', updated, day: { c: 308.82 }, prevDay: { c: 304.99 } },
          ],
        },
      };
    }
    if (path.startsWith('/v2/aggs/')) {
      return {
        body: {
          status: 'OK',
          results: [
            dayBar('2026-05-22', 308.82, 3000),
            dayBar('2026-05-20', 303, 1000),
            dayBar('2026-05-21', 304.99, 2000),
          ],
        },
      };
    }
    if (path === '/v3/reference/options/contracts') {
      return {
        body: {
          status: 'OK',
          results: ['2026-06-18', '2026-05-29', '2026-06-18'].map((date) => ({ expiration_date: date })),
        },
      };
    }
    if (path.startsWith('/v3/snapshot/options/')) {
      return {
        body: {
          status: 'OK',
          results: [
            contract('AAPL260529P00310000', 'put', 310, quoted),
            contract('AAPL260529C00310000', 'call', 310, quoted),
            contract('AAPL260529P00305000', 'put', 305),
            contract('AAPL260529C00305000', 'call', 305, quoted),
          ],
        },
      };
    }
    if (path === '/v1/marketstatus/now')
      return {
        body: { market: 'open', earlyHours: false, afterHours: false, serverTime: '2026-05-22T15:00:00-04:00' },
      };
    return { status: 404, body: { status: 'NOT_FOUND', message: 'no such path' } };
  },
  refused: () => ({ status: 401, body: readWireFile('polygon.error.401-unknown.json') }),
  nothing: () => ({ status: 404, body: readWireFile('polygon.error.404-not-found.json') }),
});

describe('Polygon snapshots', () => {
  const quoteOf = async (row: object, marketNow = CONTRACT_CLOCK) => {
    await using bench = await startPolygon([{ body: { status: 'OK', tickers: [{ ticker: 'AAPL', ...row }] } }], {
      clock: fixedClock(marketNow),
    });
    return (await bench.provider.fetchQuotes(['AAPL'], context)).value;
  };
  const zeros = { o: 0, h: 0, l: 0, c: 0, v: 0, vw: 0 };
  const previous = { o: 300, h: 306, l: 299, c: 304.99, v: 5e7 };
  const updated = nanos('2026-05-22T18:59:00Z');

  it('takes the last trade, else the last minute, else the day, for the price', async () => {
    const day = { o: 306, h: 311, l: 305, c: 308, v: 1000.5 };
    const min = { c: 308.5, t: NOW - 60_000 };
    const lastTrade = { p: 308.82, t: nanos('2026-05-22T18:58:00Z') };
    const lastOf = async (row: object) =>
      (await quoteOf({ updated, day, prevDay: previous, ...row })).quotes.get('AAPL');
    expect(await lastOf({ min, lastTrade })).toMatchObject({ last: 308.82, asOf: Date.parse('2026-05-22T18:58:00Z') });
    expect(await lastOf({ min })).toMatchObject({ last: 308.5, asOf: Date.parse('2026-05-22T18:59:00Z') });
    expect(await lastOf({})).toMatchObject({ last: 308, volume: 1000.5, previousClose: 304.99 });
  });

  it('before the day’s first trade shows the session before, as of its close, and nothing of today', async () => {
    const { quotes } = await quoteOf({ updated: 0, day: zeros, min: zeros, prevDay: previous }, '2026-05-26T07:45:00Z');
    // The Monday before is Memorial Day: the bar is Friday's.
    expect(quotes.get('AAPL')).toStrictEqual({
      symbol: 'AAPL',
      last: 304.99,
      open: 300,
      high: 306,
      low: 299,
      volume: 5e7,
      asOf: Date.parse('2026-05-22T16:00:00-04:00'),
      basis: 'session_bar',
    });
  });

  it('in the pre session has a price of today and no open, high, low or volume', async () => {
    const min = { c: 306.1, t: Date.parse('2026-05-22T08:10:00Z') };
    const { quotes } = await quoteOf({ updated: nanos('2026-05-22T08:11:00Z'), day: zeros, min, prevDay: previous });
    expect(quotes.get('AAPL')).toStrictEqual({
      symbol: 'AAPL',
      last: 306.1,
      previousClose: 304.99,
      asOf: Date.parse('2026-05-22T08:11:00Z'),
    });
  });

  it('has no quote where there is no price at all, and does not call the symbol unknown', async () => {
    for (const row of [{ updated, day: zeros, prevDay: zeros }, {}]) {
      const batch = await quoteOf(row);
      expect([batch.quotes.size, batch.unknown]).toEqual([0, []]);
      expect(batch.failed?.get('AAPL')).toMatchObject({
        code: 'no_data',
        message: 'AAPL: Polygon has no price for it',
      });
    }
  });

  it('asks for stocks and indices in one request each, indices with their prefix', async () => {
    await using bench = await startPolygon(({ path }) =>
      path === '/v3/snapshot'
        ? { body: { status: 'OK', results: [{ ticker: 'I:SPX', value: 6512.34, last_updated: updated }] } }
        : { body: { status: 'DELAYED', tickers: [{ ticker: 'BRK.B', updated, day: { c: 500 } }] } },
    );
    const { value } = await bench.provider.fetchQuotes(['SPX', 'BRK.B'], context);
    expect([...value.quotes.keys()].sort()).toEqual(['BRK.B', 'SPX']);
    expect(
      bench.server.requests.map((request) => request.query.get('tickers') ?? request.query.get('ticker.any_of')).sort(),
    ).toEqual(['BRK.B', 'I:SPX']);
  });

  it.each([
    ['open', '2026-05-22T15:00:00-04:00', undefined, '2026-05-22T15:00:00-04:00'],
    ['open, on a delayed plan', '2026-05-22T15:00:00-04:00', 'DELAYED', '2026-05-22T14:45:00-04:00'],
    ['closed', '2026-05-22T21:00:00-04:00', 'DELAYED', '2026-05-22T16:00:00-04:00'],
    ['not open yet', '2026-05-26T08:00:00-04:00', undefined, '2026-05-22T16:00:00-04:00'],
  ])('dates an index’s value without a time by the session: %s', async (_name, now, timeframe, asOf) => {
    await using bench = await startPolygon(
      [{ body: { status: 'OK', results: [{ ticker: 'I:SPX', value: 6512.34, timeframe }] } }],
      { clock: fixedClock(now) },
    );
    const { value } = await bench.provider.fetchQuotes(['SPX'], context);
    expect(value.quotes.get('SPX')).toMatchObject({ last: 6512.34, asOf: Date.parse(asOf) });
  });

  it('keeps the stocks’ quotes where only indices are refused, and says whose refusal it was', async () => {
    await using bench = await startPolygon(({ path }) =>
      path === '/v3/snapshot'
        ? { status: 403, body: readWireFile('polygon.error.403-entitlement.json') }
        : { body: { status: 'OK', tickers: [{ ticker: 'AAPL', updated, day: { c: 308 } }] } },
    );
    const { value } = await bench.provider.fetchQuotes(['SPX', 'AAPL'], context);
    expect([...value.quotes.keys()]).toEqual(['AAPL']);
    expect(value.unknown).toEqual([]);
    expect(value.failed?.get('SPX')).toMatchObject({ code: 'plan', details: { endpoint: 'index snapshots' } });
    expect((await failureOf(bench.provider.fetchQuotes(['SPX'], context))).code).toBe('plan');
  });

  it('tells an index that the plan lacks from one that nobody knows, row by row', async () => {
    const results = [
      { ticker: 'I:SPX', error: 'NOT_ENTITLED', message: 'Not entitled to this ticker.' },
      { ticker: 'I:VIX', error: 'NOT_FOUND', message: 'Ticker not found.' },
    ];
    await using bench = await startPolygon([{ body: { status: 'OK', results } }]);
    const { value } = await bench.provider.fetchQuotes(['SPX', 'VIX'], context);
    expect(value.failed?.get('SPX')?.message).toBe('Polygon index snapshots: SPX: Not entitled to this ticker.');
    expect(value.unknown).toEqual(['VIX']);
  });

  it('splits a list of more than 250 symbols', async () => {
    await using bench = await startPolygon(() => ({ body: { status: 'OK', tickers: [] } }));
    const symbols = Array.from({ length: 251 }, (_, index) => `S${index}`);
    expect((await bench.provider.fetchQuotes(symbols, context)).value.unknown).toEqual(symbols);
    expect(bench.server.requests.map((request) => request.query.get('tickers')?.split(',').length).sort()).toEqual([
      1, 250,
    ]);
  });
});

it('Polygon times of a day to come are left out of a snapshot, and said', async () => {
  const [past, later] = [nanos('2026-05-22T18:59:59Z'), nanos('2026-05-26T18:59:59Z')];
  const row = { updated: later, day: { c: 5 }, lastTrade: { p: 5, t: later } };
  await using bench = await startPolygon(
    [
      {
        body: {
          status: 'OK',
          tickers: [
            { ...row, ticker: 'AAPL', min: { c: 5, t: past / 1e6 } },
            { ...row, ticker: 'MSFT' },
          ],
        },
      },
    ],
    { clock: fixedClock(CONTRACT_CLOCK) },
  );
  const { value } = await bench.provider.fetchQuotes(['AAPL', 'MSFT'], context);
  expect([...value.quotes.values()].map(({ asOf }) => asOf)).toEqual([past / 1e6, NOW]);
  expect(value.lost?.map(({ symbol, isNote }) => [symbol, isNote])).toEqual([
    ['AAPL', true],
    ['MSFT', true],
  ]);
});

it('Polygon snapshots that are fewer than they say make no symbol unknown', async () => {
  const row = { ticker: 'AAPL', updated: nanos('2026-05-22T18:59:59Z'), day: { c: 5 } };
  await using bench = await startPolygon([{ body: { status: 'OK', count: 2, tickers: [row] } }]);
  const { value } = await bench.provider.fetchQuotes(['AAPL', 'MSFT'], context);
  expect([...value.quotes.keys()]).toEqual(['AAPL']);
  expect(value.unknown).toEqual([]);
  expect(value.failed?.get('MSFT')?.code).toBe('bad_payload');
});

describe('Polygon bars', () => {
  it('asks for adjusted days, ascending, as many as one page holds', async () => {
    await using bench = await startPolygon([{ body: { status: 'OK', ticker: 'BRK.B', resultsCount: 0 } }]);
    await bench.provider.fetchDailyBars('BRK.B', '2026-05-01', '2026-05-22', context);
    expect(bench.server.requests[0]?.url).toBe(
      '/v2/aggs/ticker/BRK.B/range/1/day/2026-05-01/2026-05-22?adjusted=true&sort=asc&limit=50000',
    );
  });

  it.each([
    ['2026-01-15', '2026-01-15T00:00:00-05:00'],
    ['2026-07-15', '2026-07-15T00:00:00-04:00'],
    ['2026-03-09', '2026-03-09T00:00:00-04:00'],
    ['2026-11-02', '2026-11-02T00:00:00-05:00'],
  ])('dates a bar of %s by New York’s midnight', async (date, midnight) => {
    await using bench = await startPolygon([
      { body: { status: 'OK', results: [{ t: Date.parse(midnight), o: 1, h: 1, l: 1, c: 1, v: 1 }] } },
    ]);
    expect((await bench.provider.fetchDailyBars('AAPL', '2026-01-01', '2026-12-31', context)).value[0]?.date).toBe(
      date,
    );
  });

  it('reads an index’s bars, which have no volume, and leaves a share’s out without it', async () => {
    const body = { status: 'OK', results: [{ t: Date.parse('2026-05-22T00:00:00-04:00'), o: 1, h: 2, l: 1, c: 2 }] };
    await using bench = await startPolygon([{ body }, { body }]);
    expect((await bench.provider.fetchDailyBars('SPX', '2026-05-22', '2026-05-22', context)).value).toEqual([
      { date: '2026-05-22', open: 1, high: 2, low: 1, close: 2, volume: 0 },
    ]);
    expect(bench.server.requests[0]?.path).toBe('/v2/aggs/ticker/I:SPX/range/1/day/2026-05-22/2026-05-22');
    expect(await bench.provider.fetchDailyBars('AAPL', '2026-05-22', '2026-05-22', context)).toMatchObject({
      value: [],
      lost: [
        {
          symbol: 'AAPL',
          date: '2026-05-22',
          message: expect.stringContaining('it has no volume') as string,
          isNote: true,
        },
      ],
    });
  });

  const bars = (count: number, more: object = {}) => ({
    status: 'OK',
    results: Array.from({ length: count }, (_, index) => dayBar(`2026-05-2${index}`, 5, 1)),
    ...more,
  });

  it.each([
    ['of another ticker', bars(3, { ticker: 'MSFT' }), 'the answer for AAPL is about MSFT'],
    ['not adjusted for splits', bars(3, { adjusted: false }), 'the bars are not adjusted for splits, as was asked for'],
    ['cut off', bars(3, { resultsCount: 5 }), 'the list is cut off: 3 of 5 rows are there'],
    ['announced and not there', { status: 'OK', resultsCount: 5 }, 'the list is cut off: 0 of 5 rows are there'],
    ['of other days', { status: 'OK', results: [dayBar('2026-04-02', 5, 1)] }, /bars of other days \(2026-04-02\)/],
    [
      'timed in seconds',
      { status: 'OK', results: [{ ...dayBar('2026-05-21', 5, 1), t: 1779336000 }] },
      /t is 1779336000, expected a time in milliseconds/,
    ],
    [
      'without closes',
      { status: 'OK', results: bars(3).results.map(({ c, ...row }) => ({ ...row, close: c })) },
      /results\[0\]\.c is missing, as in every row/,
    ],
  ])('refuses bars that are %s: that is no word about the symbol', async (_how, body, why) => {
    await using bench = await startPolygon([{ body }]);
    const error = await failureOf(bench.provider.fetchDailyBars('AAPL', '2026-05-01', '2026-05-31', context));
    expect(error.code).toBe('bad_payload');
    expect(error.message.replace('Polygon aggregates: ', '')).toEqual(
      typeof why === 'string' ? why : (expect.stringMatching(why) as string),
    );
  });

  it.each([
    ['count what they were made of', bars(3, { ticker: 'AAPL', queryCount: 4, resultsCount: 3, count: 3 })],
    ['are more than are counted', bars(3, { resultsCount: 2 })],
    ['have their ticker in another case', bars(3, { ticker: 'aapl' })],
  ])('takes bars that %s', async (_how, body) => {
    await using bench = await startPolygon([{ body }]);
    expect((await bench.provider.fetchDailyBars('AAPL', '2026-05-01', '2026-05-31', context)).value).toHaveLength(3);
  });

  it('takes rows of the whole market of the day asked for, and names those of another', async () => {
    const row = (ticker: string, at: string) => ({ ...dayBar('2026-05-21', 5, 1), T: ticker, t: Date.parse(at) });
    const [own, other] = ['2026-05-21T16:00:00-04:00', '2026-05-14T16:00:00-04:00'];
    const body = { status: 'OK', adjusted: true, resultsCount: 2, results: [row('AAPL', own), row('MSFT', other)] };
    await using bench = await startPolygon([
      { body },
      { body: { ...body, results: [row('AAPL', other), row('MSFT', other)] } },
      { body: { ...body, adjusted: false } },
      { body: { ...body, resultsCount: undefined, queryCount: 9 } },
    ]);
    const { value, lost } = await bench.provider.fetchGroupedBars('2026-05-21', context);
    expect([...value.keys()]).toEqual(['AAPL']);
    expect(lost).toEqual([
      {
        symbol: 'MSFT',
        date: '2026-05-21',
        message: 'Polygon grouped bars: MSFT 2026-05-21 is left out: its time (t) is of 2026-05-14',
      },
    ]);
    for (const why of ['of 2026-05-14', 'not adjusted', '2 of 9 rows']) {
      const error = await failureOf(bench.provider.fetchGroupedBars('2026-05-21', context));
      expect([error.code, error.message]).toEqual(['bad_payload', expect.stringContaining(why) as string]);
    }
  });

  const barWithClose = (close: string): string =>
    `{"status":"OK","results":[{"t":1672722000000,"o":1,"h":1,"l":1,"v":1,"c":1},{"t":1672808400000,"o":1,"h":1,"l":1,"v":1,"c":${close}}]}`;

  it.each(['"12.5"', '{}', '""', '[1]', 'true'])('loses only the bar whose close is %s, by name', async (close) => {
    await using bench = await startPolygon([{ body: barWithClose(close) }]);
    const { value, lost } = await bench.provider.fetchDailyBars('AAPL', '2023-01-01', '2023-01-31', context);
    expect(value.map(({ date }) => date)).toEqual(['2023-01-03']);
    expect(lost).toEqual([
      {
        symbol: 'AAPL',
        date: '2023-01-04',
        message: expect.stringMatching(
          /^Polygon aggregates: AAPL 2023-01-04 is left out: results\[1\]\.c is /,
        ) as string,
      },
    ]);
  });

  it('names a lost bar by its minute, and a row that does not say which one it is as a row', async () => {
    const rows = [60_000, '', 120_000].map((after) => ({
      ...{ o: 1, h: 1, l: 1, v: 1, c: 1 },
      ...(after === 60_000 ? { c: 'x' } : {}),
      t: typeof after === 'number' ? Date.parse('2023-01-04T10:14:00-05:00') + after : after,
    }));
    await using bench = await startPolygon([{ body: { status: 'OK', results: rows } }]);
    const range = { step: '1min', hours: 'regular', from: '2023-01-04', to: '2023-01-04' } as const;
    const { value, lost } = await bench.provider.fetchIntradayBars('AAPL', range, context);
    expect(value.bars).toHaveLength(1);
    expect(lost?.map(({ message }) => /: (.*) is left out/.exec(message)?.[1])).toEqual([
      'AAPL 2023-01-04 10:15',
      'a row of AAPL',
    ]);
  });

  it.each(['null', '1e999', '"NaN"', 'NaN', '-Infinity', '0', '-1', '2'])(
    'leaves out the bar whose close is %s, and says why',
    async (close) => {
      await using bench = await startPolygon([{ body: barWithClose(close) }]);
      const { value, lost } = await bench.provider.fetchDailyBars('AAPL', '2023-01-01', '2023-01-31', context);
      expect(value.map(({ date }) => date)).toEqual(['2023-01-03']);
      expect(lost).toMatchObject([{ symbol: 'AAPL', date: '2023-01-04', isNote: true }]);
      expect(bench.server.requests).toHaveLength(1);
    },
  );
});

describe('Polygon pages', () => {
  const page = (dates: string[], nextUrl?: unknown): ScriptedReply => ({
    body: {
      status: 'OK',
      results: dates.map((date, index) => dayBar(date, 10 + index, 100)),
      ...(nextUrl === undefined ? {} : { next_url: nextUrl }),
    },
  });
  const fetchMay = (bench: Awaited<ReturnType<typeof startPolygon>>) =>
    bench.provider.fetchDailyBars('AAPL', '2026-05-01', '2026-05-31', context);

  it.each([
    ['the new host', 'https://api.massive.com/v2/aggs/next?cursor=abc'],
    ['the new host with its port', 'https://api.massive.com:443/v2/aggs/next?cursor=abc'],
    ['the old host', 'https://api.polygon.io/v2/aggs/next?cursor=abc'],
    ['its own key in it', 'https://api.polygon.io/v2/aggs/next?cursor=abc&apiKey=other'],
    ['no host', '/v2/aggs/next?cursor=abc'],
  ])('follows a next page with %s to its own address, with the key as a header', async (_where, nextUrl) => {
    await using bench = await startPolygon([page(['2026-05-20'], nextUrl), page(['2026-05-21'])]);
    const { value } = await fetchMay(bench);
    expect(value.map((bar) => bar.date)).toEqual(['2026-05-20', '2026-05-21']);
    expect(bench.server.requests[1]?.url).toBe('/v2/aggs/next?cursor=abc');
    expect(bench.server.requests[1]?.headers.authorization).toBe(`Bearer ${SECRET}`);
  });

  it('follows a next page on its own host below a base path', async () => {
    await using bench = await startPolygon(
      (request, index) =>
        page(
          [`2026-05-2${index}`],
          index === 0 ? `http://${request.headers.host ?? ''}/proxy/v2/aggs/next?cursor=abc` : undefined,
        ),
      { basePath: '/proxy' },
    );
    expect((await fetchMay(bench)).value).toHaveLength(2);
    expect(bench.server.requests.map((request) => request.path)).toEqual([
      '/proxy/v2/aggs/ticker/AAPL/range/1/day/2026-05-01/2026-05-31',
      '/proxy/v2/aggs/next',
    ]);
  });

  it('never sends a request, let alone the key, to another host', async () => {
    await using thief = await startScriptedServer(() => page(['2026-05-21']));
    await using bench = await startPolygon([page(['2026-05-20'], `${thief.baseUrl}/v2/aggs/next?cursor=abc`)]);
    const error = await failureOf(fetchMay(bench));
    expect(error.code).toBe('bad_payload');
    expect(error.message).toContain(`another host (${thief.host})`);
    expect(thief.requests).toEqual([]);
  });

  it.each([
    'https://api.massive.com.evil.example/v2/aggs/next',
    'https://evil.example/api.massive.com/v2/aggs/next',
    'https://api.massive.com@evil.example/v2/aggs/next',
    'https://api.massive.com//evil.example/v2/aggs/next',
    'https://api.massive.com:8443/v2/aggs/next',
    'https://api.massive.com/',
    'javascript:alert(1)',
    'file:///v2/etc/passwd',
    'http://[',
    12,
    { path: '/v2/x' },
  ])('refuses %s for a next page', async (nextUrl) => {
    await using bench = await startPolygon([page(['2026-05-20'], nextUrl)]);
    const error = await failureOf(fetchMay(bench));
    expect([error.code, error.details.field]).toEqual(['bad_payload', 'next_url']);
    expect(bench.server.requests).toHaveLength(1);
  });

  it.each([null, ''])('ends at a next page that is %j', async (nextUrl) => {
    await using bench = await startPolygon([page(['2026-05-20'], nextUrl)]);
    expect((await fetchMay(bench)).value).toHaveLength(1);
  });

  it('goes on after an empty page', async () => {
    await using bench = await startPolygon([page([], '/v2/aggs/next?cursor=1'), page(['2026-05-21'])]);
    expect((await fetchMay(bench)).value).toHaveLength(1);
  });

  it('does not turn in a circle, nor walk for ever, nor pass half a list for a whole one', async () => {
    await using circle = await startPolygon(() => page(['2026-05-20'], '/v2/aggs/next?cursor=same'));
    expect((await failureOf(fetchMay(circle))).message).toMatch(/the list of pages loops/);
    expect(circle.server.requests).toHaveLength(2);
    await using endless = await startPolygon((_request, index) =>
      page(['2026-05-20'], `/v2/aggs/next?cursor=${index}`),
    );
    expect((await failureOf(fetchMay(endless))).message).toMatch(/more than 30 pages/);
    expect(endless.server.requests).toHaveLength(30);
    await using broken = await startPolygon([page(['2026-05-20'], '/v2/aggs/next?cursor=1'), { status: 500 }]);
    expect((await failureOf(fetchMay(broken))).code).toBe('unavailable');
  });
});

describe('Polygon options', () => {
  it('keeps what can be read of a page longer than any that exists, also where a thousand rows in a row cannot', async () => {
    const bad = Array.from({ length: 1_000 }, () => ({ t: 'soon' }));
    const results = [...bad, dayBar('2026-05-21', 304, 2000), dayBar('2026-05-20', 303, 1000)];
    await using bench = await startPolygon([{ body: { status: 'OK', results } }]);
    const { value, lost } = await bench.provider.fetchDailyBars('AAPL', '2026-05-01', '2026-05-22', context);
    expect(value.map(({ date }) => date)).toEqual(['2026-05-20', '2026-05-21']);
    expect(lost?.[0]?.message).toMatch(/^Polygon aggregates: .*: 1000 rows are left out$/);
  });

  it('finds expirations from calls only, page by page, indices without their prefix', async () => {
    const row = (date: string) => ({ expiration_date: date });
    await using bench = await startPolygon([
      {
        body: {
          status: 'OK',
          results: [row('2026-05-26'), row('2026-05-29'), row('2026-05-29')],
          next_url: '/v3/reference/options/contracts?cursor=x',
        },
      },
      { body: { status: 'OK', results: [row('2026-05-29'), row('2026-06-30')] } },
    ]);
    const { value } = await bench.provider.fetchExpirations('SPX', context);
    expect(value).toEqual([
      { date: '2026-05-26', kind: 'daily' },
      { date: '2026-05-29', kind: 'weekly' },
      { date: '2026-06-30', kind: 'quarterly' },
    ]);
    expect(Object.fromEntries(bench.server.requests[0]?.query ?? [])).toMatchObject({
      underlying_ticker: 'SPX',
      contract_type: 'call',
      limit: '1000',
      expired: 'false',
    });
  });

  it('asks for one expiration, 250 contracts a page, an index with its prefix', async () => {
    await using bench = await startPolygon([
      {
        body: {
          status: 'OK',
          results: [contract('SPXW260529C06000000', 'call', 6000)],
          next_url: 'https://api.massive.com/v3/snapshot/options/I:SPX?cursor=x',
        },
      },
      {
        body: {
          status: 'OK',
          results: [contract('SPX260529C06000000', 'call', 6000, { underlying_asset: { value: 6512.34 } })],
        },
      },
    ]);
    const { value } = await bench.provider.fetchChain('SPX', '2026-05-29', context);
    expect(value.contracts.map(({ root, underlying }) => [root, underlying])).toEqual([
      ['SPX', 'SPX'],
      ['SPXW', 'SPX'],
    ]);
    expect(value.spot).toBe(6512.34);
    expect(bench.server.requests[0]?.path).toBe('/v3/snapshot/options/I:SPX');
    expect(Object.fromEntries(bench.server.requests[0]?.query ?? [])).toMatchObject({
      expiration_date: '2026-05-29',
      limit: '250',
    });
  });

  it('on a plan without quotes and trades has no bid and ask, and the day’s close as last', async () => {
    const day = { close: 5.5, volume: 12, last_updated: nanos('2026-05-22T00:00:00-04:00') };
    await using bench = await startPolygon([
      { body: { status: 'OK', results: [contract('AAPL260529C00305000', 'call', 305, { day })] } },
    ]);
    const { value } = await bench.provider.fetchChain('AAPL', '2026-05-29', context);
    expect(value.contracts[0]).toStrictEqual({
      symbol: 'AAPL260529C00305000',
      underlying: 'AAPL',
      root: 'AAPL',
      side: 'call',
      strike: 305,
      expiration: '2026-05-29',
      multiplier: 100,
      last: 5.5,
      volume: 12,
      tradedAt: Date.parse('2026-05-22T00:00:00-04:00'),
      openInterest: 1000,
    });
  });

  it('says of which day a volume is, and has none where the provider does not say', async () => {
    const dayOf = (date: string) => ({ day: { close: 5, volume: 12, last_updated: nanos(`${date}T00:00:00-04:00`) } });
    const results = [
      contract('AAPL260529C00305000', 'call', 305, dayOf('2026-05-22')),
      contract('AAPL260529C00310000', 'call', 310, { day: { close: 5, volume: 12 } }),
    ];
    await using bench = await startPolygon([{ body: { status: 'OK', results } }]);
    const { value } = await bench.provider.fetchChain('AAPL', '2026-05-29', context);
    expect(value.contracts.map((each) => [each.last, each.volume, each.tradedAt])).toEqual([
      [5, 12, Date.parse('2026-05-22T00:00:00-04:00')],
      [5, undefined, undefined],
    ]);
  });

  it('leaves out contracts that are neither call nor put, and refuses a chain of other expirations', async () => {
    const other = contract('AAPL260605C00305000', 'call', 305);
    other.details.expiration_date = '2026-06-05';
    await using bench = await startPolygon([
      {
        body: {
          status: 'OK',
          results: [contract('AAPL260529C00305000', 'other', 305), contract('AAPL260529P00305000', 'put', 305)],
        },
      },
      { body: { status: 'OK', results: [other] } },
    ]);
    expect(
      (await bench.provider.fetchChain('AAPL', '2026-05-29', context)).value.contracts.map((each) => each.side),
    ).toEqual(['put']);
    expect((await failureOf(bench.provider.fetchChain('AAPL', '2026-05-29', context))).code).toBe('bad_payload');
  });
});

describe('Polygon refusals', () => {
  const fail = async (reply: ScriptedReply) => {
    await using bench = await startPolygon([reply]);
    return await failureOf(bench.provider.fetchGroupedBars('2026-05-22', context));
  };

  it.each([
    [
      "Attempted to request today's data before end of day. Please upgrade your plan at https://massive.com/pricing",
      'request',
    ],
    [
      "Your plan doesn't include this data timeframe. Please upgrade your plan at https://polygon.io/pricing",
      'request',
    ],
    ['You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing', 'endpoint'],
  ])('a 403 saying "%s" concerns the %s', async (message, scope) => {
    for (const body of [
      { status: 'NOT_AUTHORIZED', message },
      { status: 'ERROR', error: message },
    ]) {
      expect(await fail({ status: 403, body })).toMatchObject({ code: 'plan', scope });
    }
    expect(await fail({ status: 200, body: { status: 'NOT_AUTHORIZED', message } })).toMatchObject({
      code: 'plan',
      scope,
    });
  });

  it('a gateway’s 403 says nothing about the plan', async () => {
    for (const body of [
      '<html>Forbidden</html>',
      { message: 'Forbidden' },
      { status: 'ERROR', error: 'Forbidden' },
      { error: { code: 403, message: 'Request blocked by policy' } },
      '',
    ])
      expect(await fail({ status: 403, body })).toMatchObject({ code: 'unavailable' });
  });

  it.each([
    [
      { status: 200, body: { status: 'ERROR', error: "You've exceeded the maximum requests per minute" } },
      'rate_limited',
    ],
    [{ status: 200, body: { status: 'ERROR', message: 'Unknown API Key' } }, 'unauthorized'],
    [{ status: 200, body: { status: 'ERROR', error: 'Something else' } }, 'bad_payload'],
    [{ status: 408 }, 'unavailable'],
    [{ status: 418, body: 'teapot' }, 'bad_payload'],
  ])('reads %j as %s', async (reply, code) => {
    expect((await fail(reply)).code).toBe(code);
  });

  it('a day without a session is a market without bars', async () => {
    await using bench = await startPolygon([{ status: 404, body: readWireFile('polygon.error.404-data.json') }]);
    expect((await bench.provider.fetchGroupedBars('2026-05-24', context)).value).toEqual(new Map());
  });
});

describe('Polygon market status', () => {
  it.each([
    [{ market: 'open' }, '12:00', 'regular'],
    [{ market: 'closed' }, '22:00', 'closed'],
    [{ market: 'extended-hours', earlyHours: true, afterHours: false }, '05:00', 'pre'],
    [{ market: 'extended-hours', earlyHours: false, afterHours: true }, '17:00', 'post'],
    [{ market: 'extended-hours' }, '05:00', 'pre'],
    [{ market: 'extended-hours' }, '17:00', 'post'],
  ])('%j at %s is %s, without a next change', async (body, time, state) => {
    await using bench = await startPolygon([{ body: { ...body, serverTime: `2026-05-22T${time}:00-04:00` } }]);
    const { value } = await bench.provider.fetchMarketClock(context);
    expect(value).toStrictEqual({ state, at: Date.parse(`2026-05-22T${time}:00-04:00`) });
  });

  it('refuses a state that it does not know and a time without an offset', async () => {
    await using bench = await startPolygon([
      { body: { market: 'lunch', serverTime: '2026-05-22T12:00:00-04:00' } },
      { body: { market: 'open', serverTime: '2026-05-22 12:00' } },
    ]);
    expect((await failureOf(bench.provider.fetchMarketClock(context))).details.field).toBe('market');
    expect((await failureOf(bench.provider.fetchMarketClock(context))).details.field).toBe('serverTime');
  });
});
