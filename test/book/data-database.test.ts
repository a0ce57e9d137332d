// SQLite files of the data folder: made when something is first written, brought forward from every version, shared by
// processes, whole after a kill, and never touched where they cannot be read.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import {
  type DataDatabase,
  type DataDatabaseOptions,
  type Migration,
  bringForward,
  openDataDatabase,
} from '../../src/book/data-database.ts';
import type { DataFolder } from '../../src/book/data-folder.ts';
import { STEPS } from './steps.ts';
import { createDataFolder, createTempFolder, onEnd, startScript } from './world.ts';

const FILE = 'things.sqlite';
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const fileOf = (folder: DataFolder): string => join(folder.path, FILE);

function open(
  folder: DataFolder,
  migrations: readonly Migration[] = STEPS,
  more: Partial<DataDatabaseOptions> = {},
): DataDatabase {
  const database = openDataDatabase({ folder, fileName: FILE, migrations, ...more });
  onEnd(() => database.close());
  return database;
}

function makeVersion(folder: DataFolder, version: number, fill?: (handle: DatabaseSync) => void): void {
  mkdirSync(folder.path, { mode: 0o700 });
  const handle = new DatabaseSync(fileOf(folder));
  chmodSync(fileOf(folder), 0o600);
  if (version > 0) bringForward(handle, STEPS.slice(0, version));
  fill?.(handle);
  handle.close();
}

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('a file of the data folder', () => {
  it('is not made by reading: there is nothing in it', () => {
    const folder = createDataFolder();
    const database = open(folder);
    expect(database.all('SELECT * FROM things')).toEqual([]);
    expect(database.get('SELECT * FROM things')).toBeUndefined();
    expect(existsSync(folder.path)).toBe(false);
  });

  it('is made private, in a private folder, by the first write, and read from then on by who looked before', () => {
    const folder = { path: join(createTempFolder(), 'a', 'b') };
    const [database, other] = [open(folder), open(folder)];
    expect(other.all('SELECT name FROM things')).toEqual([]);
    database.run("INSERT INTO things VALUES('x')");
    expect(modeOf(folder.path)).toBe('700');
    expect(readdirSync(folder.path)).toContain('things.sqlite-wal');
    for (const name of readdirSync(folder.path)) expect(modeOf(join(folder.path, name)), name).toBe('600');
    expect(other.all('SELECT name FROM things')).toEqual([{ name: 'x' }]);
  });

  it('is made anew where it was removed while in use, and found where another was put in its place', () => {
    const folder = createDataFolder();
    const [database, other] = [open(folder), open(folder)];
    database.run("INSERT INTO things VALUES('x')");
    expect(other.all('SELECT name FROM things')).toEqual([{ name: 'x' }]);
    rmSync(folder.path, { recursive: true });
    database.run("INSERT INTO things VALUES('y')");
    expect(other.all('SELECT name FROM things')).toEqual([{ name: 'y' }]);
    rmSync(folder.path, { recursive: true });
    makeVersion(folder, 2, (handle) => handle.exec("INSERT INTO things(name) VALUES('restored')"));
    expect(database.all('SELECT name FROM things')).toEqual([{ name: 'restored' }]);
  });

  it('keeps what several processes write', () => {
    const folder = createDataFolder();
    const all = [open(folder), open(folder), open(folder)];
    for (let index = 0; index < 30; index += 1)
      all[index % 3]?.transaction(() => all[index % 3]?.run('INSERT INTO things VALUES(?)', `n${index}`));
    expect(all[0]?.get('SELECT count(*) AS n FROM things')).toEqual({ n: 30 });
  });

  it('is as it was where a transaction fails', () => {
    const database = open(createDataFolder());
    expect(() =>
      database.transaction(() => {
        database.run("INSERT INTO things VALUES('x')");
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(database.all('SELECT * FROM things')).toEqual([]);
  });
});

describe('migrations', () => {
  it.each([0, 1, 2, 3])('bring version %i forward with what is in it', (version) => {
    const folder = createDataFolder();
    makeVersion(folder, version, (handle) => {
      if (version > 0) handle.exec("INSERT INTO things(name) VALUES('kept')");
    });
    const database = open(folder);
    const kept = version === 0 ? [] : [{ name: 'kept' }];
    expect(database.all('SELECT name FROM things')).toEqual(kept);
    if (version > 0 && version < 3) expect(database.all('SELECT * FROM sizes')).toEqual([{ name: 'kept', size: 1 }]);
    expect(database.get('PRAGMA user_version')).toEqual({ user_version: 3 });
    database.run("INSERT INTO things VALUES('new')");
    expect(open(folder).all('SELECT name FROM things')).toEqual([...kept, { name: 'new' }]);
  });

  it('leave the file at its version where one of them fails', () => {
    const folder = createDataFolder();
    makeVersion(folder, 1, (handle) => handle.exec("INSERT INTO things VALUES('kept')"));
    const failing: Migration = (handle) => {
      handle.exec('DELETE FROM things');
      throw new Error('a defect');
    };
    expect(() => open(folder, [...STEPS.slice(0, 2), failing]).all('SELECT * FROM things')).toThrow('a defect');
    expect(open(folder, STEPS.slice(0, 1)).all('SELECT * FROM things')).toEqual([{ name: 'kept' }]);
  });

  it('that are killed in the middle have changed nothing, and are done by the next process', async () => {
    const folder = createDataFolder();
    makeVersion(folder, 1, (handle) => handle.exec("INSERT INTO things VALUES('kept')"));
    const stuck = startScript('stuck-migration.ts', folder.path);
    await stuck.shows('in the middle');
    stuck.child.kill('SIGKILL');
    expect(await stuck.ended).toBe('SIGKILL');
    expect(open(folder, STEPS.slice(0, 1)).all('SELECT * FROM things')).toEqual([{ name: 'kept' }]);
    expect(open(folder).all('SELECT * FROM sizes')).toEqual([{ name: 'kept', size: 1 }]);
  });

  it('that are killed while they make the file leave one that the next process makes', async () => {
    const folder = createDataFolder();
    const stuck = startScript('stuck-migration.ts', folder.path);
    await stuck.shows('in the middle');
    stuck.child.kill('SIGKILL');
    await stuck.ended;
    expect(existsSync(fileOf(folder))).toBe(true);
    open(folder).run("INSERT INTO things VALUES('x')");
    expect(open(folder).all('SELECT * FROM things')).toEqual([{ name: 'x' }]);
  });

  it('are done once by processes that open the file at the same moment', async () => {
    const folder = createDataFolder();
    makeVersion(folder, 1, (handle) => handle.exec("INSERT INTO things VALUES('kept')"));
    const all = Array.from({ length: 6 }, (_, index) => startScript('migrate.ts', folder.path, `p${index}`));
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(open(folder).get('SELECT count(*) AS n FROM things')).toEqual({ n: 7 });
    expect(open(folder).all('SELECT name FROM sizes')).toEqual([{ name: 'kept' }]);
  });
});

describe('data that an earlier place holds', () => {
  const createEarlier = (calls: string[]) => ({
    copyInto: (handle: DatabaseSync) => {
      calls.push('copy');
      handle.exec("INSERT INTO things VALUES('earlier')");
    },
    forget: () => void calls.push('forget'),
  });

  it('are seen by who reads, and moved by the first who writes, once', () => {
    const folder = createDataFolder();
    const calls: string[] = [];
    const database = open(folder, STEPS, { earlier: createEarlier(calls) });
    expect(database.all('SELECT * FROM things')).toEqual([{ name: 'earlier' }]);
    expect(calls).toEqual(['copy']);
    expect(existsSync(folder.path)).toBe(false);
    database.run("INSERT INTO things VALUES('new')");
    expect(calls).toEqual(['copy', 'copy', 'forget']);
    const second = open(folder, STEPS, { earlier: createEarlier(calls) });
    second.run("DELETE FROM things WHERE name = 'earlier'");
    expect(second.all('SELECT * FROM things')).toEqual([{ name: 'new' }]);
    expect(calls).toHaveLength(3);
  });

  it('stay there where they cannot be copied', () => {
    const folder = createDataFolder();
    const calls: string[] = [];
    const earlier = {
      ...createEarlier(calls),
      copyInto: () => {
        throw new Error('disk full');
      },
    };
    expect(() => open(folder, STEPS, { earlier }).run("INSERT INTO things VALUES('x')")).toThrow('disk full');
    expect(calls).toEqual([]);
    // Tried again by the next.
    const database = open(folder, STEPS, { earlier: createEarlier(calls) });
    database.run("INSERT INTO things VALUES('x')");
    expect(database.all('SELECT name FROM things ORDER BY name')).toEqual([{ name: 'earlier' }, { name: 'x' }]);
  });
});

describe('a file that must not be touched', () => {
  const newer: [string, (folder: DataFolder) => void, RegExp, RegExp] = [
    'is of a newer fin',
    (folder) => makeVersion(folder, 3, (handle) => handle.exec('PRAGMA user_version=9')),
    /things\.sqlite was written by a newer fin \(its version is 9, this fin knows 3\)$/,
    /update fin/,
  ];
  const foreign: typeof newer = [
    'is of another program',
    (folder) => makeVersion(folder, 0, (handle) => handle.exec('CREATE TABLE moz_places(id); PRAGMA user_version=1')),
    /things\.sqlite is not a fin file$/,
    /left unchanged/,
  ];
  const noDatabase: typeof newer = [
    'is no database',
    (folder) => {
      mkdirSync(folder.path, { mode: 0o700 });
      writeFileSync(fileOf(folder), 'not a database, but long enough to be looked at'.repeat(50), { mode: 0o600 });
    },
    /things\.sqlite is damaged$/,
    /restore a copy, or move it away/,
  ];
  const cut: typeof newer = [
    'lost its second half',
    (folder) => {
      makeVersion(folder, 3, (handle) => {
        for (let index = 0; index < 500; index += 1)
          handle.prepare('INSERT INTO things VALUES(?)').run(`${index} ${'x'.repeat(400)}`);
      });
      const whole = readFileSync(fileOf(folder));
      writeFileSync(fileOf(folder), whole.subarray(0, whole.length >> 1));
    },
    /things\.sqlite is damaged$/,
    /restore a copy, or move it away/,
  ];

  it.each([newer, foreign, noDatabase, cut])(
    '%s: every use is exit 3, and not a byte changes',
    (_name, make, why, what) => {
      const folder = createDataFolder();
      make(folder);
      const before = readFileSync(fileOf(folder));
      const database = open(folder);
      for (const use of [
        () => database.all('SELECT * FROM things'),
        () => database.run("INSERT INTO things VALUES('x')"),
        () => database.transaction(() => database.run("INSERT INTO things VALUES('y')")),
      ])
        expect(thrownBy(use)).toMatchObject({
          code: 'config',
          message: expect.stringMatching(why) as string,
          hint: expect.stringMatching(what) as string,
        });
      database.close();
      expect(readFileSync(fileOf(folder)).equals(before)).toBe(true);
      expect(readdirSync(folder.path).filter((name) => !/^things\.sqlite(-wal|-shm)?$/.test(name))).toEqual([]);
    },
  );

  it('is a link, or lies in one: neither read nor written through', () => {
    const folder = createDataFolder();
    mkdirSync(folder.path, { mode: 0o700 });
    const victim = join(createTempFolder(), 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, fileOf(folder));
    expect(thrownBy(() => open(folder).all('SELECT * FROM things'))).toMatchObject({
      code: 'config',
      message: `data folder: ${fileOf(folder)} is a symbolic link`,
      hint: 'set FIN_DATA_DIR to a folder you can write to',
    });
    const link = { path: join(createTempFolder(), 'link') };
    symlinkSync(createTempFolder(), link.path);
    expect(() => open(link).run("INSERT INTO things VALUES('x')")).toThrow('is a symbolic link');
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  it('would lie in a home that is missing: the home is not made', () => {
    const home = join(createTempFolder(), 'nobody');
    const folder = { path: join(home, '.local/share/fin'), home };
    const database = open(folder);
    expect(database.all('SELECT * FROM things')).toEqual([]);
    expect(() => database.run("INSERT INTO things VALUES('x')")).toThrow(`the home folder ${home} does not exist`);
    expect(existsSync(home)).toBe(false);
  });

  it('would lie where nothing can be made: an error in words', () => {
    const file = join(createTempFolder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'fin'), '/proc/none/fin'])
      expect(
        thrownBy(() => open({ path }).run("INSERT INTO things VALUES('x')")),
        path,
      ).toMatchObject({
        code: 'config',
        hint: 'set FIN_DATA_DIR to a folder you can write to',
      });
  });
});
