// Puts the readers of quotes, series, expirations, chains and the clock together on one access to cache and providers.
import { lastFinishedSession } from '../domain/calendar.ts';
import { isFinError, NoDataError } from '../domain/errors.ts';
import type { MarketClock, Quote, TickerSymbol } from '../domain/types.ts';
import { type AccessDependencies, type Need, type ProviderSlot, createAccess } from './access.ts';
import { chainOf, expirationsOf } from './chains.ts';
import { createDailySeriesReader } from './daily-series.ts';
import type { MarketData, MarketRequest, Outcome } from './market-data.ts';
import { type FetchedQuotes, createQuoteReader } from './quotes.ts';
import { createSessionQuotes } from './session-quotes.ts';

export function createMarketData(dependencies: AccessDependencies): MarketData {
  const access = createAccess(dependencies);

  const series = createDailySeriesReader({ access, freshness: dependencies.freshness, runningQuote });
  const sessionQuotes = createSessionQuotes({
    access,
    readSeries: (symbol, request) => series.read(symbol, request, { to: lastFinishedSession(access.now()) }),
  });
  // A running bar may be a minute old: the quotes that a dashboard has just asked for serve all its histories.
  const liveQuotes = createQuoteReader({ access, fetchQuotes: fetchLive, freshAs: 'running_bars' });
  const quotes = createQuoteReader({ access, fetchQuotes: fetchLiveOrFinished });

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
      return await fetchLive(slot, symbols, request);
    } catch (error) {
      if (slot.name !== 'polygon' || !isFinError(error) || error.code !== 'plan') throw error;
      return sessionQuotes.fetch(symbols, slot, request);
    }
  }

  async function runningQuote(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Quote>> {
    const outcome = (await liveQuotes.read([symbol], request)).get(symbol);
    return outcome ?? { ok: false, error: new NoDataError(`${symbol}: no quote`, { symbol }) };
  }

  return {
    quotes: (symbols, request) => quotes.read(symbols, request),
    dailySeries: (symbol, request, dates) => series.read(symbol, request, dates),
    expirations: (symbol, request) => access.obtain(expirationsOf(symbol), request),
    chain: (symbol, expiration, request) =>
      access.obtain(chainOf(symbol, expiration, access.now, quotes.beside), request),
    clock: (request) => access.obtain(marketClock, request),
  };
}

const marketClock: Need<MarketClock> = {
  kind: 'market',
  name: 'US',
  fetch: (provider, request) => provider.fetchMarketClock(request.call),
  asOf: (value) => value.at,
};
