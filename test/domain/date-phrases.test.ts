// What a phrase means is checked at the moments where an earlier system went wrong: weekends, before the open, holidays,
// half days, midnight, both clock changes. November 2026: Thursday 26 is Thanksgiving, Friday 27 a half day.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTradingDay, lastFinishedSession, runningSession, tradingDaysBetween } from '../../src/domain/calendar.ts';
import { matchRangePhrase, resolveFromTo, resolveRange, whyNoSession } from '../../src/domain/date-phrases.ts';
import { UsageError } from '../../src/domain/errors.ts';
import { addDays, exchangeDateOf, exchangeInstant, parseIsoInstant } from '../../src/domain/exchange-time.ts';

function at(wall: string): number {
  const [date = '', clock = ''] = wall.split(' ');
  const [hours, minutes] = clock.split(':');
  return exchangeInstant(date, Number(hours) * 60 + Number(minutes));
}

function span(phrase: string, wall: string): string {
  const range = resolveRange(phrase, at(wall));
  return `${range.from} ${range.to}`;
}

/** The sessions that an answer shows: as the caller takes them from all bars that exist. */
function sessionsOf(phrase: string, now: number, hasToday: boolean): string[] {
  const range = resolveRange(phrase, now);
  const finished = lastFinishedSession(now);
  const exists = (date: string): boolean => date <= finished || (hasToday && date === runningSession(now));
  const days = tradingDaysBetween(range.from, range.to).filter(exists);
  return range.sessions === undefined ? days : days.slice(-range.sessions);
}

const instants = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2050, 0, 1) });
const phrases = fc.oneof(
  fc.constantFrom(
    'yesterday',
    'today',
    'last week',
    'this week',
    'last month',
    'this quarter',
    'last quarter',
    'last year',
    'ytd',
    'mtd',
    'wtd',
    'qtd',
    'past week',
    'past month',
    'past quarter',
    'past year',
    'monday',
    'friday',
    "previous week's friday",
    "last week's wednesday",
    'last session',
    'prior session',
    '5d',
    '3mo',
  ),
  fc
    .tuple(
      fc.constantFrom('last', 'past'),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('trading days', 'sessions', 'days', 'weeks', 'months', 'quarters', 'years'),
    )
    .map((parts) => parts.join(' ')),
);

describe('the last N sessions', () => {
  it.each([
    ['a Saturday', '2026-11-21 12:00', '2026-11-16 2026-11-17 2026-11-18 2026-11-19 2026-11-20'],
    ['a Sunday', '2026-11-22 23:59', '2026-11-16 2026-11-17 2026-11-18 2026-11-19 2026-11-20'],
    ['a Monday before the open', '2026-11-23 08:00', '2026-11-16 2026-11-17 2026-11-18 2026-11-19 2026-11-20'],
    ['09:29', '2026-11-23 09:29', '2026-11-16 2026-11-17 2026-11-18 2026-11-19 2026-11-20'],
    ['09:30', '2026-11-23 09:30', '2026-11-17 2026-11-18 2026-11-19 2026-11-20 2026-11-23'],
    ['16:00', '2026-11-23 16:00', '2026-11-17 2026-11-18 2026-11-19 2026-11-20 2026-11-23'],
    ['midnight', '2026-11-24 00:00', '2026-11-17 2026-11-18 2026-11-19 2026-11-20 2026-11-23'],
    ['Thanksgiving', '2026-11-26 12:00', '2026-11-19 2026-11-20 2026-11-23 2026-11-24 2026-11-25'],
    ['a half day after 13:00', '2026-11-27 13:00', '2026-11-20 2026-11-23 2026-11-24 2026-11-25 2026-11-27'],
    ['a Monday holiday', '2026-09-07 11:00', '2026-08-31 2026-09-01 2026-09-02 2026-09-03 2026-09-04'],
    [
      'the Monday after the spring change',
      '2026-03-09 09:30',
      '2026-03-03 2026-03-04 2026-03-05 2026-03-06 2026-03-09',
    ],
    ['the Sunday of the autumn change', '2026-11-01 01:30', '2026-10-26 2026-10-27 2026-10-28 2026-10-29 2026-10-30'],
  ])('asked on %s', (_when, wall, days) => {
    expect(sessionsOf('last 5 trading days', at(wall), true).join(' ')).toBe(days);
  });

  it('leave the running session out where its bar does not exist, and are still N', () => {
    const range = resolveRange('last 5 trading days', at('2026-11-23 11:00'));
    expect(range).toMatchObject({ to: '2026-11-23', sessions: 5 });
    expect(sessionsOf('last 5 trading days', at('2026-11-23 11:00'), false)).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
    ]);
    expect(resolveRange('last 5 trading days', at('2026-11-23 09:29'))).toMatchObject({
      to: '2026-11-20',
    });
  });

  it('are what counting back day by day gives, at any moment', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 70 }), fc.boolean(), (now, count, hasToday) => {
        const counted: string[] = [];
        for (let day = exchangeDateOf(now); counted.length < count; day = addDays(day, -1)) {
          if (!isTradingDay(day)) continue;
          if (day <= lastFinishedSession(now) || (hasToday && day === runningSession(now))) counted.unshift(day);
        }
        expect(sessionsOf(`last ${count} trading days`, now, hasToday)).toEqual(counted);
      }),
    );
  });
});

describe('a single session', () => {
  it.each([
    ['yesterday', '2026-11-20 12:00', '2026-11-19'],
    ['yesterday', '2026-11-20 18:00', '2026-11-19'],
    ['yesterday', '2026-11-21 12:00', '2026-11-20'],
    ['yesterday', '2026-11-22 12:00', '2026-11-20'],
    ['yesterday', '2026-11-23 00:00', '2026-11-20'],
    ['yesterday', '2026-11-23 20:30', '2026-11-20'],
    ['yesterday', '2026-11-26 12:00', '2026-11-25'],
    ['yesterday', '2026-11-27 14:00', '2026-11-25'],
    ['yesterday', '2026-11-28 09:00', '2026-11-27'],
    ['prior session', '2026-11-30 09:00', '2026-11-27'],
    ['previous trading day', '2026-11-23 18:00', '2026-11-20'],
    ['friday', '2026-11-20 15:59', '2026-11-13'],
    ['friday', '2026-11-20 16:00', '2026-11-20'],
    ['last Friday', '2026-11-21 10:00', '2026-11-20'],
    ['friday', '2026-11-27 12:59', '2026-11-20'],
    ['friday', '2026-11-27 13:00', '2026-11-27'],
    ['thursday', '2026-11-27 14:00', '2026-11-19'],
    ['monday', '2026-11-25 10:00', '2026-11-23'],
    ['this monday', '2026-11-25 10:00', '2026-11-23'],
    ['this past friday', '2026-11-25 10:00', '2026-11-20'],
    ["previous week's Friday", '2026-11-20 17:00', '2026-11-13'],
    ["previous week's Friday", '2026-11-22 17:00', '2026-11-13'],
    ['previous week’s friday', '2026-11-23 00:00', '2026-11-20'],
    ['friday of last week', '2026-11-25 10:00', '2026-11-20'],
    ["last week's friday", '2026-04-08 10:00', '2026-04-02'],
    ["previous week's thursday", '2026-12-01 10:00', '2026-11-25'],
    ['2026-11-03', '2026-11-20 12:00', '2026-11-03'],
    ['11/3/2026', '2026-11-20 12:00', '2026-11-03'],
    ['Nov 3 2026', '2026-11-20 12:00', '2026-11-03'],
    ['3 Nov 2026', '2026-11-20 12:00', '2026-11-03'],
    ['November 3rd, 2026', '2026-11-20 12:00', '2026-11-03'],
    ['today', '2026-11-20 12:00', '2026-11-20'],
    ['on Nov. 3, 2026', '2026-11-20 12:00', '2026-11-03'],
    ['2026-11-21', '2026-11-22 12:00', '2026-11-21'],
  ])('%s, asked at %s, is %s', (phrase, wall, date) => {
    expect(span(phrase, wall)).toBe(`${date} ${date}`);
  });

  it('says which holiday it stands in for', () => {
    expect(resolveRange("previous week's friday", at('2026-04-08 10:00')).label).toBe(
      '2026-04-02, the session before the holiday 2026-04-03',
    );
    expect(resolveRange("previous week's friday", at('2026-11-25 10:00')).label).toBe("previous week's friday");
  });
});

describe('a range', () => {
  it.each([
    ['last week', '2026-11-20 12:00', '2026-11-09 2026-11-13'],
    ['last week', '2026-11-22 23:59', '2026-11-09 2026-11-13'],
    ['last week', '2026-11-23 00:00', '2026-11-16 2026-11-20'],
    ["previous week's", '2026-11-21 12:00', '2026-11-09 2026-11-13'],
    ['this week', '2026-11-20 12:00', '2026-11-16 2026-11-20'],
    ['this week', '2026-11-22 12:00', '2026-11-16 2026-11-22'],
    ['week to date', '2026-11-20 12:00', '2026-11-16 2026-11-20'],
    ['last month', '2026-11-20 12:00', '2026-10-01 2026-10-31'],
    ['this month', '2026-11-20 12:00', '2026-11-01 2026-11-20'],
    ['mtd', '2026-11-20 12:00', '2026-11-01 2026-11-20'],
    ['last quarter', '2026-01-20 12:00', '2025-10-01 2025-12-31'],
    ['this quarter', '2026-11-20 12:00', '2026-10-01 2026-11-20'],
    ['last year', '2026-11-20 12:00', '2025-01-01 2025-12-31'],
    ['year-to-date', '2026-11-20 12:00', '2026-01-01 2026-11-20'],
    ['YTD', '2026-11-20 12:00', '2026-01-01 2026-11-20'],
    ['past week', '2026-11-20 12:00', '2026-11-13 2026-11-20'],
    ['past 2 weeks', '2026-11-21 12:00', '2026-11-07 2026-11-21'],
    ['over the past two weeks', '2026-11-21 12:00', '2026-11-07 2026-11-21'],
    ['past month', '2026-03-31 12:00', '2026-02-28 2026-03-31'],
    ['the past 3 months', '2026-11-20 12:00', '2026-08-20 2026-11-20'],
    ['last 3 months', '2026-11-20 12:00', '2026-08-20 2026-11-20'],
    ['last 3 calendar months', '2026-11-20 12:00', '2026-08-20 2026-11-20'],
    ['past quarter', '2026-11-20 12:00', '2026-08-20 2026-11-20'],
    ['past year', '2024-02-29 12:00', '2023-02-28 2024-02-29'],
    ['last 10 days', '2026-11-20 12:00', '2026-11-10 2026-11-20'],
    ['5d', '2026-11-20 12:00', '2026-11-15 2026-11-20'],
    ['2w', '2026-11-20 12:00', '2026-11-06 2026-11-20'],
    ['3mo', '2026-11-20 12:00', '2026-08-20 2026-11-20'],
    ['3m', '2026-11-20 12:00', '2026-08-20 2026-11-20'],
    ['1y', '2026-11-20 12:00', '2025-11-20 2026-11-20'],
    ['3-month', '2026-11-20 12:00', '2026-08-20 2026-11-20'],
    ['6 months', '2026-11-20 12:00', '2026-05-20 2026-11-20'],
    ['since 2026-10-01', '2026-11-20 12:00', '2026-10-01 2026-11-20'],
    ['since Nov 3 2026', '2026-11-20 12:00', '2026-11-03 2026-11-20'],
    ['1 Oct 2026 to 3 Nov 2026', '2026-11-20 12:00', '2026-10-01 2026-11-03'],
    ['since monday', '2026-11-20 12:00', '2026-11-16 2026-11-20'],
    ['from 2026-10-01 until now', '2026-11-20 12:00', '2026-10-01 2026-11-20'],
    ['2026-10-20 to 2026-10-24', '2026-11-20 12:00', '2026-10-20 2026-10-24'],
    ['from 10/20/2026 to Oct 24, 2026', '2026-11-20 12:00', '2026-10-20 2026-10-24'],
    ['2026-10-20..2026-10-24', '2026-11-20 12:00', '2026-10-20 2026-10-24'],
    ['between 2026-10-20 and 2026-10-24', '2026-11-20 12:00', '2026-10-20 2026-10-24'],
    ['2026-10-20 to today', '2026-11-20 12:00', '2026-10-20 2026-11-20'],
    ['2026-10-20 - 2026-10-24', '2026-11-20 12:00', '2026-10-20 2026-10-24'],
  ])('%s, asked at %s, is %s', (phrase, wall, dates) => {
    expect(span(phrase, wall)).toBe(dates);
  });

  it("turns to the new day at the exchange's midnight, whatever the day is elsewhere", () => {
    const beforeMidnight = parseIsoInstant('2026-11-20T04:59:59Z') ?? 0;
    expect(resolveRange('today', beforeMidnight).to).toBe('2026-11-19');
    expect(resolveRange('today', beforeMidnight + 1000).to).toBe('2026-11-20');
    const summerMidnight = parseIsoInstant('2026-03-09T04:00:00Z') ?? 0;
    expect(resolveRange('today', summerMidnight - 1).to).toBe('2026-03-08');
    expect(resolveRange('today', summerMidnight).to).toBe('2026-03-09');
    expect(resolveRange('today', parseIsoInstant('2026-11-02T04:59:59Z') ?? 0).to).toBe('2026-11-01');
  });

  it('runs forward, ends today at the latest, and names itself, for every phrase at every moment', () => {
    fc.assert(
      fc.property(phrases, instants, (phrase, now) => {
        const range = resolveRange(phrase, now);
        expect(range.from <= range.to).toBe(true);
        expect(range.to <= exchangeDateOf(now)).toBe(true);
        expect(range.label).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('means the same read again from its canonical words', () => {
    fc.assert(
      fc.property(phrases, instants, (phrase, now) => {
        const match = matchRangePhrase(phrase.split(' '), 0);
        expect(match?.length).toBe(phrase.split(' ').length);
        expect(resolveRange(match?.phrase ?? '', now)).toEqual(resolveRange(phrase, now));
      }),
    );
  });

  it.each([
    '',
    ' ',
    'soon',
    'last',
    'past',
    'last 0 days',
    'last 5',
    'next week',
    'tomorrow',
    'last -3 days',
    '13/01/2026',
    '2026-11-3',
    'last 5 trading days please',
    'since',
    '2026-10-20 to',
    'to 2026-10-20',
    'last few days',
    'foo last week',
    'week-to-date-x. a b',
    'last 99999 sessions',
    'past 500 years',
    'now',
  ])('%j is refused as unreadable, with the accepted forms', (phrase) => {
    try {
      resolveRange(phrase, at('2026-11-20 12:00'));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).hint).toMatch(/last 5 trading days|100 years/);
    }
  });

  it.each([
    ['2026-02-30', 'that month of 2026 ends on the 28th'],
    ['2/29/2025 to 3/1/2025', 'that month of 2025 ends on the 28th'],
    ['since 2026-04-31', 'that month of 2026 ends on the 30th'],
    ['Nov 31', 'that month ends on the 30th'],
    ['Feb 30', 'that month ends on the 29th'],
  ])('%j has a day that its month does not, and is told when that month ends', (phrase, hint) => {
    expect(() => resolveRange(phrase, at('2026-11-20 12:00'))).toThrow(
      expect.objectContaining({ message: `range "${phrase}": no such day`, hint }),
    );
  });

  it.each([
    '2026-11-21',
    '2026-11-10 to 2026-11-23',
    'since 2026-11-21',
    '2026-11-10 to 2026-11-02',
    'this friday',
    'since 2027-01-01',
  ])('%j is refused as reversed or in the future on a Thursday', (phrase) => {
    expect(() => resolveRange(phrase, at('2026-11-19 12:00'))).toThrow(/reversed|future/);
  });

  it('is given by --from and --to as well', () => {
    const now = at('2026-11-20 12:00');
    expect(resolveFromTo('2026-10-20', '10/24/2026', now)).toEqual({
      from: '2026-10-20',
      to: '2026-10-24',
      label: '2026-10-20 to 2026-10-24',
    });
    expect(resolveFromTo('2026-10-20', undefined, now)).toMatchObject({ to: '2026-11-20' });
    expect(() => resolveFromTo('2026-10-24', '2026-10-20', now)).toThrow(/reversed/);
    expect(() => resolveFromTo('2026-10-24', '2026-12-01', now)).toThrow(/future/);
    expect(() => resolveFromTo('last week', undefined, now)).toThrow(/^--from "last week": not a date$/);
    expect(() => resolveFromTo('2026-10-24', 'soon', now)).toThrow(/^--to "soon": not a date$/);
  });
});

describe('a range inside a question', () => {
  it.each([
    ['how did nvidia do last week', 4, 'last week', 2],
    ["price on the previous week's friday of spy", 1, "previous week's friday", 5],
    ['price on previous week friday', 2, "previous week's friday", 3],
    ['last five sessions of amd', 0, 'last 5 sessions', 3],
    ['over the past two weeks', 0, 'past 2 weeks', 5],
    ['year to date performance', 0, 'ytd', 3],
    ['since nov 3 2026', 0, 'since nov 3 2026', 4],
    ['from 2026-10-20 to 2026-10-24', 0, '2026-10-20 to 2026-10-24', 4],
    ["yesterday's ohlc", 0, 'yesterday', 1],
    ['last friday?', 0, 'last friday', 2],
    ['last week, friday was red', 0, 'last week', 2],
    ['the last 3 months', 1, 'last 3 months', 3],
    ['5d chart', 0, '5d', 1],
    ['2 weeks of bars', 0, '2 weeks', 2],
    ['past 3 months daily', 0, 'past 3 months', 3],
    ['last 5 trading days', 0, 'last 5 trading days', 4],
  ] as const)('is found: %s', (question, start, phrase, length) => {
    expect(matchRangePhrase(question.split(' '), start)).toEqual({ phrase, length });
  });

  it.each([
    '50-day average',
    '52-week high',
    '200 day sma',
    'week',
    'sun price',
    'now trading',
    'may be',
    'the three',
    'for amd',
    'last price',
    'to date',
    '',
  ])('is not found in %j', (question) => {
    expect(matchRangePhrase(question.split(' '), 0)).toBeUndefined();
  });

  it('is never longer than the question and always readable, whatever the words', () => {
    const word = fc.constantFrom(
      'last',
      'past',
      'this',
      'the',
      '5',
      'two',
      'trading',
      'days',
      'week',
      "week's",
      'friday',
      'of',
      'since',
      'to',
      '2026-11-03',
      'nov',
      '3,',
      '2025',
      'ytd',
      'date',
      'from',
      'and',
      'between',
      'previous',
      'session',
      'calendar',
      'months',
      'year-to-date',
      '..',
      ',',
      'ago',
      'ending',
      'in',
      'now',
      'october',
      'q3',
      'week',
      '11/3',
      '-',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 9 }), (words) => {
        const match = matchRangePhrase(words, 0);
        if (match === undefined) return;
        expect(match.length).toBeGreaterThan(0);
        expect(match.length).toBeLessThanOrEqual(words.length);
        try {
          resolveRange(match.phrase, at('2026-11-20 12:00'));
        } catch (error) {
          expect((error as Error).message).toMatch(/reversed|future|too far|is a \w+day, not|does not exist/);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('why a range has no session', () => {
  it.each([
    [
      '2026-12-01',
      '2026-12-01',
      '2026-12-01 08:00',
      'the session of 2026-12-01 opens at 09:30 ET; the newest one is 2026-11-30',
    ],
    [
      '2026-11-26',
      '2026-11-26',
      '2026-12-01 08:00',
      '2026-11-26 is Thanksgiving Day; sessions before and after: 2026-11-25 and 2026-11-27',
    ],
    ['2026-11-28', '2026-11-28', '2026-11-29 12:00', '2026-11-28 is on a weekend; the session before is 2026-11-27'],
    [
      '2026-11-28',
      '2026-11-29',
      '2026-12-01 12:00',
      'the exchange is closed on these days; sessions before and after: 2026-11-27 and 2026-11-30',
    ],
    ['2026-11-20', '2026-11-28', '2026-12-01 12:00', undefined],
  ])('%s to %s at %s', (from, to, now, why) => {
    expect(whyNoSession({ from, to }, at(now))).toBe(why);
  });
});
