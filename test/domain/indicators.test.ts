import { beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type * as TaLib from 'talib-web';
import {
  atrPercentSeries,
  atrSeries,
  bollingerSeries,
  closesOf,
  emaSeries,
  isAboveAverage,
  lastAtr,
  lastBollinger,
  lastEma,
  lastMacd,
  lastSma,
  macdSeries,
  positionInRange,
  rateOfChange,
  rateOfChangeSeries,
  realisedVolatility,
  rsiSeries,
  smaSeries,
} from '../../src/domain/indicators.ts';
import type { Bar } from '../../src/domain/types.ts';
import { hasRealBars, realSeries } from '../helpers/daily-bars.ts';
import { expectSameSeries as expectSame, loadTaLib, validOutput as valid } from '../helpers/talib.ts';

const WINDOWS = [5, 10, 20, 50, 200] as const;

const barOf = (index: number, close: number, spread = 0.01): Bar => ({
  date: new Date(Date.UTC(2024, 0, 1) + index * 86_400_000).toISOString().slice(0, 10),
  open: close,
  high: close * (1 + spread),
  low: close * (1 - spread),
  close,
  volume: 1000,
});

/** Geometric random walk from a linear congruential generator: the same bars in every run. */
function syntheticBars(seed: number, length: number, start = 100): Bar[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let close = start;
  return Array.from({ length }, (_, index) => {
    close *= Math.exp((random() - 0.5) * 0.06);
    return barOf(index, close, 0.02 * random());
  });
}

describe('against TA-Lib', () => {
  let talib: typeof TaLib;

  beforeAll(async () => {
    talib = await loadTaLib();
  });

  function compareAll(bars: Bar[], name: string): void {
    const inReal = closesOf(bars);
    const count = inReal.length;
    const scale = Math.max(...inReal);
    for (const timePeriod of WINDOWS) {
      const lookback = timePeriod - 1;
      expectSame(
        smaSeries(inReal, timePeriod),
        valid(talib.SMA({ inReal, timePeriod }).output, count, lookback),
        scale,
        `${name} SMA${timePeriod}`,
      );
      expectSame(
        emaSeries(inReal, timePeriod),
        valid(talib.EMA({ inReal, timePeriod }).output, count, lookback),
        scale,
        `${name} EMA${timePeriod}`,
      );
    }
    expectSame(rsiSeries(inReal), valid(talib.RSI({ inReal, timePeriod: 14 }).output, count, 14), 100, `${name} RSI14`);
    const macd = talib.MACD({ inReal, fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 });
    const ours = macdSeries(inReal);
    expectSame(
      ours.map((point) => point.macd),
      valid(macd.MACD, count, 33),
      scale,
      `${name} MACD`,
    );
    expectSame(
      ours.map((point) => point.signal),
      valid(macd.MACDSignal, count, 33),
      scale,
      `${name} MACD signal`,
    );
    expectSame(
      ours.map((point) => point.histogram),
      valid(macd.MACDHist, count, 33),
      scale,
      `${name} MACD histogram`,
    );
    const ranges = { high: bars.map((bar) => bar.high), low: bars.map((bar) => bar.low), close: inReal };
    expectSame(
      atrSeries(bars),
      valid(talib.ATR({ ...ranges, timePeriod: 14 }).output, count, 14),
      scale,
      `${name} ATR14`,
    );
    compareRatios(bars, ranges, name);
    compareBollinger(inReal, name, scale);
  }

  function compareRatios(bars: Bar[], ranges: { high: number[]; low: number[]; close: number[] }, name: string): void {
    const { close } = ranges;
    for (const timePeriod of [1, 5, 14, 63]) {
      const roc = valid(talib.ROC({ inReal: close, timePeriod }).output, close.length, timePeriod);
      expectSame(rateOfChangeSeries(close, timePeriod), roc, 100, `${name} ROC${timePeriod}`);
    }
    for (const timePeriod of [2, 14, 40]) {
      const natr = valid(talib.NATR({ ...ranges, timePeriod }).output, close.length, timePeriod);
      const ours = atrPercentSeries(bars, timePeriod);
      expect(ours).toHaveLength(natr.length);
      // talib-web says 0 for the first NATR, whatever the range.
      expectSame(ours.slice(1), natr.slice(1), 100, `${name} ATR${timePeriod} in percent`);
    }
  }

  function compareBollinger(inReal: number[], name: string, scale: number): void {
    // TA-Lib takes a variance under 1e-14 for none, which hides the deviation of prices of a millionth of a dollar.
    if (scale < 1e-4) return;
    for (const timePeriod of [2, 20, 50]) {
      // Against VAR: talib-web's STDDEV takes the root of the first values alone, and its BBANDS leaves the others at 0.
      const variances = valid(talib.VAR({ inReal, timePeriod }).output, inReal.length, timePeriod - 1);
      const expected = variances.map((variance) => 2 * Math.sqrt(Math.max(variance, 0)));
      const ours = bollingerSeries(inReal, timePeriod);
      expect(ours.map(({ middle }) => middle)).toEqual(smaSeries(inReal, timePeriod));
      // TA-Lib's one-pass variance loses half of the digits.
      const what = `${name} Bollinger ${timePeriod}`;
      expectSame(
        ours.map(({ upper, middle }) => upper - middle),
        expected,
        scale,
        what,
        1e-6,
      );
      expectSame(
        ours.map(({ middle, lower }) => middle - lower),
        expected,
        scale,
        what,
        1e-6,
      );
      expect(lastBollinger(inReal, timePeriod)).toEqual(ours.at(-1));
    }
  }

  it('agrees to ten digits on seeded random walks of every critical length', () => {
    for (const length of [2, 14, 15, 25, 26, 33, 34, 35, 199, 200, 201, 1000]) {
      compareAll(syntheticBars(length * 7 + 1, length), `walk of ${length}`);
    }
  });

  it('agrees on prices of a millionth of a dollar and of a million dollars', () => {
    compareAll(syntheticBars(3, 300, 1e-6), 'tiny');
    compareAll(syntheticBars(4, 300, 1e6), 'huge');
  });

  it('agrees on flat and on one-way series', () => {
    compareAll(
      Array.from({ length: 300 }, (_, index) => barOf(index, 25)),
      'flat',
    );
    compareAll(
      Array.from({ length: 300 }, (_, index) => barOf(index, 25 + index)),
      'rising',
    );
    compareAll(
      Array.from({ length: 300 }, (_, index) => barOf(index, 400 - index)),
      'falling',
    );
  });

  it.skipIf(!hasRealBars)('agrees on 30 real symbols of 2019, complete or not', () => {
    const series = realSeries(30);
    expect(series).toHaveLength(30);
    expect(series.filter(({ bars }) => bars.length >= 250).length).toBeGreaterThan(22);
    for (const { symbol, bars } of series) compareAll(bars, symbol);
  });
});

describe('published values', () => {
  it("gives the RSI14 of StockCharts' worked example", () => {
    const closes = [
      44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328,
      45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439,
    ];
    expect(rsiSeries(closes).map((value) => Number(value.toFixed(2)))).toEqual([
      70.53, 66.32, 66.55, 69.41, 66.36, 57.97,
    ]);
  });

  it("gives the EMA10 of StockCharts' worked example", () => {
    const closes = [
      22.2734, 22.194, 22.0847, 22.1741, 22.184, 22.1344, 22.2337, 22.4323, 22.2436, 22.2933, 22.1542, 22.3926, 22.3816,
    ];
    expect(emaSeries(closes, 10).map((value) => Number(value.toFixed(2)))).toEqual([22.22, 22.21, 22.24, 22.27]);
  });
});

describe('single indicators', () => {
  const prices = fc.array(fc.double({ min: 0.0001, max: 500_000, noNaN: true }), {
    minLength: 1,
    maxLength: 120,
    size: 'max',
  });

  it('keep RSI within 0 and 100 and every average within the extremes', () => {
    fc.assert(
      fc.property(prices, (closes) => {
        for (const rsi of rsiSeries(closes)) {
          expect(rsi).toBeGreaterThanOrEqual(0);
          expect(rsi).toBeLessThanOrEqual(100);
        }
        const low = Math.min(...closes) * (1 - 1e-12);
        const high = Math.max(...closes) * (1 + 1e-12);
        for (const average of [...smaSeries(closes, 5), ...emaSeries(closes, 5)]) {
          expect(average).toBeGreaterThanOrEqual(low);
          expect(average).toBeLessThanOrEqual(high);
        }
      }),
    );
  });

  it('scale with the price: dollars by the factor, RSI and volatility not at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(1e-3, 10, 1e6), (seed, factor) => {
        const closes = closesOf(syntheticBars(seed, 60));
        const scaled = closes.map((close) => close * factor);
        expect((rsiSeries(scaled).at(-1) ?? NaN) / (rsiSeries(closes).at(-1) ?? NaN)).toBeCloseTo(1, 9);
        expect((lastEma(scaled, 20) ?? NaN) / factor).toBeCloseTo(lastEma(closes, 20) ?? NaN, 8);
        expect((lastMacd(scaled)?.macd ?? NaN) / factor).toBeCloseTo(lastMacd(closes)?.macd ?? NaN, 8);
        expect(realisedVolatility(scaled)).toBeCloseTo(realisedVolatility(closes) ?? NaN, 9);
      }),
    );
  });

  it('agree as last value and as series, and are absent together', () => {
    for (const length of [1, 13, 19, 20, 40]) {
      const closes = closesOf(syntheticBars(5, length));
      expect(lastSma(closes, 20)).toBe(smaSeries(closes, 20).at(-1));
      expect(lastEma(closes, 20)).toBe(emaSeries(closes, 20).at(-1));
      expect(lastMacd(closes)).toEqual(macdSeries(closes).at(-1));
    }
  });

  it('take RSI without a loss as 100 and without a gain as 0', () => {
    const rising = Array.from({ length: 20 }, (_, index) => 10 + index);
    expect(rsiSeries(rising).at(-1)).toBe(100);
    expect(rsiSeries(rising.toReversed()).at(-1)).toBe(0);
  });

  it('count a gap into the true range', () => {
    const bars = Array.from({ length: 15 }, (_, index) => ({ ...barOf(index, 100, 0), high: 101, low: 99 }));
    expect(lastAtr(bars)).toBe(2);
    const gapped = [...bars, { ...barOf(15, 110, 0), high: 111, low: 109 }];
    expect(lastAtr(gapped)).toBeCloseTo((2 * 13 + 11) / 14, 12);
    expect(lastAtr(bars.slice(1))).toBeUndefined();
  });

  it('annualise a daily ±1 % to its sample deviation × √252', () => {
    const closes = [100];
    for (let day = 0; day < 20; day += 1) closes.push((closes.at(-1) ?? 0) * Math.exp(day % 2 === 0 ? 0.01 : -0.01));
    expect(realisedVolatility(closes)).toBeCloseTo(0.01 * Math.sqrt(20 / 19) * Math.sqrt(252), 12);
    expect(realisedVolatility(closes.slice(1))).toBeUndefined();
    expect(realisedVolatility(Array.from({ length: 21 }, () => 5))).toBe(0);
  });

  it('put Bollinger bands two population deviations around the average', () => {
    const closes = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 9 : 11));
    expect(lastBollinger(closes)).toEqual({ upper: 12, middle: 10, lower: 8, percent: 75 });
    expect(lastBollinger(closes.slice(1))).toBeUndefined();
    expect(bollingerSeries(closes.slice(1))).toEqual([]);
  });

  it('put a close on the lower band at 0 percent and on the upper at 100, and none between bands without width', () => {
    fc.assert(
      fc.property(prices, (closes) => {
        for (const [index, { upper, middle, lower, percent }] of bollingerSeries(closes, 5).entries()) {
          const close = closes[index + 4] ?? NaN;
          if (percent === undefined) expect(upper - lower).toBe(0);
          else expect(Math.abs(lower + (percent / 100) * (upper - lower) - close) / middle).toBeLessThan(1e-9);
        }
      }),
    );
    expect(lastBollinger(Array.from({ length: 20 }, () => 10.1))).not.toHaveProperty('percent');
  });

  it('measure change, side of an average and place in a range, or say nothing', () => {
    expect(rateOfChange([100, 90, 105], 2)).toBeCloseTo(5, 12);
    expect(rateOfChange([100, 90], 2)).toBeUndefined();
    expect(rateOfChangeSeries([100, 90], 2)).toEqual([]);
    expect(rateOfChangeSeries([0, 90, 180], 1)).toEqual([undefined, 100]);
    expect(isAboveAverage(10, 9)).toBe(true);
    expect(isAboveAverage(10, 11)).toBe(false);
    expect(isAboveAverage(10, undefined)).toBeUndefined();
    expect(isAboveAverage(10, 10)).toBeUndefined();
    expect(positionInRange(15, 10, 20)).toBe(50);
    expect(positionInRange(10, 10, 10)).toBeUndefined();
  });
});
