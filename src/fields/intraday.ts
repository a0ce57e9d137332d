// Figures of a session's bars of minutes. They are asked for only where a column, a condition or an order needs them.
import { type Bars } from '../domain/bar-columns.ts';
import { CLOSE_MINUTES, OPEN_MINUTES, sessionTimes } from '../domain/calendar.ts';
import { exchangeDateOf, exchangeMinutesOf } from '../domain/exchange-time.ts';
import type { EpochMs, IntradayBar, IsoDate } from '../domain/types.ts';
import type { Entry, Inputs, Said } from './field.ts';

/** What its bars are long. */
const STEP = 5;
const MINUTE_MS = 60_000;
const SESSION_MINUTES = CLOSE_MINUTES - OPEN_MINUTES;

const openOf = (date: IsoDate): EpochMs => sessionTimes(date)?.open ?? NaN;
const minuteOf = ({ at, date }: IntradayBar): number => (at - openOf(date)) / MINUTE_MS;

const grouped = new WeakMap<readonly IntradayBar[], Map<IsoDate, IntradayBar[]>>();

function barsOf(minutes: readonly IntradayBar[], date: IsoDate): readonly IntradayBar[] {
  const known = grouped.get(minutes) ?? Map.groupBy(minutes, (bar) => bar.date);
  grouped.set(minutes, known);
  return known.get(date) ?? [];
}

interface OfMinutes extends Said {
  windows?: Entry['windows'];
  /** Of the bars of one session that begin before a minute of it. */
  of(bars: readonly IntradayBar[], date: IsoDate): number | undefined;
  /** How many minutes of each session it is of; default its window, which must be a multiple of five. */
  length?(inputs: Inputs): number;
}

function ofMinutes({ of, length, windows, ...said }: OfMinutes): Entry {
  const own = (date: IsoDate, window: number, inputs: Inputs): number => {
    const span = length?.(inputs) ?? (windows === undefined ? Infinity : window);
    const bars = barsOf(inputs.minutes ?? [], date).filter((bar) => minuteOf(bar) < span);
    return bars.length === 0 || (span !== Infinity && span % STEP !== 0) ? NaN : (of(bars, date) ?? NaN);
  };
  return {
    of: 'symbol',
    needs: ['series', 'minutes'],
    ...said,
    ...(windows === undefined ? {} : { windows }),
    read: (inputs, window) => own(inputs.bars?.at(-1)?.date ?? '', window, inputs),
    series: (bars: Bars, window, inputs) =>
      inputs === undefined ? [] : bars.slice().map(({ date }) => own(date, window, inputs)),
  };
}

const volumeOf = (bars: readonly IntradayBar[]): number => bars.reduce((sum, { volume }) => sum + volume, 0);
const highestOf = (bars: readonly IntradayBar[]): number => Math.max(...bars.map(({ high }) => high));
const lowestOf = (bars: readonly IntradayBar[]): number => Math.min(...bars.map(({ low }) => low));
const printed = (bar: IntradayBar | undefined): number | undefined => bar && OPEN_MINUTES + minuteOf(bar);
const PARTS = [30, 60, 330];

/** The whole bars of a session up to this time of the day; all of it where none is on. */
function minutesSoFar({ now }: Inputs): number {
  const minute = exchangeMinutesOf(now) - OPEN_MINUTES;
  const isOn = sessionTimes(exchangeDateOf(now)) !== undefined && minute > 0 && minute < SESSION_MINUTES;
  return isOn ? Math.floor(minute / STEP) * STEP : SESSION_MINUTES;
}

export const INTRADAY_FIELDS: readonly Entry[] = [
  {
    of: 'symbol',
    needs: ['intraday'],
    name: 'vwap',
    label: 'VWAP',
    unit: 'usd',
    words: ['vwap', 'volume weighted average price', 'volume-weighted average price'],
    meaning: 'volume-weighted average price of the newest regular session, from its 5-minute bars',
    read: ({ vwap }) => vwap,
  },
  ofMinutes({
    name: 'volumeFirst',
    label: 'Volume first',
    unit: 'shares',
    windows: PARTS,
    words: ['volume of the first minutes'],
    meaning: 'shares traded in the first {n} minutes of a session, from 5-minute bars',
    of: volumeOf,
  }),
  ofMinutes({
    name: 'priceAfter',
    label: 'Price after',
    unit: 'usd',
    windows: PARTS,
    words: ['price after minutes'],
    meaning: 'price {n} minutes after the open of a session, from 5-minute bars',
    of: (bars) => bars.at(-1)?.close,
  }),
  ofMinutes({
    name: 'highFirst',
    label: 'High first',
    unit: 'usd',
    windows: PARTS,
    words: ['high of the first minutes'],
    meaning: 'highest price of the first {n} minutes of a session, from 5-minute bars',
    of: highestOf,
  }),
  ofMinutes({
    name: 'lowFirst',
    label: 'Low first',
    unit: 'usd',
    windows: PARTS,
    words: ['low of the first minutes'],
    meaning: 'lowest price of the first {n} minutes of a session, from 5-minute bars',
    of: lowestOf,
  }),
  ofMinutes({
    name: 'volumeByNow',
    label: 'Volume by now',
    unit: 'shares',
    words: ['volume by this time of day'],
    meaning: 'shares traded from the open to this time of the day, from 5-minute bars',
    length: minutesSoFar,
    of: volumeOf,
  }),
  ofMinutes({
    name: 'highMinute',
    label: 'Time of high',
    unit: 'count',
    words: ['minute of the high'],
    meaning:
      'minute of the day, from midnight, at which the 5-minute bar with the high of a session begins (570 is 9:30)',
    of: (bars) => printed(bars.find(({ high }) => high === highestOf(bars))),
  }),
  ofMinutes({
    name: 'lowMinute',
    label: 'Time of low',
    unit: 'count',
    words: ['minute of the low'],
    meaning:
      'minute of the day, from midnight, at which the 5-minute bar with the low of a session begins (570 is 9:30)',
    of: (bars) => printed(bars.find(({ low }) => low === lowestOf(bars))),
  }),
];
