// The figures of a daily series: averages, oscillators and what a range of bars sums up to. The maths is the domain's;
// here stands what each is called and how it is said.
import { type Bars, columnOf, newestOf, onceForBars } from '../domain/bar-columns.ts';
import { adxSeries, lastAdx, lastStochastic, obvSeries, stochasticSeries } from '../domain/bar-indicators.ts';
import {
  atrPercentSeries,
  atrSeries,
  bollingerSeries,
  emaSeries,
  lastAtr,
  lastBollinger,
  type BollingerBands,
  lastAtrPercent,
  lastEma,
  lastMacd,
  lastSma,
  macdSeries,
  rateOfChange,
  rateOfChangeSeries,
  rsiSeries,
  smaSeries,
} from '../domain/indicators.ts';
import {
  type Drawdown,
  drawdownOf,
  floorPivots,
  lastStreak,
  maxDrawdown,
  streakSeries,
} from '../domain/session-figures.ts';
import {
  type VolatilityEstimator,
  garmanKlassSeries,
  lastVolatility,
  parkinsonSeries,
  realisedVolatility,
  realisedVolatilitySeries,
  rogersSatchellSeries,
  yangZhangSeries,
} from '../domain/volatility.ts';
import { AVERAGE_WINDOWS, type Numbers, SESSIONS_OF_A_YEAR } from '../domain/windows.ts';
import { lastFinishedSession } from '../domain/calendar.ts';
import type { Bar, EpochMs } from '../domain/types.ts';
import type { Entry, Said } from './field.ts';

const NEEDS = ['series'] as const;

/** The most common first: averages of less than a month are looked at last. */
const OFFERED_AVERAGES = AVERAGE_WINDOWS.toSorted((a, b) => Number(a < 20) - Number(b < 20));

interface OfBars extends Said, Pick<Entry, 'windows' | 'inTa' | 'settled' | 'period'> {
  series(bars: Bars, window: number): readonly (number | undefined)[];
  /** Where computing the whole series would be waste. */
  last?(bars: Bars, window: number): number | undefined;
}

function ofBars({ series, last, ...said }: OfBars): Entry {
  return {
    of: 'symbol',
    needs: NEEDS,
    ...said,
    read: ({ bars }, window) => bars && (last === undefined ? series(bars, window).at(-1) : last(bars, window)),
    // A session without a figure keeps its place, so that all series end with the same bar.
    series: (bars, window) => series(bars, window).map((value) => value ?? NaN),
  };
}

/** Sessions after which what an average began with weighs no more than one percent, where each takes `weight` of the newest. */
const fading = (weight: number): number => Math.floor(Math.log(0.01) / Math.log(1 - weight));
const fadingEma = (window: number): number => fading(2 / (window + 1));
/** Wilder's smoothing. */
const fadingWilder = (window: number): number => fading(1 / window);

const SETTLED = {
  ema: (window: number) => window + fadingEma(window),
  wilder: (window: number) => window + 1 + fadingWilder(window),
  adx: (window: number) => 2 * window + 2 * fadingWilder(window),
  macd: () => SETTLED.ema(26),
  macdSignal: () => SETTLED.macd() + 8 + fadingEma(9),
};

/** Every average and oscillator of a row asks for them. */
const closes = onceForBars((bars) => columnOf(bars, 'close'));

const newestCloses = (bars: Bars, count: number): Numbers => columnOf(newestOf(bars, count), 'close');

type SeriesAndLast = Pick<OfBars, 'series' | 'last'>;

const ofBands = (figureOf: (bands: BollingerBands) => number | undefined): SeriesAndLast => ({
  series: (bars, window) => bollingerSeries(closes(bars), window).map(figureOf),
  last: (bars, window) => {
    const bands = lastBollinger(newestCloses(bars, window), window);
    return bands === undefined ? undefined : figureOf(bands);
  },
});

/** Volatility that looks at more of a session than its close, by the names of who found it. */
function ofRanges(name: string, by: readonly string[], from: string, estimator: VolatilityEstimator): Entry {
  const said = by.join(' ').toLowerCase();
  const hyphened = by.join('-').toLowerCase();
  const initials = by.map((each) => each[0]?.toLowerCase()).join('');
  return ofBars({
    name,
    label: by.join('-'),
    unit: 'fraction',
    windows: [30, 20],
    words: [
      ...new Set([hyphened, said].flatMap((each) => [`${each} volatility`, `${each} vol`, each])),
      ...(by.length > 1 ? [`${initials} volatility`] : []),
    ],
    meaning: `volatility by ${from} over {n} sessions (${by.join(' and ')}), per year`,
    series: (bars, window) => estimator(bars.slice(), window),
    last: (bars, window) => lastVolatility(estimator, bars, window),
  });
}

/** The three lines of a MACD are computed together, once for the same bars. */
const macdOfBars = onceForBars((bars) => macdSeries(closes(bars)));
const lastMacdOfBars = onceForBars((bars) => lastMacd(closes(bars)));

const macdOf = (part: 'macd' | 'signal' | 'histogram'): SeriesAndLast => ({
  series: (bars) => macdOfBars(bars).map((each) => each[part]),
  last: (bars) => lastMacdOfBars(bars)?.[part],
});

/** What floor traders figure from the high, low and close of the session before. */
function ofPivots(part: keyof ReturnType<typeof floorPivots>, words: readonly string[], formula: string): Entry {
  const of = (bar: Bar): number => floorPivots(bar)[part];
  return {
    of: 'symbol',
    needs: NEEDS,
    name: part === 'P' ? 'pivot' : `pivot${part}`,
    label: part === 'P' ? 'Pivot' : `Pivot ${part}`,
    unit: 'usd',
    words,
    meaning: `${formula}, of the high, low and close of the last finished session (classic floor pivots)`,
    read: ({ bars, now }) => {
      const over = lastFinishedSession(now);
      const before = newestOf(bars ?? [], 2)
        .slice()
        .findLast(({ date }) => date <= over);
      return before && of(before);
    },
    series: (bars) => bars.slice(0, -1).map(of),
  };
}

export const SERIES_FIELDS: readonly Entry[] = [
  ofBars({
    name: 'close',
    label: 'Close',
    unit: 'usd',
    words: ['close', 'closing price', 'settlement'],
    meaning: 'close of the newest session, or its latest price while it is still trading',
    series: (bars) => Array.from(closes(bars)),
    last: (bars) => closes(bars).at(-1),
    period: (bars) => bars.at(-1)?.close,
  }),
  ofBars({
    name: 'rsi',
    label: 'RSI',
    unit: 'points',
    windows: [14],
    words: ['rsi', 'relative strength index', 'relative strength'],
    meaning: "Wilder's relative strength index over {n} sessions, 0 to 100",
    inTa: true,
    settled: SETTLED.wilder,
    series: (bars, window) => rsiSeries(closes(bars), window),
    last: (bars, window) => rsiSeries(closes(bars), window, closes(bars).length - 1)[0],
  }),
  ofBars({
    name: 'macd',
    label: 'MACD',
    unit: 'usd',
    words: ['macd'],
    meaning: 'EMA 12 minus EMA 26 of the closes',
    inTa: { group: 'macd', as: 'macd' },
    settled: SETTLED.macd,
    ...macdOf('macd'),
  }),
  ofBars({
    name: 'macdSignal',
    label: 'MACD signal',
    unit: 'usd',
    words: ['macd signal', 'signal line'],
    meaning: 'EMA 9 of the MACD',
    inTa: { group: 'macd', as: 'signal' },
    settled: SETTLED.macdSignal,
    ...macdOf('signal'),
  }),
  ofBars({
    name: 'macdHistogram',
    label: 'MACD hist',
    unit: 'usd',
    signed: true,
    words: ['macd histogram', 'histogram'],
    meaning: 'MACD minus its signal',
    inTa: { group: 'macd', as: 'histogram' },
    settled: SETTLED.macdSignal,
    ...macdOf('histogram'),
  }),
  ofBars({
    name: 'sma',
    label: 'SMA',
    unit: 'usd',
    windows: OFFERED_AVERAGES,
    words: ['sma', 'simple moving average', 'moving average', 'day average', 'dma', 'ma'],
    meaning: 'simple average of the last {n} closes',
    inTa: { group: 'sma' },
    series: (bars, window) => smaSeries(closes(bars), window),
    last: (bars, window) => lastSma(closes(bars), window),
  }),
  ofBars({
    name: 'ema',
    label: 'EMA',
    unit: 'usd',
    windows: OFFERED_AVERAGES,
    words: ['ema', 'exponential moving average'],
    meaning: 'exponential average of the closes over {n} sessions',
    inTa: { group: 'ema' },
    settled: SETTLED.ema,
    series: (bars, window) => emaSeries(closes(bars), window),
    last: (bars, window) => lastEma(closes(bars), window),
  }),
  ofBars({
    name: 'atr',
    label: 'ATR',
    unit: 'usd',
    windows: [14],
    words: ['atr', 'average true range'],
    meaning: "Wilder's average true range over {n} sessions",
    inTa: true,
    settled: SETTLED.wilder,
    series: atrSeries,
    last: lastAtr,
  }),
  ofBars({
    name: 'atrPercent',
    label: 'ATR %',
    unit: 'percent',
    windows: [14],
    words: ['atr percent', 'atr %', 'average true range percent', 'average true range in percent'],
    meaning: 'average true range over {n} sessions in percent of the close',
    settled: SETTLED.wilder,
    series: atrPercentSeries,
    last: lastAtrPercent,
  }),
  ofBars({
    name: 'bbUpper',
    label: 'BB upper',
    unit: 'usd',
    windows: [20],
    words: ['upper bollinger band', 'upper bollinger', 'upper band', 'bollinger upper', 'bb upper'],
    meaning: 'upper Bollinger band: the average of {n} closes plus 2 standard deviations',
    ...ofBands(({ upper }) => upper),
  }),
  ofBars({
    name: 'bbLower',
    label: 'BB lower',
    unit: 'usd',
    windows: [20],
    words: ['lower bollinger band', 'lower bollinger', 'lower band', 'bollinger lower', 'bb lower'],
    meaning: 'lower Bollinger band: the average of {n} closes minus 2 standard deviations',
    ...ofBands(({ lower }) => lower),
  }),
  ofBars({
    name: 'bbPercent',
    label: 'BB %',
    unit: 'percent',
    windows: [20],
    words: ['bollinger percent', '%b', 'percent b', 'bb percent', 'bb %'],
    meaning: 'where the close stands between the Bollinger bands over {n} sessions, 0 at the lower, 100 at the upper',
    ...ofBands(({ percent }) => percent),
  }),
  ofBars({
    name: 'bbWidth',
    label: 'BB width %',
    unit: 'percent',
    windows: [20],
    words: [
      'bollinger bandwidth',
      'bollinger width',
      'bandwidth',
      'band width',
      'bb width',
      'width of the bollinger bands',
    ],
    meaning: 'distance between the Bollinger bands over {n} sessions in percent of their middle (Bollinger, BandWidth)',
    ...ofBands(({ upper, middle, lower }) => (middle > 0 ? ((upper - lower) / middle) * 100 : undefined)),
  }),
  ofBars({
    name: 'stochK',
    label: 'Stoch %K',
    unit: 'points',
    words: ['stochastic', 'stochastic k', 'stoch k', 'slow stochastic', '%k'],
    meaning: 'slow stochastic 14, 3, 3: where the close stands in the range of 14 sessions, averaged over 3',
    series: (bars) => stochasticSeries(bars).map(({ k }) => k),
    last: (bars) => lastStochastic(bars)?.k,
  }),
  ofBars({
    name: 'stochD',
    label: 'Stoch %D',
    unit: 'points',
    words: ['stochastic d', 'stoch d', 'stochastic signal', '%d'],
    meaning: 'average of the last 3 stochastic %K',
    series: (bars) => stochasticSeries(bars).map(({ d }) => d),
    last: (bars) => lastStochastic(bars)?.d,
  }),
  ofBars({
    name: 'adx',
    label: 'ADX',
    unit: 'points',
    windows: [14],
    words: ['adx', 'average directional index', 'directional index', 'trend strength'],
    meaning:
      "Wilder's average directional index over {n} sessions, 0 to 100: how strong the trend is, not its direction",
    settled: SETTLED.adx,
    series: adxSeries,
    last: lastAdx,
  }),
  ofBars({
    name: 'obv',
    label: 'OBV',
    unit: 'shares',
    words: ['obv', 'on-balance volume', 'on balance volume'],
    meaning: 'on-balance volume since the first session held: only its changes are meaningful',
    series: obvSeries,
  }),
  ofBars({
    name: 'roc',
    label: 'ROC',
    unit: 'percent',
    signed: true,
    windows: [10, 20, 12],
    words: ['roc', 'rate of change', 'price rate of change'],
    meaning: 'change of the close over {n} sessions in percent',
    series: (bars, window) => rateOfChangeSeries(closes(bars), window),
    last: (bars, window) => rateOfChange(newestCloses(bars, window + 1), window),
  }),
  ofBars({
    name: 'streak',
    label: 'Streak',
    unit: 'count',
    signed: true,
    words: ['streak', 'winning streak', 'losing streak', 'closes in a row', 'days in a row', 'consecutive closes'],
    meaning: 'closes in a row that rose; negative if they fell',
    series: (bars) => streakSeries(closes(bars)),
    last: (bars) => lastStreak(closes(bars)),
  }),
  ofBars({
    name: 'hv',
    label: 'HV',
    unit: 'fraction',
    windows: [20, 10, 30, 60, 252],
    words: ['hv', 'historical volatility', 'historic volatility', 'realized volatility', 'realised volatility'],
    meaning: 'historical volatility, close to close over {n} sessions, per year',
    series: (bars, window) => realisedVolatilitySeries(closes(bars), window),
    last: (bars, window) => realisedVolatility(newestCloses(bars, window + 1), window),
  }),
  {
    ...ofBars({
      name: 'recordClose',
      label: 'Record close',
      unit: 'usd',
      words: ['record close', 'record closing high', 'all-time closing high', 'highest close on record'],
      meaning: 'highest close of all finished sessions held, up to five years',
      series: (bars) => {
        let most = -Infinity;
        return Array.from(closes(bars), (close) => (most = Math.max(most, close)));
      },
    }),
    read: ({ bars, now }) => recordOf(bars ?? [], now)?.close,
  },
  {
    of: 'symbol',
    needs: NEEDS,
    name: 'recordCloseOn',
    label: 'Record close on',
    unit: 'date',
    words: ['day of the record close'],
    meaning: 'day of the record close',
    read: ({ bars, now }) => recordOf(bars ?? [], now)?.date,
  },
  ofPivots('P', ['pivot', 'pivot point', 'floor pivot', 'daily pivot'], '(high + low + close) / 3'),
  ofPivots('R1', ['pivot r1'], '2 × pivot − low'),
  ofPivots('S1', ['pivot s1'], '2 × pivot − high'),
  ofPivots('R2', ['pivot r2'], 'pivot + high − low'),
  ofPivots('S2', ['pivot s2'], 'pivot − high + low'),
  ofPivots('R3', ['pivot r3'], 'high + 2 × (pivot − low)'),
  ofPivots('S3', ['pivot s3'], 'low − 2 × (high − pivot)'),
  ofRanges('yangZhang', ['Yang', 'Zhang'], 'open, high, low and close, gaps included,', yangZhangSeries),
  ofRanges('parkinson', ['Parkinson'], 'high and low', parkinsonSeries),
  ofRanges('garmanKlass', ['Garman', 'Klass'], 'open, high, low and close without gaps', garmanKlassSeries),
  ofRanges(
    'rogersSatchell',
    ['Rogers', 'Satchell'],
    'open, high, low and close, allowing for drift,',
    rogersSatchellSeries,
  ),
];

/** The newest of the highest closes, of sessions that are over. */
function recordOf(bars: Bars, now: EpochMs): Bar | undefined {
  const over = lastFinishedSession(now);
  const done = bars.slice().filter(({ date }) => date <= over);
  return done.reduce<Bar | undefined>(
    (best, bar) => (best === undefined || bar.close > best.close ? bar : best),
    undefined,
  );
}

/** Of a range alone, where an entry does not say what it is without one. */
const ofRange = (said: Said & Required<Pick<Entry, 'period'>> & Partial<Pick<Entry, 'read'>>): Entry => ({
  of: 'symbol',
  needs: NEEDS,
  read: () => undefined,
  ...said,
});

/** A day of the max drawdown, or a number of its sessions. */
function ofDrawdown(
  name: string,
  label: string,
  unit: 'date' | 'count',
  meaning: string,
  of: (drawdown: Drawdown) => number | undefined,
): Entry {
  const told = (bars: readonly Bar[]): number | string | undefined => {
    const drawdown = drawdownOf(columnOf(bars, 'close'));
    const value = drawdown === undefined || drawdown.percent === 0 ? undefined : of(drawdown);
    return unit === 'count' || value === undefined ? value : bars[value]?.date;
  };
  const words = [label.toLowerCase()];
  const read: Entry['read'] = ({ bars }) => bars && told(newestOf(bars, SESSIONS_OF_A_YEAR).slice());
  return ofRange({ name, label, unit, words, meaning, period: told, read });
}

export const PERIOD_FIELDS: readonly Entry[] = [
  ofRange({
    name: 'first',
    label: 'First',
    unit: 'usd',
    words: ['first close'],
    meaning: 'close of the first session of a range',
    period: (bars) => bars[0]?.close,
  }),
  ofRange({
    name: 'bars',
    label: 'Bars',
    unit: 'count',
    words: ['bars', 'sessions'],
    meaning: 'sessions of a range that have a bar',
    period: (bars) => bars.length,
  }),
  ofRange({
    name: 'maxDrawdown',
    label: 'Max drawdown',
    unit: 'percent',
    words: [
      ...['max', 'maximum', 'worst', 'biggest', 'largest', 'deepest'].map((size) => `${size} drawdown`),
      ...['max dd', 'mdd', 'peak to trough', 'peak to trough loss', 'peak to trough decline'],
    ],
    meaning: 'largest drop of a close below an earlier close, within the range or 252 sessions',
    period: (bars) => maxDrawdown(columnOf(bars, 'close')),
    read: ({ bars }) => bars && maxDrawdown(newestCloses(bars, SESSIONS_OF_A_YEAR)),
  }),
  ofDrawdown(
    'drawdownPeak',
    'Peak on',
    'date',
    'day of the close from which the max drawdown fell',
    ({ peak }) => peak,
  ),
  ofDrawdown(
    'drawdownTrough',
    'Trough on',
    'date',
    'day of the lowest close of the max drawdown',
    ({ trough }) => trough,
  ),
  ofDrawdown(
    'drawdownRecovery',
    'Back at peak on',
    'date',
    'first day after the max drawdown that closed at or above its peak',
    ({ recovery }) => recovery,
  ),
  ofDrawdown(
    'sessionsToRecover',
    'Sessions to recover',
    'count',
    'sessions from the lowest close of the max drawdown to the first at or above its peak',
    ({ recovery, trough }) => recovery && recovery - trough,
  ),
];
