// A figure as text, by its unit alone: the one place that decides how a field looks in a table or sentence.
// Prices have the decimals that they need, moves their sign.
import {
  MISSING,
  formatCount,
  formatFixed,
  formatGreek,
  formatPercent,
  formatPercentage,
  formatPoints,
  formatPrice,
  formatRatio,
  formatShare,
  formatSigned,
  formatStrike,
  formatVolume,
  priceDecimals,
} from './format.ts';

export interface FigureStyle {
  /** Of fields/field.ts. */
  unit: string;
  signed?: boolean;
  /** Where the unit alone does not say how many; a number of them is of greeks. */
  decimals?: number | 'needed';
}

const BY_UNIT: Readonly<Record<string, (value: number, signed: boolean) => string>> = {
  usd: (value, signed) => {
    if (signed) return formatSigned(value, priceDecimals(value));
    return Math.abs(value) >= COMPACT_FROM ? formatVolume(value) : formatPrice(value);
  },
  percent: (value, signed) => (signed ? formatPercent(value) : formatPercentage(value)),
  fraction: (value, signed) => (signed ? formatPoints(value) : formatShare(value)),
  shares: formatVolume,
  contracts: formatVolume,
  count: formatCount,
  days: formatCount,
  points: (value) => formatFixed(value, 2),
  ratio: formatRatio,
};

/** No price of a share has seven digits before the point; a dollar volume has. */
const COMPACT_FROM = 1e6;

/** `value` undefined is the mark of what is missing. */
export function formatFigure(
  value: number | string | boolean | undefined,
  { unit, signed = false, decimals }: FigureStyle,
): string {
  if (value === undefined) return MISSING;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (decimals !== undefined) return decimals === 'needed' ? formatStrike(value) : formatGreek(value, decimals);
  const format = BY_UNIT[unit];
  return format === undefined ? formatFixed(value, 2) : format(value, signed);
}
