// Hides Polygon's rows of dividends, splits, headlines and tickers, and which of them are of no interest here.
// Headlines are text of strangers: no row brings more of it than a line, and nothing of it but what is cleaned.
import * as z from 'zod/mini';
import type { EventList, EventLists, Headline, Security } from '../domain/events.ts';
import { parseIsoInstant } from '../domain/exchange-time.ts';
import { present } from '../domain/present.ts';
import { canonicalTicker, quoteInput } from '../domain/symbols.ts';
import type { IsoDate, TickerSymbol } from '../domain/types.ts';
import {
  type Flaw,
  cleanHeadline,
  dayIn,
  flawOfDividend,
  flawOfSplit,
  lostEvent,
  orderEvents,
  toSecurity,
  webAddress,
} from './event-lists.ts';
import { type Gathered, lostOf, nameIn, readRows, refuseIfNoneIsReadable } from './rows.ts';
import { asArray, badPayload, cleanText, fieldOf, once, type WireSource } from './wire.ts';
import { createFieldSchemas, optionalPart } from './wire-fields.ts';

const MAX_PUBLISHER = 60;
const MAX_SYMBOLS = 20;
const MARKETS = ['stocks', 'indices', 'otc'];

type Rows = { [List in EventList]: EventLists[List][number] };
type Named<List extends EventList> = { symbol: TickerSymbol; event: Rows[List] };
interface ReadEvent {
  ticker: string;
  date: IsoDate;
  event: Rows[EventList];
  flaw: Flaw | undefined;
}
type Schemas = ReturnType<typeof buildSchemas>;

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
    /** One page of several symbols' dividends or splits. @throws BadPayloadError where all rows are of other symbols */
    parseEvents<List extends EventList>(
      list: List,
      body: unknown,
      symbolOf: (ticker: string) => TickerSymbol | undefined,
      source: WireSource,
    ): Gathered<Named<List>> {
      const { rows, lost } =
        list === 'splits'
          ? readSplits(readResults(body, schemas().splits, source))
          : readDividends(readResults(body, schemas().dividends, source));
      const named: Named<List>[] = [];
      for (const { ticker, date, event, flaw } of rows) {
        const symbol = symbolOf(ticker);
        if (symbol === undefined) lost.push(lostEvent({ why: `${ticker} was not asked for` }, { date }, source));
        else if (flaw !== undefined) lost.push(lostEvent(flaw, { symbol, date }, source));
        else named.push({ symbol, event } as Named<List>);
      }
      if (rows.length > 0 && rows.every(({ ticker }) => symbolOf(ticker) === undefined))
        throw badPayload(source, `the answer is about other symbols (${rows[0]?.ticker ?? ''})`, {
          field: 'results[0].ticker',
        });
      return { rows: named, lost };
    },

    /** A list for each symbol, empty where there are none. */
    bySymbol<List extends EventList>(
      list: List,
      rows: readonly Named<List>[],
      asked: readonly TickerSymbol[],
    ): Map<TickerSymbol, EventLists[List]> {
      const found = new Map<TickerSymbol, Rows[List][]>(asked.map((symbol) => [symbol, []]));
      for (const { symbol, event } of rows) found.get(symbol)?.push(event);
      return new Map([...found].map(([symbol, events]) => [symbol, orderEvents(list, events) as EventLists[List]]));
    },

    parseNews(body: unknown, asked: TickerSymbol, source: WireSource): Gathered<Headline> {
      const read = readRows(schemas().headline, asArray(fieldOf(body, 'results')), source, 'results', () => ({
        symbol: asked,
      }));
      refuseIfNoneIsReadable(read);
      const lost = lostOf(read.refused, source);
      const rows = read.rows.flatMap((row): Headline | [] => {
        const publishedAt = parseIsoInstant(row.published_utc);
        const title = cleanHeadline(row.title);
        if (publishedAt === undefined || title === '') {
          const why = title === '' ? 'it has no title' : `${quoteInput(row.published_utc)} is not a time`;
          lost.push({ symbol: asked, message: `${source.label} ${source.endpoint}: a headline is left out: ${why}` });
          return [];
        }
        return present({
          publishedAt,
          title,
          publisher: cleanText(row.publisher.name ?? 'unknown', MAX_PUBLISHER),
          url: webAddress(row.article_url ?? undefined),
          symbols: symbolsIn(row.tickers),
          sentiment: sentimentOf(row.insights, asked),
        });
      });
      return { rows: rows.toSorted((a, b) => b.publishedAt - a.publishedAt), lost };
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

function readSplits({ rows, lost }: Gathered<z.infer<Schemas['splits']>>): Gathered<ReadEvent> {
  const read = rows.map(({ ticker, execution_date: date, split_from: from, split_to: to }) => ({
    ticker,
    date,
    event: { date, from, to },
    flaw: flawOfSplit(from, to),
  }));
  return { rows: read, lost };
}

function readDividends({ rows, lost }: Gathered<z.infer<Schemas['dividends']>>): Gathered<ReadEvent> {
  const read = rows.map(({ ticker, ex_dividend_date: exDate, pay_date, cash_amount: amount, frequency, currency }) => ({
    ticker,
    date: exDate,
    event: present({
      exDate,
      payDate: dayIn(pay_date),
      amount,
      frequency: frequency !== undefined && frequency > 0 ? frequency : undefined,
      currency: currency?.toUpperCase() === 'USD' ? undefined : currency,
    }),
    flaw: flawOfDividend(amount),
  }));
  return { rows: read, lost };
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
