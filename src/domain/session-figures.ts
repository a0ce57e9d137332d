// How long a direction lasts, how far closes fell, floor pivots. A series ends with its last bar: its element i belongs to bar i + (bars − series length);
// too few bars give [].
import type { Bar } from './types.ts';
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

/** The floor trader's pivots: P = (H + L + C) / 3, R1 = 2P − L, S1 = 2P − H, R2 = P + (H − L), S2 = P − (H − L), R3 = H + 2(P − L), S3 = L − 2(H − P). */
export function floorPivots({ high, low, close }: Pick<Bar, 'high' | 'low' | 'close'>) {
  const p = (high + low + close) / 3;
  return {
    P: p,
    R1: 2 * p - low,
    S1: 2 * p - high,
    R2: p + (high - low),
    S2: p - (high - low),
    R3: high + 2 * (p - low),
    S3: low - 2 * (high - p),
  };
}

export interface Drawdown {
  percent: number;
  /** Places among the closes: those it fell from and to, and the first one after that was back at the first. */
  peak: number;
  trough: number;
  recovery?: number;
}

/** The largest fall from any close to a later one, in percent of the earlier: 0 where none is lower. Undefined of nothing. */
export function drawdownOf(closes: ArrayLike<number>): Drawdown | undefined {
  let [peak, worst]: [number, Drawdown] = [0, { percent: 0, peak: 0, trough: 0 }];
  const closeAt = (place: number): number => closes[place] ?? NaN;
  for (let at = 0; at < closes.length; at += 1) {
    if (closeAt(at) > closeAt(peak)) peak = at;
    const percent = (closeAt(at) / closeAt(peak) - 1) * 100;
    if (percent < worst.percent) worst = { percent, peak, trough: at };
  }
  const after = Array.from(closes).slice(worst.trough + 1);
  const back = after.findIndex((close) => close >= closeAt(worst.peak));
  if (closes.length === 0) return undefined;
  return back < 0 || worst.percent === 0 ? worst : { ...worst, recovery: worst.trough + 1 + back };
}

export function maxDrawdown(closes: ArrayLike<number>): number | undefined {
  return drawdownOf(closes)?.percent;
}
