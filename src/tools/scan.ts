// Searches the whole market by a condition over fields. Hides its stages: what the kept bars tell rejects most symbols,
// quotes and chains are asked for of those that are left; without the whole market, quotes of large companies stand in.
import type { Answer, AnswerError, TableRow } from '../domain/answers.ts';
import { closeOf, lastFinishedSession, lastTradingDays } from '../domain/calendar.ts';
import { NoDataError, UsageError, toFinError } from '../domain/errors.ts';
import { present } from '../domain/present.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import type { Bar, IsoDate, TickerSymbol } from '../domain/types.ts';
import { usableSlots } from '../http/limit-share.ts';
import type { Lost } from '../providers/provider.ts';
import { type Bound, bindCondition, bindExpression } from '../fields/bind.ts';
import { type Expression, namesIn, parseExpression } from '../fields/expression.ts';
import { createRow, type Result, type Row } from '../fields/parts.ts';
import { SCANS, SCAN_NAMES, type ScanName } from '../fields/presets.ts';
import { type Reach, reachOf } from '../fields/reach.ts';
import { findField } from '../fields/registry.ts';
import type { BarColumn, LoadedMarket, MarketData, Source, WholeMarket } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { type MarketBars, createMarketBars, heldSessionsOf, inputsOfBars } from './market-bars.ts';
import { MOST_ASKED, type ScanRequest, askOfThese, boundsOf, count, scanByQuotes, stage } from './scan-asked.ts';
import { type Column, describeColumn, evaluate, parseColumnList } from './table-columns.ts';
import { compareValues, parseSort, toRow } from './table.ts';

/** As typed. */
export interface ScanWords {
  conditions?: string;
  preset?: string;
  universe?: string;
  columns?: string;
  sort?: string;
  limit?: number;
}

/** Sessions that a scan fetches by itself where requests are limited; more of them is for `cache warm --market`. */
const MOST_FETCHED = 10;
/** What a preset shows where nothing else is said. */
const PRESET_ROWS = 20;
/** What every preset needs; more of them nobody fetches without being told to. */
export const MARKET_SESSIONS = 260;
const MOST_LOADED = 1024;
const BASE_COLUMNS = ['last', 'changePercent', 'volume', 'dollarVolume'];
/** The order where none is asked for, and of which the first are asked about where bars do not decide the order. */
const BUSIEST = 'dollarVolume';
const TURN_MS = 15;
const ROWS_A_LOOK = 64;

/** @throws UsageError that marks the mistake, before anything is fetched. */
export function parseScanWords(words: ScanWords): ScanRequest {
  const preset = words.preset === undefined ? undefined : SCANS[parsePreset(words.preset)];
  const texts = [preset?.where, words.conditions].filter((text) => text !== undefined);
  if (texts.length === 0)
    throw new UsageError('scan: no condition given', {
      hint: `write one, like "rsi14 < 30 and close > sma200", or use a preset: ${SCAN_NAMES.join(', ')}`,
    });
  const conditions = texts.flatMap(parseConditions);
  const sortText = words.sort ?? preset?.sort ?? `-${BUSIEST}`;
  const limit = words.limit ?? (preset === undefined ? undefined : PRESET_ROWS);
  const symbols = words.universe === undefined ? undefined : expandUniverse(words.universe);
  const columns = parseColumnList(words.columns ?? columnsFor([...texts, sortText]));
  return {
    conditions,
    columns,
    sort: parseSort(sortText, ['symbol'], columns),
    ...present({ limit, symbols }),
  };
}

function parsePreset(name: string): ScanName {
  const found = SCAN_NAMES.find((each) => each === name.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`--preset "${name.slice(0, 30)}": no such preset`, {
    hint: `the presets are ${SCAN_NAMES.join(', ')}`,
  });
}

function parseConditions(text: string): Bound[] {
  bindCondition(text);
  const bounds = splitConditions(parseExpression(text)).map((part) => bindExpression(text, part));
  const [named] = bounds.flatMap(({ symbols }) => symbols);
  if (named !== undefined)
    throw new UsageError(
      `scan: ${named} is named in "${text.slice(0, 60)}": a condition applies to every symbol alike`,
      {
        hint: 'omit the name and its dot',
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
    const found = await (whole === undefined ? scanByQuotes(asked, counted) : scanMarket(asked, whole, counted));
    const { by, descending } = asked.sort;
    const isBusiest = descending && by.first.field?.name === BUSIEST;
    return isBusiest ? { ...found, notes: [...(found.notes ?? []), 'largest dollar volume first'] } : found;
  });
}

interface Reaches {
  /** Of the conditions that bars decide, and of the order: what must be held. */
  needed: number;
  /** Of the columns, each: without as many it is absent. */
  shown: readonly { label: string; sessions: number; needsMore: boolean }[];
  /** Of the last few bars, and of all of them: which bars decide. */
  quick: readonly Bound[];
  cheap: readonly Bound[];
  /** Conditions that bars do not decide. */
  rest: readonly Bound[];
  /** A condition, a column or the order needs more than bars: quotes and chains are asked for. */
  asks: boolean;
  /** The order needs more than bars. */
  sortsByMore: boolean;
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
  const order = reach([boundsOf(sort)]);
  const shown = columns.map((column) => ({ ...describeColumn(column), ...reach([column.bound.first]) }));
  const all = [...shown, order, ...measured];
  // Of every session that is looked at the close says whether there is a bar.
  const depths = new Map<BarColumn, number>([
    ['close', Infinity],
    ['volume', 1],
  ]);
  for (const [name, depth] of all.flatMap((each) => [...each.columns]))
    depths.set(name, Math.max(depth, depths.get(name) ?? 0));
  const decided = measured.filter(({ needsMore }) => !needsMore);
  const isQuick = ({ depth }: Reach): boolean => depth <= FEW_SESSIONS;
  return {
    needed: Math.max(order.sessions, ...measured.map(({ sessions }) => sessions)),
    shown,
    quick: decided.filter(isQuick).map(({ bound }) => bound),
    cheap: decided.filter((each) => !isQuick(each)).map(({ bound }) => bound),
    rest: measured.filter(({ needsMore }) => needsMore).map(({ bound }) => bound),
    asks: all.some(({ needsMore }) => needsMore),
    sortsByMore: order.needsMore,
    depth: Math.max(...all.map(({ depth }) => depth)),
    columns: depths,
  };
}

async function scanMarket(asked: ScanRequest, whole: WholeMarket, context: ToolContext): Promise<Findings<'table'>> {
  const reaches = measure(asked, context);
  if (reaches.needed > MOST_LOADED) throw tooFewSessions(reaches.needed, 0, whole);
  const { missing } = whole.plan(reaches.needed, context.request.refresh);
  const brought = await bringSessions(reaches, whole, context);
  const notes = [...brought.notes, ...(await whole.learnSplits(context.request))];
  const load = (): LoadedMarket | undefined =>
    whole.load(Math.min(MOST_LOADED, Math.max(reaches.depth, reaches.needed)), reaches.columns);
  let loaded = load();
  if ((loaded?.dates.length ?? 0) < reaches.needed) {
    // Some turned out to be damaged.
    notes.push(...(await bringSessions(reaches, whole, context)).notes);
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
  const searched = { loaded, bars, indexes, errors };
  const source: Source = {
    ...sourceOf(loaded, missing, whole, context),
    ...(brought.failed ? { freshness: 'stale' } : {}),
    lost: lostOf(loaded, asked),
  };
  notes.push(...describeLacking(reaches, loaded));
  if (reaches.asks) {
    const found = await askMarket(asked, reaches, searched, source, context);
    const { rows = [], matched = 0 } = found.data ?? {};
    return {
      ...found,
      data: found.data && { ...found.data, universe: indexes.length },
      errors: [...errors, ...found.errors],
      notes: [...notes, ...(found.notes ?? []), ...notesOf(loaded, rows, rows.length < MOST_ASKED ? matched : 0)],
    };
  }
  const passed = await searchBars(asked.sort, reaches, searched, context);
  const rows = passed
    .slice(0, asked.limit)
    .map((index) => toRow(createRow(bars.inputsOf(index, bars.of(index), context.clock.now())), asked.columns));
  return {
    kind: 'table',
    data: { columns: asked.columns.map(describeColumn), rows, universe: indexes.length, matched: passed.length },
    errors,
    sources: [source],
    notes: [...notes, ...notesOf(loaded, rows, passed.length)],
  };
}

/**
 * Bars decide what they can, of conditions and of columns, so that no condition changes what another one means; only what
 * bars do not have is of now.
 */
async function askMarket(
  asked: ScanRequest,
  reaches: Reaches,
  searched: Searched,
  source: Source,
  context: ToolContext,
): Promise<Findings<'table'>> {
  const { loaded, bars } = searched;
  const { rest, sortsByMore } = reaches;
  const order = sortsByMore ? parseSort(`-${BUSIEST}`, ['symbol']) : asked.sort;
  const left = await searchBars(order, reaches, searched, context);
  const ofNow = asked.columns.filter((_, index) => reaches.shown[index]?.needsMore === true);
  const ofBars = asked.columns.filter((column) => !ofNow.includes(column));
  const kept = { ...source, notes: describeMoments(asked, reaches, ofBars, ofNow, loaded) };
  const found = await askOfThese(
    { ...asked, columns: ofNow, conditions: rest, isOrdered: !sortsByMore },
    left.map((index) => loaded.symbols[index] ?? ''),
    { ...context, market: withKeptBars(context.market, loaded, bars, kept) },
  );
  const rows = found.rows.map((now) => {
    const index = bars.find(now.symbol) ?? NaN;
    const then = toRow(createRow(bars.inputsOf(index, bars.of(index), context.clock.now())), ofBars);
    return { ...then, ...now };
  });
  return {
    kind: 'table',
    data: { columns: asked.columns.map(describeColumn), rows, matched: found.matched },
    errors: found.errors,
    sources: kept.notes.length > 0 || found.sources.length === 0 ? [kept, ...found.sources] : found.sources,
    notes: found.notes,
  };
}

/** What is of the newest kept session, and what is not. */
function describeMoments(
  { conditions }: ScanRequest,
  { rest }: Reaches,
  ofBars: readonly Column[],
  ofNow: readonly Column[],
  { dates }: LoadedMarket,
): string[] {
  const labelsOf = (columns: readonly Column[]): string[] => columns.map((column) => describeColumn(column).label);
  const areBarsAsked = rest.length < conditions.length || rest.some(({ needs }) => needs.has('series'));
  const then = [...labelsOf(ofBars), ...(areBarsAsked ? ['conditions'] : [])];
  const named = rest.flatMap(({ names }) => [...names.values()].flatMap(({ field }) => field?.label ?? []));
  const now = [...new Set([...labelsOf(ofNow), ...named])];
  return then.length === 0
    ? []
    : [`bars up to the ${dates.at(-1) ?? ''} session: ${then.join(', ')}; as of now: ${now.join(', ')}`];
}

/** Fetches what of the needed sessions is missing, where that is little or costs nothing. @returns what to say of it */
async function bringSessions(
  reaches: Reaches,
  whole: WholeMarket,
  context: ToolContext,
): Promise<{ notes: string[]; failed: boolean }> {
  const { request } = context;
  const isFree = whole.limitPerMinute === undefined;
  const ofColumns = isFree ? reaches.shown.map(({ sessions }) => Math.min(sessions, MARKET_SESSIONS)) : [];
  const wanted = Math.max(reaches.needed, ...ofColumns);
  const { missing } = whole.plan(wanted, request.refresh);
  if (request.offline || missing.length === 0) return { notes: [], failed: false };
  if (missing.length > (isFree && wanted <= MARKET_SESSIONS ? MARKET_SESSIONS : MOST_FETCHED))
    throw tooFewSessions(reaches.needed, whole.countHeld(MOST_LOADED), whole, missing.length);
  stage(context, `scan: fetching ${count(missing.length, 'session')} of the whole market`);
  const { failure, notes } = await whole.fill(wanted, request, (_held, left) =>
    stage(context, `scan: ${count(left, 'session')} left to fetch`, true),
  );
  if (failure === undefined) return { notes: [...notes], failed: false };
  if (failure.code === 'cancelled' || failure.code === 'timeout' || whole.countHeld(reaches.needed) < reaches.needed)
    throw failure;
  return { notes: [...notes, `stale: ${failure.message}`], failed: true };
}

function tooFewSessions(needed: number, held: number, whole: WholeMarket, missing = needed - held): NoDataError {
  if (needed > MOST_LOADED)
    return new NoDataError(
      `scan: this needs more than the ${MOST_LOADED} sessions of the whole market that a scan reads`,
      {
        hint: 'use a shorter window, or fin table for symbols of your choice',
      },
    );
  const minutes = Math.ceil(missing / usableSlots('warm', whole.limitPerMinute));
  const time = minutes > 1 ? `, in about ${minutes} minutes` : '';
  return new NoDataError(
    `scan: this needs ${count(needed, 'session')} of the whole market, and ${held} ${held === 1 ? 'is' : 'are'} saved`,
    { hint: `fin cache warm --market ${Math.max(needed, held)} fetches them${time}` },
  );
}

/** Why columns are absent. */
function describeLacking({ shown }: Reaches, { dates }: LoadedMarket): string[] {
  return shown
    .filter(({ sessions }) => sessions > dates.length)
    .map(({ label, sessions }) =>
      sessions > MOST_LOADED
        ? `${label} needs more than the ${MOST_LOADED} sessions that a scan reads`
        : `${label} needs ${count(sessions, 'session')} (${dates.length} saved): fin cache warm --market ${sessions}`,
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
  sort: ScanRequest['sort'],
  { quick, cheap }: Pick<Reaches, 'quick' | 'cheap'>,
  { bars, indexes, errors }: Searched,
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
    const rowOf = (most?: number): Row => createRow(bars.inputsOf(index, bars.of(index, most), now));
    if (quick.length > 0) {
      const newest = rowOf(FEW_SESSIONS);
      if (!quick.every((condition) => condition.evaluate(newest) === true)) continue;
    }
    const row = rowOf();
    if (cheap.every((condition) => condition.evaluate(row) === true))
      passed.push({ index, value: evaluate(sort.by, row) });
  }
  passed.sort((a, b) => compareValues(a.value, b.value, sort.descending));
  return passed.map(({ index }) => index);
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
        value: {
          symbol,
          bars: own,
          coveredFrom: loaded.dates[0] ?? '',
          running: false,
          ...present({ heldSessions: heldSessionsOf(own, loaded.dates) }),
        },
        source,
      });
    },
  };
}

/** @param fetched sessions that were fetched for this answer: the newest of them, or none */
function sourceOf(
  { dates, fetchedAt, sample }: LoadedMarket,
  fetched: readonly IsoDate[],
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
    freshness: fetched.includes(newest) ? 'live' : isNewest || !request.offline ? 'cached' : 'stale',
    notes: [`as of the ${newest} session; ${dates.length} sessions searched`],
  };
}

/** Of the symbols that are looked at. */
function lostOf({ lost }: LoadedMarket, { symbols }: ScanRequest): Lost[] {
  return lost.filter(({ symbol }) => symbol === undefined || symbols === undefined || symbols.includes(symbol));
}

function notesOf({ splits }: LoadedMarket, rows: readonly TableRow[] = [], matched = 0): string[] {
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
