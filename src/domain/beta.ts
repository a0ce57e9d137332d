// How much a share has moved with the market: the slope of its daily returns on an index fund's.
import type { Bar } from './types.ts';

/** A year of sessions, and the fewest that say anything. */
export const BETA_SESSIONS = 252;
export const FEWEST_BETA_SESSIONS = 60;

/** Of the newest sessions that both have, covariance over variance; undefined for too few or a market that stood still. */
export function betaOf(bars: readonly Bar[], market: readonly Bar[]): number | undefined {
  const closes = new Map(market.map(({ date, close }) => [date, close]));
  const both = bars.flatMap(({ date, close }) => {
    const of = closes.get(date);
    return of === undefined ? [] : [{ own: close, market: of }];
  });
  const pairs = both
    .slice(1)
    .map((each, index) => ({
      y: each.own / (both[index]?.own ?? NaN) - 1,
      x: each.market / (both[index]?.market ?? NaN) - 1,
    }))
    .slice(-BETA_SESSIONS);
  if (pairs.length < FEWEST_BETA_SESSIONS) return undefined;
  const mean = (of: (pair: { x: number; y: number }) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const covariance = mean(({ x, y }) => (x - meanX) * (y - meanY));
  const variance = mean(({ x }) => (x - meanX) ** 2);
  return variance > 0 && Number.isFinite(covariance) ? covariance / variance : undefined;
}
