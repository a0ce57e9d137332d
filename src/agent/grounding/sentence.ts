// Says of each figure of one sentence or table cell what it is a figure of: symbol, field, side, date, strike.
// What stands over the sentence comes in as a context.
import type { Side, TickerSymbol } from '../../domain/types.ts';
import type { Counted, FactBase, Field } from './facts.ts';
import type { Figure } from './figures.ts';
import { findFigures } from './figures.ts';
import type { DateMention, Mentions, Place } from './mentions.ts';
import { findMentions } from './mentions.ts';
import type { Tied, Ties } from './ties.ts';
import { createTies } from './ties.ts';
import type { Cue, Lexicon } from './words.ts';

export interface Said {
  figure: Figure;
  fields?: readonly Field[];
  otherwise?: readonly Field[];
  cue?: string;
  /** The words name no field for sure: these, or none, are meant as well. */
  loose?: readonly Field[];
  /** Absent: any symbol. */
  symbols?: readonly TickerSymbol[];
  sides?: readonly Side[];
  dates?: readonly DateMention['value'][];
  /** The dates bound a period. */
  span?: boolean;
  /** The date stands in the sentence or row itself, not over it. */
  ownDate?: boolean;
  strikes?: readonly number[];
  isStrike?: boolean;
  direction?: 1 | -1 | 0;
  /** What is counted, where words say it. */
  counted?: readonly Counted[];
  /** A period is spoken of, here or above. */
  period?: boolean;
  /** A single session may be meant that no date names: "the highest close", "a day earlier". */
  anySession?: boolean;
  /** The strike stands in the sentence or row itself. */
  ownStrike?: boolean;
  /** The words around speak of an earlier moment. */
  past?: boolean;
  /** Said of the present: "now", "currently". */
  present?: boolean;
}

/** What stands over a piece: the last of each kind that was said. */
export interface Context {
  symbols?: readonly TickerSymbol[];
  sides?: readonly Side[];
  dates?: readonly DateMention[];
  strikes?: readonly number[];
  cue?: Cue;
  period?: boolean;
}

export const CHANGE_FIELDS: readonly Field[] = ['change', 'changePercent'];
const PRICE_FIELDS: readonly Field[] = ['last', 'close', 'spot'];
const PERCENT_FIELDS: ReadonlySet<Field> = new Set(['changePercent', 'expectedMovePercent', 'iv', 'calculation']);
const SIGNED_FIELDS: ReadonlySet<Field> = new Set(['change', 'changePercent', 'macd', 'macdSignal', 'macdHistogram', 'delta', 'theta', 'gamma', 'vega', 'calculation', 'expectedMove', 'expectedMovePercent']);
export const PERIOD = /\b(?:weeks?|weekly|months?|monthly|quarter|period|overall|since|past|year|yearly|ytd|mtd|sessions|trading days|\d+[ -]days?(?! (?:moving|simple|exponential|SMA|EMA|MA|average|RSI|high|low|to ))|days(?! to)|summary|whole|range of dates|performance|between|from .{2,20} to)\b/i;
const ANY_SESSION = /\b(?:highest|lowest|biggest|largest|heaviest|lightest|strongest|weakest|best|worst|maximum|minimum|day (?:before|earlier|after|later)|(?:next|following|prior|previous|preceding) (?:day|session|trading day)|two days|earlier in)\b/i;
const WIDER = /\b(?:weeks?|weekly|month|monthly|period|overall|since|past|52[ -]?w|now|current(?:ly)?|today|latest|year|yearly|average|total|summary|whole)\b/i;

interface Sentence {
  text: string;
  figures: readonly Figure[];
  mentions: Mentions;
  ties: Ties;
  context: Context;
}

/** Figures of one sentence, heading or bullet, and what it says for those below it. */
export function readSentence(text: string, masked: string, piece: { start: number; end: number }, context: Context, base: FactBase, lexicon: Lexicon): { said: Said[]; own: Context } {
  const body = text.slice(piece.start, piece.end);
  const figures = findFigures(body, masked.slice(piece.start, piece.end), 0, body.length);
  const mentions = findMentions(body, base, lexicon, context.cue);
  const ties = createTies(body, figures, mentions.cues);
  const sentence: Sentence = { text: body, figures, mentions, ties, context };
  const written = writtenStrikes(sentence, base);
  const cues = tieCues(sentence, written);
  const strikes = findStrikes(sentence, cues, written, base);
  const { cues: named, symbols: who, sides: which, dates: when } = mentions;
  const symbols = ties.tie(who, { kind: 'symbol', over: [...named, ...which, ...when] });
  const sides = ties.tie(which, { kind: 'side', over: [...who, ...when] });
  const dates = ties.tie(when, { kind: 'date', over: [...named, ...who, ...which] });
  const strikeMentions = strikes.flatMap((is, index) => (is && figures[index] ? [{ start: figures[index].start, end: figures[index].end, value: figures[index].magnitude }] : []));
  const tiedStrikes = strikeMentions.length === 0 ? [] : ties.tie(strikeMentions, { kind: 'strike', over: [...named, ...which] });
  const said = figures.map((figure, index): Said => {
    const host = ties.hostOf(index);
    const of = <T>(tied: readonly (T | undefined)[]): T | undefined => tied[index] ?? (host === undefined ? undefined : tied[host]);
    const symbol = of(symbols);
    const side = of(sides);
    const strike = strikes[index] === true ? undefined : of(tiedStrikes);
    return {
      ...cueOf(sentence, cues[index], index, strikes, strike !== undefined, host === undefined ? undefined : cues[host], symbols.map((each) => each?.mention.value)),
      ...symbolsSaid(sentence, index, symbol),
      ...(side ? { sides: valuesOf(side) } : context.sides ? { sides: context.sides } : {}),
      ...datesSaid(sentence, of(dates)?.mention),
      ...(strike ? { strikes: valuesOf(strike), ownStrike: true } : strikes[index] !== true && context.strikes ? { strikes: context.strikes } : {}),
      ...(strikes[index] === true ? { isStrike: true } : {}),
      ...countedBehind(body, figure),
      period: context.period === true || PERIOD.test(body),
      anySession: ANY_SESSION.test(body.slice(Math.max(0, figure.start - 50), figure.end + 30)),
      past: /\b(?:was|were|earlier|before|previously|from|had|ago)\b/i.test(body),
      present: /\b(?:now|currently|current|latest|right now|at the moment)\b/i.test(body),
      figure: { ...figure, start: figure.start + piece.start, end: figure.end + piece.start },
    };
  });
  return { said, own: { ...ownContext(mentions, strikeMentions.map((mention) => mention.value)), ...(PERIOD.test(body) ? { period: true } : {}) } };
}

const COUNTED: readonly (readonly [RegExp, readonly Counted[]])[] = [
  [/^of$/i, ['rise', 'weekly', 'monthly', 'quarterly', 'daily']], [/^weekl/i, ['weekly']], [/^monthl/i, ['monthly']], [/^quarterl/i, ['quarterly']], [/^dail/i, ['daily']],
  [/^(?:expir|dates?\b)/i, ['expiration']], [/^(?:bars?|sessions?|candles?|data points|rows?)\b/i, ['bar', 'expiration', 'strike', 'contract']],
  [/^contracts?\b/i, ['contract']], [/^strikes?\b/i, ['strike', 'asked']],
];

/** "18 weekly expirations" counts weeklies: the first of the words behind that says what is counted. */
function countedBehind(text: string, figure: Figure): Pick<Said, 'counted'> {
  for (const word of text.slice(figure.end, figure.end + 40).match(/[A-Za-z]+(?: points)?/g)?.slice(0, 3) ?? []) {
    const counted = COUNTED.find(([pattern]) => pattern.test(word));
    if (counted) return { counted: counted[1] };
  }
  return {};
}

/** A cue for each figure, where the words give one: its own, its list's, or none. */
function tieCues(sentence: Sentence, strikes: readonly boolean[]): (Cue | undefined)[] {
  const { figures, mentions, ties, text } = sentence;
  const others = [...mentions.symbols, ...mentions.sides, ...mentions.dates];
  const tied = ties.tie(mentions.cues.filter((cue) => !isUsedUp(cue, text)), { kind: 'field', alone: true, skip: (index) => strikes[index] === true, trailing: (cue) => cue.trailing === true, over: others });
  const cues: (Cue | undefined)[] = [];
  figures.forEach((figure, index) => {
    let cue = tied[index]?.mention;
    const tie = tied[index];
    if (cue && tie?.firm === false) cue = { ...cue, loose: looseFields(mentions.cues, cue) };
    if (cue?.name === 'price') cue = mentions.cues.find((each) => each.name === 'shares' && each.start - figure.end < 3 && each.start >= figure.end) ?? cue;
    if (cue?.trailing === true && !fitsTrailing(cue, figure, text)) cue = undefined;
    const host = ties.hostOf(index);
    const before = figures[index - 1];
    if (host === undefined && before && (!cue || (ties.isNote(cue) && isLevel(cues[index - 1]))) && ties.isJoined(before.end, figure.start, others)) cue = cues[index - 1];
    cues.push(cue);
  });
  return cues.map((cue, index) => macdPart(cue, ties, index) ?? rangePart(cue, sentence, index) ?? cue);
}

/** Where nothing ties a word to a figure for sure, any word of the sentence may name it. */
function looseFields(cues: readonly Cue[], chosen: Cue): readonly Field[] {
  return cues.filter((cue) => cue.trailing !== true && cue.name !== chosen.name).flatMap((cue) => [...cue.fields, ...(cue.otherwise ?? [])]);
}

/** In "the 560 strike is 20,724" the strike has its figure already. */
function isUsedUp(cue: Cue, text: string): boolean {
  return cue.name === 'strike' && /\d[\s*_-]*$/.test(text.slice(Math.max(0, cue.start - 5), cue.start));
}

/** "1.5 % above" and "22 bars" name what stands right before them; "207.04 above its average" does not. */
function fitsTrailing(cue: Cue, figure: Figure, text: string): boolean {
  const near = text.slice(figure.end, cue.start);
  if (cue.name === 'distance') return figure.unit === 'percent' && /^[\s*]*(?:points? )?$/.test(near);
  return /^[\s*]*(?:[a-z]+ ){0,3}$/i.test(near);
}

/** "MACD 6.23 / 4.92 / 1.31" is line, signal and histogram. */
function macdPart(cue: Cue | undefined, ties: Ties, index: number): Cue | undefined {
  if (cue?.name !== 'macd') return undefined;
  const { place, length } = ties.listOf(index);
  const field = (['macd', 'macdSignal', 'macdHistogram'] as const)[length > 1 ? place : 0];
  return field === undefined ? undefined : { ...cue, fields: [field] };
}

/** The first of two figures of a range is its low, also where they are written the wrong way round. */
function rangePart(cue: Cue | undefined, { figures, ties }: Sentence, index: number): Cue | undefined {
  if (cue === undefined || !/^(?:range|week52Range)$/.test(cue.name)) return undefined;
  const { first, place, length } = ties.listOf(index);
  const ends = [figures[first]?.magnitude ?? 0, figures[first + 1]?.magnitude ?? 0] as const;
  if (length !== 2) return undefined;
  const isLow = (place === 0) === (ends[0] <= ends[1]);
  return { ...cue, fields: cue.fields.filter((field) => /low$/i.test(field) === isLow) };
}

function isLevel(cue: Cue | undefined): boolean {
  return cue?.name === 'support' || cue?.name === 'resistance';
}

function cueOf(sentence: Sentence, tied: Cue | undefined, index: number, strikes: readonly boolean[], strikeTied: boolean, hostsCue: Cue | undefined, others: readonly (string | undefined)[]): Pick<Said, 'fields' | 'otherwise' | 'cue' | 'direction'> {
  const { figures, ties, text, context, mentions } = sentence;
  const figure = figures[index];
  if (!figure) return {};
  const host = ties.hostOf(index);
  const over = host === undefined ? context.cue : undefined;
  const cue = tied ?? rangePart(over, sentence, index) ?? over;
  if (strikes[index] === true) return { fields: cue && /wall/i.test(cue.name) ? cue.fields : ['strike'], cue: 'strike' };
  if (cue && isChange(cue) && /\b(?:to|at)\s[*$~\s]*$/i.test(text.slice(Math.max(0, figure.start - 6), figure.start)) && figure.unit !== 'percent') return { fields: PRICE_FIELDS, cue: 'price' };
  if (cue && isChange(cue) && /\b(?:from|under|over|above|below|through|past|beyond)\s[*$~\s]*$/i.test(text.slice(Math.max(0, figure.start - 11), figure.start)) && figure.unit !== 'percent') return {};
  const suits = cue === undefined || ((figure.unit !== 'percent' || cue.fields.some((field) => PERCENT_FIELDS.has(field))) && (!isSigned(figure) || cue.fields.some((field) => SIGNED_FIELDS.has(field))));
  const hostCue = host === undefined || tied ? undefined : hostsCue;
  if (figure.unit === 'percent' && hostCue?.fields.some((field) => PERCENT_FIELDS.has(field)) === true) return { fields: hostCue.fields, cue: hostCue.name, ...(hostCue.direction === undefined ? {} : { direction: hostCue.direction }) };
  if (!suits || (cue === undefined && (figure.unit === 'percent' || isSigned(figure)) && host !== undefined)) return { fields: CHANGE_FIELDS, cue: 'change' };
  if (cue === undefined && host !== undefined && strikes[host] === true) return { fields: contractFields(`${text} ${context.cue?.name === 'openInterest' ? 'OI' : ''}`).filter((field) => field !== 'count'), cue: 'openInterest' };
  if (cue === undefined && strikeTied) {
    const spoken = mentions.cues.findLast((each) => each.end <= figure.start && OPTION_CUES.has(each.name));
    if (spoken) return { fields: spoken.fields, cue: spoken.name };
  }
  if (cue === undefined) return parallelCue(sentence, index, others) ?? priceOf(sentence, index);
  if (cue.name === 'shares') return { fields: /\b(?:average|avg|typical|normal|usual)\b/i.test(text) ? cue.fields : ['volume'], cue: 'volume' };
  if (cue.name === 'contracts') return { fields: contractFields(text), cue: cue.name };
  return { fields: cue.fields, cue: cue.name, ...(cue.loose ? { loose: cue.loose } : {}), ...(cue.otherwise ? { otherwise: cue.otherwise } : {}), ...(cue.direction === undefined ? {} : { direction: cue.direction }) };
}

/** "NVDA's RSI is 59.7; AMD is at 48.1": another symbol after the only cue of the sentence has the same field. */
function parallelCue({ mentions, figures, ties }: Sentence, index: number, symbols: readonly (string | undefined)[]): Pick<Said, 'fields' | 'cue'> | undefined {
  const figure = figures[index];
  const [cue] = mentions.cues;
  if (!figure || !cue || ties.hostOf(index) !== undefined || figure.unit === 'percent' || isSigned(figure) || isChange(cue) || cue.trailing === true) return undefined;
  const only = mentions.cues.every((each) => each.name === cue.name) && cue.end <= figure.start;
  const changed = index > 0 && symbols[index] !== undefined && symbols[index] !== symbols[index - 1] && figures[index - 1]?.unit === figure.unit;
  return only && changed ? { fields: cue.fields, cue: cue.name } : undefined;
}

/** "NVDA (207.04", "NVDA: 207.04" and "rose 2 % to 207.04" name no field and mean the price. */
function priceOf({ text, figures, mentions, ties }: Sentence, index: number): Pick<Said, 'fields' | 'cue'> {
  const figure = figures[index];
  const list = ties.listOf(index);
  if (!figure || ties.hostOf(index) !== undefined) return {};
  if (figure.unit === 'percent' || isSigned(figure)) return list.place > 0 ? { fields: CHANGE_FIELDS, cue: 'change' } : {};
  const before = text.slice(0, figure.start);
  const rose = /\b(?:to|at)\s[*$~\s]*$/i.test(before) && mentions.cues.some((cue) => isChange(cue) && cue.end <= figure.start);
  const symbol = mentions.symbols.findLast((mention) => mention.end <= figure.start);
  const labelled = symbol !== undefined && /^[\s*_)]*(?:\(|:|–|—|-|(?:(?:is|was|now|currently|stands|stood|sits|sat|remains|is now|is currently|last)\s)?(?:at|near|around)\s)?[\s*_$]*$/.test(before.slice(symbol.end)) && list.place === 0 && figures.slice(list.first + 1, list.first + list.length).every((each) => each.unit === 'percent' || isSigned(each));
  const subject = /^\s*(?:\*\*)?(?:At|With)\s[*$\s]*$/.test(before) && /^[*]*,\s/.test(text.slice(figure.end, figure.end + 6));
  return rose || labelled || subject ? { fields: PRICE_FIELDS, cue: 'price' } : {};
}

/** Contracts are open or traded, as the sentence says; else both are possible. */
function contractFields(text: string): readonly Field[] {
  if (/\b(?:open interest|OI|walls?|open)\b/i.test(text)) return ['openInterest'];
  return /\b(?:volume|traded)\b/i.test(text) ? ['volume'] : ['openInterest', 'volume', 'count'];
}

function isChange(cue: Cue): boolean {
  return cue.fields.includes('change') && cue.name !== 'change';
}

function isSigned(figure: Figure): boolean {
  return figure.sign === '+' || figure.sign === '-';
}

const OPTION_CUES: ReadonlySet<string> = new Set(['bid', 'ask', 'openInterest', 'volume', 'iv', 'delta', 'gamma', 'theta', 'vega', 'contracts']);
const STRIKE_AFTER = /^[\s*_-]{0,3}(?:strikes?\b|[CP]\b(?!\s?[=:$\d])|(calls?|puts?)\b)/i;
const STRIKE_BEFORE = /(?:\bstrikes?(?: prices?)?(?: of| at| is| are|:)?|\b(?:calls?|puts?)(?: (?:at|with strike|struck at|strike))?(?: the)?|\bwalls?(?: is| are| at| sits at| sit at| stands at| of|:)?|@)[\s*_]*\$?$/i;

/** Figures that the words right next to them make strikes: "the 200 call", "200C", "strike of 200". */
function writtenStrikes({ figures, text, mentions, context }: Sentence, base: FactBase): boolean[] {
  return figures.map((figure) => {
    if (figure.side !== undefined) return true;
    if (!isPlausible(figure, base)) return false;
    const before = text.slice(Math.max(0, figure.start - 30), figure.start);
    const after = STRIKE_AFTER.exec(text.slice(figure.end, figure.end + 14));
    if (after && !(after[1] !== undefined && /\b(?:of|is|interest|OI|volume)\s[*]*$/i.test(before))) return true;
    return STRIKE_BEFORE.test(before) || isLabel(figure);
  });

  /** "- **28.5**: bid 0.56 / ask 0.70": a bullet's label under calls or puts. */
  function isLabel(figure: Figure): boolean {
    if (!/^[\s>*+_•–-]*\$?$/.test(text.slice(0, figure.start)) || !/^[\s*_]*[:–—-]\s/.test(text.slice(figure.end, figure.end + 6))) return false;
    return mentions.cues.some((each) => OPTION_CUES.has(each.name)) && (context.sides !== undefined || mentions.sides.length > 0);
  }
}

function isPlausible(figure: Figure, base: FactBase): boolean {
  const range = base.strikeRange();
  return range !== undefined && figure.unit !== 'percent' && figure.sign === undefined && figure.magnitude >= range[0] / 3 && figure.magnitude <= range[1] * 3;
}

/** All strikes: those written so, those whose cue or list says so, and "45,210 contracts at 200". */
function findStrikes({ figures, text, ties, mentions, context }: Sentence, cues: readonly (Cue | undefined)[], written: readonly boolean[], base: FactBase): boolean[] {
  const found = figures.map((figure, index) => {
    if (written[index] === true) return true;
    if (!isPlausible(figure, base)) return false;
    const cue = cues[index];
    if (cue?.name === 'strike' || (cue && /wall/i.test(cue.name))) return true;
    // "1. 525 (80,757)" under "Top put open interest".
    if ((cue ?? context.cue)?.name === 'openInterest' && figures.some((_other, at) => ties.hostOf(at) === index)) return true;
    const previous = cues[index - 1];
    const counted = previous?.name === 'openInterest' || previous?.name === 'contracts' || (mentions.sides.length > 0 && previous?.name === 'volume');
    return counted && /\bat\s[*]*(?:the\s)?[*]*\$?$/i.test(text.slice(Math.max(0, figure.start - 30), figure.start));
  });
  return found.map((is, index) => is || (figures[index] !== undefined && isPlausible(figures[index], base) && sharesStrike(index)));

  function sharesStrike(index: number): boolean {
    const { first, length } = ties.listOf(index);
    const cue = cues[index];
    if (length < 2 || (cue && cue.name !== 'strike' && !/wall/i.test(cue.name))) return false;
    return found.slice(first, first + length).some((is, at) => is && figures[first + at]?.side === undefined);
  }
}

/** What a figure is tied to; where it is not for sure, the nearest on the other side too. */
function valuesOf<Value>({ mention, rival }: Tied<{ value: Value } & Place>): Value[] {
  return rival ? [mention.value, rival.value] : [mention.value];
}

function symbolsSaid({ mentions, ties, context, figures }: Sentence, index: number, tied: Tied<Mentions['symbols'][number]> | undefined): Pick<Said, 'symbols'> {
  if (!tied) return context.symbols ? { symbols: context.symbols } : {};
  const all = [...new Set(mentions.symbols.map((each) => each.value))];
  const { first, place, length } = ties.listOf(index);
  // "…; their volumes were 1, 2 and 3": the list goes by the order of the symbols before it.
  if (!tied.firm && length > 1 && length === all.length && mentions.symbols.every((each) => each.end <= (figures[first]?.start ?? 0))) return { symbols: all.slice(place, place + 1) };
  if (tied.listed) return { symbols: [tied.mention.value] };
  return { symbols: [...new Set([...ties.enumerated(mentions.symbols, tied.mention).map((each) => each.value), ...valuesOf(tied)])] };
}

function datesSaid({ mentions, context, text }: Sentence, mention: DateMention | undefined): Pick<Said, 'dates' | 'span' | 'ownDate'> {
  if (mention?.span === true && !/^\s*\(/.test(text.slice(mention.end, mention.end + 3))) return { dates: mentions.dates.filter((date) => date.span).map((date) => date.value), span: true, ownDate: true };
  if (mention) return { dates: [mention.value], ownDate: true };
  if (!context.dates || WIDER.test(text)) return {};
  return { dates: context.dates.map((date) => date.value), span: context.dates.length > 1 || context.dates.some((date) => date.span) };
}

export function symbolsOf(mentions: Mentions): readonly TickerSymbol[] | undefined {
  const symbols = [...new Set(mentions.symbols.map((mention) => mention.value))];
  return symbols.length === 0 ? undefined : symbols;
}

function ownContext(mentions: Mentions, strikes: readonly number[]): Context {
  const symbols = symbolsOf(mentions);
  const sides = [...new Set(mentions.sides.map((side) => side.value))];
  const names = new Set(mentions.cues.map((cue) => cue.name));
  const cue = names.size === 1 ? mentions.cues[0] : undefined;
  return {
    ...(symbols ? { symbols } : {}),
    ...(sides.length > 0 ? { sides } : {}),
    ...(mentions.dates.length > 0 ? { dates: mentions.dates } : {}),
    ...(strikes.length > 0 ? { strikes } : {}),
    ...(cue ? { cue } : {}),
  };
}
