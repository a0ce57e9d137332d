// What goes out: every answer with the same safe headers, errors as the public JSON document, HTTP codes by exit code.
// Headers are given when a reply is made: one that is changed afterwards costs the server's fast path.
import { EXIT, exitCodeOf } from '../app/exit-code.ts';
import { rewordError } from '../app/surface-words.ts';
import type { AnswerError } from '../domain/answers.ts';
import type { FinError } from '../domain/errors.ts';
import { type JsonDocument, formatJson } from '../render/json.ts';
import { toAnswerError } from '../tools/answer.ts';
import type { EventStream } from './sse.ts';

export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Under no-referrer a browser sends "Origin: null" with the form of the login, which the guard refuses.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

const STATUS_OF_EXIT: Readonly<Record<number, number>> = {
  [EXIT.done]: 200,
  [EXIT.usage]: 400,
  // A key or a model that the server has not got.
  [EXIT.config]: 501,
  [EXIT.noData]: 404,
  [EXIT.provider]: 502,
  [EXIT.model]: 502,
  [EXIT.budget]: 504,
  [EXIT.partial]: 207,
  // The server is going away, or its client has.
  [EXIT.interrupted]: 503,
};

export function statusOfExit(exit: number): number {
  return STATUS_OF_EXIT[exit] ?? 500;
}

export const JSON_HEADERS = {
  ...SAFE_HEADERS,
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
};

export function replyJson(status: number, text: string, headers?: Readonly<Record<string, string>>): Response {
  return new Response(text, {
    status,
    headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers },
  });
}

const EVENT_HEADERS = {
  ...SAFE_HEADERS,
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
  'cache-control': 'no-store',
};

export function replyEvents({ body }: EventStream, headers?: Readonly<Record<string, string>>): Response {
  return new Response(body, { headers: { ...EVENT_HEADERS, ...headers } });
}

/** A document whose errors speak of the parameters of its request. */
export function inQueryWords<Document extends { errors: readonly AnswerError[] }>(
  document: Document,
  names: readonly string[],
): Document {
  return { ...document, errors: document.errors.map((error) => rewordError(error, { names, sign: '=' })) };
}

export interface ErrorReply {
  command: string;
  /** What can be asked for by name. */
  names: readonly string[];
  /** Where it is not that of the error's exit code. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  redact(text: string): string;
}

export function replyError(error: FinError, { command, names, status, headers, redact }: ErrorReply): Response {
  return replyJson(
    status ?? statusOfExit(exitCodeOf(error.code)),
    redact(formatJson(createFailure(command, error, names))),
    headers,
  );
}

/** The document of what failed as a whole. */
export function createFailure(command: string, error: FinError, names: readonly string[]): JsonDocument<never> {
  const document: JsonDocument<never> = {
    schema: 'fin/1',
    command,
    ok: false,
    errors: [toAnswerError(error)],
    meta: { sample: false, providerCalls: 0, elapsedMs: 0 },
  };
  return inQueryWords(document, names);
}
