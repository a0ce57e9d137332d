// The rows of Tradier's bodies as schemas: what must be there, what may be missing, and what is read of it.
import * as z from 'zod/mini';
import { createFieldSchemas, createRowSchema, optionalPart } from './wire-fields.ts';

export type Schemas = ReturnType<typeof buildSchemas>;
export type QuoteRow = z.infer<Schemas['quote']>;
export type MinuteRow = z.infer<Schemas['minute']>;
export type OptionRow = z.infer<Schemas['option']>;

export function buildSchemas() {
  const { number, strike, optionalNumber, text, name, optionalText, date } = createFieldSchemas();
  const greeks = optionalPart(
    z.object({
      delta: optionalNumber,
      gamma: optionalNumber,
      theta: optionalNumber,
      vega: optionalNumber,
      mid_iv: optionalNumber,
      smv_vol: optionalNumber,
      updated_at: optionalText,
    }),
  );
  return {
    quote: z.object({
      symbol: text,
      description: optionalText,
      last: optionalNumber,
      open: optionalNumber,
      high: optionalNumber,
      low: optionalNumber,
      close: optionalNumber,
      prevclose: optionalNumber,
      bid: optionalNumber,
      ask: optionalNumber,
      volume: optionalNumber,
      average_volume: optionalNumber,
      week_52_high: optionalNumber,
      week_52_low: optionalNumber,
      trade_date: optionalNumber,
      bid_date: optionalNumber,
      ask_date: optionalNumber,
    }),
    option: z.object({
      symbol: name,
      underlying: optionalText,
      root_symbol: optionalText,
      option_type: z.literal(['call', 'put']),
      strike,
      expiration_date: date,
      contract_size: optionalNumber,
      last: optionalNumber,
      prevclose: optionalNumber,
      bid: optionalNumber,
      ask: optionalNumber,
      bid_date: optionalNumber,
      ask_date: optionalNumber,
      trade_date: optionalNumber,
      volume: optionalNumber,
      open_interest: optionalNumber,
      greeks,
    }),
    day: createRowSchema((row) => ({
      date: row.date('date'),
      open: row.optionalNumber('open'),
      high: row.optionalNumber('high'),
      low: row.optionalNumber('low'),
      close: row.optionalNumber('close'),
      volume: row.optionalNumber('volume'),
    })),
    minute: createRowSchema((row) => ({
      time: row.optionalText('time'),
      timestamp: row.optionalNumber('timestamp'),
      open: row.optionalNumber('open'),
      high: row.optionalNumber('high'),
      low: row.optionalNumber('low'),
      close: row.optionalNumber('close'),
      volume: row.optionalNumber('volume'),
      vwap: row.optionalNumber('vwap'),
    })),
    expiration: z.object({ date, expiration_type: optionalText }),
    date,
    text,
    account: z.object({ account_number: name, classification: optionalText, status: optionalText }),
    position: z.object({ id: number, symbol: name, quantity: number, cost_basis: number, date_acquired: optionalText }),
  };
}
