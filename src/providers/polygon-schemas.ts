// The rows of Polygon's bodies as schemas: what must be there, what may be missing, and what is read of it.
import * as z from 'zod/mini';
import type { TimeField } from './row-times.ts';
import { createFieldSchemas, createRowSchema, optionalPart } from './wire-fields.ts';

export type Schemas = ReturnType<typeof buildSchemas>;
export type BarRow = z.infer<Schemas['bar']>;
export type StockRow = z.infer<Schemas['stock']>;
export type UnifiedRow = z.infer<Schemas['unified']>;
export type UnifiedContractRow = z.infer<Schemas['unifiedContract']>;
export type ContractRow = z.infer<Schemas['contract']>;

const NANOS = 1e6;

/** Where rows have their times. */
export const TIMES: Readonly<Record<'stock' | 'unified' | 'unifiedContract' | 'contract', readonly TimeField[]>> = {
  stock: [
    ['updated', NANOS],
    ['lastTrade.t', NANOS],
    ['min.t', 1],
  ],
  unified: [
    ['last_updated', NANOS],
    ['last_trade.sip_timestamp', NANOS],
    ['last_trade.last_updated', NANOS],
    ['last_quote.last_updated', NANOS],
  ],
  unifiedContract: [
    ['last_quote.last_updated', NANOS],
    ['last_trade.sip_timestamp', NANOS],
  ],
  contract: [
    ['day.last_updated', NANOS],
    ['last_trade.sip_timestamp', NANOS],
    ['underlying_asset.last_updated', NANOS],
  ],
};

export function buildSchemas() {
  const { strike, optionalNumber, text, name, optionalText, date } = createFieldSchemas();
  const dayBar = optionalPart(
    z.object({
      o: optionalNumber,
      h: optionalNumber,
      l: optionalNumber,
      c: optionalNumber,
      v: optionalNumber,
      vw: optionalNumber,
    }),
  );
  const greeks = optionalPart(
    z.object({ delta: optionalNumber, gamma: optionalNumber, theta: optionalNumber, vega: optionalNumber }),
  );
  return {
    bar: createRowSchema((row) => ({
      T: row.optionalText('T'),
      o: row.optionalNumber('o'),
      h: row.optionalNumber('h'),
      l: row.optionalNumber('l'),
      c: row.optionalNumber('c'),
      v: row.optionalNumber('v'),
      vw: row.optionalNumber('vw'),
      t: row.instant('t'),
    })),
    split: createRowSchema((row) => ({
      ticker: row.optionalText('ticker'),
      execution_date: row.date('execution_date'),
      split_from: row.number('split_from'),
      split_to: row.number('split_to'),
    })),
    stock: z.object({
      ticker: text,
      updated: optionalNumber,
      day: dayBar,
      prevDay: dayBar,
      min: optionalPart(z.object({ c: optionalNumber, t: optionalNumber })),
      lastTrade: optionalPart(z.object({ p: optionalNumber, t: optionalNumber })),
      lastQuote: optionalPart(z.object({ p: optionalNumber, P: optionalNumber })),
    }),
    unified: z.object({
      ticker: text,
      error: optionalText,
      message: optionalText,
      name: optionalText,
      value: optionalNumber,
      last_updated: optionalNumber,
      timeframe: optionalText,
      session: optionalPart(
        z.object({
          price: optionalNumber,
          open: optionalNumber,
          high: optionalNumber,
          low: optionalNumber,
          close: optionalNumber,
          previous_close: optionalNumber,
          volume: optionalNumber,
        }),
      ),
      last_minute: optionalPart(z.object({ close: optionalNumber })),
      last_quote: optionalPart(z.object({ bid: optionalNumber, ask: optionalNumber, last_updated: optionalNumber })),
      last_trade: optionalPart(
        z.object({ price: optionalNumber, sip_timestamp: optionalNumber, last_updated: optionalNumber }),
      ),
    }),
    unifiedContract: z.object({
      ticker: text,
      error: optionalText,
      message: optionalText,
      details: optionalPart(z.object({ shares_per_contract: optionalNumber })),
      greeks,
      implied_volatility: optionalNumber,
      open_interest: optionalNumber,
      session: optionalPart(
        z.object({ close: optionalNumber, previous_close: optionalNumber, volume: optionalNumber }),
      ),
      last_quote: optionalPart(z.object({ bid: optionalNumber, ask: optionalNumber, last_updated: optionalNumber })),
      last_trade: optionalPart(z.object({ price: optionalNumber, sip_timestamp: optionalNumber })),
    }),
    contract: z.object({
      details: z.object({
        ticker: name,
        contract_type: z.literal(['call', 'put', 'other']),
        expiration_date: date,
        strike_price: strike,
        shares_per_contract: optionalNumber,
      }),
      greeks,
      implied_volatility: optionalNumber,
      open_interest: optionalNumber,
      day: optionalPart(z.object({ close: optionalNumber, volume: optionalNumber, last_updated: optionalNumber })),
      last_quote: optionalPart(z.object({ bid: optionalNumber, ask: optionalNumber, timeframe: optionalText })),
      last_trade: optionalPart(z.object({ price: optionalNumber, sip_timestamp: optionalNumber })),
      underlying_asset: optionalPart(
        z.object({
          ticker: optionalText,
          price: optionalNumber,
          value: optionalNumber,
          last_updated: optionalNumber,
          timeframe: optionalText,
        }),
      ),
    }),
    terms: z.object({ expiration_date: date }),
    status: z.object({
      market: z.literal(['open', 'closed', 'extended-hours']),
      earlyHours: z.optional(z.nullable(z.boolean())),
      afterHours: z.optional(z.nullable(z.boolean())),
      serverTime: text,
    }),
    holiday: z.object({ date, exchange: text, name: optionalText, status: text, close: optionalText }),
  };
}
export type StatusRow = z.infer<Schemas['status']>;
