// Black-Scholes-Merton for European options on a share with a continuous dividend yield: price and greeks, and Black's
// form of it on a forward. American early exercise is not in it. Providers' figures are never recomputed with it.
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

/** All of a European option's terms that its price depends on (Black 1976): the carry is in the forward. */
export interface ForwardTerms {
  side: Side;
  /** Dollars a share at the expiration, positive, like the strike. */
  forward: number;
  strike: number;
  /** Time to expiration in years of 365 days. */
  years: number;
  /** What a dollar at the expiration is worth now, positive. */
  discount: number;
}

/** The terms on a share at `spot` whose rate and dividend yield give this forward and discount; years above 0. */
export function spotTermsOf({ side, forward, strike, years, discount }: ForwardTerms, spot: number): OptionTerms {
  const rate = -Math.log(discount) / years;
  return { side, spot, strike, years, rate, dividendYield: rate - Math.log(forward / spot) / years };
}

/** The standard normal distribution function, absolute error below 1e-14 (Hart 1968 as given by G. West, 2005). */
export function normalCdf(x: number): number {
  const distance = Math.abs(x);
  const tail = distance > 37 ? 0 : upperTail(distance, Math.exp((-x * x) / 2));
  return x > 0 ? 1 - tail : tail;
}

/**
 * P(Z > x) for x >= 0 where `exponential` is e^(−x²/2). Times a factor of the caller's in it, the tail comes times that
 * factor, even where factor and tail alone are beyond a double.
 */
export function upperTail(x: number, exponential: number): number {
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

export function normalDensity(x: number): number {
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
  const { d1, forwardWeight, strikeWeight, price } = weighOption(terms.side, shareValue, strikeValue, deviation);
  const density = deviation > 0 ? shareValue * normalDensity(d1) : 0;
  const decay = deviation > 0 ? (density * volatility) / (2 * Math.sqrt(years)) : 0;
  const carry = sign * (rate * strikeValue * strikeWeight - dividendYield * shareValue * forwardWeight);
  return {
    price,
    delta: (sign * forwardWeight * shareValue) / spot,
    gamma: deviation > 0 ? density / (spot * spot * deviation) : 0,
    theta: (-decay - carry) / DAYS_PER_YEAR,
    vega: (density * Math.sqrt(years)) / 100,
  };
}

/** What a price is made of: `forward` × its weight − `strike` × its weight, signed by the side. */
export interface WeighedOption {
  d1: number;
  /** N(d1) for a call, N(−d1) for a put. */
  forwardWeight: number;
  /** N(d2) for a call, N(−d2) for a put. */
  strikeWeight: number;
  /** In the dollars of `forward` and `strike`: undiscounted, or discounted where both are. */
  price: number;
}

/** Black's formula on a forward (1976); `deviation` is volatility × √years. */
export function weighOption(side: Side, forward: number, strike: number, deviation: number): WeighedOption {
  const sign = side === 'call' ? 1 : -1;
  const d1 = standardDistance(forward / strike, deviation);
  const forwardWeight = normalCdf(sign * d1);
  const strikeWeight = normalCdf(sign * (d1 - deviation));
  return {
    d1,
    forwardWeight,
    strikeWeight,
    price: Math.max(sign * (forward * forwardWeight - strike * strikeWeight), 0),
  };
}

/** d1; where nothing can deviate, the side of the strike is certain, and at the strike it is even. */
export function standardDistance(moneyness: number, deviation: number): number {
  if (deviation > 0) return Math.log(moneyness) / deviation + deviation / 2;
  if (moneyness === 1) return 0;
  return moneyness > 1 ? Infinity : -Infinity;
}
