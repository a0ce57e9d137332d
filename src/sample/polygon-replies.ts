// The envelopes, refusals and page cursors that all Polygon answers share.
import { jsonReply, requestIdOf } from './wire.ts';
import type { ExchangeReply, WireRequest } from './wire.ts';

/** A request that Polygon answers with an error body. */
export class PolygonRefusal extends Error {
  readonly httpStatus: number;
  readonly body: Record<string, string>;

  constructor(httpStatus: number, body: Record<string, string>) {
    super(`Polygon refusal ${httpStatus}`);
    this.httpStatus = httpStatus;
    this.body = body;
  }

  static invalid(why: string): PolygonRefusal {
    return new PolygonRefusal(400, { status: 'ERROR', error: why });
  }

  static notEntitled(why: string): PolygonRefusal {
    return new PolygonRefusal(403, { status: 'NOT_AUTHORIZED', message: why });
  }

  toReply(request: WireRequest): ExchangeReply {
    const { status, ...text } = this.body;
    return jsonReply(this.httpStatus, { status, request_id: requestIdOf(request), ...text });
  }
}

export function notFound(request: WireRequest, message: string): ExchangeReply {
  return jsonReply(404, { status: 'NOT_FOUND', request_id: requestIdOf(request), message });
}

/** One object or a list as `results`; an empty list is left out. */
export function success(request: WireRequest, results: object, nextUrl?: string): ExchangeReply {
  const isEmpty = Array.isArray(results) && results.length === 0;
  return jsonReply(200, {
    request_id: requestIdOf(request),
    ...(isEmpty ? {} : { results }),
    status: 'OK',
    ...(nextUrl === undefined ? {} : { next_url: nextUrl }),
  });
}

/** Rows to give at most. A limit that is not a number from 1 to `most` is refused, as the real service does. */
export function readLimit(params: URLSearchParams, usual: number, most: number): number {
  const text = params.get('limit');
  if (text === null || text === '') return usual;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw PolygonRefusal.invalid(`The parameter 'limit' must be a number from 1 to ${most}`);
  }
  return limit;
}

/** Where a page begins, as a cursor of ours says it. */
export function readOffset(params: URLSearchParams): number {
  const offset = Number(params.get('offset') ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0) throw PolygonRefusal.invalid('The cursor is not valid');
  return offset;
}

/** All that the next page needs to know; never the key. */
export function encodeCursor(values: Readonly<Record<string, string>>): string {
  const kept = Object.entries(values).filter(([name]) => name !== 'apiKey' && name !== 'cursor');
  return Buffer.from(new URLSearchParams(kept).toString()).toString('base64url');
}

/** A request's parameters: those of its cursor where it has one, which then holds all of them. */
export function readCursor({ params }: WireRequest): URLSearchParams {
  const cursor = params.get('cursor');
  if (cursor === null) return params;
  return new URLSearchParams(Buffer.from(cursor, 'base64url').toString('utf8'));
}

/** Absolute, at the address under which the caller reached us. */
export function nextPageUrl({ origin }: WireRequest, path: string, cursor: string): string {
  return `${origin}${path}?cursor=${cursor}`;
}
