// Reads the body of a request, of its right kind and within a bound, before anything is made of it.
import type { IncomingMessage } from 'node:http';
import { UsageError } from '../domain/errors.ts';

const MOST_BYTES = 64 * 1024;

/** What is wrong with a body has an HTTP code of its own. */
export class BodyError extends UsageError {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string, hint: string) {
    super(message, { hint });
    this.status = status;
  }
}

/** @throws BodyError for another kind, what is too long, or no text */
export async function readSmallBody(incoming: IncomingMessage, type: string): Promise<string> {
  const { headers } = incoming;
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== type)
    throw new BodyError(415, `the body is not ${type}`, `send content-type: ${type}`);
  if (!/^(?:identity)?$/i.test(headers['content-encoding'] ?? ''))
    throw new BodyError(415, 'the body is compressed', 'send it as it is, without content-encoding');
  const tooLong = (): BodyError => new BodyError(413, `the body is longer than ${MOST_BYTES / 1024} kB`, 'send less');
  if (Number(headers['content-length'] ?? 0) > MOST_BYTES) throw tooLong();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The answer to what is too long goes out on the same connection.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  try {
    // Without the mark that some programs begin a text with.
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new BodyError(400, 'the body is not UTF-8', 'send text in UTF-8');
  }
}
