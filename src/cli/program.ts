// The command line as commander sees it (its only owner). Only the invoked command is registered where one is invoked:
// registering all of them costs more than running a cached one.
import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../domain/errors.ts';
import { type CommandSpec, type Invocation, type OptionSpec, nameOfOption } from './command.ts';

const DESCRIPTION =
  'Quotes, history, indicators and option chains for US markets, using your own Polygon and Tradier keys.';

const FOOTER = `
Without keys, fin uses a built-in sample market and says so.
Examples:
  fin quote AAPL MSFT NVDA
  fin history NVDA --range "last 5 trading days"
  fin chain SPY --expiration friday --side put
  fin how did AMD do last week            anything that is not a command is a question
  fin help --man                          the manual page`;

export interface CommandLine {
  commands: readonly CommandSpec[];
  version: string;
  /** Columns of help. */
  width: number;
}

export type Parsed = { kind: 'run'; spec: CommandSpec; invocation: Invocation } | { kind: 'print'; text: string };

/**
 * Parses the words after `fin`. Help and version come back as text to print.
 * @throws UsageError for what the command line does not know.
 */
export function parseCommandLine(args: readonly string[], { commands, version, width }: CommandLine): Parsed {
  let printed = '';
  let parsed: Parsed | undefined;
  const program = new Command('fin')
    .description(DESCRIPTION)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', FOOTER)
    .showSuggestionAfterError(true)
    // Options behind a subcommand are its own; commands inherit this.
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ minWidthToWrap: 10 })
    .configureOutput({
      writeOut: (text) => void (printed += text),
      writeErr: () => undefined,
      getOutHelpWidth: () => width,
      // Left to itself it opens standard output to ask.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const invoked = findInvoked(args);
  const first = commands.find(({ name }) => name === args[0]);
  for (const spec of first === undefined ? commands : [first])
    addCommand(program, spec, spec.name === invoked, (invocation) => (parsed = { kind: 'run', spec, invocation }));
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    return afterCommander(error, printed, { commands, invoked: commands.find(({ name }) => name === invoked) });
  }
  if (parsed === undefined) return { kind: 'print', text: program.helpInformation() };
  return parsed;
}

/**
 * Whether the words after `fin` begin a session on a terminal: none at all, or options of one and no command.
 * An unknown option after a known one belongs to the session too, which then says so.
 */
export function beginsSession(args: readonly string[], commands: readonly CommandSpec[]): boolean {
  if (args.length === 0) return true;
  const options = commands.find(({ interactive }) => interactive === true)?.options ?? [];
  const find = (word: string): OptionSpec | undefined =>
    options.find((option) => nameOfOption(option) === word.split('=')[0]);
  const takesNextWord = (word = ''): boolean => !word.includes('=') && find(word)?.flags.includes('<') === true;
  const isAboutFin = args.some((word) => /^(?:-h|--help|-V|--version)$/.test(word));
  const first = find(args[0] ?? '');
  return (
    first !== undefined &&
    !isAboutFin &&
    args.every((word, index) => word.startsWith('-') || takesNextWord(args[index - 1]))
  );
}

/** The command among the words: the first that is no option; after `help`, the one it is about. */
function findInvoked(args: readonly string[]): string | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  return words[0] === 'help' ? words[1] : words[0];
}

function addCommand(program: Command, spec: CommandSpec, full: boolean, onRun: (invocation: Invocation) => void): void {
  const command = new Command(spec.name).summary(spec.summary).description(spec.summary);
  command.copyInheritedSettings(program);
  program.addCommand(command);
  if (!full) return;
  const report = (target: Command, name: string, prefix: readonly string[], own: readonly OptionSpec[] = []): void => {
    target.action(() => onRun({ command: spec.name, words: [...prefix, ...target.args], options: target.opts() }));
    for (const option of [...own, ...spec.options]) target.addOption(createOption(option));
    target.allowExcessArguments(false);
    if (name !== '') target.description(name);
  };
  if (spec.subcommands === undefined || spec.runsBare === true) {
    if (spec.arguments !== '') command.arguments(spec.arguments);
    report(command, '', []);
  }
  for (const sub of spec.subcommands ?? []) {
    const child = new Command(sub.name).summary(sub.summary);
    child.copyInheritedSettings(program);
    if (sub.arguments !== '') child.arguments(sub.arguments);
    report(child, sub.summary, [sub.name], sub.options);
    command.addCommand(child);
  }
}

function createOption({ flags, description, choices, isRepeatable }: OptionSpec): Option {
  const option = new Option(flags, description);
  if (isRepeatable === true)
    option.argParser((value: string, before: string | undefined) =>
      before === undefined ? value : `${before}\n${value}`,
    );
  return choices === undefined ? option : option.choices([...choices]);
}

function afterCommander(
  error: unknown,
  printed: string,
  { commands, invoked }: { commands: readonly CommandSpec[]; invoked: CommandSpec | undefined },
): Parsed {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return { kind: 'print', text: printed };
  const [what = 'wrong usage', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const help =
    invoked === undefined ? 'fin --help lists the commands' : `fin ${invoked.name} --help shows how it is used`;
  if (error.code === 'commander.unknownOption') refuseEarlyOption(what, invoked);
  if (error.code === 'commander.unknownOption' && what.includes("'--csv'"))
    throw new UsageError(`${invoked?.name ?? 'command line'}: --csv: this command has no rows`, {
      hint: `${invoked?.options.some(({ flags }) => flags === '--json') === true ? 'use --json; ' : ''}${listCommandsWithCsv(commands)} have rows`,
    });
  throw new UsageError(`${invoked?.name ?? 'command line'}: ${describeMistake(error.code, what)}`, {
    hint: suggestion === undefined ? help : `${suggestion.replace(/^\(|\)$/g, '')} ${help}`,
  });
}

/** What the command has is unknown only where it stands before the command, or before its subcommand. */
function refuseEarlyOption(what: string, invoked: CommandSpec | undefined): void {
  const flag = /'(--[\w-]+)'/.exec(what)?.[1] ?? '';
  if (invoked?.options.some(({ flags }) => flags.split(' ')[0] === flag) !== true) return;
  throw new UsageError(`${invoked.name}: ${flag} comes too early`, {
    hint: `options go last: fin ${invoked.name} … ${flag}`,
  });
}

function listCommandsWithCsv(commands: readonly CommandSpec[]): string {
  return commands
    .filter(({ options }) => options.some(({ flags }) => flags === '--csv'))
    .map(({ name }) => name)
    .join(', ');
}

function describeMistake(code: string, what: string): string {
  return code === 'commander.help' ? 'a subcommand is missing' : what;
}
