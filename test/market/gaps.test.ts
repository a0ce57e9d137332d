// A ticker that paused for more than ten sessions may have gone to another company: what is told of it never reaches
// across the pause. META was a fund until 28 January 2022 and is Meta Platforms since 9 June.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeldSource } from '../../src/batch/held-data.ts';
import { barsOfOneCompany } from '../../src/batch/evidence.ts';
import { aggregateBars, closeBefore, findGaps } from '../../src/domain/bar-series.ts';
import { tradingDaysBetween } from '../../src/domain/calendar.ts';
import type { Bar } from '../../src/domain/types.ts';
import { renderAnswer } from '../../src/render/answer.ts';
import { createTheme } from '../../src/render/theme.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { answerIndicators } from '../../src/tools/indicators.ts';
import { answerLevels } from '../../src/tools/levels.ts';
import { answerTable, parseTableWords } from '../../src/tools/table.ts';
import { describeForModel } from '../../src/tools/text.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { createRequest, createTestClock, openProcess, startCountingExchange } from './world.ts';

const NOW = Date.parse('2022-06-29T17:30:00-04:00');

function barsOf(from: string, to: string, price: number): Bar[] {
  return tradingDaysBetween(from, to).map((date, index) => {
    const close = price + (index % 5) / 10;
    return { date, open: price, high: close + 1, low: price - 1, close, volume: 1_000 + index };
  });
}

const FUND = barsOf('2021-06-30', '2022-01-28', 12);
const META = barsOf('2022-06-09', '2022-06-29', 184);

async function openWorld(bars: readonly Bar[]) {
  const clock = createTestClock(NOW);
  const tradier = await startCountingExchange(clock);
  tradier.interfere = ({ url }) => {
    const asked = new URL(url, 'http://localhost');
    if (!asked.pathname.endsWith('/markets/history')) return undefined;
    const [start, end] = [asked.searchParams.get('start') ?? '', asked.searchParams.get('end') ?? '9999'];
    return { body: { history: { day: bars.filter(({ date }) => date >= start && date <= end) } } };
  };
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier });
  return { context: { market, clock, request: createRequest() }, market };
}

const history = (
  context: Awaited<ReturnType<typeof openWorld>>['context'],
  phrase: string,
  interval: 'day' | 'week' | 'month' = 'day',
) => answerHistory({ symbol: 'META', range: { phrase }, interval }, context);

describe('a range with a gap in it', () => {
  it('has no change, notes the gap with its dates, and keeps every bar', async () => {
    const { context } = await openWorld([...FUND, ...META]);
    for (const interval of ['day', 'week', 'month'] as const) {
      const { data, notes } = await history(context, '2022-01-03 to 2022-06-29', interval);
      expect(data?.summary, interval).toMatchObject({ last: META.at(-1)?.close });
      expect(Object.keys(data?.summary ?? {})).not.toContain('change');
      expect(Object.keys(data?.summary ?? {})).not.toContain('changePercent');
      expect(data?.gaps).toEqual([{ after: '2022-01-28', before: '2022-06-09' }]);
      expect(notes.join('\n')).toContain('no bars between 2022-01-28 and 2022-06-09 (90 sessions)');
      const after = data?.bars.findIndex((bar) => bar.open > 100) ?? -1;
      expect(closeBefore(data!, after)).toBeUndefined();
      expect(closeBefore(data!, after + 1)).toBe(data?.bars[after]?.close);
    }
    expect((await history(context, '2022-01-03 to 2022-06-29')).data?.bars).toHaveLength(19 + META.length);
  });

  it('shows no percentage across it on screen nor to a model', async () => {
    const { context } = await openWorld([...FUND, ...META]);
    for (const interval of ['day', 'week', 'month'] as const) {
      const answer = await history(context, 'past year', interval);
      const screen = renderAnswer(answer, { width: 100, theme: createTheme({ colour: false }) }).join('\n');
      const percents = [...screen.matchAll(/([+-][\d,.]+) %/g)].map(([, text = '']) =>
        Math.abs(Number(text.replaceAll(',', ''))),
      );
      expect(Math.max(...percents), screen).toBeLessThan(20);
      expect(screen).toContain('no change across the gap');
      expect(screen).toContain('2022-06-09');
      const text = describeForModel(answer);
      expect(text).not.toMatch(/change(?:Percent)? [-\d]/);
      expect(text).toContain('gap: no bars between');
    }
  });

  it('has no change of a month that the gap ends in, even where it began in the same month', async () => {
    const sessions = tradingDaysBetween('2022-05-03', '2022-05-17');
    const { context } = await openWorld([
      ...barsOf('2022-03-01', '2022-05-02', 12),
      ...barsOf('2022-05-18', '2022-06-29', 184),
    ]);
    expect(sessions).toHaveLength(11);
    const { data, notes } = await history(context, '2022-03-01 to 2022-06-29', 'month');
    const may = data?.bars.findIndex(({ date }) => date === '2022-05-01') ?? -1;
    expect(closeBefore(data!, may)).toBeUndefined();
    expect(closeBefore(data!, may + 1)).toBe(data?.bars[may]?.close);
    expect(notes.join('\n')).toContain('META: gap: no bars between 2022-05-02 and 2022-05-18 (11 sessions)');
  });

  it('counts vs. first open where the gap lies just before the range', async () => {
    const { context } = await openWorld([...FUND, ...META]);
    const { data, notes } = await history(context, '2022-06-01 to 2022-06-29');
    expect(data?.summary.basis).toBe('first_open');
    expect(Math.abs(data?.summary.changePercent ?? 99)).toBeLessThan(1);
    expect(data?.gaps).toBeUndefined();
    expect(notes.join('\n')).toContain('2022-01-28 and 2022-06-09');
  });

  it('says where the bars end long before the range does', async () => {
    const { context } = await openWorld(FUND);
    const { data, notes } = await history(context, '2021-12-01 to 2022-05-31');
    expect(data?.summary.basis).toBe('previous_close');
    expect(notes.join('\n')).toContain('no bars after 2022-01-28: the last 84 sessions of the range have none');
  });

  it('says so of one session too: a plan that has no bar of the last one yet', async () => {
    const { context } = await openWorld(META.slice(0, -2));
    const { data, notes } = await history(context, 'last 3 sessions');
    expect(data?.bars).toHaveLength(2);
    expect(notes.join('\n')).toContain('no bars after 2022-06-27: the last 2 sessions of the range have none');
    const other = await openWorld(META.slice(0, -1));
    expect((await history(other.context, 'this month')).notes.join('\n')).toContain(
      'no bars after 2022-06-28: the last session of the range has none',
    );
    const whole = await openWorld(META);
    expect((await history(whole.context, 'this month')).notes.join('\n')).not.toContain('no bars after');
  });

  it('is none after ten missing sessions, and one after eleven', () => {
    const days = barsOf('2022-03-01', '2022-06-29', 10);
    const without = (count: number): Bar[] => [...days.slice(0, 5), ...days.slice(5 + count)];
    expect(findGaps(without(10))).toEqual([]);
    expect(findGaps(without(11))).toEqual([{ after: days[4]?.date, before: days[16]?.date }]);
    expect(findGaps(barsOf('2001-08-01', '2001-10-31', 10))).toEqual([]);
  });
});

describe('fields of a table', () => {
  it('count only the bars after a gap, and say so', async () => {
    const { context } = await openWorld([...FUND, ...META]);
    const asked = parseTableWords(['META'], {
      columns: 'sma10,sma50,change(30),highest(close,14)',
      range: { phrase: 'past year' },
    });
    const { data, notes } = await answerTable(asked, context);
    const [row] = data?.rows ?? [];
    expect(row?.['sma10']).toBeGreaterThan(183);
    expect(row).not.toHaveProperty('sma50');
    expect(row).not.toHaveProperty('change(30)');
    expect(row?.['highest(close,14)']).toBeGreaterThan(183);
    expect(notes.filter((note) => note.includes('META: gap: no bars between 2022-01-28 and 2022-06-09'))).toHaveLength(
      1,
    );
  });
});

describe('indicators and levels', () => {
  it('count only the bars after a gap, and say so', async () => {
    const { context } = await openWorld([...FUND, ...META]);
    const { data, notes } = await answerIndicators(['META'], context);
    expect(data?.[0]?.sma['10']).toBeGreaterThan(180);
    expect(data?.[0]?.sma).not.toHaveProperty('20');
    expect(data?.[0]?.sma).not.toHaveProperty('200');
    expect(notes.join('\n')).toMatch(/META: gap: no bars between 2022-01-28 and 2022-06-09/);
    const levels = await answerLevels('META', context);
    expect(levels.data?.supports.every(({ price }) => price > 150)).toBe(true);
    expect(levels.notes.join('\n')).toContain('2022-06-09');
  });

  it('are recomputed by batch over the same bars', async () => {
    const { context, market } = await openWorld([...FUND, ...META]);
    await answerIndicators(['META'], context);
    const series = await createHeldSource(market, context.request).series('META');
    expect(series).toHaveLength(FUND.length + META.length);
    expect(barsOfOneCompany(series ?? []).map(({ date }) => date)).toEqual(META.map(({ date }) => date));
    expect(barsOfOneCompany(META)).toEqual(META);
  });
});

describe('weeks and months', () => {
  it('are not measured against one another where the gap is between their sessions only', () => {
    const days = barsOf('2022-03-01', '2022-05-31', 10);
    const bars = [...days.slice(0, 15), ...days.slice(27)];
    const months = aggregateBars(bars, 'month');
    const gaps = findGaps(bars);
    expect(gaps).toEqual([{ after: '2022-03-21', before: '2022-04-07' }]);
    const summary = { first: 1, last: 1, high: 1, low: 1, bars: 3 };
    const data = { symbol: 'META', interval: 'month' as const, from: '', to: '', bars: months, summary, gaps };
    expect([0, 1, 2].map((index) => closeBefore(data, index))).toEqual([undefined, undefined, months[1]?.close]);
  });
});

describe('so many sessions', () => {
  const days = tradingDaysBetween('2022-06-17', '2022-06-29');
  const world = (without: readonly string[]) =>
    openWorld(barsOf('2022-01-03', '2022-06-29', 100).filter(({ date }) => !without.includes(date)));

  it('are those of the exchange: a bar that is missing makes the range no longer, and is noted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(days.slice(1, -1)),
        fc.integer({ min: 2, max: days.length }),
        async (absent, count) => {
          const { context } = await world(absent);
          const { data, notes } = await history(context, `last ${count} trading days`);
          const wanted = days.slice(-count);
          const expected = wanted.filter((date) => !absent.includes(date));
          expect(data?.bars.map(({ date }) => date)).toEqual(expected);
          const note = `only ${expected.length} of ${count} sessions have bars`;
          expect(notes.filter((each) => each.includes('sessions have bars'))).toEqual(
            expected.length === count ? [] : [note],
          );
          const asked = parseTableWords(['META'], { columns: 'change' });
          const table = await answerTable({ ...asked, range: { phrase: `last ${count} trading days` } }, context);
          expect(table.notes.join()).toContain(expected.length === count ? 'range:' : `META: ${note}`);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('end with the newest that has a bar, however far behind that is', async () => {
    const { context } = await world(days.slice(-1));
    const { data, notes } = await history(context, 'last 3 trading days');
    expect(data?.bars.map(({ date }) => date)).toEqual(days.slice(-4, -1));
    expect(notes.join()).not.toContain('sessions have bars');
  });
});
