// A stream of server-sent events that lives as long as its client reads: a comment every 15 s keeps proxies from closing
// it, and a client that does not take what is sent is cut before it fills the memory.

export interface EventStream {
  /** Data go as one JSON line. */
  send(event: string, data: unknown): void;
  close(): void;
  body: ReadableStream<Uint8Array>;
}

const COMMENT_EVERY_MS = 15_000;
/** What a client has not taken yet; beside it stands what the system's own buffers hold. */
const MOST_PENDING_BYTES = 1024 * 1024;
/** A client that takes nothing in this time is gone. */
const STUCK_MS = 30_000;

export interface EventStreamOptions {
  redact(text: string): string;
  /** The client has gone, or was cut. */
  onGone(): void;
  commentEveryMs?: number;
}

export function createEventStream({
  redact,
  onGone,
  commentEveryMs = COMMENT_EVERY_MS,
}: EventStreamOptions): EventStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let takenMs = performance.now();
  const timer = setInterval(() => {
    if (controller !== undefined && (controller.desiredSize ?? 0) < 0 && performance.now() - takenMs > STUCK_MS) cut();
    else write(': still here\n\n');
  }, commentEveryMs);

  function end(): void {
    clearInterval(timer);
    controller = undefined;
  }

  function cut(): void {
    controller?.error(new Error('the client does not read'));
    end();
    onGone();
  }

  function write(text: string): void {
    if (controller === undefined) return;
    controller.enqueue(encoder.encode(text));
    if ((controller.desiredSize ?? 0) < -MOST_PENDING_BYTES) cut();
  }

  return {
    send: (event, data) => write(`event: ${event}\ndata: ${redact(JSON.stringify(data))}\n\n`),
    close: () => {
      controller?.close();
      end();
    },
    body: new ReadableStream<Uint8Array>(
      {
        start: (opened) => void (controller = opened),
        pull: () => void (takenMs = performance.now()),
        cancel: () => {
          end();
          onGone();
        },
      },
      { highWaterMark: 16 * 1024, size: (chunk) => chunk.byteLength },
    ),
  };
}
