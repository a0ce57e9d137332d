// Tables as their tool answers them: what their meta says of parts that one answer needs more than once, and the rows
// of columns for which nothing need be fetched.
import { describe, expect, it } from 'vitest';
import { answerBundle } from '../../src/tools/bundle.ts';
import { answerTable, parseTableWords } from '../../src/tools/table.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

async function start() {
  const clock = createTestClock(IN_SESSION);
  const { market } = openProcess({ folder: createTempFolder(), clock, polygon: await startCountingExchange(clock) });
  const request = createRequest();
  return {
    clock,
    context: { market, clock, request },
    ask: (rows: string[], columns: string, changes = {}) =>
      answerTable(parseTableWords(rows, { columns, ...changes }), { market, clock, request }),
  };
}

describe('a table', () => {
  it('that fetched all of its parts is live, though one of them was needed twice', async () => {
    const { ask } = await start();
    const { meta } = await ask(['AAPL'], 'last, rsi14');
    expect(meta).toMatchObject({ freshness: 'live', ageMs: 0, providerCalls: 2 });
  });

  it('that is live has a bundle beside it that is, too', async () => {
    const { context } = await start();
    expect((await answerBundle('AAPL', context)).meta).toMatchObject({ freshness: 'live', ageMs: 0 });
  });

  it('with a part that an earlier answer fetched is cached', async () => {
    const { clock, ask } = await start();
    await ask(['AAPL'], 'last');
    clock.advance(2_000);
    const { meta } = await ask(['AAPL'], 'last, rsi14');
    expect(meta).toMatchObject({ freshness: 'cached', ageMs: 2_000 });
  });

  it('over a range that is past has every figure as of its end, and now() as of now', async () => {
    const { ask } = await start();
    const columns = 'ago(close, 1) as before, sma5, avg(close, 5) as close5, now(sma5) as sma5Now';
    const past = (await ask(['AAPL'], columns, { range: { phrase: '2025-09-03' } })).data?.rows[0];
    const [end] = (await ask(['AAPL'], 'close', { range: { phrase: '2025-09-02' } })).data?.rows ?? [];
    const now = (await ask(['AAPL'], 'sma5')).data?.rows[0];
    expect(past?.['before']).toBe(end?.['close']);
    expect(past?.['close5']).toBeCloseTo(Number(past?.['sma5']), 8);
    expect(past?.['sma5Now']).toBeCloseTo(Number(now?.['sma5']), 8);
    expect(past?.['sma5Now']).not.toBe(past?.['sma5']);
  });

  it('has the figures of another symbol beside its own, session by session too, and asks for its bars once', async () => {
    const { ask } = await start();
    const range = { phrase: 'last 5 trading days' };
    const columns = 'changePercent, of(MSFT, changePercent) as other, MSFT.sma5 as average';
    const { data, meta } = await ask(['AAPL'], columns, { range, isByBar: true });
    const own = (await ask(['MSFT'], 'changePercent, sma5', { range, isByBar: true })).data?.rows;
    expect(meta.providerCalls).toBe(3);
    expect(data?.rows.map(({ date, other, average }) => ({ date, other, average }))).toEqual(
      own?.map(({ date, changePercent, sma5 }) => ({ date, other: changePercent, average: sma5 })),
    );
    const [counted] =
      (await ask(['AAPL'], 'count(changePercent > MSFT.changePercent) as ahead', { range })).data?.rows ?? [];
    expect(counted?.['ahead']).toBe(
      data?.rows.filter((row) => Number(row['changePercent']) > Number(row['other'])).length,
    );
  });

  it('over a session that is on says so, or ends with the last finished one', async () => {
    const { ask } = await start();
    const columns = 'lowest(volume), bars';
    const [all, finished] = [
      await ask(['AAPL'], columns, { range: { phrase: 'last 5 trading days' } }),
      await ask(['AAPL'], columns, { range: { phrase: 'last 5 trading days' }, isFinished: true }),
    ];
    expect(all.notes.join()).toMatch(/range: \S+ to 2026-11-19,today’s bar \(2026-11-19\) is partial/);
    expect(finished.notes.join()).toMatch(/range: \S+ to 2026-11-18$/);
    const [running, over] = [all, finished].map(({ data }) => data?.rows[0]);
    expect([running?.['bars'], over?.['bars']]).toEqual([5, 5]);
    expect(Number(running?.['lowest(volume)'])).toBeLessThan(Number(over?.['lowest(volume)']));
  });

  it('of figures for which nothing is fetched has its rows', async () => {
    const { ask } = await start();
    const { data, errors, meta } = await ask(['AAPL', 'MSFT'], '2 * 3 as x');
    expect(data?.rows).toEqual([
      { symbol: 'AAPL', x: 6 },
      { symbol: 'MSFT', x: 6 },
    ]);
    expect([errors, meta.providerCalls]).toEqual([[], 0]);
  });

  it('shows the column of two presets, or of a preset and by itself, once', async () => {
    const { ask } = await start();
    const { data } = await ask(
      ['AAPL'],
      'rsi14, technical, volatility, overview, pct(last,  week52High) as from52wHigh',
    );
    const fields = data?.columns.map(({ field }) => field) ?? [];
    expect(fields.slice(0, 3)).toEqual(['rsi14', 'last', 'changePercent']);
    expect(new Set(fields).size).toBe(fields.length);
    expect(() => parseTableWords(['AAPL'], { columns: 'overview, last as rsi14' })).toThrow(/two columns "rsi14"/);
  });
});
