// Which words were said, and a few states of a draft that many rules ask for.
import type { Draft } from './draft.ts';
import type { Slots } from './query.ts';
import type { Token } from '../words/tokens.ts';

/** Whether a token has these words, as a token of that kind where one is given. */
export function says(tokens: readonly Token[], words: RegExp, is?: Token['is']): boolean {
  return tokens.some((token) => (is === undefined || token.is === is) && words.test(token.text));
}

/** `how many` */
export const asksMany = ({ is, text }: Token): boolean => is === 'howMuch' && /many$/i.test(text);

export const isWay = (move: Slots['move']): move is 'up' | 'down' => move === 'up' || move === 'down';

/** A period that has passed. */
export const hasPeriod = ({ dates }: Draft): boolean =>
  dates.some(({ range }) => range !== undefined && range !== 'today');

export function dropAggregate({ slots, aggregates }: Draft): void {
  delete slots.aggregate;
  aggregates.length = 0;
}
