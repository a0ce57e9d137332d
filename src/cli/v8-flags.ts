// Keeps the memory of a long session flat. V8 doubles the space for new objects, up to 128 MB, while answers produce
// garbage quickly, and gives it back to nobody.
import { setFlagsFromString } from 'node:v8';

/**
 * For a process that waits for a reader most of its time memory goes before speed: without these the process triples
 * over 1,000 questions (docs/soak-report.md); with them it stays within a tenth.
 */
export function setV8Flags(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=20']) setFlagsFromString(flag);
}
