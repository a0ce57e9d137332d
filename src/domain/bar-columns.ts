// Daily bars as columns: a figure of all bars reads numbers in a row, and a bar is made only of what somebody looks at.
// Hides whether bars came as columns or one by one.
import type { Bar, IsoDate } from './types.ts';

export type BarFigure = 'open' | 'high' | 'low' | 'close' | 'volume';

/** What figures read of bars, ascending: an array of them is one, too. */
export type Bars = Pick<readonly Bar[], 'length' | 'at' | 'slice'> & {
  column?(name: BarFigure): readonly number[];
};

export function columnOf(bars: Bars, name: BarFigure): readonly number[] {
  return bars.column?.(name) ?? bars.slice().map((bar) => bar[name]);
}

/** Columns of equal length; a missing vwap is null. */
export interface BarColumns extends Readonly<Record<BarFigure, readonly number[]>> {
  date: readonly IsoDate[];
  vwap?: readonly (number | null)[];
}

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
    this.length = columns.date.length - start + (last === undefined ? 0 : 1);
  }

  column(name: BarFigure): readonly number[] {
    const held = this.#joined.get(name);
    if (held !== undefined) return held;
    const finished = this.#start === 0 ? this.#columns[name] : this.#columns[name].slice(this.#start);
    const joined = this.#last === undefined ? finished : finished.concat(this.#last[name]);
    this.#joined.set(name, joined);
    return joined;
  }

  at(index: number): Bar | undefined {
    return this.slice(index, index + 1 || this.length)[0];
  }

  slice(start = 0, end = this.length): Bar[] {
    const bars: Bar[] = [];
    const from = start < 0 ? Math.max(0, start + this.length) : start;
    const to = end < 0 ? end + this.length : Math.min(end, this.length);
    for (let index = from; index < to; index += 1) bars.push(this.#barAt(index + this.#start));
    return bars;
  }

  #barAt(index: number): Bar {
    const { date, open, high, low, close, volume, vwap } = this.#columns;
    if (this.#last !== undefined && index === date.length) return this.#last;
    const bar: Bar = {
      date: date[index] ?? '',
      open: open[index] ?? NaN,
      high: high[index] ?? NaN,
      low: low[index] ?? NaN,
      close: close[index] ?? NaN,
      volume: volume[index] ?? NaN,
    };
    const average = vwap?.[index];
    if (typeof average === 'number') bar.vwap = average;
    return bar;
  }
}
