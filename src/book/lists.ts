// Lists of symbols and what `@NAME` stands for: the one place where a name becomes its symbols.
// Hides how a list is found, which names there may be, and that `@positions` is made of what is held.
import { ConfigError, NoDataError, UsageError, hasCode } from '../domain/errors.ts';
import { canonicalTicker, parseSymbolList, quoteInput, underlyingOf } from '../domain/symbols.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { type Book, readBook } from './book-file.ts';
import { type DataFolder } from './data-folder.ts';
import { listPositions } from './positions.ts';

/** Of the underlyings held; no list of one's own may be called so. */
const HELD = 'positions';
const MAX_NAME_CHARS = 40;
const NAME = /^\p{L}[\p{L}\p{N}_-]*$/u;
/** At the beginning of a word: an address of mail holds none, nor does a price (`@ 180.50`). */
const NAMES = /(?<![^\s,;:("'])@(\p{L}[\p{L}\p{N}_-]*)/gu;

/** Whether a text may hold a name, for who would rather not open the book. */
export function holdsName(text: string): boolean {
  return text.search(NAMES) >= 0;
}

/**
 * The text with the symbols of each list in place of its name.
 * @throws UsageError for a list that there is not, NoDataError for one without symbols, ConfigError for an unreadable book
 */
export function expandNames(text: string, folder: DataFolder): string {
  if (!holdsName(text)) return text;
  const book = readBook(folder);
  return text.replaceAll(NAMES, (_all, name: string) => symbolsOfList(book, name).join(', '));
}

/** @throws UsageError, NoDataError, ConfigError as `expandNames` */
export function symbolsOfList(book: Book, name: string): TickerSymbol[] {
  const key = findList(book, name);
  if (key === undefined) {
    if (name.toLowerCase() !== HELD) throw unknownList(book, name);
    const held = [...new Set(listPositions(book).map(underlyingOf))];
    if (held.length > 0) return held;
    throw new NoDataError(`@${HELD}: there are no positions`, { hint: 'fin positions add 100 NVDA @ 180.50 adds one' });
  }
  const symbols = book.lists[key] ?? [];
  if (symbols.length === 0)
    throw new NoDataError(`@${key}: the list is empty`, { hint: `fin list add ${key} NVDA adds to it` });
  try {
    return parseSymbolList(symbols);
  } catch (error) {
    if (!hasCode(error, 'usage')) throw error;
    throw new ConfigError(`book: list ${quoteInput(key)}: ${error.message}`, {
      hint: 'fix it in book.json of the data folder; fin doctor says where that is',
    });
  }
}

/**
 * As it is spelled, else in any case; a hand may have called one as what is held is called.
 * @returns its name in the book @throws UsageError where a hand has written several that differ only in case
 */
export function findList({ lists }: Book, name: string): string | undefined {
  if (name.toLowerCase() === HELD) return undefined;
  if (Object.hasOwn(lists, name)) return name;
  const alike = Object.keys(lists).filter((each) => each.toLowerCase() === name.toLowerCase());
  if (alike.length > 1)
    throw new UsageError(`@${name}: ${alike.map((each) => `@${each}`).join(' or ')}?`, {
      hint: 'write it in the case of the list that you mean',
    });
  return alike[0];
}

export function unknownList(book: Book, name: string): UsageError {
  const names = [...Object.keys(book.lists).filter((each) => NAME.test(each)), HELD];
  return new UsageError(`@${name.slice(0, MAX_NAME_CHARS)}: no such list`, {
    hint: `lists: ${names.map((each) => `@${each}`).join(', ')}; create one with fin list add NAME SYMBOLS`,
  });
}

/** The name of a list to be made or found, with or without its @. @throws UsageError */
export function parseListName(text: string): string {
  const name = text.replace(/^@/, '');
  if (!NAME.test(name) || name.length > MAX_NAME_CHARS)
    throw new UsageError(`list ${quoteInput(text)}: not a name`, {
      hint: `start with a letter, then letters, digits, - and _, at most ${MAX_NAME_CHARS}`,
    });
  if (name.toLowerCase() === HELD)
    throw new UsageError(`list ${name}: @${HELD} stands for the underlyings held`, { hint: 'choose another name' });
  return name;
}

/** @returns its name in the book and what of the symbols was new */
export function addToList(
  book: Book,
  name: string,
  symbols: readonly TickerSymbol[],
): { name: string; added: string[] } {
  const key = findList(book, name) ?? name;
  const list = (book.lists[key] ??= []);
  const added = symbols.filter((symbol) => !list.some((written) => isWritten(written, symbol)));
  list.push(...added);
  return { name: key, added };
}

/** Without symbols the whole list goes. @throws UsageError for an unknown list, NoDataError for symbols not in it */
export function removeFromList(
  book: Book,
  name: string,
  symbols: readonly TickerSymbol[],
): { name: string; removed: string[] } {
  const key = findList(book, name);
  if (key === undefined) throw unknownList(book, name);
  const list = book.lists[key] ?? [];
  if (symbols.length === 0) {
    Reflect.deleteProperty(book.lists, key);
    return { name: key, removed: list };
  }
  const missing = symbols.filter((symbol) => !list.some((written) => isWritten(written, symbol)));
  if (missing.length > 0)
    throw new NoDataError(`list ${key}: it does not contain ${missing.join(', ')}`, {
      hint: `nothing was removed; fin list show ${key} shows what it contains`,
    });
  book.lists[key] = list.filter((written) => !symbols.some((symbol) => isWritten(written, symbol)));
  return { name: key, removed: [...symbols] };
}

/** By hand a symbol may stand in small letters or in another vendor's spelling. */
function isWritten(written: string, symbol: TickerSymbol): boolean {
  return written === symbol || canonicalTicker(written.trim()) === symbol;
}
