// Quotes on screen: a card for one symbol, a table for several.
import type { QuoteData } from '../domain/answers.ts';
import { findField } from '../fields/registry.ts';
import { formatFigure } from './figure.ts';
import {
  MISSING,
  formatFixed,
  formatPercent,
  formatPrice,
  formatSession,
  formatSigned,
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

/** `207.04  +6.01  +2.99%` */
function renderHeadline(quote: QuoteData, { theme, width }: RenderOptions): string {
  const change = `${formatSigned(quote.change, priceDecimals(quote.last))}  ${formatPercent(quote.changePercent)}`;
  const last = formatPrice(quote.last);
  if (last.length + 2 + change.length > width) return truncate(`${last}  ${change}`, width);
  return `${theme.paint('strong', last)}  ${theme.paint(toneOfChange(quote.change), change)}`;
}

type Pair = readonly [label: string, value: string];

/** The figures beside the price, in the columns of the widest card. */
const CARD: readonly (readonly string[])[] = [
  ['open', 'high', 'low', 'previousClose'],
  ['bid', 'ask', 'spread'],
  ['volume', 'averageVolume', 'week52High', 'week52Low'],
];

function cardOf(quote: QuoteData): Pair[][] {
  return CARD.map((names) => names.map((name): Pair => [labelOf(name), textOf(name, quote)]));
}

function labelOf(name: string): string {
  return findField(name)?.label ?? name;
}

/** A figure of the quote, written as all figures of its field are; a change with the decimals of its price. */
function textOf(name: string, quote: QuoteData): string {
  const field = findField(name);
  const value = field?.entry.read({ symbol: quote.symbol, now: 0, quote }, 0);
  if (field === undefined || typeof value !== 'number') return MISSING;
  if (name === 'change') return formatSigned(value, priceDecimals(quote.last));
  return name === 'spread' ? formatFixed(value, priceDecimals(quote.last)) : formatFigure(value, field);
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

/** Of several quotes, each with the order in which it goes where the width is too small. */
const FIGURES: readonly (readonly [name: string, drop?: number])[] = [
  ['last'],
  ['change', 1],
  ['changePercent'],
  ['open', 4],
  ['high', 3],
  ['low', 3],
  ['previousClose', 5],
  ['volume', 2],
  ['bid', 6],
  ['ask', 6],
  ['week52High', 7],
  ['week52Low', 7],
  ['averageVolume', 8],
];

function columnsOf(): Column[] {
  return [
    { head: 'Symbol', align: 'left', tone: 'strong' },
    ...FIGURES.map(([name, drop]): Column => ({
      head: findField(name)?.head ?? name,
      align: findField(name)?.unit === 'shares' ? 'right' : 'decimal',
      ...(drop === undefined ? {} : { drop }),
    })),
  ];
}

function viewSeveralQuotes(quotes: readonly QuoteData[], first: QuoteData, options: RenderOptions): View {
  const oneSession = quotes.every((quote) => quote.session === first.session);
  return {
    caption: ['quotes', plural(quotes.length, 'symbol'), oneSession ? formatSession(first.session) : ''],
    lines: renderTable({ columns: columnsOf(), rows: quotes.map(rowOf) }, options),
  };
}

function rowOf(quote: QuoteData): (Cell | string)[] {
  const tone = toneOfChange(quote.change);
  return [
    quote.symbol,
    ...FIGURES.map(([name]): Cell => {
      const text = textOf(name, quote);
      return findField(name)?.signed === true ? { text, tone } : { text };
    }),
  ];
}
