// Memory of fin serve over time, under users who come, ask, stream and go. What lives is judged: the resident memory also
// has the room that the collector of garbage takes while nobody else needs it.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Section, check, residentMegabytes, sleep, startMarket } from '../soak/world.ts';
import { type Reply, type Serving, createClient, renderSpread, spreadOf, startServing } from './server.ts';
import { trade } from './users.ts';

const USERS = 20;
/** Then a user closes its stream and another one comes. */
const VISIT_S = 10;
const PAUSE_MS = 1_000;
const LOOK_EVERY_MS = 2_000;
const PARTS = 10;
const MOST_GROWTH = 1.1;
const MOST_RESIDENT_MB = 512;
const SETTLE_MS = 1_500;

export async function loadMemory(minutes: number): Promise<Section> {
  await using market = await startMarket();
  await using serving = await startServing(market, { env: { NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2' } });
  const untilMs = performance.now() + minutes * 60_000;
  const replies: Reply[] = [];
  const users = Array.from({ length: USERS }, async (_each, index) => {
    for (let visit = 0; performance.now() < untilMs; visit += 1) {
      using client = createClient(serving, `user-${index}-${visit}`);
      client.watch('IWM');
      replies.push(...(await trade(client, index + visit * USERS, { seconds: VISIT_S, pauseMs: PAUSE_MS })));
    }
  });
  const memory: number[] = [];
  const look = async (endMs: number): Promise<void> => {
    while (performance.now() < endMs) {
      await sleep(LOOK_EVERY_MS);
      memory.push(residentMegabytes(serving.pid));
    }
  };
  await look(untilMs - minutes * 60_000 * (1 - 2 / PARTS));
  const liveEarly = await liveMegabytes(serving);
  await look(untilMs);
  await Promise.all(users);
  const most = Array.from({ length: PARTS }, (_each, index) =>
    Math.max(...memory.slice((index * memory.length) / PARTS, ((index + 1) * memory.length) / PARTS)),
  );
  const live = await liveMegabytes(serving);
  const spread = spreadOf(replies);
  const failed = replies.filter(({ status }) => status !== 200);
  const failures = new Set(failed.map(({ status, body }) => (status === 0 ? body : String(status))));
  return {
    title: 'Memory over time',
    how: `${USERS} users at a time for ${minutes} minutes, each with a stream. They ask about once a second and are replaced after ${VISIT_S} s. Resident memory comes from /proc every ${LOOK_EVERY_MS / 1_000} s, live heap from heap snapshots, each of which stops the server.`,
    findings: [
      check(
        'errors',
        'none',
        `${[spread.errors, ...failures].join(', ')}; ${renderSpread(spread)}`,
        spread.errors === 0,
      ),
      check(
        'peak resident memory in each tenth of the run',
        `at most ${MOST_RESIDENT_MB} MB`,
        `${most.map((each) => each.toFixed(0)).join(', ')} MB`,
        Math.max(...most) <= MOST_RESIDENT_MB,
      ),
      check(
        'live heap after a fifth of the run and at the end',
        'less than 10% more',
        `${liveEarly.toFixed(1)} and ${live.toFixed(1)} MB, ${((live / liveEarly - 1) * 100).toFixed(1)}%`,
        live / liveEarly < MOST_GROWTH,
      ),
    ],
  };
}

/** By a heap snapshot: the second, because what the first one's collection sets free is let go only after it. */
async function liveMegabytes({ pid, machine }: Serving): Promise<number> {
  await takeSnapshot(pid, machine.env['HOME'] ?? '');
  await sleep(SETTLE_MS);
  return takeSnapshot(pid, machine.env['HOME'] ?? '');
}

interface Snapshot {
  snapshot: { meta: { node_fields: string[] } };
  nodes: number[];
}

/** Megabytes of all that it holds. */
async function takeSnapshot(pid: number, folder: string): Promise<number> {
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    await sleep(SETTLE_MS);
    const name = readdirSync(folder).find((each) => each.endsWith('.heapsnapshot'));
    const text = name === undefined ? '' : readFileSync(join(folder, name), 'utf8');
    // Still being written until its last bracket.
    if (name === undefined || !text.trimEnd().endsWith('}')) continue;
    rmSync(join(folder, name));
    const { snapshot, nodes } = JSON.parse(text) as Snapshot;
    const fields = snapshot.meta.node_fields;
    const at = fields.indexOf('self_size');
    return nodes.reduce((sum, each, index) => (index % fields.length === at ? sum + each : sum), 0) / 1e6;
  }
}
