// How many shares or contracts are meant, what was paid, and what is said of the saved positions: hides how people say
// what they hold.
import type { PositionData, PositionsData } from '../../domain/answers.ts';
import { dayMeant } from '../../domain/expirations.ts';
import { addDays, startOfWeek } from '../../domain/exchange-time.ts';
import { joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import { isOptionSymbol, parseOptionSymbol, underlyingOf } from '../../domain/symbols.ts';
import type { IsoDate } from '../../domain/types.ts';
import { labelOf } from '../../fields/registry.ts';
import { type Query, type Refusal, type Slots, notUnderstood } from './query.ts';
import type { Draft } from './draft.ts';
import type { Topic } from '../words/read.ts';
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
  // "bought 1000 dollars of amd"
  const isBought = /^(?:bought|purchased)$/i.test(before?.text ?? '');
  if (isMoney && isPutIn && (isBought || !PAID_AT.test(before?.text ?? ''))) return 'dollars';
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

/** `my biggest position`, `my worst trade`: what of what is held is ranked. */
export function settleHeld(slots: Slots, said: Slots): Refusal | undefined {
  const { range, forms } = slots;
  const isExpiring = forms.some((form) => form.startsWith('expir'));
  // What is said of them anyway.
  const fields = slots.fields.filter((name) => !/^(?:pnl|dayPnl|cost)$/.test(name));
  slots.fields = fields;
  const strange = fields.find((name) => !/^(?:delta|gamma|theta|vega|last|value)$/.test(name));
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} together with positions`);
  if (range !== undefined && range !== 'today' && !isExpiring)
    return notUnderstood(`"${range}" together with positions`);
  for (const each of [slots, said]) {
    const { aggregate, rank, move } = each;
    const order = aggregate === 'highest' || aggregate === 'lowest' ? aggregate : rank?.order;
    const isOfSize = (rank?.by ?? 'value') === 'value' && move === undefined;
    if (order !== undefined) each.rank = { order: move === 'down' ? 'lowest' : order, by: isOfSize ? 'value' : 'pnl' };
    if (order !== undefined || move === 'any') delete each.move;
    delete each.aggregate;
  }
  return undefined;
}

/** `my short calls in the money`, `net theta of my book`, `how much of my account is in AAPL`. */
export function sayHoldings({ positions, totals }: PositionsData, query: Query, today: IsoDate): Said[] {
  if (positions.length === 0)
    return [['No positions are saved. To add one: fin positions add 100 NVDA @ 180.50, or fin positions import FILE.']];
  const isChosen = query.symbols.length === 0 && isNarrowed(query);
  if (isChosen || query.rank !== undefined) return [sayChosen(positions, query, today)];
  if (query.symbols.length > 0) return query.symbols.map((symbol) => sayOne(symbol, positions, totals.value));
  const asked = query.fields.flatMap((name) => {
    const total = name === 'delta' ? totals.deltaShares : name === 'theta' ? totals.theta : undefined;
    return [[`${name} `, total === undefined ? summed(name as Money, positions) : figure(name, total)] as Said];
  });
  if (asked.length > 0) return [say`All positions: ${joinSaid(asked, ', ')}.`];
  const [value, pnl, dayPnl] = (['value', 'pnl', 'dayPnl'] as const).map((field) => money(field, totals[field]));
  return [say`All positions: value ${value ?? ''}, P/L ${pnl ?? ''}, today ${dayPnl ?? ''}.`];
}

type Money = 'cost' | 'value' | 'pnl' | 'dayPnl' | 'gamma' | 'vega';

/** Of all of them: a sum without a part of it is another figure. */
function summed(field: Money, all: readonly PositionData[], symbol?: string): SaidFigure | string {
  // Shares have neither.
  const held = all.filter((each) => !/^(?:gamma|vega)$/.test(field) || isOptionSymbol(each.symbol));
  const parts = held.flatMap((each) => {
    const value = each[field];
    return value === undefined ? [] : [figure(field, value, underlyingOf(each))];
  });
  const [only, ...more] = parts;
  if (only === undefined || parts.length < held.length) return 'not known';
  const value = parts.reduce((sum, each) => sum + each.value, 0);
  return more.length === 0 ? only : { ...figure('calculation', value, symbol), of: parts };
}

const isNarrowed = ({ side, money: of, expiration, range, move, isShort }: Query): boolean =>
  side !== undefined ||
  of !== undefined ||
  expiration !== undefined ||
  range === 'this week' ||
  isShort === true ||
  move !== undefined;

function isMeant(position: PositionData, query: Query, today: IsoDate): boolean {
  const { side, money: of, move, range, isShort, expiration } = query;
  const terms = isOptionSymbol(position.symbol) ? parseOptionSymbol(position.symbol) : undefined;
  const isOfDates = move === undefined && (expiration !== undefined || range === 'this week');
  if ((side !== undefined || of !== undefined || isOfDates) && terms === undefined) return false;
  if (side !== undefined && side !== 'both' && terms?.side !== side) return false;
  if (isShort === true && position.quantity >= 0) return false;
  if (terms !== undefined && isOfDates && !isExpiring(terms.expiration, query, today)) return false;
  if (terms !== undefined && of !== undefined) {
    if (position.spot === undefined) return false;
    const isIn = terms.side === 'call' ? position.spot > terms.strike : position.spot < terms.strike;
    if (isIn !== (of === 'itm')) return false;
  }
  const pnl = range === 'today' ? position.dayPnl : position.pnl;
  if (move === 'up') return pnl !== undefined && pnl > 0;
  return move !== 'down' || (pnl !== undefined && pnl < 0);
}

function isExpiring(day: IsoDate, { range, expiration }: Query, today: IsoDate): boolean {
  if (range === 'this week') return day <= addDays(startOfWeek(today), 6);
  const [from = '', to = from] =
    (expiration === 'today' ? today : dayMeant(expiration ?? '', today))?.split('..') ?? [];
  return day >= from && day <= to;
}

function sayChosen(positions: readonly PositionData[], query: Query, today: IsoDate): Said {
  const meant = positions.filter(
    (each) => isMeant(each, query, today) && (query.symbols.length === 0 || query.symbols.includes(underlyingOf(each))),
  );
  const by = query.rank?.by ?? (query.range === 'today' ? 'dayPnl' : 'pnl');
  const known = meant.flatMap((each) => {
    const value = each[by as 'value' | 'pnl' | 'dayPnl'];
    return value === undefined ? [] : [{ each, value }];
  });
  const label = { value: 'value', pnl: 'P/L', dayPnl: 'P/L today' }[by] ?? by;
  const said = ({ each, value }: (typeof known)[number]): Said => [
    `${nameOf(each)} (${label} `,
    figure(by, value, underlyingOf(each)),
    ')',
  ];
  if (query.rank !== undefined) {
    const sign = query.rank.order === 'highest' ? -1 : 1;
    const [first] = known.toSorted(
      (a, b) => sign * (by === 'value' ? Math.abs(a.value) - Math.abs(b.value) : a.value - b.value),
    );
    return first === undefined
      ? ['No position has a price.']
      : [`Of ${String(known.length)} positions: `, ...said(first), '.'];
  }
  if (meant.length === 0) return [`None of the ${String(positions.length)} positions.`];
  const others = meant
    .filter((each) => !known.some((other) => other.each === each))
    .map((each): Said => [nameOf(each)]);
  return [
    `${String(meant.length)} of ${String(positions.length)} positions: `,
    ...joinSaid([...known.map(said), ...others], ', '),
    '.',
  ];
}

function nameOf({ symbol, quantity }: PositionData): string {
  if (!isOptionSymbol(symbol)) return `${String(quantity)} ${symbol}`;
  const { underlying, strike, side, expiration } = parseOptionSymbol(symbol);
  return `${String(quantity)} ${underlying} ${String(strike)} ${side} ${expiration}`;
}

function sayOne(symbol: string, positions: readonly PositionData[], all: number | undefined): Said {
  const held = positions.filter((each) => underlyingOf(each) === symbol);
  if (held.length === 0) return [`${symbol}: no position.`];
  const value = summed('value', held, symbol);
  const share: Said =
    typeof value === 'string' || all === undefined || all === 0
      ? []
      : [
          ' (',
          { ...value, field: 'calculation', value: (100 * value.value) / all, unit: 'percent', of: [value] },
          ' of all)',
        ];
  const [cost, pnl, dayPnl] = (['cost', 'pnl', 'dayPnl'] as const).map((field) => summed(field, held, symbol));
  const names = held.map(nameOf).join(', ');
  return say`${symbol}: ${names}, cost ${cost ?? ''}, value ${value}${share}, P/L ${pnl ?? ''}, today ${dayPnl ?? ''}.`;
}

const figure = (field: string, value: number, symbol?: string): SaidFigure => ({
  field,
  value,
  unit: /^(?:delta|gamma)$/.test(field) ? 'number' : 'usd',
  ...(symbol === undefined ? {} : { symbol }),
});

const money = (field: string, value: number | undefined): SaidFigure | string =>
  value === undefined ? 'not known' : figure(field, value);

const SOLD = /\b(?:sold|short|shorted|wrote|written|collected|sto|received)\b/i;
const BOUGHT = /\b(?:bought|bot|paid|long|own|hold|have|got|bto|purchased)\b/i;

/** `sold at 48 cents`, `bought for 3.10`, `long 5 @3.10`: the price a share at which it was traded. */
export function withTrade(tokens: readonly Token[], topic: Topic | undefined): Token[] {
  const verb = tokens.findIndex(({ text, is }) => is !== 'strategy' && (SOLD.test(text) || BOUGHT.test(text)));
  const at = tokens.findIndex(
    ({ is }, index) =>
      is === 'number' &&
      index > verb &&
      /(?:^| )(?:at|for|from|@|paid|collected|received)$/i.test(tokens[index - 1]?.text ?? ''),
  );
  const price = tokens[at];
  const next = tokens[at + 1];
  const isNamed = tokens.some(({ is }) => is === 'strike' || is === 'deltaOf' || is === 'contract');
  if (verb < 0 || !(isNamed || topic === 'options')) return [...tokens];
  const isOther = ['symbol', 'strike', 'form', 'side'].includes(next?.is ?? '') || /^shares?$/i.test(next?.text ?? '');
  if (price?.is !== 'number' || price.isPercent || isOther) return withoutHolding(tokens);
  const isSold = SOLD.test(tokens[verb]?.text ?? '');
  return tokens.map((token, index): Token => {
    if (index === at) return { is: 'traded', price: price.value, isSold, text: token.text };
    if (index === verb || token.is === 'short' || token.is === 'paid') return { is: 'filler', text: token.text };
    return (ABOUT_TRADES.test(token.text) && ['refuse', 'unknown', 'move'].includes(token.is)) ||
      (token.is === 'form' && token.form === 'positions')
      ? { is: 'filler', text: token.text }
      : token;
  });
}

/** `my long 580p`: who holds a contract asks of the contract; the greeks of one that is sold have the other sign. */
function withoutHolding(tokens: readonly Token[]): Token[] {
  const hasGreek = tokens.some(
    (token) => token.is === 'delta' || (token.is === 'field' && token.names.some((name) => GREEKS.test(name))),
  );
  const isHeld = (text: string): boolean =>
    /^(?:i )?(?:long|bought|own|hold|holding)$/i.test(text) || (!hasGreek && /^(?:i )?sold$/i.test(text));
  return tokens.map((token) =>
    token.is === 'unknown' && isHeld(token.text) ? { is: 'filler', text: token.text } : token,
  );
}

/** What a trade has brought is told beside its price, whatever it is called. */
const ABOUT_TRADES =
  /^(?:keep|kept|made|make|profit|pnl|p&l|p \/ l|up|down|up or down|gain|gained|lost|am i|am i up|did i|do i|back|sold|each|how much have i made|do i keep)$/i;

const GREEKS = /^(?:delta|gamma|theta|vega)$/;
