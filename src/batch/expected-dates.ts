// Which sessions a phrase must bring at a moment, worked out a second time from the exchange calendar alone, so that
// a mistake in reading phrases is seen. Knows only the phrases of suites.
import {
  isTradingDay,
  lastFinishedSession,
  lastTradingDays,
  previousTradingDay,
  runningSession,
  tradingDaysBetween,
} from '../domain/calendar.ts';
import { addDays, addMonths, exchangeDateOf, startOfWeek } from '../domain/exchange-time.ts';
import type { EpochMs, IsoDate } from '../domain/types.ts';

/** Ascending. More than one where the running session's bar may be there or not. */
export type ExpectedSessions = readonly (readonly IsoDate[])[];

const COUNTED = /^(?:last (\d{1,3}) sessions|past (\d{1,2}) (weeks|months))$/;

export const EXPECTED_PHRASES = 'yesterday, last week, previous friday, last N sessions, past N weeks, past N months';

export function isExpectedPhrase(phrase: string): boolean {
  return phrase === 'yesterday' || phrase === 'last week' || phrase === 'previous friday' || COUNTED.test(phrase);
}

/** @param phrase one of EXPECTED_PHRASES @param now market time of the question */
export function expectSessions(phrase: string, now: EpochMs): ExpectedSessions {
  const today = exchangeDateOf(now);
  const monday = addDays(startOfWeek(today), -7);
  if (phrase === 'yesterday') return [[previousTradingDay(today)]];
  if (phrase === 'last week') return [tradingDaysBetween(monday, addDays(monday, 4))];
  if (phrase === 'previous friday') return [[fridayOrBefore(addDays(monday, 4))]];
  const [, sessions, count, unit] = COUNTED.exec(phrase) ?? [];
  const finished = lastFinishedSession(now);
  const running = runningSession(now);
  if (sessions !== undefined)
    return [finished, running].flatMap((end) => (end === undefined ? [] : [lastTradingDays(Number(sessions), end)]));
  const from = unit === 'weeks' ? addDays(today, -7 * Number(count)) : addMonths(today, -Number(count));
  const done = tradingDaysBetween(from, finished);
  return running === undefined ? [done] : [done, [...done, running]];
}

function fridayOrBefore(friday: IsoDate): IsoDate {
  return isTradingDay(friday) ? friday : previousTradingDay(friday);
}
