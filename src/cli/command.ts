// What a command is: its words and options as typed, and the work that is loaded when it is invoked.
// Commands know this; only the table of all of them knows the commands.
import type { CommandContext } from './command-context.ts';

export interface OptionSpec {
  flags: string;
  description: string;
  /** Values a user may give, where they are few. */
  choices?: readonly string[];
  /** May be given several times: the values come as lines of one text. */
  isRepeatable?: true;
  /** Values that Tab offers in a session where any text may stand. */
  examples?: readonly string[];
}

/** `--provider` of `--provider <name>`. */
export function nameOfOption({ flags }: OptionSpec): string {
  return flags.split(' ', 1)[0] ?? flags;
}

export interface Invocation {
  command: string;
  /** Positional words. */
  words: readonly string[];
  options: Readonly<Record<string, string | boolean | undefined>>;
}

export type CommandRunner = (invocation: Invocation, session: CommandContext) => Promise<number>;

export interface SubcommandSpec {
  name: string;
  arguments: string;
  summary: string;
  /** Beside those of its command. */
  options?: readonly OptionSpec[];
}

export interface CommandSpec {
  name: string;
  /** As commander writes them: `<symbol>`, `[question...]`. */
  arguments: string;
  summary: string;
  options: readonly OptionSpec[];
  /** What its word may be, where that is a choice of few. */
  words?: readonly string[];
  subcommands?: readonly SubcommandSpec[];
  /** With subcommands: it does something without one, too. */
  runsBare?: true;
  /** A session: no deadline of the whole command, and Ctrl-C does not end it. */
  interactive?: true;
  load(): Promise<CommandRunner>;
}
