// Commands inside a session: the shell's own data commands, parsed and run as the shell does, and those about the session.
import { UsageError } from '../domain/errors.ts';
import { createReporter } from './reporter.ts';
import type { Invocation } from './command.ts';
import { COMMANDS } from './commands.ts';
import { parseCommonOptions } from './common-options.ts';
import { parseCommandLine } from './program.ts';
import type { CompletableCommand } from '../repl/completion.ts';
import { splitWords } from '../repl/words.ts';
import { inSession } from './repl-output.ts';
import type { Repl } from './repl-state.ts';
import { SESSION_COMMANDS } from './session-commands.ts';
import type { CommonOptions, Session } from './session.ts';

/** Commands of the shell that make sense inside a session. */
const SHELL_COMMANDS: ReadonlySet<string> = new Set(['quote', 'history', 'ta', 'expirations', 'chain', 'market', 'bundle', 'cache', 'doctor', 'sessions']);

/** Runs a line that begins with a slash. @throws FinError for what it cannot do; nothing that it throws ends the session. */
export async function runSlashCommand(line: string, repl: Repl): Promise<'stay' | 'leave'> {
  const [name = '', ...words] = splitWords(line.slice(1));
  if (name === 'quit' || name === 'exit') return 'leave';
  if (name === 'help') help(words, repl);
  else if (SHELL_COMMANDS.has(name)) await runShellCommand([name, ...words], repl);
  else {
    const command = SESSION_COMMANDS.find((each) => each.name === name);
    if (command === undefined) throw unknownCommand(name);
    command.run(words, repl);
  }
  return 'stay';
}

function unknownCommand(name: string): UsageError {
  const near = listNames().find((each) => name !== '' && (each.startsWith(name) || (name.length > 2 && each.startsWith(name.slice(0, 3)))));
  return new UsageError(`/${name.slice(0, 40)}: no such command`, { hint: near === undefined ? '/help lists the commands' : `did you mean /${near}? /help lists the commands` });
}

function listNames(): string[] {
  return ['help', ...SHELL_COMMANDS, ...SESSION_COMMANDS.map(({ name }) => name), 'quit'];
}

async function runShellCommand(words: readonly string[], repl: Repl): Promise<void> {
  const { session, output } = repl;
  const parsed = parseCommandLine(words, session.version, output.width);
  if (parsed.kind === 'print') {
    output.write(inSession(parsed.text));
    return;
  }
  const { invocation, spec } = parsed;
  const options = inheritOptions(session.options, invocation);
  const isOn = (flag: string): boolean => invocation.options[flag] === true;
  const own = output.withFlags({ noColor: invocation.options['color'] === false, quiet: isOn('quiet'), verbose: isOn('verbose') });
  session.log.beginTurn();
  session.log.write({ event: 'command', words });
  const reporter = typeof invocation.options['log'] === 'string' || own.verbose !== output.verbose ? await createReporter(invocation, own, session.clock) : undefined;
  try {
    const run = await spec.load();
    await repl.runFramed(options.timeoutMs, async (frame) => {
      const framed: Session = {
        ...session,
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
      await run(invocation, framed);
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
    offline: own.offline || (base.offline && !own.refresh),
    refresh: own.refresh || (base.refresh && !own.offline),
    timeoutMs: invocation.options['timeout'] === undefined ? base.timeoutMs : own.timeoutMs,
    ...(provider === undefined ? {} : { provider }),
  };
}

function help(words: readonly string[], repl: Repl): void {
  const { output } = repl;
  const name = words[0]?.replace(/^\//, '');
  const own = SESSION_COMMANDS.find((command) => command.name === name);
  if (own !== undefined) {
    output.writeLines([`/${own.name}${own.words === '' ? '' : ` ${own.words}`}`, own.summary]);
    return;
  }
  if (name !== undefined) {
    if (!SHELL_COMMANDS.has(name)) throw unknownCommand(name);
    const parsed = parseCommandLine([name, '--help'], repl.session.version, output.width);
    if (parsed.kind === 'print') output.write(inSession(parsed.text));
    return;
  }
  const rows: [string, string][] = [
    ...COMMANDS.filter((spec) => SHELL_COMMANDS.has(spec.name)).map(({ name: each, arguments: args, summary }): [string, string] => [`/${each} ${args}`.trim(), summary]),
    ...SESSION_COMMANDS.map((command): [string, string] => [`/${command.name} ${command.words}`.trim(), command.summary]),
    ['/quit', 'leave; also quit, exit, Ctrl-D'],
  ];
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  output.writeLines([
    'Ask in your own words, such as: how did NVDA do last week',
    '',
    ...rows.flatMap(([left, right]) => repl.wrap(left.padEnd(width) + right, ' '.repeat(Math.min(width, 24)))),
    '',
    ...repl.wrap('Tab completes, up and down go through earlier lines, Ctrl-R searches them, Ctrl-C cancels. /help COMMAND shows its options.'),
  ]);
}

/** What Tab knows of the commands. */
export function listCompletable(repl: Repl): CompletableCommand[] {
  const shell = COMMANDS.filter((spec) => SHELL_COMMANDS.has(spec.name)).map(({ name, options, subcommands, arguments: args }): CompletableCommand => {
    const words = subcommands?.map((sub) => sub.name) ?? (args === '' ? [] : undefined);
    return {
      name,
      options: options.map(({ flags, choices }) => ({ name: flags.split(' ')[0] ?? flags, values: choices ?? [] })),
      ...(words === undefined ? {} : { words }),
    };
  });
  const own = SESSION_COMMANDS.map(({ name, complete }): CompletableCommand => ({ name, options: [], words: complete?.(repl) ?? [] }));
  return [...shell, ...own, { name: 'help', options: [], words: listNames() }, { name: 'quit', options: [], words: [] }];
}
