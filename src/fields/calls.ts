// The functions of expressions: what each takes and how it is worked out. Those that look back end with the newest session.
// A new one is an entry here.
import { columnOf } from '../domain/bar-columns.ts';
import { medianOf } from '../domain/windows.ts';
import { Missing } from './field.ts';
import { type Part, type Row, type WithSeries, finite, lastOf, mapNumbers, numberPart, tooFew } from './parts.ts';

interface Args {
  number(index: number): Part;
  series(index: number): WithSeries;
  condition(index: number): Part;
  sessions(index: number): number;
  /** The figure without a range: as of now. */
  now(index: number): Part;
  count: number;
}

interface Call {
  least: number;
  most: number;
  usage: string;
  looksBack: boolean;
  bind(args: Args): Part;
}

const pick = (choose: (...values: number[]) => number): Call => ({
  least: 2,
  most: 10,
  usage: 'two to ten figures',
  looksBack: false,
  bind: ({ number, count }) => {
    const parts = Array.from({ length: count }, (_, index) => number(index));
    return { ...mapNumbers(parts, (values) => choose(...values)), unit: parts[0]?.unit ?? 'number' };
  },
});

/** The values of the sessions of the range that was asked for. */
function valuesOfRange(part: WithSeries, { inputs, ...row }: Row): readonly number[] | Missing {
  const values = part.series({ inputs, ...row });
  const { bars = [], period } = inputs;
  if (values instanceof Missing) return values;
  if (period === undefined) return new Missing('no range was given');
  const end = values.length - bars.slice().filter(({ date }) => date > (period.bars.at(-1)?.date ?? '')).length;
  const found = values
    .slice(Math.max(0, end - period.bars.length), Math.max(0, end))
    .filter((value) => !Number.isNaN(value));
  return found.length === 0 ? new Missing('no session in the range') : found;
}

/** The day of the range at the place that `find` names among its values; -1 where there is none. */
function dayAt(part: Part, find: (values: readonly number[]) => number): Part {
  return {
    type: 'date',
    unit: 'date',
    signed: false,
    evaluate: (row) => {
      if (part.series === undefined) return new Missing('not available for earlier sessions');
      const values = valuesOfRange(part as WithSeries, row);
      if (values instanceof Missing) return values;
      const { bars = [] } = row.inputs.period ?? {};
      const at = find(values);
      return bars[at < 0 ? -1 : bars.length - values.length + at]?.date ?? new Missing('no such day in the range');
    },
  };
}

/** The day on which a figure was what `choose` takes. */
const dayOf = (which: string, choose: (...values: number[]) => number): Call => ({
  least: 1,
  most: 1,
  usage: `a figure: the day of the range on which it was ${which}`,
  looksBack: true,
  bind: ({ series }) => dayAt(series(0), (values) => values.indexOf(choose(...values))),
});

const dayWhere = (which: string, find: (values: readonly number[]) => number): Call => ({
  least: 1,
  most: 1,
  usage: `a condition: the ${which} day of the range on which it held`,
  looksBack: true,
  bind: ({ condition }) => dayAt(condition(0), find),
});

/** A figure of the last n values, without n of those of the range; too few of them are missing. */
const overLast = (work: (values: readonly number[]) => number): Call => ({
  least: 1,
  most: 2,
  usage: 'a figure and a number of sessions, or those of the range',
  looksBack: true,
  bind: ({ series, sessions, count }) => {
    const part = series(0);
    if (count === 1)
      return {
        ...numberPart((row) => {
          const values = valuesOfRange(part, row);
          return values instanceof Missing ? values : finite(work(values), 'no figure');
        }),
        unit: part.unit,
        signed: part.signed,
      };
    const n = sessions(1);
    return {
      ...numberPart((row) => {
        const values = part.series(row);
        if (values instanceof Missing) return values;
        return values.length < n ? tooFew(n, values.length) : finite(work(values.slice(-n)), 'no figure');
      }),
      unit: part.unit,
      series: (row) => {
        const values = part.series(row);
        if (values instanceof Missing) return values;
        return Array.from({ length: Math.max(0, values.length - n + 1) }, (_, end) => work(values.slice(end, end + n)));
      },
    };
  },
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const CALLS: Readonly<Record<string, Call>> = {
  abs: {
    least: 1,
    most: 1,
    usage: 'one figure',
    looksBack: false,
    bind: ({ number }) => {
      const part = number(0);
      return { ...mapNumbers([part], ([value = NaN]) => Math.abs(value)), unit: part.unit };
    },
  },
  min: pick(Math.min),
  max: pick(Math.max),
  round: {
    least: 1,
    most: 2,
    usage: 'a figure and a number of decimals',
    looksBack: false,
    bind: ({ number, count }) => {
      const parts = Array.from({ length: count }, (_, index) => number(index));
      const work = ([value = NaN, decimals = 0]: readonly number[]): number =>
        Number(value.toFixed(clampDecimals(decimals)));
      return { ...mapNumbers(parts, work), unit: parts[0]?.unit ?? 'number' };
    },
  },
  pct: {
    least: 2,
    most: 2,
    usage: 'two figures: pct(a, b) is (a − b) / b × 100',
    looksBack: false,
    bind: ({ number }) => ({
      ...mapNumbers(
        [number(0), number(1)],
        ([a = NaN, b = NaN]) => (b === 0 ? NaN : ((a - b) / b) * 100),
        'division by zero',
      ),
      unit: 'percent',
      signed: true,
    }),
  },
  highest: overLast((values) => Math.max(...values)),
  lowest: overLast((values) => Math.min(...values)),
  avg: overLast((values) => sum(values) / values.length),
  sum: overLast(sum),
  median: overLast((values) => medianOf(values) ?? NaN),
  firstOn: dayWhere('first', (values) => values.indexOf(1)),
  lastOn: dayWhere('last', (values) => values.lastIndexOf(1)),
  highestOn: dayOf('highest', Math.max),
  lowestOn: dayOf('lowest', Math.min),
  now: {
    least: 1,
    most: 1,
    usage: 'a figure: as of now, whatever the range',
    looksBack: false,
    bind: ({ now }) => now(0),
  },
  change: {
    least: 1,
    most: 1,
    usage: 'a number of sessions',
    looksBack: true,
    bind: ({ sessions }) => {
      const n = sessions(0);
      return {
        ...numberPart((row) => lastOf(closePart, row, n, (newest, before) => newest - before)),
        unit: 'usd',
        signed: true,
        series: (row) => {
          const values = closePart.series(row);
          return values instanceof Missing
            ? values
            : values.slice(n).map((value, index) => value - (values[index] ?? NaN));
        },
      };
    },
  },
  count: {
    least: 1,
    most: 2,
    usage: 'a condition and a number of sessions, or those of the range',
    looksBack: true,
    bind: ({ condition: conditionAt, sessions, count }) => {
      const part = conditionAt(0);
      if (count === 1)
        return {
          ...numberPart((row) => {
            if (part.series === undefined) return new Missing('not available for earlier sessions');
            const values = valuesOfRange(part as WithSeries, row);
            return values instanceof Missing ? values : sum(values);
          }),
          unit: 'count',
        };
      const n = sessions(1);
      return {
        ...numberPart((row) => {
          const values = part.series?.(row) ?? new Missing('not available for earlier sessions');
          if (values instanceof Missing) return values;
          return values.length < n ? tooFew(n, values.length) : sum(values.slice(-n));
        }),
        unit: 'count',
      };
    },
  },
  ago: {
    least: 2,
    most: 2,
    usage: 'a figure and a number of sessions',
    looksBack: true,
    bind: ({ series, sessions }) => {
      const part = series(0);
      const n = sessions(1);
      return {
        ...numberPart((row) => lastOf(part, row, n, (_newest, before) => before)),
        unit: part.unit,
        signed: part.signed,
        series: (row) => {
          const values = part.series(row);
          return values instanceof Missing ? values : values.slice(0, Math.max(0, values.length - n));
        },
      };
    },
  },
  crosses: {
    least: 2,
    most: 2,
    usage: 'two figures: the first was at or below the second the session before and is above it now',
    looksBack: true,
    bind: ({ series }) => {
      const parts = [series(0), series(1)] as const;
      const crossings = (row: Row): number[] | Missing => {
        const [a, b] = [parts[0].series(row), parts[1].series(row)];
        if (a instanceof Missing) return a;
        if (b instanceof Missing) return b;
        const length = Math.min(a.length, b.length);
        const [x, y] = [a.slice(a.length - length), b.slice(b.length - length)];
        return x
          .slice(1)
          .map((value, index) => Number((x[index] ?? NaN) <= (y[index] ?? NaN) && value > (y[index + 1] ?? NaN)));
      };
      return {
        type: 'condition',
        unit: 'condition',
        signed: false,
        evaluate: (row) => {
          const found = crossings(row);
          if (found instanceof Missing) return found;
          return found.length === 0 ? tooFew(2, found.length) : found.at(-1) === 1;
        },
        series: crossings,
      };
    },
  },
};

export function clampDecimals(decimals: number): number {
  return Math.min(10, Math.max(0, Math.trunc(decimals)));
}

/** The closes of every session. */
const closePart: WithSeries = {
  ...numberPart(({ inputs }) => inputs.bars?.at(-1)?.close ?? new Missing(inputs.why?.series ?? 'no daily bars')),
  unit: 'usd',
  series: ({ inputs: { bars, why } }) =>
    bars === undefined ? new Missing(why?.series ?? 'no daily bars') : Array.from(columnOf(bars, 'close')),
};
