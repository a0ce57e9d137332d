// Sentences about quotes, bars and who moved most. Every figure is one of the data, written as the tables write it.
import type { BarData, HistoryData } from '../../domain/answers.ts';
import type { BarInterval, IsoDate, TickerSymbol } from '../../domain/types.ts';
import { formatMonth, formatPercent, formatPrice, formatVolume, plural } from '../../render/format.ts';
import type { HeldQuote } from './held.ts';
import type { HistoryStep, Step } from './plan.ts';
import { describeQuoteRanking } from './ranking-prose.ts';
import type { Field } from './vocabulary.ts';
import { formatDay, formatMove, joinWords } from './wording.ts';

type QuoteStep = Extract<Step, { topic: 'quote' }>;
type BarField = 'open' | 'high' | 'low' | 'close' | 'volume';

const QUOTE_FIELDS: Record<Exclude<Field, 'ohlc' | 'change' | 'close'>, { name: string; kind: 'price' | 'volume' }> = {
  open: { name: 'open', kind: 'price' },
  high: { name: 'high', kind: 'price' },
  low: { name: 'low', kind: 'price' },
  previousClose: { name: 'previous close', kind: 'price' },
  volume: { name: 'volume', kind: 'volume' },
  averageVolume: { name: 'average volume', kind: 'volume' },
  bid: { name: 'bid', kind: 'price' },
  ask: { name: 'ask', kind: 'price' },
  week52High: { name: '52-week high', kind: 'price' },
  week52Low: { name: '52-week low', kind: 'price' },
};

/** One line for each symbol that has a quote; with several a ranking where one was asked for. */
export function describeQuotes(step: QuoteStep, quotes: readonly HeldQuote[]): string[] {
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
function describeTrade({ last, change, changePercent, asOf, isClose }: HeldQuote): string {
  const move = formatMove(change, changePercent);
  const [lead, against] = isClose
    ? [`closed at ${formatPrice(last)} on ${formatDay(asOf.slice(0, 10))}`, 'against the close before']
    : [`last traded at ${formatPrice(last)}`, 'on the day'];
  return move === undefined ? lead : `${lead}, ${move} ${against}`;
}

function describeQuote(quote: HeldQuote, fields: readonly Field[]): string {
  const traded = describeTrade(quote);
  const asked = expandFields(fields);
  if (asked.length === 0) return `${quote.symbol} ${traded}.`;
  const present = asked.flatMap((field) => namedFigure(quote, field)).join(', ');
  const missing = asked.filter((field) => quote[field] === undefined).map((field) => QUOTE_FIELDS[field].name);
  const absent = missing.length === 0 ? '' : ` The quote of ${quote.symbol} has no ${joinWords(missing)}.`;
  if (present === '') return `${quote.symbol} ${traded}.${absent}`;
  const leadsWithPrice = fields.includes('ohlc') || fields.includes('change');
  return `${leadsWithPrice ? `${quote.symbol} ${traded}; ${present}` : `${quote.symbol}: ${present}; ${traded}`}.${absent}`;
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

function namedFigure(quote: HeldQuote, field: keyof typeof QUOTE_FIELDS): string[] {
  const value = quote[field];
  const { name, kind } = QUOTE_FIELDS[field];
  return value === undefined ? [] : [`${name} ${kind === 'price' ? formatPrice(value) : formatVolume(value)}`];
}

/** One line for each history, by what was asked: one price, one session, or a period. */
export function describeHistories(step: HistoryStep, histories: readonly HistoryData[]): string[] {
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

function describeHistory(history: HistoryData, fields: readonly Field[]): string {
  const { symbol, bars, summary, interval } = history;
  const [only] = bars;
  const move = formatMove(summary.change, summary.changePercent);
  const against = summary.basis === 'previous_close' ? 'against the close before' : 'against its open';
  const change = move === undefined ? '' : `, ${summary.change === 0 ? '' : 'change '}${move} ${against}`;
  if (only !== undefined && bars.length === 1 && interval === 'day')
    return `${describeBar(symbol, only, fields)}${change}.`;
  const period = describePeriod(history);
  const [field] = fields;
  if (fields.length === 1 && (field === 'high' || field === 'low')) return `${period}: ${extremeOf(history, field)}.`;
  const extremes = [
    extremeOf(history, 'high'),
    extremeOf(history, 'low'),
    ...(fields.includes('volume') ? volumesOf(history) : []),
  ];
  const moved = move === undefined ? 'no change across the gap' : `change ${move} ${against}`;
  return `${period}: ${moved}, last close ${formatPrice(summary.last)}; ${extremes.join(', ')}.`;
}

/** `SPY from … to …, 22 sessions`, `SPY by week, 26 bars from the week of …`. */
function describePeriod({ symbol, bars, interval, from, to }: HistoryData): string {
  if (interval === 'day')
    return `${symbol} from ${formatDay(from)} to ${formatDay(to)}, ${plural(bars.length, 'session')}`;
  const [first, last] = [formatBarDate(from, interval), formatBarDate(to, interval)];
  if (from === to) return `${symbol}, ${first}`;
  return `${symbol} by ${interval}, ${plural(bars.length, 'bar')} from the ${interval === 'month' ? `month ${first}` : first} to the ${interval === 'month' ? `month ${last}` : last}`;
}

/** The busiest and the quietest bar; their sum would be no figure of a tool. */
function volumesOf({ bars, interval }: HistoryData): string[] {
  const [first, ...others] = bars;
  if (first === undefined) return [];
  const busiest = others.reduce((best, bar) => (bar.volume > best.volume ? bar : best), first);
  const quietest = others.reduce((best, bar) => (bar.volume < best.volume ? bar : best), first);
  const say = (size: string, bar: BarData): string =>
    `${size} volume ${formatVolume(bar.volume)} (${formatBarDate(bar.date, interval)})`;
  return busiest === quietest ? [say('', busiest).trim()] : [say('largest', busiest), say('smallest', quietest)];
}

/** With the session, week or month that it belongs to. */
function extremeOf({ bars, summary, interval }: HistoryData, field: 'high' | 'low'): string {
  const bar = bars.find((each) => each[field] === summary[field]);
  const when = bar === undefined ? '' : ` (${formatBarDate(bar.date, interval)})`;
  return `${field} ${formatPrice(summary[field])}${when}`;
}

function formatBarDate(date: IsoDate, interval: BarInterval): string {
  if (interval === 'month') return formatMonth(date);
  return interval === 'week' ? `week of ${formatDay(date)}` : formatDay(date);
}

/** A session's figures without its change: a bar taken from a held history has none of its own. */
export function describeBar(symbol: TickerSymbol, bar: BarData, fields: readonly Field[]): string {
  const day = formatDay(bar.date);
  const asked = fields.filter((field): field is BarField => ['open', 'high', 'low', 'close', 'volume'].includes(field));
  const [field] = asked;
  if (asked.length === 1 && field === 'close') return `${symbol} closed at ${formatPrice(bar.close)} on ${day}`;
  if (asked.length === 1 && field === 'open') return `${symbol} opened at ${formatPrice(bar.open)} on ${day}`;
  const shown: BarField[] =
    asked.length > 0 && !fields.includes('ohlc') ? asked : ['open', 'high', 'low', 'close', 'volume'];
  return `${symbol} on ${day}: ${shown.map((each) => `${each} ${each === 'volume' ? formatVolume(bar.volume) : formatPrice(bar[each])}`).join(', ')}`;
}

export interface Move {
  symbol: TickerSymbol;
  changePercent: number | undefined;
}

/** Ranked by the change in percent; a symbol without one is named, not ranked. */
function describeRanking(rank: 'gainer' | 'loser', moves: readonly Move[], period: string): string[] {
  const ranked = moves
    .flatMap(({ symbol, changePercent }) => (changePercent === undefined ? [] : [{ symbol, changePercent }]))
    .sort((left, right) =>
      rank === 'gainer' ? right.changePercent - left.changePercent : left.changePercent - right.changePercent,
    );
  const unranked = moves.filter(({ changePercent }) => changePercent === undefined).map(({ symbol }) => symbol);
  const without = unranked.length === 0 ? [] : [`No change is given for ${joinWords(unranked)}.`];
  const [first, ...others] = ranked;
  if (first === undefined) return without;
  const fits = rank === 'gainer' ? first.changePercent > 0 : first.changePercent < 0;
  const lead = fits ? `Biggest ${rank} ${period}` : `None is ${rank === 'gainer' ? 'up' : 'down'} ${period}; nearest`;
  const list = (each: { symbol: string; changePercent: number }): string =>
    `${each.symbol} ${formatPercent(each.changePercent)}`;
  return [`${lead}: ${list(first)}${others.length === 0 ? '' : `, then ${others.map(list).join(', ')}`}.`, ...without];
}

/** The changes side by side, best first, where several symbols are compared; nothing where one has none. */
export function describeComparison(moves: readonly Move[]): string[] {
  const known = moves.flatMap(({ symbol, changePercent }) =>
    changePercent === undefined ? [] : [{ symbol, changePercent }],
  );
  if (known.length < 2 || known.length < moves.length) return [];
  const sorted = known.toSorted((left, right) => right.changePercent - left.changePercent);
  return [
    `In order of change: ${sorted.map(({ symbol, changePercent }) => `${symbol} ${formatPercent(changePercent)}`).join(', ')}.`,
  ];
}
