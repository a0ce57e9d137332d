// How many shares or contracts are meant, and what was paid: hides how people say what they hold.
import type { Draft } from './draft.ts';
import type { Reading, Token } from '../words/tokens.ts';

const OF_OPTIONS: ReadonlySet<Token['is']> = new Set([
  ...(['side', 'strike', 'contract', 'strategy', 'legs', 'deltaOf', 'width', 'ofStrategy', 'span'] as const),
]);
/** What stands before the price that was paid. */
const PAID_AT =
  /(?:^|\b)(?:at|@|for|from|of|is|was|in|paid|basis|cost|costs|entry|average|avg|bought|purchased|got in)$|^:$/i;
const PUT_IN = /^(?:in|into|of|worth|on)$/i;

/**
 * The numbers of a purchase by what they are: shares, dollars put in, the price of one. `100 amd at 210`, `500 shares at
 * 11.20`, `10 grand in nvidia on jan 2`; with them what is asked is their gain, no book.
 */
export function withLot(reading: Reading): Reading {
  const { tokens } = reading;
  if (tokens.some(({ is }) => OF_OPTIONS.has(is)) || !tokens.some(({ is }) => is === 'number')) return reading;
  const isTold = tokens.some((token) => token.is === 'paid' || token.is === 'worth' || isSided(token));
  const sign = tokens.some(isShort) ? -1 : 1;
  const isAsked = tokens.some((token) => isGain(token) || token.is === 'howMuch' || token.is === 'pays');
  const isBuying = tokens.some(
    ({ is, text }, at) => is === 'howMuch' && /many$/i.test(text) && isShares(tokens[at + 1]),
  );
  const roles = tokens.map((token, at) =>
    token.is !== 'number' || token.isPercent ? undefined : isBuying ? 'dollars' : roleOf(tokens, at, isTold, isAsked),
  );
  const has = (role: string): boolean => roles.includes(role as never);
  if (!has('shares') && !has('dollars') && !(isTold && has('price'))) return reading;
  const isBought = isTold || has('price') || has('dollars');
  const isDated = tokens.some((token) => token.is === 'date' && token.range !== undefined && token.range !== 'today');
  return {
    ...reading,
    tokens: tokens.map((token, at) => {
      const { text } = token;
      const role = roles[at];
      if (role !== undefined && token.is === 'number')
        return { is: 'lot', of: role, value: token.value * (role === 'shares' ? sign : 1), text };
      if (isGain(token) || (isBought && token.is === 'form' && token.form === 'positions')) return { is: 'gain', text };
      if (isSided(token)) return { is: 'paid', text };
      const isBeside =
        (isBought && (token.is === 'target' || token.is === 'since')) ||
        (isBought && isDated && token.is === 'date' && token.range === 'today') ||
        (has('price') && token.is === 'aggregate' && token.aggregate === 'average') ||
        (isBuying && token.is === 'refuse' && /^buy/i.test(text)) ||
        (roles[at - 1] === 'shares' && isShares(token));
      return isBeside ? { is: 'filler', text } : token;
    }),
  };
}

/** `pnl`, `am i up`, `profit`: of what was bought, where the question tells it. */
function isGain(token: Token): boolean {
  return token.is === 'refuse' && /^(?:p and l|p&l|pnl|am i|did i|have i|profits?)/i.test(token.text);
}

/** `long 100 spy`, `short 50 tsla` */
const isSided = (token: Token): boolean => isShort(token) || (token.is === 'unknown' && /^long$/i.test(token.text));
const isShort = ({ is, text }: Token): boolean => is === 'short' || (is === 'filler' && /\bshort$/i.test(text));
const isShares = (token: Token | undefined): boolean => /^(?:shares?|shs?|shrs?)$/i.test(token?.text ?? '');

function roleOf(
  tokens: readonly Token[],
  at: number,
  isTold: boolean,
  isAsked: boolean,
): (Token & { is: 'lot' })['of'] | undefined {
  const [before, own, next, after, last] = [tokens[at - 1], ...tokens.slice(at, at + 4)];
  if (own?.is !== 'number' || before?.is === 'relation' || before?.is === 'top') return undefined;
  const follows = next?.text ?? '';
  // "500 shares", "my 100 Apple shares"
  if (isShares(next) || (next?.is === 'symbol' && isShares(after))) return own.isMoney === true ? undefined : 'shares';
  const isMoney = own.isMoney === true || /^(?:dollars|bucks|usd)$/i.test(follows);
  const isPutIn = [next, after].some((each) => PUT_IN.test(each?.text ?? ''));
  if (isMoney && isPutIn && !PAID_AT.test(before?.text ?? '')) return 'dollars';
  // "300 pltr @ 140"
  const isLot = next?.is === 'symbol' && AT.test(after?.text ?? '') && last?.is === 'number';
  const isOfLot = AT.test(before?.text ?? '') && tokens[at - 2]?.is === 'symbol' && tokens[at - 3]?.is === 'number';
  if (!isMoney && isLot) return 'shares';
  if (isOfLot) return 'price';
  if (!isTold && !isAsked) return undefined;
  if (!isMoney && PUT_IN.test(follows) && after?.is === 'symbol' && own.value >= 100) return 'dollars';
  if (!isMoney && next?.is === 'symbol') return 'shares';
  const isPriced = AT.test(follows) && after?.is === 'number' && !isShares(last);
  if (!isMoney && isPriced && before?.is !== 'symbol') return 'shares';
  return before?.is !== 'worth' && PAID_AT.test(before?.text ?? '') ? 'price' : undefined;
}

const AT = /^(?:at|@|for|from)$/i;

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

/** `bought 2 at 3.55`, `protect 100 shares with a put`: contracts that are held and what one cost. */
export function takePaid(draft: Draft, { value, isPercent }: Token & { is: 'number' }, index: number): boolean {
  const { slots, has, tokens } = draft;
  const [before, next] = [tokens[index - 1]?.text ?? '', tokens[index + 1]];
  if (isPercent || draft.relation !== undefined) return false;
  const isOfShares = isShares(next?.is === 'symbol' ? tokens[index + 2] : next);
  const isPriced = before !== 'paid' && AT.test(next?.text ?? '') && tokens[index + 2]?.is === 'number';
  if (slots.quantity === undefined && (isOfShares || (has.has('paid') && (slots.base !== undefined || isPriced)))) {
    // One contract is for a hundred.
    const isCovered = isOfShares && value % 100 === 0 && !has.has('strategy');
    slots.quantity = isCovered ? value / 100 : value;
    return true;
  }
  if (!has.has('paid') || slots.base !== undefined || !PAID_AT.test(before)) return false;
  slots.base = String(value);
  return true;
}
