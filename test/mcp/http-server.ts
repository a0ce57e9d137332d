// The handler of the Model Context Protocol behind a server of Node's own, as `fin serve` mounts it, and a client that
// speaks raw JSON-RPC of either era. Needs no test runner.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { McpHttp } from '../../src/mcp/server.ts';

export const MODERN = '2026-07-28';

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

export interface HttpClient {
  url: string;
  post(body: unknown, headers?: Record<string, string>, signal?: AbortSignal): Promise<Response>;
  /** A request of revision 2026-07-28 with the headers that it needs. */
  modern(method: string, params?: Record<string, unknown>, signal?: AbortSignal): Promise<Response>;
  legacy(method: string, params?: object): Promise<Reply>;
  close(): Promise<void>;
}

export interface ServeOptions {
  isOwner?: boolean;
  /** Answers in place of the handler what it refuses. */
  guard?(request: Request): Response | undefined;
}

/** The handler behind a server of Node's own, as `fin serve` mounts it. */
export async function serveHttp(
  mcp: McpHttp,
  { isOwner = true, guard = () => undefined }: ServeOptions = {},
): Promise<HttpClient> {
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
      const answered = guard(request) ?? mcp.handle(request, { isOwner });
      void Promise.resolve(answered).then(async (response) => {
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
