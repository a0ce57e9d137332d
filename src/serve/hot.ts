// Quotes that many ask for within a second, kept as text: the age in it is written anew each time. Only what is fresh
// for the whole time it may be given is kept, so that nothing is called cached that has become stale.
import { decideFreshness, type FreshnessTable } from '../cache/freshness.ts';
import type { Counters } from '../cache/counters.ts';
import { nextChange, sessionAt } from '../domain/calendar.ts';
import { isList } from '../app/commands/data.ts';
import type { Found } from '../app/commands/prepare.ts';
import { isOfKind } from '../domain/answer-kinds.ts';
import type { Answer } from '../domain/answers.ts';
import type { Clock } from '../domain/types.ts';

export interface HotAnswers {
  has(url: string): boolean;
  /** The document of an equal request of a moment ago, as old as it is now. */
  find(url: string): string | undefined;
  keep(url: string, found: Found): void;
}

interface Held {
  before: string;
  after: string;
  fetchedAt: number;
  /** From then on one request looks anew, while the others still get this. */
  renewAt: number;
  until: number;
  provider: string;
  symbols: readonly string[];
}

const KEPT_MS = 1_000;
const MOST_KEPT = 1_000;
/** As `formatJson` writes it; `meta` comes last. */
const AGE = '"ageMs": ';

export interface HotOptions {
  clock: Clock;
  freshness: FreshnessTable;
  counters: Pick<Counters, 'count' | 'recordUse' | 'recordLatency'>;
  /** The document of an answer as it goes out. */
  render(answer: Answer<'quote'>): string;
}

export function createHotAnswers({ clock, freshness, counters, render }: HotOptions): HotAnswers {
  const kept = new Map<string, Held>();

  /** They are hits like those that are read from the file. */
  function count({ provider, symbols }: Held, startedMs: number): void {
    counters.count('quote', 'hits', symbols.length);
    for (const symbol of symbols) counters.recordUse(symbol);
    counters.recordLatency(provider, true, performance.now() - startedMs);
  }

  return {
    has: (url) => kept.has(url),
    find: (url) => {
      const startedMs = performance.now();
      const held = kept.get(url);
      if (held === undefined) return undefined;
      const now = clock.now();
      if (now >= held.until || now < held.fetchedAt) {
        kept.delete(url);
        return undefined;
      }
      if (now >= held.renewAt) {
        held.renewAt = Infinity;
        return undefined;
      }
      count(held, startedMs);
      return `${held.before}${Math.round(now - held.fetchedAt)}${held.after}`;
    },
    keep: (url, answer) => {
      if (isList(answer) || !isOfKind(answer, 'quote')) return;
      const { data, meta } = answer;
      const { provider, ageMs } = meta;
      if (data === undefined || provider === undefined || ageMs === undefined || meta.freshness === 'stale') return;
      const now = clock.now();
      const fetchedAt = now - ageMs;
      const until = now + 2 * KEPT_MS;
      const entry = { fetchedAt, state: sessionAt(fetchedAt) };
      const isFresh = data.every(
        ({ symbol }) => decideFreshness('quote', { ...entry, symbol }, until, freshness) === 'fresh',
      );
      // The session in the data is that of the moment.
      if (!isFresh || nextChange(now).at < until) return;
      const shown: Answer<'quote'> = {
        ...answer,
        meta: { ...meta, freshness: 'cached', providerCalls: 0, elapsedMs: 0 },
      };
      const text = render(shown);
      const at = text.lastIndexOf(AGE) + AGE.length;
      const held = {
        before: text.slice(0, at),
        after: text.slice(at + String(ageMs).length),
        fetchedAt,
        renewAt: now + KEPT_MS,
        until,
        provider,
        symbols: data.map(({ symbol }) => symbol),
      };
      kept.delete(url);
      const [oldest] = kept.keys();
      if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(url, held);
    },
  };
}
