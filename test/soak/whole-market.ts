// A search of 10,000 symbols x 260 sessions as a whole process: its time in starts of node, its memory, and whether it
// finds what a computation of its own finds.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { MARKET_FILE } from '../../src/book/market-file.ts';
import { measureCommands, measurePeakMemory } from '../bench/interleave.ts';
import { createTestMarket, keepMarket, type TestMarket } from '../helpers/whole-market.ts';
import { PROJECT_ROOT, type Section } from './world.ts';

const NOW = '2026-11-19T08:00:00-05:00';
const NEWEST = '2026-11-18';
const BASE = 'http://127.0.0.1:9';
const CONDITION = 'rsi14 < 30 and close > sma200 and dollarVolume > 20000000';

export async function soakWholeMarket(): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'fin-soak-market-'));
  try {
    const market = createTestMarket(10_000, 260, NEWEST);
    const dataDir = join(folder, 'data');
    keepMarket(market, dataDir, BASE);
    const megabytes = statSync(join(dataDir, MARKET_FILE)).size / 1e6;
    const env = {
      MASSIVE_API_KEY: 'soak-of-the-market',
      MASSIVE_BASE_URL: BASE,
      FIN_NOW: NOW,
      FIN_DATA_DIR: dataDir,
      FIN_CACHE_DIR: join(folder, 'cache'),
    };
    const args = [join(PROJECT_ROOT, 'bin/fin.js'), 'scan', CONDITION, '--json', '--quiet'];
    const found = spawnSync(process.execPath, args, { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' });
    const rows = (JSON.parse(found.stdout) as { data: { rows: { symbol: string }[] } }).data.rows;
    const symbols = rows.map(({ symbol }) => symbol).sort();
    const expected = findByHand(market).sort();
    const [, scan] = measureCommands(
      [
        { name: 'node -e 0', args: ['-e', '0'] },
        { name: 'scan', args, env },
      ],
      9,
    );
    const peak = measurePeakMemory({ name: 'scan', args, env }) / 1e6;
    const ratio = scan?.ratio ?? NaN;
    return await Promise.resolve({
      title: 'Whole market',
      how: `10,000 symbols x 260 sessions kept, \`fin scan "${CONDITION}"\` as a whole process.`,
      findings: [
        { what: 'starts of node', wanted: 'at most 10', measured: ratio.toFixed(1), ok: ratio <= 10 },
        { what: 'peak memory', wanted: 'under 500 MB', measured: `${peak.toFixed(0)} MB`, ok: peak < 500 },
        { what: 'size of a year', wanted: 'under 200 MB', measured: `${megabytes.toFixed(0)} MB`, ok: megabytes < 200 },
        {
          what: 'symbols found as by an independent computation',
          wanted: String(expected.length),
          measured: String(symbols.length),
          ok: symbols.join() === expected.join(),
        },
      ],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** RSI by Wilder's own recursion, the average by a sum: shares no code with the program. */
function findByHand({ symbols, dates, adjusted }: TestMarket): string[] {
  return symbols.filter((symbol) => {
    const bars = dates.flatMap((date) => adjusted(symbol, date) ?? []);
    const [last, closes] = [bars.at(-1), bars.map(({ close }) => close)];
    if (last === undefined || last.volume * last.close <= 20_000_000) return false;
    let [gain, loss] = [0, 0];
    for (const [index, close] of closes.entries()) {
      if (index === 0) continue;
      const move = close - (closes[index - 1] ?? NaN);
      const [up, down] = [Math.max(move, 0), Math.max(-move, 0)];
      if (index <= 14) [gain, loss] = [gain + up / 14, loss + down / 14];
      else [gain, loss] = [(gain * 13 + up) / 14, (loss * 13 + down) / 14];
    }
    const rsi = 100 - 100 / (1 + gain / loss);
    const average = closes.slice(-200).reduce((sum, close) => sum + close, 0) / 200;
    return rsi < 30 && last.close > average;
  });
}
