// What a check may look at: this question's data, the conversation's, the provider's own series and chains behind them,
// and the calendar. Hides where each kind of data is found and that chains of two sides belong together.
import type { TurnResult } from '../agent/loop.ts';
import type {
  Answer,
  AnswerKind,
  BarData,
  ChainData,
  ExpirationsData,
  HistoryData,
  IndicatorFigures,
  TableData,
} from '../domain/answers.ts';
import {
  holidayName,
  isExpired,
  lastFinishedSession,
  nextChange,
  sessionAt,
  tradingDaysBetween,
  weeklyExpirationOf,
} from '../domain/calendar.ts';
import { addDays, exchangeDateOf, formatExchangeIso } from '../domain/exchange-time.ts';
import type { Bar, EpochMs, IsoDate, OptionChain, Quote, TickerSymbol } from '../domain/types.ts';
import { readIndicator } from '../fields/indicators.ts';
import { findField } from '../fields/registry.ts';
import { expectSessions } from './expected-dates.ts';
import { leastPain, painAt, standardContracts, wallOf } from './recompute.ts';
import type { SuitePrompt } from './suite.ts';

/** The provider's data as they are held, without asking for them: undefined where nothing is. */
export interface DataSource {
  quote(symbol: TickerSymbol): Promise<Quote | undefined>;
  series(symbol: TickerSymbol): Promise<readonly Bar[] | undefined>;
  chain(symbol: TickerSymbol, expiration: IsoDate): Promise<OptionChain | undefined>;
}

export interface Evidence {
  prompt: SuitePrompt;
  /** Market time of the question. */
  nowMs: EpochMs;
  ms: number;
  turn: TurnResult;
  /** Answers of this question's tools. */
  own: readonly Answer[];
  /** All answers of the conversation, this question's last. */
  held: readonly Answer[];
  /** Every symbol that the suite asks about. */
  suiteSymbols: readonly TickerSymbol[];
  series: ReadonlyMap<TickerSymbol, readonly Bar[]>;
  chains: ReadonlyMap<TickerSymbol, OptionChain>;
  quotes: ReadonlyMap<TickerSymbol, Quote>;
}

const SOURCE_NAMES: readonly string[] = [
  'series',
  'previous',
  'wall',
  'source',
  'pain',
] satisfies readonly (keyof typeof SCOPE)[];

/** Reads from the source only what the prompt's formulas name. */
export async function collectEvidence(
  parts: Omit<Evidence, 'series' | 'chains' | 'quotes' | 'own'>,
  source: DataSource,
): Promise<Evidence> {
  const { prompt, held } = parts;
  const names = [...prompt.expect.figures, ...prompt.expect.says].flatMap((formula) => formula.names);
  const series = new Map<TickerSymbol, readonly Bar[]>();
  const chains = new Map<TickerSymbol, OptionChain>();
  const quotes = new Map<TickerSymbol, Quote>();
  if (prompt.expect.levels !== undefined || names.some((name) => SOURCE_NAMES.includes(name))) {
    for (const symbol of prompt.symbols) {
      const bars = await source.series(symbol);
      if (bars !== undefined) series.set(symbol, bars);
      const quote = await source.quote(symbol);
      if (quote !== undefined) quotes.set(symbol, quote);
      const expiration = newestChain(held, symbol)?.expiration;
      const chain = expiration === undefined ? undefined : await source.chain(symbol, expiration);
      if (chain !== undefined) chains.set(symbol, chain);
    }
  }
  return { ...parts, own: parts.turn.findings.map(({ answer }) => answer), series, chains, quotes };
}

/** Data of a kind that concern a symbol, oldest first. `market` and `calculation` concern none. */
export function dataFor(answers: readonly Answer[], kind: AnswerKind, symbol?: TickerSymbol): unknown[] {
  return answers.flatMap((answer) => {
    if (answer.kind !== kind || answer.data === undefined) return [];
    const items: unknown[] = itemsOf(answer);
    return items.filter((item) => symbol === undefined || symbolOf(item) === undefined || symbolOf(item) === symbol);
  });
}

function itemsOf({ kind, data }: Answer): unknown[] {
  if (kind === 'table') return [...(data as TableData).rows];
  return Array.isArray(data) ? data : [data];
}

/** Whom an item of data is about. */
export function symbolOf(item: unknown): TickerSymbol | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  if ('underlying' in item && typeof item.underlying === 'string') return item.underlying;
  return 'symbol' in item && typeof item.symbol === 'string' ? item.symbol : undefined;
}

function newest(evidence: Pick<Evidence, 'own' | 'held'>, kind: AnswerKind, symbol?: TickerSymbol): unknown {
  return dataFor(evidence.own, kind, symbol).at(-1) ?? dataFor(evidence.held, kind, symbol).at(-1);
}

function newestChain(held: readonly Answer[], symbol: TickerSymbol): ChainData | undefined {
  return dataFor(held, 'chain', symbol).at(-1) as ChainData | undefined;
}

/** Daily bars of the sessions that the prompt's phrase means, and how they differ from those that it must mean. */
export function findBars(evidence: Evidence, symbol: TickerSymbol): { bars: BarData[]; problem?: string } {
  const { expect } = evidence.prompt;
  if (expect.dates === undefined) return { bars: [] };
  const allowed = expectSessions(expect.dates, evidence.nowMs);
  const own = dataFor(evidence.own, 'history', symbol).at(-1) as HistoryData | undefined;
  if (own !== undefined) {
    const dates = own.bars.map((bar) => bar.date);
    if (own.interval !== 'day') return { bars: own.bars, problem: `${own.interval} bars, not day bars` };
    const isRight = allowed.some((expected) => expected.join() === dates.join());
    return { bars: own.bars, ...(isRight ? {} : { problem: differ(dates, allowed) }) };
  }
  const byDate = new Map<IsoDate, BarData>();
  for (const data of dataFor(evidence.held, 'history', symbol) as HistoryData[])
    if (data.interval === 'day') for (const bar of data.bars) byDate.set(bar.date, bar);
  const found = allowed.find((expected) => expected.every((date) => byDate.has(date)));
  if (found === undefined) return { bars: [], problem: differ([], allowed) };
  return { bars: found.flatMap((date) => byDate.get(date) ?? []) };
}

function differ(found: readonly IsoDate[], allowed: readonly (readonly IsoDate[])[]): string {
  const spell = (dates: readonly IsoDate[]): string =>
    dates.length === 0
      ? 'no bars'
      : dates.length <= 6
        ? dates.join(' ')
        : `${dates.length} from ${dates[0] ?? ''} to ${dates.at(-1) ?? ''}`;
  const nearest = allowed.at(-1) ?? [];
  const absent = found.length === 0 ? [] : nearest.filter((date) => !found.includes(date));
  const extra = found.filter((date) => !nearest.includes(date));
  const parts = [
    absent.length > 0 ? `missing: ${spell(absent)}` : '',
    extra.length > 0 ? `extra: ${spell(extra)}` : '',
  ].filter(Boolean);
  return `found ${spell(found)}; the calendar says ${allowed.map(spell).join(', or ')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

type Read = (evidence: Evidence, symbol: TickerSymbol | undefined) => unknown;

const latest =
  (kind: AnswerKind): Read =>
  (evidence, symbol) =>
    newest(evidence, kind, symbol);
const ofSymbol =
  (read: (evidence: Evidence, symbol: TickerSymbol) => unknown): Read =>
  (evidence, symbol) =>
    symbol === undefined ? undefined : read(evidence, symbol);
const barsOf = (evidence: Evidence, symbol: TickerSymbol | undefined): BarData[] =>
  symbol === undefined ? [] : findBars(evidence, symbol).bars;

/** First words of paths in formulas, and what they are. */
const SCOPE = {
  quote: latest('quote'),
  history: latest('history'),
  ta: latest('ta'),
  table: latest('table'),
  expirations: (...of) => (newest(of[0], 'expirations', of[1]) as ExpirationsData | undefined)?.expirations,
  levels: latest('levels'),
  market: latest('market'),
  bundle: latest('bundle'),
  chain: ofSymbol(joinSides),
  bars: barsOf,
  bar: (...of) => barsOf(...of).at(-1),
  series: ofSymbol(upToData),
  previous: ofSymbol((evidence, symbol) => barBefore(evidence, symbol, barsOf(evidence, symbol))),
  wall: ofSymbol(wallsOf),
  pain: ofSymbol(painsOf),
  source: ofSymbol((evidence, symbol) => ({
    ...sourceContracts(evidence, symbol),
    bars: sourceBars(evidence, symbol, barsOf(evidence, symbol)),
    quote: evidence.quotes.get(symbol),
  })),
  calendar: ({ nowMs }) => describeCalendar(nowMs),
} as const satisfies Record<string, Read>;

export const SCOPE_NAMES = Object.keys(SCOPE);

/** Whether a name in a formula is that of a field of a symbol: `rsi14`. */
export function isFieldName(name: string): boolean {
  return findField(name) !== undefined;
}

/** What formulas of one symbol can name, its fields too. Getters, because most formulas name little of it. */
export function createScope(evidence: Evidence, symbol: TickerSymbol | undefined): Readonly<Record<string, unknown>> {
  const scope = {};
  const { figures, says } = evidence.prompt.expect;
  const fields = [...figures, ...says].flatMap(({ names }) => names).filter(isFieldName);
  const reads = [...fields.map((name) => [name, figureOf(name)] as const), ...Object.entries<Read>(SCOPE)];
  for (const [name, read] of new Map(reads))
    Object.defineProperty(scope, name, { enumerable: true, get: () => read(evidence, symbol) });
  return scope;
}

/** A field as the newest answer has it that does: in a table by its name, as in a quote, or in the groups of indicators. */
function figureOf(name: string): Read {
  const field = findField(name);
  return ({ own, held }, symbol) => {
    for (const answer of [...held, ...own].toReversed()) {
      const [row] = dataFor([answer], answer.kind, symbol).toReversed() as IndicatorFigures[];
      if (row === undefined || field === undefined || !HOLDS_FIELDS.has(answer.kind)) continue;
      const value = answer.kind === 'ta' ? readIndicator(row, field) : row[name];
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

const HOLDS_FIELDS: ReadonlySet<AnswerKind> = new Set(['table', 'quote', 'ta', 'volatility']);

/** The newest chain with the other side's of the same expiration. */
function joinSides(evidence: Evidence, symbol: TickerSymbol): object | undefined {
  const chains = (dataFor(evidence.held, 'chain', symbol) as ChainData[]).toReversed();
  const [latest] = chains;
  if (latest === undefined) return undefined;
  const ofSide = (side: 'call' | 'put') => {
    const found = chains.find(
      ({ expiration, contracts }) =>
        expiration === latest.expiration && contracts.some((contract) => contract.side === side),
    );
    return found?.contracts.filter((contract) => contract.side === side);
  };
  return { ...latest, calls: ofSide('call'), puts: ofSide('put') };
}

/** The provider's bars up to the one that the indicators are of. */
function upToData(evidence: Evidence, symbol: TickerSymbol): readonly Bar[] | undefined {
  const date = (newest(evidence, 'ta', symbol) as { date?: IsoDate } | undefined)?.date;
  const bars = evidence.series.get(symbol)?.filter((bar) => date === undefined || bar.date <= date);
  return bars === undefined ? undefined : barsOfOneCompany(bars);
}

/** The bars behind the last gap: what was before it counts in no indicator and no level. */
export function barsOfOneCompany(bars: readonly Bar[]): readonly Bar[] {
  return bars.slice(bars.findLastIndex((bar, index) => isFarFrom(bars[index - 1], bar)));
}

/** More than ten sessions without a bar: what was before may have been another company. */
function isFarFrom(before: Bar | undefined, bar: Bar): boolean {
  return before === undefined || tradingDaysBetween(before.date, bar.date).length - 2 > 10;
}

function barBefore(evidence: Evidence, symbol: TickerSymbol, bars: readonly BarData[]): Bar | undefined {
  const first = bars[0]?.date;
  const [last] = bars.slice(-1);
  const before = first === undefined ? undefined : evidence.series.get(symbol)?.findLast((bar) => bar.date < first);
  const isBroken =
    last === undefined || bars.some((bar, index) => isFarFrom(index === 0 ? before : bars[index - 1], bar));
  return isBroken ? undefined : before;
}

function wallsOf(evidence: Evidence, symbol: TickerSymbol): object | undefined {
  const chain = evidence.chains.get(symbol);
  const spot = newestChain(evidence.held, symbol)?.spot;
  return chain === undefined || spot === undefined
    ? undefined
    : { call: wallOf(chain, spot, 'call'), put: wallOf(chain, spot, 'put') };
}

function painsOf(evidence: Evidence, symbol: TickerSymbol): object | undefined {
  const chain = evidence.chains.get(symbol);
  const strike = newestChain(evidence.held, symbol)?.analytics.maxPain;
  return chain === undefined || strike === undefined
    ? undefined
    : { least: leastPain(chain), found: painAt(chain, strike) };
}

/** The provider's bars of the dates of these. */
function sourceBars(evidence: Evidence, symbol: TickerSymbol, bars: readonly BarData[]): readonly Bar[] | undefined {
  const dates = new Set(bars.map((bar) => bar.date));
  return evidence.series.get(symbol)?.filter((bar) => dates.has(bar.date));
}

/** The provider's contracts at the strikes shown, each side ascending. */
function sourceContracts(evidence: Evidence, symbol: TickerSymbol): object | undefined {
  const chain = evidence.chains.get(symbol);
  const shown = new Set(newestChain(evidence.held, symbol)?.contracts.map((contract) => contract.strike));
  if (chain === undefined) return undefined;
  const ofSide = (side: 'call' | 'put') =>
    standardContracts(chain, side)
      .filter((contract) => shown.has(contract.strike))
      .sort((a, b) => a.strike - b.strike);
  return {
    calls: ofSide('call'),
    puts: ofSide('put'),
    strikes: [...new Set(standardContracts(chain, 'call').map((contract) => contract.strike))],
  };
}

function describeCalendar(nowMs: EpochMs): object {
  const today = exchangeDateOf(nowMs);
  const next = nextChange(nowMs);
  const thisWeek = weeklyExpirationOf(today);
  const holiday = holidayName(today);
  return {
    now: formatExchangeIso(nowMs),
    today,
    state: sessionAt(nowMs),
    nextState: next.state,
    nextAt: formatExchangeIso(next.at),
    /** 0 from the start of the pre session to the open: today has no open, high and low yet. */
    opened: sessionAt(nowMs) === 'pre' ? 0 : 1,
    lastFinished: lastFinishedSession(nowMs),
    /** Dates that the newest daily bar may have: the running session's is there where a provider has it. */
    latest: [lastFinishedSession(nowMs), ...(sessionAt(nowMs) === 'regular' ? [today] : [])],
    /** The coming Friday on which options expire: its Thursday where it is a holiday, the next one after its close. */
    friday: isExpired(thisWeek, nowMs) ? weeklyExpirationOf(addDays(today, 7)) : thisWeek,
    ...(holiday === undefined ? {} : { holiday }),
  };
}
