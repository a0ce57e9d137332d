// Hides Polygon: its endpoints, pages that may point anywhere, plans and refusals. Every page is a request of its own.
import type { EventList, EventLists, Headline } from '../domain/events.ts';
import { addDays, exchangeDateOf, exchangeMinutesOf } from '../domain/exchange-time.ts';
import { INTRADAY_MINUTES, barsWithin } from '../domain/intraday-bars.ts';
import { isIndexSymbol, isOptionSymbol } from '../domain/symbols.ts';
import type { Bar, Clock, IsoDate, MarketClock, OptionSymbol, ProviderName, TickerSymbol } from '../domain/types.ts';
import { type FinError, ProviderAuthError, toFinError } from '../domain/errors.ts';
import type { CallContext, HttpClient, HttpReply, HttpRequest, HttpTarget } from '../http/http.ts';
import type { Pause } from '../http/pause.ts';
import { providerLabel } from '../http/wire.ts';
import { hashKey, identityOf, normalizeBaseUrl } from './identity.ts';
import { createPolygonEvents } from './polygon-events.ts';
import { createPageWalk } from './polygon-pages.ts';
import { readPolygonArray, readPolygonBody, readPolygonLimit, readPolygonMarket } from './polygon-refusal.ts';
import { createPolygonWire, mergeBatches, toPolygonTicker, type PolygonHoliday } from './polygon-wire.ts';
import type { Fetched, MarketSplit, Provider, QuoteBatch } from './provider.ts';
import { mergeExpirations } from './option-lists.ts';
import { type Gathered, gatherInSlices, sortBars, sortIntraday, withLost } from './rows.ts';
import { asArray, fieldOf, type WireSource } from './wire.ts';

export interface PolygonOptions {
  http: HttpClient;
  clock: Clock;
  /** Origin: `https://api.massive.com`. */
  baseUrl: string;
  apiKey: string;
  /** Requests in any 60 s; absent: unlimited. */
  limitPerMinute?: number;
  /** Under which name it answers; the sample market speaks this wire format too. */
  name?: Extract<ProviderName, 'polygon' | 'sample'>;
}

export interface PolygonProvider extends Provider {
  fetchGroupedBars(date: IsoDate, context: CallContext): Promise<Fetched<Map<TickerSymbol, Bar>>>;
  fetchMarketSplits(from: IsoDate, to: IsoDate, context: CallContext): Promise<Fetched<MarketSplit[]>>;
  /** The last finished session's bar; undefined for a symbol without one. */
  fetchPreviousBar(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Bar | undefined>>;
  fetchNews(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Headline[]>>;
  /** Coming holidays and half days of the stock exchanges; past ones are not told. */
  fetchHolidays(context: CallContext): Promise<Fetched<PolygonHoliday[]>>;
}

// The documented maximum of v3; for v2, which has none, it keeps an address below 2,000 characters.
const MAX_TICKERS_PER_CALL = 250;
// Documented maxima of one page: base aggregates, contracts of a chain, contracts of the reference list.
const BARS_PER_PAGE = '50000';
const CHAIN_ROWS_PER_PAGE = '250';
const CONTRACTS_PER_PAGE = '1000';
const SPLITS_PER_PAGE = '5000';
const EVENTS_PER_PAGE = '5000';
const TICKERS_PER_PAGE = '1000';
const HEADLINES = '50';
/** Of dividends; splits are few, and positions may be old. */
const DIVIDEND_DAYS = 5 * 365;

export function createPolygon(options: PolygonOptions): PolygonProvider {
  const { http, clock, apiKey, name = 'polygon' } = options;
  const baseUrl = normalizeBaseUrl(options.baseUrl);
  const wire = createPolygonWire();
  const events = createPolygonEvents();
  const target: HttpTarget = {
    provider: name,
    baseUrl,
    // In the header the key stays out of addresses, and so out of logs and cache keys.
    headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json' },
    keyHash: hashKey(name, apiKey),
    ...(options.limitPerMinute === undefined ? {} : { limitPerMinute: options.limitPerMinute }),
    readLimit: (reply) => readPolygonLimit(reply, clock.machineNow()),
  };

  const sourceOf = (endpoint: string): WireSource => ({
    provider: name,
    label: providerLabel(name),
    endpoint,
    secret: apiKey,
  });
  const readBody = (reply: HttpReply, source: WireSource): unknown =>
    readPolygonBody(reply, source, clock.machineNow());

  function send<T>(
    endpoint: string,
    path: string,
    query: Record<string, string>,
    context: CallContext,
    read: (reply: HttpReply, source: WireSource) => T,
  ): Promise<{ value: T; sample: boolean }> {
    const request: HttpRequest = { endpoint, method: 'GET', path, query };
    return http.fetch(target, request, (reply) => read(reply, sourceOf(endpoint)), context);
  }

  /** All rows of a list, however many pages it has; none where Polygon says that there is no such thing. */
  const fetchRows = createPageWalk({ fetch: http.fetch, target, baseUrl, sourceOf, readBody });

  function fetchStockQuotes(symbols: readonly TickerSymbol[], context: CallContext): Promise<Fetched<QuoteBatch>> {
    const path = '/v2/snapshot/locale/us/markets/stocks/tickers';
    return send('snapshots', path, { tickers: symbols.join(',') }, context, (reply, source) =>
      wire.parseStockSnapshots(readBody(reply, source), symbols, clock.now(), source),
    );
  }

  function fetchIndexQuotes(symbols: readonly TickerSymbol[], context: CallContext): Promise<Fetched<QuoteBatch>> {
    const query = { 'ticker.any_of': symbols.map(toPolygonTicker).join(','), limit: String(MAX_TICKERS_PER_CALL) };
    return send('index snapshots', '/v3/snapshot', query, context, (reply, source) =>
      wire.parseUnifiedSnapshots(readBody(reply, source), symbols, clock.now(), source),
    );
  }

  function fetchContractQuotes(symbols: readonly OptionSymbol[], context: CallContext): Promise<Fetched<QuoteBatch>> {
    const query = { 'ticker.any_of': symbols.map(toPolygonTicker).join(','), limit: String(MAX_TICKERS_PER_CALL) };
    return send('option snapshots', '/v3/snapshot', query, context, (reply, source) =>
      wire.parseContractSnapshots(readBody(reply, source), symbols, source),
    );
  }

  /**
   * What several requests brought. One that failed fails its own symbols only, where others were answered; a plan without
   * stock snapshots is told as such, because finished sessions' bars can stand in then.
   */
  async function joinRequests(
    requests: readonly { symbols: readonly TickerSymbol[]; isStock: boolean; answer: Promise<Fetched<QuoteBatch>> }[],
  ): Promise<Fetched<QuoteBatch>> {
    const settled = await Promise.allSettled(requests.map(({ answer }) => answer));
    const batches: QuoteBatch[] = [];
    const errors: FinError[] = [];
    let sample = false;
    for (const [index, result] of settled.entries()) {
      const request = requests[index];
      if (request === undefined) continue;
      if (result.status === 'fulfilled') {
        batches.push(result.value.value);
        sample ||= result.value.sample;
        continue;
      }
      const error = toFinError(result.reason);
      errors.push(error);
      if (error.code === 'cancelled' || error.code === 'internal' || (error.code === 'plan' && request.isStock))
        throw error;
      batches.push({
        quotes: new Map(),
        unknown: [],
        failed: new Map(request.symbols.map((symbol) => [symbol, error])),
      });
    }
    const [first] = errors;
    if (first !== undefined && errors.length === requests.length) throw first;
    return { value: mergeBatches(batches), sample };
  }

  function fetchMarketClock(context: CallContext): Promise<Fetched<MarketClock>> {
    return send('market status', '/v1/marketstatus/now', {}, context, (reply, source) =>
      wire.parseMarketStatus(readPolygonMarket(reply, source, clock.machineNow()), source),
    );
  }

  function fetchHolidays(context: CallContext): Promise<Fetched<PolygonHoliday[]>> {
    return send('market holidays', '/v1/marketstatus/upcoming', {}, context, (reply, source) =>
      wire.parseHolidays(readPolygonArray(reply, source, clock.machineNow()), source),
    );
  }

  return {
    name,
    identity: identityOf(name, baseUrl, 'production'),
    hasFreeSlot: () => http.hasFreeSlot(target),

    /**
     * Stocks by one v2 snapshot, which always says as of when it is and costs one request for 250 symbols; v3, which
     * also brings names and says which symbols are unknown, leaves its time out for stocks on plans without trades.
     * Indices and contracts exist in v3 only: one more request where there are any of a kind, since plans are sold by kind.
     * @throws ProviderAuthError (`plan`) where the plan has no snapshots; finished sessions' bars can stand in.
     */
    async fetchQuotes(symbols, context) {
      const asked = [...new Set(symbols)];
      const stocks = asked.filter((symbol) => !isIndexSymbol(symbol) && !isOptionSymbol(symbol));
      const contracts = asked.filter(isOptionSymbol);
      const indices = asked.filter(isIndexSymbol);
      return joinRequests([
        ...chunk(stocks).map((part) => ({ symbols: part, isStock: true, answer: fetchStockQuotes(part, context) })),
        ...chunk(indices).map((part) => ({ symbols: part, isStock: false, answer: fetchIndexQuotes(part, context) })),
        ...chunk(contracts).map((part) => ({
          symbols: part,
          isStock: false,
          answer: fetchContractQuotes(part, context),
        })),
      ]);
    },

    async fetchDailyBars(symbol, from, to, context) {
      const path = `/v2/aggs/ticker/${encodeTicker(symbol)}/range/1/day/${from}/${to}`;
      const query = { adjusted: 'true', sort: 'asc', limit: BARS_PER_PAGE };
      const { rows, lost, sample } = await fetchRows(
        aggregatesOf(symbol),
        path,
        query,
        context,
        (body, source, pause) => readPageInSlices(body, (part) => wire.parseBars(part, symbol, source), pause),
      );
      const inside = lost.filter(({ date }) => date === undefined || (date >= from && date <= to));
      return withLost({ value: sortBars(rows, from, to), sample }, inside);
    },

    /** Polygon's bars hold the early and late hours too; it has no parameter for them. */
    async fetchIntradayBars(symbol, { step, hours, from, to }, context) {
      const path = `/v2/aggs/ticker/${encodeTicker(symbol)}/range/${INTRADAY_MINUTES[step]}/minute/${from}/${to}`;
      const query = { adjusted: 'true', sort: 'asc', limit: BARS_PER_PAGE };
      // A plan may have daily bars and no others.
      const { rows, lost, sample } = await fetchRows(
        `intraday ${aggregatesOf(symbol)}`,
        path,
        query,
        context,
        (body, source) => wire.parseIntraday(body, symbol, source),
      );
      return withLost({ value: { bars: barsWithin(sortIntraday(rows), hours), from }, sample }, lost);
    },

    async fetchPreviousBar(symbol, context) {
      const path = `/v2/aggs/ticker/${encodeTicker(symbol)}/prev`;
      const query = { adjusted: 'true' };
      const { rows, lost, sample } = await fetchRows(
        aggregatesOf(symbol),
        path,
        query,
        context,
        (body, source, pause) => readPageInSlices(body, (part) => wire.parseBars(part, symbol, source), pause),
      );
      return withLost({ value: sortBars(rows).at(-1), sample }, lost);
    },

    async fetchGroupedBars(date, context) {
      const path = `/v2/aggs/grouped/locale/us/market/stocks/${date}`;
      const { rows, lost, sample } = await fetchRows(
        'grouped bars',
        path,
        { adjusted: 'true' },
        context,
        (body, source, pause) => readPageInSlices(body, (part) => wire.parseGroupedBars(part, date, source), pause),
      );
      const bars = new Map<TickerSymbol, Bar>();
      for (const [symbol, bar] of rows) {
        const other = bars.get(symbol);
        bars.set(symbol, other === undefined ? bar : (sortBars([bar, other])[0] ?? bar));
      }
      return withLost({ value: bars, sample }, lost);
    },

    async fetchMarketSplits(from, to, context) {
      const query = {
        'execution_date.gte': from,
        'execution_date.lte': to,
        limit: SPLITS_PER_PAGE,
        sort: 'execution_date.desc',
      };
      const { rows, lost, sample } = await fetchRows('splits', '/stocks/v1/splits', query, context, wire.parseSplits);
      return withLost({ value: rows, sample }, lost);
    },

    /**
     * Polygon has no list of dates, only of contracts, 1,000 a page. Every expiration has calls, so asking for calls
     * halves the pages: one for most companies, two for AAPL, some fifteen for SPX.
     */
    async fetchExpirations(symbol, context) {
      const query = {
        // Unlike every other endpoint this one knows indices without their prefix.
        underlying_ticker: symbol,
        contract_type: 'call',
        expired: 'false',
        sort: 'expiration_date',
        order: 'asc',
        limit: CONTRACTS_PER_PAGE,
      };
      const { rows, lost, sample } = await fetchRows(
        'option contracts',
        '/v3/reference/options/contracts',
        query,
        context,
        (body, source, pause) => readPageInSlices(body, (part) => wire.parseExpirations(part, symbol, source), pause),
      );
      return withLost({ value: mergeExpirations(rows), sample }, lost);
    },

    async fetchChain(symbol, expiration, context) {
      const path = `/v3/snapshot/options/${encodeTicker(symbol)}`;
      const query = { expiration_date: expiration, limit: CHAIN_ROWS_PER_PAGE, sort: 'ticker', order: 'asc' };
      const { rows, lost, sample } = await fetchRows('option chain', path, query, context, (body, source, pause) =>
        readPageInSlices(body, (part) => wire.parseChainPage(part, symbol, expiration, source), pause),
      );
      return withLost({ value: wire.toChain(rows, symbol, expiration), sample }, lost);
    },

    fetchMarketClock,

    fetchHolidays,

    async fetchExchangeDays(_date, context) {
      const fetched = await fetchHolidays(context);
      const days = fetched.value.map(({ date, closed, name, closesAt }) => ({
        date,
        closed,
        name,
        ...(closesAt === undefined ? {} : { closeMinutes: exchangeMinutesOf(closesAt) }),
      }));
      return { ...fetched, value: days };
    },

    /** @throws ProviderAuthError (`plan`) for earnings, which a partner sells apart: nobody is asked for them */
    async fetchEvents<List extends EventList>(
      list: List,
      symbols: readonly TickerSymbol[],
      context: CallContext,
    ): Promise<Fetched<Map<TickerSymbol, EventLists[List]>>> {
      if (list === 'earnings')
        throw new ProviderAuthError('plan', 'earnings: not in the free Polygon plan', {
          provider: name,
          scope: 'request',
          hint: 'Tradier has them for brokerage accounts (TRADIER_ACCESS_TOKEN)',
        });
      const tickers = symbols.map(toPolygonTicker).join(',');
      const query = {
        ...(symbols.length === 1 ? { ticker: tickers } : { 'ticker.any_of': tickers }),
        limit: EVENTS_PER_PAGE,
        ...(list === 'dividends'
          ? {
              'ex_dividend_date.gte': addDays(exchangeDateOf(clock.now()), -DIVIDEND_DAYS),
              sort: 'ex_dividend_date.desc',
            }
          : { sort: 'execution_date.desc' }),
      };
      const { rows, lost, sample } = await fetchRows(list, `/stocks/v1/${list}`, query, context, (body, source) =>
        events.parseEvents(list, body, source),
      );
      return withLost({ value: events.bySymbol(list, rows, symbols, toPolygonTicker), sample }, lost);
    },

    async fetchNews(symbol, context) {
      const query = { ticker: toPolygonTicker(symbol), limit: HEADLINES, sort: 'published_utc', order: 'desc' };
      const { value, sample } = await send('news', '/v2/reference/news', query, context, (reply, source) =>
        events.parseNews(readBody(reply, source), symbol, source),
      );
      return withLost({ value: value.rows, sample }, value.lost);
    },

    /** One page: who gets more than it holds has asked too widely. */
    async searchSecurities(words, context) {
      const query = { search: words, active: 'true', limit: TICKERS_PER_PAGE };
      const { value, sample } = await send('tickers', '/v3/reference/tickers', query, context, (reply, source) =>
        events.parseSecurities(readBody(reply, source), source),
      );
      return withLost({ value: value.rows, sample }, value.lost);
    },

    async checkAccess(context) {
      await fetchMarketClock(context);
    },
  };
}

/** A page that holds more rows than a page may is read in slices. */
function readPageInSlices<T>(
  body: unknown,
  parse: (body: unknown) => Gathered<T>,
  pause: Pause,
): Gathered<T> | Promise<Gathered<T>> {
  return gatherInSlices(asArray(fieldOf(body, 'results')), (results) => parse({ results }), pause);
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
