// Screens about fin itself: what the cache holds and what it saved, and what doctor found.
import type { IsoTime } from '../domain/answers.ts';
import { renderChart } from './chart.ts';
import {
  MISSING,
  formatBytes,
  formatCount,
  formatDuration,
  formatExchangeTime,
  formatRounded,
  formatShare,
  formatVolume,
  plural,
} from './format.ts';
import { renderTable, type Cell, type Column } from './table.ts';
import { displayWidth, padEnd, sanitiseLine, truncate, wrapText } from './text.ts';
import type { Tone } from './theme.ts';
import { describe, renderFacts, type Fact, type RenderOptions } from './view.ts';

export interface CacheCounts {
  entries: number;
  bytes: number;
  hits: number;
  staleHits: number;
  misses: number;
  providerCalls: number;
  coalesced: number;
}

/** Milliseconds an answer took. */
export interface Latency {
  count: number;
  meanMs: number;
  p50Ms: number;
  p95Ms: number;
}

/** `data` of `fin cache stats --json`. */
export interface CacheStatsData {
  /** The cache file; with a store that is not away, what is used when it is. */
  path: string;
  /** The store of several machines whose figures these are, unless it is away. */
  store?: { address: string; away?: string };
  sizeBytes: number;
  entries: number;
  byKind: Readonly<Record<string, CacheCounts>>;
  /** `hitRate` is a fraction, absent before the first question to the cache. */
  totals: CacheCounts & { hitRate?: number; callsSaved: number; savedMs?: number };
  providers: Readonly<Record<string, { limitPerMinute: number; usedInWindow: number; breaker: string }>>;
  /** By provider, also those without a limit; absent figures were never measured. */
  latencies?: Readonly<Record<string, { cached?: Latency; uncached?: Latency }>>;
  /** What in the last hour deserves a look. */
  warnings?: readonly { about: string; level: 'warning' | 'alarm'; text: string; hint: string }[];
  sinceIso: IsoTime;
}

/** One hour of the cache's life; `hitRate` (a fraction) is absent where nothing was asked. */
export interface HourlyCount {
  /** Hour of the exchange's day, `09`. */
  label: string;
  hitRate?: number;
  providerCalls: number;
}

export function renderCacheStats(
  data: CacheStatsData,
  options: RenderOptions,
  hours: readonly HourlyCount[] = [],
): string[] {
  const { totals } = data;
  const facts: Fact[] = [
    ...(data.store === undefined ? [] : [describeStore(data.store)]),
    ...(data.store === undefined || data.store.away !== undefined
      ? [['File', [describe(data.path, 400)]] satisfies Fact]
      : []),
    ['Size', [formatBytes(data.sizeBytes), plural(data.entries, 'entry', 'entries')]],
    [
      'Hit rate',
      [
        formatShare(totals.hitRate),
        plural(totals.hits, 'hit'),
        `${formatCount(totals.staleHits)} stale`,
        plural(totals.misses, 'miss', 'misses'),
      ],
    ],
    ['Provider calls', [`${formatCount(totals.providerCalls)} sent`, `${formatCount(totals.callsSaved)} saved`]],
    ['Time saved', totals.savedMs === undefined || totals.savedMs === 0 ? [] : [formatDuration(totals.savedMs)]],
    ['Since', [formatExchangeTime(data.sinceIso)]],
  ];
  return [
    options.theme.paint('strong', 'cache'),
    ...renderFacts(facts, options),
    ...spaced(renderWarnings(data, options)),
    ...spaced(renderKinds(data, options)),
    ...spaced(renderProviders(data, options)),
    ...spaced(renderHours(hours, options)),
  ];
}

function describeStore({ address, away }: NonNullable<CacheStatsData['store']>): Fact {
  return ['Store', away === undefined ? [describe(address, 400)] : [describe(`${address} ${away}`, 400)]];
}

function spaced(lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function renderKinds(data: CacheStatsData, options: RenderOptions): string[] {
  const columns: Column[] = [
    { head: 'Kind', align: 'left', tone: 'strong' },
    { head: 'Entries', drop: 2 },
    { head: 'Size', drop: 3 },
    { head: 'Hits' },
    { head: 'Stale', drop: 1 },
    { head: 'Misses' },
    { head: 'Calls' },
    { head: 'Coalesced', drop: 4 },
  ];
  const rows = Object.entries(data.byKind).map(([kind, counts]) => [
    describe(kind, 30),
    formatCount(counts.entries),
    formatBytes(counts.bytes),
    formatCount(counts.hits),
    formatCount(counts.staleHits),
    formatCount(counts.misses),
    formatCount(counts.providerCalls),
    formatCount(counts.coalesced),
  ]);
  return rows.length === 0 ? [] : renderTable({ columns, rows }, options);
}

function renderWarnings({ warnings = [] }: CacheStatsData, options: RenderOptions): string[] {
  return warnings.flatMap(({ level, text, hint }) => {
    const lines = wrapText(sanitiseLine(`${level}: ${text}`, 600), options.width, '  ').map((line) =>
      options.theme.paint(level === 'alarm' ? 'down' : 'warning', line),
    );
    return [
      ...lines,
      ...wrapText(sanitiseLine(`-> ${hint}`, 600), options.width, '   ').map((line) =>
        options.theme.paint('muted', line),
      ),
    ];
  });
}

const LATENCY_COLUMNS: readonly Column[] = [
  { head: 'Cached p50', drop: 3 },
  { head: 'p95', drop: 5 },
  { head: 'Uncached p50', drop: 2 },
  { head: 'p95', drop: 4 },
];

function renderProviders(data: CacheStatsData, options: RenderOptions): string[] {
  const columns: Column[] = [
    { head: 'Provider', align: 'left', tone: 'strong' },
    { head: 'Used in 60 s' },
    { head: 'Limit' },
    { head: 'Breaker', align: 'left', drop: 1 },
    ...(data.latencies === undefined ? [] : LATENCY_COLUMNS),
  ];
  const names = new Set([...Object.keys(data.providers), ...Object.keys(data.latencies ?? {})]);
  const rows = [...names].map((name): (Cell | string)[] => {
    const limit = data.providers[name];
    const { cached, uncached } = data.latencies?.[name] ?? {};
    return [
      describe(name, 30),
      formatCount(limit?.usedInWindow),
      limit === undefined ? 'none' : formatCount(limit.limitPerMinute),
      limit === undefined
        ? MISSING
        : { text: describe(limit.breaker, 20), tone: limit.breaker === 'closed' ? 'plain' : 'warning' },
      ...(data.latencies === undefined
        ? []
        : [cached?.p50Ms, cached?.p95Ms, uncached?.p50Ms, uncached?.p95Ms].map(formatLatency)),
    ];
  });
  return rows.length === 0 ? [] : renderTable({ columns, rows }, options);
}

/** Answers from the cache take fractions of a millisecond. */
function formatLatency(ms: number | undefined): string {
  return ms === undefined || ms >= 9.95 ? formatDuration(ms) : `${formatRounded(ms, ms < 0.995 ? 2 : 1)} ms`;
}

function renderHours(hours: readonly HourlyCount[], options: RenderOptions): string[] {
  if (hours.length === 0) return [];
  const labels = hours.map((hour) => hour.label);
  return [
    ...renderChart(
      {
        title: 'hit rate by hour',
        values: hours.map((hour) => hour.hitRate),
        labels,
        top: 1,
        format: (share) => formatShare(share, 0),
      },
      options,
    ),
    '',
    ...renderChart(
      {
        title: 'provider calls by hour',
        values: hours.map((hour) => hour.providerCalls),
        labels,
        format: formatVolume,
      },
      options,
    ),
  ];
}

export interface DoctorRow {
  name: string;
  state: 'ok' | 'problem' | 'note';
  detail: string;
  /** What to do about it. */
  hint?: string;
}

const MARKS: Readonly<Record<DoctorRow['state'], { text: string; tone: Tone }>> = {
  ok: { text: 'ok', tone: 'up' },
  problem: { text: 'problem', tone: 'down' },
  note: { text: 'note', tone: 'warning' },
};

/** One row a check: mark, name, finding, and below it what to do. Findings are wrapped, never cut. */
export function renderDoctor(rows: readonly DoctorRow[], options: RenderOptions): string[] {
  const names = rows.map((row) => sanitiseLine(row.name, 60));
  const nameWidth = Math.max(0, ...names.map(displayWidth));
  const isWide = options.width - NAME_INDENT - nameWidth - 2 >= 24;
  const indent = ' '.repeat(isWide ? NAME_INDENT + nameWidth + 2 : NAME_INDENT);
  return rows.flatMap((row, index) => {
    const name = names[index] ?? '';
    const mark = MARKS[row.state];
    const head = options.theme.paint(mark.tone, mark.text) + ' '.repeat(NAME_INDENT - mark.text.length);
    const finding = renderFinding(row, options, options.width - indent.length).map((line) => indent + line);
    if (!isWide) return [head + truncate(name, options.width - NAME_INDENT), ...finding];
    return [head + padEnd(name, nameWidth + 2) + (finding[0] ?? indent).slice(indent.length), ...finding.slice(1)];
  });
}

const NAME_INDENT = 9;

function renderFinding(row: DoctorRow, { theme }: RenderOptions, width: number): string[] {
  const detail = wrapText(sanitiseLine(row.detail, 1000), width);
  if (row.hint === undefined) return detail;
  const hint = wrapText(`-> ${sanitiseLine(row.hint, 1000)}`, width, '   ');
  return [...detail, ...hint.map((line) => theme.paint('muted', line))];
}
