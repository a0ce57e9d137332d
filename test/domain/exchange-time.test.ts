// Exchange time is compared with Temporal, which carries the real zone database.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dateOf,
  daysBetween,
  exchangeDateOf,
  exchangeInstant,
  exchangeMinutesOf,
  formatExchangeIso,
  isValidDate,
  offsetMinutesAt,
  parseIsoInstant,
  startOfMonth,
  startOfQuarter,
  startOfWeek,
  startOfYear,
  weekdayOf,
} from '../../src/domain/exchange-time.ts';

const ZONE = 'America/New_York';
const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 11, 31) });
const dates = fc.integer({ min: 0, max: 25_900 }).map((days) => Temporal.PlainDate.from('1990-01-01').add({ days }));

function inNewYork(ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ZONE);
}

describe('exchange time', () => {
  it('has the offset of the zone database at any instant from 1990 to 2060', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        expect(offsetMinutesAt(ms)).toBe(inNewYork(ms).offsetNanoseconds / 60e9);
      }),
      { numRuns: 1500 },
    );
  });

  it('changes its offset at the very millisecond of every transition from 1970 to 2060, bar the energy-crisis years', () => {
    for (let year = 1970; year <= 2060; year += 1) {
      if (year === 1974 || year === 1975) continue;
      let at = Temporal.ZonedDateTime.from({ timeZone: ZONE, year, month: 1, day: 1 });
      for (let change = 0; change < 2; change += 1) {
        const next = at.getTimeZoneTransition('next');
        if (next === null) throw new Error(`no transition in ${year}`);
        expect(offsetMinutesAt(next.epochMilliseconds), next.toString()).toBe(next.offsetNanoseconds / 60e9);
        expect(offsetMinutesAt(next.epochMilliseconds - 1), next.toString()).toBe(at.offsetNanoseconds / 60e9);
        at = next;
      }
    }
  });

  it('gives the date, the minutes and the ISO form that the zone database gives', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const zoned = inNewYork(ms);
        expect(exchangeDateOf(ms)).toBe(zoned.toPlainDate().toString());
        expect(exchangeMinutesOf(ms)).toBe(zoned.hour * 60 + zoned.minute);
        expect(formatExchangeIso(ms)).toBe(zoned.toString({ timeZoneName: 'never', smallestUnit: 'second' }));
      }),
      { numRuns: 1000 },
    );
  });

  it('turns wall time into an instant as Temporal does, in gaps and overlaps too', () => {
    const minutes = fc.integer({ min: 0, max: 1439 });
    const check = (date: Temporal.PlainDate, minute: number): void => {
      const expected = date
        .toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
        .toZonedDateTime(ZONE);
      expect(exchangeInstant(date.toString(), minute)).toBe(expected.epochMilliseconds);
    };
    fc.assert(fc.property(dates, minutes, check), { numRuns: 1000 });
    for (const day of ['2026-03-08', '2026-11-01', '2006-04-02', '2006-10-29']) {
      for (let minute = 0; minute < 300; minute += 1) check(Temporal.PlainDate.from(day), minute);
    }
  });

  it('keeps the wall clock right around both changes and around midnight', () => {
    expect(formatExchangeIso(Date.UTC(2026, 2, 8, 6, 59, 59, 999))).toBe('2026-03-08T01:59:59-05:00');
    expect(formatExchangeIso(Date.UTC(2026, 2, 8, 7))).toBe('2026-03-08T03:00:00-04:00');
    expect(formatExchangeIso(Date.UTC(2026, 10, 1, 5, 59, 59))).toBe('2026-11-01T01:59:59-04:00');
    expect(formatExchangeIso(Date.UTC(2026, 10, 1, 6))).toBe('2026-11-01T01:00:00-05:00');
    expect(exchangeDateOf(Date.UTC(2026, 10, 20, 4, 59, 59, 999))).toBe('2026-11-19');
    expect(exchangeDateOf(Date.UTC(2026, 10, 20, 5))).toBe('2026-11-20');
    expect(exchangeMinutesOf(Date.UTC(2026, 10, 20, 5))).toBe(0);
  });

  it('never touches Intl, the local zone or the machine clock', () => {
    for (const file of ['exchange-time', 'symbols', 'calendar', 'date-grammar', 'date-phrases']) {
      const source = readFileSync(new URL(`../../src/domain/${file}.ts`, import.meta.url), 'utf8');
      const code = source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
      expect(code, file).not.toMatch(
        /Intl\b|toLocale|Date\.now|new Date\(\)|\.get(Day|Date|Hours|Month|FullYear|TimezoneOffset)\(|localeCompare/,
      );
    }
  });
});

describe('parsing an instant', () => {
  it('reads what Temporal reads, with offset, Z, optional seconds and fraction', () => {
    const offset = fc.tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 14 }),
      fc.constantFrom('00', '30', '45'),
    );
    fc.assert(
      fc.property(instants, fc.option(offset, { nil: undefined }), fc.boolean(), (ms, zone, withFraction) => {
        const wall = new Date(ms).toISOString().slice(0, withFraction ? 23 : 19);
        const text = wall + (zone === undefined ? 'Z' : `${zone[0]}${String(zone[1]).padStart(2, '0')}:${zone[2]}`);
        expect(parseIsoInstant(text)).toBe(Temporal.Instant.from(text).epochMilliseconds);
      }),
      { numRuns: 500 },
    );
    expect(parseIsoInstant('2026-11-19T16:00-05:00')).toBe(Date.UTC(2026, 10, 19, 21));
    expect(parseIsoInstant('2026-11-19T21:00:00.123456789Z')).toBe(Date.UTC(2026, 10, 19, 21, 0, 0, 123));
  });

  it('reads back what it formats', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        expect(parseIsoInstant(formatExchangeIso(ms))).toBe(Math.floor(ms / 1000) * 1000);
      }),
    );
  });

  it.each([
    '',
    'now',
    '2026-11-19',
    '2026-11-19T16:00:00',
    '2026-11-19 16:00:00Z',
    '2026-11-19T16:00:00-0500',
    '2026-11-19T24:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-19T16:60:00Z',
    '2026-11-19T16:00:60Z',
    '2026-11-19T16:00:00.Z',
    '2026-11-19T16:00:00-05:60',
    '2026-11-19T16:00:00-24:00',
    ' 2026-11-19T16:00:00Z',
    '2026-11-19T16:00:00Z\n',
    '0000-01-01T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(parseIsoInstant(text)).toBeUndefined();
  });
});

describe('date arithmetic', () => {
  it('adds days and months, counts days and names weekdays as Temporal does', () => {
    const amount = fc.integer({ min: -1500, max: 1500 });
    fc.assert(
      fc.property(dates, amount, (date, count) => {
        const text = date.toString();
        expect(addDays(text, count)).toBe(date.add({ days: count }).toString());
        expect(addMonths(text, count)).toBe(date.add({ months: count }).toString());
        expect(daysBetween(text, addDays(text, count))).toBe(count);
        expect(weekdayOf(text)).toBe(date.dayOfWeek % 7);
        expect(dateOf(date.year, date.month, date.day)).toBe(text);
        expect(isValidDate(text)).toBe(true);
      }),
    );
  });

  it('finds the starts of week, month, quarter and year', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const text = date.toString();
        expect(startOfWeek(text)).toBe(date.subtract({ days: date.dayOfWeek - 1 }).toString());
        expect(startOfMonth(text)).toBe(date.with({ day: 1 }).toString());
        expect(startOfQuarter(text)).toBe(
          date.with({ month: Math.floor((date.month - 1) / 3) * 3 + 1, day: 1 }).toString(),
        );
        expect(startOfYear(text)).toBe(date.with({ month: 1, day: 1 }).toString());
      }),
    );
  });

  it('clamps a month to its last day', () => {
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
    expect(addMonths('2024-03-31', -1)).toBe('2024-02-29');
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
  });

  it.each([
    '2026-02-29',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '26-01-01',
    '0050-01-01',
    '2026-01-01 ',
    '2026/01/01',
    '',
  ])('does not take %j for a date', (text) => {
    expect(isValidDate(text)).toBe(false);
  });
});
