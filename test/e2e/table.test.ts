// fin table and fin fields by the real program: columns, conditions, sorting, requests, mistakes.
import { describe, expect, it } from 'vitest';
import { createHome } from '../helpers/run-fin.ts';

interface TableDocument {
  ok: boolean;
  data: {
    columns: { field: string; label: string; unit: string }[];
    rows: ({ symbol: string } & Record<string, number>)[];
    universe?: number;
    matched?: number;
  };
  errors: { symbol?: string; code: string }[];
  meta: { sample: boolean; providerCalls: number };
}

const AT = { FIN_NOW: '2026-11-19T11:00:00-05:00' };

describe('fin table', () => {
  it('asks once for what all columns need together, and from then on nothing', async () => {
    await using home = await createHome(AT);
    const args = [
      'table',
      'NVDA',
      'AMD,SPY',
      '--columns',
      'last, rsi14, sma50, pct(last, week52High) as off',
      '--json',
    ];
    const first = await home.run(args);
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    const { data, meta } = JSON.parse(first.stdout) as TableDocument;
    expect(data.columns.map(({ field, unit }) => [field, unit])).toEqual([
      ['last', 'usd'],
      ['rsi14', 'points'],
      ['sma50', 'usd'],
      ['off', 'percent'],
    ]);
    expect(data.rows.map(({ symbol }) => symbol)).toEqual(['NVDA', 'AMD', 'SPY']);
    // One request for all quotes, one for each series.
    expect(meta).toMatchObject({ sample: true, providerCalls: 4 });
    expect((JSON.parse((await home.run(args)).stdout) as TableDocument).meta.providerCalls).toBe(0);
  });

  it('shows the figures that quote and ta show', async () => {
    await using home = await createHome(AT);
    const read = async (args: string[]): Promise<unknown> =>
      (JSON.parse((await home.run(args)).stdout) as TableDocument).data;
    const table = (await read([
      'table',
      'NVDA',
      '--columns',
      'last,changePercent,rsi14,sma200,macdHistogram',
      '--json',
    ])) as TableDocument['data'];
    const [quote] = (await read(['quote', 'NVDA', '--json'])) as { last: number; changePercent: number }[];
    const [ta] = (await read(['ta', 'NVDA', '--json'])) as {
      rsi14: number;
      sma: Record<string, number>;
      macd: { histogram: number };
    }[];
    expect(table.rows[0]).toEqual({
      symbol: 'NVDA',
      last: quote?.last,
      changePercent: quote?.changePercent,
      rsi14: ta?.rsi14,
      sma200: ta?.sma['200'],
      macdHistogram: ta?.macd.histogram,
    });
  });

  it('keeps the rows of a condition, sorts, limits, and says how many there were', async () => {
    await using home = await createHome(AT);
    const run = await home.run([
      'table',
      'NVDA',
      'AMD',
      'SPY',
      'QQQ',
      '--columns',
      'last',
      '--where',
      'last > 300',
      '--sort',
      '-last',
      '--limit',
      '2',
      '--json',
    ]);
    const { data } = JSON.parse(run.stdout) as TableDocument;
    const lasts = data.rows.map((row) => row['last'] ?? 0);
    expect(lasts).toEqual(lasts.toSorted((a, b) => b - a));
    expect(data.rows).toHaveLength(2);
    expect([data.universe, (data.matched ?? 0) >= 2]).toEqual([4, true]);
    const none = await home.run(['table', 'NVDA', '--where', 'last > 1e9']);
    expect([none.exitCode, none.stdout]).toEqual([0, expect.stringContaining('nothing matches')]);
  });

  it('says of a number of sessions the days of its bars, as their history does', async () => {
    await using home = await createHome(AT);
    const days = ['--range', 'last 5 trading days'];
    const table = await home.run(['table', 'NVDA', '--columns', 'changePercent', ...days]);
    const history = await home.run(['history', 'NVDA', ...days, '--json']);
    const { data } = JSON.parse(history.stdout) as { data: { from: string; to: string } };
    expect(table.stdout + table.stderr).toContain(`range: ${data.from} to ${data.to}`);
    const said = await home.run(['ask', 'which of NVDA and AMD gained most in the last 5 trading days']);
    const day = (date: string): string => `${String(Number(date.slice(8)))}, 2026`;
    expect(said.stdout).toMatch(new RegExp(`from .* ${day(data.from)}\\s+to\\s.* ${day(data.to)}`));
  });

  it('is partial where one symbol does not exist', async () => {
    await using home = await createHome(AT);
    const run = await home.run(['table', 'NVDA', 'ZZZZ', '--columns', 'last, rsi14', '--json']);
    expect(run.exitCode).toBe(9);
    const { data, errors } = JSON.parse(run.stdout) as TableDocument;
    expect(data.rows.map((row) => [row.symbol, 'last' in row])).toEqual([
      ['NVDA', true],
      ['ZZZZ', false],
    ]);
    expect(errors.map(({ symbol, code }) => [symbol, code])).toContainEqual(['ZZZZ', 'no_data']);
  });

  it.each([
    [['--columns', 'last, rsj14'], /there is no field "rsj14"\n {2}last, rsj14\n {8}\^{5}\nhint: did you mean rsi14/],
    [['--where', 'last'], /this is a figure, not a condition\n {2}last\n {2}\^{4}\nhint: /],
    [['--sort', 'last +'], /it ends too early/],
    [['--columns', 'last, last'], /two columns "last"/],
    [['--range', 'next week'], /hint: /],
  ])('%j is wrong usage, marked at its place, before any request', async (options, message) => {
    await using home = await createHome(AT);
    const run = await home.run(['table', 'NVDA', ...options]);
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(message);
  });
});

describe('fin fields', () => {
  it('lists all of them, or those that fit', async () => {
    await using home = await createHome();
    const all = JSON.parse((await home.run(['fields', '--json'])).stdout) as { data: { name: string }[] };
    expect(all.data.length).toBeGreaterThan(60);
    const found = await home.run(['fields', 'max', 'pain']);
    expect([found.exitCode, found.stderr]).toEqual([0, '']);
    expect(found.stdout).toContain('maxPain');
    // No figure is in it.
    expect(found.stdout).not.toContain('SAMPLE');
    expect((await home.run(['fields', 'nonsense'])).exitCode).toBe(4);
  });
});
