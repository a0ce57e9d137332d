// Hides keyv: the serializer is plain JSON, its error events are heard, what it reads or writes has its length.
// Any storage adapter of keyv will do (sqlite-entries.ts is the one of the cache file).
import { Keyv } from 'keyv';
import type { KeyvBridgeStore, KeyvStorageAdapter, KeyvStorageGetResult } from 'keyv';
import type { Envelope } from './envelope.ts';

export type { KeyvStorageAdapter, KeyvStorageGetResult };

/** Of this version of keyv or, bridged by it, of an earlier one. */
export type AnyAdapter = KeyvStorageAdapter | KeyvBridgeStore;

/** A value with the characters of its JSON, which are known once it was read or written. */
export interface KeptEntry {
  envelope: Envelope<unknown>;
  chars: number;
}

/**
 * keyv without a time to live, whose reads would delete by the machine's clock what the market's calls usable, and with
 * plain JSON: its own serializer's reviver costs eight times as much. It reports by events, never by throwing.
 */
export function createEntryKeyv(store: AnyAdapter, onError: () => void): Keyv<KeptEntry> {
  const keyv = new Keyv<KeptEntry>({
    store,
    checkExpired: false,
    serialization: {
      stringify: (entry: unknown) => {
        const { value: kept, ...more } = entry as { value: KeptEntry };
        const text = JSON.stringify({ value: kept.envelope, ...more });
        kept.chars = text.length;
        return text;
      },
      parse: (text: string) => {
        const entry = JSON.parse(text) as { value: unknown };
        entry.value = { envelope: entry.value, chars: text.length };
        return entry as never;
      },
    },
  });
  keyv.on('error', onError);
  return keyv;
}
