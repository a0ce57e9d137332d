// Whether a figure follows from figures that are supported: a difference, a sum, a percentage, a ratio, so many times a
// price. What its words name decides the operation; else only few figures take part, so that nothing fits by chance.
import { digitsOf, type Figure } from './figures.ts';

export interface Operand {
  value: number;
  nature: 'price' | 'count' | 'percent';
  /** Characters between it and the figure, more over the end of a sentence. */
  distance: number;
  /** It stands in the text, before the figure or behind it. */
  place?: 'before' | 'behind';
  isStrike?: true;
  /** The price now. */
  isPrice?: true;
  /** To be spent, as the question says. */
  isMoney?: true;
  /** What the question or the text counts: shares, contracts, days. */
  isAmount?: true;
}

/** What the words beside a figure say of its arithmetic. */
export interface Around {
  /** "24 % of the width", "or 0.5 %". */
  isShare: boolean;
  /** "42 % of the way up its range". */
  isPosition: boolean;
  /** A break-even lies the premium above a call's strike, below a put's. */
  evenBy?: 1 | -1;
  /** "above", "below". */
  direction?: 1 | -1;
  /** A move up is measured from the lower of two figures, one down from the higher. */
  grows?: 1 | -1;
  /** A break-even is a strike and a premium, and no price of the stock. */
  isEven: boolean;
  /** "2.1 % of the price". */
  isPriceShare: boolean;
  /** "2 % away": of the price and what is named beside it. */
  isDistance: boolean;
  /** Contracts or shares: no money is made of them. */
  isCount: boolean;
  /** Said of a part that is gone: "below", "given back". */
  isLoss: boolean;
  /** "A third of". */
  isPart: boolean;
  isSum: boolean;
  /** Two figures may be added, or their mean be meant. */
  isAdded: boolean;
  isMeanOf: boolean;
  isMean: boolean;
  /** "Doubled SPY": another symbol stands behind. */
  beats: boolean;
  /** What "2 % above" is said to be above. */
  anchor?: number | undefined;
  /** Of one contract. */
  isContract: boolean;
  /** Contracts are spoken of, of a hundred shares each. */
  hasLots: boolean;
  /** "OTM": in percent of the price, not of what it is compared with. */
  isOfPrice: boolean;
  isYearly: boolean;
}

/** Shares of a contract. */
const LOT = 100;
/** Digits with which a figure hardly fits by chance. */
const TELLING_DIGITS = 3;
const FEW = 4;
const SOME = 6;
const MANY = 9;
const LONGEST_RUN = 14;

type Fits = (value: number) => boolean;

/** The value that figures make which stands behind `figure`; undefined where none do. */
export function derive(
  figure: Figure,
  operands: readonly Operand[],
  [low, high]: readonly [number, number],
  around: Around,
): number | undefined {
  let found: number | undefined;
  const fits: Fits = (value) => {
    if (!(Math.abs(value) >= low && Math.abs(value) <= high)) return false;
    found = value;
    return true;
  };
  const sorted = operands.toSorted((a, b) => a.distance - b.distance);
  return isMade(figure, sorted, around, fits) ? found : undefined;
}

function isMade(figure: Figure, sorted: readonly Operand[], around: Around, fits: Fits): boolean {
  const plain = sorted.filter(({ isAmount }) => isAmount !== true);
  if (figure.isRatio === true) return isRatioOf(sorted, figure, around, fits);
  if (around.isPosition && figure.unit === 'percent' && isPositionOf(plain, fits)) return true;
  if ((around.isSum || around.isMean) && isOfRun(plain, figure, around, fits)) return true;
  if (around.anchor !== undefined) return isFromAnchor(plain, figure, around.anchor, around.direction, fits);
  return figure.unit === 'percent' ? isPercentOf(sorted, around, fits) : isAmountOf(sorted, figure, around, fits);
}

/** So many of the written ones and of the others, strikes and the price among them. */
function nearest(sorted: readonly Operand[], nature: readonly Operand['nature'][], most: number): Operand[] {
  const all = sorted.filter((each) => nature.includes(each.nature) && each.isAmount !== true);
  const within = (some: readonly Operand[]): number =>
    [...new Set(some.map(({ distance }) => distance))][most - 1] ?? Infinity;
  const last = within(all.filter(({ place, isStrike }) => place !== undefined && isStrike !== true));
  const lastNamed = within(all.filter(({ place }) => place === undefined));
  return all.filter(
    ({ distance, place, isStrike, isPrice }) =>
      distance <= (place === undefined ? lastNamed : last) || isStrike === true || isPrice === true,
  );
}

/** From the anchor to the price or to another figure of the text. */
function isFromAnchor(
  plain: readonly Operand[],
  figure: Figure,
  anchor: number,
  direction: Around['direction'],
  fits: Fits,
): boolean {
  const written = nearest(plain, ['price', 'count'], FEW).filter((each) => each.place !== undefined);
  return [...plain.filter(({ isPrice }) => isPrice === true), ...written].some(({ value }) => {
    const gap = value - anchor;
    if (direction !== undefined && gap !== 0 && gap > 0 !== direction > 0) return false;
    return fits(figure.unit === 'percent' ? (gap / anchor) * 100 : gap);
  });
}

/** How many times one figure is another, or by which part it differs: of the nearest of one nature. */
function isRatioOf(
  all1: readonly Operand[],
  figure: Figure,
  { grows, isLoss, isPart, isPosition, beats }: Around,
  fits: Fits,
): boolean {
  const sorted = all1.filter(({ isAmount, value }) => isAmount !== true || value !== 1);
  if (isPosition && figure.magnitude < 1 && isPositionOf(sorted, (value) => fits(value / 100))) return true;
  const isVerb = /^(?:doubl|tripl|quadrupl|halv)\w*(?:d|s|ing)$/i.test(figure.text);
  const [share] = sorted.filter(({ nature, place }) => nature === 'percent' && place !== undefined);
  if (share !== undefined && share.distance < 60)
    if (fits(1 + share.value / 100) || (!isVerb && fits(share.value / 100))) return true;
  return (['percent', 'count', 'price'] as const).some((nature) => {
    const all = sorted.filter((each) => each.nature === nature && (each.isStrike !== true || each.isAmount === true));
    const spoken = all.filter(({ place, isAmount }) => place !== undefined || isAmount === true);
    const last = [...new Set(spoken.map(({ distance }) => distance))][SOME - 1] ?? Infinity;
    const written = spoken.filter(({ distance }) => distance <= last);
    const named = nature === 'price' ? all.filter(({ isPrice }) => isPrice === true) : all.slice(0, 2);
    const few = [...new Set([...written, ...named])];
    // "Twice the 43,173": what stands behind is the measure.
    const behind = few.filter(({ place, distance }) => place === 'behind' && distance < 60);
    return few.some((a) =>
      few.some((b) => {
        if (a === b || b.value === 0 || (behind.length === 1 && behind[0] !== b && (isPart || figure.magnitude >= 1)))
          return false;
        if (isVerb && nature === 'price' && a.isPrice !== true && !beats) return false;
        if (figure.magnitude < 1 && !isPart && nature === 'price')
          return (
            ((grows === undefined || a.value > b.value === grows > 0) && fits((a.value - b.value) / b.value)) ||
            (!isLoss && fits(a.value / b.value))
          );
        return fits(a.value / b.value);
      }),
    );
  });
}

/** Where a price is between two others. */
function isPositionOf(plain: readonly Operand[], fits: Fits): boolean {
  const prices = nearest(plain, ['price'], FEW);
  return prices.some((price) =>
    prices.some((low) =>
      prices.some(
        (high) =>
          low.value < price.value &&
          price.value < high.value &&
          fits(((price.value - low.value) / (high.value - low.value)) * 100),
      ),
    ),
  );
}

/** The sum or the mean of the figures that stand before it. */
function isOfRun(plain: readonly Operand[], figure: Figure, { isMean }: Around, fits: Fits): boolean {
  const written = plain.filter(({ place, isStrike }) => place !== undefined && isStrike !== true);
  const percents = written.filter(({ nature }) => nature === 'percent');
  const before =
    figure.unit === 'percent' && percents.length > 1 ? percents : written.filter(({ nature }) => nature !== 'percent');
  // Beside each there may stand what it is of: "650: 25,780".
  const runs = [before, before.filter((_each, at) => at % 2 === 0), before.filter((_each, at) => at % 2 === 1)];
  const isMadeFrom = (run: readonly Operand[], most: number): boolean => {
    let sum = 0;
    return run.slice(0, most).some(({ value }, at) => {
      sum += value;
      return at > 0 && (fits(sum) || (isMean && fits(sum / (at + 1))));
    });
  };
  return runs.some((run) => isMadeFrom(run, LONGEST_RUN) || run.some((_each, at) => isMadeFrom(run.slice(at), FEW)));
}

/** A percentage: a move to or from the price, between two figures, a share, a difference of two percentages. */
function isPercentOf(sorted: readonly Operand[], around: Around, fits: Fits): boolean {
  const { direction, grows, isOfPrice, isShare, isYearly } = around;
  const amounts = sorted.filter(({ isAmount }) => isAmount === true);
  const prices = nearest(sorted, ['price'], around.isDistance ? FEW - 1 : SOME);
  const price = prices.find(({ isPrice }) => isPrice === true);
  const move = (from: number, to: number): number =>
    from === 0 || (grows !== undefined && to > from !== grows > 0) ? NaN : ((to - from) / from) * 100;
  if (around.isPriceShare && price !== undefined)
    return sorted.some(
      ({ value, nature, isAmount }) => nature === 'price' && isAmount !== true && fits((value / price.value) * 100),
    );
  // "13 % above where it trades": the price is what lies below.
  if (price !== undefined)
    for (const { value } of prices) {
      if (isOfPrice ? direction === undefined || value > price.value === direction < 0 : direction === undefined)
        if (fits(move(price.value, value))) return true;
      if (!isOfPrice && (direction === undefined || price.value > value === direction > 0))
        if (fits(move(value, price.value))) return true;
    }
  if (prices.some(({ value }) => Math.abs(value) < 1 && fits((1 - Math.abs(value)) * 100))) return true;
  const written = nearest(
    sorted.filter(({ place, isStrike }) => place !== undefined || isStrike === true),
    ['price', 'count'],
    SOME,
  );
  if (!isOfPrice)
    for (const [at, a] of written.entries())
      for (const b of written.slice(at + 1, at + 4)) {
        if (a.nature !== b.nature) continue;
        for (const value of [move(a.value, b.value), move(b.value, a.value)])
          if ((direction === undefined || value > 0 === direction > 0) && fits(value)) return true;
      }
  const percents = nearest(sorted, ['percent'], SOME);
  if (isShare) {
    const parts = [...written.slice(0, MANY), ...prices.slice(0, SOME)];
    for (const a of parts)
      for (const b of parts)
        if (a !== b && b.value !== 0 && a.value !== b.value && !isOfWrongEnd(a, b, parts, grows))
          if (fits((a.value / b.value) * 100)) return true;
  }
  return percents.some(
    (a, at) =>
      percents.slice(at + 1).some((b) => fits(a.value - b.value)) ||
      fits(100 - a.value) ||
      (isYearly && amounts.some(({ value }) => value >= 1 && fits((a.value * 365) / value))),
  );
}

/** "79 cents less, or 72 %" of the lower of the two that are 79 cents apart. */
function isOfWrongEnd(a: Operand, b: Operand, parts: readonly Operand[], grows: 1 | -1 | undefined): boolean {
  if (grows === undefined) return false;
  const has = (value: number): boolean => parts.some((each) => Math.abs(each.value - value) < 0.006);
  const gap = Math.abs(a.value) * grows;
  return has(b.value - gap) && !has(b.value + gap);
}

/** A price, an amount of money or a count: of the nearest figures. */
function isAmountOf(sorted: readonly Operand[], figure: Figure, around: Around, fits: Fits): boolean {
  const digits = digitsOf(figure);
  if (around.isEven) return isEven(sorted, around, fits);
  if (around.isContract && figure.unit !== 'bare') return isPerContract(sorted, fits);
  const most = digits < 2 ? 3 : digits < TELLING_DIGITS ? SOME : MANY;
  const amounts = sorted.flatMap(({ isAmount, value }) => (isAmount === true && value !== 1 ? [value] : []));
  // One digit fits too much: only of what stands beside it, and the price.
  const near =
    digits < 2
      ? sorted.filter(
          ({ place, isPrice, isStrike, distance }) =>
            place !== undefined || isPrice === true || isStrike === true || distance < 60,
        )
      : sorted;
  const plain = nearest(near, ['price', 'count'], most);
  if (sorted.some((each) => each.isMoney === true && isBought(each.value, plain, figure, fits))) return true;
  const percents = nearest(near, ['percent'], SOME);
  for (const [at, a] of plain.entries()) {
    if (
      !around.isCount &&
      a.isMoney !== true &&
      !amounts.includes(a.value) &&
      isMultiple(a.value, amounts, around, fits)
    )
      return true;
    if (percents.some(({ value }) => fitsShare(a.value, value, fits))) return true;
    for (const b of plain.slice(at + 1)) {
      if (a.nature !== b.nature) continue;
      if (makes(a, b, around, fits) || makes(b, a, around, fits)) return true;
      if (around.isCount) continue;
      if (isMultiple(a.value - b.value, amounts, around, fits) || isMultiple(a.value + b.value, amounts, around, fits))
        return true;
      if (
        figure.unit === 'bare' &&
        digits >= 2 &&
        a.isMoney !== true &&
        b.isMoney !== true &&
        (fits(a.value / b.value) || fits(b.value / a.value))
      )
        return true;
    }
  }
  return percents.some((a, at) =>
    percents
      .slice(at + 1)
      .some(
        (b) =>
          fits(a.value - b.value) || (figure.unit === 'bare' && (fits(a.value / b.value) || fits(b.value / a.value))),
      ),
  );
}

/** A hundred times what a share of it costs, or a hundred times a difference or sum of two such prices. */
function isPerContract(sorted: readonly Operand[], fits: Fits): boolean {
  const prices = sorted.filter(({ nature, isAmount }) => nature === 'price' && isAmount !== true).slice(0, LONGEST_RUN);
  return prices.some(
    (a) =>
      fits(a.value * LOT) ||
      prices.some(
        (b) =>
          fits((a.value - b.value) * LOT) || fits((a.value + b.value) * LOT) || fits(((a.value + b.value) / 2) * LOT),
      ),
  );
}

/** What so much money buys in whole shares, what they cost and what is left. */
function isBought(money: number, plain: readonly Operand[], figure: Figure, fits: Fits): boolean {
  return plain.some(({ value, nature, isMoney }) => {
    const count = Math.floor(money / value);
    if (nature !== 'price' || isMoney === true || value < 1 || count < 1) return false;
    return (
      (figure.approximate === 'about' && fits(money / value)) ||
      fits(count) ||
      fits(count * value) ||
      fits(money - count * value)
    );
  });
}

/** A strike and a premium. */
function isEven(sorted: readonly Operand[], { evenBy }: Around, fits: Fits): boolean {
  const strikes = sorted.filter(({ isStrike }) => isStrike === true);
  const [first] = strikes;
  const premiums = sorted.filter(
    ({ nature, isStrike, isPrice, value }) =>
      nature === 'price' && isStrike !== true && isPrice !== true && value < (first?.value ?? 0) / 2,
  );

  return strikes.some(({ value: strike }) =>
    premiums.some(({ value }) => (evenBy !== -1 && fits(strike + value)) || (evenBy !== 1 && fits(strike - value))),
  );
}

function isMultiple(value: number, amounts: readonly number[], { hasLots }: Around, fits: Fits): boolean {
  if (hasLots && fits(value * LOT)) return true;
  return amounts.some(
    (amount) =>
      fits(amount * value) ||
      fits(amount * value * LOT) ||
      (amount > LOT && fits((amount / LOT) * value)) ||
      (amount !== 0 && fits(value / amount)),
  );
}

/** From `a` and `b`, in this order. */
function makes(a: Operand, b: Operand, { direction, evenBy, isAdded, isMeanOf }: Around, fits: Fits): boolean {
  // "2.45 above the strike" is said of the price.
  if (direction !== undefined && b.isPrice === true && a.isPrice !== true) return false;
  const isAgainst = direction !== undefined && a.isPrice === true && a.value - b.value > 0 !== direction > 0;
  return (
    (!isAgainst && evenBy !== 1 && fits(a.value - b.value)) ||
    (evenBy !== -1 && isAdded && fits(a.value + b.value)) ||
    (isMeanOf && fits((a.value + b.value) / 2))
  );
}

/** So many percent of a price, and the price moved by them. */
function fitsShare(price: number, percent: number, fits: Fits): boolean {
  const part = (price * percent) / 100;
  return fits(part) || fits(price + part) || (percent > 0 && fits(price - part));
}
