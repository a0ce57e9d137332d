// Hides Polygon's rows of dividends, splits, headlines and tickers, and which of them are of no interest here.
// Headlines are text of strangers: no row brings more of it than a line, and nothing of it but what is cleaned.
import * as z from 'zod/mini';
import type { EventList, EventLists, Headline, Security } from '../domain/events.ts';
import { parseIsoInstant } from '../domain/exchange-time.ts';
import { present } from '../domain/present.ts';
import { canonicalTicker } from '../domain/symbols.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { cleanHeadline, dayIn, orderEvents, toSecurity, webAddress } from './event-lists.ts';
import { symbolReader } from './quote-batch.ts';
import { type Gathered, lostOf, nameIn, readRows, refuseIfNoneIsReadable } from './rows.ts';
import { asArray, cleanText, fieldOf, once, type WireSource } from './wire.ts';
import { createFieldSchemas, optionalPart } from './wire-fields.ts';

const MAX_PUBLISHER = 60;
const MAX_SYMBOLS = 20;
const MARKETS = ['stocks', 'indices', 'otc'];

type Rows = { [List in EventList]: EventLists[List][number] };
type Named<List extends EventList> = { ticker: string; event: Rows[List] };

function buildSchemas() {
  const { number, optionalNumber, text, name, optionalText, date } = createFieldSchemas();
  return {
    dividends: z.object({
      ticker: name,
      ex_dividend_date: date,
      pay_date: optionalText,
      cash_amount: number,
      frequency: optionalNumber,
      currency: optionalText,
    }),
    splits: z.object({ ticker: name, execution_date: date, split_from: number, split_to: number }),
    // Not cleaned yet: the tags must still be tags.
    headline: z.object({
      title: z.string(),
      published_utc: text,
      article_url: z.optional(z.nullable(z.string())),
      publisher: optionalPart(z.object({ name: optionalText })),
      tickers: z.optional(z.unknown()),
      insights: z.optional(z.unknown()),
    }),
    ticker: z.object({
      ticker: name,
      name: optionalText,
      type: optionalText,
      market: optionalText,
      primary_exchange: optionalText,
    }),
  };
}

export function createPolygonEvents() {
  const schemas = once(buildSchemas);

  function readResults<T>(body: unknown, schema: z.ZodMiniType<T>, source: WireSource) {
    const read = readRows(schema, asArray(fieldOf(body, 'results')), source, 'results', (value) => ({
      symbol: nameIn(fieldOf(value, 'ticker')),
      date: dayIn(nameIn(fieldOf(value, 'ex_dividend_date')) ?? nameIn(fieldOf(value, 'execution_date'))),
    }));
    refuseIfNoneIsReadable(read);
    return { rows: read.rows, lost: lostOf(read.refused, source) };
  }

  return {
    /** One page of several symbols' dividends or splits. */
    parseEvents<List extends EventList>(list: List, body: unknown, source: WireSource): Gathered<Named<List>> {
      if (list === 'splits') {
        const { rows, lost } = readResults(body, schemas().splits, source);
        const named = rows
          .filter(({ split_from: from, split_to: to }) => from > 0 && to > 0 && from !== to)
          .map(({ ticker, execution_date: date, split_from: from, split_to: to }) => ({
            ticker,
            event: { date, from, to },
          }));
        return { rows: named as Named<List>[], lost };
      }
      const { rows, lost } = readResults(body, schemas().dividends, source);
      const named = rows
        .filter(({ cash_amount: amount }) => amount > 0)
        .map(({ ticker, ex_dividend_date: exDate, pay_date, cash_amount: amount, frequency, currency }) => ({
          ticker,
          event: present({
            exDate,
            payDate: dayIn(pay_date),
            amount,
            frequency: frequency !== undefined && frequency > 0 ? frequency : undefined,
            currency: currency?.toUpperCase() === 'USD' ? undefined : currency,
          }),
        }));
      return { rows: named as Named<List>[], lost };
    },

    /** A list for each symbol, empty where there are none. */
    bySymbol<List extends EventList>(
      list: List,
      rows: readonly Named<List>[],
      asked: readonly TickerSymbol[],
      toWire: (symbol: TickerSymbol) => string,
    ): Map<TickerSymbol, EventLists[List]> {
      const symbolOf = symbolReader(asked, toWire);
      const found = new Map<TickerSymbol, Rows[List][]>(asked.map((symbol) => [symbol, []]));
      for (const { ticker, event } of rows) found.get(symbolOf(ticker) ?? '')?.push(event);
      return new Map([...found].map(([symbol, events]) => [symbol, orderEvents(list, events) as EventLists[List]]));
    },

    parseNews(body: unknown, asked: TickerSymbol, source: WireSource): Gathered<Headline> {
      const read = readRows(schemas().headline, asArray(fieldOf(body, 'results')), source, 'results', () => ({
        symbol: asked,
      }));
      refuseIfNoneIsReadable(read);
      const rows = read.rows.flatMap((row): Headline | [] => {
        const publishedAt = parseIsoInstant(row.published_utc);
        const title = cleanHeadline(row.title);
        if (publishedAt === undefined || title === '') return [];
        return present({
          publishedAt,
          title,
          publisher: cleanText(row.publisher.name ?? 'unknown', MAX_PUBLISHER),
          url: webAddress(row.article_url ?? undefined),
          symbols: symbolsIn(row.tickers),
          sentiment: sentimentOf(row.insights, asked),
        });
      });
      return { rows: rows.toSorted((a, b) => b.publishedAt - a.publishedAt), lost: lostOf(read.refused, source) };
    },

    parseSecurities(body: unknown, source: WireSource): Gathered<Security> {
      const { rows, lost } = readResults(body, schemas().ticker, source);
      const found = rows
        .filter(({ market }) => market === undefined || MARKETS.includes(market))
        .flatMap(
          ({ ticker, name, type, market, primary_exchange: exchange }) =>
            toSecurity({
              symbol: ticker.replace(/^I:/, ''),
              name,
              type: type ?? (market === 'indices' ? market : undefined),
              exchange: exchange ?? (market === 'otc' ? 'U' : undefined),
            }) ?? [],
        );
      return { rows: found, lost };
    },
  };
}

function symbolsIn(tickers: unknown): TickerSymbol[] {
  const found = asArray(tickers).flatMap((each) => (typeof each === 'string' ? (canonicalTicker(each) ?? []) : []));
  return [...new Set(found)].slice(0, MAX_SYMBOLS);
}

/** What the provider's model takes the article for, of the symbol that is asked for. */
function sentimentOf(insights: unknown, asked: TickerSymbol): Headline['sentiment'] {
  const own = asArray(insights).find((each) => canonicalTicker(nameIn(fieldOf(each, 'ticker')) ?? '') === asked);
  const said = fieldOf(own, 'sentiment');
  return said === 'positive' || said === 'negative' || said === 'neutral' ? said : undefined;
}
