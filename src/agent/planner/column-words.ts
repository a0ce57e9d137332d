// Columns and conditions of a table in words, and their figures as a sentence has them.
import type { TableRow } from '../../domain/answers.ts';
import type { SaidFigure } from '../../domain/said.ts';
import { withoutCapital } from '../../fields/field.ts';
import { FUNCTION_WORDS, labelInSentence, labelOfDays, labelOfName } from '../../fields/labels.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import { type Condition, bare } from './query.ts';
import { SIDES } from './sentences.ts';

/** Key of the distance among the columns. */
export const DISTANCE = 'distance';

export const calculated = (
  key: string,
  row: TableRow,
  unit: NonNullable<SaidFigure['unit']> = 'percent',
): SaidFigure | string =>
  typeof row[key] === 'number' ? { field: 'calculation', value: row[key], symbol: row.symbol, unit } : 'not available';

export const unitOf = (measure: string): SaidFigure['unit'] => findField(/(\w+)\)?$/.exec(measure)?.[1] ?? '')?.unit;

/** What a symbol has, where it is not so itself. */
export const IS_HAD =
  /^an? (?:cross|death cross|golden cross|earnings report|announced ex-dividend day|filled gap|gap still|high above|low below)/;

/** Whether the symbol itself is so, not a figure of it. */
export function isOfSymbol({ left, word }: Condition): boolean {
  return (
    (word !== undefined && !IS_HAD.test(word)) ||
    left === 'last' ||
    left === 'changePercent' ||
    left === 'change' ||
    left?.includes('(last') === true
  );
}

/** Of a condition that stands as an expression only, both sides of it. */
function withSides(condition: Condition): Condition {
  const { left, word, expression } = condition;
  if (left !== undefined || word !== undefined) return condition;
  const [, one, operator = '', other = ''] = /^([\w()., ]+?) ([<>]=?|=) ([\w()., -]+)$/.exec(expression) ?? [];
  return one === undefined ? condition : { ...condition, left: one, operator, right: other };
}

/** `above its SMA 50`, `RSI 14 above 70`, `oversold`. */
export function sayCondition(condition: Condition, not = ''): string {
  const { left = '', operator = '', right = '', word, expression } = withSides(condition);
  if (word !== undefined) return sayState(word, expression, not);
  const side = SIDES[operator] ?? operator;
  const isLevel = !Number.isFinite(Number(right));
  if (left === 'last' || left === 'now(last)')
    return isLevel
      ? `${side.replace('at least', 'at or above').replace('at most', 'at or below')} its ${labelOfColumn(right)}`
      : `${side} ${right}`;
  const [, near] = /^abs\(pct\(last, (\w+)\)\)$/.exec(left) ?? [];
  if (near !== undefined && operator === '<=') return `${not}within ${right}% of its ${labelOfColumn(near)}`;
  const [, than = '', rival] = OF_BEATEN.exec(expression) ?? [];
  if (rival !== undefined)
    return `${not}${than.endsWith('=') ? 'not ' : ''}${than.startsWith('>') === than.endsWith('=') ? 'behind' : 'ahead of'} ${rival}`;
  return (
    sayMove(left, operator, right, not) ??
    `${labelOfColumn(left)} ${not}${side} ${isLevel ? labelOfColumn(right) : right}`
  );
}

/** `with a gap up`, `oversold (RSI 14 under 30)` */
function sayState(word: string, expression: string, not: string): string {
  const [, gap] = /^gapPercent ([<>]) 0$/.exec(expression) ?? [];
  if (gap !== undefined) return `${not}with a gap ${gap === '<' ? 'down' : 'up'}`;
  return expression.startsWith('rsi14')
    ? `${word} (RSI 14 ${expression.includes('<') ? 'under 30' : 'over 70'})`
    : `${not}${word}`;
}

/** `moved more than 2 percent`, `down at least 3 percent`, `up` */
function sayMove(left: string, operator: string, right: string, not: string): string | undefined {
  const [up, down] = MOVES[operator] ?? [];
  if (up === undefined || down === undefined) return undefined;
  if (left === 'abs(changePercent)') return `${not}moved ${up} ${right} percent`;
  if (left !== 'changePercent' && (left !== 'change' || right !== '0')) return undefined;
  const isDown = right.startsWith('-') || (Number(right) === 0 && operator.startsWith('<'));
  if (Number(right) === 0 && operator.length === 1) return isDown ? 'down' : 'up';
  // A rise is above it too.
  if (isDown && operator.startsWith('>')) return `no worse than ${right} percent`;
  return `${isDown ? `down ${down}` : `up ${up}`} ${right.replace('-', '')} percent`;
}

/** `up`, `on Mondays`, `with gap above 1%` */
export function sayOfSession(each: Condition): string {
  const { left = '', right = '', word } = withSides(each);
  const isOfMove = /^(?:abs\()?changePercent\)?$|^change$/.test(left) || OF_BEATEN.test(each.expression);
  const isFigure = word === undefined && left !== 'last' && left !== 'close' && !isOfMove;
  const isPercent = unitOf(left) === 'percent' && Number.isFinite(Number(right));
  return isFigure ? `with ${sayCondition(each)}${isPercent ? '%' : ''}` : sayCondition(each);
}

const OF_BEATEN = /^changePercent ([<>]=?) ([A-Z.]+)\.changePercent$/;

/** Of a rise and of a fall, whose size goes the other way. */
const MOVES: Readonly<Record<string, readonly [up: string, down: string]>> = {
  '>': ['more than', 'less than'],
  '<': ['less than', 'more than'],
  '>=': ['at least', 'at most'],
  '<=': ['at most', 'at least'],
};
/** As it stands in a sentence: `highest close`, `RSI 14`. */
export function labelOfColumn(column: string): string {
  const alias = / as (\w+)$/.exec(column)?.[1];
  if (alias !== undefined) return withoutCapital(labelOfName(alias)).replace(/ %$/, '');
  const [, before, back] = /^ago\((\w+), (\d+)\)$/.exec(column) ?? [];
  if (before !== undefined)
    return `${labelOfColumn(before)} ${back === '1' ? 'of the session before' : `${back ?? ''} sessions before`}`;
  const [, name = '', inner = '', sessions] = /^(\w+)\((\w+|abs\(\w+\))(?:, (\d+))?\)$/.exec(bare(column)) ?? [];
  const known = FUNCTION_WORDS[name.replace(/On$/, '')];
  if (known !== undefined) {
    const of = labelOfColumn(inner);
    const label = of.startsWith(known) ? of : `${known} ${of}`.trim();
    return `${label}${sessions === undefined ? '' : ` of ${sessions} sessions`}${name.endsWith('On') ? ' on' : ''}`;
  }
  const dated = labelOfDays(bare(column), labelOfColumn);
  if (dated !== undefined) return dated;
  const [, left, field = '', sign, right] = /^([A-Z.]+)\.(\w+) ([-/]) ([A-Z.]+)\.\w+$/.exec(bare(column)) ?? [];
  if (left !== undefined) return `${left} ${labelOf(field)} ${sign === '-' ? 'minus' : 'over'} that of ${right ?? ''}`;
  const [, days] = /^count\(([A-Z.]+\.change [<>] 0 and .*)\)$/.exec(column) ?? [];
  if (days !== undefined)
    return `sessions with ${days.replaceAll('.change > 0', ' up').replaceAll('.change < 0', ' down')}`;
  return labelInSentence(bare(column));
}

/** `iv30 - hv20`: that of both, where they have the same. */
function unitOfDifference(column: string): string | undefined {
  const [, left = '', right = ''] = /^(?:[A-Z.]+\.)?([a-z]\w*) - (?:[A-Z.]+\.)?([a-z]\w*)$/.exec(bare(column)) ?? [];
  const unit = findField(left)?.unit;
  return unit === findField(right)?.unit ? unit : undefined;
}

/** Of expressions that no field stands for. */
const UNITS: readonly (readonly [column: RegExp, unit: string])[] = [
  [/^chance[A-Z]|^percentile\(/, 'fraction'],
  [/^count\(|^sessions/, 'count'],
  [new RegExp(`^${DISTANCE}$|^(?:abs\\()?pct\\(|^percentOf(?:Move|Usual)$|Then$`), 'percent'],
  [/ \/ atr\d+$/, 'fraction'],
];

/** Dates and what is not there are words. */
export function figureOf(column: string, row: TableRow): SaidFigure | string {
  const value = row[column];
  if (typeof value !== 'number') return String(value ?? '');
  if (findField(column) !== undefined) return { field: column, value, symbol: row.symbol };
  if (/^(?:corr|beta)\(/.test(column)) return calculated(column, row, 'ratio');
  const difference = unitOfDifference(column);
  if (difference !== undefined)
    return { field: 'calculation', value, symbol: row.symbol, unit: difference, isSigned: true };
  const [, inner = column.split('.')[1]] = /\((\w+)(?:, \d+)?\)(?:, \d+)?\)*$/.exec(column) ?? [];
  const unit = UNITS.find(([of]) => of.test(column))?.[1] ?? (inner === undefined ? undefined : findField(inner)?.unit);
  return { field: 'calculation', value, symbol: row.symbol, ...(unit === undefined ? {} : { unit }) };
}
