// Times whole commands side by side: every round runs each once, in an order of its own, and ratios are taken within a
// round, so that a machine whose speed drifts slows both alike.
import { spawnSync } from 'node:child_process';

export interface Command {
  name: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export interface Measured {
  name: string;
  medianMs: number;
  /** Median over the rounds of this command's time to the first command's in the same round. */
  ratio: number;
  runs: number;
}

/** @throws Error when a command fails: a fast failure would look like a fast answer. */
export function measureCommands(commands: readonly Command[], rounds: number): Measured[] {
  const times = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
  for (const command of commands) runOnce(command);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of shuffledIndexes(commands.length, round)) {
      const command = commands[index];
      if (command !== undefined) times.get(command.name)?.push(runOnce(command));
    }
  }
  const base = times.get(commands[0]?.name ?? '') ?? [];
  return commands.map(({ name }) => {
    const own = times.get(name) ?? [];
    return {
      name,
      medianMs: median(own),
      ratio: median(own.map((ms, round) => ms / (base[round] ?? ms))),
      runs: own.length,
    };
  });
}

function runOnce(command: Command): number {
  const started = process.hrtime.bigint();
  const result = spawnSync(process.execPath, command.args, {
    env: { ...cleanEnvironment(), ...command.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status !== 0)
    throw new Error(`${command.name} ended with ${String(result.status)}: ${result.stderr.toString().slice(0, 500)}`);
  return ms;
}

/** Peak resident memory of one run in bytes, as the process itself reports it at its end. */
export function measurePeakMemory(command: Command): number {
  const report = `process.on('exit', () => require('node:fs').writeSync(3, String(process.resourceUsage().maxRSS)))`;
  const preload = `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('/'); ${report}`)}`;
  const result = spawnSync(process.execPath, ['--import', preload, ...command.args], {
    env: { ...cleanEnvironment(), ...command.env },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return Number(result.output[3]?.toString() ?? Number.NaN) * 1024;
}

/** Nothing of the caller's keys and settings; NODE_EXTRA_CA_CERTS alone costs time on some Nodes. */
export function cleanEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

function shuffledIndexes(length: number, seed: number): number[] {
  let state = seed * 2_654_435_761 + 1;
  const indexes = Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = state % (index + 1);
    [indexes[index], indexes[other]] = [indexes[other] ?? 0, indexes[index] ?? 0];
  }
  return indexes;
}
