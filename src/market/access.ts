// What is held in the cache and who can be asked: entries and remembered absences per provider, and the order of providers.
// Hides entry keys and verdicts of freshness, whose turn it is, what is counted, and the words for what failed.
import type { Counters } from '../cache/counters.ts';
import { type EntryKind, type Envelope, entryKey } from '../cache/envelope.ts';
import { type FreshnessKind, type FreshnessTable, type FreshnessVerdict, decideFreshness } from '../cache/freshness.ts';
import type { EntryStore } from '../cache/store.ts';
import { sessionAt } from '../domain/calendar.ts';
import { FinError, NoDataError, toFinError } from '../domain/errors.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import type { Clock, Freshness, MachineMs, MarketMs, ProviderName, TickerSymbol } from '../domain/types.ts';
import type { SharedState } from '../http/http.ts';
import type { Fetched, Lost, Provider } from '../providers/provider.ts';
import type { MarketRequest, Source } from './market-data.ts';

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

export interface Held<T> {
  envelope: Envelope<T>;
  freshness: 'fresh' | 'stale';
}

/** What the cache tells of one thing. */
export interface Look<T> {
  /** The best usable entry, for refuge where it is not what was looked for. */
  held?: Held<T> | undefined;
  /** Whether that answers as it is. */
  isWhole: boolean;
  /** The remembered "no such thing", while it is fresh at every provider that may answer. */
  absence?: FinError | undefined;
}

/** What a provider said that has no such thing. */
export interface Absence {
  slot: ProviderSlot;
  error: FinError;
}

export interface Access {
  readonly slots: readonly ProviderSlot[];
  now(): MarketMs;
  machineNow(): MachineMs;
  /** The slots of the providers that may answer. */
  candidates(request: MarketRequest): readonly ProviderSlot[];
  /** What is held of each, read at once. */
  lookUp<T>(
    kind: EntryKind,
    names: readonly string[],
    request: MarketRequest,
    as?: FreshnessKind,
  ): Promise<Map<string, Look<T>>>;
  /** The best usable entry over the providers that may answer, a fresh one before a stale one; `as`: by another row of the table. */
  readHeld<T>(kind: EntryKind, name: string, request: MarketRequest, as?: FreshnessKind): Promise<Held<T> | undefined>;
  save<T>(
    slot: ProviderSlot,
    thing: { kind: EntryKind; name: string; symbol?: TickerSymbol | undefined },
    fetched: Fetched<T>,
    asOf: MarketMs,
    /** Where it was made of what was fetched earlier. */
    fetchedAt?: MarketMs,
  ): Promise<Envelope<T>>;
  saveAbsence(absences: readonly Absence[], kind: EntryKind, name: string): Promise<void>;
  /** Asks the providers in the order decided now until one answers; what one does not know another may. What is sent counts for `kind`. */
  askInOrder<T>(
    kind: EntryKind,
    request: MarketRequest,
    ask: (provider: Provider, slot: ProviderSlot, request: MarketRequest) => Promise<T>,
  ): Promise<
    | { ok: true; value: T; slot: ProviderSlot; failures: FinError[] }
    | { ok: false; failures: FinError[]; absentAt: Absence[] }
  >;
  judge(kind: FreshnessKind, envelope: Pick<Envelope<unknown>, 'fetchedAt' | 'state' | 'symbol'>): FreshnessVerdict;
  /** What a held value says of itself. */
  sourceOf(envelope: Envelope<unknown>, freshness: Freshness, notes?: string[]): Source;
  /** Nobody asked for what is warmed: it is told to the log and not counted. */
  count(kind: EntryKind, result: 'hit' | 'stale' | 'miss', request: MarketRequest, symbol?: TickerSymbol): void;
  /** Starts to time an answer from the cache; the function given back records it for the provider it once came from. */
  timeHit(request: MarketRequest): (envelope: Envelope<unknown>) => void;
}

/** So many rows are named one by one. */
const MOST_NOTES = 4;
/** The row of the freshness table that an entry goes by. */
export const FRESHNESS_OF: Record<EntryKind, FreshnessKind> = {
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
  events: 'events',
  news: 'news',
  search: 'search',
};

export function createAccess(dependencies: AccessDependencies): Access {
  const { slots, freshness, clock } = dependencies;
  const judge: Access['judge'] = (kind, envelope) => decideFreshness(kind, envelope, clock.now(), freshness);
  const candidates: Access['candidates'] = ({ provider }) =>
    provider === undefined ? slots : slots.filter((slot) => slot.name === provider);
  return {
    slots,
    candidates,
    now: () => clock.now(),
    machineNow: () => clock.machineNow(),
    judge,
    sourceOf,
    ...createLooking(dependencies, candidates, judge),
    ...createKeeping(dependencies),
    ...createAsking(dependencies, candidates),
    ...createCounting(dependencies),
  };
}

function keyOf(kind: EntryKind, slot: ProviderSlot, name: string): string {
  return entryKey(kind, slot.identity, name);
}

/** What is held. */
function createLooking(
  { store, clock }: AccessDependencies,
  candidates: Access['candidates'],
  judge: Access['judge'],
): Pick<Access, 'lookUp' | 'readHeld'> {
  async function lookUp<T>(
    kind: EntryKind,
    names: readonly string[],
    request: MarketRequest,
    as = FRESHNESS_OF[kind],
  ): Promise<Map<string, Look<T>>> {
    const asked = candidates(request);
    const absenceOf = (name: string): string[] => asked.map((slot) => keyOf('negative', slot, `${kind}:${name}`));
    const looks = new Map<string, Look<T>>();

    function lookIn(name: string, read: (key: string) => Envelope<unknown> | undefined): Look<T> {
      const usable = asked.flatMap((slot): Held<T>[] => {
        const envelope = read(keyOf(kind, slot, name)) as Envelope<T> | undefined;
        const verdict = envelope === undefined ? 'unusable' : judge(as, envelope);
        return envelope === undefined || verdict === 'unusable' ? [] : [{ envelope, freshness: verdict }];
      });
      const fresh = usable.find((held) => held.freshness === 'fresh');
      const newest = usable.toSorted((a, b) => b.envelope.fetchedAt - a.envelope.fetchedAt).at(0);
      return { held: fresh ?? newest, isWhole: fresh !== undefined };
    }

    // A fresh entry answers whatever others have saved since; a series does not, because others extend it.
    for (const name of kind === 'bars' ? [] : names) {
      const look = lookIn(name, (key) => store.peek(key));
      if (look.isWhole) looks.set(name, look);
    }
    const rest = names.filter((name) => !looks.has(name));
    if (rest.length === 0) return looks;
    const entries = await store.getMany(
      rest.flatMap((name) => [...asked.map((slot) => keyOf(kind, slot, name)), ...absenceOf(name)]),
    );
    for (const name of rest) {
      const absence = await decideAbsence(absenceOf(name), entries);
      looks.set(name, { ...lookIn(name, (key) => entries.get(key)), absence });
    }
    return looks;
  }

  /** The remembered "no such thing", while it is fresh at every provider that may answer, as each of them said it. */
  async function decideAbsence(
    keys: readonly string[],
    entries: ReadonlyMap<string, Envelope<unknown>>,
  ): Promise<FinError | undefined> {
    const found: FinError[] = [];
    for (const key of keys) {
      const entry = entries.get(key);
      if (entry === undefined || judge('empty', entry) !== 'fresh') {
        // Of a clock that was ahead: nothing saves over it, and it would be believed when that time comes.
        if (entry !== undefined && entry.fetchedAt > clock.now()) await store.set(key, { ...entry, fetchedAt: 0 });
        return undefined;
      }
      const { message, hint } = entry.value as { message: string; hint?: string };
      found.push(new NoDataError(message, hint === undefined ? {} : { hint }));
    }
    return found.length === 0 ? undefined : combineFailures(found);
  }

  const readHeld = async <T>(kind: EntryKind, name: string, request: MarketRequest, as?: FreshnessKind) =>
    (await lookUp<T>(kind, [name], request, as)).get(name)?.held;

  return { lookUp, readHeld };
}

/** What is brought, and what is said not to be. */
function createKeeping({ store, clock }: AccessDependencies): Pick<Access, 'save' | 'saveAbsence'> {
  async function save<T>(
    slot: ProviderSlot,
    thing: { kind: EntryKind; name: string; symbol?: TickerSymbol | undefined },
    fetched: Fetched<T>,
    asOf: MarketMs,
    fetchedAt = clock.now(),
  ): Promise<Envelope<T>> {
    const envelope: Envelope<T> = {
      v: 1,
      identity: slot.identity,
      provider: slot.name,
      kind: thing.kind,
      ...(thing.symbol === undefined ? {} : { symbol: thing.symbol }),
      value: fetched.value,
      fetchedAt,
      asOf,
      state: sessionAt(fetchedAt),
      sample: fetched.sample,
      ...(fetched.lost === undefined || fetched.lost.length === 0 ? {} : { lost: fetched.lost }),
    };
    await store.set(keyOf(thing.kind, slot, thing.name), envelope);
    return envelope;
  }

  async function saveAbsence(absentAt: readonly Absence[], kind: EntryKind, name: string): Promise<void> {
    for (const { slot, error } of absentAt)
      await save(
        slot,
        { kind: 'negative', name: `${kind}:${name}` },
        {
          value: { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) },
          sample: slot.name === 'sample',
        },
        clock.now(),
      );
  }

  return { save, saveAbsence };
}

/** Whose turn it is. */
function createAsking(
  { counters, clock }: AccessDependencies,
  candidates: Access['candidates'],
): Pick<Access, 'askInOrder'> {
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
    const absentAt: Absence[] = [];
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
        if (error.code === 'no_data') absentAt.push({ slot, error });
        countedRequest.call.report({ type: 'detail', text: describeInFull(error) });
        if (!canAnotherAnswer(error)) break;
      }
    }
    return { ok: false, failures, absentAt };
  };

  return { askInOrder };
}

/** What is counted of answers. */
function createCounting({ counters }: AccessDependencies): Pick<Access, 'count' | 'timeHit'> {
  function count(
    kind: EntryKind,
    result: 'hit' | 'stale' | 'miss',
    request: MarketRequest,
    symbol?: TickerSymbol,
  ): void {
    request.call.report({ type: 'cache', kind, state: result, ...(symbol === undefined ? {} : { symbol }) });
    if (request.call.priority !== 'question') return;
    counters.count(kind, ({ hit: 'hits', stale: 'staleHits', miss: 'misses' } as const)[result]);
    // What is shown stale was a miss until the provider failed: one thing counts once.
    const wasMiss = result === 'stale' && !request.offline;
    if (wasMiss) counters.count(kind, 'misses', -1);
    // What is warmed is of symbols: a contract has no series and no chain.
    else if (symbol !== undefined && !isOptionSymbol(symbol)) counters.recordUse(symbol);
  }

  /** Clocks of milliseconds say 0 for an answer from the cache. */
  function timeHit(request: MarketRequest): (envelope: Envelope<unknown>) => void {
    if (request.call.priority !== 'question') return () => undefined;
    const started = process.hrtime();
    return (envelope) => {
      const [seconds, nanoseconds] = process.hrtime(started);
      counters.recordLatency(envelope.provider, true, seconds * 1_000 + nanoseconds / 1e6);
    };
  }

  return { count, timeHit };
}

function sourceOf(envelope: Envelope<unknown>, state: Freshness, notes: string[] = []): Source {
  return {
    provider: envelope.provider,
    sample: envelope.sample,
    asOf: envelope.asOf,
    fetchedAt: envelope.fetchedAt,
    freshness: state,
    notes: [...notes, ...notesOfLost(envelope.lost)],
    ...lossOf(envelope.lost),
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
  return [`${first}; and ${others.length} more like this`];
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
      hint: 'set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY, or omit --provider',
    });
  if (others.length === 0) return first;
  const absent = failures.find((error) => error.code === 'no_data');
  const failed = failures.find((error) => error.code !== 'no_data' && (absent === undefined || error.code !== 'plan'));
  const main = failed ?? absent ?? first;
  // `ZZZZ: no such symbol at Tradier; no such symbol at Polygon`
  const [subject = ''] = /^[^:]*: /.exec(first.message) ?? [];
  const causes = others.map(({ message }) => (message.startsWith(subject) ? message.slice(subject.length) : message));
  return new FinError(main.code, [first.message, ...causes].join('; '), { ...main.details, cause: first });
}

export function titleOf(provider: ProviderName): string {
  return { polygon: 'Polygon', tradier: 'Tradier', sample: 'the sample market' }[provider];
}

/** For who waits: a limit is full, and the request goes by itself when it is free. */
export function describeWait({ ms, provider }: { ms: number; provider: ProviderName }): string {
  return `waiting ${Math.ceil(ms / 1000)} s for a free request at ${titleOf(provider)}`;
}

export function describeKind(kind: EntryKind): string {
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
    events: 'events of',
    news: 'news of',
    search: 'search for',
  }[kind];
}
