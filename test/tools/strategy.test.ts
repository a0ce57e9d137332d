// Strategies of every name on the sample exchange behind a real socket, against the closed forms of the textbooks
// (per share: c the net credit, d the net debit), and what is refused before anything is asked.
import { describe, expect, it } from 'vitest';
import type { StrategyData } from '../../src/domain/answers.ts';
import { STRATEGY_NAMES, type StrategyName } from '../../src/domain/strategies.ts';
import { answerStrategy } from '../../src/tools/strategy.ts';
import { parseStrategy, type StrategyWords } from '../../src/tools/strategy-words.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

async function start(now = IN_SESSION) {
  const clock = createTestClock(now);
  const server = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
  const context = { market, clock, request: createRequest() };
  const price = async (name: string, words: StrategyWords = {}): Promise<StrategyData> => {
    const { data, errors } = await answerStrategy(parseStrategy('NVDA', name, words), context);
    expect(errors).toEqual([]);
    if (data === undefined) throw new Error('no data');
    return data;
  };
  return { server, context, price };
}

interface Closed {
  /** Dollars a share; undefined is unlimited. */
  profit: number | undefined;
  loss: number | undefined;
  evens: number[];
}

/** Strikes ascending, and the net debit or credit, of a share. */
interface Terms {
  strikes: readonly [number, number, number, number];
  debit: number;
  credit: number;
}

const verticalDebit =
  (evenOf: (terms: Terms) => number) =>
  (terms: Terms): Closed => {
    const {
      strikes: [k1, k2],
      debit,
    } = terms;
    return { profit: k2 - k1 - debit, loss: debit, evens: [evenOf(terms)] };
  };
const verticalCredit =
  (evenOf: (terms: Terms) => number) =>
  (terms: Terms): Closed => {
    const {
      strikes: [k1, k2],
      credit,
    } = terms;
    return { profit: credit, loss: k2 - k1 - credit, evens: [evenOf(terms)] };
  };

/** The table F5 of the quantities; calendars and diagonals have none. */
const CLOSED_FORMS: Partial<Record<StrategyName, (terms: Terms) => Closed>> = {
  'long-call': ({ strikes: [k], debit: d }) => ({ profit: undefined, loss: d, evens: [k + d] }),
  'long-put': ({ strikes: [k], debit: d }) => ({ profit: k - d, loss: d, evens: [k - d] }),
  'cash-secured-put': ({ strikes: [k], credit: c }) => ({ profit: c, loss: k - c, evens: [k - c] }),
  'covered-call': ({ strikes: [k], debit: d }) => ({ profit: k - d, loss: d, evens: [d] }),
  'call-debit-spread': verticalDebit(({ strikes: [k1], debit }) => k1 + debit),
  'put-debit-spread': verticalDebit(({ strikes: [, k2], debit }) => k2 - debit),
  'put-credit-spread': verticalCredit(({ strikes: [, k2], credit }) => k2 - credit),
  'call-credit-spread': verticalCredit(({ strikes: [k1], credit }) => k1 + credit),
  straddle: ({ strikes: [k], debit: d }) => ({ profit: undefined, loss: d, evens: [k - d, k + d] }),
  strangle: ({ strikes: [k1, k2], debit: d }) => ({ profit: undefined, loss: d, evens: [k1 - d, k2 + d] }),
  'iron-condor': ({ strikes: [k1, k2, k3, k4], credit: c }) => ({
    profit: c,
    loss: Math.max(k2 - k1, k4 - k3) - c,
    evens: [k2 - c, k3 + c],
  }),
  'iron-butterfly': ({ strikes: [k1, k2, k3], credit: c }) => ({
    profit: c,
    loss: Math.max(k2 - k1, k3 - k2) - c,
    evens: [k2 - c, k2 + c],
  }),
  butterfly: ({ strikes: [k1, k2, k3], debit: d }) => ({ profit: k2 - k1 - d, loss: d, evens: [k1 + d, k3 - d] }),
  collar: ({ strikes: [k1, k2], debit: d }) => ({ profit: k2 - d, loss: d - k1, evens: [d] }),
};

function closedForm(name: StrategyName, { legs }: StrategyData): Closed | undefined {
  const strikes = [...new Set(legs.flatMap(({ strike }) => strike ?? []))].sort((a, b) => a - b);
  const debit = legs.reduce(
    (sum, { quantity, side, mid }) => sum + (side === undefined ? quantity / 100 : quantity) * mid,
    0,
  );
  const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = strikes;
  return CLOSED_FORMS[name]?.({ strikes: [k1, k2, k3, k4], debit, credit: -debit });
}

describe('a strategy by name', () => {
  it('has the maximum, minimum and break-evens of its closed form', async () => {
    const { price, server } = await start();
    for (const name of STRATEGY_NAMES) {
      const data = await price(name, { expiration: 'dec 18' });
      const odds = data.probabilityOfProfit?.value ?? NaN;
      expect(odds > 0 && odds < 1, name).toBe(true);
      const closed = closedForm(name, data);
      if (closed === undefined) continue;
      expect([name, data.unlimitedProfit, data.unlimitedLoss]).toEqual([name, closed.profit === undefined, false]);
      if (closed.profit !== undefined) expect(data.maxProfit, name).toBeCloseTo(closed.profit * 100, 4);
      expect(data.maxLoss, name).toBeCloseTo((closed.loss ?? NaN) * 100, 4);
      expect(data.breakEvens.length, name).toBe(closed.evens.length);
      closed.evens.forEach((even, index) => expect(data.breakEvens[index], name).toBeCloseTo(even, 3));
    }
    // Two expirations at most, asked for once each, whatever the names.
    expect(server.calls('chains')).toBe(2);
  });

  it('several times is several times the money, with the same break-evens and odds', async () => {
    const { price } = await start();
    const [one, three] = [
      await price('put-credit-spread', { expiration: 'dec 18' }),
      await price('put-credit-spread', { expiration: 'dec 18', quantity: '3' }),
    ];
    for (const key of ['mid', 'natural', 'maxProfit', 'maxLoss', 'marketWidth'] as const)
      expect(three[key], key).toBeCloseTo(3 * (one[key] ?? NaN), 6);
    expect([three.breakEvens, three.probabilityOfProfit]).toEqual([one.breakEvens, one.probabilityOfProfit]);
    expect(one.marketWidth).toBeCloseTo(2 * (one.mid - one.natural), 6);
  });

  it('is chosen by the delta of its short legs and the width between, and says so', async () => {
    const { price } = await start();
    const data = await price('iron-condor', { expiration: 'dec 18', delta: '.16', width: '20' });
    const [longPut, shortPut, shortCall, longCall] = data.legs;
    expect(Math.abs(shortPut?.delta ?? 0)).toBeCloseTo(0.16, 1);
    expect(Math.abs(shortCall?.delta ?? 0)).toBeCloseTo(0.16, 1);
    expect((shortPut?.strike ?? 0) - (longPut?.strike ?? 0)).toBe(20);
    expect((longCall?.strike ?? 0) - (shortCall?.strike ?? 0)).toBe(20);
    expect(data.notes[0]).toContain('delta 0.16, 20 wide');
  });

  it('sold is the same with every sign the other way round', async () => {
    const { price } = await start();
    const [long, short] = [
      await price('strangle', { expiration: 'dec 18' }),
      await price('strangle', { expiration: 'dec 18', short: true }),
    ];
    expect(short.legs.map(({ quantity }) => quantity)).toEqual(long.legs.map(({ quantity }) => -quantity));
    expect([short.kind, short.mid, short.maxProfit, short.unlimitedLoss]).toEqual([
      'credit',
      long.mid,
      long.maxLoss,
      true,
    ]);
    expect((short.probabilityOfProfit?.value ?? 0) + (long.probabilityOfProfit?.value ?? 0)).toBeCloseTo(1, 3);
  });

  it.each([
    ['put-credit-spread', { width: '3' }, '5 wide (nearest to 3)'],
    ['put-credit-spread', { width: '5' }, '5 wide,'],
    ['put-credit-spread', {}, '10 wide,'],
    ['long-call', { delta: '.0001' }, ' (nearest to 0.0001)'],
    ['long-call', { delta: '.3' }, 'delta 0.3,'],
  ] as const)('says the choice that was made where another was asked for: %s %o', async (name, words, said) => {
    const { price } = await start();
    const { notes, legs } = await price(name, { expiration: 'dec 18', ...words });
    expect(notes[0]).toContain(said);
    const [first, second] = legs;
    if (second !== undefined)
      expect(notes[0]).toContain(` ${Math.abs((first?.strike ?? 0) - (second.strike ?? 0))} wide`);
  });

  it('costs what shares and options stood at in one moment, out of session too, and tells the newer price', async () => {
    const nextMorning = Date.parse('2026-11-20T08:00:00-05:00');
    const { context, price } = await start(nextMorning);
    const quote = (await context.market.quotes(['NVDA'], context.request)).get('NVDA');
    if (quote?.ok !== true) throw new Error('no quote');
    const { last, previousClose = NaN } = quote.value;
    expect(last).not.toBe(previousClose);
    for (const [name, words] of [
      ['covered-call', {}],
      ['collar', { expiration: 'dec 18' }],
      ['cash-secured-put', { strikes: '380' }],
      ['', { leg: '-100\n+1 420c dec 18' }],
    ] as const) {
      const data = await price(name, words);
      expect([data.spot, data.spotAsOf], name).toEqual([previousClose, '2026-11-19T16:00:00-05:00']);
      for (const { side, mid } of data.legs) if (side === undefined) expect(mid, name).toBe(previousClose);
      expect(data.notes[0], name).toContain(`NVDA is at ${last.toFixed(2)} as of 2026-11-20 08:00 ET`);
    }
    const shares = await price('', { leg: '+100' });
    expect([shares.spot, shares.spotAsOf]).toEqual([last, '2026-11-20T08:00:00-05:00']);
  });

  it('warns of a short put so deep in the money that its time value is less than the interest on its strike', async () => {
    const { price } = await start();
    const notes = async (name: string, words: StrategyWords): Promise<string> =>
      (await price(name, words)).notes.join();
    const warned = /early exercise: NVDA 500 put 2026-11-20 is short and deep in the money with 0\.\d\d of time value/;
    expect(await notes('cash-secured-put', { expiration: 'friday', strikes: '500' })).toMatch(warned);
    expect(await notes('long-put', { expiration: 'friday', strikes: '500', short: true })).toMatch(warned);
    expect(await notes('long-put', { expiration: 'friday', strikes: '500' })).not.toContain('early exercise');
    expect(await notes('cash-secured-put', { expiration: 'dec 18', strikes: '380' })).not.toContain('early exercise');
  });

  it('in session costs the market of its shares', async () => {
    const { price } = await start();
    const { spot, legs } = await price('covered-call');
    expect(legs[0]?.bid).toBeLessThan(spot);
    expect(legs[0]?.ask).toBeGreaterThan(spot);
  });

  it('takes legs of its own, shares among them', async () => {
    const { price } = await start();
    const data = await price('', { leg: '+100\n-1 420c dec 18\n+1 NVDA261218P00380000' });
    expect(data.legs.map(({ quantity, strike }) => [quantity, strike])).toEqual([
      [100, undefined],
      [-1, 420],
      [1, 380],
    ]);
    expect([data.unlimitedProfit, data.unlimitedLoss]).toEqual([false, false]);
  });

  it.each([
    ['', { leg: '+1 450c dec 18\n-100' }],
    ['roll', { from: '-1 420c dec 18', to: '-2 430c jan 15' }],
  ])('sold has every leg the other way round: %s %o', (name, words) => {
    const quantities = (more: StrategyWords): unknown => {
      const { what } = parseStrategy('NVDA', name, { ...words, ...more });
      return 'legs' in what ? what.legs.map(({ quantity }) => quantity) : [];
    };
    expect(quantities({})).toEqual(name === 'roll' ? [1, -2] : [1, -100]);
    expect(quantities({ short: true })).toEqual(name === 'roll' ? [-1, 2] : [-1, 100]);
  });

  it('rolled is priced as its two trades', async () => {
    const { price } = await start();
    const data = await price('roll', { from: '-1 420c dec 18', to: '-1 430c jan 15' });
    expect(data.legs.map(({ quantity, strike }) => [quantity, strike])).toEqual([
      [1, 420],
      [-1, 430],
    ]);
    expect(data.payoff).toEqual([]);
    // Whether the loss is limited depends on what else is held.
    expect(data).not.toHaveProperty('unlimitedLoss');
    expect(data).not.toHaveProperty('unlimitedProfit');
  });
});

describe('a strategy that cannot be', () => {
  type Wrong = [name: string, words: StrategyWords, why: RegExp];
  const wrong: Wrong[] = [
    ['bogus', {}, /no such strategy/],
    ['iron-condor', { strikes: '400/410/420' }, /has 4 strikes, 3 given/],
    ['put-credit-spread', { strikes: '410/400' }, /must ascend/],
    ['straddle', { width: '5' }, /this strategy does not use it/],
    ['long-call', { delta: '3' }, /not a delta/],
    ['', { leg: '+1 450c' }, /no expiration/],
    ['', { leg: '450c dec 18' }, /not one contract|no quantity/],
    ['roll', { from: '-1 420c dec 18' }, /are needed together/],
    ...['expiration', 'delta', 'width', 'strikes'].flatMap((option): Wrong[] => [
      ['', { leg: '+1 450c dec 18', [option]: '1' }, new RegExp(`^--${option}: not used with --leg$`)],
      ['roll', { from: '-1 420c dec 18', to: '-1 430c dec 18', [option]: '1' }, new RegExp(`^--${option}: not used`)],
    ]),
    ['roll', { from: '-1 420c dec 18', to: '-1 430c dec 18', leg: '+100' }, /^--leg: not used with roll/],
    ['iron-condor', { delta: '.2', strikes: '350/360/440/450' }, /^--delta with --strikes/],
    ['call-debit-spread', { width: '5', strikes: '400/410' }, /^--width with --strikes/],
    ['long-call', { quantity: '0' }, /not a number of units/],
  ];
  it.each(wrong)('is refused before anything is asked: %s %o', (name, words, why) => {
    expect(() => parseStrategy('NVDA', name, words)).toThrow(why);
  });

  it('for want of a chain keeps the cause: a used-up limit is no missing data', async () => {
    const clock = createTestClock(IN_SESSION);
    const tradier = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier, limitPerMinute: 1 });
    const context = { market, clock, request: createRequest({ timeoutMs: 5_000 }) };
    const answer = await answerStrategy(parseStrategy('NVDA', 'straddle', {}), context);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([
      {
        symbol: 'NVDA',
        code: 'rate_limited',
        message: expect.stringContaining('limit of 1 request a minute') as string,
      },
    ]);
    const unknown = await answerStrategy(parseStrategy('ZZZZQ', 'straddle', {}), (await start()).context);
    expect(unknown.errors).toMatchObject([{ symbol: 'ZZZZQ', code: 'no_data' }]);
  });

  it('for want of a price names the leg', async () => {
    const { server, context } = await start();
    server.interfere = ({ path }) =>
      path.includes('/options/chains')
        ? {
            status: 200,
            body: {
              options: {
                option: [380, 400].flatMap((strike) =>
                  ['call', 'put'].map((side) => ({
                    symbol: `NVDA261218${side === 'call' ? 'C' : 'P'}${String(strike * 1000).padStart(8, '0')}`,
                    root_symbol: 'NVDA',
                    underlying: 'NVDA',
                    option_type: side,
                    strike,
                    expiration_date: '2026-12-18',
                    contract_size: 100,
                    ...(strike === 400 ? { bid: 1, ask: 1.1 } : {}),
                  })),
                ),
              },
            },
          }
        : undefined;
    const answer = await answerStrategy(
      parseStrategy('NVDA', 'long-put', { expiration: '2026-12-18', strikes: '380' }),
      context,
    );
    expect(answer.errors).toMatchObject([
      { code: 'no_data', message: expect.stringMatching(/380.*no price/) as string },
    ]);
  });
});
