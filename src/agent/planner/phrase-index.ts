// Hides how phrases become texts in which a question's words are found without building anything: the build runs this file
// and puts the finished texts in its place, as a start has no time for sorting 17,000 phrases (15 ms).
import { ENTRIES } from '../../fields/registry.ts';
import { FORMS } from './forms.ts';
import { lexQuestion } from '../words/lexer.ts';
import { toLines } from '../words/lines.ts';
import { PHRASES, SCAN_PHRASES } from '../words/phrases.ts';
import type { PhraseIndex } from '../words/vocabulary.ts';

type Phrase = readonly [phrase: string, meaning: string];

const OF_FORMS: Phrase[] = FORMS.flatMap(({ name, words }) =>
  words.split(', ').map((phrase) => [normal(phrase), `form.${name}`] as const),
);

/** The words of special forms go before all others. */
export const PHRASES_OF_SYMBOLS = indexOf([...OF_FORMS, ...phrasesIn(PHRASES), ...phrasesOfRegistry()]);

/** These go before those. */
export const PHRASES_OF_MARKET = indexOf([...OF_FORMS, ...phrasesIn(SCAN_PHRASES)]);

function phrasesIn(list: string): Phrase[] {
  return list
    .trim()
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(': ');
      const meaning = line.slice(0, at);
      return line
        .slice(at + 2)
        .split(', ')
        .flatMap(expand)
        .map((phrase) => [normal(phrase), meaning] as const);
    });
}

/** `{rose|ran} {most|more}` stands for four phrases. */
function expand(entry: string): string[] {
  const [all, choices] = /\{([^}]*)\}/.exec(entry) ?? [];
  if (all === undefined || choices === undefined) return [entry];
  return choices.split('|').flatMap((choice) => expand(entry.replace(all, () => choice)));
}

/** Every phrase of the registry with the field that it names; a day before a figure is a date. */
function phrasesOfRegistry(): Phrase[] {
  return ENTRIES.flatMap(({ name, words, windows }) => {
    const own = windows === undefined ? name : `${name}${windows[0] ?? ''}`;
    return [own, name, ...words].map((phrase) => [normal(phrase.toLowerCase()), `field.${own}`] as const);
  }).filter(([phrase]) => !phrase.startsWith('yesterday'));
}

/** As the lexer gives it. */
function normal(phrase: string): string {
  return lexQuestion(phrase)
    .map(({ text }) => text)
    .join(' ');
}

/** Of two equal phrases the first counts. */
function indexOf(phrases: readonly Phrase[]): PhraseIndex {
  const meanings = [...new Set(phrases.map(([, meaning]) => meaning))];
  const byFirst = new Map<string, Map<string, number>>();
  for (const [phrase, meaning] of phrases) {
    const [first = '', ...rest] = phrase.split(' ');
    const own = byFirst.get(first) ?? new Map<string, number>();
    byFirst.set(first, own);
    const key = rest.join(' ');
    if (!own.has(key)) own.set(key, meanings.indexOf(meaning));
  }
  const lines = [...byFirst].map(
    ([first, own]) =>
      [
        first,
        [...own]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .flat()
          .join('\t'),
      ] as const,
  );
  return { meanings: meanings.join('\n'), lines: toLines(lines) };
}
