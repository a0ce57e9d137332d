// Columns as they are typed, bound to the fields of what the rows are: symbols, contracts, or both.
// Hides that one word means two figures in a table that mixes them.
import { isOptionSymbol } from '../domain/symbols.ts';
import { MIN_READINGS } from '../domain/volatility-term.ts';
import type { TableColumn } from '../domain/answers.ts';
import { UsageError, isFinError } from '../domain/errors.ts';
import { type Bound, bindCondition, bindExpression, readsUnderlying } from '../fields/bind.ts';
import { parseColumns, parseExpression } from '../fields/expression.ts';
import { type Inputs, Missing, type Need, type Subject, type Value, roundFigure } from '../fields/field.ts';
import type { Result, Row } from '../fields/parts.ts';
import { labelOfExpression, labelOfName } from '../fields/labels.ts';
import { expandPresets } from '../fields/presets.ts';

/** What rows may be. */
export type RowSubject = Extract<Subject, 'symbol' | 'contract'>;

/** A row of a symbol at an expiration that was asked for has the figures of that date before its own. */
export type BoundSubject = RowSubject | 'expiration';

/** An expression for every kind of row there is. */
export interface RowExpression {
  first: Bound;
  of: Partial<Record<RowSubject, Bound>>;
}

export interface Column {
  key: string;
  /** In the head of a table. */
  label: string;
  bound: RowExpression;
}

const MAX_COLUMNS = 40;

/** @throws UsageError that marks the mistake, before anything is fetched. */
export function parseColumnList(text: string, subjects: readonly BoundSubject[] = ['symbol']): Column[] {
  const whole = expandPresets(text);
  const columns = parseOnce(text, whole).map(({ key, expression, text: own }): Column => {
    const bound = bindFor(subjects, (subject) => bindExpression(whole, expression, subject));
    const ownLabel = key === bound.first.field?.name ? bound.first.field.label : undefined;
    return { key, label: ownLabel ?? (key === own ? labelOfExpression(expression, own) : labelOfName(key)), bound };
  });
  if (columns.length > MAX_COLUMNS)
    throw new UsageError(`--columns: ${columns.length} columns; at most ${MAX_COLUMNS} are allowed`, {
      hint: 'ask for fewer, or make two tables',
    });
  return columns;
}

/** What a preset shares with another, or with what is typed beside it, is one column. */
function parseOnce(text: string, whole: string): ReturnType<typeof parseColumns> {
  const columns = parseColumns(whole);
  const distinct = columns.filter(
    ({ key, text: own }, index) => columns.findIndex((each) => each.key === key && each.text === own) === index,
  );
  const typed = whole === text ? columns : distinct;
  const keys = typed.map(({ key }) => key);
  const twice = keys.find((key, index) => key === 'symbol' || keys.indexOf(key) < index);
  if (twice !== undefined)
    throw new UsageError(`--columns: there are two columns "${twice}"`, { hint: 'rename one of them with as NAME' });
  return distinct;
}

export function parseRowCondition(text: string, subjects: readonly BoundSubject[]): RowExpression {
  return bindFor(subjects, (subject) => bindCondition(text, subject));
}

export function parseRowExpression(text: string, subjects: readonly BoundSubject[]): RowExpression {
  const expression = parseExpression(text);
  return bindFor(subjects, (subject) => bindExpression(text, expression, subject));
}

/** What only one kind of row has is missing in the others; what none has is the asker's mistake. */
function bindFor(subjects: readonly BoundSubject[], bind: (subject: BoundSubject) => Bound): RowExpression {
  const of: RowExpression['of'] = {};
  let first: Bound | undefined;
  let mistake: unknown;
  for (const subject of subjects) {
    try {
      const bound = bind(subject);
      of[subject === 'expiration' ? 'symbol' : subject] = bound;
      first ??= bound;
    } catch (error) {
      if (!isFinError(error)) throw error;
      mistake ??= error;
    }
  }
  if (first === undefined) throw mistake;
  return { first, of };
}

function subjectOf({ inputs }: Row): RowSubject {
  return inputs.underlying === undefined ? 'symbol' : 'contract';
}

export function evaluate({ of }: RowExpression, row: Row): Result {
  const subject = subjectOf(row);
  return of[subject]?.evaluate(row) ?? new Missing(`a ${subject} does not have this`);
}

export function needsOf(expressions: readonly RowExpression[], subject: RowSubject): Set<Need> {
  return new Set(expressions.flatMap(({ of }) => [...(of[subject]?.needs ?? [])]));
}

/** The same of the shares that expressions name. */
export function needsOfNamed(expressions: readonly RowExpression[]): Map<string, Set<Need>> {
  const needs = new Map<string, Set<Need>>();
  for (const [symbol, own] of expressions.flatMap(({ first }) => [...first.needsBySymbol]))
    if (symbol !== '' && !isOptionSymbol(symbol)) needs.set(symbol, new Set([...(needs.get(symbol) ?? []), ...own]));
  return needs;
}

export function describeColumn({ key, label, bound: { first, of } }: Column): TableColumn {
  return {
    field: key,
    label,
    unit: first.unit,
    ...(of.contract !== undefined && readsUnderlying(of.contract) ? { of: 'underlying' } : {}),
  };
}

/** What nobody would take for the underlying's in the row of a contract. */
export function describeUnderlying(columns: readonly TableColumn[]): string[] {
  const labels = columns.flatMap(({ label, of }) => (of === undefined ? [] : [label]));
  return labels.length === 0 ? [] : [`these columns are the underlying’s: ${labels.join(', ')}`];
}

/** The value of a column in a row, as it is told; undefined where it is missing. */
export function valueOf({ bound }: Column, row: Row): Value | undefined {
  const value = evaluate(bound, row);
  return value instanceof Missing
    ? undefined
    : typeof value === 'number'
      ? roundFigure(value, bound.first.unit)
      : value;
}

/** Why ranks are missing, once for all symbols. */
export function describeFewReadings(inputs: readonly Inputs[]): string[] {
  const few = inputs.flatMap(({ symbol, underlying = symbol, past }) =>
    past?.iv30 !== undefined && past.iv30.length < MIN_READINGS ? [`${underlying} ${past.iv30.length}`] : [],
  );
  return few.length === 0
    ? []
    : [`IV rank and percentile need ${MIN_READINGS} daily readings; so far: ${[...new Set(few)].join(', ')}`];
}
