// What programs read: the JSON document of a command.
import { describe, expect, it } from 'vitest';
import { formatJson, toJsonDocument } from '../../src/render/json.ts';
import { LIVE, NVDA_CHAIN, NVDA_QUOTE, answerOf } from './data.ts';

describe('toJsonDocument', () => {
  it("is the contract's document, figures untouched", () => {
    const document = toJsonDocument('quote', answerOf('quote', [NVDA_QUOTE]));
    expect(document).toEqual({
      schema: 'fin/1',
      command: 'quote',
      ok: true,
      data: [NVDA_QUOTE],
      errors: [],
      meta: LIVE,
    });
    expect(Object.keys(document)).toEqual(['schema', 'command', 'ok', 'data', 'errors', 'meta']);
  });

  it('is not ok and has no data where nothing was found', () => {
    const error = {
      symbol: 'ZZZZ',
      code: 'no_data' as const,
      message: 'ZZZZ: no such symbol',
      hint: 'check the spelling',
    };
    const document = toJsonDocument('quote', answerOf('quote', undefined, { errors: [error] }));
    expect(document.ok).toBe(false);
    expect('data' in document).toBe(false);
    expect(document.errors).toEqual([error]);
  });

  it('is not ok where a part is missing beside data', () => {
    expect(
      toJsonDocument('quote', answerOf('quote', [NVDA_QUOTE], { errors: [{ code: 'timeout', message: 'm' }] })).ok,
    ).toBe(false);
  });

  it('has no key for a missing value, also where a provider sent null or no number', () => {
    const strange = JSON.parse(JSON.stringify({ ...NVDA_QUOTE, bid: null })) as typeof NVDA_QUOTE;
    const document = toJsonDocument('quote', answerOf('quote', [{ ...strange, ask: Number.NaN }]));
    expect(formatJson(document)).not.toContain('null');
    expect(Object.keys(document.data?.[0] ?? {})).not.toContain('bid');
    expect(Object.keys(document.data?.[0] ?? {})).not.toContain('ask');
  });

  it('is one document with a newline at its end, and reads back as it was', () => {
    const document = toJsonDocument('chain', answerOf('chain', NVDA_CHAIN));
    const text = formatJson(document);
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual(document);
  });
});

describe('formatJson', () => {
  it('escapes what is invisible or turns the direction of text, and reads back as the same', () => {
    const strings = [
      'a\u200bb',
      '\u202etxt\u2066',
      '\ufeff',
      '\u{e0041}',
      'é 日本 ok',
      '\u00ad\u2060\u061c\ufe0f',
      '\u2028\u0085',
    ];
    const text = formatJson({ strings });
    expect(text).not.toMatch(/[\p{Cf}\u0085\ufe0f]/u);
    expect(text).toContain('\\u202etxt\\u2066');
    expect(text).toContain('\\udb40\\udc41');
    expect(text).toContain('é 日本 ok');
    expect(JSON.parse(text)).toEqual({ strings });
  });
});
