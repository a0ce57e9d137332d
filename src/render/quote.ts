// Quotes on screen: a card for one symbol, a table for several.
import type { QuoteData } from '../domain/answers.ts';
import {
  MISSING,
  formatFixed,
  formatPercent,
  formatPrice,
  formatSession,
  formatSigned,
  formatVolume,
  plural,
  priceDecimals,
} from './format.ts';
import { renderFirstThatFits, renderTable, type Cell, type Column, type TableSpec } from './table.ts';
import { truncate } from './text.ts';
import { toneOfChange } from './theme.ts';
import { describe, type RenderOptions, type View } from './view.ts';

export function viewQuotes(quotes: readonly QuoteData[], options: RenderOptions): View {
  const [first] = quotes;
  if (first === undefined) return { caption: [], lines: [] };
  return quotes.length === 1 ? viewOneQuote(first, options) : viewSeveralQuotes(quotes, first, options);
}

function viewOneQuote(quote: QuoteData, options: RenderOptions): View {
  return {
    caption: [quote.symbol, describe(quote.description, 40), 'quote', formatSession(quote.session)],
    lines: [renderHeadline(quote, options), '', ...renderCard(cardOf(quote), options)],
  };
}

/** `207.04  +6.01  +2.99 %` */
function renderHeadline(quote: QuoteData, { theme, width }: RenderOptions): string {
  const change = `${formatSigned(quote.change, priceDecimals(quote.last))}  ${formatPercent(quote.changePercent)}`;
  const last = formatPrice(quote.last);
  if (last.length + 2 + change.length > width) return truncate(`${last}  ${change}`, width);
  return `${theme.paint('strong', last)}  ${theme.paint(toneOfChange(quote.change), change)}`;
}

type Pair = readonly [label: string, value: string];

/** The figures beside the price, in the columns of the widest card. */
function cardOf(quote: QuoteData): Pair[][] {
  return [
    [
      ['Open', formatPrice(quote.open)],
      ['High', formatPrice(quote.high)],
      ['Low', formatPrice(quote.low)],
      ['Prev close', formatPrice(quote.previousClose)],
    ],
    [
      ['Bid', formatPrice(quote.bid)],
      ['Ask', formatPrice(quote.ask)],
      ['Spread', formatSpread(quote)],
    ],
    [
      ['Volume', formatVolume(quote.volume)],
      ['Avg volume', formatVolume(quote.averageVolume)],
      ['52-week high', formatPrice(quote.week52High)],
      ['52-week low', formatPrice(quote.week52Low)],
    ],
  ];
}

function formatSpread(quote: QuoteData): string {
  if (quote.bid === undefined || quote.ask === undefined) return MISSING;
  return formatFixed(quote.ask - quote.bid, priceDecimals(quote.last));
}

/** Label and value pairs side by side in as many columns as fit. */
function renderCard(groups: readonly Pair[][], options: RenderOptions): string[] {
  const arrangements = [groups, [groups.flat().slice(0, 6), groups.flat().slice(6)], [groups.flat()]];
  return renderFirstThatFits(
    arrangements.map((arrangement) => () => cardSpec(arrangement)),
    options,
  );
}

function cardSpec(groups: readonly Pair[][]): TableSpec {
  const height = Math.max(...groups.map((group) => group.length));
  const columns = groups.flatMap((_group, index): Column[] => [
    { head: '', align: 'left', tone: 'muted' },
    { head: '', align: 'right' },
    ...(index < groups.length - 1 ? [{ head: '', align: 'left' } satisfies Column] : []),
  ]);
  const rows = Array.from({ length: height }, (_, row) =>
    groups.flatMap((group, index) => [...(group[row] ?? ['', '']), ...(index < groups.length - 1 ? [''] : [])]),
  );
  return { head: false, columns, rows };
}

const COLUMNS: readonly Column[] = [
  { head: 'Symbol', align: 'left', tone: 'strong' },
  { head: 'Last', align: 'decimal' },
  { head: 'Change', align: 'decimal', drop: 1 },
  { head: 'Change %', align: 'decimal' },
  { head: 'Open', align: 'decimal', drop: 4 },
  { head: 'High', align: 'decimal', drop: 3 },
  { head: 'Low', align: 'decimal', drop: 3 },
  { head: 'Prev close', align: 'decimal', drop: 5 },
  { head: 'Volume', drop: 2 },
  { head: 'Bid', align: 'decimal', drop: 6 },
  { head: 'Ask', align: 'decimal', drop: 6 },
  { head: '52w high', align: 'decimal', drop: 7 },
  { head: '52w low', align: 'decimal', drop: 7 },
  { head: 'Avg vol', drop: 8 },
];

function viewSeveralQuotes(quotes: readonly QuoteData[], first: QuoteData, options: RenderOptions): View {
  const oneSession = quotes.every((quote) => quote.session === first.session);
  return {
    caption: ['quotes', plural(quotes.length, 'symbol'), oneSession ? formatSession(first.session) : ''],
    lines: renderTable({ columns: COLUMNS, rows: quotes.map(rowOf) }, options),
  };
}

function rowOf(quote: QuoteData): (Cell | string)[] {
  const tone = toneOfChange(quote.change);
  return [
    quote.symbol,
    formatPrice(quote.last),
    { text: formatSigned(quote.change, priceDecimals(quote.last)), tone },
    { text: formatPercent(quote.changePercent), tone },
    formatPrice(quote.open),
    formatPrice(quote.high),
    formatPrice(quote.low),
    formatPrice(quote.previousClose),
    formatVolume(quote.volume),
    formatPrice(quote.bid),
    formatPrice(quote.ask),
    formatPrice(quote.week52High),
    formatPrice(quote.week52Low),
    formatVolume(quote.averageVolume),
  ];
}
