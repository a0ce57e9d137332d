// Black-Scholes-Merton for European options on a share with a continuous dividend yield: price, greeks, implied
// volatility. American early exercise is not in it; providers' own greeks go before these where they exist.
import type { Side } from './types.ts';

const DAYS_PER_YEAR = 365;
const MIN_VOLATILITY = 1e-4;
/** 2000 % a year: same-day contracts reach several hundred. */
const MAX_VOLATILITY = 20;

export interface OptionTerms {
  side: Side;
  /** Dollars a share, positive, like the strike. */
  spot: number;
  strike: number;
  /** Time to expiration in years of 365 days. */
  years: number;
  /** Continuously compounded, a fraction a year. */
  rate: number;
  dividendYield: number;
}

export interface PricedOption {
  price: number;
  /** Per dollar of the share. */
  delta: number;
  gamma: number;
  /** Dollars a calendar day. */
  theta: number;
  /** Dollars per volatility point (0.01). */
  vega: number;
}

/** The standard normal distribution function, absolute error below 1e-14 (Hart 1968 as given by G. West, 2005). */
export function normalCdf(x: number): number {
  const tail = upperTail(Math.abs(x));
  return x > 0 ? 1 - tail : tail;
}

/** P(Z > x) for x >= 0. */
function upperTail(x: number): number {
  if (x > 37) return 0;
  const exponential = Math.exp((-x * x) / 2);
  if (x >= 7.071_067_811_865_47) {
    const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))));
    return exponential / fraction / Math.sqrt(2 * Math.PI);
  }
  const numerator =
    ((((((3.526_249_659_989_11e-2 * x + 0.700_383_064_443_688) * x + 6.373_962_203_531_65) * x + 33.912_866_078_383) * x +
      112.079_291_497_871) * x + 221.213_596_169_931) * x + 220.206_867_912_376);
  const denominator =
    (((((((8.838_834_764_831_84e-2 * x + 1.755_667_163_182_64) * x + 16.064_177_579_207) * x + 86.780_732_202_946_1) * x +
      296.564_248_779_674) * x + 637.333_633_378_831) * x + 793.826_512_519_948) * x + 440.413_735_824_752);
  return (exponential * numerator) / denominator;
}

function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Price and greeks at a volatility (a fraction a year, 0.25 = 25 %). Without time or volatility left the price is the
 * discounted intrinsic value, gamma and vega are 0.
 */
export function priceOption(terms: OptionTerms, volatility: number): PricedOption {
  const { spot, strike, years, rate, dividendYield } = terms;
  const sign = terms.side === 'call' ? 1 : -1;
  const shareValue = spot * Math.exp(-dividendYield * years);
  const strikeValue = strike * Math.exp(-rate * years);
  const deviation = volatility * Math.sqrt(years);
  const d1 = standardDistance(shareValue / strikeValue, deviation);
  const d2 = d1 - deviation;
  const shareWeight = normalCdf(sign * d1);
  const strikeWeight = normalCdf(sign * d2);
  const density = deviation > 0 ? shareValue * normalDensity(d1) : 0;
  const decay = deviation > 0 ? (density * volatility) / (2 * Math.sqrt(years)) : 0;
  const carry = sign * (rate * strikeValue * strikeWeight - dividendYield * shareValue * shareWeight);
  return {
    price: Math.max(sign * (shareValue * shareWeight - strikeValue * strikeWeight), 0),
    delta: (sign * shareWeight * shareValue) / spot,
    gamma: deviation > 0 ? density / (spot * spot * deviation) : 0,
    theta: (-decay - carry) / DAYS_PER_YEAR,
    vega: (density * Math.sqrt(years)) / 100,
  };
}

/** d1; where nothing can deviate, the side of the strike is certain, and at the strike it is even. */
function standardDistance(moneyness: number, deviation: number): number {
  if (deviation > 0) return Math.log(moneyness) / deviation + deviation / 2;
  if (moneyness === 1) return 0;
  return moneyness > 1 ? Infinity : -Infinity;
}

/**
 * The volatility at which `priceOption` gives `price`; undefined where none does between 0.01 % and 2000 % (a price at
 * or under intrinsic value, at or over the share or the discounted strike) or where no time is left.
 */
export function impliedVolatility(terms: OptionTerms, price: number): number | undefined {
  const outside = outOfTheMoney(terms, price);
  if (!(terms.years > 0) || !Number.isFinite(outside.price) || outside.price <= 0) return undefined;
  const excessAt = (volatility: number): number => priceOption(outside.terms, volatility).price - outside.price;
  if (excessAt(MIN_VOLATILITY) > 0 || excessAt(MAX_VOLATILITY) < 0) return undefined;
  return solveBracketed(excessAt, MIN_VOLATILITY, MAX_VOLATILITY);
}

/** By put-call parity both sides have one volatility, and the one out of the money carries it in all of its digits. */
function outOfTheMoney(terms: OptionTerms, price: number): { terms: OptionTerms; price: number } {
  const { spot, strike, years, rate, dividendYield, side } = terms;
  const forwardValue = spot * Math.exp(-dividendYield * years) - strike * Math.exp(-rate * years);
  const intrinsic = side === 'call' ? forwardValue : -forwardValue;
  if (intrinsic <= 0) return { terms, price };
  return { terms: { ...terms, side: side === 'call' ? 'put' : 'call' }, price: price - intrinsic };
}

/**
 * Root of an increasing function with a sign change in [low, high]: regula falsi that halves the weight of an end which
 * stays twice (Illinois), and every third step a bisection, because far from the root the function is nearly flat.
 */
function solveBracketed(excessAt: (x: number) => number, low: number, high: number): number {
  let lowExcess = excessAt(low);
  let highExcess = excessAt(high);
  let kept: 'low' | 'high' | undefined;
  for (let step = 1; step <= 200 && high - low > 1e-12 * high; step += 1) {
    const secant = high - (highExcess * (high - low)) / (highExcess - lowExcess);
    const middle = step % 3 !== 0 && secant > low && secant < high ? secant : (low + high) / 2;
    const excess = excessAt(middle);
    if (excess === 0) return middle;
    if (excess > 0) {
      [high, highExcess] = [middle, excess];
      if (kept === 'low') lowExcess /= 2;
      kept = 'low';
    } else {
      [low, lowExcess] = [middle, excess];
      if (kept === 'high') highExcess /= 2;
      kept = 'high';
    }
  }
  return (low + high) / 2;
}
