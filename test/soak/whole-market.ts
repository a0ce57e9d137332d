// A market of 10,000 symbols x 260 sessions behind `fin exchange`: filling it under the limit with kills, and a search of it
// as a whole process: its time in starts of node, its memory, and whether it finds what a computation of its own finds.
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { type RequestListener, type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { MARKET_FILE } from '../../src/book/market-file.ts';
import { measureCommands, measurePeakMemory } from '../bench/interleave.ts';
import { createTestMarket, type TestMarket } from '../helpers/whole-market.ts';
import { PROJECT_ROOT, type Section, check } from './world.ts';

const NOW = '2026-11-19T08:00:00-05:00';
const NEWEST = '2026-11-18';
const CONDITION = 'rsi14 < 30 and close > sma200 and dollarVolume > 20000000';
const SESSIONS = 260;
const LIMIT = 200;
const KILLS = 3;
const PROGRAM = join(PROJECT_ROOT, 'bin/fin.js');

export async function soakWholeMarket(): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'fin-soak-market-'));
  const market = inCents(createTestMarket(10_000, SESSIONS, NEWEST));
  const file = join(folder, 'bars.csv.gz');
  await pipeline(linesOf(market), createGzip({ level: 1 }), createWriteStream(file));
  const exchange = spawn(process.execPath, [PROGRAM, 'exchange', '--port', '0', '--bars', file], {
    env: { PATH: process.env['PATH'], HOME: folder, FIN_NOW: NOW },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const counter = await startCounter(await addressOf(exchange));
  try {
    const dataDir = join(folder, 'data');
    const env = {
      MASSIVE_API_KEY: 'soak-of-the-market',
      MASSIVE_BASE_URL: counter.baseUrl,
      FIN_POLYGON_RPM: String(LIMIT),
      FIN_NOW: NOW,
      FIN_DATA_DIR: dataDir,
      FIN_CACHE_DIR: join(folder, 'cache'),
    };
    const startedMs = performance.now();
    const warmed = await fillWithKills(counter.sentAtMs, env);
    const seconds = (performance.now() - startedMs) / 1_000;
    const megabytes = statSync(join(dataDir, MARKET_FILE)).size / 1e6;
    const args = [PROGRAM, 'scan', CONDITION, '--json', '--quiet'];
    const found = spawnSync(process.execPath, args, { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' });
    const rows = (JSON.parse(found.stdout) as { data: { rows: { symbol: string }[] } }).data.rows;
    const symbols = rows.map(({ symbol }) => symbol).sort();
    const expected = findByHand(market).sort();
    const { count } = counter.answered;
    const [, scan] = measureCommands(
      [
        { name: 'node -e 0', args: ['-e', '0'] },
        { name: 'scan', args, env },
      ],
      15,
    );
    const peak = measurePeakMemory({ name: 'scan', args, env }) / 1e6;
    const ratio = scan?.ratio ?? NaN;
    const most = mostInAMinute(counter.sentAtMs);
    return {
      title: 'Whole market',
      how: `10,000 symbols x ${SESSIONS} sessions behind \`fin exchange --bars\`; \`fin cache warm --market ${SESSIONS}\` with ${LIMIT} requests a minute allowed and interrupted by ${KILLS} SIGKILLs, ${seconds.toFixed(0)} s in all; then \`fin scan "${CONDITION}"\` as a complete process.`,
      findings: [
        check(
          'sessions saved after the kills',
          `all ${SESSIONS}`,
          warmed,
          warmed.startsWith(`${SESSIONS} of ${SESSIONS} `),
        ),
        // Beside those cut off by a kill or a timeout: four may have been answered and not kept when a kill came.
        check(
          'requests answered for them',
          `at most ${SESSIONS + 1 + KILLS * 4}`,
          count,
          count <= SESSIONS + 1 + KILLS * 4,
        ),
        check('most of them in any minute', `at most ${LIMIT * 0.8}`, most, most <= LIMIT * 0.8),
        check('starts of node', 'at most 10', ratio.toFixed(1), ratio <= 10),
        check('peak memory', 'under 500 MB', `${peak.toFixed(0)} MB`, peak < 500),
        check('size of a year', 'under 200 MB', `${megabytes.toFixed(0)} MB`, megabytes < 200),
        check(
          'symbols found, equal to an independent computation',
          String(expected.length),
          symbols.length,
          symbols.join() === expected.join(),
        ),
      ],
    };
  } finally {
    counter.server.close();
    exchange.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a file of bars has them. */
function inCents(market: TestMarket): TestMarket {
  const cents = (price: number): number => Number(price.toFixed(2));
  return {
    ...market,
    adjusted: (symbol, date) => {
      const bar = market.adjusted(symbol, date);
      return (
        bar && { ...bar, open: cents(bar.open), high: cents(bar.high), low: cents(bar.low), close: cents(bar.close) }
      );
    },
  };
}

function* linesOf({ dates, symbols, adjusted }: TestMarket): Generator<string> {
  yield 'date,symbol,open,high,low,close,volume\n';
  for (const date of dates)
    yield symbols
      .map((symbol) => {
        const { open, high, low, close, volume } = adjusted(symbol, date) ?? {};
        return `${[date, symbol, open, high, low, close, volume].join(',')}\n`;
      })
      .join('');
}

function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    stdout?.on('data', (chunk: Buffer) => {
      const found = /listening on (http:\S+)/.exec((said += chunk.toString()))?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

/** In front of the exchange: when each request arrived. */
async function startCounter(
  target: string,
): Promise<{ server: Server; baseUrl: string; sentAtMs: number[]; answered: { count: number } }> {
  const sentAtMs: number[] = [];
  const answered = { count: 0 };
  const pass: RequestListener = (incoming, outgoing) => {
    sentAtMs.push(performance.now());
    outgoing.once('finish', () => (answered.count += 1));
    const { url, method, headers } = incoming;
    const onward = request(new URL(url ?? '/', target), { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sentAtMs, answered };
}

/** @returns what the run says that comes to its end */
async function fillWithKills(sentAtMs: readonly number[], env: Record<string, string>): Promise<string> {
  const args = [PROGRAM, 'cache', 'warm', '--market', String(SESSIONS), '--timeout', '900', '--quiet'];
  for (let kill = 1; ; kill += 1) {
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    const timer = setInterval(() => {
      if (kill <= KILLS && sentAtMs.length >= kill * 40) child.kill('SIGKILL');
    }, 10);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    clearInterval(timer);
    if (code !== null) return said.trim();
  }
}

function mostInAMinute(timesMs: readonly number[]): number {
  return Math.max(...timesMs.map((from) => timesMs.filter((ms) => ms >= from && ms < from + 60_000).length));
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
