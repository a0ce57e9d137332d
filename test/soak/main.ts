// npm run soak: what needs real minutes or thousands of runs. Writes docs/soak-report.md; exit 1 where something does not
// hold. --only NAME runs one part and replaces it in the report.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { soakFaults } from './faults.ts';
import { soakKills } from './kills.ts';
import { soakLimits } from './limits.ts';
import { soakSession } from './session.ts';
import { soakThrift } from './thrift.ts';
import { soakWholeMarket } from './whole-market.ts';
import { soakWatch } from './watch.ts';
import { PROJECT_ROOT, type Section } from './world.ts';

const PARTS: Readonly<Record<string, () => Promise<Section>>> = {
  thrift: soakThrift,
  limits: soakLimits,
  kills: soakKills,
  faults: soakFaults,
  session: soakSession,
  market: soakWholeMarket,
  watch: soakWatch,
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = Object.entries(PARTS).filter(([name]) => values.only === undefined || values.only === name);
if (chosen.length === 0)
  throw new Error(`--only ${String(values.only)}: choose one of ${Object.keys(PARTS).join(', ')}`);

const REPORT = join(PROJECT_ROOT, 'docs/soak-report.md');
const PART = /^## /m;
const ran: [string, string][] = [];
for (const [, run] of chosen) {
  const startedMs = performance.now();
  const section = await run();
  const text = renderSection(section, Math.round((performance.now() - startedMs) / 1_000));
  ran.push([section.title, text]);
  process.stdout.write(`${text}\n`);
  if (section.findings.some(({ ok }) => !ok)) process.exitCode = 1;
}
// Read only now: another part may have been run meanwhile.
writeFileSync(REPORT, renderReport([...new Map([...(values.only === undefined ? [] : readParts()), ...ran]).values()]));

/** The parts of the last report by their titles. */
function readParts(): [string, string][] {
  const text = existsSync(REPORT) ? readFileSync(REPORT, 'utf8') : '';
  return text
    .split(PART)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), `## ${part.trimEnd()}\n`]);
}

function renderReport(sections: readonly string[]): string {
  const count = (ending: string): number =>
    sections.reduce((sum, section) => sum + section.split(ending).length - 1, 0);
  const [good, bad] = [count('| yes |\n'), count('| **no** |\n')];
  const head = `Written by \`npm run soak\`: ${good} of ${good + bad} findings hold. Each part says when and where it ran.`;
  return ['# Soak report', '', head, '', ...sections].join('\n');
}

function renderSection({ title, how, findings }: Section, seconds: number): string {
  const rows = findings.map(
    ({ what, wanted, measured, ok }) => `| ${what} | ${wanted} | ${measured} | ${ok ? 'yes' : '**no**'} |`,
  );
  const when = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, Node ${process.versions.node}, ${cpus().length} cores, ${seconds} s.`;
  return [
    `## ${title}`,
    '',
    how,
    '',
    when,
    '',
    '| what | wanted | measured | holds |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
