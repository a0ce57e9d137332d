// Polygon's wire format as served by the sample market: held against documented answers, and read by the vendor's client.
import { readFileSync } from 'node:fs';
import { GetStocksAggregatesSortEnum, GetStocksAggregatesTimespanEnum, restClient } from '@polygon.io/client-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isTradingDay } from '../../src/domain/calendar.ts';
import { startExchangeServer } from '../../src/sample/server.ts';
import type { ExchangeServer } from '../../src/sample/server.ts';
import type { Row } from './sample-exchange.ts';
import { HOST, ask, askJson, exchangeAt, tradierHistory, tradierQuote } from './sample-exchange.ts';

const OPEN = '2026-11-19T11:00:30-05:00';
const CLOSED = '2026-11-21T12:00:00-05:00';

interface Aggregates extends Row {
  resultsCount: number;
  queryCount: number;
  results?: { T?: string; t: number; o: number; h: number; l: number; c: number; v: number; vw: number; n: number }[];
  next_url?: string;
}

interface Page extends Row {
  results?: Row[];
  next_url?: string;
}

function documented(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/wire/${name}.json`, import.meta.url), 'utf8'));
}

function keys(value: unknown): string[] {
  return Object.keys(value as object).sort();
}

function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

/** Every page of a list, as the links lead. */
function walk(exchange: ReturnType<typeof exchangeAt>, path: string): Row[] {
  const rows: Row[] = [];
  let next: string | undefined = path;
  for (let pages = 0; next !== undefined && pages < 100; pages += 1) {
    const page: Page = askJson<Page>(exchange, next);
    rows.push(...(page.results ?? []));
    expect(page.next_url ?? `http://${HOST}/`).toContain(`http://${HOST}/`);
    next = page.next_url?.slice(`http://${HOST}`.length);
  }
  return rows;
}

describe('lists in a request', () => {
  const tickersOf = (body: Row, list: string): unknown[] =>
    ((body as Record<string, Row[] | undefined>)[list] ?? []).map((row) => row['ticker']);

  it('come with commas or as one parameter each, as both official clients send them', () => {
    const exchange = exchangeAt(OPEN);
    const path = '/v2/snapshot/locale/us/markets/stocks/tickers';
    expect(tickersOf(askJson(exchange, `${path}?tickers=AAPL&tickers=MSFT`), 'tickers')).toEqual(['AAPL', 'MSFT']);
    expect(tickersOf(askJson(exchange, `${path}?tickers=AAPL,NVDA&tickers=MSFT`), 'tickers')).toEqual([
      'AAPL',
      'NVDA',
      'MSFT',
    ]);
    const unified = '/v3/snapshot?ticker.any_of=AAPL&ticker.any_of=I:SPX&limit=250';
    expect(tickersOf(askJson(exchange, unified), 'results')).toEqual(['AAPL', 'I:SPX']);
    expect(
      walk(exchange, '/v3/snapshot?ticker.any_of=AAPL&ticker.any_of=MSFT&ticker.any_of=SPY&limit=1').map(
        (row) => row['ticker'],
      ),
    ).toEqual(['AAPL', 'MSFT', 'SPY']);
    const quotes = askJson<{ quotes: { quote: Row[] } }>(exchange, '/v1/markets/quotes?symbols=AAPL&symbols=MSFT');
    expect(quotes.quotes.quote.map((row) => row['symbol'])).toEqual(['AAPL', 'MSFT']);
  });
});

describe('Polygon bars', () => {
  it('have the documented keys, midnight in New York as their time, and the prices that Tradier’s format tells', () => {
    const exchange = exchangeAt(CLOSED);
    const body = askJson<Aggregates>(
      exchange,
      '/v2/aggs/ticker/AAPL/range/1/day/2026-10-26/2026-11-22?adjusted=true&sort=asc&limit=50000',
    );
    const example = documented('polygon.aggs.day');
    expect(keys(body)).toEqual(keys(example));
    expect(keys(body.results?.[0])).toEqual(keys(at(example, 'results', 0)));
    const daily = tradierHistory(exchange, 'AAPL', '2026-10-26', '2026-11-22');
    expect(body.results?.map(({ o, h, l, c, v }) => [o, h, l, c, v])).toEqual(
      daily.map(({ open, high, low, close, volume }) => [open, high, low, close, volume]),
    );
    // The clocks change on 1 November: midnight is 04:00 UTC before and 05:00 UTC after.
    expect(new Date(body.results![0]!.t).toISOString()).toBe('2026-10-26T04:00:00.000Z');
    expect(new Date(body.results!.at(-1)!.t).toISOString()).toBe('2026-11-20T05:00:00.000Z');
    expect(body.resultsCount).toBe(daily.length);
  });

  it('hold finished sessions only', () => {
    const last = (time: string): number | undefined =>
      askJson<Aggregates>(exchangeAt(time), '/v2/aggs/ticker/AAPL/range/1/day/2026-11-01/2026-12-31').results?.at(-1)
        ?.t;
    expect(last('2026-11-19T15:59:59-05:00')).toBe(Date.parse('2026-11-18T05:00:00Z'));
    expect(last('2026-11-19T16:00:00-05:00')).toBe(Date.parse('2026-11-19T05:00:00Z'));
  });

  it('leave `results` out when there are none', () => {
    const exchange = exchangeAt(CLOSED);
    for (const path of [
      '/v2/aggs/ticker/AAPL/range/1/day/2026-11-21/2026-11-22',
      '/v2/aggs/ticker/ZZZZ/range/1/day/2026-11-02/2026-11-20',
    ]) {
      const body = askJson<Aggregates>(exchange, path);
      expect(keys(body)).toEqual(keys(documented('polygon.aggs.empty')));
      expect(body.resultsCount).toBe(0);
    }
    expect(keys(askJson(exchange, '/v2/aggs/grouped/locale/us/market/stocks/2026-11-21'))).toEqual(
      keys(documented('polygon.grouped.empty')),
    );
  });

  it('come in pages that together are the whole range, either way round', () => {
    const exchange = exchangeAt(CLOSED);
    const range = '/v2/aggs/ticker/NVDA/range/1/day/2026-06-01/2026-11-20';
    const whole = askJson<Aggregates>(exchange, `${range}?limit=50000`).results;
    expect(whole?.length).toBeGreaterThan(100);
    expect(walk(exchange, `${range}?limit=17&apiKey=secret`)).toEqual(whole);
    expect(walk(exchange, `${range}?limit=17&sort=desc`)).toEqual(whole?.toReversed());
    const first = askJson<Aggregates>(exchange, `${range}?limit=17&apiKey=secret`);
    expect(Buffer.from(new URL(first.next_url!).searchParams.get('cursor')!, 'base64url').toString()).toBe(
      'limit=17&sort=asc&adjusted=true',
    );
    const unadjusted = askJson<Aggregates>(exchange, `${range}?limit=17&adjusted=false`);
    expect(askJson<Row>(exchange, unadjusted.next_url!.slice(`http://${HOST}`.length))['adjusted']).toBe(false);
    const forged = Buffer.from('offset=-5').toString('base64url');
    expect(ask(exchange, `/v3/reference/tickers?cursor=${forged}`).status).toBe(400);
  });

  it('gather weeks from Sunday, months and years; the limit counts days', () => {
    const exchange = exchangeAt(CLOSED);
    const weeks = askJson<Aggregates>(exchange, '/v2/aggs/ticker/AAPL/range/1/week/2026-11-02/2026-11-20');
    expect(weeks.results?.map(({ t }) => new Date(t).toISOString().slice(0, 10))).toEqual([
      '2026-11-01',
      '2026-11-08',
      '2026-11-15',
    ]);
    expect([weeks.queryCount, weeks.resultsCount]).toEqual([15, 3]);
    const months = askJson<Aggregates>(exchange, '/v2/aggs/ticker/AAPL/range/1/month/2026-01-01/2026-11-20?limit=50');
    expect(months.results).toHaveLength(2);
    expect(walk(exchange, '/v2/aggs/ticker/AAPL/range/1/month/2026-01-01/2026-11-20?limit=50')).toHaveLength(11);
    const pairs = askJson<Aggregates>(exchange, '/v2/aggs/ticker/AAPL/range/2/month/2026-01-01/2026-11-20');
    expect(pairs.results).toHaveLength(6);
    expect(
      askJson<Aggregates>(exchange, '/v2/aggs/ticker/AAPL/range/1/year/2024-01-01/2026-11-20').results,
    ).toHaveLength(3);
  });

  it('of an index go under its `I:` name and have no volume', () => {
    const exchange = exchangeAt(CLOSED);
    const index = askJson<Aggregates>(exchange, '/v2/aggs/ticker/I:SPX/range/1/day/2026-11-02/2026-11-20');
    expect(keys(index.results?.[0])).toEqual(['c', 'h', 'l', 'o', 't']);
    expect(askJson<Aggregates>(exchange, '/v2/aggs/ticker/SPX/range/1/day/2026-11-02/2026-11-20').resultsCount).toBe(0);
  });

  it('refuse dates, limits and spans in the documented form', () => {
    const exchange = exchangeAt(CLOSED);
    const refusal = (path: string): [number, string[]] => {
      const reply = ask(exchange, path);
      return [reply.status, keys(JSON.parse(reply.body))];
    };
    const badDate = keys(documented('polygon.error.400-date'));
    expect(refusal('/v2/aggs/ticker/AAPL/range/1/day/2026-13-01/2026-11-20')).toEqual([400, badDate]);
    expect(refusal('/v2/aggs/ticker/AAPL/range/1/day/2026-11-20/2026-11-02')).toEqual([400, badDate]);
    expect(refusal('/v2/aggs/ticker/AAPL/range/1/day/2026-11-02/2026-11-20?limit=50001')).toEqual([400, badDate]);
    expect(refusal('/v2/aggs/ticker/AAPL/range/1/fortnight/2026-11-02/2026-11-20')).toEqual([400, badDate]);
    expect(refusal('/v2/aggs/ticker/AAPL/range/5/second/2026-11-02/2026-11-20')).toEqual([
      403,
      keys(documented('polygon.error.403-timeframe')),
    ]);
    expect(refusal('/v2/aggs/grouped/locale/us/market/stocks/2026-11-31')).toEqual([400, badDate]);
    expect(refusal('/v1/nothing')).toEqual([404, keys(documented('polygon.error.404-not-found'))]);
    const today = ask(exchangeAt(OPEN), '/v2/aggs/grouped/locale/us/market/stocks/2026-11-19');
    expect(today.status).toBe(403);
    expect(today.body).toContain("Attempted to request today's data before end of day");
  });

  it('of one day have the documented keys, and 404 where there was no session', () => {
    const exchange = exchangeAt(CLOSED);
    const day = askJson<Row>(exchange, '/v1/open-close/AAPL/2026-11-20');
    expect(keys(day)).toEqual([
      'afterHours',
      'close',
      'from',
      'high',
      'low',
      'open',
      'preMarket',
      'status',
      'symbol',
      'volume',
    ]);
    const weekend = ask(exchange, '/v1/open-close/AAPL/2026-11-21');
    expect(weekend.status).toBe(404);
    expect(JSON.parse(weekend.body)).toMatchObject({ status: 'NOT_FOUND', message: 'Data not found.' });
  });
});

describe('Polygon snapshots', () => {
  it('have the documented keys and the figures of the quote', () => {
    const exchange = exchangeAt(OPEN);
    const single = askJson<{ ticker: Row } & Row>(exchange, '/v2/snapshot/locale/us/markets/stocks/tickers/AAPL');
    const example = documented('polygon.snapshot.v2.single');
    expect(keys(single)).toEqual(keys(example));
    expect(keys(single.ticker)).toEqual(keys(at(example, 'ticker')));
    for (const part of ['day', 'min', 'prevDay', 'lastTrade', 'lastQuote'])
      expect(keys(single.ticker[part])).toEqual(keys(at(example, 'ticker', part)));
    const quote = tradierQuote(exchange, 'AAPL');
    expect(at(single, 'ticker', 'lastTrade', 'p')).toBe(quote.last);
    expect(at(single, 'ticker', 'prevDay', 'c')).toBe(quote.prevclose);
    expect(single.ticker['todaysChange']).toBeCloseTo(quote.change, 4);
    expect(Number(single.ticker['updated']) / 1e6).toBeCloseTo(Date.parse(OPEN), 0);
  });

  it('leave unknown symbols out of a list, refuse one alone, and are zero before the first trade', () => {
    const exchange = exchangeAt(OPEN);
    const list = askJson<{ tickers: Row[] } & Row>(
      exchange,
      '/v2/snapshot/locale/us/markets/stocks/tickers?tickers=AAPL,ZZZZ,BRK.B',
    );
    expect(keys(list)).toEqual(keys(documented('polygon.snapshot.v2.tickers')));
    expect(list.tickers.map(({ ticker }) => ticker)).toEqual(['AAPL', 'BRK.B']);
    expect(ask(exchange, '/v2/snapshot/locale/us/markets/stocks/tickers/ZZZZ').status).toBe(404);
    expect(
      askJson<{ tickers: Row[] }>(exchange, '/v2/snapshot/locale/us/markets/stocks/tickers').tickers.length,
    ).toBeGreaterThan(60);
    const early = askJson<{ ticker: Row }>(
      exchangeAt('2026-11-19T04:00:00-05:00'),
      '/v2/snapshot/locale/us/markets/stocks/tickers/AAPL',
    );
    expect(early.ticker['day']).toMatchObject({ o: 0, h: 0, l: 0, c: 0, v: 0 });
  });

  it('unified give stocks, indices and options at once and a row of error for the unknown', () => {
    const exchange = exchangeAt(OPEN);
    const strike = askJson<{ results: Row[] }>(
      exchange,
      '/v3/reference/options/contracts?underlying_ticker=AAPL&expiration_date=2026-12-18&limit=1000',
    ).results[40]!;
    const tickers = ['AAPL', 'I:SPX', String(strike['ticker']), 'TSLAAPL'].join(',');
    const rows = askJson<{ results: Row[] }>(
      exchange,
      `/v3/snapshot?ticker.any_of=${encodeURIComponent(tickers)}&limit=250`,
    ).results;
    const row = (ticker: string): Row => rows.find((found) => found['ticker'] === ticker)!;
    expect(row('TSLAAPL')).toEqual({ ticker: 'TSLAAPL', error: 'NOT_FOUND', message: 'Ticker not found.' });
    expect(row('AAPL')).toMatchObject({ type: 'stocks', market_status: 'open' });
    expect(at(row('AAPL'), 'session', 'previous_close')).toBe(tradierQuote(exchange, 'AAPL').prevclose);
    expect(row('I:SPX')['value']).toBe(tradierQuote(exchange, 'SPX').last);
    expect(row(String(strike['ticker']))).toMatchObject({ type: 'options' });
    expect(askJson<Page>(exchange, '/v3/snapshot').results).toHaveLength(10);
    expect(walk(exchange, '/v3/snapshot?type=indices')).toHaveLength(2);
    expect(walk(exchange, '/v3/snapshot?type=stocks&limit=33').length).toBeGreaterThan(60);
    expect(
      ask(exchange, `/v3/snapshot?ticker.any_of=${Array.from({ length: 251 }, (_, i) => `A${i}`).join(',')}`).status,
    ).toBe(400);
  });
});

describe('Polygon options', () => {
  it('filter, sort and page a chain; its rows have the documented keys', () => {
    const exchange = exchangeAt(OPEN);
    const all = walk(exchange, '/v3/snapshot/options/NVDA?expiration_date=2026-11-20&limit=25');
    const whole = askJson<Page>(exchange, '/v3/snapshot/options/NVDA?expiration_date=2026-11-20&limit=250').results!;
    expect(all).toEqual(whole);
    expect(askJson<Page>(exchange, '/v3/snapshot/options/NVDA').results).toHaveLength(10);
    const example = at(documented('polygon.options.chain'), 'results', 0) as object;
    const traded = whole.find((row) => row['greeks'] !== undefined)!;
    // Fair market values belong to the business plan.
    expect(keys(traded)).toEqual(keys(example).filter((key) => !key.startsWith('fmv')));
    for (const part of ['day', 'details', 'greeks', 'last_quote', 'underlying_asset'])
      expect(keys(traded[part])).toEqual(keys(at(example, part)));
    const calls = walk(
      exchange,
      '/v3/snapshot/options/NVDA?expiration_date=2026-11-20&contract_type=call&strike_price.gte=400&strike_price.lt=420&order=desc&sort=strike_price',
    );
    expect(calls.map((row) => at(row, 'details', 'strike_price'))).toEqual([415, 410, 405, 400]);
    expect(new Set(calls.map((row) => at(row, 'details', 'contract_type')))).toEqual(new Set(['call']));
    expect(whole.some((row) => row['greeks'] === undefined && Object.keys(row['day'] as object).length === 0)).toBe(
      true,
    );
  });

  it('answer an unknown underlying with no results and a bad filter with 400', () => {
    const exchange = exchangeAt(OPEN);
    expect(keys(askJson(exchange, '/v3/snapshot/options/ZZZZ'))).toEqual(['request_id', 'status']);
    for (const query of [
      'limit=251',
      'expiration_date=soon',
      'strike_price=much',
      'contract_type=both',
      'sort=colour',
    ]) {
      expect(ask(exchange, `/v3/snapshot/options/NVDA?${query}`).status).toBe(400);
    }
  });

  it('give one contract as an object, by snapshot and by reference', () => {
    const exchange = exchangeAt(OPEN);
    const listed = walk(exchange, '/v3/reference/options/contracts?underlying_ticker=NVDA&limit=1000');
    expect(keys(listed[0])).toEqual(keys(at(documented('polygon.options.contracts'), 'results', 0)));
    expect(new Set(listed.map((row) => row['expiration_date'])).size).toBeGreaterThan(10);
    const ticker = String(listed[10]!['ticker']);
    expect(askJson<Row>(exchange, `/v3/reference/options/contracts/${ticker}`)['results']).toEqual(listed[10]);
    expect(
      at(askJson(exchange, `/v3/snapshot/options/NVDA/${encodeURIComponent(ticker)}`), 'results', 'details', 'ticker'),
    ).toBe(ticker);
    expect(ask(exchange, '/v3/snapshot/options/NVDA/O:NVDA261120C00000001').status).toBe(404);
    expect(ask(exchange, '/v3/reference/options/contracts/garbage').status).toBe(404);
  });
});

describe('Polygon status and reference', () => {
  it('say the state of the market', () => {
    const now = (time: string): Row => askJson<Row>(exchangeAt(time), '/v1/marketstatus/now');
    expect(keys(now(OPEN))).toEqual(keys(documented('polygon.marketstatus.now')));
    expect(now(OPEN)).toMatchObject({ market: 'open', afterHours: false, earlyHours: false, serverTime: OPEN });
    expect(now('2026-11-19T05:00:00-05:00')).toMatchObject({ market: 'extended-hours', earlyHours: true });
    expect(now('2026-11-19T17:00:00-05:00')).toMatchObject({ market: 'extended-hours', afterHours: true });
    expect(now(CLOSED)).toMatchObject({ market: 'closed' });
  });

  it('list holidays and half days ahead, a row for each exchange', () => {
    const rows = askJson<Row[]>(exchangeAt(OPEN), '/v1/marketstatus/upcoming');
    expect(rows.slice(0, 3)).toEqual(
      ['NYSE', 'NASDAQ', 'OTC'].map((exchange) => ({
        date: '2026-11-26',
        exchange,
        name: 'Thanksgiving Day',
        status: 'closed',
      })),
    );
    expect(rows[3]).toEqual({
      date: '2026-11-27',
      exchange: 'NASDAQ',
      name: 'Thanksgiving Day',
      status: 'early-close',
      open: '2026-11-27T14:30:00.000Z',
      close: '2026-11-27T18:00:00.000Z',
    });
    for (const row of rows) expect(isTradingDay(String(row['date']))).toBe(row['status'] === 'early-close');
  });

  it('describe a ticker, and page through all of them', () => {
    const exchange = exchangeAt(OPEN);
    expect(at(askJson(exchange, '/v3/reference/tickers/BRK.B'), 'results')).toMatchObject({
      ticker: 'BRK.B',
      type: 'CS',
      market: 'stocks',
      locale: 'us',
    });
    expect(ask(exchange, '/v3/reference/tickers/ZZZZ').status).toBe(404);
    const tickersOf = (query: string): unknown[] =>
      (askJson<Page>(exchange, `/v3/reference/tickers?limit=1000&${query}`).results ?? []).map((row) => row['ticker']);
    expect(tickersOf('order=desc')).toEqual(tickersOf('').reverse());
    expect(tickersOf('type=ETF')).toContain('SPY');
    expect(tickersOf('type=ETF')).not.toContain('AAPL');
    expect(tickersOf('type=CS&order=desc')).toEqual(tickersOf('type=CS').reverse());
    expect(ask(exchange, '/v3/reference/tickers?order=up').status).toBe(400);
    expect(walk(exchange, '/v3/reference/tickers?limit=30&type=CS&order=desc').map((row) => row['ticker'])).toEqual(
      tickersOf('type=CS&order=desc'),
    );
    expect(walk(exchange, '/v3/reference/tickers?limit=30').length).toBe(
      askJson<Page>(exchange, '/v3/reference/tickers?limit=1000').results?.length,
    );
  });
});

describe('the official Polygon client', () => {
  let server: ExchangeServer;

  beforeAll(async () => {
    server = await startExchangeServer({ exchange: exchangeAt(CLOSED), port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  it('reads aggregates, with and without pages', async () => {
    const plain = await restClient('any-key', server.url).getStocksAggregates(
      'AAPL',
      1,
      GetStocksAggregatesTimespanEnum.Day,
      '2026-11-02',
      '2026-11-20',
      true,
      GetStocksAggregatesSortEnum.Asc,
      5000,
    );
    expect(plain.results?.map(({ c }) => c)).toEqual(
      tradierHistory(exchangeAt(CLOSED), 'AAPL', '2026-11-02', '2026-11-20').map(({ close }) => close),
    );
    const paged = await restClient('any-key', server.url, { pagination: true }).getStocksAggregates(
      'AAPL',
      1,
      GetStocksAggregatesTimespanEnum.Day,
      '2026-11-02',
      '2026-11-20',
      true,
      GetStocksAggregatesSortEnum.Asc,
      4,
    );
    expect(paged.results).toHaveLength(15);
  });

  it('reads the previous close, grouped daily bars, market status, holidays, snapshots and a chain', async () => {
    const client = restClient('any-key', server.url);
    const close = tradierQuote(exchangeAt(CLOSED), 'NVDA').last;
    const previous = await client.getPreviousStocksAggregates('NVDA');
    expect(previous).toMatchObject({ ticker: 'NVDA', resultsCount: 1, results: [{ T: 'NVDA', c: close }] });
    expect(new Date((previous.results?.[0] as { t: number }).t).toISOString()).toBe('2026-11-20T21:00:00.000Z');
    const grouped = await client.getGroupedStocksAggregates('2026-11-20');
    expect(grouped.results?.find(({ T }) => T === 'NVDA')?.c).toBe(close);
    expect(grouped.resultsCount).toBeGreaterThan(60);
    expect((await client.getMarketStatus()).market).toBe('closed');
    expect((await client.getMarketHolidays())[0]).toMatchObject({ date: '2026-11-26' });
    expect((await client.getStocksSnapshotTicker('NVDA')).ticker?.day?.c).toBe(close);
    const chain = await client.getOptionsChain('NVDA', undefined, '2026-12-18');
    expect(chain.results).toHaveLength(10);
    await expect(client.getTicker('ZZZZ')).rejects.toThrow('404');
  });
});
