// Hides what must hold on disk for files that only their owner may see: a folder of mode 0700 and a regular file of mode
// 0600, both of this user, and no link that leads elsewhere.
import { chmodSync, closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';

/** Why a file or its folder may not be used, in words for a note. */
export class PrivateFileRefused extends Error {}

/** In the file's place is a folder, a pipe or a device: of no use to anybody there, and safe to rename. */
export class NoFileInPlace extends PrivateFileRefused {}

/**
 * Makes the folder and an empty file where they are missing, and closes them to others.
 * @param isOurs tells by name what of the folder is fin's: with other things in it (`/tmp`, a home) it keeps its mode
 * @throws PrivateFileRefused, or the file system's own error where it cannot write
 */
export function preparePrivateFile(folder: string, file: string, isOurs: (name: string) => boolean): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) makeFolder(folder);
  const folderStats = lstatSync(folder);
  refuseUnlessOwn(folder, folderStats, folderStats.isDirectory(), 'folder');
  if (isLoose(folderStats) && readdirSync(folder).every(isOurs)) chmodSync(folder, 0o700);
  createPrivateFile(file);
  const fileStats = lstatSync(file);
  refuseUnlessOwn(file, fileStats, fileStats.isFile(), 'file');
  if (isLoose(fileStats)) chmodSync(file, 0o600);
}

/**
 * Whether the file is there, for who only reads: nothing is made or changed.
 * @throws PrivateFileRefused where another user could have put it there
 */
export function hasPrivateFile(folder: string, file: string): boolean {
  const folderStats = lstatSync(folder, { throwIfNoEntry: false });
  if (folderStats === undefined) return false;
  refuseUnlessOwn(folder, folderStats, folderStats.isDirectory(), 'folder');
  const fileStats = lstatSync(file, { throwIfNoEntry: false });
  if (fileStats === undefined) return false;
  refuseUnlessOwn(file, fileStats, fileStats.isFile(), 'file');
  return true;
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
  if (stats.isSymbolicLink()) throw new PrivateFileRefused(`${path} is a symbolic link`);
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== uid) throw new PrivateFileRefused(`${path} belongs to another user`);
  if (!rightType && what === 'file') throw new NoFileInPlace(`${path} is not a file`);
  if (!rightType) throw new PrivateFileRefused(`${path} is not a ${what}`);
}

function isLoose(stats: Stats): boolean {
  return process.getuid !== undefined && (stats.mode & 0o077) !== 0;
}
