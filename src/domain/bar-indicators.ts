// Indicators that need whole bars, with TA-Lib's seeds and look-back periods: stochastic, ADX, on-balance volume.
// A series ends with its last bar: its element i belongs to bar i + (bars − series length); too few bars give [].
import { type Bars, columnOf, newestOf, volumesOf } from './bar-columns.ts';
import { trueRanges } from './indicators.ts';
import { type Numbers, highestSeries, lowestSeries, smaSeries } from './windows.ts';

/** What TA-Lib takes for zero (`TA_EPSILON`). */
const EPSILON = 1e-14;

export interface Stochastic {
  k: number;
  d: number;
}

/**
 * Slow stochastic, 0 to 100 (TA-Lib STOCH with simple averages): %K is where the close stands in the range of `window`
 * bars, averaged over `slowing`, and %D its average over `signal`. From `window` + `slowing` + `signal` − 2 bars on (18
 * for 14, 3, 3). A range without width counts as 0, as TA-Lib has it.
 */
export function stochasticSeries(bars: Bars, window = 14, slowing = 3, signal = 3): Stochastic[] {
  const closes = columnOf(bars, 'close');
  const highs = highestSeries(columnOf(bars, 'high'), window);
  const lows = lowestSeries(columnOf(bars, 'low'), window);
  const places = highs.map((high, index) => {
    const low = lows[index] ?? NaN;
    const close = closes[index + window - 1] ?? NaN;
    return high > low ? ((close - low) / (high - low)) * 100 : 0;
  });
  const slow = smaSeries(places, slowing);
  return smaSeries(slow, signal).map((d, index) => ({ k: slow[index + signal - 1] ?? NaN, d }));
}

/** Of the last bar, from no more bars than it needs. */
export function lastStochastic(bars: Bars, window = 14, slowing = 3, signal = 3): Stochastic | undefined {
  return stochasticSeries(newestOf(bars, window + slowing + signal - 2), window, slowing, signal)[0];
}

/**
 * Wilder's average directional index, 0 to 100 (TA-Lib ADX), from 2 × `window` bars on. Its smoothing remembers every bar
 * before, so the last value needs them all. Where nothing moves the index stays as it was, 0 at the start.
 */
export function adxSeries(bars: Bars, window = 14): number[] {
  if (bars.length < 2 * window) return [];
  return directionalIndexes(columnOf(bars, 'high'), columnOf(bars, 'low'), trueRanges(bars), window);
}

function directionalIndexes(highs: Numbers, lows: Numbers, ranges: Numbers, window: number): number[] {
  const result: number[] = [];
  // Directional movements and true ranges so far, in dollars.
  let [plus, minus, range, adx] = [0, 0, 0, 0];
  for (let index = 1; index < highs.length; index += 1) {
    const up = (highs[index] ?? NaN) - (highs[index - 1] ?? NaN);
    const down = (lows[index - 1] ?? NaN) - (lows[index] ?? NaN);
    // TA-Lib adds up the first window − 1 movements, and from the next on lets each sum fade.
    const fadedPart = index < window ? 0 : 1 / window;
    plus = plus - plus * fadedPart + movement(up, down);
    minus = minus - minus * fadedPart + movement(down, up);
    range = range - range * fadedPart + (ranges[index - 1] ?? NaN);
    if (index < window) continue;
    const dx = directionalIndex(plus, minus, range);
    if (index < 2 * window) adx += (dx ?? 0) / window;
    else if (dx !== undefined) adx = (adx * (window - 1) + dx) / window;
    if (index >= 2 * window - 1) result.push(adx);
  }
  return result;
}

/** A move beyond the bar before, where it is the larger of the two. */
function movement(move: number, opposite: number): number {
  return move > 0 && move > opposite ? move : 0;
}

/** 100 × |+DI − −DI| / (+DI + −DI); undefined where nothing moved or nothing moved beyond the bar before. */
function directionalIndex(plus: number, minus: number, range: number): number | undefined {
  if (range < EPSILON) return undefined;
  const plusIndex = (100 * plus) / range;
  const minusIndex = (100 * minus) / range;
  const total = plusIndex + minusIndex;
  return total < EPSILON ? undefined : (100 * Math.abs(plusIndex - minusIndex)) / total;
}

/**
 * On-balance volume in shares (TA-Lib OBV): the first bar's volume, then plus the volume of a bar that closed higher and
 * minus that of one that closed lower. Where it stands depends on the first bar; only its changes say something.
 */
export function obvSeries(bars: Bars): number[] {
  const closes = columnOf(bars, 'close');
  const volumes = volumesOf(bars);
  let balance = volumes[0] ?? 0;
  return Array.from(volumes, (volume, index) => {
    const close = closes[index] ?? NaN;
    const before = closes[index - 1] ?? close;
    if (close > before) balance += volume;
    else if (close < before) balance -= volume;
    return balance;
  });
}
