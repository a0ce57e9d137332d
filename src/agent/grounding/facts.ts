// The figures of a conversation, each with what it is a figure of, found again by size, and how they are read from the
// answer of each tool: what is absent or not finite leaves none.
import { CONTRACT_FIGURES, isOfKind } from '../../domain/answer-kinds.ts';
import type {
  Answer,
  AnswerKind,
  BarData,
  BundleData,
  CalculationData,
  ChainData,
  ContractData,
  EventsData,
  ExpirationsData,
  HistoryData,
  IndicatorData,
  LevelsData,
  PositionsData,
  QuoteData,
  StrategyData,
  TableData,
  VolatilityData,
} from '../../domain/answers.ts';
import { closeBefore, roundPercent, roundPrice } from '../../domain/bar-series.ts';
import { previousTradingDay, sessionTimes } from '../../domain/calendar.ts';
import { exchangeDateOf, exchangeMinutesOf } from '../../domain/exchange-time.ts';
import { isOptionSymbol, parseOptionSymbol } from '../../domain/symbols.ts';
import type { IsoDate, Side, TickerSymbol } from '../../domain/types.ts';
import { type Inputs, roundFigure, type Unit as FieldUnit } from '../../fields/field.ts';
import { listIndicators } from '../../fields/indicators.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import type { Message } from '../model.ts';
import { wordsOf, valueIn } from '../words/lines.ts';
import { COMPANIES, COMPANY_NAMES } from '../words/names-index.ts';
import { createBars, createRenewal, createSizeOrder } from './keeping.ts';

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
  | 'ofMonth'
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
  /** The level that a distance is of. */
  level?: number;
  /** What a calculation was made of. */
  operands?: readonly number[];
  /** The largest profit or loss of a strategy. */
  payoff?: 'profit' | 'loss';
  /** A quote's figure after a later quote of the same symbol came. */
  superseded?: boolean;
}

interface EventDay {
  kind: 'ex' | 'pay' | 'before_open' | 'after_close' | 'unknown';
  date: IsoDate;
  symbol: TickerSymbol;
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
  /** Days of dividends and reports. */
  readonly events: readonly EventDay[];
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
  /** The support or resistance of this price. */
  levelAt(price: number, tolerance: number): number | undefined;
  /** Smallest and largest strike held. */
  strikeRange(): readonly [number, number] | undefined;
}

export function createFactBase(): FactBase {
  const facts: Fact[] = [];
  const names = new Map<string, TickerSymbol>();
  const symbols = new Set<TickerSymbol>();
  const fields = new Set<Field>();
  const expirations = new Set<IsoDate>();
  const dates = new Set<IsoDate>();
  const spans: { from: IsoDate; to: IsoDate }[] = [];
  const times = new Set<number>();
  const events: EventDay[] = [];
  const strikes = new Set<number>();
  /** By symbol and field; `newest` only of what is said of the symbol alone. */
  const known = new Set<string>();
  const newest = new Map<string, Fact>();
  const bySize = createSizeOrder<Fact>();
  const bars = createBars();
  const supersede = createRenewal();
  let strikeRange: [number, number] | undefined;
  let nowMs: number | undefined;
  let today: IsoDate | undefined;

  function note(fact: Fact): void {
    facts.push(fact);
    const { symbol, field, date, from, expiration, strike } = fact;
    for (const day of [date, from, expiration]) if (day !== undefined) dates.add(day);
    if (from !== undefined && date !== undefined && spans.at(-1)?.from !== from) spans.push({ from, to: date });
    if (expiration !== undefined) expirations.add(expiration);
    if (strike !== undefined) {
      strikes.add(strike);
      strikeRange = [Math.min(strike, strikeRange?.[0] ?? strike), Math.max(strike, strikeRange?.[1] ?? strike)];
    }
    if (symbol === undefined) return;
    if (!symbols.has(symbol)) for (const name of namesOf(symbol)) if (name !== '') names.set(name, symbol);
    symbols.add(symbol);
    fields.add(field);
    const key = `${symbol} ${field}`;
    known.add(key);
    const held = newest.get(key)?.date;
    const isOfSymbol = strike === undefined && from === undefined;
    if (isOfSymbol && (held === undefined || date === undefined || date >= held)) newest.set(key, fact);
  }

  function noteMoments({ kind, meta, data }: Answer): void {
    // What is long has its dates in its facts.
    const isShort = kind === 'market' || kind === 'levels' || kind === 'quote' || kind === 'events' || kind === 'table';
    const isTimed = kind === 'history' && (data as HistoryData | undefined)?.bars[0]?.time !== undefined;
    for (const iso of JSON.stringify([meta, isShort || isTimed ? data : []]).match(ISO_TIME) ?? []) {
      dates.add(iso.slice(0, 10));
      if (iso.length > 10) times.add(Number(iso.slice(11, 13)) * 60 + Number(iso.slice(14, 16)));
    }
    const fetched = meta.fetchedAt?.slice(0, 10);
    if (fetched !== undefined && (today === undefined || fetched > today)) today = fetched;
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
    fields,
    expirations,
    dates,
    spans,
    events,
    times,
    get hasTable() {
      return facts.some((fact) => fact.kind === 'table');
    },
    get nowMs() {
      return nowMs;
    },
    get today() {
      return today;
    },
    add(answer, argumentsOf) {
      const fresh = factsOf(answer, argumentsOf);
      supersede(fresh);
      fresh.forEach(note);
      bars.add(answer, fresh);
      bySize.add(fresh);
      noteMoments(answer);
      if (isOfKind(answer, 'events') && answer.data) events.push(...eventsOf(answer.data));
      if (isOfKind(answer, 'table') && answer.data) events.push(...eventsOfTable(answer.data));
      // The last day to buy is the session before the ex-date.
      for (const { kind, date } of events) if (kind === 'ex') dates.add(previousTradingDay(date));
    },
    within: bySize.within,
    latest: (symbol, field) => newest.get(`${symbol} ${field}`)?.value,
    has: (symbol, field) => known.has(`${symbol} ${field}`),
    dailyBars: bars.daily,
    barDates: bars.dates,
    yesterday: () => (today === undefined ? undefined : bars.lastBefore(today)),
    hasStrike: (strike) => strikes.has(strike),
    levelAt: (price, tolerance) =>
      bySize
        .within(price - tolerance * 1.001, price + tolerance * 1.001)
        .find(({ field }) => field === 'support' || field === 'resistance')?.value,
    strikeRange: () => strikeRange,
  };
}

/** The names by which people call a symbol, lower-case. What is asked back ("the bank") is no name of one. */
function namesOf(symbol: TickerSymbol): string[] {
  const shown = valueIn(COMPANIES, symbol)?.toLowerCase() ?? '';
  const others = wordsOf(COMPANY_NAMES, symbol).filter(
    (name) => valueIn(COMPANY_NAMES, name)?.startsWith('?') !== true,
  );
  return [shown, ...others].flatMap((name) => [name, name.replace(/ etf$/, ''), name.replace(/ \d+ etf$/, '')]);
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

type Terms = Omit<Fact, 'kind' | 'field' | 'unit' | 'value'>;

/** What the registry's units are to a reader of text; what has none there is a price. */
const READ_AS: Readonly<Record<FieldUnit, Unit | undefined>> = {
  usd: 'usd',
  percent: 'percent',
  fraction: 'fraction',
  shares: 'shares',
  contracts: 'count',
  count: 'count',
  points: 'points',
  ratio: 'ratio',
  days: 'count',
  number: 'any',
  date: undefined,
  text: undefined,
  condition: undefined,
};

/** `volume` and `openInterest` of a contract are what `volume` of a share is: so many. */
const OWN_UNITS: Readonly<Record<Field, Unit>> = { count: 'count', calculation: 'any' };

const units = new Map<Field, Unit>();

function unitOf(field: Field): Unit {
  const known = OWN_UNITS[field] ?? units.get(field);
  if (known !== undefined) return known;
  const unit = findUnit(field);
  units.set(field, unit);
  return unit;
}

function findUnit(field: Field): Unit {
  const found = findField(field, 'symbol') ?? findField(field, 'position');
  return (found && READ_AS[found.unit]) ?? 'usd';
}

/** Collects the facts of one answer; absent and non-finite values leave no fact. */
function createSheet(
  kind: AnswerKind,
  now = 0,
): {
  now: number;
  facts: Fact[];
  put(field: Field, value: number | undefined, terms?: Terms, unit?: Unit): void;
} {
  const facts: Fact[] = [];
  return {
    facts,
    now,
    put(field, value, terms = {}, unit = unitOf(field)) {
      if (value !== undefined && Number.isFinite(value)) facts.push({ kind, field, unit, value, ...terms });
    },
  };
}

type Sheet = ReturnType<typeof createSheet>;

function readQuote(sheet: Sheet, quote: QuoteData, closes: Answer['closes'] = []): void {
  const { symbol } = quote;
  const dated = { symbol, date: quote.asOf.slice(0, 10) };
  if (closes.includes(symbol)) sheet.put('close', quote.last, dated);
  for (const field of ['last', 'change', 'changePercent', 'open', 'high', 'low', 'volume', 'bid', 'ask'] as const)
    sheet.put(field, quote[field], dated);
  for (const field of ['previousClose', 'averageVolume', 'week52High', 'week52Low'] as const)
    sheet.put(field, quote[field], { symbol });
  sheet.put('close', quote.previousClose, { symbol, date: previousTradingDay(dated.date) });
  putComputed(sheet, 'quote', { symbol, now: 0, quote }, dated);
}

const PUT_OF_CONTRACT: ReadonlySet<string> = new Set(CONTRACT_FIGURES);

/** Figures that the registry computes of what was fetched and that nobody put yet: the spread, the gap, a break-even. */
function putComputed(sheet: Sheet, need: 'quote' | 'contract', inputs: Inputs, terms: Terms): void {
  for (const entry of ENTRIES) {
    const isOwn = need === 'contract' ? entry.of === 'contract' : entry.of === 'symbol' && entry.needs[0] === 'quote';
    const isPut = need === 'contract' ? PUT_OF_CONTRACT.has(entry.name) : entry.name in (inputs.quote ?? {});
    if (!isOwn || entry.windows !== undefined || isPut) continue;
    const value = entry.read(inputs, 0);
    if (typeof value === 'number') sheet.put(entry.name, roundFigure(value, entry.unit), terms, READ_AS[entry.unit]);
  }
}

function readHistory(sheet: Sheet, history: HistoryData): void {
  const { symbol, from, to, bars, summary } = history;
  const isIntraday = !['day', 'week', 'month'].includes(history.interval);
  let rises = 0;
  let falls = 0;
  bars.forEach((bar, index) => {
    const edge =
      index === bars.length - 1 || isIntraday ? ('last' as const) : index === 0 ? ('first' as const) : undefined;
    const dated: Terms = { symbol, date: bar.date, ...(edge === undefined ? {} : { edge }) };
    for (const field of ['open', 'high', 'low', 'close', 'volume', 'vwap'] as const)
      sheet.put(field, bar[field], dated);
    const before =
      closeBefore(history, index) ??
      (index === 0 && summary.change !== undefined ? summary.last - summary.change : bar.close);
    if (bar.close > before) rises += 1;
    if (bar.close < before) falls += 1;
    if (bar.close === before) return;
    sheet.put('change', roundPrice(bar.close - before), { ...dated, edge: 'amid' });
    sheet.put('changePercent', roundPercent(((bar.close - before) / before) * 100), { ...dated, edge: 'amid' });
  });
  for (const { name, period } of ENTRIES) {
    if (['last', 'change', 'changePercent', 'high', 'low', 'open', 'close', 'bars'].includes(name)) continue;
    const value = period?.(bars, undefined);
    if (typeof value === 'number') sheet.put(name, round(value), { symbol, from, date: to });
  }
  const whole = { symbol, from, date: to };
  for (const field of ['change', 'changePercent', 'high', 'low'] as const) sheet.put(field, summary[field], whole);
  sheet.put('close', summary.first, { symbol, date: from, edge: 'first' });
  sheet.put('close', summary.last, { symbol, date: to, edge: 'last' });
  // The close before the range is not a field, but the summary's change is counted from it.
  sheet.put('previousClose', round(closeBefore(history, 0)), { symbol });
  const volumes = bars.map(({ volume }) => volume);
  if (volumes.length > 1)
    sheet.put('averageVolume', volumes.reduce((sum, each) => sum + each, 0) / volumes.length, whole);
  sheet.put('count', bars.length, { symbol, counted: 'bar' });
  sheet.put('count', rises, { symbol, counted: 'rise' });
  sheet.put('count', falls, { symbol, counted: 'fall' });
}

function round(value: number | undefined): number | undefined {
  return value === undefined ? undefined : roundPrice(value);
}

function readIndicators(sheet: Sheet, indicators: IndicatorData): void {
  const dated = { symbol: indicators.symbol, date: indicators.date };
  sheet.put('close', indicators.close, dated);
  for (const { field, value } of listIndicators(indicators)) sheet.put(field.name, value, dated);
}

function readExpirations(sheet: Sheet, { symbol, expirations }: ExpirationsData): void {
  for (const { date, dte } of expirations) sheet.put('dte', dte, { symbol, expiration: date });
  sheet.put('count', expirations.length, { symbol, counted: 'expiration' });
  for (const { length } of Map.groupBy(expirations, ({ date }) => date.slice(0, 7)).values())
    sheet.put('count', length, { symbol, counted: 'ofMonth' });
  for (const kind of ['weekly', 'monthly', 'quarterly', 'daily'] as const) {
    sheet.put('count', expirations.filter((each) => each.kind === kind).length, { symbol, counted: kind });
  }
}

function readChain(sheet: Sheet, chain: ChainData): void {
  const { underlying: symbol, expiration, contracts, analytics } = chain;
  const terms = { symbol, expiration };
  sheet.put('spot', chain.spot, { symbol });
  sheet.put('dte', chain.dte, terms);
  for (const contract of contracts) readContract(sheet, contract, terms, chain);
  readColumns(sheet, chain);
  const sides = ['call', 'put'] as const;
  for (const side of sides) {
    for (const wall of side === 'call' ? analytics.callWalls : analytics.putWalls) {
      const at = { ...terms, side, strike: wall.strike };
      sheet.put(side === 'call' ? 'callWall' : 'putWall', wall.strike, at);
      sheet.put('strike', wall.strike, at);
      sheet.put('openInterest', wall.openInterest, at);
    }
  }
  sheet.put('maxPain', analytics.maxPain, terms);
  const straddle = /^straddle ([\d.]+)/.exec(analytics.expectedMove?.method ?? '')?.[1];
  if (straddle !== undefined) sheet.put('strike', Number(straddle), terms);
  sheet.put('expectedMove', analytics.expectedMove?.amount, terms);
  sheet.put('expectedMovePercent', analytics.expectedMove?.percent, terms);
  for (const field of ['putCallOpenInterest', 'putCallVolume'] as const) sheet.put(field, analytics[field], terms);
  const strikes = new Set(contracts.map((contract) => contract.strike));
  sheet.put('count', strikes.size, { ...terms, counted: 'strike' });
  const counts = [
    contracts.length,
    ...sides.map((side) => contracts.filter((contract) => contract.side === side).length),
  ];
  for (const count of new Set(counts)) sheet.put('count', count, { ...terms, counted: 'contract' });
}

/** What was worked out for each contract beside its own figures. */
function readColumns(sheet: Sheet, { underlying: symbol, expiration, contracts, columns = [] }: ChainData): void {
  for (const contract of contracts) {
    const { side, strike } = contract;
    for (const { field } of columns) {
      const value = (contract as unknown as Readonly<Record<string, unknown>>)[field];
      const name = findField(field, 'contract') === undefined ? 'calculation' : field;
      if (typeof value === 'number') sheet.put(name, value, { symbol, expiration, side, strike });
    }
  }
}

function readContract(sheet: Sheet, contract: ContractData, terms: Terms, chain?: ChainData): void {
  const at = { ...terms, side: contract.side, strike: contract.strike };
  if (chain) putComputed(sheet, 'contract', { symbol: contract.symbol, now: sheet.now, chain, contract }, at);
  for (const field of ['strike', ...CONTRACT_FIGURES] as const) sheet.put(field, contract[field], at);
}

function readLevels(sheet: Sheet, levels: LevelsData): void {
  const { symbol, spot } = levels;
  sheet.put('spot', spot, { symbol });
  for (const [field, side] of [
    ['support', levels.supports],
    ['resistance', levels.resistances],
  ] as const)
    for (const { price, origin } of side) {
      sheet.put(field, price, { symbol, origin });
      sheet.put('calculation', roundPrice(price - spot), { symbol, level: price }, 'usd');
      sheet.put('calculation', roundPercent(((price - spot) / spot) * 100), { symbol, level: price }, 'percent');
    }
  for (const { price, origin } of [...levels.supports, ...levels.resistances]) readOrigin(sheet, symbol, price, origin);
  for (const count of new Set([levels.supports.length, levels.resistances.length]))
    sheet.put('count', count, { symbol, counted: 'level' });
}

/** A level is also what it comes from: `swing low 2025-10-28 (2 touches), SMA50`. Only exact prices are read so, no zones. */
function readOrigin(sheet: Sheet, symbol: TickerSymbol, price: number, origin: string): void {
  const [first = ''] = origin.split(', ');
  const extreme = /^(swing|previous session|52-week) (high|low) (\d{4}-\d\d-\d\d)/.exec(first);
  const average = /^SMA(\d+)$/.exec(first)?.[1];
  if (average !== undefined) sheet.put(`sma${average}`, price, { symbol });
  if (extreme === null) return;
  const [, what, end, date = ''] = extreme;
  if (what === '52-week') sheet.put(end === 'high' ? 'week52High' : 'week52Low', price, { symbol });
  sheet.put(end === 'high' ? 'high' : 'low', price, { symbol, date });
}

function readVolatility(sheet: Sheet, { symbol, hv, term, ...figures }: VolatilityData): void {
  for (const [field, value] of Object.entries(figures))
    sheet.put(field === 'ivDays' ? 'count' : field, value, { symbol });
  for (const [window, value] of Object.entries(hv)) {
    sheet.put(`hv${window}`, value, { symbol });
    if (figures.iv30 !== undefined) sheet.put('calculation', (figures.iv30 - value) * 100, { symbol });
  }
  for (const { expiration, expectedMove, ...of } of term) {
    sheet.put('expectedMove', expectedMove?.amount, { symbol, expiration });
    sheet.put('expectedMovePercent', expectedMove?.percent, { symbol, expiration });
    for (const [field, value] of Object.entries(of)) sheet.put(field, value, { symbol, expiration });
  }
}

function readBundle(sheet: Sheet, bundle: BundleData, closes: Answer['closes']): void {
  if (bundle.quote) readQuote(sheet, bundle.quote, closes);
  if (bundle.chain) readChain(sheet, bundle.chain);
  if (bundle.ta) readIndicators(sheet, bundle.ta);
}

/** Its money is calculated; its legs are contracts. */
function readStrategy(sheet: Sheet, data: StrategyData): void {
  const { symbol, probabilityOfProfit: odds, returnOnRisk: share, creditOfWidth } = data;
  sheet.put('spot', data.spot, { symbol });
  for (const value of [data.mid, data.natural, data.marketWidth, ...data.breakEvens])
    sheet.put('calculation', value, { symbol });
  for (const value of [data.mid, data.natural]) sheet.put('calculation', value / 100, { symbol });
  sheet.put('calculation', data.maxProfit, { symbol, payoff: 'profit' });
  sheet.put('calculation', data.maxLoss, { symbol, payoff: 'loss' });
  if (odds) sheet.put('calculation', odds.value * 100, { symbol }, 'percent');
  for (const value of [share, creditOfWidth])
    if (value !== undefined) sheet.put('calculation', value * 100, { symbol });
  for (const value of Object.values(data.greeks) as number[]) sheet.put('calculation', value, { symbol });
  for (const { side, strike, expiration, ...leg } of data.legs) {
    const terms = { symbol, ...(side && { side }), ...(strike && { strike }), ...(expiration && { expiration }) };
    for (const field of ['bid', 'ask', 'mid', 'iv', 'delta'] as const) sheet.put(field, leg[field], terms);
    sheet.put('strike', strike, terms);
    sheet.put('count', Math.abs(leg.quantity), { ...terms, counted: 'contract' });
  }
}

/** A column of an expression is something calculated; its name says nothing to a reader. */
function readTable(sheet: Sheet, { columns, rows, universe, matched }: TableData): void {
  for (const count of [universe, matched]) sheet.put('count', count, { counted: 'asked' });
  for (const { symbol, ...values } of rows) {
    const isOption = isOptionSymbol(symbol);
    const terms = isOption ? contractTerms(symbol) : { symbol };
    if (isOption) sheet.put('strike', terms.strike, terms);
    for (const { field } of columns) {
      const value = values[field];
      const known = findField(field, isOption ? 'contract' : 'symbol');
      if (typeof value === 'number') sheet.put(known === undefined ? 'calculation' : field, value, terms);
    }
  }
}

/** A contract's figures are those of its underlying, at its strike. */
function contractTerms(option: string): Terms {
  const { underlying: symbol, expiration, strike, side } = parseOptionSymbol(option);
  return { symbol, expiration, strike, side };
}

/** Every figure of one tool's answer, and the counts asked for in its arguments (`strikes: 10`). */
export function factsOf(answer: Answer, argumentsOf: Readonly<Record<string, unknown>> = {}): Fact[] {
  const sheet = createSheet(answer.kind, Date.parse(answer.meta.fetchedAt ?? '') || 0);
  readAnswer(sheet, answer);
  if (typeof argumentsOf['strikes'] === 'number') sheet.put('count', argumentsOf['strikes'], { counted: 'asked' });
  return sheet.facts;
}

function readAnswer(sheet: Sheet, answer: Answer): void {
  if (answer.data === undefined) return;
  if (isOfKind(answer, 'quote')) answer.data.forEach((quote) => readQuote(sheet, quote, answer.closes));
  else if (isOfKind(answer, 'ta')) answer.data.forEach((each) => readIndicators(sheet, each));
  else if (isOfKind(answer, 'history')) read(answer.data, (data) => readHistory(sheet, data));
  else if (isOfKind(answer, 'expirations')) read(answer.data, (data) => readExpirations(sheet, data));
  else if (isOfKind(answer, 'chain')) read(answer.data, (data) => readChain(sheet, data));
  else if (isOfKind(answer, 'chains')) answer.data.forEach((chain) => readChain(sheet, chain));
  else if (isOfKind(answer, 'contracts'))
    answer.data.forEach((each) =>
      'strike' in each
        ? readContract(sheet, each, { symbol: each.underlying, expiration: each.expiration })
        : readQuote(sheet, each, answer.closes),
    );
  else if (isOfKind(answer, 'bundle')) read(answer.data, (data) => readBundle(sheet, data, answer.closes));
  else if (isOfKind(answer, 'levels')) read(answer.data, (data) => readLevels(sheet, data));
  else if (isOfKind(answer, 'volatility')) read(answer.data, (data) => readVolatility(sheet, data));
  else if (isOfKind(answer, 'table')) read(answer.data, (data) => readTable(sheet, data));
  else if (isOfKind(answer, 'strategy')) read(answer.data, (data) => readStrategy(sheet, data));
  else if (isOfKind(answer, 'positions')) read(answer.data, (data) => readPositions(data, sheet.put));
  else if (isOfKind(answer, 'events')) read(answer.data, (data) => readEvents(data, sheet.put));
  else if (isOfKind(answer, 'calculation'))
    read(answer.data, ({ expression, value }: CalculationData) =>
      sheet.put('calculation', value, { operands: (expression.match(/\d+(?:\.\d+)?/g) ?? []).map(Number) }),
    );
}

function read<Data>(data: Data | undefined, reader: (data: Data) => void): void {
  if (data !== undefined) reader(data);
}

const FIGURES = [
  'quantity',
  'cost',
  'value',
  'pnl',
  'pnlPercent',
  'dayPnl',
  'delta',
  'gamma',
  'theta',
  'vega',
  'dte',
] as const;

function readPositions({ positions, totals }: PositionsData, put: Sheet['put']): void {
  for (const { symbol, price, priceAsOf, ...figures } of positions) {
    const contract = isOptionSymbol(symbol) ? parseOptionSymbol(symbol) : undefined;
    const { underlying = symbol, strike, side, expiration } = contract ?? {};
    const terms: Partial<Fact> = {
      symbol: underlying,
      ...(strike === undefined || side === undefined || expiration === undefined ? {} : { strike, side, expiration }),
    };
    put('last', price, { ...terms, ...(priceAsOf === undefined ? {} : { date: priceAsOf.slice(0, 10) }) });
    put('strike', strike, terms);
    for (const field of FIGURES) put(field, figures[field], terms);
  }
  for (const field of ['value', 'dayPnl', 'pnl', 'theta'] as const) put(field, totals[field]);
  for (const delta of [totals.deltaShares, totals.betaDelta]) put('delta', delta);
  put('count', positions.length, { counted: 'asked' });
}

function eventsOf({ symbol, dividends, earnings = [] }: EventsData): EventDay[] {
  const paid = dividends.flatMap(({ exDate, payDate = exDate }): EventDay[] => [
    { kind: 'ex', date: exDate, symbol },
    { kind: 'pay', date: payDate, symbol },
  ]);
  return [...paid, ...earnings.map(({ time, date }) => ({ kind: time, date, symbol }))];
}

/** Days in a table's columns: of ex-dates, of reports. */
function eventsOfTable({ columns, rows }: TableData): EventDay[] {
  return rows.flatMap(({ symbol, ...values }) =>
    columns.flatMap(({ field }): EventDay[] => {
      const value = values[field];
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
        ? [{ kind: /^ex/.test(field) ? 'ex' : 'unknown', date: value, symbol }]
        : [];
    }),
  );
}

function readEvents({ symbol, dividends, splits, earnings = [] }: EventsData, put: Sheet['put']): void {
  for (const { amount, exDate, payDate } of dividends)
    for (const date of new Set([exDate, payDate])) if (date !== undefined) put('dividend', amount, { symbol, date });
  for (const paid of Map.groupBy(dividends, ({ exDate }) => exDate.slice(0, 4)).values())
    put('calculation', roundPrice(paid.reduce((sum, { amount }) => sum + amount, 0)), { symbol }, 'usd');
  const [latest, , , , before] = dividends;
  if (latest && before) {
    put('calculation', roundPrice(latest.amount - before.amount), { symbol }, 'usd');
    put('calculation', roundPercent((latest.amount / before.amount - 1) * 100), { symbol }, 'percent');
  }
  for (const { from, to, date } of splits) for (const count of [from, to]) put('count', count, { symbol, date });
  for (const { date, epsEstimate, epsActual } of earnings)
    for (const eps of [epsEstimate, epsActual]) put('eps', eps, { symbol, date });
}
