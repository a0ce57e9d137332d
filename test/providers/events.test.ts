// Dividends, splits, earnings, headlines and searches as both providers send them, on the bodies of test/fixtures/wire
// and on what beta endpoints and strangers may send instead.
import { describe, expect, it } from 'vitest';
import { openContext } from '../helpers/direct-http.ts';
import type { ScriptedReply } from '../helpers/scripted-server.ts';
import { failureOf, readWireFile, startPolygon, startTradier } from './provider-bench.ts';

const context = openContext();
const json = (name: string): ScriptedReply => ({ body: JSON.parse(readWireFile(name)) as unknown });

/** `[{request, results: [{tables: {[table]: rows}}]}]` */
const fundamentals = (table: string, rows: unknown, request = 'AAPL'): ScriptedReply => ({
  body: [
    {
      request,
      type: 'Symbol',
      results: [
        { type: 'Company', tables: {} },
        { type: 'Stock', tables: { [table]: rows } },
      ],
    },
  ],
});

describe('Polygon', () => {
  it('brings dividends of several symbols in one request, the newest first, and names those that nobody asked for', async () => {
    const row = { cash_amount: 0.3, currency: 'USD', frequency: 0, pay_date: null };
    const { results } = JSON.parse(readWireFile('polygon.dividends.v1.doc.json')) as { results: object[] };
    await using bench = await startPolygon([
      {
        body: {
          status: 'OK',
          results: [
            ...results,
            { ...row, ticker: 'BRK.B', ex_dividend_date: '2026-01-05', currency: 'EUR' },
            { ...row, ticker: 'AAPL', ex_dividend_date: '2026-05-11' },
            { ...row, ticker: 'MSFT', ex_dividend_date: '2026-05-11' },
            { ...row, ticker: 'AAPL', ex_dividend_date: '2026-13-40' },
          ],
        },
      },
    ]);
    const { value, lost } = await bench.provider.fetchEvents!('dividends', ['AAPL', 'BRK.B', 'PLTR'], context);
    expect(Object.fromEntries(value)).toEqual({
      AAPL: [
        { exDate: '2026-05-11', amount: 0.3 },
        { exDate: '2025-08-11', payDate: '2025-08-14', amount: 0.26, frequency: 4 },
      ],
      'BRK.B': [{ exDate: '2026-01-05', amount: 0.3, currency: 'EUR' }],
      PLTR: [],
    });
    expect(lost?.map(({ symbol, date }) => [symbol, date])).toEqual([
      ['AAPL', undefined],
      [undefined, '2026-05-11'],
    ]);
    expect(lost?.[1]?.message).toBe('Polygon dividends: 2026-05-11 is left out: MSFT was not asked for');
    const [request] = bench.server.requests;
    expect(request?.path).toBe('/stocks/v1/dividends');
    expect(request?.query.get('ticker.any_of')).toBe('AAPL,BRK.B,PLTR');
    expect(request?.query.get('ex_dividend_date.gte')).toBe('2021-05-23');
  });

  it('follows the pages of the new family of endpoints', async () => {
    const split = { ticker: 'AAPL', split_from: 1, split_to: 4 };
    await using bench = await startPolygon((request) => ({
      body: {
        status: 'OK',
        results: [{ ...split, execution_date: request.query.has('cursor') ? '2014-06-09' : '2020-08-31' }],
        ...(request.query.has('cursor') ? {} : { next_url: 'https://api.massive.com/stocks/v1/splits?cursor=x' }),
      },
    }));
    const { value } = await bench.provider.fetchEvents!('splits', ['AAPL'], context);
    expect(value.get('AAPL')?.map(({ date }) => date)).toEqual(['2020-08-31', '2014-06-09']);
  });

  it('reads the documented split, and asks nobody for earnings', async () => {
    await using bench = await startPolygon([json('polygon.splits.v1.doc.json')]);
    const { value } = await bench.provider.fetchEvents!('splits', ['AAPL'], context);
    expect(value.get('AAPL')).toEqual([{ date: '2005-02-28', from: 1, to: 2 }]);
    const error = await failureOf(bench.provider.fetchEvents!('earnings', ['AAPL'], context));
    expect([error.code, error.message]).toEqual(['plan', 'earnings: not in the free Polygon plan']);
    expect(bench.server.requests).toHaveLength(1);
  });

  it('brings headlines in one request, however many pages there are', async () => {
    await using bench = await startPolygon([json('polygon.news.doc.json')]);
    const { value } = await bench.provider.fetchNews('UBS', context);
    expect(value).toEqual([
      {
        publishedAt: Date.parse('2024-06-24T18:33:53Z'),
        title: 'Markets are underestimating Fed cuts: UBS By Investing.com - Investing.com UK',
        publisher: 'Investing.com',
        url: 'https://uk.investing.com/news/stock-market-news/markets-are-underestimating-fed-cuts-ubs-3559968',
        symbols: ['UBS'],
        sentiment: 'positive',
      },
    ]);
    expect(bench.server.requests).toHaveLength(1);
  });

  it('names headlines that have no time or no title, beside those that have', async () => {
    const good = { title: 'Up', published_utc: '2026-05-22T10:00:00Z', tickers: ['AAPL'] };
    const results = [good, { ...good, published_utc: 'soon' }, { ...good, title: '\u200b' }];
    await using bench = await startPolygon([{ body: { status: 'OK', results } }]);
    const { value, lost } = await bench.provider.fetchNews('AAPL', context);
    expect(value).toHaveLength(1);
    expect(lost?.map(({ message }) => message)).toEqual([
      'Polygon news: a headline is left out: "soon" is not a time',
      'Polygon news: a headline is left out: it has no title',
    ]);
  });

  it('cleans headlines of controls, direction marks, invisible letters and tags, and keeps no address but of the web', async () => {
    const hostile = [
      ['\u001b[31mRed\u001b[0m\u0007 alert', 'Red alert'],
      ['Up \u202e%5 nwod\u202c \u2066x\u2069', 'Up %5 nwod x'],
      ['Zero\u200bwidth \u{e0041}\u{e0042}tag\ufeff', 'Zerowidth tag'],
      ['<b>Bold</b> <script>alert(1)</script>&amp; &lt;i&gt;more&lt;/i&gt;', 'Bold alert(1) & more'],
      ['two\r\nlines\u2028here', 'two lines here'],
      ['P/E < 20 and yield > 3', 'P/E < 20 and yield > 3'],
    ];
    const article = { published_utc: '2026-05-22T10:00:00Z', tickers: ['AAPL'], article_url: 'javascript:alert(1)' };
    await using bench = await startPolygon([
      {
        body: {
          status: 'OK',
          results: [
            ...hostile.map(([title]) => ({ ...article, title, publisher: { name: 'A\u202eB' } })),
            { ...article, title: 'x'.repeat(50_000), publisher: null },
            { ...article, title: 7 },
          ],
        },
      },
    ]);
    const { value, lost } = await bench.provider.fetchNews('AAPL', context);
    expect(value.slice(0, hostile.length).map(({ title }) => title)).toEqual(hostile.map(([, clean]) => clean));
    expect(value.map(({ url }) => url)).toEqual(value.map(() => undefined));
    expect(value[0]?.publisher).toBe('AB');
    expect(value.at(-1)?.title.length).toBeLessThanOrEqual(240);
    expect(lost).toHaveLength(1);
  });

  it('finds securities by words in one page, with kind and exchange in words', async () => {
    await using bench = await startPolygon([json('polygon.tickers.search.doc.json')]);
    const { value } = await bench.provider.searchSecurities!('agilent', context);
    expect(value).toEqual([{ symbol: 'A', name: 'Agilent Technologies Inc.', type: 'stock', exchange: 'NYSE' }]);
    expect(bench.server.requests).toHaveLength(1);
    expect(bench.server.requests[0]?.query.get('search')).toBe('agilent');
  });
});

describe('Tradier', () => {
  it('knows earnings by the words of its calendar, and other entries not', async () => {
    await using bench = await startTradier([
      json('tradier.beta.calendars.synthetic.json'),
      json('tradier.beta.calendars.single-object.synthetic.json'),
    ]);
    const { value } = await bench.provider.fetchEvents!('earnings', ['AAPL'], context);
    expect(value.get('AAPL')).toEqual([{ date: '2027-01-28', time: 'unknown', confirmed: false }]);
    const other = await bench.provider.fetchEvents!('earnings', ['XYZ'], context);
    expect(other.value.get('XYZ')).toEqual([]);
    expect(bench.server.requests.map(({ url }) => url)).toEqual([
      '/beta/markets/fundamentals/calendars?symbols=AAPL',
      '/beta/markets/fundamentals/calendars?symbols=XYZ',
    ]);
  });

  it('says before the open or after the close where the entry does, and takes a call for its report only alone', async () => {
    const entry = (begin: string, event: string, status = 'Confirmed'): object => ({
      begin_date_time: begin,
      event,
      event_status: status,
    });
    await using bench = await startTradier([
      fundamentals('corporate_calendars', [
        entry('2026-07-30T16:30:00.000', 'Q3 2026 Apple Inc Earnings Release'),
        entry('2026-07-31', 'Q3 2026 Apple Inc Earnings Call'),
        entry('2026-04-30', 'Apple Inc Q2 Earnings Result (Before Market Open)', 'Projected'),
        entry('2026-01-29', 'Apple Inc First Quarter Earnings Conference Call in 2026'),
        entry('2025-10-30T00:00:00', 'Apple Inc Full Year Results'),
        { event: 'Earnings without a date' },
        { begin_date_time: 7, event: 'Earnings with a strange date' },
        'no object',
      ]),
    ]);
    const { value, lost } = await bench.provider.fetchEvents!('earnings', ['AAPL'], context);
    expect(value.get('AAPL')).toEqual([
      { date: '2026-07-30', time: 'after_close', confirmed: true },
      { date: '2026-04-30', time: 'before_open', confirmed: false },
      { date: '2026-01-29', time: 'unknown', confirmed: true },
      { date: '2025-10-30', time: 'unknown', confirmed: true },
    ]);
    expect(lost?.map(({ symbol, isNote }) => [symbol, isNote])).toEqual([
      ['AAPL', undefined],
      ['AAPL', undefined],
    ]);
  });

  it('reads splits as a map, a list or one row, and dividends with any field missing', async () => {
    const split = (date: string): object => ({ ex_date: date, split_from: 1, split_to: 4 });
    const expected = [{ date: '2020-08-31', from: 1, to: 4 }];
    for (const table of [{ '2020-08-31': split('2020-08-31') }, [split('2020-08-31')], split('2020-08-31')]) {
      await using bench = await startTradier([fundamentals('stock_splits', table)]);
      expect((await bench.provider.fetchEvents!('splits', ['AAPL'], context)).value.get('AAPL')).toEqual(expected);
    }
    await using bench = await startTradier([
      json('tradier.beta.dividends.synthetic.json'),
      fundamentals('cash_dividends', [
        { ex_date: '2026-02-09' },
        { cash_amount: 1 },
        {},
        { ex_date: '2026-05-11', cash_amount: 0.3 },
      ]),
      fundamentals('cash_dividends', null),
      { body: [{ request: 'AAPL', error: 'no data' }] },
      { body: [{ request: 'AAPL', type: 'Symbol', results: [] }] },
    ]);
    const read = async (): Promise<unknown> =>
      (await bench.provider.fetchEvents!('dividends', ['AAPL'], context)).value.get('AAPL');
    expect(await read()).toEqual([{ exDate: '2026-11-09', payDate: '2026-11-12', amount: 0.26, frequency: 4 }]);
    expect(await read()).toEqual([{ exDate: '2026-05-11', amount: 0.3 }]);
    for (let each = 0; each < 3; each += 1) expect(await read()).toEqual([]);
  });

  it('tells an answer without the symbol’s events from one that there are none, and keeps the other symbols', async () => {
    const entry = (request: string, more: object) => ({ request, type: 'Symbol', ...more });
    const table = { tables: { cash_dividends: { ex_date: '2026-05-11', cash_amount: 0.3 } } };
    for (const broken of [
      [],
      [entry('AAPL', { error: 'internal error' })],
      [entry('AAPL', { error: { code: 5 } })],
      [entry('AAPL', { results: [{ tables: null }] })],
      [entry('AAPL', { results: { type: 'Stock' } })],
      [entry('MSFT', { results: [table] })],
    ]) {
      const both = [...broken, entry('KO', { results: [table] })];
      await using bench = await startTradier([{ body: broken }, { body: both }]);
      const error = await failureOf(bench.provider.fetchEvents!('dividends', ['AAPL'], context));
      expect([error.code, error.message]).toEqual(['bad_payload', expect.stringContaining('AAPL') as string]);
      const { value, lost } = await bench.provider.fetchEvents!('dividends', ['AAPL', 'KO'], context);
      expect([...value]).toEqual([['KO', [{ exDate: '2026-05-11', amount: 0.3 }]]]);
      expect(lost).toEqual([{ symbol: 'AAPL', message: error.message }]);
    }
  });

  it.each([
    [403, 'Forbidden', 'plan'],
    [404, '<html>', 'plan'],
    [401, readWireFile('tradier.error.401-no-apiproduct-fault.json'), 'plan'],
    [401, readWireFile('tradier.error.401-fault.json'), 'unauthorized'],
    [500, 'Internal error', 'bad_payload'],
    [200, '{"fundamentals":null}', 'bad_payload'],
  ])('refused by its beta with status %i takes one request and says %s as %s', async (status, body, code) => {
    await using bench = await startTradier(() => ({ status, body, headers: { 'content-type': 'application/json' } }));
    const error = await failureOf(bench.provider.fetchEvents!('earnings', ['AAPL'], context));
    expect(error.code).toBe(code);
    expect(bench.server.requests).toHaveLength(1);
  });

  it('asks by name, and for one short word by the beginning of symbols too', async () => {
    await using bench = await startTradier((request) =>
      request.path.endsWith('lookup') ? json('tradier.lookup.json') : json('tradier.search.json'),
    );
    const { value } = await bench.provider.searchSecurities!('goog', context);
    expect(value.slice(0, 2)).toEqual([
      { symbol: 'GOOGL', name: 'Alphabet Inc', type: 'stock', exchange: 'NASDAQ' },
      { symbol: 'GOOG', name: 'Alphabet Inc. - Class C Capital Stock', type: 'stock', exchange: 'NASDAQ' },
    ]);
    await bench.provider.searchSecurities!('alphabet inc', context);
    expect(bench.server.requests.map(({ url }) => url)).toEqual([
      '/v1/markets/lookup?q=GOOG',
      '/v1/markets/search?q=goog',
      '/v1/markets/search?q=alphabet+inc',
    ]);
  });

  it('reads one security as one, and none as none', async () => {
    await using bench = await startTradier((request) =>
      request.path.endsWith('lookup')
        ? json('tradier.lookup.single-object.json')
        : json('tradier.securities.null.json'),
    );
    const { value } = await bench.provider.searchSecurities!('googl', context);
    expect(value.map(({ symbol }) => symbol)).toEqual(['GOOGL']);
  });
});

describe('a row of events that cannot be', () => {
  const ways = {
    tradier: {
      start: startTradier,
      dividends: (rows: object[]) => fundamentals('cash_dividends', rows),
      splits: (rows: object[]) => fundamentals('stock_splits', rows),
      names: { date: 'ex_date', ex: 'ex_date' },
    },
    polygon: {
      start: startPolygon,
      dividends: (results: object[]): ScriptedReply => ({ body: { status: 'OK', results } }),
      splits: (results: object[]): ScriptedReply => ({ body: { status: 'OK', results } }),
      names: { date: 'execution_date', ex: 'ex_dividend_date' },
    },
  };

  it.each(['tradier', 'polygon'] as const)('at %s is left out and named, and costs no other', async (name) => {
    const { start, dividends, splits, names } = ways[name];
    const row = (date: string, more: object) => ({ ticker: 'AAPL', [names.ex]: date, [names.date]: date, ...more });
    for (const cash_amount of [-1, 0, '0.26']) {
      await using bench = await start([
        dividends([row('2026-05-11', { cash_amount: 0.3 }), row('2026-02-09', { cash_amount })]),
      ]);
      const { value, lost } = await bench.provider.fetchEvents!('dividends', ['AAPL'], context);
      expect(value.get('AAPL')).toEqual([{ exDate: '2026-05-11', amount: 0.3 }]);
      expect(lost).toHaveLength(1);
      expect([lost?.[0]?.symbol, lost?.[0]?.isNote]).toEqual(['AAPL', undefined]);
    }
    for (const [split_from, split_to, isNote] of [
      [0, 4, undefined],
      [1, -4, undefined],
      ['1', 4, undefined],
      [1, 1, true],
    ]) {
      await using bench = await start([
        splits([row('2020-08-31', { split_from: 1, split_to: 4 }), row('2014-06-09', { split_from, split_to })]),
      ]);
      const { value, lost } = await bench.provider.fetchEvents!('splits', ['AAPL'], context);
      expect(value.get('AAPL')).toEqual([{ date: '2020-08-31', from: 1, to: 4 }]);
      expect(lost?.map(({ symbol, isNote: noted }) => [symbol, noted])).toEqual([['AAPL', isNote]]);
    }
  });

  it('of Polygon, all of another ticker, is no list without events', async () => {
    const results = [{ ticker: 'MSFT', ex_dividend_date: '2026-05-11', cash_amount: 1 }];
    await using bench = await startPolygon([{ body: { status: 'OK', results } }]);
    const error = await failureOf(bench.provider.fetchEvents!('dividends', ['AAPL'], context));
    expect([error.code, error.message]).toEqual([
      'bad_payload',
      'Polygon dividends: the answer is about other symbols (MSFT)',
    ]);
  });
});
