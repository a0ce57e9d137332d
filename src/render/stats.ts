// Screens about fin itself: what the cache holds and saved, and what doctor found.
import type { IsoTime } from '../domain/answers.ts';
import { renderChart } from './chart.ts';
import { formatBytes, formatCount, formatExchangeTime, formatShare, formatVolume } from './format.ts';
import { renderTable, type Cell, type Column } from './table.ts';
import { displayWidth, padEnd, sanitiseLine, truncate, wrapText } from './text.ts';
import type { Tone } from './theme.ts';
import { describe, type RenderOptions } from './view.ts';

export interface CacheCounts {
  entries: number;
  bytes: number;
  hits: number;
  staleHits: number;
  misses: number;
  providerCalls: number;
  coalesced: number;
}

/** `data` of `fin cache stats --json`. */
export interface CacheStatsData {
  path: string;
  sizeBytes: number;
  entries: number;
  byKind: Readonly<Record<string, CacheCounts>>;
  /** `hitRate` is a fraction, absent before the first question to the cache. */
  totals: CacheCounts & { hitRate?: number; callsSaved: number };
  providers: Readonly<Record<string, { limitPerMinute: number; usedInWindow: number; breaker: string }>>;
  sinceIso: IsoTime;
}

/** One hour of the cache's life; `hitRate` (a fraction) is absent where nothing was asked. */
export interface HourlyCount {
  /** Hour of the exchange's day, `09`. */
  label: string;
  hitRate?: number;
  providerCalls: number;
}

export function renderCacheStats(data: CacheStatsData, options: RenderOptions, hours: readonly HourlyCount[] = []): string[] {
  const { totals } = data;
  const facts: [string, string][] = [
    ['File', describe(data.path, 400)],
    ['Size', `${formatBytes(data.sizeBytes)}, ${formatCount(data.entries)} entries`],
    ['Hit rate', `${formatShare(totals.hitRate)} (${formatCount(totals.hits)} hits, ${formatCount(totals.staleHits)} stale, ${formatCount(totals.misses)} misses)`],
    ['Calls', `${formatCount(totals.providerCalls)} sent, ${formatCount(totals.callsSaved)} saved`],
    ['Since', formatExchangeTime(data.sinceIso)],
  ];
  const columns: Column[] = [{ head: '', align: 'left', tone: 'muted' }, { head: '', align: 'left', min: 8 }];
  return [
    options.theme.paint('strong', 'cache'),
    ...renderTable({ head: false, columns, rows: facts }, options),
    ...spaced(renderKinds(data, options)),
    ...spaced(renderProviders(data, options)),
    ...spaced(renderHours(hours, options)),
  ];
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

function renderProviders(data: CacheStatsData, options: RenderOptions): string[] {
  const columns: Column[] = [
    { head: 'Provider', align: 'left', tone: 'strong' },
    { head: 'Used in 60 s' },
    { head: 'Limit' },
    { head: 'Breaker', align: 'left', drop: 1 },
  ];
  const rows = Object.entries(data.providers).map(([name, provider]): (Cell | string)[] => [
    describe(name, 30),
    formatCount(provider.usedInWindow),
    formatCount(provider.limitPerMinute),
    { text: describe(provider.breaker, 20), tone: provider.breaker === 'closed' ? 'plain' : 'warning' },
  ]);
  return rows.length === 0 ? [] : renderTable({ columns, rows }, options);
}

function renderHours(hours: readonly HourlyCount[], options: RenderOptions): string[] {
  if (hours.length === 0) return [];
  const labels = hours.map((hour) => hour.label);
  return [
    ...renderChart({ title: 'hit rate by hour', values: hours.map((hour) => hour.hitRate), labels, top: 1, format: (share) => formatShare(share, 0) }, options),
    '',
    ...renderChart({ title: 'provider calls by hour', values: hours.map((hour) => hour.providerCalls), labels, format: formatVolume }, options),
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
  const nameWidth = Math.min(Math.max(0, ...names.map(displayWidth)), Math.max(8, options.width - 30));
  const indent = 7 + 2 + nameWidth + 2;
  return rows.flatMap((row, index) => {
    const mark = MARKS[row.state];
    const name = padEnd(truncate(names[index] ?? '', nameWidth), nameWidth);
    const head = `${options.theme.paint(mark.tone, mark.text)}${' '.repeat(7 - mark.text.length)}  ${name}  `;
    const finding = wrapText(sanitiseLine(row.detail, 1000), options.width - indent);
    const hint = row.hint === undefined ? [] : wrapText(`-> ${sanitiseLine(row.hint, 1000)}`, options.width - indent, '   ');
    return [...finding, ...hint.map((line) => options.theme.paint('muted', line))].map((line, at) =>
      (at === 0 ? head + line : ' '.repeat(indent) + line).trimEnd(),
    );
  });
}
