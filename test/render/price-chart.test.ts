// Price charts read back from a terminal's cells: every candle's four prices, lines, labels, merged bars, and the SVG.
import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, BarData, ChartData, ChartStyle } from '../../src/domain/answers.ts';
import { addDays } from '../../src/domain/exchange-time.ts';
import { createChartModel, dateLabels, groupToFit } from '../../src/render/chart-model.ts';
import { renderChartSvg } from '../../src/render/chart-svg.ts';
import { placeLabels, roundTicks } from '../../src/render/plot.ts';
import { viewChartAnswers } from '../../src/render/price-chart.ts';
import { displayWidth } from '../../src/render/text.ts';
import { createTheme } from '../../src/render/theme.ts';
import { frame } from '../../src/render/frame.ts';

interface Cell {
  glyph: string;
  isColoured: boolean;
}

/** The rows of a terminal after the lines were printed. */
async function readCells(lines: readonly string[], columns: number): Promise<Cell[][]> {
  const terminal = new Terminal({ cols: columns, rows: lines.length + 1, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(lines.join('\r\n'), resolve));
  return lines.map((_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const cell = terminal.buffer.active.getLine(row)?.getCell(column);
      return { glyph: cell?.getChars() || ' ', isColoured: cell?.isFgDefault() === false };
    }),
  );
}

function barsOf(prices: readonly (readonly [number, number, number, number])[], volume = 1_000): BarData[] {
  return prices.map(([open, high, low, close], index) => ({
    date: addDays('2026-03-02', index),
    open,
    high,
    low,
    close,
    volume: volume + index,
  }));
}

function chartOf(bars: readonly BarData[], more: Partial<ChartData> = {}): ChartData {
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no bars');
  return {
    symbol: 'NVDA',
    interval: 'day',
    from: first.date,
    to: last.date,
    bars: [...bars],
    summary: {
      first: first.close,
      last: last.close,
      change: last.close - first.open,
      changePercent: (last.close / first.open - 1) * 100,
      high: Math.max(...bars.map(({ high }) => high)),
      low: Math.min(...bars.map(({ low }) => low)),
      bars: bars.length,
      basis: 'first_open',
    },
    overlays: {},
    ...more,
  };
}

function answerOf(data: ChartData, request: NonNullable<Answer['request']> = {}): Answer<'chart'> {
  const meta = { provider: 'tradier', sample: false, providerCalls: 0, elapsedMs: 1 };
  return { kind: 'chart', data, errors: [], meta, notes: [], request };
}

function draw(answers: readonly Answer[], options: { width?: number; rows?: number; colour?: boolean } = {}): string[] {
  const { width = 80, colour = true, ...rest } = options;
  const all = { width, theme: createTheme({ colour }), ...rest };
  const view = viewChartAnswers(answers, all);
  if (view === undefined) throw new Error('nothing is drawn');
  return frame(view, answers, all);
}

/** Lower and upper half of a cell of a candle. */
const HALVES: Record<string, string> = {
  '╷': 'w.',
  '╵': '.w',
  '│': 'ww',
  '╻': 'b.',
  '╹': '.b',
  '┃': 'bb',
  '╽': 'bw',
  '╿': 'wb',
  '╥': 'b.',
  '╨': '.b',
  '║': 'bb',
};

/** What a column shows, in half steps from the lowest row of the plot. */
function readCandle(cells: readonly Cell[][], column: number, bottomRow: number, topRow: number) {
  const steps: string[] = [];
  for (let row = bottomRow; row >= topRow; row -= 1)
    steps.push(...(HALVES[cells[row]?.[column]?.glyph ?? ' '] ?? '..').split(''));
  const isBody = (step: string): boolean => step === 'b';
  const isAny = (step: string): boolean => step !== '.';
  return {
    low: steps.findIndex(isAny),
    high: steps.findLastIndex(isAny),
    bottom: steps.findIndex(isBody),
    top: steps.findLastIndex(isBody),
    isHollow: cells.some((row) => '╥╨║'.includes(row[column]?.glyph ?? ' ') && row[column]?.glyph !== ' '),
  };
}

const HEIGHT = 20;
const VOLUME_ROWS = 3;
const PRICE_ROWS = HEIGHT - VOLUME_ROWS;

const candles = fc
  .array(
    fc.tuple(
      fc.double({ min: 50, max: 60, noNaN: true }),
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 50, max: 60, noNaN: true }),
    ),
    { minLength: 2, maxLength: 60 },
  )
  .map((rows) =>
    rows.map(
      ([open, up, down, close]) => [open, Math.max(open, close) + up, Math.min(open, close) - down, close] as const,
    ),
  );

async function readCandles(prices: readonly (readonly [number, number, number, number])[], colour: boolean) {
  const data = chartOf(barsOf(prices));
  const lines = draw([answerOf(data, { height: HEIGHT })], { colour });
  const cells = await readCells(lines, 80);
  const base = lines.findIndex((line) => line.includes('┘'));
  const step = (displayWidth(lines[base] ?? '') - 1) / prices.length;
  const bottomRow = base - VOLUME_ROWS - 1;
  const { low, high } = createChartModel(data, 'candles', 80);
  const stepOf = (value: number): number => ((value - low) / (high - low)) * (2 * PRICE_ROWS - 1);
  return {
    cells,
    stepOf,
    readAt: (index: number) =>
      readCandle(cells, index * step + Math.floor((step - 1) / 2), bottomRow, bottomRow - PRICE_ROWS + 1),
  };
}

describe('the candles of a chart', () => {
  it('stand within half a step of open, high, low and close', async () => {
    await fc.assert(
      fc.asyncProperty(candles, async (prices) => {
        const { readAt, stepOf } = await readCandles(prices, true);
        for (const [index, [open, high, low, close]] of prices.entries()) {
          const seen = readAt(index);
          for (const [place, value] of [
            [seen.low, low],
            [seen.high, high],
            [seen.bottom, Math.min(open, close)],
            [seen.top, Math.max(open, close)],
          ] as const)
            expect(Math.abs(place - stepOf(value))).toBeLessThanOrEqual(0.5 + 1e-9);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('tell up from down without colour by hollow and filled bodies, their bodies as exact, wicks within half a row', async () => {
    await fc.assert(
      fc.asyncProperty(candles, async (prices) => {
        const { readAt, stepOf, cells } = await readCandles(prices, false);
        expect(cells.flat().some(({ isColoured }) => isColoured)).toBe(false);
        for (const [index, [open, high, low, close]] of prices.entries()) {
          const seen = readAt(index);
          expect(seen.isHollow).toBe(close >= open);
          expect(Math.abs(seen.bottom - stepOf(Math.min(open, close)))).toBeLessThanOrEqual(0.5 + 1e-9);
          expect(Math.abs(seen.top - stepOf(Math.max(open, close)))).toBeLessThanOrEqual(0.5 + 1e-9);
          expect(Math.abs(seen.low - stepOf(low))).toBeLessThanOrEqual(1.5 + 1e-9);
          expect(Math.abs(seen.high - stepOf(high))).toBeLessThanOrEqual(1.5 + 1e-9);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are drawn where all prices are the same, and where there is one bar', () => {
    const flat = barsOf(
      [
        [5, 5, 5, 5],
        [5, 5, 5, 5],
      ],
      0,
    );
    for (const bars of [flat, flat.slice(0, 1)]) expect(draw([answerOf(chartOf(bars))]).join('\n')).toContain('5.00 ◄');
  });
});

describe('a chart', () => {
  const wave = barsOf(
    Array.from({ length: 250 }, (_, index) => {
      const close = 100 + 10 * Math.sin(index / 15);
      return [close - 1, close + 2, close - 2, close] as const;
    }),
  );

  it.each([40, 60, 80, 100, 140, 200])('is nowhere wider than %i columns, whatever is drawn over it', (width) => {
    const line = wave.map(({ date, close }) => ({ date, value: close - 3 }));
    const overlays = {
      sma50: line,
      bb20: line.map((point) => ({ ...point, upper: point.value + 9, lower: point.value - 9 })),
      levels: [
        { kind: 'resistance' as const, price: 109, distancePercent: 3, origin: 'a very long origin '.repeat(9) },
      ],
      walls: [{ side: 'call' as const, strike: 112.5, openInterest: 123_456, expiration: '2026-12-18' }],
      'expected-move': [
        { expiration: '2026-12-18', lower: 95, upper: 108, amount: 6.5, percent: 6.4, method: 'straddle 100 mid' },
      ],
    };
    for (const count of [1, width - 11, width - 12, 250])
      for (const line of draw([answerOf(chartOf(wave.slice(0, count)))], { width }))
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
    for (const colour of [true, false])
      for (const line of draw([answerOf(chartOf(wave, { overlays }))], { width, colour }))
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  it('fits a terminal of 80 by 24 with its caption and its footer', () => {
    const walls = [{ side: 'call' as const, strike: 112.5, openInterest: 9, expiration: '2026-12-18' }];
    const dividends = [{ exDate: wave[9]?.date ?? '', amount: 1 }];
    for (const overlays of [{}, { walls }, { walls, dividends }])
      expect(draw([answerOf(chartOf(wave, { overlays }))], { rows: 24 }).length).toBe(22);
  });

  it('merges whole bars, 2, 5, 10 to one, and says so', () => {
    expect(draw([answerOf(chartOf(wave))]).join('\n')).toContain('250 bars, 5 to one');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 200 }), (count, most) => {
        const items = Array.from({ length: count }, (_, index) => index);
        const { size, groups } = groupToFit(items, most);
        expect(groups.flat()).toEqual(items);
        expect(groups.length).toBeLessThanOrEqual(most);
        expect(groups.slice(1).every((group) => group.length === size)).toBe(true);
        expect([1, 2, 5]).toContain(size / 10 ** Math.floor(Math.log10(size)));
      }),
      { numRuns: 200 },
    );
  });

  it('shows of merged bars the first open, the extremes, the last close and all of the volume', () => {
    const { bars } = createChartModel(chartOf(wave), 'candles', 125);
    const [a, b] = [wave.at(-2), wave.at(-1)];
    expect(bars.at(-1)).toMatchObject({
      open: a?.open,
      close: b?.close,
      high: Math.max(a?.high ?? 0, b?.high ?? 0),
      low: Math.min(a?.low ?? 0, b?.low ?? 0),
      volume: (a?.volume ?? 0) + (b?.volume ?? 0),
    });
  });

  it('says in words what it shows', () => {
    const text = draw([answerOf(chartOf(wave))], { width: 140 }).join('\n');
    expect(text).toMatch(/high 112\.00 on 2026-\d\d-\d\d · low 88\.0\d on 2026-\d\d-\d\d/);
  });

  it('begins the average of a session anew with each session', () => {
    const bars = ['2026-03-02', '2026-03-03'].flatMap((date) =>
      ['09:30', '09:35', '09:40'].map((time) => ({
        ...(wave[0] as BarData),
        date,
        time: `${date}T${time}:00-05:00`,
      })),
    );
    const vwap = bars.map(({ date, time }, index) => ({ date, time, value: 100 + index }));
    const [line] = createChartModel(chartOf(bars, { interval: '5min', overlays: { vwap } }), 'candles', 80).lines;
    expect(line?.values).toEqual([100, 101, 102, undefined, 104, 105]);
  });

  it('names the glyph of every line without color, where the labels at the edge meet too', () => {
    const near = ['AAA', 'BBB', 'CCC', 'DDD'].map((symbol, index) =>
      answerOf(
        chartOf(
          wave.slice(0, 40).map((bar) => ({ ...bar, close: bar.close * (1 + index / 1e6) })),
          { symbol },
        ),
      ),
    );
    const text = draw(near, { colour: false, width: 60 }).join('\n');
    for (const name of ['· AAA', '+ BBB', 'x CCC', 'o DDD']) expect(text).toContain(`${name} `);
    const flat = wave.slice(0, 40).map(({ date }) => ({ date, value: 100 }));
    const one = draw([answerOf(chartOf(wave.slice(0, 40), { overlays: { sma20: flat, ema20: flat, sma50: flat } }))], {
      colour: false,
      width: 60,
    }).join('\n');
    expect(one).toMatch(/lines +· sma20 {3}\+ ema20 {3}x sma50/);
  });

  it.each([
    ['week', '2026-11-02', 'in the week of 2026-11-02'],
    ['month', '2026-11-01', 'in 2026-11'],
    ['quarter', '2026-10-01', 'in 2026-Q4'],
    ['year', '2026-01-01', 'in 2026'],
    ['day', '2026-11-03', 'on 2026-11-03'],
  ] as const)('dates an extreme of a %s with its span, not with its first day', (interval, date, said) => {
    const bars = wave.slice(0, 3).map((bar, index) => ({ ...bar, date: index === 1 ? date : `2025-0${index + 1}-01` }));
    const [top] = bars.map(({ high }) => high).toSorted((a, b) => b - a);
    const [, middle] = bars;
    if (middle !== undefined && top !== undefined) middle.high = top + 10;
    const chart = chartOf(bars, { interval, summary: { ...chartOf(bars).summary, high: (top ?? NaN) + 10 } });
    expect(draw([answerOf(chart)], { colour: false, width: 120 }).join('\n')).toMatch(
      new RegExp(`high \\S+ ${said}( |$)`, 'm'),
    );
  });

  it('draws lines of several symbols in percent from the first date that all have', () => {
    const late = chartOf(
      wave.slice(10, 60).map((bar) => ({ ...bar, close: bar.close * 2 })),
      { symbol: 'LATE' },
    );
    const text = draw([answerOf(chartOf(wave.slice(0, 60))), answerOf(late)], { colour: false, width: 100 }).join('\n');
    expect(text).toContain(`percent from the close of ${wave[10]?.date ?? ''}`);
    const percent = (((wave[59]?.close ?? 0) / (wave[10]?.close ?? 1) - 1) * 100).toFixed(2);
    expect(text).toContain(`NVDA ${Number(percent) > 0 ? '+' : ''}${percent}%`);
    expect(text).toContain(`LATE ${Number(percent) > 0 ? '+' : ''}${percent}%`);
  });

  it('averages Heikin-Ashi candles by their rule', () => {
    const [first, second] = createChartModel(
      chartOf(
        barsOf([
          [10, 14, 8, 12],
          [12, 16, 11, 15],
        ]),
      ),
      'heikin-ashi',
      80,
    ).bars;
    expect(first).toMatchObject({ open: 11, close: 11, high: 14, low: 8 });
    expect(second).toMatchObject({ open: 11, close: 13.5, high: 16, low: 11 });
  });
});

describe('the axis', () => {
  it('has round steps, no more than there is room for', () => {
    expect(roundTicks(201.3, 289.4, 6)).toEqual([220, 240, 260, 280]);
    expect(roundTicks(0.0013, 0.0029, 4)).toEqual([0.0015, 0.002, 0.0025]);
    expect(roundTicks(5, 5, 4)).toEqual([]);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-2, max: 1e4, noNaN: true }),
        fc.double({ min: 1e-2, max: 1e4, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (low, range, most) => {
          const ticks = roundTicks(low, low + range, most);
          expect(ticks.length).toBeLessThanOrEqual(most);
          for (const tick of ticks) expect(tick >= low - range * 1e-6 && tick <= low + range * (1 + 1e-6)).toBe(true);
        },
      ),
    );
  });

  it('keeps its labels in the order of their values', () => {
    const values = [10, 10.1, 10.2, 9.9, 20, 19.8, 1];
    const placed = placeLabels(
      { low: 0, high: 20, rows: 8 },
      values.map((value) => ({ value, text: `${value}` })),
    );
    const shown = placed.flatMap((label) => label?.value ?? []);
    expect(shown).toEqual(shown.toSorted((a, b) => b - a));
  });

  it('names dates below, the finest that have room', () => {
    const days = Array.from({ length: 60 }, (_, index) => ({ date: addDays('2026-10-05', index) }));
    const textAt = (step: number): string[] => dateLabels(days, (index) => index * step).map(({ text }) => text);
    expect(textAt(1)).toEqual(['Oct', 'Nov', 'Dec']);
    expect(textAt(2).slice(0, 3)).toEqual(['Oct 5', 'Oct 12', 'Oct 19']);
    expect(textAt(10)).toContain('Oct 6');
  });
});

describe('events on a chart', () => {
  const weeks = barsOf([
    [1, 2, 1, 2],
    [2, 3, 2, 3],
    [3, 4, 3, 4],
  ]).map((bar, index) => ({ ...bar, date: addDays('2026-03-02', 7 * index) }));
  const overlays: ChartData['overlays'] = {
    earnings: [
      { date: '2026-06-01', time: 'unknown', confirmed: false },
      { date: '2026-03-11', time: 'after_close', confirmed: true },
    ],
    dividends: [
      { exDate: '2026-03-12', amount: 0.25 },
      { exDate: '2026-03-02', amount: 0.25 },
    ],
    splits: [{ date: '2026-03-20', from: 1, to: 4 }],
  };
  const answer = answerOf({ ...chartOf(weeks), interval: 'week', overlays });

  it('stand below the bar that holds their day, the weightiest of several, and are told in words', () => {
    const lines = draw([answer], { colour: false, width: 100 });
    expect(lines.find((line) => line.endsWith('┘'))).toBe('─D───E───S──┘');
    const text = lines.join('\n');
    expect(text).toContain('E earnings     2026-06-01 time unknown, projected · 2026-03-11 after the close, confirmed');
    expect(text).toContain('D ex-dividend  2026-03-12 0.25 · 2026-03-02 0.25');
    expect(text).toContain('S split        2026-03-20 4 for 1');
  });

  it('have a letter each in the SVG', () => {
    const letters = [...(renderChartSvg([answer]) ?? '').matchAll(/class="event">(\w)</g)].map(([, letter]) => letter);
    expect(letters.toSorted()).toEqual(['D', 'D', 'E', 'S']);
  });
});

describe('the SVG', () => {
  const svgOf = (style: ChartStyle = 'candles'): string =>
    renderChartSvg([
      answerOf(
        chartOf(
          barsOf([
            [10, 12, 9, 11],
            [11, 13, 10, 10.5],
            [10.5, 11, 10, 11],
          ]),
          { symbol: 'A<&"' },
        ),
        { style },
      ),
    ]) ?? '';

  it('needs nothing beside itself, knows dark and light, and says what it shows', () => {
    const text = svgOf();
    expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)|<script|@import|url\(/);
    expect(text).toContain('@media (prefers-color-scheme:dark)');
    expect(text).toMatch(/role="img" aria-labelledby="title description"/);
    expect(text).toContain('<title id="title">A&lt;&amp;&quot; daily bars');
    expect(text).toMatch(/<desc id="description">Last 11\.00/);
  });

  it('has a candle a bar, hollow or filled, and no figure that is none', () => {
    const text = svgOf();
    expect(text.match(/<g class="(?:up|down)"><path/g)).toHaveLength(3);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(svgOf('line')).toMatch(/<path class="line l0" d="M[\d.]+ [\d.]+L/);
  });

  it('has no two texts in one place, however near what lies across is, and names lines in their own colors', () => {
    const bars = barsOf(Array.from({ length: 30 }, (_, index) => [100, 110 + index / 9, 95, 100 + index / 3] as const));
    const walls = [112, 112.5, 113, 109.66].map((strike) => ({
      side: 'call' as const,
      strike,
      openInterest: 9,
      expiration: '2026-12-18',
    }));
    const value = bars.map(({ date, close }) => ({ date, value: close - 1, upper: close + 2, lower: close - 4 }));
    const text = renderChartSvg([answerOf(chartOf(bars, { overlays: { walls, bb20: value } }))]) ?? '';
    const texts = [...text.matchAll(/<text x="([\d.]+)" y="([\d.]+)"(?: class="([^"]+)")?>([^<]+)</g)].map(
      ([, x, y, name = '', label = '']) => ({ x: Number(x), y: Number(y), name, label }),
    );
    for (const [index, a] of texts.entries())
      for (const b of texts.slice(index + 1)) {
        const [left, right] = a.x < b.x ? [a, b] : [b, a];
        const isApart = Math.abs(a.y - b.y) >= 9 || left.x + 6 * left.label.length < right.x;
        expect(isApart, `${a.label} and ${b.label}`).toBe(true);
      }
    expect(texts.filter(({ label }) => label.startsWith('bb20')).map(({ name }) => name)).toEqual(['t0', 't0']);
  });
});
