// The market of a session or a server: what its readers look at is refreshed before it expires, with at most half of the
// limit, so that the next question is never slowed down by it.
import { type RefreshAheadMarket, createRefreshAheadMarket } from '../market/refresh-ahead.ts';
import { readUse } from './provider-use.ts';
import type { Caller } from './request.ts';
import type { Runtime } from './runtime.ts';

const MOST_OF_LIMIT = 0.5;

/** Asks for nothing before it is started; whoever starts it stops it. Nothing is printed: the reader may be typing. */
export function createRefreshAhead(
  runtime: Runtime,
  { clock, log }: Pick<Caller, 'clock' | 'log'>,
  report: Caller['reportCall'] = ({ type, ...event }) => log.write({ event: type, ahead: true, ...event }),
): RefreshAheadMarket {
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
    report,
  });
}
