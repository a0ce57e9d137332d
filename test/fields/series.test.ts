// Fields of a daily series against the domain's own functions, which are held against TA-Lib in test/domain.
import { describe, expect, it } from 'vitest';
import { adxSeries, obvSeries, stochasticSeries } from '../../src/domain/bar-indicators.ts';
import {
  atrPercentSeries,
  atrSeries,
  bollingerSeries,
  closesOf,
  rateOfChangeSeries,
} from '../../src/domain/indicators.ts';
import { streakSeries } from '../../src/domain/session-figures.ts';
import type { Bar } from '../../src/domain/types.ts';
import { realisedVolatilitySeries, yangZhangSeries } from '../../src/domain/volatility.ts';
import { bindExpression } from '../../src/fields/bind.ts';
import { parseColumns, parseExpression } from '../../src/fields/expression.ts';
import { Missing } from '../../src/fields/field.ts';
import { createRow } from '../../src/fields/parts.ts';
import { expandPresets } from '../../src/fields/presets.ts';
import { findField, listFields, searchFields } from '../../src/fields/registry.ts';
import { barsOf, createRecord } from '../../src/market/series-record.ts';
import { hasRealBars, realSeries, steadyBars, walkBars } from '../helpers/daily-bars.ts';

type Series = (bars: readonly Bar[], window: number) => readonly (number | undefined)[];

/** Each with the windows to try. */
const DOMAIN: readonly [name: string, windows: readonly number[], series: Series][] = [
  ['atr', [14, 2, 50], atrSeries],
  ['atrPercent', [14, 2, 50], atrPercentSeries],
  ['bbUpper', [20, 2, 100], (bars, window) => bollingerSeries(closesOf(bars), window).map(({ upper }) => upper)],
  ['bbLower', [20, 2, 100], (bars, window) => bollingerSeries(closesOf(bars), window).map(({ lower }) => lower)],
  ['bbPercent', [20, 2, 100], (bars, window) => bollingerSeries(closesOf(bars), window).map(({ percent }) => percent)],
  [
    'bbWidth',
    [20, 2, 100],
    (bars, window) =>
      bollingerSeries(closesOf(bars), window).map(({ upper, middle, lower }) => ((upper - lower) / middle) * 100),
  ],
  ['stochK', [0], (bars) => stochasticSeries(bars, 14, 3, 3).map(({ k }) => k)],
  ['stochD', [0], (bars) => stochasticSeries(bars, 14, 3, 3).map(({ d }) => d)],
  ['adx', [14, 2, 50], adxSeries],
  ['obv', [0], obvSeries],
  ['roc', [10, 20, 2, 252], (bars, window) => rateOfChangeSeries(closesOf(bars), window)],
  ['streak', [0], (bars) => streakSeries(closesOf(bars))],
  ['hv', [20, 10, 30, 60, 252, 2], (bars, window) => realisedVolatilitySeries(closesOf(bars), window)],
  ['yangZhang', [30, 20, 2], yangZhangSeries],
];

const all: { symbol: string; bars: Bar[] }[] = [
  ...[1, 2, 3, 4].map((seed) => ({ symbol: `walk ${seed}`, bars: walkBars(seed, 90 * seed) })),
  ...(hasRealBars ? realSeries(30) : []),
];

const FRAME = { coveredFrom: '2000-01-01', lastFinished: '2099-12-31', runningDate: undefined, fetchedAt: 0 };

function fieldOf(name: string, window: number): NonNullable<ReturnType<typeof findField>> {
  const field = findField(window === 0 ? name : `${name}${window}`);
  if (field === undefined) throw new Error(`${name}${window} is no field`);
  return field;
}

describe('fields of a series', () => {
  it('are no volume where no session has one, as of an index', () => {
    const bars = walkBars(1, 40).map((bar) => ({ ...bar, volume: 0 }));
    const period = { bars: bars.slice(-5) };
    for (const text of ['obv', 'avg(volume, 5)', 'ago(volume, 1)', 'sum(dollarVolume, 5)']) {
      const bound = bindExpression(text, parseExpression(text));
      expect(bound.evaluate(createRow({ symbol: 'VIX', now: 0, bars }))).toBeInstanceOf(Missing);
    }
    const volume = bindExpression('volume', parseExpression('volume'));
    expect(volume.evaluate(createRow({ symbol: 'VIX', now: 0, bars, period }))).toBeInstanceOf(Missing);
  });

  it.each(DOMAIN)(
    '%s is the figure of the newest session, and every earlier one where it is looked back',
    (name, windows, series) => {
      for (const window of windows) {
        const field = fieldOf(name, window);
        for (const { symbol, bars } of all) {
          const expected = series(bars, window);
          const last = field.entry.read({ symbol, now: 0, bars }, field.window);
          const newest = expected.at(-1);
          if (newest === undefined) expect(last, `${field.name} of ${symbol}`).toBeUndefined();
          // The newest alone is computed from no more bars than it needs.
          else expect(last as number, `${field.name} of ${symbol}`).toBeCloseTo(newest, 8);
          expect(field.entry.series?.(bars, field.window)).toEqual(expected.map((value) => value ?? NaN));
        }
      }
    },
  );

  it('are the same of columns, with and without the running session, as of one bar after the other', () => {
    const fields = listFields().filter(({ of, entry }) => of === 'symbol' && entry.series !== undefined);
    expect(fields.length).toBeGreaterThan(40);
    for (const { symbol, bars } of all.slice(0, 6)) {
      const columns = barsOf(createRecord(bars, FRAME));
      const running = barsOf(createRecord(bars.slice(0, -1), FRAME)).followedBy(bars.at(-1) as Bar);
      for (const { name, entry, window } of fields) {
        const [read, series] = [entry.read({ symbol, now: 0, bars }, window), entry.series?.(bars, window)];
        for (const held of [columns, running]) {
          expect(entry.read({ symbol, now: 0, bars: held }, window), `${name} of ${symbol}`).toBe(read);
          expect(entry.series?.(held, window), `${name} of ${symbol}`).toEqual(series);
        }
      }
    }
  });

  it('are absent where there are too few bars, and where the bars leave nothing to measure', () => {
    const row = (bars: Bar[]): ReturnType<typeof createRow> => createRow({ symbol: 'X', now: 0, bars });
    const valueOf = (name: string, bars: Bar[]): unknown =>
      bindExpression(name, parseExpression(name)).evaluate(row(bars));
    for (const name of ['atrPercent14', 'bbUpper20', 'stochD', 'adx14', 'roc20', 'hv20', 'yangZhang30'])
      expect(valueOf(name, walkBars(5, 12)), name).toBeInstanceOf(Missing);
    const flat = steadyBars(Array.from({ length: 40 }, () => 25));
    for (const name of ['bbPercent20', 'avg(bbPercent20, 3)'])
      expect(valueOf(name, flat), name).toBeInstanceOf(Missing);
    expect(valueOf('streak', flat)).toBe(0);
  });

  it('are found by the words that traders use', () => {
    const found = (words: string): string[] => searchFields([words]).map(({ name }) => name);
    expect(found('upper bollinger band')).toContain('bbUpper20');
    expect(found('%b')).toContain('bbPercent20');
    expect(found('slow stochastic')).toContain('stochK');
    expect(found('average directional index')).toContain('adx14');
    expect(found('on balance volume')).toContain('obv');
    expect(found('rate of change')).toContain('roc10');
    expect(found('closes in a row')).toContain('streak');
    expect(found('historical volatility 30')).toContain('hv30');
    expect(found('yang zhang')).toContain('yangZhang30');
  });

  it('have names of their own', () => {
    const names = listFields().map(({ of, name }) => `${of} ${name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('stand in the presets', () => {
    for (const preset of ['technical', 'volatility'])
      for (const { text, expression } of parseColumns(expandPresets(preset)))
        expect(() => bindExpression(text, expression), text).not.toThrow();
    expect(expandPresets('technical')).toMatch(/stochK, adx14, bbPercent20, atrPercent14/);
    expect(expandPresets('volatility')).toMatch(/hv20, hv60, yangZhang30/);
  });
});
