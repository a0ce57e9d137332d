// Expressions against a second evaluator that knows nothing of the first: random trees are written down as text with
// their own precedence and worked out by hand; mistakes are marked at their place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindCondition, bindExpression, evaluateArithmetic } from '../../src/fields/bind.ts';
import { parseColumns, parseExpression } from '../../src/fields/expression.ts';
import { Missing } from '../../src/fields/field.ts';
import { createRow } from '../../src/fields/parts.ts';
import type { Bar } from '../../src/domain/types.ts';

const bars: Bar[] = Array.from({ length: 60 }, (_, index) => {
  const close = 100 + 7 * Math.sin(index / 3) + index / 4;
  return {
    date: `2026-01-${String(index + 1).padStart(2, '0')}`,
    open: close - Math.cos(index),
    high: close + 2,
    low: close - 2,
    close,
    volume: 1_000 + ((index * 37) % 100),
  };
});
const quote = {
  symbol: 'NVDA',
  last: 104.5,
  change: 4.5,
  changePercent: 4.5,
  open: 101,
  high: 106,
  low: 99,
  previousClose: 100,
  volume: 2_000,
  asOf: '2026-03-01T16:00:00-05:00',
  session: 'regular' as const,
};

const evaluate = (text: string): unknown =>
  bindExpression(text, parseExpression(text)).evaluate(createRow({ symbol: 'NVDA', now: 0, bars, quote }));

/** A tree with its text and what it comes to; undefined: missing. */
interface Tree {
  text: string;
  strength: number;
  value: number | undefined;
}

const FIELDS: Record<string, number> = { last: 104.5, open: 101, previousClose: 100, change: 4.5 };

const leaf = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map((value): Tree => ({ text: String(value), strength: 9, value })),
  fc.constantFrom(...Object.keys(FIELDS)).map((name): Tree => ({ text: name, strength: 9, value: FIELDS[name] })),
  fc.constant<Tree>({ text: 'week52High', strength: 9, value: undefined }),
);

const inParentheses = (tree: Tree, least: number): string => (tree.strength < least ? `(${tree.text})` : tree.text);
const ofBoth = (a: Tree, b: Tree, work: (a: number, b: number) => number | undefined): number | undefined =>
  a.value === undefined || b.value === undefined ? undefined : work(a.value, b.value);

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('tree'), tie('tree'), fc.constantFrom('+', '-', '*', '/')).map(([a, b, operator]): Tree => {
      const strength = operator === '+' || operator === '-' ? 1 : 2;
      return {
        text: `${inParentheses(a, strength)} ${operator} ${inParentheses(b, strength + 1)}`,
        strength,
        value: ofBoth(a, b, (x, y) => {
          if (operator === '+') return x + y;
          if (operator === '-') return x - y;
          if (operator === '*') return x * y;
          return y === 0 ? undefined : x / y;
        }),
      };
    }),
    fc.tuple(tie('tree')).map(([a]): Tree => ({
      text: `-${inParentheses(a, 3)}`,
      strength: 3,
      value: a.value === undefined ? undefined : -a.value,
    })),
    fc.tuple(tie('tree'), tie('tree'), fc.constantFrom('min', 'max', 'pct')).map(([a, b, name]): Tree => ({
      text: `${name}(${a.text}, ${b.text})`,
      strength: 9,
      value: ofBoth(a, b, (x, y) => {
        if (name === 'min') return x < y ? x : y;
        if (name === 'max') return x > y ? x : y;
        return y === 0 ? undefined : ((x - y) / y) * 100;
      }),
    })),
  ),
}));

describe('an expression', () => {
  it('comes to what a second evaluator makes of it, over 1,000 random ones', () => {
    fc.assert(
      fc.property(tree, ({ text, value }) => {
        const found = evaluate(text);
        if (value === undefined || !Number.isFinite(value)) expect(found).toBeInstanceOf(Missing);
        else expect(found).toBeCloseTo(value, 6 - Math.max(0, Math.ceil(Math.log10(Math.abs(value) + 1))));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['highest(high, 20)', Math.max(...bars.slice(-20).map((bar) => bar.high))],
    ['lowest(low, 5)', Math.min(...bars.slice(-5).map((bar) => bar.low))],
    ['avg(volume, 30)', bars.slice(-30).reduce((sum, bar) => sum + bar.volume, 0) / 30],
    ['sum(volume, 3)', bars.slice(-3).reduce((sum, bar) => sum + bar.volume, 0)],
    ['ago(close, 10)', bars.at(-11)?.close],
    ['change(10)', (bars.at(-1)?.close ?? 0) - (bars.at(-11)?.close ?? 0)],
    ['count(close > open, 12)', bars.slice(-12).filter((bar) => bar.close > bar.open).length],
    [
      'count(close > ago(close, 1), 8)',
      bars.slice(-8).filter((bar, at) => bar.close > (bars[51 + at]?.close ?? 0)).length,
    ],
    ['highest(avg(close, 3), 2) - lowest(avg(close, 3), 2)', expect.any(Number)],
  ])('%s looks back from the newest session', (text, value) => {
    expect(evaluate(text)).toEqual(typeof value === 'number' ? expect.closeTo(value, 9) : value);
  });

  it('has the unit of what it negates', () => {
    const bound = (text: string) => bindExpression(text, parseExpression(text));
    for (const [name, unit] of [
      ['changePercent', 'percent'],
      ['volume', 'shares'],
      ['iv30', 'fraction'],
    ] as const)
      expect([bound(`-${name}`).unit, bound(`-${name}`).signed]).toEqual([unit, bound(name).signed]);
  });

  it('crosses only upward and only between the last two sessions', () => {
    const closes = [3, 2, 1, 2, 3];
    const row = createRow({
      symbol: 'X',
      now: 0,
      bars: closes.map((close, at) => ({ date: String(at), open: 2, high: 4, low: 1, close, volume: 1 })),
    });
    const holds = (text: string): unknown => bindCondition(text).evaluate(row);
    expect(holds('crosses(close, open)')).toBe(true);
    expect(holds('crosses(open, close)')).toBe(false);
    expect(holds('count(crosses(close, open), 4) = 1')).toBe(true);
  });

  it('has no truth where a value is missing, unless the other side decides', () => {
    expect(evaluate('bid > 1')).toBeInstanceOf(Missing);
    expect(evaluate('not bid > 1')).toBeInstanceOf(Missing);
    expect(evaluate('bid > 1 and last > 1')).toBeInstanceOf(Missing);
    expect(evaluate('bid > 1 and last < 1')).toBe(false);
    expect(evaluate('bid > 1 or last > 1')).toBe(true);
  });

  it.each([
    ['not last > 1 and last > 1', false],
    ['not (last < 1 and last > 1)', true],
    ['last > 1 or last > 1 and last < 1', true],
    ['2 + 3 * 4 = 14', true],
    ['2 × 3 − 1 = 5', true],
  ])('%s reads as the contract says', (text, value) => {
    expect(evaluate(text)).toBe(value);
  });

  it.each([
    ['rsj14 < 30', 'rsj14', /there is no field "rsj14"/],
    ['last > ', ' ', /ends too early/],
    ['(last + 1', '(', /not closed/],
    ['1 < last < 3', '<', /two comparisons/],
    ['last and rsi14 > 3', 'last', /not a condition/],
    ['(last > 1) + 1', '(last > 1)', /a condition is not a number/],
    ['highest(bid, 5)', 'bid', /not available for earlier sessions/],
    ['highest(close, 0)', '0', /whole number from 1/],
    ['avg(close, 5, 2)', 'avg(close, 5, 2)', /takes a figure and a number/],
    ['mode(close, 3)', 'mode', /no function "mode"/],
    ['sma401', 'sma401', /there is no field/],
    ['sma1', 'sma1', /there is no field/],
    ['last # 2', '#', /is not allowed here/],
    ['last last', 'last', /not expected here/],
  ])('%s is marked at %j', (text, marked, why) => {
    try {
      bindExpression(text, parseExpression(text));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'usage', message: expect.stringMatching(why) as string });
      const { place } = (error as { details: { place: { text: string; start: number; end: number } } }).details;
      expect((place.text + ' ').slice(place.start, place.end)).toBe(marked);
    }
  });

  it('is refused with a place or understood, whatever the text', () => {
    const words = fc.constantFrom(
      'last',
      'rsi14',
      '(',
      ')',
      '+',
      '-',
      '<',
      'and',
      'not',
      ',',
      '3',
      'pct(',
      '"x"',
      'a.b',
      '?',
      '$',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
        ),
        (text) => {
          try {
            bindExpression(text, parseExpression(text));
          } catch (error) {
            expect(error).toMatchObject({ code: 'usage' });
          }
        },
      ),
    );
  });

  it('nested without end is refused, not the end of the program', () => {
    expect(() => parseExpression('('.repeat(1000) + '1')).toThrow(/nested too deep/);
    for (const text of ['last +', 'rsi14 <', '(last', 'last last', 'max(1', '?'.repeat(3), '1+'.repeat(2000)])
      expect(() => parseExpression(text), text).toThrow(
        expect.objectContaining({ hint: expect.any(String) as string }),
      );
    expect(() => parseExpression('-'.repeat(1500) + '1')).toThrow(/nested too deep/);
    expect(() => parseExpression('1+'.repeat(2000) + '1')).toThrow(/characters/);
  });
});

describe('columns', () => {
  it('have their expression as key, or the name given', () => {
    expect(parseColumns('last, pct(last,  open) as up, max(last, open)').map(({ key }) => key)).toEqual([
      'last',
      'up',
      'max(last, open)',
    ]);
  });
});

describe('calculate', () => {
  it('knows numbers and no fields', () => {
    expect(evaluateArithmetic('(207.04 - 201.03) / 201.03 * 100')).toBeCloseTo(2.9896, 4);
    expect(() => evaluateArithmetic('last * 2')).toThrow(/"last" is not a number/);
    expect(() => evaluateArithmetic('1 / 0')).toThrow(/division by zero/);
    expect(() => evaluateArithmetic('1 < 2')).toThrow(/condition/);
    expect(() => evaluateArithmetic('avg(close, 3)')).toThrow(/no function/);
  });
});
