// What a command costs in the cache file, counted in the whole program: its statements and write transactions.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asTradier, startMarket } from '../helpers/market-server.ts';
import { PROJECT_ROOT, createHome } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
/** Statements that make a new file: tables, version, log. */
const SET_UP = /sqlite_schema|CREATE TABLE|journal_mode|synchronous=OFF|^COMMIT$/;

async function statementsOf(home: Awaited<ReturnType<typeof createHome>>, words: readonly string[]): Promise<string[]> {
  const file = join(home.folder, 'statements');
  const { exitCode } = await home.run([...words], {
    env: {
      NODE_OPTIONS: `--import=${join(PROJECT_ROOT, 'test/helpers/record-statements.ts')}`,
      FIN_TEST_STATEMENTS: file,
    },
  });
  expect(exitCode).toBe(0);
  const statements = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as string);
  rmSync(file);
  return statements;
}

describe('a quote of one symbol from one provider', () => {
  it('takes at most 15 statements and one explicit transaction where it must be asked for', async () => {
    await using server = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(server), FIN_NOW: NOW });
    const run = (symbol: string): Promise<string[]> => statementsOf(home, ['quote', symbol, '--json']);

    const all = await run('NVDA');
    const inNewFile = all.slice(all.findLastIndex((sql, index) => index < all.length - 1 && SET_UP.test(sql)) + 1);
    const cold = await run('AAPL');
    const cached = await run('AAPL');

    // The last of the set-up is a PRAGMA; opening a file that is there takes two.
    const begins = (statements: readonly string[]): string[] => statements.filter((sql) => sql.includes('BEGIN'));
    for (const [statements, most] of [
      [inNewFile, 14],
      [cold, 15],
      [cached, 10],
    ] as const) {
      expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(most);
      expect(begins(statements), statements.join('\n')).toHaveLength(1);
    }
    expect(server.count('quotes')).toBe(2);
  });
});

describe('a table from the cache', () => {
  it('takes as many statements for five symbols as for two: their series are one', async () => {
    await using server = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(server), FIN_NOW: NOW });
    const table = (symbols: string): Promise<string[]> =>
      statementsOf(home, ['table', ...symbols.split(' '), '--columns', 'last, rsi14', '--json']);
    await table('NVDA AMD SPY AAPL MSFT');

    const [of2, of5] = [await table('NVDA AMD'), await table('NVDA AMD SPY AAPL MSFT')];

    expect(of5, of5.join('\n')).toHaveLength(of2.length);
  });
});
