// The daily bars of the whole market as kept in market.sqlite: which sessions there are (market-sessions.ts), fetching
// those that are missing (market-fill.ts), and reading them adjusted for splits, for all symbols or for one.
import type { Counters } from '../cache/counters.ts';
import type { Config } from '../config.ts';
import { previousTradingDay, tradingDayStart } from '../domain/calendar.ts';
import { sessionsBetween } from '../domain/bar-series.ts';
import { toFinError } from '../domain/errors.ts';
import { addDays, exchangeDateOf } from '../domain/exchange-time.ts';
import type { Bar, Clock, IsoDate, TickerSymbol } from '../domain/types.ts';
import type { SharedState } from '../http/http.ts';
import type { ProviderSlot } from '../market/access.ts';
import type { BarColumn, KeptBars, LoadedMarket, MarketRequest, WholeMarket } from '../market/market-data.ts';
import { type DataDatabase, openDataDatabase } from './data-database.ts';
import { dataFolderOf } from './data-folder.ts';
import { MARKET_FILE, MARKET_MIGRATIONS, openMarketFile } from './market-file.ts';
import { createFill } from './market-fill.ts';
import { createKeptSessions } from './market-sessions.ts';
import { adjustForSplits } from './market-splits.ts';

export interface WholeMarketOptions {
  slot: ProviderSlot;
  limitPerMinute?: number;
  place: Pick<Config, 'dataDir' | 'dataHome'>;
  clock: Clock;
  counters?: Pick<Counters, 'count'>;
  leases: Pick<SharedState, 'claimLeases' | 'releaseLeases'>;
}

/** For one symbol's bars: what indicators need at least, and what is read at most, the two years of a free plan. */
const [LEAST_READ, MOST_READ] = [252, 504];
const ALL_COLUMNS = new Map((['close', 'volume', 'high', 'low', 'open'] as const).map((name) => [name, Infinity]));
export type OpenedWholeMarket = WholeMarket & Pick<DataDatabase, 'leave'>;

/** No file is opened before something is asked of it. */
export function createWholeMarket(options: WholeMarketOptions): OpenedWholeMarket {
  const { slot, clock, leases } = options;
  const folder = dataFolderOf(options.place);
  const database = openDataDatabase({ folder, fileName: MARKET_FILE, migrations: MARKET_MIGRATIONS });
  const file = openMarketFile(database, slot.identity);

  const sessions = createKeptSessions(file, clock);
  const { newestDate, heldRun, isHeld, plan, readKept } = sessions;
  const fill = createFill({ slot, clock, leases, file, sessions });

  function counted(request: MarketRequest): MarketRequest {
    const report: MarketRequest['call']['report'] = (event) => {
      if (event.type === 'request') options.counters?.count('grouped', 'providerCalls');
      request.call.report(event);
    };
    return { ...request, call: { ...request.call, report } };
  }

  async function learnSplits(request: MarketRequest): Promise<string[]> {
    const kept = readKept();
    const [from] = kept.keys();
    const today = exchangeDateOf(clock.now());
    const known = file.readSplits();
    if (from === undefined || (!request.refresh && known.day === today && known.from <= from)) return [];
    const lacking = (why: string): string =>
      `splits ${known.day === '' ? 'are not known' : `are known only up to ${known.day}`}, so a later one would look like a price move (${why})`;
    if (request.offline) return [lacking('--offline')];
    try {
      const provider = await slot.load();
      if (provider.fetchMarketSplits === undefined) return [lacking(`${slot.name} has no list of them`)];
      const { value: splits, lost = [] } = await provider.fetchMarketSplits(from, today, counted(request).call);
      file.saveSplits({ splits, day: today, from });
      return lost.filter(({ isNote }) => isNote !== true).map(({ message }) => message);
    } catch (thrown) {
      const error = toFinError(thrown);
      if (error.code === 'cancelled' || error.code === 'timeout') throw error;
      return [lacking(error.message)];
    }
  }

  const splitsUntil = (): IsoDate => exchangeDateOf(tradingDayStart(clock.now()));

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
      return { ...loaded, splits: adjustForSplits(loaded, run, splits, splitsUntil()) };
    }
  }

  /** Read once for all symbols of a question; let go of when memory is needed. */
  let latest: { key: string; loaded: WeakRef<LoadedMarket> } | undefined;
  function loadOnce(count: number): LoadedMarket | undefined {
    const key = JSON.stringify([
      count,
      file.readSplits().day,
      splitsUntil(),
      ...heldRun(count).map(({ fetchedAt }) => fetchedAt),
    ]);
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
    if (loaded.lost.some((each) => each.symbol === symbol)) return undefined;
    const bars = barsIn(loaded, at);
    const { dates, fetchedAt, sample } = loaded;
    if (bars.at(-1)?.date !== dates.at(-1)) return undefined;
    return { bars, from: dates[0] ?? '', sessions: dates.length, fetchedAt, sample, isCurrent: isHeld(end), notes };
  }

  return {
    provider: slot.name,
    ...(options.limitPerMinute === undefined ? {} : { limitPerMinute: options.limitPerMinute }),
    plan,
    fill: (count, request, onStep) => fill(count, counted(request), onStep),
    learnSplits,
    countHeld: (count) => heldRun(count).length,
    load,
    barsOf,
    leave: database.leave,
  };
}

/** Of the symbol at that place, whose price is missing where it did not trade. */
function barsIn({ dates, columns }: LoadedMarket, at: number): Bar[] {
  const valueOf = (name: BarColumn, session: number): number => columns[name]?.[session]?.[at] ?? NaN;
  return dates.flatMap((date, session): Bar[] => {
    const [open, high, low] = [valueOf('open', session), valueOf('high', session), valueOf('low', session)];
    const [close, volume] = [valueOf('close', session), valueOf('volume', session)];
    return close > 0 ? [{ date, open, high, low, close, volume }] : [];
  });
}
