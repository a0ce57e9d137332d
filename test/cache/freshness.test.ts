import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FRESHNESS, createFreshnessTable, decideFreshness } from '../../src/cache/freshness.ts';
import type { FreshnessKind } from '../../src/cache/freshness.ts';
import { sessionAt } from '../../src/domain/calendar.ts';
import { exchangeDateOf } from '../../src/domain/exchange-time.ts';

const at = (iso: string): number => Date.parse(`${iso}-05:00`);

/** The verdict on an entry fetched at one time, looked at another; November 2026, New York. */
function judge(kind: FreshnessKind, fetched: string, now: string): string {
  const fetchedAt = at(fetched);
  return decideFreshness(kind, { fetchedAt, state: sessionAt(fetchedAt) }, at(now));
}

describe('how long data stay fresh', () => {
  it.each<[FreshnessKind, string, string, string]>([
    ['quote', '2026-11-19T10:00:00', '2026-11-19T10:00:09', 'fresh'],
    ['quote', '2026-11-19T10:00:00', '2026-11-19T10:00:10', 'stale'],
    ['quote', '2026-11-19T05:00:00', '2026-11-19T05:00:11', 'stale'],
    ['quote', '2026-11-19T19:59:55', '2026-11-19T20:01:00', 'stale'],
    ['quote', '2026-11-19T21:00:00', '2026-11-20T03:59:59', 'fresh'],
    ['quote', '2026-11-19T21:00:00', '2026-11-20T04:00:00', 'stale'],
    ['quote', '2026-11-21T10:00:00', '2026-11-21T21:59:59', 'fresh'],
    ['quote', '2026-11-21T10:00:00', '2026-11-21T22:00:00', 'stale'],
    ['quote', '2026-11-12T21:00:00', '2026-11-19T21:00:00', 'stale'],
    ['quote', '2026-11-12T21:00:00', '2026-11-19T21:00:01', 'unusable'],
    ['finished_bars', '2026-11-19T10:00:00', '2026-11-20T09:59:59', 'fresh'],
    ['finished_bars', '2026-11-19T10:00:00', '2026-11-20T10:00:00', 'stale'],
    ['running_bars', '2026-11-19T10:00:00', '2026-11-19T10:00:59', 'fresh'],
    ['running_bars', '2026-11-19T10:00:00', '2026-11-19T10:01:00', 'stale'],
    ['running_bars', '2026-11-19T08:00:00', '2026-11-19T09:29:59', 'fresh'],
    ['running_bars', '2026-11-19T08:00:00', '2026-11-19T09:30:00', 'stale'],
    ['running_bars', '2026-11-20T17:00:00', '2026-11-23T03:59:59', 'fresh'],
    ['running_bars', '2026-11-20T17:00:00', '2026-11-23T04:00:00', 'stale'],
    ['chain', '2026-11-19T10:00:00', '2026-11-19T10:00:30', 'stale'],
    ['chain', '2026-11-19T08:00:00', '2026-11-19T09:29:59', 'fresh'],
    ['chain', '2026-11-19T08:00:00', '2026-11-19T09:30:00', 'stale'],
    ['chain', '2026-11-19T17:00:00', '2026-11-20T04:59:59', 'fresh'],
    ['chain', '2026-11-19T17:00:00', '2026-11-20T05:00:00', 'stale'],
    ['expirations', '2026-11-19T10:00:00', '2026-11-19T23:59:59', 'fresh'],
    ['expirations', '2026-11-19T10:00:00', '2026-11-20T00:00:00', 'stale'],
    ['market', '2026-11-19T10:00:00', '2026-11-19T10:00:59', 'fresh'],
    ['market', '2026-11-19T15:59:50', '2026-11-19T16:00:00', 'unusable'],
    ['market', '2026-11-19T19:59:50', '2026-11-19T20:00:00', 'unusable'],
    ['empty', '2026-11-19T10:00:00', '2026-11-19T10:00:59', 'fresh'],
    ['empty', '2026-11-19T10:00:00', '2026-11-19T10:01:00', 'unusable'],
    ['empty', '2026-11-21T10:00:00', '2026-11-21T10:09:59', 'fresh'],
    ['quote', '2026-11-27T17:30:00', '2026-11-28T05:00:00', 'fresh'],
  ])('%s fetched %s and looked at %s is %s', (kind, fetched, now, verdict) => {
    expect(judge(kind, fetched, now)).toBe(verdict);
  });

  it('never lets what was fetched while open be fresh longer than the open column says', () => {
    const start = at('2026-01-01T00:00:00');
    const kinds = fc.constantFrom<FreshnessKind>(
      'quote',
      'finished_bars',
      'running_bars',
      'chain',
      'expirations',
      'market',
      'empty',
    );
    fc.assert(
      fc.property(
        kinds,
        fc.integer({ min: 0, max: 400 * 86_400 }),
        fc.integer({ min: -10, max: 8 * 86_400 }),
        (kind, seconds, later) => {
          const fetchedAt = start + seconds * 1_000;
          const nowMs = fetchedAt + later * 1_000;
          const rule = DEFAULT_FRESHNESS[kind];
          const state = sessionAt(fetchedAt);
          const verdict = decideFreshness(kind, { fetchedAt, state }, nowMs);
          // Five seconds lie between the starts of processes that share one FIN_NOW; a turn of the day or of the state counts
          // from either side.
          const isTurn = exchangeDateOf(nowMs) !== exchangeDateOf(fetchedAt) || sessionAt(nowMs) !== state;
          if (later < -5) expect(verdict).toBe('unusable');
          else if (later < 0 && !isTurn) expect(verdict).toBe('fresh');
          const longest = rule.openStates.includes(state) ? rule.openMs : rule.closedMs;
          if (nowMs - fetchedAt >= longest) expect(verdict).not.toBe('fresh');
          if (nowMs - fetchedAt > rule.usableMs && verdict !== 'fresh') expect(verdict).toBe('unusable');
        },
      ),
    );
  });

  it('can be changed in the settings, one time at a time', () => {
    const table = createFreshnessTable({ quote: { openSeconds: 60 } });
    const entry = { fetchedAt: at('2026-11-19T10:00:00'), state: 'regular' } as const;
    expect(decideFreshness('quote', entry, entry.fetchedAt + 59_999, table)).toBe('fresh');
    expect(table.quote.usableMs).toBe(DEFAULT_FRESHNESS.quote.usableMs);
    expect(table.chain).toEqual(DEFAULT_FRESHNESS.chain);
  });
});
