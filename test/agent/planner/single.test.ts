import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGrounding } from '../../../src/agent/grounding/check.ts';
import { collectFacts } from '../../../src/agent/grounding/facts.ts';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import type { Answer, AnswerDataByKind, AnswerKind, ChainData, ContractData } from '../../../src/domain/answers.ts';
import { formatFixed, formatPrice, formatShare, formatStrike, formatVolume } from '../../../src/render/format.ts';
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

function unsupported(text: string, talk: Talk, question: string): unknown[] {
  return checkGrounding(text, collectFacts(talk.messages), { question }).unsupported;
}

function contractOf(chains: readonly ChainData[], strike: number, side: 'call' | 'put'): ContractData | undefined {
  return chains
    .flatMap((chain) => chain.contracts)
    .find((contract) => contract.strike === strike && contract.side === side);
}

/** What the answer must say of a contract, worked out here from the data. */
function figuresOf({ bid, ask, last, delta, iv, volume, openInterest }: ContractData): string[] {
  const said = (name: string, value: number | undefined, format: (value: number) => string): string[] =>
    value === undefined ? [] : [`${name} ${format(value)}`];
  return [
    ...said('bid', bid, formatPrice),
    ...said('ask', ask, formatPrice),
    ...said('last', last, formatPrice),
    ...said('delta', delta, (value) => formatFixed(value, 3)),
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
  it('is answered with the figures of that contract, or as not listed with its neighbours', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, gaps, fc.record(near), async (seed, missing, { steps, offset, side }) => {
        const talk = talkWith(seed, missing);
        const [quotes = []] = dataOf((await talk.ask('price of nvda')).answers, 'quote');
        const strike = Math.round(quotes[0]?.last ?? 0) + steps * 5 + offset;
        fc.pre(strike > 25);
        const question = `nvda ${strike}${side === 'call' ? 'c' : 'p'} friday`;
        const { text, calls, answers } = await talk.ask(question);
        const chains = dataOf(answers, 'chain');
        const contract = contractOf(chains, strike, side);
        expect(calls.map((call) => call.arguments['strikes'])).toEqual([`near ${strike}`]);
        expect(unsupported(text, talk, question), text).toEqual([]);
        if (contract !== undefined)
          expect(text).toBe(
            `NVDA ${formatStrike(strike)} ${side} expiring Fri 20 Nov 2026: ${figuresOf(contract).join(', ') || 'no figures are given'}.`,
          );
        else {
          const listed = (chains.at(-1)?.contracts ?? []).map((each) => each.strike);
          const neighbours = [
            Math.max(...listed.filter((each) => each < strike)),
            Math.min(...listed.filter((each) => each > strike)),
          ]
            .filter(Number.isFinite)
            .map(formatStrike);
          expect(text).toBe(
            `NVDA has no ${side} at that strike expiring Fri 20 Nov 2026; the nearest listed strike${neighbours.length === 1 ? ' is' : 's are'} ${neighbours.join(' and ')}.`,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says only the figure that was asked for, and that it is not given where it is not', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, gaps, async (seed, missing) => {
        const talk = talkWith(seed, missing);
        const [quotes = []] = dataOf((await talk.ask('price of nvda')).answers, 'quote');
        const strike = Math.round(quotes[0]?.last ?? 0);
        const { text, answers } = await talk.ask(`iv of nvda ${strike} call`);
        const iv = contractOf(dataOf(answers, 'chain'), strike, 'call')?.iv;
        expect(text.endsWith(iv === undefined ? ': no IV given.' : `: IV ${formatShare(iv)}.`), text).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('takes the strike nearest the spot for "atm", and gives call and put', async () => {
    const talk = talkWith(3);
    const { text, answers } = await talk.ask('nvda atm strike iv');
    const [chain] = dataOf(answers, 'chain');
    const nearest = chain?.contracts
      .map((each) => each.strike)
      .toSorted((left, right) => Math.abs(left - chain.spot) - Math.abs(right - chain.spot))[0];
    expect(text.split('\n').map((line) => line.split(' expiring')[0])).toEqual([
      `NVDA ${nearest ?? ''} call`,
      `NVDA ${nearest ?? ''} put`,
    ]);
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
      new RegExp(`^NVDA ${strike} call expiring Fri 20 Nov 2026: `),
    );
    await expect(talk.ask(`nvda ${strike}c next friday, no tool calls`)).rejects.toMatchObject({ code: 'no_data' });
  });
});

describe('rankings on random data', () => {
  const ask = async (seed: number, missing: number, question: string) => {
    const talk = talkWith(seed, missing);
    const outcome = await talk.ask(question);
    expect(unsupported(outcome.text, talk, question), outcome.text).toEqual([]);
    return outcome;
  };
  /** Symbols in the order in which a text names them first. */
  const orderIn = (text: string): string[] => [...new Set(text.match(/\b(?:NVDA|AMD|TSLA|AAPL)\b/g) ?? [])];
  const ordered = (figures: readonly { symbol: string; by: number | undefined }[], isDescending: boolean): string[] => {
    const known = figures.flatMap(({ symbol, by }) =>
      by === undefined ? [] : [{ symbol, by: isDescending ? -by : by }],
    );
    return [
      ...known.sort((left, right) => left.by - right.by).map(({ symbol }) => symbol),
      ...figures.filter(({ by }) => by === undefined).map(({ symbol }) => symbol),
    ];
  };

  it.each([
    ['highest', true],
    ['lowest', false],
  ] as const)('put the %s volume first, and the figures behind', async (word, isDescending) => {
    await fc.assert(
      fc.asyncProperty(seeds, gaps, async (seed, missing) => {
        const { text, answers } = await ask(seed, missing, `${word} volume among nvda amd tsla aapl today`);
        const quotes = dataOf(answers, 'quote')[0] ?? [];
        expect(orderIn(text)).toEqual(
          ordered(
            quotes.map(({ symbol, volume }) => ({ symbol, by: volume })),
            isDescending,
          ),
        );
        for (const { symbol, volume } of quotes)
          if (volume !== undefined) expect(text).toContain(`${symbol} ${formatVolume(volume)}`);
      }),
      { numRuns: 25 },
    );
  });

  it('put the higher RSI first', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, gaps, async (seed, missing) => {
        const { text, answers } = await ask(seed, missing, 'which has the higher rsi, nvda or amd');
        const indicators = dataOf(answers, 'ta').flat();
        expect(orderIn(text)).toEqual(
          ordered(
            indicators.map(({ symbol, rsi14 }) => ({ symbol, by: rsi14 })),
            true,
          ),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('order by the share of the 52-week mark, not by dollars', async () => {
    await fc.assert(
      fc.asyncProperty(
        seeds,
        gaps,
        fc.constantFrom('high' as const, 'low' as const),
        fc.boolean(),
        async (seed, missing, mark, isNearest) => {
          const { text, answers } = await ask(
            seed,
            missing,
            `who is ${isNearest ? 'closest to' : 'furthest from'} its 52 week ${mark}: nvda amd tsla`,
          );
          const quotes = dataOf(answers, 'quote')[0] ?? [];
          const by = quotes.map((quote) => {
            const level = mark === 'high' ? quote.week52High : quote.week52Low;
            return { symbol: quote.symbol, by: level === undefined ? undefined : Math.abs(quote.last - level) / level };
          });
          const shares = by.map((each) => each.by);
          // Shares that are equal but for rounding have no order.
          fc.pre(
            shares.every((one, at) =>
              shares.every((other, index) => index === at || Math.abs((one ?? -1) - (other ?? -2)) > 1e-12),
            ),
          );
          expect(orderIn(text)).toEqual(ordered(by, !isNearest));
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(['above', 'below'] as const)(
    'name who is %s the average and who is not, each with both figures',
    async (relation) => {
      await fc.assert(
        fc.asyncProperty(seeds, gaps, async (seed, missing) => {
          const { text, answers } = await ask(
            seed,
            missing,
            `which of nvda, amd and tsla is ${relation} its 50 day average`,
          );
          const [first = ''] = text.split('\n');
          const indicators = dataOf(answers, 'ta').flat();
          const side = (symbol: string): string | undefined => {
            const data = indicators.find((each) => each.symbol === symbol);
            const average = data?.sma['50'];
            return data === undefined || average === undefined ? undefined : data.close > average ? 'above' : 'below';
          };
          const known = ['NVDA', 'AMD', 'TSLA'].filter((symbol) => side(symbol) !== undefined);
          const fitting = known.filter((symbol) => side(symbol) === relation);
          for (const symbol of known) {
            const data = indicators.find((each) => each.symbol === symbol);
            expect(text).toContain(
              `${symbol} at ${formatPrice(data?.close)} on Wed 18 Nov 2026 is ${side(symbol) ?? ''} its SMA50 at ${formatPrice(data?.sma['50'])}.`,
            );
          }
          if (known.length === 0) expect(text).toMatch(/^Not known for NVDA, AMD and TSLA/);
          else if (fitting.length === 0) expect(first).toMatch(new RegExp(`^None: .* not ${relation} `));
          else expect(orderIn(first)).toEqual([...fitting, ...known.filter((symbol) => !fitting.includes(symbol))]);
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe('the date of one expiration', () => {
  it('is the one that the phrase means, with its days', async () => {
    const { text } = await talkWith(1).ask('when is the next monthly exp for tsla');
    expect(text).toBe('TSLA options expire on Fri 20 Nov 2026 (monthly), 1 day away.');
    expect((await talkWith(1).ask('how many dte on the nvda next friday')).text).toBe(
      'NVDA options expire on Fri 27 Nov 2026 (weekly), 8 days away.',
    );
  });
});
