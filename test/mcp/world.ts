// A host of the Model Context Protocol on the sample market: over real sockets and a real cache file where requests are
// counted and fail, with clients that speak raw JSON-RPC of either era over HTTP or lines.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createTempFolder } from '../cache/helpers.ts';
import {
  type CountingExchange,
  IN_SESSION,
  createTestClock,
  openProcess,
  startCountingExchange,
} from '../market/world.ts';
import { createRedactor } from '../../src/domain/redaction.ts';
import type { CallEvent } from '../../src/http/http.ts';
import { type CallLimits, CALL_LIMITS, type Calls, type McpHost, createCalls } from '../../src/mcp/calls.ts';
import { createMcpHttp } from '../../src/mcp/server.ts';
import { serveMcpOnStdio } from '../../src/mcp/stdio.ts';

export const MODERN = '2026-07-28';
export const SECRET = 'secret-Key/0123456789';

/** Lists and positions of a user. */
export const BOOK = {
  lists: { core: ['NVDA', 'AMD'], 'my list/ü': ['SPY'] },
  positions: [{ id: 1, symbol: 'NVDA', quantity: 100, cost: 18_050 }],
};

export interface McpWorld {
  host: McpHost;
  calls: Calls;
  exchange: CountingExchange;
  events: CallEvent[];
  logged: Record<string, unknown>[];
}

export interface WorldOptions {
  limits?: Partial<CallLimits>;
  offline?: boolean;
  book?: object;
}

/** A provider in the format of Tradier and Polygon, in session. */
export async function createWorld({ limits = {}, offline = false, book = BOOK }: WorldOptions = {}): Promise<McpWorld> {
  const clock = createTestClock(IN_SESSION);
  const exchange = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: exchange, polygon: exchange });
  const folder = createTempFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'book.json'), JSON.stringify(book), { mode: 0o600 });
  const events: CallEvent[] = [];
  const logged: Record<string, unknown>[] = [];
  const host: McpHost = {
    version: '9.9.9',
    clock,
    options: { offline, refresh: false },
    reportCall: (event) => void events.push(event),
    log: { beginTurn: () => undefined, write: (entry) => void logged.push({ ...entry }) },
    redact: createRedactor([SECRET]),
    book: { path: folder },
    openRuntime: () => Promise.resolve({ market }),
  };
  return { host, calls: createCalls(host, { ...CALL_LIMITS, ...limits }), exchange, events, logged };
}

/** What tests look at of results of any method. */
export interface Result {
  protocolVersion: string;
  serverInfo: { name: string };
  tools: { name: string }[];
  structuredContent: { summary: string; data: unknown[] };
  content: { text: string }[];
  isError?: boolean;
  resources: { uri: string }[];
  resourceTemplates: unknown[];
  contents: { text: string }[];
  prompts: { name: string }[];
  messages: unknown[];
}

export interface Reply {
  id?: string | number | null;
  method?: string;
  result?: Result;
  error?: { code: number; message: string; data?: unknown };
  params?: { progressToken?: unknown; progress?: number; message?: string };
}

/** @throws Error for an error in its place */
export function resultOf({ result, error }: Reply): Result {
  if (result === undefined) throw new Error(error?.message ?? 'no result');
  return result;
}

/** What a request of revision 2026-07-28 carries. */
export function modernMeta(more: object = {}): object {
  return {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    ...more,
  };
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

export interface LineClient {
  send(...messages: (object | string)[]): void;
  /** The reply to a request, when it has come. */
  reply(id: string | number | null): Promise<Reply>;
  received: Reply[];
  /** Resolves at the next line that fits. */
  line(fits: (reply: Reply) => boolean): Promise<Reply>;
  end(): void;
  ended: Promise<void>;
  notes: string[];
}

/** A client on standard input and output, in this process. */
export function connectLines({ host, calls }: McpWorld, signal = new AbortController().signal): LineClient {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const notes: string[] = [];
  const received: Reply[] = [];
  const listeners = new Set<() => void>();
  let text = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    received.push(...lines.map((line) => JSON.parse(line) as Reply));
    for (const listener of listeners) listener();
  });
  const line = (fits: (reply: Reply) => boolean): Promise<Reply> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = received.find(fits);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  const ended = serveMcpOnStdio({ host, calls, input, output, signal, onNote: (note) => void notes.push(note) });
  return {
    send: (...messages) => {
      for (const message of messages)
        input.write(typeof message === 'string' ? message : `${JSON.stringify(message)}\n`);
    },
    reply: (id) => line((each) => each.id === id && each.method === undefined),
    line,
    received,
    end: () => input.end(),
    ended,
    notes,
  };
}

export interface HttpClient {
  url: string;
  post(body: unknown, headers?: Record<string, string>, signal?: AbortSignal): Promise<Response>;
  /** A request of revision 2026-07-28 with the headers that it needs. */
  modern(method: string, params?: Record<string, unknown>, signal?: AbortSignal): Promise<Response>;
  legacy(method: string, params?: object): Promise<Reply>;
  close(): Promise<void>;
}

/** The handler behind a server of Node's own, as `fin serve` mounts it. */
export async function serveHttp({ host, calls }: McpWorld, isOwner = true): Promise<HttpClient> {
  const mcp = createMcpHttp(host, calls);
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = new Request(`http://${incoming.headers.host ?? ''}${incoming.url ?? ''}`, {
        method: incoming.method ?? 'GET',
        headers: Object.entries(incoming.headers).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value] as [string, string]] : [],
        ),
        signal: gone.signal,
        ...(incoming.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
      });
      void mcp.handle(request, { isOwner }).then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        for await (const chunk of response.body ?? []) outgoing.write(chunk);
        outgoing.end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`;
  let id = 0;
  const post: HttpClient['post'] = (body, headers = {}, signal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    url,
    post,
    modern: (method, params = {}, signal) => {
      const { _meta = {}, ...others } = params;
      const name = params['name'] ?? params['uri'];
      return post(
        { jsonrpc: '2.0', id: (id += 1), method, params: { ...others, _meta: modernMeta(_meta as object) } },
        {
          'mcp-protocol-version': MODERN,
          'mcp-method': method,
          ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
        },
        signal,
      );
    },
    legacy: async (method, params = {}) => {
      const response = await post(
        { jsonrpc: '2.0', id: (id += 1), method, params },
        { 'mcp-protocol-version': '2025-06-18' },
      );
      return (await messagesOf(response)).at(-1) ?? {};
    },
    close: async () => {
      await mcp.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Of a JSON body or of events. */
export async function messagesOf(response: Response): Promise<Reply[]> {
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('event-stream') !== true) return [JSON.parse(text) as Reply];
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as Reply);
}
