// Hides what must hold on disk before SQLite may touch the cache file: a private file in a private folder, and a safe
// name for a file that has to be set aside.
import { lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { preparePrivateFile } from './private-file.ts';

/** SQLite keeps these beside the main file; they share its fate. */
const COMPANIONS = ['', '-wal', '-shm'];

/**
 * Makes folder and file where they are missing; SQLite itself would create 0644.
 * @throws PrivateFileRefused for a symbolic link, a foreign owner or something that is no file (NoFileInPlace)
 * @throws the file system's own error where it cannot write
 */
export function prepareCacheFile(folder: string, file: string): void {
  preparePrivateFile(folder, file, (name) => name.startsWith('.git') || join(folder, name).startsWith(file));
}

/** Renames the file and its companions; another process that has it open goes on undisturbed. Gives the new name. */
export function setAside(file: string, reason: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').replace('.', '').slice(0, 18);
  const target = `${file}.${reason}-${stamp}`;
  for (const suffix of COMPANIONS) {
    try {
      renameSync(file + suffix, target + suffix);
    } catch (error) {
      // A companion is there only while the file is in use; the main file may have been moved by another process.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return target;
}

/** Identity of the file now at that path, to tell whether another process has replaced it. */
export function fileIdentity(file: string): string | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? undefined : `${String(stats.dev)}:${String(stats.ino)}`;
}

/** 0 where there is none. */
export function fileSize(file: string): number {
  return lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
