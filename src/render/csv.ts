// The rows of an answer as CSV by RFC 4180: a header of the JSON's names, what is missing empty, lines that end in CRLF.
// Hides which rows a kind of answer has, and that no text of a stranger becomes a formula in a spreadsheet.
import { dataOfKind, makeByKind, type ByKind } from '../domain/answer-kinds.ts';
import type {
  Answer,
  AnswerKind,
  ChainData,
  ChartData,
  DistantLevel,
  EventsData,
  HistoryData,
  LevelSheet,
} from '../domain/answers.ts';
import { linesOfOverlays, momentOf } from '../domain/bar-series.ts';
import { sanitiseLine } from './text.ts';

/** A row by its columns; what is nested has its path as name, `macd.signal`. */
type Row = Readonly<Record<string, unknown>>;

/**
 * Columns that are there for every answer of a kind, in their order, so that a reader may count on them. What else the
 * rows hold comes behind them.
 */
const COLUMNS: Partial<Record<AnswerKind, string>> = {
  quote:
    'symbol description last change changePercent open high low previousClose bid ask volume averageVolume week52High week52Low asOf session',
  history: 'symbol date open high low close volume vwap',
  chart: 'symbol date open high low close volume vwap',
  ta: 'symbol date close rsi14 macd.macd macd.signal macd.histogram sma.5 sma.10 sma.20 sma.50 sma.200 ema.5 ema.10 ema.20 ema.50 ema.200',
  expirations: 'symbol date dte kind',
  contracts:
    'symbol description underlying side strike expiration dte bid ask last volume openInterest iv delta gamma theta vega spot asOf session',
  chain: 'underlying expiration symbol side strike bid ask last volume openInterest iv delta gamma theta vega',
  chains:
    'underlying spot expiration dte expectedMove expectedMovePercent maxPain callWall putWall putCallOpenInterest putCallVolume',
  volatility:
    'symbol spot iv30 ivRank ivPercentile ivDays hv.10 hv.20 hv.30 hv.60 hv.252 yangZhang30 ivMinusHv30 skew25',
  market: 'date state opens closes holiday',
  levels: 'symbol spot spotAsOf kind price distancePercent origin',
  table: 'symbol',
  fields: 'name label unit of needs meaning',
  events: 'symbol kind date payDate amount frequency from to time confirmed epsEstimate epsActual',
  news: 'publishedAt title publisher url symbols sentiment',
  search: 'symbol name type exchange',
  positions:
    'id symbol quantity cost opened price priceAsOf value dayPnl pnl pnlPercent delta gamma theta vega dte source',
};

const MAX_TEXT_CHARS = 1000;

/** The document of the answers, which are of one kind; empty where none has data. */
export function formatAnswersAsCsv(answers: readonly Answer[]): string {
  const found = answers.filter((answer) => answer.data !== undefined);
  const [first] = found;
  if (first === undefined) return '';
  const own = dataOfKind(found, 'table').flatMap(({ columns }) => columns.map(({ field }) => field));
  return formatCsv(
    found.flatMap((answer) => makeByKind(ROWS, answer, answer.request) ?? []).map((row) => flatten(row as Row)),
    [...(COLUMNS[first.kind === 'chains' && !isSummary(first) ? 'chain' : first.kind]?.split(' ') ?? []), ...own],
  );
}

/** Rows under the columns named and those found behind them. */
export function formatCsv(rows: readonly Row[], columns: readonly string[]): string {
  const names = [...new Set([...columns, ...rows.flatMap((row) => Object.keys(row))])];
  const lines = [names.map(quote), ...rows.map((row) => names.map((name) => toField(row[name])))];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}

/** The rows of each kind; null where the data are none. */
const ROWS: Required<ByKind<readonly object[], [request: Answer['request']]>> = {
  quote: (quotes) => quotes,
  contracts: (contracts) => contracts,
  ta: (sheets) => sheets,
  fields: (fields) => fields,
  history: rowsOfBars,
  chart: rowsOfChart,
  expirations: ({ symbol, expirations }) => expirations.map((expiration) => ({ symbol, ...expiration })),
  chain: rowsOfChain,
  chains: (data, request) =>
    isSummary({ data, request }) ? data.map(summarise) : data.flatMap((chain) => rowsOfChain(chain)),
  market: ({ sessions = [] }) => sessions,
  volatility: ({ term: _term, ...figures }) => [figures],
  table: ({ rows }) => rows,
  positions: ({ positions, expired = [] }) => [...positions, ...expired],
  events: rowsOfEvents,
  news: (headlines) => headlines,
  search: (found) => found,
  levels: (levels) => rowsOfLevels(levels as LevelSheet),
  alerts: (alerts) => alerts,
  bundle: null,
  calculation: null,
  strategy: null,
};

/** Whether several chains are told by a row each, as on screen. */
function isSummary({ data, request }: { data?: unknown; request?: Answer['request'] | undefined }): boolean {
  return request?.summary === true && (data as ChainData[]).every(({ columns }) => columns === undefined);
}

function rowsOfBars({ symbol, bars }: HistoryData): Row[] {
  return bars.map((bar) => ({ symbol, ...bar }));
}

/** Overlays that have a value a bar are columns: `sma20`, `bb20.upper`. Levels and dates to come are no part of a bar. */
function rowsOfChart({ overlays, symbol, bars }: ChartData): Row[] {
  const lines = linesOfOverlays(overlays);
  return bars.map((bar) => {
    const values = lines.flatMap(([name, points]): [string, unknown][] => {
      const { value, upper, lower } = points.get(momentOf(bar)) ?? {};
      return value === undefined ? [] : [[name, upper === undefined ? value : { middle: value, upper, lower }]];
    });
    return { symbol, ...bar, ...(Object.fromEntries(values) as Row) };
  });
}

function rowsOfChain({ underlying, expiration, contracts }: ChainData): Row[] {
  return contracts.map((contract) => ({ underlying, expiration, ...contract }));
}

/** What an expiration says as a whole, by the names of its fields. */
function summarise({ underlying, spot, expiration, dte, analytics }: ChainData): Row {
  const { callWalls, putWalls, maxPain, expectedMove, putCallOpenInterest, putCallVolume } = analytics;
  return {
    underlying,
    spot,
    expiration,
    dte,
    expectedMove: expectedMove?.amount,
    expectedMovePercent: expectedMove?.percent,
    maxPain,
    callWall: callWalls[0]?.strike,
    putWall: putWalls[0]?.strike,
    putCallOpenInterest,
    putCallVolume,
  };
}

function rowsOfEvents({ symbol, dividends, splits, earnings = [] }: EventsData): Row[] {
  return [
    ...dividends.map(({ exDate: date, ...dividend }) => ({ symbol, kind: 'dividend', date, ...dividend })),
    ...splits.map((split) => ({ symbol, kind: 'split', ...split })),
    ...earnings.map((each) => ({ symbol, kind: 'earnings', ...each })),
  ];
}

function rowsOfLevels({ symbol, spot, spotAsOf, supports, resistances }: LevelSheet): Row[] {
  const of = (kind: string, levels: readonly DistantLevel[]): Row[] =>
    levels.map((level) => ({ symbol, spot, spotAsOf, kind, ...level }));
  return [...of('support', supports), ...of('resistance', resistances)];
}

function flatten(row: Row, prefix = ''): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, unknown][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(flatten(value as Row, `${prefix}${name}.`))
        : [[prefix + name, value]],
    ),
  );
}

/** Numbers as JSON writes them, lists as words. */
function toField(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return toField(value.join(' '));
  return typeof value === 'string' ? quote(guard(sanitiseLine(value, MAX_TEXT_CHARS))) : '';
}

/** Spreadsheets read a text with such a beginning as a formula (Excel the full-width signs too); a quote before it makes it text. */
function guard(text: string): string {
  return /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
