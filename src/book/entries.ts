// The entries of a list in the book that people may write by hand: positions and alerts. Hides their ids, which fin gives
// where there is none, and numbers that are kept as they were written.
import { ConfigError } from '../domain/errors.ts';
import type { Book } from './book-file.ts';

export interface BookEntry {
  id: number;
  entry: Record<string, unknown>;
  /** For messages: `positions[2]`. */
  name: string;
}

/** In their order, each with an id of its own. @throws ConfigError for what is no list of objects */
export function entriesOf(book: Book, key: 'positions' | 'alerts'): BookEntry[] {
  const value = book[key] ?? [];
  const hint = 'fix it in book.json of the data folder; it was left unchanged';
  if (!Array.isArray(value)) throw new ConfigError(`book: ${key} is not a list`, { hint });
  const taken = new Set<number>();
  const entries = value.map((entry: unknown, index) => {
    const name = `${key}[${index}]`;
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
      throw new ConfigError(`book: ${name} is not an object`, { hint });
    const own = (entry as Record<string, unknown>)['id'];
    const id = own === undefined ? undefined : Number(own);
    if (id !== undefined && (!Number.isSafeInteger(id) || id < 1 || taken.has(id)))
      throw new ConfigError(`book: ${name}: id is not a unique whole number`, { hint });
    if (id !== undefined) taken.add(id);
    return { id, entry: entry as Record<string, unknown>, name };
  });
  let next = Math.max(0, ...taken);
  return entries.map(({ id, entry: { id: _written, ...entry }, name }) => ({ id: id ?? (next += 1), entry, name }));
}

export function nextId(entries: readonly { id: number }[]): number {
  return Math.max(0, ...entries.map(({ id }) => id)) + 1;
}

/** Also one with more digits than a number of the language holds. */
export function numberIn(value: unknown): number | undefined {
  const raw = typeof value === 'object' && value !== null ? (value as { rawJSON?: unknown }).rawJSON : value;
  const number = typeof raw === 'number' ? raw : typeof raw === 'string' && raw !== value ? Number(raw) : NaN;
  return Number.isFinite(number) ? number : undefined;
}
