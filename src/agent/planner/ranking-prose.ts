// Sentences that order symbols by one figure each has, or sort them by the side of an average they are on. A symbol
// without the figure is named, never placed.
import type { IndicatorData } from '../../domain/answers.ts';
import type { TickerSymbol } from '../../domain/types.ts';
import { formatFixed, formatPrice, formatVolume } from '../../render/format.ts';
import { averageOf } from './computed-prose.ts';
import type { HeldQuote } from './held.ts';
import type { Extreme, Field, MovingAverage } from './vocabulary.ts';
import { capitalise, formatDay, joinWords } from './wording.ts';

interface Ranked {
  symbol: TickerSymbol;
  /** What the order goes by, undefined where it is not known. */
  measure: number | undefined;
  /** The figure as said behind the symbol. */
  said: string;
}

/** `Highest volume: AAPL 45.2M, then MSFT 20.1M.` */
export function describeQuoteRanking(
  extreme: Extreme,
  field: Field | undefined,
  quotes: readonly HeldQuote[],
): string[] {
  if (field === 'week52High' || field === 'week52Low') return describeNearness(extreme, field, quotes);
  const isAverage = field === 'averageVolume';
  const ranked = quotes.map((quote) => {
    const volume = isAverage ? quote.averageVolume : quote.volume;
    return { symbol: quote.symbol, measure: volume, said: formatVolume(volume) };
  });
  return describeOrder(
    `${extreme} ${isAverage ? 'average volume' : 'volume'}`,
    isAverage ? 'average volume' : 'volume',
    order(ranked, extreme === 'highest'),
  );
}

/** Nearness is counted in percent of the mark, so that prices of different size compare. */
function describeNearness(extreme: Extreme, field: 'week52High' | 'week52Low', quotes: readonly HeldQuote[]): string[] {
  const name = field === 'week52High' ? '52-week high' : '52-week low';
  const ranked = quotes.map((quote) => {
    const mark = quote[field];
    return {
      symbol: quote.symbol,
      measure: mark === undefined || mark <= 0 ? undefined : Math.abs(quote.last / mark - 1),
      said: `${quote.isClose ? 'close' : 'last'} ${formatPrice(quote.last)}, ${name} ${formatPrice(mark)}`,
    };
  });
  const { placed, missing } = order(ranked, extreme === 'farthest');
  const [first, ...others] = placed;
  const lines =
    first === undefined
      ? []
      : [
          `${capitalise(extreme)} ${extreme === 'nearest' ? 'to' : 'from'} its ${name} is ${first.symbol}: ${first.said}.`,
          ...others.map(({ symbol, said }) => `Then ${symbol}: ${said}.`),
        ];
  return [...lines, ...describeMissing(name, missing)];
}

/** `Highest RSI14: NVDA 65.20, then AMD 50.10.` */
export function describeRsiRanking(extreme: Extreme, indicators: readonly IndicatorData[]): string[] {
  const ranked = indicators.map(({ symbol, rsi14 }) => ({ symbol, measure: rsi14, said: formatFixed(rsi14, 2) }));
  return describeOrder(`${extreme} RSI14`, 'RSI14', order(ranked, extreme === 'highest'));
}

interface Order {
  placed: Ranked[];
  missing: TickerSymbol[];
}

function order(ranked: readonly Ranked[], largestFirst: boolean): Order {
  const known = ranked.flatMap((each) => (each.measure === undefined ? [] : [{ ...each, measure: each.measure }]));
  known.sort((left, right) => (largestFirst ? right.measure - left.measure : left.measure - right.measure));
  return { placed: known, missing: ranked.filter(({ measure }) => measure === undefined).map(({ symbol }) => symbol) };
}

function describeOrder(lead: string, name: string, { placed, missing }: Order): string[] {
  const [first, ...others] = placed.map(({ symbol, said }) => `${symbol} ${said}`);
  const line =
    first === undefined
      ? []
      : [`${capitalise(lead)}: ${first}${others.length === 0 ? '' : `, then ${others.join(', ')}`}.`];
  return [...line, ...describeMissing(name, missing)];
}

function describeMissing(name: string, symbols: readonly TickerSymbol[]): string[] {
  return symbols.length === 0 ? [] : [`No ${name} is given for ${joinWords(symbols)}.`];
}

/** Which of several symbols are on a side of their average: first who, then each with both figures. */
export function describeSides(
  relation: 'above' | 'below',
  average: MovingAverage,
  indicators: readonly IndicatorData[],
): string[] {
  const label = average.toUpperCase();
  const known = indicators.flatMap((data) => {
    const value = averageOf(data, average);
    return value === undefined
      ? []
      : [{ data, value, side: data.close > value ? 'above' : data.close < value ? 'below' : 'exactly on' }];
  });
  const fitting = known.filter(({ side }) => side === relation).map(({ data }) => data.symbol);
  const others = known.filter(({ side }) => side !== relation).map(({ data }) => data.symbol);
  const missing = indicators.filter((data) => averageOf(data, average) === undefined).map(({ symbol }) => symbol);
  return [
    ...(known.length === 0 ? [] : [describeWho(relation, label, fitting, others)]),
    ...known.map(
      ({ data, value, side }) =>
        `${data.symbol} at ${formatPrice(data.close)} on ${formatDay(data.date)} is ${side} its ${label} at ${formatPrice(value)}.`,
    ),
    ...(missing.length === 0 ? [] : [`Not known for ${joinWords(missing)}: there are not enough bars for ${label}.`]),
  ];
}

function describeWho(
  relation: string,
  label: string,
  fitting: readonly TickerSymbol[],
  others: readonly TickerSymbol[],
): string {
  const are = (symbols: readonly TickerSymbol[], not = ''): string =>
    `${joinWords(symbols)} ${symbols.length === 1 ? 'is' : 'are'}${not}`;
  const average = (symbols: readonly TickerSymbol[]): string =>
    `${relation} ${symbols.length === 1 ? 'its' : 'their'} ${label}`;
  if (fitting.length === 0) return `None: ${are(others, ' not')} ${average(others)}.`;
  if (others.length === 0) return `Yes: ${are(fitting)} ${average(fitting)}.`;
  return `${are(fitting)} ${average(fitting)}; ${are(others, ' not')}.`;
}
