// Tables of words as texts: what stands behind a word, and the words behind which something stands.
import { describe, expect, it } from 'vitest';
import { entriesOf, toLines, valueIn, wordsOf } from '../../../src/agent/words/lines.ts';

const LINES = toLines([
  ['ford', 'F'],
  ['google', 'GOOGL GOOG'],
  ['target', '^TGT'],
  ['united', '?UAL UNH'],
]);

describe('a table of words that is a text', () => {
  it('gives back what was put in, by word and as a whole', () => {
    expect(valueIn(LINES, 'google')).toBe('GOOGL GOOG');
    expect(valueIn(LINES, 'goo')).toBeUndefined();
    expect(entriesOf(LINES).map(([word]) => word)).toEqual(['ford', 'google', 'target', 'united']);
  });

  it('finds the words of a value, alone or among others, and no part of one', () => {
    expect(wordsOf(LINES, 'GOOG')).toEqual(['google']);
    expect(wordsOf(LINES, 'F')).toEqual(['ford']);
    expect(wordsOf(LINES, 'TGT')).toEqual(['target']);
    expect(wordsOf(LINES, 'UNH')).toEqual(['united']);
    expect(wordsOf(LINES, 'GO')).toEqual([]);
  });
});
