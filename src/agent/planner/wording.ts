// Small pieces of sentences that several answers share: dates with their weekday, changes with sign, lists.
import type { IsoDate } from '../../domain/types.ts';
import { formatDate, formatPercent, formatSigned, formatWeekday } from '../../render/format.ts';

/** `Wed 29 Oct 2025` */
export function formatDay(date: IsoDate): string {
  return `${formatWeekday(date)} ${formatDate(date)}`;
}

/** `+6.01 (+2.99 %)`, one of them, `unchanged`, or nothing where both are missing. */
export function formatMove(change: number | undefined, changePercent: number | undefined): string | undefined {
  if (change === 0) return 'unchanged';
  if (change !== undefined && changePercent !== undefined)
    return `${formatSigned(change)} (${formatPercent(changePercent)})`;
  if (change !== undefined) return formatSigned(change);
  return changePercent === undefined ? undefined : formatPercent(changePercent);
}

/** `a, b and c` */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
