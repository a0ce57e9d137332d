// Decides for every figure of an answer whether a tool's result supports it: value within the written precision,
// unit, sign, symbol, field, side, strike and date, as far as the text says them.
import { addDays, daysBetween } from '../../domain/exchange-time.ts';
import type { IsoDate, Side, TickerSymbol } from '../../domain/types.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import type { Fact, FactBase, Field } from './facts.ts';
import type { Figure } from './figures.ts';
import { maskNonFigures } from './figures.ts';
import { findOddClaims } from './claims.ts';
import type { Around, Operand } from './derived.ts';
import { derive } from './derived.ts';
import { findDates, isDay } from './mentions.ts';
import type { Oddity } from './moments.ts';
import { findOddDates, findOddSpans, findOddTimes, guessDates } from './moments.ts';
import type { Scopes } from './scope.ts';
import { readScopes } from './scope.ts';
import {
  findOddDeltas,
  findOddExtremes,
  findOddFormulas,
  findOddFractions,
  findOddLists,
  findOddMonths,
  findOddZones,
} from './said-wrong.ts';
import type { Said } from './said.ts';
import { PRICE_FIELDS } from './said.ts';
import { findSpelled, toPlainDigits } from './spelled.ts';
import { createLexicon } from './words.ts';

/** What the tools have instead of an unsupported figure. */
export interface NearestFact {
  value: number;
  field: Field;
  symbol?: TickerSymbol;
  date?: IsoDate;
  strike?: number;
  side?: Side;
}

export interface UnsupportedFigure {
  /** As written, with sign and unit. */
  text: string;
  /** Signed, multiplier applied, percent as percent. */
  value: number;
  /** Place in the text checked. */
  start: number;
  end: number;
  /** Why, as a clause: `said of another symbol`. */
  reason: string;
  nearest?: NearestFact;
}

/** Contract section 5, `grounding`; `text` and `value` of `unsupported` are public. */
export interface GroundingReport {
  figures: number;
  supported: number;
  unsupported: UnsupportedFigure[];
}

/** Searching what is nearest reads all facts, so a hostile answer gets it only for its first figures. */
const MAX_NEAREST = 20;
/** An approximation may be this much off, and at most half a unit of its last digit that is not zero. */
const ABOUT_SHARE = 0.01;
const BOUND_SHARE = 0.06;
const ONE_DIGIT_SHARE = 0.184;
/** "More than doubled" leaves open how much more, "nearly twice" how much less. */
const RATIO_SHARE = 0.75;

/** Checks every figure of `text` against `facts`; numbers that the reader wrote in the question may be repeated. */
export function checkGrounding(
  written: string,
  facts: FactBase,
  { question = '' }: { question?: string } = {},
): GroundingReport {
  const text = toPlainDigits(written);
  const lexicon = createLexicon([text, question], facts.fields);
  const { said, sentences } = readScopes(text, maskNonFigures(text), facts, lexicon, question);
  const asked = /\d/.test(question) ? readScopes(question, maskNonFigures(question), facts, lexicon, '').said : [];
  const mids = new Map<number, number[]>();
  for (const { field, strike = 0, value } of facts.facts)
    if (field === 'mid') mids.set(strike, [...(mids.get(strike) ?? []), value]);
  const context: Checked = { base: facts, asked, question: question.toLowerCase(), text, mids };
  const { reasons, supports } = supportAll(said, context);
  const unsupported: UnsupportedFigure[] = [];
  for (const each of said) {
    const reason = reasons.get(each);
    if (reason === undefined) continue;
    const { figure } = each;
    const nearest = unsupported.length < MAX_NEAREST ? findNearest(each, facts) : undefined;
    unsupported.push({
      text: written.slice(figure.start, figure.end),
      value: signedValue(each),
      start: figure.start,
      end: figure.end,
      reason,
      ...(nearest ? { nearest } : {}),
    });
  }
  const odd = findOdd(text, sentences, said, context, supports).filter(
    (each) => !unsupported.some(({ start, end }) => start < each.end && each.start < end),
  );
  unsupported.push(...odd.map((each) => ({ ...each, text: written.slice(each.start, each.end) })));
  unsupported.sort((a, b) => a.start - b.start);
  return { figures: said.length + odd.length, supported: said.length + odd.length - unsupported.length, unsupported };
}

/** What a text says that is no figure of a field and is at odds with the data. */
function findOdd(
  text: string,
  sentences: Scopes['sentences'],
  all: readonly Said[],
  { base, question }: Checked,
  supports: ReadonlyMap<Said, number>,
): Oddity[] {
  return [
    ...findOddDates(text, findDates(text, base), base, question),
    ...findOddTimes(text, base, question),
    ...findOddSpans(text, base, question),
    ...findOddFormulas(text),
    ...findOddLists(text),
    ...findOddFractions(text, all),
    ...findOddDeltas(text, all, base, question),
    ...findOddExtremes(text, all, base),
    ...findOddZones(text, base),
    ...findOddMonths(text, base, question),
    ...sentences.flatMap(({ start, said, sentence }) =>
      findOddClaims(
        sentence,
        said.map((each) => supports.get(each)),
        base,
        question,
      ).map((each) => ({
        ...each,
        start: each.start + start,
        end: each.end + start,
      })),
    ),
  ];
}

interface Checked {
  base: FactBase;
  /** Figures of the question. */
  asked: readonly Said[];
  question: string;
  text: string;
  /** Middles of bid and ask by strike. */
  mids: ReadonlyMap<number, readonly number[]>;
}

/** Why each figure has no support, and the value of the data that supports it where it has. */
function supportAll(
  said: readonly Said[],
  context: Checked,
): { reasons: Map<Said, string>; supports: Map<Said, number> } {
  const reasons = new Map<Said, string>();
  const supports = new Map<Said, number>();
  for (const each of said) {
    const found = findSupport(each, context);
    if (typeof found === 'number') supports.set(each, found);
    else if (repeats(each, context.asked)) supports.set(each, signedValue(each));
    else reasons.set(each, found);
  }
  // Twice: what is derived may be derived from.
  for (let round = 0; round < 2; round += 1)
    for (const each of said) {
      const reason = reasons.get(each);
      if (reason === undefined || !mayBeDerived(each, reason, context.text, context.question)) continue;
      const derived = derive(
        each.figure,
        operandsFor(each, said, supports, context),
        boundsOf(
          each.figure.approximate === 'about' ? { ...each.figure, tolerance: each.figure.tolerance * 2 } : each.figure,
        ),
        {
          ...around(each.figure, context.text),
          anchor: anchorOf(each, said, context),
          hasLots:
            context.mids.size > 0 || /\b(?:100|hundred) (?:\w+ )?shares/i.test(`${context.text} ${context.question}`),
        },
      );
      if (derived === undefined) continue;
      reasons.delete(each);
      supports.set(each, Math.sign(signedValue(each)) * Math.abs(derived));
    }
  return { reasons, supports };
}

/** What the words name for sure as something else is no result of an arithmetic. */
function mayBeDerived(
  { fields, figure, isStrike, firm, cue, near }: Said,
  reason: string,
  text: string,
  question: string,
): boolean {
  const spoken = `${text} ${question}`;
  if (fields?.includes('breakEven') === true && !COMBINED.test(spoken)) return false;
  if (isStrike === true || !Number.isFinite(figure.magnitude) || SETTLED.has(reason)) return false;
  if (
    (/cents?$|¢/.test(figure.text) && cue !== 'spread') ||
    /^\s*\([^)]*[/+−-][^)]*\)|^\s(?:apart|wide)\b/.test(text.slice(figure.end, figure.end + 40))
  )
    return true;
  if (COMBINED.test(spoken) && fields?.some((field) => DERIVABLE.has(field)) === true) return true;
  if (
    /^[\s*]*(?:points? |dollars? |cents? )?(?:above|below|over|under|away|higher|lower|off|out|OTM|ITM|to the (?:down|up)side)\b/i.test(
      text.slice(figure.end, figure.end + 24),
    )
  )
    return true;
  const isOwnPrice = cue === 'price' && !(near?.has('breakEven') === true && COMBINED.test(spoken));
  if (isOwnPrice && reason === NO_FACT && figure.isRatio !== true && figure.unit !== 'percent') return false;
  if (figure.isRatio === true || fields === undefined || firm !== true) return true;
  return reason === NO_FACT || reason === 'in another unit'
    ? cue === 'range' || fields.some((field) => DERIVABLE.has(field))
    : false;
}

/** What is at odds in these ways is no arithmetic. */
const SETTLED: ReadonlySet<string> = new Set([
  'wrong sign',
  'said of another symbol',
  'of an earlier quote',
  'of a session that is not named',
  'of another period',
]);
/** Fields whose word may also name what follows from others. */
const DERIVABLE: ReadonlySet<Field> = new Set(
  'change changePercent calculation mid spread spreadPercent expectedMove expectedMovePercent breakEven gamma theta vega volume averageVolume openInterest range count'.split(
    ' ',
  ),
);
/** Positions whose break-evens no single contract has. */
const COMBINED =
  /\b(?:spread|condor|strangle|straddle|butterfly|collar|covered|cc|cost|basis|own(?:ed)?|short|sold|sell|credit|debit|IC|PCS|CCS|ask|BEs|break-evens)\b/i;
const KEY_FIELDS: readonly Field[] = ['last', 'spot', 'close', 'previousClose', 'open', 'high', 'low', 'expectedMove'];
/** A price that the text does not name is as far away as this. */
const KEY_DISTANCE = 90;
const MAX_DISTANCE = 400;
/** Fields named in a sentence come before all others. */
const MAX_NEAR = 8;
/** What is written is meant before what is not. */
const WRITTEN_SHARE = 0.3;

/** "Above it and …", "over five days". */
const NO_ANCHOR =
  /^ (?:it|that|this|them|these|which|and|or|both)\b|\b(?:days?|weeks?|months?|sessions?|years?|period|span|quarter)\b/;

/** The one figure that "N % below X" is measured from: what stands behind the word, written or named. */
function anchorOf(target: Said, said: readonly Said[], { base, text }: Checked): number | undefined {
  const { figure, symbols, next } = target;
  const behind = text.slice(figure.end, figure.end + 60);
  const match =
    /^[\s*]*(?:points? |dollars? |cents? )?(?:above|below|over|under|beneath|off|shy of)\b(?: of)?([^.;,\d]{0,40})/i.exec(
      behind,
    );
  if (match === null || OF_PRICE.test(match[1] ?? '') || NO_ANCHOR.test(match[1] ?? '')) return undefined;
  const after = figure.end + match[0].length;
  const written = said.find(
    (each) => each.figure.start >= figure.end && each.figure.start <= after && each.figure.unit !== 'percent',
  );
  if (written !== undefined) return written.figure.magnitude;
  const [symbol, other] = symbols ?? [...base.symbols];
  const [field] = next ?? [];
  return symbol === undefined || other !== undefined || field === undefined || /^(?:change|high|low)/.test(field)
    ? undefined
    : base.latest(symbol, field);
}

/** What the words beside a figure make of it. */
function around({ start, end }: Figure, text: string): Around {
  const behind = text.slice(end, end + 24);
  const before = text.slice(Math.max(0, start - 40), start);
  return {
    isShare:
      /^\s*:/.test(behind) ||
      /(?:^|\n)\|[^\n]*$/.test(text.slice(Math.max(0, start - 200), start)) ||
      /^[\s*]*(?:of|on|yield|per|a (?:day|year))\b/i.test(behind) ||
      /\b(?:that|which|it|this) (?:is|was)(?: about| roughly| just| only| some| nearly| almost)?\s[*~]*$|\bi\.e\.,? [^.;\n]{0,16}$/i.test(
        before,
      ) ||
      /\b(?:width|yield|share|ratio|percent|pct|of|position|theta|annualized|annualised|%)\b[^.;\n]{0,24}$|\/[a-z ]+$|=\s$|\($/i.test(
        before,
      ),
    ...directionOf(text.slice(end, end + 48)),
    isPart: /^ (?:of|as)\b/.test(behind),
    isOfPrice: /\b(?:OTM|ITM|of spot|out of the money)\b/i.test(behind),
    isPosition: /\b(?:range|way up|percentile|between)\b/i.test(before + behind),
  };
}

/** "13 above where it trades": the price is what lies below. */
const OF_PRICE =
  /^[\s*]*(?:where|spot\b|(?:the|its|today's|today’s|this|our)? ?(?:current|present|last|latest|share|stock|market)? ?(?:price|spot|quote|last)\b|the stock\b|the shares\b|here\b|it (?:trades|is)\b|(?:its )?current\b)/i;

function directionOf(behind: string): Pick<Around, 'direction'> {
  const match =
    /^[\s*]*(?:points? |dollars? |cents? |a share )?(?:(above|over|higher|more expensive|up on|north)|(below|under|lower|off|down from|beneath|shy))\b/i.exec(
      behind,
    );
  if (match === null) return {};
  const isOfPrice = OF_PRICE.test(behind.slice(match[0].length));
  return { direction: (match[1] === undefined) === isOfPrice ? 1 : -1 };
}

const WIDTH = /\b(?:width|wide|spread|risk|max loss|PCS|CCS|PDS|CDS|IC|condor|apart)\b/i;
const YEARLY = /\b(?:annuali[sz]ed|a year|per year|yearly|p\.a\.)/i;

function operandsFor(
  target: Said,
  said: readonly Said[],
  supports: ReadonlyMap<Said, number>,
  { base, asked, text, question, mids }: Checked,
): Operand[] {
  const { figure } = target;
  const operands: Operand[] = [];
  const add = (value: number, unit: Operand['unit'], distance: number, isAmount?: true): void => {
    operands.push({ value, unit, distance, ...(isAmount ? { isAmount } : {}) });
  };
  for (const each of said) {
    const value = supports.get(each);
    const distance = Math.max(figure.start - each.figure.end, each.figure.start - figure.end);
    if (value === undefined || each === target || distance > MAX_DISTANCE) continue;
    if (
      each.figure.whole &&
      (each.fields?.includes('count') === true ||
        /^\s(?:more )?(?:shares?|contracts?|calls?|puts?|lots?)\b/.test(text.slice(each.figure.end)))
    )
      add(each.figure.magnitude, 'bare', distance, true);
    if (Math.abs(each.figure.magnitude - Math.abs(value)) > 1e-9 * each.figure.magnitude)
      add(each.figure.magnitude, each.figure.unit, distance * WRITTEN_SHARE);
    operands.push({
      value: each.figure.unit === 'percent' ? value : Math.abs(value),
      unit: each.figure.unit,
      distance: distance * WRITTEN_SHARE,
      ...(each.isStrike === true ? { isStrike: true as const } : { signed: value }),
      isWritten: true,
    });
  }
  for (const { figure: each } of asked) {
    if (each.whole) add(each.magnitude, 'bare', 0, true);
    add(each.magnitude, each.unit, KEY_DISTANCE);
  }
  for (const { isSmall, start, end, value } of findSpelled(text))
    if (isSmall && (end <= figure.start || start >= figure.end)) add(value, 'bare', 0, true);
  for (const [, count] of `${text} ${question}`.matchAll(
    /(?<![\w.])[x×]\s?(\d{1,4})(?![\w.])|(?<![\w.])(?=\d{1,4}\s?lots?\b)/gi,
  ))
    if (count !== undefined) add(Number(count), 'bare', 0, true);
  const isCoarse = figure.unit === 'percent' || figure.isRatio === true;
  const beside = operands.filter(
    ({ isWritten, unit, distance }) => isWritten === true && unit !== 'percent' && distance < 100 * WRITTEN_SHARE,
  ).length;
  const strikes = new Set(said.filter((each) => each.isStrike === true).map((each) => each.figure.magnitude));
  const steps = [...strikes].sort((a, b) => a - b).slice(0, 4);
  if (WIDTH.test(text))
    steps.forEach((strike, at) => {
      if (at > 0) add(strike - (steps[at - 1] ?? 0), 'bare', 1);
    });
  if (YEARLY.test(text))
    for (const { field, value, symbol } of base.facts)
      if (field === 'dte' && target.symbols?.includes(symbol ?? '') !== false) add(value, 'bare', 1);
  for (const strike of [
    ...strikes,
    ...(target.strikes ?? []),
    ...asked.filter(({ isStrike }) => isStrike).map((each) => each.figure.magnitude),
  ].slice(0, 6))
    for (const mid of mids.get(strike) ?? []) add(mid, 'usd', KEY_DISTANCE - 20);
  for (const symbol of target.symbols ?? base.symbols) {
    const priceField = ['last', 'spot', 'close'].find((field) => base.latest(symbol, field) !== undefined);
    const moved =
      base.latest(symbol, 'changePercent') ??
      base.facts.findLast((fact) => fact.symbol === symbol && fact.field === 'changePercent')?.value;
    if (figure.isRatio === true)
      for (const fact of base.facts)
        if (fact.symbol === symbol && fact.field === 'changePercent' && fact.from !== undefined)
          add(100 + fact.value, 'percent', 0);
    if (moved !== undefined && figure.unit === 'percent' && target.isTotal === true)
      add(moved, 'percent', KEY_DISTANCE);
    if (figure.isRatio === true && /\b(?:doubl|tripl|quadrupl|halv)/i.test(figure.text)) continue;
    const keys = beside > 2 && isCoarse ? [] : KEY_FIELDS;
    for (const [index, field] of [...(target.next ?? []), ...(target.near ?? []), ...keys].entries()) {
      const value = base.latest(symbol, field);
      const unit = findField(field)?.unit;
      if (value === undefined) continue;
      if (unit === 'fraction') add(value * 100, 'percent', KEY_DISTANCE);
      else if (field === priceField) operands.push({ value, unit: 'usd', distance: KEY_DISTANCE, isPrice: true });
      else if (figure.isRatio !== true || target.near?.has(field) === true)
        add(
          value,
          unit === 'percent' ? 'percent' : unit === 'usd' ? 'usd' : 'bare',
          target.next?.includes(field) === true ? 1 : index < MAX_NEAR ? KEY_DISTANCE - 10 : KEY_DISTANCE,
        );
    }
  }
  const [low, high] = boundsOf(figure);
  return dropEqual(
    operands.filter(({ value, isAmount }) => isAmount === true || Math.abs(value) < low || Math.abs(value) > high),
  );
}

/** The nearest of equal ones: the last price is often the close and the spot too. */
function dropEqual(operands: readonly Operand[]): Operand[] {
  const kept = new Map<string, Operand>();
  for (const each of operands.toSorted((a, b) => a.distance - b.distance)) {
    const key = `${each.value} ${each.unit === 'percent' ? '%' : ''} ${each.isAmount === true ? 'n' : ''}`;
    const before = kept.get(key);
    kept.set(key, before === undefined ? each : { ...each, ...before });
  }
  return [...kept.values()];
}

type Test = readonly [reason: string, holds: (fact: Fact, said: Said, base: FactBase) => boolean];

/** In the order of how far off a figure is: the last test that its best fact reaches gives the reason. */
const TESTS: readonly Test[] = [
  ['in another unit', suitsUnit],
  [
    'said of another symbol',
    ({ symbol }, { symbols, isOther }) =>
      symbol === undefined || symbols === undefined || symbols.includes(symbol) || isOther === true,
  ],
  ['another figure of the symbol', suitsField],
  ['of an option, without its strike or side', suitsOption],
  ['wrong sign', suitsSign],
  ['of the other side', ({ side }, { sides }) => side === undefined || sides === undefined || sides.includes(side)],
  [
    'of another strike',
    ({ strike, field }, { strikes, isOther }) =>
      strikes === undefined ||
      field === 'strike' ||
      isOther === true ||
      strike === undefined ||
      strikes.some((each) => Math.abs(each - strike) < 0.005),
  ],
  ['of another date', suitsDate],
  ['of a session that is not named', suitsSession],
  ['of another period', suitsPeriod],
  [
    'of an earlier quote',
    ({ superseded }, { past, present }) => superseded !== true || (past === true && present !== true),
  ],
];
const NO_FACT = 'in no tool result';

/** The value of the fact that supports a figure, else the reason why none does. */
function findSupport(said: Said, { base, asked }: Checked): number | string {
  const { figure } = said;
  if (!Number.isFinite(figure.magnitude)) return NO_FACT;
  let furthest = -1;
  let best: Fact | undefined;
  for (const fact of candidates(figure, base)) {
    if (figure.isRatio === true && fact.unit !== 'ratio' && fact.unit !== 'any') continue;
    if (said.isTotal === true && fact.unit !== 'any') continue;
    if (fact.operands !== undefined && !fact.operands.every((operand) => isKnown(operand, base, asked))) continue;
    const failed = TESTS.findIndex(([, holds]) => !holds(fact, said, base));
    if (failed >= 0) furthest = Math.max(furthest, failed);
    else if (best === undefined || isBetter(fact, best, said)) best = fact;
  }
  if (best !== undefined) return best.value;
  if (isDaysUntil(said, base)) return figure.magnitude;
  return furthest < 0 ? NO_FACT : (TESTS[furthest]?.[0] ?? NO_FACT);
}

/** Of several facts of one size the one that is named is meant, else the price, else the nearest. */
function isBetter(fact: Fact, than: Fact, { figure, fields }: Said): boolean {
  const rank = ({ field, value }: Fact): number =>
    (fields?.includes(field) === true ? 0 : PRICE_FIELDS.includes(field) ? 1 : 2) +
    Math.min(0.9, Math.abs(Math.abs(value) - figure.magnitude) / (figure.magnitude + 1));
  return rank(fact) < rank(than);
}

/** "45 dte" beside a date, of which a table says nothing. */
function isDaysUntil({ figure, fields, dates }: Said, { today }: FactBase): boolean {
  return (
    today !== undefined &&
    fields?.includes('dte') === true &&
    dates?.some((date) => guessDates(date, today).some((day) => daysBetween(today, day) === figure.magnitude)) === true
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
function candidates(figure: Figure, base: FactBase): Fact[] {
  const [low, high] = boundsOf(figure);
  const found = [...base.within(low, high)];
  if (figure.unit !== 'usd') {
    const fractions = base.within(low / 100, high / 100);
    found.push(
      ...fractions
        .filter((fact) => fact.unit === 'fraction' || (fact.unit === 'any' && figure.unit === 'percent'))
        .map((fact) => ({ ...fact, unit: 'percent' as const, value: fact.value * 100 })),
    );
  }
  return found;
}

function boundsOf(figure: Figure): [number, number] {
  const { magnitude, tolerance, approximate } = figure;
  // Binary fractions: 0.125 written as 0.13 is half a unit off and a little more.
  const noise = magnitude * 1e-9 + 1e-9;
  // "2 %" is no rounding of 1.63 that a reader expects: one digit alone must still be near.
  const near =
    figure.unit === 'percent' && tolerance === 0.5 ? Math.min(tolerance, magnitude * ONE_DIGIT_SHARE) : tolerance;
  let below = near + noise;
  let above = near + noise;
  if (figure.until !== undefined) above = figure.until - magnitude + noise;
  if (approximate !== undefined) {
    const loose = Math.min(
      halfOfLastDigit(magnitude, tolerance),
      magnitude * (approximate === 'about' ? ABOUT_SHARE : BOUND_SHARE),
    );
    if (figure.isRatio === true && approximate === 'over') {
      above = magnitude * RATIO_SHARE;
      below = Math.min(below, magnitude * ABOUT_SHARE);
    }
    if (approximate !== 'over') below = Math.max(below, loose);
    if (approximate !== 'under') above = Math.max(above, loose);
  }
  return [Math.max(0, magnitude - below), magnitude + above];
}

function halfOfLastDigit(magnitude: number, tolerance: number): number {
  let unit = tolerance * 2;
  while (unit * 10 <= magnitude && Math.abs(magnitude / (unit * 10) - Math.round(magnitude / (unit * 10))) < 1e-9)
    unit *= 10;
  return unit / 2;
}

function suitsUnit(fact: Fact, { figure, near }: Said): boolean {
  const { unit } = fact;
  if (unit === 'any') return true;
  if (figure.unit === 'percent') return unit === 'percent' || (unit === 'points' && fact.field.startsWith('bb'));
  if (unit === 'percent') return figure.unit === 'bare' && !CHANGED.has(fact.field) && near?.has(fact.field) === true;
  if (figure.unit === 'usd') return unit === 'usd' || fact.field === 'theta' || fact.field === 'vega';
  return true;
}

const OPEN_TO_CALCULATION: ReadonlySet<Field> = new Set([
  'strike',
  'count',
  'dte',
  'rsi14',
  'macd',
  'macdSignal',
  'macdHistogram',
]);
const COUNTED: ReadonlySet<Field> = new Set(['count', 'dte', 'openInterest', 'volume', 'strike']);
const CHANGED: ReadonlySet<Field> = new Set(['change', 'changePercent']);

function suitsField(fact: Fact, said: Said, base: FactBase): boolean {
  const { fields, otherwise, firm, near } = said;
  if (fact.field === 'calculation')
    return fields === undefined || !fields.every((field) => OPEN_TO_CALCULATION.has(field));
  if (isOtherRatio(fact.field, said)) return false;
  if (fields === undefined) return suitsUnnamed(fact, said);
  if (fields.includes(fact.field) || said.loose?.includes(fact.field) === true) return suitsCount(fact, said);
  if (isMeantToo(fact, said)) return suitsCount(fact, said);
  if (firm !== true && (near?.has(fact.field) === true || suitsUnnamed(fact, said) || isTelling(fact, said)))
    return suitsCount(fact, said);
  if (near?.has(fact.field) === true && !mayBeAnyOf(fields, said)) return true;
  if (said.loose !== undefined && suitsUnnamed(fact, said)) return true;
  if (isStray(fact, said)) return true;
  if (otherwise?.includes(fact.field) !== true || fact.symbol === undefined) return false;
  const { symbol } = fact;
  return (
    !fields.some((field) => base.has(symbol, field)) &&
    (fact.field !== 'close' || fact.kind === 'history' || !fields.includes('previousClose'))
  );
}

/** Put to call by volume is not by open interest. */
function isOtherRatio(field: Field, { fields = [], cue = '', next }: Said): boolean {
  if (next?.some((each) => each === 'volume' || /^(?:openInterest|putCall)/.test(each)) === true) return false;
  if (field === 'putCallVolume') return cue === 'openInterest' && !fields.includes(field);
  return field === 'putCallOpenInterest' && (cue === 'volume' || cue === 'traded') && !fields.includes(field);
}

/** Long enough to be right by no chance. */
function isTelling(fact: Fact, { figure, strikes }: Said): boolean {
  if (COUNTED.has(fact.field) || COMPUTED.has(fact.field) || figure.approximate !== undefined) return false;
  if (fact.strike !== undefined && strikes === undefined) return false;
  return figure.text.replace(/^\D*0*|\D/g, '').length >= TELLING_DIGITS - (fact.strike === undefined ? 0 : 1);
}

/** In "OI 1.22" under "P/C" the figure is no number of contracts. */
function mayBeAnyOf(fields: readonly Field[], { figure }: Said): boolean {
  return figure.whole || figure.tolerance >= 0.5 || !fields.every((field) => COUNTED.has(field));
}

/** Computed of a quote: meant only where they are named. */
const COMPUTED: ReadonlySet<Field> = new Set(
  ENTRIES.filter(
    ({ needs, name }) => needs[0] === 'quote' && /gap|range|spread|FromOpen|relative|dollar/i.test(name),
  ).map(({ name }) => name),
);

const QUOTED: readonly Field[] = ['bid', 'ask', 'mid', 'last'];

/** A word with two meanings: the low of a year, the price of a contract, puts that are open. */
function isMeantToo(
  { kind, field, strike, from, counted }: Fact,
  { fields = [], near, figure, counted: said }: Said,
): boolean {
  const names = (each: Field): boolean => fields.includes(each);
  if (field === 'week52High' || field === 'week52Low')
    return (
      names(field === 'week52High' ? 'high' : 'low') &&
      (near?.has('week52High') === true || near?.has('week52Low') === true)
    );
  if (field === 'close' && (names('high') || names('low')))
    return near?.has('close') === true && figure.text.length > 4;
  if (strike !== undefined && names('last') && QUOTED.includes(field)) return true;
  if (strike !== undefined && names('open') && field === 'openInterest') return figure.whole || figure.tolerance > 0.5;
  if (field === 'highestClose' || field === 'lowestClose') return names('close');
  if (field === 'close' && (names('highestClose') || names('lowestClose'))) return true;
  if (field === 'first') return from !== undefined && names('close');
  if (field === 'previousClose') return kind === 'history' && names('close');
  if (field === 'count') return counted === 'rise' && said?.includes('rise') === true;
  if (field === 'openInterest') return names('callWall') || names('putWall');
  return (field === 'mid' || field === 'straddle') && names('expectedMove');
}

/** Fields that can be taken for each other. All others are prices. */
const NATURES: readonly (readonly Field[])[] = [
  ['rsi14', 'macd', 'macdSignal', 'macdHistogram'],
  ['volume', 'averageVolume', 'openInterest', 'count', 'dte'],
  ['change', 'changePercent', 'expectedMove', 'expectedMovePercent', 'calculation'],
  ['iv', 'delta', 'gamma', 'theta', 'vega', 'putCallOpenInterest', 'putCallVolume'],
];
const TELLING_DIGITS = 4;

/**
 * A figure of another nature than the word that seems to name it, and too long to be right by chance: then the word
 * was read wrongly, not the figure. "Traders price an 8.12 move" is no price.
 */
function isStray(fact: Fact, { figure, fields, isStrike, ownStrike }: Said): boolean {
  if (isStrike === true || fields === undefined || (fact.strike !== undefined && ownStrike !== true)) return false;
  if (figure.approximate !== undefined || figure.text.replace(/^\D*0*|\D/g, '').length < TELLING_DIGITS) return false;
  const nature = natureOf(fact.field);
  return fields.every((field) => natureOf(field) !== nature);
}

function natureOf(field: Field): number {
  return NATURES.findIndex((fields) => fields.includes(field));
}

/** A figure that no word names: what is spoken of, a price or an indicator, signed ones only changes. */
function suitsUnnamed(fact: Fact, { figure, ownStrike, strikes, near }: Said): boolean {
  if (near?.has(fact.field) === true && fact.field !== 'count')
    return fact.strike === undefined || strikes !== undefined || fact.field === 'strike' || figure.magnitude >= 1000;
  if (fact.strike !== undefined) {
    if (fact.field === 'strike')
      return near !== undefined && OPTIONS_SPOKEN.some((field) => near.has(field)) && figure.unit !== 'percent';
    return (ownStrike === true || strikes !== undefined) && (!figure.whole || figure.magnitude >= 20);
  }
  if (COUNTED.has(fact.field) && fact.field !== 'volume')
    return figure.whole && (fact.field === 'count' || fact.field === 'dte') && figure.unit === 'bare';
  if (fact.kind !== 'table' && COMPUTED.has(fact.field)) return false;
  if (figure.unit === 'percent') return true;
  if (figure.sign === '+' || figure.sign === '-') return CHANGED.has(fact.field) || fact.field.startsWith('macd');
  // "7" is too little to be the price 7.23 without a word that says so.
  return !(figure.whole && figure.magnitude < 20);
}

const OPTIONS_SPOKEN: readonly Field[] = [
  'strike',
  'openInterest',
  'callWall',
  'putWall',
  'maxPain',
  'expectedMove',
  'straddle',
  'delta',
  'bid',
  'mid',
];

function suitsCount(fact: Fact, { figure, counted }: Said): boolean {
  if (fact.counted !== undefined && counted !== undefined && !counted.includes(fact.counted)) return false;
  return (
    fact.unit !== 'count' ||
    figure.tolerance !== 0.5 ||
    Math.abs(fact.value - figure.magnitude) < 0.01 ||
    figure.approximate !== undefined
  );
}

const OPTION_FIELDS: ReadonlySet<Field> = new Set([
  'openInterest',
  'iv',
  'delta',
  'gamma',
  'theta',
  'vega',
  'strike',
  'callWall',
  'putWall',
]);

/** A contract's price or volume needs a strike or side in the text; with a strike in the text nothing else fits. */
function suitsOption(fact: Fact, { strikes, sides, fields, isStrike }: Said): boolean {
  if (isStrike === true || fact.field === 'calculation') return true;
  if (fact.strike === undefined)
    return (
      strikes === undefined ||
      !(fields?.some((field) => OPTION_FIELDS.has(field) || field === 'bid' || field === 'ask') ?? false)
    );
  return strikes !== undefined || sides !== undefined || (fields?.some((field) => OPTION_FIELDS.has(field)) ?? false);
}

const SIGNED: ReadonlySet<Field> = new Set([
  'change',
  'changePercent',
  'macd',
  'macdSignal',
  'macdHistogram',
  'delta',
  'gamma',
  'theta',
  'vega',
  'calculation',
]);

function suitsSign(fact: Fact, said: Said): boolean {
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
  return !negative || fact.field === 'calculation' || said.cue !== 'change' || figure.parenthesised;
}

function mayHavePlus(field: Field): boolean {
  return SIGNED.has(field) || findField(field)?.signed === true;
}

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

function suitsDate(fact: Fact, said: Said, base: FactBase): boolean {
  const { dates, span } = said;
  if (dates === undefined || dates.length === 0) return true;
  if (fact.expiration !== undefined) return suitsExpiration(fact.expiration, said, base);
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
function suitsPeriod(fact: Fact, { spoken }: Said): boolean {
  const { from, date, field } = fact;
  if (spoken === undefined || !CHANGED.has(field)) return true;
  if (from === undefined || date === undefined) return fact.kind !== 'quote' || spoken.days <= 1 || spoken.isThis;
  const days = daysBetween(from, date) + 1;
  if (spoken.quarter !== undefined)
    return days > 100 || days < 60 || Math.ceil(Number(from.slice(5, 7)) / 3) === spoken.quarter;
  if (spoken.days <= 1) return days <= 1;
  return spoken.isThis ? days <= spoken.days * 1.3 + 3 : days <= spoken.days * 1.5 + 4 && days >= spoken.days * 0.6 - 3;
}

/** A bar amid its history is meant only where a date or a superlative says so, a period's change only where one is spoken of. */
function suitsSession(fact: Fact, { dates, span, anySession, period }: Said, base: FactBase): boolean {
  if (fact.kind !== 'history' || fact.symbol === undefined || anySession === true) return true;
  const dated =
    dates !== undefined &&
    dates.length > 0 &&
    fact.date !== undefined &&
    (dates.some((each) => isDay(each, fact.date ?? '')) || (span === true && fact.from !== undefined));
  if (dated) return true;
  if (fact.edge === 'amid') return period !== true && !base.has(fact.symbol, 'last');
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

/** Numbers of the question may be repeated, unless the words name a field that the question did not. */
function repeats({ figure, fields }: Said, asked: readonly Said[]): boolean {
  return asked.some((each) => {
    if (
      Math.abs(each.figure.magnitude - figure.magnitude) > 1e-9 * figure.magnitude ||
      (each.figure.unit === 'percent' && figure.unit !== 'percent') ||
      (figure.unit === 'percent' && each.figure.unit === 'usd')
    )
      return false;
    return (
      fields === undefined ||
      figure.approximate === 'over' ||
      figure.approximate === 'under' ||
      (each.fields?.some((field) => fields.includes(field)) ?? false)
    );
  });
}

function signedValue({ figure, direction }: Said): number {
  const negative = figure.sign === '-' || (figure.sign === undefined && direction === -1);
  return negative ? -figure.magnitude : figure.magnitude;
}

/** What the tools say of the same thing, nearest in value. */
function findNearest(said: Said, base: FactBase): NearestFact | undefined {
  let best: Fact | undefined;
  const value = signedValue(said);
  for (const fact of base.facts) {
    const apt = TESTS.every(([reason, holds]) => reason === 'wrong sign' || holds(fact, said, base));
    if (apt && (best === undefined || Math.abs(fact.value - value) < Math.abs(best.value - value))) best = fact;
  }
  if (!best) return undefined;
  const { field, symbol, date, strike, side } = best;
  return {
    value: best.value,
    field,
    ...(symbol === undefined ? {} : { symbol }),
    ...(date === undefined ? {} : { date }),
    ...(strike === undefined ? {} : { strike }),
    ...(side === undefined ? {} : { side }),
  };
}
