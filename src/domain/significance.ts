// Hides how many digits a figure needs, so that none that is not zero shows as zero and small ones keep their meaning.

/** Digits that a small figure shows at least, where it has them. */
const LEAST_SIGNIFICANT = 3;
/** More are no price of anything; then the exponent form is shorter. */
const MOST_DECIMALS = 12;

/** More digits than these are noise of the binary form. */
const TRUE_DIGITS = 15;

/** As `toFixed`, by the decimal digits: halves go away from zero, 4.975 to 4.98 though its binary form lies below. */
export function fixed(value: number, places: number): string {
  const scaled = Math.round(Number(`${Math.abs(value).toPrecision(TRUE_DIGITS)}e${places}`));
  // Exponent forms, and what has more digits than a number holds.
  if (!Number.isSafeInteger(scaled)) return value.toFixed(places);
  return (value < 0 ? '-' : '') + Number(`${scaled}e-${places}`).toFixed(places);
}

/**
 * Decimals to show a figure with: `least`, or as many more as its three significant digits take, without zeros at their
 * end: 0.05 needs two decimals, 0.0512 four. Undefined where only the exponent form will do.
 */
function decimalsOf(value: number, least: number): number | undefined {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size)) return least;
  const enough = LEAST_SIGNIFICANT - 1 - Math.floor(Math.log10(size));
  if (enough <= least) return least;
  if (enough > MOST_DECIMALS) return undefined;
  const shown = Number(size.toPrecision(LEAST_SIGNIFICANT));
  let decimals = least;
  while (decimals < enough && Number(fixed(size, decimals)) !== shown) decimals += 1;
  return decimals;
}

/** `fixed(value, least)`, with as many decimals more as it needs. */
export function toDigits(value: number, least: number): string {
  const decimals = decimalsOf(value, least);
  return decimals === undefined ? String(Number(value.toPrecision(LEAST_SIGNIFICANT))) : fixed(value, decimals);
}

/** `fixed(value, places)`; as `toDigits` only where that would show what is not zero as zero. */
export function toPlaces(value: number, places: number): string {
  const text = fixed(value, places);
  return Number(text) === 0 ? toDigits(value, places) : text;
}

/** Rounded to `decimals`, smaller figures to `digits` significant ones: rounding makes no zero of what is none. */
export function roundDigits(value: number, decimals: number, digits: number): number {
  const size = Math.abs(value);
  const needed = size === 0 ? decimals : digits - 1 - Math.floor(Math.log10(size));
  // Adding 0 turns a rounded −0 into 0. What is smaller than all decimals is the noise of a difference.
  return Number(fixed(value, Math.min(Math.max(decimals, needed), MOST_DECIMALS - 1))) + 0;
}
