import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  aggregateBars,
  computeChange,
  findGaps,
  isGap,
  isValidBar,
  roundPercent,
  roundPrice,
  sliceBars,
  summariseBars,
} from '../../src/domain/bar-series.ts';
import { tradingDaysBetween } from '../../src/domain/calendar.ts';
import type { Bar } from '../../src/domain/types.ts';

const spy24: Bar = { date: '2025-10-24', open: 676.46, high: 678.47, low: 675.65, close: 677.25, volume: 74_356_500 };
const spy29: Bar = { date: '2025-10-29', open: 688.72, high: 689.7, low: 682.87, close: 687.39, volume: 85_657_100 };
const spy30: Bar = { date: '2025-10-30', open: 683.9, high: 685.94, low: 679.83, close: 679.83, volume: 76_335_800 };
const nvda29: Bar = { date: '2025-10-29', open: 207.98, high: 212.19, low: 204.78, close: 207.04, volume: 308_829_600 };

const flatBar = (date: string, close: number, volume = 100): Bar => ({
  date,
  open: close,
  high: close + 1,
  low: close - 1,
  close,
  volume,
});

/** Ascending bars on consecutive calendar days from a Thursday on. */
const series = fc
  .array(fc.double({ min: 2, max: 900, noNaN: true }), { minLength: 1, maxLength: 80, size: 'max' })
  .map((closes) =>
    closes.map((close, index) =>
      flatBar(new Date(Date.UTC(2025, 0, 2) + index * 86_400_000).toISOString().slice(0, 10), close),
    ),
  );

describe('rounding', () => {
  it('prints 3.83 in JSON for 308.82 − 304.99', () => {
    expect(JSON.stringify(computeChange(308.82, 304.99))).toBe('{"change":3.83,"changePercent":1.2558}');
  });

  it('keeps six decimals below a dollar, four above, digits of what is smaller, and never gives −0', () => {
    expect(roundPrice(0.000_001_4)).toBe(0.000_001_4);
    expect(roundPrice(0.000_041_234_56)).toBe(0.000_041_235);
    expect(roundPercent(0.000_123_45)).toBe(0.000_123);
    expect(roundPrice(0.123_456_78)).toBe(0.123_457);
    expect(roundPrice(1234.567_89)).toBe(1234.5679);
    expect(Object.is(roundPrice(-1e-12), 0)).toBe(true);
    expect(roundPercent(-2.989_603_541_7)).toBe(-2.9896);
  });

  it('leaves a price with up to four decimals as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (ticks) => {
        expect(roundPrice(ticks / 10_000)).toBe(ticks / 10_000);
      }),
    );
  });
});

describe('isValidBar', () => {
  it('refuses prices that are zero, negative or not finite, negative volume, and a high under the low', () => {
    const broken: Partial<Bar>[] = [
      { open: 0 },
      { close: -1 },
      { high: Number.NaN },
      { low: Number.POSITIVE_INFINITY },
      { volume: -1 },
      { volume: Number.NaN },
      { high: 10, low: 10.01 },
    ];
    for (const change of broken) expect(isValidBar({ ...spy24, ...change }), JSON.stringify(change)).toBe(false);
  });

  it('lets a close outside high and low and a session without volume through', () => {
    expect(isValidBar({ ...spy24, close: 679 })).toBe(true);
    expect(isValidBar({ ...spy24, volume: 0 })).toBe(true);
  });
});

describe('sliceBars', () => {
  it('takes both dates in and agrees with a plain filter', () => {
    expect(sliceBars([spy24, spy29, spy30], '2025-10-24', '2025-10-29')).toEqual([spy24, spy29]);
    expect(sliceBars([spy24, spy29, spy30], '2025-10-25', '2025-10-28')).toEqual([]);
    fc.assert(
      fc.property(series, fc.nat(100), fc.nat(100), (bars, a, b) => {
        const from = new Date(Date.UTC(2024, 11, 20) + a * 86_400_000).toISOString().slice(0, 10);
        const to = new Date(Date.UTC(2024, 11, 20) + b * 86_400_000).toISOString().slice(0, 10);
        expect(sliceBars(bars, from, to)).toEqual(bars.filter((bar) => bar.date >= from && bar.date <= to));
      }),
    );
  });
});

describe('findGaps', () => {
  it('finds what a look at each pair of neighbors finds, in sessions with any holes', () => {
    const sessions = tradingDaysBetween('2021-11-01', '2026-11-20');
    const holes = fc.array(fc.tuple(fc.nat(sessions.length), fc.integer({ min: 1, max: 25 })), { maxLength: 5 });
    fc.assert(
      fc.property(holes, (cuts) => {
        const bars = sessions
          .filter((_, index) => !cuts.some(([start, length]) => index >= start && index < start + length))
          .map((date) => flatBar(date, 10));
        const pairs = bars.slice(1).map(({ date }, index) => ({ after: bars[index]?.date ?? '', before: date }));
        expect(findGaps(bars)).toEqual(pairs.filter(({ after, before }) => isGap(after, before)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('aggregateBars', () => {
  it('dates a week with its Monday, also where Monday had no session and where the week spans two years', () => {
    const bars = [
      flatBar('2024-12-31', 10),
      flatBar('2025-01-02', 12),
      flatBar('2025-01-03', 11),
      flatBar('2025-01-07', 20),
    ];
    expect(aggregateBars(bars, 'week').map((bar) => bar.date)).toEqual(['2024-12-30', '2025-01-06']);
    expect(aggregateBars(bars, 'week')[0]).toEqual({
      date: '2024-12-30',
      open: 10,
      high: 13,
      low: 9,
      close: 11,
      volume: 300,
    });
  });

  it('dates a quarter and a year with their first day', () => {
    const bars = [flatBar('2025-03-31', 10), flatBar('2025-04-01', 11), flatBar('2026-01-02', 12)];
    const dates = (interval: 'quarter' | 'year'): string[] => aggregateBars(bars, interval).map(({ date }) => date);
    expect(dates('quarter')).toEqual(['2025-01-01', '2025-04-01', '2026-01-01']);
    expect(dates('year')).toEqual(['2025-01-01', '2026-01-01']);
  });

  it('dates a month with its first day and keeps months of different years apart', () => {
    const bars = [flatBar('2024-02-28', 10), flatBar('2024-02-29', 11), flatBar('2025-02-03', 12)];
    expect(aggregateBars(bars, 'month').map((bar) => [bar.date, bar.open, bar.close])).toEqual([
      ['2024-02-01', 10, 11],
      ['2025-02-01', 12, 12],
    ]);
  });

  it('weighs vwap by volume and leaves it out where one session lacks it', () => {
    const first = { ...flatBar('2025-10-27', 10, 100), vwap: 10.1 };
    const second = { ...flatBar('2025-10-28', 11, 300), vwap: 11.3 };
    expect(aggregateBars([first, second], 'week')[0]?.vwap).toBe(11);
    expect(aggregateBars([first, flatBar('2025-10-28', 11)], 'week')[0]).not.toHaveProperty('vwap');
  });

  it('loses neither volume nor extremes', () => {
    fc.assert(
      fc.property(series, fc.constantFrom('week' as const, 'month' as const), (bars, interval) => {
        const merged = aggregateBars(bars, interval);
        expect(merged.reduce((sum, bar) => sum + bar.volume, 0)).toBe(bars.length * 100);
        expect(Math.max(...merged.map((bar) => bar.high))).toBe(Math.max(...bars.map((bar) => bar.high)));
        expect(merged[0]?.open).toBe(bars[0]?.open);
        expect(merged.at(-1)?.close).toBe(bars.at(-1)?.close);
        expect(merged.map((bar) => bar.date)).toEqual([...new Set(merged.map((bar) => bar.date))].sort());
      }),
    );
  });

  it('gives nothing for no bars', () => {
    expect(aggregateBars([], 'week')).toEqual([]);
  });
});

describe('summariseBars', () => {
  it("measures a day's change vs. prior close it (SPY and NVDA of 2025-10-29)", () => {
    expect(summariseBars([spy29], { ...spy24, date: '2025-10-28', close: 687.06 })).toEqual({
      first: 687.39,
      last: 687.39,
      change: 0.33,
      changePercent: 0.048,
      high: 689.7,
      low: 682.87,
      bars: 1,
      basis: 'previous_close',
    });
    const nvda = summariseBars([nvda29], { ...nvda29, date: '2025-10-28', close: 201.03 });
    expect(nvda).toMatchObject({ change: 6.01, changePercent: 2.9896 });
  });

  it('falls back to the first open without a bar before the range, and says so', () => {
    expect(summariseBars([spy29, spy30])).toMatchObject({
      first: 687.39,
      last: 679.83,
      change: -8.89,
      high: 689.7,
      low: 679.83,
      bars: 2,
      basis: 'first_open',
    });
  });

  it('refuses a range without bars', () => {
    expect(() => summariseBars([], spy24)).toThrow(RangeError);
  });
});
