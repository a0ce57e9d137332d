// The sample market's events in Tradier's fundamentals (beta): a list with an entry a symbol, tables that are rows, one
// row, a map or null. Earnings are an entry of a calendar that says so in words and by its time of day.
import { exchangeDateOf } from '../domain/exchange-time.ts';
import type { Earnings, EventLists } from '../domain/events.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { sampleEvents } from './events.ts';
import { collapse } from './tradier-replies.ts';
import { type ExchangeReply, type WireRequest, jsonReply, textReply } from './wire.ts';

const TIMES: Readonly<Record<Earnings['time'], string>> = {
  before_open: 'T07:00:00',
  after_close: 'T16:30:00',
  unknown: 'T00:00:00',
};
const QUARTERS = ['Fourth', 'First', 'Second', 'Third'];

/** Paths under `/beta/markets/fundamentals/`; undefined for others. */
export function answerFundamentals({ market, clock, segments, params }: WireRequest): ExchangeReply | undefined {
  const tablesOf = TABLES[segments.slice(3).join('/')];
  if (tablesOf === undefined) return undefined;
  const symbols = (params.get('symbols') ?? '').split(',').filter((symbol) => symbol !== '');
  if (symbols.length === 0) return textReply(400, 'Invalid parameter, symbols: is required');
  const today = exchangeDateOf(clock.now());
  return jsonReply(
    200,
    symbols.map((request) => {
      const instrument = market.find(request.toUpperCase().replace('/', '.'));
      if (instrument === undefined) return { request, type: 'Symbol', error: 'Not found', results: [] };
      const id = `0P${instrument.symbol}`;
      const tables = tablesOf(sampleEvents(instrument, today), id, instrument.name);
      return { request, type: 'Symbol', results: [{ type: 'Stock', id, tables }] };
    }),
  );
}

type TablesOf = (events: EventLists, id: string, name: TickerSymbol) => object;

const TABLES: Readonly<Record<string, TablesOf>> = {
  dividends: ({ dividends }, id) => ({
    cash_dividends: rowsOf(
      dividends.map(({ exDate, payDate, amount, frequency }) => ({
        share_class_id: id,
        dividend_type: 'CD',
        ex_date: exDate,
        cash_amount: amount,
        currency_i_d: 'USD',
        frequency,
        pay_date: payDate,
        record_date: exDate,
      })),
    ),
  }),
  corporate_actions: ({ splits }, id) => ({
    mergers_and_acquisitions: null,
    stock_splits: Object.fromEntries(
      splits.map(({ date, from, to }) => [
        date,
        {
          share_class_id: id,
          ex_date: date,
          adjustment_factor: to / from,
          split_from: from,
          split_to: to,
          split_type: 'SS',
        },
      ]),
    ),
  }),
  calendars: ({ earnings }, id, name) => ({
    corporate_calendars: rowsOf(
      earnings.map(({ date, time, confirmed }) => ({
        company_id: id,
        begin_date_time: `${date}${TIMES[time]}`,
        end_date_time: `${date}${TIMES[time]}`,
        event_type: 13,
        event: `${name} ${QUARTERS[Math.floor((Number(date.slice(5, 7)) - 1) / 3)] ?? ''} Quarter Earnings Result`,
        event_status: confirmed ? 'Confirmed' : 'Projected',
        time_zone: 'America/New_York',
      })),
    ),
  }),
};

function rowsOf(rows: readonly object[]): object | null {
  return rows.length === 0 ? null : collapse(rows);
}
