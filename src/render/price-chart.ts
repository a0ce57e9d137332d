// A price chart in a terminal: candles of box glyphs in half steps of a row, a line, or several symbols in percent; volume
// in eighth blocks, a price axis at the right, dates below, and in words what it shows, for who does not see it.
import { dataOfKind } from '../domain/answer-kinds.ts';
import type { Answer, BarData, ChartData, ChartStyle, HistoryData } from '../domain/answers.ts';
import {
  type ChartMark,
  type ChartModel,
  type Comparison,
  compare,
  createChartModel,
  dateLabels,
  nameOf,
  scaleOf,
} from './chart-model.ts';
import { describeEarnings, describeSplit } from './events.ts';
import {
  INTERVAL_NAMES,
  formatFixed,
  formatPercent,
  formatPrice,
  formatShortVolume,
  formatSigned,
  formatSpan,
  nameBar,
  placeBar,
  plural,
  priceDecimals,
} from './format.ts';
import {
  type AxisLabel,
  type Canvas,
  type Scale,
  createCanvas,
  createScale,
  decimalsOfTicks,
  drawLevel,
  drawLine,
  eighthBlock,
  placeLabels,
  renderFoot,
  roundTicks,
  rowOfStep,
  stepOf,
  withAxis,
} from './plot.ts';
import { displayWidth, padStart, truncate, wrapPieces } from './text.ts';
import { type Tone, toneOfChange } from './theme.ts';
import { type Fact, type RenderOptions, type View, describe, renderFacts, renderNotes } from './view.ts';

/** Columns from one bar to the next, at most. */
const WIDEST_STEP = 4;
/** `1.23M vol` */
const LEAST_LABEL = 9;
const LEAST_ROWS = 6;
const MOST_ROWS = 40;
/** Lines of a screen beside plot and words: base line, dates, an empty one, footer, remark on the sample market, prompt. */
const OTHER_LINES = 6;
const USUAL_ROWS = 30;
/** By which lines are told apart without color. */
const MARKS = '·+xo*~=^';
const TONES: readonly Tone[] = ['accent', 'warning', 'up', 'down', 'strong', 'plain'];
const TICKS_EVERY_ROWS = 3;
/** Columns from one dot of a price across to the next. */
const MARK_EVERY = 3;

const MARK_TONES: Readonly<Record<ChartMark['kind'], Tone>> = {
  resistance: 'down',
  support: 'up',
  wall: 'warning',
  move: 'accent',
};

const STYLE_NAMES: Readonly<Record<ChartStyle, string>> = { candles: '', line: 'line', 'heikin-ashi': 'Heikin-Ashi' };

function viewChart(data: ChartData, answers: readonly Answer[], options: RenderOptions): View {
  const request = answers[0]?.request;
  const { style = 'candles', phrase, height } = request ?? {};
  const { theme, width } = options;
  // The axis is as wide as its labels, which depend on the scale, which depends on how many bars there is room for.
  const axisWidth = axisWidthOf(createChartModel(data, style, data.bars.length), data, theme.colour);
  const columns = Math.max(10, width - axisWidth);
  const model = createChartModel(data, style, columns);
  const legend = renderLegend(model, data, options);
  const summary = renderSummary(data, options);
  const caption = [
    nameOf(data.symbol),
    INTERVAL_NAMES[data.interval],
    STYLE_NAMES[style],
    describe(phrase, 40),
    formatSpan(data.from, data.to),
    ...describeMerged(model.merged, data.bars.length),
    ...(theme.colour || style === 'line' ? [] : ['║ up, ┃ down']),
  ];
  const rows = height ?? rowsBeside(caption, [...summary, ...legend], answers, options);
  return { caption, lines: [...summary, ...drawChart(model, data, { style, rows, columns }, options), ...legend] };
}

/** What a terminal has left for the plot beside caption, words and remarks; the base line, dates and the prompt too. */
function rowsBeside(
  caption: readonly string[],
  words: readonly string[],
  answers: readonly Answer[],
  options: RenderOptions,
): number {
  const { rows = USUAL_ROWS, width } = options;
  const notes = renderNotes(
    answers.flatMap((answer) => answer.notes),
    options,
  );
  const isSample = answers.some(({ meta }) => meta.sample);
  const captionLines = wrapPieces([...caption, ...(isSample ? ['SAMPLE'] : [])], width).length;
  const others = captionLines + words.length + notes.length + OTHER_LINES;
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, rows - others));
}

function describeMerged(merged: number, count: number): string[] {
  return merged === 1 ? [plural(count, 'bar')] : [`${plural(count, 'bar')}, ${merged} to one`];
}

/** In words: what it did, between which prices and when. */
function renderSummary({ bars, summary, interval }: HistoryData, { theme, width }: RenderOptions): string[] {
  const { last, change, changePercent } = summary;
  const at = (bar: BarData | undefined): string => (bar === undefined ? '' : placeBar(bar, interval));
  const moved = `${formatPrice(last)}  ${formatSigned(change, priceDecimals(last))}  ${formatPercent(changePercent)}`;
  const from = summary.basis === 'first_open' ? 'vs. first open' : 'vs. prior close';
  const pieces = [
    change === undefined ? `${formatPrice(last)}  no change across the gap` : `${moved} ${from}`,
    `high ${formatPrice(summary.high)} ${at(bars.find(({ high }) => high === summary.high))}`,
    `low ${formatPrice(summary.low)} ${at(bars.find(({ low }) => low === summary.low))}`,
  ];
  return wrapPieces(pieces, width).map((line) =>
    line.replace(moved, (text) => theme.paint(toneOfChange(change), text)),
  );
}

interface Layout {
  style: ChartStyle;
  rows: number;
  columns: number;
}

function drawChart(model: ChartModel, data: ChartData, layout: Layout, options: RenderOptions): string[] {
  const { bars } = model;
  const { theme } = options;
  const volumeRows = bars.some(({ volume }) => volume > 0) ? volumeRowsOf(layout.rows) : 0;
  const scale = scaleOf(model, layout.rows - volumeRows);
  const step = stepFor(bars.length, layout.columns);
  const width = Math.max(1, bars.length * step);
  const columnOf = (index: number): number => index * step + Math.floor((step - 1) / 2);
  const canvas = createCanvas(width, scale.rows);
  if (layout.style === 'line')
    drawLine(
      canvas,
      scale,
      spread(
        bars.map(({ close }) => close),
        columnOf,
        width,
      ),
      { tone: 'accent' },
    );
  else for (const [index, bar] of bars.entries()) drawCandle(canvas, scale, columnOf(index), bar, theme.colour);
  for (const { overlay, values } of model.lines)
    drawLine(canvas, scale, spread(values, columnOf, width), { ...lineStyle(overlay), beneath: true });
  for (const { value, kind } of model.marks) drawLevel(canvas, scale, value, MARK_TONES[kind], MARK_EVERY);
  const labels = placeLabels(scale, axisLabels(model, data, theme.colour, scale));
  const foot = dateLabels(bars, columnOf).map(({ index, text }) => ({ column: columnOf(index), text }));
  return [
    ...withAxis(canvas.toLines(theme), labels, theme),
    ...drawVolume(bars, columnOf, width, volumeRows, options),
    ...renderFoot(
      foot,
      width,
      options.width,
      theme,
      model.events.map(({ index, letter }) => ({ column: columnOf(index), text: letter })),
    ),
  ];
}

function volumeRowsOf(rows: number): number {
  if (rows >= 14) return 3;
  if (rows >= 11) return 2;
  return rows >= 8 ? 1 : 0;
}

function stepFor(count: number, columns: number): number {
  return Math.max(1, Math.min(WIDEST_STEP, Math.floor(columns / Math.max(1, count))));
}

/** Straight from one bar's column to the next one's. */
function spread(
  values: readonly (number | undefined)[],
  columnOf: (index: number) => number,
  width: number,
): (number | undefined)[] {
  const spreadOut = new Array<number | undefined>(width).fill(undefined);
  for (const [index, value] of values.entries()) {
    const column = columnOf(index);
    spreadOut[column] = value;
    const next = values[index + 1];
    if (value === undefined || next === undefined) continue;
    const end = columnOf(index + 1);
    for (let between = column + 1; between < end; between += 1)
      spreadOut[between] = value + ((next - value) * (between - column)) / (end - column);
  }
  return spreadOut;
}

type Half = 'none' | 'wick' | 'body';

/** By the upper and the lower half of a cell. */
const FILLED: Readonly<Record<Half, Readonly<Record<Half, string>>>> = {
  none: { none: ' ', wick: '╷', body: '╻' },
  wick: { none: '╵', wick: '│', body: '╽' },
  body: { none: '╹', wick: '╿', body: '┃' },
};
/** A hollow body ends in a lid, beside which a wick has no room: it goes on in the next cell. */
const HOLLOW: typeof FILLED = {
  none: { none: ' ', wick: '╷', body: '╥' },
  wick: { none: '╵', wick: '│', body: '╥' },
  body: { none: '╨', wick: '╨', body: '║' },
};

function drawCandle(canvas: Canvas, scale: Scale, column: number, bar: BarData, colour: boolean): void {
  const isUp = bar.close >= bar.open;
  const glyphs = isUp && !colour ? HOLLOW : FILLED;
  const [low, high] = [stepOf(scale, bar.low), stepOf(scale, bar.high)];
  const [bottom, top] = [stepOf(scale, Math.min(bar.open, bar.close)), stepOf(scale, Math.max(bar.open, bar.close))];
  const halfAt = (step: number): Half => {
    if (step >= bottom && step <= top) return 'body';
    return step >= low && step <= high ? 'wick' : 'none';
  };
  for (let cell = Math.floor(low / 2); cell <= Math.floor(high / 2); cell += 1)
    canvas.put(
      column,
      rowOfStep(scale, 2 * cell),
      glyphs[halfAt(2 * cell + 1)][halfAt(2 * cell)],
      toneOfChange(bar.close - bar.open),
    );
}

function drawVolume(
  bars: readonly BarData[],
  columnOf: (index: number) => number,
  width: number,
  rows: number,
  { theme }: RenderOptions,
): string[] {
  if (rows === 0) return [];
  const top = bars.reduce((most, { volume }) => Math.max(most, volume), 0);
  const canvas = createCanvas(width, rows);
  for (const [index, { open, close, volume }] of bars.entries())
    for (let level = 0; level < rows; level += 1) {
      const glyph = eighthBlock(volume, level, rows, top);
      canvas.put(columnOf(index), rows - 1 - level, glyph, toneOfChange(close - open));
    }
  const label = { value: 0, text: `${formatShortVolume(top)} vol` };
  return withAxis(
    canvas.toLines(theme),
    Array.from({ length: rows }, (_, row) => (row === 0 ? label : undefined)),
    theme,
  );
}

function lineStyle(index: number): { tone: Tone; mark: string } {
  return { tone: TONES[index % TONES.length] ?? 'plain', mark: MARKS.charAt(index % MARKS.length) };
}

/** The last price first, then what lies across, the lines' ends, and ticks in the rows that are left. */
function axisLabels(model: ChartModel, data: ChartData, colour: boolean, scale: Scale): AxisLabel[] {
  const { last, change } = data.summary;
  const ticks = roundTicks(scale.low, scale.high, Math.max(2, Math.floor(scale.rows / TICKS_EVERY_ROWS)));
  const decimals = decimalsOfTicks(ticks, priceDecimals(last));
  const show = (value: number): string => formatFixed(value, decimals);
  const ends = model.lines.flatMap(({ name, overlay, values }): AxisLabel[] => {
    const value = values.findLast((each) => each !== undefined);
    const { tone, mark } = lineStyle(overlay);
    return value === undefined ? [] : [{ value, text: `${show(value)} ${mark} ${name}`, tone }];
  });
  return alignLabels([
    { value: last, text: `${show(last)} ◄`, tone: colour ? toneOfChange(change) : 'strong' },
    ...model.marks.map(({ value, label, kind }) => ({
      value,
      text: `${show(value)} ${label}`,
      tone: MARK_TONES[kind],
    })),
    ...ends,
    ...ticks.map((value): AxisLabel => ({ value, text: show(value), isTick: true })),
  ]);
}

/** Prices end in one column. */
function alignLabels(labels: readonly AxisLabel[]): AxisLabel[] {
  const priceOf = ({ text }: AxisLabel): string => text.split(' ', 1)[0] ?? '';
  const width = Math.max(0, ...labels.map((label) => priceOf(label).length));
  return labels.map((label) => ({
    ...label,
    text: padStart(priceOf(label), width) + label.text.slice(priceOf(label).length),
  }));
}

function axisWidthOf(model: ChartModel, data: ChartData, colour: boolean): number {
  const labels = axisLabels(model, data, colour, scaleOf(model, USUAL_ROWS));
  return 2 + Math.max(LEAST_LABEL, ...labels.map(({ text }) => displayWidth(text)));
}

/** What the labels at the axis have no room for, a line each; the nearest come first, and what does not fit stays in the JSON. */
function renderLegend({ marks, lines, beyond }: ChartModel, { overlays }: ChartData, options: RenderOptions): string[] {
  const said = (kind: ChartMark['kind']): string[] =>
    marks.flatMap((mark) => (mark.kind === kind && mark.said !== '' ? [mark.said] : []));
  const [wall] = overlays.walls ?? [];
  const [move] = overlays['expected-move'] ?? [];
  const named = lines.map(({ overlay, name }) => `${lineStyle(overlay).mark} ${name.replace(/[+-]$/, '')}`);
  const facts: Fact[] = [
    ['lines', options.theme.colour ? [] : [[...new Set(named)].join('   ')]],
    ['resistance', said('resistance')],
    ['support', said('support')],
    [`walls ${wall?.expiration ?? ''}`, said('wall')],
    [`move to ${move?.expiration ?? ''}`, said('move')],
    ['E earnings', (overlays.earnings ?? []).map((each) => `${each.date} ${describeEarnings(each)}`)],
    ['D ex-dividend', (overlays.dividends ?? []).map((each) => `${each.exDate} ${formatPrice(each.amount)}`)],
    ['S split', (overlays.splits ?? []).map((each) => `${each.date} ${describeSplit(each)}`)],
    ['off the chart', beyond.map(({ label, value }) => `${label} ${formatPrice(value)}`)],
  ];
  const labelWidth = Math.max(0, ...facts.map(([label, pieces]) => (pieces.length > 0 ? label.length : 0))) + 2;
  const room = Math.max(20, options.width - labelWidth);
  const fitting = facts.map(([label, pieces]): Fact => {
    const [first] = pieces;
    const count = pieces.findLastIndex((_, index) => displayWidth(pieces.slice(0, index + 1).join(' · ')) <= room) + 1;
    return [label, first === undefined ? [] : [truncate(pieces.slice(0, Math.max(1, count)).join(' · '), room)]];
  });
  return renderFacts(fitting, options);
}

/** Several symbols, each a line in percent. */
function viewCharts(items: readonly ChartData[], answers: readonly Answer[], options: RenderOptions): View {
  const request = answers[0]?.request;
  const [first] = items;
  const axisWidth = 2 + Math.max(...items.map(({ symbol }) => symbol.length)) + 14;
  const columns = Math.max(10, options.width - axisWidth);
  const compared = compare(items, columns);
  const count = items.reduce((most, { bars }) => Math.max(most, bars.length), 0);
  const caption = [
    items.map(({ symbol }) => symbol).join(', '),
    first === undefined ? '' : INTERVAL_NAMES[first.interval],
    describe(request?.phrase, 40),
  ];
  if (compared === undefined) return { caption, lines: ['no date on which every symbol has a bar'] };
  const { base, merged } = compared;
  const whole = [
    ...caption,
    `percent from the close of ${nameBar(base, first?.interval ?? 'day')}`,
    ...(merged > 1 ? describeMerged(merged, count) : []),
  ];
  const markOf = (index: number): string => (options.theme.colour ? '' : `${lineStyle(index).mark} `);
  const ends = compared.lines.map(
    ({ name, values }, index) => `${markOf(index)}${name} ${formatPercent(lastOf(values))}`,
  );
  const summary = wrapPieces(ends, options.width, options.theme.colour ? undefined : '   ');
  const rows = request?.height ?? rowsBeside(whole, summary, answers, options);
  return { caption: whole, lines: [...summary, ...drawComparison(compared, rows, columns, options)] };
}

function lastOf(values: readonly (number | undefined)[]): number | undefined {
  return values.findLast((value) => value !== undefined);
}

function drawComparison(
  { lines, dates }: Comparison,
  rows: number,
  columns: number,
  { theme, width: whole }: RenderOptions,
): string[] {
  const scale = createScale([0, ...lines.flatMap(({ values }) => values.filter((value) => value !== undefined))], rows);
  const step = stepFor(dates.length, columns);
  const width = Math.max(1, dates.length * step);
  const columnOf = (index: number): number => index * step + Math.floor((step - 1) / 2);
  const canvas = createCanvas(width, rows);
  const styles = lines.map((_, index) => {
    const { tone, mark } = lineStyle(index);
    return theme.colour ? { tone } : { tone, mark };
  });
  for (const [index, { values }] of lines.entries())
    drawLine(canvas, scale, spread(values, columnOf, width), styles[index]);
  drawLevel(canvas, scale, 0);
  const ticks = roundTicks(scale.low, scale.high, Math.max(2, Math.floor(rows / TICKS_EVERY_ROWS)));
  const decimals = decimalsOfTicks(ticks);
  const labels = lines.flatMap(({ name, values }, index): AxisLabel[] => {
    const value = lastOf(values);
    const mark = styles[index]?.mark;
    const text = `${mark === undefined ? '' : `${mark} `}${name} ${formatPercent(value)}`;
    return value === undefined ? [] : [{ value, text, tone: styles[index]?.tone ?? 'plain' }];
  });
  const own = ticks.map((value): AxisLabel => ({ value, text: `${formatSigned(value, decimals)}%`, isTick: true }));
  const foot = dateLabels(dates, columnOf).map(({ index, text }) => ({ column: columnOf(index), text }));
  return [
    ...withAxis(canvas.toLines(theme), placeLabels(scale, [...labels, ...own]), theme),
    ...renderFoot(foot, width, whole, theme),
  ];
}

/** The chart of one symbol, or of several in percent; nothing where none has data. */
export function viewChartAnswers(answers: readonly Answer[], options: RenderOptions): View | undefined {
  const charts = dataOfKind(answers, 'chart');
  const [only] = charts;
  if (only === undefined) return undefined;
  return charts.length === 1 ? viewChart(only, answers, options) : viewCharts(charts, answers, options);
}
