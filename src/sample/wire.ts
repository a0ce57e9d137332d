// What the answers in both wire formats have in common: replies, marks, parameters, request ids and page cursors.
import { isValidDate } from '../domain/exchange-time.ts';
import type { Clock, EpochMs, IsoDate } from '../domain/types.ts';
import { hashText } from './noise.ts';
import type { MarketSource } from './source.ts';

export interface ExchangeReply {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** In place of a body: lines that follow, asked for again and again. */
  nextLines?: () => readonly string[];
}

/** A request taken apart: what an endpoint needs to answer it. */
export interface WireRequest {
  market: MarketSource;
  clock: Clock;
  /** Decoded path segments. */
  segments: readonly string[];
  /** Query, and the form of a POST. */
  params: URLSearchParams;
  /** Origin under which the caller reached us, for links to next pages. */
  origin: string;
  /** Path and query as they came, the source of the request id. */
  target: string;
}

export function jsonReply(status: number, body: unknown): ExchangeReply {
  return reply(status, 'application/json;charset=UTF-8', JSON.stringify(body));
}

export function textReply(status: number, body: string): ExchangeReply {
  return reply(status, 'text/plain', body);
}

function reply(status: number, contentType: string, body: string): ExchangeReply {
  return { status, headers: { 'content-type': contentType, 'fin-sample': 'true' }, body };
}

/** 32 hexadecimal digits that follow from the request and the moment. */
export function requestIdOf({ target, clock }: WireRequest): string {
  const text = `${target} ${clock.now()}`;
  return ['a', 'b', 'c', 'd']
    .map((salt) =>
      hashText(salt + text)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
}

/** Nanoseconds since the epoch, beyond what a double holds exactly, as on the real wire. */
export function toNanoseconds(ms: EpochMs): number {
  return ms * 1_000_000;
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals)) + 0;
}

export function isFlagSet(params: URLSearchParams, name: string): boolean {
  return params.get(name)?.toLowerCase() === 'true';
}

/** A date parameter: undefined when absent, null when unreadable. */
export function readDate(params: URLSearchParams, name: string): IsoDate | undefined | null {
  const text = params.get(name);
  if (text === null || text === '') return undefined;
  return isValidDate(text) ? text : null;
}
