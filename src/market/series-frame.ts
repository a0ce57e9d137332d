// Which dates of a daily series a question needs: those it names, what leads up to them, what one request brings anyway.
// Pure: how far back a series goes, a short plan holds, and whether the running session belongs to the answer.
import { lastFinishedSession, runningSession, tradingDayStart } from '../domain/calendar.ts';
import { addDays, addMonths, exchangeDateOf } from '../domain/exchange-time.ts';
import type { IsoDate, MarketMs, TickerSymbol } from '../domain/types.ts';
import type { Access } from './access.ts';
import type { DateRange } from './market-data.ts';

/** What one request brings: 1,260 sessions, so that an EMA200 has settled. */
const SERIES_MONTHS = 61;
/** Calendar days before a range, so that the bar before it is there on any weekend or holiday. */
const LEAD_DAYS = 12;
/** A free Polygon plan holds two years; one day less keeps clear of its edge. */
export const SHORT_PLAN_MONTHS = 24;

export interface Frame {
  now: MarketMs;
  today: IsoDate;
  lastFinished: IsoDate;
  runningDate: IsoDate | undefined;
  /** The running session of the dates asked for, where its bar cannot be had. */
  leftOut?: IsoDate;
  /** The dates of the question. */
  asked: { from: IsoDate; to: IsoDate };
  /** Since when splits of the latest trading day are in what a provider sends. */
  adjustedFrom: MarketMs;
  from: IsoDate;
  /** Last date that is of interest: before today the running session is left alone. */
  to: IsoDate;
  wholeFrom: IsoDate;
  /** Nobody named a start: as much as there is. */
  wantsAll: boolean;
}

/** One symbol's series of some dates, and where it may come from. */
export interface SeriesScope {
  access: Access;
  symbol: TickerSymbol;
  frame: Frame;
}

/** A contract's bars are those of finished sessions: its quote holds none. Few live longer than the shortest plan goes back. */
export function createFrame(now: MarketMs, { from, to }: DateRange, isContract: boolean): Frame {
  const today = exchangeDateOf(now);
  const wholeFrom = isContract ? planStart(today) : addMonths(today, -SERIES_MONTHS);
  const running = runningSession(now);
  return {
    now,
    today,
    lastFinished: lastFinishedSession(now),
    runningDate: isContract ? undefined : running,
    ...(isContract && running !== undefined && running <= (to ?? today) ? { leftOut: running } : {}),
    asked: { from: from ?? wholeFrom, to: to ?? today },
    adjustedFrom: tradingDayStart(now),
    from: from === undefined ? wholeFrom : addDays(from, -LEAD_DAYS),
    to: to ?? today,
    wholeFrom,
    wantsAll: from === undefined,
  };
}

/** Whether the running session belongs to the answer. */
export function needsRunning(frame: Frame): frame is Frame & { runningDate: IsoDate } {
  return frame.runningDate !== undefined && frame.runningDate <= frame.to;
}

export function earlier(a: IsoDate, b: IsoDate): IsoDate {
  return a < b ? a : b;
}

/** The first day that a short plan surely holds. */
export function planStart(today: IsoDate): IsoDate {
  return addDays(addMonths(today, -SHORT_PLAN_MONTHS), 1);
}
