// fin scan and fin cache warm --market as a user runs them.
import { describe, expect, it } from 'vitest';
import { createHome, documentOf } from '../helpers/run-fin.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import { answerAsPolygon, createTestMarket, keepMarket } from '../helpers/whole-market.ts';

const NOW = '2026-11-19T08:00:00-05:00';

async function startPolygon(symbols: number, sessions: number, delayMs = 0) {
  const market = createTestMarket(symbols, sessions, '2026-11-18');
  const server = await startScriptedServer((request) => ({
    ...(answerAsPolygon(market, request, Date.parse(NOW)) ?? { status: 404 }),
    delayMs,
  }));
  const grouped = (): string[] => server.requests.map(({ path }) => path).filter((path) => path.includes('/grouped/'));
  const env = {
    FIN_NOW: NOW,
    MASSIVE_API_KEY: 'scan-Secret/0123456789',
    MASSIVE_BASE_URL: server.baseUrl,
    FIN_POLYGON_RPM: '600',
  };
  return { market, server, env, grouped };
}

describe('fin cache warm --market', () => {
  it('goes on after every kill, and then every session is whole and was kept once', async () => {
    const { market, server, env, grouped } = await startPolygon(30, 40, 60);
    await using home = await createHome(env);
    await using _server = server;
    for (let kill = 1; kill <= 3; kill += 1) {
      const { child, ended } = home.start(['cache', 'warm', '--market', '40']);
      while (grouped().length < kill * 9 && child.exitCode === null)
        await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await ended;
    }
    const run = await home.run(['cache', 'warm', '--market', '40']);
    expect(run.stdout).toMatch(/^40 of 40 sessions of the whole market held/);
    expect(run.exitCode).toBe(0);
    // A kill may lose what was on its way: four at a time.
    expect(grouped().length).toBeLessThanOrEqual(40 + 3 * 4);
    const found = documentOf(await home.run(['scan', 'close > 0', '--columns', 'ago(close, 39) as first', '--json']));
    const expected = Object.fromEntries(
      market.symbols.map((symbol) => [symbol, market.adjusted(symbol, market.dates[0] ?? '')?.close]),
    );
    const { rows } = found.data as { rows: { symbol: string; first: number }[] };
    for (const { symbol, first } of rows) expect(first).toBeCloseTo(expected[symbol] ?? NaN, 3);
    expect(rows).toHaveLength(30);
  });

  it('needs Polygon, a number of sessions, and nothing beside it', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const tradier = { env: { TRADIER_ACCESS_TOKEN: 'tr-Secret/0123456789', TRADIER_BASE_URL: 'http://127.0.0.1:9' } };
    expect((await home.run(['cache', 'warm', '--market'], tradier)).exitCode).toBe(3);
    expect((await home.run(['cache', 'warm', '--market', 'AAPL'])).exitCode).toBe(2);
    expect((await home.run(['cache', 'warm', '--market', '--popular', '3'])).exitCode).toBe(2);
  });
});

describe('fin scan', () => {
  it('answers from the sample market without a key, and says so', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    const run = await home.run(['scan', '--preset', 'gainers', '--limit', '3']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('SAMPLE');
    expect(run.stderr).toContain('scan: 400 symbols, 2 sessions up to 2026-11-18');
    const json = documentOf(await home.run(['scan', 'changePercent > 3', '--json', '--quiet']));
    expect(json.meta).toMatchObject({ sample: true, providerCalls: 0 });
    const { rows } = json.data as { rows: { changePercent: number }[] };
    expect(rows.every((row) => row.changePercent > 3)).toBe(true);
  });

  it('means the same by a condition whatever stands beside it: bars decide what they can, only the rest is of now', async () => {
    await using home = await createHome({ FIN_NOW: '2026-12-01T11:15:00-05:00' });
    const symbols = ['NVDA', 'AMD', 'SPY', 'AAPL', 'BA', 'PLTR'];
    type Found = { symbol: string; last: number; changePercent: number; bid: number };
    const quotes = documentOf(await home.run(['quote', ...symbols, '--json'])).data as Found[];
    const scan = async (text: string, columns: string): Promise<Found[]> => {
      const words = ['--columns', columns, '--universe', symbols.join(), '--json'];
      return (documentOf(await home.run(['scan', text, ...words])).data as { rows: Found[] }).rows;
    };
    const alone = await scan('changePercent < -2', 'last,changePercent');
    expect(alone.length).toBeGreaterThan(1);
    for (const beside of ['spread > 0', 'iv30 > 0', 'dte > 0']) {
      const rows = await scan(`changePercent < -2 and ${beside}`, 'last,changePercent,bid');
      expect(
        rows.map(({ bid: _bid, ...row }) => row),
        beside,
      ).toEqual(alone);
      for (const { symbol, bid } of rows)
        expect(quotes.find((quote) => quote.symbol === symbol)).toMatchObject({ bid });
    }
    const mixed = await home.run(['scan', 'spread > 0', '--columns', 'last,sma20', '--universe', 'AAPL']);
    expect(mixed.stdout).toContain('bars up to the 2026-11-30 session: Last, SMA 20; as of now: Spread');
  });

  it('asks for chains only of the rows that are shown, and counts what is known to match', async () => {
    await using home = await createHome({ FIN_NOW: '2026-12-01T11:15:00-05:00' });
    const all = documentOf(await home.run(['scan', 'close > sma50', '--json'])).data as { matched: number };
    const words = ['scan', 'close > sma50', '--columns', 'last,iv30', '--json', '--limit'];
    for (const limit of ['1', '3']) {
      const { data, meta } = documentOf(await home.run([...words, limit, '--refresh']));
      expect(data).toMatchObject({ matched: all.matched, rows: { length: Number(limit) } });
      expect((data as { rows: { iv30?: number }[] }).rows.every(({ iv30 = 0 }) => iv30 > 0)).toBe(true);
      // Chains around 30 days and the dates of each; the newest session and the splits.
      expect(meta['providerCalls']).toBeLessThanOrEqual(4 * Number(limit) + 2);
    }
    const some = await home.run(['scan', 'close > sma50 and iv30 > 0', '--columns', 'last', '--limit', '2']);
    expect(some.stdout).toContain(`only the first 50 of the ${all.matched} remaining symbols were checked`);
    expect(some.stdout).toContain('50 of 400 symbols');
  });

  it('names what is wrong before anything is asked, and how many sessions are held', async () => {
    const { server, env } = await startPolygon(5, 40);
    await using _server = server;
    await using home = await createHome({ ...env, FIN_POLYGON_RPM: '5' });
    expect((await home.run(['scan', 'rsi14 <'])).exitCode).toBe(2);
    expect((await home.run(['scan'])).exitCode).toBe(2);
    expect((await home.run(['scan', '--preset', 'best'])).exitCode).toBe(2);
    const few = await home.run(['scan', 'close > sma200']);
    expect(few.exitCode).toBe(4);
    expect(few.stderr).toContain('200 sessions of the whole market, and 0 are saved');
    expect(few.stderr).toContain('fin cache warm --market 200');
    expect(server.requests).toEqual([]);
  });
});

describe('daily bars of a symbol whose series is not held', () => {
  it('come out of the kept whole market, which is said and asks the provider for nothing', async () => {
    const { market, server, env } = await startPolygon(4, 262);
    await using _server = server;
    await using home = await createHome(env);
    keepMarket(market, home.dataDir, server.baseUrl);
    const history = await home.run(['history', 'QAAAB', '--range', 'past month']);
    expect(history.exitCode).toBe(0);
    expect(history.stdout).toContain('daily bars from the saved whole market: ');
    const { data, meta } = documentOf(await home.run(['history', 'QAAAB', '--range', 'past year', '--json']));
    const { bars, summary } = data as { bars: { date: string; close: number }[]; summary: { basis: string } };
    const dates = market.dates.slice(-bars.length);
    expect(dates[0]).toBe('2025-11-19');
    expect(bars.map(({ date }) => date)).toEqual(dates);
    for (const { date, close } of bars) expect(close).toBeCloseTo(market.adjusted('QAAAB', date)?.close ?? NaN, 2);
    expect(summary.basis).toBe('previous_close');
    expect(meta).toMatchObject({ provider: 'polygon', freshness: 'cached', source: 'market.sqlite', providerCalls: 0 });
    expect(server.requests).toEqual([]);
  });

  it('are no indicators, which need all that a provider has, but where none can be asked, stale', async () => {
    const { market, server, env } = await startPolygon(4, 262);
    await using _server = server;
    await using home = await createHome(env);
    keepMarket(market, home.dataDir, server.baseUrl);
    const offline = documentOf(await home.run(['ta', 'QAAAA', '--offline', '--json']));
    const closes = market.dates.slice(-200).map((date) => market.adjusted('QAAAA', date)?.close ?? NaN);
    const [first] = offline.data as { sma: Record<string, number> }[];
    expect(first?.sma['200']).toBeCloseTo(closes.reduce((sum, close) => sum + close, 0) / 200, 3);
    expect(offline.meta).toMatchObject({ freshness: 'stale', source: 'market.sqlite' });
    expect((await home.run(['levels', 'QAAAD', '--offline'])).stdout).toContain('262 sessions since');
    expect(server.requests).toEqual([]);
    await home.run(['table', 'QAAAB', '--columns', 'ema200,obv']);
    expect(server.requests.map(({ path }) => path)).toContainEqual(expect.stringContaining('/QAAAB/range/1/day/'));
  });

  it('are asked for where the kept sessions do not reach, where they are old, and with --refresh', async () => {
    const { market, server, env } = await startPolygon(4, 40);
    await using _server = server;
    await using home = await createHome(env);
    keepMarket(market, home.dataDir, server.baseUrl);
    const asked = async (args: string[], now = NOW): Promise<number> => {
      server.requests.splice(0);
      await home.run(args, { env: { FIN_NOW: now } });
      return server.requests.filter(({ path }) => path.includes('/range/')).length;
    };
    expect(await asked(['history', 'QAAAB', '--range', 'past week'])).toBe(0);
    expect(await asked(['ta', 'QAAAB'])).toBe(1);
    expect(await asked(['history', 'QAAAB', '--range', 'past 3 months'])).toBe(1);
    expect(await asked(['history', 'QAAAB', '--range', 'past week', '--refresh'])).toBe(1);
    expect(await asked(['history', 'QQQQQ', '--range', 'past week'])).toBe(1);
    const later = '2026-11-20T08:00:00-05:00';
    expect(await asked(['history', 'QAAAB', '--range', '2026-11-02 to 2026-11-13'], later)).toBe(0);
    expect(await asked(['history', 'QAAAB', '--range', 'past week'], later)).toBe(1);
    // What the provider cannot bring, the kept sessions do, as old as they are.
    server.requests.splice(0);
    const stale = await home.run(['history', 'QAAAB', '--range', 'past week', '--offline'], {
      env: { FIN_NOW: later },
    });
    expect(stale.exitCode).toBe(0);
    expect(stale.stdout).toContain('stale, ');
    expect(server.requests).toEqual([]);
  });
});
