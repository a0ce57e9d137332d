// Conversations for who answers questions: where they cannot be read or kept the question is answered all the same, and
// the reason is noted once.
import { type ConfigError, hasCode } from '../domain/errors.ts';
import type { ConversationStore } from './conversations.ts';

export interface ForgivingStore extends ConversationStore {
  /** False, with a note, where conversations that were kept cannot be read. */
  isReadable(): boolean;
}

/** For questions, which are answered whatever becomes of the conversation: what cannot be read or kept is noted once. */
export function forgive(store: ConversationStore, onNote: (text: string) => void): ForgivingStore {
  let isNoted = false;
  function attempt<T>(work: () => T, instead: T): T {
    try {
      return work();
    } catch (error) {
      if (!isConfigError(error)) throw error;
      if (!isNoted) onNote(`${error.message}; conversations are not saved (${error.hint ?? 'see fin doctor'})`);
      isNoted = true;
      return instead;
    }
  }
  return {
    load: (name, sample) => attempt(() => store.load(name, sample), undefined),
    loadLatest: (sample) => attempt(() => store.loadLatest(sample), undefined),
    update: (name, sample, change) => attempt(() => store.update(name, sample, change), undefined),
    list: () => attempt(() => store.list(), []),
    removeSingles: (namesGlob, sample, except) =>
      attempt(() => store.removeSingles(namesGlob, sample, except), undefined),
    remove: (name) => attempt(() => store.remove(name), 0),
    isReadable: () => attempt(() => (store.loadLatest(false), true), false),
  };
}

function isConfigError(error: unknown): error is ConfigError {
  return hasCode(error, 'config');
}
