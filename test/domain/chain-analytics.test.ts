import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  type ChainSelection,
  analyseChain,
  impliedSpot,
  livePartOf,
  selectStrikes,
  toChainData,
} from '../../src/domain/chain-analytics.ts';
import type { OptionChain, OptionQuote, Side } from '../../src/domain/types.ts';

const EXPIRATION = '2025-11-07';
/** 2025-11-03, 12:00 in New York. */
const NOW = Date.UTC(2025, 10, 3, 17);

/** Of the contracts that take part, beside what is left out. */
function dataOf(whole: OptionChain, spot: number, now: number, selection: ChainSelection) {
  const { chain, leftOut } = livePartOf(whole, now);
  return { data: toChainData(chain, spot, now, selection), leftOut: leftOut.odd, settled: leftOut.settled };
}

function contract(side: Side, strike: number, figures: Partial<OptionQuote> = {}): OptionQuote {
  const root = figures.root ?? 'SPY';
  const symbol = `${root}251107${side === 'call' ? 'C' : 'P'}${String(Math.round(strike * 1000)).padStart(8, '0')}`;
  return { symbol, underlying: 'SPY', root, side, strike, expiration: EXPIRATION, multiplier: 100, ...figures };
}

const chainOf = (...contracts: OptionQuote[]): OptionChain => ({
  underlying: 'SPY',
  expiration: EXPIRATION,
  contracts,
});

/** Calls and puts at each strike, open interest as given. */
const openChain = (rows: [strike: number, callOpen: number, putOpen: number][]): OptionChain =>
  chainOf(
    ...rows.flatMap(([strike, callOpen, putOpen]) => [
      contract('call', strike, { openInterest: callOpen }),
      contract('put', strike, { openInterest: putOpen }),
    ]),
  );

const ladder = (from: number, to: number, step: number): OptionChain =>
  openChain(Array.from({ length: (to - from) / step + 1 }, (_, index) => [from + index * step, 1, 1]));

const randomChain = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.nat(5000), fc.nat(5000)), {
    selector: ([strike]) => strike,
    minLength: 1,
    maxLength: 40,
    size: 'max',
  })
  .map(openChain);

describe('walls', () => {
  it('are the three largest call interests at or above and put interests at or below the spot, largest first', () => {
    const chain = openChain([
      [560, 9000, 700],
      [565, 100, 900],
      [570, 500, 800],
      [575, 300, 9000],
      [580, 700, 10],
      [585, 600, 10],
    ]);
    expect(analyseChain(chain, 570)).toMatchObject({
      callWalls: [
        { strike: 580, openInterest: 700 },
        { strike: 585, openInterest: 600 },
        { strike: 570, openInterest: 500 },
      ],
      putWalls: [
        { strike: 565, openInterest: 900 },
        { strike: 570, openInterest: 800 },
        { strike: 560, openInterest: 700 },
      ],
    });
  });

  it('put the strike nearer the spot first where open interest is equal', () => {
    const chain = openChain([
      [560, 0, 5],
      [565, 0, 5],
      [575, 5, 0],
      [580, 5, 0],
      [585, 5, 0],
      [590, 5, 0],
    ]);
    const { callWalls, putWalls } = analyseChain(chain, 570);
    expect(callWalls.map((wall) => wall.strike)).toEqual([575, 580, 585]);
    expect(putWalls.map((wall) => wall.strike)).toEqual([565, 560]);
  });

  it('never are strikes without open interest, and none are invented', () => {
    const { callWalls, putWalls } = analyseChain(
      openChain([
        [560, 3, 0],
        [580, 0, 3],
      ]),
      570,
    );
    expect([callWalls, putWalls]).toEqual([[], []]);
    expect(analyseChain(chainOf(contract('call', 580), contract('put', 560)), 570)).toEqual({
      callWalls: [],
      putWalls: [],
    });
  });

  it('agree with a plain search in any chain', () => {
    fc.assert(
      fc.property(randomChain, fc.integer({ min: 1, max: 200 }), (chain, spot) => {
        const { callWalls, putWalls } = analyseChain(chain, spot);
        const largest = (side: Side): number[] =>
          chain.contracts
            .filter((item) => item.side === side && (side === 'call' ? item.strike >= spot : item.strike <= spot))
            .map((item) => item.openInterest ?? 0)
            .filter((open) => open > 0)
            .sort((a, b) => b - a)
            .slice(0, 3);
        expect(callWalls.map((wall) => wall.openInterest)).toEqual(largest('call'));
        expect(putWalls.map((wall) => wall.openInterest)).toEqual(largest('put'));
      }),
    );
  });

  it('add up the roots that share a strike', () => {
    const chain = chainOf(
      contract('call', 6800, { root: 'SPX', openInterest: 40 }),
      contract('call', 6800, { root: 'SPXW', openInterest: 2 }),
    );
    expect(analyseChain(chain, 6790).callWalls).toEqual([{ strike: 6800, openInterest: 42 }]);
  });
});

describe('max pain', () => {
  it('is the strike at which all open contracts together are worth least', () => {
    // By hand: at 95 the ten puts are worth 5 each (50), at 100 the twenty calls 5 (100), at 105 they are worth 10 (200).
    expect(
      analyseChain(
        openChain([
          [95, 20, 0],
          [100, 0, 10],
          [105, 0, 0],
        ]),
        103,
      ).maxPain,
    ).toBe(95);
    expect(
      analyseChain(
        openChain([
          [95, 0, 20],
          [100, 10, 0],
          [105, 0, 30],
        ]),
        90,
      ).maxPain,
    ).toBe(105);
  });

  it('takes the strike nearest the spot where several are worth as little', () => {
    const chain = openChain([
      [90, 10, 0],
      [95, 0, 0],
      [100, 0, 0],
      [105, 0, 0],
      [110, 0, 10],
    ]);
    // One call at 90 and one put at 110 weigh against each other: every strike between is worth the same.
    expect(analyseChain(chain, 104).maxPain).toBe(105);
    expect(analyseChain(chain, 93).maxPain).toBe(95);
  });

  it('is absent without open interest', () => {
    expect(
      analyseChain(
        openChain([
          [95, 0, 0],
          [100, 0, 0],
        ]),
        97,
      ),
    ).not.toHaveProperty('maxPain');
    expect(analyseChain(chainOf(contract('call', 100)), 97)).not.toHaveProperty('maxPain');
  });

  it('is never beaten by another strike', () => {
    fc.assert(
      fc.property(randomChain, fc.integer({ min: 1, max: 200 }), (chain, spot) => {
        const { maxPain } = analyseChain(chain, spot);
        const painAt = (settlement: number): number =>
          chain.contracts.reduce((sum, item) => {
            const worth = item.side === 'call' ? settlement - item.strike : item.strike - settlement;
            return sum + Math.max(worth, 0) * (item.openInterest ?? 0);
          }, 0);
        fc.pre(maxPain !== undefined);
        for (const { strike } of chain.contracts) expect(painAt(maxPain)).toBeLessThanOrEqual(painAt(strike));
      }),
    );
  });
});

describe('expected move', () => {
  it('is the mid of the straddle at the strike nearest the spot, in dollars and percent', () => {
    const chain = chainOf(
      contract('call', 570, { bid: 3.1, ask: 3.2, last: 9 }),
      contract('put', 570, { bid: 2.9, ask: 3 }),
      contract('call', 575, { bid: 1, ask: 1.1 }),
      contract('put', 575, { bid: 5, ask: 5.1 }),
    );
    expect(analyseChain(chain, 571).expectedMove).toEqual({ amount: 6.1, percent: 1.0683, method: 'straddle 570 mid' });
  });

  it('passes over a strike with one side unpriced', () => {
    const chain = chainOf(
      contract('call', 570, { bid: 3.1, ask: 3.2 }),
      contract('put', 570),
      contract('call', 575, { bid: 1, ask: 1.1 }),
      contract('put', 575, { bid: 5, ask: 5.1 }),
    );
    expect(analyseChain(chain, 571).expectedMove?.method).toBe('straddle 575 mid');
  });

  it('takes the last trade where nobody offers, and says so for each side', () => {
    const call = contract('call', 570, { bid: 0, ask: 0, last: 3 });
    const put = contract('put', 570, { bid: 2, ask: 2.2, last: 9 });
    expect(analyseChain(chainOf(call, put), 570).expectedMove).toMatchObject({
      amount: 5.1,
      method: 'straddle 570 call last, put mid',
    });
    const lastOnly = analyseChain(chainOf(call, contract('put', 570, { last: 2.5 })), 570).expectedMove;
    expect(lastOnly).toMatchObject({ amount: 5.5, method: 'straddle 570 last' });
  });

  it('counts a bid of 0 under a real offer as quoted', () => {
    const chain = chainOf(contract('call', 570, { bid: 0, ask: 0.1 }), contract('put', 570, { bid: 1, ask: 1.1 }));
    expect(analyseChain(chain, 570).expectedMove?.amount).toBe(1.1);
  });

  it('is absent where no strike has both sides priced', () => {
    const chain = chainOf(contract('call', 570, { bid: 1, ask: 2 }), contract('put', 575, { bid: 1, ask: 2 }));
    expect(analyseChain(chain, 571)).not.toHaveProperty('expectedMove');
  });

  it('takes no mid of a crossed market: the last trade stands in for it', () => {
    const crossed = contract('call', 570, { bid: 7.85, ask: 7.7, last: 7.5 });
    const chain = chainOf(crossed, contract('put', 570, { bid: 2, ask: 2.2 }));
    expect(analyseChain(chain, 570).expectedMove).toMatchObject({
      amount: 9.6,
      method: 'straddle 570 call last, put mid',
    });
    expect(impliedSpot(chain)).toBeUndefined();
  });

  it('never mixes two roots in one straddle', () => {
    const chain = chainOf(
      contract('call', 6800, { root: 'SPX', bid: 50, ask: 52 }),
      contract('call', 6800, { root: 'SPXW', bid: 40, ask: 42 }),
      contract('put', 6800, { root: 'SPXW', bid: 30, ask: 32 }),
    );
    expect(analyseChain(chain, 6800).expectedMove?.amount).toBe(72);
  });
});

describe('several roots at one strike', () => {
  const AT_NOON = Date.UTC(2025, 10, 21, 17);
  const third = (root: string, side: Side, strike: number, figures: Partial<OptionQuote>): OptionQuote => ({
    ...contract(side, strike, { root, ...figures }),
    symbol: `${root}251121${side === 'call' ? 'C' : 'P'}${String(strike * 1000).padStart(8, '0')}`,
    underlying: 'SPX',
    expiration: '2025-11-21',
  });
  const settled = [
    third('SPX', 'call', 6600, { bid: 0, ask: 0, last: 61.3, openInterest: 9000 }),
    third('SPX', 'put', 6600, { bid: 0, ask: 0, last: 58.7, openInterest: 9000 }),
    third('SPX', 'call', 6700, { bid: 0, ask: 0, last: 2, openInterest: 90_000 }),
  ];
  const live = [
    third('SPXW', 'call', 6600, { bid: 9.9, ask: 10.1, openInterest: 40 }),
    third('SPXW', 'put', 6600, { bid: 9.4, ask: 9.6, openInterest: 30 }),
  ];
  const chain = (contracts: OptionQuote[]): OptionChain => ({ underlying: 'SPX', expiration: '2025-11-21', contracts });

  it('are figured without those that settled at the open, whatever comes first, and it is told how many', () => {
    for (const contracts of [[...settled, ...live], [...live, ...settled], [...live, ...settled].reverse()]) {
      const { data, settled: told } = dataOf(chain(contracts), 6600, AT_NOON, { side: 'both', strikes: 'all' });
      expect(data.analytics).toEqual({
        callWalls: [{ strike: 6600, openInterest: 40 }],
        putWalls: [{ strike: 6600, openInterest: 30 }],
        maxPain: 6600,
        expectedMove: { amount: 19.5, percent: 0.2955, method: 'straddle 6600 mid' },
        putCallOpenInterest: 0.75,
      });
      expect(data.contracts).toHaveLength(2);
      expect([...told]).toEqual([['SPX', 3]]);
    }
  });

  it('prefer the quoted root to the one that only has last trades, and of two quoted ones the one that lives longer', () => {
    for (const contracts of [
      [...settled, ...live],
      [...live, ...settled],
    ])
      expect(analyseChain(chain(contracts), 6600).expectedMove).toMatchObject({ amount: 19.5 });
    const both = [
      third('SPX', 'call', 6600, { bid: 30, ask: 30 }),
      third('SPX', 'put', 6600, { bid: 30, ask: 30 }),
      ...live,
    ];
    for (const contracts of [both, both.toReversed()])
      expect(analyseChain(chain(contracts), 6600).expectedMove).toMatchObject({ amount: 19.5 });
  });
});

describe('a chain of a hundred thousand strikes', () => {
  it('has its max pain and expected move in linear time', () => {
    const contracts = Array.from({ length: 150_000 }, (_, index) => (index + 1) / 100).flatMap((strike, index) => [
      contract('call', strike, { openInterest: index % 97, bid: 1, ask: 1.1 }),
      contract('put', strike, { openInterest: index % 89, bid: 1, ask: 1.1 }),
    ]);
    const chain: OptionChain = { underlying: 'SPY', expiration: EXPIRATION, contracts };
    const startedMs = process.cpuUsage().user;
    const { maxPain, expectedMove } = analyseChain(chain, 750);
    // Quadratic, it would take minutes.
    expect((process.cpuUsage().user - startedMs) / 1_000).toBeLessThan(10_000);
    expect(maxPain).toBeGreaterThan(0);
    expect(expectedMove?.method).toBe('straddle 750 mid');
  });
});

describe('put/call ratios', () => {
  it('divide the sums of the whole expiration', () => {
    const chain = chainOf(
      contract('call', 560, { openInterest: 100, volume: 30 }),
      contract('call', 580, { openInterest: 200 }),
      contract('put', 560, { openInterest: 100, volume: 40 }),
    );
    expect(analyseChain(chain, 570)).toMatchObject({ putCallOpenInterest: 0.3333, putCallVolume: 1.3333 });
  });

  it('are absent where the calls sum to 0 or a side is unknown', () => {
    const chain = chainOf(
      contract('call', 580, { openInterest: 0 }),
      contract('put', 560, { openInterest: 100, volume: 40 }),
    );
    expect(analyseChain(chain, 570)).not.toHaveProperty('putCallOpenInterest');
    expect(analyseChain(chain, 570)).not.toHaveProperty('putCallVolume');
    const onlyCalls = chainOf(contract('call', 580, { openInterest: 5 }), contract('put', 560));
    expect(analyseChain(onlyCalls, 570)).not.toHaveProperty('putCallOpenInterest');
  });
});

describe('selectStrikes', () => {
  it('takes N below and N above, and keeps a strike at the spot', () => {
    expect(selectStrikes(ladder(550, 590, 5), 572, 2)).toEqual([565, 570, 575, 580]);
    expect(selectStrikes(ladder(550, 590, 5), 570, 2)).toEqual([560, 565, 570, 575, 580]);
    expect(selectStrikes(ladder(550, 590, 5), 570, 0)).toEqual([570]);
  });

  it('takes what there is at the edge of the ladder, and all for "all"', () => {
    expect(selectStrikes(ladder(550, 560, 5), 500, 2)).toEqual([550, 555]);
    expect(selectStrikes(ladder(550, 560, 5), 600, 10)).toEqual([550, 555, 560]);
    expect(selectStrikes(ladder(550, 560, 5), 552, 'all')).toEqual([550, 555, 560]);
  });

  it('gives the same strikes for calls and puts, also where a strike has one side only', () => {
    const chain = chainOf(contract('call', 565), contract('put', 570), contract('call', 575));
    expect(selectStrikes(chain, 571, 10)).toEqual([565, 570, 575]);
  });
});

describe('toChainData', () => {
  const quoted = chainOf(
    contract('put', 570, { bid: 2.9, ask: 3, openInterest: 10, iv: 0.2, delta: -0.48, theta: -0.2 }),
    contract('call', 570, { bid: 3.1, ask: 3.2, openInterest: 20 }),
    contract('put', 500, { openInterest: 9999 }),
    contract('call', 575, { bid: 1, ask: 1.1, openInterest: 30 }),
    contract('put', 575, {}),
  );

  it('orders by strike with calls before puts and carries only what is there', () => {
    const { data, leftOut } = dataOf(quoted, 571, NOW, { side: 'both', strikes: 1 });
    expect(leftOut).toBe(0);
    expect(data.contracts.map((item) => item.symbol)).toEqual([
      'SPY251107C00570000',
      'SPY251107P00570000',
      'SPY251107C00575000',
      'SPY251107P00575000',
    ]);
    expect(data.contracts[1]).toEqual({
      symbol: 'SPY251107P00570000',
      side: 'put',
      strike: 570,
      bid: 2.9,
      ask: 3,
      openInterest: 10,
      iv: 0.2,
      delta: -0.48,
      theta: -0.2,
    });
    expect(Object.keys(data.contracts[3] ?? {})).toEqual(['symbol', 'side', 'strike']);
  });

  it('analyses the whole expiration whatever is shown', () => {
    const narrow = dataOf(quoted, 571, NOW, { side: 'call', strikes: 1 }).data;
    const wide = dataOf(quoted, 571, NOW, { side: 'both', strikes: 'all' }).data;
    expect(narrow.contracts.every((item) => item.side === 'call')).toBe(true);
    expect(narrow.analytics).toEqual(wide.analytics);
    expect(narrow.analytics.putWalls[0]).toEqual({ strike: 500, openInterest: 9999 });
  });

  it('counts and leaves out other sizes and adjusted roots, in the contracts and in the analytics', () => {
    const odd = [
      contract('call', 580, { multiplier: 10, openInterest: 1e6 }),
      contract('call', 580, { root: 'SPY1', openInterest: 1e6, bid: 1, ask: 2 }),
    ];
    const { data, leftOut } = dataOf(chainOf(...quoted.contracts, ...odd), 571, NOW, {
      side: 'both',
      strikes: 'all',
    });
    expect(leftOut).toBe(2);
    expect(data).toEqual(dataOf(quoted, 571, NOW, { side: 'both', strikes: 'all' }).data);
  });

  it('counts days from the exchange date, which near midnight is not the date in UTC', () => {
    const lateEvening = Date.UTC(2025, 10, 4, 3);
    expect(dataOf(quoted, 571, NOW, { side: 'both', strikes: 1 }).data.dte).toBe(4);
    expect(dataOf(quoted, 571, lateEvening, { side: 'both', strikes: 1 }).data.dte).toBe(4);
  });

  it('says when the greeks were computed only where the provider does', () => {
    const dated = { ...quoted, greeksAsOf: Date.UTC(2025, 9, 31, 20, 0, 2) };
    expect(dataOf(dated, 571, NOW, { side: 'both', strikes: 1 }).data.greeksAsOf).toBe('2025-10-31T16:00:02-04:00');
    expect(dataOf(quoted, 571, NOW, { side: 'both', strikes: 1 }).data).not.toHaveProperty('greeksAsOf');
  });

  it('does not reorder or change the chain that it is given', () => {
    const before = structuredClone(quoted);
    dataOf(quoted, 571, NOW, { side: 'both', strikes: 'all' });
    expect(quoted).toEqual(before);
  });
});
