// A large text file of somebody else, plain or gzip, as lines: bounded in what it unpacks to and in the length of a line,
// so that a small file cannot fill the memory. Hides unpacking, the byte-order mark and which line ends there are.
import { TextDecoder } from 'node:util';
import { readBytes } from './text-file.ts';

export interface LineLimits {
  /** Of the file, and of what it unpacks to. */
  maxBytes: number;
  maxLineChars: number;
}

/** `message` follows the file's name: `is not UTF-8 …`. */
export class UnreadableLines extends Error {}

const PIECE_BYTES = 256 * 1024;

/** The lines of one piece after the other, without their ends. @throws UnreadableLines */
export async function* readLines(path: string, { maxBytes, maxLineChars }: LineLimits): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let rest = '';
  for await (const piece of unpack(path, maxBytes)) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new UnreadableLines(`holds more than ${Math.floor(maxBytes / 1024 / 1024)} MB`);
    // The decoder takes one mark; joined files begin with several.
    const isFirst = bytes === piece.length;
    const text = rest + (isFirst ? decode(decoder, piece).replace(/^\ufeff+/, '') : decode(decoder, piece));
    // The other half of an end of line may be in the next piece.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n?|\n/);
    if (lines.some((line) => line.length > maxLineChars))
      throw new UnreadableLines('has lines too long for a CSV file');
    rest = (lines.pop() ?? '') + text.slice(end);
    yield lines;
  }
  const last = (rest + decode(decoder)).replace(/\r$/, '');
  if (last !== '') yield [last];
}

async function* unpack(path: string, maxBytes: number): AsyncGenerator<Buffer> {
  const read = readBytes(path, maxBytes);
  if (!('bytes' in read)) throw new UnreadableLines(read.why);
  const { bytes } = read;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
    return;
  }
  const { createGunzip } = await import('node:zlib');
  const unpacked = createGunzip({ chunkSize: PIECE_BYTES });
  unpacked.end(bytes);
  try {
    // Leaving the loop that reads it ends the unpacking.
    yield* unpacked as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UnreadableLines('is a damaged or truncated gzip file', { cause: error });
  }
}

/** Without bytes: the end of the text, which may be in the middle of a character. */
function decode(decoder: TextDecoder, piece?: Buffer): string {
  try {
    const text = piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    if (text.includes('\0')) throw new TypeError('a zero');
    return text;
  } catch (error) {
    throw new UnreadableLines('is not UTF-8 text: save it as UTF-8', { cause: error });
  }
}
