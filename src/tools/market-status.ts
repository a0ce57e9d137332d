// The market's state: a provider's clock where it tells the market's own time, else the exchange calendar.
import type { Answer, MarketStatusData } from '../domain/answers.ts';
import { type SessionChange, finalFrom, holidayName, isTradingDay, nextChange, sessionAt } from '../domain/calendar.ts';
import { exchangeDateOf, exchangeMinutesOf, formatExchangeIso } from '../domain/exchange-time.ts';
import type { EpochMs, MarketClock, Session } from '../domain/types.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';

/** A provider's clock further off than this tells another time than ours (FIN_NOW, a replay): the calendar decides. */
const SAME_TIME_MS = 15 * 60_000;
/** Minutes after midnight between which every provider has a pre session: Tradier's is 07:00 to 09:24. */
const PRE_EVERYWHERE = { from: 7 * 60, until: 9 * 60 + 20 };

export function answerMarketStatus(context: ToolContext): Promise<Answer<'market'>> {
  return answerWith(context, async ({ market, clock, request }) => {
    const outcome = await market.clock(request);
    const now = clock.now();
    if (outcome.ok && contradicts(outcome.value, now)) await market.learnDay?.(exchangeDateOf(now), request);
    if (outcome.ok && Math.abs(outcome.value.at - now) <= SAME_TIME_MS)
      return { kind: 'market', data: toStatus(now, outcome.value), errors: [], sources: [outcome.source] };
    if (!outcome.ok && outcome.error.code === 'cancelled')
      return { kind: 'market', data: undefined, errors: [toAnswerError(outcome.error)], sources: [] };
    const errors = !outcome.ok && outcome.error.code === 'timeout' ? [toAnswerError(outcome.error)] : [];
    const why = outcome.ok ? 'the provider’s clock tells another time' : outcome.error.message;
    return { kind: 'market', data: toStatus(now), errors, sources: [], notes: [`from the exchange calendar: ${why}`] };
  });
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
 * says that a session is over and no calendar knows why, the day is over.
 */
function toStatus(now: EpochMs, clock?: MarketClock): MarketStatusData {
  const state = clock?.state ?? sessionAt(now);
  const told = clock?.nextChange;
  const today = exchangeDateOf(now);
  const next = told !== undefined && told.at > now && isTradingDay(today) ? told : changeAfter(state, now);
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
