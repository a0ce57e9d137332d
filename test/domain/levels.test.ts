import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { computeLevels } from '../../src/domain/levels.ts';
import { roundPrice } from '../../src/domain/bar-series.ts';
import type { Bar } from '../../src/domain/types.ts';

const dateAt = (index: number): string =>
  new Date(Date.UTC(2024, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);

/** One bar a day from 2024-01-01 on, one dollar around its close. */
const barsOf = (closes: readonly number[]): Bar[] =>
  closes.map((close, index) => ({
    date: dateAt(index),
    open: close,
    high: close + 1,
    low: close - 1,
    close,
    volume: 1,
  }));

const zigzag = (length: number): number[] =>
  Array.from({ length }, (_, index) => 100 + (index % 10 < 5 ? index % 5 : 5 - (index % 5)) * 2);

const walkOf = (minLength: number): fc.Arbitrary<Bar[]> =>
  fc
    .tuple(
      fc.array(fc.integer({ min: -30, max: 30 }), { minLength, maxLength: 150, size: 'max' }),
      fc.integer({ min: 50, max: 900 }),
    )
    .map(([steps, start]) => {
      let close = start;
      return steps.map((step, index): Bar => {
        const open = close;
        close *= 1 + step / 1000;
        return {
          date: dateAt(index),
          open,
          high: Math.max(open, close) * 1.01,
          low: Math.min(open, close) * 0.99,
          close,
          volume: 1000,
        };
      });
    });

describe('computeLevels', () => {
  it('keeps supports strictly below and resistances strictly above the spot, nearest first, five at most', () => {
    fc.assert(
      fc.property(walkOf(1), fc.integer({ min: 80, max: 120 }), (bars, percent) => {
        const spot = (bars.at(-1)?.close ?? 1) * (percent / 100);
        const { supports, resistances } = computeLevels(bars, spot);
        const below = supports.map((level) => level.price);
        const above = resistances.map((level) => level.price);
        expect(below.every((price) => price < spot && price > 0)).toBe(true);
        expect(above.every((price) => price > spot)).toBe(true);
        expect(below).toEqual(below.toSorted((a, b) => b - a));
        expect(above).toEqual(above.toSorted((a, b) => a - b));
        expect(Math.max(below.length, above.length)).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('takes no price for a level that prints as the spot itself', () => {
    const bars = barsOf(Array.from({ length: 30 }, () => 4.2283));
    const { supports, resistances } = computeLevels(bars, 4.231);
    expect(supports.concat(resistances).filter(({ price }) => price.toFixed(2) === '4.23')).toEqual([]);
  });

  it('finds two of each whenever there are 15 bars', () => {
    fc.assert(
      fc.property(walkOf(15), fc.integer({ min: 80, max: 120 }), (bars, percent) => {
        const { supports, resistances } = computeLevels(bars, (bars.at(-1)?.close ?? 1) * (percent / 100));
        expect(supports.length).toBeGreaterThanOrEqual(2);
        expect(resistances.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('names every bar-derived level with a date whose bar has that price', () => {
    fc.assert(
      fc.property(walkOf(1), (bars) => {
        const { supports, resistances } = computeLevels(bars, bars.at(-1)?.close ?? 1);
        for (const { price, origin } of [...supports, ...resistances]) {
          const [first = ''] = origin.split(', ');
          if (!/^(swing|52-week|previous|high|low)/.test(first)) continue;
          const date =
            first.startsWith('high since') || first.startsWith('low since')
              ? first.slice(-10)
              : /\d{4}-\d{2}-\d{2}/.exec(first)?.[0];
          const bar = bars.find((candidate) => candidate.date === date);
          expect(
            [bar?.high, bar?.low].map((value) => roundPrice(value ?? NaN)),
            origin,
          ).toContain(price);
        }
      }),
    );
  });

  it('gathers swings at one price into touches, dated with the latest', () => {
    const { supports } = computeLevels(barsOf(zigzag(60)), 105);
    expect(supports).toContainEqual({
      price: 99,
      origin: expect.stringMatching(/swing low 2024-02-20 \(5 touches\)/) as string,
    });
  });

  it('takes a broken swing high as support', () => {
    const closes = [...zigzag(40), ...Array.from({ length: 20 }, (_, index) => 112 + index)];
    const { supports } = computeLevels(barsOf(closes), 131);
    expect(supports.some((level) => level.price === 111 && level.origin.startsWith('swing high'))).toBe(true);
  });

  it('calls an extreme one of 52 weeks only where the bars reach back that far', () => {
    const wave = (length: number): number[] => Array.from({ length }, (_, index) => 100 + 8 * Math.sin(index / 40));
    const origins = (length: number): string =>
      computeLevels(barsOf(wave(length)), 100)
        .resistances.map((level) => level.origin)
        .join('; ');
    expect(origins(400)).toMatch(/52-week high \d{4}-\d{2}-\d{2}/);
    expect(origins(200)).not.toContain('52-week');
    expect(origins(200)).toMatch(/high since 2024-01-01: \d{4}-\d{2}-\d{2}/);
  });

  it('does not look for the 52-week low beyond one year', () => {
    const closes = [50, ...Array.from({ length: 500 }, () => 100)];
    const { supports } = computeLevels(barsOf(closes), 100.5);
    expect(supports.map((level) => level.price)).not.toContain(49);
    expect(supports[0]?.price).toBe(100);
  });

  it('leaves the running session out of "previous session" when told which day it is', () => {
    const bars = barsOf([...zigzag(30), 103]);
    const lastDate = bars.at(-1)?.date ?? '';
    const text = (today?: string): string => JSON.stringify(computeLevels(bars, 103, today));
    expect(text()).toContain(`previous session high ${lastDate}`);
    expect(text(lastDate)).not.toContain(`previous session high ${lastDate}`);
    expect(text(lastDate)).toContain(`previous session low ${bars.at(-2)?.date ?? ''}`);
  });

  it('falls back to pivots at an all-time high, with their formula and session said', () => {
    const rising = barsOf(Array.from({ length: 260 }, (_, index) => 100 + index));
    rising.push({ date: '2025-10-30', open: 683.9, high: 685.94, low: 679.83, close: 685.9, volume: 1 });
    const pivot = (685.94 + 679.83 + 685.9) / 3;
    const { resistances } = computeLevels(rising, 685.94);
    expect(resistances).toEqual([
      { price: roundPrice(2 * pivot - 679.83), origin: 'pivot R1 of 2025-10-30' },
      { price: roundPrice(pivot + 6.11), origin: 'pivot R2 of 2025-10-30' },
    ]);
  });

  it('falls back to pivots at a low likewise', () => {
    const falling = barsOf(Array.from({ length: 260 }, (_, index) => 400 - index));
    const last = falling.at(-1);
    if (last !== undefined) last.close = 140.5;
    const { supports } = computeLevels(falling, 140);
    expect(supports.map((level) => level.origin)).toEqual(['pivot S1 of 2024-09-16', 'pivot S2 of 2024-09-16']);
  });

  it('steps by the average true range where a gap leaves even the pivots behind', () => {
    const { resistances } = computeLevels(barsOf(Array.from({ length: 60 }, (_, index) => 100 + index)), 500);
    expect(resistances).toEqual([
      { price: 502, origin: 'spot + 1 ATR14' },
      { price: 504, origin: 'spot + 2 ATR14' },
    ]);
  });

  it('invents nothing: no bars, no levels; a price that never moved, no levels', () => {
    expect(computeLevels([], 100)).toEqual({ supports: [], resistances: [] });
    const still = barsOf(Array.from({ length: 60 }, () => 100)).map((bar) => ({ ...bar, high: 100, low: 100 }));
    expect(computeLevels(still, 100)).toEqual({ supports: [], resistances: [] });
  });

  it('joins origins that print as the same price', () => {
    const bars = barsOf([...zigzag(30)]);
    const { resistances } = computeLevels(bars, 100);
    const prices = resistances.map((level) => level.price.toFixed(2));
    expect(new Set(prices).size).toBe(prices.length);
    expect(resistances.some((level) => level.origin.includes(', '))).toBe(true);
  });
});

describe('levels of which near ones are one', () => {
  const share = 0.0015;
  const sidesOf = (bars: readonly Bar[], spot: number) => {
    const { supports, resistances } = computeLevels(bars, spot);
    return [supports, resistances];
  };
  const closes = fc.array(fc.integer({ min: 9_900, max: 10_100 }), { minLength: 30, maxLength: 260 });

  it('stand further apart than that on either side, nearest first', () => {
    fc.assert(
      fc.property(closes, fc.integer({ min: 9_850, max: 10_150 }), (cents, spot) => {
        for (const side of sidesOf(barsOf(cents.map((cent) => cent / 100)), spot / 100)) {
          const prices = side.map(({ price }) => price);
          for (const [index, price] of prices.entries())
            for (const other of prices.slice(index + 1))
              expect(Math.abs(price - other)).toBeGreaterThan(share * Math.min(price, other));
        }
      }),
    );
  });
});
