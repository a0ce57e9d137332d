// Where a price may be at an expiration, and whether it touches a level before: risk-neutral probabilities, 0 to 1, of a
// lognormal price with one volatility (quantities F4). Not a forecast; the skew between strikes is not in them.
import { normalCdf, standardDistance, upperTail } from './option-maths.ts';
import type { Side } from './types.ts';

/** A price now and what is expected of it. */
export interface PriceOutlook {
  /** Dollars a share, positive. */
  spot: number;
  /** Dollars a share at the end; the spot where carry is not known. */
  forward: number;
  /** Years of 365 days. */
  years: number;
  /** A fraction a year. */
  volatility: number;
}

/** From `low` to `high` in dollars: from 0 for everything below, to Infinity for everything above. */
export interface PriceRange {
  low: number;
  high: number;
}

/** N(d2) for a call, N(−d2) for a put; without time or volatility left certain, and even at the strike. */
export function probabilityInTheMoney(outlook: PriceOutlook, side: Side, strike: number): number {
  const sign = side === 'call' ? 1 : -1;
  return normalCdf(sign * distanceAbove(outlook, strike));
}

/** Probability that the price ends in one of the ranges, which do not overlap: a strategy's profit ranges give its PoP. */
export function probabilityOfRanges(outlook: PriceOutlook, ranges: readonly PriceRange[]): number {
  const sum = ranges.reduce((total, { low, high }) => total + Math.max(massBetween(outlook, low, high), 0), 0);
  return Math.min(sum, 1);
}

/** Each difference is taken in the tail where the range lies, which keeps the digits of a small mass. */
function massBetween(outlook: PriceOutlook, low: number, high: number): number {
  const aboveLow = distanceAbove(outlook, low);
  const aboveHigh = distanceAbove(outlook, high);
  return aboveLow > 0 ? normalCdf(-aboveHigh) - normalCdf(-aboveLow) : normalCdf(aboveLow) - normalCdf(aboveHigh);
}

/**
 * Probability that the price trades at `level` at some time before the end, watched without a pause: the reflection
 * principle with drift, N((μ − b)/s) + e^(2μb/s²) N((−b − μ)/s) for b = |ln level/spot| and the drift μ towards it.
 * Without drift it is twice the probability of ending beyond.
 */
export function probabilityOfTouch(outlook: PriceOutlook, level: number): number {
  const { spot, forward } = outlook;
  if (level === spot) return 1;
  const deviation = deviationOf(outlook);
  if (deviation === 0) return (level - spot) * (level - forward) <= 0 ? 1 : 0;
  const sign = level > spot ? 1 : -1;
  const distance = sign * Math.log(level / spot);
  const drift = sign * (Math.log(forward / spot) - (deviation * deviation) / 2);
  const shortfall = -sign * distanceAbove(outlook, level);
  return Math.min(normalCdf(-shortfall) + reflected(distance, drift, deviation, shortfall), 1);
}

/**
 * e^(2μb/s²) N(−(b + μ)/s): the factor may be huge and the tail tiny, so that only their product is computed, which has
 * e^(−shortfall²/2) in it for the shortfall (b − μ)/s.
 */
function reflected(distance: number, drift: number, deviation: number, shortfall: number): number {
  const z = (distance + drift) / deviation;
  if (z < 0) return Math.exp((2 * drift * distance) / (deviation * deviation)) * normalCdf(-z);
  return upperTail(z, Math.exp((-shortfall * shortfall) / 2));
}

/** d2: how many deviations the middle of the distribution lies above `level`. */
function distanceAbove(outlook: PriceOutlook, level: number): number {
  const deviation = deviationOf(outlook);
  return standardDistance(outlook.forward / level, deviation) - deviation;
}

function deviationOf({ years, volatility }: PriceOutlook): number {
  return volatility * Math.sqrt(years);
}
