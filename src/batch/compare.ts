// What changed against an earlier report: better, worse, slower, dearer. Decides what is noise and what is a change.
import { ConfigError } from '../domain/errors.ts';
import { readTextFile } from '../files/text-file.ts';
import { type PromptRun, nameOfRun } from './runner.ts';

export interface Comparison {
  better: string[];
  worse: string[];
  slower: string[];
  dearer: string[];
  /** Asked by one of the two runs only. */
  added: string[];
  gone: string[];
}

type Compared = Pick<PromptRun, 'id' | 'loop' | 'ok' | 'ms' | 'providerCalls' | 'inputTokens' | 'outputTokens'>;

/** Slower only where both hold: a machine is never twice as fast. */
const SLOWER_SHARE = 1.5;
const SLOWER_MS = 250;
const DEARER_SHARE = 1.1;
/** Of one kind, on a screen. */
const MOST_NAMED = 50;
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/** The prompts of an earlier `fin batch` report. @throws ConfigError when it is none. */
export function loadEarlierRuns(file: string): Compared[] {
  const hint = 'give the JSON report of an earlier run';
  const read = readTextFile(file, MAX_REPORT_BYTES);
  if (!('text' in read)) throw new ConfigError(`--compare ${file}: it ${read.why}`, { hint });
  let document: unknown;
  try {
    document = JSON.parse(read.text);
  } catch (error) {
    throw new ConfigError(`--compare ${file}: it is not JSON`, { hint, cause: error });
  }
  const { command, prompts } = (typeof document === 'object' && document !== null ? document : {}) as {
    command?: unknown;
    prompts?: unknown;
  };
  if (command !== 'batch' || !Array.isArray(prompts) || !prompts.every(isCompared))
    throw new ConfigError(`--compare ${file}: not a report of fin batch`, { hint });
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

/** Prompts that both runs have, each with what changed, and those that one of them lacks. */
export function compareRuns(earlier: readonly Compared[], now: readonly Compared[]): Comparison {
  const comparison: Comparison = { better: [], worse: [], slower: [], dearer: [], added: [], gone: [] };
  const keyOf = ({ id, loop = 1 }: Compared): string => `${loop} ${id}`;
  const rest = new Map(earlier.map((run) => [keyOf(run), run]));
  for (const run of now) {
    const before = rest.get(keyOf(run));
    rest.delete(keyOf(run));
    const name = nameOfRun(run);
    if (before === undefined) {
      comparison.added.push(name);
      continue;
    }
    if (run.ok && !before.ok) comparison.better.push(name);
    if (!run.ok && before.ok) comparison.worse.push(name);
    if (run.ms > before.ms * SLOWER_SHARE && run.ms > before.ms + SLOWER_MS)
      comparison.slower.push(`${name}: ${before.ms} to ${run.ms} ms`);
    const cost = describeCost(before, run);
    if (cost !== '') comparison.dearer.push(`${name}: ${cost}`);
  }
  comparison.gone.push(...[...rest.values()].map(nameOfRun));
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
export function renderComparison({ better, worse, slower, dearer, added, gone }: Comparison): string[] {
  const named: [string, string[]][] = [
    ['better', better],
    ['worse', worse],
    ['slower', slower],
    ['dearer', dearer],
    ['only in this run', added],
    ['only in the earlier run', gone],
  ];
  const lines = named.flatMap(([what, list]) => (list.length === 0 ? [] : [`${what}: ${listSome(list)}`]));
  return lines.length === 0 ? ['compared: no change'] : lines;
}

function listSome(list: readonly string[]): string {
  const shown = list.slice(0, MOST_NAMED).join(', ');
  return list.length > MOST_NAMED ? `${shown} and ${list.length - MOST_NAMED} more` : shown;
}
