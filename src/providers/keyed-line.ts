// What both clients have of the way to their provider: where requests go with the key in a header, and who is named in what
// is said of an answer.
import type { HttpTarget } from '../http/http.ts';
import { providerLabel } from '../http/wire.ts';
import { hashKey, normalizeBaseUrl } from './identity.ts';
import type { WireSource } from './wire.ts';

interface KeyedLine extends Required<Pick<HttpTarget, 'provider' | 'readLimit'>> {
  baseUrl: string;
  key: string;
  limitPerMinute?: number;
}

/** In the header the key stays out of addresses, and so out of logs and cache keys; without the second one Tradier answers in XML. */
export function keyedLine({ provider, baseUrl, key, readLimit, limitPerMinute }: KeyedLine) {
  const target: HttpTarget = {
    provider,
    baseUrl: normalizeBaseUrl(baseUrl),
    headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
    keyHash: hashKey(provider, key),
    ...(limitPerMinute === undefined ? {} : { limitPerMinute }),
    readLimit,
  };
  const label = providerLabel(provider);
  const sourceOf = (endpoint: string): WireSource => ({ provider, label, endpoint, secret: key });
  return { target, sourceOf };
}
