// Exports of positions that brokers make, as holdings: Tradier, Schwab, Fidelity, Interactive Brokers, and any CSV file
// with columns for symbol, quantity and cost. Hides their titles, footers, sections and spellings of contracts.
import { isValidDate } from '../domain/exchange-time.ts';
import { canonicalTicker, formatOptionSymbol, isOptionSymbol, optionRootOf } from '../domain/symbols.ts';
import type { IsoDate, OptionSymbol, Side, TickerSymbol } from '../domain/types.ts';
import { type CsvRow, parseCsv } from '../files/csv.ts';
import { type Holding, costOf } from './positions.ts';

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
  opened: ['date acquired', 'opened', 'open date', 'acquired'],
  multiplier: ['mult', 'multiplier'],
  currency: ['currency', 'currencyprimary'],
  kind: ['asset category', 'assetclass', 'security type', 'asset type', 'type'],
} as const;

type Column = keyof typeof COLUMNS;
type Header = Partial<Record<Column, number>>;

const MONTHS = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';
/** Footers and sums: `Account Total`, `Positions Total`, and Interactive Brokers' rows of sums. */
const SUM = /^(?:account|positions?|grand)?\s*totals?\b/i;
const CASH = /^(?:cash\b|pending activity|[A-Z]{4,5}X?\*\*$)/i;
/** Schwab's and Interactive Brokers' kinds; Fidelity calls a kind of account so. */
const CASH_KIND = /^(?:cash and|forex)/i;
const NUMBER = /^[-+]?\d+(?:\.\d+)?(?:e-?\d+)?$/i;
const SHOWN = 60;

export function readBrokerFile(text: string): BrokerFile {
  const file: BrokerFile = { holdings: [], leftOut: [], problems: [] };
  let header: Header | undefined;
  for (const row of sectionOf(parseCsv(text))) {
    const found = readHeader(row.fields);
    if (found !== undefined) header = found;
    else if (header !== undefined) readRow(row, header, file);
  }
  if (header === undefined)
    file.problems.push('no line names columns for a symbol, a quantity and a cost (a total, or per share)');
  else if (file.holdings.length === 0 && file.problems.length === 0) file.problems.push('it holds no positions');
  return file;
}

/** An activity statement of Interactive Brokers holds many tables, each row with its table's name: the open positions. */
function sectionOf(rows: readonly CsvRow[]): CsvRow[] {
  const own = rows.filter(({ fields }) => fields[0] === 'Open Positions');
  if (own.length === 0) return [...rows];
  return (
    own
      .filter(({ fields }) => fields[1] === 'Header' || fields[1] === 'Data')
      // Lots are the parts of a summary.
      .filter(({ fields }) => fields[2] !== 'Lot')
      .map(({ line, fields }) => ({ line, fields: fields.slice(2) }))
  );
}

function readHeader(fields: readonly string[]): Header | undefined {
  const names = fields.map((field) =>
    field
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, ' ')
      .trim(),
  );
  const header: Header = {};
  for (const [column, known] of Object.entries(COLUMNS)) {
    const index = names.findIndex((name) => (known as readonly string[]).includes(name));
    if (index >= 0) header[column as Column] = index;
  }
  const isWhole =
    header.symbol !== undefined && header.quantity !== undefined && (header.total ?? header.each) !== undefined;
  return isWhole ? header : undefined;
}

function readRow({ line, fields }: CsvRow, header: Header, file: BrokerFile): void {
  const cell = (column: Column): string => fields[header[column] ?? -1] ?? '';
  const symbolText = cell('symbol');
  const isProse = fields.length === 1 || fields.slice(1).every((field) => field === '');
  if (isProse) return;
  if (SUM.test(symbolText)) return;
  if (CASH.test(symbolText) || CASH_KIND.test(cell('kind'))) {
    file.leftOut.push(symbolText.slice(0, SHOWN));
    return;
  }
  const fail = (why: string): void =>
    void file.problems.push(`line ${line}: ${JSON.stringify(symbolText.slice(0, SHOWN))}: ${why}`);
  const symbol = readSymbol(symbolText);
  if (symbol === undefined) return fail('no ticker and no contract that fin knows');
  const quantity = readNumber(cell('quantity'));
  if (quantity === undefined || quantity === 0) return fail('no quantity');
  if (isOptionSymbol(symbol) && !Number.isInteger(quantity)) return fail('a part of a contract');
  const currency = cell('currency');
  if (currency !== '' && currency.toUpperCase() !== 'USD') return fail(`in ${currency.slice(0, 10)}, not in dollars`);
  const multiplier = readNumber(cell('multiplier'));
  if (multiplier !== undefined && multiplier !== (isOptionSymbol(symbol) ? 100 : 1))
    return fail(`a multiplier of ${multiplier}`);
  const cost = readCost({ total: readNumber(cell('total')), each: readNumber(cell('each')) }, symbol, quantity);
  if (cost === undefined) return fail('no cost');
  const openedText = cell('opened');
  const opened = openedText === '' || openedText === '--' ? undefined : readDate(openedText);
  if (opened === undefined && openedText !== '' && openedText !== '--')
    return fail(`${openedText.slice(0, 20)} is no date`);
  file.holdings.push({ symbol, quantity, cost, ...(opened === undefined ? {} : { opened }) });
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
  const bare = text.replaceAll(/[$,\s]/g, '');
  const inside = /^\((.*)\)$/.exec(bare)?.[1];
  const digits = inside ?? bare;
  return NUMBER.test(digits) ? Number(digits) * (inside === undefined ? 1 : -1) : undefined;
}

/** A ticker, or a contract as one of the brokers writes it. */
export function readSymbol(text: string): TickerSymbol | OptionSymbol | undefined {
  const spelled = text.trim();
  const padded = /^(?:O:)?([A-Z]{1,6}\d?) *(\d{6}[CP]\d{8})$/i.exec(spelled);
  if (padded !== null) {
    const symbol = `${padded[1] ?? ''}${padded[2] ?? ''}`.toUpperCase();
    return isOptionSymbol(symbol) ? symbol : undefined;
  }
  // Fidelity: `-NVDA261218C450`.
  const fidelity = /^-?([A-Z]{1,6})(\d\d)(\d\d)(\d\d)([CP])(\d+(?:\.\d+)?)$/.exec(spelled);
  if (fidelity !== null) {
    const [, root = '', year = '', month = '', day = '', side = '', strike = ''] = fidelity;
    return contractOf(root, `20${year}-${month}-${day}`, side, strike);
  }
  // Schwab: `NVDA 12/18/2026 450.00 C`.
  const schwab = /^([A-Z][A-Z./]{0,6}) (\d\d)\/(\d\d)\/(\d{4}) (\d+(?:\.\d+)?) ([CP])$/.exec(spelled);
  if (schwab !== null) {
    const [, root = '', month = '', day = '', year = '', strike = '', side = ''] = schwab;
    return contractOf(root, `${year}-${month}-${day}`, side, strike);
  }
  // Interactive Brokers: `NVDA 18DEC26 450 C`.
  const interactive = /^([A-Z][A-Z. ]{0,6}) (\d\d)([A-Z]{3})(\d\d) (\d+(?:\.\d+)?) ([CP])$/.exec(spelled);
  if (interactive !== null) {
    const [, root = '', day = '', name = '', year = '', strike = '', side = ''] = interactive;
    const month = MONTHS.indexOf(name) / 3 + 1;
    return contractOf(root, `20${year}-${String(month).padStart(2, '0')}-${day}`, side, strike);
  }
  return /^[A-Z]{1,6}(?:[ ./-][A-Z]{1,3})?$/i.test(spelled) ? canonicalTicker(spelled.replace(' ', '/')) : undefined;
}

function contractOf(root: string, expiration: string, side: string, strike: string): OptionSymbol | undefined {
  if (!isValidDate(expiration)) return undefined;
  const isExact = Math.abs(Number(strike) * 1000 - Math.round(Number(strike) * 1000)) < 1e-6;
  if (!isExact || Number(strike) <= 0 || Number(strike) >= 100_000) return undefined;
  const spelled: Side = side === 'C' ? 'call' : 'put';
  const own = optionRootOf(root.replaceAll(/[ /]/g, '.')).toUpperCase();
  return formatOptionSymbol({ root: own, expiration, side: spelled, strike: Number(strike) });
}

/** `2026-11-19`, with a time behind it too, or `11/19/2026`. */
function readDate(text: string): IsoDate | undefined {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const date =
    year === undefined
      ? text.replace(/[T ;].*$/, '')
      : `${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  return isValidDate(date) ? date : undefined;
}
