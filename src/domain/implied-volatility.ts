// What the prices of one expiration say: the volatility of a price, the forward, at-the-money volatility, 25-delta skew.
// Volatilities are fractions a year. European maths: of American options early exercise is left out, so that deep in the
// money puts and calls before a dividend come out too high. Figures that the quotes do not support are absent.
import { normalDensity, standardDistance, weighOption } from './option-maths.ts';
import type { ForwardTerms } from './option-maths.ts';
import type { OptionQuote, Side } from './types.ts';
import { medianOf } from './windows.ts';

/** Rounding of a price that was computed or averaged, as a part of the larger of forward and strike. */
const PRICE_ROUNDING = 1e-14;
/** A volatility that the rounding of its price moves by more than this is not told. */
const VOLATILITY_TOLERANCE = 1e-8;
const MAX_STEPS = 100;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Strikes nearest the spot that have a say in the forward. */
export const PARITY_STRIKES = 10;
/** A wider market than this part of the spot says nothing about the forward. */
const SANE_SPREAD = 0.05;
/** Interest a year that parity may show: what is beyond comes from early exercise or wide markets. */
const MAX_RATE = 0.15;

/**
 * The volatility at which Black's formula gives `price` (dollars a share, discounted). Undefined where there is none (no
 * time value, more than the price's ceiling) and where the price does not tell it to 1e-8: deep in or out of the money
 * the time value drowns in the rounding of the price.
 */
export function impliedVolatility(terms: ForwardTerms, price: number): number | undefined {
  const { side, forward, strike, years, discount } = terms;
  const intrinsic = Math.max(side === 'call' ? forward - strike : strike - forward, 0);
  const timeValue = price / discount - intrinsic;
  const isPossible = timeValue > 0 && timeValue < Math.min(forward, strike);
  if (!isPossible || !(years > 0) || !Number.isFinite(years)) return undefined;
  const deviation = solveDeviation(forward, strike, timeValue);
  if (deviation === undefined) return undefined;
  const slope = forward * normalDensity(standardDistance(forward / strike, deviation)) * Math.sqrt(years);
  const rounding = PRICE_ROUNDING * Math.max(forward, strike);
  return rounding <= VOLATILITY_TOLERANCE * slope ? deviation / Math.sqrt(years) : undefined;
}

/**
 * Newton's method from the point of inflection √(2 |ln F/K|), or from Brenner-Subrahmanyam's lower bound where that is
 * more: from there it approaches the root from one side only (Manaster and Koehler 1982). The side out of the money, whose
 * price is its time value, keeps the digits.
 */
function solveDeviation(forward: number, strike: number, timeValue: number): number | undefined {
  const side: Side = forward < strike ? 'call' : 'put';
  const bound = (timeValue * SQRT_TWO_PI) / Math.sqrt(forward * strike);
  let deviation = Math.max(Math.sqrt(2 * Math.abs(Math.log(forward / strike))), bound);
  const larger = Math.max(forward, strike);
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const { price, d1 } = weighOption(side, forward, strike, deviation);
    const excess = price - timeValue;
    if (Math.abs(excess) <= Number.EPSILON * larger) return deviation;
    const step = excess / (forward * normalDensity(d1));
    if (!Number.isFinite(step)) return undefined;
    deviation -= step;
  }
  const error = Math.abs(weighOption(side, forward, strike, deviation).price - timeValue);
  return error <= PRICE_ROUNDING * larger ? deviation : undefined;
}

export type ParityQuote = Pick<OptionQuote, 'root' | 'side' | 'strike' | 'bid' | 'ask'>;

export interface ImpliedForward {
  /** Dollars a share at the expiration. */
  forward: number;
  /** What a dollar at the expiration is worth now, 1 where only one strike speaks. */
  discount: number;
  /** How many strikes had a say. */
  strikes: number;
}

/**
 * Forward and discount by put-call parity, C − P = D (F − K), from the middle of both sides' markets at the ten strikes
 * nearest the spot: D is the median of the slopes between strikes, within interest of 0 and 15 % a year, F the median of
 * K + (C − P) / D. Quotes without a bid, with bid above ask or with a market wider than 5 % of the spot have no say.
 */
export function impliedForward(
  quotes: readonly ParityQuote[],
  spot: number,
  years: number,
): ImpliedForward | undefined {
  const points = parityPoints(quotes, spot)
    .toSorted((a, b) => Math.abs(a.strike - spot) - Math.abs(b.strike - spot))
    .slice(0, PARITY_STRIKES);
  const slopes = points.flatMap((point, index) =>
    points
      .slice(index + 1)
      .filter(({ strike }) => strike !== point.strike)
      .map(({ strike, difference }) => (point.difference - difference) / (strike - point.strike)),
  );
  const discount = Math.min(Math.max(medianOf(slopes) ?? 1, Math.exp(-MAX_RATE * years)), 1);
  const forward = medianOf(points.map(({ strike, difference }) => strike + difference / discount));
  return forward === undefined ? undefined : { forward, discount, strikes: points.length };
}

/** Call − put at each strike that has both; call and put of one root, so that settlements never mix. */
function parityPoints(quotes: readonly ParityQuote[], spot: number): { strike: number; difference: number }[] {
  const puts = new Map<string, number>();
  for (const quote of quotes) {
    const mid = quote.side === 'put' ? saneMidOf(quote, spot) : undefined;
    if (mid !== undefined) puts.set(`${quote.root} ${quote.strike}`, mid);
  }
  return quotes.flatMap((quote) => {
    const call = quote.side === 'call' ? saneMidOf(quote, spot) : undefined;
    const put = puts.get(`${quote.root} ${quote.strike}`);
    return call === undefined || put === undefined ? [] : [{ strike: quote.strike, difference: call - put }];
  });
}

function saneMidOf({ bid, ask }: ParityQuote, spot: number): number | undefined {
  if (bid === undefined || ask === undefined) return undefined;
  return bid > 0 && ask >= bid && ask - bid <= SANE_SPREAD * spot ? (bid + ask) / 2 : undefined;
}

export type VolatilityQuote = Pick<OptionQuote, 'side' | 'strike' | 'iv'>;

/**
 * At-the-money volatility of an expiration: call and put averaged at each of the two strikes around the forward, then
 * both strikes averaged (quantities F1); a strike at the forward speaks alone. Volatilities of 0 are none. Absent where
 * the strikes lie all on one side.
 */
export function atmIv(quotes: readonly VolatilityQuote[], forward: number): number | undefined {
  const known = quotes.filter(hasVolatility);
  const below = known.filter(({ strike }) => strike <= forward).map(({ strike }) => strike);
  const above = known.filter(({ strike }) => strike >= forward).map(({ strike }) => strike);
  if (below.length === 0 || above.length === 0) return undefined;
  const lower = volatilityAtStrike(known, Math.max(...below));
  const upper = volatilityAtStrike(known, Math.min(...above));
  return (lower + upper) / 2;
}

/** Both sides weigh the same, however many roots list the strike. */
function volatilityAtStrike(known: readonly { side: Side; strike: number; iv: number }[], strike: number): number {
  const atStrike = known.filter((quote) => quote.strike === strike);
  const sides = (['call', 'put'] as const)
    .map((side) => atStrike.filter((quote) => quote.side === side).map(({ iv }) => iv))
    .filter((volatilities) => volatilities.length > 0)
    .map(averageOf);
  return averageOf(sides);
}

export type DeltaQuote = Pick<OptionQuote, 'side' | 'iv' | 'delta'>;

/** Volatility of the 25-delta put minus that of the 25-delta call (quantities F6). */
export function skew25(quotes: readonly DeltaQuote[]): number | undefined {
  const put = ivAtDelta(quotes, 'put', 0.25);
  const call = ivAtDelta(quotes, 'call', 0.25);
  return put === undefined || call === undefined ? undefined : put - call;
}

/**
 * Volatility of a side at a spot delta of this size (0.25 for a put of −0.25): linear in delta between the two nearest
 * contracts around it, with the provider's own deltas. Absent where they lie all on one side.
 */
export function ivAtDelta(quotes: readonly DeltaQuote[], side: Side, size: number): number | undefined {
  let below: { size: number; iv: number } | undefined;
  let above: { size: number; iv: number } | undefined;
  for (const quote of quotes) {
    if (quote.side !== side || !hasVolatility(quote) || quote.delta === undefined) continue;
    const point = { size: Math.abs(quote.delta), iv: quote.iv };
    if (!(point.size > 0 && point.size < 1)) continue;
    if (point.size <= size && (below === undefined || point.size > below.size)) below = point;
    if (point.size >= size && (above === undefined || point.size < above.size)) above = point;
  }
  if (below === undefined || above === undefined) return undefined;
  if (below.size === above.size) return below.iv;
  return below.iv + ((above.iv - below.iv) * (size - below.size)) / (above.size - below.size);
}

function hasVolatility<Quote extends { iv?: number }>(quote: Quote): quote is Quote & { iv: number } {
  return quote.iv !== undefined && quote.iv > 0 && Number.isFinite(quote.iv);
}

function averageOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
