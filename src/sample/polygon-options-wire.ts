// Polygon's option answers: the chain snapshot with its filters and pages, contracts by reference, and the unified
// snapshot of stocks, indices and options.
import { sessionAt } from '../domain/calendar.ts';
import { isValidDate } from '../domain/exchange-time.ts';
import { readOptionSymbol } from '../domain/symbols.ts';
import type { OptionContract, TickerSymbol } from '../domain/types.ts';
import type { SampleContract } from './options.ts';
import {
  PolygonRefusal,
  encodeCursor,
  nextPageUrl,
  notFound,
  readCursor,
  readLimit,
  readOffset,
  success,
} from './polygon-replies.ts';
import type { SampleQuote } from './source.ts';
import { round, toNanoseconds } from './wire.ts';
import type { ExchangeReply, WireRequest } from './wire.ts';

const MOST_SNAPSHOTS = 250;
const MOST_CONTRACTS = 1000;
/** Beyond this delta the real service gives neither greeks nor volatility. */
const DEEP_DELTA = 0.999;

/** `/v3/snapshot…` and `/v3/reference/options/…`; undefined for other paths. */
export function answerOptions(request: WireRequest): ExchangeReply | undefined {
  const { segments } = request;
  const path = segments.join('/');
  if (path === 'v3/snapshot') return answerUnified(request);
  if (path.startsWith('v3/snapshot/options/') && segments.length === 4) return answerChain(request);
  if (path.startsWith('v3/snapshot/options/') && segments.length === 5) return answerContractSnapshot(request);
  if (path === 'v3/reference/options/contracts') return answerContracts(request);
  if (path.startsWith('v3/reference/options/contracts/') && segments.length === 5) return answerContract(request);
  return undefined;
}

function readFilter(params: URLSearchParams) {
  const inDates = readRange(params, 'expiration_date', (text) => {
    if (!isValidDate(text)) throw PolygonRefusal.invalid('Could not parse the date.');
    return text;
  });
  const inStrikes = readRange(params, 'strike_price', (text) => {
    const strike = Number(text);
    if (text === '' || !Number.isFinite(strike))
      throw PolygonRefusal.invalid(`Could not parse the strike price: '${text.slice(0, 20)}'.`);
    return strike;
  });
  const side = params.get('contract_type');
  if (side !== null && side !== 'call' && side !== 'put')
    throw PolygonRefusal.invalid("The parameter 'contract_type' must be call or put");
  const only = params.get('ticker');
  return {
    /** Whether any contract of the expiration can pass, so that no other chain is computed. */
    expiration: inDates,
    contract: (terms: OptionContract) =>
      inStrikes(terms.strike) &&
      (side === null || terms.side === side) &&
      (only === null || `O:${terms.symbol}` === only),
  };
}

/** A value as such or with `.gt`, `.gte`, `.lt`, `.lte`; all that are given must hold. */
function readRange<T extends string | number>(
  params: URLSearchParams,
  name: string,
  parse: (text: string) => T,
): (value: T) => boolean {
  const limitOf = (suffix: string): T | undefined => {
    const text = params.get(name + suffix);
    return text === null ? undefined : parse(text);
  };
  const exact = limitOf('');
  const above = limitOf('.gt');
  const from = limitOf('.gte');
  const below = limitOf('.lt');
  const upTo = limitOf('.lte');
  return (value) =>
    (exact === undefined || value === exact) &&
    (above === undefined || value > above) &&
    (from === undefined || value >= from) &&
    (below === undefined || value < below) &&
    (upTo === undefined || value <= upTo);
}

/** Contracts of an underlying that pass the filter, in the order asked for. */
function listContracts({ market }: WireRequest, underlying: TickerSymbol, params: URLSearchParams): SampleContract[] {
  const filter = readFilter(params);
  const contracts = market
    .expirations(underlying)
    .filter(({ date }) => filter.expiration(date))
    .flatMap(({ date }) => market.chain(underlying, date))
    .filter(({ terms }) => filter.contract(terms));
  const direction = params.get('order') === 'desc' ? -1 : 1;
  const keyOf = sortKey(params.get('sort') ?? 'ticker');
  return contracts.sort((a, b) => {
    const [left, right] = [keyOf(a.terms), keyOf(b.terms)];
    if (left !== right) return left < right ? -direction : direction;
    return a.terms.symbol < b.terms.symbol ? -direction : direction;
  });
}

function sortKey(sort: string): (terms: OptionContract) => string | number {
  switch (sort) {
    case 'ticker':
    case 'underlying_ticker':
      return ({ symbol }) => symbol;
    case 'expiration_date':
      return ({ expiration }) => expiration;
    case 'strike_price':
      return ({ strike }) => strike;
    default:
      throw PolygonRefusal.invalid(`The parameter 'sort' cannot be '${sort.slice(0, 20)}'`);
  }
}

/** One page of rows, with a link to the next where there is one. */
function answerPage<T>(
  request: WireRequest,
  rows: readonly T[],
  most: number,
  toRow: (row: T) => object,
): ExchangeReply {
  const params = readCursor(request);
  const limit = readLimit(params, 10, most);
  const offset = readOffset(params);
  const page = rows.slice(offset, offset + limit).map(toRow);
  if (offset + limit >= rows.length) return success(request, page);
  const cursor = encodeCursor({ ...Object.fromEntries(params), limit: String(limit), offset: String(offset + limit) });
  return success(request, page, nextPageUrl(request, `/${request.segments.map(encodeURIComponent).join('/')}`, cursor));
}

function answerChain(request: WireRequest): ExchangeReply {
  const underlying = request.segments[3] ?? '';
  const contracts = listContracts(request, underlying, readCursor(request));
  const quote = request.market.quote(underlying);
  return answerPage(request, contracts, MOST_SNAPSHOTS, (contract) => snapshotOf(contract, quote));
}

function answerContractSnapshot(request: WireRequest): ExchangeReply {
  const [, , , underlying = '', ticker = ''] = request.segments;
  const contract = findContract(request, ticker);
  if (contract?.terms.underlying !== underlying) return notFound(request, 'Options contract not found.');
  return success(request, snapshotOf(contract, request.market.quote(underlying)));
}

function findContract({ market }: WireRequest, ticker: string): SampleContract | undefined {
  const contract = ticker.startsWith('O:') ? readOptionSymbol(ticker) : undefined;
  return contract && market.contract(contract);
}

function termsOf({ terms }: SampleContract): object {
  return {
    contract_type: terms.side,
    exercise_style: 'american',
    expiration_date: terms.expiration,
    shares_per_contract: terms.multiplier,
    strike_price: terms.strike,
  };
}

function snapshotOf(contract: SampleContract, quote: SampleQuote | undefined): object {
  const { terms } = contract;
  return {
    ...pricesOf(contract, quote),
    day: dayOf(contract),
    details: {
      ...termsOf(contract),
      ticker: `O:${terms.symbol}`,
    },
  };
}

/** What the chain and the unified snapshot say alike of an option. */
function pricesOf(contract: SampleContract, quote: SampleQuote | undefined): Record<string, unknown> {
  const { terms, bid, ask, greeks } = contract;
  const at = toNanoseconds(contract.pricedAt);
  const midpoint = round((bid + ask) / 2, 4);
  const breakEven = round(terms.strike + (terms.side === 'call' ? midpoint : -midpoint), 4);
  const isTold = greeks !== undefined && Math.abs(greeks.delta) < DEEP_DELTA;
  return {
    break_even_price: breakEven,
    ...(isTold ? { greeks: { delta: greeks.delta, gamma: greeks.gamma, theta: greeks.theta, vega: greeks.vega } } : {}),
    ...(isTold ? { implied_volatility: contract.iv } : {}),
    last_quote: {
      ask,
      ask_size: contract.askSize,
      bid,
      bid_size: contract.bidSize,
      last_updated: at,
      midpoint,
      timeframe: 'REAL-TIME',
    },
    ...lastTradeOf(contract),
    open_interest: contract.openInterest,
    ...(quote === undefined ? {} : { underlying_asset: underlyingOf(quote, breakEven) }),
  };
}

function lastTradeOf({ last, tradedAt, lastVolume }: SampleContract): object {
  if (last === undefined || tradedAt === undefined) return {};
  const size = Math.max(1, lastVolume);
  return {
    last_trade: {
      conditions: [209],
      exchange: 316,
      price: last,
      sip_timestamp: toNanoseconds(tradedAt),
      size,
      timeframe: 'REAL-TIME',
    },
  };
}

function underlyingOf({ last, previous, tradedAt, instrument }: SampleQuote, breakEven: number): object {
  return {
    change_to_break_even: round(breakEven - last, 4),
    last_updated: toNanoseconds(tradedAt),
    price: last,
    ticker: instrument.symbol,
    timeframe: previous === undefined ? 'DELAYED' : 'REAL-TIME',
  };
}

/** Empty for a contract that has never traded. */
function dayOf({ range, last, previousClose, volume, tradedAt }: SampleContract): object {
  if (last === undefined || tradedAt === undefined) return {};
  const { open, high, low } = range ?? { open: last, high: last, low: last };
  const change = previousClose === undefined ? 0 : round(last - previousClose, 4);
  return {
    change,
    change_percent: previousClose === undefined ? 0 : round((change / previousClose) * 100, 4),
    close: last,
    high,
    last_updated: toNanoseconds(tradedAt),
    low,
    open,
    previous_close: previousClose ?? last,
    volume,
    vwap: round((open + high + low + last) / 4, 4),
  };
}

function answerContracts(request: WireRequest): ExchangeReply {
  const params = readCursor(request);
  const underlying = params.get('underlying_ticker') ?? underlyingOfTicker(params.get('ticker'));
  if (underlying === undefined) {
    throw PolygonRefusal.invalid("The sample market lists contracts by 'underlying_ticker' or 'ticker' only");
  }
  // Expired contracts are not kept: asked for them, there are none.
  const rows = params.get('expired') === 'true' ? [] : listContracts(request, underlying, params);
  return answerPage(request, rows, MOST_CONTRACTS, contractRow);
}

function underlyingOfTicker(ticker: string | null): TickerSymbol | undefined {
  return ticker === null ? undefined : (readOptionSymbol(ticker)?.underlying ?? '');
}

function answerContract(request: WireRequest): ExchangeReply {
  const contract = findContract(request, request.segments[4] ?? '');
  return contract === undefined
    ? notFound(request, 'Options contract not found.')
    : success(request, contractRow(contract));
}

function contractRow({ terms }: SampleContract): object {
  return {
    cfi: terms.side === 'call' ? 'OCASPS' : 'OPASPS',
    contract_type: terms.side,
    exercise_style: 'american',
    expiration_date: terms.expiration,
    primary_exchange: 'BATO',
    shares_per_contract: terms.multiplier,
    strike_price: terms.strike,
    ticker: `O:${terms.symbol}`,
    underlying_ticker: terms.underlying,
  };
}

function answerUnified(request: WireRequest): ExchangeReply {
  const params = readCursor(request);
  const anyOf = params
    .get('ticker.any_of')
    ?.split(',')
    .map((ticker) => ticker.trim());
  const only = params.get('ticker');
  if (anyOf !== undefined && anyOf.length > MOST_SNAPSHOTS) {
    throw PolygonRefusal.invalid(`The parameter 'ticker.any_of' cannot have more than ${MOST_SNAPSHOTS} tickers`);
  }
  const type = params.get('type');
  const inRange = readRange(params, 'ticker', (text) => text);
  const tickers = (only !== null ? [only] : (anyOf ?? listedTickers(request))).filter(
    (ticker) => ticker !== '' && inRange(ticker),
  );
  const rows = [...new Set(tickers)].filter((ticker) => type === null || type === typeOf(ticker));
  rows.sort((a, b) => (a < b ? -1 : 1));
  if (params.get('order') === 'desc') rows.reverse();
  return answerPage(request, rows, MOST_SNAPSHOTS, (ticker) => unifiedRow(request, ticker));
}

function listedTickers({ market }: WireRequest): string[] {
  return market.instruments().map(({ symbol, kind }) => (kind === 'index' ? `I:${symbol}` : symbol));
}

function typeOf(ticker: string): string {
  if (ticker.startsWith('O:')) return 'options';
  return ticker.startsWith('I:') ? 'indices' : 'stocks';
}

function unifiedRow(request: WireRequest, ticker: string): object {
  const missing = { ticker, error: 'NOT_FOUND', message: 'Ticker not found.' };
  const type = typeOf(ticker);
  if (type === 'options') {
    const contract = findContract(request, ticker);
    return contract === undefined ? missing : unifiedOption(request, ticker, contract);
  }
  const quote = request.market.quote(type === 'indices' ? ticker.slice(2) : ticker);
  if (quote === undefined || (quote.instrument.kind === 'index') !== (type === 'indices')) return missing;
  return type === 'indices' ? unifiedIndex(request, ticker, quote) : unifiedStock(request, ticker, quote);
}

function marketStatus({ clock }: WireRequest): string {
  const session = sessionAt(clock.now());
  if (session === 'regular') return 'open';
  if (session === 'closed') return 'closed';
  return session === 'pre' ? 'early_trading' : 'late_trading';
}

function unifiedStock(request: WireRequest, ticker: string, quote: SampleQuote): object {
  const at = toNanoseconds(quote.tradedAt);
  const { bid = 0, ask = 0 } = quote;
  const timeframe = 'REAL-TIME';
  return {
    last_minute: {
      close: quote.last,
      high: quote.last,
      low: quote.last,
      open: quote.last,
      transactions: 1,
      volume: quote.lastVolume,
      vwap: quote.last,
      last_updated: at,
    },
    last_quote: {
      ask,
      ask_size: quote.askSize,
      bid,
      bid_size: quote.bidSize,
      last_updated: at,
      midpoint: round((bid + ask) / 2, 4),
      timeframe,
    },
    last_trade: {
      conditions: [14],
      exchange: 10,
      id: String(quote.tradedAt % 100_000),
      last_updated: at,
      price: quote.last,
      size: quote.lastVolume,
      timeframe,
    },
    market_status: marketStatus(request),
    name: quote.instrument.name,
    session: {
      ...sessionOf(quote),
      decimal_volume: (quote.bar?.volume ?? 0).toFixed(1),
      volume: quote.bar?.volume ?? 0,
    },
    ticker,
    type: 'stocks',
  };
}

function unifiedIndex(request: WireRequest, ticker: string, quote: SampleQuote): object {
  return {
    last_updated: toNanoseconds(quote.tradedAt),
    market_status: marketStatus(request),
    name: quote.instrument.name,
    session: sessionOf(quote),
    ticker,
    timeframe: 'REAL-TIME',
    type: 'indices',
    value: quote.last,
  };
}

/** Early trading counts into `change` only until the open; then the regular session's change is the day's. */
function sessionOf({ bar, last, previous }: SampleQuote): object {
  const change = previous === undefined ? 0 : round(last - previous.close, 4);
  const percent = previous === undefined ? 0 : round((change / previous.close) * 100, 4);
  const part = bar === undefined ? 'early_trading' : 'regular_trading';
  return {
    change,
    change_percent: percent,
    [`${part}_change`]: change,
    [`${part}_change_percent`]: percent,
    ...(bar === undefined ? {} : { close: bar.close, high: bar.high, low: bar.low, open: bar.open }),
    ...(previous === undefined ? {} : { previous_close: previous.close }),
    price: last,
  };
}

function unifiedOption(request: WireRequest, ticker: string, contract: SampleContract): object {
  const { terms, range, last, previousClose } = contract;
  const change = last === undefined || previousClose === undefined ? 0 : round(last - previousClose, 4);
  return {
    ...pricesOf(contract, request.market.quote(terms.underlying)),
    details: {
      ...termsOf(contract),
      underlying_ticker: terms.underlying,
    },
    market_status: marketStatus(request),
    name: `${terms.underlying} $${terms.strike} ${terms.side === 'call' ? 'Call' : 'Put'}`,
    session: {
      change,
      change_percent: previousClose === undefined ? 0 : round((change / previousClose) * 100, 4),
      ...(last === undefined ? {} : { close: last }),
      ...(range ?? {}),
      ...(previousClose === undefined ? {} : { previous_close: previousClose }),
      volume: contract.volume,
    },
    ticker,
    type: 'options',
  };
}
