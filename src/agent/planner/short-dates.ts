// Finds the year of a month and day written without one: the last such day for bars, the next one for expirations.
import { isoOf } from '../../domain/date-words.ts';
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
      if (isValidDate(text) && (direction === 'past' ? text <= now : text >= now)) return text;
    }
    return undefined;
  };
}
