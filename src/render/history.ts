// Price history on screen: what the range did, its shape, then every bar.
import type { Answer, BarData, HistoryData } from '../domain/answers.ts';
import { closeBefore, roundPrice } from '../domain/bar-series.ts';
import {
  INTERVAL_NAMES,
  formatPercent,
  formatPrice,
  formatSigned,
  formatSpan,
  formatVolume,
  formatWeekday,
  plural,
  priceDecimals,
} from './format.ts';
import { renderSparkline } from './sparkline.ts';
import { renderTable, type Cell, type Column, type TableSpec } from './table.ts';
import { wrapPieces } from './text.ts';
import { toneOfChange } from './theme.ts';
import { describe, type RenderOptions, type View } from './view.ts';

export function viewHistory(history: HistoryData, request: Answer['request'], options: RenderOptions): View {
  return {
    caption: [
      history.symbol,
      INTERVAL_NAMES[history.interval],
      describe(request?.phrase, 40),
      formatSpan(history.from, history.to),
      plural(history.bars.length, 'bar'),
    ],
    lines: [...renderSummary(history, options), '', ...renderBars(history, options)],
  };
}

/** Close and change over the range, its extremes, and a line of blocks. */
function renderSummary(history: HistoryData, options: RenderOptions): string[] {
  const { theme, width } = options;
  const { summary } = history;
  const decimals = priceDecimals(summary.last);
  const change = `${formatSigned(summary.change, decimals)}  ${formatPercent(summary.changePercent)}`;
  const lines = wrapPieces([`${formatPrice(summary.last)}  ${change}`, describeBasis(summary)], width, '  ');
  const extremes = [`high ${formatPrice(summary.high)}`, `low ${formatPrice(summary.low)}`];
  const closes = history.bars.map((bar) => bar.close);
  const spark = closes.length < 3 ? [] : [theme.paint('accent', renderSparkline(closes, Math.min(width, 60)))];
  return [
    ...lines.map((line) => line.replace(change, (text) => theme.paint(toneOfChange(summary.change), text))),
    ...wrapPieces(extremes, width),
    ...spark,
  ];
}

function describeBasis({ basis, last, change }: HistoryData['summary']): string {
  if (basis === undefined || change === undefined) return 'no change across the gap';
  return basis === 'previous_close' ? `vs. prior close (${formatPrice(last - change)})` : 'vs. first open';
}

const COLUMNS: readonly Column[] = [
  { head: '', align: 'left', drop: 5, tone: 'muted' },
  { head: 'Date', align: 'left' },
  { head: 'Open', align: 'decimal', drop: 3 },
  { head: 'High', align: 'decimal', drop: 2 },
  { head: 'Low', align: 'decimal', drop: 2 },
  { head: 'Close', align: 'decimal' },
  { head: 'Change', align: 'decimal', drop: 4 },
  { head: 'Change %', align: 'decimal' },
  { head: 'Volume', drop: 1 },
  { head: 'VWAP', align: 'decimal', drop: 6 },
];

/** This many rows stay at either end of a history that is longer than its detail allows. */
const BRIEF_ENDS = 10;
/** Most bars that are all shown. */
const MOST_BARS = { full: Infinity, reading: 100, brief: 30 } as const;

function renderBars(history: HistoryData, options: RenderOptions): string[] {
  const rows = history.bars.map((bar, index) => rowOf(bar, closeBefore(history, index), history.interval));
  const spec = withColumns({ columns: COLUMNS, rows }, (head) => isTold(head, history));
  const left = rows.length - 2 * BRIEF_ENDS;
  if (rows.length <= MOST_BARS[options.detail ?? 'full']) return renderTable(spec, options);
  return renderTable(
    {
      columns: spec.columns,
      rows: [...spec.rows.slice(0, BRIEF_ENDS), ...spec.rows.slice(-BRIEF_ENDS)],
      dividers: [{ before: BRIEF_ENDS, label: `${plural(left, 'bar')} not shown` }],
    },
    options,
  );
}

/** Weeks and months have no weekday, an index no volume, Tradier's bars no average price. */
function isTold(head: string, { interval, bars }: HistoryData): boolean {
  if (head === '') return interval === 'day';
  if (head === 'Volume') return bars.some((bar) => bar.volume > 0);
  return head !== 'VWAP' || bars.some((bar) => bar.vwap !== undefined);
}

function withColumns({ columns, rows }: TableSpec, isKept: (head: string) => boolean): TableSpec {
  const kept = columns.flatMap(({ head }, index) => (isKept(head) ? [index] : []));
  const pick = <T>(items: readonly T[]): T[] => kept.flatMap((index) => items[index] ?? []);
  return { columns: pick(columns), rows: rows.map((row) => pick(row)) };
}

export function changeCells(bar: BarData, base: number | undefined): [Cell, Cell] {
  const change = base === undefined ? undefined : roundPrice(bar.close - base);
  const percent = change === undefined || base === undefined || base === 0 ? undefined : (change / base) * 100;
  const tone = toneOfChange(change);
  return [
    { text: formatSigned(change, priceDecimals(bar.close)), tone },
    { text: formatPercent(percent), tone },
  ];
}

function rowOf(bar: BarData, base: number | undefined, interval: HistoryData['interval']): (Cell | string)[] {
  return [
    interval === 'day' ? formatWeekday(bar.date) : '',
    bar.time === undefined ? bar.date : bar.time.slice(0, 16).replace('T', ' '),
    formatPrice(bar.open),
    formatPrice(bar.high),
    formatPrice(bar.low),
    formatPrice(bar.close),
    ...changeCells(bar, base),
    formatVolume(bar.volume),
    formatPrice(bar.vwap),
  ];
}
