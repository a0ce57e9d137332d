// What the cache holds, saved and costs, over all processes since the last clear: the public data of `fin cache stats`.
// The same for a command line and a server.
import type { CounterStats, HourStats } from '../cache/counters.ts';
import { decideWarnings } from '../cache/health-warnings.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { Clock } from '../domain/types.ts';
import type { CacheCounts, CacheStatsData } from '../render/stats.ts';
import { readUse } from './provider-use.ts';
import type { Runtime } from './runtime.ts';

export async function createCacheStats(stats: CounterStats, runtime: Runtime, clock: Clock): Promise<CacheStatsData> {
  const sizes = await runtime.store.readSizes();
  const { byKind: counted, totals, sinceMs, latencies } = stats;
  const byKind: Record<string, CacheCounts> = {};
  for (const kind of new Set([...Object.keys(sizes), ...Object.keys(counted)])) {
    const { hits = 0, staleHits = 0, misses = 0, providerCalls = 0, coalesced = 0 } = counted[kind] ?? {};
    byKind[kind] = {
      entries: sizes[kind]?.entries ?? 0,
      bytes: sizes[kind]?.bytes ?? 0,
      hits,
      staleHits,
      misses,
      providerCalls,
      coalesced,
    };
  }
  const rows = Object.values(sizes);
  const [entries, bytes] = [
    rows.reduce((sum, row) => sum + row.entries, 0),
    rows.reduce((sum, row) => sum + row.bytes, 0),
  ];
  const { hits, staleHits, misses, providerCalls, coalesced, hitRate, callsSaved, savedMs } = totals;
  return {
    path: runtime.database.path,
    sizeBytes: runtime.database.sizeBytes(),
    entries,
    byKind,
    totals: {
      entries,
      bytes,
      hits,
      staleHits,
      misses,
      providerCalls,
      coalesced,
      ...(hitRate === undefined ? {} : { hitRate }),
      callsSaved,
      savedMs: Math.round(savedMs),
    },
    providers: await readProviders(runtime, clock),
    latencies,
    warnings: decideWarnings(await runtime.counters.readRecent()),
    sinceIso: formatExchangeIso(sinceMs),
  };
}

async function readProviders(runtime: Runtime, clock: Clock): Promise<CacheStatsData['providers']> {
  const nowMs = clock.machineNow();
  const rows: Record<string, { limitPerMinute: number; usedInWindow: number; breaker: string }> = {};
  for (const provider of runtime.providers) {
    const use = await readUse(provider, runtime.state, nowMs);
    if (use !== undefined)
      rows[provider.name] = { limitPerMinute: use.limitPerMinute, usedInWindow: use.used, breaker: use.breaker.state };
  }
  return rows;
}

export function hitRateOf({ hits, staleHits, misses }: HourStats): number | undefined {
  const answered = hits + staleHits;
  return answered + misses === 0 ? undefined : answered / (answered + misses);
}
