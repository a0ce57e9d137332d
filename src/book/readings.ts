// One reading of volatility and open interest per symbol and session in history.sqlite of the data folder, taken of chains
// that were fetched anyway. Those of one provider's identity, and of the sample market, stand apart from all others.
import type { PastOpenInterest } from '../market/market-data.ts';
import { impliedSpot, livePartOf } from '../domain/chain-analytics.ts';
import { ownSpot } from '../domain/chain-moment.ts';
import { atmIvOf, datesAround, daysLeft } from '../domain/chain-volatility.ts';
import { addDays, exchangeDateOf } from '../domain/exchange-time.ts';
import { present, sumOfKnown } from '../domain/present.ts';
import type { EpochMs, IsoDate, OptionChain, OptionSymbol, TickerSymbol } from '../domain/types.ts';
import { SESSIONS_OF_A_YEAR } from '../domain/windows.ts';
import { constantMaturityIv } from '../domain/volatility-term.ts';
import { numberIn } from '../cache/database.ts';
import type { Config } from '../config.ts';
import { type DataDatabase, type Migration, openDataDatabase } from './data-database.ts';
import { READINGS_FILE, dataFolderOf } from './data-folder.ts';

/** Whose readings: what another identity brings is another series. */
export interface ReadingsOwner {
  identity: string;
  sample: boolean;
}

export interface FetchedChain extends ReadingsOwner {
  chain: OptionChain;
  fetchedAt: EpochMs;
  /** Dates listed of the underlying, where they are known. */
  listed?: readonly IsoDate[];
}

export interface ReadingStore {
  record(fetched: readonly FetchedChain[]): void;
  /** 30-day volatilities of the 252 sessions before one, ascending: those that were read. */
  pastIv30(owner: ReadingsOwner, symbol: TickerSymbol, before: IsoDate): number[];
  /** Of the last session before one in which that expiration was seen. */
  pastOpenInterest(
    owner: ReadingsOwner,
    symbol: TickerSymbol,
    expiration: IsoDate,
    before: IsoDate,
  ): PastOpenInterest | undefined;
}

const DAYS_OF_A_YEAR = 366;
/** Expirations priced within this time are of one moment. */
const ONE_MOMENT_MS = 30 * 60_000;

export const READING_MIGRATIONS: readonly Migration[] = [
  (handle) =>
    handle.exec(`
      CREATE TABLE sessions(identity TEXT NOT NULL, sample INTEGER NOT NULL, symbol TEXT NOT NULL, session TEXT NOT NULL,
        priced_ms INTEGER NOT NULL, iv30 REAL NOT NULL, PRIMARY KEY(identity, sample, symbol, session)) WITHOUT ROWID;
      CREATE TABLE expirations(identity TEXT NOT NULL, sample INTEGER NOT NULL, symbol TEXT NOT NULL, session TEXT NOT NULL,
        expiration TEXT NOT NULL, priced_ms INTEGER NOT NULL, days REAL NOT NULL, atm_iv REAL, open_interest INTEGER,
        volume INTEGER, contracts TEXT, PRIMARY KEY(identity, sample, symbol, expiration, session));`),
];

export function openReadingDatabase(place: Pick<Config, 'dataDir' | 'dataHome'>): DataDatabase {
  return openDataDatabase({
    folder: dataFolderOf(place),
    fileName: READINGS_FILE,
    migrations: READING_MIGRATIONS,
  });
}

export function createReadingStore(database: DataDatabase): ReadingStore {
  return {
    record: (fetched) => {
      const readings = fetched.flatMap((each) => readingOf(each) ?? []);
      if (readings.length === 0) return;
      database.transaction(() => {
        for (const reading of readings) saveExpiration(database, reading);
        for (const reading of readings) saveSession(database, reading);
      });
    },
    pastIv30: (owner, symbol, before) =>
      database
        .all(
          `SELECT iv30 FROM sessions WHERE identity = ? AND sample = ? AND symbol = ? AND session >= ? AND session < ?
           ORDER BY session DESC LIMIT ?`,
          ...keyOf(owner),
          symbol,
          addDays(before, -DAYS_OF_A_YEAR),
          before,
          SESSIONS_OF_A_YEAR,
        )
        .map((row) => numberIn(row, 'iv30'))
        .reverse(),
    pastOpenInterest: (owner, symbol, expiration, before) => {
      const row = database.get(
        `SELECT session, contracts FROM expirations WHERE identity = ? AND sample = ? AND symbol = ? AND expiration = ?
         AND session < ? AND contracts IS NOT NULL ORDER BY session DESC LIMIT 1`,
        ...keyOf(owner),
        symbol,
        expiration,
        before,
      );
      return row && { session: String(row['session']), contracts: readContracts(String(row['contracts'])) };
    },
  };
}

function keyOf({ identity, sample }: ReadingsOwner): [string, number] {
  return [identity, Number(sample)];
}

interface Reading {
  fetched: FetchedChain;
  symbol: TickerSymbol;
  session: IsoDate;
  expiration: IsoDate;
  pricedMs: EpochMs;
  days: number;
  atmIv?: number;
  openInterest?: number;
  volume?: number;
  contracts?: string;
}

/** Undefined for a chain whose moment is not known. */
function readingOf(fetched: FetchedChain): Reading | undefined {
  const { chain, fetchedAt } = fetched;
  const { underlying: symbol, expiration, pricedAt } = chain;
  if (pricedAt === undefined) return undefined;
  const { contracts } = livePartOf(chain, fetchedAt).chain;
  const spot = ownSpot(chain, pricedAt)?.price ?? impliedSpot({ ...chain, contracts });
  const atmIv = spot === undefined ? undefined : atmIvOf({ underlying: symbol, expiration, spot, contracts }, pricedAt);
  const session = exchangeDateOf(pricedAt);
  const volume = sumOfKnown(contracts, (contract) => contract.volume);
  // Counted overnight: from midnight on it may be that of the session itself, or still of the one before.
  const counted = exchangeDateOf(fetchedAt) === session ? contracts : [];
  const openInterest = sumOfKnown(counted, (contract) => contract.openInterest);
  return {
    fetched,
    symbol,
    session,
    expiration,
    pricedMs: pricedAt,
    days: daysLeft(symbol, expiration, pricedAt),
    ...present({ atmIv, volume }),
    ...(openInterest === undefined ? {} : { openInterest, contracts: writeContracts(counted) }),
  };
}

/** `NVDA261218C00450000 1200`, a line each. */
function writeContracts(contracts: OptionChain['contracts']): string {
  return contracts
    .filter(({ openInterest }) => openInterest !== undefined)
    .map(({ symbol, openInterest }) => `${symbol} ${openInterest}`)
    .join('\n');
}

function readContracts(text: string): Map<OptionSymbol, number> {
  return new Map(
    text.split('\n').map((line) => {
      const [symbol = '', count] = line.split(' ');
      return [symbol, Number(count)];
    }),
  );
}

/** The latest prices of the session count; what they lack stays as it was. */
function saveExpiration(database: DataDatabase, reading: Reading): void {
  const { symbol, session, expiration, pricedMs, days, atmIv, openInterest, volume, contracts } = reading;
  database.run(
    `INSERT INTO expirations(identity, sample, symbol, session, expiration, priced_ms, days, atm_iv, open_interest, volume,
       contracts) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT(identity, sample, symbol, expiration, session) DO UPDATE SET priced_ms = excluded.priced_ms,
       days = iif(excluded.atm_iv IS NULL, days, excluded.days), atm_iv = coalesce(excluded.atm_iv, atm_iv),
       open_interest = coalesce(excluded.open_interest, open_interest), volume = coalesce(excluded.volume, volume),
       contracts = coalesce(excluded.contracts, contracts)
     WHERE excluded.priced_ms >= priced_ms`,
    ...keyOf(reading.fetched),
    symbol,
    session,
    expiration,
    pricedMs,
    days,
    atmIv ?? null,
    openInterest ?? null,
    volume ?? null,
    contracts ?? null,
  );
}

/** Only of the expirations that stand around 30 days: what others say is of another maturity, and ranks would mix them. */
function saveSession(database: DataDatabase, { fetched, symbol, session, pricedMs }: Reading): void {
  const around = datesAround(fetched.listed ?? [], symbol, pricedMs);
  if (around.length === 0) return;
  const rows = database
    .all(
      `SELECT expiration, priced_ms, days, atm_iv FROM expirations WHERE identity = ? AND sample = ? AND symbol = ?
       AND session = ? AND expiration IN (?, ?) AND atm_iv IS NOT NULL AND abs(priced_ms - ?) <= ?`,
      ...keyOf(fetched),
      symbol,
      session,
      around[0] ?? '',
      around.at(-1) ?? '',
      pricedMs,
      ONE_MOMENT_MS,
    )
    .map((row) => ({ days: numberIn(row, 'days'), iv: numberIn(row, 'atm_iv') }));
  const level = rows.length === around.length ? constantMaturityIv(rows) : undefined;
  if (level === undefined) return;
  database.run(
    `INSERT INTO sessions(identity, sample, symbol, session, priced_ms, iv30) VALUES(?, ?, ?, ?, ?, ?)
     ON CONFLICT(identity, sample, symbol, session) DO UPDATE SET priced_ms = excluded.priced_ms, iv30 = excluded.iv30
     WHERE excluded.priced_ms >= priced_ms`,
    ...keyOf(fetched),
    symbol,
    session,
    pricedMs,
    level.iv,
  );
}
