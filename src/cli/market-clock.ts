// The clock of a run: market time may start elsewhere than the machine's, and both run at the machine's speed.
import type { Clock, EpochMs } from '../domain/types.ts';

/** @param startAt market time now; undefined: the machine's */
export function startClock(startAt: EpochMs | undefined, machineNow: () => EpochMs): Clock {
  const aheadMs = startAt === undefined ? 0 : startAt - machineNow();
  return { now: () => machineNow() + aheadMs, machineNow };
}
