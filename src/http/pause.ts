// Hides how work that grows with a payload lets timers and signals through: it pauses after each slice, and ends there
// where nobody waits for it any more.
/** Lets the process hear of deadlines and signals. Rejects where the work must end. */
export type Pause = () => Promise<void>;

/** What a slice may hold, so that it takes some ten milliseconds. */
export const ROWS_PER_SLICE = 1_000;

/** `check` throws where the work must end. */
export function createPause(check: () => void): Pause {
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    check();
  };
}

/** What `map` makes of the rows, slice after slice. */
export async function mapSlices<Row, T>(
  rows: readonly Row[],
  map: (slice: Row[]) => readonly T[],
  pause: Pause,
): Promise<T[]> {
  const made: T[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_SLICE) {
    for (const item of map(rows.slice(start, start + ROWS_PER_SLICE))) made.push(item);
    await pause();
  }
  return made;
}
