// The figures of a position: what it cost, is worth and has brought. Money for the whole position.
import { type PositionInputs, positionDayPnl, positionPnl, positionValue } from '../domain/position-figures.ts';
import type { Entry, Need, Said } from './field.ts';

type Lots = readonly PositionInputs[];

/** Of all lots together; undefined where nothing is held, or one of them lacks the figure. */
function sumOf(read: (lot: PositionInputs) => number | undefined): (lots: Lots) => number | undefined {
  return (lots) => {
    const [first, ...more] = lots.map(read);
    return more.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), first);
  };
}

type OfPosition = Said & { read(lots: Lots): number | undefined; needs?: readonly Need[] };

/** A price needs a quote; what was paid needs none. */
function ofPosition({ read, needs = ['quote'], ...said }: OfPosition): Entry {
  return { of: 'position', needs: ['position', ...needs], ...said, read: ({ position = [] }) => read(position) };
}

function pnlPercentOf(lots: Lots): number | undefined {
  const [pnl, cost] = [sumOf(positionPnl)(lots), sumOf((lot) => lot.cost)(lots)];
  return pnl === undefined || cost === undefined || cost === 0 ? undefined : (pnl / Math.abs(cost)) * 100;
}

export const POSITION_FIELDS: readonly Entry[] = [
  ofPosition({
    name: 'quantity',
    label: 'Quantity',
    head: 'Qty',
    unit: 'count',
    decimals: 'needed',
    words: ['quantity held', 'position size'],
    meaning: 'shares of the symbol, or contracts of the contract, that you hold; negative if short',
    needs: [],
    read: sumOf(({ quantity }) => quantity),
  }),
  ofPosition({
    name: 'cost',
    label: 'Cost',
    unit: 'usd',
    words: ['cost basis', 'cost of the position'],
    meaning: 'what was paid for the whole position; negative if money was received',
    needs: [],
    read: sumOf(({ cost }) => cost),
  }),
  ofPosition({
    name: 'value',
    label: 'Value',
    unit: 'usd',
    words: ['position value', 'value of the position'],
    meaning: 'quantity times price, times 100 for contracts; negative if short',
    read: sumOf(positionValue),
  }),
  ofPosition({
    name: 'pnl',
    label: 'P/L',
    unit: 'usd',
    signed: true,
    words: ['profit and loss', 'open profit', 'unrealized profit', 'p/l', 'pnl'],
    meaning: 'value minus cost',
    read: sumOf(positionPnl),
  }),
  ofPosition({
    name: 'pnlPercent',
    label: 'P/L %',
    unit: 'percent',
    signed: true,
    words: ['profit percent', 'p/l percent'],
    meaning: 'value minus cost in percent of the cost',
    read: pnlPercentOf,
  }),
  ofPosition({
    name: 'dayPnl',
    label: 'Day P/L',
    unit: 'usd',
    signed: true,
    words: ['profit today', 'day profit', 'p/l today'],
    meaning: 'since the previous close, or since it was opened if that was today',
    read: sumOf(positionDayPnl),
  }),
];
