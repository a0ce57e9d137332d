// What heads of tables call expressions.
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../src/fields/expression.ts';
import { labelInSentence, labelOfExpression, labelOfName } from '../../src/fields/labels.ts';

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
    ['count(close > open, 10)', 'Sessions with close > open, 10 d'],
    ['bbUpper20 < ema20 + 1.5 * atr20', 'BB upper 20 < EMA 20 + 1.5 × ATR 20'],
    ['last > sma50 and rsi14 < 70', 'Last > SMA 50 and RSI 14 < 70'],
    ['stdev(changePercent, 20)', 'Std dev of change %, 20 d'],
    ['share(change > 0)', '% of sessions with change > 0'],
    ['lastOn((close > sma200))', 'Last day with close > SMA 200'],
    ['avg(when(volume, weekday = 5))', 'Average volume when weekday = 5'],
    ['count((abs(pct(close, previousClose)) <= 2) and volume > 0)', 'Sessions'],
  ])('says %s in plain words: %s', (text, words) => {
    expect(label(text)).toBe(words);
  });

  it.each(['(high + low) / 2', 'last - (open - low)', 'max(last, open)'])(
    'is the expression itself where words would be longer or unclear: %s',
    (text) => {
      expect(label(text)).toBe(text);
    },
  );
});

it.each([
  ['averageOfChangePercent', 'Average change %'],
  ['averageOfAbsChangePercent', 'Average size of change %'],
  ['highestOfGapPercentOn', 'Highest gap % on'],
  ['percentOfSessions', '% of sessions'],
  ['breakEvenOfTrade', 'Break-even of trade'],
  ['inAtrs', 'In ATRs'],
  ['distance', 'Distance'],
  ['Monday', 'Monday'],
  ['day', 'day'],
  ['my_ratio', 'my_ratio'],
])('says a name that a figure was given as words: %s', (name, words) => {
  expect(labelOfName(name)).toBe(words);
});

it('stands in a sentence without the unit, which its figure has', () => {
  expect(['pct(strike, spot)', 'rsi14', 'changePercent', 'not an expression('].map(labelInSentence)).toEqual([
    'strike vs. spot',
    'RSI 14',
    'change',
    'not an expression(',
  ]);
});
