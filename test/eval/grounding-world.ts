// A seeded small market for the grounding corpus: three symbols with everything that tools bring, and answers
// made of it. Knows nothing of how grounding works.
import type {
  Answer,
  AnswerDataByKind,
  AnswerKind,
  BarData,
  ChainData,
  ExpirationsData,
  HistoryData,
  IndicatorData,
  LevelsData,
  QuoteData,
} from '../../src/domain/answers.ts';
import { type Random as BaseRandom, createRandom as createBaseRandom } from '../helpers/random.ts';

export interface Random extends BaseRandom {
  int(low: number, high: number): number;
  chance(share: number): boolean;
}

export function createRandom(seed: number): Random {
  const { next, pick } = createBaseRandom(seed);
  return {
    next,
    pick,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
  };
}

export interface Stock {
  symbol: string;
  name: string;
  quote: QuoteData;
  history: HistoryData;
  ta: IndicatorData;
  chain: ChainData;
  levels: LevelsData;
  expirations: ExpirationsData;
}

export interface World {
  stocks: [Stock, Stock, Stock];
  answers: Answer[];
}

const SYMBOLS = [
  ['NVDA', 'NVIDIA Corporation'],
  ['AMD', 'Advanced Micro Devices'],
  ['SPY', 'SPDR S&P 500 ETF Trust'],
  ['WDC', 'Western Digital Corp'],
  ['AAPL', 'Apple Inc'],
  ['MSFT', 'Microsoft Corp'],
  ['TSLA', 'Tesla Inc'],
  ['QQQ', 'Invesco QQQ Trust'],
  ['SOUN', 'SoundHound AI Inc'],
  ['BRK.B', 'Berkshire Hathaway'],
  ['F', 'Ford Motor Co'],
  ['IWM', 'iShares Russell 2000'],
] as const;
/** The ten sessions before the day of asking, Thursday 2025-10-30. */
export const DATES = [
  '2025-10-16',
  '2025-10-17',
  '2025-10-20',
  '2025-10-21',
  '2025-10-22',
  '2025-10-23',
  '2025-10-24',
  '2025-10-27',
  '2025-10-28',
  '2025-10-29',
];
const EXPIRATIONS = [
  '2025-10-31',
  '2025-11-07',
  '2025-11-14',
  '2025-11-21',
  '2025-11-28',
  '2025-12-19',
  '2026-01-16',
  '2026-03-20',
  '2026-06-18',
];

const cents = (value: number): number => Math.round(value * 100) / 100;
const exact = (value: number, places: number): number => Number(value.toFixed(places));

export function createWorld(random: Random): World {
  const chosen = [...SYMBOLS]
    .map((each) => ({ each, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, 3);
  const stocks = chosen.map(({ each: [symbol, name] }) => createStock(random, symbol, name)) as World['stocks'];
  const answers: Answer[] = [
    answer(
      'quote',
      stocks.map((stock) => stock.quote),
    ),
    answer(
      'ta',
      stocks.map((stock) => stock.ta),
    ),
  ];
  for (const stock of stocks)
    answers.push(
      answer('history', stock.history),
      answer('chain', stock.chain),
      answer('levels', stock.levels),
      answer('expirations', stock.expirations),
    );
  return { stocks, answers };
}

export function answer<Kind extends AnswerKind>(kind: Kind, data: AnswerDataByKind[Kind]): Answer {
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
      elapsedMs: 20,
    },
  };
}

function createStock(random: Random, symbol: string, name: string): Stock {
  let price = random.pick([random.int(8, 30), random.int(80, 300), random.int(400, 700)]) + random.next();
  const bars: BarData[] = [];
  const before = cents(price);
  for (const date of DATES) {
    const open = price * (1 + (random.next() - 0.5) * 0.02);
    const close = open * (1 + (random.next() - 0.5) * 0.05);
    const high = Math.max(open, close) * (1 + 0.002 + random.next() * 0.02);
    const low = Math.min(open, close) * (1 - 0.002 - random.next() * 0.02);
    bars.push({
      date,
      open: cents(open),
      high: cents(high),
      low: cents(low),
      close: cents(close),
      volume: random.int(8_000_000, 400_000_000),
    });
    price = close;
  }
  const last = bars.at(-1)!;
  const previous = bars.at(-2)!;
  const change = cents(last.close - before);
  const history: HistoryData = {
    symbol,
    interval: 'day',
    from: DATES[0]!,
    to: DATES.at(-1)!,
    bars,
    summary: {
      first: bars[0]!.close,
      last: last.close,
      change,
      changePercent: exact((change / before) * 100, 4),
      high: Math.max(...bars.map((bar) => bar.high)),
      low: Math.min(...bars.map((bar) => bar.low)),
      bars: bars.length,
      basis: 'previous_close',
    },
  };
  const quote: QuoteData = {
    symbol,
    description: name,
    last: last.close,
    change: cents(last.close - previous.close),
    changePercent: exact(((last.close - previous.close) / previous.close) * 100, 4),
    open: last.open,
    high: last.high,
    low: last.low,
    previousClose: previous.close,
    bid: cents(last.close - 0.01 - random.next() * 0.05),
    ask: cents(last.close + 0.02 + random.next() * 0.05),
    volume: last.volume,
    averageVolume: random.int(20_000_000, 300_000_000),
    week52High: cents(last.close * (1.15 + random.next() * 0.2)),
    week52Low: cents(last.close * (0.4 + random.next() * 0.3)),
    asOf: '2025-10-29T16:00:00-04:00',
    session: 'closed',
  };
  return {
    symbol,
    name,
    quote,
    history,
    ta: createIndicators(random, symbol, last.close),
    chain: createChain(random, symbol, last.close),
    levels: createLevels(random, symbol, last.close),
    expirations: createExpirations(random, symbol),
  };
}

function createIndicators(random: Random, symbol: string, close: number): IndicatorData {
  const near = (spread: number): number => exact(close * (1 + (random.next() - 0.55) * spread), 4);
  const macd = exact((random.next() - 0.4) * close * 0.03, 4);
  const signal = exact(macd - (random.next() - 0.4) * close * 0.012, 4);
  const averages = (): Record<'5' | '10' | '20' | '50' | '200', number> => ({
    '5': near(0.03),
    '10': near(0.05),
    '20': near(0.08),
    '50': near(0.15),
    '200': near(0.4),
  });
  return {
    symbol,
    date: '2025-10-29',
    close,
    rsi14: exact(25 + random.next() * 50, 4),
    macd: { macd, signal, histogram: exact(macd - signal, 4) },
    sma: averages(),
    ema: averages(),
  };
}

function createChain(random: Random, symbol: string, spot: number): ChainData {
  const step = spot < 40 ? 0.5 : spot < 350 ? 2.5 : 5;
  const middle = Math.round(spot / step) * step;
  const strikes = Array.from({ length: 21 }, (_, index) => exact(middle + (index - 10) * step, 2));
  const contracts = strikes.flatMap((strike) =>
    (['call', 'put'] as const).map((side) => {
      const inner = Math.max(0, side === 'call' ? spot - strike : strike - spot);
      const bid = cents(inner + spot * 0.02 * random.next() + 0.05);
      const away = (strike - spot) / spot;
      const delta = exact(
        side === 'call' ? 0.5 - away * 4 + random.next() * 0.04 : -0.5 - away * 4 - random.next() * 0.04,
        4,
      );
      const thousandths = String(Math.round(strike * 1000)).padStart(8, '0');
      return {
        symbol: `${symbol.replace('.', '')}251107${side === 'call' ? 'C' : 'P'}${thousandths}`,
        side,
        strike,
        bid,
        ask: cents(bid + 0.03 + random.next() * 0.2),
        last: cents(bid + 0.02),
        volume: random.int(120, 30_000),
        openInterest: random.int(300, 90_000),
        iv: exact(0.2 + random.next() * 0.5, 4),
        delta: Math.max(-0.99, Math.min(0.99, delta)),
        gamma: exact(random.next() * 0.05, 4),
        theta: exact(-random.next() * 0.5, 4),
        vega: exact(random.next() * 0.3, 4),
      };
    }),
  );
  const walls = (side: 'call' | 'put') =>
    contracts
      .filter((each) => each.side === side && (side === 'call' ? each.strike >= spot : each.strike <= spot))
      .sort((a, b) => b.openInterest - a.openInterest)
      .slice(0, 3)
      .map(({ strike, openInterest }) => ({ strike, openInterest }));
  return {
    underlying: symbol,
    spot,
    expiration: '2025-11-07',
    dte: 8,
    contracts,
    analytics: {
      callWalls: walls('call'),
      putWalls: walls('put'),
      maxPain: random.pick(strikes),
      expectedMove: {
        amount: cents(spot * (0.03 + random.next() * 0.04)),
        percent: exact(3 + random.next() * 4, 4),
        method: 'straddle',
      },
      putCallOpenInterest: exact(0.4 + random.next() * 1.2, 4),
      putCallVolume: exact(0.4 + random.next() * 1.2, 4),
    },
  };
}

function createLevels(random: Random, symbol: string, spot: number): LevelsData {
  const level = (sign: number, step: number, origin: string) => ({
    price: cents(spot * (1 + sign * (step * 0.02 + random.next() * 0.015))),
    origin,
  });
  return {
    symbol,
    spot,
    supports: [level(-1, 1, 'SMA20'), level(-1, 2, '20-day low'), level(-1, 3, 'SMA50')],
    resistances: [level(1, 1, '20-day high'), level(1, 2, 'pivot R1'), level(1, 3, '52-week high')],
  };
}

function createExpirations(random: Random, symbol: string): ExpirationsData {
  const dates = EXPIRATIONS.slice(0, random.int(5, EXPIRATIONS.length));
  return {
    symbol,
    expirations: dates.map((date) => ({
      date,
      dte: Math.round((Date.parse(date) - Date.parse('2025-10-30')) / 86_400_000),
      kind: ['2025-11-21', '2025-12-19', '2026-01-16', '2026-03-20', '2026-06-18'].includes(date)
        ? 'monthly'
        : 'weekly',
    })),
  };
}
