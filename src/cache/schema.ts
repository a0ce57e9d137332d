// Hides the layout of the cache file: its tables and the number that says which layout a file has.
// A file with another number is set aside as a whole: what it holds can be fetched again.

/** Kept in `user_version`. The high bytes spell "fin", so that a foreign SQLite file never carries it by chance. */
export const SCHEMA_VERSION = 0x66696e_05;

/**
 * `entries` has the columns that @keyv/sqlite expects. `entry_use` remembers when an entry was last read.
 * `slots` is the ledger of requests: one row per request until one window after it ended.
 */
export const SCHEMA = `
CREATE TABLE entries(key VARCHAR(255) NOT NULL, value TEXT, namespace VARCHAR(255) NOT NULL DEFAULT '',
  expires BIGINT DEFAULT NULL, UNIQUE(key, namespace));
CREATE TABLE entry_use(key TEXT PRIMARY KEY, used_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE slots(id INTEGER PRIMARY KEY AUTOINCREMENT, limit_key TEXT NOT NULL, taken_ms INTEGER NOT NULL,
  free_ms INTEGER NOT NULL, settled INTEGER NOT NULL DEFAULT 0);
CREATE INDEX slots_by_key ON slots(limit_key, free_ms);
CREATE TABLE limits(limit_key TEXT PRIMARY KEY, blocked_until_ms INTEGER NOT NULL DEFAULT 0, remaining INTEGER,
  reset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE breakers(name TEXT PRIMARY KEY, failures INTEGER NOT NULL, opened_ms INTEGER,
  probe_until_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE refusals(limit_key TEXT NOT NULL, endpoint TEXT NOT NULL, message TEXT NOT NULL, until_ms INTEGER NOT NULL,
  PRIMARY KEY(limit_key, endpoint)) WITHOUT ROWID;
CREATE TABLE leases(name TEXT PRIMARY KEY, owner TEXT NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE counts(hour_ms INTEGER NOT NULL, kind TEXT NOT NULL, hits INTEGER NOT NULL, stale_hits INTEGER NOT NULL,
  misses INTEGER NOT NULL, provider_calls INTEGER NOT NULL, coalesced INTEGER NOT NULL, errors INTEGER NOT NULL,
  PRIMARY KEY(hour_ms, kind)) WITHOUT ROWID;
CREATE TABLE latencies(hour_ms INTEGER NOT NULL, provider TEXT NOT NULL, cached INTEGER NOT NULL, bucket INTEGER NOT NULL,
  n INTEGER NOT NULL, total_ms REAL NOT NULL, PRIMARY KEY(hour_ms, provider, cached, bucket)) WITHOUT ROWID;
CREATE TABLE popularity(symbol TEXT PRIMARY KEY, score REAL NOT NULL, updated_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Counting begins with the file. */
export function beginCounting(nowMs: number): string {
  return `INSERT INTO meta(name, value) VALUES('since_ms', ${Math.floor(nowMs)});`;
}
