// market.sqlite over years: what is kept of it and what goes.
import { expect, it } from 'vitest';
import { openDataDatabase } from '../../src/book/data-database.ts';
import { MARKET_FILE, MARKET_MIGRATIONS, MOST_SESSIONS, openMarketFile } from '../../src/book/market-file.ts';
import { lastTradingDays } from '../../src/domain/calendar.ts';
import { createTempFolder } from '../cache/helpers.ts';

it('keeps the newest sessions of each market, whatever order they come in, and lets go of older ones', () => {
  const folder = { path: createTempFolder() };
  const database = openDataDatabase({ folder, fileName: MARKET_FILE, migrations: MARKET_MIGRATIONS });
  const file = openMarketFile(database, 'polygon|one');
  const other = openMarketFile(database, 'polygon|other');
  const dates = lastTradingDays(MOST_SESSIONS + 3, '2026-11-18');
  const save = (to: typeof file, date: string): void =>
    to.save(
      { date, fetchedAt: 1, sample: false },
      new Map([['AAPL', { date, open: 1, high: 1, low: 1, close: 1, volume: 1 }]]),
    );
  save(other, dates[0] ?? '');
  database.transaction(() => {
    for (const date of [...dates.slice(100), ...dates.slice(0, 100)]) save(file, date);
  });
  expect([...file.list().keys()]).toEqual(dates.slice(-MOST_SESSIONS));
  expect(other.list().size).toBe(1);
  database.close();
});
