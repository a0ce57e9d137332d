// The list of fields, searched by words: what `fin fields` shows.
// Nothing is fetched for it.
import type { Answer } from '../domain/answers.ts';
import { NoDataError } from '../domain/errors.ts';
import { searchFields } from '../fields/registry.ts';
import { toAnswerError } from './answer.ts';

export function answerFields(words: readonly string[]): Answer<'fields'> {
  const found = searchFields(words).map(({ name, label, unit, of, needs, meaning }) => ({
    name,
    label,
    unit,
    of,
    needs: [...new Set(needs.map((need) => (need === 'term' ? 'chain' : need)))].filter((need) => need !== 'position'),
    meaning,
  }));
  const meta = { sample: false, providerCalls: 0, elapsedMs: 0 };
  if (found.length > 0) return { kind: 'fields', data: found, errors: [], meta, notes: [] };
  const error = new NoDataError(`fields: none matches "${words.join(' ').slice(0, 60)}"`, {
    hint: 'fin fields lists all of them',
  });
  return { kind: 'fields', errors: [toAnswerError(error)], meta, notes: [] };
}
