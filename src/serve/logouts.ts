// Logins that have ended, kept in the data folder: a cookie that somebody has kept is worth nothing after a restart either.
// Hides the file; where it cannot be used they are kept as long as the process runs, which is said.
import { appendFileSync, readFileSync } from 'node:fs';
import { type DataFolder, LOGOUTS_FILE, dataFile, hasDataFile, makeDataFile } from '../book/data-folder.ts';
import { toFinError } from '../domain/errors.ts';

export type Logouts = Pick<Set<string>, 'has'> & { add(login: string): void };

export function openLogouts(folder: DataFolder, onNote: (text: string) => void): Logouts {
  const file = dataFile(folder, LOGOUTS_FILE);
  const ended = new Set<string>();
  function orNote(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      onNote(`logouts are remembered only until the server stops: ${toFinError(thrown).message}`);
    }
  }
  orNote(() => {
    if (hasDataFile(folder, LOGOUTS_FILE)) for (const login of readFileSync(file, 'utf8').split('\n')) ended.add(login);
  });
  return {
    has: (login) => ended.has(login),
    add: (login) => {
      ended.add(login);
      orNote(() => {
        makeDataFile(folder, LOGOUTS_FILE);
        appendFileSync(file, `${login}\n`);
      });
    },
  };
}
