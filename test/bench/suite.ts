// The shipped regression suite as a user runs it, beside what the earlier system took for the same questions.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment, median } from './interleave.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Measured of the earlier system, with a language model on every question. */
export const EARLIER = { seconds: 363, tokens: 1_240_000 };

export interface SuiteReport {
  prompts: number;
  passed: number;
  seconds: number;
  providerCalls: number;
  tokens: number;
}

export function measureSuite(rounds: number): SuiteReport {
  const runs = Array.from({ length: rounds }, runSuite);
  const [last] = runs.slice(-1);
  if (last === undefined) throw new Error('the suite was not run');
  return { ...last, seconds: median(runs.map(({ seconds }) => seconds)) };
}

function runSuite(): SuiteReport {
  const folder = mkdtempSync(join(tmpdir(), 'fin-bench-'));
  try {
    const env = {
      ...cleanEnvironment(),
      FIN_CACHE_DIR: folder,
      FIN_DATA_DIR: join(folder, 'data'),
      XDG_CONFIG_HOME: folder,
    };
    const started = performance.now();
    const run = spawnSync(
      process.execPath,
      [join(ROOT, 'bin/fin.js'), 'batch', join(ROOT, 'prompts/regression.yaml'), '--json', '--quiet'],
      { env, cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    const seconds = (performance.now() - started) / 1000;
    const { total, passed, totals } = JSON.parse(run.stdout) as {
      total: number;
      passed: number;
      totals: { providerCalls: number; inputTokens: number; outputTokens: number };
    };
    return {
      prompts: total,
      passed,
      seconds,
      providerCalls: totals.providerCalls,
      tokens: totals.inputTokens + totals.outputTokens,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
