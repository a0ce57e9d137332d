// What the cache holds, saved and costs, over all processes since the last clear: the public data of `fin cache stats`.
// The same for a command line and a server.
import { type CounterStats, type HourStats, createCounts } from '../cache/counters.ts';
import { decideWarnings } from '../cache/health-warnings.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { Clock } from '../domain/types.ts';
import type { CacheCounts, CacheStatsData } from '../render/stats.ts';
import { readUse } from './provider-use.ts';
import type { Runtime } from './runtime.ts';

export async function createCacheStats(stats: CounterStats, runtime: Runtime, clock: Clock): Promise<CacheStatsData> {
  const store = await runtime.shared?.readStatus();
  const sizes = await runtime.store.readSizes();
  const { byKind: counted, totals, sinceMs, latencies } = stats;
  const byKind: Record<string, CacheCounts> = {};
  for (const kind of new Set([...Object.keys(sizes), ...Object.keys(counted)])) {
    const { errors: _errors, ...counts } = counted[kind] ?? createCounts();
    byKind[kind] = { ...(sizes[kind] ?? { entries: 0, bytes: 0 }), ...counts };
  }
  const rows = Object.values(sizes);
  const entries = rows.reduce((sum, row) => sum + row.entries, 0);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const { errors: _errors, ...savings } = totals;
  // What a store takes for itself only it knows: the size is that of the entries.
  const isInStore = store !== undefined && store.away === undefined;
  return {
    ...(store === undefined ? {} : { store }),
    path: runtime.database.path,
    sizeBytes: isInStore ? bytes : runtime.database.sizeBytes(),
    entries,
    byKind,
    totals: { entries, bytes, ...savings, savedMs: Math.round(savings.savedMs) },
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
