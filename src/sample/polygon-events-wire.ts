// The sample market's dividends, splits and headlines in Polygon's wire format. Earnings are a partner's, sold apart:
// they are refused here as on the real wire.
import { exchangeDateOf } from '../domain/exchange-time.ts';
import type { Instrument } from './companies.ts';
import { sampleEvents, sampleHeadlines } from './events.ts';
import {
  PolygonRefusal,
  encodeCursor,
  nextPageUrl,
  readCursor,
  readLimit,
  readOffset,
  success,
} from './polygon-replies.ts';
import { type ExchangeReply, type WireRequest } from './wire.ts';

const MOST_EVENTS = 5000;
const USUAL_EVENTS = 100;
const MOST_HEADLINES = 1000;
const USUAL_HEADLINES = 10;

export function answerPolygonEvents(request: WireRequest): ExchangeReply | undefined {
  switch (request.segments.join('/')) {
    case 'stocks/v1/dividends':
      return answerRows(request, USUAL_EVENTS, MOST_EVENTS, dividendRows(request));
    case 'stocks/v1/splits':
      return answerRows(request, USUAL_EVENTS, MOST_EVENTS, splitRows(request));
    case 'v2/reference/news':
      return answerRows(request, USUAL_HEADLINES, MOST_HEADLINES, newsRows(request));
    case 'benzinga/v1/earnings':
      throw PolygonRefusal.notEntitled(
        'You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing',
      );
    default:
      return undefined;
  }
}

/** Those named, all where none is. */
function instrumentsOf(request: WireRequest): readonly Instrument[] {
  const params = readCursor(request);
  const named = params.get('ticker') ?? params.get('ticker.any_of');
  if (named === null) return request.market.instruments();
  return named.split(',').flatMap((ticker) => request.market.find(ticker) ?? []);
}

function dividendRows(request: WireRequest): object[] {
  const today = exchangeDateOf(request.clock.now());
  const from = readCursor(request).get('ex_dividend_date.gte') ?? '';
  return instrumentsOf(request).flatMap((instrument) =>
    sampleEvents(instrument, today)
      .dividends.filter(({ exDate }) => exDate >= from)
      .map(({ exDate, payDate, amount, frequency }) => ({
        id: `E${instrument.symbol}${exDate}`,
        ticker: instrument.symbol,
        cash_amount: amount,
        currency: 'USD',
        ex_dividend_date: exDate,
        record_date: exDate,
        pay_date: payDate,
        frequency,
        distribution_type: 'recurring',
        split_adjusted_cash_amount: amount,
      })),
  );
}

function splitRows(request: WireRequest): object[] {
  const today = exchangeDateOf(request.clock.now());
  return instrumentsOf(request).flatMap((instrument) =>
    sampleEvents(instrument, today).splits.map(({ date, from, to }) => ({
      id: `E${instrument.symbol}${date}`,
      ticker: instrument.symbol,
      execution_date: date,
      split_from: from,
      split_to: to,
      adjustment_type: to > from ? 'forward_split' : 'reverse_split',
    })),
  );
}

function newsRows(request: WireRequest): object[] {
  const ascending = readCursor(request).get('order') === 'asc';
  const rows = instrumentsOf(request).flatMap((instrument) =>
    sampleHeadlines(instrument, request.clock.now()).map(({ id, publishedAt, title, publisher, sentiment }) => ({
      id: `${instrument.symbol}${id}`,
      publisher: { name: publisher, homepage_url: 'https://example.com/' },
      title,
      author: 'SAMPLE',
      published_utc: new Date(publishedAt).toISOString().replace('.000Z', 'Z'),
      article_url: `https://example.com/sample/${instrument.symbol.toLowerCase()}/${id}`,
      tickers: [instrument.symbol],
      insights: [{ ticker: instrument.symbol, sentiment, sentiment_reasoning: 'made up' }],
    })),
  );
  const sorted = rows.toSorted((a, b) => (a.published_utc < b.published_utc ? -1 : 1));
  return ascending ? sorted : sorted.reverse();
}

function answerRows(request: WireRequest, usual: number, most: number, rows: readonly object[]): ExchangeReply {
  const params = readCursor(request);
  const [limit, offset] = [readLimit(params, usual, most), readOffset(params)];
  const next = offset + limit;
  const cursor = encodeCursor({ ...Object.fromEntries(params), offset: String(next) });
  return success(
    request,
    rows.slice(offset, next),
    next < rows.length ? nextPageUrl(request, `/${request.segments.join('/')}`, cursor) : undefined,
  );
}
