// fin list: lists of symbols in the book, shown and changed.
import { type Book, changeBook, readBook } from '../book/book-file.ts';
import { dataFolderOf } from '../book/data-folder.ts';
import { addToList, findList, parseListName, removeFromList, symbolsOfList, unknownList } from '../book/lists.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import { plural } from '../render/format.ts';
import { renderFacts } from '../render/view.ts';
import { sanitiseLine } from '../render/text.ts';
import { screenOf } from '../render/theme.ts';
import type { CommandRunner } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { printOwn } from './own-document.ts';
import { EXIT } from '../app/exit-code.ts';

type Lists = Readonly<Record<string, readonly string[]>>;

export const runLists: CommandRunner = ({ words }, session) => {
  const [action, name = '', ...symbols] = words;
  const folder = dataFolderOf(session.config);
  if (action === undefined) showAll(readBook(folder), session);
  else if (action === 'show') showOne(readBook(folder), name.replace(/^@/, ''), session);
  else {
    const own = parseListName(name);
    const wanted = action === 'add' || symbols.length > 0 ? parseSymbolList(symbols) : [];
    const { line, lists } = changeBook(folder, (book) =>
      action === 'add' ? add(book, own, wanted) : remove(book, own, wanted),
    );
    printOwn(session, `list ${action}`, { lists }, [line]);
  }
  return Promise.resolve(EXIT.done);
};

function showAll({ lists }: Book, session: CommandContext): void {
  const names = Object.keys(lists);
  const lines =
    names.length === 0
      ? ['no lists yet; to make one: fin list add core NVDA AMD']
      : render(Object.fromEntries(names.map((name) => [`@${name}`, lists[name] ?? []])), session);
  printOwn(session, 'list', { lists }, lines);
}

function showOne(book: Book, name: string, session: CommandContext): void {
  const key = findList(book, name);
  const isHeld = key === undefined && name.toLowerCase() === 'positions';
  if (key === undefined && !isHeld) throw unknownList(book, name);
  const shown = key ?? name.toLowerCase();
  const symbols = key === undefined ? symbolsOfList(book, name) : (book.lists[key] ?? []);
  printOwn(session, 'list show', { lists: { [shown]: symbols } }, render({ [`@${shown}`]: symbols }, session));
}

function add(book: Book, own: string, wanted: readonly string[]): { line: string; lists: Lists } {
  const { name, added } = addToList(book, own, wanted);
  const symbols = book.lists[name] ?? [];
  const held = wanted.length - added.length;
  const line = `@${name}: ${added.length === 0 ? 'nothing new' : `added ${added.join(', ')}`}${held > 0 && added.length > 0 ? `, ${held} already in it` : ''}; ${plural(symbols.length, 'symbol')}`;
  return { line, lists: { [name]: symbols } };
}

function remove(book: Book, own: string, wanted: readonly string[]): { line: string; lists: Lists } {
  const { name, removed } = removeFromList(book, own, wanted);
  const symbols = book.lists[name];
  if (symbols === undefined) return { line: `removed @${name} (${plural(removed.length, 'symbol')})`, lists: {} };
  return {
    line: `@${name}: removed ${removed.join(', ')}; ${plural(symbols.length, 'symbol')}`,
    lists: { [name]: symbols },
  };
}

function render(lists: Lists, { output }: CommandContext): string[] {
  const shown = (symbols: readonly string[]): string[] => symbols.map((each) => sanitiseLine(each, 40));
  return renderFacts(
    Object.entries(lists).map(([name, symbols]) => [
      sanitiseLine(name, 60),
      symbols.length === 0 ? ['empty'] : shown(symbols),
    ]),
    screenOf(output),
  );
}
