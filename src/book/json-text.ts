// JSON as a person would write it: short lists and records on one line, and numbers that JavaScript cannot hold exactly
// kept as they were written.

/** Of the language since 2025 (https://tc39.es/proposal-json-parse-with-source/), not yet in TypeScript's library. */
const json = JSON as unknown as {
  parse(text: string, revive: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
};

const MOST_COLUMNS = 100;
/** A double keeps any decimal number of so many digits. */
const EXACT_DIGITS = 15;

/** @throws SyntaxError */
export function parseExactly(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isExact(value, source) ? json.rawJSON(source) : value,
  );
}

function isExact(value: number, source: string): boolean {
  const digits = source.replace(/e.*$/i, '').replaceAll(/\D/g, '').replace(/^0+/, '');
  return Number.isFinite(value) && digits.length <= EXACT_DIGITS && (value !== 0 || digits === '');
}

/** With a line's end at its end. */
export function formatJsonText(value: object, lineEnd: string): string {
  return `${formatLong(value, '')}\n`.replaceAll('\n', lineEnd);
}

function format(value: unknown, indent: string, taken: number): string {
  if (!isContainer(value)) return JSON.stringify(value);
  const short = isFlat(value) ? formatShort(value) : undefined;
  return short !== undefined && indent.length + taken + short.length <= MOST_COLUMNS
    ? short
    : formatLong(value, indent);
}

function formatShort(value: object): string {
  const parts = entriesOf(value).map(([name, each]) => `${name}${JSON.stringify(each)}`);
  if (Array.isArray(value)) return `[${parts.join(', ')}]`;
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function formatLong(value: object, indent: string): string {
  const inner = `${indent}  `;
  const parts = entriesOf(value).map(([name, each]) => `${inner}${name}${format(each, inner, name.length)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

/** What stands before each value, and the value; what JSON cannot say is left out. */
function entriesOf(value: object): [string, unknown][] {
  if (Array.isArray(value)) return value.map((each) => ['', each ?? null]);
  return Object.entries(value).flatMap(([name, each]) =>
    each === undefined ? [] : [[`${JSON.stringify(name)}: `, each] satisfies [string, unknown]],
  );
}

function isFlat(value: object): boolean {
  return Object.values(value).every((each) => !isContainer(each));
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !json.isRawJSON(value);
}
