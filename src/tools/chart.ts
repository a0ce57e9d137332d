// A price chart's data: the bars of a range and what is drawn over them. Averages and bands are computed over the bars of
// the chart's own interval, with those before the range, so that its first bar has them too.
import type {
  Answer,
  ChartData,
  ChartLevel,
  ChartMove,
  ChartOverlays,
  ChartStyle,
  ChartWall,
  EventsData,
  HistoryData,
  LevelSheet,
  LinePoint,
} from '../domain/answers.ts';
import { roundPrice } from '../domain/bar-series.ts';
import { UsageError } from '../domain/errors.ts';
import type { EventList } from '../domain/events.ts';
import { bollingerSeries, closesOf, emaSeries, smaSeries } from '../domain/indicators.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { vwapSeries } from '../domain/intraday-bars.ts';
import { present } from '../domain/present.ts';
import type { Bar, EpochMs, IsoDate, TickerSymbol } from '../domain/types.ts';
import { MAX_WINDOW, MIN_WINDOW } from '../domain/windows.ts';
import { type Findings, type ToolContext, answerWith } from './answer.ts';
import type { FoundEvents } from './events.ts';
import { type HistoryRequest, findHistory, resolveRequestedRange } from './history.ts';

/** One word of `--with`. */
export interface Overlay {
  name: string;
  kind: 'sma' | 'ema' | 'bb' | 'vwap' | 'levels' | 'walls' | 'expected-move' | 'volume' | EventList;
  window: number;
}

export interface ChartRequest extends Omit<HistoryRequest, 'lead'> {
  overlays: readonly Overlay[];
  /** Of walls and expected move; default the nearest. */
  expiration?: string;
  style: ChartStyle;
  height?: number;
}

const EVENTS: readonly EventList[] = ['earnings', 'dividends', 'splits'];
const PLAIN = ['vwap', 'levels', 'walls', 'expected-move', 'volume', ...EVENTS] as const;
const OF_UNDERLYING: readonly Overlay['kind'][] = ['levels', 'walls', 'expected-move', ...EVENTS];
/** An EMA forgets its first value over some three windows. */
const LEAD_WINDOWS = 4;
const DEFAULT_BANDS = 20;

/** @throws UsageError that names the word and those that are known */
export function parseOverlays(text: string): Overlay[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return [...new Set(words.map((word) => word.toLowerCase()))].map((word) => {
    const plain = PLAIN.find((name) => name === word);
    if (plain !== undefined) return { name: plain, kind: plain, window: 0 };
    const [, kind, digits = ''] = /^(sma|ema|bb)(\d*)$/.exec(word) ?? [];
    const window = digits === '' && kind === 'bb' ? DEFAULT_BANDS : Number(digits);
    if (kind !== undefined && window >= MIN_WINDOW && window <= MAX_WINDOW)
      return { name: `${kind}${window}`, kind: kind as 'sma' | 'ema' | 'bb', window };
    throw new UsageError(`--with "${word.slice(0, 30)}": not something a chart can show`, {
      hint: `use ${PLAIN.join(', ')}, or smaN, emaN, bbN with N from ${MIN_WINDOW} to ${MAX_WINDOW}`,
    });
  });
}

/** @throws UsageError for what lies across prices of the underlying, which a contract's own are not */
export function checkContractOverlays(overlays: readonly Overlay[]): void {
  const foreign = overlays.find(({ kind }) => OF_UNDERLYING.includes(kind));
  if (foreign !== undefined)
    throw new UsageError(`--with "${foreign.name}": a contract's chart cannot show it`, {
      hint: 'chart the underlying instead; a contract has smaN, emaN, bbN, vwap and volume',
    });
}

export function answerChart(asked: ChartRequest, context: ToolContext): Promise<Answer<'chart'>> {
  resolveRequestedRange(asked.range, context.clock);
  return answerWith(context, async (counted) => {
    const { style, height, overlays } = asked;
    const lead = Math.max(0, ...overlays.map(({ window }) => window)) * LEAD_WINDOWS;
    const has = (kind: Overlay['kind']): boolean => overlays.some((overlay) => overlay.kind === kind);
    const lists = EVENTS.filter(has);
    const [history, levels, chain, events] = await Promise.all([
      findHistory({ ...asked, lead }, counted),
      has('levels') ? findLevels(asked.symbol, counted) : undefined,
      has('walls') || has('expected-move') ? findNearestChain(asked, counted) : undefined,
      lists.length > 0 ? findEventsOf(asked.symbol, lists, counted) : undefined,
    ]);
    const request = { ...history.request, style, ...(height === undefined ? {} : { height }) };
    const { data, notes = [] } = history;
    if (data === undefined) return { ...history, kind: 'chart', data, request };
    const parts = [levels, chain, events].filter((part) => part !== undefined);
    const lines = linesOver(data, history.all, overlays);
    const marks = markEvents(events?.data, lists, data);
    const drawn: ChartOverlays = {
      ...lines,
      ...(levels?.data === undefined ? {} : { levels: toLevels(levels.data as LevelSheet) }),
      ...(chain === undefined ? {} : toChainMarks(chain, has)),
      ...marks.overlays,
    };
    return {
      kind: 'chart',
      data: { ...data, overlays: drawn } satisfies ChartData,
      errors: [...history.errors, ...parts.flatMap(({ errors }) => errors)],
      sources: [...history.sources, ...parts.flatMap(({ sources }) => sources)],
      notes: [
        ...notes,
        ...[levels, chain].flatMap((part) => part?.notes ?? []),
        ...marks.notes,
        ...describeAbsent(asked, lines),
      ],
      request,
    };
  });
}

async function findLevels(symbol: TickerSymbol, context: ToolContext): Promise<Findings<'levels'>> {
  return (await import('./levels.ts')).findLevels(symbol, context);
}

async function findEventsOf(
  symbol: TickerSymbol,
  lists: readonly EventList[],
  context: ToolContext,
): Promise<FoundEvents | undefined> {
  const { findEvents } = await import('./events.ts');
  return (await findEvents([symbol], context, lists)).get(symbol);
}

/** Those that lie on the chart and the next one after it; of which there are none, or that cannot be had, is said. */
function markEvents(
  events: EventsData | undefined,
  lists: readonly EventList[],
  { bars, from, to }: HistoryData,
): { overlays: Pick<ChartOverlays, EventList>; notes: string[] } {
  const start = bars[0]?.date ?? from;
  const within = <T>(all: readonly T[] = [], dateOf: (event: T) => IsoDate): T[] => {
    const next = all
      .map(dateOf)
      .reduce((least, date) => (date > to && (least === '' || date < least) ? date : least), '');
    return all.filter((event) => dateOf(event) >= start && (dateOf(event) <= to || dateOf(event) === next));
  };
  const unavailable = (events?.unavailable ?? []).map(({ kind, why }) => `${kind}: ${why}`);
  const found = {
    earnings: within(events?.earnings, ({ date }) => date),
    dividends: within(events?.dividends, ({ exDate }) => exDate),
    splits: within(events?.splits, ({ date }) => date),
  };
  const isKnown = (list: EventList): boolean =>
    events !== undefined && !(events.unavailable ?? []).some(({ kind }) => kind === list);
  return {
    overlays: Object.fromEntries(lists.flatMap((list) => (found[list].length > 0 ? [[list, found[list]]] : []))),
    notes: [
      ...unavailable,
      ...lists
        .filter((list) => isKnown(list) && found[list].length === 0)
        .map((list) => `${list}: none since ${start}`),
    ],
  };
}

async function findNearestChain(
  { symbol, expiration }: ChartRequest,
  context: ToolContext,
): Promise<Findings<'chain'> | undefined> {
  const { findWholeChains } = await import('./whole-chain.ts');
  return (await findWholeChains({ symbol, ...present({ expiration }) }, context))[0];
}

type TimedBar = Bar & { at?: EpochMs };

function linesOver(
  { bars }: HistoryData,
  all: readonly TimedBar[],
  overlays: readonly Overlay[],
): Record<string, LinePoint[]> {
  const shown = new Set(bars.map(({ date, time }) => time ?? date));
  const lines = overlays.flatMap((overlay): [string, LinePoint[]][] => {
    const values = valuesOf(overlay, all, bars);
    const points = values.flatMap(({ bar: { date, at }, ...figures }): LinePoint[] => {
      const time = at === undefined ? undefined : formatExchangeIso(at);
      return shown.has(time ?? date) ? [{ date, ...(time === undefined ? {} : { time }), ...figures }] : [];
    });
    return points.length > 0 ? [[overlay.name, points]] : [];
  });
  return Object.fromEntries(lines);
}

type LineValue = Pick<LinePoint, 'value' | 'upper' | 'lower'> & { bar: TimedBar };

/** Series end with the newest bar. Daily bars have their provider's average price, or none. */
function valuesOf({ kind, window }: Overlay, all: readonly TimedBar[], shown: HistoryData['bars']): LineValue[] {
  const endWith = <T>(series: readonly T[], figures: (value: T) => Omit<LineValue, 'bar'>): LineValue[] =>
    series.flatMap((value, index) => {
      const bar = all[all.length - series.length + index];
      return bar === undefined ? [] : [{ bar, ...figures(value) }];
    });
  const closes = closesOf(all);
  const single = (value: number): Omit<LineValue, 'bar'> => ({ value: roundPrice(value) });
  switch (kind) {
    case 'sma':
      return endWith(smaSeries(closes, window), single);
    case 'ema':
      return endWith(emaSeries(closes, window), single);
    case 'bb':
      return endWith(bollingerSeries(closes, window), ({ middle, upper, lower }) => ({
        value: roundPrice(middle),
        upper: roundPrice(upper),
        lower: roundPrice(lower),
      }));
    case 'vwap':
      return vwapOver(shown);
    default:
      return [];
  }
}

/** Below a day the session's so far, else what the provider says of each bar. */
function vwapOver(shown: HistoryData['bars']): LineValue[] {
  const isIntraday = shown[0]?.time !== undefined;
  const values = isIntraday ? vwapSeries(shown) : shown.map(({ vwap }) => vwap);
  return shown.flatMap(({ time, ...bar }, index) => {
    const value = values[index];
    if (value === undefined) return [];
    return [{ bar: { ...bar, ...(time === undefined ? {} : { at: Date.parse(time) }) }, value }];
  });
}

function toLevels({ supports, resistances }: LevelSheet): ChartLevel[] {
  return [
    ...resistances.map((level) => ({ kind: 'resistance' as const, ...level })),
    ...supports.map((level) => ({ kind: 'support' as const, ...level })),
  ];
}

function toChainMarks(
  { data }: Findings<'chain'>,
  has: (kind: Overlay['kind']) => boolean,
): Pick<ChartOverlays, 'walls' | 'expected-move'> {
  if (data === undefined) return {};
  const { analytics, expiration, spot } = data;
  const { callWalls, putWalls, expectedMove } = analytics;
  const walls: ChartWall[] = [
    ...callWalls.map((wall) => ({ side: 'call' as const, expiration, ...wall })),
    ...putWalls.map((wall) => ({ side: 'put' as const, expiration, ...wall })),
  ];
  const moves: ChartMove[] =
    expectedMove === undefined
      ? []
      : [
          {
            expiration,
            lower: roundPrice(spot - expectedMove.amount),
            upper: roundPrice(spot + expectedMove.amount),
            ...expectedMove,
          },
        ];
  return {
    ...(has('walls') && walls.length > 0 ? { walls } : {}),
    ...(has('expected-move') && moves.length > 0 ? { 'expected-move': moves } : {}),
  };
}

/** What was asked for and has no figures; what failed at a provider has its error already. */
function describeAbsent({ overlays, interval }: ChartRequest, lines: Record<string, LinePoint[]>): string[] {
  return overlays.flatMap(({ kind, name, window }) => {
    if (name in lines) return [];
    if (kind === 'vwap')
      return [`vwap: these bars have none${interval === 'day' ? '; intraday bars have it, like --interval 5min' : ''}`];
    return window > 0 ? [`${name}: too few bars for a window of ${window}`] : [];
  });
}
