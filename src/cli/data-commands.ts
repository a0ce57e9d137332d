// The plain data commands: words and options to a tool's arguments, the tool's answer to screen or JSON and exit code.
import { createMarketRequest } from '../app/request.ts';
import type { Answer } from '../domain/answers.ts';
import { UsageError } from '../domain/errors.ts';
import { parseInstruments } from '../domain/contracts.ts';
import { checkExpirationPhrase, isExpirationSpan } from '../domain/expirations.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import type { BarInterval, Side, TickerSymbol } from '../domain/types.ts';
import { formatJson, toJsonDocument } from '../render/json.ts';
import type { ToolContext } from '../tools/answer.ts';
import { answerBundle } from '../tools/bundle.ts';
import { type RangeRequest, answerHistory, resolveRequestedRange } from '../tools/history.ts';
import { answerIndicators } from '../tools/indicators.ts';
import { answerMarketStatus } from '../tools/market-status.ts';
import { type ChainRequest, answerChain, answerChains, answerExpirations } from '../tools/options.ts';
import { answerQuotes } from '../tools/quote.ts';
import { parseChainSelection } from './chain-options.ts';
import type { CommandRunner, Invocation } from './command.ts';
import { decideExitCode } from './exit-code.ts';
import { type CommandContext } from './command-context.ts';

/** Checks the words first, so that a mistake costs no request; then the answer is fetched. */
type Fetch = (context: ToolContext) => Promise<Answer>;
export type Prepare = (invocation: Invocation, session: CommandContext) => Fetch | Promise<Fetch>;

const prepareQuote: Prepare = ({ words }) => {
  const instruments = parseInstruments(words);
  const symbols = instruments.filter((each) => typeof each === 'string');
  if (symbols.length === instruments.length) return (context) => answerQuotes(symbols, context);
  return async (context) => (await import('../tools/contracts.ts')).answerContracts(instruments, context);
};

const prepareHistory: Prepare = ({ words, options }, { clock }) => {
  const symbol = parseOneSymbol(words);
  const range = parseRange(options) ?? { phrase: 'past month' };
  resolveRequestedRange(range, clock);
  const interval = (options['interval'] ?? 'day') as BarInterval;
  return (context) => answerHistory({ symbol, range, interval }, context);
};

const prepareIndicators: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  return (context) => answerIndicators(symbols, context);
};

const prepareExpirations: Prepare = ({ words }) => {
  const symbol = parseOneSymbol(words);
  return (context) => answerExpirations(symbol, context);
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
      ? { columns: (await import('../tools/contract-columns.ts')).parseContractColumns(columns) }
      : {}),
  };
  const [symbol] = symbols;
  const isOne = symbol !== undefined && symbols.length === 1 && !isExpirationSpan(request.expiration);
  if (isOne) return (context) => answerChain({ ...request, symbol }, context);
  return (context) => answerChains({ ...request, symbols }, context);
};

const prepareMarket: Prepare = () => (context) => answerMarketStatus(context);

const prepareBundle: Prepare = ({ words }) => {
  const symbol = parseOneSymbol(words);
  return (context) => answerBundle(symbol, context);
};

export const DATA_COMMANDS = {
  quote: runner(prepareQuote),
  history: runner(prepareHistory),
  ta: runner(prepareIndicators),
  expirations: runner(prepareExpirations),
  chain: runner(prepareChain),
  market: runner(prepareMarket),
  bundle: runner(prepareBundle),
} satisfies Record<string, CommandRunner>;

/** The command of a prepared answer. */
export function runner(prepare: Prepare): CommandRunner {
  return async (invocation, session) => {
    const fetchAnswer = await prepare(invocation, session);
    const runtime = await session.openRuntime();
    const context = { market: runtime.market, clock: session.clock, request: createMarketRequest(session) };
    session.output.progress(`fetching ${invocation.command} ${invocation.words.join(' ')}`);
    const found = await fetchAnswer(context);
    const answer = runtime.isSample ? { ...found, meta: { ...found.meta, sample: true } } : found;
    session.output.progress(undefined);
    await printAnswer(invocation.command, answer, session, runtime.isSample);
    return decideExitCode(
      answer.data !== undefined,
      answer.errors.map((error) => error.code),
    );
  };
}

/** The answer on standard output; what failed beside it on standard error, each cause once. */
async function printAnswer(command: string, answer: Answer, session: CommandContext, isSample: boolean): Promise<void> {
  const { output } = session;
  if (session.options.json) {
    output.write(formatJson(toJsonDocument(command, answer)));
    for (const note of answer.notes) output.note(note);
  } else {
    if (isSample && output.isTerminal) explainSample(session);
    const [{ renderAnswerInParts }, { createTheme }] = await Promise.all([
      import('../render/answer.ts'),
      import('../render/theme.ts'),
    ]);
    const theme = createTheme({ colour: output.colour });
    let isFirst = true;
    for (const lines of renderAnswerInParts(answer, { width: output.width, theme })) {
      if (!isFirst) await waitATurn(session);
      isFirst = false;
      output.writeLines(lines);
    }
  }
  const said = new Set<string>();
  for (const error of answer.errors) {
    if (!said.has(error.message)) output.error({ message: error.message, hint: error.hint });
    said.add(error.message);
  }
}

/** Between the parts of a screen: a deadline or a signal that came meanwhile ends it there. */
async function waitATurn({ signal }: CommandContext): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Why there are no real figures and what to do about it. */
export function explainSample(session: CommandContext): void {
  const chosen = session.options.provider === 'sample';
  session.output.note(
    chosen
      ? 'SAMPLE market, as --provider sample asks: its figures are synthetic'
      : 'SAMPLE market, no key: set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY',
  );
}

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
      throw new UsageError('--range with --from or --to: only one of the two ways can hold', {
        hint: 'leave one away',
      });
    return { phrase: range };
  }
  if (typeof from === 'string') return { from, ...(typeof to === 'string' ? { to } : {}) };
  if (to !== undefined)
    throw new UsageError('--to without --from: the range has no start', {
      hint: 'add --from, such as --from 2025-10-01',
    });
  return undefined;
}
