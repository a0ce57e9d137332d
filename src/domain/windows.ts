// Windows over a plain series of numbers: the means, deviations and extremes that indicators and volatilities are built
// of. A result ends with the last value: element i belongs to value i + (values − results); too few values give [].

/** A row of numbers, an array or as it is held. */
export interface Numbers {
  readonly length: number;
  readonly [index: number]: number;
  at(index: number): number | undefined;
  slice(start?: number, end?: number): Numbers;
}

/** The moving averages that traders watch, in sessions: `ta` shows them, columns and words offer them. */
export const AVERAGE_WINDOWS = [5, 10, 20, 50, 200] as const;

/** Of what is computed over a number of sessions that somebody names. */
export const MIN_WINDOW = 2;
export const MAX_WINDOW = 400;

/** Mean of the values from `start` to before `end`. */
export function meanOf(values: Numbers, start: number, end: number): number {
  let sum = 0;
  for (let index = start; index < end; index += 1) sum += values[index] ?? NaN;
  return sum / (end - start);
}

/** Of any number of values; the mean of the two in the middle of an even number. */
export function medianOf(values: readonly number[]): number | undefined {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  const [low, high] = [ascending[Math.floor(middle)], ascending[Math.ceil(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Sum of squared deviations from their mean of the values from `start` to before `end`. */
export function squaredDeviations(values: Numbers, start: number, end: number): number {
  const mean = meanOf(values, start, end);
  let sum = 0;
  for (let index = start; index < end; index += 1) sum += ((values[index] ?? NaN) - mean) ** 2;
  return sum;
}

/** Simple moving average. Each window is summed anew: a running sum keeps the error of prices long gone. */
export function smaSeries(values: Numbers, window: number): number[] {
  const result: number[] = [];
  for (let end = window; end <= values.length; end += 1) result.push(meanOf(values, end - window, end));
  return result;
}

/** Sample variance (mean removed, divided by `window` − 1) of each `window` values, at least 2. */
export function varianceSeries(values: Numbers, window: number): number[] {
  const result: number[] = [];
  if (window < 2) return result;
  for (let end = window; end <= values.length; end += 1) {
    result.push(squaredDeviations(values, end - window, end) / (window - 1));
  }
  return result;
}

/**
 * Wilder's smoothing: the simple average of the first `window` values, then (previous × (window − 1) + value) / window.
 * `from`: index of the first value of interest.
 */
export function wilderSeries(values: Numbers, window: number, from = 0): number[] {
  if (values.length < window) return [];
  let average = meanOf(values, 0, window);
  const result = from < window ? [average] : [];
  for (let index = window; index < values.length; index += 1) {
    average = (average * (window - 1) + (values[index] ?? NaN)) / window;
    if (index >= from) result.push(average);
  }
  return result;
}

/** Those of 52 weeks. */
export const SESSIONS_OF_A_YEAR = 252;

export function highestSeries(values: Numbers, window: number): number[] {
  return extremeSeries(values, window, 1);
}

export function lowestSeries(values: Numbers, window: number): number[] {
  return extremeSeries(values, window, -1);
}

/** Keeps the place of the extreme and looks at a whole window again only when the extreme has left it. */
function extremeSeries(values: Numbers, window: number, sign: 1 | -1): number[] {
  const result: number[] = [];
  let place = -1;
  const signed = (index: number): number => sign * (values[index] ?? NaN);
  for (let index = 0; index < values.length; index += 1) {
    const start = Math.max(index - window + 1, 0);
    if (place < start) {
      place = start;
      for (let later = start + 1; later <= index; later += 1) if (signed(later) >= signed(place)) place = later;
    } else if (signed(index) >= signed(place)) {
      place = index;
    }
    if (index >= window - 1) result.push(values[place] ?? NaN);
  }
  return result;
}
