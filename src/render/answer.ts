// From an answer to the lines of its screen: caption, view of its kind, remarks, footer.
// Failures beside the data are no part of it: they go to standard error.
import type { Answer, AnswerKind, HistoryData } from '../domain/answers.ts';
import { viewBundle } from './bundle.ts';
import { viewCalculation } from './calculation.ts';
import { viewChain } from './chain.ts';
import { viewExpirations } from './expirations.ts';
import { formatPercent, formatPrice, formatSigned, formatVolume, plural, priceDecimals } from './format.ts';
import { baseOf, changeCells, formatSpan, viewHistory } from './history.ts';
import { viewIndicators } from './indicators.ts';
import { viewLevels, viewLevelsOfSeveral } from './levels.ts';
import { viewMarket } from './market.ts';
import { viewQuotes } from './quote.ts';
import { renderSparkline } from './sparkline.ts';
import { renderTable, type Column } from './table.ts';
import { toneOfChange } from './theme.ts';
import { combineMeta, describe, renderCaption, renderFooter, renderNotes, type RenderOptions, type View } from './view.ts';

/** The screen of one answer, no line wider than `options.width`; no lines where nothing was found. */
export function renderAnswer(answer: Answer, options: RenderOptions): string[] {
  const view = viewAnswer(answer, options);
  return view === undefined ? [] : frame(view, [answer], options);
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

function isKind<Kind extends AnswerKind>(answer: Answer, kind: Kind): answer is Answer<Kind> {
  return answer.kind === kind;
}

function viewAnswer(answer: Answer, options: RenderOptions): View | undefined {
  const { request } = answer;
  return (
    viewAs(answer, 'quote', (data) => viewQuotes(data, options)) ??
    viewAs(answer, 'history', (data) => viewHistory(data, request, options)) ??
    viewAs(answer, 'ta', (data) => viewIndicators(data, options)) ??
    viewAs(answer, 'expirations', (data) => viewExpirations(data, options)) ??
    viewAs(answer, 'chain', (data) => viewChain(data, request, options)) ??
    viewAs(answer, 'market', (data) => viewMarket(data, options)) ??
    viewAs(answer, 'bundle', (data) => viewBundle(data, options)) ??
    viewAs(answer, 'levels', (data) => viewLevels(data, options)) ??
    viewAs(answer, 'calculation', (data) => viewCalculation(data, options))
  );
}

function viewAs<Kind extends AnswerKind>(
  answer: Answer,
  kind: Kind,
  view: (data: NonNullable<Answer<Kind>['data']>) => View,
): View | undefined {
  return isKind(answer, kind) && answer.data !== undefined ? view(answer.data) : undefined;
}

function viewTogether(answers: readonly Answer[], options: RenderOptions): View | undefined {
  const quotes = dataOf(answers, 'quote');
  if (quotes.length === answers.length) return viewQuotes(quotes.flat(), options);
  const indicators = dataOf(answers, 'ta');
  if (indicators.length === answers.length) return viewIndicators(indicators.flat(), options);
  const levels = dataOf(answers, 'levels');
  if (levels.length === answers.length) return viewLevelsOfSeveral(levels, options);
  const histories = dataOf(answers, 'history');
  return histories.length === answers.length ? viewHistories(histories, answers[0]?.request, options) : undefined;
}

function dataOf<Kind extends AnswerKind>(answers: readonly Answer[], kind: Kind): NonNullable<Answer<Kind>['data']>[] {
  return answers.flatMap((answer) => (isKind(answer, kind) && answer.data !== undefined ? [answer.data] : []));
}

function frame(view: View, answers: readonly Answer[], options: RenderOptions): string[] {
  const meta = combineMeta(answers);
  const notes = renderNotes(answers.flatMap((answer) => answer.notes), options);
  const footer = renderFooter(meta, options);
  return [
    ...renderCaption(view.caption, meta.sample, options),
    ...view.lines,
    ...(notes.length + footer.length > 0 ? [''] : []),
    ...notes,
    ...footer,
  ];
}

/** One row a symbol: the bar itself where each range is one session, else what the range did. */
function viewHistories(histories: readonly HistoryData[], request: Answer['request'], options: RenderOptions): View {
  const oneBarEach = histories.every((history) => history.bars.length === 1);
  const spans = new Set(histories.map((history) => formatSpan(history.from, history.to)));
  const [span = ''] = spans;
  return {
    caption: [plural(histories.length, 'symbol'), oneBarEach ? 'session' : 'performance', describe(request?.phrase, 40), spans.size === 1 ? span : ''],
    lines: oneBarEach ? renderSessions(histories, options) : renderPerformance(histories, options),
  };
}

const SESSION_COLUMNS: readonly Column[] = [
  { head: 'Symbol', align: 'left', tone: 'strong' },
  { head: 'Date', align: 'left', drop: 4 },
  { head: 'Open', align: 'decimal', drop: 2 },
  { head: 'High', align: 'decimal', drop: 3 },
  { head: 'Low', align: 'decimal', drop: 3 },
  { head: 'Close', align: 'decimal' },
  { head: 'Change', align: 'decimal', drop: 5 },
  { head: 'Change %', align: 'decimal' },
  { head: 'Volume', drop: 1 },
];

function renderSessions(histories: readonly HistoryData[], options: RenderOptions): string[] {
  const rows = histories.flatMap((history) =>
    history.bars.map((bar) => [
      history.symbol,
      bar.date,
      formatPrice(bar.open),
      formatPrice(bar.high),
      formatPrice(bar.low),
      formatPrice(bar.close),
      ...changeCells(bar, baseOf(history, 0)),
      formatVolume(bar.volume),
    ]),
  );
  return renderTable({ columns: SESSION_COLUMNS, rows }, options);
}

const PERFORMANCE_COLUMNS: readonly Column[] = [
  { head: 'Symbol', align: 'left', tone: 'strong' },
  { head: 'Close', align: 'decimal' },
  { head: 'Change', align: 'decimal', drop: 1 },
  { head: 'Change %', align: 'decimal' },
  { head: 'High', align: 'decimal', drop: 2 },
  { head: 'Low', align: 'decimal', drop: 2 },
  { head: 'Bars', drop: 4 },
  { head: 'From', align: 'left', drop: 5 },
  { head: 'To', align: 'left', drop: 5 },
  { head: 'Closes', align: 'left', drop: 3, tone: 'accent' },
];

function renderPerformance(histories: readonly HistoryData[], options: RenderOptions): string[] {
  const rows = histories.map((history) => {
    const { summary } = history;
    const tone = toneOfChange(summary.change);
    return [
      history.symbol,
      formatPrice(summary.last),
      { text: formatSigned(summary.change, priceDecimals(summary.last)), tone },
      { text: formatPercent(summary.changePercent), tone },
      formatPrice(summary.high),
      formatPrice(summary.low),
      `${summary.bars}`,
      history.from,
      history.to,
      renderSparkline(history.bars.map((bar) => bar.close), 12),
    ];
  });
  return renderTable({ columns: PERFORMANCE_COLUMNS, rows }, options);
}
