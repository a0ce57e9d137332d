// Start-up of the commands that answer from the cache, as ratios to `node -e 0`, beside ten lines written by hand.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { readLoadReport, reportLoadsTo } from '../helpers/load-report.ts';
import { type Command, type Measured, cleanEnvironment, measureCommands, measurePeakMemory } from './interleave.ts';
import { FIFTY_SYMBOLS, TWENTY_COLUMNS } from './wide-table.ts';

const FIN = resolve(import.meta.dirname, '../../bin/fin.js');
/** A Saturday, so that what is cached stays fresh; filled before, because what is fetched after the market's now is not read. */
const FILLED_AT = '2026-11-21T11:50:00-05:00';
const NOW = '2026-11-21T12:00:00-05:00';

/** Wanted ratios, from the issue that set them. */
const TARGETS: Readonly<Record<string, number>> = {
  version: 1.15,
  help: 1.5,
  'quote, table': 1.75,
  'quote, json': 1.5,
  'history 3 months, table': 2.2,
  'history 3 months, json': 1.5,
  'chain 20 strikes, table': 2.1,
  'ask, keyless': 2.4,
  'volatility sheet': 2.5,
  'table 50 x 20': 2.5,
  // Building the schemas of the SDK takes more than all the rest.
  'mcp, start to end': 3.75,
};

export interface StartRow extends Measured {
  target?: number;
  /** What this start loads: built files, own and packages' modules, Node's modules beyond an empty program, bytes read. */
  loads?: { files: number; modules: number; packages: string[]; builtins: number; kilobytes: number };
}

export interface StartupReport {
  rows: StartRow[];
  /** Peak memory of the cached quote to that of `node -e 0`. */
  memoryRatio: number;
}

export function measureStartup(rounds: number): StartupReport {
  const folder = mkdtempSync(join(tmpdir(), 'fin-bench-'));
  try {
    const commands = createCommands(folder);
    for (const command of commands.slice(1)) fillCache(command);
    const rows = measureCommands(commands, rounds).map((row, index): StartRow => {
      const [target, command] = [TARGETS[row.name], commands[index]];
      const loads = command === undefined || target === undefined ? undefined : readLoads(command, folder);
      return { ...row, ...(target === undefined ? {} : { target }), ...(loads === undefined ? {} : { loads }) };
    });
    const [empty, quote] = [commands[0], commands.find(({ name }) => name === 'quote, json')];
    const memoryRatio =
      empty === undefined || quote === undefined ? NaN : measurePeakMemory(quote) / measurePeakMemory(empty);
    return { rows, memoryRatio };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function createCommands(folder: string): Command[] {
  const env = {
    FIN_CACHE_DIR: join(folder, 'cache'),
    FIN_DATA_DIR: join(folder, 'data'),
    XDG_CONFIG_HOME: folder,
    FIN_NOW: NOW,
  };
  const fin = (name: string, ...args: string[]): Command => ({ name, args: [FIN, ...args], env });
  return [
    { name: 'node -e 0', args: ['-e', '0'] },
    { name: 'by hand (node:sqlite)', args: [writeByHand(folder, env.FIN_CACHE_DIR)] },
    fin('version', '--version'),
    fin('help', '--help'),
    fin('quote, json', 'quote', 'NVDA', '--json'),
    fin('quote, table', 'quote', 'NVDA', 'AMD', 'AAPL'),
    fin('history 3 months, json', 'history', 'NVDA', '--range', 'past 3 months', '--json'),
    fin('history 3 months, table', 'history', 'NVDA', '--range', 'past 3 months'),
    fin('chain 20 strikes, table', 'chain', 'NVDA'),
    fin('ask, keyless', 'ask', 'price of NVDA'),
    fin('volatility sheet', 'vol', 'NVDA'),
    fin('mcp, start to end', 'mcp'),
    fin('table 50 x 20', 'table', ...FIFTY_SYMBOLS, '--columns', TWENTY_COLUMNS),
  ];
}

/** Undefined for what the first file answers by itself. */
function readLoads(command: Command, folder: string): StartRow['loads'] {
  const reportFile = join(folder, 'loads.json');
  rmSync(reportFile, { force: true });
  spawnSync(process.execPath, command.args, {
    env: { ...cleanEnvironment(), ...command.env, ...reportLoadsTo(reportFile) },
    stdio: 'ignore',
  });
  const { files, modules, packages, builtins, bytesRead } = readLoadReport(reportFile);
  return {
    files: files.length,
    modules: modules.length,
    packages,
    builtins: builtins.length,
    kilobytes: Math.round(bytesRead / 1024),
  };
}

function fillCache(command: Command): void {
  const env = { ...cleanEnvironment(), ...command.env, FIN_NOW: FILLED_AT };
  spawnSync(process.execPath, command.args, { env, stdio: 'ignore' });
}

/** The same answer without any library: open the file, read one row, parse, print. */
function writeByHand(folder: string, cacheDir: string): string {
  const file = join(folder, 'by-hand.cjs');
  const lines = [
    "const { DatabaseSync } = process.getBuiltinModule('node:sqlite');",
    "const { existsSync } = process.getBuiltinModule('node:fs');",
    `const path = ${JSON.stringify(join(cacheDir, 'cache.sqlite'))};`,
    'if (existsSync(path)) {',
    '  const database = new DatabaseSync(path);',
    '  const row = database.prepare("SELECT value FROM entries WHERE key LIKE \'quote|%NVDA\'").get();',
    '  const quote = row === undefined ? {} : JSON.parse(row.value).value.value;',
    '  process.stdout.write(`${quote.symbol} ${quote.last}\\n`);',
    '  database.close();',
    '}',
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}
