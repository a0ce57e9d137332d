// Rows in one step against the same rows as an object schema of zod, which they stand in for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createFieldSchemas, createRowSchema } from '../../src/providers/wire-fields.ts';
import { cleanText } from '../../src/providers/wire.ts';

const ROW = createRowSchema((row) => ({
  date: row.date('date'),
  price: row.number('price'),
  size: row.optionalNumber('size'),
  name: row.optionalText('name'),
}));

/** A field that may be missing, by a check and a transformation behind it. */
function optionalField<T>(suits: (value: unknown) => boolean, message: string, read: (value: unknown) => T) {
  return z.optional(z.pipe(z.custom(suits, message), z.transform(read)));
}

const { date, number } = createFieldSchemas();
const REFERENCE = z.object({
  date,
  price: number,
  size: optionalField(
    (value) => typeof value === 'number' || value === null || value === 'NaN',
    'a number',
    (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  ),
  name: optionalField(
    (value) => typeof value === 'string' || value === null,
    'text',
    (value) => (typeof value === 'string' ? cleanText(value) || undefined : undefined),
  ),
});

const anyValue = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom('NaN', '', 'text', '2025-02-28', '2025-02-30', '\u001b[31mred', null, undefined, Infinity, -0, true),
  fc.array(fc.integer(), { maxLength: 2 }),
);
const anyRow = fc.oneof(
  { weight: 1, arbitrary: anyValue },
  {
    weight: 6,
    arbitrary: fc.record(
      {
        date: fc.oneof(fc.constant('2025-10-29'), anyValue),
        price: fc.oneof(fc.double({ noNaN: true }), anyValue),
        size: anyValue,
        name: anyValue,
      },
      { requiredKeys: [] },
    ),
  },
);

describe('a row that is read in one step', () => {
  it('is taken or refused as field by field, with the same values and at the same places', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 4 }), (rows) => {
        const found = z.safeParse(z.array(ROW), rows);
        const expected = z.safeParse(z.array(REFERENCE), rows);
        expect(found.success).toBe(expected.success);
        if (found.success && expected.success) expect(found.data.map(present)).toEqual(expected.data.map(present));
        else expect(placesOf(found)).toEqual(placesOf(expected));
      }),
      { numRuns: 1_000 },
    );
  });

  it('says of each field what it should have been', () => {
    const { error } = z.safeParse(z.array(ROW), [{ date: '29 Oct', price: '1', size: 'many', name: 5 }, 'no row']);
    expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      '0.date: a date YYYY-MM-DD',
      '0.price: number',
      '0.size: a number',
      '0.name: text',
      expect.stringMatching(/^1: /),
    ]);
  });
});

function present(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

function placesOf({ error }: z.core.util.SafeParseResult<unknown>): string[] {
  return (error?.issues ?? []).map(({ path }) => path.join('.'));
}
