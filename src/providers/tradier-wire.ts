// Hides Tradier's JSON: an XML heritage in which a list of one is an object, a list of none is null, 0 means never and
// a class share has a slash. Gives domain values or a BadPayloadError that names the field.
import type * as z from 'zod/mini';
import type { FinError } from '../domain/errors.ts';
import { exchangeDateOf, exchangeInstant, parseIsoInstant } from '../domain/exchange-time.ts';
import { formatMoment } from '../domain/intraday-bars.ts';
import { present } from '../domain/present.ts';
import { canonicalTicker, isIndexSymbol, isOptionSymbol, parseOptionSymbol, partsOfSymbol } from '../domain/symbols.ts';
import type {
  Bar,
  ContractQuote,
  EpochMs,
  Expiration,
  ExpirationKind,
  Greeks,
  IntradayBar,
  IsoDate,
  OptionChain,
  OptionQuote,
  Quote,
  TickerSymbol,
} from '../domain/types.ts';
import {
  chainOf,
  deriveExpirationKind,
  flawOfTerms,
  type Listed,
  mergeExpirations,
  rootOfOption,
} from './option-lists.ts';
import type { BrokerAccount, BrokerPosition, Lost, QuoteBatch } from './provider.ts';
import { batchOf, symbolReader } from './quote-batch.ts';
import {
  type Gathered,
  type RowName,
  dateIn,
  keepPossibleBars,
  lostOf,
  nameIn,
  readRows,
  type ReadBar,
  type ReadRows,
  refuseIfNoneIsReadable,
  refuseIfRenamed,
  undated,
} from './rows.ts';
import { dropImpossibleTimes, impossibleTime, pastInstant, type TimeField } from './row-times.ts';
import { buildSchemas, type MinuteRow, type OptionRow, type QuoteRow, type Schemas } from './tradier-schemas.ts';
import {
  asArray,
  badPayload,
  countOf,
  fieldOf,
  instantOf,
  once,
  rootOf,
  priceOf,
  type Schema,
  type WireSource,
} from './wire.ts';
import { createTradierExchange } from './tradier-exchange.ts';

/** Tradier's spelling: what follows a root stands behind a slash (`BRK/B`, `BAC/PL`, `BAC/WS/A`, `GEV/WI`). */
export function toTradierSymbol(symbol: TickerSymbol): string {
  if (isOptionSymbol(symbol)) return symbol;
  const { root, preferred, right, rest, whenIssued } = partsOfSymbol(symbol);
  return [
    root,
    ...(preferred === undefined ? [] : [`P${preferred}`]),
    ...(right ? ['RT'] : []),
    ...rest,
    ...(whenIssued ? ['WI'] : []),
  ].join('/');
}

const MINUTE_MS = 60_000;

/** Of quotes and of contracts. */
const TIMES: readonly TimeField[] = [
  ['trade_date', 1],
  ['bid_date', 1],
  ['ask_date', 1],
];

/** Reader of Tradier's bodies. Its schemas are built when the first of them is read. */
export function createTradierWire() {
  const schemas = once(buildSchemas);
  return {
    ...quoteReaders(schemas),
    ...accountReaders(schemas),
    ...barReaders(schemas),
    ...optionReaders(schemas),
    ...createTradierExchange(),
  };
}

/** Quotes of symbols and contracts. */
function quoteReaders(schemas: () => Schemas) {
  return {
    /**
     * `{quotes: {quote?, unmatched_symbols?}}`; see `toQuote` for what is missing data. A row that cannot be read fails its
     * own symbol; one that does not say whose it is fails those that the answer neither has nor calls unknown.
     */
    parseQuotes(body: unknown, asked: readonly TickerSymbol[], marketNow: EpochMs, source: WireSource): QuoteBatch {
      const root = rootOf(body, 'quotes', source);
      const rows = asArray(fieldOf(root, 'quote'));
      // Of one alone there may be none.
      if (rows.length > 1) refuseIfRenamed(rows, ['last'], source, 'quotes.quote');
      const unmatched = asArray(fieldOf(fieldOf(root, 'unmatched_symbols'), 'symbol'));
      const batchBy = <Row extends { symbol: string }, Quote extends { asOf: EpochMs }>(
        schema: z.ZodMiniType<Row>,
        isOption: boolean,
        toOne: (row: Row, symbol: TickerSymbol) => Quote | undefined,
        refusalOf?: (row: Row, symbol: TickerSymbol) => FinError | undefined,
      ) => {
        const own = asked.filter((symbol) => isOptionSymbol(symbol) === isOption);
        const symbolOf = symbolReader(own, toTradierSymbol);
        const ownRows = rows.filter((row) => (fieldOf(row, 'type') === 'option') === isOption);
        return batchOf({
          asked: own,
          read: readRows(schema, ownRows, source, 'quotes.quote', nameOfRow),
          symbolOf,
          wireSymbolOf: (row) => row.symbol,
          toQuote: toOne,
          times: TIMES,
          now: marketNow,
          namesUnknown: true,
          ...(refusalOf === undefined ? {} : { refusalOf }),
          // Without any quote none was found, however its list spells them: an empty list has no key here.
          unmatched:
            rows.length === 0
              ? own
              : unmatched.flatMap((text) => (typeof text === 'string' ? (symbolOf(text) ?? []) : [])),
          source,
        });
      };
      const batch = batchBy(schemas().quote, false, toQuote);
      if (!asked.some(isOptionSymbol)) return batch;
      const contracts = batchBy(schemas().option, true, toContractQuote, (row, symbol) => {
        const flaw = flawOfTerms(toOptionQuote(row, parseOptionSymbol(symbol).underlying));
        return flaw === undefined ? undefined : badPayload(source, `${symbol}: ${flaw}`);
      });
      return {
        quotes: batch.quotes,
        contracts: contracts.quotes,
        unknown: [...batch.unknown, ...contracts.unknown],
        lost: [...(batch.lost ?? []), ...(contracts.lost ?? [])],
        failed: new Map([...(batch.failed ?? []), ...(contracts.failed ?? [])]),
      };
    },
  };
}

/** Accounts and what they hold. */
function accountReaders(schemas: () => Schemas) {
  return {
    /** `{profile: {account}}`. A number is told by nobody but the account's own requests. */
    parseAccounts(body: unknown, source: WireSource): BrokerAccount[] {
      const read = readList(schemas().account, body, ['profile', 'account'], source, () => ({}));
      refuseIfNoneIsReadable(read);
      return read.rows.map((row) =>
        present({ id: row.account_number, kind: row.classification, isActive: row.status === 'active' }),
      );
    },

    /** `{positions: {position}}`: a list of which a row cannot be read is none. `cost_basis` is total and signed. */
    parsePositions(body: unknown, source: WireSource): BrokerPosition[] {
      const { rows, refused } = readList(schemas().position, body, ['positions', 'position'], source, nameOfRow);
      if (refused[0] !== undefined) throw refused[0].error;
      return rows.map((row) => {
        const acquired = parseIsoInstant(row.date_acquired ?? '');
        return present({
          id: row.id,
          symbol: isOptionSymbol(row.symbol) ? row.symbol : (canonicalTicker(row.symbol) ?? row.symbol),
          quantity: row.quantity,
          cost: row.cost_basis,
          opened: acquired === undefined ? undefined : exchangeDateOf(acquired),
        });
      });
    },
  };
}

const PRICES = ['open', 'high', 'low', 'close'];

/** Bars of one symbol. */
function barReaders(schemas: () => Schemas) {
  return {
    /** `{history: {day}}`. Bars that cannot be true are left out, and said; the key is `day` for every interval. */
    parseHistory(body: unknown, symbol: TickerSymbol, source: WireSource): Gathered<Bar> {
      const read = readList(schemas().day, body, ['history', 'day'], source, (value) => ({
        symbol,
        date: dateIn(fieldOf(value, 'date')),
      }));
      refuseIfNoneIsReadable(read);
      const fields = isIndexSymbol(symbol) ? PRICES : [...PRICES, 'volume'];
      refuseIfRenamed(asArray(fieldOf(fieldOf(body, 'history'), 'day')), fields, source, 'history.day');
      // An index trades no shares; of a share without its volume the bar is as incomplete as without a price.
      if (isIndexSymbol(symbol)) for (const row of read.rows) row.volume ??= 0;
      const checked = keepPossibleBars(read.rows, symbol, source);
      return { rows: checked.bars, lost: [...lostOf(read.refused, source), ...checked.lost] };
    },

    /** `{series: {data: [{time, timestamp, open, …}]}}`; seconds since the epoch, and exchange time without an offset. */
    parseTimesales(body: unknown, symbol: TickerSymbol, source: WireSource): Gathered<IntradayBar> {
      const nameOf = (value: unknown): RowName => {
        const time = String(fieldOf(value, 'time'));
        const date = dateIn(time.slice(0, 10));
        const minute = /^T(\d\d:\d\d)/.exec(time.slice(10))?.[1];
        return { symbol, date, moment: date === undefined || minute === undefined ? undefined : `${date} ${minute}` };
      };
      const read = readList(schemas().minute, body, ['series', 'data'], source, nameOf);
      refuseIfRenamed(asArray(fieldOf(fieldOf(body, 'series'), 'data')), PRICES, source, 'series.data');
      const bars: (ReadBar & { at: EpochMs })[] = [];
      for (const row of read.rows) {
        const { at, why } = momentOf(row);
        if (at !== undefined) bars.push(toIntradayBar(row, at, symbol));
        else
          read.refused.push({ ...nameOf(row), why, error: badPayload(source, why, { field: 'series.data[].time' }) });
      }
      refuseIfNoneIsReadable({ rows: bars, refused: read.refused });
      const checked = keepPossibleBars(bars, symbol, source);
      return { rows: checked.bars, lost: [...lostOf(read.refused, source), ...checked.lost] };
    },
  };
}

/** Expirations and chains. */
function optionReaders(schemas: () => Schemas) {
  return {
    /** `{expirations: {expiration: [{date, expiration_type}]}}`, or `{expirations: {date: […]}}` without kinds. */
    parseExpirations(body: unknown, symbol: TickerSymbol, source: WireSource): Gathered<Expiration> {
      const nameOf = (value: unknown): RowName => ({ symbol, date: dateIn(fieldOf(value, 'date')) });
      const detailed = readList(schemas().expiration, body, ['expirations', 'expiration'], source, nameOf);
      const dates = readList(schemas().date, body, ['expirations', 'date'], source, nameOf);
      const refused = [...detailed.refused, ...dates.refused];
      refuseIfNoneIsReadable({ rows: [...detailed.rows, ...dates.rows], refused });
      const rows = mergeExpirations([
        ...detailed.rows.map((row) => ({ date: row.date, kind: kindOf(row.expiration_type, row.date, symbol) })),
        ...dates.rows.map((date) => ({ date, kind: deriveExpirationKind(date, symbol) })),
      ]);
      return { rows, lost: lostOf(refused, source) };
    },

    /** `{options: {option}}`: contracts of all roots. */
    parseContracts(
      body: unknown,
      underlying: TickerSymbol,
      marketNow: EpochMs,
      source: WireSource,
    ): Gathered<Listed<OptionRow>> {
      const read = readList(schemas().option, body, ['options', 'option'], source, (value) => ({
        symbol: nameIn(fieldOf(value, 'symbol')) ?? underlying,
        date: dateIn(fieldOf(value, 'expiration_date')),
      }));
      refuseIfNoneIsReadable(read);
      const [time] = read.rows.flatMap((row) => dropContractTimes(row, marketNow) ?? []);
      return {
        rows: read.rows.map((row) => ({
          contract: toOptionQuote(row, underlying),
          names: [row.underlying, row.root_symbol],
          row,
        })),
        lost: [
          ...lostOf(read.refused.map(undated), source),
          ...(time === undefined ? [] : [impossibleTime(time, source)]),
        ],
      };
    },

    /** One expiration, all roots. */
    toChain(
      listed: readonly Listed<OptionRow>[],
      asked: { underlying: TickerSymbol; expiration: IsoDate },
      source: WireSource,
    ): { chain: OptionChain; lost: Lost[] } {
      const { rows, lost } = chainOf(listed, asked, source);
      const chain = present({
        ...asked,
        contracts: rows.map(({ contract }) => contract),
        greeksAsOf: newestGreeks(rows.map(({ row }) => row)),
      });
      return { chain, lost };
    },
  };
}

/** The rows of a list that stands under such a key. */
function readList<T>(
  schema: Schema<T>,
  body: unknown,
  [root, list]: readonly [string, string],
  source: WireSource,
  nameOf: (value: unknown) => RowName,
): ReadRows<T> {
  return readRows(schema, asArray(fieldOf(rootOf(body, root, source), list)), source, `${root}.${list}`, nameOf);
}

function nameOfRow(value: unknown): RowName {
  return { symbol: nameIn(fieldOf(value, 'symbol')) };
}

/** Undefined without a price, or without any time that says as of when: that is no data, and never 0. */
function toQuote(row: QuoteRow, symbol: TickerSymbol): Quote | undefined {
  const last = priceOf(row.last);
  const tradedAt = instantOf(row.trade_date);
  const quotedAt = instantOf(Math.max(row.bid_date ?? 0, row.ask_date ?? 0));
  const asOf = tradedAt ?? quotedAt;
  if (last === undefined || asOf === undefined) return undefined;
  return present({
    symbol,
    description: row.description,
    last,
    open: priceOf(row.open),
    high: priceOf(row.high),
    low: priceOf(row.low),
    previousClose: priceOf(row.prevclose),
    bid: sideOf(row.bid, row.bid_date),
    ask: sideOf(row.ask, row.ask_date),
    // Tradier writes 0 for an index, which trades no shares.
    volume: isIndexSymbol(symbol) ? priceOf(row.volume) : countOf(row.volume),
    averageVolume: priceOf(row.average_volume),
    // The year's extremes are counted once a day: today's may be beyond them.
    week52High: furthest(Math.max, row.week_52_high, row.high),
    week52Low: furthest(Math.min, row.week_52_low, row.low),
    regularClose: priceOf(row.close),
    asOf,
  });
}

function furthest(
  choose: (a: number, b: number) => number,
  ofYear: number | undefined,
  ofToday: number | undefined,
): number | undefined {
  const [year, today] = [priceOf(ofYear), priceOf(ofToday)];
  return year === undefined || today === undefined ? year : choose(year, today);
}

/** A bid of 0 is real when somebody quoted it (`bid_date`), and nothing when nobody ever did. */
function sideOf(price: number | undefined, dateMs: number | undefined): number | undefined {
  if (price === undefined || price > 0) return price;
  return price === 0 && instantOf(dateMs) !== undefined ? 0 : undefined;
}

function toOptionQuote(row: OptionRow, underlying: TickerSymbol): OptionQuote {
  return present({
    symbol: row.symbol,
    underlying,
    root: row.root_symbol ?? rootOfOption(row.symbol, underlying),
    side: row.option_type,
    strike: row.strike,
    expiration: row.expiration_date,
    multiplier: row.contract_size ?? 100,
    bid: sideOf(row.bid, row.bid_date),
    ask: sideOf(row.ask, row.ask_date),
    last: priceOf(row.last),
    volume: countOf(row.volume),
    openInterest: countOf(row.open_interest),
    iv: priceOf(row.greeks.smv_vol) ?? priceOf(row.greeks.mid_iv),
    ...toGreeks(row.greeks),
    tradedAt: instantOf(row.trade_date),
  });
}

/** Undefined for a contract that nobody quotes and that never traded. */
function toContractQuote(row: OptionRow, symbol: TickerSymbol): ContractQuote | undefined {
  const { bid, ask, last, volume, openInterest, iv, multiplier, tradedAt } = toOptionQuote(row, symbol);
  const asOf = instantOf(Math.max(row.bid_date ?? 0, row.ask_date ?? 0)) ?? tradedAt;
  if (asOf === undefined || (bid ?? ask ?? last) === undefined) return undefined;
  return present({
    symbol,
    bid,
    ask,
    last,
    previousClose: priceOf(row.prevclose),
    volume,
    openInterest,
    iv,
    ...toGreeks(row.greeks),
    multiplier,
    tradedAt,
    asOf,
  });
}

function toGreeks(greeks: OptionRow['greeks']): Greeks {
  return present({ delta: greeks.delta, gamma: greeks.gamma, theta: greeks.theta, vega: greeks.vega });
}

function newestGreeks(rows: readonly OptionRow[]): EpochMs | undefined {
  const times = rows.flatMap((row) => greeksTime(row) ?? []);
  return times.length === 0 ? undefined : times.reduce((newest, time) => Math.max(newest, time));
}

/** `updated_at` has no zone. It is taken as UTC: recorded values then fall shortly after closing time. */
function greeksTime({ greeks }: OptionRow): EpochMs | undefined {
  return parseIsoInstant(`${greeks.updated_at?.replace(' ', 'T') ?? ''}Z`);
}

/** The contract's own times, and that of its greeks. */
function dropContractTimes(row: OptionRow, now: EpochMs): string | undefined {
  const at = greeksTime(row);
  const isOfGreeks = at !== undefined && pastInstant(at, now) === undefined;
  if (isOfGreeks) row.greeks.updated_at = undefined;
  return isOfGreeks ? `greeks of ${formatMoment(at)}, in the future` : dropImpossibleTimes(row, TIMES, now);
}

/** Tradier's spellings in the documents and in the wild; others (`eom`) say nothing that the date does not. */
function kindOf(type: string | undefined, date: IsoDate, underlying: TickerSymbol): ExpirationKind {
  switch (type) {
    case 'standard':
    case 'monthly':
      return 'monthly';
    case 'weeklys':
      return 'weekly';
    case 'quarterlys':
      return 'quarterly';
    default:
      return deriveExpirationKind(date, underlying);
  }
}

/** When a bar begins; its two forms are of one moment, whichever of them is there. */
function momentOf({ time, timestamp }: MinuteRow): { at: EpochMs; why?: never } | { at?: never; why: string } {
  const [, date = '', hours, minutes] = /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)/.exec(time ?? '') ?? [];
  const told = dateIn(date) === undefined ? undefined : exchangeInstant(date, Number(hours) * 60 + Number(minutes));
  const at = instantOf(timestamp === undefined ? undefined : timestamp * 1000) ?? told;
  if (at === undefined) return { why: 'a bar has no time' };
  if (told === undefined || Math.abs(at - told) < MINUTE_MS) return { at };
  return { why: `its time is ${time ?? ''}, its timestamp ${formatMoment(at)}` };
}

function toIntradayBar(row: MinuteRow, at: EpochMs, symbol: TickerSymbol): ReadBar & { at: EpochMs } {
  const { open, high, low, close } = row;
  const volume = row.volume ?? (isIndexSymbol(symbol) ? 0 : undefined);
  const vwap = priceOf(row.vwap);
  return { date: exchangeDateOf(at), at, open, high, low, close, volume, ...(vwap === undefined ? {} : { vwap }) };
}
