// The market's state: a provider's clock where it tells the market's own time, else the exchange calendar.
import type { Answer, MarketStatusData, SessionDay } from '../domain/answers.ts';
import {
  type SessionChange,
  finalFrom,
  holidayName,
  isTradingDay,
  nextChange,
  sessionAt,
  sessionTimes,
} from '../domain/calendar.ts';
import { addDays, exchangeDateOf, exchangeMinutesOf, formatExchangeIso, startOfWeek } from '../domain/exchange-time.ts';
import type { EpochMs, IsoDate, MarketClock, Session } from '../domain/types.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';

/** A provider's clock further off than this tells another time than ours (FIN_NOW, a replay): the calendar decides. */
const SAME_TIME_MS = 15 * 60_000;
/** Minutes after midnight between which every provider has a pre session: Tradier's is 07:00 to 09:24. */
const PRE_EVERYWHERE = { from: 7 * 60, until: 9 * 60 + 20 };

/** The sessions of this week and the next, of one day, or of the weekdays of a span. */
export type SessionsAsked = { week: true } | { date: IsoDate } | { from: IsoDate; to: IsoDate };

export function answerMarketStatus(context: ToolContext, asked?: SessionsAsked): Promise<Answer<'market'>> {
  return answerWith(context, async (counted) => {
    const findings = await findStatus(counted);
    if (asked === undefined || findings.data === undefined) return findings;
    // What a provider's calendar told meanwhile counts.
    return { ...findings, data: { ...findings.data, sessions: listSessions(asked, counted.clock.now()) } };
  });
}

function listSessions(asked: SessionsAsked, now: EpochMs): SessionDay[] {
  if ('date' in asked) return [toSessionDay(asked.date)];
  if ('from' in asked) return weekdaysOf(asked.from, asked.to).map(toSessionDay);
  const monday = startOfWeek(exchangeDateOf(now));
  return [0, 1, 2, 3, 4, 7, 8, 9, 10, 11].map((days) => toSessionDay(addDays(monday, days)));
}

/** A year and a half is as far as anyone asks. */
const MOST_DAYS = 550;

function weekdaysOf(from: IsoDate, to: IsoDate): IsoDate[] {
  const days = Array.from({ length: MOST_DAYS }, (_, index) => addDays(from, index));
  return days.filter(
    (date) => date <= to && date !== addDays(startOfWeek(date), 5) && date !== addDays(startOfWeek(date), 6),
  );
}

function toSessionDay(date: IsoDate): SessionDay {
  const times = sessionTimes(date);
  const holiday = holidayName(date);
  if (times === undefined) return { date, state: 'closed', ...(holiday === undefined ? {} : { holiday }) };
  return {
    date,
    state: times.isHalfDay ? 'early_close' : 'open',
    opens: formatExchangeIso(times.open),
    closes: formatExchangeIso(times.close),
  };
}

async function findStatus({ market, clock, request }: ToolContext): Promise<Findings<'market'>> {
  const outcome = await market.clock(request);
  const now = clock.now();
  if (outcome.ok && contradicts(outcome.value, now)) await market.learnDay?.(exchangeDateOf(now), request);
  if (outcome.ok && Math.abs(outcome.value.at - now) <= SAME_TIME_MS)
    return { kind: 'market', data: toStatus(now, outcome.value), errors: [], sources: [outcome.source] };
  if (!outcome.ok && outcome.error.code === 'cancelled')
    return { kind: 'market', data: undefined, errors: [toAnswerError(outcome.error)], sources: [] };
  const errors = !outcome.ok && outcome.error.code === 'timeout' ? [toAnswerError(outcome.error)] : [];
  const why = outcome.ok ? 'the provider’s clock disagrees' : outcome.error.message;
  return { kind: 'market', data: toStatus(now), errors, sources: [], notes: [`from the exchange calendar: ${why}`] };
}

/**
 * Whether a provider's clock tells of another day than the calendar: that is worth a look into the provider's own. Early
 * and late hours differ between providers, so in the pre session only a closed market counts, while all of them have one.
 */
function contradicts({ state, at }: MarketClock, now: EpochMs): boolean {
  if (Math.abs(at - now) > SAME_TIME_MS) return false;
  const ours = sessionAt(at);
  if (state === ours) return false;
  const minutes = exchangeMinutesOf(at);
  if (ours === 'pre' && state === 'closed') return minutes >= PRE_EVERYWHERE.from && minutes < PRE_EVERYWHERE.until;
  return ours === 'regular' || state === 'regular' || (ours === 'post' && state === 'closed');
}

/**
 * A change that the provider names counts while it is ahead; the calendar knows weekends and holidays. Where the provider
 * says that a session is over and no calendar knows why, the day is over. A clock some minutes off, on the other side of a
 * change, says nothing of now but that the day is as the calendar has it.
 */
function toStatus(now: EpochMs, told?: MarketClock): MarketStatusData {
  const isBeyond = told !== undefined && told.state === sessionAt(told.at) && told.state !== sessionAt(now);
  const clock = isBeyond ? undefined : told;
  const state = clock?.state ?? sessionAt(now);
  const change = clock?.nextChange;
  const today = exchangeDateOf(now);
  const next = change !== undefined && change.at > now && isTradingDay(today) ? change : changeAfter(state, now);
  const holiday = holidayName(today);
  return {
    state,
    exchangeTime: formatExchangeIso(now),
    ...(clock?.description === undefined ? {} : { description: clock.description }),
    nextChange: { state: next.state, at: formatExchangeIso(next.at) },
    ...(holiday === undefined ? {} : { holiday }),
  };
}

function changeAfter(state: Session, now: EpochMs): SessionChange {
  const change = nextChange(now);
  const isOver = state === 'closed' && (change.state === 'post' || change.state === 'closed');
  return isOver ? nextChange(finalFrom(exchangeDateOf(now))) : change;
}
