// How many shares or contracts are meant, and what was paid: hides how people say what they hold.
import type { Draft } from './draft.ts';
import type { Token } from '../words/tokens.ts';

/** `3 contracts`, `5 csp on sofi` */
export function isCountOfContracts({ tokens }: Draft, value: number, index: number): boolean {
  const next = tokens[index + 1];
  if (tokens.slice(index + 1, index + 3).some(({ text }) => /^shares?$/i.test(text))) return false;
  const isFew = Number.isInteger(value) && value <= 20 && tokens[index - 1]?.is !== 'symbol';
  // "3 of the ford 10 puts", "5 tsla 235c"
  const isOfContract =
    Number.isInteger(value) && tokens.slice(index).some(({ is }) => is === 'strike' || is === 'contract');
  const isBefore = next?.is === 'symbol' || /^of$/i.test(next?.text ?? '');
  const isStrikeNamed = tokens.some((token, at) => at > index && token.is === 'strike');
  return (
    /^(?:contracts?|lots?)$/i.test(next?.text ?? '') ||
    (next?.is === 'strategy' && isFew) ||
    (isOfContract && isBefore && isStrikeNamed)
  );
}

/** `bought 100 at 118`, `200 shares`, `1000 dollars in`: what is held and what it cost. */
export function takePaid(draft: Draft, { value, isPercent }: Token & { is: 'number' }, index: number): boolean {
  const slots = draft.slots;
  const [before, next] = [draft.tokens[index - 1]?.text ?? '', draft.tokens[index + 1]];
  const isOwned = draft.has.has('paid') || draft.has.has('worth');
  if (isPercent || draft.relation !== undefined) return false;
  // "my 100 Apple shares"
  const owned = next?.is === 'symbol' ? draft.tokens[index + 2] : next;
  const isShares = /^shares?$/i.test(owned?.text ?? '');
  const isPriced =
    before !== 'paid' && /^(?:at|@|for)$/i.test(next?.text ?? '') && draft.tokens[index + 2]?.is === 'number';
  if (
    slots.quantity === undefined &&
    (isShares ||
      (isOwned && next?.is === 'symbol') ||
      // "bought 2 at 355"
      (draft.has.has('paid') && (slots.base !== undefined || isPriced)))
  ) {
    // "protect 100 shares with a put": that is one contract.
    const isCovered = isShares && value % 100 === 0 && (draft.has.has('strike') || draft.has.has('side'));
    slots.quantity = isCovered && !draft.has.has('strategy') ? value / 100 : value;
    return true;
  }
  if (
    draft.has.has('worth') &&
    /^(?:dollars|bucks|usd|in|into)$/i.test(next?.text ?? '') &&
    slots.amount === undefined
  ) {
    slots.amount = value;
    return true;
  }
  if (
    !(draft.has.has('paid') || (before === 'from' && draft.tokens.some(({ text }) => /^holding$/i.test(text)))) ||
    slots.base !== undefined ||
    !/^(?:at|for|from|is|of|paid|basis|cost|entry|average|bought|in|was|@|:)$|cost|basis|entry|average|bought|paid|got in/i.test(
      before,
    )
  )
    return false;
  slots.base = String(value);
  return true;
}
