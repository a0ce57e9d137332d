// Answers in Tradier's wire format, with the shapes that its XML heritage brings: one element is an object instead of
// an array, nothing is null. JSON only: the real default, XML, is not spoken here. Wire facts: providers.md, section B.
import { aggregateBars } from '../domain/bar-series.ts';
import { holidayName, nextChange, sessionAt, sessionTimes } from '../domain/calendar.ts';
import { addDays, addMonths, dateOf, exchangeDateOf, exchangeMinutesOf } from '../domain/exchange-time.ts';
import { optionRootOf, readOptionSymbol } from '../domain/symbols.ts';
import type { Bar, EpochMs, ExpirationKind, IsoDate, OptionContract, Session, TickerSymbol } from '../domain/types.ts';
import type { SampleContract } from './options.ts';
import type { SampleQuote } from './source.ts';
import { answerTimesales } from './tradier-timesales.ts';
import { DATE_RULE, collapse, fromWireSymbol, invalidParameter, listUnder, toWireSymbol } from './tradier-replies.ts';
import { isFlagSet, jsonReply, readDate, round } from './wire.ts';
import type { ExchangeReply, WireRequest } from './wire.ts';

const HOUR_MS = 3_600_000;
const EXCHANGE_CODES = 'QPNZKY';

const ANSWERS = new Map<string, (request: WireRequest) => ExchangeReply>([
  ['quotes', answerQuotes],
  ['history', answerHistory],
  ['timesales', answerTimesales],
  ['options/expirations', answerExpirations],
  ['options/chains', answerChain],
  ['options/strikes', answerStrikes],
  ['clock', answerClock],
  ['calendar', answerCalendar],
  ['search', (request) => answerSearch(request, false)],
  ['lookup', (request) => answerSearch(request, true)],
]);

/** Every path under `/v1/markets/`; undefined for one that Tradier does not have. */
export function answerTradier(request: WireRequest): ExchangeReply | undefined {
  return ANSWERS.get(request.segments.slice(2).join('/'))?.(request);
}

function answerQuotes(request: WireRequest): ExchangeReply {
  const { params } = request;
  const symbols = new Set(
    (params.get('symbols') ?? '')
      .split(',')
      .map((symbol) => symbol.trim())
      .filter((symbol) => symbol !== ''),
  );
  if (symbols.size === 0) return invalidParameter('symbols', 'is required');
  const quotes: object[] = [];
  const unmatched: string[] = [];
  for (const symbol of symbols) {
    const quote = quoteOf(request, symbol);
    if (quote === undefined) unmatched.push(symbol);
    else quotes.push(quote);
  }
  return jsonReply(200, {
    quotes: {
      ...(quotes.length === 0 ? {} : { quote: collapse(quotes) }),
      ...(unmatched.length === 0 ? {} : { unmatched_symbols: { symbol: collapse(unmatched) } }),
    },
  });
}

function quoteOf({ market, params }: WireRequest, symbol: string): object | undefined {
  const quote = market.quote(fromWireSymbol(symbol));
  if (quote !== undefined) return equityQuote(quote);
  const terms = readOptionSymbol(symbol);
  const contract = terms === undefined ? undefined : market.contract(terms);
  return contract === undefined
    ? undefined
    : contractRow(contract, closedAt(market, contract), isFlagSet(params, 'greeks'));
}

function equityQuote(quote: SampleQuote): object {
  const { instrument, last, bar } = quote;
  const { change, changePercent, previousClose } = changeOf(last, quote.previous?.close);
  return {
    symbol: toWireSymbol(instrument.symbol),
    description: instrument.name,
    exch: instrument.exchange,
    type: instrument.kind,
    last,
    change,
    volume: bar?.volume ?? 0,
    ...rangeOf(bar),
    close: quote.close ?? null,
    bid: quote.bid ?? null,
    ask: quote.ask ?? null,
    change_percentage: changePercent,
    average_volume: quote.averageVolume,
    last_volume: instrument.kind === 'index' ? 0 : quote.lastVolume,
    trade_date: quote.tradedAt,
    prevclose: previousClose,
    week_52_high: quote.week52High ?? 0,
    week_52_low: quote.week52Low ?? 0,
    ...sidesOf(quote),
    root_symbols: optionRootOf(instrument.symbol),
  };
}

function sidesOf({ bid, bidSize, askSize, tradedAt }: SampleQuote): object {
  const hasMarket = bid !== undefined;
  const at = hasMarket ? tradedAt : 0;
  return {
    bidsize: bidSize,
    bidexch: hasMarket ? 'Q' : '',
    bid_date: at,
    asksize: askSize,
    askexch: hasMarket ? 'P' : '',
    ask_date: at,
  };
}

function rangeOf(range: { open: number; high: number; low: number } | undefined): object {
  return { open: range?.open ?? null, high: range?.high ?? null, low: range?.low ?? null };
}

interface Change {
  change: number | null;
  changePercent: number | null;
  previousClose: number | null;
}

/** Null throughout where there is nothing to compare. */
function changeOf(last: number | undefined, previousClose: number | undefined): Change {
  if (last === undefined || previousClose === undefined) {
    return { change: null, changePercent: null, previousClose: previousClose ?? null };
  }
  const change = round(last - previousClose, 4);
  return { change, changePercent: round((change / previousClose) * 100, 2), previousClose };
}

/** `closed`: the session is over, so that a contract traded in it has a close. */
function contractRow(contract: SampleContract, closed: boolean, withGreeks: boolean): object {
  const { terms, range, last = null } = contract;
  const { change, changePercent, previousClose } = changeOf(contract.last, contract.previousClose);
  return {
    symbol: terms.symbol,
    description: describeContract(terms),
    exch: 'Z',
    type: 'option',
    last,
    change,
    volume: contract.volume,
    ...rangeOf(range),
    close: closed && range !== undefined ? last : null,
    bid: contract.bid,
    ask: contract.ask,
    underlying: toWireSymbol(terms.underlying),
    strike: terms.strike,
    ...(withGreeks ? { greeks: greeksOf(contract) } : {}),
    change_percentage: changePercent,
    average_volume: 0,
    last_volume: contract.lastVolume,
    trade_date: contract.tradedAt ?? 0,
    prevclose: previousClose,
    week_52_high: 0,
    week_52_low: 0,
    bidsize: contract.bid > 0 ? contract.bidSize : 0,
    bidexch: EXCHANGE_CODES.charAt(contract.bidSize % EXCHANGE_CODES.length),
    bid_date: contract.pricedAt,
    asksize: contract.askSize,
    askexch: EXCHANGE_CODES.charAt(contract.askSize % EXCHANGE_CODES.length),
    ask_date: contract.pricedAt,
    open_interest: contract.openInterest,
    contract_size: terms.multiplier,
    expiration_date: terms.expiration,
    expiration_type: expirationTypeOf(contract.kind),
    option_type: terms.side,
    root_symbol: terms.root,
  };
}

/** ORATS figures, refreshed every hour and stamped in UTC without saying so; 0.0 for a side without a price. */
function greeksOf({ greeks, iv, bidIv, askIv, pricedAt }: SampleContract): object | null {
  if (greeks === undefined) return null;
  return {
    delta: greeks.delta,
    gamma: greeks.gamma,
    theta: greeks.theta,
    vega: greeks.vega,
    rho: greeks.rho,
    phi: 0.0,
    bid_iv: round(bidIv, 6),
    mid_iv: round(iv, 6),
    ask_iv: round(askIv, 6),
    smv_vol: round(iv, 3),
    updated_at: new Date(pricedAt - (pricedAt % HOUR_MS)).toISOString().slice(0, 19).replace('T', ' '),
  };
}

function describeContract({ underlying, expiration, strike, side }: OptionContract): string {
  const month = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(Number(expiration.slice(5, 7)) * 3 - 3).slice(0, 3);
  const day = Number(expiration.slice(8));
  return `${underlying} ${month} ${day} ${expiration.slice(0, 4)} $${strike.toFixed(2)} ${side === 'call' ? 'Call' : 'Put'}`;
}

function expirationTypeOf(kind: ExpirationKind): string {
  if (kind === 'monthly') return 'standard';
  return kind === 'quarterly' ? 'quarterlys' : 'weeklys';
}

function closedAt(market: WireRequest['market'], { terms }: SampleContract): boolean {
  return market.quote(terms.underlying)?.close !== undefined;
}

function answerHistory({ market, clock, params }: WireRequest): ExchangeReply {
  const symbol = params.get('symbol');
  if (symbol === null || symbol === '') return invalidParameter('symbol', 'is required');
  const interval = params.get('interval') ?? 'daily';
  if (interval !== 'daily' && interval !== 'weekly' && interval !== 'monthly') {
    return invalidParameter('interval', 'must be daily, weekly or monthly');
  }
  const today = exchangeDateOf(clock.now());
  const { start = addMonths(today, -12), end = today } = {
    start: readDate(params, 'start'),
    end: readDate(params, 'end'),
  };
  if (start === null) return invalidParameter('start', DATE_RULE);
  if (end === null) return invalidParameter('end', DATE_RULE);
  const ticker = fromWireSymbol(symbol);
  const bars = market.finishedBars(ticker, start, end);
  const running = market.runningBar(ticker);
  if (running !== undefined && running.date >= start && running.date <= end) bars.push(running);
  return listUnder('history', 'day', grouped(bars, interval).map(historyRow));
}

function grouped(bars: Bar[], interval: 'daily' | 'weekly' | 'monthly'): Bar[] {
  if (interval === 'daily') return bars;
  return aggregateBars(bars, interval === 'weekly' ? 'week' : 'month');
}

function historyRow({ date, open, high, low, close, volume }: Bar): object {
  return { date, open, high, low, close, volume };
}

function answerExpirations({ market, params }: WireRequest): ExchangeReply {
  const symbol = params.get('symbol');
  if (symbol === null || symbol === '') return invalidParameter('symbol', 'is required');
  const ticker = fromWireSymbol(symbol);
  const expirations = market.expirations(ticker);
  const withSize = isFlagSet(params, 'contractSize');
  const withType = isFlagSet(params, 'expirationType');
  const withStrikes = isFlagSet(params, 'strikes');
  if (!withSize && !withType && !withStrikes) {
    return listUnder(
      'expirations',
      'date',
      expirations.map(({ date }) => date),
    );
  }
  const rows = expirations.map(({ date, kind }) => ({
    date,
    ...(withSize ? { contract_size: 100 } : {}),
    ...(withType ? { expiration_type: expirationTypeOf(kind) } : {}),
    ...(withStrikes ? { strikes: { strike: collapse(market.strikes(ticker, date)) } } : {}),
  }));
  return listUnder('expirations', 'expiration', rows);
}

/** Symbol and expiration of a request, or the refusal that their absence brings. */
function readChainKey(params: URLSearchParams): { ticker: TickerSymbol; expiration: IsoDate } | ExchangeReply {
  const symbol = params.get('symbol');
  if (symbol === null || symbol === '') return invalidParameter('symbol', 'is required');
  const expiration = readDate(params, 'expiration');
  if (expiration === undefined) return invalidParameter('expiration', 'is required');
  if (expiration === null) return invalidParameter('expiration', DATE_RULE);
  return { ticker: fromWireSymbol(symbol), expiration };
}

function answerChain({ market, params }: WireRequest): ExchangeReply {
  const key = readChainKey(params);
  if ('status' in key) return key;
  const contracts = market.chain(key.ticker, key.expiration);
  const closed = market.quote(key.ticker)?.close !== undefined;
  const withGreeks = isFlagSet(params, 'greeks');
  return listUnder(
    'options',
    'option',
    contracts.map((contract) => contractRow(contract, closed, withGreeks)),
  );
}

function answerStrikes({ market, params }: WireRequest): ExchangeReply {
  const key = readChainKey(params);
  if ('status' in key) return key;
  return listUnder('strikes', 'strike', market.strikes(key.ticker, key.expiration));
}

function answerClock({ clock }: WireRequest): ExchangeReply {
  const now = clock.now();
  const next = nextChange(now);
  return jsonReply(200, {
    clock: {
      date: exchangeDateOf(now),
      description: describeState(now),
      state: stateOf(sessionAt(now)),
      timestamp: Math.floor(now / 1000),
      next_change: wallTime(next.at),
      next_state: stateOf(next.state),
    },
  });
}

function stateOf(session: Session): string {
  if (session === 'regular') return 'open';
  return session === 'closed' ? 'closed' : `${session}market`;
}

function describeState(now: EpochMs): string {
  const date = exchangeDateOf(now);
  const holiday = holidayName(date);
  if (holiday !== undefined) return `Market is closed for ${holiday}`;
  const times = sessionTimes(date);
  if (times === undefined) return 'Market is closed.';
  switch (sessionAt(now)) {
    case 'pre':
      return `Premarket is open from ${wallTime(times.preOpen)} to ${wallTime(times.open)}`;
    case 'regular':
      return `Market is open from ${wallTime(times.open)} to ${wallTime(times.close)}`;
    case 'post':
      return `Postmarket is open from ${wallTime(times.close)} to ${wallTime(times.postEnd)}`;
    case 'closed':
      return 'Market is closed.';
  }
}

function wallTime(ms: EpochMs): string {
  const minutes = exchangeMinutesOf(ms);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function answerCalendar({ clock, params }: WireRequest): ExchangeReply {
  const today = exchangeDateOf(clock.now());
  const month = Number(params.get('month') ?? today.slice(5, 7));
  const year = Number(params.get('year') ?? today.slice(0, 4));
  if (!Number.isInteger(month) || month < 1 || month > 12) return invalidParameter('month', 'must be from 1 to 12');
  if (!Number.isInteger(year) || year < 1990 || year > 2100) return invalidParameter('year', 'must be a year');
  const days: object[] = [];
  const end = dateOf(year, month + 1, 1);
  for (let date = dateOf(year, month, 1); date < end; date = addDays(date, 1)) days.push(calendarDay(date));
  return jsonReply(200, { calendar: { month, year, days: { day: days } } });
}

function calendarDay(date: IsoDate): object {
  const times = sessionTimes(date);
  if (times === undefined) {
    const holiday = holidayName(date);
    return {
      date,
      status: 'closed',
      description: holiday === undefined ? 'Market is closed' : `Market is closed for ${holiday}`,
    };
  }
  const [preOpen, open, close, postEnd] = [times.preOpen, times.open, times.close, times.postEnd].map(wallTime);
  return {
    date,
    status: 'open',
    description: times.isHalfDay ? `Market closes early at ${close ?? ''}` : 'Market is open',
    premarket: { start: preOpen, end: open },
    open: { start: open, end: close },
    postmarket: { start: close, end: postEnd },
  };
}

/** `search` finds company names, `lookup` the beginnings of symbols. */
function answerSearch({ market, params }: WireRequest, bySymbol: boolean): ExchangeReply {
  const query = (params.get('q') ?? '').trim().toLowerCase();
  if (query === '') return invalidParameter('q', 'is required');
  const found = market
    .instruments()
    .filter(({ symbol, name }) =>
      bySymbol ? toWireSymbol(symbol).toLowerCase().startsWith(query) : name.toLowerCase().includes(query),
    )
    .map(({ symbol, exchange, kind, name }) => ({
      symbol: toWireSymbol(symbol),
      exchange,
      type: kind,
      description: name,
    }));
  return listUnder('securities', 'security', found);
}
