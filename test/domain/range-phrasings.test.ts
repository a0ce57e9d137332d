// Ranges as people write them, each against the dates that a reader of the contract would take; and against a small
// second reading that shares no code with the grammar.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTradingDay } from '../../src/domain/calendar.ts';
import { matchMonthDay, matchRangePhrase, resolveFromTo, resolveRange } from '../../src/domain/date-phrases.ts';
import { UsageError } from '../../src/domain/errors.ts';
import { exchangeInstant } from '../../src/domain/exchange-time.ts';
import { isFinError } from '../../src/domain/errors.ts';

/** A Thursday, the session is on. */
const NOW = exchangeInstant('2026-11-19', 11 * 60);
const TODAY = '2026-11-19';

const spanOf = (phrase: string): string => {
  const { from, to } = resolveRange(phrase, NOW);
  return from === to ? from : `${from} ${to}`;
};

const refusalOf = (phrase: string): string => {
  try {
    return `${spanOf(phrase)} was taken`;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return isFinError(error) ? error.message : '';
  }
};

describe('a range as people write it, asked on 19 November 2026', () => {
  it.each([
    // Months, quarters, years.
    ['October', '2026-10-01 2026-10-31'],
    ['in October', '2026-10-01 2026-10-31'],
    ['in oct', '2026-10-01 2026-10-31'],
    ['Oct.', '2026-10-01 2026-10-31'],
    ['the month of October', '2026-10-01 2026-10-31'],
    ['November', '2026-11-01 2026-11-19'],
    ['December', '2025-12-01 2025-12-31'],
    ['in december', '2025-12-01 2025-12-31'],
    ['last december', '2025-12-01 2025-12-31'],
    ['last November', '2025-11-01 2025-11-30'],
    ['this October', '2026-10-01 2026-10-31'],
    ['October 2024', '2024-10-01 2024-10-31'],
    ['October of 2024', '2024-10-01 2024-10-31'],
    ['Oct, 2024', '2024-10-01 2024-10-31'],
    ['2024-10', '2024-10-01 2024-10-31'],
    ['February 2024', '2024-02-01 2024-02-29'],
    ['may', '2026-05-01 2026-05-31'],
    ['Q3', '2026-07-01 2026-09-30'],
    ['q4', '2026-10-01 2026-11-19'],
    ['in Q1', '2026-01-01 2026-03-31'],
    ['Q3 2025', '2025-07-01 2025-09-30'],
    ['Q3 of 2025', '2025-07-01 2025-09-30'],
    ['2025 Q3', '2025-07-01 2025-09-30'],
    ['Q3-2025', '2025-07-01 2025-09-30'],
    ['3Q 2025', '2025-07-01 2025-09-30'],
    ['the third quarter', '2026-07-01 2026-09-30'],
    ['the 2nd quarter of 2025', '2025-04-01 2025-06-30'],
    ['2025', '2025-01-01 2025-12-31'],
    ['in 2026', '2026-01-01 2026-11-19'],
    // Days without a year.
    ['Nov 3', '2026-11-03'],
    ['nov 3rd', '2026-11-03'],
    ['November the 3rd'.replace('the ', ''), '2026-11-03'],
    ['3 Nov', '2026-11-03'],
    ['3rd of November', '2026-11-03'],
    ['the 3rd of November 2025', '2025-11-03'],
    ['11/3', '2026-11-03'],
    ['on 11/03', '2026-11-03'],
    ['11/19', '2026-11-19'],
    ['11/20', '2025-11-20'],
    ['Dec 24', '2025-12-24'],
    ['Feb 29', '2024-02-29'],
    ['3-Nov-2025', '2025-11-03'],
    ['3 Nov 2025', '2025-11-03'],
    ['Nov-3-2025', '2025-11-03'],
    ['Nov 3rd 2025', '2025-11-03'],
    ['Monday, November 3rd 2025', '2025-11-03'],
    ['Tuesday, Nov 3', '2026-11-03'],
    // Ago.
    ['3 days ago', '2026-11-16'],
    ['10 days ago', '2026-11-09'],
    ['two weeks ago', '2026-11-05'],
    ['a week ago', '2026-11-12'],
    ['a month ago', '2026-10-19'],
    ['one year ago', '2025-11-19'],
    ['1 session ago', '2026-11-18'],
    ['5 trading days ago', '2026-11-12'],
    ['in 5 days ago', '2026-11-14'],
    // Past spans.
    ['in the last 5 days', '2026-11-14 2026-11-19'],
    ['in the past week', '2026-11-12 2026-11-19'],
    ['within the last 2 weeks', '2026-11-05 2026-11-19'],
    ['over the past two weeks', '2026-11-05 2026-11-19'],
    ['over the last couple of weeks', '2026-11-05 2026-11-19'],
    ['for the past thirty days', '2026-10-20 2026-11-19'],
    ['during the past 3 months', '2026-08-19 2026-11-19'],
    ['2 weeks', '2026-11-05 2026-11-19'],
    // Ending somewhere.
    ['last 5 days ending Nov 3', '2026-10-29 2026-11-03'],
    ['last 5 trading days ending Nov 3', '2026-10-28 2026-11-03'],
    ['the 10 sessions ending 2025-11-03', '2025-10-21 2025-11-03'],
    ['last 5 trading days ending Nov 7', '2026-11-02 2026-11-07'],
    ['past 2 weeks ending 11/13/2026', '2026-10-30 2026-11-13'],
    ['last 3 months ending October 31', '2026-07-31 2026-10-31'],
    ['last 3 months ending in October', '2026-07-31 2026-10-31'],
    ['last 2 years ended 2025-06-30', '2023-06-30 2025-06-30'],
    ['past month ending yesterday', '2026-10-18 2026-11-18'],
    ['last 5 days to Nov 3', '2026-10-29 2026-11-03'],
    ['last 5 days through yesterday', '2026-11-13 2026-11-18'],
    ['5d ending friday', '2026-11-08 2026-11-13'],
    ['the week of Nov 3', '2026-11-02 2026-11-06'],
    ['week of 11/16', '2026-11-16 2026-11-19'],
    ['week ending Nov 13', '2026-11-09 2026-11-13'],
    ['the week ending Friday', '2026-11-09 2026-11-13'],
    // Spans.
    ['from 11/3 to 11/7', '2026-11-03 2026-11-07'],
    ['11/3-11/7', '2026-11-03 2026-11-07'],
    ['11/3 – 11/7', '2026-11-03 2026-11-07'],
    ['11/3–11/7', '2026-11-03 2026-11-07'],
    ['11/3/2025-11/7/2025', '2025-11-03 2025-11-07'],
    ['between 11/3 and 11/7', '2026-11-03 2026-11-07'],
    ['between Oct 1 and Nov 3', '2026-10-01 2026-11-03'],
    ['between 2025-10-20 and 2025-10-24', '2025-10-20 2025-10-24'],
    ['from Oct 1 until Nov 3', '2026-10-01 2026-11-03'],
    ['from Oct 1st through Nov 3rd', '2026-10-01 2026-11-03'],
    ['from Oct 1 till yesterday', '2026-10-01 2026-11-18'],
    ['Oct 1 up to Nov 3', '2026-10-01 2026-11-03'],
    ['Nov 3 - Nov 7', '2026-11-03 2026-11-07'],
    ['Nov 3 - 7', '2026-11-03 2026-11-07'],
    ['Nov 3-7', '2026-11-03 2026-11-07'],
    ['Nov 3–7, 2025', '2025-11-03 2025-11-07'],
    ['November 3 to 7, 2025', '2025-11-03 2025-11-07'],
    ['3 - 7 Nov', '2026-11-03 2026-11-07'],
    ['3-7 Nov 2025', '2025-11-03 2025-11-07'],
    ['Dec 28 to Jan 4', '2025-12-28 2026-01-04'],
    ['since October 1st', '2026-10-01 2026-11-19'],
    ['since Nov 3', '2026-11-03 2026-11-19'],
    ['since October', '2026-10-01 2026-11-19'],
    ['since the beginning of October', '2026-10-01 2026-11-19'],
    ['since the start of the year', '2026-01-01 2026-11-19'],
    ['since last week', '2026-11-09 2026-11-19'],
    ['since last month', '2026-10-01 2026-11-19'],
    ['since 2020', '2020-01-01 2026-11-19'],
    ['since Q2', '2026-04-01 2026-11-19'],
    ['since 3 days ago', '2026-11-16 2026-11-19'],
    ['from Nov 3 onwards', '2026-11-03 2026-11-19'],
    ['from Nov 3 to date', '2026-11-03 2026-11-19'],
    ['from 2 weeks ago until now', '2026-11-05 2026-11-19'],
    ['between 10 days ago and 5 days ago', '2026-11-09 2026-11-14'],
    ['2 weeks ago to 1 week ago', '2026-11-05 2026-11-12'],
    ['January to March', '2026-01-01 2026-03-31'],
    ['Jan-Mar 2025', '2025-01-01 2025-03-31'],
    ['from March to June 2024', '2024-03-01 2024-06-30'],
    ['Q1 to Q3', '2026-01-01 2026-09-30'],
    ['Q1-Q2 2025', '2025-01-01 2025-06-30'],
    ['2024 to 2025', '2024-01-01 2025-12-31'],
    ['from Oct 1 to the end of October', '2026-10-01 2026-10-31'],
    // The partner's year.
    ['January 3, 2017 - February 1st', '2017-01-03 2017-02-01'],
    ['Aug 10 - Nov 12, 2013', '2013-08-10 2013-11-12'],
    ['from 8/10 to 11/12/2013', '2013-08-10 2013-11-12'],
    ['from 8/10/2013 to 11/12', '2013-08-10 2013-11-12'],
    ['between 3 Feb and 10 Mar 2012', '2012-02-03 2012-03-10'],
    ['2017-01-03 to Feb 1', '2017-01-03 2017-02-01'],
    ['Aug 10 to 2013-11-12', '2013-08-10 2013-11-12'],
    ['Aug 10-Nov 12, 2013', '2013-08-10 2013-11-12'],
    ['from March to June 5 2013', '2013-03-01 2013-06-05'],
    ['Dec 1, 2025 to Dec 24', '2025-12-01 2025-12-24'],
    // A fortnight is two weeks.
    ['past fortnight', '2026-11-05 2026-11-19'],
    ['over the last fortnight', '2026-11-05 2026-11-19'],
    ['a fortnight ago', '2026-11-05'],
    // Over New Year: the year beside the partner's.
    ['Dec 15, 2024 - Jan 15', '2024-12-15 2025-01-15'],
    ['Dec 15 - Jan 15, 2025', '2024-12-15 2025-01-15'],
    ['15 Dec - 3 Jan 2024', '2023-12-15 2024-01-03'],
    ['October 2024 to January', '2024-10-01 2025-01-31'],
    ['from Q4 to Q1 2025', '2024-10-01 2025-03-31'],
  ])('%s is %s', (phrase, dates) => {
    expect(spanOf(phrase)).toBe(dates);
  });

  it.each([
    'in 2 weeks',
    'in two weeks',
    'in 3 months',
    'within 3 months',
    'in 5 trading days',
    'in 2w',
    '10 days from now',
    '2 weeks from today',
    'two weeks ahead',
    '+2 years',
    '+ 2 years',
    '+2y',
    'tomorrow',
    'next week',
    'next month',
    'next quarter',
    'next year',
    'next friday',
    'next 5 days',
    'next two weeks',
    'the coming week',
    'next October',
    'over the next 3 months',
    'between now and November 15th',
    'between now and Dec 1',
    'between today and 11/25',
    'from now until Dec 24',
    'from today to Dec 24',
    '2026-11-20',
    'since 2027',
    'December 2026',
    'Q1 2027',
    '2030',
    'this December',
    'from Nov 3 to 2026-12-01',
    'last 5 days ending 2026-12-01',
    'last 5 trading days ending 2026-12-01',
    'week ending 2026-11-20',
    'Nov 3 to next friday',
    'Nov 3, 2026 to Jan 5',
    'in a fortnight',
    'a fortnight from now',
    'the next fortnight',
    'in a week',
    'in a month',
    'within a year',
    'a week from today',
    'a month from now',
    'a week from friday',
    'in a trading day',
    'from now on',
  ])('%s is refused: it is in the future', (phrase) => {
    expect(refusalOf(phrase)).toMatch(/future|not understood/);
    expect(refusalOf(phrase)).not.toContain('taken');
  });

  it.each([
    ['2026-11-10 to 2026-11-02', 'reversed'],
    ['11/7 to 11/3', 'reversed'],
    ['Nov 12 - Aug 10, 2013', 'reversed'],
    ['from Q3 to Q1 2025', 'reversed'],
    ['yesterday to 3 days ago', 'reversed'],
    ['Feb 29, 2013', 'no such day'],
    ['Feb 29 - Mar 5, 2013', 'does not exist'],
    ['Nov 31', 'no such day'],
    ['13/1', 'not understood'],
    ['Q5', 'not understood'],
    ['Octobre', 'not understood'],
    ['few days ago', 'not understood'],
    ['ago', 'not understood'],
    ['5 ago', 'not understood'],
    ['last 5 days ending', 'not understood'],
    ['last 5 days ending soon', 'not understood'],
    ['Nov 3 -', 'not understood'],
    ['- Nov 3', 'not understood'],
    ['between Nov 3', 'not understood'],
    ['Friday, Nov 3', 'is a tuesday, not a friday'],
    ['500 years ago', 'too far'],
    ['October 3 days', 'not understood'],
  ])('%s is refused: %s', (phrase, why) => {
    expect(refusalOf(phrase)).toContain(why);
  });

  it('takes the sessions up to a day that the exchange was closed on', () => {
    expect(resolveRange('last 5 trading days ending Nov 7', NOW)).toMatchObject({ sessions: 5, to: '2026-11-07' });
    expect(resolveRange('last 3 sessions ending today', NOW)).toEqual({
      ...resolveRange('last 3 sessions', NOW),
      label: 'last 3 sessions ending today',
    });
  });

  it('is understood by --from and --to too', () => {
    expect(resolveFromTo('11/3', '11/7', NOW)).toMatchObject({ from: '2026-11-03', to: '2026-11-07' });
    expect(resolveFromTo('Aug 10', 'Nov 12 2013', NOW)).toMatchObject({ from: '2013-08-10', to: '2013-11-12' });
    expect(resolveFromTo('October', undefined, NOW)).toMatchObject({ from: '2026-10-01', to: TODAY });
    expect(resolveFromTo('2 weeks ago', 'yesterday', NOW)).toMatchObject({ from: '2026-11-05', to: '2026-11-18' });
    expect(() => resolveFromTo('tomorrow', undefined, NOW)).toThrow(UsageError);
  });

  it('says in its canonical words the same at every moment', () => {
    const moments = fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2040, 0, 1) });
    const phrase = fc.constantFrom(
      'Q3',
      'in October',
      'last march',
      '3 days ago',
      'Nov 3 - 7',
      '3 - 7 Nov',
      'Dec 28 to Jan 4',
      'last 5 trading days ending Nov 3',
      'past 3 months ending October',
      'week of Nov 3',
      'since the start of the year',
      'from Oct 1 to the end of October',
      'between a week ago and yesterday',
      'in 2 weeks',
      '+2 years',
    );
    const outcome = (text: string, now: number): unknown => {
      try {
        const { from, to, sessions } = resolveRange(text, now);
        return { from, to, sessions };
      } catch (error) {
        return isFinError(error) ? error.code : error;
      }
    };
    fc.assert(
      fc.property(phrase, moments, (text, now) => {
        const match = matchRangePhrase(text.split(' '), 0);
        expect(match?.length, text).toBe(text.split(' ').length);
        expect(outcome(match?.phrase ?? '', now)).toEqual(outcome(text, now));
      }),
    );
  });
});

describe('against a second reading', () => {
  const MONTHS = 'January February March April May June July August September October November December'.split(' ');
  const iso = (date: Date): string => date.toISOString().slice(0, 10);
  const utc = (text: string): Date => new Date(`${text}T00:00:00Z`);
  const todays = fc
    .integer({ min: Date.UTC(2003, 0, 1) / 86_400_000, max: Date.UTC(2040, 0, 1) / 86_400_000 })
    .map((day) => iso(new Date(day * 86_400_000)));
  const days = fc.integer({ min: 0, max: 365 }).map((day) => iso(new Date(Date.UTC(2024, 0, 1 + day))).slice(5));
  /** The latest not in the future, found by going back day by day. */
  const latest = (monthDay: string, today: string): string => {
    for (let day = utc(today); ; day = new Date(day.getTime() - 86_400_000))
      if (iso(day).slice(5) === monthDay) return iso(day);
  };
  const written = (monthDay: string, style: number, year = ''): string => {
    const [month, day] = [Number(monthDay.slice(0, 2)), Number(monthDay.slice(3))];
    const name = MONTHS[month - 1] ?? '';
    return (
      [
        `${name} ${day}${year && `, ${year}`}`,
        `${name.slice(0, 3)} ${day} ${year}`,
        `${day} ${name.slice(0, 3)} ${year}`,
        `${month}/${day}${year && `/${year}`}`,
      ][style] ?? ''
    ).trim();
  };
  const styles = fc.integer({ min: 0, max: 3 });
  const at = (today: string): number => exchangeInstant(today, 12 * 60);

  it('a day without a year is the latest that has come', () => {
    fc.assert(
      fc.property(todays, days, styles, (today, day, style) => {
        const { from, to } = resolveRange(written(day, style), at(today));
        expect([from, to]).toEqual([latest(day, today), latest(day, today)]);
        expect(matchMonthDay(written(day, style).split(' '), 0)).toMatchObject({ month: Number(day.slice(0, 2)) });
      }),
    );
  });

  it('a day without a year beside one with a year is of that year, of the next one over a near New Year, or refused', () => {
    const joiners = fc.constantFrom('to', '-', 'through', 'until');
    fc.assert(
      fc.property(
        fc.integer({ min: 2000, max: 2025 }),
        days,
        days,
        styles,
        joiners,
        fc.boolean(),
        (year, one, other, style, joiner, isFirst) => {
          const phrase = `${written(one, style, isFirst ? `${year}` : '')} ${joiner} ${written(other, style, isFirst ? '' : `${year}`)}`;
          const [from, to] = [`${year}-${one}`, `${year}-${other}`];
          const exists = (...dates: string[]): boolean => dates.every((date) => iso(utc(date)) === date);
          const [earlier, later] = isFirst ? [from, `${year + 1}-${other}`] : [`${year - 1}-${one}`, to];
          const isNear = (utc(later).getTime() - utc(earlier).getTime()) / 86_400_000 < 184;
          if (exists(from, to) && from <= to) expect(spanOf(phrase)).toBe(from === to ? from : `${from} ${to}`);
          else if (exists(from, to, earlier, later) && isNear) expect(spanOf(phrase)).toBe(`${earlier} ${later}`);
          else expect(refusalOf(phrase)).toMatch(/reversed|exist|understood/);
        },
      ),
    );
  });

  it('a month is the latest that has begun, whole or until today', () => {
    fc.assert(
      fc.property(todays, fc.integer({ min: 1, max: 12 }), (today, month) => {
        const start = latest(`${String(month).padStart(2, '0')}-01`, today);
        const end = iso(new Date(Date.UTC(Number(start.slice(0, 4)), month, 0)));
        const { from, to } = resolveRange(`in ${MONTHS[month - 1] ?? ''}`, at(today));
        expect([from, to]).toEqual([start, end < today ? end : today]);
      }),
    );
  });

  it('sessions that end with a day are counted back from it', () => {
    fc.assert(
      fc.property(todays, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 12 }), (today, back, count) => {
        const end = iso(new Date(utc(today).getTime() - back * 86_400_000));
        const range = resolveRange(`last ${count} trading days ending ${end}`, at(today));
        const counted: string[] = [];
        for (let day = utc(end); counted.length < count; day = new Date(day.getTime() - 86_400_000))
          if (isTradingDay(iso(day))) counted.unshift(iso(day));
        expect([range.from, range.to, range.sessions]).toEqual([counted[0], end, count]);
      }),
    );
  });

  it('what is said of the future is never answered', () => {
    const ahead = fc.constantFrom('in N U', 'N U from now', '+N U', 'next N U', 'in the next N U', 'within N U');
    const units = fc.constantFrom('days', 'weeks', 'months', 'quarters', 'years', 'sessions', 'trading days');
    fc.assert(
      fc.property(todays, ahead, fc.integer({ min: 1, max: 400 }), units, (today, form, count, unit) => {
        const phrase = form.replace('N', `${count}`).replace('U', unit);
        expect(() => resolveRange(phrase, at(today)), phrase).toThrow(/future/);
      }),
    );
  });
});
