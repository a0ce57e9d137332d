// The figures of a conversation, each with what it is a figure of, found again by size.
// Nothing outside knows how they are stored.
import { isOfKind } from '../../domain/answer-kinds.ts';
import type { Answer, AnswerKind, BarData, HistoryData } from '../../domain/answers.ts';
import { sessionTimes } from '../../domain/calendar.ts';
import { exchangeDateOf, exchangeMinutesOf } from '../../domain/exchange-time.ts';
import type { IsoDate, Side, TickerSymbol } from '../../domain/types.ts';
import type { Message } from '../model.ts';
import { NAMES_TABLE } from '../planner/names-table.ts';
import { factsOf } from './readers.ts';

/**
 * The name of a field of the registry, or one of what is said of no field there: `strike`, `spot`, `support`,
 * `resistance`, `count`, `calculation`.
 */
export type Field = string;

/** `usd` also for a MACD, `fraction` for implied volatility (0.25 = 25 %), `any` for what was calculated. */
export type Unit = 'usd' | 'percent' | 'fraction' | 'shares' | 'count' | 'points' | 'ratio' | 'any';

export type Counted =
  | 'bar'
  | 'rise'
  | 'fall'
  | 'expiration'
  | 'weekly'
  | 'monthly'
  | 'quarterly'
  | 'daily'
  | 'contract'
  | 'strike'
  | 'level'
  | 'asked';

/** One figure of a tool's answer. `from` makes it a figure of the dates `from` to `date`. */
export interface Fact {
  kind: AnswerKind;
  field: Field;
  unit: Unit;
  value: number;
  symbol?: TickerSymbol;
  date?: IsoDate;
  from?: IsoDate;
  strike?: number;
  side?: Side;
  expiration?: IsoDate;
  /** Only `count`: what was counted. */
  counted?: Counted;
  /** The first or last bar of its history; the last is meant where no date is said. */
  edge?: 'first' | 'last' | 'amid';
  /** Where a level comes from. */
  origin?: string;
  /** What a calculation was made of. */
  operands?: readonly number[];
  /** A quote's figure after a later quote of the same symbol came. */
  superseded?: boolean;
}

const ISO_TIME = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?/g;

/** The figures of a conversation. `add` takes the next answer; everything else only reads. */
export interface FactBase {
  readonly facts: readonly Fact[];
  /** Symbols that have figures. */
  readonly symbols: ReadonlySet<TickerSymbol>;
  /** Names by which a text may call a symbol, lower-case (`nvidia`). */
  readonly names: ReadonlyMap<string, TickerSymbol>;
  /** Newest market date at which anything was fetched. */
  readonly today: IsoDate | undefined;
  add(answer: Answer, argumentsOf?: Readonly<Record<string, unknown>>): void;
  /** Facts whose absolute value is in the closed range, ascending. */
  within(low: number, high: number): readonly Fact[];
  /** Of any symbol. */
  readonly fields: ReadonlySet<Field>;
  has(symbol: TickerSymbol, field: Field): boolean;
  /** Ascending, the newest answer's where several have one. */
  dailyBars(symbol: TickerSymbol): readonly BarData[];
  /** Dates of the bars held of a symbol. */
  barDates(symbol: TickerSymbol): ReadonlySet<IsoDate>;
  /** Expiration dates held, of any symbol. */
  readonly expirations: ReadonlySet<IsoDate>;
  /** Every day that a result names: of bars, expirations, holidays, its own. */
  readonly dates: ReadonlySet<IsoDate>;
  /** Ranges of the histories held. */
  readonly spans: readonly { from: IsoDate; to: IsoDate }[];
  /** Times of day that a result names, and the exchange's hours, in minutes after midnight. */
  readonly times: ReadonlySet<number>;
  /** A table's figures may be of expirations that it does not name. */
  readonly hasTable: boolean;
  /** Newest moment at which anything was fetched. */
  readonly nowMs: number | undefined;
  /** The newest figure of a field that is said of the symbol alone; undefined where there is none. */
  latest(symbol: TickerSymbol, field: Field): number | undefined;
  /** Last date before `today` that has a bar. */
  yesterday(): IsoDate | undefined;
  hasStrike(strike: number): boolean;
  /** Smallest and largest strike held. */
  strikeRange(): readonly [number, number] | undefined;
}

export function createFactBase(): FactBase {
  const facts: Fact[] = [];
  const symbols = new Set<TickerSymbol>();
  const names = new Map<string, TickerSymbol>();
  const known = new Set<string>();
  const newest = new Map<string, Fact>();
  const fields = new Set<Field>();
  const bars = new Map<TickerSymbol, Set<IsoDate>>();
  const daily = new Map<TickerSymbol, Map<IsoDate, BarData>>();
  const noDates: ReadonlySet<IsoDate> = new Set();
  const expirations = new Set<IsoDate>();
  const dates = new Set<IsoDate>();
  const spans: { from: IsoDate; to: IsoDate }[] = [];
  const times = new Set<number>();
  let nowMs: number | undefined;
  const quoted = new Map<TickerSymbol, Fact[]>();
  /** By absolute value; what came since is merged in when it is searched. */
  let sorted: Fact[] = [];
  let unsorted: Fact[] = [];
  let today: IsoDate | undefined;
  const strikesHeld = new Set<number>();
  let strikes: [number, number] | undefined;

  function note(fact: Fact): void {
    facts.push(fact);
    const { symbol, date, strike } = fact;
    for (const day of [date, fact.from, fact.expiration]) if (day !== undefined) dates.add(day);
    if (fact.from !== undefined && date !== undefined && spans.at(-1)?.from !== fact.from)
      spans.push({ from: fact.from, to: date });
    if (fact.expiration !== undefined) expirations.add(fact.expiration);
    if (strike !== undefined) {
      strikesHeld.add(strike);
      strikes = [Math.min(strike, strikes?.[0] ?? strike), Math.max(strike, strikes?.[1] ?? strike)];
    }
    if (symbol === undefined) return;
    if (!symbols.has(symbol)) for (const name of namesOf(symbol)) if (name !== '') names.set(name, symbol);
    symbols.add(symbol);
    fields.add(fact.field);
    known.add(`${symbol} ${fact.field}`);
    if (strike === undefined && fact.from === undefined) {
      const key = `${symbol} ${fact.field}`;
      const held = newest.get(key)?.date;
      if (held === undefined || date === undefined || date >= held) newest.set(key, fact);
    }
    if (fact.kind === 'history' && date !== undefined && fact.from === undefined) {
      const dates = bars.get(symbol) ?? new Set();
      bars.set(symbol, dates.add(date));
    }
  }

  /** A later quote of the same symbol makes the figures of the earlier ones old. */
  function supersede(fresh: readonly Fact[]): void {
    const renewed = new Set<TickerSymbol>();
    for (const fact of fresh) {
      if (
        fact.symbol === undefined ||
        fact.expiration !== undefined ||
        (fact.kind !== 'quote' && fact.field !== 'last')
      )
        continue;
      if (!renewed.has(fact.symbol)) {
        renewed.add(fact.symbol);
        for (const old of quoted.get(fact.symbol) ?? []) old.superseded = true;
        quoted.set(fact.symbol, []);
      }
      quoted.get(fact.symbol)?.push(fact);
    }
  }

  function keepBars({ symbol, bars: fresh }: HistoryData): void {
    const held = daily.get(symbol) ?? new Map<IsoDate, BarData>();
    for (const bar of fresh) held.set(bar.date, bar);
    daily.set(symbol, held);
  }

  function noteMoments({ kind, meta, data }: Answer): void {
    // What is long has its dates in its facts.
    const isShort = kind === 'market' || kind === 'levels' || kind === 'quote' || kind === 'events';
    for (const [iso] of JSON.stringify([meta, isShort ? data : []]).matchAll(ISO_TIME)) {
      dates.add(iso.slice(0, 10));
      if (iso.length > 10) times.add(Number(iso.slice(11, 13)) * 60 + Number(iso.slice(14, 16)));
    }
    const ms = Date.parse(meta.fetchedAt ?? meta.asOf ?? '');
    if (!Number.isFinite(ms) || (nowMs !== undefined && nowMs >= ms)) return;
    nowMs = ms;
    dates.add(exchangeDateOf(ms));
    for (const minutes of exchangeTimesOf(ms)) times.add(minutes);
  }

  return {
    facts,
    symbols,
    names,
    dates,
    spans,
    times,
    get hasTable() {
      return facts.some((fact) => fact.kind === 'table');
    },
    get nowMs() {
      return nowMs;
    },
    latest(symbol, field) {
      return newest.get(`${symbol} ${field}`)?.value;
    },
    get today() {
      return today;
    },
    add(answer, argumentsOf) {
      const fresh = factsOf(answer, argumentsOf);
      supersede(fresh);
      fresh.forEach(note);
      if (isOfKind(answer, 'history') && answer.data?.interval === 'day') keepBars(answer.data);
      noteMoments(answer);
      const fetched = answer.meta.fetchedAt?.slice(0, 10);
      if (fetched !== undefined && (today === undefined || fetched > today)) today = fetched;
      unsorted.push(...fresh);
    },
    within(low, high) {
      if (unsorted.length > 0) {
        sorted = mergeBySize(
          sorted,
          unsorted.sort((a, b) => Math.abs(a.value) - Math.abs(b.value)),
        );
        unsorted = [];
      }
      const first = lowerBound(sorted, low);
      let end = first;
      while (end < sorted.length && Math.abs(sorted[end]?.value ?? 0) <= high) end += 1;
      return sorted.slice(first, end);
    },
    fields,
    has: (symbol, field) => known.has(`${symbol} ${field}`),
    dailyBars: (symbol) => [...(daily.get(symbol)?.values() ?? [])].sort((a, b) => (a.date < b.date ? -1 : 1)),
    barDates: (symbol) => bars.get(symbol) ?? noDates,
    expirations,
    yesterday() {
      const before = today;
      if (before === undefined) return undefined;
      let latest: IsoDate | undefined;
      for (const dates of bars.values())
        for (const date of dates) if (date < before && (latest === undefined || date > latest)) latest = date;
      return latest;
    },
    hasStrike: (strike) => strikesHeld.has(strike),
    strikeRange: () => strikes,
  };
}

/** Two sorted lists as one; of equal sizes those that came first stay first. */
function mergeBySize(first: readonly Fact[], second: readonly Fact[]): Fact[] {
  const merged: Fact[] = [];
  let at = 0;
  for (const fact of second) {
    for (let next = first[at]; next !== undefined && Math.abs(next.value) <= Math.abs(fact.value); next = first[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(fact);
  }
  return merged.concat(first.slice(at));
}

function lowerBound(sorted: readonly Fact[], low: number): number {
  let start = 0;
  let end = sorted.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (Math.abs(sorted[middle]?.value ?? 0) < low) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** The names by which people call a symbol, lower-case; one that is an English word too only with a capital letter. */
function namesOf(symbol: TickerSymbol): string[] {
  const entry = new RegExp(`(?:^|;)${symbol.replaceAll('.', '\\.')}=([^;\\n]*)`, 'm').exec(NAMES_TABLE)?.[1] ?? '';
  return entry.split(',').flatMap((name) => {
    const plain = name.replace('^', '').toLowerCase();
    return [plain, plain.replace(/ etf$/, ''), plain.replace(/ \d+ etf$/, '')];
  });
}

/** Every figure that the tools brought in a conversation. */
export function collectFacts(messages: readonly Message[]): FactBase {
  const base = createFactBase();
  for (const message of messages)
    if (message.role === 'tool' && message.answer) base.add(message.answer, message.arguments);
  return base;
}

/** What every answer may name without a tool's word: the exchange's hours on a day. */
function exchangeTimesOf(ms: number): number[] {
  const times = sessionTimes(exchangeDateOf(ms));
  return times === undefined
    ? []
    : Object.values(times)
        .filter((each): each is number => typeof each === 'number')
        .map((each) => exchangeMinutesOf(each));
}
