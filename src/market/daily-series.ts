// One daily series per symbol serves history, weekly and monthly bars, indicators and levels.
// Hides which part of it is held, which is asked for, and how the running session's bar comes from a quote.
import {
  closeOf,
  finalFrom,
  lastFinishedSession,
  runningSession,
  sessionAt,
  sessionTimes,
  tradingDayStart,
} from '../domain/calendar.ts';
import { type FinError, NoDataError, isFinError, toFinError } from '../domain/errors.ts';
import { addDays, addMonths, exchangeDateOf } from '../domain/exchange-time.ts';
import type { Bar, EpochMs, IsoDate, Quote, TickerSymbol } from '../domain/types.ts';
import type { Fetched, Lost, Provider } from '../providers/provider.ts';
import { decideFreshness, type FreshnessKind, type FreshnessTable } from '../cache/freshness.ts';
import type { Envelope } from '../cache/envelope.ts';
import {
  type Access,
  type Held,
  type Absence,
  type ProviderSlot,
  allowsRefuge,
  combineFailures,
  describeFallback,
  endOf,
  offlineMiss,
} from './access.ts';
import type { DailySeries, DateRange, MarketRequest, Outcome, Source } from './market-data.ts';
import { type RunningBar, barOfQuote, isEnding, joinSources, notAdjusted, withoutRunningBar } from './running-bar.ts';
import { createSingleFlight } from './single-flight.ts';
import {
  type MissingPart,
  type SeriesRecord,
  createRecord,
  decideMissing,
  endOfRecord,
  isAdjustedSince,
  isProvisional,
  joinRecords,
  lastDate,
  toBars,
  lostWithin,
} from './series-record.ts';
import { lacksSession, unknownSymbol } from './series-refusals.ts';

/** What one request brings: 1,260 sessions, so that an EMA200 has settled. */
const SERIES_MONTHS = 61;
/** Calendar days before a range, so that the bar before it is there on any weekend or holiday. */
const LEAD_DAYS = 12;
/** A free Polygon plan holds two years; one day less keeps clear of its edge. */
const SHORT_PLAN_MONTHS = 24;

export interface SeriesDependencies {
  access: Access;
  freshness: FreshnessTable;
  /** A quote of the running session, never a finished session's bar. */
  runningQuote(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Quote>>;
}

export interface DailySeriesReader {
  read(symbol: TickerSymbol, request: MarketRequest, dates?: DateRange): Promise<Outcome<DailySeries>>;
}

interface Frame {
  now: EpochMs;
  today: IsoDate;
  lastFinished: IsoDate;
  runningDate: IsoDate | undefined;
  /** The dates of the question. */
  asked: { from: IsoDate; to: IsoDate };
  /** Since when splits of the latest trading day are in what a provider sends. */
  adjustedFrom: EpochMs;
  from: IsoDate;
  /** Last date that is of interest: before today the running session is left alone. */
  to: IsoDate;
  wholeFrom: IsoDate;
  /** Nobody named a start: as much as there is. */
  wantsAll: boolean;
}

interface Fresh {
  held: Held<SeriesRecord> | undefined;
  missing: MissingPart;
  absence?: FinError | undefined;
}

export function createDailySeriesReader({ access, freshness, runningQuote }: SeriesDependencies): DailySeriesReader {
  const shareUnderWay = createSingleFlight<DailySeries>(() => access.machineNow());

  function createFrame({ from, to }: DateRange): Frame {
    const now = access.now();
    const today = exchangeDateOf(now);
    const wholeFrom = addMonths(today, -SERIES_MONTHS);
    return {
      now,
      today,
      lastFinished: lastFinishedSession(now),
      runningDate: runningSession(now),
      asked: { from: from ?? wholeFrom, to: to ?? today },
      adjustedFrom: tradingDayStart(now),
      from: from === undefined ? wholeFrom : addDays(from, -LEAD_DAYS),
      to: to ?? today,
      wholeFrom,
      wantsAll: from === undefined,
    };
  }

  /**
   * What no longer fits the needed dates. Where the running session's quote is asked for anyway, its previous close tells
   * of a split, which spares fifty histories fifty requests.
   */
  async function missingOf(
    held: Held<SeriesRecord> | undefined,
    frame: Frame,
    request: MarketRequest,
  ): Promise<MissingPart> {
    const record = held?.freshness === 'fresh' ? held.envelope.value : undefined;
    const from = held === undefined ? frame.from : await reachableFrom(held, frame, request);
    return decideMissing(record, {
      ...frame,
      from,
      adjustedFrom: needsRunning(frame) ? -Infinity : frame.adjustedFrom,
      isEndFresh: record !== undefined && isFreshAt('provisional_bars', record.endFetchedAt, frame.now),
    });
  }

  const isFreshAt = (kind: FreshnessKind, fetchedAt: EpochMs, now: EpochMs): boolean =>
    decideFreshness(kind, { fetchedAt, state: sessionAt(fetchedAt) }, now, freshness) === 'fresh';

  /** The needed start, or the first day of the plan that brought what is held: nothing before it can be fetched. */
  async function reachableFrom(
    { envelope }: Held<SeriesRecord>,
    frame: Frame,
    request: MarketRequest,
  ): Promise<IsoDate> {
    if (frame.from >= envelope.value.coveredFrom) return frame.from;
    const window = await access.readHeld<number>('window', envelope.identity, {
      ...request,
      provider: envelope.provider,
    });
    if (window === undefined) return frame.from;
    const start = planStart(frame.today);
    return frame.from < start ? start : frame.from;
  }

  /** What needs no provider: a series without missing parts, or its remembered absence. */
  async function readFresh(symbol: TickerSymbol, frame: Frame, request: MarketRequest): Promise<Fresh> {
    const held = await access.readHeld<SeriesRecord>('bars', symbol, request);
    const missing = await missingOf(held, frame, request);
    const isWhole =
      missing.part === 'none' && held !== undefined && lastDate(held.envelope.value) >= frame.lastFinished;
    const better = isWhole ? undefined : await findWhole(symbol, frame, request);
    if (better !== undefined) return { held: better, missing: { part: 'none' } };
    if (missing.part === 'none') return { held, missing };
    return { held, missing, absence: request.offline ? undefined : await access.readAbsence('bars', symbol, request) };
  }

  /** What one provider lacks (the last session, years long gone) another's series may hold. */
  async function findWhole(
    symbol: TickerSymbol,
    frame: Frame,
    request: MarketRequest,
  ): Promise<Held<SeriesRecord> | undefined> {
    if (request.provider !== undefined) return undefined;
    for (const { name } of access.slots) {
      const held = await access.readHeld<SeriesRecord>('bars', symbol, { ...request, provider: name });
      if (held === undefined || lastDate(held.envelope.value) < frame.lastFinished) continue;
      if ((await missingOf(held, frame, request)).part === 'none') return held;
    }
    return undefined;
  }

  async function readOnce(
    symbol: TickerSymbol,
    request: MarketRequest,
    dates: DateRange,
  ): Promise<Outcome<DailySeries>> {
    const frame = createFrame(dates);
    const recordHit = access.timeHit(request);
    const { held, missing, absence } = await readFresh(symbol, frame, request);
    if (!request.refresh && missing.part === 'none' && held !== undefined) {
      access.count('bars', 'hit', request, symbol);
      recordHit(held.envelope);
      return finish(symbol, held.envelope, 'cached', [], frame, request);
    }
    if (request.offline) return readOffline(symbol, held, frame, request);
    if (!request.refresh && absence !== undefined) {
      access.count('bars', 'hit', request, symbol);
      return { ok: false, error: absence };
    }
    access.count('bars', 'miss', request, symbol);
    return askShared(symbol, held, frame, held === undefined ? request : access.leaveTimeForRefuge(request));
  }

  async function askShared(
    symbol: TickerSymbol,
    held: Held<SeriesRecord> | undefined,
    frame: Frame,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries>> {
    const load = async (): Promise<Outcome<DailySeries> | undefined> => {
      const fresh = await readFresh(symbol, frame, request);
      if (fresh.missing.part === 'none' && fresh.held !== undefined)
        return finish(symbol, fresh.held.envelope, 'cached', [], frame, request);
      return fresh.absence === undefined ? undefined : { ok: false, error: fresh.absence };
    };
    const fetch = async (): Promise<Outcome<DailySeries>> => {
      if (request.refresh)
        return fetchMissing(
          symbol,
          held,
          { part: 'whole', from: earlier(frame.from, frame.wholeFrom) },
          frame,
          request,
        );
      // Another process may have fetched a part of it meanwhile.
      const latest = await readFresh(symbol, frame, request);
      return fetchMissing(symbol, latest.held, latest.missing, frame, request);
    };
    try {
      const answers = await access.share('bars', [symbol], request, {
        load,
        fetch: async () => new Map([[symbol, await fetch()]]),
      });
      return answers.get(symbol) ?? { ok: false, error: combineFailures([]) };
    } catch (thrown) {
      return refuge(symbol, held, [toFinError(thrown)], [], frame, request);
    }
  }

  /** Whether a held series answers at all: it begins early enough, or all that there is was asked for. */
  async function isUsable(held: Held<SeriesRecord>, frame: Frame, request: MarketRequest): Promise<boolean> {
    return frame.wantsAll || held.envelope.value.coveredFrom <= (await reachableFrom(held, frame, request));
  }

  /** What stands in where nobody can be asked: of the series that answer at all the one that reaches furthest. */
  async function findFurthest(
    symbol: TickerSymbol,
    held: Held<SeriesRecord> | undefined,
    frame: Frame,
    request: MarketRequest,
  ): Promise<Held<SeriesRecord> | undefined> {
    const others = access.slots
      .filter(({ name }) => request.provider === undefined || request.provider === name)
      .map(({ name }) => access.readHeld<SeriesRecord>('bars', symbol, { ...request, provider: name }));
    let best: Held<SeriesRecord> | undefined;
    for (const each of [held, ...(await Promise.all(others))]) {
      if (each === undefined || !(await isUsable(each, frame, request))) continue;
      if (best === undefined || lastDate(each.envelope.value) > lastDate(best.envelope.value)) best = each;
    }
    return best;
  }

  async function readOffline(
    symbol: TickerSymbol,
    held: Held<SeriesRecord> | undefined,
    frame: Frame,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries>> {
    const usable = await findFurthest(symbol, held, frame, request);
    if (usable === undefined) return { ok: false, error: offlineMiss('bars', symbol) };
    access.count('bars', 'stale', request, symbol);
    return finish(symbol, usable.envelope, 'stale', ['stale: --offline asks no provider'], frame, request);
  }

  async function fetchMissing(
    symbol: TickerSymbol,
    held: Held<SeriesRecord> | undefined,
    missing: MissingPart,
    frame: Frame,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries>> {
    let behind: { envelope: Envelope<SeriesRecord>; error: FinError } | undefined;
    const asked = await access.askInOrder('bars', request, async (provider, slot, counted) => {
      if (behind !== undefined && !(await provider.hasFreeSlot())) throw behind.error;
      const record = await fetchRecord(symbol, slot, provider, held, missing, frame, counted);
      const envelope = await saveRecord(symbol, slot, record);
      if (lastDate(envelope.value) >= frame.lastFinished) return envelope;
      behind ??= { envelope, error: lacksSession(symbol, provider.name, frame.lastFinished, lastDate(envelope.value)) };
      throw behind.error;
    });
    if (asked.ok) {
      const notes = asked.failures.map(describeFallback(asked.slot.name));
      return finish(symbol, asked.value, 'live', notes, frame, request);
    }
    if (behind !== undefined) return finish(symbol, behind.envelope, 'live', [], frame, request);
    return refuge(symbol, held, asked.failures, asked.absentAt, frame, request);
  }

  async function refuge(
    symbol: TickerSymbol,
    held: Held<SeriesRecord> | undefined,
    failures: FinError[],
    absentAt: readonly Absence[],
    frame: Frame,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries>> {
    const error = combineFailures(failures);
    if (error.code === 'no_data') await access.saveAbsence(absentAt, 'bars', symbol);
    const usable = await findFurthest(symbol, held, frame, request);
    if (usable === undefined || error.code === 'no_data' || !allowsRefuge(error)) return { ok: false, error };
    access.count('bars', 'stale', request, symbol);
    const stale = await finish(symbol, usable.envelope, 'stale', [`stale: ${error.message}`], frame, request);
    return stale.ok ? { ...stale, source: { ...stale.source, ...endOf(error) } } : stale;
  }

  async function fetchRecord(
    symbol: TickerSymbol,
    slot: ProviderSlot,
    provider: Provider,
    held: Held<SeriesRecord> | undefined,
    missing: MissingPart,
    frame: Frame,
    request: MarketRequest,
  ): Promise<Fetched<SeriesRecord>> {
    const envelope = held?.envelope.identity === slot.identity ? held.envelope : undefined;
    const own = envelope?.value;
    if (own !== undefined && (missing.part === 'front' || missing.part === 'end')) {
      const part = await fetchPart(symbol, slot, provider, missing.from, missing.to, frame, request);
      const joined = joinRecords(own, part.value, missing.to);
      if (joined !== undefined) {
        const isAskedAgain = (date: IsoDate | undefined): boolean =>
          date !== undefined && date >= missing.from && date <= missing.to;
        const before = (envelope?.lost ?? []).filter(({ date }) => !isAskedAgain(date));
        return { value: joined, sample: part.sample, lost: [...before, ...(part.lost ?? [])] };
      }
    }
    const from = missing.part === 'whole' ? missing.from : earlier(frame.from, frame.wholeFrom);
    const whole = await fetchPart(symbol, slot, provider, from, frame.today, frame, request);
    if (whole.value.date.length === 0 && whole.value.running === undefined) throw unknownSymbol(symbol, provider.name);
    return whole;
  }

  async function fetchPart(
    symbol: TickerSymbol,
    slot: ProviderSlot,
    provider: Provider,
    from: IsoDate,
    to: IsoDate,
    frame: Frame,
    request: MarketRequest,
  ): Promise<Fetched<SeriesRecord>> {
    const shortest = planStart(frame.today);
    const window = await access.readHeld<number>('window', slot.identity, { ...request, provider: slot.name });
    const start = window?.freshness === 'fresh' && from < shortest && to > shortest ? shortest : from;
    try {
      return toRecord(await provider.fetchDailyBars(symbol, start, to, request.call), start, frame);
    } catch (error) {
      if (!isShortPlan(error) || start >= shortest || to <= shortest) throw error;
      const fetched = await provider.fetchDailyBars(symbol, shortest, to, request.call);
      await access.save(
        slot,
        { kind: 'window', name: slot.identity },
        { value: SHORT_PLAN_MONTHS, sample: fetched.sample },
        access.now(),
      );
      return toRecord(fetched, shortest, frame);
    }
  }

  function toRecord(fetched: Fetched<Bar[]>, coveredFrom: IsoDate, frame: Frame): Fetched<SeriesRecord> {
    const record = createRecord(fetched.value, {
      coveredFrom,
      lastFinished: frame.lastFinished,
      runningDate: frame.runningDate,
      fetchedAt: access.now(),
    });
    return { value: record, sample: fetched.sample, ...(fetched.lost === undefined ? {} : { lost: fetched.lost }) };
  }

  async function saveRecord(
    symbol: TickerSymbol,
    slot: ProviderSlot,
    record: Fetched<SeriesRecord>,
  ): Promise<Envelope<SeriesRecord>> {
    const ends = lastDate(record.value);
    return access.save(
      slot,
      { kind: 'bars', name: symbol, symbol },
      record,
      ends === '' ? access.now() : closeOf(ends),
    );
  }

  /** Adds the running session's bar where today's data exist and says where all of it comes from. */
  async function finish(
    symbol: TickerSymbol,
    envelope: Envelope<SeriesRecord>,
    state: Source['freshness'],
    notes: string[],
    frame: Frame,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries>> {
    const record = envelope.value;
    const sourceWith = (lost: readonly Lost[]): Source => sourceOf({ ...envelope, lost }, state, notes);
    const lostBefore = (last: IsoDate): readonly Lost[] =>
      lostWithin(
        envelope.lost ?? [],
        record,
        frame.wantsAll ? undefined : frame.asked.from,
        earlier(frame.asked.to, last),
      );
    const source = sourceWith(lostBefore(frame.lastFinished));
    const [firstDate] = record.date;
    const bars = toBars(record, frame.wantsAll ? undefined : frame.from);
    const series: DailySeries = {
      symbol,
      bars,
      ...(firstDate === undefined ? {} : { firstDate }),
      coveredFrom: record.coveredFrom,
      running: false,
      ...(isProvisional(record) ? { provisionalUntil: finalFrom(lastDate(record)) } : {}),
    };
    if (!needsRunning(frame)) return { ok: true, value: series, source };
    const running = await findRunningBar(symbol, envelope, state, frame.runningDate, request);
    const isHeld = state === 'cached' && !request.offline;
    const fetchAgain = (part: MissingPart): Promise<Outcome<DailySeries>> => {
      access.count('bars', 'miss', request, symbol);
      return fetchMissing(symbol, { envelope, freshness: 'fresh' }, part, frame, access.leaveTimeForRefuge(request));
    };
    const tells = !('missing' in running) && running.previousClose !== undefined;
    if (isHeld && !tells && record.endFetchedAt < frame.adjustedFrom && !isEnding(running))
      return fetchAgain(endOfRecord(record, frame.today));
    if ('missing' in running)
      return withoutRunningBar(series, sourceWith(lostBefore(frame.runningDate)), running.missing);
    if (isAdjustedSince(record, frame.lastFinished, running.previousClose)) {
      // Asked for in this session, the provider's bars are not adjusted yet: asking again would bring the same.
      if (isHeld && record.endFetchedAt < (sessionTimes(frame.runningDate)?.open ?? frame.now))
        return fetchAgain({ part: 'whole', from: earlier(frame.from, frame.wholeFrom) });
      return withoutRunningBar(series, source, notAdjusted(symbol, frame.runningDate));
    }
    series.bars.push(running.bar);
    series.firstDate ??= running.bar.date;
    series.running = true;
    return { ok: true, value: series, source: joinSources(source, running.source) };
  }

  /** Held bars are as old as their end: a front that came later does not make them younger. */
  function sourceOf(envelope: Envelope<SeriesRecord>, state: Source['freshness'], notes: string[]): Source {
    const source = access.sourceOf(envelope, state, notes);
    return state === 'live' ? source : { ...source, fetchedAt: envelope.value.endFetchedAt };
  }

  async function findRunningBar(
    symbol: TickerSymbol,
    envelope: Envelope<SeriesRecord>,
    state: Source['freshness'],
    date: IsoDate,
    request: MarketRequest,
  ): Promise<RunningBar | { missing: FinError }> {
    const held = envelope.value.running;
    if (held?.bar.date === date) {
      if (isFreshAt('running_bars', held.fetchedAt, access.now()))
        return {
          bar: held.bar,
          source: {
            ...access.sourceOf({ ...envelope, lost: [] }, state),
            asOf: held.fetchedAt,
            fetchedAt: held.fetchedAt,
          },
        };
    }
    const quoted = await runningQuote(symbol, request);
    if (!quoted.ok) return { missing: quoted.error };
    const bar = barOfQuote(quoted.value, date);
    if (bar === undefined)
      return { missing: new NoDataError(`${symbol}: its quote holds no bar of ${date}`, { symbol }) };
    return { bar, source: { ...quoted.source, asOf: quoted.value.asOf }, previousClose: quoted.value.previousClose };
  }

  return {
    read(symbol, request, dates = {}) {
      const name = `${symbol}|${request.provider ?? ''}|${dates.from ?? ''}|${dates.to ?? ''}|${String(request.offline)}|${String(request.refresh)}`;
      return shareUnderWay(name, request, () => readOnce(symbol, request, dates));
    },
  };
}

/** Whether the running session belongs to the answer. */
function needsRunning(frame: Frame): frame is Frame & { runningDate: IsoDate } {
  return frame.runningDate !== undefined && frame.runningDate <= frame.to;
}

function earlier(a: IsoDate, b: IsoDate): IsoDate {
  return a < b ? a : b;
}

/** The first day that a short plan surely holds. */
function planStart(today: IsoDate): IsoDate {
  return addDays(addMonths(today, -SHORT_PLAN_MONTHS), 1);
}

function isShortPlan(error: unknown): boolean {
  return isFinError(error) && error.code === 'plan' && 'scope' in error && error.scope === 'request';
}
