// What commands of the built program cost at the server: a trader's morning, a dashboard of fifty, 32 equal questions.
import { MORNING, groupByMoment } from '../helpers/morning.ts';
import { type Ended, type Section, check, createMachine, quotesOf, startMarket } from './world.ts';

const FIFTY =
  'AAPL MSFT NVDA AMZN GOOGL META TSLA AVGO JPM V MA UNH XOM JNJ WMT PG HD COST ORCL CVX MRK ABBV KO PEP BAC CRM NFLX AMD ADBE INTC QCOM CSCO T VZ DIS NKE BA CAT GE IBM GS MS C WFC PFE LLY MCD SPY QQQ IWM'.split(
    ' ',
  );

export async function soakThrift(): Promise<Section> {
  const cached = await playMorning([]);
  const fresh = await playMorning(['--refresh']);
  const share = cached.calls / fresh.calls;
  const dashboard = await playDashboard();
  const herd = await askTogether();
  return {
    title: 'Requests of the built program',
    how: 'Every command is its own process; the morning uses three terminals. FIN_NOW is while the market is open.',
    findings: [
      check(
        'morning of 60 commands, 8 symbols, 3 terminals: requests compared with the same run with --refresh',
        'at most 20%',
        `${cached.calls} of ${fresh.calls}, ${(share * 100).toFixed(1)}%`,
        share <= 0.2,
      ),
      check('its exit codes other than 0', 'none', cached.failed + fresh.failed, cached.failed + fresh.failed === 0),
      check('its quotes and chains older than their freshness', 'none', cached.tooOld, cached.tooOld === 0),
      check(
        'dashboard of 50 symbols (quotes, 3-month history and indicators of each), cold',
        'at most 52',
        dashboard.cold,
        dashboard.cold <= 52,
      ),
      check('the same within the hour, market open', 'at most 1', dashboard.again, dashboard.again <= 1),
      check('its exit codes other than 0', 'none', dashboard.failed, dashboard.failed === 0),
      check('32 processes ask for the same quote at once', '1 request', herd.calls, herd.calls === 1),
      check('their answers', 'all show the same figure', `${herd.good} of 32`, herd.good === 32),
    ],
  };
}

const FRESH_MS: Readonly<Record<string, number>> = { quote: 10_000, chain: 30_000 };

async function playMorning(flags: readonly string[]): Promise<{ calls: number; failed: number; tooOld: number }> {
  await using market = await startMarket();
  using machine = createMachine(market, { FIN_TRADIER_RPM: '100000' });
  let [failed, tooOld] = [0, 0];
  for (const commands of groupByMoment(MORNING)) {
    const now = commands[0]?.now ?? '';
    market.setNow(now);
    for (const { code, stdout } of await Promise.all(
      commands.map(({ args }) => machine.run([...args, ...flags, '--json'], { FIN_NOW: now })),
    )) {
      if (code !== 0) failed += 1;
      const { command, meta } = JSON.parse(stdout) as { command: string; meta: { ageMs: number } };
      if (meta.ageMs > (FRESH_MS[command] ?? Infinity)) tooOld += 1;
    }
  }
  return { calls: market.requests.length, failed, tooOld };
}

async function playDashboard(): Promise<{ cold: number; again: number; failed: number }> {
  await using market = await startMarket();
  using machine = createMachine(market, { FIN_TRADIER_RPM: '100000' });
  let failed = 0;
  const show = async (now: string): Promise<number> => {
    market.setNow(now);
    market.requests.length = 0;
    const env = { FIN_NOW: now };
    const runs: Ended[] = [await machine.run(['quote', ...FIFTY, '--json'], env)];
    for (let at = 0; at < FIFTY.length; at += 5)
      runs.push(
        ...(await Promise.all(
          FIFTY.slice(at, at + 5).map((symbol) =>
            machine.run(['history', symbol, '--range', 'past 3 months', '--json'], env),
          ),
        )),
      );
    runs.push(await machine.run(['ta', ...FIFTY, '--json'], env));
    failed += runs.filter(({ code }) => code !== 0).length;
    return market.requests.length;
  };
  const cold = await show('2026-11-19T10:00:00-05:00');
  return { cold, again: await show('2026-11-19T10:40:00-05:00'), failed };
}

async function askTogether(): Promise<{ calls: number; good: number }> {
  await using market = await startMarket();
  market.latencyMs = 400;
  using machine = createMachine(market);
  const now = market.now();
  const runs = await Promise.all(
    Array.from({ length: 32 }, () => machine.run(['quote', 'AAPL', '--json'], { FIN_NOW: now })),
  );
  const [first] = runs.flatMap(quotesOf);
  const good = runs.filter((run) => run.code === 0 && quotesOf(run)[0]?.last === first?.last && run.stderr === '');
  return { calls: market.requests.length, good: good.length };
}
