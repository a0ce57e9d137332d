// Which sessions of the whole market are held, and which of a number of them are missing.
// Hides what may still change, what is known to be absent, and what was fetched on a day that the clock has not reached.
import { finalFrom, lastFinishedSession, lastTradingDays, previousTradingDay } from '../domain/calendar.ts';
import { addDays, exchangeDateOf, exchangeInstant } from '../domain/exchange-time.ts';
import type { Clock, IsoDate } from '../domain/types.ts';
import type { KeptSession, MarketFile } from './market-file.ts';

/** A free plan has a session's bars after the end of the day: until then it is not asked at every scan. */
const ABSENT_MS = 30 * 60_000;

export type KeptSessions = ReturnType<typeof createKeptSessions>;

export function createKeptSessions(file: MarketFile, clock: Clock) {
  const newestDate = (): IsoDate => lastFinishedSession(clock.now());

  /** What was fetched on a day that the market's clock has not reached is not read. */
  function isReached({ fetchedAt }: KeptSession): boolean {
    return fetchedAt < exchangeInstant(addDays(exchangeDateOf(clock.now()), 1), 0);
  }

  function readKept(): Map<IsoDate, KeptSession> {
    const kept = [...file.list()];
    const latest = kept.reduce((newest, [, { fetchedAt }]) => Math.max(newest, fetchedAt), 0);
    return new Map(latest <= clock.now() ? kept : kept.filter(([, session]) => isReached(session)));
  }

  /** Bars fetched before the post session had ended may have changed since. */
  function isFinal({ date, fetchedAt }: KeptSession): boolean {
    return fetchedAt >= finalFrom(date) || clock.now() < finalFrom(date);
  }

  function isHeld(date: IsoDate): boolean {
    const session = file.find(date);
    return session !== undefined && isReached(session) && isFinal(session);
  }

  function isKnownAbsent(date: IsoDate): boolean {
    const absent = file.readAbsent();
    return absent.date === date && clock.now() - absent.askedAt < ABSENT_MS && clock.now() >= absent.askedAt;
  }

  function plan(count: number, again = false): { held: number; missing: IsoDate[] } {
    const kept = readKept();
    const wanted = lastTradingDays(count, newestDate());
    const newest = wanted.findLast((date) => kept.has(date));
    const missing = wanted.filter((date) => {
      const session = kept.get(date);
      return session === undefined || !isFinal(session) || (again && (date === newest || session.isTorn === true));
    });
    return { held: wanted.length - missing.length, missing: missing.reverse() };
  }

  /** Dates of sessions with bars, ascending: from the newest one that is held back to the first that is not. */
  function heldRun(count: number): KeptSession[] {
    const kept = readKept();
    const newest = [...kept.keys()].findLast((date) => date <= newestDate());
    const run: KeptSession[] = [];
    for (let date = newest; date !== undefined && run.length < count; date = previousTradingDay(date)) {
      const session = kept.get(date);
      if (session === undefined) break;
      if (session.bars > 0) run.push(session);
    }
    return run.reverse();
  }

  /** A weekday without any bar between sessions that have some was no session. */
  function isClosedDay(date: IsoDate): boolean {
    const kept = readKept();
    return [...kept.keys()].some(
      (other) => other > date && other <= addDays(date, 7) && (kept.get(other)?.bars ?? 0) > 0,
    );
  }

  return { newestDate, readKept, isHeld, isKnownAbsent, plan, heldRun, isClosedDay };
}
