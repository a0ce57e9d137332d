// Hides keyv: the serializer is plain JSON, and bytes before it where a value has a row of numbers; its error events are
// heard, what it reads or writes has its length.
// Any storage adapter of keyv will do (sqlite-entries.ts is the one of the cache file).
import { Keyv } from 'keyv';
import type { KeyvBridgeStore, KeyvStorageAdapter, KeyvStorageGetResult } from 'keyv';
import type { Envelope } from './envelope.ts';

export type { KeyvStorageAdapter, KeyvStorageGetResult };

/** Of this version of keyv or, bridged by it, of an earlier one. */
export type AnyAdapter = KeyvStorageAdapter | KeyvBridgeStore;

/** A value with its length as it is saved, which is known once it was read or written. */
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
        const { value: kept } = entry as { value: KeptEntry };
        const packed = pack(kept.envelope);
        kept.chars = packed.length;
        // keyv hands to the adapter what it is given.
        return packed as string;
      },
      parse: (text: string) => (text.startsWith('{') ? unpackText(text) : unpack(Buffer.from(text, 'base64'))) as never,
    },
  });
  keyv.on('error', onError);
  return keyv;
}

/**
 * JSON, and before it the bytes of the value's `numbers`, where it has them, with how many they are: a series of five
 * years is read without a look at each. An adapter for texts writes bytes in base64; every machine that Node 24 runs on
 * but one, s390x, has them in the same order.
 */
function pack(envelope: Envelope<unknown>): string | Uint8Array {
  const { numbers, ...rest } = (envelope.value ?? {}) as { numbers?: unknown };
  if (!(numbers instanceof Float64Array)) return JSON.stringify({ value: envelope });
  const text = Buffer.from(JSON.stringify({ value: { ...envelope, value: rest } }));
  const packed = Buffer.alloc(8 + numbers.byteLength + text.length);
  packed.writeDoubleLE(numbers.length);
  packed.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), 8);
  packed.set(text, 8 + numbers.byteLength);
  return packed;
}

/** @throws RangeError or SyntaxError for what `pack` did not make. */
export function unpack(bytes: Uint8Array): { value: KeptEntry } {
  const { buffer, byteOffset, length } = bytes;
  const [count] = new Float64Array(buffer, byteOffset, 1);
  const numbers = new Float64Array(buffer, byteOffset + 8, count);
  const end = 8 + numbers.byteLength;
  const entry = unpackText(Buffer.from(buffer, byteOffset + end, length - end).toString());
  (entry.value.envelope.value as { numbers?: Float64Array }).numbers = numbers;
  return { value: { envelope: entry.value.envelope, chars: length } };
}

function unpackText(text: string): { value: KeptEntry } {
  const { value, ...more } = JSON.parse(text) as { value: Envelope<unknown> };
  return { ...more, value: { envelope: value, chars: text.length } };
}
