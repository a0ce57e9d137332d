// Hides how use is counted over all processes: in memory while a command runs, added to hourly rows in one transaction
// at its end. Hours, latencies and popularity are on the machine's clock.
import { numberIn } from './database.ts';
import type { CacheDatabase, Row } from './database.ts';
import type { EntryKind } from './envelope.ts';
import type { RecentUse } from './health-warnings.ts';
import { readTimestamp, saveTimestamp } from './timestamps.ts';
import type { MachineMs, TickerSymbol } from '../domain/types.ts';

export interface Counts {
  hits: number;
  staleHits: number;
  misses: number;
  providerCalls: number;
  coalesced: number;
  errors: number;
}

/** Milliseconds an answer took. */
export interface LatencyStats {
  count: number;
  meanMs: number;
  /** Upper edge of the histogram bucket that holds the percentile: at most 19 % too high. */
  p50Ms: number;
  p95Ms: number;
}

export interface HourStats extends Counts {
  hourMs: MachineMs;
  cachedMeanMs?: number;
  uncachedMeanMs?: number;
}

/** What `fin cache stats` shows of the counters. A percentile or mean without samples is absent. */
export interface CounterStats {
  /** Machine time of the last clear, or of the making of the file. */
  sinceMs: MachineMs;
  byKind: Record<string, Counts>;
  totals: Counts & {
    /** Hits and stale hits of all that was looked up, 0 to 1; absent before the first look. */
    hitRate?: number;
    /** Answers that asked no provider. */
    callsSaved: number;
    /** Those times what an uncached answer took on average, less what they took themselves. */
    savedMs: number;
  };
  /** The last hours that have counts, ascending. */
  hours: HourStats[];
  latencies: Record<string, { cached?: LatencyStats; uncached?: LatencyStats }>;
}

/**
 * What is counted over all processes: with `SharedState` and an adapter of keyv all that a store of several machines must
 * give. Counting is of this process and tells nobody; what it has counted is added at a flush. Reading flushes first.
 */
export interface Counters {
  count(kind: EntryKind, what: keyof Counts, times?: number): void;
  /** How long one answer of one provider took. */
  recordLatency(provider: string, cached: boolean, ms: number): void;
  /** A person asked for this symbol. */
  recordUse(symbol: TickerSymbol): void;
  /** What machine users ask for most, a use of a week ago counting half. */
  readPopular(limit: number): Promise<TickerSymbol[]>;
  readStats(): Promise<CounterStats>;
  /** The last 60 minutes, of the hour before this one the part that is still inside. */
  readRecent(): Promise<RecentUse>;
  /** Adds what was counted; with the cache file before it gives its promise, so that it can be part of a transaction. */
  flush(): Promise<void>;
  clear(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Older hours are added up in one row: a year of use must not slow the file. */
const KEPT_HOURS_MS = 8 * 24 * HOUR_MS;
export const HALF_LIFE_MS = 7 * 24 * HOUR_MS;
const FLUSH_EVERY_MS = 30_000;
/** Four buckets for each doubling. */
const BUCKETS_PER_DOUBLING = 4;
export const COUNT_FIELDS = ['hits', 'staleHits', 'misses', 'providerCalls', 'coalesced', 'errors'] as const;
const COLUMNS = ['hits', 'stale_hits', 'misses', 'provider_calls', 'coalesced', 'errors'] as const;

/** What one process has counted since its last flush. */
export interface PendingCounts {
  counts: Map<string, CountRow>;
  latencies: Map<string, LatencyRow>;
  uses: Map<TickerSymbol, number>;
}

export interface CountRow {
  /** 0: the sum of hours that are long past. */
  hourMs: MachineMs;
  kind: string;
  counts: Counts;
}

export interface LatencyRow {
  hourMs: MachineMs;
  provider: string;
  cached: boolean;
  bucket: number;
  n: number;
  totalMs: number;
}

/** Where counts are added up over processes. */
export interface CounterHome {
  /** With the cache file it is done before the promise is given. */
  add(pending: PendingCounts, nowMs: MachineMs): Promise<void>;
  /** Hours from then on, ascending, with `fromMs` 0 the sum of those before too. */
  read(
    nowMs: MachineMs,
    fromMs: MachineMs,
  ): Promise<{ counts: CountRow[]; latencies: LatencyRow[]; sinceMs: MachineMs }>;
  readPopular(limit: number, nowMs: MachineMs): Promise<TickerSymbol[]>;
  clear(nowMs: MachineMs): Promise<void>;
}

export function createCounters(database: CacheDatabase, machineNow: () => MachineMs): Counters {
  return createCountersIn(createCountTables(database), machineNow);
}

export function createCountersIn(home: CounterHome, machineNow: () => MachineMs): Counters {
  let pending = createPending();
  let flushedMs = machineNow();

  const hourOf = (nowMs: MachineMs): MachineMs => nowMs - (nowMs % HOUR_MS);

  function flush(): Promise<void> {
    flushedMs = machineNow();
    if (pending.counts.size + pending.latencies.size + pending.uses.size === 0) return Promise.resolve();
    const counted = pending;
    pending = createPending();
    return home.add(counted, machineNow());
  }

  function flushNowAndThen(): void {
    if (machineNow() - flushedMs > FLUSH_EVERY_MS) void flush();
  }

  return {
    count: (kind, what, times = 1) => {
      const hourMs = hourOf(machineNow());
      const held = getOrAdd(pending.counts, `${hourMs} ${kind}`, () => ({ hourMs, kind, counts: createCounts() }));
      held.counts[what] += times;
      flushNowAndThen();
    },
    recordLatency: (provider, cached, ms) => {
      const hourMs = hourOf(machineNow());
      const bucket = bucketOf(ms);
      const name = `${hourMs} ${provider} ${cached} ${bucket}`;
      const held = getOrAdd(pending.latencies, name, () => ({ hourMs, provider, cached, bucket, n: 0, totalMs: 0 }));
      held.n += 1;
      held.totalMs += ms;
      flushNowAndThen();
    },
    recordUse: (symbol) => {
      pending.uses.set(symbol, (pending.uses.get(symbol) ?? 0) + 1);
    },
    readPopular: async (limit) => {
      await flush();
      return home.readPopular(limit, machineNow());
    },
    readStats: async () => {
      await flush();
      return computeStats(await home.read(machineNow(), 0));
    },
    readRecent: async () => {
      await flush();
      const nowMs = machineNow();
      return computeRecent(await home.read(nowMs, hourOf(nowMs) - HOUR_MS), nowMs);
    },
    flush,
    clear: () => {
      pending = createPending();
      return home.clear(machineNow());
    },
  };
}

/** The tables of the cache file. */
export function createCountTables(database: CacheDatabase): CounterHome {
  return {
    add: (pending, nowMs) => {
      database.transaction(() => savePending(database, pending, nowMs));
      return Promise.resolve();
    },
    read: (nowMs, fromMs) => {
      rollUp(database, nowMs);
      return Promise.resolve({
        counts: database
          .all('SELECT * FROM counts WHERE hour_ms >= ? ORDER BY hour_ms', fromMs)
          .map((row) => ({ hourMs: numberIn(row, 'hour_ms'), kind: String(row['kind']), counts: countsIn(row) })),
        latencies: database.all('SELECT * FROM latencies WHERE hour_ms >= ?', fromMs).map((row) => ({
          hourMs: numberIn(row, 'hour_ms'),
          provider: String(row['provider']),
          cached: row['cached'] === 1,
          bucket: numberIn(row, 'bucket'),
          n: numberIn(row, 'n'),
          totalMs: numberIn(row, 'total_ms'),
        })),
        sinceMs: readTimestamp(database, 'since_ms', nowMs) || nowMs,
      });
    },
    readPopular: (limit, nowMs) => Promise.resolve(readPopular(database, limit, nowMs)),
    clear: (nowMs) => {
      database.transaction(() => {
        for (const table of ['counts', 'latencies', 'popularity']) database.run(`DELETE FROM ${table}`);
        saveTimestamp(database, 'since_ms', nowMs);
      });
      return Promise.resolve();
    },
  };
}

function countsIn(row: Row): Counts {
  const counts = createCounts();
  COUNT_FIELDS.forEach((field, index) => (counts[field] = numberIn(row, COLUMNS[index] ?? '')));
  return counts;
}

function createPending(): PendingCounts {
  return { counts: new Map(), latencies: new Map(), uses: new Map() };
}

export function createCounts(): Counts {
  return { hits: 0, staleHits: 0, misses: 0, providerCalls: 0, coalesced: 0, errors: 0 };
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const held = map.get(key);
  if (held !== undefined) return held;
  const made = create();
  map.set(key, made);
  return made;
}

/** Bucket 0 ends at 1/16 ms: answers from memory are told apart too. */
function bucketOf(ms: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(ms, 1e-3) * 16) * BUCKETS_PER_DOUBLING));
}

function upperEdgeMs(bucket: number): number {
  return 2 ** (bucket / BUCKETS_PER_DOUBLING) / 16;
}

function savePending(database: CacheDatabase, pending: PendingCounts, nowMs: MachineMs): void {
  let oldestMs = nowMs;
  let newestMs = nowMs;
  const sums = COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ');
  const upsert = `INSERT INTO counts(hour_ms, kind, ${COLUMNS.join(', ')}) VALUES(?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET ${sums}
    RETURNING (SELECT min(hour_ms) FROM counts WHERE hour_ms > 0) AS oldest, (SELECT max(hour_ms) FROM counts) AS newest`;
  for (const { hourMs, kind, counts } of pending.counts.values()) {
    const row = database.get(upsert, hourMs, kind, ...COUNT_FIELDS.map((field) => counts[field]));
    oldestMs = numberIn(row, 'oldest');
    newestMs = numberIn(row, 'newest');
  }
  // One statement for any number of rows; without WHERE the ON of the upsert would be one of a join.
  if (pending.latencies.size > 0)
    database.run(
      `INSERT INTO latencies(hour_ms, provider, cached, bucket, n, total_ms)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?) WHERE true
       ON CONFLICT DO UPDATE SET n = n + excluded.n, total_ms = total_ms + excluded.total_ms`,
      JSON.stringify(
        Array.from(pending.latencies.values(), (row) => [
          row.hourMs,
          row.provider,
          row.cached ? 1 : 0,
          row.bucket,
          row.n,
          row.totalMs,
        ]),
      ),
    );
  if (pending.uses.size > 0)
    database.run(
      `INSERT INTO popularity(symbol, score, updated_ms) SELECT key, value, ?2 FROM json_each(?1) WHERE true
       ON CONFLICT DO UPDATE SET
       score = score * pow(2.0, -max(0.0, ?2 - updated_ms) / ?3) + excluded.score, updated_ms = ?2`,
      JSON.stringify(Object.fromEntries(pending.uses)),
      nowMs,
      HALF_LIFE_MS,
    );
  if (oldestMs < nowMs - KEPT_HOURS_MS || newestMs > nowMs) rollUp(database, nowMs);
}

function computeDecayed(score: number, updatedMs: MachineMs, nowMs: MachineMs): number {
  return score * 2 ** (-Math.max(0, nowMs - updatedMs) / HALF_LIFE_MS);
}

/**
 * Adds old hours, and those of the future from before the clock was set back, to the row of hour 0; their latencies are
 * dropped, being of interest only while recent.
 */
function rollUp(database: CacheDatabase, nowMs: MachineMs): void {
  const old = 'hour_ms > 0 AND (hour_ms < ?1 OR hour_ms > ?2)';
  const bounds = [nowMs - KEPT_HOURS_MS, nowMs];
  const sums = COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ');
  const selected = COLUMNS.map((column) => `sum(${column})`).join(', ');
  database.transaction(() => {
    database.run(
      `INSERT INTO counts(hour_ms, kind, ${COLUMNS.join(', ')}) SELECT 0, kind, ${selected} FROM counts WHERE ${old} GROUP BY kind
     ON CONFLICT DO UPDATE SET ${sums}`,
      ...bounds,
    );
    database.run(`DELETE FROM counts WHERE ${old}`, ...bounds);
    database.run(`DELETE FROM latencies WHERE ${old}`, ...bounds);
  });
}

function readPopular(database: CacheDatabase, limit: number, nowMs: MachineMs): TickerSymbol[] {
  return database
    .all('SELECT symbol, score, updated_ms FROM popularity')
    .map((row) => ({
      symbol: String(row['symbol']),
      score: computeDecayed(numberIn(row, 'score'), numberIn(row, 'updated_ms'), nowMs),
    }))
    .sort((a, b) => b.score - a.score || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, limit)
    .map(({ symbol }) => symbol);
}

type Read = Awaited<ReturnType<CounterHome['read']>>;

function computeStats({ counts, latencies, sinceMs }: Read): CounterStats {
  const byKind: Record<string, Counts> = {};
  const hours = new Map<MachineMs, HourStats>();
  const totals = createCounts();
  for (const { hourMs, kind, counts: counted } of counts) {
    const sinks = [totals, (byKind[kind] ??= createCounts())];
    if (hourMs > 0) sinks.push(getOrAdd(hours, hourMs, () => ({ hourMs, ...createCounts() })));
    for (const sink of sinks) for (const field of COUNT_FIELDS) sink[field] += counted[field];
  }
  for (const hour of hours.values()) {
    const ofHour = latencies.filter(({ hourMs }) => hourMs === hour.hourMs);
    const { cachedMs, uncachedMs } = computeMeans(ofHour);
    if (cachedMs !== undefined) hour.cachedMeanMs = cachedMs;
    if (uncachedMs !== undefined) hour.uncachedMeanMs = uncachedMs;
  }
  return {
    sinceMs,
    byKind,
    totals: { ...totals, ...computeSavings(totals, computeMeans(latencies)) },
    hours: [...hours.values()],
    latencies: computeLatencies(latencies),
  };
}

/** Rows are kept by the hour: what the hour before had is taken to be spread evenly over it. */
function computeRecent({ counts, latencies }: Read, nowMs: MachineMs): RecentUse {
  const intoHourMs = nowMs % HOUR_MS;
  const shareOf = ({ hourMs }: { hourMs: MachineMs }): number =>
    hourMs === nowMs - intoHourMs ? 1 : 1 - intoHourMs / HOUR_MS;
  const use = { lookUps: 0, answeredFromCache: 0, providerCalls: 0, errors: 0, uncachedAnswers: 0 };
  for (const row of counts) {
    const share = shareOf(row);
    const answered = row.counts.hits + row.counts.staleHits;
    use.answeredFromCache += share * answered;
    use.lookUps += share * (answered + row.counts.misses);
    use.providerCalls += share * row.counts.providerCalls;
    use.errors += share * row.counts.errors;
  }
  let totalMs = 0;
  for (const row of latencies) {
    if (row.cached) continue;
    use.uncachedAnswers += shareOf(row) * row.n;
    totalMs += shareOf(row) * row.totalMs;
  }
  return use.uncachedAnswers === 0 ? use : { ...use, uncachedMeanMs: totalMs / use.uncachedAnswers };
}

function computeSavings(totals: Counts, { cachedMs = 0, uncachedMs = 0 }: Means) {
  const answered = totals.hits + totals.staleHits;
  const looked = answered + totals.misses;
  return {
    ...(looked === 0 ? {} : { hitRate: answered / looked }),
    callsSaved: totals.hits + totals.coalesced,
    savedMs: Math.max(0, totals.hits * (uncachedMs - cachedMs)),
  };
}

interface Means {
  cachedMs?: number;
  uncachedMs?: number;
}

/** Absent without samples. */
function computeMeans(rows: readonly LatencyRow[]): Means {
  const means: Means = {};
  for (const which of ['cachedMs', 'uncachedMs'] as const) {
    const chosen = rows.filter(({ cached }) => cached === (which === 'cachedMs'));
    const n = chosen.reduce((sum, row) => sum + row.n, 0);
    if (n > 0) means[which] = chosen.reduce((sum, row) => sum + row.totalMs, 0) / n;
  }
  return means;
}

function computeLatencies(rows: readonly LatencyRow[]): CounterStats['latencies'] {
  const histograms = new Map<string, LatencyRow[]>();
  for (const row of rows) getOrAdd(histograms, `${row.provider} ${row.cached}`, () => []).push(row);
  const latencies: CounterStats['latencies'] = {};
  for (const histogram of histograms.values()) {
    const [first] = histogram;
    if (first === undefined) continue;
    const count = histogram.reduce((sum, { n }) => sum + n, 0);
    const ascending = histogram.toSorted((a, b) => a.bucket - b.bucket);
    (latencies[first.provider] ??= {})[first.cached ? 'cached' : 'uncached'] = {
      count,
      meanMs: histogram.reduce((sum, { totalMs }) => sum + totalMs, 0) / count,
      p50Ms: computePercentile(ascending, count * 0.5),
      p95Ms: computePercentile(ascending, count * 0.95),
    };
  }
  return latencies;
}

function computePercentile(buckets: readonly { bucket: number; n: number }[], rank: number): number {
  let seen = 0;
  for (const { bucket, n } of buckets) {
    seen += n;
    if (seen >= rank) return upperEdgeMs(bucket);
  }
  return 0;
}
