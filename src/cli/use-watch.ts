// Says in a session when the use of the last hour deserves a look, each kind of warning once as long as it lasts.
// What deserves a look is decided in cache/health-warnings.ts.
import type { Runtime } from '../app/runtime.ts';
import { decideWarnings } from '../cache/health-warnings.ts';
import type { MachineMs } from '../domain/types.ts';
import type { Output } from './output.ts';

/** Looking costs a few reads of the cache file. */
const LOOK_EVERY_MS = 10_000;

/** Looks at most every ten seconds. */
export function createUseWatch(
  { counters }: Pick<Runtime, 'counters'>,
  output: Pick<Output, 'note'>,
  machineNow: () => MachineMs,
) {
  let lookedMs = -Infinity;
  let said = new Set<string>();
  return {
    /** After a question or command. */
    look: async () => {
      if (machineNow() - lookedMs < LOOK_EVERY_MS) return;
      lookedMs = machineNow();
      const warnings = decideWarnings(await counters.readRecent());
      const nameOf = ({ about, level }: (typeof warnings)[number]): string => `${level} ${about}`;
      for (const warning of warnings)
        if (!said.has(nameOf(warning))) output.note(`${warning.level}: ${warning.text}; ${warning.hint}`);
      said = new Set(warnings.map(nameOf));
    },
  };
}
