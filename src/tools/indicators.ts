// Technical indicators and price levels, both computed from the one daily series of a symbol.
import type { Answer, AnswerError, IndicatorData } from '../domain/answers.ts';
import { barsAfterLastGap, describeGap, roundPrice } from '../domain/bar-series.ts';
import { closeOf, runningSession, sessionAt } from '../domain/calendar.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { computeLevels } from '../domain/levels.ts';
import type { Bar, EpochMs, IsoDate, Quote, TickerSymbol } from '../domain/types.ts';
import { computeIndicators } from '../fields/indicators.ts';
import type { Outcome, Source } from '../market/market-data.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';

const AFTER_GAP = 'only bars after it count';

export function answerIndicators(symbols: readonly TickerSymbol[], context: ToolContext): Promise<Answer<'ta'>> {
  return answerWith(context, async ({ market, request }) => {
    const outcomes = await Promise.all(symbols.map((symbol) => market.dailySeries(symbol, request)));
    const data: IndicatorData[] = [];
    const errors: AnswerError[] = [];
    const sources: Source[] = [];
    const notes: string[] = [];
    for (const [index, symbol] of symbols.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      if (!outcome.ok || outcome.value.bars.length === 0) {
        errors.push(outcome.ok ? noBars(symbol) : toAnswerError(outcome.error, symbol));
        continue;
      }
      const { bars, gap } = barsAfterLastGap(outcome.value.bars);
      data.push({ symbol, ...computeIndicators(bars) });
      if (gap !== undefined) notes.push(`${symbol}: ${describeGap(gap, AFTER_GAP)}`);
      sources.push(outcome.source);
      request.call.report({
        type: 'detail',
        text: `${symbol}: indicators computed over ${bars.length} daily bars`,
      });
    }
    return { kind: 'ta', data: data.length > 0 ? data : undefined, errors, sources, notes };
  });
}

export function answerLevels(symbol: TickerSymbol, context: ToolContext): Promise<Answer<'levels'>> {
  return answerWith(context, async ({ market, clock, request }) => {
    // In a regular session the running bar is the newest price; at all other times the quote may know a newer one.
    const isTrading = runningSession(clock.now()) !== undefined;
    const [outcome, quotes] = await Promise.all([
      market.dailySeries(symbol, request),
      isTrading ? undefined : market.quotes([symbol], request),
    ]);
    if (!outcome.ok)
      return { kind: 'levels', data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [] };
    const { bars, gap } = barsAfterLastGap(outcome.value.bars);
    const last = bars.at(-1);
    if (last === undefined) return { kind: 'levels', data: undefined, errors: [noBars(symbol)], sources: [] };
    const running = outcome.value.running ? last.date : undefined;
    const quote = quotes?.get(symbol);
    const { spot, ...told } = newestPrice(last, running, quote);
    const ended = quote?.ok === false && ['timeout', 'cancelled'].includes(quote.error.code) ? quote.error : undefined;
    return {
      kind: 'levels',
      data: { symbol, spot, ...computeLevels(bars, spot, running) },
      errors: ended === undefined ? [] : [toAnswerError(ended, symbol)],
      sources: [outcome.source, ...told.sources],
      notes: [...told.notes, ...(gap === undefined ? [] : [`${symbol}: ${describeGap(gap, AFTER_GAP)}`])],
    };
  });
}

/** The price that levels are seen from, with its time where it is not of the newest bar's session. */
function newestPrice(
  last: Bar,
  running: IsoDate | undefined,
  quote: Outcome<Quote> | undefined,
): { spot: number; sources: Source[]; notes: string[] } {
  if (running !== undefined || quote === undefined) return { spot: last.close, sources: [], notes: [] };
  const close = closeOf(last.date);
  if (!quote.ok)
    return {
      spot: last.close,
      sources: [],
      notes: [`the spot is the close of ${last.date}: no newer price: ${quote.error.message}`],
    };
  const { last: price, asOf } = quote.value;
  if (asOf <= close) return { spot: last.close, sources: [], notes: [] };
  return { spot: roundPrice(price), sources: [quote.source], notes: [describeLater(asOf)] };
}

function describeLater(asOf: EpochMs): string {
  const session = { pre: 'before the open', regular: 'in session', post: 'after the close', closed: 'after the close' };
  const time = formatExchangeIso(asOf).slice(0, 16).replace('T', ' ');
  return `the spot is of ${time} ET, ${session[sessionAt(asOf)]}; the levels are of finished sessions`;
}

/** A share whose first session is not over has none, until its quote tells of that session. */
function noBars(symbol: TickerSymbol): AnswerError {
  return { symbol, code: 'no_data', message: `${symbol}: no bars` };
}
