// What a whole expiration says at a spot (walls, max pain, expected move, put/call ratios) and which of its
// contracts are shown. Strikes shown never change the analytics; contracts of another size than 100 count for neither.
import type { ChainAnalytics, ChainData, ContractData, Wall } from './answers.ts';
import { roundPercent, roundPrice } from './bar-series.ts';
import { daysBetween, exchangeDateOf, formatExchangeIso } from './exchange-time.ts';
import type { EpochMs, OptionChain, OptionQuote, Side } from './types.ts';

const STANDARD_MULTIPLIER = 100;
const WALLS_PER_SIDE = 3;
/** In the order of the public contract. */
const OPTIONAL_FIGURES = [
  'bid',
  'ask',
  'last',
  'volume',
  'openInterest',
  'iv',
  'delta',
  'gamma',
  'theta',
  'vega',
] as const;

export interface ChainSelection {
  side: Side | 'both';
  /** So many strikes above and below the spot, or the price of `around`. */
  strikes: number | 'all';
  around?: number;
}

/**
 * The public `chain` data at `spot`: contracts of the side and strikes asked for, ascending by strike with calls before
 * puts, analytics of the whole expiration. `leftOut` counts contracts of another size than 100 or of an adjusted root.
 * The provider's own figures are passed on unrounded.
 */
export function toChainData(
  chain: OptionChain,
  spot: number,
  now: EpochMs,
  { side, strikes, around }: ChainSelection,
): { data: ChainData; leftOut: number } {
  const standard = chain.contracts.filter(isStandardContract);
  // Around a price of one's own, strikes that the side does not have would leave none.
  const offered =
    around === undefined || side === 'both'
      ? chain
      : { ...chain, contracts: chain.contracts.filter((contract) => contract.side === side) };
  const shown = new Set(selectStrikes(offered, around ?? spot, strikes));
  const contracts = standard
    .filter((contract) => shown.has(contract.strike) && (side === 'both' || contract.side === side))
    .toSorted(compareContracts);
  return {
    data: {
      underlying: chain.underlying,
      spot,
      expiration: chain.expiration,
      dte: daysBetween(exchangeDateOf(now), chain.expiration),
      contracts: contracts.map(toContractData),
      analytics: analyseChain(chain, spot),
      ...(chain.greeksAsOf === undefined ? {} : { greeksAsOf: formatExchangeIso(chain.greeksAsOf) }),
    },
    leftOut: chain.contracts.length - standard.length,
  };
}

/**
 * A contract for 100 shares of the underlying itself. After a split or merger the clearing house (OCC) adds a digit to
 * the root (`AAPL1`): such a contract delivers something else, even where its size says 100.
 */
export function isStandardContract(contract: OptionQuote): boolean {
  return contract.multiplier === STANDARD_MULTIPLIER && !/\d$/.test(contract.root);
}

/** Strikes of standard contracts, ascending: `count` above, `count` below, and the one at the spot where there is one. */
export function selectStrikes(chain: OptionChain, spot: number, count: number | 'all'): number[] {
  const strikes = strikesOf(chain.contracts.filter(isStandardContract));
  if (count === 'all') return strikes;
  const below = strikes.filter((strike) => strike < spot);
  const rest = strikes.slice(below.length);
  const atSpot = rest[0] === spot ? 1 : 0;
  return [...below.slice(Math.max(below.length - count, 0)), ...rest.slice(0, count + atSpot)];
}

/** All from the whole expiration; what open interest, volume or prices do not support is absent. */
export function analyseChain(chain: OptionChain, spot: number): ChainAnalytics {
  const contracts = chain.contracts.filter(isStandardContract);
  const maxPain = computeMaxPain(contracts, spot);
  const expectedMove = computeExpectedMove(contracts, spot);
  const putCallOpenInterest = putCallRatio(contracts, (contract) => contract.openInterest);
  const putCallVolume = putCallRatio(contracts, (contract) => contract.volume);
  return {
    callWalls: computeWalls(contracts, spot, 'call'),
    putWalls: computeWalls(contracts, spot, 'put'),
    ...(maxPain === undefined ? {} : { maxPain }),
    ...(expectedMove === undefined ? {} : { expectedMove }),
    ...(putCallOpenInterest === undefined ? {} : { putCallOpenInterest }),
    ...(putCallVolume === undefined ? {} : { putCallVolume }),
  };
}

/** The largest open interests, calls at or above the spot, puts at or below; equal ones nearest the spot first. */
function computeWalls(contracts: readonly OptionQuote[], spot: number, side: Side): Wall[] {
  const isOnSide = (strike: number): boolean => (side === 'call' ? strike >= spot : strike <= spot);
  return [...openInterestByStrike(contracts, side)]
    .map(([strike, openInterest]) => ({ strike, openInterest }))
    .filter((wall) => wall.openInterest > 0 && isOnSide(wall.strike))
    .toSorted((a, b) => b.openInterest - a.openInterest || Math.abs(a.strike - spot) - Math.abs(b.strike - spot))
    .slice(0, WALLS_PER_SIDE);
}

/** Summed where two roots share a strike (SPX and SPXW on a third Friday). */
function openInterestByStrike(contracts: readonly OptionQuote[], side: Side): Map<number, number> {
  const sums = new Map<number, number>();
  for (const contract of contracts) {
    if (contract.side !== side || contract.openInterest === undefined) continue;
    sums.set(contract.strike, (sums.get(contract.strike) ?? 0) + contract.openInterest);
  }
  return sums;
}

/** The strike at which all open contracts together are worth least; of equals the nearest to the spot, then the lower. */
function computeMaxPain(contracts: readonly OptionQuote[], spot: number): number | undefined {
  const calls = [...openInterestByStrike(contracts, 'call')].filter(([, open]) => open > 0);
  const puts = [...openInterestByStrike(contracts, 'put')].filter(([, open]) => open > 0);
  if (calls.length === 0 && puts.length === 0) return undefined;
  const painAt = (settlement: number): number =>
    calls.reduce((sum, [strike, open]) => sum + Math.max(settlement - strike, 0) * open, 0) +
    puts.reduce((sum, [strike, open]) => sum + Math.max(strike - settlement, 0) * open, 0);
  let best: { strike: number; pain: number } | undefined;
  for (const strike of nearestFirst(strikesOf(contracts), spot)) {
    const pain = painAt(strike);
    // Sums of equal worth differ by float noise; only what is clearly less displaces a nearer strike.
    if (best === undefined || pain < best.pain - 1e-9 * Math.max(best.pain, 1)) best = { strike, pain };
  }
  return best?.strike;
}

/** Price of the straddle at the strike nearest the spot that has both sides priced; of two as near the lower. */
function computeExpectedMove(contracts: readonly OptionQuote[], spot: number): ChainAnalytics['expectedMove'] {
  if (!(spot > 0)) return undefined;
  for (const strike of nearestFirst(strikesOf(contracts), spot)) {
    const straddle = findStraddle(contracts.filter((contract) => contract.strike === strike));
    if (straddle === undefined) continue;
    return {
      amount: roundPrice(straddle.price),
      percent: roundPercent((straddle.price / spot) * 100),
      method: `straddle ${strike} ${straddle.method}`,
    };
  }
  return undefined;
}

/** Call and put of one root, so that a straddle never mixes settlements. */
function findStraddle(atStrike: readonly OptionQuote[]): { price: number; method: string } | undefined {
  for (const call of atStrike.filter((contract) => contract.side === 'call')) {
    const put = atStrike.find((contract) => contract.side === 'put' && contract.root === call.root);
    const callPrice = priceOf(call);
    const putPrice = put === undefined ? undefined : priceOf(put);
    if (callPrice === undefined || putPrice === undefined) continue;
    const method =
      callPrice.basis === putPrice.basis ? callPrice.basis : `call ${callPrice.basis}, put ${putPrice.basis}`;
    return { price: callPrice.price + putPrice.price, method };
  }
  return undefined;
}

/** Mid where both sides are quoted and somebody offers (ask above 0), else the last trade. */
function priceOf({ bid, ask, last }: OptionQuote): { price: number; basis: 'mid' | 'last' } | undefined {
  if (bid !== undefined && ask !== undefined && ask > 0) return { price: (bid + ask) / 2, basis: 'mid' };
  return last !== undefined && last > 0 ? { price: last, basis: 'last' } : undefined;
}

/** Sum of puts / sum of calls; absent where the calls' sum is 0 or one side has no figure at all. */
function putCallRatio(
  contracts: readonly OptionQuote[],
  figureOf: (contract: OptionQuote) => number | undefined,
): number | undefined {
  const sumOf = (side: Side): number | undefined => {
    const figures = contracts
      .filter((contract) => contract.side === side)
      .map(figureOf)
      .filter((figure) => figure !== undefined);
    return figures.length === 0 ? undefined : figures.reduce((sum, figure) => sum + figure, 0);
  };
  const calls = sumOf('call');
  const puts = sumOf('put');
  return calls === undefined || puts === undefined || calls === 0 ? undefined : roundPercent(puts / calls);
}

function strikesOf(contracts: readonly OptionQuote[]): number[] {
  return [...new Set(contracts.map((contract) => contract.strike))].sort((a, b) => a - b);
}

/** Ascending strikes reordered by distance; the lower of two as near goes first. */
function nearestFirst(strikes: readonly number[], spot: number): number[] {
  return strikes.toSorted((a, b) => Math.abs(a - spot) - Math.abs(b - spot));
}

/** By code unit: collation by language would cost a start of its own. */
function compareContracts(a: OptionQuote, b: OptionQuote): number {
  if (a.strike !== b.strike) return a.strike - b.strike;
  const [keyA, keyB] = [`${a.side} ${a.symbol}`, `${b.side} ${b.symbol}`];
  return keyA < keyB ? -1 : Number(keyA > keyB);
}

function toContractData(contract: OptionQuote): ContractData {
  const data: ContractData = { symbol: contract.symbol, side: contract.side, strike: contract.strike };
  for (const figure of OPTIONAL_FIGURES) {
    const value = contract[figure];
    if (value !== undefined) data[figure] = value;
  }
  return data;
}
