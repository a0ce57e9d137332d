// The sample market as the agent's tests use it: the real runtime on a cache of its own, with clocks that stand still.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import type { MarketData } from '../../src/market/market-data.ts';
import { openRuntime } from '../../src/app/runtime.ts';
import type { ToolContext } from '../../src/tools/answer.ts';

/** A Thursday afternoon of the regular session. */
export const NOW = Date.parse('2026-11-19T15:00:00-05:00');

export interface SampleContext extends AsyncDisposable {
  context: ToolContext;
  /** Requests that were sent to the sample exchange, by endpoint. */
  sent: string[];
}

export interface SampleContextOptions {
  /** Puts itself before the market, as a port that waits, fails or says something hostile. */
  around?(market: MarketData): MarketData;
  signal?: AbortSignal;
  /** After NOW. */
  laterMs?: number;
  now?: number;
}

export function openSampleContext({
  around = (market) => market,
  signal,
  laterMs = 0,
  now = NOW,
}: SampleContextOptions = {}): SampleContext {
  const folder = mkdtempSync(join(tmpdir(), 'fin-agent-'));
  const config = loadConfig({
    env: { FIN_CACHE_DIR: join(folder, 'cache') },
    workingDirectory: folder,
    packageRoot: folder,
    homeDirectory: folder,
    temporaryDirectory: tmpdir(),
  });
  const clock = { now: () => now + laterMs, machineNow: () => now };
  const runtime = openRuntime({ config, clock, onNote: () => undefined });
  const sent: string[] = [];
  const call = {
    signal: signal ?? new AbortController().signal,
    deadlineMs: now + 90_000,
    priority: 'question' as const,
    ignoreRemembered: false,
    report: (event: { type: string; endpoint?: string }) => {
      if (event.type === 'request') sent.push(event.endpoint ?? '');
    },
  };
  return {
    context: { market: around(runtime.market), clock, request: { refresh: false, offline: false, call } },
    sent,
    [Symbol.asyncDispose]: async () => {
      await runtime.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
