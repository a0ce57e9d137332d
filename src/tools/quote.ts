// Quotes in the public shape; change and percent are computed from last and previous close, never copied.
import type { Answer, AnswerError, QuoteData } from '../domain/answers.ts';
import { computeChange, roundPrice } from '../domain/bar-series.ts';
import { sessionAt } from '../domain/calendar.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { EpochMs, Quote, TickerSymbol } from '../domain/types.ts';
import type { Source } from '../market/market-data.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';

export function answerQuotes(symbols: readonly TickerSymbol[], context: ToolContext): Promise<Answer<'quote'>> {
  return answerWith(context, async ({ market, clock, request }) => {
    const outcomes = await market.quotes(symbols, request);
    const data: QuoteData[] = [];
    const errors: AnswerError[] = [];
    const sources: Source[] = [];
    const closes: TickerSymbol[] = [];
    for (const symbol of symbols) {
      const outcome = outcomes.get(symbol);
      if (outcome?.ok === true) {
        data.push(toQuoteData(outcome.value, clock.now()));
        sources.push(outcome.source);
        if (outcome.value.basis === 'session_bar') closes.push(symbol);
      } else if (outcome !== undefined) errors.push(toAnswerError(outcome.error, symbol));
    }
    return { kind: 'quote', data: data.length > 0 ? data : undefined, errors, sources, closes };
  });
}

export function toQuoteData(quote: Quote, now: EpochMs): QuoteData {
  const { basis: _basis, regularClose: _regularClose, vwap: _vwap, asOf, previousClose, ...figures } = quote;
  const change = previousClose === undefined ? {} : computeChange(quote.last, previousClose);
  return {
    ...figures,
    last: roundPrice(quote.last),
    ...change,
    ...(previousClose === undefined ? {} : { previousClose }),
    asOf: formatExchangeIso(asOf),
    session: sessionAt(now),
  };
}
