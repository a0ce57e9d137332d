// npm run bench: everything that is claimed about speed, in one run, as ratios. --json FILE keeps the report, --compare FILE
// says what changed against a kept one, --rounds N sets how often each row runs, --quick takes a fifth, --only PART one part.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type CacheHitRow, measureCacheHits } from './cache-hit.ts';
import { type ChainReport, measureChain } from './chain.ts';
import { type LatencyReport, measureLatency } from './latency.ts';
import { type PlannerReport, measurePlanner } from './planner.ts';
import { type ServeReport, measureServe } from './serve.ts';
import { type StartupReport, measureStartup } from './startup.ts';
import { EARLIER, type SuiteReport, measureSuite } from './suite.ts';
import { type TurnsReport, measureTurns } from './turns.ts';

interface Report {
  node: string;
  machine: string;
  loadBefore: number;
  rounds: number;
  startup?: StartupReport;
  cacheHits?: CacheHitRow[];
  chain?: ChainReport;
  latency?: LatencyReport;
  planner?: PlannerReport;
  serve?: ServeReport;
  turns?: TurnsReport;
  suite?: SuiteReport;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    json: { type: 'string' },
    compare: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 5 : 21));
const fewer = Math.max(3, Math.round(rounds / 3));
const wants = (part: string): boolean => values.only === undefined || values.only === part;

const report: Report = {
  node: process.versions.node,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  loadBefore: loadavg()[0] ?? NaN,
  rounds,
  ...(wants('startup') ? { startup: measureStartup(rounds) } : {}),
  ...(wants('cache') ? { cacheHits: await measureCacheHits(rounds) } : {}),
  ...(wants('chain') ? { chain: measureChain(rounds) } : {}),
  ...(wants('latency') ? { latency: await measureLatency(rounds) } : {}),
  ...(wants('planner') ? { planner: measurePlanner() } : {}),
  ...(wants('serve') ? { serve: await measureServe(rounds) } : {}),
  ...(wants('turns') ? { turns: await measureTurns(fewer) } : {}),
  ...(wants('suite') ? { suite: measureSuite(fewer) } : {}),
};

print(
  `Node ${report.node}, ${report.machine}, load ${report.loadBefore.toFixed(1)}; medians of ${rounds} interleaved runs`,
);
printStartup(report);
printWork(report);
if (values.compare !== undefined) compare(values.compare);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);

function printStartup({ startup }: Report): void {
  if (startup === undefined) return;
  const byHand = startup.rows.find(({ name }) => name.startsWith('by hand'))?.ratio ?? NaN;
  print("start-up               ms   to node -e 0   wanted   to by hand   files  modules  Node's  KB read");
  for (const { name, medianMs, ratio, target, loads } of startup.rows) {
    const wanted = target === undefined ? '' : `${target.toFixed(2)}${ratio > target ? ' ABOVE' : ''}`;
    const loaded =
      loads === undefined
        ? ''
        : `${column(loads.files, 6)} ${column(loads.modules, 8)} ${column(loads.builtins, 7)} ${column(loads.kilobytes, 8)}`;
    print(
      `  ${name.padEnd(24)} ${column(medianMs.toFixed(1), 6)} ${column(ratio.toFixed(2), 8)}   ${wanted.padEnd(11)} ${column((ratio / byHand).toFixed(2), 5)} ${loaded}`,
    );
  }
  print(`  peak memory of the cached quote: ${startup.memoryRatio.toFixed(2)} of node -e 0 (wanted 1.35)`);
}

function printWork({ cacheHits, chain, latency, planner, serve, turns, suite }: Report): void {
  if (cacheHits !== undefined)
    print(
      'cache hit, microseconds: read through the store, raw prepared read and JSON.parse, their ratio, from memory, from memory after a look whether others wrote',
    );
  for (const { bytes, fileUs, rawUs, memoryUs, checkedUs, ratio } of cacheHits ?? [])
    print(
      `  ${column(bytes, 7)} bytes  ${column(fileUs.toFixed(1), 8)}  ${column(rawUs.toFixed(1), 8)}  ${ratio.toFixed(2)}  ${memoryUs.toFixed(2)}  ${checkedUs.toFixed(2)}`,
    );
  if (chain !== undefined) {
    print(
      `chain of ${chain.contracts} contracts, ${Math.round(chain.bytes / 1024)} KB: parse ${chain.parseMs.toFixed(1)} ms (JSON.parse alone ${chain.jsonParseMs.toFixed(1)}, first ${chain.firstParseMs.toFixed(0)})`,
    );
    print(`  render ${chain.lines} lines ${chain.renderMs.toFixed(1)} ms (first ${chain.firstRenderMs.toFixed(0)})`);
  }
  if (latency !== undefined)
    print(
      'a provider 200 ms away, empty cache: ms, ideal, time above it in starts of node, rounds to the ideal, requests',
    );
  for (const row of latency?.rows ?? [])
    print(
      `  ${row.name.padEnd(28)} ${column(row.medianMs.toFixed(0), 6)}  ${column(row.idealMs, 5)}  ${column(row.nodeStartsAbove.toFixed(2), 5)}  ${row.rounds.toFixed(2)}  ${row.requests}`,
    );
  if (planner !== undefined)
    print(
      `planner: ${planner.medianMs.toFixed(2)} ms a question (p95 ${planner.p95Ms.toFixed(2)}, first ${planner.firstMs.toFixed(0)}) over ${planner.questions} questions`,
    );
  if (serve !== undefined)
    print(
      `serve: ${Math.round(serve.perSecond)} cached quotes a second, ${serve.ratio.toFixed(2)} of a bare node:http server (${Math.round(serve.bare)}; wanted 0.5), p99 ${serve.p99Ms.toFixed(0)} ms over 50 connections, ${serve.failed} failed`,
    );
  if (turns !== undefined) {
    const { session } = turns;
    print(
      `turn: own time ${turns.turnMs.toFixed(1)} ms (p95 ${turns.turnP95Ms.toFixed(1)}); 100 turns: ${session.earlyMs.toFixed(1)} -> ${session.lateMs.toFixed(1)} ms, heap ${session.earlyHeapMb.toFixed(1)} -> ${session.lateHeapMb.toFixed(1)} MB`,
    );
  }
  if (suite !== undefined)
    print(
      `batch suite: ${suite.passed} of ${suite.prompts} in ${suite.seconds.toFixed(1)} s, ${suite.providerCalls} provider calls, ${suite.tokens} tokens (earlier system ${EARLIER.seconds} s, ${EARLIER.tokens} tokens)`,
    );
}

/** What moved by more than a tenth is marked. */
function compare(file: string): void {
  const [before, now] = [JSON.parse(readFileSync(file, 'utf8')) as Report, report].map(listFigures);
  print(`against ${file}:`);
  for (const [name, value] of now ?? []) {
    const old = before?.get(name);
    if (old !== undefined)
      print(
        `  ${name.padEnd(42)} ${old.toFixed(2)} -> ${value.toFixed(2)}${Math.abs(value / old - 1) > 0.1 ? (value > old ? '  worse' : '  better') : ''}`,
      );
  }
}

function listFigures({
  startup,
  cacheHits,
  chain,
  latency,
  planner,
  serve,
  turns,
  suite,
}: Report): Map<string, number> {
  return new Map([
    ...(startup?.rows ?? []).map(({ name, ratio }): [string, number] => [`start: ${name}`, ratio]),
    ...(startup === undefined ? [] : ([['memory', startup.memoryRatio]] as [string, number][])),
    ...(cacheHits ?? []).map(({ bytes, ratio }): [string, number] => [`cache hit ${bytes} bytes`, ratio]),
    ...(chain === undefined
      ? []
      : ([
          ['chain parse ms', chain.parseMs],
          ['chain render ms', chain.renderMs],
        ] as [string, number][])),
    ...(latency?.rows ?? []).map(({ name, nodeStartsAbove }): [string, number] => [
      `latency: ${name}`,
      nodeStartsAbove,
    ]),
    // Below one is slower: turned round, so that more is worse as everywhere.
    ...(serve === undefined ? [] : ([['bare server to serve', 1 / serve.ratio]] as [string, number][])),
    ...(planner === undefined ? [] : ([['planner ms', planner.medianMs]] as [string, number][])),
    ...(turns === undefined
      ? []
      : ([
          ['turn ms', turns.turnMs],
          ['turns heap ratio', turns.session.heapRatio],
        ] as [string, number][])),
    ...(suite === undefined ? [] : ([['suite s', suite.seconds]] as [string, number][])),
  ]);
}

function column(value: number | string, width: number): string {
  return String(value).padStart(width);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
