// What a failed request to a language model means: give up, wait, try again, or leave a field out. Hides how differently
// servers word the same refusal; what they wrote is bounded, cleaned and freed of keys before anybody reads it.
import { ModelError } from '../domain/errors.ts';
import { createRedactor } from '../domain/redaction.ts';
import type { EpochMs } from '../domain/types.ts';
import { CERTIFICATE_HINT, PROXY_HINT, PROXY_WANTS_LOGIN, explainTunnel, isCertificateCode } from '../http/proxy.ts';
import { parseRetryAfter } from '../http/retry.ts';
import { sanitiseLine } from '../render/text.ts';

/** Request fields that some servers refuse; in the order in which a refusal is read. */
export type OptionalField =
  'stream_options' | 'parallel_tool_calls' | 'strict' | 'additional_properties' | 'empty_parameters' | 'stream';

/** Who is asked, for messages. `key` only to take it out of them. */
export interface Endpoint {
  model: string;
  host: string;
  /** Asked through the environment's proxy. */
  isProxied?: boolean;
  key?: string;
}

/** A failure as the wire brought it: a status with its body, or, without a status, a connection that failed. */
export interface WireFailure {
  status?: number;
  /** Parsed error body, or its text. */
  payload?: unknown;
  header?(name: string): string | null;
  /** Of the connection; searched for its error code. */
  cause?: unknown;
}

export interface Verdict {
  error: ModelError;
  /** `wait`: a rate limit. `again`: the same request may succeed. */
  reaction: 'give_up' | 'again' | 'wait';
  /** What the server asks to wait. */
  retryAfterMs?: number;
  /** Fields that the server says it does not take. */
  unsupported: readonly OptionalField[];
  /** All that a refused request says of its fields, for those that came from the server itself. */
  refusal?: string;
}

/** A reply that began and is not one: thrown by the reader, made a ModelError where model and host are known. */
export class ReplyError extends Error {
  readonly hint: string | undefined;
  /** The server's own error object, where it sent one in the middle. */
  readonly payload: unknown;
  /** Nothing had been read before, so that asking again repeats nothing. */
  readonly isUntouched: boolean;

  constructor(why: string, details: { hint?: string; payload?: unknown; isUntouched?: boolean } = {}) {
    super(why);
    this.hint = details.hint;
    this.payload = details.payload;
    this.isUntouched = details.isUntouched ?? false;
  }
}

const MAX_TEXT = 240;
const OVERFLOW =
  /context[_ ]length|context[_ ]window|context[_ ]size|context the overflows|maximum context|too many (?:input |prompt )?tokens|(?:prompt|input|request) is too long|request too large|reduce the length of/i;
const NO_TOOLS =
  /tool.choice requires|(?:not|no \w+ found that) support (?:tools?|functions?)|tools? (?:use |calling )?(?:is|are) not supported/i;
/** What servers say of a path that they do not have; whatever else a 404 says is a reason. */
const NO_PATH =
  /^(?:404\b[\s:]*)?(?:(?:the )?(?:requested )?(?:page|file|resource|url|path|endpoint|route)\b[^.]*)?\s*(?:was |is )?not[ _]found\b[.!]?$|cannot (?:post|get) |invalid url|unexpected endpoint|no route|^an HTML page$/i;
const NO_MODEL =
  /\bmodels?\b.*(?:not (?:be )?(?:found|exist|available|loaded|supported)|no such|unknown|invalid|does(?: not|n.t) exist|pull)|(?:no such|unknown|invalid|not find (?:the )?)\s*model/i;
const QUOTA_CODE = /insufficient_quota/i;
/** Gemini says it of the limit of a minute too. */
const QUOTA_WORDS = /exceeded your current quota/i;
const BILLING_HINT = 'check the key’s plan and billing, or choose another model with --model';
/** Connections that failed by accident; a refused one or an unknown host fails the same way again. */
const TRANSIENT = new Set('ECONNRESET EPIPE ETIMEDOUT EAI_AGAIN UND_ERR_SOCKET UND_ERR_CONNECT_TIMEOUT'.split(' '));
const FIELDS: readonly [OptionalField, RegExp][] = [
  ['stream_options', /stream_options|stream options/i],
  ['parallel_tool_calls', /parallel_tool_calls|parallel tool calls/i],
  ['strict', /\bstrict\b/i],
  ['additional_properties', /additional_?properties/i],
  // Of a tool that takes no arguments.
  ['empty_parameters', /non-empty for object type/i],
];

/** Decides what a failed request means and how it is told. */
export function judgeFailure(failure: WireFailure, endpoint: Endpoint, nowMs: EpochMs): Verdict {
  const { status } = failure;
  const text = readErrorText(failure.payload, endpoint.key);
  if (status === undefined && failure.payload === undefined) return judgeConnection(failure.cause, endpoint);
  if (isOverflow(failure)) return giveUp(createOverflow(endpoint));
  if (status === 429) return judgeLimit(failure, text, endpoint, nowMs);
  const error = describeRefusal(status, text, endpoint);
  const isRefused = status === 400 || status === 422 || status === 501;
  const unsupported = isRefused ? findUnsupported(failure.payload, text) : [];
  if (status === 408 || (status !== undefined && status >= 500)) {
    const retryAfterMs = readRetryAfter(failure, nowMs);
    return { error, reaction: 'again', unsupported, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  return {
    error,
    reaction: 'give_up',
    unsupported,
    ...(isRefused ? { refusal: wholeTextOf(failure.payload) } : {}),
  };
}

/** A reply that began and went wrong. */
export function judgeReply(thrown: ReplyError, endpoint: Endpoint): Verdict {
  if (thrown.payload !== undefined) {
    const failure = { payload: thrown.payload };
    if (isOverflow(failure)) return giveUp(createOverflow(endpoint));
    const text = readErrorText(thrown.payload, endpoint.key);
    return giveUp(
      createModelError(
        endpoint,
        `the server failed mid-answer${text === '' ? '' : ` (${text})`}`,
        'ask again, or choose another model with --model',
      ),
    );
  }
  const error = createModelError(
    endpoint,
    thrown.message,
    thrown.hint ?? 'ask again, or choose another model with --model',
  );
  return { error, reaction: thrown.isUntouched ? 'again' : 'give_up', unsupported: [] };
}

/** A wait that cannot end before the deadline is refused at once. */
export function createTooLateError(endpoint: Endpoint, waitMs: number): ModelError {
  const seconds = Math.ceil(waitMs / 1000);
  return createModelError(
    endpoint,
    `its rate limit asks for a wait of ${seconds} s, longer than this question may take`,
    'ask later, allow more with --timeout, or choose another model with --model',
  );
}

export function createModelError(endpoint: Endpoint, why: string, hint: string, field?: string): ModelError {
  return new ModelError(`language model ${sanitiseLine(endpoint.model, 80)} at ${endpoint.host}: ${why}`, {
    hint,
    ...(field === undefined ? {} : { field }),
  });
}

function giveUp(error: ModelError): Verdict {
  return { error, reaction: 'give_up', unsupported: [] };
}

function createOverflow(endpoint: Endpoint): ModelError {
  return createModelError(
    endpoint,
    'the conversation is longer than the model can read',
    'start a new conversation, or choose a model with a longer context with --model',
    'context_length',
  );
}

function isOverflow({ status, payload }: WireFailure): boolean {
  const { code, type } = fieldsOf(payload);
  const text = `${String(code)} ${String(type)} ${findText(payload).slice(0, 20 * MAX_TEXT)}`;
  // Of a limit on tokens a minute only a request that can never fit is one.
  if (status === 429) return /request too large/i.test(text);
  if (status === 413) return true;
  return (status === undefined || status >= 500 || [400, 422].includes(status)) && OVERFLOW.test(text);
}

function judgeConnection(cause: unknown, endpoint: Endpoint): Verdict {
  const code = findCode(cause);
  const reason = explainTunnel(cause) ?? code;
  const why = reason === undefined ? 'cannot be reached' : `cannot be reached (${reason})`;
  const hint =
    code !== undefined && isCertificateCode(code)
      ? CERTIFICATE_HINT
      : endpoint.isProxied === true
        ? PROXY_HINT
        : isLocal(endpoint.host)
          ? 'start the server, or correct OPENAI_BASE_URL'
          : 'check the network and OPENAI_BASE_URL';
  return {
    error: createModelError(endpoint, why, hint),
    reaction: code !== undefined && TRANSIENT.has(code) ? 'again' : 'give_up',
    unsupported: [],
  };
}

function judgeLimit(failure: WireFailure, text: string, endpoint: Endpoint, nowMs: EpochMs): Verdict {
  const retryAfterMs = readRetryAfter(failure, nowMs) ?? readDelay(failure.payload);
  if (isQuotaGone(failure.payload, text, retryAfterMs))
    return giveUp(createModelError(endpoint, 'the account’s quota is used up', BILLING_HINT));
  return {
    error: createModelError(
      endpoint,
      `rate limit${text === '' ? '' : ` (${text})`}`,
      'ask again in a minute, or choose another model with --model',
    ),
    reaction: 'wait',
    unsupported: [],
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function isQuotaGone(payload: unknown, text: string, retryAfterMs: number | undefined): boolean {
  const { code, type } = fieldsOf(payload);
  if (QUOTA_CODE.test(`${String(code)} ${String(type)} ${text}`)) return true;
  return QUOTA_WORDS.test(text) && (retryAfterMs === undefined || /per_?day/i.test(wholeTextOf(payload)));
}

function describeRefusal(status: number | undefined, text: string, endpoint: Endpoint): ModelError {
  const said = text === '' ? '' : ` (${text})`;
  if (status === 401)
    return endpoint.key === undefined
      ? createModelError(endpoint, 'the server requires a key', 'set OPENAI_API_KEY')
      : createModelError(
          endpoint,
          'the key was refused',
          'check OPENAI_API_KEY, and that OPENAI_BASE_URL belongs to it',
        );
  if (status === 403)
    return createModelError(
      endpoint,
      `access was refused${said}`,
      'check that the key may use this model, or choose another with --model',
    );
  if (status === 407 && endpoint.isProxied === true)
    return createModelError(endpoint, `cannot be reached (${PROXY_WANTS_LOGIN})`, PROXY_HINT);
  if (status === 402) return createModelError(endpoint, `the account has no credit left${said}`, BILLING_HINT);
  const isWithoutTools = NO_TOOLS.test(text);
  if (status === 405) return describeNoPath(text, endpoint);
  if (status === 404 && !isWithoutTools) return describeNotFound(text, endpoint);
  if (status !== undefined && status >= 300 && status < 400)
    return createModelError(
      endpoint,
      `the address redirects elsewhere (HTTP ${status})`,
      'set OPENAI_BASE_URL to the final address',
    );
  if (isWithoutTools)
    return createModelError(
      endpoint,
      `it cannot call tools as it is set up${said}`,
      'choose a model or server setting with tool calls; --model builtin needs none',
    );
  const what = status !== undefined && status >= 500 ? 'the server failed' : 'the request was refused';
  return createModelError(
    endpoint,
    `${what}${status === undefined ? '' : `, HTTP ${status}`}${said}`,
    'ask again, or choose another model with --model',
  );
}

/** A model that is not there, an address that is none, or whatever else the server says. */
function describeNotFound(text: string, endpoint: Endpoint): ModelError {
  const said = text === '' ? '' : ` (${text})`;
  if (NO_MODEL.test(text))
    return createModelError(
      endpoint,
      `the model was not found${said}`,
      isLocal(endpoint.host)
        ? 'load it into the server (ollama pull NAME), or choose another with --model'
        : 'choose another with --model or FIN_MODEL',
    );
  return text === '' || NO_PATH.test(text)
    ? describeNoPath(text, endpoint)
    : createModelError(
        endpoint,
        `the request was refused, HTTP 404${said}`,
        'choose another model with --model, or check OPENAI_BASE_URL',
      );
}

function describeNoPath(text: string, endpoint: Endpoint): ModelError {
  return createModelError(
    endpoint,
    `no Chat Completions at this address${text === '' ? '' : ` (${text})`}`,
    'check OPENAI_BASE_URL: it usually ends in /v1',
  );
}

/** Specific fields first: a text that names `stream_options` often names `stream` too. */
function findUnsupported(payload: unknown, text: string): OptionalField[] {
  const { param } = fieldsOf(payload);
  const named = typeof param === 'string' ? param : '';
  const found = FIELDS.filter(([, pattern]) => pattern.test(named) || pattern.test(text)).map(([field]) => field);
  if (found.length > 0) return found;
  return named === 'stream' || /\bstream(?:ing)?\b/i.test(text) ? ['stream'] : [];
}

/** The reason that an error body gives: on one line, bounded, without keys. */
function readErrorText(payload: unknown, key?: string): string {
  const text = findText(payload);
  if (/^\s*<(?:!doctype|html)/i.test(text)) return 'an HTML page';
  const bounded = text.slice(0, 20 * MAX_TEXT);
  const freed = createRedactor([key ?? ''])(bounded);
  return sanitiseLine(
    freed.replaceAll(/\b(?:sk|gsk|xai)-[\w*.-]{4,}/g, '***').replaceAll(/\bBearer\s+\S+/gi, 'Bearer ***'),
    MAX_TEXT,
  );
}

/** Where servers put a reason, the most telling first; `raw` is what a router got from the server behind it. */
const REASONS = 'error errors message msg detail details error_description description reason'.split(' ');
const BEHIND = ['metadata', 'raw'];
const NAMES = ['title', 'status', 'code', 'type'];
const MAX_DEPTH = 8;
const MAX_REASONS = 3;

/** The reason in any error body: text, an object, a list, JSON inside a text; empty where there is none. */
function findText(payload: unknown): string {
  return findReason(payload) || findNamed(payload, NAMES, 0);
}

function findReason(payload: unknown, depth = 0): string {
  if (typeof payload === 'string') return findReasonInText(payload, depth);
  if (typeof payload !== 'object' || payload === null || depth > MAX_DEPTH) return '';
  if (Array.isArray(payload))
    return payload
      .slice(0, MAX_REASONS)
      .map((each) => findReason(each, depth + 1))
      .filter((text) => text !== '')
      .join('; ');
  const fields = payload as Record<string, unknown>;
  const reason = firstText(REASONS.map((name) => () => findReason(fields[name], depth + 1)));
  const behind = firstText(BEHIND.map((name) => () => findReason(fields[name], depth + 1)));
  const place = Array.isArray(fields['loc']) && reason !== '' ? ` at ${fields['loc'].join('.')}` : '';
  return [`${reason}${place}`, ...(behind === '' || reason.includes(behind) ? [] : [behind])]
    .filter((text) => text !== '')
    .join(': ');
}

function firstText(candidates: readonly (() => string)[]): string {
  for (const candidate of candidates) {
    const text = candidate();
    if (text !== '') return text;
  }
  return '';
}

/** A text that is JSON holds its reason inside; one that is none is the reason. */
function findReasonInText(text: string, depth: number): string {
  if (!/^\s*[{[]/.test(text)) return text.trim();
  try {
    return findText(JSON.parse(text)) || (depth === 0 ? '' : text);
  } catch {
    // Text that only looks like JSON says what it says.
    return text.trim();
  }
}

/** Of a body without a reason, the name of its error. */
function findNamed(payload: unknown, names: readonly string[], depth: number): string {
  if (typeof payload !== 'object' || payload === null || depth > MAX_DEPTH) return '';
  const fields = payload as Record<string, unknown>;
  return firstText([
    ...names.map((name) => () => (typeof fields[name] === 'string' ? fields[name] : '')),
    ...Object.values(fields).map((value) => () => findNamed(value, names, depth + 1)),
  ]);
}

function fieldsOf(payload: unknown): { code?: unknown; type?: unknown; param?: unknown } {
  if (typeof payload !== 'object' || payload === null) return {};
  if (Array.isArray(payload)) return fieldsOf(payload[0]);
  const { error } = payload as { error?: unknown };
  return typeof error === 'object' && error !== null ? fieldsOf(error) : payload;
}

function wholeTextOf(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload ?? '');
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date; absent where neither can be read. */
function readRetryAfter(failure: WireFailure, nowMs: EpochMs): number | undefined {
  const inMs = readNumber(failure.header?.('retry-after-ms'));
  if (inMs !== undefined) return inMs;
  const atMs = parseRetryAfter(failure.header?.('retry-after') ?? undefined, nowMs);
  return atMs === undefined ? undefined : atMs - nowMs;
}

/** What the body of a limit asks to wait: Google's `retryDelay`, or `try again in 1m2.5s` in words. */
function readDelay(payload: unknown): number | undefined {
  const text = wholeTextOf(payload).slice(0, 20 * MAX_TEXT);
  const delay =
    /"retryDelay":\s*"([\d.]+s)"/.exec(text)?.[1] ??
    /\b(?:try again|retry) in ((?:[\d.]+(?:ms|[hms]))+)/i.exec(text)?.[1];
  if (delay === undefined) return undefined;
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const parts = [...delay.matchAll(/([\d.]+)(ms|[hms])/g)];
  const ms = Math.ceil(parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0));
  return Number.isFinite(ms) ? ms : undefined;
}

function readNumber(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function findCode(cause: unknown, depth = 0): string | undefined {
  if (typeof cause !== 'object' || cause === null || depth > 5) return undefined;
  const { code, cause: deeper } = cause as { code?: unknown; cause?: unknown };
  return findCode(deeper, depth + 1) ?? (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : undefined);
}

function isLocal(host: string): boolean {
  return /^(?:localhost|127\.|\[::1\]|10\.|192\.168\.|[\w-]+(?::\d+)?$)/.test(host);
}
