// What a session is beside those before it: gap, range, streak, volume against its average, and the price paid on average.
// A series ends with its last bar: its element i belongs to bar i + (bars − series length); too few bars give [].
import { percentChange } from './indicators.ts';
import type { Bar, IsoDate } from './types.ts';
import { meanOf } from './windows.ts';

/** Open − close of the prior session, in dollars. From 2 bars on. */
export function gapSeries(bars: readonly Bar[]): number[] {
  return withCloseBefore(bars, ({ open }, previousClose) => open - previousClose);
}

/** The gap in percent of the close before it. From 2 bars on. */
export function gapPercentSeries(bars: readonly Bar[]): (number | undefined)[] {
  return withCloseBefore(bars, ({ open }, previousClose) => percentChange(open, previousClose));
}

/** High − low in percent of the close of the prior session. From 2 bars on. */
export function rangePercentSeries(bars: readonly Bar[]): (number | undefined)[] {
  return withCloseBefore(bars, ({ high, low }, previousClose) => rangePercent(high, low, previousClose));
}

/** High − low in percent of the previous close; undefined where that is 0. */
export function rangePercent(high: number, low: number, previousClose: number): number | undefined {
  return previousClose === 0 ? undefined : ((high - low) / previousClose) * 100;
}

function withCloseBefore<Figure>(
  bars: readonly Bar[],
  figureOf: (bar: Bar, previousClose: number) => Figure,
): Figure[] {
  return bars.slice(1).map((bar, index) => figureOf(bar, bars[index]?.close ?? NaN));
}

/**
 * Closes in a row that rose (positive) or fell (negative), the bar's own included; 0 where it closed unchanged.
 * From 2 closes on.
 */
export function streakSeries(closes: readonly number[]): number[] {
  const result: number[] = [];
  let streak = 0;
  for (let index = 1; index < closes.length; index += 1) {
    const direction = Math.sign((closes[index] ?? NaN) - (closes[index - 1] ?? NaN));
    streak = direction === Math.sign(streak) ? streak + direction : direction;
    result.push(streak);
  }
  return result;
}

export function lastStreak(closes: readonly number[]): number | undefined {
  return streakSeries(closes).at(-1);
}

/**
 * Mean volume of the last `sessions` finished sessions, in shares: a finished bar counts itself, a running one does not.
 * `today`, when given and the date of the last bar, marks that bar as a session still running. From `sessions` bars on.
 */
export function averageVolumeSeries(bars: readonly Bar[], sessions: number, today?: IsoDate): number[] {
  const volumes = bars.map((bar) => bar.volume);
  const result: number[] = [];
  for (let end = sessions; end <= volumes.length; end += 1) {
    const isRunning = end === volumes.length && bars.at(-1)?.date === today;
    const finished = isRunning ? end - 1 : end;
    if (finished >= sessions) result.push(meanOf(volumes, finished - sessions, finished));
  }
  return result;
}

export function lastAverageVolume(bars: readonly Bar[], sessions: number, today?: IsoDate): number | undefined {
  return averageVolumeSeries(bars.slice(-sessions - 1), sessions, today).at(-1);
}

/** Volume / average volume of the same bar, as a ratio (2 = twice the usual). From `sessions` bars on. */
export function relativeVolumeSeries(bars: readonly Bar[], sessions: number, today?: IsoDate): (number | undefined)[] {
  const averages = averageVolumeSeries(bars, sessions, today);
  const offset = bars.length - averages.length;
  return averages.map((average, index) => relativeVolume(bars[index + offset]?.volume ?? NaN, average));
}

/** Volume / average volume; undefined where there is no average or nothing was traded in it. */
export function relativeVolume(volume: number, averageVolume: number | undefined): number | undefined {
  return averageVolume === undefined || averageVolume <= 0 ? undefined : volume / averageVolume;
}

/**
 * Volume-weighted average price of one session so far, Σ (typical price × volume) / Σ volume in dollars, with the typical
 * price (high + low + close) / 3. `bars` are that session's intraday bars, ascending. From the first bar with volume on.
 */
export function sessionVwapSeries(bars: readonly Pick<Bar, 'high' | 'low' | 'close' | 'volume'>[]): number[] {
  const result: number[] = [];
  let turnover = 0;
  let total = 0;
  for (const { high, low, close, volume } of bars) {
    turnover += ((high + low + close) / 3) * volume;
    total += volume;
    if (total > 0) result.push(turnover / total);
  }
  return result;
}
