// Quote, nearest chain and indicators of one symbol, fetched side by side; a part that failed has its entry in errors.
import { combineMetas } from '../domain/answer-meta.ts';
import type { Answer, BundleData } from '../domain/answers.ts';
import { present } from '../domain/present.ts';
import type { TickerSymbol } from '../domain/types.ts';
import type { ToolContext } from './answer.ts';
import { answerIndicators } from './indicators.ts';
import { answerChain } from './options.ts';
import { answerQuotes } from './quote.ts';

export const DEFAULT_STRIKES = 10;

export async function answerBundle(symbol: TickerSymbol, context: ToolContext): Promise<Answer<'bundle'>> {
  const startedMs = context.clock.machineNow();
  const shared = { ...context, request: { brought: new Set<string>(), ...context.request } };
  const [quote, chain, ta] = await Promise.all([
    answerQuotes([symbol], shared),
    answerChain({ symbol, side: 'both', strikes: DEFAULT_STRIKES }, shared),
    answerIndicators([symbol], shared),
  ]);
  const [quoteData, taData] = [quote.data?.[0], ta.data?.[0]];
  const data: BundleData = {
    symbol,
    ...present({ quote: quoteData, chain: chain.data, ta: taData }),
  };
  const parts = [quote, chain, ta];
  const nothing = parts.every((part) => part.data === undefined);
  return {
    kind: 'bundle',
    ...(nothing ? {} : { data }),
    errors: parts.flatMap((part) => part.errors),
    meta: {
      ...combineMetas(parts.map((part) => part.meta)),
      elapsedMs: Math.round(context.clock.machineNow() - startedMs),
    },
    notes: [...new Set(parts.flatMap((part) => part.notes))],
    ...(quote.closes === undefined ? {} : { closes: quote.closes }),
    request: { side: 'both', strikes: DEFAULT_STRIKES },
  };
}
