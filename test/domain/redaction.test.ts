// A key in text: found however it is written and whatever stands between its characters; figures are never taken for one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/domain/redaction.ts';

const KEY = 'trd-Se"cr\\et/Key+<&>0123';
const PARTS = ['\u200b', '\u00ad', '\ufe0f', '\u202e', '\u0000', '\u001b[31m', '\n', '\r\n    ', '\\u200b', '\\n'];

/** Ways in which one character comes. */
const spellings = (character: string): string[] => [
  character,
  encodeURIComponent(character),
  JSON.stringify(character).slice(1, -1),
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  `&#${character.charCodeAt(0)};`,
  `&#x${character.charCodeAt(0).toString(16)};`,
];

describe('a key in text', () => {
  it('is found in every spelling, whole or parted by what nobody sees', () => {
    const redact = createRedactor([KEY]);
    const written = fc
      .tuple(
        ...Array.from(KEY, (character) =>
          fc.tuple(fc.constantFrom(...spellings(character)), fc.constantFrom('', '', '', ...PARTS)),
        ),
      )
      .map((pieces) =>
        pieces.map(([character, part], index) => character + (index < KEY.length - 1 ? part : '')).join(''),
      );
    fc.assert(fc.property(written, (text) => redact(`a ${text} b`) === 'a *** b'));
  });

  it('leaves all other text as it is', () => {
    const redact = createRedactor([KEY]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => redact(text) === text));
  });

  it('is one from twelve characters on: a placeholder rewrites no figures', () => {
    expect(createRedactor(['1234', 'true', '12345678901'])('"volume": 12345678901')).toBe('"volume": 12345678901');
    expect(createRedactor(['abcdefghijkl'])('abcdefghijkl')).toBe('***');
  });

  it('is found in base64 too, alone or behind what stands with it in a header', () => {
    const redact = createRedactor([KEY]);
    const around = fc.tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 5 }), fc.boolean());
    fc.assert(
      fc.property(around, ([before, after, isUrl]) => {
        const encoded = Buffer.from(`${before}${KEY}${after}`).toString(isUrl ? 'base64url' : 'base64');
        const shown = redact(`a ${encoded} b`);
        return shown.endsWith('*** b') && !Buffer.from(shown, 'base64').includes(KEY.slice(0, 3));
      }),
    );
    const startedMs = performance.now();
    redact(`${Buffer.from(KEY).toString('base64')} ${'A'.repeat(2_000_000)}`);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it('is one also where a message shows only its beginning', () => {
    const long = 'sk-proj-aaaabbbbccccddddeeee1234';
    const redact = createRedactor([long]);
    for (let chars = 20; chars <= long.length; chars += 1)
      expect(redact(`--port "${long.slice(0, chars)}…": not a port`)).toBe('--port "***…": not a port');
  });

  it('that begins like a longer one does not leave the end of that one', () => {
    expect(createRedactor(['abcdefghijkl', 'abcdefghijklmnop'])('abcdefghijklmnop')).toBe('***');
  });
});
