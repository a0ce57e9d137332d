import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { type PayoffLeg, payoffOf, positionGreeks, profitAt } from '../../src/domain/payoff.ts';
import { probabilityOfRanges } from '../../src/domain/probabilities.ts';
import type { Side } from '../../src/domain/types.ts';

const option = (quantity: number, side: Side, strike: number, price: number): PayoffLeg => ({
  shares: quantity * 100,
  price,
  option: { side, strike },
});
const share = (shares: number, price: number): PayoffLeg => ({ shares, price });

/** The table of strategies (quantities F5) with prices in it: by hand, for one contract of 100 shares. */
const CASES: readonly {
  name: string;
  legs: readonly PayoffLeg[];
  profit: number;
  loss: number;
  breakEvens: number[];
}[] = [
  { name: 'long call', legs: [option(1, 'call', 100, 3)], profit: Infinity, loss: 300, breakEvens: [103] },
  { name: 'long put', legs: [option(1, 'put', 100, 3)], profit: 9700, loss: 300, breakEvens: [97] },
  { name: 'short put', legs: [option(-1, 'put', 100, 3)], profit: 300, loss: 9700, breakEvens: [97] },
  { name: 'short call', legs: [option(-1, 'call', 100, 3)], profit: 300, loss: Infinity, breakEvens: [103] },
  {
    name: 'covered call',
    legs: [share(100, 98), option(-1, 'call', 105, 2)],
    profit: 900,
    loss: 9600,
    breakEvens: [96],
  },
  {
    name: 'bull call debit',
    legs: [option(1, 'call', 100, 4), option(-1, 'call', 110, 1.5)],
    profit: 750,
    loss: 250,
    breakEvens: [102.5],
  },
  {
    name: 'bear put debit',
    legs: [option(1, 'put', 110, 4), option(-1, 'put', 100, 1.5)],
    profit: 750,
    loss: 250,
    breakEvens: [107.5],
  },
  {
    name: 'bull put credit',
    legs: [option(-1, 'put', 110, 4), option(1, 'put', 100, 1.5)],
    profit: 250,
    loss: 750,
    breakEvens: [107.5],
  },
  {
    name: 'bear call credit',
    legs: [option(-1, 'call', 100, 4), option(1, 'call', 110, 1.5)],
    profit: 250,
    loss: 750,
    breakEvens: [102.5],
  },
  {
    name: 'straddle',
    legs: [option(1, 'call', 100, 4), option(1, 'put', 100, 3)],
    profit: Infinity,
    loss: 700,
    breakEvens: [93, 107],
  },
  {
    name: 'short strangle',
    legs: [option(-1, 'call', 110, 2), option(-1, 'put', 90, 1)],
    profit: 300,
    loss: Infinity,
    breakEvens: [87, 113],
  },
  {
    name: 'iron condor of uneven wings',
    legs: [option(1, 'put', 80, 0.5), option(-1, 'put', 90, 2), option(-1, 'call', 110, 2), option(1, 'call', 115, 1)],
    profit: 250,
    loss: 750,
    breakEvens: [87.5, 112.5],
  },
  {
    name: 'iron butterfly',
    legs: [option(1, 'put', 90, 1), option(-1, 'put', 100, 4), option(-1, 'call', 100, 4), option(1, 'call', 110, 1)],
    profit: 600,
    loss: 400,
    breakEvens: [94, 106],
  },
  {
    name: 'butterfly',
    legs: [option(1, 'call', 90, 11), option(-2, 'call', 100, 4), option(1, 'call', 110, 1)],
    profit: 600,
    loss: 400,
    breakEvens: [94, 106],
  },
  {
    name: 'collar',
    legs: [share(100, 100), option(1, 'put', 95, 2), option(-1, 'call', 110, 1.5)],
    profit: 950,
    loss: 550,
    breakEvens: [100.5],
  },
];

const dollars = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 100, max: max * 100 }).map((cents) => cents / 100);
const legs: fc.Arbitrary<PayoffLeg[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(
          fc.integer({ min: -5, max: 5 }).filter((q) => q !== 0),
          fc.constantFrom<Side>('call', 'put'),
          dollars(1, 300),
          dollars(0, 60),
        )
        .map(([quantity, side, strike, price]) => option(quantity, side, strike, price)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.integer({ min: -500, max: 500 }).filter((q) => q !== 0),
          dollars(1, 300),
        )
        .map(([shares, price]) => share(shares, price)),
    },
  ),
  { minLength: 1, maxLength: 6 },
);
/** Dollars of float noise in a payoff: of what its legs move. */
const noiseOf = (position: readonly PayoffLeg[], price: number): number =>
  1e-9 * position.reduce((sum, leg) => sum + Math.abs(leg.shares) * (price + leg.price + (leg.option?.strike ?? 0)), 1);

describe('the payoff of one expiration', () => {
  it.each(CASES)(
    '$name: has the profit, loss and break-evens of the textbook',
    ({ legs: position, profit, loss, breakEvens }) => {
      const payoff = payoffOf(position);
      expect(payoff.maxProfit ?? Infinity).toBeCloseTo(profit, 8);
      expect(payoff.maxLoss ?? Infinity).toBeCloseTo(loss, 8);
      expect(payoff.unlimitedProfit).toBe(profit === Infinity);
      expect(payoff.unlimitedLoss).toBe(loss === Infinity);
      expect(payoff.breakEvens).toHaveLength(breakEvens.length);
      breakEvens.forEach((each, index) => expect(payoff.breakEvens[index]).toBeCloseTo(each, 9));
      expect(payoff.isExact).toBe(true);
    },
  );

  it('of 10,000 random positions: break-evens are roots, best and worst are attained and never beaten, odds are odds', () => {
    const outlook = { spot: 120, forward: 121, years: 0.2, volatility: 0.4 };
    fc.assert(
      fc.property(legs, fc.array(dollars(0, 900), { minLength: 3, maxLength: 8 }), (position, prices) => {
        const payoff = payoffOf(position);
        const { maxProfit = Infinity, maxLoss = Infinity, breakEvens, profitRanges, points, slope } = payoff;
        const isNear = (price: number, profit: number): boolean =>
          Math.abs(profitAt(position, price) - profit) <= noiseOf(position, price);
        const attained = points.map(({ profit }) => profit);
        const beaten = prices.filter((price) => {
          const profit = profitAt(position, price);
          const noise = noiseOf(position, price);
          return profit > maxProfit + noise || profit < -maxLoss - noise;
        });
        const misplaced = prices.filter((price) => {
          const profit = profitAt(position, price);
          const isInside = profitRanges.some(({ low, high }) => (price > low || low === 0) && price < high);
          return Math.abs(profit) > noiseOf(position, price) && isInside !== profit > 0;
        });
        const probability = probabilityOfRanges(outlook, profitRanges);
        expect({
          roots: breakEvens.every((root) => root > 0 && isNear(root, 0)),
          points: points.every(({ price, profit }) => isNear(price, profit)),
          best: maxProfit === Infinity ? slope > 0 : slope <= 0 && Math.max(...attained) === maxProfit,
          worst: maxLoss === Infinity ? slope < 0 : slope >= 0 && Math.min(...attained) === 0 - maxLoss,
          beaten,
          misplaced,
          odds: probability >= 0 && probability <= 1,
        }).toEqual({ roots: true, points: true, best: true, worst: true, beaten: [], misplaced: [], odds: true });
      }),
      { numRuns: 10_000 },
    );
  });

  it('knows no limit only where the legs leave a slope, however their shares add up', () => {
    const position = [0.1, 0.2, -0.3].map((shares) => share(shares, 50));
    expect(payoffOf(position)).toMatchObject({
      unlimitedProfit: false,
      unlimitedLoss: false,
      maxProfit: 0,
      maxLoss: 0,
      breakEvens: [],
      profitRanges: [],
    });
  });

  it('tells the ends of a stretch without profit or loss, and a touch', () => {
    const free = payoffOf([option(1, 'call', 100, 0)]);
    expect(free).toMatchObject({ breakEvens: [100], profitRanges: [{ low: 100, high: Infinity }], maxLoss: 0 });
    const between = payoffOf([option(1, 'call', 110, 0), option(1, 'put', 90, 0)]);
    expect(between.breakEvens).toEqual([90, 110]);
    const touched = payoffOf([option(1, 'call', 100, 5), option(1, 'put', 100, -5)]);
    expect(touched).toMatchObject({
      breakEvens: [100],
      profitRanges: [
        { low: 0, high: 100 },
        { low: 100, high: Infinity },
      ],
    });
  });

  it('of a riskless gain loses less than nothing', () => {
    const box = [
      option(1, 'call', 100, 6),
      option(-1, 'call', 110, 2),
      option(1, 'put', 110, 8),
      option(-1, 'put', 100, 3),
    ];
    expect(payoffOf(box)).toMatchObject({ breakEvens: [], profitRanges: [{ low: 0, high: Infinity }] });
    expect(payoffOf(box).maxProfit).toBeCloseTo(100, 9);
    expect(payoffOf(box).maxLoss).toBeCloseTo(-100, 9);
  });

  it('of 10,000 legs takes no time worth telling', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      option(index % 2 === 0 ? 1 : -1, index % 3 === 0 ? 'call' : 'put', 1 + index / 10, 2),
    );
    const measure = (): number => {
      const started = process.cpuUsage();
      payoffOf(many);
      return process.cpuUsage(started).user / 1_000;
    };
    expect(Math.min(...Array.from({ length: 5 }, measure))).toBeLessThan(50);
  });
});

const calendar = (side: Side, volatility = 0.3): PayoffLeg[] => [
  option(-1, side, 100, 3.43),
  {
    shares: 100,
    price: 4.85,
    option: { side, strike: 100, rest: { years: 30 / 365, volatility, rate: 0, dividendYield: 0 } },
  },
];

describe('the payoff of several expirations', () => {
  it('of a calendar is best at the strike, where the far leg is worth 0.3989 σ √T of the price', () => {
    const payoff = payoffOf(calendar('call'));
    const far = 100 * 0.398_942 * 0.3 * Math.sqrt(30 / 365);
    expect(payoff.isExact).toBe(false);
    expect(payoff.maxProfit).toBeCloseTo(100 * (far - 1.42), 0);
    expect(payoff.maxLoss).toBeCloseTo(142, 6);
    expect(payoff.breakEvens).toHaveLength(2);
    for (const root of payoff.breakEvens) expect(Math.abs(profitAt(calendar('call'), root))).toBeLessThan(1e-6);
    const puts = payoffOf(calendar('put'));
    puts.breakEvens.forEach((each, index) => expect(each).toBeCloseTo(payoff.breakEvens[index] ?? NaN, 6));
  });

  it('finds what a fine grid finds, for calendars, diagonals and what has no name', () => {
    const near = fc
      .tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom<Side>('call', 'put'), dollars(60, 140), dollars(0, 20))
      .map(([quantity, side, strike, price]) => option(quantity, side, strike, price));
    const rest = fc.record({
      years: fc.constantFrom(1 / 365, 7 / 365, 0.1, 1),
      volatility: fc.constantFrom(0.1, 0.4, 1),
      rate: fc.constantFrom(0, 0.04),
      dividendYield: fc.constantFrom(0, 0.03),
    });
    const far = fc.tuple(near, rest).map(([leg, own]): PayoffLeg => ({
      ...leg,
      option: { ...(leg.option as NonNullable<PayoffLeg['option']>), rest: own },
    }));
    fc.assert(
      fc.property(fc.array(near, { minLength: 1, maxLength: 3 }), far, (others, one) => {
        const position = [...others, one].filter(({ shares }) => shares !== 0);
        fc.pre(position.includes(one));
        const { maxProfit = Infinity, maxLoss = Infinity, breakEvens } = payoffOf(position);
        const grid = Array.from({ length: 2000 }, (_, index) => 0.2 + index / 5);
        const profits = grid.map((price) => profitAt(position, price));
        expect(Math.max(...profits)).toBeLessThanOrEqual(maxProfit + 1e-6);
        expect(Math.min(...profits)).toBeGreaterThanOrEqual(-maxLoss - 1e-6);
        const isCrossed = (index: number): boolean =>
          (profits[index - 1] ?? 0) * (profits[index] ?? 0) < 0 &&
          Math.min(Math.abs(profits[index - 1] ?? 0), Math.abs(profits[index] ?? 0)) > 1e-6;
        const crossed = grid.filter((_price, index) => isCrossed(index));
        const missed = crossed.filter(
          (price) => !breakEvens.some((root) => root > price - 0.201 && root < price + 0.001),
        );
        expect(missed).toEqual([]);
        for (const root of breakEvens) expect(Math.abs(profitAt(position, root))).toBeLessThan(1e-5);
      }),
      { numRuns: 30 },
    );
  });

  it('of a call calendar over a dividend has no unlimited loss: who holds the far call may exercise it', () => {
    const [near, far] = calendar('call') as [PayoffLeg, PayoffLeg];
    const paying: PayoffLeg = {
      ...far,
      option: { side: 'call', strike: 100, rest: { years: 0.5, volatility: 0.3, rate: 0, dividendYield: 0.05 } },
    };
    expect(payoffOf([near, paying])).toMatchObject({ unlimitedLoss: false, unlimitedProfit: false });
    expect(payoffOf([near, paying]).maxLoss).toBeCloseTo(142, 6);
  });
});

describe('greeks of a position', () => {
  it('are the sums over its shares, a share has delta 1, and what a leg does not tell is absent', () => {
    const call = { delta: 0.4, gamma: 0.02, theta: -0.05, vega: 0.1 };
    expect(
      positionGreeks([
        { shares: 100, greeks: 'share' },
        { shares: -100, greeks: call },
      ]),
    ).toEqual({ delta: 60, gamma: -2, theta: 5, vega: -10 });
    expect(
      positionGreeks([
        { shares: 100, greeks: 'share' },
        { shares: -100, greeks: { delta: 0.4 } },
      ]),
    ).toEqual({ delta: 60 });
  });
});
