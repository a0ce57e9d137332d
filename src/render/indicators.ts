// Technical indicators on screen: figures only. One symbol gets the distance of its close from each average,
// several stand side by side.
import type { AverageWindow, IndicatorData } from '../domain/answers.ts';
import { AVERAGE_WINDOWS } from '../domain/windows.ts';
import { OSCILLATORS, readIndicator, TA_FIELDS } from '../fields/indicators.ts';
import { formatFigure } from './figure.ts';
import { MISSING, formatPercent, formatPrice, plural } from './format.ts';
import { naturalWidth, renderTable, type Cell, type Column } from './table.ts';
import { wrapPieces } from './text.ts';
import { toneOfChange } from './theme.ts';
import type { RenderOptions, View } from './view.ts';

export function viewIndicators(items: readonly IndicatorData[], options: RenderOptions): View {
  const [first] = items;
  if (first === undefined) return { caption: [], lines: [] };
  if (items.length === 1) {
    return {
      caption: [first.symbol, 'technical indicators', first.date, `close ${formatPrice(first.close)}`],
      lines: renderIndicators(first, options),
    };
  }
  return {
    caption: ['technical indicators', plural(items.length, 'symbol')],
    lines: renderSideBySide(items, options),
  };
}

/** Oscillators on a line, averages in a table; also a part of a bundle. */
function renderIndicators(data: IndicatorData, options: RenderOptions): string[] {
  const oscillators = OSCILLATORS.map((field) => `${field.label}  ${formatFigure(readIndicator(data, field), field)}`);
  return [
    ...wrapPieces(oscillators, options.width, '   '),
    '',
    ...renderTable({ columns: AVERAGE_COLUMNS, rows: averageRows(data) }, options),
  ];
}

const AVERAGE_COLUMNS: readonly Column[] = [
  { head: 'Window', align: 'right', tone: 'muted' },
  { head: 'SMA', align: 'decimal' },
  { head: 'close vs SMA', align: 'decimal', drop: 1 },
  { head: 'EMA', align: 'decimal' },
  { head: 'close vs EMA', align: 'decimal', drop: 1 },
];

function averageRows({ close, sma, ema }: IndicatorData): (Cell | string)[][] {
  return AVERAGE_WINDOWS.map((sessions) => {
    const window: AverageWindow = `${sessions}`;
    return [
      window,
      formatPrice(sma[window]),
      distanceCell(close, sma[window]),
      formatPrice(ema[window]),
      distanceCell(close, ema[window]),
    ];
  });
}

/** How far the close is above (green) or below (red) an average. */
function distanceCell(close: number, average: number | undefined): Cell {
  if (average === undefined || average === 0) return { text: MISSING };
  const percent = ((close - average) / average) * 100;
  return { text: formatPercent(percent), tone: toneOfChange(percent) };
}

/** One column a symbol, in as many tables as the width asks for. */
function renderSideBySide(items: readonly IndicatorData[], options: RenderOptions): string[] {
  const chunks = chunksThatFit(items, options.width);
  return chunks.flatMap((chunk, index) => [
    ...(index === 0 ? [] : ['']),
    ...renderTable(sideBySideSpec(chunk), options),
  ]);
}

function chunksThatFit(items: readonly IndicatorData[], width: number): IndicatorData[][] {
  const chunks: IndicatorData[][] = [];
  for (const item of items) {
    const last = chunks.at(-1);
    if (last !== undefined && naturalWidth(sideBySideSpec([...last, item])) <= width) last.push(item);
    else chunks.push([item]);
  }
  return chunks;
}

function sideBySideSpec(items: readonly IndicatorData[]): { columns: Column[]; rows: (Cell | string)[][] } {
  const row = (label: string, format: (item: IndicatorData) => Cell | string): (Cell | string)[] => [
    label,
    ...items.map(format),
  ];
  return {
    columns: [{ head: '', align: 'left', tone: 'muted' }, ...items.map((item): Column => ({ head: item.symbol }))],
    rows: [
      row('Session', (item) => item.date),
      row('Close', (item) => formatPrice(item.close)),
      ...TA_FIELDS.map((field) =>
        row(field.label, (item) => {
          const value = readIndicator(item, field);
          const text = formatFigure(value, field);
          return field.signed ? { text, tone: toneOfChange(value) } : text;
        }),
      ),
    ],
  };
}
