import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import type { Answer, AnswerDataByKind, AnswerKind, ContractData } from '../../../src/domain/answers.ts';
import { formatFixed, formatGreek, formatPrice, formatShare } from '../../../src/render/format.ts';
import { createRandom, createRandomTools, createTalk, type Talk } from './random-tools.ts';

const NOW = Date.parse('2026-11-19T15:00:00-05:00');
const planner = createPlanner({ clock: { now: () => NOW } });
const seeds = fc.integer({ min: 1, max: 1e9 });
const gaps = fc.constantFrom(0, 0.3);

function talkWith(seed: number, missing = 0): Talk {
  return createTalk(planner, createRandomTools(createRandom(seed), NOW, { missing }));
}

function dataOf<Kind extends AnswerKind>(answers: readonly Answer[], kind: Kind): AnswerDataByKind[Kind][] {
  return answers.flatMap((answer) =>
    answer.kind === kind && answer.data !== undefined ? [answer.data as AnswerDataByKind[Kind]] : [],
  );
}

/** What the answer must say of a contract, worked out here from the data. */
function figuresOf(row: ContractData & { mid?: number }): string[] {
  const { bid, ask, mid, last, delta, iv, volume, openInterest } = row;
  const said = (name: string, value: number | undefined, format: (value: number) => string): string[] =>
    value === undefined ? [] : [`${name} ${format(value)}`];
  return [
    ...said('bid', bid, formatPrice),
    ...said('ask', ask, formatPrice),
    ...said('mid', mid, formatPrice),
    ...said('last', last, formatPrice),
    ...said('delta', delta, (value) => formatGreek(value, 3)),
    ...said('IV', iv, (value) => formatShare(value)),
    ...said('volume', volume, (value) => formatFixed(value, 0)),
    ...said('open interest', openInterest, (value) => formatFixed(value, 0)),
  ];
}

const near = {
  steps: fc.integer({ min: -32, max: 32 }),
  offset: fc.constantFrom(0, 0, 1, 2.5),
  side: fc.constantFrom('call' as const, 'put' as const),
};

describe('one strike on random data', () => {
  it('is answered with the figures of that contract, or as not available', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, gaps, fc.record(near), async (seed, missing, { steps, offset, side }) => {
        const talk = talkWith(seed, missing);
        const [quotes = []] = dataOf((await talk.ask('price of nvda')).answers, 'quote');
        const strike = Math.round(quotes[0]?.last ?? 0) + steps * 5 + offset;
        fc.pre(strike > 25);
        const { text, calls, answers } = await talk.ask(`nvda ${strike}${side === 'call' ? 'c' : 'p'} friday`);
        expect(calls.map((call) => call.arguments['symbols'])).toEqual([[`NVDA ${strike} ${side} friday`]]);
        const [row] = dataOf(answers, 'table')[0]?.rows ?? [];
        fc.pre(row !== undefined && row.symbol !== 'NVDA');
        expect(text).toBe(
          `NVDA ${strike} ${side} expiring Fri Nov 20, 2026: ${figuresOf(row as unknown as ContractData).join(', ') || 'no bid, ask, mid, last, delta, IV, volume and open interest given'}.`,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('says only the figure that was asked for, and that it is not given where it is not', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, gaps, async (seed, missing) => {
        const talk = talkWith(seed, missing);
        const [quotes = []] = dataOf((await talk.ask('price of nvda')).answers, 'quote');
        const { text, answers } = await talk.ask(`iv of nvda ${Math.round(quotes[0]?.last ?? 0)} call`);
        const iv = dataOf(answers, 'table')[0]?.rows[0]?.['iv'];
        expect(text.endsWith(typeof iv === 'number' ? `: IV ${formatShare(iv)}.` : ': no IV given.'), text).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('asks for call and put at the money, where no side is named', async () => {
    const { calls } = await talkWith(3).ask('nvda atm strike bid');
    expect(calls).toMatchObject([{ arguments: { symbols: ['NVDA atm call nearest', 'NVDA atm put nearest'] } }]);
  });

  it('asks for the chain once more at most, also where nothing can be had', async () => {
    const talk = createTalk(planner, createRandomTools(createRandom(1), NOW, { failing: ['NVDA'] }));
    const { text, calls } = await talk.ask('nvda 410c friday');
    expect(calls).toHaveLength(1);
    expect(text).toMatch(/^Not available: NVDA: no such symbol/);
  });

  it('answers from the chain that is here where no call is allowed, and about no other expiration', async () => {
    const talk = talkWith(5);
    const { answers } = await talk.ask('nvda calls friday');
    const strike = dataOf(answers, 'chain')[0]?.contracts[3]?.strike ?? 0;
    expect((await talk.ask(`nvda ${strike}c friday, no tool calls`)).text).toMatch(
      new RegExp(`^NVDA ${strike} call expiring Fri Nov 20, 2026: `),
    );
    await expect(talk.ask(`nvda ${strike}c next friday, no tool calls`)).rejects.toMatchObject({ code: 'no_data' });
  });
});

describe('rankings on random data', () => {
  const SYMBOLS = ['NVDA', 'AMD', 'TSLA', 'AAPL'];

  it.each([
    ['highest volume among nvda amd tsla aapl today', 'volume', true],
    ['lowest volume among nvda amd tsla aapl today', 'volume', false],
    ['which has the higher rsi, nvda or amd', 'rsi14', true],
    ['which had the best week: nvda amd tsla aapl', 'changePercent', true],
  ] as const)('"%s" names the first of its table', async (question, column, isDescending) => {
    await fc.assert(
      fc.asyncProperty(seeds, gaps, async (seed, missing) => {
        const { text, answers } = await talkWith(seed, missing).ask(
          question.replace('had the best week', 'did best last week'),
        );
        const rows = (dataOf(answers, 'table')[0]?.rows ?? []).filter((row) => row[column] !== undefined);
        const [first] = rows.toSorted((a, b) => (Number(a[column]) - Number(b[column])) * (isDescending ? -1 : 1));
        if (first === undefined) expect(text).toMatch(/not available for any of them/);
        else expect(text).toContain(`: ${first.symbol}, `);
      }),
      { numRuns: 25 },
    );
  });

  it('order by the share of the 52-week mark, not by dollars', async () => {
    await fc.assert(
      fc.asyncProperty(
        seeds,
        fc.constantFrom('high' as const, 'low' as const),
        fc.boolean(),
        async (seed, mark, isNearest) => {
          const { text, answers } = await talkWith(seed).ask(
            `who is ${isNearest ? 'closest to' : 'furthest from'} its 52 week ${mark}: nvda amd tsla`,
          );
          const rows = dataOf(answers, 'table')[0]?.rows ?? [];
          const shares = rows.map((row) => Math.abs(Number(row['distance'])));
          const [first] = rows.toSorted(
            (a, b) => (Math.abs(Number(a['distance'])) - Math.abs(Number(b['distance']))) * (isNearest ? 1 : -1),
          );
          fc.pre(new Set(shares).size === shares.length);
          expect(text).toContain(`: ${first?.symbol ?? ''}, `);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(['above', 'below'] as const)('name who is %s the average, and count them', async (relation) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { text, answers } = await talkWith(seed).ask(
          `which of nvda, amd and tsla is ${relation} its 50 day average`,
        );
        const rows = dataOf(answers, 'table')[0]?.rows ?? [];
        const fitting = SYMBOLS.filter((symbol) => {
          const row = rows.find((each) => each.symbol === symbol);
          if (row === undefined) return false;
          return relation === 'above'
            ? Number(row['last']) > Number(row['sma50'])
            : Number(row['last']) < Number(row['sma50']);
        });
        expect(text).toContain(fitting.length === 0 ? 'none of the 3' : `, ${fitting.length} of 3`);
        for (const symbol of fitting) expect(text).toContain(symbol);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the date of one expiration', () => {
  it('is the one that the phrase means, with its days', async () => {
    const { text } = await talkWith(1).ask('when is the next monthly exp for tsla');
    expect(text).toBe('TSLA options expire on Fri Nov 20, 2026 (monthly), 1 day away.');
    expect((await talkWith(1).ask('how many dte on the nvda next friday')).text).toBe(
      'NVDA options expire on Fri Nov 27, 2026 (weekly), 8 days away.',
    );
  });
});

describe('what a sentence says of a strike and a level', () => {
  it.each([
    ['closest support for nvda and how far down is it', /support at [\d.]+ \([\d.]+ or [\d.]+% below\)/],
    ['how far otm is the nvda 5000 put december', /above spot, in the money|no such|not available|is not listed/],
  ])('%s', async (question, said) => {
    expect((await talkWith(1).ask(question)).text.replaceAll('\n', ' ')).toMatch(said);
  });
});
