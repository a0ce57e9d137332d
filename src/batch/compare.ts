// What changed against an earlier report: better, worse, slower, dearer. Decides what is noise and what is a change.
import * as fs from 'node:fs';
import { ConfigError } from '../domain/errors.ts';
import type { PromptRun } from './runner.ts';

export interface Comparison {
  better: string[];
  worse: string[];
  slower: string[];
  dearer: string[];
}

type Compared = Pick<PromptRun, 'id' | 'loop' | 'ok' | 'ms' | 'providerCalls' | 'inputTokens' | 'outputTokens'>;

/** Slower only where both hold: a machine is never twice as fast. */
const SLOWER_SHARE = 1.5;
const SLOWER_MS = 250;
const DEARER_SHARE = 1.1;

/** The prompts of an earlier `fin batch` report. @throws ConfigError when it is none. */
export function loadEarlierRuns(file: string): Compared[] {
  let document: unknown;
  try {
    document = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`--compare ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'give a JSON report of an earlier run',
      cause: error,
    });
  }
  const { command, prompts } = (typeof document === 'object' && document !== null ? document : {}) as {
    command?: unknown;
    prompts?: unknown;
  };
  if (command !== 'batch' || !Array.isArray(prompts) || !prompts.every(isCompared))
    throw new ConfigError(`--compare ${file}: not a report of fin batch`, {
      hint: 'give a JSON report of an earlier run',
    });
  return prompts;
}

function isCompared(value: unknown): value is Compared {
  if (typeof value !== 'object' || value === null) return false;
  const run = value as Record<string, unknown>;
  const counts = ['ms', 'providerCalls', 'inputTokens', 'outputTokens'];
  return (
    typeof run['id'] === 'string' &&
    typeof run['ok'] === 'boolean' &&
    counts.every((name) => typeof run[name] === 'number')
  );
}

/** Prompts that both runs have, each with what changed. */
export function compareRuns(earlier: readonly Compared[], now: readonly Compared[]): Comparison {
  const comparison: Comparison = { better: [], worse: [], slower: [], dearer: [] };
  for (const run of now) {
    const before = earlier.find((other) => other.id === run.id && (other.loop ?? 1) === (run.loop ?? 1));
    if (before === undefined) continue;
    const name = run.loop === undefined ? run.id : `${run.id} (loop ${run.loop})`;
    if (run.ok && !before.ok) comparison.better.push(name);
    if (!run.ok && before.ok) comparison.worse.push(name);
    if (run.ms > before.ms * SLOWER_SHARE && run.ms > before.ms + SLOWER_MS)
      comparison.slower.push(`${name}: ${before.ms} to ${run.ms} ms`);
    const cost = describeCost(before, run);
    if (cost !== '') comparison.dearer.push(`${name}: ${cost}`);
  }
  return comparison;
}

function describeCost(before: Compared, run: Compared): string {
  const tokensBefore = before.inputTokens + before.outputTokens;
  const tokens = run.inputTokens + run.outputTokens;
  return [
    ...(run.providerCalls > before.providerCalls
      ? [`${before.providerCalls} to ${run.providerCalls} provider calls`]
      : []),
    ...(tokens > tokensBefore * DEARER_SHARE ? [`${tokensBefore} to ${tokens} tokens`] : []),
  ].join(', ');
}

/** One line for each way in which something changed. */
export function renderComparison({ better, worse, slower, dearer }: Comparison): string[] {
  const named: [string, string[]][] = [
    ['better', better],
    ['worse', worse],
    ['slower', slower],
    ['dearer', dearer],
  ];
  const lines = named.flatMap(([what, list]) => (list.length === 0 ? [] : [`${what}: ${list.join(', ')}`]));
  return lines.length === 0 ? ['compared: no change'] : lines;
}
