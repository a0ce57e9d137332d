// Equal needs of one process share one answer on its way, and needs of the same moment one request. Hides that they have
// times of their own: who still has some asks again where the one whose request it was ran out of it or gave up.
import type { MachineMs } from '../domain/types.ts';
import type { CallContext } from '../http/http.ts';
import type { MarketRequest, Outcome } from './market-data.ts';

type Frame = Pick<CallContext, 'signal' | 'deadlineMs'>;
export type Outcomes<T> = Map<string, Outcome<T>>;

interface Basket {
  names: Set<string>;
  outcomes: Promise<Outcomes<unknown>>;
  asker: Frame;
}

export function createSingleFlight(machineNow: () => MachineMs) {
  /** Baskets that still take names, by their way. */
  const open = new Map<string, Basket>();
  const underWay = new Map<string, Basket>();

  function openBasket(way: string, asker: Frame, work: (names: readonly string[]) => Promise<Outcomes<unknown>>) {
    const names = new Set<string>();
    // Those of the same turn of the event loop, however many promises deep each of them stands.
    const outcomes = new Promise(setImmediate).then(() => {
      open.delete(way);
      return work([...names]);
    });
    const basket: Basket = { names, outcomes, asker };
    open.set(way, basket);
    return basket;
  }

  /** `way` tells needs of equal names apart. Of equal ones under way only the first one's `work` runs. */
  async function join<T>(
    way: string,
    names: readonly string[],
    request: MarketRequest,
    work: (names: readonly string[]) => Promise<Outcomes<T>>,
  ): Promise<Outcomes<T>> {
    const waits = new Set<Basket>();
    for (const name of names) {
      const key = `${way}|${name}`;
      let basket = underWay.get(key);
      if (basket === undefined) {
        basket = open.get(way) ?? openBasket(way, request.call, work);
        basket.names.add(name);
        underWay.set(key, basket);
        void basket.outcomes.finally(() => underWay.delete(key)).catch(() => undefined);
      }
      waits.add(basket);
    }
    const found: Outcomes<T> = new Map();
    const again: string[] = [];
    const parts = [...waits].map(async ({ outcomes, asker }) => ({ part: (await outcomes) as Outcomes<T>, asker }));
    for (const { part, asker } of await Promise.all(parts)) {
      for (const name of names) {
        const outcome = part.get(name);
        if (outcome === undefined) continue;
        found.set(name, outcome);
        if (mayAskAgain(outcome, asker, request.call, machineNow())) again.push(name);
      }
    }
    if (again.length > 0) for (const [name, outcome] of await join(way, again, request, work)) found.set(name, outcome);
    return found;
  }

  return {
    join,
    /** What is on its way, undefined where nothing is. */
    wait: async (way: string, name: string): Promise<Outcome<unknown> | undefined> =>
      (await underWay.get(`${way}|${name}`)?.outcomes)?.get(name),
  };
}

/** Whether an answer lacks only the time that its asker had, and the one who shared it has more. */
function mayAskAgain(outcome: Outcome<unknown>, asker: Frame, own: Frame, nowMs: MachineMs): boolean {
  const end = outcome.ok ? outcome.source.failure : outcome.error;
  if (end === undefined || !['timeout', 'cancelled', 'rate_limited'].includes(end.code)) return false;
  const hadLess = asker.signal.aborted || asker.deadlineMs < own.deadlineMs;
  return hadLess && !own.signal.aborted && own.deadlineMs > nowMs;
}
