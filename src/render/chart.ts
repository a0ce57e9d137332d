// Small block charts of hourly values, for the cache's figures over a day.
import { formatVolume } from './format.ts';
import { eighthBlock } from './plot.ts';
import { padStart, truncate } from './text.ts';
import type { RenderOptions } from './view.ts';

export interface ChartSpec {
  title: string;
  /** One value a column, oldest first; undefined leaves the column empty. */
  values: readonly (number | undefined)[];
  /** Text below each value, `09`; as many as there are values. */
  labels: readonly string[];
  /** Value of a full column; absent: the largest value. */
  top?: number;
  /** Lines of the chart's body, default 4. */
  height?: number;
  /** Text of the axis, default a compact number. */
  format?: (value: number) => string;
}

/** Title, body with an axis at the left, labels below; the oldest columns go where the width is small. */
export function renderChart(spec: ChartSpec, options: RenderOptions): string[] {
  const format = spec.format ?? formatVolume;
  const height = spec.height ?? 4;
  const present = spec.values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const top = spec.top ?? Math.max(...present, 0);
  const upper = format(top);
  const lower = format(0);
  const axisWidth = Math.max(upper.length, lower.length);
  const columnWidth = options.width >= axisWidth + 2 + spec.values.length * 3 ? 3 : 2;
  const count = Math.max(1, Math.floor((options.width - axisWidth - 2) / columnWidth));
  const values = spec.values.slice(-count);
  const rows = Array.from({ length: height }, (_, index) => {
    const level = height - 1 - index;
    const blocks = values.map((value) => eighthBlock(value, level, height, top).repeat(columnWidth - 1)).join(' ');
    const label = index === 0 ? upper : index === height - 1 ? lower : '';
    return `${padStart(label, axisWidth)} ${index === height - 1 ? '└' : '│'}${options.theme.paint('accent', blocks.trimEnd())}`;
  });
  return [
    options.theme.paint('strong', truncate(spec.title, options.width)),
    ...rows,
    options.theme.paint(
      'muted',
      `${' '.repeat(axisWidth + 2)}${labelLine(spec.labels.slice(-count), columnWidth)}`.trimEnd(),
    ),
  ];
}

function labelLine(labels: readonly string[], columnWidth: number): string {
  const every = columnWidth === 3 ? 1 : 3;
  return labels.map((label, index) => (index % every === 0 ? label.slice(0, 2) : '').padEnd(columnWidth)).join('');
}
