// Bars below a day in the public shape: of the range, counted from the open of each session, with the bar before them.
// Loaded when such bars are asked for.
import type { HistoryData } from '../domain/answers.ts';
import { roundBar, selectBars, summariseBars } from '../domain/bar-series.ts';
import { lastFinishedSession, lastTradingDays, runningSession, tradingDaysBetween } from '../domain/calendar.ts';
import { type ResolvedRange, whyNoSession } from '../domain/date-phrases.ts';
import { NoDataError } from '../domain/errors.ts';
import { addDays, formatExchangeIso } from '../domain/exchange-time.ts';
import { INTRADAY_MINUTES, gatherBars, stepOf, vwapSeries } from '../domain/intraday-bars.ts';
import type { BarHours, EpochMs, IntradayBar, IntradayInterval, IsoDate, TickerSymbol } from '../domain/types.ts';
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
  const { symbol, interval, hours } = asked;
  const frame = { kind: 'history', request: { phrase: range.label, from: range.from, to: range.to } } as const;
  const outcome = await market.intraday(
    symbol,
    { step: stepOf(interval), hours, from: startWithLead(asked, range.from), to: range.to },
    request,
  );
  if (!outcome.ok)
    return { ...frame, data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [], all: [] };
  const all = gatherBars(outcome.value.bars, interval, hours);
  const selected = selectBars(all, range);
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
    notes: describe(outcome.value, selected, range),
    all,
  };
}

/** One session more than asked for tells what the change is counted from. */
function startWithLead({ interval, lead = 0 }: IntradayRequest, from: IsoDate): IsoDate {
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

function describe(series: IntradaySeries, selected: readonly IntradayBar[], range: ResolvedRange): string[] {
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
    ...(series.running ? [`the last bar of ${last} is partial: the session is still trading`] : []),
  ];
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
