// An exchange at a fixed moment, and its JSON answers.
import { createExchange } from '../../src/sample/exchange.ts';
import type { Exchange, ExchangeReply } from '../../src/sample/exchange.ts';
import { createReplayMarket, createSyntheticMarket } from '../../src/sample/source.ts';
import type { MarketSource } from '../../src/sample/source.ts';
import { parseReplayBars } from '../../src/sample/replay-bars.ts';
import type { Clock } from '../../src/domain/types.ts';

export const HOST = '127.0.0.1:4321';

export function clockAt(isoTime: string): Clock {
  const ms = Date.parse(isoTime);
  return { now: () => ms, machineNow: () => ms };
}

export function marketAt(isoTime: string): MarketSource {
  return createSyntheticMarket(clockAt(isoTime));
}

export function exchangeAt(isoTime: string): Exchange {
  return createExchange({ market: marketAt(isoTime), clock: clockAt(isoTime) });
}

export function replayAt(isoTime: string, csv: string): Exchange {
  const clock = clockAt(isoTime);
  return createExchange({ market: createReplayMarket({ bars: parseReplayBars(csv, 'test.csv'), clock }), clock });
}

export function ask(exchange: Exchange, path: string): ExchangeReply {
  return exchange.handle({ method: 'GET', path, headers: { host: HOST } });
}

/** A JSON body as the shape that the test expects of it. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function askJson<T>(exchange: Exchange, path: string): T {
  return JSON.parse(ask(exchange, path).body) as T;
}

export interface Row {
  [name: string]: unknown;
}

export interface TradierQuoteRow extends Row {
  symbol: string;
  last: number;
  change: number;
  open: number | null;
  high: number;
  low: number;
  close: number | null;
  bid: number;
  ask: number;
  volume: number;
  prevclose: number;
  trade_date: number;
}

export function tradierQuote(exchange: Exchange, symbol: string): TradierQuoteRow {
  return askJson<{ quotes: { quote: TradierQuoteRow } }>(exchange, `/v1/markets/quotes?symbols=${symbol}`).quotes.quote;
}

export interface TradierDayRow {
  date: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export function tradierHistory(exchange: Exchange, symbol: string, start: string, end: string): TradierDayRow[] {
  const path = `/v1/markets/history?symbol=${symbol}&interval=daily&start=${start}&end=${end}`;
  const { history } = askJson<{ history: { day: TradierDayRow | TradierDayRow[] } | null }>(exchange, path);
  if (history === null) return [];
  return Array.isArray(history.day) ? history.day : [history.day];
}
