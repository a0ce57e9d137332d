// What can be asked of a series of daily bars without knowing where it came from: slices, weeks to years,
// the summary of a range; and the rounding that keeps float noise out of every figure that leaves the domain.
import { type Bars, dayAt } from './bar-columns.ts';
import type { BarGap, ChartOverlays, HistoryData, HistorySummary, LinePoint } from './answers.ts';
import { lastTradingDays, tradingDaysBetween } from './calendar.ts';
import { PERIOD_STARTS, addDays, daysBetween } from './exchange-time.ts';
import { isAdjustedPrice, isVolume } from './possible.ts';
import { roundDigits } from './significance.ts';
import type { Bar, IsoDate } from './types.ts';

/** Beyond this many sessions without a bar a ticker may have gone to another company: nothing is computed across. */
export const LONGEST_PAUSE_SESSIONS = 10;

/**
 * US dollars: 4 decimals from one dollar on, 6 below (the tick of over-the-counter shares), and five significant digits
 * of what is smaller still. 308.82 − 304.99 is 3.83.
 */
export function roundPrice(value: number): number {
  return Math.abs(value) >= 1 ? roundDigits(value, 4, 0) : roundDigits(value, 6, 5);
}

export function roundBar<Prices extends Omit<Bar, 'date'>>(bar: Prices): Prices {
  return {
    ...bar,
    open: roundPrice(bar.open),
    high: roundPrice(bar.high),
    low: roundPrice(bar.low),
    close: roundPrice(bar.close),
    ...(bar.vwap === undefined ? {} : { vwap: roundPrice(bar.vwap) }),
  };
}

/** Percent, ratios and oscillators: 4 decimals, and three significant digits of what is smaller. */
export function roundPercent(value: number): number {
  return roundDigits(value, 4, 3);
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

type ReadFigures = Record<(typeof PRICES)[number] | 'volume', number | undefined>;

/**
 * Why a bar cannot be true, undefined where it can: every price and the volume there and possible, high and low around
 * open and close.
 */
export function flawOfBar(bar: ReadFigures): string | undefined {
  for (const name of PRICES) {
    const price = bar[name];
    if (price === undefined) return `it has no ${name}`;
    if (!isAdjustedPrice(price)) return `its ${name} is ${price}`;
  }
  const { open = 0, high = 0, low = 0, close = 0, volume } = bar;
  if (Math.max(open, close) > high || Math.min(open, close) < low)
    return `its high ${high} and low ${low} do not enclose open ${open} and close ${close}`;
  if (volume === undefined) return 'it has no volume';
  return isVolume(volume) ? undefined : `its volume is ${volume}`;
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
export function sliceBars<B extends Bar>(bars: readonly B[], from: IsoDate, to: IsoDate): B[] {
  return bars.slice(
    lowerBound(bars, (date) => date >= from),
    lowerBound(bars, (date) => date > to),
  );
}

/**
 * The bars of the range. Where the phrase counts sessions: of exactly so many of the exchange, up to the newest that has
 * a bar; one that is missing makes the range no longer.
 */
export function selectBars<B extends Bar>(
  all: readonly B[],
  range: { from: IsoDate; to: IsoDate; sessions?: number },
): B[] {
  const bars = sliceBars(all, range.from, range.to);
  const newest = bars.at(-1);
  if (range.sessions === undefined || newest === undefined) return bars;
  const [first = newest.date] = lastTradingDays(range.sessions, newest.date);
  return sliceBars(bars, first, range.to);
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

/** How many sessions lie between two dates. */
export function sessionsBetween(after: IsoDate, before: IsoDate): number {
  return tradingDaysBetween(addDays(after, 1), addDays(before, -1)).length;
}

/** Whether too many sessions lie between two bars for the later to be measured against the earlier. */
export function isGap(after: IsoDate, before: IsoDate): boolean {
  return daysBetween(after, before) > LONGEST_PAUSE_SESSIONS && sessionsBetween(after, before) > LONGEST_PAUSE_SESSIONS;
}

/** The gaps between daily bars; `bars` ascending. */
export function findGaps(bars: Bars, from = 0, to = bars.length - 1): BarGap[] {
  if (to <= from || cannotHoldGap(to - from, dayAt(bars, to) - dayAt(bars, from))) return [];
  if (to - from === 1) {
    const [after = '', before = ''] = [bars.at(from)?.date, bars.at(to)?.date];
    return isGap(after, before) ? [{ after, before }] : [];
  }
  const middle = (from + to) >>> 1;
  return [...findGaps(bars, from, middle), ...findGaps(bars, middle, to)];
}

/** A gap among so many steps takes more days than this: whole stretches of a series of years are passed over at once. */
function cannotHoldGap(steps: number, days: number): boolean {
  const sessions = steps + LONGEST_PAUSE_SESSIONS + 1;
  return days < sessions + 2 * Math.floor(sessions / 5);
}

/** The daily bars that belong together with the last one. */
export function barsAfterLastGap<Some extends Bars>(bars: Some): { bars: Some | readonly Bar[]; gap?: BarGap } {
  const gap = findGaps(bars).at(-1);
  return gap === undefined ? { bars } : { bars: bars.slice().filter((bar) => bar.date >= gap.before), gap };
}

/** What a reader must know of a gap. */
export function describeGap({ after, before }: BarGap, consequence: string): string {
  return `gap: no bars between ${after} and ${before} (${sessionsBetween(after, before)} sessions), the ticker may have belonged to another company: ${consequence}`;
}

/**
 * The close that the change of a bar of a history is counted from: the bar before, for the first bar the close before
 * the range. Undefined where that is not known (a first open is not the day's basis) or a gap lies between.
 */
export function closeBefore({ bars, summary, interval, gaps = [] }: HistoryData, index: number): number | undefined {
  if (index === 0)
    return summary.basis === 'previous_close' && summary.change !== undefined
      ? roundPrice(summary.last - summary.change)
      : undefined;
  const date = bars[index]?.date;
  const isApart = gaps.some(({ before }) => barDate(before, interval) === date);
  return isApart ? undefined : bars[index - 1]?.close;
}

function barDate(date: IsoDate, interval: HistoryData['interval']): IsoDate {
  if (interval === 'day') return date;
  return PERIOD_STARTS[interval as keyof typeof PERIOD_STARTS](date);
}

/** Bars of whole weeks (dated with their Monday), months, quarters or years (dated with the first), of the sessions given. */
export function aggregateBars(bars: readonly Bar[], interval: keyof typeof PERIOD_STARTS): Bar[] {
  const startOf = PERIOD_STARTS[interval];
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

/** One bar of neighbors; none of none. */
export function mergeBars(date: IsoDate, bars: readonly Bar[]): Bar[] {
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
 * range, and vs. first open where no such bar exists (`basis` says which); there is none across a gap.
 * @throws RangeError without bars: whether that is "no data" was for the caller to decide.
 */
export function summariseBars(rangeBars: readonly Bar[], barBefore?: Bar, isBroken = false): HistorySummary {
  const first = rangeBars[0];
  const last = rangeBars.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a summary needs at least one bar');
  const base = barBefore?.close ?? first.open;
  return {
    first: roundPrice(first.close),
    last: roundPrice(last.close),
    ...(isBroken ? {} : computeChange(last.close, base)),
    high: roundPrice(rangeBars.reduce((high, bar) => Math.max(high, bar.high), -Infinity)),
    low: roundPrice(rangeBars.reduce((low, bar) => Math.min(low, bar.low), Infinity)),
    bars: rangeBars.length,
    ...(isBroken ? {} : { basis: barBefore === undefined ? ('first_open' as const) : ('previous_close' as const) }),
  };
}

/** `last − base` in dollars and in percent of `base` (positive), rounded. */
export function computeChange(last: number, base: number): { change: number; changePercent: number } {
  return { change: roundPrice(last - base), changePercent: roundPercent(((last - base) / base) * 100) };
}

/** What tells a bar from the others of its series: its time within a session, else its date. */
export function momentOf(bar: { date: string; time?: string } | undefined): string {
  return bar?.time ?? bar?.date ?? '';
}

/** The overlays of a chart that have a value a bar, by name, their points by moment. */
export function linesOfOverlays(overlays: ChartOverlays): [name: string, points: Map<string, LinePoint>][] {
  return Object.entries(overlays).flatMap(([name, points = []]) => {
    const line = points.filter((point): point is LinePoint => 'value' in point);
    return line.length === 0 ? [] : [[name, new Map(line.map((point) => [momentOf(point), point]))]];
  });
}
