// How many shares or contracts are meant, what was paid, and what is said of the saved positions: hides how people say
// what they hold.
import type { PositionData, PositionsData } from '../../domain/answers.ts';
import { dayMeant } from '../../domain/expirations.ts';
import { addDays, startOfWeek } from '../../domain/exchange-time.ts';
import { joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import { isOptionSymbol, parseOptionSymbol } from '../../domain/symbols.ts';
import type { IsoDate } from '../../domain/types.ts';
import { labelOf } from '../../fields/registry.ts';
import { type Query, type Refusal, type Slots, notUnderstood } from './query.ts';
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

/** `my biggest position`, `my worst trade`: what of what is held is ranked. */
export function settleHeld(slots: Slots, said: Slots): Refusal | undefined {
  const { range, forms, fields } = slots;
  const isExpiring = forms.some((form) => form.startsWith('expir'));
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

const underlyingOf = ({ symbol }: PositionData): string =>
  isOptionSymbol(symbol) ? parseOptionSymbol(symbol).underlying : symbol;

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
