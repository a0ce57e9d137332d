// From an answer to the lines of its screen: caption, view of its kind, remarks, footer.
// Failures beside the data are no part of it: they go to standard error.
import { type ByKind, dataOfKind, makeByKind } from '../domain/answer-kinds.ts';
import type { Answer, AnswerDataByKind, AnswerKind } from '../domain/answers.ts';
import { viewBundle } from './bundle.ts';
import { viewCalculation } from './calculation.ts';
import { viewChain } from './chain.ts';
import { viewChainSummary, viewChains, viewContracts } from './chains.ts';
import { viewEvents, viewNews, viewSearch } from './events.ts';
import { viewExpirations } from './expirations.ts';
import { viewFields, viewTable } from './fields-table.ts';
import { frame, frameInParts } from './frame.ts';
import { viewHistories } from './histories.ts';
import { viewHistory } from './history.ts';
import { viewIndicators } from './indicators.ts';
import { viewLevels, viewLevelsOfSeveral } from './levels.ts';
import { viewMarket } from './market.ts';
import { viewPositions } from './positions.ts';
import { viewQuotes } from './quote.ts';
import { viewStrategy } from './strategy.ts';
import { viewExpirationStats, viewVolatilities, viewVolatility } from './volatility.ts';
import type { RenderOptions, View } from './view.ts';

/** The screen of one answer, no line wider than `options.width`; no lines where nothing was found. */
export function renderAnswer(answer: Answer, options: RenderOptions): string[] {
  return [...renderAnswerInParts(answer, options)].flat();
}

/** The same lines part by part, for who must hear of deadlines and signals in between: a part takes some ten milliseconds. */
export function* renderAnswerInParts(answer: Answer, options: RenderOptions): Generator<string[]> {
  const view = makeByKind(VIEWS, answer, options, answer.request);
  if (view !== undefined) yield* frameInParts(view, [answer], options);
}

/**
 * Several answers of one kind side by side, one row a symbol (`last week's performance of the three`).
 * Kinds that have no side-by-side form stand one below the other.
 */
export function renderComparison(answers: readonly Answer[], options: RenderOptions): string[] {
  const found = answers.filter((answer) => answer.data !== undefined);
  const [only] = found;
  if (only === undefined) return [];
  if (found.length === 1) return renderAnswer(only, options);
  const view = viewTogether(found, options);
  if (view !== undefined) return frame(view, found, options);
  return found.flatMap((answer, index) => [...(index === 0 ? [] : ['']), ...renderAnswer(answer, options)]);
}

type Request = Answer['request'];

/** The view of each kind. */
const VIEWS: Required<ByKind<View, [options: RenderOptions, request: Request]>> = {
  quote: viewQuotes,
  history: (data, options, request) => viewHistory(data, request, options),
  ta: viewIndicators,
  expirations: (data, options, request) =>
    request?.summary === true ? viewExpirationStats(data, options) : viewExpirations(data, options),
  volatility: viewVolatility,
  chain: (data, options, request) => viewChain(data, request, options),
  chains: (data, options, request) => viewChains(data, request, options),
  contracts: viewContracts,
  market: viewMarket,
  bundle: viewBundle,
  levels: viewLevels,
  calculation: viewCalculation,
  table: viewTable,
  fields: viewFields,
  strategy: viewStrategy,
  positions: viewPositions,
  events: viewEvents,
  news: (data, options, request) => viewNews(data, request?.phrase ?? '', options),
  search: (data, options, request) => viewSearch(data, request?.phrase ?? '', options),
  // These have screens of their own.
  chart: null,
  alerts: null,
};

type Together<Kind extends AnswerKind> = (
  data: AnswerDataByKind[Kind][],
  options: RenderOptions,
  requests: readonly Request[],
) => View | undefined;

/** The view of several answers of a kind. */
const VIEWS_TOGETHER: { readonly [Kind in AnswerKind]?: Together<Kind> } = {
  quote: (quotes, options) => viewQuotes(quotes.flat(), options),
  ta: (indicators, options) => viewIndicators(indicators.flat(), options),
  levels: (levels, options) => viewLevelsOfSeveral(levels, options),
  chain: (chains, options, requests) =>
    requests.every((request) => request?.summary === true) ? viewChainSummary(chains, options) : undefined,
  volatility: (volatilities, options) => viewVolatilities(volatilities, options),
  history: (histories, options, requests) => viewHistories(histories, requests[0], options),
};

function viewTogether<Kind extends AnswerKind>(
  answers: readonly Answer<Kind>[],
  options: RenderOptions,
): View | undefined {
  const [kind, ...others] = new Set(answers.map((answer) => answer.kind));
  if (kind === undefined || others.length > 0) return undefined;
  const requests = answers.map(({ request }) => request);
  return VIEWS_TOGETHER[kind]?.(dataOfKind(answers, kind), options, requests);
}
