// The figures of positions and events as facts: each of its share or contract, totals of no symbol, events of a date.
import type { EventsData, PositionsData } from '../../domain/answers.ts';
import { isOptionSymbol, parseOptionSymbol } from '../../domain/symbols.ts';
import type { Fact, Field } from './facts.ts';

type Put = (field: Field, value: number | undefined, terms?: Partial<Fact>) => void;

const FIGURES = [
  'quantity',
  'cost',
  'value',
  'pnl',
  'pnlPercent',
  'dayPnl',
  'delta',
  'gamma',
  'theta',
  'vega',
  'dte',
] as const;

export function readPositions({ positions, totals }: PositionsData, put: Put): void {
  for (const { symbol, price, priceAsOf, ...figures } of positions) {
    const contract = isOptionSymbol(symbol) ? parseOptionSymbol(symbol) : undefined;
    const { underlying = symbol, strike, side, expiration } = contract ?? {};
    const terms: Partial<Fact> = {
      symbol: underlying,
      ...(strike === undefined || side === undefined || expiration === undefined ? {} : { strike, side, expiration }),
    };
    put('last', price, { ...terms, ...(priceAsOf === undefined ? {} : { date: priceAsOf.slice(0, 10) }) });
    put('strike', strike, terms);
    for (const field of FIGURES) put(field, figures[field], terms);
  }
  for (const field of ['value', 'dayPnl', 'pnl', 'theta'] as const) put(field, totals[field]);
  for (const delta of [totals.deltaShares, totals.betaDelta]) put('delta', delta);
  put('count', positions.length, { counted: 'asked' });
}

export function readEvents({ symbol, dividends, splits, earnings = [] }: EventsData, put: Put): void {
  for (const { amount, exDate, payDate } of dividends)
    for (const date of new Set([exDate, payDate]))
      if (date !== undefined) put('dividend', amount, { symbol, date });
  for (const { from, to, date } of splits) for (const count of [from, to]) put('count', count, { symbol, date });
  for (const { date, epsEstimate, epsActual } of earnings)
    for (const eps of [epsEstimate, epsActual]) put('eps', eps, { symbol, date });
}
