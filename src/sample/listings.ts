// Which option contracts the sample market lists: expiration dates by the exchange calendar, strikes by the price.
import { isTradingDay, monthlyExpirationOf, previousTradingDay, weeklyExpirationOf } from '../domain/calendar.ts';
import { addDays, dateOf, monthOf, yearOf } from '../domain/exchange-time.ts';
import type { Expiration, ExpirationKind, IsoDate } from '../domain/types.ts';
import type { Instrument } from './companies.ts';
import { hasDailyExpirations } from './companies.ts';

const WEEKS_LISTED = 8;
const MONTHS_LISTED = 7;
const DAILY_DAYS_LISTED = 14;
const QUARTERS_LISTED = 4;
const FINE_STEPS = 20;
const FINE_STEPS_FUND = 40;
const MOST_STRIKES_A_SIDE = 60;
/** Listed on either side however calm the share is, so that a day's jump leaves ten beyond the spot. */
const FEWEST_STRIKES_A_SIDE = 20;

/**
 * Expirations listed on `today`, ascending: weekly Fridays, third Fridays, Januaries of the next two years, and for the
 * three large funds every trading day of two weeks and the last of each quarter. A holiday moves one to the trading day
 * before. Today's is listed until the day is over. None for an index.
 */
export function computeExpirations(instrument: Instrument, today: IsoDate): Expiration[] {
  if (instrument.kind === 'index') return [];
  const kinds = new Map<IsoDate, ExpirationKind>();
  const list = (date: IsoDate, kind: ExpirationKind): void => {
    if (date >= today && !kinds.has(date)) kinds.set(date, kind);
  };
  for (const { year, month } of listedMonths(today)) list(monthlyExpirationOf(year, month), 'monthly');
  const hasDaily = hasDailyExpirations(instrument.symbol);
  if (hasDaily) for (const date of quarterEnds(today)) list(date, 'quarterly');
  for (let week = 0; week < WEEKS_LISTED; week += 1) list(weeklyExpirationOf(addDays(today, week * 7)), 'weekly');
  if (hasDaily) {
    for (let day = 0; day < DAILY_DAYS_LISTED; day += 1) {
      const date = addDays(today, day);
      if (isTradingDay(date)) list(date, 'daily');
    }
  }
  return [...kinds].map(([date, kind]) => ({ date, kind })).sort((a, b) => (a.date < b.date ? -1 : 1));
}

function listedMonths(today: IsoDate): { year: number; month: number }[] {
  const months = [];
  for (let ahead = 0; ahead <= MONTHS_LISTED; ahead += 1) {
    const month = monthOf(today) - 1 + ahead;
    months.push({ year: yearOf(today) + Math.floor(month / 12), month: (month % 12) + 1 });
  }
  return [...months, { year: yearOf(today) + 1, month: 1 }, { year: yearOf(today) + 2, month: 1 }];
}

function quarterEnds(today: IsoDate): IsoDate[] {
  const firstMonthAfter = monthOf(today) - ((monthOf(today) - 1) % 3) + 3;
  return Array.from({ length: QUARTERS_LISTED }, (_, quarter) =>
    previousTradingDay(dateOf(yearOf(today), firstMonthAfter + quarter * 3, 1)),
  );
}

/**
 * Strikes in dollars, ascending, around `base` (the previous close, so that a day's grid does not move): the usual step
 * of the price near it, twice the step further out, as far as the price may plausibly go until then.
 */
export function computeStrikes(instrument: Instrument, base: number, years: number): number[] {
  const step = strikeStepMills(instrument, base);
  const reach = base * instrument.volatility * Math.sqrt(Math.max(years, 7 / 365)) * 3.5;
  const fineSteps = hasDailyExpirations(instrument.symbol) ? FINE_STEPS_FUND : FINE_STEPS;
  const centre = Math.round((base * 1000) / step);
  const lowest = Math.max(step, (base - reach) * 1000, base * 100);
  const strikes = [centre * step];
  for (const direction of [-1, 1]) {
    const end = direction < 0 ? lowest : (base + reach) * 1000;
    for (let away = 1, listed = 0; listed < MOST_STRIKES_A_SIDE; away += 1) {
      const index = centre + direction * away;
      const isBeyond = direction < 0 ? index * step < lowest : index * step > end;
      if (isBeyond && (away > FEWEST_STRIKES_A_SIDE || index < 1)) break;
      if (away > fineSteps && index % 2 !== 0) continue;
      strikes.push(index * step);
      listed += 1;
    }
  }
  return strikes.sort((a, b) => a - b).map((mills) => mills / 1000);
}

/** Step between strikes in thousandths of a dollar, as the exchanges list them by price. */
function strikeStepMills(instrument: Instrument, price: number): number {
  if (hasDailyExpirations(instrument.symbol)) return 1000;
  if (price < 25) return 500;
  if (price < 100) return 1000;
  if (price < 300) return 2500;
  if (price < 1000) return 5000;
  return 10_000;
}
