// Answers in Polygon's (Massive's) wire format: bars of finished sessions, stock snapshots, market status, reference.
// `results` is left out when empty, as on the real wire. Wire facts: providers.md, section A.
import {
  closeOf,
  holidayName,
  nextTradingDay,
  sessionAt,
  sessionTimes,
  tradingDaysBetween,
} from '../domain/calendar.ts';
import { addDays, exchangeDateOf, exchangeInstant, formatExchangeIso, isValidDate } from '../domain/exchange-time.ts';
import type { Bar, IntradayBar, IsoDate, TickerSymbol } from '../domain/types.ts';
import type { Instrument } from './companies.ts';
import { widenMinutes } from './minutes.ts';
import { answerPolygonEvents } from './polygon-events-wire.ts';
import { bucketBars } from './polygon-buckets.ts';
import { answerOptions } from './polygon-options-wire.ts';
import {
  PolygonRefusal,
  encodeCursor,
  notFound,
  nextPageUrl,
  readCursor,
  readLimit,
  readOffset,
  success,
} from './polygon-replies.ts';
import { type SampleQuote, unsplitBar } from './source.ts';
import { jsonReply, requestIdOf, round, toNanoseconds } from './wire.ts';
import type { ExchangeReply, WireRequest } from './wire.ts';

const SESSION_MINUTES = 390;
const MINUTE_MS = 60_000;
const SHARES_PER_TRADE = 110;
const UPCOMING_DAYS = 370;
const MOST_BASE_BARS = 50_000;

/** Every Polygon path that is served, the error body of a refusal, and 404 for the rest. */
export function answerPolygon(request: WireRequest): ExchangeReply {
  try {
    return (
      answerAggregates(request) ??
      answerSnapshots(request) ??
      answerStatus(request) ??
      answerOptions(request) ??
      answerReference(request) ??
      (namesTickers(request) ? undefined : answerSplits(request)) ??
      answerPolygonEvents(request) ??
      notFound(request, 'Not found.')
    );
  } catch (error) {
    if (error instanceof PolygonRefusal) return error.toReply(request);
    throw error;
  }
}

function answerAggregates(request: WireRequest): ExchangeReply | undefined {
  const { segments } = request;
  const path = segments.join('/');
  if (path.startsWith('v2/aggs/ticker/') && segments[4] === 'range' && segments.length === 9)
    return answerRange(request);
  if (path.startsWith('v2/aggs/ticker/') && segments[4] === 'prev' && segments.length === 5)
    return answerPrevious(request);
  if (path.startsWith('v2/aggs/grouped/locale/us/market/stocks/') && segments.length === 8)
    return answerGrouped(request);
  if (path.startsWith('v1/open-close/') && segments.length === 4) return answerOpenClose(request);
  return undefined;
}

/** Polygon marks an index with `I:`; without the mark it is not known, and a share with it neither. */
function findTicker({ market }: WireRequest, ticker: string): Instrument | undefined {
  const isIndex = ticker.startsWith('I:');
  const instrument = market.find(isIndex ? ticker.slice(2) : ticker);
  return instrument !== undefined && (instrument.kind === 'index') === isIndex ? instrument : undefined;
}

function toTicker({ symbol, kind }: Instrument): string {
  return kind === 'index' ? `I:${symbol}` : symbol;
}

/** Number of trades is invented from the volume and told only where the bar is invented too (it has a vwap then). */
function aggregateOf({ open, high, low, close, volume, vwap }: Bar, time: number): object {
  return {
    ...(volume > 0 ? { v: volume } : {}),
    ...(vwap === undefined ? {} : { vw: vwap }),
    o: open,
    c: close,
    h: high,
    l: low,
    t: time,
    ...(vwap === undefined ? {} : { n: Math.max(1, Math.round(volume / SHARES_PER_TRADE)) }),
  };
}

function isAdjusted(request: WireRequest): boolean {
  return readCursor(request).get('adjusted')?.toLowerCase() !== 'false';
}

/** Adjusted for splits, unless the request says otherwise. */
function asAsked(request: WireRequest, { split }: Instrument, bars: Bar[]): Bar[] {
  if (split === undefined || isAdjusted(request) || split.date > exchangeDateOf(request.clock.now())) return bars;
  return bars.map((bar) => (bar.date < split.date ? unsplitBar(bar, split) : bar));
}

/** Splits that have been, newest first. */
/** Splits of all symbols are those that the bars of the whole market show; those of named ones are told with their events. */
function namesTickers(request: WireRequest): boolean {
  const params = readCursor(request);
  return params.has('ticker') || params.has('ticker.any_of');
}

function answerSplits(request: WireRequest): ExchangeReply | undefined {
  if (request.segments.join('/') !== 'stocks/v1/splits') return undefined;
  const params = readCursor(request);
  const limit = readLimit(params, 100, 5000);
  const offset = readOffset(params);
  const [only, from = '', to = exchangeDateOf(request.clock.now())] = ['ticker', 'gte', 'lte'].map(
    (name) => params.get(name === 'ticker' ? name : `execution_date.${name}`) ?? undefined,
  );
  const rows = request.market
    .allInstruments()
    .flatMap(({ symbol, split }) => (split === undefined ? [] : [{ symbol, ...split }]))
    .filter(({ symbol, date }) => (only === undefined || only === symbol) && date >= from && date <= to)
    .sort((a, b) => (a.date < b.date ? 1 : -1));
  const cursor = encodeCursor({ ...Object.fromEntries(params), offset: String(offset + limit) });
  return success(
    request,
    rows.slice(offset, offset + limit).map(({ symbol, date, from: old, to: young }) => ({
      id: `E${symbol}${date}`,
      ticker: symbol,
      execution_date: date,
      split_from: old,
      split_to: young,
      adjustment_type: young > old ? 'forward_split' : 'reverse_split',
      historical_adjustment_factor: round(old / young, 6),
    })),
    offset + limit < rows.length ? nextPageUrl(request, '/stocks/v1/splits', cursor) : undefined,
  );
}

function answerRange(request: WireRequest): ExchangeReply {
  const { segments, market } = request;
  const [, , , ticker = '', , multiplierText = '', timespan = '', fromText = '', toText = ''] = segments;
  const params = readCursor(request);
  const multiplier = Number(multiplierText);
  if (!Number.isInteger(multiplier) || multiplier < 1)
    throw PolygonRefusal.invalid(`Could not parse the multiplier: '${multiplierText}'.`);
  if (timespan === 'minute' || timespan === 'hour') return answerMinutes(request, multiplier);
  const from = readRangeDate(fromText);
  const to = readRangeDate(toText);
  if (from > to) throw PolygonRefusal.invalid("The parameter 'to' cannot be a time that occurs before 'from'");
  const descending = params.get('sort') === 'desc';
  const limit = readLimit(params, 5000, MOST_BASE_BARS);
  const instrument = findTicker(request, ticker);
  const days = ticker.startsWith('O:')
    ? market.finishedBars(ticker.slice(2), from, to)
    : instrument === undefined
      ? []
      : asAsked(request, instrument, market.finishedBars(instrument.symbol, from, to));
  const page = bucketBars(days, { timespan, multiplier, descending, limit });
  const results = page.buckets.map((bucket) => aggregateOf(bucket, exchangeInstant(bucket.date, 0)));
  const body = {
    ...barsBody(request, results, { ticker }),
    queryCount: page.baseCount,
    ...(results.length === 0 ? {} : { count: results.length }),
  };
  if (page.resumeAt === undefined) return jsonReply(200, body);
  const resume = exchangeInstant(page.resumeAt, 0);
  const path = segments.slice(0, 7).map(encodeURIComponent).join('/');
  const range = descending ? `${fromText}/${resume}` : `${resume}/${toText}`;
  const cursor = encodeCursor({
    limit: String(limit),
    sort: descending ? 'desc' : 'asc',
    adjusted: String(isAdjusted(request)),
  });
  return jsonReply(200, { ...body, next_url: nextPageUrl(request, `/${path}/${range}`, cursor) });
}

/**
 * Bars below a day, early hours among them, as far as the clock has come. Windows count from midnight of the exchange; a
 * page ends with the last window whose minutes were all read.
 */
function answerMinutes(request: WireRequest, multiplier: number): ExchangeReply {
  const { segments, market } = request;
  const [, , , ticker = '', , , timespan = '', fromText = '', toText = ''] = segments;
  const params = readCursor(request);
  const limit = readLimit(params, 5000, MOST_BASE_BARS);
  const size = multiplier * (timespan === 'hour' ? 60 : 1);
  const instrument = findTicker(request, ticker);
  const minutes: IntradayBar[] = [];
  for (const date of tradingDaysBetween(readRangeDate(fromText), readRangeDate(toText))) {
    if (minutes.length > limit) break;
    const ofDate = instrument === undefined ? [] : market.minuteBars(instrument.symbol, date);
    minutes.push(...ofDate.filter(({ at }) => isValidDate(fromText) || at >= Number(fromText)));
  }
  const windows = widenMinutes(minutes, size);
  const readTo = minutes.length > limit ? (minutes[limit - 1]?.at ?? 0) : Infinity;
  const shown = windows.filter(({ at }, index) => index === 0 || at + (size - 1) * MINUTE_MS <= readTo);
  const next = windows[shown.length];
  const page = params.get('sort') === 'desc' ? shown.toReversed() : shown;
  const results = page.map((bar) => aggregateOf(bar, bar.at));
  const body = barsBody(request, results, { ticker });
  if (next === undefined) return jsonReply(200, body);
  const path = segments.slice(0, 7).map(encodeURIComponent).join('/');
  const cursor = encodeCursor({ limit: String(limit), sort: 'asc', adjusted: String(isAdjusted(request)) });
  return jsonReply(200, { ...body, next_url: nextPageUrl(request, `/${path}/${next.at}/${toText}`, cursor) });
}

/** `YYYY-MM-DD` or milliseconds since the epoch. */
function readRangeDate(text: string): IsoDate {
  if (isValidDate(text)) return text;
  if (/^\d{9,14}$/.test(text)) return exchangeDateOf(Number(text));
  throw PolygonRefusal.invalid('Could not parse the date.');
}

function answerPrevious(request: WireRequest): ExchangeReply {
  const ticker = request.segments[3] ?? '';
  const instrument = findTicker(request, ticker);
  const bar = instrument === undefined ? undefined : lastBar(request, instrument.symbol);
  const results = bar === undefined ? [] : [{ T: ticker, ...aggregateOf(bar, closeOf(bar.date)) }];
  return barsReply(request, results, { ticker });
}

function barsReply(request: WireRequest, results: readonly object[], head: object = {}): ExchangeReply {
  return jsonReply(200, barsBody(request, results, head));
}

/** Without bars there is no `results` at all. */
function barsBody(request: WireRequest, results: readonly object[], head: object): object {
  return {
    ...head,
    queryCount: results.length,
    resultsCount: results.length,
    adjusted: isAdjusted(request),
    ...(results.length === 0 ? {} : { results }),
    status: 'OK',
    request_id: requestIdOf(request),
  };
}

function lastBar({ market, clock }: WireRequest, symbol: TickerSymbol): Bar | undefined {
  const today = exchangeDateOf(clock.now());
  return market.finishedBars(symbol, addDays(today, -14), today).at(-1);
}

function answerGrouped(request: WireRequest): ExchangeReply {
  const { market, segments, clock } = request;
  const date = segments[7] ?? '';
  if (!isValidDate(date)) throw PolygonRefusal.invalid('Could not parse the date.');
  if (date === exchangeDateOf(clock.now()) && clock.now() < (sessionTimes(date)?.close ?? 0)) {
    throw PolygonRefusal.notEntitled(
      "Attempted to request today's data before end of day. Please upgrade your plan at https://massive.com/pricing",
    );
  }
  const closesAt = closeOf(date);
  const results = market
    .sessionBars(date)
    .filter(({ instrument }) => instrument.kind !== 'index')
    .flatMap(({ instrument, bar }) =>
      asAsked(request, instrument, [bar]).map((each) => ({
        T: instrument.symbol,
        ...aggregateOf(each, closesAt),
      })),
    );
  return barsReply(request, results);
}

/** Before the open trading starts from the close before, after the close it rests: so the sample market behaves. */
function answerOpenClose(request: WireRequest): ExchangeReply {
  const [, , ticker = '', date = ''] = request.segments;
  if (!isValidDate(date)) throw PolygonRefusal.invalid('Could not parse the date.');
  const instrument = findTicker(request, ticker);
  const bars = instrument === undefined ? [] : request.market.finishedBars(instrument.symbol, addDays(date, -14), date);
  const bar = bars.at(-1);
  if (bar?.date !== date) return notFound(request, 'Data not found.');
  const before = bars.at(-2);
  return jsonReply(200, {
    status: 'OK',
    from: date,
    symbol: ticker,
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
    volume: bar.volume,
    afterHours: bar.close,
    ...(before === undefined ? {} : { preMarket: before.close }),
  });
}

function answerSnapshots(request: WireRequest): ExchangeReply | undefined {
  const { segments, params, market } = request;
  if (!segments.join('/').startsWith('v2/snapshot/locale/us/markets/stocks/tickers') || segments.length > 8)
    return undefined;
  const only = segments[7];
  if (only !== undefined) {
    const instrument = findTicker(request, only);
    const ticker = instrument === undefined ? undefined : snapshotOf(request, instrument);
    if (ticker === undefined) return notFound(request, 'Ticker not found.');
    return jsonReply(200, { status: 'OK', request_id: requestIdOf(request), ticker });
  }
  const asked = params.get('tickers')?.split(',');
  const found = (asked === undefined ? market.instruments() : asked.map((ticker) => findTicker(request, ticker.trim())))
    .filter((instrument) => instrument !== undefined)
    .filter(({ kind }) => kind !== 'index');
  const tickers = [...new Set(found)]
    .map((instrument) => snapshotOf(request, instrument))
    .filter((row) => row !== undefined);
  return jsonReply(200, { status: 'OK', count: tickers.length, tickers });
}

function snapshotOf({ market }: WireRequest, instrument: Instrument): object | undefined {
  const quote = market.quote(instrument.symbol);
  if (quote === undefined) return undefined;
  const { bar, last, previous } = quote;
  const change = previous === undefined ? 0 : last - previous.close;
  const updated = toNanoseconds(quote.tradedAt);
  return {
    ticker: instrument.symbol,
    todaysChange: round(change, 4),
    todaysChangePerc: previous === undefined ? 0 : round((change / previous.close) * 100, 4),
    updated,
    day: { ...dayOf(bar), dv: decimalText(bar?.volume ?? 0) },
    min: minuteOf(quote),
    prevDay: dayOf(previous),
    lastTrade: {
      p: last,
      s: quote.lastVolume,
      t: updated,
      c: [14],
      i: String(quote.tradedAt % 100_000),
      ds: decimalText(quote.lastVolume),
      x: 10,
    },
    lastQuote: { p: quote.bid ?? 0, s: quote.bidSize, P: quote.ask ?? 0, S: quote.askSize, t: updated },
  };
}

/** All zero before the first trade of the day. */
function dayOf(bar: Bar | undefined): object {
  if (bar === undefined) return { o: 0, h: 0, l: 0, c: 0, v: 0, vw: 0 };
  const { open, high, low, close, volume, vwap } = bar;
  return { o: open, h: high, l: low, c: close, v: volume, ...(vwap === undefined ? {} : { vw: vwap }) };
}

/** The last minute, which the sample market knows by its last price only. */
function minuteOf({ last, tradedAt, bar }: SampleQuote): object {
  const volume = Math.round((bar?.volume ?? 0) / SESSION_MINUTES);
  const dayVolume = bar?.volume ?? 0;
  return {
    av: dayVolume,
    dav: decimalText(dayVolume),
    t: tradedAt - (tradedAt % 60_000),
    n: Math.round(volume / SHARES_PER_TRADE),
    o: last,
    h: last,
    l: last,
    c: last,
    v: volume,
    dv: decimalText(volume),
    vw: last,
  };
}

function decimalText(value: number): string {
  return value.toFixed(1);
}

function answerStatus(request: WireRequest): ExchangeReply | undefined {
  const path = request.segments.join('/');
  if (path === 'v1/marketstatus/now') return answerStatusNow(request);
  return path === 'v1/marketstatus/upcoming' ? answerUpcoming(request) : undefined;
}

function answerStatusNow({ clock }: WireRequest): ExchangeReply {
  const session = sessionAt(clock.now());
  const state = session === 'regular' ? 'open' : session === 'closed' ? 'closed' : 'extended-hours';
  return jsonReply(200, {
    afterHours: session === 'post',
    currencies: { crypto: 'open', fx: 'open' },
    earlyHours: session === 'pre',
    exchanges: { nasdaq: state, nyse: state, otc: session === 'regular' ? 'open' : 'closed' },
    market: state,
    serverTime: formatExchangeIso(clock.now()),
  });
}

/** Holidays and half days ahead, one row for each exchange. */
function answerUpcoming({ clock }: WireRequest): ExchangeReply {
  const today = exchangeDateOf(clock.now());
  const rows: object[] = [];
  for (let ahead = 1; ahead <= UPCOMING_DAYS; ahead += 1) {
    const date = addDays(today, ahead);
    const name = holidayName(date);
    const times = sessionTimes(date);
    if (name !== undefined) {
      for (const exchange of ['NYSE', 'NASDAQ', 'OTC']) rows.push({ date, exchange, name, status: 'closed' });
    } else if (times?.isHalfDay === true) {
      const hours = { open: new Date(times.open).toISOString(), close: new Date(times.close).toISOString() };
      for (const exchange of ['NASDAQ', 'NYSE'])
        rows.push({ date, exchange, name: halfDayName(date), status: 'early-close', ...hours });
    }
  }
  return jsonReply(200, rows);
}

/** A half day carries the name of the holiday beside it. */
function halfDayName(date: IsoDate): string {
  return (
    holidayName(addDays(date, -1)) ??
    holidayName(addDays(date, 1)) ??
    holidayName(addDays(nextTradingDay(date), -1)) ??
    'Early close'
  );
}

function answerReference(request: WireRequest): ExchangeReply | undefined {
  const { segments, market } = request;
  if (segments.slice(0, 3).join('/') !== 'v3/reference/tickers' || segments.length > 4) return undefined;
  const ticker = segments[3];
  if (ticker === undefined) return answerTickers(request);
  const instrument = findTicker(request, ticker);
  if (instrument === undefined || market.quote(instrument.symbol) === undefined)
    return notFound(request, 'Ticker not found.');
  return success(request, {
    ...tickerRow(instrument),
    ...(instrument.kind === 'index' ? {} : { ticker_root: instrument.symbol.split('.')[0], round_lot: 100 }),
  });
}

function answerTickers(request: WireRequest): ExchangeReply {
  const params = readCursor(request);
  const limit = readLimit(params, 100, 1000);
  const offset = readOffset(params);
  const search = params.get('search')?.toLowerCase();
  const only = params.get('ticker');
  const type = params.get('type');
  const compareRows = readTickerOrder(params);
  const rows = request.market
    .instruments()
    .filter((instrument) => only === null || toTicker(instrument) === only)
    .filter(
      ({ symbol, name }) =>
        search === undefined || symbol.toLowerCase().includes(search) || name.toLowerCase().includes(search),
    )
    .map(tickerRow)
    .filter((row) => type === null || type === '' || row['type'] === type)
    .sort(compareRows);
  const page = rows.slice(offset, offset + limit);
  const isMore = offset + limit < rows.length;
  const cursor = encodeCursor({ ...Object.fromEntries(params), limit: String(limit), offset: String(offset + limit) });
  return jsonReply(200, {
    ...(page.length === 0 ? {} : { results: page }),
    status: 'OK',
    request_id: requestIdOf(request),
    count: page.length,
    ...(isMore ? { next_url: nextPageUrl(request, '/v3/reference/tickers', cursor) } : {}),
  });
}

const TICKER_COLUMNS = ['ticker', 'name', 'market', 'locale', 'primary_exchange', 'type'];

/** How the list runs: by any of its columns, then by ticker, forwards or backwards. */
function readTickerOrder(params: URLSearchParams): (a: Record<string, unknown>, b: Record<string, unknown>) => number {
  const [order, column] = [params.get('order') ?? '', params.get('sort') ?? ''];
  if (!['', 'asc', 'desc'].includes(order))
    throw PolygonRefusal.invalid("The parameter 'order' must be one of asc, desc");
  if (column !== '' && !TICKER_COLUMNS.includes(column))
    throw PolygonRefusal.invalid(`The parameter 'sort' must be one of ${TICKER_COLUMNS.join(', ')}`);
  const keyOf = (row: Record<string, unknown>): string =>
    [row[column], row['ticker']].map((value) => (typeof value === 'string' ? value : '')).join('\u0000');
  return (a, b) => (keyOf(a) < keyOf(b) === (order === 'desc') ? 1 : -1);
}

function tickerRow(instrument: Instrument): { ticker: string } & Record<string, unknown> {
  const { name, kind, exchange } = instrument;
  return {
    ticker: toTicker(instrument),
    name,
    market: kind === 'index' ? 'indices' : 'stocks',
    locale: 'us',
    ...(kind === 'index' ? {} : { primary_exchange: exchange === 'Q' ? 'XNAS' : exchange === 'P' ? 'ARCX' : 'XNYS' }),
    ...(kind === 'index' ? {} : { type: kind === 'etf' ? 'ETF' : 'CS' }),
    active: true,
    currency_name: 'usd',
  };
}
