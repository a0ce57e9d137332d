// The plain data commands: words and options to a tool's arguments, the tool's answer to screen or JSON and exit code.
import { createMarketRequest } from '../app/request.ts';
import type { Answer } from '../domain/answers.ts';
import { resolveDay } from '../domain/date-phrases.ts';
import { UsageError } from '../domain/errors.ts';
import { parseInstruments } from '../domain/contracts.ts';
import { checkExpirationPhrase, isExpirationSpan } from '../domain/expirations.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import type { BarHours, BarInterval, IntradayInterval, Side, TickerSymbol } from '../domain/types.ts';
import { formatJson, toJsonDocument, toListDocument } from '../render/json.ts';
import type { RenderOptions, View } from '../render/view.ts';
import type { ToolContext } from '../tools/answer.ts';
import { type RangeRequest, answerHistory, resolveRequestedRange } from '../tools/history.ts';
import { answerMarketStatus } from '../tools/market-status.ts';
import { type ChainRequest, answerChain, answerChains, answerExpirations } from '../tools/options.ts';
import { answerQuotes } from '../tools/quote.ts';
import { parseChainSelection } from './chain-options.ts';
import type { CommandRunner, Invocation } from './command.ts';
import { decideExitCode } from './exit-code.ts';
import { type CommandContext } from './command-context.ts';

/** Checks the words first, so that a mistake costs no request; then the answer is fetched. */
type Fetch = (context: ToolContext) => Promise<Found>;
export type Prepare = (invocation: Invocation, session: CommandContext) => Fetch | Promise<Fetch>;

/** A list is that of JSON too, also where it holds one answer; on screen its answers stand side by side. */
type Found = Answer | readonly Answer[];

const prepareQuote: Prepare = ({ words }) => {
  const instruments = parseInstruments(words);
  const symbols = instruments.filter((each) => typeof each === 'string');
  if (symbols.length === instruments.length) return (context) => answerQuotes(symbols, context);
  return async (context) => (await import('../tools/contracts.ts')).answerContracts(instruments, context);
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
  if (size === 'day' || size === 'week' || size === 'month')
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
  return async (context) => (await import('../tools/indicators.ts')).answerIndicators(symbols, context);
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
      ? { columns: (await import('../tools/contract-columns.ts')).parseContractColumns(columns) }
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
  return async (context) => (await import('../tools/bundle.ts')).answerBundle(symbol, context);
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

/** How a command's answers look where they have a screen of their own. */
type Look = (answers: readonly Answer[], options: RenderOptions) => View | undefined;

/** The command of a prepared answer. */
export function runner(prepare: Prepare, look?: Look): CommandRunner {
  return async (invocation, session) => {
    const fetchAnswer = await prepare(invocation, session);
    const runtime = await session.openRuntime();
    const context = { market: runtime.market, clock: session.clock, request: createMarketRequest(session) };
    session.output.progress(`fetching ${invocation.command} ${invocation.words.join(' ')}`);
    const found = await fetchAnswer(context);
    const mark = (answer: Answer): Answer =>
      runtime.isSample ? { ...answer, meta: { ...answer.meta, sample: true } } : answer;
    const marked = isList(found) ? found.map(mark) : mark(found);
    session.output.progress(undefined);
    await printAnswer(invocation.command, marked, session, runtime.isSample, look);
    const answers = [marked].flat();
    return decideExitCode(
      answers.some((answer) => answer.data !== undefined),
      answers.flatMap((answer) => answer.errors.map((error) => error.code)),
    );
  };
}

function isList(found: Found): found is readonly Answer[] {
  return Array.isArray(found);
}

/** The answer on standard output; what failed beside it on standard error, each cause once. */
async function printAnswer(
  command: string,
  found: Found,
  session: CommandContext,
  isSample: boolean,
  look: Look | undefined,
): Promise<void> {
  const { output } = session;
  const answers = [found].flat();
  if (session.options.json || session.options.csv) {
    if (session.options.json)
      output.write(formatJson(isList(found) ? toListDocument(command, found) : toJsonDocument(command, found)));
    else await printCsv(answers, session, isSample);
    for (const note of new Set(answers.flatMap(({ notes }) => notes))) output.note(note);
  } else {
    if (isSample && output.isTerminal) explainSample(session);
    await printScreen(found, session, look);
  }
  const said = new Set<string>();
  for (const error of answers.flatMap(({ errors }) => errors)) {
    if (!said.has(error.message)) output.error({ message: error.message, hint: error.hint });
    said.add(error.message);
  }
}

/** A file of rows has no place for it: that its figures are of the sample market is said beside them. */
async function printCsv(answers: readonly Answer[], session: CommandContext, isSample: boolean): Promise<void> {
  const { formatAnswersAsCsv } = await import('../render/csv.ts');
  const text = formatAnswersAsCsv(answers);
  if (text === '') return;
  session.output.write(text);
  if (isSample) explainSample(session);
  else if (answers.some(({ meta }) => meta.sample)) session.output.note('SAMPLE market: these figures are synthetic');
}

async function printScreen(found: Found, session: CommandContext, look: Look | undefined): Promise<void> {
  const { output } = session;
  const [{ frame, renderAnswerInParts, renderComparison }, { createTheme }] = await Promise.all([
    import('../render/answer.ts'),
    import('../render/theme.ts'),
  ]);
  const { width, rows } = output;
  const options = { width, theme: createTheme({ colour: output.colour }), ...(rows === undefined ? {} : { rows }) };
  if (look !== undefined) {
    const answers = [found].flat();
    const view = look(answers, options);
    if (view !== undefined) output.writeLines(frame(view, answers, options));
    return;
  }
  let isFirst = true;
  for (const lines of isList(found) ? [renderComparison(found, options)] : renderAnswerInParts(found, options)) {
    if (!isFirst) await waitATurn(session);
    isFirst = false;
    output.writeLines(lines);
  }
}

/** Between the parts of a screen: a deadline or a signal that came meanwhile ends it there. */
async function waitATurn({ signal }: CommandContext): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Why there are no real figures and what to do about it. */
export function explainSample(session: CommandContext): void {
  session.output.note(describeSample(session));
}

export function describeSample({ options }: Pick<CommandContext, 'options'>): string {
  return options.provider === 'sample'
    ? 'SAMPLE market, as --provider sample asks: figures are synthetic'
    : 'SAMPLE market, no key: set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY';
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
