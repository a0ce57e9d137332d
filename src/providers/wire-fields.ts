// Hides what the fields of wire rows are made of: numbers that may be none, text that may write to the terminal, dates;
// and how rows that come by the thousand are read in one step each.
import { isRecord } from '../domain/present.ts';
import * as z from 'zod/mini';
import { isValidDate } from '../domain/exchange-time.ts';
import type { EpochMs, IsoDate } from '../domain/types.ts';
import { cleanText, instantOf, type Schema } from './wire.ts';

/** What is said of a value that cannot be read. */
const EXPECTED = {
  number: 'number',
  instant: 'a time in milliseconds',
  optionalNumber: 'a number',
  optionalText: 'text',
  date: 'a date YYYY-MM-DD',
} as const;

/** Stands for a value that cannot be read. */
const UNREADABLE = Symbol('unreadable');

type Read<T> = T | typeof UNREADABLE;

function readNumber(value: unknown): Read<number> {
  return typeof value === 'number' && Number.isFinite(value) ? value : UNREADABLE;
}

function readInstant(value: unknown): Read<EpochMs> {
  return (typeof value === 'number' ? instantOf(value) : undefined) ?? UNREADABLE;
}

function readOptionalNumber(value: unknown): Read<number | undefined> {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return value === undefined || value === null || value === 'NaN' ? undefined : UNREADABLE;
}

function readOptionalText(value: unknown): Read<string | undefined> {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? cleanText(value) || undefined : UNREADABLE;
}

function readDate(value: unknown): Read<IsoDate> {
  return typeof value === 'string' && isValidDate(value) ? value : UNREADABLE;
}

/**
 * The fields as schemas. `number` must be there and finite, `strike` also above 0. `name` is text that is not empty. `optionalNumber` may be absent, null,
 * the text "NaN" or out of range (1e999), which all mean missing; any other text is a broken payload. `optionalText` is
 * cleaned for the terminal; empty means missing.
 */
export function createFieldSchemas() {
  return {
    number: z.number(),
    strike: z.number().check(z.refine((value) => value > 0, 'a number above 0')),
    optionalNumber: toSchema(readOptionalNumber, EXPECTED.optionalNumber),
    text: z.pipe(
      z.string(),
      z.transform((value) => cleanText(value)),
    ),
    name: z.pipe(
      z.string().check(z.refine((value) => cleanText(value) !== '', 'a name')),
      z.transform((value) => cleanText(value)),
    ),
    optionalText: toSchema(readOptionalText, EXPECTED.optionalText),
    date: z.string().check(z.refine(isValidDate, EXPECTED.date)),
  };
}

/** One step: as a check and a transformation behind it each took three times as long. */
function toSchema<T>(
  read: (value: unknown) => Read<T | undefined>,
  expected: string,
): z.ZodMiniOptional<z.ZodMiniTransform<T | undefined>> {
  return z.optional(
    z.transform((value: unknown, context): T | undefined => {
      const found = read(value);
      if (found !== UNREADABLE) return found;
      context.issues.push({ code: 'custom', message: expected, input: value });
      return undefined;
    }),
  );
}

/** A part of a row that may be missing (a plan without trades): absent or null reads as one without any field. */
export function optionalPart<T>(part: z.ZodMiniType<T>): z.ZodMiniType<T> {
  return z.prefault(
    z.pipe(
      z.transform((value: unknown): unknown => value ?? {}),
      part,
    ),
    {},
  );
}

type Issues = z.core.ParsePayload['issues'];

/** Reads fields of one row after the other; what cannot be read becomes an issue, and the row is refused. */
class RowReader {
  #row: Record<string, unknown> = {};
  #issues: Issues = [];

  begin(row: Record<string, unknown>, issues: Issues): void {
    this.#row = row;
    this.#issues = issues;
  }

  number(name: string): number {
    return this.#settle(name, readNumber(this.#row[name]), EXPECTED.number);
  }

  /** A market's time in milliseconds. */
  instant(name: string): EpochMs {
    return this.#settle(name, readInstant(this.#row[name]), EXPECTED.instant);
  }

  optionalNumber(name: string): number | undefined {
    return this.#settle(name, readOptionalNumber(this.#row[name]), EXPECTED.optionalNumber);
  }

  optionalText(name: string): string | undefined {
    return this.#settle(name, readOptionalText(this.#row[name]), EXPECTED.optionalText);
  }

  date(name: string): IsoDate {
    return this.#settle(name, readDate(this.#row[name]), EXPECTED.date);
  }

  #settle<T>(name: string, value: Read<T>, expected: string): T {
    if (value !== UNREADABLE) return value;
    this.#issues.push({ code: 'custom', message: expected, input: this.#row[name], path: [name] });
    return z.NEVER;
  }
}

/**
 * A row of the fields that `read` reads. One step of the schema: with a step for each field, as an object schema has it,
 * a series of five years takes six times as long and leaves garbage for two more collections.
 */
export function createRowSchema<Row>(read: (row: RowReader) => Row): Schema<Row> {
  const reader = new RowReader();
  return z.transform((value: unknown, context): Row => {
    if (!isRecord(value)) {
      context.issues.push({ code: 'invalid_type', expected: 'object', input: value });
      return z.NEVER;
    }
    reader.begin(value, context.issues);
    return read(reader);
  });
}
