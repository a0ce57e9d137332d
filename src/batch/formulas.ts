// Formulas of a suite over data: `quote.change = quote.last - quote.previousClose`, `… if calendar.opened = 1`;
// `contracts.delta?` leaves out the items of a list that have none. Hides how paths reach into lists, what is close enough, and what a missing value does:
// it makes a comparison fail with the name of what is missing, never pass.
import { roundDigits } from '../domain/significance.ts';
import { clampDecimals } from '../fields/calls.ts';
import { type BinaryOperator, type Expression, mistake, namesIn, parseGuarded } from '../fields/expression.ts';
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
    if (typeof item !== 'number' || !Number.isFinite(item)) throw new MissingValue(`${format(item)} is not a number`);
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
  pct: ([value, base]) => ((number(value) - number(base)) / number(base)) * 100,
  round: ([value, decimals = 0]) => Number(number(value).toFixed(clampDecimals(number(decimals)))),
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

/** Ascending: what equals the center, and on either side of it the nearest, `most` each. */
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

/** A formula of a suite: a comparison with what it must be, or a value that the answer says. */
export interface Formula {
  text: string;
  expression: Expression;
  /** `if …`: the formula says nothing where this does not hold. */
  condition?: Expression;
  /** It is a comparison, or several with `and`, `or`, `not`. */
  isCondition: boolean;
  /** First words of all paths, and names of functions. */
  names: readonly string[];
}

/** @throws UsageError that says where it stops to be a formula. */
export function parseFormula(text: string): Formula {
  const { expression, condition } = parseGuarded(text);
  if (condition !== undefined && !isCondition(condition))
    throw mistake(text, condition, 'what follows "if" is not a comparison');
  const names = [expression, ...(condition === undefined ? [] : [condition])]
    .flatMap(namesIn)
    .map(({ path }) => path[0] ?? '');
  return {
    text,
    expression,
    ...(condition === undefined ? {} : { condition }),
    isCondition: isCondition(expression),
    names,
  };
}

function isCondition(expression: Expression): boolean {
  if (expression.kind === 'not') return true;
  return expression.kind === 'binary' && !isArithmetic(expression.operator);
}

function isArithmetic(operator: BinaryOperator): operator is '+' | '-' | '*' | '/' {
  return operator === '+' || operator === '-' || operator === '*' || operator === '/';
}

/** A comparison holds or does not; an expression alone holds where it has a value. */
export function checkFormula({ expression, condition }: Formula, scope: Scope): Verdict {
  try {
    if (condition !== undefined && evaluate(condition, scope) !== true) return { ok: true, detail: 'does not apply' };
    if (expression.kind === 'binary' && !isArithmetic(expression.operator) && !isLogic(expression.operator)) {
      const [left, right] = [evaluate(expression.left, scope), evaluate(expression.right, scope)];
      const ok = holds(expression.operator, left, right);
      return { ok, detail: `found ${format(left)}, recomputed ${format(right)}` };
    }
    const value = evaluate(expression, scope);
    return { ok: value !== false, detail: format(value) };
  } catch (thrown) {
    if (thrown instanceof MissingValue) return { ok: false, detail: thrown.message };
    throw thrown;
  }
}

/** The value of an expression, or why it has none. */
export function valueOf(formula: Formula, scope: Scope): { value: unknown } | { missing: string } {
  try {
    return { value: evaluate(formula.expression, scope) };
  } catch (thrown) {
    if (thrown instanceof MissingValue) return { missing: thrown.message };
    throw thrown;
  }
}

type Logic = 'and' | 'or';

function isLogic(operator: BinaryOperator): operator is Logic {
  return operator === 'and' || operator === 'or';
}

function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return expression.value;
    case 'name':
      return follow(expression.path, scope, expression.isPartial);
    case 'negate':
      return -number(evaluate(expression.of, scope));
    case 'not':
      return evaluate(expression.of, scope) !== true;
    case 'call': {
      const value = FUNCTIONS[expression.name]?.(expression.args.map((arg) => evaluate(arg, scope)));
      return value ?? missing(`${expression.name}() has too few values`);
    }
    case 'binary':
      return evaluateBinary(expression, scope);
  }
}

function evaluateBinary({ operator, left, right }: Expression & { kind: 'binary' }, scope: Scope): unknown {
  const first = evaluate(left, scope);
  if (operator === 'and') return first === true && evaluate(right, scope) === true;
  if (operator === 'or') return first === true || evaluate(right, scope) === true;
  const second = evaluate(right, scope);
  return isArithmetic(operator) ? calculate(operator, number(first), number(second)) : holds(operator, first, second);
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

type Comparator = Exclude<BinaryOperator, '+' | '-' | '*' | '/' | Logic>;

function holds(comparator: Comparator, left: unknown, right: unknown): boolean {
  switch (comparator) {
    case '=':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
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
