// The market's state: a provider's clock where it tells the market's own time, else the exchange calendar.
import type { Answer, MarketStatusData } from '../domain/answers.ts';
import { holidayName, nextChange, sessionAt } from '../domain/calendar.ts';
import { exchangeDateOf, formatExchangeIso } from '../domain/exchange-time.ts';
import type { EpochMs, MarketClock } from '../domain/types.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';

/** A provider's clock further off than this tells another time than ours (FIN_NOW, a replay): the calendar decides. */
const SAME_TIME_MS = 15 * 60_000;

export function answerMarketStatus(context: ToolContext): Promise<Answer<'market'>> {
  return answerWith(context, async ({ market, clock, request }) => {
    const outcome = await market.clock(request);
    const now = clock.now();
    if (outcome.ok && Math.abs(outcome.value.at - now) <= SAME_TIME_MS)
      return { kind: 'market', data: toStatus(now, outcome.value), errors: [], sources: [outcome.source] };
    if (!outcome.ok && outcome.error.code === 'cancelled')
      return { kind: 'market', data: undefined, errors: [toAnswerError(outcome.error)], sources: [] };
    const errors = !outcome.ok && outcome.error.code === 'timeout' ? [toAnswerError(outcome.error)] : [];
    const why = outcome.ok ? 'the provider’s clock tells another time' : outcome.error.message;
    return { kind: 'market', data: toStatus(now), errors, sources: [], notes: [`from the exchange calendar: ${why}`] };
  });
}

/** A change that the provider names counts while it is ahead; the calendar knows weekends and holidays. */
function toStatus(now: EpochMs, clock?: MarketClock): MarketStatusData {
  const state = clock?.state ?? sessionAt(now);
  const told = clock?.nextChange;
  const next = told !== undefined && told.at > now ? told : nextChange(now);
  const holiday = holidayName(exchangeDateOf(now));
  return {
    state,
    exchangeTime: formatExchangeIso(now),
    ...(clock?.description === undefined ? {} : { description: clock.description }),
    nextChange: { state: next.state, at: formatExchangeIso(next.at) },
    ...(holiday === undefined ? {} : { holiday }),
  };
}
