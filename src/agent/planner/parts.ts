// Where a question falls into parts: what joiners separate is one where it shares what it asks, and a part takes what it
// does not name from the one beside it.
import { isOfOptions as isOptionFigure } from './draft.ts';
import { monthNumber } from '../../domain/date-words.ts';
import { type Refusal, type Slots, hasContent, isOneDay, names } from './query.ts';
import type { Reading, Token } from '../words/tokens.ts';
import { readDayOf, readStudy } from './study.ts';
import { readPart } from './take.ts';

/** What a token adds beside symbols; words of grammar alone make no part. */
const CONTENT = new Set([
  'field',
  'form',
  'side',
  'strike',
  'strikes',
  'span',
  'deltaOf',
  'relation',
  'state',
  'move',
  'rank',
  'aggregate',
  'date',
  'interval',
  'money',
  'count',
  'streak',
  'distance',
  'nearest',
  'farthest',
  'contract',
  'allStrikes',
  'delta',
  'number',
  'crossed',
  'open',
  'define',
  'strategy',
  'legs',
  'width',
  'ofStrategy',
  'scan',
  'bestDay',
  'days',
  'occasion',
  'share',
  'per',
  'lag',
  'given',
]);
const NAMES_SOMETHING = new Set([
  'strategy',
  'field',
  'form',
  'side',
  'strike',
  'state',
  'move',
  'contract',
  'deltaOf',
  'delta',
]);

const CORRECTED = ['symbol', 'date', 'field', 'strike', 'side', 'aggregate'];

/** `macd of soxl... i mean nvda`: what is said again after a correction replaces what stands before it. */
function corrected(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex(({ is }, index) => is === 'correct' && index > 0);
  if (at < 0) return tokens;
  const after = new Set(tokens.slice(at + 1).map(({ is }) => is));
  const isKept = ({ is }: Token): boolean => !CORRECTED.includes(is) || !after.has(is);
  const before = tokens.slice(0, at);
  return before.every(isKept) || !CORRECTED.some((is) => after.has(is as Token['is']))
    ? tokens
    : [...before.filter(isKept), ...tokens.slice(at + 1)];
}

/** `monday, tuesday and wednesday last week`: all of that week. */
function ofOneWeek(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(({ is, text }, at) => at > 0 && is === 'date' && / last week$/i.test(text));
  const rest = tokens.slice(0, Math.max(0, end)).findLastIndex(({ is }) => !['date', 'joiner', 'mark'].includes(is));
  return tokens.map((token, at) =>
    at > rest && at < end && token.is === 'date' && /^[a-z]+day$/.test(token.range ?? '') && token.range !== 'today'
      ? { ...token, range: `last week's ${token.range ?? ''}` }
      : token,
  );
}

/** What a part says, before the conversation completes it. */
export function readParts(reading: Reading): (Slots | Refusal)[] {
  const beside = besideStudy(reading);
  if (beside !== undefined) return beside;
  const study = readDayOf(reading, readPart) ?? readStudy(reading, readPart);
  if (study !== undefined) return [study];
  const groups = groupTokens(ofOneWeek(corrected(reading.tokens)));
  const parts = groups.flatMap((tokens, index) =>
    readPart(tokens, index === 0 ? reading.isYesNo : asksYesNo(tokens)).map((part) => {
      // What joins two parts of a question leans on nothing before it.
      if (index > 0 && !('refused' in part) && part.follow === 'same') delete part.follow;
      return part;
    }),
  );
  shareAsked(parts);
  const whole = inheritWithin(shareExpiration(joinBeside(parts), groups.at(-1)?.at(-1)));
  // "volume this month compared with that of October": two tables.
  if (whole.length > 1)
    for (const part of whole)
      if (!('refused' in part) && part.symbols.length < 2 && part.base === undefined) delete part.isComparison;
  return mergeAlike(whole);
}

/** Parts that only say more of the one before them are one with it. */
function joinBeside(parts: readonly (Slots | Refusal)[]): (Slots | Refusal)[] {
  return parts.reduce<(Slots | Refusal)[]>((done, part) => {
    const before = done.at(-1);
    if (before === undefined || 'refused' in before || 'refused' in part) return [...done, part];
    if (isHeldBefore(before, part)) {
      const { symbols, quantity } = before;
      return [...done.slice(0, -1), { ...part, symbols, ...(quantity && { quantity }) }];
    }
    if (!isBesideDates(before, part)) return [...done, part];
    return [...done.slice(0, -1), { ...before, fields: [...new Set([...before.fields, ...part.fields])] }];
  }, []);
}

/** `I own 400 shares of PG, what have they paid`: of these. */
function isHeldBefore(before: Slots, { forms }: Slots): boolean {
  const isHolding = before.quantity !== undefined && !hasContent(before) && before.amount === undefined;
  return isHolding && before.symbols.length === 1 && forms.join() === 'events';
}

/** `who goes ex in december, how much a share`: of those dividends. */
function isBesideDates(before: Slots, { symbols, fields, ...rest }: Slots): boolean {
  const isBeside =
    fields.length > 0 && fields.every((name) => /^(?:dividendAmount|earningsTime|nextEarnings)$/.test(name));
  const isMore = names({ ...rest, symbols: [], fields: [] }, 'conditions', 'range', 'expiration', 'rank', 'forms');
  return (
    isBeside && symbols.length === 0 && !isMore && before.fields.some((name) => /exDividend|nextEarnings/.test(name))
  );
}

/** Forms of the market as a whole, to which a symbol says nothing. */
const OF_CALENDAR = new Set(['market', 'holidays']);

/** `…, and is vix down`: a yes or no of its own. */
function asksYesNo(tokens: readonly Token[]): boolean {
  const first = tokens.find(({ is }) => is !== 'joiner' && is !== 'mark');
  return first?.is === 'filler' && /^(?:is|are|was|were|has|have|did|does)$/i.test(first.text);
}

interface Group {
  tokens: Token[];
  symbols: boolean;
  content: boolean;
}

/** Parts as far as joiners separate things that have symbols and something asked of their own. */
function groupTokens(tokens: readonly Token[]): Token[][] {
  const groups: Group[] = [];
  for (const segment of splitSegments(tokens)) {
    const last = groups.at(-1);
    const isNow = last !== undefined && isBesideNow(last.tokens, segment.tokens);
    if (isNow) segment.tokens.shift();
    if (last !== undefined && !isNow && !isOwnPart(segment, last)) {
      last.tokens.push(...segment.tokens);
      last.symbols ||= segment.symbols;
      last.content ||= segment.content;
    } else groups.push({ ...segment, tokens: [...segment.tokens] });
  }
  return groups.map((group) => group.tokens);
}

/** `its volume now vs three months ago`: at two times. */
function isBesideNow(tokens: readonly Token[], next: readonly Token[]): boolean {
  const isNow = ({ is, text }: Token): boolean =>
    is === 'filler' && /^(?:right |as of )?now$|^current(?:ly)?$/i.test(text);
  const isFigure = tokens.some(({ is }) => is === 'field') && dates(tokens) === 0;
  const isDay = next.some((token) => token.is === 'date' && isOneDay(token.range));
  return isFigure && tokens.some(isNow) && next[0]?.is === 'compare' && dates(next) === 1 && isDay;
}

/** Whether a segment is a part of its own beside the one before it; the first rule that knows decides. */
function isOwnPart(next: Group, last: Group): boolean {
  return (
    APART.some((isApart) => isApart(next, last)) ||
    (!TOGETHER.some((isOne) => isOne(next, last)) && asksApart(next, last))
  );
}

const has = (tokens: readonly Token[], is: Token['is']): boolean => tokens.some((token) => token.is === is);
const isOfMarket = ({ tokens }: Group): boolean =>
  tokens.some((token) => token.is === 'form' && OF_CALENDAR.has(token.form));
const namesOptions = ({ tokens }: Group): boolean =>
  tokens.some((token) => token.is === 'field' && token.names.some(isOptionFigure));
const isOfDate = ({ tokens }: Group): boolean => tokens.every(({ is }) => is === 'date' || !CONTENT.has(is));
const beginsWithSymbol = ({ tokens }: Group): boolean =>
  tokens.find(({ is }) => is !== 'joiner' && is !== 'mark')?.is === 'symbol';

type Beside = (next: Group, last: Group) => boolean;

const APART: readonly Beside[] = [
  // "is the market open, and how is spy"
  (next, last) => isOfMarket(last) && !isOfMarket(next) && next.symbols && !last.symbols,
  (next, last) =>
    next.content && last.content && isOfMarket(next) !== isOfMarket(last) && (next.symbols || last.symbols),
  // "what's sofi at and how much are the 22 puts": the share, then its options.
  (next, last) =>
    last.tokens.some(({ is, text }) => is === 'field' && text === 'at') &&
    (has(next.tokens, 'strike') || has(next.tokens, 'side')),
  // "is nvda over 200 and amd over 150"
  (next, last) => next.symbols && last.symbols && has(next.tokens, 'relation') && has(last.tokens, 'relation'),
];

const TOGETHER: readonly Beside[] = [
  goesOnWithList,
  // "names for today: NVDA, TSLA, META. IV of each"
  (next, last) => last.tokens.at(-1)?.is === 'symbol' && beginsWithSymbol(next) && last.tokens.every(isOpen),
  isListOfDates,
];

/** `which of HD, V and MSFT are down` */
function goesOnWithList(next: Group, { tokens }: Group): boolean {
  const first = tokens.findIndex(({ is }) => is === 'symbol');
  return has(tokens, 'which') && !tokens.slice(first).some(({ is }) => CONTENT.has(is)) && beginsWithSymbol(next);
}

const isOpen = (token: Token): boolean =>
  !NAMES_SOMETHING.has(token.is) || (token.is === 'form' && token.form === 'positions');

/** `iv for dec 18 vs jan 15`, `dec 18 vs jan 15 iv`: of options the dates are a list. */
function isListOfDates(next: Group, last: Group): boolean {
  if (next.tokens[0]?.is !== 'compare' || dates(next.tokens) === 0 || dates(last.tokens) === 0) return false;
  return (namesOptions(last) && isOfDate(next)) || (isOfDate(last) && namesOptions(next));
}

/** Symbols with something asked of their own, or another date. */
function asksApart(next: Group, last: Group): boolean {
  const hasTwoDates = dates(next.tokens) > 0 && dates(last.tokens) > 0;
  if (!next.symbols || !next.content || !last.symbols || !last.content) return next.content && hasTwoDates;
  if (!namesFigures(next.tokens)) return hasTwoDates;
  return namesFigures(last.tokens) || (dates(last.tokens) > 0 && !has(next.tokens, 'compare'));
}

/** `good morning, how are Apple and Coke trading`: asks nothing. */
const isCourtesy = (token: Token): boolean => token.is === 'form' && token.form === 'social';

const namesFigures = (tokens: readonly Token[]): boolean =>
  tokens.some((token) => NAMES_SOMETHING.has(token.is) && !isCourtesy(token));
/** `its average monthly change` has no date in it. */
const dates = (tokens: readonly Token[]): number =>
  tokens.filter(
    (token) =>
      token.is === 'date' &&
      !(token.interval !== undefined && token.range === undefined && tokens.some(({ is }) => is === 'move')),
  ).length;

/** The tokens between joiners, commas and comparisons; the word that joins belongs to what follows it. */
function splitSegments(tokens: readonly Token[]): Group[] {
  const segments: Token[][] = [[]];
  let hasSymbolThenContent = false;
  for (const [index, token] of tokens.entries()) {
    const current = segments.at(-1) ?? [];
    const isJoiner =
      token.is === 'joiner' ||
      (token.is === 'filler' && /^and\s/i.test(token.text)) ||
      token.is === 'compare' ||
      (token.is === 'mark' && /^[,;|]$/.test(token.mark));
    // `nvda price amd rsi`: another symbol with something of its own begins a part, without any word between.
    const isScattered =
      token.is === 'symbol' && hasSymbolThenContent && ownContentFollows(tokens, index) && !isBound(current);
    if ((isJoiner || isScattered) && current.length > 0) {
      segments.push([]);
      hasSymbolThenContent = false;
    }
    segments.at(-1)?.push(token);
    if (NAMES_SOMETHING.has(token.is) && !isCourtesy(token) && current.some(({ is }) => is === 'symbol'))
      hasSymbolThenContent = true;
  }
  return segments.map((each) => ({
    tokens: each,
    symbols: each.some(({ is }) => is === 'symbol' || is === 'contract'),
    content: each.some((token) => CONTENT.has(token.is) && !isCourtesy(token)),
  }));
}

function ownContentFollows(tokens: readonly Token[], at: number): boolean {
  const next = tokens.slice(at + 1).find(({ is }) => is !== 'filler' && is !== 'symbol');
  return next !== undefined && NAMES_SOMETHING.has(next.is);
}

/** A relation or ranking before a symbol compares with it. */
function isBound(tokens: readonly Token[]): boolean {
  return tokens.some(({ is }) => ['relation', 'rank', 'which', 'minus', 'ratio'].includes(is));
}

/** `the pfe 20 put and the intc 65 put, dec 18`: a date at the end is that of every contract before it. */
function shareExpiration(parts: (Slots | Refusal)[], end: Token | undefined): (Slots | Refusal)[] {
  const last = parts.at(-1);
  const isOfContract = (part: Slots | Refusal): part is Slots => !('refused' in part) && part.strike.length > 0;
  if (end?.is !== 'date' || last === undefined || !isOfContract(last) || last.expiration === undefined) return parts;
  const { expiration } = last;
  if (parts.every((part) => isOfContract(part) && (part === last || part.expiration === undefined)))
    for (const part of parts) (part as Slots).expiration = expiration;
  return parts;
}

/** `avg earnings move vs what options price now`: sessions of the past, and beside them a figure of options. */
function besideStudy({ tokens, isYesNo }: Reading): (Slots | Refusal)[] | undefined {
  const at = tokens.findIndex(({ is }) => is === 'compare');
  const study = at < 0 ? undefined : readStudy({ tokens: tokens.slice(0, at), isYesNo }, readPart);
  const [other, ...more] = study === undefined ? [] : readPart(tokens.slice(at + 1), false);
  if (study === undefined || other === undefined || 'refused' in other || more.length > 0) return undefined;
  const isOther = other.fields.length > 0 && other.fields.every(isOptionFigure) && !names(other, 'conditions', 'range');
  return isOther ? inheritWithin([study, other]) : undefined;
}

/** `this month vs last month`, `q3 vs q2 return`: the change of both, or what the second one asks. */
function shareAsked(parts: readonly (Slots | Refusal)[]): void {
  const [first, second, ...more] = parts;
  if (first === undefined || second === undefined || more.length > 0 || 'refused' in first || 'refused' in second)
    return;
  const isPeriod = ({ range }: Slots): boolean => range !== undefined && !isOneDay(range);
  const isCompared = second.isComparison === true && isPeriod(first) && isPeriod(second) && second.symbols.length === 0;
  if (!isCompared || hasContent(first)) return;
  if (!hasContent(second) && first.symbols.length === 1) second.move = 'any';
  const { symbols: _symbols, range: _range, isComparison: _compares, follow: _follow, ...asked } = second;
  if (hasContent(second)) Object.assign(first, asked);
}

/** A part without symbols, or of a date alone, is about what the part before it is about. */
function inheritWithin(parts: (Slots | Refusal)[]): (Slots | Refusal)[] {
  const found: (Slots | Refusal)[] = [];
  const owner = parts.find((part) => !('refused' in part) && part.symbols.length > 0);
  // "mtd, ytd and 1 year of SCHD"
  for (const part of parts.slice(
    0,
    Math.max(
      0,
      parts.findIndex((each) => each === owner),
    ),
  ))
    if (
      !('refused' in part) &&
      owner !== undefined &&
      !('refused' in owner) &&
      part.symbols.length === 0 &&
      !part.forms.includes('market') &&
      part.scan === undefined
    )
      part.symbols = owner.symbols;
  for (const part of parts) {
    const last = found.at(-1);
    if (last === undefined || 'refused' in part || 'refused' in last) {
      found.push(part);
      continue;
    }
    // "is the market open and whats vix doing"
    const isOther =
      part.symbols.length > 0 && last.symbols.length === 0 && last.forms.some((form) => OF_CALENDAR.has(form));
    const hasOwn = hasContent(part) || isOther;
    if (part.symbols.length === 0) takeBefore(part, last);
    const symbols = part.symbols.length > 0 || part.forms.includes('market') ? part.symbols : last.symbols;
    found.push(
      hasOwn ? { ...part, symbols } : withDateOf({ ...last, ...part, ...keepLists(last), symbols }, last, part),
    );
  }
  return found;
}

/** `red this month vs green`: counted like the part before; figures of options are of its expiration. */
function takeBefore(part: Slots, { isCount, range, expiration }: Slots): void {
  const isMove = part.move !== undefined && !names(part, 'fields', 'forms', 'conditions', 'rank', 'base', 'aggregate');
  if (isCount === true && isMove && part.range === undefined) Object.assign(part, { isCount, range });
  else if (isCount === true && isMove) part.isCount = true;
  const isOfOptions = part.fields.length > 0 && part.fields.every(isOptionFigure);
  if (isOfOptions && part.expiration === undefined && expiration !== undefined) part.expiration = expiration;
}

/** A date alone has the reading of the part before it. */
function withDateOf(merged: Slots, last: Slots, part: Slots): Slots {
  if (part.expiration === undefined) return merged;
  // "jul, aug and sep": months that have passed, like the one before them.
  if (last.range !== undefined && part.range === undefined && /^[a-z]{3,9}$/.test(part.expiration))
    if (monthNumber(part.expiration) !== undefined) {
      merged.range = `in ${part.expiration}`;
      delete merged.expiration;
      return merged;
    }
  if (last.expiration === undefined && (part.range !== undefined || part.expiration === 'today')) {
    if (part.range === undefined) merged.range = 'today';
    delete merged.expiration;
  } else if (last.range === undefined && part.range !== undefined) delete merged.range;
  return merged;
}

function keepLists({
  forms,
  fields,
  conditions,
  strike,
}: Slots): Pick<Slots, 'forms' | 'fields' | 'conditions' | 'strike'> {
  return { forms, fields, conditions, strike };
}

/** Parts that ask the same of other symbols are one. */
function mergeAlike(parts: (Slots | Refusal)[]): (Slots | Refusal)[] {
  const merged: (Slots | Refusal)[] = [];
  for (const part of parts) {
    const alike = merged.find((each) => !('refused' in each) && !('refused' in part) && isAlike(each, part));
    if (alike === undefined || 'refused' in alike || 'refused' in part) merged.push(part);
    else {
      alike.symbols = [...new Set([...alike.symbols, ...part.symbols])];
      if (part.isComparison === true) alike.isComparison = true;
    }
  }
  return merged;
}

function isAlike(left: Slots, right: Slots): boolean {
  const bare = ({
    symbols: _symbols,
    isComparison: _compares,
    isYesNo: _yesNo,
    isWhich: _which,
    ...rest
  }: Slots): string => JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return bare(left) === bare(right);
}
