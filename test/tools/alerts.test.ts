// Alerts: on the edge, with the figures of the moment, at the cost of what all of them need together; and accounts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAlert } from '../../src/book/alerts.ts';
import { changeBook, readBook } from '../../src/book/book-file.ts';
import { addPositions } from '../../src/book/positions.ts';
import type { ContractTerms } from '../../src/domain/contracts.ts';
import type { Bar } from '../../src/domain/types.ts';
import { createRow } from '../../src/fields/parts.ts';
import {
  bindAlert,
  bindAlerts,
  checkAlerts,
  judgeAlerts,
  nameContracts,
  needsOfAlerts,
} from '../../src/tools/alerts.ts';
import { findContractSymbol } from '../../src/tools/contracts.ts';
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
  const { bound, errors } = bindAlerts([{ id: 1, when, once: false, state: 'armed' }], IN_SESSION);
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

describe('a condition of contracts', () => {
  const find = (terms: ContractTerms) =>
    findContractSymbol(terms, createTestClock(IN_SESSION), () => Promise.reject(new Error('no market is needed')));

  it.each([
    ['NVDA 450c dec 18.mid < 2', 'NVDA261218C00450000.mid < 2'],
    ['"NVDA 2026-12-18 450 call".mid < 2', 'NVDA261218C00450000.mid < 2'],
    ['SPY.last > 1 and NVDA 452.5 put 12/18.pnl < 0', 'SPY.last > 1 and NVDA261218P00452500.pnl < 0'],
    ['NVDA 450c dec 18.mid - NVDA 460c dec 18.mid < 3', 'NVDA261218C00450000.mid - NVDA261218C00460000.mid < 3'],
    ['abs(BRK.B 450c dec 18.delta) < .2', 'abs(BRKB261218C00450000.delta) < .2'],
    ['NVDA  261218C00450000.mid < 2', 'NVDA261218C00450000.mid < 2'],
    ['nvda261218c00450000.mid < 2', 'nvda261218c00450000.mid < 2'],
    ['5 < NVDA.last and SPY.last > 3', '5 < NVDA.last and SPY.last > 3'],
    ['exDividend < "2026-12-18" and NVDA.last > 3', 'exDividend < "2026-12-18" and NVDA.last > 3'],
    ['NVDA 450c.mid < 2', 'NVDA 450c.mid < 2'],
  ])('%s is kept as %s, whatever day it is checked on', async (typed, kept) => {
    expect(await nameContracts(typed, find)).toBe(kept);
  });

  it('is judged by what a chain says of it, and by what is held of it', async () => {
    const { book, check } = await start(
      'nvda261218c00450000.mid > 0.01 and NVDA261218C00450000.strike = 450 and NVDA.last > 1',
      'NVDA261218C00450000.quantity < 0',
      'NVDA261218C00450000.delta > 1',
    );
    changeBook(book, (each) => addPositions(each, [{ symbol: 'NVDA261218C00450000', quantity: -2, cost: -1_060 }]));
    const { data, errors } = await check();
    expect(errors).toEqual([]);
    expect(data?.map(({ id }) => id)).toEqual([1, 2]);
    expect(data?.[0]?.values).toEqual({
      'NVDA261218C00450000.mid': expect.any(Number),
      'NVDA261218C00450000.strike': 450,
      'NVDA.last': expect.any(Number),
    });
  });

  it('that has expired asks nothing and says nothing, and a date of no calendar is a mistake', async () => {
    const { exchange, check } = await start(
      'NVDA261113C00450000.mid > 0',
      'SPY.last > 1 and NVDA261113P00450000.mid > 0',
    );
    expect(await check()).toMatchObject({ data: [], errors: [] });
    expect(exchange.calls()).toBe(0);
    expect(() => bindAlert('NVDA261399C00450000.mid > 0')).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('that is not listed is told, and none of the others is lost', async () => {
    const { check } = await start('NVDA261218C00451230.mid > 0', 'NVDA.last > 1');
    const { data, errors } = await check();
    expect(data?.map(({ id }) => id)).toEqual([2]);
    expect(errors).toMatchObject([{ code: 'no_data', message: expect.stringContaining('no such contract') }]);
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
      IN_SESSION,
    );
    expect(needsOfAlerts(bound).map(({ row, needs }) => [row, [...needs].toSorted()])).toEqual([
      ['NVDA', ['quote', 'series']],
      ['SPY', ['chain']],
    ]);
  });
});
