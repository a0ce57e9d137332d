// The figures of what happens to a share on a date: its next earnings, its dividend.
// Hides that a date which nobody has announced is missing.
import { nextEarnings, yearlyDividends } from '../domain/events.ts';
import { daysBetween, exchangeDateOf } from '../domain/exchange-time.ts';
import type { Entry, Inputs } from './field.ts';

const nextOf = ({ events, now }: Inputs): string | undefined =>
  nextEarnings(events?.earnings ?? [], exchangeDateOf(now))?.date;

export const EVENT_FIELDS: readonly Entry[] = [
  {
    name: 'nextEarnings',
    label: 'Next earnings',
    unit: 'date',
    of: 'symbol',
    needs: ['events'],
    words: ['next earnings', 'earnings date', 'next earnings date'],
    meaning: 'date of the next earnings report, projected or confirmed, including today’s',
    read: nextOf,
  },
  {
    name: 'daysToEarnings',
    label: 'Days to earnings',
    unit: 'days',
    of: 'symbol',
    needs: ['events'],
    words: ['days to earnings', 'days until earnings'],
    meaning: 'calendar days to the next earnings report',
    read: (inputs) => {
      const date = nextOf(inputs);
      return date === undefined ? undefined : daysBetween(exchangeDateOf(inputs.now), date);
    },
  },
  {
    name: 'exDividend',
    label: 'Ex-dividend',
    unit: 'date',
    of: 'symbol',
    needs: ['events'],
    words: ['ex-dividend', 'ex dividend', 'ex-dividend date', 'ex dividend date', 'ex date'],
    meaning: 'the next announced ex-dividend date, or the last one if none is announced',
    read: ({ events }) => events?.dividends[0]?.exDate,
  },
  {
    name: 'dividendYield',
    label: 'Dividend yield',
    unit: 'percent',
    of: 'symbol',
    needs: ['events', 'quote'],
    words: ['dividend yield', 'yield'],
    meaning: 'regular dividends of the last twelve months, in percent of the last price',
    read: ({ events, quote, now }) => {
      const paid = events && yearlyDividends(events.dividends, events.splits, exchangeDateOf(now));
      return paid === undefined || quote === undefined ? undefined : (paid / quote.last) * 100;
    },
  },
];
