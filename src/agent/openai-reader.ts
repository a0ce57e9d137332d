// Reads one reply of a Chat Completions server, streamed or not, into text and tool calls. Hides the differences between
// servers: indices that are always 0, missing ids, arguments as objects, errors in mid-stream, calls written as text.
import type { ToolDefinition } from '../tools/registry.ts';
import { present } from '../domain/present.ts';
import { delay } from '../http/delay.ts';
import type { Extras, ModelReply, TokenUsage, ToolCall } from './model.ts';
import { addExtras, extrasOf } from './openai-extras.ts';
import { ReplyError } from './openai-failure.ts';
import { createSseParser } from './openai-sse.ts';
import { createTextGate } from './openai-text.ts';
import { createToolCallAssembler } from './openai-tool-calls.ts';

export interface ReadOptions {
  onText?: ((piece: string) => void) | undefined;
  onDiscard?: (() => void) | undefined;
  /** Tool call ids of the conversation: a new one must differ. */
  usedIds: ReadonlySet<string>;
  /** None: a call cannot be run, also not one that is written as text. */
  tools: readonly ToolDefinition[];
}

type Body = ReadableStream<Uint8Array>;

/** Text and arguments of one reply: far above any answer. */
const MAX_REPLY_CHARS = 4_000_000;
/** Everything on the wire, with its envelopes and what is dropped. */
const MAX_WIRE_CHARS = 64_000_000;
/** How long usage and the end of the stream are waited for once the answer is complete, whatever still comes. */
const LINGER_MS = 500;
const MESSAGE_FIELDS: ReadonlySet<string> = new Set(['role', 'content', 'refusal', 'tool_calls', 'function_call']);

/** @throws ReplyError for everything that is not a whole reply; text that had come was given to `onText`. */
export async function readReply(body: Body, contentType: string, options: ReadOptions): Promise<ModelReply> {
  const reply = new ReplyReader(options);
  const isEventStream = /^text\/event-stream/i.test(contentType);
  let json: string | undefined;
  const parser = createSseParser((data) => reply.takeEvent(data));
  for await (const piece of readPieces(body, reply)) {
    reply.countWire(piece);
    const isJson: boolean = json !== undefined || (!isEventStream && !parser.hasBegun && /^\s*[{[]/.test(piece));
    if (isJson) json = (json ?? '') + piece;
    else if (/^\s*<(?:!doctype|html)/i.test(piece) && !parser.hasBegun)
      throw new ReplyError('an HTML page instead of an answer', {
        hint: 'check OPENAI_BASE_URL: it usually ends in /v1',
      });
    else parser.push(piece);
  }
  if (json !== undefined) reply.takeBody(json);
  else {
    reply.isLast = true;
    parser.end();
  }
  return reply.conclude();
}

async function* readPieces(body: Body, reply: ReplyReader): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const linger = createLinger();
  try {
    for (;;) {
      const next = await readNext(reader, reply, linger);
      if (next === undefined) return;
      if (reply.isEnded) continue;
      yield decoder.decode(next, { stream: true });
    }
  } finally {
    linger.end();
    // Whatever the server still sends belongs to nobody.
    void reader.cancel().catch(() => undefined);
  }
}

interface Linger {
  /** Begins with the first call and is the same for all: a server that never stops does not renew it. */
  over(): Promise<void>;
  readonly isOver: boolean;
  end(): void;
}

function createLinger(): Linger {
  const abort = new AbortController();
  let over: Promise<void> | undefined;
  let isOver = false;
  return {
    over: () =>
      (over ??= delay(LINGER_MS, abort.signal).then(
        () => {
          isOver = true;
        },
        () => undefined,
      )),
    get isOver() {
      return isOver;
    },
    end: () => abort.abort(),
  };
}

/** The next bytes; undefined at the end, and soon after a complete answer, whether or not the server closes. */
async function readNext(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  reply: ReplyReader,
  linger: Linger,
): Promise<Uint8Array | undefined> {
  try {
    if (linger.isOver) return undefined;
    const reading = reader.read().then(({ value }) => value);
    if (!reply.isComplete) return await reading;
    reading.catch(() => undefined);
    return await Promise.race([reading, linger.over().then(() => undefined)]);
  } catch {
    // A connection that breaks after the last word of an answer takes nothing away from it.
    if (reply.isComplete) return undefined;
    throw new ReplyError('the connection was lost mid-answer', {
      hint: 'ask again; the answer is not complete',
      isUntouched: reply.isUntouched,
    });
  }
}

class ReplyReader {
  readonly #options: ReadOptions;
  readonly #text;
  readonly #calls;
  #usage: TokenUsage | undefined;
  #finishReason: string | undefined;
  #extras: Extras | undefined;
  #wireChars = 0;
  #replyChars = 0;
  isEnded = false;
  /** What comes now stood at the very end, perhaps in half. */
  isLast = false;
  isUntouched = true;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#text = createTextGate({ tools: options.tools, onText: options.onText, onDiscard: options.onDiscard });
    this.#calls = createToolCallAssembler();
  }

  /** Nothing of the answer can follow. */
  get isComplete(): boolean {
    return this.isEnded || this.#finishReason !== undefined;
  }

  countWire(piece: string): void {
    this.#wireChars += piece.length;
    if (this.#wireChars > MAX_WIRE_CHARS) throw tooBig();
  }

  /** One `data:` payload of an event stream. */
  takeEvent(data: string): void {
    if (this.isEnded || (this.isLast && data !== '[DONE]' && !isJson(data))) return;
    if (data === '[DONE]') {
      this.isEnded = true;
      return;
    }
    this.#takeChunk(parseObject(data), 'delta');
  }

  /** The whole body of a server that does not stream. */
  takeBody(text: string): void {
    const body = parseObject(text);
    this.#takeChunk(body, 'message');
    if (!Array.isArray(body['choices']) || body['choices'].length === 0) throw unreadable();
    this.#finishReason ??= 'stop';
  }

  #takeChunk(chunk: Record<string, unknown>, form: 'delta' | 'message'): void {
    const error = findError(chunk);
    if (error !== undefined) throw new ReplyError('the server sent an error', { payload: error });
    this.isUntouched = false;
    const choice = firstChoice(chunk['choices'], form);
    // Kimi counts in the choice, Groq under a name of its own.
    const counts = [chunk, choice, asObject(chunk['x_groq'])].map((from) => readUsage(from?.['usage']));
    this.#usage = counts.find((usage) => usage !== undefined) ?? this.#usage;
    if (choice === undefined) return;
    const { finish_reason: finishReason, error: failed } = choice;
    if (failed !== undefined && failed !== null) throw new ReplyError('the server sent an error', { payload: failed });
    this.#takeDelta(asObject(choice[form]) ?? asObject(choice['message']) ?? {});
    if (typeof finishReason === 'string' && finishReason !== '') this.#finishReason = finishReason;
  }

  /** A refusal is the answer; what is not known is kept to be sent back. */
  #takeDelta(delta: Record<string, unknown>): void {
    const { content, refusal, tool_calls: fragments, function_call: legacy } = delta;
    const text = readContent(content) || readContent(refusal);
    this.#replyChars += text.length;
    if (text !== '') this.#text.push(text);
    if (Array.isArray(fragments)) for (const fragment of fragments) this.#replyChars += this.#calls.push(fragment);
    // The form before `tool_calls`: one call, without an id.
    else if (asObject(legacy) !== undefined) this.#replyChars += this.#calls.push({ function: legacy });
    this.#extras = addExtras(this.#extras, extrasOf(delta, MESSAGE_FIELDS));
    if (this.#replyChars > MAX_REPLY_CHARS) throw tooBig();
  }

  conclude(): ModelReply {
    const { text, calls: written, isUnreadable } = this.#text.end();
    const { usedIds, tools } = this.#options;
    const calls = this.#calls.finish(
      usedIds,
      written,
      tools.map(({ name }) => name),
    );
    // Some routers send `[DONE]` and never a reason: whole calls have nothing left to come, a text might.
    const isWhole = this.isEnded && calls.length > 0 && calls.every((call) => isJsonObject(call.arguments));
    if (this.#finishReason === undefined && !isWhole)
      throw new ReplyError('the answer ended before it was complete', {
        hint: 'ask again; the answer is not complete',
        isUntouched: this.isUntouched,
      });
    this.#checkFinish(calls);
    if (isUnreadable) throw unreadableCall('that cannot be read');
    if (written.length > 0 && tools.length === 0) throw unreadableCall('when no call was possible');
    if (text.trim() === '' && calls.length === 0)
      throw new ReplyError('an empty answer', { hint: 'ask again, or choose another model with --model' });
    return {
      text,
      toolCalls: calls,
      ...(this.#extras === undefined || calls.length === 0 ? {} : { extras: this.#extras }),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
    };
  }

  #checkFinish(calls: readonly ToolCall[]): void {
    const reason = this.#finishReason;
    if (reason === 'content_filter')
      throw new ReplyError('the answer was cut off by the server’s content filter', {
        hint: 'ask in other words, or choose another model with --model',
      });
    if (reason === 'error') throw new ReplyError('the server failed mid-answer');
    const isCut = reason === 'length' && (calls.length === 0 || !calls.every((call) => isJsonObject(call.arguments)));
    if (isCut)
      throw new ReplyError('the answer was cut off at the model’s length limit', {
        hint: 'ask a narrower question, or choose a model (or server setting) that allows longer answers',
      });
  }
}

function tooBig(): ReplyError {
  return new ReplyError('the answer is longer than fin reads and was cut off', {
    hint: 'ask a narrower question, or choose another model with --model',
  });
}

function unreadableCall(why: string): ReplyError {
  return new ReplyError(`the model wrote a tool call as text ${why}`, {
    hint: 'ask again, or choose a model or server setting with tool calls; --model builtin needs none',
  });
}

function unreadable(): ReplyError {
  return new ReplyError('an answer that is not Chat Completions', {
    hint: 'check OPENAI_BASE_URL (it usually ends in /v1), or ask again',
  });
}

/** Some servers wrap their one object, an error mostly, in a list. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    const value = asObject(Array.isArray(parsed) ? parsed[0] : parsed);
    if (value !== undefined) return value;
  } catch {
    // Told below, as whatever else is no object.
  }
  throw unreadable();
}

/** `{"error": …}`, or the flat form of some servers. */
function findError(chunk: Record<string, unknown>): unknown {
  const { error } = chunk;
  if (error !== undefined && error !== null) return error;
  return chunk['object'] === 'error' ? chunk : undefined;
}

/** Text, or parts of text; null and missing are empty. */
function readContent(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => readContent(asObject(part)?.['text'])).join('');
}

/** Choice 0 is the answer, wherever it stands; a whole body with one choice has it under any number. */
function firstChoice(choices: unknown, form: 'delta' | 'message'): Record<string, unknown> | undefined {
  if (!Array.isArray(choices)) return undefined;
  const read = choices.map(asObject).filter((choice) => choice !== undefined);
  return read.find(({ index = 0 }) => index === 0) ?? (form === 'message' ? read[0] : undefined);
}

/** Counts that the server did not send are absent, never 0. */
function readUsage(value: unknown): TokenUsage | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const inputTokens = readCount(usage['prompt_tokens']);
  const outputTokens = readCount(usage['completion_tokens']);
  const cachedInputTokens =
    readCount(asObject(usage['prompt_tokens_details'])?.['cached_tokens']) ??
    readCount(usage['prompt_cache_hit_tokens']);
  const read: TokenUsage = present({ inputTokens, cachedInputTokens, outputTokens });
  return Object.keys(read).length === 0 ? undefined : read;
}

function readCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** A JSON object; undefined for a list, a plain value or nothing. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Cut or malformed.
    return false;
  }
}

export function isJsonObject(text: string): boolean {
  try {
    return asObject(JSON.parse(text)) !== undefined;
  } catch {
    // Malformed is the answer.
    return false;
  }
}
