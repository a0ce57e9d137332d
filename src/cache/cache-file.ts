// Hides what must hold on disk before SQLite may touch the cache file: a private folder, a private regular file of
// this user, and a safe name for a file that has to be set aside.
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';

/** Why the cache file may not be used, in words for a note. */
export class CacheFileRefused extends Error {}

/** Where Node keeps the program's compiled code: bin/fin.js. */
const COMPILED_CODE = 'compiled';
/** In the file's place is a folder, a pipe or a device: of no use to anybody there, and safe to rename. */
export class NoFileInPlace extends CacheFileRefused {}

/** SQLite keeps these beside the main file; they share its fate. */
const COMPANIONS = ['', '-wal', '-shm'];

/**
 * Makes the folder (0700) and an empty file (0600) where they are missing; SQLite itself would create 0644.
 * @throws CacheFileRefused for a symbolic link, a foreign owner or something that is no file (NoFileInPlace)
 * @throws the file system's own error where it cannot write
 */
export function prepareCacheFile(folder: string, file: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) makeFolder(folder);
  const folderStats = lstatSync(folder);
  refuseUnlessOwn(folder, folderStats, folderStats.isDirectory(), 'folder');
  if (isLoose(folderStats) && holdsOnlyOurs(folder, file)) chmodSync(folder, 0o700);
  createPrivateFile(file);
  const fileStats = lstatSync(file);
  refuseUnlessOwn(file, fileStats, true, 'file');
  if (!fileStats.isFile()) throw new NoFileInPlace(`${file} is not a file`);
  if (isLoose(fileStats)) chmodSync(file, 0o600);
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

/** One folder after the other: where the system answers ENOENT to mkdir, as in /proc, Node's recursive way never ends. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (parent !== folder && statSync(parent, { throwIfNoEntry: false }) === undefined) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was faster; what it made is judged by the caller.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function createPrivateFile(file: string): void {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW;
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return;
  try {
    closeSync(openSync(file, flags, 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function refuseUnlessOwn(path: string, stats: Stats, rightType: boolean, what: 'file' | 'folder'): void {
  if (stats.isSymbolicLink()) throw new CacheFileRefused(`${path} is a symbolic link`);
  if (!rightType) throw new CacheFileRefused(`${path} is not a ${what}`);
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== uid) throw new CacheFileRefused(`${path} belongs to another user`);
}

function isLoose(stats: Stats): boolean {
  return process.getuid !== undefined && (stats.mode & 0o077) !== 0;
}

/** A folder with other people's files in it (`/tmp`, a home) keeps its mode: it is not ours to close. */
function holdsOnlyOurs(folder: string, file: string): boolean {
  return readdirSync(folder).every(
    (name) => name.startsWith('.git') || name === COMPILED_CODE || join(folder, name).startsWith(file),
  );
}
