// Expirations and option chains in the public shape; the spot is fetched here, side by side with the dates.
import type { Answer, ExpirationsData } from '../domain/answers.ts';
import { isExpired } from '../domain/calendar.ts';
import { type ChainSelection, toChainData } from '../domain/chain-analytics.ts';
import { parseExpirationDate, resolveExpiration } from '../domain/date-phrases.ts';
import { NoDataError, toFinError } from '../domain/errors.ts';
import { daysBetween, exchangeDateOf } from '../domain/exchange-time.ts';
import type { IsoDate, OptionChain, TickerSymbol } from '../domain/types.ts';
import type { Outcome, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';

export interface ChainRequest extends ChainSelection {
  symbol: TickerSymbol;
  /** A date or phrase; absent: the nearest not yet expired. */
  expiration?: string;
}

export function answerExpirations(symbol: TickerSymbol, context: ToolContext): Promise<Answer<'expirations'>> {
  return answerWith(context, async ({ market, clock, request }) => {
    const outcome = await market.expirations(symbol, request);
    if (!outcome.ok)
      return { kind: 'expirations', data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [] };
    const now = clock.now();
    const today = exchangeDateOf(now);
    const data: ExpirationsData = {
      symbol,
      expirations: outcome.value
        .filter(({ date }) => !isExpired(date, now))
        .map(({ date, kind }) => ({ date, dte: daysBetween(today, date), kind })),
    };
    return { kind: 'expirations', data, errors: [], sources: [outcome.source] };
  });
}

export function answerChain(asked: ChainRequest, context: ToolContext): Promise<Answer<'chain'>> {
  return answerWith(context, async (counted) => {
    try {
      return await findChain(asked, counted);
    } catch (error) {
      return noChain(asked, toFinError(error));
    }
  });
}

/** What `answerChain` says, with its sources. */
export async function findChain(asked: ChainRequest, context: ToolContext): Promise<Findings<'chain'>> {
  const { market, clock, request } = context;
  const [quotes, found] = await Promise.all([market.quotes([asked.symbol], request), findExpiration(asked, context)]);
  const quote = quotes.get(asked.symbol);
  if (!found.ok) return noChain(asked, found.error);
  const spot = quote?.ok === true ? quote.value.last : found.value.spot;
  if (spot === undefined)
    return noChain(asked, quote?.ok === false ? quote.error : new NoDataError(`${asked.symbol}: no spot price`));
  const { data, leftOut } = toChainData(found.value, spot, clock.now(), asked);
  if (data.contracts.length === 0) return noChain(asked, noContracts(asked, data.expiration, leftOut));
  const sources: Source[] = quote?.ok === true ? [found.source, quote.source] : [found.source];
  return {
    kind: 'chain',
    data,
    errors: quote?.ok === false && quote.error.code === 'timeout' ? [toAnswerError(quote.error, asked.symbol)] : [],
    sources,
    notes: [
      ...(leftOut > 0
        ? [`left out: ${leftOut === 1 ? 'a contract' : `${leftOut} contracts`} of another size than 100 shares`]
        : []),
      ...(quote?.ok === false ? [`the spot is the chain’s own: ${quote.error.message}`] : []),
    ],
    request: requestOf(asked),
  };
}

function requestOf({ side, strikes, around, expiration }: ChainRequest): Answer['request'] & object {
  return {
    side,
    strikes,
    ...(around === undefined ? {} : { around }),
    ...(expiration === undefined ? {} : { phrase: expiration }),
  };
}

function noContracts({ symbol, side }: ChainRequest, expiration: IsoDate, leftOut: number): NoDataError {
  const what = side === 'both' ? 'contracts' : `${side}s`;
  const why = leftOut > 0 ? `: all that there are, ${leftOut}, are of another size` : '';
  return new NoDataError(`${symbol} ${expiration}: no ${what} of 100 shares${why}`, {
    symbol,
    hint: `fin expirations ${symbol} lists the other dates`,
  });
}

/** An expiration that is not there does not end the request for the spot, which is on its way and must be counted. */
async function findExpiration(asked: ChainRequest, context: ToolContext): Promise<Outcome<OptionChain>> {
  try {
    return await fetchExpiration(asked, context);
  } catch (error) {
    return { ok: false, error: toFinError(error) };
  }
}

/** A date is asked for directly; where it has no chain, and for a phrase, the list of real dates decides. */
async function fetchExpiration(
  asked: ChainRequest,
  { market, clock, request }: ToolContext,
): Promise<Outcome<OptionChain>> {
  const date = asked.expiration === undefined ? undefined : parseExpirationDate(asked.expiration);
  const listed = async (): Promise<Outcome<IsoDate[]>> => {
    const outcome = await market.expirations(asked.symbol, request);
    return outcome.ok ? { ...outcome, value: outcome.value.map((expiration) => expiration.date) } : outcome;
  };
  if (date !== undefined) {
    const direct = await market.chain(asked.symbol, date, request);
    if (direct.ok || direct.error.code !== 'no_data') return direct;
  }
  const dates = await listed();
  if (!dates.ok) return dates;
  const expiration = resolveExpiration(asked.expiration, clock.now(), dates.value, asked.symbol);
  return market.chain(asked.symbol, expiration, request);
}

function noChain(asked: ChainRequest, error: ReturnType<typeof toFinError>): Findings<'chain'> {
  return { kind: 'chain', data: undefined, errors: [toAnswerError(error, asked.symbol)], sources: [] };
}

/** @throws UsageError when an expiration phrase cannot be read, before anything is fetched. */
export function checkExpirationPhrase(phrase: string): void {
  parseExpirationDate(phrase);
}
