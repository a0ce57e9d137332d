// How much of a provider's limit requests of a kind may use: what warming and watching leave to questions.
// Pure, so that who only asks how much there is loads no queue.
import type { Priority } from './http.ts';

/** The part of a limit that is left to others: warming leaves it to questions, a screen that refreshes itself to everyone. */
const KEPT_FREE: Record<Priority, number> = { question: 0, watch: 0.5, warm: 0.2 };

/** Slots that must stay free; a limit of one leaves nothing to warm or watch with. */
export function slotsKeptFree(priority: Priority, limitPerMinute: number): number {
  return Math.ceil(limitPerMinute * KEPT_FREE[priority]);
}

/** How many of a limit requests of a kind use, one at least; any number where there is no limit. */
export function usableSlots(priority: Priority, limitPerMinute: number | undefined): number {
  if (limitPerMinute === undefined) return Infinity;
  return Math.max(1, limitPerMinute - slotsKeptFree(priority, limitPerMinute));
}

/** A limit as it is now, with the reason where it is not the provider's own. */
export function describeLimit(usable: number, limitPerMinute: number): string {
  return usable < limitPerMinute
    ? `${usable} (a fifth of ${limitPerMinute} while the store is unreachable)`
    : String(usable);
}
