import { describe, expect, it } from 'vitest';
import {
  garmanKlassSeries,
  lastVolatility,
  parkinsonSeries,
  realisedVolatility,
  realisedVolatilitySeries,
  rogersSatchellSeries,
  yangZhangSeries,
} from '../../src/domain/volatility.ts';
import type { VolatilityEstimator } from '../../src/domain/volatility.ts';
import type { Bar } from '../../src/domain/types.ts';
import { dateOf, hasRealBars, realSeries, steadyBars, walkBars } from '../helpers/daily-bars.ts';
import { expectSameSeries } from '../helpers/talib.ts';
import { createRandom } from '../helpers/random.ts';

const closeToClose: VolatilityEstimator = (bars, sessions) =>
  realisedVolatilitySeries(
    bars.map(({ close }) => close),
    sessions,
  );

/** Written apart from the source: ratios of prices, one window at a time, sums of squares less the squared sum. */
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const sampleVariance = (values: number[]): number =>
  (sum(values.map((value) => value * value)) - sum(values) ** 2 / values.length) / (values.length - 1);
const ratios = (days: Bar[], ratioOf: (day: Bar, before: Bar) => number): number[] =>
  days.slice(1).map((day, index) => Math.log(ratioOf(day, days[index]!)));
const widened = (bar: Bar): Bar => ({
  ...bar,
  high: Math.max(bar.high, bar.open, bar.close),
  low: Math.min(bar.low, bar.open, bar.close),
});
const rogersSatchell = (days: Bar[]): number =>
  sum(
    days.map(
      ({ open, high, low, close }) =>
        Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open),
    ),
  ) / days.length;

/** Daily variance of the bars of one window; those that look back have one bar more. */
const REFERENCES: { name: string; estimator: VolatilityEstimator; extra: 0 | 1; variance(days: Bar[]): number }[] = [
  {
    name: 'close to close',
    estimator: closeToClose,
    extra: 1,
    variance: (days) => sampleVariance(ratios(days, (day, before) => day.close / before.close)),
  },
  {
    name: 'Parkinson',
    estimator: parkinsonSeries,
    extra: 0,
    variance: (days) => sum(days.map(({ high, low }) => Math.log(high / low) ** 2)) / (4 * Math.log(2) * days.length),
  },
  {
    name: 'Garman-Klass',
    estimator: garmanKlassSeries,
    extra: 0,
    variance: (days) =>
      sum(
        days.map(
          ({ open, high, low, close }) =>
            0.5 * Math.log(high / low) ** 2 - (2 * Math.log(2) - 1) * Math.log(close / open) ** 2,
        ),
      ) / days.length,
  },
  { name: 'Rogers-Satchell', estimator: rogersSatchellSeries, extra: 0, variance: rogersSatchell },
  {
    name: 'Yang-Zhang',
    estimator: yangZhangSeries,
    extra: 1,
    variance: (days) => {
      const count = days.length - 1;
      const k = 0.34 / (1.34 + (count + 1) / (count - 1));
      const overnight = sampleVariance(ratios(days, (day, before) => day.open / before.close));
      const inside = sampleVariance(ratios(days, (day) => day.close / day.open));
      return overnight + k * inside + (1 - k) * rogersSatchell(days.slice(1));
    },
  },
];

function compareAll(bars: Bar[], name: string): void {
  for (const { name: method, estimator, extra, variance } of REFERENCES) {
    for (const sessions of [2, 10, 30, 252]) {
      const needed = sessions + extra;
      const expected: number[] = [];
      for (let end = needed; end <= bars.length; end += 1) {
        expected.push(Math.sqrt(252 * variance(bars.slice(end - needed, end).map(widened))));
      }
      const actual = estimator(bars, sessions);
      const what = `${name} ${method} ${sessions}`;
      // Sums of squares less the squared sum lose half of the digits.
      expectSameSeries(actual, expected, 1, what, 1e-7);
      expect(lastVolatility(estimator, bars, sessions), what).toBe(actual.at(-1));
    }
  }
}

describe('every estimator of realized volatility', () => {
  it('agrees with its formula on seeded random walks', () => {
    for (const length of [1, 2, 3, 11, 30, 31, 300]) compareAll(walkBars(length, length), `walk of ${length}`);
  });

  it.skipIf(!hasRealBars)(
    'agrees with its formula on 30 real symbols, also where a close lies outside the range',
    () => {
      const series = realSeries(30);
      for (const { symbol, bars } of series) compareAll(bars, symbol);
    },
  );

  it('takes a range as at least from open to close, so that no variance is negative', () => {
    const bars = walkBars(3, 30).map((bar, index) =>
      index % 2 === 0 ? { ...bar, high: bar.low, close: bar.low * 1.1 } : bar,
    );
    for (const { estimator } of REFERENCES) {
      expect(estimator(bars, 2).every((figure) => Number.isFinite(figure) && figure >= 0)).toBe(true);
    }
  });

  it('is 0 where nothing moves, and nothing for too few bars or a single session of a sample', () => {
    const flat = steadyBars(Array.from({ length: 12 }, () => 10.1));
    for (const { estimator, extra } of REFERENCES) {
      expect(lastVolatility(estimator, flat, 10)).toBeCloseTo(0, 12);
      expect(estimator(flat.slice(0, 9 + extra), 10)).toEqual([]);
      expect(estimator([], 10)).toEqual([]);
    }
    expect(closeToClose(flat, 1)).toEqual([]);
    expect(yangZhangSeries(flat, 1)).toEqual([]);
    expect(realisedVolatility([1, 2], 1)).toBeUndefined();
  });

  it('scales with nothing: prices of another unit have the same volatility', () => {
    const bars = walkBars(8, 60);
    const scaled = bars.map((bar) => ({
      ...bar,
      open: bar.open * 1e4,
      high: bar.high * 1e4,
      low: bar.low * 1e4,
      close: bar.close * 1e4,
    }));
    for (const { estimator } of REFERENCES) {
      expectSameSeries(estimator(scaled, 20), estimator(bars, 20), 1, 'scaled', 1e-10);
    }
  });
});

describe('on prices made with a known volatility', () => {
  /** Half of the sessions' variance comes overnight, the rest in steps through the day. */
  function simulate(volatility: number, overnightPart: number, driftADay: number): Bar[] {
    const { next } = createRandom(77);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const daily = volatility / Math.sqrt(252);
    const steps = 400;
    let log = Math.log(100);
    return Array.from({ length: 1500 }, (_, index) => {
      log += daily * Math.sqrt(overnightPart) * normal();
      const open = log;
      let [high, low] = [log, log];
      for (let step = 0; step < steps; step += 1) {
        log += driftADay / steps + daily * Math.sqrt((1 - overnightPart) / steps) * normal();
        high = Math.max(high, log);
        low = Math.min(low, log);
      }
      const [o, h, l, c] = [open, high, low, log].map(Math.exp) as [number, number, number, number];
      return { date: dateOf(index), open: o, high: h, low: l, close: c, volume: 1 };
    });
  }

  it('all find it without gaps and drift; watching in steps costs the ranges some percent', () => {
    const bars = simulate(0.3, 0, 0);
    for (const { name, estimator } of REFERENCES) {
      const found = lastVolatility(estimator, bars, 1499) ?? NaN;
      expect(found / 0.3, name).toBeGreaterThan(0.92);
      expect(found / 0.3, name).toBeLessThan(1.05);
    }
  });

  it('those from the range miss what happens overnight, Yang-Zhang does not', () => {
    const bars = simulate(0.3, 0.5, 0);
    for (const { name, estimator } of REFERENCES) {
      const found = (lastVolatility(estimator, bars, 1499) ?? NaN) / 0.3;
      if (name === 'close to close' || name === 'Yang-Zhang') expect(Math.abs(found - 1), name).toBeLessThan(0.06);
      else expect(Math.abs(found - Math.SQRT1_2), name).toBeLessThan(0.06);
    }
  });

  it('a drift inflates Parkinson, not Rogers-Satchell', () => {
    const bars = simulate(0.2, 0, 0.02);
    expect(lastVolatility(parkinsonSeries, bars, 1499)).toBeGreaterThan(0.25);
    expect((lastVolatility(rogersSatchellSeries, bars, 1499) ?? NaN) / 0.2).toBeCloseTo(1, 0);
    expect(lastVolatility(rogersSatchellSeries, bars, 1499)).toBeLessThan(0.21);
  });
});
