// Hides how counts of several machines are added up in the store: one hash for each hour, which goes when it is old, and
// one for all time; scores of symbols by what a use is worth at its time, so that adding is all that is done to them.
import {
  COUNT_FIELDS,
  type CounterHome,
  type CountRow,
  type LatencyRow,
  createCounts,
  HALF_LIFE_MS,
} from './counters.ts';
import type { PendingCounts } from './counters.ts';
import type { MachineMs } from '../domain/types.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';

const HOUR_MS = 3_600_000;
const KEPT_HOURS = 8 * 24;
/** A use is worth 1 then and twice as much a half-life later: a double lasts until 2045, and only ratios count. */
const WORTH_ONE_MS = Date.UTC(2026, 0, 1);
const MOST_HALVINGS = 1_000;
const MOST_SYMBOLS = 5_000;
const ALL_TIME = 'counts:all';
const POPULAR = 'popular';
const SINCE = 'counts:since';
const hourKey = (hourMs: MachineMs): string => `counts:${hourMs}`;

export function createRedisCounters(link: RedisLink, local: CounterHome): CounterHome {
  return {
    add: (pending, nowMs) =>
      link.use(
        (client) => add(client, pending, nowMs),
        () => local.add(pending, nowMs),
      ),
    read: (nowMs, fromMs) =>
      link.use(
        (client) => read(client, nowMs, fromMs),
        () => local.read(nowMs, fromMs),
      ),
    readPopular: (limit, nowMs) =>
      link.use(
        (client) => (limit < 1 ? Promise.resolve([]) : client.zrevrange(POPULAR, 0, limit - 1)),
        () => local.readPopular(limit, nowMs),
      ),
    clear: (nowMs) =>
      link.use(
        async (client) => {
          const keys = [ALL_TIME, POPULAR, ...listHours(nowMs, 0).map(hourKey)];
          await client.multi().unlink(keys).set(SINCE, nowMs).exec();
        },
        () => local.clear(nowMs),
      ),
  };
}

async function add(client: RedisClient, pending: PendingCounts, nowMs: MachineMs): Promise<void> {
  const steps = client.multi();
  const increase = (hourMs: MachineMs, field: string, by: number): void => {
    for (const key of [hourKey(hourMs), ALL_TIME])
      if (Number.isInteger(by)) steps.hincrby(key, field, by);
      else steps.hincrbyfloat(key, field, by);
  };
  const hours = new Set<MachineMs>();
  for (const { hourMs, kind, counts } of pending.counts.values()) {
    hours.add(hourMs);
    for (const name of COUNT_FIELDS) if (counts[name] !== 0) increase(hourMs, `count|${kind}|${name}`, counts[name]);
  }
  for (const { hourMs, provider, cached, bucket, n, totalMs } of pending.latencies.values()) {
    hours.add(hourMs);
    const field = `latency|${provider}|${cached ? 'cached' : 'uncached'}|${bucket}`;
    increase(hourMs, `${field}|n`, n);
    steps.hincrbyfloat(hourKey(hourMs), `${field}|ms`, totalMs);
  }
  for (const hourMs of hours) steps.pexpire(hourKey(hourMs), (KEPT_HOURS + 1) * HOUR_MS);
  const worth = 2 ** Math.min(MOST_HALVINGS, (nowMs - WORTH_ONE_MS) / HALF_LIFE_MS);
  for (const [symbol, uses] of pending.uses) steps.zincrby(POPULAR, uses * worth, symbol);
  if (pending.uses.size > 0) steps.zremrangebyrank(POPULAR, 0, -1 - MOST_SYMBOLS);
  steps.set(SINCE, nowMs, 'NX');
  const results = (await steps.exec()) ?? [];
  const failure = results.find(([error]) => error !== null)?.[0];
  // What is of another type was put there by somebody else; counting begins anew.
  if (failure === undefined || failure === null) return;
  if (/WRONGTYPE|not an integer|not a valid float|hash value/.test(failure.message))
    await client.unlink(ALL_TIME, POPULAR, ...[...hours].map(hourKey));
  else throw failure;
}

/** Hours with something in them, as the cache file's tables have them: what is older is the row of hour 0. */
async function read(
  client: RedisClient,
  nowMs: MachineMs,
  fromMs: MachineMs,
): Promise<Awaited<ReturnType<CounterHome['read']>>> {
  const hours = listHours(nowMs, fromMs);
  const keys = [...hours.map(hourKey), ...(fromMs === 0 ? [ALL_TIME] : [])];
  const steps = client.pipeline([...keys.map((key) => ['hgetall', key]), ['get', SINCE]]);
  const results = ((await steps.exec()) ?? []).map(([, value]) => value);
  const rows = hours.map((hourMs, index) => readRows(hourMs, results[index]));
  const counts = rows.flatMap((row) => row.counts);
  const since = Number(results.at(-1) ?? nowMs);
  if (fromMs === 0) counts.unshift(...subtract(readRows(0, results[hours.length]).counts, counts));
  return {
    counts,
    latencies: rows.flatMap((row) => row.latencies),
    sinceMs: since >= 0 && since <= nowMs ? since : nowMs,
  };
}

function listHours(nowMs: MachineMs, fromMs: MachineMs): MachineMs[] {
  const last = nowMs - (nowMs % HOUR_MS);
  const first = Math.max(fromMs, last - KEPT_HOURS * HOUR_MS);
  const hours: MachineMs[] = [];
  for (let hourMs = first; hourMs <= last; hourMs += HOUR_MS) hours.push(hourMs);
  return hours;
}

/** Fields that this version did not write say nothing. */
function readRows(hourMs: MachineMs, hash: unknown): { counts: CountRow[]; latencies: LatencyRow[] } {
  const counts = new Map<string, CountRow>();
  const latencies = new Map<string, LatencyRow>();
  for (const [field, text] of Object.entries((hash ?? {}) as Record<string, string>)) {
    const [what, ...names] = field.split('|');
    const value = Number(text);
    if (!Number.isFinite(value)) continue;
    if (what === 'count') {
      const [kind = '', name] = names;
      const row = counts.get(kind) ?? { hourMs, kind, counts: createCounts() };
      const known = COUNT_FIELDS.find((each) => each === name);
      if (known !== undefined) row.counts[known] = value;
      counts.set(kind, row);
    } else if (what === 'latency') {
      const [provider = '', which, bucketText, figure] = names;
      const [cached, bucket] = [which === 'cached', Number(bucketText)];
      const id = `${provider} ${cached} ${bucket}`;
      const row = latencies.get(id) ?? { hourMs, provider, cached, bucket, n: 0, totalMs: 0 };
      row[figure === 'n' ? 'n' : 'totalMs'] = value;
      if (Number.isInteger(bucket)) latencies.set(id, row);
    }
  }
  return { counts: [...counts.values()], latencies: [...latencies.values()].filter(({ n }) => n > 0) };
}

function subtract(all: readonly CountRow[], hours: readonly CountRow[]): CountRow[] {
  return all.map((row) => {
    const counts = { ...row.counts };
    for (const hour of hours)
      if (hour.kind === row.kind) for (const field of COUNT_FIELDS) counts[field] -= hour.counts[field];
    return { ...row, counts };
  });
}
