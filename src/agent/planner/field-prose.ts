// What a table of fields says in a sentence: the one figure, the distance, yes or no, the first of several. What the table
// shows anyway is not repeated.
import type { TableData, TableRow } from '../../domain/answers.ts';
import { findField } from '../../fields/registry.ts';
import { formatFigure } from '../../render/figure.ts';
import { formatPercent } from '../../render/format.ts';
import type { FieldQuery } from './field-query.ts';
import { joinWords } from './wording.ts';

/** Key of the distance among the columns. */
export const DISTANCE = 'distance';

/** A line for each symbol where one was asked for, else one for all of them. */
export function describeTable(query: FieldQuery, data: TableData): string[] {
  const [row, ...others] = data.rows;
  if (row === undefined) return ['No symbol fulfills the condition.'];
  if (others.length === 0) return [describeRow(query, row)];
  if (query.conditions.length > 0) return [describeMatches(query, data.rows)];
  if (query.base !== undefined) return data.rows.map((each) => describeRow(query, each));
  const [column = ''] = query.columns;
  return [
    query.order === undefined
      ? `${labelOf(column)} of ${data.rows.length} symbols:`
      : describeFirst(query, column, data.rows),
  ];
}

function describeRow(query: FieldQuery, row: TableRow): string {
  if (query.base !== undefined) return describeDistance(query.base, row);
  if (query.conditions.length > 0) return describeTruth(query, row);
  const figures = query.columns.map((column) => {
    const value = row[column];
    return value === undefined ? `${labelOf(column)} is not available` : `${labelOf(column)} ${textOf(column, row)}`;
  });
  return `${row.symbol}: ${figures.join(', ')}.`;
}

/** `QQQ is 6.77 % below its 52-week high: 589.72 against 632.57.` */
function describeDistance(base: string, row: TableRow): string {
  const distance = row[DISTANCE];
  if (typeof distance !== 'number') return `${row.symbol}: its distance from the ${labelOf(base)} is not available.`;
  const side = distance < 0 ? 'below' : distance > 0 ? 'above' : 'at';
  const size = distance === 0 ? '' : `${formatPercent(Math.abs(distance)).replace('+', '')} `;
  return `${row.symbol} is ${size}${side} its ${labelOf(base)}: ${textOf('last', row)} against ${textOf(base, row)}.`;
}

/** `Yes, NVDA is above its SMA 50 and above its SMA 200: last 437.11, SMA 50 364.66, SMA 200 308.17.` */
function describeTruth(query: FieldQuery, row: TableRow): string {
  const { conditions, columns } = query;
  if (conditions.some(({ expression }) => row[expression] === undefined))
    return `${row.symbol}: a figure of the condition is not available.`;
  const holds = fulfills(query, row);
  // What holds of several alternatives, else all that was asked.
  const told = query.isAnyOf && holds ? conditions.filter(({ expression }) => row[expression] === true) : conditions;
  const parts = told.map(({ expression, said, isOfSymbol }) => {
    const not = row[expression] === true ? '' : 'not ';
    return isOfSymbol ? `is ${not}${said}` : `has ${not}${said}`;
  });
  const figures = columns.map((column) => `${labelOf(column)} ${textOf(column, row)}`);
  return `${holds ? 'Yes' : 'No'}, ${row.symbol} ${parts.join(' and ').replaceAll(' and is ', ' and ')}: ${figures.join(', ')}.`;
}

function fulfills({ conditions, isAnyOf }: FieldQuery, row: TableRow): boolean {
  const holds = ({ expression }: FieldQuery['conditions'][number]): boolean => row[expression] === true;
  return isAnyOf === true ? conditions.some(holds) : conditions.every(holds);
}

/** `Above its SMA 50: NVDA and AMD, 2 of 3.` */
function describeMatches(query: FieldQuery, rows: readonly TableRow[]): string {
  const matching = rows.filter((row) => fulfills(query, row));
  const what = query.conditions.map(({ said }) => said).join(query.isAnyOf ? ' or ' : ' and ');
  const title = what.charAt(0).toUpperCase() + what.slice(1);
  if (matching.length === 0) return `${title}: none of the ${rows.length}.`;
  return `${title}: ${joinWords(matching.map(({ symbol }) => symbol))}, ${matching.length} of ${rows.length}.`;
}

function describeFirst({ order }: FieldQuery, column: string, rows: readonly TableRow[]): string {
  const [first] = rows.filter((row) => row[column] !== undefined);
  if (first === undefined) return `${labelOf(column)}: not available for any of them.`;
  return `${order === 'highest' ? 'Highest' : 'Lowest'} ${labelOf(column)}: ${first.symbol}, ${textOf(column, first)}.`;
}

/** As it stands in a sentence: `highest close`, `RSI 14`. */
function labelOf(column: string): string {
  const label = findField(column)?.label ?? column;
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function textOf(column: string, row: TableRow): string {
  const field = findField(column);
  return formatFigure(row[column], field === undefined ? { unit: 'number' } : field);
}
