// Calls and puts told from the verbs, in the words of traders and of language models.
import { describe, expect, it } from 'vitest';
import { createFactBase } from '../../../src/agent/grounding/facts.ts';
import { findSides } from '../../../src/agent/grounding/mentions.ts';

const base = createFactBase();
base.add({
  kind: 'quote',
  data: ['NVDA', 'AMD', 'SPY', 'F'].map((symbol) => ({
    symbol,
    last: 200,
    asOf: '2025-10-29T16:00:00-04:00',
    session: 'closed' as const,
    ...(symbol === 'NVDA' ? { description: 'NVIDIA Corporation' } : {}),
  })),
  errors: [],
  notes: [],
  meta: { sample: false, providerCalls: 1, elapsedMs: 1 },
});
const sidesOf = (text: string): string[] => findSides(text, base).map(({ value }) => value);

describe('put and call', () => {
  it.each([
    'The RSI puts NVDA in neutral territory.',
    'An RSI of 55.61 puts AMD near the middle of its range.',
    'That puts NVIDIA above its 200-day average.',
    'which puts NVDA 2.99 % above its 50-day',
    'which puts NVDA well below its high',
    'which puts the stock at 207.04',
    'A close at 205 puts the stock above its average.',
    'It put in a high of 210.20 on Tuesday.',
    'AMD put in the low of the week at 199.10.',
    'The week put in its lowest close.',
    'A break above 205 puts 210 in play.',
    'This puts pressure on the 50-day average, and puts support at 199.',
    'A MACD below its signal calls for patience.',
    'Nobody calls it a breakout; the desk calls AMD a laggard.',
    'I would call this a range, and a drop could put NVDA at risk.',
  ])('are verbs in: %s', (text) => {
    expect(sidesOf(text)).toEqual([]);
  });

  it.each([
    ['NVDA puts in the 400 strike', ['put']],
    ['SPY puts at 650 are bid at 2.31', ['put']],
    ['NVDA calls on the 210 line trade at 3.10', ['call']],
    ['calls for the Nov 7 expiration, puts for next Friday', ['call', 'put']],
    ['The 210 puts that expire Nov 7 and the 210 calls this week', ['put', 'call']],
    ['puts in the money, calls for NVDA', ['put', 'call']],
    ['NVDA 200 call bid 2.31; AMD puts trade at 1.10', ['call', 'put']],
    ['puts with open interest of 45,210', ['put']],
    ['Calls and puts expiring on Nov 7', ['call', 'put']],
    ['the 200P and NVDA251107C00210000', ['put', 'call']],
  ])('are options in: %s', (text, sides) => {
    expect(sidesOf(text)).toEqual(sides);
  });
});
