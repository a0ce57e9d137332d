// What the start of a command may load: counted in real runs of the built program, because one careless import is enough
// to make every cached answer slower.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LoadReport, readLoadReport, reportLoadsTo } from '../helpers/load-report.ts';
import { createHome } from '../helpers/run-fin.ts';

const FILLED_AT = { FIN_NOW: '2026-11-21T11:50:00-05:00' };
const NOW = { FIN_NOW: '2026-11-21T12:00:00-05:00' };
/** What only a request, a model or a person at a prompt needs. */
const HEAVY = [
  'iovalkey',
  '@keyv/valkey',
  'got',
  'bottleneck',
  'openai',
  '@inquirer/core',
  '@inquirer/prompts',
  'zod',
  'yaml',
  'hono',
  '@hono/node-server',
  'croner',
];
const NEEDS_THE_NETWORK = /^(?:net|tls|http|https|http2|dns|tty|stream|crypto|child_process|zlib|readline)$|undici/;

async function loadsOf(args: readonly string[]): Promise<LoadReport> {
  await using home = await createHome();
  const reportFile = join(home.folder, 'loads.json');
  const filled = await home.run(args, { env: FILLED_AT });
  const run = await home.run(args, { env: { ...NOW, ...reportLoadsTo(reportFile) } });
  expect([filled.exitCode, run.exitCode], run.stderr).toEqual([0, 0]);
  expect(run.stdout).not.toBe('');
  return readLoadReport(reportFile);
}

const isHeavy = ({ packages, modules, builtins }: LoadReport): string[] => [
  ...packages.filter((name) => HEAVY.includes(name)),
  ...modules.filter((path) =>
    /^(?:app\/network|providers\/(?!identity)|http\/(?!http\.|delay\.|limit-share\.)|sample\/|repl\/|batch\/|serve\/)/.test(
      path,
    ),
  ),
  ...builtins.filter((name) => NEEDS_THE_NETWORK.test(name)),
];

describe('the start of a command', () => {
  it.each([
    ['quote as JSON', ['quote', 'NVDA', '--json'], ['fin.cjs']],
    [
      'history as JSON',
      ['history', 'NVDA', '--range', 'past 3 months', '--json'],
      ['app-commands-bars.cjs', 'fin.cjs'],
    ],
    ['quotes as a table', ['quote', 'NVDA', 'AMD'], ['fin.cjs', 'render-answer.cjs', 'render-theme.cjs']],
    [
      'a chain as a table',
      ['chain', 'NVDA'],
      ['app-commands-chain.cjs', 'fin.cjs', 'render-answer.cjs', 'render-theme.cjs'],
    ],
  ])('loads for cached %s nothing that only a request, a model or a prompt needs', async (_what, args, files) => {
    const loads = await loadsOf(args);
    expect(isHeavy(loads)).toEqual([]);
    expect(loads.modules.filter((path) => path.startsWith('agent/'))).toEqual([]);
    expect(loads.files.toSorted()).toEqual(files);
  });

  it('loads for a cached keyless question the planner, and neither a request nor a language model', async () => {
    const loads = await loadsOf(['ask', 'price of NVDA']);
    expect(isHeavy(loads)).toEqual([]);
    expect(loads.modules).toContain('agent/planner/planner.ts');
    expect(loads.modules).not.toContain('agent/openai.ts');
  });

  it('loads for the help one file and no database', async () => {
    const loads = await loadsOf(['--help']);
    expect(loads.files).toEqual(['fin.cjs']);
    expect(loads.builtins.filter((name) => NEEDS_THE_NETWORK.test(name) || name === 'sqlite')).toEqual([]);
  });
});
