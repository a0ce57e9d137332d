// Which moments of a session a phrase means, and what is refused.
import { describe, expect, it } from 'vitest';
import { exchangeInstant } from '../../src/domain/exchange-time.ts';
import { resolveHours, splitHours } from '../../src/domain/session-hours.ts';

const NOW = Date.parse('2026-12-01T11:15:20-05:00');
const at = (date: string, clock: string): number =>
  exchangeInstant(date, Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)));

describe('hours of a session', () => {
  it.each([
    ['today first 30 minutes', '2026-12-01', '09:30', '10:00', '9:30 to 10:00 AM ET'],
    ['yesterday 12:00 to 13:00', '2026-11-30', '12:00', '13:00', '12:00 to 1:00 PM ET'],
    ['yesterday last 60 minutes', '2026-11-30', '15:00', '16:00', '3:00 to 4:00 PM ET'],
    ['today premarket', '2026-12-01', '04:00', '09:30', '4:00 to 9:30 AM ET'],
    ['2025-12-24 by minute', '2025-12-24', '09:30', '13:00', '9:30 AM to 1:00 PM ET'],
    ['2025-12-24 last 30 minutes', '2025-12-24', '12:30', '13:00', '12:30 to 1:00 PM ET'],
  ])('are, of "%s", %s from %s to %s', (phrase, date, from, to, label) => {
    const hours = resolveHours(phrase, NOW);
    expect(hours).toMatchObject({ date, start: at(date, from), end: at(date, to), label });
  });

  it('end with the running minute where they count back from now', () => {
    expect(resolveHours('today last 15 minutes', NOW)).toMatchObject({
      start: at('2026-12-01', '11:00'),
      end: NOW + 1,
    });
  });

  it.each([
    ['today 15:00', /still to come/],
    ['past week first 30 minutes', /several days/],
    ['2025-12-24 15:00', /not within the hours/],
    ['2026-11-28 by minute', /no session/],
  ])('are refused of "%s"', (phrase, message) => {
    expect(() => resolveHours(phrase, NOW)).toThrow(message);
  });

  it('are told from days', () => {
    expect(splitHours('last 5 sessions')).toBeUndefined();
    expect(splitHours('yesterday 10:00')).toEqual({ day: 'yesterday', hours: '10:00' });
  });
});
