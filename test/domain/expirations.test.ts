// How people write expirations, against the listed dates and an independent reading of the same phrases.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExpired } from '../../src/domain/calendar.ts';
import { NoDataError, UsageError } from '../../src/domain/errors.ts';
import { addDays, exchangeDateOf, exchangeInstant, weekdayOf } from '../../src/domain/exchange-time.ts';
import {
  expirationAroundEarnings,
  type KindOf,
  matchExpirationPhrase,
  parseExpirationDate,
  parseExpirationPhrase,
  resolveExpiration,
  resolveExpirations,
} from '../../src/domain/expirations.ts';

function at(wall: string): number {
  const [date = '', clock = ''] = wall.split(' ');
  const [hours, minutes] = clock.split(':');
  return exchangeInstant(date, Number(hours) * 60 + Number(minutes));
}

const instants = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2050, 0, 1) });

const NOW = at('2026-11-18 10:00');

describe('an expiration', () => {
  const fridays = ['2026-11-20', '2026-11-27', '2026-12-04', '2026-12-11', '2026-12-18', '2027-01-15'];
  const dailies = [...fridays, '2026-11-16', '2026-11-18', '2026-11-23', '2026-11-25', '2026-12-31'];

  it.each([
    ['friday', '2026-11-18 10:00', '2026-11-20'],
    ['this Friday', '2026-11-20 15:59', '2026-11-20'],
    ['this friday', '2026-11-20 16:00', '2026-11-27'],
    ['friday', '2026-11-21 10:00', '2026-11-27'],
    ['friday', '2026-11-22 23:59', '2026-11-27'],
    ['expiring this Friday', '2026-11-23 00:00', '2026-11-27'],
    ['friday', '2026-11-27 13:00', '2026-12-04'],
    ['next friday', '2026-11-18 10:00', '2026-11-27'],
    ['next-monthly', '2026-11-18 10:00', '2026-11-20'],
    ['next monthly', '2026-11-20 16:00', '2026-12-18'],
    ['monthly', '2026-12-19 10:00', '2027-01-15'],
    ['0dte', '2026-11-18 10:00', '2026-11-18'],
    ['today', '2026-11-20 10:00', '2026-11-20'],
    ['nearest', '2026-11-18 17:00', '2026-11-20'],
    [undefined, '2026-11-18 15:59', '2026-11-18'],
    [undefined, '2026-11-18 16:00', '2026-11-20'],
    ['2026-12-31', '2026-11-18 10:00', '2026-12-31'],
    ['Dec 18 2026', '2026-11-18 10:00', '2026-12-18'],
    ['wednesday', '2026-11-17 10:00', '2026-11-18'],
    ['wednesday', '2026-11-18 16:00', '2026-11-25'],
    ['next', '2026-11-19 10:00', '2026-11-20'],
  ])('%s, asked at %s, is %s', (phrase, wall, date) => {
    expect(resolveExpiration(phrase, at(wall), dailies)).toBe(date);
  });

  it.each(['0dte', 'friday', 'monthly', 'nearest', undefined])(
    'is over when its options trade no more, by whichever words it is meant: %s',
    (phrase) => {
      const listed = ['2026-12-04', '2026-12-11'];
      const meant = (wall: string, symbol: string): string | undefined => {
        try {
          return resolveExpiration(phrase, at(wall), listed, symbol, () => 'monthly');
        } catch (error) {
          expect(error).toBeInstanceOf(NoDataError);
          expect((error as NoDataError).message).toMatch(/2026-12-04 has expired$/);
          return undefined;
        }
      };
      const later = phrase === '0dte' ? undefined : '2026-12-11';
      for (const [symbol, last, over] of [
        ['NVDA', '15:59', '16:00'],
        ['SPY', '16:14', '16:15'],
        ['SPX', '16:14', '16:15'],
      ] as const) {
        expect(meant(`2026-12-04 ${last}`, symbol), symbol).toBe('2026-12-04');
        expect(meant(`2026-12-04 ${over}`, symbol), symbol).toBe(later);
      }
    },
  );

  it('of a Friday that is a holiday is the Thursday', () => {
    const listed = ['2026-04-02', '2026-04-10', '2026-06-18', '2026-06-26'];
    expect(resolveExpiration('friday', at('2026-03-31 10:00'), listed)).toBe('2026-04-02');
    expect(resolveExpiration('friday', at('2026-04-02 16:00'), listed)).toBe('2026-04-10');
    expect(resolveExpiration('next friday', at('2026-03-27 10:00'), listed)).toBe('2026-04-02');
    expect(resolveExpiration('monthly', at('2026-04-20 10:00'), listed)).toBe('2026-06-18');
  });

  it('that does not exist names the closest that do', () => {
    const attempt = (phrase: string | undefined, wall: string, listed: string[]): NoDataError => {
      try {
        resolveExpiration(phrase, at(wall), listed, 'AMD');
      } catch (error) {
        if (error instanceof NoDataError) return error;
      }
      throw new Error(`${String(phrase)} was found`);
    };
    const monthlyOnly = attempt('friday', '2026-11-23 10:00', ['2026-11-20', '2026-12-18', '2027-01-15']);
    expect(monthlyOnly.message).toBe('AMD expirations: friday (2026-11-27) is not listed');
    expect(monthlyOnly.hint).toBe('the nearest listed dates are 2026-12-18, 2027-01-15');
    expect(attempt('2026-11-26', '2026-11-23 10:00', fridays).hint).toBe(
      'the nearest listed dates are 2026-11-27, 2026-12-04, 2026-12-11, 2026-12-18, 2027-01-15',
    );
    expect(attempt('0dte', '2026-11-20 16:00', fridays).message).toBe('AMD expirations: 2026-11-20 has expired');
    expect(attempt('monthly', '2026-11-20 16:00', ['2026-11-20', '2026-11-27']).message).toContain('no monthly');
    expect(attempt(undefined, '2026-11-20 16:00', ['2026-11-20']).hint).toBe('the nearest listed dates are 2026-11-20');
    expect(attempt(undefined, '2026-11-20 16:00', []).hint).toContain('no options are listed');
  });

  it('is always listed, and not over where no date was spelt out', () => {
    const phrase = fc.constantFrom(undefined, 'nearest', 'friday', 'next friday', 'monthly', '0dte');
    const list = fc.uniqueArray(fc.integer({ min: -10, max: 60 }), { maxLength: 30 });
    fc.assert(
      fc.property(phrase, instants, list, (text, now, days) => {
        const listed = days.map((day) => addDays(exchangeDateOf(now), day));
        try {
          const date = resolveExpiration(text, now, listed);
          expect(listed).toContain(date);
          expect(isExpired(date, now)).toBe(false);
          if (text === 'friday' || text === 'next friday') expect([1, 4, 5]).toContain(weekdayOf(date));
        } catch (error) {
          expect(error).toBeInstanceOf(NoDataError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', 'soon', 'last friday', 'yesterday', '2026-02-30', 'friday please', 'friday 2026-11-20'])(
    '%j is refused as unreadable',
    (phrase) => {
      expect(() => resolveExpiration(phrase, at('2026-11-18 10:00'), fridays)).toThrow(UsageError);
      expect(() => parseExpirationDate(phrase, at('2026-11-18 10:00'))).toThrow(UsageError);
    },
  );

  it('is known without a list only where a date is spelt out', () => {
    expect(parseExpirationDate('12/18/2026', NOW)).toBe('2026-12-18');
    expect(parseExpirationDate('next-monthly', NOW)).toBeUndefined();
  });

  it.each([
    ['expiring this friday', 'friday', 3],
    ['next monthly, 5 strikes', 'next monthly', 2],
    ['0dte spy puts', '0dte', 1],
    ['2026-12-18 all strikes', '2026-12-18', 1],
    ['for this friday', 'friday', 3],
    ["this week's friday", 'friday', 3],
    ['nearest expiration', 'nearest', 2],
    ['next expiry', 'nearest', 2],
    ['by friday', 'friday', 2],
  ])('is found in a question: %s', (question, phrase, length) => {
    expect(matchExpirationPhrase(question.split(' '), 0)).toEqual({ phrase, length });
  });

  it('is not found where there is none', () => {
    for (const question of ['next change', 'amd', 'the chain', 'last friday'])
      expect(matchExpirationPhrase(question.split(' '), 0), question).toBeUndefined();
  });
});

describe('an expiration in the words of traders', () => {
  const kinds: Record<string, ReturnType<KindOf>> = {
    '2026-11-20': 'monthly',
    '2026-11-23': 'daily',
    '2026-11-27': 'weekly',
    '2026-12-04': 'weekly',
    '2026-12-18': 'monthly',
    '2026-12-31': 'quarterly',
    '2027-01-02': 'weekly',
    '2027-01-15': 'monthly',
    '2027-11-19': 'monthly',
    '2027-12-17': 'monthly',
  };
  const listed = Object.keys(kinds);
  const resolve = (phrase: string, wall = '2026-11-18 10:00'): string[] =>
    resolveExpirations(phrase, at(wall), listed, 'AMD', (date) => kinds[date] ?? 'daily');

  it.each([
    ['12/18', '2026-12-18'],
    ['12/18/2026', '2026-12-18'],
    ['dec 18', '2026-12-18'],
    ['Dec 18th', '2026-12-18'],
    ['18 dec', '2026-12-18'],
    ['18 dec 2026', '2026-12-18'],
    ['18-Dec-2026', '2026-12-18'],
    ['1/15', '2027-01-15'],
    ['jan 15', '2027-01-15'],
    ['dec', '2026-12-18'],
    ['December', '2026-12-18'],
    ['dec monthly', '2026-12-18'],
    ['dec 2027', '2027-12-17'],
    ['december 2027 expiration', '2027-12-17'],
    ['nov', '2026-11-20'],
    ['weekly', '2026-11-27'],
    ['next weekly', '2026-11-27'],
    ['monthly', '2026-11-20'],
    ['next-monthly', '2026-11-20'],
    ['quarterly', '2026-12-31'],
    ['45d', '2027-01-02'],
    ['45dte', '2027-01-02'],
    ['45 dte', '2027-01-02'],
    ['45 days', '2027-01-02'],
    ['2d', '2026-11-20'],
    ['0d', '2026-11-20'],
  ])('%s', (phrase, date) => {
    expect(resolve(phrase)).toEqual([date]);
  });

  it('means this month’s monthly while it lives, then the next year’s', () => {
    expect(resolve('nov', '2026-11-20 15:59')).toEqual(['2026-11-20']);
    expect(resolve('nov', '2026-11-20 16:00')).toEqual(['2027-11-19']);
  });

  it.each(['30..60d', '30..60dte', '30-60d', '30 to 60 dte', '30d..60d', '30 .. 60 days'])(
    '%s is every listed one in that span',
    (phrase) => {
      expect(resolve(phrase)).toEqual(['2026-12-18', '2026-12-31', '2027-01-02', '2027-01-15']);
    },
  );

  it('takes the later of two that are as near', () => {
    expect(resolveExpiration('4d', at('2026-11-18 10:00'), ['2026-11-20', '2026-11-24'])).toBe('2026-11-24');
  });

  it.each([
    '2/30',
    '13/1',
    'dec 32',
    '60..30d',
    '45',
    '30..60',
    '45 weeks',
    'dec 18 dec 19',
    'decembre',
    '99999d',
    '-5d',
  ])('%s is refused before anything is listed', (phrase) => {
    expect(() => resolve(phrase)).toThrow(UsageError);
  });

  it.each([
    ['dec 17', '2026-12-17'],
    ['february', '2027-02'],
    ['300..310d', '300 to 310 days'],
    ['12/18/2025', '2025-12-18'],
  ])('%s, which is not listed, is said with those that are', (phrase, named) => {
    expect(() => resolve(phrase)).toThrow(NoDataError);
    expect(() => resolve(phrase)).toThrow(named);
  });

  it('refuses a span where one date is needed', () => {
    expect(() => resolveExpiration('30..60d', NOW, listed)).toThrow(UsageError);
  });

  it('reads its own canonical words as the same', () => {
    for (const phrase of [
      '12/18',
      'dec',
      'next friday',
      'weeklies',
      'next quarterly',
      '45 days',
      '30-60d',
      'dec 2027',
    ]) {
      const first = parseExpirationPhrase(phrase);
      expect(parseExpirationPhrase(first?.text ?? '')?.expression, phrase).toEqual(first?.expression);
    }
  });

  it.each([
    ['45dte iron condor', '45dte', 1],
    ['dec calls', 'dec', 1],
    ['weekly puts', 'weekly', 1],
  ])('is found in a question: %s', (question, phrase, length) => {
    expect(matchExpirationPhrase(question.split(' '), 0)).toEqual({ phrase, length });
  });

  it('leaves words of a question that mean something else', () => {
    for (const question of ['50d average', '50 days', '50-day sma', 'may I', 'mar price', '45 calls'])
      expect(matchExpirationPhrase(question.split(' '), 0), question).toBeUndefined();
  });

  it('finds the dates around a report, of which a morning report counts before the day expires', () => {
    const dates = ['2027-01-15', '2027-01-22', '2027-01-29'];
    const find = (phrase: string, time: 'before_open' | 'after_close'): string | undefined =>
      expirationAroundEarnings(phrase, { date: '2027-01-22', time, confirmed: true }, dates, (date) =>
        date === '2027-01-15' ? 'monthly' : 'weekly',
      );
    expect(find('before earnings', 'after_close')).toBe('2027-01-22');
    expect(find('after earnings', 'after_close')).toBe('2027-01-29');
    expect(find('after earnings', 'before_open')).toBe('2027-01-22');
    expect(find('monthly before earnings', 'before_open')).toBe('2027-01-15');
    expect(find('monthly after earnings', 'before_open')).toBeUndefined();
  });

  it('means what an independent reading says, for any list and moment', () => {
    const MS_DAY = 86_400_000;
    const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T12:00:00Z`) / MS_DAY);
    const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 40 });
    const kind = fc.constantFrom('daily', 'weekly', 'monthly', 'quarterly' as const);
    fc.assert(
      fc.property(
        instants,
        list,
        fc.array(kind, { minLength: 40, maxLength: 40 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 90 }),
        (now, days, kindList, from, more) => {
          const today = exchangeDateOf(now);
          const dates = days.map((day) => addDays(today, day));
          const kindOf: KindOf = (date) => kindList[dates.indexOf(date)] ?? 'daily';
          const open = dates.filter((date) => !isExpired(date, now)).toSorted();
          const ask = (phrase: string): string[] => {
            try {
              return resolveExpirations(phrase, now, dates, 'AMD', kindOf);
            } catch (error) {
              expect(error).toBeInstanceOf(NoDataError);
              return [];
            }
          };
          const ofKind = (wanted: string): string[] => open.filter((date) => kindOf(date) === wanted).slice(0, 1);
          for (const wanted of ['weekly', 'monthly', 'quarterly']) expect(ask(wanted)).toEqual(ofKind(wanted));
          const span = open.filter((date) => {
            const dte = dayNumber(date) - dayNumber(today);
            return dte >= from && dte <= from + more;
          });
          expect(ask(`${from}..${from + more}d`)).toEqual(span);
          const away = open.map((date) => Math.abs(dayNumber(date) - dayNumber(today) - from));
          const nearest = open.filter((_date, index) => away[index] === Math.min(...away)).at(-1);
          expect(ask(`${from}d`)).toEqual(nearest === undefined ? [] : [nearest]);
          for (const date of dates.slice(0, 5)) {
            const [, month = '', day = ''] = date.split('-');
            const isWithinYear = dayNumber(date) - dayNumber(today) < 365;
            for (const phrase of [
              `${Number(month)}/${Number(day)}`,
              `${months[Number(month) - 1] ?? ''} ${Number(day)}`,
            ])
              if (isWithinYear) expect(ask(phrase)).toEqual([date]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
