// fin serve as the program: it says where it listens, ends in order, and explains why it does not begin.
import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type MarketServer, TRADIER_KEY, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, type StartedFin, createHome } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

function keep<T extends AsyncDisposable>(opened: T): T {
  open.push(opened);
  return opened;
}

interface Serving {
  home: FinHome;
  market: MarketServer;
  fin: StartedFin;
  url: string;
}

async function serve(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Serving> {
  const market = keep(await startMarket(NOW));
  const home = keep(await createHome({ ...asTradier(market), FIN_NOW: NOW, ...env }));
  const fin = home.start(['serve', '--port', '0', ...args]);
  const shown = await fin.shows(/listening on (\S+)\n/);
  const [, url = ''] = /listening on (\S+)\n/.exec(shown) ?? [];
  return { home, market, fin, url };
}

describe('fin serve', () => {
  it('answers with the very JSON of the command, from the cache that both share', async () => {
    const { home, market, url, fin } = await serve();
    const served = (await (await fetch(`${url}/api/v1/quote?symbols=NVDA`)).json()) as { data: object[] };
    const printed = await home.run(['quote', 'NVDA', '--json']);
    const document = JSON.parse(printed.stdout) as { data: object[]; meta: object };
    expect(document.data).toEqual(served.data);
    expect(document.meta).toMatchObject({ freshness: 'cached', providerCalls: 0 });
    expect(market.count('quotes')).toBe(1);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    fin.child.kill('SIGTERM');
    const { stdout, stderr, exitCode } = await fin.ended;
    expect(exitCode).toBe(143);
    expect(stdout).toBe(`listening on ${url}\n`);
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { method: 'GET', path: '/api/v1/quote', status: 200 },
      { method: 'GET', path: '/', status: 200 },
    ]);
    expect(stderr).not.toContain(TRADIER_KEY);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('lets what runs come to its end after %s, takes no more work, and ends with %i', async (signal, code) => {
    const { market, url, fin } = await serve();
    market.latencyMs = 1_500;
    const asked = market.arrives('quotes');
    const running = fetch(`${url}/api/v1/quote?symbols=NVDA`);
    await asked;
    fin.child.kill(signal);
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const refused = await fetch(`${url}/api/v1/quote?symbols=AMD`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await running).status).toBe(200);
    expect((await fin.ended).exitCode).toBe(code);
  });

  it('says what to do where its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const home = keep(await createHome({ FIN_NOW: NOW }));
    const { exitCode, stderr, stdout } = await home.run(['serve', '--port', String(port)]);
    other.close();
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toBe(
      `fin: serve: cannot listen on 127.0.0.1:${port}: another program uses this port\nhint: stop it, or take another port: fin serve --port ${port + 1}; 0 takes any free one\n`,
    );
  });

  it('serves other machines only with a token, which .env cannot give', async () => {
    const home = keep(await createHome({ FIN_NOW: NOW }));
    await writeFile(join(home.workDir, '.env'), 'FIN_SERVE_TOKEN=a-token-of-a-foreign-folder\n');
    const { exitCode, stderr } = await home.run(['serve', '--port', '0', '--host', '0.0.0.0']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('FIN_SERVE_TOKEN in .env is ignored');
    expect(stderr).toContain('FIN_SERVE_TOKEN is not set');
    const { url, fin } = await serve(['--host', '0.0.0.0'], { FIN_SERVE_TOKEN: 'a-long-token-of-this-server' });
    const local = url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${local}/api/v1/quote?symbols=NVDA`)).status).toBe(401);
    const headers = { authorization: 'Bearer a-long-token-of-this-server' };
    expect((await fetch(`${local}/api/v1/quote?symbols=NVDA`, { headers })).status).toBe(200);
    fin.child.kill('SIGTERM');
    expect((await fin.ended).stderr).not.toContain('a-long-token');
  });

  it.each([
    [['--port', '70000'], '--port "70000"'],
    [['--concurrency', '0'], '--concurrency "0"'],
    [['--queue', 'many'], '--queue "many"'],
    [['--origin', 'fin.example.com/x'], '--origin'],
    [['--host', '192.0.2.1.5'], 'FIN_SERVE_TOKEN'],
  ])('refuses %j', async (args, said) => {
    const home = keep(await createHome({ FIN_NOW: NOW }));
    const { exitCode, stderr } = await home.run(['serve', ...args]);
    expect([2, 3]).toContain(exitCode);
    expect(stderr).toContain(said);
  });
});
