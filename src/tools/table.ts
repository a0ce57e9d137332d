// Any fields of any symbols side by side. Hides what must be fetched for them: what all columns need is asked for once
// (quotes in one request, series and chains side by side), and a figure that is missing has its cause.
import type { Answer, AnswerError, TableColumn, TableRow } from '../domain/answers.ts';
import { aggregateBars, barsAfterLastGap, describeGap } from '../domain/bar-series.ts';
import { isFromBefore } from '../domain/chain-moment.ts';
import { lastFinishedBar, lastFinishedSession } from '../domain/calendar.ts';
import type { ResolvedRange } from '../domain/date-phrases.ts';
import { type ContractTerms, type Instrument, describeContract, isContract } from '../domain/contracts.ts';
import { isOptionSymbol, parseOptionSymbol } from '../domain/symbols.ts';
import { present } from '../domain/present.ts';
import { describeProjected } from '../fields/events.ts';
import { formatExchangeMinute } from '../domain/exchange-time.ts';
import { isIntraday } from '../domain/intraday-bars.ts';
import type { BarInterval, IntradayInterval, IsoDate, Quote, TickerSymbol } from '../domain/types.ts';
import { type Inputs, Missing, type Need } from '../fields/field.ts';
import { type Result, type Row, addPeriod, rowsBeside } from '../fields/parts.ts';
import type { DailySeries, Outcome, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import {
  type BarsAsked,
  type RangeRequest,
  describeBars,
  describePartial,
  minutesMeant,
  resolveRequestedRange,
} from './history.ts';
import { findContract, notListed } from './contracts.ts';
import { AFTER_GAP } from './indicators.ts';
import { findWholeChains } from './whole-chain.ts';
import { toQuoteData } from './quote.ts';
import type { FoundEvents } from './events.ts';
import type { HeldLots } from './positions.ts';
import type { findVolatilityInputs } from './volatility.ts';
import {
  type BoundSubject,
  type Column,
  type RowSubject,
  type RowExpression,
  describeColumn,
  describeFewReadings,
  describeUnderlying,
  evaluate,
  needsOf,
  needsOfNamed,
  parseColumnList,
  parseRowCondition,
  parseRowExpression,
  valueOf,
} from './table-columns.ts';

/** As typed. Columns may be presets; `-` before what is sorted by means the largest first. */
export interface TableWords {
  columns?: string;
  where?: string;
  sort?: string;
  limit?: number;
  range?: RangeRequest;
  /** Of the fields that are of an expiration; absent: the nearest. */
  expiration?: string;
  /** What a bar of the series is; default a day, a minute where the range is hours of one. */
  interval?: BarInterval | IntradayInterval;
  /** A row for each bar of the range. */
  isByBar?: true;
  /** Without the session that is still on. */
  isFinished?: true;
}

export interface TableRequest extends Omit<TableWords, 'columns' | 'where' | 'sort'> {
  /** Symbols and contracts, a row each. */
  rows: readonly Instrument[];
  columns: readonly Column[];
  where?: RowExpression;
  sort?: { by: RowExpression; descending: boolean };
}

const CONTRACT_COLUMNS = 'bid, ask, mid, last, iv, delta, theta, volume, openInterest, dte';

/** @throws UsageError that marks the mistake, before anything is fetched. */
export function parseTableWords(rows: readonly Instrument[], words: TableWords): TableRequest {
  const { columns, where, sort, ...rest } = words;
  const ofSymbol = words.expiration === undefined ? 'symbol' : 'expiration';
  const subjects = [...new Set(rows.map((row): BoundSubject => (isContract(row) ? 'contract' : ofSymbol)))]
    .toSorted()
    .reverse();
  const shown = parseColumnList(columns ?? (subjects.includes(ofSymbol) ? 'overview' : CONTRACT_COLUMNS), subjects);
  return {
    rows,
    columns: shown,
    ...(where === undefined ? {} : { where: parseRowCondition(where, subjects) }),
    ...(sort === undefined ? {} : { sort: parseSort(sort, subjects, shown) }),
    ...rest,
  };
}

/** By an expression, or by the name that one of the columns was given. */
export function parseSort(
  text: string,
  subjects: readonly BoundSubject[],
  columns: TableRequest['columns'] = [],
): { by: RowExpression; descending: boolean } {
  const descending = text.trimStart().startsWith('-');
  const own = (descending ? text.trimStart().slice(1) : text).trim();
  return { by: columns.find(({ key }) => key === own)?.bound ?? parseRowExpression(own, subjects), descending };
}

export function answerTable(asked: TableRequest, context: ToolContext): Promise<Answer<'table'>> {
  return answerWith(context, async (counted) => {
    const named = namedRows(asked);
    const wanted = [...wantedRows(asked), ...named];
    const { inputs: gathered, errors, sources, notes } = await gatherInputs(wanted, asked, counted);
    const inputs = gathered.filter(({ symbol }) => !named.some(({ row }) => row === symbol));
    const { where, columns, isByBar = false } = asked;
    const others = gathered.filter((each) => !inputs.includes(each));
    const rows = rowsBeside(inputs, others, isByBar);
    const matched = rows.filter((row) => where === undefined || evaluate(where, row) === true);
    const shown = new Map(
      sortRows(matched, asked.sort)
        .slice(0, asked.limit)
        .map((row) => [row, toRow(row, columns)] as const),
    );
    // A row that tells every figure beside its symbol lacks nothing.
    const isWhole = (row: Row): boolean => Object.keys(shown.get(row) ?? {}).length > columns.length;
    reportMissing(
      asked,
      rows.filter((row) => !isWhole(row)),
      counted,
    );
    const needsNothing = wanted.every(({ needs }) => needs.size === 0);
    const hasAnything = needsNothing || inputs.some((each) => isKnown(each, errors));
    const described = columns.map(describeColumn);
    const isByDate = haveSeveralDates(inputs) && !columns.some(({ key }) => key === EXPIRATION.field);
    return {
      kind: 'table',
      data: hasAnything
        ? {
            columns: [...(isByBar ? [DATE] : []), ...(isByDate ? [EXPIRATION] : []), ...described],
            rows: Array.from(shown, ([row, told]) => ({
              ...told,
              ...(isByBar ? { date: dateOf(row) } : {}),
              ...(isByDate ? present({ expiration: row.inputs.chain?.expiration }) : {}),
            })),
            ...(where === undefined ? {} : { universe: rows.length, matched: matched.length }),
          }
        : undefined,
      errors,
      sources,
      notes: [...notes, ...describeUnderlying(described), ...describeProjected(described, shown.keys())],
      ...requestOf(inputs),
    };
  });
}

/** Whether anything of a row could be had. That nothing is held of it is an answer where nothing failed. */
export function isKnown(
  { quote, bars, chain, term, vwap, events, position }: Inputs,
  errors: readonly AnswerError[],
): boolean {
  const held = errors.length === 0 ? position : position?.[0];
  return (quote ?? bars ?? chain ?? term ?? vwap ?? events ?? held) !== undefined;
}

const DATE: TableColumn = { field: 'date', label: 'Date', unit: 'date' };
const EXPIRATION: TableColumn = { field: 'expiration', label: 'Expiration', unit: 'date' };
const dateOf = ({ inputs }: Row): string => inputs.period?.bars[0]?.date ?? '';

/** What rows of a kind need for all columns, the condition and the order together. */
function needsOfRows({ columns, where, sort, range }: TableRequest, subject: RowSubject): ReadonlySet<Need> {
  const expressions = [...columns.map(({ bound }) => bound), ...(where ? [where] : []), ...(sort ? [sort.by] : [])];
  const needs = needsOf(expressions, subject);
  if (range !== undefined) needs.add('series');
  return needs;
}

/** A row of what there is to be known, and what of it. */
export interface Wanted {
  row: Instrument;
  needs: ReadonlySet<Need>;
}

export interface Collected {
  inputs: Inputs[];
  errors: AnswerError[];
  sources: Source[];
  notes: string[];
}

/** What each row needs. */
export function wantedRows(asked: TableRequest): Wanted[] {
  const needs = { symbol: needsOfRows(asked, 'symbol'), contract: needsOfRows(asked, 'contract') };
  return asked.rows.map((row): Wanted => ({ row, needs: needs[isContract(row) ? 'contract' : 'symbol'] }));
}

/** Symbols that an expression names beside those of the rows. */
function namedRows(asked: TableRequest): Wanted[] {
  const { rows, columns, where, sort } = asked;
  const needs = needsOfNamed([
    ...columns.map(({ bound }) => bound),
    ...(where ? [where] : []),
    ...(sort ? [sort.by] : []),
  ]);
  const others = [...needs].filter(([symbol]) => !rows.includes(symbol));
  return others.map(([row, own]) => ({ row, needs: asked.range === undefined ? own : own.add('series') }));
}

/** Everything side by side. A part that fails leaves its fields missing and has its error. */
export async function gatherInputs(
  wanted: readonly Wanted[],
  asked: Pick<TableRequest, 'range' | 'expiration' | 'interval' | 'isFinished'>,
  context: ToolContext,
): Promise<Collected> {
  const { market, clock, request } = context;
  const range = asked.range === undefined ? undefined : resolveRequestedRange(asked.range, clock, asked);
  const rows = wanted.map((each) => ({ ...each, symbol: underlyingOf(each.row) }));
  const symbolsWith = (need: Need): TickerSymbol[] => [
    ...new Set(rows.filter((each) => each.needs.has(need)).map(({ symbol }) => symbol)),
  ];
  const [quoted, charted] = [symbolsWith('quote'), symbolsWith('series')];
  const findOnce = rememberChains(context);
  const findLevel = async (symbol: TickerSymbol): ReturnType<typeof findVolatilityInputs> =>
    (await import('./volatility.ts')).findVolatilityInputs(
      symbol,
      new Set(rows.flatMap((each) => [...each.needs])),
      context,
    );
  const eventful = symbolsWith('events');
  const minutes = symbolsWith('minutes');
  const [quotes, series, averages, ofMinutes, chains, levels, events, lots] = await Promise.all([
    quoted.length > 0 ? market.quotes(quoted, request) : undefined,
    Promise.all(charted.map(async (symbol) => [symbol, await findSeries(symbol, asked, range, context)] as const)),
    Promise.all(
      symbolsWith('intraday').map(
        async (symbol) => [symbol, await (await import('./intraday.ts')).findVwap(symbol, context)] as const,
      ),
    ),
    Promise.all(
      minutes.map(
        async (symbol) => [symbol, await (await import('./intraday.ts')).findSteps(symbol, range, context)] as const,
      ),
    ),
    Promise.all(
      rows.map(({ row, symbol, needs: own }) => {
        if (isContract(row)) return findOnce(symbol, row.expiration);
        return own.has('chain') ? findOnce(symbol, asked.expiration) : Promise.resolve(undefined);
      }),
    ),
    Promise.all(symbolsWith('term').map(async (symbol) => [symbol, await findLevel(symbol)] as const)),
    eventful.length > 0 ? (await import('./events.ts')).findEvents(eventful, context) : undefined,
    findHeld(wanted, context),
  ]);
  const levelOf = new Map(levels);
  const [seriesOf, averageOf, minutesOf] = [new Map(series), new Map(averages), new Map(ofMinutes)];
  const collected: Collected = { inputs: [], errors: [...lots.errors], sources: [...lots.sources], notes: [] };
  for (const [index, { row, symbol, needs }] of rows.entries()) {
    const base: Inputs = isContract(row)
      ? { symbol: describeContract(row), underlying: symbol, now: clock.now() }
      : { symbol, now: clock.now() };
    addQuote(base, quotes?.get(symbol), collected);
    addSeries(base, seriesOf.get(symbol), { ...asked, range }, collected);
    addVwap(base, averageOf.get(symbol), collected);
    const steps = take(base, 'minutes', minutesOf.get(symbol), collected);
    if (steps !== undefined) base.minutes = steps;
    addEvents(base, needs.has('events') ? events?.get(symbol) : undefined, collected);
    const found = chains[index] ?? [undefined];
    for (const chain of found) {
      const inputs = { ...base };
      addLevel(inputs, levelOf.get(symbol), collected);
      addChain(inputs, chain, rows.length > 1, collected);
      noteMoments(symbol, quotes?.get(symbol), chain, collected);
      if (isContract(row)) addContract(inputs, row, collected);
      if (isContract(row) && needs.has('volHistory'))
        await addOpenInterest(inputs, chain?.sources[0], context, collected);
      addHeld(inputs, needs, lots);
      collected.inputs.push(inputs);
    }
  }
  collected.notes.unshift(...describeBars(range, asked, collected.inputs));
  collected.notes.push(...describeFewReadings(collected.inputs), ...describeExpirations(collected.inputs));
  return collected;
}

/** A row names the date of its options where it is a contract or one of several dates; else a note does. */
function describeExpirations(inputs: readonly Inputs[]): string[] {
  const dated = datesOfSymbols(inputs);
  const dates = new Set(dated.map(([, date]) => date));
  if (dates.size === 0 || haveSeveralDates(inputs)) return [];
  if (dates.size === 1) return [`expiration: ${[...dates].join()}`];
  return [`expirations: ${dated.map((row) => row.join(' ')).join(', ')}`];
}

function datesOfSymbols(inputs: readonly Inputs[]): (readonly [symbol: string, expiration: IsoDate])[] {
  return inputs.flatMap(({ symbol, underlying, chain }) =>
    chain === undefined || underlying !== undefined ? [] : [[symbol, chain.expiration] as const],
  );
}

function requestOf(inputs: readonly Inputs[]): Pick<Answer, 'request'> {
  const [expiration, ...others] = new Set(datesOfSymbols(inputs).map(([, date]) => date));
  return expiration === undefined || others.length > 0 ? {} : { request: { expiration } };
}

/** Whether a symbol has a row for each of several expirations. */
function haveSeveralDates(inputs: readonly Inputs[]): boolean {
  const dated = datesOfSymbols(inputs);
  return new Set(dated.map(([symbol]) => symbol)).size < dated.length;
}

export const NO_LOTS: HeldLots = { of: new Map(), errors: [], sources: [] };

/** What is held of the rows that ask for it, priced where one of them asks for that. */
async function findHeld(wanted: readonly Wanted[], context: ToolContext): Promise<HeldLots> {
  const asking = wanted.filter(({ needs }) => needs.has('position'));
  if (asking.length === 0) return NO_LOTS;
  const isAsked = ({ symbol }: { symbol: string }): boolean => {
    const terms = isOptionSymbol(symbol) ? parseOptionSymbol(symbol) : undefined;
    return asking.some(({ row }) =>
      isContract(row)
        ? row.underlying === terms?.underlying && row.side === terms.side && row.strike === terms.strike
        : row === symbol,
    );
  };
  return (await import('./positions.ts')).findLots(
    isAsked,
    asking.some(({ needs }) => needs.has('quote')),
    context,
  );
}

function addHeld(inputs: Inputs, needs: Wanted['needs'], { of }: HeldLots): void {
  if (needs.has('position')) inputs.position = of.get(inputs.symbol) ?? [];
}

function underlyingOf(row: Instrument): TickerSymbol {
  return isContract(row) ? row.underlying : row;
}

/** All contracts of an expiration come from one request. Of a span a symbol has a row for each date. */
function rememberChains(
  context: ToolContext,
): (symbol: TickerSymbol, expiration?: string) => ReturnType<typeof findWholeChains> {
  const asked = new Map<string, ReturnType<typeof findWholeChains>>();
  return (symbol, expiration) => {
    const key = `${symbol} ${expiration ?? ''}`;
    const found =
      asked.get(key) ?? findWholeChains({ symbol, ...(expiration === undefined ? {} : { expiration }) }, context);
    asked.set(key, found);
    return found;
  };
}

function addLevel(
  inputs: Inputs,
  found: Awaited<ReturnType<typeof findVolatilityInputs>> | undefined,
  collected: Collected,
): void {
  if (found === undefined) return;
  Object.assign(inputs, found.inputs);
  collected.sources.push(...found.sources);
  collected.notes.push(...found.notes);
  for (const error of found.errors) fail(inputs, 'term', error, collected);
}

function addEvents(inputs: Inputs, found: FoundEvents | undefined, collected: Collected): void {
  if (found === undefined) return;
  if (found.data !== undefined) inputs.events = found.data;
  collected.sources.push(...found.sources);
  for (const error of found.errors) fail(inputs, 'events', error, collected);
  const absent = (found.data?.unavailable ?? []).map(({ kind, why }) => `${kind}: ${why}`);
  if (absent.length > 0) inputs.why = { ...inputs.why, events: absent.join('; ') };
  collected.notes.push(...absent.filter((note) => !collected.notes.includes(note)));
}

async function addOpenInterest(
  inputs: Inputs,
  source: Source | undefined,
  context: ToolContext,
  collected: Collected,
): Promise<void> {
  const { chain } = inputs;
  if (chain === undefined || source === undefined) return;
  const { findVolatilityInputs: find } = await import('./volatility.ts');
  const { inputs: found, notes } = await find(chain.underlying, new Set(['volHistory']), context, { chain, source });
  inputs.past = { ...inputs.past, ...found.past };
  collected.notes.push(...notes);
}

function addContract(inputs: Inputs, terms: ContractTerms, collected: Collected): void {
  if (inputs.chain === undefined) return;
  const contract = findContract(inputs.chain, terms);
  if (contract === undefined) {
    fail(inputs, 'chain', toAnswerError(notListed(inputs.chain, terms)), collected);
    delete inputs.chain;
    return;
  }
  inputs.contract = contract;
  inputs.symbol = contract.symbol;
}

function addQuote(inputs: Inputs, outcome: Outcome<Quote> | undefined, collected: Collected): void {
  const quote = take(inputs, 'quote', outcome, collected);
  if (quote !== undefined) inputs.quote = toQuoteData(quote, inputs.now);
}

type Series = { daily: Outcome<DailySeries> } | { minutes: Outcome<Pick<Inputs, 'bars' | 'period' | 'heldSessions'>> };

async function findSeries(
  symbol: TickerSymbol,
  asked: BarsAsked,
  range: ResolvedRange | undefined,
  context: ToolContext,
): Promise<Series> {
  const interval = minutesMeant(asked, range);
  if (interval === undefined) return { daily: await context.market.dailySeries(symbol, context.request) };
  return { minutes: await (await import('./intraday.ts')).findMinutes(symbol, { interval, range }, context) };
}

function addSeries(
  inputs: Inputs,
  series: Series | undefined,
  { interval = 'day', ...asked }: BarsAsked & { range: ResolvedRange | undefined },
  collected: Collected,
): void {
  if (series !== undefined && 'minutes' in series)
    Object.assign(inputs, take(inputs, 'series', series.minutes, collected));
  else if (!isIntraday(interval)) addBars(inputs, series?.daily, { interval, ...asked }, collected);
  // Without bars of a range nothing stands in for them.
  if (asked.range !== undefined) inputs.period ??= { bars: [] };
}

function addBars(
  inputs: Inputs,
  outcome: Outcome<DailySeries> | undefined,
  asked: BarsAsked & { interval: BarInterval; range: ResolvedRange | undefined },
  collected: Collected,
): void {
  const series = take(inputs, 'series', outcome, collected);
  if (series === undefined) return;
  const { range, interval, isFinished } = asked;
  // `bars` makes an object of each bar where it is read.
  const { bars: known, gap } = barsAfterLastGap(series.columns ?? series.bars);
  const over = lastFinishedSession(inputs.now);
  const end = lastFinishedBar(inputs.now, interval);
  const isCut = isFinished === true && (known.at(-1)?.date ?? '') > end && (range === undefined || range.to <= end);
  const held = isCut ? known.slice().filter(({ date }) => date <= end) : known;
  const { heldSessions } = series;
  if (gap === undefined && heldSessions !== undefined) inputs.heldSessions = heldSessions;
  if (gap !== undefined) collected.notes.push(`${inputs.symbol}: ${describeGap(gap, AFTER_GAP)}`);
  if (range === undefined) {
    inputs.bars = interval === 'day' ? held : aggregateBars(held.slice(), interval);
    return;
  }
  const last = addPeriod(inputs, held.slice(), range, interval) ?? '';
  const partial = describePartial(last);
  if (last > over && !collected.notes.includes(partial)) collected.notes.push(partial);
}

function addVwap(inputs: Inputs, outcome: Outcome<number | undefined> | undefined, collected: Collected): void {
  const vwap = take(inputs, 'intraday', outcome, collected);
  if (vwap !== undefined) inputs.vwap = vwap;
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
  collected.notes.push(
    ...(found.notes ?? []).map((note) =>
      isOneOfSeveral && !note.startsWith(`${inputs.symbol} `) ? `${inputs.symbol}: ${note}` : note,
    ),
  );
  for (const error of found.errors) fail(inputs, 'chain', error, collected);
}

/** A quote that is held because none can be had stands in a row with the figures of a chain from later. */
function noteMoments(
  symbol: TickerSymbol,
  quote: Outcome<Quote> | undefined,
  found: Findings<'chain'> | undefined,
  { notes }: Collected,
): void {
  const pricedAt = found?.sources[0]?.asOf;
  if (quote?.ok !== true || found?.data === undefined || pricedAt === undefined) return;
  if (isFromBefore(quote.source.fetchedAt, pricedAt))
    notes.push(
      `${symbol}: the quote is as of ${formatExchangeMinute(quote.source.asOf)}; the chain and its figures are as of ${formatExchangeMinute(pricedAt)}`,
    );
}

/** With its source; a failure leaves what needs it missing. */
function take<T>(inputs: Inputs, need: Need, outcome: Outcome<T> | undefined, collected: Collected): T | undefined {
  if (outcome?.ok === false) fail(inputs, need, toAnswerError(outcome.error, inputs.symbol), collected);
  if (outcome?.ok !== true) return undefined;
  collected.sources.push(outcome.source);
  return outcome.value;
}

/** One cause of several figures is told once. */
function fail(inputs: Inputs, need: Need, error: AnswerError, { errors }: Collected): void {
  inputs.why = { ...inputs.why, [need]: error.message };
  if (!errors.some(({ symbol, message }) => symbol === error.symbol && message === error.message)) errors.push(error);
}

export function sortRows(rows: readonly Row[], sort: TableRequest['sort']): readonly Row[] {
  if (sort === undefined) return rows;
  return rows
    .map((row) => ({ row, value: evaluate(sort.by, row) }))
    .sort((a, b) => compareValues(a.value, b.value, sort.descending))
    .map(({ row }) => row);
}

/** Missing values last, whichever way. */
export function compareValues(a: Result, b: Result, descending: boolean): number {
  if (a instanceof Missing || b instanceof Missing) return Number(a instanceof Missing) - Number(b instanceof Missing);
  if (a === b) return 0;
  return a < b === descending ? 1 : -1;
}

export function toRow(row: Row, columns: readonly Column[]): TableRow {
  const shown: TableRow = { symbol: row.inputs.symbol };
  for (const column of columns) {
    const value = valueOf(column, row);
    if (value !== undefined) shown[column.key] = value;
  }
  return shown;
}

/** With `--verbose`: why a figure of a row is not there. */
function reportMissing({ columns, where }: TableRequest, rows: readonly Row[], { request }: ToolContext): void {
  const bounds = [...columns.map(({ bound }) => bound), ...(where === undefined ? [] : [where])];
  for (const row of rows) {
    const causes = new Set<string>();
    for (const bound of bounds) {
      const value = evaluate(bound, row);
      if (value instanceof Missing) causes.add(value.why);
    }
    for (const why of causes) request.call.report({ type: 'detail', text: `${row.inputs.symbol}: ${why}` });
  }
}
