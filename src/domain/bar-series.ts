// What can be asked of a series of daily bars without knowing where it came from: slices, weeks and months,
// the summary of a range; and the rounding that keeps float noise out of every figure that leaves the domain.
import type { HistorySummary } from './answers.ts';
import { startOfMonth, startOfWeek } from './exchange-time.ts';
import type { Bar, IsoDate } from './types.ts';

/** US dollars: 4 decimals from one dollar on, 6 below (the tick of over-the-counter shares). 308.82 − 304.99 is 3.83. */
export function roundPrice(value: number): number {
  return roundTo(value, Math.abs(value) >= 1 ? 4 : 6);
}

/** Percent, ratios and oscillators: 4 decimals. */
export function roundPercent(value: number): number {
  return roundTo(value, 4);
}

function roundTo(value: number, decimals: number): number {
  // Adding 0 turns a rounded −0 into 0.
  return Number(value.toFixed(decimals)) + 0;
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

type ReadFigures = Record<(typeof PRICES)[number] | 'volume', number | undefined>;

/**
 * Why a bar cannot be true, undefined where it can: every price there and above 0, high and low around open and close, a
 * volume that is not negative.
 */
export function flawOfBar(bar: ReadFigures): string | undefined {
  for (const name of PRICES) {
    const price = bar[name];
    if (price === undefined) return `it has no ${name}`;
    if (!(price > 0 && price < Infinity)) return `its ${name} is ${price}`;
  }
  const { open = 0, high = 0, low = 0, close = 0, volume } = bar;
  if (Math.max(open, close) > high || Math.min(open, close) < low)
    return `its high ${high} and low ${low} do not enclose open ${open} and close ${close}`;
  if (volume === undefined) return 'it has no volume';
  return volume >= 0 && volume < Infinity ? undefined : `its volume is ${volume}`;
}

/**
 * Whether a bar can be computed with: finite positive prices, a volume that is not negative, high not under low.
 * An open or close outside high and low is let through here: files of real bars have it, and a replay serves them as
 * they are. Who reads a provider's answer asks `flawOfBar`.
 */
export function isValidBar(bar: Bar): boolean {
  const prices = [bar.open, bar.high, bar.low, bar.close];
  return (
    prices.every((price) => Number.isFinite(price) && price > 0) &&
    Number.isFinite(bar.volume) &&
    bar.volume >= 0 &&
    bar.high >= bar.low
  );
}

/** Bars with `from <= date <= to`; `bars` ascending. */
export function sliceBars(bars: readonly Bar[], from: IsoDate, to: IsoDate): Bar[] {
  return bars.slice(
    lowerBound(bars, (date) => date >= from),
    lowerBound(bars, (date) => date > to),
  );
}

/** Index of the first bar whose date fulfils `isReached`, which stays true once it is; the length where none does. */
function lowerBound(bars: readonly Bar[], isReached: (date: IsoDate) => boolean): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const bar = bars[middle];
    if (bar === undefined || isReached(bar.date)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Bars of whole weeks (dated with their Monday) or months (dated with the first), of the sessions given. */
export function aggregateBars(bars: readonly Bar[], interval: 'week' | 'month'): Bar[] {
  const startOf = interval === 'week' ? startOfWeek : startOfMonth;
  const result: Bar[] = [];
  let group: Bar[] = [];
  let start: IsoDate | undefined;
  for (const bar of bars) {
    const barStart = startOf(bar.date);
    if (start !== undefined && barStart !== start) {
      result.push(...mergeBars(start, group));
      group = [];
    }
    start = barStart;
    group.push(bar);
  }
  if (start !== undefined) result.push(...mergeBars(start, group));
  return result;
}

function mergeBars(date: IsoDate, bars: readonly Bar[]): Bar[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return [];
  const vwap = mergedVwap(bars);
  return [
    {
      date,
      open: first.open,
      high: Math.max(...bars.map((bar) => bar.high)),
      low: Math.min(...bars.map((bar) => bar.low)),
      close: last.close,
      volume: totalVolume(bars),
      ...(vwap === undefined ? {} : { vwap }),
    },
  ];
}

/** Weighted by volume; only where every bar has one, else it would be the average of other sessions than the bar's. */
function mergedVwap(bars: readonly Bar[]): number | undefined {
  const volume = totalVolume(bars);
  if (volume <= 0) return undefined;
  let turnover = 0;
  for (const bar of bars) {
    if (bar.vwap === undefined) return undefined;
    turnover += bar.vwap * bar.volume;
  }
  return roundPrice(turnover / volume);
}

function totalVolume(bars: readonly Bar[]): number {
  return bars.reduce((sum, bar) => sum + bar.volume, 0);
}

/**
 * First and last close, extremes and change of a range. `change` is measured from the close of the bar before the
 * range, and from the first open where no such bar exists (`basis` says which).
 * @throws RangeError without bars: whether that is "no data" was for the caller to decide.
 */
export function summariseBars(rangeBars: readonly Bar[], barBefore?: Bar): HistorySummary {
  const first = rangeBars[0];
  const last = rangeBars.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a summary needs at least one bar');
  const base = barBefore?.close ?? first.open;
  return {
    first: roundPrice(first.close),
    last: roundPrice(last.close),
    ...computeChange(last.close, base),
    high: roundPrice(rangeBars.reduce((high, bar) => Math.max(high, bar.high), -Infinity)),
    low: roundPrice(rangeBars.reduce((low, bar) => Math.min(low, bar.low), Infinity)),
    bars: rangeBars.length,
    basis: barBefore === undefined ? 'first_open' : 'previous_close',
  };
}

/** `last − base` in dollars and in percent of `base` (positive), rounded. */
export function computeChange(last: number, base: number): { change: number; changePercent: number } {
  return { change: roundPrice(last - base), changePercent: roundPercent(((last - base) / base) * 100) };
}
