// book.json: what people write into it by hand is read and survives, what cannot be read is never overwritten, and
// changes of many processes, also of killed ones, lose nothing.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Book, changeBook, readBook } from '../../src/book/book-file.ts';
import type { DataFolder } from '../../src/book/data-folder.ts';
import { createDataFolder, createTempFolder, startScript } from './world.ts';

const bookOf = (folder: DataFolder): string => join(folder.path, 'book.json');
const textOf = (folder: DataFolder): string => readFileSync(bookOf(folder), 'utf8');
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const addTech = (book: Book): unknown => (book.lists['tech'] ??= []).push('NVDA');

function write(content: string | Buffer): DataFolder {
  const folder = createDataFolder();
  mkdirSync(folder.path, { mode: 0o700 });
  writeFileSync(bookOf(folder), content);
  return folder;
}

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('the book', () => {
  it('is empty where there is none, and reading makes none', () => {
    const folder = createDataFolder();
    expect(readBook(folder)).toEqual({ lists: {} });
    expect(existsSync(folder.path)).toBe(false);
  });

  it('is made private by the first change, and the version before each change is kept', () => {
    const folder = createDataFolder();
    expect(changeBook(folder, addTech)).toBe(1);
    expect(textOf(folder)).toBe('{\n  "lists": {\n    "tech": ["NVDA"]\n  }\n}\n');
    expect(readdirSync(folder.path).toSorted()).toEqual(['book.json', 'book.lock']);
    expect(changeBook(folder, addTech)).toBe(2);
    expect(readBook(folder).lists).toEqual({ tech: ['NVDA', 'NVDA'] });
    expect(readFileSync(`${bookOf(folder)}.bak`, 'utf8')).toContain('"tech": ["NVDA"]');
    expect(modeOf(folder.path)).toBe('700');
    for (const name of readdirSync(folder.path)) expect(modeOf(join(folder.path, name)), name).toBe('600');
  });

  it('keeps what this fin does not know, in its place, with numbers as they were written', () => {
    const folder = write(
      '{"mine": {"id": 12345678901234567890}, "lists": {}, "positions": [{"quantity": 100}], "v": null}',
    );
    changeBook(folder, addTech);
    expect(textOf(folder)).toBe(`{
  "mine": { "id": 12345678901234567890 },
  "lists": {
    "tech": ["NVDA"]
  },
  "positions": [
    { "quantity": 100 }
  ],
  "v": null
}
`);
  });

  it('is read with a byte-order mark and any ends of lines, and keeps those of Windows', () => {
    const text = '{\n  "lists": {\n    "täch": ["NVDA"]\n  }\n}\n';
    for (const end of ['\n', '\r\n', '\r'])
      for (const mark of ['', '\uFEFF']) {
        const folder = write(mark + text.replaceAll('\n', end));
        expect(readBook(folder).lists).toEqual({ täch: ['NVDA'] });
        changeBook(folder, addTech);
        expect(readBook(folder).lists).toEqual({ täch: ['NVDA'], tech: ['NVDA'] });
        expect(textOf(folder).includes('\r\n')).toBe(end === '\r\n');
      }
  });

  it('has lists of any name', () => {
    const folder = write('{"lists": {"__proto__": ["AMD"], "constructor": ["IBM"]}}');
    changeBook(folder, ({ lists }) => {
      lists['toString'] = ['SPY'];
      lists['__proto__']?.push('QQQ');
    });
    expect(Object.entries(readBook(folder).lists)).toEqual([
      ['__proto__', ['AMD', 'QQQ']],
      ['constructor', ['IBM']],
      ['toString', ['SPY']],
    ]);
  });

  it('stays byte for byte where nothing is changed or the change fails', () => {
    const folder = write('{ "lists":{"tech" :[ "NVDA" ]} }');
    changeBook(folder, () => undefined);
    expect(() =>
      changeBook(folder, (book) => {
        addTech(book);
        throw new Error('no such symbol');
      }),
    ).toThrow('no such symbol');
    expect(textOf(folder)).toBe('{ "lists":{"tech" :[ "NVDA" ]} }');
    expect(existsSync(`${bookOf(folder)}.bak`)).toBe(false);
  });

  it('is changed as an editor left it that saved in the middle of the change', () => {
    const folder = write('{"lists": {}}');
    let runs = 0;
    changeBook(folder, (book) => {
      runs += 1;
      if (runs === 1) writeFileSync(bookOf(folder), '{"lists": {"mine": ["IBM"]}}');
      addTech(book);
    });
    expect(runs).toBe(2);
    expect(readBook(folder).lists).toEqual({ mine: ['IBM'], tech: ['NVDA'] });
    expect(readFileSync(`${bookOf(folder)}.bak`, 'utf8')).toBe('{"lists": {"mine": ["IBM"]}}');
  });
});

describe('a book that cannot be read', () => {
  const utf16 = Buffer.from('\uFEFF{"lists": {}}', 'utf16le');
  it.each<[string, string | Buffer, string]>([
    ['is no JSON', '{\n  "lists": {\n    "tech": ["NVDA" "AMD"]\n', ', line 3, column 21: expected , or ], found "'],
    ['is empty', '', ', line 1, column 1: expected a value, found the end of the file'],
    ['has a list twice', '{"lists": {"a": [],\r\n"a": []}}', ', line 2, column 1: the name "a" appears twice'],
    ['is no object', '[]', ', line 1, column 1: not an object'],
    ['is UTF-16', utf16, ' is not UTF-8'],
    ['is UTF-16 without a mark', utf16.subarray(2), ' is not UTF-8'],
    ['holds a control character', '{\u0001}', ', line 1, column 2: expected a name in double quotes, found "\\u0001"'],
    ['is Latin-1', Buffer.from('{"lists": {"t\xe4ch": []}}', 'latin1'), ' is not UTF-8'],
    ['has lists that are none', '{"lists": ["NVDA"]}', ': lists is not an object of lists'],
    ['has a list that is none', '{"lists": {"tech": "NVDA"}}', ': lists.tech is not a list of symbols'],
    ['has a symbol that is none', '{"lists": {"tech": ["NVDA", 5]}}', ': lists.tech is not a list of symbols'],
  ])('because it %s is exit 3, and is never overwritten', (_name, content, why) => {
    const folder = write(content);
    const before = readFileSync(bookOf(folder));
    for (const use of [() => readBook(folder), () => changeBook(folder, addTech)])
      expect(thrownBy(use)).toMatchObject({
        code: 'config',
        message: `book: ${bookOf(folder)}${why}`,
        hint: expect.stringContaining('it was left unchanged, and book.json.bak is the previous version') as string,
      });
    expect(readFileSync(bookOf(folder)).equals(before)).toBe(true);
    expect(readdirSync(folder.path).toSorted()).toEqual(['book.json', 'book.lock']);
  });

  it('because it is a link or a folder is not replaced', () => {
    const folder = createDataFolder();
    mkdirSync(folder.path, { mode: 0o700 });
    const target = join(createTempFolder(), 'target.json');
    writeFileSync(target, '{}');
    symlinkSync(target, bookOf(folder));
    expect(() => changeBook(folder, addTech)).toThrow('is a symbolic link');
    renameSync(bookOf(folder), join(folder.path, 'book.link'));
    mkdirSync(bookOf(folder));
    expect(() => readBook(folder)).toThrow('is not a file');
    expect(() => changeBook(folder, addTech)).toThrow('is not a file');
    expect(readFileSync(target, 'utf8')).toBe('{}');
  });

  it('because its home is missing is empty, and a change makes no home', () => {
    const home = join(createTempFolder(), 'nobody');
    const folder = { path: join(home, '.local/share/fin'), home };
    expect(readBook(folder)).toEqual({ lists: {} });
    expect(thrownBy(() => changeBook(folder, addTech))).toMatchObject({
      code: 'config',
      message: `data folder: ${bookOf(folder)}: the home folder ${home} does not exist`,
    });
    expect(existsSync(home)).toBe(false);
  });
});

describe('changes of several processes', () => {
  it('are all kept where forty make theirs at once', async () => {
    const folder = createDataFolder();
    const each = 2;
    const all = Array.from({ length: 40 }, (_, index) =>
      startScript('add-to-list.ts', folder.path, `list-${index % 4}`, `${index * each}`, `${each}`),
    );
    const codes = await Promise.all(all.map(({ ended }) => ended));
    expect(codes.filter((code) => code !== 0)).toEqual([]);
    const kept = Object.values(readBook(folder).lists).flat();
    expect(kept.toSorted()).toEqual(Array.from({ length: 40 * each }, (_, index) => `S${index}`).toSorted());
    // Forty programs start: on a busy machine each takes seconds for it.
  }, 150_000);

  it('lose nothing that was said to be kept where a process is killed at any moment', async () => {
    const folder = write('{"mine": [1, 2, 3], "lists": {"own": ["IBM"]}}');
    const said: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const writer = startScript('add-to-list.ts', folder.path, 'tech', `${round * 100_000}`, '100000');
      // Killed after another number of changes each time, wherever the next one then is.
      await writer.shows(`S${round * 100_000 + round * 3}\n`);
      writer.child.kill('SIGKILL');
      expect(await writer.ended).toBe('SIGKILL');
      said.push(...writer.lines());
      const book = readBook(folder);
      expect(book['mine']).toEqual([1, 2, 3]);
      expect(book.lists['own']).toEqual(['IBM']);
      const kept = new Set(book.lists['tech']);
      expect(said.filter((symbol) => !kept.has(symbol))).toEqual([]);
      // At most the change that was under way when it was killed is there without having been said.
      expect(kept.size - said.length).toBeLessThanOrEqual(round + 1);
      expect(JSON.parse(readFileSync(`${bookOf(folder)}.bak`, 'utf8'))).toMatchObject({ mine: [1, 2, 3] });
      changeBook(folder, ({ lists }) => void (lists['own'] = ['IBM']));
    }
  });
});
