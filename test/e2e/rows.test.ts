// Commands of several symbols, rows as CSV, words without a command: run as a user runs them, with their exit codes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { type MarketServer, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, createHome, documentOf } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
let market: MarketServer;
let home: FinHome;

beforeAll(async () => {
  market = await startMarket(NOW);
  home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

describe('history of several symbols', () => {
  it('is a list of what one gives, and one table on screen', async () => {
    const words = ['history', 'NVDA', 'AMD', '--range', 'last week'];
    const both = documentOf(await home.run([...words, '--json']));
    const one = documentOf(await home.run(['history', 'AMD', '--range', 'last week', '--json']));
    expect(problemsOf(both, 'history')).toEqual([]);
    expect(problemsOf(one, 'history')).toEqual([]);
    expect(both.data).toHaveLength(2);
    expect((both.data as unknown[])[1]).toEqual(one.data);
    const screen = await home.run(words);
    expect(screen.exitCode).toBe(0);
    expect(screen.stdout).toMatch(/^2 symbols · performance · last week[\s\S]+\nNVDA [\s\S]+\nAMD /);
  });

  it('is exit 9 where one has none, 4 where none has any', async () => {
    const part = await home.run(['history', 'NVDA', 'ZZZZQ', '--json']);
    expect(part.exitCode).toBe(9);
    const document = documentOf(part);
    expect(problemsOf(document, 'history')).toEqual([]);
    expect(document).toMatchObject({ ok: false, errors: [{ symbol: 'ZZZZQ', code: 'no_data' }] });
    expect(document.data).toMatchObject([{ symbol: 'NVDA' }]);
    expect(part.stderr).toMatch(/^fin: ZZZZQ: [^\n]+\nhint: [^\n]+\n$/m);
    const none = await home.run(['history', 'ZZZZQ', 'ZZZZY', '--json']);
    expect(none.exitCode).toBe(4);
    expect(problemsOf(documentOf(none), 'history')).toEqual([]);
  });
});

describe('levels', () => {
  it('are a list, of one symbol too, and a ladder on screen', async () => {
    for (const symbols of [['NVDA'], ['NVDA', 'SPY']]) {
      const document = documentOf(await home.run(['levels', ...symbols, '--json']));
      expect(problemsOf(document, 'levels')).toEqual([]);
      expect(document.data).toMatchObject(symbols.map((symbol) => ({ symbol })));
    }
    expect((await home.run(['levels', 'NVDA'])).stdout).toMatch(/^NVDA · support and resistance · spot/);
    expect((await home.run(['levels', 'NVDA', 'ZZZZQ'])).exitCode).toBe(9);
  });
});

describe('--csv', () => {
  it.each([
    ['quote', ['NVDA', 'AMD'], 2],
    ['history', ['NVDA', 'AMD', '--range', 'last week'], 10],
    ['ta', ['NVDA'], 1],
    ['chain', ['AMD', '--strikes', '1'], 4],
    ['table', ['NVDA', 'AMD', '--columns', 'last, pct(last, open) as day'], 2],
    ['fields', ['rsi'], 1],
    ['market', ['--week'], 10],
  ] as const)('of %s is a header and its rows', async (command, words, count) => {
    const run = await home.run([command, ...words, '--csv', '--quiet']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const lines = run.stdout.split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(count + 1);
    expect(lines[0]).toMatch(/^(symbol|underlying|date|name),/);
  });

  it('prints what there is and ends with 9 where part of it failed, and nothing where all did', async () => {
    const part = await home.run(['quote', 'NVDA', 'ZZZZQ', '--csv']);
    expect(part.exitCode).toBe(9);
    expect(part.stdout.trim().split('\r\n')).toHaveLength(2);
    expect(part.stderr).toContain('fin: ZZZZQ');
    expect(await home.run(['quote', 'ZZZZQ', '--csv'])).toMatchObject({ exitCode: 4, stdout: '' });
  });

  it('prints several chains as their contracts, or as a row each, which says what it takes no account of', async () => {
    const words = ['chain', 'NVDA', 'AMD', '--side', 'put', '--delta', '.3', '--csv'];
    const summary = await home.run(words);
    expect(summary.stdout).toMatch(/^underlying,spot,expiration,[^\n]+\r\nNVDA,[^\n]+\r\nAMD,[^\n]+\r\n$/);
    expect(summary.stderr).toContain('note: each row is a whole expiration and ignores --side, --delta');
    const contracts = await home.run([...words, '--columns', 'mid']);
    expect(contracts.stdout).toMatch(/^underlying,expiration,symbol,[^\n]+,mid\r\nNVDA,[^\n]+,put,[^\n]+\r\nAMD,/);
    expect(contracts.stderr).not.toContain('each row is');
  });

  it('says beside the rows that they are of the sample market', async () => {
    const run = await home.run(['quote', 'NVDA', '--csv', '--provider', 'sample']);
    expect(run.stderr).toMatch(/^note: SAMPLE market/);
  });
});

describe('words without a command', () => {
  it('are a question, options behind them too', async () => {
    const run = await home.run(['nvda', '--json']);
    expect(run.exitCode).toBe(0);
    expect(documentOf(run)).toMatchObject({ command: 'ask', question: 'nvda' });
    const week = await home.run(['how', 'did', 'spy', 'do', 'last', 'week', '--quiet']);
    expect(week.exitCode).toBe(0);
    expect(week.stdout).toMatch(/^SPY · daily bars · last week/);
  });

  it('fill the obvious option of a command in a session', async () => {
    const run = await home.run(['repl'], {
      stdin: '/chain spy friday\n/history nvda amd last week\n/table nvda amd rsi14 last\n/levels nvda\n',
    });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain('SPY · option chain · expires Fri 2026-11-20');
    expect(run.stdout).toContain('2 symbols · performance · last week');
    expect(run.stdout).toMatch(/\nSymbol +RSI 14 +Last\n/);
    expect(run.stdout).toContain('NVDA · support and resistance');
  });
});

describe('the sessions of the market', () => {
  it('have the shape of the contract, with the state beside them', async () => {
    for (const words of [['--week'], ['--date', '2026-11-27']]) {
      const document = documentOf(await home.run(['market', ...words, '--json']));
      expect(problemsOf(document, 'market')).toEqual([]);
      const { sessions } = document.data as { sessions: unknown[] };
      expect(sessions).toHaveLength(words[0] === '--week' ? 10 : 1);
    }
    expect((await home.run(['market', '--week'])).stdout).toMatch(/Thu +2026-11-26 +closed +Thanksgiving Day/);
  });
});

describe('completion and the manual page', () => {
  it('are printed by the program', async () => {
    const script = await home.shell('source <(fin completion bash) && complete -p fin');
    expect(script).toMatchObject({ exitCode: 0, stderr: '', stdout: 'complete -F _fin fin\n' });
    const page = await home.run(['help', '--man']);
    expect(page).toMatchObject({ exitCode: 0, stderr: '' });
    expect(page.stdout).toMatch(/^\.TH FIN 1 /);
  });
});
