// What an option of the sample market costs: Black-Scholes with a smile around the underlying's price, a bid and an ask
// on the tick, open interest and volume. Rates and dividends are zero, so that an early exercise gains nothing,
// put-call parity is exact in the middle of the market, and no price is below its intrinsic value.
import { lastTradingDays } from '../domain/calendar.ts';
import { addDays } from '../domain/exchange-time.ts';
import { priceOption } from '../domain/option-maths.ts';
import { formatOptionSymbol, optionRootOf } from '../domain/symbols.ts';
import type { EpochMs, ExpirationKind, IsoDate, OptionContract, Side } from '../domain/types.ts';
import type { Instrument } from './companies.ts';
import { hasDailyExpirations } from './companies.ts';
import { hashNumbers, hashText, normalAt, uniformAt, walkAt } from './noise.ts';
import { FIRST_DATE, MARKET_SEED, weekdayIndex } from './prices.ts';

export const YEAR_MS = 365 * 86_400_000;
const MULTIPLIER = 100;
const NO_CARRY = { rate: 0, dividendYield: 0 };
const INTEREST_SALT = 31;
const INTEREST_DAY_SALT = 32;
const VOLUME_SALT = 33;
const LEVEL_SALT = 34;
const SIZE_SALT = 35;
/** Deviation of a session's change of the level, as a part of it. */
const DAILY_LEVEL_MOVE = 0.04;
/** 2 ** 5 weekdays: it reverts within a month or two. */
const LEVEL_WALK_LEVELS = 5;

/** Everything the prices of one expiration follow from. */
export interface ChainInputs {
  instrument: Instrument;
  expiration: IsoDate;
  kind: ExpirationKind;
  /** When the contracts stop trading. */
  expiresAt: EpochMs;
  /** The underlying's price and when it was made: the prices of the chain are of this moment. */
  spot: number;
  pricedAt: EpochMs;
  /** The session whose trading volume and open are told, and what the underlying did in it; absent before the open. */
  sessionDate: IsoDate;
  sessionRange?: { open: number; high: number; low: number };
  /** Part of the session's volume that has been traded, 0 to 1. */
  tradedPart: number;
  /** The underlying's close of the session before, and when that was. */
  previousClose: number;
  previousCloseAt: EpochMs;
  /** Open interest is the count of the evening of this session. */
  interestDate: IsoDate;
}

/** A contract with what either provider tells of it. Prices a share; volatilities as fractions. */
export interface SampleContract {
  terms: OptionContract;
  kind: ExpirationKind;
  bid: number;
  ask: number;
  bidSize: number;
  askSize: number;
  /** Absent when never traded. */
  last?: number;
  previousClose?: number;
  /** Absent when not traded in the session. */
  range?: { open: number; high: number; low: number };
  volume: number;
  lastVolume: number;
  openInterest: number;
  /** Volatility that the middle of the market stands for, and those of its sides; 0 = none. */
  iv: number;
  bidIv: number;
  askIv: number;
  /** Absent at and after expiry. */
  greeks?: { delta: number; gamma: number; theta: number; vega: number; rho: number };
  /** The moment of bid, ask and greeks. */
  pricedAt: EpochMs;
  /** When it last traded; absent when never. */
  tradedAt?: EpochMs;
}

/** The contracts of `strikes`, ascending, the call before the put. */
export function computeChain(inputs: ChainInputs, strikes: readonly number[]): SampleContract[] {
  return strikes.flatMap((strike) => [computeContract(inputs, strike, 'call'), computeContract(inputs, strike, 'put')]);
}

/** One contract, listed or not. */
export function computeContract(inputs: ChainInputs, strike: number, side: Side): SampleContract {
  const terms = termsOf(inputs, strike, side);
  const seed = hashText(terms.symbol);
  const years = yearsUntil(inputs, inputs.pricedAt);
  const iv = impliedVolatility(inputs, strike, inputs.spot, years);
  const value = priceOption({ side, spot: inputs.spot, strike, years, ...NO_CARRY }, iv);
  const market = makeMarket(inputs.instrument, value.price);
  const openInterest = computeOpenInterest(inputs, strike, side, seed);
  const volume = computeVolume(inputs, openInterest, years, seed);
  const sides = years > 0 ? sideVolatilities(iv, value.vega, market, value.price) : { bidIv: 0, askIv: 0 };
  const contract: SampleContract = {
    terms,
    kind: inputs.kind,
    bid: market.bid,
    ask: market.ask,
    bidSize: 1 + (hashNumbers(seed, SIZE_SALT, 0) % 240),
    askSize: 1 + (hashNumbers(seed, SIZE_SALT, 1) % 240),
    volume,
    lastVolume: volume > 0 ? 1 + (hashNumbers(seed, SIZE_SALT, 2) % Math.min(volume, 20)) : 0,
    openInterest,
    pricedAt: inputs.pricedAt,
    iv,
    ...sides,
  };
  if (years > 0) {
    const { delta, gamma, theta, vega } = value;
    // Without rates the strike's part of the price is what is left of the share's part: rho follows from both.
    const rho = (years * (inputs.spot * delta - value.price)) / 100;
    contract.greeks = { delta, gamma, theta, vega, rho };
  }
  return { ...contract, ...computeTrades(inputs, contract, value.price) };
}

function termsOf({ instrument, expiration }: ChainInputs, strike: number, side: Side): OptionContract {
  const root = optionRootOf(instrument.symbol);
  const symbol = formatOptionSymbol({ root, expiration, side, strike });
  return { symbol, underlying: instrument.symbol, root, side, strike, expiration, multiplier: MULTIPLIER };
}

function yearsUntil({ expiresAt }: ChainInputs, at: EpochMs): number {
  return Math.max(0, expiresAt - at) / YEAR_MS;
}

/**
 * The symbol's usual volatility times what the session makes of it: it rises where the market falls, takes weeks from
 * calm to fear and back, and is a function of symbol and date alone.
 */
function levelsOf({ symbol, volatility }: Instrument): (session: IsoDate) => number {
  const seed = hashNumbers(hashText(symbol), LEVEL_SALT, 0);
  return (session) => {
    const day = weekdayIndex(session);
    const market = walkAt(MARKET_SEED, day, LEVEL_WALK_LEVELS);
    const own = walkAt(seed, day, LEVEL_WALK_LEVELS);
    return volatility * Math.exp(DAILY_LEVEL_MOVE * (0.8 * own - 0.6 * market));
  };
}

/** 30-day volatility at the money of the sessions before one, ascending: what its chains said at each. */
export function pastVolatilities(instrument: Instrument, sessions: number, before: IsoDate): number[] {
  const dates = lastTradingDays(sessions, addDays(before, -1)).filter((date) => date >= FIRST_DATE);
  const levelOf = levelsOf(instrument);
  return dates.map((date) => levelOf(date) * termFactor(30 / 365));
}

/** Near dates cost more. */
function termFactor(years: number): number {
  return 1.02 + 0.05 * Math.exp(-years * 12);
}

/** Skew and smile over standardized log-moneyness. */
function impliedVolatility(
  { instrument, sessionDate }: ChainInputs,
  strike: number,
  spot: number,
  years: number,
): number {
  const level = levelsOf(instrument)(sessionDate) * termFactor(years);
  const deviation = level * Math.sqrt(Math.max(years, 1 / 365));
  const moneyness = Math.max(-4, Math.min(4, Math.log(strike / spot) / deviation));
  const skew = instrument.kind === 'etf' ? -0.07 : -0.03;
  return level * (1 + skew * moneyness + 0.014 * moneyness * moneyness);
}

interface Market {
  bid: number;
  ask: number;
}

/** Bid and ask on the tick around a value; the value always lies between them. */
function makeMarket(instrument: Instrument, value: number): Market {
  const tick = tickOf(instrument, value);
  const half = tick * 0.4 + value * (hasDailyExpirations(instrument.symbol) ? 0.002 : 0.006);
  const bid = Math.max(0, Math.floor((value - half) / tick + 1e-9) * tick);
  const ask = Math.max(bid + tick, Math.ceil((value + half) / tick - 1e-9) * tick);
  return { bid: cents(bid), ask: cents(ask) };
}

/** A cent below three dollars and for the large funds, else five cents (the penny programme's classes). */
function tickOf(instrument: Instrument, value: number): number {
  return value < 3 || hasDailyExpirations(instrument.symbol) ? 0.01 : 0.05;
}

/**
 * First order around the middle, within reason; the bid's is 0 where there is no bid or no volatility explains it, as
 * ORATS sends it. `vega` per volatility point.
 */
function sideVolatilities(iv: number, vega: number, market: Market, value: number): { bidIv: number; askIv: number } {
  const perUnit = Math.max(vega * 100, 1e-9);
  const below = (value - market.bid) / perUnit;
  return {
    bidIv: market.bid === 0 ? 0 : Math.max(0, iv - below),
    askIv: Math.min(iv * 2.5, iv + (market.ask - value) / perUnit),
  };
}

/** Concentrated above the price for calls and below it for puts, and at round strikes; drifts from day to day. */
function computeOpenInterest(inputs: ChainInputs, strike: number, side: Side, seed: number): number {
  const { instrument, previousClose } = inputs;
  const years = Math.max(yearsUntil(inputs, inputs.previousCloseAt), 5 / 365);
  const moneyness = Math.log(strike / previousClose) / (instrument.volatility * Math.sqrt(years));
  const centre = side === 'call' ? 0.5 : -0.6;
  const shape = Math.exp(-0.5 * (moneyness - centre) ** 2);
  const scale = (instrument.averageVolume / 16_000) * popularityOf(inputs.kind, years * 52);
  const own = Math.exp(0.5 * normalAt(seed, INTEREST_SALT, 0));
  const daily = 1 + 0.05 * normalAt(seed, INTEREST_DAY_SALT, weekdayIndex(inputs.interestDate));
  return Math.floor(scale * shape * roundnessOf(strike, previousClose) * own * daily);
}

function popularityOf(kind: ExpirationKind, weeks: number): number {
  switch (kind) {
    case 'monthly':
      return 3 * Math.exp(-weeks / 30);
    case 'quarterly':
      return 1.5 * Math.exp(-weeks / 30);
    case 'weekly':
      return Math.exp(-weeks / 3);
    case 'daily':
      return 0.5 * Math.exp(-weeks);
  }
}

/** How much traders like a strike: tens and fifties for a price in hundreds, ones and fives for one in tens. */
function roundnessOf(strike: number, price: number): number {
  const unit = price >= 100 ? 10 : price >= 20 ? 5 : 1;
  const mills = Math.round(strike * 1000);
  if (mills % (unit * 5000) === 0) return 4.5;
  if (mills % (unit * 1000) === 0) return 2.4;
  if (mills % (unit * 500) === 0) return 1.2;
  return 0.6;
}

function computeVolume(inputs: ChainInputs, openInterest: number, years: number, seed: number): number {
  const turnover = 0.04 + 0.9 * Math.exp(-years * 60);
  const own = Math.exp(0.6 * normalAt(seed, VOLUME_SALT, weekdayIndex(inputs.sessionDate)));
  return Math.floor(openInterest * turnover * own * inputs.tradedPart);
}

/** Last trade and the session's range, where there were trades. */
function computeTrades(inputs: ChainInputs, contract: SampleContract, value: number): Partial<SampleContract> {
  const { strike, side, symbol } = contract.terms;
  const priceAt = (spot: number, at: EpochMs): number => {
    const years = yearsUntil(inputs, at);
    const volatility = impliedVolatility(inputs, strike, spot, years);
    return onTick(inputs.instrument, priceOption({ side, spot, strike, years, ...NO_CARRY }, volatility).price);
  };
  if (contract.openInterest === 0 && contract.volume === 0) return {};
  const previousClose = priceAt(inputs.previousClose, inputs.previousCloseAt);
  const { sessionRange } = inputs;
  if (contract.volume === 0 || sessionRange === undefined) {
    return { last: previousClose, previousClose, tradedAt: inputs.previousCloseAt };
  }
  const last = onTick(
    inputs.instrument,
    contract.bid + (contract.ask - contract.bid) * uniformAt(hashText(symbol), VOLUME_SALT, 0),
    value,
  );
  const open = priceAt(sessionRange.open, inputs.pricedAt);
  const extremes = [
    open,
    last,
    priceAt(sessionRange.high, inputs.pricedAt),
    priceAt(sessionRange.low, inputs.pricedAt),
  ];
  const range = { open, high: Math.max(...extremes), low: Math.min(...extremes) };
  return { last, previousClose, range, tradedAt: inputs.pricedAt };
}

/** A price that could have been traded: on the tick of `value`, at least one. */
function onTick(instrument: Instrument, price: number, value = price): number {
  const tick = tickOf(instrument, value);
  return cents(Math.max(tick, Math.round(price / tick) * tick));
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}
