// A host of the Model Context Protocol on the sample market: over real sockets and a real cache file where requests are
// counted and fail, and a client that speaks raw JSON-RPC by lines.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createTempFolder } from '../cache/helpers.ts';
import {
  type CountingExchange,
  IN_SESSION,
  createTestClock,
  openProcess,
  startCountingExchange,
} from '../market/world.ts';
import { createRedactor } from '../../src/domain/redaction.ts';
import type { CallEvent } from '../../src/http/http.ts';
import { type CallLimits, CALL_LIMITS, type Calls, type McpHost, createCalls } from '../../src/mcp/calls.ts';
import { type Reply } from './http-server.ts';
import { serveMcpOnStdio } from '../../src/mcp/stdio.ts';

export const SECRET = 'secret-Key/0123456789';

/** Lists and positions of a user. */
export const BOOK = {
  lists: { core: ['NVDA', 'AMD'], 'my list/ü': ['SPY'] },
  positions: [{ id: 1, symbol: 'NVDA', quantity: 100, cost: 18_050 }],
};

export interface McpWorld {
  host: McpHost;
  calls: Calls;
  exchange: CountingExchange;
  events: CallEvent[];
  logged: Record<string, unknown>[];
}

export interface WorldOptions {
  limits?: Partial<CallLimits>;
  offline?: boolean;
  book?: object;
}

/** A provider in the format of Tradier and Polygon, in session. */
export async function createWorld({ limits = {}, offline = false, book = BOOK }: WorldOptions = {}): Promise<McpWorld> {
  const clock = createTestClock(IN_SESSION);
  const exchange = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: exchange, polygon: exchange });
  const folder = createTempFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'book.json'), JSON.stringify(book), { mode: 0o600 });
  const events: CallEvent[] = [];
  const logged: Record<string, unknown>[] = [];
  const host: McpHost = {
    version: '9.9.9',
    clock,
    options: { offline, refresh: false },
    reportCall: (event) => void events.push(event),
    log: { beginTurn: () => undefined, write: (entry) => void logged.push({ ...entry }) },
    redact: createRedactor([SECRET]),
    book: { path: folder },
    openRuntime: () => Promise.resolve({ market }),
  };
  return { host, calls: createCalls(host, { ...CALL_LIMITS, ...limits }), exchange, events, logged };
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

export interface LineClient {
  send(...messages: (object | string)[]): void;
  /** The reply to a request, when it has come. */
  reply(id: string | number | null): Promise<Reply>;
  received: Reply[];
  /** Resolves at the next line that fits. */
  line(fits: (reply: Reply) => boolean): Promise<Reply>;
  end(): void;
  ended: Promise<void>;
  notes: string[];
}

/** A client on standard input and output, in this process. */
export function connectLines(
  { host, calls }: McpWorld,
  signal = new AbortController().signal,
  lingerMs = 10_000,
): LineClient {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const notes: string[] = [];
  const received: Reply[] = [];
  const listeners = new Set<() => void>();
  let text = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    received.push(...lines.map((line) => JSON.parse(line) as Reply));
    for (const listener of listeners) listener();
  });
  const line = (fits: (reply: Reply) => boolean): Promise<Reply> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = received.find(fits);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  const ended = serveMcpOnStdio({
    host,
    calls,
    input,
    output,
    signal,
    lingerMs,
    onNote: (note) => void notes.push(note),
  });
  return {
    send: (...messages) => {
      for (const message of messages)
        input.write(typeof message === 'string' ? message : `${JSON.stringify(message)}\n`);
    },
    reply: (id) => line((each) => each.id === id && each.method === undefined),
    line,
    received,
    end: () => input.end(),
    ended,
    notes,
  };
}
