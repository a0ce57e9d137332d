// Readings of volatility and open interest: what a replay of sessions keeps, apart by provider, whoever else writes.
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRuntime } from '../../src/app/runtime.ts';
import { createReadingStore, openReadingDatabase } from '../../src/book/readings.ts';
import { loadConfig } from '../../src/config.ts';
import { lastTradingDays } from '../../src/domain/calendar.ts';
import type { EpochMs, OptionChain } from '../../src/domain/types.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import { answerChain } from '../../src/tools/options.ts';
import { parseContractColumns } from '../../src/tools/contract-columns.ts';
import { answerTable, parseTableWords } from '../../src/tools/table.ts';
import { answerVolatility } from '../../src/tools/volatility.ts';
import { createRequest, createTestClock } from '../market/world.ts';
import { createTempFolder } from './world.ts';

const DAY_MS = 24 * 3_600_000;
const at = (date: string, time = '15:30'): EpochMs => Date.parse(`${date}T${time}:00-05:00`);

/** A user's machine on which a command runs at each moment, the sample market unless there is a provider's address. */
function createMachine(env: Record<string, string> = {}) {
  const folder = createTempFolder();
  const config = loadConfig({
    env: { FIN_CACHE_DIR: join(folder, 'cache'), FIN_DATA_DIR: join(folder, 'data'), ...env },
    packageRoot: folder,
    temporaryDirectory: folder,
    homeDirectory: folder,
  });
  const clock = createTestClock(0);
  return {
    folder,
    config,
    async run<T>(now: EpochMs, work: (context: Parameters<typeof answerVolatility>[1]) => Promise<T>): Promise<T> {
      clock.set(now);
      const runtime = openRuntime({ config, clock, onNote: () => undefined });
      await runtime.recalled;
      const result = await work({ market: runtime.market, clock, request: createRequest() });
      await runtime.close();
      return result;
    },
  };
}

/** Of the chains that the market has then: by hand, from the volatilities at the two strikes around the forward. */
function iv30ByHand(symbol: string, now: EpochMs): number {
  const market = createSyntheticMarket({ now: () => now, machineNow: () => now });
  const days = (date: string): number => (at(date, '16:00') - now) / DAY_MS;
  const dates = market.expirations(symbol).map(({ date }) => date);
  const near = dates.filter((date) => days(date) > 0 && days(date) <= 30).at(-1) ?? '';
  const far = dates.find((date) => days(date) >= 30) ?? '';
  const spot = market.quote(symbol)?.last ?? NaN;
  const variance = (date: string): number => {
    const chain = market.chain(symbol, date);
    const below = chain.filter(({ terms }) => terms.strike <= spot).slice(-2);
    const above = chain.filter(({ terms }) => terms.strike >= spot).slice(0, 2);
    const ivs = [...below, ...above].map(({ iv }) => Math.round(iv * 1e3) / 1e3);
    return (ivs.reduce((sum, iv) => sum + iv, 0) / 4) ** 2 * days(date);
  };
  if (near === far) return Math.sqrt(variance(near) / days(near));
  const part = (30 - days(near)) / (days(far) - days(near));
  return Math.sqrt((variance(near) + (variance(far) - variance(near)) * part) / 30);
}

describe('sixty sessions', () => {
  const columns = 'iv30, ivRank, ivPercentile, ivDays';
  const rowOf = async (context: Parameters<typeof answerVolatility>[1]) =>
    (await answerTable(parseTableWords(['AMD'], { columns }), context)).data?.rows[0] as unknown as Record<
      'iv30' | 'ivRank' | 'ivPercentile' | 'ivDays',
      number
    >;

  it('give the rank and percentile that their 30-day volatilities have, absent under twenty', async () => {
    const machine = createMachine();
    const seen: number[] = [];
    const dates = lastTradingDays(60, '2027-02-19');
    for (const [index, date] of dates.entries()) {
      const row = await machine.run(at(date), rowOf);
      if (index % 6 === 0) expect(row.iv30).toBeCloseTo(iv30ByHand('AMD', at(date)), 2);
      expect(row.ivDays).toBe(seen.length);
      if (seen.length < 20) expect(Object.keys(row)).toEqual(['symbol', 'iv30', 'ivDays']);
      else {
        const [low, high] = [Math.min(row.iv30, ...seen), Math.max(row.iv30, ...seen)];
        expect(row.ivRank).toBeCloseTo((100 * (row.iv30 - low)) / (high - low), 3);
        const below = seen.filter((each) => each < row.iv30).length;
        expect(row.ivPercentile).toBeCloseTo((100 * below) / seen.length, 3);
      }
      seen.push(row.iv30);
    }
    expect(Math.max(...seen) / Math.min(...seen)).toBeGreaterThan(1.2);
    const last = at(dates.at(-1) ?? '');
    const before = await machine.run(last, rowOf);
    // An emptied cache takes nothing away, and another moment of the session adds no day.
    rmSync(machine.config.cacheDir, { recursive: true });
    const { data } = await machine.run(last + 60_000, (context) => answerVolatility('AMD', context));
    expect(data).toMatchObject({ ivDays: 59, ivPercentile: before.ivPercentile });
    expect(statSync(join(machine.config.dataDir, 'history.sqlite')).mode & 0o777).toBe(0o600);
  }, 60_000);
});

describe('the open interest of a contract', () => {
  const columns = parseContractColumns('openInterest, openInterestChange');
  const ask = (context: Parameters<typeof answerChain>[1]) =>
    answerChain({ symbol: 'NVDA', expiration: '2026-12-18', side: 'call', strikes: 3, columns }, context);

  it('changes since the session before that was kept, which is said where it is not the last one', async () => {
    const machine = createMachine();
    const wednesday = await machine.run(at('2026-11-18'), ask);
    expect(wednesday.data?.contracts.every((contract) => !('openInterestChange' in contract))).toBe(true);
    const before = new Map(wednesday.data?.contracts.map(({ symbol, openInterest }) => [symbol, openInterest]));
    const friday = await machine.run(at('2026-11-20'), ask);
    const changes = friday.data?.contracts.filter(({ symbol }) => before.has(symbol)) ?? [];
    expect(changes.length).toBeGreaterThan(2);
    for (const contract of changes)
      expect(contract).toMatchObject({
        openInterestChange: (contract.openInterest ?? NaN) - (before.get(contract.symbol) ?? NaN),
      });
    expect(friday.notes.join()).toContain('changes in open interest are since 2026-11-18');
    const monday = await machine.run(at('2026-11-23'), ask);
    expect(monday.notes).toEqual([]);
  });

  it('fetched after midnight may be of either evening: no change is told, and none is kept', async () => {
    const machine = createMachine();
    await machine.run(at('2026-11-18'), ask);
    const early = await machine.run(at('2026-11-20', '07:00'), ask);
    expect(early.data?.contracts.every((contract) => !('openInterestChange' in contract))).toBe(true);
    const later = await machine.run(at('2026-11-20'), ask);
    expect(later.notes.join()).toContain('since 2026-11-18');
  });
});

const owner = { identity: 'tradier https://api.tradier.com production', sample: false };

/** Two expirations around 30 days of one moment. */
function chainsAt(date: string, iv: number, changes: Partial<typeof owner> = {}) {
  const now = at(date, '11:00');
  const dates = [20, 48].map((days) => new Date(now + days * DAY_MS).toISOString().slice(0, 10));
  return dates.map((expiration) => {
    const contracts = [90, 100, 110].flatMap((strike) =>
      (['call', 'put'] as const).map((side) => ({
        symbol: `ABC${expiration.slice(2).replaceAll('-', '')}${side === 'call' ? 'C' : 'P'}00${strike}000`,
        underlying: 'ABC',
        root: 'ABC',
        side,
        strike,
        expiration,
        multiplier: 100,
        iv,
        openInterest: 7,
      })),
    );
    const chain: OptionChain = { underlying: 'ABC', expiration, spot: 100, spotAsOf: now, pricedAt: now, contracts };
    return { ...owner, ...changes, chain, fetchedAt: now, listed: dates };
  });
}

describe('what is kept', () => {
  const openStore = () => {
    const database = openReadingDatabase({ dataDir: join(createTempFolder(), 'data') });
    return { database, store: createReadingStore(database) };
  };

  it('is apart for each provider and for sample figures, and one a session, the latest', () => {
    const { store } = openStore();
    store.record(chainsAt('2026-11-18', 0.3));
    store.record(chainsAt('2026-11-18', 0.9, { sample: true }));
    store.record(chainsAt('2026-11-18', 0.8, { identity: 'polygon https://api.massive.com production' }));
    store.record(chainsAt('2026-11-19', 0.4));
    const later = chainsAt('2026-11-19', 0.5).map((each) => ({
      ...each,
      chain: { ...each.chain, pricedAt: at('2026-11-19', '11:30'), spotAsOf: at('2026-11-19', '11:30') },
    }));
    store.record(later);
    store.record(chainsAt('2026-11-19', 0.4));
    const past = store.pastIv30(owner, 'ABC', '2026-11-20');
    expect(past).toHaveLength(2);
    expect(past[0]).toBeCloseTo(0.3, 9);
    expect(past[1]).toBeCloseTo(0.5, 9);
    expect(store.pastIv30({ ...owner, sample: true }, 'ABC', '2026-11-20')).toHaveLength(1);
    expect(store.pastIv30(owner, 'ABC', '2026-11-19')).toHaveLength(1);
    expect(store.pastIv30(owner, 'XYZ', '2026-11-20')).toEqual([]);
  });

  it('is of the 252 sessions before, no older', () => {
    const { store } = openStore();
    for (const date of lastTradingDays(260, '2026-11-18')) store.record(chainsAt(date, 0.3));
    expect(store.pastIv30(owner, 'ABC', '2026-11-19')).toHaveLength(252);
  });

  it('has no level where an expiration around 30 days was not seen, lists none, or tells no volatility', () => {
    const { store } = openStore();
    const [near, far] = chainsAt('2026-11-18', 0.3);
    if (near === undefined || far === undefined) throw new Error('no chains');
    store.record([near]);
    store.record([{ ...far, listed: [] }]);
    expect(store.pastIv30(owner, 'ABC', '2026-11-19')).toEqual([]);
    const bare = {
      ...far,
      chain: { ...far.chain, contracts: far.chain.contracts.map(({ iv: _iv, ...rest }) => rest) },
    };
    store.record([{ ...bare, chain: { ...bare.chain, pricedAt: at('2026-11-18', '11:05') } }]);
    // The chain without volatilities takes nothing away from the one before it.
    store.record([{ ...near, chain: { ...near.chain, pricedAt: at('2026-11-18', '11:06') } }]);
    expect(store.pastIv30(owner, 'ABC', '2026-11-19')[0]).toBeCloseTo(0.3, 9);
    expect(store.pastOpenInterest(owner, 'ABC', far.chain.expiration, '2026-11-19')?.contracts.size).toBe(6);
  });
});
