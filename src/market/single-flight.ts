// Equal needs of one process share one answer on its way. Hides that they have times of their own: who still has some
// asks again where the one whose request it was ran out of it or gave up.
import type { EpochMs } from '../domain/types.ts';
import type { CallContext } from '../http/http.ts';
import type { MarketRequest, Outcome } from './market-data.ts';

type Frame = Pick<CallContext, 'signal' | 'deadlineMs'>;

export type Share<T> = (name: string, request: MarketRequest, work: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;

/** `name` tells needs apart; of equal ones under way only the first one's `work` runs. */
export function createSingleFlight<T>(machineNow: () => EpochMs): Share<T> {
  const underWay = new Map<string, { outcome: Promise<Outcome<T>>; asker: Frame }>();

  return async function share(name, request, work): Promise<Outcome<T>> {
    const running = underWay.get(name);
    if (running === undefined) {
      const outcome = work().finally(() => underWay.delete(name));
      underWay.set(name, { outcome, asker: request.call });
      return outcome;
    }
    const outcome = await running.outcome;
    return mayAskAgain(outcome, running.asker, request.call, machineNow()) ? share(name, request, work) : outcome;
  };
}

/** Whether an answer lacks only the time that its asker had, and the one who shared it has more. */
export function mayAskAgain(outcome: Outcome<unknown>, asker: Frame, own: Frame, nowMs: EpochMs): boolean {
  const end = outcome.ok ? outcome.source.failure : outcome.error;
  if (end === undefined || !['timeout', 'cancelled', 'rate_limited'].includes(end.code)) return false;
  const hadLess = asker.signal.aborted || asker.deadlineMs < own.deadlineMs;
  return hadLess && !own.signal.aborted && own.deadlineMs > nowMs;
}
