// What a command is apart from its work: name, words and options, and one call of it. A command line reads it as words, a
// server as the parameters of a request.

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

export interface SubcommandSpec {
  name: string;
  arguments: string;
  summary: string;
  /** Beside those of its command. */
  options?: readonly OptionSpec[];
}

export interface CommandForm {
  name: string;
  /** As commander writes them: `<symbol>`, `[question...]`. */
  arguments: string;
  summary: string;
  options: readonly OptionSpec[];
  /** What its word may be, where that is a choice of few. */
  words?: readonly string[];
  subcommands?: readonly SubcommandSpec[];
}
