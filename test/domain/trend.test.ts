import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { lastAtr, lastBollinger } from '../../src/domain/indicators.ts';
import { realisedVolatility } from '../../src/domain/volatility.ts';
import { computeIndicators } from '../../src/fields/indicators.ts';
import { writeSaid } from '../../src/render/said.ts';
import { describeTechnicals } from '../../src/domain/trend.ts';
import type { TechnicalStatement } from '../../src/domain/trend.ts';
import type { IndicatorData, IndicatorFigures } from '../../src/domain/answers.ts';
import type { Bar } from '../../src/domain/types.ts';

const dateAt = (index: number): string =>
  new Date(Date.UTC(2024, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);

const barsOf = (closes: readonly number[]): Bar[] =>
  closes.map((close, index) => ({
    date: dateAt(index),
    open: close,
    high: close + 1,
    low: close - 1,
    close,
    volume: 1,
  }));

const describeBars = (bars: readonly Bar[]): TechnicalStatement[] => describeTechnicals(bars, computeIndicators(bars));
const textsOf = (bars: readonly Bar[]): string =>
  describeBars(bars)
    .map(({ said }) => writeSaid(said).text)
    .join('\n');
const wave = (length: number): number[] => Array.from({ length }, (_, index) => 100 + 10 * Math.sin(index / 12));

const indicatorsOf = (change: Partial<IndicatorData>): IndicatorFigures => ({
  date: dateAt(0),
  close: 207.04,
  sma: {},
  ema: {},
  ...change,
});
const oneBar = barsOf([207.04]);
const textOf = (change: Partial<IndicatorData>): string =>
  describeTechnicals(oneBar, indicatorsOf(change))
    .map(({ said }) => writeSaid(said).text)
    .join('\n');

describe('trend statements', () => {
  it('say on which side of each average the close is', () => {
    expect(textOf({ sma: { '50': 181.2, '200': 150.11 } })).toContain(
      'Close 207.04 is above SMA50 181.20 and SMA200 150.11.',
    );
    expect(textOf({ sma: { '20': 209, '50': 181.2 } })).toBe(
      'Close 207.04 is above SMA50 181.20 and below SMA20 209.00.',
    );
    expect(textOf({ sma: { '20': 209 } })).toBe('Close 207.04 is below SMA20 209.00.');
  });

  it('carry the figures of their text', () => {
    expect(describeTechnicals(oneBar, indicatorsOf({ sma: { '20': 209.1234 } }))).toEqual([
      {
        topic: 'trend',
        said: [
          'Close ',
          { field: 'close', value: 207.04, date: dateAt(0) },
          ' is below SMA20 ',
          { field: 'sma20', value: 209.1234, date: dateAt(0) },
          '.',
        ],
      },
    ]);
  });

  it('date the day on which SMA50 crossed SMA200, and only while that is recent', () => {
    const closes = [
      ...Array.from({ length: 220 }, (_, index) => 200 - index * 0.2),
      ...Array.from({ length: 60 }, (_, index) => 160 + index * 2),
    ];
    const crossings = Array.from({ length: 60 }, (_, index) => textsOf(barsOf(closes.slice(0, 221 + index))));
    const dated = crossings.filter((text) => /SMA50 [\d.]+ is above SMA200 [\d.]+, since/.test(text));
    expect(dated.length).toBe(20);
    expect(new Set(dated.map((text) => /SMA200 [\d.]+, since (\S+)\./.exec(text)?.[1])).size).toBe(1);
    expect(crossings.at(-1)).toMatch(/SMA50 [\d.]+ is above SMA200 [\d.]+\.\n/);
  });

  it('name the nearest levels that there are', () => {
    const support = { price: 203.9, origin: 'SMA20' };
    const resistance = { price: 212.19, origin: '52-week high 2025-10-29' };
    const texts = (levels: Parameters<typeof describeTechnicals>[2]): string[] =>
      describeTechnicals(oneBar, indicatorsOf({}), levels).map(({ said }) => writeSaid(said).text);
    expect(texts({ supports: [support], resistances: [resistance] })).toEqual([
      'Nearest support 203.90, SMA20; nearest resistance 212.19, 52-week high 2025-10-29.',
    ]);
    expect(texts({ supports: [], resistances: [resistance] })).toEqual([
      'Nearest resistance 212.19, 52-week high 2025-10-29.',
    ]);
    expect(texts({ supports: [], resistances: [] })).toEqual([]);
  });
});

describe('momentum statements', () => {
  it('read RSI14 against 70 and 30 (SPY of 2025-10-30: 59.66)', () => {
    expect(textOf({ rsi14: 59.66 })).toBe('RSI14 59.66 is neutral, in the upper half.');
    expect(textOf({ rsi14: 70 })).toBe('RSI14 70.00 is at or above 70: overbought.');
    expect(textOf({ rsi14: 22.5 })).toBe('RSI14 22.50 is at or below 30: oversold.');
  });

  it('do not call a price that has not moved oversold', () => {
    expect(textsOf(barsOf(Array.from({ length: 60 }, () => 100)))).not.toContain('RSI');
  });

  it('put MACD against its signal (SPY of 2025-10-30: 6.23 / 4.92 / 1.31)', () => {
    expect(textOf({ macd: { macd: 6.23, signal: 4.92, histogram: 1.31 } })).toBe(
      'MACD 6.23 is above its signal 4.92 (histogram +1.31).',
    );
  });

  it('date a recent cross of MACD and its signal', () => {
    const bars = barsOf(wave(120));
    const texts = Array.from({ length: 60 }, (_, index) => textsOf(bars.slice(0, 61 + index)));
    const dated = texts.filter((text) => text.includes(', crossed on '));
    expect(dated.length).toBeGreaterThan(0);
    expect(dated.length).toBeLessThan(30);
  });

  it('measure 20 sessions from the close that they name', () => {
    const bars = barsOf([...Array.from({ length: 20 }, () => 100), 95]);
    expect(textsOf(bars)).toContain(`Close 95.00: -5.00% over 20 sessions, from 100.00 on ${dateAt(0)}.`);
  });
});

describe('volatility statements', () => {
  it('give ATR14 in dollars and as a share of the close', () => {
    expect(textsOf(barsOf(Array.from({ length: 15 }, () => 100)))).toContain('ATR14 2.00 is 2.00% of the close.');
  });

  it('compare realised volatility with that of the 20 sessions before', () => {
    const quiet = Array.from({ length: 21 }, (_, index) => 100 + (index % 2) * 0.1);
    const lively = Array.from({ length: 20 }, (_, index) => 100 + (index % 2) * 3);
    expect(textsOf(barsOf([...quiet, ...lively]))).toMatch(
      /Realized volatility of 20 sessions is \d+\.\d% a year, up from \d\.\d+% in the 20 before\./,
    );
    expect(textsOf(barsOf(quiet))).toMatch(/Realized volatility of 20 sessions is \d\.\d+% a year\./);
  });

  it('carry the very figures that the domain computes', () => {
    const bars = barsOf(wave(300).map((close, index) => close + (index % 7)));
    const closes = bars.map(({ close }) => close);
    const bands = lastBollinger(closes);
    const figures = describeBars(bars).flatMap(({ said }) => writeSaid(said).figures);
    const valueOf = (field: string): number | undefined => figures.find((figure) => figure.field === field)?.value;
    // What the indicators have already is taken from them, rounded as they are told.
    expect(valueOf('atr14')).toBeCloseTo(lastAtr(bars) ?? NaN, 4);
    expect(valueOf('hv20')).toBe(realisedVolatility(closes, 20));
    expect([valueOf('bbLower20') ?? bands?.lower, valueOf('bbUpper20')]).toEqual([bands?.lower, bands?.upper]);
  });

  it('take the ATR that ta shows, so that no two stand side by side', () => {
    const bars = barsOf(wave(300));
    const [said] = describeTechnicals(bars, { ...computeIndicators(bars), atr14: 2.75 })
      .map((each) => writeSaid(each.said).text)
      .filter((text) => text.startsWith('ATR14'));
    expect(said).toMatch(/^ATR14 2\.75 is /);
  });

  it('say when the close leaves the Bollinger bands', () => {
    const calm = Array.from({ length: 25 }, (_, index) => 100 + (index % 2));
    expect(textsOf(barsOf([...calm, 110]))).toMatch(
      /Close 110\.00 is above the upper Bollinger band \d+\.\d\d \(20, 2\)\./,
    );
    expect(textsOf(barsOf([...calm, 90]))).toMatch(/Close 90\.00 is below the lower Bollinger band/);
    expect(textsOf(barsOf(calm))).toContain('is inside the Bollinger bands (20, 2)');
  });
});

describe('pattern statements', () => {
  const previous: Bar = { date: '2025-10-29', open: 100, high: 105, low: 95, close: 101, volume: 1 };
  const textAfter = (bar: Omit<Bar, 'date' | 'volume'>): string =>
    textsOf([previous, { ...bar, date: '2025-10-30', volume: 1 }]);

  it('name inside and outside days with both ranges', () => {
    expect(textAfter({ open: 100, high: 104, low: 96, close: 100 })).toBe(
      'Inside day on 2025-10-30: 96.00 to 104.00 within 95.00 to 105.00.',
    );
    expect(textAfter({ open: 100, high: 106, low: 94, close: 100 })).toBe(
      'Outside day on 2025-10-30: 94.00 to 106.00 around 95.00 to 105.00.',
    );
    expect(textAfter({ open: 100, high: 105, low: 96, close: 100 })).toBe('');
  });

  it('name gaps against the extreme that they left, and whether they were filled', () => {
    expect(textAfter({ open: 107, high: 109, low: 106, close: 108 })).toBe(
      'Gap up on 2025-10-30: open 107.00 above the previous high 105.00.',
    );
    expect(textAfter({ open: 107, high: 109, low: 104, close: 108 })).toContain('filled in the session.');
    expect(textAfter({ open: 93, high: 94, low: 90, close: 92 })).toBe(
      'Gap down on 2025-10-30: open 93.00 below the previous low 95.00.',
    );
  });

  it('count closes in a row from three on', () => {
    expect(textsOf(barsOf([10, 9, 10, 11, 12, 13]))).toContain('4 higher closes in a row.');
    expect(textsOf(barsOf([13, 12, 11, 10]))).toContain('3 lower closes in a row.');
    expect(textsOf(barsOf([13, 12, 11]))).not.toContain('in a row');
    expect(textsOf(barsOf([13, 12, 11, 10, 10]))).not.toContain('in a row');
  });

  it('tell the longest span that a new extreme beats, once, and only with so many bars', () => {
    const flat = (length: number): number[] => Array.from({ length }, () => 100);
    expect(textsOf(barsOf([...flat(62), 103]))).toContain(
      'High 104.00 of 2024-03-03 is the highest of 3 months (63 sessions).',
    );
    expect(textsOf(barsOf([...flat(61), 103]))).not.toContain('highest');
    const yearly = textsOf(barsOf([...flat(251), 95]));
    expect(yearly).toContain('is the lowest of 52 weeks (252 sessions).');
    expect(yearly).not.toContain('3 months');
    expect(textsOf(barsOf([120, ...flat(251), 103]))).toContain('52 weeks');
    expect(textsOf(barsOf([...flat(200), 120, ...flat(50), 103]))).not.toContain('highest');
  });

  it('place the close in the range of 20 sessions', () => {
    const closes = [...Array.from({ length: 19 }, (_, index) => 100 + index), 109];
    expect(textsOf(barsOf(closes))).toContain('Close 109.00 is at 50.00% of its 20-session range 99.00 to 119.00.');
  });
});

describe('describeTechnicals', () => {
  it('says nothing without bars and nothing of indicators that are missing', () => {
    expect(describeTechnicals([], indicatorsOf({}))).toEqual([]);
    expect(describeTechnicals(oneBar, indicatorsOf({}))).toEqual([]);
  });

  it('never prints NaN or undefined, and every price in a text is one of its figures', () => {
    const closes = fc.array(fc.integer({ min: 200, max: 90_000 }), { minLength: 1, maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(closes, (cents) => {
        for (const { said } of describeBars(barsOf(cents.map((value) => value / 100)))) {
          const { text, figures } = writeSaid(said);
          expect(text).not.toMatch(/NaN|undefined|Infinity/);
          expect(figures.length).toBeGreaterThan(0);
          const printed = figures.map((figure) => figure.text.replace(/^[+]|%$/g, ''));
          for (const number of text.match(/-?\d[\d,]*\.\d+/g) ?? []) expect(printed, text).toContain(number);
        }
      }),
    );
  });

  it('covers all four topics where there are bars enough', () => {
    const topics = describeBars(barsOf(wave(300))).map((statement) => statement.topic);
    expect(new Set(topics)).toEqual(new Set(['trend', 'momentum', 'volatility', 'pattern']));
  });
});
