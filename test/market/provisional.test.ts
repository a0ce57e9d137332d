import { describe, expect, it } from 'vitest';
import { exchangeInstant } from '../../src/domain/exchange-time.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { answerIndicators } from '../../src/tools/indicators.ts';
import { answerQuotes } from '../../src/tools/quote.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { SPLIT, createSettlingMarket, settledAt } from './settling-market.ts';
import { createRequest, createTestClock, openProcess, startCountingExchange } from './world.ts';

const at = (date: string, time: string): number =>
  exchangeInstant(date, Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));

async function start(wire: 'tradier' | 'polygon') {
  const clock = createTestClock(at('2026-11-19', '16:03'));
  const server = await startCountingExchange(clock, createSettlingMarket(clock));
  const { market } = openProcess({ folder: createTempFolder(), clock, [wire]: server });
  const context = () => ({ market, clock, request: createRequest() });
  const closeOn = async (phrase: string, interval: 'day' | 'week' | 'month' = 'day') => {
    const answer = await answerHistory({ symbol: 'AAPL', range: { phrase }, interval }, context());
    return { close: answer.data?.bars.at(-1)?.close, volume: answer.data?.bars.at(-1)?.volume, ...answer };
  };
  return { clock, server, market, context, closeOn };
}

describe.each(['tradier', 'polygon'] as const)('a close that %s settles late', (wire) => {
  it.each([
    ['2026-11-19', '16:03', '2026-11-20', '15:59'],
    ['2026-11-19', '19:59', '2026-11-19', '20:00'],
    ['2026-11-27', '13:02', '2026-11-27', '17:01'],
    ['2026-11-20', '16:10', '2026-11-21', '12:00'],
  ])('asked for on %s at %s is not held as finished on %s at %s', async (day, early, laterDay, later) => {
    const { clock, closeOn } = await start(wire);
    clock.set(at(day, early));
    const before = await closeOn(day);
    expect(before.notes.join()).toContain(`${day} is provisional`);
    clock.set(at(laterDay, later));
    const [after, fresh] = [await closeOn(day), await start(wire)];
    fresh.clock.set(at(laterDay, later));
    const expected = await fresh.closeOn(day);
    expect([after.close, after.volume]).toEqual([expected.close, expected.volume]);
    if (at(day, early) < settledAt(day)) expect(after.close).not.toBe(before.close);
    for (const interval of ['week', 'month'] as const)
      expect((await closeOn('this month', interval)).data).toEqual((await fresh.closeOn('this month', interval)).data);
  });

  it('costs one request for its end, not the whole series, and then nothing', async () => {
    const { clock, server, closeOn } = await start(wire);
    await closeOn('today');
    clock.set(at('2026-11-19', '20:01'));
    await closeOn('today');
    clock.set(at('2026-11-20', '01:00'));
    await closeOn('2026-11-19');
    expect(server.calls()).toBe(2);
  });
});

describe('a provisional close that no provider can settle', () => {
  it('is shown with a note, also after its post session', async () => {
    const { clock, server, closeOn } = await start('tradier');
    await closeOn('today');
    server.interfere = () => ({ status: 500, body: 'down' });
    clock.set(at('2026-11-20', '15:00'));
    expect((await closeOn('2026-11-19')).notes.join()).toContain(
      '2026-11-19 is provisional: fetched before after-hours trading ended',
    );
  });
});

describe('a range that ended days ago', () => {
  it('asks for nothing right after a close', async () => {
    const { clock, server, closeOn } = await start('tradier');
    clock.set(at('2026-11-19', '11:00'));
    await closeOn('2026-11-02 to 2026-11-06');
    clock.set(at('2026-11-19', '16:01'));
    const { meta } = await closeOn('2026-11-02 to 2026-11-06');
    expect(server.calls()).toBe(1);
    expect(meta).toMatchObject({ freshness: 'cached', asOf: '2026-11-06T16:00:00-05:00' });
  });
});

describe('the age of an answer with a running bar', () => {
  it('is that of the running bar, whenever the finished ones were fetched', async () => {
    const { clock, context } = await start('tradier');
    clock.set(at('2026-11-20', '08:30'));
    await answerIndicators(['SPY'], context());
    clock.set(at('2026-11-20', '11:00'));
    const { meta } = await answerIndicators(['SPY'], context());
    expect(meta.ageMs).toBeLessThan(1_000);
    expect([meta.asOf, meta.fetchedAt]).toEqual(['2026-11-20T11:00:00-05:00', '2026-11-20T11:00:00-05:00']);
  });
});

describe('quotes of a plan without snapshots', () => {
  it('compare no two kept days across a split', async () => {
    const { clock, server, context } = await start('polygon');
    server.interfere = ({ path }) =>
      path.includes('/snapshot')
        ? {
            status: 403,
            body: {
              status: 'NOT_AUTHORIZED',
              message: 'You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing',
            },
          }
        : undefined;
    clock.set(at('2026-11-23', '18:00'));
    const before = await answerQuotes([SPLIT.symbol, 'SPY'], context());
    clock.set(at(SPLIT.date, '16:30'));
    const after = await answerQuotes([SPLIT.symbol, 'SPY'], context());
    const [was, is] = [before.data?.[0], after.data?.[0]];
    expect(is?.previousClose).toBeLessThan((was?.last ?? 0) / 5);
    expect(Math.abs(is?.changePercent ?? 100)).toBeLessThan(20);
  });
});
