// Figures of a session's bars of minutes. They are asked for only where a column, a condition or an order needs them.
import type { Entry } from './field.ts';

export const INTRADAY_FIELDS: readonly Entry[] = [
  {
    of: 'symbol',
    needs: ['intraday'],
    name: 'vwap',
    label: 'VWAP',
    unit: 'usd',
    words: ['vwap', 'volume weighted average price', 'volume-weighted average price'],
    meaning: 'volume-weighted average price of the newest regular session, from its 5-minute bars',
    read: ({ vwap }) => vwap,
  },
];
