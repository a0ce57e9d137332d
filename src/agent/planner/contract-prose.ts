// Sentences about one strike: its figures, or that it is not listed and which strikes next to it are. A neighbour's
// figures are never given for it.
import type { ChainData, ContractData } from '../../domain/answers.ts';
import { joinSaid, listSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import type { Side } from '../../domain/types.ts';
import type { ContractStep } from './plan.ts';
import type { ContractField } from './vocabulary.ts';
import { formatDay, joinWords } from './wording.ts';

const NAMES: Record<ContractField, string> = {
  bid: 'bid',
  ask: 'ask',
  last: 'last',
  delta: 'delta',
  gamma: 'gamma',
  theta: 'theta',
  vega: 'vega',
  iv: 'IV',
  volume: 'volume',
  openInterest: 'open interest',
};
/** What a trader looks at first. */
const FIRST_FIELDS: readonly ContractField[] = ['bid', 'ask', 'last', 'delta', 'iv', 'volume', 'openInterest'];

/** A strike found in a chain, with what was found of it: one contract, or a call and a put. */
export interface FoundContract {
  chain: ChainData;
  strike: number;
  contracts: ContractData[];
}

/** The contracts of a step's strike in the first of the chains that has them. */
export function findContract(
  { side, strike }: Pick<ContractStep, 'side' | 'strike'>,
  chains: readonly ChainData[],
): FoundContract | undefined {
  for (const chain of chains) {
    const suited = chain.contracts.filter((contract) => side === 'both' || contract.side === side);
    const wanted = strike === 'atm' ? nearestStrikes(suited, chain.spot)[0] : strike;
    const contracts = suited.filter((contract) => contract.strike === wanted);
    if (wanted !== undefined && contracts.length > 0) return { chain, strike: wanted, contracts };
  }
  return undefined;
}

/** The strikes of contracts by their distance from a price, the lower first of two as far. */
function nearestStrikes(contracts: readonly ContractData[], price: number): number[] {
  const strikes = [...new Set(contracts.map((contract) => contract.strike))].sort((left, right) => left - right);
  return strikes.sort((left, right) => Math.abs(left - price) - Math.abs(right - price));
}

/** One line for each side that was asked for. */
export function describeContract(step: ContractStep, { chain, strike, contracts }: FoundContract): Said[] {
  const { underlying: symbol, expiration, spot } = chain;
  const sides: Side[] = step.side === 'both' ? ['call', 'put'] : [step.side];
  const atSpot =
    step.strike === 'atm' ? say`, the strike nearest the spot at ${{ field: 'spot', value: spot, symbol }}` : '';
  const at = strikeOf(chain, strike);
  return sides.map((side) => {
    const contract = contracts.find((each) => each.side === side);
    if (contract === undefined) return say`${symbol} has no ${side} at ${at} expiring ${formatDay(expiration)}.`;
    const figures = describeFigures(contract, step.fields, { symbol, expiration, strike, side });
    return say`${symbol} ${at} ${side} expiring ${formatDay(expiration)}${atSpot}: ${figures}.`;
  });
}

function strikeOf({ underlying, expiration }: ChainData, value: number): SaidFigure {
  return { field: 'strike', value, symbol: underlying, expiration };
}

function describeFigures(
  contract: ContractData,
  asked: readonly ContractField[],
  terms: Pick<SaidFigure, 'symbol' | 'expiration' | 'strike' | 'side'>,
): Said {
  const present = (asked.length === 0 ? FIRST_FIELDS : asked).flatMap((field) => {
    const value = contract[field];
    return value === undefined ? [] : [say`${NAMES[field]} ${{ field, value, ...terms }}`];
  });
  if (present.length > 0) return joinSaid(present, ', ');
  return [asked.length === 0 ? 'no figures are given' : `no ${joinWords(asked.map((field) => NAMES[field]))} given`];
}

/**
 * Says that a strike is not listed, and names the listed ones just below and above it, from a chain around it.
 * The asker's number is not repeated: it is no figure of a tool.
 */
export function describeUnlisted({ side, strike }: ContractStep, chain: ChainData): Said {
  const suited = chain.contracts.filter((contract) => side === 'both' || contract.side === side);
  const what = side === 'both' ? 'options' : side;
  const expiring = `expiring ${formatDay(chain.expiration)}`;
  if (strike === 'atm') return [`${chain.underlying} has no ${side === 'both' ? 'options' : `${side}s`} ${expiring}.`];
  const below = nearestStrikes(
    suited.filter((contract) => contract.strike < strike),
    strike,
  )[0];
  const above = nearestStrikes(
    suited.filter((contract) => contract.strike > strike),
    strike,
  )[0];
  const nearest = [below, above].flatMap((each) => (each === undefined ? [] : [strikeOf(chain, each)]));
  const listed =
    nearest.length === 0
      ? ''
      : nearest.length === 1
        ? say`; the nearest listed strike is ${nearest}`
        : say`; the nearest listed strikes are ${listSaid(nearest)}`;
  return say`${chain.underlying} has no ${what} at that strike ${expiring}${listed}.`;
}
