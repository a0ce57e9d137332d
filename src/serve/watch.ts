// Quotes as they change, as server-sent events. All who watch equal symbols share one look; looks together take at most
// half of the limit, which questions keep for themselves.
import { DATA_COMMANDS, fetchFound, toFoundDocument } from '../app/commands/data.ts';
import { watchShareOf } from '../app/provider-use.ts';
import { expandListNames } from '../app/list-names.ts';
import type { CommandForm } from '../app/command.ts';
import { sessionAt } from '../domain/calendar.ts';
import { toFinError } from '../domain/errors.ts';
import { delay } from '../http/delay.ts';
import type { JsonDocument } from '../render/json.ts';
import { decideWaitMs } from '../tools/watch.ts';
import type { Client, ServeParts } from './host.ts';
import { type Parameter, parseParameters } from './parameters.ts';
import { QueueFullError } from '../app/queue.ts';
import { createFailure, replyEvents } from './replies.ts';
import { type EventStream, createEventStream } from './sse.ts';

export interface Watches {
  /** @throws FinError for words that cannot be, or where too many streams are open */
  open(query: URLSearchParams, client: Client): Promise<Response>;
  /** To every open stream. */
  tell(event: string, data: unknown): void;
  /** Ends every stream. */
  close(): void;
  count(): { streams: number; groups: number };
}

interface Group {
  streams: Set<EventStream>;
  ended: AbortController;
  /** What was sent last, for who comes later. */
  last?: { text: string; document: object };
}

export const WATCH_PARAMETERS: readonly Parameter[] = [
  { name: 'symbols', isFlag: false, isRequired: true, isRepeatable: true },
];
const FORM: CommandForm = { name: 'watch', arguments: '<symbols...>', summary: '', options: [] };
const MOST_STREAMS = 1_000;
const MOST_OF_A_CLIENT = 20;
const AGAIN_S = 30;
const LOOK_MS = 10_000;
const AGAIN_MS = 60_000;

export function createWatches({ host, metrics }: ServeParts, commentEveryMs?: number): Watches {
  const groups = new Map<string, Group>();
  const byClient = new Map<string, number>();
  const ended = new AbortController();
  let streams = 0;

  async function open(query: URLSearchParams, client: Client): Promise<Response> {
    const { key } = client;
    const signal = AbortSignal.any([client.signal, ended.signal]);
    const typed = parseParameters('watch', WATCH_PARAMETERS, query);
    const { words } = await expandListNames(FORM, typed, host.config);
    // What cannot be read is refused before a stream begins.
    const sorted = [...new Set(words.flatMap((word) => (/\s/.test(word.trim()) ? word : word.split(','))))].sort();
    await DATA_COMMANDS.quote()({ command: 'quote', words: sorted, options: {} }, host);
    const own = byClient.get(key) ?? 0;
    if (own >= MOST_OF_A_CLIENT) throw new QueueFullError(`${own} streams are open for this client`, AGAIN_S);
    if (streams >= MOST_STREAMS) throw new QueueFullError(`${streams} streams are open`, AGAIN_S);
    const group = groups.get(sorted.join(',')) ?? start(sorted);
    const close = (): void => {
      if (!group.streams.delete(stream)) return;
      streams -= 1;
      const left = (byClient.get(key) ?? 1) - 1;
      if (left === 0) byClient.delete(key);
      else byClient.set(key, left);
      signal.removeEventListener('abort', close);
      stream.close();
      if (group.streams.size > 0) return;
      group.ended.abort();
      groups.delete(sorted.join(','));
    };
    const stream = createEventStream({
      redact: host.output.redact,
      onGone: close,
      ...(commentEveryMs === undefined ? {} : { commentEveryMs }),
    });
    group.streams.add(stream);
    streams += 1;
    byClient.set(key, own + 1);
    signal.addEventListener('abort', close, { once: true });
    if (group.last !== undefined) stream.send('quotes', group.last.document);
    return replyEvents(stream);
  }

  function start(words: readonly string[]): Group {
    const group: Group = { streams: new Set(), ended: new AbortController() };
    groups.set(words.join(','), group);
    void keepLooking(words, group);
    return group;
  }

  async function keepLooking(words: readonly string[], group: Group): Promise<void> {
    const { signal } = group.ended;
    while (!signal.aborted) {
      const [startedMs, startedAt] = [host.clock.machineNow(), host.clock.now()];
      const document = await look(words, signal);
      const text = JSON.stringify(document, (name, value: unknown) => (name === 'meta' ? undefined : value));
      if (text !== group.last?.text) for (const stream of group.streams) stream.send('quotes', document);
      group.last = { text, document };
      const share = watchShareOf(await host.openRuntime(), host.clock);
      const paceMs = decideWaitMs(startedAt, { perMinute: share.perMinute / Math.max(1, groups.size) });
      // While the market is closed nothing changes, but for what failed.
      const dueMs = startedMs + (document.ok ? paceMs : Math.min(paceMs, AGAIN_MS));
      await delay(Math.max(0, Math.max(dueMs, await share.freeAt()) - host.clock.machineNow()), signal);
    }
  }

  async function look(words: readonly string[], signal: AbortSignal): Promise<JsonDocument<unknown>> {
    const caller = {
      ...host,
      // Quotes that count as fresh for longer than a look takes are asked for anew while the market moves.
      options: { ...host.options, refresh: sessionAt(host.clock.now()) === 'regular' },
      signal: AbortSignal.any([signal, host.signal]),
      deadlineMs: host.clock.machineNow() + LOOK_MS,
      priority: 'watch' as const,
      reportCall: metrics.reporter(host.reportCall),
    };
    try {
      const fetchAnswer = await DATA_COMMANDS.quote()({ command: 'quote', words, options: {} }, caller);
      return toFoundDocument('quote', await fetchFound(fetchAnswer, caller));
    } catch (thrown) {
      return createFailure('quote', toFinError(thrown), ['symbols']);
    }
  }

  return {
    open,
    tell: (event, data) => {
      for (const { streams: own } of groups.values()) for (const stream of own) stream.send(event, data);
    },
    close: () => ended.abort(),
    count: () => ({ streams, groups: groups.size }),
  };
}
