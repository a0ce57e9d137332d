// Cached quotes a second of `fin serve`, as a ratio to a bare node:http server that sends the same body: both are processes
// of their own, asked by equal sockets in rounds so short that a machine whose speed drifts slows both.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median } from './interleave.ts';

export interface ServeReport {
  /** Requests a second, medians of the rounds. */
  perSecond: number;
  bare: number;
  /** Median over the rounds. */
  ratio: number;
  /** Of all requests to `fin serve`. */
  p99Ms: number;
  failed: number;
}

const PROGRAM = resolve(import.meta.dirname, '../../bin/fin.js');
const PATH = '/api/v1/quote?symbols=NVDA';
const CONNECTIONS = 50;
const ROUND_MS = 250;
/** Code that has not been asked often is not compiled yet. */
const WARM_MS = 2_000;
const HEAD_END = Buffer.from('\r\n\r\n');

export async function measureServe(rounds: number): Promise<ServeReport> {
  const folder = mkdtempSync(join(tmpdir(), 'fin-bench-serve-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    FIN_CACHE_DIR: join(folder, 'cache'),
    FIN_NOW: '2026-11-21T12:00:00-05:00',
  };
  const fin = await start([PROGRAM, 'serve', '--port', '0'], env);
  const body = await (await fetch(fin.url + PATH)).text();
  const bare = await start(['-e', BARE], { ...env, BODY: body });
  try {
    const counts: { fin: number; bare: number }[] = [];
    const all: Round = { times: [], failed: 0 };
    for (const { url } of [fin, bare]) await run(url, WARM_MS, { times: [], failed: 0 });
    for (let round = 0; round < rounds; round += 1) {
      const before = all.times.length;
      await run(fin.url, ROUND_MS, all);
      const other: Round = { times: [], failed: 0 };
      await run(bare.url, ROUND_MS, other);
      counts.push({ fin: all.times.length - before, bare: other.times.length });
    }
    all.times.sort((a, b) => a - b);
    return {
      perSecond: median(counts.map((each) => each.fin * (1_000 / ROUND_MS))),
      bare: median(counts.map((each) => each.bare * (1_000 / ROUND_MS))),
      ratio: median(counts.map((each) => each.fin / each.bare)),
      p99Ms: all.times[Math.floor(all.times.length * 0.99)] ?? NaN,
      failed: all.failed,
    };
  } finally {
    for (const { child } of [fin, bare]) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

const BARE = `const body = process.env.BODY;
require('node:http').createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}).listen(0, '127.0.0.1', function () { console.log('listening on http://127.0.0.1:' + this.address().port); });`;

async function start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise<string>((found, lost) => {
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      const [, address] = /listening on (\S+)/.exec(shown) ?? [];
      if (address !== undefined) found(address);
    });
    child.once('exit', () => lost(new Error(`${args.join(' ').slice(0, 60)} did not listen`)));
  });
  return { child, url };
}

interface Round {
  times: number[];
  failed: number;
}

async function run(url: string, ms: number, round: Round): Promise<void> {
  const { hostname, port, host } = new URL(url);
  const request = `GET ${PATH} HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
  const untilMs = performance.now() + ms;
  const work = (socket: Socket): Promise<void> =>
    new Promise((done, reject) => {
      let held: Buffer = Buffer.alloc(0);
      let sentMs = 0;
      const send = (): void => {
        sentMs = performance.now();
        socket.write(request);
      };
      socket.on('data', (chunk) => {
        held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
        const end = held.indexOf(HEAD_END);
        if (end < 0) return;
        const head = held.toString('latin1', 0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
        if (held.length < end + HEAD_END.length + length) return;
        held = Buffer.alloc(0);
        round.times.push(performance.now() - sentMs);
        if (!head.startsWith('HTTP/1.1 200')) round.failed += 1;
        if (performance.now() < untilMs) send();
        else socket.end(done);
      });
      socket.once('error', reject);
      socket.once('connect', send);
    });
  await Promise.all(Array.from({ length: CONNECTIONS }, () => work(connect(Number(port), hostname))));
}
