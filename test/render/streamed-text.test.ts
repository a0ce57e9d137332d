// Text in pieces: the same lines as the whole text gives, wherever the pieces end, and nothing that steers a terminal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamedText } from '../../src/render/streamed-text.ts';
import { displayWidth, sanitise, wrapText } from '../../src/render/text.ts';

function stream(pieces: readonly string[], width = 40): string {
  const text = createStreamedText(() => width);
  return pieces.map((piece) => text.push(piece)).join('') + text.end();
}

/** The text in pieces of any lengths. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let turn = 0; at < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const HOSTILE = [
  '\u001b',
  '\u001b[31m',
  '\u001b]0;a title\u0007',
  '\u001b]52;c;',
  '\u001b\\',
  '\u009b',
  '2J',
  ' ',
  '\n',
  '\r',
  '\r\n',
  '\t',
  'word',
  '171.08',
  '日本',
  '😀',
  '\u202e',
  '$',
  ';',
  '[',
];
const WHOLE = HOSTILE.filter((part) => !['\u001b', '\u001b]52;c;', '\u001b\\', '\u009b', '\r'].includes(part));
const ordinaryText = fc.array(fc.constantFrom(...WHOLE), { maxLength: 40 }).map((parts) => parts.join(''));
const anyText = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 40 }).map((parts) => parts.join(''));
const anyLengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

describe('streamed text', () => {
  it('gives the lines of the whole text wherever the pieces end', () => {
    fc.assert(
      fc.property(ordinaryText, anyLengths, (text, lengths) => {
        const whole = wrapText(sanitise(text).trim(), 40).join('\n').trim();
        expect(stream(cut(text, lengths)).trim()).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('lets no escape, control or direction character through', () => {
    fc.assert(
      fc.property(anyText, anyLengths, (text, lengths) => {
        expect(stream(cut(text, lengths))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
      { numRuns: 500 },
    );
  });

  it('holds every line to the width, also after the terminal became narrower', () => {
    let width = 60;
    const text = createStreamedText(() => width);
    const printed = text.push(`${'price '.repeat(30)}\n`);
    width = 30;
    const narrow = text.push(`${'level '.repeat(30)}${'x'.repeat(80)} `) + text.end();
    expect(Math.max(...printed.split('\n').map(displayWidth))).toBeLessThanOrEqual(60);
    expect(Math.max(...narrow.split('\n').map(displayWidth))).toBeLessThanOrEqual(30);
  });

  it('prints a word as soon as it is whole', () => {
    const text = createStreamedText(() => 40);
    expect(text.push('NVDA is ')).toBe('NVDA is');
    expect(text.push('at 17')).toBe(' at');
    expect(text.push('1.08.')).toBe('');
    expect(text.end()).toBe(' 171.08.\n');
  });

  it('prints nothing for nothing, and starts afresh after its end', () => {
    const text = createStreamedText(() => 40);
    expect(text.push(' \n') + text.end()).toBe('');
    expect(text.push('\n\nagain') + text.end()).toBe('again\n');
  });

  it('drops the marks of Markdown wherever the pieces end, and no letter, digit or sign of a figure', () => {
    expect(
      stream(['## Levels\n\n**NVDA** is at **17', '1.08** (`-2.', '99 %`):\n- sup', 'port *', '*165**\n#2 of 3']),
    ).toBe('Levels\n\nNVDA is at 171.08 (-2.99 %):\n- support 165\n#2 of 3\n');
    const marked = fc
      .array(fc.constantFrom('**', '`', '# ', '### ', 'NVDA', '171.08', '-2.99', '%', ' ', '\n', '- ', '*'), {
        maxLength: 40,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(marked, anyLengths, (text, lengths) => {
        const shown = stream(cut(text, lengths));
        expect(shown).not.toMatch(/\*\*|`/);
        expect(shown.replaceAll(/[^A-Z0-9.%-]/g, '')).toBe(text.replaceAll(/[^A-Z0-9.%-]/g, ''));
      }),
    );
  });
});
