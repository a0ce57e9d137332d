// Whether a figure follows from figures that are supported: a difference, a sum, a percentage, a ratio, so many times a
// price. Only from few of them, those beside it, so that nothing fits by chance.
import type { Figure } from './figures.ts';

export interface Operand {
  value: number;
  unit: 'usd' | 'percent' | 'bare';
  /** Characters between it and the figure; a price that stands in no text is as far as the end of a sentence. */
  distance: number;
  /** It stands in the text; with its sign. */
  isWritten?: true;
  signed?: number;
  /** What the question or the text counts: shares, contracts. */
  isAmount?: true;
}

/** So many of the nearest take part; of a figure that says little, fewer. */
const MAX_OPERANDS = 12;
const MAX_OF_COARSE = 6;
/** Digits without which a figure fits too much. */
const TELLING_DIGITS = 3;
/** Shares of a contract. */
const LOT = 100;

/** What the words beside a figure allow. */
export interface Around {
  /** "24 % of the width". */
  isShare: boolean;
  /** "42 % of the way up its range". */
  isPosition: boolean;
}

export function isDerived(
  figure: Figure,
  operands: readonly Operand[],
  [low, high]: readonly [number, number],
  around: Around,
): boolean {
  const digits = figure.text.replace(/^\D*0*|\D/g, '').length;
  const isCoarse = digits < TELLING_DIGITS || figure.unit === 'percent' || figure.isRatio === true;
  const sorted = operands.toSorted((a, b) => a.distance - b.distance);
  const most = isCoarse ? MAX_OF_COARSE : MAX_OPERANDS;
  const counted = sorted.filter((each) => each.isAmount !== true);
  const plain = [
    ...counted.filter(({ unit }) => unit !== 'percent').slice(0, most),
    ...counted.filter(({ unit }) => unit === 'percent').slice(0, most),
  ];
  const amounts = sorted.flatMap((each) => (each.isAmount === true && each.value !== 1 ? [each.value] : []));
  const fits = (value: number): boolean => Math.abs(value) >= low && Math.abs(value) <= high;
  if (isOfRun(sorted, figure, fits)) return true;
  if (around.isPosition && figure.unit === 'percent' && isPosition(sorted, fits)) return true;
  for (const [at, a] of plain.entries()) {
    if (figure.isRatio === true && a.unit === 'percent' && fits(a.value / 100)) return true;
    if (figure.unit === 'percent' && a.unit === 'bare' && Math.abs(a.value) < 1 && fits((1 - Math.abs(a.value)) * 100)) return true;
    if (figure.unit !== 'percent' && a.unit !== 'percent' && isMultiple(a.value, amounts, fits)) return true;
    for (const b of plain.slice(at + 1)) {
      if (makes(figure, a, b, fits, around) || makes(figure, b, a, fits, around)) return true;
      if (a.unit === 'percent' || b.unit === 'percent' || figure.unit === 'percent') continue;
      if (isMultiple(a.value - b.value, amounts, fits) || isMultiple(a.value + b.value, amounts, fits)) return true;
    }
  }
  return false;
}

/** Where a price is between two others. */
function isPosition(operands: readonly Operand[], fits: (value: number) => boolean): boolean {
  const prices = operands.filter(({ unit, isAmount }) => unit !== 'percent' && isAmount !== true).slice(0, 6);
  return prices.some((price) =>
    prices.some((low) =>
      prices.some((high) => low.value < price.value && price.value < high.value && fits(((price.value - low.value) / (high.value - low.value)) * 100)),
    ),
  );
}

/** The sum or the mean of the figures that stand before it. */
function isOfRun(operands: readonly Operand[], figure: Figure, fits: (value: number) => boolean): boolean {
  let sum = 0;
  const listed = operands.filter(({ isAmount, unit, isWritten }) => isAmount !== true && isWritten === true && (unit === 'percent') === (figure.unit === 'percent'));
  return listed.slice(0, MAX_OPERANDS).some(({ signed }, at) => {
    sum += signed ?? 0;
    return at > 0 && (fits(sum) || fits(sum / (at + 1)));
  });
}

function isMultiple(value: number, amounts: readonly number[], fits: (value: number) => boolean): boolean {
  if (fits(value * LOT)) return true;
  return amounts.some((amount) => fits(amount * value) || fits(amount * value * LOT) || (amount !== 0 && fits(value / amount)));
}

/** From `a` and `b`, in this order. */
function makes(
  figure: Figure,
  a: Operand,
  b: Operand,
  fits: (value: number) => boolean,
  { isShare }: Around,
): boolean {
  if (a.unit === 'percent' && b.unit === 'percent')
    return figure.isRatio === true
      ? b.value !== 0 && fits(a.value / b.value)
      : fits(a.value - b.value) || (figure.unit === 'bare' && b.value !== 0 && fits(a.value / b.value));
  // A year's share of so many days.
  if (figure.unit === 'percent' && a.unit === 'percent' && b.value >= 1) return fits((a.value * 365) / b.value);
  if (a.unit === 'percent') return figure.unit !== 'percent' && fitsShare(b.value, a.value, fits);
  if (b.unit === 'percent') return false;
  if (figure.unit === 'percent')
    return b.value !== 0 && (fits(((a.value - b.value) / b.value) * 100) || (isShare && fits((a.value / b.value) * 100)));
  if (figure.isRatio === true)
    return b.value !== 0 && (fits(a.value / b.value) || (figure.magnitude < 1 && fits((a.value - b.value) / b.value)));
  return (
    fits(a.value - b.value) ||
    fits(a.value + b.value) ||
    fits((a.value + b.value) / 2) ||
    (figure.unit === 'bare' && b.value !== 0 && fits(a.value / b.value))
  );
}

/** So many percent of a price, and the price moved by them. */
function fitsShare(price: number, percent: number, fits: (value: number) => boolean): boolean {
  const part = (price * percent) / 100;
  return fits(part) || fits(price + part) || fits(price - part);
}
