// Drawings: a price chart with overlays that is read by pointer and keyboard, a payoff, and columns of hours. Scales,
// merging of bars, marks and dates are those of the terminal's charts (src/render); here they become lines of SVG.
import type { BarData, ChartData, StrategyData } from '../../domain/answers.ts';
import { createChartModel, dateLabels, type ChartMark, type ChartModel } from '../../render/chart-model.ts';
import { MISSING, formatFixed, formatPrice, formatShortVolume, formatSigned } from '../../render/format.ts';
import { marksOfPayoff, profitAt, rangeOfPayoff } from '../../render/payoff-model.ts';
import { createScale, decimalsOfTicks, roundTicks } from '../../render/plot.ts';
import { fill, h, newId, s, toneOf } from './dom.ts';

const LETTER_WIDTH = 6.6;
const LINE_COLORS = 4;
const LEAST_STEP = 4;
const GUTTER = { top: 18, right: 62, bottom: 24, left: 4 };

interface Size {
  width: number;
  height: number;
}

/** A drawing that is made anew when its room changes. */
function drawing(
  kind: string,
  label: string,
  heightOf: (width: number) => number,
  draw: (size: Size) => SVGElement[],
): HTMLElement {
  const box = h('div', { class: `drawing ${kind}` });
  let drawnWidth = 0;
  new ResizeObserver(() => {
    const width = Math.floor(box.clientWidth);
    if (width === 0 || width === drawnWidth) return;
    drawnWidth = width;
    const size = { width, height: heightOf(width) };
    fill(
      box,
      s(
        'svg',
        {
          viewBox: `0 0 ${size.width} ${size.height}`,
          width: size.width,
          height: size.height,
          role: 'img',
          'aria-label': label,
        },
        draw(size),
      ),
    );
  }).observe(box);
  return box;
}

const line = (kind: string, x1: number, y1: number, x2: number, y2: number): SVGElement =>
  s('line', { class: kind, x1, y1, x2, y2 });
const text = (x: number, y: number, content: string, kind = 'faint', anchor = 'start'): SVGElement =>
  s('text', { x, y, class: kind, 'text-anchor': anchor }, content);

interface Plane {
  x(index: number): number;
  y(value: number): number;
  step: number;
}

export function priceChart(data: ChartData, isSample: boolean): HTMLElement {
  const { symbol, from, to, summary } = data;
  const label = `${symbol} ${from} to ${to}${isSample ? ', sample' : ''}: close ${formatPrice(summary.last)}, high ${formatPrice(summary.high)}, low ${formatPrice(summary.low)}, ${data.bars.length} bars`;
  const readout = h('p', { class: 'readout', 'aria-live': 'off' });
  const legend = h('p', { class: 'legend' });
  let reader: Reader | undefined;
  const box = drawing(
    'price',
    label,
    (width) => Math.round(Math.min(430, Math.max(250, width * 0.46))),
    (size) => {
      const model = createChartModel(
        data,
        'candles',
        Math.max(20, Math.floor((size.width - GUTTER.left - GUTTER.right) / LEAST_STEP)),
      );
      const { parts, plane } = drawPrices(model, summary.last, size);
      const cross = s('g', { class: 'cross' });
      reader = createReader(model, plane, size, cross, readout);
      reader.show(model.bars.length - 1, false);
      fill(legend, legendOf(model));
      return [...parts, cross];
    },
  );
  box.setAttribute('tabindex', '0');
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', `Chart of ${symbol}: arrow keys read bar by bar`);
  box.addEventListener('pointermove', (event) => reader?.pointTo(event.clientX - box.getBoundingClientRect().left));
  box.addEventListener('pointerleave', () => reader?.leave());
  box.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    readout.setAttribute('aria-live', 'polite');
    reader?.move(move);
  });
  return h('figure', { class: 'chart' }, readout, box, legend);
}

interface Reader {
  show(index: number, isPointed: boolean): void;
  pointTo(x: number): void;
  move(by: number): void;
  leave(): void;
}

/** Says the figures of one bar above the chart and marks it. */
function createReader(
  { bars }: ChartModel,
  plane: Plane,
  { height }: Size,
  cross: SVGElement,
  readout: HTMLElement,
): Reader {
  let at = bars.length - 1;
  function show(index: number, isPointed: boolean): void {
    at = Math.min(bars.length - 1, Math.max(0, index));
    const bar = bars[at];
    if (bar === undefined) return;
    const before = bars[at - 1];
    const change = before === undefined ? undefined : (bar.close / before.close - 1) * 100;
    const figure = (name: string, value: string): HTMLElement => h('span', {}, h('i', {}, name), value);
    fill(
      readout,
      h('b', {}, bar.time === undefined ? bar.date : `${bar.date} ${bar.time.slice(11, 16)}`),
      figure('O', formatPrice(bar.open)),
      figure('H', formatPrice(bar.high)),
      figure('L', formatPrice(bar.low)),
      figure('C', formatPrice(bar.close)),
      change !== undefined && h('span', { class: toneOf(change) ?? '' }, `${formatSigned(change)}%`),
      bar.volume > 0 && figure('Vol', formatShortVolume(bar.volume)),
    );
    fill(cross, isPointed && line('cross', plane.x(at), GUTTER.top, plane.x(at), height - GUTTER.bottom));
  }
  return {
    show,
    pointTo: (x) => show(Math.round((x - GUTTER.left) / plane.step - 0.5), true),
    move: (by) => show(at + by, true),
    leave: () => show(bars.length - 1, false),
  };
}

function drawPrices(model: ChartModel, last: number, { width, height }: Size): { parts: SVGElement[]; plane: Plane } {
  const { bars, low, high, lines, marks } = model;
  const hasVolume = bars.some(({ volume }) => volume > 0);
  const floor = height - GUTTER.bottom;
  const volumeHeight = hasVolume ? Math.round(height * 0.15) : 0;
  const bottom = floor - volumeHeight - (hasVolume ? 8 : 0);
  const right = width - GUTTER.right;
  const step = (right - GUTTER.left) / Math.max(1, bars.length);
  const plane: Plane = {
    step,
    x: (index) => GUTTER.left + (index + 0.5) * step,
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - GUTTER.top),
  };
  const ticks = roundTicks(low, high, Math.max(3, Math.floor(bottom / 48)));
  const decimals = decimalsOfTicks(ticks, 2);
  const lastY = plane.y(last);
  const parts = [
    ...ticks.flatMap((tick) => [
      line('grid', GUTTER.left, plane.y(tick), right, plane.y(tick)),
      ...(Math.abs(plane.y(tick) - lastY) < 13
        ? []
        : [text(right + 6, plane.y(tick) + 4, formatFixed(tick, decimals))]),
    ]),
    ...dateLabels(bars, (index) => plane.x(index) / LETTER_WIDTH).flatMap(({ index, text: label }) => [
      line('grid', plane.x(index), GUTTER.top, plane.x(index), floor),
      text(Math.min(plane.x(index) + 3, right - label.length * LETTER_WIDTH), height - 8, label),
    ]),
    ...(hasVolume ? [volumes(bars, plane, floor, volumeHeight)] : []),
    ...marks.map(({ kind, value }) => line(`mark ${kind}`, GUTTER.left, plane.y(value), right, plane.y(value))),
    ...candles(bars, plane),
    ...lines.map(({ overlay, values }) =>
      s('path', { class: `line l${overlay % LINE_COLORS}`, d: pathOf(values, plane) }),
    ),
    line('last', GUTTER.left, lastY, right, lastY),
    ...markNames(marks, plane),
    s('rect', { class: 'tag', x: right + 1, y: lastY - 9, width: GUTTER.right - 2, height: 18, rx: 3 }),
    text(right + 6, lastY + 4, formatPrice(last), 'tag-text'),
  ];
  return { parts, plane };
}

/** At the left, over all that is drawn; those that would lie over one another without. */
function markNames(marks: readonly ChartMark[], { y }: Plane): SVGElement[] {
  const taken: number[] = [];
  return marks.flatMap(({ kind, value, label }) => {
    const at = y(value);
    const isFree = taken.every((other) => Math.abs(other - at) > 12);
    if (isFree) taken.push(at);
    return isFree ? [text(GUTTER.left + 3, at - 3, `${label} ${formatPrice(value)}`, `mark-text ${kind}`)] : [];
  });
}

/** Hollow where it closed at or above its open, filled below: told apart without color. One element a color. */
function candles(bars: readonly BarData[], { x, y, step }: Plane): SVGElement[] {
  const width = widthOf(step);
  return bothWays(bars, 'candle', ({ open, high, low, close }, index) => {
    const [top, bottom] = [y(Math.max(open, close)), y(Math.min(open, close))];
    const center = round(x(index));
    const body = `M${round(center - width / 2)} ${round(top)}h${width}V${round(Math.max(top + 1, bottom))}h${-width}z`;
    return `M${center} ${round(y(high))}V${round(top)}M${center} ${round(bottom)}V${round(y(low))}${body}`;
  });
}

function volumes(bars: readonly BarData[], { x, step }: Plane, floor: number, height: number): SVGElement {
  const most = bars.reduce((top, { volume }) => Math.max(top, volume), 0);
  const width = widthOf(step);
  const parts = bothWays(bars, 'column', ({ volume }, index) => {
    const size = round((volume / most) * height);
    return `M${round(x(index) - width / 2)} ${floor}h${width}v${-size}h${-width}z`;
  });
  return s('g', { class: 'volume' }, parts);
}

const widthOf = (step: number): number => round(Math.max(1, Math.min(13, step * 0.68)));

function bothWays(bars: readonly BarData[], kind: string, draw: (bar: BarData, index: number) => string): SVGElement[] {
  const paths = { up: '', down: '' };
  for (const [index, bar] of bars.entries()) paths[bar.close >= bar.open ? 'up' : 'down'] += draw(bar, index);
  return Object.entries(paths).map(([way, d]) => s('path', { class: `${kind} ${way}`, d }));
}

function pathOf(values: readonly (number | undefined)[], { x, y }: Plane): string {
  return values
    .map((value, index) =>
      value === undefined ? '' : `${values[index - 1] === undefined ? 'M' : 'L'}${round(x(index))} ${round(y(value))}`,
    )
    .join('');
}

/** Lines with their newest value, and in words the walls and the move; levels have a table of their own. */
function legendOf({ lines, marks, beyond, merged }: ChartModel): (HTMLElement | false)[] {
  const said = [...marks, ...beyond].filter(
    (mark) => mark.said !== '' && (mark.kind === 'wall' || mark.kind === 'move'),
  );
  return [
    ...lines.map(({ name, overlay, values }) => {
      const last = values.findLast((value) => value !== undefined);
      return h(
        'span',
        { class: `key k${overlay % LINE_COLORS}` },
        `${name} ${last === undefined ? MISSING : formatPrice(last)}`,
      );
    }),
    ...said.map(({ kind, said: words }) =>
      h('span', { class: `key ${kind}` }, kind === 'move' ? `move ${words}` : words),
    ),
    merged > 1 && h('span', {}, `${merged} bars are one candle`),
  ];
}

const round = (value: number): number => Math.round(value * 100) / 100;

export function payoffChart(data: StrategyData): HTMLElement {
  const { low, high } = rangeOfPayoff(data);
  const corners = [
    { price: low, profit: profitAt(data, low) },
    ...data.payoff.filter(({ price }) => price > low && price < high),
    { price: high, profit: profitAt(data, high) },
  ];
  const profits = corners.map(({ profit }) => profit);
  const id = newId();
  const label = `Payoff of ${data.symbol} ${data.name.replaceAll('-', ' ')}: ${marksOfPayoff(data)
    .map((mark) => mark.text)
    .join(', ')}`;
  return drawing(
    'payoff',
    label,
    (width) => Math.round(Math.min(360, Math.max(220, width * 0.42))),
    ({ width, height }) => {
      const [left, right, top, bottom] = [58, width - 10, 12, height - 44];
      const scale = createScale([0, ...profits], 1);
      const x = (price: number): number => left + ((price - low) / (high - low)) * (right - left);
      const y = (profit: number): number => bottom - ((profit - scale.low) / (scale.high - scale.low)) * (bottom - top);
      const zero = y(0);
      const path = corners
        .map(({ price, profit }, index) => `${index === 0 ? 'M' : 'L'}${round(x(price))} ${round(y(profit))}`)
        .join('');
      const area = `${path}L${right} ${round(zero)}L${left} ${round(zero)}z`;
      const ticks = roundTicks(scale.low, scale.high, Math.max(3, Math.floor(height / 50)));
      const decimals = decimalsOfTicks(ticks);
      return [
        s(
          'clipPath',
          { id: `gain-${id}` },
          s('rect', { x: left, y: 0, width: right - left, height: Math.max(0, zero) }),
        ),
        s(
          'clipPath',
          { id: `loss-${id}` },
          s('rect', { x: left, y: zero, width: right - left, height: Math.max(0, height - zero) }),
        ),
        ...ticks.flatMap((tick) => [
          line('grid', left, y(tick), right, y(tick)),
          text(left - 6, y(tick) + 4, tick === 0 ? '0' : formatSigned(tick, decimals), 'faint', 'end'),
        ]),
        s('path', { class: 'gain', d: area, 'clip-path': `url(#gain-${id})` }),
        s('path', { class: 'loss', d: area, 'clip-path': `url(#loss-${id})` }),
        line('axis', left, zero, right, zero),
        s('path', { class: 'line l0', d: path }),
        ...payoffMarks(data, x, { left, right, top, bottom }),
      ];
    },
  );
}

/** Below the chart, in two lines, so that neighbors do not touch. */
function payoffMarks(
  data: StrategyData,
  x: (price: number) => number,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): SVGElement[] {
  const ends = [-Infinity, -Infinity];
  return marksOfPayoff(data)
    .map((mark, index) => ({
      ...mark,
      at: x(mark.price),
      kind: index === 0 ? 'spot' : mark.text.startsWith('even') ? 'even' : 'sigma',
    }))
    .filter(({ at }) => at >= left && at <= right)
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, text: label, kind }) => {
      const half = (label.length * LETTER_WIDTH) / 2;
      const center = Math.min(Math.max(at, left + half), right - half);
      const row = ends.findIndex((end) => center - half > end + 6);
      if (row >= 0) ends[row] = center + half;
      return [
        line(`mark ${kind}`, at, top, at, bottom),
        ...(row < 0 ? [] : [text(center, bottom + 16 + row * 15, label, `mark-text ${kind}`, 'middle')]),
      ];
    });
}

export interface Hour {
  at: string;
  value: number | undefined;
  label: string;
}

/** So much room has a column at most, however few there are. */
const LEAST_HOURS = 24;

/** Columns from 0 to `top`, the newest at the right; an hour without a value has none. */
export function hourColumns(
  label: string,
  hours: readonly Hour[],
  top: number,
  format: (value: number) => string,
): HTMLElement {
  return drawing(
    'hours',
    label,
    () => 120,
    ({ width, height }) => {
      const [left, floor, ceiling] = [40, height - 18, 8];
      const step = (width - left - 4) / Math.max(LEAST_HOURS, hours.length);
      const first = width - 4 - hours.length * step;
      const every = Math.ceil(30 / step);
      return [
        ...[0, top / 2, top].flatMap((value) => {
          const y = floor - (value / top) * (floor - ceiling);
          return [line('grid', left, y, width - 4, y), text(left - 6, y + 4, format(value), 'faint', 'end')];
        }),
        ...hours.flatMap(({ at, value, label: tip }, index) => {
          const x = first + index * step;
          const size = value === undefined ? 0 : Math.max(2, (value / top) * (floor - ceiling));
          return [
            ...(value === undefined
              ? []
              : [
                  s(
                    'rect',
                    {
                      class: 'column',
                      x: round(x + 1),
                      y: round(floor - size),
                      width: round(Math.max(1, step - 2)),
                      height: round(size),
                    },
                    s('title', {}, tip),
                  ),
                ]),
            ...(index % every === 0 ? [text(x + step / 2, height - 4, at, 'faint', 'middle')] : []),
          ];
        }),
      ];
    },
  );
}
