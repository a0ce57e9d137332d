// What a data command is: its words checked, then what fetches its answers. The commands of this folder share it, and
// data.ts, which lists them, stands above them.
import type { Config } from '../../config.ts';
import type { Answer } from '../../domain/answers.ts';
import { UsageError } from '../../domain/errors.ts';
import { parseSymbolList } from '../../domain/symbols.ts';
import type { ProviderName, TickerSymbol } from '../../domain/types.ts';
import type { ToolContext } from '../../tools/answer.ts';
import type { Invocation } from '../command.ts';
import type { Caller } from '../request.ts';
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
export type Fetch = (context: ToolContext) => Promise<Found>;
export type Prepare<Host extends DataCaller = DataCaller> = (
  invocation: Invocation,
  caller: Host,
) => Fetch | Promise<Fetch>;

/** A list is that of JSON too, also where it holds one answer; on screen its answers stand side by side. */
export type Found = Answer | readonly Answer[];

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

/** The answer of the only symbol, else those of all side by side. */
export function answerOneOrEach(
  symbols: readonly TickerSymbol[],
  answerOne: (symbol: TickerSymbol) => Promise<Answer>,
): Promise<Found> {
  const [only] = symbols;
  return only !== undefined && symbols.length === 1 ? answerOne(only) : answerEach(symbols, answerOne);
}

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
