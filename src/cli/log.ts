// The structured log of --log: one JSON object a line, appended, without keys, for bug reports.
// Hides the file: private, opened for appending, so that several processes may write into one.
import * as fs from 'node:fs';
import { ConfigError } from '../domain/errors.ts';
import type { Clock } from '../domain/types.ts';

export interface Log {
  write(entry: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** @throws ConfigError when the file cannot be opened for appending. */
export function openLog(file: string, redact: (text: string) => string, clock: Clock): Log {
  const handle = openForAppend(file);
  // A key with a quote or a backslash looks different once it is JSON: text is redacted before.
  const redactText = (_name: string, value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);
  return {
    write: (entry) => {
      const line = JSON.stringify(
        { time: new Date(clock.machineNow()).toISOString(), pid: process.pid, ...entry },
        redactText,
      );
      fs.writeSync(handle, `${redact(line)}\n`);
    },
    close: () => fs.closeSync(handle),
  };
}

function openForAppend(file: string): number {
  try {
    return fs.openSync(file, 'a', 0o600);
  } catch (error) {
    throw new ConfigError(`--log ${file}: ${describeFailure(error)}`, {
      hint: 'name a file in a folder that exists and that you may write to',
      cause: error,
    });
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is on a file system that cannot be written',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
};

function describeFailure(error: unknown): string {
  const { code = 'unknown cause' } = error as NodeJS.ErrnoException;
  return FAILURES[code] ?? `it cannot be opened (${code})`;
}
