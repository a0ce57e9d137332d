import { describe, expect, it } from 'vitest';
import { answerExpirations } from '../../src/tools/options.ts';
import { answerVolatility } from '../../src/tools/volatility.ts';
import { runTool } from '../../src/tools/registry.ts';
import { answerTable, parseTableWords } from '../../src/tools/table.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

async function start() {
  const clock = createTestClock(IN_SESSION);
  const server = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
  return { server, context: { market, clock, request: createRequest() } };
}

describe('the volatility of a symbol', () => {
  it('asks for each expiration shown once and for three things more, then for nothing', async () => {
    const { server, context } = await start();
    const answer = await answerVolatility('NVDA', context);
    const { data } = answer;
    expect(answer.errors).toEqual([]);
    expect(data?.term.length).toBeGreaterThan(4);
    expect(server.calls()).toBeLessThanOrEqual((data?.term.length ?? 0) + 3);
    expect(answer.meta.providerCalls).toBe(server.calls());
    server.forget();
    expect((await answerVolatility('NVDA', context)).data).toEqual(data);
    expect(server.calls()).toBe(0);
  });

  it('has the level in total variance between the dates around 30 days, and volatility between dates', async () => {
    const { context } = await start();
    const { data } = await answerVolatility('NVDA', context);
    const years = (expiration: string): number =>
      (Date.parse(`${expiration}T${expiration === '2026-12-24' ? '13' : '16'}:00:00-05:00`) - IN_SESSION) /
      (365 * 24 * 3_600_000);
    const term = data?.term ?? [];
    const points = term.map(({ expiration, atmIv = NaN }) => ({ years: years(expiration), atmIv }));
    const far = points.findIndex((point) => point.years >= 30 / 365);
    const [below, above] = [points[far - 1], points[far]];
    if (below === undefined || above === undefined) throw new Error('no dates around 30 days');
    const weight = (30 / 365 - below.years) / (above.years - below.years);
    const variance = (1 - weight) * below.atmIv ** 2 * below.years + weight * above.atmIv ** 2 * above.years;
    expect(data?.iv30).toBeCloseTo(Math.sqrt((variance * 365) / 30), 6);
    expect(data?.ivMinusHv30).toBeCloseTo((data?.iv30 ?? NaN) - (data?.hv['30'] ?? NaN), 9);
    for (const [index, { forwardIv }] of term.entries()) {
      const [near, later] = [points[index - 1], points[index]];
      if (near === undefined || later === undefined || forwardIv === undefined) continue;
      const joined = near.atmIv ** 2 * near.years + forwardIv ** 2 * (later.years - near.years);
      expect(Math.sqrt(joined / later.years)).toBeCloseTo(later.atmIv, 6);
    }
  });

  it('is what table and the tool of the model say of it', async () => {
    const { context } = await start();
    const { data } = await answerVolatility('NVDA', context, { isBrief: true });
    const table = await answerTable(parseTableWords(['NVDA'], { columns: 'iv30, skew25, ivMinusHv30, hv30' }), context);
    expect(table.data?.rows).toEqual([
      {
        symbol: 'NVDA',
        iv30: data?.iv30,
        skew25: data?.skew25,
        ivMinusHv30: data?.ivMinusHv30,
        hv30: data?.hv['30'],
      },
    ]);
    const tool = await runTool('get_volatility', { symbol: 'NVDA' }, context);
    expect(tool.data).toMatchObject({ symbol: 'NVDA', hv: data?.hv });
  });

  it('without options is what its price has realized, and the rest is an error beside it', async () => {
    const { context } = await start();
    const answer = await answerVolatility('VIX', context);
    expect(answer.data).toMatchObject({ symbol: 'VIX', term: [], ivDays: 0 });
    expect(answer.data?.hv['30']).toBeGreaterThan(0);
    expect(answer.errors).toMatchObject([{ symbol: 'VIX', code: 'no_data' }]);
  });

  it('with a chain that fails is told of the others, the failure beside it', async () => {
    const { server, context } = await start();
    server.interfere = ({ url }) =>
      url.includes('chains') && url.includes('2026-12-18') ? { status: 400, body: 'no such chain' } : undefined;
    const { data, errors } = await answerVolatility('NVDA', context);
    expect(data?.term.map(({ expiration }) => expiration)).not.toContain('2026-12-18');
    expect(data?.iv30).toBeGreaterThan(0);
    expect(errors).toHaveLength(1);
  });
});

describe('expirations with what their chains say', () => {
  it('have it for each date, each asked for once', async () => {
    const { server, context } = await start();
    const { data } = await answerExpirations('NVDA', context, { stats: true });
    const dates = data?.expirations ?? [];
    expect(server.calls()).toBeLessThanOrEqual(dates.length + 3);
    for (const each of dates) {
      expect(each.atmIv).toBeGreaterThan(0.1);
      expect(each.expectedMove?.method).toContain('straddle');
      expect(each.openInterest).toBeGreaterThan(0);
      expect(each.putCallOpenInterest).toBeGreaterThan(0);
    }
    expect(dates[0]).not.toHaveProperty('forwardIv');
    expect(dates[1]?.forwardIv).toBeGreaterThan(0);
  });
});
