// Works out formulas over data. Hides how paths reach into lists, what is close enough, and what a missing value does:
// it makes a comparison fail with the name of what is missing, never pass.
import { roundDigits } from '../domain/significance.ts';
import type { Comparator, Expression, Formula } from './formula-grammar.ts';
import { exponentialAverages, macdOf, relativeStrengthIndex, simpleAverage } from './recompute.ts';

/** First word of a path to its data; undefined where there is none. */
export type Scope = Readonly<Record<string, unknown>>;

export interface Verdict {
  ok: boolean;
  /** Both sides as found. */
  detail: string;
}

/** Public figures have four decimals; a figure of three rounded ones is off by no more than this. */
const TOLERANCE = 0.0011;

type Function = (args: readonly unknown[]) => unknown;

const numbers = (value: unknown): number[] => {
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  return items.map((item) => {
    if (typeof item !== 'number' || !Number.isFinite(item)) throw new MissingValue(`${format(item)} is no number`);
    return item;
  });
};
const number = (value: unknown): number => numbers(value)[0] ?? missing('an empty list');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

const FUNCTIONS: Readonly<Record<string, Function>> = {
  abs: ([value]) => Math.abs(number(value)),
  above: ([values, bound]) => numbers(values).filter((value) => value > number(bound)),
  around: ([values, centre, most]) => nearestTo(numbers(values), number(centre), number(most)),
  below: ([values, bound]) => numbers(values).filter((value) => value < number(bound)),
  count: ([values]) => list(values).length,
  ema: ([values, window]) => exponentialAverages(numbers(values), number(window)).at(-1),
  first: ([values]) => list(values)[0],
  last: ([values]) => list(values).at(-1),
  macd: ([values]) => macdOf(numbers(values))?.macd,
  macdHistogram: ([values]) => macdOf(numbers(values))?.histogram,
  macdSignal: ([values]) => macdOf(numbers(values))?.signal,
  max: ([values]) => extreme(numbers(values), Math.max),
  min: ([values]) => extreme(numbers(values), Math.min),
  ms: ([time]) => Date.parse(String(time)),
  rsi: ([values, window]) => relativeStrengthIndex(numbers(values), number(window)),
  sma: ([values, window]) => simpleAverage(numbers(values), number(window)),
  sorted: ([values]) =>
    [...list(values)].sort((a, b) =>
      typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
    ),
  sum: ([values]) => numbers(values).reduce((sum, value) => sum + value, 0),
  unique: ([values]) => [...new Set(list(values))],
};

export const FUNCTION_NAMES = Object.keys(FUNCTIONS);

class MissingValue extends Error {}

function missing(what: string): never {
  throw new MissingValue(`${what} is missing`);
}

/** Ascending: what equals the centre, and on either side of it the nearest, `most` each. */
function nearestTo(values: readonly number[], centre: number, most: number): number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const below = sorted.filter((value) => value < centre);
  return [
    ...below.slice(Math.max(0, below.length - most)),
    ...sorted.filter((value) => value === centre),
    ...sorted.filter((value) => value > centre).slice(0, most),
  ];
}

function extreme(values: readonly number[], pick: (...values: number[]) => number): number {
  return values.length === 0 ? missing('every value of an empty list') : pick(...values);
}

/** A comparison holds or does not; an expression alone holds where it has a value. */
export function checkFormula(formula: Formula, scope: Scope): Verdict {
  const { condition } = formula;
  try {
    if (
      condition !== undefined &&
      !holds(condition.compare.comparator, evaluate(condition.left, scope), evaluate(condition.compare.right, scope))
    )
      return { ok: true, detail: 'does not apply' };
    const left = evaluate(formula.left, scope);
    if (formula.compare === undefined) return { ok: true, detail: format(left) };
    const right = evaluate(formula.compare.right, scope);
    const { comparator } = formula.compare;
    return { ok: holds(comparator, left, right), detail: `found ${format(left)}, recomputed ${format(right)}` };
  } catch (thrown) {
    if (thrown instanceof MissingValue) return { ok: false, detail: thrown.message };
    throw thrown;
  }
}

/** The value of an expression, or why it has none. */
export function valueOf(formula: Formula, scope: Scope): { value: unknown } | { missing: string } {
  try {
    return { value: evaluate(formula.left, scope) };
  } catch (thrown) {
    if (thrown instanceof MissingValue) return { missing: thrown.message };
    throw thrown;
  }
}

function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'path':
      return follow(expression.path, scope, expression.isPartial);
    case 'negate':
      return -number(evaluate(expression.of, scope));
    case 'arithmetic':
      return calculate(
        expression.operator,
        number(evaluate(expression.left, scope)),
        number(evaluate(expression.right, scope)),
      );
    case 'call': {
      const value = FUNCTIONS[expression.name]?.(expression.args.map((arg) => evaluate(arg, scope)));
      return value ?? missing(`${expression.name}() of too few values`);
    }
  }
}

function calculate(operator: '+' | '-' | '*' | '/', left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

/** A list gives the list of what its items have: each of them, or with `isPartial` those that have it. */
function follow(path: readonly string[], scope: Scope, isPartial: boolean): unknown {
  let value: unknown = scope;
  for (const [index, key] of path.entries()) {
    const name = path.slice(0, index + 1).join('.');
    if (!Array.isArray(value)) value = read(value, key) ?? missing(name);
    else {
      const found = (value as unknown[]).map((item) => read(item, key));
      const absent = found.findIndex((item) => item === undefined || item === null);
      if (absent >= 0 && !isPartial) missing(`${name} (item ${absent + 1})`);
      value = found.filter((item) => item !== undefined && item !== null);
    }
  }
  return value;
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function holds(comparator: Comparator, left: unknown, right: unknown): boolean {
  switch (comparator) {
    case '=':
      return isEqual(left, right);
    case 'in':
      return list(right).some((item) => isEqual(left, item));
    case '<=':
      return number(left) <= number(right) + TOLERANCE;
    case '>=':
      return number(left) >= number(right) - TOLERANCE;
    case '<':
      return number(left) < number(right);
    case '>':
      return number(left) > number(right);
  }
}

function isEqual(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) || Array.isArray(right)) {
    const [lefts, rights] = [list(left), list(right)];
    return lefts.length === rights.length && lefts.every((item, index) => isEqual(item, rights[index]));
  }
  if (typeof left === 'number' && typeof right === 'number')
    return Math.abs(left - right) <= Math.max(TOLERANCE, Math.abs(right) * 1e-9);
  return left === right;
}

export function format(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value as unknown[];
    return `[${items.length > 12 ? `${items.slice(0, 3).map(format).join(', ')}, … ${items.length} in all` : items.map(format).join(', ')}]`;
  }
  if (typeof value === 'number') return String(roundDigits(value, 6, 5));
  return typeof value === 'string' ? value : JSON.stringify(value ?? 'nothing');
}
