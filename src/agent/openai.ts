// A language model behind any Chat Completions endpoint: the only owner of the `openai` package. Hides the wire form of
// messages, which fields a server refuses, waits for its limits, and the retries before the first byte.
import type { ToolDefinition } from '../tools/registry.ts';
import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import type {
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { isFinError } from '../domain/errors.ts';
import { createRedactor } from '../domain/redaction.ts';
import type { EpochMs } from '../domain/types.ts';
import { type Delay, delay as realDelay } from '../http/delay.ts';
import { createProxiedFetch } from '../http/proxied-fetch.ts';
import { type ProxySettings, chooseProxy } from '../http/proxy.ts';
import { sanitiseLine } from '../render/text.ts';
import { foldReduced } from './conversation.ts';
import type { Extras, Message, Model, ModelReply, ModelRequest, ToolCall } from './model.ts';
import { type NeededField, fillNeeded, findNeeded, findRefusedExtras, withoutRefused } from './openai-extras.ts';
import {
  type Endpoint,
  type OptionalField,
  ReplyError,
  type Verdict,
  type WireFailure,
  createModelError,
  createTooLateError,
  judgeFailure,
  judgeReply,
} from './openai-failure.ts';
import { asObject, isJsonObject, readReply } from './openai-reader.ts';
import { normaliseArguments, takeId } from './openai-tool-calls.ts';

export interface OpenAiOptions {
  settings: {
    /** Absent: a server that wants none. */
    apiKey?: string;
    /** With its `/v1`; absent: OpenAI's own address. */
    baseUrl?: string;
    name: string;
  };
  /** For all but loopback addresses. */
  proxy?: ProxySettings;
  delay?: Delay;
  /** The machine's clock, for deadlines and dates in headers. */
  machineNow?(): EpochMs;
  /** 0 to 1, for the jitter of backoffs. */
  random?(): number;
}

export interface OpenAiModel extends Model {
  /** Names that `/models` of the endpoint lists, in its order; undefined: it has no such list. @throws ModelError. */
  listModels(signal?: AbortSignal): Promise<string[] | undefined>;
}

const OPENAI_URL = 'https://api.openai.com/v1';
/** The package insists on a key; what a server without keys is sent. */
const NO_KEY = 'none';
const MAX_RETRIES = 2;
const MAX_LIMIT_WAITS = 4;
const BACKOFF_MS = 500;
const LIMIT_BACKOFF_MS = 2_000;
/** Longest wait for a limit where the request has no deadline. */
const MAX_WAIT_MS = 60_000;
const MAX_ERROR_BYTES = 64_000;
const MAX_LIST_BYTES = 4_000_000;
const LIST_TIMEOUT_MS = 10_000;
/** How servers say that they have no list of models. */
const WITHOUT_LIST: readonly number[] = [404, 405, 501];

/** Nothing is sent before the first `reply`. What its server refuses is remembered for the life of the object. */
export function createOpenAiModel(options: OpenAiOptions): OpenAiModel {
  const { settings, delay = realDelay, machineNow = () => Date.now(), random = () => Math.random() } = options;
  const baseUrl = settings.baseUrl ?? OPENAI_URL;
  const proxy = chooseProxy(baseUrl, options.proxy);
  const endpoint: Endpoint = {
    model: settings.name,
    host: URL.parse(baseUrl)?.host ?? 'an invalid address',
    isProxied: proxy !== undefined,
    ...(settings.apiKey === undefined ? {} : { key: settings.apiKey }),
  };
  const client = createClient(baseUrl, settings.apiKey, proxy);
  /** An echo of the key is in no answer; pieces on their way are freed of it word by word, where they are shown. */
  const redact = createRedactor([settings.apiKey ?? '']);
  /** What this server refused once is not sent again. */
  const refused: Refused = { fields: new Set(), extras: new Set(), needed: new Set() };

  async function send(request: ModelRequest): Promise<ModelReply> {
    const used = new Set<string>();
    const body = toBody(settings.name, request, refused, used);
    const response = await callWire(() =>
      client.chat.completions.create(body, { signal: request.signal }).asResponse(),
    );
    if (response.body === null) throw new ReplyError('an empty answer', { isUntouched: true });
    const reply = await readReply(response.body, response.headers.get('content-type') ?? '', {
      onText: request.onText === undefined ? undefined : (piece) => request.onText?.(piece),
      onDiscard: () => request.onDiscard?.(),
      usedIds: used,
      tools: request.tools,
    });
    return { ...reply, text: redact(reply.text) };
  }

  function judge(thrown: unknown): Verdict | undefined {
    if (thrown instanceof ReplyError) return judgeReply(thrown, endpoint);
    return thrown instanceof WireError ? judgeFailure(thrown.failure, endpoint, machineNow()) : undefined;
  }

  /** True where the next request can be another one: without what the server refuses, with what it misses. */
  function adapt({ unsupported, refusal }: Verdict, messages: readonly Message[]): boolean {
    const sent = foldReduced(messages);
    const extras = refusal === undefined ? [] : findRefusedExtras(sent, refusal);
    const needed = refusal === undefined ? [] : findNeeded(sent, refusal);
    return addAll(refused.extras, extras) || addAll(refused.needed, needed) || addAll(refused.fields, unsupported);
  }

  async function reply(request: ModelRequest): Promise<ModelReply> {
    const deadlineMs = request.deadlineMs ?? machineNow() + MAX_WAIT_MS;
    let attempt = 0;
    for (;;) {
      try {
        request.signal.throwIfAborted();
        return await send(request);
      } catch (thrown) {
        request.signal.throwIfAborted();
        const verdict = judge(thrown);
        if (verdict === undefined) throw thrown;
        if (adapt(verdict, request.messages)) continue;
        const waitMs = decideWait(verdict, attempt, random());
        if (waitMs === undefined) throw verdict.error;
        if (waitMs > deadlineMs - machineNow())
          throw verdict.reaction === 'wait' ? createTooLateError(endpoint, waitMs) : verdict.error;
        attempt += 1;
        if (waitMs > 0 && (verdict.reaction === 'wait' || verdict.retryAfterMs !== undefined)) request.onWait?.(waitMs);
        await delay(waitMs, request.signal);
      }
    }
  }

  async function listModels(signal?: AbortSignal): Promise<string[] | undefined> {
    const timeout = AbortSignal.timeout(LIST_TIMEOUT_MS);
    try {
      const frame = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      const response = await callWire(() => client.models.list({ signal: frame }).asResponse());
      return parseModelList(await readBounded(response, MAX_LIST_BYTES));
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof WireError && WITHOUT_LIST.includes(thrown.failure.status ?? 0)) return undefined;
      if (timeout.aborted)
        throw createModelError(
          endpoint,
          `no answer within ${LIST_TIMEOUT_MS / 1000} s`,
          'check OPENAI_BASE_URL, or try again',
        );
      if (isFinError(thrown)) throw thrown;
      throw (
        judge(thrown)?.error ??
        createModelError(endpoint, 'its list of models cannot be read', 'check OPENAI_BASE_URL: it usually ends in /v1')
      );
    }
  }

  return { name: settings.name, reply, listModels };
}

interface Refused {
  fields: Set<OptionalField>;
  /** Names of fields that came from the server, beside those that fin knows. */
  extras: Set<string>;
  /** What the server wants with every call. */
  needed: Set<NeededField>;
}

/** True where one of them was new. */
function addAll<T>(set: Set<T>, values: readonly T[]): boolean {
  const before = set.size;
  for (const value of values) set.add(value);
  return set.size > before;
}

/** Milliseconds until the next attempt; undefined: there is none. */
export function decideWait(
  { reaction, retryAfterMs }: Pick<Verdict, 'reaction' | 'retryAfterMs'>,
  attempt: number,
  random: number,
): number | undefined {
  if (reaction === 'give_up' || attempt >= (reaction === 'wait' ? MAX_LIMIT_WAITS : MAX_RETRIES)) return undefined;
  const backoffMs = (reaction === 'wait' ? LIMIT_BACKOFF_MS : BACKOFF_MS) * 2 ** attempt * (0.75 + random / 2);
  return retryAfterMs ?? Math.round(backoffMs);
}

class WireError extends Error {
  readonly failure: WireFailure;

  constructor(failure: WireFailure) {
    super('request failed');
    this.failure = failure;
  }
}

/** Settings of the environment that are not fin's stay out; the package neither retries nor logs. */
function createClient(baseUrl: string, apiKey: string | undefined, proxy: ProxySettings | undefined): OpenAI {
  const send: typeof fetch = proxy === undefined ? globalThis.fetch : (createProxiedFetch(proxy) as typeof fetch);
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? NO_KEY,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    // A conversation does not follow a redirect to wherever a server says.
    fetchOptions: { redirect: 'manual' },
    fetch: async (url, init) => {
      const response = await send(url, init);
      if (response.ok) return response;
      const { status, statusText, headers } = response;
      const payload = parseLeniently(await readBounded(response, MAX_ERROR_BYTES));
      // The package keeps of an error body only what its `error` holds.
      return new Response(JSON.stringify({ error: { payload } }), {
        status,
        statusText,
        headers: jsonHeaders(headers),
      });
    },
  });
}

/** The package's errors as what the wire brought. None of them is passed on: a header that cannot be sent is quoted in its error. */
async function callWire(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof APIUserAbortError) throw thrown;
    if (thrown instanceof APIConnectionError) throw new WireError({ cause: thrown });
    if (!(thrown instanceof APIError))
      throw new WireError({
        payload: 'the request cannot be sent: check OPENAI_API_KEY for stray characters',
        status: 400,
      });
    const { status, headers, error } = thrown as {
      status?: number;
      headers?: Headers;
      error?: { payload?: unknown };
    };
    throw new WireError({
      payload: error?.payload ?? '',
      ...(status === undefined ? {} : { status }),
      header: (name) => headers?.get(name) ?? null,
    });
  }
}

/** What a text holds as JSON, else the text. */
function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page, plain words, or an empty body.
    return text;
  }
}

/** As they came, for waits and dates, but of the body that is made of them. */
function jsonHeaders(from: Headers): Headers {
  const headers = new Headers(from);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  headers.set('content-type', 'application/json');
  return headers;
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    bytes += chunk.length;
    text += decoder.decode(chunk, { stream: true });
    if (bytes > maxBytes) break;
  }
  return text.slice(0, maxBytes);
}

function toBody(
  model: string,
  { messages, tools }: ModelRequest,
  refused: Refused,
  used: Set<string>,
): ChatCompletionCreateParams {
  const { fields } = refused;
  return {
    model,
    messages: toWireMessages(foldReduced(messages), refused, used),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => toWireTool(tool, fields)) }),
    ...(tools.length === 0 || fields.has('parallel_tool_calls') ? {} : { parallel_tool_calls: true }),
    ...(fields.has('stream') ? {} : { stream: true }),
    ...(fields.has('stream') || fields.has('stream_options') ? {} : { stream_options: { include_usage: true } }),
  };
}

/** `strict` only where it is allowed: every property required. */
function toWireTool(
  { name, description, parameters }: ToolDefinition,
  refused: ReadonlySet<OptionalField>,
): ChatCompletionTool {
  const { additionalProperties, ...open } = parameters;
  const names = Object.keys(asObject(parameters['properties']) ?? {});
  const required: unknown = parameters['required'];
  const isStrict =
    !refused.has('strict') &&
    !refused.has('additional_properties') &&
    additionalProperties === false &&
    Array.isArray(required) &&
    names.every((each) => required.includes(each));
  const schema = refused.has('additional_properties') ? open : parameters;
  const isLeftOut = names.length === 0 && refused.has('empty_parameters');
  return {
    type: 'function',
    function: {
      name,
      description,
      ...(isLeftOut ? {} : { parameters: schema }),
      ...(isStrict && !isLeftOut ? { strict: true } : {}),
    },
  };
}

/**
 * The conversation as it is sent. Ids are made unique (the built-in planner numbers its own from 1 in every question) and
 * kept in `used`; arguments that were no JSON are sent as `{}`, because servers refuse a history that holds them. What a
 * server wrote beside its calls goes back with them.
 */
function toWireMessages(
  messages: readonly Message[],
  refused: Refused,
  used: Set<string>,
): ChatCompletionMessageParam[] {
  /** Of the latest reply with calls: its ids to those sent. */
  let sent = new Map<string, string>();
  return messages.map((message): ChatCompletionMessageParam => {
    if (message.role === 'tool')
      return {
        role: 'tool',
        tool_call_id: sent.get(message.toolCallId) ?? message.toolCallId,
        content: message.content,
      };
    if (message.role === 'user')
      return {
        role: 'user',
        content: message.askedAt === undefined ? message.content : `${stampOf(message.askedAt)} ${message.content}`,
      };
    if (message.role !== 'assistant' || message.toolCalls === undefined || message.toolCalls.length === 0)
      return { role: message.role, content: message.content };
    sent = new Map(message.toolCalls.map(({ id }) => [id, takeId(id, used)]));
    const { extras, content, toolCalls = [] } = fillNeeded(message, refused.needed);
    return {
      ...withoutRefused(extras, refused.extras),
      role: 'assistant',
      content,
      tool_calls: toolCalls.map((call) => toWireCall(call, sent.get(call.id) ?? call.id, refused.extras)),
    };
  });
}

/** `[2026-11-19 11:00 ET]`: what a model needs to tell how old an earlier result is. */
function stampOf(askedAt: string): string {
  return `[${askedAt.slice(0, 10)} ${askedAt.slice(11, 16)} ET]`;
}

function toWireCall(call: ToolCall, id: string, refused: ReadonlySet<string>) {
  const args = normaliseArguments(call.arguments);
  const inside: Extras | undefined = withoutRefused(call.functionExtras, refused);
  return {
    ...withoutRefused(call.extras, refused),
    id,
    type: 'function' as const,
    function: { ...inside, name: call.name, arguments: isJsonObject(args) ? args : '{}' },
  };
}

/** `{data: [{id}]}` of the reference, `{models: [{name}]}` of some others. @throws where it is neither. */
function parseModelList(text: string): string[] {
  const list = asObject(JSON.parse(text));
  const items = list?.['data'] ?? list?.['models'];
  if (!Array.isArray(items)) throw new SyntaxError('no list of models');
  return items.flatMap((item) => {
    const { id, name } = asObject(item) ?? {};
    const named = typeof id === 'string' ? id : name;
    return typeof named === 'string' && named !== '' ? [sanitiseLine(named, 120)] : [];
  });
}
