// Real fin processes of the built program on one cache folder, counted at the server.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTempFolder, openDatabase } from '../cache/helpers.ts';
import { type CountingExchange, IN_SESSION, WEEKEND, createTestClock, startCountingExchange } from './world.ts';

const FIN = resolve(import.meta.dirname, '../../bin/fin.js');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: readonly string[], env: Record<string, string>): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [FIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, ...texts })));
  return { child, ended };
}

function environment(server: CountingExchange, folder: string): Record<string, string> {
  return { TRADIER_BASE_URL: server.baseUrl, TRADIER_ACCESS_TOKEN: 'tr-s3cret-token', FIN_CACHE_DIR: folder };
}

/** One running clock for all processes; FIN_NOW would let each begin at its own start, seconds apart on a busy machine. */
function clockAt(nowMs: number): Record<string, string> {
  const hook = join(createTempFolder(), 'clock.cjs');
  writeFileSync(hook, `const { now } = Date; Date.now = () => now() + ${nowMs - Date.now()};`);
  return { NODE_OPTIONS: `--require ${hook}` };
}

interface QuoteDocument {
  data: { symbol: string; last: number }[];
  meta: { freshness: string; providerCalls: number };
}

describe('processes that run at the same time', () => {
  it.runIf(existsSync(FIN))(
    '32 of them asking the same thing send one request and all print the same figure',
    async () => {
      const server = await startCountingExchange(createTestClock(WEEKEND));
      server.latencyMs = 400;
      const env = { ...environment(server, createTempFolder()), ...clockAt(WEEKEND) };
      const ended = await Promise.all(Array.from({ length: 32 }, () => start(['quote', 'AAPL', '--json'], env).ended));
      expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from({ length: 32 }, () => [0, '']));
      expect(server.calls()).toBe(1);
      const documents = ended.map(({ stdout }) => JSON.parse(stdout) as QuoteDocument);
      expect(new Set(documents.map(({ data }) => data[0]?.last)).size).toBe(1);
      expect(documents.reduce((sum, { meta }) => sum + meta.providerCalls, 0)).toBe(1);
    },
  );

  it('ask themselves at once where the one that was asking is killed', async () => {
    const server = await startCountingExchange(createTestClock(IN_SESSION));
    let seen = 0;
    server.interfere = () => ((seen += 1) === 1 ? { fault: 'hang' } : undefined);
    const env = { ...environment(server, createTempFolder()), FIN_NOW: '2026-11-19T11:00:00-05:00' };
    const first = start(['quote', 'AAPL', '--json'], env);
    while (seen === 0) await new Promise((done) => setTimeout(done, 5));
    const second = start(['quote', 'AAPL', '--json'], env);
    await new Promise((done) => setTimeout(done, 500));
    expect(server.calls()).toBe(1);
    const killedAtMs = performance.now();
    first.child.kill('SIGKILL');
    expect((await second.ended).code).toBe(0);
    // Far below the time for which one that lives would be waited for.
    expect(performance.now() - killedAtMs).toBeLessThan(8_000);
    expect(server.calls()).toBe(2);
  });

  it('leave a healthy file without leases when they are killed in the middle of their work', async () => {
    const server = await startCountingExchange(createTestClock(IN_SESSION));
    server.latencyMs = 30;
    const folder = createTempFolder();
    const env = environment(server, folder);
    const symbols = ['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA', 'SPY', 'QQQ', 'META'];
    const started = symbols.map((symbol, index) =>
      start(['bundle', symbol, '--json'], { ...env, FIN_NOW: `2026-11-19T11:${10 + index}:00-05:00` }),
    );
    for (const [index, { child }] of started.entries()) setTimeout(() => child.kill('SIGKILL'), 150 + index * 40);
    await Promise.all(started.map(({ ended }) => ended));
    const last = await start(['quote', ...symbols, '--json'], { ...env, FIN_NOW: '2026-11-19T11:30:00-05:00' }).ended;
    expect([last.code, last.stderr]).toEqual([0, '']);
    expect((JSON.parse(last.stdout) as QuoteDocument).data).toHaveLength(8);
    const { database } = openDatabase(folder);
    expect(database.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
    // A dead process's lease that nobody has asked for since is taken over by the first who does.
    const after = await start(['bundle', 'AAPL', '--json'], { ...env, FIN_NOW: '2026-11-19T12:30:00-05:00' }).ended;
    expect([after.code, after.stderr]).toEqual([0, '']);
  });
});

describe('a cache folder that is a symbolic link', () => {
  it('is refused with a note, and the answer comes all the same', async () => {
    const server = await startCountingExchange(createTestClock(IN_SESSION));
    const folder = createTempFolder();
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'));
    const { code, stdout, stderr } = await start(['quote', 'AAPL', '--json'], environment(server, join(folder, 'link')))
      .ended;
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as QuoteDocument).data[0]?.symbol).toBe('AAPL');
    expect(stderr).toMatch(/^note: cache: .*is a symbolic link; continuing without the cache file\n$/);
    expect(existsSync(join(folder, 'elsewhere', 'cache.sqlite'))).toBe(false);
  });
});
