import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  averageVolumeSeries,
  gapPercentSeries,
  gapSeries,
  lastAverageVolume,
  lastStreak,
  rangePercent,
  rangePercentSeries,
  relativeVolume,
  relativeVolumeSeries,
  sessionVwapSeries,
  streakSeries,
} from '../../src/domain/session-figures.ts';
import { hasRealBars, realSeries, steadyBars, walkBars } from '../helpers/daily-bars.ts';

describe('a session beside the one before', () => {
  const [before, after] = steadyBars([200, 212]);
  const bars = [before!, { ...after!, open: 206, high: 215, low: 205 }];

  it('has a gap in dollars and percent and a range in percent of the close before', () => {
    expect(gapSeries(bars)).toEqual([6]);
    expect(gapPercentSeries(bars)[0]).toBeCloseTo(3, 12);
    expect(rangePercentSeries(bars)).toEqual([5]);
    expect(rangePercent(215, 205, 200)).toBe(5);
    expect(rangePercent(215, 205, 0)).toBeUndefined();
  });

  it('has none of them without a session before', () => {
    for (const seriesOf of [gapSeries, gapPercentSeries, rangePercentSeries]) {
      expect(seriesOf([])).toEqual([]);
      expect(seriesOf(bars.slice(0, 1))).toEqual([]);
    }
  });

  it.skipIf(!hasRealBars)('has them for every bar but the first of 30 real symbols', () => {
    for (const { bars: real } of realSeries(30)) {
      const gaps = gapSeries(real);
      const percents = gapPercentSeries(real);
      const ranges = rangePercentSeries(real);
      expect([gaps.length, percents.length, ranges.length]).toEqual(Array(3).fill(real.length - 1));
      const worst = real.slice(1).reduce((max, day, index) => {
        const base = real[index]!.close;
        return Math.max(
          max,
          Math.abs(gaps[index]! - (day.open - base)),
          Math.abs(percents[index]! - (100 * (day.open - base)) / base),
          Math.abs(ranges[index]! - (100 * (day.high - day.low)) / base),
        );
      }, 0);
      expect(worst).toBeLessThan(1e-9);
    }
  });
});

describe('a streak', () => {
  it('counts closes up as positive and down as negative, and an unchanged one as 0', () => {
    expect(streakSeries([10, 11, 12, 11, 10, 9, 9, 9, 10, 9])).toEqual([1, 2, -1, -2, -3, 0, 0, 1, -1]);
    expect(lastStreak([10, 11, 12])).toBe(2);
    expect(lastStreak([10])).toBeUndefined();
    expect(streakSeries([])).toEqual([]);
  });

  it('says of every bar how many closes back the direction last was another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 40 }), (closes) => {
        for (const [index, streak] of streakSeries(closes).entries()) {
          const at = index + 1;
          const direction = (day: number): number => Math.sign((closes[day] ?? NaN) - (closes[day - 1] ?? NaN));
          const days = Array.from({ length: at }, (_, back) => direction(at - back));
          const firstOther = days.findIndex((each) => each !== days[0]);
          expect(streak).toBe((days[0] ?? NaN) * (firstOther === -1 ? days.length : firstOther));
        }
      }),
    );
  });
});

describe('volume against its average', () => {
  const bars = steadyBars([1, 2, 3, 4, 5]).map((bar, index) => ({ ...bar, volume: [10, 20, 30, 40, 500][index] ?? 0 }));
  const today = bars.at(-1)?.date ?? '';

  it('counts a finished session itself', () => {
    expect(averageVolumeSeries(bars, 2)).toEqual([15, 25, 35, 270]);
    expect(lastAverageVolume(bars, 2)).toBe(270);
    expect(relativeVolumeSeries(bars, 2).at(-1)).toBeCloseTo(500 / 270, 12);
  });

  it('leaves a session still running out of the average that it is held against', () => {
    expect(averageVolumeSeries(bars, 2, today)).toEqual([15, 25, 35, 35]);
    expect(lastAverageVolume(bars, 4, today)).toBe(25);
    expect(relativeVolumeSeries(bars, 4, today)).toEqual([40 / 25, 20]);
  });

  it('is absent without enough finished sessions, and where nothing was traded', () => {
    expect(averageVolumeSeries(bars, 6)).toEqual([]);
    expect(lastAverageVolume(bars, 5)).toBe(120);
    expect(lastAverageVolume(bars, 5, today)).toBeUndefined();
    expect(relativeVolume(100, undefined)).toBeUndefined();
    expect(relativeVolume(100, 0)).toBeUndefined();
    const untraded = bars.map((bar) => ({ ...bar, volume: 0 }));
    expect(relativeVolumeSeries(untraded, 2)).toEqual(Array(4).fill(undefined));
  });
});

describe('the volume-weighted average price of a session', () => {
  it('weighs typical prices by volume and leaves out what comes before the first trade', () => {
    const bars = [
      { high: 50, low: 50, close: 50, volume: 0 },
      { high: 11, low: 9, close: 10, volume: 100 },
      { high: 14, low: 10, close: 12, volume: 300 },
      { high: 90, low: 90, close: 90, volume: 0 },
    ];
    expect(sessionVwapSeries(bars)).toEqual([10, 11.5, 11.5]);
    expect(sessionVwapSeries([])).toEqual([]);
    expect(sessionVwapSeries(bars.slice(0, 1))).toEqual([]);
  });

  it('stays within the prices traded so far', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const bars = walkBars(seed, 78);
      const isWithin = sessionVwapSeries(bars).map((vwap, index) => {
        const soFar = bars.slice(0, index + 1);
        return vwap >= Math.min(...soFar.map(({ low }) => low)) && vwap <= Math.max(...soFar.map(({ high }) => high));
      });
      expect(isWithin).toEqual(Array(78).fill(true));
    }
  });
});
