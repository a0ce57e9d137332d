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
import { isOptionSymbol } from '../domain/symbols.ts';
import type { Bar, MarketMs, IsoDate, Quote, TickerSymbol } from '../domain/types.ts';
import type { Fetched, Lost, Provider } from '../providers/provider.ts';
import type { FreshnessKind } from '../cache/freshness.ts';
import type { Envelope } from '../cache/envelope.ts';
import {
  type Access,
  type Held,
  type Look,
  type ProviderSlot,
  canAnotherAnswer,
  combineFailures,
  describeFallback,
} from './access.ts';
import type { DailySeries, DateRange, KeptBars, MarketData, MarketRequest, Outcome, Source } from './market-data.ts';
import { type RunningBar, barOfQuote, isEnding, joinSources, notAdjusted, withoutRunningBar } from './running-bar.ts';
import type { Obtain, Topic, Unanswered } from './obtain.ts';
import {
  type MissingPart,
  type SeriesRecord,
  barsOf,
  createRecord,
  dateAt,
  decideMissing,
  endOfRecord,
  isAdjustedSince,
  isProvisional,
  joinRecords,
  lastDate,
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
  obtain: Obtain;
  /** A quote of the running session, never a finished session's bar. */
  runningQuote(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Quote>>;
  wholeMarket?: MarketData['wholeMarket'];
}

export interface DailySeriesReader {
  read(symbol: TickerSymbol, request: MarketRequest, dates?: DateRange): Promise<Outcome<DailySeries>>;
}

interface Frame {
  now: MarketMs;
  today: IsoDate;
  lastFinished: IsoDate;
  runningDate: IsoDate | undefined;
  /** The running session of the dates asked for, where its bar cannot be had. */
  leftOut?: IsoDate;
  /** The dates of the question. */
  asked: { from: IsoDate; to: IsoDate };
  /** Since when splits of the latest trading day are in what a provider sends. */
  adjustedFrom: MarketMs;
  from: IsoDate;
  /** Last date that is of interest: before today the running session is left alone. */
  to: IsoDate;
  wholeFrom: IsoDate;
  /** Nobody named a start: as much as there is. */
  wantsAll: boolean;
}

export function createDailySeriesReader(dependencies: SeriesDependencies): DailySeriesReader {
  return {
    read: (symbol, request, dates = {}) => dependencies.obtain.one(createTopic(dependencies, dates), symbol, request),
  };
}

/** The series of some dates. Those asked for in the same moment are read at once and asked for side by side. */
function createTopic(dependencies: SeriesDependencies, dates: DateRange): Topic<SeriesRecord, DailySeries> {
  const { access } = dependencies;
  const frames = new Map<boolean, Frame>();
  const made = new Map<TickerSymbol, SeriesOfSymbol>();
  function seriesOf(symbol: TickerSymbol): SeriesOfSymbol {
    const isContract = isOptionSymbol(symbol);
    const frame = frames.get(isContract) ?? createFrame(access.now(), dates, isContract);
    frames.set(isContract, frame);
    const series = made.get(symbol) ?? createSeries(dependencies, topic, symbol, frame);
    made.set(symbol, series);
    return series;
  }
  const topic: Topic<SeriesRecord, DailySeries> = {
    kind: 'bars',
    id: `${dates.from ?? ''}|${dates.to ?? ''}`,
    symbolOf: (symbol) => symbol,
    look: async (symbols, request) => {
      const found = await access.lookUp<SeriesRecord>('bars', symbols, request);
      return mapAll(symbols, (symbol) => seriesOf(symbol).lookUp(found.get(symbol), request));
    },
    ask: (symbols, held, request) =>
      mapAll(symbols, (symbol) =>
        seriesOf(symbol)
          .ask(held.get(symbol), request)
          .catch((thrown: unknown) => ({ error: toFinError(thrown), absentAt: [] })),
      ),
    present: (symbol, ...found) => seriesOf(symbol).finish(...found),
    standIn: (symbol, held, request) => seriesOf(symbol).standIn(held, request),
  };
  return topic;
}

async function mapAll<T>(symbols: readonly TickerSymbol[], work: (symbol: TickerSymbol) => Promise<T>) {
  return new Map(await Promise.all(symbols.map(async (symbol) => [symbol, await work(symbol)] as const)));
}

type SeriesOfSymbol = ReturnType<typeof createSeries>;

/** A contract's bars are those of finished sessions: its quote holds none. Few live longer than the shortest plan goes back. */
function createFrame(now: MarketMs, { from, to }: DateRange, isContract: boolean): Frame {
  const today = exchangeDateOf(now);
  const wholeFrom = isContract ? planStart(today) : addMonths(today, -SERIES_MONTHS);
  const running = runningSession(now);
  return {
    now,
    today,
    lastFinished: lastFinishedSession(now),
    runningDate: isContract ? undefined : running,
    ...(isContract && running !== undefined && running <= (to ?? today) ? { leftOut: running } : {}),
    asked: { from: from ?? wholeFrom, to: to ?? today },
    adjustedFrom: tradingDayStart(now),
    from: from === undefined ? wholeFrom : addDays(from, -LEAD_DAYS),
    to: to ?? today,
    wholeFrom,
    wantsAll: from === undefined,
  };
}

/** One symbol's series of some dates. */
function createSeries(
  { access, obtain, runningQuote, wholeMarket }: SeriesDependencies,
  topic: Topic<SeriesRecord, DailySeries>,
  symbol: TickerSymbol,
  frame: Frame,
) {
  /** A contract that nobody traded has no bar of that session. */
  const reaches = (record: SeriesRecord): boolean => isOptionSymbol(symbol) || lastDate(record) >= frame.lastFinished;
  /** Made of the kept whole market. */
  let kept: Envelope<SeriesRecord> | undefined;

  /**
   * What no longer fits the needed dates. Where the running session's quote is asked for anyway, its previous close tells
   * of a split, which spares fifty histories fifty requests.
   */
  async function missingOf(held: Held<SeriesRecord> | undefined, request: MarketRequest): Promise<MissingPart> {
    const record = held?.freshness === 'fresh' ? held.envelope.value : undefined;
    const from = held === undefined ? frame.from : await reachableFrom(held, request);
    return decideMissing(record, {
      ...frame,
      from,
      adjustedFrom: needsRunning(frame) ? -Infinity : frame.adjustedFrom,
      isEndFresh: record !== undefined && isFreshAt('provisional_bars', record.endFetchedAt),
    });
  }

  const isFreshAt = (kind: FreshnessKind, fetchedAt: MarketMs): boolean =>
    access.judge(kind, { fetchedAt, state: sessionAt(fetchedAt) }) === 'fresh';

  /** The needed start, or the first day of the plan that brought what is held: nothing before it can be fetched. */
  async function reachableFrom({ envelope }: Held<SeriesRecord>, request: MarketRequest): Promise<IsoDate> {
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
  async function lookUp(found: Look<SeriesRecord> | undefined, request: MarketRequest): Promise<Look<SeriesRecord>> {
    const missing = await missingOf(found?.held, request);
    if (missing.part !== 'none' || found?.held === undefined || !reaches(found.held.envelope.value)) {
      // What one provider lacks (the last session, years long gone) another's series may hold.
      for (const held of await readAll(request))
        if (reaches(held.envelope.value) && (await missingOf(held, request)).part === 'none')
          return { held, isWhole: true };
    }
    if (found?.held === undefined) {
      const current = await findKept(request);
      if (current?.isCurrent === true) return { held: toHeld(current.envelope), isWhole: true };
    }
    return { ...found, isWhole: missing.part === 'none' };
  }

  /** The symbol's bars in the kept whole market. Tradier has requests enough for a series of five years. */
  async function findKept(
    request: MarketRequest,
  ): Promise<{ envelope: Envelope<SeriesRecord>; isCurrent: boolean } | undefined> {
    const [slot, other] = access.candidates(request);
    if (slot?.name !== 'polygon' || other !== undefined || request.refresh) return undefined;
    const { from, to } = frame.asked;
    try {
      const whole = await wholeMarket?.();
      const found = await whole?.barsOf(symbol, frame.wantsAll ? { to } : { from, to }, request);
      if (found === undefined) return undefined;
      kept = envelopeOf(slot, found);
      return { envelope: kept, isCurrent: found.isCurrent };
    } catch (thrown) {
      const error = toFinError(thrown);
      if (!canAnotherAnswer(error) && error.code !== 'config') throw error;
      request.call.report({ type: 'detail', text: `the kept whole market is not used: ${error.message}` });
      return undefined;
    }
  }

  function envelopeOf(
    slot: ProviderSlot,
    { bars, from, sessions, fetchedAt, sample, notes }: KeptBars,
  ): Envelope<SeriesRecord> {
    const { lastFinished, runningDate } = frame;
    const value = createRecord(bars, { coveredFrom: from, lastFinished, runningDate, fetchedAt });
    const said = [`daily bars of the kept whole market: ${sessions} sessions since ${from}`, ...notes];
    return {
      v: 1,
      identity: slot.identity,
      provider: slot.name,
      kind: 'bars',
      symbol,
      value,
      fetchedAt,
      asOf: closeOf(lastDate(value)),
      state: sessionAt(fetchedAt),
      sample,
      lost: said.map((message) => ({ message, isNote: true })),
    };
  }

  /** What is held of each provider that may answer. */
  async function readAll(request: MarketRequest): Promise<Held<SeriesRecord>[]> {
    const reads = access
      .candidates(request)
      .map(({ name }) => access.readHeld<SeriesRecord>('bars', symbol, { ...request, provider: name }));
    return (await Promise.all(reads)).filter((held) => held !== undefined);
  }

  /** Whether a held series answers at all: it begins early enough, or all that there is was asked for. */
  async function isUsable(held: Held<SeriesRecord>, request: MarketRequest): Promise<boolean> {
    return frame.wantsAll || held.envelope.value.coveredFrom <= (await reachableFrom(held, request));
  }

  /** What stands in where nobody can be asked: of the series that answer at all the one that reaches furthest. */
  async function findFurthest(
    held: Held<SeriesRecord> | undefined,
    request: MarketRequest,
  ): Promise<Held<SeriesRecord> | undefined> {
    let best: Held<SeriesRecord> | undefined;
    for (const each of [...(held === undefined ? [] : [held]), ...(await readAll(request))]) {
      if (!(await isUsable(each, request))) continue;
      if (best === undefined || lastDate(each.envelope.value) > lastDate(best.envelope.value)) best = each;
    }
    return best;
  }

  async function ask(
    held: Held<SeriesRecord> | undefined,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries> | Unanswered> {
    const missing: MissingPart = request.refresh
      ? { part: 'whole', from: earlier(frame.from, frame.wholeFrom) }
      : await missingOf(held, request);
    return fetchMissing(held, missing, request);
  }

  const standIn = async (held: Held<SeriesRecord> | undefined, request: MarketRequest) =>
    (await findFurthest(held, request)) ?? toHeld((await findKept(request))?.envelope);

  async function fetchMissing(
    held: Held<SeriesRecord> | undefined,
    missing: MissingPart,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries> | Unanswered> {
    let behind: { envelope: Envelope<SeriesRecord>; error: FinError } | undefined;
    const asked = await access.askInOrder('bars', request, async (provider, slot, counted) => {
      if (behind !== undefined && !(await provider.hasFreeSlot())) throw behind.error;
      const record = await fetchRecord(slot, provider, held, missing, counted);
      const envelope = await saveRecord(slot, record);
      if (reaches(envelope.value)) return envelope;
      behind ??= { envelope, error: lacksSession(symbol, provider.name, frame.lastFinished, lastDate(envelope.value)) };
      throw behind.error;
    });
    if (asked.ok) {
      const notes = asked.failures.map(describeFallback(asked.slot.name));
      return finish(asked.value, 'live', notes, request);
    }
    if (behind !== undefined) return finish(behind.envelope, 'live', [], request);
    return { error: combineFailures(asked.failures), absentAt: asked.absentAt };
  }

  async function fetchRecord(
    slot: ProviderSlot,
    provider: Provider,
    held: Held<SeriesRecord> | undefined,
    missing: MissingPart,
    request: MarketRequest,
  ): Promise<Fetched<SeriesRecord>> {
    const envelope = held?.envelope.identity === slot.identity ? held.envelope : undefined;
    const own = envelope?.value;
    if (own !== undefined && (missing.part === 'front' || missing.part === 'end')) {
      const part = await fetchPart(slot, provider, missing.from, missing.to, request);
      const joined = joinRecords(own, part.value, missing.to);
      if (joined !== undefined) {
        const isAskedAgain = (date: IsoDate | undefined): boolean =>
          date !== undefined && date >= missing.from && date <= missing.to;
        const before = (envelope?.lost ?? []).filter(({ date }) => !isAskedAgain(date));
        return { value: joined, sample: part.sample, lost: [...before, ...(part.lost ?? [])] };
      }
    }
    const from = missing.part === 'whole' ? missing.from : earlier(frame.from, frame.wholeFrom);
    const whole = await fetchPart(slot, provider, from, frame.today, request);
    if (whole.value.sessions === 0 && whole.value.running === undefined) throw unknownSymbol(symbol, provider.name);
    return whole;
  }

  async function fetchPart(
    slot: ProviderSlot,
    provider: Provider,
    from: IsoDate,
    to: IsoDate,
    request: MarketRequest,
  ): Promise<Fetched<SeriesRecord>> {
    const shortest = planStart(frame.today);
    const window = await access.readHeld<number>('window', slot.identity, { ...request, provider: slot.name });
    const start = window?.freshness === 'fresh' && from < shortest && to > shortest ? shortest : from;
    try {
      return toRecord(await provider.fetchDailyBars(symbol, start, to, request.call), start);
    } catch (error) {
      if (!isShortPlan(error) || start >= shortest || to <= shortest) throw error;
      const fetched = await provider.fetchDailyBars(symbol, shortest, to, request.call);
      await access.save(
        slot,
        { kind: 'window', name: slot.identity },
        { value: SHORT_PLAN_MONTHS, sample: fetched.sample },
        access.now(),
      );
      return toRecord(fetched, shortest);
    }
  }

  function toRecord(fetched: Fetched<Bar[]>, coveredFrom: IsoDate): Fetched<SeriesRecord> {
    const record = createRecord(fetched.value, {
      coveredFrom,
      lastFinished: frame.lastFinished,
      runningDate: frame.runningDate,
      fetchedAt: access.now(),
    });
    return { value: record, sample: fetched.sample, ...(fetched.lost === undefined ? {} : { lost: fetched.lost }) };
  }

  async function saveRecord(slot: ProviderSlot, record: Fetched<SeriesRecord>): Promise<Envelope<SeriesRecord>> {
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
    envelope: Envelope<SeriesRecord>,
    state: Source['freshness'],
    notes: string[],
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
    const finished = barsOf(record, frame.wantsAll ? undefined : frame.from);
    const seriesWith = (running?: Bar): DailySeries => {
      const columns = running === undefined ? finished : finished.followedBy(running);
      const firstDate = record.sessions === 0 ? running?.date : dateAt(record, 0);
      let bars: Bar[] | undefined;
      return {
        symbol,
        columns,
        // Made where they are asked for: fifty series of five years would be sixty thousand.
        get bars() {
          return (bars ??= columns.slice());
        },
        ...(firstDate === undefined ? {} : { firstDate }),
        coveredFrom: record.coveredFrom,
        running: running !== undefined,
        ...(isProvisional(record) ? { provisionalUntil: finalFrom(lastDate(record)) } : {}),
      };
    };
    if (!needsRunning(frame)) return { ok: true, value: seriesWith(), source };
    const running = await findRunningBar(envelope, state, frame.runningDate, request);
    const isHeld = state === 'cached' && !request.offline;
    const fetchAgain = async (part: MissingPart): Promise<Outcome<DailySeries>> => {
      access.count('bars', 'miss', request, symbol);
      const held: Held<SeriesRecord> = { envelope, freshness: 'fresh' };
      const framed = obtain.leaveTimeForRefuge(request);
      const answer = await fetchMissing(held, part, framed);
      return 'ok' in answer ? answer : obtain.takeRefuge(topic, symbol, held, answer, framed);
    };
    const tells = !('missing' in running) && running.previousClose !== undefined;
    if (isHeld && !tells && !isOfToday(record) && !isEnding(running))
      return fetchAgain(endOfRecord(record, frame.today));
    if ('missing' in running)
      return withoutRunningBar(seriesWith(), sourceWith(lostBefore(frame.runningDate)), running.missing);
    if (isAdjustedSince(record, finished.column('close').at(-1), frame.lastFinished, running.previousClose)) {
      // Asked for in this session, the provider's bars are not adjusted yet: asking again would bring the same.
      if (isHeld && record.endFetchedAt < (sessionTimes(frame.runningDate)?.open ?? frame.now))
        return fetchAgain({ part: 'whole', from: earlier(frame.from, frame.wholeFrom) });
      return withoutRunningBar(seriesWith(), source, notAdjusted(symbol, frame.runningDate));
    }
    return { ok: true, value: seriesWith(running.bar), source: joinSources(source, running.source) };
  }

  /** Held bars are as old as their end: a front that came later does not make them younger. */
  function sourceOf(envelope: Envelope<SeriesRecord>, state: Source['freshness'], notes: string[]): Source {
    const leftOut = frame.leftOut === undefined ? [] : [`${symbol}: without ${frame.leftOut}, which is still trading`];
    const source = access.sourceOf(envelope, state, [...notes, ...leftOut]);
    if (state === 'live') return source;
    const isKept = envelope.value === kept?.value;
    return { ...source, fetchedAt: envelope.value.endFetchedAt, ...(isKept ? { isKeptMarket: true } : {}) };
  }

  /** Whether splits of today are in it, as they are in what the kept market gives. */
  function isOfToday(record: SeriesRecord): boolean {
    return record === kept?.value || record.endFetchedAt >= frame.adjustedFrom;
  }

  async function findRunningBar(
    envelope: Envelope<SeriesRecord>,
    state: Source['freshness'],
    date: IsoDate,
    request: MarketRequest,
  ): Promise<RunningBar | { missing: FinError }> {
    const held = envelope.value.running;
    if (held?.bar.date === date) {
      if (isFreshAt('running_bars', held.fetchedAt))
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

  return { lookUp, ask, finish, standIn };
}

function toHeld<T>(envelope: Envelope<T> | undefined): Held<T> | undefined {
  return envelope && { envelope, freshness: 'stale' };
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
