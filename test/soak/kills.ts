// Eight fin processes at a time on one cache file, killed with SIGKILL at random moments for two minutes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createRandom } from '../helpers/random.ts';
import { type Ended, type Section, check, createMachine, quotesOf, sleep, startMarket } from './world.ts';

const PROCESSES = 8;
const DURATION_MS = 120_000;
const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'AMD', 'TSLA', 'META', 'SPY', 'QQQ'];
const LONGEST_LIFE_MS = 2_000;

export async function soakKills(): Promise<Section> {
  await using market = await startMarket();
  market.latencyMs = 20;
  using machine = createMachine(market, { FIN_TRADIER_RPM: '100000' });
  const untilMs = Date.now() + DURATION_MS;
  const finished: Ended[] = [];
  let killed = 0;

  async function work(seed: number): Promise<void> {
    const random = createRandom(seed);
    while (Date.now() < untilMs) {
      const symbol = random.pick(SYMBOLS);
      const args = random.pick([
        ['quote', symbol, random.pick(SYMBOLS), '--json'],
        ['bundle', symbol, '--json'],
        ['history', symbol, '--json'],
        ['cache', 'warm', symbol, '--json'],
      ]);
      const { child, ended } = machine.start(args);
      const timer = setTimeout(() => void child.kill('SIGKILL'), random.next() * LONGEST_LIFE_MS);
      const run = await ended;
      clearTimeout(timer);
      if (run.code === null) killed += 1;
      else finished.push(run);
    }
  }

  await Promise.all(Array.from({ length: PROCESSES }, (_, index) => work(index + 1)));
  await sleep(100);
  const last = await machine.run(['quote', ...SYMBOLS, '--json'], { FIN_NOW: '2026-11-19T12:00:00-05:00' });
  const held = await machine.run(['quote', ...SYMBOLS, '--offline', '--json'], {
    FIN_NOW: '2026-11-19T12:00:00-05:00',
  });
  const quotes = [...finished, last, held].filter((run) => run.stdout.includes('"command": "quote"')).flatMap(quotesOf);
  const wrong = quotes.filter(({ symbol, last: figure }) => !market.hasSaid(symbol, figure));
  const failed = finished.filter(({ code }) => code !== 0);
  const troubled = [...finished, last, held].filter(({ stderr }) => /locked|damaged|sqlite|cache:/i.test(stderr));
  const files = readdirSync(machine.cacheDir);
  return {
    title: 'Processes killed at random',
    how: `${PROCESSES} workers run quote, bundle, history and cache warm for eight symbols on one cache file for ${DURATION_MS / 1000} s; each process gets SIGKILL after up to ${LONGEST_LIFE_MS} ms.`,
    findings: [
      check(
        'processes killed, and finished by themselves',
        'hundreds of both',
        `${killed} and ${finished.length}`,
        killed > 100 && finished.length > 100,
      ),
      check(
        'those that finished by themselves: exit codes other than 0',
        'none',
        describe(failed),
        failed.length === 0,
      ),
      check(
        'runs that reported a locked, damaged or abandoned cache file',
        'none',
        describe(troubled),
        troubled.length === 0,
      ),
      check(
        'SQLite integrity check after the storm',
        'ok',
        integrityOf(join(machine.cacheDir, 'cache.sqlite')),
        integrityOf(join(machine.cacheDir, 'cache.sqlite')) === 'ok',
      ),
      check(
        'files set aside',
        'none',
        files.filter((name) => !/^cache\.sqlite(-wal|-shm)?$/.test(name)).join(' ') || 'none',
        files.every((name) => /^cache\.sqlite(-wal|-shm)?$/.test(name)),
      ),
      check('figures that the exchange never sent', 'none', `${wrong.length} of ${quotes.length}`, wrong.length === 0),
      check(
        'all symbols at once right after',
        'exit 0 within 2 s: no lock or lease is left',
        `exit ${String(last.code)} after ${Math.round(last.ms)} ms`,
        last.code === 0 && last.ms < 2_000,
      ),
    ],
  };
}

function describe(runs: readonly Ended[]): string {
  const [first] = runs;
  return first === undefined
    ? 'none'
    : `${runs.length}, such as exit ${String(first.code)}: ${first.stderr.slice(0, 200).replaceAll('\n', ' ')}`;
}

function integrityOf(path: string): string {
  const database = new DatabaseSync(path);
  try {
    return String(database.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
  } finally {
    database.close();
  }
}
