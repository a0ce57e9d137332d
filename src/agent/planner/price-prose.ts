// Sentences about quotes, bars and who moved most. Every figure is one of the data and goes with its sentence.
import type { BarData, HistoryData } from '../../domain/answers.ts';
import { joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import type { IsoDate, TickerSymbol } from '../../domain/types.ts';
import { formatMonth } from '../../render/format.ts';
import type { HeldQuote } from './held.ts';
import type { HistoryStep, Step } from './plan.ts';
import { describeQuoteRanking } from './ranking-prose.ts';
import type { Field } from './vocabulary.ts';
import { formatDay, joinWords, sayCount, sayMove } from './wording.ts';

type QuoteStep = Extract<Step, { topic: 'quote' }>;
type BarField = 'open' | 'high' | 'low' | 'close' | 'volume';

const QUOTE_FIELDS: Record<Exclude<Field, 'ohlc' | 'change' | 'close'>, string> = {
  open: 'open',
  high: 'high',
  low: 'low',
  previousClose: 'previous close',
  volume: 'volume',
  averageVolume: 'average volume',
  bid: 'bid',
  ask: 'ask',
  week52High: '52-week high',
  week52Low: '52-week low',
};

/** One line for each symbol that has a quote; with several a ranking where one was asked for. */
export function describeQuotes(step: QuoteStep, quotes: readonly HeldQuote[]): Said[] {
  if (step.rank !== undefined)
    return describeRanking(
      step.rank,
      quotes.map(({ symbol, changePercent }) => ({ symbol, changePercent })),
      daySaid(quotes),
    );
  if (step.extreme !== undefined) return describeQuoteRanking(step.extreme, step.fields[0], quotes);
  return quotes.map((quote) => describeQuote(quote, step.fields));
}

/** Changes of closes are those of their session, where all are of one. */
function daySaid(quotes: readonly HeldQuote[]): string {
  const dates = new Set(quotes.map(({ asOf, isClose }) => (isClose ? asOf.slice(0, 10) : '')));
  const [date = ''] = dates;
  return dates.size === 1 && date !== '' ? `on ${formatDay(date)}` : 'on the day';
}

/** A plan without live prices gives a session's close, which is said as what it is. */
function describeTrade({ symbol, last, change, changePercent, asOf, isClose }: HeldQuote): Said {
  const move = sayMove(symbol, change, changePercent);
  const price: SaidFigure = { field: 'last', value: last, symbol };
  const lead = isClose ? say`closed at ${price} on ${formatDay(asOf.slice(0, 10))}` : say`last traded at ${price}`;
  return move === undefined ? lead : say`${lead}, ${move} ${isClose ? 'against the close before' : 'on the day'}`;
}

function describeQuote(quote: HeldQuote, fields: readonly Field[]): Said {
  const traded = describeTrade(quote);
  const asked = expandFields(fields);
  if (asked.length === 0) return say`${quote.symbol} ${traded}.`;
  const present = asked.flatMap((field) => namedFigure(quote, field));
  const missing = asked.filter((field) => quote[field] === undefined).map((field) => QUOTE_FIELDS[field]);
  const absent = missing.length === 0 ? '' : ` The quote of ${quote.symbol} has no ${joinWords(missing)}.`;
  if (present.length === 0) return say`${quote.symbol} ${traded}.${absent}`;
  const named = joinSaid(present, ', ');
  const leadsWithPrice = fields.includes('ohlc') || fields.includes('change');
  return leadsWithPrice
    ? say`${quote.symbol} ${traded}; ${named}.${absent}`
    : say`${quote.symbol}: ${named}; ${traded}.${absent}`;
}

/** A quote has no close of its own: the close before and the last trade stand for it. */
function expandFields(fields: readonly Field[]): (keyof typeof QUOTE_FIELDS)[] {
  const expanded = fields.flatMap((field): (keyof typeof QUOTE_FIELDS)[] => {
    if (field === 'ohlc') return ['open', 'high', 'low', 'previousClose'];
    if (field === 'close') return ['previousClose'];
    return field === 'change' ? [] : [field];
  });
  return [...new Set(expanded)];
}

function namedFigure(quote: HeldQuote, field: keyof typeof QUOTE_FIELDS): Said[] {
  const value = quote[field];
  return value === undefined ? [] : [say`${QUOTE_FIELDS[field]} ${{ field, value, symbol: quote.symbol }}`];
}

/** One line for each history, by what was asked: one price, one session, or a period. */
export function describeHistories(step: HistoryStep, histories: readonly HistoryData[]): Said[] {
  if (step.rank === undefined) return histories.map((history) => describeHistory(history, step.fields));
  const moves = histories.map(({ symbol, summary }) => ({ symbol, changePercent: summary.changePercent }));
  const [first] = histories;
  const period =
    first === undefined
      ? ''
      : first.from === first.to
        ? `on ${formatDay(first.from)}`
        : `from ${formatDay(first.from)} to ${formatDay(first.to)}`;
  return describeRanking(step.rank, moves, period);
}

function describeHistory(history: HistoryData, fields: readonly Field[]): Said {
  const { symbol, bars, summary, interval } = history;
  const [only] = bars;
  const move = sayMove(symbol, summary.change, summary.changePercent);
  const against = summary.basis === 'previous_close' ? 'against the close before' : 'against its open';
  if (only !== undefined && bars.length === 1 && interval === 'day') {
    const bar = describeBar(symbol, only, fields);
    return move === undefined ? say`${bar}.` : say`${bar}, ${summary.change === 0 ? '' : 'change '}${move} ${against}.`;
  }
  const period = describePeriod(history);
  const [field] = fields;
  if (fields.length === 1 && (field === 'high' || field === 'low'))
    return say`${period}: ${extremeOf(history, field)}.`;
  const extremes = [
    extremeOf(history, 'high'),
    extremeOf(history, 'low'),
    ...(fields.includes('volume') ? volumesOf(history) : []),
  ];
  const moved = move === undefined ? 'no change across the gap' : say`change ${move} ${against}`;
  const last: SaidFigure = { field: 'close', value: summary.last, symbol };
  return say`${period}: ${moved}, last close ${last}; ${joinSaid(extremes, ', ')}.`;
}

/** `SPY from … to …, 22 sessions`, `SPY by week, 26 bars from the week of …`. */
function describePeriod({ symbol, bars, interval, from, to }: HistoryData): Said {
  if (interval === 'day')
    return say`${symbol} from ${formatDay(from)} to ${formatDay(to)}, ${sayCount(symbol, bars.length, 'session')}`;
  const [first, last] = [formatBarDate(from, interval), formatBarDate(to, interval)];
  if (from === to) return [`${symbol}, ${first}`];
  const month = interval === 'month' ? 'month ' : '';
  return say`${symbol} by ${interval}, ${sayCount(symbol, bars.length, 'bar')} from the ${month}${first} to the ${month}${last}`;
}

/** The busiest and the quietest bar; their sum would be no figure of a tool. */
function volumesOf({ symbol, bars, interval }: HistoryData): Said[] {
  const [first, ...others] = bars;
  if (first === undefined) return [];
  const busiest = others.reduce((best, bar) => (bar.volume > best.volume ? bar : best), first);
  const quietest = others.reduce((best, bar) => (bar.volume < best.volume ? bar : best), first);
  const sayVolume = (size: string, bar: BarData): Said =>
    say`${size}volume ${figureOf(symbol, bar, 'volume')} (${formatBarDate(bar.date, interval)})`;
  return busiest === quietest
    ? [sayVolume('', busiest)]
    : [sayVolume('largest ', busiest), sayVolume('smallest ', quietest)];
}

/** With the session, week or month that it belongs to. */
function extremeOf({ symbol, bars, summary, interval }: HistoryData, field: 'high' | 'low'): Said {
  const bar = bars.find((each) => each[field] === summary[field]);
  const when = bar === undefined ? '' : ` (${formatBarDate(bar.date, interval)})`;
  return say`${field} ${{ field, value: summary[field], symbol }}${when}`;
}

function figureOf(symbol: TickerSymbol, bar: BarData, field: BarField): SaidFigure {
  return { field, value: bar[field], symbol, date: bar.date };
}

function formatBarDate(date: IsoDate, interval: HistoryData['interval']): string {
  if (interval === 'month') return formatMonth(date);
  return interval === 'week' ? `week of ${formatDay(date)}` : formatDay(date);
}

/** A session's figures without its change: a bar taken from a held history has none of its own. */
export function describeBar(symbol: TickerSymbol, bar: BarData, fields: readonly Field[]): Said {
  const day = formatDay(bar.date);
  const asked = fields.filter((field): field is BarField => ['open', 'high', 'low', 'close', 'volume'].includes(field));
  const [field] = asked;
  if (asked.length === 1 && field === 'close')
    return say`${symbol} closed at ${figureOf(symbol, bar, 'close')} on ${day}`;
  if (asked.length === 1 && field === 'open')
    return say`${symbol} opened at ${figureOf(symbol, bar, 'open')} on ${day}`;
  const shown: BarField[] =
    asked.length > 0 && !fields.includes('ohlc') ? asked : ['open', 'high', 'low', 'close', 'volume'];
  const figures = shown.map((each) => say`${each} ${figureOf(symbol, bar, each)}`);
  return say`${symbol} on ${day}: ${joinSaid(figures, ', ')}`;
}

export interface Move {
  symbol: TickerSymbol;
  changePercent: number | undefined;
}

/** Ranked by the change in percent; a symbol without one is named, not ranked. */
function describeRanking(rank: 'gainer' | 'loser', moves: readonly Move[], period: string): Said[] {
  const ranked = moves
    .flatMap(({ symbol, changePercent }) => (changePercent === undefined ? [] : [{ symbol, changePercent }]))
    .sort((left, right) =>
      rank === 'gainer' ? right.changePercent - left.changePercent : left.changePercent - right.changePercent,
    );
  const unranked = moves.filter(({ changePercent }) => changePercent === undefined).map(({ symbol }) => symbol);
  const without: Said[] = unranked.length === 0 ? [] : [[`No change is given for ${joinWords(unranked)}.`]];
  const [first, ...others] = ranked;
  if (first === undefined) return without;
  const fits = rank === 'gainer' ? first.changePercent > 0 : first.changePercent < 0;
  const lead = fits ? `Biggest ${rank} ${period}` : `None is ${rank === 'gainer' ? 'up' : 'down'} ${period}; nearest`;
  const list = joinSaid(others.map(sayChange), ', ');
  return [say`${lead}: ${sayChange(first)}${others.length === 0 ? '' : say`, then ${list}`}.`, ...without];
}

function sayChange({ symbol, changePercent }: { symbol: TickerSymbol; changePercent: number }): Said {
  return say`${symbol} ${{ field: 'changePercent', value: changePercent, symbol }}`;
}

/** The changes side by side, best first, where several symbols are compared; nothing where one has none. */
export function describeComparison(moves: readonly Move[]): Said[] {
  const known = moves.flatMap(({ symbol, changePercent }) =>
    changePercent === undefined ? [] : [{ symbol, changePercent }],
  );
  if (known.length < 2 || known.length < moves.length) return [];
  const sorted = known.toSorted((left, right) => right.changePercent - left.changePercent);
  return [say`In order of change: ${joinSaid(sorted.map(sayChange), ', ')}.`];
}
