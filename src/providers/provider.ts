// The port every market-data provider fills: domain values in, domain values out, no wire word beyond it.
// A method that a provider does not have is absent; who is asked first is the market's decision.
import type { FinError } from '../domain/errors.ts';
import type { CallContext } from '../http/http.ts';
import type { ExchangeDay } from '../domain/calendar.ts';
import type { EventList, EventLists, Headline, Security } from '../domain/events.ts';
import type {
  Bar,
  BarHours,
  ContractQuote,
  Expiration,
  IntradayBar,
  IntradayStep,
  IsoDate,
  MarketClock,
  MarketMs,
  OptionChain,
  OptionSymbol,
  ProviderName,
  Quote,
  TickerSymbol,
} from '../domain/types.ts';

export interface Fetched<T> {
  value: T;
  /** The reply said `fin-sample: true`, or this is the built-in sample market. */
  sample: boolean;
  /** What of the reply is not in the value. */
  lost?: readonly Lost[];
  /** How far behind the market its figures are, where the plan has no newer ones. */
  delayMs?: number;
}

/** What of an answer did not come through while the rest did. */
export interface Lost {
  /** Whose it is, as far as that could be read: a symbol or a contract. */
  symbol?: string;
  /** The session of a bar. */
  date?: IsoDate;
  /** `Tradier history: history.day[3].volume is a string, expected a number` */
  message: string;
  /** It could be read and cannot be true: worth a note, where what could not be read is an error. */
  isNote?: boolean;
}

export interface BrokerAccount {
  /** Its number at the broker. */
  id: string;
  /** `individual`, `roth_ira`: an open list. */
  kind?: string;
  isActive: boolean;
}

/** `cost` is the total in dollars with the sign of the quantity, contracts with their 100. */
export interface BrokerPosition {
  id: number;
  /** A ticker, or the OCC symbol of a contract. */
  symbol: TickerSymbol;
  quantity: number;
  cost: number;
  opened?: IsoDate;
}

/** What is new of a quote. */
export interface QuoteTick {
  symbol: TickerSymbol;
  at: MarketMs;
  last?: number;
  volume?: number;
  bid?: number;
  ask?: number;
}

export interface QuoteBatch {
  quotes: Map<TickerSymbol, Quote>;
  /** Of the OCC symbols among those asked for. */
  contracts?: ReadonlyMap<OptionSymbol, ContractQuote>;
  /** Asked for and not known to the provider. */
  unknown: TickerSymbol[];
  /** Asked for and refused while others were answered, each with its cause (Polygon sells indices separately). */
  failed?: ReadonlyMap<TickerSymbol, FinError>;
  /** Figures of those answered that cannot be true, and are left out. */
  lost?: readonly Lost[];
}

export interface IntradayNeed {
  step: IntradayStep;
  hours: BarHours;
  /** Both inclusive. */
  from: IsoDate;
  to: IsoDate;
}

export interface IntradayBars {
  /** Ascending, of the hours asked for. */
  bars: IntradayBar[];
  /** Later than asked for where the provider's answer goes back no further. */
  from: IsoDate;
}

/** A split of any symbol: `to` shares for every `from`, from the open of `date` on. */
export interface MarketSplit {
  symbol: TickerSymbol;
  date: IsoDate;
  from: number;
  to: number;
}

export interface Provider {
  readonly name: ProviderName;
  /** Name, origin and environment; what one identity brought is never served for another. */
  readonly identity: string;
  /** Whether a request could be sent now without waiting for the limit. */
  hasFreeSlot(): Promise<boolean>;

  /** All symbols, tickers and OCC symbols of contracts, in as few requests as the provider allows. */
  fetchQuotes(symbols: readonly TickerSymbol[], context: CallContext): Promise<Fetched<QuoteBatch>>;

  /**
   * Daily bars, split-adjusted, ascending, both dates inclusive; the running session's bar is included where the
   * provider has it. Empty when the range has none or the symbol is unknown.
   */
  fetchDailyBars(symbol: TickerSymbol, from: IsoDate, to: IsoDate, context: CallContext): Promise<Fetched<Bar[]>>;

  /** Bars of minutes, split-adjusted where the provider does so, both dates inclusive, as far as the clock has come. */
  fetchIntradayBars(symbol: TickerSymbol, range: IntradayNeed, context: CallContext): Promise<Fetched<IntradayBars>>;

  /** Ascending, without duplicates; empty when the symbol has no options. */
  fetchExpirations(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Expiration[]>>;

  /** Whole chain of one expiration with greeks; no contracts when there is none. */
  fetchChain(symbol: TickerSymbol, expiration: IsoDate, context: CallContext): Promise<Fetched<OptionChain>>;

  fetchMarketClock(context: CallContext): Promise<Fetched<MarketClock>>;

  /** What its own calendar says of the days around a date; days that it does not name are as usual. */
  fetchExchangeDays?(date: IsoDate, context: CallContext): Promise<Fetched<ExchangeDay[]>>;

  /** Bars of the whole market on one finished session, in one request (Polygon only). */
  fetchGroupedBars?(date: IsoDate, context: CallContext): Promise<Fetched<Map<TickerSymbol, Bar>>>;

  /** The key's accounts; what they hold is read, never changed (Tradier only). */
  fetchAccounts?(context: CallContext): Promise<Fetched<BrokerAccount[]>>;
  fetchPositions?(account: string, context: CallContext): Promise<Fetched<BrokerPosition[]>>;
  /** Splits of all symbols that took effect on these dates, both inclusive (Polygon only). */
  fetchMarketSplits?(from: IsoDate, to: IsoDate, context: CallContext): Promise<Fetched<MarketSplit[]>>;

  /** Dividends, splits or earnings of all symbols in one request; a symbol without any has an empty list, one that is lost none. */
  fetchEvents?<List extends EventList>(
    list: List,
    symbols: readonly TickerSymbol[],
    context: CallContext,
  ): Promise<Fetched<Map<TickerSymbol, EventLists[List]>>>;

  /** The newest first; empty for a symbol without any (Polygon only). */
  fetchNews?(symbol: TickerSymbol, context: CallContext): Promise<Fetched<Headline[]>>;

  /** Securities whose name or symbol holds the words, in the provider's order. */
  searchSecurities?(words: string, context: CallContext): Promise<Fetched<Security[]>>;

  /**
   * What changes of these symbols, as it changes, until the other side ends it (Tradier only, where the account has it).
   * `onTick` hears of lines without news too: the stream lives. One session a key at a time. Rejects where it is refused, lost or silent for a minute.
   */
  streamQuotes?(
    symbols: readonly TickerSymbol[],
    context: CallContext,
    onTick: (tick: QuoteTick | undefined) => void,
  ): Promise<void>;

  /** One cheap request that proves the key; throws what `doctor` reports. */
  checkAccess(context: CallContext): Promise<void>;
}
