// The hour of docs/desk.md, typed line by line against an exchange with a key: everything answers, and the requests are
// no more than the desk may cost.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { asTradier, startMarket } from '../helpers/market-server.ts';
import { PROJECT_ROOT, createHome } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const MOST_LINES = 25;
const MOST_CALLS = 30;

it('a trader’s hour of at most 25 lines answers everything with at most 30 requests', async () => {
  const text = readFileSync(join(PROJECT_ROOT, 'docs/desk.md'), 'utf8');
  const lines = /```sh\n(.*?)```/s.exec(text)?.[1]?.trim().split('\n') ?? [];
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
  await using server = await startMarket(NOW);
  await using home = await createHome({ FIN_NOW: NOW, ...asTradier(server) });
  const failed: string[] = [];
  for (const line of lines) {
    const { exitCode, stdout, stderr } = await home.shell(line);
    if (exitCode !== 0 || stdout === '') failed.push(`${line}\n${String(exitCode)} ${stderr}`);
  }
  // An alert that does not fire prints nothing.
  expect(failed.filter((each) => !each.startsWith('fin alert check\n0'))).toEqual([]);
  expect(server.count()).toBeLessThanOrEqual(MOST_CALLS);
});
