// Support and resistance on screen: a ladder from the highest resistance down to the lowest support.
import type { Level, LevelsData } from '../domain/answers.ts';
import { MISSING, formatPercent, formatPrice, plural } from './format.ts';
import { renderTable, type Cell, type Column, type Divider } from './table.ts';
import { toneOfChange } from './theme.ts';
import { describe, type RenderOptions, type View } from './view.ts';

const COLUMNS: readonly Column[] = [
  { head: '', align: 'left', tone: 'muted' },
  { head: 'Price', align: 'decimal', tone: 'strong' },
  { head: 'Distance', align: 'decimal', drop: 1 },
  { head: 'From', align: 'left', min: 18 },
];

export function viewLevels(data: LevelsData, options: RenderOptions): View {
  return {
    caption: [data.symbol, 'support and resistance', `spot ${formatPrice(data.spot)}`],
    lines: renderTable(
      {
        columns: COLUMNS,
        rows: ladderOf(data),
        dividers: [{ before: data.resistances.length, label: `spot ${formatPrice(data.spot)}`, tone: 'accent' }],
      },
      options,
    ),
  };
}

/** Several symbols in one table, a ladder each. */
export function viewLevelsOfSeveral(items: readonly LevelsData[], options: RenderOptions): View {
  const rows: (Cell | string)[][] = [];
  const dividers: Divider[] = [];
  for (const item of items) {
    if (rows.length > 0) dividers.push({ before: rows.length });
    dividers.push({
      before: rows.length + item.resistances.length,
      label: `${item.symbol} ${formatPrice(item.spot)}`,
      tone: 'accent',
    });
    rows.push(...ladderOf(item).map((row) => [item.symbol, ...row]));
  }
  return {
    caption: ['support and resistance', plural(items.length, 'symbol')],
    lines: renderTable(
      { columns: [{ head: 'Symbol', align: 'left', tone: 'strong' }, ...COLUMNS], rows, dividers },
      options,
    ),
  };
}

function ladderOf(data: LevelsData): (Cell | string)[][] {
  const resistances = data.resistances.map((level, index) => rowOf(`R${index + 1}`, level, data.spot)).reverse();
  return [...resistances, ...data.supports.map((level, index) => rowOf(`S${index + 1}`, level, data.spot))];
}

function rowOf(name: string, level: Level, spot: number): (Cell | string)[] {
  const percent = spot > 0 ? ((level.price - spot) / spot) * 100 : undefined;
  const distance =
    percent === undefined ? { text: MISSING } : { text: formatPercent(percent), tone: toneOfChange(percent) };
  return [name, formatPrice(level.price), distance, describe(level.origin, 120)];
}
