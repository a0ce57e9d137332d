// Histories of several symbols side by side, one row each: the bar itself where every range is one session,
// else what the range did.
import type { Answer, HistoryData } from '../domain/answers.ts';
import { closeBefore } from '../domain/bar-series.ts';
import { formatPercent, formatPrice, formatSigned, formatSpan, formatVolume, plural, priceDecimals } from './format.ts';
import { changeCells } from './history.ts';
import { renderSparkline } from './sparkline.ts';
import { renderTable, type Column } from './table.ts';
import { toneOfChange } from './theme.ts';
import { describe, type RenderOptions, type View } from './view.ts';

export function viewHistories(
  histories: readonly HistoryData[],
  request: Answer['request'],
  options: RenderOptions,
): View {
  const oneBarEach = histories.every((history) => history.bars.length === 1);
  const spans = new Set(histories.map((history) => formatSpan(history.from, history.to)));
  const [span = ''] = spans;
  const sameSpan = spans.size === 1;
  return {
    caption: [
      plural(histories.length, 'symbol'),
      oneBarEach ? 'one session' : 'performance',
      describe(request?.phrase, 40),
      sameSpan ? span : '',
    ],
    lines: oneBarEach ? renderSessions(histories, sameSpan, options) : renderPerformance(histories, sameSpan, options),
  };
}

/** Dates that the caption says go first; dates that differ from row to row stay as long as they can. */
function sessionColumns(sameSpan: boolean): Column[] {
  return [
    { head: 'Symbol', align: 'left', tone: 'strong' },
    { head: 'Date', align: 'left', drop: sameSpan ? 6 : 1 },
    { head: 'Open', align: 'decimal', drop: 4 },
    { head: 'High', align: 'decimal', drop: 3 },
    { head: 'Low', align: 'decimal', drop: 3 },
    { head: 'Close', align: 'decimal' },
    { head: 'Change', align: 'decimal', drop: 5 },
    { head: 'Change %', align: 'decimal' },
    { head: 'Volume', drop: 2 },
  ];
}

function renderSessions(histories: readonly HistoryData[], sameSpan: boolean, options: RenderOptions): string[] {
  const rows = histories.flatMap((history) =>
    history.bars.map((bar) => [
      history.symbol,
      bar.date,
      formatPrice(bar.open),
      formatPrice(bar.high),
      formatPrice(bar.low),
      formatPrice(bar.close),
      ...changeCells(bar, closeBefore(history, 0)),
      formatVolume(bar.volume),
    ]),
  );
  return renderTable({ columns: sessionColumns(sameSpan), rows }, options);
}

function performanceColumns(sameSpan: boolean): Column[] {
  return [
    { head: 'Symbol', align: 'left', tone: 'strong' },
    { head: 'Close', align: 'decimal' },
    { head: 'Change', align: 'decimal', drop: 2 },
    { head: 'Change %', align: 'decimal' },
    { head: 'High', align: 'decimal', drop: 3 },
    { head: 'Low', align: 'decimal', drop: 3 },
    { head: 'Bars', drop: 4 },
    ...(sameSpan ? [] : (['From', 'To'] as const).map((head): Column => ({ head, align: 'left', drop: 1 }))),
    { head: 'Closes', align: 'left', drop: 5, tone: 'accent' },
  ];
}

function renderPerformance(histories: readonly HistoryData[], sameSpan: boolean, options: RenderOptions): string[] {
  const rows = histories.map((history) => {
    const { summary } = history;
    const tone = toneOfChange(summary.change);
    const closes = history.bars.map((bar) => bar.close);
    return [
      history.symbol,
      formatPrice(summary.last),
      { text: formatSigned(summary.change, priceDecimals(summary.last)), tone },
      { text: formatPercent(summary.changePercent), tone },
      formatPrice(summary.high),
      formatPrice(summary.low),
      `${summary.bars}`,
      ...(sameSpan ? [] : [history.from, history.to]),
      renderSparkline(closes, 12),
    ];
  });
  return renderTable({ columns: performanceColumns(sameSpan), rows }, options);
}
