// Lists, positions, alerts and the account as they are typed: many programs at once, programs that are killed, a book
// that a hand has broken, and an alert's command that never sees a shell.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FinHome, createHome } from '../helpers/run-fin.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

const NOW = '2026-11-19T11:00:00-05:00';
let home: FinHome;
beforeAll(async () => {
  home = await createHome({ FIN_NOW: NOW });
});
afterAll(() => home[Symbol.asyncDispose]());

const bookOf = (dataDir: string): string => join(dataDir, 'book.json');
const read = (dataDir: string): { lists?: Record<string, string[]>; positions?: { id: number; cost: number }[] } =>
  JSON.parse(readFileSync(bookOf(dataDir), 'utf8')) as { lists: Record<string, string[]> };
const letters = (index: number): string => String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26));
const inFolder = (name: string) => {
  const dataDir = join(home.folder, name);
  return { dataDir, env: { FIN_DATA_DIR: dataDir } };
};

describe('many programs at once', () => {
  it('add to one list, and all of it is there', async () => {
    const { dataDir, env } = inFolder('many');
    const symbols = Array.from({ length: 40 }, (_, index) => `Q${letters(index)}`);
    const runs = await Promise.all(symbols.map((symbol) => home.run(['list', 'add', 'core', symbol], { env })));
    expect(runs.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual([]);
    expect(read(dataDir).lists?.['core']?.toSorted()).toEqual(symbols.toSorted());
  });

  it('that are killed at any moment lose nothing that was said to be kept', async () => {
    const { dataDir, env } = inFolder('killed');
    const said: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const done = await home.run(['list', 'add', 'core', `D${letters(round)}`], { env });
      if (done.exitCode === 0) said.push(`D${letters(round)}`);
      const killed = home.start(['positions', 'add', '1', 'NVDA', '@', String(round + 1)], { env });
      const timer = setTimeout(() => killed.child.kill('SIGKILL'), 15 * round);
      const { exitCode, stdout } = await killed.ended;
      clearTimeout(timer);
      if (exitCode === 0) said.push(`added ${/^added (\d+)/.exec(stdout)?.[1] ?? ''}`);
    }
    const { lists, positions = [] } = read(dataDir);
    const kept = [...(lists?.['core'] ?? []), ...positions.map(({ id }) => `added ${id}`)];
    expect(said.filter((each) => !kept.includes(each))).toEqual([]);
    expect(new Set(positions.map(({ id }) => id)).size).toBe(positions.length);
  });
});

describe('a position', () => {
  it('that cannot be is refused, and one that is not listed is told with how to remove it', async () => {
    const { dataDir, env } = inFolder('impossible');
    const add = (what: string, ...more: string[]) =>
      home.run(['positions', 'add', '1', what, '@', '5', ...more], { env });
    for (const what of ['NVDA 450c dec 19', 'NVDA261219C00450000', 'NVDA 450c dec 25'])
      expect(await add(what), what).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(
          /no options expire on 2026-12-\d\d, which is not a trading day\nhint: /,
        ) as string,
      });
    expect((await add('KO', '--opened', 'blah')).stderr).toContain('fin: --opened "blah": not a date');
    expect(existsSync(bookOf(dataDir))).toBe(false);
    expect((await add('NVDA 451c dec 18')).exitCode).toBe(0);
    const shown = await home.run(['positions'], { env });
    expect(shown.stderr).toMatch(/fin: NVDA261218C00451000: no such contract[^\n]*\nhint: .*fin positions remove 1\n/);
  });
});

describe('a book that a hand has broken', () => {
  it('is never overwritten: every command stops with line and column', async () => {
    const { dataDir, env } = inFolder('broken');
    mkdirSync(dataDir, { mode: 0o700 });
    const text = '{\n  "lists": { "core": ["NVDA",] }\n}\n';
    writeFileSync(bookOf(dataDir), text, { mode: 0o600 });
    for (const words of [
      ['list'],
      ['list', 'add', 'core', 'AMD'],
      ['positions', 'add', '1', 'NVDA', '@', '1'],
      ['alert', 'add', 'NVDA.last > 1'],
      ['alert', 'check'],
      ['quote', '@core'],
      ['scan', '--preset', 'gainers', '--universe', '@core'],
      ['ask', 'rsi of @core'],
    ]) {
      const { exitCode, stderr } = await home.run(words, { env });
      expect([words, exitCode]).toEqual([words, 3]);
      expect(stderr).toContain('line 2, column 30');
    }
    expect(readFileSync(bookOf(dataDir), 'utf8')).toBe(text);
    expect(existsSync(`${bookOf(dataDir)}.bak`)).toBe(false);
  });
});

describe('what is typed', () => {
  it('goes from lists and positions to figures, in commands and questions', async () => {
    const { env } = inFolder('typed');
    const fin = async (...words: string[]) => home.run(words, { env });
    expect((await fin('list', 'add', 'core', 'nvda,AMD')).stdout).toBe('@core: added NVDA, AMD; 2 symbols\n');
    expect(JSON.parse((await fin('list', '--json')).stdout)).toMatchObject({
      ok: true,
      data: { lists: { core: ['NVDA', 'AMD'] } },
    });
    const quotes = JSON.parse((await fin('quote', '@core', 'SPY', '--json')).stdout) as { data: { symbol: string }[] };
    expect(quotes.data.map(({ symbol }) => symbol)).toEqual(['NVDA', 'AMD', 'SPY']);
    const asked = JSON.parse((await fin('ask', 'rsi of @core', '--json')).stdout) as {
      question: string;
      data: { tool: string }[];
    };
    expect(asked).toMatchObject({ ok: true, question: 'rsi of @core' });
    expect(await fin('quote', '@nope')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('@core') });
    expect(await fin('what', 'is', 'up', 'in', '@nope')).toMatchObject({ exitCode: 2 });
    expect(await fin('quote', '@positions')).toMatchObject({ exitCode: 4 });
    expect((await fin('positions', 'add', '-2', 'NVDA 450c dec 18', '@', '5.30', '--opened', 'today')).stdout).toBe(
      'added 1: -2 NVDA261218C00450000, cost -1,060.00, opened 2026-11-19\n',
    );
    const { data } = JSON.parse((await fin('positions', '--json')).stdout) as {
      data: { positions: object[]; totals: { value: number } };
    };
    expect(data.positions).toMatchObject([
      { id: 1, symbol: 'NVDA261218C00450000', quantity: -2, cost: -1060, dte: 29, source: 'book' },
    ]);
    expect((await fin('positions', '--csv')).stdout).toMatch(
      /^id,symbol,quantity,cost,opened,price,.*\r\n1,NVDA261218C00450000,-2,-1060,2026-11-19,/,
    );
    const screen = (await fin('positions')).stdout;
    expect(screen).toContain('450 call 2026-12-18');
    expect(screen).toContain('SAMPLE');
    writeFileSync(join(home.workDir, 'bad.csv'), 'Symbol,Quantity,Cost Basis\nSPY,1,650\nnot one,2,3\n');
    const refused = await fin('positions', 'import', 'bad.csv');
    expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('line 3: "not one"') });
    expect(JSON.parse((await fin('positions', '--json')).stdout)).toMatchObject({ data: { positions: [{ id: 1 }] } });
    expect(await fin('positions', 'remove', '1')).toMatchObject({ exitCode: 0 });
  });

  it('runs an alert’s command without a shell, once for each that fires', async () => {
    const { dataDir, env } = inFolder('alerts');
    const note = '$(touch stolen); `touch stolen` "x"';
    await home.run(['alert', 'add', 'NVDA.last > 1', '--note', note], { env });
    await home.run(['alert', 'add', 'NVDA.last > 1000000'], { env });
    const told = join(home.workDir, 'told.json');
    const command = `${process.execPath} -e "process.stdin.pipe(require('fs').createWriteStream(process.argv[1]))" ${told} ; $(touch stolen)`;
    const { stdout, exitCode } = await home.run(['alert', 'check', '--exec', command], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^alert 1: NVDA\.last > 1 · NVDA\.last [\d.]+ · .*SAMPLE\n$/);
    expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({ id: 1, when: 'NVDA.last > 1', note, sample: true });
    expect(existsSync(join(home.workDir, 'stolen'))).toBe(false);
    expect((await home.run(['alert', 'check', '--exec', 'false'], { env })).stdout).toBe('');
    expect(JSON.parse((await home.run(['alert', 'list', '--json'], { env })).stdout)).toMatchObject({
      data: [
        { id: 1, state: 'fired', once: false, lastFiredAt: expect.stringContaining('2026-11-19') },
        { id: 2, state: 'armed' },
      ],
    });
    expect(read(dataDir)).toHaveProperty('alerts');
  });
});

describe('an alert’s command', () => {
  it('that outlives the deadline ends with it, exit 7, and the others are not begun', async () => {
    const { env } = inFolder('slow-command');
    for (const bound of ['1', '2']) await home.run(['alert', 'add', `NVDA.last > ${bound}`], { env });
    const run = await home.run(['alert', 'check', '--exec', 'sleep 60', '--timeout', '2'], { env });
    expect(run.exitCode).toBe(7);
    expect(run.stderr).toContain('--exec "sleep": alert 1: it took too long and was stopped');
    expect(run.stderr).toContain('--exec was not run for 1 of 2 alerts');
  });
});

describe('an account', () => {
  const quote = {
    symbol: 'AAPL',
    last: 210,
    prevclose: 208,
    trade_date: Date.parse(NOW),
    bid: 209.9,
    ask: 210.1,
    type: 'stock',
  };
  const answer = (accounts: unknown, positions: unknown) =>
    startScriptedServer(({ url }) => ({
      body: JSON.stringify(
        url.startsWith('/v1/user/profile')
          ? { profile: { id: 'x', name: 'y', account: accounts } }
          : url.includes('/positions')
            ? { positions }
            : url.startsWith('/v1/markets/quotes')
              ? { quotes: { quote } }
              : { history: null },
      ),
    }));
  const account = (account_number: string, status: string) => ({
    account_number,
    status,
    classification: 'individual',
  });
  const run = (baseUrl: string, more: Record<string, string> = {}) =>
    home.run(['positions', '--account', '--json'], {
      env: {
        TRADIER_ACCESS_TOKEN: 'trd-0123456789abcdef',
        TRADIER_BASE_URL: baseUrl,
        FIN_CACHE_DIR: join(home.folder, `cache-${Math.random()}`),
        ...more,
      },
    });

  it('is read as its broker tells it, of the only active one, without a write', async () => {
    await using server = await answer([account('VA000001', 'active'), account('VA000002', 'closed')], {
      position: { id: 477, symbol: 'AAPL', quantity: 10, cost_basis: 2000, date_acquired: '2026-08-08T14:41:11.405Z' },
    });
    const { stdout, exitCode } = await run(server.baseUrl);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      data: {
        positions: [
          {
            id: 477,
            symbol: 'AAPL',
            quantity: 10,
            cost: 2000,
            opened: '2026-08-08',
            value: 2100,
            pnl: 100,
            dayPnl: 20,
            source: 'tradier',
          },
        ],
      },
      meta: { sample: false },
    });
    expect(exitCode).toBe(0);
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(server.requests.some(({ url }) => url === '/v1/accounts/VA000001/positions')).toBe(true);
  });

  it('of several must be chosen, and one that holds nothing is no error', async () => {
    await using several = await answer([account('VA000001', 'active'), account('VA000002', 'active')], 'null');
    const { exitCode, stderr, stdout } = await run(several.baseUrl);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('TRADIER_ACCOUNT_ID');
    expect(stderr + stdout).not.toContain('VA000001');
    const chosen = await run(several.baseUrl, { TRADIER_ACCOUNT_ID: 'VA000002' });
    expect(chosen.exitCode).toBe(0);
    expect(JSON.parse(chosen.stdout)).toMatchObject({ data: { positions: [], totals: { value: 0 } } });
  });

  it('that is none of the key’s is told as such, and a key that is refused as that', async () => {
    const refusing = (hasProfile: boolean) =>
      startScriptedServer(({ url }) =>
        hasProfile && url.startsWith('/v1/user/profile')
          ? { body: JSON.stringify({ profile: { id: 'x', name: 'y', account: account('VA000001', 'active') } }) }
          : { status: 401, body: 'Unauthorized Account' },
      );
    await using good = await refusing(true);
    const foreign = await run(good.baseUrl, { TRADIER_ACCOUNT_ID: 'NOPE' });
    expect(foreign.exitCode).toBe(3);
    expect(foreign.stderr).toContain('fin: TRADIER_ACCOUNT_ID: not an account of this key\nhint: the key has …0001');
    expect(foreign.stderr + foreign.stdout).not.toContain('VA000001');
    await using bad = await refusing(false);
    const refused = await run(bad.baseUrl, { TRADIER_ACCOUNT_ID: 'NOPE' });
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain('the key was refused');
  });

  it('of the sample market is made up and says so', async () => {
    const { stdout } = await home.run(['positions', '--account', '--json'], { env: inFolder('sample').env });
    const document = JSON.parse(stdout) as { data: { positions: unknown[] }; meta: object };
    expect(document.meta).toMatchObject({ sample: true });
    expect(document.data.positions).toHaveLength(8);
  });
});
