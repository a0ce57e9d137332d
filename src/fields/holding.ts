// What a holder asks of shares and contracts that a table has no figure of: their expressions, by what was paid for how
// many. Hides the arithmetic; quantities.md has the definitions.

const PERCENT_A_YEAR = 100 * 365;

/** Shares at what one of them cost, the last price where none is named. */
interface Purchase {
  shares: number;
  price?: number | undefined;
}

/** A price that is a percentage above another, or below it. */
export const scaled = (price: number, percent: number): number => Number((price * (1 + percent / 100)).toFixed(4));

/** What one share of several purchases cost. */
export function costOfAll(purchases: readonly Purchase[]): { shares: number; average: string; known?: number } {
  const shares = purchases.reduce((sum, each) => sum + each.shares, 0);
  const paid = purchases.map((each) => `${String(each.shares)} * ${String(each.price ?? 'last')}`).join(' + ');
  const isKnown = purchases.every(({ price }) => price !== undefined);
  const total = purchases.reduce((sum, each) => sum + each.shares * (each.price ?? 0), 0);
  return {
    shares,
    average: `(${paid}) / ${String(shares)} as averageCost`,
    ...(isKnown ? { known: Number((total / shares).toFixed(4)) } : {}),
  };
}

/** The same dollars on each day of a range that fulfills a condition. */
export function ofRepeated(amount: number, day: string, price: 'open' | 'close'): string[] {
  const [one, count] = [`sum(when(1 / ${price}, ${day}))`, `count(${day})`];
  return [
    `${count} as purchases`,
    `${count} * ${String(amount)} as paidIn`,
    `${String(amount)} * ${one} as sharesBought`,
    `${count} / ${one} as averageCost`,
    `${String(amount)} * ${one} * now(last) as value`,
    `pct(${one} * now(last), ${count}) as returnPercent`,
  ];
}

/** Shares of the start of a range after its splits. */
export const afterSplits = (shares: number): string[] => [
  `${String(shares)} * sharesOfOne as sharesNow`,
  'now(last)',
  `${String(shares)} * sharesOfOne * now(last) as value`,
];

/** Shares at the mean of the day's high and low, as gifts and estates are valued. */
export const atMeanOfDay = (shares: number): string[] => [
  ...['high', 'low', '(high + low) / 2 as averageOfHighAndLow'],
  `${String(shares)} * (high + low) / 2 as value`,
];

/** A call sold against shares, and what both bring if it is exercised. */
export const ifCalled = (shares: number, paid: string): string[] => [
  'bid',
  `bid * ${String(shares)} as premium`,
  ...whenCalled(shares, paid),
];

/** The same of shares at their cost, with the price at which neither makes nor loses. */
export const ofCovered = (shares: number, cost: string): string[] => [
  'bid',
  `${cost} - bid as breakEvenOfShares`,
  ...whenCalled(shares, cost),
];

const whenCalled = (shares: number, paid: string): string[] => [
  `(strike - ${paid} + bid) * ${String(shares)} as profitIfCalled`,
  `pct(strike + bid, ${paid}) as returnIfCalled`,
];

/** Shares and contracts together: `size` contracts times a hundred. */
export function ofBoth(
  stock: { shares: number; cost: number },
  option: { size: number; price: number; isShort: boolean },
) {
  const own = `(spot - ${String(stock.cost)}) * ${String(stock.shares)}`;
  const [left, right] = option.isShort ? [String(option.price), 'mid'] : ['mid', String(option.price)];
  const other = `(${left} - ${right}) * ${String(option.size)}`;
  return ['mid', `${own} as profitOfShares`, `${other} as profitOfContracts`, `${own} + ${other} as profit`];
}

/** The premium at which a contract has gained a percentage of what was paid, or kept it of what was received. */
export function atExit(price: number, percent: number, isShort: boolean): string[] {
  const exit = String(scaled(price, isShort ? -percent : percent));
  return [`${exit} as exitPrice`, 'bid', 'ask', 'mid', `pct(${exit}, mid) as exitVsMid`];
}

/** A put that was sold, of the cash that secures it. */
export const onCash = (price: number, size: number): string[] => [
  `${String(Number((price * size).toFixed(2)))} as premiumReceived`,
  `strike * ${String(size)} as cashSecured`,
  `${String(price)} / strike * 100 as percentOfCash`,
  `${String(price)} / strike * ${String(PERCENT_A_YEAR)} / dte as percentOfCashAYear`,
];
