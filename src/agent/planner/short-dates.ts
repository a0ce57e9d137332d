// Finds the year of a month and day written without one: the last such day for bars, the next one for expirations.
import { isValidDate, yearOf } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import type { DateFinder } from './scan.ts';

/** A leap day is at most eight years away. */
const MOST_YEARS = 8;

export function createDateFinder(today: () => IsoDate): DateFinder {
  return (month, day, direction) => {
    const now = today();
    const step = direction === 'past' ? -1 : 1;
    for (let years = 0; years <= MOST_YEARS; years++) {
      const text = isoOf(yearOf(now) + step * years, month, day);
      const isReached = direction === 'past' ? text <= now : text >= now;
      if (isValidDate(text) && isReached) return text;
    }
    return undefined;
  };
}

function isoOf(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
