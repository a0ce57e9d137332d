// A cache folder of its own for each test, and entries to put into it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openCacheDatabase } from '../../src/cache/database.ts';
import type { CacheDatabase } from '../../src/cache/database.ts';
import type { Envelope } from '../../src/cache/envelope.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

export function createTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fin-cache-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface OpenedDatabase {
  database: CacheDatabase;
  notes: string[];
}

export function openDatabase(folder: string, nowMs = Date.UTC(2026, 10, 19, 15)): OpenedDatabase {
  const notes: string[] = [];
  const database = openCacheDatabase({
    folder,
    onNote: (text) => notes.push(text),
    machineNow: () => nowMs,
  });
  cleanups.push(() => database.close());
  return { database, notes };
}

export function createEnvelope<T>(value: T, changes: Partial<Envelope<T>> = {}): Envelope<T> {
  return {
    v: 1,
    identity: 'tradier@test',
    kind: 'quote',
    value,
    fetchedAt: 1_000,
    state: 'regular',
    asOf: 1_000,
    sample: false,
    provider: 'tradier',
    ...changes,
  };
}
