// The market of an interactive session: what its reader looks at is refreshed before it expires, with at most half of
// the limit, so that the next question is never slowed down by it.
import { breakerName } from '../http/wire.ts';
import { type AheadMarket, createAheadMarket } from '../market/ahead.ts';
import type { Runtime, Session } from './session.ts';

const MOST_OF_LIMIT = 0.5;

export function createRefreshAhead(runtime: Runtime, session: Session): AheadMarket {
  const { clock, log } = session;

  /** Only the provider that is asked first: a fallback's limit is for emergencies. */
  function mayAsk(): boolean {
    const [first] = runtime.providers;
    if (first?.limitPerMinute === undefined) return first !== undefined;
    const nowMs = clock.machineNow();
    if (runtime.state.readBreaker(breakerName({ provider: first.name, baseUrl: first.address }), nowMs).state !== 'closed') return false;
    return runtime.state.countUsed({ provider: first.name, keyHash: first.keyHash() }, nowMs) + 1 <= first.limitPerMinute * MOST_OF_LIMIT;
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
