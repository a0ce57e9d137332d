// Hides Tradier's fundamentals (beta) and its two searches. Of fundamentals every field is optional, a list of one is an
// object, splits are a map, and earnings are known by the words of a calendar entry alone. Shape: go-tradier's.
import * as z from 'zod/mini';
import { ProviderAuthError } from '../domain/errors.ts';
import type { EventList, EventLists, Security } from '../domain/events.ts';
import { daysBetween } from '../domain/exchange-time.ts';
import { present, isRecord } from '../domain/present.ts';
import type { EpochMs, IsoDate, TickerSymbol } from '../domain/types.ts';
import type { HttpReply } from '../http/http.ts';
import { type Flaw, dayIn, flawOfDividend, flawOfSplit, lostEvent, orderEvents, toSecurity } from './event-lists.ts';
import type { Lost } from './provider.ts';
import { symbolReader } from './quote-batch.ts';
import { quoted } from './refusal.ts';
import { type Gathered, lostOf, nameIn, readRows, refuseIfNoneIsReadable } from './rows.ts';
import { asArray, badPayload, cleanText, detailsOf, fieldOf, once, redactText, type WireSource } from './wire.ts';
import { createFieldSchemas } from './wire-fields.ts';

export const FUNDAMENTALS: Readonly<Record<EventList, { endpoint: string; path: string }>> = {
  dividends: { endpoint: 'dividends', path: '/beta/markets/fundamentals/dividends' },
  splits: { endpoint: 'splits', path: '/beta/markets/fundamentals/corporate_actions' },
  earnings: { endpoint: 'earnings', path: '/beta/markets/fundamentals/calendars' },
};

const IS_EARNINGS =
  /\bearnings\b|\bresults?\b.*\b(?:quarter|year|interim)|\b(?:quarter|year|interim)\w*\b.*\bresults?\b/i;
/** Talks about the report, on its day or some days after it. */
const IS_CALL = /\b(?:call|conference|webcast)\b/i;
const CALL_DAYS = 5;
const OPEN_MINUTES = 570;
const CLOSE_MINUTES = 960;

function buildSchemas() {
  const { optionalNumber, optionalText, name } = createFieldSchemas();
  return {
    dividends: z.object({
      ex_date: optionalText,
      pay_date: optionalText,
      cash_amount: optionalNumber,
      frequency: optionalNumber,
      currency_i_d: optionalText,
    }),
    splits: z.object({ ex_date: optionalText, split_from: optionalNumber, split_to: optionalNumber }),
    earnings: z.object({
      begin_date_time: optionalText,
      estimated_date_for_next_event: optionalText,
      event: optionalText,
      event_status: optionalText,
    }),
    security: z.object({ symbol: name, description: optionalText, type: optionalText, exchange: optionalText }),
  };
}

type Schemas = ReturnType<typeof buildSchemas>;
type Rows = { [List in EventList]: EventLists[List][number] };
type EventsRead<List extends EventList> = { value: Map<TickerSymbol, EventLists[List]>; lost: Lost[] };

export function createTradierEvents() {
  const schemas = once(buildSchemas);

  return {
    /** `[{request, results: [{tables: {<table>: row | rows | map}}]}]`, one entry a symbol. */
    parseEvents<List extends EventList>(
      list: List,
      body: unknown,
      { asked, toWire }: { asked: readonly TickerSymbol[]; toWire: (symbol: TickerSymbol) => string },
      source: WireSource,
    ): EventsRead<List> {
      const symbolOf = symbolReader(asked, toWire);
      const value = new Map<TickerSymbol, EventLists[List]>();
      const lost: Lost[] = [];
      const failed = new Map<TickerSymbol, string>(asked.map((symbol) => [symbol, 'the answer has no entry for it']));
      for (const entry of asArray(body)) {
        const symbol = symbolOf(nameIn(fieldOf(entry, 'request')) ?? '');
        if (symbol === undefined) continue;
        const tables = asArray(fieldOf(entry, 'results')).map((result) => fieldOf(result, 'tables'));
        const fault = faultOf(entry, tables, source);
        if (fault !== undefined) {
          failed.set(symbol, fault);
          continue;
        }
        failed.delete(symbol);
        const values = tables.flatMap((each) => rowsOf(fieldOf(each, TABLES[list])));
        const read = readRows(schemas()[list] as z.ZodMiniType<RowOf[List]>, values, source, TABLES[list], () => ({
          symbol,
        }));
        lost.push(...lostOf(read.refused, source));
        const events = withoutCalls(read.rows).flatMap((row) => {
          const event = (TO_EVENT[list] as (row: RowOf[List]) => Rows[List] | Flaw | [])(row);
          if (!('why' in event)) return event;
          lost.push(lostEvent(event, { symbol }, source));
          return [];
        });
        value.set(symbol, orderEvents(list, events) as EventLists[List]);
      }
      for (const [symbol, why] of failed) {
        const error = badPayload(source, `${symbol}: ${why}`);
        if (failed.size === asked.length) throw error;
        lost.push({ symbol, message: error.message });
      }
      return { value, lost };
    },

    /** `{securities: {security}}` of either search; options are found by their underlying. */
    parseSecurities(body: unknown, source: WireSource): Gathered<Security> {
      if (!isRecord(body) || !Object.hasOwn(body, 'securities'))
        throw badPayload(source, 'the answer has no "securities"', { field: 'securities' });
      const values = asArray(fieldOf(body['securities'], 'security'));
      const read = readRows(schemas().security, values, source, 'securities.security', (value) => ({
        symbol: nameIn(fieldOf(value, 'symbol')),
      }));
      refuseIfNoneIsReadable(read);
      const rows = read.rows
        .filter(({ type }) => type !== 'option')
        .flatMap(
          ({ symbol, description, type, exchange }) => toSecurity({ symbol, name: description, type, exchange }) ?? [],
        );
      return { rows, lost: lostOf(read.refused, source) };
    },
  };
}

const TABLES = { dividends: 'cash_dividends', splits: 'stock_splits', earnings: 'corporate_calendars' } as const;

/** A list, a map of rows by a key that says nothing, or a row alone: its fields are values, a map's are rows. */
function rowsOf(table: unknown): unknown[] {
  if (isRecord(table) && Object.values(table).every(isRecord)) return Object.values(table);
  return asArray(table);
}

type RowOf = { [List in EventList]: z.infer<Schemas[List]> };

/** An entry's error may say that there is nothing; any other, and results without tables, is no word about that. */
function faultOf(entry: unknown, tables: readonly unknown[], source: WireSource): string | undefined {
  const said = fieldOf(entry, 'error');
  if (said !== undefined && said !== null && said !== '') {
    const text = typeof said === 'string' ? redactText(said, source.secret, 80) : '';
    return SAYS_NOTHING.test(text) ? undefined : `its entry is an error${quoted(text)}`;
  }
  return tables.length > 0 && !tables.some(isRecord) ? 'its entry has no tables' : undefined;
}

const SAYS_NOTHING =
  /\bno (?:data|results?|records?|events?|such)\b|\bnot? (?:found|available)\b|\bnone\b|\b(?:unknown|invalid) symbol\b/i;

const BAD_DATE: Flaw = { why: 'its date is not a date' };

/** What lacks its date or its figures is no event; one that has them and cannot be is said. */
const TO_EVENT: { [List in EventList]: (row: RowOf[List]) => Rows[List] | Flaw | [] } = {
  dividends: ({ ex_date, pay_date, cash_amount: amount, frequency, currency_i_d: currency }) => {
    const exDate = dayIn(ex_date);
    if (ex_date === undefined || amount === undefined) return [];
    if (exDate === undefined) return BAD_DATE;
    return (
      flawOfDividend(amount) ??
      present({
        exDate,
        payDate: dayIn(pay_date),
        amount,
        frequency: frequency !== undefined && frequency > 0 ? frequency : undefined,
        currency: currency === 'USD' ? undefined : currency,
      })
    );
  },
  splits: ({ ex_date, split_from: from, split_to: to }) => {
    const date = dayIn(ex_date);
    if (ex_date === undefined || from === undefined || to === undefined) return [];
    return date === undefined ? BAD_DATE : (flawOfSplit(from, to) ?? { date, from, to });
  },
  earnings: ({ begin_date_time: begin, estimated_date_for_next_event: estimate, event = '', event_status: status }) => {
    const date = dayIn(begin) ?? dayIn(estimate);
    if ((begin ?? estimate) === undefined || !IS_EARNINGS.test(event)) return [];
    if (date === undefined) return BAD_DATE;
    return { date, time: timeOf(event, begin), confirmed: /^confirmed$/i.test(status ?? '') };
  },
};

/** A call stands for its report only where that is not listed itself. */
function withoutCalls<Row extends object>(rows: readonly Row[]): readonly Row[] {
  const isCall = (row: Row): boolean => IS_CALL.test(textOf(row, 'event'));
  const reports = rows.filter((row) => IS_EARNINGS.test(textOf(row, 'event')) && !isCall(row)).map(dayOfRow);
  const isTold = (day: IsoDate | undefined): boolean =>
    day === undefined || reports.some((each) => each !== undefined && Math.abs(daysBetween(each, day)) <= CALL_DAYS);
  return rows.filter((row) => !isCall(row) || !isTold(dayOfRow(row)));
}

function textOf(row: object, name: string): string {
  const value = fieldOf(row, name);
  return typeof value === 'string' ? value : '';
}

function dayOfRow(row: object): IsoDate | undefined {
  return dayIn(textOf(row, 'begin_date_time')) ?? dayIn(textOf(row, 'estimated_date_for_next_event'));
}

/** By its words, else by its time of day in New York; midnight means that there is none. */
function timeOf(event: string, begin = ''): Rows['earnings']['time'] {
  if (/\b(?:before|pre)\b[ -]?(?:the )?(?:market|open|mkt)/i.test(event)) return 'before_open';
  if (/\b(?:after|post)\b[ -]?(?:the )?(?:market|close|mkt|hours)/i.test(event)) return 'after_close';
  const [, hours, minutes] = /^.{10}[T ](\d\d):(\d\d)/.exec(begin) ?? [];
  const ofDay = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  if (ofDay >= CLOSE_MINUTES) return 'after_close';
  return ofDay > 0 && ofDay < OPEN_MINUTES ? 'before_open' : 'unknown';
}

/**
 * The body of an answer of the fundamentals. They are for brokerage accounts and in beta: what refuses them, or fails
 * there, says nothing about the rest of Tradier, so neither breaker nor retry hears of it.
 * @throws ProviderAuthError (`plan`) where they are not open to the token, BadPayloadError for what else is no answer
 */
export function readFundamentals(
  reply: HttpReply,
  source: WireSource,
  readBody: (reply: HttpReply, source: WireSource, nowMs: EpochMs) => unknown,
  nowMs: EpochMs,
): unknown {
  const { status } = reply;
  if (status === 403 || status === 404 || (status === 401 && /apiproduct/i.test(reply.body)))
    throw notOpen(source, ` (status ${status})`, reply);
  if (status === 400 || status >= 500) {
    const said = /^[<{[]/.test(reply.body.trim()) ? '' : cleanText(reply.body, 80);
    throw badPayload(source, `answered with status ${status}${quoted(said)}`, { reply });
  }
  const body = readBody(reply, source, nowMs);
  if (Array.isArray(body)) return body;
  throw badPayload(source, 'the answer is not a list', { reply });
}

export function notOpen(source: WireSource, why: string, reply?: HttpReply): ProviderAuthError {
  return new ProviderAuthError('plan', `${source.label} ${source.endpoint}: only for brokerage accounts${why}`, {
    ...detailsOf(source, reply),
    hint: 'a Polygon key (MASSIVE_API_KEY) provides dividends and splits',
  });
}
