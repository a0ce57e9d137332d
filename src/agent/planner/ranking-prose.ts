// Sentences that order symbols by one figure each has, or sort them by the side of an average they are on. A symbol
// without the figure is named, never placed.
import type { IndicatorData } from '../../domain/answers.ts';
import { joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import type { TickerSymbol } from '../../domain/types.ts';
import { averageOf, saySide, sideOf } from './computed-prose.ts';
import type { HeldQuote } from './held.ts';
import type { Extreme, Field, MovingAverage } from './vocabulary.ts';
import { capitalise, joinWords } from './wording.ts';

interface Ranked {
  symbol: TickerSymbol;
  /** What the order goes by, undefined where it is not known. */
  measure: number | undefined;
  /** What is said behind the symbol. */
  said: Said;
}

/** `Highest volume: AAPL 45.2M, then MSFT 20.1M.` */
export function describeQuoteRanking(extreme: Extreme, field: Field | undefined, quotes: readonly HeldQuote[]): Said[] {
  if (field === 'week52High' || field === 'week52Low') return describeNearness(extreme, field, quotes);
  const ranking = field === 'averageVolume' ? field : 'volume';
  const name = ranking === 'volume' ? 'volume' : 'average volume';
  const ranked = quotes.map((quote) => rankedBy(quote.symbol, ranking, quote[ranking]));
  return describeOrder(`${extreme} ${name}`, name, order(ranked, extreme === 'highest'));
}

/** Nearness is counted in percent of the mark, so that prices of different size compare. */
function describeNearness(extreme: Extreme, field: 'week52High' | 'week52Low', quotes: readonly HeldQuote[]): Said[] {
  const name = field === 'week52High' ? '52-week high' : '52-week low';
  const ranked = quotes.map((quote) => {
    const { symbol, last } = quote;
    const mark = quote[field];
    const price: SaidFigure = { field: 'last', value: last, symbol };
    return {
      symbol,
      measure: mark === undefined || mark <= 0 ? undefined : Math.abs(last / mark - 1),
      said: say`${quote.isClose ? 'close' : 'last'} ${price}, ${name} ${mark === undefined ? '' : { field, value: mark, symbol }}`,
    };
  });
  const { placed, missing } = order(ranked, extreme === 'farthest');
  const [first, ...others] = placed;
  const lines =
    first === undefined
      ? []
      : [
          say`${capitalise(extreme)} ${extreme === 'nearest' ? 'to' : 'from'} its ${name} is ${first.symbol}: ${first.said}.`,
          ...others.map(({ symbol, said }) => say`Then ${symbol}: ${said}.`),
        ];
  return [...lines, ...describeMissing(name, missing)];
}

/** `Highest RSI14: NVDA 65.20, then AMD 50.10.` */
export function describeRsiRanking(extreme: Extreme, indicators: readonly IndicatorData[]): Said[] {
  const ranked = indicators.map(({ symbol, rsi14 }) => rankedBy(symbol, 'rsi14', rsi14));
  return describeOrder(`${extreme} RSI14`, 'RSI14', order(ranked, extreme === 'highest'));
}

function rankedBy(symbol: TickerSymbol, field: string, value: number | undefined): Ranked {
  return { symbol, measure: value, said: value === undefined ? [] : [{ field, value, symbol }] };
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

function describeOrder(lead: string, name: string, { placed, missing }: Order): Said[] {
  const [first, ...others] = placed.map(({ symbol, said }) => say`${symbol} ${said}`);
  const line =
    first === undefined
      ? []
      : [say`${capitalise(lead)}: ${first}${others.length === 0 ? '' : say`, then ${joinSaid(others, ', ')}`}.`];
  return [...line, ...describeMissing(name, missing)];
}

function describeMissing(name: string, symbols: readonly TickerSymbol[]): Said[] {
  return symbols.length === 0 ? [] : [[`No ${name} is given for ${joinWords(symbols)}.`]];
}

/** Which of several symbols are on a side of their average: first who, then each with both figures. */
export function describeSides(
  relation: 'above' | 'below',
  average: MovingAverage,
  indicators: readonly IndicatorData[],
): Said[] {
  const label = average.toUpperCase();
  const known = indicators.flatMap((data) => {
    const value = averageOf(data, average);
    return value === undefined ? [] : [{ data, value, side: sideOf(data, value) }];
  });
  const fitting = known.filter(({ side }) => side === relation).map(({ data }) => data.symbol);
  const others = known.filter(({ side }) => side !== relation).map(({ data }) => data.symbol);
  const missing = indicators.filter((data) => averageOf(data, average) === undefined).map(({ symbol }) => symbol);
  return [
    ...(known.length === 0 ? [] : [[describeWho(relation, label, fitting, others)]]),
    ...known.map(({ data, value }) => saySide(data, average, value)),
    ...(missing.length === 0 ? [] : [[`Not known for ${joinWords(missing)}: there are not enough bars for ${label}.`]]),
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
