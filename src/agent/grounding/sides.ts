// Finds calls and puts, and tells them from the verbs: an RSI that puts a stock in neutral territory names no option.
import type { Side } from '../../domain/types.ts';
import type { FactBase } from './facts.ts';

export interface Place {
  start: number;
  end: number;
}

export interface SideMention extends Place {
  value: Side;
}

const SIDE = /(?<=\d[\s*-]{1,3})(?:calls?|puts?)(?![A-Za-z])|(?<![A-Za-z/])(?:calls?|puts?)(?![A-Za-z]|\/|-to-)/gi;
const OCC_SIDE = /(?<![A-Za-z\d])[A-Z]{1,6}\d{6}([CP])\d{8}(?!\d)/g;
const LETTER_SIDE = /(?<=\d)[CP](?![\w'])/g;

export function findSides(text: string, base: FactBase): SideMention[] {
  const found: SideMention[] = [];
  for (const match of text.matchAll(SIDE)) {
    const place = placeOf(match);
    if (!isVerb(text, place, base))
      found.push({ value: match[0].toLowerCase().startsWith('c') ? 'call' : 'put', ...place });
  }
  for (const match of text.matchAll(OCC_SIDE))
    found.push({ value: match[1] === 'C' ? 'call' : 'put', ...placeOf(match) });
  for (const match of text.matchAll(LETTER_SIDE))
    found.push({ value: match[0] === 'C' ? 'call' : 'put', ...placeOf(match) });
  return found.sort((a, b) => a.start - b.start);
}

function placeOf(match: RegExpMatchArray): Place {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}

/** Longest text behind the word that is read. */
const MAX_BEHIND = 70;

/** `would put`, `we call`: what only a verb stands behind. */
const VERB_BEFORE =
  /\b(?:(?:would|could|should|will|may|might|can|cannot|I|we|they|you)|\w+n['’]t|(?:I|we|they|you)['’](?:d|ll))\s$/;
/** "puts it 2 % above", "calls the move", "puts together", "calls a halt". */
const OBJECT_BEHIND = /^ (?:it|its|the|up|together|this|that|an?|them|us)\b/;
/** Behind a figure, "the 210 puts that expire", "the 210 calls this week", only what options cannot be followed by. */
const OBJECT_BEHIND_FIGURE = /^ (?:it|them|us|the (?:stock|shares?|price|index|fund|ETF|name))\b/;
/** "put in a high of 210"; "puts in the 210 strike" are options. */
const MADE =
  /^ in (?:(?:an?|its|new|fresh|another)\b|the (?:[a-z’'-]+ ){0,3}(?:highs?|lows?|tops?|bottoms?|peaks?|floors?)\b)|^ on an?\b/;
/** "calls for patience"; "calls for Nov 7", "calls for the expiration" and "calls for next Friday" are options. */
const ASKED =
  /^ for (?!(?:the|this|that|these|those|next|each|every|all|both|any|sale|delivery|its|their|today|tomorrow|november|december|january|expir\w*|weekly|weeklies|monthly|monthlies|strikes?|which)\b)[a-z]/;
/** Where something is put: "puts AMD near its average". */
const WHERE =
  '(?: (?:squarely|firmly|well|just|right|only|some|about|roughly|nearly|almost|slightly|comfortably|deep|far|not|still|back|closer?|further|more than|less than))*(?: (?:in|at|on|near|around|above|below|under|over|between|within|inside|outside|into|to|ahead|behind|among|past|beyond|up|down|higher|lower|under)\\b| [*~]*\\$?\\d[\\d.,]*\\s?%)';
const PUT_WORDS = new RegExp(
  `^ (?:shares|prices?|support|resistance|momentum|spot|pressure|bulls|bears|buyers|sellers|traders|investors|things|everything|each)(?: (?:back|firmly|squarely))?${WHERE}`,
);
/** "puts 210 in play". */
const PUT_FIGURE = /^ \**\$?\d[\d.,]*\** (?:back )?(?:in|into|on|within) (?:play|view|sight|reach|focus|range|the )/;
const NAME = /^ [*$]*([A-Z][A-Za-z\d.&]*)[*]*(?:['’]s(?: [a-z\d-]+){1,3})?/;
const WHERE_BEHIND = new RegExp(`^(?: \\([A-Z.]+\\))?${WHERE}`);
const NAMED_BEHIND = /^(?: \([A-Z.]+\))? (?:an?|the|one)\b/;

/** Whether "put" or "call" at this place is something done, not an option. */
export function isVerb(text: string, { start, end }: Place, base: FactBase): boolean {
  const word = text.slice(start, end).toLowerCase();
  const behind = text.slice(end, end + MAX_BEHIND);
  const before = text.slice(Math.max(0, start - 12), start);
  const object = /\d[\s*-]{1,3}$/.test(before) ? OBJECT_BEHIND_FIGURE : OBJECT_BEHIND;
  if (/\b(?:the|these|those|all)\s$/i.test(before)) return false;
  if (VERB_BEFORE.test(before) || object.test(behind)) return true;
  if (word.startsWith('call')) return ASKED.test(behind) || isAboutName(behind, NAMED_BEHIND, base);
  return (
    MADE.test(behind) || PUT_WORDS.test(behind) || PUT_FIGURE.test(behind) || isAboutName(behind, WHERE_BEHIND, base)
  );
}

/** A symbol or company of the conversation is the object: "puts NVDA above its 200-day", "calls AMD a laggard". */
function isAboutName(behind: string, then: RegExp, base: FactBase): boolean {
  const match = NAME.exec(behind);
  const name = match?.[1]?.replace(/\.$/, '') ?? '';
  return (
    match !== null &&
    (base.symbols.has(name) || base.names.has(name.toLowerCase())) &&
    then.test(behind.slice(match[0].length))
  );
}
