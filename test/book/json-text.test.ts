// JSON that people write by hand: where it is wrong and why, and what fin makes of it when it writes it back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../src/book/json-fault.ts';
import { formatJsonText, parseExactly } from '../../src/book/json-text.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('a fault of a JSON text', () => {
  it.each([
    ['', 1, 1, 'expected a value, found the end of the file'],
    ['{"lists": {"tech": ["NVDA",]}}', 1, 28, 'expected a value, found ]'],
    ['{\n  "lists": {\n    "tech": ["NVDA" "AMD"]\n  }\n}', 3, 21, 'expected , or ], found "'],
    ['{\r\n  "a": 1\r\n  "b": 2\r\n}', 3, 3, 'expected , or }, found "'],
    ['{\r"a": 1\r"b": 2}', 3, 1, 'expected , or }, found "'],
    ['{"a": 1,}', 1, 9, 'expected a name in double quotes, found }'],
    ["{'a': 1}", 1, 2, "expected a name in double quotes, found '"],
    ['{a: 1}', 1, 2, 'expected a name in double quotes, found a'],
    ['{"a" 1}', 1, 6, 'expected :, found 1'],
    ['{"a": NaN}', 1, 7, 'expected a value, found NaN'],
    ['{"a": 01}', 1, 8, 'expected , or }, found 1'],
    ['{"a": .5}', 1, 7, 'expected a value, found .5'],
    ['{"a": "open\n}', 1, 12, 'a string is not closed'],
    ['{"a": "a\tb"}', 1, 9, 'a tab inside a string: write it as \\t'],
    ['{"a": "C:\\dir"}', 1, 10, 'an invalid escape after a backslash'],
    ['{"😀": tru}', 1, 7, 'expected a value, found tru'],
    ['// mine\n{}', 1, 1, 'JSON has no comments'],
    ['{"a": 1} x', 1, 10, 'expected the end of the file, found x'],
    ['{"a": 1', 1, 8, 'expected , or }, found the end of the file'],
    ['{"tech": 1,\n "tech": 2}', 2, 2, 'the name "tech" appears twice'],
    ['{"a": 1, "\\u0061": 2}', 1, 10, 'the name "a" appears twice'],
    ['['.repeat(10_000), 1, 102, 'nested too deeply'],
  ])('%j is at line %i, column %i: %s', (text, line, column, why) => {
    expect(findJsonFault(text)).toEqual({ line, column, why });
  });

  it('is found in exactly the texts that are no JSON, but for names that are there twice', () => {
    const sign = fc.constantFrom(...Array.from('{}[]:,"\\ \n\t0-1.e+tfnu/'), 'true', 'null', '"a"', '"b"', '1.5', '😀');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(sign, { maxLength: 12 }).map((signs) => signs.join('')),
          fc.json(),
        ),
        (text) => {
          const fault = findJsonFault(text);
          if (fault?.why.endsWith('appears twice') !== true) expect(fault === undefined, text).toBe(isJson(text));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is found in a text of which any one character is missing, if that is no JSON', () => {
    const text = JSON.stringify({
      lists: { tech: ['NVDA', 'BRK.B'] },
      n: [1.5, -2e3, true, null, { 'a\n"': '\u00e9' }],
    });
    for (let at = 0; at < text.length; at += 1) {
      const cut = text.slice(0, at) + text.slice(at + 1);
      expect(findJsonFault(cut) === undefined, cut).toBe(isJson(cut));
    }
  });
});

describe('a JSON text that fin writes', () => {
  it('has short lists and records on one line', () => {
    const book = {
      lists: { tech: ['NVDA', 'AMD'], none: [] },
      positions: [{ id: 1, symbol: 'NVDA', quantity: 100 }],
      long: Array.from({ length: 12 }, (_, index) => `SYMBOL${index}`),
      other: {},
    };
    expect(formatJsonText(book, '\n')).toBe(`{
  "lists": {
    "tech": ["NVDA", "AMD"],
    "none": []
  },
  "positions": [
    { "id": 1, "symbol": "NVDA", "quantity": 100 }
  ],
  "long": [
${book.long.map((symbol) => `    "${symbol}"`).join(',\n')}
  ],
  "other": {}
}
`);
  });

  it('says the same as before, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(formatJsonText(parseExactly(text) as object, '\n'))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(['12345678901234567890', '0.12345678901234567890', '1e400', '-1E-400', '123456789012345.678'])(
    'has the number %s as it was written',
    (number) => {
      expect(formatJsonText(parseExactly(`{"n": ${number}, "all": [1, ${number}]}`) as object, '\n')).toBe(
        `{\n  "n": ${number},\n  "all": [1, ${number}]\n}\n`,
      );
    },
  );
});
