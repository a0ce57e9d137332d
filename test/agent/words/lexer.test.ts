// How people write against how the tables write: both meet in one normal form.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexQuestion } from '../../../src/agent/words/lexer.ts';
import { createNames } from '../../../src/agent/words/names.ts';
import { REPLACED } from '../../../src/agent/words/spelling.ts';
import { AMBIGUOUS_NAMES, NAMES_TABLE } from '../../../src/agent/words/names-table.ts';

const normal = (text: string): string =>
  lexQuestion(text)
    .filter((word) => !word.isMark)
    .map((word) => word.text)
    .join(' ');

describe('the normal form', () => {
  it('is the same by the patterns of plain text as by those of all scripts', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '$NVDA',
        'S&P',
        "McDonald's",
        'BRK-B',
        'p/c',
        '3.5%',
        "weeks'",
        '50-day',
        '+',
        'Px',
        'AVG',
        '2026-11-20',
        '(',
        '-',
        ' - ',
        '_',
        'a.b',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join(' ');
        expect(lexQuestion(`${text} é`)).toEqual([...lexQuestion(text), ...lexQuestion('é')]);
      }),
    );
  });

  it('is what names are written in', () => {
    const names = [NAMES_TABLE, AMBIGUOUS_NAMES]
      .flatMap((table) => table.split(/[;\n]/))
      .filter((entry) => /^[A-Z.]+=/.test(entry))
      .flatMap((entry) => entry.split(/[=,]\^?/).slice(2));
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((text) => normal(text) !== text)).toEqual([]);
  });

  it('of every shown name finds its company, or asks back', () => {
    const names = createNames();
    const lost = NAMES_TABLE.split(/[;\n]/)
      .filter((entry) => entry.includes('='))
      .filter((entry) => {
        const [symbol = '', shown = ''] = entry.split(/[=,]/);
        const words = lexQuestion(shown);
        const match = names.matchName(words, 0);
        const found = match?.kind === 'company' ? [match.company] : (match?.candidates ?? []);
        // A mark of its own stands in no name, a name of one word may be an ambiguous one.
        return (
          !words.some((word) => word.isMark) &&
          (match?.length !== words.length ||
            (!found.some((company) => company.symbol === symbol) && match.kind !== 'ambiguous'))
        );
      });
    expect(lost).toEqual([]);
  });

  it('takes a word that is also a property of every object for a word', () => {
    expect(lexQuestion('hasOwnProperty constructor').map(({ text }) => text)).toEqual([
      'hasownproperty',
      'constructor',
    ]);
  });
});

describe('spelling', () => {
  it('looks for words before it tries a pattern, which changes no question', () => {
    const without = (question: string): string =>
      REPLACED.reduce((text, { pattern, by }) => text.replace(pattern, by), question);
    const withWords = (question: string): string => {
      const lower = question.toLowerCase();
      return REPLACED.reduce(
        (text, { pattern, by, words }) =>
          words.some((word) => lower.includes(word)) ? text.replace(pattern, by) : text,
        question,
      );
    };
    const files = ['questions/open.jsonl', 'questions/held.jsonl', 'fresh-2/questions-open.jsonl'];
    const questions = files.flatMap((file) =>
      readFileSync(join(import.meta.dirname, '../../eval', file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { q: string }).q),
    );
    expect(questions.length).toBeGreaterThan(1900);
    expect(questions.filter((question) => withWords(question) !== without(question))).toEqual([]);
  });
});
