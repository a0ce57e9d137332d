// What a position of options and shares brings at its nearest expiration: profit at any price, the best and the worst, the
// prices without either, and its greeks. Legs of one expiration are exact, a piecewise linear function of the price; those
// that live on are valued there by Black-Scholes-Merton, never below their intrinsic value, and searched numerically.
import { priceOption } from './option-maths.ts';
import type { PriceRange } from './probabilities.ts';
import type { Greeks, Side } from './types.ts';

export interface PayoffLeg {
  /** Shares bought, negative when sold: contracts times their size. */
  shares: number;
  /** Dollars a share, paid or received. */
  price: number;
  /** Absent for the share itself. */
  option?: PayoffOption;
}

export interface PayoffOption {
  side: Side;
  strike: number;
  /** What is left at the nearest expiration; absent where the contract ends there. */
  rest?: { years: number; volatility: number; rate: number; dividendYield: number };
}

export interface PayoffPoint {
  /** Of a share, in dollars. */
  price: number;
  /** Of the whole position, in dollars; negative is a loss. */
  profit: number;
}

export interface Payoff {
  /** The most that is won, negative where every price loses; absent where there is no limit. */
  maxProfit?: number;
  /** The most that is lost, negative where every price wins; absent where there is no limit. */
  maxLoss?: number;
  unlimitedProfit: boolean;
  unlimitedLoss: boolean;
  /** Ascending, above 0: where profit and loss part, or touch without parting. */
  breakEvens: number[];
  /** Where there is a profit, ascending; the last may end at Infinity. */
  profitRanges: PriceRange[];
  /** Linear between them and, at `slope`, after the last: exact in their places, from 0 on, ascending. */
  points: PayoffPoint[];
  /** Dollars for a dollar of the share beyond the last point. */
  slope: number;
  /** False where a leg outlives the nearest expiration. */
  isExact: boolean;
}

/** Sums of dollars and shares differ from 0 by float noise of this part of what was summed. */
const NOISE = 1e-11;
/** Of a leg that lives on: points so many to a deviation, to so many deviations on either side of its strike. */
const POINTS_A_DEVIATION = 8;
const DEVIATIONS = 8;
const PIECES_BETWEEN = 16;
const MOST_HALVINGS = 100;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

export function payoffOf(legs: readonly PayoffLeg[]): Payoff {
  const isExact = legs.every(({ option }) => option?.rest === undefined);
  const profit = (price: number): number => withoutNoise(profitAt(legs, price), moneyIn(legs, price));
  const slope = finalSlope(legs);
  const points = isExact ? knotsOf(legs) : withExtremes(sample(legs, profit), profit);
  const profits = points.map((point) => point.profit);
  // Not Math.max(...): there may be thousands.
  const best = profits.reduce((most, each) => Math.max(most, each), -Infinity);
  const worst = profits.reduce((least, each) => Math.min(least, each), Infinity);
  const breakEvens = findRoots(points, slope, isExact ? undefined : profit);
  return {
    ...(slope > 0 ? {} : { maxProfit: best }),
    // Without a negative zero.
    ...(slope < 0 ? {} : { maxLoss: 0 - worst }),
    unlimitedProfit: slope > 0,
    unlimitedLoss: slope < 0,
    breakEvens,
    profitRanges: profitRangesBetween(breakEvens, points, slope),
    points,
    slope,
    isExact,
  };
}

/** Dollars that the position has won when the share stands at `price` at its nearest expiration. */
export function profitAt(legs: readonly PayoffLeg[], price: number): number {
  return legs.reduce((sum, leg) => sum + leg.shares * (worthAt(leg, price) - leg.price), 0);
}

/** What a share of the leg is worth then. */
function worthAt({ option }: PayoffLeg, price: number): number {
  if (option === undefined) return price;
  const { side, strike, rest } = option;
  const intrinsic = Math.max(side === 'call' ? price - strike : strike - price, 0);
  // At a price of 0 nothing can move any more.
  if (rest === undefined || price === 0) return intrinsic;
  const { years, volatility, rate, dividendYield } = rest;
  // Who may exercise early never has less.
  return Math.max(priceOption({ side, spot: price, strike, years, rate, dividendYield }, volatility).price, intrinsic);
}

/** Beyond every strike calls move with the share, puts not at all. */
function finalSlope(legs: readonly PayoffLeg[]): number {
  const moves = legs.map(({ shares, option }) => (option === undefined || option.side === 'call' ? shares : 0));
  const gross = moves.reduce((total, shares) => total + Math.abs(shares), 0);
  return withoutNoise(
    moves.reduce((total, shares) => total + shares, 0),
    gross,
  );
}

function moneyIn(legs: readonly PayoffLeg[], price: number): number {
  return legs.reduce(
    (sum, leg) => sum + Math.abs(leg.shares) * (price + Math.abs(leg.price) + (leg.option?.strike ?? 0)),
    0,
  );
}

function withoutNoise(value: number, scale: number): number {
  return Math.abs(value) <= NOISE * scale ? 0 : value;
}

/** At 0 and at every strike, walked upward: each strike bends the line by its shares. */
function knotsOf(legs: readonly PayoffLeg[]): PayoffPoint[] {
  const bends = new Map<number, number>();
  let slope = 0;
  for (const { shares, option } of legs) {
    if (option === undefined) slope += shares;
    else {
      if (option.side === 'put') slope -= shares;
      bends.set(option.strike, (bends.get(option.strike) ?? 0) + shares);
    }
  }
  let [price, profit] = [0, profitAt(legs, 0)];
  const scale = moneyIn(legs, 0);
  const gross = legs.reduce((sum, { shares }) => sum + Math.abs(shares), 0);
  const knots = [{ price, profit: withoutNoise(profit, scale) }];
  for (const strike of [...bends.keys()].sort((a, b) => a - b)) {
    profit += withoutNoise(slope, gross) * (strike - price);
    slope += bends.get(strike) ?? 0;
    price = strike;
    knots.push({ price, profit: withoutNoise(profit, scale) });
  }
  return knots;
}

/** Close enough together that between two there is at most one root and one extreme, up to where all is linear. */
function sample(legs: readonly PayoffLeg[], profit: (price: number) => number): PayoffPoint[] {
  const knots = new Set([0]);
  const prices = new Set<number>();
  for (const { option } of legs) {
    if (option === undefined) continue;
    const { strike, rest } = option;
    knots.add(strike);
    if (rest === undefined) continue;
    const exercise = exercisePrice(strike, rest);
    if (exercise > 0 && exercise < Infinity) knots.add(exercise);
    const deviation = rest.volatility * Math.sqrt(rest.years);
    const most = POINTS_A_DEVIATION * DEVIATIONS;
    for (let step = -most; step <= most; step += 1)
      prices.add(strike * Math.exp((step / POINTS_A_DEVIATION) * deviation));
  }
  const ascending = [...knots, ...prices].sort((a, b) => a - b);
  for (const [index, price] of ascending.entries()) {
    const next = ascending[index + 1] ?? price;
    for (let piece = 0; piece < PIECES_BETWEEN; piece += 1)
      prices.add(price + ((next - price) * piece) / PIECES_BETWEEN);
  }
  return [...prices].sort((a, b) => a - b).map((price) => ({ price, profit: profit(price) }));
}

/** Where a contract deep in the money is worth as much exercised as kept. */
function exercisePrice(strike: number, { years, rate, dividendYield }: NonNullable<PayoffOption['rest']>): number {
  return (strike * Math.expm1(-rate * years)) / Math.expm1(-dividendYield * years);
}

/** With the tops and bottoms between the points, by golden section around each point that is higher or lower than both. */
function withExtremes(points: readonly PayoffPoint[], profit: (price: number) => number): PayoffPoint[] {
  const extremes = points.flatMap((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined || after === undefined) return [];
    const sign = Math.sign(point.profit - before.profit);
    if (sign === 0 || Math.sign(point.profit - after.profit) !== sign) return [];
    const top = findTop((price) => sign * profit(price), before.price, after.price);
    return (profit(top) - point.profit) * sign > 0 ? [{ price: top, profit: profit(top) }] : [];
  });
  return [...points, ...extremes].sort((a, b) => a.price - b.price);
}

function findTop(height: (price: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < MOST_HALVINGS && high - low > Number.EPSILON * high; step += 1) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (height(left) < height(right)) low = left;
    else high = right;
  }
  return (low + high) / 2;
}

/** Roots above 0; of a stretch that is 0 its ends. Between points by `profit` where it is given, else by the line. */
function findRoots(
  points: readonly PayoffPoint[],
  slope: number,
  profit: ((price: number) => number) | undefined,
): number[] {
  const roots: number[] = [];
  for (const [index, point] of points.entries()) {
    const [before, after] = [points[index - 1], points[index + 1]];
    const leaves = after === undefined ? slope !== 0 : after.profit !== 0;
    const comes = before !== undefined && before.profit !== 0;
    if (point.profit === 0 && point.price > 0 && (leaves || comes)) roots.push(point.price);
    if (after === undefined) {
      const beyond = point.price - point.profit / slope;
      if (point.profit !== 0 && slope !== 0 && beyond > point.price) roots.push(beyond);
    } else if (point.profit * after.profit < 0)
      roots.push(profit === undefined ? rootOnLine(point, after) : bisect(profit, point, after));
  }
  return roots;
}

function rootOnLine(left: PayoffPoint, right: PayoffPoint): number {
  return left.price + ((right.price - left.price) * left.profit) / (left.profit - right.profit);
}

function bisect(profit: (price: number) => number, left: PayoffPoint, right: PayoffPoint): number {
  let [low, high] = [left.price, right.price];
  for (let step = 0; step < MOST_HALVINGS && high - low > Number.EPSILON * high; step += 1) {
    const middle = (low + high) / 2;
    if (profit(middle) * left.profit > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Between two neighboring break-evens the sign is one: that of any point there, or of the slope behind the last. */
function profitRangesBetween(
  breakEvens: readonly number[],
  points: readonly PayoffPoint[],
  slope: number,
): PriceRange[] {
  const ends = [0, ...breakEvens, Infinity];
  let at = 0;
  return ends.slice(1).flatMap((high, index) => {
    let isProfit = high === Infinity && slope > 0;
    for (let point = points[at]; point !== undefined && point.price <= high; point = points[(at += 1)])
      isProfit ||= point.profit > 0 && point.price < high;
    return isProfit ? [{ low: ends[index] ?? 0, high }] : [];
  });
}

/**
 * Greeks of a position: delta in shares, gamma in shares for a dollar of the share, theta in dollars a day, vega in dollars
 * a point of volatility. A share has delta 1 and no other. A greek that a leg does not tell is absent.
 */
export function positionGreeks(legs: readonly { shares: number; greeks: Greeks | 'share' }[]): Greeks {
  const total: Greeks = {};
  for (const name of ['delta', 'gamma', 'theta', 'vega'] as const) {
    const parts = legs.map(({ shares, greeks }) => {
      const own = greeks === 'share' ? Number(name === 'delta') : greeks[name];
      return own === undefined ? undefined : own * shares;
    });
    if (parts.every((part) => part !== undefined)) total[name] = parts.reduce((sum, part) => sum + part, 0);
  }
  return total;
}
