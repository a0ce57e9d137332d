// Every command with its arguments and options: the one list behind parsing, help texts and the README's check.
// A command's work is loaded when it is the one invoked; only what every data command runs comes with the list.
import { SCAN_NAMES } from '../fields/presets.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { loadDataCommand } from './data-commands.ts';
import type { DataCommand } from '../app/commands/data.ts';

const option = (flags: string, description: string, more?: Omit<OptionSpec, 'flags' | 'description'>): OptionSpec => ({
  flags,
  description,
  ...more,
});

const PROVIDERS = ['polygon', 'tradier', 'sample'];

const FETCH_OPTIONS: readonly OptionSpec[] = [
  option('--json', 'print one JSON document'),
  option('--offline', 'answer from the cache only'),
  option('--refresh', 'ignore cached data and fetch again'),
  option('--provider <name>', 'use only this provider', { choices: PROVIDERS }),
  option('--no-color', 'no color'),
  option('--quiet', 'hide progress and notes'),
  option('--verbose', 'one line per provider call on standard error'),
  option('--timeout <seconds>', 'give up after this many seconds (default: 90)'),
  option('--log <file>', 'append a log to a file as JSON lines'),
];

/** Of commands about the user's own: nothing is fetched. */
const OWN_OPTIONS = FETCH_OPTIONS.filter(({ flags }) => /^--(?:json|no-color|quiet|verbose|log)\b/.test(flags));

/** Where the data are rows. */
const ROWS_OPTIONS: readonly OptionSpec[] = [
  option('--csv', 'print rows as CSV with the JSON field names'),
  ...FETCH_OPTIONS,
];

const AGENT_OPTIONS: readonly OptionSpec[] = [
  option('--model <name>', 'builtin, or any model your endpoint offers'),
  option('--session <name>', 'save the conversation under a name'),
  option('--continue', 'continue the latest conversation'),
  option('--strict', 'exit 8 if the data do not support a figure in the answer'),
  option('--max-turns <n>', 'maximum requests to the model (default: 8)'),
  option('--trace', 'show tool calls with arguments and timing on standard error'),
];

const BATCH_OPTIONS: readonly OptionSpec[] = [
  option('--only <ids>', 'only these prompts, separated by commas'),
  option('--tag <tags>', 'only prompts with one of these tags'),
  option('--loops <n>', 'repeat the suite, 1 to 10 times (default: 1)'),
  option('--jobs <n>', 'prompts to run at once, for suites with fresh sessions (default: 1)'),
  option('--bail', 'stop at the first failure'),
  option('--compare <report>', 'show what changed since an earlier JSON report'),
  option('--live', 'use real time and your keys instead of the suite’s clock and the sample market'),
];

const RANGE_OPTIONS: readonly OptionSpec[] = [
  option('--range <phrase>', 'e.g. "last 5 trading days", "past 3 months", ytd (default: past month)', {
    examples: 'today|ytd|mtd|"last week"|"past month"|"past 3 months"|"past year"|"last 5 trading days"'.split('|'),
  }),
  option('--from <date>', 'first date, e.g. 2025-10-01'),
  option('--to <date>', 'last date (default: today)'),
];

const BAR_OPTIONS: readonly OptionSpec[] = [
  ...RANGE_OPTIONS,
  option('--interval <size>', 'bar size (default: day)', {
    choices: '1min 5min 15min 30min hour day week month quarter year'.split(' '),
  }),
  option('--session <hours>', 'intraday bars: regular hours only, or all hours (default: regular)', {
    choices: ['regular', 'all'],
  }),
];

const CHART_OPTIONS: readonly OptionSpec[] = [
  ...BAR_OPTIONS.map((option) =>
    option.flags.startsWith('--range')
      ? { ...option, description: 'e.g. ytd, "past 6 months" (default: last 60 trading days)' }
      : option,
  ),
  option('--style <style>', 'chart style (default: candles)', { choices: ['candles', 'line', 'heikin-ashi'] }),
  option(
    '--with <list>',
    'overlays: smaN, emaN, bbN, vwap, levels, walls, expected-move, volume, earnings, dividends, splits',
    { examples: 'sma50 sma50,ema20 bb20 vwap levels walls expected-move'.split(' ') },
  ),
  option('--expiration <date>', 'expiration for walls and expected move (default: nearest)'),
  option('--height <lines>', 'chart height in lines (default: fits the terminal)'),
  option('--svg <file>', 'also save the chart as SVG'),
];

const CHAIN_OPTIONS: readonly OptionSpec[] = [
  option(
    '--expiration <date>',
    'dec 18, friday, dec, weekly, next-monthly, 45d, 0dte; 30..60d for every date in a span (default: nearest)',
    { examples: '0dte friday weekly next-monthly quarterly 45d 30..60d'.split(' ') },
  ),
  option('--side <side>', 'calls, puts or both (default: both)', { choices: ['call', 'put', 'both'] }),
  option(
    '--strikes <n>',
    'strikes on each side of the spot, all, or a range like 600..640 (default: 10, or all with a filter)',
    { examples: '5 10 20 all'.split(' ') },
  ),
  option('--delta <size>', 'absolute delta: a range like 0.25..0.40, or .3 for the nearest', {
    examples: ['.3', '0.25..0.40'],
  }),
  option('--min-oi <n>', 'minimum open interest'),
  option('--min-volume <n>', 'minimum volume'),
  option('--max-spread <percent>', 'maximum bid-ask spread, in percent of the mid'),
  option('--moneyness <kind>', 'only in the money, or only out of the money', { choices: ['itm', 'otm'] }),
  option('--columns <list>', 'fields and expressions to show, one row per contract'),
];

const SESSION_OPTIONS: readonly OptionSpec[] = [
  option('--week', 'the sessions of this week and the next, with holidays and early closes'),
  option('--date <date>', 'the session of one day, e.g. 2026-11-27'),
];

const TABLE_OPTIONS: readonly OptionSpec[] = [
  option('--columns <list>', 'fields and expressions separated by commas, or a preset (default: overview)', {
    examples: 'overview technical volatility options changes'.split(' '),
  }),
  option('--where <condition>', 'show only rows that match, e.g. "rsi14 < 30"'),
  option('--sort <expression>', 'smallest first; put - in front for largest first'),
  option('--limit <n>', 'maximum number of rows'),
  option('--expiration <date>', 'expiration for option fields (default: nearest)'),
];

const STRATEGY_OPTIONS: readonly OptionSpec[] = [
  option('--expiration <date>', 'dec 18, friday, monthly, 30d (default: the listed date nearest 45 days)', {
    examples: 'friday weekly next-monthly 45d'.split(' '),
  }),
  option('--delta <size>', 'delta of the short leg, or of the long leg if none is short (default: .30, condors .20)'),
  option('--width <dollars>', 'distance between the strikes of a spread (default: about 2% of the spot)'),
  option('--strikes <list>', 'exact strikes, lowest first: 600/610/650/660'),
  option('--quantity <n>', 'number of units (default: 1)'),
  option('--short', 'reverse every leg'),
  option('--leg <leg>', 'your own leg, can be repeated: "+1 450c dec 18", "+100" for shares', { isRepeatable: true }),
  option('--from <leg>', 'roll: the leg you hold'),
  option('--to <leg>', 'roll: the leg that replaces it'),
];

const SCAN_OPTIONS: readonly OptionSpec[] = [
  option('--preset <name>', 'a ready-made scan', { choices: SCAN_NAMES }),
  option('--universe <symbols>', 'market, or symbols and @lists (default: market)'),
  ...TABLE_OPTIONS.filter(({ flags }) => /^--(?:columns|sort)/.test(flags)),
  option('--limit <n>', 'maximum number of rows (default: all matches, 20 for a preset)'),
];

/** Shows one answer, by words and options alone. */
const dataCommand = (name: DataCommand, words: string, summary: string, options = ROWS_OPTIONS): CommandSpec => ({
  name,
  arguments: words,
  summary,
  options,
  load: () => loadDataCommand(name),
});

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'ask',
    arguments: '[question...]',
    summary: 'answer one question; with - or no words, read it from standard input',
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
    summary: 'interactive session; plain fin on a terminal starts one too',
    // One JSON document is no session.
    options: [...AGENT_OPTIONS, ...FETCH_OPTIONS.filter(({ flags }) => flags !== '--json')],
    interactive: true,
    // A session offers the commands of this list.
    load: () => import('./repl.ts').then((module) => module.createReplRunner(COMMANDS)),
  },
  {
    name: 'sessions',
    arguments: '',
    summary: 'saved conversations',
    options: FETCH_OPTIONS,
    runsBare: true,
    subcommands: [
      { name: 'list', arguments: '', summary: 'list them, latest first' },
      { name: 'show', arguments: '<name>', summary: 'print one with its tables' },
      { name: 'remove', arguments: '<name>', summary: 'remove one' },
    ],
    load: () => import('./sessions.ts').then((module) => module.runSessions),
  },
  dataCommand('quote', '<symbols...>', 'quotes for symbols and contracts, like NVDA 450c dec 18'),
  dataCommand('history', '<symbols...>', 'price bars over a range, from 1 minute to monthly', [
    ...BAR_OPTIONS,
    ...ROWS_OPTIONS,
  ]),
  {
    name: 'chart',
    arguments: '<symbols...>',
    summary: 'price chart with volume; several symbols compare in percent',
    options: [...CHART_OPTIONS, ...ROWS_OPTIONS],
    load: () => import('./chart.ts').then((module) => module.runChart),
  },
  dataCommand('ta', '<symbols...>', 'technical indicators'),
  dataCommand('expirations', '<symbol>', 'option expiration dates', [
    option('--stats', 'add IV, expected move, skew and open interest for each date'),
    ...ROWS_OPTIONS,
  ]),
  dataCommand('chain', '<symbols...>', 'option chain for one expiration; a summary for several symbols', [
    ...CHAIN_OPTIONS,
    ...ROWS_OPTIONS,
  ]),
  dataCommand('market', '', 'market status and exchange time; hours for two weeks or one day', [
    ...SESSION_OPTIONS,
    ...ROWS_OPTIONS,
  ]),
  dataCommand('levels', '<symbols...>', 'support and resistance levels and where they come from'),
  dataCommand('vol', '<symbols...>', 'implied and realized volatility; term structure for a single symbol'),
  dataCommand('search', '<words...>', 'find a symbol by the name of its company or fund'),
  dataCommand('events', '<symbols...>', 'dividends, splits and earnings'),
  dataCommand('news', '<symbol>', 'headlines about a symbol'),
  dataCommand('bundle', '<symbol>', 'quote, nearest chain and indicators together', FETCH_OPTIONS),
  dataCommand('strategy', '<symbol> [name...]', 'price an option strategy: legs, cost, payoff, odds', [
    ...STRATEGY_OPTIONS,
    ...FETCH_OPTIONS,
  ]),
  {
    name: 'table',
    arguments: '<symbols...>',
    summary: 'any fields of any symbols side by side',
    options: [...TABLE_OPTIONS, ...RANGE_OPTIONS, ...ROWS_OPTIONS],
    load: () => import('./table.ts').then((module) => module.runTable),
  },
  dataCommand('scan', '[conditions...]', 'search the whole market, like "rsi14 < 30 and close > sma200"', [
    ...SCAN_OPTIONS,
    ...ROWS_OPTIONS,
  ]),
  dataCommand('fields', '[words...]', 'list or search the fields for tables, conditions and questions'),
  {
    name: 'watch',
    arguments: '[symbols...]',
    summary: 'live table with alerts; your positions unless symbols are given',
    options: [
      ...TABLE_OPTIONS.filter(({ flags }) => /^--(?:columns|sort)/.test(flags)),
      option(
        '--interval <seconds>',
        'seconds between updates (default: 2, or slower to stay within half the rate limit)',
      ),
      option('--no-stream', 'poll, even where Tradier could stream'),
      ...FETCH_OPTIONS.map((option) =>
        option.flags.startsWith('--json') ? { ...option, description: 'print one JSON line per change' } : option,
      ),
    ],
    interactive: true,
    load: () => import('./watch.ts').then((module) => module.runWatch),
  },
  {
    name: 'list',
    arguments: '',
    summary: 'watchlists; use @NAME anywhere you can type symbols',
    options: OWN_OPTIONS,
    runsBare: true,
    subcommands: [
      { name: 'show', arguments: '<name>', summary: 'show one' },
      { name: 'add', arguments: '<name> <symbols...>', summary: 'add symbols to a list; creates it if needed' },
      { name: 'remove', arguments: '<name> [symbols...]', summary: 'remove symbols, or the whole list' },
    ],
    load: () => import('./lists.ts').then((module) => module.runLists),
  },
  {
    name: 'positions',
    arguments: '',
    summary: 'your positions, priced: value, P/L, greeks and totals',
    options: [option('--account', 'use your Tradier account instead of the book; read only'), ...ROWS_OPTIONS],
    runsBare: true,
    subcommands: [
      {
        name: 'add',
        arguments: '<quantity> <what...>',
        summary: 'add 100 NVDA @ 180.50, add -2 "NVDA 450c dec 18" @ 5.30; negative is short',
        options: [option('--opened <date>', 'date it was opened, e.g. 2026-11-19')],
      },
      { name: 'remove', arguments: '<id>', summary: 'remove one' },
      { name: 'import', arguments: '<file>', summary: 'import positions from a CSV file exported by your broker' },
    ],
    load: () => import('./positions.ts').then((module) => module.runPositions),
  },
  {
    name: 'alert',
    arguments: '',
    summary: 'price and indicator alerts',
    options: FETCH_OPTIONS,
    subcommands: [
      {
        name: 'add',
        arguments: '<condition...>',
        summary: 'e.g. "NVDA.last > 450" or "crosses(AAPL.last, AAPL.sma200)"',
        options: [
          option('--once', 'fire once and never again'),
          option('--note <text>', 'text to show with the alert'),
        ],
      },
      { name: 'list', arguments: '', summary: 'all alerts with their state' },
      { name: 'remove', arguments: '<id>', summary: 'remove one' },
      {
        name: 'check',
        arguments: '',
        summary: 'print one line for each alert that fires, for cron',
        options: [
          option(
            '--exec <command>',
            'run this for each alert that fires, with the alert as JSON on standard input; no shell',
          ),
        ],
      },
    ],
    load: () => import('./alerts.ts').then((module) => module.runAlerts),
  },
  {
    name: 'cache',
    arguments: '',
    summary: 'show, clear, fill and locate the cache',
    options: FETCH_OPTIONS,
    subcommands: [
      {
        name: 'stats',
        arguments: '',
        summary: 'what the cache holds and what it saved',
        options: [option('--csv', 'print hourly metrics as CSV')],
      },
      { name: 'clear', arguments: '', summary: 'empty it' },
      {
        name: 'warm',
        arguments: '[symbols...]',
        summary: 'fill it ahead of time, using only spare requests',
        options: [
          option('--popular <n>', 'the n symbols requested most on this machine (default: 10)'),
          option('--market [sessions]', 'daily bars of the whole market, newest first (default: 260)'),
        ],
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
      option('--port <n>', 'port on 127.0.0.1; 0 picks a free one (default: 0)'),
      option(
        '--bars <file>',
        'replay real daily bars from a .csv or .csv.gz file (at most 128 MB unpacked, 2.6 million rows)',
      ),
      option('--quiet', 'hide progress and notes'),
    ],
    load: () => import('./exchange.ts').then((module) => module.runExchange),
  },
  {
    name: 'serve',
    arguments: '',
    summary: 'HTTP API and web page, for this machine or, with a token, for others',
    options: [
      option('--port <n>', 'port; 0 picks a free one (default: 4173)'),
      option('--host <host>', 'address to listen on; any but 127.0.0.1 needs FIN_SERVE_TOKEN (default: 127.0.0.1)'),
      option('--origin <url>', 'the address that browsers use when fin serve is behind a proxy'),
      option('--trust-proxy', 'identify clients by the last address in X-Forwarded-For, which your proxy must set'),
      option('--concurrency <n>', 'requests to run at once (default: 10)'),
      option('--queue <n>', 'requests that may wait; more are answered with 503 (default: 100)'),
      option('--no-background', 'no cache warming, volatility readings or alerts while it runs'),
      ...FETCH_OPTIONS.filter(({ flags }) => /^--(?:provider|quiet|verbose|log)\b/.test(flags)),
    ],
    load: () => import('./serve.ts').then((module) => module.createServeRunner(COMMANDS)),
  },
  {
    name: 'mcp',
    arguments: '',
    summary: 'serve an AI assistant on standard input and output (Model Context Protocol)',
    options: FETCH_OPTIONS.filter(({ flags }) => !/^--(?:json|no-color|timeout)\b/.test(flags)),
    load: () => import('./mcp.ts').then((module) => module.runMcp),
  },
  {
    name: 'completion',
    arguments: '<shell>',
    words: ['bash', 'zsh', 'fish'],
    summary: 'print a completion script for bash, zsh or fish',
    options: [],
    load: () => import('./completion.ts').then((module) => module.createCompletionRunner(() => COMMANDS)),
  },
];
