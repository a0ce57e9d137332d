// Text: widths, cutting, wrapping, and that nothing of a stranger's text steers the terminal.
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import lightWidth from '../../src/render/string-width.ts';
import {
  displayWidth,
  padEnd,
  padStart,
  sanitise,
  sanitiseLine,
  truncate,
  wrapPieces,
  wrapText,
} from '../../src/render/text.ts';
import { processorMs } from '../helpers/machine.ts';

const require = createRequire(createRequire(import.meta.url).resolve('cli-table3'));
const originalWidth = require('string-width') as (text: string) => number;

const ESC = '\u001b';
/** What must never reach a terminal: C0 (but newline), C1, bidi controls, zero-width and line separators. */
const HARMFUL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

describe('displayWidth', () => {
  it('counts wide characters twice, combining ones and colour not at all', () => {
    expect(displayWidth('NVDA')).toBe(4);
    expect(displayWidth(`${ESC}[32m+6.01${ESC}[39m`)).toBe(5);
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('█▁─▲●…—')).toBe(7);
    expect(displayWidth('🚀')).toBe(2);
  });

  it('agrees with string-width@4 on all that tables hold, so that it can stand in for it', () => {
    const alphabet = fc.constantFrom(
      ...Array.from('aZ09 .,+-%()—…·─│┌└█▁▂▇▲▼●±äéßñ日本語한글ｱ🚀'),
      `${ESC}[32m`,
      `${ESC}[39m`,
      `${ESC}[1m`,
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 30 }), (characters) => {
        const text = characters.join('');
        expect(lightWidth(text)).toBe(originalWidth(text));
      }),
    );
  });
});

describe('truncate and padding', () => {
  it('marks what is cut and leaves what fits alone', () => {
    expect(truncate('Corporation', 11)).toBe('Corporation');
    expect(truncate('Corporation', 6)).toBe('Corpo…');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('anything', 0)).toBe('');
  });

  it('pads by columns, not by characters', () => {
    expect(padEnd('日', 4)).toBe('日  ');
    expect(padStart('—', 3)).toBe('  —');
    expect(padStart('longer', 3)).toBe('longer');
  });

  it('never exceeds the width asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        expect(displayWidth(truncate(sanitiseLine(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapping', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrapText('note: two weeks ending on a holiday', 20, '      ')).toEqual([
      'note: two weeks',
      '      ending on a',
      '      holiday',
    ]);
  });

  it('keeps every character of a word that is too long', () => {
    expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('puts as many pieces on a line as fit', () => {
    expect(wrapPieces(['tradier', 'as of 15:59:58 ET', 'live'], 30)).toEqual(['tradier · as of 15:59:58 ET', 'live']);
  });

  it('never makes a line wider than asked for and loses no word', () => {
    const words = fc.array(fc.stringMatching(/^[a-z日—]{1,30}$/), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 10, max: 60 }), (list, width) => {
        const lines = wrapText(list.join(' '), width, '   ');
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(list.join(''));
      }),
    );
  });
});

describe('sanitise', () => {
  it.each([
    ['colour', `${ESC}[31mred${ESC}[0m`, 'red'],
    ['clearing the screen', `a${ESC}[2J${ESC}[Hb`, 'ab'],
    ['8-bit CSI', 'a\u009b31mb', 'ab'],
    ['a window title', `a${ESC}]0;evil\u0007b`, 'ab'],
    ['a link', `${ESC}]8;;http://evil${ESC}\\text${ESC}]8;;${ESC}\\`, 'text'],
    ['8-bit OSC', 'a\u009d52;c;AAAA\u009cb', 'ab'],
    ['a device control string', `a${ESC}P1$r0m${ESC}\\b`, 'ab'],
    ['an OSC without an end', `a${ESC}]0;rest`, 'a0;rest'],
    ['a nested sequence', `${ESC}${ESC}[31m[31mtext`, '[31mtext'],
    ['a carriage return that would overwrite', 'price 10\rprice 99', 'price 10\nprice 99'],
    ['Windows line ends', 'a\r\nb', 'a\nb'],
    ['backspaces', '99\b\b10', '9910'],
    ['text turned around', 'abc\u202edef\u2066ghi', 'abcdefghi'],
    ['zero-width characters', 'NV\u200bDA\ufeff', 'NVDA'],
    ['tag characters', 'a\u{e0041}b', 'ab'],
    ['variation selectors', 'a\ufe0fb\u{e0100}c\u180b', 'abc'],
    ['fillers and joiners', 'a\u034fb\u3164c\u115f\u2060d', 'abcd'],
    ['a bell and a null', 'a\u0007\u0000b', 'ab'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a tab', 'a\tb', 'a  b'],
  ])('removes %s', (_what, text, clean) => {
    expect(sanitise(text)).toBe(clean);
  });

  it('leaves ordinary text of any script alone', () => {
    expect(sanitise('Société Générale – 日本 +1.26 %\n— ▲ 🚀')).toBe('Société Générale – 日本 +1.26 %\n— ▲ 🚀');
  });

  it('removes every control sequence, whatever surrounds it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ESC,
        '[',
        ']',
        '\u009b',
        '\u009d',
        '\u0007',
        '\\',
        'P',
        '31m',
        '?25l',
        ';',
        '\r',
        '\n',
        '\b',
        '\u202e',
        '\u200b',
        '\u0000',
        '\u0085',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const clean = sanitise(pieces.join(''));
        expect(clean).not.toMatch(HARMFUL);
        expect(clean).not.toMatch(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
        expect(sanitise(clean)).toBe(clean);
        expect(sanitiseLine(pieces.join(''))).not.toContain('\n');
      }),
      { numRuns: 500 },
    );
  });

  it('is bounded in length', () => {
    expect(sanitise('x'.repeat(1000), 100)).toHaveLength(100);
    expect(sanitiseLine('x '.repeat(1000), 100).length).toBeLessThanOrEqual(100);
    expect(sanitiseLine('x '.repeat(1000), 100)).toMatch(/…$/);
  });

  it('takes time in proportion to the length of hostile text', () => {
    const started = processorMs();
    for (const hostile of [`${ESC}]`, `${ESC}P`, `${ESC}[`, `${ESC}[0;`, '\u009d']) sanitise(hostile.repeat(100_000));
    expect(processorMs() - started).toBeLessThan(2000);
  });
});
