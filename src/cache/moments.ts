// When something was last done, by name, over all processes: a sweep, the beginning of counting, a remark of the day.
// Hides the table.
import type { EpochMs } from '../domain/types.ts';
import { type CacheDatabase, numberIn } from './database.ts';

/** Machine time; 0: never. */
export function readMoment(database: CacheDatabase, name: string): EpochMs {
  return numberIn(database.get('SELECT value FROM meta WHERE name = ?', name), 'value');
}

export function saveMoment(database: CacheDatabase, name: string, nowMs: EpochMs): void {
  database.run('INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)', name, nowMs);
}

/** The first time stays. */
export function saveFirstMoment(database: CacheDatabase, name: string, nowMs: EpochMs): void {
  database.run('INSERT OR IGNORE INTO meta(name, value) VALUES(?, ?)', name, nowMs);
}
