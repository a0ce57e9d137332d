// What strangers may send to a socket: nothing of it stops the server, reaches a file or stays for ever.
import { once } from 'node:events';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Socket, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startWorld, type World } from './world.ts';

const HOST = 'host: 127.0.0.1\r\n';
const post = (body: string, headers = ''): string =>
  `POST /api/v1/ask HTTP/1.1\r\n${HOST}content-type: application/json\r\n${headers}connection: close\r\n\r\n${body}`;

async function expectAlive(world: World): Promise<void> {
  expect((await world.get('/health/live')).status).toBe(200);
}

interface SlowClient {
  write(bytes: string): void;
  isOpen(): boolean;
  said: Promise<string>;
}

/** A connection whose first bytes the server has seen; what follows comes in the turn that begins with the timers. */
async function openSlow(world: World, begun: string): Promise<SlowClient> {
  let accepted: Socket | undefined;
  const accept = (message: unknown): void => {
    accepted ??= (message as { socket: Socket }).socket;
  };
  subscribe('net.server.socket', accept);
  const socket = connect(world.server.port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => (said += chunk.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(said)));
  socket.write(begun);
  await expect.poll(() => accepted?.bytesRead, { interval: 5 }).toBe(begun.length);
  unsubscribe('net.server.socket', accept);
  await setImmediate();
  return { write: (bytes) => void socket.write(bytes), isOpen: () => !socket.closed, said: closed };
}

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a body', () => {
  it.each([
    ['', 400],
    ['{', 400],
    ['null', 400],
    ['[]', 400],
    ['"price"', 400],
    ['{"question":""}', 400],
    ['{"question":7}', 400],
    ['{"question":null}', 400],
    ['{"question":"market status","session":7}', 400],
    ['{"question":"market status","session":null,"model":null}', 200],
    ['\ufeff{"question":"market status"}', 200],
    ['{"question":"price of NVDA","colour":"red"}', 400],
    ['{"question":"price of NVDA","session":"../../x"}', 400],
    [`{"question":"${'x'.repeat(20_001)}"}`, 400],
    ['{"question":"price of NVDA","model":"gpt-x"}', 501],
    [`{"question":"${'x'.repeat(70_000)}"}`, 413],
    ['{"question":"price of \\ud800 NVDA"}', 501],
    ['{"__proto__":{"question":"x"},"question":"price of NVDA"}', 400],
  ])('of %s is answered with %i', async (body, status) => {
    const world = await startWorld();
    const reply = await world.post('/api/v1/ask', body);
    expect(reply.status).toBe(status);
    expect((JSON.parse(reply.body) as { ok: boolean }).ok).toBe(status === 200);
    await expectAlive(world);
  });

  it.each([
    [
      'another charset',
      { 'content-type': 'application/json; charset=utf-8' },
      Buffer.from('{"question":"caf\xe9"}', 'latin1'),
      400,
    ],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync('{"question":"market status"}'), 415],
    ['as it is', { 'content-encoding': 'identity' }, Buffer.from('{"question":"market status"}'), 200],
  ])('that is %s is answered for what it is', async (_how, headers, body, status) => {
    const world = await startWorld();
    const reply = await fetch(`${world.server.url}/api/v1/ask`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    const document = (await reply.json()) as { errors: { message: string }[] };
    expect(reply.status).toBe(status);
    if (status !== 200) expect(document.errors[0]?.message).toMatch(/is not UTF-8|is compressed/);
  });

  it('in pieces without a length is bounded too', async () => {
    const world = await startWorld();
    const piece = `1000\r\n${'x'.repeat(4_096)}\r\n`;
    const said = await world.raw(post(piece.repeat(20), 'transfer-encoding: chunked\r\n'));
    expect(said).toMatch(/^HTTP\/1.1 413 /);
    await expectAlive(world);
  });
});

describe('a socket', () => {
  it.each([
    ['nonsense', 'hello\r\n\r\n', /^HTTP\/1.1 400 /],
    ['headers that are too long', `GET / HTTP/1.1\r\n${HOST}x: ${'y'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
    ['two lengths', post('{}', 'content-length: 2\r\ncontent-length: 3\r\n'), /^HTTP\/1.1 400 /],
    [
      'a length and pieces',
      post('0\r\n\r\n', 'content-length: 5\r\ntransfer-encoding: chunked\r\n'),
      /^HTTP\/1.1 400 /,
    ],
    ['no Host', 'GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n', /^HTTP\/1.1 400 /],
    [
      'two Hosts',
      `GET /health/live HTTP/1.1\r\n${HOST}host: evil.example\r\nconnection: close\r\n\r\n`,
      /^HTTP\/1.1 (?:400|403|200) /,
    ],
    ['another method', `PUT /api/v1/quote HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`, /^HTTP\/1.1 405 /],
    [
      'an address as path',
      `GET http://evil.example/ HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`,
      /^HTTP\/1.1 (?:400|403|404) /,
    ],
    [
      'a broken escape',
      `GET /api/v1/quote?symbols=%E0%A4%A HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`,
      /^HTTP\/1.1 400 /,
    ],
  ])('with %s gets an answer', async (_name, bytes, expected) => {
    const world = await startWorld();
    expect(await world.raw(bytes)).toMatch(expected);
    await expectAlive(world);
  });

  it.each([
    ['408', 'too slowly', post('{"ques', 'content-length: 60\r\n')],
    ['400', 'a broken piece', post('zz\r\n', 'transfer-encoding: chunked\r\n')],
    ['413', 'a whole flood', post('x'.repeat(70_000), 'content-length: 70000\r\n')],
  ])('is logged and counted as %s that sends its body %s', async (code, _how, bytes) => {
    const world = await startWorld({ bounds: { headersMs: 200, requestMs: 400 } });
    expect(await world.raw(bytes, 30_000)).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
    const { body } = await world.get('/metrics');
    expect(body).toContain(`fin_http_requests_total{route="/api/v1/ask",code="${code}"} 1\n`);
    expect(body).not.toContain('code="200"');
    await world.server.drain();
    expect(world.lines.join('\n')).toContain(`"path":"/api/v1/ask","status":${code}`);
  });

  it('whose client goes before it is answered is counted as 499', async () => {
    const world = await startWorld();
    world.exchange.interfere = () => ({ fault: 'hang' });
    await world.raw(`GET /api/v1/quote?symbols=NVDA HTTP/1.1\r\n${HOST}\r\n`, 300);
    await expect
      .poll(async () => (await world.get('/metrics')).body)
      .toContain('fin_http_requests_total{route="/api/v1/quote",code="499"} 1\n');
    await world.server.drain();
    expect(world.lines.join('\n')).toMatch(/"path":"\/api\/v1\/quote","status":499,.*"gone":true/);
  });

  it.each(['headers', 'a body'])('that sends %s too slowly is cut', async (what) => {
    const world = await startWorld({ bounds: { headersMs: 200, requestMs: 400 } });
    const begun = what === 'headers' ? 'GET / HTTP/1.1\r\nx: ' : post('{"ques', 'content-length: 60\r\n');
    const startedMs = performance.now();
    await world.raw(begun, 30_000);
    expect(performance.now() - startedMs).toBeLessThan(25_000);
    await expectAlive(world);
  });

  it('on which nothing goes either way is cut', async () => {
    const world = await startWorld({ bounds: { silentMs: 1_000 } });
    world.exchange.interfere = () => ({ fault: 'hang' });
    const said = await world.raw(`GET /api/v1/quote?symbols=NVDA HTTP/1.1\r\n${HOST}\r\n`, 30_000);
    expect(said).toBe('');
    await expectAlive(world);
  });

  it('that asked again while the process stood still is answered, and is cut when it asks no more', async () => {
    const world = await startWorld({ bounds: { idleMs: 1 } });
    const socket = connect(world.server.port, '127.0.0.1');
    const ask = (): boolean => socket.write(`GET /health/live HTTP/1.1\r\n${HOST}\r\n`);
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString()));
    const closed = once(socket, 'close');
    ask();
    await expect.poll(() => said).toContain('"ok"');
    said = '';
    // Behind it the next turn of the event loop begins with the timers.
    await setImmediate();
    ask();
    // Longer than Node keeps a connection beyond that.
    standStill(1_100);
    await closed;
    expect(said).toMatch(/^HTTP\/1.1 200 /);
  });

  const GET = `GET /health/live HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`;
  const POST = post('{"question":""}', 'content-length: 15\r\n');
  it.each([
    ['a request', '', GET, /^HTTP\/1.1 200 /],
    ['the rest of its headers', GET.slice(0, 30), GET.slice(30), /^HTTP\/1.1 200 /],
    ['the rest of its body', POST.slice(0, -5), POST.slice(-5), /^HTTP\/1.1 400 /],
  ])('that sent %s while the process stood still is answered', async (_name, before, meanwhile, expected) => {
    const world = await startWorld({ bounds: { headersMs: 200, requestMs: 200 } });
    const socket = await openSlow(world, before);
    socket.write(meanwhile);
    standStill(400);
    expect(await socket.said).toMatch(expected);
  });

  it('that sent a part while the process stood still is given time for the rest, and is cut without it', async () => {
    const world = await startWorld({ bounds: { headersMs: 200, requestMs: 200 } });
    const quick = await openSlow(world, '');
    const never = await openSlow(world, GET.slice(0, 10));
    quick.write(GET.slice(0, 10));
    never.write(GET.slice(10, 20));
    standStill(400);
    await setImmediate();
    await setImmediate();
    quick.write(GET.slice(10));
    expect(await quick.said).toMatch(/^HTTP\/1.1 200 /);
    expect(await never.said).toMatch(/^HTTP\/1.1 408 /);
  });

  it('that sends its headers byte by byte is cut, however often a byte comes', async () => {
    const world = await startWorld({ bounds: { headersMs: 200, requestMs: 400 } });
    const socket = await openSlow(world, 'GET / HTTP/1.1\r\nx: ');
    const untilMs = performance.now() + 10_000;
    while (socket.isOpen() && performance.now() < untilMs) {
      socket.write('y');
      await setImmediate();
    }
    expect(await socket.said).toMatch(/^HTTP\/1.1 (?:408|431) /);
    await expectAlive(world);
  });
});

describe('a path', () => {
  it.each([
    '/../secret.txt',
    '/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '/page/../../secret.txt',
    '/index.html/../../secret.txt',
    '/%00index.html',
    '//etc/passwd',
    '/.%2e/%2e./etc/passwd',
  ])('of %s leads to no file', async (path) => {
    const world = await startWorld();
    const said = await world.raw(`GET ${path} HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1.1 (?:400|404) /);
    expect(said).not.toContain('not for the page');
    expect(said).not.toContain('root:');
  });

  it('of the page has its type and is not sent again where it is known', async () => {
    const world = await startWorld();
    const page = await world.get('/');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const again = await world.get('/', { 'if-none-match': page.headers.etag ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it.each([
    ['gzip, deflate, br', true],
    ['br;q=1.0, GZIP;q=0.5', true],
    ['identity', false],
    ['br, gzip;q=0', false],
    ['gzip;q=0.0, br', false],
    ['', false],
  ])('of the page goes to a client that takes "%s" packed: %s', async (accepted, isPacked) => {
    const world = await startWorld();
    const plain = await world.get('/page.css');
    const { status, headers } = await world.get('/page.css', { 'accept-encoding': accepted });
    expect([status, headers['content-encoding'], headers.vary]).toEqual([
      200,
      isPacked ? 'gzip' : undefined,
      'accept-encoding',
    ]);
    expect(headers.etag === plain.headers.etag).toBe(!isPacked);
    const fetched = await fetch(`${world.server.url}/page.css`, { headers: { 'accept-encoding': accepted } });
    expect(await fetched.text()).toBe(plain.body);
    const again = await world.get('/page.css', { 'accept-encoding': accepted, 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
    // What packing would only make longer stays as it is.
    expect((await world.get('/', { 'accept-encoding': accepted })).headers['content-encoding']).toBeUndefined();
  });
});

describe('a stream', () => {
  it('whose client reads nothing is cut, and others go on', async () => {
    const world = await startWorld({ bounds: { commentEveryMs: 50 } });
    const socket = connect(world.server.port, '127.0.0.1');
    socket.write(`GET /api/v1/watch?symbols=NVDA HTTP/1.1\r\n${HOST}\r\n`);
    socket.on('error', () => undefined);
    const count = async (): Promise<number> =>
      (JSON.parse((await world.get('/api/v1/stats')).body) as { data: { server: { streams: number } } }).data.server
        .streams;
    await expect.poll(count).toBe(1);
    socket.pause();
    socket.resetAndDestroy();
    await expect.poll(count, { timeout: 10_000 }).toBe(0);
    await expectAlive(world);
  });
});
