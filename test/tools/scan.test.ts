// Scans of a kept whole market, on the real stack: a server that speaks Polygon's wire, the real client, real files.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createWholeMarket } from '../../src/book/whole-market.ts';
import type { Bar, IsoDate } from '../../src/domain/types.ts';
import { adxSeries } from '../../src/domain/bar-indicators.ts';
import { bindCondition } from '../../src/fields/bind.ts';
import { createRow } from '../../src/fields/parts.ts';
import { SCANS, SCAN_NAMES } from '../../src/fields/presets.ts';
import { findField } from '../../src/fields/registry.ts';
import { quoteOfBars } from '../../src/market/session-quotes.ts';
import { identityOf } from '../../src/providers/identity.ts';
import { createPolygon } from '../../src/providers/polygon.ts';
import { toQuoteData } from '../../src/tools/quote.ts';
import { runTool } from '../../src/tools/registry.ts';
import { type ScanWords, answerScan, parseScanWords } from '../../src/tools/scan.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { createGotTransport } from '../../src/http/got-transport.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { type ScriptedReply, startScriptedServer } from '../helpers/scripted-server.ts';
import {
  type TestMarket,
  type TestSplit,
  answerAsPolygon,
  createTestMarket,
  keepMarket,
} from '../helpers/whole-market.ts';
import { createRequest, createTestClock, openProcess } from '../market/world.ts';

type Row = Record<string, unknown>;

const NEWEST = '2026-11-18';
const MORNING = Date.parse('2026-11-19T08:00:00-05:00');
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(market: TestMarket, { limit = 1_000, now = MORNING } = {}) {
  const clock = createTestClock(now);
  const changed: { fault?: (path: string) => ScriptedReply | undefined } = {};
  const server = await startScriptedServer(
    (request) => changed.fault?.(request.path) ?? answerAsPolygon(market, request, clock.now()) ?? { status: 404 },
  );
  cleanups.push(() => server.close());
  const folder = createTempFolder();
  const process = () => {
    const { market: plain, state, counters } = openProcess({ folder, clock });
    const http = createHttpClient({
      transport: createGotTransport(),
      state,
      machineNow: () => clock.machineNow(),
      random: () => 0,
    });
    cleanups.push(() => http.close());
    const provider = createPolygon({
      http,
      clock,
      baseUrl: server.baseUrl,
      apiKey: 'k-polygon',
      limitPerMinute: limit,
    });
    const whole = createWholeMarket({
      slot: {
        name: 'polygon',
        identity: identityOf('polygon', server.baseUrl, 'production'),
        load: () => Promise.resolve(provider),
      },
      limitPerMinute: limit,
      place: { dataDir: join(folder, 'data') },
      clock,
      counters,
      leases: state,
    });
    cleanups.push(async () => {
      await Promise.resolve();
      whole.leave();
    });
    return { whole, market: { ...plain, wholeMarket: () => Promise.resolve(whole) } };
  };
  const { whole, market: data } = process();
  const context = (signal?: AbortSignal) => ({
    market: data,
    clock,
    request: createRequest(signal === undefined ? {} : { signal }),
  });
  return {
    server,
    clock,
    whole,
    process,
    changed,
    context,
    dataDir: join(folder, 'data'),
    file: join(folder, 'data', 'market.sqlite'),
    fill: (count: number) => whole.fill(count, createRequest()),
    scan: (words: ScanWords) => answerScan(parseScanWords(words), context()),
    grouped: () => server.requests.filter(({ path }) => path.includes('/grouped/')).length,
    splits: () => server.requests.filter(({ path }) => path.includes('/splits')).length,
  };
}

const symbolsOf = (answer: { data?: { rows: { symbol: string }[] } }): string[] =>
  (answer.data?.rows ?? []).map(({ symbol }) => symbol);

function barsOf(market: TestMarket, symbol: string): Bar[] {
  return market.dates.flatMap((date) => market.adjusted(symbol, date) ?? []);
}

/** With some symbols away on some sessions. */
function without(market: TestMarket, away: (symbol: string, date: IsoDate) => boolean): TestMarket {
  return {
    ...market,
    adjusted: (symbol, date) => (away(symbol, date) ? undefined : market.adjusted(symbol, date)),
  };
}

describe('a scan', () => {
  it('finds by every preset what its definition is true of, in its order', async () => {
    const market = createTestMarket(60, 262, NEWEST);
    const world = await open(market);
    await world.fill(262);
    for (const name of SCAN_NAMES) {
      const { where, sort } = SCANS[name];
      const condition = bindCondition(where);
      const expected = market.symbols.filter((symbol) => {
        const bars = barsOf(market, symbol);
        const quote = quoteOfBars(symbol, bars);
        if (quote === undefined) return false;
        return (
          condition.evaluate(createRow({ symbol, now: MORNING, bars, quote: toQuoteData(quote, MORNING) })) === true
        );
      });
      const answer = await world.scan({ preset: name, limit: 1_000 });
      expect(symbolsOf(answer).toSorted(), name).toEqual(expected.toSorted());
      expect(answer.data).toMatchObject({ universe: 60, matched: expected.length });
      const by = sort.replace('-', '');
      const values = (answer.data?.rows ?? []).map((row) => Number(row[by]));
      expect(values, name).toEqual(values.toSorted((a, b) => (sort.startsWith('-') ? b - a : a - b)));
    }
  });

  it('equals a computation by hand', async () => {
    const market = createTestMarket(80, 40, NEWEST);
    const world = await open(market);
    await world.fill(40);
    const expected = market.symbols.filter((symbol) => {
      const bars = barsOf(market, symbol);
      const last = bars.at(-1);
      const mean = bars.slice(-20).reduce((sum, { close }) => sum + close, 0) / 20;
      const top = Math.max(...bars.slice(-30).map(({ high }) => high));
      return last !== undefined && last.close > mean && last.close * last.volume > 1e6 && last.close > 0.9 * top;
    });
    const found = await world.scan({
      conditions: 'close > sma20 and dollarVolume > 1000000 and close > 0.9 * highest(high, 30)',
    });
    expect(symbolsOf(found).toSorted()).toEqual(expected);
    expect(expected.length).toBeGreaterThan(3);
  });

  it('sees no gain in splits of any ratio, whichever side of them a session was kept on', async () => {
    const dates = createTestMarket(1, 40, NEWEST).dates;
    const [a = '', b = '', c = ''] = [dates[10], dates[20], dates[33]];
    const splits: TestSplit[] = [
      { symbol: 'QAAAA', date: a, from: 1, to: 2 },
      { symbol: 'QAAAB', date: b, from: 2, to: 3 },
      { symbol: 'QAAAC', date: c, from: 10, to: 1 },
      { symbol: 'QAAAD', date: c, from: 1, to: 20 },
      { symbol: 'QAAAE', date: NEWEST, from: 1, to: 4 },
    ];
    const market = createTestMarket(12, 40, NEWEST, splits);
    const world = await open(market, { now: Date.parse(`${dates[5] ?? ''}T21:00:00-05:00`) });
    for (const date of dates.slice(5)) {
      world.clock.set(Date.parse(`${date}T21:00:00-05:00`));
      await world.fill(40);
    }
    world.clock.set(MORNING);
    const answer = await world.scan({
      conditions: 'volume > 0',
      columns:
        'changePercent, pct(close, lowest(close, 35)) as fromLow, pct(close, highest(close, 35)) as fromHigh, ago(volume, 35) as early',
    });
    for (const row of answer.data?.rows ?? []) {
      const bars = barsOf(market, row.symbol);
      const closes = bars.slice(-35).map(({ close }) => close);
      const last = closes.at(-1) ?? NaN;
      expect(row['fromLow']).toBeCloseTo((last / Math.min(...closes) - 1) * 100, 2);
      expect(row['fromHigh']).toBeCloseTo((last / Math.max(...closes) - 1) * 100, 2);
      expect(row['changePercent']).toBeCloseTo((last / (closes.at(-2) ?? NaN) - 1) * 100, 2);
      expect(row['early']).toBeCloseTo(bars.at(-36)?.volume ?? NaN, 0);
    }
    expect(answer.notes.join()).toContain('QAAAE 4:1 on 2026-11-18');
    expect(answer.notes.join()).toContain('QAAAC 1:10 on');
  });

  it('adjusts for the split of a morning, before that day has a bar', async () => {
    const split: TestSplit = { symbol: 'QAAAB', date: '2026-11-19', from: 1, to: 4 };
    const market = createTestMarket(4, 12, NEWEST, [split]);
    const world = await open(market, { now: Date.parse(`${NEWEST}T21:00:00-05:00`) });
    await world.fill(12);
    const close = market.adjusted('QAAAB', NEWEST)?.close ?? NaN;
    for (const [time, expected] of [
      ['03:00', close * 4],
      ['08:00', close],
    ] as const) {
      world.clock.set(Date.parse(`2026-11-19T${time}:00-05:00`));
      const answer = await world.scan({ conditions: 'close > 0', columns: 'close' });
      expect(answer.data?.rows.find(({ symbol }) => symbol === 'QAAAB')?.['close']).toBeCloseTo(expected, 2);
    }
  });

  it('adjusts for a split that the provider had not', async () => {
    const dates = createTestMarket(1, 12, NEWEST).dates;
    const split = { symbol: 'QAAAB', date: dates[8] ?? '', from: 1, to: 3 };
    const whole = createTestMarket(4, 12, NEWEST, [split]);
    const raw: TestMarket = {
      ...whole,
      adjusted: (symbol, date) => {
        const bar = whole.adjusted(symbol, date);
        if (bar === undefined || symbol !== split.symbol || date >= split.date) return bar;
        const { open, high, low, close, volume } = bar;
        return { date, open: open * 3, high: high * 3, low: low * 3, close: close * 3, volume: volume / 3 };
      },
    };
    const world = await open(raw);
    const answer = await world.scan({ conditions: 'ago(close, 8) > 0', columns: 'ago(close, 8) as early' });
    expect(answer.data?.rows.find(({ symbol }) => symbol === 'QAAAB')?.['early']).toBeCloseTo(
      whole.adjusted('QAAAB', dates[3] ?? '')?.close ?? NaN,
      3,
    );
  });

  it('compares no ticker with another company that had it before', async () => {
    const plain = createTestMarket(10, 60, NEWEST);
    const reused = new Set(['QAAAA', 'QAAAD', 'QAAAG']);
    const market: TestMarket = {
      ...without(
        plain,
        (symbol, date) => reused.has(symbol) && date >= (plain.dates[30] ?? '') && date < (plain.dates[42] ?? ''),
      ),
    };
    const cheap: TestMarket = {
      ...market,
      adjusted: (symbol, date) => {
        const bar = market.adjusted(symbol, date);
        return bar === undefined || !reused.has(symbol) || date > (plain.dates[30] ?? '')
          ? bar
          : { ...bar, open: 0.1, high: 0.1, low: 0.1, close: 0.1 };
      },
    };
    const world = await open(cheap);
    await world.fill(60);
    const answer = await world.scan({
      conditions: 'volume > 0',
      columns: 'ago(close, 40) as early, ago(close, 10) as late',
    });
    const early = new Map((answer.data?.rows ?? []).map((row) => [row.symbol, row['early']]));
    for (const symbol of reused) expect(early.get(symbol), symbol).toBeUndefined();
    expect(early.get('QAAAB')).toBeGreaterThan(0);
    expect(answer.data?.rows.every((row) => Number(row['late']) > 0.5)).toBe(true);
  });

  it('leaves out who did not trade in the newest session', async () => {
    const market = without(createTestMarket(5, 5, NEWEST), (symbol, date) => symbol === 'QAAAC' && date === NEWEST);
    const world = await open(market);
    const answer = await world.scan({ conditions: 'volume > 0' });
    expect(symbolsOf(answer).toSorted()).toEqual(['QAAAA', 'QAAAB', 'QAAAD', 'QAAAE']);
    const named = await world.scan({ conditions: 'volume > 0', universe: 'QAAAA,QAAAC' });
    expect(symbolsOf(named)).toEqual(['QAAAA']);
    expect(named.errors).toMatchObject([{ symbol: 'QAAAC', code: 'no_data' }]);
  });

  it('refuses what needs more sessions than are held, names them and asks nothing', async () => {
    const world = await open(createTestMarket(5, 220, NEWEST), { limit: 5 });
    await world.whole.fill(3, createRequest());
    const before = world.server.requests.length;
    await expect(world.scan({ conditions: 'close > sma200' })).rejects.toThrow(/200 sessions .* and 3 are saved/);
    await expect(world.scan({ conditions: 'close > ago(close, 100)' })).rejects.toThrow(/101 sessions/);
    await expect(world.scan({ preset: 'new-high' })).rejects.toThrow(/3 are saved/);
    expect(world.server.requests.length).toBe(before);
  });

  const RECURSIVE = {
    ema20: 66,
    ema200: 660,
    rsi14: 77,
    atr14: 77,
    atrPercent14: 77,
    adx14: 152,
    macd: 85,
    macdSignal: 113,
  };

  it.each(Object.entries(RECURSIVE))(
    'refuses %s until it hardly matters where the bars begin, and then has it as a table does',
    async (name, needed) => {
      const market = createTestMarket(6, 900, NEWEST);
      const world = await open(market);
      const keep = (count: number): void => {
        keepMarket({ ...market, dates: market.dates.slice(-count) }, world.dataDir, world.server.baseUrl);
      };
      const scan = (words: ScanWords) =>
        answerScan(parseScanWords(words), { ...world.context(), request: createRequest({ offline: true }) });
      keep(needed - 1);
      await expect(scan({ conditions: `${name} > 0` })).rejects.toThrow(
        new RegExp(`needs ${needed} sessions .* ${needed - 1} are saved`),
      );
      const lacking = await scan({ conditions: 'volume > 0', columns: `last, ${name}` });
      expect(lacking.data?.rows.filter((row) => row[name] !== undefined)).toEqual([]);
      expect(lacking.notes.join()).toContain(`needs ${needed} sessions (${needed - 1} saved): fin cache warm --market`);

      keep(needed);
      const { data } = await scan({ conditions: `${name} > -1000000`, columns: name });
      expect(data?.rows).toHaveLength(6);
      for (const row of data?.rows ?? []) {
        const { entry, window = 0 } = findField(name) ?? {};
        const all = entry?.series?.(barsOf(market, row.symbol), window) ?? [];
        const off = Math.abs(Number(row[name]) - (all.at(-1) ?? NaN));
        expect(off, row.symbol).toBeLessThan(0.01 * (Math.max(...all) - Math.min(...all)));
      }
    },
  );

  it('has a share that is younger than what is held as a table has it, in functions too', async () => {
    const plain = createTestMarket(6, 120, NEWEST);
    const young = plain.dates.at(-40) ?? '';
    const market = without(plain, (symbol, date) => symbol === 'QAAAB' && date < young);
    const world = await open(market);
    await world.fill(100);
    const { data } = await world.scan({
      conditions: 'volume > 0',
      columns: 'adx14, ema20, avg(rsi14, 20) as calm, ema100',
    });
    const of = (symbol: string) => data?.rows.find((row) => row.symbol === symbol);
    const adx = adxSeries(barsOf(market, 'QAAAB')).at(-1);
    expect(of('QAAAB')?.['adx14']).toBeCloseTo(adx ?? NaN, 2);
    expect(of('QAAAB')?.['calm']).toBeDefined();
    expect(of('QAAAA')).toMatchObject({ calm: expect.any(Number) as number });
    expect(of('QAAAA')?.['adx14']).toBeUndefined();
    expect(of('QAAAA')?.['ema100']).toBeUndefined();
  });

  it('costs one request for the market a day and one for the splits', async () => {
    const world = await open(createTestMarket(8, 80, '2026-11-20'));
    await world.fill(78);
    await world.scan({ preset: 'gainers' });
    world.server.requests.splice(0);
    world.clock.set(Date.parse('2026-11-20T08:00:00-05:00'));
    for (const preset of ['gainers', 'losers', 'active', 'oversold']) await world.scan({ preset });
    expect([world.grouped(), world.splits()]).toEqual([1, 1]);
  });

  it('asks again for bars of right after the close once they are final', async () => {
    const world = await open(createTestMarket(4, 6, '2026-11-19'), { now: Date.parse('2026-11-19T16:30:00-05:00') });
    expect((await world.scan({ preset: 'gainers' })).meta.freshness).toBe('live');
    world.server.requests.splice(0);
    expect((await world.scan({ preset: 'gainers' })).meta.freshness).toBe('cached');
    expect(world.grouped()).toBe(0);
    world.clock.set(Date.parse('2026-11-19T20:30:00-05:00'));
    await world.scan({ preset: 'gainers' });
    expect(world.grouped()).toBe(1);
  });

  it('takes the session before where the plan has the newest one only tomorrow', async () => {
    const world = await open(createTestMarket(4, 6, '2026-11-19'), { now: Date.parse('2026-11-19T18:00:00-05:00') });
    world.changed.fault = (path) =>
      path.endsWith('2026-11-19')
        ? {
            status: 403,
            body: { status: 'NOT_AUTHORIZED', message: "Attempted to request today's data before end of day." },
          }
        : undefined;
    await world.fill(4);
    const answer = await world.scan({ preset: 'active' });
    expect(answer.meta.asOf).toBe('2026-11-18T16:00:00-05:00');
    const asked = world.grouped();
    await world.scan({ preset: 'gainers' });
    expect(world.grouped()).toBe(asked);
  });

  it('fetches a damaged session again', async () => {
    const world = await open(createTestMarket(6, 12, NEWEST));
    const before = await world.scan({ conditions: 'close > ago(close, 5)' });
    const handle = new DatabaseSync(world.file);
    handle.exec("UPDATE sessions SET close = zeroblob(length(close)) WHERE date = '2026-11-16'");
    handle.close();
    world.server.requests.splice(0);
    const after = await world.scan({ conditions: 'close > ago(close, 5)' });
    expect(symbolsOf(after)).toEqual(symbolsOf(before));
    expect(world.grouped()).toBe(1);
  });

  const cutOff = (world: Awaited<ReturnType<typeof open>>, market: TestMarket, change: (rows: Row[]) => unknown) => {
    world.changed.fault = (path) => {
      if (!path.endsWith(NEWEST)) return undefined;
      const reply = answerAsPolygon(market, { path, query: new URLSearchParams() }, world.clock.now());
      change((reply?.body as { results: Row[] }).results);
      return reply;
    };
  };

  it('keeps no session that is cut off, and finds the whole one at the next chance', async () => {
    const market = createTestMarket(15, 4, NEWEST);
    const world = await open(market);
    cutOff(world, market, (rows) => (rows.length = 4));
    await expect(world.scan({ conditions: 'changePercent > -100' })).rejects.toMatchObject({ code: 'bad_payload' });
    delete world.changed.fault;
    expect((await world.scan({ conditions: 'changePercent > -100' })).data?.universe).toBe(15);
  });

  it('asked to refresh, fetches the newest session again and takes it', async () => {
    const market = createTestMarket(3, 4, NEWEST);
    const world = await open(market);
    const again = async () =>
      answerScan(parseScanWords({ conditions: 'close > 0' }), {
        ...world.context(),
        request: createRequest({ refresh: true }),
      });
    await world.scan({ conditions: 'close > 0' });
    world.clock.advance(60_000);
    cutOff(world, market, (rows) => rows.forEach((row) => Object.assign(row, { o: 5, h: 6, l: 4, c: 5.5 })));
    const asked = world.grouped();
    const fresh = await again();
    expect(world.grouped()).toBe(asked + 1);
    expect(fresh.meta.freshness).toBe('live');
    expect(fresh.data?.rows.map(({ last }) => last)).toEqual([5.5, 5.5, 5.5]);
    cutOff(world, market, (rows) => (rows.length = 1));
    const held = await again();
    expect(held.data?.rows.map(({ last }) => last)).toEqual([5.5, 5.5, 5.5]);
    expect(held.meta.freshness).toBe('stale');
    expect(held.notes.join()).toContain('1 of 3 rows');
  });

  it('names a row that could not be read whenever it looks at its session, until it is fetched again', async () => {
    const market = createTestMarket(5, 6, NEWEST);
    const world = await open(market);
    const [symbol = ''] = market.symbols;
    cutOff(world, market, (rows) => Object.assign(rows[0] ?? {}, { c: 'x' }));
    const conditions = 'changePercent > -100';
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await world.scan({ conditions });
      expect(data?.rows).toHaveLength(4);
      expect(errors).toMatchObject([
        { symbol, code: 'bad_payload', message: expect.stringContaining(NEWEST) as string },
      ]);
    }
    expect((await world.scan({ conditions, universe: market.symbols.slice(1).join(',') })).errors).toEqual([]);
    expect(await world.whole.barsOf(symbol, { from: '2026-11-17', to: NEWEST }, createRequest())).toBeUndefined();
    delete world.changed.fault;
    const whole = await answerScan(parseScanWords({ conditions }), {
      ...world.context(),
      request: createRequest({ refresh: true }),
    });
    expect([whole.errors, whole.data?.rows.length]).toEqual([[], 5]);
  });

  it('asks for quotes only of those that pass the rest, at most fifty', async () => {
    const world = await open(createTestMarket(120, 4, NEWEST));
    const answer = await world.scan({ conditions: 'volume > 0 and bid > 0' });
    expect(answer.notes.join()).toContain('only the first 50 of the 120');
  });

  it('shows the most dollars traded first where no order is asked for, and says so', async () => {
    const world = await open(createTestMarket(30, 4, NEWEST));
    const answer = await world.scan({ conditions: 'volume > 0' });
    const values = (answer.data?.rows ?? []).map((row) => Number(row['dollarVolume']));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(answer.notes).toContain('largest dollar volume first');
    expect((await world.scan({ conditions: 'volume > 0', sort: 'last' })).notes.join()).not.toContain('dollar volume');
  });

  it('ended early has what was found until then', async () => {
    const world = await open(createTestMarket(300, 4, NEWEST));
    await world.fill(4);
    await world.scan({ preset: 'active' });
    const ended = new AbortController();
    const context = world.context(ended.signal);
    let looks = 0;
    const clock = { ...context.clock, machineNow: () => Date.now() + 20 * (looks += 1) };
    setImmediate(() => ended.abort(Object.assign(new Error('Ctrl-C'), { code: 'cancelled' })));
    const answer = await answerScan(parseScanWords({ conditions: 'volume > 0' }), { ...context, clock });
    expect(answer.data?.rows.length).toBeLessThan(300);
    expect(answer.errors).toHaveLength(1);
  });

  it('fetches the newest session again where it is told to, and tells how old it is where that fails', async () => {
    const world = await open(createTestMarket(6, 12, NEWEST));
    await world.fill(12);
    world.server.requests.splice(0);
    const refresh = () =>
      answerScan(parseScanWords({ conditions: 'close > ago(close, 5)' }), {
        ...world.context(),
        request: createRequest({ refresh: true }),
      });
    expect((await refresh()).meta.freshness).toBe('live');
    expect(world.server.requests.map(({ path }) => path).filter((path) => path.includes('grouped'))).toEqual([
      expect.stringContaining(NEWEST),
    ]);
    world.changed.fault = () => ({ status: 400, body: { status: 'ERROR', error: 'no' } });
    world.clock.advance(60_000);
    const failed = await refresh();
    expect(failed.meta.freshness).not.toBe('live');
    expect(failed.notes.join()).toContain('stale: ');
  });

  it('is a tool of the model, with twenty rows where it does not say how many', async () => {
    const world = await open(createTestMarket(40, 4, NEWEST));
    const answer = await runTool('scan_market', { conditions: 'volume > 0', preset: null }, world.context());
    expect(answer.data).toMatchObject({ matched: 40, rows: { length: 20 } });
    await expect(runTool('scan_market', { preset: 'best' }, world.context())).rejects.toThrow(/no such preset/);
    await expect(runTool('scan_market', {}, world.context())).rejects.toThrow(/no condition/);
  });
});

describe('two processes that fill the market', () => {
  it('fetch no session twice and both end with all of them', async () => {
    const world = await open(createTestMarket(5, 30, NEWEST));
    const other = world.process();
    const [mine, theirs] = await Promise.all([world.fill(30), other.whole.fill(30, createRequest())]);
    expect([mine.held, theirs.held]).toEqual([30, 30]);
    expect(world.grouped()).toBe(30);
  });
});
