// What a user mistypes: two lines on standard error, exit 2, one JSON document with --json, and not one request.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { type MarketServer, asPolygon, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, createHome, documentOf } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
let market: MarketServer;
let home: FinHome;

beforeAll(async () => {
  market = await startMarket(NOW);
  home = await createHome({ ...asTradier(market), ...asPolygon(market), FIN_NOW: NOW });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

const USAGE: readonly [title: string, args: string[]][] = [
  ['a malformed symbol among good ones', ['quote', 'AAPL', 'A$PL', 'MSFT']],
  ['a symbol that is too long', ['quote', 'TOOLONGNAME']],
  ['a path instead of a symbol', ['history', '../../etc/passwd']],
  ['an empty symbol among good ones', ['quote', 'AAPL', '']],
  ['a period beside --range', ['history', 'AAPL', '--range', 'ytd', 'last', 'week']],
  ['help about what is no command', ['help', 'quot']],
  ['no symbol', ['quote']],
  ['two symbols where one is taken', ['bundle', 'AAPL,MSFT']],
  ['a command that was mistyped', ['qoute']],
  ['--csv where the data are no rows', ['bundle', 'AAPL', '--csv']],
  ['--csv for a question', ['price', 'of', 'AAPL', '--csv']],
  ['--csv of one state', ['market', '--csv']],
  ['--week with --date', ['market', '--week', '--date', '2026-11-27']],
  ['a day of the market that does not exist', ['market', '--date', '2026-02-30']],
  ['a malformed symbol among those of levels', ['levels', 'AAPL', 'A$PL']],
  ['a shell without a script', ['completion', 'tcsh']],
  ['words after help --man', ['help', '--man', 'quote']],
  ['an unknown flag', ['quote', 'AAPL', '--jsno']],
  ['an unknown command', ['qoute', 'AAPL']],
  ['an unknown provider', ['quote', 'AAPL', '--provider', 'yahoo']],
  ['an unreadable range', ['history', 'AAPL', '--range', 'next blue moon']],
  ['a future range', ['history', 'AAPL', '--range', '2026-12-01 to 2026-12-04']],
  ['a reversed range', ['history', 'AAPL', '--from', '2026-11-10', '--to', '2026-11-02']],
  ['a date that does not exist', ['history', 'AAPL', '--from', '2026-02-30']],
  ['--range with --from', ['history', 'AAPL', '--range', 'ytd', '--from', '2026-01-05']],
  ['--to without --from', ['history', 'AAPL', '--to', '2026-01-05']],
  ['an unknown interval', ['history', 'AAPL', '--interval', 'fortnight']],
  ['an unreadable expiration', ['chain', 'AAPL', '--expiration', 'someday']],
  ['an unknown side', ['chain', 'AAPL', '--side', 'up']],
  ['a number of strikes below one', ['chain', 'AAPL', '--strikes', '0']],
  ['a fraction of strikes', ['chain', 'AAPL', '--strikes', '2.5']],
  ['a timeout that is no number', ['quote', 'AAPL', '--timeout', 'soon']],
  ['a timeout of zero', ['quote', 'AAPL', '--timeout', '0']],
  ['--offline with --refresh', ['quote', 'AAPL', '--offline', '--refresh']],
  ['an empty question', ['ask', '   ']],
  ['a number of turns that is none', ['ask', 'price of AAPL', '--max-turns', 'many']],
  ['a subcommand that is missing', ['cache']],
  ['an unknown subcommand', ['cache', 'burn']],
  ['an unknown port', ['exchange', '--port', '99999']],
  ['words after a command that takes none', ['market', 'AAPL']],
];

describe('wrong usage', () => {
  it.each(USAGE)('%s is exit 2 with two lines and no request', async (_title, args) => {
    const run = await home.run(args);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/^fin: [^\n]+: [^\n]+\nhint: [^\n]+\n$/);
    expect(market.count()).toBe(0);
  });

  it('gives exactly one JSON document for it with --json, and the two lines all the same', async () => {
    for (const args of [
      ['quote', 'A$PL', '--json'],
      ['history', 'AAPL', '--range', 'soon', '--json'],
      ['quote', '--json', '--nope'],
      ['quote', 'AAPL', '--csv', '--json'],
    ]) {
      const run = await home.run(args);
      expect(run.exitCode).toBe(2);
      const document = documentOf(run);
      expect(problemsOf(document, args[0] ?? '')).toEqual([]);
      expect(document).toMatchObject({ ok: false, errors: [{ code: 'usage' }] });
      expect(run.stderr).toMatch(/^fin: [^\n]+\nhint: [^\n]+\n$/);
    }
    expect(market.count()).toBe(0);
  });

  it('tells of an option before its command that it comes too early', async () => {
    for (const [args, message] of [
      [['--csv', 'quote', 'AAPL'], 'fin: quote: --csv comes too early\nhint: options go last: fin quote … --csv\n'],
      [['--quiet', 'market'], 'fin: market: --quiet comes too early\nhint: options go last: fin market … --quiet\n'],
      [
        ['cache', '--quiet', 'stats'],
        'fin: cache: --quiet comes too early\nhint: options go last: fin cache … --quiet\n',
      ],
    ] as const) {
      const run = await home.run(args);
      expect([run.exitCode, run.stdout, run.stderr]).toEqual([2, '', message]);
    }
  });

  it('suggests the command that was meant', async () => {
    for (const words of [['qoute', 'AAPL'], ['qoute'], ['histroy', 'AAPL', '--range', 'ytd'], ['chains']])
      expect((await home.run(words)).stderr).toMatch(/hint: did you mean fin (quote|history|chain)\?/);
    expect(market.count()).toBe(0);
  });

  it('prints help where it is asked for, on standard output with 0; fin alone on a pipe prints it on standard error with 2', async () => {
    const asked = await home.run(['--help']);
    expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
    expect(asked.stdout).toMatch(/quote[\s\S]+history[\s\S]+chain/);
    const ofCommand = await home.run(['help', 'chain']);
    expect(ofCommand).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ofCommand.stdout).toMatch(/--expiration[\s\S]+--side[\s\S]+--strikes/);
    const ofSubcommand = await home.run(['help', 'positions', 'import']);
    expect(ofSubcommand.stdout).toMatch(/^Usage: fin positions import /);
    const unasked = await home.run([]);
    expect(unasked).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unasked.stderr).toContain('Usage: fin');
    const version = await home.run(['--version']);
    expect(version).toMatchObject({ exitCode: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['sk-proj-' + 'abcdefgh'.repeat(3) + '1234', 'aB3dE5gH7jK9' + 'mN1pQ3sT5vW7yZ9b'])(
    'never prints a key that stands in the place of a flag, a value or a word: %s',
    async (key) => {
      await using home = await createHome();
      const commands = [
        ['ask', 'price of NVDA', '--model', key],
        ['quote', 'NVDA', '--provider', key, '--json'],
        ['quote', 'NVDA', `--timeout=${key}`],
        ['quote', 'NVDA', '--log', `/nonexistent/${key}`],
        ['quote', 'NVDA', `--${key}`],
        ['exchange', '--port', key],
        ['table', 'NVDA', '--columns', key],
      ];
      for (const run of await Promise.all(commands.map((command) => home.run(command)))) {
        expect([2, 3]).toContain(run.exitCode);
        expect(run.stdout + run.stderr).toContain('***');
        expect(run.stdout + run.stderr).not.toContain(key.slice(0, 12));
      }
    },
  );

  it('says in words why a log cannot be written, and what to do', async () => {
    for (const [file, why] of [
      [join(home.folder, 'no/such/log'), 'its folder does not exist'],
      [home.workDir, 'this is a folder, not a file'],
      [join(home.folder, 'x'.repeat(300)), 'the name is too long'],
    ] as const) {
      const run = await home.run(['market', '--log', file]);
      expect(run.exitCode).toBe(3);
      expect(run.stderr).toBe(
        `fin: --log ${file}: ${why}\nhint: name a file in a folder that exists and that you can write to\n`,
      );
    }
  });

  it('refuses a settings, log or bars file that cannot be, with 3, at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fin-files-'));
    const bars = join(folder, 'bars.csv');
    writeFileSync(bars, 'date,symbol,open,high,low,close,volume\n2025-01-02,AAPL,1,2,1,nonsense,3\n');
    for (const args of [
      ['quote', 'AAPL', '--log', join(folder, 'no/such/folder/log')],
      ['chart', 'AAPL', '--svg', join(folder, 'no/such/folder/x.svg'), '--provider', 'sample'],
      ['exchange', '--bars', join(folder, 'missing.csv')],
      ['exchange', '--bars', bars],
      ['exchange', '--port', new URL(market.baseUrl).port],
    ]) {
      const run = await home.run(args);
      expect(run.exitCode, args.join(' ')).toBe(3);
      expect(run.stderr).toMatch(/^fin: [^\n]+\nhint: [^\n]+\n$/);
      expect(run.ms).toBeLessThan(20_000);
    }
    rmSync(folder, { recursive: true });
    expect(market.count()).toBe(0);
  });
});
