// What the page asks the server: documents by GET, of which the last ones are kept for when it cannot be reached, and
// questions whose answers come step by step. Every failure becomes a document with errors; nobody has to catch.
import { forgetAll, keepAnswer, readAnswer, type AskDocument, type AskTable, type Document } from './store.ts';

export interface Got<Data> {
  document: Document<Data>;
  /** When it was kept; only where the server could not be reached. */
  storedAt?: number;
}

export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

export const UNREACHABLE = {
  code: 'unavailable',
  message: 'Cannot reach fin serve.',
  hint: 'It may have stopped, or this device is offline. Nothing is saved for this view.',
} as const;

/** Tells who listens whether the server answers. */
export const LINK = new EventTarget();

function tellLink(isUp: boolean): void {
  LINK.dispatchEvent(new CustomEvent('link', { detail: isUp }));
}

/** @param signal ends it; what comes then is not to be shown */
export async function get<Data>(
  command: string,
  parameters: Parameters = {},
  signal?: AbortSignal,
): Promise<Got<Data>> {
  const path = pathOf(command, parameters);
  try {
    const response = await fetch(path, signal === undefined ? {} : { signal });
    if (response.status === 401) await leave();
    const document = (await response.json()) as Document<Data>;
    tellLink(true);
    if (document.data !== undefined) void keepAnswer(path, document);
    return { document };
  } catch {
    if (signal?.aborted === true) return { document: failed(command) };
    tellLink(false);
    const kept = await readAnswer(path);
    if (kept === undefined) return { document: failed(command) };
    return { document: kept.document as Document<Data>, storedAt: kept.atMs };
  }
}

/** Also the name under which the answer is kept. */
export function pathOf(command: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    for (const each of value === undefined ? [] : [value].flat()) query.append(name, each);
  return `/api/v1/${command}${query.size === 0 ? '' : `?${query.toString()}`}`;
}

function failed(command: string): Document<never> {
  return { command, ok: false, errors: [UNREACHABLE], meta: { sample: false, providerCalls: 0, elapsedMs: 0 } };
}

/** The token is another one now: nothing of before may stay. */
async function leave(): Promise<never> {
  await forgetAll();
  if ('document' in globalThis) location.replace('/login');
  throw new Error('not logged in');
}

export interface AskListener {
  progress?(text: string): void;
  table?(table: AskTable): void;
  text?(piece: string, restart: boolean): void;
}

/** The whole document; `unreachable` where nothing was asked, `broken` where the answer ended in its middle. */
export async function ask(
  body: { question: string; session: string },
  listener: AskListener,
  signal?: AbortSignal,
): Promise<AskDocument | 'unreachable' | 'broken'> {
  let response: Response;
  try {
    response = await fetch('/api/v1/ask', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch {
    if (signal?.aborted !== true) tellLink(false);
    return 'unreachable';
  }
  try {
    if (response.status === 401) await leave();
    tellLink(true);
    if (response.body === null || response.headers.get('content-type')?.startsWith('text/event-stream') !== true)
      return (await response.json()) as AskDocument;
    for await (const { event, data } of readEvents(response.body)) {
      if (event === 'done') return data as AskDocument;
      tell(event, data, listener);
    }
  } catch {
    // Told apart below: an answer without its end.
  }
  return 'broken';
}

function tell(event: string, data: unknown, listener: AskListener): void {
  if (event === 'progress') listener.progress?.((data as { text: string }).text);
  if (event === 'table') listener.table?.(data as AskTable);
  if (event === 'text') {
    const { piece, restart = false } = data as { piece: string; restart?: boolean };
    listener.text?.(piece, restart);
  }
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: unknown }> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let held = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held += value;
    const blocks = held.split('\n\n');
    held = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      const valueOf = (name: string): string =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
      if (valueOf('data') !== '') yield { event: valueOf('event'), data: JSON.parse(valueOf('data')) };
    }
  }
}
