// A process that adds symbols to a list of the book, one change each, and says which are kept.
// Arguments: folder, name of the list, first number, how many.
import { writeSync } from 'node:fs';
import { changeBook } from '../../src/book/book-file.ts';

const [path = '', list = '', first = '0', count = '0'] = process.argv.slice(2);
for (let index = Number(first); index < Number(first) + Number(count); index += 1) {
  changeBook({ path }, (book) => (book.lists[list] ??= []).push(`S${index}`));
  writeSync(1, `S${index}\n`);
}
