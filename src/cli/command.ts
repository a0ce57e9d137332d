// What a command of the command line is: its form, and the work that is loaded when it is invoked.
// Commands know this; only the table of all of them knows the commands.
import type { CommandForm, Invocation } from '../app/command.ts';
import type { CommandContext } from './command-context.ts';

export { nameOfOption } from '../app/command.ts';
export type { Invocation, OptionSpec, SubcommandSpec } from '../app/command.ts';

export type CommandRunner = (invocation: Invocation, session: CommandContext) => Promise<number>;

export interface CommandSpec extends CommandForm {
  /** With subcommands: it does something without one, too. */
  runsBare?: true;
  /** A session: no deadline of the whole command, and Ctrl-C does not end it. */
  interactive?: true;
  load(): Promise<CommandRunner>;
}

/** Commands of which words behind the symbols fill an option: `fin history nvda last week` (option-words.ts). */
export const SPOKEN_COMMANDS = ['history', 'chart', 'chain', 'table', 'strategy'] as const;

/** The words before the first that begins so, and the others. */
export function splitAt(
  words: readonly string[],
  mark: string,
): [before: readonly string[], others: readonly string[]] {
  const end = words.findIndex((word) => word.startsWith(mark));
  return end < 0 ? [words, []] : [words.slice(0, end), words.slice(end)];
}

/** MAR and MTD are symbols where they are written as such. */
export function isWrittenAsSymbol(word: string): boolean {
  return /^(?!YTD$)[A-Z]{1,5}$/.test(word);
}
