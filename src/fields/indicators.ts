// The indicators that `ta` shows: which there are says the registry, computed of a daily series and put into the public
// JSON shape, and read out of it again. Hides that some stand in groups there.
import type { IndicatorFigures } from '../domain/answers.ts';
import { roundPrice } from '../domain/bar-series.ts';
import type { Bar } from '../domain/types.ts';
import { type Field, roundFigure, type TaGroup } from './field.ts';
import { ENTRIES, listFields } from './registry.ts';

/** In the order of the registry, shorter windows first. */
export const TA_FIELDS: readonly Field[] = listFields(ENTRIES.filter(({ inTa }) => inTa !== undefined)).sort(
  (left, right) => (left.entry === right.entry ? left.window - right.window : 0),
);

/** Averages of the close: told side by side, and as the distance of the close from them. */
const AVERAGE_GROUPS = ['sma', 'ema'] as const;

/** The fields that stand alone on screen; the averages stand in a table. */
export const OSCILLATORS: readonly Field[] = TA_FIELDS.filter((field) => !isAverage(field));

function isAverage(field: Field): boolean {
  const group = groupOf(field)?.group;
  return AVERAGE_GROUPS.some((each) => each === group);
}

/**
 * The public `ta` figures of the last bar, rounded; what lacks bars is absent.
 * @throws RangeError without bars: whether that is "no data" was for the caller to decide.
 */
export function computeIndicators(bars: readonly Bar[]): IndicatorFigures {
  const last = bars.at(-1);
  if (last === undefined) throw new RangeError('indicators need at least one bar');
  const flat: Record<string, number> = {};
  const groups: Partial<Record<TaGroup['group'], Record<string, number>>> = {};
  for (const field of TA_FIELDS) {
    const value = field.entry.read({ symbol: '', now: 0, bars }, field.window);
    if (typeof value !== 'number' || Number.isNaN(value)) continue;
    const rounded = roundFigure(value, field.unit);
    const group = groupOf(field);
    if (group === undefined) flat[field.name] = rounded;
    else (groups[group.group] ??= {})[group.key] = rounded;
  }
  const { sma = {}, ema = {} } = groups;
  return { date: last.date, close: roundPrice(last.close), ...flat, ...groups, sma, ema } as IndicatorFigures;
}

/** The figure of a field in the public JSON. */
export function readIndicator(data: IndicatorFigures, field: Field): number | undefined {
  const group = groupOf(field);
  const value =
    group === undefined ? data[field.name] : (data[group.group] as Record<string, number> | undefined)?.[group.key];
  return typeof value === 'number' ? value : undefined;
}

/** Those that are there, in the order of `TA_FIELDS`. */
export function listIndicators(data: IndicatorFigures): { field: Field; value: number }[] {
  return TA_FIELDS.flatMap((field) => {
    const value = readIndicator(data, field);
    return value === undefined ? [] : [{ field, value }];
  });
}

function groupOf({ entry, window }: Field): { group: TaGroup['group']; key: string } | undefined {
  const { inTa } = entry;
  if (inTa === undefined || inTa === true) return undefined;
  return { group: inTa.group, key: inTa.as ?? String(window) };
}
