// What a derived figure may be made of, and how: the figures beside it, the question's, strikes and their steps, the
// price; and whether its words leave open that it is an arithmetic at all.
import { findField } from '../../fields/registry.ts';
import type { Around, Operand } from './derived.ts';
import type { FactBase, Field } from './facts.ts';
import { boundsOf, digitsOf, type Figure } from './figures.ts';
import { findSymbols } from './mentions.ts';
import type { Said } from './said.ts';
import { findSpelled } from './spelled.ts';
import { type Checked, NO_FACT, ODDS_BEFORE, type Refusal } from './support.ts';

/** What the words name for sure as something else is no result of an arithmetic. */
export function mayBeDerived(
  { fields = [], figure, isStrike, firm, cue = '', symbols, strikes }: Said,
  { reason, isNamed }: Refusal,
  { base, text }: Checked,
): boolean {
  if (isStrike === true || !Number.isFinite(figure.magnitude)) return false;
  if (fields.length > 0 && fields.every((field) => /^[se]ma\d/.test(field)) && isItself(figure, text)) return false;
  if (base.facts[0]?.kind === 'strategy' && fields.includes('breakEven')) return false;
  if (
    fields.includes('expectedMove') &&
    figure.isRatio !== true &&
    [...(symbols ?? base.symbols)].some((symbol) =>
      base.facts.some((fact) => fact.symbol === symbol && fact.field === 'expectedMove'),
    ) &&
    /\b(?:pric(?:e[sd]?|ing) in|imply|implies|implied|expect\w*)\b[^.;\d]{0,40}$/i.test(text.slice(0, figure.start))
  )
    return false;
  if (reason === 'another figure of the symbol' && isWidth(figure, text)) return true;
  if (isSettled(figure, { reason, isNamed }, text)) return false;
  const isKnown = fields.some((field) => {
    const unit = findField(field, 'contract')?.unit;
    const size = unit === 'fraction' && figure.unit === 'percent' ? figure.magnitude / 100 : figure.magnitude;
    const [low, high] = unit === 'usd' ? [size / 5, size * 5] : [size / 12, size * 12];
    return [...(symbols ?? base.symbols)].some((symbol) => {
      if (!base.has(symbol, field)) return false;
      const value = strikes === undefined ? base.latest(symbol, field) : undefined;
      if (value !== undefined) return Math.abs(value) > low && Math.abs(value) < high;
      return base
        .within(low, high)
        .some(
          (fact) => fact.field === field && fact.symbol === symbol && strikes?.includes(fact.strike ?? 0) !== false,
        );
    });
  });
  const behind = text.slice(figure.end, figure.end + 30);
  if (firm !== true || !isKnown || figure.isRatio === true || DISTANCE_BEHIND.test(behind)) return true;
  // "A change of 0.94 on the day" is that of the day, "9.59 from the open" is not.
  if (/^(?:rise|fall|change)$/.test(cue))
    return (
      reason === NO_FACT ||
      reason === 'in another unit' ||
      (reason === 'another figure of the symbol' &&
        (figure.unit !== 'percent' || /\d (?:or |\()$/.test(text.slice(Math.max(0, figure.start - 5), figure.start))) &&
        !/^[\s*]*(?:on|for) the day\b|^[\s*]*today\b/.test(behind)) ||
      /\b(?:from|off|since|against|versus|vs|compared|above|below|over|than|of|away|to|between)\b/i.test(behind)
    );
  return fields.some((field) => DERIVABLE.has(field));
}

/** "The 200-day at 574.47" */
function isItself({ start, end, unit, isRatio }: Figure, text: string): boolean {
  const before = text.slice(Math.max(0, start - 60), start);
  return (
    unit !== 'percent' &&
    isRatio !== true &&
    /\b(?:at|of|is|stands at|sits at)[\s*]*\$?$/.test(before) &&
    !/\b(?:gap|distance|room|cushion|way|difference)\b/i.test(before) &&
    !DISTANCE_BEHIND.test(text.slice(end, end + 30))
  );
}

function isSettled(figure: Figure, { reason, isNamed }: Refusal, text: string): boolean {
  const before = text.slice(Math.max(0, figure.start - 50), figure.start);
  if (figure.isRatio === true && ODDS_BEFORE.test(before)) return true;
  const isTelling = figure.text.replace(/^\D*0*|\D/g, '').length > 2;
  if (reason === 'of another date' && isNamed && isTelling) return CLOSED_AT.test(before);
  if (reason === 'of another level') return !figure.whole;
  return SETTLED.has(reason) && (isNamed || (reason === 'wrong sign' && isTelling));
}

/** What stands behind a distance. */
const DISTANCE_BEHIND =
  /^(?: and change)?[\s*]*(?:points? |pts? |dollars? |bucks |cents? |a share )?(?:above|below|over|under|away|higher|lower|more|less|short|shy|apart|wide|off|out|OTM|ITM|to the (?:down|up)side)\b/i;

/** "Finished Friday, November 27, at". */
const CLOSED_AT = /\b(?:clos|finish|end|settl)\w*\b[^.;$]{0,30} at \$?$/;
/** What is at odds in these ways is no arithmetic. */
const SETTLED: ReadonlySet<string> = new Set([
  'wrong sign',
  'said of another symbol',
  'of an earlier quote',
  'of a session that is not named',
  'of another period',
  'from the close before',
]);
/** Fields whose word may also name what follows from others. */
const DERIVABLE: ReadonlySet<Field> = new Set(
  'change changePercent calculation mid spread spreadPercent expectedMove expectedMovePercent breakEven gamma theta vega macdHistogram volume averageVolume openInterest range'.split(
    ' ',
  ),
);
const KEY_FIELDS: readonly Field[] = ['last', 'spot', 'close', 'previousClose', 'open', 'high', 'low', 'expectedMove'];
/** A price that the text does not name is as far away as this. */
const KEY_DISTANCE = 90;
const MAX_DISTANCE = 400;
/** Fields named in a sentence come before all others. */
const MAX_NEAR = 8;

const JOINT = /^ (?:(?:as )?[a-z]+ (?:as|than) |that of |the [a-z -]{1,24} of |what |over |of )?(?:the )?$/;

/** "Twice Microsoft's": how many times the written figures of one symbol are those of the other. */
export function ratiosOfTwo({ figure }: Said, said: readonly Said[], { base, text }: Checked): number[] | undefined {
  if (figure.isRatio !== true || base.symbols.size < 2) return undefined;
  const lead = /[^.!?\n]*$/.exec(text.slice(Math.max(0, figure.start - 160), figure.start))?.[0] ?? '';
  const behind = text.slice(figure.end, figure.end + 56);
  const [left, right] = [findSymbols(lead, base).at(-1)?.value, findSymbols(behind, base)[0]];
  if (left === undefined || right === undefined || left === right.value) return undefined;
  if (!JOINT.test(behind.slice(0, right.start))) return undefined;
  const saidOf = (symbol: string): Said[] => said.filter(({ symbols }) => symbols?.[0] === symbol);
  const ratios = saidOf(left).flatMap((one) =>
    saidOf(right.value).flatMap((other) =>
      one.figure.unit === other.figure.unit ? [one.figure.magnitude / other.figure.magnitude] : [],
    ),
  );
  const prices = [left, right.value].map((symbol) => base.latest(symbol, 'last') ?? NaN);
  return ratios.length === 0 ? undefined : [...ratios, (prices[0] ?? NaN) / (prices[1] ?? NaN)];
}

/** Of one call or put, or a spread of them; of positions with shares or both sides nothing is known. */
export function evenBy(
  { fields, sides = [], near, strikes = [], spokenStrikes, figure }: Said,
  { text, question }: Checked,
): Pick<Around, 'evenBy' | 'isEven'> {
  const [side, other] = sides;
  const spoken = `${text} ${question}`;
  const isNearStrike = [...strikes, ...(spokenStrikes ?? [])].some(
    (strike) => Math.abs(strike - figure.magnitude) < strike * 0.2,
  );
  const before = text.slice(0, figure.start);
  const isMeant =
    near?.has('breakEven') === true &&
    (/^\D*$/.test(before) || /\b(?:b\/e|be|break[- ]?evens?|breaks even)\b[^.;\d]{0,24}$/i.test(before));
  const isEven = (fields?.includes('breakEven') === true || isMeant) && isNearStrike;
  const isOfShares = /\b(?:cc|covered|own(?:ed)?|basis)\b/i.test(spoken);
  if (!isEven || figure.unit === 'percent' || isOfShares) return { isEven: false };
  if (/\b(?:strangle|straddle|condor|IC|collar|butterfly)\b/i.test(spoken)) return { isEven };
  const isCall = /\b(?:CCS|calls?)\b|\d ?c\b/i.test(spoken);
  const isPut = /\b(?:PCS|puts?)\b|\d ?p\b/i.test(spoken);
  if (side !== undefined && other === undefined) return { isEven, evenBy: side === 'call' ? 1 : -1 };
  return isCall === isPut ? { isEven } : { isEven, evenBy: isCall ? 1 : -1 };
}

/** "Above it and …", "over five days". */
const NO_ANCHOR =
  /^ (?:it|that|this|them|these|which|and|or|both)\b|\b(?:days?|weeks?|months?|sessions?|years?|period|span|quarter)\b/;

/** The one figure that "N % below X" is measured from: what stands behind the word, written or named. */
export function anchorOf(target: Said, said: readonly Said[], { base, text }: Checked): number | undefined {
  const { figure, symbols, next } = target;
  const behind = text.slice(figure.end, figure.end + 60);
  const match =
    /^[\s*]*(?:points? |pts? |dollars? |bucks |cents? |a share )?(?:above|below|over|under|beneath|off|shy of)\b(?: of)?(?: (?:the |its )?(?:5|10|20|50|100|200)(?:[- ]?d(?:ay)?)?(?=\s(?:(?:at|of)\b|(?:SMA |average )?(?:of |at )?\(\$?[\d.,]+\))))?([^.;,\d\n]{0,40})/i.exec(
      behind,
    );
  if (match === null || OF_PRICE.test(match[1] ?? '') || NO_ANCHOR.test(match[1] ?? '')) return undefined;
  const after = figure.end + match[0].length;
  if (match[1] === '' && /^[.;,)]/.test(text.slice(after))) return undefined;
  const written = said.find(
    (each) => each.figure.start >= figure.end && each.figure.start <= after && each.figure.unit !== 'percent',
  );
  if (written !== undefined) return written.figure.magnitude;
  const [symbol, other] = symbols ?? [...base.symbols];
  const [field] = next ?? [];
  return symbol === undefined ||
    other !== undefined ||
    field === undefined ||
    /^(?:change|open|high|low|strike|[hi]v)/.test(field)
    ? undefined
    : base.latest(symbol, field);
}

const FOLDED =
  /\b(?:in all|altogether|in total|total(?:s|ed|led|ling)?|sums?|together|combined|averag(?:e|es|ed|ing)|avg|mean|a year|annual(?:ly)?|yearly|twelve months)\b/i;

/** What the words beside a figure make of it. */
export function around(
  each: Said,
  { text, question, mids }: Checked,
  before: Said | undefined,
): Omit<Around, 'isEven'> {
  const { start, end } = each.figure;
  const beside = text.slice(Math.max(0, start - 60), start) + text.slice(end, end + 24);
  return {
    ...directionOf(text.slice(end, end + 48)),
    ...growthOf(each, text, before),
    hasLots: mids.size > 0 || /\b(?:contracts?|lots?|(?:100|hundred) (?:\w+ )?shares)\b/i.test(`${text} ${question}`),
    isSum: FOLDED.test(beside),
    isMean: /\b(?:averag\w*|avg|mean)\b/i.test(beside),
    isPosition:
      /\b(?:range|swing|way up|of the way|of the (?:drop|rise|move|decline|fall|gain|advance|rally)|percentile|between)\b/i.test(
        beside,
      ),
  };
}

const GROWS =
  /^[\s*]*(?:points? |pts? |dollars? |bucks |cents? |a share )?(?:(above|over|higher|up|upside|more|off (?:the|its|that) (?:bottom|lows?|floor))|below|under|lower|down|off|less|cheaper|short of|shy|beneath|downside|discount)\b/i;

/** Its sign, its word, or those of the amount that it says in another way. */
function growthOf({ figure, direction }: Said, text: string, before: Said | undefined): Pick<Around, 'grows'> {
  if (figure.sign === '+' || figure.sign === '-') return { grows: figure.sign === '+' ? 1 : -1 };
  if (direction === 1 || direction === -1) return { grows: direction };
  const match = GROWS.exec(text.slice(figure.end, figure.end + 30));
  if (match) return { grows: match[1] === undefined ? -1 : 1 };
  const isAgain =
    before !== undefined &&
    before.figure.end < figure.start &&
    /^(?: a share)?(?:,? or |,? i\.e\.,? | \()(?:(?:about|roughly|nearly|almost|just|some|a little|over|under|more than|less than) |~)*$/i.test(
      text.slice(before.figure.end, figure.start),
    );
  if (!isAgain) return {};
  const lead = text.slice(Math.max(0, before.figure.start - 40), before.figure.start);
  if (
    /\b(?:sav(?:e|ing)s?|cheaper|(?:you|you['’]re|you are|still|now) out|fell|lost|dropped|shed|down)\b[^.;]{0,24}$/i.test(
      lead,
    )
  )
    return { grows: -1 };
  if (/\b(?:ahead|made|earned|gained|added|rose|up)\b[^.;]{0,24}$/i.test(lead)) return { grows: 1 };
  return growthOf(before, text, undefined);
}

/** "13 above where it trades": the price is what lies below. */
const OF_PRICE =
  /^[\s*]*(?:where|spot\b|the market\b|(?:the|its|today's|today’s|this|our)? ?(?:current|present|last|latest|share|stock|market)? ?(?:price|spot|quote|last)\b|the stock\b|the shares\b|(?:from )?here\b|us\b(?! dollars)|it (?:trades|is)\b|(?:its )?current\b)/i;

function directionOf(behind: string): Pick<Around, 'direction'> {
  const match =
    /^[\s*]*(?:\([^()]{1,12}\) )?(?:points? |pts? |dollars? |bucks |cents? |a share )?(?:(above|over|higher|more expensive|up on|north)|(below|under|lower|down from|beneath|shy))\b/i.exec(
      behind,
    );
  // "4.5 % above.": of what, is left open.
  if (match !== null && /^[\s*]*(?:[.,;)\n]|$|and\b|but\b)/.test(behind.slice(match[0].length))) return {};
  const toward = /^[\s*]*(?:(up)|down)\b(?! (?:from|on|to|in|over|for|this|since|by|at|today)\b)/.exec(behind);
  if (toward) return { direction: toward[1] === undefined ? 1 : -1 };
  if (match === null) return {};
  const isOfPrice = OF_PRICE.test(behind.slice(match[0].length));
  return { direction: (match[1] === undefined) === isOfPrice ? 1 : -1 };
}

/** "A 20 pt box", "a spread of 2 cents", "two dollars wide": of two figures right before it. */
function isWidth({ start, end }: Figure, text: string): boolean {
  return (
    /^[\s-]*(?:pts?|points?|cents?|dollars?|bucks)?[\s-]*(?:wide|box|apart|spread|range|market)\b(?! of)/i.test(
      text.slice(end, end + 20),
    ) ||
    /\b(?:spread|gap|width|box|difference)(?: between [^.;\d]{3,32})? (?:is|of|comes to|=)[\s~$]*(?:about |roughly |only |just )?\$?$/i.test(
      text.slice(Math.max(0, start - 60), start),
    )
  );
}

const POINTS = /^\s(?:percentage )?(?:points|pts)\b/;
const COUNTS: ReadonlySet<Field> = new Set(['count', 'openInterest', 'volume', 'averageVolume', 'dte']);
const YEARLY = /\b(?:annuali[sz]ed|a year|per year|yearly|p\.a\.)/i;

const COMPARES =
  /\b(?:than|vs|versus|against|between|gap|difference|apart|ratio|times|twice|double|points?|pts|combined|together|total|sum|average|richer|both|all|normal|usual|outperform\w*)\b|\b(?:over|under)(?=[.,;]|$)|[><]/i;

function isOfAnother({ symbols: [one, ...more] = [] }: Said, { symbols: [own, ...others] = [] }: Said): boolean {
  return one !== undefined && own !== undefined && more.length === 0 && others.length === 0 && one !== own;
}

export function operandsFor(
  target: Said,
  said: readonly Said[],
  supports: ReadonlyMap<Said, number>,
  { base, asked, text, mids }: Checked,
): Operand[] {
  const { figure } = target;
  const operands: Operand[] = [];
  const compares =
    figure.isRatio === true || COMPARES.test(text.slice(Math.max(0, figure.start - 70), figure.end + 50));
  const amount = (value: number): void => {
    operands.push({ value, nature: 'count', distance: 0, isAmount: true });
  };
  const askedStrikes = new Set(
    asked.flatMap(({ figure: { magnitude }, isStrike }) =>
      isStrike === true || base.hasStrike(magnitude) ? [magnitude] : [],
    ),
  );
  for (const each of said) {
    const value = supports.get(each);
    const isBefore = each.figure.end <= figure.start;
    const gap = isBefore ? figure.start - each.figure.end : each.figure.start - figure.end;
    if (value === undefined || each === target || gap > MAX_DISTANCE) continue;
    if (!compares && isOfAnother(each, target)) continue;
    if (each.figure.whole && each.isStrike !== true && AMOUNTS.test(text.slice(each.figure.end, each.figure.end + 24)))
      amount(each.figure.magnitude);
    const [low, high] = isBefore ? [each.figure.end, figure.start] : [figure.end, each.figure.start];
    const distance =
      gap + (/[.!?]\s|\n/.test(text.slice(low, high)) ? SENTENCE : 0) + (isOfAnother(each, target) ? SENTENCE : 0);
    const operand: Operand = {
      value: each.figure.unit === 'percent' ? value : Math.abs(value),
      nature: natureOf(each, value),
      distance,
      place: isBefore ? 'before' : 'behind',
      ...(each.isStrike === true || askedStrikes.has(each.figure.magnitude) ? { isStrike: true as const } : {}),
    };
    operands.push(operand);
    if (Math.abs(each.figure.magnitude - Math.abs(value)) > 1e-9 * each.figure.magnitude)
      operands.push({ ...operand, value: Math.sign(operand.value) * each.figure.magnitude });
  }
  addAmounts(target, { asked, text }, operands);
  addContracts(target, said, { base, asked, mids }, operands);
  if (YEARLY.test(text))
    for (const { field, value, symbol } of base.facts)
      if (field === 'dte' && target.symbols?.includes(symbol ?? '') !== false) amount(value);
  if (target.near?.has('rsi14') === true && figure.unit === 'bare')
    for (const [line] of text.matchAll(/(?<![\d.,$])[2-8]0(?![\d%]|[.,]\d| ?percent)|overbought|oversold/g))
      operands.push({
        value: line === 'overbought' ? 70 : line === 'oversold' ? 30 : Number(line),
        nature: 'price',
        distance: 1,
      });
  addKeys(target, base, operands);
  const [one, other] = operands.filter(({ isStrike }) => isStrike === true);
  if (one && other && /^ of (?:the )?width\b/.test(text.slice(figure.end)))
    operands.push({ value: Math.abs(one.value - other.value), nature: 'price', distance: 1, place: 'behind' });
  const [low, high] = boundsOf(figure);
  const ends = widthEnds(figure, text, operands);
  if (ends.length > 1) return ends;
  return dropEqual(
    operands.filter(
      ({ value, isAmount, nature }) =>
        isAmount === true ||
        figure.isRatio === true ||
        (nature === 'percent') !== (figure.unit === 'percent') ||
        Math.abs(value) < low ||
        Math.abs(value) > high,
    ),
  );
}

/** What a width is between: the last figures before it. "The gap between MACD and signal" names its ends itself. */
function widthEnds(figure: Figure, text: string, operands: readonly Operand[]): Operand[] {
  const { start, end, unit } = figure;
  const isNamed = /\bbetween [A-Za-z][^.;]*$/.test(text.slice(Math.max(0, start - 60), start));
  if (unit === 'percent' || isNamed || !isWidth(figure, text)) return [];
  return operands
    .filter(
      ({ place, nature, isStrike }) =>
        (place === 'before' || isStrike === true) && (nature !== 'percent' || POINTS.test(text.slice(end))),
    )
    .sort((a, b) => a.distance - b.distance)
    .filter(({ isStrike }, at) => at < (digitsOf(figure) > 2 ? 12 : 6) || isStrike === true);
}

/** What the question gives, and the numbers that count something. */
function addAmounts({ figure }: Said, { asked, text }: Pick<Checked, 'asked' | 'text'>, operands: Operand[]): void {
  const amount = (value: number): void => {
    operands.push({ value, nature: 'count', distance: 0, isAmount: true });
  };
  for (const { figure: each, isStrike = false } of asked) {
    if (each.whole && !isStrike) amount(each.magnitude);
    if (!each.whole || isStrike || each.unit !== 'bare' || each.magnitude >= 1000)
      operands.push({
        value: each.magnitude,
        nature: each.unit === 'percent' ? 'percent' : 'price',
        distance: KEY_DISTANCE,
        ...(isStrike ? { isStrike: true as const } : {}),
      });
  }
  for (const { isSmall, start, end, value } of findSpelled(text))
    if (isSmall && (end <= figure.start || start >= figure.end)) amount(value);
}

const AMOUNTS = /^\s(?:more )?(?:shares?|contracts?|calls?|puts?|lots?)\b/;
/** As far as the next sentence is. */
const SENTENCE = 80;

function natureOf({ figure, fields = [] }: Said, value: number): Operand['nature'] {
  if (figure.unit === 'percent') return 'percent';
  const isCount = fields.some((field) => COUNTS.has(field)) || Math.abs(value) >= 1e4 || figure.tolerance > 1;
  return isCount && figure.unit === 'bare' ? 'count' : 'price';
}

/** Middles of the contracts that are spoken of, and what is open at their strikes. */
function addContracts(
  target: Said,
  said: readonly Said[],
  { base, asked, mids }: Pick<Checked, 'base' | 'asked' | 'mids'>,
  operands: Operand[],
): void {
  const strikes = [...said, ...asked].flatMap((each) => (each.isStrike === true ? [each.figure.magnitude] : []));
  const spoken = new Set([...strikes, ...(target.strikes ?? [])].slice(0, 12));
  for (const strike of spoken)
    for (const mid of mids.get(strike) ?? [])
      operands.push({ value: mid, nature: 'price', distance: KEY_DISTANCE - 20 });
  for (const { field, strike, value } of base.facts)
    if ((field === 'bid' || field === 'ask') && spoken.has(strike ?? NaN) && target.near?.has(field) === true)
      operands.push({ value, nature: 'price', distance: KEY_DISTANCE - 20 });
  if (target.fields?.includes('openInterest') !== true) return;
  for (const { field, strike, value } of base.facts)
    if (field === 'openInterest' && strike !== undefined && target.spokenStrikes?.has(strike) === true)
      operands.push({ value, nature: 'count', distance: KEY_DISTANCE / 2 });
}

/** What the data have of the symbols spoken of: the price, its day, the fields that the words name. */
function addKeys(target: Said, base: FactBase, operands: Operand[]): void {
  const { figure } = target;
  for (const symbol of target.symbols ?? base.symbols) {
    const priceField = ['last', 'spot', 'close'].find((field) => base.latest(symbol, field) !== undefined);
    for (const fact of base.facts) {
      if (fact.symbol !== symbol) continue;
      const isPeriod = fact.field === 'changePercent' && fact.from !== undefined;
      if (isPeriod && (figure.isRatio === true || figure.unit === 'usd'))
        operands.push({ value: fact.value, nature: 'percent', distance: KEY_DISTANCE });
      if (fact.field === 'dividend' && target.near?.has('dividend') === true)
        operands.push({ value: fact.value, nature: 'price', distance: KEY_DISTANCE });
    }
    const named = [...(target.next ?? []), ...(target.near ?? [])].slice(0, MAX_NEAR);
    for (const field of new Set([...named, ...KEY_FIELDS])) {
      const value = base.latest(symbol, field);
      const unit = findField(field)?.unit;
      if (value === undefined || (figure.isRatio === true && field !== priceField && !named.includes(field))) continue;
      operands.push({
        value: unit === 'fraction' ? value * 100 : value,
        nature: unit === 'fraction' || unit === 'percent' ? 'percent' : COUNTS.has(field) ? 'count' : 'price',
        distance: target.next?.includes(field) === true ? 1 : named.includes(field) ? KEY_DISTANCE - 10 : KEY_DISTANCE,
        ...(field === priceField ? { isPrice: true as const } : {}),
      });
    }
  }
}

/** The nearest of equal ones: the last price is often the close and the spot too. */
function dropEqual(operands: readonly Operand[]): Operand[] {
  const kept = new Map<string, Operand>();
  for (const each of operands.toSorted((a, b) => a.distance - b.distance)) {
    const key = `${each.value} ${each.nature} ${each.isAmount === true ? 'n' : ''}`;
    const before = kept.get(key);
    kept.set(key, before === undefined ? each : { ...each, ...before });
  }
  return [...kept.values()];
}
