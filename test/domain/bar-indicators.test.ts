import { beforeAll, describe, expect, it } from 'vitest';
import type * as TaLib from 'talib-web';
import { adxSeries, lastStochastic, obvSeries, stochasticSeries } from '../../src/domain/bar-indicators.ts';
import { highestSeries, lowestSeries } from '../../src/domain/windows.ts';
import type { Bar } from '../../src/domain/types.ts';
import { hasRealBars, realSeries, steadyBars, walkBars } from '../helpers/daily-bars.ts';
import { expectSameSeries, loadTaLib, validOutput } from '../helpers/talib.ts';

describe('against TA-Lib', () => {
  let talib: typeof TaLib;

  beforeAll(async () => {
    talib = await loadTaLib();
  });

  function compareAll(bars: Bar[], name: string): void {
    const ranges = {
      high: bars.map((bar) => bar.high),
      low: bars.map((bar) => bar.low),
      close: bars.map((bar) => bar.close),
    };
    compareStochastic(bars, ranges, name);
    const count = bars.length;
    const scale = Math.max(...ranges.high);
    for (const timePeriod of [2, 5, 14, 40, 100]) {
      const adx = validOutput(talib.ADX({ ...ranges, timePeriod }).output, count, 2 * timePeriod - 1);
      expectSameSeries(adxSeries(bars, timePeriod), adx, 100, `${name} ADX${timePeriod}`);
      const highest = validOutput(talib.MAX({ inReal: ranges.high, timePeriod }).output, count, timePeriod - 1);
      expectSameSeries(highestSeries(ranges.high, timePeriod), highest, scale, `${name} highest ${timePeriod}`);
      const lowest = validOutput(talib.MIN({ inReal: ranges.low, timePeriod }).output, count, timePeriod - 1);
      expectSameSeries(lowestSeries(ranges.low, timePeriod), lowest, scale, `${name} lowest ${timePeriod}`);
    }
  }

  function compareStochastic(
    bars: Bar[],
    ranges: { high: number[]; low: number[]; close: number[] },
    name: string,
  ): void {
    for (const [window, slowing, signal] of [
      [14, 3, 3],
      [5, 3, 3],
      [9, 2, 4],
    ] as const) {
      const lookback = window + slowing + signal - 3;
      // talib-web's STOCH gives zeros. By definition its slow %K is the %D of the fast stochastic, its %D the average.
      const { fastD } = talib.STOCHF({ ...ranges, fastK_Period: window, fastD_Period: slowing });
      const slowK = validOutput(fastD, bars.length, lookback - signal + 1);
      const k = slowK.slice(signal - 1);
      const d =
        k.length === 0
          ? []
          : validOutput(talib.SMA({ inReal: slowK, timePeriod: signal }).output, slowK.length, signal - 1);
      const actual = stochasticSeries(bars, window, slowing, signal);
      const what = `${name} stochastic ${window} ${slowing} ${signal}`;
      expectSameSeries(
        actual.map((each) => each.k),
        k,
        100,
        `${what} %K`,
      );
      expectSameSeries(
        actual.map((each) => each.d),
        d,
        100,
        `${what} %D`,
      );
      expect(lastStochastic(bars, window, slowing, signal), what).toEqual(actual.at(-1));
    }
  }

  it('agrees to ten digits on seeded random walks of every critical length', () => {
    for (const length of [2, 3, 4, 5, 17, 18, 19, 27, 28, 29, 79, 80, 200, 1000]) {
      compareAll(walkBars(length * 7 + 1, length), `walk of ${length}`);
    }
  });

  it('agrees on prices of a millionth of a dollar and of a million dollars', () => {
    compareAll(walkBars(3, 300, 1e-6), 'tiny');
    compareAll(walkBars(4, 300, 1e6), 'huge');
  });

  it('agrees where nothing moves, where all goes one way, and where a walk stands still in the middle', () => {
    const index = Array.from({ length: 150 }, (_, each) => each);
    compareAll(steadyBars(index.map(() => 25)), 'flat');
    compareAll(steadyBars(index.map((each) => 25 + each)), 'rising');
    compareAll(steadyBars(index.map((each) => 400 - each)), 'falling');
    const walk = walkBars(9, 120);
    const pause = steadyBars(index.slice(0, 60).map(() => walk.at(59)?.close ?? 0));
    compareAll([...walk.slice(0, 60), ...pause, ...walk.slice(60)], 'pausing');
  });

  it.skipIf(!hasRealBars)('agrees on 30 real symbols of 2019, complete or not', () => {
    const series = realSeries(30);
    expect(series).toHaveLength(30);
    for (const { symbol, bars } of series) compareAll(bars, symbol);
  });
});

describe('on-balance volume against TA-Lib', () => {
  async function compare(bars: Bar[], name: string): Promise<void> {
    const talib = await loadTaLib();
    const output = talib.OBV({
      inReal: bars.map(({ close }) => close),
      volume: bars.map(({ volume }) => volume),
    }).output;
    expect(obvSeries(bars), name).toEqual(validOutput(output, bars.length, 0));
  }

  it('agrees exactly on seeded random walks', async () => {
    for (const length of [2, 3, 50, 51, 400]) await compare(walkBars(length, length), `walk of ${length}`);
  });

  it.skipIf(!hasRealBars)('agrees exactly on 30 real symbols of 2019', async () => {
    // One after the other as one series: TA-Lib would have to be loaded anew for each.
    await compare(
      realSeries(30).flatMap(({ bars }) => bars),
      'real symbols',
    );
  });
});

describe('indicators of whole bars', () => {
  it('give nothing for too few bars, and their first figure at the bar that completes them', () => {
    const bars = walkBars(5, 40);
    expect(stochasticSeries(bars.slice(0, 17))).toEqual([]);
    expect(lastStochastic(bars.slice(0, 17))).toBeUndefined();
    expect(stochasticSeries(bars.slice(0, 18))).toHaveLength(1);
    expect(adxSeries(bars.slice(0, 27))).toEqual([]);
    expect(adxSeries(bars.slice(0, 28))).toHaveLength(1);
    expect(obvSeries([])).toEqual([]);
    expect(obvSeries(bars.slice(0, 1))).toEqual([bars[0]?.volume]);
  });

  it('stay within 0 and 100', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const bars = walkBars(seed, 120);
      const figures = [...adxSeries(bars, 7), ...stochasticSeries(bars).flatMap(({ k, d }) => [k, d])];
      expect(Math.min(...figures)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(...figures)).toBeLessThanOrEqual(100 + 1e-9);
    }
  });

  it('put a trend without a step back at an ADX of 100 and a close at the high at a stochastic of 100', () => {
    const rising = steadyBars(Array.from({ length: 60 }, (_, index) => 50 + index));
    expect(adxSeries(rising).at(-1)).toBeCloseTo(100, 10);
    expect(lastStochastic(rising)).toEqual({ k: 100, d: 100 });
  });

  it('add the volume of rising closes to the balance and take that of falling ones away', () => {
    const bars = steadyBars([10, 11, 11, 10, 12]).map((bar, index) => ({ ...bar, volume: 100 * 2 ** index }));
    expect(obvSeries(bars)).toEqual([100, 300, 300, -500, 1100]);
  });
});
