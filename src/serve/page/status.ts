// How the server is: what the cache saves, now and over the day, how long answers take, what is left of the limits,
// who waits, what ran in the background. Looked at again while it is shown.
import {
  MISSING,
  formatBytes,
  formatClock,
  formatCount,
  formatDate,
  formatDuration,
  formatShare,
  plural,
} from '../../render/format.ts';
import { createPart } from './loading.ts';
import { hourColumns } from './charts.ts';
import { facts, h, heads, panel, problem, table, type Cell, type Child, type FactItem } from './dom.ts';
import type { View } from './view.ts';

interface Latency {
  count: number;
  meanMs?: number;
  p50Ms?: number;
  p95Ms?: number;
}

/** What docs/server-api.md says of `GET /api/v1/stats`. */
interface Stats {
  cache: {
    sizeBytes?: number;
    entries?: number;
    sinceIso?: string;
    totals: {
      hits?: number;
      staleHits?: number;
      misses?: number;
      coalesced?: number;
      hitRate?: number;
      callsSaved?: number;
      providerCalls?: number;
    };
    providers: Record<string, { limitPerMinute?: number; usedInWindow?: number; breaker?: string }>;
    latencies?: Record<string, { cached?: Latency; uncached?: Latency }>;
    warnings?: { text: string; hint: string }[];
  };
  hours: { at: string; hitRate?: number; providerCalls: number; cachedMeanMs?: number; uncachedMeanMs?: number }[];
  queue: { running: number; waiting: number; rejected: number; concurrency: number; mostWaiting: number };
  server: {
    version: string;
    startedAt: string;
    requests: number;
    streams: number;
    conversations: number;
    memoryBytes: number;
  };
  jobs: {
    name: string;
    nextAt?: string;
    lastAt?: string;
    lastMs?: number;
    lastResult?: string;
    lastError?: string;
    runs: number;
    failures: number;
  }[];
  market?: { sessions: number; newest?: string };
}

const EVERY_MS = 10_000;

export function createStatusView(): View {
  const part = createPart<Stats>(undefined, dashboard, 'bare');
  const state: { timer?: ReturnType<typeof setInterval> } = {};
  const load = (): void => void (document.visibilityState === 'visible' && part.load('stats', {}));
  return {
    title: 'Status',
    node: h('div', { class: 'view' }, part.node),
    show() {
      clearInterval(state.timer);
      state.timer = setInterval(load, EVERY_MS);
      load();
    },
    hide: () => clearInterval(state.timer),
  };
}

function dashboard(stats: Stats): Child {
  const { cache, hours, queue, server, jobs, market } = stats;
  const { totals } = cache;
  const now = hours.findLast(({ hitRate }) => hitRate !== undefined);
  return [
    (cache.warnings ?? []).map(({ text, hint }) => problem({ message: text, hint })),
    h(
      'div',
      { class: 'tiles' },
      tile(
        'Hit rate',
        formatShare(totals.hitRate),
        now === undefined ? '' : `${formatShare(now.hitRate)} in the hour from ${formatClock(now.at)}`,
      ),
      tile('Calls saved', formatCount(totals.callsSaved), `${formatCount(totals.providerCalls)} sent`),
      tile(
        'Running',
        `${queue.running} of ${queue.concurrency}`,
        `${queue.waiting} of ${queue.mostWaiting} waiting, ${queue.rejected} refused`,
      ),
      tile(
        'Market history',
        plural(market?.sessions ?? 0, 'session'),
        market?.newest === undefined ? '' : `newest ${formatDate(market.newest)}`,
      ),
    ),
    h(
      'div',
      { class: 'grid' },
      panel(
        'Hit rate by hour, ET',
        hourColumns(
          'Hit rate of each of the last 24 hours',
          hours.map(({ at, hitRate }) => ({
            at: at.slice(11, 13),
            value: hitRate,
            label: `${formatClock(at)}: ${formatShare(hitRate)}`,
          })),
          1,
          (value) => `${value * 100}%`,
        ),
      ),
      panel(
        'Provider calls by hour, ET',
        hourColumns(
          'Provider calls of each of the last 24 hours',
          hours.map(({ at, providerCalls }) => ({
            at: at.slice(11, 13),
            value: providerCalls === 0 ? undefined : providerCalls,
            label: `${formatClock(at)}: ${formatCount(providerCalls)}`,
          })),
          roundUp(Math.max(2, ...hours.map(({ providerCalls }) => providerCalls))),
          formatCount,
        ),
      ),
      panel('Latency', latencies(cache.latencies ?? {})),
      panel('Providers', limits(cache.providers)),
      panel('Background work', jobTable(jobs)),
      panel(
        'Server',
        facts([
          ['Version', server.version],
          ['Since', time(server.startedAt)],
          ['Requests', formatCount(server.requests)],
          ['Streams', formatCount(server.streams)],
          ['Conversations', formatCount(server.conversations)],
          ['Memory', formatBytes(server.memoryBytes)],
          [
            'Cache',
            cache.entries === undefined
              ? undefined
              : `${formatCount(cache.entries)} entries, ${formatBytes(cache.sizeBytes)}`,
          ],
          ...(['hits', 'staleHits', 'misses', 'coalesced'] as const).map((name): FactItem => [
            NAMES[name],
            totals[name] === undefined ? undefined : formatCount(totals[name]),
          ]),
        ]),
      ),
    ),
  ];
}

const NAMES = { hits: 'Hits', staleHits: 'Stale hits', misses: 'Misses', coalesced: 'Joined requests' } as const;

function tile(label: string, value: string, more: string): HTMLElement {
  return h('div', { class: 'tile' }, h('span', {}, label), h('b', {}, value), h('small', {}, more));
}

function latencies(all: Readonly<Record<string, { cached?: Latency; uncached?: Latency }>>): Child {
  const rows = Object.entries(all).flatMap(([provider, each]) =>
    (['cached', 'uncached'] as const).flatMap((kind): (Cell | string)[][] => {
      const found = each[kind];
      if (found === undefined || found.count === 0) return [];
      return [
        [
          provider,
          kind === 'cached' ? 'cache' : 'provider',
          formatCount(found.count),
          duration(found.p50Ms),
          duration(found.p95Ms),
        ],
      ];
    }),
  );
  if (rows.length === 0) return h('p', { class: 'faint' }, 'Nothing has been requested yet.');
  return table({
    caption: 'Latency',
    columns: [...heads('Provider|From', 'left'), ...heads('Answers|p50|p95')],
    rows,
  });
}

function limits(providers: Stats['cache']['providers']): Child {
  const all = Object.entries(providers);
  if (all.length === 0) return h('p', { class: 'faint' }, 'No provider has a key: the sample market has no limit.');
  return table({
    caption: 'Limits of providers',
    columns: [...heads('Provider', 'left'), ...heads('used this minute'), ...heads('Breaker', 'left')],
    rows: all.map(([name, { limitPerMinute, usedInWindow = 0, breaker = 'closed' }]) => [
      name,
      {
        text: limitPerMinute === undefined ? `${usedInWindow}, no limit` : `${usedInWindow} of ${limitPerMinute}`,
        ...(limitPerMinute === undefined ? {} : { heat: Math.min(1, usedInWindow / limitPerMinute) }),
      },
      {
        text: breaker === 'closed' ? 'closed' : `▲ ${breaker}`,
        ...(breaker === 'closed' ? {} : { tone: 'down' as const }),
      },
    ]),
  });
}

function jobTable(jobs: Stats['jobs']): Child {
  if (jobs.length === 0) return h('p', { class: 'faint' }, 'None: fin serve runs with --no-background.');
  return table({
    caption: 'Background work',
    columns: heads('Job|Last|Result|Next|Runs', 'left'),
    rows: jobs.map(({ name, lastAt, lastMs, lastResult, lastError, nextAt, runs, failures }) => [
      name,
      time(lastAt),
      {
        text:
          [lastResult ?? '', lastMs === undefined ? '' : formatDuration(lastMs), lastError ?? '']
            .filter((piece) => piece !== '')
            .join(', ') || '—',
        ...(lastResult === 'failed' ? { tone: 'down' as const } : {}),
      },
      time(nextAt),
      failures === 0 ? formatCount(runs) : `${formatCount(runs)}, ${formatCount(failures)} failed`,
    ]),
  });
}

/** What the memory answers takes less than is worth a figure. */
function duration(ms: number | undefined): string {
  return ms !== undefined && ms < 1 ? 'under 1 ms' : formatDuration(ms);
}

function time(iso: string | undefined): string {
  return iso === undefined ? MISSING : `${formatClock(iso)} ${formatDate(iso)}`;
}

function roundUp(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / size) * size;
}
