// Hides Polygon: its endpoints, pages that may point anywhere, plans and refusals. Every page is a request of its own.
import type { EventList, EventLists, Headline } from '../domain/events.ts';
import { addDays, exchangeDateOf, exchangeMinutesOf } from '../domain/exchange-time.ts';
import { INTRADAY_MINUTES } from '../domain/intraday-bars.ts';
import { isIndexSymbol, isOptionSymbol } from '../domain/symbols.ts';
import type { Bar, Clock, IntradayBar, IsoDate, OptionSymbol, ProviderName, TickerSymbol } from '../domain/types.ts';
import { type FinError, ProviderAuthError, toFinError } from '../domain/errors.ts';
import type { CallContext, HttpClient, HttpReply, HttpRequest } from '../http/http.ts';
import { identityOf, normalizeBaseUrl } from './identity.ts';
import { keyedLine } from './keyed-line.ts';
import { createPolygonEvents } from './polygon-events.ts';
import { checkAggregates } from './polygon-aggregates.ts';
import { type PageParser, createPageWalk } from './polygon-pages.ts';
import { readPolygonArray, readPolygonBody, readPolygonLimit, readPolygonMarket } from './polygon-refusal.ts';
import { createPolygonWire, delayOf, mergeBatches, toPolygonTicker, type PolygonHoliday } from './polygon-wire.ts';
import type { Fetched, MarketSplit, Provider, QuoteBatch } from './provider.ts';
import { mergeExpirations } from './option-lists.ts';
import {
  dailyBarsOf,
  type Gathered,
  gatherInSlices,
  intradayBarsOf,
  lostTwice,
  madeOfRows,
  onlyOnce,
  withLost,
} from './rows.ts';
import { symbolReader } from './quote-batch.ts';
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
  fetchNews(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Headline[]>>;
  /** Coming holidays and half days of the stock exchanges; past ones are not told. */
  fetchHolidays(context: CallContext): Promise<Fetched<PolygonHoliday[]>>;
}

// The documented maximum of v3; for v2, which has none, it keeps an address below 2,000 characters.
const MAX_TICKERS_PER_CALL = 250;
// Documented maxima of one page: base aggregates, contracts of a chain, contracts of the reference list.
const BARS_PER_PAGE = '50000';
const WHOLE_RANGE = { adjusted: 'true', sort: 'asc', limit: BARS_PER_PAGE };
const CHAIN_ROWS_PER_PAGE = '250';
const CONTRACTS_PER_PAGE = '1000';
const SPLITS_PER_PAGE = '5000';
const EVENTS_PER_PAGE = '5000';
const TICKERS_PER_PAGE = '1000';
const HEADLINES = '50';
/** Of dividends; splits are few, and positions may be old. */
const DIVIDEND_DAYS = 5 * 365;

export function createPolygon(options: PolygonOptions): PolygonProvider {
  const { http, name = 'polygon' } = options;
  const line = createLine(options);
  const wire = createPolygonWire();
  const market = marketOver(line, wire);
  return {
    name,
    identity: identityOf(name, normalizeBaseUrl(options.baseUrl), 'production'),
    hasFreeSlot: () => http.hasFreeSlot(line.target),
    ...quotesOver(line, wire),
    ...barsOver(line, wire),
    ...optionsOver(line, wire),
    ...market,
    ...eventsOver(line),
    async checkAccess(context) {
      await market.fetchMarketClock(context);
    },
  };
}

type Line = ReturnType<typeof createLine>;
type Wire = ReturnType<typeof createPolygonWire>;

/** The way to Polygon: one request of it, or all pages of a list. */
function createLine({ http, clock, apiKey, name = 'polygon', ...options }: PolygonOptions) {
  const { target, sourceOf } = keyedLine({
    ...options,
    provider: name,
    key: apiKey,
    readLimit: (reply) => readPolygonLimit(reply, clock.machineNow()),
  });
  const readBody = (reply: HttpReply, source: WireSource): unknown =>
    readPolygonBody(reply, source, clock.machineNow());

  function get<T>(
    endpoint: string,
    path: string,
    query: Record<string, string>,
    context: CallContext,
    parse: (body: unknown, source: WireSource) => T,
    read: typeof readPolygonBody = readPolygonBody,
  ): Promise<{ value: T; sample: boolean }> {
    const request: HttpRequest = { endpoint, method: 'GET', path, query };
    const source = sourceOf(endpoint);
    return http.fetch(target, request, (reply) => parse(read(reply, source, clock.machineNow()), source), context);
  }

  /** All rows of a list, however many pages it has; none where Polygon says that there is no such thing. */
  const fetchRows = createPageWalk({ fetch: http.fetch, target, baseUrl: target.baseUrl, sourceOf, readBody });

  return { name, clock, target, sourceOf, get, fetchRows };
}

type FetchPart<S> = (symbols: readonly S[], context: CallContext) => Promise<Fetched<QuoteBatch>>;

function quotesOver({ get, clock }: Line, wire: Wire): Pick<Provider, 'fetchQuotes'> {
  const queryOf = (symbols: readonly TickerSymbol[]): Record<string, string> => ({
    'ticker.any_of': symbols.map(toPolygonTicker).join(','),
    limit: String(MAX_TICKERS_PER_CALL),
  });

  const fetchStocks: FetchPart<TickerSymbol> = (symbols, context) => {
    const path = '/v2/snapshot/locale/us/markets/stocks/tickers';
    return get('snapshots', path, { tickers: symbols.join(',') }, context, (body, source) =>
      wire.parseStockSnapshots(body, symbols, clock.now(), source),
    );
  };

  const fetchIndices: FetchPart<TickerSymbol> = (symbols, context) =>
    get('index snapshots', '/v3/snapshot', queryOf(symbols), context, (body, source) =>
      wire.parseUnifiedSnapshots(body, symbols, clock.now(), source),
    );

  const fetchContracts: FetchPart<OptionSymbol> = (symbols, context) =>
    get('option snapshots', '/v3/snapshot', queryOf(symbols), context, (body, source) =>
      wire.parseContractSnapshots(body, symbols, clock.now(), source),
    );

  return {
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
      const inParts = <S extends TickerSymbol>(of: readonly S[], fetch: FetchPart<S>, isStock: boolean) =>
        chunk(of).map((part) => ({ symbols: part, isStock, answer: fetch(part, context) }));
      return joinRequests([
        ...inParts(stocks, fetchStocks, true),
        ...inParts(indices, fetchIndices, false),
        ...inParts(contracts, fetchContracts, false),
      ]);
    },
  };
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

function barsOver(
  { fetchRows, clock, sourceOf }: Line,
  wire: Wire,
): Pick<PolygonProvider, 'fetchDailyBars' | 'fetchIntradayBars' | 'fetchGroupedBars'> {
  return {
    async fetchDailyBars(symbol, from, to, context) {
      const path = `/v2/aggs/ticker/${encodeTicker(symbol)}/range/1/day/${from}/${to}`;
      const parse = checked<Bar>(symbol, (part, source) => wire.parseBars(part, symbol, source));
      const list = await fetchRows(aggregatesOf(symbol), path, WHOLE_RANGE, context, parse);
      return dailyBarsOf(list, { symbol, from, to }, sourceOf(aggregatesOf(symbol)));
    },

    /** Polygon's bars hold the early and late hours too; it has no parameter for them. */
    async fetchIntradayBars(symbol, { step, hours, from, to }, context) {
      const path = `/v2/aggs/ticker/${encodeTicker(symbol)}/range/${INTRADAY_MINUTES[step]}/minute/${from}/${to}`;
      // A plan may have daily bars and no others.
      const endpoint = `intraday ${aggregatesOf(symbol)}`;
      const parse = checked<IntradayBar>(symbol, (part, source) => wire.parseIntraday(part, symbol, source));
      const list = await fetchRows(endpoint, path, WHOLE_RANGE, context, parse);
      return intradayBarsOf(list, { symbol, hours, from, now: clock.now() }, sourceOf(endpoint));
    },

    async fetchGroupedBars(date, context) {
      const path = `/v2/aggs/grouped/locale/us/market/stocks/${date}`;
      const parse = checked(undefined, (part, source) => wire.parseGroupedBars(part, date, source));
      const { value, sample } = await fetchRows('grouped bars', path, { adjusted: 'true' }, context, parse);
      const { rows, lost } = onlyOnce(
        value.rows,
        ([symbol]) => symbol,
        ([symbol, bar]) => lostTwice(bar, symbol, sourceOf('grouped bars')),
      );
      return withLost({ value: new Map(rows), sample }, [...value.lost, ...lost]);
    },
  };
}

function optionsOver(
  { fetchRows, clock, sourceOf }: Line,
  wire: Wire,
): Pick<Provider, 'fetchExpirations' | 'fetchChain'> {
  return {
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
      const parse = inSlices((part, source) => wire.parseExpirations(part, symbol, source));
      const path = '/v3/reference/options/contracts';
      return madeOfRows(fetchRows('option contracts', path, query, context, parse), mergeExpirations);
    },

    async fetchChain(symbol, expiration, context) {
      const path = `/v3/snapshot/options/${encodeTicker(symbol)}`;
      const query = { expiration_date: expiration, limit: CHAIN_ROWS_PER_PAGE, sort: 'ticker', order: 'asc' };
      const parse = inSlices((part, source) => wire.parseContracts(part, symbol, clock.now(), source));
      const { value, sample } = await fetchRows('option chain', path, query, context, parse);
      const { chain, lost } = wire.toChain(value.rows, { underlying: symbol, expiration }, sourceOf('option chain'));
      return withLost({ value: chain, sample }, [...value.lost, ...lost]);
    },
  };
}

/** What concerns all symbols. */
function marketOver(
  { get, fetchRows }: Line,
  wire: Wire,
): Pick<PolygonProvider, 'fetchMarketClock' | 'fetchHolidays' | 'fetchMarketSplits'> &
  Required<Pick<Provider, 'fetchExchangeDays'>> {
  const fetchHolidays = (context: CallContext): Promise<Fetched<PolygonHoliday[]>> =>
    get('market holidays', '/v1/marketstatus/upcoming', {}, context, wire.parseHolidays, readPolygonArray);

  return {
    fetchMarketClock: (context) =>
      get('market status', '/v1/marketstatus/now', {}, context, wire.parseMarketStatus, readPolygonMarket),

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

    async fetchMarketSplits(from, to, context) {
      const query = {
        'execution_date.gte': from,
        'execution_date.lte': to,
        limit: SPLITS_PER_PAGE,
        sort: 'execution_date.desc',
      };
      return madeOfRows(fetchRows('splits', '/stocks/v1/splits', query, context, wire.parseSplits), (rows) => rows);
    },
  };
}

function eventsOver({
  name,
  clock,
  get,
  fetchRows,
}: Line): Pick<PolygonProvider, 'fetchNews'> & Required<Pick<Provider, 'fetchEvents' | 'searchSecurities'>> {
  const events = createPolygonEvents();
  return {
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
      const symbolOf = symbolReader(symbols, toPolygonTicker);
      return madeOfRows(
        fetchRows(list, `/stocks/v1/${list}`, query, context, (body, source) =>
          events.parseEvents(list, body, symbolOf, source),
        ),
        (rows) => events.bySymbol(list, rows, symbols),
      );
    },

    async fetchNews(symbol, context) {
      const query = { ticker: toPolygonTicker(symbol), limit: HEADLINES, sort: 'published_utc', order: 'desc' };
      return madeOfRows(
        get('news', '/v2/reference/news', query, context, (body, source) => events.parseNews(body, symbol, source)),
        (rows) => rows,
      );
    },

    /** One page: who gets more than it holds has asked too widely. */
    async searchSecurities(words, context) {
      const query = { search: words, active: 'true', limit: TICKERS_PER_PAGE };
      return madeOfRows(
        get('tickers', '/v3/reference/tickers', query, context, (body, source) => events.parseSecurities(body, source)),
        (rows) => rows,
      );
    },
  };
}

/** A page that holds more rows than a page may is read in slices. */
function inSlices<T>(parse: (body: unknown, source: WireSource) => Gathered<T>): PageParser<T> {
  return (body, source, pause) =>
    gatherInSlices(asArray(fieldOf(body, 'results')), (results) => parse({ results }, source), pause);
}

/** The same of a page of bars, which also says of itself what it is. */
function checked<T>(
  symbol: TickerSymbol | undefined,
  parse: (body: unknown, source: WireSource) => Gathered<T>,
): PageParser<T> {
  const read = inSlices(parse);
  return async (body, source, pause) => {
    checkAggregates(body, symbol, toPolygonTicker, source);
    return { ...(await read(body, source, pause)), ...delayOf(body) };
  };
}

/** Endpoint families by subscription: a refusal of indices says nothing about stocks. */
function aggregatesOf(symbol: TickerSymbol): string {
  return isIndexSymbol(symbol) ? 'index aggregates' : 'aggregates';
}

function encodeTicker(symbol: TickerSymbol): string {
  return encodeURIComponent(toPolygonTicker(symbol)).replaceAll('%3A', ':');
}

function chunk<S>(symbols: readonly S[]): S[][] {
  const count = Math.ceil(symbols.length / MAX_TICKERS_PER_CALL);
  return Array.from({ length: count }, (_, index) =>
    symbols.slice(index * MAX_TICKERS_PER_CALL, (index + 1) * MAX_TICKERS_PER_CALL),
  );
}
