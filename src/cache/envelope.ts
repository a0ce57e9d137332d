// What a cache entry says about itself: where its value comes from and when it was true.
// Whether it is still fresh is decided by freshness.ts, never by the store.
import type { MarketMs, ProviderName, Session, TickerSymbol } from '../domain/types.ts';
import type { Lost } from '../providers/provider.ts';

/**
 * What is counted and shown apart in `fin cache stats`. `grouped`: one day's bars of the whole market; `negative`: a
 * remembered "no such thing"; `window`: how far back a plan reaches; `calendar`: days that are not as the rules say;
 * `intraday`: one session's bars of minutes; `events`: one list of a symbol's dividends, splits or earnings.
 */
export type EntryKind =
  | 'quote'
  | 'bars'
  | 'intraday'
  | 'grouped'
  | 'chain'
  | 'expirations'
  | 'market'
  | 'negative'
  | 'window'
  | 'calendar'
  | 'events'
  | 'news'
  | 'search';

/** Treat as read-only: entries held in memory are handed out as they are. */
export interface Envelope<T> {
  v: 1;
  /** Provider, origin of its address and environment; never shared between two of them. */
  identity: string;
  kind: EntryKind;
  symbol?: TickerSymbol;
  value: T;
  /** Market clock. */
  fetchedAt: MarketMs;
  /** State of the market at `fetchedAt`. */
  state: Session;
  /** Market time of the value itself. */
  asOf: MarketMs;
  sample: boolean;
  provider: ProviderName;
  /** What of the reply did not come through: an answer from the cache says it too. */
  lost?: readonly Lost[];
}

/** Key of an entry: kind first, so that sizes can be told apart without reading values. */
export function entryKey(kind: EntryKind, identity: string, ...parts: string[]): string {
  return [kind, identity, ...parts].join('|');
}

/** The kind that `entryKey` wrote into a key. */
export function kindOfKey(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('|')));
}

/** True for what this version wrote; everything else in the file is a miss. */
export function isEnvelope(value: unknown): value is Envelope<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Record<keyof Envelope<unknown>, unknown>>;
  return (
    candidate.v === 1 &&
    typeof candidate.kind === 'string' &&
    typeof candidate.identity === 'string' &&
    typeof candidate.fetchedAt === 'number' &&
    'value' in candidate
  );
}
