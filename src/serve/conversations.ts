// Conversations of a server's clients, in memory: each client sees its own names. The oldest go when there are too many,
// too much is kept, or nobody has asked in them for hours.
import type { ConversationStore, SavedConversation } from '../book/conversations.ts';

const MOST_KEPT = 500;
const MOST_CHARS = 64 * 1024 * 1024;
const KEPT_MS = 4 * 3_600_000;

export interface ClientConversations {
  storeOf(client: string): ConversationStore;
  count(): number;
}

export function createClientConversations(machineNow: () => number): ClientConversations {
  /** The one that was last written stands last. */
  const kept = new Map<string, SavedConversation>();
  let chars = 0;

  function remove(key: string): number {
    const held = kept.get(key);
    if (held === undefined) return 0;
    chars -= held.body.length;
    kept.delete(key);
    return 1;
  }

  function dropOld(): void {
    for (const [key, { updatedMs }] of kept) {
      if (kept.size <= MOST_KEPT && chars <= MOST_CHARS && updatedMs > machineNow() - KEPT_MS) return;
      remove(key);
    }
  }

  return {
    count: () => kept.size,
    storeOf: (client) => {
      const keyOf = (name: string, sample: boolean): string => `${client}\n${Number(sample)}\n${name}`;
      const listOwn = (): SavedConversation[] =>
        [...kept].flatMap(([key, held]) => (key.startsWith(`${client}\n`) ? held : [])).reverse();
      const load = (name: string, sample: boolean): SavedConversation | undefined => {
        dropOld();
        return kept.get(keyOf(name, sample));
      };
      return {
        load,
        loadLatest: (sample) => listOwn().find((held) => held.sample === sample),
        update: (name, sample, change) => {
          const changed = { name, sample, ...change(load(name, sample)) };
          remove(keyOf(name, sample));
          kept.set(keyOf(name, sample), changed);
          chars += changed.body.length;
          dropOld();
        },
        list: listOwn,
        // Single questions are not kept at all.
        removeSingles: () => undefined,
        remove: (name) => remove(keyOf(name, true)) + remove(keyOf(name, false)),
      };
    },
  };
}
