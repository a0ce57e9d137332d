// Whether a figure follows from figures that are supported: a difference, a sum, a share, so many times a price. Tries
// the pairs of the nearest; only a base, a direction or a break-even that the words name decides between them.
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
  /** What the question or the text counts: shares, contracts, days. */
  isAmount?: true;
}

/** What the words beside a figure say of its arithmetic. */
export interface Around {
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
  isSum: boolean;
  isMean: boolean;
  /** What "2 % above" is said to be above. */
  anchor?: number | undefined;
  /** Contracts are spoken of, of a hundred shares each. */
  hasLots: boolean;
}

/** Shares of a contract, parts of a percentage. */
const HUNDRED = 100;
/** Figures that take part: no reader looks further. */
const MOST = 24;
/** Characters within which a figure of one digit has what it is made of. */
const BESIDE = 60;
const FEW = 4;
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
  if (around.isEven) return isEven(sorted, around, fits);
  const part = figure.isRatio === true ? 1 : HUNDRED;
  const isShare = figure.unit === 'percent' || (figure.isRatio === true && figure.magnitude < 1);
  if (around.isPosition && isShare && isPositionOf(plain, (value) => fits(value * part))) return true;
  if ((around.isSum || around.isMean) && isOfRun(plain, figure, around, fits)) return true;
  if (around.anchor !== undefined && figure.isRatio !== true)
    return isFromAnchor(plain, figure, around.anchor, around.direction, fits);
  return isOfPair(figure, sorted, around, fits);
}

/** Of one or two of the nearest figures; what is one digit long, of those right beside it. */
function isOfPair(figure: Figure, sorted: readonly Operand[], around: Around, fits: Fits): boolean {
  const isSmall = digitsOf(figure) < 2 && figure.isRatio !== true;
  const near = isSmall ? sorted.filter(({ distance }) => distance < BESIDE) : sorted;
  return near
    .slice(0, MOST)
    .some(
      (each, at) =>
        madeOf(each, figure, around).some(fits) ||
        near.slice(0, at).some((other) => madeOfTwo(each, other, figure, around).some(fits)),
    );
}

function madeOf({ value, nature, isAmount }: Operand, figure: Figure, { hasLots }: Around): number[] {
  if (isAmount === true || figure.isRatio === true) return [];
  if (nature === 'percent') return figure.unit === 'percent' ? [HUNDRED - value] : [];
  return hasLots && nature === 'price' && figure.unit !== 'percent' ? [value * HUNDRED] : [];
}

function madeOfTwo(a: Operand, b: Operand, figure: Figure, { grows, hasLots }: Around): number[] {
  if (a.value === b.value) return [];
  if (a.isAmount === true || b.isAmount === true) return madeOfAmount(a, b, figure);
  if (a.nature !== b.nature) return madeOfShare(a, b, figure);
  const [less, more] = Math.abs(a.value) < Math.abs(b.value) ? [a.value, b.value] : [b.value, a.value];
  if (figure.isRatio === true) return [more / less, less / more, (more - less) / less, (more - less) / more];
  if (figure.unit !== 'percent') {
    const sums = [more - less, more + less];
    const means = [(more + less) / 2, ...(figure.unit === 'bare' ? [more / less] : [])];
    return [...sums, ...means, ...(hasLots && a.nature === 'price' ? sums.map((sum) => sum * HUNDRED) : [])];
  }
  if (a.nature === 'percent') return [more - less, more + less];
  return [
    ...(grows === -1 ? [] : [(more - less) / less]),
    ...(grows === 1 ? [] : [(more - less) / more]),
    ...(grows === undefined ? [less / more] : []),
  ].map((share) => share * HUNDRED);
}

/** So many shares, contracts or days of it. */
function madeOfAmount(a: Operand, b: Operand, { unit, isRatio }: Figure): number[] {
  const [{ value: amount }, of] = a.isAmount === true ? [a, b] : [b, a];
  if (of.isAmount === true || of.nature === 'percent' || unit === 'percent' || isRatio === true) return [];
  return [amount * of.value, amount * of.value * HUNDRED, of.value / amount];
}

/** So many percent of a price, and the price moved by them. */
function madeOfShare(a: Operand, b: Operand, { unit, isRatio }: Figure): number[] {
  const [percent, of] = a.nature === 'percent' ? [a, b] : [b, a];
  if (percent.nature !== 'percent' || unit === 'percent' || isRatio === true) return [];
  const part = (of.value * percent.value) / HUNDRED;
  return [part, of.value + part, of.value - part];
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

/** Where a price is between two others. */
function isPositionOf(plain: readonly Operand[], fits: Fits): boolean {
  const prices = nearest(plain, ['price'], FEW);
  return prices.some((price) =>
    prices.some((low) =>
      prices.some(
        (high) =>
          low.value < price.value &&
          price.value < high.value &&
          fits((price.value - low.value) / (high.value - low.value)),
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
