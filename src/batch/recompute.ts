// Indicators, walls and max pain worked out a second time, each in the plainest way that its definition allows.
// What the tools compute is held against these; the two share no code.
import type { Bar, OptionChain, OptionQuote, Side } from '../domain/types.ts';

/** Mean of the last `window` values. */
export function simpleAverage(values: readonly number[], window: number): number | undefined {
  if (values.length < window) return undefined;
  return values.slice(-window).reduce((sum, value) => sum + value, 0) / window;
}

/** Every element from the first full window on: seeded with that window's mean, then `2 / (window + 1)` of each new value. */
export function exponentialAverages(values: readonly number[], window: number): number[] {
  const seed = simpleAverage(values.slice(0, window), window);
  if (seed === undefined) return [];
  const averages = [seed];
  for (const value of values.slice(window))
    averages.push((value * 2 + (averages.at(-1) ?? NaN) * (window - 1)) / (window + 1));
  return averages;
}

/** Wilder 1978: smoothed gains and losses of `window` steps; 100 without losses. */
export function relativeStrengthIndex(closes: readonly number[], window: number): number | undefined {
  if (closes.length <= window) return undefined;
  let gain = 0;
  let loss = 0;
  for (let index = 1; index < closes.length; index += 1) {
    const step = (closes[index] ?? NaN) - (closes[index - 1] ?? NaN);
    const [up, down] = [Math.max(step, 0), Math.max(-step, 0)];
    if (index <= window) {
      gain += up / window;
      loss += down / window;
    } else {
      gain = (gain * (window - 1) + up) / window;
      loss = (loss * (window - 1) + down) / window;
    }
  }
  return gain + loss === 0 ? 0 : (100 * gain) / (gain + loss);
}

/**
 * MACD 12, 26, 9: TA-Lib lets both averages begin at the same bar, so the fast one is seeded with the 12 values that
 * end where the slow one's seed ends.
 */
export function macdOf(closes: readonly number[]): { macd: number; signal: number; histogram: number } | undefined {
  const fast = exponentialAverages(closes.slice(26 - 12), 12);
  const slow = exponentialAverages(closes, 26);
  const lines = slow.map((value, index) => (fast[index] ?? NaN) - value);
  const signal = exponentialAverages(lines, 9).at(-1);
  const macd = lines.at(-1);
  return macd === undefined || signal === undefined ? undefined : { macd, signal, histogram: macd - signal };
}

/** Wilder 1978: true ranges of all bars but the first, smoothed as the gains of an RSI are. */
export function averageTrueRange(bars: readonly Bar[], window: number): number | undefined {
  const ranges = bars.slice(1).map((bar, index) => {
    const before = bars[index]?.close ?? NaN;
    return Math.max(bar.high, before) - Math.min(bar.low, before);
  });
  const seed = simpleAverage(ranges.slice(0, window), window);
  if (seed === undefined) return undefined;
  return ranges.slice(window).reduce((average, range) => (average * (window - 1) + range) / window, seed);
}

const isStandard = ({ multiplier, root }: OptionQuote): boolean => multiplier === 100 && !/\d$/.test(root);

export function standardContracts(chain: OptionChain, side: Side): OptionQuote[] {
  return chain.contracts.filter((contract) => isStandard(contract) && contract.side === side);
}

/** The strike with the largest open interest on the side's side of the spot. */
export function wallOf(
  chain: OptionChain,
  spot: number,
  side: Side,
): { strike: number; openInterest: number } | undefined {
  let wall: { strike: number; openInterest: number } | undefined;
  for (const strike of new Set(standardContracts(chain, side).map((contract) => contract.strike))) {
    if (side === 'call' ? strike < spot : strike > spot) continue;
    const open = standardContracts(chain, side).filter((contract) => contract.strike === strike);
    const openInterest = open.reduce((sum, contract) => sum + (contract.openInterest ?? 0), 0);
    const isNearer = wall !== undefined && Math.abs(strike - spot) < Math.abs(wall.strike - spot);
    if (
      openInterest > 0 &&
      (wall === undefined || openInterest > wall.openInterest || (openInterest === wall.openInterest && isNearer))
    )
      wall = { strike, openInterest };
  }
  return wall;
}

/** What all open contracts would be worth at a settlement. */
export function painAt(chain: OptionChain, settlement: number): number {
  const worth = (side: Side): number =>
    standardContracts(chain, side).reduce(
      (sum, { strike, openInterest = 0 }) =>
        sum + Math.max(side === 'call' ? settlement - strike : strike - settlement, 0) * openInterest,
      0,
    );
  return worth('call') + worth('put');
}

export function leastPain(chain: OptionChain): number | undefined {
  const strikes = new Set(
    [...standardContracts(chain, 'call'), ...standardContracts(chain, 'put')].map((contract) => contract.strike),
  );
  return strikes.size === 0 ? undefined : Math.min(...[...strikes].map((strike) => painAt(chain, strike)));
}
