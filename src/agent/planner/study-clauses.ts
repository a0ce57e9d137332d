// Where the clause of a question stands that says which sessions are meant (`when …`, `after …`, `the day after …`), and how
// much later is looked.
import type { Study } from './query.ts';
import type { Token } from '../words/tokens.ts';

const OFTEN: ReadonlySet<Token['is']> = new Set(['count', 'share', 'aggregate', 'usual', 'howMuch']);
const ASKS: ReadonlySet<Token['is']> = new Set([...OFTEN, 'did', 'days', 'bestDay', 'which']);
/** Facts of the date, which nothing that happened on it changes. */
export const OF_CALENDAR = /\b(?:others|weekday|month|sessionOfMonth|isMonthEnd|isOpex|isHalfDay|sessionsSince\w+)\b/;

interface Place {
  /** Of the word that begins it, where one does. */
  at: number;
  from: number;
  to: number;
  isLast?: true;
}

/** The clause, what else is said, and the word that begins it. */
export function clauseIn(tokens: readonly Token[]): {
  clause: readonly Token[];
  left: readonly Token[];
  marker: Token | undefined;
  isLast: boolean;
} {
  const place = clauseOf(tokens) ?? clauseBefore(tokens) ?? clauseOfLast(tokens) ?? clauseCounted(tokens);
  if (place === undefined) return { clause: [], left: tokens, marker: undefined, isLast: false };
  const { at, from, to, isLast = false } = place;
  return {
    clause: tokens.slice(from, to),
    left: [...tokens.slice(0, Math.min(at, from)), ...tokens.slice(to)],
    marker: at === from ? undefined : tokens[at],
    isLast,
  };
}

const PLACES = ['second', 'third', 'fourth', 'fifth', 'sixth'];
/** `the 4th` after three in a row. */
function isNextOf({ text }: Token, tokens: readonly Token[]): boolean {
  const [, digit, word = ''] =
    /^(?:on )?the (?:(\d)(?:th|rd|nd|st)|(second|third|fourth|fifth|sixth))(?: day)?$/i.exec(text) ?? [];
  const place = digit === undefined ? PLACES.indexOf(word.toLowerCase()) + 2 : Number(digit);
  const countIn = (token: Token): string | undefined =>
    token.is === 'state' ? /^streak [<>]= -?(\d+)$/.exec(token.expression)?.[1] : undefined;
  return tokens.some((each) => Number(countIn(each)) + 1 === place);
}

/** `when …`, `after …`, `the day after …`: where the clause that says which sessions begins and ends. */
function clauseOf(tokens: readonly Token[]): Place | undefined {
  const asks = tokens.some(({ is, text }) => ASKS.has(is) || /^(?:what happens|happens|does)$/i.test(text));
  const at = tokens.findIndex((token, index) => isMarker(tokens, token, index));
  if (at < 0 || !asks) return undefined;
  const isFirst = tokens.slice(0, at).every(({ is }) => ['filler', 'mark', 'joiner', 'follow'].includes(is));
  const end = tokens.findIndex(
    (token, index) => index > at + 1 && (token.is === 'mark' || (isFirst && begins(token, tokens[index + 1]))),
  );
  return { at, from: at + 1, to: end < 0 ? tokens.length : end };
}

/** What stands before a word of a later session and says a state of one. */
function clauseBefore(tokens: readonly Token[]): Place | undefined {
  const isLater = (token: Token): boolean => lagOf(token, tokens) !== undefined;
  const state = tokens.findIndex((token) => token.is === 'state' && !OF_CALENDAR.test(token.expression));
  if (state < 0 || !tokens.slice(state).some(isLater)) return undefined;
  const end = tokens.findIndex(
    (token, at) => at > state && (token.is === 'mark' || isLater(token) || begins(token, tokens[at + 1])),
  );
  return { at: 0, from: 0, to: end < 0 ? tokens.length : end };
}

/** `the last time it fell 3%, and where was it ten sessions later`: of that one session. */
function clauseOfLast(tokens: readonly Token[]): Place | undefined {
  const at = tokens.findIndex((token) => token.is === 'occasion' && token.occasion === 'last');
  const later = tokens.findIndex((token) => lagOf(token, tokens) !== undefined);
  const to = tokens.slice(0, Math.max(0, later)).findLastIndex(({ is }) => is === 'mark' || is === 'joiner');
  const end = tokens[to - 1]?.is === 'mark' ? to - 1 : to;
  return at < 0 || end <= at ? undefined : { at, from: at + 1, to: end, isLast: true };
}

/** `gap ups over .5% this year, how many closed above the open`: of the sessions that stand before, so many. */
function clauseCounted(tokens: readonly Token[]): Place | undefined {
  const asks = (token: Token | undefined): boolean => /^how (?:many|often)/i.test(token?.text ?? '');
  const isState = (token: Token): boolean => token.is === 'state' && !OF_CALENDAR.test(token.expression);
  const at = tokens.findIndex((token, index) => asks(token) && tokens.slice(0, index).some(isState));
  const before = tokens.slice(0, Math.max(0, at));
  const ends = before.findLastIndex(({ is }) => is !== 'filler');
  const isJoined = before[ends]?.is === 'mark' || before[ends]?.is === 'joiner';
  const isOfThose = /^(?:of (?:those|them|these|which)|of|those|them)$/i.test(tokens[at + 1]?.text ?? '');
  const told = tokens.slice(at + 1).some(({ is }) => is === 'state' || is === 'move' || is === 'relation');
  if (!isJoined || !told || (before.some(asks) && !isOfThose)) return undefined;
  return { at: 0, from: 0, to: ends };
}

const BEGINS: ReadonlySet<Token['is']> = new Set([
  ...(['count', 'share', 'howMuch', 'which', 'aggregate', 'follow', 'define'] as const),
]);
const begins = ({ is, text }: Token, next: Token | undefined): boolean =>
  BEGINS.has(is) || (is === 'filler' && /^(?:how|what|whats|does|did)$/i.test(text) && next !== undefined);

const IS_STEPPED: ReadonlySet<string> = new Set(['number', 'move', 'state', 'symbol', 'pronoun', 'relation']);
function isMarker(tokens: readonly Token[], { is, text }: Token, at: number): boolean {
  if (is === 'given') return true;
  if (is === 'when') return /^when$/i.test(text);
  if (is === 'days') return /when$|which$|^e\w+ time$/i.test(text);
  // "if SPY drops 2% what happens to TSLA" may be about what is to come.
  if (is === 'target') return /^if$/i.test(text) && tokens.some((token) => OFTEN.has(token.is));
  if (is !== 'step' || !/after$/i.test(text)) return false;
  // "the day after a 2% drop"
  return IS_STEPPED.has(tokens.slice(at + 1).find((token) => token.is !== 'filler')?.is ?? '');
}

/** `the next day`, `5 days later`, `the 4th` after three in a row. */
export function lagOf(token: Token, tokens: readonly Token[]): Pick<Study, 'lag' | 'isOver'> | undefined {
  if (token.is === 'lag') return { lag: token.sessions, ...(token.isOver === true ? { isOver: true } : {}) };
  const isNextDay =
    (token.is === 'step' && token.unit === 'day' && token.by === 1) ||
    (token.is === 'date' && token.range === 'next day') ||
    isNextOf(token, tokens);
  return isNextDay ? { lag: 1 } : undefined;
}
