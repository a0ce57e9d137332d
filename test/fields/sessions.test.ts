// Figures of sessions in the calendar and functions over sessions of a kind, against dates and bars worked out by hand.
import { describe, expect, it } from 'vitest';
import { bindExpression } from '../../src/fields/bind.ts';
import { parseExpression } from '../../src/fields/expression.ts';
import { type Inputs, Missing } from '../../src/fields/field.ts';
import { createRow } from '../../src/fields/parts.ts';
import { tradingDaysBetween } from '../../src/domain/calendar.ts';

const dates = tradingDaysBetween('2026-10-01', '2026-11-30');
const bars = dates.map((date, index) => {
  const close = 100 + 5 * Math.sin(index);
  return { date, open: close - 1, high: close + 2, low: close - 2, close, volume: 1000 };
});
const inputs: Inputs = {
  symbol: 'NVDA',
  now: Date.parse('2026-11-30T17:00:00-05:00'),
  bars,
  period: { bars: bars.slice(1), before: bars[0] as (typeof bars)[number] },
  events: {
    symbol: 'NVDA',
    dividends: [{ exDate: '2026-11-16', amount: 1 }],
    splits: [],
    earnings: [
      { date: '2026-10-22', time: 'after_close', confirmed: true },
      { date: '2026-10-15', time: 'before_open', confirmed: true },
      { date: '2026-11-20', time: 'unknown', confirmed: true },
    ],
  },
};
const work = (text: string, given = inputs): unknown =>
  bindExpression(text, parseExpression(text)).evaluate(createRow(given));
const changes = bars
  .slice(1)
  .map((bar, at) => ({ date: bar.date, change: (bar.close / (bars[at]?.close ?? NaN) - 1) * 100 }));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('what a session is in the calendar', () => {
  it.each([
    ['weekday = 5', '2026-10-02'],
    ['sessionOfMonth = 1 and month = 11', '2026-11-02'],
    ['isMonthEnd = 1', '2026-10-30'],
    ['isOpex = 1', '2026-10-16'],
    ['isHalfDay = 1', '2026-11-27'],
    // After the close is traded on by the next session, before the open by its own.
    ['sessionsSinceEarnings = 0', '2026-10-15'],
    ['sessionsSinceEarnings = 0 and ago(sessionsSinceEarnings, 1) > 3', '2026-10-23'],
    ['sessionsSinceExDividend = 1', '2026-11-17'],
  ])('%s first on %s', (condition, date) => {
    expect(work(`firstOn(${condition})`)).toBe(date);
  });

  it('has no session since a report of which nobody says the time, and none without events', () => {
    const { events: _events, ...without } = inputs;
    expect(work('lastOn(sessionsSinceEarnings = 0)')).toBe('2026-10-23');
    expect(work('count(sessionsSinceEarnings = 0)', without)).toBeInstanceOf(Missing);
  });
});

describe('functions over sessions of a kind', () => {
  const up = changes.filter(({ change }) => change > 0);
  it('measures only those, and tells their share and their days', () => {
    expect(work('avg(when(changePercent, changePercent > 0))')).toBeCloseTo(mean(up.map(({ change }) => change)), 9);
    expect(work('share(changePercent > 0)')).toBeCloseTo(up.length / changes.length, 9);
    const mondays = changes.filter(({ date }) => new Date(date).getUTCDay() === 1);
    const red = mondays.filter(({ change }) => change < 0);
    expect(work('share(changePercent < 0, weekday = 1)')).toBeCloseTo(red.length / mondays.length, 9);
    const best = red.toSorted((a, b) => a.change - b.change)[0];
    expect(work('lowestOn(when(changePercent, weekday = 1))')).toBe(best?.date);
  });

  it('looks at the session after those on which something was so', () => {
    const after = changes.slice(1).filter((_each, at) => (changes[at]?.change ?? 0) > 2);
    expect(work('avg(when(changePercent, ago(changePercent > 2, 1)))')).toBeCloseTo(
      mean(after.map(({ change }) => change)),
      9,
    );
  });

  it('takes the newest of them, and says why there are none', () => {
    expect(work('count(newest(weekday = 1, 3))')).toBe(3);
    expect(work('firstOn(newest(weekday = 1, 3))')).toBe('2026-11-16');
    expect(work('avg(when(close, close > 1000))')).toEqual(new Missing('no such session in the range'));
  });

  it('has the sample standard deviation', () => {
    const values = changes.map(({ change }) => change);
    const variance = values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
    expect(work('stdev(changePercent)')).toBeCloseTo(Math.sqrt(variance), 9);
  });
});
