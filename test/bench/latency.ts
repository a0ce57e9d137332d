// Work that has to ask a provider 200 ms away: a cold comparison of three symbols and the histories of fifty, against
// the time that the latency alone takes. Every run has an empty cache of its own.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { cleanEnvironment, median } from './interleave.ts';
import { FIFTY_SYMBOLS, TWENTY_COLUMNS } from './wide-table.ts';

const FIN = resolve(import.meta.dirname, '../../bin/fin.js');
const LATENCY_MS = 200;
const IN_FLIGHT = 10;
const NOW = '2026-11-21T12:00:00-05:00';

export interface LatencyRow {
  name: string;
  medianMs: number;
  /** What the latency alone takes. */
  idealMs: number;
  /** Time above the ideal in units of `node -e 0` of the same rounds. */
  nodeStartsAbove: number;
  /** From the first request's arrival to the last answer, to the ideal; start-up and output left out. */
  rounds: number;
  requests: number;
}

export interface LatencyReport {
  nodeMs: number;
  rows: LatencyRow[];
}

interface Work {
  name: string;
  args: readonly string[];
  idealRounds: number;
}

export async function measureLatency(rounds: number): Promise<LatencyReport> {
  const { server, url } = await startServer();
  try {
    const works: Work[] = [
      { name: 'quotes of three symbols', args: ['quote', 'NVDA', 'AMD', 'AAPL'], idealRounds: 1 },
      { name: 'indicators of three symbols', args: ['ta', 'NVDA', 'AMD', 'AAPL'], idealRounds: 1 },
      {
        name: 'ask: compare three symbols',
        args: ['ask', 'compare NVDA, AMD and AAPL over the past month'],
        idealRounds: 1,
      },
      {
        name: 'histories of fifty symbols',
        args: ['ta', ...FIFTY_SYMBOLS],
        idealRounds: Math.ceil(FIFTY_SYMBOLS.length / IN_FLIGHT),
      },
      {
        name: 'table of fifty symbols by twenty',
        args: ['table', ...FIFTY_SYMBOLS, '--columns', TWENTY_COLUMNS],
        // All quotes are one request, beside the first series.
        idealRounds: Math.ceil((FIFTY_SYMBOLS.length + 1) / IN_FLIGHT),
      },
    ];
    const times = new Map<string, { ms: number; spanMs: number; requests: number }[]>(
      works.map(({ name }) => [name, []]),
    );
    const nodeTimes: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const nodeMs = timeNode();
      const taken = [];
      for (const work of works) taken.push({ name: work.name, ...(await runCold(work, url)) });
      // The first round fills the server's answers and the compiled code.
      if (round < 0) continue;
      nodeTimes.push(nodeMs);
      for (const { name, ...each } of taken) times.get(name)?.push(each);
    }
    const nodeMs = median(nodeTimes);
    return { nodeMs, rows: works.map((work) => summarise(work, times.get(work.name) ?? [], nodeMs)) };
  } finally {
    server.kill();
  }
}

function summarise(
  { name, idealRounds }: Work,
  runs: readonly { ms: number; spanMs: number; requests: number }[],
  nodeMs: number,
): LatencyRow {
  const medianMs = median(runs.map(({ ms }) => ms));
  const idealMs = idealRounds * LATENCY_MS;
  return {
    name,
    medianMs,
    idealMs,
    nodeStartsAbove: (medianMs - idealMs) / nodeMs,
    rounds: median(runs.map(({ spanMs }) => spanMs)) / idealMs,
    requests: median(runs.map(({ requests }) => requests)),
  };
}

async function runCold({ name, args }: Work, url: string): Promise<{ ms: number; spanMs: number; requests: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'fin-bench-'));
  const env = {
    ...cleanEnvironment(),
    FIN_NOW: NOW,
    FIN_CACHE_DIR: folder,
    FIN_DATA_DIR: join(folder, 'data'),
    XDG_CONFIG_HOME: folder,
    TRADIER_ACCESS_TOKEN: 'bench-access-token',
    TRADIER_BASE_URL: url,
    FIN_TRADIER_RPM: '100000',
  };
  const started = performance.now();
  const run = spawnSync(process.execPath, [FIN, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ms = performance.now() - started;
  rmSync(folder, { recursive: true, force: true });
  if (run.status !== 0)
    throw new Error(`${name} ended with ${String(run.status)}: ${run.stderr.toString().slice(0, 500)}`);
  const spans = (await (await fetch(`${url}/bench/spans`)).json()) as { from: number; to: number }[];
  return {
    ms,
    spanMs: Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from)),
    requests: spans.length,
  };
}

function timeNode(): number {
  const started = performance.now();
  spawnSync(process.execPath, ['-e', '0'], { env: cleanEnvironment(), stdio: 'ignore' });
  return performance.now() - started;
}

async function startServer(): Promise<{ server: ChildProcessByStdio<null, Readable, null>; url: string }> {
  const server = spawn(process.execPath, [resolve(import.meta.dirname, 'slow-exchange.ts')], {
    env: { ...cleanEnvironment(), LATENCY_MS: String(LATENCY_MS), FIN_NOW: NOW },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return { server, url: line.toString().trim() };
}
