// Keeps the memory of a long session flat. V8 doubles the space for new objects, up to 128 MB, while answers produce
// garbage quickly, gives it back to nobody, and keeps what it needed to optimise a hot function.
import { setFlagsFromString } from 'node:v8';

/**
 * For a process that waits for a reader most of its time: a small space for new objects, an old space at most a fifth
 * larger than what lives in it, no last stage of optimisation. Without it 1,000 questions double the process
 * (docs/soak-report.md).
 */
export function keepMemorySteady(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=20', '--max-optimized-bytecode-size=0']) setFlagsFromString(flag);
}
