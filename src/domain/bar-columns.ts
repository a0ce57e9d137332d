// Daily bars as columns: a figure of all bars reads numbers in a row, and a bar is made only of what somebody looks at.
// Hides whether bars came as columns or one by one.
import { dateOfDayNumber, dayNumberOf } from './exchange-time.ts';
import type { Bar } from './types.ts';
import type { Numbers } from './windows.ts';

export type BarFigure = 'open' | 'high' | 'low' | 'close' | 'volume';

/** What figures read of bars, ascending: an array of them is one, too. */
export type Bars = Pick<readonly Bar[], 'length' | 'at' | 'slice'> & {
  column?(name: BarFigure): Numbers;
  newest?(count: number): Bars;
  dayAt?(index: number): number;
};

export function columnOf(bars: Bars, name: BarFigure): Numbers {
  return bars.column?.(name) ?? bars.slice().map((bar) => bar[name]);
}

/** An index has no volume: its bars say 0 of every session. */
export function volumesOf(bars: Bars): Numbers {
  const volumes = columnOf(bars, 'volume');
  let traded = 0;
  while (traded < volumes.length && volumes[traded] === 0) traded += 1;
  return traded < volumes.length ? volumes : Array.from(volumes, () => NaN);
}

/** The last so many, where there are as many. */
export function newestOf(bars: Bars, count: number): Bars {
  return bars.newest?.(count) ?? bars.slice(-count);
}

/** Days since the beginning of 1970; NaN where there is no bar. */
export function dayAt(bars: Bars, index: number): number {
  if (bars.dayAt !== undefined) return bars.dayAt(index);
  const bar = bars.at(index);
  return bar === undefined ? NaN : dayNumberOf(bar.date);
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
  /** As many as there are bars, days since the beginning of 1970; none of a vwap that no bar has, NaN where one has none. */
  readonly numbers: (name: BarFigure | 'vwap' | 'day') => Float64Array;
}

/** A column is worked out when it is asked for. */
export class ColumnBars implements Bars {
  readonly length: number;
  readonly #columns: BarColumns;
  readonly #start: number;
  readonly #last: Bar | undefined;
  readonly #whole: ColumnBars | undefined;
  #days: Float64Array | undefined;
  readonly #joined = new Map<BarFigure, Float64Array>();

  /** @param start index of the first; @param last a bar after them; @param whole what they are the newest of */
  constructor(columns: BarColumns, start = 0, last?: Bar, whole?: ColumnBars) {
    this.#columns = columns;
    this.#whole = whole;
    this.#start = start;
    this.#last = last;
    this.length = columns.length - start + (last === undefined ? 0 : 1);
  }

  column(name: BarFigure): Float64Array {
    if (this.#whole !== undefined) return this.#whole.column(name).subarray(this.#whole.length - this.length);
    const held = this.#joined.get(name);
    if (held !== undefined) return held;
    let joined = this.#columns.numbers(name).subarray(this.#start);
    if (this.#last !== undefined) {
      const finished = joined;
      joined = new Float64Array(this.length);
      joined.set(finished);
      joined[finished.length] = this.#last[name];
    }
    this.#joined.set(name, joined);
    return joined;
  }

  newest(count: number): ColumnBars {
    return new ColumnBars(this.#columns, this.#start + Math.max(0, this.length - count), this.#last, this);
  }

  /** With a bar after them. */
  followedBy(bar: Bar): ColumnBars {
    return new ColumnBars(this.#columns, this.#start, bar);
  }

  dayAt(index: number): number {
    const at = index + this.#start;
    if (at < this.#columns.length) return (this.#days ??= this.#columns.numbers('day'))[at] ?? NaN;
    return index < this.length && this.#last !== undefined ? dayNumberOf(this.#last.date) : NaN;
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
    const { numbers } = this.#columns;
    const [open, high, low, close] = [numbers('open'), numbers('high'), numbers('low'), numbers('close')];
    const [volume, vwap, day] = [numbers('volume'), numbers('vwap'), numbers('day')];
    const bars: Bar[] = [];
    for (let index = from + this.#start; index < to + this.#start; index += 1) {
      const bar: Bar = {
        date: dateOfDayNumber(day[index] ?? NaN),
        open: open[index] ?? NaN,
        high: high[index] ?? NaN,
        low: low[index] ?? NaN,
        close: close[index] ?? NaN,
        volume: volume[index] ?? NaN,
      };
      const average = vwap[index] ?? NaN;
      if (!Number.isNaN(average)) bar.vwap = average;
      bars.push(bar);
    }
    return bars;
  }
}
