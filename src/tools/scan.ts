// Searches the whole market by a condition over fields. Hides its stages: what the kept bars tell rejects most symbols,
// quotes and chains are asked for of those that are left; without the whole market, quotes of large companies stand in.
import type { Answer, AnswerError, TableRow } from '../domain/answers.ts';
import { closeOf, lastFinishedSession, lastTradingDays } from '../domain/calendar.ts';
import { NoDataError, UsageError, toFinError } from '../domain/errors.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import type { Bar, IsoDate, TickerSymbol } from '../domain/types.ts';
import { type Bound, bindCondition, bindExpression } from '../fields/bind.ts';
import { type Expression, namesIn, parseExpression } from '../fields/expression.ts';
import { both, createRow, type Result, type Row } from '../fields/parts.ts';
import { SCANS, SCAN_NAMES, type ScanName } from '../fields/presets.ts';
import { type Reach, reachOf } from '../fields/reach.ts';
import { findField } from '../fields/registry.ts';
import type { BarColumn, LoadedMarket, MarketData, Source, WholeMarket } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { listLargeCompanies } from './large-companies.ts';
import { type MarketBars, createMarketBars, inputsOfBars } from './market-bars.ts';
import { toQuoteData } from './quote.ts';
import { type Column, type RowExpression, describeColumn, evaluate, parseColumnList } from './table-columns.ts';
import { answerTable, compareValues, parseSort, toRow } from './table.ts';

/** As typed. */
export interface ScanWords {
  conditions?: string;
  preset?: string;
  universe?: string;
  columns?: string;
  sort?: string;
  limit?: number;
}

export interface ScanRequest {
  /** All must be true; those of an `and` stand alone, so that the cheapest can go first. */
  conditions: readonly Bound[];
  columns: readonly Column[];
  sort?: { by: RowExpression; descending: boolean };
  limit?: number;
  /** Absent: the whole market. */
  symbols?: readonly TickerSymbol[];
}

/** What needs a quote or a chain is asked for so many symbols at most. */
const MOST_ASKED = 50;
/** Sessions that a scan fetches by itself where requests are limited; more of them is for `cache warm --market`. */
const MOST_FETCHED = 10;
/** What a preset shows where nothing else is said. */
const PRESET_ROWS = 20;
/** Sessions of indicators that are as settled as a year makes them. */
export const MARKET_SESSIONS = 260;
const MOST_LOADED = 1024;
const BASE_COLUMNS = ['last', 'changePercent', 'volume', 'dollarVolume'];
const TURN_MS = 15;
const ROWS_A_LOOK = 64;

/** @throws UsageError that marks the mistake, before anything is fetched. */
export function parseScanWords(words: ScanWords): ScanRequest {
  const preset = words.preset === undefined ? undefined : SCANS[parsePreset(words.preset)];
  const texts = [preset?.where, words.conditions].filter((text) => text !== undefined);
  if (texts.length === 0)
    throw new UsageError('scan: there is no condition', {
      hint: `write one, such as "rsi14 < 30 and close > sma200", or take a preset: ${SCAN_NAMES.join(', ')}`,
    });
  const conditions = texts.flatMap(parseConditions);
  const sortText = words.sort ?? preset?.sort;
  const limit = words.limit ?? (preset === undefined ? undefined : PRESET_ROWS);
  const symbols = words.universe === undefined ? undefined : expandUniverse(words.universe);
  const sort = sortText === undefined ? undefined : parseSort(sortText, ['symbol']);
  return {
    conditions,
    columns: parseColumnList(words.columns ?? columnsFor([...texts, ...(sortText === undefined ? [] : [sortText])])),
    ...(sort === undefined ? {} : { sort }),
    ...(limit === undefined ? {} : { limit }),
    ...(symbols === undefined ? {} : { symbols }),
  };
}

function parsePreset(name: string): ScanName {
  const found = SCAN_NAMES.find((each) => each === name.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`--preset "${name.slice(0, 30)}": there is none of that name`, {
    hint: `the presets are ${SCAN_NAMES.join(', ')}`,
  });
}

function parseConditions(text: string): Bound[] {
  bindCondition(text);
  const bounds = splitConditions(parseExpression(text)).map((part) => bindExpression(text, part));
  const [named] = bounds.flatMap(({ symbols }) => symbols);
  if (named !== undefined)
    throw new UsageError(
      `scan: ${named} is named in "${text.slice(0, 60)}": a condition is asked of each symbol alone`,
      {
        hint: 'leave the name and its dot away',
      },
    );
  return bounds;
}

function splitConditions(expression: Expression): Expression[] {
  return expression.kind === 'binary' && expression.operator === 'and'
    ? [...splitConditions(expression.left), ...splitConditions(expression.right)]
    : [expression];
}

/** The symbols that a scan looks at; undefined for the whole market. */
function expandUniverse(text: string): TickerSymbol[] | undefined {
  return text.trim().toLowerCase() === 'market' ? undefined : parseSymbolList([text]);
}

/** What was asked about is shown. */
function columnsFor(texts: readonly string[]): string {
  const names = texts
    .flatMap((text) => namesIn(parseExpression(text)))
    .filter(({ path, isCall }) => !isCall && path.length === 1)
    .map(({ path }) => path[0] ?? '')
    .filter((name) => findField(name) !== undefined);
  return [...new Set([...BASE_COLUMNS, ...names])].join(', ');
}

export function answerScan(asked: ScanRequest, context: ToolContext): Promise<Answer<'table'>> {
  return answerWith(context, async (counted) => {
    const whole = await counted.market.wholeMarket?.();
    return whole === undefined ? scanByQuotes(asked, counted) : scanMarket(asked, whole, counted);
  });
}

const boundsOf = ({ by }: { by: RowExpression }): Bound => by.first;

interface Reaches {
  /** Of the conditions that bars decide, and of the order: what must be held. */
  needed: number;
  /** Of the last few bars, and of all of them: which bars decide. */
  quick: readonly Bound[];
  cheap: readonly Bound[];
  /** Conditions that bars do not decide. */
  rest: readonly Bound[];
  /** The order, or a column, needs more than bars. */
  showsMore: boolean;
  depth: number;
  columns: ReadonlyMap<BarColumn, number>;
}

/** A condition that looks no further back is tried before any other. */
const FEW_SESSIONS = 5;

function measure({ conditions, columns, sort }: ScanRequest, { clock }: ToolContext): Reaches {
  const now = clock.now();
  let days: IsoDate[] | undefined;
  const dayOf = (back: number): IsoDate => {
    days ??= lastTradingDays(MOST_LOADED, lastFinishedSession(now)).reverse();
    return days[back] ?? '';
  };
  const reach = (bounds: readonly Bound[]): Reach => reachOf(bounds, (bars) => inputsOfBars('', bars, now), dayOf);
  const measured = conditions.map((bound) => ({ bound, ...reach([bound]) }));
  const order = sort === undefined ? undefined : reach([boundsOf(sort)]);
  const shown = reach(columns.map(({ bound }) => bound.first));
  const all = [shown, ...(order === undefined ? [] : [order]), ...measured];
  // Of every session that is looked at the close says whether there is a bar.
  const depths = new Map<BarColumn, number>([['close', Infinity]]);
  for (const [name, depth] of all.flatMap((each) => [...each.columns]))
    depths.set(name, Math.max(depth, depths.get(name) ?? 0));
  const decided = measured.filter(({ needsMore }) => !needsMore);
  const isQuick = ({ depth }: Reach): boolean => depth <= FEW_SESSIONS;
  return {
    needed: Math.max(order?.sessions ?? 1, ...measured.map(({ sessions }) => sessions)),
    quick: decided.filter(isQuick).map(({ bound }) => bound),
    cheap: decided.filter((each) => !isQuick(each)).map(({ bound }) => bound),
    rest: measured.filter(({ needsMore }) => needsMore).map(({ bound }) => bound),
    showsMore: shown.needsMore || order?.needsMore === true,
    depth: Math.max(...all.map(({ depth }) => depth)),
    columns: depths,
  };
}

async function scanMarket(asked: ScanRequest, whole: WholeMarket, context: ToolContext): Promise<Findings<'table'>> {
  const reaches = measure(asked, context);
  const notes = [...(await bringSessions(reaches, whole, context)), ...(await whole.learnSplits(context.request))];
  const load = (): LoadedMarket | undefined =>
    whole.load(Math.min(MOST_LOADED, Math.max(reaches.depth, reaches.needed)), reaches.columns);
  let loaded = load();
  if ((loaded?.dates.length ?? 0) < reaches.needed) {
    // Some turned out to be damaged.
    notes.push(...(await bringSessions(reaches, whole, context)));
    loaded = load();
  }
  if (loaded === undefined || loaded.dates.length < reaches.needed)
    throw tooFewSessions(reaches.needed, loaded?.dates.length ?? 0, whole);
  const bars = createMarketBars(loaded);
  const { indexes, errors } = chooseSymbols(asked, loaded, bars);
  stage(
    context,
    `scan: ${count(indexes.length, 'symbol')}, ${count(loaded.dates.length, 'session')} up to ${loaded.dates.at(-1) ?? ''}`,
  );
  const passed = await searchBars(asked, reaches, { loaded, bars, indexes, errors }, context);
  const source = sourceOf(loaded, whole, context);
  if (reaches.rest.length > 0 || reaches.showsMore) {
    const found = await askOfThese(
      asked,
      reaches.rest,
      passed.map((index) => loaded.symbols[index] ?? ''),
      { ...context, market: withKeptBars(context.market, loaded, bars, source) },
    );
    return {
      ...found,
      data: found.data && { ...found.data, universe: indexes.length },
      errors: [...errors, ...found.errors],
      notes: [...notes, ...(found.notes ?? [])],
      sources: [source, ...found.sources],
    };
  }
  const rowOf = (index: number): Row =>
    createRow(inputsOfBars(loaded.symbols[index] ?? '', bars.of(index), context.clock.now()));
  const rows = passed.slice(0, asked.limit).map((index) => toRow(rowOf(index), asked.columns));
  return {
    kind: 'table',
    data: { columns: asked.columns.map(describeColumn), rows, universe: indexes.length, matched: passed.length },
    errors,
    sources: [source],
    notes: [...notes, ...notesOf(loaded, rows, passed.length)],
  };
}

/** Fetches what of the needed sessions is missing, where that is little or costs nothing. @returns what to say of it */
async function bringSessions(reaches: Reaches, whole: WholeMarket, context: ToolContext): Promise<string[]> {
  const { request } = context;
  const isFree = whole.limitPerMinute === undefined;
  const wanted = isFree && reaches.depth > reaches.needed ? Math.max(reaches.needed, MARKET_SESSIONS) : reaches.needed;
  const { missing } = whole.plan(wanted);
  if (request.offline || missing.length === 0) return [];
  if (!isFree && missing.length > MOST_FETCHED)
    throw tooFewSessions(reaches.needed, whole.countHeld(MOST_LOADED), whole, missing.length);
  stage(context, `scan: fetching ${count(missing.length, 'session')} of the whole market`);
  const { failure, notes } = await whole.fill(wanted, request, (_held, left) =>
    stage(context, `scan: ${count(left, 'session')} left to fetch`, true),
  );
  if (failure === undefined) return [...notes];
  if (failure.code === 'cancelled' || failure.code === 'timeout' || whole.countHeld(reaches.needed) < reaches.needed)
    throw failure;
  return [...notes, `stale: ${failure.message}`];
}

function tooFewSessions(needed: number, held: number, whole: WholeMarket, missing = needed - held): NoDataError {
  const perMinute = Math.max(1, Math.floor((whole.limitPerMinute ?? Infinity) * 0.8));
  const minutes = Math.ceil(missing / perMinute);
  const time = minutes > 1 ? `, in about ${minutes} minutes` : '';
  return new NoDataError(
    `scan: this needs ${count(needed, 'session')} of the whole market, and ${held} ${held === 1 ? 'is' : 'are'} held`,
    { hint: `fin cache warm --market ${Math.max(needed, held)} fetches them${time}` },
  );
}

interface Searched {
  loaded: LoadedMarket;
  bars: MarketBars;
  indexes: readonly number[];
  errors: AnswerError[];
}

function chooseSymbols(
  { symbols }: ScanRequest,
  loaded: LoadedMarket,
  bars: MarketBars,
): Pick<Searched, 'indexes' | 'errors'> {
  if (symbols === undefined) return { indexes: bars.indexes(), errors: [] };
  const date = loaded.dates.at(-1) ?? '';
  const found = symbols.map((symbol) => ({ symbol, index: bars.find(symbol) }));
  return {
    indexes: found.flatMap(({ index }) => index ?? []),
    errors: found
      .filter(({ index }) => index === undefined)
      .map(({ symbol }) =>
        toAnswerError(new NoDataError(`${symbol}: no bar on ${date}`, { symbol, hint: 'check the symbol' })),
      ),
  };
}

/** Indexes of the symbols that pass what bars decide, in order. Ended early it has those found until then. */
async function searchBars(
  { sort }: ScanRequest,
  { quick, cheap }: Reaches,
  { loaded, bars, indexes, errors }: Searched,
  context: ToolContext,
): Promise<number[]> {
  const now = context.clock.now();
  const { signal } = context.request.call;
  const passed: { index: number; value: Result }[] = [];
  let turnEndsMs = context.clock.machineNow() + TURN_MS;
  for (const [place, index] of indexes.entries()) {
    if (place % ROWS_A_LOOK === 0 && context.clock.machineNow() > turnEndsMs) {
      await new Promise((resolve) => setImmediate(resolve));
      turnEndsMs = context.clock.machineNow() + TURN_MS;
      if (signal.aborted) {
        errors.push(toAnswerError(toFinError(signal.reason)));
        break;
      }
    }
    const rowOf = (most?: number): Row =>
      createRow(inputsOfBars(loaded.symbols[index] ?? '', bars.of(index, most), now));
    if (quick.length > 0) {
      const newest = rowOf(FEW_SESSIONS);
      if (!quick.every((condition) => condition.evaluate(newest) === true)) continue;
    }
    const row = rowOf();
    if (cheap.every((condition) => condition.evaluate(row) === true))
      passed.push({ index, value: sort === undefined ? 0 : evaluate(sort.by, row) });
  }
  if (sort !== undefined) passed.sort((a, b) => compareValues(a.value, b.value, sort.descending));
  return passed.map(({ index }) => index);
}

/** The rest of the conditions, columns and order, of the symbols that are left. */
async function askOfThese(
  { columns, sort, limit }: ScanRequest,
  rest: readonly Bound[],
  left: readonly TickerSymbol[],
  context: ToolContext,
): Promise<Pick<Answer<'table'>, 'data' | 'errors'> & Findings<'table'>> {
  const rows = left.slice(0, MOST_ASKED);
  const notes =
    left.length > rows.length ? [`only the first ${rows.length} of ${left.length} that are left were asked about`] : [];
  if (rows.length === 0)
    return {
      kind: 'table',
      data: { columns: columns.map(describeColumn), rows: [], universe: 0, matched: 0 },
      errors: [],
      sources: [],
      notes,
    };
  stage(context, `scan: asking about ${count(rows.length, 'symbol')}`);
  const sources: Source[] = [];
  const where = joinConditions(rest);
  const answer = await answerTable(
    {
      rows,
      columns,
      ...(where === undefined ? {} : { where }),
      ...(sort === undefined ? {} : { sort }),
      ...(limit === undefined ? {} : { limit }),
    },
    hearSources(context, sources),
  );
  const data = answer.data ?? { columns: columns.map(describeColumn), rows: [] };
  return {
    kind: 'table',
    data: { ...data, universe: left.length, matched: data.matched ?? data.rows.length },
    errors: answer.errors,
    sources,
    notes: [...notes, ...answer.notes],
  };
}

/** As one, of rows of symbols. */
function joinConditions(bounds: readonly Bound[]): RowExpression | undefined {
  const [first] = bounds;
  if (first === undefined) return undefined;
  const joined: Bound = {
    ...first,
    needs: new Set(bounds.flatMap(({ needs }) => [...needs])),
    evaluate: (row) => bounds.map((bound) => bound.evaluate(row)).reduce(both),
  };
  return { first: joined, of: { symbol: joined } };
}

/** The market, of which the sources of what is asked are heard. */
function hearSources(context: ToolContext, sources: Source[]): ToolContext {
  const { market } = context;
  return {
    ...context,
    market: {
      ...market,
      quotes: async (symbols, request) => {
        const outcomes = await market.quotes(symbols, request);
        for (const outcome of outcomes.values()) if (outcome.ok) sources.push(outcome.source);
        return outcomes;
      },
      chain: async (...args) => {
        const outcome = await market.chain(...args);
        if (outcome.ok) sources.push(outcome.source);
        return outcome;
      },
    },
  };
}

/** The market, whose daily series are the kept bars. */
function withKeptBars(market: MarketData, loaded: LoadedMarket, bars: MarketBars, source: Source): MarketData {
  return {
    ...market,
    dailySeries: (symbol, request, dates) => {
      const index = bars.find(symbol);
      if (index === undefined) return market.dailySeries(symbol, request, dates);
      const own = bars
        .of(index)
        .map(({ date, open, high, low, close, volume }): Bar => ({ date, open, high, low, close, volume }));
      return Promise.resolve({
        ok: true,
        value: { symbol, bars: own, coveredFrom: loaded.dates[0] ?? '', running: false },
        source,
      });
    },
  };
}

function sourceOf(
  { dates, fetchedAt, sample }: LoadedMarket,
  whole: WholeMarket,
  { clock, request }: ToolContext,
): Source {
  const newest = dates.at(-1) ?? '';
  const isNewest = newest === lastFinishedSession(clock.now()) || whole.plan(1).missing.length === 0;
  return {
    provider: whole.provider,
    sample,
    asOf: closeOf(newest),
    fetchedAt,
    freshness: isNewest || !request.offline ? 'cached' : 'stale',
    notes: [`session of ${newest}, the newest of ${dates.length} looked at`],
  };
}

function notesOf({ splits }: LoadedMarket, rows: readonly TableRow[], matched: number): string[] {
  const shown = new Set(rows.map(({ symbol }) => symbol));
  const own = splits.filter(({ symbol }) => shown.has(symbol));
  return [
    ...(rows.length < matched ? [`the first ${rows.length} of ${matched}: --limit shows more`] : []),
    ...(own.length === 0
      ? []
      : [
          `adjusted for splits: ${own.map(({ symbol, date, from, to }) => `${symbol} ${to}:${from} on ${date}`).join(', ')}`,
        ]),
  ];
}

/** Without the bars of the whole market: what quotes decide first, in one request, then the rest of those left. */
async function scanByQuotes(asked: ScanRequest, context: ToolContext): Promise<Findings<'table'>> {
  const { market, clock, request } = context;
  const symbols = asked.symbols ?? listLargeCompanies();
  const notes =
    asked.symbols === undefined ? [`without a Polygon key: ${symbols.length} large companies, by their quotes`] : [];
  const byQuote = (bound: Bound): boolean => [...bound.needs].every((need) => need === 'quote');
  const shown = [
    ...asked.columns.map(({ bound }) => bound.first),
    ...(asked.sort === undefined ? [] : [boundsOf(asked.sort)]),
  ];
  const cheap = asked.conditions.filter(byQuote);
  const rest = asked.conditions.filter((bound) => !byQuote(bound));
  stage(context, `scan: quotes of ${count(symbols.length, 'symbol')}`);
  const outcomes = await market.quotes(symbols, request);
  const errors: AnswerError[] = [];
  const sources: Source[] = [];
  const passed: { row: Row; value: Result }[] = [];
  for (const symbol of symbols) {
    const outcome = outcomes.get(symbol);
    if (outcome?.ok !== true) {
      if (outcome !== undefined) errors.push(toAnswerError(outcome.error, symbol));
      continue;
    }
    sources.push(outcome.source);
    const row = createRow({ symbol, now: clock.now(), quote: toQuoteData(outcome.value, clock.now()) });
    if (cheap.every((condition) => condition.evaluate(row) === true))
      passed.push({ row, value: asked.sort === undefined ? 0 : evaluate(asked.sort.by, row) });
  }
  if (sources.length === 0) return { kind: 'table', data: undefined, errors, sources, notes };
  const { sort } = asked;
  if (sort !== undefined) passed.sort((a, b) => compareValues(a.value, b.value, sort.descending));
  if (rest.length > 0 || !shown.every(byQuote)) {
    const found = await askOfThese(
      asked,
      rest,
      passed.map(({ row }) => row.inputs.symbol),
      context,
    );
    return {
      ...found,
      data: found.data && { ...found.data, universe: symbols.length },
      errors: [...errors, ...found.errors],
      notes: [...notes, ...(found.notes ?? [])],
      sources: [...sources, ...found.sources],
    };
  }
  return {
    kind: 'table',
    data: {
      columns: asked.columns.map(describeColumn),
      rows: passed.slice(0, asked.limit).map(({ row }) => toRow(row, asked.columns)),
      universe: symbols.length,
      matched: passed.length,
    },
    errors,
    sources,
    notes,
  };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function stage({ request }: ToolContext, text: string, isPassing?: true): void {
  request.call.report({ type: 'stage', text, ...(isPassing === undefined ? {} : { isPassing }) });
}
