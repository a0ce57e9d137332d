// Hides how contracts are said: strikes, spans and numbers of them, deltas, legs and widths, and what a number beside a side
// can only be. Where it could be a strike or a count it is asked back.
import { monthNumber } from '../../domain/date-words.ts';
import { parseOptionSymbol } from '../../domain/symbols.ts';
import type { Side } from '../../domain/types.ts';
import type { Word } from './lexer.ts';
import type { Found, Place } from './place.ts';
import type { Token } from './tokens.ts';

const OCC = /^(?:O:)?[A-Z]{1,6}\d{6}[CP]\d{8}$/i;
export const COMPACT = /^(\d{1,5}(?:\.\d{1,3})?)([cp])s?$/;
export const NUMBER = /^\d{1,5}(?:\.\d{1,3})?$/;
const SIDE = /^(call|put|c|p)(s?)$/;
/** What makes `10 call …` a count of things. */
const COUNTED = /^(?:strikes|options|contracts|rows|spreads?|lots?)$/;
/** `at 200 day`, `strike 5 each side`: of something else. */
const NO_STRIKE =
  /^(?:calls?|puts?|strikes|options|contracts|rows|each|either|above|below|days?|d|dma|weeks?|wks?|months?|mos?|dte|percent|delta|deltas|am|pm|years?|yrs?|sma|ema|ma|hours?|points?|pts)$/;
/** Up to here a number before a plural may be how many are wanted. */
const LARGEST_COUNT = 100;
const YEAR = /^20\d\d$/;
const COUNT_OF_STRIKES =
  /^(\d+) (?:strikes? )?(?:above|up|higher)(?: the spot)?(?: ,| and| ;| \/)? \1(?: strikes?)? (?:below|down|lower)(?: the spot)?|^(\d+) (?:strikes(?= |$)|strikes?(?= (?:above|up|each|either|around|both|on)))(?: (?:above|up)(?: ,| and)? below| (?:on )?(?:each|either) side| around(?: the)? spot| around the money| each way| both ways)?(?= |$)|^(\d+) (?:each|either) (?:side|way)/;
const SPAN =
  /^(?:(?:between|from|strikes?|strikes? from|strikes? between) )?(\d{1,5}(?:\.\d+)?)(?: ?(?:to|and|thru|through|until|-|–) | )(\d{1,5}(?:\.\d+)?)(?: strikes?)?(?= |$)/;
const DELTA_FIRST =
  /^(?:(?:a|around|near|about|roughly|approx) )*(0\.\d+|\d{1,2})(?: ?(?:to|-|–|and| )? ?(0\.\d+|\d{1,2}))? ?(?:deltas?|d)(?= |$)/;
const DELTA_LAST =
  /^deltas? (?:of |is |= |near |around |about |between |from )*(0\.\d+|\d{1,2})(?: (?:to|and) (0\.\d+|\d{1,2}))?(?= |$)(?! (?:strike|calls?|puts?|c|p)(?= |$))/;
const OF_OPTIONS = /^(?:calls?|puts?|c|p|strikes?|options?|chain|contracts?|strangles?)$/;
/** A figure of a contract, which makes the number before a side its strike. */
const OF_CONTRACT =
  /^(?:bid|ask|mid|mark|premiums?|prem|prems|delta|theta|gamma|vega|greeks|iv|oi|interest|spread|breakeven|extrinsic|intrinsic)$/;
const ASKS_OPTIONS =
  /^(?:expirations?|expiry|expiries|exps?|straddles?|em|expected|implied|deltas?|csp|skew|term|premiums?|breakevens?)$/;
export const isWordOfOptions = (word: string): boolean =>
  OF_OPTIONS.test(word) || OF_STRATEGIES.test(word) || ASKS_OPTIONS.test(word) || /^\d[\d.]*[cp]$/.test(word);
export const OF_STRATEGIES =
  /^(?:spreads?|condors?|strangles?|straddles?|butterfly|fly|ic|pcs|ccs|cds|pds|csps?|secured|covered|cc|collars?|calendars?|synthetics?|ratio|bwbs?|lizards?|pmccs?|diagonals?|wing)$/;
/** `420/440`, `575/580/610/615`, `585/580 610/615`. */
const LEGS =
  /^\d{1,5}(?:\.\d{1,2})? \/ \d{1,5}(?:\.\d{1,2})?(?: \/ \d{1,5}(?:\.\d{1,2})?(?! \/)| (?:\/ )?\d{1,5}(?:\.\d{1,2})? \/ \d{1,5}(?:\.\d{1,2})?)?(?= |$)/;
const NEXT_DATES =
  /^(?:the )?(?:next|first|nearest) (\d{1,2}) (?:listed |weekly |option )*(?:expirations?|expiration dates|expiries|expirys?|exps?)(?= |$)/;
const WIDTH = /^(\d{1,3}(?:\.\d{1,2})?)(?: (?:dollars?|points?|pts))? wide(?= |$)/;

/** One strike, a span of strikes, a number of them, or a delta. */
export function optionAt(place: Place, at: number, before: readonly Token[]): Found | undefined {
  const { words, texts, topic } = place;
  const raw = words[at]?.raw ?? '';
  if (OCC.test(raw)) return { is: 'contract', terms: parseOptionSymbol(raw.replace(/^O:/i, '')), length: 1 };
  const text = texts.slice(at, at + 8).join(' ');
  // What follows is told in figures: spares a question without any its patterns.
  if (!/\d/.test(text)) return undefined;
  const isStrategy = topic === 'strategy' || texts.some((word) => OF_STRATEGIES.test(word));
  const isOfOptions =
    isStrategy ||
    topic !== undefined ||
    texts.some((word) => OF_OPTIONS.test(word)) ||
    before.some(({ is }) => is === 'side' || is === 'strikesWord');
  return (
    countAt(text, texts[at - 1]) ??
    (isStrategy ? legsAt(text) : undefined) ??
    deltaAt(texts, at, text, { isOfOptions, isStrategy }) ??
    (isOfOptions ? spanAt(texts, at, text) : undefined) ??
    (isStrategy ? strikeOfStrategyAt(texts, at) : undefined) ??
    strikeAt(words, texts, at, isStrikeNamed(texts, at, before))
  );
}

const taken = ([found]: RegExpExecArray): number => found.split(' ').length;

/** `next 4 expirations`, `5 strikes each side` */
function countAt(text: string, before = ''): Found | undefined {
  const dates = NEXT_DATES.exec(text);
  if (dates !== null) return { is: 'dates', count: Number(dates[1]), length: taken(dates) };
  const count = COUNT_OF_STRIKES.exec(text);
  return count === null || /^(?:top|first)$/.test(before)
    ? undefined
    : { is: 'strikes', count: Number(count[1] ?? count[2] ?? count[3]), length: taken(count) };
}

/** `420/440`, `10 wide` */
function legsAt(text: string): Found | undefined {
  const legs = LEGS.exec(text);
  if (legs !== null) return { is: 'legs', strikes: (legs[0].match(/[\d.]+/g) ?? []).map(Number), length: taken(legs) };
  const width = WIDTH.exec(text);
  return width === null ? undefined : { is: 'width', width: Number(width[1]), length: taken(width) };
}

/** `30 delta`, `16d put`, but not the `45d` of an expiration. */
function deltaAt(
  texts: readonly string[],
  at: number,
  text: string,
  { isOfOptions, isStrategy }: { isOfOptions: boolean; isStrategy: boolean },
): Found | undefined {
  const last = texts.slice(at + 1).includes('delta') ? null : DELTA_LAST.exec(text);
  const delta = (isOfOptions ? DELTA_FIRST.exec(text) : null) ?? last;
  if (delta === null) return undefined;
  const [all, from = '', to] = delta;
  const isGlued = /d$/.test(all) && !/^0\./.test(from);
  return isGlued && !isGluedDelta(texts, at + taken(delta), Number(from), isStrategy)
    ? undefined
    : { is: 'deltaOf', delta: deltaOf(from, to), length: taken(delta) };
}

function spanAt(texts: readonly string[], at: number, text: string): Found | undefined {
  const span = SPAN.exec(text);
  const [from, to] = [Number(span?.[1]), Number(span?.[2])];
  return span !== null && isSpan(from, to, texts[at + taken(span)] ?? '')
    ? { is: 'span', from, to, length: taken(span) }
    : undefined;
}

function strikeOfStrategyAt(texts: readonly string[], at: number): Found | undefined {
  const text = texts[at] ?? '';
  return NUMBER.test(text) && isStrikeOfStrategy(texts, at)
    ? { is: 'strike', strike: Number(text), length: 1 }
    : undefined;
}

/** `how much are the 22 puts`, `6 pfe 21 calls`: no number of them. */
function isStrikeNamed(texts: readonly string[], at: number, before: readonly Token[]): boolean {
  const isPriced = before.at(-2)?.is === 'number' || IS_PRICED.test(texts.join(' '));
  const isOne = before.at(-1)?.is === 'symbol' || texts[at - 1] === 'the';
  return (isPriced && isOne) || (texts.some(isOfContractWord) && (isOne || Number(texts[at]) > 20));
}

const OF_WINGS = /^(?:shorts?|wings?|strangles?|iron|condor|ic|pcs|ccs|cds|pds|csps?|cc|put|call)$/;
const IS_PRICED = /\b(?:how much|price|cost|costs|worth|whats)\b/;
const OF_TOP = /^(?:top|biggest|largest|bottom|first|next|nearest|closest)$/;
const USUAL_DELTAS = new Set([5, 10, 15, 16, 20, 25, 30, 35, 40]);
const DATED = /^(?:friday|fri|monthly|weekly|opex|0dte|\d+dte|\d{4}-\d\d-\d\d)$/;

/** `25d put` beside a date of its own is a delta; `45d put` alone is an expiration. */
function isGluedDelta(texts: readonly string[], next: number, value: number, isStrategy: boolean): boolean {
  const word = texts[next] ?? '';
  const isBefore = isStrategy || /^(?:calls?|puts?|strangles?|skew|rr|risk|wings?|iv)$/.test(word);
  const isDated = (each: string): boolean => monthNumber(each) !== undefined || DATED.test(each);
  return (isStrategy && OF_WINGS.test(word)) || (isBefore && USUAL_DELTAS.has(value) && texts.some(isDated));
}

/** `at 120`, `675 straddle`, `673 10 wide` */
function isStrikeOfStrategy(texts: readonly string[], at: number): boolean {
  const next = texts.slice(at + 1, at + 4).join(' ');
  // "5 csp": how many.
  if (/^[1-9]$|^10$/.test(texts[at] ?? '') && !WIDTH.test(next) && texts[at - 1] !== 'at') return false;
  return texts[at - 1] === 'at' || OF_STRATEGIES.test(texts[at + 1] ?? '') || WIDTH.test(next);
}

/** Strikes of one chain: near each other, and neither a date nor a window. */
function isSpan(from: number, to: number, next: string): boolean {
  return from >= 5 && to > from && to <= 2 * from && !NO_STRIKE.test(next.replace(/^(?:calls?|puts?)$/, ''));
}

function deltaOf(from = '', to?: string): number | { from: number; to: number } {
  const share = (text: string): number => (Number(text) >= 1 ? Number(text) / 100 : Number(text));
  return to === undefined ? share(from) : { from: share(from), to: share(to) };
}

function strikeAt(words: readonly Word[], texts: readonly string[], at: number, isNamed: boolean): Found | undefined {
  const [first = '', second = '', third = ''] = texts.slice(at, at + 3);
  const found = (strike: string | undefined, length: number, side?: Side): Found => ({
    is: 'strike',
    strike: Number(strike),
    length,
    ...(side === undefined ? {} : { side }),
  });
  const compact = COMPACT.exec(first);
  // "top 5 calls"
  if (compact === null && OF_TOP.test(texts[at - 1] ?? '')) return undefined;
  if (compact !== null) return found(compact[1], 1, compact[2] === 'c' ? 'call' : 'put');
  if (/^(?:at|strike|the)$/.test(first)) return ledStrikeAt(texts.slice(at, at + 5), SIDE.test(texts[at - 1] ?? ''));
  if (!NUMBER.test(first)) return undefined;
  const isBehindSide = /^(?:call|put|calls|puts)$/.test(texts[at - 1] ?? '');
  const isFree = !NO_STRIKE.test(second) && !SIDE.test(second) && monthNumber(second) === undefined;
  if (isBehindSide && isFree && !words[at]?.isMark && Number(first) > LARGEST_COUNT / 10)
    return found(first, second === 'strike' ? 2 : 1);
  if (second === 'strike') {
    const side = SIDE.exec(third);
    return side === null ? found(first, 2) : found(first, 3, sideOf(side));
  }
  const side = SIDE.exec(second);
  return side === null ? undefined : strikeBeforeSide(first, second, third, side, isNamed);
}

/** `650 calls`, but not `10 calls`, which may be ten of them. */
function strikeBeforeSide(
  number: string,
  word: string,
  next: string,
  side: RegExpExecArray,
  isNamed: boolean,
): Found | undefined {
  const name = sideOf(side);
  const short = `${number}${name === 'call' ? 'c' : 'p'}`;
  if (YEAR.test(number))
    return {
      is: 'unclear',
      length: 2,
      message: `"${number} ${word}" could be the strike ${number} or the year`,
      hint: `write ${short} for the strike, or a date like 2026-12-18`,
    };
  const mayBeCount =
    !isNamed &&
    Number.isInteger(Number(number)) &&
    Number(number) <= LARGEST_COUNT &&
    (side[2] === 's' || COUNTED.test(next));
  if (!mayBeCount)
    return next === 'strikes' ? undefined : { is: 'strike', strike: Number(number), side: name, length: 2 };
  return {
    is: 'unclear',
    length: 2,
    message: `"${number} ${word}" could be the strike ${number} or a number of ${name}s`,
    hint: `write ${short} for the strike, or "${number} strikes"`,
  };
}

/** `strike 650`, `strike of 650`, and behind a side `at 650`, `at the 650 strike`. */
function ledStrikeAt(texts: readonly string[], isBehindSide: boolean): Found | undefined {
  const length = texts.findIndex((text) => NUMBER.test(text));
  const isLead = length > 0 && texts.slice(0, length).every((text) => /^(?:at|strike|of|the|price|with)$/.test(text));
  const next = texts[length + 1] ?? '';
  if (!isLead || !(texts.slice(0, length).includes('strike') || next === 'strike' || isBehindSide)) return undefined;
  const side = SIDE.exec(next);
  if (side !== null) return { is: 'strike', strike: Number(texts[length]), side: sideOf(side), length: length + 2 };
  if (NO_STRIKE.test(next)) return undefined;
  return { is: 'strike', strike: Number(texts[length]), length: length + (next === 'strike' ? 2 : 1) };
}

function sideOf(match: RegExpExecArray): Side {
  return match[1]?.startsWith('c') === true ? 'call' : 'put';
}

export const isOfContractWord = (text: string): boolean => OF_CONTRACT.test(text);
