// A local HTTP server that answers by script and remembers what it was asked. Real sockets, one per test, port 0.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface RecordedRequest {
  method: string;
  /** Path and query as they came. */
  url: string;
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** `performance.now()` at its arrival. */
  atMs: number;
}

/** One answer. An object as body is sent as JSON; without a body it is empty. */
export interface ScriptedReply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Before the first byte is sent. */
  delayMs?: number;
  /** `reset`: the connection is cut without an answer. `truncate`: in the middle of the body. `hang`: nothing ever comes. */
  fault?: 'reset' | 'truncate' | 'hang';
}

export type ReplyScript = (request: RecordedRequest, index: number) => ScriptedReply | Promise<ScriptedReply>;

export interface ScriptedServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  baseUrl: string;
  host: string;
  requests: RecordedRequest[];
  /** Requests that a list of steps had no answer left for; each got a 500. */
  unexpected: RecordedRequest[];
  close(): Promise<void>;
}

/** Answers by function, or by a list of steps, one a request. */
export async function startScriptedServer(script: ReplyScript | readonly ScriptedReply[]): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const unexpected: RecordedRequest[] = [];

  async function answer(request: RecordedRequest, index: number): Promise<ScriptedReply> {
    if (typeof script === 'function') return script(request, index);
    const step = script[index];
    if (step !== undefined) return step;
    unexpected.push(request);
    return { status: 500, body: 'the script of this server has no answer left' };
  }

  const server = createServer((incoming, outgoing) => {
    void record(incoming).then(async (request) => {
      const index = requests.push(request) - 1;
      await send(await answer(request, index), incoming, outgoing);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { baseUrl: `http://${host}`, host, requests, unexpected, close, [Symbol.asyncDispose]: close };
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const atMs = performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = incoming.url ?? '/';
  const [path = '', search = ''] = url.split('?', 2);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const body = Buffer.concat(chunks).toString('utf8');
  return { method: incoming.method ?? '', url, path, query: new URLSearchParams(search), headers, body, atMs };
}

async function send(reply: ScriptedReply, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (reply.delayMs !== undefined) await delay(reply.delayMs);
  if (reply.fault === 'hang') return;
  if (reply.fault === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const isText = typeof reply.body === 'string';
  const body = Buffer.from(
    reply.body === undefined ? '' : isText ? (reply.body as string) : JSON.stringify(reply.body),
  );
  outgoing.writeHead(reply.status ?? 200, {
    'content-type': isText ? 'text/plain' : 'application/json',
    ...reply.headers,
    'content-length': String(body.length),
  });
  if (reply.fault !== 'truncate') {
    outgoing.end(body);
    return;
  }
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy());
}
