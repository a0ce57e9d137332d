// fin help --man: the manual page in roff, from the table of commands.
// Hides what of a text means something to roff.
import { type CommandSpec, type OptionSpec, nameOfOption } from './command.ts';

const EXITS: readonly [code: string, means: string][] = [
  ['0', 'done'],
  ['1', 'a defect in fin'],
  ['2', 'wrong usage: unknown flag, malformed symbol or date, empty question'],
  ['3', 'bad configuration, or a question that needs a language model and none is set'],
  ['4', 'no such data'],
  ['5', 'a provider failed'],
  ['6', 'the language model failed'],
  ['7', 'out of time or turns; what was found is printed'],
  ['8', 'a check failed'],
  ['9', 'part of it failed; what succeeded is printed'],
  ['130, 143', 'interrupted, terminated'],
];

const VARIABLES: readonly [name: string, means: string][] = [
  ['TRADIER_ACCESS_TOKEN, MASSIVE_API_KEY', 'market data keys; without one, the sample market is used'],
  ['OPENAI_API_KEY, OPENAI_BASE_URL, FIN_MODEL', 'language model for open questions'],
  ['FIN_CACHE_DIR, FIN_DATA_DIR', 'folders for data that can be fetched again, and for data that cannot'],
  ['FIN_STORE', 'Redis or Valkey that several machines share for cache and limits'],
  ['FIN_SERVE_TOKEN', 'token that clients of fin serve must send'],
  ['FIN_CONFIG', 'settings file'],
  ['FIN_NOW', 'market time to start from, ISO with offset'],
];

const EXAMPLES: readonly string[] = [
  'fin nvda',
  'fin how did spy do last week',
  'fin quote AAPL MSFT --json',
  'fin history NVDA AMD --range "last 5 trading days" --csv',
  'fin chain SPY --expiration friday --side put',
];

export function renderManPage(commands: readonly CommandSpec[], version: string): string {
  const shared = sharedOptions(commands);
  return [
    `.TH FIN 1 "" ${quoted(`fin ${version}`)} "User Commands"`,
    '.SH NAME',
    String.raw`fin \- quotes, history, indicators and option chains of US markets`,
    '.SH SYNOPSIS',
    '.B fin',
    String.raw`.I command`,
    String.raw`[\fIwords\fR ...] [\fIoptions\fR]`,
    '.br',
    '.B fin',
    String.raw`.I question`,
    '.SH DESCRIPTION',
    plain(
      'fin answers using your own Polygon (Massive) and Tradier keys. Without keys it uses a built-in sample market and says so. ' +
        'Anything that does not start with a command is a question, as with fin ask. Run alone on a terminal, fin starts a session.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap((command) => describeCommand(command, shared)),
    '.SH OPTIONS OF MOST COMMANDS',
    ...shared.flatMap(describeOption),
    '.SH EXIT STATUS',
    ...EXITS.flatMap(([code, means]) => tagged(plain(code), means)),
    '.SH ENVIRONMENT',
    ...VARIABLES.flatMap(([name, means]) => tagged(plain(name), means)),
    '.SH EXAMPLES',
    '.nf',
    ...EXAMPLES.map(plain),
    '.fi',
    '',
  ].join('\n');
}

/** Told once: what more than half of the commands take, alike. */
function sharedOptions(commands: readonly CommandSpec[]): OptionSpec[] {
  const all = new Map(commands.flatMap(({ options }) => options.map((option) => [option.flags, option] as const)));
  const countOf = (flags: string): number =>
    commands.filter(({ options }) => options.some((option) => option.flags === flags)).length;
  return [...all.values()].filter(({ flags }) => countOf(flags) > commands.length / 2);
}

function describeCommand(command: CommandSpec, shared: readonly OptionSpec[]): string[] {
  const { name, arguments: args, summary, options, subcommands = [] } = command;
  const isShared = ({ flags }: OptionSpec): boolean => shared.some((option) => option.flags === flags);
  return [
    `.SS ${quoted(`fin ${name} ${args}`.trim())}`,
    plain(`${summary}.`),
    ...subcommands.flatMap((sub) => [
      ...tagged(String.raw`\fB${plain(sub.name)}\fR ${plain(sub.arguments)}`.trim(), sub.summary),
      ...(sub.options ?? []).flatMap((option) => ['.RS', ...describeOption(option), '.RE']),
    ]),
    ...options.filter((option) => !isShared(option)).flatMap(describeOption),
  ];
}

function describeOption(option: OptionSpec): string[] {
  const { flags, description, choices } = option;
  const name = nameOfOption(option);
  const value = flags.slice(name.length).trim();
  const isListed = choices === undefined ? '' : `: ${choices.join(', ')}`;
  const shown = value === '' ? '' : String.raw` \fI${plain(value.replaceAll(/[<>]/g, ''))}\fR`;
  return tagged(String.raw`\fB${plain(name)}\fR${shown}`, description + isListed);
}

const tagged = (head: string, text: string): string[] => ['.TP', head, plain(text)];

const quoted = (text: string): string => `"${plain(text).replaceAll('"', String.raw`\(dq`)}"`;

/** Backslashes, hyphens that are to be copied, what is no ASCII, and a dot or quote at the beginning of a line. */
function plain(text: string): string {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll("'", String.raw`\(aq`)
    .replaceAll(
      /[^\0-\x7f]/g,
      (character) => `\\[u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^\./, String.raw`\&.`);
}
