// Hides how use is counted over all processes: in memory while a command runs, added to hourly rows in one transaction
// at its end. Hours, latencies and popularity are on the machine's clock.
import { numberIn } from './database.ts';
import type { CacheDatabase } from './database.ts';
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
const HALF_LIFE_MS = 7 * 24 * HOUR_MS;
const FLUSH_EVERY_MS = 30_000;
/** Four buckets for each doubling. */
const BUCKETS_PER_DOUBLING = 4;
const FIELDS = ['hits', 'staleHits', 'misses', 'providerCalls', 'coalesced', 'errors'] as const;
const COLUMNS = ['hits', 'stale_hits', 'misses', 'provider_calls', 'coalesced', 'errors'] as const;

interface Pending {
  counts: Map<string, { hourMs: MachineMs; kind: string; counts: Counts }>;
  latencies: Map<
    string,
    { hourMs: MachineMs; provider: string; cached: boolean; bucket: number; n: number; totalMs: number }
  >;
  uses: Map<TickerSymbol, number>;
}

export function createCounters(database: CacheDatabase, machineNow: () => MachineMs): Counters {
  let pending = createPending();
  let flushedMs = machineNow();

  const hourOf = (nowMs: MachineMs): MachineMs => nowMs - (nowMs % HOUR_MS);

  function flush(): Promise<void> {
    flushedMs = machineNow();
    if (pending.counts.size + pending.latencies.size + pending.uses.size > 0) {
      database.transaction(() => savePending(database, pending, machineNow()));
      pending = createPending();
    }
    return Promise.resolve();
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
      return readPopular(database, limit, machineNow());
    },
    readStats: async () => {
      await flush();
      return readStats(database, machineNow());
    },
    readRecent: async () => {
      await flush();
      return readRecent(database, machineNow());
    },
    flush,
    clear: () => {
      pending = createPending();
      database.transaction(() => {
        for (const table of ['counts', 'latencies', 'popularity']) database.run(`DELETE FROM ${table}`);
        saveTimestamp(database, 'since_ms', machineNow());
      });
      return Promise.resolve();
    },
  };
}

function createPending(): Pending {
  return { counts: new Map(), latencies: new Map(), uses: new Map() };
}

function createCounts(): Counts {
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

function savePending(database: CacheDatabase, pending: Pending, nowMs: MachineMs): void {
  let oldestMs = nowMs;
  let newestMs = nowMs;
  const sums = COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ');
  const upsert = `INSERT INTO counts(hour_ms, kind, ${COLUMNS.join(', ')}) VALUES(?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET ${sums}
    RETURNING (SELECT min(hour_ms) FROM counts WHERE hour_ms > 0) AS oldest, (SELECT max(hour_ms) FROM counts) AS newest`;
  for (const { hourMs, kind, counts } of pending.counts.values()) {
    const row = database.get(upsert, hourMs, kind, ...FIELDS.map((field) => counts[field]));
    oldestMs = numberIn(row, 'oldest');
    newestMs = numberIn(row, 'newest');
  }
  for (const row of pending.latencies.values()) {
    database.run(
      `INSERT INTO latencies(hour_ms, provider, cached, bucket, n, total_ms) VALUES(?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET n = n + excluded.n, total_ms = total_ms + excluded.total_ms`,
      row.hourMs,
      row.provider,
      row.cached ? 1 : 0,
      row.bucket,
      row.n,
      row.totalMs,
    );
  }
  for (const [symbol, uses] of pending.uses)
    database.run(
      `INSERT INTO popularity(symbol, score, updated_ms) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET
       score = score * pow(2.0, -max(0.0, ?3 - updated_ms) / ?4) + ?2, updated_ms = ?3`,
      symbol,
      uses,
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

function readStats(database: CacheDatabase, nowMs: MachineMs): CounterStats {
  rollUp(database, nowMs);
  const byKind: Record<string, Counts> = {};
  const hours = new Map<MachineMs, HourStats>();
  const totals = createCounts();
  for (const row of database.all(`SELECT hour_ms, kind, ${COLUMNS.join(', ')} FROM counts ORDER BY hour_ms`)) {
    const hourMs = numberIn(row, 'hour_ms');
    const sinks = [totals, (byKind[String(row['kind'])] ??= createCounts())];
    if (hourMs > 0) sinks.push(getOrAdd(hours, hourMs, () => ({ hourMs, ...createCounts() })));
    for (const sink of sinks) FIELDS.forEach((field, index) => (sink[field] += numberIn(row, COLUMNS[index] ?? '')));
  }
  const means = addHourMeans(database, hours);
  return {
    sinceMs: readTimestamp(database, 'since_ms', nowMs) || nowMs,
    byKind,
    totals: { ...totals, ...computeSavings(totals, means) },
    hours: [...hours.values()],
    latencies: readLatencies(database),
  };
}

/** Rows are kept by the hour: what the hour before had is taken to be spread evenly over it. */
function readRecent(database: CacheDatabase, nowMs: MachineMs): RecentUse {
  rollUp(database, nowMs);
  const hourMs = nowMs - (nowMs % HOUR_MS);
  const shareOf = (row: Record<string, unknown>): number =>
    numberIn(row, 'hour_ms') === hourMs ? 1 : 1 - (nowMs - hourMs) / HOUR_MS;
  const use = { lookUps: 0, answeredFromCache: 0, providerCalls: 0, errors: 0, uncachedAnswers: 0 };
  for (const row of database.all('SELECT * FROM counts WHERE hour_ms >= ?', hourMs - HOUR_MS)) {
    const share = shareOf(row);
    const answered = numberIn(row, 'hits') + numberIn(row, 'stale_hits');
    use.answeredFromCache += share * answered;
    use.lookUps += share * (answered + numberIn(row, 'misses'));
    use.providerCalls += share * numberIn(row, 'provider_calls');
    use.errors += share * numberIn(row, 'errors');
  }
  let totalMs = 0;
  for (const row of database.all(
    'SELECT hour_ms, n, total_ms FROM latencies WHERE hour_ms >= ? AND cached = 0',
    hourMs - HOUR_MS,
  )) {
    use.uncachedAnswers += shareOf(row) * numberIn(row, 'n');
    totalMs += shareOf(row) * numberIn(row, 'total_ms');
  }
  return use.uncachedAnswers === 0 ? use : { ...use, uncachedMeanMs: totalMs / use.uncachedAnswers };
}

function computeSavings(totals: Counts, means: { cachedMs: number; uncachedMs: number }) {
  const answered = totals.hits + totals.staleHits;
  const looked = answered + totals.misses;
  return {
    ...(looked === 0 ? {} : { hitRate: answered / looked }),
    callsSaved: totals.hits + totals.coalesced,
    savedMs: Math.max(0, totals.hits * (means.uncachedMs - means.cachedMs)),
  };
}

/** Fills the mean latencies of the hours; gives the means over all of them, 0 without samples. */
function addHourMeans(
  database: CacheDatabase,
  hours: ReadonlyMap<MachineMs, HourStats>,
): { cachedMs: number; uncachedMs: number } {
  const sums = { cached: { n: 0, totalMs: 0 }, uncached: { n: 0, totalMs: 0 } };
  for (const row of database.all(
    'SELECT hour_ms, cached, sum(n) AS n, sum(total_ms) AS total_ms FROM latencies GROUP BY hour_ms, cached',
  )) {
    const [n, totalMs] = [numberIn(row, 'n'), numberIn(row, 'total_ms')];
    const which = row['cached'] === 1 ? 'cached' : 'uncached';
    sums[which].n += n;
    sums[which].totalMs += totalMs;
    const hour = hours.get(numberIn(row, 'hour_ms'));
    if (hour !== undefined && n > 0) hour[which === 'cached' ? 'cachedMeanMs' : 'uncachedMeanMs'] = totalMs / n;
  }
  const mean = ({ n, totalMs }: { n: number; totalMs: number }): number => (n === 0 ? 0 : totalMs / n);
  return { cachedMs: mean(sums.cached), uncachedMs: mean(sums.uncached) };
}

function readLatencies(database: CacheDatabase): CounterStats['latencies'] {
  const histograms = new Map<
    string,
    { provider: string; cached: boolean; buckets: { bucket: number; n: number }[]; totalMs: number }
  >();
  const rows = database.all(
    'SELECT provider, cached, bucket, sum(n) AS n, sum(total_ms) AS total_ms FROM latencies GROUP BY provider, cached, bucket ORDER BY bucket',
  );
  for (const row of rows) {
    const [provider, cached] = [String(row['provider']), row['cached'] === 1];
    const histogram = getOrAdd(histograms, `${provider} ${cached}`, () => ({
      provider,
      cached,
      buckets: [],
      totalMs: 0,
    }));
    histogram.buckets.push({ bucket: numberIn(row, 'bucket'), n: numberIn(row, 'n') });
    histogram.totalMs += numberIn(row, 'total_ms');
  }
  const latencies: CounterStats['latencies'] = {};
  for (const { provider, cached, buckets, totalMs } of histograms.values()) {
    const count = buckets.reduce((sum, { n }) => sum + n, 0);
    (latencies[provider] ??= {})[cached ? 'cached' : 'uncached'] = {
      count,
      meanMs: totalMs / count,
      p50Ms: computePercentile(buckets, count * 0.5),
      p95Ms: computePercentile(buckets, count * 0.95),
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
