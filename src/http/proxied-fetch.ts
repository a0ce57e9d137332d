// `fetch` through a proxy, by Node's own agents: a tunnel for https, the whole address for http, as curl and Go do it
// (Node's fetch tunnels both, which proxies refuse for plain http). No redirect is followed, no request is tried again.
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { ProxySettings } from './proxy.ts';

/** Statuses whose answer must not have a body. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

export interface FetchInit {
  method?: string;
  headers?: ConstructorParameters<typeof Headers>[0];
  body?: unknown;
  signal?: AbortSignal | null;
}

/** Bodies are texts. Nothing is loaded before the first request. */
export function createProxiedFetch(
  proxy: ProxySettings,
): (address: string | URL, init: FetchInit) => Promise<Response> {
  let agents: { http: object; https: object } | undefined;
  return async (address, { method = 'GET', headers, body, signal }) => {
    const url = new URL(address);
    const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
    const settings = { keepAlive: true, proxyEnv: { ...proxy } };
    agents ??= { http: new http.Agent(settings), https: new https.Agent(settings) };
    const isTls = url.protocol === 'https:';
    const options = {
      method,
      headers: { ...Object.fromEntries(new Headers(headers)), 'accept-encoding': 'identity' },
      agent: isTls ? agents.https : agents.http,
      ...(signal === undefined || signal === null ? {} : { signal }),
    };
    return new Promise<Response>((resolve, reject) => {
      const request = (isTls ? https : http).request(url, options as never, (incoming) => {
        const status = incoming.statusCode ?? 0;
        const replied = new Headers();
        for (const [name, value] of Object.entries(incoming.headers))
          if (value !== undefined) replied.set(name, Array.isArray(value) ? value.join(', ') : value);
        const stream = WITHOUT_BODY.includes(status) ? null : (Readable.toWeb(incoming) as NodeStream<Uint8Array>);
        resolve(new Response(stream, { status, headers: replied }));
      });
      request.once('error', reject);
      request.end(typeof body === 'string' ? body : undefined);
    });
  };
}
