// A small Chat Completions server that answers by script, one step a request, records what it was asked, and makes the
// test fail when it is asked more often than the script foresees. Real sockets, port 0.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface ModelStep {
  status?: number;
  headers?: Record<string, string>;
  /** Objects become `data:` events, strings go on the wire as they are. */
  events?: readonly unknown[];
  /** `data: [DONE]` at the end of the events; default true. */
  done?: boolean;
  /** An answer in one piece instead of events: an object as JSON, a string as it is. */
  body?: unknown;
  /** Before the first byte. */
  delayMs?: number;
  /** Bytes of one write: splits events, lines and characters in the middle. */
  writeBytes?: number;
  /** `reset`: nothing is answered. `cut`: the connection breaks after the events. `open`: it stays open after them. `flood`: it sends without end after them, or after the body. `hang`: nothing ever comes. */
  fault?: 'reset' | 'cut' | 'open' | 'flood' | 'hang';
  /** `data: [DONE]` before what a flood sends; default false. */
  floodAfterDone?: boolean;
}

export interface ModelRequestSeen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** As sent; `body` the same parsed. */
  text: string;
  body: WireRequest;
}

export interface WireRequest {
  model: string;
  messages: {
    role: string;
    content: string;
    tool_calls?: { id: string; function: { name: string; arguments: string }; [field: string]: unknown }[];
    tool_call_id?: string;
    [field: string]: unknown;
  }[];
  tools?: { function: { name: string; strict?: boolean; parameters: unknown } }[];
  stream?: boolean;
  stream_options?: unknown;
  parallel_tool_calls?: boolean;
}

export interface ModelServer extends AsyncDisposable {
  /** With its `/v1`. */
  baseUrl: string;
  host: string;
  requests: ModelRequestSeen[];
  /** @throws where requests came that the script has no step for. */
  close(): Promise<void>;
}

/** @param script a step for each request, in order, or what to answer each one with. */
export async function startModelServer(
  script: readonly ModelStep[] | ((request: ModelRequestSeen) => ModelStep),
): Promise<ModelServer> {
  const requests: ModelRequestSeen[] = [];
  const stepFor = (seen: ModelRequestSeen, index: number): ModelStep | undefined => {
    if (typeof script !== 'function') return script[index];
    try {
      return script(seen);
    } catch (error) {
      return { status: 400, body: { error: { message: String(error) } } };
    }
  };
  const server = createServer((incoming, outgoing) => {
    void record(incoming).then((seen) => {
      const step = stepFor(seen, requests.push(seen) - 1);
      return send(step ?? { status: 500, body: 'the script has no step left' }, incoming, outgoing);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    if (typeof script !== 'function' && requests.length > script.length)
      throw new Error(`the model server was asked ${requests.length} times, its script has ${script.length} steps`);
  };
  return { baseUrl: `http://${host}/v1`, host, requests, close, [Symbol.asyncDispose]: close };
}

async function record(incoming: IncomingMessage): Promise<ModelRequestSeen> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const body = (text === '' ? {} : JSON.parse(text)) as WireRequest;
  return { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, text, body };
}

async function send(step: ModelStep, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (step.delayMs !== undefined) await delay(step.delayMs);
  if (step.fault === 'hang') return;
  if (step.fault === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const { type, text } = toText(step);
  outgoing.writeHead(step.status ?? 200, { 'content-type': type, ...step.headers });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step.writeBytes ?? bytes.length) {
    outgoing.write(bytes.subarray(at, at + (step.writeBytes ?? bytes.length)));
    if (step.writeBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  if (step.fault === 'cut') {
    // What was written must be on its way before the connection ends.
    await new Promise((resolve) => outgoing.write(': \n\n', resolve));
    await delay(5);
    incoming.socket.destroy();
  } else if (step.fault === 'flood') await flood(outgoing, step.floodAfterDone === true);
  else if (step.fault !== 'open') outgoing.end();
}

/** As long as somebody listens. */
async function flood(outgoing: ServerResponse, isDone: boolean): Promise<void> {
  if (isDone) outgoing.write('data: [DONE]\n\n');
  while (!outgoing.destroyed) {
    outgoing.write(': and on\n\n');
    await delay(1);
  }
}

function toText(step: ModelStep): { type: string; text: string } {
  if (step.events === undefined) {
    return typeof step.body === 'string'
      ? { type: 'text/plain', text: step.body }
      : { type: 'application/json', text: JSON.stringify(step.body ?? {}) };
  }
  const events = step.events.map((event) => (typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`));
  const isWhole = step.fault === undefined && step.done !== false;
  return { type: 'text/event-stream; charset=utf-8', text: events.join('') + (isWhole ? 'data: [DONE]\n\n' : '') };
}

/** One chunk of a stream. */
export function chunk(delta: object, finishReason: string | null = null): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
}

export function usageChunk(usage: object): object {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'm', choices: [], usage };
}

/** A streamed answer in words of one piece each. */
export function say(text: string): ModelStep {
  const pieces = text.split(/(?<= )/);
  return {
    events: [
      chunk({ role: 'assistant', content: '' }),
      ...pieces.map((content) => chunk({ content })),
      chunk({}, 'stop'),
    ],
  };
}

/** A streamed reply that calls tools. */
export function callTools(...calls: { name: string; arguments: object | string; id?: string }[]): ModelStep {
  const fragments = calls.map((call, index) => {
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    return chunk({
      tool_calls: [
        {
          index,
          id: call.id ?? `call_${call.name}_${index}`,
          type: 'function',
          function: { name: call.name, arguments: text },
        },
      ],
    });
  });
  return { events: [...fragments, chunk({}, 'tool_calls')] };
}

/** A whole answer of a server that does not stream. */
export function completion(message: object, finishReason: string | null = 'stop', usage?: object): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }],
    ...(usage ? { usage } : {}),
  };
}
