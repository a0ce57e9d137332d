// The data folder as a user meets it: where it is, when it is made, that neither a new version nor clearing the cache
// loses what is in it, and that a question is answered whatever is wrong with it.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createConversationStore, openConversationDatabase } from '../../src/book/conversations.ts';
import { type FinHome, createHome, documentOf } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const open = (env: Record<string, string> = {}): Promise<FinHome> => createHome({ FIN_NOW: NOW, ...env });
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const CONVERSATIONS = 'conversations.sqlite';

async function namesOf(home: FinHome): Promise<string[]> {
  const list = documentOf(await home.run(['sessions', 'list', '--json'])).data as { name: string }[];
  return list.map(({ name }) => name);
}

/** A cache file as fin made it when conversations were kept there. */
function writeEarlierCache(home: FinHome): void {
  mkdirSync(home.cacheDir, { mode: 0o700 });
  const handle = new DatabaseSync(home.cacheFile);
  handle.exec(`CREATE TABLE conversations(name TEXT NOT NULL, sample INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
    questions INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(name, sample)) WITHOUT ROWID;
    PRAGMA user_version=1718185474`);
  const body = JSON.stringify({
    v: 1,
    messages: [
      { role: 'user', content: 'price of NVDA' },
      { role: 'assistant', content: 'an answer of last week' },
    ],
  });
  const insert = handle.prepare('INSERT INTO conversations VALUES(?, ?, ?, 1, ?)');
  insert.run('desk', 1, Date.parse('2026-11-12T11:00:00-05:00'), body);
  insert.run('desk', 0, Date.parse('2026-11-12T12:00:00-05:00'), body);
  handle.close();
}

describe('the data folder', () => {
  it('is made by the first question, private, and by no command that only reads', async () => {
    await using home = await open();
    for (const args of [
      ['quote', 'NVDA'],
      ['sessions', 'list'],
      ['sessions', 'remove', 'none'],
      ['cache', 'path'],
      ['doctor', '--offline'],
    ])
      await home.run(args);
    expect(existsSync(join(home.folder, '.local'))).toBe(false);
    expect((await home.run(['ask', 'price of NVDA', '--session', 'desk'])).exitCode).toBe(0);
    expect(modeOf(home.dataDir)).toBe('700');
    expect(readdirSync(home.dataDir)).toContain(CONVERSATIONS);
    for (const name of readdirSync(home.dataDir)) expect(modeOf(join(home.dataDir, name)), name).toBe('600');
    expect(await namesOf(home)).toEqual(['desk']);
  });

  it('is where FIN_DATA_DIR, else XDG_DATA_HOME says, but never where a .env says', async () => {
    await using home = await open();
    const [named, xdg, planted] = ['named', 'xdg', 'planted'].map((name) => join(home.folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(join(home.workDir, '.env'), `FIN_DATA_DIR=${planted}\n`);
    const ask = (env: Record<string, string>) => home.run(['ask', 'price of NVDA', '--session', 'a'], { env });
    await ask({ FIN_DATA_DIR: named, XDG_DATA_HOME: xdg });
    expect([existsSync(join(named, CONVERSATIONS)), existsSync(xdg)]).toEqual([true, false]);
    await ask({ XDG_DATA_HOME: xdg });
    expect(existsSync(join(xdg, 'fin', CONVERSATIONS))).toBe(true);
    await ask({ XDG_DATA_HOME: 'relative/counts/as/unset' });
    expect(existsSync(join(home.dataDir, CONVERSATIONS))).toBe(true);
    expect(existsSync(planted)).toBe(false);
    expect(readdirSync(home.workDir)).toEqual(['.env']);
  });

  it('is named by doctor and by cache path, whose standard output stays the path alone', async () => {
    await using home = await open();
    const path = await home.run(['cache', 'path']);
    expect(path.stdout).toBe(`${home.cacheFile}\n`);
    expect(path.stderr).toBe(`note: data that cannot be fetched again is in the data folder, ${home.dataDir}\n`);
    expect(documentOf(await home.run(['cache', 'path', '--json'])).data).toEqual({
      path: home.cacheFile,
      dataFolder: home.dataDir,
    });
    const rowOf = async (): Promise<unknown> =>
      (documentOf(await home.run(['doctor', '--json', '--offline'])).data as { name: string }[]).find(
        ({ name }) => name === 'data folder',
      );
    expect(await rowOf()).toEqual({
      name: 'data folder',
      state: 'ok',
      detail: `${home.dataDir}, created when something is first saved`,
    });
    await home.run(['ask', 'price of NVDA', '--session', 'a']);
    expect(await rowOf()).toEqual({ name: 'data folder', state: 'ok', detail: home.dataDir });
    writeFileSync(join(home.dataDir, 'book.json'), '{"lists": {"tech": ["NVDA",]}}');
    expect(await rowOf()).toMatchObject({
      state: 'problem',
      detail: `book: ${home.dataDir}/book.json, line 1, column 28: expected a value, found ]`,
    });
    expect((await home.run(['doctor', '--offline'])).exitCode).toBe(3);
  });
});

describe('conversations', () => {
  it('of an earlier cache file are there after the update, whatever is run first, and moved by the next question', async () => {
    await using home = await open();
    writeEarlierCache(home);
    // The cache file belongs to another version now: it is set aside.
    expect((await home.run(['quote', 'NVDA'])).stderr).toContain('belongs to another version');
    expect(await namesOf(home)).toEqual(['desk', 'desk']);
    expect((await home.run(['sessions', 'show', 'desk'])).stdout).toContain('an answer of last week');
    expect(existsSync(home.dataDir)).toBe(false);
    expect((await home.run(['ask', 'and its RSI?', '--session', 'desk'])).stdout).toMatch(
      /^table · 1 symbol[\s\S]*\nNVDA /,
    );
    expect(documentOf(await home.run(['sessions', 'list', '--json'])).data).toMatchObject([
      { name: 'desk', sample: true, questions: 2 },
      { name: 'desk', sample: false, questions: 1 },
    ]);
    const aside = readdirSync(home.cacheDir).find((name) => /foreign-\w+$/.test(name)) ?? '';
    const earlier = new DatabaseSync(join(home.cacheDir, aside));
    expect(earlier.prepare('SELECT * FROM conversations').all()).toEqual([]);
    earlier.close();
    // Removed is removed: nothing comes back from there.
    await home.run(['sessions', 'remove', 'desk']);
    expect(await namesOf(home)).toEqual([]);
  });

  it('survive cache clear and a cache file of another version', async () => {
    await using home = await open();
    await home.run(['ask', 'price of NVDA', '--session', 'desk']);
    await home.run(['cache', 'clear']);
    for (const name of readdirSync(home.cacheDir)) writeFileSync(join(home.cacheDir, name), '');
    const foreign = new DatabaseSync(home.cacheFile);
    foreign.exec('CREATE TABLE x(y); PRAGMA user_version=77');
    foreign.close();
    const followUp = await home.run(['ask', 'and its RSI?', '--session', 'desk']);
    expect(followUp.stderr).toContain('belongs to another version');
    expect(followUp.stdout).toMatch(/^table · 1 symbol[\s\S]*\nNVDA /);
    expect(await namesOf(home)).toEqual(['desk']);
  });

  const unusable: [string, (home: FinHome) => Promise<string>, RegExp][] = [
    [
      'a newer fin has written their file',
      async (home) => {
        await home.run(['ask', 'price of IBM', '--session', 'desk']);
        const handle = new DatabaseSync(join(home.dataDir, CONVERSATIONS));
        handle.exec('PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE)');
        handle.close();
        return join(home.dataDir, CONVERSATIONS);
      },
      /was written by a newer fin \(its version is 99, this fin knows \d+\)/,
    ],
    [
      'their file is damaged',
      async (home) => {
        await home.run(['sessions', 'list']);
        mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
        writeFileSync(join(home.dataDir, CONVERSATIONS), 'damaged '.repeat(1_000));
        return join(home.dataDir, CONVERSATIONS);
      },
      /is damaged/,
    ],
    [
      'a file is in the place of the folder',
      (home) => {
        mkdirSync(join(home.dataDir, '..'), { recursive: true });
        writeFileSync(home.dataDir, 'a file');
        return Promise.resolve(home.dataDir);
      },
      /is not a folder/,
    ],
  ];
  it.each(unusable)(
    'that %s: the question is answered with one note, sessions are exit 3, and the file stays',
    async (_name, spoil, why) => {
      await using home = await open();
      const file = await spoil(home);
      const quote = await home.run(['quote', 'NVDA', '--quiet']);
      expect([quote.exitCode, quote.stderr]).toEqual([0, '']);
      const before = readFileSync(file);
      for (const args of [['--session', 'desk'], ['--continue'], []]) {
        const run = await home.run(['ask', 'price of NVDA', ...args]);
        expect(run.exitCode, run.stderr).toBe(0);
        expect(run.stdout).toContain('NVDA last traded at');
        const notes = run.stderr.split('\n').filter((line) => line.startsWith('note: data folder: '));
        expect(notes, run.stderr).toEqual([expect.stringMatching(why) as string]);
        expect(notes[0]).toMatch(/; conversations are not saved \(.+\)$/);
      }
      const session = await home.run(['repl', '--session', 'desk'], { stdin: 'price of NVDA\nprice of AMD\n' });
      expect(session.stdout).toContain('AMD last traded at');
      expect(session.stderr.match(/conversations are not saved/g)).toHaveLength(1);
      const list = await home.run(['sessions', 'list']);
      expect(list).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringMatching(why) as string });
      expect(list.stderr).toMatch(/^fin: data folder: .+\nhint: .+\n$/);
      expect(readFileSync(file).equals(before)).toBe(true);
    },
  );

  it('that lost half of a file to other bytes: a name is not said to be missing, whatever looks for it', async () => {
    await using home = await open();
    const store = createConversationStore(
      openConversationDatabase({ ...home, dataHome: home.folder }, () => undefined),
    );
    for (let index = 0; index < 60; index += 1)
      store.update(`desk${index}`, true, () => ({ updatedMs: index, questions: 2, body: 'x'.repeat(3_000) }));
    const file = join(home.dataDir, CONVERSATIONS);
    const handle = new DatabaseSync(file);
    handle.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    handle.close();
    const whole = readFileSync(file);
    for (let at = whole.length >> 1; at < whole.length; at += 1) whole[at] = (at * 2_654_435_761) >>> 24;
    writeFileSync(file, whole);
    for (const args of [['list'], ['show', 'desk1'], ['show', 'nobody'], ['remove', 'nobody']]) {
      const run = await home.run(['sessions', ...args]);
      if (args[1] === 'desk1' && run.exitCode === 0) continue;
      expect([run.exitCode, run.stderr], args.join(' ')).toEqual([3, expect.stringContaining('is damaged')]);
    }
  });

  it('are not kept where the home is missing, which is said and not made', async () => {
    await using home = await open();
    const missing = join(home.folder, 'nobody');
    const run = await home.run(['ask', 'price of NVDA'], { env: { HOME: missing } });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('NVDA last traded at');
    expect(run.stderr).toContain(`the home folder ${missing} does not exist; conversations are not saved`);
    expect(existsSync(missing)).toBe(false);
    const doctor = await home.run(['doctor', '--offline'], { env: { HOME: missing } });
    expect(doctor.stdout).toMatch(/^problem +data folder +the home folder/m);
  });
});
