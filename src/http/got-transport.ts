// Hides got and node's sockets: one request, one answer or a failure in plain words. No retry, cache or redirect here,
// no key in any message; the only file that knows got. Loaded at the first request, since got costs 80 ms.
import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import type { Got } from 'got';
import { BadPayloadError, ProviderUnavailableError, hasCode } from '../domain/errors.ts';
import type { HttpReply, OpenLines, Transport } from './http.ts';
import {
  CERTIFICATE_HINT,
  PROXY_HINT,
  PROXY_WANTS_LOGIN,
  type ProxySettings,
  chooseProxy,
  explainTunnel,
  isCertificateCode,
} from './proxy.ts';

/** A transport with open sockets. */
export type ClosableTransport = Transport & { close(): void; lines: OpenLines };

export interface GotTransportOptions {
  /** Whether an address of https is expected (the default): what it needs is then loaded ahead of it. */
  expectsTls?: boolean;
  /** For all but loopback addresses. */
  proxy?: ProxySettings;
}

type Agents = { http: HttpAgent } | { https: HttpsAgent };

/** got loads Node's TLS for its default, also where there is none. Should it come to TLS all the same, nobody is believed. */
const WITHOUT_TLS = { https: { checkServerIdentity: () => new Error('no TLS was expected') } };

const MAX_LINE_CHARS = 100_000;
const AGENT_SETTINGS = { keepAlive: true, maxSockets: 16 };

/** Messages give the reason alone ("connection refused"); who was asked is said by the client. */
export function createGotTransport({ expectsTls = true, proxy }: GotTransportOptions = {}): ClosableTransport {
  const agentsByOrigin = new Map<string, Agents>();
  const loaded = load(expectsTls);
  let isClosed = false;

  /** Opens no socket before the stream that it gives is read. */
  async function open(
    request: Parameters<Transport>[0],
    options: { signal: AbortSignal; timeout: { request: number } | { response: number; socket: number } },
  ): Promise<{ stream: ReturnType<Got['stream']>; isProxied: boolean }> {
    const { got, http } = await loaded;
    const url = new URL(request.url);
    const https = url.protocol === 'https:' ? await import('node:https') : undefined;
    // Closed while got was loading: no socket may be opened any more.
    if (isClosed) throw new ProviderUnavailableError('the connection is closed');
    const proxyEnv = chooseProxy(request.url, proxy);
    const settings = proxyEnv === undefined ? AGENT_SETTINGS : { ...AGENT_SETTINGS, proxyEnv: { ...proxyEnv } };
    const agent =
      agentsByOrigin.get(url.origin) ??
      (https === undefined ? { http: new http.Agent(settings) } : { https: new https.Agent(settings) });
    agentsByOrigin.set(url.origin, agent);
    const stream = got.stream(url, {
      method: request.method,
      headers: { ...request.headers },
      // Without one got waits for somebody to write it.
      ...(request.method === 'GET' ? {} : { body: request.body ?? '' }),
      agent,
      ...(https === undefined ? WITHOUT_TLS : {}),
      signal: options.signal,
      timeout: options.timeout,
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      decompress: true,
    });
    return { stream, isProxied: proxyEnv !== undefined };
  }

  const send: Transport = async (request, { signal, timeoutMs, maxBodyBytes }) => {
    const { stream, isProxied } = await open(request, { signal, timeout: { request: timeoutMs } });
    try {
      const reply = await readReply(stream, maxBodyBytes);
      if (isProxied && reply.status === 407)
        throw new ProviderUnavailableError(PROXY_WANTS_LOGIN, { hint: PROXY_HINT });
      return reply;
    } catch (error) {
      throw describeFailure(error, timeoutMs, isProxied);
    } finally {
      stream.destroy();
    }
  };

  const lines: OpenLines = async function* (request, { signal, idleMs }) {
    const { stream, isProxied } = await open(request, { signal, timeout: { response: idleMs, socket: idleMs } });
    let status = 0;
    stream.once('response', (response: { statusCode: number }) => (status = response.statusCode));
    const decoder = new TextDecoder();
    let kept = '';
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        if (status !== 200) throw new ProviderUnavailableError(`the stream was refused with HTTP ${status}`);
        const parts = (kept + decoder.decode(chunk, { stream: true })).split('\n');
        kept = parts.pop() ?? '';
        if (kept.length > MAX_LINE_CHARS) throw new BadPayloadError('a line of the stream is too long');
        yield* parts.filter((line) => line.trim() !== '');
      }
      if (status !== 200) throw new ProviderUnavailableError(`the stream was refused with HTTP ${status}`);
    } catch (error) {
      throw describeFailure(error, idleMs, isProxied);
    } finally {
      stream.destroy();
    }
  };

  const close = (): void => {
    isClosed = true;
    for (const agents of agentsByOrigin.values()) {
      if ('http' in agents) agents.http.destroy();
      else agents.https.destroy();
    }
    agentsByOrigin.clear();
  };
  return Object.assign(send, { close, lines });
}

/**
 * A piece in each turn of the event loop, while the limiter takes some turns to let the first request through. Node reads
 * its certificates, 12 ms of another thread, as soon as https is loaded.
 */
async function load(expectsTls: boolean) {
  await setImmediate();
  const http = await import('node:http');
  await setImmediate();
  if (expectsTls) await import('node:https');
  await setImmediate();
  const { default: got } = await import('got');
  return { got, http };
}

async function readReply(stream: ReturnType<Got['stream']>, maxBodyBytes: number): Promise<HttpReply> {
  let head: { status: number; headers: Record<string, string> } | undefined;
  stream.once(
    'response',
    (response: { statusCode: number; headers: Record<string, string | string[] | undefined> }) => {
      head = { status: response.statusCode, headers: flattenHeaders(response.headers) };
    },
  );
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Bytes are counted after decompression: a small compressed body may hide a huge one.
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) {
      throw new BadPayloadError(`the answer is larger than ${Math.floor(maxBodyBytes / 1024 / 1024)} MB`);
    }
    chunks.push(chunk);
  }
  if (head === undefined) throw new ProviderUnavailableError('no answer');
  return { ...head, body: Buffer.concat(chunks).toString('utf8') };
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function describeFailure(error: unknown, timeoutMs: number, isProxied: boolean): Error {
  if (hasCode(error, 'bad_payload') || hasCode(error, 'unavailable')) return error;
  const code = findCode(error);
  // What the body holds, not whether the provider is there; one that was cut off (Z_BUF_ERROR) is worth another attempt.
  if (code === 'Z_DATA_ERROR' || code.startsWith('ERR_BROTLI'))
    return new BadPayloadError('unreadable compressed answer', { cause: error });
  const hint = isCertificateCode(code) ? CERTIFICATE_HINT : isProxied ? PROXY_HINT : undefined;
  const reason = explainTunnel(error) ?? reasonOf(code, timeoutMs);
  return new ProviderUnavailableError(`${reason}${isProxied ? ' (through a proxy)' : ''}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** got wraps the socket's error; its code is on the wrapper or on a cause below it. */
function findCode(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current.name === 'TimeoutError') return 'ETIMEDOUT';
    const { code } = current as { code?: unknown };
    if (typeof code === 'string' && !code.startsWith('ERR_GOT') && code !== 'ERR_READING_RESPONSE_STREAM') return code;
  }
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_READING_RESPONSE_STREAM'
    ? 'ECONNRESET'
    : '';
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  EPIPE: 'connection lost',
  ERR_STREAM_PREMATURE_CLOSE: 'connection lost',
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: 'connection lost',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  ENETUNREACH: 'network unreachable',
  EHOSTUNREACH: 'network unreachable',
  ENETDOWN: 'network unreachable',
};

function reasonOf(code: string, timeoutMs: number): string {
  const known = REASONS[code];
  if (known !== undefined) return known;
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return `timed out after ${formatSeconds(timeoutMs)}`;
  if (isCertificateCode(code)) return 'TLS certificate not trusted';
  if (code.startsWith('HPE_')) return 'unreadable HTTP answer';
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI')) return 'unreadable compressed answer';
  return code === '' ? 'the request failed' : `the request failed (${code})`;
}

function formatSeconds(ms: number): string {
  return ms >= 1_000 ? `${Math.round(ms / 1_000)} s` : `${ms} ms`;
}
