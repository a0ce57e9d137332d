// The two ways to the normal form of a phrase: the short one of plain words and the patterns of how people write.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexQuestion, normalWords } from '../../../src/agent/planner/lexer.ts';

const byPatterns = (text: string): string =>
  lexQuestion(text)
    .filter((word) => !word.isMark)
    .map((word) => word.text)
    .join(' ');

describe('normal words', () => {
  it('are the same on the short way as by the patterns', () => {
    const word = fc.oneof(fc.constantFrom('px', 'PX', 'Avg', 'vol', 'Coca', '52', '3M', 'constructor', 'toString', '__proto__', "McDonald's", 'S&P', 'p/c', 'BRK-B'), fc.stringMatching(/^[A-Za-z\d]{1,6}$/));
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.constantFrom(' ', '  '), (words, gap) => {
      const text = ` ${words.join(gap)}`;
      expect(normalWords(text)).toBe(byPatterns(text));
    }));
  });

  it('take a word that is also a property of every object for a word', () => {
    expect(normalWords('price of constructor')).toBe('price of constructor');
    expect(lexQuestion('hasOwnProperty').map(({ text }) => text)).toEqual(['hasownproperty']);
  });
});
