// Puts the readers of quotes, series, expirations, chains and the clock together on one access to cache and providers.
import { lastFinishedSession } from '../domain/calendar.ts';
import { isFinError, NoDataError } from '../domain/errors.ts';
import type { MarketClock, Quote, TickerSymbol } from '../domain/types.ts';
import { type AccessDependencies, type Need, type ProviderSlot, createAccess } from './access.ts';
import { chainOf, expirationsOf } from './chains.ts';
import { createDailySeriesReader } from './daily-series.ts';
import { createExchangeDays } from './exchange-days.ts';
import type { MarketData, MarketRequest, Outcome } from './market-data.ts';
import type { IntradayReader } from './intraday.ts';
import { type FetchedQuotes, createQuoteReader } from './quotes.ts';
import { createSessionQuotes } from './session-quotes.ts';

export function createMarketData(dependencies: AccessDependencies): MarketData {
  const access = createAccess(dependencies);
  const { freshness } = dependencies;

  const series = createDailySeriesReader({ access, freshness, runningQuote });
  const sessionQuotes = createSessionQuotes({
    access,
    freshness,
    readSeries: (symbol, request) => series.read(symbol, request, { to: lastFinishedSession(access.now()) }),
  });
  // A running bar may be a minute old: the quotes that a dashboard has just asked for serve all its histories.
  const liveQuotes = createQuoteReader({ access, freshness, fetchQuotes: fetchLive, freshAs: 'running_bars' });
  const quotes = createQuoteReader({ access, freshness, fetchQuotes: fetchLiveOrFinished });

  let intraday: Promise<IntradayReader> | undefined;
  /** Loaded when it is asked for: a cached quote must not pay for it. */
  const openIntraday = (): Promise<IntradayReader> =>
    (intraday ??= import('./intraday.ts').then((module) => module.createIntradayReader(access, freshness)));

  async function fetchLive(
    slot: ProviderSlot,
    symbols: readonly TickerSymbol[],
    request: MarketRequest,
  ): Promise<FetchedQuotes> {
    const fetched = await (await slot.load()).fetchQuotes(symbols, request.call);
    return { batch: fetched.value, sample: fetched.sample, notes: [] };
  }

  async function fetchLiveOrFinished(
    slot: ProviderSlot,
    symbols: readonly TickerSymbol[],
    request: MarketRequest,
  ): Promise<FetchedQuotes> {
    try {
      return await withOwnBars(await fetchLive(slot, symbols, request), slot, request);
    } catch (error) {
      if (slot.name !== 'polygon' || !isFinError(error) || error.code !== 'plan') throw error;
      return sessionQuotes.fetch(symbols, slot, request);
    }
  }

  /** Polygon knows symbols without a price in its snapshots (nothing traded today): their last session's bar is the quote. */
  async function withOwnBars(
    fetched: FetchedQuotes,
    slot: ProviderSlot,
    request: MarketRequest,
  ): Promise<FetchedQuotes> {
    const failed = new Map(fetched.batch.failed);
    const unpriced = [...failed].filter(([, { code }]) => code === 'no_data').map(([symbol]) => symbol);
    if (slot.name !== 'polygon' || unpriced.length === 0) return fetched;
    const own = await sessionQuotes.fetchEach(unpriced, slot, request);
    for (const symbol of own.batch.quotes.keys()) failed.delete(symbol);
    return {
      ...fetched,
      batch: { ...fetched.batch, quotes: new Map([...fetched.batch.quotes, ...own.batch.quotes]), failed },
      notes: [...fetched.notes, ...own.notes],
      lost: new Map([...(fetched.lost ?? []), ...(own.lost ?? [])]),
    };
  }

  async function runningQuote(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Quote>> {
    const outcome = (await liveQuotes.read([symbol], request)).get(symbol);
    return outcome ?? { ok: false, error: new NoDataError(`${symbol}: no quote`, { symbol }) };
  }

  return {
    quotes: (symbols, request) => quotes.read(symbols, request),
    dailySeries: (symbol, request, dates) => series.read(symbol, request, dates),
    intraday: async (symbol, need, request) => (await openIntraday()).read(symbol, need, request),
    expirations: (symbol, request) => access.obtain(expirationsOf(symbol), request),
    chain: (symbol, expiration, request) =>
      access.obtain(chainOf(symbol, expiration, access.now, quotes.beside), request),
    clock: (request) => access.obtain(marketClock, request),
    learnDay: (date, request) => createExchangeDays(access, freshness).learn(date, request),
  };
}

const marketClock: Need<MarketClock> = {
  kind: 'market',
  name: 'US',
  fetch: (provider, request) => provider.fetchMarketClock(request.call),
  asOf: (value) => value.at,
};
