// An hour of fin watch on a terminal: memory, processor, frames and requests while fifty rows move all the time.
import { readFileSync } from 'node:fs';
import { FIFTY_SYMBOLS } from '../bench/wide-table.ts';
import { createHome } from '../helpers/run-fin.ts';
import { openTerminal } from '../helpers/terminal.ts';
import { type Section, check, residentMegabytes, sleep, startMarket } from './world.ts';

const MINUTES = Number(process.env['SOAK_WATCH_MINUTES'] ?? '60');
const SAMPLES_A_MINUTE = 6;
const LIMIT = 120;
/** The exchange's clock, so that every row moves between two looks; half an hour of it is five hours of the session. */
const SPEED = 10;
const START = '2026-11-19T09:30:00-05:00';
const TICKS_A_SECOND = 100;
const FRAME = '\u001b[?2026h';

export async function soakWatch(): Promise<Section> {
  await using market = await startMarket(START, SPEED);
  await using home = await createHome({
    TRADIER_ACCESS_TOKEN: 'soak-tradier-token',
    TRADIER_BASE_URL: market.baseUrl,
    FIN_TRADIER_RPM: String(LIMIT),
    FIN_NOW: market.now(),
  });
  await using terminal = await openTerminal(home, ['watch', ...FIFTY_SYMBOLS], { columns: 140, rows: 60 });
  await terminal.shows('HOOD');
  const pid = Number(/@\/dev\/\S+ (\d+)@/.exec(terminal.sent)?.[1]);
  const memory: number[] = [];
  const frames: number[] = [];
  const ticksAtStart = processorTicks(pid);
  const startedMs = performance.now();
  for (let sample = 0; sample < MINUTES * SAMPLES_A_MINUTE; sample += 1) {
    const before = terminal.sent.length;
    const fromMs = performance.now();
    await sleep(60_000 / SAMPLES_A_MINUTE);
    const drawn = terminal.sent.slice(before).split(FRAME).length - 1;
    frames.push((drawn * 1_000) / (performance.now() - fromMs));
    memory.push(residentMegabytes(pid));
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  const share = (100 * (processorTicks(pid) - ticksAtStart)) / TICKS_A_SECOND / seconds;
  terminal.type('q');
  const code = await terminal.ended;
  const tenth = Math.ceil(memory.length / 10);
  const early = Math.max(...memory.slice(tenth, 2 * tenth));
  const late = Math.max(...memory.slice(-tenth));
  const most = mostInAMinute(market.requests.map(({ atMs }) => atMs));
  const fastest = Math.max(...frames);
  return {
    title: 'An hour of watch',
    how: `\`fin watch\` of 50 symbols on a terminal of 140 x 60 for ${String(MINUTES)} minutes, market open, the exchange's clock at ${String(SPEED)} times normal speed, ${String(LIMIT)} requests a minute; memory and CPU come from /proc every ${String(60 / SAMPLES_A_MINUTE)} s.`,
    findings: [
      check(
        'peak resident memory in the second and in the last tenth',
        'less than 10% more',
        `${early.toFixed(0)} MB and ${late.toFixed(0)} MB`,
        late < early * 1.1,
      ),
      check('CPU', 'under 5% of one core', `${share.toFixed(1)}%`, share < 5),
      check('highest frame rate over 10 s, per second', 'at most 4', fastest.toFixed(2), fastest <= 4),
      check('most requests in any minute', `at most ${String(LIMIT / 2)}`, String(most), most <= LIMIT / 2),
      check(
        'requests in total',
        'at least one every three seconds',
        `${String(market.requests.length)} in ${seconds.toFixed(0)} s`,
        market.requests.length > seconds / 3,
      ),
      check('quit with q', 'exit 0', `exit ${String(code)}`, code === 0),
    ],
  };
}

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 60_000).length));
}

function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
