// The market's words as types. Prices are US dollars a share, percentages are percent (1.5 = 1.5 %),
// implied volatility is a fraction (0.25 = 25 %), instants are epoch milliseconds, dates are exchange dates.

/** Calendar date in exchange time (America/New_York), `YYYY-MM-DD`. */
export type IsoDate = string;

/** Milliseconds since the Unix epoch. */
export type EpochMs = number;

/** Canonical upper-case ticker. A share class has a dot (`BRK.B`), an index no prefix (`SPX`). */
export type TickerSymbol = string;

/** OCC option symbol without padding and without Polygon's `O:` (`AAPL251219C00200000`). */
export type OptionSymbol = string;

export type ProviderName = 'polygon' | 'tradier' | 'sample';

/** State of the US equity market: pre 04:00, regular 09:30, post 16:00 (13:00 on a half day), closed 20:00 (17:00). */
export type Session = 'pre' | 'regular' | 'post' | 'closed';

export type Side = 'call' | 'put';

export type BarInterval = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Bars below a day that every provider has. */
export type IntradayStep = '1min' | '5min' | '15min';

export type IntradayInterval = IntradayStep | '30min' | 'hour';

/** Of which hours intraday bars are: the regular session's, or those before and after it too. */
export type BarHours = 'regular' | 'all';

/** `live`: fetched for this answer. `cached`: held and fresh. `stale`: held, past its freshness, still usable. */
export type Freshness = 'live' | 'cached' | 'stale';

/** OHLCV of one interval. `date` is the session's date, a week's Monday or a month's first. Volume in shares. */
export interface Bar {
  date: IsoDate;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  vwap?: number;
}

/** A bar of minutes: `at` is its start, `date` its session's. */
export interface IntradayBar extends Bar {
  at: EpochMs;
}

/** What a symbol trades at. `basis: 'session_bar'` marks a quote made of a finished session's bar. */
export interface Quote {
  symbol: TickerSymbol;
  description?: string;
  last: number;
  open?: number;
  high?: number;
  low?: number;
  previousClose?: number;
  bid?: number;
  ask?: number;
  volume?: number;
  /** Of the session of `volume`, for its bar. */
  vwap?: number;
  averageVolume?: number;
  week52High?: number;
  week52Low?: number;
  /** The close of the regular session of `asOf`, where it is over and the provider tells it apart from later trades. */
  regularClose?: number;
  /** When the last trade happened, or the close of the session whose bar this is. */
  asOf: EpochMs;
  basis?: 'session_bar';
}

/** Terms of a listed option. `multiplier` is the number of shares a contract delivers. */
export interface OptionContract {
  symbol: OptionSymbol;
  underlying: TickerSymbol;
  root: string;
  side: Side;
  strike: number;
  expiration: IsoDate;
  multiplier: number;
}

/** Delta and gamma per dollar, theta per day, vega per volatility point. */
export interface Greeks {
  delta?: number;
  gamma?: number;
  theta?: number;
  vega?: number;
}

/** A contract with its prices. Open interest is the exchange's count of the evening before. */
export interface OptionQuote extends OptionContract, Greeks {
  bid?: number;
  ask?: number;
  last?: number;
  volume?: number;
  openInterest?: number;
  iv?: number;
  /** When it last traded, where the provider says so: `last` is of that time, `volume` of that day. */
  tradedAt?: EpochMs;
}

/** What one contract trades at, quoted for itself: what a position or a leg is priced by. */
export interface ContractQuote extends Omit<OptionQuote, 'underlying' | 'root' | 'side' | 'strike' | 'expiration'> {
  previousClose?: number;
  /** When it was last quoted, else traded. */
  asOf: EpochMs;
}

/** All contracts of one underlying and one expiration, unfiltered, ascending by strike, calls before puts. */
export interface OptionChain {
  underlying: TickerSymbol;
  expiration: IsoDate;
  contracts: OptionQuote[];
  /** Newest time at which the provider computed greeks, absent where it does not say. */
  greeksAsOf?: EpochMs;
  /** The underlying's price that goes with these prices: the provider's own, where its chain carries one. */
  spot?: number;
  /** When that price was made; absent where the provider does not say. */
  spotAsOf?: EpochMs;
  /** How far behind the market a plan's prices are; absent: not at all. */
  delayMs?: number;
  /** Of when the prices are: of trades before that day's session nothing is figured. */
  pricedAt?: EpochMs;
}

export type ExpirationKind = 'daily' | 'weekly' | 'monthly' | 'quarterly';

export interface Expiration {
  date: IsoDate;
  kind: ExpirationKind;
}

/** What a provider's clock says about the market. */
export interface MarketClock {
  state: Session;
  description?: string;
  /** The provider's own time. */
  at: EpochMs;
  nextChange?: { state: Session; at: EpochMs };
}

/**
 * Instants of the two clocks: one does not compile where the other is wanted. A bare number (a sum, a row of a file) fits
 * both, so that only what crosses a module's border is named. Types alone: at run time they are numbers.
 */
export type MarketMs = EpochMs & { readonly clock?: 'market' };
export type MachineMs = EpochMs & { readonly clock?: 'machine' };

/** The running market's clock and the machine's. `FIN_NOW` moves only the first. */
export interface Clock {
  /** Market time: dates, sessions, freshness. */
  now(): MarketMs;
  /** Machine time: limits, breaker, deadlines, latencies. */
  machineNow(): MachineMs;
}
