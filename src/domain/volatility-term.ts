// At-the-money volatility over expirations and over days: the 30-day level, the volatility between two expirations, and
// where today's level stands in its own past. Volatilities are fractions a year; days are calendar days, parts allowed.

const YEAR_DAYS = 365;
/** Readings a rank needs at least, and the sessions of a year that it looks back on (quantities F2). */
export const MIN_READINGS = 20;
const YEAR_READINGS = 252;

/** Volatility of an expiration so many days away. */
export interface TermPoint {
  days: number;
  iv: number;
}

export interface ConstantMaturityIv {
  iv: number;
  /** True where expirations exist on one side only: `iv` is then that of the nearest one, of its own maturity. */
  isNearest: boolean;
  /** Days to the expirations it comes from. */
  fromDays: number[];
}

/**
 * Volatility at a constant maturity: linear in total variance, w = σ² T, between the expirations around it (quantities
 * F1). With expirations on one side only the nearest one's own; never extrapolated. Expired ones and volatilities of 0
 * count for nothing.
 */
export function constantMaturityIv(points: readonly TermPoint[], days = 30): ConstantMaturityIv | undefined {
  let below: TermPoint | undefined;
  let above: TermPoint | undefined;
  for (const point of points) {
    if (!isUsable(point)) continue;
    if (point.days <= days && (below === undefined || point.days > below.days)) below = point;
    if (point.days >= days && (above === undefined || point.days < above.days)) above = point;
  }
  if (below === undefined || above === undefined) {
    const nearest = below ?? above;
    return nearest && { iv: nearest.iv, isNearest: true, fromDays: [nearest.days] };
  }
  if (below.days === above.days) return { iv: below.iv, isNearest: false, fromDays: [below.days] };
  const part = (days - below.days) / (above.days - below.days);
  const variance = totalVariance(below) + (totalVariance(above) - totalVariance(below)) * part;
  return {
    iv: Math.sqrt((variance * YEAR_DAYS) / days),
    isNearest: false,
    fromDays: [below.days, above.days],
  };
}

/** A figure of an expiration, linear in days between those around `days`; with expirations on one side only the nearest one's. */
export function atMaturity(points: readonly { days: number; value: number }[], days = 30): number | undefined {
  const ascending = points.toSorted((a, b) => a.days - b.days);
  const below = ascending.findLast((point) => point.days <= days);
  const above = ascending.find((point) => point.days >= days);
  if (below === undefined || above === undefined || below.days === above.days) return (below ?? above)?.value;
  return below.value + ((above.value - below.value) * (days - below.days)) / (above.days - below.days);
}

/**
 * Volatility between two expirations, √((w2 − w1) / (T2 − T1)); undefined where the later one is not later or has less
 * total variance, which no volatility explains.
 */
export function forwardIv(near: TermPoint, far: TermPoint): number | undefined {
  if (!isUsable(near) || !isUsable(far) || far.days <= near.days) return undefined;
  const variance = totalVariance(far) - totalVariance(near);
  return variance < 0 ? undefined : Math.sqrt((variance * YEAR_DAYS) / (far.days - near.days));
}

export interface IvStanding {
  /** Readings it stands among, at most 252. */
  days: number;
  /** 0 at the lowest, 100 at the highest of those readings and the current one. */
  rank?: number;
  /** Percent of the readings that were below the current one. */
  percentile?: number;
}

/**
 * Where `current` stands among the readings of the sessions before it, ascending by date, one each, of which the last 252
 * count (quantities F2). Rank and percentile are absent under 20 readings and where all are the same.
 */
export function ivStanding(current: number, readings: readonly number[]): IvStanding {
  const past = readings.filter((reading) => reading > 0 && Number.isFinite(reading)).slice(-YEAR_READINGS);
  const low = Math.min(current, ...past);
  const high = Math.max(current, ...past);
  if (past.length < MIN_READINGS || !(high > low)) return { days: past.length };
  return {
    days: past.length,
    rank: ((current - low) / (high - low)) * 100,
    percentile: (past.filter((reading) => reading < current).length / past.length) * 100,
  };
}

function totalVariance({ days, iv }: TermPoint): number {
  return (iv * iv * days) / YEAR_DAYS;
}

function isUsable({ days, iv }: TermPoint): boolean {
  return days > 0 && iv > 0 && Number.isFinite(days) && Number.isFinite(iv);
}
