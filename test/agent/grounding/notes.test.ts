// Short notes of a desk and friendly prose: what stands behind a figure names it, what follows from two figures is right.
import { describe, expect, it } from 'vitest';
import { AMD_QUOTE, answerOf, createConversation, NVDA_QUOTE, SPY_QUOTE, unsupportedIn } from './base.ts';
import { createFactBase } from '../../../src/agent/grounding/facts.ts';

function withHours() {
  const base = createFactBase();
  const bar = (hour: string, open: number, close: number) => ({
    date: '2025-10-29',
    time: `2025-10-29T${hour}:00-04:00`,
    ...{ open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 1_000_000 },
  });
  base.add(
    answerOf('history', {
      ...{ symbol: 'NVDA', interval: 'hour' as const, from: '2025-10-29', to: '2025-10-29' },
      bars: [bar('09:30', 207.98, 209.4), bar('10:30', 209.4, 206.1), bar('11:30', 206.1, 207.04)],
      summary: { first: 209.4, last: 207.04, high: 209.4, low: 206.1, bars: 3 },
    }),
  );
  return base;
}

function quotes() {
  const base = createFactBase();
  base.add(answerOf('quote', [NVDA_QUOTE, SPY_QUOTE, AMD_QUOTE]));
  return base;
}

describe('notes of a desk', () => {
  it.each([
    'NVDA opened 207.98 vs 201.03 prior, bid/ask 207.01/207.06, 5c wide.',
    'NVDA lo 183.50 Fri 10/24, hi 212.19 Wed 10/29: a 28.69 swing.',
    'SPY MACD 6.23 over signal 4.92, hist +1.31, a gap between MACD and signal of 1.31.',
    'SPY RSI 59.7, 10.3 points short of overbought.',
    'NVDA 200p 2.31 bid, 2.36 ask, BE at the ask 197.64.',
    'Both are off: NVDA 207.04, AMD 258.01.',
  ])('stand: %s', (text) => expect(unsupportedIn(text)).toEqual([]));

  it.each([
    ['NVDA opened 207.98 vs 204.78 prior.', ['204.78']],
    ['NVDA lo 183.50 Mon 10/27, hi 203.15 Wed 10/29.', ['183.50', '203.15']],
    ['SPY RSI 59.7, 13.0 points short of overbought.', ['13.0']],
    ['NVDA 200p 2.36 bid, 2.31 ask.', ['2.36', '2.31']],
  ])('are marked where they are altered: %s', (text, marked) => expect(unsupportedIn(text)).toEqual(marked));

  it('name the times of the bars they speak of', () => {
    expect(unsupportedIn('The 10:30 bar took NVDA to 206.10.', withHours())).toEqual([]);
    expect(unsupportedIn('The 13:30 bar took NVDA to 206.10.', withHours())).not.toEqual([]);
  });

  it('count among the symbols of the data', () => {
    expect(unsupportedIn('2 of 3 up: NVDA +2.99%, SPY +0.05%, AMD −2.73%.', quotes())).toEqual([]);
    expect(unsupportedIn('1 of 3 up: NVDA +2.99%, SPY +0.05%, AMD −2.73%.', quotes())).not.toEqual([]);
    expect(unsupportedIn('NVDA +2.99%, SPY +0.05%, AMD −2.73%: 5.72 pts from best to worst.', quotes())).toEqual([]);
  });
});

describe('friendly prose', () => {
  it.each([
    'NVDA trades at $207.04, about a third of the way up its range of the day, which ran from $204.78 to $212.19.',
    'The NVDA 200 put costs $2.36 at the ask, so one contract at the ask would cost you $236.',
    'SPY sits about four dollars above its 5-day average.',
    'SPY is less than one percent from its resistance.',
  ])('stands: %s', (text) => expect(unsupportedIn(text, createConversation())).toEqual([]));

  it.each([
    ['NVDA trades at $207.04, two thirds of the way up its range of the day, $204.78 to $212.19.', ['two thirds']],
    ['One contract of the NVDA 200 put at the ask of $2.36 would cost you $326.', ['$326']],
    ['SPY sits about seven dollars above its 5-day average.', ['seven dollars']],
  ])('is marked where it is altered: %s', (text, marked) => expect(unsupportedIn(text)).toEqual(marked));
});

it('supports what a column of a chain holds, as the tool worked it out', () => {
  const base = createFactBase();
  base.add(
    answerOf('chain', {
      underlying: 'NVDA',
      spot: 207.04,
      expiration: '2025-11-07',
      dte: 9,
      columns: [{ field: 'probabilityItm', label: 'P(ITM)', unit: 'fraction' }],
      contracts: [
        { symbol: 'NVDA251107P00195000', side: 'put', strike: 195, bid: 1.65, ask: 1.69, probabilityItm: 0.195962 },
      ] as never,
      analytics: { callWalls: [], putWalls: [] },
    }),
  );
  expect(unsupportedIn('Nearest: NVDA 195 put expiring Nov 7, 2025: probability ITM 19.6%.', base)).toEqual([]);
  expect(unsupportedIn('Nearest: NVDA 195 put expiring Nov 7, 2025: probability ITM 29.6%.', base)).not.toEqual([]);
});
