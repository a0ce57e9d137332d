// A command line inside the session, split into words as a shell does: quotes keep spaces, a backslash keeps the next character.
import { UsageError } from '../domain/errors.ts';

const WORD = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g;
const PART = /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\\"']+)/g;

/** @throws UsageError for a quote that does not end. */
export function splitWords(line: string): string[] {
  const words = line.match(WORD) ?? [];
  const rest = line.replace(WORD, '').trim();
  if (rest !== '')
    throw new UsageError(`a ${rest.startsWith('\\') ? 'backslash' : 'quote'} is left open`, {
      hint: 'close it, or put the words between double quotes',
    });
  return words.map(unquote);
}

function unquote(word: string): string {
  return word.replaceAll(
    PART,
    (_all, escaped?: string, double?: string, single?: string, plain?: string) =>
      escaped ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? single ?? plain ?? '',
  );
}
