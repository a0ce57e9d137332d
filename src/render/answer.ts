// From an answer to the lines of its screen: caption, view of its kind, remarks, footer.
// Failures beside the data are no part of it: they go to standard error.
import { dataOfKind, isOfKind } from '../domain/answer-kinds.ts';
import type { Answer, AnswerKind } from '../domain/answers.ts';
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
  const view = viewAnswer(answer, options);
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

function viewAnswer(answer: Answer, options: RenderOptions): View | undefined {
  const { request } = answer;
  return (
    viewAs(answer, 'quote', (data) => viewQuotes(data, options)) ??
    viewAs(answer, 'history', (data) => viewHistory(data, request, options)) ??
    viewAs(answer, 'ta', (data) => viewIndicators(data, options)) ??
    viewAs(answer, 'expirations', (data) =>
      request?.summary === true ? viewExpirationStats(data, options) : viewExpirations(data, options),
    ) ??
    viewAs(answer, 'volatility', (data) => viewVolatility(data, options)) ??
    viewAs(answer, 'chain', (data) => viewChain(data, request, options)) ??
    viewAs(answer, 'chains', (data) => viewChains(data, request, options)) ??
    viewAs(answer, 'contracts', (data) => viewContracts(data, options)) ??
    viewAs(answer, 'market', (data) => viewMarket(data, options)) ??
    viewAs(answer, 'bundle', (data) => viewBundle(data, options)) ??
    viewAs(answer, 'levels', (data) => viewLevels(data, options)) ??
    viewAs(answer, 'calculation', (data) => viewCalculation(data, options)) ??
    viewAs(answer, 'table', (data) => viewTable(data, options)) ??
    viewAs(answer, 'fields', (data) => viewFields(data, options)) ??
    viewAs(answer, 'strategy', (data) => viewStrategy(data, options)) ??
    viewAs(answer, 'positions', (data) => viewPositions(data, options)) ??
    viewOfCompany(answer, options)
  );
}

function viewOfCompany(answer: Answer, options: RenderOptions): View | undefined {
  const asked = answer.request?.phrase ?? '';
  return (
    viewAs(answer, 'events', (data) => viewEvents(data, options)) ??
    viewAs(answer, 'news', (data) => viewNews(data, asked, options)) ??
    viewAs(answer, 'search', (data) => viewSearch(data, asked, options))
  );
}

function viewAs<Kind extends AnswerKind>(
  answer: Answer,
  kind: Kind,
  view: (data: NonNullable<Answer<Kind>['data']>) => View,
): View | undefined {
  return isOfKind(answer, kind) && answer.data !== undefined ? view(answer.data) : undefined;
}

function viewTogether(answers: readonly Answer[], options: RenderOptions): View | undefined {
  const quotes = dataOfKind(answers, 'quote');
  if (quotes.length === answers.length) return viewQuotes(quotes.flat(), options);
  const indicators = dataOfKind(answers, 'ta');
  if (indicators.length === answers.length) return viewIndicators(indicators.flat(), options);
  const levels = dataOfKind(answers, 'levels');
  if (levels.length === answers.length) return viewLevelsOfSeveral(levels, options);
  const chains = dataOfKind(answers, 'chain');
  const isSummary = chains.length === answers.length && answers.every(({ request }) => request?.summary === true);
  if (isSummary) return viewChainSummary(chains, options);
  const volatilities = dataOfKind(answers, 'volatility');
  if (volatilities.length === answers.length) return viewVolatilities(volatilities, options);
  const histories = dataOfKind(answers, 'history');
  return histories.length === answers.length ? viewHistories(histories, answers[0]?.request, options) : undefined;
}
