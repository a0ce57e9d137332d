// The functions of expressions: what each takes and how it is worked out. Those that look back end with the newest session.
// A new one is an entry here.
import { FEWEST_PAIRS, type Pair, correlationOf, isWhole, slopeOf } from '../domain/beta.ts';
import { type Bars, columnOf } from '../domain/bar-columns.ts';
import { meanOf, medianOf, squaredDeviations } from '../domain/windows.ts';
import { Missing, type Need } from './field.ts';
import { outlookAt } from './chain.ts';
import { type PriceOutlook, probabilityInTheMoney, probabilityOfTouch } from '../domain/probabilities.ts';
import {
  type Part,
  type Row,
  type WithSeries,
  createRow,
  finite,
  lastOf,
  mapNumbers,
  numberPart,
  tooFew,
} from './parts.ts';

interface Args {
  number(index: number): Part;
  series(index: number): WithSeries;
  condition(index: number): Part;
  /** A figure or a condition. */
  either(index: number): Part;
  sessions(index: number): number;
  /** The figure without a range: as of now. */
  now(index: number): Part;
  /** What follows the ticker at the index, of that symbol. */
  of(index: number): Part;
  /** Daily returns of the row and of the ticker at the index. */
  returns(index: number): readonly [WithSeries, WithSeries];
  count: number;
}

interface Call {
  /** What it reads beside its figures. */
  needs?: readonly Need[];
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

const seriesOf = (part: Part, row: Row): readonly number[] | Missing =>
  part.series?.(row) ?? new Missing('not available for earlier sessions');

/** The values of the sessions of the range that was asked for, NaN where a session has none. */
const placesOfRange = (part: Part, row: Row): readonly number[] | Missing => inRange(seriesOf(part, row), row);

function inRange<T>(values: readonly T[] | Missing, { inputs: { bars = [], period } }: Row): readonly T[] | Missing {
  if (values instanceof Missing) return values;
  if (period === undefined) return new Missing('no range was given');
  const end = values.length - bars.slice().filter(({ date }) => date > (period.bars.at(-1)?.date ?? '')).length;
  return values.slice(Math.max(0, end - period.bars.length), Math.max(0, end));
}

function valuesOfRange(part: Part, row: Row): readonly number[] | Missing {
  const values = placesOfRange(part, row);
  if (values instanceof Missing) return values;
  const found = values.filter((value) => !Number.isNaN(value));
  return found.length === 0 ? new Missing('no such session in the range') : found;
}

/** The day of the range at the place that `find` names among its values; -1 where there is none. */
function dayAt(part: Part, find: (values: readonly number[]) => number): Part {
  return {
    type: 'date',
    unit: 'date',
    signed: false,
    evaluate: (row) => {
      const values = placesOfRange(part, row);
      if (values instanceof Missing) return values;
      const { bars = [] } = row.inputs.period ?? {};
      const places = values.flatMap((value, at) => (Number.isNaN(value) ? [] : [at]));
      const at = places[find(places.map((place) => values[place] ?? NaN))] ?? NaN;
      return bars[bars.length - values.length + at]?.date ?? new Missing('no such day in the range');
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

/** What the options of the row's expiration give a price, by the implied volatility at it. */
const chanceOf = (usage: string, work: (outlook: PriceOutlook, level: number) => number): Call => ({
  least: 1,
  most: 1,
  usage: `a price: the risk-neutral probability ${usage}`,
  looksBack: false,
  needs: ['chain'],
  bind: ({ number }) => {
    const part = number(0);
    return {
      ...numberPart((row) => {
        const level = part.evaluate(row);
        const { chain, now, why } = row.inputs;
        if (level instanceof Missing) return level;
        if (chain === undefined) return new Missing(why?.chain ?? 'no chain');
        const outlook = outlookAt(chain, Number(level), now);
        return outlook === undefined
          ? new Missing('no implied volatility at that price')
          : work(outlook, Number(level));
      }),
      unit: 'fraction',
    };
  },
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => meanOf(values, 0, values.length);
const deviation = (values: readonly number[]): number =>
  Math.sqrt(squaredDeviations(values, 0, values.length) / (values.length - 1));

/** The part of the values below the newest. */
const RANK = overLast(
  (values) => values.filter((value) => value < (values.at(-1) ?? NaN)).length / (values.length - 1),
);

/** Two series side by side; a condition is 1 where it held. */
function zip<T>(parts: readonly [Part, Part], work: (a: number, b: number) => T): (row: Row) => readonly T[] | Missing {
  return (row) => {
    const [a, b] = [seriesOf(parts[0], row), seriesOf(parts[1], row)];
    if (a instanceof Missing) return a;
    if (b instanceof Missing) return b;
    const length = Math.min(a.length, b.length);
    return Array.from({ length }, (_, at) => work(a[a.length - length + at] ?? NaN, b[b.length - length + at] ?? NaN));
  };
}

/** A ratio of two series: of the last n sessions that both have, or of those of the range. */
function ofPairs(parts: readonly [Part, Part], n: number | undefined, work: (pairs: readonly Pair[]) => number): Part {
  const zipped = zip(parts, (a, b): Pair => [a, b]);
  const least = n ?? FEWEST_PAIRS;
  return {
    ...numberPart((row) => {
      const chosen = n === undefined ? inRange(zipped(row), row) : zipped(row);
      if (chosen instanceof Missing) return chosen;
      const pairs = chosen.filter(isWhole);
      return pairs.length < least
        ? tooFew(least, pairs.length)
        : finite(work(n === undefined ? pairs : pairs.slice(-n)), 'one of them did not move');
    }),
    unit: 'ratio',
    ...(n === undefined
      ? {}
      : {
          series: (row: Row) => {
            const all = zipped(row);
            if (all instanceof Missing) return all;
            const seen: Pair[] = [];
            return all.map((pair) => (isWhole(pair) && seen.push(pair) >= n ? work(seen.slice(-n)) : NaN));
          },
        }),
  };
}

/** The newest value of what is worked out for every session. */
function newestOf(series: NonNullable<Part['series']>, row: Row, why: string): number | Missing {
  const values = series(row);
  if (values instanceof Missing) return values;
  const value = values.at(-1);
  return value === undefined || Number.isNaN(value) ? new Missing(why) : value;
}

function conditionOf(series: NonNullable<Part['series']>): Part {
  return {
    type: 'condition',
    unit: 'condition',
    signed: false,
    evaluate: (row) => {
      const value = newestOf(series, row, 'too few sessions');
      return value instanceof Missing ? value : value === 1;
    },
    series,
  };
}

export const CALLS: Readonly<Record<string, Call>> = {
  chanceAbove: chanceOf('of ending above it', (outlook, level) => probabilityInTheMoney(outlook, 'call', level)),
  chanceBelow: chanceOf('of ending below it', (outlook, level) => probabilityInTheMoney(outlook, 'put', level)),
  chanceOfTouch: chanceOf('of trading at it by the expiration', probabilityOfTouch),
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
  avg: overLast(mean),
  sum: overLast(sum),
  median: overLast((values) => medianOf(values) ?? NaN),
  stdev: overLast(deviation),
  of: {
    least: 2,
    most: 2,
    usage: 'a ticker and a figure or condition: that of the other symbol on the same session',
    looksBack: false,
    bind: ({ of }) => of(0),
  },
  corr: {
    least: 2,
    most: 3,
    usage: 'two figures and a number of sessions, or those of the range',
    looksBack: true,
    bind: ({ series, sessions, count }) =>
      ofPairs([series(0), series(1)], count === 2 ? undefined : sessions(2), correlationOf),
  },
  beta: {
    least: 1,
    most: 2,
    usage: 'a ticker and a number of sessions, or those of the range: the slope of daily returns on that symbol’s',
    looksBack: true,
    bind: ({ returns, sessions, count }) => ofPairs(returns(0), count === 1 ? undefined : sessions(1), slopeOf),
  },
  when: {
    least: 2,
    most: 2,
    usage: 'a figure and a condition: the figure of the sessions on which it held',
    looksBack: true,
    bind: ({ series, condition }) => {
      const part = series(0);
      const own = zip([part, condition(1)], (value, holds) => (holds === 1 ? value : NaN));
      return {
        ...numberPart((row) => newestOf(own, row, 'the condition does not hold')),
        unit: part.unit,
        signed: part.signed,
        series: own,
      };
    },
  },
  share: {
    least: 1,
    most: 2,
    usage: 'a condition and another: the fraction of the sessions of the range on which the other held, or of all',
    looksBack: true,
    bind: ({ condition, count }) => {
      const holds = condition(0);
      const base = count === 1 ? holds : condition(1);
      const own = zip([holds, base], (value, counts) => (count === 1 || counts === 1 ? value : NaN));
      return {
        ...numberPart((row) => {
          const values = valuesOfRange({ ...holds, series: own }, row);
          return values instanceof Missing ? values : mean(values);
        }),
        unit: 'fraction',
      };
    },
  },
  newest: {
    least: 2,
    most: 2,
    usage: 'a condition and a number: the last sessions on which it held, so many',
    looksBack: true,
    bind: ({ condition, sessions }) => {
      const [part, n] = [condition(0), sessions(1)];
      const marked = new WeakMap<object, readonly number[] | Missing>();
      const mark = (inputs: Row['inputs'], bars: Bars): readonly number[] | Missing => {
        const values = seriesOf(part, createRow({ ...inputs, bars }));
        if (values instanceof Missing) return values;
        const places = values.flatMap((value, at) => (value === 1 ? [at] : [])).slice(-n);
        return values.map((value, at) => Number(value === 1 && at >= (places[0] ?? Infinity)));
      };
      return conditionOf(({ inputs }) => {
        const { bars, whole = bars } = inputs;
        if (bars === undefined || whole === undefined) return new Missing(inputs.why?.series ?? 'no daily bars');
        const values = marked.get(whole) ?? mark(inputs, whole);
        marked.set(whole, values);
        return values instanceof Missing ? values : values.slice(0, values.length - (whole.length - bars.length));
      });
    },
  },
  percentile: { ...RANK, bind: (args) => ({ ...RANK.bind(args), unit: 'fraction', signed: false }) },
  since: {
    least: 1,
    most: 1,
    usage: 'a condition: how many sessions ago it last held',
    looksBack: true,
    bind: ({ condition }) => {
      const part = condition(0);
      return {
        ...numberPart((row) => {
          const values = seriesOf(part, row);
          if (values instanceof Missing) return values;
          const last = values.lastIndexOf(1);
          return last < 0 ? new Missing('it never held') : values.length - 1 - last;
        }),
        unit: 'count',
      };
    },
  },
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
            const values = valuesOfRange(part, row);
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
    usage: 'a figure or condition and a number of sessions',
    looksBack: true,
    bind: ({ series, either, sessions }) => {
      const n = sessions(1);
      const any = either(0);
      if (any.type === 'condition')
        return conditionOf((row) => {
          const values = seriesOf(any, row);
          return values instanceof Missing ? values : values.slice(0, Math.max(0, values.length - n));
        });
      const part = series(0);
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
  ahead: {
    least: 2,
    most: 2,
    usage: 'a figure and a number of sessions: what it was so many later, in rows of earlier sessions',
    looksBack: true,
    bind: ({ series, sessions }) => {
      const [part, n] = [series(0), sessions(1)];
      const own = ({ inputs, rowOf }: Row): readonly number[] | Missing => {
        const { bars, whole = bars, why } = inputs;
        if (bars === undefined || whole === undefined) return new Missing(why?.series ?? 'no daily bars');
        const values = part.series(createRow({ ...inputs, bars: whole }, rowOf));
        if (values instanceof Missing) return values;
        const lead = whole.length - values.length;
        return Array.from({ length: bars.length }, (_, at) => values[at + n - lead] ?? NaN);
      };
      return {
        ...numberPart((row) => newestOf(own, row, 'not that many sessions later')),
        unit: part.unit,
        signed: part.signed,
        series: own,
      };
    },
  },
  crosses: {
    least: 2,
    most: 2,
    usage: 'two figures: the first was at or below the second the session before and is above it now',
    looksBack: true,
    bind: ({ series }) => {
      const gaps = zip([series(0), series(1)], (a, b) => a - b);
      return conditionOf((row) => {
        const values = gaps(row);
        if (values instanceof Missing) return values;
        return values.slice(1).map((gap, at) => Number((values[at] ?? NaN) <= 0 && gap > 0));
      });
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
