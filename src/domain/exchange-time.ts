// Hides New York's daylight-saving rules and the arithmetic of calendar dates: instants to exchange wall time and back.
// Uses neither Intl nor the machine's zone, because the first use of either costs as much as half a process start.
import type { EpochMs, IsoDate } from './types.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const STANDARD_OFFSET_MINUTES = -300;
const DAYLIGHT_OFFSET_MINUTES = -240;

/**
 * Minutes to add to UTC for New York wall time: -300 (EST) or -240 (EDT).
 * Rules of the Uniform Time Act and its amendments of 1986 and 2005 (in force 1987 and 2007). Before 1987 the rule of
 * 1967 is used, which misses only the energy-crisis years 1974 and 1975; before 1967 the answer is not reliable.
 */
export function offsetMinutesAt(ms: EpochMs): number {
  const year = new Date(ms).getUTCFullYear();
  // Clocks change at 02:00 wall time: 07:00 UTC in spring, 06:00 UTC in autumn. No change is near a UTC new year.
  const isDaylight = ms >= daylightStartDay(year) + 7 * HOUR_MS && ms < daylightEndDay(year) + 6 * HOUR_MS;
  return isDaylight ? DAYLIGHT_OFFSET_MINUTES : STANDARD_OFFSET_MINUTES;
}

function daylightStartDay(year: number): EpochMs {
  if (year >= 2007) return sundayOnOrAfter(Date.UTC(year, 2, 8));
  if (year >= 1987) return sundayOnOrAfter(Date.UTC(year, 3, 1));
  return sundayOnOrAfter(Date.UTC(year, 3, 24));
}

function daylightEndDay(year: number): EpochMs {
  return sundayOnOrAfter(year >= 2007 ? Date.UTC(year, 10, 1) : Date.UTC(year, 9, 25));
}

function sundayOnOrAfter(midnightUtc: EpochMs): EpochMs {
  return midnightUtc + ((7 - new Date(midnightUtc).getUTCDay()) % 7) * DAY_MS;
}

/** The exchange's calendar date at an instant. */
export function exchangeDateOf(ms: EpochMs): IsoDate {
  return wallClockOf(ms).slice(0, 10);
}

/** Whole minutes on the exchange's wall clock since its midnight, 0 to 1439. */
export function exchangeMinutesOf(ms: EpochMs): number {
  const wall = new Date(ms + offsetMinutesAt(ms) * MINUTE_MS);
  return wall.getUTCHours() * 60 + wall.getUTCMinutes();
}

/**
 * The instant at which the exchange's wall clock shows `minutes` after midnight of `date`. A wall time that the spring
 * change skips is read as if the clock had not been changed yet; one that the autumn change repeats is the earlier.
 */
export function exchangeInstant(date: IsoDate, minutes: number): EpochMs {
  const wallMs = utcMidnightOf(date) + minutes * MINUTE_MS;
  const asDaylight = wallMs - DAYLIGHT_OFFSET_MINUTES * MINUTE_MS;
  return offsetMinutesAt(asDaylight) === DAYLIGHT_OFFSET_MINUTES
    ? asDaylight
    : wallMs - STANDARD_OFFSET_MINUTES * MINUTE_MS;
}

/** `2026-11-19 16:40 ET`. */
export function formatExchangeMinute(ms: EpochMs): string {
  return `${formatExchangeIso(ms).slice(0, 16).replace('T', ' ')} ET`;
}

/** `2026-11-19T15:59:58-05:00`, exchange time, milliseconds dropped. */
export function formatExchangeIso(ms: EpochMs): string {
  const offset = offsetMinutesAt(ms) === DAYLIGHT_OFFSET_MINUTES ? '-04:00' : '-05:00';
  return wallClockOf(ms).slice(0, 19) + offset;
}

function wallClockOf(ms: EpochMs): string {
  return new Date(ms + offsetMinutesAt(ms) * MINUTE_MS).toISOString();
}

const INSTANT = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * An ISO 8601 instant with `Z` or an offset of hours and minutes; seconds and their fraction are optional, the fraction
 * is cut to milliseconds. Undefined for everything else, also for a time without an offset.
 */
export function parseIsoInstant(text: string): EpochMs | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [
    ,
    date = '',
    hours = '',
    minutes = '',
    seconds = '0',
    fraction = '',
    sign,
    offsetHours = '0',
    offsetMinutes = '0',
  ] = match;
  if (!isValidDate(date) || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const wallMs = utcMidnightOf(date) + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * 1000;
  return wallMs + Number(fraction.slice(0, 3).padEnd(3, '0')) - offset * MINUTE_MS;
}

/** Years of which the calendar's rules are right, up to the last that an OCC symbol can write. */
export const CALENDAR_YEARS = { first: 1990, last: 2099 };

/** Where a market clock may start. @returns the instant, or what it must be */
export function parseClockStart(text: string): EpochMs | string {
  const start = parseIsoInstant(text);
  const { first, last } = CALENDAR_YEARS;
  if (start === undefined) return 'must be an ISO time with offset, like 2026-11-20T15:59:00-05:00';
  const year = new Date(start).getUTCFullYear();
  return year < first || year > last ? `must be in the years ${first} to ${last}` : start;
}

/** True for `YYYY-MM-DD` with a day that exists, year 1000 to 9999. */
export function isValidDate(text: string): boolean {
  if (!/^[1-9]\d{3}-\d\d-\d\d$/.test(text)) return false;
  // Arithmetic, not a Date that is formatted again: a series has a thousand of them, and the fifty of a dashboard took half a second.
  const [month, day] = [monthOf(text), dayOf(text)];
  return day >= 1 && day <= (month === 2 && isLeapYear(yearOf(text)) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0));
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Builds a date; the month counts from 1, and days beyond the month's end run over into the next. */
export function dateOf(year: number, month: number, day: number): IsoDate {
  return dateOfUtc(Date.UTC(year, month - 1, day));
}

export function yearOf(date: IsoDate): number {
  return Number(date.slice(0, 4));
}

/** 1 = January. */
export function monthOf(date: IsoDate): number {
  return Number(date.slice(5, 7));
}

export function dayOf(date: IsoDate): number {
  return Number(date.slice(8, 10));
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return dateOfDayNumber(dayNumberOf(date) + days);
}

/** The same day of another month, or that month's last day where it is shorter (31 January + 1 = 28 February). */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const firstOfTarget = Date.UTC(yearOf(date), monthOf(date) - 1 + months, 1);
  const target = new Date(firstOfTarget);
  const daysInTarget = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  return dateOfUtc(firstOfTarget + (Math.min(dayOf(date), daysInTarget) - 1) * DAY_MS);
}

/** Of a month, `2026-12`. */
export function lastDayOfMonth(month: string): IsoDate {
  return addDays(addMonths(`${month}-01`, 1), -1);
}

/** Calendar days from `from` to `to`, negative when `to` is the earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumberOf(to) - dayNumberOf(from);
}

/** 0 = Sunday to 6 = Saturday. */
export function weekdayOf(date: IsoDate): number {
  return new Date(utcMidnightOf(date)).getUTCDay();
}

/** The Monday of the week (Monday to Sunday) that holds the date. */
export function startOfWeek(date: IsoDate): IsoDate {
  return addDays(date, -((weekdayOf(date) + 6) % 7));
}

export function startOfMonth(date: IsoDate): IsoDate {
  return `${date.slice(0, 7)}-01`;
}

export function startOfQuarter(date: IsoDate): IsoDate {
  return dateOf(yearOf(date), monthOf(date) - ((monthOf(date) - 1) % 3), 1);
}

export function startOfYear(date: IsoDate): IsoDate {
  return `${date.slice(0, 4)}-01-01`;
}

/** The first day of the week, month, quarter or year that holds a date. */
export const PERIOD_STARTS = { week: startOfWeek, month: startOfMonth, quarter: startOfQuarter, year: startOfYear };

/** So many days, weeks, months, quarters or years on; months as `addMonths` does. */
export function addPeriods(date: IsoDate, count: number, unit: 'day' | keyof typeof PERIOD_STARTS): IsoDate {
  if (unit === 'day' || unit === 'week') return addDays(date, count * (unit === 'day' ? 1 : 7));
  return addMonths(date, count * { month: 1, quarter: 3, year: 12 }[unit]);
}

/** Days since the beginning of 1970: what a series of dates is held as. */
export function dayNumberOf(date: IsoDate): number {
  return utcMidnightOf(date) / DAY_MS;
}

export function dateOfDayNumber(day: number): IsoDate {
  return dateOfUtc(day * DAY_MS);
}

function utcMidnightOf(date: IsoDate): EpochMs {
  return Date.UTC(yearOf(date), monthOf(date) - 1, dayOf(date));
}

function dateOfUtc(ms: EpochMs): IsoDate {
  return new Date(ms).toISOString().slice(0, 10);
}
