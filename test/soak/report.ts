// Runs the parts of a long measurement and keeps its report: one part alone replaces its own section and leaves the others.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT, type Section } from './world.ts';

export interface Report {
  /** `soak`, of `npm run soak` and docs/soak-report.md */
  name: string;
  title: string;
  parts: Readonly<Record<string, () => Promise<Section>>>;
  only: string | undefined;
}

const PART = /^## /m;
/** Of the last quarter of an hour, before anything here began. */
const LOAD_BEFORE = loadavg()[2] ?? NaN;
const QUIET_LOAD = 0.5;

/** Exit 1 where something does not hold. */
export async function runParts({ name, title, parts, only }: Report): Promise<void> {
  const chosen = Object.entries(parts).filter(([part]) => only === undefined || only === part);
  if (chosen.length === 0) throw new Error(`--only ${String(only)}: choose one of ${Object.keys(parts).join(', ')}`);
  const file = join(PROJECT_ROOT, `docs/${name}-report.md`);
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
  const sections = [...new Map([...(only === undefined ? [] : readParts(file)), ...ran]).values()];
  writeFileSync(file, renderReport(name, title, sections));
}

/** The parts of the last report by their titles. */
function readParts(file: string): [string, string][] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split(PART)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), `## ${part.trimEnd()}\n`]);
}

function renderReport(name: string, title: string, sections: readonly string[]): string {
  const count = (ending: string): number =>
    sections.reduce((sum, section) => sum + section.split(ending).length - 1, 0);
  const [good, bad] = [count('| yes |\n'), count('| **no** |\n')];
  const head = `Written by \`npm run ${name}\`: ${good} of ${good + bad} checks passed. Each part says when and where it ran.`;
  return [`# ${title}`, '', head, '', ...sections].join('\n');
}

function renderSection({ title, how, findings }: Section, seconds: number): string {
  const rows = findings.map(
    ({ what, wanted, measured, ok }) => `| ${what} | ${wanted} | ${measured} | ${ok ? 'yes' : '**no**'} |`,
  );
  const when = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, Node ${process.versions.node}, ${cpus().length} cores, ${seconds} s.`;
  const shared =
    LOAD_BEFORE < QUIET_LOAD
      ? ''
      : ` The machine was shared (load average ${LOAD_BEFORE.toFixed(1)} over the 15 minutes before), so these times are not those of an idle machine.`;
  return [
    `## ${title}`,
    '',
    how,
    '',
    when + shared,
    '',
    '| check | required | measured | passed |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
