// The structured log of --log: one JSON object a line, appended, without keys, for bug reports.
// Hides the file: private, opened for appending, so that several processes may write into one. A log that cannot be
// written is said once and costs no answer.
import * as fs from 'node:fs';
import { ConfigError } from '../domain/errors.ts';
import type { Redact } from '../domain/redaction.ts';
import type { Clock } from '../domain/types.ts';

export interface LogOptions {
  file: string;
  redact: Redact;
  clock: Clock;
  /** Hears why the log ends before the run. */
  onNote(text: string): void;
}

/** @throws ConfigError when the file cannot be opened for appending. */
export function openLog({ file, redact, clock, onNote }: LogOptions) {
  let handle = openForAppend(file, onNote);
  // A key with a quote or a backslash looks different once it is JSON: text is redacted before.
  const redactText = (_name: string, value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);

  function close(): void {
    if (handle === undefined) return;
    const closing = handle;
    handle = undefined;
    try {
      fs.closeSync(closing);
    } catch (error) {
      // Some file systems tell only now that the disk is full.
      onNote(`--log ${file}: the log may be incomplete: ${describeFailure(error)}`);
    }
  }

  return {
    write: (entry: Readonly<Record<string, unknown>>) => {
      if (handle === undefined) return;
      const line = JSON.stringify(
        { time: new Date(clock.machineNow()).toISOString(), pid: process.pid, ...entry },
        redactText,
      );
      try {
        writeWhole(handle, `${redact(line)}\n`);
      } catch (error) {
        onNote(`--log ${file}: the log ends here: ${describeFailure(error)}`);
        close();
      }
    },
    close,
  };
}

/** Without waiting for the reader of a pipe: undefined where it has none, which is said. */
function openForAppend(file: string, onNote: (text: string) => void): number | undefined {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = fs.constants;
  try {
    return fs.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') {
      onNote(`--log ${file}: nothing is logged: nothing reads this pipe`);
      return undefined;
    }
    throw new ConfigError(`--log ${file}: ${describeFailure(error)}`, {
      hint: WRITABLE,
      cause: error,
    });
  }
}

/** One write as long as there is room, so that lines of several processes do not mix. */
function writeWhole(handle: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let done = 0; done < bytes.length;) done += fs.writeSync(handle, bytes, done);
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the file has reached its size limit',
  ENXIO: 'nothing reads this pipe',
  EPIPE: 'nothing reads this pipe anymore',
  EAGAIN: 'the reader of this pipe is too slow',
  ENAMETOOLONG: 'the name is too long',
};

export const WRITABLE = 'name a file in a folder that exists and that you can write to';

export function describeFailure(error: unknown): string {
  const { code = 'unknown cause' } = error as NodeJS.ErrnoException;
  return FAILURES[code] ?? `it cannot be written (${code})`;
}
