// Quotes, bars, expirations, chains and the market's state with their source: from the cache while fresh, else from the
// first provider that can answer, else from the other, else stale and said so. Hides who was asked and what was held.
import type { Bars } from '../domain/bar-columns.ts';
import type { FinError } from '../domain/errors.ts';
import type { EventList, EventLists, Headline, Security } from '../domain/events.ts';
import type {
  Bar,
  ContractQuote,
  MarketMs,
  Expiration,
  Freshness,
  IntradayBar,
  IsoDate,
  MarketClock,
  OptionChain,
  OptionSymbol,
  ProviderName,
  Quote,
  TickerSymbol,
} from '../domain/types.ts';
import type { CallContext } from '../http/http.ts';
import type { Lost, MarketSplit, IntradayNeed } from '../providers/provider.ts';

/** Where a figure comes from. Instants are on the market's clock. */
export interface Source {
  provider: ProviderName;
  sample: boolean;
  asOf: MarketMs;
  fetchedAt: MarketMs;
  freshness: Freshness;
  /** What the reader must know: another provider answered, a plan refused, figures are stale and why. */
  notes: string[];
  /** What of the provider's reply did not come through: an error beside the figures. */
  lost?: readonly Lost[];
  /** Why nothing fresher is here, where a provider was asked and failed. */
  failure?: FinError;
  /** The bars are those of the whole market, kept in the data folder. */
  isKeptMarket?: true;
  /** The deadline that ended the asking, where what was held stands in: the run ends with it all the same. */
  endedBy?: FinError;
}

export type Outcome<T> = { ok: true; value: T; source: Source } | { ok: false; error: FinError };

/** How one command wants its data. */
export interface MarketRequest {
  /** Skip cache reads. */
  refresh: boolean;
  /** Never ask a provider. */
  offline: boolean;
  /** Only this provider. */
  provider?: ProviderName;
  /** What the answer has had fetched: to it that is live, however often it needs it. */
  brought?: Set<string>;
  call: CallContext;
}

/** Daily bars, ascending; the running session's bar last where today's data exist. */
export interface DailySeries {
  symbol: TickerSymbol;
  /** Those asked for and, where it is held, at least the one before them. */
  readonly bars: Bar[];
  /** The same without an object for each, where they are held so. */
  columns?: Bars;
  /** Of the first bar that is held, asked for or not. */
  firstDate?: IsoDate;
  /** First calendar date that was asked of the provider: before it, absence means nothing. */
  coveredFrom: IsoDate;
  /** Of the whole market, where the symbol was there before them. */
  heldSessions?: number;
  /** The last bar belongs to a session that has not finished. */
  running: boolean;
  /** The last finished bar was fetched before its post session had ended: until then it may change. */
  provisionalUntil?: MarketMs;
}

/** Bars of minutes, ascending. */
export interface IntradaySeries {
  symbol: TickerSymbol;
  bars: IntradayBar[];
  /** The first session that was asked of the provider. */
  coveredFrom: IsoDate;
  /** Why it does not begin where it was asked to. */
  reach?: string;
  /** Sessions that could not be had, where what is held stands in. */
  missing?: IsoDate[];
  /** The last bar belongs to a session that has not finished. */
  running: boolean;
}

/** What of a series is of interest, both inclusive; `to` before today spares the request for the running session. */
export interface DateRange {
  from?: IsoDate;
  to?: IsoDate;
}

/** Readings of earlier sessions by what one provider brought. Rejects where they cannot be read. */
export interface PastReadings {
  /** 30-day volatilities of the 252 sessions before one, ascending, as far as they were read. */
  iv30(symbol: TickerSymbol, from: PastSource, before: IsoDate): Promise<number[]>;
  /** Open contracts of an expiration as of the last session before one in which they were read. */
  openInterest(
    symbol: TickerSymbol,
    expiration: IsoDate,
    from: PastSource,
    before: IsoDate,
  ): Promise<PastOpenInterest | undefined>;
}

export type PastSource = Pick<Source, 'provider' | 'sample'>;

export interface PastOpenInterest {
  session: IsoDate;
  contracts: ReadonlyMap<OptionSymbol, number>;
}

/** The figures of a session's bars, each a column over the symbols. */
export type BarColumn = 'close' | 'volume' | 'high' | 'low' | 'open';

/** Sessions of the whole market side by side: `columns.close[session][symbol]`, NaN or nothing where there is no bar. */
export interface LoadedMarket {
  symbols: readonly TickerSymbol[];
  /** Ascending, without a hole. */
  dates: readonly IsoDate[];
  /** Those asked for, adjusted for splits; before the sessions asked for they are empty. */
  columns: Partial<Record<BarColumn, readonly Float64Array[]>>;
  /** When the newest session was fetched. */
  fetchedAt: MarketMs;
  sample: boolean;
  /** Rows of these sessions that could not be read. */
  lost: readonly Lost[];
  /** What the bars of sessions kept before a split were adjusted for. */
  splits: readonly MarketSplit[];
}

export interface MarketFill {
  /** Sessions wanted that are there, and those that are not, newest first. */
  held: number;
  missing: readonly IsoDate[];
  /** Why some are missing. */
  failure?: FinError;
  notes: readonly string[];
}

/** One symbol's bars out of the kept sessions, adjusted for splits. */
export interface KeptBars {
  bars: Bar[];
  /** The sessions that are there without a hole. */
  from: IsoDate;
  sessions: number;
  /** When the newest of them was fetched. */
  fetchedAt: MarketMs;
  sample: boolean;
  /** No session of the range is missing, and none may change. */
  isCurrent: boolean;
  notes: readonly string[];
}

/** The daily bars of all symbols, one request a session, kept in the data folder. */
export interface WholeMarket {
  readonly provider: ProviderName;
  /** Requests a minute; absent: as many as one likes. */
  readonly limitPerMinute?: number;
  /** Of the last `count` sessions, which are there and which are not. `again`: the newest, and those that lack rows, are not. */
  plan(count: number, again?: boolean): Pick<MarketFill, 'held' | 'missing'>;
  /** Fetches what of the last `count` sessions is missing, newest first, together with other processes that do so. */
  fill(count: number, request: MarketRequest, onStep?: (held: number, missing: number) => void): Promise<MarketFill>;
  /** Sees that today's list of splits is there: a note where it is not. */
  learnSplits(request: MarketRequest): Promise<string[]>;
  /** Sessions that are there without a hole, up to the newest one, at most `count` of them. */
  countHeld(count: number): number;
  /** The newest of them, of each column as many as said; a session that turns out to be damaged is dropped, with all before it. Undefined without any. */
  load(count: number, depths: ReadonlyMap<BarColumn, number>): LoadedMarket | undefined;
  /** With the one before `from`; without `from` at least a year of them. Undefined where they do not reach so far back, or have no such symbol. */
  barsOf(
    symbol: TickerSymbol,
    dates: { from?: IsoDate; to: IsoDate },
    request: MarketRequest,
  ): Promise<KeptBars | undefined>;
}

export interface MarketData {
  quotes(symbols: readonly TickerSymbol[], request: MarketRequest): Promise<Map<TickerSymbol, Outcome<Quote>>>;
  /** Contracts for themselves, in the same request as the quotes asked for at the same moment. */
  contractQuotes(
    symbols: readonly OptionSymbol[],
    request: MarketRequest,
  ): Promise<Map<OptionSymbol, Outcome<ContractQuote>>>;
  /** At least from `from` on (default: all that one request gives, five years), split-adjusted. */
  dailySeries(symbol: TickerSymbol, request: MarketRequest, dates?: DateRange): Promise<Outcome<DailySeries>>;
  /** As many of the sessions as one request brings, the newest of them. */
  intraday(symbol: TickerSymbol, need: IntradayNeed, request: MarketRequest): Promise<Outcome<IntradaySeries>>;
  expirations(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Expiration[]>>;
  /** The whole expiration. A chain without contracts is `no_data`. */
  chain(symbol: TickerSymbol, expiration: IsoDate, request: MarketRequest): Promise<Outcome<OptionChain>>;
  /** What a provider's clock says; the caller falls back to the calendar. */
  clock(request: MarketRequest): Promise<Outcome<MarketClock>>;
  /** One list of each symbol's events, the newest first; those of all symbols in one request. */
  events<List extends EventList>(
    list: List,
    symbols: readonly TickerSymbol[],
    request: MarketRequest,
  ): Promise<Map<TickerSymbol, Outcome<EventLists[List]>>>;
  /** Headlines about a symbol, the newest first. */
  news(symbol: TickerSymbol, request: MarketRequest): Promise<Outcome<Headline[]>>;
  /** Securities whose name or symbol holds these words, in lower case; never none. */
  search(words: string, request: MarketRequest): Promise<Outcome<Security[]>>;
  /** What was kept of earlier sessions; absent where nothing is kept. */
  past?: PastReadings;
  /** Asks a provider's calendar about a day that is not as ours says, and believes it; true where that was news. */
  learnDay?(date: IsoDate, request: MarketRequest): Promise<boolean>;
  /** Absent, or undefined, where no provider has the bars of the whole market. */
  wholeMarket?(): Promise<WholeMarket | undefined>;
}
