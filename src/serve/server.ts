// The server as a whole: listens, times and logs every request, and ends in order. Hides sockets and their limits: who
// sends slowly or reads nothing is cut.
import { type Server, type ServerOptions, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { dataFolderOf } from '../book/data-folder.ts';
import { CancelledError, ConfigError } from '../domain/errors.ts';
import type { McpHttp } from '../mcp/index.ts';
import { delay } from '../http/delay.ts';
import { type App, type NodeEnv, askedOf, createApp } from './app.ts';
import { type HotAnswers, createHotAnswers } from './hot.ts';
import { JSON_HEADERS } from './replies.ts';
import { toFoundDocument } from '../app/commands/data.ts';
import { createClientConversations } from './conversations.ts';
import { type Asked, createGuard, isLoopbackHost } from './guard.ts';
import type { ServeHost, ServeParts } from './host.ts';
import { type DataRoute, listDataRoutes } from './data.ts';
import { createJobs } from './jobs.ts';
import { openLogouts } from './logouts.ts';
import { type Metrics, createMetrics } from './metrics.ts';
import { createOpenApi } from './openapi.ts';
import { renderMetrics, renderStats } from './stats.ts';
import { createRefreshAhead } from '../app/refresh-ahead.ts';
import { formatJson } from '../render/json.ts';
import { readPage } from './page.ts';
import { createQueue } from '../app/queue.ts';
import { createWatches } from './watch.ts';

export interface ServeOptions {
  host: string;
  port: number;
  origin?: string;
  /** Addresses of clients are those that a proxy passes on. */
  trustsProxy?: boolean;
  concurrency: number;
  queue: number;
  /** Whether it works by itself: warming, readings, alerts. */
  background: boolean;
  /** Bounds that a test may shorten. */
  bounds?: Partial<Bounds>;
}

interface Bounds {
  headersMs: number;
  requestMs: number;
  /** Nothing goes either way. */
  silentMs: number;
  /** Nothing is asked on a connection whose answers are out. */
  idleMs: number;
  /** What runs when the server is asked to end. */
  drainMs: number;
  commentEveryMs: number;
}

export interface RunningServer {
  /** `http://127.0.0.1:4173` */
  url: string;
  port: number;
  /** Takes no more work, lets what runs come to its end within a bound, and closes. */
  drain(): Promise<void>;
}

const BOUNDS: Bounds = {
  headersMs: 10_000,
  requestMs: 20_000,
  silentMs: 120_000,
  // Longer than proxies keep theirs, most of them a minute.
  idleMs: 65_000,
  drainMs: 25_000,
  commentEveryMs: 15_000,
};
const JSON_TYPE = 'application/json; charset=utf-8';
const MOST_HEADER_BYTES = 16 * 1024;
const MOST_CONNECTIONS = 2_000;
const LAST_WRITES_MS = 2_000;
const LINES_EVERY_MS = 20;
const SAFE_TOKEN_CHARS = 16;
/** What Node begins with. */
const UNSET = 200;
const GONE = 499;
const LATE = 'ERR_HTTP_REQUEST_TIMEOUT';
const REFUSALS: { readonly [code: string]: string } = {
  [LATE]: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};

/** @throws ConfigError where the port cannot be had, or the host needs a token and none is set */
export async function startServer(given: ServeHost, options: ServeOptions): Promise<RunningServer> {
  const token = given.config.serveToken?.reveal();
  if (token === undefined && !isLoopbackHost(options.host))
    throw new ConfigError(`serve: --host ${options.host}: FIN_SERVE_TOKEN is not set`, {
      hint: 'set it to a long secret that clients must send, or serve only this machine with --host 127.0.0.1',
    });
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new ConfigError('serve: FIN_SERVE_TOKEN cannot be sent in a header: use letters, digits and signs', {
      hint: 'openssl rand -hex 16 makes one',
    });
  if (token !== undefined && token.length < SAFE_TOKEN_CHARS)
    given.output.note(
      `serve: FIN_SERVE_TOKEN has ${token.length} characters and can be guessed; openssl rand -hex 16 makes one`,
    );
  const bounds = { ...BOUNDS, ...options.bounds };
  const ended = new AbortController();
  const machineNow = (): number => given.clock.machineNow();
  const metrics = createMetrics();
  const runtime = await given.openRuntime();
  const ahead = options.background
    ? createRefreshAhead(
        runtime,
        given,
        metrics.reporter(({ type, ...event }) => given.log.write({ event: type, ahead: true, ...event })),
      )
    : undefined;
  const own = ahead === undefined ? runtime : { ...runtime, market: ahead.market };
  const host: ServeHost = {
    ...given,
    openRuntime: (provider) =>
      provider === undefined || provider === given.options.provider
        ? Promise.resolve(own)
        : given.openRuntime(provider),
  };
  const queue = createQueue({ concurrency: options.concurrency, mostWaiting: options.queue, machineNow });
  const parts: ServeParts = { host, queue, metrics };
  const watches = createWatches(parts, bounds.commentEveryMs);
  const conversations = createClientConversations(machineNow);
  const guard = createGuard({
    host: options.host,
    machineNow,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(token === undefined
      ? {}
      : { token, logouts: openLogouts(dataFolderOf(given.config), (text) => given.output.note(text)) }),
    ...(options.trustsProxy === undefined ? {} : { trustsProxy: options.trustsProxy }),
  });
  const jobs = options.background ? createJobs({ ...parts, tell: watches.tell }) : undefined;
  const watched = { ...parts, watches, conversations, jobs };
  let mcp: Promise<McpHttp> | undefined;
  const openMcp = (): Promise<McpHttp> => {
    mcp ??= import('../mcp/index.ts').then(({ createMcpHttp }) =>
      createMcpHttp({ ...host, redact: host.output.redact, book: dataFolderOf(host.config) }),
    );
    return mcp;
  };
  const routes = listDataRoutes(parts);
  const openApi = formatJson(createOpenApi(routes, host.version));
  const draining = new AbortController();
  const hot = createHotAnswers({
    clock: host.clock,
    freshness: runtime.freshness,
    counters: runtime.counters,
    render: (answer) => host.output.redact(formatJson(toFoundDocument('quote', answer))),
  });
  const app = createApp({
    asking: { ...parts, conversations },
    guard,
    page: readPage(host.packageRoot),
    watches,
    isDraining: () => draining.signal.aborted,
    ended: ended.signal,
    whyNotReady: () => {
      if (draining.signal.aborted) return 'draining';
      return runtime.database.isOnDisk() ? undefined : 'the cache file cannot be used';
    },
    routes,
    hot,
    documents: {
      '/api/v1/stats': { type: JSON_TYPE, render: () => renderStats(watched) },
      '/metrics': { type: 'text/plain; version=0.0.4; charset=utf-8', render: () => renderMetrics(watched) },
      '/openapi.json': { type: JSON_TYPE, render: () => Promise.resolve(openApi) },
    },
    // Who is on this machine, or has shown the token, may see the book.
    mcp: (request) => openMcp().then((mcp) => mcp.handle(request, { isOwner: true })),
  });
  const lines = createLines((text) => host.output.remark(text));
  const log: RequestLog = ({ method, path }, outgoing, ms) => {
    const { writableFinished } = outgoing;
    const at = new Date(host.clock.machineNow()).toISOString();
    const entry = { at, method, path, status: codeOf(outgoing), ms: Math.round(ms * 10) / 10 };
    lines.write(JSON.stringify(writableFinished ? entry : { ...entry, gone: true }));
  };
  const server = createNodeServer(app, { bounds, hot, metrics, routeOf: createRouteNames(routes), log });
  const port = await listen(server, options);
  const worked = jobs?.start(draining.signal);
  ahead?.start();

  async function drain(): Promise<void> {
    draining.abort();
    ahead?.stop();
    watches.close();
    await Promise.race([queue.idle(), delay(bounds.drainMs, ended.signal)]);
    ended.abort(new CancelledError('the server is shutting down', { hint: 'ask again in a moment' }));
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.race([Promise.all([closed, worked]), delay(LAST_WRITES_MS, new AbortController().signal)]);
    await mcp?.then((each) => each.close());
    server.closeAllConnections();
    await closed;
    lines.flush();
  }

  return { url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`, port, drain };
}

type RequestLog = (asked: Asked, outgoing: ServerResponse, ms: number) => void;

/** A label of bounded number: paths are written by strangers. */
function createRouteNames(routes: readonly DataRoute[]): (path: string) => string {
  const labels = new Set([
    ...routes.map(({ form }) => `/api/v1/${form.name}`),
    ...['ask', 'watch', 'stats'].map((name) => `/api/v1/${name}`),
    ...['/health/live', '/health/ready', '/metrics', '/openapi.json', '/mcp', '/login', '/logout'],
  ]);
  return (path) => (labels.has(path) ? path : path.startsWith('/api/') ? 'other' : 'page');
}

/** What listens: an answer that is kept as text goes out before the app hears of the request. */
function createNodeServer(
  app: App,
  parts: {
    bounds: Bounds;
    hot: HotAnswers;
    metrics: Metrics;
    routeOf: (path: string) => string;
    log: RequestLog;
  },
): Server {
  const { bounds, hot, metrics, routeOf, log } = parts;
  const listener = getRequestListener((request, env) => app.fetch(request, env as NodeEnv));
  const checkEveryMs = Math.min(2_000, bounds.headersMs / 4);
  const serverOptions: ServerOptions = {
    headersTimeout: bounds.headersMs,
    requestTimeout: bounds.requestMs,
    connectionsCheckingInterval: checkEveryMs,
    keepAliveTimeout: bounds.idleMs,
    maxHeaderSize: MOST_HEADER_BYTES,
  };
  const lastAnswers = new WeakMap<Socket, ServerResponse>();
  const server = createServer(serverOptions, (incoming, outgoing) => {
    const startedMs = performance.now();
    const asked = askedOf(incoming);
    outgoing.once('close', () => {
      const ms = performance.now() - startedMs;
      metrics.observe(routeOf(asked.path), codeOf(outgoing), ms / 1_000);
      log(asked, outgoing, ms);
    });
    lastAnswers.set(incoming.socket, outgoing);
    const { url = '' } = incoming;
    const isHot = asked.method === 'GET' && hot.has(url) && app.refuse(asked) === undefined;
    const text = isHot ? hot.find(url) : undefined;
    if (text === undefined) {
      void listener(incoming, outgoing);
      return;
    }
    outgoing.writeHead(200, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(text) });
    outgoing.end(text);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = bounds.silentMs;
  server.on('timeout', cutWhenSilent);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === LATE) cutWhenLate(socket, lastAnswers, checkEveryMs);
    else cut(socket, error.code, lastAnswers.get(socket));
  });
  return server;
}

/** Of what has ended; a client that has gone got none, which others count as 499 too. */
function codeOf({ headersSent, statusCode }: ServerResponse): number {
  return headersSent || statusCode !== UNSET ? statusCode : GONE;
}

/** Where the process stood still timers come first: what has arrived meanwhile is read before a connection counts as silent. */
function cutWhenSilent(socket: Socket): void {
  const { bytesRead } = socket;
  setImmediate(() => {
    if (socket.bytesRead === bytesRead) socket.destroy();
  });
}

/**
 * The same for a request whose time is up. Node says so once, so who has sent something meanwhile is given `moreMs` here,
 * once, for the rest.
 */
function cutWhenLate(socket: Socket, lastAnswers: WeakMap<Socket, ServerResponse>, moreMs: number): void {
  const before = lastAnswers.get(socket);
  const wasWhole = before?.req.complete === true;
  const { bytesRead } = socket;
  const cutUnlessWhole = (leftMs: number): void => {
    const last = lastAnswers.get(socket);
    if (last?.req.complete === true && (last !== before || !wasWhole)) return;
    if (leftMs > 0 && socket.bytesRead > bytesRead) setTimeout(() => setImmediate(cutUnlessWhole, 0), leftMs).unref();
    else cut(socket, LATE, last);
  };
  setImmediate(cutUnlessWhole, moreMs);
}

/** As Node does where nobody listens. */
function cut(socket: Socket, code = '', last?: ServerResponse): void {
  const isAnswering = last !== undefined && last.headersSent && !last.writableFinished;
  const refusal = REFUSALS[code] ?? '400 Bad Request';
  if (last?.headersSent === false) last.statusCode = Number.parseInt(refusal, 10);
  if (socket.writable && !isAnswering) socket.write(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
  socket.destroy();
}

function listen(server: Server, { host, port }: ServeOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      const why = inUse ? 'another program uses this port' : (error.code ?? error.message);
      const hint = inUse
        ? `stop it, or take another port: fin serve --port ${port + 1}; 0 takes any free one`
        : 'choose another --host or --port';
      reject(new ConfigError(`serve: cannot listen on ${host}:${port}: ${why}`, { hint, cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Lines of the log go out together: writing each by itself would take longer than many an answer. */
function createLines(print: (text: string) => void): { write(line: string): void; flush(): void } {
  let lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length > 0) print(lines.join('\n'));
    lines = [];
  };
  return {
    write: (line) => {
      lines.push(line);
      timer ??= setTimeout(flush, LINES_EVERY_MS);
    },
    flush,
  };
}
