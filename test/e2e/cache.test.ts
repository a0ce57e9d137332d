// fin cache: warming ahead of time, the figures about use, the hourly metrics, warnings, and the log of a run.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCounters } from '../../src/cache/counters.ts';
import { openCacheDatabase } from '../../src/cache/database.ts';
import { problemsOf } from '../helpers/json-shapes.ts';
import { TRADIER_KEY, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, createHome, documentOf } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';

/** Use as other processes would have left it. */
function countUse(home: FinHome, work: (counters: ReturnType<typeof createCounters>) => void): void {
  const database = openCacheDatabase({
    folder: home.cacheDir,
    onNote: (text) => expect(text).toBe(''),
    machineNow: Date.now,
  });
  const counters = createCounters(database, Date.now);
  work(counters);
  void counters.flush();
  database.close();
}

describe('fin cache warm', () => {
  it('fetches quote, series, expirations and nearest chain of each symbol; a second run and the questions after it cost nothing', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    const first = await home.run(['cache', 'warm', 'AAPL,SPY', '--json']);
    expect(first.exitCode).toBe(0);
    expect(documentOf(first)).toMatchObject({
      command: 'cache warm',
      ok: true,
      data: [
        { symbol: 'AAPL', warm: true },
        { symbol: 'SPY', warm: true },
      ],
      meta: { providerCalls: 7 },
    });
    expect(market.asked().toSorted()).toEqual([
      'chains',
      'chains',
      'expirations',
      'expirations',
      'history',
      'history',
      'quotes',
    ]);
    const second = await home.run(['cache', 'warm', 'AAPL', 'SPY']);
    expect([second.exitCode, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toBe('2 symbols are warm (nothing had to be fetched): AAPL SPY\n');
    const questions = await Promise.all(
      [
        ['bundle', 'AAPL'],
        ['quote', 'AAPL', 'SPY'],
        ['history', 'SPY', '--range', 'past year'],
      ].map((args) => home.run(args)),
    );
    expect(questions.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(market.count()).toBe(7);
    // Warming is no use: what it looked up counts neither as a miss nor for popularity.
    const stats = documentOf(await home.run(['cache', 'stats', '--json']));
    expect((stats.data as { totals: unknown }).totals).toMatchObject({ misses: 0, providerCalls: 7, hitRate: 1 });
  });

  it('takes the symbols that this machine asks for most, and says so where there are none', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    const none = await home.run(['cache', 'warm', '--popular', '3']);
    expect([none.exitCode, none.stdout, market.count()]).toEqual([0, '', 0]);
    expect(none.stderr).toMatch(/^note: nothing to warm: /);
    countUse(home, (counters) =>
      ['NVDA', 'NVDA', 'NVDA', 'AMD', 'AMD', 'TSLA'].forEach((symbol) => counters.recordUse(symbol)),
    );
    const run = await home.run(['cache', 'warm', '--popular', '2']);
    expect(run.stdout).toMatch(/^2 symbols are warm \(7 requests, .*\): NVDA AMD\n$/);
  });

  it('counts a symbol without options as warm, and names what is unknown with exit 9', async () => {
    await using market = await startMarket(NOW);
    market.faults.set('expirations', ({ query }) =>
      query.get('symbol') === 'AAPL' ? { body: { expirations: null } } : undefined,
    );
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    const run = await home.run(['cache', 'warm', 'AAPL', 'ZZZZ']);
    expect(run.exitCode).toBe(9);
    expect(run.stdout).toMatch(/^1 symbol is warm .*: AAPL\n$/);
    expect(run.stderr).toMatch(/^fin: ZZZZ is not warm: .*no such symbol.*\nhint: /);
  });

  it('leaves the last fifth of the limit to questions and ends at once where the rest cannot come in time', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_TRADIER_RPM: '5', FIN_NOW: NOW });
    const run = await home.run(['cache', 'warm', 'AAPL', 'NVDA', 'AMD', '--timeout', '20', '--json']);
    expect(run.ms).toBeLessThan(15_000);
    expect(market.count()).toBe(4);
    expect(run.exitCode).toBe((documentOf(run).data as { warm: boolean }[]).some(({ warm }) => warm) ? 9 : 5);
    expect(
      documentOf(run).errors.every(
        ({ code, hint }) => code === 'rate_limited' && hint?.includes('finished work is kept') === true,
      ),
    ).toBe(true);
    // The slot that is left answers a question at once.
    expect((await home.run(['quote', 'TSLA', '--timeout', '20'])).exitCode).toBe(0);
    expect(market.count()).toBe(5);
  });

  it('refuses what cannot be before it opens or asks anything', async () => {
    await using home = await createHome();
    const wrong = [
      ['warm', '--offline'],
      ['warm', 'AAPL', '--popular', '3'],
      ['warm', '--popular', '0'],
      ['warm', '$$$'],
      ['stats', '--csv', '--json'],
    ];
    for (const run of await Promise.all(wrong.map((args) => home.run(['cache', ...args])))) {
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toMatch(/^fin: .*\nhint: /);
    }
  });
});

describe('fin cache stats', () => {
  it('tells latencies by provider, calls and time saved, hours as CSV, and nothing wider than the screen', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    await home.run(['quote', 'AAPL', 'MSFT']);
    await home.run(['quote', 'AAPL', 'MSFT']);
    const document = documentOf(await home.run(['cache', 'stats', '--json']));
    expect(problemsOf(document, 'cache stats')).toEqual([]);
    expect(document.data).toMatchObject({
      totals: { hits: 2, misses: 2, providerCalls: 1, callsSaved: 2, hitRate: 0.5 },
      latencies: { tradier: { cached: { count: 2 }, uncached: { count: 1 } } },
      warnings: [],
    });
    const screen = (await home.run(['cache', 'stats'])).stdout;
    expect(screen).toMatch(
      /Provider +Used in 60 s +Limit +Breaker +Cached p50 +p95 +Uncached p50 +p95\n─+\ntradier +1 +120 +closed +[\d.]+ ms/,
    );
    for (const line of screen.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(100);
    const csv = (await home.run(['cache', 'stats', '--csv'])).stdout.trim().split('\n');
    expect(csv[0]).toBe('time,hit_rate,mean_ms_cached,mean_ms_uncached,error_rate');
    // A row an hour: two where the hour struck between the runs.
    const rows = csv.slice(1);
    for (const row of rows)
      expect(row).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00-0[45]:00,[01]\.\d{4},(\d+\.\d{3})?,(\d+\.\d{3})?,0\.0000$/);
    expect(rows.map((row) => row.split(',')[1])).toEqual(
      rows.length === 1 ? ['0.5000'] : [expect.any(String), expect.any(String)],
    );
  });

  it('warns of a bad last hour, and so do doctor and the session', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    await home.run(['quote', 'AAPL']);
    countUse(home, (counters) => {
      counters.count('quote', 'hits', 90);
      counters.count('quote', 'misses', 110);
      counters.count('quote', 'providerCalls', 110);
      counters.count('quote', 'errors', 9);
    });
    const screen = (await home.run(['cache', 'stats'])).stdout;
    expect(screen).toMatch(/alarm: 8\.\d% of the requests in the last hour failed \(9 of 11\d\)/);
    expect(screen).toMatch(/warning: only 4\d\.\d% of the data requested/);
    expect((await home.run(['doctor'])).stdout).toMatch(/note +last hour, alarm +8\.\d%/);
    const session = await home.run(['repl', '--no-color'], { stdin: 'quote MSFT\n/quote AMD\n' });
    expect(session.exitCode).toBe(0);
    expect(session.stderr.match(/alarm: 8\.\d%/g)).toHaveLength(1);
  });
});

describe('--log', () => {
  it('keeps time, turn, events, endpoints, status and cache states as JSON lines without a key, in a private file', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    const file = join(home.folder, 'fin.log');
    await home.run(['repl', '--log', file], {
      stdin: `quote AAPL\nquote AAPL ${TRADIER_KEY}\n/quote AAPL\n/nonsense\n`,
    });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(TRADIER_KEY);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      lines.every(
        ({ time, pid, turn }) => typeof time === 'string' && typeof pid === 'number' && typeof turn === 'number',
      ),
    ).toBe(true);
    const of = (turn: number): unknown[] => lines.filter((line) => line['turn'] === turn);
    expect(of(1)).toEqual([
      expect.objectContaining({ event: 'question', question: 'quote AAPL', model: 'builtin' }),
      expect.objectContaining({ event: 'cache', kind: 'quote', state: 'miss', symbol: 'AAPL' }),
      expect.objectContaining({
        event: 'request',
        provider: 'tradier',
        endpoint: 'quotes',
        status: 200,
        attempt: 1,
        ms: expect.any(Number) as number,
      }),
      expect.objectContaining({
        event: 'tool',
        name: 'get_stock_quote',
        ok: true,
        freshness: 'live',
        providerCalls: 1,
      }),
      expect.objectContaining({ event: 'answer', modelTurns: expect.any(Number) as number }),
    ]);
    expect(lines.find(({ event, turn }) => event === 'cache' && turn === 3)).toMatchObject({ state: 'hit' });
    expect(lines.at(-1)).toMatchObject({ event: 'exit', code: 0 });
  });
});
