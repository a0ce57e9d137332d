// Whether a figure of a result may be the one that a text names: its unit, field, contract, sign, day and period against
// the words beside the figure written. Without a day the newest session is meant.
import { addDays, daysBetween } from '../../domain/exchange-time.ts';
import type { IsoDate, TickerSymbol } from '../../domain/types.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import type { Fact, FactBase, Field } from './facts.ts';
import { isDay } from './mentions.ts';
import type { Said } from './said.ts';

/** "45 % of its average volume". */
export function isShareOfUsual({ field }: Fact, { figure, near }: Said): boolean {
  return field === 'relativeVolume' && figure.unit === 'percent' && near?.has('averageVolume') === true;
}

export function suitsUnit(fact: Fact, said: Said): boolean {
  const { figure, near, percents } = said;
  const { unit } = fact;
  if (figure.unit === 'usd' && NO_MONEY.test(fact.field)) return false;
  if (unit === 'any' || isShareOfUsual(fact, said)) return true;
  if (figure.unit === 'percent') return unit === 'percent' || (unit === 'points' && fact.field.startsWith('bb'));
  if (unit === 'percent')
    return figure.unit === 'bare' && (percents === true || near?.has(fact.field) === true || !figure.whole);
  if (figure.unit === 'usd') return unit === 'usd' || fact.field === 'theta' || fact.field === 'vega';
  return true;
}

const NO_MONEY = /^(?:delta|gamma|rsi|iv|hv|adx|streak)/;
const OPEN_TO_CALCULATION: ReadonlySet<Field> = new Set(
  'strike count dte rsi14 macd macdSignal macdHistogram'.split(' '),
);
const COUNTED: ReadonlySet<Field> = new Set(['count', 'dte', 'openInterest', 'volume', 'strike']);
export const CHANGED: ReadonlySet<Field> = new Set(['change', 'changePercent']);

/** What ratios and averages in apposition say for themselves. */
function suitsSpecial(fact: Fact, said: Said): boolean | undefined {
  const { near, apposed, figure } = said;
  if (isOtherRatio(fact.field, said)) return false;
  if (isShareOfUsual(fact, said) || (/^putCall/.test(fact.field) && fact.unit === 'any')) return true;
  // "Twice as many puts as calls"
  if (figure.isRatio === true && fact.unit === 'ratio')
    return /^putCall/.test(fact.field)
      ? (said.sides?.length ?? 0) > 0
      : (fact.strike === undefined || isKeyed(fact.strike, said)) &&
          (near?.has(fact.field) === true ||
            (fact.field === 'volumeToOpenInterest' && near?.has('openInterest') === true));
  if (apposed?.some((field) => AVERAGE.test(field)) === true) {
    if (AVERAGE.test(fact.field) && !apposed.includes(fact.field)) return false;
    if (fact.origin !== undefined && originOf(apposed, fact.origin) === false) return false;
  }
  return undefined;
}

export function suitsField(fact: Fact, said: Said, base: FactBase): boolean {
  const { fields, otherwise, firm, sole, near } = said;
  if (fact.field === 'calculation')
    return fields === undefined || !fields.every((field) => OPEN_TO_CALCULATION.has(field));
  const special = suitsSpecial(fact, said);
  if (special !== undefined) return special;
  if (fields === undefined) return suitsUnnamed(fact, said);
  if (fields.includes(fact.field) || said.loose?.includes(fact.field) === true) return suitsCount(fact, said);
  if (isMeantToo(fact, said)) return suitsCount(fact, said);
  const isSole =
    sole === true &&
    fact.strike === undefined &&
    fields.some((field) => natureOf(field) === natureOf(fact.field) && base.has(fact.symbol ?? '', field));
  if (firm !== true && !isSole && (near?.has(fact.field) === true || suitsUnnamed(fact, said) || isTelling(fact, said)))
    return suitsCount(fact, said);
  if (fact.origin !== undefined) {
    const isOrigin = originOf(fields, fact.origin);
    if (isOrigin !== undefined) return isOrigin;
  }
  if (otherwise?.includes(fact.field) === true && !fields.some((field) => base.has(fact.symbol ?? '', field)))
    return fact.field !== 'close' || fact.kind === 'history' || !fields.includes('previousClose');
  if (isAtOdds(fact, said, base))
    return said.sought?.has(fact.field) === true && isTelling(fact, said) && !isOtherAverage(fact.field, fields);
  return near?.has(fact.field) === true || isTelling(fact, said);
}

/** Whether a level comes from what the words name; undefined where they name nothing that a level comes from. */
function originOf(fields: readonly Field[], origin: string): boolean | undefined {
  const named = fields.flatMap((field) => {
    const average = /^([se]ma)(\d+)$/.exec(field);
    if (average) return [new RegExp(`\\b${average[1] ?? ''}${average[2] ?? ''}\\b`, 'i')];
    if (field === 'high' || field === 'week52High') return [/high/];
    return field === 'low' || field === 'week52Low' ? [/low/] : [];
  });
  return named.length === 0 ? undefined : named.some((pattern) => pattern.test(origin));
}

/** The words name another figure for sure: one of the same kind, or one that is known and of that size. */
function isAtOdds(fact: Fact, { fields = [], figure, strikes }: Said, base: FactBase): boolean {
  const nature = natureOf(fact.field);
  if (isOtherAverage(fact.field, fields)) return true;
  if (OPPOSITES.some((pair) => pair.includes(fact.field) && pair.some((field) => fields.includes(field)))) return true;
  const ends = [/high/i, /low/i].map((end) => [end.test(fact.field), fields.every((field) => end.test(field))]);
  if (ends.some(([is], at) => is === true && ends[1 - at]?.[1] === true)) return true;
  const symbol = fact.symbol ?? '';
  const known = fields.filter((field) => base.has(symbol, field));
  if (known.length === 0) return false;
  if (known.some((field) => natureOf(field) === nature)) return true;
  return known.some((field) => {
    const value = Math.abs(base.latest(symbol, field) ?? 0);
    return strikes === undefined && value < figure.magnitude * 3 && figure.magnitude < value * 3;
  });
}

const AVERAGE = /^[se]ma\d/;
const isOtherAverage = (field: Field, fields: readonly Field[]): boolean =>
  AVERAGE.test(field) && fields.some((each) => AVERAGE.test(each));

const OPPOSITES: readonly (readonly Field[])[] = [
  ['bid', 'ask'],
  ['callWall', 'putWall'],
  ['support', 'resistance'],
];

/** Put to call by volume is not by open interest. */
function isOtherRatio(field: Field, { fields = [], cue = '', next }: Said): boolean {
  if (next?.some((each) => each === 'volume' || /^(?:openInterest|putCall)/.test(each)) === true) return false;
  if (field === 'putCallVolume') return cue === 'openInterest' && !fields.includes(field);
  return field === 'putCallOpenInterest' && (cue === 'volume' || cue === 'traded') && !fields.includes(field);
}

/** Long enough to be right by no chance. */
function isTelling(fact: Fact, said: Said): boolean {
  const { figure } = said;
  if (COUNTED.has(fact.field) || COMPUTED.has(fact.field) || figure.approximate !== undefined) return false;
  if (fact.strike !== undefined && !isKeyed(fact.strike, said)) return false;
  return figure.text.replace(/^\D*0*|\D/g, '').length >= TELLING_DIGITS - (fact.strike === undefined ? 0 : 1);
}

/** Computed of a quote: meant only where they are named. */
const COMPUTED: ReadonlySet<Field> = new Set(
  ENTRIES.filter(
    ({ needs, name }) => needs[0] === 'quote' && /gap|range|spread|FromOpen|relative|dollar/i.test(name),
  ).map(({ name }) => name),
);

const QUOTED: readonly Field[] = ['bid', 'ask', 'mid', 'last'];

/** A word with two meanings: the low of a year, the price of a contract, puts that are open. */
function isMeantToo({ kind, field, strike, from, counted }: Fact, said1: Said): boolean {
  const { fields = [], near, figure, counted: said } = said1;
  const names = (each: Field): boolean => fields.includes(each);
  if (field === 'week52High' || field === 'week52Low')
    return (
      names(field === 'week52High' ? 'high' : 'low') &&
      (said1.today !== true || near?.has('week52High') === true || near?.has('week52Low') === true)
    );
  if (field === 'close' && (names('high') || names('low')))
    return near?.has('close') === true && figure.text.length > 4;
  if (strike !== undefined && names('last') && QUOTED.includes(field)) return true;
  if (names('open') && /openInterest$/i.test(field)) return figure.whole || figure.tolerance > 0.5;
  if (field === 'highestClose' || field === 'lowestClose') return names('close');
  if (field === 'close' && (names('highestClose') || names('lowestClose'))) return true;
  if (field === 'first') return from !== undefined && names('close');
  if (field === 'previousClose') return kind === 'history' && names('close');
  if (field === 'count') return (counted === 'rise' || counted === 'fall') && said?.includes(counted) === true;
  if (field === 'openInterest') return names('callWall') || names('putWall');
  return (field === 'mid' || field === 'straddle') && names('expectedMove');
}

/** Fields that can be taken for each other. All others are prices. */
const NATURES: readonly (readonly Field[])[] = [
  ['rsi14', 'macd', 'macdSignal', 'macdHistogram'],
  ['volume', 'averageVolume', 'openInterest', 'count', 'dte'],
  ['change', 'changePercent', 'expectedMove', 'expectedMovePercent', 'calculation'],
  ['iv'],
  ['delta', 'gamma', 'theta', 'vega'],
  ['putCallOpenInterest', 'putCallVolume'],
];
const TELLING_DIGITS = 4;

function natureOf(field: Field): number {
  return NATURES.findIndex((fields) => fields.includes(field));
}

/** A figure that no word names: what is spoken of, a price or an indicator, signed ones only changes. */
function suitsUnnamed(fact: Fact, said: Said): boolean {
  const { figure, near } = said;
  if (near?.has(fact.field) === true && fact.field !== 'count') return true;
  if (/^macd/.test(fact.field) && figure.unit === 'usd') return false;
  if (fact.field === 'strike')
    return near !== undefined && OPTIONS_SPOKEN.some((field) => near.has(field)) && figure.unit !== 'percent';
  if (fact.strike !== undefined) return isKeyed(fact.strike, said) && (!figure.whole || figure.magnitude >= 20);
  if (COUNTED.has(fact.field) && fact.field !== 'volume')
    return figure.whole && (fact.field === 'count' || fact.field === 'dte') && figure.unit === 'bare';
  if (fact.kind !== 'table' && COMPUTED.has(fact.field)) return false;
  if (figure.unit === 'percent') return true;
  if (figure.sign === '+' || figure.sign === '-') return CHANGED.has(fact.field) || fact.field.startsWith('macd');
  // "7" is too little to be the price 7.23 without a word that says so.
  return !(figure.whole && figure.magnitude < 20);
}

/** A contract is meant where its strike is named, beside the figure or, where none is there, anywhere. */
function isKeyed(strike: number, { strikes, beside, spokenStrikes }: Said): boolean {
  if (beside === strike) return true;
  if (strikes !== undefined) return strikes.some((each) => Math.abs(each - strike) < 0.005);
  return spokenStrikes?.has(strike) === true;
}

const OPTIONS_SPOKEN: readonly Field[] =
  'strike openInterest callWall putWall maxPain expectedMove straddle delta bid mid iv theta'.split(' ');

function suitsCount(fact: Fact, { figure, counted }: Said): boolean {
  if (fact.counted !== undefined && counted !== undefined && !counted.includes(fact.counted)) return false;
  return (
    fact.unit !== 'count' ||
    figure.tolerance !== 0.5 ||
    Math.abs(fact.value - figure.magnitude) < 0.01 ||
    figure.approximate !== undefined
  );
}

const OPTION_FIELDS: ReadonlySet<Field> = new Set(
  'openInterest iv delta gamma theta vega strike callWall putWall'.split(' '),
);

/** A contract's price or volume needs a strike or side in the text; with a strike right beside it nothing else fits. */
export function suitsOption(fact: Fact, said: Said): boolean {
  const { strikes, sides, fields, isStrike, firm } = said;
  if (isStrike === true || fact.field === 'calculation') return true;
  if (fact.strike === undefined)
    return (
      strikes === undefined ||
      firm !== true ||
      !(fields?.some((field) => OPTION_FIELDS.has(field) || field === 'bid' || field === 'ask') ?? false)
    );
  return (
    strikes !== undefined ||
    isKeyed(fact.strike, said) ||
    sides !== undefined ||
    (fields?.some((field) => OPTION_FIELDS.has(field)) ?? false)
  );
}

const SIGNED: ReadonlySet<Field> = new Set(
  'change changePercent macd macdSignal macdHistogram delta gamma theta vega calculation'.split(' '),
);

export function suitsSign(fact: Fact, said: Said): boolean {
  const { figure, direction } = said;
  // A change so small that it is written 0.00 has no sign any more.
  if (fact.value === 0 || figure.magnitude === 0 || figure.sign === '±') return true;
  const negative = fact.value < 0;
  if (figure.sign === '-') return negative || (direction === -1 && fact.field === 'calculation');
  if (figure.sign === '+') return !negative && (mayHavePlus(fact.field) || fact.field.startsWith('expected'));
  if (!mayHavePlus(fact.field)) return direction !== -1 || !CHANGED.has(fact.field);
  if (fact.field === 'calculation' && direction !== undefined) return true;
  if (direction === -1) return negative;
  if (direction === 1) return !negative;
  // Without a sign and without a word that says up or down, words elsewhere may say it; "a change of 12.65" does not.
  if (negative && said.firm === true && /^(?:delta|macd)/.test(said.cue ?? '') && !figure.whole) return false;
  return (
    !negative || fact.field === 'calculation' || said.cue !== 'change' || figure.parenthesised || said.falls === true
  );
}

const plus = new Map<Field, boolean>();

function mayHavePlus(field: Field): boolean {
  const known = plus.get(field) ?? (SIGNED.has(field) || findField(field)?.signed === true);
  plus.set(field, known);
  return known;
}

const DAILY: ReadonlySet<Field> = new Set('open high low close last spot volume vwap previousClose'.split(' '));

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
  return ('weekday' in day ? [1, 2, 3] : [1, 2, 3, 4, 5, 6, 7]).some((days) => isDay(day, addDays(date, days)));
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
export function suitsSession(
  fact: Fact,
  { dates = [], earlier = [], span, anySession, period, fields }: Said,
  base: FactBase,
): boolean {
  if (fields === undefined || fact.kind !== 'history' || fact.symbol === undefined || anySession === true) return true;
  if (isOneOf([...dates, ...earlier], fact.date) || (dates.length > 0 && span === true && fact.from !== undefined))
    return true;
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
