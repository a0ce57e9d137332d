// Hides how people write one strike: "650c", "650 call", "strike 650", "$187.50 puts". A number that may as well be a
// count or a date is no strike.
import type { Side } from '../../domain/types.ts';
import type { Word } from './lexer.ts';

/** `atm`: the listed strike nearest the spot. */
export type Strike = number | 'atm';

export interface StrikeMatch {
  /** Words taken. */
  length: number;
  strike?: { strike: Strike; side?: Side };
  /** Ten contracts or the strike 10: for the asker to say. */
  unclear?: { message: string; hint: string };
}

const COMPACT = /^(\d{1,5}(?:\.\d{1,3})?)([cp])$/;
const NUMBER = /^\d{1,5}(?:\.\d{1,3})?$/;
const SIDE = /^(call|put)(s?)$/;
/** What makes `10 call …` a count of things. */
const COUNTED = /^(?:strikes|options|contracts|rows|spreads?|lots?)$/;
/** `at 200 day`, `strike 5 each side`: of something else. */
const NO_STRIKE =
  /^(?:calls?|puts?|strikes|options|contracts|rows|each|either|above|below|days?|d|dma|weeks?|wks?|months?|mos?|dte|percent|delta)$/;
/** Up to here a number before a plural may be how many are wanted. */
const LARGEST_COUNT = 100;
const YEAR = /^20\d\d$/;
const MONTH = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/;

/** The strike that starts at a word, or undefined. */
export function matchStrike(words: readonly Word[], at: number): StrikeMatch | undefined {
  const texts = words.slice(at, at + 5).map((word) => (word.isMark ? '' : word.text));
  const [first = '', second = '', third = ''] = texts;
  const compact = COMPACT.exec(first);
  if (compact !== null) return found(compact[1], 1, compact[2] === 'c' ? 'call' : 'put');
  if (/^(?:at|strike|the)$/.test(first)) return matchLed(texts, SIDE.test(words[at - 1]?.text ?? ''));
  if (!NUMBER.test(first)) return undefined;
  if (isBehindCall(words[at - 1]?.text, second)) return found(first, second === 'strike' ? 2 : 1);
  if (second === 'strike') {
    const side = SIDE.exec(third);
    return side === null ? found(first, 2) : found(first, 3, sideOf(side));
  }
  const side = SIDE.exec(second);
  return side === null ? undefined : matchBeforeSide(first, second, third, side);
}

/** `call 650`, not `call 5 days` or `put 20 Nov`. */
function isBehindCall(before: string | undefined, next: string): boolean {
  return /^(?:call|put)$/.test(before ?? '') && !NO_STRIKE.test(next) && !SIDE.test(next) && !MONTH.test(next);
}

/** `650 calls`, but not `10 calls`, which may be ten of them. */
function matchBeforeSide(number: string, word: string, next: string, side: RegExpExecArray): StrikeMatch | undefined {
  const mayBeCount =
    Number.isInteger(Number(number)) && Number(number) <= LARGEST_COUNT && (side[2] === 's' || COUNTED.test(next));
  if (YEAR.test(number))
    return {
      length: 2,
      unclear: {
        message: `"${number} ${word}" could be the strike ${number} or the year`,
        hint: `write ${number}${side[1] === 'call' ? 'c' : 'p'} for the strike, or a date like 2026-12-18`,
      },
    };
  if (!mayBeCount) return next === 'strikes' ? undefined : found(number, 2, sideOf(side));
  const name = sideOf(side);
  const message = `"${number} ${word}" could be the strike ${number} or a number of ${name}s`;
  return {
    length: 2,
    unclear: { message, hint: `write ${number}${name === 'call' ? 'c' : 'p'} for the strike, or "${number} strikes"` },
  };
}

/** `strike 650`, `strike of 650`, and behind a side `at 650`, `at the 650 strike`. */
function matchLed(texts: readonly string[], isBehindSide: boolean): StrikeMatch | undefined {
  const isNamed = texts[0] === 'strike' || isBehindSide;
  const length = texts.findIndex((text) => NUMBER.test(text));
  const isLead = length > 0 && texts.slice(0, length).every((text) => /^(?:at|strike|of|the|price|with)$/.test(text));
  const next = texts[length + 1] ?? '';
  const side = texts[0] === 'strike' && isLead ? SIDE.exec(next) : null;
  if (side !== null) return found(texts[length], length + 2, sideOf(side));
  if (!isNamed || !isLead || NO_STRIKE.test(next)) return undefined;
  return found(texts[length], length + (next === 'strike' ? 2 : 1));
}

function sideOf(match: RegExpExecArray): Side {
  return match[1] === 'call' ? 'call' : 'put';
}

function found(number: string | undefined, length: number, side?: Side): StrikeMatch {
  return { length, strike: { strike: Number(number), ...(side === undefined ? {} : { side }) } };
}
