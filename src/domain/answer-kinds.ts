// Answers told apart by their kind. An answer's type leaves the link between its kind and its data to the reader.
import type { Answer, AnswerDataByKind, AnswerKind } from './answers.ts';

export function isOfKind<Kind extends AnswerKind>(answer: Answer, kind: Kind): answer is Answer<Kind> {
  return answer.kind === kind;
}

/** The data of every answer of a kind, in their order; answers without data are left out. */
export function dataOfKind<Kind extends AnswerKind>(answers: readonly Answer[], kind: Kind): AnswerDataByKind[Kind][] {
  return answers.flatMap((answer) => (isOfKind(answer, kind) && answer.data !== undefined ? [answer.data] : []));
}

/** What a table has for each kind of answer, made of the data; null where a kind has nothing. */
export type ByKind<Made, Rest extends unknown[] = []> = {
  readonly [Kind in AnswerKind]?: ((data: AnswerDataByKind[Kind], ...rest: Rest) => Made) | null;
};

/** Undefined where there are no data, or the table has nothing for their kind. */
export function makeByKind<Made, Rest extends unknown[]>(
  table: ByKind<Made, Rest>,
  { kind, data }: Pick<Answer, 'kind' | 'data'>,
  ...rest: Rest
): Made | undefined {
  const make = table[kind] as ((data: unknown, ...rest: Rest) => Made) | null | undefined;
  return data === undefined ? undefined : make?.(data, ...rest);
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
