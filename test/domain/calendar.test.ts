// The rules are held against the holidays and half days that the exchange announced, written out year by year.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closeOf,
  expirationKindOf,
  holidayName,
  isExpired,
  isMonthlyExpiration,
  isTradingDay,
  lastFinishedSession,
  lastTradingDays,
  monthlyExpirationOf,
  nextChange,
  nextRegularOpen,
  nextSessionOpen,
  nextTradingDay,
  previousTradingDay,
  runningSession,
  sessionAt,
  sessionTimes,
  tradingDaysBetween,
  weeklyExpirationOf,
} from '../../src/domain/calendar.ts';
import { addDays, formatExchangeIso, parseIsoInstant, weekdayOf } from '../../src/domain/exchange-time.ts';

const HOLIDAYS: Record<string, string> = {
  1994: '02-21 04-01 04-27 05-30 07-04 09-05 11-24 12-26',
  1998: '01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25',
  2001: '01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25',
  2004: '01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24',
  2007: '01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25',
  2012: '01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25',
  2013: '01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25',
  2015: '01-01 01-19 02-16 04-03 05-25 07-03 09-07 11-26 12-25',
  2016: '01-01 01-18 02-15 03-25 05-30 07-04 09-05 11-24 12-26',
  2017: '01-02 01-16 02-20 04-14 05-29 07-04 09-04 11-23 12-25',
  2018: '01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25',
  2019: '01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25',
  2020: '01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25',
  2021: '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24',
  2022: '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26',
  2023: '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25',
  2024: '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25',
  2025: '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25',
  2026: '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25',
  2027: '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24',
  2028: '01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25',
};

const HALF_DAYS: Record<string, string> = {
  1997: '07-03 11-28 12-24 12-26',
  1999: '11-26 12-31',
  2002: '07-05 11-29 12-24',
  2003: '07-03 11-28 12-24 12-26',
  2012: '07-03 11-23 12-24',
  2013: '07-03 11-29 12-24',
  2015: '11-27 12-24',
  2016: '11-25',
  2017: '07-03 11-24',
  2018: '07-03 11-23 12-24',
  2019: '07-03 11-29 12-24',
  2020: '11-27 12-24',
  2021: '11-26',
  2022: '11-25',
  2023: '07-03 11-24',
  2024: '07-03 11-29 12-24',
  2025: '07-03 11-28 12-24',
  2026: '11-27 12-24',
  2027: '11-26',
  2028: '07-03 11-24',
};

/** Sessions a year as counted from published daily closes of the S&P 500. */
const SESSIONS_A_YEAR: Record<string, number> = {
  2001: 248,
  2006: 251,
  2007: 251,
  2008: 253,
  2009: 252,
  2010: 252,
  2011: 252,
  2012: 250,
  2014: 252,
  2016: 252,
  2017: 251,
  2018: 251,
  2019: 252,
  2020: 253,
  2021: 252,
  2022: 251,
  2023: 250,
  2024: 252,
  2025: 250,
};

function daysOf(year: string): string[] {
  const days: string[] = [];
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1)) days.push(day);
  return days;
}

function at(iso: string): number {
  const ms = parseIsoInstant(iso);
  if (ms === undefined) throw new Error(`bad instant in the test: ${iso}`);
  return ms;
}

function changeAfter(iso: string): string {
  const change = nextChange(at(iso));
  return `${change.state} ${formatExchangeIso(change.at)}`;
}

const dates = fc.integer({ min: 0, max: 25_500 }).map((days) => addDays('1990-01-10', days));
const instants = fc.integer({ min: Date.UTC(1990, 1, 1), max: Date.UTC(2060, 0, 1) });

describe('trading days', () => {
  it.each(Object.keys(HOLIDAYS))('are those that the exchange announced for %s', (year) => {
    const closed = daysOf(year).filter((day) => weekdayOf(day) % 6 !== 0 && !isTradingDay(day));
    expect(closed.map((day) => day.slice(5)).join(' ')).toBe(HOLIDAYS[year]);
    expect(closed.every((day) => holidayName(day) !== undefined)).toBe(true);
  });

  it.each(Object.entries(SESSIONS_A_YEAR))('number in %s what the published closes number', (year, count) => {
    expect(tradingDaysBetween(`${year}-01-01`, `${year}-12-31`)).toHaveLength(count);
  });

  it('have no Friday off when New Year is a Saturday', () => {
    for (const eve of ['1993-12-31', '1999-12-31', '2004-12-31', '2010-12-31', '2021-12-31'])
      expect(isTradingDay(eve), eve).toBe(true);
  });

  it('know the name of a holiday, and none for a weekend or a session', () => {
    expect(holidayName('2026-11-26')).toBe('Thanksgiving Day');
    expect(holidayName('2026-07-03')).toBe('Independence Day');
    expect(holidayName('2025-01-09')).toContain('Carter');
    expect(holidayName('2026-07-04')).toBeUndefined();
    expect(holidayName('2026-11-27')).toBeUndefined();
  });

  it('never lie more than four days apart but after September 11', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const next = nextTradingDay(date);
        expect(isTradingDay(next)).toBe(true);
        expect(previousTradingDay(next) <= date).toBe(true);
        expect(tradingDaysBetween(addDays(date, 1), addDays(next, -1))).toEqual([]);
        if (!date.startsWith('2001-09')) expect(next <= addDays(date, 5)).toBe(true);
      }),
    );
  });

  it('are counted back as they are counted forward', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 60 }), (date, count) => {
        const days = lastTradingDays(count, date);
        expect(days).toHaveLength(count);
        expect(days).toEqual(tradingDaysBetween(days[0] ?? '', date));
      }),
    );
  });
});

describe('half days', () => {
  it.each(Object.keys(HALF_DAYS))(
    'are those that the exchange announced for %s, and end at 13:00 and 17:00',
    (year) => {
      const halves = daysOf(year).filter((day) => sessionTimes(day)?.isHalfDay === true);
      expect(halves.map((day) => day.slice(5)).join(' ')).toBe(HALF_DAYS[year]);
      for (const day of halves) {
        expect(formatExchangeIso(sessionTimes(day)?.close ?? 0)).toBe(
          `${day}T13:00:00-0${day.slice(5, 7) === '07' ? 4 : 5}:00`,
        );
        expect(formatExchangeIso(sessionTimes(day)?.postEnd ?? 0)).toContain('T17:00:00');
      }
    },
  );
});

describe('sessions', () => {
  it('close at their own time, and at 16:00 for a bar on a day that the calendar does not know as one', () => {
    const closes = ['2026-11-19', '2026-11-27', '2026-12-25', '2026-07-18'].map((date) =>
      formatExchangeIso(closeOf(date)),
    );
    expect(closes).toEqual([
      '2026-11-19T16:00:00-05:00',
      '2026-11-27T13:00:00-05:00',
      '2026-12-25T16:00:00-05:00',
      '2026-07-18T16:00:00-04:00',
    ]);
  });

  it('begin at 04:00, 09:30 and 16:00 and end at 20:00 exchange time, in summer and winter', () => {
    for (const [day, offset] of [
      ['2026-11-19', '-05:00'],
      ['2026-07-15', '-04:00'],
      ['2026-03-09', '-04:00'],
      ['2026-11-02', '-05:00'],
    ] as const) {
      const times = sessionTimes(day);
      expect(times).toBeDefined();
      expect(
        [times?.preOpen, times?.open, times?.close, times?.postEnd].map((ms) => formatExchangeIso(ms ?? 0)),
      ).toEqual(['04:00', '09:30', '16:00', '20:00'].map((clock) => `${day}T${clock}:00${offset}`));
    }
    expect(sessionTimes('2026-11-21')).toBeUndefined();
    expect(sessionTimes('2026-11-26')).toBeUndefined();
  });

  it.each([
    ['2026-11-19T00:00:00-05:00', 'closed'],
    ['2026-11-19T03:59:59-05:00', 'closed'],
    ['2026-11-19T04:00:00-05:00', 'pre'],
    ['2026-11-19T09:29:59-05:00', 'pre'],
    ['2026-11-19T09:30:00-05:00', 'regular'],
    ['2026-11-19T15:59:59-05:00', 'regular'],
    ['2026-11-19T16:00:00-05:00', 'post'],
    ['2026-11-19T19:59:59-05:00', 'post'],
    ['2026-11-19T20:00:00-05:00', 'closed'],
    ['2026-11-27T12:59:59-05:00', 'regular'],
    ['2026-11-27T13:00:00-05:00', 'post'],
    ['2026-11-27T17:00:00-05:00', 'closed'],
    ['2026-11-26T11:00:00-05:00', 'closed'],
    ['2026-11-21T11:00:00-05:00', 'closed'],
  ])('at %s the state is %s', (iso, state) => {
    expect(sessionAt(at(iso))).toBe(state);
  });

  it.each([
    ['2026-11-19T03:00:00-05:00', 'pre 2026-11-19T04:00:00-05:00'],
    ['2026-11-19T04:00:00-05:00', 'regular 2026-11-19T09:30:00-05:00'],
    ['2026-11-19T09:30:00-05:00', 'post 2026-11-19T16:00:00-05:00'],
    ['2026-11-19T18:00:00-05:00', 'closed 2026-11-19T20:00:00-05:00'],
    ['2026-11-20T20:00:00-05:00', 'pre 2026-11-23T04:00:00-05:00'],
    ['2026-11-21T12:00:00-05:00', 'pre 2026-11-23T04:00:00-05:00'],
    ['2026-11-25T20:00:00-05:00', 'pre 2026-11-27T04:00:00-05:00'],
    ['2026-11-27T10:00:00-05:00', 'post 2026-11-27T13:00:00-05:00'],
    ['2026-11-27T13:00:00-05:00', 'closed 2026-11-27T17:00:00-05:00'],
    ['2026-03-06T21:00:00-05:00', 'pre 2026-03-09T04:00:00-04:00'],
    ['2026-10-30T21:00:00-04:00', 'pre 2026-11-02T04:00:00-05:00'],
  ])('after %s the next change is %s', (iso, change) => {
    expect(changeAfter(iso)).toBe(change);
  });

  it('change exactly when the next change says, and not before', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const change = nextChange(ms);
        expect(change.at).toBeGreaterThan(ms);
        expect(sessionAt(change.at)).toBe(change.state);
        expect(sessionAt(change.at - 1)).toBe(sessionAt(ms));
        expect(change.state).not.toBe(sessionAt(ms));
      }),
    );
  });

  it('open next at the first pre, and regular, instant after now', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        for (const [open, before, state] of [
          [nextSessionOpen(ms), 'closed', 'pre'],
          [nextRegularOpen(ms), 'pre', 'regular'],
        ] as const) {
          expect(open).toBeGreaterThan(ms);
          expect(sessionAt(open)).toBe(state);
          expect(sessionAt(open - 1)).toBe(before);
          expect(open - ms).toBeLessThan(7 * 86_400_000);
        }
      }),
    );
    expect(formatExchangeIso(nextSessionOpen(at('2026-11-19T04:00:00-05:00')))).toBe('2026-11-20T04:00:00-05:00');
    expect(formatExchangeIso(nextRegularOpen(at('2026-11-25T09:30:00-05:00')))).toBe('2026-11-27T09:30:00-05:00');
  });

  it.each([
    ['2026-11-19T15:59:59-05:00', '2026-11-18', '2026-11-19'],
    ['2026-11-19T16:00:00-05:00', '2026-11-19', undefined],
    ['2026-11-19T09:29:59-05:00', '2026-11-18', undefined],
    ['2026-11-19T09:30:00-05:00', '2026-11-18', '2026-11-19'],
    ['2026-11-21T12:00:00-05:00', '2026-11-20', undefined],
    ['2026-11-23T08:00:00-05:00', '2026-11-20', undefined],
    ['2026-11-26T12:00:00-05:00', '2026-11-25', undefined],
    ['2026-11-27T12:59:59-05:00', '2026-11-25', '2026-11-27'],
    ['2026-11-27T13:00:00-05:00', '2026-11-27', undefined],
    ['2026-11-20T00:00:00-05:00', '2026-11-19', undefined],
  ])('at %s the last finished one is %s and the running one %s', (iso, finished, running) => {
    expect(lastFinishedSession(at(iso))).toBe(finished);
    expect(runningSession(at(iso))).toBe(running);
  });
});

describe('expirations', () => {
  it('fall on the third Friday, and on the Thursday where that is a holiday', () => {
    expect(monthlyExpirationOf(2026, 11)).toBe('2026-11-20');
    expect(monthlyExpirationOf(2026, 5)).toBe('2026-05-15');
    expect(monthlyExpirationOf(2025, 4)).toBe('2025-04-17');
    expect(monthlyExpirationOf(2026, 6)).toBe('2026-06-18');
    expect(isMonthlyExpiration('2026-06-18')).toBe(true);
    expect(isMonthlyExpiration('2026-06-19')).toBe(false);
    expect(weeklyExpirationOf('2026-07-01')).toBe('2026-07-02');
    expect(weeklyExpirationOf('2026-11-22')).toBe('2026-11-20');
  });

  it('have a kind by their date', () => {
    const kinds = [
      '2026-11-20',
      '2026-11-27',
      '2026-11-23',
      '2026-12-31',
      '2026-07-02',
      '2026-06-18',
      '2026-09-30',
    ].map(expirationKindOf);
    expect(kinds).toEqual(['monthly', 'weekly', 'daily', 'quarterly', 'weekly', 'monthly', 'quarterly']);
  });

  it('are over from the close of their day on, at 13:00 on a half day', () => {
    expect(isExpired('2026-11-20', at('2026-11-20T15:59:59-05:00'))).toBe(false);
    expect(isExpired('2026-11-20', at('2026-11-20T16:00:00-05:00'))).toBe(true);
    expect(isExpired('2026-11-27', at('2026-11-27T12:59:59-05:00'))).toBe(false);
    expect(isExpired('2026-11-27', at('2026-11-27T13:00:00-05:00'))).toBe(true);
    expect(isExpired('2014-01-18', at('2014-01-17T16:00:00-05:00'))).toBe(true);
    expect(isExpired('2014-01-18', at('2014-01-17T15:00:00-05:00'))).toBe(false);
  });
});
