// One daily series per symbol serves history, weekly and monthly bars, indicators and levels. What is held of it is in
// series-held.ts, how it is fetched in series-fetch.ts. Hides how the running session's bar comes from a quote.
import type { Envelope } from '../cache/envelope.ts';
import type { ColumnBars } from '../domain/bar-columns.ts';
import { finalFrom, sessionTimes } from '../domain/calendar.ts';
import { type FinError, toFinError } from '../domain/errors.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import type { Bar, IsoDate, Quote, TickerSymbol } from '../domain/types.ts';
import { type Access, type Held, combineFailures, describeFallback } from './access.ts';
import type { DailySeries, DateRange, MarketData, MarketRequest, Outcome, Source } from './market-data.ts';
import type { Obtain, Topic, Unanswered } from './obtain.ts';
import { type RunningBar, isEnding, joinSources, notAdjusted, runningBarOf, withoutRunningBar } from './running-bar.ts';
import { createSeriesFetch } from './series-fetch.ts';
import { type Frame, type SeriesScope, createFrame, earlier, needsRunning } from './series-frame.ts';
import { createHeldSeries, createKeptSeries, isFreshAt, reaches } from './series-held.ts';
import {
  type MissingPart,
  type SeriesRecord,
  barsOf,
  dateAt,
  endOfRecord,
  isAdjustedSince,
  isProvisional,
  lastDate,
  lostWithin,
} from './series-record.ts';
import { lacksSession } from './series-refusals.ts';

export interface SeriesDependencies {
  access: Access;
  obtain: Obtain;
  /** A quote of the running session, never a finished session's bar. */
  runningQuote(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Quote>>;
  wholeMarket?: MarketData['wholeMarket'];
}

export function createDailySeriesReader(dependencies: SeriesDependencies) {
  return {
    read: (symbol: TickerSymbol, request: MarketRequest, dates = {}) =>
      dependencies.obtain.one(createTopic(dependencies, dates), symbol, request),
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

/** One symbol's series of some dates. */
function createSeries(
  { access, obtain, runningQuote, wholeMarket }: SeriesDependencies,
  topic: Topic<SeriesRecord, DailySeries>,
  symbol: TickerSymbol,
  frame: Frame,
) {
  const scope: SeriesScope = { access, symbol, frame };
  const kept = createKeptSeries(scope, wholeMarket);
  const { lookUp, missingOf, standIn } = createHeldSeries(scope, kept);
  const fetchSeries = createSeriesFetch(scope);
  const whole: MissingPart = { part: 'whole', from: earlier(frame.from, frame.wholeFrom) };

  const ask = async (held: Held<SeriesRecord> | undefined, request: MarketRequest) =>
    fetchMissing(held, request.refresh ? whole : await missingOf(held, request), request);

  async function fetchMissing(
    held: Held<SeriesRecord> | undefined,
    missing: MissingPart,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries> | Unanswered> {
    let behind: { envelope: Envelope<SeriesRecord>; error: FinError } | undefined;
    const asked = await access.askInOrder('bars', request, async (provider, slot, counted) => {
      if (behind !== undefined && !(await provider.hasFreeSlot())) throw behind.error;
      const envelope = await fetchSeries({ slot, provider, request: counted }, held, missing);
      if (reaches(scope, envelope.value)) return envelope;
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

  /** Asks for what a held series turned out to lack. */
  async function fetchAgain(
    envelope: Envelope<SeriesRecord>,
    part: MissingPart,
    request: MarketRequest,
  ): Promise<Outcome<DailySeries>> {
    access.count('bars', 'miss', request, symbol);
    const held: Held<SeriesRecord> = { envelope, freshness: 'fresh' };
    const framed = obtain.leaveTimeForRefuge(request);
    const answer = await fetchMissing(held, part, framed);
    return 'ok' in answer ? answer : obtain.takeRefuge(topic, symbol, held, answer, framed);
  }

  /** Adds the running session's bar where today's data exist and says where all of it comes from. */
  async function finish(
    envelope: Envelope<SeriesRecord>,
    state: Source['freshness'],
    notes: string[],
    request: MarketRequest,
  ): Promise<Outcome<DailySeries>> {
    const record = envelope.value;
    // What sums up all bars must not depend on when the first of them was fetched.
    const finished = frame.wantsAll ? barsOf(record, frame.wholeFrom, 0) : barsOf(record, frame.from);
    const seriesWith = (running?: Bar): DailySeries => toSeries(symbol, record, finished, running);
    const sourceUpTo = (last: IsoDate): Source => sourceOf(withLostUpTo(envelope, frame, last), state, notes);
    const source = sourceUpTo(frame.lastFinished);
    if (!needsRunning(frame)) return { ok: true, value: seriesWith(), source };
    const running = await findRunningBar(envelope, state, frame.runningDate, request);
    const isHeld = state === 'cached' && !request.offline;
    const tells = !('missing' in running) && running.previousClose !== undefined;
    const isBehind = !tells && (!isOfToday(record) || mayHoldMore(record, running));
    if (isHeld && isBehind && !isEnding(running))
      return fetchAgain(envelope, endOfRecord(record, frame.today), request);
    if ('missing' in running) return withoutRunningBar(seriesWith(), sourceUpTo(frame.runningDate), running.missing);
    if (isAdjustedSince(record, finished.column('close').at(-1), frame.lastFinished, running.previousClose)) {
      // Asked for in this session, the provider's bars are not adjusted yet: asking again would bring the same.
      if (isHeld && record.endFetchedAt < (sessionTimes(frame.runningDate)?.open ?? frame.now))
        return fetchAgain(envelope, whole, request);
      return withoutRunningBar(seriesWith(), source, notAdjusted(symbol, frame.runningDate));
    }
    return { ok: true, value: seriesWith(running.bar), source: joinSources(source, running.source) };
  }

  /** Held bars are as old as their end: a front that came later does not make them younger. */
  function sourceOf(envelope: Envelope<SeriesRecord>, state: Source['freshness'], notes: string[]): Source {
    const leftOut = frame.leftOut === undefined ? [] : [`${symbol}: ${frame.leftOut} is left out: it is still trading`];
    const source = access.sourceOf(envelope, state, [...notes, ...leftOut]);
    if (state === 'live') return source;
    const isKept = kept.holds(envelope.value);
    return { ...source, fetchedAt: envelope.value.endFetchedAt, ...(isKept ? { isKeptMarket: true } : {}) };
  }

  /** Whether splits of today are in it, as they are in what the kept market gives. */
  function isOfToday(record: SeriesRecord): boolean {
    return kept.holds(record) || record.endFetchedAt >= frame.adjustedFrom;
  }

  /** A quote may hold less of today than the provider's bars, which were asked for a while ago. */
  function mayHoldMore(record: SeriesRecord, running: RunningBar | { missing: FinError }): boolean {
    const isNone = 'missing' in running && running.missing.code === 'no_data';
    return isNone && !isFreshAt(scope, 'running_bars', record.endFetchedAt);
  }

  /** The one that came with the series while it is fresh, else that of the quote. */
  async function findRunningBar(
    envelope: Envelope<SeriesRecord>,
    state: Source['freshness'],
    date: IsoDate,
    request: MarketRequest,
  ): Promise<RunningBar | { missing: FinError }> {
    const held = envelope.value.running;
    if (held?.bar.date !== date || !isFreshAt(scope, 'running_bars', held.fetchedAt))
      return runningBarOf(symbol, date, await runningQuote(symbol, request));
    const source = access.sourceOf({ ...envelope, lost: [] }, state);
    const { bar, fetchedAt, delayMs = 0 } = held;
    return { bar, source: { ...source, asOf: fetchedAt - delayMs, fetchedAt } };
  }

  return { lookUp, ask, finish, standIn };
}

function toSeries(
  symbol: TickerSymbol,
  record: SeriesRecord,
  finished: ColumnBars,
  running: Bar | undefined,
): DailySeries {
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
}

/** What is missing of the dates asked for, as far as the answer goes. */
function withLostUpTo(
  envelope: Envelope<SeriesRecord>,
  { wantsAll, asked }: Frame,
  last: IsoDate,
): Envelope<SeriesRecord> {
  const from = wantsAll ? undefined : asked.from;
  return { ...envelope, lost: lostWithin(envelope.lost ?? [], envelope.value, from, earlier(asked.to, last)) };
}
