// Tables: which columns fit, how wide they are, where decimals line up; two engines that draw equal bytes,
// cli-table3 for small tables and an own one for large. Cells hold plain text and a tone, so widths are true.
import { type Grid, type PaintedCell, drawWithCliTable } from './table-cli.ts';
import { displayWidth, truncate, wrapText } from './text.ts';
import type { Theme, Tone } from './theme.ts';

export interface Cell {
  text: string;
  tone?: Tone;
}

export interface Column {
  head: string;
  /** `decimal` is right-aligned with the decimal points of all rows in one line. Default `right`. */
  align?: 'left' | 'right' | 'center' | 'decimal';
  /** Columns with the highest number go first when the width is too small, equal numbers together; absent: never. */
  drop?: number;
  /** A text column that may be cut to this many columns before anything is dropped. */
  min?: number;
  /** Heading over neighboring columns of the same group. */
  group?: string;
  tone?: Tone;
}

/** A line through the whole table before row `before`, with a text in its middle. */
export interface Divider {
  before: number;
  label?: string;
  tone?: Tone;
}

export interface TableSpec {
  columns: readonly Column[];
  /** One cell for each column; a plain string is a cell without a tone. */
  rows: readonly (readonly (Cell | string)[])[];
  dividers?: readonly Divider[];
  /** False leaves the column names and their rule out. */
  head?: boolean;
  /** Spaces between columns, default 2. */
  gap?: number;
  /** The reader chose the columns: those that the width has no room for are named below. */
  namesDropped?: true;
}

export type TableEngine = (grid: Grid) => string[];

export interface TableOptions {
  width: number;
  theme: Theme;
  /** For tests: draws the table whatever its size. */
  engine?: TableEngine;
}

/** Above either, cli-table3 takes longer than the start of the process allows. */
const CLI_TABLE_MAX_ROWS = 20;
const CLI_TABLE_MAX_CELLS = 120;

/** The table as lines, none wider than `width`, none with spaces at its end. */
export function renderTable(spec: TableSpec, options: TableOptions): string[] {
  return drawTable(spec, measureTable(spec), options);
}

function drawTable(spec: TableSpec, measured: Layout, options: TableOptions): string[] {
  const layout = fit(measured, options.width);
  if (layout.columns.length === 0) return [];
  const grid = paintGrid(spec, layout, options.theme);
  const drawn = grid.rows.length === 0 ? [] : (options.engine ?? chooseEngine(grid))(grid);
  const lines = drawn.map((line) => line.trimEnd());
  return [
    ...renderGroups(layout, options.theme),
    ...(grid.head === undefined ? [] : headLines(lines, options.theme)),
    ...withDividers(
      lines.slice(grid.head === undefined ? 0 : 2),
      spec.dividers ?? [],
      totalWidth(layout),
      options.theme,
    ),
    ...(spec.namesDropped === true ? nameDropped(measured, layout, options) : []),
  ];
}

function nameDropped({ columns }: Layout, { columns: kept }: Layout, { width, theme }: TableOptions): string[] {
  const dropped = columns.slice(kept.length).map(({ head }) => head);
  if (dropped.length === 0) return [];
  return wrapText(`no room for: ${dropped.join(', ')}`, width, '  ').map((line) => theme.paint('muted', line));
}

/** Columns that the table would take with every column at full width. */
export function naturalWidth(spec: TableSpec): number {
  return totalWidth(measureTable(spec));
}

/** The first variant that fits without dropping anything, else the last. Later variants are built only when needed. */
export function renderFirstThatFits(variants: readonly (() => TableSpec)[], options: TableOptions): string[] {
  for (const [index, build] of variants.entries()) {
    const spec = build();
    const measured = measureTable(spec);
    if (index === variants.length - 1 || totalWidth(measured) <= options.width)
      return drawTable(spec, measured, options);
  }
  return [];
}

/** A card without a head is on the way to a cached quote, where the first cli-table3 table would cost 3 ms. */
function chooseEngine(grid: Grid): TableEngine {
  if (grid.head === undefined) return drawPlain;
  const cells = grid.rows.length * grid.widths.length;
  return grid.rows.length <= CLI_TABLE_MAX_ROWS && cells <= CLI_TABLE_MAX_CELLS ? drawWithCliTable : drawPlain;
}

/** The own engine: one pass over the cells. */
export function drawPlain(grid: Grid): string[] {
  const gap = ' '.repeat(grid.gap);
  const drawRow = (cells: readonly PaintedCell[]): string =>
    cells.map((cell, index) => alignCell(cell, grid.widths[index] ?? 0, grid.aligns[index] ?? 'left')).join(gap);
  const rows = grid.rows.map(drawRow);
  if (grid.head === undefined) return rows;
  return [drawRow(grid.head), grid.widths.map((width) => '─'.repeat(width)).join('─'.repeat(grid.gap)), ...rows];
}

function alignCell({ text, columns }: PaintedCell, width: number, align: 'left' | 'right' | 'center'): string {
  const space = Math.max(0, width - columns);
  if (align === 'left') return text + ' '.repeat(space);
  if (align === 'right') return ' '.repeat(space) + text;
  return ' '.repeat(Math.floor(space / 2)) + text + ' '.repeat(Math.ceil(space / 2));
}

interface MeasuredCell extends Cell {
  columns: number;
}

interface MeasuredColumn extends Column {
  width: number;
  cells: MeasuredCell[];
}

interface Layout {
  columns: MeasuredColumn[];
  gap: number;
}

function measureTable(spec: TableSpec): Layout {
  return { columns: spec.columns.map((column, index) => measureColumn(column, index, spec)), gap: spec.gap ?? 2 };
}

function measureColumn(column: Column, index: number, spec: TableSpec): MeasuredColumn {
  const measured = spec.rows.map((row) => measureCell(row[index] ?? ''));
  const cells = column.align === 'decimal' ? alignDecimals(measured) : measured;
  const headWidth = spec.head === false ? 0 : displayWidth(column.head);
  const width = cells.reduce((widest, cell) => Math.max(widest, cell.columns), Math.max(1, headWidth));
  return { ...column, cells, width };
}

function measureCell(cell: Cell | string): MeasuredCell {
  if (typeof cell === 'string') return { text: cell, columns: displayWidth(cell) };
  return { ...cell, columns: displayWidth(cell.text) };
}

/** Pads what follows the decimal point; a cell without digits (a dash) stays at the right edge. */
function alignDecimals(cells: MeasuredCell[]): MeasuredCell[] {
  const tails = cells.map((cell) => tailLength(cell.text));
  const longest = tails.reduce<number>((most, tail) => Math.max(most, tail ?? 0), 0);
  return cells.map((cell, index) => {
    const space = longest - (tails[index] ?? longest);
    return space === 0 ? cell : { ...cell, text: cell.text + ' '.repeat(space), columns: cell.columns + space };
  });
}

/** Columns from the decimal point on, or after the last digit where there is no point; undefined without a digit. */
function tailLength(text: string): number | undefined {
  const point = text.indexOf('.');
  if (point >= 0) return displayWidth(text.slice(point));
  for (let index = text.length - 1; index >= 0; index -= 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) return displayWidth(text.slice(index + 1));
  }
  return undefined;
}

function totalWidth(layout: Layout): number {
  return layout.columns.reduce((sum, column) => sum + column.width, 0) + layout.gap * (layout.columns.length - 1);
}

/** Cuts text columns to their minimum, then drops columns, then (absurd data only) cuts the widest. */
function fit(layout: Layout, width: number): Layout {
  let excess = totalWidth(layout) - width;
  if (excess <= 0) return layout;
  const shrinkable = layout.columns.reduce(
    (sum, column) => sum + Math.max(0, column.width - (column.min ?? column.width)),
    0,
  );
  const drop = Math.max(-1, ...layout.columns.map((column) => column.drop ?? -1));
  if (shrinkable < excess && drop >= 0) {
    return fit({ ...layout, columns: layout.columns.filter((column) => (column.drop ?? -1) < drop) }, width);
  }
  const columns = layout.columns.map((column) => ({ ...column }));
  for (const column of columns) {
    const given = Math.min(excess, Math.max(0, column.width - (column.min ?? column.width)));
    column.width -= given;
    excess -= given;
  }
  while (excess > 0) {
    const widest = columns.reduce((one, other) => (other.width > one.width ? other : one));
    if (widest.width <= 1) break;
    widest.width -= 1;
    excess -= 1;
  }
  return { ...layout, columns };
}

function paintGrid(spec: TableSpec, layout: Layout, theme: Theme): Grid {
  const rows = spec.rows.map((_row, index) =>
    layout.columns.map((column) => {
      const cell = column.cells[index] ?? measureCell('');
      const { text, columns } = fitCell(cell, column.width);
      return { text: theme.paint(cell.tone ?? column.tone ?? 'plain', text), columns };
    }),
  );
  return {
    rows,
    gap: layout.gap,
    widths: layout.columns.map((column) => column.width),
    aligns: layout.columns.map((column) => (column.align === 'decimal' ? 'right' : (column.align ?? 'right'))),
    ...(spec.head === false
      ? {}
      : { head: layout.columns.map((column) => fitCell(measureCell(column.head), column.width)) }),
  };
}

function fitCell(cell: MeasuredCell, width: number): PaintedCell {
  return cell.columns <= width ? cell : measureCell(truncate(cell.text, width));
}

function headLines(lines: readonly string[], theme: Theme): string[] {
  return lines.slice(0, 2).map((line) => theme.paint('muted', line));
}

function withDividers(lines: readonly string[], dividers: readonly Divider[], width: number, theme: Theme): string[] {
  return Array.from({ length: lines.length + 1 }, (_, index) => {
    const before = dividers
      .filter((divider) => divider.before === index)
      .map((divider) => drawDivider(divider, width, theme));
    const line = lines[index];
    return line === undefined ? before : [...before, line];
  }).flat();
}

function drawDivider(divider: Divider, width: number, theme: Theme): string {
  return theme.paint(divider.tone ?? 'muted', centreInRule(divider.label ?? '', width, '─'));
}

function centreInRule(label: string, width: number, fill: string): string {
  const text = label === '' ? '' : ` ${truncate(label, Math.max(1, width - 4))} `;
  const left = Math.max(0, Math.floor((width - displayWidth(text)) / 2));
  return fill.repeat(left) + text + fill.repeat(Math.max(0, width - left - displayWidth(text)));
}

/** Headings over neighboring columns: `──── CALLS ────`. */
function renderGroups(layout: Layout, theme: Theme): string[] {
  if (!layout.columns.some((column) => column.group !== undefined)) return [];
  const spans: { group: string; width: number }[] = [];
  for (const column of layout.columns) {
    const last = spans.at(-1);
    if (last !== undefined && last.group === (column.group ?? '')) last.width += layout.gap + column.width;
    else spans.push({ group: column.group ?? '', width: column.width });
  }
  const parts = spans.map((span) =>
    span.group === '' ? ' '.repeat(span.width) : centreInRule(span.group, span.width, '─'),
  );
  return [theme.paint('muted', parts.join(' '.repeat(layout.gap)).trimEnd())];
}
