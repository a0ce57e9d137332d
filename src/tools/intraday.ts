// Bars below a day in the public shape: of the range, counted from the open of each session, with the bar before them.
// Loaded when such bars are asked for.
import type { HistoryData } from '../domain/answers.ts';
import { roundBar, selectBars, summariseBars } from '../domain/bar-series.ts';
import {
  lastFinishedSession,
  lastTradingDays,
  runningSession,
  sessionTimes,
  tradingDaysBetween,
} from '../domain/calendar.ts';
import { type ResolvedRange, whyNoSession } from '../domain/date-phrases.ts';
import { NoDataError } from '../domain/errors.ts';
import { addDays, formatExchangeIso } from '../domain/exchange-time.ts';
import { INTRADAY_MINUTES, barsWithin, formatMoment, gatherBars, stepOf, vwapSeries } from '../domain/intraday-bars.ts';
import type { Bar, BarHours, EpochMs, IntradayBar, IntradayInterval, IsoDate, TickerSymbol } from '../domain/types.ts';
import type { Inputs } from '../fields/field.ts';
import type { IntradaySeries, Outcome } from '../market/market-data.ts';
import { type Findings, type ToolContext, toAnswerError } from './answer.ts';

export interface IntradayRequest {
  symbol: TickerSymbol;
  interval: IntradayInterval;
  hours: BarHours;
  /** So many bars before the range, for averages over them; they come in the same request. */
  lead?: number;
}

export interface IntradayFindings extends Findings<'history'> {
  /** With those before the range. */
  all: IntradayBar[];
}

/** The fewest minutes of a session: a half day's. */
const SHORTEST_MINUTES = 210;

export async function findIntraday(
  asked: IntradayRequest,
  range: ResolvedRange,
  { market, request, clock }: ToolContext,
): Promise<IntradayFindings> {
  const { symbol, interval } = asked;
  const hours = range.hours?.hours ?? asked.hours;
  const frame = { kind: 'history', request: { phrase: range.label, from: range.from, to: range.to } } as const;
  const outcome = await market.intraday(
    symbol,
    { step: stepOf(interval), hours, from: startWithLead(asked, range.from), to: range.to },
    request,
  );
  if (!outcome.ok)
    return { ...frame, data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [], all: [] };
  const all = gatherBars(outcome.value.bars, interval, hours);
  const selected = selectBars(all, range).filter((bar) => isWithin(bar, range));
  const [first] = selected;
  if (first === undefined) {
    const error = new NoDataError(`${symbol}: no ${interval} bars from ${range.from} to ${range.to}`, {
      symbol,
      hint: outcome.value.reach ?? whyNoSession(range, clock.now()) ?? 'choose another range',
    });
    return { ...frame, data: undefined, errors: [toAnswerError(error, symbol)], sources: [], all };
  }
  return {
    ...frame,
    data: toHistoryData(
      asked,
      selected,
      all.findLast(({ at }) => at < first.at),
    ),
    errors: [],
    sources: [outcome.source],
    notes: describe(outcome.value, selected, range, clock.now()),
    all,
  };
}

const isWithin = ({ at }: IntradayBar, { hours }: ResolvedRange): boolean =>
  hours === undefined || (at >= hours.start && at < hours.end);

/** One session more than asked for tells what the change is counted from. */
function startWithLead({ interval, lead = 0 }: Pick<IntradayRequest, 'interval' | 'lead'>, from: IsoDate): IsoDate {
  const sessions = 1 + Math.ceil((lead * INTRADAY_MINUTES[interval]) / SHORTEST_MINUTES);
  return lastTradingDays(sessions, addDays(from, -1))[0] ?? from;
}

function toHistoryData(
  { symbol, interval }: IntradayRequest,
  selected: readonly IntradayBar[],
  before: IntradayBar | undefined,
): HistoryData {
  return {
    symbol,
    interval,
    from: selected[0]?.date ?? '',
    to: selected.at(-1)?.date ?? '',
    bars: selected.map(({ at, date, ...bar }) => ({ date, time: formatExchangeIso(at), ...roundBar(bar) })),
    summary: summariseBars(selected, before),
  };
}

function describe(
  series: IntradaySeries,
  selected: readonly IntradayBar[],
  range: ResolvedRange,
  now: EpochMs,
): string[] {
  const [first] = tradingDaysBetween(range.from, range.to);
  const dates = new Set(selected.map(({ date }) => date));
  const isCut = series.reach !== undefined && first !== undefined && first < series.coveredFrom;
  const isShort = range.sessions !== undefined && dates.size < range.sessions;
  const last = selected.at(-1)?.date ?? '';
  return [
    ...(isCut && (isShort || range.sessions === undefined)
      ? [`nothing before ${series.coveredFrom}: ${series.reach ?? ''}`]
      : []),
    ...(isShort ? [`only ${dates.size} of ${range.sessions ?? 0} sessions have bars`] : []),
    ...(series.missing === undefined ? [] : [`not cached: the bars of ${series.missing.join(', ')}`]),
    ...(series.running && (range.hours?.end ?? Infinity) > now
      ? [`the last bar of ${last} is partial: the session is still trading`]
      : []),
  ];
}

/** The most that averages over such bars look back. */
const LEAD = 300;

interface MinutesAsked {
  interval: IntradayInterval;
  range?: ResolvedRange | undefined;
}

/** What rows of figures take from bars of minutes, which are dated by their moment. */
export async function findMinutes(
  symbol: TickerSymbol,
  { interval, range }: MinutesAsked,
  { market, clock, request }: ToolContext,
): Promise<Outcome<Pick<Inputs, 'bars' | 'period' | 'heldSessions'>>> {
  const [now, hours] = [clock.now(), range?.hours];
  const to = range?.to ?? runningSession(now) ?? lastFinishedSession(now);
  const from = startWithLead({ interval, lead: hours === undefined ? LEAD : 0 }, range?.from ?? to);
  const kind = hours?.hours ?? 'regular';
  const outcome = await market.intraday(symbol, { step: stepOf(interval), hours: kind, from, to }, request);
  if (!outcome.ok) return outcome;
  const all = gatherBars(outcome.value.bars, interval, kind);
  const dated = (bar: IntradayBar): Bar => ({ ...bar, date: formatMoment(bar.at) });
  const bars = all.map(dated);
  if (range === undefined) return { ...outcome, value: { bars, heldSessions: bars.length } };
  const own = all.filter((bar) => bar.date >= range.from && bar.date <= to && isWithin(bar, range));
  const [first] = own;
  if (first === undefined)
    return { ok: false, error: new NoDataError(`${symbol}: no ${interval} bars of ${range.label}`, { symbol }) };
  // A move of hours before or after the session is from a close; one from the open on is from the open.
  const isFromOpen = hours?.start === sessionTimes(first.date)?.open;
  const earlier = barsWithin(all.slice(0, all.indexOf(first)), 'regular').at(-1);
  const before = isFromOpen || earlier === undefined ? {} : { before: dated(earlier) };
  return { ...outcome, value: { bars, heldSessions: bars.length, period: { bars: own.map(dated), ...before } } };
}

/** The newest session's volume-weighted price, of its bars of five minutes; undefined where nothing was traded. */
export async function findVwap(
  symbol: TickerSymbol,
  { market, clock, request }: ToolContext,
): Promise<Outcome<number | undefined>> {
  const [now, step]: [EpochMs, '5min'] = [clock.now(), '5min'];
  const from = lastFinishedSession(now);
  const outcome = await market.intraday(
    symbol,
    { step, hours: 'regular', from, to: runningSession(now) ?? from },
    request,
  );
  if (!outcome.ok) return outcome;
  const { bars } = outcome.value;
  const date = bars.at(-1)?.date;
  return { ...outcome, value: vwapSeries(bars.filter((bar) => bar.date === date)).at(-1) };
}

/** Sessions before a range that averages of its minutes may look back at. */
const STEPS_BEFORE = 21;

/** Bars of five minutes of every session of a range and of some before it; without a range of the newest session. */
export async function findSteps(
  symbol: TickerSymbol,
  range: ResolvedRange | undefined,
  { market, clock, request }: ToolContext,
): Promise<Outcome<readonly IntradayBar[]>> {
  const now = clock.now();
  const to = range?.to ?? runningSession(now) ?? lastFinishedSession(now);
  const from = range?.sessions === undefined ? (range?.from ?? to) : (lastTradingDays(range.sessions, to)[0] ?? to);
  const [start = from] = lastTradingDays(STEPS_BEFORE, from);
  const outcome = await market.intraday(symbol, { step: '5min', hours: 'regular', from: start, to }, request);
  return outcome.ok ? { ...outcome, value: outcome.value.bars } : outcome;
}
