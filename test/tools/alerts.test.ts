// Alerts: on the edge, with the figures of the moment, at the cost of what all of them need together; and accounts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAlert } from '../../src/book/alerts.ts';
import { changeBook, readBook } from '../../src/book/book-file.ts';
import type { Bar } from '../../src/domain/types.ts';
import { createRow } from '../../src/fields/parts.ts';
import { bindAlert, bindAlerts, checkAlerts, judgeAlerts, needsOfAlerts } from '../../src/tools/alerts.ts';
import { createDataFolder } from '../book/world.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

async function start(...conditions: string[]) {
  const clock = createTestClock(IN_SESSION);
  const exchange = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: exchange });
  const book = createDataFolder();
  for (const when of conditions) changeBook(book, (each) => addAlert(each, { when, once: false }));
  const check = () => checkAlerts({ market, clock, request: createRequest(), book });
  return { clock, exchange, book, check };
}

const rowOf = (symbol: string, last: number | undefined, closes: readonly number[] = []) => {
  const bars: Bar[] = closes.map((close, index) => ({
    date: String(index),
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
  }));
  return createRow({
    symbol,
    now: 0,
    ...(bars.length === 0 ? {} : { bars }),
    ...(last === undefined
      ? {}
      : { quote: { symbol, last, asOf: '2026-11-19T11:00:00-05:00', session: 'regular' as const } }),
  });
};

function judge(when: string, ...rows: ReturnType<typeof rowOf>[]) {
  const { bound, errors } = bindAlerts([{ id: 1, when, once: false, state: 'armed' }]);
  expect(errors).toEqual([]);
  const [judged] = judgeAlerts(bound, (symbol) => rows.find(({ inputs }) => inputs.symbol === symbol));
  return [judged?.isTrue, judged?.values];
}

describe('a condition of symbols', () => {
  it.each([
    ['NVDA.last > 450', [rowOf('NVDA', 451)], [true, { 'NVDA.last': 451 }]],
    ['NVDA.last > 450', [rowOf('NVDA', 450)], [false, { 'NVDA.last': 450 }]],
    ['nvda.last > 450', [rowOf('NVDA', undefined)], [undefined, {}]],
    ['BRK.B.last > SPY.last', [rowOf('BRK.B', 2), rowOf('SPY', 1)], [true, { 'BRK.B.last': 2, 'SPY.last': 1 }]],
    ['NVDA.last > avg(close, 2)', [rowOf('NVDA', 5, [1, 2, 3])], [true, { 'NVDA.last': 5, 'NVDA.close': 3 }]],
    [
      'crosses(SPY.close, 10) and NVDA.last > 1',
      [rowOf('NVDA', 2), rowOf('SPY', 0, [9, 11])],
      [true, { 'SPY.close': 11, 'NVDA.last': 2 }],
    ],
    [
      'crosses(SPY.close, 10) and NVDA.last > 1',
      [rowOf('NVDA', 2), rowOf('SPY', 0, [11, 12])],
      [false, { 'SPY.close': 12, 'NVDA.last': 2 }],
    ],
    ['SPY.last > 1 or NVDA.last > 1', [rowOf('SPY', 2)], [true, { 'SPY.last': 2 }]],
    ['SPY.last > 1 and NVDA.last > 1', [rowOf('SPY', 2)], [undefined, { 'SPY.last': 2 }]],
    ['change(1) > 0 and NVDA.last > 1', [rowOf('NVDA', 2, [1, 2])], [true, { 'NVDA.last': 2 }]],
  ])('%s is judged by rows at hand, however they were come by', (when, rows, judged) => {
    expect(judge(when, ...rows)).toEqual(judged);
  });

  it.each([
    ['last > 450', 'names no symbol'],
    ['NVDA.last > SPY.last and rsi14 < 30', 'which symbol is this about: NVDA, SPY'],
    ['NVDA.last > SPY.last and change(3) > 0', 'which symbol is this about: NVDA, SPY'],
    ['NVDA.last', 'a figure, not a condition'],
    ['NVDA.lost > 3', 'no field "lost"'],
    ['TOOLONGNAME.last > 3', 'is not a ticker'],
    ['NVDA.last >', 'expression'],
  ])('%s is refused with its place', (when, why) => {
    expect(() => bindAlert(when)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining(why),
        details: expect.objectContaining({ place: expect.anything() }),
      }),
    );
  });
});

describe('a check', () => {
  it('tells an alert once with its figures, and what is needed by several is asked for once', async () => {
    const symbols = ['NVDA', 'AMD', 'SPY', 'AAPL'];
    const conditions = Array.from(
      { length: 100 },
      (_, index) => `${symbols[index % 4] ?? ''}.last > ${index % 2 === 0 ? 1 : 100_000}`,
    );
    const { exchange, check, book } = await start(...conditions, 'SPY.rsi14 > 0', 'SPY.sma50 < 0');
    const first = await check();
    expect(first.errors).toEqual([]);
    expect(first.data).toHaveLength(51);
    expect(first.data?.[0]).toMatchObject({
      id: 1,
      when: 'NVDA.last > 1',
      firedAt: '2026-11-19T11:00:00-05:00',
      values: { 'NVDA.last': expect.any(Number) },
    });
    expect(exchange.requests.map(({ url }) => url.split('?')[0]).toSorted()).toEqual([
      '/v1/markets/history',
      '/v1/markets/quotes',
    ]);
    expect((await check()).data).toEqual([]);
    expect((readBook(book)['alerts'] as { state: string }[]).filter(({ state }) => state === 'fired')).toHaveLength(51);
  });

  it('asks nothing for alerts that are done, and fires what crosses between two checks', async () => {
    const { clock, exchange, check } = await start('NVDA.last > 1');
    const { data } = await check();
    const last = Number(data?.[0]?.values['NVDA.last']);
    const { check: again, exchange: own, clock: later } = await start(`NVDA.last != ${last}`);
    expect((await again()).data).toEqual([]);
    later.advance(60 * 60_000);
    expect((await again()).data).toHaveLength(1);
    expect(own.calls('quotes')).toBe(2);
    expect(exchange.calls()).toBe(1);
    clock.advance(1);
  });

  it('says what failed, leaves its alerts as they were and judges the others', async () => {
    const { check, exchange, book } = await start('NVDA.last > 1', 'ZZZZ.last > 1', 'SPY.rsi14 > 0');
    exchange.interfere = ({ url }) => (url.includes('history') ? { status: 500, body: 'no' } : undefined);
    const { data, errors } = await check();
    expect(data?.map(({ id }) => id)).toEqual([1]);
    expect(errors.map(({ code }) => code).toSorted()).toEqual(['no_data', 'unavailable']);
    exchange.interfere = () => ({ status: 500, body: 'no' });
    const dead = await start('AMD.last > 1');
    dead.exchange.interfere = () => ({ status: 500, body: 'no' });
    expect(await dead.check()).not.toHaveProperty('data');
    expect(readBook(book)['alerts']).toMatchObject([{ state: 'fired' }, { state: 'armed' }, { state: 'armed' }]);
  });

  it('goes on where a hand has spoilt one of them', async () => {
    const { check, book } = await start();
    mkdirSync(book.path, { mode: 0o700 });
    writeFileSync(join(book.path, 'book.json'), '{"alerts": [{"when": "NVDA.lst > 1"}, {"when": "NVDA.last > 1"}]}', {
      mode: 0o600,
    });
    const { data, errors } = await check();
    expect(data).toMatchObject([{ id: 2 }]);
    expect(errors).toMatchObject([{ code: 'usage', message: expect.stringMatching(/^alert 1: .*lst/) }]);
  });

  it('knows what all of them need of each symbol', () => {
    const { bound } = bindAlerts(
      ['NVDA.last > 1', 'NVDA.rsi14 > change(3)', 'SPY.maxPain > 1'].map((when, index) => ({
        id: index + 1,
        when,
        once: false,
        state: 'armed' as const,
      })),
    );
    expect(needsOfAlerts(bound).map(({ row, needs }) => [row, [...needs].toSorted()])).toEqual([
      ['NVDA', ['quote', 'series']],
      ['SPY', ['chain']],
    ]);
  });
});
