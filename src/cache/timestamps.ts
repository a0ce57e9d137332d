// When something was last done, by name, over all processes: a sweep, the beginning of counting, a remark of the day.
// Hides the table, and that a moment of the future was written before the clock was set back.
import type { MachineMs } from '../domain/types.ts';
import { type CacheDatabase, numberIn } from './database.ts';

/** Machine time; 0: never. One of the future becomes now. */
export function readTimestamp(database: CacheDatabase, name: string, nowMs: MachineMs): MachineMs {
  const savedMs = readRawMoment(database, name);
  if (savedMs <= nowMs) return savedMs;
  saveTimestamp(database, name, nowMs);
  return nowMs;
}

/** As it was written, whatever the clock says now. */
export function readRawMoment(database: CacheDatabase, name: string): MachineMs {
  return numberIn(database.get('SELECT value FROM meta WHERE name = ?', name), 'value');
}

export function saveTimestamp(database: CacheDatabase, name: string, nowMs: MachineMs): void {
  database.run('INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)', name, nowMs);
}
