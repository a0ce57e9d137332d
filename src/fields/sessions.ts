// What a session is in the calendar: its weekday, its place in the month, whether options expire on it, how long after a
// report or an ex-date it is. Hides that a report after the close is traded on by the session after it.
import type { Bars } from '../domain/bar-columns.ts';
import {
  isMonthlyExpiration,
  isTradingDay,
  nextTradingDay,
  sessionTimes,
  tradingDaysBetween,
} from '../domain/calendar.ts';
import { startOfMonth, weekdayOf } from '../domain/exchange-time.ts';
import type { IsoDate } from '../domain/types.ts';
import type { Entry, Inputs, Said } from './field.ts';

interface OfDate extends Omit<Said, 'unit'> {
  of(date: IsoDate): number;
}

function ofDate({ of, ...said }: OfDate): Entry {
  return {
    of: 'symbol',
    needs: ['series'],
    unit: 'count',
    ...said,
    read: ({ bars }) => {
      const newest = bars?.at(-1);
      return newest && of(newest.date);
    },
    series: (bars) => bars.slice().map(({ date }) => of(date)),
  };
}

/** Sessions since the last of some dates; NaN before the first of them. */
function sinceDates(bars: Bars, dates: readonly IsoDate[]): number[] {
  const starts = new Set(dates);
  let since = NaN;
  return bars.slice().map(({ date }) => (since = starts.has(date) ? 0 : since + 1));
}

function ofEvents({ dates, ...said }: Omit<Said, 'unit'> & { dates(inputs: Inputs): readonly IsoDate[] }): Entry {
  const series = (bars: Bars, _window: number, inputs?: Inputs): number[] =>
    inputs === undefined ? [] : sinceDates(bars, dates(inputs));
  return {
    of: 'symbol',
    needs: ['series', 'events'],
    unit: 'count',
    ...said,
    read: (inputs) => (inputs.bars === undefined ? undefined : series(inputs.bars, 0, inputs).at(-1)),
    series,
  };
}

const sessionFrom = (date: IsoDate): IsoDate => (isTradingDay(date) ? date : nextTradingDay(date));

export const SESSION_FIELDS: readonly Entry[] = [
  ofDate({
    name: 'weekday',
    label: 'Weekday',
    words: ['weekday', 'day of the week'],
    meaning: 'day of the week of a session, 1 Monday to 5 Friday',
    of: weekdayOf,
  }),
  ofDate({
    name: 'month',
    label: 'Month',
    words: ['calendar month'],
    meaning: 'month of a session, 1 January to 12 December',
    of: (date) => Number(date.slice(5, 7)),
  }),
  ofDate({
    name: 'sessionOfMonth',
    label: 'Session of month',
    words: ['session of the month', 'trading day of the month'],
    meaning: 'which session of its month it is, 1 the first',
    of: (date) => tradingDaysBetween(startOfMonth(date), date).length,
  }),
  ofDate({
    name: 'isMonthEnd',
    label: 'Month end',
    words: ['month end session'],
    meaning: '1 on the last session of a month, else 0',
    of: (date) => Number(nextTradingDay(date).slice(0, 7) !== date.slice(0, 7)),
  }),
  ofDate({
    name: 'isOpex',
    label: 'OpEx',
    words: ['opex session'],
    meaning: '1 on the session on which monthly options expire, else 0',
    of: (date) => Number(isMonthlyExpiration(date)),
  }),
  ofDate({
    name: 'isHalfDay',
    label: 'Half day',
    words: ['half day session'],
    meaning: '1 on a session that closes early, else 0',
    of: (date) => Number(sessionTimes(date)?.isHalfDay === true),
  }),
  ofEvents({
    name: 'sessionsSinceEarnings',
    label: 'Sessions since earnings',
    words: ['sessions since earnings'],
    meaning:
      'sessions since the first one that traded on the last earnings report of a known time, 0 that session itself',
    dates: ({ events }) =>
      (events?.earnings ?? []).flatMap(({ date, time }) => {
        if (time === 'unknown') return [];
        const session = sessionFrom(date);
        return [time === 'after_close' && session === date ? nextTradingDay(date) : session];
      }),
  }),
  ofEvents({
    name: 'sessionsSinceExDividend',
    label: 'Sessions since ex-dividend',
    words: ['sessions since ex-dividend'],
    meaning: 'sessions since the last ex-dividend date, 0 that session itself',
    dates: ({ events }) => (events?.dividends ?? []).map(({ exDate }) => sessionFrom(exDate)),
  }),
];
