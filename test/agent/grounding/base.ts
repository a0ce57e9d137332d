// A small conversation for the grounding tests: golden bars of SPY and NVDA, a chain, indicators, levels, a calculation.
import { createFactBase } from '../../../src/agent/grounding/facts.ts';
import type { FactBase } from '../../../src/agent/grounding/facts.ts';
import { checkGrounding } from '../../../src/agent/grounding/check.ts';
import type { Answer, AnswerDataByKind, AnswerKind, QuoteData } from '../../../src/domain/answers.ts';

export function answerOf<Kind extends AnswerKind>(kind: Kind, data: AnswerDataByKind[Kind]): Answer<Kind> {
  return {
    kind,
    data,
    errors: [],
    notes: [],
    meta: {
      provider: 'tradier',
      sample: false,
      fetchedAt: '2025-10-30T09:12:44-04:00',
      providerCalls: 1,
      elapsedMs: 12,
    },
  };
}

export const NVDA_QUOTE: QuoteData = {
  symbol: 'NVDA',
  description: 'NVIDIA Corp',
  last: 207.04,
  change: 6.01,
  changePercent: 2.99,
  open: 207.98,
  high: 212.19,
  low: 204.78,
  previousClose: 201.03,
  bid: 207.01,
  ask: 207.06,
  volume: 1_203_456_789,
  averageVolume: 178_600_000,
  week52High: 212.19,
  week52Low: 86.62,
  asOf: '2025-10-29T16:00:00-04:00',
  session: 'closed',
};
export const SPY_QUOTE: QuoteData = {
  symbol: 'SPY',
  description: 'SPDR S&P 500',
  last: 687.39,
  change: 0.33,
  changePercent: 0.05,
  open: 688.72,
  high: 689.7,
  low: 682.87,
  previousClose: 687.06,
  volume: 85_657_100,
  asOf: '2025-10-29T16:00:00-04:00',
  session: 'closed',
};
export const AMD_QUOTE: QuoteData = {
  symbol: 'AMD',
  last: 258.01,
  change: -7.23,
  changePercent: -2.7259,
  open: 265.1,
  high: 266.4,
  low: 256.2,
  previousClose: 265.24,
  volume: 44_812_345,
  asOf: '2025-10-29T16:00:00-04:00',
  session: 'closed',
};

const HISTORY = {
  symbol: 'NVDA',
  interval: 'day' as const,
  from: '2025-10-24',
  to: '2025-10-29',
  bars: [
    { date: '2025-10-24', open: 183.84, high: 187.47, low: 183.5, close: 186.26, volume: 131_296_700 },
    { date: '2025-10-27', open: 189.99, high: 192, low: 188.43, close: 191.49, volume: 153_452_700 },
    { date: '2025-10-28', open: 193.05, high: 203.15, low: 191.91, close: 201.03, volume: 297_986_200 },
    { date: '2025-10-29', open: 207.98, high: 212.19, low: 204.78, close: 207.04, volume: 308_829_600 },
  ],
  summary: {
    first: 186.26,
    last: 207.04,
    change: 24.88,
    changePercent: 13.66,
    high: 212.19,
    low: 183.5,
    bars: 4,
    basis: 'previous_close' as const,
  },
};

const CONTRACTS = [
  {
    symbol: 'NVDA251107C00200000',
    side: 'call' as const,
    strike: 200,
    bid: 9.1,
    ask: 9.25,
    last: 9.2,
    volume: 12_034,
    openInterest: 45_210,
    iv: 0.25,
    delta: 0.6412,
    gamma: 0.0188,
    theta: -0.3012,
    vega: 0.1101,
  },
  {
    symbol: 'NVDA251107P00200000',
    side: 'put' as const,
    strike: 200,
    bid: 2.31,
    ask: 2.36,
    last: 2.33,
    volume: 8_077,
    openInterest: 31_877,
    iv: 0.2644,
    delta: -0.3577,
    gamma: 0.0191,
    theta: -0.2875,
    vega: 0.1099,
  },
  {
    symbol: 'NVDA251107C00210000',
    side: 'call' as const,
    strike: 210,
    bid: 3.4,
    ask: 3.5,
    last: 3.44,
    volume: 20_555,
    openInterest: 60_498,
    iv: 0.2431,
    delta: 0.3391,
    gamma: 0.0202,
    theta: -0.2777,
    vega: 0.1088,
  },
];

export function createConversation(): FactBase {
  const base = createFactBase();
  base.add(answerOf('quote', [NVDA_QUOTE, SPY_QUOTE, AMD_QUOTE]));
  base.add(answerOf('history', HISTORY));
  base.add(
    answerOf('ta', [
      {
        symbol: 'SPY',
        date: '2025-10-29',
        close: 687.39,
        rsi14: 59.66,
        macd: { macd: 6.23, signal: 4.92, histogram: 1.31 },
        sma: { '5': 683.35, '10': 676.33, '50': 661.24 },
        ema: { '5': 684.02, '20': 672.9 },
      },
    ]),
  );
  base.add(
    answerOf('chain', {
      underlying: 'NVDA',
      spot: 207.04,
      expiration: '2025-11-07',
      dte: 8,
      contracts: CONTRACTS,
      analytics: {
        callWalls: [{ strike: 210, openInterest: 60_498 }],
        putWalls: [{ strike: 200, openInterest: 31_877 }],
        maxPain: 200,
        expectedMove: { amount: 8.12, percent: 3.92, method: 'straddle' },
        putCallOpenInterest: 0.71,
      },
    }),
  );
  base.add(
    answerOf('levels', {
      symbol: 'SPY',
      spot: 687.39,
      supports: [
        { price: 683.35, origin: 'SMA5' },
        { price: 661.24, origin: 'SMA50' },
      ],
      resistances: [{ price: 689.7, origin: 'day high' }],
    }),
  );
  base.add(
    answerOf('expirations', {
      symbol: 'SPY',
      expirations: [
        { date: '2025-10-31', dte: 1, kind: 'weekly' },
        { date: '2025-11-07', dte: 8, kind: 'weekly' },
        { date: '2025-11-21', dte: 22, kind: 'monthly' },
      ],
    }),
  );
  base.add(answerOf('calculation', { expression: '(207.04 - 186.26) / 186.26 * 100', value: 11.1564 }));
  return base;
}

/** Texts of the figures that are not supported. */
export function unsupportedIn(text: string, base = createConversation(), question = ''): string[] {
  return checkGrounding(text, base, { question }).unsupported.map((figure) => figure.text);
}
