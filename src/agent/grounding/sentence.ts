// Says of each figure of one sentence or table cell what it is a figure of: symbol, field, side, date, strike.
// What stands over the sentence comes in as a context.
import type { Side, TickerSymbol } from '../../domain/types.ts';
import type { FactBase, Field } from './facts.ts';
import type { Figure } from './figures.ts';
import { findFigures } from './figures.ts';
import type { DateMention, Mentions } from './mentions.ts';
import { findMentions } from './mentions.ts';
import type { Ties } from './ties.ts';
import { createTies } from './ties.ts';
import type { Cue, Lexicon } from './words.ts';

export interface Said {
  figure: Figure;
  fields?: readonly Field[];
  otherwise?: readonly Field[];
  cue?: string;
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
}

export const CHANGE_FIELDS: readonly Field[] = ['change', 'changePercent'];
const PRICE_FIELDS: readonly Field[] = ['last', 'close', 'spot', 'high', 'low', 'open', 'previousClose'];
const PERCENT_FIELDS: ReadonlySet<Field> = new Set(['changePercent', 'expectedMovePercent', 'iv', 'calculation']);
const SIGNED_FIELDS: ReadonlySet<Field> = new Set(['change', 'changePercent', 'macd', 'macdSignal', 'macdHistogram', 'delta', 'theta', 'gamma', 'vega', 'calculation', 'expectedMove', 'expectedMovePercent']);
const WIDER = /\b(?:weeks?|weekly|month|monthly|period|overall|since|past|52|now|current(?:ly)?|today|latest|year|yearly|average|total|summary|whole)\b/i;

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
  const cues = tieCues(sentence);
  const strikes = findStrikes(sentence, cues, base);
  const symbols = ties.tie(mentions.symbols);
  const sides = ties.tie(mentions.sides);
  const dates = ties.tie(mentions.dates);
  const strikeMentions = strikes.flatMap((is, index) => (is && figures[index] ? [{ start: figures[index].start, end: figures[index].end, value: figures[index].magnitude }] : []));
  const tiedStrikes = strikeMentions.length === 0 ? [] : ties.tie(strikeMentions);
  const said = figures.map((figure, index): Said => {
    const host = ties.hostOf(index);
    const of = <T>(tied: readonly (T | undefined)[]): T | undefined => tied[index] ?? (host === undefined ? undefined : tied[host]);
    const symbol = of(symbols);
    const side = of(sides);
    const strike = strikes[index] === true ? undefined : of(tiedStrikes);
    return {
      ...cueOf(sentence, cues[index], index, strikes),
      ...symbolsSaid(sentence, symbol?.mention, symbol?.listed === true),
      ...(side ? { sides: [side.mention.value] } : context.sides ? { sides: context.sides } : {}),
      ...datesSaid(sentence, of(dates)?.mention),
      ...(strike ? { strikes: [strike.mention.value] } : strikes[index] !== true && context.strikes ? { strikes: context.strikes } : {}),
      ...(strikes[index] === true ? { isStrike: true } : {}),
      past: /\b(?:was|were|earlier|before|previously|from|had|ago)\b/i.test(body),
      present: /\b(?:now|currently|current|latest|right now|at the moment)\b/i.test(body),
      figure: { ...figure, start: figure.start + piece.start, end: figure.end + piece.start },
    };
  });
  return { said, own: ownContext(mentions, strikeMentions.map((mention) => mention.value)) };
}

/** A cue for each figure, where the words give one: its own, its list's, or none. */
function tieCues(sentence: Sentence): (Cue | undefined)[] {
  const { figures, mentions, ties, text } = sentence;
  const tied = ties.tie(mentions.cues, { alone: true, trailing: (cue) => cue.trailing === true });
  const others = [...mentions.symbols, ...mentions.sides, ...mentions.dates];
  const cues: (Cue | undefined)[] = [];
  figures.forEach((figure, index) => {
    let cue = tied[index]?.mention;
    if (cue?.trailing === true && !fitsTrailing(cue, figure, text)) cue = undefined;
    const host = ties.hostOf(index);
    const before = figures[index - 1];
    if (!cue && host === undefined && before && ties.isJoined(before.end, figure.start, others)) cue = cues[index - 1];
    cues.push(cue);
  });
  return cues.map((cue, index) => macdPart(cue, ties, index) ?? cue);
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

function cueOf({ figures, ties, text, context }: Sentence, tied: Cue | undefined, index: number, strikes: readonly boolean[]): Pick<Said, 'fields' | 'otherwise' | 'cue' | 'direction'> {
  const figure = figures[index];
  if (!figure) return {};
  const host = ties.hostOf(index);
  const cue = tied ?? (host === undefined ? inheritedCue(context) : undefined);
  if (strikes[index] === true) return { fields: cue && /wall/i.test(cue.name) ? cue.fields : ['strike'], cue: 'strike' };
  if (cue && isChange(cue) && /\b(?:to|at)\s[*$~\s]*$/i.test(text.slice(Math.max(0, figure.start - 6), figure.start)) && figure.unit !== 'percent') return { fields: PRICE_FIELDS, cue: 'price' };
  if (cue && isChange(cue) && /\bfrom\s[*$~\s]*$/i.test(text.slice(Math.max(0, figure.start - 8), figure.start)) && figure.unit !== 'percent') return {};
  const suits = cue === undefined || ((figure.unit !== 'percent' || cue.fields.some((field) => PERCENT_FIELDS.has(field))) && (!isSigned(figure) || cue.fields.some((field) => SIGNED_FIELDS.has(field))));
  if (!suits || (cue === undefined && (figure.unit === 'percent' || isSigned(figure)) && host !== undefined)) return { fields: CHANGE_FIELDS, cue: 'change' };
  if (cue === undefined && host !== undefined && strikes[host] === true) return { fields: ['openInterest', 'volume'], cue: 'openInterest' };
  if (cue === undefined) return {};
  return { fields: cue.fields, cue: cue.name, ...(cue.otherwise ? { otherwise: cue.otherwise } : {}), ...(cue.direction === undefined ? {} : { direction: cue.direction }) };
}

function isChange(cue: Cue): boolean {
  return cue.fields.includes('change') && cue.name !== 'change';
}

function isSigned(figure: Figure): boolean {
  return figure.sign === '+' || figure.sign === '-';
}

function inheritedCue(context: Context): Cue | undefined {
  return context.cue;
}

const STRIKE_AFTER = /^[\s*_-]{0,3}(?:strikes?\b|[CP]\b|(calls?|puts?)\b)/i;
const STRIKE_BEFORE = /(?:\bstrikes?(?: prices?)?(?: of| at| is| are|:)?|\b(?:calls?|puts?)(?: (?:at|with strike|struck at|strike))?(?: the)?|\bwalls?(?: is| are| at| sits at| sit at| stands at| of|:)?|@)[\s*_]*\$?$/i;

/** Which figures are strikes: by the words next to them, by their list, or "45,210 contracts at 200". */
function findStrikes({ figures, text, ties, mentions }: Sentence, cues: readonly (Cue | undefined)[], base: FactBase): boolean[] {
  const range = base.strikeRange();
  if (!range) return figures.map(() => false);
  const plausible = (figure: Figure): boolean => figure.unit !== 'percent' && figure.sign === undefined && figure.magnitude >= range[0] / 3 && figure.magnitude <= range[1] * 3;
  const found = figures.map((figure, index) => {
    if (figure.side !== undefined) return true;
    if (!plausible(figure)) return false;
    const after = STRIKE_AFTER.exec(text.slice(figure.end, figure.end + 14));
    const before = text.slice(Math.max(0, figure.start - 30), figure.start);
    if (after && !(after[1] !== undefined && /\b(?:of|is|interest|OI|volume)\s[*]*$/i.test(before))) return true;
    const cue = cues[index];
    if (cue?.name === 'strike' || (cue && /wall/i.test(cue.name))) return true;
    if (STRIKE_BEFORE.test(before)) return true;
    const previous = cues[index - 1];
    return (previous?.name === 'openInterest' || previous?.name === 'contracts' || (mentions.sides.length > 0 && previous?.name === 'volume')) && /\bat\s[*]*(?:the\s)?[*]*\$?$/i.test(before);
  });
  return found.map((is, index) => is || (figures[index] !== undefined && plausible(figures[index]) && sharesStrike(index)));

  function sharesStrike(index: number): boolean {
    const { first, length } = ties.listOf(index);
    const cue = cues[index];
    if (length < 2 || (cue && cue.name !== 'strike' && !/wall/i.test(cue.name))) return false;
    return found.slice(first, first + length).some((is, at) => is && figures[first + at]?.side === undefined);
  }
}

function symbolsSaid({ mentions, ties, context }: Sentence, mention: Mentions['symbols'][number] | undefined, listed: boolean): Pick<Said, 'symbols'> {
  if (!mention) return context.symbols ? { symbols: context.symbols } : {};
  if (listed) return { symbols: [mention.value] };
  return { symbols: [...new Set(ties.enumerated(mentions.symbols, mention).map((each) => each.value))] };
}

function datesSaid({ mentions, context, text }: Sentence, mention: DateMention | undefined): Pick<Said, 'dates' | 'span' | 'ownDate'> {
  if (mention?.span === true) return { dates: mentions.dates.filter((date) => date.span).map((date) => date.value), span: true, ownDate: true };
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
