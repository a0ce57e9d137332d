// The market of a session: where a provider fails, the reader decides whether it is asked again, before anybody else
// hears of the failure. Calls that fail side by side are decided together.
import type { ErrorCode, FinError } from '../domain/errors.ts';
import type { MarketData, MarketRequest, Outcome } from '../market/market-data.ts';
import type { Choice } from '../repl/offer.ts';
import type { QuestionDeadline } from '../app/question-deadline.ts';

export interface OfferingMarketOptions {
  market: MarketData;
  /** The question under way. */
  frame(): QuestionDeadline | undefined;
  /** Asks the reader; ends when the choice can be carried out. */
  decide(failure: FinError, frame: QuestionDeadline): Promise<Choice>;
}

/** What asking again may mend. A refused key, a plan or missing data stay as they are. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set(['unavailable', 'rate_limited', 'bad_payload']);

/** Outside a question, and for what asking again cannot mend, it is the market itself. */
export function createOfferingMarket({ market, frame, decide }: OfferingMarketOptions): MarketData {
  let open: Promise<Choice> | undefined;

  /** One decision for all that failed before it is taken; the clock of the question stands meanwhile. */
  function decideOnce(failure: FinError, current: QuestionDeadline): Promise<Choice> {
    open ??= (async () => {
      const resume = current.pause();
      try {
        return await decide(failure, current);
      } finally {
        resume();
        open = undefined;
      }
    })();
    return open;
  }

  async function insist<T>(
    request: MarketRequest,
    ask: (request: MarketRequest) => Promise<T>,
    failureOf: (result: T) => FinError | undefined,
  ): Promise<T> {
    for (let asked = request; ;) {
      const result = await ask(asked);
      const failure = failureOf(result);
      const current = frame();
      if (failure === undefined || current === undefined || current.signal.aborted || !MENDABLE.has(failure.code))
        return result;
      const choice = await decideOnce(failure, current);
      if (choice === 'cancel') current.cancel();
      if (choice !== 'retry') return result;
      asked = { ...request, call: { ...request.call, deadlineMs: current.deadlineMs } };
    }
  }

  const failureOfOne = (outcome: Outcome<unknown>): FinError | undefined => (outcome.ok ? undefined : outcome.error);
  const failureOfAny = (outcomes: ReadonlyMap<unknown, Outcome<unknown>>): FinError | undefined => {
    const failures = [...outcomes.values()].flatMap((outcome) => failureOfOne(outcome) ?? []);
    return failures.find(({ code }) => MENDABLE.has(code));
  };

  // Events are mostly an addition to something else, and without a provider's clock the calendar answers.
  return {
    ...market,
    quotes: (symbols, request) => insist(request, (again) => market.quotes(symbols, again), failureOfAny),
    contractQuotes: (symbols, request) =>
      insist(request, (again) => market.contractQuotes(symbols, again), failureOfAny),
    dailySeries: (symbol, request, from) =>
      insist(request, (again) => market.dailySeries(symbol, again, from), failureOfOne),
    intraday: (symbol, need, request) => insist(request, (again) => market.intraday(symbol, need, again), failureOfOne),
    expirations: (symbol, request) => insist(request, (again) => market.expirations(symbol, again), failureOfOne),
    chain: (symbol, expiration, request) =>
      insist(request, (again) => market.chain(symbol, expiration, again), failureOfOne),
    news: (symbol, request) => insist(request, (again) => market.news(symbol, again), failureOfOne),
    search: (words, request) => insist(request, (again) => market.search(words, again), failureOfOne),
  };
}
