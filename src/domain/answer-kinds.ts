// Answers told apart by their kind. An answer's type leaves the link between its kind and its data to the reader.
import type { Answer, AnswerDataByKind, AnswerKind } from './answers.ts';

export function isOfKind<Kind extends AnswerKind>(answer: Answer, kind: Kind): answer is Answer<Kind> {
  return answer.kind === kind;
}

/** The data of every answer of a kind, in their order; answers without data are left out. */
export function dataOfKind<Kind extends AnswerKind>(answers: readonly Answer[], kind: Kind): AnswerDataByKind[Kind][] {
  return answers.flatMap((answer) => (isOfKind(answer, kind) && answer.data !== undefined ? [answer.data] : []));
}

/** The figures that a contract may have, in the order of the public contract. */
export const CONTRACT_FIGURES = [
  'bid',
  'ask',
  'last',
  'volume',
  'openInterest',
  'iv',
  'delta',
  'gamma',
  'theta',
  'vega',
] as const;
