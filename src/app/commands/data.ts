// The plain data commands without their screen: words and options to a tool's arguments, and the tool's answers.
// The same for a command line and a server; a mistake in the words costs no request.
import type { Answer } from '../../domain/answers.ts';
import { parseInstruments } from '../../domain/contracts.ts';
import { UsageError } from '../../domain/errors.ts';
import { parseSymbolList } from '../../domain/symbols.ts';
import type { ProviderName, TickerSymbol } from '../../domain/types.ts';
import type { Config } from '../../config.ts';
import { type JsonDocument, toJsonDocument, toListDocument } from '../../render/json.ts';
import type { ToolContext } from '../../tools/answer.ts';
import { answerQuotes } from '../../tools/quote.ts';
import type { Invocation } from '../command.ts';
import { decideExitCode } from '../exit-code.ts';
import { type Caller, createMarketRequest } from '../request.ts';
import type { Runtime } from '../runtime.ts';

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

const prepareBundle: Prepare = ({ words }) => {
  const symbol = parseOneSymbol(words);
  return async (context) => (await import('../../tools/bundle.ts')).answerBundle(symbol, context);
};

/** The cheapest are here, the others are loaded when they are asked for. */
export const DATA_COMMANDS = {
  quote: () => prepareQuote,
  bundle: () => prepareBundle,
  history: () => import('./bars.ts').then((module) => module.prepareHistory),
  ta: () => import('./bars.ts').then((module) => module.prepareIndicators),
  levels: () => import('./bars.ts').then((module) => module.prepareLevels),
  expirations: () => import('./chain.ts').then((module) => module.prepareExpirations),
  chain: () => import('./chain.ts').then((module) => module.prepareChain),
  market: () => import('./market.ts').then((module) => module.prepareMarket),
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

/** The symbol of a command that takes exactly one. */
export function parseOneSymbol(words: readonly string[]): TickerSymbol {
  const symbols = parseSymbolList(words);
  const [symbol] = symbols;
  if (symbol === undefined || symbols.length > 1)
    throw new UsageError(`"${words.join(' ').slice(0, 60)}" is not one symbol: this command takes exactly one`, {
      hint: 'run it once for each symbol',
    });
  return symbol;
}
