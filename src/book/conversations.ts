// Conversations kept in the data folder under a name, those of the sample market apart from those with real figures.
// Only text goes in and out: what a conversation is, its owner knows.
import { numberIn } from '../cache/database.ts';
import type { Config } from '../config.ts';
import type { EpochMs } from '../domain/types.ts';
import { type DataDatabase, type Migration, openDataDatabase } from './data-database.ts';
import { CONVERSATIONS_FILE, dataFolderOf } from './data-folder.ts';
import { findEarlierConversations } from './earlier-conversations.ts';

export interface SavedConversation {
  name: string;
  sample: boolean;
  updatedMs: EpochMs;
  questions: number;
  body: string;
}

export interface ConversationStore {
  load(name: string, sample: boolean): SavedConversation | undefined;
  /** The one last written. */
  loadLatest(sample: boolean): SavedConversation | undefined;
  /** Writes what `change` makes of what is kept by now; nobody writes in between. `change` may run twice. */
  update(
    name: string,
    sample: boolean,
    change: (kept: SavedConversation | undefined) => Omit<SavedConversation, 'name' | 'sample'>,
  ): void;
  /** Newest first. */
  list(): SavedConversation[];
  /** Removes conversations of a single question with such a name, but for one. */
  removeSingles(namesGlob: string, sample: boolean, except: string): void;
  /** How many were removed: one of each market at most. */
  remove(name: string): number;
}

/** Unnamed conversations pile up; the oldest go. */
const MAX_KEPT = 200;
const COLUMNS = 'name, sample, updated_ms, questions, body';

export const CONVERSATION_MIGRATIONS: readonly Migration[] = [
  (handle) =>
    handle.exec(`CREATE TABLE conversations(name TEXT NOT NULL, sample INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
      questions INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(name, sample)) WITHOUT ROWID`),
];

/** In the cache folder they were kept before there was a data folder. */
export type ConversationPlace = Pick<Config, 'cacheDir' | 'dataDir' | 'dataHome'>;

/** No file is opened before something is asked of it. */
export function openConversationDatabase(place: ConversationPlace, onNote: (text: string) => void): DataDatabase {
  return openDataDatabase({
    folder: dataFolderOf(place),
    fileName: CONVERSATIONS_FILE,
    migrations: CONVERSATION_MIGRATIONS,
    earlier: findEarlierConversations(place.cacheDir, onNote),
  });
}

export function createConversationStore(database: DataDatabase): ConversationStore {
  const load = (name: string, sample: boolean): SavedConversation | undefined =>
    read(database.get(`SELECT ${COLUMNS} FROM conversations WHERE name = ? AND sample = ?`, name, Number(sample)));
  return {
    load,
    loadLatest: (sample) =>
      read(
        database.get(
          `SELECT ${COLUMNS} FROM conversations WHERE sample = ? ORDER BY updated_ms DESC LIMIT 1`,
          Number(sample),
        ),
      ),
    update: (name, sample, change) =>
      database.transaction(() => {
        const { updatedMs, questions, body } = change(load(name, sample));
        database.run(
          `INSERT INTO conversations(${COLUMNS}) VALUES(?, ?, ?, ?, ?) ON CONFLICT(name, sample)
           DO UPDATE SET updated_ms = excluded.updated_ms, questions = excluded.questions, body = excluded.body`,
          name,
          Number(sample),
          updatedMs,
          questions,
          body,
        );
        database.run(
          'DELETE FROM conversations WHERE (name, sample) IN (SELECT name, sample FROM conversations ORDER BY updated_ms DESC LIMIT -1 OFFSET ?)',
          MAX_KEPT,
        );
      }),
    list: () =>
      database.all(`SELECT ${COLUMNS} FROM conversations ORDER BY updated_ms DESC`).flatMap((row) => read(row) ?? []),
    removeSingles: (namesGlob, sample, except) =>
      void database.run(
        'DELETE FROM conversations WHERE questions = 1 AND sample = ? AND name <> ? AND name GLOB ?',
        Number(sample),
        except,
        namesGlob,
      ),
    remove: (name) => {
      // A name that nobody has must not make the file.
      if (database.get('SELECT 1 FROM conversations WHERE name = ?', name) === undefined) return 0;
      return database.run('DELETE FROM conversations WHERE name = ?', name).changes;
    },
  };
}

function read(row: Record<string, unknown> | undefined): SavedConversation | undefined {
  if (row === undefined) return undefined;
  return {
    name: String(row['name']),
    sample: numberIn(row, 'sample') === 1,
    updatedMs: numberIn(row, 'updated_ms'),
    questions: numberIn(row, 'questions'),
    body: String(row['body']),
  };
}
