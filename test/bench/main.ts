// npm run bench: everything that is claimed about speed, side by side in one run, as ratios. --json FILE keeps the
// report, --compare FILE says what changed against a kept one, --rounds N sets how often each command runs.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureCacheHits } from './cache-hit.ts';
import { measureStartup } from './startup.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' }, json: { type: 'string' }, compare: { type: 'string' } } });
const rounds = Number(values.rounds);

const startup = measureStartup(rounds);
const cacheHits = await measureCacheHits(rounds);
const report = { node: process.versions.node, rounds, startup, cacheHits };

print(`start-up: median of ${rounds} interleaved runs, ratio to node -e 0 in the same round (Node ${report.node})`);
for (const { name, medianMs, ratio, target } of startup.rows)
  print(`  ${name.padEnd(26)} ${medianMs.toFixed(1).padStart(7)} ms  ${ratio.toFixed(2).padStart(5)}${target === undefined ? '' : `  wanted at most ${target.toFixed(2)}${ratio > target ? '  ABOVE' : ''}`}`);
print(`  peak memory of the cached quote: ${startup.memoryRatio.toFixed(2)} of node -e 0`);
print('cache hit: microseconds a read, ratio of the store to a raw prepared read and JSON.parse');
for (const { bytes, fileUs, rawUs, memoryUs, ratio } of cacheHits)
  print(`  ${String(bytes).padStart(7)} bytes  file ${fileUs.toFixed(1).padStart(8)}  raw ${rawUs.toFixed(1).padStart(8)}  ratio ${ratio.toFixed(2)}  memory ${memoryUs.toFixed(2)}`);

if (values.compare !== undefined) compare(values.compare);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);

function compare(file: string): void {
  const before = JSON.parse(readFileSync(file, 'utf8')) as typeof report;
  print(`against ${file}:`);
  for (const row of startup.rows) {
    const old = before.startup.rows.find(({ name }) => name === row.name);
    if (old !== undefined) print(`  ${row.name.padEnd(26)} ${old.ratio.toFixed(2)} -> ${row.ratio.toFixed(2)}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
