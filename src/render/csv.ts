// The rows of an answer as CSV by RFC 4180: a header of the JSON's names, what is missing empty, lines that end in CRLF.
// Hides which rows a kind of answer has, and that no text of a stranger becomes a formula in a spreadsheet.
import { dataOfKind } from '../domain/answer-kinds.ts';
import type { Answer, AnswerKind, DistantLevel, EventsData, LevelSheet } from '../domain/answers.ts';
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
  chain: 'underlying expiration symbol side strike bid ask last volume openInterest iv delta gamma theta vega',
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
    rowsOf(found).map((row) => flatten(row)),
    [...(COLUMNS[first.kind]?.split(' ') ?? []), ...own],
  );
}

/** Rows under the columns named and those found behind them. */
export function formatCsv(rows: readonly Row[], columns: readonly string[]): string {
  const names = [...new Set([...columns, ...rows.flatMap((row) => Object.keys(row))])];
  const lines = [names.map(quote), ...rows.map((row) => names.map((name) => toField(row[name])))];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}

function rowsOf(answers: readonly Answer[]): Row[] {
  return [
    ...dataOfKind(answers, 'quote').flat(),
    ...dataOfKind(answers, 'ta').flat(),
    ...dataOfKind(answers, 'fields').flat(),
    ...[...dataOfKind(answers, 'history'), ...dataOfKind(answers, 'chart')].flatMap(({ symbol, bars }) =>
      bars.map((bar) => ({ symbol, ...bar })),
    ),
    ...dataOfKind(answers, 'expirations').flatMap(({ symbol, expirations }) =>
      expirations.map((expiration) => ({ symbol, ...expiration })),
    ),
    ...dataOfKind(answers, 'chain').flatMap(({ underlying, expiration, contracts }) =>
      contracts.map((contract) => ({ underlying, expiration, ...contract })),
    ),
    ...dataOfKind(answers, 'market').flatMap(({ sessions = [] }) => sessions),
    ...dataOfKind(answers, 'volatility').map(({ term: _term, ...figures }) => figures),
    ...dataOfKind(answers, 'table').flatMap(({ rows }) => rows),
    ...dataOfKind(answers, 'positions').flatMap(({ positions, expired = [] }) => [...positions, ...expired]),
    ...dataOfKind(answers, 'events').flatMap(rowsOfEvents),
    ...dataOfKind(answers, 'news').flat(),
    ...dataOfKind(answers, 'search').flat(),
    ...dataOfKind(answers, 'levels').flatMap((levels) => rowsOfLevels(levels as LevelSheet)),
  ].map((row) => ({ ...row }));
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
