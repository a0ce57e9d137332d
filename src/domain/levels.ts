// Support and resistance: which prices of a daily series count as levels, and in which words each says its origin.
// Every level is a price of a bar or of a named formula over bars; where neither gives one, there is none.
import { floorPivots } from './session-figures.ts';
import type { Level } from './answers.ts';
import { roundPrice } from './bar-series.ts';
import { addMonths, daysBetween } from './exchange-time.ts';
import { closesOf, lastAtr, lastSma } from './indicators.ts';
import type { Bar, IsoDate } from './types.ts';

const SWING_SESSIONS = 120;
/** Sessions on either side that must not reach beyond a swing's price. */
const SWING_REACH = 3;
/** Swings closer together than this share of the spot (or half an ATR14, if that is more) are touches of one level. */
const TOUCH_TOLERANCE = 0.005;
const MAX_LEVELS = 5;
const MIN_LEVELS = 2;
/** Levels this close to each other, as a share of the higher one, are one to who looks for where a price may turn. */
const ONE_LEVEL = 0.0015;
/** How much later than a year ago the bars may begin (holidays) for their extremes to be called those of 52 weeks. */
const YEAR_SLACK_DAYS = 7;

export interface ComputedLevels {
  supports: Level[];
  resistances: Level[];
}

interface Swing {
  date: IsoDate;
  price: number;
}

/**
 * Supports below and resistances above `spot` by what can be seen as printed, nearest first, at most five each. Sources: swing
 * highs and lows of the last 120 sessions (either kind on either side: a broken resistance supports), SMA 20, 50, 200,
 * extremes of 52 weeks, high and low of the previous session. Fewer than two on a side (a price beyond all it has
 * traded at) are filled up with pivots of that session, then with steps of ATR14; without bars for those there are fewer.
 *
 * `bars` ascending, daily. `today`, when given and the date of the last bar, marks that bar as a session still running.
 * Levels of one side within `ONE_LEVEL` of each other are one with all their origins, at the price of the first source
 * in the order above.
 */
export function computeLevels(bars: readonly Bar[], spot: number, today?: IsoDate): ComputedLevels {
  const finished = bars.at(-1)?.date === today ? bars.slice(0, -1) : bars;
  const isApart = ({ price }: Level): boolean => !isSamePrice(price, spot);
  const found = [
    ...yearExtremes(bars),
    ...swingLevels(bars, spot),
    ...previousSessionLevels(finished),
    ...averageLevels(bars),
  ].filter(isApart);
  const fallbacks = [...pivotLevels(finished), ...atrSteps(finished, spot)].filter(isApart);
  return {
    supports: pickSide(found, fallbacks, (price) => spot - price),
    resistances: pickSide(found, fallbacks, (price) => price - spot),
  };
}

/** `distanceOf` is positive on the side wanted. */
function pickSide(
  found: readonly Level[],
  fallbacks: readonly Level[],
  distanceOf: (price: number) => number,
): Level[] {
  const isOnSide = ({ price }: Level): boolean => price > 0 && distanceOf(price) > 0;
  const picked = joinNear(found.filter(isOnSide));
  for (const level of fallbacks.filter(isOnSide)) {
    if (picked.length >= MIN_LEVELS) break;
    if (!picked.some((other) => isNear(other.price, level.price))) picked.push(level);
  }
  return picked.toSorted((a, b) => distanceOf(a.price) - distanceOf(b.price)).slice(0, MAX_LEVELS);
}

/** One level for several origins at one price or near it; the first one's price stays, so that none is near another. */
function joinNear(levels: readonly Level[]): Level[] {
  const joined: Level[] = [];
  for (const level of levels) {
    const distanceTo = (other: Level): number => Math.abs(other.price - level.price);
    const [nearest] = joined
      .filter((other) => isNear(other.price, level.price))
      .sort((a, b) => distanceTo(a) - distanceTo(b));
    if (nearest === undefined) joined.push({ ...level });
    else nearest.origin = `${nearest.origin}, ${level.origin}`;
  }
  return joined;
}

function isNear(a: number, b: number): boolean {
  return isSamePrice(a, b) || Math.abs(a - b) <= ONE_LEVEL * Math.max(a, b);
}

/** Equal as printed: to the cent from a dollar on, else to the last decimal kept. */
function isSamePrice(a: number, b: number): boolean {
  return a === b || (a >= 1 && a.toFixed(2) === b.toFixed(2));
}

function yearExtremes(bars: readonly Bar[]): Level[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return [];
  const yearAgo = addMonths(last.date, -12);
  const year = bars.filter((bar) => bar.date >= yearAgo);
  const highest = year.reduce((best, bar) => (bar.high >= best.high ? bar : best), last);
  const lowest = year.reduce((best, bar) => (bar.low <= best.low ? bar : best), last);
  const coversYear = daysBetween(yearAgo, first.date) <= YEAR_SLACK_DAYS;
  const name = (kind: string): string => (coversYear ? `52-week ${kind}` : `${kind} since ${first.date}:`);
  return [
    { price: roundPrice(highest.high), origin: `${name('high')} ${highest.date}` },
    { price: roundPrice(lowest.low), origin: `${name('low')} ${lowest.date}` },
  ];
}

function swingLevels(bars: readonly Bar[], spot: number): Level[] {
  const recent = bars.slice(-SWING_SESSIONS);
  const tolerance = Math.max(TOUCH_TOLERANCE * spot, (lastAtr(bars) ?? 0) / 2);
  return [
    ...clusterSwings(
      findSwings(recent, (bar) => bar.high),
      tolerance,
      'swing high',
    ),
    ...clusterSwings(findSwings(recent, (bar) => -bar.low).map(negated), tolerance, 'swing low'),
  ];
}

function negated({ date, price }: Swing): Swing {
  return { date, price: -price };
}

/**
 * Bars whose value is above all values within SWING_REACH bars before and not below those after, so that a plateau
 * counts once. The first and last SWING_REACH bars cannot be confirmed.
 */
function findSwings(bars: readonly Bar[], valueOf: (bar: Bar) => number): Swing[] {
  const swings: Swing[] = [];
  for (let index = SWING_REACH; index < bars.length - SWING_REACH; index += 1) {
    const bar = bars[index];
    if (bar === undefined) continue;
    const price = valueOf(bar);
    const before = bars.slice(index - SWING_REACH, index);
    const after = bars.slice(index + 1, index + 1 + SWING_REACH);
    if (before.every((other) => valueOf(other) < price) && after.every((other) => valueOf(other) <= price)) {
      swings.push({ date: bar.date, price });
    }
  }
  return swings;
}

/** Swings within the tolerance of the lowest of their group are one level: price and date of the latest touch. */
function clusterSwings(swings: readonly Swing[], tolerance: number, kind: string): Level[] {
  const groups: Swing[][] = [];
  for (const swing of swings.toSorted((a, b) => a.price - b.price)) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && swing.price - group[0].price <= tolerance) group.push(swing);
    else groups.push([swing]);
  }
  return groups.flatMap((group) => {
    const [first, ...others] = group;
    if (first === undefined) return [];
    const latest = others.reduce((best, swing) => (swing.date > best.date ? swing : best), first);
    const touches = group.length === 1 ? '' : ` (${group.length} touches)`;
    return [{ price: roundPrice(latest.price), origin: `${kind} ${latest.date}${touches}` }];
  });
}

function previousSessionLevels(finished: readonly Bar[]): Level[] {
  const last = finished.at(-1);
  if (last === undefined) return [];
  return [
    { price: roundPrice(last.high), origin: `previous session high ${last.date}` },
    { price: roundPrice(last.low), origin: `previous session low ${last.date}` },
  ];
}

function averageLevels(bars: readonly Bar[]): Level[] {
  const closes = closesOf(bars);
  return [20, 50, 200].flatMap((window) => {
    const average = lastSma(closes, window);
    return average === undefined ? [] : [{ price: roundPrice(average), origin: `SMA${window}` }];
  });
}

function pivotLevels(finished: readonly Bar[]): Level[] {
  const last = finished.at(-1);
  if (last === undefined) return [];
  const pivots = floorPivots(last);
  return (['R1', 'S1', 'R2', 'S2'] as const).map((name) => ({
    price: roundPrice(pivots[name]),
    origin: `pivot ${name} of ${last.date}`,
  }));
}

/** For a spot beyond the pivots too (a gap): one and two average true ranges away from it. */
function atrSteps(finished: readonly Bar[], spot: number): Level[] {
  const atr = lastAtr(finished);
  if (atr === undefined || atr <= 0) return [];
  return [1, 2].flatMap((step) => [
    { price: roundPrice(spot + step * atr), origin: `spot + ${step} ATR14` },
    { price: roundPrice(spot - step * atr), origin: `spot - ${step} ATR14` },
  ]);
}
