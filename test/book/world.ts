// A data folder of its own for each test, and processes of the real source that are killed or run side by side in it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { DataFolder } from '../../src/book/data-folder.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

export function onEnd(cleanup: () => void): void {
  cleanups.push(cleanup);
}

export function createTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fin-book-'));
  onEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One that nobody has made yet. */
export function createDataFolder(): DataFolder {
  return { path: join(createTempFolder(), 'data') };
}

export interface Started {
  child: ChildProcess;
  /** Resolves with the signal or exit code. */
  ended: Promise<number | NodeJS.Signals | null>;
  /** Lines of standard output so far. */
  lines(): string[];
  shows(text: string): Promise<void>;
}

/** Runs a script of this folder, with arguments. */
export function startScript(name: string, ...args: string[]): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onEnd(() => child.kill('SIGKILL'));
  let text = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  return {
    child,
    ended,
    lines: () => text.split('\n').slice(0, -1),
    shows: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.includes(wanted)) resolve();
        };
        listeners.add(look);
        void ended.then((code) => reject(new Error(`${name} ended with ${String(code)} before it said ${wanted}`)));
        look();
      }),
  };
}
