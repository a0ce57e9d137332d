// Hides the US equity exchange calendar: holidays by NYSE rule 7.2, one-off closures, half days, session times, and the
// days on which options expire. Everything is computed by rule for the day asked about; no year is ever tabulated.
import { isoOf } from './date-words.ts';
import {
  addDays,
  addMonths,
  dateOf,
  dayOf,
  exchangeDateOf,
  exchangeInstant,
  monthOf,
  startOfMonth,
  startOfWeek,
  weekdayOf,
  yearOf,
  PERIOD_STARTS,
} from './exchange-time.ts';
import type { BarInterval, ExpirationKind, IntradayInterval, IsoDate, MarketMs, Session } from './types.ts';

const MONDAY = 1;
const WEDNESDAY = 3;
const THURSDAY = 4;
const FRIDAY = 5;

const PRE_OPEN_MINUTES = 4 * 60;
/** Minutes from midnight to the regular open and close. */
export const OPEN_MINUTES = 9 * 60 + 30;
export const CLOSE_MINUTES = 16 * 60;
const HALF_DAY_CLOSE_MINUTES = 13 * 60;
const HALF_DAY_CLOSE_MINUTES_BEFORE_1993 = 14 * 60;
/** The post session lasts as long after an early close as after a usual one: to 20:00, or 17:00 on a half day. */
const POST_SESSION_MINUTES = 4 * 60;

/** Instants of one trading day's sessions; `close` ends the regular session, `postEnd` the day. */
export interface SessionTimes {
  preOpen: MarketMs;
  open: MarketMs;
  close: MarketMs;
  postEnd: MarketMs;
  isHalfDay: boolean;
}

export interface SessionChange {
  state: Session;
  at: MarketMs;
}

/** What a provider's own calendar says of a day. */
export interface ExchangeDay {
  date: IsoDate;
  closed: boolean;
  name?: string | undefined;
  /** End of the regular session in minutes after midnight, where the provider says it. */
  closeMinutes?: number | undefined;
}

/** A calendar day taken apart once, since every rule looks at several of its parts. */
interface Day {
  year: number;
  month: number;
  day: number;
  weekday: number;
}

/** Each built file has a copy of this module; a day on which the exchange was closed was so for all of them. */
const TOLD = Symbol.for('fin.exchange-days');

function toldDays(): Map<IsoDate, ExchangeDay> {
  const shared = globalThis as unknown as Record<symbol, Map<IsoDate, ExchangeDay> | undefined>;
  return (shared[TOLD] ??= new Map<IsoDate, ExchangeDay>());
}

/** Takes a provider's word over the rules from now on. Gives the days that are news. */
export function believeDays(days: readonly ExchangeDay[]): ExchangeDay[] {
  const news = days.filter((day) => {
    if (day.closed || !isTradingDay(day.date)) return day.closed === isTradingDay(day.date);
    const { closeMinutes = 0 } = day;
    return (
      closeMinutes > OPEN_MINUTES && closeMinutes <= CLOSE_MINUTES && closeMinutes !== regularCloseMinutes(day.date)
    );
  });
  for (const day of news) toldDays().set(day.date, day);
  return news;
}

/** Goes back to the rules alone. */
export function forgetDays(): void {
  toldDays().clear();
}

/** True when the exchange holds a regular session on that date. Right for 1990 and later. */
export function isTradingDay(date: IsoDate): boolean {
  const day = partsOf(date);
  return isWeekday(day) && closureOn(date, day) === undefined;
}

/** Why the exchange is closed on a weekday; undefined for trading days and weekends. */
export function holidayName(date: IsoDate): string | undefined {
  const day = partsOf(date);
  return isWeekday(day) ? closureOn(date, day) : undefined;
}

function partsOf(date: IsoDate): Day {
  const [year, month, day] = [yearOf(date), monthOf(date), dayOf(date)];
  return { year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

function isWeekday({ weekday }: Day): boolean {
  return weekday >= MONDAY && weekday <= FRIDAY;
}

function closureOn(date: IsoDate, day: Day): string | undefined {
  const told = toldDays().get(date);
  if (told !== undefined) return told.closed ? (told.name ?? 'Unscheduled closure') : undefined;
  return yearlyHoliday(day) ?? extraordinaryClosure(date);
}

function yearlyHoliday(day: Day): string | undefined {
  return day.month <= 5 ? holidayUntilMay(day) : holidayFromJune(day);
}

function holidayUntilMay(day: Day): string | undefined {
  switch (day.month) {
    case 1:
      if (isNewYearsDay(day)) return "New Year's Day";
      return isNthMonday(day, 3) && day.year >= 1998 ? 'Martin Luther King Jr. Day' : undefined;
    case 2:
      return isNthMonday(day, 3) ? "Washington's Birthday" : undefined;
    case 5:
      return day.weekday === MONDAY && day.day > 24 ? 'Memorial Day' : undefined;
    default:
      return isGoodFriday(day) ? 'Good Friday' : undefined;
  }
}

function holidayFromJune(day: Day): string | undefined {
  switch (day.month) {
    case 6:
      return isObserved(day, 19) && day.year >= 2022 ? 'Juneteenth' : undefined;
    case 7:
      return isObserved(day, 4) ? 'Independence Day' : undefined;
    case 9:
      return isNthMonday(day, 1) ? 'Labor Day' : undefined;
    case 11:
      return isThanksgiving(day) ? 'Thanksgiving Day' : undefined;
    case 12:
      return isObserved(day, 25) ? 'Christmas Day' : undefined;
    default:
      return undefined;
  }
}

/** On a Sunday it is observed on Monday; on a Saturday not at all, because the Friday ends an accounting period. */
function isNewYearsDay({ day, weekday }: Day): boolean {
  return day === 1 || (day === 2 && weekday === MONDAY);
}

/** A holiday of a fixed day within its month: on a Saturday observed the Friday before, on a Sunday the Monday after. */
function isObserved({ day, weekday }: Day, holiday: number): boolean {
  return day === holiday || (weekday === FRIDAY && day === holiday - 1) || (weekday === MONDAY && day === holiday + 1);
}

function isNthMonday({ day, weekday }: Day, nth: number): boolean {
  return weekday === MONDAY && Math.ceil(day / 7) === nth;
}

function isThanksgiving({ day, weekday }: Day): boolean {
  return weekday === THURSDAY && day >= 22 && day <= 28;
}

function isGoodFriday({ year, month, day, weekday }: Day): boolean {
  return weekday === FRIDAY && addDays(easterSunday(year), -2) === dateOf(year, month, day);
}

/** Gregorian Easter by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): IsoDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const weekdayShift = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const lateMoon = Math.floor((golden + 11 * epact + 22 * weekdayShift) / 451);
  const marchDay = epact + weekdayShift - 7 * lateMoon + 22;
  return dateOf(year, 3, marchDay);
}

function extraordinaryClosure(date: IsoDate): string | undefined {
  switch (date) {
    case '1994-04-27':
      return 'National day of mourning for Richard Nixon';
    case '2001-09-11':
    case '2001-09-12':
    case '2001-09-13':
    case '2001-09-14':
      return 'September 11 attacks';
    case '2004-06-11':
      return 'National day of mourning for Ronald Reagan';
    case '2007-01-02':
      return 'National day of mourning for Gerald Ford';
    case '2012-10-29':
    case '2012-10-30':
      return 'Hurricane Sandy';
    case '2018-12-05':
      return 'National day of mourning for George H. W. Bush';
    case '2025-01-09':
      return 'National day of mourning for Jimmy Carter';
    default:
      return undefined;
  }
}

/**
 * The sessions of a trading day, undefined on other days. Hours of today are given for all years; unplanned late
 * openings and early closes of the past (storms, breakers) are not known here.
 */
export function sessionTimes(date: IsoDate): SessionTimes | undefined {
  if (!isTradingDay(date)) return undefined;
  const closeMinutes = regularCloseMinutes(date);
  // Clocks change on Sundays: within a trading day all hours are of one length.
  const midnight = exchangeInstant(date, 0);
  const at = (minutes: number): MarketMs => midnight + minutes * 60_000;
  return {
    preOpen: at(PRE_OPEN_MINUTES),
    open: at(OPEN_MINUTES),
    close: at(closeMinutes),
    postEnd: at(closeMinutes + POST_SESSION_MINUTES),
    isHalfDay: closeMinutes !== CLOSE_MINUTES,
  };
}

/** The close of a session; 16:00 for a bar dated on a day that the calendar calls closed. */
export function closeOf(date: IsoDate): MarketMs {
  return sessionTimes(date)?.close ?? exchangeInstant(date, CLOSE_MINUTES);
}

/** From when on a fetched bar of a session is final: the end of its post session, 20:00 for a day that the calendar calls closed. */
export function finalFrom(date: IsoDate): MarketMs {
  return sessionTimes(date)?.postEnd ?? exchangeInstant(date, CLOSE_MINUTES + POST_SESSION_MINUTES);
}

function regularCloseMinutes(date: IsoDate): number {
  const told = toldDays().get(date)?.closeMinutes;
  if (told !== undefined) return told;
  if (!isHalfDay(date)) return CLOSE_MINUTES;
  return yearOf(date) < 1993 ? HALF_DAY_CLOSE_MINUTES_BEFORE_1993 : HALF_DAY_CLOSE_MINUTES;
}

/** Asked of trading days only: a 24 December or 3 July that is itself the observed holiday never comes here. */
function isHalfDay(date: IsoDate): boolean {
  const year = yearOf(date);
  const weekday = weekdayOf(date);
  switch (date.slice(5, 7)) {
    case '07':
      return isHalfDayAroundIndependenceDay(year, dayOf(date), weekday);
    case '11':
      return weekday === FRIDAY && dayOf(date) >= 23 && dayOf(date) <= 29 && year >= 1992;
    case '12':
      return dayOf(date) === 24 || isOneOffHalfDay(date);
    default:
      return false;
  }
}

/** The eve, where both are weekdays; until 2012 a Wednesday eve was a full day, and the Friday after a Thursday the half. */
function isHalfDayAroundIndependenceDay(year: number, day: number, weekday: number): boolean {
  if (year < 1995) return false;
  if (day === 3) return weekday >= MONDAY && weekday <= THURSDAY && (weekday !== WEDNESDAY || year >= 2013);
  return day === 5 && weekday === FRIDAY && year < 2013;
}

function isOneOffHalfDay(date: IsoDate): boolean {
  return date === '1997-12-26' || date === '1999-12-31' || date === '2003-12-26';
}

/** The market's state by the calendar. */
export function sessionAt(ms: MarketMs): Session {
  const times = sessionTimes(exchangeDateOf(ms));
  if (times === undefined || ms < times.preOpen || ms >= times.postEnd) return 'closed';
  if (ms < times.open) return 'pre';
  return ms < times.close ? 'regular' : 'post';
}

/** The first change of state after an instant, whatever it is, across weekends and holidays. */
export function nextChange(ms: MarketMs): SessionChange {
  const today = exchangeDateOf(ms);
  return laterChange(today, ms) ?? { state: 'pre', at: opensOf(nextTradingDay(today)).preOpen };
}

function laterChange(date: IsoDate, ms: MarketMs): SessionChange | undefined {
  const times = sessionTimes(date);
  if (times === undefined || ms >= times.postEnd) return undefined;
  if (ms < times.preOpen) return { state: 'pre', at: times.preOpen };
  if (ms < times.open) return { state: 'regular', at: times.open };
  return ms < times.close ? { state: 'post', at: times.close } : { state: 'closed', at: times.postEnd };
}

/** The next start of a trading day, that is of its pre session, after an instant. */
export function nextSessionOpen(ms: MarketMs): MarketMs {
  const today = exchangeDateOf(ms);
  const times = sessionTimes(today);
  return times !== undefined && ms < times.preOpen ? times.preOpen : opensOf(nextTradingDay(today)).preOpen;
}

/** The next start of a regular session after an instant. */
export function nextRegularOpen(ms: MarketMs): MarketMs {
  const today = exchangeDateOf(ms);
  const times = sessionTimes(today);
  return times !== undefined && ms < times.open ? times.open : opensOf(nextTradingDay(today)).open;
}

function opensOf(tradingDay: IsoDate): { preOpen: MarketMs; open: MarketMs } {
  return { preOpen: exchangeInstant(tradingDay, PRE_OPEN_MINUTES), open: exchangeInstant(tradingDay, OPEN_MINUTES) };
}

/** Date of the latest session that has closed; a session counts from the instant of its close on. */
export function lastFinishedSession(ms: MarketMs): IsoDate {
  const today = exchangeDateOf(ms);
  const times = sessionTimes(today);
  return times !== undefined && ms >= times.close ? today : previousTradingDay(today);
}

/** Last session of the latest bar of a day or more that has ended: of the latest session, or of the latest whole week, month, quarter or year. */
export function lastFinishedBar(ms: MarketMs, interval: BarInterval | IntradayInterval): IsoDate {
  const over = lastFinishedSession(ms);
  const starts: Partial<Record<typeof interval, (date: IsoDate) => IsoDate>> = PERIOD_STARTS;
  const startOf = starts[interval];
  if (startOf === undefined) return over;
  const isOn = startOf(nextTradingDay(over)) === startOf(over);
  return isOn ? previousTradingDay(startOf(over)) : over;
}

/** Date of the regular session that is on at an instant, undefined where none is. */
export function runningSession(ms: MarketMs): IsoDate | undefined {
  return sessionAt(ms) === 'regular' ? exchangeDateOf(ms) : undefined;
}

/** When the latest trading day began, with its pre session: splits have taken effect by then. */
export function tradingDayStart(ms: MarketMs): MarketMs {
  const today = exchangeDateOf(ms);
  const times = sessionTimes(today);
  return times !== undefined && ms >= times.preOpen ? times.preOpen : opensOf(previousTradingDay(today)).preOpen;
}

/** The last trading day before a date, whether or not the date is one. */
export function previousTradingDay(date: IsoDate): IsoDate {
  let day = addDays(date, -1);
  while (!isTradingDay(day)) day = addDays(day, -1);
  return day;
}

/** The first trading day after a date, whether or not the date is one. */
export function nextTradingDay(date: IsoDate): IsoDate {
  let day = addDays(date, 1);
  while (!isTradingDay(day)) day = addDays(day, 1);
  return day;
}

/** Trading days from `from` to `to`, both included, ascending. */
export function tradingDaysBetween(from: IsoDate, to: IsoDate): IsoDate[] {
  const days: IsoDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    if (isTradingDay(day)) days.push(day);
  }
  return days;
}

/** The last `count` trading days up to and including `endDate`, ascending. */
export function lastTradingDays(count: number, endDate: IsoDate): IsoDate[] {
  const days: IsoDate[] = [];
  for (let day = endDate; days.length < count; day = addDays(day, -1)) {
    if (isTradingDay(day)) days.push(day);
  }
  return days.reverse();
}

/** The day on which options named after a week's Friday expire: that Friday, the trading day before on a holiday. */
export function weeklyExpirationOf(dateInWeek: IsoDate): IsoDate {
  const friday = addDays(startOfWeek(dateInWeek), 4);
  return isTradingDay(friday) ? friday : previousTradingDay(friday);
}

/** A month's standard expiration: its third Friday, the trading day before on a holiday. The month counts from 1. */
export function monthlyExpirationOf(year: number, month: number): IsoDate {
  const fifteenth = dateOf(year, month, 15);
  return weeklyExpirationOf(addDays(fifteenth, (FRIDAY - weekdayOf(fifteenth) + 7) % 7));
}

export function isMonthlyExpiration(date: IsoDate): boolean {
  return date === monthlyExpirationOf(yearOf(date), monthOf(date));
}

/**
 * A month's standard expiration of options on VIX and its relatives: 30 days before the next month's third Friday (or
 * the day that stands in for it), the trading day before on a holiday.
 */
export function monthlyVolatilityExpirationOf(year: number, month: number): IsoDate {
  const next = addMonths(dateOf(year, month, 1), 1);
  const date = addDays(monthlyExpirationOf(yearOf(next), monthOf(next)), -30);
  return isTradingDay(date) ? date : previousTradingDay(date);
}

/** What an expiration is by its date, for providers that do not say. The last trading day of a quarter is quarterly. */
export function expirationKindOf(date: IsoDate): ExpirationKind {
  if (isMonthlyExpiration(date)) return 'monthly';
  if (monthOf(date) % 3 === 0 && date === previousTradingDay(addMonths(startOfMonth(date), 1))) return 'quarterly';
  return date === weeklyExpirationOf(date) ? 'weekly' : 'daily';
}

/** The same for options on VIX and its relatives. */
export function volatilityExpirationKindOf(date: IsoDate): ExpirationKind {
  return date === monthlyVolatilityExpirationOf(yearOf(date), monthOf(date)) ? 'monthly' : 'weekly';
}

/** Over from the close of its day on, where its options trade as long as their shares; dated on a closed day, from the close before. */
export function isExpired(expiration: IsoDate, ms: MarketMs): boolean {
  const lastDay = isTradingDay(expiration) ? expiration : previousTradingDay(expiration);
  return ms >= exchangeInstant(lastDay, regularCloseMinutes(lastDay));
}

/** The Tuesday after the first Monday of November. */
export function electionDay(year: number): IsoDate {
  const first = isoOf(year, 11, 1);
  return addDays(first, ((8 - weekdayOf(first)) % 7) + 1);
}

/** Two days after the Good Friday on which the exchange is closed. */
export function easterOf(year: number): IsoDate {
  const days = Array.from({ length: 60 }, (_, index) => addDays(isoOf(year, 3, 1), index));
  return addDays(days.find((date) => holidayName(date) === 'Good Friday') ?? isoOf(year, 4, 1), 2);
}

/** The last five sessions of a year and the first two of the next one: the latest that has begun. */
export function santaRally(today: IsoDate): string {
  const startIn = (year: number): IsoDate => lastTradingDays(5, isoOf(year, 12, 31))[0] ?? '';
  const year = yearOf(today) - (startIn(yearOf(today)) <= today ? 0 : 1);
  return `${startIn(year)} to ${nextTradingDay(nextTradingDay(isoOf(year, 12, 31)))}`;
}
