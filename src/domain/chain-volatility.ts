// What the chains of a symbol say of volatility at the moment of their prices: forward and at-the-money volatility of an
// expiration, its 25-delta skew, naive gamma exposure, and which listed dates stand around 30 days.
import {
  PARITY_STRIKES,
  atmIv,
  impliedForward,
  impliedVolatility,
  skew25,
  type ImpliedForward,
} from './implied-volatility.ts';
import { optionCloseOf } from './option-sessions.ts';
import { TERMS_LENGTH } from './symbols.ts';
import type { EpochMs, IsoDate, OptionQuote, TickerSymbol } from './types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_DAYS = 365;
/** At-the-money is between two strikes; so many on either side of the forward are enough to find them. */
const STRIKES_BESIDE = 2;
const NEAR_CONTRACTS = 200;

/** A whole expiration, as an answer or as a provider has it, with the underlying's price that goes with it. */
export interface PricedChain {
  underlying: TickerSymbol;
  expiration: IsoDate;
  spot: number;
  contracts: readonly Pick<
    OptionQuote,
    'symbol' | 'side' | 'strike' | 'bid' | 'ask' | 'iv' | 'delta' | 'gamma' | 'openInterest'
  >[];
}

/** Calendar days, parts included, until the contracts stop trading; negative afterwards. */
export function daysLeft(underlying: TickerSymbol, expiration: IsoDate, at: EpochMs): number {
  return (optionCloseOf(underlying, expiration) - at) / DAY_MS;
}

export function yearsLeft({ underlying, expiration }: PricedChain, at: EpochMs): number {
  return daysLeft(underlying, expiration, at) / YEAR_DAYS;
}

/** By chain: a column asks for every contract. */
const forwards = new WeakMap<PricedChain, ImpliedForward | undefined>();

/** By put-call parity; undefined where the markets do not tell it. */
export function forwardOf(chain: PricedChain, at: EpochMs): ImpliedForward | undefined {
  if (forwards.has(chain)) return forwards.get(chain);
  const years = yearsLeft(chain, at);
  const read = (contracts: PricedChain['contracts']): ImpliedForward | undefined => {
    const quotes = contracts.map(({ symbol, side, strike, bid, ask }) => {
      const root = symbol.slice(0, -TERMS_LENGTH);
      return { root, side, strike, ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) };
    });
    return impliedForward(quotes, chain.spot, years);
  };
  const near = nearestContracts(chain);
  const first = years > 0 ? read(near) : undefined;
  const isShort = first === undefined || first.strikes < PARITY_STRIKES;
  const forward = years > 0 && isShort && near.length < chain.contracts.length ? read(chain.contracts) : first;
  forwards.set(chain, forward);
  return forward;
}

/** Those that are likely to have all the say: of a long chain the others would take most of the time. */
function nearestContracts({ contracts, spot }: PricedChain): PricedChain['contracts'] {
  if (contracts.length <= NEAR_CONTRACTS) return contracts;
  const distances = Float64Array.from(contracts, ({ strike }) => Math.abs(strike - spot)).sort();
  const farthest = distances[NEAR_CONTRACTS] ?? Infinity;
  return contracts.filter(({ strike }) => Math.abs(strike - spot) <= farthest);
}

/** Around the forward, else around the spot; where the provider tells no volatility at all, that of the prices. */
export function atmIvOf(chain: PricedChain, at: EpochMs): number | undefined {
  const { contracts, spot } = chain;
  const implied = forwardOf(chain, at);
  const forward = implied?.forward ?? spot;
  if (contracts.some(({ iv = 0 }) => iv > 0)) return atmIv(contracts, forward);
  return implied === undefined ? undefined : atmIv(solvedAround(chain, implied, yearsLeft(chain, at)), forward);
}

/** The side out of the money, whose price is its time value. */
function solvedAround(
  { contracts }: PricedChain,
  { forward, discount }: ImpliedForward,
  years: number,
): { side: OptionQuote['side']; strike: number; iv?: number }[] {
  const strikes = [...new Set(contracts.map(({ strike }) => strike))].sort((a, b) => a - b);
  const first = strikes.findIndex((strike) => strike >= forward);
  const near = new Set(strikes.slice(Math.max(0, first - STRIKES_BESIDE), first + STRIKES_BESIDE));
  return contracts.flatMap(({ side, strike, bid = 0, ask = 0 }) => {
    const isOutside = side === 'call' ? strike >= forward : strike <= forward;
    if (!near.has(strike) || !isOutside || !(bid > 0) || ask < bid) return [];
    const iv = impliedVolatility({ side, strike, forward, years, discount }, (bid + ask) / 2);
    return iv === undefined ? [] : [{ side, strike, iv }];
  });
}

/** Of the side out of the money, linear between the two strikes around a price; undefined beyond the last of them. */
export function ivAtStrike({ contracts, spot }: PricedChain, level: number): number | undefined {
  const side = level >= spot ? 'call' : 'put';
  const known = contracts.filter((each) => each.side === side && (each.iv ?? 0) > 0);
  const below = known.filter(({ strike }) => strike <= level).toSorted((a, b) => b.strike - a.strike)[0];
  const above = known.filter(({ strike }) => strike >= level).toSorted((a, b) => a.strike - b.strike)[0];
  if (below?.iv === undefined || above?.iv === undefined) return undefined;
  const width = above.strike - below.strike;
  return width === 0 ? below.iv : below.iv + ((above.iv - below.iv) * (level - below.strike)) / width;
}

export function skew25Of({ contracts }: PricedChain): number | undefined {
  return skew25(contracts);
}

/**
 * Dollars of delta that change hands for a move of 1 %, if dealers have bought every open call and sold every open put:
 * Σ Γ · open interest · 100 · S² · 0.01, calls +, puts − (quantities F8). Nobody can see whether they have.
 */
export function naiveGammaExposure({ contracts, spot }: PricedChain): number | undefined {
  const known = contracts.filter(({ gamma, openInterest }) => gamma !== undefined && openInterest !== undefined);
  if (known.length === 0) return undefined;
  const shares = known.reduce(
    (sum, { side, gamma = 0, openInterest = 0 }) => sum + (side === 'call' ? 1 : -1) * gamma * openInterest * 100,
    0,
  );
  return shares * spot * spot * 0.01;
}

/** Of the listed dates the last up to so many days away and the first from there on: one where they are the same or on one side only. */
export function datesAround(dates: readonly IsoDate[], underlying: TickerSymbol, at: EpochMs, days = 30): IsoDate[] {
  const open = dates
    .toSorted()
    .map((date) => ({ date, left: daysLeft(underlying, date, at) }))
    .filter(({ left }) => left > 0);
  const below = open.findLast(({ left }) => left <= days);
  const above = open.find(({ left }) => left >= days);
  return [...new Set([below, above].flatMap((each) => each?.date ?? []))];
}
