// The plain data commands without their screen: words and options to a tool's arguments, and the tool's answers.
// The same for a command line and a server; a mistake in the words costs no request.
import type { Answer } from '../../domain/answers.ts';
import { parseInstruments } from '../../domain/contracts.ts';
import { type JsonDocument, toJsonDocument, toListDocument } from '../../render/json.ts';
import { answerQuotes } from '../../tools/quote.ts';
import { decideExitCode } from '../exit-code.ts';
import { createMarketRequest } from '../request.ts';
import { type DataCaller, type Fetch, type Found, type Prepare, parseOneSymbol } from './prepare.ts';

/** Fetches what was prepared. That the sample market was asked is said of every answer but a list of fields, which has no figure. */
export async function fetchFound(fetchAnswer: Fetch, caller: DataCaller): Promise<Found> {
  const { market, isSample } = await caller.openRuntime();
  const found = await fetchAnswer({ market, clock: caller.clock, request: createMarketRequest(caller) });
  const mark = (answer: Answer): Answer =>
    isSample && answer.kind !== 'fields' ? { ...answer, meta: { ...answer.meta, sample: true } } : answer;
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
    answers.flatMap(({ errors }) => errors),
  );
}

const prepareQuote: Prepare = ({ words }) => {
  const instruments = parseInstruments(words);
  const symbols = instruments.filter((each) => typeof each === 'string');
  if (symbols.length === instruments.length) return (context) => answerQuotes(symbols, context);
  return async (context) => (await import('../../tools/contracts.ts')).answerContracts(instruments, context);
};

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
