// Reads a file of real daily bars for a replay: `date,symbol,open,high,low,close,volume`, sorted by date then symbol,
// plain or gzip. Every row is checked; the first bad one stops the reading with its line number.
import { isValidBar } from '../domain/bar-series.ts';
import { ConfigError } from '../domain/errors.ts';
import { isValidDate } from '../domain/exchange-time.ts';
import type { Bar, IsoDate, TickerSymbol } from '../domain/types.ts';
import { parseCsv } from '../files/csv.ts';
import { UnreadableLines, readLines } from '../files/text-lines.ts';
import type { Pause } from '../http/pause.ts';

const HEADER = 'date,symbol,open,high,low,close,volume';
const SYMBOL = /^[A-Z][A-Za-z0-9]{0,5}(?:[./-][A-Z]{1,3})?$/;
const NUMBER = /^\d+(?:\.\d+)?$/;

export interface ReplayBars {
  /** Ascending by date. */
  bySymbol: ReadonlyMap<TickerSymbol, readonly Bar[]>;
  first: IsoDate;
  last: IsoDate;
  rows: number;
  /** Rows of zeros, by which sources mark a day without trading: they are no bars. */
  withoutTrade: number;
  /** Rows that took the place of one just before for the same symbol and day: sources add a correction so. */
  corrections: number;
}

/** Ten years of a thousand symbols; what a small packed file unpacks to is bounded by them, in memory and in time. */
const LIMITS = { maxBytes: 128 * 1024 * 1024, maxLineChars: 1_000 };
const MOST_ROWS = 2_600_000;

/**
 * Throws ConfigError when the file cannot be read, naming the line where its content is not as it must be. `pause` ends
 * the reading where nobody waits for it.
 */
export async function loadReplayBars(path: string, pause: Pause = () => Promise.resolve()): Promise<ReplayBars> {
  const reader = createReader(path);
  try {
    for await (const lines of readLines(path, LIMITS)) {
      for (const line of lines) reader.add(line);
      await pause();
    }
  } catch (error) {
    if (!(error instanceof UnreadableLines)) throw error;
    throw new ConfigError(`bars file ${path}: it ${error.message}`, {
      hint: 'give a readable CSV file, plain or gzip, of at most 128 MB unpacked and 2.6 million rows',
      cause: error,
    });
  }
  return reader.end();
}

/** `name` is what messages call the text. A close outside high and low is let through: real series have it. */
export function parseReplayBars(text: string, name: string): ReplayBars {
  const reader = createReader(name);
  const lines = text.split(/\r\n?|\n/);
  // What follows the last end of line is no line.
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) reader.add(line);
  return reader.end();
}

/** Takes one line after the other. */
function createReader(name: string) {
  const bySymbol = new Map<TickerSymbol, Bar[]>();
  const sums = { rows: 0, withoutTrade: 0, corrections: 0 };
  let number = 0;
  let emptyAt: number | undefined;
  let first: IsoDate | undefined;
  let date: IsoDate = '';
  let symbol = '';

  function add(line: string): void {
    number += 1;
    const fields = fieldsOf(line);
    if (number === 1) {
      if (fields.join(',').toLowerCase() !== HEADER) throw badRow(name, 1, `expected the header ${HEADER}`);
      return;
    }
    // Editors leave empty lines at the end; between rows one may stand for a row that was lost.
    if (fields.length === 0) emptyAt ??= number;
    if (fields.length === 0) return;
    if (emptyAt !== undefined) throw badRow(name, emptyAt, 'expected 7 columns, found 1');
    const why = whyBad(fields);
    if (why !== undefined) throw badRow(name, number, why);
    const [rowDate = '', rowSymbol = ''] = fields;
    first ??= rowDate;
    date = rowDate;
    symbol = rowSymbol;
    sums.rows += 1;
    if (sums.rows > MOST_ROWS) throw new UnreadableLines(`holds more than ${MOST_ROWS / 1e6} million rows`);
    if (isWithoutTrade(fields)) sums.withoutTrade += 1;
    else if (addBar(bySymbol, canonicalSymbol(rowSymbol), parseBar(fields, name, number)) === 'replaced')
      sums.corrections += 1;
  }

  function whyBad(fields: readonly string[]): string | undefined {
    const [rowDate = '', rowSymbol = ''] = fields;
    if (fields.length !== 7) return `expected 7 columns, found ${fields.length}`;
    if (rowDate !== date && !isValidDate(rowDate)) return `not a date: ${rowDate.slice(0, 20)}`;
    if (!bySymbol.has(rowSymbol) && !SYMBOL.test(rowSymbol)) return `not a symbol: ${rowSymbol.slice(0, 20)}`;
    const isSorted = rowDate > date || (rowDate === date && rowSymbol >= symbol);
    return isSorted ? undefined : 'not sorted by date then symbol';
  }

  function end(): ReplayBars {
    if (number === 0) throw badRow(name, 1, `expected the header ${HEADER}`);
    if (first === undefined) throw badRow(name, 2, 'there are no rows');
    return { bySymbol, first, last: date, ...sums };
  }

  return { add, end };
}

/** Most files have neither quotes nor spaces, and many rows. */
function fieldsOf(line: string): readonly string[] {
  return line === '' || /["\s]/.test(line) ? (parseCsv(line)[0]?.fields ?? []) : line.split(',');
}

function isWithoutTrade(fields: readonly string[]): boolean {
  return fields.slice(2).every((field) => field === '0');
}

function parseBar(fields: readonly string[], name: string, number: number): Bar {
  for (let column = 2; column < 7; column += 1) {
    const field = fields[column] ?? '';
    if (!NUMBER.test(field)) {
      throw badRow(name, number, `${HEADER.split(',')[column] ?? 'column'} is not a number: ${field.slice(0, 20)}`);
    }
  }
  const bar: Bar = {
    date: fields[0] ?? '',
    open: Number(fields[2]),
    high: Number(fields[3]),
    low: Number(fields[4]),
    close: Number(fields[5]),
    volume: Number(fields[6]),
  };
  if (!isValidBar(bar)) throw badRow(name, number, 'prices must be positive and high not below low');
  return bar;
}

function addBar(bySymbol: Map<TickerSymbol, Bar[]>, symbol: TickerSymbol, bar: Bar): 'added' | 'replaced' {
  const bars = bySymbol.get(symbol);
  if (bars === undefined) {
    bySymbol.set(symbol, [bar]);
    return 'added';
  }
  const isCorrection = bars.at(-1)?.date === bar.date;
  if (isCorrection) bars.pop();
  bars.push(bar);
  return isCorrection ? 'replaced' : 'added';
}

/** Files write a share class as `BRK.B`, `BRK-B` or `BRK/B`. */
function canonicalSymbol(symbol: string): TickerSymbol {
  return symbol.replace(/[/-]/, '.');
}

function badRow(name: string, line: number, why: string): ConfigError {
  return new ConfigError(`bars file ${name}, line ${line}: ${why}`, {
    hint: `each row is ${HEADER}, sorted by date then symbol`,
  });
}
