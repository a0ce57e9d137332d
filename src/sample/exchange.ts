// The sample market as an exchange: takes an HTTP request apart, answers it in Tradier's or Polygon's wire format by
// its path, and marks every answer as sample. Any key will do, and none. Knows nothing of sockets.
import type { Clock } from '../domain/types.ts';
import { answerAccount } from './account-wire.ts';
import { answerFundamentals } from './fundamentals-wire.ts';
import { answerPolygon } from './polygon-wire.ts';
import type { MarketSource } from './source.ts';
import { createTradierStream } from './tradier-stream.ts';
import { answerTradier } from './tradier-wire.ts';
import { textReply } from './wire.ts';
import type { ExchangeReply, WireRequest } from './wire.ts';

export type { ExchangeReply } from './wire.ts';

export interface ExchangeRequest {
  method: string;
  /** Path with query, percent-encoded. */
  path: string;
  /** Names in lower case. `host` gives the address for links to next pages. */
  headers: Readonly<Record<string, string | undefined>>;
  body?: string;
}

export interface Exchange {
  /** Answers any request, also a wrong one; throws only where fin itself is wrong. */
  handle(request: ExchangeRequest): ExchangeReply;
}

export function createExchange({ market, clock }: { market: MarketSource; clock: Clock }): Exchange {
  const answerStream = createTradierStream();
  return {
    handle(request) {
      const wire = takeApart(request, market, clock);
      if (wire === undefined) return textReply(400, 'Bad request: the path cannot be decoded');
      const isTradier = wire.segments[0] === 'v1' && wire.segments[1] === 'markets';
      if (isTradier && wire.segments[2] === 'events') return answerStream(wire, request.method);
      const isFormPost = request.method === 'POST' && isTradier && wire.segments[2] === 'quotes';
      if (request.method !== 'GET' && !isFormPost) return textReply(405, 'Method not allowed');
      if (wire.segments[0] === 'v1' && (wire.segments[1] === 'user' || wire.segments[1] === 'accounts'))
        return answerAccount(wire) ?? textReply(404, 'Resource not found');
      if (wire.segments.slice(0, 3).join('/') === 'beta/markets/fundamentals')
        return answerFundamentals(wire) ?? textReply(404, 'Resource not found');
      if (!isTradier) return answerPolygon(wire);
      return answerTradier(wire) ?? textReply(404, 'Resource not found');
    },
  };
}

function takeApart(request: ExchangeRequest, market: MarketSource, clock: Clock): WireRequest | undefined {
  const question = request.path.indexOf('?');
  const path = question < 0 ? request.path : request.path.slice(0, question);
  const segments = decodeSegments(path);
  if (segments === undefined) return undefined;
  const params = new URLSearchParams(question < 0 ? '' : request.path.slice(question + 1));
  if (request.method === 'POST') {
    const form = new URLSearchParams(request.body ?? '');
    for (const name of form.keys()) params.delete(name);
    for (const [name, value] of form) params.append(name, value);
  }
  joinLists(params);
  const origin = `http://${request.headers['host'] ?? '127.0.0.1'}`;
  return { market, clock, segments, params, origin, target: request.path };
}

/** A list may come with commas or as one parameter for each (`tickers=A&tickers=B`, as both official clients send it). */
function joinLists(params: URLSearchParams): void {
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    if (values.length > 1 && (name === 'tickers' || name === 'symbols' || name.endsWith('.any_of')))
      params.set(name, values.join(','));
  }
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
