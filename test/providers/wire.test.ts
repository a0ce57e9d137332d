// Every example body of an endpoint in use, by file name, as the client reads it over a real socket. Where the bodies
// come from (recorded, documented, composed) is told in test/fixtures/wire/SOURCES.md.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Provider } from '../../src/providers/provider.ts';
import type { PolygonProvider } from '../../src/providers/polygon.ts';
import type { TradierProvider } from '../../src/providers/tradier.ts';
import { fixedClock, openContext } from '../helpers/direct-http.ts';
import { failureOf, readWireFile, SECRET, startPolygon, startTradier } from './provider-bench.ts';

const context = openContext();

interface GoodCase<P> {
  file: string;
  call: (provider: P) => Promise<{ value: unknown }>;
  value: unknown;
}

interface BadCase<P> {
  file: string;
  status: number;
  /** Which method is answered so; quotes unless told. */
  call?: (provider: P) => Promise<unknown>;
  error: { code: string; message: RegExp; scope?: string };
}

const AAPL_2026 = {
  symbol: 'AAPL',
  description: 'Apple Inc',
  last: 308.82,
  open: 306.12,
  high: 311.4,
  low: 305.84,
  previousClose: 304.99,
  bid: 308.5,
  ask: 308.6,
  volume: 43662292,
  averageVolume: 42896285,
  // Told as 305.54: the day's high is beyond it.
  week52High: 311.4,
  week52Low: 193.46,
  regularClose: 308.82,
  asOf: 1779480000301,
};

const PLTR_PUT_GREEKS = {
  delta: -6.01864144947e-5,
  gamma: 7.40630883938048e-10,
  theta: -1.6306298433649376e-8,
  vega: 2.000688743685533e-5,
};

const quotesOf =
  (...symbols: string[]) =>
  async (provider: Provider) => {
    const { value } = await provider.fetchQuotes(symbols, context);
    return {
      value: {
        quotes: Object.fromEntries<unknown>([...value.quotes, ...(value.contracts ?? [])]),
        unknown: [...value.unknown, ...(value.failed?.keys() ?? [])],
      },
    };
  };
const barsOf = (symbol: string, from: string, to: string) => (provider: Provider) =>
  provider.fetchDailyBars(symbol, from, to, context);
const chainOf = (symbol: string, expiration: string) => (provider: Provider) =>
  provider.fetchChain(symbol, expiration, context);
const expirationsOf = (symbol: string) => (provider: Provider) => provider.fetchExpirations(symbol, context);
const clockOf = (provider: Provider) => provider.fetchMarketClock(context);
const emptyChain = (underlying: string, expiration: string) => ({ underlying, expiration, contracts: [] });

const TRADIER_GOOD: GoodCase<TradierProvider>[] = [
  { file: 'tradier.quotes.single.json', call: quotesOf('AAPL'), value: { quotes: { AAPL: AAPL_2026 }, unknown: [] } },
  {
    file: 'tradier.quotes.single-2020.json',
    call: quotesOf('AAPL'),
    value: {
      quotes: {
        AAPL: {
          symbol: 'AAPL',
          description: 'Apple Inc',
          last: 289.07,
          open: 286.25,
          high: 299,
          low: 285.85,
          previousClose: 293.8,
          bid: 290.4,
          ask: 290.5,
          volume: 60154175,
          averageVolume: 32342116,
          week52High: 327.85,
          week52Low: 170.27,
          regularClose: 289.07,
          asOf: 1588363200188,
        },
      },
      unknown: [],
    },
  },
  {
    file: 'tradier.quotes.batch.json',
    call: quotesOf('QQQ', 'SPY'),
    value: {
      quotes: {
        SPY: {
          symbol: 'SPY',
          description: 'State Street SPDR S&P 500 ETF Trust',
          last: 745.64,
          open: 746.24,
          high: 748.94,
          low: 744.48,
          previousClose: 742.72,
          bid: 744.07,
          ask: 744.3,
          volume: 41732726,
          averageVolume: 71213062,
          week52High: 749.53,
          week52Low: 575.6,
          regularClose: 745.64,
          asOf: 1779489000000,
        },
        QQQ: {
          symbol: 'QQQ',
          description: 'Invesco QQQ Trust, Series 1',
          last: 717.54,
          open: 718.07,
          high: 722.12,
          low: 715.95,
          previousClose: 714.51,
          bid: 715.57,
          ask: 715.65,
          volume: 33081436,
          averageVolume: 54721702,
          week52High: 722.12,
          week52Low: 505.58,
          regularClose: 717.54,
          asOf: 1779480900013,
        },
      },
      unknown: [],
    },
  },
  {
    file: 'tradier.quotes.unmatched.json',
    call: quotesOf('BADTICKER123'),
    value: { quotes: {}, unknown: ['BADTICKER123'] },
  },
  {
    file: 'tradier.quotes.partial-unmatched.json',
    call: quotesOf('WYNN', 'AAPL'),
    value: { quotes: { AAPL: AAPL_2026 }, unknown: ['WYNN'] },
  },
  {
    file: 'tradier.quotes.option-greeks.json',
    call: quotesOf('AAPL', 'PLTR251107P00095000'),
    value: {
      quotes: {
        AAPL: AAPL_2026,
        PLTR251107P00095000: {
          symbol: 'PLTR251107P00095000',
          bid: 0.01,
          ask: 0.03,
          last: 0.02,
          previousClose: 0.04,
          volume: 5384,
          openInterest: 3452,
          iv: 1.119,
          delta: -6.01864144947e-5,
          gamma: 7.40630883938048e-10,
          theta: -1.6306298433649376e-8,
          vega: 2.000688743685533e-5,
          multiplier: 100,
          tradedAt: 1761938340985,
          asOf: 1761940498000,
        },
      },
      unknown: [],
    },
  },
  {
    // The put was never traded: only somebody's offer is known of it.
    file: 'tradier.quotes.doc-nulls.json',
    call: quotesOf('AAPL', 'VXX190517P00016000'),
    value: {
      quotes: {
        AAPL: {
          symbol: 'AAPL',
          description: 'Apple Inc',
          last: 208.21,
          open: 204.29,
          high: 208.71,
          low: 203.5,
          previousClose: 211.75,
          bid: 208.19,
          ask: 208.21,
          volume: 25288395,
          averageVolume: 27215269,
          week52High: 233.47,
          week52Low: 142,
          asOf: 1557168406000,
        },
        VXX190517P00016000: {
          symbol: 'VXX190517P00016000',
          bid: 0,
          ask: 0.01,
          volume: 0,
          openInterest: 10,
          multiplier: 100,
          asOf: 1557168367000,
        },
      },
      unknown: [],
    },
  },
  {
    file: 'tradier.history.daily.json',
    call: barsOf('AAPL', '2024-05-14', '2024-05-16'),
    value: [
      { date: '2024-05-14', open: 187.51, high: 188.3, low: 186.29, close: 187.43, volume: 52393619 },
      { date: '2024-05-15', open: 187.91, high: 190.65, low: 187.37, close: 189.72, volume: 70399988 },
      { date: '2024-05-16', open: 190.47, high: 191.095, low: 189.6601, close: 189.84, volume: 52845230 },
    ],
  },
  {
    file: 'tradier.history.daily-single.json',
    call: barsOf('AAPL', '2024-05-17', '2024-05-17'),
    value: [{ date: '2024-05-17', open: 189.51, high: 190.81, low: 189.18, close: 189.87, volume: 41282925 }],
  },
  {
    file: 'tradier.history.weekly.json',
    call: barsOf('AAPL', '2024-05-01', '2024-05-31'),
    value: [
      { date: '2024-05-06', open: 182.354, high: 185.09, low: 180.42, close: 183.05, volume: 300675540 },
      { date: '2024-05-13', open: 185.435, high: 191.095, low: 184.62, close: 189.87, volume: 288044967 },
    ],
  },
  {
    file: 'tradier.history.monthly-single.json',
    call: barsOf('SPY', '2025-10-01', '2025-10-31'),
    value: [{ date: '2025-10-01', open: 663.17, high: 673.95, low: 652.84, close: 665.17, volume: 863248440 }],
  },
  { file: 'tradier.history.null.json', call: barsOf('AAPL', '2024-05-18', '2024-05-19'), value: [] },
  { file: 'tradier.history.null-string.json', call: barsOf('AAPL', '2024-05-18', '2024-05-19'), value: [] },
  {
    file: 'tradier.options.chain.greeks.json',
    call: chainOf('PLTR', '2025-11-07'),
    value: {
      underlying: 'PLTR',
      expiration: '2025-11-07',
      greeksAsOf: Date.parse('2025-10-31T20:00:02Z'),
      contracts: [
        {
          symbol: 'PLTR251107C00095000',
          underlying: 'PLTR',
          root: 'PLTR',
          side: 'call',
          strike: 95,
          expiration: '2025-11-07',
          multiplier: 100,
          bid: 0.01,
          ask: 0.03,
          last: 0.02,
          volume: 5384,
          tradedAt: 1761938340985,
          openInterest: 3452,
        },
        {
          symbol: 'PLTR251107P00095000',
          underlying: 'PLTR',
          root: 'PLTR',
          side: 'put',
          strike: 95,
          expiration: '2025-11-07',
          multiplier: 100,
          bid: 0.01,
          ask: 0.03,
          last: 0.02,
          volume: 5384,
          tradedAt: 1761938340985,
          openInterest: 3452,
          iv: 1.119,
          ...PLTR_PUT_GREEKS,
        },
      ],
    },
  },
  {
    file: 'tradier.options.chain.no-greeks.json',
    call: async (provider) => {
      const { value } = await provider.fetchChain('VXX', '2022-04-08', context);
      return {
        value: value.contracts.map(({ symbol, bid, last, ...rest }) => ({
          symbol,
          bid,
          last,
          hasGreeks: 'iv' in rest || 'delta' in rest,
        })),
      };
    },
    // A bid of 0 that somebody quoted (bid_date) is a bid.
    value: [
      { symbol: 'VXX220408C00010000', bid: 13.25, last: 14.65, hasGreeks: false },
      { symbol: 'VXX220408P00010000', bid: 0, last: 0.01, hasGreeks: false },
      { symbol: 'VXX220408C00041000', bid: 0.05, last: 0.08, hasGreeks: false },
      { symbol: 'VXX220408P00041000', bid: 16.7, last: 17.2, hasGreeks: false },
    ],
  },
  {
    file: 'tradier.options.chain.nulls.json',
    call: chainOf('TLT', '2025-10-10'),
    value: {
      underlying: 'TLT',
      expiration: '2025-10-10',
      greeksAsOf: Date.parse('2025-09-19T15:58:54Z'),
      contracts: ([60, 61] as const).map((strike) => ({
        symbol: `TLT251010P000${strike}000`,
        underlying: 'TLT',
        root: 'TLT',
        side: 'put',
        strike,
        expiration: '2025-10-10',
        multiplier: 100,
        bid: 0,
        ask: 0.01,
        volume: 0,
        openInterest: 0,
        iv: 0.17,
        delta: -5.7e-15,
        gamma: -4.1372742189208425e-15,
        theta: 3.356338728309622e-16,
        vega: 1.999999818164227e-5,
      })),
    },
  },
  {
    file: 'tradier.options.chain.null.json',
    call: chainOf('AAPL', '2030-01-04'),
    value: emptyChain('AAPL', '2030-01-04'),
  },
  {
    file: 'tradier.options.expirations.dates.json',
    call: expirationsOf('VXX'),
    value: [
      { date: '2023-11-10', kind: 'weekly' },
      { date: '2023-11-17', kind: 'monthly' },
      { date: '2023-12-29', kind: 'quarterly' },
    ],
  },
  {
    file: 'tradier.options.expirations.detailed.json',
    call: expirationsOf('VXX'),
    value: [
      { date: '2023-11-10', kind: 'weekly' },
      { date: '2023-11-17', kind: 'monthly' },
      { date: '2023-12-29', kind: 'quarterly' },
    ],
  },
  {
    file: 'tradier.options.expirations.detailed-single.json',
    call: expirationsOf('VXX'),
    value: [{ date: '2023-11-17', kind: 'monthly' }],
  },
  {
    file: 'tradier.options.expirations.adjustments-2013.json',
    call: expirationsOf('AAPL'),
    value: [{ date: '2014-02-22', kind: 'monthly' }],
  },
  { file: 'tradier.options.expirations.null.json', call: expirationsOf('BRK.A'), value: [] },
  {
    file: 'tradier.clock.open.json',
    call: clockOf,
    value: {
      state: 'regular',
      description: 'Market is open from 09:30 to 16:00',
      at: 1557156988000,
      nextChange: { state: 'post', at: Date.parse('2019-05-06T16:00:00-04:00') },
    },
  },
  // 22:39 in New York: 08:00 is another day's, which one is the calendar's business.
  {
    file: 'tradier.clock.closed.json',
    call: clockOf,
    value: { state: 'closed', description: 'Market is closed.', at: 1370918353000 },
  },
  {
    file: 'tradier.calendar.json',
    call: (provider) => provider.fetchCalendar(4, 2019, context),
    value: [
      ...['2019-04-01', '2019-04-02', '2019-04-03'].map((date) => ({
        date,
        open: true,
        description: 'Market is open',
        regular: { start: '09:30', end: '16:00' },
      })),
      { date: '2019-04-06', open: false, description: 'Market is closed' },
    ],
  },
];

const TRADIER_BAD: BadCase<TradierProvider>[] = [
  {
    file: 'tradier.error.401-plain.txt',
    status: 401,
    error: { code: 'unauthorized', message: /^Tradier quotes: the key was refused \(Invalid Access Token\)$/ },
  },
  {
    file: 'tradier.error.401-fault.json',
    status: 401,
    error: { code: 'unauthorized', message: /\(Invalid Access Token\)$/ },
  },
  {
    file: 'tradier.error.401-fault.json',
    status: 500,
    error: { code: 'unauthorized', message: /Invalid Access Token/ },
  },
  {
    file: 'tradier.error.401-no-apiproduct-fault.json',
    status: 401,
    error: { code: 'unauthorized', message: /no apiproduct match found/ },
  },
  {
    file: 'tradier.error.400-plain.txt',
    status: 400,
    call: barsOf('AAPL', '2026-03-01', '2026-03-31'),
    error: {
      code: 'bad_payload',
      message: /^Tradier history: Invalid parameter, start: must be on or after 2026-04-01$/,
    },
  },
  {
    file: 'tradier.error.500-datastore-fault.json',
    status: 500,
    error: { code: 'unavailable', message: /^Tradier quotes: answered with status 500 \(Datastore Error\)$/ },
  },
  {
    file: 'tradier.error.quota-fault.json',
    status: 429,
    error: { code: 'rate_limited', message: /request limit/ },
  },
  {
    file: 'tradier.error.quota-fault.json',
    status: 500,
    error: { code: 'rate_limited', message: /request limit/ },
  },
  { file: 'tradier.error.too-big-body-fault.json', status: 500, error: { code: 'bad_payload', message: /too large/ } },
  {
    file: 'tradier.error.200-errors.json',
    status: 200,
    error: { code: 'bad_payload', message: /Backoffice rejected override of the order\.$/ },
  },
];

const JAN_2023 = [
  { date: '2023-01-03', open: 130.28, high: 130.9, low: 124.17, close: 125.07, volume: 112117471, vwap: 125.725 },
  { date: '2023-01-04', open: 126.89, high: 128.6557, low: 125.08, close: 126.36, volume: 89100633, vwap: 126.6464 },
  { date: '2023-01-05', open: 127.13, high: 127.77, low: 124.76, close: 125.02, volume: 80716808, vwap: 126.0883 },
  { date: '2023-01-06', open: 126.01, high: 130.29, low: 124.89, close: 129.62, volume: 87754715, vwap: 128.1982 },
  { date: '2023-01-09', open: 130.465, high: 133.41, low: 129.89, close: 130.15, volume: 70790813, vwap: 131.6292 },
  { date: '2023-01-10', open: 130.26, high: 131.2636, low: 128.12, close: 130.73, volume: 63896155, vwap: 129.822 },
];

const POLYGON_GOOD: GoodCase<PolygonProvider>[] = [
  { file: 'polygon.aggs.day.json', call: barsOf('AAPL', '2023-01-03', '2023-01-10'), value: JAN_2023 },
  { file: 'polygon.aggs.delayed.json', call: barsOf('AAPL', '2023-01-10', '2023-01-10'), value: JAN_2023.slice(-1) },
  { file: 'polygon.aggs.empty.json', call: barsOf('AAPL', '2023-01-07', '2023-01-08'), value: [] },
  {
    file: 'polygon.grouped.json',
    call: async (provider) => ({ value: [...(await provider.fetchGroupedBars('2020-10-14', context)).value] }),
    value: [
      [
        'KIMpL',
        { date: '2020-10-14', open: 26.07, high: 26.25, low: 25.91, close: 25.9102, volume: 4369, vwap: 26.0407 },
      ],
      [
        'TANH',
        { date: '2020-10-14', open: 24.5, high: 24.763, low: 22.65, close: 23.4, volume: 25933.6, vwap: 23.493 },
      ],
      [
        'VSAT',
        { date: '2020-10-14', open: 34.9, high: 35.47, low: 34.21, close: 34.24, volume: 312583, vwap: 34.4736 },
      ],
    ],
  },
  {
    file: 'polygon.grouped.empty.json',
    call: (provider) => provider.fetchGroupedBars('2020-10-17', context),
    value: new Map(),
  },
  {
    file: 'polygon.snapshot.v2.tickers.json',
    call: quotesOf('BCAT', 'ZZZZ'),
    value: {
      quotes: {
        BCAT: {
          symbol: 'BCAT',
          last: 20.506,
          open: 20.64,
          high: 20.64,
          low: 20.506,
          previousClose: 20.63,
          bid: 20.5,
          ask: 20.6,
          volume: 37216,
          asOf: Math.trunc(1605192894630.9166),
        },
      },
      unknown: ['ZZZZ'],
    },
  },
  {
    file: 'polygon.snapshot.v2.single.json',
    call: quotesOf('AAPL'),
    value: {
      quotes: {
        AAPL: {
          symbol: 'AAPL',
          last: 120.47,
          open: 119.62,
          high: 120.53,
          low: 118.81,
          previousClose: 119.49,
          bid: 120.46,
          ask: 120.47,
          volume: 28727868,
          asOf: 1605195918306,
        },
      },
      unknown: [],
    },
  },
  {
    file: 'polygon.options.chain.json',
    call: chainOf('AAPL', '2022-01-21'),
    value: {
      underlying: 'AAPL',
      expiration: '2022-01-21',
      spot: 147,
      spotAsOf: 1605195918507,
      contracts: [
        {
          // The documents' own ticker has nine digits of strike and another date than its row.
          symbol: 'AAPL220121C00150000',
          underlying: 'AAPL',
          root: 'AAPL',
          side: 'call',
          strike: 150,
          expiration: '2022-01-21',
          multiplier: 100,
          bid: 120.28,
          ask: 120.3,
          last: 0.05,
          volume: 868,
          tradedAt: 1605195918507,
          openInterest: 1543,
          iv: 5,
          delta: 1,
          gamma: 0,
          theta: 0.00229,
          vega: 0,
        },
      ],
    },
  },
  {
    file: 'polygon.options.contract-snapshot.json',
    call: async (provider) => ({ value: (await provider.fetchChain('AAPL', '2023-06-16', context)).value.contracts }),
    value: [
      {
        symbol: 'AAPL230616C00150000',
        underlying: 'AAPL',
        root: 'AAPL',
        side: 'call',
        strike: 150,
        expiration: '2023-06-16',
        multiplier: 100,
        bid: 20.9,
        ask: 21.25,
        last: 0.05,
        volume: 37,
        tradedAt: 1636520400000,
        openInterest: 8921,
        iv: 0.3048997097864957,
        delta: 0.5520187372272933,
        gamma: 0.00706756515659829,
        theta: -0.018532772783847958,
        vega: 0.7274811132998142,
      },
    ],
  },
  {
    file: 'polygon.options.contracts.json',
    call: expirationsOf('AAPL'),
    value: [{ date: '2021-11-19', kind: 'monthly' }],
  },
  {
    file: 'polygon.marketstatus.now.json',
    call: clockOf,
    value: { state: 'post', at: Date.parse('2020-11-10T17:37:37-05:00') },
  },
  {
    file: 'polygon.marketstatus.upcoming.json',
    call: (provider) => provider.fetchHolidays(context),
    value: [
      { date: '2020-11-26', name: 'Thanksgiving', closed: true },
      { date: '2020-11-27', name: 'Thanksgiving', closed: false, closesAt: Date.parse('2020-11-27T13:00:00-05:00') },
    ],
  },
];

const POLYGON_BAD: BadCase<PolygonProvider>[] = [
  {
    file: 'polygon.error.400-date.json',
    status: 400,
    call: barsOf('AAPL', '2023-01-03', '2023-01-10'),
    error: { code: 'bad_payload', message: /^Polygon aggregates: Could not parse the date\.$/ },
  },
  {
    file: 'polygon.error.401-missing.json',
    status: 401,
    error: { code: 'unauthorized', message: /\(API Key was not provided\)$/ },
  },
  {
    file: 'polygon.error.401-unknown.json',
    status: 401,
    error: { code: 'unauthorized', message: /\(Unknown API Key\)$/ },
  },
  {
    file: 'polygon.error.403-entitlement.json',
    status: 403,
    error: { code: 'plan', message: /^Polygon snapshots: You are not entitled/, scope: 'endpoint' },
  },
  {
    file: 'polygon.error.403-timeframe.json',
    status: 403,
    call: barsOf('AAPL', '2003-01-03', '2003-01-10'),
    error: { code: 'plan', message: /data timeframe/, scope: 'request' },
  },
  {
    file: 'polygon.error.404-not-found.json',
    status: 404,
    error: { code: 'no_data', message: /^Polygon snapshots: Ticker not found\.$/ },
  },
  { file: 'polygon.error.404-data.json', status: 404, error: { code: 'no_data', message: /Data not found\.$/ } },
  { file: 'polygon.error.429.json', status: 429, error: { code: 'rate_limited', message: /request limit/ } },
];

describe('a good Tradier body', () => {
  it.each(TRADIER_GOOD)('$file gives its domain values', async ({ file, call, value }) => {
    await using bench = await startTradier([{ body: readWireFile(file) }]);
    expect((await call(bench.provider)).value).toStrictEqual(value);
  });
});

describe('a good Polygon body', () => {
  it.each(POLYGON_GOOD)('$file gives its domain values', async ({ file, call, value }) => {
    await using bench = await startPolygon([{ body: readWireFile(file) }]);
    expect((await call(bench.provider)).value).toStrictEqual(value);
  });

  it('polygon.aggs.paginated.json goes on to its next page and keeps the order', async () => {
    await using bench = await startPolygon([
      { body: readWireFile('polygon.aggs.paginated.json') },
      { body: readWireFile('polygon.aggs.empty.json') },
    ]);
    const { value } = await bench.provider.fetchDailyBars('AAPL', '2020-01-01', '2020-01-10', context);
    expect(value.map((bar) => [bar.date, bar.close])).toEqual([
      ['2020-01-02', 75.0875],
      ['2020-01-03', 74.3575],
    ]);
    expect(bench.server.requests[1]?.url).toBe(
      '/v2/aggs/ticker/AAPL/range/1/day/1578114000000/2020-01-10?cursor=bGltaXQ9MiZzb3J0PWFzYw',
    );
  });

  it('polygon.snapshot.v3.json gives an index its value and counts a row that is an error as unknown', async () => {
    const body = JSON.parse(readWireFile('polygon.snapshot.v3.json')) as { results: Record<string, unknown>[] };
    body.results.push({
      ticker: 'I:SPX',
      type: 'indices',
      name: 'S&P 500',
      value: 6512.34,
      last_updated: 1779480000301000000,
      session: { previous_close: 6500 },
    });
    body.results.push({ ticker: 'I:VIX', error: 'NOT_FOUND', message: 'Ticker not found.' });
    await using bench = await startPolygon([{ body }]);
    const { value } = await bench.provider.fetchQuotes(['SPX', 'VIX'], context);
    expect([...value.quotes.values()]).toEqual([
      { symbol: 'SPX', description: 'S&P 500', last: 6512.34, previousClose: 6500, asOf: 1779480000301 },
    ]);
    expect(value.unknown).toEqual(['VIX']);
  });
});

describe('a refusal', () => {
  it.each(TRADIER_BAD)('$file with status $status is $error.code', async ({ file, status, call, error }) => {
    await using bench = await startTradier([{ status, body: readWireFile(file) }]);
    await expectRefusal((call ?? quotesOf('AAPL'))(bench.provider), error);
  });

  it.each(POLYGON_BAD)('$file with status $status is $error.code', async ({ file, status, call, error }) => {
    await using bench = await startPolygon([{ status, body: readWireFile(file) }]);
    await expectRefusal((call ?? quotesOf('AAPL'))(bench.provider), error);
  });

  async function expectRefusal(call: Promise<unknown>, expected: BadCase<Provider>['error']): Promise<void> {
    const error = await failureOf(call);
    expect(error.code).toBe(expected.code);
    expect(error.message).toMatch(expected.message);
    expect(error.hint).toMatch(/\w+ \w+/);
    if (expected.scope !== undefined) expect(error).toHaveProperty('scope', expected.scope);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(SECRET);
  }
});

it('tradier.ratelimit.headers.json says how many requests are left until when, in milliseconds or seconds', async () => {
  const { readTradierLimit } = await import('../../src/providers/tradier.ts');
  const named = JSON.parse(readWireFile('tradier.ratelimit.headers.json')) as Record<string, string>;
  const headers = Object.fromEntries(Object.entries(named).map(([name, value]) => [name.toLowerCase(), value]));
  const now = fixedClock(1369168790000).machineNow();
  expect(readTradierLimit({ status: 200, headers, body: '' }, now)).toEqual({
    remaining: 119,
    resetAtMs: 1369168800001,
  });
  const inSeconds = { ...headers, 'x-ratelimit-expiry': '1369168800' };
  expect(readTradierLimit({ status: 200, headers: inSeconds, body: '' }, now)).toEqual({
    remaining: 119,
    resetAtMs: 1369168800000,
  });
});

/** Read by events.test.ts. */
const EVENT_FILES = [
  'polygon.dividends.v1.doc.json',
  'polygon.news.doc.json',
  'polygon.splits.v1.doc.json',
  'polygon.tickers.search.doc.json',
  'tradier.beta.calendars.single-object.synthetic.json',
  'tradier.beta.calendars.synthetic.json',
  'tradier.beta.dividends.synthetic.json',
  'tradier.lookup.json',
  'tradier.lookup.single-object.json',
  'tradier.search.json',
  'tradier.securities.null.json',
];

it('every example body kept here is read by a test of this file or of events.test.ts', () => {
  const named = new Set([...TRADIER_GOOD, ...TRADIER_BAD, ...POLYGON_GOOD, ...POLYGON_BAD].map((each) => each.file));
  for (const file of [
    'polygon.aggs.paginated.json',
    'polygon.snapshot.v3.json',
    'tradier.ratelimit.headers.json',
    ...EVENT_FILES,
    // test/providers/tradier-stream.test.ts
    'tradier.stream.error.json',
    'tradier.stream.events.ndjson.txt',
    'tradier.stream.session.json',
  ])
    named.add(file);
  const kept = readdirSync(new URL('../fixtures/wire/', import.meta.url)).filter((name) =>
    /^(?:polygon|tradier)\./.test(name),
  );
  expect(kept.filter((file) => !named.has(file))).toEqual([]);
});
