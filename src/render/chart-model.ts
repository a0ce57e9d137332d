// What a price chart shows before it is drawn on a screen or as SVG: bars merged to fit, their lines, what lies across,
// the scale, the dates below. Both drawings read the same.
import type {
  BarData,
  ChartData,
  ChartLevel,
  ChartMove,
  ChartStyle,
  ChartWall,
  HistoryData,
  LinePoint,
} from '../domain/answers.ts';
import { linesOfOverlays, mergeBars, momentOf } from '../domain/bar-series.ts';
import { startOfWeek } from '../domain/exchange-time.ts';
import { isOptionSymbol, parseOptionSymbol } from '../domain/symbols.ts';
import { formatPercentage, formatPrice, formatStrike, formatVolume } from './format.ts';
import { type Scale, createScale } from './plot.ts';

/** A line over the bars, one value a bar; a band has two. */
export interface ChartLine {
  name: string;
  /** Which of the overlays it belongs to, from 0 on. */
  overlay: number;
  values: (number | undefined)[];
}

/** A price across the chart. */
export interface ChartMark {
  kind: 'resistance' | 'support' | 'wall' | 'move';
  value: number;
  label: string;
  /** What a legend says of it; nothing where another one has said it. */
  said: string;
}

/** An event of the symbol at a bar; of several at one bar the last is the weightiest. */
export interface ChartEvent {
  index: number;
  letter: 'D' | 'S' | 'E';
}

export interface ChartModel {
  bars: BarData[];
  /** So many bars of the data are one bar of the chart. */
  merged: number;
  lines: ChartLine[];
  /** Those that lie on the scale; `beyond` are the others. */
  marks: ChartMark[];
  beyond: ChartMark[];
  events: ChartEvent[];
  low: number;
  high: number;
}

/** Marks may widen the scale by this part of what the bars take. */
const MOST_WIDENING = 0.4;
const MARKS_PER_KIND = 3;
const FACTORS = [2, 5, 10] as const;

/** `most` bars at most. */
export function createChartModel(data: ChartData, style: ChartStyle, most: number): ChartModel {
  const { size, groups } = groupToFit(data.bars, most);
  const merged = groups.map(mergeGroup);
  const bars = style === 'heikin-ashi' ? toHeikinAshi(merged) : merged;
  const lines = linesOf(data, groups);
  const drawn = style === 'line' ? bars.map(({ close }) => close) : bars.flatMap(({ high, low }) => [high, low]);
  const own = createScale([...drawn, ...lines.flatMap(({ values }) => values.filter(isNumber))], 1);
  const margin = (own.high - own.low) * MOST_WIDENING;
  const marks = marksOf(data);
  const isNear = ({ value }: ChartMark): boolean => value >= own.low - margin && value <= own.high + margin;
  const near = marks.filter(isNear);
  const { low, high } = createScale([own.low, own.high, ...near.map(({ value }) => value)], 1);
  return {
    bars,
    merged: size,
    lines,
    marks: near,
    beyond: marks.filter((mark) => !isNear(mark)),
    events: eventsOf(data, groups),
    low,
    high,
  };
}

/** `NVDA 450 call 2026-12-18`. */
export function nameOf(symbol: string): string {
  if (!isOptionSymbol(symbol)) return symbol;
  const { underlying, strike, side, expiration } = parseOptionSymbol(symbol);
  return `${underlying} ${formatStrike(strike)} ${side} ${expiration}`;
}

export function scaleOf({ low, high }: Pick<ChartModel, 'low' | 'high'>, rows: number): Scale {
  return { low, high, rows };
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined;
}

/** Whole bars merged, 1, 2, 5, 10, 20 … to one; the last group ends with the newest bar, the first may be a short one. */
export function groupToFit<T>(items: readonly T[], most: number): { size: number; groups: T[][] } {
  let size = 1;
  for (let factor = 0; Math.ceil(items.length / size) > Math.max(1, most); factor += 1)
    size = (FACTORS[factor % 3] ?? 10) * 10 ** Math.floor(factor / 3);
  const groups: T[][] = [];
  const first = items.length % size || size;
  for (let end = first; end <= items.length; end += size) groups.push(items.slice(Math.max(0, end - size), end));
  return { size, groups };
}

function mergeGroup(group: BarData[]): BarData {
  const [first] = group;
  if (first === undefined) throw new RangeError('a group without bars');
  const [merged = first] = group.length === 1 ? group : mergeBars(first.date, group);
  return first.time === undefined ? merged : { ...merged, time: first.time };
}

/** Averaged candles: the close is the mean of the bar, the open the middle of the candle before. */
function toHeikinAshi(bars: readonly BarData[]): BarData[] {
  let before: { open: number; close: number } | undefined;
  return bars.map((bar) => {
    const close = (bar.open + bar.high + bar.low + bar.close) / 4;
    const open = before === undefined ? (bar.open + bar.close) / 2 : (before.open + before.close) / 2;
    before = { open, close };
    return { ...bar, open, close, high: Math.max(bar.high, open, close), low: Math.min(bar.low, open, close) };
  });
}

/** Of merged bars the value at the last of them. */
function linesOf({ overlays }: ChartData, groups: readonly (readonly BarData[])[]): ChartLine[] {
  const moments = groups.map((group) => momentOf(group.at(-1)));
  const dates = groups.map((group) => group.at(-1)?.date);
  return linesOfOverlays(overlays).flatMap(([name, points], overlay) => {
    const valuesOf = (read: (point: LinePoint) => number | undefined): (number | undefined)[] =>
      moments.map((moment, index) => {
        const point = points.get(moment);
        // An average of a session says nothing between two of them: the line begins anew.
        const isJoint = point?.time !== undefined && name === 'vwap' && index > 0 && dates[index] !== dates[index - 1];
        return point === undefined || isJoint ? undefined : read(point);
      });
    if ([...points.values()][0]?.upper === undefined)
      return [{ name, overlay, values: valuesOf(({ value }) => value) }];
    return [
      { name: `${name}+`, overlay, values: valuesOf(({ upper }) => upper) },
      { name: `${name}-`, overlay, values: valuesOf(({ lower }) => lower) },
    ];
  });
}

/** At the bar that holds their date; what is still to come, or of no session, stands at none. */
function eventsOf({ overlays, interval }: ChartData, groups: readonly (readonly BarData[])[]): ChartEvent[] {
  const { dividends = [], splits = [], earnings = [] } = overlays;
  const indexOf = new Map(
    groups.flatMap((group, index) => group.map(({ date }) => [date, index] as const)).toReversed(),
  );
  const keyOfDate = (date: string): string =>
    interval === 'week' ? startOfWeek(date) : interval === 'month' ? `${date.slice(0, 7)}-01` : date;
  const at = (letter: ChartEvent['letter'], dates: readonly string[]): ChartEvent[] =>
    dates.flatMap((date) => {
      const index = indexOf.get(keyOfDate(date));
      return index === undefined ? [] : [{ index, letter }];
    });
  return [
    ...at(
      'D',
      dividends.map(({ exDate }) => exDate),
    ),
    ...at(
      'S',
      splits.map(({ date }) => date),
    ),
    ...at(
      'E',
      earnings.map(({ date }) => date),
    ),
  ];
}

/** The two ends of the expected move, the walls, the nearest levels of either side. */
function marksOf({ overlays }: ChartData): ChartMark[] {
  const { levels = [], walls = [], 'expected-move': moves = [] } = overlays;
  const marksOfLevels = (kind: ChartLevel['kind']): ChartMark[] =>
    levels
      .filter((level) => level.kind === kind)
      .slice(0, MARKS_PER_KIND)
      .map((level, index) => markOfLevel(level, `${kind === 'resistance' ? 'R' : 'S'}${index + 1}`));
  return [
    ...moves.flatMap(marksOfMove),
    ...walls.map(markOfWall),
    ...marksOfLevels('resistance'),
    ...marksOfLevels('support'),
  ];
}

function markOfLevel({ kind, price, origin }: ChartLevel, label: string): ChartMark {
  return { kind, value: price, label, said: `${label} ${formatPrice(price)} (${origin})` };
}

function markOfWall({ side, strike, openInterest }: ChartWall): ChartMark {
  const label = `${side}s`;
  return {
    kind: 'wall',
    value: strike,
    label,
    said: `${label} ${formatStrike(strike)} (${formatVolume(openInterest)})`,
  };
}

function marksOfMove({ lower, upper, percent, method }: ChartMove): ChartMark[] {
  const said = `${formatPrice(lower)} to ${formatPrice(upper)} (${formatPercentage(percent)}, ${method})`;
  return [
    { kind: 'move', value: upper, label: 'move +', said },
    { kind: 'move', value: lower, label: 'move -', said: '' },
  ];
}

/** A label below a bar. */
export interface DateLabel {
  index: number;
  text: string;
}

const MONTH_NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec';

const monthOf = (date: string): string => MONTH_NAMES.slice(Number(date.slice(5, 7)) * 4 - 4).slice(0, 3);
const dayOf = (date: string): string => `${monthOf(date)} ${Number(date.slice(8, 10))}`;
const clockOf = (bar: BarLike): string => bar.time?.slice(11, 16) ?? '';

const LABEL_GAP = 2;

type BarLike = Pick<BarData, 'date' | 'time'>;

/** From the finest on: what begins with a bar, and how it is called. */
const PERIODS: readonly { of(bar: BarLike): string; text(bar: BarLike): string; isIntraday?: true }[] = [
  { of: (bar) => clockOf(bar), text: clockOf, isIntraday: true },
  {
    of: ({ time = '' }) => `${time.slice(0, 14)}${Number(time.slice(14, 16)) < 30 ? 0 : 30}`,
    text: clockOf,
    isIntraday: true,
  },
  { of: ({ time = '' }) => time.slice(0, 13), text: clockOf, isIntraday: true },
  { of: ({ date }) => date, text: ({ date }) => dayOf(date) },
  { of: ({ date }) => startOfWeek(date), text: ({ date }) => dayOf(date) },
  {
    of: ({ date }) => date.slice(0, 7),
    text: ({ date }) => (date.slice(5, 7) === '01' ? date.slice(0, 4) : monthOf(date)),
  },
  {
    of: ({ date }) => `${date.slice(0, 4)}${Math.ceil(Number(date.slice(5, 7)) / 3)}`,
    text: ({ date }) => (date.slice(5, 7) === '01' ? date.slice(0, 4) : monthOf(date)),
  },
  { of: ({ date }) => date.slice(0, 4), text: ({ date }) => date.slice(0, 4) },
];

/** The finest dates that have room where `columnOf` a bar is told in characters; each where its period begins. */
export function dateLabels(bars: readonly BarLike[], columnOf: (index: number) => number): DateLabel[] {
  const isIntraday = bars[0]?.time !== undefined;
  const isOneDay = bars.every(({ date }) => date === bars[0]?.date);
  for (const period of PERIODS) {
    if (period.isIntraday === true && !(isIntraday && isOneDay)) continue;
    const labels = labelsOf(bars, period);
    if (hasRoom(labels, columnOf)) return labels;
  }
  return labelsOf(bars, { of: ({ date }) => date.slice(0, 4), text: ({ date }) => date.slice(0, 4) });
}

function labelsOf(bars: readonly BarLike[], { of, text }: Pick<(typeof PERIODS)[number], 'of' | 'text'>): DateLabel[] {
  const labels: DateLabel[] = [];
  for (const [index, bar] of bars.entries()) {
    const before = bars[index - 1];
    if (before === undefined || of(before) !== of(bar)) labels.push({ index, text: text(bar) });
  }
  return labels;
}

/** The first period is a part of one, mostly: where the second is near its label goes. */
function hasRoom(labels: DateLabel[], columnOf: (index: number) => number): boolean {
  const isClear = (a: DateLabel | undefined, b: DateLabel | undefined): boolean =>
    a === undefined || b === undefined || columnOf(b.index) - columnOf(a.index) >= a.text.length + LABEL_GAP;
  if (!isClear(labels[0], labels[1]) && labels.length > 2) labels.shift();
  return labels.every((label, index) => isClear(label, labels[index + 1]));
}

/** Several symbols in percent of their closes on the first date that all have. */
export interface Comparison {
  base: BarLike;
  dates: BarLike[];
  merged: number;
  lines: ChartLine[];
}

/** Undefined where the symbols have no date in common. */
export function compare(items: readonly HistoryData[], most: number): Comparison | undefined {
  const maps = items.map(({ bars }) => new Map(bars.map((bar) => [momentOf(bar), bar])));
  const base = items[0]?.bars.find((bar) => maps.every((map) => map.has(momentOf(bar))));
  if (base === undefined) return undefined;
  const all = new Map(items.flatMap(({ bars }) => bars).map((bar): [string, BarLike] => [momentOf(bar), bar]));
  const keys = [...all.keys()].filter((key) => key >= momentOf(base)).sort();
  const { size, groups } = groupToFit(keys, most);
  return {
    base,
    merged: size,
    dates: groups.flatMap((group) => all.get(group[0] ?? '') ?? []),
    lines: items.map(({ symbol }, index) => {
      const from = maps[index]?.get(momentOf(base))?.close ?? NaN;
      return { name: symbol, overlay: index, values: groups.map((group) => percentAt(group, maps[index], from)) };
    }),
  };
}

function percentAt(
  group: readonly string[],
  bars: ReadonlyMap<string, BarData> | undefined,
  from: number,
): number | undefined {
  const last = group.toReversed().find((key) => bars?.has(key) === true);
  const close = last === undefined ? undefined : bars?.get(last)?.close;
  return close === undefined ? undefined : (close / from - 1) * 100;
}
