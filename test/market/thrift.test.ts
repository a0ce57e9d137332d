import { describe, expect, it } from 'vitest';
import type { TickerSymbol } from '../../src/domain/types.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { answerIndicators } from '../../src/tools/indicators.ts';
import { createTempFolder } from '../cache/helpers.ts';
import {
  IN_SESSION,
  WEEKEND,
  createRequest,
  createTestClock,
  openProcess,
  startCountingExchange,
  valueOf,
} from './world.ts';

const FIFTY: TickerSymbol[] =
  'AAPL MSFT NVDA AMZN GOOGL META TSLA AVGO JPM V MA UNH XOM JNJ WMT PG HD COST ORCL CVX MRK ABBV KO PEP BAC CRM NFLX AMD ADBE INTC QCOM CSCO T VZ DIS NKE BA CAT GE IBM GS MS C WFC PFE LLY MCD SPY QQQ IWM'.split(
    ' ',
  );

async function start(nowMs: number) {
  const clock = createTestClock(nowMs);
  const server = await startCountingExchange(clock);
  const folder = createTempFolder();
  return { clock, server, folder, open: () => openProcess({ folder, clock, tradier: server }) };
}

describe('quotes', () => {
  it('of a basket are asked for in one request, and only those that are not held', async () => {
    const { server, open } = await start(IN_SESSION);
    const { market } = open();
    await market.quotes(['AAPL', 'MSFT', 'NVDA'], createRequest());
    await market.quotes(['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA'], createRequest());
    expect(server.requests.map(({ query }) => query.get('symbols'))).toEqual(['AAPL,MSFT,NVDA', 'AMD,TSLA']);
  });

  it('that nobody has are remembered as what each provider said', async () => {
    const { clock, server, folder } = await start(IN_SESSION);
    const { market } = openProcess({ folder, clock, tradier: server, polygon: server });
    const both = 'ZZZZ: no such symbol at Tradier; no such symbol at Polygon';
    const say = async (changes = {}): Promise<unknown> =>
      (await market.quotes(['ZZZZ'], createRequest(changes))).get('ZZZZ');
    expect(await say()).toMatchObject({ ok: false, error: { message: both } });
    server.forget();
    expect(await say()).toMatchObject({ ok: false, error: { message: both } });
    expect(await say({ provider: 'polygon' })).toMatchObject({
      ok: false,
      error: { code: 'no_data', message: 'ZZZZ: no such symbol at Polygon' },
    });
    expect(server.requests).toEqual([]);
  });

  it('that other processes are just asking for are waited for, not asked again', async () => {
    const { server, open } = await start(IN_SESSION);
    server.latencyMs = 150;
    const [first, second] = [open(), open()];
    const baskets = await Promise.all([
      first.market.quotes(['AAPL', 'MSFT'], createRequest()),
      second.market.quotes(['MSFT', 'AMD'], createRequest()),
    ]);
    const asked = server.requests.flatMap(({ query }) => (query.get('symbols') ?? '').split(','));
    expect(asked.toSorted()).toEqual(['AAPL', 'AMD', 'MSFT']);
    expect(valueOf(baskets[0].get('MSFT'))).toEqual(valueOf(baskets[1].get('MSFT')));
  });

  it('of a symbol that nobody knows are not asked for again for a minute', async () => {
    const { clock, server, open } = await start(IN_SESSION);
    const { market } = open();
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await market.quotes(['ZZZZ'], createRequest())).get('ZZZZ')).toMatchObject({
        ok: false,
        error: { code: 'no_data' },
      });
      clock.advance(15_000);
    }
    expect(server.calls()).toBe(1);
    clock.advance(60_000);
    await market.quotes(['ZZZZ'], createRequest());
    expect(server.calls()).toBe(2);
  });
});

describe('a daily series', () => {
  it('answers any range inside it, weeks, months and indicators without another request', async () => {
    const { clock, server, open } = await start(WEEKEND);
    const { market } = open();
    const context = { market, clock, request: createRequest() };
    await answerHistory({ symbol: 'NVDA', range: { phrase: 'past 3 months' }, interval: 'day' }, context);
    expect(server.calls()).toBe(1);
    for (const interval of ['day', 'week', 'month'] as const)
      expect(
        (await answerHistory({ symbol: 'NVDA', range: { phrase: 'past 30 days' }, interval }, context)).meta.freshness,
      ).toBe('cached');
    await answerIndicators(['NVDA'], context);
    expect(server.calls()).toBe(1);
  });

  it('is asked only for the missing front where a range sticks out, and then covers it', async () => {
    const { server, open } = await start(WEEKEND);
    const { market } = open();
    const held = valueOf(await market.dailySeries('NVDA', createRequest()));
    await market.dailySeries('NVDA', createRequest(), { from: '2019-01-02' });
    const query = server.requests[1]?.query ?? new URLSearchParams();
    expect(query.get('start')! < '2019-01-02').toBe(true);
    expect(query.get('end')! < '2021-12-31').toBe(true);
    const joined = valueOf(await market.dailySeries('NVDA', createRequest(), { from: '2019-01-02' }));
    expect(server.calls()).toBe(2);
    expect(joined.bars.slice(-held.bars.length)).toEqual(held.bars);
    expect(joined.bars[0]!.date < '2019-01-03').toBe(true);
  });

  it('is asked only for its end on the next day, and as a whole where a split shows on the overlap', async () => {
    const { clock, server, open } = await start(Date.parse('2026-11-18T20:30:00-05:00'));
    const { market } = open();
    await market.dailySeries('NVDA', createRequest());
    clock.set(Date.parse('2026-11-19T20:20:00-05:00'));
    const grown = valueOf(await market.dailySeries('NVDA', createRequest()));
    expect(grown.bars.at(-1)?.date).toBe('2026-11-19');
    const end = server.requests[1]?.query.get('start') ?? '';
    expect(end > '2026-11-01').toBe(true);
    clock.set(Date.parse('2026-11-20T20:10:00-05:00'));
    // The day that the split takes effect all earlier prices are half of what they were.
    server.interfere = (request) => {
      if (!request.path.includes('history')) return undefined;
      const days = grown.bars
        .filter(({ date }) => date >= request.query.get('start')!)
        .map((bar) => ({
          ...bar,
          open: bar.open / 2,
          high: bar.high / 2,
          low: bar.low / 2,
          close: bar.close / 2,
          volume: bar.volume * 2,
        }));
      return { body: { history: { day: [...days, { ...days.at(-1), date: '2026-11-20' }] } } };
    };
    const split = valueOf(await market.dailySeries('NVDA', createRequest()));
    expect(server.calls('history')).toBe(4);
    expect(split.bars.at(-2)?.close).toBeCloseTo(grown.bars.at(-1)!.close / 2);
    const first = split.bars[0]!;
    expect(first.close).toBeCloseTo(grown.bars.find(({ date }) => date === first.date)!.close / 2);
  });

  it('that a plan begins late is asked for once, not at every question that wants more', async () => {
    const clock = createTestClock(WEEKEND);
    const server = await startCountingExchange(clock);
    server.interfere = (request) => {
      const from = /\/range\/1\/day\/(\d{4}-\d{2}-\d{2})\//.exec(request.path)?.[1];
      if (from === undefined || from > '2024-11-21') return undefined;
      return {
        status: 403,
        body: {
          status: 'NOT_AUTHORIZED',
          message:
            "Your plan doesn't include this data timeframe. Please upgrade your plan at https://massive.com/pricing",
        },
      };
    };
    const { market } = openProcess({ folder: createTempFolder(), clock, polygon: server });
    for (let turn = 0; turn < 3; turn += 1) {
      const series = valueOf(await market.dailySeries('NVDA', createRequest()));
      expect(series.bars.length).toBeGreaterThan(450);
    }
    expect(server.calls('/range/')).toBe(2);
    for (const [phrase, said] of [
      ['past 5 years', true],
      ['past 3 months', false],
    ] as const) {
      const { data, notes } = await answerHistory(
        { symbol: 'NVDA', range: { phrase }, interval: 'day' },
        { market, clock, request: createRequest() },
      );
      expect(data?.bars.length).toBeGreaterThan(50);
      expect(
        notes.some((note) => /^nothing before 2024-11-22: .*plan goes back no further$/.test(note)),
        notes.join(),
      ).toBe(said);
    }
    expect(server.calls('/range/')).toBe(2);
  });
});

describe('a dashboard of fifty symbols in session', () => {
  it('costs 51 requests cold and one within the hour, its running bars coming from the quotes', async () => {
    const { clock, server, folder, open } = await start(IN_SESSION);
    const show = async (): Promise<void> => {
      // Each command is a process of its own, as from a shell.
      valueOf((await open().market.quotes(FIFTY, createRequest())).get('SPY'));
      const second = openProcess({ folder, clock, tradier: server });
      const context = { market: second.market, clock, request: createRequest() };
      const histories = await Promise.all(
        FIFTY.map((symbol) => answerHistory({ symbol, range: { phrase: 'past 3 months' }, interval: 'day' }, context)),
      );
      for (const { data } of histories) expect(data?.bars.at(-1)?.date).toBe('2026-11-19');
      clock.advance(15_000);
      const third = openProcess({ folder, clock, tradier: server });
      const indicators = await answerIndicators(FIFTY, { market: third.market, clock, request: createRequest() });
      expect(indicators.data?.length).toBe(50);
      expect(indicators.errors).toEqual([]);
    };
    await show();
    expect(server.calls()).toBe(51);
    server.forget();
    clock.advance(30 * 60_000);
    await show();
    expect(server.calls()).toBe(1);
  });

  it('without a quote command before asks for all running bars in one request', async () => {
    const { clock, server, open } = await start(IN_SESSION);
    await answerIndicators(FIFTY.slice(0, 20), { market: open().market, clock, request: createRequest() });
    server.forget();
    clock.advance(10 * 60_000);
    const context = { market: open().market, clock, request: createRequest() };
    await Promise.all(
      FIFTY.slice(0, 20).map((symbol) =>
        answerHistory({ symbol, range: { phrase: 'past month' }, interval: 'day' }, context),
      ),
    );
    expect(server.calls()).toBe(1);
  });
});

describe('what is shown stale', () => {
  it.each(['quotes', 'expirations', 'daily series'] as const)('of %s is looked up once, and no miss', async (what) => {
    const { clock, server, open } = await start(IN_SESSION);
    const { market, counters } = open();
    const ask = () =>
      what === 'quotes'
        ? market.quotes(['AAPL', 'MSFT'], createRequest())
        : what === 'expirations'
          ? market.expirations('AAPL', createRequest())
          : market.dailySeries('AAPL', createRequest(), { to: '2026-11-18' });
    await ask();
    await counters.clear();
    clock.advance(30 * 3_600_000);
    server.interfere = () => ({ status: 503, body: 'gone' });
    await ask();
    const things = what === 'quotes' ? 2 : 1;
    expect((await counters.readStats()).totals).toMatchObject({ hits: 0, staleHits: things, misses: 0, hitRate: 1 });
    await market.quotes(['AAPL'], createRequest({ offline: true }));
    expect((await counters.readStats()).totals).toMatchObject({ staleHits: what === 'quotes' ? 3 : 1, misses: 0 });
  });
});

describe('a remembered absence', () => {
  it('of a clock that was ahead is forgotten by whoever reads it, also for when that time comes', async () => {
    const { clock, server, open } = await start(IN_SESSION + 8 * 3_600_000);
    const absent = await open().market.expirations('ZZZZ', createRequest());
    expect(!absent.ok && absent.error.code).toBe('no_data');
    clock.set(IN_SESSION);
    server.forget();
    await open().market.expirations('ZZZZ', createRequest({ provider: 'tradier', timeoutMs: 0 }));
    server.forget();
    clock.set(IN_SESSION + 8 * 3_600_000 + 1_000);
    await open().market.expirations('ZZZZ', createRequest());
    expect(server.calls()).toBe(1);
  });
});

describe('warming', () => {
  it('does not count for how long answers take: it waits for the limit, and nobody for it', async () => {
    const { server, open } = await start(IN_SESSION);
    const { market, counters } = open();
    const request = createRequest();
    await market.dailySeries('AAPL', { ...request, call: { ...request.call, priority: 'warm' } });
    expect([server.calls(), (await counters.readRecent()).uncachedAnswers]).toEqual([1, 0]);
    await market.expirations('AAPL', request);
    expect((await counters.readRecent()).uncachedAnswers).toBeCloseTo(1);
  });
});
