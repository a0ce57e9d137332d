// Exports of positions that brokers make, as holdings: Tradier, Schwab, Fidelity, Interactive Brokers, and any CSV file
// with columns for symbol, quantity and cost, contracts as fin takes them too. Hides titles, footers, sections, spellings.
import { readOneContract } from '../domain/contracts.ts';
import { exchangeDateOf, isValidDate, parseIsoInstant } from '../domain/exchange-time.ts';
import { parseExpirationDate } from '../domain/expirations.ts';
import { isAdjustedPrice, isVolume, readGroupedNumber } from '../domain/possible.ts';
import {
  canonicalTicker,
  formatOptionSymbol,
  isIndexSymbol,
  isOptionSymbol,
  optionRootOf,
  underlyingOfRoot,
} from '../domain/symbols.ts';
import type { EpochMs, IsoDate, OptionSymbol, TickerSymbol } from '../domain/types.ts';
import { type CsvRow, parseCsv } from '../files/csv.ts';
import { type Holding, costOf, multiplierOf, whyImpossible } from './positions.ts';

export interface BrokerFile {
  holdings: Holding[];
  /** Rows that are no positions: cash, totals, what a broker writes below. In words. */
  leftOut: string[];
  /** Rows that should be positions and are not understood, with their lines. */
  problems: string[];
}

/** What of a row is asked for, by the names of its columns in lower case without punctuation. */
const COLUMNS = {
  symbol: ['symbol', 'ticker', 'symbol cusip'],
  quantity: ['quantity', 'qty', 'qty quantity', 'shares', 'position', 'current quantity'],
  total: ['cost basis', 'cost basis total', 'total cost', 'costbasis', 'costbasismoney', 'cost'],
  each: [
    'average cost basis',
    'average cost',
    'cost share',
    'cost per share',
    'cost price',
    'costbasisprice',
    'price paid',
    'average price',
    'unit cost',
  ],
  opened: [
    'date acquired',
    'acquired',
    'acquired date',
    'acquisition date',
    'opened',
    'opened date',
    'open date',
    'date opened',
    'purchase date',
    'date purchased',
    'opendatetime',
    'trade date',
  ],
  multiplier: ['mult', 'multiplier'],
  currency: ['currency', 'currencyprimary'],
  kind: ['asset category', 'assetclass', 'security type', 'asset type', 'type'],
} as const;

type Column = keyof typeof COLUMNS;
type Header = Partial<Record<Column, number>>;

/** Columns of what was sold: realized gains and tax lots have those of a position beside them. */
const CLOSED =
  /^(?:(?:closed?|closing|sold|sale|sell|disposal) date|date (?:closed|sold|of sale)|(?:total |gross |net )?proceeds)\b/;

const MONTHS = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';
/** Footers and sums: `Account Total`, `Positions Total`, and Interactive Brokers' rows of sums. */
const SUM = /^(?:account|positions?|grand)?\s*totals?\b/i;
const CASH = /^(?:cash\b|pending activity|[A-Z]{4,5}X?\*\*$)/i;
/** Schwab's and Interactive Brokers' kinds; Fidelity calls a kind of account so. */
const CASH_KIND = /^(?:cash and|forex)/i;
const NUMBERS: readonly Column[] = ['quantity', 'total', 'each', 'multiplier'];
const SHOWN = 60;
/** Above the header brokers write titles. */
const MOST_TITLE_LINES = 50;

/** @param now tells the year of a contract that is written without one */
export function readBrokerFile(text: string, now?: EpochMs): BrokerFile {
  const file: BrokerFile = { holdings: [], leftOut: [], problems: [] };
  let header: Header | undefined;
  for (const row of sectionOf(parseCsv(text))) {
    const found = readHeader(row.fields);
    const sold = found && row.fields.find((field) => CLOSED.test(nameOf(field)));
    if (sold !== undefined)
      return {
        ...file,
        problems: [`line ${row.line}: with ${JSON.stringify(sold.slice(0, SHOWN))} it lists what was sold`],
      };
    if (found !== undefined) header = found;
    else if (header !== undefined) readRow(row, header, file, now);
  }
  if (header === undefined) file.problems.push(whyNoHeader(text));
  else if (file.holdings.length === 0 && file.problems.length === 0) file.problems.push('it contains no positions');
  return file;
}

function whyNoHeader(text: string): string {
  const lines = text.split('\n', MOST_TITLE_LINES);
  for (const [mark, name] of [
    [';', 'semicolons'],
    ['\t', 'tabs'],
  ] as const)
    if (lines.some((line) => readHeader(line.replaceAll('"', '').split(mark)) !== undefined))
      return `its columns are separated by ${name}: save it with commas`;
  return 'no line names columns for a symbol, a quantity and a cost (a total, or per share)';
}

/** An activity statement of Interactive Brokers holds many tables, each row with its table's name: the open positions. */
function sectionOf(rows: readonly CsvRow[]): readonly CsvRow[] {
  const own = rows.filter(({ fields }) => fields[0] === 'Open Positions');
  if (own.length === 0) return withoutLots(rows);
  return (
    own
      .filter(({ fields }) => fields[1] === 'Header' || fields[1] === 'Data')
      // Lots are the parts of a summary, totals its sums.
      .filter(({ fields }) => fields[1] === 'Header' || fields[2] === 'Summary')
      .map(({ line, fields }) => ({ line, fields: fields.slice(2) }))
  );
}

/** A flex query of theirs may hold a position and its lots. */
function withoutLots(rows: readonly CsvRow[]): readonly CsvRow[] {
  const level = rows.map(({ fields }) => fields.indexOf('LevelOfDetail')).find((index) => index >= 0) ?? -1;
  const hasSums = rows.some(({ fields }) => fields[level] === 'SUMMARY');
  return hasSums ? rows.filter(({ fields }) => fields[level] !== 'LOT') : rows;
}

function nameOf(field: string): string {
  return field
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim();
}

function readHeader(fields: readonly string[]): Header | undefined {
  const names = fields.map(nameOf);
  const header: Header = {};
  for (const [column, known] of Object.entries(COLUMNS)) {
    const index = names.findIndex((name) => (known as readonly string[]).includes(name));
    if (index >= 0) header[column as Column] = index;
  }
  const isWhole =
    header.symbol !== undefined && header.quantity !== undefined && (header.total ?? header.each) !== undefined;
  return isWhole ? header : undefined;
}

function readRow({ line, fields }: CsvRow, header: Header, file: BrokerFile, now: EpochMs | undefined): void {
  const cell = (column: Column): string => fields[header[column] ?? -1] ?? '';
  const spelled = cell('symbol');
  const isProse = fields.slice(1).every((field) => field === '');
  if (isProse || SUM.test(spelled)) return;
  if (CASH.test(spelled) || CASH_KIND.test(cell('kind'))) {
    file.leftOut.push(spelled.slice(0, SHOWN));
    return;
  }
  const read = readHolding(cell, now);
  if (typeof read === 'string') file.problems.push(`line ${line}: ${JSON.stringify(spelled.slice(0, SHOWN))}: ${read}`);
  else file.holdings.push(read);
}

/** The holding, or why it is none that fin understands. */
function readHolding(cell: (column: Column) => string, now: EpochMs | undefined): Holding | string {
  const symbol = readSymbol(cell('symbol')) ?? (now === undefined ? undefined : readTyped(cell('symbol'), now));
  if (symbol === undefined) return whyUnread(cell('symbol'), now);
  const impossible = whyImpossible(symbol);
  if (impossible !== undefined) return impossible;
  const foreignNumber = findForeignNumber(cell);
  if (foreignNumber !== undefined) return foreignNumber;
  const quantity = readNumber(cell('quantity'));
  if (quantity === undefined || quantity === 0) return 'no quantity';
  if (!isVolume(Math.abs(quantity))) return `a quantity of ${quantity} is not possible`;
  if (isOptionSymbol(symbol) && !Number.isInteger(quantity)) return 'a fraction of a contract';
  const foreign = findForeign(cell, multiplierOf(symbol));
  if (foreign !== undefined) return foreign;
  const cost = readCost({ total: readNumber(cell('total')), each: readNumber(cell('each')) }, symbol, quantity);
  if (cost === undefined) return 'no cost';
  if (cost !== 0 && !isAdjustedPrice(Math.abs(cost))) return `a cost of ${cost} is not possible`;
  const opened = readOpened(cell('opened'), now);
  return typeof opened === 'string' ? opened : { symbol, quantity, cost, ...opened };
}

/** The day, which a dash leaves open, or why it is none. */
function readOpened(text: string, now: EpochMs | undefined): Pick<Holding, 'opened'> | string {
  if (/^(?:-*|n\/a)$/i.test(text)) return {};
  const opened = readDate(text);
  if (opened === undefined) return `${text.slice(0, 20)} is not a date`;
  return now !== undefined && opened > exchangeDateOf(now) ? `${opened} is in the future` : { opened };
}

/** Money of another country, and contracts of another size. */
function findForeign(cell: (column: Column) => string, usual: number): string | undefined {
  const currency = cell('currency');
  if (currency !== '' && currency.toUpperCase() !== 'USD') return `in ${currency.slice(0, 10)}, not in dollars`;
  const multiplier = readNumber(cell('multiplier'));
  return multiplier === undefined || multiplier === usual ? undefined : `a multiplier of ${multiplier}`;
}

/** The total where there is one, with the sign of the quantity: brokers write a short one's either way. */
function readCost(
  { total, each }: { total: number | undefined; each: number | undefined },
  symbol: string,
  quantity: number,
): number | undefined {
  if (total !== undefined) return Math.abs(total) * Math.sign(quantity) + 0;
  return each === undefined ? undefined : costOf({ symbol, quantity, price: Math.abs(each) });
}

/** `$18,050.00`, `(1,060.00)`, `-2`. */
function readNumber(text: string): number | undefined {
  const bare = text.replaceAll(/[$\s]/g, '');
  const inside = /^\((.*)\)$/.exec(bare)?.[1];
  const number = readGroupedNumber(inside ?? bare);
  return number === undefined || inside === undefined ? number : -number;
}

/** Figures in which a comma cannot be what Americans write between thousands. */
function findForeignNumber(cell: (column: Column) => string): string | undefined {
  const text = NUMBERS.map(cell).find((each) => /\d,|,\d/.test(each) && readNumber(each) === undefined);
  return text === undefined ? undefined : `${text.slice(0, 20)} is not a number: write it as 1,234.50`;
}

/** How each broker writes a contract. */
const CONTRACTS: readonly RegExp[] = [
  // Tradier and the OCC: `NVDA261218C00450000`, padded or not.
  /^(?:O:)?(?<root>[A-Z]{1,6}\d?) *(?<year>\d\d)(?<month>\d\d)(?<day>\d\d)(?<side>[CP])(?<thousandths>\d{8})$/i,
  // Fidelity: `-NVDA261218C450`; tastytrade and thinkorswim: `.NVDA261218C450`.
  /^[-.]?(?<root>[A-Z]{1,6})(?<year>\d\d)(?<month>\d\d)(?<day>\d\d)(?<side>[CP])(?<strike>\d{1,5}(?:\.\d{1,3})?)$/,
  // Schwab: `NVDA 12/18/2026 450.00 C`.
  /^(?<root>[A-Z][A-Z./]{0,6}) (?<month>\d\d)\/(?<day>\d\d)\/20(?<year>\d\d) (?<strike>\d{1,5}(?:\.\d{1,3})?) (?<side>[CP])$/,
  // Interactive Brokers: `NVDA 18DEC26 450 C`.
  /^(?<root>[A-Z][A-Z. ]{0,6}) (?<day>\d\d)(?<name>[A-Z]{3})(?<year>\d\d) (?<strike>\d{1,5}(?:\.\d{1,3})?) (?<side>[CP])$/,
];

/** A ticker, or a contract as one of the brokers writes it. */
function readSymbol(text: string): TickerSymbol | undefined {
  const spelled = text.trim();
  for (const form of CONTRACTS) {
    const terms = form.exec(spelled)?.groups;
    if (terms !== undefined) return contractOf(terms);
  }
  // Interactive Brokers writes a class, a preferred or a warrant behind a space.
  const isTicker =
    /^[A-Z]{1,6}(?:[./-][A-Z]{1,3})?$/i.test(spelled) || /^[A-Z]{1,5} (?:[A-Z]|PR[A-Z]?|WS|RT)$/.test(spelled);
  const ticker = isTicker ? canonicalTicker(spelled.replace(' ', '/')) : undefined;
  // Fidelity writes a class without anything between: `BRKB`, as the OCC does.
  return ticker === undefined ? undefined : underlyingOfRoot(ticker);
}

/** A contract as fin takes it, with a date that needs no list: `NVDA 450c dec 18`. The roots of an index need one. */
function readTyped(text: string, now: EpochMs): OptionSymbol | undefined {
  // E*Trade: `NVDA Dec 18 '26 $450 Call`.
  const terms = readOneContract([text.replace(/ '(?=\d\d )/, ' 20').replaceAll(/\$(?=\d)/g, '')]);
  const date = terms && parseExpirationDate(terms.expiration, now);
  if (terms === undefined || date === undefined || isIndexSymbol(terms.underlying)) return undefined;
  const { strike } = terms;
  if (typeof strike !== 'number') return undefined;
  return formatOptionSymbol({ ...terms, strike, root: optionRootOf(terms.underlying), expiration: date });
}

function whyUnread(text: string, now: EpochMs | undefined): string {
  const terms = now === undefined ? undefined : readOneContract([text]);
  if (terms === undefined) return 'not a ticker or contract that fin knows';
  return isIndexSymbol(terms.underlying)
    ? 'this index has several option roots: write the OCC symbol'
    : 'its expiration is not a date: write it as YYYY-MM-DD';
}

function contractOf(terms: Readonly<Record<string, string | undefined>>): OptionSymbol | undefined {
  const { root = '', year = '', day = '', name = '', side = '', thousandths } = terms;
  const month = terms['month'] ?? monthNamed(name);
  const expiration = `20${year}-${month}-${day}`;
  const strike = thousandths === undefined ? Number(terms['strike']) : Number(thousandths) / 1000;
  if (!isValidDate(expiration) || !(strike > 0)) return undefined;
  return formatOptionSymbol({
    root: optionRootOf(root.replaceAll(/[ /]/g, '.')).toUpperCase(),
    expiration,
    side: side.toUpperCase() === 'C' ? 'call' : 'put',
    strike,
  });
}

const DATES: readonly RegExp[] = [
  /^(?<year>\d{4})-?(?<month>\d\d)-?(?<day>\d\d)(?:[T ;,].*)?$/,
  /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>(?:20)?\d\d)(?:[ ;,].*)?$/,
  /^(?<name>[A-Z]{3})[a-z]*[- ](?<day>\d{1,2}),?[- ](?<year>\d{4})$/i,
];

/** `2026-11-19` and `20261119`, with a time too, which with an offset tells the day in New York; `11/19/2026`, `Nov-19-2026`. */
function readDate(text: string): IsoDate | undefined {
  const instant = parseIsoInstant(text);
  if (instant !== undefined) return exchangeDateOf(instant);
  const terms = DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (terms === undefined) return undefined;
  const { year = '', name = '', day = '', month = monthNamed(name) } = terms;
  const date = [year.padStart(4, '20'), month.padStart(2, '0'), day.padStart(2, '0')].join('-');
  return isValidDate(date) ? date : undefined;
}

/** No whole number for what is none. */
function monthNamed(name: string): string {
  return String(MONTHS.indexOf(name.toUpperCase()) / 3 + 1).padStart(2, '0');
}
