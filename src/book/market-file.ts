// Hides market.sqlite: the daily bars of the whole market, one row a session, one packed column of doubles for each figure
// over the symbols' index, each with its checksum. What is damaged is dropped, to be fetched again.
import { crc32 } from 'node:zlib';
import type { Row } from '../cache/database.ts';
import type { Bar, EpochMs, IsoDate, TickerSymbol } from '../domain/types.ts';
import type { BarColumn, LoadedMarket } from '../market/market-data.ts';
import type { Lost, MarketSplit } from '../providers/provider.ts';
import type { DataDatabase, Migration } from './data-database.ts';

export const MARKET_FILE = 'market.sqlite';

/** Five years, some half a gigabyte: more than any condition reads. Older ones go as new ones come. */
export const MOST_SESSIONS = 1_300;
/** The most read first: SQLite walks through the columns before the one it reads. */
const COLUMNS: readonly BarColumn[] = ['close', 'volume', 'high', 'low', 'open'];

export const MARKET_MIGRATIONS: readonly Migration[] = [
  (handle) =>
    handle.exec(`CREATE TABLE markets(id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, symbols TEXT NOT NULL,
      symbols_check INTEGER NOT NULL, splits TEXT NOT NULL, splits_day TEXT NOT NULL, splits_from TEXT NOT NULL, absent_date TEXT NOT NULL,
      absent_ms INTEGER NOT NULL);
    CREATE TABLE sessions(market INTEGER NOT NULL, date TEXT NOT NULL, fetched_ms INTEGER NOT NULL,
      sample INTEGER NOT NULL, bars INTEGER NOT NULL, checks TEXT NOT NULL,
      ${COLUMNS.map((name) => `${name} BLOB NOT NULL`).join(', ')});
    CREATE UNIQUE INDEX session_of ON sessions(market, date)`),
  // A list of `Lost`.
  (handle) => handle.exec("ALTER TABLE sessions ADD COLUMN lost TEXT NOT NULL DEFAULT '[]'"),
];

export interface KeptSession {
  date: IsoDate;
  fetchedAt: EpochMs;
  /** 0 on a day without a session that the calendar expected. */
  bars: number;
  /** Some of its rows could not be read. */
  isTorn?: boolean;
}

/** What of a session came: what could not be read is told whenever the session is looked at. */
export interface SessionSaved extends Omit<KeptSession, 'bars' | 'isTorn'> {
  sample: boolean;
  lost?: readonly Lost[];
}

export interface KeptSplits {
  splits: MarketSplit[];
  /** Exchange date on which the list was fetched, and the first date that it is of; empty without a list. */
  day: IsoDate;
  from: IsoDate;
}

export interface MarketFile {
  /** By date. */
  list(): Map<IsoDate, KeptSession>;
  find(date: IsoDate): KeptSession | undefined;
  save(session: SessionSaved, bars: ReadonlyMap<TickerSymbol, Bar>): void;
  /** Of these sessions, as kept, each column of so many of the newest. Sessions that are damaged are dropped and told. */
  read(
    dates: readonly IsoDate[],
    depths: ReadonlyMap<BarColumn, number>,
  ): Pick<LoadedMarket, 'symbols' | 'columns' | 'sample' | 'lost'> & { damaged: IsoDate[] };
  readSplits(): KeptSplits;
  saveSplits(splits: KeptSplits): void;
  /** A session whose bars the provider does not have yet, and when it was asked. */
  readAbsent(): { date: IsoDate; askedAt: EpochMs };
  saveAbsent(date: IsoDate, askedAt: EpochMs): void;
}

const KNOWN_OF_SESSION = "date, fetched_ms, bars, lost <> '[]' AS torn";

const text = (row: Row | undefined, name: string): string => {
  const value = row?.[name];
  return typeof value === 'string' ? value : '';
};
const number = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0);

/** Of one provider at one address: what one brought is never taken for another's. */
export function openMarketFile(database: DataDatabase, identity: string): MarketFile {
  const rows = marketRows(database, identity);
  return { ...sessionsOf(database, rows), ...knownOf(database, rows) };
}

type MarketRows = ReturnType<typeof marketRows>;

function marketRows(database: DataDatabase, identity: string) {
  const market = (): Row | undefined => database.get('SELECT * FROM markets WHERE identity = ?', identity);
  const idOf = (): number => number(database.get('SELECT id FROM markets WHERE identity = ?', identity), 'id');

  /** Inside a transaction. */
  function ensure(): Row {
    const known = market();
    if (known !== undefined) return known;
    database.run("INSERT INTO markets VALUES (NULL, ?, '', 0, '[]', '', '', '', 0)", identity);
    return ensure();
  }

  return { market, idOf, ensure };
}

function sessionsOf(
  database: DataDatabase,
  { market, idOf, ensure }: MarketRows,
): Pick<MarketFile, 'list' | 'find' | 'save' | 'read'> {
  function indexSymbols(row: Row, bars: ReadonlyMap<TickerSymbol, Bar>): ReadonlyMap<TickerSymbol, number> {
    const symbols = areSymbolsWhole(row) ? splitLines(text(row, 'symbols')) : [];
    const index = new Map(symbols.map((symbol, at) => [symbol, at]));
    for (const symbol of bars.keys()) if (!index.has(symbol)) index.set(symbol, index.size);
    const lines = [...index.keys()].join('\n');
    if (index.size > symbols.length)
      database.run(
        'UPDATE markets SET symbols = ?, symbols_check = ? WHERE id = ?',
        lines,
        crc32(lines),
        number(row, 'id'),
      );
    return index;
  }

  return {
    list: () =>
      new Map(
        database
          .all(`SELECT ${KNOWN_OF_SESSION} FROM sessions WHERE market = ? ORDER BY date`, idOf())
          .map((row) => [text(row, 'date'), toSession(row)]),
      ),

    find(date) {
      const row = database.get(`SELECT ${KNOWN_OF_SESSION} FROM sessions WHERE market = ? AND date = ?`, idOf(), date);
      return row && toSession(row);
    },

    save: ({ date, fetchedAt, sample, lost = [] }, bars) =>
      database.transaction(() => {
        const row = ensure();
        const index = indexSymbols(row, bars);
        const blobs = COLUMNS.map((name) => pack(name, bars, index));
        const id = number(row, 'id');
        database.run(
          `INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?${', ?'.repeat(COLUMNS.length)}, ?)`,
          id,
          date,
          fetchedAt,
          Number(sample),
          bars.size,
          JSON.stringify(blobs.map((blob) => crc32(blob))),
          ...blobs,
          JSON.stringify(lost),
        );
        database.run(
          `DELETE FROM sessions WHERE market = ?1 AND date <=
            (SELECT date FROM sessions WHERE market = ?1 ORDER BY date DESC LIMIT 1 OFFSET ${MOST_SESSIONS})`,
          id,
        );
      }),

    read(dates, depths) {
      const row = market();
      const id = number(row, 'id');
      const damaged = new Set<IsoDate>(areSymbolsWhole(row) ? [] : dates);
      let sample = false;
      const columns = [...depths].map(([name, depth]) => {
        const from = Math.max(0, dates.length - depth);
        const found = new Map(
          database
            .all(
              `SELECT date, sample, checks, ${name} FROM sessions WHERE market = ? AND date BETWEEN ? AND ?`,
              id,
              dates[from] ?? '',
              dates.at(-1) ?? '',
            )
            .map((session) => [text(session, 'date'), session]),
        );
        for (const date of dates.slice(from)) {
          if (!isWhole(found.get(date), name)) damaged.add(date);
          sample ||= number(found.get(date), 'sample') === 1;
        }
        return [name, dates.map((date) => unpack(found.get(date)?.[name]))] as const;
      });
      for (const date of damaged) database.run('DELETE FROM sessions WHERE market = ? AND date = ?', id, date);
      const torn = database.all(
        "SELECT lost FROM sessions WHERE market = ? AND date BETWEEN ? AND ? AND lost <> '[]' ORDER BY date",
        id,
        dates[0] ?? '',
        dates.at(-1) ?? '',
      );
      return {
        symbols: splitLines(text(row, 'symbols')),
        columns: Object.fromEntries(columns),
        lost: torn.flatMap((session) => JSON.parse(text(session, 'lost')) as Lost[]),
        sample,
        damaged: [...damaged],
      };
    },
  };
}

/** What is known beside the bars. */
function knownOf(
  database: DataDatabase,
  { market, ensure }: MarketRows,
): Pick<MarketFile, 'readSplits' | 'saveSplits' | 'readAbsent' | 'saveAbsent'> {
  return {
    readSplits() {
      const row = market();
      return {
        splits: row === undefined ? [] : (JSON.parse(text(row, 'splits')) as MarketSplit[]),
        day: text(row, 'splits_day'),
        from: text(row, 'splits_from'),
      };
    },

    saveSplits: ({ splits, day, from }) =>
      database.transaction(() => {
        const id = number(ensure(), 'id');
        database.run(
          'UPDATE markets SET splits = ?, splits_day = ?, splits_from = ? WHERE id = ?',
          JSON.stringify(splits),
          day,
          from,
          id,
        );
      }),

    readAbsent() {
      const row = market();
      return { date: text(row, 'absent_date'), askedAt: number(row, 'absent_ms') };
    },

    saveAbsent: (date, askedAt) =>
      database.transaction(() => {
        const id = number(ensure(), 'id');
        database.run('UPDATE markets SET absent_date = ?, absent_ms = ? WHERE id = ?', date, askedAt, id);
      }),
  };
}

const toSession = (row: Row): KeptSession => ({
  date: text(row, 'date'),
  fetchedAt: number(row, 'fetched_ms'),
  bars: number(row, 'bars'),
  ...(number(row, 'torn') === 1 ? { isTorn: true } : {}),
});

function splitLines(lines: string): string[] {
  return lines === '' ? [] : lines.split('\n');
}

/** Without its index no column means anything. */
function areSymbolsWhole(row: Row | undefined): boolean {
  return crc32(text(row, 'symbols')) === number(row, 'symbols_check');
}

function pack(
  name: BarColumn,
  bars: ReadonlyMap<TickerSymbol, Bar>,
  index: ReadonlyMap<TickerSymbol, number>,
): Uint8Array {
  const column = new Float64Array(index.size).fill(NaN);
  for (const [symbol, bar] of bars) column[index.get(symbol) ?? -1] = bar[name];
  return new Uint8Array(column.buffer);
}

function unpack(blob: unknown): Float64Array {
  if (!(blob instanceof Uint8Array)) return new Float64Array();
  // A view needs its numbers at addresses that eight divides.
  const bytes = blob.byteOffset % 8 === 0 ? blob : blob.slice();
  return new Float64Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 8));
}

function isWhole(session: Row | undefined, name: BarColumn): boolean {
  const blob = session?.[name];
  const checks = /^\[\d+(?:,\d+)*\]$/.test(text(session, 'checks'))
    ? (JSON.parse(text(session, 'checks')) as number[])
    : [];
  return blob instanceof Uint8Array && crc32(blob) === checks[COLUMNS.indexOf(name)];
}
