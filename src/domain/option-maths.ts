// Black-Scholes-Merton for European options on a share with a continuous dividend yield: price and greeks.
// American early exercise is not in it. The sample market is priced with it; providers' figures are never recomputed.
import type { Side } from './types.ts';

const DAYS_PER_YEAR = 365;

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
    (((((3.526_249_659_989_11e-2 * x + 0.700_383_064_443_688) * x + 6.373_962_203_531_65) * x + 33.912_866_078_383) *
      x +
      112.079_291_497_871) *
      x +
      221.213_596_169_931) *
      x +
    220.206_867_912_376;
  const denominator =
    ((((((8.838_834_764_831_84e-2 * x + 1.755_667_163_182_64) * x + 16.064_177_579_207) * x + 86.780_732_202_946_1) *
      x +
      296.564_248_779_674) *
      x +
      637.333_633_378_831) *
      x +
      793.826_512_519_948) *
      x +
    440.413_735_824_752;
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
