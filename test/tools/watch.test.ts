// A table that is looked at again and again: what a look costs with its alerts, how long it waits, and that it leaves half
// of a limit to others whatever it shows.
import { describe, expect, it } from 'vitest';
import { addAlert } from '../../src/book/alerts.ts';
import { changeBook, readBook } from '../../src/book/book-file.ts';
import type { Clock } from '../../src/domain/types.ts';
import { slotsKeptFree } from '../../src/http/limit-share.ts';
import { hashKey } from '../../src/providers/identity.ts';
import type { ToolContext } from '../../src/tools/answer.ts';
import { parseTableWords } from '../../src/tools/table.ts';
import { type WatchLook, decideWaitMs, keepLooking, look } from '../../src/tools/watch.ts';
import { createDataFolder } from '../book/world.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

const SYMBOLS = ['NVDA', 'AMD', 'SPY', 'AAPL'];

/** Both clocks stand until somebody waits. */
function createStandingClock(startMs: number) {
  let passedMs = 0;
  const clock: Clock = { now: () => startMs + passedMs, machineNow: () => startMs + passedMs };
  return { clock, pass: (ms: number) => void (passedMs += ms) };
}

describe('the wait between two looks', () => {
  it.each([
    ['in session, at most every two seconds', '2026-11-19T11:00:00-05:00', { perMinute: 60 }, 2_000],
    ['in session, as fast as a small limit allows', '2026-11-19T11:00:00-05:00', { perMinute: 2 }, 30_000],
    [
      'where a stream keeps the quotes, half a second',
      '2026-11-19T17:00:00-05:00',
      { perMinute: 2, isStreamed: true },
      500,
    ],
    ['in session without a limit', '2026-11-19T11:00:00-05:00', {}, 2_000],
    ['as asked', '2026-11-19T11:00:00-05:00', { perMinute: 60, askedMs: 5_000 }, 5_000],
    ['before the open, a minute', '2026-11-19T08:00:00-05:00', { perMinute: 60 }, 60_000],
    ['before the open, not beyond it', '2026-11-19T09:29:50-05:00', { perMinute: 60 }, 10_000],
    ['after the close, a minute', '2026-11-19T17:00:00-05:00', { perMinute: 60 }, 60_000],
    ['after the close, as asked', '2026-11-19T17:00:00-05:00', { askedMs: 5_000 }, 5_000],
    ['a holiday, until it trades again', '2026-11-26T12:00:00-05:00', { askedMs: 5_000 }, 16 * 3_600_000],
  ])('%s', (_title, now, pace, ms) => {
    expect(decideWaitMs(Date.parse(now), pace)).toBe(ms);
  });
});

async function start(...conditions: string[]) {
  const clock = createTestClock(IN_SESSION);
  const exchange = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: exchange });
  const book = createDataFolder();
  for (const when of conditions) changeBook(book, (each) => addAlert(each, { when, once: false }));
  const context = (): ToolContext => ({ market, clock, request: createRequest({ refresh: true }), book });
  return { clock, exchange, book, context };
}

const firedIn = ({ fired }: WatchLook): number[] => fired.map(({ firing }) => firing.id);

describe('a look', () => {
  it('costs one request for all rows and a hundred alerts on other symbols too, and writes the book only for a change', async () => {
    const conditions = Array.from(
      { length: 100 },
      (_, index) => `${SYMBOLS[index % 4] ?? ''}.last > ${index % 2 ? 1e5 : 1}`,
    );
    const { exchange, context, book } = await start(...conditions);
    const asked = parseTableWords(['NVDA', 'QQQ'], { columns: 'last, changePercent', sort: '-last' });
    const first = await look(asked, context());
    expect(firedIn(first)).toHaveLength(50);
    expect(first.rows).toEqual(['QQQ', 'NVDA']);
    expect(first.answer.data?.rows.map(({ symbol }) => symbol)).toEqual(['QQQ', 'NVDA']);
    expect(exchange.calls()).toBe(1);
    const written = JSON.stringify(readBook(book));
    expect(firedIn(await look(asked, context()))).toEqual([]);
    expect(exchange.calls()).toBe(2);
    expect(JSON.stringify(readBook(book))).toBe(written);
  });

  it('tells an alert in the look after its crossing, once, and again only after it was false', async () => {
    const { exchange, context } = await start('NVDA.last > 450');
    const asked = parseTableWords(['NVDA'], { columns: 'last' });
    const fired: number[][] = [];
    for (const last of [449, 450, 451, 452, 449, 450.01]) {
      exchange.interfere = ({ url }) =>
        url.includes('quotes')
          ? {
              status: 200,
              body: {
                quotes: { quote: { symbol: 'NVDA', type: 'stock', last, prevclose: 440, trade_date: IN_SESSION } },
              },
            }
          : undefined;
      fired.push(firedIn(await look(asked, context())));
    }
    expect(fired).toEqual([[], [], [1], [], [], [1]]);
  });

  it('takes alerts that are added while it goes on, and one that a hand has spoilt is an error beside the figures', async () => {
    const { context, book } = await start();
    const asked = parseTableWords(['NVDA'], { columns: 'last' });
    expect(firedIn(await look(asked, context()))).toEqual([]);
    changeBook(book, (each) => addAlert(each, { when: 'AMD.last > 1', once: true }));
    changeBook(book, (each) => addAlert(each, { when: 'AMD.lust > 1', once: true }));
    const next = await look(asked, context());
    expect(next.fired).toMatchObject([
      { symbols: ['AMD'], firing: { id: 1, values: { 'AMD.last': expect.any(Number) as number } } },
    ]);
    expect(next.answer.errors).toMatchObject([
      { code: 'usage', message: expect.stringContaining('alert 2') as string },
    ]);
    expect(next.answer.data?.rows).toHaveLength(1);
  });

  it('shows what is held, with its error, where the provider fails', async () => {
    const { exchange, context } = await start();
    const asked = parseTableWords(['NVDA'], { columns: 'last' });
    const before = await look(asked, context());
    exchange.interfere = () => ({ status: 500, body: 'no' });
    const { answer } = await look(asked, context());
    expect(answer.data).toEqual(before.answer.data);
    expect(answer.meta.freshness).toBe('stale');
  });
});

describe('the limit', () => {
  // On a loaded machine a look's deadline, which runs in real time, may pass before the standing clock moves: then again.
  it(
    'is never used by more than half, what others ask counted, and figures that need a request each come all the same',
    { retry: 2, timeout: 30_000 },
    async () => {
      const { clock, pass } = createStandingClock(IN_SESSION);
      const exchange = await startCountingExchange(clock);
      const arrivals: { atMs: number; isOther: boolean }[] = [];
      exchange.interfere = ({ url }) => {
        arrivals.push({ atMs: clock.machineNow(), isOther: url.includes('expirations') });
        return undefined;
      };
      const limitPerMinute = 20;
      const folder = createTempFolder();
      const { market, state } = openProcess({ folder, clock, tradier: exchange, limitPerMinute });
      const other = openProcess({ folder, clock, tradier: exchange, limitPerMinute });
      const symbols = [
        'NVDA',
        'AMD',
        'SPY',
        'AAPL',
        'MSFT',
        'TSLA',
        'META',
        'AMZN',
        'GOOGL',
        'NFLX',
        'QQQ',
        'IWM',
        'INTC',
        'MU',
      ];
      const asked = parseTableWords(symbols, { columns: 'last, rsi14' });
      const kept = slotsKeptFree('watch', limitPerMinute);
      const key = { provider: 'tradier' as const, keyHash: hashKey('tradier', 'k-tradier') };
      const ended = new AbortController();
      let newest: WatchLook | undefined;
      let looks = 0;
      await keepLooking({
        asked: () => asked,
        context: () => ({
          market,
          clock,
          request: createRequest({
            refresh: false,
            call: { ...createRequest().call, priority: 'watch', deadlineMs: clock.machineNow() + 1_000 },
          }),
        }),
        clock,
        delay: async (ms) => {
          pass(ms);
          // Somebody else asks a question every seven seconds or so.
          if (looks % 3 === 0)
            await other.market.expirations(symbols[looks % symbols.length] ?? '', createRequest({ refresh: true }));
        },
        signal: ended.signal,
        pace: () => ({ perMinute: limitPerMinute - kept }),
        freeAt: () => state.readFreeAt(key, limitPerMinute, clock.machineNow(), 0, kept),
        onLook: (found) => {
          newest = found;
          looks += 1;
          return clock.machineNow() - IN_SESSION > 6 * 60_000 ? 0 : undefined;
        },
        onWait: () => undefined,
      });
      const own = arrivals.filter(({ isOther }) => !isOther);
      const busiest = Math.max(
        ...own.map(({ atMs }) => arrivals.filter((each) => each.atMs <= atMs && each.atMs > atMs - 60_000).length),
      );
      expect(busiest).toBeLessThanOrEqual(limitPerMinute / 2);
      expect(arrivals.length - own.length).toBeGreaterThan(5);
      expect(newest?.answer.data?.rows.filter((row) => row['rsi14'] === undefined)).toEqual([]);
      expect(looks).toBeGreaterThan(10);
    },
  );
});
