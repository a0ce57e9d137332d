// Asks ahead of time for quote, daily series, expirations and nearest chain of each symbol, in the order given.
// What is held costs nothing, what is done is kept; the request says how urgent it is.
import type { AnswerError } from '../domain/answers.ts';
import { isExpirationOver } from '../domain/option-sessions.ts';
import type { FinError } from '../domain/errors.ts';
import type { Clock, TickerSymbol } from '../domain/types.ts';
import type { MarketData, MarketRequest, Outcome } from '../market/market-data.ts';
import { toAnswerError } from '../tools/answer.ts';
import type { Runtime } from './runtime.ts';

/** Symbols asked for at once: the order of the rest stays that of their popularity. */
const AT_ONCE = 4;

export interface Warmed {
  symbol: TickerSymbol;
  error?: AnswerError;
}

export async function warmAll(
  symbols: readonly TickerSymbol[],
  request: MarketRequest,
  { market }: Pick<Runtime, 'market'>,
  clock: Clock,
  onStep: () => void = () => undefined,
): Promise<Warmed[]> {
  if (symbols.length === 0) return [];
  const quotes = await market.quotes(symbols, request);
  const warmed = new Map<TickerSymbol, Warmed>();
  const waiting = [...symbols];
  /** What would end the rest in the same way. */
  let end: FinError | undefined;

  async function work(): Promise<void> {
    for (let symbol = waiting.shift(); symbol !== undefined; symbol = waiting.shift()) {
      const failure = end ?? (await warmOne(symbol, quotes.get(symbol), request, market, clock));
      if (failure !== undefined && ENDS_THE_RUN.has(failure.code)) end ??= failure;
      // Those that wait side by side end for one cause, said once.
      const cause = failure !== undefined && ENDS_THE_RUN.has(failure.code) ? end : failure;
      warmed.set(symbol, { symbol, ...(cause === undefined ? {} : { error: { ...toAnswerError(cause), symbol } }) });
      onStep();
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return symbols.flatMap((symbol) => warmed.get(symbol) ?? []);
}

const ENDS_THE_RUN: ReadonlySet<string> = new Set(['rate_limited', 'timeout', 'cancelled']);

/** Why one symbol is not warm; undefined where it is. One without options is. */
async function warmOne(
  symbol: TickerSymbol,
  quote: Outcome<unknown> | undefined,
  request: MarketRequest,
  market: MarketData,
  clock: Clock,
): Promise<FinError | undefined> {
  const early = failureOf(quote) ?? failureOf(await market.dailySeries(symbol, request));
  if (early !== undefined) return early;
  const expirations = await market.expirations(symbol, request);
  const failure = failureOf(expirations);
  if (!expirations.ok || failure !== undefined) return failure?.code === 'no_data' ? undefined : failure;
  const nearest = expirations.value.find(({ date }) => !isExpirationOver(date, clock.now(), symbol));
  const chain = nearest === undefined ? undefined : failureOf(await market.chain(symbol, nearest.date, request));
  return chain?.code === 'no_data' ? undefined : chain;
}

/** What is only held stale because a provider failed is not warm. */
function failureOf(outcome: Outcome<unknown> | undefined): FinError | undefined {
  if (outcome === undefined) return undefined;
  return outcome.ok ? outcome.source.failure : outcome.error;
}
