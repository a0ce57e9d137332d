// Opens a full screen on its own standard output and then does what its argument says: for full-screen.test.ts.
import { writeSync } from 'node:fs';
import { openFullScreen } from '../../src/repl/full-screen.ts';

const how = process.argv[2];
const waiting = setInterval(() => undefined, 1_000);
process.once('SIGUSR2', () => {
  screen.close();
  clearInterval(waiting);
});
const screen = openFullScreen({
  stdin: process.stdin,
  stdout: process.stdout,
  write: (text) => void writeSync(1, text),
  render: () => ['one', 'two'],
  onKey: () => undefined,
  onEnd: () => undefined,
  machineNow: () => Date.now(),
});
if (how === 'crash') setTimeout(() => void JSON.parse('{'), 10);
if (how === 'reject') setTimeout(() => void Promise.reject(new Error('nobody heard')), 10);
if (how === 'exit') setTimeout(() => process.exit(3), 10);
