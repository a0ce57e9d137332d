// Small pieces of sentences that several answers share: dates with their weekday, changes with sign, lists.
import { say, type Said, type SaidFigure } from '../../domain/said.ts';
import type { IsoDate, TickerSymbol } from '../../domain/types.ts';
import { formatDate, formatWeekday } from '../../render/format.ts';

/** `Wed 29 Oct 2025` */
export function formatDay(date: IsoDate): string {
  return `${formatWeekday(date)} ${formatDate(date)}`;
}

/** `+6.01 (+2.99 %)`, one of them, `unchanged`, or nothing where both are missing. */
export function sayMove(
  symbol: TickerSymbol,
  change: number | undefined,
  changePercent: number | undefined,
): Said | undefined {
  if (change === 0) return ['unchanged'];
  const dollars: SaidFigure | undefined = change === undefined ? undefined : { field: 'change', value: change, symbol };
  if (changePercent === undefined) return dollars && [dollars];
  const percent: SaidFigure = { field: 'changePercent', value: changePercent, symbol };
  return dollars === undefined ? [percent] : say`${dollars} (${percent})`;
}

/** `22 sessions` */
export function sayCount(symbol: TickerSymbol, value: number, one: string): Said {
  return say`${{ field: 'count', value, symbol }} ${value === 1 ? one : `${one}s`}`;
}

/** `a, b and c` */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
