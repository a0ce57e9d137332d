// The synthetic bar of any trading day: a function of symbol and date alone, read without the days before it,
// so that no window, clock or time zone can change it.
import { sessionTimes } from '../domain/calendar.ts';
import type { Bar, IsoDate } from '../domain/types.ts';
import type { Instrument } from './companies.ts';
import { hashText, normalAt, uniformAt, walkAt } from './noise.ts';

/** First day that has bars: the noise is defined from 1970 on, New York's rules in the domain from 1987 on. */
export const FIRST_DATE: IsoDate = '1990-01-02';

const REFERENCE_DATE: IsoDate = '2025-10-31';
const SESSIONS_PER_YEAR = 252;
const DRIFT_PER_YEAR = 0.06;
/** Part of a day's variance that happens between close and open. */
const OVERNIGHT_PART = 0.3;
/** 2 ** 8 weekdays are about a year: beyond that a price does not wander further from its drifting anchor. */
const WALK_LEVELS = 8;
/** The volatility index reverts within a quarter. */
const REVERTING_WALK_LEVELS = 6;
export const MARKET_SEED = 0x5a3d1e77;

const OPEN_SALT = 11;
const HIGH_SALT = 12;
const LOW_SALT = 13;
const VOLUME_SALT = 14;

export interface PriceModel {
  /** Complete bar of the session of `date`; `date` must be a trading day. Prices in cents, low <= open, close <= high. */
  barOf(date: IsoDate): Bar;
}

/** Prices of one instrument: a random walk that shares part of its moves with the whole market. */
export function createPriceModel(instrument: Instrument): PriceModel {
  const seed = hashText(instrument.symbol);
  const dailyVolatility = instrument.volatility / Math.sqrt(SESSIONS_PER_YEAR);
  const reverting = instrument.symbol === 'VIX';
  const levels = reverting ? REVERTING_WALK_LEVELS : WALK_LEVELS;
  const drift = reverting ? 0 : DRIFT_PER_YEAR / SESSIONS_PER_YEAR;
  const shared = sharedPart(instrument);
  const own = Math.sqrt(1 - shared * shared);
  const reference = weekdayIndex(REFERENCE_DATE);

  const walk = (index: number): number =>
    shared * walkAt(MARKET_SEED, index, levels) + own * walkAt(seed, index, levels);
  const base = Math.log(instrument.anchorPrice) - dailyVolatility * walk(reference);
  const logCloseAt = (index: number): number => base + drift * (index - reference) + dailyVolatility * walk(index);

  let previousIndex = Number.NaN;
  let previousLogClose = Number.NaN;

  return {
    barOf(date) {
      const index = weekdayIndex(date);
      const before = index - 1 === previousIndex ? previousLogClose : logCloseAt(index - 1);
      const close = logCloseAt(index);
      previousIndex = index;
      previousLogClose = close;
      const random = { seed, index, dailyVolatility };
      const prices = computePrices(random, before, close);
      const move = Math.abs(close - before) / dailyVolatility;
      const volume = computeVolume(random, instrument.averageVolume, move) * (isHalfDay(date) ? 0.5 : 1);
      return withDate(date, prices, Math.round(volume));
    },
  };
}

interface DayRandom {
  seed: number;
  index: number;
  dailyVolatility: number;
}

interface Prices {
  open: number;
  high: number;
  low: number;
  close: number;
}

/** Open by a Brownian bridge between the closes; high and low by the law of a bridge's maximum (Devroye 1986, p. 173). */
function computePrices({ seed, index, dailyVolatility }: DayRandom, before: number, close: number): Prices {
  const overnight = dailyVolatility * Math.sqrt(OVERNIGHT_PART * (1 - OVERNIGHT_PART));
  const open = before + OVERNIGHT_PART * (close - before) + overnight * normalAt(seed, OPEN_SALT, index);
  const variance = dailyVolatility * dailyVolatility * (1 - OVERNIGHT_PART);
  const reach = (salt: number): number =>
    Math.sqrt((open - close) ** 2 - 2 * variance * Math.log(Math.max(0.002, uniformAt(seed, salt, index))));
  const high = (open + close + reach(HIGH_SALT)) / 2;
  const low = (open + close - reach(LOW_SALT)) / 2;
  const openPrice = toCents(Math.exp(open));
  const closePrice = toCents(Math.exp(close));
  return {
    open: openPrice,
    high: Math.max(toCents(Math.exp(high)), openPrice, closePrice),
    low: Math.min(toCents(Math.exp(low)), openPrice, closePrice),
    close: closePrice,
  };
}

/** The calendar is asked in the months that have half days only: asking it always would double the cost of a bar. */
function isHalfDay(date: IsoDate): boolean {
  const month = date.slice(5, 7);
  return (month === '07' || month === '11' || month === '12') && sessionTimes(date)?.isHalfDay === true;
}

/** Log-normal around the average, larger on days of large moves. */
function computeVolume({ seed, index }: DayRandom, average: number, moveInDeviations: number): number {
  const noise = Math.exp(0.22 * normalAt(seed, VOLUME_SALT, index) - 0.024);
  return average * noise * (0.76 + 0.3 * moveInDeviations);
}

function withDate(date: IsoDate, prices: Prices, volume: number): Bar {
  const bar: Bar = { date, ...prices, volume };
  if (volume > 0) bar.vwap = computeVwap(prices);
  return bar;
}

/** Stand-in for the volume-weighted price, which needs every trade: the mean of the four prices. */
export function computeVwap({ open, high, low, close }: Prices): number {
  return Math.round(((open + high + low + close) / 4) * 10_000) / 10_000;
}

function sharedPart(instrument: Instrument): number {
  switch (instrument.symbol) {
    case 'SPY':
    case 'SPX':
      return 1;
    case 'VIX':
      return -0.75;
    case 'GLD':
    case 'TLT':
      return 0.1;
    default:
      return instrument.kind === 'etf' ? 0.9 : 0.55;
  }
}

/** Number of the weekday since Monday 1969-12-29, weekends not counted: neighbouring sessions are neighbours. */
export function weekdayIndex(date: IsoDate): number {
  const day = Math.floor(
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / 86_400_000,
  );
  const week = Math.floor((day + 3) / 7);
  const weekday = day + 3 - week * 7;
  return week * 5 + Math.min(weekday, 4);
}

/** Dollars rounded to whole cents, at least one. */
function toCents(price: number): number {
  return Math.max(1, Math.round(price * 100)) / 100;
}
