// A server on a real socket in the test's own process: a real cache file, the sample exchange behind a socket that counts,
// and a client that says each header itself.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { openRuntime } from '../../src/app/runtime.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { type Config, Secret } from '../../src/config.ts';
import { createConversationStore, openConversationDatabase } from '../../src/book/conversations.ts';
import { createRedactor } from '../../src/domain/redaction.ts';
import type { Clock, ProviderName } from '../../src/domain/types.ts';
import type { ServeHost } from '../../src/serve/host.ts';
import { type RunningServer, type ServeOptions, startServer } from '../../src/serve/server.ts';
import { PROJECT_ROOT } from '../helpers/run-fin.ts';
import { type CountingExchange, IN_SESSION, createTestClock, startCountingExchange } from '../market/world.ts';

export const KEY = 'trd-Secret/Key+0123456789';

export interface World {
  server: RunningServer;
  exchange: CountingExchange;
  host: ServeHost;
  /** Lines of its log. */
  lines: string[];
  notes: string[];
  folder: string;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body: string, headers?: Record<string, string>): Promise<Reply>;
  /** Bytes as they are; what came until the other side closed. */
  raw(bytes: string, waitMs?: number): Promise<string>;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  ms: number;
}

export interface WorldOptions extends Partial<Omit<ServeOptions, 'port'>> {
  token?: string;
  clock?: Clock;
  config?: Partial<Config>;
  limitPerMinute?: number;
}

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export async function startWorld({
  token,
  clock = createTestClock(IN_SESSION),
  config: over,
  limitPerMinute = 1_000,
  ...options
}: WorldOptions = {}): Promise<World> {
  const exchange = await startCountingExchange(clock);
  const folder = mkdtempSync(join(tmpdir(), 'fin-serve-'));
  mkdirSync(join(folder, 'root/dist/page'), { recursive: true });
  writeFileSync(join(folder, 'root/dist/page/index.html'), '<!doctype html><title>fin</title>');
  writeFileSync(join(folder, 'root/dist/page/page.css'), 'p { margin: 0 }\n'.repeat(100));
  writeFileSync(join(folder, 'root/dist/page/login.html'), '<!doctype html><title>log in</title>');
  writeFileSync(join(folder, 'root/dist/secret.txt'), 'not for the page');
  symlinkSync(join(PROJECT_ROOT, 'prompts'), join(folder, 'root/prompts'));
  const config: Config = {
    tradier: { token: new Secret(KEY), baseUrl: exchange.baseUrl, environment: 'production', limitPerMinute },
    cacheDir: join(folder, 'cache'),
    dataDir: join(folder, 'data'),
    freshness: {},
    usesOldPolygonName: false,
    secrets: [new Secret(KEY), ...(token === undefined ? [] : [new Secret(token)])],
    notes: [],
    ...(token === undefined ? {} : { serveToken: new Secret(token) }),
    ...over,
  };
  const lines: string[] = [];
  const notes: string[] = [];
  const redact = createRedactor(config.secrets.map((secret) => secret.reveal()));
  const runtimes = new Map<ProviderName | undefined, ReturnType<typeof openRuntime>>();
  const stop = new AbortController();
  const conversations = openConversationDatabase(config, () => undefined);
  const host: ServeHost = {
    config,
    clock,
    version: '0.0.0',
    startedMs: clock.machineNow(),
    commands: COMMANDS,
    packageRoot: join(folder, 'root'),
    options: { offline: false, refresh: false },
    signal: stop.signal,
    deadlineMs: Infinity,
    reportCall: () => undefined,
    log: { beginTurn: () => undefined, write: () => undefined },
    output: {
      redact,
      note: (said) => void notes.push(said),
      remark: (said) => void lines.push(...redact(said).split('\n')),
    },
    openConversations: () => Promise.resolve(createConversationStore(conversations)),
    openRuntime: async (provider) => {
      const opened =
        runtimes.get(provider) ??
        openRuntime({
          config,
          clock,
          onNote: (said) => void notes.push(said),
          ...(provider === undefined ? {} : { provider }),
        });
      runtimes.set(provider, opened);
      await opened.recalled;
      return opened;
    },
  };
  const server = await startServer(host, {
    host: '127.0.0.1',
    port: 0,
    concurrency: 10,
    queue: 100,
    background: false,
    ...options,
  });
  cleanups.push(async () => {
    await server.drain();
    for (const opened of runtimes.values()) await opened.close();
    conversations.leave();
    rmSync(folder, { recursive: true, force: true });
  });
  const { port } = server;

  function send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Reply> {
    const startedMs = performance.now();
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (incoming) => {
        text(incoming).then((said) => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: said,
            ms: performance.now() - startedMs,
          });
        }, reject);
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  return {
    server,
    exchange,
    host,
    lines,
    notes,
    folder,
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, body, headers = {}) => send('POST', path, { 'content-type': 'application/json', ...headers }, body),
    raw: (bytes, waitMs = 20_000) =>
      new Promise((resolve) => {
        let said = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        const end = (): void => {
          clearTimeout(timer);
          socket.destroy();
          resolve(said);
        };
        const timer = setTimeout(end, waitMs);
        socket.on('data', (chunk) => (said += chunk.toString()));
        socket.on('error', end);
        socket.on('close', end);
      }),
  };
}

export interface StreamedEvent {
  event: string;
  data: unknown;
}

export interface EventSourceLike {
  events: StreamedEvent[];
  /** With its comments. */
  text(): string;
  status: number;
  /** Resolves when this event has come for the n-th time. */
  shows(event: string, times?: number): Promise<StreamedEvent>;
  ended: Promise<void>;
  close(): void;
}

/** A client that reads a stream of events. */
export function openEvents(
  { server }: Pick<World, 'server'>,
  path: string,
  { method = 'GET', body, headers = {} }: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<EventSourceLike> {
  return new Promise((resolve, reject) => {
    const accept = {
      accept: 'text/event-stream',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const outgoing = request(
      { host: '127.0.0.1', port: server.port, path, method, headers: { ...accept, ...headers }, agent: false },
      (incoming) => {
        let held = '';
        let all = '';
        const listeners = new Set<() => void>();
        const events: StreamedEvent[] = [];
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          all += chunk;
          held += chunk;
          const blocks = held.split('\n\n');
          held = blocks.pop() ?? '';
          for (const block of blocks) {
            const [, event] = /^event: (.*)$/m.exec(block) ?? [];
            const [, data] = /^data: (.*)$/m.exec(block) ?? [];
            if (event !== undefined && data !== undefined) events.push({ event, data: JSON.parse(data) as unknown });
          }
          for (const listener of listeners) listener();
        });
        const ended = new Promise<void>((done) => incoming.once('close', done));
        incoming.on('error', () => undefined);
        resolve({
          events,
          text: () => all,
          status: incoming.statusCode ?? 0,
          ended,
          close: () => void outgoing.destroy(),
          shows: (event, times = 1) =>
            new Promise((found, lost) => {
              const look = (): void => {
                const own = events.filter((each) => each.event === event)[times - 1];
                if (own === undefined) return;
                listeners.delete(look);
                found(own);
              };
              listeners.add(look);
              void ended.then(() => lost(new Error(`the stream ended without ${event}: ${all}`)));
              look();
            }),
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
