// Hides when options trade and settle where that differs from their shares: options of indices and broad funds trade a
// quarter of an hour longer, and standard index options settle at the open of the day on which they expire.
import { closeOf, isExpired, lastFinishedSession, previousTradingDay, sessionTimes } from './calendar.ts';
import { exchangeDateOf } from './exchange-time.ts';
import { isIndexSymbol } from './symbols.ts';
import type { EpochMs, IsoDate, TickerSymbol } from './types.ts';

const LATE_MS = 15 * 60_000;
/** Funds whose options trade until 16:15, as the option exchanges list them. */
const LATE_FUND =
  /^(?:SPY|QQQ|IWM|DIA|MDY|OEF|IJR|IWN|IWO|IWV|EEM|EFA|DB[ABCO]|KBE|KRE|MOO|SLX|UNG|UUP|USO|SVXY|UVXY|VIXY|VXX|VXZ|XHB|XL[BCEFIKPUVY]|XLRE|XME|XRT|XOP)$/;
/** Roots whose contracts settle at the opening prices of their last day; SPXW, NDXP, RUTW and XSP settle at the close. */
const SETTLES_AT_OPEN = /^(?:SPX|NDX|RUT|RUI|DJX|SOX|NYA|VIXW?|VXN|RVX|GVZ|OVX|VVIX)$/;

/** When the options of `underlying` stop trading on a session's date: 16:00 or 16:15, on half days 13:00 or 13:15. */
export function optionCloseOf(underlying: TickerSymbol, date: IsoDate): EpochMs {
  return closeOf(date) + lateMsOf(underlying);
}

function lateMsOf(underlying: TickerSymbol): number {
  return isIndexSymbol(underlying) || LATE_FUND.test(underlying) ? LATE_MS : 0;
}

/** Whether the options of a date trade no more; without an underlying from the close of the exchange on. */
export function isExpirationOver(expiration: IsoDate, now: EpochMs, underlying?: TickerSymbol): boolean {
  return isExpired(expiration, underlying === undefined ? now : now - lateMsOf(underlying));
}

/** Date and close of the option session that an instant lies in; undefined where the options do not trade. */
export function runningOptionSession(
  underlying: TickerSymbol,
  ms: EpochMs,
): { date: IsoDate; close: EpochMs } | undefined {
  const date = exchangeDateOf(ms);
  const times = sessionTimes(date);
  const close = optionCloseOf(underlying, date);
  return times !== undefined && ms >= times.open && ms < close ? { date, close } : undefined;
}

/** Of when the option prices are that a provider has at an instant: they stand still from their close on. */
export function optionsPricedAt(underlying: TickerSymbol, ms: EpochMs): EpochMs {
  if (runningOptionSession(underlying, ms) !== undefined) return ms;
  return optionCloseOf(underlying, lastFinishedSession(ms));
}

/** Whether contracts of this root settle at the opening prices of the day on which they expire. */
export function settlesAtOpen(root: string): boolean {
  return SETTLES_AT_OPEN.test(root);
}

/** Whether a contract has its settlement value and trades no more, while others of its date still do. */
export function isSettled({ root, expiration }: { root: string; expiration: IsoDate }, now: EpochMs): boolean {
  if (!settlesAtOpen(root)) return false;
  const settlesAt = sessionTimes(expiration)?.open ?? closeOf(previousTradingDay(expiration));
  return now >= settlesAt;
}
