import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createTempFolder, openDatabase } from './helpers.ts';

const run = promisify(execFile);
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const put = "INSERT OR REPLACE INTO meta(name, value) VALUES('x', ?)";
const read = "SELECT value FROM meta WHERE name = 'x'";

describe('the cache file', () => {
  it('is created private, in a private folder, with its companions', () => {
    const folder = join(createTempFolder(), 'a', 'b');
    const { database, notes } = openDatabase(folder);
    database.run(put, 1);
    expect(modeOf(folder)).toBe('700');
    for (const name of readdirSync(folder)) expect(modeOf(join(folder, name)), name).toBe('600');
    expect(readdirSync(folder)).toContain('cache.sqlite-wal');
    expect(notes).toEqual([]);
  });

  it('closes a folder that others could read, unless other things are kept in it', () => {
    const own = createTempFolder();
    const shared = createTempFolder();
    for (const folder of [own, shared]) chmodSync(folder, 0o755);
    writeFileSync(join(shared, 'letter.txt'), '');
    openDatabase(own);
    openDatabase(shared);
    expect(modeOf(own)).toBe('700');
    expect(modeOf(shared)).toBe('755');
  });

  it('keeps what was written for the next process', () => {
    const folder = createTempFolder();
    const first = openDatabase(folder).database;
    first.run(put, 42);
    first.close();
    expect(openDatabase(folder).database.get(read)).toEqual({ value: 42 });
  });

  it('is refused where it is a symbolic link, and nothing is written through the link', () => {
    const folder = createTempFolder();
    const victim = join(createTempFolder(), 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(folder, 'cache.sqlite'));
    const { database, notes } = openDatabase(folder);
    database.run(put, 1);
    expect(database.isOnDisk()).toBe(false);
    expect(notes).toEqual([expect.stringContaining('is a symbolic link; continuing without the cache file')]);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  it('is refused where its folder is a symbolic link', () => {
    const target = createTempFolder();
    const link = join(createTempFolder(), 'link');
    symlinkSync(target, link);
    expect(openDatabase(link).database.isOnDisk()).toBe(false);
    expect(readdirSync(target)).toEqual([]);
  });

  it('is done without, in words, where its folder is a file or cannot be made: a system that says ENOENT to mkdir does not keep it trying', () => {
    const file = join(createTempFolder(), 'file');
    writeFileSync(file, 'precious');
    const onFile = openDatabase(file);
    expect(onFile.notes).toEqual([`cache: ${file} is not a folder; continuing without the cache file`]);
    const nowhere = openDatabase('/proc/none/fin');
    expect(nowhere.database.isOnDisk()).toBe(false);
    expect(nowhere.notes).toHaveLength(1);
  });

  it('makes every missing folder of its path, each for this user only', () => {
    const root = createTempFolder();
    expect(openDatabase(join(root, 'a', 'b')).database.isOnDisk()).toBe(true);
    expect([statSync(join(root, 'a')).mode & 0o777, statSync(join(root, 'a', 'b')).mode & 0o777]).toEqual([
      0o700, 0o700,
    ]);
  });

  it('is refused where a file stands in the place of its folder', () => {
    const path = join(createTempFolder(), 'file');
    writeFileSync(path, '');
    const { database, notes } = openDatabase(path);
    expect(database.isOnDisk()).toBe(false);
    expect(notes).toHaveLength(1);
  });

  it('is set aside with a note where it is damaged, and a new one works', () => {
    const folder = createTempFolder();
    writeFileSync(
      join(folder, 'cache.sqlite'),
      'this is no database, but it is long enough to be looked at'.repeat(50),
    );
    const { database, notes } = openDatabase(folder);
    database.run(put, 7);
    expect(database.isOnDisk()).toBe(true);
    expect(notes).toEqual([
      expect.stringMatching(/was damaged; it is kept as .*cache\.sqlite\.damaged-20261119T150000/),
    ]);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });

  it('is used as it is where it has a first page and nothing in it, as a process leaves it that is killed at the start', () => {
    const folder = createTempFolder();
    const bare = new DatabaseSync(join(folder, 'cache.sqlite'));
    bare.exec('VACUUM');
    bare.close();
    expect(statSync(join(folder, 'cache.sqlite')).size).toBe(4_096);
    const { database, notes } = openDatabase(folder);
    database.run(put, 7);
    expect(database.get(read)).toEqual({ value: 7 });
    expect(notes).toEqual([]);
  });

  it('is set aside where it belongs to another version or another program', () => {
    for (const version of [0, 3]) {
      const folder = createTempFolder();
      const foreign = new DatabaseSync(join(folder, 'cache.sqlite'));
      foreign.exec(`CREATE TABLE moz_places(id INTEGER); PRAGMA user_version=${version}`);
      foreign.close();
      const { database, notes } = openDatabase(folder);
      expect(database.isOnDisk()).toBe(true);
      expect(notes).toEqual([expect.stringContaining('belongs to another version or another program')]);
      expect(readdirSync(folder).some((name) => name.includes('.foreign-'))).toBe(true);
    }
  });

  it('is replaced while in use when its pages turn out to be damaged', () => {
    const folder = createTempFolder();
    const first = openDatabase(folder).database;
    for (let i = 0; i < 500; i += 1)
      first.run('INSERT INTO entries(key, value) VALUES(?, ?)', `k${i}`, 'x'.repeat(500));
    first.close();
    const path = join(folder, 'cache.sqlite');
    truncateSync(path, 20_480);
    const { database, notes } = openDatabase(folder);
    expect(database.all('SELECT key, value FROM entries')).toEqual([]);
    database.run(put, 3);
    expect(database.get(read)).toEqual({ value: 3 });
    expect(database.isOnDisk()).toBe(true);
    expect(notes).toHaveLength(1);
  });

  it('is left alone where it cannot be written: one note, and everything works in memory', () => {
    const { database, notes } = openDatabase(createTempFolder());
    database.run('PRAGMA query_only=1');
    for (let i = 0; i < 3; i += 1) database.transaction(() => database.run(put, i));
    expect(database.get(read)).toEqual({ value: 2 });
    expect(database.isOnDisk()).toBe(false);
    expect(notes).toEqual(['cache: the file is read-only; continuing without the cache file']);
  });

  it('is given up where the disk is full: one note, and the transaction that met it is done in memory', () => {
    const { database, notes } = openDatabase(createTempFolder());
    const pages = database.get('PRAGMA page_count')?.['page_count'];
    database.run(`PRAGMA max_page_count=${String(pages)}`);
    database.transaction(() => {
      database.run("INSERT INTO entries(key, value) VALUES('a', ?)", 'x'.repeat(100_000));
      database.run("INSERT INTO entries(key, value) VALUES('b', 'y')");
    });
    expect(database.all('SELECT key FROM entries ORDER BY key')).toEqual([{ key: 'a' }, { key: 'b' }]);
    expect(notes).toEqual(['cache: the disk is full; continuing without the cache file']);
  });

  it('is not given up for a mistake in our own statement', () => {
    const { database, notes } = openDatabase(createTempFolder());
    expect(() => database.get('SELECT x FROM nowhere')).toThrow(/no such table/);
    expect(database.isOnDisk()).toBe(true);
    expect(notes).toEqual([]);
  });
});

describe('a transaction', () => {
  it('leaves nothing behind when its work throws', () => {
    const { database } = openDatabase(createTempFolder());
    const work = (): void =>
      database.transaction(() => {
        database.run(put, 1);
        throw new Error('changed my mind');
      });
    expect(work).toThrow('changed my mind');
    expect(database.get(read)).toBeUndefined();
  });

  it('joins the one it is called in', () => {
    const { database } = openDatabase(createTempFolder());
    database.transaction(() => database.transaction(() => database.run(put, 5)));
    expect(database.get(read)).toEqual({ value: 5 });
  });

  it('loses no update of eight processes that create the same fresh file and count in it', async () => {
    const folder = createTempFolder();
    mkdirSync(folder, { recursive: true });
    const script = `
      const { openCacheDatabase } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/cache/database.ts'))});
      const database = openCacheDatabase({ folder: ${JSON.stringify(folder)}, onNote: (text) => console.error(text), machineNow: Date.now });
      for (let i = 0; i < 50; i += 1) database.transaction(() => {
        const value = database.get("SELECT value FROM meta WHERE name = 'x'")?.value ?? 0;
        database.run("INSERT OR REPLACE INTO meta(name, value) VALUES('x', ?)", value + 1);
      });
      database.close();`;
    const results = await Promise.all(
      Array.from({ length: 8 }, () => run(process.execPath, ['--no-warnings', '--input-type=module', '-e', script])),
    );
    expect(results.map(({ stderr }) => stderr).join('')).toBe('');
    expect(openDatabase(folder).database.get(read)).toEqual({ value: 400 });
  });
});

describe('what is in the place of the cache file', () => {
  it.each([
    ['a folder', (file: string) => mkdirSync(file), 'is not a file'],
    [
      'the first half of a page',
      (file: string, whole: Buffer) => writeFileSync(file, whole.subarray(0, 2_048)),
      'was damaged',
    ],
    [
      'its first half',
      (file: string, whole: Buffer) => writeFileSync(file, whole.subarray(0, whole.length / 2)),
      'was damaged',
    ],
  ])('is set aside with one note, and the next process finds a new file: %s', (_what, put, word) => {
    const source = createTempFolder();
    openDatabase(source).database.close();
    const folder = createTempFolder();
    put(join(folder, 'cache.sqlite'), readFileSync(join(source, 'cache.sqlite')));
    const first = openDatabase(folder);
    first.database.run("INSERT INTO meta(name, value) VALUES('y', 7)");
    expect(first.database.isOnDisk()).toBe(true);
    expect(first.notes).toEqual([expect.stringContaining(word)]);
    const second = openDatabase(folder);
    expect(second.database.get("SELECT value FROM meta WHERE name = 'y'")).toEqual({ value: 7 });
    expect(second.notes).toEqual([]);
    expect(readdirSync(folder).some((name) => /\.(damaged|foreign)-\d{8}T\d+$/.test(name))).toBe(true);
  });
});
