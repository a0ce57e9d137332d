// The data folder: what of the user's own cannot be fetched again. Hides who may own it and when it is made (never by who
// only reads), and words what stands in the way as an error that says what to do.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PrivateFileRefused, hasPrivateFile, preparePrivateFile } from '../cache/private-file.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../domain/errors.ts';

export interface DataFolder {
  path: string;
  /** The home that a default folder lies in: where it is missing nothing is made. */
  home?: string;
}

/** Names of what fin keeps here; their companions and versions begin alike. */
export const CONVERSATIONS_FILE = 'conversations.sqlite';
export const READINGS_FILE = 'history.sqlite';
export const BOOK_FILE = 'book.json';
export const TYPED_LINES_FILE = 'history';
export const LOGOUTS_FILE = 'logouts';
const OURS = /^(?:book\.|history|conversations\.sqlite|market\.sqlite|logouts$|\.git)/;

const OTHER_FOLDER = 'set FIN_DATA_DIR to a folder you can write to';

export function dataFolderOf({ dataDir, dataHome }: Pick<Config, 'dataDir' | 'dataHome'>): DataFolder {
  return { path: dataDir, ...(dataHome === undefined ? {} : { home: dataHome }) };
}

export function dataFile(folder: DataFolder, name: string): string {
  return join(folder.path, name);
}

/** Whether something was ever kept under that name. @throws PrivateFileRefused */
export function hasDataFile(folder: DataFolder, name: string): boolean {
  return hasPrivateFile(folder.path, dataFile(folder, name));
}

/** For who writes: makes folder (0700) and file (0600) where they are missing. @throws PrivateFileRefused or the system's error */
export function makeDataFile(folder: DataFolder, name: string): void {
  refuseWithoutHome(folder);
  preparePrivateFile(folder.path, dataFile(folder, name), (each) => OURS.test(each));
}

function refuseWithoutHome({ home }: DataFolder): void {
  if (home !== undefined && statSync(home, { throwIfNoEntry: false }) === undefined)
    throw new PrivateFileRefused(home === '' ? 'there is no home folder' : `the home folder ${home} does not exist`);
}

/** Why nothing could be written there, found without making anything. */
export function findFolderProblem(folder: DataFolder): string | undefined {
  try {
    refuseWithoutHome(folder);
    hasDataFile(folder, BOOK_FILE);
    let nearest = folder.path;
    while (statSync(nearest, { throwIfNoEntry: false }) === undefined) nearest = dirname(nearest);
    if (!statSync(nearest).isDirectory()) return `${nearest} is not a folder`;
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return error instanceof PrivateFileRefused ? error.message : `${folder.path} is not writable`;
  }
}

/** What the file system or the owner check has against a file, as two lines. */
export function toFolderError(file: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError(`data folder: ${why.includes(file) ? why : `${file}: ${why}`}`, { hint: OTHER_FOLDER, cause });
}
