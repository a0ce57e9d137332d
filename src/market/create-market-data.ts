// Puts the readers of quotes, series, expirations, chains and the clock together on one access to cache and providers.
import { lastFinishedSession, tradingDayStart } from '../domain/calendar.ts';
import { spotByQuote } from '../domain/chain-moment.ts';
import type { EventList, EventLists } from '../domain/events.ts';
import { NoDataError, hasCode } from '../domain/errors.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import type { Expiration, IsoDate, MarketClock, OptionChain, Quote, TickerSymbol } from '../domain/types.ts';
import { type AccessDependencies, type ProviderSlot, createAccess } from './access.ts';
import { chainOf, expirationsOf } from './chains.ts';
import { createDailySeriesReader } from './daily-series.ts';
import { createExchangeDays } from './exchange-days.ts';
import { eventsTopic, namesOf, newsOf, searchOf } from './events.ts';
import type { IntradayReader } from './intraday.ts';
import type { MarketData, MarketRequest, Outcome, Source } from './market-data.ts';
import { type Need, createObtain, topicOf } from './obtain.ts';
import { type FetchedQuotes, createQuoteReader } from './quotes.ts';
import { isAdjustedPrice } from './series-record.ts';
import { createSessionQuotes } from './session-quotes.ts';

/** A chain that a provider has just sent, whole, with the dates that are known to be listed. */
export interface NewChain {
  chain: OptionChain;
  source: Source;
  listed?: readonly IsoDate[];
}

export interface MarketDependencies extends AccessDependencies {
  /** Hears of every such chain. */
  onChain?(fetched: NewChain): void;
  /** Whose bars stand in where a series is not held. */
  wholeMarket?: MarketData['wholeMarket'];
}

export function createMarketData(dependencies: MarketDependencies): MarketData {
  const access = createAccess(dependencies);
  const obtain = createObtain(access, dependencies);
  const obtainOne = <T>(need: Need<T>, request: MarketRequest): Promise<Outcome<T>> =>
    obtain.one(topicOf(access, need), need.name, request);

  const series = createDailySeriesReader({ ...dependencies, access, obtain, runningQuote });
  const sessionQuotes = createSessionQuotes({
    access,
    obtain,
    readSeries: (symbol, request) => series.read(symbol, request, { to: lastFinishedSession(access.now()) }),
  });
  // A running bar may be a minute old: the quotes that a dashboard has just asked for serve all its histories.
  const liveQuotes = createQuoteReader({ access, obtain, fetchQuotes: fetchLive, freshAs: 'running_bars' });
  const quotes = createQuoteReader({ access, obtain, fetchQuotes: fetchLiveOrFinished });

  let intraday: Promise<IntradayReader> | undefined;
  /** Loaded when it is asked for: a cached quote must not pay for it. */
  const openIntraday = (): Promise<IntradayReader> =>
    (intraday ??= import('./intraday.ts').then((module) => module.createIntradayReader(access, obtain)));

  async function fetchLive(
    slot: ProviderSlot,
    symbols: readonly TickerSymbol[],
    request: MarketRequest,
  ): Promise<FetchedQuotes> {
    const fetched = await (await slot.load()).fetchQuotes(symbols, request.call);
    const lost = Map.groupBy(fetched.value.lost ?? [], ({ symbol = '' }) => symbol);
    return { batch: fetched.value, sample: fetched.sample, notes: [], lost };
  }

  async function fetchLiveOrFinished(
    slot: ProviderSlot,
    symbols: readonly TickerSymbol[],
    request: MarketRequest,
  ): Promise<FetchedQuotes> {
    try {
      return await withOwnBars(await fetchLive(slot, symbols, request), slot, request);
    } catch (error) {
      if (slot.name !== 'polygon' || !hasCode(error, 'plan')) throw error;
      const contracts = symbols.filter(isOptionSymbol);
      const stocks = symbols.filter((symbol) => !isOptionSymbol(symbol));
      if (stocks.length === 0) throw error;
      const own = await sessionQuotes.fetch(stocks, slot, request);
      const refused = contracts.map((symbol) => [symbol, error] as const);
      return { ...own, batch: { ...own.batch, failed: new Map([...(own.batch.failed ?? []), ...refused]) } };
    }
  }

  /** Polygon knows symbols without a price in its snapshots (nothing traded today): their last session's bar is the quote. */
  async function withOwnBars(
    fetched: FetchedQuotes,
    slot: ProviderSlot,
    request: MarketRequest,
  ): Promise<FetchedQuotes> {
    const failed = new Map(fetched.batch.failed);
    const unpriced = [...failed]
      .filter(([symbol, { code }]) => code === 'no_data' && !isOptionSymbol(symbol))
      .map(([symbol]) => symbol);
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

  async function obtainChain(
    symbol: TickerSymbol,
    expiration: IsoDate,
    request: MarketRequest,
  ): Promise<Outcome<OptionChain>> {
    const need = chainOf(symbol, expiration, access.now, quotes.beside);
    const found = await obtainOne(need, request);
    const isOld = found.ok && !request.offline && (await isFromBeforeSplit(found.value, found.source, request));
    const outcome = isOld ? await obtainOne(need, { ...request, refresh: true }) : found;
    if (!outcome.ok || outcome.source.freshness !== 'live' || outcome.source.lost !== undefined) return outcome;
    const { value: chain, source } = outcome;
    const listed = await access.readHeld<Expiration[]>('expirations', symbol, request);
    dependencies.onChain?.({
      chain,
      source,
      ...(listed === undefined ? {} : { listed: listed.envelope.value.map(({ date }) => date) }),
    });
    return outcome;
  }

  /** A chain of the evening lasts until the open; splits have taken effect before: the quote of this morning tells. */
  async function isFromBeforeSplit(chain: OptionChain, source: Source, request: MarketRequest): Promise<boolean> {
    const { underlying, spot, pricedAt } = chain;
    const morning = tradingDayStart(access.now());
    if (source.freshness === 'live' || source.fetchedAt >= morning || pricedAt === undefined) return false;
    const quoted = (await quotes.read([underlying], request)).get(underlying);
    if (quoted?.ok !== true || quoted.source.fetchedAt < morning) return false;
    const told = spotByQuote(quoted.value, quoted.source.fetchedAt, pricedAt);
    return told !== undefined && (spot === undefined || isAdjustedPrice(told.price, spot));
  }

  async function runningQuote(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Quote>> {
    const outcome = (await liveQuotes.read([symbol], request)).get(symbol);
    return outcome ?? { ok: false, error: new NoDataError(`${symbol}: no quote`, { symbol }) };
  }

  async function obtainEvents<List extends EventList>(
    list: List,
    symbols: readonly TickerSymbol[],
    request: MarketRequest,
  ): Promise<Map<TickerSymbol, Outcome<EventLists[List]>>> {
    const { nameOf, symbolOf } = namesOf(list);
    const outcomes = await obtain.many(eventsTopic(access, list), symbols.map(nameOf), request);
    return new Map([...outcomes].map(([name, outcome]) => [symbolOf(name), outcome]));
  }

  return {
    events: obtainEvents,
    news: (symbol, request) => obtainOne(newsOf(symbol), request),
    search: (words, request) => obtainOne(searchOf(words), request),
    quotes: (symbols, request) => quotes.read(symbols, request),
    contractQuotes: (symbols, request) => quotes.readContracts(symbols, request),
    dailySeries: (symbol, request, dates) => series.read(symbol, request, dates),
    intraday: async (symbol, need, request) => (await openIntraday()).read(symbol, need, request),
    expirations: (symbol, request) => obtainOne(expirationsOf(symbol), request),
    chain: obtainChain,
    clock: (request) => obtainOne(marketClock, request),
    learnDay: (date, request) => createExchangeDays(access).learn(date, request),
  };
}

const marketClock: Need<MarketClock> = {
  kind: 'market',
  name: 'US',
  fetch: (provider, request) => provider.fetchMarketClock(request.call),
  asOf: (value, fetchedAt) => Math.min(value.at, fetchedAt),
};
