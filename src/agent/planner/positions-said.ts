// What is said of the saved positions: all of them, those of a kind, one symbol's.
import type { PositionData, PositionsData } from '../../domain/answers.ts';
import { addDays, startOfWeek } from '../../domain/exchange-time.ts';
import { dayMeant } from '../../domain/expirations.ts';
import { joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import { isOptionSymbol, parseOptionSymbol, underlyingOf } from '../../domain/symbols.ts';
import type { IsoDate } from '../../domain/types.ts';
import type { Query } from './query.ts';

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
  const { side, money, move, range, isShort, expiration } = query;
  const isOfDates = move === undefined && (expiration !== undefined || range === 'this week');
  const isOfContracts = side !== undefined || money !== undefined || isOfDates;
  if (isOfContracts && !isContractMeant(position, query, isOfDates ? today : undefined)) return false;
  if (isShort === true && position.quantity >= 0) return false;
  const pnl = range === 'today' ? position.dayPnl : position.pnl;
  if (move === 'up') return pnl !== undefined && pnl > 0;
  return move !== 'down' || (pnl !== undefined && pnl < 0);
}

/** By its side, its expiration where a day is given to count from, and on which side of the spot it is. */
function isContractMeant({ symbol, spot }: PositionData, query: Query, today: IsoDate | undefined): boolean {
  if (!isOptionSymbol(symbol)) return false;
  const { side, strike, expiration } = parseOptionSymbol(symbol);
  if (query.side !== undefined && query.side !== 'both' && side !== query.side) return false;
  if (today !== undefined && !isExpiring(expiration, query, today)) return false;
  if (query.money === undefined) return true;
  return spot !== undefined && (side === 'call' ? spot > strike : spot < strike) === (query.money === 'itm');
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
