// The figures of one chain belong to one moment: which price of the underlying goes with its prices, and which parts of
// it are of another day. Pure; where no price is of the chain's moment, there is none.
import { closeOf, nextTradingDay, sessionAt } from './calendar.ts';
import { exchangeDateOf } from './exchange-time.ts';
import { optionsPricedAt, runningOptionSession } from './option-sessions.ts';
import { isIndexSymbol } from './symbols.ts';
import type { EpochMs, OptionChain, OptionQuote, Quote, TickerSymbol } from './types.ts';

/** What prices of one moment may be apart while options trade: both kinds are held for less. */
const SAME_MOMENT_MS = 60_000;
/** The closing auction's print comes after the bell. */
const AUCTION_MS = 10_000;

export interface SpotPrice {
  price: number;
  /** Absent where the provider does not say. */
  asOf?: EpochMs;
}

/** Whether a price made at `asOf` stands beside option prices of `pricedAt`. */
export function isOfMoment(asOf: EpochMs, underlying: TickerSymbol, pricedAt: EpochMs): boolean {
  if (asOf <= pricedAt) return true;
  if (runningOptionSession(underlying, pricedAt) !== undefined)
    return asOf - pricedAt <= SAME_MOMENT_MS && sessionAt(asOf) === sessionAt(pricedAt);
  // An index is not traded after the close: its last value is the close, whenever it was written.
  return (
    exchangeDateOf(asOf) === exchangeDateOf(pricedAt) && (isIndexSymbol(underlying) || asOf - pricedAt <= AUCTION_MS)
  );
}

/** Whether a reader should hear of a price made at `asOf` beside a chain of `pricedAt`: it is of a later moment or session. */
export function isNewsBeside(asOf: EpochMs, underlying: TickerSymbol, pricedAt: EpochMs): boolean {
  if (isOfMoment(asOf, underlying, pricedAt)) return false;
  return asOf - pricedAt > SAME_MOMENT_MS || asOf > closeOf(exchangeDateOf(asOf)) + AUCTION_MS;
}

/** Whether a quote was fetched so long before prices of `pricedAt` that it says nothing of their moment. */
export function isFromBefore(fetchedAt: EpochMs, pricedAt: EpochMs): boolean {
  return fetchedAt < pricedAt - SAME_MOMENT_MS;
}

/** The chain's own spot, where it is of the moment of the chain's prices. */
export function ownSpot(chain: OptionChain, pricedAt: EpochMs): SpotPrice | undefined {
  const { spot, spotAsOf, underlying } = chain;
  if (spot === undefined) return undefined;
  if (spotAsOf === undefined) return { price: spot };
  return isOfMoment(spotAsOf, underlying, pricedAt) ? { price: spot, asOf: spotAsOf } : undefined;
}

/**
 * The underlying's price at `pricedAt` by a quote fetched at `fetchedAt`: its last trade where there was none between,
 * else the close that it tells of that session.
 */
export function spotByQuote(quote: Quote, fetchedAt: EpochMs, pricedAt: EpochMs): SpotPrice | undefined {
  const { asOf, symbol } = quote;
  const date = exchangeDateOf(pricedAt);
  const isBarOfDay = exchangeDateOf(asOf) === date && runningOptionSession(symbol, pricedAt) === undefined;
  const isSeen = quote.basis === 'session_bar' ? isBarOfDay : !isFromBefore(fetchedAt, pricedAt);
  if (isSeen && isOfMoment(asOf, symbol, pricedAt)) return { price: quote.last, asOf };
  const close = closeOf(date);
  if (asOf <= pricedAt || close > pricedAt) return undefined;
  if (exchangeDateOf(asOf) === date)
    return quote.regularClose === undefined ? undefined : { price: quote.regularClose, asOf: close };
  const isNextDay = exchangeDateOf(asOf) === nextTradingDay(date);
  return isNextDay && quote.previousClose !== undefined ? { price: quote.previousClose, asOf: close } : undefined;
}

/**
 * The chain as it was told at `fetchedAt`, without what is of no moment: volumes of another day than its session, greeks
 * that are all zero or come without a volatility.
 */
export function currentPartOf(chain: OptionChain, fetchedAt: EpochMs): OptionChain {
  const { greeksAsOf, delayMs = 0, ...rest } = chain;
  const pricedAt = optionsPricedAt(chain.underlying, fetchedAt - delayMs);
  const session = exchangeDateOf(pricedAt);
  const contracts = chain.contracts.map((contract) => withCurrentGreeks(withCurrentVolume(contract, session)));
  const hasGreeks = greeksAsOf !== undefined && contracts.some(({ delta, gamma }) => (delta ?? gamma) !== undefined);
  return { ...rest, contracts, ...(hasGreeks ? { greeksAsOf } : {}), pricedAt };
}

function withCurrentVolume(contract: OptionQuote, session: string): OptionQuote {
  const { volume, tradedAt } = contract;
  if (volume === undefined || volume === 0 || tradedAt === undefined || exchangeDateOf(tradedAt) === session)
    return contract;
  const { volume: _stale, ...rest } = contract;
  return rest;
}

function withCurrentGreeks(contract: OptionQuote): OptionQuote {
  const { delta, gamma, theta, vega, iv, ...rest } = contract;
  const greeks = [delta, gamma, theta, vega].filter((greek) => greek !== undefined);
  if (greeks.length === 0 || (iv !== undefined && greeks.some((greek) => greek !== 0))) return contract;
  return iv === undefined ? rest : { ...rest, iv };
}
