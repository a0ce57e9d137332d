// The market that the exchange serves: quotes, bars and chains at the clock's moment, made of complete daily bars
// that are synthetic or replayed. Nothing is told that the clock has not reached.
import {
  closeOf,
  isTradingDay,
  lastFinishedSession,
  sessionAt,
  sessionTimes,
  tradingDaysBetween,
} from '../domain/calendar.ts';
import type { SessionTimes } from '../domain/calendar.ts';
import { addDays, exchangeDateOf } from '../domain/exchange-time.ts';
import { sliceBars } from '../domain/bar-series.ts';
import { isOptionSymbol, parseOptionSymbol } from '../domain/symbols.ts';
import type {
  Bar,
  Clock,
  EpochMs,
  Expiration,
  IntradayBar,
  IsoDate,
  OptionContract,
  OptionSymbol,
  Session,
  TickerSymbol,
} from '../domain/types.ts';
import { createInstruments } from './companies.ts';
import type { Instrument } from './companies.ts';
import { createSmallCompanies, isSmallCompany } from './small-companies.ts';
import { computeExpirations, computeStrikes } from './listings.ts';
import { minutesOfSession } from './minutes.ts';
import { hashNumbers, hashText } from './noise.ts';
import { computeChain, computeContract, YEAR_MS } from './options.ts';
import type { ChainInputs, SampleContract } from './options.ts';
import { FIRST_DATE, createPriceModel } from './prices.ts';
import type { PriceModel } from './prices.ts';
import type { ReplayBars } from './replay-bars.ts';
import { computePrePrice, createSessionPath, tradedPart } from './session-path.ts';

const MINUTE_MS = 60_000;
const AVERAGE_VOLUME_SESSIONS = 63;
/** Volatility of options on a replayed symbol that the sample market does not know. */
const REPLAY_VOLATILITY = 0.3;

/** A quote of the sample market, before any provider's wording. Prices in dollars, volumes in shares. */
export interface SampleQuote {
  instrument: Instrument;
  /** The session whose figures these are. */
  date: IsoDate;
  last: number;
  /** What the session has traded so far; absent before its open. */
  bar?: Bar;
  /** Set once the session has closed. */
  close?: number;
  /** Close of the session before; absent on a replay's first day. */
  previous?: Bar;
  /** Absent for an index. */
  bid?: number;
  ask?: number;
  bidSize: number;
  askSize: number;
  lastVolume: number;
  /** When it last traded. */
  tradedAt: EpochMs;
  week52High?: number;
  week52Low?: number;
  averageVolume: number;
}

/** What there is to serve at the clock's moment. A symbol that is not listed gives undefined or nothing. */
export interface MarketSource {
  instruments(): readonly Instrument[];
  /** With the made-up small companies, which only a look at the whole market needs. */
  allInstruments(): readonly Instrument[];
  find(symbol: TickerSymbol): Instrument | undefined;
  quote(symbol: TickerSymbol): SampleQuote | undefined;
  /** Of every symbol that has one, the bar of a finished session. */
  sessionBars(date: IsoDate): { instrument: Instrument; bar: Bar }[];
  /** Bars of finished sessions, ascending, both dates included; of a contract those in which it traded. */
  finishedBars(symbol: TickerSymbol, from: IsoDate, to: IsoDate): Bar[];
  /** The bar of the running regular session as far as it has come. */
  runningBar(symbol: TickerSymbol): Bar | undefined;
  /** Bars of the minutes of a date that have begun, early hours included, ascending. */
  minuteBars(symbol: TickerSymbol, date: IsoDate): IntradayBar[];
  expirations(symbol: TickerSymbol): Expiration[];
  /** Strikes of a listed expiration, ascending. */
  strikes(symbol: TickerSymbol, expiration: IsoDate): number[];
  /** Every contract of a listed expiration, ascending by strike, calls before puts. */
  chain(symbol: TickerSymbol, expiration: IsoDate): SampleContract[];
  /** One listed contract by its terms. */
  contract(terms: OptionContract): SampleContract | undefined;
}

/** Complete daily bars, past and future alike. */
interface BarBook {
  instruments: readonly Instrument[];
  /** Made when one of them is asked for. */
  smallCompanies(): readonly Instrument[];
  find(symbol: TickerSymbol): Instrument | undefined;
  barOn(symbol: TickerSymbol, date: IsoDate): Bar | undefined;
  barsBetween(symbol: TickerSymbol, from: IsoDate, to: IsoDate): Bar[];
  lastBarUpTo(symbol: TickerSymbol, date: IsoDate): Bar | undefined;
}

/** The invented market of companies.ts. */
export function createSyntheticMarket(clock: Clock): MarketSource {
  return createMarket(createSyntheticBook(clock), clock);
}

/** Real bars: the clock's day runs inside its real bar, options are priced off it with the symbol's usual volatility. */
export function createReplayMarket({ bars, clock }: { bars: ReplayBars; clock: Clock }): MarketSource {
  return createMarket(createReplayBook(bars), clock);
}

function createSyntheticBook(clock: Clock): BarBook {
  const instruments = createInstruments();
  const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  const models = new Map<TickerSymbol, PriceModel>();
  let small: Instrument[] | undefined;

  function smallCompanies(): readonly Instrument[] {
    return (small ??= createSmallCompanies());
  }

  function find(symbol: TickerSymbol): Instrument | undefined {
    const known = bySymbol.get(symbol);
    return known ?? (isSmallCompany(symbol) ? smallCompanies().find((each) => each.symbol === symbol) : undefined);
  }

  const modelOf = (symbol: TickerSymbol): PriceModel | undefined => {
    const known = models.get(symbol);
    const instrument = known === undefined ? find(symbol) : undefined;
    if (known !== undefined || instrument === undefined) return known;
    const model = beforeSplit(createPriceModel(instrument), instrument, clock);
    models.set(symbol, model);
    return model;
  };

  return {
    instruments,
    smallCompanies,
    find,
    barOn(symbol, date) {
      return date >= FIRST_DATE && isTradingDay(date) ? modelOf(symbol)?.barOf(date) : undefined;
    },
    barsBetween(symbol, from, to) {
      const model = modelOf(symbol);
      if (model === undefined) return [];
      return tradingDaysBetween(from > FIRST_DATE ? from : FIRST_DATE, to).map((date) => model.barOf(date));
    },
    lastBarUpTo(symbol, date) {
      let day = date;
      while (!isTradingDay(day)) day = addDays(day, -1);
      return day >= FIRST_DATE ? modelOf(symbol)?.barOf(day) : undefined;
    },
  };
}

/** Until its split nobody knows of it: the bars then are those of the shares before it. */
function beforeSplit(model: PriceModel, { split }: Instrument, clock: Clock): PriceModel {
  if (split === undefined) return model;
  return {
    barOf: (date) =>
      exchangeDateOf(clock.now()) < split.date ? unsplitBar(model.barOf(date), split) : model.barOf(date),
  };
}

/** A bar of after a split as it would be without it. */
export function unsplitBar(bar: Bar, { from, to }: NonNullable<Instrument['split']>): Bar {
  const price = (value: number): number => Math.round(((value * to) / from) * 10_000) / 10_000;
  return {
    date: bar.date,
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    volume: Math.round((bar.volume * from) / to),
    ...(bar.vwap === undefined ? {} : { vwap: price(bar.vwap) }),
  };
}

function createReplayBook({ bySymbol }: ReplayBars): BarBook {
  const known = new Map(createInstruments().map((instrument) => [instrument.symbol, instrument]));
  const instruments = [...bySymbol].map(([symbol, bars]) => replayInstrument(symbol, bars, known.get(symbol)));
  const instrumentOf = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  const barsOf = (symbol: TickerSymbol): readonly Bar[] => bySymbol.get(symbol) ?? [];
  return {
    instruments,
    smallCompanies: () => [],
    find: (symbol) => instrumentOf.get(symbol),
    barOn: (symbol, date) => sliceBars(barsOf(symbol), date, date)[0],
    barsBetween: (symbol, from, to) => sliceBars(barsOf(symbol), from, to),
    lastBarUpTo: (symbol, date) => sliceBars(barsOf(symbol), '0000-01-01', date).at(-1),
  };
}

function replayInstrument(symbol: TickerSymbol, bars: readonly Bar[], known: Instrument | undefined): Instrument {
  const total = bars.reduce((sum, bar) => sum + bar.volume, 0);
  return {
    symbol,
    name: known?.name ?? symbol,
    kind: known?.kind ?? 'stock',
    exchange: known?.exchange ?? 'N',
    anchorPrice: bars[0]?.close ?? 0,
    volatility: known?.volatility ?? REPLAY_VOLATILITY,
    averageVolume: Math.round(total / Math.max(1, bars.length)),
  };
}

/** The session whose figures are shown: today's from its pre session on, else the last finished one. */
interface Moment {
  now: EpochMs;
  session: Session;
  date: IsoDate;
  times: SessionTimes | undefined;
  lastFinished: IsoDate;
}

interface YearStatistics {
  upTo: IsoDate;
  high: number;
  low: number;
  averageVolume: number;
}

function createMarket(book: BarBook, clock: Clock): MarketSource {
  const { find } = book;
  const yearStatistics = createYearStatistics(book);
  const options = createOptions(book, quoteAt);

  function quoteAt(symbol: TickerSymbol, moment: Moment): SampleQuote | undefined {
    const instrument = find(symbol);
    const traded = instrument === undefined ? undefined : tradedAt(book, symbol, moment);
    if (instrument === undefined || traded === undefined) return undefined;
    const previous = book.lastBarUpTo(symbol, addDays(traded.date, -1));
    const year = yearStatistics(symbol, moment.lastFinished);
    return {
      instrument,
      ...traded,
      ...(previous === undefined ? {} : { previous }),
      ...makeMarket(instrument, traded.last, traded.tradedAt),
      averageVolume: year?.averageVolume ?? instrument.averageVolume,
      ...(year === undefined ? {} : { week52High: year.high, week52Low: year.low }),
    };
  }

  return {
    instruments: () => book.instruments,
    allInstruments: () => [...book.instruments, ...book.smallCompanies()],
    find,
    quote: (symbol) => quoteAt(symbol, momentAt(clock.now())),
    sessionBars(date) {
      if (date > lastFinishedSession(clock.now()) || !isTradingDay(date)) return [];
      return [...book.instruments, ...book.smallCompanies()].flatMap((instrument) => {
        const bar = book.barOn(instrument.symbol, date);
        return bar === undefined ? [] : [{ instrument, bar }];
      });
    },
    finishedBars(symbol, from, to) {
      const lastFinished = lastFinishedSession(clock.now());
      const last = to < lastFinished ? to : lastFinished;
      return isOptionSymbol(symbol) ? options.contractBars(symbol, from, last) : book.barsBetween(symbol, from, last);
    },
    runningBar(symbol) {
      const moment = momentAt(clock.now());
      if (moment.session !== 'regular' || find(symbol) === undefined) return undefined;
      return runningBarAt(book, symbol, moment);
    },
    minuteBars(symbol, date) {
      const [bar, times] = [book.barOn(symbol, date), sessionTimes(date)];
      if (bar === undefined || times === undefined) return [];
      const previousClose = book.lastBarUpTo(symbol, addDays(date, -1))?.close;
      return minutesOfSession({ bar, times, seed: hashText(symbol + date), previousClose, now: clock.now() });
    },
    ...options.listed(clock),
  };
}

function createYearStatistics(book: BarBook) {
  const statistics = new Map<TickerSymbol, YearStatistics>();
  return (symbol: TickerSymbol, upTo: IsoDate): YearStatistics | undefined => {
    const held = statistics.get(symbol);
    if (held?.upTo === upTo) return held;
    const bars = book.barsBetween(symbol, addDays(upTo, -364), upTo);
    if (bars.length === 0) return undefined;
    const recent = bars.slice(-AVERAGE_VOLUME_SESSIONS);
    const computed = {
      upTo,
      high: bars.reduce((high, bar) => Math.max(high, bar.high), -Infinity),
      low: bars.reduce((low, bar) => Math.min(low, bar.low), Infinity),
      averageVolume: Math.round(recent.reduce((sum, bar) => sum + bar.volume, 0) / recent.length),
    };
    statistics.set(symbol, computed);
    return computed;
  };
}

function momentAt(now: EpochMs): Moment {
  const session = sessionAt(now);
  const lastFinished = lastFinishedSession(now);
  const date = session === 'closed' ? lastFinished : exchangeDateOf(now);
  return { now, session, date, times: sessionTimes(date), lastFinished };
}

type QuoteAt = (symbol: TickerSymbol, moment: Moment) => SampleQuote | undefined;

/** The contracts of the market, and what they traded at. */
function createOptions(book: BarBook, quoteAt: QuoteAt) {
  const { find } = book;

  function chainInputs(instrument: Instrument, expiration: IsoDate, moment: Moment): ChainInputs | undefined {
    const quote = quoteAt(instrument.symbol, moment);
    const listed = expirationsAt(instrument, moment).find(({ date }) => date === expiration);
    if (quote === undefined || listed === undefined) return undefined;
    const before = quote.previous;
    const { open, high, low } = quote.bar ?? { open: quote.last, high: quote.last, low: quote.last };
    return {
      instrument,
      expiration,
      kind: listed.kind,
      expiresAt: closeOf(expiration),
      spot: quote.last,
      pricedAt: quote.tradedAt,
      sessionDate: quote.date,
      ...(quote.bar === undefined ? {} : { sessionRange: { open, high, low } }),
      tradedPart: quote.bar === undefined ? 0 : tradedPartAt(quote, moment),
      previousClose: before?.close ?? open,
      previousCloseAt: closeOf(before?.date ?? addDays(quote.date, -1)),
      interestDate: before?.date ?? quote.date,
    };
  }

  function expirationsAt(instrument: Instrument, moment: Moment): Expiration[] {
    return computeExpirations(instrument, exchangeDateOf(moment.now));
  }

  function listedStrikes(inputs: ChainInputs): number[] {
    const years = Math.max(0, inputs.expiresAt - inputs.previousCloseAt) / YEAR_MS;
    return computeStrikes(inputs.instrument, inputs.previousClose, years);
  }

  /** Of the sessions on which it was listed and traded. */
  function contractBars(symbol: OptionSymbol, from: IsoDate, to: IsoDate): Bar[] {
    const { underlying, expiration, strike, side } = parseOptionSymbol(symbol);
    const instrument = find(underlying);
    if (instrument === undefined) return [];
    return book.barsBetween(underlying, from, to < expiration ? to : expiration).flatMap((bar) => {
      const { date, close } = bar;
      const listed = computeExpirations(instrument, date).find((each) => each.date === expiration);
      const before = book.lastBarUpTo(underlying, addDays(date, -1));
      if (listed === undefined || before === undefined) return [];
      const inputs: ChainInputs = {
        instrument,
        expiration,
        kind: listed.kind,
        expiresAt: closeOf(expiration),
        spot: close,
        pricedAt: closeOf(date),
        sessionDate: date,
        sessionRange: bar,
        tradedPart: 1,
        previousClose: before.close,
        previousCloseAt: closeOf(before.date),
        interestDate: before.date,
      };
      if (!listedStrikes(inputs).includes(strike)) return [];
      const { last, range, volume } = computeContract(inputs, strike, side);
      return last === undefined || range === undefined ? [] : [{ date, ...range, close: last, volume }];
    });
  }

  /** What is listed now. */
  function listed(clock: Clock): Pick<MarketSource, 'expirations' | 'strikes' | 'chain' | 'contract'> {
    function inputsOf(symbol: TickerSymbol, expiration: IsoDate): ChainInputs | undefined {
      const instrument = find(symbol);
      return instrument === undefined ? undefined : chainInputs(instrument, expiration, momentAt(clock.now()));
    }

    return {
      expirations(symbol) {
        const instrument = find(symbol);
        return instrument === undefined ? [] : expirationsAt(instrument, momentAt(clock.now()));
      },
      strikes(symbol, expiration) {
        const inputs = inputsOf(symbol, expiration);
        return inputs === undefined ? [] : listedStrikes(inputs);
      },
      chain(symbol, expiration) {
        const inputs = inputsOf(symbol, expiration);
        return inputs === undefined ? [] : computeChain(inputs, listedStrikes(inputs));
      },
      contract({ underlying, expiration, strike, side }) {
        const inputs = inputsOf(underlying, expiration);
        if (inputs === undefined || !listedStrikes(inputs).includes(strike)) return undefined;
        return computeContract(inputs, strike, side);
      },
    };
  }

  return { contractBars, listed };
}

type Traded = Pick<SampleQuote, 'date' | 'last' | 'bar' | 'close' | 'tradedAt' | 'lastVolume'>;

/** What a symbol last traded at, in the session that the moment shows; in the session before where it has no bar. */
function tradedAt(book: BarBook, symbol: TickerSymbol, moment: Moment): Traded | undefined {
  if (moment.session === 'regular') {
    const bar = runningBarAt(book, symbol, moment);
    if (bar !== undefined) {
      return { date: bar.date, last: bar.close, bar, tradedAt: moment.now, lastVolume: lotAt(symbol, moment.now) };
    }
  }
  if (moment.session === 'pre') {
    const today = preTradeAt(book, symbol, moment);
    if (today !== undefined) return today;
  }
  const bar = book.lastBarUpTo(symbol, moment.lastFinished);
  if (bar === undefined) return undefined;
  const closedAt = closeOf(bar.date);
  return {
    date: bar.date,
    last: bar.close,
    bar,
    close: bar.close,
    tradedAt: closedAt,
    lastVolume: lotAt(symbol, closedAt),
  };
}

/** Before the open a stock drifts from yesterday's close to today's open; its volume is not counted. An index rests. */
function preTradeAt(book: BarBook, symbol: TickerSymbol, { now, date, times }: Moment): Traded | undefined {
  const bar = book.barOn(symbol, date);
  const before = book.lastBarUpTo(symbol, addDays(date, -1));
  if (bar === undefined || before === undefined || times === undefined || bar.volume === 0) return undefined;
  const part = (now - times.preOpen) / (times.open - times.preOpen);
  const last = computePrePrice(before.close, bar.open, hashText(symbol + date), part);
  return { date, last, tradedAt: now, lastVolume: lotAt(symbol, now) };
}

function runningBarAt(book: BarBook, symbol: TickerSymbol, { now, date, times }: Moment): Bar | undefined {
  const bar = book.barOn(symbol, date);
  if (bar === undefined || times === undefined) return undefined;
  const length = (times.close - times.open) / MINUTE_MS;
  return createSessionPath(bar, hashText(symbol + date), length).barAt((now - times.open) / MINUTE_MS);
}

function tradedPartAt(quote: SampleQuote, { now, times }: Moment): number {
  if (quote.close !== undefined || times === undefined) return 1;
  return tradedPart((now - times.open) / (times.close - times.open));
}

/** A cent or two around the last price, wider for dear shares; an index has no market of its own. */
function makeMarket(
  instrument: Instrument,
  last: number,
  at: EpochMs,
): Pick<SampleQuote, 'bid' | 'ask' | 'bidSize' | 'askSize'> {
  if (instrument.kind === 'index') return { bidSize: 0, askSize: 0 };
  const second = Math.floor(at / 1000);
  const hash = hashNumbers(hashText(instrument.symbol), 41, second);
  const width = Math.max(1, Math.round(last * (instrument.kind === 'etf' ? 0.002 : 0.012)));
  const below = hash % (width + 1);
  const bid = Math.max(1, Math.floor(last * 100 + 1e-6) - below);
  const ask = Math.max(bid + 1, Math.ceil(last * 100 - 1e-6) + width - below);
  return {
    bid: bid / 100,
    ask: ask / 100,
    bidSize: 1 + ((hash >>> 8) % 24),
    askSize: 1 + ((hash >>> 16) % 24),
  };
}

function lotAt(symbol: TickerSymbol, at: EpochMs): number {
  return 100 * (1 + (hashNumbers(hashText(symbol), 42, Math.floor(at / 1000)) % 9));
}
