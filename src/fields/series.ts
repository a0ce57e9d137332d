// The figures of a daily series: averages, oscillators and what a range of bars sums up to. The maths is the domain's;
// here stands what each is called and how it is said.
import { closesOf, emaSeries, lastEma, lastSma, macdSeries, rsiSeries, smaSeries } from '../domain/indicators.ts';
import type { Bar } from '../domain/types.ts';
import type { Entry, Said } from './field.ts';

const NEEDS = ['series'] as const;

/** The averages that traders watch; `ta` shows them, columns and words offer them. */
export const AVERAGE_WINDOWS = [5, 10, 20, 50, 200] as const;

/** `last` where computing the whole series would be waste. */
function entry(
  said: Said & Pick<Entry, 'windows' | 'inTa'>,
  series: NonNullable<Entry['series']>,
  more: Pick<Entry, 'period'> & { last?(bars: readonly Bar[], window: number): number | undefined } = {},
): Entry {
  const { last, ...rest } = more;
  return {
    of: 'symbol',
    needs: NEEDS,
    ...said,
    read: ({ bars }, window) => bars && (last === undefined ? series(bars, window).at(-1) : last(bars, window)),
    series,
    ...rest,
  };
}

const macdOf =
  (part: 'macd' | 'signal' | 'histogram') =>
  (bars: readonly Bar[]): number[] =>
    macdSeries(closesOf(bars)).map((each) => each[part]);

export const SERIES_FIELDS: readonly Entry[] = [
  entry(
    {
      name: 'close',
      label: 'Close',
      unit: 'usd',
      words: ['close', 'closing price', 'settlement'],
      meaning: 'close of the newest session, the price so far of one that is running',
    },
    closesOf,
    { period: (bars) => bars.at(-1)?.close },
  ),
  entry(
    {
      name: 'rsi',
      label: 'RSI',
      unit: 'points',
      windows: [14],
      words: ['rsi', 'relative strength index', 'relative strength'],
      meaning: "Wilder's relative strength index over {n} sessions, 0 to 100",
      inTa: true,
    },
    (bars, window) => rsiSeries(closesOf(bars), window),
  ),
  entry(
    {
      name: 'macd',
      label: 'MACD',
      unit: 'usd',
      signed: true,
      words: ['macd'],
      meaning: 'EMA 12 minus EMA 26 of the closes',
      inTa: true,
    },
    macdOf('macd'),
  ),
  entry(
    {
      name: 'macdSignal',
      label: 'MACD signal',
      unit: 'usd',
      signed: true,
      words: ['macd signal', 'signal line'],
      meaning: 'EMA 9 of the MACD',
      inTa: true,
    },
    macdOf('signal'),
  ),
  entry(
    {
      name: 'macdHistogram',
      label: 'MACD hist',
      unit: 'usd',
      signed: true,
      words: ['macd histogram', 'histogram'],
      meaning: 'MACD minus its signal',
      inTa: true,
    },
    macdOf('histogram'),
  ),
  entry(
    {
      name: 'sma',
      label: 'SMA',
      unit: 'usd',
      windows: [20, 50, 200, 5, 10],
      words: ['sma', 'simple moving average', 'moving average', 'day average', 'dma', 'ma'],
      meaning: 'simple average of the last {n} closes',
      inTa: true,
    },
    (bars, window) => smaSeries(closesOf(bars), window),
    { last: (bars, window) => lastSma(closesOf(bars), window) },
  ),
  entry(
    {
      name: 'ema',
      label: 'EMA',
      unit: 'usd',
      windows: [20, 50, 200, 5, 10],
      words: ['ema', 'exponential moving average'],
      meaning: 'exponential average of the closes over {n} sessions',
      inTa: true,
    },
    (bars, window) => emaSeries(closesOf(bars), window),
    { last: (bars, window) => lastEma(closesOf(bars), window) },
  ),
];

const ofRange = (said: Said, period: NonNullable<Entry['period']>): Entry => ({
  of: 'symbol',
  needs: NEEDS,
  ...said,
  read: () => undefined,
  period,
});

const most = (bars: readonly Bar[], of: (bar: Bar) => number): number =>
  bars.reduce((best, bar) => Math.max(best, of(bar)), -Infinity);
const least = (bars: readonly Bar[], of: (bar: Bar) => number): number =>
  bars.reduce((best, bar) => Math.min(best, of(bar)), Infinity);
const mean = (bars: readonly Bar[], of: (bar: Bar) => number): number =>
  bars.reduce((sum, bar) => sum + of(bar), 0) / bars.length;
const closeOfBar = (bar: Bar): number => bar.close;
const volumeOfBar = (bar: Bar): number => bar.volume;

/** A figure of a range of which there is no bar is missing. */
const ofSome =
  (work: (bars: readonly Bar[]) => number): NonNullable<Entry['period']> =>
  (bars) =>
    bars.length === 0 ? undefined : work(bars);

export const PERIOD_FIELDS: readonly Entry[] = [
  ofRange(
    {
      name: 'first',
      label: 'First',
      unit: 'usd',
      words: ['first close'],
      meaning: 'close of the first session of a range',
    },
    (bars) => bars[0]?.close,
  ),
  ofRange(
    {
      name: 'bars',
      label: 'Bars',
      unit: 'count',
      words: ['bars', 'sessions'],
      meaning: 'sessions of a range that have a bar',
    },
    (bars) => bars.length,
  ),
  ofRange(
    {
      name: 'highestClose',
      label: 'Highest close',
      unit: 'usd',
      words: ['highest close'],
      meaning: 'highest close of a range',
    },
    ofSome((bars) => most(bars, closeOfBar)),
  ),
  ofRange(
    {
      name: 'lowestClose',
      label: 'Lowest close',
      unit: 'usd',
      words: ['lowest close'],
      meaning: 'lowest close of a range',
    },
    ofSome((bars) => least(bars, closeOfBar)),
  ),
  ofRange(
    {
      name: 'averageClose',
      label: 'Avg close',
      unit: 'usd',
      words: ['average close'],
      meaning: 'average close of a range',
    },
    ofSome((bars) => mean(bars, closeOfBar)),
  ),
  ofRange(
    {
      name: 'averageDailyVolume',
      label: 'Avg daily volume',
      unit: 'shares',
      words: ['average daily volume'],
      meaning: 'average shares a session of a range',
    },
    ofSome((bars) => mean(bars, volumeOfBar)),
  ),
  ofRange(
    {
      name: 'highestVolume',
      label: 'Highest volume',
      unit: 'shares',
      words: ['highest volume'],
      meaning: 'most shares in a session of a range',
    },
    ofSome((bars) => most(bars, volumeOfBar)),
  ),
  ofRange(
    {
      name: 'lowestVolume',
      label: 'Lowest volume',
      unit: 'shares',
      words: ['lowest volume'],
      meaning: 'fewest shares in a session of a range',
    },
    ofSome((bars) => least(bars, volumeOfBar)),
  ),
];
