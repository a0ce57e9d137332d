// A real fin serve for every part of the load, and clients on sockets of their own that time each answer. What is not 200
// is told on standard error, refusals of a full queue too.
import { writeFileSync } from 'node:fs';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Machine, type SoakMarket, createMachine } from '../soak/world.ts';

export interface Serving extends AsyncDisposable {
  url: string;
  pid: number;
  machine: Machine;
  /** What it has written to standard error, at its end. */
  end(): Promise<string>;
}

export interface ServingOptions {
  args?: readonly string[];
  env?: Record<string, string>;
  /** Everything stays fresh, so that what must be fetched can be counted. */
  isLasting?: boolean;
}

const HOUR = { openSeconds: 3_600 };

/** Without background work: every provider call is one that somebody asked for. */
export async function startServing(
  market: SoakMarket,
  { args = [], env = {}, isLasting = false }: ServingOptions = {},
): Promise<Serving> {
  const machine = createMachine(market, { FIN_TRADIER_RPM: '100000', ...env });
  const home = machine.env['HOME'] ?? '';
  const config = join(home, 'config.json');
  const freshness = { quote: HOUR, chain: HOUR, running_bars: HOUR, provisional_bars: HOUR, market: HOUR };
  writeFileSync(config, JSON.stringify(isLasting ? { freshness } : {}));
  const own = { FIN_CONFIG: config, FIN_DATA_DIR: join(home, 'data') };
  const { child, ended } = machine.start(['serve', '--port', '0', '--no-background', ...args], own);
  const url = await new Promise<string>((found, lost) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      const [, address] = /listening on (\S+)/.exec(chunk.toString()) ?? [];
      if (address !== undefined) found(address);
    });
    void ended.then(({ stderr }) => lost(new Error(`fin serve did not listen: ${stderr}`)));
  });
  const end = async (): Promise<string> => {
    child.kill('SIGTERM');
    return (await ended).stderr;
  };
  return {
    url,
    pid: child.pid ?? 0,
    machine,
    end,
    [Symbol.asyncDispose]: async () => {
      await end();
      machine[Symbol.dispose]();
    },
  };
}

export interface Reply {
  /** 0: the connection failed, and the body says how. */
  status: number;
  body: string;
  ms: number;
}

export interface Client extends Disposable {
  get(path: string): Promise<Reply>;
  ask(question: string): Promise<Reply>;
  /** Counts the events of a stream until the client is closed. */
  watch(symbols: string): { events(): number };
}

/** One user: connections kept alive, known by a name of its own. */
export function createClient({ url }: Pick<Serving, 'url'>, name: string): Client {
  const agent = new Agent({ keepAlive: true });
  const streams: ClientRequest[] = [];
  const open = (method: string, path: string, headers: Record<string, string>): ClientRequest =>
    request(url + path, { method, agent, headers: { 'x-fin-client': name, ...headers } });

  function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Reply> {
    const startedMs = performance.now();
    return new Promise((resolve) => {
      const outgoing = open(method, path, headers);
      const done = (status: number, said: string): void => {
        const ms = performance.now() - startedMs;
        if (status !== 200)
          process.stderr.write(
            `${new Date().toISOString()} ${name} ${method} ${path}: ${status} after ${ms.toFixed(0)} ms: ${said.slice(0, 500).replaceAll(/\s+/g, ' ')}\n`,
          );
        resolve({ status, body: said, ms });
      };
      const fail = (error: Error): void => done(0, error.message);
      outgoing.once('error', fail);
      outgoing.once('response', (incoming: IncomingMessage) => {
        text(incoming).then((said) => done(incoming.statusCode ?? 0, said), fail);
      });
      outgoing.end(body);
    });
  }

  return {
    get: (path) => send('GET', path),
    ask: (question) =>
      send(
        'POST',
        '/api/v1/ask',
        { 'content-type': 'application/json' },
        JSON.stringify({ question, model: 'builtin' }),
      ),
    watch: (symbols) => {
      let events = 0;
      const stream = open('GET', `/api/v1/watch?symbols=${symbols}`, { accept: 'text/event-stream' });
      stream.on('response', (incoming: IncomingMessage) =>
        incoming
          .on('data', (chunk: Buffer) => (events += chunk.toString().split('event: quotes').length - 1))
          .on('error', () => undefined),
      );
      stream.on('error', () => undefined);
      stream.end();
      streams.push(stream);
      return { events: () => events };
    },
    [Symbol.dispose]: () => {
      for (const stream of streams) stream.destroy();
      agent.destroy();
    },
  };
}

export interface Spread {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  /** Answers that were none. */
  errors: number;
}

export function spreadOf(replies: readonly Reply[]): Spread {
  const times = replies.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
  return {
    count: times.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    errors: replies.filter(({ status }) => status !== 200).length,
  };
}

export function renderSpread({ count, p50, p95, p99 }: Spread): string {
  return `${count} answers, p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, p99 ${p99.toFixed(1)} ms`;
}
