// What is left out of a check because the text cannot need it changes no result.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFactBase } from '../../../src/agent/grounding/facts.ts';
import { maskNonFigures } from '../../../src/agent/grounding/figures.ts';
import { findMentions } from '../../../src/agent/grounding/mentions.ts';
import { LEXICON, createLexicon } from '../../../src/agent/grounding/words.ts';

/** Pieces of what is no figure, and of figures. */
const PIECES = [
  '12',
  '100',
  '2025',
  '20',
  '1.5',
  '3',
  '50',
  '1st',
  ' ',
  ' ',
  ' ',
  '-',
  '–',
  '/',
  ':',
  ',',
  '.',
  ')',
  '(',
  '#',
  '[',
  ']',
  '\n',
  '$',
  "'s",
  '%',
  'http://a1',
  '2025-10-29',
  '10/29',
  'Oct',
  'October ',
  'May',
  'am',
  'p.m',
  'UTC',
  'Q',
  'T+1',
  'RSI',
  'SMA',
  'MA',
  'averages',
  'MACD',
  'moving average',
  '12/26/9',
  '5/10/20',
  '50-',
  '200-day',
  'and',
  'to',
  'days',
  'week',
  'd',
  'w',
  'session',
  'bar',
  '-strikes',
  'strikes',
  'levels',
  'S&P',
  'Nasdaq',
  'Dow Jones',
  'Step',
  'No.',
  'Level',
  'Day',
  'last',
  'next',
  'top',
  'th',
  'in',
  'since',
  'FY',
  '-share',
  'per',
  'shares',
  '24/7',
  'level 1',
  'above',
  'overbought',
  '0 line',
  'the',
];
/** A line after which every pattern has something to look for. */
const ALL_HINTS = '\n\u00a7 ' + PIECES.filter((piece) => piece !== '\n').join(' \u00a7 ') + ' 1d 26 19 RSI MACD SMA';

describe('a check without what the text cannot need', () => {
  it('leaves the same digits readable', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        expect(maskNonFigures(text)).toBe(maskNonFigures(text + ALL_HINTS).slice(0, text.length));
      }),
      { numRuns: 150 },
    );
  });

  it('finds the same words', () => {
    const whole = createLexicon();
    const phrases = LEXICON.map(([, , source]) =>
      fc.stringMatching(new RegExp(`^(?:${withoutLookarounds(source)})$`), { maxLength: 40 }),
    );
    const text = fc
      .array(fc.oneof(...phrases), { minLength: 1, maxLength: 4 })
      .chain((parts) => fc.constantFrom(' ', ' 12 ', ', ').map((gap) => parts.join(gap)));
    fc.assert(
      fc.property(text, (written) => {
        expect(createLexicon([written]).find(written)).toEqual(whole.find(written));
      }),
      { numRuns: 400 },
    );
  });

  it('finds the same dates', () => {
    const base = createFactBase();
    const lexicon = createLexicon();
    const day = fc.constantFrom(
      '2025-10-29',
      '10/29',
      '1/2/25',
      'Oct 29',
      'October 29th, 2025',
      '29 Oct',
      '3rd of May',
      'Monday',
      "Tue's",
      'yesterday',
      'Yesterday',
      'the 29th',
      'The 3rd',
      'NVDA251121C00200000',
      'March',
      'may',
      '12',
    );
    fc.assert(
      fc.property(fc.array(day, { maxLength: 3 }), (days) => {
        const text = days.join(' x ');
        const found = findMentions(`${text} x Oct 30`, base, lexicon).dates;
        expect(findMentions(text, base, lexicon).dates).toEqual(found.slice(0, -1));
      }),
    );
  });
});

/** What stands around a phrase is not part of it. */
function withoutLookarounds(source: string): string {
  let kept = source;
  for (let at = kept.search(/\(\?<?[=!]/); at >= 0; at = kept.search(/\(\?<?[=!]/)) {
    let depth = 0;
    let end = at;
    do {
      if (kept[end] === '\\') end += 2;
      if (kept[end] === '(') depth += 1;
      if (kept[end] === ')') depth -= 1;
      end += 1;
    } while (depth > 0 && end < kept.length);
    kept = kept.slice(0, at) + kept.slice(end);
  }
  return kept.replaceAll('\\b', '');
}
