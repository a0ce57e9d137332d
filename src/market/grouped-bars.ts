// The bars of the whole market of one finished session, as a provider gives them in one request: held, fetched, and which
// session is the last one that it has. Hides when what is held is not true any more.
import {
  closeOf,
  finalFrom,
  lastFinishedSession,
  previousTradingDay,
  sessionAt,
  tradingDayStart,
} from '../domain/calendar.ts';
import { NoDataError, planScopeOf } from '../domain/errors.ts';
import type { Bar, IsoDate, MarketMs, TickerSymbol } from '../domain/types.ts';
import type { Lost, Provider } from '../providers/provider.ts';
import type { Access, ProviderSlot } from './access.ts';
import type { MarketRequest } from './market-data.ts';
import type { Obtain, Topic } from './obtain.ts';

/** The rows of one day's grouped bars as held: columns, because there are ten thousand of them. */
export interface GroupedBars {
  bars: Map<TickerSymbol, Bar>;
  sample: boolean;
  lost: readonly Lost[];
  fetchedAt: MarketMs;
  /** Nobody was asked. */
  isHeld: boolean;
}

interface GroupedRecord {
  symbol: TickerSymbol[];
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: number[];
}

export function createGroupedReader(access: Access, obtain: Obtain) {
  /**
   * Two days are compared, so both must be adjusted alike: what was fetched before the latest trading day began is fetched
   * again, because a split may have come between. A day fetched before its post session had ended is provisional.
   */
  function isStillTrue(date: IsoDate, fetchedAt: MarketMs): boolean {
    const now = access.now();
    if (fetchedAt < tradingDayStart(now)) return false;
    const entry = { fetchedAt, state: sessionAt(fetchedAt) };
    return fetchedAt >= finalFrom(date) || access.judge('provisional_bars', entry) === 'fresh';
  }

  /** The grouped bars of one provider. What is held and not true any more is no refuge. */
  function groupedOf(date: IsoDate, slot: ProviderSlot, provider: Provider): Topic<GroupedRecord, GroupedBars> {
    return {
      kind: 'grouped',
      id: date,
      async look(_dates, request) {
        const held = await access.readHeld<GroupedRecord>('grouped', date, request);
        const isWhole = held?.freshness === 'fresh' && isStillTrue(date, held.envelope.fetchedAt);
        return new Map([[date, { held, isWhole }]]);
      },
      async ask(_dates, _held, request) {
        if (provider.fetchGroupedBars === undefined)
          throw new NoDataError(`quotes: ${provider.name} has no bars of the whole market`);
        const { value: bars, sample, lost = [] } = await provider.fetchGroupedBars(date, request.call);
        const record = { value: toGroupedRecord(bars), sample, lost };
        if (bars.size > 0) await access.save(slot, { kind: 'grouped', name: date }, record, closeOf(date));
        const value: GroupedBars = { bars, sample, lost, fetchedAt: access.now(), isHeld: false };
        const source = { provider: slot.name, sample, asOf: closeOf(date), fetchedAt: value.fetchedAt, notes: [] };
        return new Map([[date, { ok: true, value, source: { ...source, freshness: 'live' } }]]);
      },
      present: (_date, envelope, freshness) => {
        const { value, sample, fetchedAt, lost = [] } = envelope;
        return {
          ok: true,
          value: { bars: toBarMap(value, date), sample, lost, fetchedAt, isHeld: true },
          source: access.sourceOf(envelope, freshness),
        };
      },
      standIn: () => Promise.resolve(undefined),
    };
  }

  async function readGrouped(
    date: IsoDate,
    slot: ProviderSlot,
    provider: Provider,
    request: MarketRequest,
  ): Promise<GroupedBars> {
    const outcome = await obtain.one(groupedOf(date, slot, provider), date, { ...request, provider: slot.name });
    if (!outcome.ok) throw outcome.error;
    return outcome.value;
  }

  /** Today's bars come after the end of the day: until then the session before is the last that the plan holds. */
  async function readLastGrouped(slot: ProviderSlot, provider: Provider, request: MarketRequest) {
    const date = lastFinishedSession(access.now());
    try {
      const grouped = await readGrouped(date, slot, provider, request);
      if (grouped.bars.size > 0) return { date, ...grouped };
    } catch (error) {
      if (planScopeOf(error) !== 'request') throw error;
    }
    return readBefore(date, slot, provider, request);
  }

  /** The session before. Without a bar of any share it was no session: the exchange was closed unplanned. */
  async function readBefore(date: IsoDate, slot: ProviderSlot, provider: Provider, request: MarketRequest) {
    const before = previousTradingDay(date);
    const grouped = await readGrouped(before, slot, provider, request);
    if (grouped.bars.size > 0) return { date: before, ...grouped };
    const earlier = previousTradingDay(before);
    return { date: earlier, ...(await readGrouped(earlier, slot, provider, request)) };
  }

  return { readLast: readLastGrouped, readBefore };
}

function toGroupedRecord(bars: ReadonlyMap<TickerSymbol, Bar>): GroupedRecord {
  const rows = [...bars.values()];
  return {
    symbol: [...bars.keys()],
    open: rows.map((bar) => bar.open),
    high: rows.map((bar) => bar.high),
    low: rows.map((bar) => bar.low),
    close: rows.map((bar) => bar.close),
    volume: rows.map((bar) => bar.volume),
  };
}

function toBarMap(record: GroupedRecord, date: IsoDate): Map<TickerSymbol, Bar> {
  const bars = new Map<TickerSymbol, Bar>();
  for (const [index, symbol] of record.symbol.entries()) {
    const [open, high, low, close, volume] = [
      record.open[index],
      record.high[index],
      record.low[index],
      record.close[index],
      record.volume[index],
    ];
    if (open === undefined || high === undefined || low === undefined || close === undefined || volume === undefined)
      continue;
    bars.set(symbol, { date, open, high, low, close, volume });
  }
  return bars;
}
