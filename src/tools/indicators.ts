// Technical indicators, computed from the one daily series of a symbol.
// Levels of the same series are in levels.ts.
import type { Answer, AnswerError, IndicatorData } from '../domain/answers.ts';
import { barsAfterLastGap, describeGap } from '../domain/bar-series.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { computeIndicators } from '../fields/indicators.ts';
import type { Source } from '../market/market-data.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';

/** What a gap means for the figures of a series. */
export const AFTER_GAP = 'only bars after it count';

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

/** A share whose first session is not over has none, until its quote tells of that session. */
export function noBars(symbol: TickerSymbol): AnswerError {
  return { symbol, code: 'no_data', message: `${symbol}: no bars` };
}
