// The market of an interactive session: what its reader looks at is refreshed before it expires, with at most half of
// the limit, so that the next question is never slowed down by it.
import type { Runtime } from '../app/runtime.ts';
import { type RefreshAheadMarket, createRefreshAheadMarket } from '../market/refresh-ahead.ts';
import { readUse } from '../app/provider-use.ts';
import type { CommandContext } from './command-context.ts';

const MOST_OF_LIMIT = 0.5;

/** Asks for nothing before it is started; whoever starts it stops it. */
export function createRefreshAhead(runtime: Runtime, session: CommandContext): RefreshAheadMarket {
  const { clock, log } = session;

  /** Only the provider that is asked first: a fallback's limit is for emergencies. */
  async function mayAsk(): Promise<boolean> {
    const [first] = runtime.providers;
    if (first === undefined) return false;
    const use = await readUse(first, runtime.state, clock.machineNow());
    return use === undefined || (use.breaker.state === 'closed' && use.used + 1 <= use.limitPerMinute * MOST_OF_LIMIT);
  }

  return createRefreshAheadMarket({
    market: runtime.market,
    freshness: runtime.freshness,
    clock,
    mayAsk,
    // Nothing is printed: the reader may be typing.
    report: ({ type, ...event }) => log.write({ event: type, ahead: true, ...event }),
  });
}
