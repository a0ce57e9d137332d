// What every part of the soak stands on: the sample exchange on a real socket that remembers what it was asked and what
// it said, real fin processes with an environment of their own, and the form in which a part reports.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createExchange } from '../../src/sample/exchange.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import { formatExchangeIso } from '../../src/domain/exchange-time.ts';
import { type RecordedRequest, startScriptedServer } from '../helpers/scripted-server.ts';

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = join(PROJECT_ROOT, 'bin/fin.js');

/** One thing that must hold, with what was measured. */
export interface Finding {
  what: string;
  wanted: string;
  measured: string;
  ok: boolean;
}

export interface Section {
  title: string;
  how: string;
  findings: Finding[];
}

export interface SoakMarket extends AsyncDisposable {
  baseUrl: string;
  requests: RecordedRequest[];
  latencyMs: number;
  /** Cuts every connection without an answer. */
  isDown: boolean;
  /** Market time in exchange form, for FIN_NOW. */
  now(): string;
  setNow(iso: string): void;
  /** Whether the exchange has ever said this figure of this symbol. */
  hasSaid(symbol: string, last: number): boolean;
}

/** In session; the market's time runs with the machine's until it is set. */
/** @param speed seconds of the market in a second of the machine */
export async function startMarket(startIso = '2026-11-19T10:00:00-05:00', speed = 1): Promise<SoakMarket> {
  const startedMs = Date.now();
  let aheadMs = Date.parse(startIso) - startedMs;
  const clock = {
    now: () => startedMs + aheadMs + (Date.now() - startedMs) * speed,
    machineNow: () => Date.now(),
  };
  const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
  const said = new Set<string>();
  const server = await startScriptedServer((request) => {
    if (market.isDown) return { fault: 'reset' };
    const reply = exchange.handle({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: request.body,
    });
    for (const [, symbol, last] of reply.body.matchAll(/"symbol":"([A-Z.]+)"[^{}]*?"last":([\d.]+)/g))
      said.add(`${symbol ?? ''} ${Number(last)}`);
    for (const [, symbol] of reply.body.matchAll(/"ticker":"([A-Z.]+)"/g))
      for (const [, last] of reply.body.matchAll(/"(?:c|p|price|last)":([\d.]+)/g))
        said.add(`${symbol ?? ''} ${Number(last)}`);
    return { status: reply.status, headers: { ...reply.headers }, body: reply.body, delayMs: market.latencyMs };
  });
  const market: SoakMarket = {
    baseUrl: server.baseUrl,
    requests: server.requests,
    latencyMs: 0,
    isDown: false,
    now: () => formatExchangeIso(clock.now()),
    setNow: (iso) => void (aheadMs = Date.parse(iso) - Date.now()),
    hasSaid: (symbol, last) => said.has(`${symbol} ${last}`),
    [Symbol.asyncDispose]: () => server.close(),
  };
  return market;
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

export interface Machine extends Disposable {
  cacheDir: string;
  env: Record<string, string>;
  start(args: readonly string[], env?: Record<string, string>): { child: ChildProcess; ended: Promise<Ended> };
  run(args: readonly string[], env?: Record<string, string>): Promise<Ended>;
}

/** A user's machine with a cache folder of its own and keys of both providers. */
export function createMachine(market: SoakMarket, env: Record<string, string> = {}): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'fin-soak-'));
  const base = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    FIN_CACHE_DIR: join(folder, 'cache'),
    TRADIER_ACCESS_TOKEN: 'soak-tradier-token',
    TRADIER_BASE_URL: market.baseUrl,
    ...env,
  };
  const start: Machine['start'] = (args, own = {}) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      env: { ...base, FIN_NOW: market.now(), ...own },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
    const ended = new Promise<Ended>((done) =>
      child.on('close', (code) => done({ code, stdout, stderr, ms: performance.now() - startedMs })),
    );
    return { child, ended };
  };
  return {
    cacheDir: base.FIN_CACHE_DIR,
    env: base,
    start,
    run: (args, own) => start(args, own).ended,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Quotes of a document of `fin quote --json`. */
export function quotesOf(ended: Ended): { symbol: string; last: number }[] {
  return (JSON.parse(ended.stdout) as { data?: { symbol: string; last: number }[] }).data ?? [];
}

export function check(what: string, wanted: string, measured: string | number, ok: boolean): Finding {
  return { what, wanted, measured: String(measured), ok };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

export function residentMegabytes(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? NaN) / 1_000;
}
