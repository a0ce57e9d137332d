// fin cache stats: what the cache holds, saved and costs, over all processes since the last clear, as a screen, as JSON,
// or as the hourly metrics in CSV.
import { createCacheStats, hitRateOf } from '../app/cache-stats.ts';
import type { HourStats } from '../cache/counters.ts';
import { exchangeMinutesOf, formatExchangeIso } from '../domain/exchange-time.ts';
import type { HourlyCount } from '../render/stats.ts';
import type { CommandRunner } from './command.ts';
import { printOwn } from './own-document.ts';
import { EXIT } from '../app/exit-code.ts';

const HOURS_SHOWN = 24;
const HOUR_MS = 3_600_000;

export const runStats: CommandRunner = async (_invocation, session) => {
  const { output } = session;
  const runtime = await session.openRuntime();
  const stats = await runtime.counters.readStats();
  if (session.options.csv) {
    output.writeLines(formatCsv(stats.hours));
    return EXIT.done;
  }
  const data = await createCacheStats(stats, runtime, session.clock);
  const [{ renderCacheStats }, { screenOf }] = await Promise.all([
    import('../render/stats.ts'),
    import('../render/theme.ts'),
  ]);
  const hours = listLastHours(stats.hours, session.clock.machineNow());
  printOwn(session, 'cache stats', data, renderCacheStats(data, screenOf(output), hours));
  return EXIT.done;
};

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

function formatField(value: number | undefined, decimals: number): string {
  return value === undefined ? '' : value.toFixed(decimals);
}
