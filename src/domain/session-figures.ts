// How long a direction lasts. A series ends with its last bar: its element i belongs to bar i + (bars − series length);
// too few bars give [].
import type { Numbers } from './windows.ts';

/**
 * Closes in a row that rose (positive) or fell (negative), the bar's own included; 0 where it closed unchanged.
 * From 2 closes on.
 */
export function streakSeries(closes: Numbers): number[] {
  const result: number[] = [];
  let streak = 0;
  for (let index = 1; index < closes.length; index += 1) {
    const direction = Math.sign((closes[index] ?? NaN) - (closes[index - 1] ?? NaN));
    streak = direction === Math.sign(streak) ? streak + direction : direction;
    result.push(streak);
  }
  return result;
}

export function lastStreak(closes: Numbers): number | undefined {
  return streakSeries(closes).at(-1);
}

/** The largest fall from any close to a later one, in percent of the earlier: 0 where none is lower. Undefined of nothing. */
export function maxDrawdown(closes: ArrayLike<number>): number | undefined {
  let [peak, worst] = [-Infinity, 0];
  for (let at = 0; at < closes.length; at += 1) {
    const close = closes[at] ?? NaN;
    peak = Math.max(peak, close);
    worst = Math.min(worst, (close / peak - 1) * 100);
  }
  return closes.length === 0 ? undefined : worst;
}
