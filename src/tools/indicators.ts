// Technical indicators and price levels, both computed from the one daily series of a symbol.
import type { Answer, AnswerError, IndicatorData } from '../domain/answers.ts';
import { barsAfterLastGap, describeGap } from '../domain/bar-series.ts';
import { computeIndicators } from '../domain/indicators.ts';
import { computeLevels } from '../domain/levels.ts';
import type { TickerSymbol } from '../domain/types.ts';
import type { Source } from '../market/market-data.ts';
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
  return answerWith(context, async ({ market, request }) => {
    const outcome = await market.dailySeries(symbol, request);
    if (!outcome.ok)
      return { kind: 'levels', data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [] };
    const { bars, gap } = barsAfterLastGap(outcome.value.bars);
    const spot = bars.at(-1)?.close;
    if (spot === undefined) return { kind: 'levels', data: undefined, errors: [noBars(symbol)], sources: [] };
    return {
      kind: 'levels',
      data: {
        symbol,
        spot,
        ...computeLevels(bars, spot, outcome.value.running ? bars.at(-1)?.date : undefined),
      },
      errors: [],
      sources: [outcome.source],
      notes: gap === undefined ? [] : [`${symbol}: ${describeGap(gap, AFTER_GAP)}`],
    };
  });
}

/** A share whose first session is not over has none, until its quote tells of that session. */
function noBars(symbol: TickerSymbol): AnswerError {
  return { symbol, code: 'no_data', message: `${symbol}: no bars` };
}
