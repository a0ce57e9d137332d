// A strategy on screen: its legs, what it costs and may bring, and its payoff at the nearest expiration as a chart with
// the spot, the break-evens and one standard deviation.
import type { StrategyData, StrategyLeg } from '../domain/answers.ts';
import { formatGreek, formatPrice, formatShare, formatSigned, formatStrike } from './format.ts';
import { factsOfStrategy, marksOfPayoff, profitAt, rangeOfPayoff } from './payoff-model.ts';
import { createCanvas, halfBlock } from './plot.ts';
import { type Cell, type Column, renderTable } from './table.ts';
import { padEnd, padStart } from './text.ts';
import { toneOfChange } from './theme.ts';
import { type RenderOptions, type View, renderFacts } from './view.ts';

const LEG_COLUMNS: readonly Column[] = [
  { head: 'Qty', align: 'right', tone: 'strong' },
  { head: 'Leg', align: 'left', tone: 'strong' },
  { head: 'Bid', align: 'decimal', drop: 2 },
  { head: 'Ask', align: 'decimal', drop: 2 },
  { head: 'Mid', align: 'decimal' },
  { head: 'IV', align: 'decimal', drop: 3 },
  { head: 'Delta', align: 'decimal', drop: 1 },
];

export function viewStrategy(data: StrategyData, options: RenderOptions): View {
  const days = [...new Set(data.legs.flatMap(({ expiration }) => expiration ?? []))];
  return {
    caption: [
      data.symbol,
      data.name === 'custom' ? 'own legs' : data.name.replaceAll('-', ' '),
      ...days,
      `spot ${formatPrice(data.spot)}`,
    ],
    lines: [
      ...renderTable({ columns: LEG_COLUMNS, rows: data.legs.map(rowOf) }, options),
      '',
      ...renderFacts(factsOfStrategy(data), options),
      ...(data.payoff.length > 1 ? ['', ...renderPayoff(data, options)] : []),
    ],
  };
}

function rowOf(leg: StrategyLeg): (Cell | string)[] {
  const { quantity, symbol, side, strike, expiration, bid, ask, mid, iv, delta } = leg;
  const name = side === undefined ? `${symbol} shares` : `${formatStrike(strike)} ${side} ${expiration ?? ''}`;
  return [
    { text: formatSigned(quantity, 0), tone: toneOfChange(quantity) },
    name,
    formatPrice(bid),
    formatPrice(ask),
    formatPrice(mid),
    formatShare(iv),
    formatGreek(delta, 3),
  ];
}

const HEIGHT = 11;
const AXIS_GAP = 2;

/** Profit as columns above the zero line, loss below it, half a line fine. */
function renderPayoff(data: StrategyData, { width, theme }: RenderOptions): string[] {
  const { low, high } = rangeOfPayoff(data);
  const edges = [low, high].map((price) => profitAt(data, price));
  const corners = data.payoff.filter(({ price }) => price >= low && price <= high).map(({ profit }) => profit);
  const [top, bottom] = [Math.max(0, ...edges, ...corners), Math.min(0, ...edges, ...corners)];
  const labels = Array.from({ length: HEIGHT }, () => '');
  const step = (top - bottom) / (2 * HEIGHT) || 1;
  const zero = Math.round(top / step);
  const lineOf = (half: number): number => Math.min(HEIGHT - 1, Math.max(0, Math.floor(half / 2)));
  labels[lineOf(zero)] = '0';
  if (top > 0) labels[0] = formatSigned(top, 0);
  if (bottom < 0) labels[HEIGHT - 1] = formatSigned(bottom, 0);
  const axis = Math.max(...labels.map(({ length }) => length));
  const columns = Math.max(20, Math.min(width - axis - AXIS_GAP, 100));
  const canvas = createCanvas(columns, HEIGHT);
  for (let column = 0; column < columns; column += 1) {
    const profit = profitAt(data, low + ((column + 0.5) / columns) * (high - low));
    const half = zero - Math.round(profit / step);
    const isFilled = (at: number): boolean => at >= Math.min(half, zero) && at < Math.max(half, zero);
    for (let line = 0; line < HEIGHT; line += 1) {
      const halves = [isFilled(2 * line), isFilled(2 * line + 1)] as const;
      if (halves.includes(true)) canvas.put(column, line, halfBlock(...halves), toneOfChange(zero - half));
      else if (line === lineOf(zero)) canvas.put(column, line, '─', 'muted');
    }
  }
  const lines = canvas
    .toLines(theme)
    .map((line, row) => `${theme.paint('muted', padStart(labels[row] ?? '', axis))} ${line}`.trimEnd());
  const columnOf = (price: number): number => Math.floor(((price - low) / (high - low)) * columns);
  const marks = marksOfPayoff(data).map(({ price, text }) => ({ column: columnOf(price), text }));
  return [...lines, ...markLines(marks, columns).map((line) => theme.paint('muted', ' '.repeat(axis + 1) + line))];
}

/** Ticks below the chart and their texts, in as many lines as keep them apart. */
function markLines(marks: readonly { column: number; text: string }[], columns: number): string[] {
  const inside = marks.filter(({ column }) => column >= 0 && column < columns);
  const ticks = Array.from({ length: columns }, (_, column) =>
    inside.some((mark) => mark.column === column) ? '┴' : '─',
  );
  const lines: string[] = [];
  for (const { column, text } of inside.toSorted((a, b) => a.column - b.column)) {
    const start = Math.max(0, Math.min(columns - text.length, column - Math.floor(text.length / 2)));
    const line = lines.findIndex((held) => held.length < start);
    if (line < 0) lines.push(padEnd('', start) + text);
    else lines[line] = padEnd(lines[line] ?? '', start) + text;
  }
  return [ticks.join(''), ...lines];
}
