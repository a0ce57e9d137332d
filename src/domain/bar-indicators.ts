// Indicators that need whole bars, with TA-Lib's seeds and look-back periods: stochastic, ADX, on-balance volume.
// A series ends with its last bar: its element i belongs to bar i + (bars − series length); too few bars give [].
import { closesOf, trueRange } from './indicators.ts';
import type { Bar } from './types.ts';
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
export function stochasticSeries(bars: readonly Bar[], window = 14, slowing = 3, signal = 3): Stochastic[] {
  const highs = highestSeries(
    bars.map((bar) => bar.high),
    window,
  );
  const lows = lowestSeries(
    bars.map((bar) => bar.low),
    window,
  );
  const places = highs.map((high, index) => {
    const low = lows[index] ?? NaN;
    const close = bars[index + window - 1]?.close ?? NaN;
    return high > low ? ((close - low) / (high - low)) * 100 : 0;
  });
  const slow = smaSeries(places, slowing);
  return smaSeries(slow, signal).map((d, index) => ({ k: slow[index + signal - 1] ?? NaN, d }));
}

/** Of the last bar, from no more bars than it needs. */
export function lastStochastic(bars: readonly Bar[], window = 14, slowing = 3, signal = 3): Stochastic | undefined {
  return stochasticSeries(bars.slice(-(window + slowing + signal - 2)), window, slowing, signal)[0];
}

/**
 * Wilder's average directional index, 0 to 100 (TA-Lib ADX), from 2 × `window` bars on. Its smoothing remembers every bar
 * before, so the last value needs them all. Where nothing moves the index stays as it was, 0 at the start.
 */
export function adxSeries(bars: readonly Bar[], window = 14): number[] {
  const result: number[] = [];
  if (bars.length < 2 * window) return result;
  let sums = { plus: 0, minus: 0, range: 0 };
  let adx = 0;
  for (let index = 1; index < bars.length; index += 1) {
    // TA-Lib adds up the first window − 1 movements, and from the next on lets each sum fade.
    sums = addMovement(sums, bars[index - 1], bars[index], index < window ? 0 : 1 / window);
    if (index < window) continue;
    const dx = directionalIndex(sums);
    if (index < 2 * window) adx += (dx ?? 0) / window;
    else if (dx !== undefined) adx = (adx * (window - 1) + dx) / window;
    if (index >= 2 * window - 1) result.push(adx);
  }
  return result;
}

/** Directional movements and true ranges so far, in dollars. */
interface MovementSums {
  plus: number;
  minus: number;
  range: number;
}

function addMovement(
  sums: MovementSums,
  before: Bar | undefined,
  bar: Bar | undefined,
  fadedPart: number,
): MovementSums {
  if (before === undefined || bar === undefined) return sums;
  const up = bar.high - before.high;
  const down = before.low - bar.low;
  return {
    plus: sums.plus - sums.plus * fadedPart + (up > 0 && up > down ? up : 0),
    minus: sums.minus - sums.minus * fadedPart + (down > 0 && down > up ? down : 0),
    range: sums.range - sums.range * fadedPart + trueRange(bar, before.close),
  };
}

/** 100 × |+DI − −DI| / (+DI + −DI); undefined where nothing moved or nothing moved beyond the bar before. */
function directionalIndex({ plus, minus, range }: MovementSums): number | undefined {
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
export function obvSeries(bars: readonly Bar[]): number[] {
  const closes = closesOf(bars);
  let balance = bars[0]?.volume ?? 0;
  return bars.map(({ volume, close }, index) => {
    const before = closes[index - 1] ?? close;
    if (close > before) balance += volume;
    else if (close < before) balance -= volume;
    return balance;
  });
}
