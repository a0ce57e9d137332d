// Who is asked, told apart without holding a key: what one identity brought is never served for another. Light enough
// for a command that is answered from the cache and never loads a client.
import { createHash } from 'node:crypto';
import type { ProviderName } from '../domain/types.ts';

export type ProviderEnvironment = 'production' | 'sandbox' | 'sample';

/**
 * Provider, address and environment: `tradier https://sandbox.tradier.com sandbox`. It is written with every entry, and a
 * gateway's key may stand in the path of its address: that is told apart by its hash.
 */
export function identityOf(name: ProviderName, baseUrl: string, environment: ProviderEnvironment): string {
  const address = normalizeBaseUrl(baseUrl);
  const [origin = address, path] = /^(\w+:\/\/[^/]+)(\/.*)$/.exec(address)?.slice(1) ?? [];
  return `${name} ${origin}${path === undefined ? '' : `/${hash(path)}`} ${environment}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Tells keys apart in shared state. */
export function hashKey(name: ProviderName, key: string): string {
  return hash(`${name}:${key}`);
}

/** Without trailing slashes and without the version, which the paths of both providers' endpoints begin with. */
export function normalizeBaseUrl(baseUrl: string): string {
  return baseUrl
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/v\d$/, '')
    .replace(/\/+$/, '');
}
