// Figures that the data have, said of what they are not: marked where they stand; said of what they are: left alone.
import { describe, expect, it } from 'vitest';
import { type FactBase, createFactBase } from '../../../src/agent/grounding/facts.ts';
import { answerOf, createConversation, unsupportedIn } from './base.ts';

const SPREAD = answerOf('strategy', {
  symbol: 'NVDA',
  spot: 404.9,
  spotAsOf: '2025-10-29T16:00:00-04:00',
  name: 'call-debit-spread',
  legs: [],
  mid: 170,
  natural: 174,
  kind: 'debit',
  maxProfit: 830,
  maxLoss: 170,
  breakEvens: [416.7],
  greeks: { delta: 0, gamma: 0, theta: 0, vega: 0 },
  marketWidth: 8,
  payoff: [],
  notes: [],
});

/** Three falls, a rise, two falls. */
const CLOSES = [100, 98, 97, 96, 99, 95, 94];
const FALLEN = answerOf('history', {
  symbol: 'NVDA',
  interval: 'day',
  from: '2025-10-21',
  to: '2025-10-29',
  bars: CLOSES.map((close, at) => ({
    date: `2025-10-${21 + at + (at > 3 ? 2 : 0)}`,
    open: close,
    high: close + 1,
    low: close - 1,
    close,
    volume: 1000 + at,
  })),
  summary: { first: 100, last: 94, change: -6, changePercent: -6, high: 101, low: 93, bars: 7, basis: 'first_open' },
});

function baseOf(...answers: Parameters<FactBase['add']>[0][]): FactBase {
  const base = createFactBase();
  for (const answer of answers) base.add(answer);
  return base;
}

describe('a figure of the data, said of something else', () => {
  it.each<[string, () => FactBase, string, string]>([
    ['another currency', createConversation, 'NVDA closed at $207.04.', 'NVDA closed at €207.04.'],
    ['another currency in words', createConversation, 'NVDA closed at 207.04 dollars.', 'NVDA closed at 207.04 euros.'],
    [
      'a share that no result is about',
      createConversation,
      'NVDA (sample) is at 207.04.',
      'MSFT (sample) is at 207.04.',
    ],
    [
      'the low as the high',
      createConversation,
      'NVDA is at 207.04, not far from its low of the day of 204.78.',
      'NVDA is at 207.04, close to its high of the day of 204.78.',
    ],
    [
      'open contracts as traded ones',
      createConversation,
      'NVDA: 12,034 contracts traded at the 200 call.',
      'NVDA: 45,210 contracts traded at the 200 call.',
    ],
    [
      'open interest as volume',
      createConversation,
      'NVDA: volume at the 200 call was 12,034.',
      'NVDA: volume at the 200 call was 45,210.',
    ],
    [
      'the largest loss as the profit',
      () => baseOf(SPREAD),
      'The NVDA spread has a max profit of $830 and a max loss of $170.',
      'The NVDA spread has a max profit of $170 and a max loss of $830.',
    ],
    [
      'what is risked as what is made',
      () => baseOf(SPREAD),
      'The NVDA spread risks $170 to make $830.',
      'The NVDA spread risks $830 to make $170.',
    ],
    [
      'an earlier run as the one that goes on',
      () => baseOf(FALLEN),
      'NVDA has fallen two days in a row.',
      'NVDA has fallen three days in a row.',
    ],
  ])('is marked: %s', (_what, base, right, altered) => {
    expect(unsupportedIn(right, base())).toEqual([]);
    expect(unsupportedIn(altered, base())).not.toEqual([]);
  });

  it('is left alone where an earlier run is told as one', () => {
    expect(unsupportedIn('NVDA fell three days in a row before that.', baseOf(FALLEN))).toEqual([]);
  });
});
