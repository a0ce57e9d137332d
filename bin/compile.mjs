// Makes dist/*.cjs.v8, V8's compiled code of the functions that usual commands run: each command is run once on the sample
// market, in folders of its own, and once against `fin exchange`, so that the network's part is there too.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the hot file's code is kept of. */
const HOT = [
  ['quote', 'NVDA', '--json'],
  ['quote', 'NVDA', 'AMD'],
  ['history', 'NVDA', '--range', 'past 3 months', '--json'],
];

const COMMANDS = [
  ...HOT,
  ['vol', 'NVDA'],
  ['history', 'NVDA', '--json'],
  ['history', 'NVDA'],
  ['ta', 'NVDA'],
  ['chain', 'NVDA'],
  ['table', 'NVDA', 'AMD'],
  ['table', 'NVDA', 'AMD', '--columns', 'rsi14, macd, adx14, atr14, hv30, week52High, ema20, bbUpper20'],
  ['levels', 'NVDA'],
  ['strategy', 'NVDA', 'straddle'],
  ['chart', 'NVDA', '--with', 'sma50'],
  ['chart', 'NVDA', '--interval', '5min'],
  ['scan', '--preset', 'gainers', '--json'],
  ['ask', 'how did nvda and amd do last month'],
  ['ask', 'nvda rsi'],
];

/** What a client of the Model Context Protocol begins with. */
const MCP_START = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'build', version: '0' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
  { id: 3, method: 'tools/call', params: { name: 'get_multiple_stock_quotes', arguments: { symbols: ['NVDA'] } } },
]
  .map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  .join('');

const COLD = [
  ['quote', 'NVDA', 'AMD'],
  ['ta', 'NVDA', 'AMD'],
  ['ask', 'how did nvda and amd do last month'],
];

/** What hangs must not hang an install. */
const MOST_RUN_MS = 60_000;

/** Each run finds what the runs before it compiled, and adds to it. What cannot be run here only starts slower later. */
export async function compileUsualCommands(root) {
  const folder = mkdtempSync(join(tmpdir(), 'fin-compile-'));
  const argv = (words) => ['-r', join(root, 'bin', 'record-code.cjs'), join(root, 'bin', 'fin.js'), ...words];
  const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'sample'), XDG_DATA_HOME: folder };
  const run = (words, more, input) =>
    spawnSync(process.execPath, argv(words), { cwd: folder, env: { ...env, ...more }, input, timeout: MOST_RUN_MS });
  for (const words of COMMANDS) run(words);
  run(['mcp'], {}, MCP_START);
  // A store that is away: what starts with it is there all the same.
  run(HOT[0], { FIN_STORE: 'redis://127.0.0.1:1', XDG_CACHE_HOME: join(folder, 'store') });
  const exchange = spawn(process.execPath, [join(root, 'bin', 'fin.js'), 'exchange', '--port', '0'], {
    cwd: folder,
    env,
  });
  try {
    const address = await readAddress(exchange);
    const network = { TRADIER_ACCESS_TOKEN: 'sample-of-the-build', TRADIER_BASE_URL: address };
    for (const [at, words] of address === undefined ? [] : COLD.entries())
      run(words, { ...network, FIN_CACHE_DIR: join(folder, `cold-${at}`) });
    // Every start pays for all the code of the hot file: what it does not keep compiles where it is used.
    rmSync(join(root, 'dist', 'fin.cjs.v8'), { force: true });
    for (const words of HOT) run(words);
  } finally {
    exchange.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readAddress(exchange) {
  return new Promise((resolve) => {
    exchange.stdout.on('data', (text) => resolve(/http:\S+/.exec(String(text))?.[0]));
    exchange.on('exit', () => resolve(undefined));
  });
}
