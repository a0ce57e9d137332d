// Decides for every figure of an answer whether a tool's result supports it: value within the written precision,
// unit, sign, symbol, field, side, strike and date, as far as the text says them.
import type { IsoDate, Side, TickerSymbol } from '../../domain/types.ts';
import { findOddClaims } from './claims.ts';
import { derive } from './derived.ts';
import type { Fact, FactBase, Field } from './facts.ts';
import { boundsOf, isOfSize, type Figure, maskNonFigures } from './figures.ts';
import { findOddGroups } from './groups.ts';
import { findDates } from './mentions.ts';
import { findMistaken } from './mistaken.ts';
import { findOddities } from './oddities.ts';
import { anchorOf, around, evenBy, mayBeDerived, operandsFor, ratiosOfTwo } from './operands.ts';
import type { Said, Told } from './said.ts';
import { readScopes } from './scope.ts';
import { findOddRelations } from './relations.ts';
import { toPlainDigits } from './spelled.ts';
import { type Checked, findSupport, type Refusal, repeats, signedValue, TESTS } from './support.ts';
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
/** Checks every figure of `text` against `facts`; numbers that the reader wrote in the question may be repeated. */
export function checkGrounding(
  written: string,
  facts: FactBase,
  { question: asking = '' }: { question?: string } = {},
): GroundingReport {
  const question = toPlainDigits(asking);
  const text = toPlainDigits(written);
  const by = { base: facts, lexicon: createLexicon(facts.fields) };
  const { said, sentences } = readScopes({ ...by, text, masked: maskNonFigures(text, question) }, question);
  const asked = /\d/.test(question)
    ? readScopes({ ...by, text: question, masked: maskNonFigures(question) }, '').said
    : [];
  const spokenStrikes = new Set(
    [...said, ...asked].flatMap(({ figure, strikes = [] }) => [
      ...strikes,
      ...(facts.hasStrike(figure.magnitude) && figure.unit !== 'percent' ? [figure.magnitude] : []),
    ]),
  );
  for (const each of said) each.spokenStrikes = spokenStrikes;
  const mids = new Map<number, number[]>();
  for (const { field, strike = 0, value } of facts.facts)
    if (field === 'mid') mids.set(strike, [...(mids.get(strike) ?? []), value]);
  const context: Checked = { base: facts, asked, question: question.toLowerCase(), text, mids };
  const { reasons, supports, sources } = supportAll(said, context);
  const unsupported: UnsupportedFigure[] = [];
  for (const each of said) {
    const reason = reasons.get(each)?.reason;
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
  const told: Told = {
    text,
    question: context.question,
    base: facts,
    said,
    supports,
    sources,
    sentences,
    dates: findDates(text, facts),
  };
  const odd = [
    ...findOddities(told),
    ...findOddGroups(told),
    ...findOddClaims(told),
    ...findMistaken(told),
    ...findOddRelations(told),
  ].filter((each) => !unsupported.some(({ start, end }) => start < each.end && each.start < end));
  unsupported.push(...odd.map((each) => ({ ...each, text: written.slice(each.start, each.end) })));
  unsupported.sort((a, b) => a.start - b.start);
  return { figures: said.length + odd.length, supported: said.length + odd.length - unsupported.length, unsupported };
}

/** Figures of an answer up to which sums, differences and ratios of them are looked for. */
const MOST_DERIVED = 300;

function supportAll(
  said: readonly Said[],
  context: Checked,
): { reasons: Map<Said, Refusal>; supports: Map<Said, number>; sources: Map<Said, Fact> } {
  const sources = new Map<Said, Fact>();
  const reasons = new Map<Said, Refusal>();
  const supports = new Map<Said, number>();
  for (const each of said) {
    const found = findSupport(each, context);
    if ('value' in found) {
      supports.set(each, found.value);
      if (found.fact) sources.set(each, found.fact);
    } else if (repeats(each, context.asked) || isCountOf(each, said, context)) supports.set(each, signedValue(each));
    else reasons.set(each, found);
  }
  // Each looks at the others: an answer that no reader would read is not worth minutes.
  if (said.length > MOST_DERIVED) return { reasons, supports, sources };
  // What was said and supported once may be named again: "between 390.94 and 376.28".
  for (const [each, { reason }] of reasons) {
    const again = said.find(
      (other) =>
        supports.has(other) &&
        other.figure.magnitude === each.figure.magnitude &&
        other.figure.unit === each.figure.unit,
    );
    if (
      !['another figure of the symbol', 'of another date'].includes(reason) ||
      (reason !== 'of another date' && each.firm === true && each.cue !== 'range') ||
      again === undefined
    )
      continue;
    if (again.figure.text.length < 5 || again.symbols?.[0] !== each.symbols?.[0]) continue;
    reasons.delete(each);
    supports.set(each, supports.get(again) ?? 0);
  }
  // Twice: what is derived may be derived from.
  for (let round = 0; round < 2; round += 1)
    for (const [index, each] of said.entries()) {
      const reason = reasons.get(each);
      if (reason === undefined || !mayBeDerived(each, reason, context)) continue;
      if (ratiosOfTwo(each, said, context)?.some((ratio) => isOfSize(each.figure, ratio)) === false) continue;
      const derived = derive(each.figure, operandsFor(each, said, supports, context), widened(each.figure), {
        ...around(each, context, said[index - 1]),
        ...evenBy(each, context),
        anchor: anchorOf(each, said, context),
      });
      if (derived === undefined) continue;
      reasons.delete(each);
      supports.set(each, Math.sign(signedValue(each)) * Math.abs(derived));
    }
  return { reasons, supports, sources };
}

/** "The last 252 sessions" of the question, "4 of 5" of five symbols or changes. */
function isCountOf(each: Said, said: readonly Said[], { question, text, base }: Checked): boolean {
  const { magnitude, whole, unit, start, end } = each.figure;
  if (!whole || unit !== 'bare') return false;
  const [, written] = /^ of (\d{1,2})(?![\d.,]?\d|%)/.exec(text.slice(end, end + 8)) ?? [];
  const size = /\d of $/.test(text.slice(Math.max(0, start - 5), start)) ? magnitude : Number(written);
  const listed = (): number =>
    said.filter(({ figure }) => figure.unit === 'percent' && figure.sign !== undefined).length;
  if (
    magnitude <= size &&
    (base.symbols.size === size || base.within(size, size).some(({ field }) => field === 'count') || listed() === size)
  )
    return true;
  return (
    question.includes(`${magnitude} `) && new RegExp(`\\b${magnitude} (?:days|sessions|bars|weeks)`).test(question)
  );
}

/** What is about so much may be made of what was rounded before. */
function widened(figure: Figure): [number, number] {
  const [low, high] = boundsOf(figure);
  const { magnitude, tolerance, approximate } = figure;
  if (approximate !== 'about' || magnitude <= tolerance * 200) return [low, high];
  return [magnitude - (magnitude - low) * 1.5, magnitude + (high - magnitude) * 1.5];
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
