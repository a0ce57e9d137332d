// Commands inside a session: the shell's own data commands, parsed and run as the shell does, and those about the session.
import { UsageError, toFinError } from '../domain/errors.ts';
import { wrapText } from '../render/text.ts';
import type { CompletableCommand } from '../repl/completion.ts';
import { splitWords } from '../repl/words.ts';
import { type CommandSpec, type Invocation, nameOfOption } from './command.ts';
import { type CommonOptions, parseCommonOptions } from '../app/common-options.ts';
import { parseCommandLine } from './program.ts';
import { expandListNames } from '../app/list-names.ts';
import { FIELD_OPTIONS, listFieldNames } from './completion.ts';
import { SHELL_COMMANDS, inSession } from './repl-output.ts';
import type { Repl } from './repl-state.ts';
import { createReporter } from './reporter.ts';
import { readSessionWords } from './option-words.ts';
import { SESSION_COMMANDS } from './session-commands.ts';
import type { CommandContext } from './command-context.ts';

const LEAST_SUMMARY_WIDTH = 30;

/** Runs a line that begins with a slash. @throws FinError for what it cannot do; nothing that it throws ends the session. */
export async function runSlashCommand(line: string, repl: Repl): Promise<'stay' | 'leave'> {
  const [typed = '', ...words] = splitWords(line.slice(1));
  const name = typed.toLowerCase();
  if (name === 'quit' || name === 'exit') return 'leave';
  if (name === 'help') help(words, repl);
  else if (SHELL_COMMANDS.includes(name)) await runShellCommand([name, ...readSessionWords(name, words)], repl);
  else {
    const command = SESSION_COMMANDS.find((each) => each.name === name);
    if (command === undefined) throw unknownCommand(name, repl);
    command.run(words, repl);
  }
  return 'stay';
}

/** Its words are no answer to copy: a line about the session itself. */
export function isAboutSession(line: string): boolean {
  const name = /^\/(\w+)/.exec(line)?.[1]?.toLowerCase();
  return name === 'help' || SESSION_COMMANDS.some((command) => command.name === name);
}

function unknownCommand(name: string, { commands }: Repl): UsageError {
  if (commands.some((command) => command.name === name))
    return new UsageError(`/${name}: not available in a session`, { hint: `type fin ${name} in a shell` });
  const near = listNames().find(
    (each) => name !== '' && (each.startsWith(name) || (name.length > 2 && each.startsWith(name.slice(0, 3)))),
  );
  return new UsageError(`/${name.slice(0, 40)}: no such command`, {
    hint: near === undefined ? '/help lists the commands' : `did you mean /${near}? /help lists the commands`,
  });
}

function listNames(): string[] {
  return ['help', ...SHELL_COMMANDS, ...SESSION_COMMANDS.map(({ name }) => name), 'quit'];
}

async function runShellCommand(words: readonly string[], repl: Repl): Promise<void> {
  const { session, output, commands } = repl;
  const parsed = parseCommandLine(words, { commands, version: session.version, width: output.width });
  if (parsed.kind === 'print') {
    output.write(inSession(parsed.text));
    return;
  }
  const { invocation, spec } = parsed;
  const options = inheritOptions(session.options, invocation);
  const isOn = (flag: string): boolean => invocation.options[flag] === true;
  const own = output.withFlags({
    noColor: invocation.options['color'] === false,
    quiet: isOn('quiet'),
    verbose: isOn('verbose'),
  });
  session.log.beginTurn();
  session.log.write({ event: 'command', words });
  const reporter =
    typeof invocation.options['log'] === 'string' || own.verbose !== output.verbose
      ? await createReporter(invocation, own, session.clock)
      : undefined;
  try {
    const run = await spec.load();
    const named = await expandListNames(spec, invocation, session.config);
    await repl.runFramed(options.timeoutMs, async (frame) => {
      const wasCancelled = (): boolean => frame.signal.aborted && toFinError(frame.signal.reason).code === 'cancelled';
      // The session says so in one word, once.
      frame.signal.addEventListener('abort', () => wasCancelled() && output.markSeen(toFinError(frame.signal.reason)));
      const framed: CommandContext = {
        ...session,
        startedMs: session.clock.machineNow(),
        output: own,
        options,
        signal: frame.signal,
        interrupted: frame.signal,
        get deadlineMs() {
          return frame.deadlineMs;
        },
        reportCall: reporter?.report ?? session.reportCall,
        openRuntime: () => repl.openRuntime(options.provider),
      };
      repl.lineExit = await run(named, framed);
      if (wasCancelled()) throw frame.signal.reason;
    });
  } finally {
    reporter?.close();
  }
}

/** What the session was started with holds for its commands unless they say otherwise. */
function inheritOptions(base: CommonOptions, invocation: Invocation): CommonOptions {
  const own = parseCommonOptions(invocation);
  const { provider } = { ...base, ...own };
  return {
    json: own.json,
    csv: own.csv,
    offline: own.offline || (base.offline && !own.refresh),
    refresh: own.refresh || (base.refresh && !own.offline),
    timeoutMs: invocation.options['timeout'] === undefined ? base.timeoutMs : own.timeoutMs,
    ...(provider === undefined ? {} : { provider }),
  };
}

function help(words: readonly string[], repl: Repl): void {
  const { output, commands, session } = repl;
  const name = words[0]?.replace(/^\//, '');
  const own = SESSION_COMMANDS.find((command) => command.name === name);
  if (own !== undefined) {
    output.writeLines([`/${own.name}${own.words === '' ? '' : ` ${own.words}`}`, own.summary]);
    return;
  }
  if (name !== undefined) {
    if (!SHELL_COMMANDS.includes(name)) throw unknownCommand(name, repl);
    const parsed = parseCommandLine([name, '--help'], { commands, version: session.version, width: output.width });
    if (parsed.kind === 'print') output.write(inSession(parsed.text));
    return;
  }
  const rows: [string, string][] = [
    ...listShellSpecs(commands).map(({ name: each, arguments: args, subcommands, summary }): [string, string] => [
      `/${each} ${subcommands?.map((sub) => sub.name).join('|') ?? args}`.trim(),
      summary,
    ]),
    ...SESSION_COMMANDS.map((command): [string, string] => [
      `/${command.name} ${command.words}`.trim(),
      command.summary,
    ]),
    ['/quit', 'leave; also quit, exit, Ctrl-D'],
  ];
  output.writeLines([
    ...repl.wrap('Ask in your own words, for example: how did NVDA do last week'),
    '',
    ...renderCommands(rows, output.width),
    '',
    ...repl.wrap(
      'Tab completes, up and down go through earlier lines, Ctrl-R searches them, Ctrl-C cancels. /help COMMAND shows its options.',
    ),
  ]);
}

/** Two columns; on a narrow terminal what a command does stands under it. */
function renderCommands(rows: readonly [command: string, summary: string][], width: number): string[] {
  const column = Math.max(...rows.map(([command]) => command.length)) + 2;
  const isNarrow = width < column + LEAST_SUMMARY_WIDTH;
  const indent = ' '.repeat(isNarrow ? 2 : column);
  return rows.flatMap(([command, summary]) => {
    const [first = '', ...rest] = wrapText(summary, width - indent.length);
    const under = rest.map((line) => indent + line);
    return isNarrow ? [command, indent + first, ...under] : [command.padEnd(column) + first, ...under];
  });
}

/** In the order of SHELL_COMMANDS. */
function listShellSpecs(commands: readonly CommandSpec[]): CommandSpec[] {
  return SHELL_COMMANDS.flatMap((name) => commands.find((spec) => spec.name === name) ?? []);
}

/** What Tab knows of the commands. */
export function listCompletable(repl: Repl): CompletableCommand[] {
  const fields = listFieldNames();
  const shell = listShellSpecs(repl.commands).map(
    ({ name, options, subcommands, arguments: args }): CompletableCommand => {
      const words = subcommands?.map((sub) => sub.name) ?? (args === '' ? [] : undefined);
      return {
        name,
        options: options.map((option) => ({
          name: nameOfOption(option),
          values: FIELD_OPTIONS.includes(nameOfOption(option)) ? fields : (option.choices ?? option.examples ?? []),
          isList: option.flags.endsWith('<list>'),
        })),
        ...(words === undefined ? {} : { words }),
      };
    },
  );
  const own = SESSION_COMMANDS.map(({ name, complete }): CompletableCommand => ({
    name,
    options: [],
    words: complete?.(repl) ?? [],
  }));
  return [
    ...shell,
    ...own,
    { name: 'help', options: [], words: listNames() },
    { name: 'quit', options: [], words: [] },
  ];
}
