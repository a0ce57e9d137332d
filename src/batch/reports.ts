// A run as documents: JSON for programs, Markdown for people, JUnit XML for build servers. Files are written whole or
// not at all: beside their place first, then renamed.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ConfigError } from '../domain/errors.ts';
import { formatClock, formatCount, formatDay, plural } from '../render/format.ts';
import type { EpochMs } from '../domain/types.ts';
import { type Check, checkBounds } from './checks.ts';
import { type BatchRun, type PromptRun, nameOfRun } from './runner.ts';
import type { Suite, SuitePrompt } from './suite.ts';

export interface BatchReport {
  schema: 'fin/1';
  command: 'batch';
  ok: boolean;
  /** Ended before its last prompt by a signal. */
  partial?: true;
  suite: string;
  /** Market time at which the suite was asked. */
  clock: string;
  sample: boolean;
  total: number;
  passed: number;
  failed: number;
  skipped: number;
  loops: number;
  prompts: PromptRun[];
  /** Bounds of the whole suite. */
  limits: Check[];
  totals: {
    ms: number;
    toolCalls: number;
    providerCalls: number;
    /** Share of the tool calls that needed no provider; absent without tool calls. */
    cacheHitRate?: number;
    inputTokens: number;
    outputTokens: number;
  };
  /** Without extension, relative to the working directory: `.md`, `.json` and `.xml` stand there. */
  report?: string;
}

export interface ReportParts {
  suite: Suite;
  run: BatchRun;
  loops: number;
  clock: string;
  /** The sample market was asked, whatever came of it. */
  isSample: boolean;
  /** Retries left out. */
  requests: readonly SentRequest[];
}

export interface SentRequest {
  /** Provider and what exactly was asked for. */
  asked: string;
  endpoint: string;
  /** Machine time. */
  atMs: EpochMs;
}

/** How long a reply of an endpoint is fresh at least, while the market is open: sooner, asking again is waste. */
const FRESH_MS: Readonly<Record<string, number>> = {
  quotes: 10_000,
  snapshots: 10_000,
  'index snapshots': 10_000,
  chain: 30_000,
  'option chain': 30_000,
};
const FRESH_OTHERWISE_MS = 60_000;

/** The public document of a run, without the place where it is saved. */
export function createReport({ suite, run, loops, clock, isSample, requests }: ReportParts): BatchReport {
  const { runs, total, interrupted } = run;
  const passed = runs.filter((each) => each.ok).length;
  const failed = runs.length - passed;
  const sum = (read: (each: PromptRun) => number): number => runs.reduce((whole, each) => whole + read(each), 0);
  const toolCalls = sum((each) => each.toolCalls);
  const totals = {
    ms: run.ms,
    toolCalls,
    providerCalls: Math.max(
      requests.length,
      sum((each) => each.providerCalls),
    ),
    ...(toolCalls === 0
      ? {}
      : { cacheHitRate: Math.round((sum((each) => each.cachedCalls) / toolCalls) * 10_000) / 10_000 }),
    inputTokens: sum((each) => each.inputTokens),
    outputTokens: sum((each) => each.outputTokens),
  };
  const limits = checkLimits(suite, totals, loops, requests);
  const isPartial = interrupted && runs.length < total;
  return {
    schema: 'fin/1',
    command: 'batch',
    ok: total > 0 && passed === total && limits.every((check) => check.ok),
    ...(isPartial ? { partial: true as const } : {}),
    suite: suite.name,
    clock,
    sample: isSample || runs.some((each) => each.sample),
    total,
    passed,
    failed,
    skipped: total - runs.length,
    loops,
    prompts: runs,
    limits,
    totals,
  };
}

function checkLimits(
  { limits }: Suite,
  totals: BatchReport['totals'],
  loops: number,
  requests: readonly SentRequest[],
): Check[] {
  const repeated = listRepeated(requests);
  return checkBounds([
    ['provider calls', limits.providerCalls, totals.providerCalls / loops],
    ['repeated requests', limits.repeatedRequests, repeated.length, [...new Set(repeated)].join(', ')],
    ['tokens', limits.tokens, (totals.inputTokens + totals.outputTokens) / loops],
    ['seconds', limits.seconds, totals.ms / 1000 / loops],
  ]);
}

/** What was asked for again while the reply before was still fresh. */
function listRepeated(requests: readonly SentRequest[]): string[] {
  const lastMs = new Map<string, EpochMs>();
  return requests.flatMap(({ asked, endpoint, atMs }) => {
    const beforeMs = lastMs.get(asked) ?? -Infinity;
    lastMs.set(asked, atMs);
    return atMs - beforeMs < (FRESH_MS[endpoint] ?? FRESH_OTHERWISE_MS) ? [asked] : [];
  });
}

/** `2025-10-30T11:00:00.000Z` as `20251030-110000`. */
function stampOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

export interface SavePlace {
  folder: string;
  nowMs: number;
  redact(text: string): string;
  /** Lines on what changed against an earlier run, for people. */
  comparison?: readonly string[];
  /** Names of the cases that a run which was stopped did not come to. */
  notAsked?: readonly string[];
}

/** The cases of a run that are not in its report, by the names that they have in a whole one. */
export function namesNotAsked({ prompts, loops }: BatchReport, chosen: readonly SuitePrompt[]): string[] {
  const asked = new Set(prompts.map((run) => caseNameOf(run)));
  const all = Array.from({ length: loops }, (_, index) => (loops === 1 ? {} : { loop: index + 1 })).flatMap((loop) =>
    chosen.map(({ id, text }) => caseNameOf({ id, prompt: text, ...loop })),
  );
  return all.filter((name) => !asked.has(name));
}

/**
 * Writes the three files into `test-reports` of a folder.
 * @returns the report with where it is. @throws ConfigError when it cannot be written.
 */
export function saveReport(report: BatchReport, place: SavePlace): BatchReport {
  const { folder, nowMs, redact, comparison = [], notAsked = [] } = place;
  const directory = path.join(folder, 'test-reports');
  try {
    fs.mkdirSync(directory, { recursive: true });
    const name = freeName(directory, `${report.suite}-${stampOf(nowMs)}`);
    const named = { ...report, report: `test-reports/${name}` };
    const texts: [string, string][] = [
      ['md', renderMarkdown(named, comparison)],
      ['xml', renderJunit(named, notAsked)],
      ['json', `${JSON.stringify(named, null, 2)}\n`],
    ];
    writeWhole(
      texts.map(([extension, text]) => ({ file: path.join(directory, `${name}.${extension}`), text: redact(text) })),
    );
    return named;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`test-reports: the report cannot be written: ${why}`, {
      hint: `make ${directory} writable, or run it elsewhere`,
      cause: error,
    });
  }
}

/** Two runs of one second keep both reports. */
function freeName(directory: string, wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!fs.existsSync(path.join(directory, `${name}.json`))) return name;
  }
}

/** All of them or none: written beside their places first, then moved there. */
function writeWhole(files: readonly { file: string; text: string }[]): void {
  const beside = (file: string): string => `${file}.${process.pid}.tmp`;
  const moved: string[] = [];
  try {
    for (const { file, text } of files) fs.writeFileSync(beside(file), text);
    for (const { file } of files) {
      fs.renameSync(beside(file), file);
      moved.push(file);
    }
  } catch (error) {
    for (const file of [...files.map((each) => beside(each.file)), ...moved]) fs.rmSync(file, { force: true });
    throw error;
  }
}

/** @param comparison lines on what changed against an earlier run */
export function renderMarkdown(report: BatchReport, comparison: readonly string[] = []): string {
  const failing = report.prompts.filter((run) => !run.ok);
  const lines = [
    `# ${report.suite}: ${summarise(report)}`,
    '',
    ...(report.partial ? ['**Partial**: the run was interrupted; these are the answers so far.', ''] : []),
    `Asked at ${formatMoment(report.clock)} of ${report.sample ? 'the SAMPLE market (synthetic figures)' : 'real data'}${report.loops > 1 ? `, ${report.loops} times over` : ''}. ${describeTotals(report)}`,
    '',
    ...report.limits.map((check) => `- whole suite, ${check.check}: ${check.ok ? '' : '**failed**, '}${check.detail}`),
    ...(report.limits.length > 0 ? [''] : []),
    ...(comparison.length > 0
      ? ['## Against the earlier run', '', ...comparison.map((line) => `- ${escapeCell(line)}`), '']
      : []),
    ...(failing.length > 0 ? ['## Failures', ''] : []),
    ...failing.flatMap(renderFailure),
    ...(failing.length > 0 ? ['## All questions', ''] : []),
    '| id | result | question | answered by | checks held | tool calls | provider calls | tokens | ms |',
    '| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...report.prompts.map(renderRow),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** `Thu Oct 30, 2025, 11:00 AM ET` */
export function formatMoment(clock: string): string {
  const date = clock.slice(0, 10);
  return `${formatDay(date)}, ${formatClock(clock)}`;
}

/** `39 of 41 passed, 1 failed, 1 not asked` */
export function summarise({ total, passed, failed, skipped }: BatchReport): string {
  return `${passed} of ${total} passed${failed > 0 ? `, ${failed} failed` : ''}${skipped > 0 ? `, ${skipped} not asked` : ''}`;
}

/** `12.30 s, 52 tool calls (40% from the cache), 31 provider calls, no tokens.` */
export function describeTotals({ totals }: BatchReport): string {
  const { ms, toolCalls, providerCalls, cacheHitRate, inputTokens, outputTokens } = totals;
  const cached = cacheHitRate === undefined ? '' : ` (${Math.round(cacheHitRate * 100)}% from the cache)`;
  const tokens =
    inputTokens + outputTokens === 0
      ? 'no tokens'
      : `${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out`;
  return `${(ms / 1000).toFixed(2)} s, ${plural(toolCalls, 'tool call')}${cached}, ${plural(providerCalls, 'provider call')}, ${tokens}.`;
}

function caseNameOf(run: Pick<PromptRun, 'id' | 'loop' | 'prompt'>): string {
  return `${nameOfRun(run)}: ${run.prompt}`;
}

function renderRow(run: PromptRun): string {
  const passed = run.checks.filter((check) => check.ok).length;
  const cells = [
    nameOfRun(run),
    run.ok ? 'passed' : '**failed**',
    run.prompt,
    run.model,
    `${passed}/${run.checks.length}`,
    run.toolCalls,
    run.providerCalls,
    run.inputTokens + run.outputTokens,
    run.ms,
  ];
  return `| ${cells.map((cell) => escapeCell(String(cell))).join(' | ')} |`;
}

function escapeCell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;');
}

function renderFailure(run: PromptRun): string[] {
  const failing = run.checks.filter((check) => !check.ok);
  return [
    `### ${escapeCell(`${nameOfRun(run)}: ${run.prompt}`)}`,
    '',
    `Answer (${run.model}):`,
    '',
    ...(run.answer === '' ? ['> (none)'] : run.answer.split('\n').map((line) => `> ${line.replaceAll('<', '&lt;')}`)),
    '',
    ...(run.tools.length === 0 ? ['No tool was called.'] : []),
    ...run.tools.map(
      (tool) =>
        `- called \`${tool.name}\` \`${JSON.stringify(tool.arguments)}\`: ${tool.ok ? (tool.freshness ?? 'done') : `failed, ${escapeCell(tool.error ?? '')}`}`,
    ),
    '',
    '| expectation that failed | found |',
    '| --- | --- |',
    ...failing.map((check) => `| ${escapeCell(check.check)} | ${escapeCell(check.detail)} |`),
    '',
  ];
}

/** One test case for each prompt and each bound of the suite; those that a stopped run did not come to are skipped ones. */
export function renderJunit(report: BatchReport, notAsked: readonly string[] = []): string {
  const cases = report.prompts.map((run) => {
    const failing = run.checks.filter((check) => !check.ok);
    const head = `    <testcase classname="${escapeXml(report.suite)}" name="${escapeXml(caseNameOf(run))}" time="${(run.ms / 1000).toFixed(3)}"`;
    if (failing.length === 0) return `${head}/>`;
    const body = failing.map((check) => `${check.check}: ${check.detail}`).join('\n');
    return `${head}>\n      <failure message="${escapeXml(failing[0]?.check ?? '')}">${escapeXml(`${body}\n\nanswer: ${run.answer}`)}</failure>\n    </testcase>`;
  });
  const limits = report.limits.map((check) => {
    const head = `    <testcase classname="${escapeXml(report.suite)}" name="${escapeXml(`whole suite: ${check.check}`)}" time="0"`;
    return check.ok
      ? `${head}/>`
      : `${head}><failure message="${escapeXml(check.check)}">${escapeXml(check.detail)}</failure></testcase>`;
  });
  const skipped = notAsked.map(
    (name) =>
      `    <testcase classname="${escapeXml(report.suite)}" name="${escapeXml(name)}" time="0"><skipped/></testcase>`,
  );
  const failures = report.failed + report.limits.filter((check) => !check.ok).length;
  const counts = `tests="${report.total + report.limits.length}" failures="${failures}" errors="0" skipped="${report.skipped}" time="${(report.totals.ms / 1000).toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${escapeXml(report.suite)}" ${counts}>`,
    ...cases,
    ...limits,
    ...skipped,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Markup escaped, and characters that XML 1.0 does not allow left out. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
