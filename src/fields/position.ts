// The figures of a position: what it cost, is worth and has brought. Money for the whole position.
import {
  type PositionInputs,
  positionDayPnl,
  positionPnl,
  positionPnlPercent,
  positionValue,
} from '../domain/position-figures.ts';
import type { Entry, Said } from './field.ts';

function ofPosition(said: Said, read: (position: PositionInputs) => number | undefined): Entry {
  return { of: 'position', needs: [], ...said, read: ({ position }) => position && read(position) };
}

export const POSITION_FIELDS: readonly Entry[] = [
  ofPosition(
    {
      name: 'quantity',
      label: 'Quantity',
      head: 'Qty',
      unit: 'count',
      decimals: 'needed',
      words: ['quantity held', 'position size'],
      meaning: 'shares or contracts held, negative where short',
    },
    ({ quantity }) => quantity,
  ),
  ofPosition(
    {
      name: 'cost',
      label: 'Cost',
      unit: 'usd',
      words: ['cost basis', 'cost of the position'],
      meaning: 'what was paid for the whole position, negative where it was received',
    },
    ({ cost }) => cost,
  ),
  ofPosition(
    {
      name: 'value',
      label: 'Value',
      unit: 'usd',
      words: ['position value', 'value of the position'],
      meaning: 'quantity times price, contracts times 100, negative where short',
    },
    positionValue,
  ),
  ofPosition(
    {
      name: 'pnl',
      label: 'P/L',
      unit: 'usd',
      signed: true,
      words: ['profit and loss', 'open profit', 'unrealized profit', 'p/l', 'pnl'],
      meaning: 'value minus cost',
    },
    positionPnl,
  ),
  ofPosition(
    {
      name: 'pnlPercent',
      label: 'P/L %',
      unit: 'percent',
      signed: true,
      words: ['profit percent', 'p/l percent'],
      meaning: 'value minus cost in percent of the cost',
    },
    positionPnlPercent,
  ),
  ofPosition(
    {
      name: 'dayPnl',
      label: 'Day P/L',
      unit: 'usd',
      signed: true,
      words: ['profit today', 'day profit', 'p/l today'],
      meaning: 'since the previous close; since it was opened where that was today',
    },
    positionDayPnl,
  ),
];
