// Six fin processes at a time on limits of 5 and 20 requests a minute, over real minutes, counted at the server.
import {
  type Ended,
  type Finding,
  type Section,
  type SoakMarket,
  check,
  createMachine,
  quotesOf,
  startMarket,
} from './world.ts';

const PROCESSES = 6;
const WINDOW_MS = 60_000;
const DURATION_MS = 190_000;
const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA', 'META'];

export async function soakLimits(): Promise<Section> {
  const parts = await Promise.all([soakOne('polygon', 5), soakOne('tradier', 20)]);
  return {
    title: 'Limits over real minutes',
    how: `${PROCESSES} workers start \`fin quote SYMBOL --refresh --provider P --timeout 150\` in a row for ${DURATION_MS / 1000} s on one cache folder; a seventh occasionally asks with \`--timeout 3\`.`,
    findings: parts.flat(),
  };
}

async function soakOne(provider: 'polygon' | 'tradier', limit: number): Promise<Finding[]> {
  await using market = await startMarket();
  using machine = createMachine(market, {
    MASSIVE_API_KEY: 'soak-polygon-key',
    MASSIVE_BASE_URL: market.baseUrl,
    FIN_POLYGON_RPM: String(limit),
    FIN_TRADIER_RPM: String(limit),
  });
  const untilMs = Date.now() + DURATION_MS;
  const ended: Ended[] = [];
  const hasty: Ended[] = [];
  const ask = (symbol: string, timeout: number): Promise<Ended> =>
    machine.run(['quote', symbol, '--refresh', '--provider', provider, '--timeout', String(timeout), '--json']);

  async function work(symbol: string): Promise<void> {
    while (Date.now() < untilMs) ended.push(await ask(symbol, 150));
  }

  async function ruin(): Promise<void> {
    while (Date.now() < untilMs - 20_000) {
      await new Promise((done) => setTimeout(done, 20_000));
      hasty.push(await ask('SPY', 3));
    }
  }

  await Promise.all([...SYMBOLS.map(work), ruin()]);
  return judge(provider, limit, market, ended, hasty);
}

function judge(
  provider: string,
  limit: number,
  market: SoakMarket,
  ended: readonly Ended[],
  hasty: readonly Ended[],
): Finding[] {
  const arrivals = market.requests.map(({ atMs }) => atMs).sort((a, b) => a - b);
  const busiest = Math.max(
    ...arrivals.map((start) => arrivals.filter((at) => at >= start && at < start + WINDOW_MS).length),
  );
  // Whole windows only: the last one is cut off by the end of the run.
  const turns = Math.floor((arrivals.length - 1) / limit);
  const used = (turns * WINDOW_MS) / ((arrivals[turns * limit] ?? NaN) - (arrivals[0] ?? NaN));
  const good = ended.filter(
    (run) => run.code === 0 && quotesOf(run).every(({ symbol, last }) => market.hasSaid(symbol, last)),
  );
  const locked = [...ended, ...hasty].filter(({ stderr }) => /locked|SQLITE/i.test(stderr));
  const refused = hasty.filter(({ code }) => code === 5);
  const slowest = Math.max(0, ...refused.map(({ ms }) => ms));
  const name = `${provider}, ${limit} a minute`;
  return [
    check(`${name}: most requests in any 60 s, counted at the server`, `at most ${limit}`, busiest, busiest <= limit),
    check(
      `${name}: share of the allowed requests used while there was work`,
      'at least 95%',
      `${(used * 100).toFixed(1)}% over ${turns} windows, ${arrivals.length} requests`,
      turns >= 2 && used >= 0.95,
    ),
    check(`${name}: correct answers`, 'all', `${good.length} of ${ended.length}`, good.length === ended.length),
    check(
      `${name}: impatient requests (3 s) refused in time`,
      'exit 5 within 4 s, or answered',
      `${refused.length} refused of ${hasty.length}, slowest ${Math.round(slowest)} ms`,
      hasty.every(({ code, ms }) => (code === 5 || code === 0) && ms < 4_500),
    ),
    check(`${name}: runs that reported a locked database`, 'none', locked.length, locked.length === 0),
  ];
}
