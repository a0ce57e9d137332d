// What is held of one symbol's daily series, at which provider and in the kept whole market, and whether that answers.
// Hides which of several series is the better one, and how far back a plan lets what is held be completed.
import type { Envelope } from '../cache/envelope.ts';
import type { FreshnessKind } from '../cache/freshness.ts';
import { closeOf, sessionAt } from '../domain/calendar.ts';
import { toFinError } from '../domain/errors.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import type { IsoDate, MarketMs } from '../domain/types.ts';
import { type Held, type Look, type ProviderSlot, canAnotherAnswer } from './access.ts';
import type { KeptBars, MarketData, MarketRequest } from './market-data.ts';
import { type SeriesScope, needsRunning, planStart } from './series-frame.ts';
import { type MissingPart, type SeriesRecord, createRecord, decideMissing, lastDate } from './series-record.ts';

type HeldSeries = Held<SeriesRecord>;

/** A contract that nobody traded has no bar of that session. */
export function reaches({ symbol, frame }: SeriesScope, record: SeriesRecord): boolean {
  return isOptionSymbol(symbol) || lastDate(record) >= frame.lastFinished;
}

export function isFreshAt({ access }: SeriesScope, kind: FreshnessKind, fetchedAt: MarketMs): boolean {
  return access.judge(kind, { fetchedAt, state: sessionAt(fetchedAt) }) === 'fresh';
}

export function createHeldSeries(scope: SeriesScope, kept: KeptSeries) {
  const { access, symbol, frame } = scope;

  /**
   * What no longer fits the needed dates. Where the running session's quote is asked for anyway, its previous close tells
   * of a split, which spares fifty histories fifty requests.
   */
  async function missingOf(held: HeldSeries | undefined, request: MarketRequest): Promise<MissingPart> {
    const record = held?.freshness === 'fresh' ? held.envelope.value : undefined;
    const from = held === undefined ? frame.from : await reachableFrom(held, request);
    return decideMissing(record, {
      ...frame,
      from,
      adjustedFrom: needsRunning(frame) ? -Infinity : frame.adjustedFrom,
      isEndFresh: record !== undefined && isFreshAt(scope, 'provisional_bars', record.endFetchedAt),
    });
  }

  /** The needed start, or the first day of the plan that brought what is held: nothing before it can be fetched. */
  async function reachableFrom({ envelope }: HeldSeries, request: MarketRequest): Promise<IsoDate> {
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
    if (missing.part !== 'none' || found?.held === undefined || !reaches(scope, found.held.envelope.value)) {
      // What one provider lacks (the last session, years long gone) another's series may hold.
      for (const held of await readAll(request))
        if (reaches(scope, held.envelope.value) && (await missingOf(held, request)).part === 'none')
          return { held, isWhole: true };
    }
    // Averages that never forget (EMA, OBV) need all that a provider has, not what happens to be kept.
    if (found?.held === undefined && !frame.wantsAll) {
      const current = await kept.find(request);
      if (current?.isCurrent === true) return { held: toHeld(current.envelope), isWhole: true };
    }
    return { ...found, isWhole: missing.part === 'none' };
  }

  /** What is held of each provider that may answer. */
  async function readAll(request: MarketRequest): Promise<HeldSeries[]> {
    const reads = access
      .candidates(request)
      .map(({ name }) => access.readHeld<SeriesRecord>('bars', symbol, { ...request, provider: name }));
    return (await Promise.all(reads)).filter((held) => held !== undefined);
  }

  /** Whether a held series answers at all: it begins early enough, or all that there is was asked for. */
  async function isUsable(held: HeldSeries, request: MarketRequest): Promise<boolean> {
    return frame.wantsAll || held.envelope.value.coveredFrom <= (await reachableFrom(held, request));
  }

  /** What stands in where nobody can be asked: of the series that answer at all the one that reaches furthest. */
  async function findFurthest(held: HeldSeries | undefined, request: MarketRequest): Promise<HeldSeries | undefined> {
    let best: HeldSeries | undefined;
    for (const each of [...(held === undefined ? [] : [held]), ...(await readAll(request))]) {
      if (!(await isUsable(each, request))) continue;
      if (best === undefined || lastDate(each.envelope.value) > lastDate(best.envelope.value)) best = each;
    }
    return best;
  }

  const standIn = async (held: HeldSeries | undefined, request: MarketRequest) =>
    (await findFurthest(held, request)) ?? toHeld((await kept.find(request))?.envelope);

  return { missingOf, lookUp, standIn };
}

function toHeld<T>(envelope: Envelope<T> | undefined): Held<T> | undefined {
  return envelope && { envelope, freshness: 'stale' };
}

type KeptSeries = ReturnType<typeof createKeptSeries>;

/** The symbol's bars in the kept whole market. */
export function createKeptSeries({ access, symbol, frame }: SeriesScope, wholeMarket: MarketData['wholeMarket']) {
  let kept: Envelope<SeriesRecord> | undefined;

  /** Tradier has requests enough for a series of five years. */
  async function find(
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
      request.call.report({ type: 'detail', text: `the saved whole market is not used: ${error.message}` });
      return undefined;
    }
  }

  function envelopeOf(
    slot: ProviderSlot,
    { bars, from, sessions, fetchedAt, sample, notes }: KeptBars,
  ): Envelope<SeriesRecord> {
    const { lastFinished, runningDate } = frame;
    const value = createRecord(bars, { coveredFrom: from, lastFinished, runningDate, fetchedAt });
    const said = [`daily bars from the saved whole market: ${sessions} sessions since ${from}`, ...notes];
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

  return { find, holds: (record: SeriesRecord): boolean => record === kept?.value };
}
