// Arithmetic for a language model: numbers, + - * / and parentheses, so that no figure is computed in its head.
import type { Answer } from '../domain/answers.ts';
import { UsageError } from '../domain/errors.ts';

const MAX_LENGTH = 500;
const MAX_DEPTH = 64;

/** @throws UsageError for anything but a finite result of numbers, `+ - * / ( )`. */
export function answerCalculation(expression: string): Answer<'calculation'> {
  const value = evaluate(expression);
  return {
    kind: 'calculation',
    data: { expression, value: Number(value.toPrecision(12)) },
    errors: [],
    meta: { sample: false, providerCalls: 0, elapsedMs: 0 },
    notes: [],
  };
}

export function evaluate(expression: string): number {
  if (expression.length > MAX_LENGTH) throw malformed(expression, `longer than ${MAX_LENGTH} characters`);
  const tokens = expression.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+|[-+*/()]|\S/gi) ?? [];
  let position = 0;

  const next = (): string | undefined => tokens[position];

  function parseSum(depth: number): number {
    let value = parseProduct(depth);
    for (let operator = next(); operator === '+' || operator === '-'; operator = next()) {
      position += 1;
      const right = parseProduct(depth);
      value = operator === '+' ? value + right : value - right;
    }
    return value;
  }

  function parseProduct(depth: number): number {
    let value = parseFactor(depth);
    for (let operator = next(); operator === '*' || operator === '/'; operator = next()) {
      position += 1;
      const right = parseFactor(depth);
      if (operator === '/' && right === 0) throw malformed(expression, 'division by zero');
      value = operator === '*' ? value * right : value / right;
    }
    return value;
  }

  function parseFactor(depth: number): number {
    if (depth > MAX_DEPTH) throw malformed(expression, 'nested too deep');
    const token = next();
    position += 1;
    if (token === '-') return -parseFactor(depth + 1);
    if (token === '+') return parseFactor(depth + 1);
    if (token === '(') {
      const value = parseSum(depth + 1);
      if (next() !== ')') throw malformed(expression, 'a parenthesis is not closed');
      position += 1;
      return value;
    }
    if (token === undefined || !/^[\d.]/.test(token))
      throw malformed(expression, token === undefined ? 'it ends too early' : `unexpected ${token}`);
    return Number(token);
  }

  const value = parseSum(0);
  const rest = next();
  if (rest !== undefined) throw malformed(expression, `unexpected ${rest}`);
  if (!Number.isFinite(value)) throw malformed(expression, 'the result is not finite');
  return value;
}

function malformed(expression: string, why: string): UsageError {
  return new UsageError(`calculate "${expression.slice(0, 60)}": ${why}`, {
    hint: 'use numbers, + - * / and parentheses, such as (207.04 - 201.03) / 201.03 * 100',
  });
}
