// How many sessions an expression needs, which columns of their bars it reads and what bars alone do not tell, found by
// working it out on made-up bars: a new field or function needs no word here.
import type { Bar, IsoDate } from '../domain/types.ts';
import type { Bound } from './bind.ts';
import { type Inputs, Missing } from './field.ts';
import { createRow } from './parts.ts';

export interface Reach {
  /** The fewest sessions with which all its figures are there. */
  sessions: number;
  /** How many of the newest it looks at, of as many as there can be: Infinity where more bars change the figure. */
  depth: number;
  columns: ReadonlySet<keyof Bar>;
  /** It has figures that no bars give: bid, implied volatility. */
  needsMore: boolean;
}

/** More than any window and number of sessions that can be written. */
const MOST_SESSIONS = 1024;

/** @param rowOf what is known of a symbol with these bars; @param dates as many as asked for, ascending */
export function reachOf(
  bounds: readonly Pick<Bound, 'figures'>[],
  rowOf: (bars: readonly Bar[]) => Inputs,
  dates: (count: number) => readonly IsoDate[],
): Reach {
  const reach = { sessions: 1, depth: 1, columns: new Set<keyof Bar>(), needsMore: false };
  const trace = { columns: reach.columns, earliest: MOST_SESSIONS };
  const days = dates(MOST_SESSIONS);
  const bars = Array.from({ length: MOST_SESSIONS }, (_, index) => new TracedBar(index, days[index] ?? '', trace));
  const untraced = bars.map((bar) => bar.copy());
  for (const { evaluate } of bounds.flatMap(({ figures }) => figures)) {
    const isThere = (length: number): boolean =>
      !(evaluate(createRow(rowOf(untraced.slice(-length)))) instanceof Missing);
    if (evaluate(createRow(rowOf(bars))) instanceof Missing) reach.needsMore = true;
    else reach.sessions = Math.max(reach.sessions, findLeast(isThere, reach.sessions));
  }
  const depth = MOST_SESSIONS - trace.earliest;
  return { ...reach, depth: depth === MOST_SESSIONS ? Infinity : Math.max(1, depth) };
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

/** A price that goes up and down, so that no figure of it is degenerate; tells which of its columns are read. */
class TracedBar implements Bar {
  readonly #index: number;
  readonly #date: IsoDate;
  readonly #trace: { columns: Set<keyof Bar>; earliest: number };

  constructor(index: number, date: IsoDate, trace: { columns: Set<keyof Bar>; earliest: number }) {
    this.#index = index;
    this.#date = date;
    this.#trace = trace;
  }

  #read<T>(name: keyof Bar, value: T): T {
    this.#trace.columns.add(name);
    if (name !== 'date') this.#trace.earliest = Math.min(this.#trace.earliest, this.#index);
    return value;
  }

  get #price(): number {
    return 100 + 10 * Math.sin(this.#index * 1.3) + 5 * Math.sin(this.#index / 40);
  }

  get date(): IsoDate {
    return this.#read('date', this.#date);
  }
  get close(): number {
    return this.#read('close', this.#price);
  }
  get open(): number {
    return this.#read('open', this.#price + Math.sin(this.#index));
  }
  get high(): number {
    return this.#read('high', this.#price + 2);
  }
  get low(): number {
    return this.#read('low', this.#price - 2);
  }
  get volume(): number {
    return this.#read('volume', 1_000_000 + 1_000 * (this.#index % 7));
  }

  /** Its figures, without a trace. */
  copy(): Bar {
    const price = this.#price;
    const [open, high, low] = [price + Math.sin(this.#index), price + 2, price - 2];
    return { date: this.#date, open, high, low, close: price, volume: 1_000_000 + 1_000 * (this.#index % 7) };
  }
}
