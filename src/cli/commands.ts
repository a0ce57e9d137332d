// Every command with its arguments and options: the one list behind parsing, help texts and the README's check.
// A command's work is loaded when it is the one invoked.
import type { CommandRunner, CommandSpec, OptionSpec } from './command.ts';
import type { DATA_COMMANDS } from './data-commands.ts';

const PROVIDERS = ['polygon', 'tradier', 'sample'];

const FETCH_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', description: 'one JSON document on standard output' },
  { flags: '--offline', description: 'answer from the cache only' },
  { flags: '--refresh', description: 'skip what the cache holds' },
  { flags: '--provider <name>', description: 'ask only this one', choices: PROVIDERS },
  { flags: '--no-color', description: 'no colour' },
  { flags: '--quiet', description: 'no progress and no notes' },
  { flags: '--verbose', description: 'one line per provider call on standard error' },
  { flags: '--timeout <seconds>', description: 'most seconds that it may take (90)' },
  { flags: '--log <file>', description: 'append what happens to a file as JSON lines' },
];

/** Of commands about the user's own: nothing is fetched. */
const OWN_OPTIONS = FETCH_OPTIONS.filter(({ flags }) => /^--(?:json|no-color|quiet|verbose|log)\b/.test(flags));

/** Where the data are rows. */
const ROWS_OPTIONS: readonly OptionSpec[] = [
  { flags: '--csv', description: 'the rows as CSV, with the names of the JSON' },
  ...FETCH_OPTIONS,
];

const AGENT_OPTIONS: readonly OptionSpec[] = [
  { flags: '--model <name>', description: 'builtin, or any model of the endpoint' },
  { flags: '--session <name>', description: 'keep the conversation under a name' },
  { flags: '--continue', description: 'go on with the latest conversation' },
  { flags: '--strict', description: 'exit 8 when a figure of the answer has no support' },
  { flags: '--max-turns <n>', description: 'most requests to the model (8)' },
  { flags: '--trace', description: 'tool calls with arguments and times on standard error' },
];

const BATCH_OPTIONS: readonly OptionSpec[] = [
  { flags: '--only <ids>', description: 'only these prompts, with commas between them' },
  { flags: '--tag <tags>', description: 'only prompts with one of these tags' },
  { flags: '--loops <n>', description: 'all of it so many times, 1 to 10 (1)' },
  { flags: '--jobs <n>', description: 'so many prompts at once, for suites with fresh sessions (1)' },
  { flags: '--bail', description: 'stop at the first failure' },
  { flags: '--compare <report>', description: 'say what changed against an earlier JSON report' },
  { flags: '--live', description: 'real time and configured keys instead of the suite’s clock and the sample market' },
];

const RANGE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--range <phrase>',
    description: 'such as "last 5 trading days", "past 3 months", ytd (past month)',
    examples: [
      'today',
      'ytd',
      'mtd',
      '"last week"',
      '"past month"',
      '"past 3 months"',
      '"past year"',
      '"last 5 trading days"',
    ],
  },
  { flags: '--from <date>', description: 'first date, 2025-10-01' },
  { flags: '--to <date>', description: 'last date (today)' },
  { flags: '--interval <size>', description: 'size of a bar (day)', choices: ['day', 'week', 'month'] },
];

const CHAIN_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--expiration <date>',
    description: 'dec 18, friday, dec, weekly, next-monthly, 45d, 0dte; 30..60d for all of a span (the nearest)',
    examples: ['0dte', 'friday', 'weekly', 'next-monthly', 'quarterly', '45d', '30..60d'],
  },
  { flags: '--side <side>', description: 'which contracts (both)', choices: ['call', 'put', 'both'] },
  {
    flags: '--strikes <n>',
    description: 'above and below the spot, all, or a range 600..640 (10; with a filter all)',
    examples: ['5', '10', '20', 'all'],
  },
  {
    flags: '--delta <size>',
    description: 'only deltas of this size, 0.25..0.40; .3 the nearest',
    examples: ['.3', '0.25..0.40'],
  },
  { flags: '--min-oi <n>', description: 'only with so much open interest' },
  { flags: '--min-volume <n>', description: 'only with so much volume' },
  { flags: '--max-spread <percent>', description: 'only where ask minus bid is at most this much of the mid' },
  { flags: '--moneyness <kind>', description: 'only in or out of the money', choices: ['itm', 'otm'] },
  { flags: '--columns <list>', description: 'figures of contracts, one row each: fields and expressions' },
];

const SESSION_OPTIONS: readonly OptionSpec[] = [
  { flags: '--week', description: 'the sessions of this week and the next, with holidays and early closes' },
  { flags: '--date <date>', description: 'the session of a day, 2026-11-27' },
];

const TABLE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--columns <list>',
    description: 'fields and expressions with commas between them, or a preset (overview)',
    examples: ['overview', 'technical', 'volatility', 'options', 'changes'],
  },
  { flags: '--where <condition>', description: 'only the rows of which it is true, such as "rsi14 < 30"' },
  { flags: '--sort <expression>', description: 'smallest first; with - before it the largest' },
  { flags: '--limit <n>', description: 'at most so many rows' },
  { flags: '--expiration <date>', description: 'for figures of options (the nearest)' },
];

const STRATEGY_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--expiration <date>',
    description: 'dec 18, friday, monthly, 30d (the listed date nearest to 45 days)',
    examples: ['friday', 'weekly', 'next-monthly', '45d'],
  },
  {
    flags: '--delta <size>',
    description: 'of the short leg, or of the long one where none is short (.30, condors .20)',
  },
  { flags: '--width <dollars>', description: 'between the legs of a spread (some 2% of the spot)' },
  { flags: '--strikes <list>', description: 'the strikes themselves, lowest first: 600/610/650/660' },
  { flags: '--quantity <n>', description: 'so many of it (1)' },
  { flags: '--short', description: 'every leg the other way round' },
  {
    flags: '--leg <leg>',
    description: 'a leg of your own, may be repeated: "+1 450c dec 18", "+100" for shares',
    isRepeatable: true,
  },
  { flags: '--from <leg>', description: 'roll: the leg that is held' },
  { flags: '--to <leg>', description: 'roll: the leg in its place' },
];

const loadDataCommand = (name: keyof typeof DATA_COMMANDS) => (): Promise<CommandRunner> =>
  import('./data-commands.ts').then((module) => module.DATA_COMMANDS[name]);

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'ask',
    arguments: '[question...]',
    summary: 'answer one question; with - or no words it is read from standard input',
    options: [...AGENT_OPTIONS, ...FETCH_OPTIONS],
    load: () => import('./ask.ts').then((module) => module.runAsk),
  },
  {
    name: 'batch',
    arguments: '<file>',
    summary: 'run a prompts file as a regression suite',
    options: [...BATCH_OPTIONS, ...AGENT_OPTIONS, ...FETCH_OPTIONS],
    load: () => import('./batch.ts').then((module) => module.runBatch),
  },
  {
    name: 'repl',
    arguments: '',
    summary: 'interactive session; fin alone on a terminal starts it too',
    // One JSON document is no session.
    options: [...AGENT_OPTIONS, ...FETCH_OPTIONS.filter(({ flags }) => flags !== '--json')],
    interactive: true,
    // A session offers the commands of this list.
    load: () => import('./repl.ts').then((module) => module.createReplRunner(COMMANDS)),
  },
  {
    name: 'sessions',
    arguments: '',
    summary: 'conversations kept in the data folder',
    options: FETCH_OPTIONS,
    subcommands: [
      { name: 'list', arguments: '', summary: 'list them, the latest first' },
      { name: 'show', arguments: '<name>', summary: 'print one with its tables' },
      { name: 'remove', arguments: '<name>', summary: 'remove one' },
    ],
    load: () => import('./sessions.ts').then((module) => module.runSessions),
  },
  {
    name: 'quote',
    arguments: '<symbols...>',
    summary: 'quotes of symbols and contracts, such as NVDA 450c dec 18',
    options: ROWS_OPTIONS,
    load: loadDataCommand('quote'),
  },
  {
    name: 'history',
    arguments: '<symbols...>',
    summary: 'daily, weekly or monthly bars of a range',
    options: [...RANGE_OPTIONS, ...ROWS_OPTIONS],
    load: loadDataCommand('history'),
  },
  {
    name: 'ta',
    arguments: '<symbols...>',
    summary: 'technical indicators',
    options: ROWS_OPTIONS,
    load: loadDataCommand('ta'),
  },
  {
    name: 'expirations',
    arguments: '<symbol>',
    summary: 'option expiration dates',
    options: [
      { flags: '--stats', description: 'with volatility, expected move, skew and open interest of each' },
      ...ROWS_OPTIONS,
    ],
    load: loadDataCommand('expirations'),
  },
  {
    name: 'chain',
    arguments: '<symbols...>',
    summary: 'option chain of an expiration; of several symbols a summary',
    options: [...CHAIN_OPTIONS, ...ROWS_OPTIONS],
    load: loadDataCommand('chain'),
  },
  {
    name: 'market',
    arguments: '',
    summary: 'market status and exchange time, sessions of two weeks or of a day',
    options: [...SESSION_OPTIONS, ...ROWS_OPTIONS],
    load: loadDataCommand('market'),
  },
  {
    name: 'levels',
    arguments: '<symbols...>',
    summary: 'support and resistance with their origin',
    options: ROWS_OPTIONS,
    load: () => import('./levels.ts').then((module) => module.runLevels),
  },
  {
    name: 'vol',
    arguments: '<symbols...>',
    summary: 'implied and realized volatility; of one symbol with its term structure',
    options: ROWS_OPTIONS,
    load: () => import('./volatility.ts').then((module) => module.runVolatility),
  },
  {
    name: 'bundle',
    arguments: '<symbol>',
    summary: 'quote, nearest chain and indicators side by side',
    options: FETCH_OPTIONS,
    load: loadDataCommand('bundle'),
  },
  {
    name: 'strategy',
    arguments: '<symbol> [name...]',
    summary: 'price an option strategy: legs, cost, payoff, odds',
    options: [...STRATEGY_OPTIONS, ...FETCH_OPTIONS],
    load: () => import('./strategy.ts').then((module) => module.runStrategy),
  },
  {
    name: 'table',
    arguments: '<symbols...>',
    summary: 'any fields of any symbols side by side',
    options: [
      ...TABLE_OPTIONS,
      ...RANGE_OPTIONS.filter(({ flags }) => !flags.startsWith('--interval')),
      ...ROWS_OPTIONS,
    ],
    load: () => import('./table.ts').then((module) => module.runTable),
  },
  {
    name: 'fields',
    arguments: '[words...]',
    summary: 'list or search the fields that tables, conditions and questions know',
    options: ROWS_OPTIONS,
    load: () => import('./table.ts').then((module) => module.runFields),
  },
  {
    name: 'watch',
    arguments: '[symbols...]',
    summary: 'a table that refreshes itself, with alerts; what is held where no symbols are given',
    options: [
      ...TABLE_OPTIONS.filter(({ flags }) => /^--(?:columns|sort)/.test(flags)),
      { flags: '--interval <seconds>', description: 'between two looks (as fast as half of the limit allows, 2)' },
      { flags: '--no-stream', description: 'ask again and again also where Tradier would stream' },
      ...FETCH_OPTIONS.map((option) =>
        option.flags.startsWith('--json') ? { ...option, description: 'a JSON line for each change' } : option,
      ),
    ],
    interactive: true,
    load: () => import('./watch.ts').then((module) => module.runWatch),
  },
  {
    name: 'list',
    arguments: '',
    summary: 'lists of symbols; @NAME stands for them wherever symbols are taken',
    options: OWN_OPTIONS,
    runsBare: true,
    subcommands: [
      { name: 'show', arguments: '<name>', summary: 'show one' },
      { name: 'add', arguments: '<name> <symbols...>', summary: 'add symbols to one, which is made if need be' },
      { name: 'remove', arguments: '<name> [symbols...]', summary: 'remove symbols, or all of it' },
    ],
    load: () => import('./lists.ts').then((module) => module.runLists),
  },
  {
    name: 'positions',
    arguments: '',
    summary: 'what is held, priced: value, P/L, greeks and totals',
    options: [
      { flags: '--account', description: 'those of the Tradier account instead of the book; nothing is written there' },
      ...ROWS_OPTIONS,
    ],
    runsBare: true,
    subcommands: [
      {
        name: 'add',
        arguments: '<quantity> <what...>',
        summary: 'add 100 NVDA @ 180.50, add -2 "NVDA 450c dec 18" @ 5.30; negative is short',
        options: [{ flags: '--opened <date>', description: 'the day it was opened, 2026-11-19' }],
      },
      { name: 'remove', arguments: '<id>', summary: 'remove one' },
      { name: 'import', arguments: '<file>', summary: 'add those of a CSV file that a broker exported' },
    ],
    load: () => import('./positions.ts').then((module) => module.runPositions),
  },
  {
    name: 'alert',
    arguments: '',
    summary: 'conditions that are told once when they become true',
    options: FETCH_OPTIONS,
    subcommands: [
      {
        name: 'add',
        arguments: '<condition...>',
        summary: 'such as "NVDA.last > 450" or "crosses(AAPL.last, AAPL.sma200)"',
        options: [
          { flags: '--once', description: 'one time and never again' },
          { flags: '--note <text>', description: 'told with it' },
        ],
      },
      { name: 'list', arguments: '', summary: 'all with their state' },
      { name: 'remove', arguments: '<id>', summary: 'remove one' },
      {
        name: 'check',
        arguments: '',
        summary: 'one line for each that fires, nothing else: for cron',
        options: [
          {
            flags: '--exec <command>',
            description: 'run it for each that fires, the alert as JSON on its standard input; by no shell',
          },
        ],
      },
    ],
    load: () => import('./alerts.ts').then((module) => module.runAlerts),
  },
  {
    name: 'cache',
    arguments: '',
    summary: 'see, empty, fill and locate the cache',
    options: FETCH_OPTIONS,
    subcommands: [
      {
        name: 'stats',
        arguments: '',
        summary: 'what the cache holds and saved',
        options: [{ flags: '--csv', description: 'the hourly metrics as CSV' }],
      },
      { name: 'clear', arguments: '', summary: 'empty it' },
      {
        name: 'warm',
        arguments: '[symbols...]',
        summary: 'fill it ahead of time, with what questions leave of the limit',
        options: [{ flags: '--popular <n>', description: 'the n symbols that this machine asks for most (10)' }],
      },
      { name: 'path', arguments: '', summary: 'print where it is' },
    ],
    load: () => import('./cache.ts').then((module) => module.runCache),
  },
  {
    name: 'doctor',
    arguments: '',
    summary: 'check keys, providers, limits and cache',
    options: FETCH_OPTIONS,
    load: () => import('./doctor.ts').then((module) => module.runDoctor),
  },
  {
    name: 'exchange',
    arguments: '',
    summary: 'serve the sample market over HTTP in both providers’ formats',
    options: [
      { flags: '--port <n>', description: 'port on 127.0.0.1, 0 for any (0)' },
      {
        flags: '--bars <file>',
        description: 'replay real daily bars from a CSV file, also .gz (at most 128 MB unpacked, 2.6 million rows)',
      },
      { flags: '--quiet', description: 'no progress and no notes' },
    ],
    load: () => import('./exchange.ts').then((module) => module.runExchange),
  },
  {
    name: 'completion',
    arguments: '<shell>',
    words: ['bash', 'zsh', 'fish'],
    summary: 'print a script with which bash, zsh or fish complete commands, options and fields',
    options: [],
    load: () => import('./completion.ts').then((module) => module.createCompletionRunner(() => COMMANDS)),
  },
];
