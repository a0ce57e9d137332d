// How two series go together: correlation and slope, and how much a share has moved with the market, the slope of its daily
// returns on an index fund's.
import type { Bar } from './types.ts';
import { meanOf } from './windows.ts';

export type Pair = readonly [own: number, other: number];

/** Fewer say nothing of how two series go together. */
export const FEWEST_PAIRS = 3;

/** Whether both are there. */
export const isWhole = ([own, other]: Pair): boolean => !Number.isNaN(own + other);

/** A year of sessions, and the fewest that say anything. */
export const BETA_SESSIONS = 252;
export const FEWEST_BETA_SESSIONS = 60;

/** Of the newest sessions that both have, covariance over variance; undefined for too few or a market that stood still. */
export function betaOf(bars: readonly Bar[], market: readonly Bar[]): number | undefined {
  const closes = new Map(market.map(({ date, close }) => [date, close]));
  const both = bars.flatMap(({ date, close }): Pair[] => {
    const of = closes.get(date);
    return of === undefined ? [] : [[close, of]];
  });
  const returns = both
    .slice(1)
    .map(([own, other], index): Pair => [own / (both[index]?.[0] ?? NaN) - 1, other / (both[index]?.[1] ?? NaN) - 1])
    .slice(-BETA_SESSIONS);
  const slope = returns.length < FEWEST_BETA_SESSIONS ? NaN : slopeOf(returns);
  return Number.isFinite(slope) ? slope : undefined;
}

/** Pearson's, which rounding would else lift over 1; NaN where one did not move. */
export function correlationOf(pairs: readonly Pair[]): number {
  const { xx, yy, xy } = spreadsOf(pairs);
  return xx === 0 || yy === 0 ? NaN : Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy)));
}

/** The slope of the first on the second; NaN where the second did not move. */
export function slopeOf(pairs: readonly Pair[]): number {
  const { yy, xy } = spreadsOf(pairs);
  return yy === 0 ? NaN : xy / yy;
}

/** Sums of products of what is off the mean. */
function spreadsOf(pairs: readonly Pair[]): { xx: number; yy: number; xy: number } {
  const meanAt = (at: 0 | 1): number =>
    meanOf(
      pairs.map((pair) => pair[at]),
      0,
      pairs.length,
    );
  const [x, y] = [meanAt(0), meanAt(1)];
  const sumOf = (of: (pair: Pair) => number): number => pairs.reduce((sum, pair) => sum + of(pair), 0);
  return {
    xx: sumOf(([a]) => (a - x) ** 2),
    yy: sumOf(([, b]) => (b - y) ** 2),
    xy: sumOf(([a, b]) => (a - x) * (b - y)),
  };
}
