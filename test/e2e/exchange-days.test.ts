import { describe, expect, it } from 'vitest';
import { asPolygon, asTradier, startMarket } from '../helpers/market-server.ts';
import { createHome, type FinRun } from '../helpers/run-fin.ts';
import type { RecordedRequest, ScriptedReply } from '../helpers/scripted-server.ts';

const CLOSED = '2026-11-19';
const bars = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-20'].map((date) => ({
  date,
  open: 100,
  high: 102,
  low: 99,
  close: 101,
  volume: 5_000_000,
}));

/** A day of mourning, told by clock and calendar, without bars. */
function tellClosure({ path, query }: RecordedRequest): ScriptedReply | undefined {
  if (path.endsWith('/clock'))
    return {
      body: {
        clock: {
          date: CLOSED,
          description: 'Market is closed for a day of mourning.',
          state: 'closed',
          timestamp: Date.parse(`${CLOSED}T11:00:00-05:00`) / 1_000,
          next_change: '07:00',
          next_state: 'premarket',
        },
      },
    };
  if (path.endsWith('/calendar')) {
    const day = [
      { date: '2026-11-18', status: 'open', description: 'Market is open', open: { start: '09:30', end: '16:00' } },
      { date: CLOSED, status: 'closed', description: 'Market is closed' },
    ];
    return { body: { calendar: { month: 11, year: 2026, days: { day } } } };
  }
  if (path.endsWith('/history')) {
    const [start, end] = [query.get('start') ?? '', query.get('end') ?? ''];
    return { body: { history: { day: bars.filter(({ date }) => date >= start && date <= end) } } };
  }
  return undefined;
}

const dataOf = (run: FinRun): { [name: string]: unknown } =>
  (JSON.parse(run.stdout) as { data: { [name: string]: unknown } }).data;

describe('a day on which the exchange is closed against its rules', () => {
  it('is closed for the next change, and the day after it for "yesterday"', async () => {
    await using market = await startMarket(`${CLOSED}T11:00:00-05:00`);
    market.faults.set('all', tellClosure);
    await using home = await createHome(asTradier(market));
    const now = (time: string) => ({ env: { FIN_NOW: time } });
    const status = await home.run(['market', '--json'], now(`${CLOSED}T11:00:00-05:00`));
    expect(dataOf(status)).toMatchObject({
      state: 'closed',
      holiday: 'Unscheduled closure',
      nextChange: { state: 'pre', at: '2026-11-20T04:00:00-05:00' },
    });
    const asked = market.requests.length;
    expect(asked).toBe(2);
    const yesterday = await home.run(
      ['history', 'AAPL', '--range', 'yesterday', '--json'],
      now('2026-11-20T11:00:00-05:00'),
    );
    expect([yesterday.exitCode, dataOf(yesterday)['from']]).toEqual([0, '2026-11-18']);
    expect(market.requests.slice(asked).map(({ path }) => path)).toEqual(['/v1/markets/history']);
  });

  it('is found out the day after, where nobody asked on the day itself', async () => {
    await using market = await startMarket('2026-11-20T11:00:00-05:00');
    market.faults.set('all', tellClosure);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: '2026-11-20T11:00:00-05:00' });
    const run = await home.run(['history', 'AAPL', '--range', 'yesterday', '--json']);
    expect([run.exitCode, dataOf(run)['from']]).toEqual([0, '2026-11-18']);
  });

  it('is found out from Polygon by a whole market without bars', async () => {
    await using market = await startMarket('2026-11-20T11:00:00-05:00');
    market.faults.set('grouped', ({ path }) =>
      path.endsWith(CLOSED) ? { body: { status: 'OK', queryCount: 0, resultsCount: 0, adjusted: true } } : undefined,
    );
    market.faults.set('aggregates', {
      body: {
        status: 'OK',
        results: bars.slice(0, 3).map(({ date, ...bar }) => ({
          t: Date.parse(`${date}T00:00:00-05:00`),
          o: bar.open,
          h: bar.high,
          l: bar.low,
          c: bar.close,
          v: bar.volume,
        })),
      },
    });
    await using home = await createHome({ ...asPolygon(market), FIN_NOW: '2026-11-20T11:00:00-05:00' });
    const run = await home.run(['history', 'AAPL', '--range', 'yesterday', '--json']);
    expect([run.exitCode, dataOf(run)['from']]).toEqual([0, '2026-11-18']);
  });

  it('is believed from the clock alone where the calendar does not know it yet', async () => {
    await using market = await startMarket(`${CLOSED}T11:00:00-05:00`);
    market.faults.set('all', (request) =>
      request.path.endsWith('/calendar') ? { status: 500, body: 'gone' } : tellClosure(request),
    );
    await using home = await createHome({ ...asTradier(market), FIN_NOW: `${CLOSED}T11:00:00-05:00` });
    expect(dataOf(await home.run(['market', '--json']))).toMatchObject({
      state: 'closed',
      nextChange: { state: 'pre', at: '2026-11-20T04:00:00-05:00' },
    });
  });
});

describe('an ordinary day', () => {
  it('costs the clock alone', async () => {
    await using market = await startMarket(`${CLOSED}T11:00:00-05:00`);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: `${CLOSED}T11:00:00-05:00` });
    expect((await home.run(['market'])).exitCode).toBe(0);
    expect(market.asked()).toEqual(['clock']);
  });
});
