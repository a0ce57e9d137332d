// Tables of any fields on screen, and the list of fields. Columns are as wide as their figures; those at the end go first
// where the width is too small.
import type { FieldData, TableColumn, TableData, TableRow } from '../domain/answers.ts';
import { LONGEST_LABEL } from '../fields/field.ts';
import { findField } from '../fields/registry.ts';
import { formatCount, formatRatio, plural } from './format.ts';
import { formatFigure } from './figure.ts';
import { type Cell, type Column, type Divider, renderTable } from './table.ts';
import { describe, type RenderOptions, type View } from './view.ts';
import { toneOfChange } from './theme.ts';

const TEXT_UNITS = new Set(['date', 'text', 'condition']);

export function viewTable({ columns, rows, universe, matched }: TableData, options: RenderOptions): View {
  const noun = ['date', 'expiration'].includes(columns[0]?.field ?? '') ? 'row' : 'symbol';
  const count =
    matched === undefined || universe === undefined
      ? plural(rows.length, noun)
      : `${formatCount(matched)} of ${plural(universe, noun)}`;
  return {
    caption: ['table', count],
    lines:
      rows.length === 0
        ? ['nothing matches the condition']
        : renderTable(
            {
              columns: [SYMBOL, ...columns.map(columnOf)],
              rows: cellsOfRows(rows, columns).map((cells, index) => [rows[index]?.symbol ?? '', ...cells]),
              namesDropped: true,
            },
            options,
          ),
  };
}

/** Rows of fields behind columns of another kind. */
export function renderFieldRows(
  {
    columns,
    rows,
    before,
    dividers,
  }: {
    columns: readonly TableColumn[];
    rows: readonly TableRow[];
    before: readonly (Pick<Column, 'head' | 'align'> & { cells: readonly string[] })[];
    dividers: readonly Divider[];
  },
  options: RenderOptions,
): string[] {
  return renderTable(
    {
      columns: [
        ...before.map(({ head, align }): Column => ({
          head,
          tone: 'strong',
          ...(align === undefined ? {} : { align }),
        })),
        ...columns.map(columnOf),
      ],
      rows: cellsOfRows(rows, columns).map((own, index) => [...before.map(({ cells }) => cells[index] ?? ''), ...own]),
      dividers,
      namesDropped: true,
    },
    options,
  );
}

/** The figures of a row as text, each behind its label; what is missing is left out. */
export function describeRow(row: TableRow, columns: readonly TableColumn[]): string[] {
  return columns.flatMap((column) =>
    row[column.field] === undefined ? [] : [`${column.label} ${formatOf(column)(row[column.field]).text}`],
  );
}

const SYMBOL: Column = { head: 'Symbol', align: 'left', tone: 'strong' };

function columnOf({ label, unit }: TableColumn, index: number): Column {
  const head = describe(label, LONGEST_LABEL);
  return { head, align: TEXT_UNITS.has(unit) ? 'left' : 'decimal', ...(index === 0 ? {} : { drop: index }) };
}

/** How the figures of a column are shown. A column of an expression in percent is a distance. */
function formatOf({ field, unit }: TableColumn): (value: TableRow[string] | undefined) => Cell {
  const signed = findField(field)?.signed ?? unit === 'percent';
  const format = { ...findField(field, 'contract'), unit, signed };
  return (value) => {
    const text = formatFigure(value, format);
    return signed && typeof value === 'number' ? { text, tone: toneOfChange(value) } : { text };
  };
}

function cellsOfRows(rows: readonly TableRow[], columns: readonly TableColumn[]): Cell[][] {
  const formats = columns.map((column) => [column.field, inOnePrecision(column, rows, formatOf(column))] as const);
  return rows.map((row) => formats.map(([field, format]) => format(row[field])));
}

/** Beside dollars a figure of cents has their two decimals; what those would show as zero keeps its own. */
function inOnePrecision(
  { field, unit }: TableColumn,
  rows: readonly TableRow[],
  format: ReturnType<typeof formatOf>,
): ReturnType<typeof formatOf> {
  const hasDollars = rows.some(({ [field]: value }) => typeof value === 'number' && Math.abs(value) >= 1);
  if (!hasDollars || unit !== 'usd') return format;
  return (value) => {
    const cell = format(value);
    if (typeof value !== 'number' || Math.abs(value) >= 1) return cell;
    return { ...cell, text: (cell.text.startsWith('+') ? '+' : '') + formatRatio(value) };
  };
}

const FIELD_COLUMNS: readonly Column[] = [
  { head: 'Field', align: 'left', tone: 'strong' },
  { head: 'Unit', align: 'left', drop: 1 },
  { head: 'Of', align: 'left', drop: 2 },
  { head: 'From', align: 'left', drop: 3 },
  { head: 'Meaning', align: 'left', min: 24 },
];

export function viewFields(fields: readonly FieldData[], options: RenderOptions): View {
  return {
    caption: ['fields', plural(fields.length, 'field')],
    lines: renderTable(
      {
        columns: FIELD_COLUMNS,
        rows: fields.map(({ name, unit, of, needs, meaning }) => [name, unit, of, needs.join(', '), meaning]),
      },
      options,
    ),
  };
}
