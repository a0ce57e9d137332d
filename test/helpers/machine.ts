// What a busy machine leaves to a test: processor time for what must not cost much, and the share of time that a timer gets.
import { setTimeout as delay } from 'node:timers/promises';

/** Processor time of this process in ms: the same on a busy machine, where the time on the wall is not. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const TICK_MS = 10;
/** What a tick takes on a quiet machine. */
const QUIET_TICK_MS = 11.5;

/** Ticks until it is asked: near 1 on a quiet machine, 0.5 where everything that waits for its turn takes twice as long. */
export function watchMachine(): () => Promise<number> {
  const startedMs = performance.now();
  let ticks = 0;
  const watch = { isOver: false };
  const ticking = (async () => {
    for (; !watch.isOver; ticks += 1) await delay(TICK_MS);
  })();
  return async () => {
    watch.isOver = true;
    await ticking;
    return Math.min(1, (ticks * QUIET_TICK_MS) / (performance.now() - startedMs));
  };
}
