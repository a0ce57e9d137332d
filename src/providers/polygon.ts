// Hides Polygon: its endpoints, pages that may point anywhere, plans and refusals. Every page is a request of its own.
import { isIndexSymbol } from '../domain/symbols.ts';
import type { Bar, Clock, Expiration, IsoDate, MarketClock, OptionChain, TickerSymbol } from '../domain/types.ts';
import { isFinError } from '../domain/errors.ts';
import type { CallContext, HttpClient, HttpReply, HttpRequest, HttpTarget } from '../http/http.ts';
import { ROWS_PER_SLICE, type Pause, mapSlices } from '../http/pause.ts';
import type { SpareTime } from '../http/spare-time.ts';
import { providerLabel } from '../http/wire.ts';
import { hashKey, identityOf, normalizeBaseUrl } from './identity.ts';
import { createPageWalk } from './polygon-pages.ts';
import { readPolygonArray, readPolygonBody, readPolygonLimit, readPolygonMarket } from './polygon-refusal.ts';
import { createPolygonWire, mergeBatches, toPolygonTicker, type PolygonHoliday } from './polygon-wire.ts';
import type { Fetched, Provider, QuoteBatch } from './provider.ts';
import { mergeExpirations } from './option-lists.ts';
import { asArray, fieldOf, sortByDate, type WireSource } from './wire.ts';
import { REHEARSAL } from './wire-fields.ts';

export interface PolygonOptions {
  http: HttpClient;
  clock: Clock;
  /** Origin: `https://api.massive.com`. */
  baseUrl: string;
  apiKey: string;
  /** Requests in any 60 s; absent: unlimited. */
  limitPerMinute?: number;
  spareTime?: SpareTime;
}

export interface PolygonProvider extends Provider {
  fetchGroupedBars(date: IsoDate, context: CallContext): Promise<Fetched<Map<TickerSymbol, Bar>>>;
  /** The last finished session's bar; undefined for a symbol without one. */
  fetchPreviousBar(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Bar | undefined>>;
  /** Coming holidays and half days of the stock exchanges; past ones are not told. */
  fetchHolidays(context: CallContext): Promise<Fetched<PolygonHoliday[]>>;
}

// The documented maximum of v3; for v2, which has none, it keeps an address below 2,000 characters.
const MAX_TICKERS_PER_CALL = 250;
// Documented maxima of one page: base aggregates, contracts of a chain, contracts of the reference list.
const BARS_PER_PAGE = '50000';
const CHAIN_ROWS_PER_PAGE = '250';
const CONTRACTS_PER_PAGE = '1000';

export function createPolygon(options: PolygonOptions): PolygonProvider {
  const { http, clock, apiKey } = options;
  const baseUrl = normalizeBaseUrl(options.baseUrl);
  const wire = createPolygonWire();
  const target: HttpTarget = {
    provider: 'polygon',
    baseUrl,
    // In the header the key stays out of addresses, and so out of logs and cache keys.
    headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json' },
    keyHash: hashKey('polygon', apiKey),
    ...(options.limitPerMinute === undefined ? {} : { limitPerMinute: options.limitPerMinute }),
    readLimit: (reply) => readPolygonLimit(reply, clock.machineNow()),
  };

  const sourceOf = (endpoint: string): WireSource => ({
    provider: 'polygon',
    label: providerLabel('polygon'),
    endpoint,
    secret: apiKey,
  });
  const readBody = (reply: HttpReply, source: WireSource): unknown =>
    readPolygonBody(reply, source, clock.machineNow());

  const fetch: HttpClient['fetch'] = (target, request, read, context) => {
    options.spareTime?.use(
      `polygon ${request.endpoint}`,
      () => wire.rehearse(sourceOf(request.endpoint)),
      REHEARSAL.times,
    );
    return http.fetch(target, request, read, context);
  };

  function send<T>(
    endpoint: string,
    path: string,
    query: Record<string, string>,
    context: CallContext,
    read: (reply: HttpReply, source: WireSource) => T,
  ): Promise<Fetched<T>> {
    const request: HttpRequest = { endpoint, method: 'GET', path, query };
    return fetch(target, request, (reply) => read(reply, sourceOf(endpoint)), context);
  }

  /** All rows of a list, however many pages it has; none where Polygon says that there is no such thing. */
  const fetchRows = createPageWalk({ fetch, target, baseUrl, sourceOf, readBody });

  function fetchStockQuotes(symbols: readonly TickerSymbol[], context: CallContext): Promise<Fetched<QuoteBatch>> {
    const path = '/v2/snapshot/locale/us/markets/stocks/tickers';
    return send('snapshots', path, { tickers: symbols.join(',') }, context, (reply, source) =>
      wire.parseStockSnapshots(readBody(reply, source), symbols, clock.now(), source),
    );
  }

  function fetchIndexQuotes(symbols: readonly TickerSymbol[], context: CallContext): Promise<Fetched<QuoteBatch>> {
    const query = { 'ticker.any_of': symbols.map(toPolygonTicker).join(','), limit: String(MAX_TICKERS_PER_CALL) };
    return send('index snapshots', '/v3/snapshot', query, context, (reply, source) =>
      wire.parseUnifiedSnapshots(readBody(reply, source), symbols, source),
    );
  }

  /** Indices are another subscription: that its lack is said of them alone must not cost the stocks their quotes. */
  async function fetchIndexQuotesBeside(
    symbols: readonly TickerSymbol[],
    context: CallContext,
  ): Promise<Fetched<QuoteBatch>> {
    try {
      return await fetchIndexQuotes(symbols, context);
    } catch (error) {
      if (!isFinError(error) || error.code !== 'plan') throw error;
      return {
        value: { quotes: new Map(), unknown: [], failed: new Map(symbols.map((symbol) => [symbol, error])) },
        sample: false,
      };
    }
  }

  function fetchMarketClock(context: CallContext): Promise<Fetched<MarketClock>> {
    return send('market status', '/v1/marketstatus/now', {}, context, (reply, source) =>
      wire.parseMarketStatus(readPolygonMarket(reply, source, clock.machineNow()), source),
    );
  }

  return {
    name: 'polygon',
    identity: identityOf('polygon', baseUrl, 'production'),
    hasFreeSlot: () => http.hasFreeSlot(target),

    /**
     * Stocks by one v2 snapshot, which always says as of when it is and costs one request for 250 symbols; v3, which
     * also brings names and says which symbols are unknown, leaves its time out for stocks on plans without trades.
     * Indices exist in v3 only: one more request where there are any.
     * @throws ProviderAuthError (`plan`) where the plan has no snapshots; finished sessions' bars can stand in.
     */
    async fetchQuotes(symbols: readonly TickerSymbol[], context: CallContext): Promise<Fetched<QuoteBatch>> {
      const asked = [...new Set(symbols)];
      const stocks = asked.filter((symbol) => !isIndexSymbol(symbol));
      const indices = asked.filter(isIndexSymbol);
      const fetchIndices = stocks.length === 0 ? fetchIndexQuotes : fetchIndexQuotesBeside;
      const parts = await Promise.all([
        ...chunk(stocks).map((part) => fetchStockQuotes(part, context)),
        ...chunk(indices).map((part) => fetchIndices(part, context)),
      ]);
      return { value: mergeBatches(parts.map((part) => part.value)), sample: parts.some((part) => part.sample) };
    },

    async fetchDailyBars(
      symbol: TickerSymbol,
      from: IsoDate,
      to: IsoDate,
      context: CallContext,
    ): Promise<Fetched<Bar[]>> {
      const path = `/v2/aggs/ticker/${encodeTicker(symbol)}/range/1/day/${from}/${to}`;
      const query = { adjusted: 'true', sort: 'asc', limit: BARS_PER_PAGE };
      const fetched = await fetchRows(aggregatesOf(symbol), path, query, context, (body, source) =>
        wire.parseBars(body, symbol, source),
      );
      return { ...fetched, value: sortByDate(fetched.value, from, to) };
    },

    async fetchPreviousBar(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Bar | undefined>> {
      const path = `/v2/aggs/ticker/${encodeTicker(symbol)}/prev`;
      const fetched = await fetchRows(aggregatesOf(symbol), path, { adjusted: 'true' }, context, (body, source) =>
        wire.parseBars(body, symbol, source),
      );
      return { ...fetched, value: sortByDate(fetched.value).at(-1) };
    },

    async fetchGroupedBars(date: IsoDate, context: CallContext): Promise<Fetched<Map<TickerSymbol, Bar>>> {
      const path = `/v2/aggs/grouped/locale/us/market/stocks/${date}`;
      const fetched = await fetchRows('grouped bars', path, { adjusted: 'true' }, context, (body, source) => [
        ...wire.parseGroupedBars(body, date, source),
      ]);
      return { ...fetched, value: new Map(fetched.value) };
    },

    /**
     * Polygon has no list of dates, only of contracts, 1,000 a page. Every expiration has calls, so asking for calls
     * halves the pages: one for most companies, two for AAPL, some fifteen for SPX.
     */
    async fetchExpirations(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Expiration[]>> {
      const query = {
        // Unlike every other endpoint this one knows indices without their prefix.
        underlying_ticker: symbol,
        contract_type: 'call',
        expired: 'false',
        sort: 'expiration_date',
        order: 'asc',
        limit: CONTRACTS_PER_PAGE,
      };
      const fetched = await fetchRows(
        'option contracts',
        '/v3/reference/options/contracts',
        query,
        context,
        (body, source) => wire.parseExpirations(body, source, symbol),
      );
      return { ...fetched, value: mergeExpirations(fetched.value) };
    },

    async fetchChain(symbol: TickerSymbol, expiration: IsoDate, context: CallContext): Promise<Fetched<OptionChain>> {
      const path = `/v3/snapshot/options/${encodeTicker(symbol)}`;
      const query = { expiration_date: expiration, limit: CHAIN_ROWS_PER_PAGE, sort: 'ticker', order: 'asc' };
      const fetched = await fetchRows('option chain', path, query, context, (body, source, pause) =>
        readPageInSlices(body, (part) => wire.parseChainPage(part, symbol, expiration, source), pause),
      );
      return { ...fetched, value: wire.toChain(fetched.value, symbol, expiration) };
    },

    fetchMarketClock,

    fetchHolidays(context: CallContext): Promise<Fetched<PolygonHoliday[]>> {
      return send('market holidays', '/v1/marketstatus/upcoming', {}, context, (reply, source) =>
        wire.parseHolidays(readPolygonArray(reply, source, clock.machineNow()), source),
      );
    },

    async checkAccess(context: CallContext): Promise<void> {
      await fetchMarketClock(context);
    },
  };
}

/** A page that holds more rows than a page may is read in slices: what grows with a payload must be able to end. */
function readPageInSlices<T>(body: unknown, parse: (body: unknown) => T[], pause: Pause): T[] | Promise<T[]> {
  const rows = asArray(fieldOf(body, 'results'));
  return rows.length <= ROWS_PER_SLICE ? parse(body) : mapSlices(rows, (results) => parse({ results }), pause);
}

/** Endpoint families by subscription: a refusal of indices says nothing about stocks. */
function aggregatesOf(symbol: TickerSymbol): string {
  return isIndexSymbol(symbol) ? 'index aggregates' : 'aggregates';
}

function encodeTicker(symbol: TickerSymbol): string {
  return encodeURIComponent(toPolygonTicker(symbol)).replaceAll('%3A', ':');
}

function chunk(symbols: readonly TickerSymbol[]): TickerSymbol[][] {
  const count = Math.ceil(symbols.length / MAX_TICKERS_PER_CALL);
  return Array.from({ length: count }, (_, index) =>
    symbols.slice(index * MAX_TICKERS_PER_CALL, (index + 1) * MAX_TICKERS_PER_CALL),
  );
}
