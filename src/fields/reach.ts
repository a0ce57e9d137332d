// How many sessions an expression needs, which columns of their bars it reads and what bars alone do not tell, found by
// working it out on made-up bars: a new field or function needs no word here.
import type { BarFigure } from '../domain/bar-columns.ts';
import type { Bar, IsoDate } from '../domain/types.ts';
import type { Bound } from './bind.ts';
import { type Inputs, Missing } from './field.ts';
import { createRow } from './parts.ts';

export interface Reach {
  /** The fewest sessions with which all its figures are there; Infinity where there cannot be as many. */
  sessions: number;
  /** How many of the newest it looks at, of as many as there can be: Infinity where more bars change the figure. */
  depth: number;
  /** Which columns it looks at, and how far back in each. */
  columns: ReadonlyMap<BarFigure, number>;
  /** It has figures that no bars give: bid, implied volatility. */
  needsMore: boolean;
}

/** More than any window and number of sessions that can be written. */
const MOST_SESSIONS = 1024;

/** @param rowOf what is known of a symbol with these bars; @param dayOf the date of the nth session from the newest back */
export function reachOf(
  bounds: readonly Pick<Bound, 'figures'>[],
  rowOf: (bars: readonly Bar[]) => Inputs,
  dayOf: (back: number) => IsoDate,
): Reach {
  const reach = { sessions: 1, needsMore: false };
  const trace = new Map<BarFigure, number>();
  const bars = Array.from({ length: MOST_SESSIONS }, (_, index) => new TracedBar(index, dayOf, trace));
  const figures = bounds.flatMap((bound) => bound.figures);
  for (const { evaluate } of figures) if (evaluate(createRow(rowOf(bars))) instanceof Missing) reach.needsMore = true;
  const columns = new Map(
    [...trace].map(([name, depth]) => [name, depth === MOST_SESSIONS ? Infinity : depth] as const),
  );
  for (const { evaluate } of figures) {
    const isThere = (length: number): boolean => {
      const inputs = { ...rowOf(bars.slice(-length)), heldSessions: length };
      return !(evaluate(createRow(inputs)) instanceof Missing);
    };
    if (isThere(MOST_SESSIONS)) reach.sessions = Math.max(reach.sessions, findLeast(isThere, reach.sessions));
    else if (!(evaluate(createRow(rowOf(bars))) instanceof Missing)) reach.sessions = Infinity;
  }
  return { ...reach, columns, depth: Math.max(1, ...columns.values()) };
}

/** The least length of which it is true, which stays true beyond. */
function findLeast(isThere: (length: number) => boolean, from: number): number {
  if (isThere(from)) return from;
  let [low, high] = [from, Math.min(from * 2, MOST_SESSIONS)];
  while (high < MOST_SESSIONS && !isThere(high)) [low, high] = [high, Math.min(high * 2, MOST_SESSIONS)];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isThere(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** A price that goes up and down, so that no figure of it is degenerate; tells how far back its columns are read. */
class TracedBar implements Bar {
  readonly #index: number;
  readonly #dayOf: (back: number) => IsoDate;
  readonly #trace: Map<BarFigure, number>;

  constructor(index: number, dayOf: (back: number) => IsoDate, trace: Map<BarFigure, number>) {
    this.#index = index;
    this.#dayOf = dayOf;
    this.#trace = trace;
  }

  #read(name: BarFigure, distance: number): number {
    const depth = MOST_SESSIONS - this.#index;
    if (depth > (this.#trace.get(name) ?? 0)) this.#trace.set(name, depth);
    return 100 + 10 * Math.sin(this.#index * 1.3) + 5 * Math.sin(this.#index / 40) + distance;
  }

  get date(): IsoDate {
    return this.#dayOf(MOST_SESSIONS - 1 - this.#index);
  }
  get close(): number {
    return this.#read('close', 0);
  }
  get open(): number {
    return this.#read('open', Math.sin(this.#index));
  }
  get high(): number {
    return this.#read('high', 2);
  }
  get low(): number {
    return this.#read('low', -2);
  }
  get volume(): number {
    return this.#read('volume', 1_000_000);
  }
}
