// The daily bars of the whole market as kept in market.sqlite: which sessions are wanted, fetching those that are missing
// beside other processes, and reading them adjusted for splits. Hides what may change and what is final.
import type { Counters } from '../cache/counters.ts';
import { createLease, createLeaseOwner } from '../cache/lease.ts';
import type { Config } from '../config.ts';
import { finalFrom, lastFinishedSession, lastTradingDays, previousTradingDay } from '../domain/calendar.ts';
import { sessionsBetween } from '../domain/bar-series.ts';
import { type FinError, NoDataError, planScopeOf, toFinError } from '../domain/errors.ts';
import { addDays, exchangeDateOf, exchangeInstant } from '../domain/exchange-time.ts';
import type { Bar, Clock, IsoDate, TickerSymbol } from '../domain/types.ts';
import { delay } from '../http/delay.ts';
import type { SharedState } from '../http/http.ts';
import type { ProviderSlot } from '../market/access.ts';
import type { BarColumn, KeptBars, LoadedMarket, MarketRequest, WholeMarket } from '../market/market-data.ts';
import { type DataDatabase, openDataDatabase } from './data-database.ts';
import { dataFolderOf } from './data-folder.ts';
import { type KeptSession, MARKET_FILE, MARKET_MIGRATIONS, openMarketFile } from './market-file.ts';
import { adjustForSplits } from './market-splits.ts';

export interface WholeMarketOptions {
  slot: ProviderSlot;
  limitPerMinute?: number;
  place: Pick<Config, 'dataDir' | 'dataHome'>;
  clock: Clock;
  counters?: Pick<Counters, 'count'>;
  leases: Pick<SharedState, 'claimLeases' | 'releaseLeases'>;
}

const AT_ONCE = 4;
const POLL_MS = 250;
/** A free plan has a session's bars after the end of the day: until then it is not asked at every scan. */
const ABSENT_MS = 30 * 60_000;
/** For one symbol's bars: what indicators need at least, and what is read at most, the two years of a free plan. */
const [LEAST_READ, MOST_READ] = [252, 504];
const ALL_COLUMNS = new Map((['close', 'volume', 'high', 'low', 'open'] as const).map((name) => [name, Infinity]));
/** What ends only the session it concerns. */
const CONCERNS_ONE = new Set<string>(['bad_payload', 'no_data']);

export type OpenedWholeMarket = WholeMarket & Pick<DataDatabase, 'leave'>;

/** No file is opened before something is asked of it. */
export function createWholeMarket(options: WholeMarketOptions): OpenedWholeMarket {
  const { slot, clock, leases } = options;
  const folder = dataFolderOf(options.place);
  const database = openDataDatabase({ folder, fileName: MARKET_FILE, migrations: MARKET_MIGRATIONS });
  const file = openMarketFile(database, slot.identity);

  const newestDate = (): IsoDate => lastFinishedSession(clock.now());

  /** What was fetched on a day that the market's clock has not reached is not read. */
  function isReached({ fetchedAt }: KeptSession): boolean {
    return fetchedAt < exchangeInstant(addDays(exchangeDateOf(clock.now()), 1), 0);
  }

  function readKept(): Map<IsoDate, KeptSession> {
    const kept = [...file.list()];
    const latest = kept.reduce((newest, [, { fetchedAt }]) => Math.max(newest, fetchedAt), 0);
    return new Map(latest <= clock.now() ? kept : kept.filter(([, session]) => isReached(session)));
  }

  /** Bars fetched before the post session had ended may have changed since. */
  function isFinal({ date, fetchedAt }: KeptSession): boolean {
    return fetchedAt >= finalFrom(date) || clock.now() < finalFrom(date);
  }

  function isHeld(date: IsoDate): boolean {
    const session = file.find(date);
    return session !== undefined && isReached(session) && isFinal(session);
  }

  function isKnownAbsent(date: IsoDate): boolean {
    const absent = file.readAbsent();
    return absent.date === date && clock.now() - absent.askedAt < ABSENT_MS && clock.now() >= absent.askedAt;
  }

  function plan(count: number): { held: number; missing: IsoDate[] } {
    const kept = readKept();
    const wanted = lastTradingDays(count, newestDate());
    const missing = wanted.filter((date) => {
      const session = kept.get(date);
      return session === undefined || !isFinal(session);
    });
    return { held: wanted.length - missing.length, missing: missing.reverse() };
  }

  /** Dates of sessions with bars, ascending: from the newest one that is held back to the first that is not. */
  function heldRun(count: number): KeptSession[] {
    const kept = readKept();
    const newest = [...kept.keys()].findLast((date) => date <= newestDate());
    const run: KeptSession[] = [];
    for (let date = newest; date !== undefined && run.length < count; date = previousTradingDay(date)) {
      const session = kept.get(date);
      if (session === undefined) break;
      if (session.bars > 0) run.push(session);
    }
    return run.reverse();
  }

  function counted(request: MarketRequest): MarketRequest {
    const report: MarketRequest['call']['report'] = (event) => {
      if (event.type === 'request') options.counters?.count('grouped', 'providerCalls');
      request.call.report(event);
    };
    return { ...request, call: { ...request.call, report } };
  }

  /** A weekday without any bar between sessions that have some was no session. */
  function isClosedDay(date: IsoDate): boolean {
    const kept = readKept();
    return [...kept.keys()].some(
      (other) => other > date && other <= addDays(date, 7) && (kept.get(other)?.bars ?? 0) > 0,
    );
  }

  async function fetchSession(
    date: IsoDate,
    request: MarketRequest,
    notes: Set<string>,
  ): Promise<FinError | undefined> {
    const provider = await slot.load();
    if (provider.fetchGroupedBars === undefined)
      return new NoDataError(`${slot.name} does not have the bars of the whole market`);
    try {
      const { value: bars, sample, lost = [] } = await provider.fetchGroupedBars(date, request.call);
      for (const { message } of lost.slice(0, 3)) notes.add(message);
      if (lost.length > 3) notes.add(`${lost.length - 3} more bars of ${date} are left out`);
      return keep(date, bars, sample);
    } catch (thrown) {
      const error = toFinError(thrown);
      if (planScopeOf(error) !== 'request' || date !== newestDate()) return error;
      file.saveAbsent(date, clock.now());
      return new NoDataError(`the bars of ${date} are not available yet`, { cause: error });
    }
  }

  function keep(date: IsoDate, bars: ReadonlyMap<TickerSymbol, Bar>, sample: boolean): FinError | undefined {
    if (bars.size === 0 && (date === newestDate() || !isClosedDay(date))) {
      file.saveAbsent(date, clock.now());
      return new NoDataError(`there are no bars of ${date}`);
    }
    file.save({ date, fetchedAt: clock.now(), sample }, bars);
    return undefined;
  }

  /** Every session is fetched by whoever has its lease; what others are fetching is waited for at the end. */
  async function fill(
    count: number,
    request: MarketRequest,
    onStep: (held: number, missing: number) => void = () => undefined,
  ): Promise<Awaited<ReturnType<WholeMarket['fill']>>> {
    const own = counted(request);
    const owner = createLeaseOwner();
    const notes = new Set<string>();
    const first = plan(count);
    const queue = first.missing.filter((date) => request.refresh || !isKnownAbsent(date));
    const elsewhere: IsoDate[] = [];
    let [failure, end]: (FinError | undefined)[] = [];
    let done = 0;

    /** False where another process is at it. A session may wait minutes for the limit. */
    async function take(date: IsoDate): Promise<boolean> {
      const holder = { state: leases, owner, machineNow: () => clock.machineNow() };
      const lease = createLease(`whole market|${slot.identity}|${date}`, holder);
      const isMine = await lease.claim();
      const stop = isMine ? lease.keep() : undefined;
      try {
        // Another process may have brought it between the look and the lease.
        if (isHeld(date)) return true;
        if (!isMine) return false;
        const why = await fetchSession(date, own, notes);
        if (why !== undefined && !CONCERNS_ONE.has(why.code)) end ??= why;
        if (why !== undefined && date !== newestDate()) failure ??= why;
        return true;
      } finally {
        stop?.();
        if (isMine) await lease.release();
      }
    }

    async function work(): Promise<void> {
      for (let date = queue.shift(); date !== undefined && end === undefined; date = queue.shift()) {
        if (!(await take(date))) elsewhere.push(date);
        else onStep(first.held + (done += 1), first.missing.length - done);
      }
    }

    const { signal } = request.call;
    for (;;) {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      if (elsewhere.length === 0 || end !== undefined) break;
      await delay(POLL_MS, signal).catch(() => undefined);
      if (signal.aborted) end = toFinError(signal.reason);
      queue.push(...elsewhere.splice(0));
    }
    const cause = end ?? failure;
    return { ...plan(count), ...(cause === undefined ? {} : { failure: cause }), notes: [...notes] };
  }

  async function learnSplits(request: MarketRequest): Promise<string[]> {
    const kept = readKept();
    const [from] = kept.keys();
    const today = exchangeDateOf(clock.now());
    const known = file.readSplits();
    if (from === undefined || (!request.refresh && known.day === today && known.from <= from)) return [];
    const lacking = (why: string): string =>
      `splits ${known.day === '' ? 'are not known' : `are known up to ${known.day}`}: one since then would look like a move (${why})`;
    if (request.offline) return [lacking('--offline')];
    try {
      const provider = await slot.load();
      if (provider.fetchMarketSplits === undefined) return [lacking(`${slot.name} has no list of them`)];
      const { value: splits } = await provider.fetchMarketSplits(from, today, counted(request).call);
      file.saveSplits({ splits, day: today, from });
      return [];
    } catch (thrown) {
      const error = toFinError(thrown);
      if (error.code === 'cancelled' || error.code === 'timeout') throw error;
      return [lacking(error.message)];
    }
  }

  function load(count: number, depths: ReadonlyMap<BarColumn, number>): LoadedMarket | undefined {
    for (;;) {
      const run = heldRun(count);
      const newest = run.at(-1);
      if (newest === undefined) return undefined;
      const dates = run.map(({ date }) => date);
      const { splits } = file.readSplits();
      // Whether a provider has already adjusted a session is seen at the closes around the split.
      const { damaged, ...read } = file.read(
        dates,
        splits.length === 0 ? depths : new Map([...depths, ['close', Infinity] as const]),
      );
      if (damaged.length > 0) continue;
      const loaded: LoadedMarket = { ...read, dates, fetchedAt: newest.fetchedAt, splits: [] };
      return { ...loaded, splits: adjustForSplits(loaded, run, splits) };
    }
  }

  /** Read once for all symbols of a question; let go of when memory is needed. */
  let latest: { key: string; loaded: WeakRef<LoadedMarket> } | undefined;
  function loadOnce(count: number): LoadedMarket | undefined {
    const key = JSON.stringify([count, file.readSplits().day, ...heldRun(count).map(({ fetchedAt }) => fetchedAt)]);
    const before = latest?.key === key ? latest.loaded.deref() : undefined;
    const loaded = before ?? load(count, ALL_COLUMNS);
    if (before === undefined && loaded !== undefined) latest = { key, loaded: new WeakRef(loaded) };
    return loaded;
  }

  async function barsOf(
    symbol: TickerSymbol,
    { from, to }: { from?: IsoDate; to: IsoDate },
    request: MarketRequest,
  ): Promise<KeptBars | undefined> {
    const end = [previousTradingDay(addDays(to, 1)), newestDate()].sort()[0] ?? to;
    const most = from === undefined ? MOST_READ : sessionsBetween(from, addDays(newestDate(), 1)) + 2;
    const reaches = (dates: readonly IsoDate[]): boolean =>
      from === undefined ? dates.length >= LEAST_READ : (dates[0] ?? from) < from;
    if (most > MOST_READ || !reaches(heldRun(most).map(({ date }) => date))) return undefined;
    const notes = await learnSplits(request);
    const loaded = loadOnce(most);
    const at = loaded?.symbols.indexOf(symbol) ?? -1;
    if (loaded === undefined || at < 0 || !reaches(loaded.dates)) return undefined;
    const valueOf = (name: BarColumn, session: number): number => loaded.columns[name]?.[session]?.[at] ?? NaN;
    const bars = loaded.dates.flatMap((date, session): Bar[] => {
      const [open, high, low] = [valueOf('open', session), valueOf('high', session), valueOf('low', session)];
      const [close, volume] = [valueOf('close', session), valueOf('volume', session)];
      return close > 0 ? [{ date, open, high, low, close, volume }] : [];
    });
    const { dates, fetchedAt, sample } = loaded;
    if (bars.at(-1)?.date !== dates.at(-1)) return undefined;
    return { bars, from: dates[0] ?? '', sessions: dates.length, fetchedAt, sample, isCurrent: isHeld(end), notes };
  }

  return {
    provider: slot.name,
    ...(options.limitPerMinute === undefined ? {} : { limitPerMinute: options.limitPerMinute }),
    plan,
    fill,
    learnSplits,
    countHeld: (count) => heldRun(count).length,
    load,
    barsOf,
    leave: database.leave,
  };
}
