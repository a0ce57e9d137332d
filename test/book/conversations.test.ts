// The file of kept conversations: read from every version that was ever written, and filled once with what earlier cache
// files hold, whichever of them can be read.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import {
  CONVERSATION_MIGRATIONS,
  type ConversationStore,
  createConversationStore,
  openConversationDatabase,
} from '../../src/book/conversations.ts';
import { bringForward } from '../../src/book/data-database.ts';
import { forgive } from '../../src/book/forgiving-conversations.ts';
import { createTempFolder, onEnd } from './world.ts';

interface Place {
  dataDir: string;
  cacheDir: string;
}

function createPlace(): Place {
  const folder = createTempFolder();
  const cacheDir = join(folder, 'cache');
  mkdirSync(cacheDir, { mode: 0o700 });
  return { dataDir: join(folder, 'data'), cacheDir };
}

function open(place: Place, notes: string[] = []): ConversationStore {
  const database = openConversationDatabase(place, (note) => notes.push(note));
  onEnd(() => database.close());
  return createConversationStore(database);
}

/** The rows that a file of each version is given: a new version needs its own. */
const ROWS_BY_VERSION: readonly string[] = ["INSERT INTO conversations VALUES('desk', 0, 5, 2, 'body')"];

describe('the file of conversations', () => {
  it('has rows to be tried with for every version', () => {
    expect(ROWS_BY_VERSION).toHaveLength(CONVERSATION_MIGRATIONS.length);
  });

  it.each(ROWS_BY_VERSION.map((rows, index) => [index + 1, rows] as const))(
    'is read from version %i',
    (version, rows) => {
      const place = createPlace();
      mkdirSync(place.dataDir, { mode: 0o700 });
      const file = join(place.dataDir, 'conversations.sqlite');
      const handle = new DatabaseSync(file);
      chmodSync(file, 0o600);
      bringForward(handle, CONVERSATION_MIGRATIONS.slice(0, version));
      handle.exec(rows);
      handle.close();
      expect(open(place).list()).toEqual([{ name: 'desk', sample: false, updatedMs: 5, questions: 2, body: 'body' }]);
    },
  );

  it('is not made to remove what nobody kept', () => {
    const place = createPlace();
    expect(open(place).remove('none')).toBe(0);
    expect(open(place).list()).toEqual([]);
  });
});

describe('conversations of earlier cache files', () => {
  function writeCache(place: Place, name: string, rows: readonly (readonly [string, number, string])[]): string {
    const file = join(place.cacheDir, name);
    const handle = new DatabaseSync(file);
    handle.exec(
      'PRAGMA journal_mode=WAL; CREATE TABLE conversations(name TEXT, sample INTEGER, updated_ms INTEGER, questions INTEGER, body TEXT)',
    );
    for (const [conversation, updatedMs, body] of rows)
      handle.prepare('INSERT INTO conversations VALUES(?, 0, ?, 1, ?)').run(conversation, updatedMs, body);
    handle.close();
    return file;
  }
  const bodiesOf = (store: ConversationStore): Record<string, string> =>
    Object.fromEntries(store.list().map(({ name, body }) => [name, body]));
  const touch = (store: ConversationStore): void =>
    store.update('new', false, () => ({ updatedMs: 100, questions: 1, body: 'new' }));
  const countIn = (file: string): unknown => {
    const handle = new DatabaseSync(file);
    try {
      return handle.prepare('SELECT count(*) AS n FROM conversations').get()?.['n'];
    } finally {
      handle.close();
    }
  };

  it('come together from all of them, the latest of a name, and leave each', () => {
    const place = createPlace();
    const files = [
      writeCache(place, 'cache.sqlite', [['desk', 20, 'latest']]),
      writeCache(place, 'cache.sqlite.foreign-20261101T100000000', [
        ['desk', 10, 'older'],
        ['old', 5, 'oldest'],
      ]),
      writeCache(place, 'cache.sqlite.foreign-20261102T100000000', [['desk', 15, 'between']]),
    ];
    const expected = { desk: 'latest', old: 'oldest' };
    expect(bodiesOf(open(place))).toEqual(expected);
    expect(files.map(countIn)).toEqual([1, 2, 1]);
    const notes: string[] = [];
    touch(open(place, notes));
    expect(bodiesOf(open(place))).toEqual({ ...expected, new: 'new' });
    expect(files.map(countIn)).toEqual([0, 0, 0]);
    expect(notes).toEqual([]);
  });

  it('stay where they cannot be read, with a note, while the others move', () => {
    const place = createPlace();
    const bad = join(place.cacheDir, 'cache.sqlite.foreign-20261101T100000000');
    writeFileSync(bad, 'no database '.repeat(1_000));
    const empty = new DatabaseSync(join(place.cacheDir, 'cache.sqlite.foreign-20261103T100000000'));
    empty.exec('CREATE TABLE moz_places(id)');
    empty.close();
    writeCache(place, 'cache.sqlite.foreign-20261102T100000000', [['desk', 15, 'body']]);
    const notes: string[] = [];
    touch(open(place, notes));
    expect(bodiesOf(open(place))).toEqual({ desk: 'body', new: 'new' });
    expect(notes).toEqual([`conversations in ${bad} were not imported: file is not a database`]);
  });

  it('stay where the data folder cannot be made', () => {
    const place = createPlace();
    const file = writeCache(place, 'cache.sqlite', [['desk', 20, 'body']]);
    writeFileSync(place.dataDir, 'a file');
    const notes: string[] = [];
    const store = forgive(open(place), (note) => notes.push(note));
    touch(store);
    touch(store);
    expect(store.list()).toEqual([]);
    expect(store.isReadable()).toBe(false);
    expect(notes).toEqual([
      `data folder: ${join(place.dataDir, 'conversations.sqlite')}: ${place.dataDir} is not a folder; conversations are not saved (set FIN_DATA_DIR to a folder you can write to)`,
    ]);
    expect(countIn(file)).toBe(1);
  });
});
