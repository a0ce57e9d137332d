// A provider that takes its time: the sample exchange behind a socket whose every answer waits LATENCY_MS. Run as a
// process of its own, so that what is measured does not share its event loop. Prints its address; answers are kept, so
// that making them takes no time in a measured run. `GET /bench/spans` gives when requests came and went.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createExchange } from '../../src/sample/exchange.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';

const latencyMs = Number(process.env['LATENCY_MS'] ?? 200);
const nowMs = Date.parse(process.env['FIN_NOW'] ?? '2026-11-21T12:00:00-05:00');
const clock = { now: () => nowMs, machineNow: () => Date.now() };
const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
const kept = new Map<string, { status: number; headers: Record<string, string>; bytes: Buffer }>();
const spans: { from: number; to: number }[] = [];

function replyTo(method: string, path: string, body: string) {
  const key = `${method} ${path} ${body}`;
  const held = kept.get(key);
  if (held !== undefined) return held;
  const reply = exchange.handle({ method, path, headers: {}, body });
  const made = { status: reply.status, headers: { ...reply.headers }, bytes: Buffer.from(reply.body) };
  kept.set(key, made);
  return made;
}

const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path === '/bench/spans') {
    response.end(JSON.stringify(spans.splice(0)));
    return;
  }
  const from = performance.now();
  const { status, headers, bytes } = replyTo(request.method ?? 'GET', path, await text(request));
  setTimeout(
    () => {
      response.writeHead(status, { ...headers, 'content-length': bytes.length });
      response.end(bytes);
      spans.push({ from, to: performance.now() });
    },
    Math.max(0, latencyMs - (performance.now() - from)),
  );
}
// The bench itself asks between runs that take longer than Node keeps an idle connection.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`),
);
