// What a market's figures can be at all: what lies beyond is a slip of whoever wrote it down, in any field and payload.
import type { Side } from './types.ts';

/** A hundred times the dearest share (Berkshire Hathaway A) and any index. */
const MOST_PRICE = 1e8;
/** Prices before many reverse splits are written in today's shares: those of some ships and funds reach 1e13. */
const MOST_ADJUSTED_PRICE = 1e15;
/** A thousand times the shares that all exchanges trade in a day. */
const MOST_SHARES = 1e13;
/** 10,000 %: far out of the money, hours before it expires, it is some thousands. */
const MOST_IV = 100;
/** What rounding and smoothing leave beyond 0 and 1. */
const DELTA_TOLERANCE = 0.01;
const MOST_GREEK = 1e6;
const GROUPED = /^[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:e-?\d+)?$|^[-+]?\.\d+$/i;
/** A day's average price counts trades that its high and low do not, but not at other prices than twice as high. */
const VWAP_FACTOR = 2;

/** Of now: above 0. */
export function isPrice(value: number): boolean {
  return value > 0 && value <= MOST_PRICE;
}

/** Of any time, in today's shares. */
export function isAdjustedPrice(value: number): boolean {
  return value > 0 && value <= MOST_ADJUSTED_PRICE;
}

/** Of shares or contracts. */
export function isVolume(value: number): boolean {
  return value >= 0 && value <= MOST_SHARES;
}

export function isVwap(value: number, { high, low }: { high: number; low: number }): boolean {
  return value >= low / VWAP_FACTOR && value <= high * VWAP_FACTOR;
}

function isDelta(value: number, side: Side | undefined): boolean {
  const least = side === 'call' ? 0 : -1;
  return value >= least - DELTA_TOLERANCE && value <= (side === 'put' ? 0 : 1) + DELTA_TOLERANCE;
}

const isSideOfBook = (value: number): boolean => value === 0 || isPrice(value);
const isGreek = (value: number): boolean => Math.abs(value) <= MOST_GREEK;

/** What a field of a quote or contract may hold. */
const FIGURES: Readonly<Record<string, (value: number, side: Side | undefined) => boolean>> = {
  last: isPrice,
  open: isPrice,
  high: isPrice,
  low: isPrice,
  previousClose: isPrice,
  regularClose: isPrice,
  vwap: isPrice,
  bid: isSideOfBook,
  ask: isSideOfBook,
  week52High: isAdjustedPrice,
  week52Low: isAdjustedPrice,
  volume: isVolume,
  averageVolume: isVolume,
  openInterest: isVolume,
  iv: (value) => value > 0 && value <= MOST_IV,
  delta: isDelta,
  gamma: isGreek,
  theta: isGreek,
  vega: isGreek,
};

const RANGES = [
  ['high', 'low'],
  ['week52High', 'week52Low'],
] as const;

/** The figures that can be true, and why the others are left out: `its iv is 1e+300`. */
export function possibleFigures<T extends object>(figures: T, side?: Side): { kept: T; flaws: string[] } {
  const out = new Map<string, string>();
  for (const [name, value] of Object.entries(figures))
    if (typeof value === 'number' && FIGURES[name]?.(value, side) === false) out.set(name, `its ${name} is ${value}`);
  const read: Partial<Record<string, unknown>> = Object.fromEntries(Object.entries(figures));
  for (const [high, low] of RANGES) {
    const [above, below] = [read[high], read[low]];
    if (typeof above !== 'number' || typeof below !== 'number' || above >= below || out.has(high) || out.has(low))
      continue;
    out.set(high, `its ${high} ${above} is below its ${low} ${below}`).set(low, '');
  }
  if (out.size === 0) return { kept: figures, flaws: [] };
  const kept = Object.fromEntries(Object.entries(figures).filter(([name]) => !out.has(name))) as T;
  return { kept, flaws: [...out.values()].filter((flaw) => flaw !== '') };
}

/** `1,234.50`: a comma stands before each three digits or nowhere. Undefined for others, `150,50` is no number here. */
export function readGroupedNumber(text: string): number | undefined {
  return GROUPED.test(text) ? Number(text.replaceAll(',', '')) : undefined;
}
