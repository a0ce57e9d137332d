// Answers by hand for the screens' tests: real figures of October 2025 where there are any, else plain ones.
import type {
  Answer,
  AnswerKind,
  AnswerMeta,
  ChainData,
  ContractData,
  ExpirationsData,
  HistoryData,
  IndicatorData,
  LevelsData,
  MarketStatusData,
  QuoteData,
} from '../../src/domain/answers.ts';
import type { Side } from '../../src/domain/types.ts';
import type { CacheStatsData, DoctorRow, HourlyCount } from '../../src/render/stats.ts';

export const LIVE: AnswerMeta = {
  provider: 'tradier',
  sample: false,
  asOf: '2025-10-29T15:59:58-04:00',
  fetchedAt: '2025-10-29T16:00:00-04:00',
  freshness: 'live',
  ageMs: 0,
  providerCalls: 1,
  elapsedMs: 41,
};

export function answerOf<Kind extends AnswerKind>(
  kind: Kind,
  data: Answer<Kind>['data'],
  more: Partial<Answer<Kind>> = {},
): Answer<Kind> {
  return { kind, ...(data === undefined ? {} : { data }), errors: [], notes: [], meta: LIVE, ...more };
}

export const NVDA_QUOTE: QuoteData = {
  symbol: 'NVDA',
  description: 'NVIDIA Corporation',
  last: 207.04,
  change: 6.01,
  changePercent: 2.9896,
  open: 207.98,
  high: 212.19,
  low: 204.78,
  previousClose: 201.03,
  bid: 207.03,
  ask: 207.05,
  volume: 308_829_600,
  averageVolume: 178_450_000,
  week52High: 212.19,
  week52Low: 86.62,
  asOf: '2025-10-29T15:59:58-04:00',
  session: 'regular',
};

export const SPY_QUOTE: QuoteData = {
  symbol: 'SPY',
  description: 'SPDR S&P 500',
  last: 687.39,
  change: 0.33,
  changePercent: 0.048,
  open: 688.72,
  high: 689.7,
  low: 682.87,
  previousClose: 687.06,
  volume: 85_657_100,
  asOf: '2025-10-29T15:59:58-04:00',
  session: 'regular',
};

/** A share below one dollar with few figures. */
export const PENNY_QUOTE: QuoteData = {
  symbol: 'PNNY',
  last: 0.1234,
  change: -0.0101,
  changePercent: -7.565,
  previousClose: 0.1335,
  volume: 950,
  asOf: '2025-10-29T15:59:40-04:00',
  session: 'regular',
};

export const NVDA_WEEK: HistoryData = {
  symbol: 'NVDA',
  interval: 'day',
  from: '2025-10-20',
  to: '2025-10-24',
  bars: [
    { date: '2025-10-20', open: 183.13, high: 185.2, low: 181.73, close: 182.64, volume: 128_544_700 },
    { date: '2025-10-21', open: 182.79, high: 182.79, low: 179.8, close: 181.16, volume: 124_240_200 },
    { date: '2025-10-22', open: 181.14, high: 183.44, low: 176.76, close: 180.28, volume: 162_249_600 },
    { date: '2025-10-23', open: 180.42, high: 183.03, low: 179.79, close: 182.16, volume: 111_363_700 },
    { date: '2025-10-24', open: 183.84, high: 187.47, low: 183.5, close: 186.26, volume: 131_296_700 },
  ],
  summary: {
    first: 182.64,
    last: 186.26,
    change: 3.04,
    changePercent: 1.6592,
    high: 187.47,
    low: 176.76,
    bars: 5,
    basis: 'previous_close',
  },
};

export const SPY_WEEK: HistoryData = {
  symbol: 'SPY',
  interval: 'day',
  from: '2025-10-20',
  to: '2025-10-24',
  bars: [
    { date: '2025-10-20', open: 667.32, high: 672.21, low: 667.27, close: 671.3, volume: 60_493_400 },
    { date: '2025-10-21', open: 671.44, high: 672.99, low: 669.98, close: 671.29, volume: 56_249_000 },
    { date: '2025-10-22', open: 672, high: 672, low: 663.3, close: 667.8, volume: 80_564_000 },
    { date: '2025-10-23', open: 668.12, high: 672.71, low: 667.8, close: 671.76, volume: 65_604_500 },
    { date: '2025-10-24', open: 676.46, high: 678.47, low: 675.65, close: 677.25, volume: 74_356_500 },
  ],
  summary: {
    first: 671.3,
    last: 677.25,
    change: 13.95,
    changePercent: 2.1031,
    high: 678.47,
    low: 663.3,
    bars: 5,
    basis: 'previous_close',
  },
};

export const SPY_INDICATORS: IndicatorData = {
  symbol: 'SPY',
  date: '2025-10-30',
  close: 679.83,
  rsi14: 59.66,
  macd: { macd: 6.23, signal: 4.92, histogram: 1.31 },
  sma: { '5': 683.35, '10': 676.33, '20': 671.29, '50': 661.24, '200': 608.17 },
  ema: { '5': 682.01, '10': 678.49, '20': 672.88, '50': 660.02, '200': 617.41 },
};

/** Too young for the long averages, and below the short ones. */
export const YOUNG_INDICATORS: IndicatorData = {
  symbol: 'SOUN',
  date: '2025-10-30',
  close: 17.42,
  rsi14: 48.2,
  macd: { macd: 0.12, signal: 0.31, histogram: -0.19 },
  sma: { '5': 17.9, '10': 18.05, '20': 17.77 },
  ema: { '5': 17.82, '10': 17.95, '20': 17.6 },
};

export const NVDA_LEVELS: LevelsData = {
  symbol: 'NVDA',
  spot: 207.04,
  supports: [
    { price: 204.78, origin: 'low of 2025-10-29' },
    { price: 191.49, origin: 'SMA 10' },
    { price: 176.76, origin: 'swing low of 2025-10-22, touched 3 times' },
  ],
  resistances: [
    { price: 212.19, origin: '52-week high' },
    { price: 215, origin: 'call wall' },
  ],
};

function contract(side: Side, strike: number, figures: Partial<ContractData>): ContractData {
  return {
    symbol: `NVDA251031${side === 'call' ? 'C' : 'P'}${String(strike * 1000).padStart(8, '0')}`,
    side,
    strike,
    ...figures,
  };
}

/** Seven strikes around 207.04; the put at 212.5 has no bid, no greeks and was not traded. */
export const NVDA_CHAIN: ChainData = {
  underlying: 'NVDA',
  spot: 207.04,
  expiration: '2025-10-31',
  dte: 2,
  contracts: [
    contract('call', 200, {
      bid: 7.45,
      ask: 7.55,
      last: 7.5,
      volume: 41_207,
      openInterest: 98_455,
      iv: 0.4412,
      delta: 0.871,
      gamma: 0.0252,
      theta: -0.412,
      vega: 0.041,
    }),
    contract('put', 200, {
      bid: 0.41,
      ask: 0.42,
      last: 0.41,
      volume: 88_120,
      openInterest: 45_901,
      iv: 0.4398,
      delta: -0.128,
      gamma: 0.0251,
      theta: -0.398,
      vega: 0.041,
    }),
    contract('call', 202.5, {
      bid: 5.3,
      ask: 5.4,
      last: 5.35,
      volume: 22_019,
      openInterest: 31_022,
      iv: 0.4301,
      delta: 0.783,
      gamma: 0.0377,
      theta: -0.551,
      vega: 0.058,
    }),
    contract('put', 202.5, {
      bid: 0.77,
      ask: 0.79,
      last: 0.78,
      volume: 41_322,
      openInterest: 18_764,
      iv: 0.4288,
      delta: -0.216,
      gamma: 0.0376,
      theta: -0.537,
      vega: 0.058,
    }),
    contract('call', 205, {
      bid: 3.5,
      ask: 3.55,
      last: 3.52,
      volume: 97_455,
      openInterest: 61_873,
      iv: 0.4233,
      delta: 0.651,
      gamma: 0.0488,
      theta: -0.672,
      vega: 0.073,
    }),
    contract('put', 205, {
      bid: 1.45,
      ask: 1.47,
      last: 1.46,
      volume: 120_577,
      openInterest: 27_010,
      iv: 0.422,
      delta: -0.349,
      gamma: 0.0487,
      theta: -0.658,
      vega: 0.073,
    }),
    contract('call', 207.5, {
      bid: 2.11,
      ask: 2.13,
      last: 2.12,
      volume: 101_998,
      openInterest: 28_117,
      iv: 0.4198,
      delta: 0.487,
      gamma: 0.0525,
      theta: -0.711,
      vega: 0.079,
    }),
    contract('put', 207.5, {
      bid: 2.54,
      ask: 2.57,
      last: 2.55,
      volume: 64_330,
      openInterest: 6_120,
      iv: 0.4187,
      delta: -0.513,
      gamma: 0.0524,
      theta: -0.697,
      vega: 0.079,
    }),
    contract('call', 210, {
      bid: 1.16,
      ask: 1.17,
      last: 1.16,
      volume: 188_530,
      openInterest: 112_908,
      iv: 0.4201,
      delta: 0.322,
      gamma: 0.0473,
      theta: -0.628,
      vega: 0.071,
    }),
    contract('put', 210, {
      bid: 4.05,
      ask: 4.15,
      last: 4.1,
      volume: 20_876,
      openInterest: 3_977,
      iv: 0.4189,
      delta: -0.678,
      gamma: 0.0472,
      theta: -0.614,
      vega: 0.071,
    }),
    contract('call', 212.5, {
      bid: 0.58,
      ask: 0.59,
      last: 0.58,
      volume: 60_013,
      openInterest: 40_225,
      iv: 0.4244,
      delta: 0.189,
      gamma: 0.0344,
      theta: -0.463,
      vega: 0.053,
    }),
    contract('put', 212.5, { ask: 6.15, openInterest: 812 }),
    contract('call', 215, {
      bid: 0.27,
      ask: 0.28,
      last: 0.27,
      volume: 75_440,
      openInterest: 87_321,
      iv: 0.4321,
      delta: 0.101,
      gamma: 0.0217,
      theta: -0.298,
      vega: 0.034,
    }),
    contract('put', 215, {
      bid: 8.1,
      ask: 8.3,
      last: 8.2,
      volume: 2_455,
      openInterest: 1_033,
      iv: 0.431,
      delta: -0.899,
      gamma: 0.0216,
      theta: -0.284,
      vega: 0.034,
    }),
  ],
  analytics: {
    callWalls: [
      { strike: 210, openInterest: 112_908 },
      { strike: 215, openInterest: 87_321 },
      { strike: 220, openInterest: 70_114 },
    ],
    putWalls: [
      { strike: 180, openInterest: 61_255 },
      { strike: 200, openInterest: 45_901 },
      { strike: 190, openInterest: 44_870 },
    ],
    maxPain: 197.5,
    expectedMove: { amount: 4.68, percent: 2.2604, method: 'straddle_mid' },
    putCallOpenInterest: 0.74,
    putCallVolume: 0.581,
  },
  greeksAsOf: '2025-10-29T15:00:02-04:00',
};

export const SPY_LEVELS: LevelsData = {
  symbol: 'SPY',
  spot: 687.39,
  supports: [{ price: 683.35, origin: 'SMA 5' }],
  resistances: [{ price: 689.7, origin: 'high of 2025-10-29' }],
};

export const NVDA_EXPIRATIONS: ExpirationsData = {
  symbol: 'NVDA',
  expirations: [
    { date: '2025-10-31', dte: 2, kind: 'weekly' },
    { date: '2025-11-07', dte: 9, kind: 'weekly' },
    { date: '2025-11-14', dte: 16, kind: 'weekly' },
    { date: '2025-11-21', dte: 23, kind: 'monthly' },
    { date: '2025-11-28', dte: 30, kind: 'weekly' },
    { date: '2025-12-05', dte: 37, kind: 'weekly' },
    { date: '2025-12-19', dte: 51, kind: 'monthly' },
    { date: '2025-12-31', dte: 63, kind: 'quarterly' },
    { date: '2027-12-17', dte: 779, kind: 'monthly' },
  ],
};

export const MARKET: MarketStatusData = {
  state: 'regular',
  exchangeTime: '2025-10-29T15:57:58-04:00',
  description: 'Market is open from 09:30 to 16:00',
  nextChange: { state: 'post', at: '2025-10-29T16:00:00-04:00' },
};

export const HOLIDAY: MarketStatusData = {
  state: 'closed',
  exchangeTime: '2025-11-27T10:00:00-05:00',
  nextChange: { state: 'pre', at: '2025-11-28T04:00:00-05:00' },
  holiday: 'Thanksgiving Day',
};

const COUNTS = { entries: 12, bytes: 40_960, hits: 340, staleHits: 2, misses: 41, providerCalls: 40, coalesced: 11 };

export const CACHE_STATS: CacheStatsData = {
  path: '/home/trader/.cache/fin/cache.sqlite',
  sizeBytes: 1_310_720,
  entries: 57,
  byKind: { quote: COUNTS, bars: { ...COUNTS, hits: 1200 } },
  totals: { ...COUNTS, hits: 1540, hitRate: 0.971, callsSaved: 512 },
  providers: {
    polygon: { limitPerMinute: 5, usedInWindow: 3, breaker: 'closed' },
    tradier: { limitPerMinute: 120, usedInWindow: 17, breaker: 'open' },
  },
  sinceIso: '2025-10-01T09:00:00-04:00',
};

/** A day of trading from 09:00 to 15:00, with nothing asked at noon. */
export const HOURS: HourlyCount[] = Array.from({ length: 24 }, (_, hour) => {
  const busy = hour >= 9 && hour <= 15 && hour !== 12;
  return {
    label: String(hour).padStart(2, '0'),
    providerCalls: busy ? 2 * hour : 0,
    ...(busy ? { hitRate: hour / 16 } : {}),
  };
});

export const DOCTOR: DoctorRow[] = [
  { name: 'Tradier key', state: 'ok', detail: 'accepted, answered in 180 ms' },
  {
    name: 'Polygon key',
    state: 'problem',
    detail: 'not set',
    hint: 'set MASSIVE_API_KEY to your key; without it only Tradier is asked',
  },
  { name: 'cache file', state: 'note', detail: 'of an older version, set aside' },
];

export const SAMPLE: AnswerMeta = { ...LIVE, provider: 'sample', sample: true };
export const CACHED: AnswerMeta = { ...LIVE, freshness: 'cached', ageMs: 12_400 };
export const STALE: AnswerMeta = { ...LIVE, freshness: 'stale', ageMs: 7_300_000 };
export const NO_SOURCE: AnswerMeta = { sample: false, providerCalls: 0, elapsedMs: 0 };

/** The history cut to its last session. */
export function lastBarOf(history: HistoryData): HistoryData {
  const [before, bar] = history.bars.slice(-2);
  if (before === undefined || bar === undefined) throw new Error('two bars needed');
  const change = bar.close - before.close;
  return {
    ...history,
    from: bar.date,
    to: bar.date,
    bars: [bar],
    summary: {
      first: bar.close,
      last: bar.close,
      change,
      changePercent: (change / before.close) * 100,
      high: bar.high,
      low: bar.low,
      bars: 1,
      basis: 'previous_close',
    },
  };
}

export function sideOf(side: Side): ChainData {
  return { ...NVDA_CHAIN, contracts: NVDA_CHAIN.contracts.filter((one) => one.side === side) };
}
