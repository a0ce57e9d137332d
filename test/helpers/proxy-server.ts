// A forward proxy on a local socket: answers CONNECT by a tunnel, and requests with a whole address by asking them itself.
// Whatever host is asked for, it leads to one place, so that tests can use addresses that nobody has.
import { createServer, request as forward } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';

export interface ProxyServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  baseUrl: string;
  /** `CONNECT 203.0.113.7:443` or `GET http://…`, in order. */
  asked: string[];
  /** All that came over the wire to the proxy, as text. */
  heard(): string;
}

export interface ProxyScript {
  /** Where tunnels and requests lead; absent: everything is refused with this status. */
  to?: { baseUrl: string };
  refusal?: number;
}

export async function startProxyServer({ to, refusal = 403 }: ProxyScript): Promise<ProxyServer> {
  const asked: string[] = [];
  const heard: string[] = [];
  const target = to === undefined ? undefined : new URL(to.baseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    if (target === undefined) {
      outgoing.writeHead(refusal).end();
      return;
    }
    const { pathname, search } = new URL(incoming.url ?? '/', target);
    const behind = forward(
      {
        host: target.hostname,
        port: target.port,
        path: pathname + search,
        method: incoming.method,
        headers: incoming.headers,
      },
      (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      },
    );
    incoming.pipe(behind);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('data', (bytes: Buffer) => heard.push(bytes.toString('latin1')));
    socket.on('error', () => undefined);
  });
  server.on('connect', (incoming, socket: Socket, head: Buffer) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`);
    if (target === undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
      return;
    }
    const behind = connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      behind.write(head);
      behind.pipe(socket);
      socket.pipe(behind);
    });
    sockets.add(behind);
    behind.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    heard: () => heard.join(''),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
