// What heads of tables call expressions.
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../src/fields/expression.ts';
import { labelInSentence, labelOfExpression } from '../../src/fields/labels.ts';

const label = (text: string): string => labelOfExpression(parseExpression(text), text);

describe('the head of a column of an expression', () => {
  it.each([
    ['pct(last, sma200)', 'Last vs. SMA 200 %'],
    ['lowest(changePercent)', 'Lowest change %'],
    ['lowestOn(changePercent)', 'Lowest change % on'],
    ['highest(close, 20)', 'Highest close, 20 d'],
    ['avg(volume, 30)', 'Average volume, 30 d'],
    ['now(last)', 'Last'],
    ['ago(last, 5)', 'Last 5 d ago'],
    ['last - open', 'Last − open'],
    ['rsi14 > 70', 'RSI 14 > 70'],
    ['abs(changePercent)', 'Size of change %'],
    ['AMD.last', 'AMD last'],
    ['highest(yangZhang30)', 'Highest Yang-Zhang 30'],
    ['count(close > open, 10)', 'Sessions close > open, 10 d'],
    ['count((abs(pct(close, previousClose)) <= 2) and volume > 0)', 'Sessions'],
  ])('says %s in plain words: %s', (text, words) => {
    expect(label(text)).toBe(words);
  });

  it.each(['(high + low) / 2', 'last > sma50 and rsi14 < 70', 'max(last, open)'])(
    'is the expression itself where words would be longer or unclear: %s',
    (text) => {
      expect(label(text)).toBe(text);
    },
  );
});

it('stands in a sentence without the unit, which its figure has', () => {
  expect(['pct(strike, spot)', 'rsi14', 'changePercent', 'not an expression('].map(labelInSentence)).toEqual([
    'strike vs. spot',
    'RSI 14',
    'change',
    'not an expression(',
  ]);
});
