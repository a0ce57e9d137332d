// Hides the shape of a request on the wire and what is no answer of an API at all: redirects, web pages, nothing.
// Also names requests: for messages, and to tell equal ones.
import { BadPayloadError, ProviderUnavailableError, toFinError } from '../domain/errors.ts';
import type { FinError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/types.ts';
import type { HttpReply, HttpRequest, HttpTarget, Transport } from './http.ts';

const DOCTOR_HINT = 'check the network connection; fin doctor shows what can be reached';

/** Who is asked for what, in messages: `Tradier quotes`. */
export function labelOf(target: HttpTarget, request: HttpRequest): string {
  return `${providerLabel(target.provider)} ${request.endpoint}`;
}

/** A provider at the start of a message. */
export function providerLabel(provider: ProviderName): string {
  return { polygon: 'Polygon', tradier: 'Tradier', sample: 'Sample market' }[provider];
}

/** One breaker for each provider's address: a replay that fails says nothing about the provider itself. */
export function breakerName(target: Pick<HttpTarget, 'provider' | 'baseUrl'>): string {
  return `${target.provider}@${new URL(target.baseUrl).origin}`;
}

/** Equal for requests that bring the same answer to the same caller's rights. */
export function nameOf(target: HttpTarget, request: HttpRequest): string {
  const sorted = (fields: Readonly<Record<string, string>> = {}): [string, string][] =>
    Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  const { provider, baseUrl, keyHash } = target;
  return JSON.stringify([
    provider,
    baseUrl,
    keyHash,
    request.method,
    request.path,
    sorted(request.query),
    sorted(request.form),
  ]);
}

/** @throws BadPayloadError where a path that came with an answer would take the key to another host */
export function buildWireRequest(target: HttpTarget, request: HttpRequest): Parameters<Transport>[0] {
  const query = new URLSearchParams(request.query).toString();
  const url = `${target.baseUrl}${request.path}${query === '' ? '' : `?${query}`}`;
  if (!request.path.startsWith('/') || new URL(url).origin !== new URL(target.baseUrl).origin) {
    throw new BadPayloadError(`${labelOf(target, request)}: the address of the next page is not the provider's`);
  }
  const headers = { 'user-agent': 'fin', ...target.headers };
  if (request.form === undefined) return { method: request.method, url, headers };
  return {
    method: request.method,
    url,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(request.form).toString(),
  };
}

/** What is no answer of an API at all, whatever its status says. */
export function refuseUnreadable(reply: HttpReply, label: string): HttpReply {
  if (reply.status >= 300 && reply.status < 400) {
    throw new ProviderUnavailableError(
      `${label}: answered with a redirect (HTTP ${reply.status}), which is not followed`,
      {
        hint: "check the provider's address in the settings, and whether your network requires a login",
      },
    );
  }
  if (reply.status >= 400) return reply;
  const start = reply.body.slice(0, 200).trimStart();
  if (start === '' && reply.body.trim() === '')
    throw new ProviderUnavailableError(`${label}: sent an empty answer`, { hint: DOCTOR_HINT });
  if (start.startsWith('<')) {
    throw new ProviderUnavailableError(`${label}: answered with ${kindOfMarkup(start)} instead of data`, {
      hint: "check the provider's address in the settings, and whether your network requires a login",
    });
  }
  return reply;
}

/** What begins with a `<`: a login or an error as a web page, or a service that speaks another format. */
export function kindOfMarkup(text: string): 'a web page' | 'XML' {
  return /^<(?:!doctype\s+html|html|head|body|!--|script|title|meta|div|p|h1|center)\b/i.test(text)
    ? 'a web page'
    : 'XML';
}

/** A transport gives the reason alone; who was asked is added here. */
export function labelFailure(thrown: unknown, target: HttpTarget, request: HttpRequest): FinError {
  const error = toFinError(thrown);
  const message = `${labelOf(target, request)}: ${error.message}`;
  const details = { hint: DOCTOR_HINT, ...error.details, provider: target.provider, endpoint: request.endpoint };
  if (error.code === 'unavailable') return new ProviderUnavailableError(message, details);
  return error.code === 'bad_payload' ? new BadPayloadError(message, details) : error;
}
