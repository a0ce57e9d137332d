// What a strategy says besides its legs, and the geometry of its payoff chart: terminal and web page read the same.
// Knows no screen.
import type { StrategyData } from '../domain/answers.ts';
import { formatGreek, formatPercent, formatPrice, formatShare, formatSigned } from './format.ts';
import type { Fact } from './view.ts';

export function factsOfStrategy(data: StrategyData): Fact[] {
  const { greeks, probabilityOfProfit: odds } = data;
  const limit = (amount: number | undefined, isUnlimited: boolean | undefined): string =>
    isUnlimited ? 'unlimited' : formatPrice(amount);
  const hasPayoff = data.payoff.length > 0;
  return [
    [
      data.kind === 'credit' ? 'Credit' : 'Debit',
      [
        `${formatPrice(data.mid)} at mid`,
        `${formatPrice(data.natural)} natural`,
        `market width ${formatPrice(data.marketWidth)}`,
      ],
    ],
    ['Max profit', hasPayoff ? [limit(data.maxProfit, data.unlimitedProfit)] : []],
    ['Max loss', hasPayoff ? [limit(data.maxLoss, data.unlimitedLoss)] : []],
    [
      'Break-even',
      data.breakEvens.map((price) => `${formatPrice(price)} (${formatPercent((price / data.spot - 1) * 100)})`),
    ],
    ['P(profit)', odds === undefined ? [] : [formatShare(odds.value), odds.method]],
    [
      'Return',
      [
        data.returnOnRisk === undefined ? '' : `${formatShare(data.returnOnRisk)} on risk`,
        data.creditOfWidth === undefined ? '' : `credit ${formatShare(data.creditOfWidth)} of width`,
      ],
    ],
    [
      'Greeks',
      [
        greek('delta', greeks.delta, 'shares'),
        greek('gamma', greeks.gamma, ''),
        greek('theta', greeks.theta, 'a day'),
        greek('vega', greeks.vega, 'a point'),
      ],
    ],
  ];
}

/** Of a position: less is nothing that one could trade. */
const LEAST_GREEK = 0.001;

function greek(name: string, value: number | undefined, unit: string): string {
  if (value === undefined) return '';
  const text = Math.abs(value) < LEAST_GREEK ? formatGreek(value, 3) : formatSigned(value);
  return `${name} ${text} ${unit}`.trim();
}

const MARGIN_OF_RANGE = 0.08;
const DEVIATIONS = 2;

/** What matters lies inside: strikes, break-evens, and two deviations around the spot. */
export function rangeOfPayoff(data: StrategyData): { low: number; high: number } {
  const reach = DEVIATIONS * (data.standardDeviation ?? data.spot * 0.1);
  const prices = [
    data.spot - reach,
    data.spot + reach,
    ...data.breakEvens,
    ...data.legs.flatMap(({ strike }) => strike ?? []),
  ];
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const margin = (high - low) * MARGIN_OF_RANGE;
  return { low: Math.max(0, low - margin), high: high + margin };
}

export function profitAt({ payoff }: StrategyData, price: number): number {
  const after = payoff.findIndex((point) => point.price >= price);
  const right = payoff[after < 0 ? payoff.length - 1 : after] ?? { price: 0, profit: 0 };
  const left = payoff[after < 0 ? payoff.length - 2 : after - 1] ?? right;
  if (right.price === left.price) return right.profit;
  return left.profit + ((price - left.price) / (right.price - left.price)) * (right.profit - left.profit);
}

export function marksOfPayoff(data: StrategyData): { price: number; text: string }[] {
  const deviation = data.standardDeviation;
  return [
    { price: data.spot, text: `spot ${formatPrice(data.spot)}` },
    ...data.breakEvens.map((price) => ({ price, text: `even ${formatPrice(price)}` })),
    ...(deviation === undefined
      ? []
      : [
          { price: data.spot - deviation, text: `−1σ ${formatPrice(data.spot - deviation)}` },
          { price: data.spot + deviation, text: `+1σ ${formatPrice(data.spot + deviation)}` },
        ]),
  ];
}
