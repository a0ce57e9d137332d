import { describe, expect, it } from 'vitest';
import type { StrategyData } from '../../src/domain/answers.ts';
import { writeSaid } from '../../src/render/said.ts';
import { sayStrategy } from '../../src/render/said-strategy.ts';

const call = {
  symbol: 'KO',
  side: 'call',
  strike: 65,
  expiration: '2026-12-31',
  bid: 0.48,
  ask: 0.5,
  mid: 0.49,
} as const;
const shares = { symbol: 'KO', quantity: 100, bid: 62, ask: 62, mid: 62 };

function say(own: Partial<StrategyData>, strategy?: string): string {
  const data: StrategyData = {
    ...{
      symbol: 'KO',
      spot: 62,
      spotAsOf: '2026-12-01T11:15:00-05:00',
      name: 'custom',
      legs: [],
      mid: 49,
      natural: 48,
    },
    ...{ kind: 'credit', breakEvens: [], greeks: {}, marketWidth: 2, payoff: [], notes: [], ...own },
  };
  return writeSaid(sayStrategy(data, { fields: [], ...(strategy === undefined ? {} : { strategy, legs: [] }) })).text;
}

describe('the sentence of a strategy', () => {
  it('says of a covered call the premium alone, and what it returns on the shares', () => {
    const text = say({ name: 'covered-call', kind: 'debit', mid: 6151, legs: [shares, { ...call, quantity: -1 }] });
    expect(text).toContain(
      'premium 49.00 at mid, 48.00 natural, 0.79% of the shares, 9.62% a year; with 100 shares at 62',
    );
  });

  it('says of a roll whose it is and what it brings, and no payoff', () => {
    const legs = [
      { ...call, quantity: 1 },
      { ...call, quantity: -1, expiration: '2027-01-15' },
    ];
    expect(say({ legs }, 'roll')).toBe(
      'KO: to roll the short 65 call of Thu Dec 31, 2026 to the 65 call of Fri Jan 15, 2027: credit 49.00 at mid, 48.00 natural.',
    );
  });

  it('says of a spread what it returns on its risk and width', () => {
    const legs = [
      { ...call, quantity: -1 },
      { ...call, strike: 67.5, quantity: 1 },
    ];
    const text = say({ name: 'call-credit-spread', legs, returnOnRisk: 0.244, creditOfWidth: 0.196 });
    expect(text).toContain('return on risk 24.40%, credit 19.60% of width');
  });
});
