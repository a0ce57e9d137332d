// Indicators that need whole bars, with TA-Lib's seeds and look-back periods: stochastic, ADX, on-balance volume.
// A series ends with its last bar: its element i belongs to bar i + (bars − series length); too few bars give [].
import { type Bars, columnOf, newestOf, volumesOf } from './bar-columns.ts';
import { highestSeries, lowestSeries, smaSeries } from './windows.ts';

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
 * before, so the last value needs them all. Where nothing moves beyond the bar before, the index stays as it was, 0 at
 * the start. Both directions are parts of the same true range, which therefore cancels out. `from`: index of the first
 * bar of interest.
 */
export function adxSeries(bars: Bars, window = 14, from = 0): number[] {
  const [highs, lows] = [columnOf(bars, 'high'), columnOf(bars, 'low')];
  const result: number[] = [];
  // Directional movements so far, in dollars.
  let plus = 0;
  let minus = 0;
  let adx = 0;
  for (let index = 1; index < highs.length; index += 1) {
    // TA-Lib adds up the first window − 1 movements, and from the next on lets each sum fade.
    if (index >= window) {
      plus -= plus / window;
      minus -= minus / window;
    }
    const up = (highs[index] ?? NaN) - (highs[index - 1] ?? NaN);
    const down = (lows[index - 1] ?? NaN) - (lows[index] ?? NaN);
    plus += movement(up, down);
    minus += movement(down, up);
    if (index < window) continue;
    const total = plus + minus;
    const directional = total < EPSILON ? undefined : (100 * Math.abs(plus - minus)) / total;
    if (index < 2 * window) adx += (directional ?? 0) / window;
    else if (directional !== undefined) adx = (adx * (window - 1) + directional) / window;
    if (index >= 2 * window - 1 && index >= from) result.push(adx);
  }
  return result;
}

/** A move beyond the bar before, where it is the larger of the two. */
function movement(move: number, opposite: number): number {
  return move > 0 && move > opposite ? move : 0;
}

/** Of the last bar. */
export function lastAdx(bars: Bars, window = 14): number | undefined {
  return adxSeries(bars, window, bars.length - 1)[0];
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
