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
  isStrike?: true;
  /** A whole number that is no price. */
  isCount?: true;
  /** It stands after the figure. */
  isBehind?: true;
  /** The price now. */
  isPrice?: true;
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
  isWay?: boolean;
  /** A break-even lies the premium above a call's strike, below a put's. */
  evenBy?: 1 | -1;
  /** "above", "below". */
  direction?: 1 | -1;
  /** "a third of", "half as much". */
  isPart: boolean;
  /** "Doubled SPY": another symbol stands behind. */
  beats?: boolean;
  /** What "2 % above" is said to be above. */
  anchor?: number | undefined;
  /** Contracts are spoken of, of a hundred shares each. */
  hasLots?: boolean;
  /** "OTM": in percent of the price, not of what it is compared with. */
  isOfPrice: boolean;
}

/** The value that figures make which stands behind `figure`; undefined where none do. */
export function derive(
  figure: Figure,
  operands: readonly Operand[],
  [low, high]: readonly [number, number],
  around: Around,
): number | undefined {
  let found: number | undefined;
  const fits = (value: number): boolean => {
    if (!(Math.abs(value) >= low && Math.abs(value) <= high)) return false;
    found = value;
    return true;
  };
  return isMade(figure, operands, around, fits) ? found : undefined;
}

function isMade(
  figure: Figure,
  operands: readonly Operand[],
  around: Around,
  fits: (value: number) => boolean,
): boolean {
  const digits = figure.text.replace(/^\D*0*|\D/g, '').length;
  const isCoarse = digits < TELLING_DIGITS || figure.unit === 'percent' || figure.isRatio === true;
  const sorted = operands.toSorted((a, b) => a.distance - b.distance);
  const most = isCoarse ? MAX_OF_COARSE : MAX_OPERANDS;
  const counted = sorted.filter((each) => each.isAmount !== true);
  const plain = [
    ...nearest(
      counted.filter(({ unit }) => unit !== 'percent'),
      most,
    ),
    ...nearest(
      counted.filter(({ unit }) => unit === 'percent'),
      most,
    ),
  ];
  const amounts = sorted.flatMap((each) => (each.isAmount === true && each.value !== 1 ? [each.value] : []));
  if (around.anchor !== undefined && figure.isRatio !== true)
    return isFromAnchor(counted, figure, around.anchor, around.direction, fits);
  if (figure.unit === 'percent' && figure.isRatio !== true && isMove(counted, around, fits)) return true;
  if (figure.isRatio === true) return isRatioOf(figure.magnitude < 1 ? sorted : counted, figure, around, fits);
  if (isOfRun(sorted, figure, fits)) return true;
  if (around.isPosition && figure.unit === 'percent' && isPosition(sorted, fits)) return true;
  if (around.isWay === true) return false;
  for (const [at, a] of plain.entries()) {
    if (figure.unit === 'percent' && a.unit === 'bare' && Math.abs(a.value) < 1 && fits((1 - Math.abs(a.value)) * 100))
      return true;
    if (figure.unit !== 'percent' && a.unit !== 'percent' && isMultiple(a.value, amounts, around, fits)) return true;
    for (const b of plain.slice(at + 1)) {
      if (makes(figure, a, b, fits, around) || makes(figure, b, a, fits, around)) return true;
      if (a.unit === 'percent' || b.unit === 'percent' || figure.unit === 'percent') continue;
      if (isMultiple(a.value - b.value, amounts, around, fits) || isMultiple(a.value + b.value, amounts, around, fits))
        return true;
    }
  }
  return false;
}

/** As written and as the data have it one figure counts once; strikes and the price are always near. */
function nearest(sorted: readonly Operand[], most: number): Operand[] {
  const last = [...new Set(sorted.map(({ distance }) => distance))][most - 1] ?? Infinity;
  return sorted.filter(({ distance, isStrike, isPrice }) => distance <= last || isStrike === true || isPrice === true);
}

/** The change from one figure to another in percent: of the price to what is written, or between two written ones. */
function isMove(
  operands: readonly Operand[],
  { direction, isOfPrice }: Around,
  fits: (value: number) => boolean,
): boolean {
  const written = operands
    .filter(({ unit, isWritten }) => unit !== 'percent' && isWritten === true)
    .slice(0, MAX_OF_COARSE);
  const named = operands.filter(
    ({ unit, isPrice, isWritten }) => unit !== 'percent' && isPrice !== true && isWritten !== true,
  );
  const price = operands.find(({ isPrice }) => isPrice === true);
  const suits = (from: number, to: number): boolean => {
    const move = from === 0 ? NaN : ((to - from) / from) * 100;
    return fits(move) && (direction === undefined || move > 0 === direction > 0);
  };
  if (price !== undefined) {
    const strikes = operands.filter(({ isStrike }) => isStrike === true);
    const isToward = (value: number): boolean =>
      (direction === undefined || value > price.value === direction < 0) &&
      fits(((value - price.value) / price.value) * 100);
    if (strikes.some(({ value }) => isToward(value))) return true;
    for (const { value } of [...written, ...named.slice(0, MAX_OF_COARSE)])
      if (isOfPrice ? isToward(value) : suits(value, price.value)) return true;
  }
  return written.some((a, at) =>
    written.slice(at + 1, at + 4).some((b) => suits(a.value, b.value) || suits(b.value, a.value)),
  );
}

/** From the anchor to the price or to another figure of the text. */
function isFromAnchor(
  operands: readonly Operand[],
  figure: Figure,
  anchor: number,
  direction: Around['direction'],
  fits: (value: number) => boolean,
): boolean {
  const price = operands.find(({ isPrice }) => isPrice === true);
  const written = operands
    .filter(({ unit, isWritten }) => unit !== 'percent' && isWritten === true)
    .slice(0, MAX_OF_COARSE);
  return [...(price ? [price] : []), ...written].some(({ value }) => {
    const gap = value - anchor;
    if (direction !== undefined && gap !== 0 && gap > 0 !== direction > 0) return false;
    return fits(figure.unit === 'percent' ? (gap / anchor) * 100 : gap);
  });
}

/** How many times one figure is another, or by which part it differs. */
function isRatioOf(
  operands: readonly Operand[],
  figure: Figure,
  { isPart, beats }: Around,
  fits: (value: number) => boolean,
): boolean {
  const written = operands
    .filter(({ isWritten, isStrike, isAmount }) => (isWritten === true && isStrike !== true) || isAmount === true)
    .slice(0, MAX_OPERANDS);
  const price = operands.filter(({ isPrice }) => isPrice === true).slice(0, 1);
  const isGrowth = figure.magnitude > 1 && !/[\d]|times|twice/.test(figure.text);
  if (
    operands.some(
      ({ unit, value }) => unit === 'percent' && (fits(1 + value / 100) || (!isGrowth && fits(value / 100))),
    )
  )
    return true;
  const all = [
    ...written,
    ...price,
    ...(written.length > 1 ? [] : operands.filter(({ isStrike }) => isStrike !== true).slice(0, MAX_OF_COARSE)),
  ];
  const isVerb = /^(?:doubled|tripled|quadrupled|halved)/i.test(figure.text);
  return all.some((a) =>
    all.some((b) => {
      if (a === b || b.value === 0 || natureOf(a) !== natureOf(b)) return false;
      if (isVerb && (b.isWritten !== true || (a.isPrice !== true && natureOf(a) !== 'count' && beats !== true)))
        return false;
      if (figure.magnitude < 1 && !isPart && natureOf(a) === 'price')
        return fits((a.value - b.value) / b.value) || fits(a.value / b.value);
      return fits(a.value / b.value);
    }),
  );
}

/** What can be so many times another: percentages, what is counted, prices. */
function natureOf({ unit, isAmount, isCount }: Operand): string {
  return unit === 'percent' ? unit : isAmount === true || isCount === true ? 'count' : 'price';
}

/** Where a price is between two others. */
function isPosition(operands: readonly Operand[], fits: (value: number) => boolean): boolean {
  const prices = operands.filter(({ unit, isAmount }) => unit !== 'percent' && isAmount !== true).slice(0, 6);
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
function isOfRun(operands: readonly Operand[], figure: Figure, fits: (value: number) => boolean): boolean {
  const listed = operands
    .filter(({ isAmount, isWritten, signed }) => isAmount !== true && isWritten === true && signed !== undefined)
    .slice(0, 2 * MAX_OPERANDS);
  const percents = listed.filter(({ unit }) => unit === 'percent');
  const others = listed.filter(({ unit }) => unit !== 'percent');
  // Beside each there may stand what it is of: "650: 25,780".
  const runs =
    figure.unit === 'percent' && percents.length > 1
      ? [percents]
      : [others, others.filter((_each, at) => at % 2 === 0), others.filter((_each, at) => at % 2 === 1)];
  return runs.some((run) => {
    let sum = 0;
    if (
      run === percents &&
      figure.sign === undefined &&
      new Set(run.map(({ signed = 0 }) => Math.sign(signed))).size > 1
    )
      return false;
    return run.slice(0, MAX_OPERANDS).some(({ signed }, at) => {
      sum += signed ?? 0;
      return at > 0 && (fits(sum) || fits(sum / (at + 1)));
    });
  });
}

function isMultiple(
  value: number,
  amounts: readonly number[],
  { hasLots }: Around,
  fits: (value: number) => boolean,
): boolean {
  if (hasLots === true && fits(value * LOT)) return true;
  return amounts.some(
    (amount) => fits(amount * value) || fits(amount * value * LOT) || (amount !== 0 && fits(value / amount)),
  );
}

/** From `a` and `b`, in this order. */
function makes(
  figure: Figure,
  a: Operand,
  b: Operand,
  fits: (value: number) => boolean,
  { isShare, direction, evenBy }: Around,
): boolean {
  // "2.45 above the strike" is said of the price.
  if (
    direction !== undefined &&
    figure.unit !== 'percent' &&
    b.isPrice === true &&
    a.isPrice !== true &&
    a.unit !== 'percent'
  )
    return false;
  const isAgainst = direction !== undefined && a.isPrice === true && a.value - b.value > 0 !== direction > 0;
  if (isShare && figure.unit === 'percent' && b.value !== 0 && a.value !== b.value && fits((a.value / b.value) * 100))
    return true;
  if (a.unit === 'percent' && b.unit === 'percent')
    return figure.isRatio === true
      ? b.value !== 0 && fits(a.value / b.value)
      : fits(a.value - b.value) || (figure.unit === 'bare' && b.value !== 0 && fits(a.value / b.value));
  // A year's share of so many days.
  if (figure.unit === 'percent' && a.unit === 'percent' && b.value >= 1) return fits((a.value * 365) / b.value);
  if (a.unit === 'percent') return figure.unit !== 'percent' && fitsShare(b.value, a.value, fits);
  if (b.unit === 'percent') return false;
  if (figure.unit === 'percent') return false;
  if (figure.isRatio === true)
    return b.value !== 0 && (fits(a.value / b.value) || (figure.magnitude < 1 && fits((a.value - b.value) / b.value)));
  return (
    (!isAgainst && evenBy !== 1 && fits(a.value - b.value)) ||
    (evenBy !== -1 && fits(a.value + b.value)) ||
    fits((a.value + b.value) / 2) ||
    (figure.unit === 'bare' && b.value !== 0 && fits(a.value / b.value))
  );
}

/** So many percent of a price, and the price moved by them. */
function fitsShare(price: number, percent: number, fits: (value: number) => boolean): boolean {
  const part = (price * percent) / 100;
  return fits(part) || fits(price + part) || fits(price - part);
}
