// Reads the body of a request, of its right kind and within a bound, before anything is made of it.
import { UsageError } from '../domain/errors.ts';

const MOST_BYTES = 64 * 1024;

/** What is wrong with a body has an HTTP code of its own. */
export class BodyError extends UsageError {
  readonly status: 413 | 415;

  constructor(status: 413 | 415, message: string, hint: string) {
    super(message, { hint });
    this.status = status;
  }
}

/** @throws BodyError for another kind, or what is too long */
export async function readSmallBody(request: Request, type: string): Promise<string> {
  if (request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== type)
    throw new BodyError(415, `the body is not ${type}`, `send content-type: ${type}`);
  const tooLong = (): BodyError => new BodyError(413, `the body is longer than ${MOST_BYTES / 1024} kB`, 'send less');
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) throw tooLong();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
