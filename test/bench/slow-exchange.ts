// A provider that takes its time: the sample exchange behind a socket whose every answer waits LATENCY_MS. Run as a
// process of its own, so that what is measured does not share its event loop. Prints its address; answers are kept, so
// that making them takes no time in a measured run. `GET /bench/spans` gives when requests came and went.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExchange } from '../../src/sample/exchange.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';

const latencyMs = Number(process.env['LATENCY_MS'] ?? 200);
const nowMs = Date.parse(process.env['FIN_NOW'] ?? '2026-11-21T12:00:00-05:00');
const clock = { now: () => nowMs, machineNow: () => Date.now() };
const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
const kept = new Map<string, { status: number; headers: Record<string, string>; bytes: Buffer }>();
const spans: { from: number; to: number }[] = [];

function replyTo(path: string) {
  const held = kept.get(path);
  if (held !== undefined) return held;
  const reply = exchange.handle({ method: 'GET', path, headers: {}, body: '' });
  const made = { status: reply.status, headers: { ...reply.headers }, bytes: Buffer.from(reply.body) };
  kept.set(path, made);
  return made;
}

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  if (path === '/bench/spans') {
    response.end(JSON.stringify(spans.splice(0)));
    return;
  }
  const from = performance.now();
  const { status, headers, bytes } = replyTo(path);
  setTimeout(
    () => {
      response.writeHead(status, { ...headers, 'content-length': bytes.length });
      response.end(bytes);
      spans.push({ from, to: performance.now() });
    },
    Math.max(0, latencyMs - (performance.now() - from)),
  );
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`),
);
