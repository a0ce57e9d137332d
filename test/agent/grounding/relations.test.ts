// How known figures stand to each other, said rightly and the other way round: states, odds, places, levels, dates, amounts.
import { describe, expect, it } from 'vitest';
import { type FactBase, createFactBase } from '../../../src/agent/grounding/facts.ts';
import { answerOf, createConversation, NVDA_QUOTE, unsupportedIn } from './base.ts';

function baseOf(...answers: Parameters<FactBase['add']>[0][]): FactBase {
  const base = createFactBase();
  for (const answer of answers) base.add(answer);
  return base;
}

const volatility = (iv30: number, hv30: number): Parameters<FactBase['add']>[0] =>
  answerOf('volatility', { symbol: 'NVDA', spot: 207.04, iv30, hv: { 30: hv30 }, ivDays: 0, term: [] });
const ta = (rsi14: number): Parameters<FactBase['add']>[0] =>
  answerOf('ta', [{ symbol: 'SPY', date: '2025-10-29', close: 687.39, rsi14, sma: {}, ema: {} }]);
/** At the top of its day. */
const HIGH = answerOf('quote', [{ ...NVDA_QUOTE, last: 211.5 }]);
const HIGH_NOW = answerOf('quote', [{ ...NVDA_QUOTE, last: 212.19 }]);
const AVERAGES = answerOf('ta', [
  { symbol: 'SPY', date: '2025-10-29', close: 600, rsi14: 40, sma: { 20: 610, 50: 620 }, ema: {} },
]);
const OTHER_EVENTS = answerOf('events', {
  symbol: 'PEP',
  dividends: [{ amount: 1.42, exDate: '2025-12-05', payDate: '2026-01-06' }],
  splits: [],
  earnings: [],
});
const LEVELS = answerOf('levels', {
  symbol: 'SPY',
  spot: 687.39,
  supports: [
    { price: 683.35, origin: 'swing low 2025-10-20 (2 touches)' },
    { price: 661.24, origin: 'SMA50' },
  ],
  resistances: [{ price: 689.7, origin: 'day high' }],
});
const EVENTS = answerOf('events', {
  symbol: 'KO',
  dividends: [{ amount: 0.51, exDate: '2025-11-28', payDate: '2025-12-15' }],
  splits: [],
  earnings: [{ date: '2025-12-09', time: 'after_close', confirmed: true }],
});

type Case = readonly [what: string, base: () => FactBase, right: string, altered: string];
const CASES: Readonly<Record<string, readonly Case[]>> = {
  'a state': [
    ['overbought', () => baseOf(ta(74.2)), 'SPY is overbought, RSI 74.2.', 'SPY is oversold, RSI 74.2.'],
    [
      'oversold',
      () => baseOf(ta(24.2)),
      'With an RSI of 24.2, SPY is oversold.',
      'With an RSI of 24.2, SPY is overbought.',
    ],
  ],
  'odds of a delta': [
    [
      'in words',
      createConversation,
      'The NVDA 210 call has a delta of 0.34, a one in three chance to finish in the money.',
      'The NVDA 210 call has a delta of 0.34, a one in five chance to finish in the money.',
    ],
    [
      'in digits',
      createConversation,
      'The NVDA 210 call has a delta of 0.34, about 1 in 3.',
      'The NVDA 210 call has a delta of 0.34, about 1 in 6.',
    ],
    [
      'of the other end',
      createConversation,
      'The NVDA 200 put has a delta of -0.36, so a 2 in 3 chance that it expires worthless.',
      'The NVDA 200 put has a delta of -0.36, so a 9 in 10 chance that it expires worthless.',
    ],
  ],
  'a place in a range': [
    [
      'of the day',
      () => baseOf(HIGH),
      'NVDA is at 211.50, near the top of its range of 204.78 to 212.19.',
      'NVDA is at 211.50, near the bottom of its range of 204.78 to 212.19.',
    ],
  ],
  'an end of the day': [
    ['at it', () => baseOf(HIGH_NOW), 'NVDA is right at its session high.', 'NVDA is right at its session low.'],
    ['off it', () => baseOf(HIGH), 'NVDA last 211.50, 0.69 off the high.', 'NVDA last 211.50, 0.69 off the low.'],
    [
      'on its side',
      () => baseOf(HIGH),
      'NVDA at 211.50 is 0.69 below the high.',
      'NVDA at 211.50 is 0.69 over the high.',
    ],
  ],
  'several averages': [
    [
      'counted',
      () => baseOf(AVERAGES),
      'SPY is below both simple averages.',
      'SPY is below one of the two simple averages.',
    ],
  ],
  'days of the exchange': [
    [
      'half days',
      createConversation,
      'The market has a half day on November 28: half day that Friday.',
      'The market has this: November 26 half day.',
    ],
    [
      'holidays',
      createConversation,
      'The market rests on November 27 for Thanksgiving.',
      'The market rests on November 26 for Thanksgiving.',
    ],
  ],
  'days of several symbols': [
    [
      'that are those of the other',
      () => baseOf(EVENTS, OTHER_EVENTS),
      'KO goes ex on November 28, PEP on December 5.',
      'PEP goes ex on November 28, KO on December 5.',
    ],
  ],
  'implied against realized volatility': [
    [
      'above',
      () => baseOf(volatility(0.419, 0.355)),
      'NVDA: IV30 41.9%, HV30 35.5%. Implied is above realized.',
      'NVDA: IV30 41.9%, HV30 35.5%. Implied is below realized.',
    ],
    [
      'told from realized',
      () => baseOf(volatility(0.419, 0.355)),
      'NVDA: IV30 41.9%. Realized is lower than implied, at 35.5%.',
      'NVDA: IV30 41.9%. Realized is higher than implied, at 35.5%.',
    ],
    [
      'in the words of a desk',
      () => baseOf(volatility(0.419, 0.355)),
      'NVDA options are richer than what the stock has delivered: 41.9% against 35.5%.',
      'NVDA options are cheaper than what the stock has delivered: 41.9% against 35.5%.',
    ],
  ],
  'touches of a level': [
    [
      'in words',
      () => baseOf(LEVELS),
      'SPY has support at 683.35, touched twice.',
      'SPY has support at 683.35, touched four times.',
    ],
    ['in figures', () => baseOf(LEVELS), 'SPY support: 683.35 (2 touches).', 'SPY support: 683.35 (3 touches).'],
  ],
  'what a level comes from': [
    [
      'an average',
      () => baseOf(LEVELS),
      'SPY: the 50-day at 661.24 is support.',
      'SPY: the 200-day at 661.24 is support.',
    ],
  ],
  'a distance': [
    [
      'of the level beside it',
      () => baseOf(LEVELS),
      'SPY support is 683.35 (-0.59%), then 661.24 (-3.80%).',
      'SPY support is 683.35 (-3.80%), then 661.24 (-0.59%).',
    ],
  ],
  'a date of a company': [
    [
      'the ex-date',
      () => baseOf(EVENTS),
      'KO goes ex-dividend on November 28 and pays on December 15.',
      'KO goes ex-dividend on December 15 and pays on November 28.',
    ],
    [
      'the time of a report',
      () => baseOf(EVENTS),
      'KO reports on December 9 after the close.',
      'KO reports on December 9 before the open.',
    ],
  ],
  'an amount': [
    [
      'of one contract',
      createConversation,
      'The NVDA 210 call is 3.40 bid, 3.50 ask, so $345 a contract.',
      'The NVDA 210 call is 3.40 bid, 3.50 ask, so $245 a contract.',
    ],
    [
      'in cents',
      createConversation,
      'The NVDA 210 call at 3.40 by 3.50 is 10c wide.',
      'The NVDA 210 call at 3.40 by 3.50 is 15c wide.',
    ],
  ],
  'a change': [
    [
      'from the open',
      () => baseOf(answerOf('quote', [NVDA_QUOTE])),
      'NVDA is at 207.04, down $0.94 from the open.',
      'NVDA is at 207.04, up 2.99% from the open.',
    ],
  ],
};

describe.each(Object.entries(CASES))('%s', (_kind, cases) => {
  it.each(cases)('is left alone where it is right and marked where it is not: %s', (_what, base, right, altered) => {
    expect(unsupportedIn(right, base())).toEqual([]);
    expect(unsupportedIn(altered, base())).not.toEqual([]);
  });
});

describe('what is not claimed', () => {
  it.each([
    ['a threshold', () => baseOf(ta(59.66)), 'SPY has an RSI of 59.66; above 70 is considered overbought.'],
    ['a denial', () => baseOf(ta(59.66)), "SPY has an RSI of 59.66, so it isn't overbought."],
    ['a condition', () => baseOf(ta(59.66)), 'If SPY gets overbought, its RSI of 59.66 is long gone.'],
    ['a count of sessions', createConversation, 'NVDA closed higher in 4 out of 4 sessions.'],
    [
      'volatilities that are about the same',
      () => baseOf(volatility(0.355, 0.3545)),
      'NVDA: IV30 35.5%. Implied is a touch below realized.',
    ],
  ])('is left alone: %s', (_what, base, text) => {
    expect(unsupportedIn(text, base())).toEqual([]);
  });
});
