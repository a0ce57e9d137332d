// npm run soak: what needs real minutes or thousands of runs. Writes docs/soak-report.md; exit 1 where something does not
// hold. --only NAME runs one part and writes nothing.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { soakFaults } from './faults.ts';
import { soakKills } from './kills.ts';
import { soakLimits } from './limits.ts';
import { soakSession } from './session.ts';
import { soakThrift } from './thrift.ts';
import { PROJECT_ROOT, type Section } from './world.ts';

const PARTS: Readonly<Record<string, () => Promise<Section>>> = { thrift: soakThrift, limits: soakLimits, kills: soakKills, faults: soakFaults, session: soakSession };

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = Object.entries(PARTS).filter(([name]) => values.only === undefined || values.only === name);
if (chosen.length === 0) throw new Error(`--only ${String(values.only)}: choose one of ${Object.keys(PARTS).join(', ')}`);

const sections: (Section & { seconds: number })[] = [];
for (const [, run] of chosen) {
  const startedMs = performance.now();
  const section = await run();
  sections.push({ ...section, seconds: Math.round((performance.now() - startedMs) / 1_000) });
  process.stdout.write(`${renderSection(section, sections.at(-1)?.seconds ?? 0)}\n`);
}
if (values.only === undefined) writeFileSync(join(PROJECT_ROOT, 'docs/soak-report.md'), renderReport());
process.exitCode = sections.every(({ findings }) => findings.every(({ ok }) => ok)) ? 0 : 1;

function renderReport(): string {
  const failed = sections.flatMap(({ findings }) => findings.filter(({ ok }) => !ok)).length;
  const total = sections.reduce((sum, { findings }) => sum + findings.length, 0);
  return [
    '# Soak report',
    '',
    `Written by \`npm run soak\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC with Node ${process.versions.node} on ${cpus().length} cores: ${total - failed} of ${total} findings hold.`,
    '',
    ...sections.map((section) => renderSection(section, section.seconds)),
  ].join('\n');
}

function renderSection({ title, how, findings }: Section, seconds: number): string {
  const rows = findings.map(({ what, wanted, measured, ok }) => `| ${what} | ${wanted} | ${measured} | ${ok ? 'yes' : '**no**'} |`);
  return [`## ${title}`, '', `${how} It took ${seconds} s.`, '', '| what | wanted | measured | holds |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
