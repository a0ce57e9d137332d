// The sessions of two weeks and of a day, from the calendar and from what a provider's calendar has told.
import { afterEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { SessionDay } from '../../src/domain/answers.ts';
import { believeDays, forgetDays, isTradingDay } from '../../src/domain/calendar.ts';
import { resolveDay } from '../../src/domain/date-phrases.ts';
import { type SessionsAsked, answerMarketStatus } from '../../src/tools/market-status.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

afterEach(forgetDays);

async function sessionsAt(now: string, asked: SessionsAsked): Promise<SessionDay[]> {
  const clock = createTestClock(Date.parse(now));
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: await startCountingExchange(clock) });
  const { data } = await answerMarketStatus({ market, clock, request: createRequest() }, asked);
  return data?.sessions ?? [];
}

describe('market sessions', () => {
  it('of a week are those of Monday to Friday of this one and the next, with holidays and early closes', async () => {
    for (const now of ['2026-11-16T03:00:00-05:00', '2026-11-19T11:00:00-05:00', '2026-11-22T23:59:00-05:00']) {
      const sessions = await sessionsAt(now, { week: true });
      expect(sessions.map(({ date }) => date)).toEqual(
        ['16', '17', '18', '19', '20', '23', '24', '25', '26', '27'].map((day) => `2026-11-${day}`),
      );
      expect(sessions[0]).toEqual({
        date: '2026-11-16',
        state: 'open',
        opens: '2026-11-16T09:30:00-05:00',
        closes: '2026-11-16T16:00:00-05:00',
      });
      expect(sessions[8]).toEqual({ date: '2026-11-26', state: 'closed', holiday: 'Thanksgiving Day' });
      expect(sessions[9]).toMatchObject({ state: 'early_close', closes: '2026-11-27T13:00:00-05:00' });
    }
  });

  it('of a day are one, past or to come, on a weekend too, and in summer time', async () => {
    const now = '2026-11-19T11:00:00-05:00';
    expect(await sessionsAt(now, { date: '2026-07-03' })).toEqual([
      { date: '2026-07-03', state: 'closed', holiday: 'Independence Day' },
    ]);
    expect(await sessionsAt(now, { date: '2026-11-21' })).toEqual([{ date: '2026-11-21', state: 'closed' }]);
    expect(await sessionsAt(now, { date: '2027-07-06' })).toMatchObject([{ opens: '2027-07-06T09:30:00-04:00' }]);
  });

  it('are what a provider told where it told of the day', async () => {
    believeDays([
      { date: '2026-11-24', closed: true, name: 'Day of mourning' },
      { date: '2026-11-25', closed: false, closeMinutes: 14 * 60 },
    ]);
    const sessions = await sessionsAt('2026-11-19T11:00:00-05:00', { week: true });
    expect(sessions[6]).toEqual({ date: '2026-11-24', state: 'closed', holiday: 'Day of mourning' });
    expect(sessions[7]).toMatchObject({ state: 'early_close', closes: '2026-11-25T14:00:00-05:00' });
  });

  it('open only on trading days', async () => {
    const clock = createTestClock(Date.parse('2026-11-19T11:00:00-05:00'));
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: await startCountingExchange(clock) });
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(day, async (when) => {
        const date = when.toISOString().slice(0, 10);
        const { data } = await answerMarketStatus({ market, clock, request: createRequest() }, { date });
        const [session] = data?.sessions ?? [];
        expect(session?.state !== 'closed').toBe(isTradingDay(date));
        expect(session?.opens !== undefined).toBe(isTradingDay(date));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a clock of Tradier that is some minutes off', () => {
  const READY = { state: 'regular', nextChange: { state: 'post', at: '2026-11-19T16:00:00-05:00' } };
  const OVER = { state: 'post', nextChange: { state: 'closed', at: '2026-11-19T20:00:00-05:00' } };

  it.each([
    ['ahead and past the close', '15:55', '16:05', 'postmarket', '20:00', 'closed', READY],
    ['behind and before the close', '16:04', '15:54', 'open', '16:00', 'postmarket', OVER],
    ['ahead in the same session', '11:00', '11:10', 'open', '16:00', 'postmarket', READY],
  ])('is no reason to tell another state: %s', async (_title, ours, theirs, state, time, next, expected) => {
    const at = (clock: string): number => Date.parse(`2026-11-19T${clock}:00-05:00`);
    const clock = createTestClock(at(ours));
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
    const told = { date: '2026-11-19', state, timestamp: at(theirs) / 1_000, next_change: time, next_state: next };
    server.interfere = ({ path }) => (path.includes('clock') ? { body: { clock: told } } : undefined);
    const { data, meta } = await answerMarketStatus({ market, clock, request: createRequest() });
    expect(data).toMatchObject(expected);
    expect(Date.parse(meta.asOf ?? '')).toBeLessThanOrEqual(clock.now());
  });
});

describe('the day of --date', () => {
  const now = Date.parse('2026-11-19T11:00:00-05:00');

  it.each([
    ['2026-12-24', '2026-12-24'],
    ['12/24/2026', '2026-12-24'],
    ['Dec 24 2026', '2026-12-24'],
    ['Nov 3', '2026-11-03'],
    ['today', '2026-11-19'],
    ['Tomorrow', '2026-11-20'],
    ['yesterday', '2026-11-18'],
  ])('%s is %s', (text, date) => {
    expect(resolveDay(text, now)).toBe(date);
  });

  it.each(['2026-02-30', 'someday', 'last week', '1989-12-29', ''])('"%s" is none', (text) => {
    expect(() => resolveDay(text, now)).toThrow(/--date|does not exist/);
  });
});
