// Text and bodies that want to do harm: control sequences on their way to the terminal, keys echoed by a server, numbers
// that are none, settings of a foreign folder, a cache folder of somebody else.
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { TRADIER_KEY, asTradier, startMarket } from '../helpers/market-server.ts';
import { say, startModelServer } from '../helpers/model-server.ts';
import { createHome, documentOf } from '../helpers/run-fin.ts';
import { type ScriptedReply, startScriptedServer } from '../helpers/scripted-server.ts';

const NOW = '2026-11-19T11:00:00-05:00';

/** Clear screen, title, link, clipboard, a line drawn over, text turned round, hidden characters, 8-bit sequences. */
const HOSTILE =
  '\u001b[2J\u001b]0;owned\u0007\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\ \u001b]52;c;ZXZpbA==\u0007safe\rFAKE\u202egnp\u200b\u2066x\u2069\u009b31m\u0000\u0008\u007f';
/** All that moves a cursor, changes a terminal or hides itself; a newline is none. */
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

function quoteReply(changes: Record<string, unknown>): ScriptedReply {
  const quote = {
    symbol: 'AAPL',
    description: 'Apple',
    exch: 'Q',
    type: 'stock',
    last: 201.5,
    prevclose: 200,
    open: 200.1,
    high: 202,
    low: 199,
    volume: 1_000,
    trade_date: Date.parse(NOW) - 2_000,
    ...changes,
  };
  return { body: { quotes: { quote } } };
}

describe('hostile text of a provider', () => {
  it('reaches neither screen, nor JSON, nor standard error, nor the log as what it is', async () => {
    await using quotes = await startScriptedServer(() => quoteReply({ description: `Apple ${HOSTILE}` }));
    await using refuses = await startScriptedServer(() => ({
      status: 400,
      body: `Invalid parameter, ${HOSTILE} for ${TRADIER_KEY} and ${encodeURIComponent(TRADIER_KEY)}`,
    }));
    await using home = await createHome({ FIN_NOW: NOW });
    const apart = (folder: string) => ({ env: { ...asTradier(quotes), FIN_CACHE_DIR: join(home.folder, folder) } });
    const runs = await Promise.all([
      home.run(['quote', 'AAPL'], apart('a')),
      home.run(['quote', 'AAPL', '--json', '--verbose'], apart('b')),
      home.run(['ask', 'what is AAPL trading at'], apart('c')),
      home.run(['quote', 'AAPL', '--verbose'], {
        env: { ...asTradier(refuses), FIN_CACHE_DIR: join(home.folder, 'd') },
      }),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 5]);
    for (const { stdout, stderr } of runs) {
      expect(stdout).not.toMatch(FORBIDDEN);
      expect(stderr).not.toMatch(FORBIDDEN);
      expect(stdout + stderr).not.toContain(TRADIER_KEY);
      expect(stdout + stderr).not.toContain(encodeURIComponent(TRADIER_KEY));
    }
    expect(runs[0].stdout).toContain('201.50');
  });
});

describe('hostile text of a language model', () => {
  it('is printed without what it wants to do, and without the key that it echoes', async () => {
    const key = 'sk-secret-model-key';
    await using model = await startModelServer(Array.from({ length: 8 }, () => say(`All is ${HOSTILE} well ${key}.`)));
    await using home = await createHome({
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: model.baseUrl,
      FIN_MODEL: 'm',
      FIN_NOW: NOW,
    });
    const run = await home.run(['ask', 'tell me something', '--model', 'm']);
    expect(run.stdout).toContain('well');
    expect(run.stdout + run.stderr).not.toMatch(FORBIDDEN);
    expect(run.stdout + run.stderr).not.toContain(key);
  });
});

describe('numbers that are none', () => {
  it('are never figures: too large for a double, negative prices, text', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const bodies = ['1e400', '-3', '"1e5x"', 'null', '{"a": 1}'];
    await Promise.all(
      bodies.map(async (last, index) => {
        const body = JSON.stringify(quoteReply({ last: 'LAST' }).body).replace('"LAST"', last);
        await using server = await startScriptedServer(() => ({
          body,
          headers: { 'content-type': 'application/json' },
        }));
        const run = await home.run(['quote', 'AAPL', '--json'], {
          env: { ...asTradier(server), FIN_CACHE_DIR: join(home.folder, `cache-${index}`) },
        });
        expect([4, 5], `last ${last}`).toContain(run.exitCode);
        expect(documentOf(run).data).toBeUndefined();
      }),
    );
  });
});

describe('settings of a foreign folder', () => {
  it('send no key elsewhere: an address in .env needs a key in the same file or a loopback host, else exit 3 before any request', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ TRADIER_ACCESS_TOKEN: TRADIER_KEY, FIN_NOW: NOW });
    const folderWith = (name: string, text: string): string => {
      const folder = join(home.folder, name);
      mkdirSync(folder);
      writeFileSync(join(folder, '.env'), text);
      return folder;
    };
    const lines = [
      'TRADIER_BASE_URL=https://evil.example',
      'TRADIER_BASE_URL=http://127.0.0.1.evil.example',
      'TRADIER_BASE_URL=http://localhost.evil.example',
      'TRADIER_BASE_URL=https://user@evil.example',
      'MASSIVE_BASE_URL=https://evil.example',
      'OPENAI_BASE_URL=https://evil.example/v1',
    ];
    const runs = await Promise.all(
      lines.map((line, index) =>
        home.run(['quote', 'AAPL'], { workingDirectory: folderWith(`foreign-${index}`, line) }),
      ),
    );
    for (const { exitCode, stderr } of runs) {
      expect(exitCode).toBe(3);
      expect(stderr).toContain('evil.example');
      expect(stderr).not.toContain(TRADIER_KEY);
    }
    const own = await home.run(['quote', 'AAPL'], {
      workingDirectory: folderWith('replay', `TRADIER_BASE_URL=${market.baseUrl}`),
    });
    expect([own.exitCode, market.count()]).toEqual([0, 1]);
  });
});

describe('a cache folder of another user', () => {
  it.runIf(process.getuid?.() === 0)(
    'is refused with a note, nothing is written there, and the answer comes',
    async () => {
      await using market = await startMarket(NOW);
      await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
      mkdirSync(home.cacheDir);
      chownSync(home.cacheDir, 12_345, 12_345);
      const run = await home.run(['quote', 'AAPL', '--json']);
      expect(run.exitCode).toBe(0);
      expect(run.stderr).toMatch(/^note: cache: .*belongs to another user; continuing without the cache file\n$/);
      expect(existsSync(home.cacheFile)).toBe(false);
    },
  );
});

describe('a provider that echoes the key', () => {
  it('puts it neither on the screen nor into the cache file, also parted by invisible characters', async () => {
    const parted = `${TRADIER_KEY.slice(0, 9)}\u200b${TRADIER_KEY.slice(9)}`;
    await using quotes = await startScriptedServer(() => quoteReply({ description: `${TRADIER_KEY} ${parted}` }));
    await using home = await createHome({ ...asTradier(quotes), FIN_NOW: NOW });
    const runs = [await home.run(['quote', 'AAPL']), await home.run(['quote', 'AAPL', '--json', '--offline'])];
    const stored = ['', '-wal']
      .map((end) => `${home.cacheFile}${end}`)
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'latin1'))
      .join('');
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(stored).toContain('*** ***');
    for (const text of [stored, ...runs.map(({ stdout }) => stdout)])
      for (const half of [TRADIER_KEY.slice(0, 9), TRADIER_KEY.slice(9)]) expect(text).not.toContain(half);
  });
});

describe('what cannot be written', () => {
  it('is told: an answer by exit 1, a log by a note beside the answer', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const line =
      'fin quote NVDA > /dev/full; echo $?; fin quote NVDA --log /dev/full; mkfifo p; fin quote NVDA --log p';
    const run = await home.shell(line);
    expect(run.stdout).toMatch(/^1\n/);
    expect(run.stdout.match(/NVIDIA Corp/g)).toHaveLength(2);
    expect(run.stderr).toMatch(/standard output cannot be written \(ENOSPC\)/);
    expect(run.stderr).toMatch(/the log ends here: the disk is full/);
    expect(run.stderr).toMatch(/nothing reads this pipe/);
    expect(run.exitCode).toBe(0);
  });

  it('holds nobody: a chart for a pipe that nobody reads is an error, one whose reader sleeps ends with the deadline', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const chart = 'fin chart NVDA --csv --timeout 2 --svg p; echo "exit $?"';
    const run = await home.shell(`mkfifo p; ${chart}; exec 3<>p; head -c 65536 /dev/zero >&3; ${chart}`);
    expect(run.stdout.match(/^exit \d+$/gm)).toEqual(['exit 3', 'exit 7']);
    expect(run.stderr).toMatch(/--svg p: nothing reads this pipe/);
  });

  it('is told of a cache that another process holds: nothing was removed', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    await home.run(['quote', 'NVDA']);
    const holder = new DatabaseSync(home.cacheFile);
    holder.exec('BEGIN IMMEDIATE');
    const held = await home.run(['cache', 'clear', '--json']);
    holder.exec('ROLLBACK');
    holder.close();
    expect(held.exitCode).toBe(3);
    expect(documentOf(held).ok).toBe(false);
    const free = await home.run(['cache', 'clear']);
    expect(free.stdout).toMatch(/^removed 1 entry from /);
  });

  it('is told of a store that is away: its entries were not removed', async () => {
    await using home = await createHome({ FIN_NOW: NOW, FIN_STORE: 'redis://127.0.0.1:1' });
    await home.run(['quote', 'NVDA']);
    const text = await home.run(['cache', 'clear']);
    expect(text.exitCode).toBe(9);
    expect(text.stdout).toMatch(/^removed 1 entry from /);
    expect(text.stderr).toContain('redis://127.0.0.1:1/0 refuses the connection: its entries were not removed');
    const json = documentOf(await home.run(['cache', 'clear', '--json']));
    expect(json).toMatchObject({ ok: false, data: { removed: 0 }, errors: [{ code: 'unavailable' }] });
  });
});
