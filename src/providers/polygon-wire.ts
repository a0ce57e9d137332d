// Hides Polygon's JSON (Massive is its new name): one-letter fields, nanoseconds, prefixed tickers, zeros before the
// first trade, sub-objects that a plan does not include. Gives domain values or a BadPayloadError that names the field.
import type * as z from 'zod/mini';
import { closeOf, lastFinishedSession, previousTradingDay, sessionAt, sessionTimes } from '../domain/calendar.ts';
import {
  addDays,
  exchangeDateOf,
  exchangeInstant,
  exchangeMinutesOf,
  parseIsoInstant,
} from '../domain/exchange-time.ts';
import { formatMoment } from '../domain/intraday-bars.ts';
import { present } from '../domain/present.ts';
import { isIndexSymbol, isOptionSymbol } from '../domain/symbols.ts';
import type {
  Bar,
  ContractQuote,
  EpochMs,
  Expiration,
  IntradayBar,
  IsoDate,
  MarketClock,
  OptionChain,
  OptionQuote,
  OptionSymbol,
  Quote,
  Session,
  TickerSymbol,
} from '../domain/types.ts';
import { flawOfSplit, lostEvent } from './event-lists.ts';
import { chainOf, deriveExpirationKind, type Listed, mergeExpirations, rootOfOption } from './option-lists.ts';
import {
  TIMES,
  buildSchemas,
  type BarRow,
  type ContractRow,
  type Schemas,
  type StatusRow,
  type StockRow,
  type UnifiedContractRow,
  type UnifiedRow,
} from './polygon-schemas.ts';
import type { Lost, MarketSplit, QuoteBatch } from './provider.ts';
import { batchOf, symbolReader } from './quote-batch.ts';
import { dropImpossibleTimes, impossibleTime } from './row-times.ts';
import { refusalOfRow } from './polygon-refusal.ts';
import {
  type Gathered,
  type ReadBar,
  type ReadRows,
  type RefusedRow,
  type RowName,
  dateIn,
  keepPossibleBars,
  lostOf,
  nameIn,
  readRows,
  refuseIfNoneIsReadable,
  refuseIfRenamed,
} from './rows.ts';
import {
  asArray,
  badPayload,
  countOf,
  fieldOf,
  instantOf,
  once,
  parseWire,
  priceOf,
  sortByDate,
  type WireSource,
} from './wire.ts';

/** A day on which the stock exchanges are closed or close early. */
export interface PolygonHoliday {
  date: IsoDate;
  name?: string;
  closed: boolean;
  /** End of the regular session on a half day. */
  closesAt?: EpochMs;
}

/** Polygon's spelling: indices and contracts have a prefix, all else is written as we do (`I:SPX`, `BRK.B`, `BACpL`). */
export function toPolygonTicker(symbol: TickerSymbol): string {
  if (isOptionSymbol(symbol)) return `O:${symbol}`;
  return isIndexSymbol(symbol) ? `I:${symbol}` : symbol;
}

function fromPolygonTicker(ticker: string): string {
  return ticker.replace(/^[A-Z]:/, '');
}

/** What the plans without real-time data say of their rows, and how far these are behind. */
const DELAYED = 'DELAYED';
const DELAY_MS = 15 * 60_000;

/** What a whole answer says of itself. */
export function delayOf(body: unknown): { delayMs?: number } {
  return fieldOf(body, 'status') === DELAYED ? { delayMs: DELAY_MS } : {};
}

/** Reader of Polygon's bodies. Its schemas are built when the first of them is read. */
export function createPolygonWire() {
  const schemas = once(buildSchemas);
  return { ...barReaders(schemas), ...snapshotReaders(schemas), ...optionReaders(schemas), ...marketReaders(schemas) };
}

function readResults<T>(
  body: unknown,
  schema: z.ZodMiniType<T>,
  source: WireSource,
  nameOf: (value: unknown) => RowName,
  field = 'results',
): ReadRows<T> {
  return readRows(schema, asArray(fieldOf(body, field)), source, field, nameOf);
}

/** Bars of one ticker, and of the whole market on one date. */
function barReaders(schemas: () => Schemas) {
  /** Rows of bars that say of when they are. */
  function readBars(body: unknown, source: WireSource, nameOf: (value: unknown) => RowName): ReadRows<BarRow> {
    const read = readResults(body, schemas().bar, source, nameOf);
    refuseIfNoneIsReadable(read);
    refuseIfRenamed(asArray(fieldOf(body, 'results')), ['o', 'h', 'l', 'c'], source, 'results');
    return read;
  }

  function readTicker<T extends ReadBar>(
    body: unknown,
    symbol: TickerSymbol,
    source: WireSource,
    toOne: (bar: ReadBar, row: BarRow) => T,
    momentOf?: (at: EpochMs) => string,
  ): Gathered<T & Bar> {
    const read = readBars(body, source, (value) => {
      const at = timeIn(fieldOf(value, 't'));
      return {
        symbol,
        date: at === undefined ? undefined : exchangeDateOf(at),
        moment: at === undefined ? undefined : momentOf?.(at),
      };
    });
    const isIndex = isIndexSymbol(symbol);
    const bars = read.rows.map((row) => toOne(toBar(row, exchangeDateOf(row.t), isIndex), row));
    const checked = keepPossibleBars(bars, symbol, source);
    return { rows: checked.bars, lost: [...lostOf(read.refused, source), ...checked.lost] };
  }

  return {
    /** Bars of one ticker. `t` is New York's midnight for a day's window and its close for the previous-close endpoint. */
    parseBars: (body: unknown, symbol: TickerSymbol, source: WireSource): Gathered<Bar> =>
      readTicker(body, symbol, source, (bar) => bar),

    /** Bars of minutes of one ticker: `t` is the start of each. */
    parseIntraday: (body: unknown, symbol: TickerSymbol, source: WireSource): Gathered<IntradayBar> =>
      readTicker(body, symbol, source, (bar, { t }) => ({ ...bar, at: t }), formatMoment),

    /** Bars of the whole market on one date, by ticker as Polygon writes it (a preferred's `p` is small: `KIMpL`). */
    parseGroupedBars(body: unknown, date: IsoDate, source: WireSource): Gathered<[TickerSymbol, Bar]> {
      const read = readBars(body, source, (value) => ({ symbol: nameIn(fieldOf(value, 'T')), date }));
      const [begins, ends] = [exchangeInstant(date, 0), exchangeInstant(addDays(date, 1), 0)];
      const isOfDay = ({ t }: BarRow): boolean => t >= begins && t < ends;
      const ofDay = read.rows.filter(isOfDay);
      const strays = read.rows.filter((row) => !isOfDay(row)).map((row) => ofOtherDay(row, date, source));
      if (ofDay.length === 0 && strays[0] !== undefined) throw strays[0].error;
      const lost = lostOf([...read.refused, ...strays], source);
      const named = ofDay.filter((row) => row.T !== undefined);
      if (named.length < ofDay.length) {
        const unnamed = ofDay.length - named.length;
        const error = badPayload(source, `${unnamed} rows have no ticker (T)`, { field: 'results[].T' });
        if (named.length === 0) throw error;
        lost.push({ date, message: error.message });
      }
      const tickerAt = (index: number): string => named[index]?.T ?? '';
      const checked = keepPossibleBars(
        named.map((row) => toBar(row, date, false)),
        tickerAt,
        source,
      );
      return {
        rows: checked.bars.map((bar, index) => [tickerAt(checked.kept[index] ?? -1), bar]),
        lost: [...lost, ...checked.lost],
      };
    },
  };
}

/** A row of the whole market whose time is not of the day asked for. */
function ofOtherDay({ T: symbol, t }: BarRow, date: IsoDate, source: WireSource): RefusedRow {
  const why = `its time (t) is of ${exchangeDateOf(t)}`;
  return { symbol, date, why, error: badPayload(source, `a row of ${date}: ${why}`, { field: 'results[].t' }) };
}

/** Quotes of stocks, indices and contracts. */
function snapshotReaders(schemas: () => Schemas) {
  return {
    /** v2 snapshot of stocks. Symbols that Polygon does not know are left out of its answer. */
    parseStockSnapshots(
      body: unknown,
      asked: readonly TickerSymbol[],
      marketNow: EpochMs,
      source: WireSource,
    ): QuoteBatch {
      const parts = ['tickers', 'ticker'].map((field) =>
        readResults(body, schemas().stock, source, nameOfTicker, field),
      );
      const read = { rows: parts.flatMap(({ rows }) => rows), refused: parts.flatMap(({ refused }) => refused) };
      const count = fieldOf(body, 'count');
      return batchOf({
        asked,
        read,
        lacking: Math.max(0, (typeof count === 'number' ? count : 0) - read.rows.length - read.refused.length),
        symbolOf: symbolReader(asked, toPolygonTicker),
        wireSymbolOf: (row) => row.ticker,
        toQuote: (row, symbol) => toStockQuote(row, symbol, marketNow),
        times: TIMES.stock,
        now: marketNow,
        source,
      });
    },

    /** v3 snapshot of anything. A row may be an error of its own within a good answer. */
    parseUnifiedSnapshots(
      body: unknown,
      asked: readonly TickerSymbol[],
      marketNow: EpochMs,
      source: WireSource,
    ): QuoteBatch {
      return batchOf({
        asked,
        read: readResults(body, schemas().unified, source, nameOfTicker),
        symbolOf: symbolReader(asked, toPolygonTicker),
        wireSymbolOf: (row) => row.ticker,
        toQuote: (row, symbol) => toUnifiedQuote(row, symbol, marketNow),
        times: TIMES.unified,
        now: marketNow,
        refusalOf: (row, symbol) => refusalOfRow(row, symbol, source),
        namesUnknown: true,
        source,
      });
    },

    /** The same of contracts. */
    parseContractSnapshots(
      body: unknown,
      asked: readonly OptionSymbol[],
      marketNow: EpochMs,
      source: WireSource,
    ): QuoteBatch {
      const { quotes: contracts, ...rest } = batchOf({
        asked,
        read: readResults(body, schemas().unifiedContract, source, nameOfTicker),
        symbolOf: symbolReader(asked, toPolygonTicker),
        wireSymbolOf: (row) => row.ticker,
        toQuote: toContractQuote,
        times: TIMES.unifiedContract,
        now: marketNow,
        refusalOf: (row, symbol) => refusalOfRow(row, symbol, source),
        namesUnknown: true,
        source,
      });
      return { quotes: new Map(), contracts, ...rest };
    },
  };
}

/** Chains and expirations. */
function optionReaders(schemas: () => Schemas) {
  return {
    /** One page of contracts; those that are neither call nor put are left away. */
    parseContracts(
      body: unknown,
      underlying: TickerSymbol,
      marketNow: EpochMs,
      source: WireSource,
    ): Gathered<Listed<ContractRow>> {
      const read = readResults(body, schemas().contract, source, (value) => {
        const ticker = nameIn(fieldOf(fieldOf(value, 'details'), 'ticker'));
        return { symbol: ticker === undefined ? underlying : fromPolygonTicker(ticker) };
      });
      refuseIfNoneIsReadable(read);
      const [time] = read.rows.flatMap((row) => dropImpossibleTimes(row, TIMES.contract, marketNow) ?? []);
      const lost = [...lostOf(read.refused, source), ...(time === undefined ? [] : [impossibleTime(time, source)])];
      return { rows: read.rows.flatMap((row) => listedOf(row, underlying)), lost };
    },

    /** The contracts of the expiration, and the underlying's price where the plan includes it. */
    toChain(
      listed: readonly Listed<ContractRow>[],
      asked: { underlying: TickerSymbol; expiration: IsoDate },
      source: WireSource,
    ): { chain: OptionChain; lost: Lost[] } {
      const { rows, lost } = chainOf(listed, asked, source);
      const own = rows.map(({ row }) => row);
      const chain = present({
        ...asked,
        contracts: rows.map(({ contract }) => contract),
        ...newestSpot(own),
        delayMs: own.some(isDelayed) ? DELAY_MS : undefined,
      });
      return { chain, lost };
    },

    /** Distinct expiration dates of one page of contracts; their kinds follow from the dates. */
    parseExpirations(body: unknown, symbol: TickerSymbol, source: WireSource): Gathered<Expiration> {
      const read = readResults(body, schemas().terms, source, (value) => ({
        symbol: nameIn(fieldOf(value, 'ticker'))?.replace(/^O:/, '') ?? symbol,
      }));
      refuseIfNoneIsReadable(read);
      const rows = mergeExpirations(
        read.rows.map((row) => ({
          date: row.expiration_date,
          kind: deriveExpirationKind(row.expiration_date, symbol),
        })),
      );
      return { rows, lost: lostOf(read.refused, source) };
    },
  };
}

/** What concerns all symbols: splits, the clock, holidays. */
function marketReaders(schemas: () => Schemas) {
  return {
    /** Splits of all symbols. One without a ticker splits nothing. */
    parseSplits(body: unknown, source: WireSource): Gathered<MarketSplit> {
      const read = readResults(body, schemas().split, source, (value) => ({
        symbol: nameIn(fieldOf(value, 'ticker')),
      }));
      const lost = lostOf(read.refused, source);
      const rows: MarketSplit[] = [];
      for (const { ticker: symbol, execution_date: date, split_from: from, split_to: to } of read.rows) {
        const flaw = flawOfSplit(from, to);
        if (symbol === undefined) continue;
        if (flaw === undefined) rows.push({ symbol, date, from, to });
        else lost.push(lostEvent(flaw, { symbol, date }, source));
      }
      return { rows, lost };
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
      const read = readRows(schemas().holiday, asArray(body), source, '', (value) => ({
        date: dateIn(fieldOf(value, 'date')),
      }));
      refuseIfNoneIsReadable(read);
      return sortByDate(
        read.rows
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
  const contracts = batches.flatMap((batch) => [...(batch.contracts ?? [])]);
  const lost = batches.flatMap((batch) => batch.lost ?? []);
  return {
    quotes: new Map(batches.flatMap((batch) => [...batch.quotes])),
    ...(contracts.length === 0 ? {} : { contracts: new Map(contracts) }),
    unknown: batches.flatMap((batch) => batch.unknown),
    ...(failed.size === 0 ? {} : { failed }),
    ...(lost.length === 0 ? {} : { lost }),
  };
}

function nameOfTicker(value: unknown): RowName {
  return { symbol: nameIn(fieldOf(value, 'ticker')) };
}

/** A bar's time, where it is one. */
function timeIn(ms: unknown): EpochMs | undefined {
  return typeof ms === 'number' ? instantOf(ms) : undefined;
}

/** Volumes come with fractions of shares; an index has none, which is no missing figure but no shares. */
function toBar(row: BarRow, date: IsoDate, isIndex: boolean): ReadBar {
  const volume = row.v ?? (isIndex ? 0 : undefined);
  const bar: ReadBar = { date, open: row.o, high: row.h, low: row.l, close: row.c, volume };
  const vwap = priceOf(row.vw);
  return vwap === undefined ? bar : { ...bar, vwap };
}

/**
 * A stock's snapshot as a quote. Price: the last trade where the plan has trades, else the last minute's close, else the
 * day's. Before the day's first trade everything of today is 0: then the previous session's bar is the quote and says
 * so, as of that session's close; what closed before it is not in the snapshot.
 */
function toStockQuote(row: StockRow, symbol: TickerSymbol, marketNow: EpochMs): Quote | undefined {
  const { day, prevDay, min, lastTrade, lastQuote } = row;
  const sides = { bid: priceOf(lastQuote.p), ask: priceOf(lastQuote.P) };
  const last = priceOf(lastTrade.p) ?? priceOf(min.c) ?? priceOf(day.c);
  // `updated` also moves with quotes, so a trade's own time goes first.
  const tradedAt = priceOf(lastTrade.p) === undefined ? undefined : nanosToMs(lastTrade.t);
  const asOf = tradedAt ?? nanosToMs(row.updated) ?? instantOf(min.t);
  if (last !== undefined && asOf !== undefined) {
    const hasDay = priceOf(day.c) !== undefined;
    return present({
      symbol,
      last,
      open: priceOf(day.o),
      high: priceOf(day.h),
      low: priceOf(day.l),
      previousClose: priceOf(prevDay.c),
      ...sides,
      volume: hasDay ? countOf(day.v) : undefined,
      vwap: hasDay ? priceOf(day.vw) : undefined,
      asOf,
    });
  }
  const close = priceOf(prevDay.c);
  const previous = sessionTimes(previousTradingDay(exchangeDateOf(marketNow)));
  if (close === undefined || previous === undefined) return undefined;
  return present({
    symbol,
    last: close,
    open: priceOf(prevDay.o),
    high: priceOf(prevDay.h),
    low: priceOf(prevDay.l),
    ...sides,
    volume: countOf(prevDay.v),
    asOf: previous.close,
    basis: 'session_bar' as const,
  });
}

/**
 * Undefined for a row that has no price, or does not say of when its price is. An index's value is the one of now, or of
 * the last close, where it has no time.
 */
function toUnifiedQuote(row: UnifiedRow, symbol: TickerSymbol, marketNow: EpochMs): Quote | undefined {
  const { session, last_trade: trade, last_quote: quote } = row;
  const traded = priceOf(trade.price);
  const last =
    traded ?? priceOf(row.value) ?? priceOf(session.price) ?? priceOf(row.last_minute.close) ?? priceOf(session.close);
  const tradedAt = nanosToMs(trade.sip_timestamp) ?? nanosToMs(trade.last_updated);
  const updatedAt = nanosToMs(row.last_updated);
  const valuedAt = priceOf(row.value) === undefined ? undefined : indexTime(marketNow, row.timeframe);
  const asOf =
    traded === undefined ? (updatedAt ?? nanosToMs(quote.last_updated) ?? valuedAt) : (tradedAt ?? updatedAt);
  if (last === undefined || asOf === undefined) return undefined;
  return present({
    symbol,
    description: row.name,
    last,
    open: priceOf(session.open),
    high: priceOf(session.high),
    low: priceOf(session.low),
    previousClose: priceOf(session.previous_close),
    bid: priceOf(quote.bid),
    ask: priceOf(quote.ask),
    volume: countOf(session.volume),
    asOf,
  });
}

function indexTime(marketNow: EpochMs, timeframe: string | undefined): EpochMs {
  const at = timeframe === DELAYED ? marketNow - DELAY_MS : marketNow;
  return sessionAt(at) === 'regular' ? at : closeOf(lastFinishedSession(at));
}

/** The contract's own prices where they say how they are, else the underlying's, whose plan they share. */
function isDelayed({ last_quote: quote, underlying_asset: asset }: ContractRow): boolean {
  return (quote.timeframe ?? asset.timeframe) === DELAYED;
}

/** What of a contract is no price: both kinds of rows have it alike. */
function standingOf({ open_interest, implied_volatility, greeks }: ContractRow | UnifiedContractRow) {
  const { delta, gamma, theta, vega } = greeks;
  return { openInterest: countOf(open_interest), iv: priceOf(implied_volatility), delta, gamma, theta, vega };
}

/** Undefined for a contract that nobody quotes and that never traded. */
function toContractQuote(row: UnifiedContractRow, symbol: OptionSymbol): ContractQuote | undefined {
  const { last_quote: quote, last_trade: trade, session } = row;
  const [bid, ask] = [countOf(quote.bid), priceOf(quote.ask)];
  const last = priceOf(trade.price) ?? priceOf(session.close);
  const asOf = nanosToMs(quote.last_updated) ?? nanosToMs(trade.sip_timestamp);
  if (asOf === undefined || (bid ?? ask ?? last) === undefined) return undefined;
  return present({
    symbol,
    bid,
    ask,
    last,
    previousClose: priceOf(session.previous_close),
    volume: countOf(session.volume),
    ...standingOf(row),
    multiplier: row.details.shares_per_contract ?? 100,
    tradedAt: nanosToMs(trade.sip_timestamp),
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

/** `day` is the contract's most recent bar, which may be days old. */
function listedOf(row: ContractRow, underlying: TickerSymbol): Listed<ContractRow>[] {
  const { details, day, last_quote: quote } = row;
  const side = details.contract_type;
  if (side === 'other') return [];
  const symbol = fromPolygonTicker(details.ticker);
  const barAt = nanosToMs(day.last_updated);
  const contract: OptionQuote = present({
    symbol,
    underlying,
    root: rootOfOption(symbol, underlying),
    side,
    strike: details.strike_price,
    expiration: details.expiration_date,
    multiplier: details.shares_per_contract ?? 100,
    bid: countOf(quote.bid),
    ask: priceOf(quote.ask),
    last: priceOf(row.last_trade.price) ?? priceOf(day.close),
    // Of a bar without a time nobody knows the day.
    volume: barAt === undefined ? undefined : countOf(day.volume),
    ...standingOf(row),
    tradedAt: barAt ?? nanosToMs(row.last_trade.sip_timestamp),
  });
  return [{ contract, names: [row.underlying_asset.ticker], row }];
}

/** Extended hours are the morning's or the evening's: by their own flag, by the time of day where neither is set. */
function sessionOf(row: StatusRow, at: EpochMs): Session {
  if (row.market === 'open') return 'regular';
  if (row.market === 'closed') return 'closed';
  if (row.earlyHours === true) return 'pre';
  if (row.afterHours === true) return 'post';
  return exchangeMinutesOf(at) < 12 * 60 ? 'pre' : 'post';
}
