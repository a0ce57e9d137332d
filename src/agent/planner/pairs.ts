// What two rows say of each other: how far two contracts are apart, how two symbols move together.
// Hides which figures of a table are of two.
import type { TableRow } from '../../domain/answers.ts';
import { type Said, type SaidFigure, say } from '../../domain/said.ts';
import { parseOptionSymbol } from '../../domain/symbols.ts';
import { labelInSentence } from '../../fields/labels.ts';
import { findField } from '../../fields/registry.ts';
import type { Query } from './query.ts';

/** How far a figure of two contracts is apart. */
export function sayApart(rows: readonly TableRow[], by = ''): Said[] {
  const of = rows.map((row): SaidFigure => {
    const { underlying: symbol, expiration, strike, side } = parseOptionSymbol(row.symbol);
    return { field: by, value: Number(row[by]), symbol, expiration, strike, side };
  });
  const value = Math.abs((of[0]?.value ?? NaN) - (of[1]?.value ?? NaN));
  const unit = findField(by, 'contract')?.unit;
  const own =
    unit === undefined ? { unit: 'usd' } : { unit, of, ...(unit === 'fraction' ? { isSigned: true as const } : {}) };
  return Number.isFinite(value)
    ? [say`Difference in ${labelInSentence(by)}: ${{ field: 'calculation', value, ...own }}.`]
    : [];
}

/** Of a table of pairs. */
export const OF_PAIRS = /^corr\(changePercent, .* as ([A-Z_]+)$/;

export const SIZED: Readonly<Record<string, string>> = {
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
  quarter: 'quarterly',
  year: 'yearly',
};

/** `Correlation of daily returns from …: highest NVDA with AMD, 0.71; lowest …` */
export function sayPairs({ columns, interval = 'day' }: Query, rows: readonly TableRow[], when: string): Said {
  const keys = columns.flatMap((column) => OF_PAIRS.exec(column)?.[1] ?? []);
  const pairs = rows.flatMap((row, at) =>
    keys.slice(at + 1).flatMap((key) => (typeof row[key] === 'number' ? [{ row, key, value: row[key] }] : [])),
  );
  const [most, ...others] = pairs.toSorted((a, b) => b.value - a.value);
  const size = SIZED[interval] ?? interval;
  const lead = `Correlation of ${size} returns${when}`;
  if (most === undefined) return say`${lead}: not available.`;
  const told = ({ row, key, value }: typeof most): Said =>
    say`${row.symbol} with ${key}, ${{ field: 'calculation', value, symbol: row.symbol, unit: 'ratio' }}`;
  const least = others.at(-1);
  return say`${lead}: highest ${told(most)}${least === undefined ? '' : say`; lowest ${told(least)}`}.`;
}
