// How fin reads a text file that somebody else may have written: a regular file only, bounded, UTF-8 with or without a
// byte-order mark, any line ends. Hides what a pipe, a device or a folder of that name would do to the reader.
import { isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';

/** `missing`: no such file. `unfit`: a folder, pipe or device, or too large. `encoding`: not UTF-8. `system`: may not be read. */
export type TextFileProblem = 'missing' | 'unfit' | 'encoding' | 'system';

/** The text with `\n` ends and without mark, or why there is none, in words that follow the file's name. */
export type TextFile = { text: string } | { problem: TextFileProblem; why: string };

const MB = 1024 * 1024;

export function readTextFile(path: string, maxBytes: number): TextFile {
  const read = readBytes(path, maxBytes);
  return 'bytes' in read ? decodeText(read.bytes) : read;
}

export type FileBytes = { bytes: Buffer } | { problem: TextFileProblem; why: string };

/** As it is on disk. */
export function readBytes(path: string, maxBytes: number): FileBytes {
  let handle: number | undefined;
  try {
    // Opening a pipe without this would wait for its writer.
    handle = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const stats = fs.fstatSync(handle);
    if (!stats.isFile()) return { problem: 'unfit', why: describeKind(stats) };
    const bytes = stats.size > maxBytes ? undefined : readAtMost(handle, maxBytes, stats.size);
    return bytes === undefined ? { problem: 'unfit', why: `is larger than ${formatSize(maxBytes)}` } : { bytes };
  } catch (error) {
    return describeFailure(error as NodeJS.ErrnoException);
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

/** Undefined where there is more: a file may grow, and those of /proc say a size of 0. */
function readAtMost(handle: number, maxBytes: number, likelyBytes: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(likelyBytes - total, 0) + 4_096);
    const read = fs.readSync(handle, chunk);
    if (read === 0) return Buffer.concat(chunks, total);
    total += read;
    if (total > maxBytes) return undefined;
    chunks.push(chunk.subarray(0, read));
  }
}

/** Text of a file, or of a part of one that begins with it. */
function decodeText(bytes: Buffer): TextFile {
  const why = whyNotUtf8(bytes);
  if (why !== undefined) return { problem: 'encoding', why: `is not UTF-8 (${why}): save it as UTF-8` };
  let from = 0;
  // Joined files and editors that add a mark to a marked file leave several.
  while (bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
  const text = bytes.toString('utf8', from);
  return { text: text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text };
}

/** What bytes are instead of UTF-8 text; undefined for such. */
export function whyNotUtf8(bytes: Buffer): string | undefined {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  // UTF-16 without a mark is UTF-8 with a zero in every other place.
  if (isUtf16 || bytes.includes(0)) return isUtf16 || isEveryOtherZero(bytes) ? 'it is UTF-16' : 'it is not text';
  return isUtf8(bytes) ? undefined : 'it contains invalid bytes';
}

function isEveryOtherZero(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes[0] === 0) !== (bytes[1] === 0);
}

function describeKind(stats: fs.Stats): string {
  if (stats.isDirectory()) return 'is a folder, not a file';
  return stats.isFIFO() || stats.isSocket() ? 'is a pipe, not a file' : 'is a device, not a file';
}

const FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read by this user',
  EPERM: 'cannot be read by this user',
  ELOOP: 'is a symbolic link that loops',
};

function describeFailure({ code = 'unknown cause' }: NodeJS.ErrnoException): { problem: TextFileProblem; why: string } {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'missing', why: 'does not exist' };
  // Sockets, and devices without a driver behind them.
  if (code === 'ENXIO' || code === 'ENODEV') return { problem: 'unfit', why: 'is a device, not a file' };
  if (code === 'EISDIR') return { problem: 'unfit', why: 'is a folder, not a file' };
  return { problem: 'system', why: FAILURES[code] ?? `cannot be read (${code})` };
}

function formatSize(bytes: number): string {
  return bytes >= MB ? `${Math.floor(bytes / MB)} MB` : `${Math.floor(bytes / 1024)} kB`;
}
