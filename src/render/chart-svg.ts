// A price chart as an SVG document that needs nothing beside itself: light and dark by the reader's preference, a title and
// a description for who does not see it, the scale and the dates of the chart on screen.
import { dataOfKind } from '../domain/answer-kinds.ts';
import { combineMetas } from '../domain/answer-meta.ts';
import type { Answer, BarData, ChartData, ChartStyle } from '../domain/answers.ts';
import {
  type ChartLine,
  type ChartMark,
  type ChartModel,
  compare,
  createChartModel,
  dateLabels,
  nameOf,
} from './chart-model.ts';
import {
  INTERVAL_NAMES,
  formatFixed,
  formatPercent,
  formatPrice,
  formatShortVolume,
  formatSigned,
  formatSpan,
  nameBar,
} from './format.ts';
import { createScale, decimalsOfTicks, roundTicks } from './plot.ts';

const SIZE = { width: 960, height: 540, left: 12, right: 132, top: 58, bottom: 34, volume: 80, gap: 12 };
const MOST_BARS = 400;
const TICKS = 8;
const LETTER_WIDTH = 7.5;
/** From one line of text to the next, and from one column of labels to the next. */
const LINE_HEIGHT = 13;
const LABEL_WIDTH = 130;
const LINE_COLOURS = 4;

const CSS = `
svg{--back:#fff;--ink:#1b1f24;--faint:#6b7280;--grid:#e5e7eb;--up:#0a7d43;--down:#c42b1c;--l0:#0b63ce;--l1:#9a5b00;--l2:#7c3aed;--l3:#00757d}
@media (prefers-color-scheme:dark){svg{--back:#111418;--ink:#e6e8eb;--faint:#9aa3ad;--grid:#2a2f36;--up:#3fb97a;--down:#ff6b5e;--l0:#6cb0ff;--l1:#e0a94a;--l2:#b99bff;--l3:#4fc7cf}}
text{font:12px system-ui,sans-serif;fill:var(--ink)}.faint{fill:var(--faint)}.title{font-size:15px;font-weight:600}.event{font-weight:700;text-anchor:middle}.label{paint-order:stroke;stroke:var(--back);stroke-width:3px}
.grid{stroke:var(--grid)}.up{stroke:var(--up);fill:none}.down{stroke:var(--down);fill:var(--down)}.mark{stroke:var(--faint);stroke-dasharray:5 4}
.line{fill:none;stroke-width:1.5}.l0{stroke:var(--l0)}.l1{stroke:var(--l1)}.l2{stroke:var(--l2)}.l3{stroke:var(--l3)}
.t0{fill:var(--l0)}.t1{fill:var(--l1)}.t2{fill:var(--l2)}.t3{fill:var(--l3)}.volume{opacity:.45}
`;

/** Undefined where none of the answers has data, or several have no date in common. */
export function renderChartSvg(answers: readonly Answer[]): string | undefined {
  const charts = dataOfKind(answers, 'chart');
  const [only] = charts;
  if (only === undefined) return undefined;
  const found = answers.filter(({ data }) => data !== undefined);
  const isSample = combineMetas(found.map(({ meta }) => meta)).sample;
  const style = found[0]?.request?.style ?? 'candles';
  return charts.length === 1 ? drawOne(only, style, isSample) : drawSeveral(charts, isSample);
}

interface Plane {
  x(index: number): number;
  y(value: number): number;
  step: number;
}

const plotWidth = SIZE.width - SIZE.left - SIZE.right;

function planeOf(count: number, { low, high }: Pick<ChartModel, 'low' | 'high'>, bottom: number): Plane {
  const step = plotWidth / Math.max(1, count);
  return {
    step,
    x: (index) => SIZE.left + (index + 0.5) * step,
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - SIZE.top),
  };
}

function drawOne(data: ChartData, style: ChartStyle, isSample: boolean): string {
  const model = createChartModel(data, style, MOST_BARS);
  const { bars } = model;
  const hasVolume = bars.some(({ volume }) => volume > 0);
  const floor = SIZE.height - SIZE.bottom;
  const bottom = hasVolume ? floor - SIZE.volume - SIZE.gap : floor;
  const plane = planeOf(bars.length, model, bottom);
  const { last, changePercent, high, low } = data.summary;
  const title = `${nameOf(data.symbol)} ${INTERVAL_NAMES[data.interval]}, ${formatSpan(data.from, data.to)}${isSample ? ', SAMPLE' : ''}`;
  const merged = model.merged === 1 ? '' : ` ${model.merged} bars are merged to one.`;
  const description = `Last ${formatPrice(last)}, change ${formatPercent(changePercent)}, high ${formatPrice(high)}, low ${formatPrice(low)}, ${data.bars.length} bars.${merged}${style === 'heikin-ashi' ? ' Heikin-Ashi.' : ''}`;
  return document(title, description, [
    ...grid(model, plane, bottom, '', [plane.y(last)]),
    ...model.marks.map(({ value }) =>
      lineTag('mark', SIZE.left, plane.y(value), SIZE.left + plotWidth, plane.y(value)),
    ),
    ...(style === 'line'
      ? [
          pathTag(
            'line l0',
            bars.map(({ close }) => close),
            plane,
          ),
        ]
      : bars.map((bar, index) => candle(bar, index, plane))),
    ...model.lines.map(({ overlay, values }) => pathTag(`line l${overlay % LINE_COLOURS}`, values, plane)),
    ...markLabels(model.marks, plane),
    ...endLabels(model.lines, plane, (name) => name).map(toTag),
    ...(hasVolume ? volumeBars(bars, plane, floor) : []),
    textTag(SIZE.width - SIZE.right + 6, plane.y(last) + 4, `${formatPrice(last)} ◄`),
    ...dates(bars, plane),
    ...model.events.map(({ index, letter }) => textTag(plane.x(index), floor + 12, letter, 'event')),
  ]);
}

function drawSeveral(charts: readonly ChartData[], isSample: boolean): string | undefined {
  const compared = compare(charts, MOST_BARS);
  if (compared === undefined) return undefined;
  const { base, dates: at, lines } = compared;
  const scale = createScale([0, ...lines.flatMap(({ values }) => values.filter((value) => value !== undefined))], 1);
  const bottom = SIZE.height - SIZE.bottom;
  const plane = planeOf(at.length, scale, bottom);
  const title = `${charts.map(({ symbol }) => symbol).join(', ')} in percent from the close of ${nameBar(base, charts[0]?.interval ?? 'day')}${isSample ? ', SAMPLE' : ''}`;
  const ends = lines.map(
    ({ name, values }) => `${name} ${formatPercent(values.findLast((value) => value !== undefined))}`,
  );
  const labels = endLabels(lines, plane, (_name, index) => ends[index] ?? '');
  return document(title, `${ends.join(', ')}.`, [
    ...grid(
      scale,
      plane,
      bottom,
      '%',
      labels.map(({ y }) => y),
    ),
    ...lines.map(({ values }, index) => pathTag(`line l${index % LINE_COLOURS}`, values, plane)),
    ...labels.map(toTag),
    ...dates(at, plane),
  ]);
}

function document(title: string, description: string, parts: readonly string[]): string {
  const { width, height } = SIZE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="description">${escape(description)}</desc>`,
    `<style>${CSS}</style>`,
    `<rect width="${width}" height="${height}" fill="var(--back)"/>`,
    textTag(SIZE.left, 20, title, 'title'),
    textTag(SIZE.left, 37, description, 'faint'),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** @param taken heights at which another label stands in a tick's place */
function grid(
  { low, high }: Pick<ChartModel, 'low' | 'high'>,
  { y }: Plane,
  bottom: number,
  unit: string,
  taken: readonly number[],
): string[] {
  const ticks = roundTicks(low, high, TICKS);
  const decimals = decimalsOfTicks(ticks, unit === '' ? 2 : 0);
  const right = SIZE.left + plotWidth;
  const show = (tick: number): string =>
    unit === '' ? formatFixed(tick, decimals) : `${formatSigned(tick, decimals)}${unit}`;
  return [
    ...ticks.flatMap((tick) => [
      lineTag('grid', SIZE.left, y(tick), right, y(tick)),
      ...(taken.some((other) => Math.abs(other - y(tick)) < LINE_HEIGHT)
        ? []
        : [textTag(right + 6, y(tick) + 4, show(tick), 'faint')]),
    ]),
    lineTag('grid', SIZE.left, bottom, right, bottom),
  ];
}

/** Hollow where it closed at or above its open, filled below. */
function candle({ open, high, low, close }: BarData, index: number, { x, y, step }: Plane): string {
  const width = Math.max(1, Math.min(14, step * 0.7));
  const [top, bottom] = [y(Math.max(open, close)), y(Math.min(open, close))];
  const center = round(x(index));
  const body = `<rect x="${round(x(index) - width / 2)}" y="${round(top)}" width="${round(width)}" height="${round(Math.max(1, bottom - top))}"/>`;
  const wicks = `<path d="M${center} ${round(y(high))}V${round(top)}M${center} ${round(bottom)}V${round(y(low))}"/>`;
  return `<g class="${close >= open ? 'up' : 'down'}">${wicks}${body}</g>`;
}

function volumeBars(bars: readonly BarData[], { x, step }: Plane, floor: number): string[] {
  const top = bars.reduce((most, { volume }) => Math.max(most, volume), 0);
  const width = Math.max(1, Math.min(14, step * 0.7));
  const columns = bars.map(({ open, close, volume }, index) => {
    const height = (volume / top) * SIZE.volume;
    return `<rect class="${close >= open ? 'up' : 'down'}" x="${round(x(index) - width / 2)}" y="${round(floor - height)}" width="${round(width)}" height="${round(height)}"/>`;
  });
  const label = textTag(
    SIZE.width - SIZE.right + 6,
    floor - SIZE.volume + 10,
    `${formatShortVolume(top)} volume`,
    'faint',
  );
  return [`<g class="volume">${columns.join('')}</g>`, label];
}

/** What lies across, at the left; where two are near the second stands beside the first. */
function markLabels(marks: readonly ChartMark[], { y }: Plane): string[] {
  const lowest: number[] = [];
  return marks
    .toSorted((a, b) => b.value - a.value)
    .map(({ value, label }) => {
      const at = y(value) - 4;
      const free = lowest.findIndex((other) => at - other >= LINE_HEIGHT);
      const column = free < 0 ? lowest.length : free;
      lowest[column] = at;
      return textTag(SIZE.left + 4 + column * LABEL_WIDTH, at, `${label} ${formatPrice(value)}`, 'faint label');
    });
}

interface Label {
  x: number;
  y: number;
  text: string;
  name: string;
}

function toTag({ x, y, text, name }: Label): string {
  return textTag(x, y, text, name);
}

/** Names at the right ends, apart from each other. */
function endLabels(
  lines: readonly ChartLine[],
  { y }: Plane,
  textOf: (name: string, index: number) => string,
): Label[] {
  let lowest = -Infinity;
  return lines
    .map(({ name, overlay, values }, index) => ({
      index,
      name,
      overlay,
      value: values.findLast((value) => value !== undefined),
    }))
    .filter((end): end is typeof end & { value: number } => end.value !== undefined)
    .toSorted((a, b) => b.value - a.value)
    .map(({ index, name, overlay, value }) => {
      lowest = Math.max(y(value) + 4, lowest + LINE_HEIGHT + 1);
      const text = textOf(name, index);
      const x = SIZE.width - SIZE.right + (text.length > 9 ? 6 : 64);
      return { x, y: lowest, text, name: `t${overlay % LINE_COLOURS}` };
    });
}

function dates(bars: readonly Pick<BarData, 'date' | 'time'>[], { x }: Plane): string[] {
  const labels = dateLabels(bars, (index) => x(index) / LETTER_WIDTH);
  return labels.map(({ index, text }) => textTag(x(index), SIZE.height - 12, text, 'faint'));
}

function pathTag(name: string, values: readonly (number | undefined)[], { x, y }: Plane): string {
  let isOpen = false;
  const path = values.map((value, index) => {
    if (value === undefined) {
      isOpen = false;
      return '';
    }
    const command = isOpen ? 'L' : 'M';
    isOpen = true;
    return `${command}${round(x(index))} ${round(y(value))}`;
  });
  return `<path class="${name}" d="${path.join('')}"/>`;
}

function lineTag(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${name}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

function textTag(x: number, y: number, text: string, name?: string): string {
  return `<text x="${round(x)}" y="${round(y)}"${name === undefined ? '' : ` class="${name}"`}>${escape(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
