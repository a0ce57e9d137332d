// One, ten and a hundred users in the mix of a trading morning: first all of them on a cold cache, then at their own pace.
import { createRandom } from '../helpers/random.ts';
import { WATCHED } from '../helpers/morning.ts';
import { type Finding, type Section, type SoakMarket, check, sleep, startMarket } from '../soak/world.ts';
import { type Client, type Reply, createClient, renderSpread, spreadOf, startServing } from './server.ts';

const TRADED = WATCHED.slice(0, 4);
/** What is only ever streamed, so that its requests can be told from the others'. */
const STREAMED = ['IWM', 'DIA'] as const;
type Ask = (client: Client, symbol: string) => Promise<Reply>;
const KINDS = {
  quote: (client, symbol) => client.get(`/api/v1/quote?symbols=${symbol}`),
  quotes: (client) => client.get(`/api/v1/quote?symbols=${TRADED.join(',')}`),
  chain: (client, symbol) => client.get(`/api/v1/chain?symbols=${symbol}&expiration=friday&strikes=10`),
  history: (client, symbol) => client.get(`/api/v1/history?symbols=${symbol}&range=past+3+months`),
  ask: (client, symbol) => client.ask(`what is ${symbol} trading at`),
} satisfies Record<string, Ask>;
type Kind = keyof typeof KINDS;
const MIX: readonly Kind[] = ['quote', 'quote', 'quotes', 'chain', 'history', 'ask'];
const LEVELS = [
  // One user at the pace of people would ask too little to tell a 95th percentile.
  { users: 1, pauseMs: 50 },
  { users: 10, pauseMs: 2_000 },
  { users: 100, pauseMs: 2_000 },
];

export async function loadUsers(seconds: number): Promise<Section> {
  const findings: Finding[] = [];
  let [ideal, aloneMs] = [NaN, NaN];
  for (const { users, pauseMs } of LEVELS) {
    await using market = await startMarket();
    await using serving = await startServing(market, { isLasting: true });
    const clients = Array.from({ length: users }, (_each, index) => createClient(serving, `user-${index}`));
    const streams = clients.map((client, index) => client.watch(STREAMED[index % STREAMED.length] ?? ''));
    const cold = (await Promise.all(clients.map(askAll))).flat();
    const calls = countAsked(market);
    if (users === 1) ideal = calls;
    const warm = (await Promise.all(clients.map((client, index) => trade(client, index, { seconds, pauseMs })))).flat();
    const quotes = warm.filter(({ kind }) => kind.startsWith('quote'));
    const late = countAsked(market) - calls;
    for (const client of clients) client[Symbol.dispose]();
    const coldSpread = spreadOf(cold);
    const spread = spreadOf(warm);
    const quoteSpread = spreadOf(quotes);
    if (users === 1) aloneMs = spread.p95;
    const name = users === 1 ? '1 user' : `${users} users`;
    const errors = coldSpread.errors + spread.errors;
    const silent = streams.filter(({ events }) => events() === 0).length;
    findings.push(
      check(`${name}: errors, and streams without an event`, 'none', `${errors} and ${silent}`, errors + silent === 0),
      check(`${name}, all at once, cold`, 'no limit', renderSpread(coldSpread), true),
      check(`${name}: provider calls for that, without streams`, `${ideal}, as for one user`, calls, calls === ideal),
      check(`${name}: provider calls for cached data, without streams`, 'none', late, late === 0),
      check(`${name} in steady use: quotes`, 'no limit', renderSpread(quoteSpread), true),
      check(
        `${name} in steady use: all requests`,
        users === 1 ? 'no limit' : `p95 at most twice the ${aloneMs.toFixed(1)} ms of one user`,
        renderSpread(spread),
        users === 1 || spread.p95 <= 2 * aloneMs,
      ),
    );
  }
  return {
    title: 'Users of a trading morning',
    how: `Half quotes, then chains, bars of three months and questions to the built-in planner, over ${TRADED.length} symbols, while the market is open, plus one stream per user. First all users start at the same moment on a cold cache and ask everything, one item after another. Then each asks at random for ${seconds} s, pausing 2 s on average (a single user: 50 ms). The exchange and the clients share one process on the same machine.`,
    findings,
  };
}

/** Streams aside. */
function countAsked({ requests }: SoakMarket): number {
  return requests.filter(({ url, body }) => !STREAMED.some((symbol) => `${url} ${body}`.includes(symbol))).length;
}

async function askAll(client: Client): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const symbol of TRADED) for (const ask of Object.values<Ask>(KINDS)) replies.push(await ask(client, symbol));
  return replies;
}

export interface Pace {
  seconds: number;
  pauseMs: number;
}

/** Asks at random until the time is over; a seed for each user. */
export async function trade(
  client: Client,
  user: number,
  { seconds, pauseMs }: Pace,
): Promise<(Reply & { kind: Kind })[]> {
  const random = createRandom(user + 1);
  const replies: (Reply & { kind: Kind })[] = [];
  const untilMs = performance.now() + seconds * 1_000;
  while (performance.now() < untilMs) {
    await sleep(random.next() * 2 * pauseMs);
    const kind = random.pick(MIX);
    const ask: Ask = KINDS[kind];
    replies.push({ ...(await ask(client, random.pick(TRADED))), kind });
  }
  return replies;
}
