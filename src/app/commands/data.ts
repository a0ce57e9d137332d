// The plain data commands without their screen: words and options to a tool's arguments, and the tool's answers.
// The same for a command line and a server; a mistake in the words costs no request.
import { isIntraday } from '../../domain/intraday-bars.ts';
import type { Answer } from '../../domain/answers.ts';
import { parseInstruments } from '../../domain/contracts.ts';
import { resolveDay } from '../../domain/date-phrases.ts';
import { UsageError } from '../../domain/errors.ts';
import { checkExpirationPhrase, isExpirationSpan } from '../../domain/expirations.ts';
import { parseSymbolList } from '../../domain/symbols.ts';
import type { BarHours, BarInterval, IntradayInterval, ProviderName, Side, TickerSymbol } from '../../domain/types.ts';
import type { Config } from '../../config.ts';
import { type JsonDocument, toJsonDocument, toListDocument } from '../../render/json.ts';
import type { ToolContext } from '../../tools/answer.ts';
import { type RangeRequest, answerHistory, resolveRequestedRange } from '../../tools/history.ts';
import { answerMarketStatus } from '../../tools/market-status.ts';
import { type ChainRequest, answerChain, answerChains, answerExpirations } from '../../tools/options.ts';
import { answerQuotes } from '../../tools/quote.ts';
import type { Invocation } from '../command.ts';
import { decideExitCode } from '../exit-code.ts';
import { type Caller, createMarketRequest } from '../request.ts';
import type { Runtime } from '../runtime.ts';
import { parseChainSelection } from './chain-options.ts';

/** Who runs a data command: a command line, a server for one of its clients. */
export interface DataCaller extends Pick<
  Caller,
  'clock' | 'options' | 'signal' | 'deadlineMs' | 'priority' | 'reportCall'
> {
  config: Config;
  openRuntime(provider?: ProviderName): Promise<Runtime>;
}

/** Checks the words first, so that a mistake costs no request; then the answer is fetched. */
type Fetch = (context: ToolContext) => Promise<Found>;
export type Prepare<Host extends DataCaller = DataCaller> = (
  invocation: Invocation,
  caller: Host,
) => Fetch | Promise<Fetch>;

/** A list is that of JSON too, also where it holds one answer; on screen its answers stand side by side. */
export type Found = Answer | readonly Answer[];

/** Fetches what was prepared. That the sample market was asked is said of every answer. */
export async function fetchFound(fetchAnswer: Fetch, caller: DataCaller): Promise<Found> {
  const { market, isSample } = await caller.openRuntime();
  const found = await fetchAnswer({ market, clock: caller.clock, request: createMarketRequest(caller) });
  const mark = (answer: Answer): Answer => (isSample ? { ...answer, meta: { ...answer.meta, sample: true } } : answer);
  return isList(found) ? found.map(mark) : mark(found);
}

export function isList(found: Found): found is readonly Answer[] {
  return Array.isArray(found);
}

/** The public JSON document. */
export function toFoundDocument(command: string, found: Found): JsonDocument<unknown> {
  return isList(found) ? toListDocument(command, found) : toJsonDocument(command, found);
}

export function decideFoundExit(found: Found): number {
  const answers = [found].flat();
  return decideExitCode(
    answers.some((answer) => answer.data !== undefined),
    answers.flatMap((answer) => answer.errors.map((error) => error.code)),
  );
}

const prepareQuote: Prepare = ({ words }) => {
  const instruments = parseInstruments(words);
  const symbols = instruments.filter((each) => typeof each === 'string');
  if (symbols.length === instruments.length) return (context) => answerQuotes(symbols, context);
  return async (context) => (await import('../../tools/contracts.ts')).answerContracts(instruments, context);
};

const prepareHistory: Prepare = ({ words, options }, { clock }) => {
  const symbols = parseSymbolList(words);
  const range = parseRange(options) ?? { phrase: 'past month' };
  resolveRequestedRange(range, clock);
  const bars = parseBars(options);
  const [only] = symbols;
  if (only !== undefined && symbols.length === 1)
    return (context) => answerHistory({ symbol: only, range, ...bars }, context);
  return (context) => answerEach(symbols, (symbol) => answerHistory({ symbol, range, ...bars }, context));
};

/** Size of the bars, and of which hours those below a day are. */
export function parseBars({ interval = 'day', session }: Invocation['options']): {
  interval: BarInterval | IntradayInterval;
  hours?: BarHours;
} {
  const size = interval as BarInterval | IntradayInterval;
  if (session === undefined) return { interval: size };
  if (!isIntraday(size))
    throw new UsageError(`--session with bars of a ${size}: only intraday bars have hours`, {
      hint: 'add --interval 5min, or omit --session',
    });
  return { interval: size, hours: session as BarHours };
}

/** Side by side; a note that is not of all of them names its symbol. */
export async function answerEach(
  symbols: readonly TickerSymbol[],
  answerOne: (symbol: TickerSymbol) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = await Promise.all(symbols.map(answerOne));
  const found = answers.filter(({ data }) => data !== undefined);
  const isOfAll = (note: string): boolean => found.every(({ notes }) => notes.includes(note));
  return answers.map((answer, index) => ({
    ...answer,
    notes: answer.notes.map((note) => {
      const symbol = symbols[index] ?? '';
      return isOfAll(note) || note.startsWith(`${symbol}:`) ? note : `${symbol}: ${note}`;
    }),
  }));
}

const prepareIndicators: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  return async (context) => (await import('../../tools/indicators.ts')).answerIndicators(symbols, context);
};

const prepareExpirations: Prepare = ({ words, options }) => {
  const symbol = parseOneSymbol(words);
  return (context) => answerExpirations(symbol, context, { stats: options['stats'] === true });
};

const prepareChain: Prepare = async ({ words, options }) => {
  const { expiration, columns } = options;
  const symbols = parseSymbolList(words);
  if (typeof expiration === 'string') checkExpirationPhrase(expiration);
  const request: Omit<ChainRequest, 'symbol'> = {
    side: (options['side'] ?? 'both') as Side | 'both',
    ...parseChainSelection(options),
    ...(typeof expiration === 'string' ? { expiration } : {}),
    ...(typeof columns === 'string'
      ? { columns: (await import('../../tools/contract-columns.ts')).parseContractColumns(columns) }
      : {}),
  };
  const [symbol] = symbols;
  const isOne = symbol !== undefined && symbols.length === 1 && !isExpirationSpan(request.expiration);
  if (isOne) return (context) => answerChain({ ...request, symbol }, context);
  return (context) => answerChains({ ...request, symbols }, context);
};

const prepareMarket: Prepare = ({ options }, { clock }) => {
  const { week, date } = options;
  if (week === true && date !== undefined)
    throw new UsageError('--week with --date: use one or the other', { hint: 'omit one of them' });
  if (options['csv'] === true && week !== true && date === undefined)
    throw new UsageError('--csv: market status has no rows', {
      hint: 'add --week or --date for the sessions, or use --json',
    });
  if (typeof date === 'string') {
    const asked = { date: resolveDay(date, clock.now()) };
    return (context) => answerMarketStatus(context, asked);
  }
  return (context) => answerMarketStatus(context, week === true ? { week } : undefined);
};

const prepareBundle: Prepare = ({ words }) => {
  const symbol = parseOneSymbol(words);
  return async (context) => (await import('../../tools/bundle.ts')).answerBundle(symbol, context);
};

/** Those that many use are here, the others are loaded when they are asked for. */
export const DATA_COMMANDS = {
  quote: () => prepareQuote,
  history: () => prepareHistory,
  ta: () => prepareIndicators,
  expirations: () => prepareExpirations,
  chain: () => prepareChain,
  market: () => prepareMarket,
  bundle: () => prepareBundle,
  levels: () => import('./levels.ts').then((module) => module.prepareLevels),
  vol: () => import('./volatility.ts').then((module) => module.prepareVolatility),
  search: () => import('./events.ts').then((module) => module.prepareSearch),
  events: () => import('./events.ts').then((module) => module.prepareEvents),
  news: () => import('./events.ts').then((module) => module.prepareNews),
  strategy: () => import('./strategy.ts').then((module) => module.prepareStrategy),
  table: () => import('./table.ts').then((module) => module.prepareTable),
  scan: () => import('./scan.ts').then((module) => module.prepareScan),
  fields: () => import('./table.ts').then((module) => module.prepareFields),
  chart: () => import('./chart.ts').then((module) => module.prepareChart),
  positions: () => import('./positions.ts').then((module) => module.preparePositions),
} satisfies Record<string, () => Prepare | Promise<Prepare>>;

export type DataCommand = keyof typeof DATA_COMMANDS;

function parseOneSymbol(words: readonly string[]): TickerSymbol {
  const symbols = parseSymbolList(words);
  const [symbol] = symbols;
  if (symbol === undefined || symbols.length > 1)
    throw new UsageError(`"${words.join(' ').slice(0, 60)}" is not one symbol: this command takes exactly one`, {
      hint: 'run it once for each symbol',
    });
  return symbol;
}

/** `--range` or `--from` and `--to`; undefined where none is given. */
export function parseRange(options: Invocation['options']): RangeRequest | undefined {
  const { range, from, to } = options;
  if (typeof range === 'string') {
    if (from !== undefined || to !== undefined)
      throw new UsageError('--range with --from or --to: use one or the other', {
        hint: 'omit one of them',
      });
    return { phrase: range };
  }
  if (typeof from === 'string') return { from, ...(typeof to === 'string' ? { to } : {}) };
  if (to !== undefined)
    throw new UsageError('--to without --from: the range has no start', {
      hint: 'add --from, like --from 2025-10-01',
    });
  return undefined;
}
