// The one order of refuge: what is held and fresh, a provider, another provider, what is held and stale, an error naming
// every cause. Hides where equal needs are joined: in this process (single-flight.ts), and with others (leases).
import type { EntryKind, Envelope } from '../cache/envelope.ts';
import { createLeaseOwner, withLeases } from '../cache/lease.ts';
import { type FinError, NoDataError, toFinError } from '../domain/errors.ts';
import type { MarketMs, Freshness, TickerSymbol } from '../domain/types.ts';
import { delay } from '../http/delay.ts';
import type { Fetched, Provider } from '../providers/provider.ts';
import {
  type Absence,
  type Access,
  type AccessDependencies,
  FRESHNESS_OF,
  type Held,
  type Look,
  type ProviderSlot,
  allowsRefuge,
  combineFailures,
  describeFallback,
  describeKind,
  endOf,
} from './access.ts';
import type { MarketRequest, Outcome } from './market-data.ts';
import { type Outcomes, createSingleFlight } from './single-flight.ts';

/** Nobody brought it: why, and who does not know it. */
export interface Unanswered {
  error: FinError;
  absentAt: readonly Absence[];
}

/** Needs that are answered in one way: what is held of each, how providers are asked, what an answer is made of. */
export interface Topic<Value, Answer> {
  kind: EntryKind;
  /** Tells it from topics of its kind that are answered in another way. */
  id?: string;
  symbolOf?(name: string): TickerSymbol | undefined;
  /** Default: one entry per provider, by the kind's row of the freshness table. */
  look?(names: readonly string[], request: MarketRequest): Promise<ReadonlyMap<string, Look<Value>>>;
  /** Asks the providers for all of these together. `held`: what there is of each, not fresh or not whole. */
  ask(
    names: readonly string[],
    held: ReadonlyMap<string, Held<Value>>,
    request: MarketRequest,
  ): Promise<ReadonlyMap<string, Outcome<Answer> | Unanswered>>;
  present(
    name: string,
    envelope: Envelope<Value>,
    freshness: Freshness,
    notes: string[],
    request: MarketRequest,
  ): Outcome<Answer> | Promise<Outcome<Answer>>;
  /** What stands in where nobody brought it. Default: what is held. */
  standIn?(name: string, held: Held<Value> | undefined, request: MarketRequest): Promise<Held<Value> | undefined>;
}

export interface Obtain {
  /** An outcome for each name. Names of one topic asked for at the same moment go together. */
  many<V, A>(topic: Topic<V, A>, names: readonly string[], request: MarketRequest): Promise<Outcomes<A>>;
  one<V, A>(topic: Topic<V, A>, name: string, request: MarketRequest): Promise<Outcome<A>>;
  /** The answer that is on its way, if one is. */
  wait<V, A>(topic: Topic<V, A>, name: string, request: MarketRequest): Promise<Outcome<A> | undefined>;
  /** The end of the order, for a topic that asks providers at another time too. */
  takeRefuge<V, A>(
    topic: Topic<V, A>,
    name: string,
    held: Held<V> | undefined,
    why: Unanswered,
    request: MarketRequest,
  ): Promise<Outcome<A>>;
  /** The request with its deadline so much earlier that a stale answer is still printed in time. */
  leaveTimeForRefuge(request: MarketRequest): MarketRequest;
}

/** Longest time kept for printing a stale answer, and the part of what is left that it may take. */
const REFUGE_MS = 500;
const REFUGE_SHARE = 0.1;
/** Longest wait for another process: one attempt. */
const MAX_LEASE_WAIT_MS = 10_000;

export function createObtain(access: Access, { leases, counters }: AccessDependencies): Obtain {
  const { takeRefuge, leaveTimeForRefuge } = createRefuge(access);
  const flight = createSingleFlight(() => access.machineNow());
  /** One for all needs of this process: equal ones in it are joined without a look at the file. */
  let owner: string | undefined;

  const many: Obtain['many'] = (topic, names, request) =>
    flight.join(wayOf(topic, request), names, request, (joined) => obtainOnce(topic, joined, request));

  async function obtainOnce<V, A>(
    topic: Topic<V, A>,
    names: readonly string[],
    request: MarketRequest,
  ): Promise<Outcomes<A>> {
    const outcomes: Outcomes<A> = new Map();
    const held = new Map<string, Held<V>>();
    const recordHit = access.timeHit(request);
    const looks = await look(topic, names, request, held);
    await sideBySide(request.refresh ? [] : names, async (name) => {
      const found = looks.get(name);
      if (!isAnswer(found, request)) return;
      access.count(topic.kind, 'hit', request, topic.symbolOf?.(name));
      if (found?.isWhole && found.held !== undefined) recordHit(found.held.envelope);
      outcomes.set(name, await tell(topic, name, found, request));
    });
    const missing = names.filter((name) => !outcomes.has(name));
    if (missing.length > 0) await obtainMissing(topic, missing, held, request, outcomes);
    return outcomes;
  }

  /** What needs no provider, and, in `held`, what there is for refuge. */
  async function look<V, A>(
    topic: Topic<V, A>,
    names: readonly string[],
    request: MarketRequest,
    held: Map<string, Held<V>>,
  ): Promise<ReadonlyMap<string, Look<V>>> {
    const looks = await (topic.look?.(names, request) ?? access.lookUp<V>(topic.kind, names, request));
    for (const [name, found] of looks) if (found.held !== undefined) held.set(name, found.held);
    return looks;
  }

  /** Fills `outcomes` as they come: what has arrived is kept whatever happens to the rest. */
  async function obtainMissing<V, A>(
    topic: Topic<V, A>,
    names: readonly string[],
    held: Map<string, Held<V>>,
    request: MarketRequest,
    outcomes: Outcomes<A>,
  ): Promise<void> {
    const refuge = (name: string, why: Unanswered): Promise<Outcome<A>> =>
      takeRefuge(topic, name, held.get(name), why, request);
    if (request.offline) {
      await sideBySide(names, async (name) => {
        outcomes.set(name, await refuge(name, { error: offlineMiss(topic.kind, name), absentAt: [] }));
      });
      return;
    }
    for (const name of names) access.count(topic.kind, 'miss', request, topic.symbolOf?.(name));
    const framed = held.size > 0 ? leaveTimeForRefuge(request) : request;
    try {
      await shareWithOthers(topic, names, held, framed, outcomes);
    } catch (thrown) {
      const error = toFinError(thrown);
      await sideBySide(names, async (name) => {
        if (!outcomes.has(name)) outcomes.set(name, await refuge(name, { error, absentAt: [] }));
      });
    }
  }

  /** Asks for what no other process is asking for, in one request, and takes what the others save. */
  async function shareWithOthers<V, A>(
    topic: Topic<V, A>,
    names: readonly string[],
    held: Map<string, Held<V>>,
    request: MarketRequest,
    outcomes: Outcomes<A>,
  ): Promise<void> {
    const fetch = async (wanted: readonly string[]): Promise<void> => {
      await sideBySide(await topic.ask(wanted, held, request), async ([name, answer]) => {
        if ('ok' in answer) request.brought?.add(broughtAs(topic, name));
        outcomes.set(name, 'ok' in answer ? answer : await takeRefuge(topic, name, held.get(name), answer, request));
      });
    };
    const slots = access.candidates(request);
    // The sample market's answer costs less than a lease. What another process brings is an entry: --refresh skips those.
    if (leases === undefined || request.refresh || slots.every((slot) => slot.name === 'sample')) return fetch(names);
    const shared = await withLeases({
      state: leases,
      owner: (owner ??= createLeaseOwner()),
      names,
      // A question does not wait for a warming, which takes its time.
      prefix: `${request.call.priority}|${topic.kind}|${slots.map(({ identity }) => identity).join('|')}|`,
      machineNow: () => access.machineNow(),
      delay,
      signal: request.call.signal,
      maxWaitMs: Math.max(0, Math.min(MAX_LEASE_WAIT_MS, request.call.deadlineMs - access.machineNow())),
      take: async (wanted) => {
        const found = await look(topic, wanted, request, held);
        const taken = wanted.filter((name) => isAnswer(found.get(name), request));
        await sideBySide(taken, async (name) => {
          outcomes.set(name, await tell(topic, name, found.get(name), request));
        });
        return taken;
      },
      fetch,
    });
    if (shared.length > 0) counters.count(topic.kind, 'coalesced', shared.length);
  }

  return {
    many,
    one: async (topic, name, request) =>
      (await many(topic, [name], request)).get(name) ?? { ok: false, error: combineFailures([]) },
    wait: async <V, A>(topic: Topic<V, A>, name: string, request: MarketRequest) =>
      (await flight.wait(wayOf(topic, request), name)) as Outcome<A> | undefined,
    takeRefuge,
    leaveTimeForRefuge,
  };
}

/** What stands in where nobody brought it. */
function createRefuge(access: Access): Pick<Obtain, 'takeRefuge' | 'leaveTimeForRefuge'> {
  const takeRefuge: Obtain['takeRefuge'] = async (topic, name, held, { error, absentAt }, request) => {
    const isAbsent = error.code === 'no_data' && absentAt.length > 0;
    if (isAbsent) await access.saveAbsence(absentAt, topic.kind, name);
    if (isAbsent || !allowsRefuge(error)) return { ok: false, error };
    const standIn = topic.standIn === undefined ? held : await topic.standIn(name, held, request);
    if (standIn === undefined) return { ok: false, error };
    access.count(topic.kind, 'stale', request, topic.symbolOf?.(name));
    const notes = [`stale: ${request.offline ? '--offline asks no provider' : error.message}`];
    const answer = await topic.present(name, standIn.envelope, 'stale', notes, request);
    return answer.ok && !request.offline ? { ...answer, source: { ...answer.source, ...endOf(error) } } : answer;
  };

  function leaveTimeForRefuge(request: MarketRequest): MarketRequest {
    const { deadlineMs } = request.call;
    const keptMs = Math.min(REFUGE_MS, (deadlineMs - access.machineNow()) * REFUGE_SHARE);
    return keptMs > 0 ? { ...request, call: { ...request.call, deadlineMs: deadlineMs - keptMs } } : request;
  }

  return { takeRefuge, leaveTimeForRefuge };
}

async function tell<V, A>(
  topic: Topic<V, A>,
  name: string,
  found: Look<V> | undefined,
  request: MarketRequest,
): Promise<Outcome<A>> {
  if (found?.isWhole && found.held !== undefined) {
    const freshness = request.brought?.has(broughtAs(topic, name)) === true ? 'live' : 'cached';
    return topic.present(name, found.held.envelope, freshness, [], request);
  }
  return { ok: false, error: found?.absence ?? combineFailures([]) };
}

/** As in the key of its entry, however it is read. */
function broughtAs<V, A>({ kind }: Topic<V, A>, name: string): string {
  return `${kind}|${name}`;
}

/** What each of them asks for in turn goes together. */
async function sideBySide<T>(all: Iterable<T>, work: (one: T) => Promise<void>): Promise<void> {
  await Promise.all(Array.from(all, work));
}

/** Whether no provider is needed. Offline a stale figure says more than that there was none. */
function isAnswer(found: Look<unknown> | undefined, { offline }: MarketRequest): boolean {
  if (found?.isWhole) return true;
  return found?.absence !== undefined && (!offline || found.held === undefined);
}

/** Only what is asked for in the same way is asked for together, and no question at the pace of a warming. */
function wayOf({ kind, id = '' }: Topic<never, never> | Topic<unknown, unknown>, request: MarketRequest): string {
  return `${kind}|${id}|${request.provider ?? ''}|${String(request.offline)}|${String(request.refresh)}|${request.call.priority}`;
}

function offlineMiss(kind: EntryKind, name: string): FinError {
  const what = `${describeKind(kind)} ${name.replace(':', ' ')}`;
  return new NoDataError(`${what}: not in the cache, and --offline asks no provider`, {
    code: 'offline_miss',
    hint: 'run it once without --offline',
  });
}

/** One thing that is held in one entry per provider and asked for by itself. */
export interface Need<T> {
  kind: EntryKind;
  /** Names the thing in keys: `AAPL`, `AAPL:2026-11-20`. */
  name: string;
  symbol?: TickerSymbol;
  fetch(provider: Provider, request: MarketRequest): Promise<Fetched<T>>;
  /** The market's time of the value. */
  asOf(value: T, fetchedAt: MarketMs): MarketMs;
  notes?(value: T): string[];
  /** What is kept of a fetched value: itself, or what was held where it holds less. */
  choose?(fetched: T, held: Envelope<T>, now: MarketMs): T;
  /** When the figures were fetched, where that was before the entry: they are stale, however fresh the entry is. */
  fetchedAt?(value: T): MarketMs | undefined;
}

export function topicOf<T>(access: Access, need: Need<T>): Topic<T, T> {
  const present: Topic<T, T>['present'] = (_name, envelope, freshness, notes) => {
    const { value } = envelope;
    const olderMs = need.fetchedAt?.(value);
    const said = [...notes, ...(need.notes?.(value) ?? [])];
    const source = access.sourceOf(envelope, olderMs === undefined ? freshness : 'stale', said);
    return { ok: true, value, source: olderMs === undefined ? source : { ...source, fetchedAt: olderMs } };
  };

  /** What one provider brought is never kept as another's. */
  function chooseValue(fetched: T, held: Held<T> | undefined, slot: ProviderSlot, now: MarketMs): T {
    if (need.choose === undefined || held?.envelope.identity !== slot.identity) return fetched;
    const { envelope } = held;
    const fetchedAt = need.fetchedAt?.(envelope.value) ?? envelope.fetchedAt;
    const isUsable = access.judge(FRESHNESS_OF[need.kind], { ...envelope, fetchedAt }) !== 'unusable';
    return isUsable ? need.choose(fetched, envelope, now) : fetched;
  }

  return {
    kind: need.kind,
    id: need.name,
    symbolOf: () => need.symbol,
    present,
    async ask(_names, heldBy, request) {
      const asked = await access.askInOrder(need.kind, request, (provider, _slot, counted) =>
        need.fetch(provider, counted),
      );
      if (!asked.ok)
        return new Map([[need.name, { error: combineFailures(asked.failures), absentAt: asked.absentAt }]]);
      const { value: fetched, slot, failures } = asked;
      const held = heldBy.get(need.name);
      const fetchedAt = access.now();
      const value = chooseValue(fetched.value, held, slot, fetchedAt);
      const lost = (value === fetched.value ? fetched.lost : held?.envelope.lost) ?? [];
      const envelope = await access.save(
        slot,
        need,
        { value, sample: fetched.sample, lost },
        need.asOf(value, fetchedAt),
      );
      // What a provider does not offer at all is asked of the other one as a matter of course.
      const told = failures.filter(({ code, details }) => code !== 'plan' || details.endpoint !== undefined);
      const notes = told.map(describeFallback(slot.name));
      return new Map([[need.name, await present(need.name, envelope, 'live', notes, request)]]);
    },
  };
}
