// Properties of the grounding check over many figures, its behaviour on hostile texts, and its score on a small corpus.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGrounding } from '../../../src/agent/grounding/check.ts';
import { createFactBase } from '../../../src/agent/grounding/facts.ts';
import type { FactBase } from '../../../src/agent/grounding/facts.ts';
import { markUnsupported } from '../../../src/agent/grounding/report.ts';
import { processorMs } from '../../helpers/machine.ts';
import { runCorpus } from '../../eval/grounding-corpus.ts';
import { answerOf, createConversation } from './base.ts';

const price = fc.integer({ min: 100, max: 90_000_000 }).map((thousandths) => thousandths / 10_000);

function quoteOf(last: number): FactBase {
  const base = createFactBase();
  base.add(answerOf('quote', [{ symbol: 'NVDA', last, asOf: '2025-10-29T16:00:00-04:00', session: 'closed' }]));
  return base;
}

const SENTENCES = [
  (figure: string) => `NVDA closed at ${figure}.`,
  (figure: string) => `${figure} is the last price of NVDA.`,
  (figure: string) => `| Symbol | Last |\n|---|---|\n| NVDA | $${figure} |`,
  (figure: string) => `- NVDA: $${figure} (last)`,
];

describe('any figure', () => {
  it('written with 0 to 4 decimals is supported', () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 0, max: 4 }), fc.constantFrom(...SENTENCES), (value, decimals, sentence) => {
        expect(checkGrounding(sentence(value.toFixed(decimals)), quoteOf(value))).toEqual({
          figures: 1,
          supported: 1,
          unsupported: [],
        });
      }),
    );
  });

  it('altered in one digit is not', () => {
    fc.assert(
      fc.property(
        price,
        fc.integer({ min: 0, max: 4 }),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(...SENTENCES),
        (value, decimals, place, by, sentence) => {
          const right = value.toFixed(decimals);
          const places = [...right.matchAll(/\d/g)].map((digit) => digit.index);
          const at = places[place % places.length]!;
          const altered = right.slice(0, at) + String((Number(right[at]) + by) % 10) + right.slice(at + 1);
          // A half has two roundings: 0.5 is 0 and 1.
          fc.pre(Math.abs(Number(altered) - value) > 0.5 * 10 ** -decimals * 1.000001);
          expect(checkGrounding(sentence(altered), quoteOf(value)).unsupported.map((figure) => figure.value)).toEqual([
            Number(altered),
          ]);
        },
      ),
    );
  });

  it('keeps its place: marks stand right behind the figure', () => {
    fc.assert(
      fc.property(price, (value) => {
        const text = `NVDA closed at ${value.toFixed(2)}, they say.`;
        expect(markUnsupported(text, checkGrounding(text, quoteOf(value + 1)))).toBe(
          `NVDA closed at ${value.toFixed(2)} [?], they say.`,
        );
      }),
    );
  });
});

describe('any text', () => {
  it('is read without a fault, and its figures are counted once', () => {
    const base = createConversation();
    const piece = fc.constantFrom(
      'NVDA',
      '207.04',
      '$',
      '%',
      '(',
      ')',
      '|',
      '\n',
      '**',
      '# ',
      '- ',
      'call',
      'put',
      '200',
      'Oct 29',
      ':',
      ', ',
      ' and ',
      'close',
      'open interest',
      '−',
      '1.2B',
      'SMA50',
      ' ',
      '/',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const { figures, supported, unsupported } = checkGrounding(text, base);
        expect(supported + unsupported.length).toBe(figures);
        const ends = unsupported.map((figure) => figure.end);
        expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
        for (const figure of unsupported) expect(text.slice(figure.start, figure.end)).toBe(figure.text);
      }),
    );
  });
});

describe('hostile texts of 100 kB', () => {
  const base = createConversation();
  it.each([
    ['one number', '9'.repeat(100_000)],
    ['many numbers', '1 '.repeat(50_000)],
    ['one table row', '| 1 '.repeat(25_000)],
    ['many table rows', '| a | 1.5 |\n'.repeat(8_000)],
    ['open parentheses', '(1 '.repeat(33_000)],
    ['nested parentheses', '('.repeat(50_000) + ')'.repeat(50_000)],
    ['asterisks', '*'.repeat(100_000)],
    ['nested bullets', Array.from({ length: 1_400 }, (_, depth) => `${' '.repeat(depth % 70)}- NVDA 1.5`).join('\n')],
    ['quotes in quotes', '> '.repeat(50_000)],
    ['windows', '5-'.repeat(50_000)],
    ['a list', '207.04, '.repeat(12_500)],
    ['dates', 'Oct 29 '.repeat(14_000)],
    ['symbols', 'NVDA '.repeat(20_000)],
  ])('%s ends within seconds', (_name, text) => {
    const began = processorMs();
    checkGrounding(text, base);
    expect(processorMs() - began).toBeLessThan(4_000);
  });

  it('a number without bound is unsupported, not equal to everything', () => {
    expect(checkGrounding(`NVDA closed at ${'9'.repeat(400)}.`, base)).toMatchObject({ figures: 1, supported: 0 });
  });
});

describe('the corpus', () => {
  it('of right and altered answers keeps both thresholds', () => {
    const { all, held } = runCorpus(1, 1);
    expect(all.right + all.altered).toBeGreaterThan(300);
    expect(all.caught / all.altered).toBeGreaterThanOrEqual(0.92);
    expect(all.marked / all.right).toBeLessThanOrEqual(0.03);
    // Phrasings that the check was not tuned on score lower; this holds what was reached.
    expect(held.caught / held.altered).toBeGreaterThanOrEqual(0.85);
  });
});
