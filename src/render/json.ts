// The public JSON document of a command. Numbers go through untouched; what is missing has no key.
import { INVISIBLE } from '../domain/plain-text.ts';
import { combineMetas } from '../domain/answer-meta.ts';
import type { Answer, AnswerDataByKind, AnswerError, AnswerKind, AnswerMeta } from '../domain/answers.ts';

export interface JsonDocument<Data> {
  schema: 'fin/1';
  command: string;
  /** True only where the command exits with 0. */
  ok: boolean;
  data?: Data;
  errors: AnswerError[];
  meta: AnswerMeta;
}

/** The document of one answer; `command` is what the user typed (`history`, `chain`, ...). */
export function toJsonDocument<Kind extends AnswerKind>(
  command: string,
  answer: Answer<Kind>,
): JsonDocument<AnswerDataByKind[Kind]> {
  const { data, errors, meta } = answer;
  return {
    schema: 'fin/1',
    command,
    ok: errors.length === 0 && data !== undefined,
    ...(data === undefined ? {} : { data: withoutMissing(data) }),
    errors: errors.map((error) => withoutMissing(error)),
    meta: withoutMissing(meta),
  };
}

/** The document of several answers of one command: a list of what was found, everything that failed, one meta. */
export function toListDocument(command: string, answers: readonly Answer[]): JsonDocument<unknown[]> {
  const errors = answers.flatMap((answer) => answer.errors);
  const data = answers.flatMap((answer) => (answer.data === undefined ? [] : [withoutMissing(answer.data)]));
  return {
    schema: 'fin/1',
    command,
    ok: errors.length === 0 && data.length > 0,
    ...(data.length === 0 ? {} : { data }),
    errors: errors.map((error) => withoutMissing(error)),
    meta: withoutMissing(combineMetas(answers.map((answer) => answer.meta))),
  };
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * The document as text, with a newline at its end. What is invisible or turns the direction of text stands as \\uXXXX:
 * strings of providers and models mean the same, and cannot deceive who reads the text.
 */
export function formatJson(document: unknown): string {
  const text = JSON.stringify(document, null, 2);
  return `${ASCII.test(text) ? text : text.replace(INVISIBLE, escapeUnits)}\n`;
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}

/** A copy without keys whose value is undefined or no number (JSON would make `null` of NaN and infinity). */
function withoutMissing<Value>(value: Value): Value {
  return strip(value) as Value;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => isPresent(item))
      .map(([key, item]) => [key, strip(item)]),
  );
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'number' && !Number.isFinite(value));
}
