// What this browser keeps: the last answers and questions, bounded, in IndexedDB; the page and its worker share it.
// Hides the database; where a browser refuses one nothing is kept and all else works.
import type { AnswerError, AnswerMeta } from '../../domain/answers.ts';

/** The public JSON document of a command. */
export interface Document<Data = unknown> {
  command: string;
  ok: boolean;
  data?: Data;
  errors: AnswerError[];
  meta: AnswerMeta;
}

export interface AskDocument extends Omit<Document, 'data'> {
  question?: string;
  answer?: string;
  grounding?: { figures: number; supported: number; unsupported: { text: string }[] };
  model?: { name: string };
}

/** Data of a tool as they came while the answer was made. */
export interface AskTable extends Document {
  kind: string;
  notes: string[];
}

export interface Turn {
  id: string;
  atMs: number;
  session: string;
  question: string;
  /** `queued`: asked while the server could not be reached. */
  state: 'queued' | 'done';
  tables: AskTable[];
  document?: AskDocument;
  answeredMs?: number;
}

interface KeptAnswer {
  key: string;
  atMs: number;
  document: Document;
}

const NAME = 'fin';
const MOST = { answers: 120, turns: 40 } as const;
type Kind = keyof typeof MOST;
const KEYS = { answers: 'key', turns: 'id' } as const;

/** Undefined where the browser has no database for us. */
async function withStore<Result>(
  kind: Kind,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result | undefined> {
  try {
    const database = await open();
    try {
      return await settled(work(database.transaction(kind, mode).objectStore(kind)));
    } finally {
      database.close();
    }
  } catch {
    // A private window or a full disk: the page works without what it would have kept.
    return undefined;
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const kind of ['answers', 'turns'] as const)
      request.result.createObjectStore(kind, { keyPath: KEYS[kind] }).createIndex('atMs', 'atMs');
  };
  return settled(request);
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database failed'));
  });
}

async function put(kind: Kind, value: KeptAnswer | Turn): Promise<void> {
  await withStore(kind, 'readwrite', (store) => store.put(value));
  const count = (await withStore(kind, 'readonly', (store) => store.count())) ?? 0;
  const excess = count - MOST[kind];
  if (excess <= 0) return;
  const oldest = (await withStore(kind, 'readonly', (store) => store.index('atMs').getAll(null, excess))) ?? [];
  for (const each of oldest as Record<string, IDBValidKey>[])
    await withStore(kind, 'readwrite', (store) => store.delete(each[KEYS[kind]] ?? ''));
}

export async function keepAnswer(key: string, document: Document): Promise<void> {
  await put('answers', { key, atMs: Date.now(), document });
}

export async function readAnswer(key: string): Promise<KeptAnswer | undefined> {
  return (await withStore('answers', 'readonly', (store) => store.get(key))) as KeptAnswer | undefined;
}

export async function keepTurn(turn: Turn): Promise<void> {
  await put('turns', turn);
}

export async function forgetTurn(id: string): Promise<void> {
  await withStore('turns', 'readwrite', (store) => store.delete(id));
}

/** Oldest first. */
export async function readTurns(): Promise<Turn[]> {
  return ((await withStore('turns', 'readonly', (store) => store.index('atMs').getAll())) ?? []) as Turn[];
}

/** Whoever comes next shall find nothing: answers, questions and what was chosen. The files of the page may stay. */
export async function forgetAll(): Promise<void> {
  // The worker has none.
  if ('localStorage' in globalThis) localStorage.clear();
  for (const kind of ['answers', 'turns'] as const) await withStore(kind, 'readwrite', (store) => store.clear());
}
