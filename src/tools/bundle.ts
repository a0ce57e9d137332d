// Quote, nearest chain and indicators of one symbol, fetched side by side; a part that failed has its entry in errors.
import type { Answer, AnswerMeta, BundleData } from '../domain/answers.ts';
import type { Freshness, TickerSymbol } from '../domain/types.ts';
import type { ToolContext } from './answer.ts';
import { answerIndicators } from './indicators.ts';
import { answerChain } from './options.ts';
import { answerQuotes } from './quote.ts';

export const DEFAULT_STRIKES = 10;

export async function answerBundle(symbol: TickerSymbol, context: ToolContext): Promise<Answer<'bundle'>> {
  const startedMs = context.clock.machineNow();
  const [quote, chain, ta] = await Promise.all([
    answerQuotes([symbol], context),
    answerChain({ symbol, side: 'both', strikes: DEFAULT_STRIKES }, context),
    answerIndicators([symbol], context),
  ]);
  const [quoteData, taData] = [quote.data?.[0], ta.data?.[0]];
  const data: BundleData = {
    symbol,
    ...(quoteData === undefined ? {} : { quote: quoteData }),
    ...(chain.data === undefined ? {} : { chain: chain.data }),
    ...(taData === undefined ? {} : { ta: taData }),
  };
  const parts = [quote, chain, ta];
  const nothing = parts.every((part) => part.data === undefined);
  return {
    kind: 'bundle',
    ...(nothing ? {} : { data }),
    errors: parts.flatMap((part) => part.errors),
    meta: { ...combineMetas(parts.map((part) => part.meta)), elapsedMs: Math.round(context.clock.machineNow() - startedMs) },
    notes: [...new Set(parts.flatMap((part) => part.notes))],
    request: { side: 'both', strikes: DEFAULT_STRIKES },
  };
}

const WORST_FIRST: readonly Freshness[] = ['stale', 'cached', 'live'];

/** Metas of several answers as one: the worst freshness, the oldest times, requests added up. */
export function combineMetas(metas: readonly AnswerMeta[]): AnswerMeta {
  const filled = metas.filter((meta) => meta.freshness !== undefined);
  const freshness = WORST_FIRST.find((state) => filled.some((meta) => meta.freshness === state));
  const providers = new Set(filled.flatMap((meta) => meta.provider?.split(',') ?? []));
  const asOf = oldest(filled.map((meta) => meta.asOf));
  const fetchedAt = oldest(filled.map((meta) => meta.fetchedAt));
  return {
    ...(providers.size === 0 ? {} : { provider: [...providers].join(',') }),
    sample: metas.some((meta) => meta.sample),
    ...(asOf === undefined ? {} : { asOf }),
    ...(fetchedAt === undefined ? {} : { fetchedAt }),
    ...(freshness === undefined ? {} : { freshness, ageMs: Math.max(...filled.map((meta) => meta.ageMs ?? 0)) }),
    providerCalls: metas.reduce((sum, meta) => sum + meta.providerCalls, 0),
    elapsedMs: Math.max(0, ...metas.map((meta) => meta.elapsedMs)),
  };
}

function oldest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}
