// Tables of any fields on screen, and the list of fields. Columns are as wide as their figures; those at the end go first
// where the width is too small.
import type { FieldData, TableColumn, TableData, TableRow } from '../domain/answers.ts';
import { findField } from '../fields/registry.ts';
import { formatCount, plural } from './format.ts';
import { formatFigure } from './figure.ts';
import { type Cell, type Column, type Divider, renderTable } from './table.ts';
import { describe, type RenderOptions, type View } from './view.ts';
import { toneOfChange } from './theme.ts';

const TEXT_UNITS = new Set(['date', 'condition']);

export function viewTable({ columns, rows, universe, matched }: TableData, options: RenderOptions): View {
  const count =
    matched === undefined || universe === undefined
      ? plural(rows.length, 'symbol')
      : `${formatCount(matched)} of ${plural(universe, 'symbol')}`;
  return {
    caption: ['table', count],
    lines:
      rows.length === 0
        ? ['none fulfills the condition']
        : renderTable(
            { columns: [SYMBOL, ...columns.map(columnOf)], rows: rows.map((row) => cellsOf(row, columns)) },
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
      rows: rows.map((row, index) => [
        ...before.map(({ cells }) => cells[index] ?? ''),
        ...cellsOf(row, columns).slice(1),
      ]),
      dividers,
    },
    options,
  );
}

const SYMBOL: Column = { head: 'Symbol', align: 'left', tone: 'strong' };

function columnOf({ label, unit }: TableColumn, index: number): Column {
  const head = describe(label, 32);
  return { head, align: TEXT_UNITS.has(unit) ? 'left' : 'decimal', ...(index === 0 ? {} : { drop: index }) };
}

function cellsOf(row: TableRow, columns: readonly TableColumn[]): (Cell | string)[] {
  return [
    row.symbol,
    ...columns.map(({ field, unit }): Cell => {
      const signed = isSigned(field, unit);
      const value = row[field];
      const known = findField(field, 'contract');
      const text = formatFigure(value, { ...known, unit, signed });
      return signed && typeof value === 'number' ? { text, tone: toneOfChange(value) } : { text };
    }),
  ];
}

/** A column of an expression in percent is a distance. */
function isSigned(field: string, unit: string): boolean {
  return findField(field)?.signed ?? unit === 'percent';
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
