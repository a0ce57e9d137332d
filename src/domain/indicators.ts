// Technical indicators as arithmetic on one daily series, with TA-Lib's seeds and look-back periods.
// A series ends with its last bar: its element i belongs to bar i + (bars − series length); too few bars give [].
import type { AverageWindow, IndicatorData } from './answers.ts';
import { roundPercent, roundPrice } from './bar-series.ts';
import type { Bar } from './types.ts';

const SESSIONS_PER_YEAR = 252;
/** What TA-Lib takes for zero (`TA_EPSILON`). */
const EPSILON = 1e-14;

export interface Macd {
  macd: number;
  signal: number;
  histogram: number;
}

export interface BollingerBands {
  upper: number;
  middle: number;
  lower: number;
}

/**
 * The public `ta` figures of the last bar, rounded; what lacks bars is absent: SMA and EMA need their window,
 * RSI14 15 bars, MACD 34.
 * @throws RangeError without bars: whether that is "no data" was for the caller to decide.
 */
export function computeIndicators(bars: readonly Bar[]): Omit<IndicatorData, 'symbol'> {
  const last = bars.at(-1);
  if (last === undefined) throw new RangeError('indicators need at least one bar');
  const closes = closesOf(bars);
  const rsi14 = lastRsi(closes);
  const macd = lastMacd(closes);
  return {
    date: last.date,
    close: roundPrice(last.close),
    ...(rsi14 === undefined ? {} : { rsi14: roundPercent(rsi14) }),
    ...(macd === undefined ? {} : { macd: roundMacd(macd) }),
    sma: averagesOf(closes, lastSma),
    ema: averagesOf(closes, lastEma),
  };
}

export function closesOf(bars: readonly Bar[]): number[] {
  return bars.map((bar) => bar.close);
}

function averagesOf(
  closes: readonly number[],
  lastAverage: (values: readonly number[], window: number) => number | undefined,
): Partial<Record<AverageWindow, number>> {
  const averages: Partial<Record<AverageWindow, number>> = {};
  for (const window of ['5', '10', '20', '50', '200'] as const) {
    const average = lastAverage(closes, Number(window));
    if (average !== undefined) averages[window] = roundPrice(average);
  }
  return averages;
}

function roundMacd({ macd, signal, histogram }: Macd): Macd {
  return { macd: roundPrice(macd), signal: roundPrice(signal), histogram: roundPrice(histogram) };
}

/** Simple moving average. Each window is summed anew: a running sum keeps the error of prices long gone. */
export function smaSeries(values: readonly number[], window: number): number[] {
  const result: number[] = [];
  for (let end = window; end <= values.length; end += 1) result.push(meanOf(values, end - window, end));
  return result;
}

export function lastSma(values: readonly number[], window: number): number | undefined {
  return values.length < window ? undefined : meanOf(values, values.length - window, values.length);
}

/**
 * Exponential moving average with weight 2 / (window + 1), seeded with the simple average of the `window` values that
 * end at index `seedAt`, which is also its first element.
 */
export function emaSeries(values: readonly number[], window: number, seedAt = window - 1): number[] {
  if (values.length <= seedAt || seedAt < window - 1) return [];
  const weight = 2 / (window + 1);
  let average = meanOf(values, seedAt + 1 - window, seedAt + 1);
  const result = [average];
  // Loops by index: in a process that computes once they are never compiled, and an iterator takes four times as long.
  for (let index = seedAt + 1; index < values.length; index += 1) {
    average += ((values[index] ?? NaN) - average) * weight;
    result.push(average);
  }
  return result;
}

export function lastEma(values: readonly number[], window: number): number | undefined {
  if (values.length < window) return undefined;
  const weight = 2 / (window + 1);
  let average = meanOf(values, 0, window);
  for (let index = window; index < values.length; index += 1) average += ((values[index] ?? NaN) - average) * weight;
  return average;
}

/**
 * Wilder's relative strength index, 0 to 100, from `window` + 1 values on. Without losses it is 100; where nothing
 * moved at all it is 0, as TA-Lib has it, although Wilder leaves 0 / 0 open.
 */
export function rsiSeries(values: readonly number[], window = 14): number[] {
  if (values.length <= window) return [];
  const gains: number[] = [];
  const losses: number[] = [];
  let previous = values[0] ?? 0;
  for (let index = 1; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    gains.push(value > previous ? value - previous : 0);
    losses.push(previous > value ? previous - value : 0);
    previous = value;
  }
  const averageGains = wilderSeries(gains, window);
  const averageLosses = wilderSeries(losses, window);
  const result: number[] = [];
  for (let index = 0; index < averageGains.length; index += 1) {
    const gain = averageGains[index] ?? NaN;
    const total = gain + (averageLosses[index] ?? NaN);
    result.push(total < EPSILON ? 0 : (gain / total) * 100);
  }
  return result;
}

export function lastRsi(values: readonly number[], window = 14): number | undefined {
  return rsiSeries(values, window).at(-1);
}

/** Wilder's smoothing: the simple average of the first `window` values, then (previous × (window − 1) + value) / window. */
function wilderSeries(values: readonly number[], window: number): number[] {
  if (values.length < window) return [];
  let average = meanOf(values, 0, window);
  const result = [average];
  for (let index = window; index < values.length; index += 1) {
    average = (average * (window - 1) + (values[index] ?? NaN)) / window;
    result.push(average);
  }
  return result;
}

/**
 * MACD from `slow` + `signal` − 1 values on (34 for 12, 26, 9). As in TA-Lib both averages start at the bar where the
 * slow one can, so the fast one is seeded with the `fast` values that end there, not with the first of the series.
 */
export function macdSeries(values: readonly number[], fast = 12, slow = 26, signalWindow = 9): Macd[] {
  const fastAverages = emaSeries(values, fast, slow - 1);
  const line = emaSeries(values, slow).map((slowAverage, index) => (fastAverages[index] ?? NaN) - slowAverage);
  return emaSeries(line, signalWindow).map((signal, index) => {
    const macd = line[index + signalWindow - 1] ?? NaN;
    return { macd, signal, histogram: macd - signal };
  });
}

export function lastMacd(values: readonly number[]): Macd | undefined {
  return macdSeries(values).at(-1);
}

/** Wilder's average true range in dollars, from `window` + 1 bars on (the first bar has no close before it). */
export function atrSeries(bars: readonly Bar[], window = 14): number[] {
  const trueRanges: number[] = [];
  let previousClose: number | undefined;
  for (const bar of bars) {
    if (previousClose !== undefined) {
      trueRanges.push(Math.max(bar.high, previousClose) - Math.min(bar.low, previousClose));
    }
    previousClose = bar.close;
  }
  return wilderSeries(trueRanges, window);
}

export function lastAtr(bars: readonly Bar[], window = 14): number | undefined {
  return atrSeries(bars, window).at(-1);
}

/**
 * Annualised standard deviation of the last `sessions` daily log returns, a fraction like implied volatility
 * (0.25 = 25 %): sample deviation around the mean, 252 sessions a year. Needs `sessions` + 1 closes.
 */
export function realisedVolatility(closes: readonly number[], sessions = 20): number | undefined {
  if (closes.length <= sessions || sessions < 2) return undefined;
  const logs = closes.slice(-sessions - 1).map((close) => Math.log(close));
  const returns = logs.slice(1).map((log, index) => log - (logs[index] ?? NaN));
  return Math.sqrt((squaredDeviations(returns) / (sessions - 1)) * SESSIONS_PER_YEAR);
}

/** Bollinger bands: the simple average, `width` population standard deviations above and below. */
export function lastBollinger(values: readonly number[], window = 20, width = 2): BollingerBands | undefined {
  const middle = lastSma(values, window);
  if (middle === undefined) return undefined;
  const distance = width * Math.sqrt(squaredDeviations(values.slice(-window)) / window);
  return { upper: middle + distance, middle, lower: middle - distance };
}

/** Change of the last value against the one `sessions` before it, in percent. */
export function rateOfChange(values: readonly number[], sessions: number): number | undefined {
  const last = values.at(-1);
  const base = values.at(-1 - sessions);
  return last === undefined || base === undefined || base === 0 ? undefined : (last / base - 1) * 100;
}

/** Undefined where there is no average, or where the close is exactly on it. */
export function isAboveAverage(close: number, average: number | undefined): boolean | undefined {
  return average === undefined || close === average ? undefined : close > average;
}

/** Where `value` stands between `low` (0) and `high` (100), in percent; undefined for a range without width. */
export function positionInRange(value: number, low: number, high: number): number | undefined {
  return high > low ? ((value - low) / (high - low)) * 100 : undefined;
}

function squaredDeviations(values: readonly number[]): number {
  const mean = meanOf(values, 0, values.length);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function meanOf(values: readonly number[], start: number, end: number): number {
  let sum = 0;
  for (let index = start; index < end; index += 1) sum += values[index] ?? NaN;
  return sum / (end - start);
}
