// The protocol on standard input and output: one message a line, nothing else on output. Hides what hostile or broken
// lines become, that a slow reader slows its writer, and that answers under way are given a moment when input ends.
import type { Readable, Writable } from 'node:stream';
import {
  type JSONRPCMessage,
  type Transport,
  PROTOCOL_VERSION_META_KEY,
  UnsupportedProtocolVersionError,
  parseJSONRPCMessage,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Redact } from '../domain/redaction.ts';
import { type Calls, type McpHost, createCalls } from './calls.ts';
import { createServerFactory } from './server.ts';

export interface StdioOptions {
  host: McpHost;
  calls?: Calls;
  input: Readable;
  output: Writable;
  /** Ends the connection: an interrupt, a termination. */
  signal: AbortSignal;
  /** How long what is under way may go on when input has ended. */
  lingerMs?: number;
  /** Hears what is wrong with messages. */
  onNote(text: string): void;
}

/** Serves one client until its input ends or `signal` is aborted; resolves when everything is written. */
export async function serveMcpOnStdio(options: StdioOptions): Promise<void> {
  const { host, calls = createCalls(host), input, output, signal, lingerMs = LINGER_MS, onNote } = options;
  const note = limitNotes(onNote);
  const wire = createLineTransport({ input, output, redact: host.redact, lingerMs, note });
  const serving = serveStdio(createServerFactory(host, calls, true), {
    transport: wire.transport,
    maxSubscriptions: 16,
    onerror: (error) => note(`mcp: ${error.message}`),
  });
  const stop = (): void => void wire.transport.close();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  await wire.closed;
  signal.removeEventListener('abort', stop);
  await serving.close();
  await written(output);
}

const LINE_END = Buffer.from('\n');
const MAX_LINE_BYTES = 1_048_576;
/** A pipe gets its answers; a client that is gone for good leaves no program behind (most send a signal after two seconds). */
const LINGER_MS = 4_000;
/** A reader that takes no more of what is left is given up. */
const DRAIN_MS = 1_000;
const MAX_NOTES = 20;

/** Revisions whose clients may send several messages as one array, and get the answers so. */
const WITH_BATCHES: readonly unknown[] = ['2024-11-05', '2025-03-26'];
/** The one revision whose requests each say theirs. */
const STATELESS = '2026-07-28';

/** Messages that came as one, and what is answered so far. */
interface Batch {
  /** Requests without answer; one more while it is read. */
  left: number;
  replies: object[];
}

interface LineOptions {
  input: Readable;
  output: Writable;
  lingerMs: number;
  redact: Redact;
  note(text: string): void;
}

function createLineTransport({ input, output, redact, lingerMs, note }: LineOptions): {
  transport: Transport;
  closed: Promise<void>;
} {
  const lines = createLineSplitter(MAX_LINE_BYTES);
  const open = createOpenRequests(write);
  const revisions = createRevisions();
  let isClosed = false;
  let lingering: NodeJS.Timeout | undefined;
  let settle = (): void => undefined;
  const closed = new Promise<void>((resolve) => (settle = resolve));

  const transport: Transport = {
    start: () => {
      input.on('data', onData);
      input.on('end', onEnd);
      input.on('error', onEnd);
      output.on('error', () => void transport.close());
      output.on('drain', () => input.resume());
      return Promise.resolve();
    },
    send: (message) => {
      if (isClosed) return Promise.reject(new Error('the connection is closed'));
      const isReply = !('method' in message) && message.id !== undefined;
      write(message, isReply ? open.batchOf(message.id) : undefined);
      if (isReply) answered(message.id);
      return Promise.resolve();
    },
    close: () => {
      if (isClosed) return Promise.resolve();
      isClosed = true;
      clearTimeout(lingering);
      input.off('data', onData);
      input.pause();
      settle();
      transport.onclose?.();
      return Promise.resolve();
    },
  };

  /** What a client does not read is not written any faster: its requests wait in its own pipe. */
  function write(message: object, batch?: Batch): void {
    if (batch !== undefined) batch.replies.push(message);
    else if (!output.write(redact(`${JSON.stringify(message)}\n`))) input.pause();
  }

  function onData(chunk: Buffer): void {
    hearAll(lines.split(chunk));
  }

  function hearAll(found: readonly (string | undefined)[]): void {
    for (const line of found) {
      if (isClosed) return;
      if (line === undefined) refuse(-32_600, `a message of more than ${MAX_LINE_BYTES} bytes`);
      else if (line.trim() !== '') hear(line);
    }
  }

  function hear(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      refuse(-32_700, 'a line that is not JSON');
      return;
    }
    if (!revisions.takeBatches() || !Array.isArray(value) || value.length === 0) {
      hearOne(value);
      return;
    }
    const batch: Batch = { left: 1, replies: [] };
    for (const each of value) hearOne(each, batch);
    open.settle(batch);
  }

  function hearOne(value: unknown, batch?: Batch): void {
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      refuse(-32_600, 'a line that is no JSON-RPC message', idOf(value), batch);
      return;
    }
    if ('method' in message) {
      if ('id' in message) {
        const mistake = revisions.mistakeOf(message);
        if (mistake !== undefined) {
          write({ jsonrpc: '2.0', id: message.id, error: mistake }, batch);
          return;
        }
        open.add(message.id, batch);
      } else if (message.method === 'notifications/cancelled') answered(message.params?.['requestId']);
    }
    transport.onmessage?.(message);
  }

  function refuse(code: number, what: string, id: string | number | null = null, batch?: Batch): void {
    note(`mcp: ${what} was not understood`);
    // JSON-RPC wants null where an id cannot be read.
    write({ jsonrpc: '2.0', id, error: { code, message: `not understood: ${what}` } }, batch);
  }

  function answered(id: unknown): void {
    open.end(id);
    if (lingering !== undefined && open.isEmpty()) void transport.close();
  }

  /** A last line may lack its end. */
  function onEnd(): void {
    hearAll(lines.split(LINE_END));
    if (open.isEmpty()) void transport.close();
    else lingering ??= setTimeout(() => void transport.close(), lingerMs);
  }

  return { transport, closed };
}

/** Requests that have no answer yet, and the batches that some of them came in. */
function createOpenRequests(write: (message: object) => void) {
  const open = new Set<unknown>();
  const batches = new Map<unknown, Batch>();

  /** One part of a batch less to wait for. */
  function settle(batch: Batch | undefined): void {
    if (batch === undefined) return;
    batch.left -= 1;
    if (batch.left === 0 && batch.replies.length > 0) write(batch.replies);
  }

  return {
    settle,
    isEmpty: () => open.size === 0,
    batchOf: (id: unknown) => batches.get(id),
    add(id: unknown, batch: Batch | undefined): void {
      open.add(id);
      if (batch === undefined) return;
      batch.left += 1;
      batches.set(id, batch);
    },
    end(id: unknown): void {
      open.delete(id);
      settle(batches.get(id));
      batches.delete(id);
    },
  };
}

interface Asked {
  method: string;
  params?: Record<string, unknown> | undefined;
}

/** Which revision a client speaks: the protocol's library looks at the first request of a connection alone. */
function createRevisions() {
  let takesBatches = false;
  let isStateless = false;
  return {
    takeBatches: () => takesBatches,
    /** Why a request is not answered, as the protocol says it. */
    mistakeOf(request: Asked): { code: number; message: string; data?: unknown } | undefined {
      if (request.method === 'initialize') {
        takesBatches = WITH_BATCHES.includes(request.params?.['protocolVersion']);
        isStateless = false;
      }
      const revision = revisionOf(request);
      if (revision === STATELESS) isStateless = true;
      if (!isStateless || revision === undefined || revision === STATELESS) return undefined;
      const error = new UnsupportedProtocolVersionError({
        supported: [STATELESS],
        requested: String(revisionOf(request)),
      });
      return { code: error.code, message: error.message, data: error.data };
    },
  };
}

function revisionOf({ params }: Asked): unknown {
  const meta = params?.['_meta'] as Record<string, unknown> | undefined;
  return meta?.[PROTOCOL_VERSION_META_KEY];
}

function idOf(value: unknown): string | number | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as string | number) : null;
}

/** Lines of bytes; undefined for one that is longer than `most`, of which no more than that is held. */
function createLineSplitter(most: number): { split(chunk: Buffer): (string | undefined)[] } {
  let held: Buffer[] = [];
  let size = 0;
  return {
    split: (chunk) => {
      const found: (string | undefined)[] = [];
      for (let start = 0; start < chunk.length;) {
        const at = chunk.indexOf(10, start);
        const part = chunk.subarray(start, at < 0 ? chunk.length : at);
        size += part.length;
        if (size <= most) held.push(part);
        else held = [];
        start += part.length + 1;
        if (at < 0) break;
        found.push(size > most ? undefined : Buffer.concat(held).toString('utf8'));
        held = [];
        size = 0;
      }
      return found;
    },
  };
}

/** A flood of broken lines is no flood of notes. */
function limitNotes(onNote: (text: string) => void): (text: string) => void {
  let count = 0;
  return (text) => {
    count += 1;
    if (count <= MAX_NOTES) onNote(text);
    if (count === MAX_NOTES) onNote('mcp: further errors from this client are not reported');
  };
}

function written(output: Writable): Promise<void> {
  if (output.writableLength === 0 || output.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, DRAIN_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    output.once('drain', done);
    output.once('close', done);
  });
}
