// A real Redis for tests: on a free port, in a folder of its own, keeping nothing on disk. Where no redis-server is
// installed (Debian: apt-get install redis-server) the tests that need one are skipped and say so.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'iovalkey';

export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;
export const WITHOUT_REDIS = HAS_REDIS ? '' : ' (skipped: redis-server is not installed)';

export interface RedisServer extends AsyncDisposable {
  url: string;
  port: number;
  /** To look in and to put things in, with full keys. */
  client: Redis;
  /** Killed at once; nothing that it held comes back. */
  kill(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
  /** Neither answers nor hangs up. */
  pause(): void;
  resume(): void;
}

export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'fin-redis-'));
  const port = await findPort();
  let child: ChildProcess | undefined;
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, maxRetriesPerRequest: 3 });
  client.on('error', () => undefined);

  async function start(): Promise<void> {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const started = spawn('redis-server', [...own, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      started.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (/ready to accept connections/i.test(output)) resolve();
      });
      started.once('exit', () => reject(new Error(`redis-server ended:\n${output}`)));
    });
  }

  async function kill(): Promise<void> {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await gone;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    kill,
    start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
