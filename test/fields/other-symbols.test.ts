// Figures of two symbols against a second computation from the bars: aligned by date, whatever either lacks.
import { describe, expect, it } from 'vitest';
import { bindExpression } from '../../src/fields/bind.ts';
import { parseExpression } from '../../src/fields/expression.ts';
import { Missing } from '../../src/fields/field.ts';
import { type Row, addPeriod, createRow } from '../../src/fields/parts.ts';
import { labelOfExpression } from '../../src/fields/labels.ts';
import { betaOf } from '../../src/domain/beta.ts';
import { addDays } from '../../src/domain/exchange-time.ts';
import type { Bar } from '../../src/domain/types.ts';

const barsOf = (seed: number, count: number): Bar[] =>
  Array.from({ length: count }, (_, index) => {
    const close = 100 + 9 * Math.sin(index * seed) + 4 * Math.cos((index * index) / (9 + seed)) + index / 20;
    return { date: addDays('2026-01-01', index), open: close, high: close + 1, low: close - 1, close, volume: 1000 };
  });

const own = barsOf(0.7, 120);
/** Without one of the dates, and listed ten sessions later. */
const other = barsOf(1.1, 120).filter((_, at) => at >= 10 && at !== 100);

function rowOf(range?: { from: string; to: string }): Row {
  const inputsOf = (symbol: string, bars: readonly Bar[]): Row['inputs'] => {
    const inputs: Row['inputs'] = { symbol, now: 0, bars };
    if (range !== undefined) addPeriod(inputs, bars, { ...range, label: '' }, 'day');
    return inputs;
  };
  const rows = new Map<string, Row>();
  for (const [symbol, bars] of [
    ['AMD', own],
    ['SPY', other],
  ] as const)
    rows.set(
      symbol,
      createRow(inputsOf(symbol, bars), (name) => rows.get(name)),
    );
  return rows.get('AMD') as Row;
}

const evaluate = (text: string, row = rowOf()): unknown => bindExpression(text, parseExpression(text)).evaluate(row);

const returnsOf = (bars: readonly Bar[]): Map<string, number> =>
  new Map(bars.slice(1).map((bar, at) => [bar.date, (bar.close / (bars[at]?.close ?? NaN) - 1) * 100]));

function pairs(): [number, number][] {
  const theirs = returnsOf(other);
  return [...returnsOf(own)].flatMap(([date, x]): [number, number][] => {
    const y = theirs.get(date);
    return y === undefined ? [] : [[x, y]];
  });
}

/** By the sums of products, not of what is off the mean. */
function pearson(of: readonly [number, number][]): number {
  const n = of.length;
  const sum = (work: (x: number, y: number) => number): number => of.reduce((all, [x, y]) => all + work(x, y), 0);
  const [x, y, xy, xx, yy] = [
    sum((a) => a),
    sum((_a, b) => b),
    sum((a, b) => a * b),
    sum((a) => a * a),
    sum((_a, b) => b * b),
  ] as const;
  return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
}

describe('figures of another symbol', () => {
  it('are those of the same session, and absent on a date that the other did not trade', () => {
    const last = own.at(-1)?.close ?? 0;
    expect(evaluate('close / of(SPY, close)')).toBeCloseTo(last / (other.at(-1)?.close ?? 1), 10);
    const ratios = own.flatMap(({ date, close }) => {
      const of = other.find((bar) => bar.date === date);
      return of === undefined ? [] : [close / of.close];
    });
    expect(evaluate('highest(close / SPY.close)', rowOf({ from: '2026-01-01', to: '2026-04-30' }))).toBeCloseTo(
      Math.max(...ratios),
      10,
    );
    expect(evaluate('of(SPY, avg(close, 20))')).toBeCloseTo(
      other.slice(-20).reduce((all, { close }) => all + close, 0) / 20,
      10,
    );
    expect(evaluate('of(SPY, close > sma20)')).toBe(evaluate('of(SPY, close) > SPY.sma20'));
  });

  it('count the sessions on which one did better than the other', () => {
    const better = pairs().filter(([x, y]) => x > y).length;
    const all = rowOf({ from: '2026-01-01', to: '2026-04-30' });
    expect(evaluate('count(changePercent > of(SPY, changePercent))', all)).toBe(better);
  });

  it('correlate over the last sessions that both have, and over those of a range', () => {
    expect(evaluate('corr(changePercent, of(SPY, changePercent), 60)')).toBeCloseTo(pearson(pairs().slice(-60)), 9);
    const range = { from: '2026-02-01', to: '2026-04-30' };
    const theirs = returnsOf(other);
    const within = [...returnsOf(own)].flatMap(([date, x]): [number, number][] => {
      const y = theirs.get(date);
      return y === undefined || date < range.from || date > range.to ? [] : [[x, y]];
    });
    expect(evaluate('corr(changePercent, of(SPY, changePercent))', rowOf(range))).toBeCloseTo(pearson(within), 9);
    const [x] = [[...returnsOf(own).values()]];
    const lagged = x.slice(1).map((value, at): [number, number] => [value, x[at] ?? NaN]);
    expect(evaluate('corr(changePercent, ago(changePercent, 1), 100)')).toBeCloseTo(pearson(lagged.slice(-100)), 9);
    const dates = [...returnsOf(own)].flatMap(([date]) => (theirs.has(date) ? [date] : []));
    const at = (end: number): number => pearson(pairs().slice(end - 60, end));
    expect(evaluate('avg(corr(changePercent, SPY.changePercent, 60), 5)')).toBeCloseTo(
      [0, 1, 2, 3, 4].reduce((all, back) => all + at(dates.length - back), 0) / 5,
      9,
    );
  });

  it('give a beta as domain/beta.ts defines it', () => {
    const both = own.filter(({ date }) => other.some((bar) => bar.date === date)).slice(0, 85);
    const theirs = other.slice(0, 85);
    const row = createRow({ symbol: 'AMD', now: 0, bars: both }, () =>
      createRow({ symbol: 'SPY', now: 0, bars: theirs }),
    );
    expect(evaluate('beta(SPY, 84)', row)).toBeCloseTo(betaOf(both, theirs) ?? NaN, 9);
  });

  it('are missing with their cause where there are too few, nothing was fetched or nothing moves', () => {
    expect(evaluate('corr(close, of(SPY, close), 300)')).toEqual(new Missing('needs 300 sessions, only 109 available'));
    expect(evaluate('of(QQQ, last)')).toEqual(new Missing('nothing was requested for QQQ'));
    expect(evaluate('corr(close, 5, 20)')).toEqual(new Missing('one of them did not move'));
    expect(evaluate('corr(close, open)')).toEqual(new Missing('no range was given'));
  });

  it('ask for what each symbol needs, and mark a mistake at its place', () => {
    const text = 'corr(changePercent, of(BRK.B, changePercent), 60)';
    const bound = bindExpression(text, parseExpression(text));
    expect([...bound.needsBySymbol]).toEqual([
      ['', new Set(['series'])],
      ['BRK.B', new Set(['series'])],
    ]);
    expect(() => evaluate('of(5, last)')).toThrow('this is not a ticker');
    expect(() => evaluate('of(SPY)')).toThrow('of takes a ticker and a figure');
    expect(() => evaluate('beta(5, 20)')).toThrow('this is not a ticker');
    expect(() => evaluate('corr(last > 5, last, 20)')).toThrow('a condition is not a number');
  });

  it('have names in the head of a table', () => {
    const labelOf = (text: string): string => labelOfExpression(parseExpression(text), text);
    expect(labelOf('corr(changePercent, of(XLE, changePercent), 120)')).toBe('Correlation with XLE, 120 d');
    expect(labelOf('beta(SPY, 252)')).toBe('Beta vs. SPY, 252 d');
    expect(labelOf('of(SPY, sma50)')).toBe('SPY SMA 50');
  });
});
