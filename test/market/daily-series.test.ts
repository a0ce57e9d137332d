import { describe, expect, it } from 'vitest';
import type { ScriptedReply } from '../helpers/scripted-server.ts';
import { answerChart } from '../../src/tools/chart.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { createTempFolder } from '../cache/helpers.ts';
import {
  type CountingExchange,
  IN_SESSION,
  createRequest,
  createTestClock,
  openProcess,
  startCountingExchange,
  valueOf,
} from './world.ts';

/** After the post session: what is fetched then is final. */
const EVENING_BEFORE = Date.parse('2026-11-18T20:30:00-05:00');

/** The bars that a Tradier request asks for, as the exchange tells them, with every price divided. */
function dividedBars(
  bars: readonly { date: string; open: number; high: number; low: number; close: number; volume: number }[],
  by: number,
): ScriptedReply {
  const day = bars.map((bar) => ({
    ...bar,
    open: bar.open / by,
    high: bar.high / by,
    low: bar.low / by,
    close: bar.close / by,
    volume: bar.volume * by,
  }));
  return { body: { history: { day } } };
}

function quoteReply(last: number, previousClose: number, atMs: number): ScriptedReply {
  return {
    body: {
      quotes: {
        quote: {
          symbol: 'AAPL',
          last,
          open: last,
          high: last,
          low: last,
          prevclose: previousClose,
          volume: 100,
          trade_date: atMs,
        },
      },
    },
  };
}

async function holdSeries(): Promise<{
  clock: ReturnType<typeof createTestClock>;
  server: CountingExchange;
  process: ReturnType<typeof openProcess>;
  close: number;
  bars: Parameters<typeof dividedBars>[0];
}> {
  const clock = createTestClock(EVENING_BEFORE);
  const server = await startCountingExchange(clock);
  const process = openProcess({ folder: createTempFolder(), clock, tradier: server });
  const { bars } = valueOf(await process.market.dailySeries('AAPL', createRequest()));
  clock.set(IN_SESSION);
  return { clock, server, process, bars, close: bars.at(-1)?.close ?? 0 };
}

describe('a daily series held from the evening before a split', () => {
  it('is fetched anew when the quote of the running session tells of it', async () => {
    const { clock, server, process, close, bars } = await holdSeries();
    server.interfere = ({ path }) => {
      if (path.includes('quotes')) return quoteReply(close / 10 + 1, close / 10, clock.now());
      const running = { date: '2026-11-19', open: close, high: close, low: close, close: close + 10, volume: 10 };
      return path.includes('history') ? dividedBars([...bars, running], 10) : undefined;
    };
    const [before, last] = valueOf(await process.market.dailySeries('AAPL', createRequest())).bars.slice(-2);
    expect(before?.close).toBeCloseTo(close / 10);
    expect(last).toMatchObject({ date: '2026-11-19' });
    expect(last?.close).toBeCloseTo(close / 10 + 1);
    clock.advance(90_000);
    await process.market.dailySeries('AAPL', createRequest());
    expect(server.calls('history')).toBe(2);
  });

  it('is shown without the running session, and says so, while the provider has not adjusted its bars', async () => {
    const { clock, server, process, close } = await holdSeries();
    server.interfere = ({ path }) =>
      path.includes('quotes') ? quoteReply(close / 10 + 1, close / 10, clock.now()) : undefined;
    // The exchange of the test sends its running bar with the series: an old one, so that the quote is asked for.
    const outcomes = [];
    for (let turn = 0; turn < 3; turn += 1) {
      outcomes.push(await process.market.dailySeries('AAPL', createRequest()));
      clock.advance(90_000);
    }
    const last = outcomes.at(-1);
    expect(valueOf(last)).toMatchObject({ running: false });
    expect(valueOf(last).bars.at(-1)?.close).toBe(close);
    expect(last?.ok === true && last.source.notes.join()).toContain('adjusted differently (a split)');
    expect(server.calls('history')).toBe(2);
  });
});

describe('a daily series of which one provider lacks the last session', () => {
  it('stays the other provider’s, without another request', async () => {
    const clock = createTestClock(Date.parse('2026-11-19T16:30:00-05:00'));
    const [tradier, polygon] = [await startCountingExchange(clock), await startCountingExchange(clock)];
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier, polygon });
    const day = ['2026-11-17', '2026-11-18'].map((date) => ({
      date,
      open: 270,
      high: 271,
      low: 269,
      close: 270,
      volume: 1_000,
    }));
    tradier.interfere = ({ path }) => (path.includes('history') ? { body: { history: { day } } } : undefined);
    for (let turn = 0; turn < 3; turn += 1) {
      const outcome = await market.dailySeries('AAPL', createRequest());
      expect(valueOf(outcome).bars.at(-1)?.date).toBe('2026-11-19');
      expect(outcome.ok && outcome.source.provider).toBe('polygon');
      clock.advance(300_000);
    }
    expect([tradier.calls(), polygon.calls()]).toEqual([1, 1]);
    expect(valueOf(await market.dailySeries('AAPL', createRequest({ offline: true }))).bars.at(-1)?.date).toBe(
      '2026-11-19',
    );
  });
});

describe('a daily series that begins with its listing', () => {
  it('costs one request where a range begins before it, and none after that', async () => {
    const clock = createTestClock(EVENING_BEFORE);
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
    server.interfere = ({ path, query }) => {
      if (!path.includes('history')) return undefined;
      const day = ['2026-11-16', '2026-11-17', '2026-11-18']
        .filter((date) => date <= (query.get('end') ?? ''))
        .map((date) => ({ date, open: 30, high: 31, low: 29, close: 30, volume: 10 }));
      return { body: { history: day.length === 0 ? null : { day } } };
    };
    await market.dailySeries('NEWCO', createRequest());
    for (let turn = 0; turn < 2; turn += 1)
      expect(valueOf(await market.dailySeries('NEWCO', createRequest(), { from: '2015-01-02' })).bars.length).toBe(3);
    expect(server.calls('history')).toBe(2);
  });
});

describe('the running session of a history', () => {
  it('that an old quote tells is stale, and says why nothing newer is there', async () => {
    const { clock, server, process } = await holdSeries();
    await process.market.quotes(['AAPL'], createRequest());
    clock.advance(300_000);
    server.interfere = () => ({ status: 503, body: 'gone' });
    const outcome = await process.market.dailySeries('AAPL', createRequest());
    expect(valueOf(outcome)).toMatchObject({ running: true });
    expect(outcome.ok && outcome.source).toMatchObject({ freshness: 'stale', failure: { code: 'unavailable' } });
    expect(outcome.ok && outcome.source.notes.join()).toContain('stale: Tradier quotes');
  });
});

describe('a series held from the evening before', () => {
  it.each(['SPX', 'AAPL'])('ends at Polygon as one that is fetched now does: %s', async (symbol) => {
    const clock = createTestClock(EVENING_BEFORE);
    const server = await startCountingExchange(clock);
    const open = () => openProcess({ folder: createTempFolder(), clock, polygon: server });
    const held = open();
    await held.market.dailySeries(symbol, createRequest());
    clock.set(IN_SESSION);
    const found = valueOf(await held.market.dailySeries(symbol, createRequest()));
    const expected = valueOf(await open().market.dailySeries(symbol, createRequest()));
    expect(found.bars.at(-1)).toEqual(expected.bars.at(-1));
    expect(found.running).toBe(true);
    // A sum over all bars must not depend on when the first of them was fetched.
    expect(found.bars[0]?.date).toBe(expected.bars[0]?.date);
  });

  it('takes the running session from the bars where the quote holds less of it, once a minute', async () => {
    const { clock, server, process, bars, close } = await holdSeries();
    await process.market.dailySeries('AAPL', createRequest({ refresh: true }));
    clock.advance(120_000);
    const running = { date: '2026-11-19', open: close, high: close + 1, low: close, close, volume: 10 };
    server.interfere = ({ path }) => {
      if (path.includes('quotes'))
        return { body: { quotes: { quote: { symbol: 'AAPL', last: close, trade_date: clock.now() } } } };
      return path.includes('history') ? dividedBars([...bars, running], 1) : undefined;
    };
    server.forget();
    const series = valueOf(await process.market.dailySeries('AAPL', createRequest()));
    expect(series.bars.at(-1)).toEqual(running);
    clock.advance(30_000);
    await process.market.dailySeries('AAPL', createRequest());
    expect(server.calls('history')).toBe(1);
  });
});

describe('the bars of a plan that is fifteen minutes behind', () => {
  it('are as of what they hold: today’s, those after the close, those of minutes', async () => {
    const clock = createTestClock(IN_SESSION);
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, polygon: server });
    const row = { o: 100, h: 101, l: 99, c: 100, v: 10 };
    server.interfere = ({ path }) => {
      if (!path.includes('/range/')) return undefined;
      const times = path.includes('/minute/') ? ['09:30', '10:40'] : ['00:00'];
      const results = times.map((time) => ({ ...row, t: Date.parse(`2026-11-19T${time}:00-05:00`) }));
      const before = { ...row, t: Date.parse('2026-11-18T00:00:00-05:00') };
      const all = path.includes('/minute/') ? results : [before, ...results];
      return { body: { ticker: 'AAPL', status: 'DELAYED', adjusted: true, resultsCount: all.length, results: all } };
    };
    const asOf = async (): Promise<string> => {
      const outcome = await market.dailySeries('AAPL', createRequest());
      return outcome.ok ? new Date(outcome.source.asOf).toISOString() : outcome.error.message;
    };
    expect(await asOf()).toBe('2026-11-19T15:45:00.000Z');
    clock.advance(20_000);
    expect(await asOf()).toBe('2026-11-19T15:45:00.000Z');
    const day = '2026-11-19';
    const minutes = await market.intraday(
      'AAPL',
      { step: '5min', hours: 'regular', from: day, to: day },
      createRequest(),
    );
    expect(minutes.ok && minutes.source.asOf).toBe(IN_SESSION + 20_000 - 900_000);
    clock.set(Date.parse('2026-11-19T16:05:00-05:00'));
    expect(await asOf()).toBe('2026-11-19T20:50:00.000Z');
    clock.set(Date.parse('2026-11-19T16:20:00-05:00'));
    expect(await asOf()).toBe('2026-11-19T21:00:00.000Z');
  });
});

describe('the bars of a range', () => {
  it('come with the one before them, however long ago it was, and with where the held series begins', async () => {
    const clock = createTestClock(EVENING_BEFORE);
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
    const dates = ['2026-01-05', '2026-01-06', '2026-11-16', '2026-11-17', '2026-11-18'];
    server.interfere = ({ path }) =>
      path.includes('history')
        ? {
            body: {
              history: { day: dates.map((date) => ({ date, open: 30, high: 31, low: 29, close: 30, volume: 10 })) },
            },
          }
        : undefined;
    const series = valueOf(await market.dailySeries('HALTED', createRequest(), { from: '2026-11-16' }));
    expect(series.bars.map(({ date }) => date)).toEqual(dates.slice(1));
    expect(series.firstDate).toBe('2026-01-05');
    expect(valueOf(await market.dailySeries('HALTED', createRequest())).bars.map(({ date }) => date)).toEqual(dates);
    const none = await answerHistory(
      { symbol: 'HALTED', range: { from: '2026-03-02', to: '2026-03-06' }, interval: 'day' },
      { market, clock, request: createRequest() },
    );
    expect(none.errors[0]).toMatchObject({
      code: 'no_data',
      hint: 'bars run from 2026-01-05 to 2026-11-18',
    });
    expect(server.calls('history')).toBe(1);
  });
});

describe('the bars of a contract', () => {
  const CALL = 'NVDA261218C00450000';

  it.each(['tradier', 'polygon'] as const)('of %s are those of finished sessions, held once fetched', async (name) => {
    const clock = createTestClock(IN_SESSION);
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, [name]: server });
    const asked = {
      symbol: CALL,
      range: { phrase: 'past month' },
      interval: 'day' as const,
      style: 'candles' as const,
      overlays: [],
    };
    const answer = await answerChart(asked, { market, clock, request: createRequest() });
    expect(answer.errors).toEqual([]);
    expect(answer.data?.bars.length).toBeGreaterThan(15);
    expect(answer.data?.to).toBe('2026-11-18');
    expect(answer.notes).toContain(`${CALL}: 2026-11-19 is left out: it is still trading`);
    for (const { open, high, low, close, volume } of answer.data?.bars ?? []) {
      expect(Math.min(open, close, high) >= low && Math.max(open, close) <= high && low > 0 && volume > 0).toBe(true);
    }
    const asks = server.calls();
    await answerChart(asked, { market, clock, request: createRequest() });
    expect([asks, server.calls()]).toEqual([1, 1]);
  });

  it('that nobody traded on the last session are not asked for again, and of one that never traded none are made up', async () => {
    const clock = createTestClock(IN_SESSION);
    const server = await startCountingExchange(clock);
    const bar = { open: 2, high: 2, low: 2, close: 2, volume: 1 };
    server.interfere = ({ url }) =>
      url.includes(CALL)
        ? {
            body: {
              history: {
                day: [
                  { date: '2026-10-01', ...bar },
                  { date: '2026-11-12', ...bar },
                ],
              },
            },
          }
        : undefined;
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
    const { bars } = valueOf(await market.dailySeries(CALL, createRequest()));
    expect(bars.map(({ date }) => date)).toEqual(['2026-10-01', '2026-11-12']);
    await market.dailySeries(CALL, createRequest());
    expect(server.calls()).toBe(1);
    const none = await market.dailySeries('NVDA261218C00451230', createRequest());
    expect(none).toMatchObject({
      ok: false,
      error: { code: 'no_data', hint: expect.stringContaining('never traded') },
    });
  });
});
