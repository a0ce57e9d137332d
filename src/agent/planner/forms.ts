// The special forms of questions, one record each: the words that name it, the slots that it takes, the calls that it
// needs and what it says. A new form is one more record; what a form does not take is refused by one rule.
import { type ResolvedRange, resolveRange } from '../../domain/date-phrases.ts';
import { dataOfKind } from '../../domain/answer-kinds.ts';
import { isFinError } from '../../domain/errors.ts';
import { exchangeDateOf } from '../../domain/exchange-time.ts';
import { sayEvents, sayNews } from '../../render/said-events.ts';
import { sayStrategy } from '../../render/said-strategy.ts';
import { splitHours } from '../../domain/session-hours.ts';
import type { Said } from '../../domain/said.ts';
import type { Answer, AnswerDataByKind, AnswerKind, TableData } from '../../domain/answers.ts';
import { present } from '../../domain/present.ts';
import type { EpochMs, IsoDate, TickerSymbol } from '../../domain/types.ts';
import { calendarDates, daysOfWeek, sayTerm, spanMeant } from './calendar-dates.ts';
import type { Figures, HeldChain, ToolMessage } from './held.ts';
import {
  call,
  chainCall,
  contractsCall,
  each,
  historyCall,
  quoteCall,
  scanCall,
  strategyCall,
  strikesOf,
} from './calls.ts';
import { contractColumns } from './contracts.ts';
import { daysCall, figuresCall, sayDays, sayFigures } from './figures.ts';
import { sayCalendar, sayHolidays } from './said-calendar.ts';
import { sayScan } from './scan.ts';
import { defineWords } from './glossary.ts';
import { sayHoldings } from './positions-said.ts';
import {
  keyOfCall,
  type PlannedCall,
  type Query,
  type Refusal,
  type SlotName,
  type Slots,
  SLOT_NAMES,
  emptySlots,
  isOneDay,
  notUnderstood,
  queryOf,
} from './query.ts';
import * as sentences from './sentences.ts';
import { writeTechnicals } from './technicals.ts';

/** What answers are made of: results of the question's own calls, and what the conversation held before. */
export interface Sources {
  fetched: Figures;
  held: Figures;
  results: readonly ToolMessage[];
  now: EpochMs;
}

/** What a part could say, and for which symbols it had nothing. */
export interface Told {
  lines: Said[];
  without: TickerSymbol[];
  /** Something came from earlier turns, not from a tool just called. */
  usesHeld: boolean;
}

export interface Form {
  name: string;
  /** In a refusal: `"last week" together with option expirations`. */
  label: string;
  /** Phrases that name it, beside what its slots imply. */
  words: string;
  accepts: readonly SlotName[];
  /** Levels, walls, technical statements: with a language model configured they are the model's. */
  isAnalysis?: true;
  calls(query: Query, held: Figures, now: EpochMs): PlannedCall[];
  say(query: Query, sources: Sources): Told;
}

/** Beyond this a chain's spot and prices are asked for again; its open interest changes once a day. */
const CHAIN_AGE_MS = 5 * 60_000;
const FEWEST_BARS = 20;
const DEFAULT_RANGES: Readonly<Record<string, string>> = {
  day: 'past month',
  week: 'past 6 months',
  month: 'past 2 years',
  quarter: 'past 2 years',
  year: 'past 5 years',
};
const NOTHING: Told = { lines: [], without: [], usesHeld: false };

const line = (text: string): Told => ({ ...NOTHING, lines: [[text]] });

export const FORMS: readonly Form[] = [
  {
    name: 'figures',
    label: 'figures',
    words: 'figures of',
    accepts: [
      ...(['symbols', 'fields', 'aggregate', 'base', 'quantity', 'amount', 'conditions', 'isCount'] as const),
      ...(['occasion', 'interval', 'rank', 'limit', 'range', 'expiration', 'move'] as const),
    ],
    ...askedAsTable(figuresCall, sayFigures),
  },
  {
    name: 'days',
    label: 'a list of days',
    words: 'days of the list',
    accepts: ['symbols', 'fields', 'aggregate', 'conditions', 'isDays', 'rank', 'limit', 'range', 'interval', 'move'],
    ...askedAsTable(daysCall, sayDays),
  },
  {
    name: 'quote',
    label: 'a quote',
    words: 'quote, quotes, stock quote, real time quote, quoted, price and change',
    accepts: ['symbols', 'fields', 'range'],
    calls: ({ symbols }) => [quoteCall(symbols)],
    say: (query, sources) =>
      sayAll(
        query,
        sources,
        (figures, symbol) => figures.quote(symbol),
        (found) => sentences.sayQuotes(found, query.fields.includes('ohlc')),
      ),
  },
  {
    name: 'bars',
    label: 'price bars',
    words:
      'performance, perform, performed, performing, price performance, performance ohlc, fare, fared, price action, history, price history, historical prices, historical price, historical data, history of, bar, bars, candle, candles, candlesticks, chart, charts, daily prices, ohlc bars, ohlcv bars, price chart, stock price performance, price data, trading history, ohlc data, price by day',
    accepts: ['symbols', 'fields', 'range', 'interval', 'move'],
    calls: (query, held, now) =>
      each(query, (symbol) =>
        isPointInTime(query) && heldDay(query, symbol, held, now) !== undefined
          ? []
          : historyCall(symbol, rangeOf(query), query.interval ?? (splitHours(rangeOf(query)) ? '5min' : 'day')),
      ),
    say: sayBars,
  },
  {
    name: 'indicators',
    label: 'technical indicators',
    words:
      'technical indicators, all indicators, all technical indicators, all the indicators, indicators, indicator, technicals, technical analysis indicators, technical analysis indicator, ta, ta indicators, technical data, oscillators, technical analysis indicator data, ta data',
    accepts: ['symbols'],
    calls: (query) => each(query, (symbol) => call('get_ta_indicators', { symbol })),
    say: (query, sources) =>
      sayAll(query, sources, (figures, symbol) => figures.indicators(symbol), sentences.sayIndicators),
  },
  {
    name: 'levels',
    label: 'support and resistance',
    words:
      'next resistance, next support, nearest resistance, nearest support, closest support, closest resistance, first support, first resistance, nearest level, next level, next hurdle, hurdle, hurdles, r1, s1, r2, s2, support and resistance, supports and resistances, resistance and support, support resistance, support, supports, resistance, resistances, support level, support levels, resistance level, resistance levels, support and resistance levels, support resistance levels, levels, key levels, price levels, s and r, s r, important levels, levels to watch, pivot, pivots, pivot points, pivot levels',
    accepts: ['symbols'],
    isAnalysis: true,
    calls: (query) => each(query, (symbol) => call('get_support_resistance', { symbol })),
    say: (query, sources) =>
      sayAll(query, sources, sentences.levelsIn, (found) => sentences.sayLevels(found, query.conditions)),
  },
  {
    name: 'technicals',
    label: 'a technical analysis',
    words:
      'chart looks, chart look, chart looking, how the chart looks, chart check, technical analysis, technical picture, technical outlook, analyse, analyze, analysis, ta analysis, trend, trends, momentum, pattern, patterns, trading patterns, chart patterns, technical view, signals, trading signals, setup, technically, technical read, trading patterns signals, perform technical analysis, technical summary, trend and momentum, uptrend, downtrend',
    accepts: ['symbols'],
    isAnalysis: true,
    calls: (query, held, now) =>
      each(query, (symbol) =>
        holdsTechnicals(symbol, held) && isOfToday(held.fetchedAtMs(symbol), now)
          ? []
          : [
              call('get_ta_indicators', { symbol }),
              historyCall(symbol, 'past 3 months'),
              call('get_support_resistance', { symbol }),
            ],
      ),
    say: sayTechnicals,
  },
  {
    name: 'expirations',
    label: 'option expirations',
    words:
      'expirations, expiration dates, exp dates, exps, option exp dates, option expirations, option expiration dates, options expiration dates, options expirations, expiries, expiry dates, option expiries, option dates, option expirations dates, option expiration, how many expirations, how many expiration dates, how many option expirations, expirations dates, expiration calendar, expirys, options expire, option expire, expiration cycle, expiration cycles, list of expirations, available expirations, expiration date, expiration, expiry, exp',
    accepts: ['symbols', 'expiration', 'limit'],
    ...ofExpirations(sentences.sayExpirations),
  },
  {
    name: 'expiry',
    label: 'the date of an expiration',
    words:
      'when is, when is the, what date is, what date is the, how many dte, how many dte on, how many dte on the, dte on, dte of, dte for, how many days to, how many days until, how many days till, days to, days until, days till, days til, next exp, next expiration, next expiry, nearest expiration, nearest expiry, expire, expires, expiring, when do, when does, expiring on, that expire, that expires, days are left, days left until',
    accepts: ['symbols', 'expiration'],
    ...ofExpirations(sentences.sayExpirationDate),
  },
  {
    name: 'chain',
    label: 'an option chain',
    words:
      'option chain, options chain, option chains, options chains, chain, chains, options, option, option contracts, contracts, contract, option prices, options prices, opts',
    accepts: [
      ...(['symbols', 'fields', 'expiration', 'side', 'strikes', 'delta', 'money'] as const),
      ...(['conditions', 'rank', 'limit', 'aggregate'] as const),
    ],
    calls: (query) => each(query, (symbol) => chainCall(query, symbol, strikesOf(query))),
    say: (query, sources) =>
      sayAll(
        query,
        sources,
        (figures, symbol) => chainOf(query, figures.chains(symbol))?.chain,
        (found) => found.flatMap((chain) => sentences.sayChain(chain, query)),
      ),
  },
  {
    name: 'contract',
    label: 'one contract',
    words: 'figures of the contract',
    accepts: [
      ...(['symbols', 'fields', 'strike', 'side', 'expiration', 'quantity', 'money', 'rank'] as const),
      ...(['delta', 'aggregate', 'base', 'conditions'] as const),
    ],
    calls: (query, held) => (heldContract(query, held) === undefined ? [contractsCall(query)] : []),
    say: sayContract,
  },
  {
    name: 'walls',
    label: 'option walls',
    words:
      'wall, walls, option wall, option walls, options walls, options wall, open interest walls, oi walls, biggest wall, largest wall, call wall, put wall, call walls, put walls, call and put walls, call and put wall, potential call and put wall, potential call and put walls, potential call and put walls strike prices, call and put walls strike prices, walls strike prices, wall strike prices, biggest call wall, biggest put wall, largest call wall, largest put wall, analyze the options chain, call put walls, where is the call wall, where is the put wall, top call wall, top put wall, main call wall, main put wall, biggest walls, largest walls, oi wall',
    accepts: ['symbols', 'side', 'expiration', 'strikes', 'fields'],
    isAnalysis: true,
    calls: (query, held, now) =>
      each(query, (symbol) =>
        heldWalls(query, symbol, held, now) ? [] : chainCall({ ...query, side: 'both' }, symbol, 'summary'),
      ),
    say: (query, sources) =>
      sayAll(
        query,
        sources,
        (figures, symbol) => sentences.wallsIn(chainOf(query, figures.chains(symbol)), figures.chains(symbol)),
        (found) => found.map((chain) => sentences.sayWalls(chain, query.side ?? 'both')),
      ),
  },
  {
    name: 'volatility',
    label: 'volatility',
    words:
      'volatility, vol sheet, volatility sheet, vola, how volatile, volatile, iv and hv, iv vs hv, hv and iv, hv vs iv, implied and realized vol, implied vs realized, iv versus hv, implied versus realized volatility',
    accepts: ['symbols', 'expiration', 'fields'],
    calls: (query) =>
      query.isEach === true
        ? each(query, (symbol) => call('get_volatility', { symbol }))
        : [figuresCall(volatilityOf(query))],
    say: (query, sources) =>
      query.isEach === true
        ? { ...NOTHING, lines: broughtBy(sources.results, 'volatility').map(sayTerm) }
        : formOf('figures').say(volatilityOf(query), sources),
  },
  {
    name: 'strategy',
    label: 'a strategy',
    words: 'price of the strategy',
    accepts: ['symbols', 'fields', 'strategy', 'expiration', 'strike', 'side', 'delta', 'width', 'quantity'],
    calls: (query) => [strategyCall(query)],
    say: (query, { results }) => {
      const [data] = broughtBy(results, 'strategy');
      return data === undefined
        ? { ...NOTHING, without: [...query.symbols] }
        : { ...NOTHING, lines: [sayStrategy(data, query)] };
    },
  },
  {
    name: 'scan',
    label: 'a scan',
    words: 'scan of the market',
    accepts: ['scan', 'fields', 'conditions', 'rank', 'limit'],
    calls: (query) => [scanCall(query)],
    say: (query, { results, now }) => {
      const found = results.map(({ answer }) => answer).find((answer) => answer?.kind === 'table');
      if (found?.data === undefined) return NOTHING;
      return { ...NOTHING, lines: [sayScan(query, found as Answer<'table'>, now)] };
    },
  },
  {
    name: 'positions',
    label: 'positions',
    words:
      'my positions, my position, my portfolio, my account, my p and l, my pnl, my p l, p l on my, pnl on my, p and l on my, what do i hold, my holdings, my open positions, positions in my account',
    accepts: ['symbols', 'fields', 'move', 'range', 'side', 'money', 'expiration', 'rank'],
    calls: () => [call('get_positions', {})],
    say: (query, { results, now }) => {
      const [data] = broughtBy(results, 'positions');
      return data === undefined ? NOTHING : { ...NOTHING, lines: sayHoldings(data, query, exchangeDateOf(now)) };
    },
  },
  {
    name: 'overview',
    label: 'an overview',
    words:
      'overview, bundle, snapshot, full picture, whole picture, everything on, everything about, summary of, tell me about, full overview, stock overview, all data on, rundown, summary, run down, give me a rundown, whats up with, deep dive',
    accepts: ['symbols'],
    calls: (query) => each(query, (symbol) => call('get_stock_data_bundle', { symbol })),
    say: sayOverview,
  },
  {
    name: 'market',
    label: 'the market',
    words:
      'market close early, the market close early, markets close early, the markets close early, until when, till when, til when, until what time, till what time, til what time, how late, open until, open till, until when is it, when does it close, new york stock exchange, american exchanges, exchanges, stock exchanges, us exchanges, trading session, regular session, the session, trading week, full trading day, full trading week, full day, stop trading, stops trading, options stop trading, options trade until, until when do, closing time, opening time, hours of trading, mkt status, session today, sessions remain, sessions left, trading days remain, trading sessions remain, a session, after hours end, after hours trading, premarket start, premarket open, premarket begin, bell ring, ring the bell, full session, market, markets, stock market, stock markets, us market, us markets, market status, the nyse, nyse, is nyse, is the nasdaq, nasdaq open, wall street, stock exchange, exchange, market hours, trading hours, market time, market clock, time is it, what time is it, whats the time, what time, exchange time, new york time, time in new york, time is it in new york, next change, next change of state, next open, next close, opening bell, closing bell, the bell, bell, premarket, pre market, premarket session, after hours, afterhours, after hours session, extended hours, when does it, when does the market, when do markets, when do the markets, when does trading, status, is trading open, is trading closed, is trading still open, how long until the close, how long until the open, how long till the close, how long till the open, trading calendar, market calendar, trading days left, mkt hours, open for trading, session hours, hours until the close, time left, how long until, how long till, how long before the close, minutes until the close, hours, trading day today, a trading day, market day, close early, closes early, closing early, open late',
    accepts: ['range', 'expiration', 'fields', 'isCount', 'symbols'],
    calls: (query, _held, now) => {
      const date = calendarDates(query, now);
      return [call('get_market_status_and_date_time', date === undefined ? {} : { date })];
    },
    say: (query, sources) => {
      const found = sources.fetched.market() ?? sources.held.market();
      return found === undefined
        ? NOTHING
        : { ...NOTHING, lines: [sayCalendar(query, found, sources.now, () => sentences.sayMarket(found))] };
    },
  },
  {
    name: 'holidays',
    label: 'market holidays',
    words:
      'holiday, holidays, market holiday, market holidays, stock market holiday, next holiday, next market holiday, first holiday, bank holiday, half day, half days, early close, early closes, short day, short days, shortened session, shortened sessions, is today a holiday, market closures, closures, half trading days, half sessions',
    accepts: ['range', 'expiration', 'fields', 'isCount', 'limit'],
    calls: (query, _held, now) => {
      const date = daysOfWeek(query, now);
      return [call('get_market_status_and_date_time', date === undefined ? {} : { date })];
    },
    say: (query, { now }) => ({ ...NOTHING, lines: [sayHolidays(query, now)] }),
  },
  {
    name: 'events',
    label: 'dividends, splits and earnings',
    words:
      'dividends, dividend, splits, split, stock split, stock splits, corporate events, corporate actions, events, pay a dividend, pays a dividend, pay dividends, dividend payment, dividend payments, dividend history, payout, payouts, div, divs, next dividend, earnings history, dividend history of, raised its dividend, raised the dividend, raise its dividend, raised dividends, dividend been raised, paid out, pays out, pay out',
    accepts: ['symbols', 'fields', 'range', 'limit', 'quantity'],
    calls: (query) => each(query, (symbol) => call('get_corporate_events', { symbol })),
    say: (query, { results, now }) => {
      const bounds = query.range === undefined ? undefined : wholePeriod(query.range, now);
      const told = broughtBy(results, 'events')
        .flat()
        .filter(({ symbol }) => query.symbols.includes(symbol));
      return { ...NOTHING, lines: told.map((data) => sayEvents(data, query, exchangeDateOf(now), bounds)) };
    },
  },
  {
    name: 'news',
    label: 'headlines',
    words:
      'news, headlines, latest news, any news, recent news, news on, news about, headlines on, news for, headlines about',
    accepts: ['symbols', 'range'],
    calls: (query) => each(query, (symbol) => call('get_news', { symbol })),
    say: (query, { results, now }) => {
      const bounds = query.range === undefined ? undefined : tryResolve(query.range, now);
      if (bounds === undefined)
        return line(`Headlines of ${sentences.joinWords(query.symbols)}, newest first; they are quoted, not checked.`);
      const lines = query.symbols.flatMap((symbol) => {
        const found = results.find((each) => each.arguments['symbol'] === symbol)?.answer;
        return found?.kind === 'news'
          ? [sayNews(symbol, (found as Answer<'news'>).data ?? [], bounds, query.isAfterClose)]
          : [];
      });
      return { ...NOTHING, lines };
    },
  },
  {
    name: 'calculate',
    label: 'arithmetic',
    words: 'figure out',
    accepts: ['fields'],
    calls: ({ fields: [expression = ''] }) => [call('calculate', { expression })],
    say: (_query, { results }) => ({ ...NOTHING, lines: sentences.sayCalculations(results) }),
  },
  {
    name: 'definition',
    label: 'what a word means',
    words: 'definition of the word',
    accepts: ['fields', 'side', 'conditions', 'money', 'move', 'aggregate', 'base'],
    calls: () => [],
    say: (query) => line(defineWords(query)),
  },
  {
    name: 'social',
    label: 'a greeting',
    words:
      'what r u, what are you, who r u, morning, evening, afternoon, thanks, thank you, thx, ty, cheers, hello, hi, hey, good morning, good evening, good night, bye, goodbye, see you, later, cool, great, nice, awesome, perfect, got it, much appreciated, appreciate it, appreciated, thanks a lot, thanks so much, thank you so much, thank you very much, have a nice day, have a good one, that will be all, thats all, thats all for today, lol, haha, nice one, good job, well done, tysm, no thanks, never mind, nvm, how are you, hello there, good afternoon, sweet, ok thanks, ok cool, great thanks, cool thanks, perfect thanks, awesome thanks, wow, damn, you rock, all good, for today, have a great day, have a good day, take care, that is all, who are you, what can you do, help',
    accepts: [],
    calls: () => [],
    say: () =>
      line(
        'Ask for prices, bars, indicators, levels or options: price of NVDA, how did SPY do last week, SPY calls friday.',
      ),
  },
];

const BY_NAME: ReadonlyMap<string, Form> = new Map(FORMS.map((form) => [form.name, form]));

export function formOf(name: string): Form {
  return BY_NAME.get(name) ?? (FORMS[0] as Form);
}

/** Data of a kind that the question's own calls brought. */
function broughtBy<K extends AnswerKind>(results: readonly ToolMessage[], kind: K): AnswerDataByKind[K][] {
  return dataOfKind(
    results.flatMap(({ answer }) => answer ?? []),
    kind,
  );
}

/** One call that brings a table, and what is said of it. */
function askedAsTable(
  callOf: (query: Query) => PlannedCall,
  sayTable: (query: Query, table: TableData, now: EpochMs) => Said[],
): Pick<Form, 'calls' | 'say'> {
  return {
    calls: (query) => [callOf(query)],
    say: (query, { results, now }) => {
      const found = tableOf(results, callOf(query));
      if (found?.data === undefined) return { ...NOTHING, without: [...query.symbols] };
      const told = { ...query, ...present({ expiration: found.request?.expiration }), notes: found.notes };
      return { ...NOTHING, lines: sayTable(told, found.data, now) };
    },
  };
}

/** The table that a call brought. */
function tableOf(results: readonly ToolMessage[], call: PlannedCall): Answer<'table'> | undefined {
  const found = results.find((each) => keyOfCall(each) === keyOfCall(call))?.answer;
  return found?.kind === 'table' ? (found as Answer<'table'>) : undefined;
}

function volatilityOf(query: Query): Query {
  return {
    ...query,
    form: 'figures',
    columns: ['iv30', 'ivRank', 'hv20', 'hv30', 'hv60', 'ivMinusHv30', 'skew25', 'expectedMovePercent'],
  };
}

function heldContract(query: Query, held: Figures): HeldChain | undefined {
  return query.isHeldOnly === true
    ? query.symbols.flatMap((symbol) => chainOf(query, held.chains(symbol)) ?? [])[0]
    : undefined;
}

/** The dates of each symbol, asked for alike and told in a way of its own. */
function ofExpirations(tell: typeof sentences.sayExpirations): Pick<Form, 'calls' | 'say'> {
  return {
    calls: (query) => each(query, (symbol) => call('get_options_expiration_dates', { symbol })),
    say: (query, sources) =>
      sayAll(
        query,
        sources,
        (figures, symbol) => figures.expirations(symbol),
        (found) => found.map((data) => tell(data, query, sources.now)),
      ),
  };
}

function sayContract(query: Query, sources: Sources): Told {
  const [table] = broughtBy(sources.results, 'table');
  if (table !== undefined)
    return { ...NOTHING, lines: sentences.sayContractRows(table, query, contractColumns(query)) };
  return sayAll(
    query,
    sources,
    (figures, symbol) =>
      figures === sources.fetched ? figures.chains(symbol)[0] : chainOf(query, figures.chains(symbol)),
    (found) => found.flatMap(({ chain }) => sentences.sayStrikes(chain, query, contractColumns(query))),
  );
}

/** The newest chain that a question can mean: of its expiration, or the last one seen. */
function chainOf({ expiration, isHeldOnly }: Query, chains: readonly HeldChain[]): HeldChain | undefined {
  const found = chains.find(
    ({ chain, phrase }) => expiration === undefined || expiration === chain.expiration || expiration === phrase,
  );
  return found ?? (chains.length === 1 && isHeldOnly !== true ? chains[0] : undefined);
}

function heldWalls(query: Query, symbol: TickerSymbol, held: Figures, now: EpochMs): boolean {
  // Of several symbols without a date each might be held for another expiration.
  if (query.symbols.length > 1 && query.expiration === undefined) return false;
  const chain = chainOf({ ...query, isHeldOnly: true }, held.chains(symbol));
  return chain?.fetchedAtMs !== undefined && Math.abs(now - chain.fetchedAtMs) <= CHAIN_AGE_MS;
}

function rangeOf({ range, interval = 'day' }: Query): string {
  return range ?? DEFAULT_RANGES[interval] ?? 'today';
}

/** One price of one day, as `yesterday's close`: a sentence answers it, without a table. */
function isPointInTime(query: Query): boolean {
  const { fields, interval, isComparison, forms } = query;
  return (
    fields.length > 0 &&
    forms.length === 0 &&
    interval === undefined &&
    isComparison !== true &&
    isOneDay(rangeOf(query))
  );
}

/** The finished session that a phrase for one day means, where its bar is held. */
function heldDay(query: Query, symbol: TickerSymbol, held: Figures, now: EpochMs): ReturnType<Figures['finishedBar']> {
  const range = tryResolve(rangeOf(query), now);
  return range === undefined || range.from !== range.to ? undefined : held.finishedBar(symbol, range.from);
}

/** Undefined where the phrase cannot be resolved: then the tool says why. */
function tryResolve(phrase: string, now: EpochMs): ResolvedRange | undefined {
  try {
    return resolveRange(phrase, now);
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}

/** `this month`: to its end, as dates to come are known. */
function wholePeriod(range: string, now: EpochMs): { from: IsoDate; to: IsoDate } | undefined {
  const resolved = tryResolve(range, now);
  const [from = '', to = from] = spanMeant(range, exchangeDateOf(now))?.split('..') ?? [];
  if (resolved === undefined) return from === '' ? undefined : { from, to };
  return { from: resolved.from, to: to > resolved.to ? to : resolved.to };
}

/** Bars that were fetched, single days out of held histories, and held histories of exactly the range. */
function sayBars(query: Query, { fetched, held, now }: Sources): Told {
  const histories = query.symbols.flatMap((symbol) => fetched.history(symbol) ?? []);
  const others = query.symbols.filter((symbol) => fetched.history(symbol) === undefined);
  const range = tryResolve(rangeOf(query), now);
  const days = others.map((symbol) => ({
    symbol,
    bar: isPointInTime(query) ? heldDay(query, symbol, held, now) : undefined,
  }));
  const left = days.filter(({ bar }) => bar === undefined).map(({ symbol }) => symbol);
  const kept = range === undefined ? [] : left.flatMap((symbol) => held.history(symbol, range) ?? []);
  const lines = [
    ...sentences.sayHistories([...histories, ...kept], query.fields),
    ...days.flatMap(({ symbol, bar }) => (bar === undefined ? [] : [sentences.sayHeldBar(symbol, bar, query.fields)])),
  ];
  return {
    lines,
    without: left.filter((symbol) => !kept.some((history) => history.symbol === symbol)),
    usesHeld: kept.length + days.filter(({ bar }) => bar !== undefined).length > 0,
  };
}

function holdsTechnicals(symbol: TickerSymbol, held: Figures): boolean {
  return held.indicators(symbol) !== undefined && held.dailyBars(symbol).length >= FEWEST_BARS;
}

function isOfToday(fetchedAtMs: EpochMs | undefined, now: EpochMs): boolean {
  return fetchedAtMs !== undefined && exchangeDateOf(fetchedAtMs) === exchangeDateOf(now);
}

function sayTechnicals({ symbols }: Query, { fetched, held }: Sources): Told {
  const told: Told = { lines: [], without: [], usesHeld: false };
  for (const symbol of symbols) {
    const isHeld = fetched.indicators(symbol) === undefined && fetched.dailyBars(symbol).length === 0;
    const figures = isHeld ? held : fetched;
    const indicators = figures.indicators(symbol);
    const levels = figures.levels(symbol);
    const statements = writeTechnicals({
      symbol,
      bars: figures.dailyBars(symbol),
      ...(indicators === undefined ? {} : { indicators }),
      ...(levels === undefined ? {} : { levels }),
    });
    if (statements.length === 0) told.without.push(symbol);
    else {
      const lack = indicators === undefined ? 'its indicators are not here' : 'too few of its daily bars are here';
      told.lines.push(
        ...statements,
        ...(holdsTechnicals(symbol, figures) ? [] : [[`Part of ${symbol} is left out: ${lack}.`]]),
      );
    }
    told.usesHeld ||= isHeld && statements.length > 0;
  }
  return told;
}

function sayOverview(query: Query, sources: Sources): Told {
  const parts = [
    formOf('quote').say({ ...query, fields: [] }, sources),
    sayAll(
      query,
      sources,
      (figures, symbol) => figures.chains(symbol)[0]?.chain,
      (found) => found.map((chain) => sentences.sayWalls(chain, 'both')),
    ),
  ];
  const without = query.symbols.filter((symbol) => parts.every((part) => part.without.includes(symbol)));
  return { lines: parts.flatMap((part) => part.lines), without, usesHeld: parts.some((part) => part.usesHeld) };
}

/** What a tool has just said goes before what the conversation holds. */
function sayAll<T>(
  { symbols }: Query,
  { fetched, held }: Sources,
  look: (figures: Figures, symbol: TickerSymbol) => T | undefined,
  describe: (data: T[]) => Said[],
): Told {
  const found = symbols.map((symbol) => {
    const fresh = look(fetched, symbol);
    return { symbol, value: fresh ?? look(held, symbol), isHeld: fresh === undefined };
  });
  const values = found.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return {
    lines: values.length === 0 ? [] : describe(values),
    without: found.filter(({ value }) => value === undefined).map(({ symbol }) => symbol),
    usesHeld: found.some(({ value, isHeld }) => value !== undefined && isHeld),
  };
}

/** What of a part every form keeps, and what only a form that takes it. */
const KEPT = [
  ...['within', 'isHeldOnly', 'mayCall', 'isDataOnly', 'follow', 'isComparison', 'isDefinition', 'corrected'],
  ...['ofEvents', 'isRaise', 'isAfterClose'],
];
const CHOSEN_BY_FORM = ['expiration', 'range', 'side', 'interval', 'quantity'];

export function withoutFigures(form: string, slots: Slots): Slots {
  const { accepts } = formOf(form);
  const chosen =
    form === 'expiry' ? [...CHOSEN_BY_FORM] : CHOSEN_BY_FORM.filter((slot) => accepts.includes(slot as SlotName));
  if (form === 'events') chosen.push('limit');
  const kept = Object.entries(slots).filter(([slot]) => chosen.includes(slot) || KEPT.includes(slot));
  return { ...emptySlots(), forms: [form], symbols: slots.symbols, ...(Object.fromEntries(kept) as Partial<Slots>) };
}

/** The one rule: what a part says and no form of it takes. */
export function refuseUntaken(queries: readonly Query[], said: Slots): Refusal | undefined {
  const forms = queries.map(({ form }) => formOf(form));
  for (const [slot, nameOf] of Object.entries(SLOT_NAMES) as [SlotName, (slots: Slots) => string | undefined][]) {
    const what = nameOf(said);
    if (what === undefined || forms.some(({ accepts }) => accepts.includes(slot))) continue;
    if (slot === 'symbols' && said.symbols.length === 0) continue;
    return notUnderstood(`${what} together with ${forms.map(({ label }) => label).join(' and ')}`);
  }
  return undefined;
}

export function only(name: string, slots: Slots, own: Slots): Query[] | Refusal {
  const query = queryOf(name, slots);
  return refuseUntaken([query], own) ?? [query];
}
