// What a dashboard and Prometheus are told: cache and limits over all processes, and this server's queue, streams and
// background work. Hides which counts are whose.
import { createCacheStats, hitRateOf } from '../app/cache-stats.ts';
import { createDocument } from '../app/document.ts';
import type { Runtime } from '../app/runtime.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { formatJson } from '../render/json.ts';
import type { CacheStatsData } from '../render/stats.ts';
import { MARKET_SESSIONS } from '../tools/scan.ts';
import type { ClientConversations } from './conversations.ts';
import type { ServeParts } from './host.ts';
import type { Jobs } from './jobs.ts';
import type { Family } from './metrics.ts';
import type { Watches } from './watch.ts';

export interface Watched extends ServeParts {
  watches: Watches;
  conversations: ClientConversations;
  jobs: Jobs | undefined;
}

const DAY_MS = 24 * 3_600_000;

/** The document of `/api/v1/stats`. */
export async function renderStats(watched: Watched): Promise<string> {
  const { host, queue, metrics, watches, conversations, jobs } = watched;
  const { clock } = host;
  const started = { clock, startedMs: clock.machineNow() };
  const runtime = await host.openRuntime();
  const counted = await runtime.counters.readStats();
  const data = {
    cache: await createCacheStats(counted, runtime, clock),
    hours: counted.hours
      .filter(({ hourMs }) => hourMs > clock.machineNow() - DAY_MS)
      .map((hour) => ({
        at: formatExchangeIso(hour.hourMs),
        hitRate: hitRateOf(hour),
        providerCalls: hour.providerCalls,
        cachedMeanMs: hour.cachedMeanMs,
        uncachedMeanMs: hour.uncachedMeanMs,
      })),
    queue: queue.stats(),
    server: {
      version: host.version,
      startedAt: formatExchangeIso(host.startedMs),
      requests: metrics.requests(),
      streams: watches.count().streams,
      conversations: conversations.count(),
      memoryBytes: process.memoryUsage.rss(),
    },
    jobs: jobs?.stats() ?? [],
    market: await describeMarket(runtime),
  };
  return formatJson(createDocument(started, 'stats', data, { sample: runtime.isSample }));
}

/** Sessions of the whole market that are there without a hole. */
async function describeMarket({ market }: Runtime): Promise<{ sessions: number }> {
  const whole = await market.wholeMarket?.();
  return { sessions: whole?.countHeld(MARKET_SESSIONS) ?? 0 };
}

export async function renderMetrics(watched: Watched): Promise<string> {
  const { host, queue, metrics, watches, conversations, jobs } = watched;
  const runtime = await host.openRuntime();
  const stats = await createCacheStats(await runtime.counters.readStats(), runtime, host.clock);
  const { running, waiting, rejected } = queue.stats();
  const one = (name: string, type: Family['type'], help: string, value: number): Family => ({
    name,
    type,
    help,
    samples: [{ value }],
  });
  const { user, system } = process.cpuUsage();
  return metrics.render([
    one('fin_queue_running', 'gauge', 'Requests running.', running),
    one('fin_queue_waiting', 'gauge', 'Requests waiting for a slot.', waiting),
    one('fin_queue_rejected_total', 'counter', 'Requests answered with 503, because too many waited.', rejected),
    one('fin_streams', 'gauge', 'Open streams of quotes.', watches.count().streams),
    one('fin_conversations', 'gauge', 'Conversations kept in memory.', conversations.count()),
    ...describeProviders(stats),
    ...describeCache(stats),
    ...(jobs?.families() ?? []),
    one('process_cpu_seconds_total', 'counter', 'Processor time of this process.', (user + system) / 1e6),
    one('process_resident_memory_bytes', 'gauge', 'Memory of this process.', process.memoryUsage.rss()),
    one('process_start_time_seconds', 'gauge', 'When this process began.', Date.now() / 1_000 - process.uptime()),
  ]);
}

function describeProviders({ providers }: CacheStatsData): Family[] {
  const rows = Object.entries(providers);
  const family = (name: string, help: string, read: (row: (typeof rows)[number][1]) => number): Family => ({
    name,
    help,
    type: 'gauge',
    samples: rows.map(([provider, row]) => ({ labels: { provider }, value: read(row) })),
  });
  return [
    family('fin_provider_limit_used', 'Requests of the last minute, of all processes.', (row) => row.usedInWindow),
    family('fin_provider_limit', 'Requests allowed a minute.', (row) => row.limitPerMinute),
    family('fin_provider_breaker_open', '1 while the breaker keeps requests back.', (row) =>
      row.breaker === 'closed' ? 0 : 1,
    ),
  ];
}

/** Since the last `fin cache clear`, of all processes of this cache. */
function describeCache({ byKind, latencies = {} }: CacheStatsData): Family[] {
  const counter = (name: string, help: string, what: 'hits' | 'staleHits' | 'misses'): Family => ({
    name,
    help,
    type: 'counter',
    samples: Object.entries(byKind).map(([kind, counts]) => ({ labels: { kind }, value: counts[what] })),
  });
  return [
    counter('fin_cache_hits_total', 'Things found fresh.', 'hits'),
    counter('fin_cache_stale_total', 'Things found stale.', 'staleHits'),
    counter('fin_cache_misses_total', 'Things not found.', 'misses'),
    {
      name: 'fin_answer_seconds',
      help: 'Upper edge of the median and the 95th percentile of answers, cached or not.',
      type: 'gauge',
      samples: Object.entries(latencies).flatMap(([provider, { cached, uncached }]) =>
        Object.entries({ cached, uncached }).flatMap(([from, found]) =>
          found === undefined
            ? []
            : [
                { labels: { provider, from, quantile: '0.5' }, value: found.p50Ms / 1_000 },
                { labels: { provider, from, quantile: '0.95' }, value: found.p95Ms / 1_000 },
              ],
        ),
      ),
    },
  ];
}
