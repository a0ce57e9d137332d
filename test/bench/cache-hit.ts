// What a cache hit costs in a running process, against a raw prepared read of node:sqlite and JSON.parse of the same
// bytes in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCacheDatabase } from '../../src/cache/database.ts';
import type { Envelope } from '../../src/cache/envelope.ts';
import { createEntryStore } from '../../src/cache/store.ts';
import { createSqliteEntries } from '../../src/cache/sqlite-entries.ts';
import { median } from './interleave.ts';

export interface CacheHitRow {
  bytes: number;
  /** Microseconds a read. */
  fileUs: number;
  rawUs: number;
  /** A fresh entry of this process. */
  memoryUs: number;
  /** The same after asking the file whether others have written, as for a series. */
  checkedUs: number;
  ratio: number;
}

const SIZES = [300, 30_000, 300_000];

export async function measureCacheHits(rounds: number): Promise<CacheHitRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fin-bench-'));
  try {
    const rows: CacheHitRow[] = [];
    for (const size of SIZES) rows.push(await measureSize(folder, size, rounds));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureSize(folder: string, size: number, rounds: number): Promise<CacheHitRow> {
  const machineNow = (): number => Date.now();
  const onNote = (text: string): void => void process.stderr.write(`${text}\n`);
  const database = openCacheDatabase({ folder, machineNow, onNote, fileName: `${size}.sqlite` });
  // No memory in front: the file is what is measured.
  const cold = createEntryStore({ home: createSqliteEntries(database), machineNow, onNote, maxMemoryChars: 0 });
  const warm = createEntryStore({ home: createSqliteEntries(database), machineNow, onNote });
  const key = 'quote|bench|NVDA';
  await cold.set(key, createEnvelope(size));
  const raw = new DatabaseSync(database.path);
  const statement = raw.prepare('SELECT value FROM entries WHERE key = ?');
  const times = { file: [] as number[], raw: [] as number[], memory: [] as number[], checked: [] as number[] };
  const repeats = Math.max(20, Math.round(3_000_000 / size / 10));
  for (let round = 0; round < rounds; round += 1) {
    times.raw.push(await timeEach(repeats, () => JSON.parse(String(statement.get(key)?.['value']))));
    times.file.push(await timeEach(repeats, () => cold.get(key)));
    await warm.get(key);
    times.memory.push(await timeEach(repeats, () => warm.peek(key)));
    times.checked.push(await timeEach(repeats, () => warm.get(key)));
  }
  raw.close();
  database.close();
  const [fileUs, rawUs, memoryUs, checkedUs] = [
    median(times.file),
    median(times.raw),
    median(times.memory),
    median(times.checked),
  ];
  return {
    bytes: size,
    fileUs,
    rawUs,
    memoryUs,
    checkedUs,
    ratio: median(times.file.map((us, round) => us / (times.raw[round] ?? us))),
  };
}

async function timeEach(repeats: number, read: () => unknown): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < repeats; index += 1) await read();
  return ((performance.now() - started) * 1000) / repeats;
}

/** Columns of bars, as long as it takes to fill the bytes. */
function createEnvelope(bytes: number): Envelope<unknown> {
  const count = Math.max(1, Math.round((bytes - 200) / 20));
  const value = {
    date: Array.from({ length: count }, (_, index) => `2025-${String(index % 12).padStart(2, '0')}-01`),
    close: Array.from({ length: count }, (_, index) => 100 + index / 7),
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
