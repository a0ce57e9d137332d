// Bars below a day: which of them are of the regular session, how wider ones are built from those that providers have,
// and the session's volume-weighted price.
import { mergeBars, roundPrice } from './bar-series.ts';
import { sessionTimes } from './calendar.ts';
import { formatExchangeIso } from './exchange-time.ts';
import type { Bar, BarHours, EpochMs, IntradayBar, IntradayInterval, IntradayStep } from './types.ts';

const MINUTE_MS = 60_000;

export const INTRADAY_MINUTES: Readonly<Record<IntradayInterval, number>> = {
  '1min': 1,
  '5min': 5,
  '15min': 15,
  '30min': 30,
  hour: 60,
};

export function isIntraday(interval: string): interval is IntradayInterval {
  return Object.hasOwn(INTRADAY_MINUTES, interval);
}

/** What a provider is asked for: Tradier has nothing wider than 15 minutes, and Polygon's hours hold the open amid them. */
export function stepOf(interval: IntradayInterval): IntradayStep {
  return interval === '30min' || interval === 'hour' ? '15min' : interval;
}

/** Bars of the hours asked for: `at` before the close, so that what trades at the closing bell is the last bar's. */
export function barsWithin<T extends IntradayBar>(bars: readonly T[], hours: BarHours): T[] {
  return bars.filter(({ at, date }) => {
    const times = sessionTimes(date);
    if (times === undefined) return false;
    return hours === 'regular' ? at >= times.open && at < times.close : at >= times.preOpen && at < times.postEnd;
  });
}

/** Bars of `interval`, counted from the open (of the pre session where its hours belong to them); none spans two sessions. */
export function gatherBars(bars: readonly IntradayBar[], interval: IntradayInterval, hours: BarHours): IntradayBar[] {
  const sizeMs = INTRADAY_MINUTES[interval] * MINUTE_MS;
  return mergeWindows(bars, ({ date, at }) => {
    const times = sessionTimes(date);
    const anchor = (hours === 'regular' ? times?.open : times?.preOpen) ?? 0;
    return anchor + Math.floor((at - anchor) / sizeMs) * sizeMs;
  });
}

/** One bar for all that begin in a window; `startOf` says where that of a bar begins. */
export function mergeWindows(bars: readonly IntradayBar[], startOf: (bar: IntradayBar) => EpochMs): IntradayBar[] {
  return [...Map.groupBy(bars, startOf)].flatMap(([at, group]) =>
    mergeBars(group[0]?.date ?? '', group).map((bar) => ({ ...bar, at })),
  );
}

/**
 * The volume-weighted price of each session up to and with each bar. A bar without its own counts with the mean of high,
 * low and close; before the first share is traded there is none.
 */
export function vwapSeries(bars: readonly Bar[]): (number | undefined)[] {
  let [date, turnover, volume] = ['', 0, 0];
  return bars.map((bar) => {
    if (bar.date !== date) [date, turnover, volume] = [bar.date, 0, 0];
    turnover += (bar.vwap ?? (bar.high + bar.low + bar.close) / 3) * bar.volume;
    volume += bar.volume;
    return volume > 0 ? roundPrice(turnover / volume) : undefined;
  });
}

/** `2026-11-19 09:30`, exchange time. */
export function formatMoment(at: EpochMs): string {
  return formatExchangeIso(at).slice(0, 16).replace('T', ' ');
}
