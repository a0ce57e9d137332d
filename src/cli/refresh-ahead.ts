// The market of an interactive session: what its reader looks at is refreshed before it expires, with at most half of
// the limit, so that the next question is never slowed down by it.
import { type AheadMarket, createAheadMarket } from '../market/ahead.ts';
import { readUse } from './provider-use.ts';
import type { Runtime, Session } from './session.ts';

const MOST_OF_LIMIT = 0.5;

/** Asks for nothing before it is started; whoever starts it stops it. */
export function createRefreshAhead(runtime: Runtime, session: Session): AheadMarket {
  const { clock, log } = session;

  /** Only the provider that is asked first: a fallback's limit is for emergencies. */
  function mayAsk(): boolean {
    const [first] = runtime.providers;
    if (first === undefined) return false;
    const use = readUse(first, runtime.state, clock.machineNow());
    return use === undefined || (use.breaker.state === 'closed' && use.used + 1 <= use.limitPerMinute * MOST_OF_LIMIT);
  }

  return createAheadMarket({
    market: runtime.market,
    freshness: runtime.freshness,
    clock,
    mayAsk,
    // Nothing is printed: the reader may be typing.
    report: ({ type, ...event }) => log.write({ event: type, ahead: true, ...event }),
  });
}
