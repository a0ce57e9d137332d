// Technical indicators as arithmetic on one daily series, with TA-Lib's seeds and look-back periods.
// A series ends with its last bar: its element i belongs to bar i + (bars − series length); too few bars give [].
import { type Bars, columnOf, onceForBars } from './bar-columns.ts';
import type { Bar } from './types.ts';
import { type Numbers, meanOf, smaSeries, squaredDeviations, wilderSeries } from './windows.ts';

export { realisedVolatility } from './volatility.ts';
export { smaSeries } from './windows.ts';

/** What TA-Lib takes for zero (`TA_EPSILON`). */
const EPSILON = 1e-14;
/** A deviation below this part of the price is the rounding of its mean: prices that did not move. */
const DEVIATION_ROUNDING = 1e-12;

export interface Macd {
  macd: number;
  signal: number;
  histogram: number;
}

/** In dollars. `percent` is where the close stands: 0 at the lower, 100 at the upper band, absent without any width. */
export interface BollingerBands {
  upper: number;
  middle: number;
  lower: number;
  percent?: number;
}

export function closesOf(bars: readonly Bar[]): number[] {
  return bars.map((bar) => bar.close);
}

export function lastSma(values: Numbers, window: number): number | undefined {
  return values.length < window ? undefined : meanOf(values, values.length - window, values.length);
}

/**
 * Exponential moving average with weight 2 / (window + 1), seeded with the simple average of the `window` values that
 * end at index `seedAt`, which is also its first element.
 */
export function emaSeries(values: Numbers, window: number, seedAt = window - 1): number[] {
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

export function lastEma(values: Numbers, window: number): number | undefined {
  if (values.length < window) return undefined;
  const weight = 2 / (window + 1);
  let average = meanOf(values, 0, window);
  for (let index = window; index < values.length; index += 1) average += ((values[index] ?? NaN) - average) * weight;
  return average;
}

/**
 * Wilder's relative strength index, 0 to 100, from `window` + 1 values on. Without losses it is 100; where nothing
 * moved at all it is 0, as TA-Lib has it, although Wilder leaves 0 / 0 open. `from`: index of the first value of interest.
 */
export function rsiSeries(values: Numbers, window = 14, from = window): number[] {
  const result: number[] = [];
  let gain = 0;
  let loss = 0;
  // Wilder's smoothing of both in one pass, without an array of either.
  for (let index = 1; index < values.length; index += 1) {
    const change = (values[index] ?? NaN) - (values[index - 1] ?? NaN);
    const gained = change > 0 ? change : 0;
    const lost = change < 0 ? -change : 0;
    if (index > window) {
      gain = (gain * (window - 1) + gained) / window;
      loss = (loss * (window - 1) + lost) / window;
    } else {
      gain += gained;
      loss += lost;
      if (index < window) continue;
      gain /= window;
      loss /= window;
    }
    if (index < from) continue;
    const total = gain + loss;
    result.push(total < EPSILON ? 0 : (gain / total) * 100);
  }
  return result;
}

/**
 * MACD from `slow` + `signal` − 1 values on (34 for 12, 26, 9). As in TA-Lib both averages start at the bar where the
 * slow one can, so the fast one is seeded with the `fast` values that end there, not with the first of the series, and
 * the signal with the mean of its first. `from`: index of the first value of interest.
 */
export function macdSeries(values: Numbers, fast = 12, slow = 26, signalWindow = 9, from = 0): Macd[] {
  const result: Macd[] = [];
  if (values.length < slow) return result;
  const [fastWeight, slowWeight, signalWeight] = [2 / (fast + 1), 2 / (slow + 1), 2 / (signalWindow + 1)];
  let fastAverage = meanOf(values, slow - fast, slow);
  let slowAverage = meanOf(values, 0, slow);
  let signal = 0;
  for (let index = slow - 1; index < values.length; index += 1) {
    if (index >= slow) {
      fastAverage += ((values[index] ?? NaN) - fastAverage) * fastWeight;
      slowAverage += ((values[index] ?? NaN) - slowAverage) * slowWeight;
    }
    const macd = fastAverage - slowAverage;
    const count = index - slow + 2;
    if (count > signalWindow) signal += (macd - signal) * signalWeight;
    else signal += macd;
    if (count === signalWindow) signal /= signalWindow;
    if (count >= signalWindow && index >= from) result.push({ macd, signal, histogram: macd - signal });
  }
  return result;
}

export function lastMacd(values: Numbers): Macd | undefined {
  return macdSeries(values, 12, 26, 9, values.length - 1)[0];
}

/** Wilder's average true range in dollars, from `window` + 1 bars on (the first bar has no close before it). */
export function atrSeries(bars: Bars, window = 14): number[] {
  return wilderSeries(trueRanges(bars), window);
}

export function lastAtr(bars: Bars, window = 14): number | undefined {
  const ranges = trueRanges(bars);
  return wilderSeries(ranges, window, ranges.length - 1)[0];
}

/** The range of each bar with the close before it, in dollars, from the second bar on. */
const trueRanges = onceForBars((bars) =>
  rangesOf(columnOf(bars, 'high'), columnOf(bars, 'low'), columnOf(bars, 'close')),
);

function rangesOf(highs: Numbers, lows: Numbers, closes: Numbers): Float64Array {
  const ranges = new Float64Array(Math.max(0, closes.length - 1));
  for (let index = 1; index < closes.length; index += 1) {
    const before = closes[index - 1] ?? NaN;
    const high = highs[index] ?? NaN;
    const low = lows[index] ?? NaN;
    ranges[index - 1] = (high > before ? high : before) - (low < before ? low : before);
  }
  return ranges;
}

/** Average true range in percent of the close of its bar, from `window` + 1 bars on; undefined for a close of 0. */
export function atrPercentSeries(bars: Bars, window = 14): (number | undefined)[] {
  const closes = columnOf(bars, 'close');
  return atrSeries(bars, window).map((range, index) => atrPercent(range, closes[index + window]));
}

/** Of the last bar, from every bar before it. */
export function lastAtrPercent(bars: Bars, window = 14): number | undefined {
  const range = lastAtr(bars, window);
  return range === undefined ? undefined : atrPercent(range, columnOf(bars, 'close').at(-1));
}

const atrPercent = (range: number, close = NaN): number | undefined =>
  close === 0 ? undefined : (range / close) * 100;

/** Bollinger bands (TA-Lib BBANDS): the simple average, `width` population standard deviations above and below. */
export function bollingerSeries(values: Numbers, window = 20, width = 2): BollingerBands[] {
  return smaSeries(values, window).map((middle, index) => {
    const end = index + window;
    const deviation = Math.sqrt(squaredDeviations(values, index, end) / window);
    const distance = deviation > DEVIATION_ROUNDING * Math.abs(middle) ? width * deviation : 0;
    const [upper, lower] = [middle + distance, middle - distance];
    const percent = positionInRange(values[end - 1] ?? NaN, lower, upper);
    return { upper, middle, lower, ...(percent === undefined ? {} : { percent }) };
  });
}

/** Of the last value, from no more values than it needs. */
export function lastBollinger(values: Numbers, window = 20, width = 2): BollingerBands | undefined {
  return bollingerSeries(values.slice(-window), window, width)[0];
}

/** Change of each value against the one `sessions` before it, in percent (TA-Lib ROC), from `sessions` + 1 values on. */
export function rateOfChangeSeries(values: Numbers, sessions: number): (number | undefined)[] {
  return Array.from(values.slice(sessions), (value, index) => percentChange(value, values[index] ?? NaN));
}

/** Change of the last value against the one `sessions` before it, in percent. */
export function rateOfChange(values: Numbers, sessions: number): number | undefined {
  const last = values.at(-1);
  const base = values.at(-1 - sessions);
  return last === undefined || base === undefined ? undefined : percentChange(last, base);
}

/** Undefined against a base of 0. */
export function percentChange(value: number, base: number): number | undefined {
  return base === 0 ? undefined : (value / base - 1) * 100;
}

/** Undefined where there is no average, or where the close is exactly on it. */
export function isAboveAverage(close: number, average: number | undefined): boolean | undefined {
  return average === undefined || close === average ? undefined : close > average;
}

/** Where `value` stands between `low` (0) and `high` (100), in percent; undefined for a range without width. */
export function positionInRange(value: number, low: number, high: number): number | undefined {
  return high > low ? ((value - low) / (high - low)) * 100 : undefined;
}
