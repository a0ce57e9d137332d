// What both providers' replies have in common: JSON that may be no JSON, lists of one element, numbers that are none,
// text that may try to write to the terminal. Everything behind it is unknown until a schema has seen it.
import { isRecord } from '../domain/present.ts';
import * as z from 'zod/mini';
import { BadPayloadError, ProviderUnavailableError } from '../domain/errors.ts';
import { sanitiseLine } from '../domain/plain-text.ts';
import { createRedactor } from '../domain/redaction.ts';
import type { EpochMs, IsoDate, ProviderName } from '../domain/types.ts';
import type { HttpReply } from '../http/http.ts';
import { kindOfMarkup } from '../http/wire.ts';

/** Whose reply is read. `secret` is what no message may ever hold. */
export interface WireSource {
  provider: ProviderName;
  /** The provider's name as people write it. */
  label: string;
  endpoint: string;
  secret: string;
}

/** What the clients build their schemas from; see wire-fields.ts. */
export type Schema<T> = z.ZodMiniType<T>;

// No endpoint in use nests deeper than nine levels.
const MAX_DEPTH = 64;
const MAX_MESSAGE_LENGTH = 200;
const MAX_EXCERPT_LENGTH = 300;
// 1980 to 2100: a time outside of it is none of these exchanges (seconds read as milliseconds are of 1970), and one far
// outside cannot be formatted.
const MIN_INSTANT_MS = 315_532_800_000;
const MAX_INSTANT_MS = 4_102_444_800_000;

/**
 * The reply's body as JSON.
 * @throws ProviderUnavailableError when it is empty, cut off, a web page or not JSON: such a reply is worth a retry.
 * @throws BadPayloadError when it is nested deeper than any endpoint answers.
 */
export function readJson(reply: HttpReply, source: WireSource): unknown {
  const text = withoutByteOrderMark(reply.body).trim();
  if (text === '') throw unavailable(source, 'the answer is empty', reply);
  if (text.startsWith('<')) throw unavailable(source, `the answer is ${kindOfMarkup(text)} instead of data`, reply);
  if (isNestedTooDeep(text))
    throw badPayload(source, `the answer is nested deeper than ${MAX_DEPTH} levels`, { reply });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const read = parseWithoutNumber(text);
    if (read !== undefined) return read.value;
    throw unavailable(source, 'the answer is not complete JSON', reply, cause);
  }
}

// A number that is none, as other languages write it (Python: NaN, Infinity; C: nan, -inf).
const NO_NUMBER = /[+-]?(?:nan|inf(?:inity)?|undefined)\b/iy;

/** JSON with bare `NaN` or `Infinity` in place of numbers, which then are missing; undefined where it is none then either. */
function parseWithoutNumber(text: string): { value: unknown } | undefined {
  const mended = replaceNoNumbers(text);
  if (mended === text) return undefined;
  try {
    return { value: JSON.parse(mended) as unknown };
  } catch {
    return undefined;
  }
}

/** By hand: a pattern that skips strings of megabytes overflows the engine's stack. */
function replaceNoNumbers(text: string): string {
  const parts: string[] = [];
  let copiedTo = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? '';
    if (inString) {
      if (char === '\\') index += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if ('nNiIuU+-'.includes(char)) {
      NO_NUMBER.lastIndex = index;
      const [found] = NO_NUMBER.exec(text) ?? [];
      if (found === undefined) continue;
      parts.push(text.slice(copiedTo, index), 'null');
      copiedTo = index + found.length;
      index = copiedTo - 1;
    }
  }
  return copiedTo === 0 ? text : parts.join('') + text.slice(copiedTo);
}

/** An error reply's body as JSON, or undefined: what it says is worth showing, what it lacks is not an error. */
export function readJsonIfAny(body: string): unknown {
  const text = withoutByteOrderMark(body).trim();
  if (!text.startsWith('{') || isNestedTooDeep(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (inString) {
      if (char === 0x5c) index += 1;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) {
      inString = true;
    } else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (char === 0x7d || char === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

/** An own field of a JSON object: `__proto__` and `constructor` are names like any other. */
export function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The value under the one key that every answer of an endpoint has. Null is "none"; without the key it is unreadable. */
export function rootOf(body: unknown, key: string, source: WireSource): Record<string, unknown> {
  if (!isRecord(body) || !Object.hasOwn(body, key))
    throw badPayload(source, `the answer has no "${key}"`, { field: key });
  const root = body[key];
  if (isRecord(root)) return root;
  if (asArray(root).length === 0) return {};
  throw badPayload(source, `${key} is neither an object nor null`, { field: key });
}

/** Nothing in any of its spellings (`null`, `"null"`, `""`, absent) as no elements, one element as a list of one. */
export function asArray(value: unknown): unknown[] {
  if (value === null || value === undefined || value === 'null' || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

/** Builds on the first call and keeps: schemas cost nothing to a command that reads no reply. */
export function once<T>(build: () => T): () => T {
  let built: { value: T } | undefined;
  return () => (built ??= { value: build() }).value;
}

/**
 * The value as its schema reads it.
 * @throws BadPayloadError naming provider, endpoint and the field (`quotes.quote[0].last`).
 */
export function parseWire<T>(schema: Schema<T>, value: unknown, source: WireSource, root: string): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const { field, why } = describeIssue(result.error, value, root);
  throw badPayload(source, why, { field });
}

/** The first thing that does not fit: `quotes.quote[0].last is a string, expected a number`. */
export function describeIssue(error: z.core.$ZodError, value: unknown, root: string): { field: string; why: string } {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  const field = formatFieldPath(root, path);
  return { field, why: `${field} ${describeKind(valueAt(value, path))}, expected ${expectedBy(issue)}` };
}

function expectedBy(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    case 'custom':
      return issue.message;
    default:
      return 'another value';
  }
}

function formatFieldPath(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : joinField(text, String(part))),
    root,
  );
}

function joinField(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof part === 'number' && Array.isArray(inner) ? (inner as unknown[])[part] : fieldOf(inner, String(part)),
    value,
  );
}

function describeKind(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is null';
  if (Array.isArray(value)) return 'is a list';
  if (typeof value === 'number') return `is ${value}`;
  return `is ${typeof value === 'object' ? 'an object' : `a ${typeof value}`}`;
}

/** A price that exists. Both providers write 0 for "never traded"; nothing is quoted below zero. */
export function priceOf(value: number | null | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** A number of things; a negative one is none. */
export function countOf(value: number | null | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

/** A market's instant in milliseconds; 0 means never. */
export function instantOf(ms: number | undefined): EpochMs | undefined {
  return ms !== undefined && ms >= MIN_INSTANT_MS && ms < MAX_INSTANT_MS ? Math.trunc(ms) : undefined;
}

/** Ascending by date, one entry a date: the later one of the reply counts. */
export function sortByDate<T extends { date: IsoDate }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.date, row])).values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** A provider's text made safe for a terminal and for a model: one line, nothing invisible, at most `maxLength`. */
export function cleanText(text: string, maxLength = MAX_MESSAGE_LENGTH): string {
  return sanitiseLine(text, maxLength);
}

/** Cleaned, shortened and without the key or anything that looks like one. */
export function redactText(text: string, secret: string, maxLength = MAX_MESSAGE_LENGTH): string {
  return cleanText(
    createRedactor([secret])(text)
      .replace(/(api_?key=|token=)[^&\s"']+/gi, '$1***')
      .replace(/(bearer\s+)[^\s"',]{8,}/gi, '$1***'),
    maxLength,
  );
}

/** What every error of a reply carries. */
export function detailsOf(source: WireSource, reply?: HttpReply) {
  const excerpt =
    reply === undefined || reply.body === '' ? undefined : redactText(reply.body, source.secret, MAX_EXCERPT_LENGTH);
  return { provider: source.provider, endpoint: source.endpoint, ...(excerpt === undefined ? {} : { excerpt }) };
}

/** Worth a retry, then another provider. */
export function unavailable(
  source: WireSource,
  why: string,
  reply?: HttpReply,
  cause?: unknown,
): ProviderUnavailableError {
  return new ProviderUnavailableError(`${source.label} ${source.endpoint}: ${why}`, {
    ...detailsOf(source, reply),
    ...(cause === undefined ? {} : { cause }),
    hint: 'try again in a minute, or ask another provider with --provider',
  });
}

/** Not worth a retry: the same request would bring the same answer. */
export function badPayload(
  source: WireSource,
  why: string,
  more: { reply?: HttpReply; field?: string; hint?: string } = {},
): BadPayloadError {
  return new BadPayloadError(`${source.label} ${source.endpoint}: ${why}`, {
    ...detailsOf(source, more.reply),
    ...(more.field === undefined ? {} : { field: more.field }),
    hint:
      more.hint ??
      'fin cannot read this answer; ask another provider with --provider, or see an excerpt with --verbose',
  });
}
