// Any fields of any symbols side by side. Hides what must be fetched for them: what all columns need is asked for once
// (quotes in one request, series and chains side by side), and a figure that is missing has its cause.
import type { Answer, AnswerError, TableColumn, TableRow } from '../domain/answers.ts';
import type { ResolvedRange } from '../domain/date-phrases.ts';
import { UsageError } from '../domain/errors.ts';
import type { Quote, TickerSymbol } from '../domain/types.ts';
import { type Bound, bindCondition, bindExpression } from '../fields/bind.ts';
import { parseColumns, parseExpression } from '../fields/expression.ts';
import { type Inputs, Missing, type Need, roundFigure } from '../fields/field.ts';
import { type Row, createRow } from '../fields/parts.ts';
import { expandPresets } from '../fields/presets.ts';
import type { DailySeries, Outcome, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { type RangeRequest, resolveRequestedRange, selectBars } from './history.ts';
import { type ChainRequest, findChain } from './options.ts';
import { toQuoteData } from './quote.ts';

/** As typed. Columns may be presets; `-` before what is sorted by means the largest first. */
export interface TableWords {
  columns?: string;
  where?: string;
  sort?: string;
  limit?: number;
  range?: RangeRequest;
  /** Of the fields that are of an expiration; absent: the nearest. */
  expiration?: string;
}

export interface TableRequest {
  symbols: readonly TickerSymbol[];
  columns: readonly Column[];
  where?: Bound;
  sort?: { by: Bound; descending: boolean };
  limit?: number;
  range?: RangeRequest;
  expiration?: string;
}

export interface Column {
  key: string;
  bound: Bound;
}

const MAX_COLUMNS = 40;

/** @throws UsageError that marks the mistake, before anything is fetched. */
export function parseTableWords(symbols: readonly TickerSymbol[], words: TableWords): TableRequest {
  const { where, sort, limit, range, expiration } = words;
  return {
    symbols,
    columns: parseColumnList(words.columns ?? 'overview'),
    ...(where === undefined ? {} : { where: bindCondition(where) }),
    ...(sort === undefined ? {} : { sort: parseSort(sort) }),
    ...(limit === undefined ? {} : { limit }),
    ...(range === undefined ? {} : { range }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

export function parseColumnList(text: string): Column[] {
  const whole = expandPresets(text);
  const columns = parseColumns(whole).map(({ key, expression }): Column => ({
    key,
    bound: bindExpression(whole, expression),
  }));
  if (columns.length > MAX_COLUMNS)
    throw new UsageError(`--columns: ${columns.length} columns, at most ${MAX_COLUMNS} are shown`);
  const keys = columns.map(({ key }) => key);
  const twice = keys.find((key, index) => key === 'symbol' || keys.indexOf(key) < index);
  if (twice !== undefined)
    throw new UsageError(`--columns: there are two columns "${twice}"`, { hint: 'name one of them with as NAME' });
  return columns;
}

function parseSort(text: string): { by: Bound; descending: boolean } {
  const descending = text.trimStart().startsWith('-');
  const own = descending ? text.trimStart().slice(1) : text;
  return { by: bindExpression(own, parseExpression(own)), descending };
}

export function answerTable(asked: TableRequest, context: ToolContext): Promise<Answer<'table'>> {
  return answerWith(context, async (counted) => {
    const needs = needsOf(asked);
    const { inputs, errors, sources, notes } = await collectInputs(asked, needs, counted);
    const rows = inputs.map((each) => createRow(each));
    const matched = rows.filter((row) => asked.where === undefined || asked.where.evaluate(row) === true);
    reportMissing(asked, rows, counted);
    const shown = sortRows(matched, asked.sort).slice(0, asked.limit);
    const hasAnything = inputs.some(({ quote, bars, chain }) => (quote ?? bars ?? chain) !== undefined);
    return {
      kind: 'table',
      data: hasAnything
        ? {
            columns: asked.columns.map(describeColumn),
            rows: shown.map((row) => toRow(row, asked.columns)),
            ...(asked.where === undefined ? {} : { universe: rows.length, matched: matched.length }),
          }
        : undefined,
      errors,
      sources,
      notes,
    };
  });
}

function needsOf({ columns, where, sort, range }: TableRequest): ReadonlySet<Need> {
  const bounds = [...columns.map(({ bound }) => bound), ...(where ? [where] : []), ...(sort ? [sort.by] : [])];
  const needs = new Set<Need>(bounds.flatMap((bound) => [...bound.needs]));
  if (range !== undefined) needs.add('series');
  return needs;
}

interface Collected {
  inputs: Inputs[];
  errors: AnswerError[];
  sources: Source[];
  notes: string[];
}

/** Everything side by side. A part that fails leaves its fields missing and has its error. */
async function collectInputs(asked: TableRequest, needs: ReadonlySet<Need>, context: ToolContext): Promise<Collected> {
  const { market, clock, request } = context;
  const { symbols } = asked;
  const range = asked.range === undefined ? undefined : resolveRequestedRange(asked.range, clock);
  const [quotes, series, chains] = await Promise.all([
    needs.has('quote') ? market.quotes(symbols, request) : undefined,
    needs.has('series') ? Promise.all(symbols.map((symbol) => market.dailySeries(symbol, request))) : [],
    needs.has('chain') ? Promise.all(symbols.map((symbol) => findChain(wholeChain(asked, symbol), context))) : [],
  ]);
  const collected: Collected = { inputs: [], errors: [], sources: [], notes: [] };
  if (range !== undefined) collected.notes.push(`over ${range.from} to ${range.to}`);
  for (const [index, symbol] of symbols.entries()) {
    const inputs: Inputs = { symbol, now: clock.now() };
    collected.inputs.push(inputs);
    addQuote(inputs, quotes?.get(symbol), collected);
    addBars(inputs, series[index], range, collected);
    addChain(inputs, chains[index], symbols.length > 1, collected);
  }
  return collected;
}

function wholeChain({ expiration }: TableRequest, symbol: TickerSymbol): ChainRequest {
  return { symbol, side: 'both', strikes: 'all', ...(expiration === undefined ? {} : { expiration }) };
}

function addQuote(inputs: Inputs, outcome: Outcome<Quote> | undefined, collected: Collected): void {
  if (outcome === undefined) return;
  if (!outcome.ok) {
    fail(inputs, 'quote', toAnswerError(outcome.error, inputs.symbol), collected);
    return;
  }
  inputs.quote = toQuoteData(outcome.value, inputs.now);
  collected.sources.push(outcome.source);
}

function addBars(
  inputs: Inputs,
  outcome: Outcome<DailySeries> | undefined,
  range: ResolvedRange | undefined,
  collected: Collected,
): void {
  if (outcome === undefined) return;
  if (!outcome.ok) {
    fail(inputs, 'series', toAnswerError(outcome.error, inputs.symbol), collected);
    return;
  }
  const { bars } = outcome.value;
  inputs.bars = bars;
  collected.sources.push(outcome.source);
  if (range === undefined) return;
  const selected = selectBars(outcome.value, range);
  const [first] = selected;
  const before = first && bars.findLast((bar) => bar.date < first.date);
  inputs.period = { bars: selected, ...(before === undefined ? {} : { before }) };
}

function addChain(
  inputs: Inputs,
  found: Findings<'chain'> | undefined,
  isOneOfSeveral: boolean,
  collected: Collected,
): void {
  if (found === undefined) return;
  if (found.data !== undefined) inputs.chain = found.data;
  collected.sources.push(...found.sources);
  collected.notes.push(...(found.notes ?? []).map((note) => (isOneOfSeveral ? `${inputs.symbol}: ${note}` : note)));
  for (const error of found.errors) fail(inputs, 'chain', error, collected);
}

/** One cause of several figures is told once. */
function fail(inputs: Inputs, need: Need, error: AnswerError, { errors }: Collected): void {
  inputs.why = { ...inputs.why, [need]: error.message };
  if (!errors.some(({ symbol, message }) => symbol === error.symbol && message === error.message)) errors.push(error);
}

/** Missing values last, whichever way. */
function sortRows(rows: readonly Row[], sort: TableRequest['sort']): readonly Row[] {
  if (sort === undefined) return rows;
  const direction = sort.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: sort.by.evaluate(row) }))
    .sort((a, b) => {
      if (a.value instanceof Missing || b.value instanceof Missing)
        return Number(a.value instanceof Missing) - Number(b.value instanceof Missing);
      if (a.value === b.value) return 0;
      return a.value < b.value ? -direction : direction;
    })
    .map(({ row }) => row);
}

function describeColumn({ key, bound }: Column): TableColumn {
  const label = key === bound.field?.name ? bound.field.label : key;
  return { field: key, label, unit: bound.unit };
}

function toRow(row: Row, columns: readonly Column[]): TableRow {
  const shown: TableRow = { symbol: row.inputs.symbol };
  for (const { key, bound } of columns) {
    const value = bound.evaluate(row);
    if (!(value instanceof Missing)) shown[key] = typeof value === 'number' ? roundFigure(value, bound.unit) : value;
  }
  return shown;
}

/** With `--verbose`: why a figure of a row is not there. */
function reportMissing({ columns, where }: TableRequest, rows: readonly Row[], { request }: ToolContext): void {
  const bounds = [...columns.map(({ bound }) => bound), ...(where === undefined ? [] : [where])];
  for (const row of rows)
    for (const why of new Set(
      bounds.map((bound) => bound.evaluate(row)).flatMap((v) => (v instanceof Missing ? v.why : [])),
    ))
      request.call.report({ type: 'detail', text: `${row.inputs.symbol}: ${why}` });
}
