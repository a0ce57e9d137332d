// The figures of what happens to a share on a date: its next earnings, its dividend.
// Hides that a date which nobody has announced is missing.
import {
  type Earnings,
  REPORT_TIMES,
  dividendsPaid,
  lastEarnings,
  nextEarnings,
  sharesOf,
  yearlyDividends,
} from '../domain/events.ts';
import { addDays, daysBetween, exchangeDateOf } from '../domain/exchange-time.ts';
import type { EpochMs, IsoDate } from '../domain/types.ts';
import type { Entry, Inputs } from './field.ts';

const reportOf = ({ events, now }: Pick<Inputs, 'events' | 'now'>): Earnings | undefined =>
  nextEarnings(events?.earnings ?? [], exchangeDateOf(now));
const nextOf = (inputs: Inputs): string | undefined => reportOf(inputs)?.date;

const PROJECTED = 'next earnings projected, not confirmed: ';

/** Whose next report of those shown nobody has confirmed. */
export function describeProjected(columns: readonly { field: string }[], rows: Iterable<{ inputs: Inputs }>): string[] {
  if (!columns.some(({ field }) => /^(?:next|daysTo)Earnings$/.test(field))) return [];
  const symbols = new Set<string>();
  for (const { inputs } of rows) if (reportOf(inputs)?.confirmed === false) symbols.add(inputs.symbol);
  return symbols.size === 0 ? [] : [`${PROJECTED}${[...symbols].join(', ')}`];
}

export const isProjected = (notes: readonly string[], symbol: string): boolean =>
  notes.some((note) => note.startsWith(PROJECTED) && note.slice(PROJECTED.length).split(', ').includes(symbol));

/** Dollars only: an amount in another currency is no figure of this unit. */
const lastPaid = ({ events, now }: Inputs): { exDate: IsoDate; amount: number } | undefined =>
  events?.dividends.find(({ exDate, currency }) => exDate <= exchangeDateOf(now) && currency === undefined);

/** The range that was asked for, else the past year. */
function spanOf(period: Inputs['period'], now: EpochMs): { from: IsoDate; to: IsoDate; today: IsoDate } {
  const today = exchangeDateOf(now);
  return { from: period?.bars[0]?.date ?? addDays(today, -365), to: period?.bars.at(-1)?.date ?? today, today };
}

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
    name: 'earningsTime',
    label: 'Time of next earnings',
    head: 'Time',
    unit: 'text',
    of: 'symbol',
    needs: ['events'],
    words: ['time of next earnings', 'time of earnings'],
    meaning: 'whether the next earnings report comes before the open or after the close',
    read: (inputs) => {
      const time = reportOf(inputs)?.time;
      return time === undefined ? undefined : { ...REPORT_TIMES, unknown: 'not known' }[time];
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
    name: 'lastEarnings',
    label: 'Last earnings',
    unit: 'date',
    of: 'symbol',
    needs: ['events'],
    words: ['last earnings', 'last earnings date'],
    meaning: 'date of the last earnings report',
    read: ({ events, now }) => lastEarnings(events?.earnings ?? [], exchangeDateOf(now))?.date,
  },
  {
    name: 'lastDividend',
    label: 'Last dividend',
    unit: 'usd',
    of: 'symbol',
    needs: ['events'],
    words: ['last dividend', 'last dividend amount'],
    meaning: 'amount a share of the last dividend whose ex-dividend date has come',
    read: (inputs) => lastPaid(inputs)?.amount,
  },
  {
    name: 'lastExDividend',
    label: 'Last ex-dividend',
    unit: 'date',
    of: 'symbol',
    needs: ['events'],
    words: ['last ex-dividend', 'last ex-dividend date'],
    meaning: 'the last ex-dividend date that has come',
    read: (inputs) => lastPaid(inputs)?.exDate,
  },
  {
    name: 'daysToExDividend',
    label: 'Days to ex-div',
    unit: 'days',
    of: 'symbol',
    needs: ['events'],
    words: ['days to ex-dividend', 'days until ex-dividend'],
    meaning: 'calendar days to the next announced ex-dividend date',
    read: ({ events, now }) => {
      const [today, date = ''] = [exchangeDateOf(now), events?.dividends[0]?.exDate];
      return date < today ? undefined : daysBetween(today, date);
    },
  },
  {
    name: 'yearlyDividend',
    label: 'Dividends a share a year',
    unit: 'usd',
    of: 'symbol',
    needs: ['events'],
    words: ['yearly dividend', 'annual dividend'],
    meaning: 'regular dividends a share of the last twelve months',
    read: ({ events, now }) => events && yearlyDividends(events.dividends, events.splits, exchangeDateOf(now)),
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
  {
    name: 'dividendAmount',
    label: 'Dividend',
    unit: 'usd',
    of: 'symbol',
    needs: ['events'],
    words: ['next dividend amount', 'dividend amount', 'amount of the next dividend'],
    meaning: 'amount a share of the next announced dividend, or of the last one if none is announced',
    read: ({ events }) => {
      const [first] = events?.dividends ?? [];
      return first?.currency === undefined ? first?.amount : undefined;
    },
  },
  {
    name: 'dividendsPaid',
    label: 'Dividends paid',
    unit: 'usd',
    of: 'symbol',
    needs: ['events', 'series'],
    words: ['dividends paid', 'dividends of the range'],
    meaning: 'dividends for one share of today whose ex-dividend date is in the range, or in the past year',
    read: ({ events, period, now }) => {
      const span = spanOf(period, now);
      return events && dividendsPaid(events.dividends, events.splits, span);
    },
  },
  {
    name: 'sharesOfOne',
    label: 'Shares of one',
    unit: 'ratio',
    of: 'symbol',
    needs: ['events', 'series'],
    words: ['shares of one', 'split factor'],
    meaning: 'what one share of the start of the range, or of a year ago, has become by splits, 1 without a split',
    read: ({ events, period, now }) => {
      const { from, today } = spanOf(period, now);
      return events && sharesOf(events.splits, from, today);
    },
  },
];
