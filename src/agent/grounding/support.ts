// Finds the one figure of a result that supports a figure of a text: the value within the written precision, and nothing
// said of it that contradicts. The tests stand in the order of how far off a figure is.
import { daysBetween } from '../../domain/exchange-time.ts';
import type { Fact, FactBase } from './facts.ts';
import type { Figure } from './figures.ts';
import { digitsOf } from './figures.ts';
import { guessDates } from './mentions.ts';
import type { Said } from './said.ts';
import { PRICE_FIELDS } from './said.ts';
import {
  CHANGED,
  isShareOfUsual,
  suitsUnit,
  suitsField,
  suitsOption,
  suitsSign,
  suitsDate,
  suitsSession,
  suitsPeriod,
} from './suits.ts';

export interface Checked {
  base: FactBase;
  /** Figures of the question. */
  asked: readonly Said[];
  question: string;
  text: string;
  /** Middles of bid and ask by strike. */
  mids: ReadonlyMap<number, readonly number[]>;
}

/** An approximation may be this much off, and at most half a unit of its last digit that is not zero. */
const ABOUT_SHARE = 0.01;
const BOUND_SHARE = 0.06;
const ONE_DIGIT_SHARE = 0.184;
/** "More than doubled" leaves open how much more, "nearly twice" how much less. */
const RATIO_SHARE = 0.75;
/** "A bit over a third". */
const SLIGHT_SHARE = 0.16;

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
  ['of a session that is not named', suitsSession],
  ['of another period', suitsPeriod],
  [
    'of an earlier quote',
    ({ superseded }, { past, present }) => superseded !== true || (past === true && present !== true),
  ],
];
export const NO_FACT = 'in no tool result';

/** Why no fact supports a figure; `isNamed`: one of its size is of the field that the words name. */
export interface Refusal {
  reason: string;
  isNamed: boolean;
}

/** The value of the fact that supports a figure, else the reason why none does. */
export function findSupport(said: Said, { base, asked, text }: Checked): number | Refusal {
  const { figure } = said;
  if (!Number.isFinite(figure.magnitude)) return { reason: NO_FACT, isNamed: false };
  let furthest = -1;
  let isNamed = false;
  let best: Fact | undefined;
  for (const fact of candidates(figure, base, text.slice(figure.end, figure.end + 44))) {
    if (figure.isRatio === true && fact.unit !== 'ratio' && fact.kind !== 'calculation') continue;
    if (said.isTotal === true && fact.unit !== 'any') continue;
    // A gap in points is that of two percentages.
    if (/point/.test(figure.text) && CHANGED.has(fact.field)) continue;
    if (
      PER_CONTRACT.test(text.slice(figure.end, figure.end + 30)) &&
      fact.strike !== undefined &&
      fact.unit !== 'count'
    )
      continue;
    // The distance of some level is near to any small number.
    if (fact.kind === 'levels' && fact.field === 'calculation' && digitsOf(figure) < 2) continue;
    if (fact.operands !== undefined && !fact.operands.every((operand) => isKnown(operand, base, asked))) continue;
    const failed = TESTS.findIndex(([, holds]) => !holds(fact, said, base));
    if (failed >= 0) {
      furthest = Math.max(furthest, failed);
      isNamed ||= said.fields?.includes(fact.field) === true || isShareOfUsual(fact, said);
    } else if (best === undefined || isBetter(fact, best, said)) best = fact;
  }
  if (best !== undefined) return best.value;
  if (isDaysUntil(said, base) || isWindow(said, base)) return figure.magnitude;
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
function candidates(figure: Figure, base: FactBase, behind: string): Fact[] {
  const [low, high] = boundsOf(figure);
  const found = [...base.within(low, high)];
  if (figure.unit !== 'usd') {
    const fractions = base.within(low / 100, high / 100);
    found.push(
      ...fractions
        .filter((fact) => fact.unit === 'fraction' || (fact.unit === 'any' && figure.unit === 'percent'))
        .map((fact) => ({ ...fact, unit: 'percent' as const, value: fact.value * 100 })),
      ...fractions
        .filter(({ field }) =>
          figure.unit === 'percent' ? field === 'relativeVolume' : /^putCall/.test(field) && HUNDRED.test(behind),
        )
        .map((fact) => ({
          ...fact,
          value: fact.value * 100,
          ...(figure.unit === 'percent' ? {} : { unit: 'any' as const }),
        })),
    );
  }
  return found;
}

/** What a contract costs or loses is a hundred times what a share of it does. */
const PER_CONTRACT = /^ (?:(?:a|per|each) day )?(?:per|for (?:one|each)|a) (?:contract|lot)\b/;
/** "62 puts for every 100 calls". */
const HUNDRED = /^[^.;]{0,24}\b(?:every|per|each) 100 (?:calls|puts)/i;

export function boundsOf(figure: Figure): [number, number] {
  const { magnitude, tolerance, approximate } = figure;
  // Binary fractions: 0.125 written as 0.13 is half a unit off and a little more.
  const noise = magnitude * 1e-9 + 1e-9;
  // "2 %" is no rounding of 1.63 that a reader expects: one digit alone must still be near.
  const near =
    figure.unit === 'percent' && tolerance === 0.5 ? Math.min(tolerance, magnitude * ONE_DIGIT_SHARE) : tolerance;
  let below = near + noise;
  let above = near + noise;
  if (approximate !== undefined) {
    const loose = Math.min(
      halfOfLastDigit(magnitude, tolerance),
      magnitude * (approximate === 'about' ? ABOUT_SHARE : BOUND_SHARE),
    );
    if (figure.isRatio === true && approximate === 'over') {
      above = magnitude * (figure.isSlight === true ? SLIGHT_SHARE : magnitude < 1 ? RATIO_SHARE / 3 : RATIO_SHARE);
      below = Math.min(below, magnitude * ABOUT_SHARE);
    }
    if (figure.isRatio === true && approximate === 'under')
      below = magnitude * (figure.isSlight === true ? 0.12 : 0.25);
    if (approximate !== 'over') below = Math.max(below, loose);
    if (approximate !== 'under') above = Math.max(above, loose);
    // "Almost 9 %" is not more, "over 9 %" is not less.
    if (approximate === 'under') above = Math.min(above, magnitude * ABOUT_SHARE + noise);
    if (approximate === 'over') below = Math.min(below, magnitude * ABOUT_SHARE + noise);
  }
  return [Math.max(0, magnitude - below), magnitude + above];
}

function halfOfLastDigit(magnitude: number, tolerance: number): number {
  let unit = tolerance * 2;
  while (unit * 10 <= magnitude && Math.abs(magnitude / (unit * 10) - Math.round(magnitude / (unit * 10))) < 1e-9)
    unit *= 10;
  return unit / 2;
}

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
