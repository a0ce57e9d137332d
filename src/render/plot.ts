// What charts in a terminal are made of: scales in half steps of a row, round ticks, a canvas of cells, lines and bars
// of blocks, labels beside and below. Knows no prices and no dates.
import { displayWidth } from './text.ts';
import type { Theme, Tone } from './theme.ts';

/** Values on the rows of a plot; each row has two half steps, the lowest of them is 0. */
export interface Scale {
  low: number;
  high: number;
  rows: number;
}

/** The half step of a value, which may lie outside the plot. */
export function stepOf({ low, high, rows }: Scale, value: number): number {
  return high > low ? Math.round(((value - low) / (high - low)) * (2 * rows - 1)) : rows;
}

/** The row of a half step, 0 at the top. */
export function rowOfStep({ rows }: Pick<Scale, 'rows'>, step: number): number {
  return rows - 1 - Math.floor(step / 2);
}

/** Whether a value lies on the rows. */
function isOn(scale: Scale, value: number): boolean {
  const step = stepOf(scale, value);
  return step >= 0 && step < 2 * scale.rows;
}

/** A scale over values, a little wider where they are all the same. */
export function createScale(values: readonly number[], rows: number): Scale {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { low: 0, high: 1, rows };
  const margin = low === high ? Math.max(Math.abs(low) * 0.01, 0.01) : 0;
  return { low: low - margin, high: high + margin, rows };
}

/** Multiples of a round step (1, 2, 2.5 or 5 and zeros) from `low` to `high`, at most `most` of them. */
export function roundTicks(low: number, high: number, most: number): number[] {
  if (!(high > low) || most < 1) return [];
  const rough = (high - low) / most;
  let size = 10 ** Math.floor(Math.log10(rough));
  for (;;) {
    for (const factor of [1, 2, 2.5, 5]) {
      const step = size * factor;
      const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      if (step < rough * 0.5 || last - first + 1 > most) continue;
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => tidy((first + index) * step));
    }
    size *= 10;
  }
}

/** Without float noise, and without a negative zero. */
function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}

/** Decimals that tell neighboring ticks apart, at least `least`. */
export function decimalsOfTicks(ticks: readonly number[], least = 0): number {
  const size = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0));
  for (let decimals = least; decimals < 10; decimals += 1)
    if (Math.abs(Math.round(size * 10 ** decimals) / 10 ** decimals - size) < size * 1e-6) return decimals;
  return least;
}

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** A glyph of one column; outside the canvas nothing. */
  put(column: number, row: number, glyph: string, tone?: Tone): void;
  /** As `put`, where nothing stands yet. */
  fill(column: number, row: number, glyph: string, tone?: Tone): void;
  /** A line for each row, as wide as the canvas. */
  toLines(theme: Theme): string[];
}

export function createCanvas(columns: number, rows: number): Canvas {
  const glyphs = new Array<string>(columns * rows).fill(' ');
  const tones = new Array<Tone>(columns * rows).fill('plain');
  const isInside = (column: number, row: number): boolean => column >= 0 && column < columns && row >= 0 && row < rows;
  function put(column: number, row: number, glyph: string, tone: Tone = 'plain'): void {
    if (!isInside(column, row)) return;
    glyphs[row * columns + column] = glyph;
    tones[row * columns + column] = tone;
  }
  return {
    columns,
    rows,
    put,
    fill: (column, row, glyph, tone) => {
      if (glyphs[row * columns + column] === ' ') put(column, row, glyph, tone);
    },
    toLines: (theme) =>
      Array.from({ length: rows }, (_, row) =>
        paintRow(
          glyphs.slice(row * columns, (row + 1) * columns),
          tones.slice(row * columns, (row + 1) * columns),
          theme,
        ),
      ),
  };
}

/** One sequence of color for neighbors of one tone. */
function paintRow(glyphs: readonly string[], tones: readonly Tone[], theme: Theme): string {
  let line = '';
  for (let start = 0; start < glyphs.length;) {
    let end = start + 1;
    while (end < glyphs.length && (tones[end] === tones[start] || glyphs[end] === ' ')) end += 1;
    line += theme.paint(tones[start] ?? 'plain', glyphs.slice(start, end).join(''));
    start = end;
  }
  return line;
}

/** How a line is drawn: with half blocks, or with one mark a cell, by which lines are told apart without color. */
export interface LineStyle {
  tone?: Tone;
  mark?: string;
  /** Beneath what stands there already. */
  beneath?: boolean;
}

/** A line through one value a column; undefined interrupts it. Steep parts are joined, what lies outside is cut. */
export function drawLine(
  canvas: Canvas,
  scale: Scale,
  values: readonly (number | undefined)[],
  { tone = 'plain', mark, beneath = false }: LineStyle = {},
): void {
  const put = beneath ? canvas.fill : canvas.put;
  let before: number | undefined;
  for (const [column, value] of values.entries()) {
    if (value === undefined || !Number.isFinite(value)) {
      before = undefined;
      continue;
    }
    const step = stepOf(scale, value);
    const [low, high] = spanFrom(before, step);
    before = step;
    const last = Math.min(high, 2 * scale.rows - 1);
    for (let cell = Math.floor(Math.max(0, low) / 2); cell <= Math.floor(last / 2); cell += 1) {
      const glyph = mark ?? halfBlock(high > 2 * cell, low <= 2 * cell);
      put(column, rowOfStep(scale, 2 * cell), glyph, tone);
    }
  }
}

/** The half steps that a column shows, from beside the one before to its own. */
function spanFrom(before: number | undefined, step: number): [low: number, high: number] {
  if (before === undefined || before === step) return [step, step];
  return before < step ? [before + 1, step] : [step, before - 1];
}

/** Of a cell of which half or all is filled. */
export function halfBlock(hasUpper: boolean, hasLower: boolean): string {
  if (hasUpper && hasLower) return '█';
  return hasUpper ? '▀' : '▄';
}

/**
 * A level line across the canvas, beneath what stands there, with a glyph in one column of `every`; nothing where it lies
 * outside.
 */
export function drawLevel(canvas: Canvas, scale: Scale, value: number, tone: Tone = 'muted', every = 1): void {
  if (!isOn(scale, value)) return;
  const row = rowOfStep(scale, stepOf(scale, value));
  for (let column = 0; column < canvas.columns; column += every) canvas.fill(column, row, '┈', tone);
}

const EIGHTHS = ' ▁▂▃▄▅▆▇█';

/**
 * The part of a bar in eighth blocks that lies in one of its `height` lines, `level` 0 the lowest; a value above zero is
 * never invisible.
 */
export function eighthBlock(value: number | undefined, level: number, height: number, top: number): string {
  if (value === undefined || !Number.isFinite(value) || top <= 0) return ' ';
  const eighths = Math.max(value > 0 ? 1 : 0, Math.round((value / top) * height * 8));
  return EIGHTHS.charAt(Math.min(8, Math.max(0, eighths - level * 8)));
}

/** A text at a value of the axis. */
export interface AxisLabel {
  value: number;
  text: string;
  tone?: Tone;
  /** Only in its own row: a tick, whose place says its value. */
  isTick?: boolean;
}

/**
 * For every row its label, where it has one. The more important ones come first; where its row is taken one goes to the
 * row beside it, or is left away: labels stand in the order of their values.
 */
export function placeLabels(scale: Scale, labels: readonly AxisLabel[]): (AxisLabel | undefined)[] {
  const placed = new Array<AxisLabel | undefined>(scale.rows).fill(undefined);
  for (const label of labels.filter(({ value }) => isOn(scale, value))) {
    const row = rowOfStep(scale, stepOf(scale, label.value));
    const isInOrder = (at: number): boolean =>
      placed.every(
        (other, index) => other === undefined || (index < at ? other.value >= label.value : other.value <= label.value),
      );
    const free = (label.isTick === true ? [0] : [0, -1, 1])
      .map((move) => row + move)
      .find((at) => at >= 0 && at < scale.rows && placed[at] === undefined && isInOrder(at));
    if (free !== undefined) placed[free] = label;
  }
  return placed;
}

export function withAxis(lines: readonly string[], labels: readonly (AxisLabel | undefined)[], theme: Theme): string[] {
  return lines.map((line, row) => {
    const label = labels[row];
    if (label === undefined) return line + theme.paint('muted', '│');
    return `${line}${theme.paint('muted', '┤')} ${theme.paint(label.tone ?? 'muted', label.text)}`;
  });
}

/** What stands below a column: dates, prices. */
export interface ColumnLabel {
  column: number;
  text: string;
}

/**
 * The base line with a mark at each label, and the labels below, each from its column on; one that would touch the one
 * before or leave the width is left away with its mark. `marks` stand on the base line itself.
 */
export function renderFoot(
  labels: readonly ColumnLabel[],
  columns: number,
  width: number,
  theme: Theme,
  marks: readonly ColumnLabel[] = [],
): string[] {
  const base = createCanvas(columns, 1);
  for (let column = 0; column < columns; column += 1) base.put(column, 0, '─', 'muted');
  let text = '';
  for (const label of labels) {
    const { column } = label;
    const isFree = column >= displayWidth(text) + (text === '' ? 0 : 2);
    if (!isFree || column >= columns || column + displayWidth(label.text) > width) continue;
    base.put(column, 0, '┬', 'muted');
    text = text.padEnd(column) + label.text;
  }
  for (const mark of marks) base.put(mark.column, 0, mark.text, 'strong');
  return [`${base.toLines(theme).join('')}${theme.paint('muted', '┘')}`, theme.paint('muted', text)];
}
