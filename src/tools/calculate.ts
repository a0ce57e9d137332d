// Arithmetic for a language model: numbers, + - * / and parentheses, so that no figure is computed in its head.
// The grammar is that of all expressions, without fields.
import type { Answer } from '../domain/answers.ts';
import { evaluateArithmetic } from '../fields/bind.ts';

/** @throws UsageError that marks the place for anything but a finite result of numbers, `+ - * / ( )` and the functions of fields. */
export function answerCalculation(expression: string): Answer<'calculation'> {
  return {
    kind: 'calculation',
    data: { expression, value: Number(evaluateArithmetic(expression).toPrecision(12)) },
    errors: [],
    meta: { sample: false, providerCalls: 0, elapsedMs: 0 },
    notes: [],
  };
}
