// What a table of fields says in a sentence: the one figure, the distance, yes or no, the first of several. What the table
// shows anyway is not repeated.
import type { TableData, TableRow } from '../../domain/answers.ts';
import { findField } from '../../fields/registry.ts';
import { type Said, type SaidFigure, joinSaid, say } from '../../domain/said.ts';
import type { FieldQuery } from './field-query.ts';
import { joinWords } from './wording.ts';

/** Key of the distance among the columns. */
export const DISTANCE = 'distance';

/** A line for each symbol where one was asked for, else one for all of them. */
export function describeTable(query: FieldQuery, data: TableData): Said[] {
  const [row, ...others] = data.rows;
  if (row === undefined) return [say`No symbol fulfills the condition.`];
  if (others.length === 0) return [describeRow(query, row)];
  if (query.conditions.length > 0) return [describeMatches(query, data.rows)];
  if (query.base !== undefined) return data.rows.map((each) => describeRow(query, each));
  const [column = ''] = query.columns;
  return [
    query.order === undefined
      ? say`${labelOf(column)} of ${String(data.rows.length)} symbols:`
      : describeFirst(query, column, data.rows),
  ];
}

function describeRow(query: FieldQuery, row: TableRow): Said {
  if (query.base !== undefined) return describeDistance(query.base, row);
  if (query.conditions.length > 0) return describeTruth(query, row);
  return say`${row.symbol}: ${sayFigures(query.columns, row)}.`;
}

/** `RSI 14 64.02, SMA 50 385.20` */
function sayFigures(columns: readonly string[], row: TableRow): Said {
  return joinSaid(
    columns.map((column) =>
      row[column] === undefined
        ? say`${labelOf(column)} is not available`
        : say`${labelOf(column)} ${figureOf(column, row)}`,
    ),
    ', ',
  );
}

/** `QQQ is 6.77 % below its 52-week high: 589.72 against 632.57.` */
function describeDistance(base: string, row: TableRow): Said {
  const distance = row[DISTANCE];
  if (typeof distance !== 'number') return say`${row.symbol}: its distance from the ${labelOf(base)} is not available.`;
  const prices = say`${figureOf('last', row)} against ${figureOf(base, row)}`;
  if (distance === 0) return say`${row.symbol} is at its ${labelOf(base)}: ${prices}.`;
  const size: SaidFigure = { field: 'calculation', value: distance, unit: 'percent', symbol: row.symbol, isSize: true };
  return say`${row.symbol} is ${size} ${distance < 0 ? 'below' : 'above'} its ${labelOf(base)}: ${prices}.`;
}

/** `Yes, NVDA is above its SMA 50 and above its SMA 200: last 437.11, SMA 50 364.66, SMA 200 308.17.` */
function describeTruth(query: FieldQuery, row: TableRow): Said {
  const { conditions, columns } = query;
  if (conditions.some(({ expression }) => row[expression] === undefined))
    return say`${row.symbol}: a figure of the condition is not available.`;
  const holds = fulfills(query, row);
  // What holds of several alternatives, else all that was asked.
  const told = query.isAnyOf && holds ? conditions.filter(({ expression }) => row[expression] === true) : conditions;
  const parts = told.map(({ expression, said, isOfSymbol }) => {
    const not = row[expression] === true ? '' : 'not ';
    return isOfSymbol ? `is ${not}${said}` : `has ${not}${said}`;
  });
  const claim = parts.join(' and ').replaceAll(' and is ', ' and ');
  return say`${holds ? 'Yes' : 'No'}, ${row.symbol} ${claim}: ${sayFigures(columns, row)}.`;
}

function fulfills({ conditions, isAnyOf }: FieldQuery, row: TableRow): boolean {
  const holds = ({ expression }: FieldQuery['conditions'][number]): boolean => row[expression] === true;
  return isAnyOf === true ? conditions.some(holds) : conditions.every(holds);
}

/** `Above its SMA 50: NVDA and AMD, 2 of 3.` */
function describeMatches(query: FieldQuery, rows: readonly TableRow[]): Said {
  const matching = rows.filter((row) => fulfills(query, row));
  const what = query.conditions.map(({ said }) => said).join(query.isAnyOf ? ' or ' : ' and ');
  const title = what.charAt(0).toUpperCase() + what.slice(1);
  const all = String(rows.length);
  if (matching.length === 0) return say`${title}: none of the ${all}.`;
  return say`${title}: ${joinWords(matching.map(({ symbol }) => symbol))}, ${String(matching.length)} of ${all}.`;
}

function describeFirst({ order }: FieldQuery, column: string, rows: readonly TableRow[]): Said {
  const [first] = rows.filter((row) => row[column] !== undefined);
  if (first === undefined) return say`${labelOf(column)}: not available for any of them.`;
  return say`${order === 'highest' ? 'Highest' : 'Lowest'} ${labelOf(column)}: ${first.symbol}, ${figureOf(column, first)}.`;
}

/** As it stands in a sentence: `highest close`, `RSI 14`. */
function labelOf(column: string): string {
  const label = findField(column)?.label ?? column;
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

/** Dates and what is not there are words. */
function figureOf(column: string, row: TableRow): SaidFigure | string {
  const value = row[column];
  if (typeof value !== 'number') return String(value ?? '');
  return { field: findField(column) === undefined ? 'calculation' : column, value, symbol: row.symbol };
}
