import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { dayAt, newestOf } from '../../src/domain/bar-columns.ts';
import { findGaps } from '../../src/domain/bar-series.ts';
import type { Bar } from '../../src/domain/types.ts';
import { barsOf, createRecord } from '../../src/market/series-record.ts';
import { walkBars } from '../helpers/daily-bars.ts';

/** Some with a vwap and some without. */
const BARS: Bar[] = walkBars(7, 60).map((bar, index) => (index % 3 === 0 ? { ...bar, vwap: bar.close } : bar));
const FRAME = { coveredFrom: '2000-01-01', lastFinished: '2099-12-31', runningDate: undefined, fetchedAt: 0 };
const index = fc.integer({ min: -70, max: 70 });

describe('bars held as columns', () => {
  it('are what an array of them is, whole or from a date on, with a running bar or without', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 0, max: BARS.length }),
          from: fc.option(fc.constantFrom(...BARS.map(({ date }) => date)), { nil: undefined }),
          isRunning: fc.boolean(),
          start: index,
          end: fc.option(index, { nil: undefined }),
          newest: fc.integer({ min: 1, max: 70 }),
        }),
        ({ count, from, isRunning, start, end, newest }) => {
          const finished = BARS.slice(0, count);
          const before =
            from === undefined
              ? 0
              : Math.max(
                  0,
                  finished.findLastIndex(({ date }) => date < from),
                );
          const running: Bar = { ...(BARS.at(-1) as Bar), date: '2098-01-02' };
          const expected = [...finished.slice(before), ...(isRunning ? [running] : [])];

          const kept = createRecord(finished, FRAME);
          const bars = isRunning ? barsOf(kept, from).followedBy(running) : barsOf(kept, from);

          expect(bars).toHaveLength(expected.length);
          expect(bars.slice(start, end)).toEqual(expected.slice(start, end));
          expect(bars.at(start)).toEqual(expected.at(start));
          expect(dayAt(bars, Math.abs(start))).toBe(dayAt(expected, Math.abs(start)));
          expect(newestOf(bars, newest).slice()).toEqual(newestOf(expected, newest).slice());
          expect(Array.from(newestOf(bars, newest).column?.('high') ?? [])).toEqual(
            expected.slice(-newest).map(({ high }) => high),
          );
          expect(findGaps(bars)).toEqual(findGaps(expected));
        },
      ),
    );
  });
});
