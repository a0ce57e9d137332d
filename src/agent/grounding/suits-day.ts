// Whether a figure of a result is of the day, session, period or expiration that a text names.
// Without a day the newest session is meant.
import { addDays, daysBetween } from '../../domain/exchange-time.ts';
import type { IsoDate, TickerSymbol } from '../../domain/types.ts';
import type { Fact, FactBase, Field } from './facts.ts';
import { isDay } from './mentions.ts';
import type { Said } from './said.ts';
import { CHANGED } from './suits.ts';
const DAILY: ReadonlySet<Field> = new Set([
  'open',
  'high',
  'low',
  'close',
  'last',
  'spot',
  'volume',
  'vwap',
  'previousClose',
]);

export function suitsDate(fact: Fact, said: Said, base: FactBase): boolean {
  const { dates, span } = said;
  if (dates === undefined || dates.length === 0) return true;
  if (fact.expiration !== undefined) return span === true || suitsExpiration(fact.expiration, said, base);
  const { date, from } = fact;
  const isNamed = isOneOf(dates, date);
  if (fact.field === 'first') return isOneOf(dates, from);
  if (said.isBase === true && date !== undefined && dates.some((each) => isSoonBehind(each, date))) return true;
  if (said.ownDate !== true && fact.kind !== 'history')
    return isNamed || !isBoundFromAbove(said) || isFree(fact, said, base);
  if (date === undefined) return fact.kind === 'calculation' || span === true || isFree(fact, said, base);
  if (span === true) return isNamed || isOneOf(dates, from) || isBetween(dates, date);
  if (isNamed) return from === undefined || from === date || CHANGED.has(fact.field);
  return fact.kind !== 'history' && dates.every((each) => [...base.expirations].some((held) => isDay(each, held)));
}

/** The session before a day that is named. */
function isSoonBehind(day: NonNullable<Said['dates']>[number], date: IsoDate): boolean {
  return [1, 2, 3, 4, 5, 6, 7].some((days) => isDay(day, addDays(date, days)));
}

function isOneOf(dates: NonNullable<Said['dates']>, date: IsoDate | undefined): boolean {
  return date !== undefined && dates.some((each) => isDay(each, date));
}

/** A day that stands over the sentence binds only what the sentence itself calls open, high, low, close or volume. */
function isBoundFromAbove({ present, cue, span }: Said): boolean {
  return present !== true && cue !== 'price' && span !== true;
}

/** Figures of no single session (a 52-week high, the previous close), and any where the day said has no bar of its own. */
function isFree(fact: Fact, said: Said, base: FactBase): boolean {
  return !DAILY.has(fact.field) || names(said, 'previousClose') || !knowsDay(said, fact.symbol, base);
}

function names({ fields }: Said, field: Field): boolean {
  return fields?.includes(field) ?? false;
}

/** A figure without a date is not said of a day whose own figures are known. */
function knowsDay({ dates }: Said, symbol: TickerSymbol | undefined, base: FactBase): boolean {
  if (symbol === undefined) return false;
  const held = [...base.barDates(symbol)];
  return (dates ?? []).some((date) => held.some((day) => isDay(date, day)));
}

/** How many days a period's words speak of; 0 where they say none. */
export function suitsPeriod(fact: Fact, { spoken }: Said): boolean {
  const { from, date, field } = fact;
  if (spoken === undefined || !CHANGED.has(field)) return true;
  if (from === undefined || date === undefined) return fact.kind !== 'quote' || spoken.days <= 1 || spoken.isThis;
  const days = daysBetween(from, date) + 1;
  if (spoken.quarter !== undefined)
    return days < 130 && (days > 100 || days < 60 || Math.ceil(Number(from.slice(5, 7)) / 3) === spoken.quarter);
  if (spoken.days <= 1) return days <= 1;
  return spoken.isThis ? days <= spoken.days * 1.3 + 3 : days <= spoken.days * 1.5 + 4 && days >= spoken.days * 0.6 - 3;
}

/** A bar amid its history is meant only where a date or a superlative says so, a period's change only where one is spoken of. */
export function suitsSession(fact: Fact, { dates, span, anySession, period, fields }: Said, base: FactBase): boolean {
  if (fields === undefined || fact.kind !== 'history' || fact.symbol === undefined || anySession === true) return true;
  const dated =
    dates !== undefined &&
    dates.length > 0 &&
    fact.date !== undefined &&
    (dates.some((each) => isDay(each, fact.date ?? '')) || (span === true && fact.from !== undefined));
  if (dated) return true;
  if (fact.edge === 'amid') return !base.has(fact.symbol, 'last');
  if (fact.from !== undefined && CHANGED.has(fact.field)) return period === true || !base.has(fact.symbol, 'last');
  return (
    fact.edge === 'last' ||
    (fact.edge === 'first' && period === true) ||
    fact.from !== undefined ||
    !DAILY.has(fact.field) ||
    fact.date === undefined
  );
}

function isBetween(dates: NonNullable<Said['dates']>, date: IsoDate): boolean {
  const order = (each: NonNullable<Said['dates']>[number]): number | undefined => {
    if ('iso' in each) return Number(each.iso.slice(5, 7)) * 100 + Number(each.iso.slice(8, 10));
    return 'weekday' in each || each.month === undefined ? undefined : each.month * 100 + each.day;
  };
  const ends = dates.map(order);
  const at = Number(date.slice(5, 7)) * 100 + Number(date.slice(8, 10));
  const [first, last] = ends;
  if (ends.length < 2 || first === undefined || last === undefined) return ends.length < 2;
  return first <= last ? first <= at && at <= last : at >= first || at <= last;
}

/** A chain's figure fits its own expiration, and any date that is not one (the day of asking). */
function suitsExpiration(expiration: IsoDate, { dates }: Said, base: FactBase): boolean {
  const given = dates ?? [];
  if (given.some((date) => isDay(date, expiration))) return true;
  return !given.some((date) => [...base.expirations].some((held) => isDay(date, held)));
}
