// The parts that a bound expression is made of: how each is worked out for a row, and for every session where it can be.
// What is not there is a Missing with its cause; a condition on one is not true.
import { aggregateBars, selectBars } from '../domain/bar-series.ts';
import type { ResolvedRange } from '../domain/date-phrases.ts';
import type { Bar, BarInterval, IsoDate } from '../domain/types.ts';
import { type Field, type Inputs, Missing, type Need, type Unit, type Value } from './field.ts';

export type Result = Value | Missing;

/** A row's inputs; what is computed of them is kept while the row is worked on: columns, conditions and order ask for the same. */
export interface Row {
  inputs: Inputs;
  series: Map<string, readonly number[]>;
  figures: Map<Field['entry'], Map<number, Result>>;
  /** Rows of the symbols that an expression names. */
  rowOf?(symbol: string): Row | undefined;
}

export function createRow(inputs: Inputs, rowOf?: Row['rowOf']): Row {
  return { inputs, series: new Map(), figures: new Map(), ...(rowOf === undefined ? {} : { rowOf }) };
}

/** Rows that know each other and those of the symbols that are only named; of each bar those of its session. */
export function rowsBeside(own: readonly Inputs[], named: readonly Inputs[], isByBar: boolean): Row[] {
  const rowOf = new Map<string, Row>();
  const keyOf = (symbol: string, { period }: Inputs): string =>
    isByBar ? `${symbol} ${period?.bars[0]?.date ?? ''}` : symbol;
  const rowsFrom = (found: readonly Inputs[]): Row[] =>
    (isByBar ? found.flatMap(rowsOfBars) : found).map((each) => {
      const row = createRow(each, (symbol) => rowOf.get(keyOf(symbol, each)));
      const key = keyOf(each.symbol, each);
      // What is worked out for a row is kept with it: the first of a symbol is also that of who names it.
      if (!rowOf.has(key)) rowOf.set(key, row);
      return row;
    });
  const rows = rowsFrom(own);
  rowsFrom(named);
  return rows;
}

/** The row of a range as one for each of its bars, each as of its own close. */
function rowsOfBars({ quote: _now, ...inputs }: Inputs): Inputs[] {
  const { bars = [], period } = inputs;
  const [first] = period?.bars ?? [];
  const all = bars.slice();
  const start = first === undefined ? all.length : all.indexOf(first);
  return (period?.bars ?? []).map((bar, index) => {
    const before = all[start + index - 1];
    return {
      ...inputs,
      bars: all.slice(0, start + index + 1),
      whole: bars,
      period: { bars: [bar], ...(before === undefined ? {} : { before }) },
    };
  });
}

/** All is as of the end of the range, which a figure of now is not. */
function endWithRange(inputs: Inputs, bars: readonly Bar[], whole?: readonly Bar[]): void {
  const later = (whole?.length ?? 0) - bars.length;
  inputs.bars = later === 0 && whole !== undefined ? whole : bars;
  if (whole === undefined || later <= 0) return;
  inputs.whole = whole;
  if (inputs.heldSessions !== undefined) inputs.heldSessions -= later;
}

/** @returns the last session of the range */
export function addPeriod(
  inputs: Inputs,
  bars: readonly Bar[],
  range: ResolvedRange,
  interval: BarInterval,
): IsoDate | undefined {
  const daily = selectBars(bars, range);
  const start = daily[0] === undefined ? bars.length : bars.indexOf(daily[0]);
  const [selected, earlier] = [ofSize(daily, interval), ofSize(bars.slice(0, start), interval)];
  const before = selected.length === 0 ? undefined : earlier.at(-1);
  inputs.period = { bars: selected, ...(before === undefined ? {} : { before }) };
  // Weeks and months hold only sessions of the range.
  endWithRange(inputs, [...earlier, ...selected], interval === 'day' ? bars : undefined);
  return daily.at(-1)?.date;
}

function ofSize(bars: readonly Bar[], interval: BarInterval): readonly Bar[] {
  return interval === 'day' ? bars : aggregateBars(bars, interval);
}

type Type = 'number' | 'condition' | 'date' | 'text';

export interface Part {
  type: Type;
  unit: Unit;
  signed: boolean;
  field?: Field;
  evaluate(row: Row): Result;
  /** Its values of earlier sessions, the last of them the newest; undefined where it has none. */
  series?(row: Row): readonly number[] | Missing;
}

export function tooFew(needed: number, held: number): Missing {
  return new Missing(`needs ${needed} sessions, only ${held} available`);
}

export function finite(value: number, why: string): Result {
  return Number.isFinite(value) ? value : new Missing(why);
}

export function numberPart(evaluate: (row: Row) => Result): Part {
  return { type: 'number', unit: 'number', signed: false, evaluate };
}

/** A number has the same value in every session: as many as there are bars. */
export function constant(value: number): Part {
  return {
    ...numberPart(() => value),
    series: ({ inputs }) => Array.from({ length: inputs.bars?.length ?? 0 }, () => value),
  };
}

export function mapNumbers(
  parts: readonly Part[],
  work: (values: readonly number[]) => number,
  why = 'no figure',
): Part {
  const series = seriesOfAll(parts);
  return {
    ...numberPart((row) => {
      const values: number[] = [];
      for (const part of parts) {
        const value = part.evaluate(row);
        if (value instanceof Missing) return value;
        values.push(value as number);
      }
      return finite(work(values), why);
    }),
    ...(series === undefined ? {} : { series: (row: Row) => alignSeries(series, row, work) }),
  };
}

export type WithSeries = Part & { series: NonNullable<Part['series']> };

function seriesOfAll(parts: readonly Part[]): readonly WithSeries[] | undefined {
  return parts.every((part): part is WithSeries => part.series !== undefined) ? parts : undefined;
}

/** Series end together; the shortest decides how far back they reach. */
function alignSeries(
  parts: readonly WithSeries[],
  row: Row,
  work: (values: readonly number[]) => number,
): readonly number[] | Missing {
  const all: (readonly number[])[] = [];
  for (const part of parts) {
    const values = part.series(row);
    if (values instanceof Missing) return values;
    all.push(values);
  }
  const length = Math.min(...all.map((values) => values.length));
  return Array.from({ length }, (_, index) => work(all.map((values) => values[values.length - length + index] ?? NaN)));
}

export function condition(
  evaluate: (row: Row) => Result,
  parts: readonly Part[],
  work: (values: readonly number[]) => number,
): Part {
  const series = seriesOfAll(parts);
  return {
    type: 'condition',
    unit: 'condition',
    signed: false,
    evaluate,
    ...(series === undefined ? {} : { series: (row: Row) => alignSeries(series, row, work) }),
  };
}

export function negate(value: Result): Result {
  return value instanceof Missing ? value : value !== true;
}

/** False decides whatever the other is. */
export function both(a: Result, b: Result): Result {
  if (a === false || b === false) return false;
  return a instanceof Missing ? a : b;
}

/** True decides whatever the other is. */
export function either(a: Result, b: Result): Result {
  if (a === true || b === true) return true;
  return a instanceof Missing ? a : b;
}

export function compare(operator: '<' | '<=' | '>' | '>=' | '=' | '!=', a: Value, b: Value): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '=':
      return a === b;
    case '!=':
      return a !== b;
  }
}

/** `2 * last` is dollars, `last / 2` too, `last / open` is neither. */
export function unitBeside(left: Part, right: Part): Unit {
  if (left.unit === 'number') return right.unit;
  return right.unit === 'number' ? left.unit : 'number';
}

/** Of the newest value and the one n sessions before it. */
export function lastOf(
  part: WithSeries,
  row: Row,
  n: number,
  work: (newest: number, before: number) => number,
): Result {
  const values = part.series(row);
  if (values instanceof Missing) return values;
  const [newest, before] = [values.at(-1), values.at(-1 - n)];
  if (newest === undefined || before === undefined) return tooFew(n + 1, values.length);
  return finite(work(newest, before), 'no figure');
}

/** What an expression reads of another symbol than its row's, session by session on the row's own dates. */
export function ofSymbol(symbol: string, part: Part): Part {
  const rowFor = (row: Row): Row | Missing =>
    row.rowOf?.(symbol) ?? (row.inputs.symbol === symbol ? row : new Missing(`nothing was requested for ${symbol}`));
  const { series } = part;
  return {
    ...part,
    evaluate: (row) => {
      const own = rowFor(row);
      return own instanceof Missing ? own : part.evaluate(own);
    },
    ...(series === undefined
      ? {}
      : {
          series: (row: Row) => {
            const of = rowFor(row);
            const values = of instanceof Missing ? of : series(of);
            return values instanceof Missing || of instanceof Missing || of === row
              ? values
              : onDatesOf(row.inputs, of.inputs, values);
          },
        }),
  };
}

/** The values of another's sessions on these dates, from its first on; NaN on a date that it did not trade. */
function onDatesOf({ bars }: Inputs, other: Inputs, values: readonly number[]): readonly number[] {
  if (bars === undefined || other.bars === undefined || values.length === 0) return values;
  const theirs = other.bars.slice().slice(-values.length);
  const ofDate = new Map(theirs.map(({ date }, at) => [date, values[values.length - theirs.length + at] ?? NaN]));
  const start = theirs[0]?.date ?? '';
  return bars.slice().flatMap(({ date }) => (date < start ? [] : [ofDate.get(date) ?? NaN]));
}

export function fieldPart(field: Field): Part {
  const series = seriesReader(field);
  return {
    type: field.unit === 'date' || field.unit === 'text' ? field.unit : 'number',
    unit: field.unit,
    signed: field.signed,
    field,
    evaluate: (row) => readField(field, row),
    ...(series === undefined ? {} : { series }),
  };
}

function seriesReader(field: Field): Part['series'] {
  const { entry, window, name } = field;
  const { series: compute } = entry;
  if (compute === undefined) return undefined;
  return (row) => {
    const { bars, why } = row.inputs;
    if (bars === undefined) return new Missing(why?.series ?? 'no daily bars');
    const lacking = (['events', 'minutes'] as const).find(
      (need) => entry.needs.includes(need) && row.inputs[need] === undefined,
    );
    if (lacking !== undefined) return new Missing(why?.[lacking] ?? `${field.label}: no ${lacking}`);
    const held = row.series.get(name);
    if (held !== undefined) return held;
    const all = compute(bars, window, row.inputs);
    const settled = settledSessions(field, row.inputs);
    const values = settled < all.length ? all.slice(all.length - settled) : all;
    row.series.set(name, values);
    return values;
  };
}

/** How many of the newest sessions have the figure as if every session before were held, too. */
function settledSessions({ entry, window }: Field, { heldSessions }: Inputs): number {
  if (heldSessions === undefined || entry.settled === undefined) return Infinity;
  return Math.max(0, heldSessions + 1 - entry.settled(window));
}

const HELD_IN = {
  quote: 'quote',
  series: 'bars',
  chain: 'chain',
  term: 'term',
  volHistory: 'past',
  intraday: 'vwap',
  minutes: 'minutes',
  events: 'events',
  position: 'position',
} as const satisfies Record<Need, keyof Inputs>;

/** The figure of a row, or why it has none. */
export function readField(field: Field, row: Row): Result {
  const { entry, window } = field;
  const ofEntry = row.figures.get(entry) ?? new Map<number, Result>();
  const figure = ofEntry.get(window) ?? computeField(field, row);
  row.figures.set(entry, ofEntry.set(window, figure));
  return figure;
}

function computeField(field: Field, row: Row): Result {
  const { entry, window, label, name, needs } = field;
  const { inputs } = row;
  if (inputs.period !== undefined && entry.period !== undefined)
    return entry.period(inputs.period.bars, inputs.period.before) ?? new Missing(`${label}: not in the range`);
  const lacking = needs.find((need) => inputs[HELD_IN[need]] === undefined);
  if (lacking !== undefined) return new Missing(inputs.why?.[lacking] ?? `${label}: no ${lacking}`);
  const { period, bars = [] } = inputs;
  if (period !== undefined && entry.series !== undefined) {
    const after = bars.slice().filter(({ date }) => date > (period.bars.at(-1)?.date ?? '')).length;
    const values = row.series.get(name) ?? entry.series(bars, window, inputs);
    const value = period.bars.length === 0 ? undefined : values.at(-1 - after);
    return value === undefined || Number.isNaN(value) ? new Missing(`${label}: not in the range`) : value;
  }
  const value = newestOf(field, row);
  // A series says NaN of a session that has no such figure.
  return value === undefined || Number.isNaN(value) ? new Missing(`${label}: ${lackOf(field, inputs)}`) : value;
}

function newestOf(field: Field, { inputs, series }: Row): number | IsoDate | undefined {
  if (settledSessions(field, inputs) === 0) return undefined;
  return series.get(field.name)?.at(-1) ?? field.entry.read(inputs, field.window);
}

function lackOf({ needs, entry, window }: Field, { bars, past, position, why, heldSessions }: Inputs): string {
  if (needs.includes('position')) return position?.length === 0 ? 'you hold none' : 'it has no price';
  if (needs.includes('events')) return why?.events ?? 'none is known';
  if (needs.includes('volHistory'))
    return past?.iv30 === undefined
      ? 'no earlier session is saved'
      : `too few readings of earlier sessions (${past.iv30.length})`;
  const settled = heldSessions === undefined ? undefined : entry.settled?.(window);
  if (settled !== undefined) return `needs ${settled} sessions, only ${heldSessions} available`;
  if (needs.includes('series')) return `too few sessions (${bars?.length ?? 0})`;
  if (needs.includes('term')) return 'not in the chains around 30 days';
  return needs.includes('chain') ? 'not in the chain' : 'not in the quote';
}
