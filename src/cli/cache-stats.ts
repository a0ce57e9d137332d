// fin cache stats: what the cache holds, saved and costs, over all processes since the last clear, as a screen, as JSON,
// or as the hourly metrics in CSV.
import type { Runtime } from '../app/runtime.ts';
import type { CounterStats, HourStats } from '../cache/counters.ts';
import { decideWarnings } from '../cache/health-warnings.ts';
import { exchangeMinutesOf, formatExchangeIso } from '../domain/exchange-time.ts';
import { formatJson } from '../render/json.ts';
import type { CacheCounts, CacheStatsData, HourlyCount } from '../render/stats.ts';
import type { CommandRunner } from './command.ts';
import { createDocument } from './document.ts';
import { EXIT } from './exit-code.ts';
import { readUse } from './provider-use.ts';
import type { CommandContext } from './command-context.ts';

const HOURS_SHOWN = 24;
const HOUR_MS = 3_600_000;

export const runStats: CommandRunner = async (_invocation, session) => {
  const { output } = session;
  const runtime = await session.openRuntime();
  const store = await runtime.shared?.readStatus();
  const stats = await runtime.counters.readStats();
  if (session.options.csv) {
    output.writeLines(formatCsv(stats.hours));
    return EXIT.done;
  }
  const data = { ...(store === undefined ? {} : { store }), ...(await createStatsData(stats, runtime, session)) };
  // What a store takes for itself only it knows: the size is that of the entries.
  if (store !== undefined && store.away === undefined) data.sizeBytes = data.totals.bytes;
  if (session.options.json) {
    output.write(formatJson(createDocument(session, 'cache stats', data)));
    return EXIT.done;
  }
  const [{ renderCacheStats }, { createTheme }] = await Promise.all([
    import('../render/stats.ts'),
    import('../render/theme.ts'),
  ]);
  const hours = listLastHours(stats.hours, session.clock.machineNow());
  output.writeLines(
    renderCacheStats(data, { width: output.width, theme: createTheme({ colour: output.colour }) }, hours),
  );
  return EXIT.done;
};

async function createStatsData(
  stats: CounterStats,
  runtime: Runtime,
  session: CommandContext,
): Promise<CacheStatsData> {
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
    providers: await readProviders(runtime, session),
    latencies,
    warnings: decideWarnings(await runtime.counters.readRecent()),
    sinceIso: formatExchangeIso(sinceMs),
  };
}

async function readProviders(runtime: Runtime, session: CommandContext): Promise<CacheStatsData['providers']> {
  const nowMs = session.clock.machineNow();
  const rows: Record<string, { limitPerMinute: number; usedInWindow: number; breaker: string }> = {};
  for (const provider of runtime.providers) {
    const use = await readUse(provider, runtime.state, nowMs);
    if (use !== undefined)
      rows[provider.name] = { limitPerMinute: use.limitPerMinute, usedInWindow: use.used, breaker: use.breaker.state };
  }
  return rows;
}

/** The last 24 hours on the machine's clock, hours without use included. */
function listLastHours(counted: readonly HourStats[], nowMs: number): HourlyCount[] {
  const byHour = new Map(counted.map((hour) => [hour.hourMs, hour]));
  const thisHour = nowMs - (nowMs % HOUR_MS);
  return Array.from({ length: HOURS_SHOWN }, (_, index) => {
    const hourMs = thisHour - (HOURS_SHOWN - 1 - index) * HOUR_MS;
    const hour = byHour.get(hourMs);
    const hitRate = hour === undefined ? undefined : hitRateOf(hour);
    return {
      label: String(Math.floor(exchangeMinutesOf(hourMs) / 60)).padStart(2, '0'),
      ...(hitRate === undefined ? {} : { hitRate }),
      providerCalls: hour?.providerCalls ?? 0,
    };
  });
}

const CSV_HEAD = 'time,hit_rate,mean_ms_cached,mean_ms_uncached,error_rate';

/** One line an hour that has counts, ascending; what was not measured is empty. Rates are fractions. */
function formatCsv(hours: readonly HourStats[]): string[] {
  return [
    CSV_HEAD,
    ...hours.map((hour) => {
      const errorRate = hour.providerCalls === 0 ? undefined : hour.errors / hour.providerCalls;
      const figures = [
        formatField(hitRateOf(hour), 4),
        formatField(hour.cachedMeanMs, 3),
        formatField(hour.uncachedMeanMs, 3),
        formatField(errorRate, 4),
      ];
      return [formatExchangeIso(hour.hourMs), ...figures].join(',');
    }),
  ];
}

function hitRateOf({ hits, staleHits, misses }: HourStats): number | undefined {
  const answered = hits + staleHits;
  return answered + misses === 0 ? undefined : answered / (answered + misses);
}

function formatField(value: number | undefined, decimals: number): string {
  return value === undefined ? '' : value.toFixed(decimals);
}
