// What a cache hit costs in a file of 10,000 entries with 100 readers at once, against raw prepared reads and JSON.parse of
// the same rows by as many readers, and what memory adds to a look-up in a Map. All in one run.
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCacheDatabase } from '../../src/cache/database.ts';
import type { Envelope } from '../../src/cache/envelope.ts';
import { createEntryStore } from '../../src/cache/store.ts';
import { createSqliteEntries } from '../../src/cache/sqlite-entries.ts';
import { median } from './interleave.ts';

export interface CrowdRow {
  bytes: number;
  entries: number;
  readers: number;
  /** Microseconds a read. */
  fileUs: number;
  rawUs: number;
  /** Median over the rounds of file to raw; wanted at most 1.3. */
  ratio: number;
  /** Microseconds that a hit in memory costs above `Map.get`; wanted under 1. */
  aboveMapUs: number;
}

const ENTRIES = 10_000;
const READERS = 100;
/** Of the larger sizes so many rows that the file stays within its bound; the rest are small. */
const SIZES: readonly { bytes: number; rows: number; reads: number }[] = [
  { bytes: 300, rows: 9_000, reads: 100 },
  { bytes: 30_000, rows: 950, reads: 20 },
  { bytes: 300_000, rows: 50, reads: 2 },
];

export async function measureCrowdedHits(rounds: number): Promise<CrowdRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fin-bench-'));
  const machineNow = (): number => Date.now();
  const onNote = (text: string): void => void process.stderr.write(`${text}\n`);
  const database = openCacheDatabase({ folder, machineNow, onNote });
  try {
    const cold = createEntryStore({ home: createSqliteEntries(database), machineNow, onNote, maxMemoryChars: 0 });
    for (const { bytes, rows } of SIZES)
      for (let row = 0; row < rows; row += 1) await cold.set(keyOf(bytes, row), createEnvelope(bytes, row));
    const raw = new DatabaseSync(database.path);
    const rows: CrowdRow[] = [];
    for (const size of SIZES)
      rows.push(
        await measureSize(size, rounds, {
          cold,
          raw,
          warm: createEntryStore({ home: createSqliteEntries(database), machineNow, onNote }),
        }),
      );
    raw.close();
    return rows;
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stores {
  cold: ReturnType<typeof createEntryStore>;
  warm: ReturnType<typeof createEntryStore>;
  raw: DatabaseSync;
}

async function measureSize(
  { bytes, rows, reads }: (typeof SIZES)[number],
  rounds: number,
  { cold, warm, raw }: Stores,
): Promise<CrowdRow> {
  const statement = raw.prepare('SELECT value FROM entries WHERE key = ?');
  const times = { file: [] as number[], raw: [] as number[], aboveMap: [] as number[] };
  const key = keyOf(bytes, 7);
  await warm.get(key);
  warm.peek(key);
  const map = new Map(Array.from({ length: rows }, (_, row) => [keyOf(bytes, row), row] as const));
  for (let round = 0; round < rounds; round += 1) {
    const readRaw = (name: string): unknown => JSON.parse(String(statement.get(name)?.['value']));
    // The garbage of one is collected while the other runs: each goes first in turn.
    const measureRaw = async (): Promise<void> => void times.raw.push(await timeReaders(bytes, rows, reads, readRaw));
    const measureFile = async (): Promise<void> =>
      void times.file.push(await timeReaders(bytes, rows, reads, (name) => cold.get(name)));
    for (const measure of round % 2 === 0 ? [measureRaw, measureFile] : [measureFile, measureRaw]) await measure();
    times.aboveMap.push(timeLooks(() => warm.peek(key)) - timeLooks(() => map.get(key)));
  }
  const ratio = median(times.file.map((us, round) => us / (times.raw[round] ?? us)));
  return {
    bytes,
    entries: ENTRIES,
    readers: READERS,
    fileUs: median(times.file),
    rawUs: median(times.raw),
    ratio,
    aboveMapUs: median(times.aboveMap),
  };
}

/** All readers side by side; each reads rows all over the file. */
async function timeReaders(
  bytes: number,
  rows: number,
  reads: number,
  read: (key: string) => unknown,
): Promise<number> {
  const started = performance.now();
  await Promise.all(
    Array.from({ length: READERS }, async (_, reader) => {
      for (let index = 0; index < reads; index += 1)
        await read(keyOf(bytes, (reader * 7_919 + index * 104_729) % rows));
    }),
  );
  return ((performance.now() - started) * 1_000) / (READERS * reads);
}

function timeLooks(look: () => unknown): number {
  const looks = 200_000;
  const started = performance.now();
  for (let index = 0; index < looks; index += 1) look();
  return ((performance.now() - started) * 1_000) / looks;
}

function keyOf(bytes: number, row: number): string {
  return `quote|bench|${bytes}-${row}`;
}

/** Columns of bars, as many as fill the bytes. */
function createEnvelope(bytes: number, row: number): Envelope<unknown> {
  const count = Math.max(1, Math.round((bytes - 200) / 33));
  const value = {
    date: Array.from({ length: count }, (_, index) => `2025-${String(index % 12).padStart(2, '0')}-01`),
    close: Array.from({ length: count }, (_, index) => 100 + (index + row) / 7),
  };
  return {
    v: 1,
    identity: 'bench',
    provider: 'tradier',
    kind: 'quote',
    value,
    fetchedAt: Date.now(),
    asOf: Date.now(),
    state: 'closed',
    sample: false,
  };
}
