import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexQuestion } from '../../../src/agent/words/lexer.ts';
import { createNames, editDistance } from '../../../src/agent/words/names.ts';
import { NAMES_TABLE, PART_END } from '../../../src/agent/words/names-table.ts';
import { FORMS } from '../../../src/agent/planner/forms.ts';
import { isRefusal } from '../../../src/agent/planner/query.ts';
import { PHRASES } from '../../../src/agent/words/phrases.ts';
import { createTestGrammar, understand } from './notation.ts';

const grammar = createTestGrammar();
const names = createNames();
const words = [...PHRASES.split(/[:,\n]/), ...FORMS.flatMap((form) => form.words.split(','))]
  .map((word) => word.trim())
  .filter((word) => /^[a-z]+$/.test(word));

/** Of the rare ones no slip is looked for. */
const entries = NAMES_TABLE.split(PART_END)
  .slice(0, 2)
  .flatMap((part) => part.split(/[;\n]/))
  .filter((entry) => entry.includes('=') || /^[A-Z.]+$/.test(entry))
  .map((entry) => entry.split('='));
const spellings = entries.flatMap(([symbol = '', list = '']) => {
  const called = list
    .toLowerCase()
    .split(',')
    .filter((name) => /^[a-z]{4,}$/.test(name))
    .map((text) => ({ text, symbol }));
  return /^[A-Z]{3,}$/.test(symbol) ? [{ text: symbol.toLowerCase(), symbol }, ...called] : called;
});

const LETTERS = Array.from({ length: 26 }, (_value, index) => String.fromCharCode(97 + index));

/** One letter changed, left out, put in, or swapped with the next. */
const slip = fc
  .record({
    spelling: fc.constantFrom(...spellings),
    kind: fc.constantFrom('change', 'drop', 'insert', 'swap'),
    place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    letter: fc.constantFrom(...LETTERS),
  })
  .map(({ spelling, kind, place, letter }) => {
    const { text } = spelling;
    const at = Math.floor(place * text.length);
    const [before, here, after] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)];
    return { ...spelling, typed: spell(kind, before, here, after, letter) };
  });

function spell(kind: string, before: string, here: string, after: string, letter: string): string {
  if (kind === 'change') return before + letter + after;
  if (kind === 'drop') return before + after;
  return kind === 'insert' ? before + letter + here + after : before + after.slice(0, 1) + here + after.slice(1);
}

/** A word that means something itself, so that it is no slip. */
function isAWord(typed: string): boolean {
  const [word] = lexQuestion(typed);
  const isNamed =
    names.isCommonWord(typed.toLowerCase()) ||
    names.listed(typed.toUpperCase().replace(/(?<=..)S$/, '')) !== undefined ||
    names.listed(typed.toUpperCase()) !== undefined ||
    (word !== undefined && names.matchName([{ ...word, startsUpperCase: true }], 0) !== undefined);
  return isNamed || words.includes(word?.text ?? '') || names.isEnglishWord(typed) || typed.length < 2;
}

function symbolsOf(text: string): string[] | undefined {
  const result = understand(grammar, { text });
  return isRefusal(result) ? undefined : [...new Set(result.parts.flatMap(({ symbols }) => symbols))];
}

describe('one slip away from a known name or symbol', () => {
  it('is asked back, whatever the letter and its place, or answered where it is long and nothing else can be meant', () => {
    fc.assert(
      fc.property(slip, ({ typed, symbol }) => {
        fc.pre(!isAWord(typed));
        const result = understand(grammar, { text: `price of ${typed}` });
        // Beside a mistyped word of the grammar, as "tade" for "trade", it stays unknown.
        const isNearWord = words.some((word) => word.length > 4 && typed.length > 4 && editDistance(word, typed) <= 2);
        const said = isRefusal(result) ? result.refused : result.parts.flatMap(({ symbols }) => symbols).join();
        const allowed = [...(isNearWord ? ['unknown'] : []), ...(typed.length > 4 ? [symbol] : []), 'unclear'];
        expect(allowed, `${typed} for ${symbol}`).toContain(said);
      }),
      { numRuns: 300 },
    );
  });

  it('is never answered for another symbol, in small letters, with a capital or all in capitals', () => {
    fc.assert(
      fc.property(slip, ({ typed, symbol }) => {
        fc.pre(!isAWord(typed));
        for (const written of [typed, typed.charAt(0).toUpperCase() + typed.slice(1), typed.toUpperCase()]) {
          const symbols = symbolsOf(`price of ${written}`) ?? [];
          // Capitals that no table lists are taken as they are written, and for nothing else.
          expect([symbol, written], written).toEqual(expect.arrayContaining(symbols));
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['aple price', 'AAPL'],
    ['Aple quote', 'AAPL'],
    ['orcle', 'ORCL'],
    ['wdx rsi', 'WDC'],
    ['dizney past month', 'DIS'],
    ['compare nvda with mfst', 'MSFT'],
  ])('asks back in "%s", the likeliest first', (question, symbol) => {
    const result = understand(grammar, { text: question });
    expect(isRefusal(result)).toBe(true);
    expect(isRefusal(result) ? result.message : '').toMatch(new RegExp(`^did you mean ${symbol}\\b`));
  });
});
