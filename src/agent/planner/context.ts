// A conversation as the planner sees it: what the last turns were about, and the figures that it holds, newest first. The
// messages are the only state; what an earlier question meant is worked out once, as a session only appends.
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
import type { Background } from './pointing.ts';
import { type Query, type Slots, emptySlots, isRefusal } from './query.ts';
import type { Grammar } from './understand.ts';

export type ToolMessage = Extract<Message, { role: 'tool' }>;

/** An answer that an earlier turn brought, with the market time at which it was fetched where that is known. */
export interface HeldAnswer {
  answer: Answer;
  fetchedAtMs?: EpochMs;
}

export interface Conversation {
  question: Message;
  background: Background;
  /** Of earlier turns, oldest first. */
  held: HeldAnswer[];
  /** Tool results that belong to the question. */
  results: ToolMessage[];
}

/** What earlier questions meant, by their message: in a session of hundreds each is read once, not once a turn. */
export type KnownTurns = WeakMap<Message, Query | 'nothing' | 'aside' | 'lost'>;

/** Splits the messages at the last thing that the user said; undefined where nobody asked anything. */
export function readConversation(
  messages: readonly Message[],
  grammar: Grammar,
  known: KnownTurns,
): Conversation | undefined {
  const lastUser = messages.findLastIndex((message) => message.role === 'user');
  const asked = messages[lastUser];
  if (asked?.role !== 'user') return undefined;
  const earlier = messages.slice(0, lastUser);
  return {
    question: asked,
    background: readBackground(earlier, grammar, known),
    held: heldAnswers(earlier),
    results: messages.slice(lastUser + 1).filter((message) => message.role === 'tool'),
  };
}

/** The background that a conversation gives to a question asked next. */
export function readBackground(messages: readonly Message[], grammar: Grammar, known: KnownTurns): Background {
  const background: Background = { symbolSets: [] };
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'user') continue;
    const turn = known.get(message) ?? turnOf(message.content, toolMessagesAfter(messages, index), background, grammar);
    known.set(message, turn);
    if (turn === 'aside') {
      // "why is META down", at first: what follows is about META.
      const { symbols = [] } = background.symbolSets.length > 0 ? {} : grammar.namedIn(message.content);
      if (symbols.length > 0) background.symbolSets.push(symbols);
      continue;
    }
    const query = typeof turn === 'object' ? turn : undefined;
    // What was not understood is still about something: "its rsi" after it means its symbols.
    const named = query === undefined ? grammar.namedIn(message.content) : undefined;
    const symbols = query?.symbols ?? named?.symbols ?? [];
    if (turn === 'lost' && named !== undefined) background.lost = { ...background.lost, ...withoutNone(named) };
    else delete background.lost;
    if (query !== undefined) {
      // "I meant Pepsi": what stood there before was never meant.
      if (query.follow === 'correct') background.symbolSets.pop();
      const isSame =
        query.follow !== 'correct' &&
        background.last !== undefined &&
        query.drop === undefined &&
        isSameQuestion(background.last, query);
      background.run = isSame ? [...new Set([...(background.run ?? []), ...symbols])] : symbols;
      background.last = query;
    }
    if (symbols.length > 0) background.symbolSets.push(symbols);
  }
  return background;
}

function withoutNone({ symbols = [], ...named }: Partial<Slots>): Partial<Slots> {
  return symbols.length === 0 ? named : { ...named, symbols };
}

/** The same asked of other symbols, as `and AMD?` does, or more of the same ones. */
function isSameQuestion(before: Query, { symbols, follow, form, fields, base }: Query): boolean {
  if (follow !== undefined || symbols.every((symbol) => before.symbols.includes(symbol))) return true;
  return form === before.form && JSON.stringify(fields) === JSON.stringify(before.fields) && base === before.base;
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

function toolMessagesAfter(messages: readonly Message[], userIndex: number): ToolMessage[] {
  const end = messages.findIndex((message, index) => index > userIndex && message.role === 'user');
  return messages.slice(userIndex + 1, end < 0 ? undefined : end).filter((message) => message.role === 'tool');
}

const WITHOUT_MATTER = new Set(['calculate', 'definition', 'social']);

/** A turn that the planner understands is read from its words, one that a language model answered from its tool calls. */
function turnOf(
  question: string,
  calls: readonly ToolMessage[],
  background: Background,
  grammar: Grammar,
): Query | 'nothing' | 'aside' | 'lost' {
  const plan = grammar.parse(question, background);
  if (!isRefusal(plan)) {
    const asked = plan.parts.filter(({ form }) => !WITHOUT_MATTER.has(form));
    const last = asked.at(-1);
    return last === undefined
      ? 'aside'
      : { ...last, beside: asked.slice(0, -1).filter(({ symbols }) => symbols.length > 0) };
  }
  const last = calls.filter((call) => call.answer !== undefined).at(-1);
  const form = last === undefined ? undefined : FORM_OF_TOOL[last.name];
  if (last === undefined || form === undefined)
    return plan.isAside === true ? 'aside' : calls.length > 0 ? 'nothing' : 'lost';
  const alike = calls.filter((call) => call.name === last.name && call.answer !== undefined);
  const { range, expiration, strikes, interval } = last.arguments;
  const [, side] = /^get_(call|put)_/.exec(last.name) ?? [];
  return {
    ...emptySlots(),
    form,
    forms: [form],
    columns: [],
    symbols: [...new Set(alike.flatMap(symbolsOfCall))],
    ...(typeof range === 'string' ? { range } : {}),
    ...(typeof expiration === 'string' ? { expiration } : {}),
    ...(typeof strikes === 'number' || strikes === 'all' ? { strikes } : {}),
    ...(interval === 'week' || interval === 'month' ? { interval } : {}),
    ...(side === 'call' || side === 'put' ? { side } : {}),
  };
}

function symbolsOfCall({ arguments: given }: ToolMessage): TickerSymbol[] {
  const listed = Array.isArray(given['symbols']) ? given['symbols'] : [];
  return [given['symbol'], ...(listed as unknown[])].filter((symbol) => typeof symbol === 'string');
}

const FORM_OF_TOOL: Readonly<Record<string, string>> = {
  get_stock_quote: 'quote',
  get_multiple_stock_quotes: 'quote',
  get_stock_price_history: 'bars',
  get_ta_indicators: 'indicators',
  get_support_resistance: 'levels',
  get_options_expiration_dates: 'expirations',
  get_call_options_chain: 'chain',
  get_put_options_chain: 'chain',
  get_options_chain: 'chain',
  get_stock_data_bundle: 'overview',
  get_market_status_and_date_time: 'market',
};

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
