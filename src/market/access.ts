// The order of refuge for one thing: fresh cache, provider, other provider, stale cache, error naming every cause.
// Hides entry keys, negative answers, requests under way in this and other processes, and who is asked first.
import type { Counters } from '../cache/counters.ts';
import { type EntryKind, type Envelope, entryKey } from '../cache/envelope.ts';
import { type BasketOptions, type Leased, createLeaseOwner, withLeases } from '../cache/lease.ts';
import { type FreshnessKind, type FreshnessTable, type FreshnessVerdict, decideFreshness } from '../cache/freshness.ts';
import type { EntryStore } from '../cache/store.ts';
import { sessionAt } from '../domain/calendar.ts';
import { FinError, NoDataError, toFinError } from '../domain/errors.ts';
import type { Clock, EpochMs, Freshness, ProviderName, TickerSymbol } from '../domain/types.ts';
import { delay } from '../http/delay.ts';
import type { SharedState } from '../http/http.ts';
import type { Fetched, Lost, Provider } from '../providers/provider.ts';
import type { MarketRequest, Outcome, Source } from './market-data.ts';
import { createSingleFlight } from './single-flight.ts';

/** A configured provider whose code is loaded when it is asked for the first time. */
export interface ProviderSlot {
  name: ProviderName;
  /** Name, origin and environment: what one identity brought is never served for another. */
  identity: string;
  load(): Promise<Provider>;
}

export interface AccessDependencies {
  store: EntryStore;
  counters: Counters;
  /** In order of preference. */
  slots: readonly ProviderSlot[];
  freshness: FreshnessTable;
  clock: Clock;
  /** Where processes agree on who asks; absent: each asks for itself. */
  leases?: Pick<SharedState, 'claimLeases' | 'releaseLeases'>;
}

/** One thing that can be held in one entry per provider. */
export interface Need<T> {
  kind: EntryKind;
  /** Names the thing in keys: `AAPL`, `AAPL:2026-11-20`. */
  name: string;
  symbol?: TickerSymbol;
  fetch(provider: Provider, request: MarketRequest): Promise<Fetched<T>>;
  /** The market's time of the value. */
  asOf(value: T, fetchedAt: EpochMs): EpochMs;
  notes?(value: T): string[];
  /** What is kept of a fetched value: itself, or what was held where it holds less. */
  choose?(fetched: T, held: Envelope<T>, now: EpochMs): T;
  /** When the figures were fetched, where that was before the entry: they are stale, however fresh the entry is. */
  fetchedAt?(value: T): EpochMs | undefined;
}

export interface Held<T> {
  envelope: Envelope<T>;
  freshness: 'fresh' | 'stale';
}

export interface Access {
  readonly slots: readonly ProviderSlot[];
  now(): EpochMs;
  machineNow(): EpochMs;
  /** Fresh entry, else provider, else stale entry. Equal needs under way are shared. */
  obtain<T>(need: Need<T>, request: MarketRequest): Promise<Outcome<T>>;
  /** The best usable entry over the providers that may answer, a fresh one before a stale one; `as`: by another row of the table. */
  readHeld<T>(kind: EntryKind, name: string, request: MarketRequest, as?: FreshnessKind): Promise<Held<T> | undefined>;
  /** The remembered "no such thing", while it is fresh at every provider that may answer. */
  readAbsence(kind: EntryKind, name: string, request: MarketRequest): Promise<FinError | undefined>;
  save<T>(
    slot: ProviderSlot,
    need: Pick<Need<T>, 'kind' | 'name' | 'symbol'>,
    fetched: Fetched<T>,
    asOf: EpochMs,
    /** Where it was made of what was fetched earlier. */
    fetchedAt?: EpochMs,
  ): Promise<Envelope<T>>;
  saveAbsence(slots: readonly ProviderSlot[], kind: EntryKind, name: string, error: FinError): Promise<void>;
  /** Asks the providers in the order decided now until one answers; what one does not know another may. What is sent counts for `kind`. */
  askInOrder<T>(
    kind: EntryKind,
    request: MarketRequest,
    ask: (provider: Provider, slot: ProviderSlot, request: MarketRequest) => Promise<T>,
  ): Promise<
    | { ok: true; value: T; slot: ProviderSlot; failures: FinError[] }
    | { ok: false; failures: FinError[]; absentAt: ProviderSlot[] }
  >;
  /**
   * Asks for what no other process is asking for, in one request, and takes what the others save. `load` looks into the
   * cache again. Rejects where the time ends during a wait.
   */
  share<T>(
    kind: EntryKind,
    names: readonly string[],
    request: MarketRequest,
    work: Pick<BasketOptions<T>, 'load' | 'fetch'>,
  ): Promise<Map<string, T>>;
  /** The request with its deadline so much earlier that a stale answer is still printed in time. */
  leaveTimeForRefuge(request: MarketRequest): MarketRequest;
  /** What a held value says of itself. */
  sourceOf(envelope: Envelope<unknown>, freshness: Freshness, notes?: string[]): Source;
  /** Nobody asked for what is warmed: it is told to the log and not counted. */
  count(kind: EntryKind, result: 'hit' | 'stale' | 'miss', request: MarketRequest, symbol?: TickerSymbol): void;
  /** Starts to time an answer from the cache; the function given back records it for the provider it once came from. */
  timeHit(request: MarketRequest): (envelope: Envelope<unknown>) => void;
}

/** Longest time kept for printing a stale answer, and the part of what is left that it may take. */
const REFUGE_MS = 500;
const REFUGE_SHARE = 0.1;
/** So many rows are named one by one. */
const MOST_NOTES = 4;
/** Longest wait for another process: one attempt. */
const MAX_LEASE_WAIT_MS = 10_000;

/** The row of the freshness table that an entry goes by. */
const FRESHNESS_OF: Record<EntryKind, FreshnessKind> = {
  quote: 'quote',
  bars: 'finished_bars',
  intraday: 'finished_bars',
  grouped: 'finished_bars',
  chain: 'chain',
  expirations: 'expirations',
  market: 'market',
  negative: 'empty',
  window: 'finished_bars',
  calendar: 'finished_bars',
};

export function createAccess(dependencies: AccessDependencies): Access {
  const { store, counters, slots, freshness, clock } = dependencies;
  const shareUnderWay = createSingleFlight<unknown>(() => clock.machineNow());
  /** One for all needs of this process: equal ones in it are shared without a look at the file. */
  let owner: string | undefined;

  const candidates = (request: MarketRequest): readonly ProviderSlot[] =>
    request.provider === undefined ? slots : slots.filter((slot) => slot.name === request.provider);

  const keyOf = (kind: EntryKind, slot: ProviderSlot, name: string): string => entryKey(kind, slot.identity, name);

  const judge = (kind: FreshnessKind, envelope: Envelope<unknown>): FreshnessVerdict =>
    decideFreshness(kind, envelope, clock.now(), freshness);

  function count(
    kind: EntryKind,
    result: 'hit' | 'stale' | 'miss',
    request: MarketRequest,
    symbol?: TickerSymbol,
  ): void {
    request.call.report({ type: 'cache', kind, state: result, ...(symbol === undefined ? {} : { symbol }) });
    if (request.call.priority === 'warm') return;
    counters.count(kind, ({ hit: 'hits', stale: 'staleHits', miss: 'misses' } as const)[result]);
    // What is shown stale was a miss until the provider failed: one thing counts once.
    const wasMiss = result === 'stale' && !request.offline;
    if (wasMiss) counters.count(kind, 'misses', -1);
    else if (symbol !== undefined) counters.recordUse(symbol);
  }

  /** Clocks of milliseconds say 0 for an answer from the cache. */
  function timeHit(request: MarketRequest): (envelope: Envelope<unknown>) => void {
    if (request.call.priority === 'warm') return () => undefined;
    const started = process.hrtime();
    return (envelope) => {
      const [seconds, nanoseconds] = process.hrtime(started);
      counters.recordLatency(envelope.provider, true, seconds * 1_000 + nanoseconds / 1e6);
    };
  }

  async function readHeld<T>(
    kind: EntryKind,
    name: string,
    request: MarketRequest,
    as = FRESHNESS_OF[kind],
  ): Promise<Held<T> | undefined> {
    let stale: Held<T> | undefined;
    for (const slot of candidates(request)) {
      const key = keyOf(kind, slot, name);
      // A fresh entry answers whatever others have saved since; a series does not, because others extend it.
      const recalled = kind === 'bars' ? undefined : store.peek<T>(key);
      const envelope = recalled !== undefined && judge(as, recalled) === 'fresh' ? recalled : await store.get<T>(key);
      if (envelope === undefined) continue;
      const verdict = judge(as, envelope);
      if (verdict === 'fresh') return { envelope, freshness: 'fresh' };
      if (verdict === 'stale' && (stale === undefined || envelope.fetchedAt > stale.envelope.fetchedAt))
        stale = { envelope, freshness: 'stale' };
    }
    return stale;
  }

  async function readAbsence(kind: EntryKind, name: string, request: MarketRequest): Promise<FinError | undefined> {
    let found: FinError | undefined;
    for (const slot of candidates(request)) {
      const entry = await store.get<{ message: string; hint?: string }>(keyOf('negative', slot, `${kind}:${name}`));
      if (entry === undefined || judge('empty', entry) !== 'fresh') return undefined;
      const { message, hint } = entry.value;
      found ??= new NoDataError(message, hint === undefined ? {} : { hint });
    }
    return found;
  }

  async function save<T>(
    slot: ProviderSlot,
    need: Pick<Need<T>, 'kind' | 'name' | 'symbol'>,
    fetched: Fetched<T>,
    asOf: EpochMs,
    fetchedAt = clock.now(),
  ): Promise<Envelope<T>> {
    const envelope: Envelope<T> = {
      v: 1,
      identity: slot.identity,
      provider: slot.name,
      kind: need.kind,
      ...(need.symbol === undefined ? {} : { symbol: need.symbol }),
      value: fetched.value,
      fetchedAt,
      asOf,
      state: sessionAt(fetchedAt),
      sample: fetched.sample,
      ...(fetched.lost === undefined || fetched.lost.length === 0 ? {} : { lost: fetched.lost }),
    };
    await store.set(keyOf(need.kind, slot, need.name), envelope);
    return envelope;
  }

  async function saveAbsence(
    absentAt: readonly ProviderSlot[],
    kind: EntryKind,
    name: string,
    error: FinError,
  ): Promise<void> {
    const value = { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
    for (const slot of absentAt)
      await save(
        slot,
        { kind: 'negative', name: `${kind}:${name}` },
        { value, sample: slot.name === 'sample' },
        clock.now(),
      );
  }

  /** Preferred order, but a provider without a free slot comes after those that could send now: nobody waits needlessly. */
  async function decideOrder(request: MarketRequest): Promise<{ slot: ProviderSlot; provider: Provider }[]> {
    const loaded = await Promise.all(candidates(request).map(async (slot) => ({ slot, provider: await slot.load() })));
    if (loaded.length < 2) return loaded;
    const isFree = await Promise.all(loaded.map(({ provider }) => provider.hasFreeSlot()));
    return [...loaded.filter((_, index) => isFree[index]), ...loaded.filter((_, index) => !isFree[index])];
  }

  /** The same request, whose sent requests are counted for a kind of entry. */
  function counted(kind: EntryKind, request: MarketRequest): MarketRequest {
    const report: MarketRequest['call']['report'] = (event) => {
      if (event.type === 'request') counters.count(kind, 'providerCalls');
      if (event.type === 'request' && isFailure(event.error)) counters.count(kind, 'errors');
      if (event.type === 'coalesced') counters.count(kind, 'coalesced');
      request.call.report(event);
    };
    return { ...request, call: { ...request.call, report } };
  }

  const askInOrder: Access['askInOrder'] = async (kind, request, ask) => {
    const failures: FinError[] = [];
    const countedRequest = counted(kind, request);
    const absentAt: ProviderSlot[] = [];
    for (const { slot, provider } of await decideOrder(request)) {
      const startedMs = clock.machineNow();
      try {
        const value = await ask(provider, slot, countedRequest);
        // Nobody waits for a warming, which waits for the limit itself.
        if (request.call.priority !== 'warm') counters.recordLatency(slot.name, false, clock.machineNow() - startedMs);
        return { ok: true, value, slot, failures };
      } catch (thrown) {
        const error = toFinError(thrown);
        failures.push(error);
        if (error.code === 'no_data') absentAt.push(slot);
        countedRequest.call.report({ type: 'detail', text: describeInFull(error) });
        if (!canAnotherAnswer(error)) break;
      }
    }
    return { ok: false, failures, absentAt };
  };

  /** The built-in sample market is asked without a lease: its answer costs less than one. */
  async function share<T>(
    kind: EntryKind,
    names: readonly string[],
    request: MarketRequest,
    work: Pick<BasketOptions<T>, 'load' | 'fetch'>,
  ): Promise<Map<string, T>> {
    const identities = candidates(request).map((slot) => slot.identity);
    const { leases } = dependencies;
    // What another process brings is a cache entry, and --refresh skips those.
    if (leases === undefined || request.refresh || candidates(request).every((slot) => slot.name === 'sample'))
      return new Map(await work.fetch(names));
    // A question does not wait for a warming, which takes its time.
    const prefix = `${request.call.priority}|${kind}|${identities.join('|')}|`;
    const nameOf = (lease: string): string => lease.slice(prefix.length);
    const answers = await withLeases<T>({
      state: leases,
      owner: (owner ??= createLeaseOwner()),
      names: names.map((name) => prefix + name),
      machineNow: () => clock.machineNow(),
      delay,
      signal: request.call.signal,
      maxWaitMs: Math.max(0, Math.min(MAX_LEASE_WAIT_MS, request.call.deadlineMs - clock.machineNow())),
      load: (lease) => work.load(nameOf(lease)),
      fetch: async (wanted) =>
        new Map([...(await work.fetch(wanted.map(nameOf)))].map(([name, value]) => [prefix + name, value])),
    });
    return new Map([...answers].map(([lease, answer]) => [nameOf(lease), takeShared(kind, answer)]));
  }

  function takeShared<T>(kind: EntryKind, answer: Leased<T>): T {
    if (answer.shared) counters.count(kind, 'coalesced');
    return answer.value;
  }

  function leaveTimeForRefuge(request: MarketRequest): MarketRequest {
    const { deadlineMs } = request.call;
    const keptMs = Math.min(REFUGE_MS, (deadlineMs - clock.machineNow()) * REFUGE_SHARE);
    return keptMs > 0 ? { ...request, call: { ...request.call, deadlineMs: deadlineMs - keptMs } } : request;
  }

  const sourceOf: Access['sourceOf'] = (envelope, state, notes = []) => ({
    provider: envelope.provider,
    sample: envelope.sample,
    asOf: envelope.asOf,
    fetchedAt: envelope.fetchedAt,
    freshness: state,
    notes: [...notes, ...notesOfLost(envelope.lost)],
    ...lossOf(envelope.lost),
  });

  function answerFrom<T>(
    need: Need<T>,
    envelope: Envelope<T>,
    state: Freshness,
    notes: readonly string[] = [],
  ): Outcome<T> & { ok: true } {
    const { value } = envelope;
    const olderMs = need.fetchedAt?.(value);
    const source = sourceOf(envelope, olderMs === undefined ? state : 'stale', [
      ...notes,
      ...(need.notes?.(value) ?? []),
    ]);
    return { ok: true, value, source: olderMs === undefined ? source : { ...source, fetchedAt: olderMs } };
  }

  /** What one provider brought is never kept as another's. */
  function chooseValue<T>(need: Need<T>, fetched: T, held: Held<T> | undefined, slot: ProviderSlot, now: EpochMs): T {
    if (need.choose === undefined || held?.envelope.identity !== slot.identity) return fetched;
    const { envelope } = held;
    const fetchedAt = need.fetchedAt?.(envelope.value) ?? envelope.fetchedAt;
    return judge(FRESHNESS_OF[need.kind], { ...envelope, fetchedAt }) === 'unusable'
      ? fetched
      : need.choose(fetched, envelope, now);
  }

  async function fetchNeed<T>(need: Need<T>, request: MarketRequest, stale: Held<T> | undefined): Promise<Outcome<T>> {
    const asked = await askInOrder(need.kind, request, async (provider, _slot, counted) =>
      need.fetch(provider, counted),
    );
    if (asked.ok) {
      const fetchedAt = clock.now();
      const value = chooseValue(need, asked.value.value, stale, asked.slot, fetchedAt);
      const lost = (value === asked.value.value ? asked.value.lost : stale?.envelope.lost) ?? [];
      const { sample } = asked.value;
      const envelope = await save(asked.slot, need, { value, sample, lost }, need.asOf(value, fetchedAt));
      return answerFrom(need, envelope, 'live', asked.failures.map(describeFallback(asked.slot.name)));
    }
    const error = combineFailures(asked.failures);
    if (error.code === 'no_data') await saveAbsence(asked.absentAt, need.kind, need.name, error);
    if (error.code === 'no_data' || stale === undefined || !allowsRefuge(error)) return { ok: false, error };
    return serveStale(need, stale, error, request);
  }

  function serveStale<T>(need: Need<T>, stale: Held<T>, error: FinError, request: MarketRequest): Outcome<T> {
    count(need.kind, 'stale', request, need.symbol);
    const answer = answerFrom(need, stale.envelope, 'stale', [`stale: ${error.message}`]);
    return { ...answer, source: { ...answer.source, ...endOf(error) } };
  }

  /** What needs no provider: a fresh value, or the remembered absence of one. */
  async function readFresh<T>(
    need: Need<T>,
    request: MarketRequest,
  ): Promise<{ outcome?: Outcome<T>; held?: Held<T> }> {
    const held = await readHeld<T>(need.kind, need.name, request);
    if (held?.freshness === 'fresh') return { held, outcome: answerFrom(need, held.envelope, 'cached') };
    const absence = request.offline ? undefined : await readAbsence(need.kind, need.name, request);
    return {
      ...(held === undefined ? {} : { held }),
      ...(absence === undefined ? {} : { outcome: { ok: false, error: absence } }),
    };
  }

  async function obtainOnce<T>(need: Need<T>, request: MarketRequest): Promise<Outcome<T>> {
    const recordHit = timeHit(request);
    const { outcome, held } = request.refresh ? {} : await readFresh(need, request);
    if (outcome !== undefined) {
      count(need.kind, 'hit', request, need.symbol);
      if (held !== undefined) recordHit(held.envelope);
      return outcome;
    }
    if (request.offline) {
      if (held !== undefined)
        return serveStale(need, held, new NoDataError('--offline asks no provider', { code: 'offline_miss' }), request);
      return { ok: false, error: offlineMiss(need.kind, need.name) };
    }
    count(need.kind, 'miss', request, need.symbol);
    const stale = held ?? (request.refresh ? await readHeld<T>(need.kind, need.name, request) : undefined);
    return askShared(need, stale === undefined ? request : leaveTimeForRefuge(request), stale);
  }

  async function askShared<T>(need: Need<T>, request: MarketRequest, stale: Held<T> | undefined): Promise<Outcome<T>> {
    try {
      const answers = await share<Outcome<T>>(need.kind, [need.name], request, {
        load: async () => (await readFresh(need, request)).outcome,
        fetch: async () => new Map([[need.name, await fetchNeed(need, request, stale)]]),
      });
      return answers.get(need.name) ?? { ok: false, error: combineFailures([]) };
    } catch (thrown) {
      const error = toFinError(thrown);
      return stale === undefined || !allowsRefuge(error)
        ? { ok: false, error }
        : serveStale(need, stale, error, request);
    }
  }

  return {
    slots,
    now: () => clock.now(),
    machineNow: () => clock.machineNow(),
    readHeld,
    readAbsence,
    save,
    saveAbsence,
    askInOrder,
    share,
    leaveTimeForRefuge,
    sourceOf,
    count,
    timeHit,
    obtain<T>(need: Need<T>, request: MarketRequest): Promise<Outcome<T>> {
      const name = `${need.kind}|${need.name}|${request.provider ?? ''}|${String(request.offline)}|${String(request.refresh)}`;
      return shareUnderWay(name, request, () => obtainOnce(need, request)) as Promise<Outcome<T>>;
    },
  };
}

/** Whether another provider may know better: what concerns only this provider's service, key, plan or list of symbols. */
export function canAnotherAnswer(error: FinError): boolean {
  return ['no_data', 'unavailable', 'rate_limited', 'unauthorized', 'plan', 'bad_payload'].includes(error.code);
}

/** What a source says of rows that could be read and cannot be true. */
function notesOfLost(lost: readonly Lost[] = []): string[] {
  const notes = lost.filter(({ isNote }) => isNote === true).map(({ message }) => message);
  const [first, ...others] = notes;
  if (first === undefined || others.length < MOST_NOTES) return notes;
  return [`${first}; so are ${others.length} more`];
}

/** What could not be read is no note but an error beside the figures. */
function lossOf(lost: readonly Lost[] = []): Pick<Source, 'lost'> {
  const unreadable = lost.filter(({ isNote }) => isNote !== true);
  return unreadable.length === 0 ? {} : { lost: unreadable };
}

/** Whether something held may stand in: not for who gave up, and never over a defect of ours. */
export function allowsRefuge(error: FinError): boolean {
  return error.code !== 'cancelled' && error.code !== 'internal';
}

/** An unknown symbol and a reader's Ctrl-C are no failures of a provider. */
function isFailure(code: string | undefined): boolean {
  return code !== undefined && code !== 'no_data' && code !== 'cancelled';
}

/** What a source says of an error beside its figures: a deadline ends the run, other failures are only told. */
export function endOf(error: FinError): Pick<Source, 'failure' | 'endedBy'> {
  return error.code === 'timeout' ? { failure: error, endedBy: error } : { failure: error };
}

/** A note for the reader that the first choice failed and who answered. */
export function describeFallback(answeredBy: ProviderName): (error: FinError) => string {
  return (error) => `${titleOf(answeredBy)} answered: ${error.message}`;
}

/** For `--verbose`: where it happened and, where the provider said something unreadable, a redacted piece of it. */
function describeInFull(error: FinError): string {
  return [error.stack ?? error.message, error.details.excerpt]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
}

/**
 * All causes in one error; the code is that of the most telling one: a failure goes before "no data". A plan that does not
 * include something takes away nothing from a provider that looked and found none.
 */
export function combineFailures(failures: readonly FinError[]): FinError {
  const [first, ...others] = failures;
  if (first === undefined)
    return new FinError('config', 'no provider: none is configured for this request', {
      hint: 'set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY, or leave --provider away',
    });
  if (others.length === 0) return first;
  const absent = failures.find((error) => error.code === 'no_data');
  const failed = failures.find((error) => error.code !== 'no_data' && (absent === undefined || error.code !== 'plan'));
  const main = failed ?? absent ?? first;
  return new FinError(main.code, failures.map((error) => error.message).join('; '), { ...main.details, cause: first });
}

export function offlineMiss(kind: EntryKind, name: string): FinError {
  return new NoDataError(
    `${describeKind(kind)} ${name.replace(':', ' ')}: not in the cache, and --offline asks no provider`,
    {
      code: 'offline_miss',
      hint: 'run it once without --offline',
    },
  );
}

export function titleOf(provider: ProviderName): string {
  return { polygon: 'Polygon', tradier: 'Tradier', sample: 'the sample market' }[provider];
}

function describeKind(kind: EntryKind): string {
  return {
    quote: 'quote of',
    bars: 'bars of',
    intraday: 'intraday bars of',
    grouped: 'bars of the whole market on',
    chain: 'option chain of',
    expirations: 'expirations of',
    market: 'market status',
    negative: 'answer for',
    window: 'plan window of',
    calendar: 'exchange calendar of',
  }[kind];
}
