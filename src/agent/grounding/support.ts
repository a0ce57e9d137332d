// Finds the one figure of a result that supports a figure of a text: the value within the written precision, and unit,
// field, contract, sign, day and period not at odds with the words beside it.
import { addDays, daysBetween } from '../../domain/exchange-time.ts';
import type { IsoDate, TickerSymbol } from '../../domain/types.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import type { Fact, FactBase, Field } from './facts.ts';
import { boundsOf, digitsOf, type Figure } from './figures.ts';
import { guessDates, isDay } from './mentions.ts';
import { PRICE_FIELDS, type Said } from './said.ts';

/** "45 % of its average volume". */
function isShareOfUsual({ field }: Fact, { figure, near }: Said): boolean {
  return (
    field === 'relativeVolume' &&
    figure.unit === 'percent' &&
    (near?.has('averageVolume') === true || near?.has('volume') === true)
  );
}

function suitsUnit(fact: Fact, said: Said): boolean {
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
const CHANGED: ReadonlySet<Field> = new Set(['change', 'changePercent']);

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
            (fact.field === 'relativeVolume' && near?.has('volume') === true) ||
            (fact.field === 'volumeToOpenInterest' && near?.has('openInterest') === true));
  if (apposed?.some((field) => AVERAGE.test(field)) === true) {
    if (AVERAGE.test(fact.field) && !apposed.includes(fact.field)) return false;
    if (fact.origin !== undefined && originOf(apposed, fact.origin) === false) return false;
  }
  return undefined;
}

function suitsField(fact: Fact, said: Said, base: FactBase): boolean {
  const { fields, otherwise, firm, sole, near } = said;
  if (fact.field === 'calculation')
    return fields === undefined || !fields.every((field) => OPEN_TO_CALCULATION.has(field));
  if (fact.origin !== undefined && firm === true && isOtherOrigin(fact.origin, fields)) return false;
  const special = suitsSpecial(fact, said);
  if (special !== undefined) return special;
  if (isOtherEnd(fact, said) || isOtherCount(fact, said)) return false;
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

/** "The 200-day at 574.47" of a level that is the 50-day; every word beside it must name such an origin. */
function isOtherOrigin(origin: string, fields: readonly Field[] = []): boolean {
  const named = fields.map((field) => {
    const average = /^[se]ma(\d+)$/.exec(field)?.[1];
    return average === undefined ? YEARLY[field] : new RegExp(`\\b[SE]MA${average}\\b`);
  });
  return named.length > 0 && named.every((pattern) => pattern !== undefined && !pattern.test(origin));
}

const YEARLY: Readonly<Record<Field, RegExp>> = { week52High: /52-week high/, week52Low: /52-week low/ };

/** The words name highs alone, and it is a low, or the other way round. */
function isOtherEnd({ field }: Fact, { fields = [], near, loose }: Said): boolean {
  if (fields.length === 0 || near?.has(field) === true || loose?.includes(field) === true) return false;
  return (
    (/low/i.test(field) && fields.every((each) => /high/i.test(each))) ||
    (/high/i.test(field) && fields.every((each) => /low/i.test(each)))
  );
}

/** Contracts that were traded are not those that are open. */
function isOtherCount({ field }: Fact, { fields = [], near, cue, firm }: Said): boolean {
  if (fields.length !== 1 || !['openInterest', 'volume'].includes(field)) return false;
  const isSpoken = near?.has(field) === true;
  if (field === 'volume') return fields[0] === 'openInterest' && cue === 'openInterest' && (firm === true || !isSpoken);
  return fields[0] === 'volume' && (cue === 'contracts' || !isSpoken);
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
  if (fields.length === 1 && /^putCall\w/.test(field) && /^putCall\w/.test(fields[0] ?? '') && field !== fields[0])
    return true;
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
  const what = fact.counted === 'ofMonth' ? 'expiration' : fact.counted;
  if (what !== undefined && counted !== undefined && !counted.includes(what)) return false;
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
function suitsOption(fact: Fact, said: Said): boolean {
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

function suitsSign(fact: Fact, said: Said): boolean {
  const { figure, direction } = said;
  // A change so small that it is written 0.00 has no sign any more.
  if (fact.value === 0 || figure.magnitude === 0 || figure.sign === '±') return true;
  const negative = fact.value < 0 || (fact.payoff === 'loss' && figure.sign === '-');
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

function suitsDate(fact: Fact, said: Said, base: FactBase): boolean {
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
function suitsPeriod(fact: Fact, { spoken }: Said): boolean {
  const { from, date, field } = fact;
  if (spoken === undefined || !CHANGED.has(field)) return true;
  if (from === undefined || date === undefined)
    return (
      (fact.kind !== 'quote' || spoken.days <= 1 || spoken.isThis) && (fact.kind !== 'history' || spoken.days < 60)
    );
  const days = daysBetween(from, date) + 1;
  if (spoken.quarter !== undefined)
    return days < 130 && (days > 100 || days < 60 || Math.ceil(Number(from.slice(5, 7)) / 3) === spoken.quarter);
  if (spoken.days <= 1) return days <= 1;
  return spoken.isThis ? days <= spoken.days * 1.3 + 3 : days <= spoken.days * 1.5 + 4 && days >= spoken.days * 0.6 - 3;
}

/** A bar amid its history is meant only where a date or a superlative says so, a period's change only where one is spoken of. */
function suitsSession(
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
    return 'weekday' in each || 'inMonth' in each || each.month === undefined ? undefined : each.month * 100 + each.day;
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

export interface Checked {
  base: FactBase;
  /** Figures of the question. */
  asked: readonly Said[];
  question: string;
  text: string;
  /** Middles of bid and ask by strike. */
  mids: ReadonlyMap<number, readonly number[]>;
}

type Test = readonly [reason: string, holds: (fact: Fact, said: Said, base: FactBase) => boolean];

/** In the order of how far off a figure is: the last test that its best fact reaches gives the reason. */
export const TESTS: readonly Test[] = [
  ['in another unit', suitsUnit],
  [
    'said of another symbol',
    ({ symbol }, { symbols, isOther, ownSymbol, company }) =>
      symbol === undefined ||
      symbols === undefined ||
      symbols.includes(symbol) ||
      (isOther === true && ownSymbol !== true) ||
      (ownSymbol !== true && company?.includes(symbol) === true),
  ],
  ['another figure of the symbol', suitsField],
  ['of an option, without its strike or side', suitsOption],
  ['wrong sign', suitsSign],
  [
    'of the other side',
    ({ side }, { sides, isOther }) =>
      side === undefined || sides === undefined || isOther === true || sides.includes(side),
  ],
  [
    'of another strike',
    ({ strike, field }, { strikes, isOther, beside, hostStrike }) =>
      !(hostStrike !== undefined && field === 'openInterest' && strike !== undefined && strike !== hostStrike) &&
      (strikes === undefined ||
        (beside !== undefined && beside === strike) ||
        field === 'strike' ||
        isOther === true ||
        strike === undefined ||
        strikes.some((each) => Math.abs(each - strike) < 0.005)),
  ],
  ['of another date', suitsDate],
  ['of another level', ({ level }, { levels }) => level === undefined || levels?.includes(level) !== false],
  ['of a session that is not named', suitsSession],
  ['of another period', suitsPeriod],
  [
    'of an earlier quote',
    ({ superseded }, { past, present }) => superseded !== true || (past === true && present !== true),
  ],
];
export const NO_FACT = 'not in any tool result';

/** Why no fact supports a figure; `isNamed`: one of its size is of the field that the words name. */
export interface Refusal {
  reason: string;
  isNamed: boolean;
}

/** The value of a figure, with the fact that supports it where there is one, else the reason why none does. */
export function findSupport(said: Said, { base, asked, text }: Checked): { value: number; fact?: Fact } | Refusal {
  const { figure } = said;
  if (!Number.isFinite(figure.magnitude)) return { reason: NO_FACT, isNamed: false };
  let furthest = -1;
  let isNamed = false;
  let best: Fact | undefined;
  for (const fact of candidates(figure, base, text)) {
    if (figure.isRatio === true && fact.unit !== 'ratio' && fact.kind !== 'calculation') continue;
    if (said.isTotal === true && fact.unit !== 'any') continue;
    if (CHANGED.has(fact.field) && fact.from === undefined && FROM_OPEN.test(text.slice(figure.end, figure.end + 40)))
      return { reason: OF_DAY, isNamed: true };
    // A gap in points is that of two percentages.
    if (
      CHANGED.has(fact.field) &&
      (/point/.test(figure.text) || (fact.value < 0 && POINTS.test(text.slice(figure.start, figure.end + 20))))
    )
      continue;
    if (
      PER_CONTRACT.test(text.slice(figure.end, figure.end + 30)) &&
      fact.strike !== undefined &&
      fact.unit !== 'count'
    )
      continue;
    // The distance of some level is near to any small number.
    if (
      fact.kind === 'levels' &&
      fact.field === 'calculation' &&
      digitsOf(figure) < 2 &&
      said.levels?.includes(fact.level ?? NaN) !== true
    )
      continue;
    if (fact.operands !== undefined && !fact.operands.every((operand) => isKnown(operand, base, asked))) continue;
    const failed = TESTS.findIndex(([, holds]) => !holds(fact, said, base));
    if (failed >= 0) {
      furthest = Math.max(furthest, failed);
      isNamed ||= said.fields?.includes(fact.field) === true || isShareOfUsual(fact, said);
    } else if (best === undefined || isBetter(fact, best, said)) best = fact;
  }
  if (best !== undefined) return { value: best.value, fact: best };
  if (isDaysUntil(said, base) || isWindow(said, base)) return { value: figure.magnitude };
  return { reason: furthest < 0 ? NO_FACT : (TESTS[furthest]?.[0] ?? NO_FACT), isNamed };
}

/** Of several facts of one size the one that is named is meant, else the price, else the nearest. */
function isBetter(fact: Fact, than: Fact, { figure, fields }: Said): boolean {
  const rank = ({ field, value }: Fact): number =>
    (fields?.includes(field) === true ? 0 : PRICE_FIELDS.includes(field) ? 1 : 2) +
    Math.min(0.9, Math.abs(Math.abs(value) - figure.magnitude) / (figure.magnitude + 1));
  return rank(fact) < rank(than);
}

/** "Over 252 sessions" of a field that has this window. */
function isWindow({ figure }: Said, { fields }: FactBase): boolean {
  return (
    figure.whole &&
    figure.unit === 'bare' &&
    figure.magnitude >= 10 &&
    [...fields].some((field) => field.replace(/^\D+/, '') === String(figure.magnitude))
  );
}

/** "45 dte" beside a date, of which a table says nothing. */
function isDaysUntil({ figure, fields, dates }: Said, { today, expirations, dates: held }: FactBase): boolean {
  return (
    today !== undefined &&
    fields?.includes('dte') === true &&
    ((dates?.some((date) => guessDates(date, today).some((day) => daysBetween(today, day) === figure.magnitude)) ??
      false) ||
      (expirations.size === 0 && [...held].some((day) => daysBetween(today, day) === figure.magnitude)))
  );
}

/** Numbers that formulas are made of: percent, sessions of a year, shares of a contract. */
const CONSTANTS: ReadonlySet<number> = new Set([100, 252, 365, 1000]);
const MAX_COUNT = 12;

/** A figure of a result or of the question, as written in a calculation. */
function isKnown(operand: number, base: FactBase, asked: readonly Said[]): boolean {
  if (CONSTANTS.has(operand) || (Number.isInteger(operand) && operand <= MAX_COUNT)) return true;
  if (asked.some(({ figure }) => Math.abs(figure.magnitude - operand) < 1e-9 * operand)) return true;
  const step = 0.5 * 10 ** -(String(operand).split('.')[1]?.length ?? 0) * 1.001;
  const isFact = ({ operands, value }: Fact): boolean =>
    operands === undefined ||
    (Math.abs(value) !== operand && operands.every((each) => each !== operand && isKnown(each, base, asked)));
  return (
    base.within(operand - step, operand + step).some(isFact) ||
    base.within((operand - step) / 100, (operand + step) / 100).some((fact) => fact.unit === 'fraction')
  );
}

/** Facts of the right size. A percentage may also be a fraction (implied volatility, a quotient). */
function candidates(figure: Figure, base: FactBase, text: string): Fact[] {
  const behind = text.slice(figure.end, figure.end + 44);
  const before = text.slice(Math.max(0, figure.start - 40), figure.start);
  const [low, high] = boundsOf(figure);
  const found = [...base.within(low, high)];
  if (PER_DOLLAR.test(behind))
    found.push(
      ...found
        .filter(({ field, value }) => field === 'delta' && !(value < 0 && /\b(?:rises|gains|climbs)\b/.test(behind)))
        .map((fact) => ({ ...fact, field: 'calculation', unit: 'usd' as const })),
    );
  if (figure.isRatio === true && (/^ (?:of the time|the time|chance|odds)\b/.test(behind) || ODDS_BEFORE.test(before)))
    found.push(
      ...base
        .within(low * 100, high * 100)
        .filter(({ kind, unit }) => kind === 'strategy' && unit === 'percent')
        .map((fact) => ({ ...fact, kind: 'calculation' as const })),
    );
  if (figure.unit !== 'usd') {
    const fractions = base.within(low / 100, high / 100);
    found.push(
      ...fractions
        .filter((fact) => fact.unit === 'fraction' || (fact.unit === 'any' && figure.unit === 'percent'))
        .map((fact) => ({ ...fact, unit: 'percent' as const, value: fact.value * 100 })),
      ...fractions
        .filter(({ field }) =>
          figure.unit === 'percent'
            ? field === 'relativeVolume' || (field === 'delta' && CHANCE.test(behind))
            : /^putCall/.test(field) && HUNDRED.test(behind),
        )
        .map((fact) => ({
          ...fact,
          value: fact.value * 100,
          unit:
            figure.unit === 'percent' && fact.field === 'delta'
              ? ('percent' as const)
              : figure.unit === 'percent'
                ? fact.unit
                : ('any' as const),
        })),
    );
  }
  return found;
}

/** "About 5 points", in its text or behind it. */
const POINTS = /\d[\d.]*(?:[ -](?:percentage )?(?:points?|pts)\b)/;
/** What a contract costs or loses is a hundred times what a share of it does. */
const PER_CONTRACT = /^ (?:(?:a|per|each) day )?(?:per|for (?:one|each)|a) (?:contract|lot)\b/;
/** A change of the day is from the close before. */
const OF_DAY = 'from the close before';
const FROM_OPEN = /^(?: \([^)]*\)|\))?,? (?:from|since|off|vs\.?|against|over|under|above|below) (?:the|its) open\b/i;
/** What a delta is read as. */
const CHANCE = /^ (?:chance|probability|odds|likel)/;
/** "P(profit) about a third". */
export const ODDS_BEFORE = /\b(?:P\(profit\)|PoP|probability|chances?|odds)\b[^.;\d]{0,20}$|P\(profit\)[^.;\d]{0,20}$/i;
/** "41 cents for each dollar". */
const PER_DOLLAR = /^ (?:for|per|on) (?:each|every|a) (?:dollar|\$1)\b/;
/** "62 puts for every 100 calls". */
const HUNDRED = /^[^.;]{0,24}\b(?:every|per|each) 100 (?:calls|puts)/i;

/** Numbers of the question may be repeated, unless the words name a field that the question did not. */
export function repeats({ figure, fields, firm }: Said, asked: readonly Said[]): boolean {
  return asked.some((each) => {
    if (
      Math.abs(each.figure.magnitude - figure.magnitude) > 1e-9 * figure.magnitude ||
      (each.figure.unit === 'percent' && figure.unit !== 'percent') ||
      (figure.unit === 'percent' && each.figure.unit === 'usd')
    )
      return false;
    return (
      fields === undefined ||
      (firm !== true && figure.whole) ||
      figure.approximate === 'over' ||
      figure.approximate === 'under' ||
      (each.fields?.some((field) => fields.includes(field)) ?? false)
    );
  });
}

export function signedValue({ figure, direction }: Said): number {
  const negative = figure.sign === '-' || (figure.sign === undefined && direction === -1);
  return negative ? -figure.magnitude : figure.magnitude;
}
