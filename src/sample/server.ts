// Puts the exchange on a socket: plain HTTP with kept connections and bounded requests, on the loopback address.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './exchange.ts';

const MOST_BODY_BYTES = 1_000_000;
const KEEP_ALIVE_MS = 65_000;
const LINES_EVERY_MS = 500;

export interface ExchangeServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/** Listens on `host`; port 0 takes any free one. Rejects when the port cannot be had. */
export async function startExchangeServer(options: {
  exchange: Exchange;
  port: number;
  host: '127.0.0.1';
}): Promise<ExchangeServer> {
  const { createServer } = await import('node:http');
  const server = createServer((incoming, outgoing) => {
    answer(options.exchange, incoming, outgoing).catch((error: unknown) => {
      failWith(outgoing, error);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(exchange: Exchange, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await readBody(incoming);
  if (body === undefined) {
    outgoing.writeHead(413, { 'content-type': 'text/plain', 'fin-sample': 'true', connection: 'close' });
    outgoing.end('Request body too large');
    return;
  }
  const reply = exchange.handle({
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: incoming.headers.host === undefined ? {} : { host: incoming.headers.host },
    body,
  });
  if (reply.nextLines !== undefined) {
    outgoing.writeHead(reply.status, reply.headers);
    stream(outgoing, reply.nextLines);
    return;
  }
  const bytes = Buffer.from(reply.body);
  outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': bytes.length });
  outgoing.end(bytes);
}

/** As long as somebody reads; one who reads too slowly misses what is new meanwhile. */
function stream(outgoing: ServerResponse, nextLines: () => readonly string[]): void {
  const send = (): void => {
    if (!outgoing.writableNeedDrain) for (const line of nextLines()) outgoing.write(`${line}\n`);
  };
  send();
  const timer = setInterval(send, LINES_EVERY_MS);
  outgoing.once('close', () => clearInterval(timer));
}

/** The whole body, or undefined for one that is too large. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A caller that has gone away needs no answer; anything else is a defect, answered as one and without its stack. */
function failWith(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.destroyed) return;
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(500, { 'content-type': 'text/plain', 'fin-sample': 'true' });
  outgoing.end(`Internal error: ${error instanceof Error ? error.message : String(error)}`);
}
