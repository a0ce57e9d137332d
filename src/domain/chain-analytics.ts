// What a whole expiration says at a spot (walls, max pain, expected move, put/call ratios) and which of its
// contracts are shown. Strikes shown never change the analytics; contracts of another size than 100 and those that have
// settled count for neither. Everything but sorting is linear: a payload may hold a hundred thousand strikes.
import { present, sumOfKnown } from './present.ts';
import { CONTRACT_FIGURES } from './answer-kinds.ts';
import type { ChainAnalytics, ChainData, ContractData, Wall } from './answers.ts';
import { roundPercent, roundPrice } from './bar-series.ts';
import { daysBetween, exchangeDateOf, formatExchangeIso } from './exchange-time.ts';
import { isSettled, settlesAtOpen } from './option-sessions.ts';
import type { EpochMs, IsoDate, OptionChain, OptionQuote, Side } from './types.ts';

const STANDARD_MULTIPLIER = 100;
const WALLS_PER_SIDE = 3;

export interface ChainSelection {
  side: Side | 'both';
  /** So many strikes above and below the spot, or the price of `around`; all, or those from one price to another. */
  strikes: number | 'all' | StrikeRange;
  around?: number;
  /** Of those, the contracts that pass. */
  filters?: ContractFilters;
}

export interface StrikeRange {
  from: number;
  to: number;
}

/** A contract without the figure does not pass. */
export interface ContractFilters {
  /** Of its size, without sign: within a range, or the nearest of each side. */
  delta?: StrikeRange | { nearest: number };
  minOpenInterest?: number;
  minVolume?: number;
  /** Ask minus bid in percent of their middle. */
  maxSpreadPercent?: number;
  moneyness?: 'itm' | 'otm';
}

/** Why contracts take no part, and how many. */
export interface LeftOut {
  /** Of another size than 100, or of an adjusted root. */
  odd: number;
  /** By root, settled at the open of this day. */
  settled: ReadonlyMap<string, number>;
}

/** The chain of those contracts that take part at `now`, and what is left out of it. */
export function livePartOf(chain: OptionChain, now: EpochMs): { chain: OptionChain; leftOut: LeftOut } {
  const settled = new Map<string, number>();
  const contracts = chain.contracts.filter(isStandardContract);
  const live = contracts.filter((contract) => {
    if (!isSettled(contract, now)) return true;
    settled.set(contract.root, (settled.get(contract.root) ?? 0) + 1);
    return false;
  });
  return {
    chain: { ...chain, contracts: live },
    leftOut: { odd: chain.contracts.length - contracts.length, settled },
  };
}

/**
 * The public `chain` data at `spot` of the live part of a chain: contracts of the side and strikes asked for, ascending by
 * strike with calls before puts, analytics of the whole expiration. The provider's own figures are passed on unrounded.
 */
export function toChainData(
  live: OptionChain,
  spot: number,
  now: EpochMs,
  { side, strikes, around, filters }: ChainSelection,
): ChainData {
  // Around a price of one's own, strikes that the side does not have would leave none.
  const offered =
    around === undefined || side === 'both'
      ? live
      : { ...live, contracts: live.contracts.filter((contract) => contract.side === side) };
  const shown = new Set(selectStrikes(offered, around ?? spot, strikes));
  const contracts = filterContracts(
    live.contracts.filter((contract) => shown.has(contract.strike) && (side === 'both' || contract.side === side)),
    spot,
    filters,
  ).toSorted(compareContracts);
  return {
    underlying: live.underlying,
    spot,
    expiration: live.expiration,
    dte: daysBetween(exchangeDateOf(now), live.expiration),
    contracts: contracts.map(toContractData),
    analytics: analyseChain(live, spot),
    ...(live.greeksAsOf === undefined ? {} : { greeksAsOf: formatExchangeIso(live.greeksAsOf) }),
  };
}

/**
 * A contract for 100 shares of the underlying itself. After a split or merger the clearing house (OCC) adds a digit to
 * the root (`AAPL1`): such a contract delivers something else, even where its size says 100.
 */
export function isStandardContract(contract: OptionQuote): boolean {
  const { root, multiplier } = contract;
  const last = root.charAt(root.length - 1);
  return multiplier === STANDARD_MULTIPLIER && !(last >= '0' && last <= '9');
}

/** Strikes of standard contracts, ascending: `count` above, `count` below, and the one at the spot where there is one. */
export function selectStrikes(chain: OptionChain, spot: number, count: ChainSelection['strikes']): number[] {
  const strikes = strikesOf(chain.contracts.filter(isStandardContract));
  if (count === 'all') return strikes;
  if (typeof count === 'object') return strikes.filter((strike) => strike >= count.from && strike <= count.to);
  const below = strikes.filter((strike) => strike < spot);
  const rest = strikes.slice(below.length);
  const atSpot = rest[0] === spot ? 1 : 0;
  return [...below.slice(Math.max(below.length - count, 0)), ...rest.slice(0, count + atSpot)];
}

/** Sorts out by every figure but delta first, so that the nearest delta is one of a contract that passes the rest. */
function filterContracts(
  contracts: readonly OptionQuote[],
  spot: number,
  filters: ContractFilters | undefined,
): readonly OptionQuote[] {
  if (filters === undefined) return contracts;
  const { delta, minOpenInterest, minVolume, maxSpreadPercent, moneyness } = filters;
  const passing = contracts.filter(
    (contract) =>
      isAtLeast(contract.openInterest, minOpenInterest) &&
      isAtLeast(contract.volume, minVolume) &&
      (maxSpreadPercent === undefined || (spreadPercentOf(contract) ?? Infinity) <= maxSpreadPercent) &&
      (moneyness === undefined || moneynessOf(contract, spot) === moneyness),
  );
  if (delta === undefined) return passing;
  if ('from' in delta) return passing.filter(({ delta: own }) => own !== undefined && isWithin(Math.abs(own), delta));
  return (['call', 'put'] as const).flatMap((side) =>
    nearestDelta(
      passing.filter((contract) => contract.side === side),
      delta.nearest,
    ),
  );
}

function isAtLeast(figure: number | undefined, least: number | undefined): boolean {
  return least === undefined || (figure !== undefined && figure >= least);
}

function isWithin(value: number, { from, to }: StrikeRange): boolean {
  return value >= from && value <= to;
}

/** At the spot a contract is neither. */
function moneynessOf({ side, strike }: OptionQuote, spot: number): 'itm' | 'otm' | undefined {
  if (strike === spot) return undefined;
  return (side === 'call') === strike < spot ? 'itm' : 'otm';
}

/** The one, or none where no contract has a delta; of two as near the one further out of the money. */
export function nearestDelta<Contract extends { delta?: number }>(
  contracts: readonly Contract[],
  size: number,
): Contract[] {
  let best: { contract: Contract; distance: number; size: number } | undefined;
  for (const contract of contracts) {
    if (contract.delta === undefined) continue;
    const own = Math.abs(contract.delta);
    const distance = Math.abs(own - size);
    if (best === undefined || distance < best.distance || (distance === best.distance && own < best.size))
      best = { contract, distance, size: own };
  }
  return best === undefined ? [] : [best.contract];
}

/** Middle of bid and ask; undefined where one is missing, nobody offers or they are crossed. */
export function midOf({ bid, ask }: Pick<OptionQuote, 'bid' | 'ask'>): number | undefined {
  return bid === undefined || ask === undefined || ask < bid || ask <= 0 ? undefined : (bid + ask) / 2;
}

/** Ask minus bid in percent of their middle. */
export function spreadPercentOf(quote: Pick<OptionQuote, 'bid' | 'ask'>): number | undefined {
  const { bid = NaN, ask = NaN } = quote;
  const mid = midOf(quote);
  return mid === undefined ? undefined : ((ask - bid) / mid) * 100;
}

/** All from the whole expiration; what open interest, volume or prices do not support is absent. */
export function analyseChain(chain: OptionChain, spot: number): ChainAnalytics {
  const contracts = chain.contracts.filter(isStandardContract);
  const calls = contracts.filter(({ side }) => side === 'call');
  const puts = contracts.filter(({ side }) => side === 'put');
  const callsOpen = openInterestByStrike(calls);
  const putsOpen = openInterestByStrike(puts);
  return {
    callWalls: largestOpen(callsOpen, spot, (strike) => strike >= spot),
    putWalls: largestOpen(putsOpen, spot, (strike) => strike <= spot),
    ...present({
      maxPain: computeMaxPain(strikesOf(contracts), spot, callsOpen, putsOpen),
      expectedMove: expectedMoveOf(chain, spot),
      putCallOpenInterest: putCallRatio(calls, puts, ({ openInterest }) => openInterest),
      putCallVolume: putCallRatio(calls, puts, ({ volume }) => volume),
    }),
  };
}

/** Calls at or above the spot, puts at or below; of equal open interest the nearest to the spot first. */
function largestOpen(open: ReadonlyMap<number, number>, spot: number, isOnSide: (strike: number) => boolean): Wall[] {
  const walls: Wall[] = [];
  for (const [strike, openInterest] of open) {
    if (openInterest > 0 && isOnSide(strike)) walls.push({ strike, openInterest });
  }
  return walls
    .sort((a, b) => b.openInterest - a.openInterest || Math.abs(a.strike - spot) - Math.abs(b.strike - spot))
    .slice(0, WALLS_PER_SIDE);
}

/** Summed where two roots share a strike (SPX and SPXW on a third Friday). */
function openInterestByStrike(ofOneSide: readonly OptionQuote[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { strike, openInterest } of ofOneSide) {
    if (openInterest !== undefined) sums.set(strike, (sums.get(strike) ?? 0) + openInterest);
  }
  return sums;
}

/** The strike at which all open contracts together are worth least; of equals the nearest to the spot, then the lower. */
function computeMaxPain(
  strikes: readonly number[],
  spot: number,
  calls: ReadonlyMap<number, number>,
  puts: ReadonlyMap<number, number>,
): number | undefined {
  const isOpen = (open: number): boolean => open > 0;
  if (![...calls.values()].some(isOpen) && ![...puts.values()].some(isOpen)) return undefined;
  const callWorth = worthAtStrikes(strikes, calls);
  const putWorth = worthAtStrikes(strikes.toReversed(), puts);
  let best: { strike: number; pain: number } | undefined;
  for (const strike of nearestFirst(strikes, spot)) {
    const pain = (callWorth.get(strike) ?? 0) + (putWorth.get(strike) ?? 0);
    // Sums of equal worth differ by float noise; only what is clearly less displaces a nearer strike.
    if (best === undefined || pain < best.pain - 1e-9 * Math.max(best.pain, 1)) best = { strike, pain };
  }
  return best?.strike;
}

/**
 * What the open contracts that are behind each strike are worth there, walking through `strikes` in one direction: from
 * one to the next all of them gain the distance. Nothing is subtracted, so that worth nothing is exactly 0.
 */
function worthAtStrikes(strikes: readonly number[], open: ReadonlyMap<number, number>): Map<number, number> {
  const worth = new Map<number, number>();
  let [behind, sum, before] = [0, 0, strikes[0] ?? 0];
  for (const strike of strikes) {
    sum += behind * Math.abs(strike - before);
    worth.set(strike, sum);
    behind += Math.max(0, open.get(strike) ?? 0);
    before = strike;
  }
  return worth;
}

/** Price of the straddle at the strike nearest the spot that has both sides priced; of two as near the lower. */
export function expectedMoveOf({ contracts, pricedAt }: OptionChain, spot: number): ChainAnalytics['expectedMove'] {
  if (!(spot > 0)) return undefined;
  const session = pricedAt === undefined ? undefined : exchangeDateOf(pricedAt);
  const standard = contracts.filter(isStandardContract);
  const byStrike = Map.groupBy(standard, ({ strike }) => strike);
  for (const strike of nearestFirst(strikesOf(standard), spot)) {
    const straddle = findStraddle(byStrike.get(strike) ?? [], session);
    if (straddle === undefined) continue;
    return {
      amount: roundPrice(straddle.price),
      percent: roundPercent((straddle.price / spot) * 100),
      method: `straddle ${strike} ${straddle.method}`,
    };
  }
  return undefined;
}

interface Straddle {
  root: string;
  /** Call minus put: with the strike the price at which the market exchanges one for the other. */
  difference: number;
  price: number;
  method: string;
  /** How many of its sides are quoted. */
  quoted: number;
}

/**
 * Call and put of one root, so that a straddle never mixes settlements. Of several roots the one that is quoted, then
 * the one that lives to the close of its day; never the one that happens to come first.
 */
function findStraddle(atStrike: readonly OptionQuote[], session: IsoDate | undefined): Straddle | undefined {
  return [...Map.groupBy(atStrike, (contract) => contract.root).values()]
    .flatMap((ofRoot) => straddleOf(ofRoot, session) ?? [])
    .toSorted(
      (a, b) =>
        b.quoted - a.quoted ||
        Number(settlesAtOpen(a.root)) - Number(settlesAtOpen(b.root)) ||
        (a.root < b.root ? -1 : 1),
    )[0];
}

function straddleOf(ofRoot: readonly OptionQuote[], session: IsoDate | undefined): Straddle | undefined {
  const [call, put] = (['call', 'put'] as const).map((side) => ofRoot.find((contract) => contract.side === side));
  const callPrice = call === undefined ? undefined : priceOf(call, session);
  const putPrice = put === undefined ? undefined : priceOf(put, session);
  if (call === undefined || callPrice === undefined || putPrice === undefined) return undefined;
  return {
    root: call.root,
    difference: callPrice.price - putPrice.price,
    price: callPrice.price + putPrice.price,
    method: callPrice.basis === putPrice.basis ? callPrice.basis : `call ${callPrice.basis}, put ${putPrice.basis}`,
    quoted: [callPrice, putPrice].filter(({ basis }) => basis === 'mid').length,
  };
}

/**
 * The price of the underlying that quoted calls and puts of one strike imply (put-call parity), at the strike where they
 * differ least. It is the forward price: interest and dividends until the expiration are in it.
 */
export function impliedSpot(chain: OptionChain): number | undefined {
  let best: { strike: number; difference: number } | undefined;
  const byStrike = Map.groupBy(chain.contracts.filter(isStandardContract), (contract) => contract.strike);
  for (const [strike, contracts] of byStrike) {
    const straddle = findStraddle(contracts, undefined);
    if (straddle?.quoted !== 2) continue;
    const { difference } = straddle;
    const closer = Math.abs(difference) - Math.abs(best?.difference ?? Infinity);
    if (best === undefined || closer < 0 || (closer === 0 && strike < best.strike)) best = { strike, difference };
  }
  const price = best === undefined ? undefined : best.strike + best.difference;
  return price !== undefined && price > 0 ? roundPrice(price) : undefined;
}

/** The mid, else the last trade, where it is of the session. */
function priceOf(
  contract: OptionQuote,
  session: IsoDate | undefined,
): { price: number; basis: 'mid' | 'last' } | undefined {
  const { last, tradedAt } = contract;
  const mid = midOf(contract);
  if (mid !== undefined) return { price: mid, basis: 'mid' };
  if (session !== undefined && tradedAt !== undefined && exchangeDateOf(tradedAt) !== session) return undefined;
  return last !== undefined && last > 0 ? { price: last, basis: 'last' } : undefined;
}

/** Sum of puts / sum of calls; absent where the calls' sum is 0 or one side has no figure at all. */
function putCallRatio(
  calls: readonly OptionQuote[],
  puts: readonly OptionQuote[],
  figureOf: (contract: OptionQuote) => number | undefined,
): number | undefined {
  const [ofCalls, ofPuts] = [sumOfKnown(calls, figureOf), sumOfKnown(puts, figureOf)];
  return ofCalls === undefined || ofPuts === undefined || ofCalls === 0 ? undefined : roundPercent(ofPuts / ofCalls);
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
  if (a.side !== b.side) return a.side < b.side ? -1 : 1;
  return a.symbol < b.symbol ? -1 : Number(a.symbol > b.symbol);
}

function toContractData(contract: OptionQuote): ContractData {
  const data: ContractData = { symbol: contract.symbol, side: contract.side, strike: contract.strike };
  for (const figure of CONTRACT_FIGURES) {
    const value = contract[figure];
    if (value !== undefined) data[figure] = value;
  }
  return data;
}

/** Of those that fit; of two as near the first. */
export function nearestStrike(
  candidates: readonly { strike: number }[],
  wanted: number,
  fits: (strike: number) => boolean = () => true,
): number | undefined {
  let best: number | undefined;
  for (const { strike } of candidates)
    if (fits(strike) && (best === undefined || Math.abs(strike - wanted) < Math.abs(best - wanted))) best = strike;
  return best;
}
