// Hides keyv: the serializer is plain JSON, its error events are heard, the length of what it read or wrote is known.
// Any storage adapter of keyv will do (sqlite-entries.ts is the one of the cache file).
import { Keyv } from 'keyv';
import type { KeyvBridgeStore, KeyvStorageAdapter, KeyvStorageGetResult } from 'keyv';
import type { Envelope } from './envelope.ts';

export type { KeyvStorageAdapter, KeyvStorageGetResult };

/** Of this version of keyv or, bridged by it, of an earlier one. */
export type AnyAdapter = KeyvStorageAdapter | KeyvBridgeStore;

export interface EntryKeyv {
  keyv: Keyv<Envelope<unknown>>;
  /** Characters of JSON of a value that came out of this keyv or went in. */
  sizeOf(value: object): number;
}

/**
 * keyv without a time to live, whose reads would delete by the machine's clock what the market's calls usable, and with
 * plain JSON: its own serializer's reviver costs eight times as much. It reports by events, never by throwing.
 */
export function createEntryKeyv(store: AnyAdapter, onError: () => void): EntryKeyv {
  const sizes = new WeakMap<object, number>();

  function noteSize(entry: unknown, text: string): void {
    const value: unknown = typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : undefined;
    if (typeof value === 'object' && value !== null) sizes.set(value, text.length);
  }

  const keyv = new Keyv<Envelope<unknown>>({
    store,
    checkExpired: false,
    serialization: {
      stringify: (entry: unknown) => {
        const text = JSON.stringify(entry);
        noteSize(entry, text);
        return text;
      },
      parse: (text: string) => {
        const entry: unknown = JSON.parse(text);
        noteSize(entry, text);
        return entry as never;
      },
    },
  });
  keyv.on('error', onError);
  return { keyv, sizeOf: (value) => sizes.get(value) ?? Infinity };
}
