// Bars of a range in the public shape. Dates come from phrases resolved by the calendar, figures from one daily series.
import type { Answer, BarGap, HistoryData } from '../domain/answers.ts';
import {
  aggregateBars,
  describeGap,
  findGaps,
  isGap,
  roundBar,
  selectBars,
  sessionsBetween,
  sliceBars,
  summariseBars,
} from '../domain/bar-series.ts';
import { closeOf, lastFinishedBar, lastFinishedSession, previousTradingDay } from '../domain/calendar.ts';
import { type ResolvedRange, resolveFromTo, resolveRange, whyNoSession } from '../domain/date-phrases.ts';
import { type FinError, NoDataError, UsageError } from '../domain/errors.ts';
import { addDays, exchangeDateOf } from '../domain/exchange-time.ts';
import { INTRADAY_MINUTES, isIntraday } from '../domain/intraday-bars.ts';
import { resolveHours } from '../domain/session-hours.ts';
import type {
  Bar,
  BarHours,
  BarInterval,
  Clock,
  EpochMs,
  IntradayInterval,
  IsoDate,
  TickerSymbol,
} from '../domain/types.ts';
import type { Inputs } from '../fields/field.ts';
import type { DailySeries, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';

export type RangeRequest = { phrase: string } | { from: string; to?: string };

export interface HistoryRequest {
  symbol: TickerSymbol;
  range: RangeRequest;
  interval: BarInterval | IntradayInterval;
  /** Of bars below a day; default the regular session's. */
  hours?: BarHours;
  /** So many bars before the range, for averages over them. */
  lead?: number;
}

export interface HistoryFindings extends Findings<'history'> {
  /** Of the interval, with those before the range; of minutes with their time. */
  all: readonly (Bar & { at?: EpochMs })[];
}

/**
 * @param isFinished the range ends with the last finished bar of the interval, if it has one
 * @throws UsageError before anything is fetched when the range is unreadable, reversed or in the future.
 */
export function resolveRequestedRange(
  range: RangeRequest,
  clock: Clock,
  { isFinished, interval = 'day' }: BarsAsked = {},
): ResolvedRange {
  const now = clock.now();
  const hours = 'phrase' in range ? resolveHours(range.phrase, now) : undefined;
  if (hours !== undefined) return { from: hours.date, to: hours.date, label: `${hours.date} ${hours.label}`, hours };
  const resolved = 'phrase' in range ? resolveRange(range.phrase, now) : resolveFromTo(range.from, range.to, now);
  if (isFinished !== true) return resolved;
  const over = lastFinishedBar(now, interval);
  const isCut = resolved.from <= over && over < resolved.to;
  return isCut ? { ...resolved, to: over } : resolved;
}

/** How rows of figures take their bars. */
export interface BarsAsked {
  interval?: BarInterval | IntradayInterval | undefined;
  isFinished?: true | undefined;
}

/** Which bars the figures are of. What counts sessions leaves room before the first of them: the bars say where it begins. */
export function describeBars(
  range: ResolvedRange | undefined,
  asked: BarsAsked,
  inputs: readonly Pick<Inputs, 'symbol' | 'period'>[],
): string[] {
  const size = minutesMeant(asked, range);
  if (size !== undefined) {
    const bars = `${String(INTRADAY_MINUTES[size])}-minute bars`;
    return [range === undefined ? bars : `range: ${range.label}, from ${bars}`];
  }
  if (range === undefined) return [];
  const { from, to, sessions } = range;
  const firsts = sessions === undefined ? [] : inputs.flatMap(({ period }) => period?.bars[0]?.date ?? []);
  return [`range: ${firsts.sort()[0] ?? from} to ${to}`, ...describeFewBars(range, asked, inputs)];
}

/** Of symbols that lack some of the sessions counted. */
function describeFewBars(
  { sessions = 0 }: ResolvedRange,
  { interval = 'day' }: BarsAsked,
  inputs: readonly Pick<Inputs, 'symbol' | 'period'>[],
): string[] {
  const notes = inputs.flatMap(({ symbol, period: { bars } = { bars: [] } }) =>
    bars.length === 0 || bars.length >= sessions || interval !== 'day'
      ? []
      : [`${symbol}: only ${bars.length} of ${sessions} sessions have bars`],
  );
  return [...new Set(notes)];
}

/** Bars of minutes, which hours of a day are of, too. */
export function minutesMeant(
  { interval = 'day' }: BarsAsked,
  range: ResolvedRange | undefined,
): IntradayInterval | undefined {
  return isIntraday(interval) ? interval : range?.hours === undefined ? undefined : '1min';
}

export function answerHistory(asked: HistoryRequest, context: ToolContext): Promise<Answer<'history'>> {
  resolveRequestedRange(asked.range, context.clock);
  return answerWith(context, (counted) => findHistory(asked, counted));
}

/** What `answerHistory` says, with its sources. */
export async function findHistory(asked: HistoryRequest, context: ToolContext): Promise<HistoryFindings> {
  const range = resolveRequestedRange(asked.range, context.clock);
  const findings = await findBars(asked, range, context);
  const day = findings.errors.some(({ code }) => code === 'no_data')
    ? expectedSession(range, context.clock)
    : undefined;
  // A session that has no bar may not have been held: the exchange closes unplanned.
  if (day === undefined || (await context.market.learnDay?.(day, context.request)) !== true) return findings;
  return findBars(asked, resolveRequestedRange(asked.range, context.clock), context);
}

/** The last session that the range should hold bars of; today's may only be late. */
function expectedSession(range: ResolvedRange, clock: Clock): IsoDate | undefined {
  const today = exchangeDateOf(clock.now());
  const last = previousTradingDay(range.to < today ? addDays(range.to, 1) : today);
  return last >= range.from ? last : undefined;
}

async function findBars(asked: HistoryRequest, range: ResolvedRange, context: ToolContext): Promise<HistoryFindings> {
  const { interval, hours = 'regular', lead = 0 } = asked;
  if (isIntraday(interval))
    return (await import('./intraday.ts')).findIntraday({ ...asked, interval, hours }, range, context);
  if (range.hours !== undefined)
    throw new UsageError('hours of a day have no daily bars', { hint: 'choose an interval, like 5min' });
  const { market, request, clock } = context;
  const phrase = range.label;
  const outcome = await market.dailySeries(asked.symbol, request, {
    ...(lead > 0 ? {} : { from: range.from }),
    to: range.to,
  });
  const frame = { kind: 'history', request: { phrase, from: range.from, to: range.to } } as const;
  const selected = outcome.ok ? selectBars(outcome.value.bars, range) : [];
  if (!outcome.ok || selected.length === 0) {
    const error = outcome.ok ? noBars(asked.symbol, range, outcome.value, clock.now()) : outcome.error;
    return { ...frame, data: undefined, errors: [toAnswerError(error, asked.symbol)], sources: [], all: [] };
  }
  const data = toHistoryData({ ...asked, interval }, selected, outcome.value.bars);
  return {
    ...frame,
    data,
    errors: [],
    sources: [sourceOf(selected, outcome.value, outcome.source)],
    notes: [
      ...describeRange(data, selected, outcome.value, range, clock.now()),
      ...describeGaps(data, selected, outcome.value, range, clock.now()),
    ],
    all: lead > 0 ? barsUpTo(outcome.value.bars, selected, interval) : [],
  };
}

/** Whole weeks and months before the range; its last one ends where the range does. */
function barsUpTo(all: readonly Bar[], selected: readonly Bar[], interval: BarInterval): Bar[] {
  const bars = sliceBars(all, '', selected.at(-1)?.date ?? '');
  return interval === 'day' ? bars : aggregateBars(bars, interval);
}

/** A range that ended earlier is as of the close of its own last bar, not of the newest that is held. */
function sourceOf(selected: readonly Bar[], series: DailySeries, source: Source): Source {
  const last = selected.at(-1);
  const isNewest = last === undefined || (series.running && last === series.bars.at(-1));
  return isNewest ? source : { ...source, asOf: closeOf(last.date) };
}

function toHistoryData(
  asked: HistoryRequest & { interval: BarInterval },
  selected: readonly Bar[],
  all: readonly Bar[],
): HistoryData {
  const before = neighbourBefore(selected, all);
  const gaps = findGaps(selected);
  const shown = asked.interval === 'day' ? [...selected] : aggregateBars(selected, asked.interval);
  const [from, to] = [shown[0]?.date, shown.at(-1)?.date];
  if (from === undefined || to === undefined) throw new NoDataError(`${asked.symbol}: no bars`);
  return {
    symbol: asked.symbol,
    interval: asked.interval,
    from,
    to,
    bars: shown.map(roundBar),
    summary: summariseBars(shown, before, gaps.length > 0),
    ...(gaps.length === 0 ? {} : { gaps }),
  };
}

/** The bar before the range, unless a gap lies between. */
function neighbourBefore(selected: readonly Bar[], all: readonly Bar[]): Bar | undefined {
  const first = selected[0]?.date ?? '';
  const before = all.findLast((bar) => bar.date < first);
  return before === undefined || isGap(before.date, first) ? undefined : before;
}

/** What the dates alone do not tell: that the provider has no more, that the last session is not over, which sessions a week holds. */
function describeRange(
  data: HistoryData,
  selected: readonly Bar[],
  series: DailySeries,
  range: ResolvedRange,
  now: EpochMs,
): string[] {
  const [first, last] = [selected[0]?.date ?? data.from, selected.at(-1)?.date ?? data.to];
  const isRunning = series.running && selected.at(-1) === series.bars.at(-1);
  const notes =
    series.coveredFrom > range.from
      ? [`nothing before ${series.coveredFrom}: the provider’s plan goes back no further`]
      : [];
  const { provisionalUntil } = series;
  const isProvisional = !series.running && selected.at(-1) === series.bars.at(-1);
  if (isProvisional && provisionalUntil !== undefined)
    notes.push(
      now < provisionalUntil
        ? `${last} is provisional: its close and volume may change until after-hours trading ends`
        : `${last} is provisional: fetched before after-hours trading ended, its close and volume may have changed`,
    );
  if (range.sessions !== undefined && selected.length < range.sessions)
    notes.push(`only ${selected.length} of ${range.sessions} sessions have bars`);
  if (data.interval !== 'day')
    return [
      ...notes,
      `these are the sessions of ${first} to ${last}${isRunning ? '; the last one is still trading' : ''}`,
    ];
  if (isRunning) notes.push(describePartial(last));
  return notes;
}

/** Of a session that is on. */
export const describePartial = (date: IsoDate): string => `today’s bar (${date}) is partial`;

/** Gaps within the range, before its first bar, and behind its last. */
function describeGaps(
  { symbol, gaps = [] }: HistoryData,
  selected: readonly Bar[],
  series: DailySeries,
  range: ResolvedRange,
  now: EpochMs,
): string[] {
  const [first, last] = [selected[0]?.date ?? '', selected.at(-1)?.date ?? ''];
  const before = series.bars.findLast((bar) => bar.date < first)?.date;
  const isApart = before !== undefined && isGap(before, first);
  const finished = lastFinishedSession(now);
  const missing = sessionsBetween(last, addDays(range.to < finished ? range.to : finished, 1));
  const ofSymbol = (gap: BarGap, consequence: string): string => `${symbol}: ${describeGap(gap, consequence)}`;
  return [
    ...(isApart ? [ofSymbol({ after: before, before: first }, 'the change is measured from the first open')] : []),
    ...gaps.map((gap) => ofSymbol(gap, 'no change is computed across it')),
    ...(missing === 0
      ? []
      : [
          `no bars after ${last}: the last ${missing === 1 ? 'session of the range has' : `${missing} sessions of the range have`} none`,
        ]),
  ];
}

function noBars(symbol: TickerSymbol, range: ResolvedRange, series: DailySeries, now: EpochMs): FinError {
  const [first, last] = [series.firstDate, series.bars.at(-1)?.date];
  return new NoDataError(`${symbol}: no bars from ${range.from} to ${range.to}`, {
    symbol,
    hint:
      whyNoSession(range, now) ??
      (first === undefined || last === undefined ? 'choose another range' : `bars run from ${first} to ${last}`),
  });
}
