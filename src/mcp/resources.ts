// What a client can read without a question: the user's lists and positions. Hides addresses, and that positions are priced
// when they are read.
import { readBook } from '../book/book-file.ts';
import type { DataFolder } from '../book/data-folder.ts';
import { findList } from '../book/lists.ts';

export interface ResourceEntry {
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType: 'application/json';
}

const LISTS = 'fin://lists';
export const POSITIONS = 'fin://positions';
export const LIST_TEMPLATE = `${LISTS}/{name}`;
const MAX_LISTS = 200;

/** @throws ConfigError for an unreadable book */
export function listResources(book: DataFolder): ResourceEntry[] {
  const { lists } = readBook(book);
  return [
    entry(POSITIONS, 'positions', 'Positions', 'what the user holds, priced: value, P/L, greeks and totals'),
    entry(LISTS, 'lists', 'Watchlists', 'all watchlists with their symbols'),
    ...Object.entries(lists)
      .slice(0, MAX_LISTS)
      .map(([name, symbols]) =>
        entry(
          `${LISTS}/${encodeURIComponent(name)}`,
          name,
          `Watchlist ${name}`,
          `${symbols.length} symbols; tools take @${name}`,
        ),
      ),
  ];
}

function entry(uri: string, name: string, title: string, description: string): ResourceEntry {
  return { uri, name, title, description, mimeType: 'application/json' };
}

/** A list or all of them; undefined for an address that is none of them. @throws ConfigError for an unreadable book */
export function readLists(uri: string, folder: DataFolder): object | undefined {
  if (uri !== LISTS && !uri.startsWith(`${LISTS}/`)) return undefined;
  const book = readBook(folder);
  if (uri === LISTS) return { lists: book.lists };
  const name = decodeName(uri.slice(LISTS.length + 1));
  const key = name === undefined ? undefined : findList(book, name);
  return key === undefined ? undefined : { name: key, symbols: book.lists[key] ?? [] };
}

function decodeName(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not the address of anything.
    return undefined;
  }
}
