// What tools brought to a conversation, as the planner reads it: the figures that it holds, newest first.
// Hides in which answers a figure can stand, and when a bar of a day counts as finished.
import type {
  Answer,
  BarData,
  ChainData,
  ExpirationsData,
  HistoryData,
  IndicatorData,
  LevelsData,
  MarketStatusData,
  QuoteData,
} from '../../domain/answers.ts';
import { dataOfKind, isOfKind } from '../../domain/answer-kinds.ts';
import { exchangeDateOf, parseIsoInstant } from '../../domain/exchange-time.ts';
import type { EpochMs, IsoDate, TickerSymbol } from '../../domain/types.ts';
import type { Message } from '../model.ts';

export type ToolMessage = Extract<Message, { role: 'tool' }>;

/** An answer that an earlier turn brought, with the market time at which it was fetched where that is known. */
export interface HeldAnswer {
  answer: Answer;
  fetchedAtMs?: EpochMs;
}

/** What tools brought, oldest first, with the market time at which it was fetched. */
export function heldAnswers(messages: readonly Message[]): HeldAnswer[] {
  return messages.flatMap((message) => {
    if (message.role !== 'tool' || message.answer === undefined) return [];
    const saidMs =
      message.answer.meta.fetchedAt === undefined ? undefined : parseIsoInstant(message.answer.meta.fetchedAt);
    const fetchedAtMs = saidMs ?? message.fetchedAtMs;
    return [{ answer: message.answer, ...(fetchedAtMs === undefined ? {} : { fetchedAtMs }) }];
  });
}

export interface HeldChain {
  chain: ChainData;
  /** The words that the expiration was asked for with. */
  phrase?: string;
  fetchedAtMs?: EpochMs;
}

/** `isClose`: no live price, `last` is the close of the session of `asOf`. */
export interface HeldQuote extends QuoteData {
  isClose: boolean;
}

export interface Figures {
  quote(symbol: TickerSymbol): HeldQuote | undefined;
  /** The newest history, of the given bounds where they are given. */
  history(symbol: TickerSymbol, bounds?: { from: IsoDate; to: IsoDate }): HistoryData | undefined;
  /** A daily bar that was fetched after its session's day, or undefined. */
  finishedBar(symbol: TickerSymbol, date: IsoDate): BarData | undefined;
  /** All daily bars held, ascending, the newest answer's where several have one. */
  dailyBars(symbol: TickerSymbol): BarData[];
  indicators(symbol: TickerSymbol): IndicatorData | undefined;
  levels(symbol: TickerSymbol): LevelsData | undefined;
  expirations(symbol: TickerSymbol): ExpirationsData | undefined;
  /** Newest first. */
  chains(symbol: TickerSymbol): HeldChain[];
  market(): MarketStatusData | undefined;
  /** When the newest answer that names a symbol was fetched. */
  fetchedAtMs(symbol: TickerSymbol): EpochMs | undefined;
}

export function createFigures(held: readonly HeldAnswer[]): Figures {
  const newestFirst = held.toReversed();
  const answers = newestFirst.map(({ answer }) => answer);
  const histories = newestFirst.flatMap(({ answer, fetchedAtMs }) =>
    isOfKind(answer, 'history') && answer.data !== undefined
      ? [{ data: answer.data, request: answer.request, fetchedAtMs }]
      : [],
  );
  const bundles = dataOfKind(answers, 'bundle');
  const markClose = (quote: QuoteData, { closes = [] }: Answer): HeldQuote => ({
    ...quote,
    isClose: closes.includes(quote.symbol),
  });
  const quotes = answers.flatMap((answer) =>
    isOfKind(answer, 'quote') ? (answer.data ?? []).map((quote) => markClose(quote, answer)) : [],
  );
  const bundled = answers.flatMap((answer) =>
    isOfKind(answer, 'bundle') && answer.data?.quote !== undefined ? [markClose(answer.data.quote, answer)] : [],
  );
  const dailyOf = (symbol: TickerSymbol): typeof histories =>
    histories.filter(({ data }) => data.symbol === symbol && data.interval === 'day');

  return {
    quote: (symbol) =>
      quotes.find((quote) => quote.symbol === symbol) ?? bundled.find((quote) => quote.symbol === symbol),
    history: (symbol, bounds) =>
      histories.find(
        ({ data, request }) =>
          data.symbol === symbol &&
          (bounds === undefined ||
            (data.interval === 'day' && request?.from === bounds.from && request.to === bounds.to)),
      )?.data,
    finishedBar(symbol, date) {
      for (const { data, fetchedAtMs } of dailyOf(symbol)) {
        const bar = data.bars.find((each) => each.date === date);
        // Unknown when: the day that the answer ends with may have been on.
        const isFinished = fetchedAtMs === undefined ? date < data.to : exchangeDateOf(fetchedAtMs) > date;
        if (bar !== undefined && isFinished) return bar;
      }
      return undefined;
    },
    dailyBars(symbol) {
      const byDate = new Map<IsoDate, BarData>();
      for (const { data } of dailyOf(symbol).toReversed()) data.bars.forEach((bar) => byDate.set(bar.date, bar));
      return [...byDate.values()].sort((left, right) => (left.date < right.date ? -1 : 1));
    },
    indicators: (symbol) =>
      [...dataOfKind(answers, 'ta').flat(), ...bundles.flatMap(({ ta }) => ta ?? [])].find(
        (each) => each.symbol === symbol,
      ),
    levels: (symbol) => dataOfKind(answers, 'levels').find((each) => each.symbol === symbol),
    expirations: (symbol) => dataOfKind(answers, 'expirations').find((each) => each.symbol === symbol),
    chains: (symbol) =>
      newestFirst.flatMap((each) => chainsOf(each)).filter(({ chain }) => chain.underlying === symbol),
    market: () => dataOfKind(answers, 'market')[0],
    fetchedAtMs: (symbol) => newestFirst.find(({ answer }) => namesSymbol(answer, symbol))?.fetchedAtMs,
  };
}

function chainsOf({ answer, fetchedAtMs }: HeldAnswer): HeldChain[] {
  const chain = isOfKind(answer, 'chain') ? answer.data : isOfKind(answer, 'bundle') ? answer.data?.chain : undefined;
  if (chain === undefined) return [];
  const phrase = answer.request?.phrase;
  return [
    { chain, ...(phrase === undefined ? {} : { phrase }), ...(fetchedAtMs === undefined ? {} : { fetchedAtMs }) },
  ];
}

function namesSymbol(answer: Answer, symbol: TickerSymbol): boolean {
  const { data } = answer;
  if (data === undefined) return false;
  if (Array.isArray(data)) return data.some((each) => 'symbol' in each && each.symbol === symbol);
  if ('rows' in data) return data.rows.some((row) => row.symbol === symbol);
  return 'underlying' in data ? data.underlying === symbol : 'symbol' in data && data.symbol === symbol;
}
