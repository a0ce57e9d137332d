// How a session gets from its open to its close: the price at any minute, and the bar as far as it has come.
// Works on any complete bar, synthetic or real, and never leaves it.
import type { Bar } from '../domain/types.ts';
import { normalAt, uniformAt, walkAt } from './noise.ts';
import { computeVwap } from './prices.ts';

const HIGH_SALT = 21;
const LOW_SALT = 22;
const PRE_SALT = 23;
/** 2 ** 9 minutes hold every session. */
const WALK_LEVELS = 9;
/** The range of a random walk is about 1.6 times its standard deviation (Feller 1951). */
const RANGE_IN_DEVIATIONS = 1.6;

interface Knot {
  minute: number;
  price: number;
}

/**
 * Path of one session of `lengthMinutes`. It touches the bar's high and low at a minute of its own each, wanders
 * between them and is linear within a minute, so that the running high and low are the extremes of what was quoted.
 */
export function createSessionPath(bar: Bar, seed: number, lengthMinutes: number) {
  // Real bars may have a close outside high and low; the path spans all four.
  const highest = Math.max(bar.high, bar.open, bar.close);
  const lowest = Math.min(bar.low, bar.open, bar.close);
  const knots = placeKnots(bar, seed, lengthMinutes, highest, lowest);
  const step = (highest - lowest) / RANGE_IN_DEVIATIONS / Math.sqrt(lengthMinutes);

  const priceAtWhole = (minute: number): number => {
    const [from, to] = segmentAt(knots, minute);
    if (minute <= from.minute) return from.price;
    if (minute >= to.minute) return to.price;
    const part = (minute - from.minute) / (to.minute - from.minute);
    const line = from.price + part * (to.price - from.price);
    const walkLine = (1 - part) * walkAt(seed, from.minute, WALK_LEVELS) + part * walkAt(seed, to.minute, WALK_LEVELS);
    const wander = step * (walkAt(seed, minute, WALK_LEVELS) - walkLine);
    return reflectInto(line + wander, lowest, highest);
  };

  const priceAt = (minutes: number): number => {
    if (minutes >= lengthMinutes) return bar.close;
    const whole = Math.max(0, Math.floor(minutes));
    const part = Math.max(0, minutes) - whole;
    const here = priceAtWhole(whole);
    if (part === 0) return here;
    const price = here + part * (priceAtWhole(whole + 1) - here);
    return Math.min(highest, Math.max(lowest, Math.round(price * 100) / 100));
  };

  return {
    /** Price so many minutes after the open (fractions allowed): the open at 0, the close at the end. */
    priceAt,
    /** The bar of what has been traded so many minutes after the open; the complete bar at the end. */
    barAt(minutes: number) {
      if (minutes >= lengthMinutes) return bar;
      const close = priceAt(minutes);
      let high = Math.max(bar.open, close);
      let low = Math.min(bar.open, close);
      for (let minute = 1; minute <= minutes; minute += 1) {
        const price = priceAtWhole(minute);
        if (price > high) high = price;
        if (price < low) low = price;
      }
      const volume = Math.floor(bar.volume * tradedPart(minutes / lengthMinutes));
      const prices = { open: bar.open, high, low, close };
      return { date: bar.date, ...prices, volume, ...(volume > 0 ? { vwap: computeVwap(prices) } : {}) };
    },
  };
}

/** Part of a session's volume traded by `part` of its time: busy at both ends, as in reality. */
export function tradedPart(part: number): number {
  const time = Math.min(1, Math.max(0, part));
  return 0.55 * time + 0.45 * (((2 * time - 1) ** 3 + 1) / 2);
}

/** Price before the open: from the previous close to the open in light trading. `part` of the pre session is over. */
export function computePrePrice(previousClose: number, open: number, seed: number, part: number): number {
  const noise = 0.15 * (open - previousClose) * normalAt(seed, PRE_SALT, Math.floor(part * 330));
  const price = previousClose + part * (open - previousClose) + noise * part * (1 - part) * 4;
  return Math.round(price * 100) / 100;
}

function placeKnots(bar: Bar, seed: number, lengthMinutes: number, highest: number, lowest: number): Knot[] {
  const inner = lengthMinutes - 1;
  const highMinute = 1 + Math.floor(uniformAt(seed, HIGH_SALT, 0) * inner);
  const drawn = 1 + Math.floor(uniformAt(seed, LOW_SALT, 0) * inner);
  const lowMinute = drawn === highMinute ? 1 + (drawn % inner) : drawn;
  const extremes = [
    { minute: highMinute, price: highest },
    { minute: lowMinute, price: lowest },
  ].sort((a, b) => a.minute - b.minute);
  return [{ minute: 0, price: bar.open }, ...extremes, { minute: lengthMinutes, price: bar.close }];
}

function segmentAt(knots: readonly Knot[], minute: number): [Knot, Knot] {
  for (let i = 1; i < knots.length; i += 1) {
    const from = knots[i - 1];
    const to = knots[i];
    if (from !== undefined && to !== undefined && minute <= to.minute) return [from, to];
  }
  throw new RangeError(`minute ${minute} is outside the session`);
}

function reflectInto(price: number, lowest: number, highest: number): number {
  let reflected = price;
  if (reflected > highest) reflected = 2 * highest - reflected;
  if (reflected < lowest) reflected = 2 * lowest - reflected;
  return Math.min(highest, Math.max(lowest, Math.round(reflected * 100) / 100));
}
