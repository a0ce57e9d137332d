import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createGotTransport } from '../../src/http/got-transport.ts';
import type { ClosableTransport } from '../../src/http/got-transport.ts';
import type { HttpReply } from '../../src/http/http.ts';
import { createCertificate, startTlsFront } from '../helpers/tls-front.ts';
import { startServer } from './world.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function createTransport(): ClosableTransport {
  const transport = createGotTransport();
  closers.push(() => transport.close());
  return transport;
}

function send(
  transport: ClosableTransport,
  url: string,
  changes: { timeoutMs?: number; maxBodyBytes?: number } = {},
): Promise<HttpReply> {
  const options = {
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    maxBodyBytes: 20 * 1024 * 1024,
    ...changes,
  };
  return transport({ method: 'GET', url, headers: { authorization: 'Bearer s3cret' } }, options);
}

describe('the transport', () => {
  it('gives status, lower-case headers and body of every answer, whatever its status', async () => {
    const server = await startServer([{ status: 404, headers: { 'X-Odd-Case': 'Yes' }, body: 'no such thing \u20ac' }]);
    const reply = await send(createTransport(), `${server.baseUrl}/x?a=b%2Cc`);
    expect(reply).toMatchObject({ status: 404, body: 'no such thing \u20ac' });
    expect(reply.headers['x-odd-case']).toBe('Yes');
    expect(server.requests[0]?.url).toBe('/x?a=b%2Cc');
  });

  it('reads compressed bodies, and bounds them by what they hold, not by what they weigh', async () => {
    const small = gzipSync('{"a":1}');
    const bomb = gzipSync(Buffer.alloc(3 * 1024 * 1024));
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(request.url === '/bomb' ? bomb : small);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () => server.close(),
      () => server.closeAllConnections(),
    );
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = createTransport();
    expect((await send(transport, `${base}/small`)).body).toBe('{"a":1}');
    expect(bomb.length).toBeLessThan(10_000);
    await expect(send(transport, `${base}/bomb`, { maxBodyBytes: 1024 * 1024 })).rejects.toMatchObject({
      code: 'bad_payload',
      message: 'the answer is larger than 1 MB',
    });
  });

  it.each([true, false])(
    'checks the certificate of an address with TLS, also where none was expected: %s',
    async (expectsTls) => {
      const server = await startServer(() => ({ body: {} }));
      const front = await startTlsFront(createCertificate([127, 0, 0, 1]), server);
      const transport = createGotTransport({ expectsTls });
      closers.push(
        () => transport.close(),
        () => void front[Symbol.asyncDispose](),
      );
      await expect(send(transport, `${front.baseUrl}/x`)).rejects.toMatchObject({
        code: 'unavailable',
        message: 'TLS certificate not trusted',
      });
      expect((await send(transport, `${server.baseUrl}/x`)).status).toBe(200);
      expect(server.requests).toHaveLength(1);
    },
  );

  it('stops an endless body at its bound instead of reading on', async () => {
    let written = 0;
    const server = createServer((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const write = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', write);
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () => server.close(),
      () => server.closeAllConnections(),
    );
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(send(createTransport(), url, { maxBodyBytes: 1024 * 1024 })).rejects.toMatchObject({
      code: 'bad_payload',
    });
    expect(written).toBeLessThan(20 * 1024 * 1024);
  });

  it.each([
    ['connection lost', { fault: 'reset' as const }, 20_000],
    ['connection lost', { fault: 'truncate' as const, body: { long: 'x'.repeat(10_000) } }, 20_000],
    ['timed out after 100 ms', { fault: 'hang' as const }, 100],
  ])('says "%s" in plain words', async (reason, step, timeoutMs) => {
    const server = await startServer([step]);
    await expect(send(createTransport(), server.baseUrl, { timeoutMs })).rejects.toMatchObject({
      code: 'unavailable',
      message: reason,
    });
  });

  it('says that nobody listens, that a host is unknown, and that an answer is no HTTP', async () => {
    const tcp = createTcpServer((socket: Socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const { port } = tcp.address() as AddressInfo;
    const transport = createTransport();
    await expect(send(transport, `http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      message: 'unreadable HTTP answer',
    });
    await new Promise((resolve) => tcp.close(resolve));
    await expect(send(transport, `http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'connection refused',
    });
    await expect(send(transport, 'http://nowhere.invalid/')).rejects.toMatchObject({
      code: 'unavailable',
      message: 'host not found',
    });
  });

  it('uses one connection for requests one after another', async () => {
    const ports = new Set<number | undefined>();
    const server = createServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const transport = createTransport();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    for (let i = 0; i < 4; i += 1) await send(transport, url);
    expect(ports.size).toBe(1);
  });

  it('leaves no open handle behind when it is closed', async () => {
    const server = await startServer(() => ({ body: {} }));
    const transport = createTransport();
    const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    await send(transport, server.baseUrl);
    transport.close();
    await server.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sockets()).toBeLessThanOrEqual(before);
    await expect(send(transport, server.baseUrl)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
