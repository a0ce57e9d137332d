// The tools by the names that a model knows: flat schemas that every server accepts, arguments parsed strictly or refused
// with a correctable error. Each runs the very function that the plain command runs.
import type { Answer } from '../domain/answers.ts';
import { type Instrument, mayHaveContract, parseInstruments } from '../domain/contracts.ts';
import { UsageError } from '../domain/errors.ts';
import { addDays, exchangeDateOf, isValidDate, startOfWeek } from '../domain/exchange-time.ts';
import { isExpirationSpan } from '../domain/expirations.ts';
import { present } from '../domain/present.ts';
import { STRATEGY_NAMES } from '../domain/strategies.ts';
import { parseTickerSymbol, quoteInput } from '../domain/symbols.ts';
import type { EpochMs, Side, TickerSymbol } from '../domain/types.ts';
import { SCAN_NAMES } from '../fields/presets.ts';
import type { ToolContext } from './answer.ts';
import { DEFAULT_STRIKES, answerBundle } from './bundle.ts';
import { answerCalculation } from './calculate.ts';
import { answerHistory } from './history.ts';
import { answerIndicators } from './indicators.ts';
import { answerLevels } from './levels.ts';
import { type SessionsAsked, answerMarketStatus } from './market-status.ts';
import { type ChainRequest, answerChain, answerChains, answerExpirations } from './options.ts';
import { answerHeldPositions } from './positions.ts';
import { answerQuotes } from './quote.ts';
import type { ScanRequest } from './scan-asked.ts';
import { answerScan, parseScanWords } from './scan.ts';
import { type StrategyRequest, answerStrategy } from './strategy.ts';
import { parseStrategy } from './strategy-words.ts';
import { type TableRequest, answerTable, parseTableWords } from './table.ts';

export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema, flat: one `type` each, and no other properties than those named. */
  parameters: Record<string, unknown>;
}

export type ToolArguments = Record<string, unknown>;

/** One `type`: several servers refuse lists of types and `anyOf`. */
interface Parameter {
  type: 'string' | 'integer' | 'array';
  description?: string;
  enum?: readonly string[];
  items?: { type: 'string' };
  /** A call can do without it: null or left out takes the default that `description` names. */
  isOptional?: true;
}

interface Tool {
  description: string;
  parameters: Record<string, Parameter>;
  run(args: ToolArguments, context: ToolContext): Promise<Answer> | Answer;
}

const optional = (type: Parameter['type'], description: string, values?: readonly string[]): Parameter => ({
  type,
  ...(values === undefined ? {} : { enum: values }),
  description,
  isOptional: true,
});

const SYMBOL: Parameter = { type: 'string', description: 'ticker, such as NVDA or BRK.B' };
const INSTRUMENT: Parameter = { type: 'string', description: 'ticker, or contract such as NVDA 450c dec 18' };
const INSTRUMENTS: Parameter = { type: 'array', items: { type: 'string' }, description: 'tickers or contracts' };
const RANGE = optional(
  'string',
  'as the user says it: yesterday, last 5 trading days, last week, previous week’s Friday, past 3 months, ytd, 2025-10-01 to 2025-10-31; default past month',
);
const INTERVALS = ['1min', '5min', '15min', '30min', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
const ROWS = ['symbols', 'bars'] as const;
const SESSIONS = ['all', 'finished'] as const;
const INTERVAL = optional('string', 'default day', INTERVALS);
const EXPIRATION = optional(
  'string',
  'date, friday, dec, weekly, next monthly, 45d, 0dte; 30..60d all of a span; default the nearest',
);
const STRIKES = optional('integer', 'strikes above and below the spot; default 10');

const RANGE_OF_FIELDS = optional('string', 'of change, high, low, volume: dates or today first 30 minutes');

const OPTION_PARAMETERS: Record<string, Parameter> = {
  symbol: SYMBOL,
  expiration: EXPIRATION,
  strikes: STRIKES,
  where: optional('string', 'condition on contracts: openInterest > 5000'),
  sort: optional('string', '-openInterest: largest first'),
  limit: { type: 'integer', isOptional: true },
  columns: optional('string', 'fields of contracts'),
};
/** What a model reads of a scan that does not say how many. */
const SCANNED_ROWS = 20;
const MAX_SYMBOLS = 50;
const MAX_STRIKES = 500;
/** Above and below the one strike that is asked for, as the planner does with `near 400`. */
const STRIKES_BESIDE_ONE = 5;

const TOOLS: Record<string, Tool> = {
  get_stock_quote: {
    description: 'Last price, change, OHLC, bid, ask, volume of one symbol or contract.',
    parameters: { symbol: INSTRUMENT },
    run: (args, context) => answerInstruments([instrumentOf(args)], context),
  },
  get_multiple_stock_quotes: {
    description: 'Quotes of several symbols or contracts in one request.',
    parameters: { symbols: INSTRUMENTS },
    run: (args, context) => answerInstruments(instrumentsOf(args), context),
  },
  get_stock_data_bundle: {
    description: 'Quote, nearest option chain and indicators of one symbol.',
    parameters: { symbol: SYMBOL },
    run: (args, context) => answerBundle(symbolOf(args), context),
  },
  get_options_expiration_dates: {
    description: 'Option expiration dates of one symbol.',
    parameters: { symbol: SYMBOL },
    run: (args, context) => answerExpirations(symbolOf(args), context),
  },
  get_stock_price_history: {
    description: 'OHLCV bars of one symbol over a range, with change, high and low.',
    parameters: { symbol: SYMBOL, range: RANGE, interval: INTERVAL },
    run: (args, context) =>
      answerHistory(
        {
          symbol: symbolOf(args),
          range: { phrase: textOf(args, 'range') ?? 'past month' },
          interval: choiceOf(args, 'interval', INTERVALS) ?? 'day',
        },
        context,
      ),
  },
  get_market_status_and_date_time: {
    description: 'Whether the US market is open, exchange time, next change; with dates their sessions and holidays.',
    parameters: { date: optional('string', 'YYYY-MM-DD, A..B, tomorrow, this week, next week') },
    run: (args, context) => answerMarketStatus(context, sessionsOf(args, context.clock.now())),
  },
  get_ta_indicators: {
    description: 'RSI14, MACD(12,26,9), SMA and EMA 5, 10, 20, 50, 200 of one symbol.',
    parameters: { symbol: SYMBOL },
    run: (args, context) => answerIndicators([symbolOf(args)], context),
  },
  get_call_options_chain: {
    description: 'Calls of one expiration around the spot, with walls, max pain, expected move; includes the spot.',
    parameters: OPTION_PARAMETERS,
    run: (args, context) => chainAnswer(args, 'call', context),
  },
  get_put_options_chain: {
    description: 'The same for puts.',
    parameters: OPTION_PARAMETERS,
    run: (args, context) => chainAnswer(args, 'put', context),
  },
  get_options_chain: {
    description: 'Calls and puts of one expiration, as above.',
    parameters: OPTION_PARAMETERS,
    run: (args, context) => chainAnswer(args, 'both', context),
  },
  get_support_resistance: {
    description: 'Support and resistance levels of one symbol, each with its origin.',
    parameters: { symbol: SYMBOL },
    run: (args, context) => answerLevels(symbolOf(args), context),
  },
  get_fields: {
    description:
      'Any fields of many symbols as one table: last changePercent volume rsi14 sma50 maxPain expectedMove …, expressions such as pct(last, week52High), avg(volume, 30).',
    parameters: {
      symbols: INSTRUMENTS,
      columns: { type: 'string', description: 'fields and expressions with commas between them' },
      where: optional('string', 'condition, such as rsi14 < 30 and last > sma200'),
      sort: optional('string', 'expression; - before it: largest first'),
      limit: optional('integer', 'rows'),
      range: RANGE_OF_FIELDS,
      expiration: EXPIRATION,
      interval: INTERVAL,
      rows: optional('string', 'bars: one for each bar', ROWS),
      sessions: optional('string', 'finished: without the running one', SESSIONS),
    },
    run: (args, context) => answerTable(tableOf(args), context),
  },
  price_strategy: {
    description:
      'Prices an option strategy: legs, credit or debit, max profit and max loss, break-evens, odds, greeks.',
    parameters: {
      symbol: SYMBOL,
      name: { type: 'string', enum: STRATEGY_NAMES, isOptional: true },
      legs: optional('string', 'instead: -1 450p dec 4, +1 450p dec 11'),
      quantity: optional('integer', 'units'),
      expiration: optional('string', 'as for chains; default 45d'),
      delta: optional('string', 'of the short leg, such as .30'),
      width: optional('string', 'dollars between the legs of a spread'),
      strikes: optional('string', 'lowest first: 600/610/650/660'),
      direction: optional('string', 'short: every leg reversed', ['usual', 'short']),
    },
    run: (args, context) => answerStrategy(strategyOf(args), context),
  },
  get_volatility: {
    description:
      'Implied volatility (IV30, rank, percentile), realized volatility, skew, term structure of one symbol.',
    parameters: { symbol: SYMBOL },
    run: async (args, context) => (await import('./volatility.ts')).answerVolatility(symbolOf(args), context),
  },
  get_positions: {
    description: 'What the user holds, priced: value, P/L, day P/L, delta, theta of each position and in all.',
    parameters: {},
    run: (_args, context) => answerHeldPositions(context),
  },
  scan_market: {
    description:
      'Symbols of the whole US market that match a condition over fields of daily bars: gainers, most active, 52-week highs, oversold. Give conditions, a preset or both.',
    parameters: {
      conditions: optional('string', 'such as rsi14 < 30 and dollarVolume > 20000000'),
      preset: { type: 'string', enum: SCAN_NAMES, isOptional: true },
      universe: optional('string', 'market or tickers; default market'),
      columns: optional('string', 'default what is asked about'),
      sort: optional('string', '- before it: largest first'),
      limit: optional('integer', 'default 20'),
    },
    run: (args, context) => answerScan(scanOf(args), context),
  },
  get_corporate_events: {
    description: 'Dividends, splits and earnings dates of one symbol.',
    parameters: { symbol: SYMBOL },
    run: async (args, context) => (await import('./events.ts')).answerEvents(symbolOf(args), context),
  },
  get_news: {
    description: 'Recent headlines about one symbol, quoted.',
    parameters: { symbol: SYMBOL },
    run: async (args, context) => (await import('./news.ts')).answerNews(symbolOf(args), context),
  },
  search_symbols: {
    description: 'Finds symbols by a company’s name.',
    parameters: { words: { type: 'string' } },
    run: async (args, context) => {
      const { answerSearch, parseSearchWords } = await import('./news.ts');
      return answerSearch(parseSearchWords([textOf(args, 'words') ?? '']), context);
    },
  },
  calculate: {
    description: 'Arithmetic on figures of results: sums, differences, ratios, percentages.',
    parameters: { expression: { type: 'string', description: 'numbers, + - * / ( )' } },
    run: (args) => answerCalculation(textOf(args, 'expression') ?? ''),
  },
};

export function listTools(): ToolDefinition[] {
  return Object.entries(TOOLS).map(([name, { description, parameters }]) => ({
    name,
    description,
    parameters: toSchema(parameters),
  }));
}

function toSchema(parameters: Record<string, Parameter>): Record<string, unknown> {
  const entries = Object.entries(parameters);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, { isOptional: _optional, ...schema }]) => [name, schema])),
    required: entries.filter(([, { isOptional }]) => isOptional !== true).map(([name]) => name),
    additionalProperties: false,
  };
}

/** Symbols that a call asks about, for progress and for checks; empty where it names none. */
export function symbolsAsked(args: ToolArguments): TickerSymbol[] {
  const { symbol, symbols } = args;
  const named =
    typeof symbol === 'string'
      ? [symbol]
      : Array.isArray(symbols)
        ? symbols.filter((each) => typeof each === 'string')
        : [];
  return named.map((each) => each.trim().toUpperCase());
}

/**
 * Runs a tool by name.
 * @throws UsageError that tells a model what to correct: unknown tool, unknown or missing argument, malformed symbol or date.
 */
export async function runTool(name: string, args: ToolArguments, context: ToolContext): Promise<Answer> {
  const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  if (tool === undefined)
    throw new UsageError(`unknown tool ${name.slice(0, 60)}`, {
      hint: `the tools are ${Object.keys(TOOLS).join(', ')}`,
    });
  checkNames(name, tool, args);
  return tool.run(await expandNamesIn(readChoices(tool, args), context), context);
}

/** Values of lists as the list spells them. */
function readChoices({ parameters }: Tool, args: ToolArguments): ToolArguments {
  const chosen = Object.entries(parameters).flatMap(([name, { enum: choices }]) =>
    choices === undefined || args[name] === undefined ? [] : [[name, choiceOf(args, name, choices)] as const],
  );
  return chosen.length === 0 ? args : { ...args, ...Object.fromEntries(chosen) };
}

/** In any case, words joined by anything. @throws UsageError that names the choices */
export function choiceOf<Choice extends string>(
  args: ToolArguments,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const asked = textOf(args, name)?.trim();
  if (asked === undefined) return undefined;
  const wanted = asked.toLowerCase().replaceAll(/[\s_]+/g, '-');
  const found = choices.find((each) => each.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new UsageError(`no such ${name} as ${quoteInput(asked)}: ${name} must be one of ${choices.join(', ')}`);
}

/** `@core` among its symbols, which a model may write as its user does. */
async function expandNamesIn(args: ToolArguments, { book }: ToolContext): Promise<ToolArguments> {
  const { symbol, symbols } = args;
  const isNamed = (value: unknown): value is string => typeof value === 'string' && value.includes('@');
  const list: unknown[] = Array.isArray(symbols) ? symbols : [];
  if (book === undefined || ![symbol, ...list].some(isNamed)) return args;
  const { expandNames } = await import('../book/lists.ts');
  return {
    ...args,
    ...(isNamed(symbol) ? { symbol: expandNames(symbol, book) } : {}),
    ...(list.some(isNamed) ? { symbols: list.map((each) => (isNamed(each) ? expandNames(each, book) : each)) } : {}),
  };
}

function checkNames(name: string, tool: Tool, args: ToolArguments): void {
  const known = Object.keys(tool.parameters);
  const unknown = Object.keys(args).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw new UsageError(`${name}: unknown argument ${unknown.join(', ')}`, {
      hint: known.length > 0 ? `the arguments are ${known.join(', ')}` : 'it takes none',
    });
}

function symbolOf(args: ToolArguments): TickerSymbol {
  const symbol = textOf(args, 'symbol');
  if (symbol === undefined) throw new UsageError('symbol is missing', { hint: 'give one ticker, such as NVDA' });
  if (/[\s,]/.test(symbol.trim()))
    throw new UsageError(`symbol "${symbol.slice(0, 60)}" is a list: this tool takes one symbol`, {
      hint: 'call the tool once for each symbol',
    });
  return parseTickerSymbol(symbol);
}

function instrumentsOf(args: ToolArguments): Instrument[] {
  const { symbols } = args;
  if (!Array.isArray(symbols) || symbols.length === 0 || !symbols.every((each) => typeof each === 'string'))
    throw new UsageError('symbols must be a list of tickers', { hint: 'such as ["AAPL", "MSFT"]' });
  if (symbols.length > MAX_SYMBOLS)
    throw new UsageError(`symbols holds ${symbols.length} tickers, at most ${MAX_SYMBOLS} go in one call`);
  return parseInstruments([symbols.join(', ')]);
}

function instrumentOf(args: ToolArguments): Instrument {
  const text = textOf(args, 'symbol') ?? '';
  // A contract is one of its words; everything else is a ticker or refused as a list.
  const [only, ...more] = mayHaveContract(text) ? parseInstruments([text]) : [symbolOf(args)];
  return only === undefined || more.length > 0 ? symbolOf(args) : only;
}

/** Contracts come from the chains of their expirations. */
async function answerInstruments(asked: readonly Instrument[], context: ToolContext): Promise<Answer> {
  const symbols = asked.filter((each) => typeof each === 'string');
  if (symbols.length === asked.length) return answerQuotes(symbols, context);
  return (await import('./contracts.ts')).answerContracts(asked, context);
}

function textOf(args: ToolArguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new UsageError(`${name} must be text`);
  return value.trim() === '' ? undefined : value;
}

function countOf(args: ToolArguments, name: 'limit' | 'quantity', what: string): number | undefined {
  const count = args[name] ?? undefined;
  if (count === undefined) return undefined;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1) return count;
  throw new UsageError(`${name} must be a whole number of ${what}`);
}
const limitOf = (args: ToolArguments): number | undefined => countOf(args, 'limit', 'rows');

function tableOf(args: ToolArguments): TableRequest {
  const [columns, where, sort, range, expiration] = ['columns', 'where', 'sort', 'range', 'expiration'].map((name) =>
    textOf(args, name),
  );
  const limit = limitOf(args);
  const interval = choiceOf(args, 'interval', INTERVALS) ?? 'day';
  return parseTableWords(instrumentsOf(args), {
    ...present({ columns, where, sort, limit, expiration }),
    ...(range === undefined ? {} : { range: { phrase: range } }),
    ...(interval === 'day' ? {} : { interval }),
    ...(textOf(args, 'rows') === 'bars' ? { isByBar: true } : {}),
    ...(textOf(args, 'sessions') === 'finished' ? { isFinished: true } : {}),
  });
}

function strategyOf(args: ToolArguments): StrategyRequest {
  const words = ['expiration', 'delta', 'width', 'strikes'].flatMap((name) => {
    const text = textOf(args, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return parseStrategy(symbolOf(args), textOf(args, 'name') ?? '', {
    ...Object.fromEntries(words),
    leg: textOf(args, 'legs')?.replaceAll(/\s*,\s*/g, '\n'),
    quantity: countOf(args, 'quantity', 'units')?.toString(),
    short: textOf(args, 'direction') === 'short',
  });
}

function scanOf(args: ToolArguments): ScanRequest {
  const words = ['conditions', 'preset', 'universe', 'columns', 'sort'].flatMap((name) => {
    const text = textOf(args, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return parseScanWords({ ...Object.fromEntries(words), limit: limitOf(args) ?? SCANNED_ROWS });
}

/** All dates of a span are several chains. */
async function chainAnswer(args: ToolArguments, side: Side | 'both', context: ToolContext): Promise<Answer> {
  const asked = { ...chainOf(args, side), ...(await contractChoiceOf(args)) };
  const { symbol, ...rest } = asked;
  return isExpirationSpan(asked.expiration)
    ? answerChains({ ...rest, symbols: [symbol] }, context)
    : answerChain(asked, context);
}

async function contractChoiceOf(args: ToolArguments): Promise<Pick<ChainRequest, 'columns' | 'choice'>> {
  const [where, sort, columns] = ['where', 'sort', 'columns'].map((name) => textOf(args, name));
  const limit = limitOf(args);
  if ([where, sort, columns, limit].every((each) => each === undefined)) return {};
  const { parseContractChoice, parseContractColumns } = await import('./contract-columns.ts');
  return {
    ...(columns === undefined ? {} : { columns: parseContractColumns(columns) }),
    choice: parseContractChoice(present({ where, sort, limit })),
  };
}

const DATES = /^(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?$/;

function sessionsOf(args: ToolArguments, now: EpochMs): SessionsAsked | undefined {
  const date = textOf(args, 'date');
  if (date === undefined) return undefined;
  const today = exchangeDateOf(now);
  const monday = startOfWeek(today);
  const words: Readonly<Record<string, SessionsAsked>> = {
    today: { date: today },
    tomorrow: { date: addDays(today, 1) },
    'this week': { from: monday, to: addDays(monday, 4) },
    'next week': { from: addDays(monday, 7), to: addDays(monday, 11) },
  };
  const said = date.trim().toLowerCase();
  if (Object.hasOwn(words, said)) return words[said];
  const [, from, to] = DATES.exec(said) ?? [];
  if (from === undefined || ![from, to ?? from].every(isValidDate))
    throw new UsageError(`date "${date.slice(0, 40)}": not a date`, {
      hint: 'write 2026-12-25, 2026-12-21..2026-12-31, tomorrow or next week',
    });
  return to === undefined ? { date: from } : { from, to };
}

/** As the planner asks: `640..660`, `delta 0.3`, `delta 0.25..0.4`, `itm`, `otm`. */
function selectionOf(text: string): Partial<ChainRequest> | undefined {
  const [, isDelta, from, to] = /^(delta )?(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  if (text === 'itm' || text === 'otm') return { strikes: 'all', filters: { moneyness: text } };
  if (from === undefined || (isDelta === undefined && to === undefined)) return undefined;
  const range = to === undefined ? { nearest: Number(from) } : { from: Number(from), to: Number(to) };
  return isDelta === undefined
    ? { strikes: { from: Number(from), to: Number(to) } }
    : { strikes: 'all', filters: { delta: range } };
}

function chainOf(args: ToolArguments, side: Side | 'both'): ChainRequest {
  const selection = selectionOf(typeof args['strikes'] === 'string' ? args['strikes'] : '');
  if (selection !== undefined) return { ...chainOf({ ...args, strikes: 'all' }, side), ...selection };
  const near = /^near (\d+(?:\.\d+)?)$/.exec(String(args['strikes']))?.[1];
  // As the planner asks, for questions about expirations of several symbols as a whole.
  const isSummary = args['strikes'] === 'summary';
  const asked = isSummary ? DEFAULT_STRIKES : (args['strikes'] ?? DEFAULT_STRIKES);
  const strikes = near === undefined ? asked : STRIKES_BESIDE_ONE;
  if (
    strikes !== 'all' &&
    (typeof strikes !== 'number' || !Number.isInteger(strikes) || strikes < 1 || strikes > MAX_STRIKES)
  )
    throw new UsageError(`strikes must be a whole number from 1 to ${MAX_STRIKES}`);
  const expiration = textOf(args, 'expiration');
  return {
    symbol: symbolOf(args),
    side,
    strikes,
    ...(isSummary ? { summary: true as const } : {}),
    ...(near === undefined ? {} : { around: Number(near) }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}
