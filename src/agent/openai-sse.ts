// Server-sent events as language model servers really send them: any line end, comments, fields without `data:`,
// a last event without its blank line.
import { ReplyError } from './openai-failure.ts';

const MAX_LINE_CHARS = 8_000_000;

/** Calls `onData` with the joined `data:` lines of every event. */
export function createSseParser(onData: (data: string) => void) {
  let buffer = '';
  /** Up to here the buffer holds no line end. */
  let searched = 0;
  let data: string[] = [];
  let hasBegun = false;

  function takeLine(line: string): void {
    if (line === '') {
      dispatch();
      return;
    }
    if (line.startsWith(':')) return;
    hasBegun = true;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = (colon < 0 ? '' : line.slice(colon + 1)).replace(/^ /, '');
    if (field === 'data') data.push(value);
    // llama.cpp has sent `error: {…}`, gateways a bare object.
    else if (field === 'error') data.push(`{"error":${value}}`);
    else if (line.startsWith('{')) data.push(line);
  }

  function dispatch(): void {
    if (data.length === 0) return;
    const joined = data.join('\n').trim();
    data = [];
    if (joined !== '') onData(joined);
  }

  return {
    /** A field of an event has been read. */
    get hasBegun() {
      return hasBegun;
    },
    push: (piece: string) => {
      buffer += piece;
      let start = 0;
      for (;;) {
        const end = findLineEnd(buffer, Math.max(start, searched));
        if (end === undefined) break;
        takeLine(buffer.slice(start, end.at));
        start = end.next;
      }
      buffer = buffer.slice(start);
      searched = Math.max(0, buffer.length - 1);
      if (buffer.length > MAX_LINE_CHARS) throw new ReplyError('the answer is longer than fin reads and was cut off');
    },
    /** Gives what stands without a closing blank line. */
    end: () => {
      if (buffer !== '') takeLine(buffer.replace(/\r$/, ''));
      buffer = '';
      dispatch();
    },
  };
}

/** A carriage return at the end of the buffer may be half of a line end. */
function findLineEnd(buffer: string, from: number): { at: number; next: number } | undefined {
  const pattern = /\r\n|\n|\r(?!$)/g;
  pattern.lastIndex = from;
  const found = pattern.exec(buffer);
  return found === null ? undefined : { at: found.index, next: pattern.lastIndex };
}
