// Quotes made of finished sessions' bars, for a Polygon plan without snapshots: one symbol from its daily series,
// several from the bars of the whole market of one day, which are one request whatever their number.
import { barsAfterLastGap } from '../domain/bar-series.ts';
import { closeOf } from '../domain/calendar.ts';
import { BadPayloadError, type FinError, toFinError } from '../domain/errors.ts';
import { addMonths } from '../domain/exchange-time.ts';
import { isIndexSymbol } from '../domain/symbols.ts';
import type { Bar, Quote, TickerSymbol } from '../domain/types.ts';
import type { Lost } from '../providers/provider.ts';
import type { Access, ProviderSlot } from './access.ts';
import { type GroupedBars, createGroupedReader } from './grouped-bars.ts';
import type { DailySeries, MarketRequest, Outcome } from './market-data.ts';
import type { Obtain } from './obtain.ts';
import type { FetchedQuotes, HeldBars } from './quotes.ts';

/** A quote of the bar `at`, with what the bars before it tell: previous close, 52 weeks' range, 90 days' mean volume. */
export function quoteOfBars(symbol: TickerSymbol, allBars: readonly Bar[]): Quote | undefined {
  const { bars } = barsAfterLastGap(allBars);
  const bar = bars.at(-1);
  if (bar === undefined) return undefined;
  const previous = bars.at(-2);
  const averageVolume = averageVolumeOf(bars);
  const year = yearRangeOf(bars);
  return {
    symbol,
    last: bar.close,
    open: bar.open,
    high: bar.high,
    low: bar.low,
    ...(previous === undefined ? {} : { previousClose: previous.close }),
    volume: bar.volume,
    ...(averageVolume === undefined ? {} : { averageVolume }),
    ...(year === undefined ? {} : { week52High: year.high, week52Low: year.low }),
    asOf: closeOf(bar.date),
    basis: 'session_bar',
  };
}

/** Of the last 90 sessions; undefined where there are fewer. */
export function averageVolumeOf(bars: readonly Bar[]): number | undefined {
  if (bars.length < 90) return undefined;
  let sum = 0;
  for (let index = bars.length - 90; index < bars.length; index += 1) sum += bars[index]?.volume ?? NaN;
  return Math.round(sum / 90);
}

/** Of the last 52 weeks; undefined where the bars begin later. */
export function yearRangeOf(bars: readonly Bar[]): { high: number; low: number } | undefined {
  const yearStart = addMonths(bars.at(-1)?.date ?? '', -12);
  if ((bars[0]?.date ?? '') > yearStart) return undefined;
  const range = { high: -Infinity, low: Infinity };
  for (let index = bars.length - 1; index >= 0; index -= 1) {
    const bar = bars[index];
    if (bar === undefined || bar.date <= yearStart) break;
    range.high = Math.max(range.high, bar.high);
    range.low = Math.min(range.low, bar.low);
  }
  return range;
}

export interface SessionQuoteDependencies {
  access: Access;
  obtain: Obtain;
  /** Up to the last finished session: the running one would be asked of the very snapshots that the plan lacks. */
  readSeries(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<DailySeries>>;
}

export function createSessionQuotes({ access, obtain, readSeries }: SessionQuoteDependencies) {
  const grouped = createGroupedReader(access, obtain);

  async function fetchOne(symbol: TickerSymbol, slot: ProviderSlot, request: MarketRequest): Promise<FetchedQuotes> {
    const series = await readSeries(symbol, { ...request, provider: slot.name });
    if (!series.ok) {
      if (series.error.code === 'no_data')
        return { batch: { quotes: new Map<TickerSymbol, Quote>(), unknown: [symbol] }, sample: false, notes: [] };
      throw series.error;
    }
    const quote = quoteOfBars(symbol, series.value.bars);
    const { sample, notes, freshness, fetchedAt, failure, endedBy } = series.source;
    return {
      batch: {
        quotes: new Map(quote === undefined ? [] : [[symbol, quote]]),
        unknown: quote === undefined ? [symbol] : [],
      },
      sample,
      notes,
      lost: new Map([[symbol, series.source.lost ?? []]]),
      ...(freshness === 'live'
        ? {}
        : { held: new Map<TickerSymbol, HeldBars>([[symbol, { freshness, fetchedAt, failure, endedBy }]]) }),
    };
  }

  async function fetchMany(
    symbols: readonly TickerSymbol[],
    slot: ProviderSlot,
    request: MarketRequest,
  ): Promise<FetchedQuotes> {
    const provider = await slot.load();
    const last = await grouped.readLast(slot, provider, request);
    const before = await grouped.readBefore(last.date, slot, provider, request);
    const found = quotesOf(symbols, last, before);
    // Who did not trade that day is not among its bars; whether there is such a symbol its own bars tell.
    const { quotes, failed } = found.batch;
    const absent = symbols.filter((symbol) => !quotes.has(symbol) && failed?.has(symbol) !== true);
    return joinParts([found, ...(await Promise.all(absent.map((symbol) => fetchBeside(symbol, slot, request))))]);
  }

  /** One symbol by its own bars, beside others: what it lacks is said of it alone. */
  async function fetchBeside(symbol: TickerSymbol, slot: ProviderSlot, request: MarketRequest): Promise<FetchedQuotes> {
    try {
      return await fetchOne(symbol, slot, request);
    } catch (thrown) {
      return {
        batch: { quotes: new Map(), unknown: [], failed: new Map([[symbol, toFinError(thrown)]]) },
        sample: false,
        notes: [],
      };
    }
  }

  return {
    async fetch(symbols: readonly TickerSymbol[], slot: ProviderSlot, request: MarketRequest): Promise<FetchedQuotes> {
      const [only] = symbols;
      if (symbols.length === 1 && only !== undefined) return fetchOne(only, slot, request);
      const shares = symbols.filter((symbol) => !isIndexSymbol(symbol));
      const parts = await Promise.all([
        ...(shares.length === 0 ? [] : [fetchMany(shares, slot, request)]),
        // An index has no bar among those of the shares, and may need a plan of its own.
        ...symbols.filter(isIndexSymbol).map((symbol) => fetchBeside(symbol, slot, request)),
      ]);
      return joinParts(parts);
    },

    /** Each by its own bars. */
    async fetchEach(
      symbols: readonly TickerSymbol[],
      slot: ProviderSlot,
      request: MarketRequest,
    ): Promise<FetchedQuotes> {
      return joinParts(await Promise.all(symbols.map((symbol) => fetchBeside(symbol, slot, request))));
    },
  };
}

/** The quotes of one session's bars, compared with those of the session before. */
function quotesOf(symbols: readonly TickerSymbol[], last: GroupedBars, before: GroupedBars): FetchedQuotes {
  const oldest = Math.min(last.fetchedAt, before.fetchedAt);
  const quotes = new Map<TickerSymbol, Quote>();
  const failed = new Map<TickerSymbol, FinError>();
  const lost = new Map<TickerSymbol, readonly Lost[]>();
  for (const symbol of symbols) {
    const lostOf = ({ lost: all }: GroupedBars): Lost[] => all.filter((each) => each.symbol === symbol);
    const unreadable = lostOf(last).find(({ isNote }) => isNote !== true);
    const bars = [before.bars.get(symbol), last.bars.get(symbol)].filter((bar) => bar !== undefined);
    const quote = last.bars.has(symbol) ? quoteOfBars(symbol, bars) : undefined;
    if (quote !== undefined) {
      quotes.set(symbol, quote);
      lost.set(symbol, lostOf(before));
    } else if (unreadable !== undefined)
      failed.set(symbol, new BadPayloadError(`${symbol}: ${unreadable.message}`, { symbol }));
  }
  return {
    batch: { quotes, unknown: [], failed },
    sample: last.sample,
    notes: [],
    lost,
    ...(last.isHeld && before.isHeld
      ? {
          held: new Map<TickerSymbol, HeldBars>(
            symbols.map((symbol) => [
              symbol,
              { freshness: 'cached', fetchedAt: oldest, failure: undefined, endedBy: undefined },
            ]),
          ),
        }
      : {}),
  };
}

function joinParts(parts: readonly FetchedQuotes[]): FetchedQuotes {
  return {
    batch: {
      quotes: new Map(parts.flatMap(({ batch }) => [...batch.quotes])),
      unknown: parts.flatMap(({ batch }) => batch.unknown),
      failed: new Map(parts.flatMap(({ batch }) => [...(batch.failed ?? [])])),
    },
    sample: parts.some(({ sample }) => sample),
    notes: parts.flatMap(({ notes }) => notes),
    lost: new Map(parts.flatMap(({ lost }) => [...(lost ?? [])])),
    held: new Map(parts.flatMap(({ held }) => [...(held ?? [])])),
  };
}
