// The figures of a quote, and of a day's bar where earlier sessions have them too: price, change, day's range, volume.
// The provider's own where it is one, else computed from those with the formula in its meaning.
import { spreadPercentOf } from '../domain/chain-analytics.ts';
import type { QuoteData } from '../domain/answers.ts';
import { type BarFigure, type Bars, columnOf, volumesOf } from '../domain/bar-columns.ts';
import type { Bar } from '../domain/types.ts';
import { SESSIONS_OF_A_YEAR, highestSeries, lowestSeries } from '../domain/windows.ts';
import type { Entry, Said } from './field.ts';

const NEEDS = ['quote'] as const;

const column =
  (name: BarFigure) =>
  (bars: Bars): readonly number[] =>
    Array.from(columnOf(bars, name));

/** What a session and the one before it make; nothing of the first bar. */
function pairwise(of: (bar: Bar, before: Bar) => number): (bars: Bars) => number[] {
  return (bars) => {
    const all = bars.slice();
    return all.slice(1).map((bar, index) => of(bar, all[index] ?? bar));
  };
}

const each =
  (of: (bar: Bar) => number) =>
  (bars: Bars): number[] =>
    bars.slice().map(of);

function dollarVolumes(bars: Bars): number[] {
  const closes = columnOf(bars, 'close');
  return Array.from(volumesOf(bars), (volume, index) => volume * (closes[index] ?? NaN));
}

/** (a − b) / b in percent; undefined where b is missing or 0. */
export function percentOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || b === 0 ? undefined : ((a - b) / b) * 100;
}

export function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}

type Figure = Exclude<keyof QuoteData, 'symbol' | 'description' | 'asOf' | 'session'>;
type OfQuote = Said &
  Pick<Entry, 'series' | 'period'> &
  ({ name: Figure; read?: never } | { read(quote: QuoteData): number | undefined });

/** Without `read` it is the quote's own figure of that name. */
function ofQuote(field: OfQuote): Entry {
  const read = field.read ?? ((quote: QuoteData) => quote[field.name]);
  return { of: 'symbol', needs: NEEDS, ...field, read: ({ quote }) => quote && read(quote) };
}

const sumOf = (bars: readonly Bar[]): number | undefined =>
  Array.from(volumesOf(bars)).reduce((sum, volume) => sum + volume, 0) || undefined;
const extreme = (bars: readonly Bar[], pick: (...values: number[]) => number, of: (bar: Bar) => number): number =>
  bars.reduce((best, bar) => pick(best, of(bar)), of(bars[0] ?? EMPTY));
const EMPTY: Bar = { date: '', open: NaN, high: NaN, low: NaN, close: NaN, volume: NaN };
/** What a range's change is counted from: the close before it, else its first open. */
const baseOf = (bars: readonly Bar[], before: Bar | undefined): number | undefined => before?.close ?? bars[0]?.open;

/** How the two sides of a book are told, of a share and of a contract. */
export const BOOK = {
  bid: { name: 'bid', label: 'Bid', unit: 'usd', words: ['bid'], meaning: 'highest price a buyer bids' },
  ask: { name: 'ask', label: 'Ask', unit: 'usd', words: ['ask', 'offer'], meaning: 'lowest price a seller asks' },
  spread: {
    name: 'spread',
    label: 'Spread',
    unit: 'usd',
    words: ['spread', 'bid ask spread', 'bid-ask spread'],
    meaning: 'ask minus bid',
  },
  spreadPercent: {
    name: 'spreadPercent',
    label: 'Spread %',
    unit: 'percent',
    words: ['spread percent', 'spread %'],
    meaning: 'ask minus bid in percent of the mid',
  },
} as const satisfies Record<string, Said>;

export const QUOTE_FIELDS: readonly Entry[] = [
  ofQuote({
    name: 'last',
    label: 'Last',
    unit: 'usd',
    words: ['price', 'last', 'quote', 'trading at', 'last price'],
    meaning: 'price of the last trade, pre-market and after hours included',
    series: column('close'),
    period: (bars) => bars.at(-1)?.close,
  }),
  ofQuote({
    name: 'change',
    label: 'Change',
    unit: 'usd',
    signed: true,
    words: ['change', 'dollar change', 'net change'],
    meaning: 'last minus the previous close; over a range, its last close minus the close before it',
    series: pairwise((bar, before) => bar.close - before.close),
    period: (bars, before) => difference(bars.at(-1)?.close, baseOf(bars, before)),
  }),
  ofQuote({
    name: 'changePercent',
    label: 'Change %',
    unit: 'percent',
    signed: true,
    words: ['change percent', 'percent change', '% change', 'performance', 'return'],
    meaning: 'change in percent of the previous close; over a range, of the close before it',
    series: pairwise((bar, before) => (bar.close / before.close - 1) * 100),
    period: (bars, before) => percentOf(bars.at(-1)?.close, baseOf(bars, before)),
  }),
  ofQuote({
    name: 'open',
    label: 'Open',
    unit: 'usd',
    words: ['open', 'opening price'],
    meaning: 'first price of the session',
    series: column('open'),
    period: (bars) => bars[0]?.open,
  }),
  ofQuote({
    name: 'high',
    label: 'High',
    unit: 'usd',
    words: ['high', 'day high', 'highest price'],
    meaning: 'highest price of the session, or of the range',
    series: column('high'),
    period: (bars) => extreme(bars, Math.max, (bar) => bar.high),
  }),
  ofQuote({
    name: 'low',
    label: 'Low',
    unit: 'usd',
    words: ['low', 'day low', 'lowest price'],
    meaning: 'lowest price of the session, or of the range',
    series: column('low'),
    period: (bars) => extreme(bars, Math.min, (bar) => bar.low),
  }),
  ofQuote({
    name: 'previousClose',
    label: 'Prev close',
    unit: 'usd',
    words: ['previous close', 'prior close', 'prev close', "yesterday's close"],
    meaning: 'close of the prior session',
    series: pairwise((_bar, before) => before.close),
    period: (_bars, before) => before?.close,
  }),
  ofQuote(BOOK.bid),
  ofQuote(BOOK.ask),
  ofQuote({ ...BOOK.spread, read: (quote) => difference(quote.ask, quote.bid) }),
  ofQuote({ ...BOOK.spreadPercent, read: spreadPercentOf }),
  ofQuote({
    name: 'volume',
    label: 'Volume',
    unit: 'shares',
    words: ['volume', 'shares traded'],
    meaning: 'shares traded in the session, or in the range',
    series: (bars) => Array.from(volumesOf(bars)),
    period: sumOf,
  }),
  ofQuote({
    name: 'averageVolume',
    label: 'Avg volume',
    unit: 'shares',
    words: ['average volume', 'avg volume', 'adv'],
    meaning: "average shares traded per session, as the provider's quote reports it",
  }),
  ofQuote({
    name: 'relativeVolume',
    label: 'Rel volume',
    unit: 'ratio',
    words: ['relative volume', 'rvol', 'volume vs average'],
    meaning: 'volume / average volume',
    read: (quote) => ratioOf(quote.volume, quote.averageVolume),
  }),
  ofQuote({
    name: 'dollarVolume',
    label: '$ volume',
    unit: 'usd',
    words: ['dollar volume', 'turnover'],
    meaning: 'volume × last price',
    read: (quote) => (quote.volume === undefined ? undefined : quote.volume * quote.last),
    series: dollarVolumes,
  }),
  ofQuote({
    name: 'week52High',
    label: '52-week high',
    head: '52w high',
    unit: 'usd',
    words: ['52-week high', '52 week high', '52w high', 'yearly high', 'one-year high'],
    meaning: 'highest price of the last 52 weeks',
    series: (bars) => highestSeries(columnOf(bars, 'high'), SESSIONS_OF_A_YEAR),
  }),
  ofQuote({
    name: 'week52Low',
    label: '52-week low',
    head: '52w low',
    unit: 'usd',
    words: ['52-week low', '52 week low', '52w low', 'yearly low', 'one-year low'],
    meaning: 'lowest price of the last 52 weeks',
    series: (bars) => lowestSeries(columnOf(bars, 'low'), SESSIONS_OF_A_YEAR),
  }),
  ofQuote({
    name: 'gap',
    label: 'Gap',
    unit: 'usd',
    signed: true,
    words: ['gap'],
    meaning: 'open minus the previous close',
    read: (quote) => difference(quote.open, quote.previousClose),
    series: pairwise((bar, before) => bar.open - before.close),
  }),
  ofQuote({
    name: 'gapPercent',
    label: 'Gap %',
    unit: 'percent',
    signed: true,
    words: ['gap percent', 'gap %'],
    meaning: 'gap in percent of the previous close',
    read: (quote) => percentOf(quote.open, quote.previousClose),
    series: pairwise((bar, before) => (bar.open / before.close - 1) * 100),
  }),
  ofQuote({
    name: 'changeFromOpen',
    label: 'From open',
    unit: 'usd',
    signed: true,
    words: ['change from open', 'change since open', 'from the open'],
    meaning: 'last minus open',
    read: (quote) => difference(quote.last, quote.open),
    series: each((bar) => bar.close - bar.open),
  }),
  ofQuote({
    name: 'changeFromOpenPercent',
    label: 'From open %',
    unit: 'percent',
    signed: true,
    words: ['change from open percent', 'percent from open'],
    meaning: 'change from the open in percent',
    read: (quote) => percentOf(quote.last, quote.open),
    series: each((bar) => (bar.close / bar.open - 1) * 100),
  }),
  ofQuote({
    name: 'range',
    label: 'Range',
    unit: 'usd',
    words: ['day range', 'trading range'],
    meaning: 'high minus low',
    read: (quote) => difference(quote.high, quote.low),
    series: each((bar) => bar.high - bar.low),
    period: (bars) => extreme(bars, Math.max, (bar) => bar.high) - extreme(bars, Math.min, (bar) => bar.low),
  }),
  ofQuote({
    name: 'rangePercent',
    label: 'Range %',
    unit: 'percent',
    words: ['range percent', 'day range percent'],
    meaning: 'high minus low in percent of the previous close',
    read: (quote) => shareOf(difference(quote.high, quote.low), quote.previousClose),
    series: pairwise((bar, before) => ((bar.high - bar.low) / before.close) * 100),
  }),
];

export function ratioOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole;
}

function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  const ratio = ratioOf(part, whole);
  return ratio === undefined ? undefined : ratio * 100;
}
