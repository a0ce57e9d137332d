// Black-Scholes value and greeks at zero rates and dividends, which is all that the sample market prices with.
import type { Side } from '../domain/types.ts';

export interface OptionValue {
  price: number;
  delta: number;
  gamma: number;
  /** Dollars a day. */
  theta: number;
  /** Dollars a volatility point. */
  vega: number;
  /** Dollars a percentage point of interest. */
  rho: number;
}

/** `years` 0 or less gives the intrinsic value and no other sensitivity than delta. */
export function computeOptionValue(terms: { side: Side; spot: number; strike: number; years: number; volatility: number }): OptionValue {
  const { side, spot, strike, years, volatility } = terms;
  const sign = side === 'call' ? 1 : -1;
  if (years <= 0) {
    const intrinsic = Math.max(0, sign * (spot - strike));
    return { price: intrinsic, delta: intrinsic > 0 ? sign : 0, gamma: 0, theta: 0, vega: 0, rho: 0 };
  }
  const root = Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (volatility * volatility * years) / 2) / (volatility * root);
  const d2 = d1 - volatility * root;
  const density = Math.exp(-0.5 * d1 * d1) / Math.sqrt(2 * Math.PI);
  const exercised = normalBelow(sign * d2);
  return {
    price: Math.max(0, sign * (spot * normalBelow(sign * d1) - strike * exercised)),
    delta: sign * normalBelow(sign * d1),
    gamma: density / (spot * volatility * root),
    theta: -(spot * density * volatility) / (2 * root) / 365,
    vega: (spot * density * root) / 100,
    rho: (sign * strike * years * exercised) / 100,
  };
}

/** Standard normal distribution, to 7.5e-8 (Abramowitz and Stegun 26.2.17). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)) * series;
  return x >= 0 ? 1 - tail : tail;
}
