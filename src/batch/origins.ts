// Whether a support or resistance comes from where it says: its price worked out again from the provider's bars, each
// kind of origin in its plainest form. An origin that is not known here is an invented one.
import type { Level } from '../domain/answers.ts';
import type { Bar, IsoDate } from '../domain/types.ts';
import { averageTrueRange, simpleAverage } from './recompute.ts';

const OF_A_BAR = /^(?:swing|52-week|previous session) (high|low) (\d{4}-\d{2}-\d{2})(?: \(\d+ touches\))?$/;
/** Where the bars do not reach back a year. */
const SINCE = /^(high|low) since \d{4}-\d{2}-\d{2}: (\d{4}-\d{2}-\d{2})$/;
const OF_AN_AVERAGE = /^SMA(\d+)$/;
const OF_A_PIVOT = /^pivot ([RS][12]) of (\d{4}-\d{2}-\d{2})$/;
const OF_A_RANGE = /^spot ([+-]) ([12]) ATR14$/;
const TOLERANCE = 0.0101;
/** Levels this close are one, at the price of the first origin: the share of the price by which the others may differ. */
const JOINED = 0.0015;

/** What is wrong with a level; undefined where it holds. Bars ascending, the running session's last where it is there. */
export function explainOrigin({ price, origin }: Level, spot: number, bars: readonly Bar[]): string | undefined {
  for (const [index, each] of origin.split(', ').entries()) {
    const most = index === 0 ? TOLERANCE : TOLERANCE + JOINED * Math.max(price, spot);
    const prices = pricesOf(each, spot, bars);
    if (prices.length === 0) return `${price} is called ${each}, which the bars do not have`;
    if (!prices.some((right) => Math.abs(right - price) <= most))
      return `${price} is called ${each}, recomputed ${prices.map((right) => Number(right.toFixed(4))).join(' or ')}`;
  }
  return undefined;
}

/** More than one where finished bars alone or the running one as well may be meant. */
function pricesOf(origin: string, spot: number, bars: readonly Bar[]): number[] {
  const [, side, date] = OF_A_BAR.exec(origin) ?? SINCE.exec(origin) ?? [];
  if (date !== undefined) return barOf(date, bars).map((bar) => (side === 'high' ? bar.high : bar.low));
  const [, window] = OF_AN_AVERAGE.exec(origin) ?? [];
  if (window !== undefined)
    return given([
      simpleAverage(
        bars.map((bar) => bar.close),
        Number(window),
      ),
    ]);
  const [, name, day] = OF_A_PIVOT.exec(origin) ?? [];
  if (name !== undefined && day !== undefined) return barOf(day, bars).map((bar) => pivotOf(bar, name));
  const [, sign, steps] = OF_A_RANGE.exec(origin) ?? [];
  if (steps === undefined) return [];
  return given([bars, bars.slice(0, -1)].map((each) => averageTrueRange(each, 14))).map(
    (range) => spot + Number(steps) * (sign === '+' ? range : -range),
  );
}

function given(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function barOf(date: IsoDate, bars: readonly Bar[]): Bar[] {
  return bars.filter((bar) => bar.date === date);
}

/** The floor trader's: P = (H + L + C) / 3. */
function pivotOf({ high, low, close }: Bar, name: string): number {
  const pivot = (high + low + close) / 3;
  if (name === 'R1') return 2 * pivot - low;
  if (name === 'S1') return 2 * pivot - high;
  return name === 'R2' ? pivot + (high - low) : pivot - (high - low);
}
