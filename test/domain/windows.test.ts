import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { highestSeries, lowestSeries, smaSeries, varianceSeries, wilderSeries } from '../../src/domain/windows.ts';

const values = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 60, size: 'max' });
const window = fc.integer({ min: 2, max: 12 });

/** Each window cut out and handed over: slow and plain. */
function windowsOf(series: readonly number[], length: number): number[][] {
  return series.flatMap((_, index) => (index + 1 < length ? [] : [series.slice(index + 1 - length, index + 1)]));
}

describe('a window over a series', () => {
  it('has the highest and the lowest of the values in it, whichever way they go', () => {
    fc.assert(
      fc.property(values, window, (series, length) => {
        const windows = windowsOf(series, length);
        expect(highestSeries(series, length)).toEqual(windows.map((each) => Math.max(...each)));
        expect(lowestSeries(series, length)).toEqual(windows.map((each) => Math.min(...each)));
      }),
    );
  });

  it('has the mean and the sample variance of the values in it', () => {
    fc.assert(
      fc.property(values, window, (series, length) => {
        const windows = windowsOf(series, length);
        const means = smaSeries(series, length);
        const variances = varianceSeries(series, length);
        expect([means.length, variances.length]).toEqual([windows.length, windows.length]);
        for (const [index, each] of windows.entries()) {
          const mean = each.reduce((sum, value) => sum + value, 0) / length;
          // Σ (x − y)² over all pairs is n (n − 1) times twice the sample variance.
          const pairs = each.flatMap((x) => each.map((y) => (x - y) ** 2)).reduce((sum, value) => sum + value, 0);
          expect(means[index]).toBeCloseTo(mean, 12);
          expect(variances[index]).toBeCloseTo(pairs / (2 * length * (length - 1)), 9);
        }
      }),
    );
  });

  it('gives nothing where the series is shorter, and no variance of a single value', () => {
    for (const seriesOf of [highestSeries, lowestSeries, smaSeries, varianceSeries, wilderSeries]) {
      expect(seriesOf([], 2)).toEqual([]);
      expect(seriesOf([1, 2, 3], 4)).toEqual([]);
      expect(seriesOf([1, 2, 3], 3)).toHaveLength(1);
    }
    expect(varianceSeries([1, 2, 3], 1)).toEqual([]);
  });
});
