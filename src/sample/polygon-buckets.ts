// Daily bars gathered into Polygon's wider bars, page by page: its limit counts the days read, not the bars given.
import { aggregateBars } from '../domain/bar-series.ts';
import { addDays, startOfMonth, startOfQuarter, startOfYear, weekdayOf } from '../domain/exchange-time.ts';
import type { Bar, IsoDate } from '../domain/types.ts';
import { PolygonRefusal } from './polygon-replies.ts';

export interface BucketPage {
  /** In the order asked for; `date` is the first day of the window. */
  buckets: Bar[];
  /** How many daily bars were read. */
  baseCount: number;
  /** Where the next page begins: its first day ascending, its last day descending. */
  resumeAt?: IsoDate;
}

interface BucketTerms {
  timespan: string;
  multiplier: number;
  descending: boolean;
  limit: number;
}

/** `days` ascending. A window is never cut in two: the page ends before the one that would pass the limit. */
export function bucketBars(days: readonly Bar[], { timespan, multiplier, descending, limit }: BucketTerms): BucketPage {
  const windows = joinWindows(groupDays(days, windowStartOf(timespan)), multiplier);
  if (descending) windows.reverse();
  const page: Bar[][] = [];
  let baseCount = 0;
  for (const window of windows) {
    if (page.length > 0 && baseCount + window.length > limit) break;
    page.push(window);
    baseCount += window.length;
  }
  const startOf = windowStartOf(timespan);
  const buckets = page.map((window) => mergeWindow(window, startOf));
  const next = windows[page.length];
  const resumeAt = descending ? next?.at(-1)?.date : next?.[0]?.date;
  return { buckets, baseCount, ...(resumeAt === undefined ? {} : { resumeAt }) };
}

/** A week's window begins on Sunday. Seconds are not in the sample market, as on a plan without them. */
function windowStartOf(timespan: string): (date: IsoDate) => IsoDate {
  switch (timespan) {
    case 'day':
      return (date) => date;
    case 'week':
      return (date) => addDays(date, -weekdayOf(date));
    case 'month':
      return startOfMonth;
    case 'quarter':
      return startOfQuarter;
    case 'year':
      return startOfYear;
    case 'second':
      throw PolygonRefusal.notEntitled(
        "Your plan doesn't include this data timeframe. Please upgrade your plan at https://massive.com/pricing",
      );
    default:
      throw PolygonRefusal.invalid(`'${timespan.slice(0, 20)}' is not a valid timespan.`);
  }
}

function groupDays(days: readonly Bar[], startOf: (date: IsoDate) => IsoDate): Bar[][] {
  const windows: Bar[][] = [];
  let start: IsoDate | undefined;
  for (const bar of days) {
    const barStart = startOf(bar.date);
    const current = windows.at(-1);
    if (current === undefined || barStart !== start) windows.push([bar]);
    else current.push(bar);
    start = barStart;
  }
  return windows;
}

/** Windows of several timespans, counted from the first one of the range. */
function joinWindows(windows: Bar[][], multiplier: number): Bar[][] {
  if (multiplier === 1) return windows;
  const joined: Bar[][] = [];
  for (let i = 0; i < windows.length; i += multiplier) joined.push(windows.slice(i, i + multiplier).flat());
  return joined;
}

function mergeWindow(window: readonly Bar[], startOf: (date: IsoDate) => IsoDate): Bar {
  const [first] = window;
  if (first === undefined) throw new RangeError('a window without bars');
  const date = startOf(first.date);
  if (window.length === 1) return { ...first, date };
  // One artificial month makes the domain's merging of months do the work for any window.
  const merged = aggregateBars(
    window.map((bar) => ({ ...bar, date })),
    'month',
  )[0];
  if (merged === undefined) throw new RangeError('a window without bars');
  return { ...merged, date };
}
