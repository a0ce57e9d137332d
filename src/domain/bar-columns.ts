// Daily bars as columns: a figure of all bars reads numbers in a row, and a bar is made only of what somebody looks at.
// Hides whether bars came as columns or one by one.
import type { Bar, IsoDate } from './types.ts';

export type BarFigure = 'open' | 'high' | 'low' | 'close' | 'volume';

/** What figures read of bars, ascending: an array of them is one, too. */
export type Bars = Pick<readonly Bar[], 'length' | 'at' | 'slice'> & {
  column?(name: BarFigure): readonly number[];
  newest?(count: number): Bars;
  dateAt?(index: number): IsoDate | undefined;
};

export function columnOf(bars: Bars, name: BarFigure): readonly number[] {
  return bars.column?.(name) ?? bars.slice().map((bar) => bar[name]);
}

/** The last so many, where there are as many. */
export function newestOf(bars: Bars, count: number): Bars {
  return bars.newest?.(count) ?? bars.slice(-count);
}

export function dateAt(bars: Bars, index: number): IsoDate | undefined {
  return bars.dateAt === undefined ? bars.at(index)?.date : bars.dateAt(index);
}

/** What several figures need, worked out once for the same bars. */
export function onceForBars<Made>(make: (bars: Bars) => Made): (bars: Bars) => Made {
  const made = new WeakMap<Bars, Made>();
  return (bars) => {
    const held = made.get(bars) ?? make(bars);
    made.set(bars, held);
    return held;
  };
}

/** Bars as they are held. */
export interface BarColumns {
  readonly length: number;
  readonly dateAt: (index: number) => IsoDate;
  /** As many as there are bars; none of a vwap that no bar has, and no number where one has none. */
  readonly numbers: (name: BarFigure | 'vwap') => readonly number[];
}

/** A column is worked out when it is asked for. */
export class ColumnBars implements Bars {
  readonly length: number;
  readonly #columns: BarColumns;
  readonly #start: number;
  readonly #last: Bar | undefined;
  readonly #joined = new Map<BarFigure, readonly number[]>();

  /** @param start index of the first; @param last a bar after them */
  constructor(columns: BarColumns, start = 0, last?: Bar) {
    this.#columns = columns;
    this.#start = start;
    this.#last = last;
    this.length = columns.length - start + (last === undefined ? 0 : 1);
  }

  column(name: BarFigure): readonly number[] {
    const held = this.#joined.get(name);
    if (held !== undefined) return held;
    const all = this.#columns.numbers(name);
    const finished = this.#start === 0 ? all : all.slice(this.#start);
    const joined = this.#last === undefined ? finished : finished.concat(this.#last[name]);
    this.#joined.set(name, joined);
    return joined;
  }

  newest(count: number): ColumnBars {
    return new ColumnBars(this.#columns, this.#start + Math.max(0, this.length - count), this.#last);
  }

  /** With a bar after them. */
  followedBy(bar: Bar): ColumnBars {
    return new ColumnBars(this.#columns, this.#start, bar);
  }

  dateAt(index: number): IsoDate | undefined {
    const at = index + this.#start;
    if (at < this.#columns.length) return this.#columns.dateAt(at);
    return index < this.length ? this.#last?.date : undefined;
  }

  at(index: number): Bar | undefined {
    return this.slice(index, index + 1 || this.length)[0];
  }

  slice(start = 0, end = this.length): Bar[] {
    const finished = this.#columns.length - this.#start;
    const from = start < 0 ? Math.max(0, start + this.length) : start;
    const to = end < 0 ? end + this.length : Math.min(end, this.length);
    const bars = from < to && from < finished ? this.#make(from, Math.min(to, finished)) : [];
    if (this.#last !== undefined && from <= finished && to > finished) bars.push(this.#last);
    return bars;
  }

  #make(from: number, to: number): Bar[] {
    const { numbers, dateAt: dateOf } = this.#columns;
    const [open, high, low, close] = [numbers('open'), numbers('high'), numbers('low'), numbers('close')];
    const [volume, vwap] = [numbers('volume'), numbers('vwap')];
    const bars: Bar[] = [];
    for (let index = from + this.#start; index < to + this.#start; index += 1) {
      const bar: Bar = {
        date: dateOf(index),
        open: open[index] ?? NaN,
        high: high[index] ?? NaN,
        low: low[index] ?? NaN,
        close: close[index] ?? NaN,
        volume: volume[index] ?? NaN,
      };
      const average = vwap[index];
      if (typeof average === 'number') bar.vwap = average;
      bars.push(bar);
    }
    return bars;
  }
}
