// The figures of an answer in the public JSON shape: what tools produce and what screens, --json,
// the language model's text, the grounding check and batch checks read. A missing value is absent.
import type { Dividend, Earnings, EventList, Headline, Security, Split } from './events.ts';
import type {
  Bar,
  BarInterval,
  ExpirationKind,
  Freshness,
  Greeks,
  IntradayInterval,
  IsoDate,
  OptionQuote,
  Quote,
  Session,
  Side,
  TickerSymbol,
} from './types.ts';
import type { ErrorCode } from './errors.ts';
import type { AVERAGE_WINDOWS } from './windows.ts';

/** ISO 8601 with offset, exchange time: `2026-11-19T15:59:58-05:00`. */
export type IsoTime = string;

export interface QuoteData extends Omit<Quote, 'asOf' | 'basis' | 'regularClose' | 'vwap'> {
  change?: number;
  changePercent?: number;
  asOf: IsoTime;
  /** State of the market at the moment of the answer. */
  session: Session;
}

export interface BarData extends Bar {
  /** Start of a bar below a day. */
  time?: IsoTime;
}

/** `change`, `changePercent` and `basis` are absent where a gap is within the range. */
export interface HistorySummary {
  first: number;
  last: number;
  change?: number;
  changePercent?: number;
  high: number;
  low: number;
  bars: number;
  basis?: 'previous_close' | 'first_open';
}

/** More than ten sessions without a bar between the bars of two dates. */
export interface BarGap {
  after: IsoDate;
  before: IsoDate;
}

export interface HistoryData {
  symbol: TickerSymbol;
  interval: BarInterval | IntradayInterval;
  from: IsoDate;
  to: IsoDate;
  bars: BarData[];
  summary: HistorySummary;
  /** Ascending; absent without gaps. */
  gaps?: BarGap[];
}

/** A point of a line over the bars; of Bollinger bands the middle with both bands. */
export interface LinePoint {
  date: IsoDate;
  time?: IsoTime;
  value: number;
  upper?: number;
  lower?: number;
}

export interface ChartLevel extends DistantLevel {
  kind: 'support' | 'resistance';
}

export interface ChartWall extends Wall {
  side: Side;
  expiration: IsoDate;
}

/** The straddle around the spot of the chain's own time. */
export interface ChartMove {
  expiration: IsoDate;
  lower: number;
  upper: number;
  amount: number;
  percent: number;
  method: string;
}

/** By the names of `--with`; what has no figures has no key. */
export interface ChartOverlays {
  levels?: ChartLevel[];
  walls?: ChartWall[];
  'expected-move'?: ChartMove[];
  /** From the first bar on, newest first, those to come too. */
  earnings?: Earnings[];
  dividends?: Dividend[];
  splits?: Split[];
  [line: string]:
    LinePoint[] | ChartLevel[] | ChartWall[] | ChartMove[] | Earnings[] | Dividend[] | Split[] | undefined;
}

export interface ChartData extends HistoryData {
  overlays: ChartOverlays;
}

export type ChartStyle = 'candles' | 'line' | 'heikin-ashi';

export type AverageWindow = `${(typeof AVERAGE_WINDOWS)[number]}`;

/** Every other indicator that `ta` shows stands under its field's name; fields/indicators.ts reads and writes them. */
export interface IndicatorFigures {
  date: IsoDate;
  close: number;
  rsi14?: number;
  macd?: { macd: number; signal: number; histogram: number };
  sma: Partial<Record<AverageWindow, number>>;
  ema: Partial<Record<AverageWindow, number>>;
  [field: string]: IsoDate | number | Readonly<Record<string, number>> | undefined;
}

export interface IndicatorData extends IndicatorFigures {
  symbol: TickerSymbol;
}

export interface ExpirationsData {
  symbol: TickerSymbol;
  expirations: ({ date: IsoDate; dte: number; kind: ExpirationKind } & ExpirationStats)[];
}

/** What the chain of an expiration says as a whole; only where it was asked for. */
export interface ExpirationStats extends Pick<
  ChainAnalytics,
  'expectedMove' | 'putCallOpenInterest' | 'putCallVolume'
> {
  atmIv?: number;
  skew25?: number;
  openInterest?: number;
  volume?: number;
  /** Between the expiration before it in this list, which need not hold all that are listed, and this one. */
  forwardIv?: number;
}

export type VolatilityWindow = '10' | '20' | '30' | '60' | '252';

/** Volatilities are fractions a year. */
export interface VolatilityData {
  symbol: TickerSymbol;
  spot: number;
  iv30?: number;
  /** Where it stands among the readings of the sessions before, of which there are `ivDays`. */
  ivRank?: number;
  ivPercentile?: number;
  ivDays: number;
  hv: Partial<Record<VolatilityWindow, number>>;
  yangZhang30?: number;
  ivMinusHv30?: number;
  /** At 30 days. */
  skew25?: number;
  term: TermEntry[];
}

export interface TermEntry extends Pick<ExpirationStats, 'atmIv' | 'expectedMove' | 'forwardIv' | 'skew25'> {
  expiration: IsoDate;
  dte: number;
}

export type ContractData = Omit<OptionQuote, 'underlying' | 'root' | 'expiration' | 'multiplier' | 'tradedAt'>;

/** A contract as a quote: what its chain says of it, and the underlying's price of the chain's own time. */
export interface ContractQuoteData extends ContractData {
  description: string;
  underlying: TickerSymbol;
  expiration: IsoDate;
  dte: number;
  spot: number;
  asOf: IsoTime;
  session: Session;
}

export interface Wall {
  strike: number;
  openInterest: number;
}

export interface ChainAnalytics {
  callWalls: Wall[];
  putWalls: Wall[];
  maxPain?: number;
  expectedMove?: { amount: number; percent: number; method: string };
  putCallOpenInterest?: number;
  putCallVolume?: number;
}

export interface ChainData {
  underlying: TickerSymbol;
  spot: number;
  expiration: IsoDate;
  dte: number;
  contracts: ContractData[];
  analytics: ChainAnalytics;
  greeksAsOf?: IsoTime;
  /** Those asked for; each contract has its values under their keys. */
  columns?: TableColumn[];
}

export interface MarketStatusData {
  state: Session;
  exchangeTime: IsoTime;
  description?: string;
  nextChange: { state: Session; at: IsoTime };
  holiday?: string;
  /** Only where they were asked for. */
  sessions?: SessionDay[];
}

/** A weekday of the exchange; `opens` and `closes` are those of the regular session. */
export interface SessionDay {
  date: IsoDate;
  state: 'open' | 'closed' | 'early_close';
  opens?: IsoTime;
  closes?: IsoTime;
  holiday?: string;
}

export interface BundleData {
  symbol: TickerSymbol;
  quote?: QuoteData;
  chain?: ChainData;
  ta?: IndicatorData;
}

export interface Level {
  price: number;
  origin: string;
}

export interface LevelsData {
  symbol: TickerSymbol;
  spot: number;
  supports: Level[];
  resistances: Level[];
}

/** The levels of `fin levels`: with the time of the spot and how far from it each is, below it negative. */
export interface LevelSheet extends LevelsData {
  spotAsOf: IsoTime;
  supports: DistantLevel[];
  resistances: DistantLevel[];
}

export interface DistantLevel extends Level {
  distancePercent: number;
}

/** A column of a table: its key in the rows, what stands at its head, and the unit of its figures (fields/field.ts). */
export interface TableColumn {
  field: string;
  label: string;
  unit: string;
  /** In rows of contracts, which do not have this themselves. */
  of?: 'underlying';
}

/** A row by the keys of its columns; what is missing has no key. */
export interface TableRow {
  symbol: TickerSymbol;
  [column: string]: number | string | boolean;
}

export interface TableData {
  columns: TableColumn[];
  rows: TableRow[];
  /** Rows before the condition, and those that fulfil it. */
  universe?: number;
  matched?: number;
}

/** A field as `fin fields` lists it. */
export interface FieldData {
  name: string;
  label: string;
  unit: string;
  of: string;
  needs: string[];
  meaning: string;
}

/** A position with its price; what cannot be known of it is absent. Money for the whole, greeks times quantity and 100. */
export interface PositionData extends Greeks {
  id: number;
  /** A ticker, or the OCC symbol of a contract. */
  symbol: TickerSymbol;
  quantity: number;
  cost: number;
  opened?: IsoDate;
  price?: number;
  priceAsOf?: IsoTime;
  value?: number;
  dayPnl?: number;
  pnl?: number;
  pnlPercent?: number;
  dte?: number;
  /** Of a contract, the price of its underlying. */
  spot?: number;
  source: 'book' | 'tradier';
}

export interface PositionTotals {
  value?: number;
  dayPnl?: number;
  pnl?: number;
  deltaShares?: number;
  /** Shares of SPY. */
  betaDelta?: number;
  theta?: number;
}

export interface PositionsData {
  positions: PositionData[];
  totals: PositionTotals;
  /** Contracts after their last day: in no total. */
  expired?: PositionData[];
}

/** An alert that fired, with the figures of its condition at that moment. */
export interface AlertFiring {
  id: number;
  when: string;
  note?: string;
  firedAt: IsoTime;
  values: Record<string, number | string | boolean>;
}

/** Without `earnings` it is not known whether there are any; `unavailable` says why. */
export interface EventsData {
  symbol: TickerSymbol;
  dividends: Dividend[];
  splits: Split[];
  earnings?: Earnings[];
  unavailable?: { kind: EventList; why: string }[];
}

export interface HeadlineData extends Omit<Headline, 'publishedAt'> {
  publishedAt: IsoTime;
}

export interface CalculationData {
  expression: string;
  value: number;
}

/** A leg of a strategy: contracts of 100 shares, or shares where it has no side; negative is sold. Prices are a share's. */
export interface StrategyLeg {
  quantity: number;
  symbol: string;
  side?: Side;
  strike?: number;
  expiration?: IsoDate;
  bid: number;
  ask: number;
  mid: number;
  iv?: number;
  delta?: number;
}

/** Money is that of the whole position, in dollars; prices are those of a share. */
export interface StrategyData {
  symbol: TickerSymbol;
  spot: number;
  spotAsOf: IsoTime;
  name: string;
  legs: StrategyLeg[];
  /** Paid (debit) or received (credit) at the middle of the markets, and where every leg trades at its worse side. */
  mid: number;
  natural: number;
  kind: 'debit' | 'credit';
  maxProfit?: number;
  maxLoss?: number;
  /** Absent, with nothing in `breakEvens` and `payoff`, for a roll, which has no payoff of its own. */
  unlimitedProfit?: boolean;
  unlimitedLoss?: boolean;
  breakEvens: number[];
  probabilityOfProfit?: { value: number; method: string };
  /** Of the price at the nearest expiration, in dollars. */
  standardDeviation?: number;
  /** Most profit / most loss. */
  returnOnRisk?: number;
  creditOfWidth?: number;
  greeks: Greeks;
  /** Sum of all legs' ask minus bid. */
  marketWidth: number;
  /** Linear between them. */
  payoff: { price: number; profit: number }[];
  notes: string[];
}

/** Which shape `data` has. One answer may hold several items (`levels` and `history` of several symbols). */
export interface AnswerDataByKind {
  quote: QuoteData[];
  history: HistoryData;
  chart: ChartData;
  ta: IndicatorData[];
  expirations: ExpirationsData;
  chain: ChainData;
  /** Of several symbols or of all expirations of a span. */
  chains: ChainData[];
  /** Contracts, and symbols that were asked for beside them. */
  contracts: (QuoteData | ContractQuoteData)[];
  market: MarketStatusData;
  bundle: BundleData;
  levels: LevelsData;
  volatility: VolatilityData;
  calculation: CalculationData;
  table: TableData;
  fields: FieldData[];
  strategy: StrategyData;
  positions: PositionsData;
  alerts: AlertFiring[];
  events: EventsData;
  news: HeadlineData[];
  search: Security[];
}

export type AnswerKind = keyof AnswerDataByKind;

/** One thing that could not be had, beside what could. */
export interface AnswerError {
  symbol?: TickerSymbol;
  code: ErrorCode;
  message: string;
  hint?: string;
}

export interface AnswerMeta {
  /** Comma list where parts came from several; absent when nothing was found. */
  provider?: string;
  sample: boolean;
  asOf?: IsoTime;
  fetchedAt?: IsoTime;
  freshness?: Freshness;
  ageMs?: number;
  /** Daily bars of the kept whole market stand in for a series that is not held. */
  source?: 'market.sqlite';
  providerCalls: number;
  elapsedMs: number;
}

/** What one tool call brought: figures, failures beside them, where they come from, and remarks for the reader. */
export interface Answer<Kind extends AnswerKind = AnswerKind> {
  kind: Kind;
  data?: AnswerDataByKind[Kind];
  errors: AnswerError[];
  meta: AnswerMeta;
  /** What must be said on screen: dates a phrase was resolved to, contracts left out, the other provider answered. */
  notes: string[];
  /** Only quotes and bundles: symbols without a live price, whose quote's `last` is the close of the session of `asOf`. */
  closes?: TickerSymbol[];
  /** `news` and `search`: the symbol and the words asked for as `phrase`. Only `history`: the phrase and what it was resolved to; only `chain`: the side, and the strikes asked for around the spot or another price. */
  request?: {
    phrase?: string;
    from?: IsoDate;
    to?: IsoDate;
    side?: Side | 'both';
    strikes?: number | 'all';
    around?: number;
    /** Only `chain`: strikes from one price to another, or contracts chosen by their figures. */
    part?: 'range' | 'choice';
    /** Only `chart`: how it is drawn, in so many lines. */
    style?: ChartStyle;
    height?: number;
    /** Only what the expiration as a whole says is of interest. */
    summary?: boolean;
    /** Only `table`: of its figures of options, where all are of one date. */
    expiration?: IsoDate;
  };
}
