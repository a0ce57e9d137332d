// Conversations that an earlier fin kept in its cache file, whether that file is still in use or was set aside for its
// version: found, copied once into the data folder, and removed where they were.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Row, closeQuietly, numberIn } from '../cache/database.ts';
import { hasPrivateFile } from '../cache/private-file.ts';
import type { EarlierPlace } from './data-database.ts';

/** The cache file and those set aside as of another version; not their logs, nor what was damaged. */
const CACHE_FILES = /^cache\.sqlite(?:\.foreign-\w+)?$/;
const BUSY_TIMEOUT_MS = 1_000;
const COLUMNS = 'name, sample, updated_ms, questions, body';

export function findEarlierConversations(cacheDir: string, onNote: (text: string) => void): EarlierPlace {
  const copied = new Map<string, Row[]>();
  return {
    copyInto: (handle) => {
      copied.clear();
      for (const file of listFiles(cacheDir)) {
        const rows = readRows(cacheDir, file, onNote);
        insertRows(handle, rows);
        if (rows.length > 0) copied.set(file, rows);
      }
    },
    forget: () => {
      for (const [file, rows] of copied) deleteRows(file, rows, onNote);
      copied.clear();
    },
  };
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => CACHE_FILES.test(name))
      .map((name) => join(folder, name));
  } catch {
    // Where the cache folder is missing or closed nothing was kept in it.
    return [];
  }
}

/** What cannot be read stays where it is, and is said. */
function readRows(folder: string, file: string, onNote: (text: string) => void): Row[] {
  try {
    if (!hasPrivateFile(folder, file)) return [];
    return withHandle(file, true, (old) => {
      const table = old.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'conversations'").get();
      return table === undefined ? [] : old.prepare(`SELECT ${COLUMNS} FROM conversations`).all();
    });
  } catch (error) {
    onNote(`conversations in ${file} were not imported: ${describe(error)}`);
    return [];
  }
}

/** Of one name in several files the latest stays. What fails here ends the whole move: nothing is removed then. */
function insertRows(handle: DatabaseSync, rows: readonly Row[]): void {
  const insert = handle.prepare(
    `INSERT INTO conversations(${COLUMNS}) VALUES(?, ?, ?, ?, ?) ON CONFLICT(name, sample)
     DO UPDATE SET updated_ms = excluded.updated_ms, questions = excluded.questions, body = excluded.body
     WHERE excluded.updated_ms > updated_ms`,
  );
  for (const row of rows)
    insert.run(
      String(row['name']),
      numberIn(row, 'sample'),
      numberIn(row, 'updated_ms'),
      numberIn(row, 'questions'),
      String(row['body']),
    );
}

/** Only what was copied: an older fin may have gone on with a conversation since. */
function deleteRows(file: string, rows: readonly Row[], onNote: (text: string) => void): void {
  try {
    withHandle(file, false, (old) => {
      old.exec('PRAGMA secure_delete=ON; BEGIN IMMEDIATE');
      const remove = old.prepare('DELETE FROM conversations WHERE name = ? AND sample = ? AND updated_ms = ?');
      for (const row of rows) remove.run(String(row['name']), numberIn(row, 'sample'), numberIn(row, 'updated_ms'));
      old.exec('COMMIT');
    });
  } catch (error) {
    onNote(`imported conversations also stay in ${file}: ${describe(error)}`);
  }
}

function withHandle<T>(file: string, readOnly: boolean, work: (handle: DatabaseSync) => T): T {
  const handle = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS });
  try {
    return work(handle);
  } finally {
    closeQuietly(handle);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
