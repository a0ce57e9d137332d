// Contracts where symbols are asked for: each out of the chain of its expiration, which is asked once for all of them.
// Hides which of several roots with the same strike is meant: the one that lives to the close of its day.
import type { Answer, ChainData, ContractData, ContractQuoteData, QuoteData } from '../domain/answers.ts';
import { sessionAt } from '../domain/calendar.ts';
import { nearestDelta } from '../domain/chain-analytics.ts';
import { type ContractTerms, type Instrument, describeContract, isContract } from '../domain/contracts.ts';
import { NoDataError } from '../domain/errors.ts';
import { parseExpirationDate } from '../domain/expirations.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { settlesAtOpen } from '../domain/option-sessions.ts';
import { formatOptionSymbol, isIndexSymbol, optionRootOf, rootInOptionSymbol } from '../domain/symbols.ts';
import type { Clock, OptionSymbol } from '../domain/types.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { findWholeChains } from './whole-chain.ts';
import { toQuoteData } from './quote.ts';

/** Quotes of symbols and contracts, in the order asked. */
export function answerContracts(asked: readonly Instrument[], context: ToolContext): Promise<Answer<'contracts'>> {
  return answerWith(context, async (counted) => {
    const { market, clock, request } = counted;
    const symbols = asked.filter((each) => typeof each === 'string');
    const keyOf = ({ underlying, expiration }: ContractTerms): string => `${underlying} ${expiration}`;
    const expirations = new Map(asked.filter(isContract).map((terms) => [keyOf(terms), terms]));
    const [quotes, chains] = await Promise.all([
      symbols.length > 0 ? market.quotes(symbols, request) : undefined,
      Promise.all(
        [...expirations].map(async ([key, { underlying: symbol, expiration }]) => {
          const [found] = await findWholeChains({ symbol, expiration }, counted);
          return [key, found] as const;
        }),
      ),
    ]);
    const chainOf = new Map(chains);
    const findings: Findings<'contracts'> & {
      data: (QuoteData | ContractQuoteData)[];
      sources: Findings<'contracts'>['sources'][number][];
    } = {
      kind: 'contracts',
      data: [],
      errors: chains.flatMap(([, found]) => found?.errors ?? []),
      sources: chains.flatMap(([, found]) => found?.sources ?? []),
      notes: chains.flatMap(([, found]) => found?.notes ?? []),
      closes: [],
    };
    for (const each of asked) {
      if (isContract(each)) {
        const found = chainOf.get(keyOf(each));
        if (found?.data === undefined) continue;
        const contract = findContract(found.data, each);
        const asOf = Math.min(...found.sources.map((source) => source.asOf));
        if (contract === undefined) findings.errors.push(toAnswerError(notListed(found.data, each)));
        else findings.data.push(toContractQuote(contract, found.data, formatExchangeIso(asOf), sessionAt(clock.now())));
        continue;
      }
      const outcome = quotes?.get(each);
      if (outcome?.ok === true) {
        findings.data.push(toQuoteData(outcome.value, clock.now()));
        findings.sources.push(outcome.source);
        if (outcome.value.basis === 'session_bar') findings.closes?.push(each);
      } else if (outcome !== undefined) findings.errors.push(toAnswerError(outcome.error, each));
    }
    return { ...findings, data: findings.data.length > 0 ? findings.data : undefined };
  });
}

function toContractQuote(
  contract: ContractData,
  { underlying, expiration, dte, spot }: ChainData,
  asOf: string,
  session: ContractQuoteData['session'],
): ContractQuoteData {
  const { symbol, side, strike, ...figures } = contract;
  const description = `${underlying} ${strike} ${side} ${expiration}`;
  return { symbol, description, underlying, side, strike, expiration, dte, ...figures, spot, asOf, session };
}

/** The contract of a whole chain; undefined where it is not listed there. */
export function findContract(chain: ChainData, terms: ContractTerms): ContractData | undefined {
  const { symbol, side } = terms;
  if (symbol !== undefined) return chain.contracts.find((contract) => contract.symbol === symbol);
  const strike = strikeOf(chain, terms);
  const alike = chain.contracts.filter((contract) => contract.side === side && contract.strike === strike);
  return alike.find((contract) => !settlesAtOpen(rootInOptionSymbol(contract.symbol) ?? '')) ?? alike[0];
}

/** As given, else the listed one that fits the choice best. */
function strikeOf({ contracts, spot }: ChainData, { side, strike }: ContractTerms): number | undefined {
  if (typeof strike === 'number') return strike;
  const listed = contracts.filter((contract) => contract.side === side);
  if ('delta' in strike) return nearestDelta(listed, strike.delta)[0]?.strike;
  const wanted =
    'near' in strike
      ? strike.near
      : 'fromSpot' in strike
        ? spot + strike.fromSpot
        : spot * (1 + ((side === 'call' ? 1 : -1) * strike.otmPercent) / 100);
  return nearestStrikes(listed, wanted)[0];
}

/** The nearest first. */
function nearestStrikes(contracts: readonly ContractData[], wanted: number): number[] {
  return [...new Set(contracts.map(({ strike }) => strike))].toSorted(
    (a, b) => Math.abs(a - wanted) - Math.abs(b - wanted),
  );
}

/** Its OCC symbol. A date that is written out needs no market; an index has several roots, and a phrase a list of dates. */
export async function findContractSymbol(
  terms: ContractTerms,
  clock: Clock,
  open: () => Promise<ToolContext>,
): Promise<OptionSymbol> {
  const { underlying, side, strike, expiration, symbol } = terms;
  if (symbol !== undefined) return symbol;
  const date = parseExpirationDate(expiration, clock.now());
  if (date !== undefined && !isIndexSymbol(underlying) && typeof strike === 'number')
    return formatOptionSymbol({ root: optionRootOf(underlying), expiration: date, side, strike });
  const [found] = await findWholeChains({ symbol: underlying, expiration }, await open());
  const [error] = found?.errors ?? [];
  if (found?.data === undefined)
    throw new NoDataError(
      error?.message ?? `${underlying}: no options`,
      error?.hint === undefined ? {} : { hint: error.hint },
    );
  const contract = findContract(found.data, terms);
  if (contract === undefined) throw notListed(found.data, terms);
  return contract.symbol;
}

const NAMED_STRIKES = 4;

export function notListed(chain: ChainData, terms: ContractTerms): NoDataError {
  if (typeof terms.strike !== 'number')
    return new NoDataError(
      `${describeContract(terms)}: no contract of the chain of ${chain.expiration} has the figures to choose it by`,
      { symbol: terms.underlying, hint: 'name its strike' },
    );
  const strikes = nearestStrikes(
    chain.contracts.filter(({ side }) => side === terms.side),
    terms.strike,
  )
    .slice(0, NAMED_STRIKES)
    .toSorted((a, b) => a - b);
  return new NoDataError(
    `${describeContract(terms)}: no such contract of 100 shares in the chain of ${chain.expiration}`,
    {
      symbol: terms.symbol ?? terms.underlying,
      hint: `strikes near it are ${strikes.join(', ')}`,
    },
  );
}
