// Bars of minutes, session by session: each is an entry of its own, final once its post session was over when it was
// fetched. Hides which sessions are held, which one request brings at each provider, and what stands in where none answers.
import {
  finalFrom,
  runningSession,
  sessionAt,
  sessionTimes,
  tradingDayStart,
  tradingDaysBetween,
} from '../domain/calendar.ts';
import { type FinError, NoDataError, planScopeOf, toFinError } from '../domain/errors.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import { barsWithin } from '../domain/intraday-bars.ts';
import type { BarHours, MarketMs, IntradayBar, IsoDate, TickerSymbol } from '../domain/types.ts';
import { describeReach, intradayStart } from '../providers/intraday-reach.ts';
import type { Fetched, IntradayBars, Provider, IntradayNeed } from '../providers/provider.ts';
import { type Access, type Held, type ProviderSlot, combineFailures, describeFallback, titleOf } from './access.ts';
import type { IntradaySeries, MarketRequest, Outcome, Source } from './market-data.ts';
import type { Obtain, Topic, Unanswered } from './obtain.ts';

/** One session's bars in columns. */
interface SessionRecord {
  at: MarketMs[];
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: number[];
  vwap?: (number | null)[];
  /** Why the provider has none of this session. */
  refused?: string;
}

interface HeldSession {
  date: IsoDate;
  held: Held<SessionRecord> | undefined;
  /** What is held is whole and may have been adjusted since (a split): it was fetched before the latest trading day began. */
  isUnproven?: boolean;
}

/** What one provider can bring of a need, and what of it is held. */
interface Plan {
  slot: ProviderSlot;
  sessions: HeldSession[];
}

/** Closes of one bar differ by more only where one of them was adjusted for a split. */
const ADJUSTMENT_TOLERANCE = 0.002;

export interface IntradayReader {
  read(symbol: TickerSymbol, need: IntradayNeed, request: MarketRequest): Promise<Outcome<IntradaySeries>>;
}

/** One symbol's range of bars, and where it may come from. */
interface RangeScope {
  access: Access;
  symbol: TickerSymbol;
  need: IntradayNeed;
}

export function createIntradayReader(access: Access, obtain: Obtain): IntradayReader {
  return {
    read: (symbol, need, request) => obtain.one(topicOf({ access, symbol, need }), nameOfRange(symbol, need), request),
  };
}

function topicOf(scope: RangeScope): Topic<Plan, IntradaySeries> {
  const { access, symbol, need } = scope;
  const name = nameOfRange(symbol, need);
  const plan = createPlanner(scope);
  const complete = createCompletion(scope);

  async function fetchMissing(
    plans: readonly Plan[],
    request: MarketRequest,
  ): Promise<Outcome<IntradaySeries> | Unanswered> {
    if (plans.length === 0) return { error: notBegun(symbol, need), absentAt: [] };
    const asked = await access.askInOrder('intraday', request, async (provider, slot, counted) => {
      const own = plans.find((each) => each.slot === slot);
      if (own === undefined || own.sessions.length === 0) throw outOfReach(symbol, need, slot);
      return complete(own, provider, counted);
    });
    if (asked.ok) return toOutcome(scope, asked.value, 'live', asked.failures.map(describeFallback(asked.slot.name)));
    return { error: combineFailures(asked.failures), absentAt: asked.absentAt };
  }

  return {
    kind: 'intraday',
    id: name,
    symbolOf: () => symbol,
    async look(_names, request) {
      const plans = await plan(request);
      const held = bestOf(plans);
      const absence =
        plans.length === 0
          ? notBegun(symbol, need)
          : (await access.lookUp<SessionRecord>('intraday', [name], request)).get(name)?.absence;
      return new Map([[name, { held, isWhole: held?.freshness === 'fresh', absence }]]);
    },
    async ask(_names, _held, request) {
      return new Map([[name, await fetchMissing(await plan(request), request)]]);
    },
    present: (_name, { value }, freshness, notes) => toOutcome(scope, value, freshness, notes),
  };
}

/** What is held of the range, for every provider that may answer. */
function createPlanner(scope: RangeScope): (request: MarketRequest) => Promise<Plan[]> {
  const { access, need } = scope;

  /** A session that was over when it was fetched does not age; what came earlier is fresh for a moment. */
  function judge({ envelope }: Held<SessionRecord>, date: IsoDate): Held<SessionRecord> {
    const { fetchedAt } = envelope;
    const isFinal = fetchedAt >= finalFrom(date);
    const state = sessionAt(fetchedAt);
    const isFresh = isFinal || access.judge('provisional_bars', { fetchedAt, state }) === 'fresh';
    return { envelope, freshness: isFresh ? 'fresh' : 'stale' };
  }

  /** Bars of the regular session are among those of all hours. */
  async function readSession(date: IsoDate, slot: ProviderSlot, request: MarketRequest): Promise<HeldSession> {
    const own = { ...request, provider: slot.name };
    let stale: Held<SessionRecord> | undefined;
    for (const each of need.hours === 'regular' ? (['regular', 'all'] as const) : (['all'] as const)) {
      const held = await access.readHeld<SessionRecord>('intraday', nameOf(scope, each, date), own);
      if (held === undefined) continue;
      const judged = judge(held, date);
      if (judged.freshness === 'fresh')
        return { date, held: judged, isUnproven: held.envelope.fetchedAt < tradingDayStart(access.now()) };
      stale ??= judged;
    }
    return { date, held: stale };
  }

  /** Of those that reach the range at all. */
  return async (request: MarketRequest) => {
    const [now, today] = [access.now(), exchangeDateOf(access.now())];
    const dates = tradingDaysBetween(need.from, need.to < today ? need.to : today).filter((date) =>
      hasBegun(date, need.hours, now),
    );
    const to = dates.at(-1);
    if (to === undefined) return [];
    const plans = access.candidates(request).map(async (slot): Promise<Plan> => {
      const start = intradayStart(slot.name, need.step, need.hours, { today, to });
      const wanted = dates.filter((date) => date >= start);
      return {
        slot,
        sessions: await Promise.all(wanted.map((date) => readSession(date, slot, request))),
      };
    });
    return Promise.all(plans);
  };
}

function isWhole({ sessions }: Plan): boolean {
  return sessions.length > 0 && sessions.every((each) => each.held?.freshness === 'fresh' && each.isUnproven !== true);
}

/** The plan of which most sessions are held, as if it were one entry: that of its newest session. */
function bestOf(plans: readonly Plan[]): Held<Plan> | undefined {
  const counts = plans.map(({ sessions }) => sessions.filter(({ held }) => held !== undefined).length);
  const value = plans.find(isWhole) ?? plans[counts.indexOf(Math.max(...counts))];
  const newest = value?.sessions.findLast(({ held }) => held !== undefined)?.held;
  if (value === undefined || newest === undefined) return undefined;
  return { envelope: { ...newest.envelope, value }, freshness: isWhole(value) ? 'fresh' : 'stale' };
}

/** Asks one provider for what is not held. */
function createCompletion(scope: RangeScope) {
  const { access, symbol, need } = scope;

  /**
   * Fetches what is not held, and with it the session of what is held by which a split shows: where the two disagree, all
   * is fetched anew.
   */
  async function complete(own: Plan, provider: Provider, request: MarketRequest): Promise<Plan> {
    const { sessions } = own;
    const isMissing = ({ held }: HeldSession): boolean => request.refresh || held?.freshness !== 'fresh';
    const [first, last] = [sessions.findIndex(isMissing), sessions.findLastIndex(isMissing)];
    const kept = sessions.map((each) => (isMissing(each) ? undefined : each));
    const proof = request.refresh ? -1 : proofAmong(kept, first);
    const indices = [first, last, proof].filter((index) => index >= 0);
    if (indices.length === 0) return own;
    const wanted = sessions.slice(Math.min(...indices), Math.max(...indices) + 1);
    const saved = await fetchSessions(own.slot, wanted, provider, request);
    const before = kept[proof];
    const others = sessions.filter(({ date }) => !saved.has(date));
    if (before !== undefined && isAdjusted(before.held, saved.get(before.date)) && others.length > 0)
      for (const [date, held] of await fetchSessions(own.slot, others, provider, request)) saved.set(date, held);
    const provenAt = access.now();
    for (const { date, held, isUnproven } of others)
      if (held !== undefined && isUnproven === true && !saved.has(date))
        saved.set(date, await prove(own.slot, date, held, provenAt));
    return {
      slot: own.slot,
      sessions: sessions.map(({ date, held }) => ({ date, held: saved.get(date) ?? held })),
    };
  }

  /** Held bars that turned out to be as the provider tells them now. */
  async function prove(
    slot: ProviderSlot,
    date: IsoDate,
    { envelope }: Held<SessionRecord>,
    at: MarketMs,
  ): Promise<Held<SessionRecord>> {
    const { value, sample, lost = [], asOf } = envelope;
    const thing = { kind: 'intraday', name: nameOf(scope, need.hours, date), symbol } as const;
    return { envelope: await access.save(slot, thing, { value, sample, lost }, asOf, at), freshness: 'fresh' };
  }

  async function fetchSessions(
    slot: ProviderSlot,
    sessions: readonly HeldSession[],
    provider: Provider,
    request: MarketRequest,
  ): Promise<Map<IsoDate, Held<SessionRecord>>> {
    const dates = sessions.map(({ date }) => date);
    const { fetched, refused } = await fetchDates(dates, provider, request);
    const { bars, from } = fetched.value;
    if (bars.length === 0)
      throw new NoDataError(
        `${symbol}: ${titleOf(slot.name)} has no ${need.step} bars from ${dates[0] ?? ''} to ${dates.at(-1) ?? ''}`,
        { symbol, hint: 'check the symbol, or choose another range' },
      );
    const fetchedAt = access.now();
    const saved = new Map<IsoDate, Held<SessionRecord>>();
    for (const date of dates) {
      const why =
        date < from
          ? `${titleOf(slot.name)} has nothing before ${from}`
          : date === refused?.date
            ? refused.why
            : undefined;
      const record = toRecord(
        bars.filter((bar) => bar.date === date),
        why,
      );
      const lost = (fetched.lost ?? []).filter((each) => (each.date ?? dates.at(-1)) === date);
      const envelope = await access.save(
        slot,
        { kind: 'intraday', name: nameOf(scope, need.hours, date), symbol },
        { value: record, sample: fetched.sample, lost },
        Math.min(fetchedAt - (fetched.delayMs ?? 0), lastInstant(date, need.hours)),
        fetchedAt,
      );
      saved.set(date, { envelope, freshness: 'fresh' });
    }
    return saved;
  }

  /** A plan that ends yesterday refuses a range with today in it: then today is left away. */
  async function fetchDates(
    dates: readonly IsoDate[],
    provider: Provider,
    request: MarketRequest,
  ): Promise<{ fetched: Fetched<IntradayBars>; refused?: { date: IsoDate; why: string } }> {
    const { step, hours } = need;
    const [from = '', to = '', before] = [dates[0], dates.at(-1), dates.at(-2)];
    try {
      return { fetched: await provider.fetchIntradayBars(symbol, { step, hours, from, to }, request.call) };
    } catch (error) {
      const isToday = to === exchangeDateOf(access.now());
      if (!isToday || before === undefined || planScopeOf(error) !== 'request') throw error;
      const fetched = await provider.fetchIntradayBars(symbol, { step, hours, from, to: before }, request.call);
      return { fetched, refused: { date: to, why: toFinError(error).message } };
    }
  }

  return complete;
}

function toOutcome(
  { access, symbol, need }: RangeScope,
  { slot, sessions }: Plan,
  state: Source['freshness'],
  notes: readonly string[],
): Outcome<IntradaySeries> {
  const held = sessions.filter((each) => each.held !== undefined);
  const bars = barsWithin(
    held.flatMap(({ held: each, date }) => (each === undefined ? [] : toBars(each.envelope.value, date))),
    need.hours,
  );
  const envelopes = held.flatMap((each) => (each.held === undefined ? [] : [each.held.envelope]));
  const newest = envelopes.at(-1);
  const last = bars.at(-1);
  if (newest === undefined || last === undefined)
    return { ok: false, error: new NoDataError(`${symbol}: no ${need.step} bars are cached`, { symbol }) };
  const refused = [...new Set(envelopes.flatMap(({ value }) => value.refused ?? []))];
  const source = access.sourceOf({ ...newest, lost: envelopes.flatMap(({ lost = [] }) => lost) }, state, [
    ...notes,
    ...refused,
  ]);
  const missing = sessions.filter((each) => each.held === undefined).map(({ date }) => date);
  return {
    ok: true,
    value: {
      symbol,
      bars,
      coveredFrom: sessions[0]?.date ?? need.from,
      ...(reachIsShort(need, sessions)
        ? { reach: `${titleOf(slot.name)} ${describeReach(slot.name, need.step, need.hours)}` }
        : {}),
      ...(missing.length > 0 ? { missing } : {}),
      running: last.date === runningSession(access.now()),
    },
    source: {
      ...source,
      asOf: Math.min(newest.asOf, lastInstant(last.date, need.hours)),
    },
  };
}

/** Whether anything can have traded: today's bars begin with its session. */
function hasBegun(date: IsoDate, hours: BarHours, now: MarketMs): boolean {
  const times = sessionTimes(date);
  return times !== undefined && now >= (hours === 'regular' ? times.open : times.preOpen);
}

function lastInstant(date: IsoDate, hours: BarHours): MarketMs {
  const times = sessionTimes(date);
  return (hours === 'regular' ? times?.close : times?.postEnd) ?? finalFrom(date);
}

function reachIsShort({ from, to }: IntradayNeed, sessions: readonly HeldSession[]): boolean {
  const [first] = tradingDaysBetween(from, to);
  return first !== undefined && sessions[0] !== undefined && first < sessions[0].date;
}

function nameOf({ symbol, need }: RangeScope, hours: BarHours, date: IsoDate): string {
  return `${symbol}:${need.step}:${hours}:${date}`;
}

function nameOfRange(symbol: TickerSymbol, { step, hours, from, to }: IntradayNeed): string {
  return `${symbol}:${step}:${hours}:${from}:${to}`;
}

function notBegun(symbol: TickerSymbol, { from, to }: IntradayNeed): FinError {
  return new NoDataError(`${symbol}: no session from ${from} to ${to} has begun`, {
    symbol,
    hint: 'choose an earlier range, or --session all for bars before the open',
  });
}

function outOfReach(symbol: TickerSymbol, need: IntradayNeed, slot: ProviderSlot): FinError {
  return new NoDataError(
    `${symbol}: no ${need.step} bars as old as ${need.to}: ${titleOf(slot.name)} ${describeReach(slot.name, need.step, need.hours)}`,
    { symbol, hint: 'choose a later range, or daily bars' },
  );
}

/**
 * Which of the held sessions is asked for again: of those that may have been adjusted since, the last of the oldest, as all
 * others came later; where none may, the one before what is missing. −1: none.
 */
function proofAmong(kept: readonly (HeldSession | undefined)[], firstMissing: number): number {
  const ages = kept.map((each): number => {
    const envelope = each?.isUnproven === true ? each.held?.envelope : undefined;
    return envelope === undefined || envelope.value.at.length === 0 ? Infinity : envelope.fetchedAt;
  });
  const oldest = Math.min(...ages);
  return oldest === Infinity ? firstMissing - 1 : ages.lastIndexOf(oldest);
}

/** Whether a bar that both have was adjusted in between. */
function isAdjusted(before: Held<SessionRecord> | undefined, after: Held<SessionRecord> | undefined): boolean {
  const [old, fresh] = [before?.envelope.value, after?.envelope.value];
  const at = old?.at[0];
  if (old === undefined || fresh === undefined || at === undefined) return false;
  const [was, is] = [old.close[0], fresh.close[fresh.at.indexOf(at)]];
  return was !== undefined && is !== undefined && Math.abs(is - was) > ADJUSTMENT_TOLERANCE * was;
}

function toRecord(bars: readonly IntradayBar[], refused: string | undefined): SessionRecord {
  const column = (name: 'at' | 'open' | 'high' | 'low' | 'close' | 'volume'): number[] => bars.map((bar) => bar[name]);
  return {
    at: column('at'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    ...(bars.some(({ vwap }) => vwap !== undefined) ? { vwap: bars.map(({ vwap }) => vwap ?? null) } : {}),
    ...(refused === undefined ? {} : { refused }),
  };
}

function toBars(record: SessionRecord, date: IsoDate): IntradayBar[] {
  return record.at.map((at, index) => {
    const vwap = record.vwap?.[index];
    return {
      date,
      at,
      open: record.open[index] ?? NaN,
      high: record.high[index] ?? NaN,
      low: record.low[index] ?? NaN,
      close: record.close[index] ?? NaN,
      volume: record.volume[index] ?? NaN,
      ...(typeof vwap === 'number' ? { vwap } : {}),
    };
  });
}
