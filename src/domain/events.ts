// What happens to a share on a date: dividends, splits, earnings; and headlines and securities as providers tell them.
// Hides which date is the next one, what a year's dividends are, and that amounts from before a split are of old shares.
import { addDays } from './exchange-time.ts';
import type { EpochMs, IsoDate, TickerSymbol } from './types.ts';

export interface Dividend {
  exDate: IsoDate;
  payDate?: IsoDate;
  /** A share of its time. */
  amount: number;
  /** Payments a year; absent for one that is not repeated. */
  frequency?: number;
  /** Where it is not the dollar. */
  currency?: string;
}

/** `to` new shares for `from` old ones. */
export interface Split {
  date: IsoDate;
  from: number;
  to: number;
}

export interface Earnings {
  date: IsoDate;
  time: 'before_open' | 'after_close' | 'unknown';
  confirmed: boolean;
  epsEstimate?: number;
  epsActual?: number;
}

/** Each list has the newest date first, dates to come among them. */
export interface EventLists {
  dividends: Dividend[];
  splits: Split[];
  earnings: Earnings[];
}

export type EventList = keyof EventLists;

/** Text of strangers: cleaned and bounded, and never anything but data. */
export interface Headline {
  publishedAt: EpochMs;
  title: string;
  publisher: string;
  url?: string;
  symbols: TickerSymbol[];
  /** Of the symbol that was asked for. */
  sentiment?: 'positive' | 'negative' | 'neutral';
}

export interface Security {
  symbol: TickerSymbol;
  name: string;
  /** `stock`, `etf`, `index`, `adr`: an open list. */
  type: string;
  exchange?: string;
}

/** Days that a payment may be late and still be of the last twelve months. */
const LONGEST_YEAR_DAYS = 400;

export function nextEarnings(earnings: readonly Earnings[], today: IsoDate): Earnings | undefined {
  return earnings.findLast(({ date, epsActual }) => date >= today && epsActual === undefined);
}

/** The report before that. */
export function lastEarnings(earnings: readonly Earnings[], today: IsoDate): Earnings | undefined {
  return earnings.find(({ date, epsActual }) => date < today || (date === today && epsActual !== undefined));
}

/** Dollars of a year for a share of today; undefined where none was paid. Those not repeated are left out where others are. */
export function yearlyDividends(
  dividends: readonly Dividend[],
  splits: readonly Split[],
  today: IsoDate,
): number | undefined {
  const paid = dividends.filter(
    ({ exDate, currency }) => exDate <= today && exDate > addDays(today, -LONGEST_YEAR_DAYS) && currency === undefined,
  );
  const frequency = paid.find((each) => each.frequency !== undefined)?.frequency;
  const counted =
    frequency === undefined
      ? paid.filter(({ exDate }) => exDate > addDays(today, -365))
      : paid.filter((each) => each.frequency === frequency).slice(0, frequency);
  if (counted.length === 0) return undefined;
  return totalOfToday(counted, splits, today);
}

/** Dollars of the days from one to another, for a share of today, by the ex-dividend date; 0 where none was paid. */
export function dividendsPaid(
  dividends: readonly Dividend[],
  splits: readonly Split[],
  { from, to, today }: { from: IsoDate; to: IsoDate; today: IsoDate },
): number {
  const paid = dividends.filter(({ exDate, currency }) => exDate >= from && exDate <= to && currency === undefined);
  return totalOfToday(paid, splits, today);
}

const totalOfToday = (dividends: readonly Dividend[], splits: readonly Split[], today: IsoDate): number =>
  dividends.reduce((sum, each) => sum + amountOfToday(each, splits, today), 0);

/** What a dividend was for one share of today. */
export const amountOfToday = ({ amount, exDate }: Dividend, splits: readonly Split[], today: IsoDate): number =>
  amount / sharesOf(splits, exDate, today);

/** When of its day a report comes, in words. */
export const REPORT_TIMES = { before_open: 'before the open', after_close: 'after the close' } as const;

/** What one share of a day has become since: 10 after ten for one, 1 without a split. */
export function sharesOf(splits: readonly Split[], since: IsoDate, today: IsoDate): number {
  return splits
    .filter(({ date }) => date > since && date <= today)
    .reduce((shares, { from, to }) => (shares * to) / from, 1);
}
