// Lists far longer than any that exists: what grows with them ends with the time given and with a signal.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTradier } from '../helpers/market-server.ts';
import { type FinHome, createHome } from '../helpers/run-fin.ts';
import { type ScriptedServer, startScriptedServer } from '../helpers/scripted-server.ts';

const NOW = '2026-11-19T11:00:00-05:00';
let server: ScriptedServer;
let home: FinHome;

beforeAll(async () => {
  const option = Array.from({ length: 60_000 }, (_, index) => (index + 1) / 100).flatMap((strike, index) =>
    (['call', 'put'] as const).map((side) => ({
      symbol: `BIG261120${side === 'call' ? 'C' : 'P'}${String((index + 1) * 10).padStart(8, '0')}`,
      option_type: side,
      strike,
      expiration_date: '2026-11-20',
      bid: 1,
      ask: 1.1,
      open_interest: index % 97,
    })),
  );
  const chain = JSON.stringify({ options: { option } });
  const date = Array.from({ length: 100_000 }, (_, day) =>
    new Date(Date.UTC(2026, 10, 20 + day)).toISOString().slice(0, 10),
  );
  const expirations = JSON.stringify({ expirations: { date } });
  server = await startScriptedServer(({ path }) =>
    path.endsWith('/chains') || path.endsWith('/expirations')
      ? {
          body: path.endsWith('/chains') ? chain : expirations,
          headers: { 'content-type': 'application/json' },
        }
      : { body: { quotes: { quote: { symbol: 'BIG', last: 100, trade_date: Date.parse(NOW) } } } },
  );
  home = await createHome({ ...asTradier(server), FIN_NOW: NOW });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await server.close();
});

const ARGS = ['chain', 'BIG', '--expiration', '2026-11-20', '--refresh', '--strikes', 'all'];
/** A busy machine, and what JSON.parse takes in one go. */
const SLACK_MS = 6_000;

describe('a chain of 120,000 contracts', () => {
  it('ends with the time given', async () => {
    const run = await home.run([...ARGS, '--timeout', '2']);
    expect(run.exitCode).toBe(7);
    expect(run.stderr).toMatch(/^fin: .*\nhint: /);
    expect(run.ms).toBeLessThan(2_000 + SLACK_MS);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with %s while it is read', async (signal, exitCode) => {
    const before = server.requests.length;
    const started = home.start(ARGS);
    await expect
      .poll(() => server.requests.slice(before).some(({ path }) => path.endsWith('/chains')), { timeout: 20_000 })
      .toBe(true);
    const sentMs = performance.now();
    started.child.kill(signal);
    const run = await started.ended;
    expect(run.exitCode).toBe(exitCode);
    expect(performance.now() - sentMs).toBeLessThan(SLACK_MS);
  });

  it('ends with SIGINT while it is drawn', async () => {
    const started = home.start(ARGS);
    await started.shows('CALLS');
    const sentMs = performance.now();
    started.child.kill('SIGINT');
    const run = await started.ended;
    expect([130, 0]).toContain(run.exitCode);
    expect(performance.now() - sentMs).toBeLessThan(SLACK_MS);
  });
});

describe('100,000 expirations', () => {
  it('end with the time given, also where they are only read from the cache and drawn', async () => {
    const run = await home.run(['expirations', 'BIG', '--refresh', '--timeout', '0.5']);
    expect([run.exitCode, run.stderr]).toEqual([7, expect.stringMatching(/^fin: .*\nhint: /)]);
    expect(run.ms).toBeLessThan(SLACK_MS);
    const whole = await home.run(['expirations', 'BIG']);
    expect(whole.exitCode).toBe(0);
    expect(whole.stdout).toContain('100,000 dates');
    const drawn = await home.run(['expirations', 'BIG', '--offline', '--timeout', '0.2']);
    expect(drawn.exitCode).toBe(7);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('end with %s while they are read', async (signal, exitCode) => {
    const before = server.requests.length;
    const started = home.start(['expirations', 'BIG', '--refresh']);
    await expect.poll(() => server.requests.length > before, { timeout: 20_000 }).toBe(true);
    started.child.kill(signal);
    expect((await started.ended).exitCode).toBe(exitCode);
  });
});
