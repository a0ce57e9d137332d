// Hides Polygon's JSON (Massive is its new name): one-letter fields, nanoseconds, prefixed tickers, zeros before the
// first trade, sub-objects that a plan does not include. Gives domain values or a BadPayloadError that names the field.
import * as z from 'zod/mini';
import { previousTradingDay, sessionTimes } from '../domain/calendar.ts';
import { ProviderAuthError, type FinError } from '../domain/errors.ts';
import { exchangeDateOf, exchangeMinutesOf, parseIsoInstant } from '../domain/exchange-time.ts';
import { isIndexSymbol } from '../domain/symbols.ts';
import type {
  Bar,
  EpochMs,
  Expiration,
  IsoDate,
  MarketClock,
  OptionChain,
  OptionQuote,
  Quote,
  Session,
  TickerSymbol,
} from '../domain/types.ts';
import { deriveExpirationKind, mergeExpirations, rootOfOption, sortChain } from './option-lists.ts';
import type { QuoteBatch } from './provider.ts';
import {
  asArray,
  badPayload,
  detailsOf,
  fieldOf,
  instantOf,
  once,
  parseWire,
  present,
  priceOf,
  readJson,
  sortByDate,
  type WireSource,
} from './wire.ts';
import { createFieldSchemas, createRowSchema, optionalPart, REHEARSAL } from './wire-fields.ts';

/** A day on which the stock exchanges are closed or close early. */
export interface PolygonHoliday {
  date: IsoDate;
  name?: string;
  closed: boolean;
  /** End of the regular session on a half day. */
  closesAt?: EpochMs;
}

/** Polygon's spelling: indices have a prefix, share classes a dot as ours (`I:SPX`, `BRK.B`). */
export function toPolygonTicker(symbol: TickerSymbol): string {
  return isIndexSymbol(symbol) ? `I:${symbol}` : symbol;
}

function fromPolygonTicker(ticker: string): string {
  return ticker.replace(/^[A-Z]:/, '');
}

type Schemas = ReturnType<typeof buildSchemas>;
type BarRow = z.infer<Schemas['bar']>;
type StockRow = z.infer<Schemas['stock']>;
type UnifiedRow = z.infer<Schemas['unified']>;
type ContractRow = z.infer<Schemas['contract']>;

function buildSchemas() {
  const { strike, optionalNumber, text, optionalText, date } = createFieldSchemas();
  const dayBar = optionalPart(
    z.object({ o: optionalNumber, h: optionalNumber, l: optionalNumber, c: optionalNumber, v: optionalNumber }),
  );
  return {
    bar: createRowSchema((row) => ({
      T: row.optionalText('T'),
      o: row.number('o'),
      h: row.number('h'),
      l: row.number('l'),
      c: row.number('c'),
      v: row.optionalNumber('v'),
      vw: row.optionalNumber('vw'),
      t: row.number('t'),
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
    contract: z.object({
      details: z.object({
        ticker: text,
        contract_type: z.literal(['call', 'put', 'other']),
        expiration_date: date,
        strike_price: strike,
        shares_per_contract: optionalNumber,
      }),
      greeks: optionalPart(
        z.object({ delta: optionalNumber, gamma: optionalNumber, theta: optionalNumber, vega: optionalNumber }),
      ),
      implied_volatility: optionalNumber,
      open_interest: optionalNumber,
      day: optionalPart(z.object({ close: optionalNumber, volume: optionalNumber, last_updated: optionalNumber })),
      last_quote: optionalPart(z.object({ bid: optionalNumber, ask: optionalNumber })),
      last_trade: optionalPart(z.object({ price: optionalNumber, sip_timestamp: optionalNumber })),
      underlying_asset: optionalPart(
        z.object({ price: optionalNumber, value: optionalNumber, last_updated: optionalNumber }),
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

/** Reader of Polygon's bodies. Its schemas are built when the first of them is read. */
export function createPolygonWire() {
  const schemas = once(buildSchemas);

  function parseResults<T>(body: unknown, schema: z.ZodMiniType<T>, source: WireSource, field = 'results'): T[] {
    return parseWire(z.array(schema), asArray(fieldOf(body, field)), source, field);
  }

  return {
    /** Builds the schemas, and reads made-up bars where a real answer has many: those after a cold start take six times as long. */
    rehearse(source: WireSource): void {
      schemas();
      if (source.endpoint !== 'aggregates') return;
      const results = Array.from({ length: REHEARSAL.rows }, (_, index) => ({
        v: index,
        vw: index / 2,
        o: index / 2,
        c: index / 2,
        h: index / 2,
        l: index / 2,
        t: 1_761_710_400_000,
        n: 10,
      }));
      this.parseBars(readJson({ status: 200, headers: {}, body: JSON.stringify({ results }) }, source), 'AAPL', source);
    },

    /** Bars of one ticker. `t` is New York's midnight for a day's window and its close for the previous-close endpoint. */
    parseBars(body: unknown, symbol: TickerSymbol, source: WireSource): Bar[] {
      return parseResults(body, schemas().bar, source).map((row, index) => {
        const t = instantOf(row.t);
        if (t === undefined)
          throw badPayload(source, `results[${index}].t is not a time in milliseconds`, {
            field: `results[${index}].t`,
          });
        return toBar(row, exchangeDateOf(t), isIndexSymbol(symbol), source, index);
      });
    },

    /** Bars of the whole market on one date, by ticker as Polygon writes it (a preferred's `p` is small: `KIMpL`). */
    parseGroupedBars(body: unknown, date: IsoDate, source: WireSource): Map<TickerSymbol, Bar> {
      const bars = new Map<TickerSymbol, Bar>();
      for (const [index, row] of parseResults(body, schemas().bar, source).entries()) {
        if (row.T === undefined)
          throw badPayload(source, `results[${index}].T is missing, expected string`, { field: `results[${index}].T` });
        bars.set(row.T, toBar(row, date, false, source, index));
      }
      return bars;
    },

    /** v2 snapshot of stocks. Symbols that Polygon does not know are left out of its answer. */
    parseStockSnapshots(
      body: unknown,
      asked: readonly TickerSymbol[],
      marketNow: EpochMs,
      source: WireSource,
    ): QuoteBatch {
      const rows = [
        ...parseResults(body, schemas().stock, source, 'tickers'),
        ...parseResults(body, schemas().stock, source, 'ticker'),
      ];
      return batchOf(
        asked,
        rows.map((row) => toStockQuote(row, marketNow)),
      );
    },

    /** v3 snapshot of anything. A row may be an error of its own within a good answer. */
    parseUnifiedSnapshots(body: unknown, asked: readonly TickerSymbol[], source: WireSource): QuoteBatch {
      const rows = parseResults(body, schemas().unified, source);
      const batch = batchOf(asked, rows.map(toUnifiedQuote));
      const failed = new Map<TickerSymbol, FinError>();
      for (const row of rows) {
        if (row.error === 'NOT_AUTHORIZED') failed.set(fromPolygonTicker(row.ticker), planError(row, source));
      }
      return failed.size === 0
        ? batch
        : { ...batch, unknown: batch.unknown.filter((symbol) => !failed.has(symbol)), failed };
    },

    /** One page of a chain: its contracts of the expiration, and the underlying's price where the plan includes it. */
    parseChainPage(body: unknown, underlying: TickerSymbol, expiration: IsoDate, source: WireSource): ContractRow[] {
      const rows = parseResults(body, schemas().contract, source);
      const own = rows.filter((row) => row.details.expiration_date === expiration);
      if (own.length === 0 && rows.length > 0) {
        throw badPayload(
          source,
          `the chain of ${underlying} holds other expirations than the ${expiration} asked for`,
          {
            field: 'results[0].details.expiration_date',
          },
        );
      }
      return own;
    },

    toChain(rows: readonly ContractRow[], underlying: TickerSymbol, expiration: IsoDate): OptionChain {
      return present({
        underlying,
        expiration,
        contracts: sortChain(toOptionQuotes(rows, underlying)),
        ...newestSpot(rows),
      });
    },

    /** Distinct expiration dates of one page of contracts; their kinds follow from the dates. */
    parseExpirations(body: unknown, source: WireSource, underlying: TickerSymbol = ''): Expiration[] {
      const rows = parseResults(body, schemas().terms, source);
      return mergeExpirations(
        rows.map((row) => ({ date: row.expiration_date, kind: deriveExpirationKind(row.expiration_date, underlying) })),
      );
    },

    parseMarketStatus(body: unknown, source: WireSource): MarketClock {
      const row = parseWire(schemas().status, body, source, '');
      const at = parseIsoInstant(row.serverTime);
      if (at === undefined)
        throw badPayload(source, 'serverTime is not a time with an offset', { field: 'serverTime' });
      return { state: sessionOf(row, at), at };
    },

    /** Coming holidays and half days, one row for each exchange: the two stock exchanges' days, each once. */
    parseHolidays(body: unknown, source: WireSource): PolygonHoliday[] {
      const rows = parseWire(z.array(schemas().holiday), body, source, '');
      return sortByDate(
        rows
          .filter((row) => row.exchange === 'NYSE' || row.exchange === 'NASDAQ')
          .map((row) =>
            present({
              date: row.date,
              name: row.name,
              closed: row.status === 'closed',
              closesAt: row.close === undefined ? undefined : parseIsoInstant(row.close),
            }),
          ),
      );
    },
  };
}

/** Puts what several requests brought into one answer. */
export function mergeBatches(batches: readonly QuoteBatch[]): QuoteBatch {
  const failed = new Map(batches.flatMap((batch) => [...(batch.failed ?? [])]));
  return {
    quotes: new Map(batches.flatMap((batch) => [...batch.quotes])),
    unknown: batches.flatMap((batch) => batch.unknown),
    ...(failed.size === 0 ? {} : { failed }),
  };
}

function batchOf(asked: readonly TickerSymbol[], rows: readonly (Quote | undefined)[]): QuoteBatch {
  const wanted = new Set(asked);
  const quotes = new Map<TickerSymbol, Quote>();
  for (const quote of rows) {
    if (quote !== undefined && wanted.has(quote.symbol)) quotes.set(quote.symbol, quote);
  }
  return { quotes, unknown: asked.filter((symbol) => !quotes.has(symbol)) };
}

function planError(row: UnifiedRow, source: WireSource): ProviderAuthError {
  const symbol = fromPolygonTicker(row.ticker);
  return new ProviderAuthError(
    'plan',
    `${source.label} ${source.endpoint}: ${symbol}: ${row.message ?? 'not in this plan'}`,
    {
      ...detailsOf(source),
      symbol,
      scope: 'request',
      hint: 'this key’s plan does not include it; a Tradier key brings it',
    },
  );
}

/** Volumes come with fractions of shares; an index has none, which is no missing figure but no shares. */
function toBar(row: BarRow, date: IsoDate, isIndex: boolean, source: WireSource, index: number): Bar {
  const volume = row.v ?? (isIndex ? 0 : undefined);
  if (volume === undefined)
    throw badPayload(source, `results[${index}].v is missing, expected number`, { field: `results[${index}].v` });
  const bar: Bar = { date, open: row.o, high: row.h, low: row.l, close: row.c, volume };
  const vwap = priceOf(row.vw);
  return vwap === undefined ? bar : { ...bar, vwap };
}

/**
 * A stock's snapshot as a quote. Price: the last trade where the plan has trades, else the last minute's close, else the
 * day's. Before the day's first trade everything of today is 0: then the previous session's bar is the quote and says
 * so, as of that session's close; what closed before it is not in the snapshot.
 */
function toStockQuote(row: StockRow, marketNow: EpochMs): Quote | undefined {
  const { day, prevDay, min, lastTrade, lastQuote } = row;
  const sides = { bid: priceOf(lastQuote.p), ask: priceOf(lastQuote.P) };
  const last = priceOf(lastTrade.p) ?? priceOf(min.c) ?? priceOf(day.c);
  // `updated` also moves with quotes, so a trade's own time goes first.
  const tradedAt = priceOf(lastTrade.p) === undefined ? undefined : nanosToMs(lastTrade.t);
  const asOf = tradedAt ?? nanosToMs(row.updated) ?? instantOf(min.t);
  if (last !== undefined && asOf !== undefined) {
    const hasDay = priceOf(day.c) !== undefined;
    return present({
      symbol: row.ticker,
      last,
      open: priceOf(day.o),
      high: priceOf(day.h),
      low: priceOf(day.l),
      previousClose: priceOf(prevDay.c),
      ...sides,
      volume: hasDay ? day.v : undefined,
      asOf,
    });
  }
  const close = priceOf(prevDay.c);
  const previous = sessionTimes(previousTradingDay(exchangeDateOf(marketNow)));
  if (close === undefined || previous === undefined) return undefined;
  return present({
    symbol: row.ticker,
    last: close,
    open: priceOf(prevDay.o),
    high: priceOf(prevDay.h),
    low: priceOf(prevDay.l),
    ...sides,
    volume: prevDay.v,
    asOf: previous.close,
    basis: 'session_bar' as const,
  });
}

/** Undefined for a row that is an error, has no price, or does not say of when its price is. */
function toUnifiedQuote(row: UnifiedRow): Quote | undefined {
  const { session, last_trade: trade, last_quote: quote } = row;
  const traded = priceOf(trade.price);
  const last =
    traded ?? priceOf(row.value) ?? priceOf(session.price) ?? priceOf(row.last_minute.close) ?? priceOf(session.close);
  const tradedAt = nanosToMs(trade.sip_timestamp) ?? nanosToMs(trade.last_updated);
  const updatedAt = nanosToMs(row.last_updated);
  const asOf = traded === undefined ? (updatedAt ?? nanosToMs(quote.last_updated)) : (tradedAt ?? updatedAt);
  if (row.error !== undefined || last === undefined || asOf === undefined) return undefined;
  return present({
    symbol: fromPolygonTicker(row.ticker),
    description: row.name,
    last,
    open: priceOf(session.open),
    high: priceOf(session.high),
    low: priceOf(session.low),
    previousClose: priceOf(session.previous_close),
    bid: priceOf(quote.bid),
    ask: priceOf(quote.ask),
    volume: session.volume,
    asOf,
  });
}

/** Nanoseconds beyond 2^53 lose some 128 ns in JSON.parse, which milliseconds do not notice. */
function nanosToMs(nanos: number | undefined): EpochMs | undefined {
  return instantOf(nanos === undefined ? undefined : nanos / 1e6);
}

/** The underlying's price as the newest of the rows has it; those of one page may be older than those of the next. */
function newestSpot(rows: readonly ContractRow[]): { spot?: number; spotAsOf?: EpochMs } {
  let newest: { spot: number; spotAsOf: EpochMs | undefined } | undefined;
  for (const { underlying_asset: asset } of rows) {
    const spot = priceOf(asset.price) ?? priceOf(asset.value);
    if (spot === undefined) continue;
    const spotAsOf = nanosToMs(asset.last_updated);
    const laterMs = (spotAsOf ?? 0) - (newest?.spotAsOf ?? 0);
    // Of one moment always the same one, whatever the order of the rows.
    if (newest === undefined || laterMs > 0 || (laterMs === 0 && spot < newest.spot)) newest = { spot, spotAsOf };
  }
  return newest === undefined ? {} : present(newest);
}

/** `day` is the contract's most recent bar, which may be days old. Contracts that are neither call nor put are left out. */
function toOptionQuotes(rows: readonly ContractRow[], underlying: TickerSymbol): OptionQuote[] {
  return rows.flatMap((row) => {
    const { details, greeks, day, last_quote: quote } = row;
    const side = details.contract_type;
    if (side === 'other') return [];
    const symbol = fromPolygonTicker(details.ticker);
    const barAt = nanosToMs(day.last_updated);
    return present({
      symbol,
      underlying,
      root: rootOfOption(symbol, underlying),
      side,
      strike: details.strike_price,
      expiration: details.expiration_date,
      multiplier: details.shares_per_contract ?? 100,
      bid: quote.bid,
      ask: priceOf(quote.ask),
      last: priceOf(row.last_trade.price) ?? priceOf(day.close),
      // Of a bar without a time nobody knows the day.
      volume: barAt === undefined ? undefined : day.volume,
      openInterest: row.open_interest,
      iv: priceOf(row.implied_volatility),
      delta: greeks.delta,
      gamma: greeks.gamma,
      theta: greeks.theta,
      vega: greeks.vega,
      tradedAt: barAt ?? nanosToMs(row.last_trade.sip_timestamp),
    });
  });
}

type StatusRow = z.infer<Schemas['status']>;

/** Extended hours are the morning's or the evening's: by their own flag, by the time of day where neither is set. */
function sessionOf(row: StatusRow, at: EpochMs): Session {
  if (row.market === 'open') return 'regular';
  if (row.market === 'closed') return 'closed';
  if (row.earlyHours === true) return 'pre';
  if (row.afterHours === true) return 'post';
  return exchangeMinutesOf(at) < 12 * 60 ? 'pre' : 'post';
}
