// fin cache: what the cache file holds and saved over all processes, emptying it, and where it is.
import type { CacheCounts, CacheStatsData, HourlyCount } from '../render/stats.ts';
import { formatExchangeIso, exchangeMinutesOf } from '../domain/exchange-time.ts';
import { breakerName } from '../http/wire.ts';
import type { CommandRunner } from './command.ts';
import { EXIT } from './exit-code.ts';
import type { Runtime, Session } from './session.ts';

const HOURS_SHOWN = 24;
const HOUR_MS = 3_600_000;

export const runCache: CommandRunner = async ({ words }, session) => {
  const runtime = await session.openRuntime();
  const [action] = words;
  if (action === 'clear') return clear(runtime, session);
  if (action === 'path') return printPath(runtime, session);
  return printStats(runtime, session);
};

function clear(runtime: Runtime, session: Session): number {
  const { entries } = countEntries(runtime);
  runtime.store.clear();
  runtime.counters.clear();
  print(session, 'clear', { path: runtime.database.path, removed: entries }, `removed ${entries} entries from ${runtime.database.path}`);
  return EXIT.done;
}

function printPath(runtime: Runtime, session: Session): number {
  print(session, 'path', { path: runtime.database.path }, runtime.database.path);
  return EXIT.done;
}

function print(session: Session, action: string, data: object, text: string): void {
  const document = { schema: 'fin/1', command: `cache ${action}`, ok: true, data, errors: [], meta: { sample: false, providerCalls: 0, elapsedMs: 0 } };
  session.output.write(session.options.json ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
}

async function printStats(runtime: Runtime, session: Session): Promise<number> {
  const data = readStats(runtime, session);
  if (session.options.json) {
    print(session, 'stats', data, '');
    return EXIT.done;
  }
  const [{ renderCacheStats }, { createTheme }] = await Promise.all([import('../render/stats.ts'), import('../render/theme.ts')]);
  const options = { width: session.output.width, theme: createTheme({ colour: session.output.colour }) };
  session.output.writeLines(renderCacheStats(data, options, readHours(runtime, session)));
  return EXIT.done;
}

function countEntries(runtime: Runtime): { sizes: ReturnType<Runtime['store']['readSizes']>; entries: number; bytes: number } {
  const sizes = runtime.store.readSizes();
  const rows = Object.values(sizes);
  return { sizes, entries: rows.reduce((sum, row) => sum + row.entries, 0), bytes: rows.reduce((sum, row) => sum + row.bytes, 0) };
}

function readStats(runtime: Runtime, session: Session): CacheStatsData {
  const { sizes, entries, bytes } = countEntries(runtime);
  const { byKind: counted, totals, sinceMs } = runtime.counters.readStats();
  const byKind: Record<string, CacheCounts> = {};
  for (const kind of new Set([...Object.keys(sizes), ...Object.keys(counted)])) {
    const { hits = 0, staleHits = 0, misses = 0, providerCalls = 0, coalesced = 0 } = counted[kind] ?? {};
    byKind[kind] = { entries: sizes[kind]?.entries ?? 0, bytes: sizes[kind]?.bytes ?? 0, hits, staleHits, misses, providerCalls, coalesced };
  }
  const { hits, staleHits, misses, providerCalls, coalesced, hitRate, callsSaved } = totals;
  return {
    path: runtime.database.path,
    sizeBytes: runtime.database.sizeBytes(),
    entries,
    byKind,
    totals: { entries, bytes, hits, staleHits, misses, providerCalls, coalesced, ...(hitRate === undefined ? {} : { hitRate }), callsSaved },
    providers: readProviders(runtime, session),
    sinceIso: formatExchangeIso(sinceMs),
  };
}

function readProviders(runtime: Runtime, session: Session): CacheStatsData['providers'] {
  const nowMs = session.clock.machineNow();
  const rows: Record<string, { limitPerMinute: number; usedInWindow: number; breaker: string }> = {};
  for (const { name, address, limitPerMinute, keyHash } of runtime.providers) {
    if (limitPerMinute === undefined) continue;
    rows[name] = {
      limitPerMinute,
      usedInWindow: runtime.state.countUsed({ provider: name, keyHash: keyHash() }, nowMs),
      breaker: runtime.state.readBreaker(breakerName({ provider: name, baseUrl: address }), nowMs).state,
    };
  }
  return rows;
}

/** The last 24 hours on the machine's clock, hours without use included. */
function readHours(runtime: Runtime, session: Session): HourlyCount[] {
  const counted = new Map(runtime.counters.readStats().hours.map((hour) => [hour.hourMs, hour]));
  const nowMs = session.clock.machineNow();
  const thisHour = nowMs - (nowMs % HOUR_MS);
  return Array.from({ length: HOURS_SHOWN }, (_, index) => {
    const hourMs = thisHour - (HOURS_SHOWN - 1 - index) * HOUR_MS;
    const hour = counted.get(hourMs);
    const looked = hour === undefined ? 0 : hour.hits + hour.staleHits + hour.misses;
    return {
      label: String(Math.floor(exchangeMinutesOf(hourMs) / 60)).padStart(2, '0'),
      ...(hour === undefined || looked === 0 ? {} : { hitRate: (hour.hits + hour.staleHits) / looked }),
      providerCalls: hour?.providerCalls ?? 0,
    };
  });
}
