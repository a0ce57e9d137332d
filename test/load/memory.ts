// Memory of fin serve over time, under users who come, ask, stream and go.
import { type Section, check, residentMegabytes, sleep, startMarket } from '../soak/world.ts';
import { type Reply, createClient, renderSpread, spreadOf, startServing } from './server.ts';
import { trade } from './users.ts';

const USERS = 20;
/** Then a user closes its stream and another one comes. */
const VISIT_S = 10;
const PAUSE_MS = 1_000;
const LOOK_EVERY_MS = 2_000;
const PARTS = 10;
const MOST_GROWTH = 1.1;

export async function loadMemory(minutes: number): Promise<Section> {
  await using market = await startMarket();
  await using serving = await startServing(market);
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
  while (performance.now() < untilMs) {
    await sleep(LOOK_EVERY_MS);
    memory.push(residentMegabytes(serving.pid));
  }
  await Promise.all(users);
  const most = Array.from({ length: PARTS }, (_each, index) =>
    Math.max(...memory.slice((index * memory.length) / PARTS, ((index + 1) * memory.length) / PARTS)),
  );
  const [early = NaN, late = NaN] = [most[1], most.at(-1)];
  const spread = spreadOf(replies);
  return {
    title: 'Memory over time',
    how: `${USERS} users at a time for ${minutes} minutes, each with a stream, who ask about once a second and are replaced after ${VISIT_S} s; resident memory from /proc every ${LOOK_EVERY_MS / 1_000} s.`,
    findings: [
      check('errors', 'none', `${spread.errors}; ${renderSpread(spread)}`, spread.errors === 0),
      check('most of each tenth of the time', 'no bound', `${most.map((each) => each.toFixed(0)).join(', ')} MB`, true),
      check(
        'the second tenth and the last',
        'less than 10% more',
        `${early.toFixed(0)} and ${late.toFixed(0)} MB, ${((late / early - 1) * 100).toFixed(1)}%`,
        late / early < MOST_GROWTH,
      ),
    ],
  };
}
